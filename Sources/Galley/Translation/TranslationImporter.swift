import GalleySource
import GalleyTemplate

/// Brings the texts of a document into the catalog of a locale.
///
/// Every message is put together, written as a pattern, parsed and compared with the original before anything counts; and
/// the catalog that comes out is read again and must hold exactly what was meant.
struct TranslationImporter {
  private let workspace: Workspace
  private let document: XLIFFDocument
  private let locale: String
  /// The messages that change, with where the first of their units stands.
  private var changes: [(original: Message, pattern: String, range: SourceRange, isNew: Bool)] = []

  init(_ workspace: Workspace, _ document: XLIFFDocument, locale: String) {
    (self.workspace, self.document, self.locale) = (workspace, document, locale)
  }

  mutating func run(_ result: inout Workspace.ImportResult) {
    let returned = Dictionary(document.units.map { ($0.id, $0) }) { first, _ in first }
    var known: Set<String> = []
    for message in workspace.originals {
      let translation = workspace.site.catalogs[locale]?.messages[message.key]
      let units = TranslationUnits(message, translation, locale: locale)
      known.formUnion(units.units.map(\.id))
      take(units, message, translation, returned, &result)
    }
    for unit in document.units where !known.contains(unit.id) {
      result.refused += 1
      let near = Suggestion.nearest(to: unit.id, among: known).map { "; did you mean '\($0)'?" } ?? ""
      result.diagnostics.append(
        Diagnostic(
          .translationUnknown, "no message has a unit '\(DataRules.excerpt(unit.id))'\(near)", at: unit.range,
          help: ["export the messages again; units that are not the site's are left out"]))
    }
    result.added = changes.filter(\.isNew).map(\.original.key)
    result.changed = changes.filter { !$0.isNew }.map(\.original.key)
    result.path = workspace.catalogPath(of: locale) ?? newPath
    if !changes.isEmpty, !result.diagnostics.hasErrors { result.catalog = edited(&result) }
  }

  // MARK: Messages

  private mutating func take(
    _ units: TranslationUnits, _ original: Message, _ translation: Message?,
    _ returned: [String: XLIFFDocument.Unit], _ result: inout Workspace.ImportResult
  ) {
    var texts: [String: [TranslationUnit.Content]] = [:]
    var place: SourceRange?
    for unit in units.units {
      guard let own = returned[unit.id] else { continue }
      if own.source.unlabeled != unit.source.merged.unlabeled {
        result.refused += 1
        result.diagnostics.append(
          Diagnostic(
            .translationStale, "the source of '\(unit.name)' has changed since the export", at: own.range,
            notes: [.init("the text is here now", at: original.range)],
            help: ["export the messages again; the unit is left out"]))
        continue
      }
      // A unit that is empty because its source is has nothing to say.
      guard let target = own.target, !target.isEmpty || unit.source.isEmpty else {
        result.untranslated += 1
        continue
      }
      result.translated += 1
      if let current = unit.target, current.merged.unlabeled == target.unlabeled { continue }
      texts[unit.id] = target
      place = place ?? own.range
    }
    guard let place else { return }
    switch units.message(of: texts) {
    case .failure(let fault): report(fault, original, units, returned, place, &result)
    case .success(nil): break
    case .success(.some(let pieces)):
      guard check(pieces, original, place, &result) else { return }
      changes.append((original, Message.spelled(pieces), place, translation == nil))
    }
  }

  private func report(
    _ fault: TranslationUnits.Fault, _ original: Message, _ units: TranslationUnits,
    _ returned: [String: XLIFFDocument.Unit], _ place: SourceRange, _ result: inout Workspace.ImportResult
  ) {
    let note = Diagnostic.Note("the message in '\(workspace.site.catalogs.defaultLocale)' is here", at: original.range)
    switch fault {
    case .unknownMark(let id, let mark):
      let marks = units.units.first { $0.id == id }.map { ($0.source + ($0.target ?? [])).marks } ?? []
      if marks.contains(mark) {
        result.diagnostics.append(
          Diagnostic(
            .translationText, "the placeholder '\(mark)' of '\(original.key)' stands for something of another kind",
            at: returned[id]?.range ?? place, notes: [note],
            help: ["use the element of the source: '<x/>' or '<ph/>' for a value, '<g>' or '<pc>' for a link"]))
        return
      }
      let near = Suggestion.nearest(to: mark, among: marks).map { "; did you mean '\($0)'?" } ?? ""
      let list = Set(marks).sorted().map { "'\($0)'" }.joined(separator: ", ")
      result.diagnostics.append(
        Diagnostic(
          .translationText, "the placeholder '\(DataRules.excerpt(mark))' is none of '\(original.key)'\(near)",
          at: returned[id]?.range ?? place, notes: [note],
          help: near.isEmpty ? [list.isEmpty ? "the text has no placeholders" : "there are \(list)"] : []))
    case .incomplete(let id):
      result.diagnostics.append(
        Diagnostic(
          .translationText, "'\(original.key)' is translated in part: '\(id)' has no text",
          at: returned[id]?.range ?? place,
          notes: [note], help: ["translate that case, too; it is printed where no other fits"]))
    }
  }

