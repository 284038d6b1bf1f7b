import GalleySource

/// A plain scalar as it was read: its text after folding, and its place.
struct PlainScalar {
  let text: String
  let range: SourceRange
}

extension YAMLParser {
  // MARK: Plain

  /// Reads a plain scalar, which may go on over lines that are indented by more than `indent`.
  ///
  /// At least one byte is consumed.
  mutating func plain(indent: Int, isFlow: Bool) throws(DataFault) -> PlainScalar {
    let first = position
    let firstColumn = column
    var line = try plainLine(isFlow: isFlow, continuing: nil)
    var text = Array(bytes[line])
    var last = line.upperBound
    while true {
      let saved = (position, lineStart)
      skipSpaces()
      guard isBreak(at: position) else { break }
      var breaks = 0
      while skipBreak() {
        breaks += 1
        skipSpaces()
      }
      let hasTab = bytes[lineStart..<position].contains(0x09)
      let isOutside =
        position == end || isMarker("-") || isMarker(".") || current == UInt8(ascii: "#")
        || (!isFlow && (column <= indent || hasTab)) || (isFlow && isFlowIndicator(at: position))
      if isOutside {
        (position, lineStart) = saved
        break
      }
      if isFlow, current == UInt8(ascii: ":"), isBlank(at: position + 1) {
        (position, lineStart) = saved
        break
      }
      if !isFlow, column == firstColumn, plainKeyEnd() != nil {
        (position, lineStart) = (first, first - firstColumn)
        throw missingColon()
      }
      line = try plainLine(isFlow: isFlow, continuing: SourceRange(source, first, last))
      text.append(contentsOf: breaks == 1 ? [0x20] : Array(repeating: 0x0A, count: breaks - 1))
      text.append(contentsOf: bytes[line])
      last = line.upperBound
    }
    return PlainScalar(text: String(decoding: text, as: UTF8.self), range: SourceRange(source, first, last))
  }

  /// Consumes the part of a plain scalar that stands on this line.
  private mutating func plainLine(isFlow: Bool, continuing value: SourceRange?) throws(DataFault) -> Range<Int> {
    let first = position
    while let byte = current, byte != 0x0A, byte != 0x0D {
      if byte == UInt8(ascii: "#"), position > first, isBlank(at: position - 1) { break }
      if isFlow {
        if isFlowIndicator(at: position) { break }
        if byte == UInt8(ascii: ":"), isBlank(at: position + 1) || isFlowIndicator(at: position + 1) { break }
      } else if byte == UInt8(ascii: ":"), isBlank(at: position + 1) {
        throw nestedKey(at: position, continuing: value)
      }
      position += 1
    }
    let range = trimmed(first..<position)
    position = range.upperBound
    return range
  }

