import GalleySource
import Yams

/// Turns libyaml's tree into data with exact ranges, and refuses what Galley does not read.
///
/// libyaml tells where a node starts. Where it ends is found in the bytes: a scalar's text is followed through them,
/// a bracket closes behind the last item, a block ends with its last value.
struct YAMLConverter {
  private let document: YAMLDocument
  private let text: [UInt8]
  private var cursor: YAMLCursor
  private(set) var diagnostics: [Diagnostic] = []

  /// A value and where it ends in the text that libyaml read.
  private typealias Part = (node: DataNode, end: Int)

  init(_ document: YAMLDocument) {
    self.document = document
    text = document.text
    cursor = YAMLCursor(document.text)
  }

  /// The data of a document, or nil for an empty one.
  mutating func root(_ node: Node) throws(DataFault) -> DataNode? {
    let start = offset(of: node)
    try refuseProperties(at: start)
    if let scalar = node.scalar, scalar.style == .plain, scalar.string.isEmpty { return nil }
    return try part(of: node, at: start, depth: 0, isFlow: false).node
  }

  private mutating func offset(of node: Node) -> Int { node.mark.map { cursor.offset(of: $0) } ?? text.count }

  private mutating func part(
    of node: Node, at start: Int, depth: Int, isFlow: Bool
  ) throws(DataFault) -> Part {
    try refuseProperties(at: start)
    switch node {
    case .scalar(let scalar): return try self.scalar(scalar, at: start)
    case .sequence, .mapping, .alias:
      guard depth < DataRules.depthLimit else {
        throw faults.tooDeep(at: document.written(start))
      }
    }
    if case .sequence(let items) = node { return try list(Array(items), at: start, depth: depth + 1, isFlow: isFlow) }
    return try mapping(node.mapping.map(Array.init) ?? [], at: start, depth: depth + 1, isFlow: isFlow)
  }

  // MARK: Collections

  private mutating func list(
    _ items: [Node], at start: Int, depth: Int, isFlow: Bool
  ) throws(DataFault) -> Part {
    let isBracket = byte(at: start) == UInt8(ascii: "[")
    var result: [DataNode] = []
    var end = start + 1
    for item in items {
      let (node, last) = try part(of: item, at: offset(of: item), depth: depth, isFlow: isFlow || isBracket)
      result.append(node)
      end = last
    }
    if isBracket { end = closingBracket(from: end) }
    return (DataNode(.list(result), at: document.range(start, end)), end)
  }

  private mutating func mapping(
    _ pairs: [(key: Node, value: Node)], at start: Int, depth: Int, isFlow: Bool
  ) throws(DataFault) -> Part {
    let isBrace = byte(at: start) == UInt8(ascii: "{")
    let isPair = isFlow && !isBrace
    var entries: [DataNode.Entry] = []
    var places: [String: SourceRange] = [:]
    var end = start + 1
    for (keyNode, valueNode) in pairs {
      let (key, keyRange, keyEnd) = try self.key(keyNode, mappingAt: start)
      if isPair { throw faults.pairInList(at: document.written(start)..<document.written(keyEnd)) }
      let value = try self.value(valueNode, behind: keyEnd, keyRange: keyRange, depth: depth, isFlow: isBrace)
      end = value.end
      if let first = places[key] {
        report(DataRules.duplicate(key, at: keyRange, first: first))
      } else {
        places[key] = keyRange
        entries.append(DataNode.Entry(key: key, keyRange: keyRange, value: value.node))
      }
    }
    if isBrace { end = closingBracket(from: end) }
    return (DataNode(.mapping(entries), at: document.range(start, end)), end)
  }

  private mutating func key(_ node: Node, mappingAt start: Int) throws(DataFault) -> (String, SourceRange, Int) {
    let place = offset(of: node)
    try refuseProperties(at: place)
    guard case .scalar(let scalar) = node else {
      if text[start...].starts(with: "{{".utf8) {
        throw faults.braces(at: document.written(start)..<document.written(text.endOfLine(from: start)))
      }
      throw faults.unsupported("a complex key", at: document.written(place)..<document.written(place) + 1)
    }
    let before = text[..<place].lastIndex { $0 != 0x20 && $0 != 0x09 }
    let isFirst = start < place && text.isBlank(at: start + 1)
    if let question = [isFirst ? start : nil, before].compactMap({ $0 }).first(where: { isQuestion(at: $0) }) {
      let place = document.written(question)
      throw faults.unsupported("a complex key", at: place..<place + 1)
    }
    let (_, end) = try self.scalar(scalar, at: place)
    let range = document.range(place, end)
    let key = plainName(scalar.string)
    if key == "<<" { throw faults.unsupported("a merge key", at: document.written(place)..<document.written(end)) }
    return (key, range, end)
  }

  /// The key as its author wrote it.
  private func plainName(_ key: String) -> String {
    guard let mark = document.mark, key.hasPrefix(mark) else { return key }
    let number = key.dropFirst(mark.count)
    return number.firstIndex(of: "~").map { String(number[number.index(after: $0)...]) } ?? key
  }

