/// Decides which declarations an element gets, and in what order.
///
/// The declarations that win anything are kept from weak to strong, in the author's own spelling, and the client
/// resolves the rest: so a shorthand over a longhand, a fallback within a rule and a value that some clients don't
/// know come out as in the author's sheet. A declaration goes only if stronger ones from other rules set all that it
/// sets. See CSS Cascade 4 (https://www.w3.org/TR/css-cascade-4/#cascade-sort).
///
/// The same value serves all elements of a document; its arrays are reused.
struct Cascade {
  /// A declaration on its way to an element.
  struct Candidate {
    /// The number of the declaration: in the set of rules, or for the element's own `style` among all of those.
    var declaration: Int32
    /// The rank of the selector that brought it; the highest number for the element's own `style`.
    var rank: Int32
    /// The number of its rule, or -1.
    var rule: Int32
    var property: Property
    var flags: StyleSheet.DeclarationFlags
    var isLayered: Bool
    /// Whether anything of it can take effect.
    var survives = true
    /// Whether it is written with `!important`.
    var isWrittenImportant: Bool

    var isImportant: Bool { flags.contains(.important) }
    var isOwn: Bool { rule < 0 }
  }

  /// A selector that an element matches: its rank, and whether it only may match or stays in the sheet anyway.
  struct MatchedRule {
    private let code: UInt32
    init(rank: Int32, isPotential: Bool) { code = UInt32(rank) << 1 | (isPotential ? 1 : 0) }
    init(code: UInt32) { self.code = code }
    var rank: Int { Int(code >> 1) }
    var isPotential: Bool { code & 1 == 1 }
    var bits: UInt32 { code }
  }

  private var rules = RuleSet.none
  /// For each rank, whether the selector stays in its sheet although it is inlined where it surely matches.
  private var staysToo: [Bool] = []
  private let table = PropertyTable.shared
  /// The candidates of the element at hand, from weak to strong.
  private(set) var candidates: [Candidate] = []
  /// The candidates from sheets that stay: what inlining must not shadow.
  private(set) var rivals: [Candidate] = []
  /// What `findWinners` found.
  private(set) var winners: [Int] = []
  /// For each rule, the last round in which it was met.
  private var roundOfRule: [Int32] = []
  private var round: Int32 = 0
  /// Whether one of the candidates, or of the rivals, is important.
  private(set) var hasImportantCandidates = false
  private(set) var hasImportantRivals = false
  private var covered = LonghandSet()
  private var coveredNames: [UInt64] = []
  private var isAllCovered = false
  /// The surviving candidates that don't cover anything.
  private var uncertain: [Int] = []

  /// Starts with the elements of another document; `staysToo` has an entry for each rank.
  mutating func begin(_ rules: RuleSet, fates: [RuleSet.Fate]) {
    self.rules = rules
    staysToo.removeAll(keepingCapacity: true)
    for fate in fates { staysToo.append(fate.contains([.inlined, .needed])) }
    round = 0
    roundOfRule.removeAll(keepingCapacity: true)
    roundOfRule.append(contentsOf: repeatElement(0, count: rules.ruleCount))
  }

  /// Works out `candidates` and `rivals` of an element that matches the given selectors, weak to strong.
  ///
  /// `own` is the number of its own style among `styles`, or -1.
  mutating func resolve(_ matched: ArraySlice<UInt32>, own: Int32, _ styles: OwnStyles) {
    candidates.removeAll(keepingCapacity: true)
    rivals.removeAll(keepingCapacity: true)
    let hasRivals = collect(matched)
    hasImportantRivals = false
    if hasRivals { collectRivals(matched) }
    if own >= 0 { append(own, styles, important: false) }
    if hasImportantCandidates { moveImportantToEnd() }
    if own >= 0 { append(own, styles, important: true) }
    dropOverridden(styles)
  }

