import GalleySource
import Testing

private let page = SourceID(index: 0)
private let part = SourceID(index: 1)

/// The origin of one byte by a model that keeps one cell a byte.
private struct ModelOrigin: Equatable {
  var range: SourceRange
  var calls: [SourceRange]
}

/// A map with its model: for each byte where it came from.
private struct ModeledMap {
  var map = OriginMap()
  var cells: [ModelOrigin] = []

  /// Draws a map of a few pieces in a few frames.
  init(using random: inout SeededRandom) {
    var frames: [(OriginMap.Frame, [SourceRange])] = [(.root, [])]
    for _ in 0..<random.below(12) {
      if random.below(3) == 0 {
        let (parent, chain) = frames[random.below(frames.count)]
        let call = SourceRange(page, 500 + frames.count, 501 + frames.count)
        frames.append((map.call(at: call, from: parent), [call] + chain))
      }
      let (frame, chain) = frames[random.below(frames.count)]
      let source = random.below(2) == 0 ? page : part
      let isVerbatim = random.below(3) > 0
      let count = random.below(6)
      // Pieces that go on where the last one ended are frequent, so that joining is tried.
      let start = random.below(2) == 0 ? (cells.last?.range.end ?? 0) : random.below(100)
      let origin = SourceRange(source, start, start + (isVerbatim ? count : random.below(9)))
      map.append(origin, frame: frame, isVerbatim: isVerbatim, count: count)
      for index in 0..<count {
        let range = isVerbatim ? SourceRange(source, start + index, start + index + 1) : origin
        cells.append(ModelOrigin(range: range, calls: chain))
      }
    }
  }

  /// The origins of each byte of a map, one at a time.
  static func cells(of map: OriginMap) -> [ModelOrigin] {
    (0..<map.count).compactMap { offset in
      map.origin(of: offset..<offset + 1).map { ModelOrigin(range: $0.range, calls: $0.calls) }
    }
  }
}

struct OriginMapTests {
  @Test func `an empty map knows no place`() {
    let map = OriginMap()
    #expect(map.origin(of: 0..<0) == nil)
    #expect(map.frame(at: 0) == .root)
    #expect(OriginMap(whole: page, count: 0).origin(of: 0..<1) == nil)
  }

  @Test func `a whole source maps offset by offset`() {
    let map = OriginMap(whole: page, count: 10)
    #expect(map.origin(of: 3..<7)?.range == SourceRange(page, 3, 7))
    #expect(map.origin(of: 3..<3)?.range == SourceRange(page, 3, 3))
    #expect(map.origin(of: 10..<10)?.range == SourceRange(page, 10, 10))
    #expect(map.origin(of: 8..<99)?.range == SourceRange(page, 8, 10))
  }

  @Test func `a range over two pieces is cut at the first one's end`() {
    var map = OriginMap()
    map.append(SourceRange(page, 10, 14), frame: .root, isVerbatim: true, count: 4)
    map.append(SourceRange(part, 0, 4), frame: .root, isVerbatim: true, count: 4)
    #expect(map.origin(of: 2..<6)?.range == SourceRange(page, 12, 14))
    #expect(map.origin(of: 4..<6)?.range == SourceRange(part, 0, 2))
  }

  @Test func `a computed piece maps to its construct as a whole`() {
    var map = OriginMap()
    map.append(SourceRange(page, 10, 24), frame: .root, isVerbatim: false, count: 3)
    #expect(map.origin(of: 1..<2)?.range == SourceRange(page, 10, 24))
  }

  @Test func `the chain of calls runs from the innermost outwards`() {
    var map = OriginMap()
    let outer = map.call(at: SourceRange(page, 1, 2), from: .root)
    let inner = map.call(at: SourceRange(part, 3, 4), from: outer)
    map.append(SourceRange(part, 0, 1), frame: inner, isVerbatim: true, count: 1)
    #expect(map.chain(inner) == [SourceRange(part, 3, 4), SourceRange(page, 1, 2)])
    #expect(map.origin(of: 0..<1)?.calls == map.chain(inner))
    #expect(map.frame(at: 0) == inner)
    #expect(map.chain(.root).isEmpty)
  }

  @Test func `new bytes without an origin belong to the place they stand at`() {
    var edits = EditList()
    edits.replace(2..<4, with: Array("xyz".utf8))
    edits.insert(Array("!".utf8), at: 6)
    let map = OriginMap(whole: page, count: 6).applying(edits)
    #expect(map.count == 8)
    #expect(map.origin(of: 3..<4)?.range == SourceRange(page, 2, 4))
    #expect(map.origin(of: 5..<6)?.range == SourceRange(page, 4, 5))
    #expect(map.origin(of: 7..<8)?.range == SourceRange(page, 6, 6))
  }

  @Test func `bytes called verbatim without an origin are not taken for the bytes they replace`() {
    var edits = EditList()
    edits.replace(2..<4, with: Array("xy".utf8), isVerbatim: true)
    let map = OriginMap(whole: page, count: 6).applying(edits)
    #expect(map.origin(of: 3..<4)?.range == SourceRange(page, 2, 4))
  }

