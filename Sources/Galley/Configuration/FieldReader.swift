import GalleySource

/// Reads one mapping of galley.yml key by key and complains about what does not fit.
///
/// The keys that were asked for are the known ones: `finish` reports the others, each with the nearest known key.
struct FieldReader {
  /// How the mapping is called in messages: `locales`, `environments.dev`; empty for the whole file.
  let name: String
  private let entries: [DataNode.Entry]
  private let range: SourceRange
  private var known: [String] = []
  private(set) var diagnostics: [Diagnostic] = []

  /// Makes a reader of a node; anything but a mapping is reported and has no keys.
  init(_ node: DataNode, name: String) {
    self.name = name
    range = node.range
    if let entries = node.entries {
      self.entries = entries
    } else {
      entries = []
      if node.kind != .null { wrongType(node, wanted: "a mapping", name: name) }
    }
  }

  /// The entries of a mapping whose keys the author chooses.
  mutating func allEntries() -> [DataNode.Entry] {
    known += entries.map(\.key)
    return entries
  }

  /// The value of a key, unless it is absent or left empty.
  mutating func node(_ key: String) -> DataNode? {
    known.append(key)
    guard let node = entries.first(where: { $0.key == key })?.value, node.kind != .null else { return nil }
    return node
  }

  /// The text of a key.
  mutating func text(_ key: String) -> (text: String, range: SourceRange)? {
    node(key).flatMap { text(of: $0, name: path(key)) }
  }

  /// The text of a key that must be there.
  mutating func requiredText(_ key: String, example: String) -> (text: String, range: SourceRange)? {
    if let node = node(key) { return text(of: node, name: path(key)) }
    missing(key, example: example)
    return nil
  }

  /// The truth value of a key.
  mutating func boolean(_ key: String) -> Bool? {
    guard let node = node(key) else { return nil }
    if node.boolean == nil { wrongType(node, wanted: "true or false", name: path(key)) }
    return node.boolean
  }

  /// The integer of a key, within bounds.
  mutating func integer(_ key: String, in bounds: ClosedRange<Int>) -> Int? {
    guard let node = node(key) else { return nil }
    guard let value = node.integer else {
      wrongType(node, wanted: "a whole number", name: path(key))
      return nil
    }
    guard bounds.contains(value) else {
      badValue(node.range, "'\(path(key))' must lie between \(bounds.lowerBound) and \(bounds.upperBound)")
      return nil
    }
    return value
  }

  /// The texts of a list.
  mutating func texts(_ key: String) -> [(text: String, range: SourceRange)] {
    guard let node = node(key) else { return [] }
    return texts(of: node, name: path(key))
  }

  /// The texts of a node that must be a list.
  mutating func texts(of node: DataNode, name: String) -> [(text: String, range: SourceRange)] {
    guard let items = node.items else {
      wrongType(node, wanted: "a list", name: name)
      return []
    }
    return items.compactMap { text(of: $0, name: name, isItem: true) }
  }

  /// Reads the mapping of a key with a reader of its own.
  mutating func fields<Result>(_ key: String, _ read: (inout FieldReader) -> Result) -> Result? {
    node(key).map { fields(of: $0, name: path(key), read) }
  }

  /// Reads a mapping with a reader of its own.
  mutating func fields<Result>(
    of node: DataNode, name: String, _ read: (inout FieldReader) -> Result
  ) -> Result {
    var reader = FieldReader(node, name: name)
    let result = read(&reader)
    diagnostics += reader.finish()
    return result
  }

  /// The complaints about this mapping, the unknown keys included.
  func finish() -> [Diagnostic] {
    let strangers = entries.filter { !known.contains($0.key) }.map { entry in
      let guess = Suggestion.nearest(to: entry.key, among: known)
      let place = name.isEmpty ? "galley.yml" : "'\(name)'"
      let didYouMean = guess.map { "; did you mean '\($0)'?" } ?? ""
      let fixes = guess.map {
        [FixIt("rename it to '\($0)'", isSafe: false, edits: [SourceEdit(entry.keyRange, $0)])]
      }
      return Diagnostic(
        .unknownKey, "\(place) has no key '\(DataRules.excerpt(entry.key))'\(didYouMean)", at: entry.keyRange,
        help: guess == nil ? ["the keys are \(Set(known).sorted(by: bytewise).joined(separator: ", "))"] : [],
        fixes: fixes ?? [])
    }
    return diagnostics + strangers
  }

  // MARK: Complaints

  /// The name of a key in messages.
  func path(_ key: String) -> String { name.isEmpty ? key : "\(name).\(key)" }

  mutating func missing(_ key: String, example: String) {
    diagnostics.append(
      Diagnostic(.missingKey, "'\(path(key))' is missing", at: range, help: ["write '\(key): \(example)'"]))
  }

  mutating func wrongType(_ node: DataNode, wanted: String, name: String, isItem: Bool = false) {
    let subject = isItem ? "an item of '\(name)'" : name.isEmpty ? "galley.yml" : "'\(name)'"
    var help: [String] = []
    switch node.kind {
    case .number, .boolean: if wanted == "a text" { help = ["put it in quotes"] }
    case .string: if wanted == "a list" { help = ["put it in brackets"] }
    default: break
    }
    diagnostics.append(
      Diagnostic(.wrongType, "\(subject) must be \(wanted), not \(node.kindName)", at: node.range, help: help))
  }

  mutating func badValue(_ range: SourceRange, _ message: String, help: String? = nil, fixes: [FixIt] = []) {
    report(Diagnostic(.badValue, message, at: range, help: help.map { [$0] } ?? [], fixes: fixes))
  }

  mutating func report(_ diagnostic: Diagnostic) { diagnostics.append(diagnostic) }

  mutating func text(
    of node: DataNode, name: String, isItem: Bool = false
  ) -> (text: String, range: SourceRange)? {
    guard let text = node.string else {
      wrongType(node, wanted: "a text", name: name, isItem: isItem)
      return nil
    }
    guard !text.isEmpty else {
      badValue(node.range, "\(isItem ? "an item of " : "")'\(name)' must not be empty")
      return nil
    }
    return (text, node.range)
  }
}
