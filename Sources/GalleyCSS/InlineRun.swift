import GalleyHTML
import GalleySource

/// The work on one document, and the buffers that serve the next one.
struct InlineRun: Sendable {
  /// The document at hand, as a browser builds it: not in the order of the bytes where the author's mark-up is not
  /// nested.
  private(set) var tree = HTMLTree.empty
  /// The tree as its author wrote it; `tree` may be that of a browser.
  private(set) var writtenTree = HTMLTree.empty
  let options: InlineOptions
  private(set) var origins: OriginMap?
  var result = InlineResult()

  /// A sheet in the document at hand.
  struct SheetUse: Sendable {
    /// The node of its `style` element, or -1 for a sheet from elsewhere.
    let node: Int
    /// Where the sheet's bytes stand in the document.
    let base: Int
    /// The placeholders in it, counted from its start.
    let placeholders: [Placeholder]
  }

  private var cache = SheetCache()
  private var cacheKey: [SheetCache.SheetKey] = []
  private var sheets: [RuleSet.Sheet] = []
  /// The sheets of `rules` as they stand in the document.
  private(set) var uses: [SheetUse] = []
  private(set) var rules = RuleSet.none
  private(set) var facts = DocumentFacts()
  private(set) var styles = OwnStyles()
  var fates: [RuleSet.Fate] = []
  private var kinds = ElementKinds()
  private(set) var lists = MatchLists()
  /// What elements look like to the cascade: pairs of a list of matched selectors and an own style, or -1.
  private(set) var looks = PairTable()
  /// For each node, the number of its look, or -1.
  private(set) var lookOfNode: [Int32] = []
  /// The edits to elements that were composed.
  var composed = ComposedStyles()
  /// The lists on whose elements rules that stay can't keep their order among each other.
  private(set) var overtaken: Set<Int> = []
  /// The ranks of the selectors that match nothing, but would match what is inlined.
  var selectorsThatSeeStyles: Set<Int> = []
  /// The rules that have been reported for having lost their place.
  var lostOrder: Set<Int32> = []
  private var candidates: [Int32] = []
  private var matched: [UInt32] = []
  /// For each declaration, whether it stays and is made important.
  private(set) var madeImportant: [Bool] = []
  /// Whether any is.
  private(set) var hasMadeImportant = false
  var cascade = Cascade()
  /// The names of elements that get no `style`.
  private let unstyled = HTMLVocabulary.unstyled

  init(options: InlineOptions) { self.options = options }

  /// Inlines the sheets of a document and further ones.
  mutating func inline(_ document: HTMLTree, sheets further: [StyleSheet], origins: OriginMap?) -> InlineResult {
    writtenTree = document
    tree = document.browserTree()
    self.origins = origins
    result = InlineResult()
    cache.trim()
    styles.trim()
    collectSheets(further)
    if !sheets.isEmpty {
      rules = cache.ruleSet(cacheKey) { [sheets] in RuleSet(sheets) }
      matchElements()
      if !tree.placeholders.isEmpty {
        result.diagnostics += UncertainPlaces.diagnostics(document, matched: tree, facts, rules, origins)
      }
      findShadowedRules()
      findSelectorsThatSeeStyles()
      writeEdits()
    }
    tree = HTMLTree.empty
    writtenTree = HTMLTree.empty
    defer { result = InlineResult() }
    return result
  }

  /// Forgets what was remembered of earlier documents.
  mutating func forget() {
    cache.forget()
    styles.forget()
  }

  // MARK: - Sheets

  private static let type = RunningHash.of("type")
  private static let media = RunningHash.of("media")
  private static let title = RunningHash.of("title")
  private static let disabled = RunningHash.of("disabled")

