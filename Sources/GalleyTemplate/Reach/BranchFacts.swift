/// What is known of data within a branch: the conditions around it, and what follows from them.
///
/// It finds branches that no data can reach, so that nobody is asked for a sample of them. It decides what it can and
/// leaves open what it can't; it is never wrong about what it decides.
struct BranchFacts {
  /// What is known of the value of one path.
  private struct Knowledge {
    var truth: Bool?
    var isPresent: Bool?
    var equal: Value?
    var unequal: Set<Value> = []
    var low = Int.min
    var high = Int.max
  }

  let types: SendTypes
  /// Whether a text that must be there is taken to be more than an empty one.
  var takesTextsAsFilled = false
  private var paths: [SendExpression: Knowledge] = [:]
  private var conditions: [SendExpression: Bool] = [:]

  init(_ types: SendTypes) { self.types = types }

  // MARK: Deciding

  /// Whether a condition holds, or nil where data may go either way.
  func decide(_ condition: SendExpression) -> Bool? {
    if let known = conditions[condition] { return known }
    switch condition {
    case .literal(let value): return value.isTruthy
    case .not(let operand): return decide(operand).map { !$0 }
    case .and(let operands): return decide(operands, isAll: true)
    case .or(let operands): return decide(operands, isAll: false)
    case .isPresent(let operand): return isPresent(operand)
    case .compare(let comparison, let a, let b): return decide(comparison, a, b)
    case .fallback(let list, .literal(.list([]))): return decide(list)
    case .fallback(let first, let second):
      switch decide(first) {
      case true: return true
      case false where isText(first) || isPresent(first) == false: return decide(second)
      default: return decide(second) == true && isText(first) ? true : nil
      }
    case .variable, .item, .field, .index, .isFirst, .isLast, .remainder: return truth(of: condition)
    }
  }

  private func decide(_ operands: [SendExpression], isAll: Bool) -> Bool? {
    var isOpen = false
    for operand in operands {
      guard let value = decide(operand) else {
        isOpen = true
        continue
      }
      if value != isAll { return value }
    }
    return isOpen ? nil : isAll
  }

  private func truth(of path: SendExpression) -> Bool? {
    let known = paths[path]
    if let truth = known?.truth ?? known?.equal?.isTruthy { return truth }
    guard let isPresent = isPresent(path) else { return nil }
    if !isPresent { return false }
    switch types.entry(of: path)?.type {
    case .record?, .enumeration?, .url?, .email?, .color?: return true
    case .string?, .money?, .date?, .datetime?, .urlPart?, .html?: return takesTextsAsFilled ? true : nil
    default: return nil
    }
  }

  private func isPresent(_ path: SendExpression) -> Bool? {
    let known = paths[path]
    if let isPresent = known?.isPresent { return isPresent }
    if known?.truth == true || known?.equal != nil { return true }
    switch path {
    case .variable(let name): return types.variables[name].flatMap { $0.isOptional ? nil : true }
    case .field(let record, let name):
      guard let isOwnerPresent = isPresent(record) else { return nil }
      guard isOwnerPresent else { return false }
      guard case .record(let type)? = types.entry(of: record)?.type, let field = type.field(name) else { return nil }
      return field.canBeMissing ? nil : true
    case .item, .index, .isFirst, .isLast, .literal, .compare, .and, .or, .not, .isPresent: return true
    case .fallback, .remainder: return nil
    }
  }

  private func isText(_ path: SendExpression) -> Bool { types.entry(of: path)?.type.isTextual ?? false }

  private func decide(
    _ comparison: SendExpression.Comparison, _ a: SendExpression, _ b: SendExpression
  ) -> Bool? {
    if case .literal(let value) = b { return decide(comparison, a, value) }
    if case .literal(let value) = a { return decide(comparison.mirrored, b, value) }
    return nil
  }

  private func decide(_ comparison: SendExpression.Comparison, _ path: SendExpression, _ value: Value) -> Bool? {
    if let equal = paths[path]?.equal { return comparison.holds(equal, value) }
    switch comparison {
    case .equal: return isEqual(path, value)
    case .notEqual: return isEqual(path, value).map { !$0 }
    case .less, .lessOrEqual, .greater, .greaterOrEqual:
      guard isPresent(path) == true, let known = paths[path] else { return nil }
      let (low, high) = (Value.integer(known.low), Value.integer(known.high))
      let (first, last) = (comparison.holds(low, value), comparison.holds(high, value))
      return first == last ? first : nil
    }
  }

