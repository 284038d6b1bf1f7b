/// What was worked out about elements under one set of rules, kept for the documents to come that have the same rules.
///
/// Nothing in it depends on a document: kinds, states, lists and looks are numbers for things that are the same wherever
/// they occur. What a document makes of them (which rules stay, what has to be made important) is the document's own.
struct RuleMemory: Sendable {
  var kinds = ElementKinds()
  var states = ElementStates()
  var lists = MatchLists()
  var looks = ElementLooks()
  /// The edits that looks come to where no rule that stays has a say.
  var composed = ComposedStyles()
  /// The bytes of these edits.
  var text: [UInt8] = []
  /// What the last document made of each sheet.
  private var prunings: [PrunedSheet?] = []
  /// When the own styles that looks speak of were last forgotten.
  private var styleAge = 0

  /// More looks or steps than these are forgotten, between documents.
  private static let limit = 1 << 14

  /// Starts with a document under these rules; own styles were forgotten `styleAge` times.
  mutating func begin(_ rules: RuleSet, styleAge: Int) {
    if looks.pairs.count > Self.limit || states.steps.count > Self.limit { forget() }
    if self.styleAge != styleAge {
      self.styleAge = styleAge
      forgetLooks()
    }
    states.begin(partCount: rules.leftParts.parts.count)
    lists.begin()
    looks.begin()
  }

  /// Forgets everything; buffers are kept.
  mutating func forget() {
    kinds.removeAll()
    states.removeAll()
    lists.removeAll()
    prunings.removeAll(keepingCapacity: true)
    forgetLooks()
  }

  /// What an earlier document made of a sheet, if the same selectors were no longer needed.
  func pruning(of sheet: Int, _ isSelectorGone: [Bool]) -> PrunedSheet? {
    guard sheet < prunings.count, let known = prunings[sheet] else { return nil }
    return known.isSelectorGone == isSelectorGone ? known : nil
  }

  /// Keeps what a document made of a sheet.
  mutating func keep(_ pruned: PrunedSheet, of sheet: Int) {
    while prunings.count <= sheet { prunings.append(nil) }
    prunings[sheet] = pruned
  }

  private mutating func forgetLooks() {
    looks.removeAll()
    composed.removeAll()
    text.removeAll(keepingCapacity: true)
  }
}

/// What matters of the elements around an element: which left parts of selectors they match.
///
/// A state is a set of left parts (`LeftParts`). What an element matches of the local selectors follows from the
/// state that it is in and from its kind, and so does the state that its content is in. Each such step is worked
/// out once; in a mail there are few states, and most elements repeat a step.
struct ElementStates: Sendable {
  /// What comes of an element of some kind in some state.
  struct Step: Sendable {
    /// The state of its content, or `unknown` where it isn't known yet.
    var state: Int32
    /// The list of selectors that it matches, or one of the two below.
    var list: Int32
  }

  /// The state outside of all elements.
  static let root: Int32 = 0
  /// The state where something around is not certain.
  static let unknown: Int32 = -1
  /// The list of an element that matches nothing.
  static let nothing: Int32 = -1
  /// The list of an element of which it isn't known yet.
  static let notYet: Int32 = -2

  /// The sets, one behind the other, each of so many words.
  private var words: [UInt64] = []
  private var width = 0
  private var stateCount = 0
  private var stateTable = NumberTable()
  /// The set that is being put together.
  private var scratch: [UInt64] = []
  private var keys: [(state: Int32, kind: Int32)] = []
  private(set) var steps: [Step] = []
  private var stepTable = NumberTable()

  /// Makes sure that the root is there; there are so many left parts.
  mutating func begin(partCount: Int) {
    if stateCount > 0 { return }
    width = (partCount + 63) / 64
    words.append(contentsOf: repeatElement(0, count: width))
    stateCount = 1
    scratch.removeAll(keepingCapacity: true)
    scratch.append(contentsOf: repeatElement(0, count: width))
    stateTable.add(0, Self.hash(scratch))
  }

  /// Forgets all states and steps.
  mutating func removeAll() {
    if stateCount == 0 { return }
    words.removeAll(keepingCapacity: true)
    stateCount = 0
    stateTable.removeAll()
    keys.removeAll(keepingCapacity: true)
    steps.removeAll(keepingCapacity: true)
    stepTable.removeAll()
  }

  /// The state that a step comes from.
  func origin(of step: Int) -> Int32 { keys[step].state }

