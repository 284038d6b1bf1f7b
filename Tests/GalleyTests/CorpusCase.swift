import Foundation
import Galley
import GalleySource

/// A corpus case: one text file with what goes in and what is expected to come out.
///
/// It starts with a sentence about the case. A line `--- PATH` opens the content of a file of the site;
/// `--- expect diagnostics` what the build says, as a person reads it; `--- expect PATH` a file of the output. A site
/// without `galley.yml` gets a small one. `GALLEY_RECORD=1` writes what came out over what was expected.
struct CorpusCase: Sendable {
  let url: URL
  let description: String
  let files: [(path: String, text: String)]
  let expectations: [(name: String, text: String)]

  static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Corpus")

  static let configuration = """
    name: test
    locales: {default: en, supported: [en]}
    dialect: jinja
    environments:
      dev: {store: 's3://test-dev', region: eu-west-1}

    """

  /// Stands in a case behind a text that does not end with a line feed.
  private static let noNewline = "(no line feed at the end)\n"

  /// The cases of an area, by name.
  static func all(_ area: String) -> [String] {
    let names = try? FileManager.default.contentsOfDirectory(atPath: folder.appending(path: area).path)
    return (names ?? []).filter { $0.hasSuffix(".case") }.map { String($0.dropLast(5)) }.sorted()
  }

  init(_ area: String, _ name: String) throws {
    url = Self.folder.appending(path: area).appending(path: name + ".case")
    let text = try String(contentsOf: url, encoding: .utf8)
    var description = ""
    var files: [(path: String, text: String)] = []
    var expectations: [(name: String, text: String)] = []
    enum Section { case description, file, expectation }
    var section = Section.description
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
      if line.hasPrefix("--- expect ") {
        section = .expectation
        expectations.append((String(line.dropFirst("--- expect ".count)), ""))
      } else if line.hasPrefix("--- ") {
        section = .file
        files.append((String(line.dropFirst(4)), ""))
      } else {
        switch section {
        case .description: description += line + "\n"
        case .file: files[files.count - 1].text += line + "\n"
        case .expectation: expectations[expectations.count - 1].text += line + "\n"
        }
      }
    }
    for index in expectations.indices where expectations[index].text.hasSuffix(Self.noNewline) {
      expectations[index].text.removeLast(Self.noNewline.count)
    }
    self.description = description
    self.files = files
    self.expectations = expectations
  }

  /// Builds the site of the case in memory.
  func build() async throws -> (diagnostics: String, files: [String: [UInt8]], result: Workspace.BuildResult) {
    var texts = ["galley.yml": Self.configuration]
    for file in files { texts[file.path] = file.text }
    let workspace = try Workspace.open(MemoryFileSystem(texts: texts))
    let result = await workspace.build()
    var renderer = DiagnosticRenderer(sources: workspace.sources)
    let diagnostics = result.diagnostics.map { renderer.render($0) }.joined()
    var output: [String: [UInt8]] = [:]
    for file in result.bundle?.files ?? [] { output[file.path] = file.bytes }
    return (diagnostics, output, result)
  }

  /// Writes the case again with the given expectations.
  func record(_ expectations: [(name: String, text: String)]) throws {
    var text = description
    for file in files { text += "--- \(file.path)\n\(file.text)" }
    for expectation in expectations {
      text += "--- expect \(expectation.name)\n\(expectation.text)"
      if !expectation.text.isEmpty, !expectation.text.hasSuffix("\n") { text += Self.noNewline }
    }
    try text.write(to: url, atomically: true, encoding: .utf8)
  }

  static var isRecording: Bool { ProcessInfo.processInfo.environment["GALLEY_RECORD"] == "1" }
}