  private func isEqual(_ path: SendExpression, _ value: Value) -> Bool? {
    if value != .null, isPresent(path) == false { return false }
    let known = paths[path] ?? Knowledge()
    if known.unequal.contains(value) { return false }
    if let truth = truth(of: path), truth != value.isTruthy { return false }
    if case .integer(let number) = value, number < known.low || number > known.high { return false }
    switch types.entry(of: path)?.type {
    case .boolean? where isPresent(path) == true: return truth(of: path).map { $0 == value.isTruthy }
    case .enumeration? where value == .string(""): return nil
    case .enumeration?:
      guard let left = values(of: path) else { return nil }
      if !left.contains(where: { .string($0) == value }) { return false }
      return left.count == 1 && isPresent(path) == true ? true : nil
    default: return nil
    }
  }

  /// The values of an enumeration that are still possible.
  func values(of path: SendExpression) -> [String]? {
    guard case .enumeration(let values)? = types.entry(of: path)?.type else { return nil }
    let known = paths[path]
    if case .string(let value)? = known?.equal { return [value] }
    return values.filter { !(known?.unequal.contains(.string($0)) ?? false) }
  }

  /// Whether a value may still be absent.
  func mayBeAbsent(_ path: SendExpression) -> Bool { isPresent(path) != true }

  // MARK: Assuming

  /// Takes a condition to hold, or not to; false where that can't be.
  mutating func assume(_ condition: SendExpression, _ truth: Bool) -> Bool {
    if let decided = decide(condition) { return decided == truth }
    conditions[condition] = truth
    switch condition {
    case .not(let operand): return assume(operand, !truth)
    case .and(let operands): return assume(operands, truth, isAll: true)
    case .or(let operands): return assume(operands, truth, isAll: false)
    case .isPresent(let path): presume(path, truth)
    case .compare(let comparison, let path, .literal(let value)): return assume(comparison, path, value, truth)
    case .compare(let comparison, .literal(let value), let path):
      return assume(comparison.mirrored, path, value, truth)
    case .fallback(let first, let second):
      if isText(first), !truth { return assume(first, false) && assume(second, false) }
      if truth, decide(second) == false { return assume(first, true) }
      if case .literal(.list([])) = second { return assume(first, truth) }
    case .variable, .item, .field:
      paths[condition, default: Knowledge()].truth = truth
      if truth { presume(condition, true) }
      if !truth, case .record? = types.entry(of: condition)?.type { presume(condition, false) }
    case .literal, .compare, .index, .isFirst, .isLast, .remainder: break
    }
    return true
  }

  private mutating func assume(_ operands: [SendExpression], _ truth: Bool, isAll: Bool) -> Bool {
    if truth == isAll { return operands.allSatisfy { assume($0, truth) } }
    // One of them is otherwise; where one alone is left, it is that one.
    let open = operands.filter { decide($0) == nil }
    return open.count == 1 ? assume(open[0], truth) : true
  }

  /// Takes a value to be there, or to be absent.
  private mutating func presume(_ path: SendExpression, _ isPresent: Bool) {
    paths[path, default: Knowledge()].isPresent = isPresent
    if isPresent, case .field(let record, _) = path { presume(record, true) }
    if !isPresent { paths[path, default: Knowledge()].truth = false }
  }

  private mutating func assume(
    _ comparison: SendExpression.Comparison, _ path: SendExpression, _ value: Value, _ truth: Bool
  ) -> Bool {
    var known = paths[path] ?? Knowledge()
    defer {
      paths[path] = known
      if known.isPresent == true, case .field(let record, _) = path { presume(record, true) }
    }
    switch (comparison, value) {
    case (.notEqual, _): return assumeEquality(&known, path, value, !truth)
    case (.equal, _): return assumeEquality(&known, path, value, truth)
    case (_, .integer(let number)) where truth || isPresent(path) == true:
      if truth { known.isPresent = true }
      switch truth ? comparison : comparison.opposite {
      case .less: known.high = min(known.high, max(number, .min + 1) - 1)
      case .lessOrEqual: known.high = min(known.high, number)
      case .greater: known.low = max(known.low, min(number, .max - 1) + 1)
      default: known.low = max(known.low, number)
      }
      return known.low <= known.high
    default: return true
    }
  }

  private func assumeEquality(
    _ known: inout Knowledge, _ path: SendExpression, _ value: Value, _ truth: Bool
  ) -> Bool {
    if case .boolean(let flag) = value {
      if truth || isPresent(path) == true || flag { known.truth = flag == truth }
      if truth { known.isPresent = true }
      return true
    }
    if truth {
      known.equal = value
      known.isPresent = true
    } else {
      known.unequal.insert(value)
    }
    return true
  }
}
