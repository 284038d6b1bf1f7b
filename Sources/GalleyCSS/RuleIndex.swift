import GalleyHTML

/// Where to look for the selectors that an element may match.
///
/// Selectors are filed under the rarest thing their rightmost compound asks for: an identifier, else a class, else a
/// type. Each bucket lists its members from weak to strong. Members are numbers from 0 on.
struct RuleIndex: Sendable {
  private var slots: [Int32] = []
  private var hashes: [UInt64] = []
  private var next: [Int32] = []
  /// The members that any element may match.
  private(set) var universal: [Int32] = []
  /// The members that ask for a class or an identifier: candidates where those are not known.
  private(set) var named: [Int32] = []

  /// Files selectors by their keys, under their positions.
  init(_ selectors: [SelectorStore.Selector]) {
    var size = 16
    while size < selectors.count * 2 { size *= 2 }
    slots = Array(repeating: -1, count: size)
    hashes = Array(repeating: 0, count: size)
    next = Array(repeating: -1, count: selectors.count)
    for member in selectors.indices.reversed() {
      let key = selectors[member].key
      if key.kind == .any {
        universal.append(Int32(member))
        continue
      }
      if key.kind != .type { named.append(Int32(member)) }
      let slot = slot(of: Self.mixed(key.hash, key.kind))
      hashes[slot] = Self.mixed(key.hash, key.kind)
      next[member] = slots[slot]
      slots[slot] = Int32(member)
    }
    universal.reverse()
    named.reverse()
  }

  private static func mixed(_ hash: UInt64, _ kind: SelectorStore.Key.Kind) -> UInt64 {
    hash &+ UInt64(kind.rawValue) &* 0x9E37_79B9_7F4A_7C15
  }

  private func slot(of hash: UInt64) -> Int {
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: hash) & mask
    while slots[slot] >= 0, hashes[slot] != hash { slot = (slot + 1) & mask }
    return slot
  }

  /// Appends the members of a bucket.
  func append(_ hash: UInt64, _ kind: SelectorStore.Key.Kind, to list: inout [Int32]) {
    var member = slots[slot(of: Self.mixed(hash, kind))]
    while member >= 0 {
      list.append(member)
      member = next[Int(member)]
    }
  }
}
