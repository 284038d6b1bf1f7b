// The file is long because it is one walk: what each element means to a reader of text is said here.

import GalleyHTML
import GalleyTemplate

/// Walks a tree and collects what a reader reads.
///
/// Nothing recurses but tables whose columns are aligned, which hold no tables. Each step looks at bytes once, so the
/// whole takes time in proportion to the document.
struct TextCollector {
  let document: AssembledText
  let tree: HTMLTree
  private(set) var events: [TextEvent] = []
  private var literals: [UInt8] = []
  private var groups: [Int32]
  private let groupSizes: [Int32]

  /// What is to be done at the end of an open element.
  private struct Open {
    var node: NodeID
    var action: Action
    /// Where its events begin.
    var firstEvent: Int
  }

  private enum Action {
    case nothing, line, paragraph, prefixedLine, prefixedParagraph, preformatted, list, link, table, row
    case keyCell, cell
    case heading(level: UInt8)
  }

  private struct List {
    /// The next number, or nil where items have none.
    var next: Int?
  }

  private struct Table {
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

  private var open: [Open] = []
  private var lists: [List] = []
  private var tables: [Table] = []
  /// How many cells of data tables are open; in them nothing breaks the line.
  private var dataCells = 0
  private var preformatted = 0
  private var links = 0

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

  private func origin(_ node: HTMLTree.Node) -> Range<Int32> { node.start..<max(node.start, node.contentStart) }

  private mutating func append(_ kind: TextEvent.Kind, _ origin: Range<Int32>, _ start: Int32 = 0, _ end: Int32 = 0) {
    events.append(TextEvent(kind: kind, start: start, end: end, origin: origin))
  }

  private mutating func appendBreak(_ kind: TextEvent.Kind, _ origin: Range<Int32>) {
    if dataCells > 0 { return append(.joint, origin, TextJoint.comma.rawValue) }
    if let last = events.last, last.kind == .paragraphBreak || last.kind == kind { return }
    append(kind, origin)
  }

  private mutating func appendLiteral(_ bytes: some Collection<UInt8>, _ origin: Range<Int32>) {
    guard !bytes.isEmpty else { return }
    let start = literals.count
    literals.append(contentsOf: bytes)
    append(.literal, origin, Int32(start), Int32(literals.count))
  }

