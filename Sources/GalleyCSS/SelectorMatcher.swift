import GalleyHTML

/// Whether an element matches a selector.
enum Match { case no, maybe, yes }

/// Matches complex selectors against the elements of a document, from right to left.
///
/// Some questions have no answer before the mail is sent or opened: what stands in a placeholder, how often a loop
/// runs, whether a link is pointed at. Matching first takes each such answer for a yes; if the selector fails even so,
/// the answer is no. If it matches and no such question was asked, the answer is yes; otherwise it is tried again with
/// each such answer taken for a no. Under `:not()` the assumption is turned around.
///
/// The search for ancestors and siblings never tries again what cannot help (the failure says from where to go on), so
/// its cost is bounded by the depth times the length of the selector.
struct SelectorMatcher {
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

  private let tree: HTMLTree
  private let stores: [SelectorStore]
  /// The selectors of the sheet at hand.
  private var store: SelectorStore
  private let facts: DocumentFacts
  private let implied: ImpliedTree
  private var positions: SiblingPositions?
  /// How open questions are answered.
  private var assumption = true
  /// Why there were open questions.
  private(set) var doubt: Doubt = []
  private var sheet = 0
  private var scans: [ScanKey: Scan] = [:]

  init(_ tree: HTMLTree, _ facts: DocumentFacts, _ stores: [SelectorStore], _ implied: ImpliedTree) {
    self.implied = implied
    self.tree = tree
    self.stores = stores
    store = stores.first ?? SelectorStore()
    self.facts = facts
  }

  /// Matches one selector of a sheet; `sheet` numbers the sheet.
  mutating func match(
    _ selector: SelectorStore.Selector, ofSheet sheet: Int, _ node: Int
  ) -> Match {
    doubt = []
    if self.sheet != sheet {
      self.sheet = sheet
      store = stores[sheet]
    }
    assumption = true
    let isHack = selector.traits.contains(.clientHack)
    guard matches(selector.compounds, node, isHack: isHack) else { return .no }
    if isHack { doubt.insert(.client) }
    if doubt.isEmpty { return .yes }
    if isHack { return .maybe }
    assumption = false
    return matches(selector.compounds, node, isHack: false) ? .yes : .maybe
  }

