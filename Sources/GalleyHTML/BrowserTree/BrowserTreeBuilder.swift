/// Makes the tree that a browser makes, by the tree construction of the HTML Standard without scripts
/// (https://html.spec.whatwg.org/multipage/parsing.html#tree-construction).
///
/// It works for documents of any kind but is made for the few in which `HTMLTreeBuilder` met what a browser mends. Its
/// elements form linked lists, because they move; `BrowserTree` puts them in order at the end. It gives up where no
/// mail leads: on framesets, and where the open elements, the formatting elements or the copies become so many that
/// the work would no longer be in proportion to the bytes.
///
/// Where it deviates: placeholders are never content that a browser would move; the content of a hidden conditional
/// comment is taken over as it is in the author's tree; a document that begins with a part of a table is read as if it
/// stood in a table; `style` and the like are raw text in `svg`, too, as they are for the lexer.
struct BrowserTreeBuilder {
  /// The place of an element in `elements`.
  typealias Index = Int32
  typealias Token = HTMLLexer.Token
  typealias Role = ElementTable.Role

  /// What an element belongs to.
  enum Vocabulary: UInt8 { case html, svg, math }

  /// An element, or another node, and its neighbors.
  struct Element {
    var node: HTMLTree.Node
    var role: Role
    var isSpecial: Bool
    /// Whether the usual scope ends here.
    var isScope: Bool
    var vocabulary: Vocabulary
    /// Whether elements of HTML may stand in it although it is none.
    var isIntegrationPoint = false
    var hasUncertainChildren = false
    var parent: Index = -1
    var firstChild: Index = -1
    var lastChild: Index = -1
    var previous: Index = -1
    var next: Index = -1
    /// The first element that was made of its tag.
    var original: Index
    /// The node of the author's tree, for a conditional comment.
    var authorNode: Index = -1
    /// What text stands directly in it.
    var text = HTMLTree.Content.none
    /// How many template blocks were open where it started.
    var blocks = 0
  }

  /// How tokens are read; the names are those of the standard's insertion modes.
  enum Mode: UInt8 {
    case initial, beforeHTML, beforeHead, inHead, inHeadNoscript, afterHead, inBody, inTable, inCaption, inColumnGroup
    case inTableBody, inRow, inCell, inTemplate, afterBody, afterAfterBody
  }

  /// The end of a part of the list of formatting elements.
  static let marker: Index = -1

  let tree: HTMLTree
  var elements: [Element] = []
  /// The attributes of all tags, and those of tags that were merged.
  var attributes: [HTMLTree.Attribute] = []
  /// The stack of open elements.
  var open: [Index] = []
  /// The list of active formatting elements.
  var formatting: [Index] = []
  var templateModes: [Mode] = []
  var mode = Mode.initial
  var head: Index = -1
  var form: Index = -1
  var isFostering = false
  /// Whether the content of an element such as `style` is read.
  var isInText = false
  var isQuirky = true
  /// Whether the author wrote a tag for `html`, `head` or `body` so far.
  var hasFrame = false
  /// Whether a block of the template stands before a body that has no tag.
  private var startsUncertain = false
  /// How many template blocks are open.
  var openBlocks = 0
  /// Where the token at hand starts.
  var offset = 0
  var hasGivenUp = false
  private var copies = 0
  private var nextConditional = 0

  init(_ tree: HTMLTree) {
    self.tree = tree
    attributes = tree.attributes
    elements.reserveCapacity(tree.nodes.count + 8)
    elements.append(
      Element(
        node: tree.nodes[0], role: .other, isSpecial: true, isScope: true, vocabulary: .html, original: 0))
  }

  /// Reads all tokens; says whether it came to the end.
  mutating func build() -> Bool {
    var lexer = HTMLLexer(tree.bytes, placeholders: tree.placeholders)
    while let token = lexer.next(), !hasGivenUp {
      offset = token.start
      switch token.kind {
      case .text: meetText(token)
      case .placeholder: meetPlaceholder(token)
      case .startTag: dispatch(token)
      case .endTag: dispatch(token)
      case .conditionalOpen: skipConditional(token, &lexer)
      case .revealedOpen, .revealedClose:
        insertLeaf(token, token.kind == .revealedOpen ? .revealedOpen : .revealedClose)
      case .doctype: if mode == .initial { isQuirky = QuirksMode.isQuirky(tree.bytes, token.range) }
      case .comment, .cdata, .conditionalClose, .unfinishedTag: break
      }
    }
    offset = tree.bytes.count
    if !hasGivenUp { finish() }
    return !hasGivenUp
  }

  private mutating func finish() {
    if isInText {
      isInText = false
      pop()
    }
    while hasTemplate {
      while let index = open.last, name(index) != Names.template || !isHTML(index) { pop() }
      pop()
      _ = templateModes.popLast()
      resetMode()
    }
    if mode.rawValue <= Mode.afterHead.rawValue { finishHead() }
    while !open.isEmpty { pop() }
  }

