import Foundation
import Testing

/// The suites of others, where they are at hand.
enum SuiteFiles {
  /// The folder of this package.
  static let package = URL(filePath: #filePath).resolvingSymlinksInPath()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// A folder of a suite, or nil, with a line that says so, where it is absent.
  static func folder(_ name: String) -> URL? {
    let path = ProcessInfo.processInfo.environment["GALLEY_SUITES"]
    let root = path.map { URL(filePath: $0) } ?? package.appending(path: "../shared/suites")
    let folder = root.appending(path: name)
    if FileManager.default.fileExists(atPath: folder.path) { return folder }
    print("skipped: no \(folder.path); set GALLEY_SUITES")
    return nil
  }

  /// The bytes of a file; empty where there is none.
  static func bytes(_ url: URL) -> [UInt8] { (try? Data(contentsOf: url)).map { Array($0) } ?? [] }

  /// The names of the files of a folder with the given extension, without it, in order.
  static func names(_ folder: URL, ext: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.filter { $0.hasSuffix(".\(ext)") }.map { String($0.dropLast(ext.count + 1)) }.sorted()
  }
}

/// Where this module differs from a suite of others, on purpose.
///
/// The file `Tests/Corpus/suites/NAME.deviations` has a line `KEY: REASON` for each case, and lines that start with
/// `#`. A case that differs without such a line is an issue, and so is a line whose case agrees or is not there. A
/// reason that starts with `bug: ` is one of ours: the case is a known issue.
struct Deviations {
  private let reasons: [String: String]
  private let name: String
  private var seen: Set<String> = []
  /// How many cases agree, and how many differ as listed.
  private(set) var agreed = 0
  private(set) var deviated = 0

  init(_ name: String) {
    self.name = name
    let url = SuiteFiles.package.appending(path: "Tests/Corpus/suites/\(name).deviations")
    var reasons: [String: String] = [:]
    let text = String(decoding: SuiteFiles.bytes(url), as: UTF8.self)
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      guard let colon = line.firstRange(of: ": ") else {
        Issue.record("\(name).deviations: '\(line)' gives no reason")
        continue
      }
      let key = String(line[..<colon.lowerBound])
      if reasons.updateValue(String(line[colon.upperBound...]), forKey: key) != nil {
        Issue.record("\(name).deviations lists '\(key)' twice")
      }
    }
    self.reasons = reasons
  }

  /// Notes a case; `difference` describes in what it differs, and is asked for only if that is not listed.
  mutating func note(_ key: String, differs: Bool, _ difference: () -> String) {
    guard differs else {
      agreed += 1
      return
    }
    deviated += 1
    seen.insert(key)
    guard let reason = reasons[key] else {
      Issue.record("\(name): '\(key)' differs: \(difference())")
      return
    }
    if reason.hasPrefix("bug: ") { withKnownIssue("\(name): '\(key)': \(reason)") { Issue.record("it differs") } }
  }

  /// Says how it went, and complains about lines that no case needs.
  func finish() {
    print("\(name): \(agreed) agree, \(deviated) deviate")
    for key in reasons.keys.sorted() where !seen.contains(key) {
      Issue.record("\(name).deviations: '\(key)' no longer deviates, or is not there")
    }
  }
}
