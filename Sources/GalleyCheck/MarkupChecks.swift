// The file is long because the checks share one sweep over the nodes, with what is open at each.

import GalleyHTML
import GalleySource

/// Finds what is wrong with tags, attributes and nesting by our own tree.
///
/// In hidden conditional comments only tags themselves are judged: a ghost table is opened in one and closed in
/// another. Elements that a condition or a loop opens in one place and closes in another are not judged either.
struct MarkupChecks {
  private let tree: HTMLTree
  private let limits: HTMLValidator.Limits
  private(set) var findings: [HTMLFinding] = []
  /// Whether a limit is exceeded that keeps libxml2 from being asked.
  private(set) var exceedsLimits = false
  /// Where the first fault of nesting begins that was found.
  private(set) var firstNestingFault = Int.max
  /// Whether some element is opened in a branch and closed elsewhere.
  let hasSplitElements: Bool

  private let splitNames: Set<NameHash>
  private var depths: [Int32]
  /// The nearest `xml`, `svg` or `math` around each node, by its position, or -1.
  private var foreign: [Int32]
  /// The nearest link around each node, by its position, or -1.
  private var anchors: [Int32]

  /// Elements without their end tag, waiting for a stray one; by name.
  private var unclosed: [NameHash: [NodeID]] = [:]
  /// What became of unclosed elements: the stray end tag that would have closed them.
  private var partners: [NodeID: NodeID] = [:]

  init(_ tree: HTMLTree, _ limits: HTMLValidator.Limits) {
    self.tree = tree
    self.limits = limits
    splitNames = Set(tree.nodes.filter { $0.kind == .element && $0.flags.contains(.splitByBlock) }.map(\.name))
    hasSplitElements = !splitNames.isEmpty
    depths = Array(repeating: 0, count: tree.nodes.count)
    foreign = Array(repeating: -1, count: tree.nodes.count)
    anchors = Array(repeating: -1, count: tree.nodes.count)
  }

