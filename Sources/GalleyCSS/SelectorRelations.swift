import GalleyHTML

/// For each node one bit that says whether something may hold of it, and one whether it surely does.
struct ElementVerdicts {
  private var possible: [UInt64]
  private var certain: [UInt64]
  /// Why the two differ, where they do.
  var doubt: SelectorMatcher.Doubt = []
  /// Where the elements stand among those of their siblings of which it surely holds; empty where nobody asks.
  var places: [Place] = []

  /// Positions from both ends, counted from 1; 0 where they are not known.
  struct Place {
    var fromStart: Int32 = 0
    var fromEnd: Int32 = 0
  }

  init(count: Int) {
    possible = Array(repeating: 0, count: count / 64 + 1)
    certain = possible
  }

  func isPossible(_ node: Int) -> Bool { possible[node >> 6] &>> UInt64(node & 63) & 1 == 1 }
  func isCertain(_ node: Int) -> Bool { certain[node >> 6] &>> UInt64(node & 63) & 1 == 1 }

  mutating func insert(_ node: Int, isCertain: Bool) {
    let bit: UInt64 = 1 &<< UInt64(node & 63)
    possible[node >> 6] |= bit
    if isCertain { certain[node >> 6] |= bit }
  }
}

/// For each node the innermost block of the template that it starts in: a number for each branch, 0 for none.
///
/// Of two nodes in the same block, neither is there without the other.
struct TemplateBlocks {
  private var blocks: [Int32] = []

  init(_ tree: HTMLTree) {
    guard tree.placeholders.contains(where: { $0.kind == .open }) else { return }
    blocks = Array(repeating: 0, count: tree.nodes.count)
    var open: [Int32] = []
    var last: Int32 = 0
    var next = 0
    for index in tree.nodes.indices.sorted(by: { tree.nodes[$0].start < tree.nodes[$1].start }) {
      let node = tree.nodes[index]
      while next < tree.placeholders.count, tree.placeholders[next].range.lowerBound < Int(node.start) {
        let kind = tree.placeholders[next].kind
        if kind == .close || kind == .middle, !open.isEmpty { open.removeLast() }
        if kind == .open || kind == .middle {
          last += 1
          open.append(last)
        }
        next += 1
      }
      blocks[index] = open.last ?? 0
    }
  }

  func isSame(_ a: Int, _ b: Int) -> Bool { blocks.isEmpty || blocks[a] == blocks[b] }
}

/// `:has()` and `:nth-child(… of …)`, each answered for the whole document in one pass for each compound.
extension SelectorMatcher {
  private static let template = RunningHash.of("template")

  /// Whether an element has what the argument of a `:has()` asks for.
  mutating func hasRelative(_ list: Int32, _ node: Int) -> Bool {
    answer(verdict(of: list) { $0.findAnchors(list) }, node)
  }

  private mutating func answer(_ position: Int, _ node: Int) -> Bool {
    let isPossible = verdicts[position].isPossible(node)
    if isPossible == verdicts[position].isCertain(node) { return isPossible }
    doubt.formUnion(verdicts[position].doubt)
    return assumption
  }

  /// The position in `verdicts` of what is known of a list, worked out if it is the first time.
  private mutating func verdict(
    of list: Int32, _ find: (inout SelectorMatcher) -> ElementVerdicts
  ) -> Int {
    if verdictOfList.isEmpty { verdictOfList = Array(repeating: -1, count: store.lists.count) }
    if verdictOfList[Int(list)] < 0 {
      let found = find(&self)
      verdictOfList[Int(list)] = Int32(verdicts.count)
      verdicts.append(found)
    }
    return Int(verdictOfList[Int(list)])
  }

  // MARK: - Elements that have something

  private mutating func findAnchors(_ list: Int32) -> ElementVerdicts {
    var result = ElementVerdicts(count: tree.nodes.count)
    if blocks == nil { blocks = TemplateBlocks(tree) }
    for index in store.lists[Int(list)].members {
      let isHack = store.nested[index].traits.contains(.clientHack)
      if isHack || mayBeImplied(store.nested[index]) {
        for node in tree.nodes.indices { result.insert(node, isCertain: false) }
        result.doubt.insert(isHack ? .client : .siblings)
      } else {
        let found = findAnchors(store.nested[index].compounds)
        for node in tree.nodes.indices where found.isPossible(node) {
          result.insert(node, isCertain: found.isCertain(node))
        }
        result.doubt.formUnion(found.doubt)
      }
    }
    return result
  }

  /// Whether a compound of a relative selector may match an element that a browser adds to the document.
  private func mayBeImplied(_ selector: SelectorStore.Selector) -> Bool {
    if implied.elements.isEmpty { return false }
    return selector.compounds.contains { start in
      var part = selector
      part.compounds = start..<selector.compounds.upperBound
      return !implied.elements.isDisjoint(with: ImpliedElements(matching: part, store))
    }
  }

  /// Finds the elements that one relative selector holds for, from its subject leftwards.
  private mutating func findAnchors(_ compounds: Range<Int>) -> ElementVerdicts {
    var related: ElementVerdicts?
    for index in compounds {
      let matched = findElements(compound: index, among: related)
      related = relate(matched, store.compounds[index].combinator)
    }
    return related ?? ElementVerdicts(count: 0)
  }

  /// Finds the elements that a compound matches, among some or all.
  private mutating func findElements(compound index: Int, among others: ElementVerdicts?) -> ElementVerdicts {
    var result = ElementVerdicts(count: tree.nodes.count)
    if let others { result.doubt = others.doubt }
    for node in tree.nodes.indices where tree.nodes[node].isElement {
      if let others, !others.isPossible(node) { continue }
      let verdict = judge(&result.doubt) { $0.matches(compound: index, node) }
      guard verdict != .no else { continue }
      result.insert(node, isCertain: verdict == .yes && (others?.isCertain(node) ?? true))
    }
    return result
  }

