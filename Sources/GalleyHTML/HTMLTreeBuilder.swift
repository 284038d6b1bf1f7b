/// Makes the nodes of a tree out of tokens.
///
/// The stack of open elements holds at most `HTMLTree.depthLimit` entries, so each search in it is bounded; counts of
/// the open names answer most end tags that close nothing without a search.
struct HTMLTreeBuilder {
  typealias Element = ElementTable.Element
  typealias Role = ElementTable.Role

  var nodes: [HTMLTree.Node] = []
  var lexer = LexerCursor()
  private(set) var placeholders: [Placeholder] = []
  var stack = OpenNodes()
  /// How many open elements have a name whose hash ends in the index.
  var openNames = InlineArray<256, UInt16>(repeating: 0)
  var openForeign = 0
  var openConditionals = 0
  /// Whether a browser may build another tree.
  var isMended = false
  /// The last `form`, or -1.
  var lastForm = -1
  /// How many open elements wait for what is inside of them to be closed.
  private var waiting = 0
  /// How many elements were opened beyond the depth limit and not closed.
  private var overflow = 0
  /// For each condition or loop that is open: how deep the stack was where it began.
  private var blocks: [Int] = []
  /// How many blocks were open where the hidden conditional comment began.
  private var outerBlocks = 0

  /// Makes the nodes of a document; `nodes` and the lexer's attributes are empty before.
  mutating func build(_ bytes: Span<UInt8>, placeholders: [Placeholder]) {
    begin(byteCount: bytes.count, placeholders)
    readTokens(bytes)
    close(to: 1, at: bytes.count, atEnd: true)
    closeTop(at: bytes.count, end: bytes.count)
    linkSiblings()
    if isMended || isFrameMended(bytes) { nodes[0].flags.insert(.mended) }
  }

  private mutating func begin(byteCount: Int, _ placeholders: [Placeholder]) {
    lexer.begin(count: byteCount, placeholders: placeholders)
    self.placeholders = placeholders
    if nodes.capacity == 0 { nodes.reserveCapacity(byteCount / 40 + 8) }
    isMended = false
    lastForm = -1
    overflow = 0
    if !blocks.isEmpty { blocks.removeAll(keepingCapacity: true) }
    outerBlocks = 0
    openConditionals = 0
    append(
      .root, flags: [], name: NameHash(value: 0), parent: -1, start: 0, nameEnd: 0, contentStart: 0, end: 0,
      firstAttribute: 0, attributeCount: 0)
    stack.append(OpenNodes.Open(node: 0, isBarrier: true, name: NameHash(value: 0), element: .unknown))
  }

  private mutating func readTokens(_ bytes: Span<UInt8>) {
    var plain = HTMLLexer.Token(.startTag, 0, 0)
    while true {
      while lexer.nextPlainTag(bytes, &plain) {
        if plain.kind == .startTag { meetStartTag(plain, bytes) } else { meetEndTag(plain) }
      }
      guard let token = lexer.nextMarkup(bytes) else { return }
      switch token.kind {
      case .text: break
      case .placeholder: meetPlaceholder(placeholders[token.placeholder].kind)
      case .startTag: meetStartTag(token, bytes)
      case .endTag: meetEndTag(token)
      case .unfinishedTag: appendLeaf(.unfinishedTag, token)
      case .comment: appendLeaf(.comment, token)
      case .conditionalOpen: openConditional(token)
      case .conditionalClose: closeConditional(token)
      case .revealedOpen: appendLeaf(.revealedOpen, token)
      case .revealedClose: appendLeaf(.revealedClose, token)
      case .doctype: appendLeaf(.doctype, token)
      case .cdata: appendLeaf(.cdata, token)
      }
    }
  }

  // MARK: Nodes

  /// Adds a node that ends where its content starts.
  @inline(__always) private mutating func append(
    _ kind: HTMLTree.Kind, flags: HTMLTree.Flags, name: NameHash, parent: Int32, start: Int, nameEnd: Int,
    contentStart: Int, end: Int, firstAttribute: Int, attributeCount: Int
  ) {
    // A document has at most 2 GiB, so offsets and counts fit.
    nodes.append(
      HTMLTree.Node(
        kind: kind, flags: flags, name: name, parent: NodeID(Int(parent)), nextSibling: .none, previousSibling: .none,
        subtreeEnd: NodeID(nodes.count &+ 1), firstAttribute: Int32(truncatingIfNeeded: firstAttribute),
        attributeCount: Int32(truncatingIfNeeded: attributeCount), start: Int32(truncatingIfNeeded: start),
        nameEnd: Int32(truncatingIfNeeded: nameEnd), contentStart: Int32(truncatingIfNeeded: contentStart),
        contentEnd: Int32(truncatingIfNeeded: end), end: Int32(truncatingIfNeeded: end)))
  }

