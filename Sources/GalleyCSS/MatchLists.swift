/// The lists of matched selectors that occur in a document, each once.
///
/// Most elements share their list with others, and what follows from a list is worked out once for all of them.
struct MatchLists {
  private var codes: [UInt32] = []
  private var ranges: [Range<Int32>] = []
  private var traits: [Traits] = []
  private var slots: [Int32] = Array(repeating: -1, count: 64)

  private struct Traits: OptionSet {
    let rawValue: UInt8
    static let potential = Traits(rawValue: 1)
    static let plainElement = Traits(rawValue: 2)
  }

  /// The numbers of all lists.
  var indices: Range<Int> { ranges.indices }

  /// The codes of a list, from weak to strong.
  subscript(list: Int) -> ArraySlice<UInt32> { codes[ranges[list].offsets] }

  /// Whether a list has a selector that stays in its sheet.
  func hasPotential(_ list: Int) -> Bool { traits[list].contains(.potential) }

  /// Whether an element without a `style` of its own has the list.
  func hasPlainElement(_ list: Int) -> Bool { traits[list].contains(.plainElement) }

  /// Sorts codes and removes repetitions.
  static func sort(_ codes: inout [UInt32]) {
    if codes.count > 24 {
      codes.sort()
    } else {
      for index in codes.indices.dropFirst() {
        let code = codes[index]
        var position = index
        while position > 0, codes[position - 1] > code {
          codes[position] = codes[position - 1]
          position -= 1
        }
        codes[position] = code
      }
    }
    var kept = 0
    for index in codes.indices where kept == 0 || codes[kept - 1] != codes[index] {
      codes[kept] = codes[index]
      kept += 1
    }
    codes.removeLast(codes.count - kept)
  }

  /// The number of a list, which is added if it is new; `hasStyle` says whether the element has a `style` already.
  mutating func number(of list: [UInt32], hasStyle: Bool) -> Int32 {
    var slot = Self.hash(list) & (slots.count - 1)
    while slots[slot] >= 0 {
      let number = Int(slots[slot])
      if isEqual(number, list) {
        if !hasStyle { traits[number].insert(.plainElement) }
        return Int32(number)
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    let number = ranges.count
    slots[slot] = Int32(number)
    ranges.append(Int32(codes.count)..<Int32(codes.count + list.count))
    codes.append(contentsOf: list)
    traits.append(list.contains { $0 & 1 == 1 } ? .potential : [])
    if !hasStyle { traits[number].insert(.plainElement) }
    if ranges.count * 2 > slots.count { grow() }
    return Int32(number)
  }

  private func isEqual(_ number: Int, _ list: [UInt32]) -> Bool {
    let range = ranges[number].offsets
    guard range.count == list.count else { return false }
    for index in list.indices where codes[range.lowerBound + index] != list[index] { return false }
    return true
  }

  private static func hash(_ list: some Sequence<UInt32>) -> Int {
    var hash: UInt64 = 0x9E37_79B9_7F4A_7C15
    for code in list { hash = (hash ^ UInt64(code)) &* 0xff51_afd7_ed55_8ccd }
    return Int(truncatingIfNeeded: hash ^ hash >> 32) & Int(Int32.max)
  }

  private mutating func grow() {
    slots = Array(repeating: -1, count: slots.count * 2)
    for number in ranges.indices {
      var slot = Self.hash(codes[ranges[number].offsets]) & (slots.count - 1)
      while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = Int32(number)
    }
  }
}
