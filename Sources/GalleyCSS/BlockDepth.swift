import GalleyHTML

/// How many conditions and loops of a template are open, along a document.
struct BlockDepth {
  private let placeholders: [Placeholder]
  private var next = 0
  private var depth = 0

  init(_ placeholders: [Placeholder]) { self.placeholders = placeholders }

  /// Goes forward to `offset` and says how many are open there.
  mutating func advance(to offset: Int) -> Int {
    while next < placeholders.count, placeholders[next].range.lowerBound < offset {
      switch placeholders[next].kind {
      case .open: depth += 1
      case .close: depth = max(depth - 1, 0)
      default: break
      }
      next += 1
    }
    return depth
  }
}
