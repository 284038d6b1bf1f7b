import GalleyHTML
package import GalleySource
import GalleyTemplate

/// Says on the elements that count in which language a mail is, and in which direction it runs.
///
/// `lang` and `dir` belong on `html`, and on what is in the body once more: most web mail takes the content of the body
/// and puts it into a page of its own, which may be in another language and run the other way. What an author has
/// written stays; an attribute that is not there is added: to `html`, and to the one element that the body holds. In a
/// locale that runs from right to left every element of the body gets them, since none may lie the wrong way.
/// Follows HTML, "The lang and xml:lang attributes" (https://html.spec.whatwg.org/multipage/dom.html#the-lang-and-xml:lang-attributes).
struct DocumentLanguage {
  /// The attributes that are missing, and where they go.
  private(set) var additions: [(offset: Int, attributes: [UInt8])] = []
  /// What contradicts the locale.
  private(set) var diagnostics: [Diagnostic] = []

  private let text: AssembledText
  private let tree: HTMLTree
  private let tag: LanguageTag
  private var direction: String { tag.isRightToLeft ? "rtl" : "ltr" }

  /// Looks at a mail in a locale; `tree` is the tree of `text`.
  init(_ text: AssembledText, _ tree: HTMLTree, _ tag: LanguageTag) {
    self.text = text
    self.tree = tree
    self.tag = tag
    run()
  }

  private mutating func run() {
    let html = element(Names.html)
    if let html { complete(html) }
    let body = element(Names.body) ?? html ?? NodeID.root
    let wrappers = children(of: body)
    guard tag.isRightToLeft || html != nil && wrappers.count == 1 else { return }
    for wrapper in wrappers { complete(wrapper) }
    if tag.isRightToLeft, let place = bareText(in: body) { report(.bareText, bareTextMessage, place, bareTextHelp) }
  }

  /// The first element of a name outside of conditional comments.
  private func element(_ name: NameHash) -> NodeID? {
    tree.nodes.indices.first { index in
      tree.nodes[index].kind == .element && tree.nodes[index].name == name
        && !tree.nodes[index].flags.contains(.inConditional)
    }.map { NodeID($0) }
  }

  /// The elements of the body that show something.
  private func children(of parent: NodeID) -> [NodeID] {
    var result: [NodeID] = []
    var child = NodeID(Int(parent.index) + 1)
    let end = tree[parent].subtreeEnd
    while child < end {
      let node = tree[child]
      if node.kind == .element, !Names.invisible.contains(node.name) { result.append(child) }
      child = node.subtreeEnd
    }
    return result
  }

  // MARK: - Attributes

  private mutating func complete(_ id: NodeID) {
    let node = tree[id]
    if node.flags.contains(.placeholderInTag) { return }
    var new = ""
    if let lang = tree.attribute(Names.lang, of: id) {
      check(lang)
    } else {
      new += " lang=\"\(tag)\""
    }
    if let dir = tree.attribute(Names.dir, of: id) {
      if node.name == Names.html { checkDirection(dir) }
    } else {
      new += " dir=\"\(direction)\""
    }
    if !new.isEmpty { additions.append((Int(node.nameEnd), Array(new.utf8))) }
  }

  private mutating func check(_ lang: HTMLTree.Attribute) {
    let written = String(decoding: tree.rawValue(lang), as: UTF8.self)
    guard !lang.hasPlaceholder, let other = LanguageTag(written), other.language != tag.language else { return }
    report(
      .wrongLanguage, "'lang' says '\(written)', and the mail is in '\(tag)'", range(of: lang),
      "write lang=\"{{locale.tag}}\"")
  }

  private mutating func checkDirection(_ dir: HTMLTree.Attribute) {
    let written = String(decoding: tree.rawValue(dir), as: UTF8.self).lowercased()
    guard !dir.hasPlaceholder, written == "ltr" || written == "rtl", written != direction else { return }
    report(
      .wrongDirection, "'dir' says '\(written)', and '\(tag)' is written '\(direction)'", range(of: dir),
      "write dir=\"{{locale.dir}}\"")
  }

