import GalleyHTML
import Testing

/// The placeholders of a text, each as its kind and its spelling.
private func scan(_ text: String, _ syntaxes: PlaceholderScanner.Syntaxes = .standard) -> [String] {
  let bytes = Array(text.utf8)
  return PlaceholderScanner.scan(bytes, syntaxes: syntaxes).map {
    "\($0.kind) \(String(decoding: bytes[$0.range], as: UTF8.self))"
  }
}

@Test(arguments: [
  ("{{x}}", "output {{x}}"), ("{{{x}}}", "output {{{x}}}"), ("{{&x}}", "output {{&x}}"),
  ("{{~ x ~}}", "output {{~ x ~}}"), ("{{#if x}}", "open {{#if x}}"), ("{{~#if x}}", "open {{~#if x}}"),
  ("{{^x}}", "open {{^x}}"), ("{{^}}", "middle {{^}}"), ("{{else}}", "middle {{else}}"),
  ("{{else if x}}", "middle {{else if x}}"), ("{{/if}}", "close {{/if}}"), ("{{! note }}", "silent {{! note }}"),
  ("{{!-- a }} b --}}", "silent {{!-- a }} b --}}"), ("{{!-- a }}", "silent {{!-- a }}"),
  ("{{> card}}", "output {{> card}}"), ("{{#> card}}", "open {{#> card}}"), ("{{{{raw}}}}", "open {{{{raw}}}}"),
  ("{{{{/raw}}}}", "close {{{{/raw}}}}"), ("{{ t \"}}\" }}", "output {{ t \"}}\" }}"),
  ("{{ t '\\'}}' }}", "output {{ t '\\'}}' }}"), ("{{! don't }}", "silent {{! don't }}"),
  ("{{/* go */}}", "silent {{/* go */}}"), ("{{- range .Items -}}", "open {{- range .Items -}}"),
  ("{{end}}", "output {{end}}"), ("{{with}}", "output {{with}}"),
  ("{% if x %}", "open {% if x %}"), ("{%- for a in b -%}", "open {%- for a in b -%}"),
  ("{% elsif x %}", "middle {% elsif x %}"), ("{% elif x %}", "middle {% elif x %}"),
  ("{% else %}", "middle {% else %}"), ("{% endif %}", "close {% endif %}"),
  ("{% when 1 %}", "middle {% when 1 %}"), ("{% assign a = \"%}\" %}", "silent {% assign a = \"%}\" %}"),
  ("{% set a = 1 %}", "silent {% set a = 1 %}"), ("{% set a %}", "open {% set a %}"),
  ("{% unless x %}", "open {% unless x %}"), ("{% case x %}", "open {% case x %}"),
  ("{% comment %}<p>{{x}}{% endcomment %}", "silent {% comment %}<p>{{x}}{% endcomment %}"),
  ("{# a #}", "silent {# a #}"), ("<%= x %>", "output <%= x %>"), ("<%- x %>", "output <%- x %>"),
  ("<%# x %>", "silent <%# x %>"), ("<% if x %>", "open <% if x %>"), ("<% if (x) { %>", "open <% if (x) { %>"),
  ("<% } else { %>", "middle <% } else { %>"), ("<% } %>", "close <% } %>"), ("<% end %>", "close <% end %>"),
  ("<% a.each do |b| %>", "open <% a.each do |b| %>"),
  ("<%= a.each do |b| %>", "open <%= a.each do |b| %>"), ("<% a.each { |b| %>", "open <% a.each { |b| %>"),
  ("<% a.forEach(b => { %>", "open <% a.forEach(b => { %>"), ("<% }) %>", "close <% }) %>"),
  ("%%[ IF @x THEN ]%%", "open %%[ IF @x THEN ]%%"),
  (
    "%%[ if 1 then set @y = \"else\" endif ]%%",
    "silent %%[ if 1 then set @y = \"else\" endif ]%%"
  ),
  ("%%[ ELSE ]%%", "middle %%[ ELSE ]%%"), ("%%[ elseif @x then ]%%", "middle %%[ elseif @x then ]%%"),
  ("%%[ NEXT @i ]%%", "close %%[ NEXT @i ]%%"), ("%%[ endif if @y then ]%%", "middle %%[ endif if @y then ]%%"),
  ("*|RSSITEMS:[$count=3]|*", "open *|RSSITEMS:[$count=3]|*"), ("*|END:RSSITEMS|*", "close *|END:RSSITEMS|*"),
  ("<% x = 1 %>", "silent <% x = 1 %>"), ("%%First Name%%", "output %%First Name%%"),
  ("%%[ set @x = 1 ]%%", "silent %%[ set @x = 1 ]%%"), ("%%=v(@x)=%%", "output %%=v(@x)=%%"),
  ("*|FNAME|*", "output *|FNAME|*"), ("*|IF:FNAME|*", "open *|IF:FNAME|*"), ("*|IFNOT:X|*", "open *|IFNOT:X|*"),
  ("*|ELSE:|*", "middle *|ELSE:|*"), ("*|ELSEIF:X|*", "middle *|ELSEIF:X|*"), ("*|END:IF|*", "close *|END:IF|*"),
  ("*|MC:SUBJECT|*", "output *|MC:SUBJECT|*"), ("${x.y}", "output ${x.y}"),
])
func `a placeholder is found with its kind`(text: String, expected: String) {
  #expect(scan("a " + text + " b") == [expected])
}

