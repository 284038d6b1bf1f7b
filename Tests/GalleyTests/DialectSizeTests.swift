import Galley
import GalleySource
import Testing

/// What a service stores at most.
@Suite struct DialectSizeTests {
  /// Builds a mail that holds `count` bytes of no matter what.
  private func build(
    _ count: Int, dialect: String
  ) async throws -> (size: Int, diagnostics: [Diagnostic]) {
    let text = String(repeating: "x", count: count)
    let workspace = try Workspace.open(
      MemoryFileSystem(texts: [
        "galley.yml": CorpusCase.configuration,
        "templates/a.html":
          "---\ndialect: \(dialect)\nsubject: Ready\n---\n<!DOCTYPE html><html lang=\"en\"><head><title>R</title></head>"
          + "<body><p title=\"\(text)\">Ready</p></body></html>\n",
      ]))
    let result = await workspace.build()
    let parts = result.bundle?.files.filter { $0.path.hasSuffix("a.html") || $0.path.hasSuffix("a.txt") } ?? []
    return (parts.map(\.bytes.count).reduce("Ready".utf8.count, +), result.diagnostics)
  }

  @Test func `SES stores 500 KB, subject, text and HTML together`() async throws {
    let limit = 500_000
    let empty = try await build(0, dialect: "ses").size
    #expect(empty > 100)
    for (size, isRefused) in [(limit - 1, false), (limit, false), (limit + 1, true)] {
      let (written, diagnostics) = try await build(size - empty, dialect: "ses")
      #expect(diagnostics.contains { $0.code.name == "dialect/size" } == isRefused, "\(size)")
      if !isRefused { #expect(written == size) }
    }
    let other = try await build(limit + 1, dialect: "handlebars").diagnostics
    #expect(!other.contains { $0.code.name == "dialect/size" })
  }
}
