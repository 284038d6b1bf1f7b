import GalleyHTML
package import GalleySource

/// Literal text that a dialect would take for its own syntax, and what keeps it from that.
///
/// In a style sheet a space goes between the two bytes, because there it means nothing. Elsewhere an expression prints
/// the first byte, which `DialectWriter` does; a dialect that has no expressions gets a character reference. Spaces and
/// references change the text, so they are edits that the writer and the interpreter both apply first.
extension AssembledText {
  /// The text as `dialect` can hold it.
  func protected(for dialect: Dialect, part: MailPart) -> AssembledText {
    applying(LiteralProtection(self, dialect).edits(part: part))
  }

  /// The complaint about braces that no means of `dialect` can keep from being read as syntax, or nil without any.
  package func unprotectable(for dialect: Dialect, part: MailPart) -> Diagnostic? {
    guard part != .html, !dialect.literals.canPrintText,
      let offset = LiteralProtection(self, dialect).openers().first,
      let origin = origins.origin(of: offset..<offset + 2)
    else { return nil }
    return Diagnostic(
      .dialectLiteral, "'{{' in the \(part.rawValue) would be read as a variable by '\(dialect.name)'",
      at: origin.range, help: ["write the text without two braces in a row"]
    ).included(through: origin.calls)
  }
}

/// Finds the braces of a text that would begin a construct of a dialect.
struct LiteralProtection {
  private let text: AssembledText
  private let rules: Dialect.LiteralRules
  /// The second bytes of openers.
  private let seconds: [UInt8]

  init(_ text: AssembledText, _ dialect: Dialect) {
    self.text = text
    rules = dialect.literals
    seconds = dialect.literals.openers.compactMap { $0.utf8.dropFirst().first }
  }

  /// Whether the literal byte at `index` must not be written as it is.
  func mustProtect(_ index: Int) -> Bool {
    let bytes = text.bytes
    if bytes[index] == UInt8(ascii: "\r") { return rules.normalizesLineEnds }
    guard bytes[index] == UInt8(ascii: "{"), index + 1 < bytes.count else { return false }
    let next = bytes[index + 1]
    if next == UInt8(ascii: "\r") { return rules.normalizesLineEnds }
    return seconds.contains(next) || next == AssembledText.token
  }

  /// The offsets of all braces that must not be written as they are.
  func openers() -> [Int] {
    text.bytes.indices.filter { text.bytes[$0] == UInt8(ascii: "{") && mustProtect($0) }
  }

  func edits(part: MailPart) -> EditList {
    var edits = EditList()
    guard part == .html else { return edits }
    var tracker = PlaceTracker()
    var style = StyleScanner()
    var position = 0
    for offset in openers() {
      advance(&tracker, &style, over: position..<offset)
      position = offset
      if tracker.place.kind == .rawText(element: "style"), !style.isInString {
        edits.insert(CollectionOfOne(0x20), at: offset + 1)
      } else if !rules.canPrintText {
        if tracker.place.takesReferences {
          edits.replace(offset..<offset + 1, with: "&#123;".utf8)
        } else {
          edits.insert(CollectionOfOne(0x20), at: offset + 1)
        }
      }
    }
    return edits
  }

  private func advance(_ tracker: inout PlaceTracker, _ style: inout StyleScanner, over range: Range<Int>) {
    var position = range.lowerBound
    while position < range.upperBound {
      let rest = text.bytes[position..<range.upperBound]
      let chunk = rest[..<(rest.firstIndex(of: UInt8(ascii: ">")).map { $0 + 1 } ?? rest.endIndex)]
      if tracker.place.kind == .rawText(element: "style") {
        style.advance(over: chunk)
      } else {
        style = StyleScanner()
      }
      tracker.advance(over: chunk)
      position = chunk.endIndex
    }
  }
}

/// Follows strings in a style sheet.
private struct StyleScanner {
  private var quote: UInt8?
  private var isEscaped = false

  var isInString: Bool { quote != nil }

  mutating func advance(over bytes: ArraySlice<UInt8>) {
    for byte in bytes {
      if isEscaped {
        isEscaped = false
      } else if byte == UInt8(ascii: "\\") {
        isEscaped = true
      } else if let open = quote {
        if byte == open || byte == UInt8(ascii: "\n") { quote = nil }
      } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
        quote = byte
      }
    }
  }
}

extension Place {
  /// Whether a character reference means its character here.
  var takesReferences: Bool {
    switch kind {
    case .text, .escapableRawText, .attribute: true
    case .rawText, .tagName, .insideTag, .comment, .declaration: false
    }
  }
}
