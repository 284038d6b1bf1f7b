/// A fixed table from names to values, looked up by hash without a second hash.
struct NameTable<Value: Sendable>: Sendable {
  private var keys: [UInt64]
  private var values: [Value]
  private let mask: Int
  private let missing: Value

  /// Makes an empty table for at most `capacity` names, which answers `missing` for others.
  init(capacity: Int, missing: Value) {
    var slots = 16
    while slots < capacity * 3 { slots *= 2 }
    keys = Array(repeating: 0, count: slots)
    values = Array(repeating: missing, count: slots)
    mask = slots - 1
    self.missing = missing
  }

  /// Sets the value of each of the names in a text, which are separated by spaces.
  mutating func insert(_ names: String, _ value: Value) { insert(names[...].utf8, value) }

  /// The same, for a part of a text.
  mutating func insert(_ names: Substring.UTF8View, _ value: Value) {
    for name in names.split(separator: 0x20) {
      let key = NameHash(name).value
      var slot = Int(truncatingIfNeeded: key) & mask
      while keys[slot] != 0, keys[slot] != key { slot = (slot + 1) & mask }
      keys[slot] = key
      values[slot] = value
    }
    precondition(keys.contains(0), "a table has free slots, or a search would not end")
  }

  /// The value of a name.
  subscript(name: NameHash) -> Value {
    var slot = Int(truncatingIfNeeded: name.value) & mask
    while keys[slot] != 0 {
      if keys[slot] == name.value { return values[slot] }
      slot = (slot + 1) & mask
    }
    return missing
  }
}