  /// Adds a node for a token within the innermost open one.
  @inline(__always) private mutating func append(
    _ kind: HTMLTree.Kind, _ token: HTMLLexer.Token, flags: HTMLTree.Flags, attributeCount: Int
  ) {
    var all = flags
    if openConditionals > 0 { all.insert(.inConditional) }
    if token.hasPlaceholder { all.insert(.placeholderInTag) }
    append(
      kind, flags: all, name: token.name, parent: stack.innermost.node, start: token.start, nameEnd: token.nameEnd,
      contentStart: token.end, end: token.end, firstAttribute: attributeCount > 0 ? token.firstAttribute : 0,
      attributeCount: attributeCount)
  }

  private mutating func appendLeaf(_ kind: HTMLTree.Kind, _ token: HTMLLexer.Token, flags: HTMLTree.Flags = []) {
    let isTag = kind == .strayEndTag || kind == .unfinishedTag
    append(
      kind, token, flags: token.isUnterminated ? flags.union(.truncated) : flags,
      attributeCount: isTag ? token.attributeCount : 0)
  }

  /// Closes the innermost open node, whose content ends at `offset`.
  @inline(__always) private mutating func closeTop(at offset: Int, end: Int, flags: HTMLTree.Flags = []) {
    let open = stack.removeLast()
    let node = Int(open.node)
    let subtreeEnd = NodeID(nodes.count)
    nodes[node].contentEnd = Int32(truncatingIfNeeded: offset)
    nodes[node].end = Int32(truncatingIfNeeded: end)
    nodes[node].subtreeEnd = subtreeEnd
    nodes[node].flags.insert(flags)
    if open.hasUncertainChildren { markChildren(of: node) }
    if open.isClosing { waiting -= 1 }
    if open.isBarrier { return }
    openNames[Self.bucket(open.name)] &-= 1
    if open.element.role == .foreign { openForeign -= 1 }
  }

  private mutating func markChildren(of parent: Int) {
    var child = parent + 1
    while child < nodes.count {
      nodes[child].flags.insert(.uncertainSiblings)
      child = Int(nodes[child].subtreeEnd.index)
    }
  }

  /// Tells each node its neighbors, once all are closed.
  private mutating func linkSiblings() {
    var nodes = self.nodes.mutableSpan
    var index = 1
    while index < nodes.count {
      let next = nodes[index].subtreeEnd
      if next.index < nodes[Int(nodes[index].parent.index)].subtreeEnd.index {
        nodes[index].nextSibling = next
        nodes[Int(next.index)].previousSibling = NodeID(index)
      }
      index &+= 1
    }
  }

  /// Closes open elements that have no end tag until `depth` are left; `last` is the outermost of those that are closed
  /// now, with an end tag or without, if a browser minds.
  private mutating func close(to depth: Int, at offset: Int, last: Int? = nil, atEnd: Bool = false) {
    while stack.count > depth, !stack.innermost.isBarrier {
      let top = stack.innermost
      if top.element.traits.contains(.lingering), let last { noteUnclosed(through: last) }
      var flags: HTMLTree.Flags = []
      if !top.element.traits.contains(.optionalEnd), !top.isClosing {
        flags = atEnd ? [.unclosed, .truncated] : .unclosed
      }
      closeTop(at: offset, end: offset, flags: flags)
    }
  }

  /// Closes the innermost element with its end tag, and the ones around it that waited for that.
  @inline(__always) private mutating func closeTop(with token: HTMLLexer.Token) {
    closeTop(at: token.start, end: token.end, flags: .hasEndTag)
    if waiting > 0 { closeWaiting(at: token.end) }
  }

  private mutating func closeWaiting(at offset: Int) {
    while stack.count > 0, stack.innermost.isClosing { closeTop(at: offset, end: offset, flags: .unclosed) }
  }

  // MARK: Placeholders and conditional comments

  private mutating func meetPlaceholder(_ kind: Placeholder.Kind) {
    guard kind == .open || kind == .middle || kind == .close else { return }
    stack[stack.count - 1].hasUncertainChildren = true
    if kind == .open {
      blocks.append(stack.count)
      return
    }
    guard blocks.count > outerBlocks, let depth = blocks.last else { return }
    for index in min(depth, stack.count)..<stack.count { nodes[Int(stack[index].node)].flags.insert(.splitByBlock) }
    if depth < stack.count { nodes[0].flags.insert(.splitByBlock) }
    if kind == .close { blocks.removeLast() }
  }

