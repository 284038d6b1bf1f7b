package import GalleySource

/// Reads the YAML that people write: block and flow collections, all five kinds of scalars, the core schema of 1.2.
///
/// What hides structure is refused with a diagnostic that says so: anchors, aliases, tags, merge keys, complex keys,
/// directives, a second document. Every node has the exact bytes it is written with, quotes and brackets included; a
/// collection reaches from its first key to the end of its last value; a value that is left out has an empty range
/// behind its colon or dash. Plain `yes`, `no`, `on` and `off` are texts. One pass and no recursion beyond 64 levels,
/// so that no input is expensive. Spec: https://yaml.org/spec/1.2.2.
package enum YAMLReader {
  /// Reads the bytes, or those of a range of them that starts at the beginning of a line.
  ///
  /// The node is nil when the text is empty or not YAML. Reading ends at the first fault of syntax; repeated keys and
  /// unfit numbers are all reported.
  package static func read(
    source: SourceID, bytes: [UInt8], range: SourceRange? = nil
  ) -> (DataNode?, [Diagnostic]) {
    let range = (range?.range ?? bytes.indices).clamped(to: bytes.indices)
    if UTF8Scan.firstFault(in: bytes, range) != nil {
      return (nil, SourceText.check(bytes, source: source).diagnostics)
    }
    var parser = YAMLParser(source: source, bytes: bytes, range: range)
    do {
      let node = try parser.document()
      return (parser.diagnostics.hasErrors ? nil : node, parser.diagnostics)
    } catch {
      return (nil, parser.diagnostics + [error.diagnostic])
    }
  }
}

/// A recursive descent by indentation; a function that returns has consumed exactly its construct.
///
/// `indent` is always the column of the collection that a node belongs to, −1 at the top: what stands no further to
/// the right does not belong to the node.
struct YAMLParser {
  let source: SourceID
  let bytes: [UInt8]
  let start: Int
  let end: Int
  var position: Int
  /// Where the line of `position` starts.
  var lineStart: Int
  var depth = 0
  var diagnostics: [Diagnostic] = []

  init(source: SourceID, bytes: [UInt8], range: Range<Int>) {
    self.source = source
    self.bytes = bytes
    start = range.lowerBound
    end = range.upperBound
    position = range.lowerBound
    lineStart = range.lowerBound
  }

  var column: Int { position - lineStart }
  var current: UInt8? { position < end ? bytes[position] : nil }

  func byte(at index: Int) -> UInt8? { index >= start && index < end ? bytes[index] : nil }

  /// Whether white space, a line end or the end of the text stands at `index`.
  func isBlank(at index: Int) -> Bool {
    guard let byte = byte(at: index) else { return true }
    return byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
  }

  func isBreak(at index: Int) -> Bool {
    guard let byte = byte(at: index) else { return false }
    return byte == 0x0A || byte == 0x0D
  }

  // MARK: Documents

  mutating func document() throws(DataFault) -> DataNode? {
    try skipToContent()
    if current == UInt8(ascii: "%"), column == 0 {
      throw unsupported("a directive", at: position..<endOfLine(from: position))
    }
    if isMarker("-") {
      position += 3
      try skipToContent()
    }
    guard position < end, !isMarker(".") else { return try finish(nil) }
    let node = try blockNode(indent: -1)
    return try finish(node)
  }

  /// Makes sure that nothing follows the document.
  private mutating func finish(_ node: DataNode?) throws(DataFault) -> DataNode? {
    try skipToContent()
    let isEnded = isMarker(".")
    if isEnded {
      position += 3
      try skipToContent()
    }
    guard position < end else { return node }
    if isEnded || isMarker("-") { throw unsupported("a second document", at: position..<endOfLine(from: position)) }
    throw unexpected()
  }

  /// Whether `---` or `...` stands here, at the start of a line.
  func isMarker(_ character: Unicode.Scalar) -> Bool { isMarker(at: position, character) }

