package import GalleyTemplate

/// The contract of a template's variables as JSON Schema, draft 2020-12.
///
/// The type in Galley's words stands in `x-galley-type`, since several types are texts in data. What may be missing may be
/// null as well. Spec: https://json-schema.org/draft/2020-12.
package struct VariableSchema {
  /// Who reads the schema.
  package enum Form: Sendable {
    /// A service that checks data while it sends. It may be ahead of the mail that is published, so it may supply more
    /// than is declared; each record is written where it stands.
    case bundle
    /// A service that is tested before it is deployed. What is not declared is refused, since it is a slip; records of
    /// `galley.yml` stand under `$defs`.
    case contract
  }

  private let form: Form
  /// The records that have a name, as far as they were met.
  private var definitions: [String: JSONValue] = [:]

  /// The schema of all variables of a template.
  package static func schema(of variables: [Declaration], form: Form = .bundle) -> JSONValue {
    var schema = VariableSchema(form: form)
    var members = schema.object(variables)
    members["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    if !schema.definitions.isEmpty { members["$defs"] = .object(schema.definitions) }
    return .object(members)
  }

  private init(form: Form) { self.form = form }

  private mutating func object(_ fields: [Declaration]) -> [String: JSONValue] {
    let required = fields.filter { !$0.isOptional && $0.defaultValue == nil }.map(\.name).sorted(by: bytewise)
    var properties: [String: JSONValue] = [:]
    for field in fields where properties[field.name] == nil { properties[field.name] = schema(of: field) }
    var members: [String: JSONValue] = [
      "type": "object", "required": .array(required.map { .string($0) }), "properties": .object(properties),
    ]
    if form == .contract { members["additionalProperties"] = .boolean(false) }
    return members
  }

  private mutating func schema(of declaration: Declaration) -> JSONValue {
    var members = schema(of: declaration.type)
    if declaration.isOptional || declaration.defaultValue != nil { members = Self.orNull(members) }
    if let description = declaration.description { members["description"] = .string(description) }
    if let value = declaration.defaultValue { members["default"] = JSONValue(value) }
    if let value = declaration.example { members["examples"] = [JSONValue(value)] }
    return .object(members)
  }

  /// The schema with null allowed beside what it allows.
  private static func orNull(_ members: [String: JSONValue]) -> [String: JSONValue] {
    guard members["$ref"] == nil else { return ["anyOf": [.object(members), ["type": "null"]]] }
    var members = members
    switch members["type"] {
    case .array(let types)?: members["type"] = .array(types + ["null"])
    case let type?: members["type"] = [type, "null"]
    case nil: break
    }
    if case .array(let values)? = members["enum"] { members["enum"] = .array(values + [.null]) }
    return members
  }

  private mutating func schema(of type: ValueType) -> [String: JSONValue] {
    switch type {
    case .string: return ["type": "string", "x-galley-type": "string"]
    case .integer: return ["type": "integer", "x-galley-type": "integer"]
    case .boolean: return ["type": "boolean", "x-galley-type": "boolean"]
    case .decimal: return ["type": ["string", "number"], "x-galley-type": "decimal"]
    case .money(let currency):
      let money: [String: JSONValue] = ["type": "string", "x-galley-type": "money"]
      return currency.map { money.merging(["x-galley-currency": .string($0)]) { $1 } } ?? money
    case .url:
      return ["type": "string", "format": "uri", "pattern": .string(Self.urlPattern), "x-galley-type": "url"]
    case .email:
      return ["type": "string", "format": "email", "pattern": "^[^@]+@[^@]+$", "x-galley-type": "email"]
    case .color:
      return ["type": "string", "pattern": .string(Self.colorPattern), "x-galley-type": "color"]
    case .date, .datetime, .urlPart, .html, .invalid:
      return ["type": "string", "x-galley-type": .string(type.name)]
    case .enumeration(let values):
      return ["type": "string", "enum": .array(values.map { .string($0) }), "x-galley-type": "enumeration"]
    case .list(let element):
      return ["type": "array", "items": .object(schema(of: element)), "x-galley-type": "list"]
    case .record(let record): return schema(of: record)
    }
  }

  private mutating func schema(of record: RecordType) -> [String: JSONValue] {
    if form == .contract, let name = record.name {
      if definitions[name] == nil {
        // A type can't hold itself, so no other way leads here before the definition is whole.
        var members = object(record.fields)
        members["x-galley-type"] = "record"
        definitions[name] = .object(members)
      }
      return ["$ref": .string("#/$defs/\(name)")]
    }
    var members = object(record.fields)
    members["x-galley-type"] = "record"
    if let name = record.name { members["title"] = .string(name) }
    return members
  }

  /// The addresses that a mail may lead to, in the dialect of regular expressions that all validators share.
  package static let urlPattern =
    "^([Hh][Tt][Tt][Pp][Ss]?|[Mm][Aa][Ii][Ll][Tt][Oo]|[Tt][Ee][Ll]|[Ss][Mm][Ss]|[Cc][Ii][Dd]):[^\\u0000-\\u0020]+$"
  /// `#rgb`, `#rgba`, `#rrggbb`, `#rrggbbaa` or a name.
  package static let colorPattern = "^(#([0-9A-Fa-f]{3}|[0-9A-Fa-f]{4}|[0-9A-Fa-f]{6}|[0-9A-Fa-f]{8})|[A-Za-z]{3,30})$"
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