  private mutating func openConditional(_ token: HTMLLexer.Token) {
    let node = Int32(truncatingIfNeeded: nodes.count)
    append(.hiddenConditional, token, flags: [], attributeCount: 0)
    let element = Element(traits: [.special, .scope], role: .other)
    stack.append(OpenNodes.Open(node: node, isBarrier: true, name: NameHash(value: 0), element: element))
    openConditionals += 1
    outerBlocks = blocks.count
  }

  private mutating func closeConditional(_ token: HTMLLexer.Token) {
    var barrier = stack.count - 1
    while barrier > 0, !stack[barrier].isBarrier { barrier -= 1 }
    guard barrier > 0 else { return }
    close(to: barrier + 1, at: token.start)
    closeTop(at: token.start, end: token.end, flags: token.isUnterminated ? [.unclosed, .truncated] : .hasEndTag)
    openConditionals -= 1
    if blocks.count > outerBlocks { blocks.removeSubrange(outerBlocks...) }
    outerBlocks = 0
    overflow = 0
  }

  // MARK: Start tags

  private mutating func meetStartTag(_ token: HTMLLexer.Token, _ bytes: Span<UInt8>) {
    let element = token.element
    if element.traits.contains(.known) { closeImplied(before: token) }
    let top = stack.innermost.element
    let isDelicate = element.traits.contains(.delicate) || top.traits.contains(.confining)
    if isDelicate, element.role != .cell || top.role != .row { noteDelicate(token) }
    var flags: HTMLTree.Flags = token.isSelfClosing ? .selfClosing : []
    let isPrefixed = !element.traits.contains(.known) && Self.hasColon(token, bytes)
    if isPrefixed { flags.insert(.prefixed) }
    let closesItself = token.isSelfClosing && (isPrefixed || openForeign > 0 || element.role == .foreign)
    if closesItself, isPrefixed, openForeign == 0 { noteMended() }
    let isOpened = !closesItself && !element.traits.contains(.void)
    let isTooDeep = isOpened && stack.count > HTMLTree.depthLimit
    if isTooDeep { flags.insert(.truncated) }
    let node = Int32(truncatingIfNeeded: nodes.count)
    append(.element, token, flags: flags, attributeCount: token.attributeCount)
    guard isOpened else { return }
    guard !isTooDeep else {
      overflow += 1
      nodes[0].flags.insert(.truncated)
      return
    }
    stack.append(OpenNodes.Open(node: node, name: token.name, element: element))
    openNames[Self.bucket(token.name)] &+= 1
    if element.role == .foreign { openForeign += 1 }
  }

  /// Where the open elements of a name are counted.
  @inline(__always) static func bucket(_ name: NameHash) -> Int { Int(truncatingIfNeeded: name.value & 255) }

  /// Whether a name is one of XML, as those of Office are; `/>` closes such an element, as it does in `svg` and `math`.
  private static func hasColon(_ token: HTMLLexer.Token, _ bytes: Span<UInt8>) -> Bool {
    for index in token.start + 1..<token.nameEnd where bytes[index] == ASCII.colon { return true }
    return false
  }

  /// Closes the open elements that a start tag ends.
  private mutating func closeImplied(before token: HTMLLexer.Token) {
    let element = token.element
    guard !stack.innermost.isBarrier else { return }
    let role = element.role
    if openForeign > 0 { noteInForeign(token) }
    if element.traits.contains(.closesParagraph), closeParagraph(at: token.start), role == .table { noteMended() }
    switch role {
    case .listItem: closeItem(.listItem, at: token.start)
    case .term: closeItem(.term, at: token.start)
    case .option: closeCurrent([.option], at: token.start)
    case .optionGroup:
      closeCurrent([.option], at: token.start)
      closeCurrent([.optionGroup], at: token.start)
    case .ruby: closeCurrent([.ruby], at: token.start)
    case .heading: closeCurrent([.heading], at: token.start)
    case .anchor: closeAnchor(at: token.start)
    case .button: closeButton(at: token.start)
    case .cell, .row, .rowGroup, .caption, .columnGroup, .column: closeTableParts(for: role, at: token.start)
    default: break
    }
    guard stack.innermost.element.role == .head, !element.traits.contains(.metadata) else { return }
    closeImplied(from: stack.count - 1, at: token.start)
  }

  /// Closes the element at `depth` of the stack and all inside of it, without end tags.
  private mutating func closeImplied(from depth: Int, at offset: Int) {
    close(to: depth, at: offset, last: depth)
    closeWaiting(at: offset)
  }

  private mutating func closeCurrent(_ roles: [ElementTable.Role], at offset: Int) {
    if roles.contains(stack.innermost.element.role) { closeImplied(from: stack.count - 1, at: offset) }
  }

