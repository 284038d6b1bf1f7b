/// A small generator of random numbers whose sequence a seed decides (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }

  /// One of the given things.
  mutating func pick<T>(_ choices: [T]) -> T { choices[Int(next() % UInt64(choices.count))] }

  /// Whether something happens that happens `percent` times in a hundred.
  mutating func chance(_ percent: UInt64) -> Bool { next() % 100 < percent }

  /// A number from 0 up to `limit`, without it.
  mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }
}
