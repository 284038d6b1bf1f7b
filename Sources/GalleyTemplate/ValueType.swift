package import GalleySource

/// The type of a variable, a parameter or a field.
package indirect enum ValueType: Hashable, Sendable {
  case string
  case integer
  /// A decimal number that the service has formatted; in data a text or a number.
  case decimal
  case boolean
  /// An amount that the service has formatted; in data a text.
  case money(currency: String?)
  /// An ISO 8601 date, or a text that the service has formatted.
  case date
  case datetime
  /// A whole URL.
  case url
  /// A piece of a URL's path or query, which is percent-encoded where it is printed.
  case urlPart
  case email
  case color
  /// Trusted markup.
  case html
  /// One of a few texts.
  case enumeration([String])
  case list(ValueType)
  case record(RecordType)
  /// The type of an erroneous expression; it fits everywhere and causes no further complaint.
  case invalid
}

/// A record: a set of declared fields.
package struct RecordType: Hashable, Sendable {
  /// The name in `galley.yml`, or nil for one that is written in place.
  package var name: String?
  package var fields: [Declaration]

  package init(name: String?, fields: [Declaration]) {
    self.name = name
    self.fields = fields
  }

  /// The field with the given name.
  package func field(_ name: String) -> Declaration? { fields.first { $0.name == name } }
}

/// The declaration of a variable, a parameter or a field.
package struct Declaration: Hashable, Sendable {
  package var name: String
  package var type: ValueType
  /// Whether the value may be absent. A value with a default is not optional to those who print it.
  package var isOptional: Bool
  package var defaultValue: Value?
  package var example: Value?
  package var description: String?
  /// Where the name is declared.
  package var range: SourceRange

  package init(
    name: String, type: ValueType, isOptional: Bool = false, defaultValue: Value? = nil, example: Value? = nil,
    description: String? = nil, range: SourceRange
  ) {
    self.name = name
    self.type = type
    self.isOptional = isOptional
    self.defaultValue = defaultValue
    self.example = example
    self.description = description
    self.range = range
  }
}

extension ValueType {
  /// The name in an author's words, without an article.
  package var name: String {
    switch self {
    case .string: "string"
    case .integer: "integer"
    case .decimal: "decimal"
    case .boolean: "boolean"
    case .money: "money"
    case .date: "date"
    case .datetime: "datetime"
    case .url: "url"
    case .urlPart: "urlPart"
    case .email: "email"
    case .color: "color"
    case .html: "html"
    case .enumeration: "enumeration"
    case .list(let element): "list of \(element.name)"
    case .record(let record): record.name ?? "record"
    case .invalid: "unknown"
    }
  }
}
