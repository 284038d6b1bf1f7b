import GalleySource
import GalleyTemplate

/// A document that came back from a translator.
struct XLIFFDocument {
  /// One unit of it.
  struct Unit {
    let id: String
    /// Where its tag stands.
    let range: SourceRange
    let source: [TranslationUnit.Content]
    /// The translation; nil where there is none, or it is said to be still to do.
    let target: [TranslationUnit.Content]?
  }

  var version = XLIFFVersion.v1
  var sourceLanguage = ""
  var targetLanguage = ""
  /// Where the languages are given.
  var languages: SourceRange
  var units: [Unit] = []
}

/// Reads XLIFF 1.2 and 2.0, as far as translations of messages need it; what may be lost is refused.
struct XLIFFReader {
  private(set) var document: XLIFFDocument
  private(set) var diagnostics: [Diagnostic] = []
  private var seen: [String: SourceRange] = [:]

  private init(_ document: XLIFFDocument) { self.document = document }

  /// Reads a document in UTF-8; it is nil where it is none.
  static func read(_ bytes: [UInt8], source: SourceID) -> (XLIFFDocument?, [Diagnostic]) {
    let root: XMLElement
    switch XMLReader.read(bytes, source: source) {
    case .failure(let fault):
      let range = SourceRange(source, fault.range.clamped(to: 0..<bytes.count))
      return (nil, [Diagnostic(.translationXML, fault.message, at: range, help: fault.help.map { [$0] } ?? [])])
    case .success(let element): root = element
    }
    var reader = XLIFFReader(XLIFFDocument(languages: root.tag))
    let version = XLIFFVersion.allCases.first { root.namespace == $0.namespace && root.name == "xliff" }
    guard let version, root.attributes["version"] == version.rawValue else {
      return (
        nil,
        [
          Diagnostic(
            .translationForm, "the document is not XLIFF 1.2 or 2.0", at: root.tag,
            help: ["ask the translator for XLIFF, or export the messages again"])
        ]
      )
    }
    reader.document.version = version
    switch version {
    case .v1: reader.read1(root)
    case .v2: reader.read2(root)
    }
    return (reader.diagnostics.hasErrors ? nil : reader.document, reader.diagnostics)
  }

  private mutating func report(_ message: String, at range: SourceRange, help: String) {
    if diagnostics.count < DataRules.reportLimit {
      diagnostics.append(Diagnostic(.translationForm, message, at: range, help: [help]))
    }
  }

  // MARK: Version 1.2

  private mutating func read1(_ root: XMLElement) {
    for file in root.children where file.name == "file" && file.namespace == root.namespace {
      takeLanguages(file.attributes["source-language"], file.attributes["target-language"], file.tag)
      if let body = file.child("body") { readGroup1(body) }
    }
  }

  private mutating func readGroup1(_ group: XMLElement) {
    for child in group.children where child.namespace == group.namespace {
      if child.name == "group" { readGroup1(child) }
      if child.name == "trans-unit" { readUnit1(child) }
    }
  }

  private mutating func readUnit1(_ unit: XMLElement) {
    let target = unit.child("target")
    let toDo: Set<String> = ["new", "needs-translation"]
    let isDone = target.map { !toDo.contains($0.attributes["state"] ?? "") } ?? false
    let source = unit.child("source").map { contents($0) } ?? []
    add(unit, source: source, target: isDone ? target.map { contents($0) } : nil)
  }

  // MARK: Version 2.0

  private mutating func read2(_ root: XMLElement) {
    takeLanguages(root.attributes["srcLang"], root.attributes["trgLang"], root.tag)
    for file in root.children where file.name == "file" && file.namespace == root.namespace { readGroup2(file) }
  }

  private mutating func readGroup2(_ group: XMLElement) {
    for child in group.children where child.namespace == group.namespace {
      if child.name == "group" { readGroup2(child) }
      if child.name == "unit" { readUnit2(child) }
    }
  }

