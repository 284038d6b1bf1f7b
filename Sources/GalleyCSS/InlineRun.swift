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
  var lists = MatchLists()
  /// What elements look like to the cascade: pairs of a list of matched selectors and an own style, or -1.
  var looks = PairTable()
  /// For each node, the number of its look, or -1.
  private(set) var lookOfNode: [Int32] = []
  /// The edits to elements that were composed.
  var composed = ComposedStyles()
  /// The edits, as far as they are written.
  var draft = EditDraft()
  /// For each selector of the sheet that is pruned, whether it is no longer needed there.
  var isSelectorGone: [Bool] = []
  /// Whether it is known where anything was written.
  var hasOrigins = false
  /// The lists on whose elements rules that stay can't keep their order among each other.
  var overtaken: Set<Int> = []
  /// The ranks of the selectors that match nothing, but would match what is inlined.
  var selectorsThatSeeStyles: Set<Int> = []
  /// The rules that have been reported for having lost their place.
  var lostOrder: Set<Int32> = []
  private var candidates: [Int32] = []
  var matched: [UInt32] = []
  /// For each declaration, whether it stays and is made important.
  var madeImportant: [Bool] = []
  /// Whether any is.
  var hasMadeImportant = false
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
  private static let textCSS = RunningHash.of("text/css")
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
    let value = Int(type.valueStart)..<Int(type.valueEnd)
    return value.isEmpty || value.count == 8 && CSSName.hash(tree.bytes, value, lowercased: true) == Self.textCSS
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
    let list = lists.number(of: matched, rules)
    if known.isDecided { kinds.setList(list, of: kind) }
    note(list, at: index)
  }

  /// Matches an element of which something is not certain, or that is spared something.
  private mutating func matchUnusual(_ index: Int, _ matcher: inout SelectorMatcher) {
    gatherCandidates(index)
    matched.removeAll(keepingCapacity: true)
    let isWritten = canWrite(index)
    for candidate in candidates { test(Int(candidate), at: index, isWritten: isWritten, &matcher) }
    if !matched.isEmpty { note(lists.number(of: matched, rules), at: index) }
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
}
