import GalleyHTML
import GalleyTemplate

// What stands between tags and in attributes.
extension TextCollector {
  /// Collects the value of an attribute; blocks that do not lie in it whole are left out by `finish`.
  mutating func collectValue(_ attribute: HTMLTree.Attribute, isAddress: Bool = false) {
    let first = events.count
    collectPieces(Int(attribute.valueStart)..<Int(attribute.valueEnd), isAddress: isAddress)
    guard events[first...].contains(where: \.isControl) else { return }
    removePartialGroups(from: first)
  }

  /// Takes away the holes of blocks that reach out of the events from `first` on.
  private mutating func removePartialGroups(from first: Int) {
    var met: [Int32: Int32] = [:]
    for event in events[first...] where event.isControl { met[groups[Int(event.start)], default: 0] += 1 }
    let tail = events[first...].filter { event in
      guard event.isControl else { return true }
      let group = groups[Int(event.start)]
      return group >= 0 && met[group] == groupSizes[Int(group)]
    }
    events.replaceSubrange(first..., with: tail)
  }

  private mutating func collectPieces(_ range: Range<Int>, isAddress: Bool) {
    var position = range.lowerBound
    var hole = firstHole(at: position)
    while position < range.upperBound {
      let next = hole < document.holes.count ? min(document.holes[hole].offset, range.upperBound) : range.upperBound
      collectKnown(position..<next, inAttribute: true, isAddress: isAddress)
      position = next
      if position < range.upperBound {
        collectHole(hole)
        hole += 1
        position += 1
      }
    }
  }

  mutating func collectHole(_ index: Int) {
    let hole = document.holes[index]
    let kind: TextEvent.Kind
    switch hole.placeholder.kind {
    case .output: kind = .output
    case .open: kind = .open
    case .middle: kind = .middle
    case .close: kind = .close
    case .silent: return
    }
    append(kind, Int32(hole.offset)..<Int32(hole.offset + 1), Int32(index))
  }

  /// Collects known text: white space becomes space, references become what they stand for.
  mutating func collectKnown(_ range: Range<Int>, inAttribute: Bool = false, isAddress: Bool = false) {
    let text = document.bytes[range]
    var runStart = range.lowerBound
    var index = range.lowerBound
    func origin(_ end: Int) -> Range<Int32> { Int32(index)..<Int32(end) }
    while index < range.upperBound {
      let character = TextCharacter(at: index, in: text, inAttribute: inAttribute)
      let end = index + character.length
      if case .visible = character.meaning {
        index = end
        continue
      }
      flushText(runStart..<index)
      switch character.meaning {
      case .space where preformatted > 0 && !inAttribute:
        if text[index] == 0x0A { append(.lineBreak, origin(end), 0, 1) } else { flushText(index..<end) }
      case .space:
        if !isAddress, events.last?.kind != .space { append(.space, origin(end)) }
      case .decoded(let bytes): appendLiteral(bytes, origin(end))
      case .joiner(let bytes):
        if endsBeyondASCII(at: index), end < range.upperBound, document.bytes[end] >= 0x80 || text[end] == 0x26 {
          appendLiteral(bytes, origin(end))
        }
      case .visible, .invisible: break
      }
      index = end
      runStart = end
    }
    flushText(runStart..<index)
  }

  /// Whether the last character that was collected ends at `offset` and is none of ASCII: in Latin words and figures
  /// joiners are there for programs, in other scripts and in emoji for readers.
  private func endsBeyondASCII(at offset: Int) -> Bool {
    guard let last = events.last, last.isVisible, Int(last.origin.upperBound) == offset else { return false }
    return last.kind != .output && bytes(last).last.map { $0 >= 0x80 } ?? false
  }

  private mutating func flushText(_ range: Range<Int>) {
    guard !range.isEmpty else { return }
    let range = Int32(range.lowerBound)..<Int32(range.upperBound)
    append(.text, range, range.lowerBound, range.upperBound)
  }
}
