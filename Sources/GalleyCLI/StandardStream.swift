import Glibc

/// One of the process's standard streams.
///
/// The only unsafe code of the command line: the bytes are borrowed for the length of one system call.
enum StandardStream: Int32 {
  case input = 0
  case output = 1
  case error = 2

  /// Whether a person sits at the other end.
  var isTerminal: Bool { isatty(rawValue) == 1 }

  /// Writes all bytes; a reader that has gone away ends the process quietly, as it does any filter.
  func write(_ bytes: [UInt8]) {
    var position = 0
    while position < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { buffer in
        unsafe Glibc.write(rawValue, buffer.baseAddress?.advanced(by: position), buffer.count - position)
      }
      if count < 0 {
        if errno == EINTR { continue }
        if errno == EPIPE { endProcess(0) }
        if self == .output {
          StandardStream.error.write("error: standard output can't be written: \(reason(errno))\n")
        }
        endProcess(Outcome.failed.rawValue)
      }
      position += count
    }
  }

  /// Writes text.
  func write(_ text: String) { write(Array(text.utf8)) }

  /// Reads to the end.
  func readAll() throws -> [UInt8] {
    var result: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe buffer.withUnsafeMutableBytes { unsafe read(rawValue, $0.baseAddress, $0.count) }
      if count == 0 { return result }
      if count < 0 {
        if errno == EINTR { continue }
        throw MachineFailure(description: "standard input can't be read: \(reason(errno))")
      }
      result.append(contentsOf: buffer[..<count])
    }
  }

  private func reason(_ code: Int32) -> String {
    unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
  }
}

/// Ends the process.
func endProcess(_ status: Int32) -> Never { Glibc.exit(status) }

/// The value of an environment variable.
func environmentValue(_ name: String) -> String? {
  unsafe getenv(name).map { unsafe String(cString: $0) }
}

/// Lets a write to a closed pipe fail instead of killing the process, so that it can end quietly.
func ignoreBrokenPipes() { _ = signal(SIGPIPE, SIG_IGN) }

/// A text that tells the temporary files of this process from those of others.
func processNonce() -> String { String(getpid(), radix: 36) }