  /// Asks a question under both assumptions, whatever the one at hand is.
  private mutating func judge(_ reasons: inout Doubt, _ question: (inout SelectorMatcher) -> Bool) -> Match {
    let (assumptionBefore, doubtBefore) = (assumption, doubt)
    defer { (assumption, doubt) = (assumptionBefore, doubtBefore) }
    assumption = true
    doubt = []
    guard question(&self) else { return .no }
    if doubt.isEmpty { return .yes }
    assumption = false
    if question(&self) { return .yes }
    reasons.formUnion(doubt)
    return .maybe
  }

  /// Finds the elements from which a combinator leads to one of `targets`.
  private mutating func relate(_ targets: ElementVerdicts, _ combinator: SelectorStore.Combinator) -> ElementVerdicts {
    var result = ElementVerdicts(count: tree.nodes.count)
    // What comes from a block of the template being there or not is told as a doubt about siblings.
    result.doubt = targets.doubt.union(tree.placeholders.isEmpty ? [] : .siblings)
    switch combinator {
    case .none, .descendant: relateUpwards(targets, isTransitive: true, &result)
    case .child: relateUpwards(targets, isTransitive: false, &result)
    case .next, .subsequent: relateBackwards(targets, isTransitive: combinator == .subsequent, &result)
    }
    return result
  }

  /// Children come behind their parents, so that one pass from the end to the start reaches all ancestors.
  private mutating func relateUpwards(_ targets: ElementVerdicts, isTransitive: Bool, _ result: inout ElementVerdicts) {
    steps &+= tree.nodes.count
    for node in tree.nodes.indices.reversed() {
      let isReached = isTransitive && result.isPossible(node)
      // An element that was opened in a block may not be around what follows the block.
      let isPassed = isSplit(node) && result.isPossible(node)
      guard targets.isPossible(node) || isReached || isPassed else { continue }
      let parent = Int(tree.nodes[node].parent.index)
      guard parent >= 0, tree.nodes[parent].isElement, tree.nodes[parent].name.value != Self.template else {
        continue
      }
      if !isTransitive, implied.parent(of: node, tree) != parent { continue }
      let isCertain = targets.isCertain(node) || isTransitive && result.isCertain(node)
      let isTogether = !isSplit(parent) && blocks?.isSame(parent, node) ?? true
      result.insert(parent, isCertain: isCertain && isTogether)
    }
  }

  private mutating func relateBackwards(_ targets: ElementVerdicts, isTransitive: Bool, _ result: inout ElementVerdicts)
  {
    steps &+= tree.nodes.count
    for node in tree.nodes.indices.reversed() {
      guard targets.isPossible(node) || isTransitive && result.isPossible(node) else { continue }
      if tree.nodes[node].flags.intersects(.uncertainSiblings) {
        // Any sibling may come before it. One that is in the result already shows that all of them are.
        if !result.isPossible(node) { insertChildren(of: Int(tree.nodes[node].parent.index), &result) }
        continue
      }
      let previous = previousElement(node)
      guard previous >= 0 else { continue }
      result.insert(
        previous, isCertain: targets.isCertain(node) || isTransitive && result.isCertain(node))
    }
  }

  private func insertChildren(of parent: Int, _ result: inout ElementVerdicts) {
    var child = parent + 1
    while child > 0 {
      if tree.nodes[child].isElement { result.insert(child, isCertain: false) }
      child = Int(tree.nodes[child].nextSibling.index)
    }
  }

  // MARK: - Positions among some

  /// Whether an element is one that a list matches, and at a position among its siblings that the list matches.
  mutating func matchesCount(_ simple: SelectorStore.Simple, _ node: Int) -> Bool {
    let list = simple.payload
    let position = verdict(of: list) { $0.findMembers(list) }
    guard answer(position, node) else { return false }
    if tree.nodes[node].flags.intersects(.uncertainSiblings) { return open(.siblings) }
    let counted = verdicts[position].places
    let place = simple.kind == .nthChildOf ? counted[node].fromStart : counted[node].fromEnd
    if place == 0 {
      doubt.formUnion(verdicts[position].doubt)
      return assumption
    }
    return isNth(simple, place)
  }

  private mutating func findMembers(_ list: Int32) -> ElementVerdicts {
    var result = ElementVerdicts(count: tree.nodes.count)
    for node in tree.nodes.indices where tree.nodes[node].isElement {
      let verdict = judge(&result.doubt) { $0.matchesAny(list, node) }
      if verdict != .no { result.insert(node, isCertain: verdict == .yes) }
    }
    result.places = Array(repeating: ElementVerdicts.Place(), count: tree.nodes.count)
    for node in tree.nodes.indices where Int(tree.nodes[node].subtreeEnd.index) > node + 1 {
      count(childrenFrom: node + 1, &result)
    }
    return result
  }

  /// Counts those of some siblings that are in the list; not if it may be that one of them is, or not.
  private func count(childrenFrom first: Int, _ result: inout ElementVerdicts) {
    var total: Int32 = 0
    var child = first
    while child >= 0 {
      if result.isPossible(child) {
        if !result.isCertain(child) { return }
        total += 1
      }
      child = Int(tree.nodes[child].nextSibling.index)
    }
    var place: Int32 = 0
    child = first
    while child >= 0, total > 0 {
      if result.isPossible(child) {
        place += 1
        result.places[child] = ElementVerdicts.Place(fromStart: place, fromEnd: total - place + 1)
      }
      child = Int(tree.nodes[child].nextSibling.index)
    }
  }
}
