package import GalleySource

/// The messages of one locale, by key.
package struct Catalog: Sendable {
  /// The tag of the locale.
  package let locale: String
  /// The messages by their keys, parents and all: `order.title`.
  package private(set) var messages: [String: Message] = [:]

  /// Makes an empty catalog.
  package init(locale: String) { self.locale = locale }

  /// Reads a catalog from nested mappings of texts.
  package static func read(_ node: DataNode, locale: String) -> (catalog: Catalog, diagnostics: [Diagnostic]) {
    var reader = CatalogReader(locale: locale)
    reader.read(node, prefix: "", keyRange: node.range, depth: 0)
    return (reader.catalog, reader.diagnostics)
  }

  /// Adds a message whose key is new, and answers the older one where it is not.
  fileprivate mutating func add(_ message: Message) -> Message? {
    if let older = messages[message.key] { return older }
    messages[message.key] = message
    return nil
  }
}

/// Flattens the nested mappings of a catalog.
private struct CatalogReader {
  static let depthLimit = 32

  var catalog: Catalog
  var diagnostics: [Diagnostic] = []

  init(locale: String) { catalog = Catalog(locale: locale) }

  mutating func read(_ node: DataNode, prefix: String, keyRange: SourceRange, depth: Int) {
    switch node.kind {
    case .mapping(let entries): read(entries, of: node, prefix: prefix, depth: depth)
    case .string(let text) where !prefix.isEmpty: add(text, of: node, key: prefix, keyRange: keyRange)
    case .null where prefix.isEmpty: break
    case .null:
      report(.messageEmpty, "the message '\(prefix)' has no text in '\(catalog.locale)'", at: keyRange)
    default: reportNotText(node, key: prefix)
    }
  }

  private mutating func read(_ entries: [DataNode.Entry], of node: DataNode, prefix: String, depth: Int) {
    guard depth < Self.depthLimit else {
      return report(.messageNesting, "messages are nested more than \(Self.depthLimit) deep", at: node.range)
    }
    for entry in entries {
      if entry.key.isEmpty || entry.key.utf8.contains(where: { $0 <= 0x20 }) {
        report(
          .messageKey, entry.key.isEmpty ? "a message needs a key" : "the key '\(entry.key)' has a space in it",
          at: entry.keyRange)
      } else {
        let key = prefix.isEmpty ? entry.key : prefix + "." + entry.key
        read(entry.value, prefix: key, keyRange: entry.keyRange, depth: depth + 1)
      }
    }
  }

  private mutating func add(_ text: String, of node: DataNode, key: String, keyRange: SourceRange) {
    if text.isEmpty {
      return report(.messageEmpty, "the message '\(key)' has no text in '\(catalog.locale)'", at: keyRange)
    }
    let (message, findings) = MessageParser.parse(
      text, key: key, keyRange: keyRange, at: node.range, locale: catalog.locale)
    diagnostics += findings
    if let older = catalog.add(message) {
      diagnostics.append(
        Diagnostic(
          .messageDuplicateKey, "the message '\(key)' is written twice in '\(catalog.locale)'", at: keyRange,
          notes: [Diagnostic.Note("the first is here", at: older.keyRange)]))
    }
  }

  private mutating func reportNotText(_ node: DataNode, key: String) {
    var fixes: [FixIt] = []
    switch node.kind {
    case .number(let text):
      fixes = [FixIt("quote it", isSafe: true, edits: [SourceEdit(node.range, "\"\(text)\"")])]
    case .boolean(let value):
      fixes = [FixIt("quote it", isSafe: false, edits: [SourceEdit(node.range, "\"\(value)\"")])]
    default: break
    }
    let subject = key.isEmpty ? "a catalog must be a mapping of keys to texts" : "the message '\(key)' must be a text"
    diagnostics.append(
      Diagnostic(
        .messageNotText, subject, at: node.range, label: "this is \(node.kindName)",
        help: fixes.isEmpty ? [] : ["put it in quotation marks"], fixes: fixes))
  }

  private mutating func report(_ code: DiagnosticCode, _ message: String, at range: SourceRange) {
    diagnostics.append(Diagnostic(code, message, at: range))
  }
}
