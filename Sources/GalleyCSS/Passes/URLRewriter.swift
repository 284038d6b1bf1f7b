package import GalleyHTML
package import GalleySource

/// Completes relative URLs and adds parameters to links.
///
/// Relative references in `src`, `href`, `background`, `poster`, `srcset` and in the `url()` of sheets and `style`
/// attributes are resolved against a base. Left alone are those that are complete, `//host/…`, `cid:`, `data:`,
/// `mailto:`, `tel:` and all other schemes, `#fragment`, and each URL with a placeholder. Parameters go into the links
/// of `a` and `area` that lead to the web, before the fragment, unless the link has one of that name. Nothing that is
/// there is encoded or written otherwise: only what is added is.
package struct URLRewriter: Sendable {
  /// A parameter for links.
  package typealias Parameter = LinkParameter

  /// What relative references are resolved against.
  package var base: BaseURL?
  /// What is added to links, in order.
  package var parameters: [Parameter] = []
  /// The hosts whose links get parameters, with the hosts below them; all, if there are none.
  package var hosts: [String] = []

  /// Makes a pass that does nothing yet.
  package init() {}

  /// The edits to a document that is inlined already.
  package func edits(for tree: HTMLTree) -> EditList { result(for: tree).edits }

  /// The edits, and the relative URLs with placeholders, which stay.
  package func result(for tree: HTMLTree) -> PassResult {
    var run = Rewriting(tree, base: base, parameters: parameters, hosts: hosts)
    run.rewrite()
    return PassResult(edits: run.edits, remarks: run.remarks)
  }
}

/// The work on one document.
private struct Rewriting {
  private(set) var edits = EditList()
  private(set) var remarks: [PassRemark] = []
  private let tree: HTMLTree
  private let base: BaseURL?
  /// The names of parameters, encoded, and `name=value`.
  private let parameters: [(name: [UInt8], text: [UInt8])]
  private let hosts: [[UInt8]]

  private enum Names {
    static let urls: Set<UInt64> = Set(["src", "href", "background", "poster"].map { NameHash($0.utf8).value })
    static let sets: Set<UInt64> = Set(["srcset", "imagesrcset"].map { NameHash($0.utf8).value })
    static let links: Set<UInt64> = Set(["a", "area"].map { NameHash($0.utf8).value })
    static let href = RunningHash.of("href")
    static let base = RunningHash.of("base")
  }

  init(_ tree: HTMLTree, base: BaseURL?, parameters: [URLRewriter.Parameter], hosts: [String]) {
    self.tree = tree
    self.base = base.map { Self.documentBase(of: tree, $0) }
    self.parameters = parameters.map { parameter in
      let name = Self.encoded(parameter.name)
      return (name, name + [0x3D] + Self.encoded(parameter.value))
    }
    self.hosts = hosts.map { $0.utf8.map(\.lowercasedASCII) }
  }

  /// What the document's own `base` element makes of the base; mail clients ignore the element, its author didn't.
  private static func documentBase(of tree: HTMLTree, _ base: BaseURL) -> BaseURL {
    let element = tree.nodes.indices.first { index in
      tree.nodes[index].kind == .element && tree.nodes[index].name.value == Names.base
        && tree.attribute(NameHash("href"), of: NodeID(index)) != nil
    }
    guard let element, let href = tree.attribute(NameHash("href"), of: NodeID(element)), !href.hasPlaceholder
    else { return base }
    let text = EmbeddedText(href, in: tree)
    let parts = URLParts(text.bytes, text.range)
    let resolved =
      base.resolve(text.bytes, parts).map { resolution in
        if case .path(let path) = resolution { return path + text.bytes[parts.query] }
        return resolution.bytes + text.bytes[parts.path.lowerBound..<parts.query.upperBound]
      } ?? Array(text.bytes[text.range])
    return BaseURL(String(decoding: resolved, as: UTF8.self)) ?? base
  }

