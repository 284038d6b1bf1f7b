import GalleyHTML

/// The rows and cells of a table, without those of tables inside of it.
struct TextTable {
  /// One row.
  struct Row {
    var id: NodeID
    var cells: [NodeID]

    /// Finds the cells of a row.
    init(_ id: NodeID, in tree: HTMLTree) {
      self.id = id
      cells = tree.children(of: id).filter { ElementTable.standard[tree[$0].name].role == .cell }
    }

    /// Whether it is one header and one value.
    func isPair(in tree: HTMLTree) -> Bool {
      cells.count == 2 && tree[cells[0]].name == TextTable.th && tree[cells[1]].name != TextTable.th
    }
  }

  /// The rows in order.
  private(set) var rows: [Row] = []
  /// Whether some cell is a header.
  private(set) var hasHeaders = false
  /// The first row, if it is all headers and more than one.
  private(set) var headerRow: Row?

  private static let th = NameHash("th")

  /// Finds the rows of the table `id`.
  init(_ id: NodeID, in tree: HTMLTree) {
    for child in tree.children(of: id) where tree[child].kind == .element {
      switch ElementTable.standard[tree[child].name].role {
      case .row: append(child, tree)
      case .rowGroup:
        for row in tree.children(of: child) where ElementTable.standard[tree[row].name].role == .row {
          append(row, tree)
        }
      default: break
      }
    }
    if let first = rows.first, first.cells.count > 1, first.cells.allSatisfy({ tree[$0].name == Self.th }) {
      headerRow = first
    }
  }

  private mutating func append(_ id: NodeID, _ tree: HTMLTree) {
    let row = Row(id, in: tree)
    if row.cells.contains(where: { tree[$0].name == Self.th }) { hasHeaders = true }
    rows.append(row)
  }

  /// Whether each row has as many cells as the others, none spans another, and no table is inside.
  func isPlain(in tree: HTMLTree) -> Bool {
    guard let first = rows.first else { return false }
    return rows.allSatisfy { row in
      row.cells.count == first.cells.count
        && row.cells.allSatisfy { cell in
          tree.attributes(of: cell).allSatisfy { $0.name != Self.colspan && $0.name != Self.rowspan }
            && !Self.holdsTable(cell, tree)
        }
    }
  }

  private static let colspan = NameHash("colspan")
  private static let rowspan = NameHash("rowspan")
  private static let table = NameHash("table")

  private static func holdsTable(_ id: NodeID, _ tree: HTMLTree) -> Bool {
    (Int(id.index) + 1..<Int(tree[id].subtreeEnd.index)).contains { tree.nodes[$0].name == table }
  }
}
