package import GalleySource

/// Reads JSON by RFC 8259, to the letter: what it accepts, every JSON reader understands alike.
///
/// Stricter than the standard in four points: a key is given once, nesting ends at 64 levels, numbers stay within what
/// a double holds exactly, and no escape may make a control character. Spec: https://www.rfc-editor.org/rfc/rfc8259.
package enum JSONReader {
  /// Reads the bytes, or those of a range of them; the node is nil when they are not JSON.
  ///
  /// One pass. Reading ends at the first fault of syntax; repeated keys and unfit numbers are all reported.
  package static func read(
    source: SourceID, bytes: [UInt8], range: SourceRange? = nil
  ) -> (DataNode?, [Diagnostic]) {
    let range = (range?.range ?? bytes.indices).clamped(to: bytes.indices)
    if bytes[range].starts(with: [0xEF, 0xBB, 0xBF]) {
      let place = SourceRange(source, range.lowerBound, range.lowerBound + 3)
      let message = "JSON must not start with a byte order mark"
      return (nil, [Diagnostic(.jsonSyntax, message, at: place, help: ["save the file without it"])])
    }
    if UTF8Scan.firstFault(in: bytes, range) != nil {
      return (nil, SourceText.check(Array(bytes[range]), source: source).diagnostics)
    }
    var parser = JSONParser(source: source, bytes: bytes, position: range.lowerBound, end: range.upperBound)
    do {
      let node = try parser.document()
      return (parser.diagnostics.hasErrors ? nil : node, parser.diagnostics)
    } catch {
      return (nil, parser.diagnostics + [error.diagnostic])
    }
  }
}

/// A recursive descent over the bytes; a function that returns has consumed exactly its construct.
private struct JSONParser {
  let source: SourceID
  let bytes: [UInt8]
  var position: Int
  let end: Int
  var depth = 0
  var diagnostics: [Diagnostic] = []

  init(source: SourceID, bytes: [UInt8], position: Int, end: Int) {
    self.source = source
    self.bytes = bytes
    self.position = position
    self.end = end
  }

  private var current: UInt8? { position < end ? bytes[position] : nil }

  mutating func document() throws(DataFault) -> DataNode {
    skipSpace()
    if position == end { throw fault("the file holds no JSON", at: position..<position, help: "write at least '{}'") }
    let node = try value()
    skipSpace()
    if position < end { throw fault("text follows the end of the JSON", at: position..<end(ofWordAt: position)) }
    return node
  }

  private mutating func value() throws(DataFault) -> DataNode {
    switch current {
    case UInt8(ascii: "{"): return try object()
    case UInt8(ascii: "["): return try array()
    case UInt8(ascii: "\""):
      let (text, range) = try string()
      return DataNode(.string(text), at: range)
    case .some(0x30...0x39), UInt8(ascii: "-"): return try number()
    case nil: throw fault("the JSON ends where a value should stand", at: position..<position)
    default: return try word()
    }
  }

  private mutating func object() throws(DataFault) -> DataNode {
    let start = try open()
    var entries: [DataNode.Entry] = []
    var places: [String: SourceRange] = [:]
    skipSpace()
    if current == UInt8(ascii: "}") { return close(.mapping([]), from: start) }
    while true {
      guard current == UInt8(ascii: "\"") else { throw faultAtKey(from: start) }
      let (key, keyRange) = try string()
      skipSpace()
      guard current == UInt8(ascii: ":") else {
        throw fault(
          "'\(DataRules.excerpt(key))' has no ':' behind it", at: keyRange.range, help: "write '\"key\": value'")
      }
      position += 1
      skipSpace()
      let node = try value()
      if let first = places[key] {
        report(DataRules.duplicate(key, at: keyRange, first: first))
      } else {
        places[key] = keyRange
        entries.append(DataNode.Entry(key: key, keyRange: keyRange, value: node))
      }
      skipSpace()
      if current == UInt8(ascii: "}") { return close(.mapping(entries), from: start) }
      try comma(in: start, closer: "}")
    }
  }

  private mutating func array() throws(DataFault) -> DataNode {
    let start = try open()
    var items: [DataNode] = []
    skipSpace()
    if current == UInt8(ascii: "]") { return close(.list([]), from: start) }
    while true {
      items.append(try value())
      skipSpace()
      if current == UInt8(ascii: "]") { return close(.list(items), from: start) }
      try comma(in: start, closer: "]")
    }
  }