  func isMarker(at index: Int, _ character: Unicode.Scalar) -> Bool {
    guard index == start || isBreak(at: index - 1), isBlank(at: index + 3) else { return false }
    let byte = UInt8(ascii: character)
    return self.byte(at: index) == byte && self.byte(at: index + 1) == byte && self.byte(at: index + 2) == byte
  }

  /// Complains about whatever stands here after a complete value.
  private func unexpected() -> DataFault {
    let range = position..<endOfLine(from: position)
    if column > 0, isFirstOnLine(position) {
      return fault(
        "the line does not line up with the ones before it", at: range,
        help: ["give keys of one mapping, and items of one list, the same indentation"])
    }
    return fault(
      "the text does not belong to the value before it", at: range, help: ["quote the value, or start a new line"])
  }

  // MARK: Block nodes

  /// Reads the node that starts here, in the middle of a line or at its beginning.
  mutating func blockNode(indent: Int) throws(DataFault) -> DataNode {
    if isSequenceEntry(at: position) { return try blockSequence(column: column) }
    if try isKeyAhead() { return try blockMapping(column: column) }
    return try inlineNode(indent: indent)
  }

  /// Reads a node that is neither a block sequence nor a block mapping.
  private mutating func inlineNode(indent: Int) throws(DataFault) -> DataNode {
    try refuseSpecial()
    switch current {
    case UInt8(ascii: "["), UInt8(ascii: "{"):
      let node = try flowCollection()
      try refuseColon(behind: node)
      return node
    case UInt8(ascii: "\""), UInt8(ascii: "'"):
      let (text, range) = try quoted()
      try refuseTextBehindQuote(range)
      return DataNode(.string(text), at: range)
    case UInt8(ascii: "|"), UInt8(ascii: ">"): return try blockScalar(indent: indent)
    default: return try resolve(plain(indent: indent, isFlow: false))
    }
  }

  private func isSequenceEntry(at index: Int) -> Bool { byte(at: index) == UInt8(ascii: "-") && isBlank(at: index + 1) }

  /// Reads a block sequence; one that is `isIndentless` stands on the column of the key it belongs to.
  private mutating func blockSequence(column: Int, isIndentless: Bool = false) throws(DataFault) -> DataNode {
    let first = position
    try enter(at: position..<position + 1)
    var items: [DataNode] = []
    var last = position
    while self.column == column, isSequenceEntry(at: position) {
      position += 1
      let item = try entryValue(indent: column, absentAt: position)
      items.append(item)
      last = item.range.end
      try endEntry(of: column)
    }
    if !isIndentless, position < end, self.column == column, !isMarker("-"), !isMarker(".") {
      throw fault(
        "the line is neither an item of the list nor indented under one",
        at: trimmed(position..<endOfLine(from: position)), help: ["start it with '- ', or indent it"])
    }
    depth -= 1
    return DataNode(.list(items), at: SourceRange(source, first, last))
  }

  private mutating func blockMapping(column: Int) throws(DataFault) -> DataNode {
    let first = position
    try enter(at: position..<position + 1)
    var entries: [DataNode.Entry] = []
    var places: [String: SourceRange] = [:]
    var last = position
    while position < end, self.column == column, !isMarker("-"), !isMarker(".") {
      guard try isKeyAhead() else { throw missingColon() }
      let (key, keyRange) = try self.key()
      let value = try entryValue(indent: column, absentAt: position)
      last = value.range.end
      if let first = places[key] {
        report(DataRules.duplicate(key, at: keyRange, first: first))
      } else {
        places[key] = keyRange
        entries.append(DataNode.Entry(key: key, keyRange: keyRange, value: value))
      }
      try endEntry(of: column)
    }
    depth -= 1
    return DataNode(.mapping(entries), at: SourceRange(source, first, last))
  }

  /// Goes to the next entry, or to what ends the collection; complains about anything else on the line.
  private mutating func endEntry(of column: Int) throws(DataFault) {
    let line = isFirstOnLine(position) ? -1 : lineStart
    try skipToContent()
    guard position < end else { return }
    if line == lineStart || self.column > column { throw unexpected() }
  }

