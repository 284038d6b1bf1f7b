/// Messages written as patterns again.
///
/// What is written is read as the same pieces: text is quoted where it would mean something else, and no further.
extension Message {
  /// The message as a pattern; of two messages with the same pieces it is the same.
  package var spelled: String { Message.spelled(pieces) }

  /// Pieces as a pattern.
  package static func spelled(_ pieces: [Piece]) -> String {
    var spelling = Spelling()
    spelling.append(pieces, isInPlural: false)
    return spelling.text
  }

  /// How many words the text of the message has.
  var wordCount: Int {
    var count = 0
    pieces.forEachPiece { piece in
      guard case .text(let bytes, _) = piece else { return }
      let words = String(decoding: bytes, as: UTF8.self).split { !$0.isLetter }
      count += words.count { $0.count > 1 }
    }
    return count
  }
}

extension Message.Piece {
  /// The piece as it is written in a pattern, with the texts of a choice left out: `{n, plural, …}`.
  package var label: String {
    switch self {
    case .text(let bytes, _): String(decoding: bytes, as: UTF8.self)
    case .argument(let name, _): "{\(name)}"
    case .number(let name, let style, _):
      style.spelling.isEmpty ? "{\(name), number}" : "{\(name), number, \(style.spelling)}"
    case .date(let name, let style, _): "{\(name), \(style.spelling)}"
    case .count: "#"
    case .plural(let plural): "{\(plural.argument), \(plural.isOrdinal ? "selectordinal" : "plural"), …}"
    case .select(let select): "{\(select.argument), select, …}"
    case .tag(let name, _, _): "<\(name)>"
    }
  }
}

/// A pattern that is being written.
private struct Spelling {
  var text = ""

  mutating func append(_ pieces: [Message.Piece], isInPlural: Bool) {
    for piece in pieces {
      switch piece {
      case .text(let bytes, _): append(String(decoding: bytes, as: UTF8.self), isInPlural)
      case .argument, .number, .date, .count: text += piece.label
      case .plural(let plural):
        text += "{\(plural.argument), \(plural.isOrdinal ? "selectordinal" : "plural"),"
        if plural.offset != 0 { text += " offset:\(plural.offset)" }
        for choice in plural.cases {
          text += " \(choice.selector.spelled) {"
          append(choice.pieces, isInPlural: true)
          text += "}"
        }
        text += "}"
      case .select(let select):
        text += "{\(select.argument), select,"
        for choice in select.cases {
          text += " \(choice.key) {"
          append(choice.pieces, isInPlural: false)
          text += "}"
        }
        text += "}"
      case .tag(let name, let content, _):
        text += "<\(name)>"
        append(content, isInPlural: isInPlural)
        text += "</\(name)>"
      }
    }
  }

  /// Appends text, quoted where it has to be.
  ///
  /// An apostrophe is doubled before what it would quote, before another one, and at the end of a stretch of text, where
  /// a brace may follow. Syntax is quoted in runs.
  private mutating func append(_ plain: String, _ isInPlural: Bool) {
    let scalars = Array(plain.unicodeScalars)
    func isQuotable(_ scalar: Unicode.Scalar) -> Bool {
      "{}<>".unicodeScalars.contains(scalar) || isInPlural && scalar == "#"
    }
    func isSyntax(_ index: Int) -> Bool {
      guard isQuotable(scalars[index]), scalars[index] != ">" else { return false }
      guard scalars[index] == "<", index + 1 < scalars.count else { return scalars[index] != "<" }
      let next = scalars[index + 1]
      return next.isASCII && (next.properties.isAlphabetic || "0123456789_-/".unicodeScalars.contains(next))
    }
    var index = 0
    while index < scalars.count {
      if isSyntax(index) {
        text += "'"
        while index < scalars.count, isSyntax(index) || scalars[index] == "'" {
          text += scalars[index] == "'" ? "''" : String(scalars[index])
          index += 1
        }
        text += "'"
        continue
      }
      text.unicodeScalars.append(scalars[index])
      let next = index + 1 < scalars.count ? scalars[index + 1] : nil
      if scalars[index] == "'", next.map({ $0 == "'" || isQuotable($0) }) ?? true { text += "'" }
      index += 1
    }
  }
}
