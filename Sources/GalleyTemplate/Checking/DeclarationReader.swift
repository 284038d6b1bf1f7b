package import GalleySource

extension TemplateDeclaration {
  private static let keys = [
    "key", "aliases", "layout", "audience", "category", "sender", "subject", "preheader", "dialect", "description",
    "variables",
  ]

  /// Reads the front matter of a template.
  ///
  /// `node` is the YAML of the front matter, `name` the path of the file below `templates/` without `.html`, `bytes`
  /// the whole file, in which subject and preheader are parsed where they stand.
  package static func read(
    _ node: DataNode?, name: String, source: SourceID, bytes: [UInt8], types: TypeTable
  ) -> (TemplateDeclaration, [Diagnostic]) {
    var declaration = TemplateDeclaration(key: name + ".html")
    var reader = FrontMatterReader(source: source, bytes: bytes, types: types)
    let entries = reader.entries(node)
    for entry in entries ?? [] where entry.value.kind != .null {
      switch entry.key {
      case "key":
        guard let key = reader.key(entry.value) else { break }
        declaration.key = key
        declaration.keyRange = entry.value.range
      case "aliases": declaration.aliases = reader.aliases(entry.value)
      case "layout": declaration.layout = reader.layout(entry.value)
      case "audience": declaration.audience = reader.setting(entry) ?? .customer
      case "category": declaration.category = reader.setting(entry) ?? .transactional
      case "sender": declaration.sender = reader.string(entry).map { ($0, entry.value.range) }
      case "subject": declaration.subject = reader.fragment(entry)
      case "preheader": declaration.preheader = reader.fragment(entry)
      case "dialect": declaration.dialect = reader.string(entry).map { ($0, entry.value.range) }
      case "description": declaration.description = reader.string(entry)
      case "variables":
        declaration.variables = reader.types.readDeclarations(entry.value, key: "variables", noun: "variable")
      case "parameters":
        reader.types.reportUnknownKey(entry, [], help: ["a template declares 'variables'; a partial has parameters"])
      default: reader.types.reportUnknownKey(entry, keys)
      }
    }
    reader.checkAliases(declaration)
    let hasUnknownKey = entries?.contains { !keys.contains($0.key) } ?? true
    if !hasUnknownKey, node?["subject"] == nil {
      let place = node?.range ?? SourceRange(source, 0, 0)
      reader.types.report(
        .noSubject, "the template has no subject", at: SourceRange(source, place.start, place.start),
        help: ["add 'subject: …' to the front matter"])
    }
    return (declaration, reader.types.diagnostics)
  }
}

extension PartialDeclaration {
  private static let keys = ["parameters", "slots", "description"]

  /// Reads the front matter of a partial or a layout.
  package static func read(
    _ node: DataNode?, source: SourceID, bytes: [UInt8], types: TypeTable
  ) -> (PartialDeclaration, [Diagnostic]) {
    var declaration = PartialDeclaration()
    var reader = FrontMatterReader(source: source, bytes: bytes, types: types)
    for entry in reader.entries(node) ?? [] where entry.value.kind != .null {
      switch entry.key {
      case "parameters":
        declaration.parameters = reader.types.readDeclarations(entry.value, key: "parameters", noun: "parameter")
      case "slots": declaration.slots = reader.slots(entry.value)
      case "description": declaration.description = reader.string(entry)
      case "variables":
        reader.types.reportUnknownKey(entry, [], help: ["a partial declares 'parameters'; a template has variables"])
      default: reader.types.reportUnknownKey(entry, keys)
      }
    }
    return (declaration, reader.types.diagnostics)
  }
}

/// Reads the entries of front matter.
private struct FrontMatterReader {
  let source: SourceID
  let bytes: [UInt8]
  var types: TypeReader

  init(source: SourceID, bytes: [UInt8], types: TypeTable) {
    self.source = source
    self.bytes = bytes
    self.types = TypeReader(table: types)
  }

  /// The entries, or nil where the front matter is something else, which is reported.
  mutating func entries(_ node: DataNode?) -> [DataNode.Entry]? {
    guard let node, node.kind != .null else { return [] }
    if let entries = node.entries { return entries }
    types.report(
      .frontMatterKind, "the front matter is \(node.kindName), not a mapping", at: node.range,
      help: ["write 'key: value', one a line"])
    return nil
  }