  private mutating func value(
    _ node: Node, behind keyEnd: Int, keyRange: SourceRange, depth: Int, isFlow: Bool
  ) throws(DataFault) -> Part {
    if isFlow, let scalar = node.scalar, scalar.style == .plain, scalar.string.isEmpty {
      let colon = skipSpace(from: keyEnd)
      guard byte(at: colon) == UInt8(ascii: ":") else {
        throw faults.missingValue(at: keyRange.start - document.base..<keyRange.end - document.base)
      }
      try refuseProperties(at: skipSpace(from: colon + 1))
      return (DataNode(.null, at: document.range(colon + 1, colon + 1)), colon + 1)
    }
    return try part(of: node, at: offset(of: node), depth: depth, isFlow: isFlow)
  }

  // MARK: Scalars

  private mutating func scalar(_ scalar: Node.Scalar, at start: Int) throws(DataFault) -> Part {
    let end: Int
    var kind = DataNode.Kind.string(scalar.string)
    switch scalar.style {
    case .singleQuoted, .doubleQuoted:
      end = closingQuote(from: start)
      try refuseControls(in: scalar.string, from: start, to: end)
    case .literal, .folded: end = blockEnd(of: scalar.string, from: start)
    case .any, .plain:
      end = self.end(of: scalar.string, from: start) ?? start
      let (meaning, problem) = CoreSchema.resolve(scalar.string, at: document.range(start, end))
      if let problem { report(problem) }
      kind = meaning
    }
    return (DataNode(kind, at: document.range(start, end)), end)
  }

  /// Where a scalar ends whose characters, but for white space, stand in the text in the same order.
  private func end(of value: String, from start: Int) -> Int? {
    var index = start
    var last: Int?
    for byte in value.utf8 where !byte.isYAMLSpace {
      while index < text.count, text[index].isYAMLSpace { index += 1 }
      guard index < text.count, text[index] == byte else { break }
      index += 1
      last = index
    }
    return last
  }

  /// Where a literal or folded scalar ends: with its last line that is not empty.
  private func blockEnd(of value: String, from start: Int) -> Int {
    let header = text.endOfLine(from: start)
    var end: Int
    if let last = self.end(of: value, from: header) {
      end = text.endOfLine(from: last)
    } else {
      end = text[start..<header].firstIndex { $0.isYAMLSpace || $0 == UInt8(ascii: "#") } ?? header
    }
    // Lines of nothing but spaces count if there are more than indent the text.
    let blank = value.utf8.reversed().prefix { $0.isYAMLSpace }
    guard let space = blank.firstIndex(where: { $0 != 0x0A }) else { return end }
    var lines = blank[space...].count { $0 == 0x0A }
    if blank.count == value.utf8.count { (lines, end) = (lines + 1, header) }
    for _ in 0..<lines where end < text.count { end = text.endOfLine(from: end + text.breakWidth(at: end)) }
    return end
  }

  private func closingQuote(from start: Int) -> Int {
    var index = start + 1
    while index < text.count {
      if text[index] == text[start] {
        guard text[start] == UInt8(ascii: "'"), byte(at: index + 1) == text[start] else { return index + 1 }
        index += 1
      } else if text[index] == UInt8(ascii: "\\"), text[start] == UInt8(ascii: "\"") {
        index += 1
      }
      index += 1
    }
    return text.count
  }

  /// Refuses control characters that an escape wrote.
  private func refuseControls(in value: String, from start: Int, to end: Int) throws(DataFault) {
    guard let scalar = value.unicodeScalars.first(where: { UTF8Scan.isForbidden($0.value) }) else { return }
    var index = start
    while index < end {
      if text[index] == UInt8(ascii: "\\") {
        if let (value, length) = faults.escape(at: index, in: text), UTF8Scan.isForbidden(value) {
          throw faults.forbidden(value, at: document.written(index)..<document.written(index + length))
        }
        index += 1
      }
      index += 1
    }
    throw faults.forbidden(scalar.value, at: document.written(start)..<document.written(end))
  }

  // MARK: Space

  private func isQuestion(at index: Int) -> Bool { byte(at: index) == UInt8(ascii: "?") }

  private func byte(at index: Int) -> UInt8? { text.indices.contains(index) ? text[index] : nil }

  /// Skips white space, line ends and comments.
  private func skipSpace(from start: Int) -> Int {
    var index = start
    while index < text.count {
      if text[index] == UInt8(ascii: "#") {
        index = text.endOfLine(from: index)
      } else if text[index].isYAMLSpace {
        index += 1
      } else {
        break
      }
    }
    return index
  }

  /// Where a flow collection ends whose last item ends at `start`.
  private func closingBracket(from start: Int) -> Int {
    var index = skipSpace(from: start)
    if byte(at: index) == UInt8(ascii: ",") { index = skipSpace(from: index + 1) }
    return min(index + 1, text.count)
  }

  // MARK: Refusals

  private var faults: YAMLFaults { YAMLFaults(document) }

  private mutating func report(_ diagnostic: Diagnostic) {
    if diagnostics.count < DataRules.reportLimit { diagnostics.append(diagnostic) }
  }

  /// Refuses the anchor or the tag of a node, where libyaml says that the node starts.
  private func refuseProperties(at start: Int) throws(DataFault) {
    let what: String
    switch byte(at: start) {
    case UInt8(ascii: "&"): what = "an anchor"
    case UInt8(ascii: "!"): what = "a tag"
    default: return
    }
    throw faults.unsupported(what, at: document.written(start)..<document.written(text.endOfWord(from: start)))
  }
}
