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
  /// What is known of elements under these rules.
  var memory = RuleMemory()
  /// Whether something in it holds for the document at hand alone.
  var hasDemoted = false
  /// For each node, the state that its content is in.
  private var stateOfNode: [Int32] = []
  /// For each list of classes, the hash of those that selectors mention.
  private var classHashes: [UInt64] = []
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
      let set = cache.ruleSet(cacheKey, sheets)
      if let set { cache.exchange(&memory, ofSet: set) } else { memory = cache.spareMemory() }
      rules = set.map(cache.rules) ?? RuleSet(sheets)
      memory.begin(rules, styleAge: styles.age)
      inlineRules(document)
      if hasDemoted { memory.forget() }
      if let set { cache.exchange(&memory, ofSet: set) } else { cache.recycle(memory) }
    }
    tree = HTMLTree.empty
    writtenTree = HTMLTree.empty
    defer { result = InlineResult() }
    return result
  }

  /// Inlines the rules at hand.
  private mutating func inlineRules(_ document: HTMLTree) {
    matchElements()
    if !tree.placeholders.isEmpty {
      result.diagnostics += UncertainPlaces.diagnostics(document, matched: tree, facts, rules, origins)
    }
    findShadowedRules()
    findSelectorsThatSeeStyles()
    writeEdits()
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
    hasDemoted = false
    stateOfNode.removeAll(keepingCapacity: true)
    stateOfNode.append(contentsOf: repeatElement(ElementStates.unknown, count: tree.nodes.count))
    classHashes.removeAll(keepingCapacity: true)
    for list in 0..<facts.classListCount { classHashes.append(facts.hash(ofList: list, rules.mentioned)) }
    lookOfNode.removeAll(keepingCapacity: true)
    lookOfNode.append(contentsOf: repeatElement(-1, count: tree.nodes.count))
    for rank in rules.entries.indices where !rules.entries[rank].implied.isDisjoint(with: implied.elements) {
      fates[rank].insert(.needed)
    }
    var matcher = LazyMatcher(implied)
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
  private mutating func match(_ index: Int, _ name: UInt64, _ matcher: inout LazyMatcher) {
    guard facts.isCertain(index), let attributes = testedAttributes(index) else {
      return matchUnusual(index, &matcher)
    }
    let (id, classes) = (facts[index].id, classHashes[Int(facts[index].classList)])
    let key = ElementKinds.Key(
      name: rules.mentioned.known(name), id: id == 0 ? 0 : rules.mentioned.known(id), classes: classes,
      attributes: attributes)
    var kind = memory.kinds.number(key)
    if kind < 0 { kind = addKind(key, index, &matcher) }
    let step = step(of: index, kind: kind, &matcher)
    let isUsual = tree.nodes[index].isUsual && options.inlinesConditionals
    guard step >= 0, isUsual, !Self.isMatchedOnly(name) else { return matchUnusual(index, &matcher) }
    let known = memory.kinds.kinds[kind]
    if known.candidates.isEmpty { return }
    if known.isLocal {
      let list = memory.states.steps[step].list
      if list == ElementStates.nothing { return }
      if list != ElementStates.notYet { return note(list, at: index) }
    }
    collectMatches(known.candidates.offsets, in: memory.states.origin(of: step), at: index, &matcher)
    let list = matched.isEmpty ? ElementStates.nothing : memory.lists.number(of: matched, rules)
    if known.isLocal { memory.states.setList(list, of: step) }
    if list >= 0 { note(list, at: index) }
  }

  private mutating func addKind(_ key: ElementKinds.Key, _ index: Int, _ matcher: inout LazyMatcher) -> Int {
    matcher.make(tree, facts, rules)
    return memory.kinds.add(key, facts, node: index, rules, &matcher.value)
  }

  /// Collects the selectors that an element matches out of those that elements of its kind may match in some state.
  private mutating func collectMatches(
    _ candidates: Range<Int>, in state: Int32, at index: Int, _ matcher: inout LazyMatcher
  ) {
    matched.removeAll(keepingCapacity: true)
    for position in candidates {
      let candidate = memory.kinds.candidates[position]
      switch candidate.verdict {
      case .matches:
        if candidate.left >= 0, !memory.states.holds(candidate.left, in: state) { continue }
        admit(candidate.rank, isInlined: !rules.entries[candidate.rank].isKept)
      case .unknowable: admit(candidate.rank, isInlined: false)
      case .open:
        if rules.entries[candidate.rank].ancestors & ~facts[index].ancestors != 0 { continue }
        test(candidate.rank, at: index, isWritten: true, &matcher)
      case .fails: break
      }
    }
  }

  /// A hash of the attributes of an element that selectors ask for, 0 without any; nil where one is not certain.
  ///
  /// It changes nothing; asked of an immutable self, it would be given a copy of all there is.
  @inline(__always) private mutating func testedAttributes(_ index: Int) -> UInt64? {
    facts[index].attributes & rules.testedAttributes == 0 ? 0 : hashOfTestedAttributes(index)
  }

  private mutating func hashOfTestedAttributes(_ index: Int) -> UInt64? {
    var hash: UInt64 = 0
    for attribute in tree.attributes(of: NodeID(index)) {
      guard NameMarks.mark(attribute.name.value) & rules.testedAttributes != 0 else { continue }
      if attribute.hasPlaceholder { return nil }
      let value = ByteRun.hash(tree.bytes.span, Int(attribute.valueStart)..<Int(attribute.valueEnd))
      hash = (hash ^ attribute.name.value) &* 0x9E37_79B9_7F4A_7C15
      hash = (hash ^ hash &>> 32 ^ value) &* 0xff51_afd7_ed55_8ccd
    }
    return hash
  }

  /// The step that an element makes, or -1 where something around it is not certain.
  private mutating func step(of index: Int, kind: Int, _ matcher: inout LazyMatcher) -> Int {
    // One that was opened in a condition that has ended may be around what follows, or not.
    if tree.nodes[index].flags.intersects(.splitByBlock) { return -1 }
    let outer = state(in: Int(facts[index].parent), &matcher)
    if outer == ElementStates.unknown { return -1 }
    let step = memory.states.step(from: outer, kind: Int32(truncatingIfNeeded: kind))
    if memory.states.steps[step].state == ElementStates.unknown {
      memory.states.setState(
        of: step, rules.leftParts, memory.kinds.parts[memory.kinds.kinds[kind].parts.offsets])
    }
    stateOfNode[index] = memory.states.steps[step].state
    return step
  }

  /// The state of what is in an element: a node, one that a browser adds, or none.
  private mutating func state(in element: Int, _ matcher: inout LazyMatcher) -> Int32 {
    if element >= 0 { return stateOfNode[element] }
    if element == ImpliedTree.none { return ElementStates.root }
    let outer = state(in: matcher.implied.parent(of: element, tree), &matcher)
    if outer == ElementStates.unknown { return outer }
    // Kinds of elements that nobody wrote are negative.
    let kind = Int32(truncatingIfNeeded: max(element, ImpliedTree.firstTableBody))
    let step = memory.states.step(from: outer, kind: kind)
    if memory.states.steps[step].state == ElementStates.unknown {
      matcher.make(tree, facts, rules)
      memory.states.setState(of: step, rules.leftParts, 0..<Int32(rules.leftParts.parts.count)) {
        matcher.value.matches(implied: $0, element)
      }
    }
    return memory.states.steps[step].state
  }

  /// Matches an element of which something is not certain, or that is spared something.
  private mutating func matchUnusual(_ index: Int, _ matcher: inout LazyMatcher) {
    gatherCandidates(index)
    matched.removeAll(keepingCapacity: true)
    let isWritten = canWrite(index)
    for candidate in candidates { test(Int(candidate), at: index, isWritten: isWritten, &matcher) }
    if !matched.isEmpty { note(memory.lists.number(of: matched, rules), at: index) }
  }

  /// Matches an element against one selector.
  private mutating func test(_ rank: Int, at index: Int, isWritten: Bool, _ matcher: inout LazyMatcher) {
    matcher.make(tree, facts, rules)
    let match = matcher.value.match(rules.selectors[rank], ofSheet: Int(rules.entries[rank].sheet), index)
    if match == .no { return }
    if match == .maybe, matcher.value.doubt.contains(.siblings) { fates[rank].insert(.uncertainSiblings) }
    let isSpared = rules.entries[rank].isUniversal && tree.nodes[index].flags.intersects(.prefixed)
    admit(rank, isInlined: match == .yes && !rules.entries[rank].isKept && isWritten && !isSpared)
  }

  /// Adds a selector to those that the element at hand matches, or may match.
  private mutating func admit(_ rank: Int, isInlined: Bool) {
    matched.append(Cascade.MatchedRule(rank: Int32(rank), isPotential: !isInlined).bits)
  }

  /// Notes the list of selectors that an element matches.
  private mutating func note(_ list: Int32, at index: Int) {
    if memory.lists.isNew(Int(list)) {
      for code in memory.lists[Int(list)] {
        let rule = Cascade.MatchedRule(code: code)
        fates[rule.rank].insert(rule.isPotential ? .needed : .inlined)
      }
    }
    let style = facts[index].style
    let own = style < 0 ? -1 : styles.number(of: tree.attributes[Int(style)], tree)
    lookOfNode[index] = memory.looks.number(of: list, own: own)
  }

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

/// A matcher that is made when it is asked for: where all that elements match is known, none is needed.
private struct LazyMatcher {
  /// What a browser adds to the document.
  let implied: ImpliedTree
  var value = SelectorMatcher.none
  private var isMade = false

  init(_ implied: ImpliedTree) { self.implied = implied }

  /// Makes the matcher for the document at hand, unless it is there.
  @inline(__always) mutating func make(_ tree: HTMLTree, _ facts: DocumentFacts, _ rules: RuleSet) {
    if isMade { return }
    value = SelectorMatcher(tree, facts, rules.joined, implied)
    isMade = true
  }
}
