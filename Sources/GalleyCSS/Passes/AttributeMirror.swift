package import GalleyHTML
package import GalleySource

/// Repeats in attributes of HTML what `style` attributes say, for clients that read only those.
///
/// The declaration that wins decides: the last valid one, `!important` over normal, shorthands with all that they
/// reset. Where its value can't be said in an attribute, there is none. Sizes are `px`, zero and `%`, rounded to the
/// nearest integer, halves up. An attribute that is there stays, whatever it says: the author wins. A value with a
/// placeholder, or in a template's condition, is never repeated; a tag with a placeholder between its attributes and
/// one whose author wants its `style` left alone are not touched. Which attributes an element may get is a table,
/// `MirroredAttribute`. They stand behind the `style` attribute, quoted as it is. `display: none` gets
/// `mso-hide: all` for company, which Word needs. The result is the same when the pass is run again.
package struct AttributeMirror: Sendable {
  /// What the pass does, where there is a choice.
  package struct Options: Sendable {
    /// Whether `table`, `tr`, `td` and `th` get a `height`; usually content decides how high they are.
    package var mirrorsCellHeights = false
    /// Whether a table whose left and right margins are `auto` gets `align="center"`.
    package var centersTables = true
    /// Whether a floating image gets an `align`.
    package var floatsImages = false
    /// Whether `display: none` gets `mso-hide: all`.
    package var hidesFromWord = true

    /// Makes the usual options.
    package init() {}
  }

  /// What is done.
  package let options: Options

  /// Makes the pass.
  package init(options: Options = Options()) { self.options = options }

  /// The edits to a document that is inlined already.
  package func edits(for tree: HTMLTree) -> EditList {
    var run = MirrorRun(tree, options)
    run.visitNodes()
    run.writeCellPaddings()
    return run.edits
  }
}

/// The work on one document.
private struct MirrorRun {
  let tree: HTMLTree
  let options: AttributeMirror.Options
  var edits = EditList()
  /// For each node, the nearest table around it or itself, or -1.
  private var tables: [Int32]
  private var directions: [MirroredValues.Direction]
  /// For each table, what is known of the paddings of its cells.
  private var paddings: [Int32: CellPaddings] = [:]
  /// The tables that may get a `cellpadding`, with their `style`.
  private var paddable: [(table: Int32, style: HTMLTree.Attribute)] = []

  private enum CellPaddings { case zero, other }

  init(_ tree: HTMLTree, _ options: AttributeMirror.Options) {
    self.tree = tree
    self.options = options
    tables = Array(repeating: -1, count: tree.nodes.count)
    directions = Array(repeating: .unknown, count: tree.nodes.count)
  }

  mutating func visitNodes() {
    var index = 1
    while index < tree.nodes.count {
      let node = tree.nodes[index]
      if node.kind == .element, node.name.value == Names.template {
        index = Int(node.subtreeEnd.index)
        continue
      }
      let parent = Int(node.parent.index)
      if parent >= 0 {
        tables[index] = tables[parent]
        directions[index] = directions[parent]
      }
      if node.kind == .element { visit(NodeID(index)) }
      index += 1
    }
  }

  private mutating func visit(_ id: NodeID) {
    let node = tree[id]
    let name = node.name.value
    let attributes = tree.attributes(of: id)
    let index = Int(id.index)
    let isCell = name == Names.td || name == Names.th
    let outerTable = tables[index]
    if name == Names.table { tables[index] = id.index }
    setDirection(of: id, attributes)
    let style = attributes.first { $0.name.value == Names.style }
    let text = style.map { EmbeddedText($0, in: tree) }
    let values = text.flatMap { read($0, of: id) }
    if isCell, outerTable >= 0 { note(values?.hasNoPadding ?? false, in: outerTable) }
    guard let style, let text, let values, isEditable(node, attributes) else { return }
    var new: [UInt8] = []
    for attribute in MirroredAttribute.all(of: name) {
      if attributes.contains(where: { $0.name == NameHash(attribute.name) }) { continue }
      if attribute == .cellPadding { paddable.append((id.index, style)) }
      if let value = values.value(attribute) { append(attribute, value, like: style, node, to: &new) }
    }
    if !new.isEmpty { edits.insert(new, at: end(of: style)) }
    if options.hidesFromWord { hide(values.style, style, text) }
  }

  /// Whether an element may get attributes.
  private func isEditable(_ node: HTMLTree.Node, _ attributes: ArraySlice<HTMLTree.Attribute>) -> Bool {
    !node.flags.contains(.placeholderInTag)
      && !attributes.contains { OptOut.isCandidate($0.name.value) && OptOut.keepsElement($0, tree) }
  }

  // MARK: - Reading

  /// Reads an element's style; nil where a placeholder may stand for declarations.
  private mutating func read(_ text: EmbeddedText, of id: NodeID) -> MirroredValues? {
    let declarations = text.declarations
    let index = Int(id.index)
    if hasLoosePlaceholder(text, declarations) {
      directions[index] = .unknown
      return nil
    }
    let style = DeclaredStyle(declarations, in: text.bytes)
    switch style[.direction] {
    case DeclaredStyle.word("ltr"): directions[index] = .leftToRight
    case DeclaredStyle.word("rtl"): directions[index] = .rightToLeft
    case .unset: break
    default: directions[index] = .unknown
    }
    return MirroredValues(style: style, bytes: text.bytes, direction: directions[index], options: options)
  }

