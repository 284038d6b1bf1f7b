/// Says in words what data a branch needs.
struct BranchWords {
  /// A condition, and whether it has to hold.
  typealias Demand = (condition: SendExpression, truth: Bool)

  let types: SendTypes
  /// What the loops of the text go through, by their numbers.
  var lists: [Int: SendExpression] = [:]

  init(_ types: SendTypes) { self.types = types }

  /// What the data must be like for all demands, or nil where only strange data would do, such as numbers in the thousands.
  ///
  /// `before` is what holds around the branch, `within` what holds in it.
  func need(_ demands: [Demand], before: BranchFacts, within: BranchFacts) -> String? {
    var open = demands
    var facts = before
    open.removeAll { demand in
      let isDecided = facts.decide(demand.condition) != nil
      _ = facts.assume(demand.condition, demand.truth)
      return isDecided
    }
    if let path = Self.commonPath(of: open), open.contains(where: { $0.condition.compares }) {
      switch types.entry(of: path)?.type {
      case .enumeration?: return choice(path, within)
      case .integer?: return number(path, open, within).map { "\(name(path)) is \($0)" }
      default: break
      }
    }
    let words = open.map { self.words($0.condition, $0.truth) }
    return words.isEmpty ? "a condition around it holds" : Self.all(words)
  }

  /// The single path that all conditions ask about.
  private static func commonPath(of demands: [Demand]) -> SendExpression? {
    var paths: Set<SendExpression> = []
    for demand in demands { demand.condition.collectPaths(into: &paths) }
    return paths.count == 1 ? paths.first : nil
  }

  private func choice(_ path: SendExpression, _ facts: BranchFacts) -> String? {
    let left = facts.values(of: path) ?? []
    if facts.mayBeAbsent(path), facts.decide(path) != true { return "\(name(path)) is left out" }
    return left.isEmpty ? nil : "\(name(path)) is \(Self.list(left.map { "'\($0)'" }))"
  }

  /// The smallest number that meets all demands, and does not contradict what else holds; -1 where no other does.
  private func number(_ path: SendExpression, _ demands: [Demand], _ facts: BranchFacts) -> Int? {
    (0...1000).lazy.map { $0 == 1000 ? -1 : $0 }.first { number in
      demands.allSatisfy { $0.condition.holds(where: path, is: number) == $0.truth }
        && facts.decide(.compare(.equal, path, .literal(.integer(number)))) != false
    }
  }

  private static func list(_ items: [String]) -> String {
    let shown = items.count > 4 ? items.prefix(3) + ["another of its values"] : items[...]
    guard let last = shown.last, shown.count > 1 else { return items.first ?? "" }
    return shown.dropLast().joined(separator: ", ") + " or " + last
  }

  // MARK: Conditions

  private func words(_ condition: SendExpression, _ truth: Bool) -> String {
    switch condition {
    case .variable, .item, .field: return value(condition, truth)
    case .fallback(let first, _): return value(first, truth)
    case .isPresent(let path): return "\(name(path)) is \(truth ? "given" : "left out")"
    case .not(let operand): return words(operand, !truth)
    case .and(let operands): return joined(operands, truth, isAll: truth)
    case .or(let operands): return joined(operands, truth, isAll: !truth)
    case .compare(let comparison, let a, let b): return words(comparison, a, b, truth)
    case .isFirst(let loop), .isLast(let loop):
      let list = name(.item(loop), suffix: "")
      return truth ? "\(list) has one item" : "\(list) has two items"
    case .index(let loop): return "\(name(.item(loop), suffix: "")) has \(truth ? "two items" : "one item")"
    case .literal, .remainder: return "\(name(condition)) is \(truth ? "true" : "false")"
    }
  }

  private func joined(_ operands: [SendExpression], _ truth: Bool, isAll: Bool) -> String {
    let parts = operands.map { words($0, truth) }
    return isAll ? Self.all(parts) : parts.joined(separator: " or ")
  }

  /// Joins what must hold at once; a comma keeps alternatives together.
  private static func all(_ parts: [String]) -> String {
    parts.joined(separator: parts.contains { $0.contains(" or ") } ? ", and " : " and ")
  }

