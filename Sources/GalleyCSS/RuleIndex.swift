import GalleyHTML

/// Where to look for the selectors that an element may match.
///
/// Selectors are filed under the rarest thing their rightmost compound asks for: an identifier, else a class, else a
/// type. Each bucket lists its members from weak to strong. Members are numbers from 0 on.
struct RuleIndex: Sendable {
  /// A bucket: its key, and its first member or -1.
  private struct Slot {
    var hash: UInt64 = 0
    var first: Int32 = -1
  }

  private var slots: [Slot]
  private var next: [Int32]
  /// The members that any element may match.
  private(set) var universal: [Int32] = []
  /// The members that ask for a class or an identifier: candidates where those are not known.
  private(set) var named: [Int32] = []

  /// Files selectors by their keys, under their positions.
  init(_ selectors: [SelectorStore.Selector]) {
    self.init(count: selectors.count) { selectors[$0].key }
  }

  /// Files things by their keys, under their positions.
  init(_ keys: [SelectorStore.Key]) {
    self.init(count: keys.count) { keys[$0] }
  }

  @inline(__always) private init(count: Int, key: (Int) -> SelectorStore.Key) {
    var size = 8
    while size < count * 2 { size *= 2 }
    slots = Array(repeating: Slot(), count: size)
    next = Array(repeating: -1, count: count)
    named.reserveCapacity(count)
    for member in (0..<count).reversed() {
      let key = key(member)
      if key.kind == .any {
        universal.append(Int32(truncatingIfNeeded: member))
        continue
      }
      if key.kind != .type { named.append(Int32(truncatingIfNeeded: member)) }
      let hash = Self.mixed(key.hash, key.kind)
      let slot = slot(of: hash)
      next[member] = slots[slot].first
      slots[slot] = Slot(hash: hash, first: Int32(truncatingIfNeeded: member))
    }
    universal.reverse()
    named.reverse()
  }

  private static func mixed(_ hash: UInt64, _ kind: SelectorStore.Key.Kind) -> UInt64 {
    hash &+ UInt64(kind.rawValue) &* 0x9E37_79B9_7F4A_7C15
  }

  @inline(__always) private func slot(of hash: UInt64) -> Int {
    let mask = slots.count &- 1
    var slot = Int(truncatingIfNeeded: hash) & mask
    while slots[slot].first >= 0, slots[slot].hash != hash { slot = (slot &+ 1) & mask }
    return slot
  }

  /// Appends the members of a bucket.
  func append(_ hash: UInt64, _ kind: SelectorStore.Key.Kind, to list: inout [Int32]) {
    var member = slots[slot(of: Self.mixed(hash, kind))].first
    while member >= 0 {
      list.append(member)
      member = next[Int(member)]
    }
  }
}
