// galley-fuzz: feeds the oracles with what libFuzzer makes up.
//
// galley-fuzz TARGET FINDINGS [libFuzzer's arguments]   goes on after a finding; keeps some of each oracle in FINDINGS
// galley-fuzz TARGET --minimize FILE…                   makes each file as small as its finding allows
// galley-fuzz TARGET --replay FILE…                     says what each file breaks; exits with 1 if any does
//
// A trap ends the process, and libFuzzer keeps its input. `scripts/fuzz` builds this and calls it.
import Foundation
import FuzzOracles

@_silgen_name("LLVMFuzzerRunDriver")
func runLibFuzzer(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
  _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// What the function that libFuzzer calls has to know; it is called by one thread and can't capture anything.
enum Run {
  nonisolated(unsafe) static var target = FuzzTarget.html
  nonisolated(unsafe) static var folder = URL(filePath: ".")
  /// How many findings of each oracle there were.
  nonisolated(unsafe) static var findings: [String: Int] = [:]
  /// How many findings of an oracle are kept.
  static let kept = 12
  /// How much processor time an input may take, in seconds; honest ones take milliseconds.
  static let timeLimit = 1.0

  static func check(_ bytes: [UInt8]) {
    let start = clock()
    do throws(Finding) {
      try unsafe target.check(bytes)
      let seconds = Double(clock() - start) / Double(CLOCKS_PER_SEC)
      if seconds > timeLimit { note(Finding("time", "\(seconds) s for \(bytes.count) bytes"), bytes) }
    } catch {
      note(error, bytes)
    }
  }

  private static func note(_ finding: Finding, _ bytes: [UInt8]) {
    let number = unsafe findings[finding.oracle, default: 0] + 1
    unsafe findings[finding.oracle] = number
    guard number <= kept else { return }
    let file = unsafe folder.appending(path: "\(finding.oracle)-\(number)")
    do {
      try Data(bytes).write(to: file)
    } catch {
      print("can't write \(file.path): \(error)")
    }
    print("FINDING \(finding.oracle): \(finding.message.prefix(400))")
    fflush(nil)
  }
}

/// Calls a body with each file's bytes.
func forEachFile(_ paths: some Sequence<String>, _ body: (String, [UInt8]) throws -> Void) rethrows {
  for path in paths {
    guard let data = FileManager.default.contents(atPath: path) else {
      print("can't read \(path)")
      exit(2)
    }
    try body(path, [UInt8](data))
  }
}

let arguments = CommandLine.arguments
guard arguments.count > 2, let target = FuzzTarget(rawValue: arguments[1]) else {
  print("usage: galley-fuzz TARGET FINDINGS [ARGUMENT…] | TARGET --minimize FILE… | TARGET --replay FILE…")
  exit(2)
}
unsafe Run.target = target

switch arguments[2] {
case "--minimize":
  try forEachFile(arguments.dropFirst(3)) { path, bytes in
    try Data(Minimizer.minimized(bytes, for: target)).write(to: URL(filePath: path))
  }
case "--replay":
  var isBroken = false
  forEachFile(arguments.dropFirst(3)) { path, bytes in
    do throws(Finding) {
      try target.check(bytes)
    } catch {
      isBroken = true
      print("\(path): \(error.oracle): \(error.message)")
    }
  }
  exit(isBroken ? 1 : 0)
default:
  unsafe Run.folder = URL(filePath: arguments[2], directoryHint: .isDirectory)
  // libFuzzer keeps the arguments for as long as the process lives, so they are never freed.
  var count = CInt(arguments.count - 2)
  let list = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: arguments.count)
  for (index, argument) in ([arguments[0]] + arguments.dropFirst(3)).enumerated() {
    unsafe list[index] = unsafe strdup(argument)
  }
  unsafe list[Int(count)] = nil
  var pointer: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = unsafe list
  // The bytes are libFuzzer's and good for the length of the call; they are copied.
  let status = unsafe runLibFuzzer(&count, &pointer) { bytes, count in
    Run.check(unsafe Array(UnsafeBufferPointer(start: bytes, count: count)))
    return 0
  }
  exit(status)
}
