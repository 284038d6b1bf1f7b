import GalleyHTML
import GalleySource
import Testing

/// Documents for the passes over what is inlined.
enum PassDocument {
  /// The `{{…}}` in a document: `#` opens, `/` closes, others are values.
  static func placeholders(_ bytes: [UInt8]) -> [Placeholder] { PlaceholderScanner.scan(bytes, syntaxes: .braces) }

  /// Runs a pass over random documents: edits don't overlap or touch placeholders, and a second run makes none.
  static func check(_ parts: [String], seeds: UInt64, _ pass: (HTMLTree) -> EditList) {
    for seed in 0..<seeds {
      var random = SeededGenerator(seed: seed)
      var text: [UInt8] = []
      for _ in 0..<random.below(50) {
        if random.chance(2) { text.append(UInt8(random.below(256))) } else { text += Array(random.pick(parts).utf8) }
      }
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
  }
}
