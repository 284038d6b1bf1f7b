/// An expression that is left for the sender, because it depends on a value known only when the mail is sent.
package indirect enum SendExpression: Hashable, Sendable {
  /// A declared variable of the template.
  case variable(String)
  /// The item of a loop.
  case item(Loop)
  /// A field of a record.
  case field(SendExpression, String)
  /// The position in a loop, from 0.
  case index(Loop)
  /// Whether a loop is at its first item.
  case isFirst(Loop)
  /// Whether a loop is at its last item.
  case isLast(Loop)
  /// A known value that takes part.
  case literal(Value)
  /// A comparison.
  case compare(Comparison, SendExpression, SendExpression)
  case and([SendExpression])
  case or([SendExpression])
  case not(SendExpression)
  /// Whether a record, or a number, is there at all; truthiness would not do.
  case isPresent(SendExpression)
  /// The first operand, or the second where the first is absent or an empty text.
  case fallback(SendExpression, SendExpression)

  /// How two values are compared.
  package enum Comparison: String, Hashable, Sendable { case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual }

  /// A loop that the sender runs; `id` is unique in its text, `name` is what the item is called in the output.
  package struct Loop: Hashable, Sendable {
    package var id: Int
    package var name: String

    package init(id: Int, name: String) {
      self.id = id
      self.name = name
    }
  }
}
