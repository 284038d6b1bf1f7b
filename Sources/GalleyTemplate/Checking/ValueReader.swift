package import GalleySource

/// Reads values from data, by their types.
struct ValueReader {
  /// Under which codes faults are reported.
  struct Codes {
    let missing: DiagnosticCode
    let unknown: DiagnosticCode
    let misfit: DiagnosticCode

    /// Whether keys are in quotes, as in JSON.
    let isQuoted: Bool

    static let declaration = Codes(missing: .misfit, unknown: .misfit, misfit: .misfit, isQuoted: false)
    static let sample = Codes(missing: .sampleMissing, unknown: .sampleUnknown, misfit: .sampleMisfit, isQuoted: true)

    func renaming(_ key: SourceRange, _ name: String) -> SourceEdit {
      SourceEdit(key, isQuoted ? "\"\(name)\"" : name)
    }
  }

  let codes: Codes
  var diagnostics: [Diagnostic] = []

  init(codes: Codes) { self.codes = codes }

  /// Reads the values of a record; missing ones are reported at `range`.
  ///
  /// `path` leads to the record: `default.lineItems[1]`.
  mutating func readFields(
    _ entries: [DataNode.Entry], of declarations: [Declaration], owner: String, path: String, at range: SourceRange
  ) -> Value {
    var known: [String: Declaration] = [:]
    for declaration in declarations { known[declaration.name] = declaration }
    var fields: [Value.Field] = []
    var seen: Set<String> = []
    for entry in entries {
      guard let declaration = known[entry.key] else {
        reportUnknown(entry, among: declarations, owner: owner, path: path)
        continue
      }
      seen.insert(entry.key)
      if entry.value.kind == .null, declaration.isOptional || declaration.defaultValue != nil {
        fields.append(Value.Field(entry.key, .null))
      } else if let value = read(
        entry.value, as: declaration.type, path: "\(path).\(entry.key)", declared: declaration.range)
      {
        fields.append(Value.Field(entry.key, value))
      }
    }
    for declaration in declarations
    where !seen.contains(declaration.name) && !declaration.isOptional && declaration.defaultValue == nil
      && declaration.type != .invalid
    {
      diagnostics.append(
        Diagnostic(
          codes.missing, "'\(declaration.name)' is missing in \(owner)", at: range,
          notes: [Diagnostic.Note("it is declared here", at: declaration.range)],
          help: ["add a value, or declare it with 'optional: true'"]))
    }
    return .record(fields)
  }

  private mutating func reportUnknown(
    _ entry: DataNode.Entry, among declarations: [Declaration], owner: String, path: String
  ) {
    let near = Suggestion.nearest(to: entry.key, among: declarations.map(\.name))
    let note = near.flatMap { name in declarations.first { $0.name == name } }
    diagnostics.append(
      Diagnostic(
        codes.unknown, "'\(path).\(entry.key)' is not declared" + (near.map { "; did you mean '\($0)'?" } ?? ""),
        at: entry.keyRange,
        notes: note.map { [Diagnostic.Note("'\($0.name)' is declared here", at: $0.range)] } ?? [],
        help: near == nil ? ["take it out of \(owner), or declare it"] : [],
        fixes: near.map { [FixIt("write '\($0)'", isSafe: false, edits: [codes.renaming(entry.keyRange, $0)])] } ?? []))
  }

  /// Reads one value; nil where it does not fit, which has been reported.
  mutating func read(
    _ node: DataNode, as type: ValueType, path: String, declared: SourceRange? = nil
  ) -> Value? {
    switch type {
    case .invalid: return Value(node, depth: 0)
    case .list(let element):
      guard let items = node.items else { return misfit(node, path, "a list", declared) }
      return .list(
        items.enumerated().compactMap { index, item in
          read(item, as: element, path: "\(path)[\(index)]", declared: declared)
        })
    case .record(let record):
      guard let entries = node.entries else { return misfit(node, path, "a mapping", declared) }
      let start = SourceRange(node.range.source, node.range.start, min(node.range.start + 1, node.range.end))
      return readFields(entries, of: record.fields, owner: "'\(path)'", path: path, at: start)
    case .boolean:
      guard let value = node.boolean else { return misfit(node, path, "true or false", declared) }
      return .boolean(value)
    case .integer:
      guard let value = node.integer else { return misfit(node, path, "a whole number", declared) }
      return .integer(value)
    case .decimal:
      if case .number(let text) = node.kind {
        if ValueRules.isPlainDecimal(text) { return .decimal(text) }
        return fail(
          node, "the number \(text) of '\(path)' would not be printed as it is spelled", declared,
          help: ["write it as a text, as the service formats it"])
      }
      guard let text = node.string else { return misfit(node, path, "a number or a text", declared) }
      return .string(text)
    default:
      guard let text = node.string else { return misfit(node, path, "a text", declared) }
      if let fault = ValueRules.fault(of: text, as: type) {
        return fail(node, "'\(path)' is \(fault.message)", declared, help: fault.help)
      }
      return .string(text)
    }
  }

