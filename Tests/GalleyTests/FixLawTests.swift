import Galley
import GalleySource
import Testing

/// The law of fixes over the golden cases: what a fix changes removes the finding that suggests it.
@Suite struct `Law of fixes` {
  @Test(arguments: CorpusCase.all("errors"))
  func `each suggested edit removes its finding and adds none of its kind`(_ name: String) async throws {
    let corpusCase = try CorpusCase("errors", name)
    var texts = ["galley.yml": CorpusCase.configuration]
    for file in corpusCase.files { texts[file.path] = file.text }
    let workspace = try Workspace.open(MemoryFileSystem(texts: texts))
    let before = await workspace.build().diagnostics
    for finding in before {
      for fix in finding.fixes {
        var mended = texts
        for edit in fix.edits.sorted(by: { $0.range.start > $1.range.start }) {
          let path = workspace.sources[edit.range.source].path
          var bytes = Array((mended[path] ?? "").utf8)
          bytes.replaceSubrange(edit.range.range, with: Array(edit.replacement.utf8))
          mended[path] = String(decoding: bytes, as: UTF8.self)
        }
        let after = await (try Workspace.open(MemoryFileSystem(texts: mended))).build().diagnostics
        let left = after.filter { $0.code == finding.code }
        #expect(left.isEmpty, "\(name): \(fix.message) leaves \(left.map(\.message))")
        #expect(
          after.filter(\.isError).count < before.filter(\.isError).count, "\(name): \(fix.message) breaks something")
      }
    }
  }
}

extension Diagnostic {
  fileprivate var isError: Bool { severity == .error }
}
