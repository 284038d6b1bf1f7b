// The file is long because the insertion modes of the standard are many; each is told in its order of cases.

/// The insertion modes around the body and in tables.
extension BrowserTreeBuilder {
  /// Reads a tag, by the rules for foreign content or by those of the mode.
  mutating func dispatch(_ token: Token) {
    if isInText {
      guard token.kind == .endTag else { return }
      isInText = false
      return pop(with: token)
    }
    if Names.framesets.contains(token.name), token.kind == .startTag {
      hasGivenUp = true
      return
    }
    if isForeign(for: token) { return meetForeign(token) }
    meet(token)
  }

  /// Reads a tag by the rules of the mode.
  mutating func meet(_ token: Token) {
    switch mode {
    case .initial, .beforeHTML: meetBeforeHTML(token)
    case .beforeHead: meetBeforeHead(token)
    case .inHead: meetInHead(token)
    case .inHeadNoscript: meetInHeadNoscript(token)
    case .afterHead: meetAfterHead(token)
    case .inBody: meetInBody(token)
    case .inTable: meetInTable(token)
    case .inCaption: meetInCaption(token)
    case .inColumnGroup: meetInColumnGroup(token)
    case .inTableBody: meetInTableBody(token)
    case .inRow: meetInRow(token)
    case .inCell: meetInCell(token)
    case .inTemplate: meetInTemplate(token)
    case .afterBody, .afterAfterBody: meetAfterBody(token)
    }
  }

  private func isStart(_ token: Token) -> Bool { token.kind == .startTag }

  private func isEnd(_ token: Token, _ roles: Role...) -> Bool {
    token.kind == .endTag && roles.contains(token.element.role)
  }

  /// Whether an end tag makes a browser go on to the next part of the document.
  private func movesOn(_ token: Token, orHead: Bool = false) -> Bool {
    isStart(token) || isEnd(token, .body, .html) || token.name == Names.br || orHead && isEnd(token, .head)
  }

  // MARK: Text

  mutating func meetText(_ token: Token) {
    if isInText || !open.isEmpty && !isHTML(current) && !self[current].isIntegrationPoint {
      return noteText(current, token.range)
    }
    let isSpace = isSpace(token.range)
    switch mode {
    case .initial, .beforeHTML, .beforeHead, .inHead, .inHeadNoscript, .afterHead:
      if isSpace { return noteText(current, token.range) }
      finishHead()
      meetTextInBody(token)
    case .afterBody, .afterAfterBody:
      // Browsers open nothing again for the line that ends a document, although they should.
      if isSpace { return noteText(current, token.range) }
      mode = .inBody
      meetTextInBody(token)
    case .inBody, .inCaption, .inCell, .inTemplate: meetTextInBody(token)
    case .inColumnGroup:
      if isSpace { return noteText(current, token.range) }
      guard role(current) == .columnGroup else { return }
      pop()
      mode = .inTable
      meetText(token)
    case .inTable, .inTableBody, .inRow:
      let isPart = isTablePart(current) || role(current) == .template
      if isPart, isSpace { return noteText(current, token.range) }
      isFostering = true
      meetTextInBody(token)
      isFostering = false
    }
  }

  private mutating func meetTextInBody(_ token: Token) {
    reconstructFormatting()
    insertText(token)
  }

  /// Comes to the body, whatever was left out before it.
  mutating func finishHead() {
    if mode.rawValue <= Mode.beforeHTML.rawValue { beginHTML() }
    if mode == .beforeHead { beginHead() }
    while mode == .inHeadNoscript || mode == .inHead {
      pop()
      mode = mode == .inHeadNoscript ? .inHead : .afterHead
    }
    if mode == .afterHead { beginBody() }
  }

  private mutating func beginHTML() {
    pushImplied(Names.html)
    mode = .beforeHead
  }

  private mutating func beginHead() {
    head = pushImplied(Names.head)
    mode = .inHead
  }

  @discardableResult
  private mutating func beginBody() -> Index {
    mode = .inBody
    return pushImplied(Names.body)
  }

  // MARK: Before the body

  private mutating func meetBeforeHTML(_ token: Token) {
    mode = .beforeHTML
    if isStart(token), token.element.role == .html {
      hasFrame = true
      push(token)
      mode = .beforeHead
    } else if movesOn(token, orHead: true) {
      beginHTML()
      meet(token)
    }
  }

  private mutating func meetBeforeHead(_ token: Token) {
    if isStart(token), token.element.role == .html { return meetInBody(token) }
    if isStart(token), token.element.role == .head {
      hasFrame = true
      head = push(token)
      mode = .inHead
    } else if movesOn(token, orHead: true) {
      beginHead()
      meet(token)
    }
  }

