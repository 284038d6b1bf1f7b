import GalleyHTML
import GalleyTemplate

// Tables of data: columns where everything is known, else lines of labels and values.
extension TextCollector {
  mutating func beginTable(_ id: NodeID, _ origin: Range<Int32>) -> Action? {
    appendBreak(.paragraphBreak, origin)
    var table = Table(isData: false, outerCells: dataCells)
    if dataCells == 0 {
      let rows = TextTable(id, in: tree)
      table.isData = rows.isData
      if table.isData {
        if isKnown(tree[id]), rows.isPlain(in: tree), collectAligned(rows, origin) {
          appendBreak(.paragraphBreak, origin)
          return nil
        }
        if let header = rows.headerRow, !hasControl(before: Int(tree[header.id].start), in: tree[id]) {
          table.headerRow = header.id
          table.labels = header.cells.flatMap { cell in
            Array(repeating: makeLabel(cell), count: TextTable.span(of: cell, in: tree))
          }
        }
      }
    }
    tables.append(table)
    return .table
  }

  /// The index of the first hole at or behind an offset.
  func firstHole(at offset: Int) -> Int {
    var low = 0
    var high = document.holes.count
    while low < high {
      let middle = (low + high) / 2
      if document.holes[middle].offset < offset { low = middle + 1 } else { high = middle }
    }
    return low
  }

  func isKnown(_ node: HTMLTree.Node) -> Bool {
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
    guard rows.rows.contains(where: { !$0.isPair(in: tree) }) else { return false }
    var texts: [[[UInt8]]] = []
    var widths: [Int] = []
    var isRight: [Bool] = []
    let caption = rows.caption.map { line(of: $0) }
    if case .some(.none) = caption { return false }
    for row in rows.rows {
      var cells: [[UInt8]] = []
      for (column, cell) in row.cells.enumerated() {
        guard let text = line(of: cell) else { return false }
        if column == widths.count {
          widths.append(0)
          isRight.append(true)
        }
        widths[column] = max(widths[column], TextWidth.columns(of: text))
        if row.id != rows.headerRow?.id, !text.isEmpty, !isFigure(text), !TextTable.isRight(cell, in: tree) {
          isRight[column] = false
        }
        cells.append(text)
      }
      texts.append(cells)
    }
    guard widths.count > 1, widths.reduce(2 * (widths.count - 1), +) <= 78 else { return false }
    if let id = rows.caption, let text = caption?.flatMap(\.self), !text.isEmpty {
      appendLiteral(text, self.origin(tree[id]))
      append(.paragraphBreak, self.origin(tree[id]))
    }
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
      let padding = repeatElement(UInt8(0x20), count: widths[column] - TextWidth.columns(of: cell))
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

  mutating func beginRow(_ id: NodeID, _ origin: Range<Int32>) -> Action? {
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
      row.cells.count > 1 && !table.labels.isEmpty
      && row.cells.allSatisfy { !tree[$0].flags.contains(.uncertainSiblings) }
    appendBreak(.lineBreak, origin)
    return .row
  }

  mutating func beginCell(_ id: NodeID, _ origin: Range<Int32>) -> Action? {
    guard let table = tables.last, table.isData, dataCells == table.outerCells else {
      appendBreak(.lineBreak, origin)
      return .line
    }
    dataCells += 1
    let last = tables.count - 1
    if !table.isFirstCell, !table.rowIsPair { append(.joint, origin, TextJoint.bar.rawValue) }
    tables[last].isFirstCell = false
    let span = TextTable.span(of: id, in: tree)
    tables[last].column += span
    if table.rowIsPair { return tree[id].name == Self.th ? .keyCell : .cell }
    if table.rowHasLabels, span == 1, tree[id].name != Self.th, table.column < table.labels.count {
      let label = table.labels[table.column]
      if !label.isEmpty { append(.literal, origin, Int32(label.lowerBound), Int32(label.upperBound)) }
    }
    return .cell
  }

  mutating func endCell(_ element: Open, _ origin: Range<Int32>) {
    dataCells = max(dataCells - 1, 0)
    if case .keyCell = element.action { return append(.joint, origin, TextJoint.colon.rawValue) }
    let isEmpty = !events[element.firstEvent...].contains { $0.isVisible || $0.isControl }
    guard isEmpty, let last = events[..<element.firstEvent].last, last.kind == .literal else { return }
    if literals[last.range].suffix(2).elementsEqual(": ".utf8), last.origin == self.origin(tree[element.node]) {
      events.removeSubrange((element.firstEvent - 1)...)
    }
  }

  private static let th = NameHash("th")
}
