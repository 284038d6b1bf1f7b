import GalleyHTML
import GalleySource

/// The work on one document.
struct InlineRun {
  let tree: HTMLTree
  let options: InlineOptions
  let origins: OriginMap?
  var result = InlineResult()

  var sheets: [RuleSet.Sheet] = []
  var facts = DocumentFacts()
  var rules = RuleSet([])
  var fates: [RuleSet.Fate] = []
  /// For each node, the number of its list of matched selectors, or -1.
  var listOfNode: [Int32] = []
  var lists = MatchLists()
  /// For each list, where its attribute stands in `renderedText`, once it has been written.
  var renderedLists: [Range<Int>?] = []
  var renderedText: [UInt8] = []
  /// The lists on whose elements rules that stay can't keep their order among each other.
  var overtaken: Set<Int> = []
  /// The rules that have been reported for having lost their place.
  var lostOrder: Set<Int32> = []
  private var candidates: [Int32] = []
  /// For each sheet and declaration, whether it stays and is made important.
  var madeImportant: [[Bool]] = []
  /// Whether any is.
  var hasMadeImportant = false
  var cascade: Cascade

  init(_ tree: HTMLTree, options: InlineOptions, origins: OriginMap?) {
    self.tree = tree
    self.options = options
    self.origins = origins
    cascade = Cascade(rules)
  }

  var hasSheets: Bool { !sheets.isEmpty }

  // MARK: - Sheets

  private static let style = RunningHash.of("style")
  private static let template = RunningHash.of("template")
  private static let html = RunningHash.of("html")
  private static let type = RunningHash.of("type")
  private static let media = RunningHash.of("media")
  private static let title = RunningHash.of("title")
  private static let disabled = RunningHash.of("disabled")

  mutating func collectSheets(_ further: [StyleSheet]) {
    var blocks = BlockDepth(tree.placeholders)
    var revealed = 0
    for index in tree.nodes.indices {
      let node = tree.nodes[index]
      switch node.kind {
      case .revealedOpen: revealed += 1
      case .revealedClose: revealed = max(revealed - 1, 0)
      case .element where node.name.value == Self.style && !node.flags.contains(.inConditional):
        let isInBlock = blocks.advance(to: Int(node.start)) > 0
        collect(index, isInBlock: isInBlock, isRevealed: revealed > 0)
      default: break
      }
    }
    for sheet in further {
      sheets.append(RuleSet.Sheet(sheet: sheet, node: -1, isKept: false, keepsCopy: false))
    }
  }

  private mutating func collect(_ index: Int, isInBlock: Bool, isRevealed: Bool) {
    let node = tree.nodes[index]
    let attributes = tree.attributes(of: NodeID(index))
    guard !OptOut.keepsSheet(attributes, tree), isCSS(attributes), !isInTemplate(index) else { return }
    let sheet = StyleSheet(
      tree.bytes, in: Int(node.contentStart)..<Int(node.contentEnd), placeholders: tree.placeholders,
      isConditional: isInBlock)
    result.diagnostics += sheet.diagnostics { origins?.origin(of: $0) }
    let isKept = isRevealed || node.flags.contains(.placeholderInTag) || appliesSometimes(attributes)
    sheets.append(
      RuleSet.Sheet(sheet: sheet, node: index, isKept: isKept, keepsCopy: OptOut.keepsCopy(attributes, tree)))
  }

  private func isCSS(_ attributes: ArraySlice<HTMLTree.Attribute>) -> Bool {
    guard let type = attributes.first(where: { $0.name.value == Self.type }) else { return true }
    let value = tree.bytes[Int(type.valueStart)..<Int(type.valueEnd)].map(\.lowercasedASCII)
    return value.isEmpty || value.elementsEqual("text/css".utf8)
  }

