import GalleyCSS
import GalleyHTML
import GalleySource
import Testing

/// A placeholder language with words of it.
private struct Dialect: Sendable, CustomTestStringConvertible {
  let name: String
  /// Placeholders that print something.
  let values: [String]
  /// What opens, divides and closes a condition; empty where the language has none.
  var block: [String] = []

  var testDescription: String { name }
  var syntaxes: PlaceholderScanner.Syntaxes {
    PlaceholderScanner.Syntaxes.named.first { $0.name == name }?.syntaxes ?? []
  }

  static let all: [Dialect] = [
    Dialect(
      name: "handlebars", values: ["{{x}}", "{{{x}}}", "{{f \"a>\" b='}'}}", "{{> p}}"],
      block: ["{{#if x}}", "{{else}}", "{{/if}}"]),
    Dialect(name: "mustache", values: ["{{x}}", "{{&x}}"], block: ["{{#x}}", "{{^}}", "{{/x}}"]),
    Dialect(
      name: "mustachio", values: ["{{ a.b }}", "{{{ a }}}"], block: ["{{#each x}}", "{{^}}", "{{/each}}"]),
    Dialect(
      name: "liquid", values: ["{{ x | default: \"a\" }}", "{% include 'a' %}"],
      block: ["{% if x > 1 %}", "{% else %}", "{% endif %}"]),
    Dialect(
      name: "jinja", values: ["{{ x|e }}", "{{ x[\"a\"] }}", "{# \"note\" #}"],
      block: ["{%- if x -%}", "{% elif y %}", "{% endif %}"]),
    Dialect(
      name: "erb", values: ["<%= x %>", "<%= h[\"a\"] %>", "<%# note %>"],
      block: ["<% if x > 1 %>", "<% else %>", "<% end %>"]),
    Dialect(
      name: "ejs", values: ["<%= x %>", "<%- f('a') %>"],
      block: ["<% if (x) { %>", "<% } else { %>", "<% } %>"]),
    Dialect(
      name: "percent", values: ["%%First Name%%", "%%=v(@x)=%%"],
      block: ["%%[ IF @x == \"a\" THEN ]%%", "%%[ ELSE ]%%", "%%[ ENDIF ]%%"]),
    Dialect(name: "bars", values: ["*|FNAME|*", "*|MC:DATE|*"], block: ["*|IF:X|*", "*|ELSE:|*", "*|END:IF|*"]),
    Dialect(name: "dollar", values: ["${x}", "${a.b('c')}"]),
    Dialect(name: "brackets", values: ["[[x]]", "[[ a.b ]]"]),
    Dialect(
      name: "at", values: ["@Model.Name", "@(a > 1 ? \"b\" : 'c')", "@Html.Raw(\"x\")"],
      block: ["@if (x > 1) {", "} else {", "}"]),
  ]
}

