/// The order of things by weight, those of equal weight as they came.
///
/// The selectors of a set of rules have few weights, so they are counted out rather than sorted.
struct WeightOrder {
  /// Up to how many weights are looked through for each thing.
  private static let limit = 48

  private var keys: [UInt64] = []

  /// Makes room for so many.
  mutating func reserveCapacity(_ count: Int) { keys.reserveCapacity(count) }

  /// Adds the next thing; one that is late comes behind those of the same weight.
  ///
  /// Weights have at most 63 bits.
  mutating func add(_ weight: UInt64, isLate: Bool) { keys.append(weight &<< 1 | (isLate ? 1 : 0)) }

  /// The numbers of all things, from light to heavy.
  func sorted() -> [Int32] {
    guard let groups = Groups(keys, limit: Self.limit) else {
      return keys.indices.sorted { (keys[$0], $0) < (keys[$1], $1) }.map { Int32($0) }
    }
    return groups.members()
  }

  /// Things of the same weight, each pointing at the next.
  private struct Groups {
    private struct Group {
      let key: UInt64
      let first: Int32
      var last: Int32
    }

    private var groups: [Group] = []
    private var next: [Int32]

    /// Groups things by their keys; nil if there are more than `limit` groups.
    init?(_ keys: [UInt64], limit: Int) {
      next = Array(repeating: -1, count: keys.count)
      var current = 0
      for number in keys.indices {
        let key = keys[number]
        if current >= groups.count || groups[current].key != key {
          current = 0
          while current < groups.count, groups[current].key != key { current += 1 }
          if current == limit { return nil }
        }
        if current == groups.count {
          groups.append(Group(key: key, first: Int32(number), last: Int32(number)))
        } else {
          next[Int(groups[current].last)] = Int32(number)
          groups[current].last = Int32(number)
        }
      }
      groups.sort { $0.key < $1.key }
    }

    /// The numbers of all things.
    func members() -> [Int32] {
      var result: [Int32] = []
      result.reserveCapacity(next.count)
      for group in groups {
        var number = group.first
        while number >= 0 {
          result.append(number)
          number = next[Int(number)]
        }
      }
      return result
    }
  }
}