  /// Closes an open `p`; says whether there was one.
  private mutating func closeParagraph(at offset: Int) -> Bool {
    guard openNames[Self.paragraphBucket] > 0 else { return false }
    for index in stack.indices.reversed() {
      let open = stack[index]
      if open.element.role == .paragraph {
        closeImplied(from: index, at: offset)
        return true
      }
      if open.isBarrier || open.element.role == .button || open.element.traits.contains(.scope) { return false }
    }
    return false
  }

  private static let paragraphBucket = bucket(NameHash("p"))

  /// Closes an open `li`, or `dt` or `dd`, unless a block stands between.
  private mutating func closeItem(_ role: ElementTable.Role, at offset: Int) {
    for index in stack.indices.reversed() {
      let open = stack[index]
      if open.element.role == role { return closeImplied(from: index, at: offset) }
      if open.isBarrier { return }
      if open.element.traits.contains(.special), open.element.role != .paragraph, !Self.isPlainBlock(open.name) {
        return
      }
    }
  }

  /// Whether an element is `div` or `address`, through which list items are closed.
  private static func isPlainBlock(_ name: NameHash) -> Bool { name == div || name == address }
  private static let div = NameHash("div")
  private static let address = NameHash("address")

  private mutating func closeAnchor(at offset: Int) {
    guard openNames[Self.anchorBucket] > 0 else { return }
    for index in stack.indices.reversed() {
      let open = stack[index]
      if open.element.role == .anchor {
        close(to: index + 1, at: offset, last: index + 1)
        close(to: index, at: offset)
        return closeWaiting(at: offset)
      }
      if open.isBarrier || Self.isMarker(open.element.role) { return }
      if open.element.traits.contains(.special) { return noteMended() }
    }
  }

  private static let anchorBucket = bucket(NameHash("a"))

  private mutating func closeButton(at offset: Int) {
    for index in stack.indices.reversed() {
      let open = stack[index]
      if open.element.role == .button { return closeImplied(from: index, at: offset) }
      if open.isBarrier || open.element.traits.contains(.scope) { return }
    }
  }

  /// Closes the parts of a table that can't hold a part of the given role.
  private mutating func closeTableParts(for role: ElementTable.Role, at offset: Int) {
    var outermost = -1
    search: for index in stack.indices.reversed() {
      let open = stack[index]
      if open.isBarrier { break }
      switch open.element.role {
      case .table, .template: break search
      case .cell, .caption: outermost = index
      case .columnGroup: if role != .column { outermost = index }
      case .row:
        if role == .cell { break search }
        outermost = index
      case .rowGroup:
        if role == .cell || role == .row { break search }
        outermost = index
      default: break
      }
    }
    if outermost >= 0 { closeImplied(from: outermost, at: offset) }
  }

  // MARK: End tags

  private mutating func meetEndTag(_ token: HTMLLexer.Token) {
    if overflow > 0 {
      overflow -= 1
      return appendLeaf(.strayEndTag, token, flags: .truncated)
    }
    if stack.innermost.name == token.name, !stack.innermost.isBarrier { return closeTop(with: token) }
    let isHeading = token.element.role == .heading
    guard isHeading || openNames[Self.bucket(token.name)] > 0 else {
      noteStray(token)
      return appendLeaf(.strayEndTag, token)
    }
    var isBlocked = false
    for index in stack.indices.reversed() {
      let open = stack[index]
      if open.isBarrier { break }
      if open.name == token.name || isHeading && open.element.role == .heading {
        if isBlocked {
          if !open.isClosing { waiting += 1 }
          stack[index].isClosing = true
          noteMended()
          break
        }
        if index < stack.count - 1 {
          noteClosing(token)
          close(to: index + 1, at: token.start, last: index)
        }
        return closeTop(with: token)
      }
      if bounds(open.element, token.element) { break }
      if !token.element.traits.contains(.special), open.element.traits.contains(.special) {
        guard token.element.traits.contains(.formatting) else { break }
        isBlocked = true
      }
    }
    noteStray(token)
    appendLeaf(.strayEndTag, token)
  }

  /// Whether an end tag of `closing` does not reach out of `open`.
  private func bounds(_ open: Element, _ closing: Element) -> Bool {
    switch closing.role {
    case .table, .rowGroup, .row, .cell, .caption, .columnGroup: open.role == .table || open.role == .template
    case .html, .body, .head, .template: open.role == .template
    case .listItem: open.traits.contains(.scope) || open.role == .list
    case .paragraph: open.traits.contains(.scope) || open.role == .button
    default: open.traits.contains(.scope)
    }
  }
}