  /// Bytes as a text for a message: one line, at most 60 characters, without control characters.
  static func quote(_ bytes: ArraySlice<UInt8>) -> String {
    let text = String(decoding: bytes.prefix(240), as: UTF8.self)
    let line = String(
      String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }))
    return line.count > 60 ? line.prefix(59) + "…" : line
  }

  // MARK: The sweep

  /// Runs all checks.
  mutating func run() {
    var identifiers = IdentifierChecks(tree)
    for index in tree.nodes.indices.dropFirst() {
      let id = NodeID(index)
      let node = tree.nodes[index]
      noteSurroundings(index, node)
      switch node.kind {
      case .element:
        checkTag(id, node)
        checkPlacement(id, node)
        checkClosing(id, node)
        if !isFull { identifiers.check(id, node, &findings) }
      case .strayEndTag: meetStrayEndTag(id, node)
      case .comment, .hiddenConditional, .cdata, .doctype, .revealedOpen, .revealedClose: checkDeclaration(node)
      case .unfinishedTag: checkUnfinishedTag(id, node)
      case .root: break
      }
    }
    // What the sweep has found may lie behind what is reported now; each part has room for all that is told.
    let swept = findings
    findings = []
    reportUnclosed()
    let unclosed = findings
    findings = []
    reportStrayEndTags()
    findings += swept + unclosed
  }

  private mutating func noteSurroundings(_ index: Int, _ node: HTMLTree.Node) {
    let parent = Int(node.parent.index)
    guard parent >= 0 else { return }
    depths[index] = depths[parent] + (node.kind == .element ? 1 : 0)
    let isForeign = tree.nodes[parent].kind == .element && Self.foreignRoots.contains(tree.nodes[parent].name)
    foreign[index] = isForeign ? Int32(parent) : foreign[parent]
    let isInAnchor = tree.nodes[parent].kind == .element && tree.nodes[parent].name == Self.anchor
    anchors[index] = isInAnchor ? Int32(parent) : anchors[parent]
  }

  private static let anchor = NameHash("a")
  private static let foreignRoots: Set<NameHash> = [NameHash("svg"), NameHash("math"), NameHash("xml")]

  /// Whether as many findings were made by this sweep as are told.
  private var isFull: Bool { findings.count >= limits.findings }

  private mutating func add(
    _ code: DiagnosticCode, _ message: String, _ range: Range<Int>, notes: [HTMLFinding.Note] = [], help: [String] = []
  ) {
    guard !isFull else { return }
    findings.append(HTMLFinding(code: code, message: message, range: range, notes: notes, help: help))
  }

  private mutating func addNesting(
    _ code: DiagnosticCode, _ message: String, _ range: Range<Int>, notes: [HTMLFinding.Note] = [], help: [String] = []
  ) {
    firstNestingFault = min(firstNestingFault, range.lowerBound, notes.map(\.range.lowerBound).min() ?? .max)
    add(code, message, range, notes: notes, help: help)
  }

  private func startTag(_ node: HTMLTree.Node) -> Range<Int> { Int(node.start)..<Int(node.contentStart) }
  private func whole(_ node: HTMLTree.Node) -> Range<Int> { Int(node.start)..<Int(node.end) }

  /// The name of the tag that begins at an offset, in the author's spelling.
  private func name(at start: Int) -> String {
    let nameStart = start + (start + 1 < tree.bytes.count && tree.bytes[start + 1] == 0x2F ? 2 : 1)
    let rest = tree.bytes[min(nameStart, tree.bytes.count)...]
    let end = rest.firstIndex { $0.isSpace || $0 == 0x3E || $0 == 0x2F } ?? tree.bytes.count
    return Self.quote(tree.bytes[min(nameStart, end)..<end])
  }

  private func isEndTag(at offset: Int) -> Bool {
    offset + 1 < tree.bytes.count && tree.bytes[offset] == 0x3C && tree.bytes[offset + 1] == 0x2F
  }

  // MARK: Tags

  private mutating func checkTag(_ id: NodeID, _ node: HTMLTree.Node) {
    let nameRange = Int(node.start) + 1..<Int(node.nameEnd)
    checkDepth(id, node)
    if !ElementTable.isKnown(node.name), foreign[Int(id.index)] < 0, !ElementTable.isOffice(tree.bytes[nameRange]),
      !holdsPlaceholder(nameRange)
    {
      addUnknown(node, nameRange)
    }
    checkAttributes(id, node)
    if node.flags.contains(.hasEndTag) { checkEndTag(Int(node.contentEnd)..<Int(node.end)) }
  }

  private mutating func checkDepth(_ id: NodeID, _ node: HTMLTree.Node) {
    guard depths[Int(id.index)] > Int32(limits.depth) else { return }
    if !exceedsLimits {
      add(
        .tooDeep, "'<\(name(at: Int(node.start)))>' is nested more than \(limits.depth) deep", startTag(node),
        help: ["mail clients give up long before; flatten the tables"])
    }
    exceedsLimits = true
  }

  private mutating func addUnknown(_ node: HTMLTree.Node, _ range: Range<Int>) {
    guard !isFull else { return }
    let name = Self.quote(tree.bytes[range])
    let nearest = Suggestion.nearest(to: name.lowercased(), among: Self.commonNames)
    let suggestion = nearest.map { "; did you mean '<\($0)>'?" } ?? ""
    add(.unknownElement, "'<\(name)>' is no element of HTML\(suggestion)", range)
  }

  private func holdsPlaceholder(_ range: Range<Int>) -> Bool {
    var low = 0
    var high = tree.placeholders.count
    while low < high {
      let middle = (low + high) / 2
      if tree.placeholders[middle].range.upperBound <= range.lowerBound { low = middle + 1 } else { high = middle }
    }
    return low < tree.placeholders.count && tree.placeholders[low].range.lowerBound < range.upperBound
  }

  private mutating func checkAttributes(_ id: NodeID, _ node: HTMLTree.Node) {
    let attributes = tree.attributes(of: id)
    if attributes.count > limits.attributes {
      exceedsLimits = true
      add(
        .tooManyAttributes,
        "'<\(name(at: Int(node.start)))>' has \(attributes.count) attributes, more than \(limits.attributes)",
        Int(node.start)..<Int(node.nameEnd))
    }
    let checked = attributes.prefix(limits.attributes)
    for attribute in checked { checkAttributeName(Int(attribute.nameStart)..<Int(attribute.nameEnd), node) }
    // A condition in the tag may choose one of two.
    if checked.count > 1, !node.flags.contains(.placeholderInTag) { checkRepetition(checked) }
  }

  /// Looks for attributes that are given twice; the limit bounds the square.
  private mutating func checkRepetition(_ attributes: ArraySlice<HTMLTree.Attribute>) {
    for index in attributes.indices.dropFirst() {
      let attribute = attributes[index]
      guard let first = attributes[..<index].first(where: { $0.name == attribute.name }) else { continue }
      let range = Int(attribute.nameStart)..<Int(attribute.nameEnd)
      add(
        .duplicateAttribute, "'\(Self.quote(tree.bytes[range]))' is given twice; only the first counts", range,
        notes: [
          HTMLFinding.Note(message: "the first is here", range: Int(first.nameStart)..<Int(first.nameEnd))
        ])
    }
  }

  private mutating func checkAttributeName(_ range: Range<Int>, _ node: HTMLTree.Node) {
    let bytes = tree.bytes[range]
    guard let first = bytes.first else { return }
    let isStart = (first | 0x20) &- 0x61 < 26 || first == 0x3A || first == 0x5F || first == 0x2E
    let hasQuote = bytes.contains { $0 == 0x22 || $0 == 0x27 || $0 == 0x3C }
    guard !isStart || hasQuote, !node.flags.contains(.placeholderInTag) || !holdsPlaceholder(range) else { return }
    add(
      .badAttributeName, "'\(Self.quote(bytes))' is no name of an attribute", range,
      help: hasQuote ? ["look for a quote too many or too few before it"] : [])
  }

  /// Checks that an end tag holds nothing but its name.
  private mutating func checkEndTag(_ range: Range<Int>) {
    guard range.count >= 3 else { return }
    let inner = tree.bytes[range.lowerBound + 2..<range.upperBound - 1]
    guard let nameEnd = inner.firstIndex(where: { $0.isSpace || $0 == 0x2F }),
      inner[nameEnd...].contains(where: { !$0.isSpace }), !holdsPlaceholder(range)
    else { return }
    add(
      .badEndTag, "'\(Self.quote(tree.bytes[range]))' holds more than a name", range,
      help: ["write '</\(name(at: range.lowerBound))>'"])
  }

  private mutating func checkDeclaration(_ node: HTMLTree.Node) {
    if node.kind == .doctype, let bracket = tree.bytes[whole(node)].firstIndex(of: 0x5B) {
      return add(
        .internalSubset, "a doctype with an internal subset is not for mail", bracket..<Int(node.end),
        help: ["write '<!DOCTYPE html>'"])
    }
    let isClosed = !node.flags.contains(.truncated)
    // What ends in a conditional comment is closed by its end, as Word sees it.
    guard !isClosed, !node.flags.contains(.inConditional) else { return }
    let end = min(Int(node.start) + 4, tree.bytes.count)
    let opening = Int(node.kind == .hiddenConditional ? max(node.contentStart, Int32(end)) : Int32(end))
    let range = Int(node.start)..<min(opening, tree.bytes.count)
    let closer = node.kind == .hiddenConditional ? "<![endif]-->" : node.kind == .comment ? "-->" : ">"
    add(
      .unterminatedComment, "'\(Self.quote(tree.bytes[range]))' is never closed", range,
      help: ["everything behind it is lost; close it with '\(closer)'"])
  }

  private mutating func checkUnfinishedTag(_ id: NodeID, _ node: HTMLTree.Node) {
    if let last = tree.attributes(of: id).last, last.quote == .double || last.quote == .single,
      Int(last.valueEnd) >= tree.bytes.count
    {
      let name = Self.quote(tree.bytes[Int(last.nameStart)..<Int(last.nameEnd)])
      return add(
        .unterminatedValue, "the value of '\(name)' is never closed", Int(last.nameStart)..<Int(last.valueStart),
        help: ["everything behind it is lost; close it with '\(last.quote == .double ? "\"" : "'")'"])
    }
    let range = Int(node.start)..<max(Int(node.nameEnd), min(Int(node.start) + 1, tree.bytes.count))
    add(.unterminatedTag, "'\(Self.quote(tree.bytes[range]))' is never closed", range, help: ["close it with '>'"])
  }

  // MARK: Placement

  private mutating func checkPlacement(_ id: NodeID, _ node: HTMLTree.Node) {
    guard !node.flags.contains(.inConditional), foreign[Int(id.index)] < 0 else { return }
    let role = ElementTable.standard[node.name].role
    let parent = tree.parentElement(of: id)
    let parentRole = parent == .none ? .other : ElementTable.standard[tree[parent].name].role
    if let expected = Self.expectedParent(role), !expected.roles.contains(parentRole) {
      addNesting(
        .misplacedElement, "'<\(name(at: Int(node.start)))>' stands outside of \(expected.name)", startTag(node),
        help: ["browsers and clients drop such a tag and keep its content"])
    } else if Self.isTablePart(parentRole), !Self.isAllowed(role, node, in: parentRole) {
      addNesting(
        .misplacedElement,
        "'<\(name(at: Int(node.start)))>' can't stand directly in '<\(name(at: Int(tree[parent].start)))>'",
        startTag(node), help: ["browsers move it out of the table; put it into a cell"])
    }
    if node.name == Self.anchor, anchors[Int(id.index)] >= 0 {
      let outer = startTag(tree.nodes[Int(anchors[Int(id.index)])])
      addNesting(
        .misplacedElement, "'<a>' can't stand in '<a>'", startTag(node),
        notes: [HTMLFinding.Note(message: "'<a>' begins here", range: outer)], help: ["links do not nest"])
    }
    if Self.isTablePart(role), let text = strayText(in: id, node) {
      add(
        .misplacedText, "text can't stand directly in '<\(name(at: Int(node.start)))>'", text,
        help: ["browsers move it out of the table; put it into a cell"])
    }
  }

  private static func expectedParent(
    _ role: ElementTable.Role
  ) -> (roles: Set<ElementTable.Role>, name: String)? {
    switch role {
    case .cell: ([.row], "a row")
    case .row: ([.table, .rowGroup], "a table")
    case .rowGroup, .caption, .columnGroup: ([.table], "a table")
    default: nil
    }
  }

  private static func isTablePart(_ role: ElementTable.Role) -> Bool {
    role == .table || role == .rowGroup || role == .row
  }

  private static func isAllowed(_ role: ElementTable.Role, _ node: HTMLTree.Node, in parent: ElementTable.Role) -> Bool
  {
    switch role {
    case .cell, .row, .rowGroup, .caption, .columnGroup, .column, .template, .script: true
    default:
      ElementTable.standard[node.name].traits.contains(.unrendered) || node.name == form || node.name == input
        || !ElementTable.isKnown(node.name)
    }
  }

  private static let form = NameHash("form")
  private static let input = NameHash("input")

  /// The first text that stands directly in a part of a table.
  private func strayText(in id: NodeID, _ node: HTMLTree.Node) -> Range<Int>? {
    var position = Int(node.contentStart)
    for child in tree.children(of: id) {
      if let text = firstText(position..<max(position, Int(tree[child].start))) { return text }
      position = Int(tree[child].end)
    }
    return firstText(position..<max(position, Int(node.contentEnd)))
  }

  private func firstText(_ range: Range<Int>) -> Range<Int>? {
    guard let start = tree.bytes[range].firstIndex(where: { !$0.isSpace }) else { return nil }
    if holdsPlaceholder(range) { return nil }
    var end = range.upperBound
    while end > start, tree.bytes[end - 1].isSpace { end -= 1 }
    return start..<end
  }

  // MARK: Nesting

  private mutating func checkClosing(_ id: NodeID, _ node: HTMLTree.Node) {
    guard !node.flags.contains(.inConditional) else { return }
    let element = ElementTable.standard[node.name]
    if node.flags.contains(.selfClosing), !element.traits.contains(.void), foreign[Int(id.index)] < 0,
      element.role != .foreign, !ElementTable.isOffice(tree.bytes[Int(node.start) + 1..<Int(node.nameEnd)])
    {
      addNesting(
        .selfClosingElement, "'\(Self.quote(tree.bytes[startTag(node)]))' does not close itself", startTag(node),
        help: ["HTML ignores the slash; write '<\(name(at: Int(node.start)))></\(name(at: Int(node.start)))>'"])
      return
    }
    if element.role == .heading, node.flags.contains(.hasEndTag) { checkHeading(node) }
    if node.flags.contains(.unclosed), !node.flags.contains(.splitByBlock) {
      unclosed[node.name, default: []].append(id)
    }
  }

  private mutating func checkHeading(_ node: HTMLTree.Node) {
    let endTag = Int(node.contentEnd)..<Int(node.end)
    let digit = Int(node.contentEnd) + 3
    guard digit < tree.bytes.count, tree.bytes[digit] != tree.bytes[Int(node.start) + 2] else { return }
    addNesting(
      .mismatchedEndTag, "'</\(name(at: endTag.lowerBound))>' closes '<\(name(at: Int(node.start)))>'", endTag,
      notes: [HTMLFinding.Note(message: "the heading begins here", range: startTag(node))])
  }

  private var strays: [NodeID] = []

  private mutating func meetStrayEndTag(_ id: NodeID, _ node: HTMLTree.Node) {
    checkEndTag(whole(node))
    guard !node.flags.contains(.inConditional), !node.flags.contains(.truncated), !splitNames.contains(node.name)
    else { return }
    if let partner = unclosed[node.name]?.popLast() {
      partners[partner] = id
    } else {
      strays.append(id)
    }
  }

  /// Reports elements without an end tag: those whose end tag came too late as misnested, the others as unclosed.
  private mutating func reportUnclosed() {
    let alone = unclosed.values.joined()
    for id in (Array(alone) + partners.keys).sorted() where !isFull {
      let node = tree[id]
      let name = name(at: Int(node.start))
      let cause = Int(node.contentEnd)
      if let partner = partners[id] {
        reportMisnested(node, name, cause, tree[partner])
      } else if cause < tree.bytes.count, !isEndTag(at: cause), tree.bytes[cause] == 0x3C {
        addNesting(
          .unclosedElement, "'<\(name)>' is not closed before the next '<\(self.name(at: cause))>'", startTag(node),
          notes: [HTMLFinding.Note(message: "which begins here", range: tag(at: cause))],
          help: ["close it with '</\(name)>'"])
      } else {
        let isInside = isEndTag(at: cause)
        let note = HTMLFinding.Note(
          message: "'</\(self.name(at: cause))>' closes what is around it", range: tag(at: cause))
        addNesting(
          .unclosedElement, "'<\(name)>' is never closed", startTag(node), notes: isInside ? [note] : [],
          help: ["close it with '</\(name)>'"])
      }
    }
  }

  private mutating func reportMisnested(
    _ node: HTMLTree.Node, _ name: String, _ cause: Int, _ late: HTMLTree.Node
  ) {
    let opened = HTMLFinding.Note(message: "'<\(name)>' begins here", range: startTag(node))
    guard cause < tree.bytes.count, tree.bytes[cause] == 0x3C, Int(late.start) > cause else {
      return addNesting(
        .mismatchedEndTag, "'</\(name)>' does not match what is open here", whole(late), notes: [opened],
        help: ["close elements in the opposite order of opening them"])
    }
    if isEndTag(at: cause) {
      addNesting(
        .mismatchedEndTag, "'</\(self.name(at: cause))>' comes while '<\(name)>' is open", tag(at: cause),
        notes: [opened, HTMLFinding.Note(message: "its end tag comes too late", range: whole(late))],
        help: ["close elements in the opposite order of opening them"])
    } else {
      addNesting(
        .misplacedElement, "'<\(self.name(at: cause))>' can't stand in '<\(name)>'", tag(at: cause), notes: [opened])
    }
  }

  /// The tag that begins at an offset, up to its `>`.
  private func tag(at start: Int) -> Range<Int> {
    guard start < tree.bytes.count else { return start..<start }
    let end = tree.bytes[start...].firstIndex(of: 0x3E).map { $0 + 1 } ?? tree.bytes.count
    return start..<min(end, start + 200)
  }

  private mutating func reportStrayEndTags() {
    for id in strays where !isFull {
      let node = tree[id]
      let name = name(at: Int(node.start))
      let element = ElementTable.standard[node.name]
      if element.traits.contains(.void) {
        addNesting(
          .strayEndTag, "'</\(name)>' closes nothing; '<\(name)>' has no end tag", whole(node), help: ["remove it"])
      } else if let last = lastImpliedEnd(before: id, node) {
        addNesting(
          .strayEndTag, "'</\(name)>' closes nothing; the '<\(name)>' before it has ended", whole(node),
          notes: [HTMLFinding.Note(message: "'<\(self.name(at: last))>' ends it", range: tag(at: last))])
      } else {
        addNesting(.strayEndTag, "'</\(name)>' closes nothing", whole(node), help: ["remove it, or open '<\(name)>'"])
      }
    }
  }

  /// Where the tag stands that ended an element of the same name, if one without an end tag is among the siblings.
  private func lastImpliedEnd(before id: NodeID, _ node: HTMLTree.Node) -> Int? {
    var sibling = node.previousSibling
    for _ in 0..<16 {
      guard sibling != .none else { return nil }
      let other = tree[sibling]
      if other.kind == .element, other.name == node.name, !other.flags.contains(.hasEndTag) {
        let end = Int(other.contentEnd)
        return end < tree.bytes.count && tree.bytes[end] == 0x3C && !isEndTag(at: end) ? end : nil
      }
      sibling = other.previousSibling
    }
    return nil
  }

  /// The names that mails are written with, for suggestions.
  private static let commonNames = [
    "html", "head", "body", "title", "meta", "link", "style", "table", "thead", "tbody", "tfoot", "tr", "td", "th",
    "caption", "div", "span", "center", "section", "header", "footer", "main", "article", "aside", "nav", "p", "h1",
    "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "a", "img", "br", "hr", "b", "strong", "i", "em",
    "u", "small", "big", "sup", "sub", "font", "blockquote", "pre", "code", "picture", "source", "button", "figure",
  ]
}

