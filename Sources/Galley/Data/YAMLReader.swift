package import GalleySource
import Yams

/// Reads the YAML that people write, with libyaml, and keeps where everything stands.
///
/// What hides structure is refused with a diagnostic that says so: anchors, aliases, tags, merge keys, complex keys,
/// directives, a second document. Every node has the exact bytes it is written with, quotes and brackets included; a
/// collection reaches from its first key to the end of its last value; a value that is left out has an empty range
/// behind its colon or dash. Plain scalars mean what the core schema of YAML 1.2 says, so `yes`, `no`, `on` and `off`
/// are texts. Spec: https://yaml.org/spec/1.2.2.
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
    var document = YAMLDocument(source: source, base: range.lowerBound, text: Array(bytes[range]))
    do {
      guard let root = try document.compose() else { return (nil, []) }
      var converter = YAMLConverter(document)
      let node = try converter.root(root)
      return (converter.diagnostics.hasErrors ? nil : node, converter.diagnostics)
    } catch {
      return (nil, [error.diagnostic])
    }
  }
}

/// A text that libyaml reads, with its places in the author's file.
struct YAMLDocument {
  let source: SourceID
  /// Where the text starts in its file.
  let base: Int
  private(set) var text: [UInt8]
  /// What was put into the text to tell repeated keys apart, in order of place.
  private var insertions: [Range<Int>] = []
  /// A beginning of keys that nobody wrote.
  private(set) var mark: String?

  init(source: SourceID, base: Int, text: [UInt8]) {
    self.source = source
    self.base = base
    self.text = text
  }

  /// The range of the file for a range of the text.
  func range(_ start: Int, _ end: Int) -> SourceRange {
    SourceRange(source, base + written(start), base + written(end))
  }

  /// The place that a place had in the text as it was written.
  func written(_ place: Int) -> Int {
    place - insertions.reduce(0) { $0 + max(0, min(place, $1.upperBound) - $1.lowerBound) }
  }

  /// The text as it was written.
  var original: [UInt8] {
    var result = text
    for insertion in insertions.reversed() { result.removeSubrange(insertion) }
    return result
  }

  // MARK: Composing

  /// The tree that libyaml reads, or nil for no document.
  ///
  /// Yams ends at a repeated key and knows one of its places only. So that key is given another name for the moment,
  /// and the text is read again, until the tree is complete and the converter sees all keys with their places.
  mutating func compose() throws(DataFault) -> Node? {
    if let place = YAMLNesting.excess(in: text) { throw YAMLFaults(self).tooDeep(at: place) }
    try refuseDirective()
    var rounds = min(DataRules.reportLimit, 1 + 1_000_000 / max(text.count, 1))
    while true {
      do {
        try refuseAnchors()
        return try Self.parse(text)
      } catch let fault as DataFault {
        throw fault
      } catch YamlError.duplicatedKeysInMapping(let names, let context) {
        var cursor = YAMLCursor(text)
        let place = cursor.offset(of: context.mark)
        rounds -= 1
        guard rounds > 0, place < text.count, rename(at: place) else {
          let name = names.first ?? ""
          throw DataFault(
            .duplicateKey, "'\(DataRules.excerpt(name))' is given twice", at: range(place, place + 1),
            help: ["remove one of the two"])
        }
      } catch {
        throw YAMLFaults(self).fault(for: error)
      }
    }
  }

  private static func parse(_ text: [UInt8]) throws -> Node? {
    try Parser(yaml: String(decoding: text, as: UTF8.self), resolver: .basic, encoding: .utf8).singleRoot()
  }

  /// Refuses `%`, which may stand before the document only.
  private func refuseDirective() throws(DataFault) {
    var index = 0
    while index < text.count {
      let line = index..<text.endOfLine(from: index)
      guard let first = text[line].first(where: { $0 != 0x20 && $0 != 0x09 }) else {
        index = line.upperBound + 1
        continue
      }
      if text[index] == UInt8(ascii: "%") { throw YAMLFaults(self).unsupported("a directive", at: line) }
      guard first == UInt8(ascii: "#") else { return }
      index = line.upperBound + 1
    }
  }

  /// Refuses anchors before an alias could multiply what they name.
  ///
  /// Yams puts the value of an alias in its place, and hashes keys; a few lines of aliases in a key would take forever.
  /// So a text that may have an anchor is read with its asterisks replaced first. Up to the first anchor this changes
  /// nothing, because an alias before it is a fault.
  private func refuseAnchors() throws {
    let mayAnchor = text.indices.dropLast().contains { index in
      text[index] == UInt8(ascii: "&") && (index == 0 || !text[index - 1].isASCIIAlphanumeric)
        && (text[index + 1].isASCIIAlphanumeric || text[index + 1] == 0x2D || text[index + 1] == 0x5F)
    }
    guard mayAnchor else { return }
    let substitute = "^$=;()/~xyz0".utf8.first { !text.contains($0) } ?? UInt8(ascii: "^")
    let masked = text.map { $0 == UInt8(ascii: "*") ? substitute : $0 }
    // The parser owns the anchors.
    let parser = try Parser(yaml: String(decoding: masked, as: UTF8.self), resolver: .basic, encoding: .utf8)
    let anchor = try withExtendedLifetime(parser) { try parser.singleRoot().flatMap(Self.firstAnchor) }
    guard let anchor else { return }
    var cursor = YAMLCursor(text)
    let place = cursor.offset(of: anchor)
    throw YAMLFaults(self).unsupported("an anchor", at: written(place)..<written(text.endOfWord(from: place)))
  }

