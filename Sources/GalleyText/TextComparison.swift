package import GalleySource
package import GalleyTemplate

/// Holds a text part that is written by hand against the one that would be made from the HTML.
///
/// Both are to print the same values and lead to the same addresses. What is not shown in the made one, because it is
/// hidden or says `data-text="skip"`, is not asked for. Addresses are the same whatever their scheme, case, or slash at
/// the end; a value with a fallback counts as the value. Words are the author's business.
package enum TextComparison {
  /// Says what one has and the other lacks; `file` is the beginning of the file of the one written by hand.
  package static func diagnostics(
    for text: AssembledText, against made: AssembledText, at file: SourceRange
  ) -> [Diagnostic] {
    guard text.bytes.contains(where: { $0 > 0x20 || $0 == AssembledText.token }) else {
      return [
        Diagnostic(
          .emptyText, "the text part is empty", at: file,
          help: ["write it, or remove the file: then it is made from the HTML"])
      ]
    }
    let own = TextReading(text)
    let other = TextReading(made)
    let note = Diagnostic.Note("the text part is written by hand here", at: file)
    var diagnostics: [Diagnostic] = []
    func complain(
      _ mention: TextReading.Mention, in text: AssembledText, _ code: DiagnosticCode, _ message: String,
      _ notes: [Diagnostic.Note], _ help: String
    ) {
      guard let origin = origin(of: mention.range, in: text) else { return }
      diagnostics.append(
        Diagnostic(code, message, at: origin.range, notes: notes, help: [help]).included(through: origin.calls))
    }
    for address in unique(other.addresses) where !own.wordKeys.contains(address.key) {
      let isWayOut = isWayOut(address)
      complain(
        address, in: made, isWayOut ? .textLacksUnsubscribe : .textLacksLink,
        "the text part lacks the \(isWayOut ? "way out" : "address") '\(address.name)'", [note],
        isWayOut
          ? "print the address in the text part"
          : "print the address, or leave this out with 'data-text=\"skip\"'")
    }
    for value in unique(other.values) where !own.valueKeys.contains(value.key) {
      complain(
        value, in: made, .textLacksValue, "the text part does not print '\(value.name)'", [note],
        "print it, or leave this out with 'data-text=\"skip\"'")
    }
    for address in unique(own.addresses) where !other.wordKeys.contains(address.key) {
      complain(
        address, in: text, .textOtherLink, "the HTML has no address '\(address.name)'", [],
        "readers of both parts are to get to the same pages: take it out, or add it to the HTML")
    }
    for value in unique(own.values) where !other.valueKeys.contains(value.key) {
      complain(
        value, in: text, .textOtherValue, "the HTML does not show '\(value.name)'", [],
        "both parts are to say the same: take it out, or add it to the HTML")
    }
    return diagnostics
  }

  private static func unique(_ mentions: [TextReading.Mention]) -> [TextReading.Mention] {
    var seen: Set<String> = []
    return mentions.filter { seen.insert($0.key).inserted }
  }

  /// Whether an address ends a subscription, by its name.
  private static func isWayOut(_ address: TextReading.Mention) -> Bool {
    ["unsubscribe", "opt-out", "optout"].contains { address.key.contains($0) }
  }

  private static func origin(of range: Range<Int>, in text: AssembledText) -> OriginMap.Origin? {
    text.origins.origin(of: range) ?? text.origins.origin(of: range.lowerBound..<range.lowerBound + 1)
  }
}
