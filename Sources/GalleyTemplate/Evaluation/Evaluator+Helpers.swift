import GalleySource

/// The built-in helpers, evaluated as far as their arguments are known.
extension Evaluator {
  /// What a condition has come to.
  enum Condition {
    case known(Bool, isData: Bool)
    case send(Residual.SendValue)
    case invalid
  }

  /// Expressions that are nested deeper, through the parameters of partials, are refused.
  private static let depthLimit = 128

  mutating func evaluate(_ call: Expression.Call, _ scope: Scope) -> Residual {
    switch call.name {
    case "t": return message(call, scope)
    case "default": return fallback(call, scope)
    case "join": return join(call, scope)
    case "format": return format(call, scope)
    case "asset": return asset(call, scope)
    default: break
    }
    let operands = call.positional.map { evaluate($0, scope) }
    switch call.name {
    case "and": return combine(operands, isAll: true, call, scope)
    case "or": return combine(operands, isAll: false, call, scope)
    case "not": return negated(condition(operands.first ?? .invalid), call, scope)
    case "eq": return compare(.equal, operands, call, scope)
    case "ne": return compare(.notEqual, operands, call, scope)
    case "lt": return compare(.less, operands, call, scope)
    case "le": return compare(.lessOrEqual, operands, call, scope)
    case "gt": return compare(.greater, operands, call, scope)
    case "ge": return compare(.greaterOrEqual, operands, call, scope)
    default: return .invalid
    }
  }

  // MARK: Conditions

  mutating func condition(_ value: Residual) -> Condition {
    switch value {
    case .known(let value, _, let isData): return .known(value.isTruthy, isData: isData)
    case .invalid: return .invalid
    case .pieces: return conditionOfPieces(value)
    case .send(let value):
      guard case .record = value.type else {
        var value = value
        value.expression = value.expression.asCondition
        // A text with a default is never empty.
        if case .fallback = value.expression,
          case .constant(let truth) = SendCondition(value.expression, text.text.types)
        {
          return .known(truth, isData: true)
        }
        return .send(value)
      }
      guard value.isOptional else { return .known(true, isData: true) }
      return .send(boolean(.isPresent(value.expression), depth: value.depth + 1))
    }
  }

  /// Pieces are truthy when one of them prints something.
  private mutating func conditionOfPieces(_ value: Residual) -> Condition {
    if value.hasKnownText { return .known(true, isData: false) }
    guard case .pieces(let pieces) = value else { return .invalid }
    var operands: [SendExpression] = []
    for piece in pieces {
      let part: Condition
      switch piece {
      case .text, .fragment: continue
      case .value(let value, _, _): part = condition(value)
      case .link(let link): part = condition(.pieces(link.content))
      case .choice(let first, _, let second, _, _):
        operands.append(first)
        part = condition(.pieces(second))
      }
      switch part {
      case .known(true, let isData): return .known(true, isData: isData)
      case .send(let operand): operands.append(operand.expression)
      case .known(false, _), .invalid: break
      }
    }
    guard let first = operands.first else { return .known(false, isData: false) }
    return .send(boolean(operands.count == 1 ? first : .or(operands), depth: 2))
  }

  private func boolean(_ expression: SendExpression, depth: Int) -> Residual.SendValue {
    Residual.SendValue(expression: expression, type: .boolean, isOptional: false, depth: depth)
  }

  func negated(_ condition: Condition) -> Condition {
    switch condition {
    case .known(let value, let isData): .known(!value, isData: isData)
    case .send(let value): .send(boolean(.not(value.expression), depth: value.depth + 1))
    case .invalid: .invalid
    }
  }

  private mutating func negated(_ condition: Condition, _ call: Expression.Call, _ scope: Scope) -> Residual {
    switch negated(condition) {
    case .known(let value, let isData): .truth(value, isData: isData)
    case .send(let value): checked(value, call, scope)
    case .invalid: .invalid
    }
  }