@Test func `brackets are placeholders only where they are asked for`() {
  #expect(scan("[[x]]") == [])
  #expect(scan("[[x]]", .all) == ["output [[x]]"])
  #expect(scan("{{x}} {% if %}", .tags) == ["open {% if %}"])
}

@Test func `what is not terminated is text`() {
  #expect(scan("{{ a") == [])
  #expect(scan("{{ a {{ b }}") == ["output {{ b }}"])
  #expect(scan("{% a {% b %}") == ["silent {% b %}"])
  #expect(scan("{{{x}}") == ["output {{x}}"])
  #expect(scan("{{x}}}") == ["output {{x}}"])
  #expect(scan("*|x *|y|*") == ["output *|x *|y|*"])
  #expect(scan("<% a") == [])
  #expect(scan("{") == [])
  #expect(scan("") == [])
}

@Test func `an apostrophe in a placeholder begins no string`() {
  #expect(scan("{{ customer's }} and {{ bob's }}") == ["output {{ customer's }}", "output {{ bob's }}"])
  #expect(scan("{{ it's }}\n'") == ["output {{ it's }}"])
}

@Test func `percent signs in prose are no placeholder`() {
  #expect(scan("50%% off, 100%% sure") == [])
  #expect(scan("@keyframes a{0%{top:0}100%{top:1px}}") == [])
}

@Test func `a Go template's end closes only what one opened`() {
  #expect(scan("{{if .x}}a{{end}}{{end}}") == ["open {{if .x}}", "close {{end}}", "output {{end}}"])
}

@Test func `placeholders are found in any bytes, sorted and apart`() {
  let pieces = [
    "{{", "}}", "{%", "%}", "{{{", "}}}", "<%", "%>", "%%", "*|", "|*", "${", "}", "[[", "]]", "\"", "'", "@", "@if (",
    ") {", "@{", "@@", "<style>", "</style>",
    "{{!--", "--}}", "{# ", "#}", "%%[", "]%%", "\n", "x", " ", "{% comment %}", "{% endcomment", "if", "/", "~", "\\",
  ]
  for seed in UInt64(1)...3000 {
    var random = SeededGenerator(seed: seed)
    let text = (0..<random.below(40)).map { _ in pieces[random.below(pieces.count)] }.joined()
    let bytes = Array(text.utf8)
    var position = 0
    for placeholder in PlaceholderScanner.scan(bytes, syntaxes: .all) {
      guard placeholder.range.lowerBound >= position, placeholder.range.upperBound <= bytes.count,
        !placeholder.range.isEmpty
      else {
        Issue.record("seed \(seed): \(placeholder) in \(String(reflecting: text))")
        return
      }
      position = placeholder.range.upperBound
    }
  }
}

@Suite struct RazorTests {
  @Test(arguments: [
    ("@Model.Name", ["output @Model.Name"]), ("Dear @Model.Name, hello", ["output @Model.Name"]),
    ("@Model.Name.", ["output @Model.Name"]), ("@Model?.Items[0].Name!", ["output @Model?.Items[0].Name"]),
    ("@Html.Raw(\")\")!", ["output @Html.Raw(\")\")"]), ("@(a ? \"(\" : 'b')c", ["output @(a ? \"(\" : 'b')"]),
    ("@await Html.PartialAsync(\"x\") y", ["output @await Html.PartialAsync(\"x\")"]),
    ("@A@B", ["output @A", "output @B"]), ("{{a}}@B", ["output {{a}}", "output @B"]),
    ("@if (a) { b } c", ["open @if (a) {", "close }"]), ("@if(a){{b}}", ["open @if(a){", "close }"]),
    (
      "@if (f(1)) { a } else if (g()) { b } else { c }",
      ["open @if (f(1)) {", "middle } else if (g()) {", "middle } else {", "close }"]
    ),
    (
      "@foreach (var x in y) { @if (x.A) { {} @x.B } }",
      ["open @foreach (var x in y) {", "open @if (x.A) {", "output @x.B", "close }", "close }"]
    ),
    (
      "@try { a } catch (E) { b } finally { c }",
      ["open @try {", "middle } catch (E) {", "middle } finally {", "close }"]
    ),
    ("@section Head { a }", ["open @section Head {", "close }"]),
    ("@{ var a = \"}\"; } b", ["silent @{ var a = \"}\"; }"]), ("@* a @b *@ c", ["silent @* a @b *@"]),
    ("@functions { int f() { return 1; } }", ["silent @functions { int f() { return 1; } }"]),
    ("@model A.B<C>\n@using X\nx", ["silent @model A.B<C>", "silent @using X"]),
    ("a@@b.example", ["silent @"]), ("@@", ["silent @"]),
    ("@if (a) { @: b\n}", ["open @if (a) {", "silent @:", "close }"]),
    ("<script>if (a) { b }</script>@if (c) {<script>}</script>}", ["open @if (c) {", "close }"]),
  ])
  func `Razor is found`(text: String, expected: [String]) {
    #expect(scan(text, [.ats, .braces]) == expected)
  }