  // MARK: Elements

  subscript(index: Index) -> Element {
    get { elements[Int(index)] }
    _modify { yield &elements[Int(index)] }
  }

  func name(_ index: Index) -> NameHash { elements[Int(index)].node.name }
  func role(_ index: Index) -> Role { elements[Int(index)].role }
  func isHTML(_ index: Index) -> Bool { elements[Int(index)].vocabulary == .html }

  /// The innermost open element; the root before there is any.
  var current: Index { open.last ?? 0 }

  private mutating func append(_ element: Element) -> Index {
    elements.append(element)
    elements[elements.count - 1].blocks = openBlocks
    return Index(elements.count - 1)
  }

  /// Makes an element out of a start tag; `name` is another where a browser takes one for another.
  mutating func makeElement(_ token: Token, _ vocabulary: Vocabulary, name: NameHash? = nil) -> Index {
    let name = name ?? token.name
    var flags: HTMLTree.Flags = []
    if token.isSelfClosing { flags.insert(.selfClosing) }
    if token.hasPlaceholder { flags.insert(.placeholderInTag) }
    if !token.element.traits.contains(.known), tree.bytes[token.start + 1..<token.nameEnd].contains(ASCII.colon) {
      flags.insert(.prefixed)
    }
    return append(
      Self.element(
        HTMLTree.Node(
          kind: .element, flags: flags, name: name, parent: .none, nextSibling: .none, previousSibling: .none,
          subtreeEnd: .none, firstAttribute: Int32(token.firstAttribute), attributeCount: Int32(token.attributeCount),
          start: Int32(token.start), nameEnd: Int32(token.nameEnd), contentStart: Int32(token.end),
          contentEnd: Int32(token.end), end: Int32(token.end)), vocabulary, Index(elements.count)))
  }

  /// Makes an element that has no tag.
  mutating func makeImplied(_ name: NameHash) -> Index {
    let place = Int32(offset)
    return append(
      Self.element(
        HTMLTree.Node(
          kind: .element, flags: .implied, name: name, parent: .none, nextSibling: .none, previousSibling: .none,
          subtreeEnd: .none, firstAttribute: 0, attributeCount: 0, start: place, nameEnd: place, contentStart: place,
          contentEnd: place, end: place), .html, Index(elements.count)))
  }

  private static func element(_ node: HTMLTree.Node, _ vocabulary: Vocabulary, _ original: Index) -> Element {
    let known = ElementTable.standard[node.name]
    guard vocabulary == .html else {
      let isPoint =
        vocabulary == .svg ? Names.svgIntegrationPoints.contains(node.name) : Names.mathTexts.contains(node.name)
      let isBound = isPoint || vocabulary == .math && node.name == Names.annotation
      return Element(
        node: node, role: .other, isSpecial: isBound, isScope: isBound, vocabulary: vocabulary,
        isIntegrationPoint: isPoint, original: original)
    }
    return Element(
      node: node, role: known.role, isSpecial: known.traits.contains(.special),
      isScope: known.traits.contains(.scope) || known.role == .select, vocabulary: .html, original: original)
  }

  /// Makes another element of the tag of one; both are copies from now on.
  mutating func makeCopy(_ index: Index) -> Index {
    copies += 1
    if copies > tree.nodes.count * 2 + 64 { hasGivenUp = true }
    elements[Int(self[index].original)].node.flags.insert(.copied)
    self[index].node.flags.insert(.copied)
    var copy = self[index]
    (copy.parent, copy.firstChild, copy.lastChild, copy.previous, copy.next) = (-1, -1, -1, -1, -1)
    copy.text = .none
    copy.hasUncertainChildren = false
    return append(copy)
  }

  // MARK: Places

  /// Where a new node goes: into `parent`, before `next` or at the end.
  struct Place {
    var parent: Index
    var next: Index = -1
  }

  /// The appropriate place for inserting a node.
  func place(in target: Index) -> Place {
    guard isFostering, isHTML(target) else { return Place(parent: target) }
    switch role(target) {
    case .table, .rowGroup, .row: break
    default: return Place(parent: target)
    }
    guard let position = open.lastIndex(where: { isHTML($0) && (role($0) == .table || role($0) == .template) }) else {
      return Place(parent: open.first ?? 0)
    }
    let bound = open[position]
    if role(bound) == .template { return Place(parent: bound) }
    if self[bound].parent >= 0 { return Place(parent: self[bound].parent, next: bound) }
    return Place(parent: open[position - 1])
  }

  mutating func insert(_ index: Index, at place: Place) {
    detach(index)
    if place.next >= 0, openBlocks > 0 { self[place.parent].hasUncertainChildren = true }
    let previous = place.next >= 0 ? self[place.next].previous : self[place.parent].lastChild
    self[index].parent = place.parent
    self[index].previous = previous
    self[index].next = place.next
    if previous >= 0 { self[previous].next = index } else { self[place.parent].firstChild = index }
    if place.next >= 0 { self[place.next].previous = index } else { self[place.parent].lastChild = index }
  }

