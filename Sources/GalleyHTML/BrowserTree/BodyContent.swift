/// What stands in the body.
extension BrowserTreeBuilder {
  mutating func meetInBody(_ token: Token) {
    if token.kind == .startTag { meetStart(token) } else { meetEnd(token) }
  }

  // MARK: Start tags

  private mutating func meetStart(_ token: Token) {
    let traits = token.element.traits
    switch token.element.role {
    case .html:
      if !hasTemplate, let html = open.first { merge(token, into: html) }
    case .body:
      if open.count > 1, isBody(open[1]), !hasTemplate { merge(token, into: open[1]) }
    case .head, .caption, .columnGroup, .column, .rowGroup, .row, .cell: break
    case .template, .script: meetInHead(token)
    case .heading:
      closeParagraph(token)
      if role(current) == .heading, isHTML(current) { pop() }
      push(token)
    case .listItem: beginItem(token)
    case .term: beginItem(token)
    case .plaintext:
      closeParagraph(token)
      push(token)
    case .button:
      if hasInScope({ $0.role == .button }) {
        closeImplied()
        pop(through: { $0.role == .button }, token)
      }
      reconstructFormatting()
      push(token)
    case .anchor: beginAnchor(token)
    case .table:
      if !isQuirky { closeParagraph(token) }
      push(token)
      mode = .inTable
    case .select: beginSelect(token)
    case .option, .optionGroup: beginOption(token)
    case .ruby: beginRuby(token)
    case .foreign:
      reconstructFormatting()
      pushForeign(token, token.name == Names.svg ? .svg : .math)
    default:
      if traits.contains(.metadata), token.name != Names.noscript { return meetInHead(token) }
      if traits.contains(.formatting) { return beginFormatting(token) }
      meetOtherStart(token)
    }
  }

  private func isBody(_ index: Index) -> Bool { name(index) == Names.body && isHTML(index) }

  private mutating func meetOtherStart(_ token: Token) {
    let traits = token.element.traits
    let name = token.name
    if name == Names.form {
      if form >= 0, !hasTemplate { return }
      closeParagraph(token)
      let index = push(token)
      if !hasTemplate { form = index }
      return
    }
    if name == Names.hr {
      closeParagraph(token)
      if hasInScope({ $0.role == .select }) { closeImplied() }
      return insertVoid(token)
    }
    if name == Names.input, hasInScope({ $0.role == .select }) { pop(through: { $0.role == .select }, token) }
    if Names.quietVoids.contains(name) { return insertVoid(token) }
    if traits.contains(.closesParagraph) { closeParagraph(token) }
    if Names.texts.contains(name) {
      if name == Names.xmp { reconstructFormatting() }
      return pushText(token)
    }
    if traits.contains(.closesParagraph) {
      push(token)
      return
    }
    reconstructFormatting()
    if name == Names.image { return insertVoid(token, name: Names.img) }
    if Names.voids.contains(name) || name == Names.input { return insertVoid(token) }
    push(token)
    if Names.markers.contains(name) { formatting.append(Self.marker) }
  }

  /// How many attributes are merged at most.
  private static let mergeLimit = 256

  /// Adds the attributes of a second tag to an element that lacks them.
  private mutating func merge(_ token: Token, into index: Index) {
    let old = Array(attributes(of: index))
    let range = token.firstAttribute..<token.firstAttribute + token.attributeCount
    if old.count + range.count > Self.mergeLimit || attributes.count > 2 * tree.attributes.count + Self.mergeLimit {
      hasGivenUp = true
      return
    }
    var added: [HTMLTree.Attribute] = []
    for attribute in attributes[range] where !(old + added).contains(where: { $0.name == attribute.name }) {
      added.append(attribute)
    }
    if self[index].node.flags.contains(.implied) {
      // A tag that comes too late is as good as one in time.
      let late = elements[Int(makeElement(token, .html))].node
      self[index].node.flags = late.flags
      (self[index].node.start, self[index].node.nameEnd) = (late.start, late.nameEnd)
      self[index].node.contentStart = late.contentStart
      (self[index].node.firstAttribute, self[index].node.attributeCount) = (late.firstAttribute, late.attributeCount)
      return
    }
    guard !added.isEmpty else { return }
    self[index].node.firstAttribute = Int32(attributes.count)
    self[index].node.attributeCount = Int32(old.count + added.count)
    attributes += added + old
  }

  private mutating func beginItem(_ token: Token) {
    let role = token.element.role
    for index in open.reversed() {
      if isHTML(index), self.role(index) == role {
        let name = name(index)
        closeImplied(except: name)
        pop(through: name, token)
        break
      }
      guard self[index].isSpecial else { continue }
      let name = name(index)
      let isPassed = isHTML(index) && (name == Names.address || name == Names.div || name == Names.p)
      if !isPassed { break }
    }
    closeParagraph(token)
    push(token)
  }

  private mutating func beginAnchor(_ token: Token) {
    if let anchor = lastFormatting(Names.a) {
      adopt(token)
      remove(fromFormatting: anchor)
      remove(fromStack: anchor)
    }
    beginFormatting(token)
  }

  private mutating func beginFormatting(_ token: Token) {
    reconstructFormatting()
    if token.name == Names.nobr, hasInScope(Names.nobr) {
      adopt(token)
      reconstructFormatting()
    }
    pushFormatting(push(token))
  }

