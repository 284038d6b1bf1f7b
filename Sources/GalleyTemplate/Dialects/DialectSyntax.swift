/// How a dialect writes each construct.
///
/// In a pattern, `$0` stands for the operand and `$1` for the second operand or a name.
package struct DialectSyntax: Sendable, Hashable {
  /// How tightly an expression holds together; what is looser than its place asks for is put in parentheses.
  package enum Level: Int, Comparable, Sendable, Hashable {
    case choice, or, and, not, comparison, filter, primary

    /// Orders from the loosest to the tightest.
    package static func < (a: Level, b: Level) -> Bool { a.rawValue < b.rawValue }
  }

  /// How one kind of expression is written.
  package struct Form: Sendable, Hashable {
    /// The pattern.
    package var pattern: String
    /// How tightly the whole holds together.
    package var level: Level
    /// How tightly an operand must hold together to need no parentheses.
    package var operand: Level

    /// Makes a form.
    package init(_ pattern: String, _ level: Level, operand: Level) {
      self.pattern = pattern
      self.level = level
      self.operand = operand
    }
  }

  /// Prints an expression.
  package var output: String
  package var beginIf: String
  package var elseIf: String
  package var otherwise: String
  package var endIf: String
  /// Begins a loop over `$0` whose item is `$1`.
  package var beginEach: String
  package var otherwiseEach: String
  package var endEach: String
  /// Gives `$0` the name `$1`.
  package var assign: String
  package var index: String
  package var isFirst: String
  package var isLast: String
  package var field: Form
  /// A field whose name can't stand in `field`; `$1` is a literal.
  package var quotedField: Form
  /// Names that `field` would take for something else.
  package var quotedFieldNames: Set<String>
  package var comparisons: [SendExpression.Comparison: Form]
  package var and: Form
  package var or: Form
  package var not: Form
  /// Makes a plain truth value of an `and` or `or`, for where it is compared.
  package var truth: Form
  package var isPresent: Form
  /// The first operand unless it is falsy; for texts.
  package var textFallback: Form
  /// The first operand unless it is absent, nothing or an empty text; for any values.
  package var fallback: Form
  /// How an expression is escaped; a missing one is left as it is.
  package var escapings: [Escaping: Form]
  package var trueName: String
  package var falseName: String
  package var nullName: String
  /// The remainder of `$0` divided by `$1`; where it is nil there is none.
  package var remainder: Form?
}

extension DialectSyntax {
  /// The syntax of a dialect that knows plain variables alone.
  static func outputOnly(_ output: String) -> DialectSyntax {
    let none = Form("$0", .primary, operand: .primary)
    return DialectSyntax(
      output: output, beginIf: "", elseIf: "", otherwise: "", endIf: "", beginEach: "", otherwiseEach: "", endEach: "",
      assign: "", index: "", isFirst: "", isLast: "", field: Form("$0.$1", .primary, operand: .primary),
      quotedField: none, quotedFieldNames: [], comparisons: [:], and: none, or: none, not: none, truth: none,
      isPresent: none, textFallback: none, fallback: none, escapings: [:], trueName: "true", falseName: "false",
      nullName: "null")
  }
}
