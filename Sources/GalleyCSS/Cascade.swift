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
  ///
  /// A set of rules holds one for each of its declarations, so that collecting them is copying them; it holds nothing
  /// that would have to be counted, and takes 32 bytes.
  struct Candidate: Sendable {
    let property: Property
    let flags: StyleSheet.DeclarationFlags
    private var state: State
    /// The number of the declaration: in the set of rules, or for the element's own `style` among all of those.
    let declaration: Int32
    /// The rank of the selector that brought it; the highest number for the element's own `style`.
    var rank: Int32
    /// The number of its rule, or -1.
    let rule: Int32
    /// The marks of what it sets: candidates that have none in common don't concern each other.
    let marks: UInt64

    private struct State: OptionSet {
      let rawValue: UInt8
      static let dropped = State(rawValue: 1)
      static let writtenImportant = State(rawValue: 2)
      static let layered = State(rawValue: 4)
    }

    init(_ declaration: StyleSheet.Declaration, number: Int, rule: Int, _ table: PropertyTable) {
      property = declaration.property
      flags = declaration.flags
      state = declaration.isImportant ? .writtenImportant : []
      self.declaration = Int32(truncatingIfNeeded: number)
      rank = .max
      self.rule = Int32(truncatingIfNeeded: rule)
      marks = table.marks(of: declaration.property)
    }

    /// Whether anything of it can take effect.
    var survives: Bool {
      get { !state.contains(.dropped) }
      set { if newValue { state.remove(.dropped) } else { state.insert(.dropped) } }
    }

    /// Whether it is written with `!important`.
    var isWrittenImportant: Bool {
      get { state.contains(.writtenImportant) }
      set { if newValue { state.insert(.writtenImportant) } else { state.remove(.writtenImportant) } }
    }

    /// Whether its rule lies in a layer.
    var isLayered: Bool {
      get { state.contains(.layered) }
      set { if newValue { state.insert(.layered) } else { state.remove(.layered) } }
    }

    var isImportant: Bool { flags.contains(.important) }
    var isOwn: Bool { rule < 0 }

    /// Whether another one is from the same rule and equally important: then the two are fallbacks of each other.
    func isFallback(of other: Candidate) -> Bool { rule == other.rule && isImportant == other.isImportant }
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

  /// A rule that is inlined into the element at hand, with the strongest of its selectors that match.
  private struct Source {
    let rank: Int32
    let hasNormal: Bool
    let hasImportant: Bool
    let declarations: Range<Int32>
  }

  private var rules = RuleSet.none
  /// For each rank, whether the selector stays in its sheet although it is inlined where it surely matches.
  private var staysToo: [Bool] = []
  private let table = PropertyTable.shared
  /// The rules at hand, from strong to weak.
  private var sources: [Source] = []
  /// The candidates of the element at hand, from weak to strong: the normal ones of sheets, then the element's own, then
  /// the important ones of sheets, then the element's own.
  private(set) var candidates: [Candidate] = []
  /// Where the element's own candidates are.
  private(set) var normalOwn = 0..<0
  private(set) var importantOwn = 0..<0
  /// The position of the first of the element's own candidates, or behind all.
  var firstOwn: Int { normalOwn.isEmpty ? importantOwn.lowerBound : normalOwn.lowerBound }
  /// The marks of all candidates, and those that several have.
  private var marks: UInt64 = 0
  private var contestedMarks: UInt64 = 0
  /// Whether selectors that stay in their sheets match the element at hand.
  private var hasRivals = false
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
  /// The names without a number that are overridden from here on.
  private var coveredNames: [UInt64] = []
  /// The surviving candidates that don't cover anything.
  private var uncertain: [Int] = []

  /// Starts with the elements of another document; `staysToo` has an entry for each rank.
  mutating func begin(_ rules: RuleSet, fates: [RuleSet.Fate]) {
    self.rules = rules
    staysToo.removeAll(keepingCapacity: true)
    staysToo.reserveCapacity(fates.count)
    for fate in fates { staysToo.append(fate.contains([.inlined, .needed])) }
    round = 0
    roundOfRule.removeAll(keepingCapacity: true)
    roundOfRule.append(contentsOf: repeatElement(0, count: rules.ruleCount))
  }

  /// Works out `candidates` of an element that matches the given selectors, weak to strong, and if asked its `rivals`.
  ///
  /// `own` is the number of its own style among `styles`, or -1.
  mutating func resolve(
    _ matched: ArraySlice<UInt32>, own: Int32, _ styles: OwnStyles, collectsRivals: Bool = true
  ) {
    findSources(matched)
    candidates.removeAll(keepingCapacity: true)
    marks = 0
    contestedMarks = 0
    appendSources(important: false)
    let start = candidates.count
    let hasImportantOwn = own >= 0 && append(own, styles, important: false)
    normalOwn = start..<candidates.count
    if hasImportantCandidates { appendSources(important: true) }
    importantOwn = candidates.count..<candidates.count
    if hasImportantOwn {
      hasImportantCandidates = true
      _ = append(own, styles, important: true)
      importantOwn = importantOwn.lowerBound..<candidates.count
    }
    if contestedMarks != 0 { dropOverridden(styles) }
    rivals.removeAll(keepingCapacity: true)
    hasImportantRivals = false
    if collectsRivals { collectRivals(matched) }
  }

  /// Works out `rivals` alone.
  mutating func resolveRivals(_ matched: ArraySlice<UInt32>) {
    rivals.removeAll(keepingCapacity: true)
    hasImportantRivals = false
    hasRivals = true
    collectRivals(matched)
  }

  // MARK: - Collecting

  /// Finds the rules of inlined selectors, each once and with its strongest, and whether there are selectors that stay.
  private mutating func findSources(_ matched: ArraySlice<UInt32>) {
    sources.removeAll(keepingCapacity: true)
    round += 1
    hasImportantCandidates = false
    hasRivals = false
    let allEntries = rules.entries
    let entries = allEntries.span
    let codes = matched.span
    var index = codes.count
    while index > 0 {
      index -= 1
      let code = MatchedRule(code: codes[index])
      if code.isPotential {
        hasRivals = true
        continue
      }
      let rank = code.rank
      if staysToo[rank] { hasRivals = true }
      let rule = Int(entries[rank].ruleNumber)
      guard roundOfRule[rule] != round else { continue }
      roundOfRule[rule] = round
      let hasImportant = entries[rank].hasImportant
      if hasImportant { hasImportantCandidates = true }
      sources.append(
        Source(
          rank: Int32(truncatingIfNeeded: rank), hasNormal: entries[rank].hasNormal, hasImportant: hasImportant,
          declarations: entries[rank].declarations))
    }
  }

  /// Appends the normal or the important declarations of the rules at hand.
  private mutating func appendSources(important: Bool) {
    let allCandidates = rules.candidates
    let ready = allCandidates.span
    var position = sources.count
    while position > 0 {
      position -= 1
      let source = sources[position]
      guard important ? source.hasImportant : source.hasNormal else { continue }
      let isMixed = source.hasNormal && source.hasImportant
      for index in source.declarations.offsets {
        if isMixed, ready[index].isImportant != important { continue }
        var candidate = ready[index]
        candidate.rank = source.rank
        append(candidate)
      }
    }
  }

  @inline(__always) private mutating func append(_ candidate: Candidate) {
    contestedMarks |= marks & candidate.marks
    marks |= candidate.marks
    candidates.append(candidate)
  }

  /// Appends the normal or the important declarations of an own style; says whether there are others.
  private mutating func append(_ own: Int32, _ styles: OwnStyles, important: Bool) -> Bool {
    var hasOthers = false
    let declarations = styles.declarations.span
    for index in styles[own].declarations.offsets {
      if declarations[index].isImportant == important {
        append(Candidate(declarations[index], number: index, rule: -1, table))
      } else {
        hasOthers = true
      }
    }
    return hasOthers
  }

  /// Collects the declarations that stay in sheets, of each rule with its strongest selectors.
  ///
  /// Where the strongest depends on the client, as `a:hover` does in `a, a:hover`, the next one counts as well.
  mutating func collectRivals(_ matched: ArraySlice<UInt32>) {
    guard hasRivals else { return }
    round += 1
    let allEntries = rules.entries
    let entries = allEntries.span
    let allCandidates = rules.candidates
    let ready = allCandidates.span
    let codes = matched.span
    var position = codes.count
    while position > 0 {
      position -= 1
      let code = MatchedRule(code: codes[position])
      let rank = code.rank
      guard code.isPotential || staysToo[rank] else { continue }
      let rule = Int(entries[rank].ruleNumber)
      guard roundOfRule[rule] != round else { continue }
      if rules.selectors[rank].traits.isEmpty { roundOfRule[rule] = round }
      if entries[rank].hasImportant { hasImportantRivals = true }
      for index in entries[rank].declarations.offsets {
        var candidate = ready[index]
        candidate.rank = Int32(truncatingIfNeeded: rank)
        candidate.isLayered = entries[rank].isLayered
        rivals.append(candidate)
      }
    }
  }

  // MARK: - Dropping what is overridden

  /// What the stronger candidates leave nothing of.
  private struct Cover {
    var longhands = LonghandSet()
    /// Whether `all` is among it.
    var isAll = false
    /// The marks of all that is covered or is certain to be tried.
    var marks: UInt64 = 0
  }

  private mutating func dropOverridden(_ styles: OwnStyles) {
    coveredNames.removeAll(keepingCapacity: true)
    uncertain.removeAll(keepingCapacity: true)
    var cover = Cover()
    var end = candidates.count
    while end > 0 {
      var start = end - 1
      while start > 0, candidates[start - 1].isFallback(of: candidates[start]) { start -= 1 }
      // Most properties are set once and have nothing to do with others.
      for index in start..<end where candidates[index].marks & cover.marks != 0 {
        if isOverridden(index, cover, styles) { candidates[index].survives = false }
      }
      for index in start..<end where candidates[index].marks & contestedMarks != 0 && candidates[index].survives {
        add(index, to: &cover)
      }
      end = start
    }
  }

  private func isOverridden(_ index: Int, _ cover: Cover, _ styles: OwnStyles) -> Bool {
    let candidate = candidates[index]
    if candidate.flags.contains(.conditional) { return false }
    let property = candidate.property
    if property.isKnown {
      if table.sets[Int(property.index)].isSubset(of: cover.longhands) {
        return property.index != table.all || cover.isAll
      }
    } else if coveredNames.contains(property.hash) {
      // `all` covers no names that the table doesn't know: Word, say, knows `mso-hide` and not `all`.
      return true
    }
    for other in uncertain where candidates[other].property == property {
      if isSameText(candidates[other], candidate, styles) { return true }
    }
    return false
  }

  private mutating func add(_ index: Int, to cover: inout Cover) {
    cover.marks |= candidates[index].marks
    guard candidates[index].flags.isDisjoint(with: [.doubtful, .conditional]) else {
      uncertain.append(index)
      return
    }
    let property = candidates[index].property
    if !property.isKnown {
      coveredNames.append(property.hash)
    } else {
      if property.index == table.all { cover.isAll = true }
      cover.longhands.formUnion(table.resets[Int(property.index)])
    }
  }

  /// Whether two declarations come to the same text, but for the kind of quotes and `!important`.
  private func isSameText(_ a: Candidate, _ b: Candidate, _ styles: OwnStyles) -> Bool {
    let (x, y) = (text(of: a, styles), text(of: b, styles))
    // What an earlier run wrote has neither the comments nor the line ends of its sheet.
    if a.flags.union(b.flags).contains(.untidy) { return StyleText.tidied(x) == StyleText.tidied(y) }
    guard x.count == y.count else { return false }
    let (first, second) = (x.span, y.span)
    for index in first.indices where first[index] != second[index] {
      guard first[index].isQuote, second[index].isQuote else { return false }
    }
    return true
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
    guard rival.marks & marks != 0 else { return }
    let isAll = rival.property.index == table.all
    var open = rival.property.isKnown ? table.touches[Int(rival.property.index)] : LonghandSet()
    var index = candidates.count
    while index > 0 {
      index -= 1
      guard candidates[index].marks & rival.marks != 0, candidates[index].survives else { continue }
      let property = candidates[index].property
      if isAll || !rival.property.isKnown {
        guard overlaps(property, rival.property) else { continue }
        winners.append(index)
        if isAll { continue } else { return }
      }
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
    if mustBeNormal.isEmpty, mustBeImportant.isEmpty { return false }
    let isChanged = candidates.contains { $0.survives && $0.isWrittenImportant != $0.isImportant }
    guard isChanged else { return false }
    spreadImportance(Set(mustBeNormal))
    return mustBeNormal.contains { candidates[$0].isWrittenImportant }
  }

  /// Settles the importance of a survivor and of its fallbacks.
  private mutating func write(_ index: Int, important: Bool) {
    candidates[index].isWrittenImportant = important
    var other = index
    while other > 0, candidates[other - 1].isFallback(of: candidates[index]) {
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

extension UInt8 {
  fileprivate var isQuote: Bool { self == 0x22 || self == 0x27 }
}
