package import GalleyHTML
package import GalleySource
package import GalleyTemplate

/// Brings the style sheets of a mail together in its head.
///
/// A `<link rel="stylesheet" href="partials/….css">` becomes a `<style>` element with the sheet's text, read from the
/// site and never from a network. A `<style>` element that a partial or a template brings along in the body moves to
/// the end of the head, once, however often the partial is used; the order is that of the document. What stands in a
/// condition or a loop of the sender, or in a conditional comment, stays where it is.
package struct StyleCollector {
  private static let style = NameHash("style")
  private static let link = NameHash("link")
  private static let head = NameHash("head")
  private static let rel = NameHash("rel")
  private static let href = NameHash("href")
  private static let media = NameHash("media")

  private let text: AssembledText
  private let tree: HTMLTree
  private let sheets: [String: SourceID]
  private let sources: SourceSet
  private var edits = EditList()
  private var diagnostics: [Diagnostic] = []
  private var moved: [UInt8] = []
  private var seen: Set<SourceRange> = []

  /// The edits that bring the sheets of `tree`, the tree of `text`, together.
  ///
  /// `sheets` are the site's style sheets by path.
  package static func collect(
    _ text: AssembledText, _ tree: HTMLTree, sheets: [String: SourceID], sources: SourceSet
  ) -> (edits: EditList, diagnostics: [Diagnostic]) {
    var collector = StyleCollector(text: text, tree: tree, sheets: sheets, sources: sources)
    collector.run()
    return (collector.edits, collector.diagnostics)
  }

  private init(text: AssembledText, tree: HTMLTree, sheets: [String: SourceID], sources: SourceSet) {
    self.text = text
    self.tree = tree
    self.sheets = sheets
    self.sources = sources
  }

  private mutating func run() {
    var headEnd: Int?
    var index = 1
    while index < tree.nodes.count {
      let id = NodeID(index)
      let node = tree[id]
      index += 1
      guard node.kind == .element, !node.flags.contains(.inConditional) else { continue }
      switch node.name {
      case Self.head where headEnd == nil:
        headEnd = Int(node.contentEnd)
      case Self.link:
        replaceLink(id)
      case Self.style:
        if let headEnd, Int(node.start) >= headEnd, canMove(node) { move(id, to: headEnd) }
      default:
        break
      }
    }
  }

  // MARK: Linked sheets

  private mutating func replaceLink(_ id: NodeID) {
    guard value(of: Self.rel, id)?.lowercased().split(separator: " ").contains("stylesheet") == true,
      let attribute = tree.attribute(Self.href, of: id), !attribute.hasPlaceholder,
      let path = value(of: Self.href, id)
    else { return }
    guard let sheet = sheets[path] else {
      report(path, attribute)
      return
    }
    let node = tree[id]
    let range = Int(node.start)..<Int(node.end)
    let media = value(of: Self.media, id).map { " media=\"\($0)\"" } ?? ""
    let bytes = sources[sheet].bytes
    edits.replace(range, with: Array("<style\(media)>\n".utf8))
    edits.insert(bytes, at: range.upperBound, origin: SourceRange(sheet, 0, bytes.count), isVerbatim: true)
    edits.insert(Array("</style>".utf8), at: range.upperBound)
  }

  private mutating func report(_ path: String, _ attribute: HTMLTree.Attribute) {
    let range = Int(attribute.valueStart)..<Int(attribute.valueEnd)
    let origin = text.origins.origin(of: range)
    let isRemote = path.contains("://") || path.hasPrefix("//")
    var help = "name a file of the site, such as 'partials/mail.css'"
    if isRemote { help = "put the sheet into the site: nothing is ever read from a network" }
    let nearest = Suggestion.nearest(to: path, among: sheets.keys.sorted())
    let question = nearest.map { "; did you mean '\($0)'?" } ?? ""
    let what = isRemote ? "is on a network" : "is not a file of the site\(question)"
    diagnostics.append(
      Diagnostic(.unknownStyleSheet, "'\(path)' \(what)", at: origin?.range, help: [help])
        .included(through: origin?.calls ?? []))
  }

  private func value(of name: NameHash, _ id: NodeID) -> String? {
    tree.attribute(name, of: id).map { String(decoding: tree.rawValue($0), as: UTF8.self) }
  }

  // MARK: Style elements in the body

  private mutating func move(_ id: NodeID, to headEnd: Int) {
    let node = tree[id]
    let range = Int(node.start)..<Int(node.end)
    let origin = text.origins.origin(of: range)
    edits.delete(range)
    if let origin, !seen.insert(origin.range).inserted { return }
    edits.insert(tree.bytes[range], at: headEnd, origin: origin?.range, isVerbatim: true)
    edits.insert(CollectionOfOne(0x0A), at: headEnd, origin: origin?.range)
  }

  /// Whether an element holds no hole and stands in no condition or loop of the sender.
  private func canMove(_ node: HTMLTree.Node) -> Bool {
    var depth = 0
    for hole in text.holes {
      if hole.offset >= Int(node.end) { break }
      if hole.offset >= Int(node.start) { return false }
      switch hole.placeholder.kind {
      case .open: depth += 1
      case .close: depth -= 1
      case .output, .middle, .silent: break
      }
    }
    return depth == 0
  }
}

extension DiagnosticCode {
  /// A linked style sheet is not in the site.
  package static let unknownStyleSheet = DiagnosticCode(
    "style/unknown-sheet",
    summary: "A linked style sheet must be a file of the site",
    explanation: """
      The compiler reads style sheets from the site's folder and puts them into the mail's head. It never loads \
      anything from a network, and no mail client loads linked sheets.
      """,
    bad: #"<link rel="stylesheet" href="https://cdn.example/mail.css">"#,
    good: #"<link rel="stylesheet" href="partials/mail.css">"#)
}
