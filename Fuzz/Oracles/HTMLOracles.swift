import GalleyHTML

/// What must hold of the lexer, the tree, its events and the tracker of places.
enum HTMLOracles {
  static func check(_ bytes: [UInt8]) throws(Finding) {
    try checkScanner(bytes)
    let placeholders = FuzzInput.placeholders(bytes)
    try checkLexer(bytes, placeholders)
    let tree = HTMLTree.parse(bytes, placeholders: placeholders)
    try checkTree(tree)
    try checkEvents(tree, entersConditionals: false)
    try checkEvents(tree, entersConditionals: true)
    try checkTracker(bytes, placeholders)
  }

  /// Placeholders are in order, within the bytes and not empty.
  private static func checkScanner(_ bytes: [UInt8]) throws(Finding) {
    var end = 0
    for placeholder in PlaceholderScanner.scan(bytes, syntaxes: .all) {
      let range = placeholder.range
      let isFine = range.lowerBound >= end && range.upperBound <= bytes.count && !range.isEmpty
      try hold(isFine, "scanner-order", "a placeholder at \(range) behind \(end)")
      end = range.upperBound
    }
  }

  /// Tokens tile the bytes and no part of one begins or ends within a placeholder.
  private static func checkLexer(_ bytes: [UInt8], _ placeholders: [Placeholder]) throws(Finding) {
    var lexer = HTMLLexer(bytes, placeholders: placeholders)
    var position = 0
    var count = 0
    var bounds: [Int] = []
    while let token = lexer.next() {
      let isFine = token.start == position && (token.end > token.start || token.kind == .conditionalClose)
      try hold(isFine, "lexer-tiling", "\(token.kind) at \(token.range) behind \(position)")
      try hold(token.nameEnd >= token.start && token.nameEnd <= token.end, "lexer-name", "\(token)")
      bounds += [token.start, token.end, token.nameEnd]
      position = token.end
      count += 1
      try hold(count <= 2 * bytes.count, "lexer-progress", "\(count) tokens")
    }
    try hold(position == bytes.count, "lexer-tiling", "stopped at \(position) of \(bytes.count)")
    for attribute in lexer.attributes {
      bounds += [attribute.nameStart, attribute.nameEnd, attribute.valueStart, attribute.valueEnd].map(Int.init)
    }
    try holdUncut(bounds, placeholders, "lexer-placeholder")
  }

  /// Nodes nest, are in order and know each other; all offsets are inside.
  static func checkTree(_ tree: HTMLTree) throws(Finding) {
    let count = tree.nodes.count
    try hold(count > 0 && tree.nodes[0].kind == .root, "tree-root", "no root")
    try hold(Int(tree.nodes[0].end) == tree.bytes.count, "tree-root", "ends at \(tree.nodes[0].end)")
    var seen = 1
    for (index, node) in tree.nodes.enumerated() {
      try hold(isInOrder(node, tree.bytes.count), "tree-range", "\(index): \(node)")
      let isSubtree = node.subtreeEnd > NodeID(index) && node.subtreeEnd <= NodeID(count)
      try hold(isSubtree, "tree-subtree", "\(index): \(node)")
      seen += try checkChildren(tree, NodeID(index))
      try checkAttributes(tree, NodeID(index))
      let condition = tree.conditionRange(of: NodeID(index))
      let isInside = condition == 0..<0 || condition.lowerBound >= node.start && condition.upperBound <= node.end
      try hold(isInside, "tree-condition", "\(condition) of \(node)")
    }
    try hold(seen == count, "tree-links", "\(seen) of \(count) nodes are someone's child")
  }

  private static func isInOrder(_ node: HTMLTree.Node, _ count: Int) -> Bool {
    0 <= node.start && node.start <= node.nameEnd && node.nameEnd <= node.contentStart
      && node.contentStart <= node.contentEnd && node.contentEnd <= node.end && Int(node.end) <= count
  }