  /// Reads what follows `:` or `-`: on the same line, on the next lines, or nothing.
  private mutating func entryValue(indent: Int, absentAt place: Int) throws(DataFault) -> DataNode {
    let isItem = byte(at: place - 1) == UInt8(ascii: "-")
    let line = lineStart
    let spaceStart = position
    try skipToContent()
    let absent = DataNode(.null, at: SourceRange(source, place, place))
    guard position < end else { return absent }
    if line == lineStart {
      if isItem {
        if bytes[spaceStart..<position].contains(0x09) { try refuseTabBefore(position) }
        return try blockNode(indent: indent)
      }
      if isSequenceEntry(at: position) {
        throw fault(
          "a list can't start on the line of its key", at: position..<position + 1,
          help: ["put each '- ' on a line of its own"])
      }
      return try inlineNode(indent: indent)
    }
    if isMarker("-") || isMarker(".") { return absent }
    if column > indent { return try blockNode(indent: indent) }
    if !isItem, column == indent, isSequenceEntry(at: position) {
      return try blockSequence(column: column, isIndentless: true)
    }
    return absent
  }

  // MARK: Keys

  /// Whether a key with its colon starts here, all on one line.
  private mutating func isKeyAhead() throws(DataFault) -> Bool {
    switch current {
    case UInt8(ascii: "\""), UInt8(ascii: "'"):
      let saved = (position, lineStart)
      let line = lineStart
      _ = try quoted()
      let isOnLine = lineStart == line
      skipSpaces()
      let isKey = isOnLine && current == UInt8(ascii: ":") && isBlank(at: position + 1)
      (position, lineStart) = saved
      return isKey
    case UInt8(ascii: "?"):
      if isBlank(at: position + 1) { throw unsupported("a complex key", at: position..<position + 1) }
      return plainKeyEnd() != nil
    case UInt8(ascii: "&"), UInt8(ascii: "*"), UInt8(ascii: "!"):
      try refuseSpecial()
      return false
    case UInt8(ascii: "["), UInt8(ascii: "{"), UInt8(ascii: "|"), UInt8(ascii: ">"), UInt8(ascii: "#"): return false
    case UInt8(ascii: "-") where isBlank(at: position + 1): return false
    case UInt8(ascii: ":"):
      if isBlank(at: position + 1) {
        throw fault("no key stands before ':'", at: position..<position + 1, help: ["write 'key: value'"])
      }
      return plainKeyEnd() != nil
    default: return plainKeyEnd() != nil
    }
  }

  /// The end of the plain key that starts here, or nil if no colon follows on the line.
  func plainKeyEnd() -> Int? {
    var index = position
    while let byte = byte(at: index), byte != 0x0A, byte != 0x0D {
      if byte == UInt8(ascii: ":"), isBlank(at: index + 1) { return trimmed(position..<index).upperBound }
      if byte == UInt8(ascii: "#"), index > position, isBlank(at: index - 1) { return nil }
      index += 1
    }
    return nil
  }

  /// Reads a key and its colon, which are known to be there.
  private mutating func key() throws(DataFault) -> (String, SourceRange) {
    let result: (String, SourceRange)
    if current == UInt8(ascii: "\"") || current == UInt8(ascii: "'") {
      result = try quoted()
    } else {
      try refuseSpecial()
      let range = SourceRange(source, position, plainKeyEnd() ?? position)
      result = (String(decoding: bytes[range.range], as: UTF8.self), range)
      position = range.end
    }
    if result.0 == "<<" { throw unsupported("a merge key", at: result.1.range) }
    skipSpaces()
    position += 1
    return result
  }

