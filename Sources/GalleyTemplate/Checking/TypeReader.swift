package import GalleySource

/// The record types of `galley.yml`, by name.
package struct TypeTable: Sendable {
  /// The types.
  package var types: [String: RecordType]
  /// How many fields each has, those of its fields included.
  var sizes: [String: Int]

  /// Makes an empty table.
  package init() {
    types = [:]
    sizes = [:]
  }

  /// Reads `types:` of `galley.yml`: a mapping of names to mappings of fields.
  package static func read(_ node: DataNode?) -> (TypeTable, [Diagnostic]) {
    guard let node, node.kind != .null else { return (TypeTable(), []) }
    guard let entries = node.entries else {
      return (
        TypeTable(),
        [
          Diagnostic(
            .frontMatterKind, "'types' is \(node.kindName), not a mapping", at: node.range,
            help: ["write 'types: {Name: {field: type}}'"])
        ]
      )
    }
    var reader = TypeReader(table: TypeTable())
    reader.readTable(entries)
    return (reader.table, reader.diagnostics)
  }
}

/// Reads types and declarations from data.
struct TypeReader {
  private static let levelLimit = 32
  private static let fieldLimit = 10_000

  var table: TypeTable
  var diagnostics: [Diagnostic] = []
  /// Types of the table that are not read yet.
  private var pending: [String: DataNode.Entry] = [:]
  /// Types that are being read, outermost first.
  private var current: [DataNode.Entry] = []
  /// Types that could not be read; they have been reported.
  private var broken: Set<String> = []
  private var level = 0
  private var hasReportedSize = false

  init(table: TypeTable) { self.table = table }

  mutating func report(
    _ code: DiagnosticCode, _ message: String, at range: SourceRange, notes: [Diagnostic.Note] = [],
    help: [String] = [], fixes: [FixIt] = []
  ) {
    diagnostics.append(Diagnostic(code, message, at: range, notes: notes, help: help, fixes: fixes))
  }

  mutating func readTable(_ entries: [DataNode.Entry]) {
    var names: [String] = []
    for entry in entries {
      if TypeNames.type(entry.key) != nil {
        report(
          .reservedName, "'\(entry.key)' is a built-in type", at: entry.keyRange,
          help: ["give the record type a name of its own"])
      } else if !NameRules.isDeclarable(entry.key) {
        reportName(entry, "type")
      } else {
        pending[entry.key] = entry
        names.append(entry.key)
      }
    }
    for name in names { _ = readNamed(name) }
  }

  /// A type with the number of its fields.
  private typealias Sized = (type: ValueType, size: Int)
  private static let invalid: Sized = (.invalid, 0)

  /// Reads a type of the table, if it has not been read yet.
  private mutating func readNamed(_ name: String) -> Sized {
    if let type = table.types[name] { return (.record(type), table.sizes[name] ?? 1) }
    guard let entry = pending.removeValue(forKey: name) else { return Self.invalid }
    current.append(entry)
    defer { current.removeLast() }
    guard let (fields, size) = readFields(entry.value, of: "type '\(name)'", at: entry.keyRange) else {
      broken.insert(name)
      return Self.invalid
    }
    let type = RecordType(name: name, fields: fields)
    table.types[name] = type
    table.sizes[name] = size
    return (.record(type), size)
  }

  private mutating func readFields(
    _ node: DataNode, of owner: String, at range: SourceRange
  ) -> (fields: [Declaration], size: Int)? {
    guard let entries = node.entries else {
      report(
        .badType, "the fields of \(owner) are \(node.kindName), not a mapping", at: node.range,
        help: ["write '{name: type, …}'"])
      return nil
    }
    guard !entries.isEmpty else {
      report(.badType, "\(owner) has no fields", at: range, help: ["write '{name: type, …}'"])
      return nil
    }
    guard level < Self.levelLimit else {
      reportSize("\(owner) is nested more than \(Self.levelLimit) levels deep", at: range)
      return nil
    }
    level += 1
    defer { level -= 1 }
    var fields: [Declaration] = []
    var size = 0
    for entry in entries {
      let (field, fieldSize) = readSized(entry, noun: "field")
      fields.append(field)
      size += 1 + fieldSize
      if size > Self.fieldLimit {
        reportSize("\(owner) has more than \(Self.fieldLimit) fields", at: range)
        return nil
      }
    }
    return (fields, size)
  }