/// The positions of a placeholder `§`; what stands between `‹` and `›` stays together, whatever happens around it.
private let positions = [
  "<p>‹a-§ b›</p>", "<p title=\"‹-§-›\">a</p>", "<p title='‹-§-›'>a</p>", "<p title=‹-§-›>a</p>",
  "<p ‹data-§-x=\"a\"›>a</p>", "<p ‹§›>a</p>", "<p‹ §=a› class=a>a</p>", "‹<x-§›>a</x-§>",
  "<p style=\"‹color:§;top:0›\">a</p>", "<p style=\"‹§›\">a</p>", "<p style='top:0;‹-§-x:y›'>a</p>",
  "<style>p{top:0}‹§› .a{left:0}</style><p class=a>a</p>", "<style>.a{left:0}‹.b-§›{left:1px}</style><p class=a>a</p>",
  "<style>.a{‹left:§;top:0›}</style><p class=a>a</p>", "<style>.a{‹ §;top:0›}</style><p class=a>a</p>",
  "<style>.a{‹-§-a:b;›top:0}</style><p class=a>a</p>", "<style>.a{content:‹\" § \"›}</style><p class=a>a</p>",
  "<style>.a{background:‹url(§)›}</style><p class=a>a</p>", "<style>.a{top:0}‹/* § */›</style><p class=a>a</p>",
  "<style>‹/* § */›.a{top:0}</style><p class=a>a</p>", "<style>.a{top:0‹/* § */›}</style><p class=a>a</p>",
  "<style>@media ‹(width:§)›{.a{top:0}}.a{top:1px}</style><p class=a>a</p>",
  "<style>‹@import \"-§-\";›.a{top:0}</style><p class=a>a</p>", "‹<!-- § -->›<p>a</p>",
  "<!--[if mso]><p class=a>‹ § ›</p><![endif]-->", "‹<!--[if §]>›<p class=a>a</p><![endif]-->",
  "<!--[if mso]><p title=\"‹-§-›\">a</p><![endif]--><p>a</p>", "<!--[if !mso]><!-->‹ § ›<p>a</p><!--<![endif]-->",
  "<![if !mso]>‹ § ›<p>a</p><![endif]>", "<a ‹href=\"https://shop.example/-§-?a=§&b=-§›\">a</a>",
  "<a ‹href=\"§›\">a</a>",
  "<p ‹class=\"a §›\">a</p>", "<p ‹id=\"-§-›\" class=a>a</p>", "<script>‹ § ›</script><p>a</p>",
  "<title>‹ § ›</title><p>a</p>", "<img src=\"‹-§-›\" class=a>", "<td ‹bgcolor=\"§\"› class=a>a</td>",
]

private let sheet = "<style>p,a,td{color:red}.a{margin:0 auto}@media print{p{color:blue}}a:hover{top:0}</style>"

private func split(_ position: String) -> (html: String, kept: String) {
  let start = position.firstIndex(of: "‹") ?? position.startIndex
  let end = position.firstIndex(of: "›") ?? position.endIndex
  return (position.filter { $0 != "‹" && $0 != "›" }, position[start..<end].filter { $0 != "‹" })
}

private func inline(_ html: String, _ syntaxes: PlaceholderScanner.Syntaxes) -> String {
  let bytes = Array(html.utf8)
  let tree = HTMLTree.parse(bytes, placeholders: PlaceholderScanner.scan(bytes, syntaxes: syntaxes))
  return String(decoding: Inliner().inline(tree).edits.apply(to: bytes), as: UTF8.self)
}

/// The placeholders of a text, in order, each as its kind and its spelling.
private func tokens(_ text: String, _ syntaxes: PlaceholderScanner.Syntaxes) -> [String] {
  let bytes = Array(text.utf8)
  return PlaceholderScanner.scan(bytes, syntaxes: syntaxes).map {
    "\($0.kind) \(String(decoding: bytes[$0.range], as: UTF8.self))"
  }
}

extension String {
  fileprivate func count(of part: String) -> Int { ranges(of: part).count }
}

@Suite struct PlaceholderMatrixTests {
  @Test(arguments: Dialect.all)
  fileprivate func `a placeholder stays where it is, once, in every position`(dialect: Dialect) {
    for value in dialect.values {
      for position in positions {
        let (template, kept) = split(position)
        let html = sheet + template.replacing("§", with: value) + "<b class=a>b</b>"
        for syntaxes in [dialect.syntaxes, .all] {
          let found = tokens(html, syntaxes)
          #expect(found.count == template.count(of: "§"), "\(html)")
          let output = inline(html, syntaxes)
          #expect(output != html, "nothing was inlined: \(html)")
          #expect(tokens(output, syntaxes) == found, "\(html)\n\(output)")
          #expect(output.count(of: kept.replacing("§", with: value)) == 1, "\(html)\n\(output)")
          #expect(inline(output, syntaxes) == output, "\(html)\n\(output)")
        }
      }
    }
  }