  @Test(arguments: [
    "user@example.com", "é@example.com", "a_b@example.com", "@", "a @ b", "@ b", "@1", "@-a", "@(a", "@{ a", "@* a",
    "@if (a) b", "@: a", "}", "@if (a", "<style>@media print{a{b:c}}@import 'a';@font-face{}@page{}</style>",
    "<style>@MEDIA print{}@font-feature-values a{}@-webkit-keyframes a{}@keyframes b{0%{}}</style>", "@.a",
  ])
  func `what is no Razor is text`(text: String) { #expect(scan(text, .ats) == []) }

  @Test func `at-rules of style sheets are no placeholders, escaped ones neither`() {
    let css = "@import 'a';@@media print{a{color:@Model.C}}@if (x) {b{c:d}}@font-face{}"
    let expected = ["silent @", "output @Model.C", "open @if (x) {", "close }"]
    #expect(scan("<style>\(css)</style>@media.x", .ats) == expected + ["output @media.x"])
    let bytes = Array(css.utf8)
    #expect(PlaceholderScanner.scan(bytes, syntaxes: .ats, isStyleSheet: true).count == expected.count)
  }

  @Test func `a block is closed in its own style sheet or text`() {
    let html = "@if (x) {<style>a{b:c}}</style> }"
    #expect(scan(html, .ats) == ["open @if (x) {", "close }"])
    let bytes = Array(html.utf8)
    #expect(PlaceholderScanner.scan(bytes, syntaxes: .ats).last?.range == bytes.count - 1..<bytes.count)
  }
}

@Suite struct PlaceholderDialectTests {
  private func detected(_ text: String) -> PlaceholderScanner.Syntaxes { .detected(in: Array(text.utf8)) }

  @Test(arguments: [
    "@model Order\n<p>", "<p>@Model.Name", "@{ Layout = null; }", "@foreach (var x in y) {\n}", "@Html.Raw(x)",
    "@ViewData[\"x\"]", "<b>@if (x) { y }</b>", "x\n  @model Order\n",
  ])
  func `Razor is detected by what only Razor has`(text: String) { #expect(detected(text) == [.standard, .ats]) }

  @Test(arguments: [
    "", "user@example.com", "follow @galley", "<style>@media print{a{b:c}}@import 'Model.css';</style>", "@model",
    "a @model b", "<script>@Model.x</script>", "@Model", "[[]]", "[[ citation needed ]]", "[[1]]", "a[b[c]]",
    "[[${x}]]",
    "@@Model.x", "me@Model.x", "@if (x)", "<![CDATA[[a]]>", "[[a", "[[",
  ])
  func `nothing is detected where the evidence is not clear`(text: String) { #expect(detected(text) == .standard) }

  @Test(arguments: ["[[x]]", "[[ first_name ]]", "a [[user.name]] b", "href=\"[[url]]\""])
  func `brackets are detected by a name in them`(text: String) { #expect(detected(text) == [.standard, .brackets]) }

  @Test func `each language finds its own placeholders and no others`() {
    let all = "{{a}}{% b %}<%= c %>%%d%%*|e|*${f}[[g]] @h"
    let own = [
      "handlebars": ["{{a}}"], "mustache": ["{{a}}"], "mustachio": ["{{a}}"], "liquid": ["{{a}}", "{% b %}"],
      "jinja": ["{{a}}", "{% b %}"], "erb": ["<%= c %>"], "ejs": ["<%= c %>"], "percent": ["%%d%%"], "bars": ["*|e|*"],
      "dollar": ["${f}"], "brackets": ["[[g]]"], "at": ["@h"],
    ]
    #expect(PlaceholderScanner.Syntaxes.named.map(\.name).sorted() == own.keys.sorted())
    for (name, syntaxes) in PlaceholderScanner.Syntaxes.named {
      #expect(scan(all, syntaxes).map { String($0.split(separator: " ", maxSplits: 1)[1]) } == own[name], "\(name)")
    }
  }
}