  /// Whether a placeholder that is replaced by text stands outside of all declarations.
  private func hasLoosePlaceholder(_ text: EmbeddedText, _ declarations: [StyleSheet.Declaration]) -> Bool {
    var next = text.placeholders.firstIndex(endingAfter: text.range.lowerBound)
    var declaration = 0
    while next < text.placeholders.count, text.placeholders[next].range.lowerBound < text.range.upperBound {
      let placeholder = text.placeholders[next]
      while declaration < declarations.count, Int(declarations[declaration].end) <= placeholder.range.lowerBound {
        declaration += 1
      }
      let isInside =
        declaration < declarations.count
        && Int(declarations[declaration].value.lowerBound) <= placeholder.range.lowerBound
      if !isInside, placeholder.kind == .output { return true }
      next += 1
    }
    return false
  }

  private mutating func setDirection(of id: NodeID, _ attributes: ArraySlice<HTMLTree.Attribute>) {
    let index = Int(id.index)
    if tree[id].flags.contains(.placeholderInTag) { directions[index] = .unknown }
    guard let attribute = attributes.first(where: { $0.name.value == Names.dir }) else { return }
    let value = NameHash(lowercasing: tree.rawValue(attribute)).value
    directions[index] =
      attribute.hasPlaceholder
      ? .unknown
      : value == Names.ltr
        ? .leftToRight
        : value == Names.rtl
          ? .rightToLeft
          : .unknown
  }

  // MARK: - Writing

  private func end(of attribute: HTMLTree.Attribute) -> Int {
    switch attribute.quote {
    case .noValue: Int(attribute.nameEnd)
    case .unquoted: Int(attribute.valueEnd)
    case .single, .double: min(Int(attribute.valueEnd) + 1, tree.bytes.count)
    }
  }

  /// Appends an attribute that is quoted like another one.
  private func append(
    _ attribute: MirroredAttribute, _ value: [UInt8], like style: HTMLTree.Attribute, _ node: HTMLTree.Node,
    to text: inout [UInt8]
  ) {
    if node.flags.contains(.inConditional), Self.endsComments(value) { return }
    text.append(0x20)
    text += Array(String(describing: attribute.name).utf8)
    text.append(0x3D)
    let isUnquoted = style.quote == .unquoted && !value.contains(where: Self.needsQuotes)
    if isUnquoted {
      text += value
      return
    }
    let quote: UInt8 = style.quote == .single ? 0x27 : 0x22
    text.append(quote)
    for index in value.indices {
      switch value[index] {
      case quote: text += Array((quote == 0x22 ? "&quot;" : "&#39;").utf8)
      case 0x26 where index + 1 < value.endIndex && (value[index + 1].isLetter || value[index + 1] == 0x23):
        text += Array("&amp;".utf8)
      default: text.append(value[index])
      }
    }
    text.append(quote)
  }

  /// Whether a value may end the comment that a conditional is.
  private static func endsComments(_ value: [UInt8]) -> Bool {
    value.contains(0x3E) || zip(value, value.dropFirst()).contains { $0 == 0x2D && $1 == 0x2D }
  }

  private static func needsQuotes(_ byte: UInt8) -> Bool {
    !(byte.isLetter || byte.isDigit || byte == 0x23 || byte == 0x25 || byte == 0x2D)
  }

  private static let hiding = Array("mso-hide:all".utf8)

  /// Puts `mso-hide` directly behind the declaration that hides an element.
  private mutating func hide(_ declared: DeclaredStyle, _ style: HTMLTree.Attribute, _ text: EmbeddedText) {
    guard declared[.display] == DeclaredStyle.word("none"), !declared.hasHide,
      let position = declared.displayDeclaration
    else { return }
    let glue: [UInt8] = style.quote == .unquoted ? [0x3B] : [0x3B, 0x20]
    edits.insert(glue + Self.hiding, at: text.document(Int(text.declarations[position].end)))
  }

  // MARK: - Cells

  private mutating func note(_ isZero: Bool, in table: Int32) {
    if !isZero { paddings[table] = .other } else if paddings[table] == nil { paddings[table] = .zero }
  }

  /// Writes `cellpadding="0"` on the tables all of whose cells have no padding.
  mutating func writeCellPaddings() {
    let open = paddable.isEmpty ? [] : tablesWithUnknownRows()
    for (table, style) in paddable where paddings[table] == .zero && !open.contains(table) {
      var new: [UInt8] = []
      append(.cellPadding, [0x30], like: style, tree.nodes[Int(table)], to: &new)
      edits.insert(new, at: end(of: style))
    }
  }

  /// The tables in which a placeholder stands between the cells: it may bring more of them.
  private func tablesWithUnknownRows() -> Set<Int32> {
    var result: Set<Int32> = []
    var last = 0
    for placeholder in tree.placeholders where placeholder.kind == .output {
      let start = placeholder.range.lowerBound
      while last + 1 < tree.nodes.count, Int(tree.nodes[last + 1].start) <= start { last += 1 }
      var index = last
      while index > 0, Int(tree.nodes[index].end) <= start { index = max(Int(tree.nodes[index].parent.index), 0) }
      let node = tree.nodes[index]
      let isInContent = start >= Int(node.contentStart) && start < Int(node.contentEnd)
      if isInContent, node.kind != .element || Names.rows.contains(node.name.value) { result.insert(tables[index]) }
    }
    return result
  }

  private enum Names {
    static let style = RunningHash.of("style")
    static let template = RunningHash.of("template")
    static let table = RunningHash.of("table")
    static let td = RunningHash.of("td")
    static let th = RunningHash.of("th")
    static let dir = RunningHash.of("dir")
    static let ltr = RunningHash.of("ltr")
    static let rtl = RunningHash.of("rtl")
    static let rows: Set<UInt64> = [
      table, RunningHash.of("tbody"), RunningHash.of("thead"), RunningHash.of("tfoot"), RunningHash.of("tr"),
    ]
  }
}