  @Test(arguments: Dialect.all.filter { !$0.block.isEmpty })
  fileprivate func `what stands in a condition is never inlined`(dialect: Dialect) {
    let (open, middle, close) = (dialect.block[0], dialect.block[1], dialect.block[2])
    let styles = [
      "<style>p{top:0}\(open)p{left:7px}\(close)</style>",
      "<style>p{top:0} \(open) p{top:7px} \(middle) p{left:7px} \(close) p{right:0}</style>",
      "<style>p{top:0;\(open)left:7px;\(close)}</style>", "<style>p{ \(open)top:7px\(middle)top:7px\(close)}</style>",
      "\(open)<style>p{left:7px}</style>\(close)", "\(open)<style>p{left:7px}</style>\(middle)<b>\(close)",
      "<style>p{top:0}\(open)@media all{p{left:7px}}\(close)</style>",
      "<style>\(open).x \(middle).y \(close)p{left:7px}</style>",
    ]
    for style in styles {
      let html = style + "<div><p>a</p></div>"
      let found = tokens(html, dialect.syntaxes)
      let output = inline(html, dialect.syntaxes)
      #expect(found.map { $0.split(separator: " ")[0] }.filter { $0 != "middle" } == ["open", "close"], "\(html)")
      #expect(tokens(output, dialect.syntaxes) == found, "\(html)\n\(output)")
      #expect(output.count(of: "7px") == html.count(of: "7px"), "\(html)\n\(output)")
      let body = output[(output.firstRange(of: "<div>")?.lowerBound ?? output.startIndex)...]
      #expect(!body.contains("7px"), "\(html)\n\(output)")
      #expect(inline(output, dialect.syntaxes) == output, "\(html)\n\(output)")
    }
  }

  @Test func `rules around a condition are inlined all the same`() {
    for dialect in Dialect.all where !dialect.block.isEmpty {
      let html = "<style>p{top:0}\(dialect.block[0])b{left:0}\(dialect.block[2])p{right:0}</style><p>a</p>"
      let expected = "<style>\(dialect.block[0])b{left:0}\(dialect.block[2])</style><p style=\"top:0; right:0\">a</p>"
      #expect(inline(html, dialect.syntaxes) == expected)
    }
  }

  @Test(arguments: 1...400)
  func `placeholders survive in any document of any language`(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let dialect = random.pick(Dialect.all)
    let syntaxes = random.chance(50) ? dialect.syntaxes : .all
    var html = random.chance(90) ? sheet : ""
    var open = 0
    for _ in 0..<random.below(12) + 1 {
      var piece = split(random.pick(positions)).html
      if random.chance(30) { piece = piece.replacing("§", with: "§ §") }
      for _ in 0..<piece.count(of: "§") {
        if let mark = piece.firstRange(of: "§") { piece.replaceSubrange(mark, with: random.pick(dialect.values)) }
      }
      if !dialect.block.isEmpty, random.chance(30) {
        let turn = open > 0 && random.chance(60) ? random.below(2) + 1 : 0
        open += turn == 0 ? 1 : turn == 2 ? -1 : 0
        piece = random.chance(50) ? dialect.block[turn] + piece : piece + dialect.block[turn]
      }
      html += piece
    }
    let output = inline(html, syntaxes)
    let found = tokens(html, syntaxes)
    #expect(tokens(output, syntaxes) == found, "seed \(seed):\n\(html)\n\(output)")
    #expect(inline(output, syntaxes) == output, "seed \(seed):\n\(html)\n\(output)")
    #expect(bare(output, syntaxes) == bare(html, syntaxes), "seed \(seed):\n\(html)\n\(output)")
  }

  /// A document without style sheets, `style` attributes and white space: what inlining leaves alone.
  private func bare(_ html: String, _ syntaxes: PlaceholderScanner.Syntaxes) -> String {
    let bytes = Array(html.utf8)
    let tree = HTMLTree.parse(bytes, placeholders: PlaceholderScanner.scan(bytes, syntaxes: syntaxes))
    let style = NameHash("style")
    var ranges: [Range<Int>] = []
    for (index, node) in tree.nodes.enumerated() where node.kind == .element {
      if node.name == style { ranges.append(Int(node.start)..<Int(node.end)) }
      for attribute in tree.attributes(of: NodeID(index)) where attribute.name == style {
        let quote = attribute.quote == .double || attribute.quote == .single ? 1 : 0
        ranges.append(Int(attribute.nameStart)..<Int(attribute.valueEnd) + quote)
      }
    }
    var kept: [UInt8] = []
    var position = 0
    for range in ranges where range.lowerBound >= position {
      kept += bytes[position..<range.lowerBound]
      position = range.upperBound
    }
    kept += bytes[position...]
    return String(decoding: kept.filter { $0 > 0x20 }, as: UTF8.self)
  }
}

