package import GalleyHTML
package import GalleySource

/// Takes out of a document white space and comments that show nowhere, and keeps its lines short.
///
/// A run of white space in text becomes one space, or one line end if it holds one; it goes only between two blocks or
/// parts of a table, and in the head. What is no white space stays: `&nbsp;`, `&zwnj;`, quotes, letters. Left alone
/// are `pre`, `textarea`, raw text, foreign elements, conditional comments, all of text where a style may keep its
/// spaces, comments that hold placeholders or look conditional, and tags with placeholders. CSS is made smaller by
/// `CSSCompaction`, lines are broken by `LineLayout`, where white space stood. Doing it again changes nothing.
package struct Minifier: Sendable {
  /// Makes the pass.
  package init() {}

  /// The edits to a document that is inlined already.
  package func edits(for tree: HTMLTree) -> EditList { result(for: tree).edits }

  /// The edits, and the lines that stay too long for a mail.
  package func result(for tree: HTMLTree) -> PassResult {
    var run = Minification(tree)
    for event in tree.events() { run.meet(event) }
    run.finish()
    let edits = run.layout.edits(of: tree.bytes)
    let remarks = run.layout.longLines.map { PassRemark(kind: .longLine, range: $0) }
    return PassResult(edits: edits, remarks: remarks)
  }
}

/// The walk over one document.
private struct Minification {
  var layout = LineLayout()
  private let tree: HTMLTree
  private let facts: WhiteSpaceFacts
  private var contexts: [Context]
  private var run: Run?
  /// What was last, before the run.
  private var left = Neighbor(isBoundary: true)
  /// The offset of what comes next.
  private var position = 0

  /// What is known of the elements around.
  private struct Context {
    /// Whether text stays as it is.
    var preserves: Bool
    /// Whether this is the head, as far as nothing in it has ended it.
    var isHead: Bool
    /// Whether it is SVG, MathML or one of Office's vocabularies.
    var isForeign: Bool
    /// Whether the element is a boundary.
    var isBoundary: Bool
  }

  /// White space, with the comments that go from it.
  private struct Run {
    var range: Range<Int>
    var hasSpace = false
    var hasNewline = false
  }

  /// What stands beside a run.
  private struct Neighbor {
    /// The tag of a block, or the end of the document.
    var isBoundary = false
    /// Whether it is a start tag, or on the right an end tag.
    var isInner = false
    /// A byte of text beside which a line end is as good as a space.
    var isPlain = false
    /// Whether it is text or a placeholder.
    var isText = false
  }

  init(_ tree: HTMLTree) {
    self.tree = tree
    facts = WhiteSpaceFacts(tree)
    contexts = [Context(preserves: facts.sheetsPreserve, isHead: false, isForeign: false, isBoundary: true)]
  }

  private var context: Context { contexts[contexts.count - 1] }

  // MARK: - Events

  mutating func meet(_ event: HTMLTree.Event) {
    switch event {
    case .text(let range): meetText(range)
    case .placeholder(let index):
      flush(before: Neighbor(isText: true))
      leaveHead()
      position = tree.placeholders[index].range.upperBound
    case .open(let id): open(id)
    case .close(let id): close(id)
    case .leaf(let id): meetLeaf(id)
    }
  }

  mutating func finish() { flush(before: Neighbor(isBoundary: true)) }

  private mutating func open(_ id: NodeID) {
    let node = tree[id]
    let isInHead = context.isHead
    let isHead = ElementTable.standard[node.name].role == .head
    let isBoundary = facts.isBoundary(id, inHead: isInHead)
    flush(before: Neighbor(isBoundary: isBoundary))
    left.isInner = true
    if isInHead, !isBoundary { leaveHead() }
    let isForeign = context.isForeign || facts.isForeign(id)
    let preserves = isForeign || context.preserves || facts.preserves(id)
    contexts.append(Context(preserves: preserves, isHead: isHead, isForeign: isForeign, isBoundary: isBoundary))
    if !isForeign { compactTag(id) }
    if node.name.value == PassNames.style, !OptOut.keepsSheet(tree.attributes(of: id), tree) {
      CSSCompaction.compact(sheet: node, of: tree, into: &layout)
    }
    position = Int(node.contentStart)
  }

  /// Remembers that a browser ends the head here, so that white space shows.
  private mutating func leaveHead() { contexts[contexts.count - 1].isHead = false }

  private mutating func close(_ id: NodeID) {
    let isBoundary = context.isBoundary
    flush(before: Neighbor(isBoundary: isBoundary, isInner: true))
    left.isInner = false
    if contexts.count > 1 { contexts.removeLast() }
    position = Int(tree[id].end)
  }

  private mutating func meetLeaf(_ id: NodeID) {
    let node = tree[id]
    if mayRemove(node) {
      position = Int(node.start)
      extendRun(to: Int(node.end))
    } else {
      flush(before: Neighbor(isBoundary: node.kind == .doctype))
    }
    position = Int(node.end)
  }

  private mutating func meetText(_ range: Range<Int>) {
    defer { position = range.upperBound }
    if context.preserves { return flush(before: Neighbor(isText: true)) }
    var index = range.lowerBound
    while index < range.upperBound {
      let start = index
      while index < range.upperBound, Self.isSpace(tree.bytes[index]) { index += 1 }
      if index > start { addSpace(start..<index) }
      let textStart = index
      while index < range.upperBound, !Self.isSpace(tree.bytes[index]) { index += 1 }
      guard index > textStart else { continue }
      leaveHead()
      let first = tree.bytes[textStart]
      flush(before: Neighbor(isPlain: Self.isPlain(first) && first != 0x26, isText: true))
      let last = tree.bytes[index - 1]
      left.isPlain = Self.isPlain(last) && last != 0x3B
    }
  }

