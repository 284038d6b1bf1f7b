import GalleyHTML

/// How many conditions and loops of a template are open, along a document.
struct BlockDepth {
  private let placeholders: [Placeholder]
  private var next = 0
  private var depth = 0
  /// How far it has come.
  private var reached = 0
  /// How many are open in front of each placeholder; empty until it is asked for what lies behind.
  private var depths: [Int] = []

  init(_ placeholders: [Placeholder]) { self.placeholders = placeholders }

  /// Goes to `offset`, mostly forward, and says how many are open there.
  mutating func advance(to offset: Int) -> Int {
    if offset < reached { return depth(before: offset) }
    reached = offset
    while next < placeholders.count, placeholders[next].range.lowerBound < offset {
      depth = Self.depth(depth, behind: placeholders[next])
      next += 1
    }
    return depth
  }

  private static func depth(_ depth: Int, behind placeholder: Placeholder) -> Int {
    switch placeholder.kind {
    case .open: depth + 1
    case .close: max(depth - 1, 0)
    default: depth
    }
  }

  private mutating func depth(before offset: Int) -> Int {
    if depths.isEmpty {
      depths = [0]
      for placeholder in placeholders { depths.append(Self.depth(depths[depths.count - 1], behind: placeholder)) }
    }
    var low = 0
    var high = placeholders.count
    while low < high {
      let middle = (low + high) / 2
      if placeholders[middle].range.lowerBound < offset { low = middle + 1 } else { high = middle }
    }
    return depths[low]
  }
}
