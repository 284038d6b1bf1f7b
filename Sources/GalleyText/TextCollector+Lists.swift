import GalleyHTML
import GalleyTemplate

// Headings and lists.
extension TextCollector {
  mutating func endHeading(_ element: Open, _ level: UInt8, _ origin: Range<Int32>) {
    if level <= 2, dataCells == 0, let width = knownWidth(events[element.firstEvent...]), width > 0 {
      append(.lineBreak, origin)
      appendLiteral(repeatElement(level == 1 ? 0x3D : 0x2D, count: min(width, 72)), origin)
    }
    appendBreak(.paragraphBreak, origin)
  }

  /// How many columns a run of events takes on one line, or nil where that is not known.
  func knownWidth(_ events: ArraySlice<TextEvent>) -> Int? {
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

  func bytes(_ event: TextEvent) -> ArraySlice<UInt8> {
    event.kind == .text ? document.bytes[event.range] : literals[event.range]
  }

  mutating func beginList(_ id: NodeID, _ origin: Range<Int32>) {
    appendBreak(lists.isEmpty ? .paragraphBreak : .lineBreak, origin)
    var first: Int?
    if tree[id].name == Self.ol {
      first = tree.attribute(Self.start, of: id).map { tree.rawValue($0).leadingNumber ?? 1 } ?? 1
      let isCertain = tree.children(of: id).allSatisfy { !tree[$0].flags.contains(.uncertainSiblings) }
      if !isCertain { first = nil }
    }
    lists.append(List(next: first))
  }

  mutating func beginItem(_ origin: Range<Int32>) {
    appendBreak(.lineBreak, origin)
    guard dataCells == 0 else { return }
    guard !lists.isEmpty, let number = lists[lists.count - 1].next else { return appendPrefix("- ".utf8, origin) }
    lists[lists.count - 1].next = number + 1
    appendPrefix("\(number). ".utf8, origin)
  }

  private static let ol = NameHash("ol")
  private static let start = NameHash("start")
}
