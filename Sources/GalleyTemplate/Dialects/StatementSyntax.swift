/// How a dialect of statements around expressions writes each construct.
///
/// In a pattern, `$0` stands for the operand and `$1` for the second operand or a name.
package struct StatementSyntax: Sendable, Hashable {
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

  /// How conditions are put together.
  package enum Conditions: Sendable, Hashable {
    /// From expressions, with operators and parentheses.
    case expressions
    /// From the truth of each type, with `and` and `or` that have no parentheses and bind to the right.
    case flat
  }

  /// How a text is written as a literal.
  package enum Quoting: Sendable, Hashable {
    /// In single quotation marks, with backslashes before what would end it.
    case escaped
    /// In either quotation marks, without any way to write what would end it.
    case plain
    /// As Go has it: in backquotes, or with escapes in double quotation marks.
    case backquoted
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
  /// Whether a loop over a list that is absent does nothing; else it fails.
  package var loopsOverNothing = true
  /// Gives `$0` the name `$1`; nil where the positions of outer loops can be named from within.
  package var assign: String?
  /// The position in the loop whose item is `$0` and whose list is `$1`.
  package var index: Form
  package var isFirst: Form
  package var isLast: Form
  /// A variable of the template.
  package var variable = "$0"
  /// The item of a loop.
  package var item = "$0"
  package var field: Form
  /// A field whose name can't stand in `field`; `$1` is a literal.
  package var quotedField: Form
  /// Names that `field` would take for something else.
  package var quotedFieldNames: Set<String>
  package var conditions = Conditions.expressions
  package var quoting = Quoting.escaped
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
  /// Whether there is no `fallback` that would keep a 0.
  package var fallsBackForTextsOnly = false
  /// How an expression is escaped; a missing one is left as it is.
  package var escapings: [Escaping: Form]
  package var trueName: String
  package var falseName: String
  package var nullName: String
  /// The remainder of `$0` divided by `$1`; where it is nil there is none.
  package var remainder: Form?
}
