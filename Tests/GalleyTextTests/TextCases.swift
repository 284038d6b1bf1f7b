import Foundation
import GalleyText
import Testing

/// The cases under `Tests/Corpus/text`: what each mail looks like as text.
///
/// A file holds cases that begin with a line `=== title`, their HTML, a line `---` and their text.
struct `Mails as text` {
  struct Case: Sendable {
    var title: String
    var html: String
    var text: String
  }

  static let folder = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Corpus/text")

  static let files: [String] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.filter { $0.hasSuffix(".case") }.sorted()
  }()

  static func read(_ file: String) throws -> [Case] {
    let content = try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
    return content.components(separatedBy: "=== ").dropFirst().map { part in
      let newline = part.firstIndex(of: "\n") ?? part.endIndex
      let body = part[newline...].dropFirst()
      let halves = body.components(separatedBy: "---\n")
      return Case(
        title: String(part[..<newline]), html: halves.first ?? "", text: halves.dropFirst().joined(separator: "---\n"))
    }
  }

  @Test func `there are cases`() { #expect(Self.files.count >= 5) }

  @Test(arguments: files) func `each case comes out as it is written`(_ file: String) throws {
    let cases = try Self.read(file)
    let isRecording = ProcessInfo.processInfo.environment["GALLEY_RECORD"] == "1"
    var record = ""
    for item in cases {
      let text = Mustache.spell(Mustache.textPart(item.html).text)
      record += "=== \(item.title)\n\(item.html)---\n\(text)\n"
      if !isRecording { #expect(text + "\n" == item.text, "\(file): \(item.title)") }
    }
    if isRecording {
      try record.write(to: Self.folder.appendingPathComponent(file), atomically: true, encoding: .utf8)
      Issue.record("recorded \(file)")
    }
  }
}
