public import GalleySource
import GalleyTemplate

/// Messages on their way to translators and back.
extension Workspace {
  /// A message that somebody should look at.
  public struct MessageNotice: Sendable {
    /// The locale.
    public var locale: String
    /// The key.
    public var key: String
    /// The pattern in the default locale.
    public var text: String
    /// The locale whose text stands in; empty where none does.
    public var standIn: String
    /// The file of the message in the default locale.
    public var path: String
    /// The line that its key is on.
    public var line: Int
    /// The templates and partials that print it by its key, sorted.
    public var uses: [String]
  }

  /// What an import would change.
  public struct ImportResult: Sendable {
    /// What was found.
    public var diagnostics: [Diagnostic]
    /// The sources that the findings point into.
    public var sources: SourceSet
    /// The locale of the translation.
    public var locale = ""
    /// The path of the catalog in the site.
    public var path = ""
    /// The catalog with the translation; nil where nothing changes, or something is in the way.
    public var catalog: [UInt8]?
    /// The keys of the messages that are new.
    public var added: [String] = []
    /// The keys of the messages that change.
    public var changed: [String] = []
    /// How many units of the document have a text.
    public var translated = 0
    /// How many have none yet.
    public var untranslated = 0
    /// How many were left out with a finding.
    public var refused = 0
  }

  /// What keeps messages from being worked on: faults of the configuration and of catalogs.
  public var messageFaults: [Diagnostic] {
    guard site.configuration != nil else { return site.diagnostics.normalized() }
    return site.diagnostics.filter { diagnostic in
      guard diagnostic.severity == .error, diagnostic.code != .messageArgumentsDiffer else { return false }
      return diagnostic.range.map { site.sources[$0.source].path.hasPrefix("locales/") } ?? false
    }.normalized()
  }

  /// The messages of the default locale that others lack, by locale, in the order of writing.
  public func missingMessages(in locales: [String]) -> [MessageNotice] {
    let (uses, lines) = (messageUses, originalLines)
    return locales.filter { $0 != site.catalogs.defaultLocale }.flatMap { locale in
      originals.filter { site.catalogs[locale]?.messages[$0.key] == nil }.map {
        notice($0, locale, uses, lines)
      }
    }
  }

  /// The messages of the default locale that no mail prints; the findings say why they can't be known, if so.
  public func unusedMessages() async -> (messages: [MessageNotice], diagnostics: [Diagnostic]) {
    let result = await build()
    if result.diagnostics.hasErrors { return ([], result.diagnostics) }
    let places = Set(result.diagnostics.filter { $0.code == .messageUnused }.compactMap(\.range))
    let unused = originals.filter { places.contains($0.keyRange) }
    let lines = originalLines
    return (unused.map { notice($0, site.catalogs.defaultLocale, [:], lines) }, [])
  }

  /// The messages of the site for a translator of a locale.
  public func exportMessages(to locale: String, version: XLIFFVersion) -> [UInt8] {
    let model = site.catalogs.defaultLocale
    return XLIFFWriter.write(
      units(locale).flatMap(\.units), version: version, from: model, to: locale,
      original: catalogPath(of: model) ?? "locales/\(model).yml")
  }

  // MARK: Import

  /// Reads a translation, and checks it against the site; writes nothing.
  public func importMessages(_ bytes: [UInt8], from path: String) -> ImportResult {
    var sources = site.sources
    let (text, findings) = SourceText.check(bytes, source: SourceID(index: UInt32(sources.sources.count)))
    let id = sources.add(path: path, bytes: text ?? bytes)
    var result = ImportResult(diagnostics: findings, sources: sources)
    guard let text, !findings.hasErrors else { return result }
    guard text.count <= Self.translationLimit else {
      result.diagnostics.append(
        Diagnostic(
          .translationXML, "the document is larger than 16 MiB", at: SourceRange(id, 0, 0),
          help: ["import one locale at a time"]))
      return result
    }
    let (document, faults) = XLIFFReader.read(text, source: id)
    result.diagnostics += faults
    guard let document, let locale = check(document, &result) else { return result }
    result.locale = locale
    var importer = TranslationImporter(self, document, locale: locale)
    importer.run(&result)
    result.diagnostics = result.diagnostics.normalized()
    if result.diagnostics.hasErrors { (result.catalog, result.added, result.changed) = (nil, [], []) }
    return result
  }