  /// Reports a type that is too large; those that hold it are too, and are not worth a word.
  private mutating func reportSize(_ message: String, at range: SourceRange) {
    if !hasReportedSize { report(.oversizedType, message, at: range) }
    hasReportedSize = true
  }

  // MARK: Declarations

  /// Reads the declarations of variables or parameters.
  mutating func readDeclarations(_ node: DataNode, key: String, noun: String) -> [Declaration] {
    if node.kind == .null { return [] }
    guard let entries = node.entries else {
      report(
        .frontMatterKind, "'\(key)' is \(node.kindName), not a mapping", at: node.range,
        help: ["write '\(key): {name: type, …}'"])
      return []
    }
    return entries.compactMap { entry in
      if DeclaredNames.reserved.contains(entry.key) {
        report(
          .reservedName, "'\(entry.key)' cannot name a \(noun)", at: entry.keyRange,
          help: ["choose another name; '\(entry.key)' exists in every template"])
        return nil
      }
      return readSized(entry, noun: noun).0
    }
  }

  private mutating func reportName(_ entry: DataNode.Entry, _ noun: String) {
    let isASCII = entry.key.utf8.allSatisfy { $0 < 0x80 }
    let message = isASCII ? "'\(entry.key)' cannot name a \(noun)" : NameRules.fault(in: entry.key).message
    report(
      .badName, message, at: entry.keyRange,
      help: ["use the letters A to Z, digits and '_', beginning with a letter"])
  }

  private mutating func readSized(_ entry: DataNode.Entry, noun: String) -> (Declaration, Int) {
    if !NameRules.isDeclarable(entry.key) { reportName(entry, noun) }
    var declaration = Declaration(name: entry.key, type: .invalid, range: entry.keyRange)
    guard let entries = entry.value.entries else {
      let sized = readType(entry.value, of: entry.key, at: entry.keyRange)
      declaration.type = sized.type
      return (declaration, sized.size)
    }
    let sized = readMapping(entry.value, entries, of: entry.key, isDeclaration: true)
    declaration.type = sized.type
    for setting in entries {
      switch setting.key {
      case "optional": declaration.isOptional = boolean(setting) ?? false
      case "description": declaration.description = string(setting)
      // One that does not fit has been reported, and takes the place of one that does.
      case "default": declaration.defaultValue = value(setting, sized.type, "default") ?? .null
      case "example": declaration.example = value(setting, sized.type, "example")
      default: break
      }
    }
    return (declaration, sized.size)
  }

  private mutating func value(_ setting: DataNode.Entry, _ type: ValueType, _ noun: String) -> Value? {
    var reader = ValueReader(codes: .declaration)
    let value = reader.read(setting.value, as: type, path: noun)
    diagnostics += reader.diagnostics
    return value
  }

  private mutating func boolean(_ entry: DataNode.Entry) -> Bool? {
    if let value = entry.value.boolean { return value }
    let meant = entry.value.string.flatMap { TypeNames.truthValues[$0.lowercased()] }
    report(
      .wrongKind, "'\(entry.key)' is \(entry.value.kindName), not true or false", at: entry.value.range,
      help: meant == nil ? ["write true or false"] : [],
      fixes: meant.map { [FixIt("write \($0)", isSafe: false, edits: [SourceEdit(entry.value.range, $0)])] } ?? [])
    return nil
  }

  private mutating func string(_ entry: DataNode.Entry) -> String? {
    if let value = entry.value.string { return value }
    report(
      .wrongKind, "'\(entry.key)' is \(entry.value.kindName), not a text", at: entry.value.range,
      help: ["put it in quotes"])
    return nil
  }

  // MARK: Types

