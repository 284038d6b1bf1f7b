package import GalleySource

/// Which branches of a mail its samples reach.
///
/// A branch is a way that a finished text can go when it is sent: into a condition, into one of its `else`, past it;
/// into a loop, or past it where there are no items. It is told apart by the construct that a person wrote and the
/// calls that lead there, so that all locales and environments of a mail add to one account. Branches that no data
/// can reach, because of the conditions around them, are no branches.
package struct BranchReach: Sendable {
  /// A branch.
  package struct Branch: Hashable, Sendable {
    /// How a text comes into a branch.
    package enum Way: Hashable, Sendable {
      /// Into the first branch of a condition, or the items of a loop.
      case entered
      /// Into an `else` or an `else if`.
      case divided
      /// Past a condition or a loop.
      case passedBy
    }

    /// What a person wrote: the tag that opens the block or divides it, or a choice in a message.
    package var construct: SourceRange
    /// The tag that opens the block.
    package var opener: SourceRange
    /// The calls that lead there, innermost first.
    package var calls: [SourceRange]
    /// How a text comes into it.
    package var way: Way
    /// What the data must be like, in words: `'campaignCode' is left out`.
    package var need: String
  }

  private struct State: Sendable {
    var isReached: Bool
    /// The branch around it.
    var parent: Branch?
  }

  private var states: [Branch: State] = [:]
  /// The constructs of a template's own file at which samples enter what was taken to be out of reach: none, as long as
  /// data fits its types.
  package private(set) var surprises: Set<SourceRange> = []

  /// Makes an account of nothing.
  package init() {}

  /// Enters the branches of a text, and those that are reached with one of the samples.
  package mutating func add(_ text: AssembledText, samples: [Value], dialect: Dialect) {
    guard text.holes.contains(where: { $0.kind.opens }) else { return }
    let branches = BranchFinder.branches(of: text)
    let runs = samples.map { Interpreter.entered(in: text, with: $0, dialect: dialect) }
    for found in branches {
      let isReached = runs.contains { $0[found.hole] }
      states[found.branch, default: State(isReached: false, parent: found.parent)].isReached =
        isReached || states[found.branch]?.isReached ?? false
    }
    let known = Set(branches.map(\.hole))
    for (index, hole) in text.holes.enumerated() where !known.contains(index) && runs.contains(where: { $0[index] }) {
      if text.origins.frame(at: hole.offset) == .root { surprises.insert(hole.origin) }
    }
  }

  /// Adds what another account of the same mail has, such as that of another locale.
  package mutating func merge(_ other: BranchReach) {
    states.merge(other.states) { State(isReached: $0.isReached || $1.isReached, parent: $0.parent ?? $1.parent) }
  }

  /// The branches that no sample reaches, without those within others, in the order of the files.
  package var unreached: [Branch] {
    states.filter { !$0.value.isReached && !isWithinUnreached($0.value.parent) }.keys.sorted { $0.precedes($1) }
  }

  /// How many branches there are.
  package var count: Int { states.count }

  private func isWithinUnreached(_ branch: Branch?) -> Bool {
    var next = branch
    // A branch lies within another of an earlier hole, so that the chain ends; the bound is for what nobody foresaw.
    for _ in 0..<512 {
      guard let branch = next, let state = states[branch] else { return false }
      if !state.isReached { return true }
      next = state.parent
    }
    return false
  }
}

extension BranchReach.Branch {
  /// Orders by file and place, then by what else tells branches apart.
  fileprivate func precedes(_ other: Self) -> Bool {
    let (a, b) = (construct, other.construct)
    if (a.source, a.start) != (b.source, b.start) { return (a.source, a.start) < (b.source, b.start) }
    for (one, two) in zip(calls.reversed(), other.calls.reversed()) where one != two {
      return (one.source, one.start) < (two.source, two.start)
    }
    if calls.count != other.calls.count { return calls.count < other.calls.count }
    return way == other.way ? Array(need.utf8).lexicographicallyPrecedes(other.need.utf8) : way.rank < other.way.rank
  }
}

extension BranchReach.Branch.Way {
  fileprivate var rank: Int {
    switch self {
    case .entered: 0
    case .divided: 1
    case .passedBy: 2
    }
  }
}