  /// The value, unless its expression has become too deep.
  private mutating func checked(
    _ value: Residual.SendValue, _ call: Expression.Call, _ scope: Scope
  ) -> Residual {
    guard value.depth > Self.depthLimit else { return .send(value) }
    report(
      .evaluationNesting, "this expression is nested more than \(Self.depthLimit) deep", at: call.range, scope.frame,
      help: ["pass plain values through partials, and combine them in one place"])
    return .invalid
  }

  private mutating func combine(
    _ operands: [Residual], isAll: Bool, _ call: Expression.Call, _ scope: Scope
  ) -> Residual {
    var rest: [SendExpression] = []
    var depth = 0
    var isData = false
    for operand in operands {
      switch condition(operand) {
      case .invalid: return .invalid
      case .known(let value, let isOperandData):
        isData = isData || isOperandData
        if value != isAll { return .truth(value, isData: isData) }
      case .send(let value):
        rest.append(value.expression)
        depth = max(depth, value.depth)
      }
    }
    guard let first = rest.first else { return .truth(isAll, isData: isData) }
    let expression = rest.count == 1 ? SendExpression.not(.not(first)) : isAll ? .and(rest) : .or(rest)
    return checked(boolean(expression.simplified, depth: depth + 2), call, scope)
  }

  // MARK: Comparison

  private mutating func compare(
    _ comparison: SendExpression.Comparison, _ operands: [Residual], _ call: Expression.Call, _ scope: Scope
  ) -> Residual {
    guard operands.count == 2 else { return .invalid }
    let (a, b) = (operands[0].folded, operands[1].folded)
    switch (a, b) {
    case (.invalid, _), (_, .invalid): return .invalid
    case (let value, .known(.string(""), _, false)) where comparison.isOfEquality && value.isText:
      return emptiness(of: value, comparison == .equal, call, scope)
    case (.known(.string(""), _, false), let value) where comparison.isOfEquality && value.isText:
      return emptiness(of: value, comparison == .equal, call, scope)
    case (.pieces, _), (_, .pieces): return refuseAtBuild(call, "compares a text that depends on a variable", scope)
    case (.known(let x, _, let isXData), .known(let y, _, let isYData)):
      return .truth(comparison.holds(x, y), isData: isXData || isYData)
    case (.send(let x), .known(.null, _, _)), (.known(.null, _, _), .send(let x)):
      return compareWithNothing(comparison, x, call, scope)
    case (.send(let x), .known(let y, _, _)): return compare(comparison, x, literal(y), call, scope)
    case (.known(let x, _, _), .send(let y)): return compare(comparison, literal(x), y, call, scope)
    case (.send(let x), .send(let y)): return compare(comparison, x, y, call, scope)
    }
  }

  /// Whether a text is empty, or not; one that is absent is.
  private mutating func emptiness(
    of value: Residual, _ isEmpty: Bool, _ call: Expression.Call, _ scope: Scope
  ) -> Residual {
    let filled: Condition =
      if case .send(let value) = value, value.type == .decimal {
        .send(
          boolean(
            .and([
              .isPresent(value.expression), .compare(.notEqual, value.expression, .literal(.string(""))),
            ]), depth: value.depth + 2))
      } else if case .known(let value, _, let isData) = value {
        .known(value.filled != nil, isData: isData)
      } else {
        condition(value)
      }
    switch isEmpty ? negated(filled) : filled {
    case .known(let value, let isData): return .truth(value, isData: isData)
    case .send(var value):
      if value.type != .boolean { value = boolean(.not(.not(value.expression)), depth: value.depth + 1) }
      return checked(value, call, scope)
    case .invalid: return .invalid
    }
  }

  private func literal(_ value: Value) -> Residual.SendValue { boolean(.literal(value), depth: 1) }

