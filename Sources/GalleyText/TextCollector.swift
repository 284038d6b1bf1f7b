import GalleyHTML
import GalleyTemplate

/// Walks a tree and collects what a reader reads.
///
/// Nothing recurses but tables whose columns are aligned, which hold no tables. Each step looks at bytes once, so the
/// whole takes time in proportion to the document.
struct TextCollector {
  let document: AssembledText
  let tree: HTMLTree
  var events: [TextEvent] = []
  var literals: [UInt8] = []
  var groups: [Int32]
  let groupSizes: [Int32]

  /// What is to be done at the end of an open element.
  struct Open {
    var node: NodeID
    var action: Action
    /// Where its events begin.
    var firstEvent: Int
  }

  enum Action {
    case nothing, line, paragraph, prefixedLine, prefixedParagraph, preformatted, list, link, table, row
    case keyCell, cell
    case heading(level: UInt8)
  }

  struct List {
    /// The next number, or nil where items have none.
    var next: Int?
    /// What the number after it is more.
    var step = 1
    /// How numbers are written.
    var numerals = Numerals.decimal
  }

  struct Table {
    /// Whether header cells make it a table of data.
    var isData: Bool
    var headerRow = NodeID.none
    /// For each column the literal that its cells begin with; empty where there is none.
    var labels: [Range<Int>] = []
    var column = 0
    var rowHasLabels = false
    var rowIsPair = false
    var isFirstCell = true
    /// How many cells were open around the table.
    var outerCells: Int
  }

  var open: [Open] = []
  var lists: [List] = []
  var tables: [Table] = []
  /// How many cells of data tables are open; in them nothing breaks the line.
  var dataCells = 0
  var preformatted = 0
  var links = 0

  init(_ document: AssembledText, _ tree: HTMLTree) {
    self.document = document
    self.tree = tree
    (groups, groupSizes) = Self.group(document.holes)
  }

  /// Gives each control hole the number of its block, and counts the holes of each block.
  private static func group(_ holes: [AssembledText.Hole]) -> (groups: [Int32], sizes: [Int32]) {
    var groups = Array(repeating: Int32(-1), count: holes.count)
    var sizes: [Int32] = []
    var stack: [Int32] = []
    for (index, hole) in holes.enumerated() {
      switch hole.placeholder.kind {
      case .open:
        stack.append(Int32(sizes.count))
        sizes.append(1)
        groups[index] = Int32(sizes.count - 1)
      case .middle, .close:
        guard let top = stack.last else { continue }
        groups[index] = top
        sizes[Int(top)] += 1
        if hole.placeholder.kind == .close { stack.removeLast() }
      case .output, .silent: break
      }
    }
    // A block that never ends has one hole too few to be complete.
    for group in stack { sizes[Int(group)] += 1 }
    return (groups, sizes)
  }

  /// What was collected; blocks of which a part is not visible are left out.
  consuming func finish() -> TextContent {
    var met = Array(repeating: Int32(0), count: groupSizes.count)
    for event in events where event.isControl {
      let group = groups[Int(event.start)]
      if group >= 0 { met[Int(group)] += 1 }
    }
    events.removeAll { event in
      guard event.isControl else { return false }
      let group = groups[Int(event.start)]
      return group < 0 || met[Int(group)] != groupSizes[Int(group)]
    }
    return TextContent(events: events, literals: literals, groups: groups, groupCount: groupSizes.count)
  }

  // MARK: Walking

  /// Collects the content of a node.
  mutating func walk(_ root: NodeID) {
    var skipped = NodeID.none
    for event in tree.events(of: root) {
      switch event {
      case .close(let id) where id == skipped: skipped = .none
      case _ where skipped != .none: break
      case .text(let range): collectKnown(range)
      case .placeholder(let index): collectHole(index)
      case .open(let id): if !openElement(id) { skipped = id }
      case .close: if let element = open.popLast() { closeElement(element, tree[element.node]) }
      case .leaf: break
      }
    }
  }

  func origin(_ node: HTMLTree.Node) -> Range<Int32> { node.start..<max(node.start, node.contentStart) }

  mutating func append(_ kind: TextEvent.Kind, _ origin: Range<Int32>, _ start: Int32 = 0, _ end: Int32 = 0) {
    events.append(TextEvent(kind: kind, start: start, end: end, origin: origin))
  }

  mutating func appendBreak(_ kind: TextEvent.Kind, _ origin: Range<Int32>) {
    if dataCells > 0 { return append(.joint, origin, TextJoint.comma.rawValue) }
    if let last = events.last, last.kind == .paragraphBreak || last.kind == kind { return }
    append(kind, origin)
  }

  mutating func appendLiteral(_ bytes: some Collection<UInt8>, _ origin: Range<Int32>) {
    guard !bytes.isEmpty else { return }
    let start = literals.count
    literals.append(contentsOf: bytes)
    append(.literal, origin, Int32(start), Int32(literals.count))
  }

  mutating func appendPrefix(_ prefix: some Collection<UInt8>, _ origin: Range<Int32>) {
    let start = literals.count
    literals.append(contentsOf: prefix)
    append(.prefixStart, origin, Int32(start), Int32(literals.count))
  }

  // MARK: Elements

