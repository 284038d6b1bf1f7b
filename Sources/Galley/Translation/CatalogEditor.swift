import GalleySource

/// Changes texts of a catalog in its own bytes: what is not changed is what its author wrote.
///
/// A text that is there is written in its place, quoted as it was; a new one stands behind the message that it follows in
/// the default locale, in the style of the mapping it comes into.
struct CatalogEditor {
  /// A message that is new in the catalog.
  private indirect enum NewEntry {
    case text(String, String)
    case mapping(String, [NewEntry])

    var key: String {
      switch self {
      case .text(let key, _), .mapping(let key, _): key
      }
    }
  }

  /// A place for new entries, and how they are written there.
  private struct Place: Hashable {
    let offset: Int
    /// What stands before each entry; nothing where it stands behind.
    let before: String
    let after: String
    /// What stands between entries, before the first and behind the last.
    var between = ""
    var first = ""
    var last = ""
    let layout: Layout
  }

  /// How entries of a mapping are written.
  private enum Layout: Hashable {
    /// In lines of their own, behind so much space.
    case block(indent: String)
    /// In braces; each on a line of its own behind so much space, or all on one.
    case flow(indent: String?)
  }

  private let bytes: [UInt8]
  private let root: DataNode?
  private let isJSON: Bool
  private var edits: [(range: Range<Int>, text: String)] = []
  private var insertions: [Place: [NewEntry]] = [:]
  private var order: [Place] = []

  /// Takes the bytes of a catalog and what was read from them; nil where it is empty.
  init(_ bytes: [UInt8], _ root: DataNode?, isJSON: Bool) {
    (self.bytes, self.root, self.isJSON) = (bytes, root, isJSON)
  }

  /// Writes another text in the place of one that is there; false if the value is none of this catalog's texts.
  mutating func replace(_ path: [String], with text: String) -> Bool {
    guard var node = root else { return false }
    var isFlow = isJSON
    for key in path {
      isFlow = isFlow || byte(at: node.range.start) == UInt8(ascii: "{")
      guard let value = node[key] else { return false }
      node = value
    }
    guard node.string != nil else { return false }
    edits.append((node.range.range, spelled(text, like: byte(at: node.range.start), isFlow: isFlow)))
    return true
  }

  /// Adds a text under the keys of a path; `model` is the catalog whose order counts. Answers false where there is no
  /// room, because one of the keys has a text.
  mutating func add(_ path: [String], _ text: String, like model: DataNode) -> Bool {
    guard let root else { return insert(path[...], text, at: placeInEmpty) }
    var (node, pattern) = (root, Optional(model))
    var isFlow = isJSON
    for (depth, key) in path.enumerated() {
      guard let entries = node.entries else { return false }
      isFlow = isFlow || byte(at: node.range.start) == UInt8(ascii: "{")
      guard let value = node[key] else {
        let place = place(for: key, in: node, entries, before: pattern?.entries ?? [], isFlow)
        return insert(path[depth...], text, at: place)
      }
      (node, pattern) = (value, pattern?[key])
    }
    return false
  }

  /// The catalog with all changes.
  func edited() -> [UInt8] {
    var all = edits.map { (range: $0.range, text: $0.text, order: 0) }
    for (index, place) in order.enumerated() {
      let entries = (insertions[place] ?? []).map { place.before + spelled($0, place.layout) + place.after }
      let text = place.first + entries.joined(separator: place.between) + place.last
      all.append((place.offset..<place.offset, text, index + 1))
    }
    all.sort {
      ($0.range.lowerBound, $0.range.upperBound, $0.order) < ($1.range.lowerBound, $1.range.upperBound, $1.order)
    }
    var result: [UInt8] = []
    var position = 0
    for edit in all {
      result += bytes[position..<edit.range.lowerBound]
      result += edit.text.utf8
      position = edit.range.upperBound
    }
    return result + bytes[position...]
  }

  // MARK: Places

  private mutating func insert(_ path: ArraySlice<String>, _ text: String, at place: Place) -> Bool {
    if insertions[place] == nil { order.append(place) }
    return Self.insert(path, text, into: &insertions[place, default: []])
  }

  private static func insert(_ path: ArraySlice<String>, _ text: String, into entries: inout [NewEntry]) -> Bool {
    guard let key = path.first else { return false }
    if path.count == 1 {
      guard !entries.contains(where: { $0.key == key }) else { return false }
      entries.append(.text(key, text))
      return true
    }
    if let last = entries.last, last.key == key {
      guard case .mapping(_, var inner) = last else { return false }
      guard insert(path.dropFirst(), text, into: &inner) else { return false }
      entries[entries.count - 1] = .mapping(key, inner)
      return true
    }
    guard !entries.contains(where: { $0.key == key }) else { return false }
    var inner: [NewEntry] = []
    guard insert(path.dropFirst(), text, into: &inner) else { return false }
    entries.append(.mapping(key, inner))
    return true
  }

  private var placeInEmpty: Place {
    let endsLine = bytes.isEmpty || bytes.last == 0x0A
    return Place(
      offset: bytes.count, before: endsLine ? "" : "\n", after: endsLine ? "\n" : "", layout: .block(indent: ""))
  }

