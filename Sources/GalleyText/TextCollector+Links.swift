import GalleyHTML
import GalleyTemplate

// Links: a label, and its address as a person would write it down.
extension TextCollector {
  mutating func endLink(_ element: Open, _ node: HTMLTree.Node, _ origin: Range<Int32>) {
    links -= 1
    let trailing = takeTrailingBreaks(from: element.firstEvent)
    let hasLabel = events[element.firstEvent...].contains { $0.isVisible || $0.isControl }
    let start = events.count
    append(.linkAddress, origin, hasLabel ? 0 : 1)
    if let href = tree.attribute(Self.href, of: element.node) { collectAddress(href) }
    let address = events[(start + 1)...]
    if address.isEmpty || isSame(events[element.firstEvent..<start], address) {
      events.removeSubrange(start...)
    }
    append(.linkEnd, origin)
    events.append(contentsOf: trailing)
  }

  /// Takes away the breaks and spaces that the events end in, so that an address follows its label.
  private mutating func takeTrailingBreaks(from first: Int) -> [TextEvent] {
    var index = events.count
    while index > first, events[index - 1].isBreak || events[index - 1].kind == .space { index -= 1 }
    let trailing = Array(events[index...])
    events.removeSubrange(index...)
    return trailing
  }

  /// Collects an address as a person would write it down; a place in the same document is none.
  private mutating func collectAddress(_ href: HTMLTree.Attribute) {
    let first = events.count
    collectValue(href, isAddress: true)
    guard let start = events[first...].first, start.kind == .text || start.kind == .literal else { return }
    let head = bytes(start)
    if head.first == 0x23 || head.hasPrefix("javascript:") {
      events.removeSubrange(first...)
      return
    }
    for scheme: StaticString in ["mailto:", "tel:", "sms:"] where start.kind == .text && head.hasPrefix(scheme) {
      events[first].start += Int32(scheme.utf8CodeUnitCount)
      if events[first].range.isEmpty { events.remove(at: first) }
      cutQuery(from: first)
    }
  }

  /// Takes away what follows the first `?`, where no block reaches over it.
  private mutating func cutQuery(from first: Int) {
    for index in first..<events.count {
      let event = events[index]
      if event.isControl { return }
      guard event.kind == .text, let mark = document.bytes[event.range].firstIndex(of: 0x3F) else { continue }
      guard !events[index...].contains(where: { $0.isControl || $0.kind == .output }) else { return }
      events[index].end = Int32(mark)
      events.removeSubrange((event.start == Int32(mark) ? index : index + 1)...)
      return
    }
  }

  /// Whether a label says the same as an address: equal but for the scheme, spaces and a slash at the end.
  private func isSame(_ label: ArraySlice<TextEvent>, _ address: ArraySlice<TextEvent>) -> Bool {
    guard let a = spelling(label), let b = spelling(address) else { return false }
    return a == b
  }

  private enum Piece: Equatable {
    case byte(UInt8)
    case value(SendExpression)
  }

  /// The bytes and values that events print, or nil where control turns among them.
  private func spelling(_ events: ArraySlice<TextEvent>) -> [Piece]? {
    var known: [UInt8] = []
    var pieces: [Piece] = []
    var isStart = true
    func flush() {
      var text = known[...]
      if isStart {
        for scheme: StaticString in ["https://", "http://"] where text.hasPrefix(scheme) {
          text = text.dropFirst(scheme.utf8CodeUnitCount)
        }
      }
      if !text.isEmpty { isStart = false }
      pieces += text.map { .byte($0 &- 0x41 < 26 ? $0 | 0x20 : $0) }
      known = []
    }
    for event in events {
      switch event.kind {
      case .text, .literal: known += bytes(event)
      case .output:
        guard case .output(let expression, _, _) = document.holes[Int(event.start)].kind else { return nil }
        flush()
        isStart = false
        pieces.append(.value(expression))
      case .space, .linkStart, .linkAddress, .linkEnd: break
      default: return nil
      }
    }
    flush()
    if pieces.last == .byte(0x2F) { pieces.removeLast() }
    return pieces
  }

  private static let href = NameHash("href")
}

extension ArraySlice<UInt8> {
  /// Whether the bytes begin with `prefix`, which is in lower case, in any case.
  func hasPrefix(_ prefix: StaticString) -> Bool {
    count >= prefix.utf8CodeUnitCount
      && NameHash(lowercasing: self.prefix(prefix.utf8CodeUnitCount)) == NameHash(prefix)
  }
}
