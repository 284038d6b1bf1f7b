package import GalleySource

/// Fills an assembled text with data, as the sender's engine does with what `DialectWriter` writes.
///
/// The result equals, byte for byte, what that engine makes of the written text and the same data. It is a small
/// machine over the list of holes: blocks are jumps, so nesting costs no stack.
package struct Interpreter {
  /// A finished text with the origin of each byte.
  package struct Rendering: Sendable {
    /// The text.
    package var bytes: [UInt8]
    /// Where each byte came from.
    package var origins: OriginMap
  }

  /// One run of a loop.
  private struct Run {
    let loop: SendExpression.Loop
    let items: [Value]
    var position: Int
  }

  private let text: AssembledText
  private let blocks: BlockTable
  private let dialect: Dialect
  private let data: Value
  private var runs: [Run] = []
  private var output: [UInt8] = []
  private var origins: OriginMap
  /// For each hole, whether a branch was taken that begins there; only where that is asked for.
  private var entered: [Bool]?

  /// Fills one part of a mail with `data`, a record of the template's variables.
  package static func render(
    _ text: AssembledText, with data: Value, dialect: Dialect, part: MailPart
  ) -> Rendering {
    var interpreter = Interpreter(text.prepared(for: dialect, part: part), data, dialect)
    interpreter.run()
    return Rendering(bytes: interpreter.output, origins: interpreter.origins)
  }

  /// The holes at which `data` makes the text enter a branch.
  ///
  /// A condition enters a branch at the hole that opens or divides it, and at its end where no branch is taken. A loop
  /// enters its body at the hole that opens it; without items it goes to what divides or ends it. The text is taken as
  /// it is, before a dialect rewrites it.
  static func entered(in text: AssembledText, with data: Value, dialect: Dialect) -> [Bool] {
    var interpreter = Interpreter(text, data, dialect)
    interpreter.entered = Array(repeating: false, count: text.holes.count)
    interpreter.run()
    return interpreter.entered ?? []
  }

  private init(_ text: AssembledText, _ data: Value, _ dialect: Dialect) {
    self.text = text
    self.data = data
    self.dialect = dialect
    blocks = BlockTable(text.holes)
    origins = text.origins.emptied()
    output.reserveCapacity(text.bytes.count + text.bytes.count / 4)
  }

  // MARK: Running

  private mutating func run() {
    var position = 0
    var index = 0
    while index < text.holes.count {
      copy(position..<text.holes[index].offset)
      let last = step(index)
      position = text.holes[last].offset + 1
      index = last + 1
    }
    copy(position..<text.bytes.count)
  }

  /// Does what the hole at `index` says; the answer is the hole behind which the text goes on.
  private mutating func step(_ index: Int) -> Int {
    let hole = text.holes[index]
    switch hole.kind {
    case .output(let expression, _, let escaping):
      if entered == nil { print(evaluate(expression), escaping, at: hole) }
      return index
    case .beginIf: return note(branch(from: index))
    case .beginEach(let loop, let list):
      guard case .list(let items) = evaluate(list), !items.isEmpty else { return note(blocks.next[index]) }
      _ = note(index)
      runs.append(Run(loop: loop, items: items, position: 0))
      return index
    case .elseIf, .endIf: return blocks.end[index]
    case .otherwise, .endEach: return repeatLoop(endingAt: index)
    }
  }

  private mutating func note(_ index: Int) -> Int {
    entered?[index] = true
    return index
  }

  /// The branch to take of the condition at `index`: its own hole, or that of the end.
  private func branch(from index: Int) -> Int {
    var index = index
    while true {
      switch text.holes[index].kind {
      case .beginIf(let condition), .elseIf(let condition):
        if evaluate(condition).isTruthy { return index }
        index = blocks.next[index]
      default: return index
      }
    }
  }

  /// Goes on behind a branch or an item: to the next item, or to the end of the block.
  private mutating func repeatLoop(endingAt index: Int) -> Int {
    let begin = blocks.begin[index]
    guard case .beginEach(let loop, _) = text.holes[begin].kind, let run = runs.last, run.loop.id == loop.id else {
      return blocks.end[index]
    }
    runs[runs.count - 1].position += 1
    if run.position + 1 < run.items.count { return begin }
    runs.removeLast()
    return blocks.end[index]
  }

  private mutating func copy(_ range: Range<Int>) {
    guard !range.isEmpty, entered == nil else { return }
    output.append(contentsOf: text.bytes[range])
    origins.append(range, of: text.origins)
  }

  private mutating func print(_ value: Value, _ escaping: Escaping, at hole: AssembledText.Hole) {
    guard let printed = value.text else { return }
    let start = output.count
    Escaper.append(printed, escaping: escaping, dialect: dialect, to: &output)
    let frame = text.origins.frame(at: hole.offset)
    origins.append(hole.origin, frame: frame, isVerbatim: false, count: output.count - start)
  }

  // MARK: Expressions

  private func evaluate(_ expression: SendExpression) -> Value {
    switch expression {
    case .variable(let name): data[name] ?? .null
    case .item(let loop): run(of: loop).map { $0.items[$0.position] } ?? .null
    case .field(let record, let name): evaluate(record)[name] ?? .null
    case .index(let loop): .integer(run(of: loop)?.position ?? 0)
    case .isFirst(let loop): .boolean(run(of: loop)?.position == 0)
    case .isLast(let loop): .boolean(run(of: loop).map { $0.position == $0.items.count - 1 } ?? false)
    case .literal(let value): value
    case .compare(let comparison, let a, let b): .boolean(comparison.holds(evaluate(a), evaluate(b)))
    case .and(let operands): .boolean(operands.allSatisfy { evaluate($0).isTruthy })
    case .or(let operands): .boolean(operands.contains { evaluate($0).isTruthy })
    case .not(let operand): .boolean(!evaluate(operand).isTruthy)
    case .isPresent(let operand): .boolean(evaluate(operand) != .null)
    case .fallback(let a, let b): evaluate(a).filled ?? evaluate(b)
    case .remainder(let operand, let divisor): evaluate(operand).remainder(by: divisor)
    }
  }

  private func run(of loop: SendExpression.Loop) -> Run? { runs.last { $0.loop.id == loop.id } }
}