  /// Works out `rivals` alone.
  mutating func resolveRivals(_ matched: ArraySlice<UInt32>) {
    rivals.removeAll(keepingCapacity: true)
    hasImportantRivals = false
    collectRivals(matched)
  }

  // MARK: - Collecting

  /// Collects the normal and important declarations of inlined selectors, each rule once and with its strongest.
  ///
  /// Says whether there are selectors that stay in their sheets.
  private mutating func collect(_ matched: ArraySlice<UInt32>) -> Bool {
    round += 1
    hasImportantCandidates = false
    var hasRivals = false
    for code in matched.reversed() {
      let matchedRule = Cascade.MatchedRule(code: code)
      if matchedRule.isPotential {
        hasRivals = true
        continue
      }
      if staysToo[matchedRule.rank] { hasRivals = true }
      let entry = rules.entries[matchedRule.rank]
      guard roundOfRule[Int(entry.ruleNumber)] != round else { continue }
      roundOfRule[Int(entry.ruleNumber)] = round
      if entry.hasImportant { hasImportantCandidates = true }
      var index = Int(entry.declarations.upperBound)
      while index > Int(entry.declarations.lowerBound) {
        index -= 1
        candidates.append(candidate(entry, index, rank: matchedRule.rank))
      }
    }
    candidates.reverse()
    return hasRivals
  }

  /// Collects the declarations that stay in sheets, of each rule with its strongest selectors.
  ///
  /// Where the strongest depends on the client, as `a:hover` does in `a, a:hover`, the next one counts as well.
  private mutating func collectRivals(_ matched: ArraySlice<UInt32>) {
    round += 1
    for code in matched.reversed() {
      let matchedRule = Cascade.MatchedRule(code: code)
      guard matchedRule.isPotential || staysToo[matchedRule.rank] else { continue }
      let entry = rules.entries[matchedRule.rank]
      guard roundOfRule[Int(entry.ruleNumber)] != round else { continue }
      if rules.selectors[matchedRule.rank].traits.isEmpty { roundOfRule[Int(entry.ruleNumber)] = round }
      if entry.hasImportant { hasImportantRivals = true }
      for index in entry.declarations.offsets {
        rivals.append(candidate(entry, index, rank: matchedRule.rank))
      }
    }
  }

  private func candidate(_ entry: RuleSet.Entry, _ index: Int, rank: Int) -> Candidate {
    let declaration = rules.declarations[index]
    return Candidate(
      declaration: Int32(index), rank: Int32(rank), rule: entry.ruleNumber, property: declaration.property,
      flags: declaration.flags, isLayered: entry.isLayered, isWrittenImportant: declaration.isImportant)
  }

  private mutating func append(_ own: Int32, _ styles: OwnStyles, important: Bool) {
    for index in styles[own].declarations.offsets {
      let declaration = styles.declarations[index]
      guard declaration.isImportant == important else { continue }
      if important { hasImportantCandidates = true }
      candidates.append(
        Candidate(
          declaration: Int32(index), rank: .max, rule: -1, property: declaration.property, flags: declaration.flags,
          isLayered: false, isWrittenImportant: important))
    }
  }

  private mutating func moveImportantToEnd() {
    let important = candidates.filter(\.isImportant)
    candidates.removeAll(where: \.isImportant)
    candidates += important
  }

  // MARK: - Dropping what is overridden

  private mutating func dropOverridden(_ styles: OwnStyles) {
    guard candidates.count > 1 else { return }
    covered = LonghandSet()
    coveredNames.removeAll(keepingCapacity: true)
    uncertain.removeAll(keepingCapacity: true)
    isAllCovered = false
    var end = candidates.count
    while end > 0 {
      var start = end - 1
      while start > 0, isSameGroup(start - 1, start) { start -= 1 }
      for index in start..<end where isOverridden(index, styles) { candidates[index].survives = false }
      for index in start..<end where candidates[index].survives { cover(index) }
      end = start
    }
  }

