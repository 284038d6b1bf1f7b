import Foundation
import GalleySource
import GalleyTemplate
import GalleyText
import Testing

/// Mails that other people wrote, with values, conditions and loops strewn in where they please.
struct `Mails by others` {
  static let documents: [URL] = {
    let suites = ProcessInfo.processInfo.environment["GALLEY_SUITES"] ?? "../shared/suites"
    let folder = URL(fileURLWithPath: suites).appendingPathComponent("corpus")
    let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?.allObjects ?? []
    return files.compactMap { $0 as? URL }.filter { $0.pathExtension == "html" }.sorted { $0.path < $1.path }
  }()

  private static let hint: Comment = "GALLEY_SUITES does not lead to mails by others"

  @Test(.enabled(if: !documents.isEmpty, hint)) func `become text that can be sent, whatever is strewn in`() throws {
    var generator = SeededGenerator(seed: 4)
    for url in Self.documents {
      let html = String(decoding: try Data(contentsOf: url), as: UTF8.self)
        .replacingOccurrences(of: "{{", with: "{ {").replacingOccurrences(of: "\u{1A}", with: "")
      for template in [html, strewn(html, &generator)] {
        let text = Mustache.textPart(template, options: TextPart.Options(wrapColumn: 72)).text
        let counts = ["c": Int.random(in: 0...1, using: &generator), "d": Int.random(in: 0...2, using: &generator)]
        let rendered = Mustache.render(text, counts)
        #expect(text.origins.count == text.bytes.count, "\(url.lastPathComponent)")
        #expect(!rendered.contains("\n\n\n"), "\(url.path), seed 4, \(counts)")
        #expect(rendered.isEmpty || rendered.hasSuffix("\n"), "\(url.path), seed 4")
      }
    }
  }

  /// A document with holes of all kinds between its characters, blocks balanced.
  private func strewn(_ html: String, _ generator: inout SeededGenerator) -> String {
    var pieces: [String] = []
    var open: [(end: String, hasElse: Bool)] = []
    var rest = Substring(html)
    while !rest.isEmpty {
      let length = Int.random(in: 1...400, using: &generator)
      pieces.append(String(rest.prefix(length)))
      rest = rest.dropFirst(length)
      switch Int.random(in: 0..<6, using: &generator) {
      case 0: pieces.append("{{a}}")
      case 1: pieces.append("{{url:b}}")
      case 2:
        pieces.append("{{#if c}}")
        open.append(("{{/if}}", false))
      case 3:
        pieces.append("{{#each d}}")
        open.append(("{{/each}}", false))
      case 4:
        guard let last = open.last, !last.hasElse else { continue }
        pieces.append("{{else}}")
        open[open.count - 1].hasElse = true
      default: if let last = open.popLast() { pieces.append(last.end) }
      }
    }
    return (pieces + open.reversed().map(\.end)).joined()
  }
}