  /// Complains about a line of a mapping that has no key.
  func missingColon() -> DataFault {
    let line = trimmed(position..<endOfLine(from: position))
    if isSequenceEntry(at: position) {
      return fault(
        "an item of a list stands among the keys of a mapping", at: position..<position + 1,
        help: ["indent it under the key it belongs to, or remove '- '"])
    }
    if let colon = bytes[line].firstIndex(of: UInt8(ascii: ":")), colon > line.lowerBound, colon + 1 < line.upperBound,
      bytes[colon + 1] != UInt8(ascii: "/")
    {
      let place = SourceRange(source, colon + 1, colon + 1)
      return DataFault(
        .yamlSyntax, "a space is missing behind ':'", at: SourceRange(source, colon, colon + 1),
        help: ["write 'key: value'"],
        fixes: [FixIt("add a space", isSafe: false, edits: [SourceEdit(place, " ")])])
    }
    let text = String(decoding: bytes[line], as: UTF8.self)
    return fault(
      "'\(DataRules.excerpt(text))' has no ':' behind a key", at: line,
      help: ["write 'key: value', or indent the line if it continues the one before"])
  }

  // MARK: Space

  /// Skips spaces and tabs.
  mutating func skipSpaces() {
    while let byte = current, byte == 0x20 || byte == 0x09 { position += 1 }
  }

  /// Skips one line end, if there is one.
  @discardableResult
  mutating func skipBreak() -> Bool {
    guard isBreak(at: position) else { return false }
    position += byte(at: position) == 0x0D && byte(at: position + 1) == 0x0A ? 2 : 1
    lineStart = position
    return true
  }

  /// Skips white space, line ends and comments; a tab in the indentation of what follows is refused.
  mutating func skipToContent() throws(DataFault) {
    while position < end {
      skipSpaces()
      if current == UInt8(ascii: "#"), position == lineStart || isBlank(at: position - 1) {
        position = endOfLine(from: position)
      }
      if !skipBreak() { break }
    }
    if position < end, isFirstOnLine(position) { try refuseTabBefore(position) }
  }

  /// Refuses a tab between the start of the line and `index`.
  private func refuseTabBefore(_ index: Int) throws(DataFault) {
    guard let tab = bytes[lineStart..<index].firstIndex(of: 0x09) else { return }
    let range = SourceRange(source, tab, tab + 1)
    throw DataFault(
      .yamlSyntax, "a tab can't indent YAML", at: range, help: ["indent with spaces"],
      fixes: [FixIt("replace the tab by two spaces", isSafe: false, edits: [SourceEdit(range, "  ")])])
  }

  /// Whether nothing but white space stands before `index` on its line.
  private func isFirstOnLine(_ index: Int) -> Bool {
    bytes[lineStart..<index].allSatisfy { $0 == 0x20 || $0 == 0x09 }
  }

  func endOfLine(from index: Int) -> Int {
    var index = index
    while index < end, bytes[index] != 0x0A, bytes[index] != 0x0D { index += 1 }
    return index
  }

  /// The range without white space at its end.
  func trimmed(_ range: Range<Int>) -> Range<Int> {
    var last = range.upperBound
    while last > range.lowerBound, bytes[last - 1] == 0x20 || bytes[last - 1] == 0x09 { last -= 1 }
    return range.lowerBound..<last
  }

  // MARK: Refusals

  /// Keeps a complaint that does not end the reading, as long as there are not too many.
  mutating func report(_ diagnostic: Diagnostic) {
    if diagnostics.count < DataRules.reportLimit { diagnostics.append(diagnostic) }
  }

  mutating func enter(at range: Range<Int>) throws(DataFault) {
    guard depth < DataRules.depthLimit else { throw DataRules.tooDeep(at: SourceRange(source, range)) }
    depth += 1
  }

