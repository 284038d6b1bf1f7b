package import GalleySource

/// Parses the pattern of one message.
///
/// Each step consumes at least one byte; each call of a parsing function ends behind its construct.
package struct MessageParser {
  private let key: String
  private let keyRange: SourceRange
  private let range: SourceRange
  private let bytes: [UInt8]
  /// The offset of the last closing tag of each name.
  private let closingTags: [String: Int]
  private var position = 0
  private var pieces: [Message.Piece] = []
  private var text: [UInt8] = []
  private var textStart = 0
  private var hasUnsupported = false
  private var diagnostics: [Diagnostic] = []

  /// Parses `pattern`, which is written at `range`, as the message called `key`.
  package static func parse(
    _ pattern: String, key: String, keyRange: SourceRange, at range: SourceRange
  ) -> (message: Message, diagnostics: [Diagnostic]) {
    var parser = MessageParser(pattern, key: key, keyRange: keyRange, at: range)
    parser.parseAll()
    let message = Message(
      key: key, keyRange: keyRange, range: range, count: parser.bytes.count, pieces: parser.pieces)
    return (message, parser.diagnostics)
  }

  private init(_ pattern: String, key: String, keyRange: SourceRange, at range: SourceRange) {
    self.key = key
    self.keyRange = keyRange
    self.range = range
    bytes = Array(pattern.utf8)
    closingTags = Self.closingTags(bytes)
  }

  private mutating func parseAll() {
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "'"): parseApostrophe()
      case UInt8(ascii: "{"): parseArgument()
      case UInt8(ascii: "}"):
        report(.messageSyntax, "'}' closes nothing in '\(key)'", position..<position + 1, help: [Self.quoting])
        position += 1
      case UInt8(ascii: "<"): parseAngle()
      default:
        text.append(bytes[position])
        position += 1
      }
    }
    flushText(upTo: position)
  }

  private static let quoting = "write '{' to print a brace and '' to print an apostrophe before one"

  // MARK: Text

  private mutating func flushText(upTo end: Int) {
    if !text.isEmpty { pieces.append(.text(text, textStart..<end)) }
    text = []
  }

  private mutating func parseApostrophe() {
    let start = position
    position += 1
    guard let next = byte(at: position) else { return text.append(UInt8(ascii: "'")) }
    if next == UInt8(ascii: "'") {
      text.append(next)
      position += 1
    } else if Self.special.contains(next) {
      parseQuoted(from: start)
    } else {
      text.append(UInt8(ascii: "'"))
    }
  }

  private static let special = Array("{}<>".utf8)

  private mutating func parseQuoted(from start: Int) {
    while let byte = byte(at: position) {
      position += 1
      guard byte == UInt8(ascii: "'") else {
        text.append(byte)
        continue
      }
      guard self.byte(at: position) == byte else { return }
      text.append(byte)
      position += 1
    }
    report(
      .messageSyntax, "an apostrophe before a brace quotes text, and this one is never closed in '\(key)'",
      start..<start + 1, help: ["close the quotation with another apostrophe, or write ''"])
  }

  // MARK: Arguments

  private mutating func parseArgument() {
    let start = position
    flushText(upTo: start)
    position += 1
    if byte(at: position) == UInt8(ascii: "{") { return parseDoubleBrace(from: start) }
    skipSpace()
    let name = parseName()
    skipSpace()
    switch byte(at: position) {
    case UInt8(ascii: "}") where !name.isEmpty:
      position += 1
      pieces.append(.argument(name, start..<position))
    case UInt8(ascii: ",") where !name.isEmpty:
      position += 1
      parseFormat(of: name, from: start)
    default:
      skipBraces(from: start)
      report(
        .messageSyntax,
        name.isEmpty ? "an argument of '\(key)' has no name" : "the argument '\(name)' of '\(key)' is not closed",
        start..<position, help: ["write an argument as {name}; \(Self.quoting)"])
    }
    textStart = position
  }

  private mutating func parseDoubleBrace(from start: Int) {
    skipBraces(from: start)
    report(
      .messageSyntax, "an argument of a message stands in single braces", start..<position,
      help: ["write {name}, and pass it in the template: {{t \"\(key)\" name=value}}", Self.quoting])
    textStart = position
  }

  private mutating func parseFormat(of name: String, from start: Int) {
    skipSpace()
    let kind = parseName()
    skipBraces(from: start)
    if Self.formats.contains(kind) {
      reportUnsupported("'\(kind)' in the message '\(key)' is not supported yet", start..<position)
    } else {
      let hint = Suggestion.nearest(to: kind, among: Self.formats).map { "; did you mean '\($0)'?" } ?? ""
      report(.messageSyntax, "'\(kind)' is no format of an argument\(hint)", start..<position)
    }
  }

  private static let formats = [
    "plural", "selectordinal", "select", "number", "date", "time", "duration", "spellout", "ordinal", "choice",
  ]

  private mutating func parseName() -> String {
    let start = position
    while let byte = byte(at: position), Self.isNameByte(byte) { position += 1 }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  /// Moves behind the brace that closes the one at `start`, or to the end.
  private mutating func skipBraces(from start: Int) {
    position = start
    var depth = 0
    while let byte = byte(at: position) {
      position += 1
      if byte == UInt8(ascii: "{") { depth += 1 }
      if byte == UInt8(ascii: "}") { depth -= 1 }
      if depth == 0 { return }
    }
  }

  // MARK: Tags

  private mutating func parseAngle() {
    let start = position
    let isClosing = byte(at: start + 1) == UInt8(ascii: "/")
    position = start + (isClosing ? 2 : 1)
    let name = parseName()
    guard byte(at: position) == UInt8(ascii: ">"), isTag(name, isClosing: isClosing, at: start) else {
      text.append(contentsOf: bytes[start..<position])
      return
    }
    position += 1
    if !isClosing {
      reportUnsupported("the tag '<\(name)>' in the message '\(key)' is not supported yet", start..<position)
    }
    flushText(upTo: start)
    textStart = position
  }

  /// Whether `<name>` is a rich text tag: a pair of tags without attributes. Anything else is text.
  private func isTag(_ name: String, isClosing: Bool, at start: Int) -> Bool {
    guard let last = closingTags[name], !Self.neverTags.contains(name.lowercased()) else { return false }
    return isClosing ? hasUnsupported : last > start
  }

  private static let neverTags: Set<String> = [
    "script", "style", "iframe", "xmp", "noembed", "noframes", "textarea", "title", "object", "embed", "svg", "math",
  ]

  private static func closingTags(_ bytes: [UInt8]) -> [String: Int] {
    var result: [String: Int] = [:]
    var index = 0
    while index + 1 < bytes.count {
      guard bytes[index] == UInt8(ascii: "<"), bytes[index + 1] == UInt8(ascii: "/") else {
        index += 1
        continue
      }
      var end = index + 2
      while end < bytes.count, isNameByte(bytes[end]) { end += 1 }
      if end < bytes.count, bytes[end] == UInt8(ascii: ">"), end > index + 2 {
        result[String(decoding: bytes[index + 2..<end], as: UTF8.self)] = index
      }
      index = end
    }
    return result
  }

  // MARK: Bytes and complaints

  private func byte(at index: Int) -> UInt8? { index < bytes.count ? bytes[index] : nil }

  private mutating func skipSpace() {
    while let byte = byte(at: position), byte == 0x20 || (0x09...0x0D).contains(byte) { position += 1 }
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF) || byte == UInt8(ascii: "_")
      || byte == UInt8(ascii: "-")
  }

  private mutating func report(_ code: DiagnosticCode, _ message: String, _ offsets: Range<Int>, help: [String] = []) {
    let place = Message.range(of: offsets, in: range, count: bytes.count)
    diagnostics.append(Diagnostic(code, message, at: place, help: help))
  }

  private mutating func reportUnsupported(_ message: String, _ offsets: Range<Int>) {
    if !hasUnsupported {
      report(
        .messageUnsupported, message, offsets,
        help: ["write one message for each case, and choose in the template with {{#if}}"])
    }
    hasUnsupported = true
  }
}
