import GalleyHTML
import GalleySource

extension CSSInliner {
  /// An inliner for many documents in turn: a style sheet that several of them hold is parsed once.
  ///
  /// What comes out is the same as without a session. A session remembers up to some megabytes of sheets and
  /// attributes; it is for one task at a time.
  public struct Session: Sendable {
    private let inliner: CSSInliner
    private var session: InlineSession

    init(_ inliner: CSSInliner) {
      self.inliner = inliner
      var options = InlineOptions()
      options.inlinesConditionals = inliner.options.inlinesConditionals
      options.purgesUnmatched = inliner.options.purgesUnmatched
      options.reportsSelectors = true
      session = InlineSession(options: options)
    }

    /// The document with its styles inlined.
    public mutating func inline(_ html: String) -> String { output(for: html).html }

    /// The document with its styles inlined, what is wrong with them, and what became of each selector.
    public mutating func output(for html: String) -> Output { inline(Array(html.utf8)) }

    /// The same for bytes, with further sheets for this document alone, which come last in the cascade.
    ///
    /// `placeholders` are left alone, besides those that the options look for.
    public mutating func inline(
      _ html: [UInt8], sheets: [[UInt8]] = [], placeholders: [Placeholder] = []
    ) -> Output {
      let syntaxes = inliner.options.placeholders.syntaxes(in: html)
      let found = syntaxes.isEmpty ? [] : PlaceholderScanner.scan(html, syntaxes: syntaxes)
      let own = CSSInliner.parse(sheets, inliner.options.placeholders, behind: inliner.sheets.count)
      let holes = Placeholder.sound(placeholders, and: found, in: html.count)
      let tree = session.parse(html, placeholders: holes)
      var document = WorkingDocument(tree, SourceID(index: 0))
      let result = session.inline(tree, sheets: inliner.sheets + own, origins: document.origins)
      document.apply(result.edits)
      session.giveBack(tree)
      var diagnostics = result.diagnostics + CSSInliner.faults(of: own)
      diagnostics += document.run(inliner.passes)
      diagnostics = diagnostics.normalized()
      return Output(
        bytes: document.bytes,
        findings: Finding.list(diagnostics, in: [html] + inliner.sheets.map(\.bytes) + own.map(\.bytes)),
        selectors: result.report.entries.map { entry in
          Selector(text: entry.selector, fate: Selector.Fate(entry.fate), reason: entry.reason)
        }, diagnostics: diagnostics)
    }
  }
}

extension CSSInliner.Selector.Fate {
  fileprivate init(_ fate: InlineReport.Fate) {
    self =
      switch fate {
      case .inlined: .inlined
      case .inlinedAndKept: .inlinedAndKept
      case .kept: .kept
      case .unmatched: .unmatched
      case .purged: .purged
      }
  }
}
