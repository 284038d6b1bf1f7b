import GalleySource
import Growth
import Testing

/// A list of edits with what it should do, by a model that knows neither sorting nor shifts: a cell a byte.
struct ModeledEdits {
  private(set) var edits = EditList()
  /// The new text, each byte with the offset of the old text that it was kept from.
  private(set) var expected: [(byte: UInt8, kept: Int?)] = []

  /// Draws edits that do not overlap on `bytes`, adds them in random order and works out the result.
  ///
  /// `origin` draws a place for the replacement bytes.
  init(
    on bytes: [UInt8], using random: inout SeededRandom,
    origin: (_ replacement: [UInt8], inout SeededRandom) -> (SourceRange, isVerbatim: Bool)? = { _, _ in nil }
  ) {
    var drawn: [(range: Range<Int>, text: [UInt8])] = []
    var position = 0
    while true {
      position += random.below(4)
      let end = position + (random.below(2) == 0 ? 0 : random.below(4))
      guard end <= bytes.count else { break }
      drawn.append((position..<end, random.bytes(upTo: 3, from: Array("XYZ".utf8))))
      position = end
      if random.below(6) == 0 { position += random.below(8) }
      if position == bytes.count, random.below(2) == 0 { break }
    }
    drawn.shuffle(using: &random)
    var before = [[UInt8]](repeating: [], count: bytes.count + 1)
    var instead = [[UInt8]](repeating: [], count: bytes.count + 1)
    var isGone = [Bool](repeating: false, count: bytes.count)
    for (range, text) in drawn {
      let place = origin(text, &random)
      edits.replace(range, with: text, origin: place?.0, isVerbatim: place?.isVerbatim ?? false)
      if range.isEmpty { before[range.lowerBound] += text } else { instead[range.lowerBound] = text }
      for index in range { isGone[index] = true }
    }
    for offset in 0...bytes.count {
      expected += (before[offset] + instead[offset]).map { ($0, nil) }
      if offset < bytes.count, !isGone[offset] { expected.append((bytes[offset], offset)) }
    }
  }
}

struct EditTests {
  private func applied(_ text: String, _ change: (inout EditList) -> Void) -> String {
    var edits = EditList()
    change(&edits)
    return String(decoding: edits.apply(to: Array(text.utf8)), as: UTF8.self)
  }

  @Test func `edits apply in order of place`() {
    let result = applied("abcde") {
      $0.replace(4..<5, with: Array("E".utf8))
      $0.insert(Array("<".utf8), at: 0)
      $0.delete(1..<2)
    }
    #expect(result == "<acdE")
  }

  @Test func `no edits leave the text as it is`() {
    #expect(applied("abc") { _ in } == "abc")
    #expect(applied("") { _ in } == "")
    #expect(EditList().isEmpty)
  }

  @Test func `insertions at one offset keep the order of adding`() {
    let result = applied("ab") {
      $0.insert(Array("1".utf8), at: 1)
      $0.insert(Array("2".utf8), at: 1)
      $0.insert(Array("0".utf8), at: 0)
    }
    #expect(result == "0a12b")
  }

  @Test func `an insertion comes before a replacement that starts there and after one that ends there`() {
    let result = applied("abcd") {
      $0.replace(2..<3, with: Array("C".utf8))
      $0.insert(Array("<".utf8), at: 2)
      $0.replace(1..<2, with: Array("B".utf8))
    }
    #expect(result == "aB<Cd")
  }

  @Test func `edits reach the first and the last byte and the place behind it`() {
    let result = applied("abc") {
      $0.insert(Array("!".utf8), at: 3)
      $0.replace(0..<3, with: Array("xyz".utf8))
    }
    #expect(result == "xyz!")
    #expect(applied("") { $0.insert(Array("x".utf8), at: 0) } == "x")
    #expect(applied("abc") { $0.delete(0..<3) } == "")
  }

  @Test func `offsets inside a replaced range have no place, its end has`() {
    var edits = EditList()
    edits.replace(2..<5, with: Array("-".utf8))
    edits.insert(Array("<<".utf8), at: 6)
    #expect(edits.map(offsets: [0, 1, 2, 4, 5, 6, 7]) == [0, 1, nil, nil, 3, 6, 7])
  }

  @Test func `law: applying equals the model`() {
    forEachSeed(2_000) { random, seed in
      let bytes = random.bytes(upTo: 24, from: Array("abc".utf8))
      let model = ModeledEdits(on: bytes, using: &random)
      #expect(model.edits.apply(to: bytes) == model.expected.map(\.byte), "seed \(seed)")
    }
  }

  @Test func `law: kept bytes are found where offsets say, and only those`() {
    forEachSeed(2_000) { random, seed in
      let bytes = random.bytes(upTo: 24, from: Array("abc".utf8))
      let model = ModeledEdits(on: bytes, using: &random)
      var expected = [Int?](repeating: nil, count: bytes.count)
      for (index, cell) in model.expected.enumerated() {
        if let offset = cell.kept { expected[offset] = index }
      }
      #expect(model.edits.map(offsets: Array(bytes.indices)) == expected, "seed \(seed)")
      #expect(model.edits.map(offsets: [bytes.count]) == [model.expected.count], "seed \(seed)")
    }
  }

  @Test func `law: sorted edits do not step back, and adding them sorted changes nothing`() {
    forEachSeed(500) { random, seed in
      let bytes = random.bytes(upTo: 24, from: Array("abc".utf8))
      let edits = ModeledEdits(on: bytes, using: &random).edits
      let sorted = edits.sorted()
      #expect(zip(sorted, sorted.dropFirst()).allSatisfy { $0.range.upperBound <= $1.range.lowerBound }, "seed \(seed)")
      var again = EditList()
      for entry in sorted { again.replace(entry.range, with: edits.text[entry.replacement]) }
      #expect(again.apply(to: bytes) == edits.apply(to: bytes), "seed \(seed)")
    }
  }

  @Test func `many edits are applied in one pass`() {
    let growth = Growth(from: 50_000) { count in
      var edits = EditList()
      for offset in stride(from: 2 * count, to: 0, by: -2) { edits.replace(offset - 1..<offset, with: [0x62, 0x62]) }
      return (bytes: [UInt8](repeating: 0x61, count: 2 * count), edits: edits)
    } work: {
      #expect($0.edits.apply(to: $0.bytes).count == $0.bytes.count / 2 * 3)
    }
    #expect(growth.isLinear, "\(growth)")
  }
}