  mutating func meetInHead(_ token: Token) {
    let role = token.element.role
    if isStart(token) {
      if role == .html { return meetInBody(token) }
      if role == .head { return }
      if Names.heads.contains(token.name) { return insertVoid(token) }
      if token.name == Names.noscript {
        push(token)
        mode = .inHeadNoscript
        return
      }
      if role == .template { return beginTemplate(token) }
      if token.element.traits.contains(.metadata) { return pushText(token) }
    } else if role == .template {
      return endTemplate(token)
    } else if role == .head {
      pop(with: token)
      mode = .afterHead
      return
    }
    guard movesOn(token) else { return }
    pop()
    mode = .afterHead
    meet(token)
  }

  private mutating func meetInHeadNoscript(_ token: Token) {
    if isStart(token) {
      if token.element.role == .html { return meetInBody(token) }
      if token.element.role == .head || token.name == Names.noscript { return }
      let isPlain = Names.heads.contains(token.name) && token.name != NameHash("base")
      if isPlain || token.name == Names.style || token.name == Names.noframes { return meetInHead(token) }
    } else if token.name == Names.noscript {
      pop(with: token)
      mode = .inHead
      return
    } else if token.name != Names.br {
      return
    }
    pop()
    mode = .inHead
    meet(token)
  }

  private mutating func meetAfterHead(_ token: Token) {
    let role = token.element.role
    if isStart(token) {
      if role == .html { return meetInBody(token) }
      if role == .head { return }
      if role == .body {
        hasFrame = true
        push(token)
        mode = .inBody
        return
      }
      if token.element.traits.contains(.metadata), token.name != Names.noscript {
        open.append(head)
        meetInHead(token)
        return remove(fromStack: head)
      }
    } else if role == .template {
      return meetInHead(token)
    }
    guard movesOn(token) else { return }
    let body = beginBody()
    if isStart(token), !hasFrame, Self.isPartOfTable(role) {
      // What stands in a template of its own for the inside of a table.
      self[body].role = .template
      templateModes = [.inTemplate]
      mode = .inTemplate
    }
    meet(token)
  }

  private static func isPartOfTable(_ role: Role) -> Bool {
    switch role {
    case .caption, .columnGroup, .column, .rowGroup, .row, .cell: true
    default: false
    }
  }

  private mutating func meetAfterBody(_ token: Token) {
    if isStart(token), token.element.role == .html { return meetInBody(token) }
    if isEnd(token, .html) {
      mode = .afterAfterBody
    } else {
      mode = .inBody
      meetInBody(token)
    }
  }

  // MARK: Templates

  private mutating func beginTemplate(_ token: Token) {
    push(token)
    formatting.append(Self.marker)
    mode = .inTemplate
    templateModes.append(.inTemplate)
  }

  private mutating func endTemplate(_ token: Token) {
    guard hasTemplate else { return }
    pop(through: Names.template, token)
    clearFormatting()
    _ = templateModes.popLast()
    resetMode()
  }

  private mutating func meetInTemplate(_ token: Token) {
    guard isStart(token) else {
      if token.element.role == .template { meetInHead(token) }
      return
    }
    if token.element.traits.contains(.metadata), token.name != Names.noscript { return meetInHead(token) }
    mode =
      switch token.element.role {
      case .caption, .columnGroup, .rowGroup: .inTable
      case .column: .inColumnGroup
      case .row: .inTableBody
      case .cell: .inRow
      default: .inBody
      }
    if templateModes.isEmpty { templateModes.append(mode) } else { templateModes[templateModes.count - 1] = mode }
    meet(token)
  }

  mutating func resetMode() {
    for index in open.reversed() where isHTML(index) {
      switch role(index) {
      case .cell: mode = .inCell
      case .row: mode = .inRow
      case .rowGroup: mode = .inTableBody
      case .caption: mode = .inCaption
      case .columnGroup: mode = .inColumnGroup
      case .table: mode = .inTable
      case .template: mode = templateModes.last ?? .inBody
      case .head: mode = .inHead
      case .body: mode = .inBody
      case .html: mode = head < 0 ? .beforeHead : .afterHead
      default: continue
      }
      return
    }
    mode = .inBody
  }

  // MARK: Tables