  private mutating func open(_ reason: Doubt) -> Bool {
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

  private mutating func matches(_ compounds: Range<Int>, _ node: Int, isHack: Bool) -> Bool {
    if isHack || compounds.count == 1 { return matches(store.compounds[compounds.lowerBound], node) }
    return step(compounds, node) == .matched
  }

  private mutating func step(_ compounds: Range<Int>, _ node: Int) -> Step {
    let compound = store.compounds[compounds.lowerBound]
    guard matches(compound, node) else { return .restartSibling }
    let rest = compounds.dropFirst()
    switch compound.combinator {
    case .none: return .matched
    case .child: return stepToParent(rest, of: node)
    case .descendant: return stepToAncestor(rest, of: node)
    case .next, .subsequent:
      if tree.nodes[node].flags.contains(.uncertainSiblings) { return stepToAnySibling(rest, node) }
      var sibling = previousElement(node)
      if compound.combinator == .next {
        return sibling < 0 ? .restartAncestor : step(rest, sibling)
      }
      return sibling < 0 ? .restartAncestor : stepToEarlierSibling(rest, &sibling)
    }
  }

  /// Matches compounds from an element on that nobody wrote, but that a browser adds.
  private mutating func stepToImplied(_ compounds: Range<Int>, _ element: Int) -> Step {
    let compound = store.compounds[compounds.lowerBound]
    for index in compound.simples {
      switch implied.matches(store.simples[index], element) {
      case true: break
      case false: return .restartAncestor
      case nil: if !open(.siblings) { return .restartAncestor }
      }
    }
    let rest = compounds.dropFirst()
    switch compound.combinator {
    case .none: return .matched
    case .child: return stepToParent(rest, of: element)
    case .descendant: return stepToAncestor(rest, of: element)
    case .next, .subsequent: return open(.siblings) ? .matched : .restartAncestor
    }
  }

  private mutating func stepToParent(_ rest: Range<Int>, of element: Int) -> Step {
    let parent = implied.parent(of: element, tree)
    guard parent != ImpliedTree.none else { return .failed }
    let result = parent >= 0 ? step(rest, parent) : stepToImplied(rest, parent)
    return result == .matched || result == .failed ? result : .restartAncestor
  }

  private mutating func stepToAncestor(_ rest: Range<Int>, of element: Int) -> Step {
    var ancestor = implied.parent(of: element, tree)
    while ancestor != ImpliedTree.none {
      let result = ancestor >= 0 ? step(rest, ancestor) : stepToImplied(rest, ancestor)
      if result == .matched || result == .failed { return result }
      ancestor = implied.parent(of: ancestor, tree)
    }
    return .failed
  }

  /// Looks for any sibling from `sibling` backwards.
  ///
  /// What was found for an earlier child of the same parent holds for a later one, so only the siblings between them
  /// are looked at.
  private mutating func stepToEarlierSibling(
    _ rest: Range<Int>, _ sibling: inout Int
  ) -> Step {
    let key = ScanKey(compound: rest.lowerBound, sheet: sheet, assumption: assumption)
    let parent = Int(tree.nodes[sibling].parent.index)
    let nearest = sibling
    var known = scans[key] ?? Scan(parent: -2, upTo: -1, isFound: false, doubt: [])
    if known.parent != parent || known.upTo > nearest {
      known = Scan(parent: parent, upTo: -1, isFound: false, doubt: [])
    }
    let doubtBefore = doubt
    doubt = known.doubt
    while !known.isFound, sibling > known.upTo {
      let result = step(rest, sibling)
      known.isFound = result == .matched
      if result != .restartSibling { break }
      sibling = previousElement(sibling)
    }
    known.upTo = nearest
    known.doubt = doubt
    scans[key] = known
    doubt.formUnion(doubtBefore)
    return known.isFound ? .matched : .restartAncestor
  }

  /// Looks for a sibling where a loop may repeat any of them in front of the element, itself included.
  ///
  /// Only the nearest compound and the nearest siblings are looked at; what lies beyond is taken for possible.
  private mutating func stepToAnySibling(_ rest: Range<Int>, _ node: Int) -> Step {
    guard open(.siblings) else { return .restartAncestor }
    let compound = store.compounds[rest.lowerBound]
    var sibling = node
    var rest = 64
    while sibling >= 0 {
      if rest == 0 || tree.nodes[sibling].kind == .element && matches(compound, sibling) { return .matched }
      sibling = Int(tree.nodes[sibling].previousSibling.index)
      rest -= 1
    }
    sibling = Int(tree.nodes[node].nextSibling.index)
    while sibling >= 0 {
      if rest == 0 || tree.nodes[sibling].kind == .element && matches(compound, sibling) { return .matched }
      sibling = Int(tree.nodes[sibling].nextSibling.index)
      rest -= 1
    }
    return .restartAncestor
  }

  /// What the scan of siblings for one compound has found so far.
  private struct Scan {
    var parent: Int
    /// The last sibling that was looked at.
    var upTo: Int
    var isFound: Bool
    var doubt: Doubt
  }

  private struct ScanKey: Hashable {
    var compound: Int
    var sheet: Int
    var assumption: Bool
  }

  private func parentElement(_ node: Int) -> Int {
    var parent = Int(tree.nodes[node].parent.index)
    while parent >= 0, tree.nodes[parent].kind != .element { parent = Int(tree.nodes[parent].parent.index) }
    return parent
  }

  private func previousElement(_ node: Int) -> Int {
    var previous = Int(tree.nodes[node].previousSibling.index)
    while previous >= 0, tree.nodes[previous].kind != .element {
      previous = Int(tree.nodes[previous].previousSibling.index)
    }
    return previous
  }

  // MARK: - Compounds

  private mutating func matches(_ compound: SelectorStore.Compound, _ node: Int) -> Bool {
    for index in compound.simples {
      if !matches(store.simples[index], node) { return false }
    }
    return true
  }

  private mutating func matches(_ simple: SelectorStore.Simple, _ node: Int) -> Bool {
    switch simple.kind {
    case .universal: return true
    case .type: return tree.nodes[node].name.value == simple.hash
    case .id:
      if facts.ids[node] == simple.hash { return isCertain(node, unless: .id) || open(.attribute) }
      return facts.uncertainty[node].contains(.id) && open(.attribute)
    case .className: return hasClass(simple.hash, node)
    case .attribute: return attribute(simple.hash, node) != nil && (isCertain(node) || open(.attribute))
    case .attributeValue: return matches(store.values[Int(simple.payload)], named: simple.hash, node)
    case .isList: return matchesAny(store.lists[Int(simple.payload)], node)
    case .notList:
      assumption.toggle()
      let isMatch = matchesAny(store.lists[Int(simple.payload)], node)
      assumption.toggle()
      return !isMatch
    case .nthChild, .nthLastChild, .nthOfType, .nthLastOfType, .onlyChild, .onlyOfType:
      return matchesPosition(simple, node)
    case .empty: return isEmpty(node)
    case .root: return isRoot(node)
    case .link: return isLink(node)
    case .disabled, .enabled, .required, .optional: return matchesState(simple.kind, node)
    case .lang: return matchesLanguage(store.values[Int(simple.payload)].bytes, node)
    case .dir: return matchesDirection(store.values[Int(simple.payload)].bytes, node)
    case .unknowable: return open(.client)
    case .wrapper: return false
    }
  }

  private mutating func matchesAny(_ list: Range<Int>, _ node: Int) -> Bool {
    for index in list {
      let selector = store.nested[index]
      if matches(selector.compounds, node, isHack: selector.traits.contains(.clientHack)) { return true }
    }
    return false
  }

  private func isCertain(_ node: Int, unless other: DocumentFacts.Uncertainty = []) -> Bool {
    facts.uncertainty[node].isDisjoint(with: other.union(.attributes))
  }

  private mutating func hasClass(_ hash: UInt64, _ node: Int) -> Bool {
    for index in facts.classRange(node) where facts.classes[index] == hash {
      return isCertain(node) || open(.attribute)
    }
    return facts.uncertainty[node].contains(.classes) && open(.attribute)
  }

  // MARK: - Attributes

  private func attribute(_ name: UInt64, _ node: Int) -> HTMLTree.Attribute? {
    let first = Int(tree.nodes[node].firstAttribute)
    for index in first..<first + Int(tree.nodes[node].attributeCount) where tree.attributes[index].name.value == name {
      return tree.attributes[index]
    }
    return nil
  }

  private func value(_ attribute: HTMLTree.Attribute) -> ArraySlice<UInt8> {
    let range = Int(attribute.valueStart)..<Int(attribute.valueEnd)
    let raw = tree.bytes[range]
    return raw.contains(0x26) ? CharacterReferences.decoded(tree.bytes, range)[...] : raw
  }

  private mutating func matches(_ wanted: SelectorStore.Value, named name: UInt64, _ node: Int) -> Bool {
    guard let attribute = attribute(name, node) else { return false }
    if attribute.hasPlaceholder { return open(.attribute) }
    guard AttributeTest.matches(wanted, value(attribute)) else { return false }
    return isCertain(node) || open(.attribute)
  }

  private static let lang = RunningHash.of("lang")
  private static let xmlLang = RunningHash.of("xml:lang")
  private static let dir = RunningHash.of("dir")
  private static let href = RunningHash.of("href")
  private static let disabled = RunningHash.of("disabled")
  private static let required = RunningHash.of("required")
  private static let links: Set<UInt64> = [RunningHash.of("a"), RunningHash.of("area")]
  private static let html = RunningHash.of("html")

  private mutating func matchesLanguage(_ list: [UInt8], _ node: Int) -> Bool {
    var element = node
    while element >= 0 {
      if let attribute = attribute(Self.xmlLang, element) ?? attribute(Self.lang, element) {
        if attribute.hasPlaceholder || !isCertain(element) { return open(.attribute) }
        let tag = value(attribute)
        for range in list.split(separator: 0x2C) where AttributeTest.isLanguage(tag, in: range) {
          // Not all browsers know ranges with an asterisk in them.
          return range.count == 1 || !range.contains(0x2A) || open(.client)
        }
        return false
      }
      element = parentElement(element)
    }
    return false
  }

  private mutating func matchesDirection(_ wanted: [UInt8], _ node: Int) -> Bool {
    var element = node
    while element >= 0 {
      if let attribute = attribute(Self.dir, element) {
        let value = value(attribute).map(\.lowercasedASCII)
        if attribute.hasPlaceholder || !isCertain(element) || value.elementsEqual("auto".utf8) {
          return open(.attribute)
        }
        if value.elementsEqual("ltr".utf8) || value.elementsEqual("rtl".utf8) { return value == wanted }
      }
      element = parentElement(element)
    }
    return wanted.elementsEqual("ltr".utf8)
  }

  // MARK: - States that the document decides

  private mutating func isLink(_ node: Int) -> Bool {
    guard Self.links.contains(tree.nodes[node].name.value), attribute(Self.href, node) != nil else { return false }
    return isCertain(node) || open(.attribute)
  }

  private mutating func matchesState(_ kind: SelectorStore.Simple.Kind, _ node: Int) -> Bool {
    let isAbout = kind == .disabled || kind == .enabled
    let name = tree.nodes[node].name.value
    guard isAbout ? HTMLVocabulary.isDisableable(name) : HTMLVocabulary.isRequirable(name) else {
      // Browsers disagree about `:optional` and buttons.
      return kind == .optional && HTMLVocabulary.isDisableable(name) && open(.client)
    }
    if !isCertain(node) { return open(.attribute) }
    let isSet = attribute(isAbout ? Self.disabled : Self.required, node) != nil
    return isSet == (kind == .disabled || kind == .required)
  }

  private func isRoot(_ node: Int) -> Bool {
    tree.nodes[node].name.value == Self.html && parentElement(node) < 0
  }

  private mutating func isEmpty(_ node: Int) -> Bool {
    for child in tree.children(of: NodeID(node)) where tree[child].kind == .element { return false }
    guard let text = tree.firstText(of: NodeID(node)) else { return true }
    return isOpenText(text)
  }

  /// Whether a text that is not empty here could be once it is sent, because it starts with a placeholder.
  private mutating func isOpenText(_ range: Range<Int>) -> Bool {
    let index = tree.placeholders.firstIndex(endingAfter: range.lowerBound)
    guard index < tree.placeholders.count, tree.placeholders[index].range.lowerBound == range.lowerBound else {
      return false
    }
    return open(.attribute)
  }

  // MARK: - Positions

  private mutating func matchesPosition(_ simple: SelectorStore.Simple, _ node: Int) -> Bool {
    if tree.nodes[node].flags.contains(.uncertainSiblings) { return open(.siblings) }
    if positions == nil { positions = SiblingPositions(tree) }
    guard let positions else { return false }
    let (index, count) = positions.amongAll(node)
    switch simple.kind {
    case .nthChild: return NthNotation.matches(a: simple.a, b: simple.b, position: index)
    case .nthLastChild: return NthNotation.matches(a: simple.a, b: simple.b, position: count - index + 1)
    case .onlyChild: return count == 1
    default: break
    }
    let (typeIndex, typeCount) = positions.amongType(node)
    switch simple.kind {
    case .nthOfType: return NthNotation.matches(a: simple.a, b: simple.b, position: typeIndex)
    case .nthLastOfType: return NthNotation.matches(a: simple.a, b: simple.b, position: typeCount - typeIndex + 1)
    default: return typeCount == 1
    }
  }
}

/// The comparison of an attribute's value with what a selector asks for
/// (https://www.w3.org/TR/selectors-4/#attribute-selectors).
enum AttributeTest {
  static func matches(_ wanted: SelectorStore.Value, _ value: ArraySlice<UInt8>) -> Bool {
    let ignoresCase = wanted.ignoresCase
    let text = wanted.bytes
    switch wanted.operation {
    case .equals: return value.count == text.count && hasPrefix(value, text, ignoresCase)
    case .dash:
      guard hasPrefix(value, text, ignoresCase) else { return false }
      return value.count == text.count || value[value.startIndex + text.count] == 0x2D
    case .prefix: return !text.isEmpty && hasPrefix(value, text, ignoresCase)
    case .suffix: return !text.isEmpty && hasPrefix(value.suffix(text.count), text, ignoresCase)
    case .word:
      guard !text.isEmpty, !text.contains(where: \.isCSSWhitespace) else { return false }
      return value.split(whereSeparator: \.isCSSWhitespace).contains {
        $0.count == text.count && hasPrefix($0, text, ignoresCase)
      }
    case .substring:
      guard !text.isEmpty, value.count >= text.count else { return false }
      return (value.startIndex...value.endIndex - text.count).contains { hasPrefix(value[$0...], text, ignoresCase) }
    }
  }