/// Finds identifiers that are given twice, two branches of a condition aside, of which only one shows.
struct IdentifierChecks {
  private let tree: HTMLTree
  private var first: [[UInt8]: (range: Range<Int>, branch: Int)] = [:]
  private var nextPlaceholder = 0
  /// The branches that are open, the innermost last; each has its own number.
  private var branches: [Int] = []
  private var branchCount = 0

  private static let name = NameHash("id")

  init(_ tree: HTMLTree) { self.tree = tree }

  /// Checks the identifier of an element; elements come in document order.
  mutating func check(_ id: NodeID, _ node: HTMLTree.Node, _ findings: inout [HTMLFinding]) {
    guard !node.flags.contains(.inConditional), let attribute = tree.attribute(Self.name, of: id),
      !attribute.hasPlaceholder, attribute.valueStart < attribute.valueEnd
    else { return }
    moveBranches(to: Int(node.start))
    let branch = branches.last ?? 0
    let range = Int(attribute.valueStart)..<Int(attribute.valueEnd)
    let value = CharacterReference.decode(tree.rawValue(attribute), inAttribute: true)
    guard let other = first[value] else {
      first[value] = (range, branch)
      return
    }
    if branch != other.branch, branch != 0, other.branch != 0 { return }
    findings.append(
      HTMLFinding(
        code: .duplicateID, message: "the identifier '\(MarkupChecks.quote(tree.bytes[range]))' is given twice",
        range: range, notes: [HTMLFinding.Note(message: "the first is here", range: other.range)]))
  }

  private mutating func moveBranches(to offset: Int) {
    while nextPlaceholder < tree.placeholders.count, tree.placeholders[nextPlaceholder].range.lowerBound < offset {
      let kind = tree.placeholders[nextPlaceholder].kind
      if kind == .middle || kind == .close, !branches.isEmpty { branches.removeLast() }
      if kind == .open || kind == .middle {
        branchCount += 1
        branches.append(branchCount)
      }
      nextPlaceholder += 1
    }
  }
}
