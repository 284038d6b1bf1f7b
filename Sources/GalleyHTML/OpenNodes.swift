/// The nodes that are open while a tree is made, the innermost last.
///
/// The memory of nodes that were closed serves the next ones.
struct OpenNodes: Sendable {
  /// A node that is not closed yet.
  struct Open: Sendable {
    var node: Int32
    /// Whether nothing inside sees what is around: the root, or the content of a hidden conditional comment.
    var isBarrier = false
    /// Whether it is closed as soon as what is inside of it is: its end tag came, across a block.
    var isClosing = false
    var hasUncertainChildren = false
    /// Of a table, which of its parts it has.
    var parts = TableParts.none
    var name: NameHash
    var element: ElementTable.Element
  }

  /// What stands directly in a table.
  enum TableParts: UInt8, Sendable { case none, rows, others }

  private var entries: [Open] = []
  /// How many nodes are open.
  private(set) var count = 0

  /// The positions of all, from the outermost on.
  var indices: Range<Int> { 0..<count }

  /// The innermost node; there is one.
  @inline(__always) var innermost: Open { entries[count &- 1] }

  @inline(__always) subscript(index: Int) -> Open {
    get { entries[index] }
    _modify { yield &entries[index] }
  }

  /// Opens a node.
  @inline(__always) mutating func append(_ open: Open) {
    if count < entries.count { entries[count] = open } else { entries.append(open) }
    count &+= 1
  }

  /// Closes the innermost node, of which there is one.
  @inline(__always) mutating func removeLast() -> Open {
    count &-= 1
    return entries[count]
  }

  /// Closes all.
  mutating func removeAll() { count = 0 }
}