  private func value(_ path: SendExpression, _ truth: Bool) -> String {
    let entry = types.entry(of: path)
    let isOptional = entry?.isOptional ?? true
    switch entry?.type {
    case .boolean?: return "\(name(path)) is \(truth ? "true" : "false")"
    case .list?: return "\(name(path)) \(truth ? "has items" : "is empty")"
    case .integer? where truth: return "\(name(path)) is more than 0"
    case .integer? where !isOptional: return "\(name(path)) is 0"
    default:
      if truth { return "\(name(path)) is given" }
      return "\(name(path)) is \(isOptional ? "left out" : "an empty text")"
    }
  }

  private func words(
    _ comparison: SendExpression.Comparison, _ a: SendExpression, _ b: SendExpression, _ truth: Bool
  ) -> String {
    if case .literal = a { return words(comparison.mirrored, b, a, truth) }
    let verb =
      switch truth ? comparison : comparison.opposite {
      case .equal: "is"
      case .notEqual: "is not"
      case .less: "is less than"
      case .lessOrEqual: "is at most"
      case .greater: "is more than"
      case .greaterOrEqual: "is at least"
      }
    return "\(name(a)) \(verb) \(name(b))"
  }

  // MARK: Names

  /// A value as the contract names it, in quotes: 'lineItems[].total'.
  private func name(_ expression: SendExpression, suffix: String = "[]") -> String {
    if case .literal(let value) = expression {
      switch value {
      case .string(let text): return text.isEmpty ? "an empty text" : "'\(text)'"
      case .boolean(let flag): return flag ? "true" : "false"
      default: return value.text ?? "nothing"
      }
    }
    return "'\(path(expression, suffix: suffix))'"
  }

  private func path(_ expression: SendExpression, suffix: String = "[]") -> String {
    switch expression {
    case .variable(let name): name
    case .field(let record, let name): "\(path(record)).\(name)"
    case .item(let loop): (lists[loop.id].map { path($0) } ?? loop.name) + suffix
    case .index(let loop): path(.item(loop)) + "@index"
    case .fallback(let first, _), .remainder(let first, _), .isPresent(let first), .not(let first): path(first)
    case .isFirst, .isLast, .literal, .compare, .and, .or: "the condition"
    }
  }
}

extension SendExpression {
  /// Whether a comparison takes part, so that it matters which value it is.
  fileprivate var compares: Bool {
    var result = false
    forEach { if case .compare = $0 { result = true } }
    return result
  }

  /// Collects the variables, items and fields that decide, whole paths alone.
  fileprivate func collectPaths(into paths: inout Set<SendExpression>) {
    switch self {
    case .literal: break
    case .variable, .item, .field, .index, .isFirst, .isLast: paths.insert(self)
    case .not(let operand), .isPresent(let operand), .remainder(let operand, _): operand.collectPaths(into: &paths)
    case .compare(_, let a, let b), .fallback(let a, let b):
      a.collectPaths(into: &paths)
      b.collectPaths(into: &paths)
    case .and(let operands), .or(let operands): for operand in operands { operand.collectPaths(into: &paths) }
    }
  }

  /// Whether it holds where a path, the only one in it, is a number.
  fileprivate func holds(where path: SendExpression, is number: Int) -> Bool {
    value(where: path, is: .integer(number)).isTruthy
  }

  private func value(where path: SendExpression, is value: Value) -> Value {
    if self == path { return value }
    func inner(_ operand: SendExpression) -> Value { operand.value(where: path, is: value) }
    switch self {
    case .literal(let literal): return literal
    case .not(let operand): return .boolean(!inner(operand).isTruthy)
    case .isPresent(let operand): return .boolean(inner(operand) != .null)
    case .and(let operands): return .boolean(operands.allSatisfy { inner($0).isTruthy })
    case .or(let operands): return .boolean(operands.contains { inner($0).isTruthy })
    case .compare(let comparison, let a, let b): return .boolean(comparison.holds(inner(a), inner(b)))
    case .fallback(let a, let b): return inner(a).filled ?? inner(b)
    case .remainder(let operand, let divisor):
      guard case .integer(let number) = inner(operand) else { return .null }
      return .integer(number.remainder(floorDividedBy: divisor))
    case .variable, .item, .field, .index, .isFirst, .isLast: return .null
    }
  }
}