  private mutating func readType(_ node: DataNode, of name: String, at place: SourceRange) -> Sized {
    switch node.kind {
    case .string(let type): return readTypeName(type, at: node.range)
    case .list(let items): return (readEnumeration(items, at: node.range), 0)
    case .mapping(let entries): return readMapping(node, entries, of: name, isDeclaration: false)
    case .null:
      report(.badType, "'\(name)' has no type", at: place, help: ["write '\(name): string', or another type"])
    case .boolean, .number:
      report(
        .wrongKind, "the type of '\(name)' is \(node.kindName), not the name of a type", at: node.range,
        help: ["write '\(name): string', or another type"])
    }
    return Self.invalid
  }

  private mutating func readTypeName(_ name: String, at range: SourceRange) -> Sized {
    if let builtin = TypeNames.type(name) {
      if builtin != .invalid { return (builtin, 0) }
      let missing = name == "list" ? "of" : name == "record" ? "fields" : "values"
      report(
        .badType, "a \(name) needs '\(missing)'", at: range, help: [TypeNames.example(name)])
      return Self.invalid
    }
    if let first = current.firstIndex(where: { $0.key == name }) {
      let chain = current[first...].map(\.key) + [name]
      let notes = current[first...].map { Diagnostic.Note("'\($0.key)' is declared here", at: $0.keyRange) }
      report(
        .recursiveType, "type '\(name)' contains itself: \(chain.joined(separator: " → "))", at: range, notes: notes,
        help: ["declare a type for each level that a mail shows, the last of them without '\(name)'"])
      return Self.invalid
    }
    if table.types[name] != nil || pending[name] != nil { return readNamed(name) }
    if broken.contains(name) { return Self.invalid }
    let known = TypeNames.builtin + table.types.keys + pending.keys + broken + current.map(\.key)
    let near = TypeNames.foreign[name.lowercased()] ?? Suggestion.nearest(to: name, among: known)
    let fixes = near.map { [FixIt("write '\($0)'", isSafe: false, edits: [SourceEdit(range, $0)])] } ?? []
    report(
      .unknownType, "there is no type '\(name)'" + (near.map { "; did you mean '\($0)'?" } ?? ""), at: range,
      help: near == nil ? ["declare it under 'types:' in galley.yml"] : [], fixes: fixes)
    return Self.invalid
  }

  private mutating func readEnumeration(_ items: [DataNode], at range: SourceRange) -> ValueType {
    var values: [String] = []
    var seen: Set<String> = []
    if items.isEmpty {
      report(.badEnumeration, "the enumeration has no values", at: range, help: ["write '[ONE, OTHER]'"])
    }
    for item in items {
      guard let text = item.string else {
        report(
          .badEnumeration, "the enumeration holds \(item.kindName), not a text", at: item.range,
          help: ["put it in quotes"], fixes: item.quotingFixes)
        continue
      }
      if text.isEmpty {
        report(.badEnumeration, "the enumeration holds an empty text", at: item.range)
      } else if seen.insert(text).inserted {
        values.append(text)
      } else {
        report(.badEnumeration, "the enumeration holds '\(text)' twice", at: item.range)
      }
    }
    return values.isEmpty ? .invalid : .enumeration(values)
  }

  private static let typeKeys = ["type", "of", "fields", "values", "currency"]
  private static let declarationKeys = typeKeys + ["optional", "default", "example", "description"]

