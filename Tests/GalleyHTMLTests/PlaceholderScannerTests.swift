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
    "{{", "}}", "{%", "%}", "{{{", "}}}", "<%", "%>", "%%", "*|", "|*", "${", "}", "[[", "]]", "\"", "'",
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
