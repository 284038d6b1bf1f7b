/// A condition as a formula over what an engine can decide at once, with negations at the leaves.
///
/// Engines without operators, and those that differ in what is true, are written from this form.
indirect enum SendCondition {
  /// Decided already.
  case constant(Bool)
  /// Whether a value is truthy, as `Value.isTruthy` says; or that it is not.
  case truth(SendExpression, Bool)
  /// Whether a value is there at all; or that it is not.
  case presence(SendExpression, Bool)
  /// A comparison.
  case comparison(SendExpression.Comparison, SendExpression, SendExpression)
  /// Whether all hold; there are at least two.
  case all([SendCondition])
  /// Whether one holds; there are at least two.
  case any([SendCondition])
  /// What has no such form.
  case lack(Lack)

  /// The formula for an expression, or for its opposite.
  init(_ expression: SendExpression, isTrue: Bool = true, _ types: SendTypes) {
    switch expression {
    case .variable, .item, .field, .isFirst, .isLast, .index, .remainder: self = .truth(expression, isTrue)
    case .literal(let value): self = .constant(value.isTruthy == isTrue)
    case .not(let operand): self = SendCondition(operand, isTrue: !isTrue, types)
    case .and(let operands): self = .joined(operands.map { SendCondition($0, isTrue: isTrue, types) }, isAll: isTrue)
    case .or(let operands): self = .joined(operands.map { SendCondition($0, isTrue: isTrue, types) }, isAll: !isTrue)
    case .isPresent(let operand):
      if case .record? = types.entry(of: operand)?.type {
        self = .truth(operand, isTrue)
      } else {
        self = .presence(operand, isTrue)
      }
    case .compare(let comparison, let a, let b):
      self = .comparing(isTrue ? comparison : comparison.opposite, a, b, types)
    case .fallback: self = .choosing(expression.choices, isTrue, types)
    }
  }

  /// Whether it is decided at once, without `and` and `or`.
  var isSimple: Bool {
    switch self {
    case .all, .any: false
    default: true
    }
  }

  /// Joins conditions, leaving out what is decided and flattening what is of one kind.
  static func joined(_ operands: [SendCondition], isAll: Bool) -> SendCondition {
    var rest: [SendCondition] = []
    for operand in operands {
      switch operand {
      case .constant(let value):
        if value != isAll { return operand }
      case .all(let inner) where isAll: rest += inner
      case .any(let inner) where !isAll: rest += inner
      default: rest.append(operand)
      }
    }
    guard let first = rest.first else { return .constant(isAll) }
    return rest.count == 1 ? first : isAll ? .all(rest) : .any(rest)
  }

  /// A comparison; one of a truth value with `true` or `false` is the value itself.
  private static func comparing(
    _ comparison: SendExpression.Comparison, _ a: SendExpression, _ b: SendExpression, _ types: SendTypes
  ) -> SendCondition {
    if case .literal(.boolean(let value)) = b, let entry = types.entry(of: a), entry.type == .boolean,
      comparison == .equal || comparison == .notEqual, value || !entry.isOptional
    {
      return SendCondition(a, isTrue: value == (comparison == .equal), types)
    }
    if case .literal(.boolean) = a { return comparing(comparison.mirrored, b, a, types) }
    return .comparison(comparison, a, b)
  }

  /// The truth of the first of several texts that is not empty.
  private static func choosing(_ choices: [SendExpression], _ isTrue: Bool, _ types: SendTypes) -> SendCondition {
    guard choices.dropLast().allSatisfy({ types.entry(of: $0)?.type.isTextual ?? false }) else {
      return .lack(Lack(ability: .logic, name: "fallback values in conditions"))
    }
    return joined(choices.map { SendCondition($0, isTrue: isTrue, types) }, isAll: !isTrue)
  }
}

extension SendExpression.Comparison {
  /// What holds where this one does not.
  var opposite: Self {
    switch self {
    case .equal: .notEqual
    case .notEqual: .equal
    case .less: .greaterOrEqual
    case .lessOrEqual: .greater
    case .greater: .lessOrEqual
    case .greaterOrEqual: .less
    }
  }

  /// The same with the operands the other way round.
  var mirrored: Self {
    switch self {
    case .equal, .notEqual: self
    case .less: .greater
    case .lessOrEqual: .greaterOrEqual
    case .greater: .less
    case .greaterOrEqual: .lessOrEqual
    }
  }
}
