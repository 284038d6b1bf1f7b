import GalleyCSS
import GalleyHTML
import GalleySource

/// Puts linked sheets into a document, in place of their links, so that the order of the cascade stays.
///
/// A `<link rel="stylesheet">` whose address leads to a file of the scope becomes a `<style>` element with the sheet's
/// text and the link's `media`. Everything else stays as it is: links to a network, alternate and disabled sheets,
/// sheets of another type, links in conditional comments, and addresses with placeholders.
struct LinkedSheets {
  private let tree: HTMLTree
  private let origins: OriginMap
  private let scope: SheetScope
  /// The files that were read.
  private(set) var sources: SourceSet
  /// What is to be changed.
  private(set) var edits = EditList()
  /// What is wrong.
  private(set) var diagnostics: [Diagnostic] = []
  /// What became of each link.
  private(set) var links: [InlineAccount.Link] = []

  init(_ tree: HTMLTree, _ origins: OriginMap, _ scope: SheetScope, _ sources: SourceSet) {
    self.tree = tree
    self.origins = origins
    self.scope = scope
    self.sources = sources
  }

  private static let link = NameHash("link")
  private static let style = NameHash("style")
  private static let rel = NameHash("rel")
  private static let href = NameHash("href")
  private static let media = NameHash("media")
  private static let type = NameHash("type")
  private static let disabled = NameHash("disabled")

  /// Goes through the document.
  mutating func replaceAll() {
    for index in tree.nodes.indices {
      let node = tree.nodes[index]
      guard node.kind == .element, !node.flags.contains(.inConditional) else { continue }
      if node.name == Self.link { replace(NodeID(index)) }
      if node.name == Self.style { reportImports(Int(node.contentStart)..<Int(node.contentEnd)) }
    }
  }

  // MARK: Links

  private mutating func replace(_ id: NodeID) {
    let words = value(Self.rel, id).lowercased().split(whereSeparator: \.isWhitespace)
    guard words.contains("stylesheet"), !words.contains("alternate"), let href = tree.attribute(Self.href, of: id)
    else {
      return
    }
    if tree.attribute(Self.disabled, of: id) != nil { return keep(href, "it is disabled") }
    let type = value(Self.type, id).lowercased()
    guard type.isEmpty || type == "text/css" else { return keep(href, "it is not of the type text/css") }
    let isUncertain = href.hasPlaceholder || tree[id].flags.contains(.placeholderInTag)
    if isUncertain { return keep(href, "a placeholder stands in it") }
    switch scope.target(of: tree.rawValue(href)) {
    case .nothing: keep(href, "its address is empty")
    case .remote:
      keep(href, "it lies on a network")
      report(
        .remoteStyleSheet, href, "lies on a network and stays a link",
        help: "save the sheet beside the document, or give it with '--css'")
    case .outside:
      keep(href, "it lies outside of the document's folder")
      report(
        .outsideStyleSheet, href, "leads out of the document's folder and stays a link",
        help: "name the folder that holds both with '--root', or give the sheet with '--css'")
    case .file(let path): embed(path, id, href)
    }
  }

  private mutating func embed(_ path: String, _ id: NodeID, _ href: HTMLTree.Attribute) {
    let bytes: [UInt8]
    do throws(FileFailure) {
      bytes = DocumentInliner.withoutMark(try scope.read(path))
    } catch {
      keep(href, "it can't be read")
      let what = error.cause == .notFound ? "is not there" : "can't be read: \(error.description)"
      return report(.missingStyleSheet, href, what, help: "correct the address, or remove the link")
    }
    let source = sources.add(path: scope.shownPath(path), bytes: bytes)
    let node = tree[id]
    let range = Int(node.start)..<Int(node.end)
    edits.replace(range, with: Array("<style".utf8) + mediaAttribute(id) + Array(">".utf8))
    let safe = Self.withoutEndTag(bytes)
    edits.insert(
      safe, at: range.upperBound, origin: SourceRange(source, 0, bytes.count), isVerbatim: safe.count == bytes.count)
    edits.insert(Array("</style>".utf8), at: range.upperBound)
    links.append(InlineAccount.Link(address: text(href), file: scope.shownPath(path), reason: nil))
    if Self.mentionsImport(bytes[...]) {
      diagnostics += Self.imports(in: StyleSheet(bytes, source: source)) { SourceRange(source, $0) }
    }
  }

  /// The link's `media` as it is written, with a space before it.
  private func mediaAttribute(_ id: NodeID) -> [UInt8] {
    guard let media = tree.attribute(Self.media, of: id), media.quote != .noValue else { return [] }
    let quote = media.quote == .double || media.quote == .single ? 1 : 0
    return [0x20] + tree.bytes[Int(media.nameStart)..<Int(media.valueEnd) + quote]
  }

  /// The text with each `</style` written as `<\/style`, which means the same in a string and nothing elsewhere.
  private static func withoutEndTag(_ text: [UInt8]) -> [UInt8] {
    let mark = Array("</style".utf8)
    var result: [UInt8] = []
    result.reserveCapacity(text.count)
    for index in text.indices {
      result.append(text[index])
      guard text[index] == 0x3C else { continue }
      if text[index...].prefix(mark.count).map({ $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }) == mark { result.append(0x5C) }
    }
    return result
  }

  private mutating func keep(_ href: HTMLTree.Attribute, _ reason: String) {
    links.append(InlineAccount.Link(address: text(href), file: nil, reason: reason))
  }

  private func text(_ attribute: HTMLTree.Attribute) -> String {
    String(decoding: tree.rawValue(attribute), as: UTF8.self)
  }

  private func value(_ name: NameHash, _ id: NodeID) -> String { tree.attribute(name, of: id).map(text) ?? "" }

  private mutating func report(_ code: DiagnosticCode, _ href: HTMLTree.Attribute, _ what: String, help: String) {
    let range = origins.origin(of: Int(href.valueStart)..<Int(href.valueEnd))?.range
    diagnostics.append(Diagnostic(code, "the style sheet '\(text(href))' \(what)", at: range, help: [help]))
  }

  // MARK: Imports

  private mutating func reportImports(_ range: Range<Int>) {
    guard Self.mentionsImport(tree.bytes[range]) else { return }
    let sheet = StyleSheet(tree.bytes, in: range, placeholders: tree.placeholders)
    let origins = origins
    diagnostics += Self.imports(in: sheet) { origins.origin(of: $0)?.range }
  }

  /// The imports of a sheet, each as a warning; `locate` says where a range of its bytes was written.
  static func imports(in sheet: StyleSheet, locate: (Range<Int>) -> SourceRange?) -> [Diagnostic] {
    guard mentionsImport(sheet.bytes[sheet.range]) else { return [] }
    return sheet.rules.filter { $0.kind == .atRule && isImport(sheet.bytes[$0.range]) }.map { rule in
      let text = String(decoding: sheet.bytes[rule.range].prefix(80), as: UTF8.self)
      return Diagnostic(
        .importedStyleSheet, "'\(text)' is not followed and stays", at: locate(rule.range),
        help: ["link the sheet instead, or give it with '--css'"])
    }
  }

  private static let importWord = Array("@import".utf8)

  private static func isImport(_ text: ArraySlice<UInt8>) -> Bool {
    text.prefix(importWord.count).map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 } == importWord
  }

  private static func mentionsImport(_ text: ArraySlice<UInt8>) -> Bool {
    text.indices.contains { text[$0] == 0x40 && isImport(text[$0...]) }
  }
}
