package import GalleyHTML

/// Whether an element matches a selector.
package enum Match: Sendable { case no, maybe, yes }

/// Matches complex selectors against the elements of a document, from right to left.
///
/// Some questions have no answer before the mail is sent or opened: what stands in a placeholder, how often a loop
/// runs, whether a link is pointed at. Matching first takes each such answer for a yes; if the selector fails even so,
/// the answer is no. If it matches and no such question was asked, the answer is yes; otherwise it is tried again with
/// each such answer taken for a no. Under `:not()` the assumption is turned around.
///
/// The search for ancestors and siblings never tries again what cannot help (the failure says from where to go on), so
/// its cost is bounded by the depth times the length of the selector; what selectors in arguments answer is remembered
/// (`MatchMemo`), and what looks down or along the siblings is worked out for the whole document at once
/// (`ElementVerdicts`). A matcher serves one document and is used for its elements in any order.
package struct SelectorMatcher {
  /// Why an answer was open.
  struct Doubt: OptionSet {
    let rawValue: UInt8
    /// A condition or a loop stands among the siblings.
    static let siblings = Doubt(rawValue: 1)
    /// A placeholder stands in an attribute.
    static let attribute = Doubt(rawValue: 2)
    /// Only the client knows.
    static let client = Doubt(rawValue: 4)
  }

  let tree: HTMLTree
  /// The selectors of all sheets.
  let store: SelectorStore
  /// For each sheet, where its compounds start in `store`.
  private let bases: [Int]
  let facts: DocumentFacts
  /// What a browser adds to the tree.
  let implied: ImpliedTree
  /// How open questions are answered.
  var assumption = true
  /// Why there were open questions.
  var doubt: Doubt = []
  /// How many compounds have been compared with elements: what matching has cost, up to a factor.
  package internal(set) var steps = 0

  private var scans: [Scan] = []
  private var memo = MatchMemo()
  var positions: SiblingPositions
  /// For each list of `:has()` and `of`, the position of what is known of it, or -1; empty until one is met.
  var verdictOfList: [Int32] = []
  var verdicts: [ElementVerdicts] = []
  /// For each node the template block that it stands in; empty until a selector asks, or without blocks.
  var blocks: TemplateBlocks?
  /// The language that the document declares for itself, empty for none; nil until a selector asks.
  var languageOfDocument: [UInt8]?

  init(_ tree: HTMLTree, _ facts: DocumentFacts, _ selectors: JoinedSelectors, _ implied: ImpliedTree) {
    self.tree = tree
    self.facts = facts
    store = selectors.store
    bases = selectors.bases
    self.implied = implied
    positions = SiblingPositions()
  }

  /// A matcher for no document.
  static let none = SelectorMatcher(
    HTMLTree.empty, DocumentFacts(), JoinedSelectors([SelectorStore()]), ImpliedTree(HTMLTree.empty))

  /// Makes a matcher for a document and the selectors of some sheets.
  package init(_ tree: HTMLTree, _ stores: [SelectorStore]) {
    let implied = ImpliedTree(tree)
    var facts = DocumentFacts()
    facts.collect(tree, implied)
    self.init(tree, facts, JoinedSelectors(stores), implied)
  }

  /// Matches one selector of a sheet with the element at a position in `tree.nodes`; `sheet` numbers the sheet.
  package mutating func match(_ selector: SelectorStore.Selector, ofSheet sheet: Int, _ node: Int) -> Match {
    doubt = []
    let base = bases[sheet]
    let compounds = selector.compounds.lowerBound &+ base..<selector.compounds.upperBound &+ base
    assumption = true
    if selector.traits.contains(.clientHack) {
      // The left side may be what the client adds; the right side is the author's.
      guard matches(compound: compounds.lowerBound, node) else { return .no }
      doubt.insert(.client)
      return .maybe
    }
    guard matches(compounds, node) else { return .no }
    if doubt.isEmpty { return .yes }
    assumption = false
    return matches(compounds, node) ? .yes : .maybe
  }

  /// Whether an element that a browser adds matches a compound of a local selector.
  func matches(implied compound: Int, _ element: Int) -> Bool {
    store.compounds[compound].simples.allSatisfy { implied.matches(store.simples[$0], element) == true }
  }

  mutating func open(_ reason: Doubt) -> Bool {
    doubt.insert(reason)
    return assumption
  }

  // MARK: - Combinators

  /// What came of matching compounds from some element leftwards.
  private enum Step {
    case matched
    /// Another sibling might do.
    case restartSibling
    /// Another ancestor might do.
    case restartAncestor
    /// Nothing will do.
    case failed
  }

  mutating func matches(_ compounds: Range<Int>, _ node: Int) -> Bool {
    if compounds.count == 1 { return matches(compound: compounds.lowerBound, node) }
    return step(compounds.lowerBound, node) == .matched
  }

  private mutating func step(_ index: Int, _ node: Int) -> Step {
    guard matches(compound: index, node) else { return .restartSibling }
    let rest = index &+ 1
    switch store.compounds[index].combinator {
    case .none: return .matched
    case .child: return stepToParent(rest, of: node)
    case .descendant: return stepToAncestor(rest, of: node)
    case .next, .subsequent:
      if tree.nodes[node].flags.intersects(.uncertainSiblings) { return stepToAnySibling(rest, node) }
      let sibling = previousElement(node)
      if sibling < 0 { return .restartAncestor }
      if store.compounds[index].combinator == .next { return step(rest, sibling) }
      return stepToEarlierSibling(rest, scan: store.compounds[index].scan, from: sibling)
    }
  }

  /// Whether an element may not be around what it seems to be around: it was opened in a condition that ended before.
  @inline(__always) func isSplit(_ node: Int) -> Bool { tree.nodes[node].flags.intersects(.splitByBlock) }

  private mutating func stepToParent(_ rest: Int, of element: Int) -> Step {
    var parent = outer(element)
    while parent >= 0, isSplit(parent) {
      guard open(.siblings) else { return .restartAncestor }
      let result = step(rest, parent)
      if result == .matched { return result }
      parent = outer(parent)
    }
    guard parent != ImpliedTree.none else { return .failed }
    let result = stepInto(rest, parent)
    return result == .restartSibling ? .restartAncestor : result
  }

  private mutating func stepToAncestor(_ rest: Int, of element: Int) -> Step {
    var ancestor = outer(element)
    let needed = store.compounds[rest].marks
    while ancestor != ImpliedTree.none {
      if ancestor < 0 || needed & ~facts[ancestor].names == 0 && (!isSplit(ancestor) || open(.siblings)) {
        let result = stepInto(rest, ancestor)
        if result == .matched || result == .failed { return result }
      }
      ancestor = outer(ancestor)
    }
    return .failed
  }

  /// The element around another: a node, one that a browser adds, or `ImpliedTree.none`.
  @inline(__always) private func outer(_ element: Int) -> Int {
    element >= 0 ? Int(facts[element].parent) : implied.parent(of: element, tree)
  }

  /// Goes on with an element of the document, or with one that nobody wrote, but that a browser adds.
  private mutating func stepInto(_ index: Int, _ element: Int) -> Step {
    if element >= 0 { return step(index, element) }
    steps &+= 1
    for position in store.compounds[index].simples {
      switch implied.matches(store.simples[position], element) {
      case true: break
      case false: return .restartAncestor
      case nil: if !open(.siblings) { return .restartAncestor }
      }
    }
    switch store.compounds[index].combinator {
    case .none: return .matched
    case .child: return stepToParent(index &+ 1, of: element)
    case .descendant: return stepToAncestor(index &+ 1, of: element)
    case .next, .subsequent: return open(.siblings) ? .matched : .restartAncestor
    }
  }

  /// Looks for any sibling from `nearest` backwards.
  ///
  /// What was found for an earlier child of the same parent holds for a later one, so only the siblings between them
  /// are looked at.
  private mutating func stepToEarlierSibling(_ rest: Int, scan: Int32, from nearest: Int) -> Step {
    if scans.isEmpty { scans = Array(repeating: Scan(), count: Int(store.scanCount) * 2) }
    let slot = Int(scan) * 2 + (assumption ? 1 : 0)
    let parent = tree.nodes[nearest].parent.index
    var known = scans[slot]
    if known.parent != parent || Int(known.upTo) > nearest { known = Scan(parent: parent) }
    let doubtBefore = doubt
    doubt = known.doubt
    var sibling = nearest
    while !known.isFound, sibling > Int(known.upTo) {
      let result = step(rest, sibling)
      known.isFound = result == .matched
      if result != .restartSibling { break }
      sibling = previousElement(sibling)
    }
    known.upTo = Int32(nearest)
    known.doubt = doubt
    scans[slot] = known
    doubt.formUnion(doubtBefore)
    return known.isFound ? .matched : .restartAncestor
  }

  /// Looks for a sibling where a loop may repeat any of them in front of the element, itself included.
  ///
  /// Only the nearest compound and the nearest siblings are looked at; what lies beyond is taken for possible.
  private mutating func stepToAnySibling(_ rest: Int, _ node: Int) -> Step {
    guard open(.siblings) else { return .restartAncestor }
    var sibling = node
    var budget = 64
    while sibling >= 0 {
      if budget == 0 || tree.nodes[sibling].isElement && matches(compound: rest, sibling) { return .matched }
      sibling = Int(tree.nodes[sibling].previousSibling.index)
      budget -= 1
    }
    sibling = Int(tree.nodes[node].nextSibling.index)
    while sibling >= 0 {
      if budget == 0 || tree.nodes[sibling].isElement && matches(compound: rest, sibling) { return .matched }
      sibling = Int(tree.nodes[sibling].nextSibling.index)
      budget -= 1
    }
    return .restartAncestor
  }

  /// What the scan of siblings for one compound has found so far.
  private struct Scan {
    var parent: Int32 = -2
    /// The last sibling that was looked at.
    var upTo: Int32 = -1
    var isFound = false
    var doubt: Doubt = []
  }

  @inline(__always) func parentElement(_ node: Int) -> Int {
    var parent = Int(tree.nodes[node].parent.index)
    while parent >= 0, !tree.nodes[parent].isElement { parent = Int(tree.nodes[parent].parent.index) }
    return parent
  }

  @inline(__always) func previousElement(_ node: Int) -> Int {
    var previous = Int(tree.nodes[node].previousSibling.index)
    while previous >= 0, !tree.nodes[previous].isElement {
      previous = Int(tree.nodes[previous].previousSibling.index)
    }
    return previous
  }

  // MARK: - Compounds

  /// Compares one compound with one element.
  mutating func matches(compound index: Int, _ node: Int) -> Bool {
    steps &+= 1
    // Where names are not known all marks are set.
    if store.compounds[index].marks & ~facts[node].names != 0 { return false }
    let simples = store.compounds[index].simples
    var position = simples.lowerBound
    while position < simples.upperBound {
      let isMatch =
        switch store.simples[position].kind {
        case .type: tree.nodes[node].name.value == store.simples[position].hash
        case .className: hasClass(store.simples[position].hash, node)
        case .id: hasIdentifier(store.simples[position].hash, node)
        case .universal: true
        case .attributeValue: matchesValue(store.simples[position], node)
        default: matchesFurther(store.simples[position], node)
        }
      if !isMatch { return false }
      position &+= 1
    }
    return true
  }

  /// Compares what is rarer than types, classes and identifiers.
  private mutating func matchesFurther(_ simple: SelectorStore.Simple, _ node: Int) -> Bool {
    switch simple.kind {
    case .universal, .type, .className, .id, .attributeValue: return true
    case .attribute: return hasAttribute(simple.hash, node)
    case .isList: return matchesAny(simple.payload, node)
    case .notList:
      assumption.toggle()
      let isMatch = matchesAny(simple.payload, node)
      assumption.toggle()
      return !isMatch
    case .hasList: return hasRelative(simple.payload, node)
    case .nthChildOf, .nthLastChildOf: return matchesCount(simple, node)
    case .nthChild, .nthLastChild, .nthOfType, .nthLastOfType, .onlyChild, .onlyOfType:
      return matchesPosition(simple, node)
    case .empty: return isEmpty(node)
    case .root: return isRoot(node)
    case .link: return isLink(node)
    case .disabled, .enabled, .required, .optional: return matchesState(simple.kind, node)
    case .lang: return matchesLanguage(simple, node)
    case .dir: return matchesDirection(simple.a, node)
    case .unknowable: return open(.client)
    case .wrapper: return false
    }
  }

  /// Whether an element matches one of a list of selectors.
  mutating func matchesAny(_ list: Int32, _ node: Int) -> Bool {
    let (members, isComplex) = (store.lists[Int(list)].members, store.lists[Int(list)].isComplex)
    if isComplex, let known = memo.find(list, node, assumption) {
      doubt.formUnion(Doubt(rawValue: known.doubt))
      return known.isMatch
    }
    let doubtBefore = doubt
    doubt = []
    var isMatch = false
    var index = members.lowerBound
    while index < members.upperBound, !isMatch {
      let compounds = store.nested[index].compounds
      if store.nested[index].traits.contains(.clientHack) {
        isMatch = matches(compound: compounds.lowerBound, node) && open(.client)
      } else {
        isMatch = matches(compounds, node)
      }
      index += 1
    }
    if isComplex { memo.insert(list, node, assumption, isMatch: isMatch, doubt: doubt.rawValue) }
    doubt.formUnion(doubtBefore)
    return isMatch
  }

  // MARK: - Identifiers, classes and attributes

  @inline(__always) func isCertain(_ node: Int, unless other: DocumentFacts.Uncertainty = []) -> Bool {
    facts[node].uncertainty.isDisjoint(with: other.union(.attributes))
  }

  @inline(__always) private mutating func hasIdentifier(_ hash: UInt64, _ node: Int) -> Bool {
    if facts[node].id == hash { return isCertain(node, unless: .id) || open(.attribute) }
    return facts[node].uncertainty.contains(.id) && open(.attribute)
  }

  @inline(__always) private mutating func hasClass(_ hash: UInt64, _ node: Int) -> Bool {
    if facts.hasClass(hash, node) { return isCertain(node) || open(.attribute) }
    return facts[node].uncertainty.contains(.classes) && open(.attribute)
  }

  mutating func hasAttribute(_ name: UInt64, _ node: Int) -> Bool {
    attribute(name, node) >= 0 && (isCertain(node) || open(.attribute))
  }

  /// The position of the first attribute with a name, or -1.
  @inline(__always) func attribute(_ name: UInt64, _ node: Int) -> Int {
    var index = Int(tree.nodes[node].firstAttribute)
    let end = index &+ Int(tree.nodes[node].attributeCount)
    while index < end {
      if tree.attributes[index].name.value == name { return index }
      index &+= 1
    }
    return -1
  }

  private mutating func matchesValue(_ simple: SelectorStore.Simple, _ node: Int) -> Bool {
    if facts[node].attributes & NameMarks.mark(simple.hash) == 0 { return false }
    let index = attribute(simple.hash, node)
    if index < 0 { return false }
    if tree.attributes[index].hasPlaceholder { return open(.attribute) }
    let wanted = store.values[Int(simple.payload)]
    let range = Int(tree.attributes[index].valueStart)..<Int(tree.attributes[index].valueEnd)
    guard matches(wanted, range) else { return false }
    return isCertain(node) || open(.attribute)
  }

  /// Whether a value without placeholders is what a selector asks for.
  private func matches(_ wanted: SelectorStore.Value, _ range: Range<Int>) -> Bool {
    if ByteRun.contains(0x26, tree.bytes.span, range) {
      let value = tree.bytes.decodingReferences(in: range)
      return AttributeTest.matches(wanted, store.texts, value, 0..<value.count)
    }
    return AttributeTest.matches(wanted, store.texts, tree.bytes, range)
  }
}
