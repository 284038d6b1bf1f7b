import ArgumentParser
import Galley
import GalleyCSS
import GalleyHTML
import GalleySource

/// `galley inline`: the inliner alone, for anyone's HTML.
struct InlineCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inline", abstract: "Moves the CSS of an HTML mail into style attributes.",
    discussion: """
      Reads a file, or standard input where none is named, and prints the document with its rules inlined; the rest of \
      the bytes stay as they are. Placeholders of template languages are never touched. Nothing is read from a network.
      """)

  @Argument(help: "The HTML file; standard input where none is named.", completion: .file())
  var file: String?

  @Option(name: .long, help: "A style sheet that comes last in the cascade; can be repeated.", completion: .file())
  var css: [String] = []

  @Option(name: .long, help: "The file to write; standard output where none is named.", completion: .file())
  var out: String?

  @Flag(name: .long, help: "Removes rules that match nothing.")
  var purge = false

  @Option(name: .long, help: "How findings are written: human, short or json (one object a line).")
  var format = DiagnosticFormat.human

  @Option(name: .long, help: "When messages are colored: auto, always or never.")
  var color = ColorChoice.auto

  func run() throws {
    do {
      var sources = SourceSet()
      let html = try file.map { try Workspace.readFile($0) } ?? StandardStream.input.readAll()
      _ = sources.add(path: file ?? "<standard input>", bytes: html)
      let sheets = try css.map { path in
        let bytes = try Workspace.readFile(path)
        _ = sources.add(path: path, bytes: bytes)
        return bytes
      }
      let result = inline(html, sheets)
      SiteOptions.report(result.diagnostics, sources: sources, format: format, color: color)
      if let out {
        try Workspace.writeFile(result.bytes, to: out, nonce: processNonce())
      } else {
        StandardStream.output.write(result.bytes)
      }
      if result.diagnostics.hasErrors { throw Outcome.sourcesHaveErrors }
    } catch let failure as FileFailure {
      throw MachineFailure(failure)
    }
  }

  private func inline(_ html: [UInt8], _ sheets: [[UInt8]]) -> CSSInliner.Output {
    var options = CSSInliner.Options()
    options.purgesUnmatched = purge
    let placeholders = PlaceholderScanner.scan(html).map { placeholder in
      let kind: CSSInliner.Placeholder.Kind =
        switch placeholder.kind {
        case .output: .output
        case .open: .open
        case .middle: .middle
        case .close: .close
        case .silent: .silent
        }
      return CSSInliner.Placeholder(range: placeholder.range, kind: kind)
    }
    return CSSInliner(options: options).inline(html, sheets: sheets, placeholders: placeholders)
  }
}
