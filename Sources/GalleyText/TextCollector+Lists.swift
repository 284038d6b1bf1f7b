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
        width += TextWidth.columns(of: bytes(event))
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
    var list = List(next: nil)
    let items = tree.children(of: id).filter { ElementTable.standard[tree[$0].name].role == .listItem }
    if tree[id].name == Self.ol, items.allSatisfy({ !tree[$0].flags.contains(.uncertainSiblings) }) {
      let isReversed = tree.attribute(Self.reversed, of: id) != nil
      let start = tree.attribute(Self.start, of: id).flatMap { tree.rawValue($0).leadingNumber }
      list.next = start ?? (isReversed ? items.count : 1)
      list.step = isReversed ? -1 : 1
      list.numerals = tree.attribute(Self.type, of: id).flatMap { Numerals(tree.rawValue($0)) } ?? .decimal
    }
    lists.append(list)
  }

  mutating func beginItem(_ id: NodeID, _ origin: Range<Int32>) {
    appendBreak(.lineBreak, origin)
    guard dataCells == 0 else { return }
    guard let list = lists.last, var number = list.next else { return appendPrefix("- ".utf8, origin) }
    if let value = tree.attribute(Self.value, of: id), let own = tree.rawValue(value).leadingNumber { number = own }
    lists[lists.count - 1].next = number + list.step
    appendPrefix("\(list.numerals.spell(number)). ".utf8, origin)
  }

  private static let ol = NameHash("ol")
  private static let reversed = NameHash("reversed")
  private static let start = NameHash("start")
  private static let type = NameHash("type")
  private static let value = NameHash("value")
}