  func isFlowIndicator(at index: Int) -> Bool {
    switch byte(at: index) {
    case UInt8(ascii: ","), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"), UInt8(ascii: "}"): true
    default: false
    }
  }

  /// The value of a plain scalar by the core schema.
  mutating func resolve(_ scalar: PlainScalar) -> DataNode {
    let (kind, problem) = CoreSchema.resolve(scalar.text, at: scalar.range)
    if let problem { report(problem) }
    return DataNode(kind, at: scalar.range)
  }

  // MARK: Quoted

  /// Reads a scalar in single or double quotes.
  mutating func quoted() throws(DataFault) -> (String, SourceRange) {
    let first = position
    let quote = bytes[position]
    position += 1
    var text: [UInt8] = []
    var solid = 0
    while let byte = current {
      if byte == quote {
        position += 1
        if quote == UInt8(ascii: "'"), current == quote {
          text.append(quote)
          position += 1
          continue
        }
        return (String(decoding: text, as: UTF8.self), SourceRange(source, first, position))
      }
      if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
        try escape(into: &text)
        solid = text.count
      } else if byte == 0x0A || byte == 0x0D {
        foldLine(into: &text, keeping: solid)
        if isMarker("-") || isMarker(".") { break }
      } else {
        text.append(byte)
        position += 1
      }
    }
    let name = quote == UInt8(ascii: "'") ? "'" : "\""
    throw fault("the quote is never closed", at: first..<first + 1, help: ["add \(name) at the end of the text"])
  }

  /// Folds line ends and the white space around them: one becomes a space, more become one less.
  ///
  /// The first `solid` bytes of the text end with an escape and are kept.
  private mutating func foldLine(into text: inout [UInt8], keeping solid: Int) {
    while text.count > solid, let last = text.last, last == 0x20 || last == 0x09 { text.removeLast() }
    var breaks = 0
    while skipBreak() {
      breaks += 1
      let line = position
      skipSpaces()
      if position == line, isMarker("-") || isMarker(".") { break }
    }
    text.append(contentsOf: breaks == 1 ? [0x20] : Array(repeating: 0x0A, count: breaks - 1))
  }

  private mutating func escape(into text: inout [UInt8]) throws(DataFault) {
    let first = position
    position += 1
    if skipBreak() {
      skipSpaces()
      var breaks = 0
      while skipBreak() {
        breaks += 1
        skipSpaces()
      }
      text.append(contentsOf: repeatElement(0x0A, count: breaks))
      return
    }
    guard let byte = current else { return }
    position += 1
    let scalar: Unicode.Scalar
    switch byte {
    case UInt8(ascii: "n"): scalar = "\n"
    case UInt8(ascii: "t"), 0x09: scalar = "\t"
    case UInt8(ascii: "r"): scalar = "\r"
    case UInt8(ascii: " "), UInt8(ascii: "\""), UInt8(ascii: "/"), UInt8(ascii: "\\"): scalar = Unicode.Scalar(byte)
    case UInt8(ascii: "_"): scalar = "\u{A0}"
    case UInt8(ascii: "L"): scalar = "\u{2028}"
    case UInt8(ascii: "P"): scalar = "\u{2029}"
    case UInt8(ascii: "0"): scalar = try checked(0, from: first)
    case UInt8(ascii: "a"): scalar = try checked(0x07, from: first)
    case UInt8(ascii: "b"): scalar = try checked(0x08, from: first)
    case UInt8(ascii: "v"): scalar = try checked(0x0B, from: first)
    case UInt8(ascii: "f"): scalar = try checked(0x0C, from: first)
    case UInt8(ascii: "e"): scalar = try checked(0x1B, from: first)
    case UInt8(ascii: "N"): scalar = try checked(0x85, from: first)
    case UInt8(ascii: "x"): scalar = try checked(hexadecimal(2, from: first), from: first)
    case UInt8(ascii: "u"): scalar = try checked(codeUnit(from: first), from: first)
    case UInt8(ascii: "U"): scalar = try checked(hexadecimal(8, from: first), from: first)
    default:
      while let next = current, next & 0xC0 == 0x80 { position += 1 }
      let spelled = String(decoding: bytes[first..<position], as: UTF8.self)
      throw fault(
        "'\(DataRules.excerpt(spelled))' is not an escape", at: first..<position,
        help: ["write '\\\\' for a backslash, or use single quotes"])
    }
    text.append(contentsOf: UTF8.encode(scalar).map(Array.init) ?? [])
  }

  /// Reads four digits, or the two halves of a surrogate pair as JSON writes them.
  private mutating func codeUnit(from first: Int) throws(DataFault) -> UInt32 {
    let high = try hexadecimal(4, from: first)
    guard (0xD800...0xDBFF).contains(high), current == UInt8(ascii: "\\"), byte(at: position + 1) == UInt8(ascii: "u")
    else { return high }
    position += 2
    let low = try hexadecimal(4, from: first)
    guard (0xDC00...0xDFFF).contains(low) else { return high }
    return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)
  }

  private mutating func hexadecimal(_ count: Int, from first: Int) throws(DataFault) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<count {
      guard let byte = current, let digit = hexadecimalDigit(byte) else {
        throw fault(
          "the escape needs \(count) hexadecimal digits", at: first..<position,
          help: ["fill it up with zeros in front"])
      }
      value = value << 4 | digit
      position += 1
    }
    return value
  }

  private func checked(_ value: UInt32, from first: Int) throws(DataFault) -> Unicode.Scalar {
    if (0xD800...0xDFFF).contains(value) {
      throw fault(
        "half of a surrogate pair is not a character", at: first..<position,
        help: ["write the character itself"])
    }
    guard !UTF8Scan.isForbidden(value), let scalar = Unicode.Scalar(value) else {
      throw DataFault(
        .controlCharacter, "U+\(SourceText.hex(value, digits: 4)) may not stand in a text",
        at: SourceRange(source, first, position), help: ["remove the escape"])
    }
    return scalar
  }

  // MARK: Block scalars

  /// What a literal or folded scalar does with the line ends behind its last line.
  private enum Chomping { case strip, clip, keep }

  /// Reads a literal or folded scalar, whose lines are indented by more than `indent`.
  mutating func blockScalar(indent: Int) throws(DataFault) -> DataNode {
    let first = position
    let isFolded = bytes[position] == UInt8(ascii: ">")
    position += 1
    let (chomping, indentation) = try blockHeader(from: first)
    var last = position
    position = endOfLine(from: position)
    skipBreak()
    let width: Int
    if let indentation { width = max(indent, 0) + indentation } else { width = try blockWidth(indent: indent) }
    var text: [UInt8] = []
    var pending: [UInt8] = []
    var wasIndented = true
    while let line = contentLine(width: width) {
      let isEmpty = line.isEmpty
      let isIndented = !isEmpty && (bytes[line.lowerBound] == 0x20 || bytes[line.lowerBound] == 0x09)
      if isEmpty {
        pending.append(0x0A)
      } else {
        if isFolded, !wasIndented, !isIndented, let firstBreak = pending.first, firstBreak == 0x0A {
          text.append(contentsOf: pending.count == 1 ? [0x20] : Array(pending.dropFirst()))
        } else {
          text.append(contentsOf: pending)
        }
        text.append(contentsOf: bytes[line])
        pending = [0x0A]
        wasIndented = isIndented
        last = line.upperBound
      }
      position = line.upperBound
      if !skipBreak() {
        if !isEmpty { pending = [] }
        break
      }
    }
    switch chomping {
    case .strip: break
    case .clip: if !text.isEmpty, !pending.isEmpty { text.append(0x0A) }
    case .keep: text.append(contentsOf: pending)
    }
    return DataNode(.string(String(decoding: text, as: UTF8.self)), at: SourceRange(source, first, last))
  }

  /// The content of the line that starts here, or nil if the line does not belong to the scalar.
  private func contentLine(width: Int) -> Range<Int>? {
    guard position < end else { return nil }
    var index = position
    while index < end, index - position < width, bytes[index] == 0x20 { index += 1 }
    let lineEnd = endOfLine(from: index)
    if index - position < width { return index == lineEnd ? index..<index : nil }
    if width == 0, isMarker(at: position, "-") || isMarker(at: position, ".") { return nil }
    return index..<lineEnd
  }

  /// The indentation of the first line with content, or of a longer line of spaces before it.
  private func blockWidth(indent: Int) throws(DataFault) -> Int {
    var line = position
    var width = max(indent + 1, 1)
    while line < end {
      var index = line
      while index < end, bytes[index] == 0x20 { index += 1 }
      if index < end, bytes[index] == 0x09, index - line < width {
        throw fault("a tab can't indent YAML", at: index..<index + 1, help: ["indent with spaces"])
      }
      width = max(width, index - line)
      guard isBreak(at: index) else { break }
      line = bytes[index] == 0x0D && byte(at: index + 1) == 0x0A ? index + 2 : index + 1
    }
    return width
  }

  /// Reads what follows `|` or `>` on its line.
  private mutating func blockHeader(from first: Int) throws(DataFault) -> (Chomping, Int?) {
    var chomping: Chomping?
    var indentation: Int?
    while let byte = current {
      if chomping == nil, byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") {
        chomping = byte == UInt8(ascii: "-") ? .strip : .keep
      } else if indentation == nil, (0x31...0x39).contains(byte) {
        indentation = Int(byte - 0x30)
      } else {
        break
      }
      position += 1
    }
    var index = position
    while let byte = byte(at: index), byte == 0x20 || byte == 0x09 { index += 1 }
    let isComment = byte(at: index) == UInt8(ascii: "#") && index > position
    guard index == end || isBreak(at: index) || isComment else {
      let name = String(UnicodeScalar(bytes[first]))
      throw fault(
        "the text of '\(name)' must start on the next line", at: trimmed(index..<endOfLine(from: index)),
        help: ["quote the value, or move it to the next line and indent it"])
    }
    return (chomping ?? .clip, indentation)
  }

  // MARK: Flow collections

  /// Reads `[…]` or `{…}`.
  mutating func flowCollection() throws(DataFault) -> DataNode {
    let first = position
    try enter(at: first..<first + 1)
    position += 1
    let kind: DataNode.Kind =
      bytes[first] == UInt8(ascii: "[") ? .list(try flowItems(from: first)) : .mapping(try flowEntries(from: first))
    position += 1
    depth -= 1
    return DataNode(kind, at: SourceRange(source, first, position))
  }

  private mutating func flowItems(from first: Int) throws(DataFault) -> [DataNode] {
    var items: [DataNode] = []
    try skipFlowSpace(in: first)
    while current != UInt8(ascii: "]") {
      try refuseEmptyItem(in: first)
      let item = try flowNode(in: first)
      items.append(item)
      try skipFlowSpace(in: first)
      if current == UInt8(ascii: ":") { throw pairInList(item, opener: first) }
      try flowComma(in: first, closer: "]")
    }
    return items
  }

  private mutating func flowEntries(from first: Int) throws(DataFault) -> [DataNode.Entry] {
    var entries: [DataNode.Entry] = []
    var places: [String: SourceRange] = [:]
    try skipFlowSpace(in: first)
    while current != UInt8(ascii: "}") {
      try refuseEmptyItem(in: first)
      let (key, keyRange) = try flowKey(in: first)
      let value = try flowValue(in: first)
      if let place = places[key] {
        report(DataRules.duplicate(key, at: keyRange, first: place))
      } else {
        places[key] = keyRange
        entries.append(DataNode.Entry(key: key, keyRange: keyRange, value: value))
      }
      try skipFlowSpace(in: first)
      try flowComma(in: first, closer: "}")
    }
    return entries
  }

  private mutating func flowNode(in first: Int) throws(DataFault) -> DataNode {
    try refuseSpecial()
    switch current {
    case UInt8(ascii: "["), UInt8(ascii: "{"): return try flowCollection()
    case UInt8(ascii: "\""), UInt8(ascii: "'"):
      let (text, range) = try quoted()
      return DataNode(.string(text), at: range)
    default:
      try refuseIndicator()
      return try resolve(plain(indent: -1, isFlow: true))
    }
  }

  private mutating func flowKey(in first: Int) throws(DataFault) -> (String, SourceRange) {
    try refuseSpecial()
    let key: String
    let range: SourceRange
    switch current {
    case UInt8(ascii: "["), UInt8(ascii: "{"): throw unsupported("a complex key", at: position..<position + 1)
    case UInt8(ascii: "\""), UInt8(ascii: "'"): (key, range) = try quoted()
    default:
      try refuseIndicator()
      let scalar = try plain(indent: -1, isFlow: true)
      (key, range) = (scalar.text, scalar.range)
    }
    if key == "<<" { throw unsupported("a merge key", at: range.range) }
    try skipFlowSpace(in: first)
    guard current == UInt8(ascii: ":") else {
      let help =
        key.utf8.contains(UInt8(ascii: ":")) ? "put a space behind the colon" : "write 'key: value' between the braces"
      throw fault("'\(DataRules.excerpt(key))' has no ':' and no value", at: range.range, help: [help])
    }
    position += 1
    return (key, range)
  }

  private mutating func flowValue(in first: Int) throws(DataFault) -> DataNode {
    let place = position
    try skipFlowSpace(in: first)
    if current == UInt8(ascii: ",") || current == UInt8(ascii: "}") {
      return DataNode(.null, at: SourceRange(source, place, place))
    }
    return try flowNode(in: first)
  }

  /// Consumes the comma behind an item, or leaves the closing bracket.
  private mutating func flowComma(in first: Int, closer: String) throws(DataFault) {
    if current == closer.utf8.first { return }
    guard current == UInt8(ascii: ",") else {
      throw fault(
        "',' or '\(closer)' is missing here", at: position..<max(position + 1, endOfWord(from: position)),
        help: ["put a comma between two items"])
    }
    position += 1
    try skipFlowSpace(in: first)
  }

  private func refuseEmptyItem(in first: Int) throws(DataFault) {
    if current == UInt8(ascii: ",") {
      throw fault("no item stands before the comma", at: position..<position + 1, help: ["remove the comma"])
    }
    if current == UInt8(ascii: "]") || current == UInt8(ascii: "}") {
      let opener = String(UnicodeScalar(bytes[first]))
      let closer = String(UnicodeScalar(bytes[position]))
      throw DataFault(
        .yamlSyntax, "'\(closer)' does not close '\(opener)'", at: SourceRange(source, position, position + 1),
        notes: [.init("opened here", at: SourceRange(source, first, first + 1))],
        help: ["close '\(opener)' first"])
    }
  }

  /// Refuses the characters that start no plain text: `|`, `>`, a dash or question mark on its own, a colon.
  private func refuseIndicator() throws(DataFault) {
    guard let byte = current else { return }
    let isLone = isBlank(at: position + 1) || isFlowIndicator(at: position + 1)
    switch byte {
    case UInt8(ascii: "|"), UInt8(ascii: ">"), UInt8(ascii: "#"): break
    case UInt8(ascii: "?") where isLone: throw unsupported("a complex key", at: position..<position + 1)
    case UInt8(ascii: "-") where isLone, UInt8(ascii: ":"): break
    default: return
    }
    throw fault(
      "a text between brackets can't start with '\(String(UnicodeScalar(byte)))'", at: position..<position + 1,
      help: ["quote the text"])
  }

  private func pairInList(_ item: DataNode, opener: Int) -> DataFault {
    if bytes[opener..<position].contains(0x0A) {
      return DataFault(
        .yamlSyntax, "'[' is not closed before the next key", at: SourceRange(source, opener, opener + 1),
        notes: [.init("this key", at: item.range)], help: ["add ']'"])
    }
    return fault("an item of a list can't be 'key: value'", at: item.range.range, help: ["put it in braces"])
  }

  /// Skips white space, line ends and comments between brackets.
  private mutating func skipFlowSpace(in first: Int) throws(DataFault) {
    while position < end {
      skipSpaces()
      if current == UInt8(ascii: "#"), position == lineStart || isBlank(at: position - 1) {
        position = endOfLine(from: position)
      }
      if !skipBreak() { break }
      if isMarker("-") || isMarker(".") { break }
    }
    if position >= end || isMarker("-") || isMarker(".") {
      let opener = String(UnicodeScalar(bytes[first]))
      throw fault(
        "'\(opener)' is never closed", at: first..<first + 1, help: ["add '\(opener == "[" ? "]" : "}")'"])
    }
  }
}

