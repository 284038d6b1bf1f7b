import GalleyTemplate

/// Sketches a sample of a template that has none, for its author to fill in.
enum SampleSketch {
  /// More than this is not worth reading in a message.
  private static let limit = 400

  /// A file of samples with one, called `default`, which fits the declarations; nil where it would be too long.
  static func file(for declarations: [Declaration]) -> String? {
    let bytes = JSONWriter.write(.object(["default": object(declarations, depth: 0)]), .compact)
    return bytes.count > limit ? nil : String(decoding: bytes, as: UTF8.self)
  }

  private static func object(_ declarations: [Declaration], depth: Int) -> JSONValue {
    var fields: [String: JSONValue] = [:]
    for declaration in declarations where !declaration.isOptional && declaration.defaultValue == nil {
      fields[declaration.name] = declaration.example.map(JSONValue.init) ?? value(declaration.type, depth: depth)
    }
    return .object(fields)
  }

  private static func value(_ type: ValueType, depth: Int) -> JSONValue {
    switch type {
    case .string, .urlPart, .invalid: "text"
    case .integer: .integer(1)
    case .decimal, .money: "1.00"
    case .boolean: .boolean(true)
    case .date: "2026-01-31"
    case .datetime: "2026-01-31T12:00"
    case .url: "https://example.com/"
    case .email: "name@example.com"
    case .color: "#336699"
    case .html: "<b>text</b>"
    case .enumeration(let values): .string(values.first ?? "")
    case .list(let element): .array(depth < 4 ? [value(element, depth: depth + 1)] : [])
    case .record(let record): object(record.fields, depth: depth + 1)
    }
  }
}
