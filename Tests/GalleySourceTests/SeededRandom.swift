import Foundation

/// A small reproducible generator (SplitMix64) for property tests.
///
/// Set `GALLEY_SEED` to repeat a run; each law names its seed when it fails.
struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64

  /// Starts from a seed.
  init(seed: UInt64) { state = seed }

  /// The seed of this run: the one asked for in the environment, or a fresh one.
  static let runSeed: UInt64 =
    ProcessInfo.processInfo.environment["GALLEY_SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 1...UInt64.max)

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A number from 0 up to, not including, `bound`.
  mutating func below(_ bound: Int) -> Int { bound <= 1 ? 0 : Int.random(in: 0..<bound, using: &self) }

  /// Up to `most` bytes drawn from `alphabet`.
  mutating func bytes(upTo most: Int, from alphabet: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    for _ in 0..<below(most + 1) { result.append(alphabet[below(alphabet.count)]) }
    return result
  }
}

/// Runs `body` for many seeds that follow from the run's own.
func forEachSeed(_ count: Int, _ body: (_ random: inout SeededRandom, _ seed: UInt64) throws -> Void) rethrows {
  for index in 0..<count {
    let seed = SeededRandom.runSeed &+ UInt64(index)
    var random = SeededRandom(seed: seed)
    try body(&random, seed)
  }
}
