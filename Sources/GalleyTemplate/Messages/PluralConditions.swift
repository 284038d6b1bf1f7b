/// Plural rules as conditions that a sender can decide on an integer.
extension PluralRules {
  /// What a rule comes to for integers: always so, or a condition.
  enum Truth: Hashable {
    case constant(Bool)
    case condition(SendExpression)
  }

  /// When an integer that only the sender knows is of a category.
  ///
  /// A negative number counts by itself, not by its size, because a sender's language has no absolute value; so it is
  /// nearly always of the category `other`. `known` says the same of a number that is known.
  func truth(of category: PluralCategory, for number: SendExpression, hasOrder: Bool) -> Truth {
    guard let rule = rules.first(where: { $0.category == category }) else { return .constant(false) }
    let alternatives = rule.alternatives.map { relations in
      Self.joined(relations.map { $0.truth(for: number, hasOrder: hasOrder) }, isAll: true)
    }
    return Self.joined(alternatives, isAll: false)
  }

  /// The category of an integer, as conditions of a sender find it.
  func category(ofVariable number: Int) -> PluralCategory {
    rules.first { rule in
      rule.alternatives.contains { $0.allSatisfy { $0.holds(forVariable: number) } }
    }?.category ?? .other
  }

  static func joined(_ parts: [Truth], isAll: Bool) -> Truth {
    var rest: [SendExpression] = []
    for part in parts {
      switch part {
      case .constant(let value) where value != isAll: return part
      case .constant: break
      case .condition(let expression): if !rest.contains(expression) { rest.append(expression) }
      }
    }
    guard let first = rest.first else { return .constant(isAll) }
    return .condition(rest.count == 1 ? first : isAll ? .and(rest) : .or(rest))
  }
}

extension PluralRules.Relation {
  /// An integer has no decimals and no exponent: such operands are zero.
  private var isOfNumber: Bool { operand == UInt8(ascii: "n") || operand == UInt8(ascii: "i") }

  fileprivate func holds(forVariable number: Int) -> Bool {
    let value = isOfNumber ? number : 0
    let divisor = Int(clamping: modulus)
    let operand = divisor == 0 ? value : value.remainder(floorDividedBy: divisor)
    return ranges.contains { UInt64(exactly: operand).map($0.contains) ?? false } != isNegated
  }

  fileprivate func truth(for number: SendExpression, hasOrder: Bool) -> PluralRules.Truth {
    guard isOfNumber else { return .constant(ranges.contains { $0.contains(0) } != isNegated) }
    let operand = modulus == 0 ? number : .remainder(number, Int(clamping: modulus))
    let parts = ranges.map { PluralRules.Truth.condition(expression(operand, $0, hasOrder: hasOrder)) }
    return PluralRules.joined(parts, isAll: isNegated)
  }

  private func expression(
    _ operand: SendExpression, _ range: ClosedRange<UInt64>, hasOrder: Bool
  ) -> SendExpression {
    let (low, high) = (Int(clamping: range.lowerBound), Int(clamping: range.upperBound))
    if high - low < (hasOrder ? 2 : 16) {
      let parts = (low...high).map {
        SendExpression.compare(isNegated ? .notEqual : .equal, operand, .literal(.integer($0)))
      }
      return parts.count == 1 ? parts[0] : isNegated ? .and(parts) : .or(parts)
    }
    let (first, last) = (SendExpression.literal(.integer(low)), SendExpression.literal(.integer(high)))
    return isNegated
      ? .or([.compare(.less, operand, first), .compare(.greater, operand, last)])
      : .and([.compare(.greaterOrEqual, operand, first), .compare(.lessOrEqual, operand, last)])
  }
}

extension Int {
  /// The remainder of a division that rounds down, so that it has the sign of the divisor.
  func remainder(floorDividedBy divisor: Int) -> Int {
    guard divisor != 0, divisor != -1 else { return 0 }
    let remainder = self % divisor
    return remainder != 0 && (remainder < 0) != (divisor < 0) ? remainder + divisor : remainder
  }
}