/// The core schema of YAML 1.2, section 10.3: what a plain scalar means.
enum CoreSchema {
  /// The value of a plain scalar, and a complaint about a number that programs do not agree on.
  static func resolve(_ text: String, at range: SourceRange) -> (DataNode.Kind, Diagnostic?) {
    switch text {
    case "", "~", "null", "Null", "NULL": return (.null, nil)
    case "true", "True", "TRUE": return (.boolean(true), nil)
    case "false", "False", "FALSE": return (.boolean(false), nil)
    default: break
    }
    guard let spelling = number(Array(text.utf8)) else { return (.string(text), nil) }
    return (.number(spelling), DataRules.outOfRange(spelling, at: range))
  }

  /// The decimal spelling of a number, or nil for a text.
  private static func number(_ text: [UInt8]) -> String? {
    if text.starts(with: "0o".utf8) || text.starts(with: "0x".utf8) {
      let digits = String(decoding: text.dropFirst(2), as: UTF8.self)
      guard !digits.isEmpty, let first = digits.utf8.first, first != 0x2B, first != 0x2D,
        let value = UInt64(digits, radix: text[1] == UInt8(ascii: "o") ? 8 : 16)
      else { return nil }
      return String(value)
    }
    let unsigned = text.drop { $0 == 0x2B || $0 == 0x2D }
    guard text.count - unsigned.count <= 1 else { return nil }
    switch String(decoding: unsigned, as: UTF8.self) {
    case ".inf", ".Inf", ".INF": return "1e999"
    case ".nan" where unsigned.count == text.count, ".NaN" where unsigned.count == text.count,
      ".NAN" where unsigned.count == text.count:
      return "nan"
    default: return isDecimal(unsigned) ? String(decoding: text, as: UTF8.self) : nil
    }
  }

  /// Whether the bytes are `digits[.digits][e[±]digits]` or `.digits…`.
  private static func isDecimal(_ text: ArraySlice<UInt8>) -> Bool {
    var index = text.startIndex
    func skipDigits(_ index: inout Int) -> Int {
      let first = index
      while index < text.endIndex, (0x30...0x39).contains(text[index]) { index += 1 }
      return index - first
    }
    let whole = skipDigits(&index)
    var fraction = 0
    if index < text.endIndex, text[index] == UInt8(ascii: ".") {
      index += 1
      fraction = skipDigits(&index)
    }
    guard whole + fraction > 0 else { return false }
    if index < text.endIndex, text[index] | 0x20 == UInt8(ascii: "e") {
      index += 1
      if index < text.endIndex, text[index] == 0x2B || text[index] == 0x2D { index += 1 }
      guard skipDigits(&index) > 0 else { return false }
    }
    return index == text.endIndex
  }
}