  private mutating func appendPrefix(_ prefix: some Collection<UInt8>, _ origin: Range<Int32>) {
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
      beginItem(origin)
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
    case Self.dl, Self.figure, Self.fieldset:
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

  // MARK: Headings and lists

  private mutating func endHeading(_ element: Open, _ level: UInt8, _ origin: Range<Int32>) {
    if level <= 2, dataCells == 0, let width = knownWidth(events[element.firstEvent...]), width > 0 {
      append(.lineBreak, origin)
      appendLiteral(repeatElement(level == 1 ? 0x3D : 0x2D, count: min(width, 72)), origin)
    }
    appendBreak(.paragraphBreak, origin)
  }

  /// How many columns a run of events takes on one line, or nil where that is not known.
  private func knownWidth(_ events: ArraySlice<TextEvent>) -> Int? {
    var width = 0
    var isSpacePending = false
    for event in events {
      switch event.kind {
      case .space: isSpacePending = width > 0
      case .text, .literal:
        if isSpacePending { width += 1 }
        isSpacePending = false
        for byte in bytes(event) where byte & 0xC0 != 0x80 { width += 1 }
      case .linkStart: break
      case .linkEnd: break
      default: return nil
      }
    }
    return width
  }

  private func bytes(_ event: TextEvent) -> ArraySlice<UInt8> {
    event.kind == .text ? document.bytes[event.range] : literals[event.range]
  }

  private mutating func beginList(_ id: NodeID, _ origin: Range<Int32>) {
    appendBreak(lists.isEmpty ? .paragraphBreak : .lineBreak, origin)
    var first: Int?
    if tree[id].name == Self.ol {
      first = tree.attribute(Self.start, of: id).map { tree.rawValue($0).leadingNumber ?? 1 } ?? 1
      let isCertain = tree.children(of: id).allSatisfy { !tree[$0].flags.contains(.uncertainSiblings) }
      if !isCertain { first = nil }
    }
    lists.append(List(next: first))
  }

  private mutating func beginItem(_ origin: Range<Int32>) {
    appendBreak(.lineBreak, origin)
    guard dataCells == 0 else { return }
    guard !lists.isEmpty, let number = lists[lists.count - 1].next else { return appendPrefix("- ".utf8, origin) }
    lists[lists.count - 1].next = number + 1
    appendPrefix("\(number). ".utf8, origin)
  }

  // MARK: Links

  private mutating func endLink(_ element: Open, _ node: HTMLTree.Node, _ origin: Range<Int32>) {
    links -= 1
    let trailing = takeTrailingBreaks(from: element.firstEvent)
    let hasLabel = events[element.firstEvent...].contains { $0.isVisible || $0.isControl }
    let start = events.count
    append(.linkAddress, origin, hasLabel ? 0 : 1)
    if let href = tree.attribute(Self.href, of: element.node) { collectAddress(href) }
    let address = events[(start + 1)...]
    if address.isEmpty || isSame(events[element.firstEvent..<start], address) {
      events.removeSubrange(start...)
    }
    append(.linkEnd, origin)
    events.append(contentsOf: trailing)
  }

  /// Takes away the breaks and spaces that the events end in, so that an address follows its label.
  private mutating func takeTrailingBreaks(from first: Int) -> [TextEvent] {
    var index = events.count
    while index > first, events[index - 1].isBreak || events[index - 1].kind == .space { index -= 1 }
    let trailing = Array(events[index...])
    events.removeSubrange(index...)
    return trailing
  }

  /// Collects an address as a person would write it down; a place in the same document is none.
  private mutating func collectAddress(_ href: HTMLTree.Attribute) {
    let first = events.count
    collectValue(href, isAddress: true)
    guard let start = events[first...].first, start.kind == .text || start.kind == .literal else { return }
    let head = bytes(start)
    if head.first == 0x23 || head.hasPrefix("javascript:") {
      events.removeSubrange(first...)
      return
    }
    for scheme: StaticString in ["mailto:", "tel:", "sms:"] where start.kind == .text && head.hasPrefix(scheme) {
      events[first].start += Int32(scheme.utf8CodeUnitCount)
      if events[first].range.isEmpty { events.remove(at: first) }
      cutQuery(from: first)
    }
  }

  /// Takes away what follows the first `?`, where no block reaches over it.
  private mutating func cutQuery(from first: Int) {
    for index in first..<events.count {
      let event = events[index]
      if event.isControl { return }
      guard event.kind == .text, let mark = document.bytes[event.range].firstIndex(of: 0x3F) else { continue }
      guard !events[index...].contains(where: { $0.isControl || $0.kind == .output }) else { return }
      events[index].end = Int32(mark)
      events.removeSubrange((event.start == Int32(mark) ? index : index + 1)...)
      return
    }
  }

  /// Whether a label says the same as an address: equal but for the scheme, spaces and a slash at the end.
  private func isSame(_ label: ArraySlice<TextEvent>, _ address: ArraySlice<TextEvent>) -> Bool {
    guard let a = spelling(label), let b = spelling(address) else { return false }
    return a == b
  }

  private enum Piece: Equatable {
    case byte(UInt8)
    case value(SendExpression)
  }

  /// The bytes and values that events print, or nil where control turns among them.
  private func spelling(_ events: ArraySlice<TextEvent>) -> [Piece]? {
    var known: [UInt8] = []
    var pieces: [Piece] = []
    var isStart = true
    func flush() {
      var text = known[...]
      if isStart {
        for scheme: StaticString in ["https://", "http://"] where text.hasPrefix(scheme) {
          text = text.dropFirst(scheme.utf8CodeUnitCount)
        }
      }
      if !text.isEmpty { isStart = false }
      pieces += text.map { .byte($0 &- 0x41 < 26 ? $0 | 0x20 : $0) }
      known = []
    }
    for event in events {
      switch event.kind {
      case .text, .literal: known += bytes(event)
      case .output:
        guard case .output(let expression, _, _) = document.holes[Int(event.start)].kind else { return nil }
        flush()
        isStart = false
        pieces.append(.value(expression))
      case .space, .linkStart, .linkAddress, .linkEnd: break
      default: return nil
      }
    }
    flush()
    if pieces.last == .byte(0x2F) { pieces.removeLast() }
    return pieces
  }

  // MARK: Tables

  private mutating func beginTable(_ id: NodeID, _ origin: Range<Int32>) -> Action? {
    appendBreak(.paragraphBreak, origin)
    var table = Table(isData: false, outerCells: dataCells)
    if dataCells == 0, !isLayout(id) {
      let rows = TextTable(id, in: tree)
      table.isData = rows.hasHeaders
      if table.isData {
        if isKnown(tree[id]), rows.isPlain(in: tree), collectAligned(rows, origin) {
          appendBreak(.paragraphBreak, origin)
          return nil
        }
        if let header = rows.headerRow, !hasControl(before: Int(tree[header.id].start), in: tree[id]) {
          table.headerRow = header.id
          table.labels = header.cells.flatMap { cell in
            Array(repeating: makeLabel(cell), count: span(of: cell))
          }
        }
      }
    }
    tables.append(table)
    return .table
  }

  private func isLayout(_ id: NodeID) -> Bool {
    guard let role = tree.attribute(Self.role, of: id) else { return false }
    let value = tree.rawValue(role)
    return value.isWord("presentation") || value.isWord("none")
  }

  private func span(of cell: NodeID) -> Int {
    guard let span = tree.attribute(Self.colspan, of: cell) else { return 1 }
    return min(max(tree.rawValue(span).leadingNumber ?? 1, 1), 100)
  }

  /// The index of the first hole at or behind an offset.
  private func firstHole(at offset: Int) -> Int {
    var low = 0
    var high = document.holes.count
    while low < high {
      let middle = (low + high) / 2
      if document.holes[middle].offset < offset { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private func isKnown(_ node: HTMLTree.Node) -> Bool {
    let next = firstHole(at: Int(node.start))
    return next >= document.holes.count || document.holes[next].offset >= Int(node.end)
  }

  private func hasControl(before offset: Int, in node: HTMLTree.Node) -> Bool {
    var index = firstHole(at: Int(node.contentStart))
    while index < document.holes.count, document.holes[index].offset < offset {
      if document.holes[index].placeholder.kind != .output { return true }
      index += 1
    }
    return false
  }

  /// Makes the literal that the cells below a header begin with: its text, a colon and a space.
  private mutating func makeLabel(_ cell: NodeID) -> Range<Int> {
    guard isKnown(tree[cell]), var text = line(of: cell), !text.isEmpty else { return 0..<0 }
    if text.last == 0x3A { text.removeLast() }
    let start = literals.count
    literals += text
    literals += ": ".utf8
    return start..<literals.count
  }

  /// The text of a cell as one line, or nil where it needs more, or an address.
  private mutating func line(of cell: NodeID) -> [UInt8]? {
    let first = events.count
    dataCells += 1
    walk(cell)
    dataCells -= 1
    var content = events[first...]
    events.removeSubrange(first...)
    while let event = content.first, event.kind == .joint || event.kind == .space { content.removeFirst() }
    while let event = content.last, event.kind == .joint || event.kind == .space { content.removeLast() }
    guard knownWidth(content) != nil else { return nil }
    var text: [UInt8] = []
    var isSpacePending = false
    for event in content {
      if event.kind == .space { isSpacePending = !text.isEmpty }
      guard event.isVisible else { continue }
      if isSpacePending { text.append(0x20) }
      isSpacePending = false
      text += bytes(event)
    }
    return text
  }

  /// Collects a table with aligned columns; returns false, and nothing is collected, where that does not go.
  private mutating func collectAligned(_ rows: TextTable, _ origin: Range<Int32>) -> Bool {
    guard rows.rows.contains(where: { $0.cells.count > 2 }) || rows.headerRow != nil else { return false }
    var texts: [[[UInt8]]] = []
    var widths: [Int] = []
    var isRight: [Bool] = []
    for row in rows.rows {
      var cells: [[UInt8]] = []
      for (column, cell) in row.cells.enumerated() {
        guard let text = line(of: cell) else { return false }
        let width = text.count { $0 & 0xC0 != 0x80 }
        if column == widths.count {
          widths.append(0)
          isRight.append(true)
        }
        widths[column] = max(widths[column], width)
        if row.id != rows.headerRow?.id, !text.isEmpty, !isFigure(text) { isRight[column] = false }
        cells.append(text)
      }
      texts.append(cells)
    }
    guard widths.count > 1, widths.reduce(2 * (widths.count - 1), +) <= 78 else { return false }
    for (row, cells) in zip(rows.rows, texts) {
      appendRow(cells, widths, isRight, self.origin(tree[row.id]))
      guard row.id == rows.headerRow?.id else { continue }
      appendRow(widths.map { Array(repeating: 0x2D, count: $0) }, widths, isRight, self.origin(tree[row.id]))
    }
    return true
  }

  private mutating func appendRow(
    _ cells: [[UInt8]], _ widths: [Int], _ isRight: [Bool], _ origin: Range<Int32>
  ) {
    var row: [UInt8] = []
    for (column, cell) in cells.enumerated() {
      let padding = repeatElement(UInt8(0x20), count: widths[column] - cell.count { $0 & 0xC0 != 0x80 })
      if column > 0 { row += [0x20, 0x20] }
      if isRight[column] { row += padding }
      row += cell
      if !isRight[column] { row += padding }
    }
    while row.last == 0x20 { row.removeLast() }
    appendLiteral(row, origin)
    append(.lineBreak, origin)
  }

  /// Whether a text is a number, an amount or a share: digits, and few letters.
  private func isFigure(_ text: [UInt8]) -> Bool {
    let letters = text.count { ($0 | 0x20) &- 0x61 < 26 || $0 >= 0x80 }
    return text.contains { (0x30...0x39).contains($0) } && letters <= 4
  }

  private mutating func beginRow(_ id: NodeID, _ origin: Range<Int32>) -> Action? {
    guard let table = tables.last, table.isData, dataCells == 0 else {
      appendBreak(.lineBreak, origin)
      return .line
    }
    if id == table.headerRow { return nil }
    let row = TextTable.Row(id, in: tree)
    tables[tables.count - 1].column = 0
    tables[tables.count - 1].isFirstCell = true
    tables[tables.count - 1].rowIsPair = row.isPair(in: tree)
    tables[tables.count - 1].rowHasLabels =
      !table.labels.isEmpty && row.cells.allSatisfy { !tree[$0].flags.contains(.uncertainSiblings) }
    appendBreak(.lineBreak, origin)
    return .row
  }

  private mutating func beginCell(_ id: NodeID, _ origin: Range<Int32>) -> Action? {
    guard let table = tables.last, table.isData, dataCells == table.outerCells else {
      appendBreak(.lineBreak, origin)
      return .line
    }
    dataCells += 1
    let last = tables.count - 1
    if !table.isFirstCell, !table.rowIsPair { append(.joint, origin, TextJoint.bar.rawValue) }
    tables[last].isFirstCell = false
    tables[last].column += span(of: id)
    if table.rowIsPair { return tree[id].name == Self.th ? .keyCell : .cell }
    if table.rowHasLabels, tree[id].name != Self.th, table.column < table.labels.count {
      let label = table.labels[table.column]
      if !label.isEmpty { append(.literal, origin, Int32(label.lowerBound), Int32(label.upperBound)) }
    }
    return .cell
  }

  private mutating func endCell(_ element: Open, _ origin: Range<Int32>) {
    dataCells = max(dataCells - 1, 0)
    if case .keyCell = element.action { return append(.joint, origin, TextJoint.colon.rawValue) }
    let isEmpty = !events[element.firstEvent...].contains { $0.isVisible || $0.isControl }
    guard isEmpty, let last = events[..<element.firstEvent].last, last.kind == .literal else { return }
    if literals[last.range].suffix(2).elementsEqual(": ".utf8), last.origin == self.origin(tree[element.node]) {
      events.removeSubrange((element.firstEvent - 1)...)
    }
  }

  // MARK: Text

  /// Collects the value of an attribute; blocks that do not lie in it whole are left out by `finish`.
  private mutating func collectValue(_ attribute: HTMLTree.Attribute, isAddress: Bool = false) {
    let first = events.count
    collectPieces(Int(attribute.valueStart)..<Int(attribute.valueEnd), isAddress: isAddress)
    guard events[first...].contains(where: \.isControl) else { return }
    removePartialGroups(from: first)
  }

  /// Takes away the holes of blocks that reach out of the events from `first` on.
  private mutating func removePartialGroups(from first: Int) {
    var met: [Int32: Int32] = [:]
    for event in events[first...] where event.isControl { met[groups[Int(event.start)], default: 0] += 1 }
    let tail = events[first...].filter { event in
      guard event.isControl else { return true }
      let group = groups[Int(event.start)]
      return group >= 0 && met[group] == groupSizes[Int(group)]
    }
    events.replaceSubrange(first..., with: tail)
  }

  private mutating func collectPieces(_ range: Range<Int>, isAddress: Bool) {
    var position = range.lowerBound
    var hole = firstHole(at: position)
    while position < range.upperBound {
      let next = hole < document.holes.count ? min(document.holes[hole].offset, range.upperBound) : range.upperBound
      collectKnown(position..<next, inAttribute: true, isAddress: isAddress)
      position = next
      if position < range.upperBound {
        collectHole(hole)
        hole += 1
        position += 1
      }
    }
  }

  private mutating func collectHole(_ index: Int) {
    let hole = document.holes[index]
    let kind: TextEvent.Kind
    switch hole.placeholder.kind {
    case .output: kind = .output
    case .open: kind = .open
    case .middle: kind = .middle
    case .close: kind = .close
    case .silent: return
    }
    append(kind, Int32(hole.offset)..<Int32(hole.offset + 1), Int32(index))
  }

  /// Collects known text: white space becomes space, references become what they stand for.
  private mutating func collectKnown(_ range: Range<Int>, inAttribute: Bool = false, isAddress: Bool = false) {
    let text = document.bytes[range]
    var runStart = range.lowerBound
    var index = range.lowerBound
    func origin(_ end: Int) -> Range<Int32> { Int32(index)..<Int32(end) }
    while index < range.upperBound {
      let character = TextCharacter(at: index, in: text, inAttribute: inAttribute)
      let end = index + character.length
      if case .visible = character.meaning {
        index = end
        continue
      }
      if case .joiner = character.meaning, index > runStart, end < range.upperBound,
        case .visible = TextCharacter(at: end, in: text, inAttribute: inAttribute).meaning
      {
        index = end
        continue
      }
      flushText(runStart..<index)
      switch character.meaning {
      case .space where preformatted > 0 && !inAttribute:
        if text[index] == 0x0A { append(.lineBreak, origin(end), 0, 1) } else { flushText(index..<end) }
      case .space:
        if !isAddress, events.last?.kind != .space { append(.space, origin(end)) }
      case .decoded(let bytes): appendLiteral(bytes, origin(end))
      case .visible, .joiner, .invisible: break
      }
      index = end
      runStart = end
    }
    flushText(runStart..<index)
  }

  private mutating func flushText(_ range: Range<Int>) {
    guard !range.isEmpty else { return }
    let range = Int32(range.lowerBound)..<Int32(range.upperBound)
    append(.text, range, range.lowerBound, range.upperBound)
  }

  // MARK: Names

  private static let pre = NameHash("pre")
  private static let textarea = NameHash("textarea")
  private static let blockquote = NameHash("blockquote")
  private static let dd = NameHash("dd")
  private static let dl = NameHash("dl")
  private static let figure = NameHash("figure")
  private static let fieldset = NameHash("fieldset")
  private static let ol = NameHash("ol")
  private static let br = NameHash("br")
  private static let hr = NameHash("hr")
  private static let img = NameHash("img")
  private static let th = NameHash("th")
  private static let alt = NameHash("alt")
  private static let href = NameHash("href")
  private static let start = NameHash("start")
  private static let role = NameHash("role")
  private static let colspan = NameHash("colspan")
  private static let unread: Set<NameHash> = [
    NameHash("title"), NameHash("head"), NameHash("map"), NameHash("datalist"), NameHash("select"),
  ]
}

extension ArraySlice<UInt8> {
  /// Whether the bytes begin with `prefix`, which is in lower case, in any case.
  func hasPrefix(_ prefix: StaticString) -> Bool {
    count >= prefix.utf8CodeUnitCount
      && NameHash(lowercasing: self.prefix(prefix.utf8CodeUnitCount)) == NameHash(prefix)
  }
}