  /// The bytes with all but unreserved characters encoded (RFC 3986, section 2.3).
  private static func encoded(_ text: String) -> [UInt8] {
    let digits = Array("0123456789ABCDEF".utf8)
    return text.utf8.flatMap { byte -> [UInt8] in
      if byte.isLetter || byte.isDigit || [0x2D, 0x2E, 0x5F, 0x7E].contains(byte) { return [byte] }
      return [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
  }

  mutating func rewrite() {
    for index in tree.nodes.indices where tree.nodes[index].kind == .element {
      let node = tree.nodes[index]
      if node.name.value == Names.base { continue }
      for attribute in tree.attributes(of: NodeID(index)) where attribute.quote != .noValue {
        rewrite(attribute, of: node)
      }
      if base != nil, node.name.value == PassNames.style { rewriteSheet(EmbeddedText(contentOf: node, in: tree)) }
    }
  }

  private mutating func rewrite(_ attribute: HTMLTree.Attribute, of node: HTMLTree.Node) {
    let name = attribute.name.value
    if Names.urls.contains(name) {
      let isLink = name == Names.href && Names.links.contains(node.name.value)
      rewriteURL(attribute, isLink: isLink && !parameters.isEmpty)
    } else if base != nil, Names.sets.contains(name), !attribute.hasPlaceholder {
      rewriteSet(attribute)
    } else if base != nil, name == PassNames.style {
      rewriteURLs(in: EmbeddedText(attribute, in: tree), quote: attribute.quote)
    }
  }

  // MARK: - Attributes

  private mutating func rewriteURL(_ attribute: HTMLTree.Attribute, isLink: Bool) {
    let text = EmbeddedText(attribute, in: tree)
    let url = trimmed(text.range, of: text)
    guard !url.isEmpty else { return }
    let parts = URLParts(text.bytes, url)
    var resolution: BaseURL.Resolution?
    if base != nil, attribute.hasPlaceholder, isRelative(parts, text) {
      remarks.append(PassRemark(kind: .relativeAddress, range: text.document(url)))
    }
    if let base, !attribute.hasPlaceholder { resolution = base.resolve(text.bytes, parts) }
    var addition: [UInt8] = []
    if isLink, leadsToTheWeb(parts, text, isResolved: resolution != nil) { addition = missingParameters(parts, text) }
    // Of insertions at one offset the first comes first: the quotes go around everything.
    let needsQuotes = attribute.quote == .unquoted && !addition.isEmpty
    if needsQuotes { edits.insert([0x22], at: Int(attribute.valueStart)) }
    if let resolution { apply(resolution, to: parts, of: text, attribute.quote) }
    if needsQuotes {
      var path: Range<Int>?
      if case .path = resolution { path = text.document(parts.path) }
      escapeQuotes(in: attribute, exceptIn: path)
    }
    if !addition.isEmpty {
      let offset = text.document(parts.fragment.lowerBound)
      // A reference that was good without its semicolon would run into the name.
      let isOpen = addition[0] != 0x26 && CharacterReferences.isOpen(tree.bytes[Int(attribute.valueStart)..<offset])
      edits.insert(isOpen ? [0x3B] + addition : addition, at: offset)
    }
    if needsQuotes { edits.insert([0x22], at: Int(attribute.valueEnd)) }
  }

  private static let quotEntity = Array("&quot;".utf8)

  /// Escapes the quotes of a value that had none around it, except in placeholders and in a range that is replaced.
  private mutating func escapeQuotes(in attribute: HTMLTree.Attribute, exceptIn replaced: Range<Int>?) {
    for offset in Int(attribute.valueStart)..<Int(attribute.valueEnd) where tree.bytes[offset] == 0x22 {
      let next = tree.placeholders.firstIndex(endingAfter: offset)
      let isHole = next < tree.placeholders.count && tree.placeholders[next].range.lowerBound <= offset
      if isHole || replaced?.contains(offset) == true { continue }
      edits.replace(offset..<offset + 1, with: Self.quotEntity)
    }
  }

  /// Completes a reference in an attribute, or in a sheet, where `quote` is nil.
  private mutating func apply(
    _ resolution: BaseURL.Resolution, to parts: URLParts, of text: EmbeddedText, _ quote: HTMLTree.Quote?
  ) {
    let bytes = quote.map { escaped(resolution.bytes, $0) } ?? resolution.bytes
    let path = text.document(parts.path)
    switch resolution {
    case .prefix: edits.insert(bytes, at: path.lowerBound)
    case .path: edits.replace(path, with: bytes)
    }
  }

  /// A range without the controls and spaces at its ends; those of placeholders belong to it.
  private func trimmed(_ range: Range<Int>, of text: EmbeddedText) -> Range<Int> {
    func isBlank(_ index: Int) -> Bool { text.bytes[index] <= 0x20 && !text.hasPlaceholder(in: index..<index + 1) }
    var (start, end) = (range.lowerBound, range.upperBound)
    while start < end, isBlank(start) { start += 1 }
    while end > start, isBlank(end - 1) { end -= 1 }
    return start..<end
  }

  /// Text that is put into a value.
  private func escaped(_ text: [UInt8], _ quote: HTMLTree.Quote) -> [UInt8] {
    var result: [UInt8] = []
    for (index, byte) in text.enumerated() {
      switch byte {
      case 0x22 where quote != .single: result += Array("&quot;".utf8)
      case 0x27 where quote != .double: result += Array("&#39;".utf8)
      case 0x3E where quote == .unquoted: result += Array("&gt;".utf8)
      case 0x20 where quote == .unquoted: result += Array("&#32;".utf8)
      case 0x26 where index + 1 < text.count && (text[index + 1].isLetter || text[index + 1] == 0x23):
        result += Array("&amp;".utf8)
      default: result.append(byte)
      }
    }
    return result
  }

  /// Whether a reference with a placeholder is relative: it starts with a name or a slash, not with a placeholder, and
  /// nothing in it looks like a scheme.
  private func isRelative(_ parts: URLParts, _ text: EmbeddedText) -> Bool {
    guard parts.scheme.isEmpty, parts.authority.isEmpty, !parts.path.isEmpty else { return false }
    let start = parts.path.lowerBound
    return !text.hasPlaceholder(in: start..<start + 1)
      && !text.bytes[parts.path].prefix { $0 != 0x2F }.contains(0x3A)
  }

  private mutating func rewriteSet(_ attribute: HTMLTree.Attribute) {
    guard let base else { return }
    let text = EmbeddedText(attribute, in: tree)
    for url in candidates(text) {
      let parts = URLParts(text.bytes, url)
      if let resolution = base.resolve(text.bytes, parts) { apply(resolution, to: parts, of: text, attribute.quote) }
    }
  }

  /// The URLs of a `srcset` (https://html.spec.whatwg.org/multipage/images.html#parsing-a-srcset-attribute).
  private func candidates(_ text: EmbeddedText) -> [Range<Int>] {
    var result: [Range<Int>] = []
    let bytes = text.bytes
    let end = text.range.upperBound
    var index = text.range.lowerBound
    while true {
      while index < end, bytes[index].isCSSWhitespace || bytes[index] == 0x2C { index += 1 }
      if index >= end { return result }
      let start = index
      while index < end, !bytes[index].isCSSWhitespace { index += 1 }
      var urlEnd = index
      while urlEnd > start, bytes[urlEnd - 1] == 0x2C { urlEnd -= 1 }
      if urlEnd > start { result.append(start..<urlEnd) }
      if urlEnd < index { continue }
      var depth = 0
      while index < end, bytes[index] != 0x2C || depth > 0 {
        if bytes[index] == 0x28 { depth += 1 }
        if bytes[index] == 0x29 { depth = max(depth - 1, 0) }
        index += 1
      }
    }
  }

  // MARK: - Links

  /// Whether a link's scheme and host are known, and are ones whose links get parameters.
  private func leadsToTheWeb(_ parts: URLParts, _ text: EmbeddedText, isResolved: Bool) -> Bool {
    guard isResolved || parts.isWeb && !parts.host.isEmpty else { return false }
    let known = parts.scheme.lowerBound..<max(parts.authority.upperBound, parts.scheme.lowerBound)
    let whole = known.lowerBound..<parts.fragment.upperBound
    var next = text.placeholders.firstIndex(endingAfter: whole.lowerBound)
    while next < text.placeholders.count, text.placeholders[next].range.lowerBound < whole.upperBound {
      // Directly behind the host a placeholder may still be a part of it; one with branches may be anything.
      let placeholder = text.placeholders[next]
      if placeholder.kind != .output || placeholder.range.lowerBound <= known.upperBound { return false }
      next += 1
    }
    if hosts.isEmpty { return true }
    let host: [UInt8]
    if isResolved, let base {
      let parts = URLParts(base.origin, 0..<base.origin.count)
      host = base.origin[parts.host].map(\.lowercasedASCII)
    } else {
      host = text.bytes[parts.host].map(\.lowercasedASCII)
    }
    return hosts.contains { allowed in
      guard host.count > allowed.count else { return host == allowed }
      let cut = host.count - allowed.count
      return host[cut - 1] == 0x2E && host[cut...].elementsEqual(allowed)
    }
  }

  private static let ampersand = Array("&amp;".utf8)

  /// What has to be added to a link, with what separates it from what is there.
  private func missingParameters(_ parts: URLParts, _ text: EmbeddedText) -> [UInt8] {
    let query = text.bytes[parts.query]
    let present = Set(
      query.dropFirst().split(whereSeparator: { $0 == 0x26 || $0 == 0x3B }).map { Array($0.prefix { $0 != 0x3D }) })
    let missing = parameters.filter { !present.contains($0.name) }
    guard !missing.isEmpty else { return [] }
    let joined = Array(missing.map(\.text).joined(separator: Self.ampersand))
    if query.isEmpty { return [0x3F] + joined }
    return query.count == 1 || query.last == 0x26 ? joined : Self.ampersand + joined
  }

  // MARK: - CSS

  private mutating func rewriteSheet(_ text: EmbeddedText) { rewriteURLs(in: text, quote: nil) }

  /// Rewrites the `url()` of a sheet, where `quote` is nil, or of a `style` attribute.
  private mutating func rewriteURLs(in text: EmbeddedText, quote: HTMLTree.Quote?) {
    var tokenizer = text.tokenizer
    var previous = CSSToken.Kind.end
    var isImport = false
    var isNamespace = false
    while true {
      let token = tokenizer.take()
      switch token.kind {
      case .end: return
      case .whitespace, .comment: continue
      case .atKeyword:
        let name = Int(token.start) + 1..<Int(token.end)
        isImport = CSSName.equals(text.bytes, name, "import")
        isNamespace = CSSName.equals(text.bytes, name, "namespace")
      case .semicolon, .openBrace: isNamespace = false
      case .url where !isNamespace && !token.isUnclosed: rewrite(inside(token, of: text), text, quote)
      case .string where !isNamespace && !token.isUnclosed:
        let isArgument = previous == .function && isURLFunction
        if isArgument || isImport && previous == .atKeyword {
          rewrite(Int(token.start) + 1..<Int(token.end) - 1, text, quote)
        }
      default: break
      }
      if token.kind == .function {
        isURLFunction = CSSName.equals(text.bytes, Int(token.start)..<Int(token.end) - 1, "url")
      }
      previous = token.kind
    }
  }

  /// Whether the last function was `url(`.
  private var isURLFunction = false

  /// The address in `url(…)` without quotes.
  private func inside(_ token: CSSToken, of text: EmbeddedText) -> Range<Int> {
    let open = text.bytes[token.range].firstIndex(of: 0x28) ?? Int(token.start)
    return trimmed(open + 1..<Int(token.end) - 1, of: text)
  }

  private mutating func rewrite(_ range: Range<Int>, _ text: EmbeddedText, _ quote: HTMLTree.Quote?) {
    let isPlain = !range.isEmpty && !text.bytes[range].contains(0x5C) && !text.hasPlaceholder(in: range)
    guard let base, isPlain else { return }
    let parts = URLParts(text.bytes, range)
    if let resolution = base.resolve(text.bytes, parts) { apply(resolution, to: parts, of: text, quote) }
  }
}
