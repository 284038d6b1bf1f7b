/// What the names in the expressions of a text stand for.
///
/// Dialects differ in what they take for true and in where they look a name up, so how an expression is spelled depends
/// on the declared type of what it names.
package struct SendTypes: Sendable {
  /// A type, and whether a value may be absent.
  package struct Entry: Sendable, Hashable {
    /// The type.
    package var type: ValueType
    /// Whether the value may be absent or nothing.
    package var isOptional: Bool

    /// Makes an entry.
    package init(_ type: ValueType, isOptional: Bool = false) {
      self.type = type
      self.isOptional = isOptional
    }
  }

  /// The variables of the template.
  package var variables: [String: Entry] = [:]
  /// The types of loops' items, by the loop's number.
  package var items: [Int: ValueType] = [:]

  /// Makes types of a template's variables.
  package init(_ variables: [Declaration] = []) {
    for declaration in variables {
      self.variables[declaration.name] = Entry(declaration.type, isOptional: declaration.canBeMissing)
    }
  }

  /// The type of what an expression is worth, or nil for what nobody has declared.
  package func entry(of expression: SendExpression) -> Entry? {
    switch expression {
    case .variable(let name): variables[name]
    case .item(let loop): items[loop.id].map { Entry($0) }
    case .field(let record, let name): field(name, of: record)
    case .index, .remainder: Entry(.integer)
    case .literal(let value): Self.entry(of: value)
    case .isFirst, .isLast, .compare, .and, .or, .not, .isPresent: Entry(.boolean)
    case .fallback(let first, let second):
      entry(of: first).map { Entry($0.type, isOptional: entry(of: second)?.isOptional ?? false) }
    }
  }

  private func field(_ name: String, of record: SendExpression) -> Entry? {
    guard let owner = entry(of: record), case .record(let type) = owner.type, let field = type.field(name) else {
      return nil
    }
    return Entry(field.type, isOptional: owner.isOptional || field.canBeMissing)
  }

  private static func entry(of value: Value) -> Entry? {
    switch value {
    case .boolean: Entry(.boolean)
    case .integer: Entry(.integer)
    case .decimal: Entry(.decimal)
    case .string: Entry(.string)
    case .null, .list, .record: nil
    }
  }
}

extension Declaration {
  /// Whether data need not hold the value; one with a default may be left out, too.
  var canBeMissing: Bool { isOptional || defaultValue != nil }
}