  mutating func string(_ entry: DataNode.Entry) -> String? { string(entry.value, "'\(entry.key)'") }

  mutating func string(_ node: DataNode, _ owner: String) -> String? {
    if let text = node.string, !text.isEmpty { return text }
    let found = node.string == nil ? node.kindName : "an empty text"
    let help = node.entries == nil ? "put it in quotes" : "put it in quotes; braces begin a mapping in YAML"
    types.report(.wrongKind, "\(owner) is \(found), not a text", at: node.range, help: [help])
    return nil
  }

  mutating func setting<Setting: RawRepresentable<String> & CaseIterable>(_ entry: DataNode.Entry) -> Setting? {
    guard let text = string(entry) else { return nil }
    if let value = Setting(rawValue: text) { return value }
    let known = Setting.allCases.map(\.rawValue)
    let near = Suggestion.nearest(to: text, among: known)
    types.report(
      .badSetting, "'\(text)' is no \(entry.key)" + (near.map { "; did you mean '\($0)'?" } ?? ""),
      at: entry.value.range, help: ["write \(known.map { "'\($0)'" }.joined(separator: " or "))"])
    return nil
  }

  // MARK: Keys

  mutating func key(_ node: DataNode) -> String? {
    guard let key = string(node, "the key") else { return nil }
    guard let fault = KeyRules.fault(in: key) else { return key }
    types.report(.badKey, "the key '\(key.prefix(80))' \(fault)", at: node.range, help: [KeyRules.help])
    return nil
  }

  mutating func aliases(_ node: DataNode) -> [(key: String, range: SourceRange)] {
    if node.string != nil { return key(node).map { [($0, node.range)] } ?? [] }
    guard let items = node.items else {
      types.report(
        .wrongKind, "'aliases' is \(node.kindName), not a list", at: node.range,
        help: ["write '[one.html, other.html]'"])
      return []
    }
    return items.compactMap { item in key(item).map { ($0, item.range) } }
  }

  mutating func checkAliases(_ declaration: TemplateDeclaration) {
    var seen: [String: SourceRange?] = [declaration.key: declaration.keyRange]
    for alias in declaration.aliases {
      if let first = seen[alias.key] {
        let isKey = alias.key == declaration.key
        types.report(
          .duplicateKey, "the alias '\(alias.key)' \(isKey ? "is the key itself" : "is given twice")", at: alias.range,
          notes: first.map { [Diagnostic.Note("it stands here already", at: $0)] } ?? [], help: ["take it out"])
      } else {
        seen[alias.key] = .some(alias.range)
      }
    }
  }

  // MARK: Layout and slots

  mutating func layout(_ node: DataNode) -> TemplateDeclaration.Layout? {
    guard let entries = node.entries else {
      return layoutName(node).map { TemplateDeclaration.Layout(name: $0, nameRange: node.range, arguments: []) }
    }
    guard let nameNode = node["name"] else {
      types.report(.wrongKind, "the layout has no name", at: node.range, help: ["write '{name: …, parameter: value}'"])
      return nil
    }
    guard let name = layoutName(nameNode) else { return nil }
    var arguments: [Argument] = []
    for entry in entries where entry.key != "name" {
      guard let value = literal(entry) else { continue }
      arguments.append(
        Argument(name: entry.key, nameRange: entry.keyRange, value: .literal(value, entry.value.range)))
    }
    return TemplateDeclaration.Layout(name: name, nameRange: nameNode.range, arguments: arguments)
  }

  private mutating func layoutName(_ node: DataNode) -> String? {
    guard let name = string(node, "'layout'") else { return nil }
    guard let fault = PartialName.fault(in: Array(name.utf8)) else { return name }
    types.report(.partialName, "the layout's name '\(name)' \(fault.message)", at: node.range, help: [fault.help])
    return nil
  }

  private mutating func literal(_ entry: DataNode.Entry) -> Value? {
    switch entry.value.kind {
    case .null, .boolean, .number, .string: return Value(entry.value)
    case .list, .mapping:
      types.report(
        .wrongKind, "the argument '\(entry.key)' is \(entry.value.kindName), not a single value", at: entry.value.range)
      return nil
    }
  }