  /// How many bytes a translation may have: both texts of two catalogs of 2 MiB, and what is around them.
  private static let translationLimit = 16 << 20

  /// The locale of a document, if the site can take it.
  private func check(_ document: XLIFFDocument, _ result: inout ImportResult) -> String? {
    let model = site.catalogs.defaultLocale
    func refuse(_ message: String, _ help: String) {
      result.diagnostics.append(Diagnostic(.translationLocale, message, at: document.languages, help: [help]))
    }
    if document.sourceLanguage != model {
      refuse(
        "the translation is from '\(DataRules.excerpt(document.sourceLanguage))', and the site's messages are in '\(model)'",
        "export the messages again, and keep the languages of the document")
      return nil
    }
    let others = localeTags.filter { $0 != model }
    if let locale = others.first(where: { $0 == document.targetLanguage }) { return locale }
    let near = Suggestion.nearest(to: document.targetLanguage, among: others).map { "; did you mean '\($0)'?" } ?? ""
    refuse(
      "'\(DataRules.excerpt(document.targetLanguage))' is not a locale of the site to translate into\(near)",
      others.isEmpty
        ? "add a locale to 'locales.supported' in galley.yml" : "there are \(others.joined(separator: ", "))")
    return nil
  }

  // MARK: What both need

  /// The messages of the default locale in the order of writing.
  var originals: [Message] {
    (site.catalogs[site.catalogs.defaultLocale]?.messages.values.filter { !$0.isBroken } ?? []).sorted {
      ($0.keyRange.start, $0.key) < ($1.keyRange.start, $1.key)
    }
  }

  /// The units of all messages, with what a translator should know.
  func units(_ locale: String) -> [(message: Message, units: [TranslationUnit])] {
    let uses = messageUses
    return originals.map { message in
      let own = TranslationUnits(message, site.catalogs[locale]?.messages[message.key], locale: locale)
      let notes = Self.notes(message, uses[message.key] ?? [])
      return (message, own.units.map { $0.adding(notes) })
    }
  }

  private static func notes(_ message: Message, _ uses: [String]) -> [String] {
    var notes: [String] = []
    if !message.arguments.isEmpty {
      let arguments = message.arguments.map { name in
        let kinds = Message.Use.allCases.filter { message.uses[name]?.contains($0) == true && $0 != .value }
        return "{\(name)}" + (kinds.isEmpty ? "" : " (\(kinds.map(\.rawValue).joined(separator: ", ")))")
      }
      notes.append("arguments: \(arguments.joined(separator: ", "))")
    }
    if !message.tags.isEmpty { notes.append("links: \(message.tags.map { "<\($0)>" }.joined(separator: ", "))") }
    if !uses.isEmpty { notes.append("used in \(uses.joined(separator: ", "))") }
    return notes
  }

  /// The path of the catalog of a locale.
  func catalogPath(of locale: String) -> String? {
    let names = ["yml", "yaml", "json"].map { "locales/\(locale).\($0)" }
    return site.sources.sources.lazy.map(\.path).first { names.contains($0) }
  }

  private var originalLines: LineTable? {
    originals.first.map { LineTable(site.sources[$0.keyRange.source].bytes) }
  }

  /// The files that print a message by its key, sorted, each once.
  private var messageUses: [String: [String]] {
    SiteCheck.check(site).messageUses.mapValues { ranges in
      Set(ranges.map { site.sources[$0.source].path }).sorted(by: bytewise)
    }
  }

  private func notice(
    _ message: Message, _ locale: String, _ uses: [String: [String]], _ lines: LineTable?
  ) -> MessageNotice {
    let served = site.catalogs.message(message.key, in: locale)
    let source = site.sources[message.keyRange.source]
    return MessageNotice(
      locale: locale, key: message.key, text: message.spelled,
      standIn: served.map { $0.isFallback ? $0.locale : "" } ?? "", path: source.path,
      line: lines?.line(at: message.keyRange.start) ?? 1, uses: uses[message.key] ?? [])
  }
}