  private mutating func open() throws(DataFault) -> Int {
    guard depth < DataRules.depthLimit else {
      throw DataRules.tooDeep(at: SourceRange(source, position, position + 1))
    }
    depth += 1
    position += 1
    return position - 1
  }

  private mutating func close(_ kind: DataNode.Kind, from start: Int) -> DataNode {
    depth -= 1
    position += 1
    return DataNode(kind, at: SourceRange(source, start, position))
  }

  /// Consumes the comma between two items and the space behind it.
  private mutating func comma(in start: Int, closer: String) throws(DataFault) {
    let opener = String(UnicodeScalar(bytes[start]))
    guard let byte = current else {
      throw fault("'\(opener)' is never closed", at: start..<start + 1, help: "add '\(closer)'")
    }
    guard byte == UInt8(ascii: ",") else {
      throw fault(
        "',' or '\(closer)' is missing here", at: position..<end(ofWordAt: position),
        help: "put a comma between two items")
    }
    let place = position
    position += 1
    skipSpace()
    if let next = current, next == UInt8(ascii: "}") || next == UInt8(ascii: "]") {
      let range = SourceRange(source, place, place + 1)
      throw DataFault(
        .jsonSyntax, "a comma before '\(closer)' has nothing to divide", at: range, help: ["remove the comma"],
        fixes: [FixIt("remove the comma", isSafe: true, edits: [SourceEdit(range, "")])])
    }
  }

  private func faultAtKey(from start: Int) -> DataFault {
    guard let byte = current else { return fault("'{' is never closed", at: start..<start + 1, help: "add '}'") }
    let help = byte == UInt8(ascii: "'") ? "use double quotes" : "quote the key with double quotes"
    return fault("a key in double quotes should stand here", at: position..<end(ofWordAt: position), help: help)
  }

  private mutating func word() throws(DataFault) -> DataNode {
    let range = position..<end(ofWordAt: position)
    let text = String(decoding: bytes[range], as: UTF8.self)
    let kind: DataNode.Kind
    switch text {
    case "null": kind = .null
    case "true": kind = .boolean(true)
    case "false": kind = .boolean(false)
    default:
      let isComment = text.hasPrefix("/") || text.hasPrefix("#")
      let help = isComment ? "remove the comment: JSON has none" : "a text needs double quotes"
      throw fault("'\(DataRules.excerpt(text))' is not a JSON value", at: range, help: help)
    }
    position = range.upperBound
    return DataNode(kind, at: SourceRange(source, range))
  }

