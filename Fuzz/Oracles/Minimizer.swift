/// Makes the input of a finding small.
package enum Minimizer {
  /// The smallest input found by leaving out pieces that still breaks the oracle that `bytes` breaks.
  ///
  /// Pieces are halved until they are single bytes, again and again while that helps. Then each byte is an `a` if it
  /// may be one, so that the same fault mostly comes to the same bytes.
  package static func minimized(_ bytes: [UInt8], for target: FuzzTarget) -> [UInt8] {
    guard let oracle = brokenOracle(bytes, target) else { return bytes }
    var smallest = shortened(bytes, target, oracle)
    for index in smallest.indices where smallest[index] != 0x61 {
      var candidate = smallest
      candidate[index] = 0x61
      if brokenOracle(candidate, target) == oracle { smallest = candidate }
    }
    return shortened(smallest, target, oracle)
  }

  private static func shortened(_ bytes: [UInt8], _ target: FuzzTarget, _ oracle: String) -> [UInt8] {
    var smallest = bytes
    var hasChanged = true
    while hasChanged {
      hasChanged = false
      var length = max(smallest.count / 2, 1)
      while length > 0 {
        var start = 0
        while start < smallest.count {
          var candidate = smallest
          candidate.removeSubrange(start..<min(start + length, candidate.count))
          if brokenOracle(candidate, target) == oracle {
            smallest = candidate
            hasChanged = true
          } else {
            start += length
          }
        }
        length /= 2
      }
    }
    return smallest
  }

  private static func brokenOracle(_ bytes: [UInt8], _ target: FuzzTarget) -> String? {
    do {
      try target.check(bytes)
      return nil
    } catch {
      return error.oracle
    }
  }
}
