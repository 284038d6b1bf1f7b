#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// How the work that an input takes grows with its size.
///
/// What is compared is the CPU time of this thread for an input and for one four times as long, which needs no idea of
/// how fast a machine is and does not see what else runs on it. Others can only add to a time, so of several tries the
/// least one of either size counts, and nothing is tried again once the growth is seen to be small.
package struct Growth: CustomStringConvertible {
  /// The least times in nanoseconds.
  private var small = UInt64.max
  private var large = UInt64.max

  /// Measures work on inputs of `size` and four times `size`; `prepare` makes an input and is not measured.
  package init<Input>(from size: Int, prepare: (Int) -> Input, work: (Input) -> Void) {
    let (short, long) = (prepare(size), prepare(4 * size))
    for _ in 0..<8 {
      small = min(small, Self.time { work(short) })
      large = min(large, Self.time { work(long) })
      if isLinear { return }
    }
  }

  /// Whether four times the input take less than eight times the work: linear work takes four times as much, quadratic
  /// work sixteen times.
  package var isLinear: Bool { large < 8 * small }

  package var description: String { "\(small) ns, and \(large) ns for four times as much" }

  private static func time(_ work: () -> Void) -> UInt64 {
    let start = now
    work()
    return max(1, now - start)
  }

  /// The CPU time of this thread.
  private static var now: UInt64 {
    var time = timespec()
    // The system writes to a variable of ours, during the call.
    _ = unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}