  /// Refuses anchors, aliases, tags and the characters that no plain text starts with.
  func refuseSpecial() throws(DataFault) {
    guard let byte = current else { return }
    let wordEnd = endOfWord(from: position)
    switch byte {
    case UInt8(ascii: "&"): throw unsupported("an anchor", at: position..<wordEnd)
    case UInt8(ascii: "*"): throw unsupported("an alias", at: position..<wordEnd)
    case UInt8(ascii: "!"): throw unsupported("a tag", at: position..<wordEnd)
    case UInt8(ascii: "?") where isBlank(at: position + 1):
      throw unsupported("a complex key", at: position..<position + 1)
    case UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: ","):
      let character = String(UnicodeScalar(byte))
      throw fault(
        "'\(character)' stands outside of brackets", at: position..<position + 1,
        help: ["remove it, or quote the text"])
    case UInt8(ascii: "@"), UInt8(ascii: "`"), UInt8(ascii: "%"):
      let character = String(UnicodeScalar(byte))
      throw fault(
        "a text that starts with '\(character)' needs quotes", at: position..<wordEnd,
        help: ["put it in single quotes"])
    case UInt8(ascii: "{") where self.byte(at: position + 1) == byte:
      let line = trimmed(position..<endOfLine(from: position))
      throw fault(
        "a text that starts with '{{' needs quotes", at: line,
        help: ["write '\(DataRules.excerpt("'" + String(decoding: bytes[line], as: UTF8.self) + "'"))'"])
    default: return
    }
  }

  func endOfWord(from index: Int) -> Int {
    var index = index
    while !isBlank(at: index) { index += 1 }
    return index
  }

  /// Refuses a collection as a key.
  private func refuseColon(behind node: DataNode) throws(DataFault) {
    var index = node.range.end
    while let byte = byte(at: index), byte == 0x20 || byte == 0x09 { index += 1 }
    if byte(at: index) == UInt8(ascii: ":"), isBlank(at: index + 1) {
      throw unsupported("a complex key", at: node.range.range)
    }
  }

  private func refuseTextBehindQuote(_ range: SourceRange) throws(DataFault) {
    var index = range.end
    while let byte = byte(at: index), byte == 0x20 || byte == 0x09 { index += 1 }
    if index == end || isBreak(at: index) || (bytes[index] == UInt8(ascii: "#") && index > range.end) { return }
    let rest = trimmed(index..<endOfLine(from: index))
    if bytes[index] == UInt8(ascii: ":"), isBlank(at: index + 1) { throw nestedKey(at: index) }
    let isSingle = bytes[range.start] == UInt8(ascii: "'")
    let help =
      isSingle ? "write an apostrophe in a single-quoted text twice: ''" : "write a quote in the text as '\\\"'"
    throw DataFault(
      .yamlSyntax, "text follows the closing quote", at: SourceRange(source, rest),
      notes: [.init("the quoted text", at: range)], help: [help])
  }

  /// Complains about `: ` within a value that may have started on a line before.
  func nestedKey(at colon: Int, continuing first: SourceRange?) -> DataFault {
    guard let first else { return nestedKey(at: colon) }
    return DataFault(
      .yamlSyntax, "the key is indented like a part of the value before it",
      at: SourceRange(source, colon, colon + 1), notes: [.init("the value", at: first)],
      help: ["give keys of one mapping the same indentation, or quote the value"])
  }

  /// Complains about `: ` within a value.
  func nestedKey(at colon: Int) -> DataFault {
    fault(
      "a value can't hold ': ' unless it is quoted", at: colon..<colon + 1,
      help: ["quote the value, or put the key on a line of its own, indented"])
  }

  func unsupported(_ what: String, at range: Range<Int>) -> DataFault {
    let help =
      what.hasSuffix("key")
      ? "write each key out" : "write the value out where it is used, or quote it if it is meant as a text"
    return DataFault(
      .yamlUnsupported, "\(what) is YAML that Galley does not read", at: SourceRange(source, range),
      help: [what.hasSuffix("document") || what == "a directive" ? "keep one document in a file" : help])
  }

  func fault(_ message: String, at range: Range<Int>, help: [String] = []) -> DataFault {
    DataFault(.yamlSyntax, message, at: SourceRange(source, range), help: help)
  }
}
