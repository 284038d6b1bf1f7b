extension HTMLTree {
  /// What a walk through a document meets.
  package enum Event: Hashable, Sendable {
    /// A run of text, without placeholders, never empty; character references are not decoded.
    case text(Range<Int>)
    /// A placeholder where text is expected; the position in `HTMLTree.placeholders`.
    case placeholder(Int)
    /// An element, or a hidden conditional comment, begins.
    case open(NodeID)
    /// It ends; each `open` has its `close`.
    case close(NodeID)
    /// A node without content that is no element: a comment, a doctype, …
    case leaf(NodeID)
  }

  /// The events of a part of a document in the order of its bytes.
  ///
  /// Text of elements whose content is not markup, such as `style`, comes as text.
  package struct Events: Sequence, IteratorProtocol, Sendable {
    private let tree: HTMLTree
    private let entersConditionals: Bool
    private let root: NodeID
    private var node: NodeID
    private var nextNode: Int
    private var position: Int
    private var textEnd: Int
    private var nextPlaceholder: Int
    private var isFinished = false

    init(_ tree: HTMLTree, root: NodeID, entersConditionals: Bool) {
      self.tree = tree
      self.root = root
      self.entersConditionals = entersConditionals
      node = root
      nextNode = Int(root.index) + 1
      position = Int(tree[root].contentStart)
      nextPlaceholder = tree.placeholders.partitionPoint { $0.range.lowerBound >= Int(tree[root].contentStart) }
      textEnd = position
      textEnd = self.nextTextEnd()
    }

    /// The next event, or nil behind the last one.
    package mutating func next() -> Event? {
      if let event = nextInText() { return event }
      if isFinished { return nil }
      if nextNode < Int(tree[node].subtreeEnd.index) { return enter(NodeID(nextNode)) }
      let closed = node
      if closed == root {
        isFinished = true
        return nil
      }
      node = tree[closed].parent
      resume(at: Int(tree[closed].end))
      return .close(closed)
    }

    private mutating func enter(_ next: NodeID) -> Event {
      let entered = tree[next]
      let isEntered = entered.kind == .element || entersConditionals && entered.kind == .hiddenConditional
      if isEntered {
        node = next
        nextNode = Int(next.index) + 1
        resume(at: Int(entered.contentStart))
        return .open(next)
      }
      nextNode = Int(entered.subtreeEnd.index)
      resume(at: Int(entered.end))
      return .leaf(next)
    }

    /// Goes on with the text at `offset`; placeholders before it stood in a tag or in something left out.
    private mutating func resume(at offset: Int) {
      position = offset
      textEnd = nextTextEnd()
      while nextPlaceholder < tree.placeholders.count,
        tree.placeholders[nextPlaceholder].range.lowerBound < offset
      { nextPlaceholder += 1 }
    }

    /// Where the text at the position ends: at the next node or the end of the open one.
    private func nextTextEnd() -> Int {
      nextNode < Int(tree[node].subtreeEnd.index) ? Int(tree.nodes[nextNode].start) : Int(tree[node].contentEnd)
    }

    private mutating func nextInText() -> Event? {
      var end = textEnd
      if nextPlaceholder < tree.placeholders.count {
        let range = tree.placeholders[nextPlaceholder].range
        if range.lowerBound == position, range.upperBound <= textEnd {
          defer { nextPlaceholder += 1 }
          position = range.upperBound
          return .placeholder(nextPlaceholder)
        }
        end = Swift.min(end, range.lowerBound)
      }
      guard position < end else { return nil }
      defer { position = end }
      return .text(position..<end)
    }
  }

  /// The events of the content of a node, the whole document by default.
  ///
  /// A hidden conditional comment is a leaf unless `entersConditionals` says otherwise.
  package func events(of root: NodeID = .root, entersConditionals: Bool = false) -> Events {
    Events(self, root: root, entersConditionals: entersConditionals)
  }

  /// Calls `body` with each event of the content of a node, the whole document by default.
  package func forEachEvent(
    of root: NodeID = .root, entersConditionals: Bool = false, _ body: (Event) throws -> Void
  ) rethrows {
    var events = events(of: root, entersConditionals: entersConditionals)
    while let event = events.next() { try body(event) }
  }
}

extension Array {
  /// The first index whose element belongs to the second part; elements of the first part come first.
  fileprivate func partitionPoint(_ isInSecond: (Element) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if isInSecond(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