  /// Begins an element; returns whether its content is to be walked.
  private mutating func openElement(_ id: NodeID) -> Bool {
    let node = tree[id]
    let element = ElementTable.standard[node.name]
    guard node.kind == .element else { return false }
    if element.traits.contains(.unrendered) || element.traits.contains(.rawText) || Self.unread.contains(node.name) {
      return false
    }
    let visibility = Visibility(of: id, in: tree)
    if visibility.isHidden { return false }
    let origin = origin(node)
    if element.traits.contains(.void) {
      collectVoid(id, origin)
      return false
    }
    var action = begin(id, element, origin)
    if case .nothing? = action, visibility.isBlock {
      appendBreak(.lineBreak, origin)
      action = .line
    }
    guard let action else { return false }
    open.append(Open(node: id, action: action, firstEvent: events.count))
    return true
  }

  /// Begins an element that is shown; nil says that its content is done.
  private mutating func begin(_ id: NodeID, _ element: ElementTable.Element, _ origin: Range<Int32>) -> Action? {
    switch element.role {
    case .paragraph:
      appendBreak(.paragraphBreak, origin)
      return .paragraph
    case .heading:
      appendBreak(.paragraphBreak, origin)
      return .heading(level: tree.bytes[Int(tree[id].start) + 2] & 0x0F)
    case .list:
      beginList(id, origin)
      return .list
    case .listItem:
      beginItem(id, origin)
      return .prefixedLine
    case .anchor:
      links += 1
      append(.linkStart, origin)
      return .link
    case .table: return beginTable(id, origin)
    case .row: return beginRow(id, origin)
    case .cell: return beginCell(id, origin)
    case .foreign: return nil
    default: return beginOther(id, element, origin)
    }
  }

  private mutating func beginOther(_ id: NodeID, _ element: ElementTable.Element, _ origin: Range<Int32>) -> Action {
    switch tree[id].name {
    case Self.pre, Self.textarea:
      appendBreak(.paragraphBreak, origin)
      preformatted += 1
      return .preformatted
    case Self.blockquote:
      appendBreak(.paragraphBreak, origin)
      if dataCells > 0 { return .paragraph }
      appendPrefix("> ".utf8, origin)
      return .prefixedParagraph
    case Self.dd:
      appendBreak(.lineBreak, origin)
      if dataCells > 0 { return .line }
      appendPrefix("  ".utf8, origin)
      return .prefixedLine
    case Self.dl, Self.figure, Self.fieldset, Self.caption:
      appendBreak(.paragraphBreak, origin)
      return .paragraph
    default:
      guard element.traits.contains(.block) else { return .nothing }
      appendBreak(.lineBreak, origin)
      return .line
    }
  }

  private mutating func closeElement(_ element: Open, _ node: HTMLTree.Node) {
    let origin = origin(node)
    switch element.action {
    case .nothing: break
    case .line: appendBreak(.lineBreak, origin)
    case .paragraph: appendBreak(.paragraphBreak, origin)
    case .prefixedLine, .prefixedParagraph:
      let isParagraph = if case .prefixedParagraph = element.action { true } else { false }
      appendBreak(isParagraph ? .paragraphBreak : .lineBreak, origin)
      if dataCells == 0 { append(.prefixEnd, origin) }
    case .preformatted:
      preformatted -= 1
      appendBreak(.paragraphBreak, origin)
    case .heading(let level): endHeading(element, level, origin)
    case .list:
      lists.removeLast()
      appendBreak(lists.isEmpty ? .paragraphBreak : .lineBreak, origin)
    case .link: endLink(element, node, origin)
    case .table:
      if let table = tables.popLast() { dataCells = table.outerCells }
      appendBreak(.paragraphBreak, origin)
    case .row: appendBreak(.lineBreak, origin)
    case .keyCell, .cell: endCell(element, origin)
    }
  }

  private mutating func collectVoid(_ id: NodeID, _ origin: Range<Int32>) {
    switch tree[id].name {
    case Self.br: appendForcedBreak(origin)
    case Self.hr:
      appendBreak(.paragraphBreak, origin)
      if dataCells == 0 { appendLiteral("---".utf8, origin) }
      appendBreak(.paragraphBreak, origin)
    case Self.img:
      guard let alt = tree.attribute(Self.alt, of: id) else { return }
      collectAlternative(alt, origin)
    default: break
    }
  }

  /// Ends the line; two in a row end the paragraph.
  private mutating func appendForcedBreak(_ origin: Range<Int32>) {
    if dataCells > 0 { return append(.joint, origin, TextJoint.comma.rawValue) }
    var index = events.count - 1
    while index >= 0, events[index].kind == .space { index -= 1 }
    let endsLine = index >= 0 && events[index].kind == .lineBreak && events[index].end == 1
    append(endsLine ? .paragraphBreak : .lineBreak, origin, 0, 1)
  }

  private mutating func collectAlternative(_ alt: HTMLTree.Attribute, _ origin: Range<Int32>) {
    let first = events.count
    if links == 0 { appendLiteral("[".utf8, origin) }
    let content = events.count
    collectValue(alt)
    guard events[content...].contains(where: \.isVisible) else {
      events.removeSubrange(first...)
      return
    }
    if links == 0 { appendLiteral("]".utf8, origin) }
  }

  // MARK: Names

  private static let pre = NameHash("pre")
  private static let caption = NameHash("caption")
  private static let textarea = NameHash("textarea")
  private static let blockquote = NameHash("blockquote")
  private static let dd = NameHash("dd")
  private static let dl = NameHash("dl")
  private static let figure = NameHash("figure")
  private static let fieldset = NameHash("fieldset")
  private static let br = NameHash("br")
  private static let hr = NameHash("hr")
  private static let img = NameHash("img")
  private static let alt = NameHash("alt")
  private static let unread: Set<NameHash> = [
    NameHash("title"), NameHash("head"), NameHash("map"), NameHash("datalist"), NameHash("select"),
  ]
}