/// Which holes belong to one block.
struct BlockTable {
  /// For a hole that opens or divides a block, the next hole that divides or closes it; for any other, itself.
  private(set) var next: [Int]
  /// For each hole of a block, the hole that opens it; for any other, itself.
  private(set) var begin: [Int]
  /// For each hole of a block, the hole that closes it; for any other, itself.
  private(set) var end: [Int]

  init(_ holes: [AssembledText.Hole]) {
    next = Array(holes.indices)
    begin = next
    end = next
    var open: [[Int]] = []
    for (index, hole) in holes.enumerated() {
      switch hole.kind {
      case .output: break
      case .beginIf, .beginEach: open.append([index])
      case .elseIf, .otherwise, .endIf, .endEach:
        guard let first = open.last?.first, let last = open.last?.last else { continue }
        next[last] = index
        begin[index] = first
        open[open.count - 1].append(index)
        if hole.kind.closes { for member in open.removeLast() { end[member] = index } }
      }
    }
  }
}

extension AssembledText.Hole.Kind {
  fileprivate var closes: Bool {
    switch self {
    case .endIf, .endEach: true
    default: false
    }
  }
}

extension SendExpression.Comparison {
  /// Whether two known values compare so; only numbers have an order.
  func holds(_ a: Value, _ b: Value) -> Bool {
    switch self {
    case .equal: return a == b
    case .notEqual: return a != b
    case .less, .lessOrEqual, .greater, .greaterOrEqual: break
    }
    if case .integer(let a) = a, case .integer(let b) = b { return holds(a, b) }
    guard let a = a.number, let b = b.number else { return false }
    return holds(a, b)
  }

  private func holds<Number: Comparable>(_ a: Number, _ b: Number) -> Bool {
    switch self {
    case .equal: a == b
    case .notEqual: a != b
    case .less: a < b
    case .lessOrEqual: a <= b
    case .greater: a > b
    case .greaterOrEqual: a >= b
    }
  }
}

extension Value {
  /// The value, or nil where a fallback takes its place: for nothing and for an empty text.
  var filled: Value? {
    switch self {
    case .null: nil
    case .string(let text): text.isEmpty ? nil : self
    case .boolean, .integer, .decimal, .list, .record: self
    }
  }

  /// The remainder of an integer, or nothing of anything else.
  fileprivate func remainder(by divisor: Int) -> Value {
    guard case .integer(let value) = self else { return .null }
    return .integer(value.remainder(floorDividedBy: divisor))
  }

  /// The value of a number, for comparing.
  fileprivate var number: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .decimal(let text): Double(text)
    case .null, .boolean, .string, .list, .record: nil
    }
  }
}
