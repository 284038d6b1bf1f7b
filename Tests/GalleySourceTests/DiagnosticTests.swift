import GalleySource
import Testing

private func code(_ name: String, _ severity: Severity = .error) -> DiagnosticCode {
  DiagnosticCode(name, severity, summary: "s", explanation: "e", bad: "b", good: "g")
}

private func range(_ source: UInt32, _ start: Int, _ end: Int) -> SourceRange {
  SourceRange(SourceID(index: source), start, end)
}

struct DiagnosticTests {
  @Test func `findings come by file, place and code, those without a place first`() {
    let findings = [
      Diagnostic(code("b/b"), "third", at: range(0, 7, 8)),
      Diagnostic(code("a/a"), "fifth", at: range(1, 0, 1)),
      Diagnostic(code("a/a"), "second", at: range(0, 7, 9)),
      Diagnostic(code("z/z"), "first", at: nil),
      Diagnostic(code("c/c"), "fourth", at: range(0, 7, 8)),
    ]
    #expect(findings.normalized().map(\.message) == ["first", "second", "third", "fourth", "fifth"])
  }

  @Test func `one finding reached twice is reported once, as it was met first`() {
    let first = Diagnostic(code("a/a"), "m", at: range(0, 1, 2)).included(through: [range(1, 0, 1)])
    let second = Diagnostic(code("a/a"), "m", at: range(0, 1, 2)).included(through: [range(2, 0, 1)])
    #expect([first, second].normalized() == [first])
  }

  @Test func `findings that differ in code, place or message are all kept`() {
    let findings = [
      Diagnostic(code("a/a"), "m", at: range(0, 1, 2)), Diagnostic(code("a/b"), "m", at: range(0, 1, 2)),
      Diagnostic(code("a/a"), "n", at: range(0, 1, 2)), Diagnostic(code("a/a"), "m", at: range(0, 1, 3)),
      Diagnostic(code("a/a"), "m", at: nil),
    ]
    #expect(findings.normalized().count == findings.count)
  }

  @Test func `bytes that are no text are shown without a trap, wherever a finding points`() {
    let bytes = Array("p{".utf8) + [UInt8](repeating: 0x9F, count: 400) + Array("}".utf8)
    var sources = SourceSet()
    _ = sources.add(path: "a.css", bytes: bytes)
    var renderer = DiagnosticRenderer(sources: sources)
    for start in [0, 2, 3, 130, 200, 399, 402] {
      for end in [start, start + 1, 403] where end <= bytes.count {
        let text = renderer.render(Diagnostic(code("a/a"), "m", at: range(0, start, end)))
        #expect(text.contains("a.css:1:"))
      }
    }
  }

  @Test func `law: normalizing is idempotent and keeps one of each`() {
    forEachSeed(100) { random, seed in
      let findings = (0..<random.below(30)).map { _ in
        let start = random.below(3)
        return Diagnostic(
          code("a/\(random.below(2))"), "m\(random.below(2))",
          at: random.below(5) == 0 ? nil : range(UInt32(random.below(3)), start, start + random.below(2)))
      }
      let once = findings.normalized()
      #expect(once.normalized() == once, "seed \(seed)")
      #expect(Set(once) == Set(findings) && Set(once).count == once.count, "seed \(seed)")
    }
  }

  @Test func `only errors fail a build, whatever the code says by itself`() {
    let warning = Diagnostic(code("a/a", .warning), "m", at: nil)
    #expect(![warning].hasErrors)
    #expect([warning, Diagnostic(code("a/a", .warning), "m", at: nil, severity: .error)].hasErrors)
    #expect(![Diagnostic(code("a/a"), "m", at: nil, severity: .info)].hasErrors)
    #expect(Severity.allCases.sorted() == [.error, .warning, .info])
  }

  @Test func `calls become notes, the innermost first, behind the notes that were there`() {
    let note = Diagnostic.Note("declared here", at: range(0, 0, 1))
    let finding = Diagnostic(code("a/a"), "m", at: nil, notes: [note])
      .included(through: [range(1, 1, 2), range(2, 2, 3)])
    #expect(finding.notes.map(\.message) == ["declared here", "included from here", "included from here"])
    #expect(finding.notes.map(\.range) == [range(0, 0, 1), range(1, 1, 2), range(2, 2, 3)])
  }
}
