import GalleyHTML

/// What the styles of a document say about the white space of its text.
struct WhiteSpaceFacts {
  /// Whether a sheet may keep runs of white space apart somewhere.
  private(set) var sheetsPreserve = false
  /// Whether a sheet may take a block out of the flow, or make it a part of a line.
  private(set) var sheetsMoveBlocks = false

  private let tree: HTMLTree

  /// Reads the sheets of a document.
  init(_ tree: HTMLTree) {
    self.tree = tree
    for node in tree.nodes where node.kind == .element && node.name.value == PassNames.style {
      if !tree.isInConditional(node) { read(EmbeddedText(contentOf: node, in: tree)) }
    }
  }

  private enum Names {
    static let whiteSpace: Set<UInt64> = hashes("white-space white-space-collapse")
    static let flow: Set<UInt64> = hashes("display float position all")
    static let plainSpace: Set<UInt64> = hashes("normal nowrap collapse")
    static let plainFlow: Set<UInt64> = hashes(
      """
      block table table-row table-cell table-row-group table-header-group table-footer-group table-column \
      table-column-group table-caption list-item flow-root static relative
      """)
    static let moving: Set<UInt64> = hashes("align hidden popover")
    static let html = RunningHash.of("html")

    private static func hashes(_ words: String) -> Set<UInt64> {
      Set(words.split(separator: " ").map { NameHash($0.utf8).value })
    }
  }

  /// Looks for `white-space:` and `display:` anywhere in a sheet, whatever stands around them.
  private mutating func read(_ text: EmbeddedText) {
    if ClassMentions(text).hasUnknownRules {
      sheetsPreserve = true
      sheetsMoveBlocks = true
    }
    var tokenizer = text.tokenizer
    var name: UInt64 = 0
    var isBehindColon = false
    while true {
      let token = tokenizer.take()
      if token.kind.isTrivia { continue }
      if token.kind == .end { return }
      let word = token.kind == .ident ? CSSName.hash(text.bytes, token.range, lowercased: true) : 0
      if token.kind == .colon, name != 0 {
        isBehindColon = true
        continue
      }
      if isBehindColon {
        if Names.whiteSpace.contains(name), !Names.plainSpace.contains(word) { sheetsPreserve = true }
        if Names.flow.contains(name), !Names.plainFlow.contains(word) { sheetsMoveBlocks = true }
      }
      isBehindColon = false
      name = Names.whiteSpace.contains(word) || Names.flow.contains(word) ? word : 0
    }
  }

  // MARK: - Elements

  /// Whether the white space in an element's content may be shown as it is.
  func preserves(_ id: NodeID) -> Bool {
    let node = tree[id]
    let element = ElementTable.standard[node.name]
    if !element.traits.isDisjoint(with: [.rawText, .escapableRawText]) { return true }
    if Self.preserving.contains(node.name.value) || hasUnknownAttribute(node) { return true }
    return styleSays(id, Names.whiteSpace, otherThan: Names.plainSpace)
  }

  private static let preserving: Set<UInt64> = Set(["pre", "listing", "xml"].map { NameHash($0.utf8).value })

  /// Whether an element is SVG, MathML or has a prefix, as those of Office have.
  func isForeign(_ id: NodeID) -> Bool {
    let node = tree[id]
    if ElementTable.standard[node.name].role == .foreign { return true }
    return tree.bytes[Int(node.start) + 1..<Int(node.nameEnd)].contains(0x3A)
  }

  /// Whether a value stands in a start tag where an attribute would.
  private func hasUnknownAttribute(_ node: HTMLTree.Node) -> Bool {
    guard node.flags.contains(.placeholderInTag) else { return false }
    let inside = Int(node.start)..<Int(node.contentStart)
    let attributes = tree.attributes[Int(node.firstAttribute)..<Int(node.firstAttribute + node.attributeCount)]
    var next = tree.placeholders.firstIndex(endingAfter: inside.lowerBound)
    var position = attributes.startIndex
    while next < tree.placeholders.count, tree.placeholders[next].range.lowerBound < inside.upperBound {
      let start = tree.placeholders[next].range.lowerBound
      while position < attributes.endIndex, tree.end(of: attributes[position]) <= start { position += 1 }
      let isInValue = position < attributes.endIndex && Int(attributes[position].valueStart) <= start
      if tree.placeholders[next].kind == .output, !isInValue { return true }
      next += 1
    }
    return false
  }

  /// Whether an element begins and ends lines, whatever is in it, so that white space beside it means nothing.
  ///
  /// A part of a table counts only in its table: elsewhere the tag is nothing to a browser.
  func isBoundary(_ id: NodeID, inHead: Bool) -> Bool {
    let node = tree[id]
    let element = ElementTable.standard[node.name]
    if node.flags.contains(.placeholderInTag) || node.flags.contains(.splitByBlock) { return false }
    if inHead { return element.traits.contains(.metadata) || element.role == .head }
    guard element.traits.contains(.block) || element.role == .head, !sheetsMoveBlocks, isInPlace(id, element.role)
    else { return false }
    let attributes = tree.attributes(of: id)
    if attributes.contains(where: { Names.moving.contains($0.name.value) && moves($0, element.role) }) { return false }
    return !styleSays(id, Names.flow, otherThan: Names.plainFlow)
  }

  /// Whether `hidden` or `align` takes an element away.
  private func moves(_ attribute: HTMLTree.Attribute, _ role: ElementTable.Role) -> Bool {
    // Only a table is moved by its `align`; elsewhere it aligns the text within.
    guard attribute.name == NameHash("align") else { return true }
    return role == .table && !tree.rawValue(attribute).map(\.lowercasedASCII).elementsEqual("center".utf8)
  }

  private func isInPlace(_ id: NodeID, _ role: ElementTable.Role) -> Bool {
    let parent = tree.parentElement(of: id)
    let outer = parent == .none ? ElementTable.Role.other : ElementTable.standard[tree[parent].name].role
    switch role {
    case .cell: return outer == .row
    case .row: return outer == .rowGroup || outer == .table
    case .rowGroup, .caption, .columnGroup: return outer == .table
    case .column: return outer == .columnGroup || outer == .table
    case .html: return parent == .none
    case .head, .body: return parent == .none || outer == .html
    default: return outer != .row && outer != .rowGroup && outer != .table
    }
  }

  /// Whether an element's `style` gives one of some properties another value than the given words, or may.
  private func styleSays(_ id: NodeID, _ properties: Set<UInt64>, otherThan words: Set<UInt64>) -> Bool {
    guard let style = tree.attributes(of: id).first(where: { $0.name.value == PassNames.style }) else { return false }
    let text = EmbeddedText(style, in: tree)
    let declarations = text.declarations
    if style.hasPlaceholder, !areAllInValues(text, declarations) { return true }
    return declarations.contains { declaration in
      guard properties.contains(declaration.property.hash) else { return false }
      return !words.contains(CSSName.hash(text.bytes, declaration.value.offsets, lowercased: true))
    }
  }

  /// Whether each placeholder stands in the value of a declaration.
  private func areAllInValues(_ text: EmbeddedText, _ declarations: [StyleSheet.Declaration]) -> Bool {
    var next = text.placeholders.firstIndex(endingAfter: text.range.lowerBound)
    var position = 0
    while next < text.placeholders.count, text.placeholders[next].range.lowerBound < text.range.upperBound {
      let start = text.placeholders[next].range.lowerBound
      while position < declarations.count, Int(declarations[position].value.upperBound) <= start { position += 1 }
      guard position < declarations.count, Int(declarations[position].value.lowerBound) <= start else { return false }
      next += 1
    }
    return true
  }
}
