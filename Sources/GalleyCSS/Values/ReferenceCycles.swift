/// Finds which of some things refer to each other in circles, and an order in which each follows what it refers to.
///
/// Tarjan's algorithm on an explicit stack: linear time, no recursion.
struct ReferenceCycles {
  /// The things, each behind all that it refers to, as far as there is no circle.
  private(set) var order: [Int] = []
  /// For each thing, whether it lies on a circle.
  private(set) var isOnCycle: [Bool]

  private let edges: [[Int]]
  private var number: [Int]
  private var low: [Int]
  private var isOpen: [Bool]
  private var open: [Int] = []
  private var next = 0

  /// Looks at things of which each refers to those that `edges` lists.
  init(_ edges: [[Int]]) {
    self.edges = edges
    isOnCycle = Array(repeating: false, count: edges.count)
    number = Array(repeating: -1, count: edges.count)
    low = Array(repeating: 0, count: edges.count)
    isOpen = Array(repeating: false, count: edges.count)
    order.reserveCapacity(edges.count)
    for thing in edges.indices where number[thing] < 0 { visit(thing) }
  }

  private mutating func enter(_ thing: Int) {
    number[thing] = next
    low[thing] = next
    next += 1
    open.append(thing)
    isOpen[thing] = true
  }

  private mutating func visit(_ root: Int) {
    var path: [(thing: Int, edge: Int)] = [(root, 0)]
    enter(root)
    while let (thing, edge) = path.last {
      if edge < edges[thing].count {
        path[path.count - 1].edge += 1
        let target = edges[thing][edge]
        if number[target] < 0 {
          enter(target)
          path.append((target, 0))
        } else if isOpen[target] {
          low[thing] = min(low[thing], number[target])
          if target == thing { isOnCycle[thing] = true }
        }
        continue
      }
      path.removeLast()
      if let parent = path.last?.thing { low[parent] = min(low[parent], low[thing]) }
      if low[thing] == number[thing] { close(thing) }
    }
  }

  /// Takes the things off the stack that lie on circles with `thing`.
  private mutating func close(_ thing: Int) {
    let isCycle = open.last != thing
    while let member = open.popLast() {
      isOpen[member] = false
      if isCycle { isOnCycle[member] = true }
      order.append(member)
      if member == thing { return }
    }
  }
}