  private mutating func compareWithNothing(
    _ comparison: SendExpression.Comparison, _ value: Residual.SendValue, _ call: Expression.Call, _ scope: Scope
  ) -> Residual {
    let isPresent = SendExpression.isPresent(value.expression)
    switch comparison {
    case .equal: return checked(boolean(.not(isPresent), depth: value.depth + 2), call, scope)
    case .notEqual: return checked(boolean(isPresent, depth: value.depth + 1), call, scope)
    default: return .truth(false)
    }
  }

  private mutating func compare(
    _ comparison: SendExpression.Comparison, _ a: Residual.SendValue, _ b: Residual.SendValue, _ call: Expression.Call,
    _ scope: Scope
  ) -> Residual {
    let (x, y) = (a.expression, b.expression)
    let plain = SendExpression.compare(comparison, x, y)
    let depth = max(a.depth, b.depth) + 1
    let optional = [a, b].filter(\.isOptional).map { SendExpression.isPresent($0.expression) }
    switch comparison {
    case .equal where optional.count == 2: return checked(boolean(equality(x, y), depth: depth + 3), call, scope)
    case .notEqual where optional.count == 2:
      return checked(boolean(.not(equality(x, y)), depth: depth + 4), call, scope)
    case .less, .lessOrEqual, .greater, .greaterOrEqual:
      guard !optional.isEmpty else { break }
      return checked(boolean(.and(optional + [plain]), depth: depth + 2), call, scope)
    default: break
    }
    return checked(boolean(plain, depth: depth), call, scope)
  }

  /// Equality of two values that may both be absent, in one of the ways of being absent that data has.
  private func equality(_ x: SendExpression, _ y: SendExpression) -> SendExpression {
    .or([
      .and([.isPresent(x), .isPresent(y), .compare(.equal, x, y)]), .not(.or([.isPresent(x), .isPresent(y)])),
    ])
  }

  // MARK: Values

  private mutating func fallback(_ call: Expression.Call, _ scope: Scope) -> Residual {
    guard call.positional.count == 2 else { return .invalid }
    let first = evaluate(call.positional[0], scope).folded
    let second = evaluate(call.positional[1], scope)
    switch first {
    case .invalid: return .invalid
    case .known(let value, let type, let isData):
      if let filled = value.filled { return .known(filled, type: type, isData: isData) }
      if case .send(var other) = second, let type {
        other.type = Self.common(type, other.type)
        return .send(other)
      }
      return isData ? second.asData(type) : second
    case .pieces: return fallback(ofPieces: first, to: second, call, scope)
    case .send(let value): return fallback(value, to: second, call, scope)
    }
  }

  private mutating func fallback(
    ofPieces first: Residual, to second: Residual, _ call: Expression.Call, _ scope: Scope
  ) -> Residual {
    guard case .pieces(let pieces) = first else { return first }
    switch condition(first) {
    case .known(true, _), .invalid: return first
    case .known(false, _): return second
    case .send(let condition):
      return .pieces([
        .choice(
          condition.expression, pieces, second.asPieces(call, scope), origin: call.range, frame: scope.frame)
      ])
    }
  }

  private mutating func fallback(
    _ first: Residual.SendValue, to second: Residual, _ call: Expression.Call, _ scope: Scope
  ) -> Residual {
    switch second.folded {
    case .invalid: return .invalid
    case .known(.null, _, _): return .send(first)
    case .known(let value, _, _):
      var result = first
      result.expression = .fallback(first.expression, .literal(value))
      result.isOptional = false
      result.depth += 1
      return checked(result, call, scope)
    case .send(let value):
      var result = first
      result.expression = .fallback(first.expression, value.expression)
      result.type = Self.common(first.type, value.type)
      result.isOptional = value.isOptional
      result.depth = max(first.depth, value.depth) + 1
      return checked(result, call, scope)
    case .pieces(let pieces):
      let subject = Subject(range: call.range, expression: call.positional[0].range)
      return .pieces([
        .choice(
          first.expression, [.value(.send(first), subject: subject, frame: scope.frame)], pieces, origin: call.range,
          frame: scope.frame)
      ])
    }
  }