  /// Takes a node with all in it out of its parent.
  mutating func detach(_ index: Index) {
    let (parent, previous, next) = (self[index].parent, self[index].previous, self[index].next)
    guard parent >= 0 else { return }
    if previous >= 0 { self[previous].next = next } else { self[parent].firstChild = next }
    if next >= 0 { self[next].previous = previous } else { self[parent].lastChild = previous }
    (self[index].parent, self[index].previous, self[index].next) = (-1, -1, -1)
  }

  /// Inserts an element where it belongs and opens it.
  mutating func push(_ index: Index) {
    insert(index, at: place(in: current))
    open.append(index)
    if open.count > HTMLTree.depthLimit { hasGivenUp = true }
  }

  /// Inserts an element of HTML for a start tag and opens it.
  @discardableResult
  mutating func push(_ token: Token, name: NameHash? = nil) -> Index {
    let index = makeElement(token, .html, name: name)
    push(index)
    return index
  }

  /// Inserts an element that has no content.
  mutating func insertVoid(_ token: Token, name: NameHash? = nil) {
    push(token, name: name)
    open.removeLast()
  }

  /// Inserts and opens an element that has no tag.
  @discardableResult
  mutating func pushImplied(_ name: NameHash) -> Index {
    let index = makeImplied(name)
    push(index)
    // What a block of the template makes uncertain of a table is its rows.
    let isUncertain = name == Names.body ? startsUncertain : self[self[index].parent].hasUncertainChildren
    if isUncertain { self[index].hasUncertainChildren = true }
    return index
  }

  /// Inserts an element whose content is not markup.
  mutating func pushText(_ token: Token) {
    push(token)
    isInText = token.beginsRawText
  }

  private mutating func insertLeaf(_ token: Token, _ kind: HTMLTree.Kind) {
    let node = HTMLTree.Node(
      kind: kind, flags: [], name: NameHash(value: 0), parent: .none, nextSibling: .none, previousSibling: .none,
      subtreeEnd: .none, firstAttribute: 0, attributeCount: 0, start: Int32(token.start),
      nameEnd: Int32(token.nameEnd), contentStart: Int32(token.end), contentEnd: Int32(token.end),
      end: Int32(token.end))
    let index = append(
      Element(
        node: node, role: .other, isSpecial: false, isScope: false, vocabulary: .html, original: Index(elements.count)))
    let parent: Index = mode == .afterBody ? open[0] : mode == .afterAfterBody ? 0 : current
    insert(index, at: Place(parent: parent))
  }

  /// Takes a hidden conditional comment over from the author's tree.
  private mutating func skipConditional(_ token: Token, _ lexer: inout HTMLLexer) {
    insertLeaf(token, .hiddenConditional)
    while nextConditional < tree.nodes.count,
      tree.nodes[nextConditional].kind != .hiddenConditional || tree.nodes[nextConditional].start < Int32(token.start)
    { nextConditional += 1 }
    if nextConditional < tree.nodes.count {
      elements[elements.count - 1].authorNode = Index(nextConditional)
      elements[elements.count - 1].node = tree.nodes[nextConditional]
    }
    while let inner = lexer.next(), inner.kind != .conditionalClose {}
  }

  // MARK: Text and placeholders

  func isSpace(_ range: Range<Int>) -> Bool { tree.bytes[range].allSatisfy(\.isHTMLSpace) }

  /// Notes that text stands in an element.
  mutating func noteText(_ index: Index, _ range: Range<Int>) {
    guard tree.visible(range, in: self[index].node) != nil else { return }
    self[index].text = openBlocks > self[index].blocks ? max(self[index].text, .possible) : .certain
  }

  /// Puts text where it belongs.
  mutating func insertText(_ token: Token) {
    noteText(place(in: current).parent, token.range)
  }

  private mutating func meetPlaceholder(_ token: Token) {
    let kind = tree.placeholders[token.placeholder].kind
    switch kind {
    case .silent: break
    case .output:
      if !isInText, mode.rawValue < Mode.inBody.rawValue { return }
      let isBehind = mode == .afterBody || mode == .afterAfterBody
      if !isBehind, !isInText, isHTML(current), !isTablePart(current) { reconstructFormatting() }
      self[current].text = max(self[current].text, .possible)
    case .open, .middle, .close:
      self[current].hasUncertainChildren = true
      if !hasFrame, mode.rawValue <= Mode.afterHead.rawValue { startsUncertain = true }
      if kind == .open { openBlocks += 1 }
      if kind == .close { openBlocks = max(openBlocks - 1, 0) }
    }
  }

  /// Whether an element is one in which a browser suffers no content but parts of a table.
  func isTablePart(_ index: Index) -> Bool {
    switch role(index) {
    case .table, .rowGroup, .row, .columnGroup: true
    default: false
    }
  }
}