  private func range(of attribute: HTMLTree.Attribute) -> Range<Int> {
    Int(attribute.valueStart)..<Int(attribute.valueEnd)
  }

  // MARK: - Text without an element

  /// Text that stands in the body itself, where nothing can say how it runs.
  private func bareText(in body: NodeID) -> Range<Int>? {
    let blocks = Set(text.holes.filter { $0.placeholder.kind != .output }.map(\.offset))
    var position = Int(tree[body].contentStart)
    var child = NodeID(Int(body.index) + 1)
    let end = tree[body].subtreeEnd
    while true {
      let stop = child < end ? Int(tree[child].start) : Int(tree[body].contentEnd)
      if let range = letters(in: position..<max(position, stop), besides: blocks) { return range }
      guard child < end else { return nil }
      position = Int(tree[child].end)
      child = tree[child].subtreeEnd
    }
  }

  /// What a range holds between its white space and the ends of conditions and loops.
  private func letters(in range: Range<Int>, besides blocks: Set<Int>) -> Range<Int>? {
    func shows(_ offset: Int) -> Bool {
      let byte = tree.bytes[offset]
      return byte != 0x20 && byte != 0x0A && byte != 0x0D && byte != 0x09 && !blocks.contains(offset)
    }
    guard let first = range.first(where: shows), let last = range.last(where: shows) else { return nil }
    return first..<last + 1
  }

  private var bareTextMessage: String {
    "text stands in the body itself, where nothing says that it runs '\(direction)'"
  }
  private var bareTextHelp: String {
    "put the mail into one element: <div lang=\"{{locale.tag}}\" dir=\"{{locale.dir}}\">"
  }

  // MARK: - Findings

  private mutating func report(_ code: DiagnosticCode, _ message: String, _ range: Range<Int>, _ help: String) {
    let origin = text.origins.origin(of: range)
    diagnostics.append(
      Diagnostic(code, message, at: origin?.range, help: [help]).included(through: origin?.calls ?? []))
  }

  private enum Names {
    static let html = NameHash("html")
    static let body = NameHash("body")
    static let lang = NameHash("lang")
    static let dir = NameHash("dir")
    static let invisible: Set<NameHash> = [
      NameHash("head"), NameHash("style"), NameHash("title"), NameHash("meta"), NameHash("link"), NameHash("base"),
      NameHash("script"), NameHash("template"), html, body,
    ]
  }
}

extension DiagnosticCode {
  /// A mail says that it is in another language.
  package static let wrongLanguage = DiagnosticCode(
    "locale/wrong-language", .warning,
    summary: "The 'lang' of a mail is its locale's",
    explanation: """
      Screen readers choose their voice by 'lang', and mail clients decide by it whether to offer a translation. One \
      that is written out is wrong in every other locale of the site. Without 'lang' the compiler adds the right one.
      """,
    bad: #"<html lang="en"> in a site with 'af-ZA'"#, good: #"<html lang="{{locale.tag}}">"#)
  /// A mail says that it runs the other way.
  package static let wrongDirection = DiagnosticCode(
    "locale/wrong-direction", .warning,
    summary: "The 'dir' of a mail is its locale's",
    explanation: """
      'dir' decides from which side lines and the columns of tables start. Without it the compiler adds the right one, \
      and in a locale that is written from right to left it swaps left and right in styles as well.
      """,
    bad: #"<html dir="ltr"> in a site with 'ar'"#, good: #"<html dir="{{locale.dir}}">"#)
  /// Text that no element gives a direction.
  package static let bareText = DiagnosticCode(
    "locale/bare-text", .warning,
    summary: "What a mail says stands in an element of the body",
    explanation: """
      Web mail drops 'html' and 'body' and shows what they hold in a page of its own. Text that stands there without an \
      element loses the language and the direction, and runs the wrong way in a client whose own language runs from \
      left to right.
      """,
    bad: "<body>مرحبًا</body>", good: #"<body><div lang="{{locale.tag}}" dir="{{locale.dir}}">مرحبًا</div></body>"#)
}