  mutating func slots(_ node: DataNode) -> [PartialDeclaration.Slot] {
    guard let entries = node.entries else {
      types.report(
        .frontMatterKind, "'slots' is \(node.kindName), not a mapping", at: node.range,
        help: ["write 'slots: {name: {required: true}}'"])
      return []
    }
    return entries.map { entry in
      if PartialName.fault(in: Array(entry.key.utf8)) != nil || entry.key.utf8.contains(UInt8(ascii: "/")) {
        types.report(
          .badName, "'\(entry.key)' cannot name a slot", at: entry.keyRange,
          help: ["use the letters A to Z, digits, '-' and '_'"])
      }
      var slot = PartialDeclaration.Slot(
        name: entry.key, isRequired: false, description: nil, range: entry.keyRange)
      if entry.value.kind == .null { return slot }
      guard let settings = entry.value.entries else {
        types.report(
          .frontMatterKind, "slot '\(entry.key)' is \(entry.value.kindName), not a mapping", at: entry.value.range,
          help: ["write '\(entry.key): {required: true}'"])
        return slot
      }
      for setting in settings {
        switch setting.key {
        case "required":
          if let isRequired = setting.value.boolean {
            slot.isRequired = isRequired
          } else {
            types.report(
              .wrongKind, "'required' is \(setting.value.kindName), not true or false", at: setting.value.range)
          }
        case "description": slot.description = string(setting)
        default: types.reportUnknownKey(setting, ["required", "description"])
        }
      }
      return slot
    }
  }

  // MARK: Fragments

  /// Parses a text as a template, where it stands in the file.
  mutating func fragment(_ entry: DataNode.Entry) -> TemplateDeclaration.Fragment? {
    guard let text = string(entry) else { return nil }
    let range = entry.value.range
    guard range.source == source, let place = place(of: Array(text.utf8), in: range.range) else {
      types.report(
        .textNotInPlace, "'\(entry.key)' is not written on one line as it is meant", at: range,
        help: ["write it on one line in single quotes, with double quotes inside"])
      return nil
    }
    let (fragment, diagnostics) = TemplateParser.parseFragment(
      source: source, range: SourceRange(source, place), bytes: bytes)
    types.diagnostics += diagnostics
    return fragment
  }

  /// Where a text stands in the bytes of its scalar, if it stands there as it is.
  private func place(of text: [UInt8], in range: Range<Int>) -> Range<Int>? {
    guard !text.contains(where: { $0 == 0x0A || $0 == 0x0D }), range.upperBound <= bytes.count,
      let first = bytes[range].first
    else { return nil }
    let isQuoted = first == TemplateByte.singleQuote || first == TemplateByte.doubleQuote
    let start = range.lowerBound + (isQuoted ? 1 : 0)
    let end = start + text.count
    guard end <= range.upperBound, bytes[start..<end].elementsEqual(text) else { return nil }
    if isQuoted { return end < range.upperBound && bytes[end] == first ? start..<end : nil }
    return start..<end
  }
}

/// What keys of objects in a store may look like.
package enum KeyRules {
  /// The most bytes a key may have.
  package static let limit = 900

  static let help = "write a relative path such as 'orders/created.html'"

  /// Why a text can't be the key of an HTML part, as the end of a headline, or nil if it can.
  package static func fault(in key: String) -> String? {
    let bytes = Array(key.utf8)
    if bytes.count > limit { return "is longer than \(limit) bytes" }
    if bytes.contains(where: { $0 < 0x20 || $0 == 0x7F }) { return "holds a control character" }
    if bytes.contains(TemplateByte.backslash) { return "holds a backslash" }
    if bytes.first == UInt8(ascii: "/") { return "begins with '/'" }
    for part in bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
      if part.isEmpty { return "has an empty segment" }
      if part.elementsEqual(".".utf8) || part.elementsEqual("..".utf8) {
        return "holds the segment '\(String(decoding: part, as: UTF8.self))'"
      }
      if part.count > 200 { return "has a segment of more than 200 bytes" }
    }
    return key.hasSuffix(".html") ? nil : "does not end with '.html'"
  }
}
