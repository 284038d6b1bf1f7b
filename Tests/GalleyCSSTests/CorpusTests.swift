import Foundation
import GalleyCSS
import GalleyHTML
import GalleySource
import Testing

/// Real mails by others, where they are at hand.
private let corpus: [(name: String, bytes: [UInt8])] = {
  let root = ProcessInfo.processInfo.environment["GALLEY_SUITES"] ?? "../shared/suites"
  let folder = URL(fileURLWithPath: root).appendingPathComponent("corpus")
  let paths = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
  return paths.filter { $0.hasSuffix(".html") }.sorted().compactMap { path in
    guard let data = FileManager.default.contents(atPath: folder.appendingPathComponent(path).path) else { return nil }
    return (path, [UInt8](data))
  }
}()

@Suite struct CorpusTests {
  @Test func `inlining a real mail again changes nothing`() {
    if corpus.isEmpty { return print("no corpus found: set GALLEY_SUITES") }
    for (name, bytes) in corpus {
      let once = CSSInliner().inline(bytes).bytes
      let twice = CSSInliner().inline(once).bytes
      #expect(once == twice, "\(name) differs from \(firstDifference(once, twice))")
    }
  }

  @Test func `only styles and sheets of a real mail change`() {
    for (name, bytes) in corpus {
      let tree = HTMLTree.parse(bytes)
      let edits = Inliner().inline(tree).edits.sorted()
      var end = 0
      for edit in edits {
        #expect(edit.range.lowerBound >= end, "\(name): edits overlap at \(edit.range)")
        end = edit.range.upperBound
        let isInSheet = tree.nodes.contains {
          $0.kind == .element && bytes[Int($0.start) + 1..<Int($0.nameEnd)].elementsEqual("style".utf8)
            && Int($0.start) - 200 <= edit.range.lowerBound && edit.range.upperBound <= Int($0.end) + 2
        }
        let isInTag = tree.nodes.contains {
          $0.kind == .element && Int($0.nameEnd) <= edit.range.lowerBound
            && edit.range.upperBound <= Int($0.contentStart)
        }
        #expect(isInSheet || isInTag, "\(name): an edit at \(edit.range) is in no tag and no sheet")
      }
    }
  }

  private func firstDifference(_ a: [UInt8], _ b: [UInt8]) -> String {
    let index = zip(a, b).enumerated().first { $0.element.0 != $0.element.1 }?.offset ?? min(a.count, b.count)
    let start = max(index - 80, 0)
    return """
      byte \(index): \(String(decoding: a[start..<min(index + 120, a.count)], as: UTF8.self))
      and then \(String(decoding: b[start..<min(index + 120, b.count)], as: UTF8.self))
      """
  }
}
