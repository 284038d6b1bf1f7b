extension HTMLTree {
  /// The tree that a browser builds of the document; the tree itself where nothing in it hints at another.
  ///
  /// It is a tree like any other over the same bytes, but its elements stand where a browser puts them: not all lie
  /// within the bytes of their parents, and their order is not that of the bytes. Elements without a tag are marked
  /// `implied`, those that share theirs with others `copied`; a second `html` or `body` tag is none, but adds its
  /// attributes to the first. Only nodes that matching looks at are there: elements, conditional comments and their
  /// content, and the bounds of revealed ones.
  ///
  /// Where blocks of a template hold only the start or the end of an element, no one tree is right, and the author's
  /// is kept; likewise where elements are nested too deep.
  package func browserTree() -> HTMLTree {
    let flags = nodes[0].flags
    guard flags.contains(.mended), flags.isDisjoint(with: [.truncated, .splitByBlock]) else { return self }
    return rebuilt() ?? self
  }

  /// The tree that a browser builds, whatever was noticed while parsing; nil where that is left open.
  package func rebuilt() -> HTMLTree? {
    var builder = BrowserTreeBuilder(self)
    guard builder.build() else { return nil }
    var order = BrowserTreeOrder(builder)
    order.write()
    return HTMLTree(
      bytes: bytes, placeholders: placeholders, nodes: order.nodes, attributes: builder.attributes,
      texts: order.texts)
  }
}

/// Puts linked elements in the order of their tree.
private struct BrowserTreeOrder {
  private(set) var nodes: [HTMLTree.Node] = []
  private(set) var texts: [HTMLTree.Content] = []
  private let builder: BrowserTreeBuilder

  init(_ builder: BrowserTreeBuilder) {
    self.builder = builder
    nodes.reserveCapacity(builder.elements.count)
  }

  mutating func write() {
    /// Where the open elements came to stand, and their last children.
    var open: [(node: Int, lastChild: Int)] = []
    var index: BrowserTreeBuilder.Index = 0
    while true {
      append(index, &open)
      let element = builder[index]
      if element.firstChild >= 0 {
        index = element.firstChild
        continue
      }
      while true {
        close(&open)
        if open.isEmpty { return }
        let next = builder[index].next
        if next >= 0 {
          index = next
          break
        }
        index = builder[index].parent
      }
    }
  }

  private mutating func append(_ index: BrowserTreeBuilder.Index, _ open: inout [(node: Int, lastChild: Int)]) {
    let element = builder[index]
    let place = nodes.count
    var node = element.node
    let parent = open.last
    node.parent = NodeID(parent?.node ?? -1)
    node.previousSibling = NodeID(parent?.lastChild ?? -1)
    node.nextSibling = .none
    if let parent {
      if parent.lastChild >= 0 { nodes[parent.lastChild].nextSibling = NodeID(place) }
      open[open.count - 1].lastChild = place
      let isUncertain = builder[element.parent].hasUncertainChildren
      node.flags.remove(.uncertainSiblings)
      if isUncertain { node.flags.insert(.uncertainSiblings) }
    }
    nodes.append(node)
    texts.append(element.text)
    if element.authorNode >= 0 { appendContent(of: Int(element.authorNode), at: place) }
    open.append((place, -1))
  }

  /// Takes over the nodes of a conditional comment as they are.
  private mutating func appendContent(of author: Int, at place: Int) {
    let tree = builder.tree
    let shift = place - author
    for index in author + 1..<max(Int(tree.nodes[author].subtreeEnd.index), author + 1) {
      var node = tree.nodes[index]
      node.parent = moved(node.parent, shift)
      node.nextSibling = moved(node.nextSibling, shift)
      node.previousSibling = moved(node.previousSibling, shift)
      node.subtreeEnd = moved(node.subtreeEnd, shift)
      nodes.append(node)
      texts.append(tree.text(of: NodeID(index)))
    }
  }

  private func moved(_ id: NodeID, _ shift: Int) -> NodeID { id == .none ? id : NodeID(Int(id.index) + shift) }

  private mutating func close(_ open: inout [(node: Int, lastChild: Int)]) {
    guard let last = open.popLast() else { return }
    nodes[last.node].subtreeEnd = NodeID(nodes.count)
  }
}
