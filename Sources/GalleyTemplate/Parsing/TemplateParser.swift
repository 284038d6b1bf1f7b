package import GalleySource

/// Parses templates, partials and the fragments of front matter.
///
/// A parse never throws and never stops: what is broken becomes a `TemplateNode.error`, and one diagnostic. The depth
/// of what it returns is bounded, so whoever walks it may recurse. It takes linear time.
package struct TemplateParser {
  /// How deep blocks, parentheses and paths may be nested.
  package static let depthLimit = 64

  let source: SourceID
  let bytes: [UInt8]
  let tokens: [TemplateToken]
  var diagnostics: [Diagnostic] = []
  var frames: [BlockFrame]
  /// The next token of the tag being parsed, and the index of the token behind its last.
  var cursor = 0
  var limit = 0

  private var hasReportedDepth = false
  /// How many blocks are open that are nested too deep to be kept.
  private var overflow = 0
  /// Whether a comment or a raw block swallowed the rest.
  private var isTruncated = false
  /// The end that closed a block last.
  private var lastEnd: (name: String, range: SourceRange)?
  /// How many tokens may still be looked at to tell a stray end from a wrong one.
  private var lookaheadBudget: Int
  private var foreignTags: (first: SourceRange, count: Int)?
  private var hasLongComment = false

  private init(source: SourceID, bytes: [UInt8], range: Range<Int>) {
    self.source = source
    self.bytes = bytes
    tokens = TemplateLexer.tokens(of: bytes, in: range)
    frames = [BlockFrame(kind: .root, name: "", openRange: SourceRange(source, range.lowerBound, range.lowerBound))]
    lookaheadBudget = 8 * tokens.count
  }

  /// Parses a file of templates or partials; `name` is the path below its folder, without `.html`.
  package static func parse(source: SourceID, bytes: [UInt8], name: String) -> (TemplateFile, [Diagnostic]) {
    let split = FrontMatter.split(bytes)
    if case .unclosed(let fence) = split {
      let range = SourceRange(source, fence)
      let diagnostic = Diagnostic(
        .unclosedFrontMatter, "the front matter is never closed", at: range, label: "opened here",
        help: ["put a line '---' behind its last entry"])
      return (TemplateFile(name: name, source: source, frontMatter: nil, body: [.error(range)]), [diagnostic])
    }
    var content = 0..<bytes.count
    var frontMatter: SourceRange?
    if case .split(let matter, let start) = split {
      frontMatter = matter.map { SourceRange(source, $0) }
      content = start..<bytes.count
    }
    var parser = TemplateParser(source: source, bytes: bytes, range: content)
    let body = parser.parseBody()
    return (TemplateFile(name: name, source: source, frontMatter: frontMatter, body: body), parser.diagnostics)
  }

  /// Parses a part of a file, such as a value of its front matter, as a template.
  package static func parseFragment(
    source: SourceID, range: SourceRange, bytes: [UInt8]
  ) -> (TemplateDeclaration.Fragment, [Diagnostic]) {
    var parser = TemplateParser(source: source, bytes: bytes, range: range.range.clamped(to: 0..<bytes.count))
    return (TemplateDeclaration.Fragment(range: range, body: parser.parseBody()), parser.diagnostics)
  }

  // MARK: The sequence of pieces

  private mutating func parseBody() -> [TemplateNode] {
    for piece in TemplatePiece.pieces(of: tokens, in: bytes) {
      if piece.kind != .text, !piece.isAlone, isLineStart(piece.range.lowerBound) {
        add(.text(range(piece.range.lowerBound..<piece.range.lowerBound)))
      }
      switch piece.kind {
      case .text: addText(piece.range)
      case .escape: break
      case .comment:
        if isLongComment(piece.range) { hasLongComment = true }
      case .unclosedComment: reportUnclosedComment(piece.range)
      case .rawBlock: reportRawBlock(piece.range)
      case .tag(let open, let close):
        parseTag(open: open, close: close, range(piece.range), indent: piece.indent.map(range))
      }
    }
    closeRest()
    if let foreignTags {
      let rest = foreignTags.count - 1
      let notes = rest > 0 ? [Diagnostic.Note("\(rest) more in this file")] : []
      let tag = text(foreignTags.first.range)
      report(
        .foreignTag, "'\(tag)' is a tag of another template language", at: foreignTags.first, notes: notes,
        help: ["write '{{#if …}}', '{{#each …}}' or '{{value}}'; to print '{%' as text write '&#123;%'"])
    }
    return frames[0].nodes
  }

  /// Whether a line begins at `offset`.
  ///
  /// Each line begins with a text, be it empty: before it goes the indentation of the partial that the line is part of.
  private func isLineStart(_ offset: Int) -> Bool { offset == 0 || bytes[offset - 1] == TemplateByte.lineFeed }

  func range(_ range: Range<Int>) -> SourceRange { SourceRange(source, range) }

  func text(_ range: Range<Int>) -> String {
    String(decoding: bytes[range.clamped(to: 0..<bytes.count)], as: UTF8.self)
  }

  mutating func report(
    _ code: DiagnosticCode, _ message: String, at range: SourceRange, label: String? = nil,
    notes: [Diagnostic.Note] = [], help: [String] = [], fixes: [FixIt] = []
  ) {
    diagnostics.append(
      Diagnostic(code, message, at: range, label: label, notes: notes, help: help, fixes: fixes))
  }

  mutating func add(_ node: TemplateNode) {
    if overflow == 0 { frames[frames.count - 1].nodes.append(node) }
  }

  private mutating func addText(_ piece: Range<Int>) {
    if piece.isEmpty { return }
    findStrangers(piece)
    add(.text(range(piece)))
  }

  /// Looks for tags of other languages, and for the end of a comment that is none.
  private mutating func findStrangers(_ piece: Range<Int>) {
    var index = piece.lowerBound
    while index + 2 < piece.upperBound {
      if bytes[index] == TemplateByte.openBrace, bytes[index + 1] == UInt8(ascii: "%") {
        let start = index
        index += 2
        if bytes[index] == UInt8(ascii: "-") || bytes[index] == UInt8(ascii: "+") { index += 1 }
        while index < piece.upperBound, bytes[index] == 0x20 { index += 1 }
        guard index < piece.upperBound, TemplateByte.isLetter(bytes[index]) else { continue }
        let first = foreignTags?.first ?? range(start..<foreignTagEnd(start, piece.upperBound))
        foreignTags = (first, (foreignTags?.count ?? 0) + 1)
      } else if hasLongComment, bytes[index] == UInt8(ascii: "-"), bytes[index + 1] == UInt8(ascii: "-"),
        bytes[index + 2] == TemplateByte.closeBrace, index + 3 < piece.upperBound,
        bytes[index + 3] == TemplateByte.closeBrace
      {
        report(
          .strayCommentEnd, "'--}}' stands outside of a comment", at: range(index..<index + 4),
          notes: [Diagnostic.Note("a comment ends with the first '--}}'; comments do not nest")],
          help: ["take it out"])
        index += 4
      } else {
        index += 1
      }
    }
  }

  private func foreignTagEnd(_ start: Int, _ end: Int) -> Int {
    var index = start + 2
    while index + 1 < end, bytes[index] != TemplateByte.lineFeed {
      if bytes[index] == UInt8(ascii: "%"), bytes[index + 1] == TemplateByte.closeBrace { return index + 2 }
      index += 1
    }
    return start + 2
  }

  /// Whether a comment begins with `{{!--`.
  private func isLongComment(_ piece: Range<Int>) -> Bool {
    let mark = piece.lowerBound + (bytes[piece.lowerBound + 2] == TemplateByte.tilde ? 3 : 2)
    return bytes[mark..<piece.upperBound].starts(with: "!--".utf8)
  }

  private mutating func reportUnclosedComment(_ piece: Range<Int>) {
    let isLong = isLongComment(piece)
    let opening = piece.lowerBound..<min(piece.upperBound, piece.lowerBound + (isLong ? 5 : 3))
    report(
      .unclosedComment, "the comment is never closed", at: range(opening), label: "opened here",
      help: [isLong ? "close it with '--}}'" : "close it with '}}'"])
    add(.error(range(piece)))
    isTruncated = true
  }

  private mutating func reportRawBlock(_ piece: Range<Int>) {
    let isEnded = bytes[piece].suffix(4).elementsEqual("}}}}".utf8)
    let opening = range(piece.lowerBound..<min(piece.upperBound, piece.lowerBound + 4))
    report(
      .unsupported, isEnded ? "'{{{{' begins a raw block, which there is not" : "the raw block is never closed",
      at: opening, help: ["to print braces as text, put a backslash before them: '\\{{name}}'"])
    add(.error(range(piece)))
    if !isEnded { isTruncated = true }
  }

  // MARK: Frames

  /// Opens a block, unless it is nested too deep.
  mutating func push(_ frame: BlockFrame) {
    if overflow > 0 {
      overflow += 1
    } else if frames.count > Self.depthLimit {
      reportDepth("blocks are nested more than \(Self.depthLimit) deep", at: frame.openRange)
      add(.error(frame.openRange))
      overflow = 1
    } else {
      frames.append(frame)
    }
  }

  mutating func reportDepth(_ message: String, at range: SourceRange) {
    if hasReportedDepth { return }
    hasReportedDepth = true
    report(.tooDeep, message, at: range, help: ["move the inner part into a partial"])
  }

  /// Goes on with the other branch of the innermost block.
  mutating func divide(at tag: SourceRange, chained: BlockFrame?) {
    if overflow > 0 { return }
    let index = frames.count - 1
    let frame = frames[index]
    if frame.isSilent { return }
    guard frame.kind.canDivide else {
      let isRoot = frame.kind == .root
      let notes = isRoot ? [] : [Diagnostic.Note("the innermost block is opened here", at: frame.openRange)]
      report(
        .strayElse, isRoot ? "'else' stands outside of a block" : "'\(frame.opening)' has no 'else'", at: tag,
        notes: notes, help: ["'else' belongs into an 'if', 'unless', 'each' or 'with'"])
      return
    }
    if let first = frame.elseRange {
      report(
        .strayElse, "'\(frame.opening)' has two 'else'", at: tag,
        notes: [Diagnostic.Note("the first one is here", at: first)],
        help: ["keep one 'else', as the last branch"])
      return
    }
    frames[index].body = frame.nodes
    frames[index].nodes = []
    frames[index].elseRange = tag
    guard var chained else { return }
    chained.name = frame.name
    if frames.count > Self.depthLimit {
      reportDepth("blocks are nested more than \(Self.depthLimit) deep", at: tag)
      frames[index].isSilent = true
    } else {
      frames.append(chained)
    }
  }

  /// Closes the block that is called `name`, or says why there is none.
  mutating func end(_ name: String, nameRange: SourceRange, tag: SourceRange, open: Int) {
    if overflow > 0 {
      overflow -= 1
      return
    }
    guard frames.count > 1 else { return reportStrayEnd(name, tag) }
    if frames[frames.count - 1].name == name { return pop(at: tag) }
    if frames.dropFirst().contains(where: { $0.name == name }) {
      while let inner = innermost, inner.name != name {
        reportUnclosed(inner, note: "'{{/\(name)}}' ends the block around it", at: tag)
        pop(at: tag)
      }
      return pop(at: tag)
    }
    guard let inner = innermost, !isClosedLater(inner.name, after: open) else { return reportStrayEnd(name, tag) }
    if inner.kind != .broken {
      report(
        .mismatchedEnd, "'{{/\(name)}}' ends '\(inner.opening)'", at: tag,
        notes: [Diagnostic.Note("the block is opened here", at: inner.openRange)],
        help: ["write '{{/\(inner.name)}}'"],
        fixes: [FixIt("write '{{/\(inner.name)}}'", isSafe: true, edits: [SourceEdit(nameRange, inner.name)])])
    }
    pop(at: tag)
  }

  private mutating func reportStrayEnd(_ name: String, _ tag: SourceRange) {
    var notes: [Diagnostic.Note] = []
    if let lastEnd, lastEnd.name == name {
      notes.append(Diagnostic.Note("the last '\(name)' was closed here", at: lastEnd.range))
    }
    report(.strayEnd, "'{{/\(name)}}' closes nothing", at: tag, notes: notes, help: ["take it out"])
    add(.error(tag))
  }

  /// Whether an end with the given name, at the same depth, is still to come.
  private mutating func isClosedLater(_ name: String, after open: Int) -> Bool {
    var depth = 0
    var index = open + 1
    while index < tokens.count, lookaheadBudget > 0 {
      lookaheadBudget -= 1
      switch tokens[index].kind {
      case .openBlock, .openPartialBlock, .openInline: depth += 1
      case .openInverse where index + 1 < tokens.count && tokens[index + 1].kind == .name: depth += 1
      case .openEnd:
        if depth == 0 {
          let end = nameRun(from: index + 1)
          return text(end).elementsEqual(name)
        }
        depth -= 1
      default: break
      }
      index += 1
    }
    return false
  }

  /// The innermost block, its `else if` taken together with it.
  private var innermost: BlockFrame? { frames.last { !$0.isChained } }

  private mutating func pop(at tag: SourceRange) {
    var isDone = false
    while !isDone, frames.count > 1 {
      let frame = frames.removeLast()
      isDone = !frame.isChained
      frames[frames.count - 1].nodes.append(frame.node(endingAt: tag))
      lastEnd = (frame.name, tag)
    }
  }

  private mutating func closeRest() {
    let end = range(bytes.count..<bytes.count)
    while frames.count > 1, let frame = innermost {
      if !isTruncated { reportUnclosed(frame, note: "the file ends here", at: end) }
      pop(at: tokens.last.map { range($0.end..<$0.end) } ?? end)
    }
  }

  private mutating func reportUnclosed(_ frame: BlockFrame, note: String, at range: SourceRange) {
    guard frame.kind != .broken else { return }
    report(
      .unclosedBlock, "'\(frame.opening)' is never closed", at: frame.openRange, label: "opened here",
      notes: [Diagnostic.Note(note, at: range)], help: ["close it with '{{/\(frame.name)}}'"])
  }
}