  private static func hasPrefix(_ value: ArraySlice<UInt8>, _ text: [UInt8], _ ignoresCase: Bool) -> Bool {
    guard value.count >= text.count else { return false }
    var index = value.startIndex
    for byte in text {
      let same = ignoresCase ? value[index].lowercasedASCII == byte.lowercasedASCII : value[index] == byte
      if !same { return false }
      index += 1
    }
    return true
  }

  /// Whether a language tag lies in a range such as `en`, `*-CH` or `de-*-DE`, by extended filtering
  /// (https://www.rfc-editor.org/rfc/rfc4647#section-3.3.2).
  static func isLanguage(_ tag: ArraySlice<UInt8>, in range: ArraySlice<UInt8>) -> Bool {
    let wanted = range.map(\.lowercasedASCII).split(separator: 0x2D, omittingEmptySubsequences: false)
    let subtags = tag.map(\.lowercasedASCII).split(separator: 0x2D, omittingEmptySubsequences: false)
    guard let first = wanted.first, !first.isEmpty, let primary = subtags.first, !primary.isEmpty else { return false }
    guard first.elementsEqual([0x2A]) || first.elementsEqual(primary) else { return false }
    var index = 1
    for subtag in wanted.dropFirst() where !subtag.elementsEqual([0x2A]) {
      while true {
        guard index < subtags.count else { return false }
        let found = subtags[index]
        index += 1
        if found.elementsEqual(subtag) { break }
        if found.count == 1 { return false }
      }
    }
    return true
  }
}

/// The positions of all elements among their siblings; made at most once a document, in one pass.
struct SiblingPositions {
  private var index: [Int32]
  private var count: [Int32]
  private var typeIndex: [Int32]
  private var typeCount: [Int32]
  private let tree: HTMLTree

