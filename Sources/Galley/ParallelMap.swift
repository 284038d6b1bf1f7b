import Synchronization

extension Array where Element: Sendable {
  /// The results of a pure function for all elements, in order, computed on all cores.
  ///
  /// Each worker takes the next element that nobody has taken, until there is none, and keeps a state of its own, such
  /// as a cache: what comes out must not depend on it. `worker` makes the state of one, once it has something to do;
  /// there are never more of them than cores, nor than `limit`. `progress` is told how many of how many elements are
  /// done, from any thread.
  package func mapInParallel<Worker, Result: Sendable>(
    limit: Int = 64, progress: (@Sendable (_ done: Int, _ total: Int) -> Void)?,
    worker: @escaping @Sendable () -> Worker,
    _ transform: @escaping @Sendable (Element, inout Worker) -> Result
  ) async -> [Result] {
    let queue = WorkQueue(count: count)
    return await withTaskGroup(of: [(index: Int, result: Result)].self) { group in
      for _ in 0..<Swift.min(count, Swift.max(limit, 1)) {
        group.addTask {
          var results: [(index: Int, result: Result)] = []
          guard var index = queue.take() else { return results }
          var state = worker()
          while true {
            results.append((index, transform(self[index], &state)))
            progress?(queue.finish(), count)
            guard let next = queue.take() else { return results }
            index = next
          }
        }
      }
      var results: [Result?] = Array<Result?>(repeating: nil, count: count)
      for await part in group {
        for (index, result) in part { results[index] = result }
      }
      return results.compactMap(\.self)
    }
  }
}

/// The numbers from zero to a count, each handed out once.
private final class WorkQueue: Sendable {
  private let count: Int
  private let state = Mutex((next: 0, done: 0))

  init(count: Int) { self.count = count }

  /// The next number, unless all are handed out.
  func take() -> Int? {
    state.withLock { state in
      guard state.next < count else { return nil }
      defer { state.next += 1 }
      return state.next
    }
  }

  /// Counts one more as done; returns how many are.
  func finish() -> Int {
    state.withLock { state in
      state.done += 1
      return state.done
    }
  }
}
