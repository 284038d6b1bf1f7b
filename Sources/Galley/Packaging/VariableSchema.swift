package import GalleyTemplate

/// The contract of a template's variables as JSON Schema, draft 2020-12.
///
/// A service may supply more than is declared. The type in Galley's words stands in `x-galley-type`, since several
/// types are texts in data. Spec: https://json-schema.org/draft/2020-12.
package enum VariableSchema {
  /// The schema of all variables of a template.
  package static func schema(of variables: [Declaration]) -> JSONValue {
    guard case .object(var members) = object(variables) else { return .object([:]) }
    members["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return .object(members)
  }

  private static func object(_ fields: [Declaration]) -> JSONValue {
    let required = fields.filter { !$0.isOptional && $0.defaultValue == nil }.map(\.name).sorted(by: bytewise)
    let properties = fields.map { ($0.name, schema(of: $0)) }
    return [
      "type": "object", "required": .array(required.map { .string($0) }),
      "properties": .object(Dictionary(properties, uniquingKeysWith: { first, _ in first })),
    ]
  }

  private static func schema(of declaration: Declaration) -> JSONValue {
    guard case .object(var members) = schema(of: declaration.type) else { return .object([:]) }
    if let description = declaration.description { members["description"] = .string(description) }
    if let value = declaration.defaultValue { members["default"] = JSONValue(value) }
    if let value = declaration.example { members["examples"] = [JSONValue(value)] }
    return .object(members)
  }

  private static func schema(of type: ValueType) -> JSONValue {
    switch type {
    case .string: return ["type": "string", "x-galley-type": "string"]
    case .integer: return ["type": "integer", "x-galley-type": "integer"]
    case .boolean: return ["type": "boolean", "x-galley-type": "boolean"]
    case .decimal: return ["type": ["string", "number"], "x-galley-type": "decimal"]
    case .money(let currency):
      let money: [String: JSONValue] = ["type": "string", "x-galley-type": "money"]
      return .object(currency.map { money.merging(["x-galley-currency": .string($0)]) { $1 } } ?? money)
    case .url:
      return [
        "type": "string", "format": "uri", "pattern": "^(https?|mailto|tel|sms|cid):[^\\u0000-\\u0020]+$",
        "x-galley-type": "url",
      ]
    case .email: return ["type": "string", "format": "email", "x-galley-type": "email"]
    case .color:
      return [
        "type": "string", "pattern": "^(#([0-9A-Fa-f]{3,4}|[0-9A-Fa-f]{6}|[0-9A-Fa-f]{8})|[A-Za-z]+)$",
        "x-galley-type": "color",
      ]
    case .date, .datetime, .urlPart, .html, .invalid:
      return ["type": "string", "x-galley-type": .string(type.name)]
    case .enumeration(let values):
      return ["type": "string", "enum": .array(values.map { .string($0) }), "x-galley-type": "enumeration"]
    case .list(let element): return ["type": "array", "items": schema(of: element), "x-galley-type": "list"]
    case .record(let record):
      guard case .object(var members) = object(record.fields) else { return .object([:]) }
      members["x-galley-type"] = "record"
      if let name = record.name { members["title"] = .string(name) }
      return .object(members)
    }
  }
}

extension JSONValue {
  /// Makes the JSON of a known value; a decimal number becomes a number, in its digits.
  package init(_ value: GalleyTemplate.Value) {
    switch value {
    case .null: self = .null
    case .boolean(let value): self = .boolean(value)
    case .integer(let value): self = .integer(value)
    case .decimal(let spelling): self = JSONValue.number(spelled: spelling)
    case .string(let text): self = .string(text)
    case .list(let items): self = .array(items.map(JSONValue.init))
    case .record(let fields):
      let members = fields.map { ($0.name, JSONValue($0.value)) }
      self = .object(Dictionary(members, uniquingKeysWith: { first, _ in first }))
    }
  }
}