  private mutating func collectSheets(_ further: [StyleSheet]) {
    sheets.removeAll(keepingCapacity: true)
    uses.removeAll(keepingCapacity: true)
    cacheKey.removeAll(keepingCapacity: true)
    var blocks = BlockDepth(tree.placeholders)
    var revealed = 0
    for index in tree.nodes.indices {
      switch tree.nodes[index].kind {
      case .revealedOpen: revealed += 1
      case .revealedClose: revealed = max(revealed - 1, 0)
      case .element where tree.nodes[index].name.value == KnownName.style:
        if tree.nodes[index].flags.intersects(.inConditional) { break }
        let isInBlock = blocks.advance(to: Int(tree.nodes[index].start)) > 0
        collect(index, isInBlock: isInBlock, isRevealed: revealed > 0)
      default: break
      }
    }
    for sheet in further {
      let number = cache.number(of: sheet)
      add(sheet, number: number, SheetUse(node: -1, base: 0, placeholders: []), isKept: false, keepsCopy: false)
    }
  }

  private mutating func add(_ sheet: StyleSheet, number: Int, _ use: SheetUse, isKept: Bool, keepsCopy: Bool) {
    sheets.append(RuleSet.Sheet(sheet: sheet, isKept: isKept, keepsCopy: keepsCopy))
    uses.append(use)
    cacheKey.append(SheetCache.SheetKey(number: number, isKept: isKept, keepsCopy: keepsCopy))
  }

  private mutating func collect(_ index: Int, isInBlock: Bool, isRevealed: Bool) {
    let node = tree.nodes[index]
    let attributes = tree.attributes(of: NodeID(index))
    guard !OptOut.keepsSheet(attributes, tree), isCSS(attributes), !isInTemplate(index) else { return }
    let range = Int(node.contentStart)..<Int(node.contentEnd)
    let placeholders = tree.placeholders.shifted(into: range)
    let sheet: StyleSheet
    var number = -1
    if placeholders.isEmpty {
      (sheet, number) = cache.sheet(tree.bytes, range, isConditional: isInBlock)
    } else {
      sheet = StyleSheet(
        Array(tree.bytes[range]), in: 0..<range.count, placeholders: placeholders, isConditional: isInBlock)
    }
    let base = range.lowerBound
    if !sheet.faults.isEmpty {
      result.diagnostics += sheet.diagnostics { origins?.origin(of: $0.lowerBound + base..<$0.upperBound + base) }
    }
    let isKept = isRevealed || node.flags.intersects(.placeholderInTag) || appliesSometimes(attributes)
    let use = SheetUse(node: index, base: base, placeholders: placeholders)
    add(sheet, number: number, use, isKept: isKept, keepsCopy: OptOut.keepsCopy(attributes, tree))
  }

  private func isCSS(_ attributes: ArraySlice<HTMLTree.Attribute>) -> Bool {
    guard let type = attributes.first(where: { $0.name.value == Self.type }) else { return true }
    let value = tree.bytes[Int(type.valueStart)..<Int(type.valueEnd)].map(\.lowercasedASCII)
    return value.isEmpty || value.elementsEqual("text/css".utf8)
  }

  private func isInTemplate(_ index: Int) -> Bool {
    var parent = tree.nodes[index].parent
    while parent.index >= 0 {
      if tree[parent].name.value == KnownName.template { return true }
      parent = tree[parent].parent
    }
    return false
  }

  /// Whether a `style` element's attributes make its sheet apply only sometimes.
  private func appliesSometimes(_ attributes: ArraySlice<HTMLTree.Attribute>) -> Bool {
    attributes.contains { attribute in
      let value = Int(attribute.valueStart)..<Int(attribute.valueEnd)
      if attribute.name.value == Self.media { return !MediaQuery.alwaysApplies(tree.bytes, value) }
      return attribute.name.value == Self.title || attribute.name.value == Self.disabled
    }
  }

  // MARK: - Matching