  private func isInTemplate(_ index: Int) -> Bool {
    var parent = tree.nodes[index].parent
    while parent.index >= 0 {
      if tree[parent].name.value == Self.template { return true }
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

  mutating func matchElements() {
    rules = RuleSet(sheets)
    fates = Array(repeating: [], count: rules.entries.count)
    madeImportant = sheets.map { Array(repeating: false, count: $0.sheet.declarations.count) }
    facts.collect(tree)
    listOfNode = Array(repeating: -1, count: tree.nodes.count)
    var matcher = SelectorMatcher(tree, facts, sheets.map(\.sheet.selectors))
    var matched: [UInt32] = []
    var index = 0
    while index < tree.nodes.count {
      let node = tree.nodes[index]
      if node.kind == .element {
        if node.name.value == Self.template {
          index = Int(node.subtreeEnd.index)
          continue
        }
        if !HTMLVocabulary.isUnstyled(node.name.value) || node.name.value == Self.html {
          match(index, &matcher, &matched)
        }
      }
      index += 1
    }
  }

  /// Matches one element and notes what it means for the selectors.
  private mutating func match(_ index: Int, _ matcher: inout SelectorMatcher, _ matched: inout [UInt32]) {
    matched.removeAll(keepingCapacity: true)
    let node = tree.nodes[index]
    let isWritten = canWrite(index)
    let sparesUniversal = hasPrefix(node)
    gatherCandidates(index)
    for candidate in candidates {
      let rank = Int(candidate)
      let entry = rules.entries[rank]
      let isSure = entry.isBare && facts.uncertainty[index].isEmpty
      let match = isSure ? .yes : matcher.match(rules.selectors[rank], ofSheet: Int(entry.sheet), index)
      if match == .no { continue }
      if !isSure, match == .maybe, matcher.doubt.contains(.siblings) { fates[rank].insert(.uncertainSiblings) }
      let isSpared = sparesUniversal && rules.selectors[rank].key.kind == .any
      let isInlined = match == .yes && !entry.isKept && isWritten && !isSpared
      fates[rank].insert(isInlined ? .inlined : .needed)
      matched.append(Cascade.MatchedRule(rank: candidate, isPotential: !isInlined).bits)
    }
    if matched.isEmpty { return }
    MatchLists.sort(&matched)
    let hasStyle = facts.styles[index] >= 0
    listOfNode[index] = lists.number(of: matched, hasStyle: hasStyle)
  }

  /// Whether an element may be given a `style`.
  private func canWrite(_ index: Int) -> Bool {
    let node = tree.nodes[index]
    if node.name.value == Self.html || facts.uncertainty[index].contains(.optedOut) { return false }
    return options.inlinesConditionals || !node.flags.contains(.inConditional)
  }

  private func hasPrefix(_ node: HTMLTree.Node) -> Bool {
    tree.bytes[Int(node.start)..<Int(node.nameEnd)].contains(0x3A)
  }

  /// Collects the ranks of the selectors whose rightmost compound the element may match.
  private mutating func gatherCandidates(_ index: Int) {
    candidates.removeAll(keepingCapacity: true)
    candidates.append(contentsOf: rules.index.universal)
    appendBucket(tree.nodes[index].name.value, .type)
    guard facts.uncertainty[index].isDisjoint(with: [.classes, .id]) else {
      candidates.append(contentsOf: rules.index.named)
      return
    }
    if facts.ids[index] != 0 { appendBucket(facts.ids[index], .id) }
    for position in Int(facts.classStart[index])..<Int(facts.classStart[index + 1]) {
      appendBucket(facts.classes[position], .className)
    }
  }

  private mutating func appendBucket(_ hash: UInt64, _ kind: SelectorStore.Key.Kind) {
    var rank = rules.index.first(hash, kind)
    while rank >= 0 {
      candidates.append(rank)
      rank = rules.index.next(after: rank)
    }
  }

  // MARK: - What stays against what is inlined

  /// Finds the declarations that stay and have to be made important.
  ///
  /// These are the ones that an inlined declaration would shadow, and then those that would now be shadowed by one
  /// that was made important, until there are none.
  mutating func findShadowedRules() {
    cascade = Cascade(rules, staysToo: fates.map { $0.contains([.inlined, .needed]) })
    var elements: [(list: Int, node: Int)] = []
    for list in lists.indices where lists.hasPotential(list) && lists.hasPlainElement(list) {
      elements.append((list, -1))
    }
    for node in tree.nodes.indices where listOfNode[node] >= 0 && facts.styles[node] >= 0 {
      if lists.hasPotential(Int(listOfNode[node])) { elements.append((Int(listOfNode[node]), node)) }
    }
    var isFirstRound = true
    var roundsLeft = 32
    var hasChanged = true
    while hasChanged, roundsLeft > 0 {
      hasChanged = false
      for (list, node) in elements {
        cascade.resolve(lists[list], own: node < 0 ? nil : ownStyle(node).style)
        if isFirstRound, strengthenShadowedByInlined() { hasChanged = true }
        if strengthenShadowedByRivals() { hasChanged = true }
      }
      if hasChanged { hasMadeImportant = true }
      isFirstRound = false
      roundsLeft -= 1
    }
    guard hasMadeImportant else { return }
    for (list, node) in elements {
      cascade.resolve(lists[list], own: node < 0 ? nil : ownStyle(node).style)
      noteOvertaken(list)
    }
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
    candidate.isImportant || madeImportant[Int(candidate.sheet)][Int(candidate.declaration)]
  }

  /// Whether an important declaration of the same rule leaves a declaration nothing to set.
  private func isIdle(_ rival: Cascade.Candidate) -> Bool {
    cascade.rivals.contains {
      $0.rule == rival.rule && $0.isImportant && !rival.isImportant && cascade.covers($0.property, rival.property)
    }
  }

  /// Makes important what an inlined declaration would shadow on the element at hand.
  private mutating func strengthenShadowedByInlined() -> Bool {
    var hasChanged = false
    for rival in cascade.rivals where !isStrong(rival) && !isIdle(rival) {
      var isShadowed = false
      cascade.forEachWinner(against: rival) { index in
        let winner = cascade.candidates[index]
        if !winner.isOwn, winner.rule != rival.rule, cascade.isStronger(rival, than: winner) { isShadowed = true }
      }
      if isShadowed {
        madeImportant[Int(rival.sheet)][Int(rival.declaration)] = true
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
        madeImportant[Int(strong.sheet)][Int(strong.declaration)] = true
        hasChanged = true
      }
    }
    return hasChanged
  }

  // MARK: - Writing

  /// Writes all edits in the order of the document.
  mutating func writeEdits() {
    var nextSheet = 0
    for node in tree.nodes.indices {
      if nextSheet < sheets.count, sheets[nextSheet].node == node {
        pruneSheet(nextSheet)
        nextSheet += 1
      } else if listOfNode[node] >= 0, canWrite(node) {
        writeStyle(node)
      }
    }
    addFurtherSheets(from: nextSheet)
    reportSelectors()
  }
}
