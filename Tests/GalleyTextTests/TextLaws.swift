import GalleyHTML
import GalleySource
import GalleyTemplate
import GalleyText
import Growth
import Testing

/// A small generator of numbers that are the same for the same seed.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state &* 0x2545_F491_4F6C_DD1D
  }
}

struct `Laws of the text part` {
  static let seeds = Array(1...40).map { UInt64($0) }

  /// Pieces of documents, whole and broken.
  static let soup = [
    "<p>", "</p>", "<div>", "</div>", "<br>", "<hr>", "<table>", "<tr>", "<th>", "<td>", "</td>", "</tr>", "</table>",
    "<ul>", "<ol>", "<li>", "</ul>", "</ol>", "<h1>", "</h1>", "<a href=\"https://x.example/{{part:u}}\">", "</a>",
    "<a href='{{#if q}}a{{else}}b{{/if}}'>", "<pre>", "</pre>", "<blockquote>", "</blockquote>", "<div hidden>",
    "<img alt=\"{{alt}}\">", "<img alt='x {{#if z}}'>", "word", " ", "\n", "&nbsp;", "&zwnj;", "&amp;", " | ", "{{a}}",
    "{{url:b}}", "{{#if c}}", "{{else}}", "{{/if}}", "{{#each d}}", "{{/each}}", "<!--[if mso]>", "<![endif]-->",
    "<style>", "</style>", "<", "&", "\u{34F}", "é", "<caption>", "<thead>", "<ol reversed type=a>", "<td colspan=2>",
    "<td align=right>", "<dl><dt>", "<dd>", "</dl>", "<table role=\"presentation\">",
  ]

  @Test(arguments: seeds) func `any soup gives balanced blocks and no two blank lines`(_ seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<60 {
      let count = Int.random(in: 0...40, using: &generator)
      let template = (0..<count).map { _ in Self.soup.randomElement(using: &generator) ?? "" }.joined()
      let text = Mustache.textPart(template).text
      check(text, template, seed)
      let counts = [
        "a": 1, "c": Int.random(in: 0...2, using: &generator), "d": Int.random(in: 0...2, using: &generator),
      ]
      let rendered = Mustache.render(text, counts)
      #expect(!rendered.contains("\n\n\n"), "seed \(seed): \(template) gives \(rendered.debugDescription)")
    }
  }

  private func check(_ text: AssembledText, _ template: String, _ seed: UInt64) {
    let comment = Comment(rawValue: "seed \(seed): \(template)")
    let spelled = Mustache.spell(text)
    #expect(!spelled.contains("\n\n\n"), comment)
    #expect(text.bytes.isEmpty || text.bytes.last == 0x0A || text.bytes.last == AssembledText.token, comment)
    #expect(text.origins.count == text.bytes.count, comment)
    #expect(text.bytes.count { $0 == AssembledText.token } == text.holes.count, comment)
    var depth = 0
    var last = -1
    for hole in text.holes {
      #expect(hole.offset > last && text.bytes[hole.offset] == AssembledText.token, comment)
      last = hole.offset
      switch hole.placeholder.kind {
      case .open: depth += 1
      case .middle: #expect(depth > 0, comment)
      case .close: depth -= 1
      default: break
      }
      #expect(depth >= 0, comment)
    }
    #expect(depth == 0, comment)
  }

  // MARK: Documents that are well made

  /// A random document of paragraphs, lists, tables, conditions and loops; `names` counts the holes made.
  private func document(_ depth: Int, _ names: inout Int, _ generator: inout SeededGenerator) -> String {
    (0..<Int.random(in: 1...4, using: &generator)).map { _ in
      names += 1
      let name = "v\(names)"
      switch Int.random(in: 0..<(depth > 0 ? 10 : 5), using: &generator) {
      case 0: return "<p>Text {{\(name)}}</p>\n"
      case 1: return "<p>Known <b>text</b> &amp; more</p>"
      case 2: return "<h2>Heading \(name)</h2>"
      case 3: return "<p><a href=\"https://x.example/{{part:\(name)}}\">Link</a></p>"
      case 4: return "<p>{{\(name)}}<br>second line</p>"
      case 5: return "{{#if \(name)}}\(document(depth - 1, &names, &generator)){{/if}}"
      case 6:
        let first = document(depth - 1, &names, &generator)
        return "{{#if \(name)}}\(first){{else}}\(document(depth - 1, &names, &generator)){{/if}}"
      case 7: return "{{#each \(name)}}\(document(depth - 1, &names, &generator)){{/each}}"
      case 8: return "<table role=\"presentation\"><tr><td>\(document(depth - 1, &names, &generator))</td></tr></table>"
      default: return "<p>Within {{#if \(name)}}a {{\(name)}}{{else}}another{{/if}} line</p>"
      }
    }.joined()
  }

