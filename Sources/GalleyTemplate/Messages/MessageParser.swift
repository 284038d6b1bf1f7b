package import GalleySource

/// Parses the pattern of one message.
///
/// Each step consumes at least one byte; each call of a parsing function ends behind its construct, or behind the
/// braces of a broken one. Choices are in `MessageParser+Choices.swift`.
package struct MessageParser {
  /// What surrounds the text that is being parsed.
  struct Surroundings {
    /// The plural whose case this is, so that `#` is its number.
    var plural: (argument: String, offset: Int)?
    /// The tag that is open.
    var tag: String?
    /// Whether a brace ends the text: it is a case.
    var isCase = false
    /// How many choices and tags are open.
    var depth = 0
  }

  /// Deeper nesting is a mistake, and would cost too much stack.
  static let depthLimit = 16

  let key: String
  let locale: String
  private let keyRange: SourceRange
  private let range: SourceRange
  let bytes: [UInt8]
  /// The offset of the last closing tag of each name.
  private let closingTags: [String: Int]
  var position = 0
  /// Whether the choice whose selectors are read was given up, and the position is behind it.
  var isBroken = false
  /// Whether a tag was complained about: one unbalanced tag makes others so.
  private var hasTagFault = false
  private var diagnostics: [Diagnostic] = []

  /// Parses `pattern`, which is written at `range`, as the message called `key` of a locale.
  package static func parse(
    _ pattern: String, key: String, keyRange: SourceRange, at range: SourceRange, locale: String
  ) -> (message: Message, diagnostics: [Diagnostic]) {
    var parser = MessageParser(pattern, key: key, keyRange: keyRange, at: range, locale: locale)
    let pieces = parser.parsePieces(Surroundings())
    var message = Message(key: key, keyRange: keyRange, range: range, count: parser.bytes.count, pieces: pieces)
    message.isBroken = parser.diagnostics.hasErrors
    return (message, parser.diagnostics)
  }

  private init(_ pattern: String, key: String, keyRange: SourceRange, at range: SourceRange, locale: String) {
    self.key = key
    self.keyRange = keyRange
    self.range = range
    self.locale = locale
    bytes = Array(pattern.utf8)
    closingTags = Self.closingTags(bytes)
  }

  // MARK: Text

  /// Pieces with the text that is being gathered.
  private struct Gathering {
    var pieces: [Message.Piece] = []
    var text: [UInt8] = []
    var textStart: Int

    mutating func flush(upTo end: Int) {
      if !text.isEmpty { pieces.append(.text(text, textStart..<end)) }
      text = []
    }

    mutating func append(_ piece: Message.Piece?, from start: Int, to end: Int) {
      flush(upTo: start)
      if let piece { pieces.append(piece) }
      textStart = end
    }
  }

  /// Parses up to what ends the text: the brace of a case, the closing tag, or the end of the pattern.
  mutating func parsePieces(_ surroundings: Surroundings) -> [Message.Piece] {
    var gathering = Gathering(textStart: position)
    loop: while position < bytes.count {
      let start = position
      switch bytes[start] {
      case UInt8(ascii: "'"): parseApostrophe(into: &gathering.text, isInPlural: surroundings.plural != nil)
      case UInt8(ascii: "{"):
        let piece = parseArgument(surroundings)
        gathering.append(piece, from: start, to: position)
      case UInt8(ascii: "}"):
        if surroundings.isCase { break loop }
        report(.messageSyntax, "'}' closes nothing in '\(key)'", start..<start + 1, help: [Self.quoting])
        position += 1
      case UInt8(ascii: "#"):
        position += 1
        guard let plural = surroundings.plural else {
          gathering.text.append(UInt8(ascii: "#"))
          continue
        }
        gathering.append(
          .count(of: plural.argument, offset: plural.offset, start..<position), from: start, to: position)
      case UInt8(ascii: "<"):
        if isEnd(of: surroundings.tag) { break loop }
        parseAngle(into: &gathering, surroundings)
      default:
        gathering.text.append(bytes[start])
        position += 1
      }
    }
    gathering.flush(upTo: position)
    return gathering.pieces
  }

  static let quoting = "write '{' to print a brace and '' to print an apostrophe before one"

  private mutating func parseApostrophe(into text: inout [UInt8], isInPlural: Bool) {
    let start = position
    position += 1
    guard let next = byte(at: position) else { return text.append(UInt8(ascii: "'")) }
    if next == UInt8(ascii: "'") {
      text.append(next)
      position += 1
    } else if Self.special.contains(next) || isInPlural && next == UInt8(ascii: "#") {
      parseQuoted(into: &text, from: start)
    } else {
      text.append(UInt8(ascii: "'"))
    }
  }

  private static let special = Array("{}<>".utf8)

  private mutating func parseQuoted(into text: inout [UInt8], from start: Int) {
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

  private mutating func parseArgument(_ surroundings: Surroundings) -> Message.Piece? {
    let start = position
    position += 1
    if byte(at: position) == UInt8(ascii: "{") {
      skipBraces(from: start)
      report(
        .messageSyntax, "an argument of a message stands in single braces", start..<position,
        help: ["write {name}, and pass it in the template: {{t \"\(key)\" name=value}}", Self.quoting])
      return nil
    }
    skipSpace()
    let name = parseName()
    skipSpace()
    switch byte(at: position) {
    case UInt8(ascii: "}") where !name.isEmpty:
      position += 1
      return .argument(name, start..<position)
    case UInt8(ascii: ",") where !name.isEmpty:
      position += 1
      return parseFormat(of: name, from: start, surroundings)
    default:
      skipBraces(from: start)
      report(
        .messageSyntax,
        name.isEmpty ? "an argument of '\(key)' has no name" : "the argument '\(name)' of '\(key)' is not closed",
        start..<position, help: ["write an argument as {name}; \(Self.quoting)"])
      return nil
    }
  }

  private mutating func parseFormat(
    of name: String, from start: Int, _ surroundings: Surroundings
  ) -> Message.Piece? {
    skipSpace()
    let kind = parseName()
    skipSpace()
    if Self.choices.contains(kind) {
      guard surroundings.depth < Self.depthLimit else {
        skipBraces(from: start)
        report(
          .messageNesting, "choices in the message '\(key)' are nested more than \(Self.depthLimit) deep",
          start..<position, help: ["write a message for each case of the outermost choice"])
        return nil
      }
      guard byte(at: position) == UInt8(ascii: ",") else {
        skipBraces(from: start)
        report(
          .messageSyntax, "'\(kind)' of '\(name)' has no cases", start..<position, help: [Self.example(of: kind, name)])
        return nil
      }
      position += 1
      return kind == "select"
        ? parseSelect(name, from: start, surroundings)
        : parsePlural(name, isOrdinal: kind == "selectordinal", from: start, surroundings)
    }
    if kind == "number" {
      return parseStyle(kind, of: name, from: start).flatMap { (text, place) in
        read(NumberStyle.read(text), place).map { .number(name, $0, start..<position) }
      }
    }
    if kind == "date" || kind == "time" {
      return parseStyle(kind, of: name, from: start).flatMap { (text, place) in
        read(DateStyle.read(text, isTime: kind == "time"), place).map { .date(name, $0, start..<position) }
      }
    }
    skipBraces(from: start)
    if Self.formats.contains(kind) {
      report(
        .messageUnsupported, "'\(kind)' in the message '\(key)' is a format that Galley does not have",
        start..<position,
        help: ["write '{\(name)}', and pass a text that is formatted already"])
    } else {
      let hint = Suggestion.nearest(to: kind, among: Self.choices + ["number", "date", "time"] + Self.formats).map {
        "; did you mean '\($0)'?"
      }
      report(
        .messageSyntax, "'\(kind)' is no format of an argument\(hint ?? "")", start..<position,
        help: hint == nil
          ? ["an argument is {\(name)}, or has number, date, time, plural, selectordinal or select behind a comma"] : []
      )
    }
    return nil
  }

  /// The style of a number or a date, behind its comma; the brace that closes the argument is consumed.
  private mutating func parseStyle(
    _ kind: String, of name: String, from start: Int
  ) -> (text: String, place: Range<Int>)? {
    if byte(at: position) == UInt8(ascii: ",") { position += 1 }
    skipSpace()
    let styleStart = position
    while let byte = byte(at: position), byte != UInt8(ascii: "}"), byte != UInt8(ascii: "{") { position += 1 }
    var text = bytes[styleStart..<position]
    while text.last == 0x20 { text.removeLast() }
    guard byte(at: position) == UInt8(ascii: "}") else {
      skipBraces(from: start)
      report(
        .messageSyntax, "the argument '\(name)' of '\(key)' is not closed", start..<position,
        help: ["write '{\(name), \(kind)}'"])
      return nil
    }
    position += 1
    return (String(decoding: text, as: UTF8.self), styleStart..<max(text.endIndex, styleStart + 1))
  }

  private mutating func read<Style>(_ style: Result<Style, NumberStyle.Fault>, _ place: Range<Int>) -> Style? {
    switch style {
    case .success(let style): return style
    case .failure(let fault):
      report(.messageStyle, fault.message, place, help: [fault.help])
      return nil
    }
  }

  static let choices = ["plural", "selectordinal", "select"]
  private static let formats = ["duration", "spellout", "ordinal", "choice"]

  static func example(of kind: String, _ name: String) -> String {
    switch kind {
    case "select": "write '{\(name), select, PAID {paid} other {open}}'"
    case "selectordinal": "write '{\(name), selectordinal, one {#st} two {#nd} few {#rd} other {#th}}'"
    default: "write '{\(name), plural, one {# item} other {# items}}'"
    }
  }

  mutating func parseName(orLetters: Bool = false) -> String {
    let start = position
    while let byte = byte(at: position), Self.isNameByte(byte) || orLetters && byte >= 0x80 { position += 1 }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  /// Moves behind the brace that closes the one at `start`, or to the end.
  mutating func skipBraces(from start: Int) {
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

  /// Whether the closing tag of `name` stands here.
  private func isEnd(of name: String?) -> Bool {
    guard let name, byte(at: position + 1) == UInt8(ascii: "/") else { return false }
    let end = position + 2 + name.utf8.count
    return end < bytes.count && bytes[end] == UInt8(ascii: ">") && bytes[(position + 2)..<end].elementsEqual(name.utf8)
  }

  private mutating func parseAngle(into gathering: inout Gathering, _ surroundings: Surroundings) {
    let start = position
    let isClosing = byte(at: start + 1) == UInt8(ascii: "/")
    position = start + (isClosing ? 2 : 1)
    let name = parseName()
    guard !name.isEmpty, byte(at: position) == UInt8(ascii: ">"), !Self.neverTags.contains(name.lowercased()) else {
      gathering.text.append(contentsOf: bytes[start..<position])
      return
    }
    position += 1
    if isClosing || closingTags[name].map({ $0 > start }) != true {
      let fault = isClosing ? "the tag '</\(name)>' closes nothing" : "the tag '<\(name)>' is never closed"
      reportTag("\(fault) in '\(key)'", start..<position)
      gathering.text.append(contentsOf: bytes[start..<position])
      return
    }
    guard surroundings.tag == nil else {
      reportTag(
        "the tag '<\(name)>' stands in '<\(surroundings.tag ?? "")>', and links can't be nested", start..<position)
      return
    }
    var inner = surroundings
    inner.tag = name
    let pieces = parsePieces(inner)
    guard isEnd(of: name) else {
      reportTag(
        "the tag '<\(name)>' is closed in another case than it is opened in", start..<start + name.utf8.count + 2)
      gathering.append(nil, from: start, to: position)
      gathering.pieces += pieces
      return
    }
    position += name.utf8.count + 3
    gathering.append(.tag(name, pieces, start..<position), from: start, to: position)
  }

  mutating func reportTag(_ message: String, _ offsets: Range<Int>) {
    if !hasTagFault {
      report(
        .messageTag, message, offsets,
        help: ["write tags in pairs, '<link>text</link>'; write '<' to print an angle bracket"])
    }
    hasTagFault = true
  }

  /// Elements that no call binds by mistake; such tags are text.
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

  func byte(at index: Int) -> UInt8? { index < bytes.count ? bytes[index] : nil }

  mutating func skipSpace() {
    while let byte = byte(at: position), byte == 0x20 || (0x09...0x0D).contains(byte) { position += 1 }
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF) || byte == UInt8(ascii: "_")
      || byte == UInt8(ascii: "-")
  }

  mutating func report(_ code: DiagnosticCode, _ message: String, _ offsets: Range<Int>, help: [String] = []) {
    let place = Message.range(of: offsets, in: range, count: bytes.count)
    diagnostics.append(Diagnostic(code, message, at: place, help: help))
  }
}