  private mutating func matchElements() {
    fates.removeAll(keepingCapacity: true)
    fates.append(contentsOf: repeatElement([], count: rules.entries.count))
    let implied = ImpliedTree(tree)
    facts.collect(tree, implied)
    kinds.removeAll()
    lists.removeAll()
    looks.removeAll()
    lookOfNode.removeAll(keepingCapacity: true)
    lookOfNode.append(contentsOf: repeatElement(-1, count: tree.nodes.count))
    for rank in rules.entries.indices where !rules.entries[rank].implied.isDisjoint(with: implied.elements) {
      fates[rank].insert(.needed)
    }
    var matcher = SelectorMatcher(tree, facts, rules.joined, implied)
    var index = 0
    while index < tree.nodes.count {
      if tree.nodes[index].isElement {
        let name = tree.nodes[index].name.value
        if name == KnownName.template {
          index = Int(tree.nodes[index].subtreeEnd.index)
          continue
        }
        if !unstyled.contains(name) || Self.isMatchedOnly(name) { match(index, name, &matcher) }
      }
      index += 1
    }
  }

  /// Matches one element and notes what it means for the selectors.
  private mutating func match(_ index: Int, _ name: UInt64, _ matcher: inout SelectorMatcher) {
    let isPlain = facts[index].uncertainty.isEmpty && tree.nodes[index].flags.isDisjoint(with: Self.unusual)
    guard isPlain, options.inlinesConditionals, !Self.isMatchedOnly(name) else { return matchUnusual(index, &matcher) }
    let kind = kinds.number(
      name: name, id: facts[index].id, classes: facts[index].classList, facts, node: index, rules)
    let known = kinds.kinds[kind]
    if known.candidates.isEmpty { return }
    if known.isDecided, known.list >= 0 { return note(known.list, at: index) }
    matched.removeAll(keepingCapacity: true)
    let ancestors = facts[index].ancestors
    let attributes = facts[index].attributes
    for position in known.candidates.offsets {
      let candidate = kinds.candidates[position]
      let rank = candidate.rank
      switch candidate.verdict {
      case .open:
        if rules.entries[rank].ancestors & ~ancestors != 0 || rules.entries[rank].attributes & ~attributes != 0 {
          continue
        }
        test(rank, at: index, isWritten: true, &matcher)
      case .matches: admit(rank, isInlined: !rules.entries[rank].isKept)
      case .unknowable: admit(rank, isInlined: false)
      case .fails: break
      }
    }
    if matched.isEmpty { return }
    let list = lists.number(of: matched)
    if known.isDecided { kinds.setList(list, of: kind) }
    note(list, at: index)
  }

  /// Matches an element of which something is not certain, or that is spared something.
  private mutating func matchUnusual(_ index: Int, _ matcher: inout SelectorMatcher) {
    gatherCandidates(index)
    matched.removeAll(keepingCapacity: true)
    let isWritten = canWrite(index)
    for candidate in candidates { test(Int(candidate), at: index, isWritten: isWritten, &matcher) }
    if !matched.isEmpty { note(lists.number(of: matched), at: index) }
  }

  /// Matches an element against one selector.
  private mutating func test(_ rank: Int, at index: Int, isWritten: Bool, _ matcher: inout SelectorMatcher) {
    let match = matcher.match(rules.selectors[rank], ofSheet: Int(rules.entries[rank].sheet), index)
    if match == .no { return }
    if match == .maybe, matcher.doubt.contains(.siblings) { fates[rank].insert(.uncertainSiblings) }
    let isSpared = rules.entries[rank].isUniversal && tree.nodes[index].flags.intersects(.prefixed)
    admit(rank, isInlined: match == .yes && !rules.entries[rank].isKept && isWritten && !isSpared)
  }

  /// Adds a selector to those that the element at hand matches, or may match.
  private mutating func admit(_ rank: Int, isInlined: Bool) {
    fates[rank].insert(isInlined ? .inlined : .needed)
    matched.append(Cascade.MatchedRule(rank: Int32(rank), isPotential: !isInlined).bits)
  }

  /// Notes the list of selectors that an element matches.
  private mutating func note(_ list: Int32, at index: Int) {
    let style = facts[index].style
    let own = style < 0 ? -1 : styles.number(of: tree.attributes[Int(style)], tree)
    lookOfNode[index] = looks.number(of: list, own)
  }