  @Test(arguments: seeds) func `rendering the text part is the text part of the rendering`(_ seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<25 {
      var names = 0
      let template = "<p>First</p>" + document(3, &names, &generator)
      let counts = Dictionary(
        uniqueKeysWithValues: (0...names).map { ("v\($0)", Int.random(in: 0...2, using: &generator)) })
      let document = Mustache.assemble(template)
      let rendered = Mustache.render(Mustache.textPart(template).text, counts)
      let expected = Mustache.spell(Mustache.textPart(Mustache.render(document, counts)).text)
      #expect(rendered == expected, "seed \(seed): \(template) with \(counts)")
    }
  }

  @Test(arguments: seeds) func `each visible hole comes through once`(_ seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var names = 0
    let template = document(4, &names, &generator)
    let before = Mustache.assemble(template).holes.map { Mustache.spell($0.kind) }
    let after = Mustache.textPart(template).text.holes.map { Mustache.spell($0.kind) }
    #expect(before.sorted() == after.sorted(), "seed \(seed): \(template)")
  }

  @Test func `escaping is of the text, not of the HTML`() {
    let text = Mustache.textPart(
      "<p>{{a}} <a href=\"{{url:b}}\">x</a> <a href='https://c.example/{{part:d}}'>y</a></p>"
    ).text
    let escapings: [Escaping] = text.holes.compactMap { if case .output(_, _, let e) = $0.kind { e } else { nil } }
    #expect(escapings == [.none, .none, .urlPart])
  }

  @Test func `origins lead back to what was written`() {
    let template = "<p>Dear {{name}}, <b>R&amp;D</b></p>"
    let text = Mustache.textPart(template).text
    let word = text.origins.origin(of: 0..<4)?.range
    #expect(word == SourceRange(Mustache.source, 3, 7))
    let ampersand = text.bytes.firstIndex(of: 0x26) ?? 0
    #expect(text.origins.origin(of: ampersand..<ampersand + 1)?.range == SourceRange(Mustache.source, 22, 27))
  }

  @Test func `an empty text part and trusted markup are told`() {
    #expect(Mustache.textPart("<img src=x alt=''>").diagnostics.map(\.code.name) == ["text/empty"])
    #expect(Mustache.textPart("<p>{{html:x}}</p>").diagnostics.map(\.code.name) == ["text/markup-value"])
  }

  @Test func `lines are wrapped on request, words, addresses and values are not broken`() {
    let html = """
      <p>one two three four five six seven</p><ul><li>one two three four five six</li></ul>\
      <p>one two three four {{five}} six seven</p><p>https://x.example/a/very/long/address {{url:six}}</p>\
      <blockquote>one two three four five six</blockquote><p>one two three {{#if a}}four five{{/if}} six</p>\
      <table><tr><th>One</th><th>Two</th></tr><tr><td>long content</td><td>more content</td></tr></table>\
      <p>日本語の長い文章は、ここで「折り返す」ことができます。</p>
      """
    let text = Mustache.textPart(html, options: TextPart.Options(wrapColumn: 20)).text
    #expect(
      Mustache.spell(text) == """
        one two three four
        five six seven

        - one two three four
          five six

        one two three four
        {{five}} six
        seven

        https://x.example/a/very/long/address
        {{six}}

        > one two three four
        > five six

        one two three {{#if a}}four five{{/if}} six

        One           Two
        ------------  ------------
        long content  more content

        日本語の長い文章は、
        ここで「折り返す」こ
        とができます。

        """)
  }

  @Test func `time grows with the size`() {
    let units = [
      "<table><tr><th>", "<a href=x>", "<li>", "{{#if a}}", "<td><table>", "<p>x", "&nbsp;", "<b>", " | ", "x ", "日本",
      "{{a}}", "&zwj;", "<ol reversed><li>", "<table><caption>", "<p>{{#if a}}x {{/if}}", " {{#if a}}x{{/if}}",
      "{{#if a}}{{else}}<p>",
    ]
    for unit in units {
      let growth = Growth(from: 8_000) {
        String(repeating: unit, count: $0)
      } work: {
        _ = Mustache.textPart($0, options: TextPart.Options(wrapColumn: 72))
      }
      #expect(growth.isLinear, "\(unit): \(growth)")
    }
  }
}
