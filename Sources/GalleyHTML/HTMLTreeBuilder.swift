/// Makes the nodes of a tree out of tokens.
///
/// The stack of open elements holds at most `HTMLTree.depthLimit` entries, so each search in it is bounded; counts of
/// the open names answer most end tags that close nothing without a search.
struct HTMLTreeBuilder {
  typealias Element = ElementTable.Element
  typealias Role = ElementTable.Role

  var nodes: [HTMLTree.Node] = []
  private(set) var attributes: [HTMLTree.Attribute] = []

  /// A node that is not closed yet.
  struct Open {
    var node: Int
    var lastChild: Int32 = -1
    var name: NameHash
    var element: Element
    /// Whether nothing inside sees what is around: the root, or the content of a hidden conditional comment.
    var isBarrier = false
    /// Whether it is closed as soon as what is inside of it is: its end tag came, across a block.
    var isClosing = false
    var hasUncertainChildren = false
    /// Of a table, which of its parts it has.
    var parts = TableParts.none
  }

  /// What stands directly in a table.
  enum TableParts: UInt8 { case none, rows, others }

  var lexer: LexerCursor
  let placeholders: [Placeholder]
  var stack: [Open] = []
  /// How many open elements have a name whose hash ends in the index.
  var openNames: [UInt16] = Array(repeating: 0, count: 256)
  var openForeign = 0
  var openConditionals = 0
  /// Whether a browser may build another tree.
  var isMended = false
  /// The last `form`, or -1.
  var lastForm = -1
  /// How many elements were opened beyond the depth limit and not closed.
  private var overflow = 0
  /// For each condition or loop that is open: how deep the stack was where it began.
  private var blocks: [Int] = []
  /// How many blocks were open where the hidden conditional comment began.
  private var outerBlocks = 0

  init(byteCount: Int, placeholders: [Placeholder]) {
    lexer = LexerCursor(count: byteCount, placeholders: placeholders)
    self.placeholders = placeholders
    nodes.reserveCapacity(byteCount / 40 + 8)
  }