  private static let unusual: HTMLTree.Flags = [.prefixed, .implied, .copied]

  /// Whether elements of a name are rendered, but can't do with a `style`: their rules stay.
  ///
  /// Clients drop the tags of `html`, and what a browser without scripts shows of `noscript` others take away.
  @inline(__always) private static func isMatchedOnly(_ name: UInt64) -> Bool {
    name == KnownName.html || name == KnownName.noscript
  }

  /// Whether an element may be given a `style`.
  ///
  /// What is written into a tag of which there are copies would reach all of them, whatever rules match each.
  @inline(__always) func canWrite(_ index: Int) -> Bool {
    let node = tree.nodes[index]
    if node.flags.intersects(.implied) || node.flags.intersects(.copied) { return false }
    if Self.isMatchedOnly(node.name.value) || facts[index].uncertainty.contains(.optedOut) { return false }
    return options.inlinesConditionals || !node.flags.intersects(.inConditional)
  }

  /// Collects the ranks of the selectors whose rightmost compound the element may match, ascending.
  private mutating func gatherCandidates(_ index: Int) {
    candidates.removeAll(keepingCapacity: true)
    candidates.append(contentsOf: rules.index.universal)
    rules.index.append(tree.nodes[index].name.value, .type, to: &candidates)
    if facts[index].uncertainty.isDisjoint(with: [.classes, .id]) {
      if facts[index].id != 0 { rules.index.append(facts[index].id, .id, to: &candidates) }
      for position in facts.classRange(index) {
        rules.index.append(facts.classes[position], .className, to: &candidates)
      }
    } else {
      candidates.append(contentsOf: rules.index.named)
    }
    candidates.sortTail(from: 0)
  }

  // MARK: - What stays against what is inlined

  /// Finds the declarations that stay and have to be made important.
  ///
  /// These are the ones that an inlined declaration would shadow, and then those that would now be shadowed by one
  /// that was made important, until there are none.
  private mutating func findShadowedRules() {
    cascade.begin(rules, fates: fates)
    madeImportant.removeAll(keepingCapacity: true)
    madeImportant.append(contentsOf: repeatElement(false, count: rules.declarations.count))
    hasMadeImportant = false
    overtaken.removeAll(keepingCapacity: true)
    lostOrder.removeAll(keepingCapacity: true)
    strengthenShadowed()
    var roundsLeft = Self.demotionLimit
    while roundsLeft > 0, demoteMisplaced() {
      cascade.begin(rules, fates: fates)
      strengthenShadowed()
      roundsLeft -= 1
    }
    guard hasMadeImportant else { return }
    for look in looks.pairs where lists.hasPotential(Int(look.first)) {
      cascade.resolve(lists[Int(look.first)], own: look.second, styles)
      noteOvertaken(Int(look.first))
    }
  }

  /// How often rules are taken back from elements before it is left at that.
  private static let demotionLimit = 64

  /// Makes declarations important until nothing that stays is shadowed.
  private mutating func strengthenShadowed() {
    var isFirstRound = true
    var roundsLeft = 32
    var hasChanged = true
    while hasChanged, roundsLeft > 0 {
      hasChanged = false
      for look in looks.pairs where lists.hasPotential(Int(look.first)) {
        guard hasMadeImportant || mayShadow(Int(look.first)) else { continue }
        cascade.resolve(lists[Int(look.first)], own: look.second, styles)
        if isFirstRound, strengthenShadowedByInlined() { hasChanged = true }
        if strengthenShadowedByRivals() { hasChanged = true }
      }
      if hasChanged { hasMadeImportant = true }
      isFirstRound = false
      roundsLeft -= 1
    }
  }