  // MARK: - Runs

  /// White space that CSS collapses; a form feed is none.
  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }

  /// Whether a line may end beside the byte: between letters of some scripts a line end is no space.
  private static func isPlain(_ byte: UInt8) -> Bool { byte > 0x20 && byte < 0x7F }

  private mutating func extendRun(to end: Int) {
    run = Run(
      range: (run?.range.lowerBound ?? position)..<end, hasSpace: run?.hasSpace ?? false,
      hasNewline: run?.hasNewline ?? false)
  }

  private mutating func addSpace(_ range: Range<Int>) {
    position = range.lowerBound
    extendRun(to: range.upperBound)
    run?.hasSpace = true
    if tree.bytes[range].contains(where: { $0 == 0x0A || $0 == 0x0D }) { run?.hasNewline = true }
  }

  /// Writes the run before something, which is the left neighbor of the next one.
  private mutating func flush(before right: Neighbor) {
    defer { left = right }
    guard let run else { return }
    self.run = nil
    guard run.hasSpace else { return layout.add(run.range, .nothing) }
    // The white space that is all of an element's content makes it not empty.
    let isWholeContent = left.isInner && right.isInner
    if left.isBoundary, right.isBoundary, !isWholeContent {
      layout.add(run.range, .nothing, .preferred)
    } else if run.hasNewline {
      layout.add(run.range, .newline)
    } else {
      layout.add(run.range, .space, left.isPlain && right.isPlain ? .preferred : .never)
    }
  }

  // MARK: - Comments

  /// Whether a node is a comment that nobody reads, and goes without joining what is around it.
  private func mayRemove(_ node: HTMLTree.Node) -> Bool {
    guard node.kind == .comment, !node.flags.contains(.truncated), !context.preserves else { return false }
    let range = Int(node.start)..<Int(node.end)
    let bytes = tree.bytes[range]
    guard bytes.starts(with: "<!--".utf8), bytes.reversed().starts(with: ">--".utf8), range.count >= 7 else {
      return false
    }
    // Server-side includes start with '#', conditions with '['.
    let first = bytes.dropFirst(4).first { !$0.isCSSWhitespace }
    if first == 0x23 || first == 0x5B || looksConditional(bytes) { return false }
    let next = tree.placeholders.firstIndex(endingAfter: range.lowerBound)
    if next < tree.placeholders.count, tree.placeholders[next].range.lowerBound < range.upperBound { return false }
    return isApart(range.upperBound)
  }

  private func looksConditional(_ bytes: ArraySlice<UInt8>) -> Bool {
    bytes.indices.contains { index in
      guard bytes[index] == 0x5B else { return false }
      let word = bytes[(index + 1)...].prefix(5).map(\.lowercasedASCII)
      return word.starts(with: "if".utf8) || word.elementsEqual("endif".utf8)
    }
  }

  /// Whether what stands before a comment and what stands behind it, at `end`, don't become one thing without it.
  private func isApart(_ end: Int) -> Bool {
    if run?.hasSpace == true || !left.isText { return true }
    guard end < tree.bytes.count else { return true }
    let next = tree.placeholders.firstIndex(endingAfter: end)
    if next < tree.placeholders.count, tree.placeholders[next].range.lowerBound <= end { return false }
    if Self.isSpace(tree.bytes[end]) { return true }
    guard tree.bytes[end] == 0x3C, end + 1 < tree.bytes.count else { return false }
    return tree.bytes[end + 1] == 0x2F || tree.bytes[end + 1] == 0x21 || tree.bytes[end + 1].isLetter
  }

  // MARK: - Tags

  /// Adds the gaps of a start tag: between attributes, before `>`, and in `style`.
  private mutating func compactTag(_ id: NodeID) {
    let node = tree[id]
    guard !node.flags.contains(.placeholderInTag) else { return }
    let attributes = tree.attributes(of: id)
    let isKept = attributes.contains { OptOut.isCandidate($0.name.value) && OptOut.keepsElement($0, tree) }
    let style = attributes.firstIndex { $0.name.value == PassNames.style }
    var position = Int(node.nameEnd)
    for index in attributes.indices {
      let attribute = attributes[index]
      addTagGap(position..<Int(attribute.nameStart), .space, .preferred)
      if index == style, !isKept { CSSCompaction.compact(style: attribute, of: tree, into: &layout) }
      position = tree.end(of: attribute)
    }
    let end = Int(node.contentStart)
    if node.flags.contains(.selfClosing) {
      addTagGap(position..<max(end - 2, position), .space, .never)
    } else {
      let isOpenEnded = attributes.last.map { $0.quote == .unquoted && $0.valueStart == $0.valueEnd } ?? false
      if !isOpenEnded { addTagGap(position..<max(end - 1, position), .nothing, .never) }
    }
  }

  private mutating func addTagGap(
    _ range: Range<Int>, _ filling: LineLayout.Filling, _ lineBreak: LineLayout.Break
  ) {
    guard !range.isEmpty, tree.bytes[range].allSatisfy(\.isCSSWhitespace) else { return }
    layout.add(range, filling, lineBreak)
  }
}