  /// Whether two neighbors are from one rule and equally important: then they are fallbacks of each other.
  private func isSameGroup(_ a: Int, _ b: Int) -> Bool {
    candidates[a].rule == candidates[b].rule && candidates[a].isImportant == candidates[b].isImportant
  }

  private func isOverridden(_ index: Int, _ styles: OwnStyles) -> Bool {
    let candidate = candidates[index]
    if candidate.flags.contains(.conditional) { return false }
    let property = candidate.property
    if property.isKnown {
      if table.sets[Int(property.index)].isSubset(of: covered) { return property.index != table.all || isAllCovered }
    } else if coveredNames.contains(property.hash) {
      // `all` covers no names that the table doesn't know: Word, say, knows `mso-hide` and not `all`.
      return true
    }
    return uncertain.contains { candidates[$0].property == property && isSameText(candidates[$0], candidate, styles) }
  }

  private mutating func cover(_ index: Int) {
    let candidate = candidates[index]
    guard candidate.flags.isDisjoint(with: [.doubtful, .conditional]) else {
      uncertain.append(index)
      return
    }
    let property = candidate.property
    if !property.isKnown {
      coveredNames.append(property.hash)
    } else {
      if property.index == table.all { isAllCovered = true }
      covered.formUnion(table.resets[Int(property.index)])
    }
  }

  /// Whether two declarations come to the same text, but for the kind of quotes and `!important`.
  private func isSameText(_ a: Candidate, _ b: Candidate, _ styles: OwnStyles) -> Bool {
    let (x, y) = (text(of: a, styles), text(of: b, styles))
    // What an earlier run wrote has neither the comments nor the line ends of its sheet.
    if a.flags.union(b.flags).contains(.untidy) { return StyleText.tidied(x) == StyleText.tidied(y) }
    guard x.count == y.count else { return false }
    return zip(x, y).allSatisfy { $0 == $1 || ($0 == 0x22 || $0 == 0x27) && ($1 == 0x22 || $1 == 0x27) }
  }

  private func text(of candidate: Candidate, _ styles: OwnStyles) -> ArraySlice<UInt8> {
    let index = Int(candidate.declaration)
    if candidate.isOwn { return styles.text[styles.declarations[index].value.offsets] }
    return rules.sheets[rules.sheet(ofDeclaration: index)].sheet.bytes[rules.declarations[index].value.offsets]
  }

  // MARK: - What stays in a sheet against what is inlined

  /// Whether two properties set anything in common.
  func overlaps(_ a: Property, _ b: Property) -> Bool {
    if a.isKnown, b.isKnown { return table.touches[Int(a.index)].intersects(table.resets[Int(b.index)]) }
    if a.hash == b.hash { return a.isCustom == b.isCustom }
    return a.index == table.all && !b.isCustom || b.index == table.all && !a.isCustom
  }

  /// Whether the first property leaves nothing of what the second sets.
  func covers(_ a: Property, _ b: Property) -> Bool {
    if a.isKnown, b.isKnown { return table.sets[Int(b.index)].isSubset(of: table.resets[Int(a.index)]) }
    return a == b || a.index == table.all && !b.isCustom
  }

  /// Finds the surviving candidates that win something a rival sets too: their positions are in `winners`.
  mutating func findWinners(against rival: Candidate) {
    winners.removeAll(keepingCapacity: true)
    if rival.property.index == table.all {
      for index in candidates.indices where candidates[index].survives {
        if overlaps(candidates[index].property, rival.property) { winners.append(index) }
      }
      return
    }
    if !rival.property.isKnown {
      let winner = candidates.lastIndex { $0.survives && overlaps($0.property, rival.property) }
      if let winner { winners.append(winner) }
      return
    }
    var open = table.touches[Int(rival.property.index)]
    for index in candidates.indices.reversed() where candidates[index].survives {
      let property = candidates[index].property
      guard property.isKnown, table.resets[Int(property.index)].intersects(open) else { continue }
      winners.append(index)
      // One that may have no effect leaves the next one in force.
      guard candidates[index].flags.isDisjoint(with: [.doubtful, .conditional]) else { continue }
      open.subtract(table.resets[Int(property.index)])
      if open.isEmpty { return }
    }
  }

