package import GalleySource
package import GalleyTemplate

/// Holds a text part that is written by hand against the one that would be made from the HTML.
///
/// Both are to print the same values and lead to the same addresses. What is not shown in the made one, because it is
/// hidden or says `data-text="skip"`, is not asked for. Addresses are the same whatever their scheme, case, or slash at
/// the end; a value with a fallback counts as the value. Words are the author's business.
package struct TextComparison {
  private let sources: SourceSet
  private let note: Diagnostic.Note
  private var diagnostics: [Diagnostic] = []

  /// Says what one has and the other lacks; `file` is the one that is written by hand.
  package static func diagnostics(
    for text: AssembledText, against made: AssembledText, in file: SourceID, of sources: SourceSet
  ) -> [Diagnostic] {
    let start = SourceRange(file, 0, 0)
    guard text.bytes.contains(where: { $0 > 0x20 || $0 == AssembledText.token }) else {
      return [
        Diagnostic(
          .emptyText, "the text part is empty", at: start,
          help: ["write it, or remove the file: then it is made from the HTML"])
      ]
    }
    var comparison = TextComparison(
      sources: sources, note: Diagnostic.Note("the text part is written by hand here", at: start))
    let (own, other) = (TextReading(text), TextReading(made))
    comparison.findLacks(of: own, other, made)
    comparison.findStrangers(in: own, other, text)
    return comparison.diagnostics
  }

  private mutating func findLacks(of own: TextReading, _ other: TextReading, _ made: AssembledText) {
    for address in unique(other.addresses) where !own.wordKeys.contains(address.key) {
      let isWayOut = ["unsubscribe", "opt-out", "optout"].contains { address.key.contains($0) }
      let help =
        isWayOut
        ? "print the address in the text part" : "print the address, or leave this out with 'data-text=\"skip\"'"
      complain(isWayOut ? .textLacksUnsubscribe : .textLacksLink, address, in: made, notes: [note], help) {
        "the text part lacks the \(isWayOut ? "way out" : "address") '\($0)'"
      }
    }
    for value in unique(other.values) where !own.valueKeys.contains(value.key) {
      let help = "print it, or leave this out with 'data-text=\"skip\"'"
      complain(.textLacksValue, value, in: made, notes: [note], help) { "the text part does not print '\($0)'" }
    }
  }

  private mutating func findStrangers(in own: TextReading, _ other: TextReading, _ text: AssembledText) {
    for address in unique(own.addresses) where !other.wordKeys.contains(address.key) {
      let help = "readers of both parts are to get to the same pages: take it out, or add it to the HTML"
      complain(.textOtherLink, address, in: text, help) { "the HTML has no address '\($0)'" }
    }
    for value in unique(own.values) where !other.valueKeys.contains(value.key) {
      let help = "both parts are to say the same: take it out, or add it to the HTML"
      complain(.textOtherValue, value, in: text, help) { "the HTML does not show '\($0)'" }
    }
  }

  private func unique(_ mentions: [TextReading.Mention]) -> [TextReading.Mention] {
    var seen: Set<String> = []
    return mentions.filter { seen.insert($0.key).inserted }
  }

  private mutating func complain(
    _ code: DiagnosticCode, _ mention: TextReading.Mention, in text: AssembledText, notes: [Diagnostic.Note] = [],
    _ help: String, _ message: (String) -> String
  ) {
    let first = mention.range.lowerBound..<mention.range.lowerBound + 1
    guard let origin = text.origins.origin(of: mention.range) ?? text.origins.origin(of: first) else { return }
    let message = message(name(of: mention, at: origin.range))
    diagnostics.append(
      Diagnostic(code, message, at: origin.range, notes: notes, help: [help]).included(through: origin.calls))
  }

  /// What a message calls something: as the author has written it where that differs between environments and locales,
  /// so that one cause is one message.
  private func name(of mention: TextReading.Mention, at range: SourceRange) -> String {
    if mention.range.count == 1 { return mention.name }
    let words = sources.text(range)
    return words.contains("{{") && words.utf8.count <= 80 && !words.contains("\n") ? words : mention.name
  }
}