  private mutating func beginSelect(_ token: Token) {
    if hasInScope({ $0.role == .select }) { return pop(through: { $0.role == .select }, token) }
    reconstructFormatting()
    push(token)
  }

  private mutating func beginOption(_ token: Token) {
    if hasInScope({ $0.role == .select }) {
      closeImplied(except: token.element.role == .option ? NameHash("optgroup") : nil)
    } else if role(current) == .option {
      pop()
    }
    reconstructFormatting()
    push(token)
  }

  private mutating func beginRuby(_ token: Token) {
    if hasInScope(Names.ruby) {
      closeImplied(except: token.name == Names.rt || token.name == Names.rp ? Names.rtc : nil)
    }
    push(token)
  }

  // MARK: End tags

  private mutating func meetEnd(_ token: Token) {
    switch token.element.role {
    case .template: meetInHead(token)
    case .body, .html:
      guard hasInScope({ $0.node.name == Names.body }) else { return }
      mode = .afterBody
      if token.element.role == .html { meet(token) }
    case .paragraph:
      if !hasParagraphInButtonScope { pushImplied(Names.p) }
      closeParagraph(token)
    case .listItem:
      guard hasInScope(orAt: { Names.lists.contains($0.node.name) }, { $0.role == .listItem }) else { return }
      close(token)
    case .term:
      guard hasInScope(token.name) else { return }
      close(token)
    case .heading:
      guard hasInScope({ $0.role == .heading }) else { return }
      closeImplied()
      pop(through: { $0.role == .heading }, token)
    default:
      if token.element.traits.contains(.formatting) { return adopt(token) }
      meetOtherEnd(token)
    }
  }

  /// Closes an element in scope and what is open in it.
  private mutating func close(_ token: Token) {
    closeImplied(except: token.name)
    pop(through: token.name, token)
  }

  private mutating func meetOtherEnd(_ token: Token) {
    let name = token.name
    if Names.blocks.contains(name) || Names.markers.contains(name) {
      guard hasInScope(name) else { return }
      closeImplied()
      pop(through: name, token)
      if Names.markers.contains(name) { clearFormatting() }
    } else if name == Names.form {
      endForm(token)
    } else if name == Names.br {
      reconstructFormatting()
      pushImplied(Names.br)
      open.removeLast()
    } else {
      closeOther(token)
    }
  }

  private mutating func endForm(_ token: Token) {
    if hasTemplate {
      guard hasInScope(Names.form) else { return }
      closeImplied()
      return pop(through: Names.form, token)
    }
    let index = form
    form = -1
    guard index >= 0, let position = open.lastIndex(of: index),
      !open[position...].dropFirst().contains(where: { self[$0].isScope })
    else { return }
    closeImplied()
    if current == index { pop(with: token) } else { remove(fromStack: index) }
  }

  // MARK: Foreign content

  /// Whether a tag is read by the rules for foreign content.
  func isForeign(for token: Token) -> Bool {
    guard let current = open.last, !isHTML(current) else { return false }
    let element = self[current]
    guard token.kind == .startTag else { return true }
    if element.vocabulary == .svg { return !element.isIntegrationPoint }
    if element.isIntegrationPoint {
      return isHypertext(current) ? false : Names.mathExceptions.contains(token.name)
    }
    return !(element.node.name == Names.annotation && token.name == Names.svg)
  }

  /// Whether an element is an `annotation-xml` that says that it holds HTML.
  private func isHypertext(_ index: Index) -> Bool { name(index) == Names.annotation }

  mutating func meetForeign(_ token: Token) {
    if token.kind == .endTag { return endForeign(token) }
    if breaksOut(token) { return breakOut(token) }
    pushForeign(token, self[current].vocabulary)
  }

  private func breaksOut(_ token: Token) -> Bool {
    if Names.breakouts.contains(token.name) { return true }
    guard token.name == Names.font else { return false }
    return attributes[token.firstAttribute..<token.firstAttribute + token.attributeCount].contains {
      Names.fontAttributes.contains($0.name)
    }
  }

  private mutating func breakOut(_ token: Token) {
    repeat { pop() } while !isHTML(current) && !self[current].isIntegrationPoint
    meet(token)
  }

  private mutating func pushForeign(_ token: Token, _ vocabulary: Vocabulary) {
    let index = makeElement(token, vocabulary)
    if vocabulary == .math, token.name == Names.annotation { self[index].isIntegrationPoint = holdsHTML(index) }
    push(index)
    if token.isSelfClosing {
      open.removeLast()
    } else {
      isInText = token.beginsRawText
    }
  }

  private func holdsHTML(_ index: Index) -> Bool {
    guard let encoding = attributes(of: index).first(where: { $0.name == Names.encoding }) else { return false }
    let value = tree.rawValue(encoding).map(\.lowercased)
    return value.elementsEqual("text/html".utf8) || value.elementsEqual("application/xhtml+xml".utf8)
  }

  private mutating func endForeign(_ token: Token) {
    if token.name == Names.p || token.name == Names.br { return breakOut(token) }
    for position in open.indices.reversed() where position > 0 {
      let index = open[position]
      if isHTML(index) { return meet(token) }
      if name(index) == token.name {
        while open.count > position + 1 { pop() }
        return pop(with: token)
      }
    }
  }
}