  mutating func meetInTable(_ token: Token) {
    let role = token.element.role
    if isStart(token) {
      switch role {
      case .caption:
        clear(to: .table)
        formatting.append(Self.marker)
        push(token)
        mode = .inCaption
        return
      case .columnGroup, .rowGroup:
        clear(to: .table)
        push(token)
        mode = role == .rowGroup ? .inTableBody : .inColumnGroup
        return
      case .column:
        clear(to: .table)
        pushImplied(Names.colgroup)
        mode = .inColumnGroup
        return meet(token)
      case .row, .cell:
        clear(to: .table)
        pushImplied(Names.tbody)
        mode = .inTableBody
        return meet(token)
      case .table:
        guard hasInTableScope(.table) else { return }
        pop(through: { $0.role == .table }, token)
        resetMode()
        return meet(token)
      case .template: return meetInHead(token)
      default:
        if token.name == Names.style || token.name == Names.script { return meetInHead(token) }
        if token.name == Names.input, isHidden(token) { return insertVoid(token) }
        if token.name == Names.form {
          if hasTemplate || form >= 0 { return }
          form = push(token)
          open.removeLast()
          return
        }
      }
    } else {
      switch role {
      case .table:
        guard hasInTableScope(.table) else { return }
        pop(through: { $0.role == .table }, token)
        return resetMode()
      case .body, .html, .caption, .column, .columnGroup, .rowGroup, .row, .cell: return
      case .template: return meetInHead(token)
      default: break
      }
    }
    isFostering = true
    meetInBody(token)
    isFostering = false
  }

  func isHidden(_ token: Token) -> Bool {
    let all = attributes[token.firstAttribute..<token.firstAttribute + token.attributeCount]
    guard let type = all.first(where: { $0.name == Names.type }) else { return false }
    return tree.rawValue(type).map(\.lowercased).elementsEqual("hidden".utf8)
  }

  private mutating func meetInCaption(_ token: Token) {
    let isPart = isStart(token) && Self.isPartOfTable(token.element.role)
    if isPart || isEnd(token, .caption, .table) {
      guard hasInTableScope(.caption) else { return }
      closeImplied()
      pop(through: { $0.role == .caption }, token)
      clearFormatting()
      mode = .inTable
      if !isEnd(token, .caption) { meet(token) }
    } else if !isEnd(token, .body, .html, .column, .columnGroup, .rowGroup, .row, .cell) {
      meetInBody(token)
    }
  }

  private mutating func meetInColumnGroup(_ token: Token) {
    let role = token.element.role
    if isStart(token) {
      if role == .html { return meetInBody(token) }
      if role == .column { return insertVoid(token) }
    }
    if role == .template { return meetInHead(token) }
    if isEnd(token, .column) { return }
    guard self.role(current) == .columnGroup else { return }
    pop(with: token)
    mode = .inTable
    if !isEnd(token, .columnGroup) { meet(token) }
  }

  private mutating func meetInTableBody(_ token: Token) {
    let role = token.element.role
    if isStart(token), role == .row || role == .cell {
      clear(to: .rowGroup)
      if role == .row { push(token) } else { pushImplied(Names.tr) }
      mode = .inRow
      if role == .cell { meet(token) }
    } else if isEnd(token, .rowGroup) {
      guard hasInTableScope(token.name) else { return }
      clear(to: .rowGroup)
      pop(with: token)
      mode = .inTable
    } else if isStart(token) && Self.isPartOfTable(role) || isEnd(token, .table) {
      guard hasInTableScope(.rowGroup) else { return }
      clear(to: .rowGroup)
      pop()
      mode = .inTable
      meet(token)
    } else if !isEnd(token, .body, .html, .caption, .column, .columnGroup, .cell, .row) {
      meetInTable(token)
    }
  }

  private mutating func meetInRow(_ token: Token) {
    let role = token.element.role
    if isStart(token), role == .cell {
      clear(to: .row)
      push(token)
      mode = .inCell
      formatting.append(Self.marker)
    } else if isStart(token) && Self.isPartOfTable(role) || isEnd(token, .row, .table, .rowGroup) {
      if isEnd(token, .rowGroup), !hasInTableScope(token.name) { return }
      guard hasInTableScope(.row) else { return }
      clear(to: .row)
      pop(with: token)
      mode = .inTableBody
      if !isEnd(token, .row) { meet(token) }
    } else if !isEnd(token, .body, .html, .caption, .column, .columnGroup, .cell) {
      meetInTable(token)
    }
  }

  private mutating func meetInCell(_ token: Token) {
    if isEnd(token, .cell) {
      guard hasInTableScope(token.name) else { return }
      closeImplied()
      pop(through: token.name, token)
      clearFormatting()
      mode = .inRow
    } else if isStart(token), Self.isPartOfTable(token.element.role) {
      guard hasInTableScope(.cell) else { return }
      closeCell(token)
      meet(token)
    } else if isEnd(token, .table, .rowGroup, .row) {
      guard hasInTableScope(token.name) else { return }
      closeCell(token)
      meet(token)
    } else if !isEnd(token, .body, .html, .caption, .column, .columnGroup) {
      meetInBody(token)
    }
  }

  private mutating func closeCell(_ token: Token) {
    closeImplied()
    pop(through: { $0.role == .cell }, token)
    clearFormatting()
    mode = .inRow
  }
}
