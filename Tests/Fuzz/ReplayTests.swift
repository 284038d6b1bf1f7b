import Foundation
import FuzzOracles
import Testing

/// An input that is kept: a seed of a fuzzer, or what it found once.
struct Input: Sendable, CustomTestStringConvertible {
  let target: FuzzTarget
  /// The path below `Tests/Fuzz`.
  let path: String
  let bytes: [UInt8]
  /// Whether it is in the list of those that are still to be mended.
  let isKnown: Bool

  var testDescription: String { path }

  private static let folder = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()

  /// The inputs of a folder, in the order of their paths.
  static func all(in name: String) -> [Input] {
    let list = (try? String(contentsOf: folder.appending(path: "known.txt"), encoding: .utf8)) ?? ""
    let known = Set(list.split(separator: "\n").filter { !$0.hasPrefix("#") }.map(String.init))
    return FuzzTarget.allCases.flatMap { target in
      let path = "\(name)/\(target.rawValue)"
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.appending(path: path).path)) ?? []
      return names.filter { !$0.hasPrefix(".") }.sorted().compactMap { file -> Input? in
        let data = FileManager.default.contents(atPath: folder.appending(path: "\(path)/\(file)").path)
        let relative = "\(path)/\(file)"
        return data.map { Input(target: target, path: relative, bytes: [UInt8]($0), isKnown: known.contains(relative)) }
      }
    }
  }
}

@Suite struct ReplayTests {
  @Test func `each fuzzer has seeds`() {
    for target in FuzzTarget.allCases {
      #expect(Input.all(in: "seeds").count { $0.target == target } >= 10, "\(target)")
    }
  }

  @Test(.timeLimit(.minutes(1)), arguments: Input.all(in: "seeds"))
  func `what a fuzzer starts with breaks no oracle`(_ input: Input) { Self.replay(input) }

  @Test(.timeLimit(.minutes(1)), arguments: Input.all(in: "regressions"))
  func `what a fuzzer found once breaks no oracle any more`(_ input: Input) { Self.replay(input) }

  private static func replay(_ input: Input) {
    if input.isKnown {
      withKnownIssue("\(input.path) is in Tests/Fuzz/known.txt") { try input.target.check(input.bytes) }
    } else {
      #expect(throws: Never.self, "\(input.path)") { try input.target.check(input.bytes) }
    }
  }

  @Test func `an input that breaks nothing is not made smaller`() {
    let text = Array("<!DOCTYPE html>\n<style>p { color: red }</style>\n<p>Hello {{name}}</p>\n".utf8)
    #expect(Minimizer.minimized(text, for: .inliner) == text)
  }
}
