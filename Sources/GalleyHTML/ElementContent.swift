extension HTMLTree {
  /// What an element holds besides comments: nothing, something, or something if the data wants it.
  ///
  /// What stands in a block of the template may be missing, and what a placeholder stands for may be nothing.
  package enum Content: UInt8, Comparable, Sendable {
    case none, possible, certain

    /// Orders by how certain it is that there is something.
    package static func < (a: Content, b: Content) -> Bool { a.rawValue < b.rawValue }
  }

  /// What an element holds, as browsers have it.
  package func content(of id: NodeID) -> Content {
    if texts.isEmpty { return scanned(id, countsElements: true) }
    var content = texts[Int(id.index)]
    for child in children(of: id) where self[child].kind == .element {
      content = max(content, self[child].flags.contains(.uncertainSiblings) ? .possible : .certain)
    }
    return content
  }

  /// What text stands directly in an element.
  func text(of id: NodeID) -> Content { scanned(id, countsElements: false) }

  private func scanned(_ id: NodeID, countsElements: Bool) -> Content {
    let node = self[id]
    var result = Content.none
    var depth = 0
    var position = Int(node.contentStart)
    var child = firstChild(of: id)
    while result < .certain {
      let end = child == .none ? Int(node.contentEnd) : Int(self[child].start)
      if position < end { result = max(result, content(position..<end, in: node, &depth)) }
      guard child != .none else { break }
      if countsElements, self[child].kind == .element { result = max(result, depth == 0 ? .certain : .possible) }
      position = max(position, Int(self[child].end))
      child = self[child].nextSibling
    }
    return result
  }

  /// What a text between tags comes to; `depth` is the number of open blocks.
  private func content(_ range: Range<Int>, in node: Node, _ depth: inout Int) -> Content {
    guard let range = visible(range, in: node) else { return .none }
    // A browser moves text out of tables, unless it is white space.
    let movesText = [.table, .rowGroup, .row, .columnGroup].contains(ElementTable.standard[node.name].role)
    var index = placeholders.firstIndex(endingAfter: range.lowerBound)
    var position = range.lowerBound
    var result = Content.none
    while position < range.upperBound {
      let isInside = index < placeholders.count && placeholders[index].range.lowerBound < range.upperBound
      let end = isInside ? placeholders[index].range.lowerBound : range.upperBound
      if position < end, !movesText || bytes[position..<end].allSatisfy(\.isHTMLSpace) {
        result = max(result, depth == 0 ? .certain : .possible)
      }
      guard isInside else { break }
      switch placeholders[index].kind {
      case .open: depth += 1
      case .close: depth = max(depth - 1, 0)
      case .output: result = max(result, .possible)
      case .middle, .silent: break
      }
      position = max(position, placeholders[index].range.upperBound)
      index += 1
    }
    return result
  }

  /// The part of a text in an element that is there for a browser, which drops a line break at the start of some.
  func visible(_ text: Range<Int>, in node: Node) -> Range<Int>? {
    guard text.lowerBound == Int(node.contentStart), Names.textBlocks.contains(node.name) else { return text }
    var start = text.lowerBound
    if bytes[start] == ASCII.carriageReturn { start += 1 }
    if start < text.upperBound, bytes[start] == ASCII.lineFeed { start += 1 }
    return start < text.upperBound ? start..<text.upperBound : nil
  }
}