  /// The type of a value that is one of two.
  private static func common(_ a: ValueType, _ b: ValueType) -> ValueType {
    b.fits(a) ? a : a.fits(b) ? b : .string
  }

  private mutating func join(_ call: Expression.Call, _ scope: Scope) -> Residual {
    guard call.positional.count == 2 else { return .invalid }
    let (list, separator) = (evaluate(call.positional[0], scope), evaluate(call.positional[1], scope).folded)
    guard case .known(let separator, _, let isSeparatorData) = separator else {
      return separator.isData ? refuseAtBuild(call, "needs a separator that is known at build time", scope) : .invalid
    }
    switch list {
    case .known(.list(let items), _, let isData):
      let text = items.compactMap(\.text).joined(separator: separator.text ?? "")
      return .known(.string(text), type: .string, isData: isData || isSeparatorData)
    case .send: return refuseAtBuild(call, "needs a list that is known at build time", scope)
    default: return .invalid
    }
  }

  private mutating func asset(_ call: Expression.Call, _ scope: Scope) -> Residual {
    guard let first = call.positional.first else { return .invalid }
    let path = evaluate(first, scope).folded
    guard case .known(let value, _, let isData) = path, let text = value.text else {
      return path.isData ? refuseAtBuild(call, "needs a path that is known at build time", scope) : .invalid
    }
    let globals = environment.globals
    let base = globals["env"]?["assetsUrl"]?.text ?? globals["site"]?["assetsUrl"]?.text ?? ""
    let isSlashed = base.isEmpty || base.hasSuffix("/") || text.hasPrefix("/")
    return .known(.string(base + (isSlashed ? "" : "/") + text), type: .url, isData: isData)
  }

  /// Complains about a helper that can't be left for the sender.
  func refusal(_ call: Expression.Call, _ reason: String) -> String { "'\(call.name)' \(reason)" }

  mutating func refuseAtBuild(_ call: Expression.Call, _ reason: String, _ scope: Scope) -> Residual {
    report(
      .evaluationUnknown, refusal(call, reason), at: call.range, scope.frame,
      help: ["let the service pass the finished value in a variable, or write '{{#each}}' or '{{#if}}' around it"])
    return .invalid
  }
}

extension SendExpression {
  /// The expression without a double negation of what is a truth value already.
  fileprivate var simplified: SendExpression {
    guard case .not(.not(let inner)) = self else { return self }
    switch inner {
    case .compare, .not, .isPresent, .isFirst, .isLast, .and, .or: return inner
    default: return self
    }
  }

  /// The expression without a double negation, for where only its truth matters.
  fileprivate var asCondition: SendExpression {
    if case .not(.not(let inner)) = self { return inner }
    return self
  }
}

extension SendExpression.Comparison {
  fileprivate var isOfEquality: Bool { self == .equal || self == .notEqual }
}

extension Residual {
  /// Whether the value is a text, or is absent where one could be.
  fileprivate var isText: Bool {
    switch self {
    case .known(.null, _, _), .known(.string, _, _), .pieces: true
    case .known(.decimal, _, _): true
    case .send(let value): value.type.isTextual || value.type == .decimal
    case .known, .invalid: false
    }
  }

  /// The value in the place of one of the given type, escaped as data from now on.
  fileprivate func asData(_ type: ValueType?) -> Residual {
    guard case .known(let value, let own, _) = folded else { return self }
    return .known(value, type: type ?? own, isData: true)
  }

  fileprivate func asPieces(_ call: Expression.Call, _ scope: Scope) -> [TextPiece] {
    if case .pieces(let pieces) = self { return pieces }
    let subject = Subject(range: call.range, expression: call.range)
    return [.value(self, subject: subject, frame: scope.frame)]
  }
}