  init(_ tree: HTMLTree) {
    self.tree = tree
    let none = [Int32](repeating: 0, count: tree.nodes.count)
    (index, count, typeIndex, typeCount) = (none, none, none, none)
    for node in tree.nodes.indices where tree.nodes[node].subtreeEnd.index > Int32(node) + 1 {
      number(childrenFrom: node + 1)
    }
  }

  private mutating func number(childrenFrom first: Int) {
    var total: Int32 = 0
    var totals: [UInt64: Int32] = [:]
    forEachElement(from: first) { positions, node in
      total += 1
      positions.index[node] = total
      let name = positions.tree.nodes[node].name.value
      let number = (totals[name] ?? 0) + 1
      totals[name] = number
      positions.typeIndex[node] = number
    }
    forEachElement(from: first) { positions, node in
      positions.count[node] = total
      positions.typeCount[node] = totals[positions.tree.nodes[node].name.value] ?? 0
    }
  }

  private mutating func forEachElement(from first: Int, _ body: (inout SiblingPositions, Int) -> Void) {
    var node = first
    while node >= 0 {
      if tree.nodes[node].kind == .element { body(&self, node) }
      node = Int(tree.nodes[node].nextSibling.index)
    }
  }

  func amongAll(_ node: Int) -> (index: Int, count: Int) { (Int(index[node]), Int(count[node])) }
  func amongType(_ node: Int) -> (index: Int, count: Int) { (Int(typeIndex[node]), Int(typeCount[node])) }
}
