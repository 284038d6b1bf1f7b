import Synchronization

/// A line on a terminal that tells how far the work has come; nothing in a pipe.
final class Progress: Sendable {
  private let isShown: Bool
  private let verb: String
  private let shown = Mutex(-1)

  /// Makes a progress line, such as "compiling 12/108".
  init(_ verb: String, isQuiet: Bool) {
    self.verb = verb
    isShown = !isQuiet && StandardStream.error.isTerminal
  }

  /// Shows that `done` of `total` pieces are finished.
  func update(_ done: Int, _ total: Int) {
    guard isShown, total > 0 else { return }
    let percent = done * 100 / total
    let isNew = shown.withLock { last in
      defer { last = max(last, percent) }
      return percent > last
    }
    if isNew { StandardStream.error.write("\r\(verb) \(done)/\(total)\u{1B}[K") }
  }

  /// Takes the line away.
  func end() {
    if isShown { StandardStream.error.write("\r\u{1B}[K") }
  }
}
