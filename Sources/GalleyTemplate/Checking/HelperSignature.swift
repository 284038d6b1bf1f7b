/// What a helper takes and gives.
package struct HelperSignature: Sendable, Hashable {
  /// How the arguments of a helper are checked.
  package enum Rule: Sendable, Hashable {
    /// A message: its key, and values by name.
    case message
    /// Two values that can be equal.
    case equality
    /// Two numbers.
    case order
    /// Conditions.
    case logic
    /// A value that may be absent, and what stands in for it.
    case fallback
    /// A list of printable values, and what stands between them.
    case join
    /// A printable value, and how to write it.
    case format
    /// The path of a file of the site.
    case asset
  }

  /// The name in templates.
  package let name: String
  /// How many arguments without a name it takes.
  package let arity: ClosedRange<Int>
  /// Whether it takes named arguments.
  package let takesNamed: Bool
  package let rule: Rule
  /// A call of it, as an example.
  package let example: String

  /// All helpers.
  package static let all: [HelperSignature] = [
    HelperSignature(
      name: "t", arity: 1...1, takesNamed: true, rule: .message, example: "t \"order.title\" order=orderId"),
    HelperSignature(name: "eq", arity: 2...2, takesNamed: false, rule: .equality, example: "eq status \"PAID\""),
    HelperSignature(name: "ne", arity: 2...2, takesNamed: false, rule: .equality, example: "ne status \"PAID\""),
    HelperSignature(name: "lt", arity: 2...2, takesNamed: false, rule: .order, example: "lt quantity 10"),
    HelperSignature(name: "le", arity: 2...2, takesNamed: false, rule: .order, example: "le quantity 10"),
    HelperSignature(name: "gt", arity: 2...2, takesNamed: false, rule: .order, example: "gt quantity 1"),
    HelperSignature(name: "ge", arity: 2...2, takesNamed: false, rule: .order, example: "ge quantity 1"),
    HelperSignature(name: "and", arity: 2...64, takesNamed: false, rule: .logic, example: "and discount campaign"),
    HelperSignature(name: "or", arity: 2...64, takesNamed: false, rule: .logic, example: "or discount campaign"),
    HelperSignature(name: "not", arity: 1...1, takesNamed: false, rule: .logic, example: "not discount"),
    HelperSignature(name: "default", arity: 2...2, takesNamed: false, rule: .fallback, example: "default name \"you\""),
    HelperSignature(name: "join", arity: 2...2, takesNamed: false, rule: .join, example: "join tags \", \""),
    HelperSignature(
      name: "format", arity: 1...2, takesNamed: true, rule: .format,
      example: "format data.launch date=\"long\""),
    HelperSignature(name: "asset", arity: 1...1, takesNamed: false, rule: .asset, example: "asset \"images/logo.png\""),
  ]

  /// The helper with the given name.
  package static func named(_ name: String) -> HelperSignature? { all.first { $0.name == name } }
}
