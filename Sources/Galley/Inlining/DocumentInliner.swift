import GalleyCSS
package import GalleyHTML
package import GalleySource

/// One change to a whole document: what is done to its bytes, as edits.
///
/// A pass knows nothing of those before and behind it; between two of them the document is parsed again.
package struct DocumentPass: Sendable {
  /// The edits to a document.
  package let edits: @Sendable (HTMLTree) -> EditList

  /// Makes a pass.
  package init(_ edits: @escaping @Sendable (HTMLTree) -> EditList) { self.edits = edits }
}

/// Inlines documents that Galley did not compile: what `galley inline` does to one of them.
///
/// In this order: placeholders are found, linked sheets of the document's folder are put in place of their links,
/// styles are inlined, and then each pass has its turn. It is a pure function of the document and of the sheets that
/// `SheetScope` reads; documents do not depend on one another, so they can be inlined in any order and in parallel.
package struct DocumentInliner: Sendable {
  /// What is done to all documents alike.
  package struct Options: Sendable {
    /// The placeholders that are looked for; nil lets each document tell.
    package var syntaxes: PlaceholderScanner.Syntaxes?
    /// Whether rules that match nothing are removed.
    package var purgesUnmatched = false
    /// What happens behind inlining, in this order.
    package var passes: [DocumentPass] = []

    /// Makes the usual options.
    package init() {}
  }

  /// What has become of a document.
  package struct Outcome: Sendable {
    /// The finished document.
    package var bytes: [UInt8]
    /// What is wrong, in the order of files and places.
    package var diagnostics: [Diagnostic]
    /// The files that the diagnostics point into.
    package var sources: SourceSet
    /// What happened to each sheet and selector.
    package var account: InlineAccount
  }

  private let options: Options
  /// The sheets for all documents, as they were read.
  private let sheets: SourceSet
  /// The same for documents with the usual placeholders, parsed once.
  private let parsed: [StyleSheet]

  /// Makes an inliner; `sheets` come last in the cascade of each document.
  package init(options: Options = Options(), sheets: [(path: String, bytes: [UInt8])] = []) {
    self.options = options
    var sources = SourceSet()
    for sheet in sheets { _ = sources.add(path: sheet.path, bytes: Self.withoutMark(sheet.bytes)) }
    self.sheets = sources
    parsed = Self.parse(sources, options.syntaxes ?? .standard)
  }

  private static func parse(_ sheets: SourceSet, _ syntaxes: PlaceholderScanner.Syntaxes) -> [StyleSheet] {
    sheets.sources.enumerated().map { index, sheet in
      let placeholders = PlaceholderScanner.scan(sheet.bytes, syntaxes: syntaxes, isStyleSheet: true)
      return StyleSheet(sheet.bytes, placeholders: placeholders, source: SourceID(index: UInt32(index)))
    }
  }

  /// The bytes without a UTF-8 byte order mark, which may only stand at the start of a file.
  static func withoutMark(_ bytes: [UInt8]) -> [UInt8] {
    bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
  }

  /// What is wrong with the sheets for all documents, and the files that it points into.
  package var sheetFindings: (diagnostics: [Diagnostic], sources: SourceSet) {
    var diagnostics: [Diagnostic] = []
    for (index, sheet) in parsed.enumerated() {
      let origins = OriginMap(whole: SourceID(index: UInt32(index)), count: sheet.bytes.count)
      diagnostics += sheet.diagnostics { origins.origin(of: $0) }
      diagnostics += LinkedSheets.imports(in: sheet) { origins.origin(of: $0)?.range }
    }
    return (diagnostics.normalized(), sheets)
  }

  /// Inlines one document; `scope` is where its links may lead.
  package func inline(_ bytes: [UInt8], path: String, scope: SheetScope) -> Outcome {
    var sources = sheets
    let source = sources.add(path: path, bytes: bytes)
    let syntaxes = options.syntaxes ?? .detected(in: bytes)
    var outcome = Outcome(
      bytes: bytes, diagnostics: Self.encodingFaults(bytes, source), sources: sources, account: InlineAccount())
    if outcome.diagnostics.hasErrors { return outcome }

    var text = WorkingText(bytes, source, syntaxes)
    outcome.account.placeholderCount = text.tree.placeholders.count
    var linked = LinkedSheets(text.tree, text.origins, scope, sources)
    linked.replaceAll()
    text.apply(linked.edits)
    outcome.sources = linked.sources
    outcome.diagnostics += linked.diagnostics
    outcome.account.links = linked.links

    var inner = InlineOptions()
    inner.purgesUnmatched = options.purgesUnmatched
    inner.reportsSelectors = true
    let further = syntaxes == options.syntaxes ?? .standard ? parsed : Self.parse(sheets, syntaxes)
    let result = Inliner(options: inner).inline(text.tree, sheets: further, origins: text.origins)
    outcome.diagnostics += result.diagnostics
    outcome.account.entries = result.report.entries
    text.apply(result.edits)

    for pass in options.passes { text.apply(pass.edits(text.tree)) }
    outcome.bytes = text.tree.bytes
    outcome.diagnostics = outcome.diagnostics.normalized()
    return outcome
  }

  /// Complains about a text in UTF-16 or UTF-32, in which no tag would be found; other bytes are the author's affair.
  private static func encodingFaults(_ bytes: [UInt8], _ source: SourceID) -> [Diagnostic] {
    guard let first = bytes.first, first >= 0xFE || first == 0 else { return [] }
    return SourceText.check(bytes, source: source).diagnostics.filter { $0.code == .wrongEncoding }
  }
}

/// A document between two passes.
private struct WorkingText {
  private(set) var tree: HTMLTree
  private(set) var origins: OriginMap
  private let syntaxes: PlaceholderScanner.Syntaxes

  init(_ bytes: [UInt8], _ source: SourceID, _ syntaxes: PlaceholderScanner.Syntaxes) {
    self.syntaxes = syntaxes
    origins = OriginMap(whole: source, count: bytes.count)
    tree = Self.parse(bytes, syntaxes)
  }

  /// Applies edits and looks for placeholders anew, as the template engine will that reads the result.
  mutating func apply(_ edits: EditList) {
    if edits.isEmpty { return }
    origins = origins.applying(edits)
    tree = Self.parse(edits.apply(to: tree.bytes), syntaxes)
  }

  private static func parse(_ bytes: [UInt8], _ syntaxes: PlaceholderScanner.Syntaxes) -> HTMLTree {
    let placeholders = syntaxes.isEmpty ? [] : PlaceholderScanner.scan(bytes, syntaxes: syntaxes)
    return HTMLTree.parse(bytes, placeholders: placeholders)
  }
}