  private mutating func number() throws(DataFault) -> DataNode {
    let start = position
    if current == UInt8(ascii: "-") { position += 1 }
    let whole = digits()
    if whole.isEmpty || (whole.count > 1 && bytes[whole.lowerBound] == UInt8(ascii: "0")) {
      throw badNumber(start, help: whole.isEmpty ? "write digits" : "remove the leading zeros, or quote it")
    }
    if current == UInt8(ascii: ".") {
      position += 1
      if digits().isEmpty { throw badNumber(start, help: "write digits behind the point") }
    }
    if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
      position += 1
      if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { position += 1 }
      if digits().isEmpty { throw badNumber(start, help: "write digits behind the 'e'") }
    }
    if end(ofWordAt: position) > position { throw badNumber(start, help: "a text needs double quotes") }
    let range = SourceRange(source, start, position)
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if let diagnostic = DataRules.outOfRange(text, at: range) { report(diagnostic) }
    return DataNode(.number(text), at: range)
  }

  private mutating func digits() -> Range<Int> {
    let start = position
    while let byte = current, (0x30...0x39).contains(byte) { position += 1 }
    return start..<position
  }

  private func badNumber(_ start: Int, help: String) -> DataFault {
    let range = start..<max(start + 1, end(ofWordAt: position))
    let text = String(decoding: bytes[range], as: UTF8.self)
    return fault("'\(DataRules.excerpt(text))' is not a JSON number", at: range, help: help)
  }

  private mutating func string() throws(DataFault) -> (String, SourceRange) {
    let start = position
    position += 1
    var run = position
    var text: [UInt8] = []
    while let byte = current {
      if byte == UInt8(ascii: "\"") {
        text.append(contentsOf: bytes[run..<position])
        position += 1
        return (String(decoding: text, as: UTF8.self), SourceRange(source, start, position))
      }
      if byte == UInt8(ascii: "\\") {
        text.append(contentsOf: bytes[run..<position])
        let scalar = try escape()
        text.append(contentsOf: UTF8.encode(scalar).map(Array.init) ?? [])
        run = position
      } else if byte == 0x0A || byte == 0x0D {
        throw fault("the quote is not closed on its line", at: start..<position, help: "close it, or write '\\n'")
      } else if byte < 0x20 {
        throw fault("a tab in a text must be written '\\t'", at: position..<position + 1)
      } else {
        position += 1
      }
    }
    throw fault("the quote is never closed", at: start..<start + 1, help: "add '\"'")
  }

  private mutating func escape() throws(DataFault) -> Unicode.Scalar {
    let start = position
    position += 1
    guard let byte = current else { throw fault("the quote is never closed", at: start..<start + 1) }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "b"), UInt8(ascii: "f"): return try checked(byte == UInt8(ascii: "b") ? 8 : 12, from: start)
    case UInt8(ascii: "u"): return try codePoint(from: start)
    default:
      while position < end, bytes[position] & 0xC0 == 0x80 { position += 1 }
      let text = String(decoding: bytes[start..<position], as: UTF8.self)
      throw fault(
        "'\(DataRules.excerpt(text))' is not an escape", at: start..<position, help: "write '\\\\' for a backslash")
    }
  }

  private mutating func codePoint(from start: Int) throws(DataFault) -> Unicode.Scalar {
    let first = try fourDigits(from: start)
    guard (0xD800...0xDFFF).contains(first) else { return try checked(first, from: start) }
    let isPair = first < 0xDC00 && bytes[position..<end].starts(with: [0x5C, 0x75])
    if isPair {
      position += 2
      let second = try fourDigits(from: position - 2)
      if (0xDC00...0xDFFF).contains(second) {
        return try checked(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00), from: start)
      }
    }
    throw fault("half of a surrogate pair is not a character", at: start..<start + 6)
  }

  private mutating func fourDigits(from start: Int) throws(DataFault) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = current, let digit = hexadecimalDigit(byte) else {
        throw fault("'\\u' needs four hexadecimal digits", at: start..<position)
      }
      value = value << 4 | digit
      position += 1
    }
    return value
  }

  private func checked(_ value: UInt32, from start: Int) throws(DataFault) -> Unicode.Scalar {
    guard !UTF8Scan.isForbidden(value), let scalar = Unicode.Scalar(value) else {
      throw DataFault(
        .controlCharacter, "U+\(SourceText.hex(value, digits: 4)) may not stand in a text",
        at: SourceRange(source, start, position), help: ["remove the escape"])
    }
    return scalar
  }

  private mutating func skipSpace() {
    while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }

  /// The end of the run of bytes that a reader takes for one word.
  private func end(ofWordAt start: Int) -> Int {
    var index = start
    while index < end, !isDelimiter(bytes[index]) { index += 1 }
    return index
  }

  private func isDelimiter(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x20, 0x0A, 0x0D, 0x09, UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "]"), UInt8(ascii: "}"),
      UInt8(ascii: "["), UInt8(ascii: "{"), UInt8(ascii: "\""):
      true
    default: false
    }
  }

  private mutating func report(_ diagnostic: Diagnostic) {
    if diagnostics.count < DataRules.reportLimit { diagnostics.append(diagnostic) }
  }

  private func fault(_ message: String, at range: Range<Int>, help: String? = nil) -> DataFault {
    DataFault(.jsonSyntax, message, at: SourceRange(source, range), help: help.map { [$0] } ?? [])
  }
}

/// The value of a hexadecimal digit.
func hexadecimalDigit(_ byte: UInt8) -> UInt32? {
  switch byte {
  case 0x30...0x39: UInt32(byte - 0x30)
  case 0x41...0x46: UInt32(byte - 0x41 + 10)
  case 0x61...0x66: UInt32(byte - 0x61 + 10)
  default: nil
  }
}