  /// Whether a rival beats a candidate in the author's sheets, before anything is inlined.
  func isStronger(_ rival: Candidate, than candidate: Candidate) -> Bool {
    if rival.isImportant != candidate.isImportant { return rival.isImportant }
    if candidate.isOwn { return false }
    if rival.isImportant, rival.isLayered { return true }
    return rival.rank > candidate.rank
  }

  /// The rule of an important candidate that an important rule of a sheet beats and that beats another one.
  ///
  /// An attribute can't stand between the two: important it wins over both, normal it loses to both.
  mutating func misplacedRule() -> Int32? {
    var isBeaten: [Bool] = Array(repeating: false, count: candidates.count)
    var beats = isBeaten
    for rival in rivals where rival.isImportant {
      findWinners(against: rival)
      for index in winners {
        let candidate = candidates[index]
        guard candidate.isImportant, !candidate.isOwn, candidate.rule != rival.rule else { continue }
        if isStronger(rival, than: candidate) { isBeaten[index] = true } else { beats[index] = true }
      }
    }
    return candidates.indices.first { isBeaten[$0] && beats[$0] }.map { candidates[$0].rule }
  }

  /// Settles with which importance each survivor is written, given which declarations of sheets are made important.
  ///
  /// A selector that is inlined and stays in its sheet as well is equally strong in both places. Returns whether there
  /// was no way to keep the author's order: then some rule that stays wins or loses wrongly.
  mutating func settleImportance(made: [Bool]) -> Bool {
    var mustBeNormal: [Int] = []
    var mustBeImportant: [Int] = []
    for rival in rivals {
      let isMadeImportant = !rival.isImportant && made[Int(rival.declaration)]
      guard rival.isImportant || isMadeImportant else { continue }
      findWinners(against: rival)
      for index in winners {
        let candidate = candidates[index]
        if candidate.rule == rival.rule, !candidate.isOwn { continue }
        if isStronger(rival, than: candidate) {
          mustBeNormal.append(index)
        } else if isMadeImportant || candidate.isImportant {
          mustBeImportant.append(index)
        }
      }
    }
    for index in candidates.indices where candidates[index].survives && !candidates[index].isOwn {
      if !candidates[index].isImportant, made[Int(candidates[index].declaration)], staysToo[Int(candidates[index].rank)]
      {
        mustBeImportant.append(index)
      }
    }
    for index in mustBeNormal { write(index, important: false) }
    for index in mustBeImportant { write(index, important: true) }
    let isChanged = candidates.contains { $0.survives && $0.isWrittenImportant != $0.isImportant }
    guard isChanged else { return false }
    spreadImportance(Set(mustBeNormal))
    return mustBeNormal.contains { candidates[$0].isWrittenImportant }
  }

  /// Settles the importance of a survivor and of its fallbacks.
  private mutating func write(_ index: Int, important: Bool) {
    candidates[index].isWrittenImportant = important
    var other = index
    while other > 0, isSameGroup(other - 1, index) {
      other -= 1
      if overlaps(candidates[other].property, candidates[index].property) {
        candidates[other].isWrittenImportant = important
      }
    }
  }

  /// Sees to it that no stronger survivor is written normal where a weaker one that overlaps it is important.
  private mutating func spreadImportance(_ normal: Set<Int>) {
    for strong in candidates.indices where candidates[strong].survives && !candidates[strong].isWrittenImportant {
      for weak in 0..<strong where candidates[weak].survives && candidates[weak].isWrittenImportant {
        guard overlaps(candidates[weak].property, candidates[strong].property) else { continue }
        if normal.contains(strong), !candidates[weak].isOwn {
          candidates[weak].isWrittenImportant = false
        } else {
          write(strong, important: true)
          break
        }
      }
    }
  }
}
