/// What selectors in arguments have answered for elements.
///
/// Without it, `:is(:is(.a .b) .c) .d`, which nested rules come to, would look at each ancestor of each ancestor. The
/// table grows with what is asked up to a limit, and then starts anew.
struct MatchMemo {
  /// Each entry is a key in the higher bits with the answer below; 0 is a free slot.
  private var slots: [UInt64] = []
  private var count = 0

  private static let limit = 1 << 19

  /// What was answered: whether the element matches, and the doubts there were.
  func find(_ list: Int32, _ node: Int, _ assumption: Bool) -> (isMatch: Bool, doubt: UInt8)? {
    guard !slots.isEmpty, let key = Self.key(list, node, assumption) else { return nil }
    let entry = slots[slot(of: key)]
    guard entry != 0 else { return nil }
    return (entry & 1 == 1, UInt8(truncatingIfNeeded: entry >> 1 & 7))
  }

  /// Remembers an answer.
  mutating func insert(_ list: Int32, _ node: Int, _ assumption: Bool, isMatch: Bool, doubt: UInt8) {
    guard let key = Self.key(list, node, assumption) else { return }
    if count * 2 >= slots.count { grow() }
    let slot = slot(of: key)
    if slots[slot] == 0 { count += 1 }
    slots[slot] = key << 4 | UInt64(doubt) << 1 | (isMatch ? 1 : 0)
  }

  /// The key of a question, never 0; nil for one with numbers beyond what fits, which is then not remembered.
  private static func key(_ list: Int32, _ node: Int, _ assumption: Bool) -> UInt64? {
    guard list < 1 << 27 else { return nil }
    return UInt64(list + 1) << 32 | UInt64(UInt32(node)) << 1 | (assumption ? 1 : 0)
  }

  private func slot(of key: UInt64) -> Int {
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 32) & mask
    while slots[slot] != 0, slots[slot] >> 4 != key { slot = (slot + 1) & mask }
    return slot
  }

  private mutating func grow() {
    let old = slots.count < Self.limit ? slots : []
    slots = Array(repeating: 0, count: slots.isEmpty ? 256 : min(slots.count * 2, Self.limit))
    count = 0
    for entry in old where entry != 0 {
      slots[slot(of: entry >> 4)] = entry
      count += 1
    }
  }
}
