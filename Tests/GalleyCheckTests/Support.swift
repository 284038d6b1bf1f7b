import Foundation
import GalleyCheck
import GalleyHTML
import GalleySource

/// The suites by others, or nil where they are not there.
let suites: URL? = {
  let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  let path =
    ProcessInfo.processInfo.environment["GALLEY_SUITES"] ?? root.appendingPathComponent("../shared/suites").path
  return FileManager.default.fileExists(atPath: path) ? URL(fileURLWithPath: path) : nil
}()

/// The placeholders of a foreign document: whatever stands in two braces.
func bracedPlaceholders(_ bytes: [UInt8]) -> [Placeholder] {
  var result: [Placeholder] = []
  var index = 0
  while index + 1 < bytes.count {
    guard bytes[index] == 0x7B, bytes[index + 1] == 0x7B else {
      index += 1
      continue
    }
    var end = index + 2
    while end + 1 < bytes.count, !(bytes[end] == 0x7D && bytes[end + 1] == 0x7D) { end += 1 }
    guard end + 1 < bytes.count else { break }
    let kind: Placeholder.Kind =
      switch bytes[index + 2] {
      case 0x23: .open
      case 0x2F: .close
      default: String(decoding: bytes[index + 2..<end], as: UTF8.self) == "else" ? .middle : .output
      }
    result.append(Placeholder(range: index..<end + 2, kind: kind))
    index = end + 2
  }
  return result
}

/// The findings of a document as lines of code, quoted bytes and message.
func findings(_ html: String) -> [String] {
  let bytes = Array(html.utf8)
  return HTMLValidator.validate(bytes, placeholders: bracedPlaceholders(bytes)).map { finding in
    let code = finding.code.name.dropFirst("html/".count)
    return "\(code) [\(String(decoding: bytes[finding.range], as: UTF8.self))] \(finding.message)"
  }
}

/// The codes of a document's findings, without their area, each with what it points at.
func codes(_ html: String) -> [String] {
  let bytes = Array(html.utf8)
  return HTMLValidator.validate(bytes, placeholders: bracedPlaceholders(bytes)).map { finding in
    "\(finding.code.name.dropFirst("html/".count)) \(String(decoding: bytes[finding.range], as: UTF8.self))"
  }
}

/// A small generator of numbers that are the same for the same seed.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state &* 0x2545_F491_4F6C_DD1D
  }
}
