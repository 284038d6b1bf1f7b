import GalleyHTML

/// The positions of elements among their siblings; those of one parent's children are counted when they are asked for.
struct SiblingPositions {
  /// Where an element stands, counted from 1, and among how many.
  struct Position {
    var index: Int32 = 0
    var count: Int32 = 0
    var typeIndex: Int32 = 0
    var typeCount: Int32 = 0
  }

  private var positions: [Position] = []
  private var totals: [UInt64: Int32] = [:]

  /// The position of an element.
  mutating func position(of node: Int, _ tree: HTMLTree) -> Position {
    if positions.isEmpty { positions = Array(repeating: Position(), count: tree.nodes.count) }
    if positions[node].index == 0 { count(childrenOf: Int(tree.nodes[node].parent.index), tree) }
    return positions[node]
  }

  private mutating func count(childrenOf parent: Int, _ tree: HTMLTree) {
    guard parent >= 0 else { return }
    totals.removeAll(keepingCapacity: true)
    var total: Int32 = 0
    var node = parent + 1
    while node >= 0 {
      if tree.nodes[node].isElement {
        total += 1
        let number = (totals[tree.nodes[node].name.value] ?? 0) + 1
        totals[tree.nodes[node].name.value] = number
        positions[node].index = total
        positions[node].typeIndex = number
      }
      node = Int(tree.nodes[node].nextSibling.index)
    }
    node = parent + 1
    while node >= 0 {
      if tree.nodes[node].isElement {
        positions[node].count = total
        positions[node].typeCount = totals[tree.nodes[node].name.value] ?? 0
      }
      node = Int(tree.nodes[node].nextSibling.index)
    }
  }
}
