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
    var position = 0
    func insertPiece(to end: Int) {
      let piece = bytes[position..<end]
      edits.insert(piece, at: range.upperBound, origin: SourceRange(source, position, end), isVerbatim: true)
      position = end
    }
    for insertion in Self.insertions(into: bytes, baseOf: CharacterReference.decode(tree.rawValue(href))) {
      insertPiece(to: insertion.offset)
      edits.insert(insertion.text, at: range.upperBound, origin: SourceRange(source, position, position))
    }
    insertPiece(to: bytes.count)
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

  // MARK: The text of a sheet

  private static let endTag = Array("</style".utf8)

  /// What a sheet needs to mean the same in the document, in order: a backslash in each `</style`, which means nothing
  /// in a string, and the way from the document to the sheet in front of each relative address.
  private static func insertions(into sheet: [UInt8], baseOf href: [UInt8]) -> [(offset: Int, text: [UInt8])] {
    var result: [(offset: Int, text: [UInt8])] = []
    for index in sheet.indices where sheet[index] == 0x3C {
      let next = sheet[index...].prefix(endTag.count).map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }
      if next == endTag { result.append((index + 1, [0x5C])) }
    }
    let path = href.prefix { $0 != 0x3F && $0 != 0x23 }.drop { $0 <= 0x20 }
    let base = path[..<(path.lastIndex(of: 0x2F).map { $0 + 1 } ?? path.startIndex)]
    if base.isEmpty || base.elementsEqual("./".utf8) { return result }
    let written = base.flatMap(percentEncoded)
    result += relativeAddresses(in: sheet).map { ($0, written) }
    return result.sorted { $0.offset < $1.offset }
  }

  /// A byte of an address as it can stand in any `url()`.
  private static func percentEncoded(_ byte: UInt8) -> [UInt8] {
    guard byte <= 0x20 || "\"'()<>\\".utf8.contains(byte) else { return [byte] }
    return [0x25] + Array(SourceText.hex(UInt32(byte), digits: 2).utf8)
  }

  /// Where the relative addresses of a sheet's `url()`s start.
  private static func relativeAddresses(in sheet: [UInt8]) -> [Int] {
    var result: [Int] = []
    var tokenizer = CSSTokenizer(sheet, in: 0..<sheet.count)
    var isInURL = false
    while true {
      let token = tokenizer.take()
      switch token.kind {
      case .end: return result
      case .url:
        let start = sheet[token.range].dropFirst(4).firstIndex { $0 > 0x20 } ?? token.range.upperBound
        if isRelative(sheet[start..<token.range.upperBound]) { result.append(start) }
      case .function:
        isInURL = sheet[token.range].map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }.elementsEqual("url(".utf8)
        continue
      case .string where isInURL:
        if isRelative(sheet[token.range].dropFirst()) { result.append(token.range.lowerBound + 1) }
      case .whitespace: continue
      default: break
      }
      isInURL = false
    }
  }

  /// Whether an address is a path that starts with a name or dots; placeholders start with other marks.
  private static func isRelative(_ address: ArraySlice<UInt8>) -> Bool {
    guard let first = address.first else { return false }
    let isName = (first | 0x20) &- 0x61 < 26 || first &- 0x30 < 10 || first == 0x2E || first == 0x5F || first == 0x2D
    return isName && !SheetScope.hasScheme(address)
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
