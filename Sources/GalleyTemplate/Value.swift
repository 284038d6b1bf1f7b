/// A value that is known: from `galley.yml`, an argument, a loop over these, or a sample.
package indirect enum Value: Hashable, Sendable {
  case null
  case boolean(Bool)
  case integer(Int)
  /// A decimal number in its spelling, which is kept.
  case decimal(String)
  case string(String)
  case list([Value])
  /// Fields in the order of writing; names are unique.
  case record([Field])

  /// A named value of a record.
  package struct Field: Hashable, Sendable {
    package var name: String
    package var value: Value

    package init(_ name: String, _ value: Value) {
      self.name = name
      self.value = value
    }
  }

  /// The value of a field of a record, or nil.
  package subscript(name: String) -> Value? {
    guard case .record(let fields) = self else { return nil }
    return fields.first { $0.name == name }?.value
  }

  /// Whether `{{#if}}` takes its first branch: not for nothing, `false`, 0, an empty text and an empty list.
  package var isTruthy: Bool {
    switch self {
    case .null: false
    case .boolean(let value): value
    case .integer(let value): value != 0
    case .decimal(let text): text.utf8.contains { (0x31...0x39).contains($0) }
    case .string(let text): !text.isEmpty
    case .list(let items): !items.isEmpty
    case .record: true
    }
  }

  /// How the value is printed, or nil for what has no printed form: nothing, booleans, lists, records.
  package var text: String? {
    switch self {
    case .integer(let value): String(value)
    case .decimal(let text), .string(let text): text
    case .null, .boolean, .list, .record: nil
    }
  }
}
