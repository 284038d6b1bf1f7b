import GalleySource

/// The names of types: ours, and those of other languages.
enum TypeNames {
  /// The built-in type of a name, or nil where there is none; one that needs more than its name is invalid.
  static func type(_ name: String) -> ValueType? {
    switch name {
    case "string": .string
    case "integer": .integer
    case "decimal": .decimal
    case "boolean": .boolean
    case "money": .money(currency: nil)
    case "date": .date
    case "datetime": .datetime
    case "url": .url
    case "urlPart": .urlPart
    case "email": .email
    case "color": .color
    case "html": .html
    case "list", "record", "enumeration": .invalid
    default: nil
    }
  }

  /// The built-in types, for suggestions.
  static let builtin = [
    "string", "integer", "decimal", "boolean", "money", "date", "datetime", "url", "urlPart", "email", "color", "html",
    "list", "record", "enumeration",
  ]

  /// Names of types elsewhere, with ours.
  static let foreign = [
    "text": "string", "str": "string", "int": "integer", "number": "integer", "float": "decimal", "double": "decimal",
    "bool": "boolean", "array": "list", "object": "record", "mapping": "record", "link": "url", "uri": "url",
    "enum": "enumeration", "amount": "money", "time": "datetime", "timestamp": "datetime", "colour": "color",
    "markup": "html",
  ]

  /// What older YAML takes for a truth value.
  static let truthValues = ["yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"]

  /// How a type that needs more than its name is written.
  static func example(_ type: String) -> String {
    switch type {
    case "list": "write '{type: list, of: string}'"
    case "record": "write '{type: record, fields: {name: string}}'"
    default: "write '[ONE, OTHER]'"
    }
  }
}

/// Names that no variable or parameter may have.
enum DeclaredNames {
  /// The values that exist in each template.
  static let globals = ["site", "env", "locale", "data", "mail"]
  static let reserved = Set(globals + ["this", "true", "false", "null", "undefined", "else", "as"])
}

extension DataNode {
  /// The fix that makes a text of a number or a truth value.
  var quotingFixes: [FixIt] {
    let text: String
    switch kind {
    case .number(let spelling): text = spelling
    case .boolean(let value): text = value ? "true" : "false"
    default: return []
    }
    return [FixIt("put it in quotes", isSafe: false, edits: [SourceEdit(range, "'\(text)'")])]
  }
}