  @Test func `a text that was empty takes its origins from the edits`() {
    var edits = EditList()
    edits.insert(Array("ab".utf8), at: 0)
    edits.insert(Array("cd".utf8), at: 0, origin: SourceRange(part, 5, 7), isVerbatim: true)
    let map = OriginMap().applying(edits)
    #expect(map.count == 4)
    #expect(map.origin(of: 3..<4)?.range == SourceRange(part, 6, 7))
    #expect(map.origin(of: 0..<1)?.range == SourceRange(part, 5, 7))
  }

  @Test func `law: each byte maps to the piece it was appended with`() {
    forEachSeed(1_000) { random, seed in
      let model = ModeledMap(using: &random)
      #expect(model.map.count == model.cells.count, "seed \(seed)")
      #expect(ModeledMap.cells(of: model.map) == model.cells, "seed \(seed)")
    }
  }

  @Test func `law: origins survive edits`() {
    forEachSeed(2_000) { random, seed in
      var model = ModeledMap(using: &random)
      if model.cells.isEmpty { return }
      // Several rounds, as text is edited by several phases.
      for round in 0..<3 {
        let bytes = [UInt8](repeating: 0x61, count: model.cells.count)
        let change = ModeledEdits(on: bytes, using: &random) { replacement, random in
          let start = random.below(50)
          let isVerbatim = random.below(2) == 0
          let length = isVerbatim ? replacement.count : random.below(5)
          return random.below(2) == 0 ? nil : (SourceRange(part, start, start + length), isVerbatim)
        }
        let edited = model.map.applying(change.edits)
        let cells = ModeledMap.cells(of: edited)
        #expect(edited.count == change.expected.count, "seed \(seed), round \(round)")
        #expect(cells.count == change.expected.count, "seed \(seed), round \(round)")
        guard cells.count == change.expected.count else { return }
        for (index, cell) in change.expected.enumerated() {
          if let kept = cell.kept {
            #expect(cells[index] == model.cells[kept], "seed \(seed), round \(round), byte \(index)")
          }
        }
        checkNewBytes(of: change.edits, in: cells, over: model, "seed \(seed), round \(round)")
        model.map = edited
        model.cells = cells
        if cells.isEmpty { return }
      }
    }
  }

  /// Checks that the bytes an edit brought point at the edit's origin, or at what they replaced.
  private func checkNewBytes(
    of edits: EditList, in cells: [ModelOrigin], over model: ModeledMap, _ comment: String
  ) {
    var shift = 0
    for entry in edits.sorted() {
      let start = entry.range.lowerBound + shift
      for index in 0..<entry.replacement.count {
        let cell = cells[start + index]
        if let origin = entry.origin {
          let expected =
            entry.isVerbatim && origin.range.count == entry.replacement.count
            ? SourceRange(origin.source, origin.start + index, origin.start + index + 1) : origin
          #expect(cell.range == expected, "\(comment), edit at \(entry.range)")
        } else {
          #expect(cell.range == model.map.origin(of: entry.range)?.range, "\(comment), edit at \(entry.range)")
        }
        #expect(cell.calls == model.map.chain(model.map.frame(at: entry.range.lowerBound)), "\(comment)")
      }
      shift += entry.replacement.count - entry.range.count
    }
  }

  @Test func `law: a map put together from pieces of another says what the pieces said`() {
    forEachSeed(500) { random, seed in
      let model = ModeledMap(using: &random)
      var map = model.map.emptied()
      #expect(map.count == 0, "seed \(seed)")
      var expected: [ModelOrigin] = []
      for _ in 0..<random.below(6) {
        let start = random.below(model.cells.count + 1)
        let end = start + random.below(model.cells.count - start + 1)
        map.append(start..<end, of: model.map)
        expected += model.cells[start..<end]
      }
      #expect(map.count == expected.count, "seed \(seed)")
      #expect(ModeledMap.cells(of: map) == expected, "seed \(seed)")
    }
  }

  @Test func `law: the map of an edited text agrees with the text`() {
    forEachSeed(500) { random, seed in
      let bytes = random.bytes(upTo: 60, from: Array(0x61...0x7E))
      if bytes.isEmpty { return }
      var text = bytes
      var map = OriginMap(whole: page, count: bytes.count)
      for _ in 0..<3 {
        // Replacement bytes that no source contains.
        let edits = ModeledEdits(on: text, using: &random).edits
        text = edits.apply(to: text)
        map = map.applying(edits)
        // A text that has lost its last byte has nothing left to put new ones down to.
        if text.isEmpty { return }
      }
      #expect(map.count == text.count, "seed \(seed)")
      for offset in text.indices {
        guard let origin = map.origin(of: offset..<offset + 1) else {
          Issue.record("seed \(seed): byte \(offset) has no origin")
          continue
        }
        #expect(origin.range.end <= bytes.count, "seed \(seed)")
        let isReplacement = Array("XYZ".utf8).contains(text[offset])
        let isKept = origin.range.range.count == 1 && bytes[origin.range.start] == text[offset]
        #expect(isReplacement || isKept, "seed \(seed), byte \(offset)")
      }
    }
  }
}
