/// Formatting elements, which a browser closes and opens again around what is not nested in them.
extension BrowserTreeBuilder {
  // MARK: The list of active formatting elements

  /// How long the list may become.
  private static let limit = 512

  /// Adds an element to the list; of three like it, the earliest goes.
  mutating func pushFormatting(_ index: Index) {
    var same = 0
    for position in formatting.indices.reversed() {
      let other = formatting[position]
      if other == Self.marker { break }
      guard isAlike(other, index) else { continue }
      same += 1
      if same == 3 {
        formatting.remove(at: position)
        break
      }
    }
    formatting.append(index)
    if formatting.count > Self.limit { hasGivenUp = true }
  }

  private func isAlike(_ a: Index, _ b: Index) -> Bool {
    guard name(a) == name(b), self[a].node.attributeCount == self[b].node.attributeCount else { return false }
    let byName = { (one: HTMLTree.Attribute, other: HTMLTree.Attribute) in one.name.value < other.name.value }
    return attributes(of: a).sorted(by: byName).elementsEqual(attributes(of: b).sorted(by: byName)) {
      $0.name == $1.name && tree.rawValue($0).elementsEqual(tree.rawValue($1))
    }
  }

  func attributes(of index: Index) -> ArraySlice<HTMLTree.Attribute> {
    let node = elements[Int(index)].node
    return attributes[Int(node.firstAttribute)..<Int(node.firstAttribute + node.attributeCount)]
  }

  mutating func clearFormatting() {
    while let last = formatting.popLast(), last != Self.marker {}
  }

  mutating func remove(fromFormatting index: Index) {
    if let position = formatting.lastIndex(of: index) { formatting.remove(at: position) }
  }

  /// The last element of a name behind the last marker.
  func lastFormatting(_ name: NameHash) -> Index? {
    for index in formatting.reversed() {
      if index == Self.marker { return nil }
      if self.name(index) == name { return index }
    }
    return nil
  }

  /// Opens again what was closed only because something around it was.
  mutating func reconstructFormatting() {
    var first = formatting.count
    while first > 0, formatting[first - 1] != Self.marker, !open.contains(formatting[first - 1]) { first -= 1 }
    for position in first..<formatting.count where !hasGivenUp {
      let copy = makeCopy(formatting[position])
      push(copy)
      formatting[position] = copy
    }
  }

  // MARK: The adoption agency

  /// Closes a formatting element, whatever stands between.
  mutating func adopt(_ token: Token) {
    if let index = open.last, isHTML(index), name(index) == token.name, !formatting.contains(index) {
      return pop(with: token)
    }
    for _ in 0..<8 where !hasGivenUp {
      guard let element = lastFormatting(token.name) else { return closeOther(token) }
      guard let position = open.lastIndex(of: element) else { return remove(fromFormatting: element) }
      if open[position...].dropFirst().contains(where: { self[$0].isScope }) { return }
      guard let block = open[position...].dropFirst().first(where: { self[$0].isSpecial }) else {
        while open.count > position + 1 { pop() }
        pop(with: token)
        return remove(fromFormatting: element)
      }
      adopt(element, at: position, block)
    }
  }

  /// Moves what stands in a block out of the formatting element around it, and a copy of that into the block.
  private mutating func adopt(_ element: Index, at position: Int, _ block: Index) {
    let ancestor = open[position - 1]
    var bookmark = formatting.lastIndex(of: element) ?? 0
    var last = block
    var at = open.lastIndex(of: block) ?? position
    var count = 0
    while at - 1 > position {
      at -= 1
      count += 1
      var node = open[at]
      var place = formatting.lastIndex(of: node)
      if count > 3, let found = place {
        formatting.remove(at: found)
        if found < bookmark { bookmark -= 1 }
        place = nil
      }
      guard let place else {
        open.remove(at: at)
        continue
      }
      let copy = makeCopy(node)
      formatting[place] = copy
      open[at] = copy
      node = copy
      if last == block { bookmark = place + 1 }
      insert(last, at: Place(parent: node))
      last = node
    }
    insert(last, at: place(in: ancestor))
    let copy = makeCopy(element)
    moveChildren(of: block, to: copy)
    insert(copy, at: Place(parent: block))
    if let old = formatting.lastIndex(of: element) {
      formatting.remove(at: old)
      if old < bookmark { bookmark -= 1 }
    }
    formatting.insert(copy, at: min(bookmark, formatting.count))
    remove(fromStack: element)
    open.insert(copy, at: (open.lastIndex(of: block) ?? open.count - 1) + 1)
  }

  private mutating func moveChildren(of block: Index, to copy: Index) {
    while self[block].firstChild >= 0 { insert(self[block].firstChild, at: Place(parent: copy)) }
    self[copy].text = self[block].text
    self[block].text = .none
    self[copy].hasUncertainChildren = self[block].hasUncertainChildren
  }

  // MARK: Other end tags

  /// Closes an element of which nothing more is known.
  mutating func closeOther(_ token: Token) {
    for position in open.indices.reversed() {
      let index = open[position]
      if isHTML(index), name(index) == token.name {
        closeImplied(except: token.name)
        while open.count > position + 1 { pop() }
        return pop(with: token)
      }
      if self[index].isSpecial { return }
    }
  }
}
