/// Numbers by the hashes of what they stand for, which is kept elsewhere.
///
/// An open-addressed table that serves all the lists of things that occur again and again in a document. The caller
/// compares the things themselves, so equal hashes do no harm. Forgetting costs nothing: each number is kept with a
/// base added to it, and slots with less than the base of the day are free.
struct NumberTable: Sendable {
  private struct Slot: Sendable {
    var hash: UInt64 = 0
    var number: Int32 = -1
  }

  private var slots: [Slot] = Array(repeating: Slot(), count: 64)
  private var count = 0
  private var base: Int32 = 0
  /// What lies above all numbers in the table, base included.
  private var limit: Int32 = 0

  private static let highestBase: Int32 = 1 << 30

  /// The number under a hash for which `isSame` holds, or nil.
  @inline(__always) func number(_ hash: UInt64, where isSame: (Int) -> Bool) -> Int? {
    let slots = slots.span
    let mask = slots.count &- 1
    var position = Int(truncatingIfNeeded: hash &>> 32 ^ hash) & mask
    while slots[position].number >= base {
      let number = Int(slots[position].number &- base)
      if slots[position].hash == hash, isSame(number) { return number }
      position = (position &+ 1) & mask
    }
    return nil
  }

  /// Adds a number under a hash; it is not there yet.
  mutating func add(_ number: Int, _ hash: UInt64) {
    if (count + 1) * 2 > slots.count { grow() }
    let slot = Slot(hash: hash, number: Int32(number) + base)
    insert(slot)
    limit = max(limit, slot.number + 1)
    count += 1
  }

  /// Forgets all numbers.
  mutating func removeAll() {
    count = 0
    base = limit
    if base > Self.highestBase {
      for position in slots.indices { slots[position].number = -1 }
      (base, limit) = (0, 0)
    }
  }

  private mutating func insert(_ slot: Slot) {
    let mask = slots.count - 1
    var position = Int(truncatingIfNeeded: slot.hash >> 32 ^ slot.hash) & mask
    while slots[position].number >= base { position = (position + 1) & mask }
    slots[position] = slot
  }

  private mutating func grow() {
    let old = slots
    slots = Array(repeating: Slot(), count: old.count * 2)
    for slot in old where slot.number >= base { insert(slot) }
  }
}