/// A block that is open.
struct BlockFrame {
  enum Kind: Equatable {
    case root
    case block(BlockNode.Kind)
    case partial
    case inline
    /// A block whose opening is broken, and reported.
    case broken

    /// Whether the block can have an `else`.
    var canDivide: Bool {
      if case .block = self { true } else { false }
    }
  }

  var kind: Kind
  /// What its end has to say.
  var name: String
  var openRange: SourceRange
  var argument: Expression?
  var parameters: [BlockNode.Parameter] = []
  /// The name of the partial or slot.
  var subject = ""
  var subjectRange: SourceRange?
  var arguments: [Argument] = []
  /// What has been read since the opening, or since the `else`.
  var nodes: [TemplateNode] = []
  /// What stood before the `else`.
  var body: [TemplateNode]?
  var elseRange: SourceRange?
  var isChained = false
  /// Whether further `else` are passed over.
  var isSilent: Bool

  init(kind: Kind, name: String, openRange: SourceRange) {
    self.kind = kind
    self.name = name
    self.openRange = openRange
    isSilent = kind == .broken
  }

  /// The opening tag in short, for messages.
  var opening: String {
    switch kind {
    case .partial: "{{#> \(name)}}"
    case .inline: "{{#*inline}}"
    case .root, .block, .broken: "{{#\(name)}}"
    }
  }

  /// The node for the finished block.
  func node(endingAt end: SourceRange) -> TemplateNode {
    let whole = SourceRange(openRange.source, openRange.start, max(isChained ? end.start : end.end, openRange.end))
    switch kind {
    case .root, .broken: return .error(whole)
    case .block(let kind):
      guard let argument else { return .error(whole) }
      return .block(
        BlockNode(
          kind: kind, openRange: openRange, range: whole, argument: argument, parameters: parameters,
          body: body ?? nodes, inverse: body == nil ? nil : nodes, elseRange: elseRange, isChained: isChained))
    case .partial:
      return .partial(
        PartialNode(
          range: openRange, name: subject, nameRange: subjectRange ?? openRange, arguments: arguments, block: nodes))
    case .inline:
      return .inline(
        InlineNode(range: openRange, name: subject, nameRange: subjectRange ?? openRange, body: nodes))
    }
  }
}
