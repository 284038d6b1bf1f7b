/// Tells the documents of which a browser may build another tree, while the author's is built.
///
/// Nearly all mails are nested well enough that the author's tree, with the elements that a browser adds, is that of a
/// browser; `BrowserTreeBuilder` need not run for them. It has to, if
/// - an element starts where a browser would not open it: what is no part of a table between the parts of one, parts of
///   a table elsewhere or at the wrong level, a second `html`, `head` or `body`, a `form` in a form, a `nobr` in one, an
///   `a` in one with a block between, anything but options in a `select`, parts of `ruby` elsewhere, elements of HTML in
///   `svg` and `math`, `template`, `image` and `command`;
/// - a table starts in a paragraph, which only some browsers close, or has rows and other parts side by side, so that a
///   `tbody` has to be told from them;
/// - a formatting element is closed by anything but its own end tag, unless a cell of a table is closed with it, or its
///   end tag comes where a block is open in it;
/// - a `select` is closed by anything else, or `html`, `body`, `form` and `noscript` while something is open in them, or
///   anything over `svg` and `math`;
/// - `</p>` or `</br>` closes nothing, `</body>` or `</html>` comes before a body, or an end tag does not reach the
///   element that it names;
/// - an element with a prefix closes itself;
/// - what stands around the body is not `html`, `head`, `body` in this order, each with its tag, or content without any
///   of them.
///
/// What stands in hidden conditional comments does not count. Each is looked at where the tree is changed anyway, or
/// once a document.
extension HTMLTreeBuilder {
  /// Whether formatting elements do not reach out of an element of the given role.
  static func isMarker(_ role: Role) -> Bool { role == .cell || role == .caption }

  /// Notes that a browser may build another tree.
  mutating func noteMended() {
    if openConditionals == 0 { isMended = true }
  }

  /// Looks at a start tag that may not be opened where it stands.
  mutating func noteDelicate(_ token: HTMLLexer.Token) {
    let top = stack.count - 1
    switch (token.element.role, stack[top].element.role) {
    case (.row, .rowGroup), (.column, .columnGroup): return
    case (.option, .select), (.option, .optionGroup), (.optionGroup, .select): return
    case (.row, .table):
      if stack[top].parts == .others { noteMended() }
      stack[top].parts = .rows
    case (.rowGroup, .table), (.caption, .table), (.columnGroup, .table):
      if stack[top].parts == .rows { noteMended() }
      stack[top].parts = .others
    default: if !isMended, openConditionals == 0, !isUsual(token, stack[top]) { isMended = true }
    }
  }

  private mutating func isUsual(_ token: HTMLLexer.Token, _ parent: OpenNodes.Open) -> Bool {
    switch parent.element.role {
    case .rowGroup, .row: return token.name == Names.style || token.name == Names.script
    case .table, .columnGroup, .select, .option, .optionGroup: return false
    default: break
    }
    switch token.element.role {
    case .html: return parent.isBarrier
    case .head, .body: return parent.isBarrier || parent.element.role == .html
    case .ruby: return parent.name == Names.ruby && (token.name == Names.rt || token.name == Names.rp)
    case .other: break
    default: return false
    }
    if token.name == Names.nobr { return openNames[Self.bucket(Names.nobr)] == 0 }
    guard token.name == Names.form else { return false }
    defer { lastForm = nodes.count }
    return lastForm < 0 || nodes[lastForm].flags.contains(.hasEndTag)
  }

  /// Looks at a start tag of an element of HTML in `svg` or `math`.
  mutating func noteInForeign(_ token: HTMLLexer.Token) {
    if token.element.role == .foreign || token.element.role == .script { return }
    if token.name != Names.style, token.name != Names.title { noteMended() }
  }

  /// Looks at the innermost element, which a browser may open again, when all from `last` on are closed.
  mutating func noteUnclosed(through last: Int) {
    guard !isMended, openConditionals == 0 else { return }
    let isFormatting = stack.innermost.element.traits.contains(.formatting)
    var isForgotten = false
    for index in last..<max(last, stack.count) where Self.isMarker(stack[index].element.role) { isForgotten = true }
    if !isFormatting || !isForgotten { isMended = true }
  }

  /// Looks at an end tag that closes more than its element.
  mutating func noteClosing(_ token: HTMLLexer.Token) {
    let isFrame = token.element.role == .body || token.element.role == .html
    if isFrame || openForeign > 0 || token.name == Names.form || token.name == Names.noscript { noteMended() }
  }

  /// Looks at an end tag that closes nothing.
  mutating func noteStray(_ token: HTMLLexer.Token) {
    let isElement = token.element.role == .paragraph || token.name == Names.br
    if isElement || openNames[Self.bucket(token.name)] > 0 || endsHead(token) { noteMended() }
  }

