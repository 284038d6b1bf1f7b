/// The stack of open elements: what is closed with what, and how far an end tag reaches
/// (https://html.spec.whatwg.org/multipage/parsing.html#the-stack-of-open-elements).
extension BrowserTreeBuilder {
  /// Closes the innermost element.
  mutating func pop() {
    guard let index = open.popLast() else { return }
    self[index].node.contentEnd = max(self[index].node.contentStart, Int32(offset))
    self[index].node.end = self[index].node.contentEnd
  }

  /// Closes the innermost element with its end tag.
  mutating func pop(with token: Token) {
    let index = current
    pop()
    if token.kind == .endTag, token.name == self[index].node.name {
      self[index].node.end = Int32(token.end)
      self[index].node.flags.insert(.hasEndTag)
    }
  }

  /// Closes elements up to one that satisfies a condition, and that one.
  mutating func pop(through isLast: (Element) -> Bool, _ token: Token) {
    while let index = open.last {
      let isDone = isHTML(index) && isLast(self[index])
      if isDone { pop(with: token) } else { pop() }
      if isDone { return }
    }
  }

  mutating func pop(through name: NameHash, _ token: Token) { pop(through: { $0.node.name == name }, token) }

  /// Closes elements until one is met whose role is among some.
  mutating func clear(to roles: Role...) {
    while let index = open.last, !(isHTML(index) && (roles.contains(role(index)) || isRoot(role(index)))) { pop() }
  }

  private func isRoot(_ role: Role) -> Bool { role == .template || role == .html }

  mutating func remove(fromStack index: Index) {
    if let position = open.lastIndex(of: index) { open.remove(at: position) }
  }

  /// Whether an element is open that satisfies a condition, within the usual scope or one that ends at further ones.
  func hasInScope(orAt isBound: (Element) -> Bool = { _ in false }, _ isWanted: (Element) -> Bool) -> Bool {
    for index in open.reversed() {
      let element = elements[Int(index)]
      if element.vocabulary == .html, isWanted(element) { return true }
      if element.isScope || isBound(element) { return false }
    }
    return false
  }

  func hasInScope(_ name: NameHash) -> Bool { hasInScope { $0.node.name == name } }

  var hasParagraphInButtonScope: Bool { hasInScope(orAt: { $0.role == .button }) { $0.role == .paragraph } }

  /// Whether an element is open within the table at hand.
  func hasInTableScope(_ isWanted: (Element) -> Bool) -> Bool {
    for index in open.reversed() {
      let element = elements[Int(index)]
      guard element.vocabulary == .html else { continue }
      if isWanted(element) { return true }
      if element.role == .table || isRoot(element.role) { return false }
    }
    return false
  }

  func hasInTableScope(_ role: Role) -> Bool { hasInTableScope { $0.role == role } }
  func hasInTableScope(_ name: NameHash) -> Bool { hasInTableScope { $0.node.name == name } }
  var hasTemplate: Bool { open.contains { name($0) == Names.template && isHTML($0) } }

  /// Closes elements whose end tags may be left out.
  mutating func closeImplied(except name: NameHash? = nil) {
    while let index = open.last, isHTML(index), self.name(index) != name {
      switch role(index) {
      case .term, .listItem, .optionGroup, .option, .paragraph, .ruby: pop()
      default: return
      }
    }
  }

  mutating func closeParagraph(_ token: Token) {
    guard hasParagraphInButtonScope else { return }
    closeImplied(except: Names.p)
    pop(through: Names.p, token)
  }
}