@Suite struct UncertainPlaceTests {
  private func codes(_ html: String) -> [String] {
    let bytes = Array(html.utf8)
    let tree = HTMLTree.parse(bytes, placeholders: PlaceholderScanner.scan(bytes))
    let origins = OriginMap(whole: SourceID(index: 0), count: bytes.count)
    return Inliner().inline(tree, origins: origins).diagnostics.map {
      "\($0.code.name) \(String(decoding: bytes[$0.range?.range ?? 0..<0], as: UTF8.self))"
    }
  }

  @Test(arguments: [
    "<p class=\"{{x}}\">", "<p id=\"{{x}}\">", "<p class=\"b {{x}}\"><p class=\"{{y}}\">", "<p class=\"b-{{x}}\">",
    "<p class=\"{{#if a}}a{{/if}}\" id=b>",
  ])
  func `a rule that a placeholder may name is said to stay, once`(html: String) {
    let found = codes("<style>.a{top:0}#b{left:0}</style>" + html)
    #expect(found.count == 1, "\(found)")
    #expect(found.first?.hasPrefix("css/uncertain-class {{") == true, "\(found)")
  }

  @Test(arguments: [
    "<style>p{top:0}</style><p class=\"{{x}}\">", "<style>.a{top:0}</style><p class=\"a {{x}}\">",
    "<style>.a:hover{top:0}</style><p class=\"{{x}}\">", "<style>@media print{.a{top:0}}</style><p class=\"{{x}}\">",
    "<style>b.a{top:0}</style><p class=\"{{x}}\">", "<style>.a{top:0}</style><p title=\"{{x}}\">",
    "<style>.a{top:{{y}}}</style><p class=\"{{x}}\">", "<p class=\"{{x}}\">",
    "<style>p{top:0}</style><!--[if mso]>{{#if x}}<p>{{/if}}<![endif]-->",
    "<style>p{top:0}</style>{{#if x}}<!--[if mso]><p>{{y}}<![endif]-->{{/if}}",
  ])
  func `nothing is said where nothing is uncertain`(html: String) { #expect(codes(html) == []) }

  @Test(arguments: [
    ("<!--[if {{x}}]><p><![endif]-->", "{{x}}"), ("<!--[if gte {{x}}]><!--><p><!--<![endif]-->", "{{x}}"),
    ("<![if {{x}}]><p><![endif]>", "{{x}}"), ("<!--[if mso]>{{#if x}}<p><![endif]-->{{/if}}", "{{#if x}}"),
    ("{{#if x}}<!--[if mso]>{{/if}}<p><![endif]-->", "{{/if}}"),
    ("<!--[if mso]>{{#if x}}{{#if y}}{{/if}}<![endif]-->", "{{#if x}}"),
  ])
  func `a placeholder that decides over a conditional comment is said`(html: String, text: String) {
    #expect(codes("<style>b{top:0}</style>" + html) == ["css/uncertain-condition " + text])
  }

  @Test func `the bad examples are bad, and the good ones good`() {
    #expect(codes(DiagnosticCode.cssUncertainClass.bad) == ["css/uncertain-class {{kind}}"])
    #expect(codes("<style></style>" + DiagnosticCode.cssUncertainCondition.bad).first?.hasSuffix("{{client}}") == true)
    for code in [DiagnosticCode.cssUncertainClass, .cssUncertainCondition] {
      #expect(codes("<style>b{top:0}</style>" + code.good) == [], "\(code.name)")
    }
  }
}
