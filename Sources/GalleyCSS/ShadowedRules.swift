import GalleyHTML

/// What stays in sheets against what is inlined.
///
/// An inlined declaration beats each normal one of a sheet. Where the author's order is another one, the declaration
/// that stays is made important; where that is not possible either, the rule is taken back from the elements.
extension InlineRun {
  /// Finds the declarations that stay and have to be made important.
  ///
  /// These are the ones that an inlined declaration would shadow, and then those that would now be shadowed by one
  /// that was made important, until there are none.
  mutating func findShadowedRules() {
    cascade.begin(rules, fates: fates)
    madeImportant.removeAll(keepingCapacity: true)
    madeImportant.append(contentsOf: repeatElement(false, count: rules.declarations.count))
    hasMadeImportant = false
    if !overtaken.isEmpty { overtaken.removeAll(keepingCapacity: true) }
    if !lostOrder.isEmpty { lostOrder.removeAll(keepingCapacity: true) }
    if !memory.lists.havePotential { return }
    strengthenShadowed()
    var roundsLeft = Self.demotionLimit
    while roundsLeft > 0, rules.hasImportant, demoteMisplaced() {
      cascade.begin(rules, fates: fates)
      strengthenShadowed()
      roundsLeft -= 1
    }
    guard hasMadeImportant else { return }
    for look in memory.looks.atHand where hasPotential(look) {
      let list = Int(memory.looks.pairs[Int(look)].list)
      cascade.resolveRivals(memory.lists[list])
      noteOvertaken(list)
    }
  }

  /// How often rules are taken back from elements before it is left at that.
  private static let demotionLimit = 64
  /// How often it is asked what has come to be shadowed by what was made important.
  private static let roundLimit = 32

  // MARK: - Making important

  /// Makes declarations important until nothing that stays is shadowed.
  private mutating func strengthenShadowed() {
    let hasBoth = fates.contains { $0.contains([.inlined, .needed]) }
    for look in memory.looks.atHand {
      let (list, own) = memory.looks.pairs[Int(look)]
      guard mayShadow(Int(list), hasBoth: hasBoth) else { continue }
      cascade.resolve(memory.lists[Int(list)], own: own, styles)
      if strengthenShadowedByInlined() { hasMadeImportant = true }
    }
    var roundsLeft = Self.roundLimit
    var hasChanged = hasMadeImportant
    while hasChanged, roundsLeft > 0 {
      hasChanged = false
      for look in memory.looks.atHand where hasPotential(look) {
        cascade.resolveRivals(memory.lists[Int(memory.looks.pairs[Int(look)].list)])
        if strengthenShadowedByRivals() { hasChanged = true }
      }
      roundsLeft -= 1
    }
  }

  /// Whether a selector that stays in its sheet matches the elements of a look.
  private mutating func hasPotential(_ look: Int32) -> Bool {
    memory.lists.summary(of: Int(memory.looks.pairs[Int(look)].list)).hasPotential
  }

  /// Whether a list has a selector that is inlined and a normal declaration that stays and sets something in common.
  ///
  /// Without the first nothing is shadowed, and what is important is not shadowed either. `hasBoth` says whether there
  /// are selectors that are inlined into some elements and stay for others.
  private mutating func mayShadow(_ list: Int, hasBoth: Bool) -> Bool {
    let summary = memory.lists.summary(of: list)
    guard summary.hasPotential else { return false }
    if summary.inlined & summary.staying != 0 { return true }
    if !hasBoth || summary.inlined == 0 { return false }
    for code in memory.lists[list] {
      let rank = Cascade.MatchedRule(code: code).rank
      if fates[rank].contains([.inlined, .needed]), rules.entries[rank].hasNormal,
        summary.inlined & rules.entries[rank].properties != 0
      {
        return true
      }
    }
    return false
  }

  /// Makes important what an inlined declaration would shadow on the element at hand.
  private mutating func strengthenShadowedByInlined() -> Bool {
    var hasChanged = false
    for rival in cascade.rivals where !isStrong(rival) && !isIdle(rival) {
      var isShadowed = false
      cascade.findWinners(against: rival)
      for index in cascade.winners {
        let winner = cascade.candidates[index]
        if !winner.isOwn, winner.rule != rival.rule, cascade.isStronger(rival, than: winner) { isShadowed = true }
      }
      if isShadowed {
        madeImportant[Int(rival.declaration)] = true
        hasChanged = true
      }
    }
    return hasChanged
  }

  /// Makes important what a weaker declaration that was made important would shadow on the element at hand.
  private mutating func strengthenShadowedByRivals() -> Bool {
    var hasChanged = false
    for weak in cascade.rivals where !weak.isImportant && isStrong(weak) {
      for strong in cascade.rivals where !isStrong(strong) {
        let isBehind = strong.rule == weak.rule && strong.declaration > weak.declaration
        guard isBehind || strong.rule != weak.rule && cascade.isStronger(strong, than: weak) else { continue }
        guard cascade.overlaps(strong.property, weak.property), !isIdle(strong) else { continue }
        madeImportant[Int(strong.declaration)] = true
        hasChanged = true
      }
    }
    return hasChanged
  }