  private func place(
    for key: String, in node: DataNode, _ entries: [DataNode.Entry], before model: [DataNode.Entry], _ isFlow: Bool
  ) -> Place {
    let known = Set(entries.map(\.key))
    let anchor = model.prefix { $0.key != key }.last { known.contains($0.key) }
    let entry = anchor.flatMap { anchor in entries.first { $0.key == anchor.key } }
    if isFlow { return placeInFlow(node, entries, behind: entry) }
    guard let first = entries.first else { return placeInEmpty }
    let indent = String(decoding: bytes[startOfLine(first.keyRange.start)..<first.keyRange.start], as: UTF8.self)
    guard let entry else {
      return Place(offset: first.keyRange.start, before: "", after: "\n" + indent, layout: .block(indent: indent))
    }
    return Place(
      offset: endOfLine(entry.value.range.end), before: "\n" + indent, after: "", layout: .block(indent: indent))
  }

  private func placeInFlow(_ node: DataNode, _ entries: [DataNode.Entry], behind entry: DataNode.Entry?) -> Place {
    guard let near = entry ?? entries.first else {
      // An empty mapping; one that is in several lines stays so.
      let isOpen = bytes[node.range.range].contains(0x0A)
      return isOpen
        ? Place(
          offset: node.range.start + 1, before: "", after: "", between: ",\n  ", first: "\n  ",
          layout: .flow(indent: "  "))
        : Place(offset: node.range.start + 1, before: "", after: "", between: ", ", layout: .flow(indent: nil))
    }
    let start = startOfLine(near.keyRange.start)
    let space = bytes[start..<near.keyRange.start]
    let indent = space.allSatisfy { $0 == 0x20 || $0 == 0x09 } ? String(decoding: space, as: UTF8.self) : nil
    let gap = indent.map { "\n" + $0 } ?? " "
    return entry == nil
      ? Place(offset: near.keyRange.start, before: "", after: "," + gap, layout: .flow(indent: indent))
      : Place(offset: near.value.range.end, before: "," + gap, after: "", layout: .flow(indent: indent))
  }

  private func byte(at index: Int) -> UInt8? { bytes.indices.contains(index) ? bytes[index] : nil }

  private func startOfLine(_ index: Int) -> Int {
    bytes[..<index].lastIndex { $0 == 0x0A || $0 == 0x0D }.map { $0 + 1 } ?? 0
  }

  private func endOfLine(_ index: Int) -> Int { bytes[index...].firstIndex { $0 == 0x0A || $0 == 0x0D } ?? bytes.count }

  // MARK: Spelling

  private func spelled(_ entry: NewEntry, _ layout: Layout) -> String {
    switch (entry, layout) {
    case (.text(let key, let text), .block):
      return "\(name(key)): \(YAMLSpelling.scalar(text, like: nil, isFlow: false))"
    case (.text(let key, let text), .flow):
      return "\(name(key)): \(spelled(text, like: UInt8(ascii: "'"), isFlow: true))"
    case (.mapping(let key, let entries), .block(let indent)):
      let inner = indent + "  "
      let lines = entries.map { "\n" + inner + spelled($0, .block(indent: inner)) }
      return "\(name(key)):" + lines.joined()
    case (.mapping(let key, let entries), .flow(let indent)):
      let inner = indent.map { $0 + "  " }
      let items = entries.map { spelled($0, .flow(indent: inner)) }
      guard let indent, let inner else { return "\(name(key)): {\(items.joined(separator: ", "))}" }
      return "\(name(key)): {\n\(inner)\(items.joined(separator: ",\n" + inner))\n\(indent)}"
    }
  }

  private func name(_ key: String) -> String {
    isJSON ? YAMLSpelling.quoted(key) : YAMLSpelling.scalar(key, like: nil, isFlow: true)
  }

  private func spelled(_ text: String, like first: UInt8?, isFlow: Bool) -> String {
    isJSON ? YAMLSpelling.quoted(text) : YAMLSpelling.scalar(text, like: first, isFlow: isFlow)
  }
}

/// Texts as scalars of YAML and JSON.
enum YAMLSpelling {
  /// A text as a scalar that is read as this text, in the style of the one that begins with `first`, where that can be.
  static func scalar(_ text: String, like first: UInt8?, isFlow: Bool) -> String {
    let needsEscapes = text.unicodeScalars.contains {
      $0.value < 0x20 || [0x85, 0x2028, 0x2029, 0xFEFF].contains($0.value)
    }
    if needsEscapes || first == UInt8(ascii: "\"") { return quoted(text) }
    let isQuoted = first == UInt8(ascii: "'")
    return isQuoted || !isPlain(text, isFlow: isFlow) ? "'\(text.replacing("'", with: "''"))'" : text
  }

  /// A text in double quotation marks, as JSON and YAML have it.
  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where scalar.value < 0x20 || [0x85, 0x2028, 0x2029, 0xFEFF].contains(scalar.value):
        result += "\\u" + SourceText.hex(scalar.value, digits: 4)
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  /// Whether a text needs no quotation marks: cautious, so that no reader of YAML takes it for something else.
  private static func isPlain(_ text: String, isFlow: Bool) -> Bool {
    guard let first = text.unicodeScalars.first, let last = text.unicodeScalars.last else { return false }
    guard first.properties.isAlphabetic, last != " ", last != ":" else { return false }
    if isFlow, text.utf8.contains(where: { ",[]{}".utf8.contains($0) }) { return false }
    let words: Set<String> = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
    guard !words.contains(text.lowercased()), !text.contains(": "), !text.contains(" #") else { return false }
    return !isFlow || !text.contains(":")
  }
}