/// Finds the branches of a text.
private struct BranchFinder {
  /// A block that is open.
  private struct Block {
    let opener: SourceRange
    let calls: [SourceRange]
    /// What holds around the block.
    let facts: BranchFacts
    /// What holds where none of the branches so far is taken, and whether that can be.
    var rest: BranchFacts
    var isRestPossible: Bool
    /// The branch around the block, and whether that can be reached at all.
    let parent: BranchReach.Branch?
    let isPossible: Bool
    /// The conditions of the last branches, which do not hold in what follows. There are few, because a long chain
    /// would otherwise be told again at each of its branches.
    var failed: [BranchWords.Demand] = []
    /// Whether the other branch has been found.
    var isDivided = false
    /// The condition of the branch that is open.
    var condition: SendExpression
  }

  private let text: AssembledText
  private var words: BranchWords
  private var blocks: [Block] = []
  /// What holds in the branch that is open.
  private var facts: BranchFacts
  private var current: BranchReach.Branch?
  private var isPossible = true
  private var found: [(branch: BranchReach.Branch, hole: Int, parent: BranchReach.Branch?)] = []

  static func branches(
    of text: AssembledText
  ) -> [(branch: BranchReach.Branch, hole: Int, parent: BranchReach.Branch?)] {
    var finder = BranchFinder(text)
    for index in text.holes.indices { finder.step(index) }
    return finder.found
  }

  private init(_ text: AssembledText) {
    self.text = text
    words = BranchWords(text.types)
    facts = BranchFacts(text.types)
  }

  private mutating func step(_ index: Int) {
    let hole = text.holes[index]
    switch hole.kind {
    case .output: break
    case .beginIf(let condition): open(condition, hole, index)
    case .beginEach(let loop, let list):
      let list = list.listed
      words.lists[loop.id] = list
      open(list, hole, index)
    case .elseIf(let condition): divide(index, hole.origin, condition)
    case .otherwise: divide(index, hole.origin, nil)
    case .endIf, .endEach: close(index)
    }
  }

  private mutating func open(_ condition: SendExpression, _ hole: AssembledText.Hole, _ index: Int) {
    let calls = text.origins.chain(text.origins.frame(at: hole.offset))
    // A partial asks about what may be absent for some of its callers; a text that this mail always has need not be
    // tried without.
    facts.takesTextsAsFilled = !calls.isEmpty
    blocks.append(
      Block(
        opener: hole.origin, calls: calls, facts: facts, rest: facts, isRestPossible: true, parent: current,
        isPossible: isPossible, condition: condition))
    enter(index, hole.origin, .entered, condition)
  }

  private mutating func divide(_ index: Int, _ construct: SourceRange, _ condition: SendExpression?) {
    guard let last = blocks.indices.last else { return }
    failBranch()
    if let condition { blocks[last].condition = condition } else { blocks[last].isDivided = true }
    enter(index, construct, .divided, condition)
  }

  private static let demandLimit = 8

  /// Notes for the innermost block that its branch is not taken.
  private mutating func failBranch() {
    guard var block = blocks.popLast() else { return }
    block.failed = block.failed.suffix(Self.demandLimit - 1) + [(block.condition, false)]
    block.isRestPossible = block.rest.assume(block.condition, false) && block.isRestPossible
    blocks.append(block)
  }

  private mutating func close(_ index: Int) {
    guard let isDivided = blocks.last?.isDivided else { return }
    if !isDivided {
      failBranch()
      enter(index, blocks.last?.opener ?? text.holes[index].origin, .passedBy, nil)
    }
    guard let block = blocks.popLast() else { return }
    facts = block.facts
    current = block.parent
    isPossible = block.isPossible
  }

  /// Enters a branch of the innermost block: none of those before is taken, and the condition holds, if there is one.
  private mutating func enter(
    _ hole: Int, _ construct: SourceRange, _ way: BranchReach.Branch.Way, _ condition: SendExpression?
  ) {
    guard let block = blocks.last else { return }
    facts = block.rest
    isPossible = block.isPossible && block.isRestPossible && (condition.map { facts.assume($0, true) } ?? true)
    guard isPossible else { return }
    let demands = block.failed + (condition.map { [($0, true)] } ?? [])
    guard let need = words.need(demands, before: block.facts, within: facts) else {
      isPossible = false
      return
    }
    let branch = BranchReach.Branch(
      construct: construct, opener: block.opener, calls: block.calls, way: way, need: need)
    found.append((branch, hole, block.parent))
    current = branch
  }
}

extension SendExpression {
  /// A list without the empty one that takes its place where it is absent.
  fileprivate var listed: SendExpression {
    if case .fallback(let list, .literal(.list([]))) = self { return list }
    return self
  }
}

extension AssembledText.Hole.Kind {
  fileprivate var opens: Bool {
    switch self {
    case .beginIf, .beginEach: true
    case .output, .elseIf, .otherwise, .endIf, .endEach: false
    }
  }
}
