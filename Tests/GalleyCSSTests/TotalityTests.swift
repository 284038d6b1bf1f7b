import GalleyCSS
import GalleyHTML
import GalleySource
import Testing

@Suite struct TotalityTests {
  /// Pieces that are likely to meet each other badly.
  private static let pieces: [String] = [
    "a", "p", ".x", "#i", "*", " ", "\n", "\r\n", "\t", "{", "}", "(", ")", "[", "]", ";", ":", ",", "!", "important",
    "\"",
    "'", "\\", "\\\n", "\\31 ", "/*", "*/", "url(", "url(x)", "url( 'a' )", "@media ", "@import ", "<!--", "-->", "1",
    "1.5e3", "50%", "-", "--", "+", ">", "~", "|", "&", "=", "^=", "color:", "red", "\u{0}", "é", "{{x}}", ":not(",
    ":is(", ":nth-child(", "2n+1", "::before", ":hover", "<style>", "</style>", "<p class=", "<p style=\"", "<div>",
    "</div>", "<!--[if mso]>", "<![endif]-->", "<td style>", "style='", ">", "<b id=i class='x y' style=color:red>",
    "margin:0", "margin-top : 1px", "expression({", "<![CDATA[", "]]>", "@layer a{", "&quot;", "/* galley keep next */",
    "/* {{x}} */", "p{", "color:red}", ".x{}", ":has(", ":nth-last-child(n of ",
    "&", ":lang(", "[x |=", "*|",
  ]

  private static func text(_ random: inout SeededGenerator) -> [UInt8] {
    var text: [UInt8] = []
    for _ in 0..<random.below(60) {
      if random.chance(4) { text.append(UInt8(random.below(256))) } else { text += Array(random.pick(pieces).utf8) }
    }
    return text
  }

  /// Placeholders at each `{{x}}` and at some random places.
  private static func placeholders(_ text: [UInt8], _ random: inout SeededGenerator) -> [Placeholder] {
    var result: [Placeholder] = []
    var index = 0
    while index < text.count {
      let isMark = text[index...].starts(with: "{{x}}".utf8)
      if isMark || random.chance(2) {
        let end = min(index + (isMark ? 5 : 1 + random.below(3)), text.count)
        result.append(Placeholder(range: index..<end, kind: random.pick([.output, .open, .middle, .close, .silent])))
        index = end
      } else {
        index += 1
      }
    }
    return result
  }

  @Test func `tokens tile any bytes`() {
    for seed in 0..<3000 as Range<UInt64> {
      var random = SeededGenerator(seed: seed)
      let text = Self.text(&random)
      let placeholders = Self.placeholders(text, &random)
      var tokenizer = CSSTokenizer(text, in: 0..<text.count, placeholders: placeholders)
      var position = 0
      while true {
        let token = tokenizer.take()
        #expect(Int(token.start) == position, "seed \(seed): a gap at \(position)")
        if token.kind == .end { break }
        #expect(token.end > token.start, "seed \(seed): an empty token at \(position)")
        position = Int(token.end)
        for placeholder in placeholders where token.range.overlaps(placeholder.range) {
          let holds = placeholder.range.lowerBound >= token.range.lowerBound && placeholder.range.upperBound <= position
          #expect(holds, "seed \(seed): the placeholder at \(placeholder.range) is split")
        }
        if placeholders.isEmpty == false, token.kind == .ident {
          #expect(!placeholders.contains { $0.range.overlaps(token.range) }, "seed \(seed): a name holds a placeholder")
        }
      }
      #expect(position == text.count, "seed \(seed): the tokens end at \(position) of \(text.count)")
    }
  }

  @Test func `any document is inlined, and its placeholders survive`() {
    for seed in 0..<3000 as Range<UInt64> {
      var random = SeededGenerator(seed: seed &+ 77_000)
      var text = Array("<style>".utf8) + Self.text(&random)
      if random.chance(80) { text += Array("</style><p class='x y' id=i>".utf8) }
      text += Self.text(&random)
      let placeholders = Self.placeholders(text, &random)
      let tree = HTMLTree.parse(text, placeholders: placeholders)
      let result = Inliner().inline(tree)
      var end = 0
      for edit in result.edits.sorted() {
        #expect(edit.range.lowerBound >= end, "seed \(seed): edits overlap at \(edit.range)")
        end = max(end, edit.range.upperBound)
        for placeholder in placeholders {
          #expect(!edit.range.overlaps(placeholder.range), "seed \(seed): the placeholder at \(placeholder.range) goes")
          let splits =
            edit.range.isEmpty && placeholder.range.contains(edit.range.lowerBound)
            && edit.range.lowerBound > placeholder.range.lowerBound
          #expect(!splits, "seed \(seed): the placeholder at \(placeholder.range) is split")
        }
      }
      _ = result.edits.apply(to: text)
    }
  }

  @Test func `inlining broken documents again changes nothing`() {
    for seed in 0..<1500 as Range<UInt64> {
      var random = SeededGenerator(seed: seed &+ 99_000)
      let text =
        Array("<style>".utf8) + Self.text(&random) + Array("</style><p class='x y' id=i>".utf8) + Self.text(&random)
      let once = CSSInliner().inline(text).bytes
      let twice = CSSInliner().inline(once).bytes
      #expect(
        once == twice,
        """
        seed \(seed):
        \(String(decoding: text, as: UTF8.self).debugDescription)
        \(String(decoding: once, as: UTF8.self).debugDescription)
        \(String(decoding: twice, as: UTF8.self).debugDescription)
        """)
    }
  }

  @Test func `long and deep sheets are read in bounded time`() {
    let deep = String(repeating: "@media x{", count: 5000) + "p{color:red}"
    let selectors = String(repeating: "a ", count: 20000) + "{color:red}"
    let functions = String(repeating: ":not(", count: 5000) + "{color:red}"
    let siblings =
      "<style>.no ~ i, .no i, i:nth-last-of-type(2n) { color: red }</style>"
      + String(repeating: "<i></i>", count: 20000)
    for text in [deep, selectors, functions] {
      #expect(!StyleSheet(Array(text.utf8)).faults.isEmpty)
    }
    #expect(CSSInliner().inline(siblings).contains("style=\"color: red\""))
  }
}
