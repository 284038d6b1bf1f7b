import GalleyHTML
import GalleySource
import Testing

/// Documents for the passes over what is inlined.
enum PassDocument {
  /// The `{{…}}` in a document: `#` opens, `/` closes, others are values.
  static func placeholders(_ bytes: [UInt8]) -> [Placeholder] { PlaceholderScanner.scan(bytes, syntaxes: .braces) }

  /// A document of elements with styles made of `declarations`, in all kinds of quotes, with broken pieces in between.
  private static func random(_ declarations: [String], _ random: inout SeededGenerator) -> [UInt8] {
    var text: [UInt8] = []
    for _ in 0..<random.below(8) + 1 {
      text += Array("<\(random.pick(elements))\(random.pick(attributes))".utf8)
      let quote = random.pick(["\"", "\"", "\"", "'", ""])
      text += Array(" style=\(quote)".utf8)
      for _ in 0..<random.below(6) {
        text += Array((random.pick(declarations) + random.pick(["", "", "!important"]) + ";").utf8)
        if random.chance(10) { text += Array(random.pick(noise).utf8) }
        if random.chance(2) { text.append(UInt8(random.below(256))) }
      }
      text += Array("\(quote)\(random.pick([">", ">", "/>", " id=x>"]))".utf8)
      if random.chance(20) { text += Array(random.pick(noise).utf8) }
      if random.chance(10) { text += Array("<style>p{\(random.pick(declarations))}</style>".utf8) }
    }
    return text
  }

  private static let elements = [
    "table", "tr", "td", "TD", "th", "img", "hr", "div", "p", "col", "body", "span", "template", "font",
  ]
  private static let attributes = [
    "", "", "", " width=1", " bgcolor=#abc", " dir=rtl", " dir={{d}}", " align", " {{x}}", " data-galley=keep",
    " color=#fff",
  ]
  private static let noise = [
    "{{x}}", "{{#x}}", "{{/x}}", "&quot;", "&amp", "/*", "*/", "<!--[if mso]>", "<![endif]-->", "</table>", "\\", "(",
    ")", "{",
    "}", "\"", "'", "/", " ", "&#35;", ":", "--",
  ]

  /// Runs a pass over random documents: edits don't overlap or touch placeholders, and a second run makes none.
  static func check(_ declarations: [String], seeds: UInt64, _ pass: (HTMLTree) -> EditList) {
    var changed: UInt64 = 0
    for seed in 0..<seeds {
      var random = SeededGenerator(seed: seed)
      let text = self.random(declarations, &random)
      let placeholders = placeholders(text)
      let edits = pass(HTMLTree.parse(text, placeholders: placeholders))
      var end = 0
      for edit in edits.sorted() {
        #expect(edit.range.lowerBound >= end && edit.range.upperBound <= text.count, "seed \(seed): \(edit.range)")
        end = edit.range.upperBound
        for hole in placeholders {
          let isInside = edit.range.lowerBound > hole.range.lowerBound && edit.range.lowerBound < hole.range.upperBound
          #expect(
            !isInside && !edit.range.overlaps(hole.range), "seed \(seed): the placeholder at \(hole.range) is hurt")
        }
      }
      if !edits.isEmpty { changed += 1 }
      let once = edits.apply(to: text)
      let again = pass(HTMLTree.parse(once, placeholders: self.placeholders(once)))
      #expect(
        again.isEmpty,
        """
        seed \(seed):
        \(String(decoding: text, as: UTF8.self).debugDescription)
        \(String(decoding: once, as: UTF8.self).debugDescription)
        \(String(decoding: again.apply(to: once), as: UTF8.self).debugDescription)
        """)
    }
    // Documents in which nothing happens prove nothing.
    #expect(changed > seeds / 4, "only \(changed) of \(seeds) documents were changed")
  }
}