  /// Checks the links and places of a node's children; answers how many there are.
  private static func checkChildren(_ tree: HTMLTree, _ parent: NodeID) throws(Finding) -> Int {
    let node = tree[parent]
    var position = node.contentStart
    var previous = NodeID.none
    var next = NodeID(Int(parent.index) + 1)
    var count = 0
    while next < node.subtreeEnd {
      let child = tree[next]
      try hold(child.parent == parent && child.previousSibling == previous, "tree-links", "\(next): \(child)")
      try hold(child.start >= position && child.end <= node.contentEnd, "tree-nesting", "\(next) in \(parent)")
      if previous != .none { try hold(tree[previous].nextSibling == next, "tree-links", "behind \(previous)") }
      position = child.end
      previous = next
      next = child.subtreeEnd
      count += 1
    }
    try hold(next == node.subtreeEnd, "tree-subtree", "children of \(parent) end at \(next)")
    if previous != .none { try hold(tree[previous].nextSibling == .none, "tree-links", "behind \(previous)") }
    return count
  }

  private static func checkAttributes(_ tree: HTMLTree, _ id: NodeID) throws(Finding) {
    let node = tree[id]
    var position = node.nameEnd
    for attribute in tree.attributes(of: id) {
      let isFine =
        position <= attribute.nameStart && attribute.nameStart <= attribute.nameEnd
        && attribute.nameEnd <= attribute.valueStart && attribute.valueStart <= attribute.valueEnd
        && attribute.valueEnd <= node.contentStart
      try hold(isFine, "tree-attribute", "\(attribute) of \(id)")
      position = attribute.valueEnd
      let value = CharacterReference.decode(tree.rawValue(attribute), inAttribute: true)
      let isBounded = value.count <= 2 * (tree.rawValue(attribute).count + 1)
      try hold(isBounded, "reference-size", "\(quoted(tree.rawValue(attribute)))")
    }
  }

  /// Events are in order, and each element that opens closes.
  private static func checkEvents(_ tree: HTMLTree, entersConditionals: Bool) throws(Finding) {
    var open: [NodeID] = []
    var position = 0
    var events = tree.events(entersConditionals: entersConditionals)
    while let event = events.next() {
      let range: Range<Int>
      switch event {
      case .text(let text): range = text
      case .placeholder(let index): range = tree.placeholders[index].range
      case .open(let id):
        open.append(id)
        range = Int(tree[id].start)..<Int(tree[id].contentStart)
      case .close(let id):
        try hold(open.popLast() == id, "events-nesting", "\(id) closes")
        range = Int(tree[id].contentEnd)..<Int(tree[id].end)
      case .leaf(let id): range = Int(tree[id].start)..<Int(tree[id].end)
      }
      try hold(range.lowerBound == position, "events-tiling", "\(event) at \(range) behind \(position)")
      position = range.upperBound
    }
    try hold(open.isEmpty, "events-nesting", "\(open) stay open")
    try hold(position == tree.bytes.count, "events-tiling", "stopped at \(position)")
  }

  /// The tracker comes to the same place whether bytes come one by one or at once.
  private static func checkTracker(_ bytes: [UInt8], _ placeholders: [Placeholder]) throws(Finding) {
    var whole = PlaceTracker()
    var single = PlaceTracker()
    var position = 0
    func advance(to end: Int) throws(Finding) {
      whole.advance(over: bytes[position..<end])
      for index in position..<end { single.advance(over: bytes[index..<index + 1]) }
      try hold(whole.isSamePlace(as: single), "tracker-chunks", "at \(end): \(whole.place), \(single.place)")
    }
    for placeholder in placeholders {
      try advance(to: placeholder.range.lowerBound)
      whole.passHole(placeholder.kind)
      single.passHole(placeholder.kind)
      position = placeholder.range.upperBound
    }
    try advance(to: bytes.count)
  }
}
