import Foundation
import GalleyCheck
import GalleyHTML
import GalleySource
import Testing

struct `Checking real mails` {
  @Test func `the corpus is checked without a trap`() throws {
    guard let folder = suites?.appendingPathComponent("corpus") else {
      print("skipped: no suites")
      return
    }
    var documents: [(path: String, tree: HTMLTree)] = []
    let paths = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
    for path in paths.sorted() where path.hasSuffix(".html") {
      let bytes = [UInt8](try Data(contentsOf: folder.appendingPathComponent(path)))
      documents.append((path, HTMLTree.parse(bytes, placeholders: bracedPlaceholders(bytes))))
    }
    try #require(documents.count > 100)
    var counts: [String: Int] = [:]
    for (_, tree) in documents {
      for finding in HTMLValidator.validate(tree) { counts[finding.code.name, default: 0] += 1 }
    }
    print("corpus: \(documents.count) mails")
    for (code, count) in counts.sorted(by: { $0.key < $1.key }) { print("  \(code) \(count)") }
    // Mails that are sent every day are mostly well made: more than this would be false alarms.
    #expect(counts.values.reduce(0, +) < 120)
    #expect(counts["html/not-well-formed"] == nil)
  }
}
