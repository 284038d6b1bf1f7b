import Galley
import GalleySource
import Testing

/// What a service stores at most.
@Suite struct DialectSizeTests {
  /// Builds a mail that holds `count` bytes of no matter what in its HTML, and a subject.
  private func build(
    _ count: Int, dialect: String, subject: String = "Ready"
  ) async throws -> (size: Int, diagnostics: [Diagnostic]) {
    let text = String(repeating: "x", count: count)
    let workspace = try Workspace.open(
      MemoryFileSystem(texts: [
        "galley.yml": CorpusCase.configuration,
        "templates/a.html":
          "---\ndialect: \(dialect)\nsubject: \(subject)\n---\n<!DOCTYPE html><html lang=\"en\"><head><title>R</title></head>"
          + "<body><p title=\"\(text)\">Ready</p></body></html>\n",
      ]))
    let result = await workspace.build()
    let parts = result.bundle?.files.filter { $0.path.hasSuffix("a.html") || $0.path.hasSuffix("a.txt") } ?? []
    return (parts.map(\.bytes.count).reduce(subject.utf8.count, +), result.diagnostics)
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

  @Test func `SendGrid stores 1 MiB of HTML and as much text, and 255 characters of subject`() async throws {
    let limit = 1_048_576
    let empty = try await build(0, dialect: "sendgrid", subject: "").size - "Ready\n".utf8.count
    for (size, isRefused) in [(limit - 1, false), (limit, false), (limit + 1, true)] {
      let (written, diagnostics) = try await build(size - empty, dialect: "sendgrid", subject: "")
      #expect(diagnostics.contains { $0.code.name == "dialect/size" } == isRefused, "\(size)")
      if !isRefused { #expect(written == size + "Ready\n".utf8.count) }
    }
    for (count, isRefused) in [(254, false), (255, false), (256, true)] {
      let subject = String(repeating: "é", count: count)
      let diagnostics = try await build(0, dialect: "sendgrid", subject: subject).diagnostics
      #expect(diagnostics.contains { $0.code.name == "dialect/size" } == isRefused, "\(count)")
      #expect(
        try await !build(0, dialect: "jinja", subject: subject).diagnostics.contains { $0.code.name == "dialect/size" })
    }
  }
}
