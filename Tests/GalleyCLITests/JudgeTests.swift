import Foundation
import Testing

/// The judges: programs that look at what the tool wrote with engines and clients of others.
///
/// They need the Python environment that `make test` makes. Without it they are skipped, but not where CI=true.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct JudgeTests {
  private static let environment = ProcessInfo.processInfo.environment
  private static let isCI = environment["CI"] == "true"
  private static let python =
    environment["GALLEY_PYTHON"].map { URL(filePath: $0) } ?? Tool.root.appending(path: ".venv/bin/python")
  private static let isReady = isCI || FileManager.default.isExecutableFile(atPath: python.path)
  private static let hint: Comment = "there is no Python environment; 'make test' makes it"

  private func judge(_ name: String, _ arguments: String...) throws {
    try #require(
      FileManager.default.isExecutableFile(atPath: Self.python.path), "no Python environment: run 'make test'")
    let script = Tool.root.appending(path: "Tests/Judges/\(name).py")
    let outcome = try Tool.run(
      Self.python, ["-B", script.path, "--galley", Tool.binary.path, "--site", Tool.root.path] + arguments,
      in: Tool.root)
    let verdict = outcome.text.split(separator: "\n").last ?? "said nothing"
    // Standard error is not buffered, so this stands before the closing line.
    var words = "judge \(name): \(verdict)\n"
    for line in outcome.text.split(separator: "\n") where line.hasPrefix("SKIPPED") { words += "  \(line)\n" }
    FileHandle.standardError.write(Data(words.utf8))
    #expect(outcome.status == 0, "\(outcome.text)\n\(outcome.messages)")
  }

  @Test(.enabled(if: isReady, hint))
  func `what is published renders as what was shown`() throws { try judge("rendering_law") }

  @Test(.enabled(if: isReady, hint))
  func `what is published is what the schemas and the digests say`() throws { try judge("schema_check") }

  @Test(.enabled(if: isReady, hint))
  func `a bucket synced from the output has each key that a service reads`() throws { try judge("s3_sync") }

  @Test(.enabled(if: isReady, hint))
  func `contracts are what validators, compilers and the sending service take them for`() throws {
    try judge("contracts")
  }

  @Test(.enabled(if: isReady, hint))
  func `the same sources give the same bytes`() throws { try judge("reproducible") }

  @Test(.enabled(if: isReady, hint))
  func `selectors match what Chromium says`() throws { try judge("selector_matches") }

  @Test(.enabled(if: isReady, hint))
  func `bad input is answered well`() throws {
    // The tool is built without optimization here, so it may be slower than it has to be for people.
    try judge("bad_inputs", "--seconds", Tool.binary.path.contains("/release/") ? "2" : "10")
  }

  @Test(.enabled(if: isReady, hint))
  func `mails fit a phone and can be read`() throws {
    let pictures = try TemporaryFolder()
    try judge("screenshots", "--out", pictures.url.path, "--locale", "en-ZA", "--locale", "zu-ZA")
  }

  @Test(.enabled(if: isReady, hint))
  func `a mail from right to left is the mirror image of one from left to right`() throws {
    try judge("right_to_left", "--random", "40")
  }

  @Test(.enabled(if: isReady, hint))
  func `Arabic mails fit a phone and can be read`() throws {
    let pictures = try TemporaryFolder()
    let site = Tool.root.appending(path: "Tests/Sites/arabic").path
    try judge("screenshots", "--out", pictures.url.path, "--site", site)
  }

  @Test(.enabled(if: isReady, hint))
  func `rules are matched on the tree that a browser builds`() throws { try judge("browser_trees") }

  @Test(.enabled(if: isReady, hint))
  func `a browser computes the same styles before and after inlining`() throws {
    try judge("computed_styles", "--random", "60")
  }

  @Test(.enabled(if: isReady, hint))
  func `a text part says what the HTML shows`() throws { try judge("text_words") }

  @Test(.enabled(if: isReady, hint))
  func `messages are formatted as ICU formats them`() throws { try judge("icu_messages") }

  @Test(.enabled(if: isReady, hint))
  func `translations go out and come back as XLIFF`() throws { try judge("xliff_exchange") }

  @Test(.enabled(if: isReady, hint))
  func `the tables of locales are what CLDR says`() throws {
    let script = Tool.root.appending(path: "scripts/cldr-tables.py")
    let outcome = try Tool.run(Self.python, ["-B", script.path, "--check"], in: Tool.root)
    if outcome.messages.contains("No module named 'babel'") {
      return FileHandle.standardError.write(Data("SKIPPED tables of locales: there is no Babel\n".utf8))
    }
    #expect(outcome.status == 0, "\(outcome.text)\n\(outcome.messages)")
  }
}
