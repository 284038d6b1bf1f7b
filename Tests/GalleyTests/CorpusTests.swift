import Galley
import GalleySource
import Testing

/// The golden cases: what a person is told about a fault, and what becomes of a good site, word for word.
@Suite struct CorpusTests {
  @Test(arguments: CorpusCase.all("errors"))
  func `a fault is reported as the case has it`(_ name: String) async throws {
    let corpusCase = try CorpusCase("errors", name)
    let (diagnostics, files, result) = try await corpusCase.build()
    if CorpusCase.isRecording {
      try corpusCase.record([("diagnostics", diagnostics)])
      Issue.record("recorded \(name)")
      return
    }
    #expect(corpusCase.expectations.first?.text == diagnostics)
    #expect(result.diagnostics.hasErrors)
    #expect(result.diagnostics.count == 1, "one cause, one message")
    #expect(files.isEmpty, "nothing is built of a site with errors")
  }

  @Test(arguments: CorpusCase.all("output"))
  func `a site compiles to what the case has`(_ name: String) async throws {
    let corpusCase = try CorpusCase("output", name)
    let (diagnostics, files, _) = try await corpusCase.build()
    if CorpusCase.isRecording {
      let texts = corpusCase.expectations.map { name, _ in
        let bytes = files[name.hasPrefix("dist/") ? String(name.dropFirst(5)) : name]
        return (name, name == "diagnostics" ? diagnostics : bytes.map { String(decoding: $0, as: UTF8.self) } ?? "")
      }
      try corpusCase.record(texts)
      Issue.record("recorded \(name)")
      return
    }
    for (name, text) in corpusCase.expectations where name != "diagnostics" {
      let bytes = files[name.hasPrefix("dist/") ? String(name.dropFirst(5)) : name]
      #expect(bytes.map { String(decoding: $0, as: UTF8.self) } == text, "\(name)\n\(diagnostics)")
    }
    let expected = corpusCase.expectations.first { $0.name == "diagnostics" }?.text ?? ""
    #expect(diagnostics == expected)
  }

  @Test func `the ten faults that newcomers make have their cases`() {
    let names = Set(CorpusCase.all("errors"))
    let wanted: Set = [
      "typo-in-a-variable", "typo-in-a-partial-name", "missing-parameter", "unclosed-block", "unclosed-quote",
      "wrong-type-in-galley-yml", "missing-message-key", "optional-printed-unguarded", "string-as-href",
      "unknown-front-matter-key",
    ]
    #expect(wanted.subtracting(names).isEmpty)
  }
}