  /// Whether an end tag for the body stands where none has begun, which begins and ends one.
  private func endsHead(_ token: HTMLLexer.Token) -> Bool {
    guard token.element.role == .body || token.element.role == .html else { return false }
    let top = stack.innermost
    if top.element.role == .head { return true }
    guard top.isBarrier || top.element.role == .html else { return false }
    var lastChild = NodeID.none
    var child = NodeID(Int(top.node) + 1)
    while Int(child.index) < nodes.count {
      lastChild = child
      child = nodes[Int(child.index)].subtreeEnd
    }
    guard lastChild != .none else { return true }
    return ![.body, .html].contains(ElementTable.standard[nodes[Int(lastChild.index)].name].role)
  }

  // MARK: Around the body

  /// Whether a browser puts something elsewhere of what stands outside of the body.
  func isFrameMended(_ bytes: Span<UInt8>) -> Bool {
    var html = -1
    var parts = FrameParts()
    var child = firstChild(of: 0)
    while child >= 0 {
      if nodes[child].kind == .element {
        let element = lexer.table[nodes[child].name]
        if element.role != .html {
          parts.add(element, child)
        } else if html >= 0 {
          return true
        } else {
          html = child
        }
      }
      child = Int(nodes[child].nextSibling.index)
    }
    if html >= 0 {
      if parts.hasAny || holdsWords(directlyIn: 0, bytes) { return true }
      child = firstChild(of: html)
      while child >= 0 {
        if nodes[child].kind == .element { parts.add(lexer.table[nodes[child].name], child) }
        child = Int(nodes[child].nextSibling.index)
      }
    }
    if parts.isMixed { return true }
    guard parts.head >= 0 || parts.hasBody else { return false }
    if holdsWords(directlyIn: max(html, 0), bytes) { return true }
    return parts.head >= 0 && isHeadMended(parts.head, bytes)
  }

  /// What stands directly in `html`, or in nothing.
  private struct FrameParts {
    var head = -1
    var hasBody = false
    var hasContent = false
    var hasMetadata = false
    var isMixed = false

    var hasAny: Bool { head >= 0 || hasBody || hasContent || hasMetadata }

    @inline(__always) mutating func add(_ element: ElementTable.Element, _ node: Int) {
      switch element.role {
      case .head:
        if hasAny { isMixed = true }
        head = node
      case .body:
        if head < 0 || hasBody { isMixed = true }
        hasBody = true
      default:
        let isMetadata = element.traits.contains(.metadata)
        if isMetadata { hasMetadata = true } else { hasContent = true }
        // A `noscript` in a head holds less than elsewhere, and all else that is metadata shows nothing.
        let isShown = isMetadata && !element.traits.contains(.unrendered)
        if head >= 0 || hasBody || hasMetadata && hasContent || isShown { isMixed = true }
      }
    }
  }

  private func isHeadMended(_ head: Int, _ bytes: Span<UInt8>) -> Bool {
    if holdsWords(directlyIn: head, bytes) { return true }
    var child = firstChild(of: head)
    while child >= 0 {
      if nodes[child].kind == .element {
        let traits = lexer.table[nodes[child].name].traits
        if !traits.contains(.metadata) || !traits.contains(.unrendered) && isNoscriptMended(child, bytes) {
          return true
        }
      }
      child = Int(nodes[child].nextSibling.index)
    }
    return false
  }

  private func isNoscriptMended(_ noscript: Int, _ bytes: Span<UInt8>) -> Bool {
    if holdsWords(directlyIn: noscript, bytes) { return true }
    var child = firstChild(of: noscript)
    while child >= 0 {
      let name = nodes[child].name
      let isPlain = Names.heads.contains(name) && name != Names.base || name == Names.style
      if nodes[child].kind == .element, !isPlain { return true }
      child = Int(nodes[child].nextSibling.index)
    }
    return false
  }

  private func firstChild(of parent: Int) -> Int {
    parent + 1 < Int(nodes[parent].subtreeEnd.index) ? parent + 1 : -1
  }

  /// Whether text other than white space and placeholders stands between the children of a node.
  private func holdsWords(directlyIn parent: Int, _ bytes: Span<UInt8>) -> Bool {
    var position = Int(nodes[parent].contentStart)
    var child = firstChild(of: parent)
    while child >= 0 {
      if holdsWords(position, Int(nodes[child].start), bytes) { return true }
      position = Int(nodes[child].end)
      child = Int(nodes[child].nextSibling.index)
    }
    return holdsWords(position, Int(nodes[parent].contentEnd), bytes)
  }

  private func holdsWords(_ start: Int, _ end: Int, _ bytes: Span<UInt8>) -> Bool {
    var position = start
    while position < end {
      if !bytes[position].isHTMLSpace {
        let hole = placeholders.firstIndex(endingAfter: position)
        guard hole < placeholders.count, placeholders[hole].range.contains(position) else { return true }
        position = placeholders[hole].range.upperBound - 1
      }
      position += 1
    }
    return false
  }
}
