package import GalleySource

// Which types fit where.
extension ValueType {
  /// Whether the type has a written form.
  package var isPrintable: Bool {
    switch self {
    case .boolean, .list, .record: false
    default: true
    }
  }

  /// The name with its article: "a string", "an integer", "a list of LineItem".
  package var described: String {
    let isVowel = name.utf8.first.map { "aeioAEIO".utf8.contains($0) } ?? false
    return switch self {
    case .html: "markup"
    case .money: "an amount of money"
    case .record(let record) where record.name != nil: "the record '\(name)'"
    case .decimal, .string, .boolean, .url, .urlPart, .date, .datetime, .color, .list, .record: "a \(name)"
    default: (isVowel ? "an " : "a ") + name
    }
  }

  /// Whether a value of this type can stand where one of `other` is expected.
  ///
  /// What prints like a text is a text; a text is not a URL because somebody says so.
  package func fits(_ other: ValueType) -> Bool {
    switch (self, other) {
    case (.invalid, _), (_, .invalid): true
    case (.string, .string), (.integer, .integer), (.decimal, .decimal), (.boolean, .boolean), (.date, .date): true
    case (.datetime, .datetime), (.url, .url), (.urlPart, .urlPart), (.email, .email), (.color, .color): true
    case (.html, .html), (.integer, .decimal): true
    case (.money(let a), .money(let b)): a == nil || b == nil || a == b
    case (.html, .string), (.boolean, .string), (.list, .string), (.record, .string): false
    case (_, .string): true
    case (.html, .urlPart), (.boolean, .urlPart), (.list, .urlPart), (.record, .urlPart), (.url, .urlPart): false
    case (_, .urlPart): true
    case (.enumeration(let a), .enumeration(let b)): Set(a).isSubset(of: b)
    case (.list(let a), .list(let b)): a.fits(b)
    case (.record(let a), .record(let b)): a.fits(b)
    default: false
    }
  }

  /// Whether it is a list.
  var isList: Bool { if case .list = self { true } else { false } }

  /// What keeps a value of this type from standing where one of `other` is expected, where the names of the types do
  /// not say it.
  func obstacle(to other: ValueType) -> String? {
    switch (self, other) {
    case (.enumeration(let own), .enumeration(let taken)):
      own.first { !taken.contains($0) }.map { "it may be '\($0)', which is not taken here" }
    case (_, .enumeration(let taken)):
      "the values are " + taken.prefix(20).map { "'\($0)'" }.joined(separator: ", ") + (taken.count > 20 ? ", …" : "")
    case (.money(let own?), .money(let taken?)) where own != taken: "it is in \(own), and \(taken) is expected"
    case (.list(let own), .list(let taken)): own.obstacle(to: taken).map { "of its items: \($0)" }
    case (.record(let own), .record(let taken)): own.obstacle(to: taken)
    default: nil
    }
  }

  /// The kind of comparison that a value takes part in, or nil for none.
  var family: Family? {
    switch self {
    case .integer: .number
    case .decimal: .decimal
    case .boolean: .boolean
    case .list, .record, .html: nil
    case .invalid: .any
    default: .text
    }
  }

  enum Family {
    case number, decimal, text, boolean, any

    /// Whether values of both families can be equal.
    func meets(_ other: Family) -> Bool {
      if self == .any || other == .any || self == other { return true }
      return self == .decimal && other != .boolean || other == .decimal && self != .boolean
    }
  }

  /// The type of a known value, as far as it shows.
  ///
  /// A text that is a URL or a color is of that type; both are texts as well.
  package init(inferring node: DataNode) { self.init(inferring: node, depth: 0) }

  private init(inferring node: DataNode, depth: Int) {
    switch node.kind {
    case .null: self = .string
    case .boolean: self = .boolean
    case .number: self = node.integer == nil ? .decimal : .integer
    case .string(let text): self.init(inferring: text)
    case .list(let items) where depth < 32:
      self = .list(
        items.dropFirst().reduce(items.first.map { ValueType(inferring: $0, depth: depth + 1) } ?? .invalid) {
          ValueType.common($0, ValueType(inferring: $1, depth: depth + 1))
        })
    case .mapping(let entries) where depth < 32:
      self = .record(
        RecordType(
          name: nil,
          fields: entries.map {
            Declaration(
              name: $0.key, type: ValueType(inferring: $0.value, depth: depth + 1), isOptional: $0.value.kind == .null,
              range: $0.keyRange)
          }))
    case .list, .mapping: self = .invalid
    }
  }

  /// The type of a known text.
  package init(inferring text: String) {
    if let scheme = ValueRules.scheme(of: text), ValueRules.schemes.contains(scheme), !text.utf8.contains(0x20) {
      self = .url
    } else if text.utf8.first == UInt8(ascii: "#"), ValueRules.isColor(text) {
      self = .color
    } else if ValueRules.fault(of: text, as: .email) == nil, !text.utf8.contains(0x20) {
      self = .email
    } else {
      self = .string
    }
  }

  /// A type that values of both types have.
  static func common(_ a: ValueType, _ b: ValueType) -> ValueType {
    if a.fits(b) { return b == .invalid ? a : b }
    if b.fits(a) { return a == .invalid ? b : a }
    switch (a, b) {
    case (.record(let x), .record(let y)): return .record(x.merged(y))
    case (.list(let x), .list(let y)): return .list(common(x, y))
    default: return a.fits(.string) && b.fits(.string) ? .string : .invalid
    }
  }
}

extension RecordType {
  /// Whether a record of this type has what one of `other` promises.
  func fits(_ other: RecordType) -> Bool {
    if let name, name == other.name { return true }
    var mine: [String: Declaration] = [:]
    for field in fields { mine[field.name] = field }
    return other.fields.allSatisfy { wanted in
      guard let field = mine[wanted.name] else { return wanted.mayBeAbsent || wanted.defaultValue != nil }
      return field.type.fits(wanted.type) && (!field.mayBeAbsent || wanted.mayBeAbsent || wanted.defaultValue != nil)
    }
  }

  /// The first field that is missing or does not fit.
  func obstacle(to other: RecordType) -> String? {
    for wanted in other.fields {
      let isNeeded = !wanted.mayBeAbsent && wanted.defaultValue == nil
      guard let field = field(wanted.name) else {
        if isNeeded { return "it has no field '\(wanted.name)'" }
        continue
      }
      if !field.type.fits(wanted.type) {
        let cause = field.type.obstacle(to: wanted.type).map { ": \($0)" } ?? ""
        return "its field '\(wanted.name)' is \(field.type.described), not \(wanted.type.described)\(cause)"
      }
      if field.mayBeAbsent, isNeeded { return "its field '\(wanted.name)' may be absent" }
    }
    return nil
  }

  /// The fields of both; one that is in one of them alone is optional.
  package func merged(_ other: RecordType) -> RecordType {
    var result: [Declaration] = []
    var theirs: [String: Declaration] = [:]
    for field in other.fields { theirs[field.name] = field }
    for var field in fields {
      if let twin = theirs.removeValue(forKey: field.name) {
        field.type = ValueType.common(field.type, twin.type)
        field.isOptional = field.isOptional || twin.isOptional
      } else {
        field.isOptional = true
      }
      result.append(field)
    }
    for var field in other.fields where theirs[field.name] != nil {
      field.isOptional = true
      result.append(field)
    }
    return RecordType(name: name == other.name ? name : nil, fields: result)
  }
}

extension Declaration {
  /// Whether those who print the value must reckon with its absence.
  package var mayBeAbsent: Bool { isOptional && defaultValue == nil }
}