  /// The number of the step of an element of some kind in some state.
  mutating func step(from state: Int32, kind: Int32) -> Int {
    let hash = PairHash.hash(state, kind)
    if let number = stepTable.number(hash, where: { keys[$0] == (state, kind) }) { return number }
    stepTable.add(keys.count, hash)
    keys.append((state, kind))
    steps.append(Step(state: Self.unknown, list: Self.notYet))
    return keys.count - 1
  }

  /// Sets the list of a step.
  mutating func setList(_ list: Int32, of step: Int) { steps[step].list = list }

  /// Whether a left part holds in a state.
  @inline(__always) func holds(_ part: Int32, in state: Int32) -> Bool {
    words[Int(state) &* width &+ Int(part) &>> 6] & 1 &<< UInt64(part & 63) != 0
  }

  /// Sets the state that a step leads to: of the parts that hold where it comes from those that last, and of `parts`
  /// those whose left part holds there and whose compound `matches`.
  mutating func setState(
    of step: Int, _ all: LeftParts, _ parts: some Sequence<Int32>, where matches: (Int) -> Bool = { _ in true }
  ) {
    let from = keys[step].state
    for word in 0..<width { scratch[word] = words[Int(from) * width + word] & all.lasting[word] }
    for part in parts {
      let (compound, left) = (all.parts[Int(part)].compound, all.parts[Int(part)].left)
      if left >= 0, !holds(left, in: from) { continue }
      if matches(Int(compound)) { scratch[Int(part) >> 6] |= 1 << UInt64(part & 63) }
    }
    steps[step].state = numberOfScratch()
  }

  private mutating func numberOfScratch() -> Int32 {
    let hash = Self.hash(scratch)
    let known = stateTable.number(hash) { number in
      for word in 0..<width where words[number * width + word] != scratch[word] { return false }
      return true
    }
    if let known { return Int32(truncatingIfNeeded: known) }
    stateTable.add(stateCount, hash)
    words.append(contentsOf: scratch)
    stateCount += 1
    return Int32(truncatingIfNeeded: stateCount - 1)
  }

  private static func hash(_ words: [UInt64]) -> UInt64 {
    var hash: UInt64 = 0x9E37_79B9_7F4A_7C15
    for word in words { hash = (hash ^ word ^ hash &>> 29) &* 0xff51_afd7_ed55_8ccd }
    return hash
  }
}

/// What elements look like to the cascade: pairs of a list of matched selectors and an own style, or -1.
struct ElementLooks: Sendable {
  private(set) var pairs: [(list: Int32, own: Int32)] = []
  /// The looks of the document at hand, in the order in which they were met.
  private(set) var atHand: [Int32] = []
  private var table = NumberTable()
  /// For each look the last document in which it was met.
  private var documents: [Int32] = []
  private var document: Int32 = 0

  /// Starts with a document.
  mutating func begin() {
    atHand.removeAll(keepingCapacity: true)
    document &+= 1
  }

  /// Forgets all looks.
  mutating func removeAll() {
    if pairs.isEmpty { return }
    pairs.removeAll(keepingCapacity: true)
    documents.removeAll(keepingCapacity: true)
    table.removeAll()
  }

  /// The number of a look, which is added if it is new.
  mutating func number(of list: Int32, own: Int32) -> Int32 {
    let hash = PairHash.hash(list, own)
    if let number = table.number(hash, where: { pairs[$0] == (list, own) }) {
      if documents[number] != document { meet(number) }
      return Int32(truncatingIfNeeded: number)
    }
    table.add(pairs.count, hash)
    pairs.append((list, own))
    documents.append(document)
    atHand.append(Int32(truncatingIfNeeded: pairs.count - 1))
    return Int32(truncatingIfNeeded: pairs.count - 1)
  }

  private mutating func meet(_ look: Int) {
    documents[look] = document
    atHand.append(Int32(truncatingIfNeeded: look))
  }

  /// Gives a look another list. It keeps its number and is not found by its new list: forget it with the document.
  mutating func setList(_ list: Int32, of look: Int) { pairs[look].list = list }
}

/// Hashes of pairs of numbers.
enum PairHash {
  @inline(__always) static func hash(_ first: Int32, _ second: Int32) -> UInt64 {
    let bits = UInt64(UInt32(bitPattern: first)) &<< 32 | UInt64(UInt32(bitPattern: second))
    return (bits ^ bits &>> 29) &* 0xff51_afd7_ed55_8ccd
  }
}