  /// A unit may be cut into segments, and into what is between them.
  private mutating func readUnit2(_ unit: XMLElement) {
    var (source, target): ([TranslationUnit.Content], [TranslationUnit.Content]?) = ([], [])
    for part in unit.children where part.namespace == unit.namespace {
      guard part.name == "segment" || part.name == "ignorable" else { continue }
      let own = part.child("source").map { contents($0) } ?? []
      source += own
      if let translated = part.child("target") {
        let contents = contents(translated)
        target? += contents
      } else if part.name == "ignorable" {
        target? += own
      } else {
        target = nil
      }
    }
    add(unit, source: source, target: target)
  }

  // MARK: Both

  private mutating func takeLanguages(_ source: String?, _ target: String?, _ range: SourceRange) {
    let (source, target) = (source ?? "", target ?? "")
    let isFirst = document.sourceLanguage.isEmpty && document.targetLanguage.isEmpty
    if !isFirst, (source, target) != (document.sourceLanguage, document.targetLanguage) {
      report("the files of the document are of several languages", at: range, help: "import one language at a time")
    }
    (document.sourceLanguage, document.targetLanguage, document.languages) = (source, target, range)
  }

  private mutating func add(
    _ element: XMLElement, source: [TranslationUnit.Content], target: [TranslationUnit.Content]?
  ) {
    guard let id = element.attributes["id"] else {
      return report("a unit has no 'id'", at: element.tag, help: "keep the units as they were exported")
    }
    if let first = seen.updateValue(element.tag, forKey: id) {
      diagnostics.append(
        Diagnostic(
          .translationForm, "the unit '\(DataRules.excerpt(id))' is there twice", at: element.tag,
          notes: [.init("the first is here", at: first)], help: ["keep one of the two"]))
      return
    }
    document.units.append(
      XLIFFDocument.Unit(
        id: id, range: element.tag, source: source.merged, target: target.map(\.merged)))
  }

  private mutating func contents(_ element: XMLElement) -> [TranslationUnit.Content] {
    var result: [TranslationUnit.Content] = []
    for content in element.content {
      switch content {
      case .text(let text): result.append(.text(text))
      case .element(let inner):
        switch (inner.name, document.version) {
        case ("mrk", _): result += contents(inner)
        // Annotations of version 2 that mark where something is said of the text.
        case ("sm", .v2), ("em", .v2): break
        case ("x", .v1), ("ph", .v2): result.append(.mark(mark(inner)))
        case ("g", .v1), ("pc", .v2): result.append(.span(mark(inner), contents(inner)))
        default:
          report(
            "'<\(DataRules.excerpt(inner.name))>' in the text of a unit is not one that was exported", at: inner.tag,
            help: "keep the placeholders as they were exported; '<\(document.version == .v1 ? "x" : "ph")/>' is a value"
          )
        }
      }
    }
    return result
  }

  private func mark(_ element: XMLElement) -> TranslationUnit.Mark {
    TranslationUnit.Mark(id: element.attributes["id"] ?? "", label: "")
  }
}

extension [TranslationUnit.Content] {
  /// The contents with texts that follow one another in one, and empty ones left out.
  var merged: [TranslationUnit.Content] {
    var result: [TranslationUnit.Content] = []
    for content in self {
      switch content {
      case .text(let text):
        if text.isEmpty { continue }
        if case .text(let before) = result.last {
          result[result.count - 1] = .text(before + text)
        } else {
          result.append(content)
        }
      case .mark: result.append(content)
      case .span(let mark, let inner): result.append(.span(mark, inner.merged))
      }
    }
    return result
  }

  /// The contents with the identifiers of their marks alone, for comparing.
  var unlabeled: [TranslationUnit.Content] {
    map { content in
      switch content {
      case .text: content
      case .mark(let mark): .mark(TranslationUnit.Mark(id: mark.id, label: ""))
      case .span(let mark, let inner): .span(TranslationUnit.Mark(id: mark.id, label: ""), inner.unlabeled)
      }
    }
  }
}