  private mutating func misfit(
    _ node: DataNode, _ path: String, _ expected: String, _ declared: SourceRange?
  ) -> Value? {
    var fixes: [FixIt] = []
    if expected == "a text", case .number(let text) = node.kind {
      fixes = [FixIt("write \"\(text)\" in quotes", isSafe: false, edits: [SourceEdit(node.range, "\"\(text)\"")])]
    }
    var help: [String] = []
    if let text = node.string {
      if expected == "true or false" { help = ["write true or false without quotes"] }
      if expected == "a whole number" {
        help = [Int(text) == nil ? "write a number such as 2" : "write \(text) without quotes"]
      }
    }
    return fail(node, "'\(path)' is \(node.kindName), not \(expected)", declared, help: help, fixes: fixes)
  }

  private mutating func fail(
    _ node: DataNode, _ message: String, _ declared: SourceRange?, help: [String] = [], fixes: [FixIt] = []
  ) -> Value? {
    let notes = declared.map { [Diagnostic.Note("it is declared here", at: $0)] } ?? []
    let help = fixes.map(\.message) + help
    diagnostics.append(Diagnostic(codes.misfit, message, at: node.range, notes: notes, help: help, fixes: fixes))
    return nil
  }
}

/// What texts are values of which type.
enum ValueRules {
  /// Why a text does not fit a type, as the end of "'x' is …", or nil where it does.
  static func fault(of text: String, as type: ValueType) -> (message: String, help: [String])? {
    switch type {
    case .enumeration(let values):
      if values.contains(text) { return nil }
      let near = Suggestion.nearest(to: text, among: values)
      let list = values.prefix(20).map { "'\($0)'" }.joined(separator: ", ")
      return (
        "'\(text)', which is not one of its values" + (near.map { "; did you mean '\($0)'?" } ?? ""),
        near == nil ? ["the values are \(list)"] : []
      )
    case .url: return urlFault(text)
    case .email:
      let parts = text.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
      return parts.count == 2 && parts.allSatisfy { !$0.isEmpty } ? nil : ("'\(text)', which is no mail address", [])
    case .color:
      return isColor(text) ? nil : ("'\(text)', which is no color", ["write '#rrggbb' or the name of a color"])
    default: return nil
    }
  }

  /// The schemes that a link in a mail may have.
  static let schemes = ["http", "https", "mailto", "tel", "sms", "cid"]

  /// The scheme of a URL in lower case, if it has one.
  static func scheme(of text: String) -> String? {
    guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else { return nil }
    let scheme = text.utf8[..<colon]
    guard let first = scheme.first, TemplateByte.isLetter(first),
      scheme.allSatisfy({ TemplateByte.isLetter($0) || TemplateByte.isDigit($0) || "+-.".utf8.contains($0) })
    else { return nil }
    return String(text[..<colon]).lowercased()
  }

  private static func urlFault(_ text: String) -> (message: String, help: [String])? {
    guard let scheme = scheme(of: text) else {
      return ("'\(text)', which is not a whole URL", ["begin with 'https://'"])
    }
    if text.utf8.contains(where: { $0 <= 0x20 }) {
      return ("'\(text)', which holds a space or a control character", ["write '%20' for a space"])
    }
    if text.utf8.count == scheme.utf8.count + 1 { return ("'\(text)', which leads nowhere", []) }
    return schemes.contains(scheme)
      ? nil : ("a URL of the scheme '\(scheme)', which a mail may not use", ["begin with 'https://'"])
  }

  static func isColor(_ text: String) -> Bool {
    if text.utf8.first == UInt8(ascii: "#") {
      let digits = text.utf8.dropFirst()
      return [3, 4, 6, 8].contains(digits.count)
        && digits.allSatisfy { TemplateByte.isDigit($0) || (0x61...0x66).contains($0 | 0x20) }
    }
    return (3...30).contains(text.utf8.count) && text.utf8.allSatisfy { TemplateByte.isLetter($0) }
  }

  /// Whether every reader of JSON prints a number the way it is spelled.
  static func isPlainDecimal(_ text: String) -> Bool {
    let body = text.utf8.first == UInt8(ascii: "-") ? text.utf8.dropFirst() : text.utf8[...]
    guard body.count <= 16, body.allSatisfy({ TemplateByte.isDigit($0) || $0 == UInt8(ascii: ".") }) else {
      return false
    }
    let parts = body.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard let whole = parts.first, !whole.isEmpty, whole.count == 1 || whole.first != UInt8(ascii: "0") else {
      return false
    }
    if parts.count == 1 { return true }
    guard parts.count == 2, let last = parts[1].last else { return false }
    return parts[1].count == 1 || (last != UInt8(ascii: "0") && !parts[1].starts(with: "0000".utf8))
  }
}

extension Value {
  /// A value as the data has it; what is nested deeper than 64 levels is left out.
  package init?(_ node: DataNode) { self.init(node, depth: 0) }

  init?(_ node: DataNode, depth: Int) {
    guard depth <= 64 else { return nil }
    switch node.kind {
    case .null: self = .null
    case .boolean(let value): self = .boolean(value)
    case .number(let text): self = node.integer.map { .integer($0) } ?? .decimal(text)
    case .string(let text): self = .string(text)
    case .list(let items): self = .list(items.compactMap { Value($0, depth: depth + 1) })
    case .mapping(let entries):
      self = .record(
        entries.compactMap { entry in Value(entry.value, depth: depth + 1).map { Field(entry.key, $0) } })
    }
  }
}