  /// Reads all tokens.
  mutating func build(_ bytes: Span<UInt8>) {
    openNode(.root, start: 0, contentStart: 0, name: NameHash(value: 0), element: .unknown, isBarrier: true)
    var plain = HTMLLexer.Token(.startTag, 0, 0)
    while true {
      while lexer.nextPlainTag(bytes, &plain) {
        if plain.kind == .startTag { meetStartTag(plain, bytes) } else { meetEndTag(plain) }
      }
      guard let token = lexer.nextMarkup(bytes) else { break }
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
    close(to: 1, at: bytes.count, atEnd: true)
    closeTop(at: bytes.count, end: bytes.count)
    attributes = lexer.attributes
    if isMended || isFrameMended(bytes) { nodes[0].flags.insert(.mended) }
  }

  // MARK: Nodes

  private mutating func append(
    _ kind: HTMLTree.Kind, start: Int, nameEnd: Int, contentStart: Int, end: Int, name: NameHash
  ) -> Int {
    let index = nodes.count
    let parent = stack.isEmpty ? -1 : stack[stack.count - 1].node
    let previous = stack.isEmpty ? -1 : Int(stack[stack.count - 1].lastChild)
    if previous >= 0 { nodes[previous].nextSibling = NodeID(index) }
    if !stack.isEmpty { stack[stack.count - 1].lastChild = Int32(index) }
    nodes.append(
      HTMLTree.Node(
        kind: kind, flags: openConditionals > 0 ? .inConditional : [], name: name, parent: NodeID(parent),
        nextSibling: .none, previousSibling: NodeID(previous), subtreeEnd: NodeID(index + 1), firstAttribute: 0,
        attributeCount: 0, start: Int32(start), nameEnd: Int32(nameEnd), contentStart: Int32(contentStart),
        contentEnd: Int32(end), end: Int32(end)))
    return index
  }

  private mutating func appendLeaf(_ kind: HTMLTree.Kind, _ token: HTMLLexer.Token) {
    let index = append(
      kind, start: token.start, nameEnd: token.nameEnd, contentStart: token.end, end: token.end, name: token.name)
    if token.isUnterminated { nodes[index].flags.insert(.truncated) }
    if token.hasPlaceholder { nodes[index].flags.insert(.placeholderInTag) }
    if kind == .strayEndTag || kind == .unfinishedTag {
      nodes[index].firstAttribute = Int32(token.firstAttribute)
      nodes[index].attributeCount = Int32(token.attributeCount)
    }
  }

  private mutating func openNode(
    _ kind: HTMLTree.Kind, start: Int, contentStart: Int, name: NameHash, element: Element, isBarrier: Bool
  ) {
    let index = append(
      kind, start: start, nameEnd: start, contentStart: contentStart, end: contentStart, name: name)
    stack.append(Open(node: index, name: name, element: element, isBarrier: isBarrier))
  }

  /// Closes the innermost open node, whose content ends at `offset`.
  private mutating func closeTop(at offset: Int, end: Int) {
    let open = stack.removeLast()
    nodes[open.node].contentEnd = Int32(offset)
    nodes[open.node].end = Int32(end)
    nodes[open.node].subtreeEnd = NodeID(nodes.count)
    if open.hasUncertainChildren { markChildren(of: open) }
    if !open.isBarrier {
      openNames[Int(truncatingIfNeeded: open.name.value & 255)] -= 1
      if open.element.role == .foreign { openForeign -= 1 }
    }
  }

  private mutating func markChildren(of open: Open) {
    var child = Int(open.lastChild)
    while child >= 0 {
      nodes[child].flags.insert(.uncertainSiblings)
      child = Int(nodes[child].previousSibling.index)
    }
  }

  /// Closes open elements that have no end tag until `depth` are left; `last` is the outermost of those that are closed
  /// now, with an end tag or without, if a browser minds.
  private mutating func close(to depth: Int, at offset: Int, last: Int? = nil, atEnd: Bool = false) {
    while stack.count > depth, let top = stack.last, !top.isBarrier {
      if top.element.traits.contains(.lingering), let last { noteUnclosed(through: last) }
      if !top.element.traits.contains(.optionalEnd), !top.isClosing {
        nodes[top.node].flags.insert(.unclosed)
        if atEnd { nodes[top.node].flags.insert(.truncated) }
      }
      closeTop(at: offset, end: offset)
    }
  }

  /// Closes the innermost element with its end tag, and the ones around it that waited for that.
  private mutating func closeTop(with token: HTMLLexer.Token) {
    if let top = stack.last { nodes[top.node].flags.insert(.hasEndTag) }
    closeTop(at: token.start, end: token.end)
    closeWaiting(at: token.end)
  }

  private mutating func closeWaiting(at offset: Int) {
    while let top = stack.last, top.isClosing {
      nodes[top.node].flags.insert(.unclosed)
      closeTop(at: offset, end: offset)
    }
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
    for index in min(depth, stack.count)..<stack.count { nodes[stack[index].node].flags.insert(.splitByBlock) }
    if depth < stack.count { nodes[0].flags.insert(.splitByBlock) }
    if kind == .close { blocks.removeLast() }
  }

  private mutating func openConditional(_ token: HTMLLexer.Token) {
    let element = Element(traits: [.special, .scope], role: .other)
    openNode(
      .hiddenConditional, start: token.start, contentStart: token.end, name: NameHash(value: 0), element: element,
      isBarrier: true)
    let index = nodes.count - 1
    nodes[index].nameEnd = Int32(token.nameEnd)
    openConditionals += 1
    outerBlocks = blocks.count
  }

  private mutating func closeConditional(_ token: HTMLLexer.Token) {
    guard let barrier = stack.lastIndex(where: \.isBarrier), barrier > 0 else { return }
    close(to: barrier + 1, at: token.start)
    let node = stack[barrier].node
    nodes[node].flags.insert(token.isUnterminated ? [.unclosed, .truncated] : .hasEndTag)
    closeTop(at: token.start, end: token.end)
    openConditionals -= 1
    if blocks.count > outerBlocks { blocks.removeSubrange(outerBlocks...) }
    outerBlocks = 0
    overflow = 0
  }

  // MARK: Start tags

  private mutating func meetStartTag(_ token: HTMLLexer.Token, _ bytes: Span<UInt8>) {
    closeImplied(before: token)
    let top = stack[stack.count - 1].element
    let isDelicate = token.element.traits.contains(.delicate) || top.traits.contains(.confining)
    if isDelicate, token.element.role != .cell || top.role != .row { noteDelicate(token) }
    let index = append(
      .element, start: token.start, nameEnd: token.nameEnd, contentStart: token.end, end: token.end, name: token.name)
    nodes[index].firstAttribute = Int32(token.firstAttribute)
    nodes[index].attributeCount = Int32(token.attributeCount)
    if token.hasPlaceholder { nodes[index].flags.insert(.placeholderInTag) }
    if token.isSelfClosing { nodes[index].flags.insert(.selfClosing) }
    let isPrefixed = !token.element.traits.contains(.known) && Self.hasColon(token, bytes)
    if isPrefixed { nodes[index].flags.insert(.prefixed) }
    let closesItself = token.isSelfClosing && (isPrefixed || openForeign > 0 || token.element.role == .foreign)
    if closesItself, isPrefixed, openForeign == 0 { noteMended() }
    if closesItself || token.element.traits.contains(.void) { return }
    guard stack.count <= HTMLTree.depthLimit else {
      overflow += 1
      nodes[index].flags.insert(.truncated)
      nodes[0].flags.insert(.truncated)
      return
    }
    stack.append(Open(node: index, name: token.name, element: token.element))
    openNames[Int(truncatingIfNeeded: token.name.value & 255)] += 1
    if token.element.role == .foreign { openForeign += 1 }
  }

  /// Whether a name is one of XML, as those of Office are; `/>` closes such an element, as it does in `svg` and `math`.
  private static func hasColon(_ token: HTMLLexer.Token, _ bytes: Span<UInt8>) -> Bool {
    for index in token.start + 1..<token.nameEnd where bytes[index] == ASCII.colon { return true }
    return false
  }

  /// Closes the open elements that a start tag ends.
  private mutating func closeImplied(before token: HTMLLexer.Token) {
    let element = token.element
    guard element.traits.contains(.known), let top = stack.last, !top.isBarrier else { return }
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
    guard let current = stack.last, current.element.role == .head, !element.traits.contains(.metadata) else { return }
    closeImplied(from: stack.count - 1, at: token.start)
  }

  /// Closes the element at `depth` of the stack and all inside of it, without end tags.
  private mutating func closeImplied(from depth: Int, at offset: Int) {
    close(to: depth, at: offset, last: depth)
    closeWaiting(at: offset)
  }

  private mutating func closeCurrent(_ roles: [ElementTable.Role], at offset: Int) {
    if let top = stack.last, roles.contains(top.element.role) { closeImplied(from: stack.count - 1, at: offset) }
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

  private static let paragraphBucket = Int(truncatingIfNeeded: NameHash("p").value & 255)

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

  private static let anchorBucket = Int(truncatingIfNeeded: NameHash("a").value & 255)

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
      appendLeaf(.strayEndTag, token)
      nodes[nodes.count - 1].flags.insert(.truncated)
      return
    }
    let isHeading = token.element.role == .heading
    guard isHeading || openNames[Int(truncatingIfNeeded: token.name.value & 255)] > 0 else {
      noteStray(token)
      return appendLeaf(.strayEndTag, token)
    }
    var isBlocked = false
    for index in stack.indices.reversed() {
      let open = stack[index]
      if open.isBarrier { break }
      if open.name == token.name || isHeading && open.element.role == .heading {
        if isBlocked {
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