  /// Takes rules back from the elements on which they can't keep their place between two rules that stay.
  ///
  /// There they stay in their sheet, too, as strong as ever. Says whether there were any.
  private mutating func demoteMisplaced() -> Bool {
    var hasDemoted = false
    for look in looks.pairs.indices {
      let (list, own) = looks.pairs[look]
      guard lists.hasPotential(Int(list)), mayMisplace(Int(list)) else { continue }
      cascade.resolve(lists[Int(list)], own: own, styles)
      guard let rule = cascade.misplacedRule() else { continue }
      demote(rule: rule, of: look)
      hasDemoted = true
    }
    return hasDemoted
  }

  /// Whether a list has both a selector that is inlined and one that stays with something important.
  private func mayMisplace(_ list: Int) -> Bool {
    guard rules.hasImportant else { return false }
    var isInlined = false
    var stays = false
    for code in lists[list] {
      let rule = Cascade.MatchedRule(code: code)
      guard rules.entries[rule.rank].hasImportant else { continue }
      if !rule.isPotential { isInlined = true }
      if rule.isPotential || fates[rule.rank].contains([.inlined, .needed]) { stays = true }
    }
    return isInlined && stays
  }

  /// Whether the importance of the candidates at hand may have to change.
  var settlesImportance: Bool { hasMadeImportant || cascade.hasImportantCandidates && cascade.hasImportantRivals }

  /// Makes all selectors of a rule stay for the elements that look alike.
  private mutating func demote(rule: Int32, of look: Int) {
    matched.removeAll(keepingCapacity: true)
    for code in lists[Int(looks.pairs[look].first)] {
      let rank = Cascade.MatchedRule(code: code).rank
      guard rules.entries[rank].ruleNumber == rule else {
        matched.append(code)
        continue
      }
      fates[rank].insert(.needed)
      matched.append(Cascade.MatchedRule(rank: Int32(rank), isPotential: true).bits)
    }
    looks.setFirst(lists.number(of: matched), of: look)
  }

  /// Whether a list has a selector that is inlined and a normal declaration that stays and sets something in common.
  ///
  /// Without the first nothing is shadowed, and what is important is not shadowed either.
  private func mayShadow(_ list: Int) -> Bool {
    var inlined: UInt64 = 0
    var staying: UInt64 = 0
    for code in lists[list] {
      let rule = Cascade.MatchedRule(code: code)
      let properties = rules.entries[rule.rank].properties
      if !rule.isPotential { inlined |= properties }
      if rule.isPotential || fates[rule.rank].contains([.inlined, .needed]), rules.entries[rule.rank].hasNormal {
        staying |= properties
      }
    }
    return inlined & staying != 0
  }

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

  /// Whether an important declaration leaves a normal one nothing to set, whenever that applies.
  private func isIdle(_ rival: Cascade.Candidate) -> Bool {
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

  // MARK: - Writing

  /// Makes important what the own style of a tag with copies would lose to a rule that was made so.
  ///
  /// Nothing is inlined into it, so nothing else changes; the first copy that needs it decides.
  private mutating func strengthenStyle(_ node: Int, _ strengthened: inout Set<Int32>) {
    if facts[node].uncertainty.contains(.optedOut) || strengthened.contains(facts[node].style) { return }
    let count = result.edits.entries.count
    writeStyle(node)
    if result.edits.entries.count > count { strengthened.insert(facts[node].style) }
  }

  /// Writes all edits in the order of the tree.
  private mutating func writeEdits() {
    composed.removeAll()
    var strengthened: Set<Int32> = []
    var nextSheet = 0
    for node in tree.nodes.indices {
      if nextSheet < uses.count, uses[nextSheet].node == node {
        pruneSheet(nextSheet)
        nextSheet += 1
      } else if lookOfNode[node] >= 0 {
        if canWrite(node) {
          writeStyle(node)
        } else if tree.nodes[node].flags.intersects(.copied), facts[node].style >= 0 {
          strengthenStyle(node, &strengthened)
        }
      }
    }
    addFurtherSheets(from: nextSheet)
    reportSelectors()
  }
}
