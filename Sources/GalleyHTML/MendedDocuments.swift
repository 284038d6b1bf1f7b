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
  @inline(__always) private static func bit(_ role: Role) -> UInt32 { 1 &<< UInt32(role.rawValue) }

  private static var aroundRows: UInt32 { bit(.caption) | bit(.columnGroup) | bit(.rowGroup) }
  private static var partsOfTable: UInt32 { aroundRows | bit(.column) | bit(.row) | bit(.cell) }
  private static var frame: UInt32 { bit(.html) | bit(.head) | bit(.body) }
  private static var content: UInt32 { ~(partsOfTable | frame | bit(.ruby) | bit(.optionGroup)) }

  /// The roles of what may start outside of all elements.
  static var acceptedAtTop: UInt32 { content | frame }

  /// The roles of what a browser opens in an element of the given role; what is missing is looked at once more.
  static func accepted(in role: Role) -> UInt32 {
    switch role {
    case .html: content | bit(.head) | bit(.body)
    case .table, .option: 0
    case .rowGroup: bit(.row)
    case .row: bit(.cell)
    case .columnGroup: bit(.column)
    case .select: bit(.option) | bit(.optionGroup)
    case .optionGroup: bit(.option)
    default: content
    }
  }

  /// Whether formatting elements do not reach out of an element of the given role.
  static func isMarker(_ role: Role) -> Bool { role == .cell || role == .caption }

  /// Notes that a browser may build another tree.
  mutating func noteMended() {
    if openConditionals == 0 { isMended = true }
  }

  /// Looks at a start tag that may not be opened where it stands.
  mutating func noteUnusual(_ token: HTMLLexer.Token) {
    guard !isMended, openConditionals == 0, !isUsual(token) else { return }
    isMended = true
  }

  private mutating func isUsual(_ token: HTMLLexer.Token) -> Bool {
    let top = stack.count - 1
    let bit = Self.bit(token.element.role)
    switch stack[top].element.role {
    case .table:
      // From now on this table has rows or has other parts.
      let isFirst = stack[top].accepted == 0
      stack[top].accepted = token.element.role == .row ? bit : Self.aroundRows
      return isFirst && stack[top].accepted & bit != 0
    case .rowGroup, .row: return token.name == Names.style || token.name == Names.script
    default: break
    }
    if stack[top].accepted & bit == 0 {
      let isRuby = token.element.role == .ruby && stack[top].name == Names.ruby
      return isRuby && (token.name == Names.rt || token.name == Names.rp)
    }
    if token.name == Names.nobr { return openNames[Int(truncatingIfNeeded: Names.nobr.value & 255)] == 0 }
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
    let isFormatting = stack[stack.count - 1].element.traits.contains(.formatting)
    let isForgotten = isFormatting && stack[last...].contains { Self.isMarker($0.element.role) }
    if !isForgotten { isMended = true }
  }

  /// Looks at an end tag that closes more than its element.
  mutating func noteClosing(_ token: HTMLLexer.Token) {
    let isFrame = token.element.role == .body || token.element.role == .html
    if isFrame || openForeign > 0 || token.name == Names.form || token.name == Names.noscript { noteMended() }
  }

  /// Looks at an end tag that closes nothing.
  mutating func noteStray(_ token: HTMLLexer.Token) {
    let isElement = token.element.role == .paragraph || token.name == Names.br
    if isElement || openNames[Int(truncatingIfNeeded: token.name.value & 255)] > 0 || endsHead(token) { noteMended() }
  }

  /// Whether an end tag for the body stands where none has begun, which begins and ends one.
  private func endsHead(_ token: HTMLLexer.Token) -> Bool {
    guard token.element.role == .body || token.element.role == .html, let top = stack.last else { return false }
    if top.element.role == .head { return true }
    guard top.isBarrier || top.element.role == .html else { return false }
    return top.lastChild < 0 || ![.body, .html].contains(ElementTable.standard[nodes[Int(top.lastChild)].name].role)
  }

  // MARK: Around the body

  /// Whether a browser puts something elsewhere of what stands outside of the body.
  func isFrameMended(_ bytes: Span<UInt8>) -> Bool {
    var html = -1
    var parts = FrameParts()
    for child in children(of: 0) where nodes[child].kind == .element {
      let element = ElementTable.standard[nodes[child].name]
      if element.role == .html {
        if html >= 0 { return true }
        html = child
      } else {
        parts.add(element, nodes[child].name)
      }
    }
    if html >= 0 {
      if parts.hasAny || holdsWords(directlyIn: 0, bytes) { return true }
      for child in children(of: html) where nodes[child].kind == .element {
        parts.add(ElementTable.standard[nodes[child].name], nodes[child].name)
      }
    }
    if parts.isMixed { return true }
    guard parts.hasHead || parts.hasBody else { return false }
    let outer = html >= 0 ? html : 0
    if holdsWords(directlyIn: outer, bytes) { return true }
    let head = children(of: outer).first { ElementTable.standard[nodes[$0].name].role == .head }
    return head.map { isHeadMended($0, bytes) } ?? false
  }

  /// What stands directly in `html`, or in nothing.
  private struct FrameParts {
    var hasHead = false
    var hasBody = false
    var hasContent = false
    var hasMetadata = false
    var isMixed = false

    var hasAny: Bool { hasHead || hasBody || hasContent || hasMetadata }

    mutating func add(_ element: ElementTable.Element, _ name: NameHash) {
      switch element.role {
      case .head:
        isMixed = isMixed || hasAny
        hasHead = true
      case .body:
        isMixed = isMixed || !hasHead || hasBody
        hasBody = true
      default:
        let isMetadata = element.traits.contains(.metadata)
        if isMetadata { hasMetadata = true } else { hasContent = true }
        // In a head that has no tag it holds less than elsewhere.
        isMixed = isMixed || hasHead || hasBody || hasMetadata && hasContent || name == Names.noscript
      }
    }
  }

  private func isHeadMended(_ head: Int, _ bytes: Span<UInt8>) -> Bool {
    if holdsWords(directlyIn: head, bytes) { return true }
    for child in children(of: head) where nodes[child].kind == .element {
      let name = nodes[child].name
      guard ElementTable.standard[name].traits.contains(.metadata) else { return true }
      guard name == Names.noscript else { continue }
      if holdsWords(directlyIn: child, bytes) { return true }
      for inner in children(of: child) where nodes[inner].kind == .element {
        let name = nodes[inner].name
        guard Names.heads.contains(name) && name != Names.base || name == Names.style else { return true }
      }
    }
    return false
  }

  private func children(of parent: Int) -> some Sequence<Int> {
    let first = parent + 1 < Int(nodes[parent].subtreeEnd.index) ? parent + 1 : -1
    return sequence(state: first) { next in
      guard next >= 0 else { return nil }
      defer { next = Int(nodes[next].nextSibling.index) }
      return next
    }
  }

  /// Whether text other than white space and placeholders stands between the children of a node.
  private func holdsWords(directlyIn parent: Int, _ bytes: Span<UInt8>) -> Bool {
    var position = Int(nodes[parent].contentStart)
    for child in children(of: parent) {
      if holdsWords(position..<Int(nodes[child].start), bytes) { return true }
      position = Int(nodes[child].end)
    }
    return holdsWords(position..<max(Int(nodes[parent].contentEnd), position), bytes)
  }

  private func holdsWords(_ range: Range<Int>, _ bytes: Span<UInt8>) -> Bool {
    var position = range.lowerBound
    while position < range.upperBound {
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
