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
  /// Whether all operands are truthy; there are at least two.
  case and([SendExpression])
  /// Whether one of the operands is truthy; there are at least two.
  case or([SendExpression])
  /// Whether the operand is not truthy.
  case not(SendExpression)
  /// Whether a record, or a number, is there at all; truthiness would not do.
  case isPresent(SendExpression)
  /// The first operand, or the second where the first is absent or an empty text.
  case fallback(SendExpression, SendExpression)
  /// The remainder of an integer divided by a known one, which is more than 1; it is never negative.
  case remainder(SendExpression, Int)

  /// How two values are compared.
  package enum Comparison: String, Hashable, Sendable {
    case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual
  }

  /// A loop that the sender runs; `id` is unique in its text, `name` is what the item is called in the output.
  package struct Loop: Hashable, Sendable {
    /// A number that no other loop of the text has.
    package var id: Int
    /// The name of the item.
    package var name: String

    /// Makes a loop.
    package init(id: Int, name: String) {
      self.id = id
      self.name = name
    }
  }
}

extension SendExpression {
  /// The variable or the loop's item that a path starts from, or nil for what is no path.
  var pathRoot: SendExpression? {
    switch self {
    case .variable, .item: self
    case .field(let record, _): record.pathRoot
    default: nil
    }
  }

  /// Calls `visit` with this expression and all within it, outermost first.
  func forEach(_ visit: (SendExpression) -> Void) {
    visit(self)
    switch self {
    case .variable, .item, .index, .isFirst, .isLast, .literal: break
    case .field(let operand, _), .not(let operand), .isPresent(let operand), .remainder(let operand, _):
      operand.forEach(visit)
    case .compare(_, let a, let b), .fallback(let a, let b):
      a.forEach(visit)
      b.forEach(visit)
    case .and(let operands), .or(let operands): for operand in operands { operand.forEach(visit) }
    }
  }
}