  /// Reads `{type: …, of: …, …}`.
  private mutating func readMapping(
    _ node: DataNode, _ entries: [DataNode.Entry], of name: String, isDeclaration: Bool
  ) -> Sized {
    let known = isDeclaration ? Self.declarationKeys : Self.typeKeys
    for entry in entries where !known.contains(entry.key) {
      if !isDeclaration, Self.declarationKeys.contains(entry.key) {
        report(
          .unknownKey, "'\(entry.key)' belongs to the declaration, not to the type of an element", at: entry.keyRange)
      } else {
        reportUnknownKey(entry, known)
      }
    }
    guard level < Self.levelLimit else {
      reportSize("'\(name)' is nested more than \(Self.levelLimit) levels deep", at: node.range)
      return Self.invalid
    }
    level += 1
    defer { level -= 1 }
    let type: String
    switch node["type"]?.kind {
    case .string(let text): type = text
    case .list(let items):
      reportStray(node, for: "enumeration", but: [])
      return (readEnumeration(items, at: node["type"]?.range ?? node.range), 0)
    case nil:
      if node["values"] != nil {
        type = "enumeration"
      } else if node["fields"] != nil {
        type = "record"
      } else if node["of"] != nil {
        type = "list"
      } else {
        report(.badType, "'\(name)' has no type", at: node.range, help: ["add 'type: string', or another type"])
        return Self.invalid
      }
    default:
      let found = node["type"] ?? node
      report(
        .wrongKind, "'type' is \(found.kindName), not the name of a type", at: found.range,
        help: ["write 'type: string', or another type"])
      return Self.invalid
    }
    return readConstructed(type, node, of: name)
  }

  private mutating func readConstructed(_ type: String, _ node: DataNode, of name: String) -> Sized {
    let place = node["type"]?.range ?? node.range
    switch type {
    case "list":
      reportStray(node, for: type, but: ["of"])
      guard let element = node["of"] else { return readTypeName(type, at: place) }
      let sized = readType(element, of: "of", at: element.range)
      return sized.type == .invalid ? (.invalid, 0) : (.list(sized.type), sized.size)
    case "record":
      reportStray(node, for: type, but: ["fields"])
      guard let fields = node["fields"] else { return readTypeName(type, at: place) }
      guard let (read, size) = readFields(fields, of: "record '\(name)'", at: fields.range) else { return Self.invalid }
      return (.record(RecordType(name: nil, fields: read)), size)
    case "enumeration":
      reportStray(node, for: type, but: ["values"])
      guard let values = node["values"] else { return readTypeName(type, at: place) }
      guard let items = values.items else {
        report(
          .wrongKind, "'values' is \(values.kindName), not a list", at: values.range, help: [TypeNames.example(type)])
        return Self.invalid
      }
      return (readEnumeration(items, at: values.range), 0)
    case "money":
      reportStray(node, for: type, but: ["currency"])
      return (.money(currency: readCurrency(node["currency"])), 0)
    default:
      reportStray(node, for: type, but: [])
      return readTypeName(type, at: place)
    }
  }

  private mutating func readCurrency(_ node: DataNode?) -> String? {
    guard let node else { return nil }
    if let code = node.string, code.utf8.count == 3, code.utf8.allSatisfy({ (0x41...0x5A).contains($0) }) {
      return code
    }
    report(
      .badType, "'currency' is no currency's code", at: node.range, help: ["write three capital letters, such as 'ZAR'"]
    )
    return nil
  }

  private mutating func reportStray(_ node: DataNode, for type: String, but allowed: [String]) {
    for entry in node.entries ?? [] where ["of", "fields", "values", "currency"].contains(entry.key) {
      if allowed.contains(entry.key) { continue }
      let owner =
        switch entry.key {
        case "of": "a list"
        case "fields": "a record"
        case "values": "an enumeration"
        default: "money"
        }
      report(
        .badType, "'\(entry.key)' belongs to \(owner), not to '\(type)'", at: entry.keyRange,
        help: ["take it out, or change the type"])
    }
  }

  mutating func reportUnknownKey(_ entry: DataNode.Entry, _ known: [String], help: [String] = []) {
    let near = Suggestion.nearest(to: entry.key, among: known)
    let fixes = near.map { [FixIt("write '\($0)'", isSafe: false, edits: [SourceEdit(entry.keyRange, $0)])] } ?? []
    let isHelped = near != nil || !help.isEmpty
    report(
      .unknownKey, "the key '\(entry.key)' means nothing here" + (near.map { "; did you mean '\($0)'?" } ?? ""),
      at: entry.keyRange, help: isHelped ? help : ["known are \(known.map { "'\($0)'" }.joined(separator: ", "))"],
      fixes: fixes)
  }
}