  /// Whether an important declaration leaves a normal one nothing to set, whenever that applies.
  private mutating func isIdle(_ rival: Cascade.Candidate) -> Bool {
    if rival.isImportant || !cascade.hasImportantRivals { return false }
    return cascade.rivals.contains {
      $0.isImportant && !$0.flags.contains(.doubtful) && ($0.rule == rival.rule || applies($0, with: rival))
        && cascade.covers($0.property, rival.property)
    }
  }

  /// Whether a declaration that stays applies to the element at hand whenever another one does: both stand in the same
  /// group, and nothing but the document decides what the first one matches.
  private func applies(_ candidate: Cascade.Candidate, with other: Cascade.Candidate) -> Bool {
    guard tree.placeholders.isEmpty, candidate.flags.isDisjoint(with: [.doubtful, .conditional]) else { return false }
    let (entry, second) = (rules.entries[Int(candidate.rank)], rules.entries[Int(other.rank)])
    guard entry.sheet == second.sheet, rules.selectors[Int(candidate.rank)].filter.isPlain else { return false }
    let inSheet = rules.sheets[Int(entry.sheet)].sheet.rules
    let (rule, otherRule) = (inSheet[Int(entry.rule)], inSheet[Int(second.rule)])
    return rule.parent == otherRule.parent && rule.flags == otherRule.flags
      && rule.flags.isDisjoint(with: [.layered, .scoped, .nested])
  }

  // MARK: - Taking back

  /// Takes rules back from the elements on which they can't keep their place between two rules that stay.
  ///
  /// There they stay in their sheet, too, as strong as ever. Says whether there were any.
  private mutating func demoteMisplaced() -> Bool {
    var hasDemoted = false
    for look in memory.looks.atHand {
      let (list, own) = memory.looks.pairs[Int(look)]
      guard memory.lists.summary(of: Int(list)).hasPotential, mayMisplace(Int(list)) else { continue }
      cascade.resolve(memory.lists[Int(list)], own: own, styles)
      guard let rule = cascade.misplacedRule() else { continue }
      demote(rule: rule, of: Int(look))
      hasDemoted = true
    }
    return hasDemoted
  }

  /// Whether a list has something important that is inlined, and important ones that stay both below and above it and
  /// set something in common with it.
  private mutating func mayMisplace(_ list: Int) -> Bool {
    var layered: UInt64 = 0
    var below: UInt64 = 0
    var between: UInt64 = 0
    for code in memory.lists[list] {
      let rule = Cascade.MatchedRule(code: code)
      guard rules.entries[rule.rank].hasImportant else { continue }
      let properties = rules.entries[rule.rank].properties
      if !rule.isPotential, properties & below != 0 {
        // What is important in a layer comes first in a list, but is the strongest.
        if properties & layered != 0 { return true }
        between |= properties
      }
      guard rule.isPotential || fates[rule.rank].contains([.inlined, .needed]) else { continue }
      if properties & between != 0 { return true }
      if rules.entries[rule.rank].isLayered { layered |= properties } else { below |= properties }
    }
    return false
  }

  /// Makes all selectors of a rule stay for the elements that look alike.
  private mutating func demote(rule: Int32, of look: Int) {
    matched.removeAll(keepingCapacity: true)
    for code in memory.lists[Int(memory.looks.pairs[look].list)] {
      let rank = Cascade.MatchedRule(code: code).rank
      guard rules.entries[rank].ruleNumber == rule else {
        matched.append(code)
        continue
      }
      fates[rank].insert(.needed)
      matched.append(Cascade.MatchedRule(rank: Int32(rank), isPotential: true).bits)
    }
    memory.looks.setList(memory.lists.number(of: matched, rules), of: look)
    hasDemoted = true
  }

  // MARK: - What comes of it

  /// Whether the importance of the candidates at hand may have to change.
  var settlesImportance: Bool { hasMadeImportant || cascade.hasImportantCandidates && cascade.hasImportantRivals }

  /// Notes a list on whose elements a rule that was made important now beats one that always was.
  private mutating func noteOvertaken(_ list: Int) {
    for made in cascade.rivals where !made.isImportant && isStrong(made) {
      for important in cascade.rivals where important.isImportant {
        let isBehind = made.rule == important.rule && made.declaration > important.declaration
        if isBehind || made.rank > important.rank, !important.isLayered,
          cascade.overlaps(made.property, important.property)
        {
          overtaken.insert(list)
          return
        }
      }
    }
  }

  /// Whether a declaration of a sheet is important there, in the end.
  func isStrong(_ candidate: Cascade.Candidate) -> Bool {
    candidate.isImportant || madeImportant[Int(candidate.declaration)]
  }
}