  /// Whether pieces are a message that can stand in for the original.
  private func check(
    _ pieces: [Message.Piece], _ original: Message, _ place: SourceRange, _ result: inout Workspace.ImportResult
  ) -> Bool {
    let pattern = Message.spelled(pieces)
    let (message, faults) = MessageParser.parse(
      pattern, key: original.key, keyRange: place, at: place, locale: locale)
    if let fault = faults.first(where: { $0.severity == .error }) {
      result.diagnostics.append(
        Diagnostic(
          .translationText, fault.message, at: place, help: ["the pattern would be: \(DataRules.excerpt(pattern))"]))
      return false
    }
    let model = workspace.site.catalogs.defaultLocale
    if var difference = Catalogs.difference(message, original, model: model, in: locale) {
      difference.code = .translationText
      result.diagnostics.append(difference)
      return false
    }
    // What has been written must be read as what was meant.
    return message.spelled == pattern && !pattern.isEmpty
  }

  // MARK: The catalog

  private var newPath: String {
    let model = workspace.catalogPath(of: workspace.site.catalogs.defaultLocale) ?? ".yml"
    return "locales/\(locale)\(model[(model.lastIndex(of: ".") ?? model.endIndex)...])"
  }

  /// The catalog with the changes; nil where it can't take one, which is reported.
  private func edited(_ result: inout Workspace.ImportResult) -> [UInt8]? {
    let sources = workspace.site.sources.sources
    let isJSON = result.path.hasSuffix(".json")
    let bytes = sources.first { $0.path == result.path }?.bytes ?? Array((isJSON ? "{\n}\n" : "").utf8)
    let model = workspace.catalogPath(of: workspace.site.catalogs.defaultLocale)
    let originals = model.flatMap { path in sources.first { $0.path == path } }.map { read($0.bytes, $0.path) } ?? nil
    let root = read(bytes, result.path)
    guard let originals else { return nil }
    let (own, theirs) = (root?.messagePaths ?? [:], originals.messagePaths)
    var editor = CatalogEditor(bytes, root, isJSON: isJSON)
    for change in changes {
      let key = change.original.key
      let isDone =
        if let path = own[key] { editor.replace(path, with: change.pattern) } else {
          theirs[key].map { editor.add($0, change.pattern, like: originals) } ?? false
        }
      if !isDone { reportNoRoom(key, change.range, result.path, &result) }
    }
    if result.diagnostics.hasErrors { return nil }
    let edited = editor.edited()
    guard holds(edited, result.path) else {
      if let first = changes.first { reportNoRoom(first.original.key, first.range, result.path, &result) }
      return nil
    }
    return edited
  }

  private func reportNoRoom(
    _ key: String, _ range: SourceRange, _ path: String, _ result: inout Workspace.ImportResult
  ) {
    result.diagnostics.append(
      Diagnostic(
        .translationCatalog, "'\(path)' has no room for the message '\(key)'", at: range,
        help: ["a key before it may have a text of its own; write the message by hand, and import again"]))
  }

  private func read(_ bytes: [UInt8], _ path: String) -> DataNode? {
    let id = SourceID(index: 0)
    return path.hasSuffix(".json")
      ? JSONReader.read(source: id, bytes: bytes).0 : YAMLReader.read(source: id, bytes: bytes).0
  }

  /// Whether the edited catalog holds what it held, and the changes.
  private func holds(_ bytes: [UInt8], _ path: String) -> Bool {
    var expected = (workspace.site.catalogs[locale]?.messages ?? [:]).mapValues(\.spelled)
    for change in changes { expected[change.original.key] = change.pattern }
    guard let node = read(bytes, path) else { return false }
    return Catalog.read(node, locale: locale).catalog.messages.mapValues(\.spelled) == expected
  }
}

extension DataNode {
  /// The keys on the way to each text, by the key of the message.
  fileprivate var messagePaths: [String: [String]] {
    var result: [String: [String]] = [:]
    func visit(_ node: DataNode, _ path: [String]) {
      if node.string != nil { result[path.joined(separator: ".")] = path }
      for entry in node.entries ?? [] { visit(entry.value, path + [entry.key]) }
    }
    visit(self, [])
    return result
  }
}

extension [TranslationUnit.Content] {
  /// The identifiers of the marks.
  fileprivate var marks: [String] {
    flatMap { content -> [String] in
      switch content {
      case .text: []
      case .mark(let mark): [mark.id]
      case .span(let mark, let inner): [mark.id] + inner.marks
      }
    }
  }
}
