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
      firstTexts: order.firstTexts)
  }

  /// The first text in an element, not counting that in elements within; nil where there is none.
  ///
  /// A browser moves text out of tables, unless it is white space.
  package func firstText(of id: NodeID) -> Range<Int>? {
    if !firstTexts.isEmpty {
      let text = firstTexts[Int(id.index)]
      return text.isEmpty ? nil : Int(text.lowerBound)..<Int(text.upperBound)
    }
    let node = self[id]
    let suffersSpaceOnly = [.table, .rowGroup, .row, .columnGroup].contains(ElementTable.standard[node.name].role)
    var position = Int(node.contentStart)
    var child = firstChild(of: id)
    while true {
      let end = child == .none ? Int(node.contentEnd) : Int(self[child].start)
      if position < end, !suffersSpaceOnly || !holdsWords(position..<end),
        let text = visible(position..<end, in: node)
      {
        return text
      }
      guard child != .none else { return nil }
      position = max(position, Int(self[child].end))
      child = self[child].nextSibling
    }
  }

  /// The part of a text in an element that is there for a browser, which drops a line break at the start of some.
  func visible(_ text: Range<Int>, in node: Node) -> Range<Int>? {
    guard text.lowerBound == Int(node.contentStart), Names.textBlocks.contains(node.name) else { return text }
    var start = text.lowerBound
    if bytes[start] == ASCII.carriageReturn { start += 1 }
    if start < text.upperBound, bytes[start] == ASCII.lineFeed { start += 1 }
    return start < text.upperBound ? start..<text.upperBound : nil
  }

  /// Whether something other than white space and placeholders stands in a range.
  func holdsWords(_ range: Range<Int>) -> Bool {
    var position = range.lowerBound
    var next = -1
    while position < range.upperBound {
      if bytes[position].isHTMLSpace {
        position += 1
        continue
      }
      if next < 0 { next = placeholders.firstIndex(endingAfter: position) }
      guard next < placeholders.count, placeholders[next].range.lowerBound == position,
        !placeholders[next].range.isEmpty
      else { return true }
      position = placeholders[next].range.upperBound
      next += 1
    }
    return false
  }
}

/// Puts linked elements in the order of their tree.
private struct BrowserTreeOrder {
  private(set) var nodes: [HTMLTree.Node] = []
  private(set) var firstTexts: [Range<Int32>] = []
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
    firstTexts.append(element.text)
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
      let text = tree.firstText(of: NodeID(index)) ?? 0..<0
      firstTexts.append(Int32(text.lowerBound)..<Int32(text.upperBound))
    }
  }

  private func moved(_ id: NodeID, _ shift: Int) -> NodeID { id == .none ? id : NodeID(Int(id.index) + shift) }

  private mutating func close(_ open: inout [(node: Int, lastChild: Int)]) {
    guard let last = open.popLast() else { return }
    nodes[last.node].subtreeEnd = NodeID(nodes.count)
  }
}