  private static func firstAnchor(in node: Node) -> Mark? {
    if node.anchor != nil { return node.mark }
    switch node {
    case .scalar, .alias: return nil
    case .sequence(let items): return items.lazy.compactMap(firstAnchor).first
    case .mapping(let entries):
      return entries.lazy.compactMap { firstAnchor(in: $0.key) ?? firstAnchor(in: $0.value) }.first
    }
  }

  /// Gives the key at a place a beginning that no other key has; false if the key is not a text.
  private mutating func rename(at place: Int) -> Bool {
    let byte = text[place]
    if byte == UInt8(ascii: "[") || byte == UInt8(ascii: "{") { return false }
    if mark == nil {
      let taken = String(decoding: text, as: UTF8.self)
      mark = (0...).lazy.map { "k\($0)~" }.first { !taken.contains($0) }
    }
    let inserted = Array("\(mark ?? "")\(insertions.count)~".utf8)
    let start = byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") ? place + 1 : place
    text.insert(contentsOf: inserted, at: start)
    let index = insertions.firstIndex { $0.lowerBound >= start } ?? insertions.endIndex
    for later in index..<insertions.endIndex {
      let moved = insertions[later]
      insertions[later] = moved.lowerBound + inserted.count..<moved.upperBound + inserted.count
    }
    insertions.insert(start..<start + inserted.count, at: index)
    return true
  }
}

/// Finds the bytes of libyaml's marks, which are lines and columns in Unicode scalars, both from 1.
///
/// Marks that are asked for in order cost one pass over the text together.
struct YAMLCursor {
  private let text: [UInt8]
  private var index = 0
  private var line = 1
  private var column = 1

  init(_ text: [UInt8]) { self.text = text }

  /// The offset of a mark, which is the end of the text if the mark lies behind it.
  mutating func offset(of mark: Mark) -> Int {
    if (mark.line, mark.column) < (line, column) { (index, line, column) = (0, 1, 1) }
    while index < text.count, (line, column) < (mark.line, mark.column) {
      let width = text.breakWidth(at: index)
      if width == 0 {
        index += 1
        while index < text.count, text[index] & 0xC0 == 0x80 { index += 1 }
        column += 1
      } else {
        if line == mark.line { break }
        index += width
        (line, column) = (line + 1, 1)
      }
    }
    return index
  }
}

extension [UInt8] {
  /// How many bytes of line end stand at an index; libyaml counts U+2028 and U+2029 among them.
  func breakWidth(at index: Int) -> Int {
    switch self[index] {
    case 0x0A: 1
    case 0x0D: index + 1 < count && self[index + 1] == 0x0A ? 2 : 1
    case 0xE2 where index + 2 < count && self[index + 1] == 0x80 && self[index + 2] & 0xFE == 0xA8: 3
    default: 0
    }
  }

  /// Whether white space, a line end or the end of the text stands at an index.
  func isBlank(at index: Int) -> Bool { index >= count || self[index].isYAMLSpace }

  /// The end of the line that an index stands on, before its line end.
  func endOfLine(from index: Int) -> Int { self[index...].firstIndex { $0 == 0x0A || $0 == 0x0D } ?? count }

  /// The start of the line that an index stands on.
  func startOfLine(from index: Int) -> Int {
    (self[..<index].lastIndex { $0 == 0x0A || $0 == 0x0D }).map { $0 + 1 } ?? 0
  }

  /// The end of the run without white space that starts at an index.
  func endOfWord(from index: Int) -> Int { self[index...].firstIndex(where: \.isYAMLSpace) ?? count }

  /// The range without white space at its ends.
  func trimmed(_ range: Range<Int>) -> Range<Int> {
    guard let first = self[range].firstIndex(where: { !$0.isYAMLSpace }),
      let last = self[range].lastIndex(where: { !$0.isYAMLSpace })
    else { return range.lowerBound..<range.lowerBound }
    return first..<last + 1
  }
}

extension UInt8 {
  /// A space, a tab or a line end.
  var isYAMLSpace: Bool { self == 0x20 || self == 0x09 || self == 0x0A || self == 0x0D }

  fileprivate var isASCIIAlphanumeric: Bool {
    (0x30...0x39).contains(self) || (0x61...0x7A).contains(self | 0x20)
  }
}
