import GalleyHTML

/// The rows and cells of a table, without those of tables inside of it, and whether it is one of data.
///
/// A table is layout if its role says so, `presentation` or `none`; if a header of it holds a table; if all its cells
/// are headers, as some frameworks have it; or if nothing says that it is data. What says so is a header cell, a
/// caption, a `thead`, a cell with `scope` or `headers`, or the role `table` or `grid`.
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
  /// What is written above the rows.
  private(set) var caption: NodeID?
  /// Whether it is a table of data.
  private(set) var isData = false
  /// The first row, if it is all headers and more than one.
  private(set) var headerRow: Row?

  private var hasMark = false
  private var hasValue = false
  private var isFramework = false

  /// Finds the rows of the table `id`.
  init(_ id: NodeID, in tree: HTMLTree) {
    let role = tree.attribute(Self.role, of: id).map { tree.rawValue($0) }
    if let role, role.isWord("presentation") || role.isWord("none") { return }
    if let role, role.isWord("table") || role.isWord("grid") { hasMark = true }
    var head: NodeID?
    for child in tree.children(of: id) where tree[child].kind == .element {
      switch ElementTable.standard[tree[child].name].role {
      case .row: append(child, tree)
      case .rowGroup:
        if tree[child].name == Self.thead { head = child }
        for row in tree.children(of: child) where ElementTable.standard[tree[row].name].role == .row {
          append(row, tree)
        }
      default: if tree[child].name == Self.captionName { caption = child }
      }
    }
    isData = !isFramework && hasValue && (hasMark || caption != nil || head != nil)
    guard isData, let first = rows.first, first.cells.count > 1 else { return }
    let isHead = head.map { tree.children(of: $0).contains(first.id) } ?? false
    if isHead || first.cells.allSatisfy({ tree[$0].name == Self.th }) { headerRow = first }
  }

  private mutating func append(_ id: NodeID, _ tree: HTMLTree) {
    let row = Row(id, in: tree)
    for cell in row.cells {
      if tree[cell].name == Self.th {
        hasMark = true
        if Self.holdsTable(cell, tree) { isFramework = true }
      } else {
        hasValue = true
        if tree.attributes(of: cell).contains(where: { $0.name == Self.scope || $0.name == Self.headers }) {
          hasMark = true
        }
      }
    }
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

  /// How many columns a cell takes.
  static func span(of cell: NodeID, in tree: HTMLTree) -> Int {
    guard let span = tree.attribute(colspan, of: cell) else { return 1 }
    return min(max(tree.rawValue(span).leadingNumber ?? 1, 1), 100)
  }

  /// Whether a cell says that its content stands at the right.
  static func isRight(_ cell: NodeID, in tree: HTMLTree) -> Bool {
    if let align = tree.attribute(align, of: cell), tree.rawValue(align).isWord("right") { return true }
    return Visibility(of: cell, in: tree).isRight
  }

  private static func holdsTable(_ id: NodeID, _ tree: HTMLTree) -> Bool {
    (Int(id.index) + 1..<Int(tree[id].subtreeEnd.index)).contains { tree.nodes[$0].name == table }
  }

  private static let align = NameHash("align")
  private static let captionName = NameHash("caption")
  private static let colspan = NameHash("colspan")
  private static let headers = NameHash("headers")
  private static let role = NameHash("role")
  private static let rowspan = NameHash("rowspan")
  private static let scope = NameHash("scope")
  private static let table = NameHash("table")
  private static let th = NameHash("th")
  private static let thead = NameHash("thead")
}
