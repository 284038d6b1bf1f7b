import GalleyHTML
import GalleySource
import GalleyTemplate

/// Puts lines together from events.
///
/// A line feed ends each line and belongs to it; a blank line stands before the line that wants it, in the same
/// branch. So whatever a condition leaves out, no two blank lines meet and the text ends with one line feed. Before
/// the first line that is certain to be there, blank lines stand behind lines instead.
struct TextWriter {
  private let document: AssembledText
  private let content: TextContent
  private let outline: TextOutline

  private var bytes: [UInt8] = []
  private var holes: [AssembledText.Hole] = []
  private var origins: OriginMap

  /// What is known of the line under way.
  private struct LineState {
    /// Whether the line ends in white space, or is empty.
    var endsInSpace = true
    /// Whether white space waits for something visible behind it.
    var isSpacePending = false
    /// What waits for something visible behind it.
    var joint = TextJoint.none
  }

  /// What lines begin with.
  private struct Prefix {
    var range: Range<Int>
    /// Whether no line began with it yet.
    var isPending = true
  }

  /// An open block, with what was so when it began and what its branches have come to.
  private struct Block {
    var group: Int
    /// Whether it lies within a line.
    var isInline: Bool
    var outerDropsWords: Bool
    var line: LineState
    var gap: Bool
    var prefixes: [Prefix]
    var mergedLine: LineState?
    var mergedGap: Bool?
    var isPrefixPending: [Bool]?
  }

  private var line = LineState()
  private var isLineOpen = false
  private var lineHasLink = false
  private var prefixes: [Prefix] = []
  private var blocks: [Block] = []
  /// How many of the open blocks lie around lines.
  private var outerBlocks = 0
  /// Whether a blank line is wished for before the next line.
  private var gap = false
  /// Whether no line was written yet that is certain to be there.
  private var isStart = true
  /// While `isStart`: whether a line of this branch waits for a blank line behind it.
  private var wantsBlankBehind = false
  /// Whether links get lines of their own, and what stands between them is dropped.
  private var dropsWords = false
  private var links = 0
  private var parentheses = 0

  init(_ document: AssembledText, _ content: TextContent, _ outline: TextOutline) {
    self.document = document
    self.content = content
    self.outline = outline
    origins = document.origins.emptied()
  }

  /// Writes all.
  mutating func write() -> AssembledText {
    for (index, event) in content.events.enumerated() {
      let isLinksOnly = dropsWords || outline.runs[Int(outline.runOfEvent[index])].isLinksOnly
      switch event.kind {
      case .text, .literal, .output: if !isLinksOnly || links > 0 { writeVisible(event) }
      case .space: if !isLinksOnly || links > 0 { line.isSpacePending = true }
      case .joint: line.joint = max(line.joint, TextJoint(rawValue: event.start) ?? .none)
      case .lineBreak: endLine(event)
      case .paragraphBreak: endParagraph(event)
      case .linkStart: startLink(isLinksOnly, event)
      case .linkAddress: startAddress(isLinksOnly, event)
      case .linkEnd: endLink(event)
      case .prefixStart: prefixes.append(Prefix(range: event.range))
      case .prefixEnd: if !prefixes.isEmpty { prefixes.removeLast() }
      case .open: open(event, isLinksOnly)
      case .middle: turn(event)
      case .close: close(event)
      }
    }
    if let last = content.events.last { endLine(last) }
    return AssembledText(bytes: bytes, holes: holes, origins: origins, types: document.types)
  }

  // MARK: Bytes

  private mutating func emit(_ new: some Collection<UInt8>, _ event: TextEvent) {
    guard !new.isEmpty else { return }
    bytes.append(contentsOf: new)
    let range = Int(event.origin.lowerBound)..<Int(event.origin.upperBound)
    guard let origin = document.origins.origin(of: range) else { return }
    origins.append(
      origin.range, frame: document.origins.frame(at: range.lowerBound), isVerbatim: false, count: new.count)
  }

  private mutating func emitVerbatim(_ range: Range<Int>) {
    bytes.append(contentsOf: document.bytes[range])
    origins.append(range, of: document.origins)
  }

  private mutating func emitHole(_ event: TextEvent) {
    let hole = document.holes[Int(event.start)]
    var kind = hole.kind
    // What is percent-encoded in an address is so in text, too.
    if case .output(let value, let type, let escaping) = kind, escaping != .urlPart {
      kind = .output(value, type: type, escaping: .none)
    }
    holes.append(AssembledText.Hole(offset: bytes.count, kind: kind, origin: hole.origin))
    emitVerbatim(hole.offset..<hole.offset + 1)
  }

  // MARK: Lines

  private mutating func writeVisible(_ event: TextEvent) {
    prepare(event)
    switch event.kind {
    case .text: emitVerbatim(event.range)
    case .literal: emit(content.literals[event.range], event)
    default: emitHole(event)
    }
    line.endsInSpace = event.kind == .literal && bytes.last == 0x20
  }

  /// Makes ready for something visible: begins a line, or writes what waits.
  private mutating func prepare(_ event: TextEvent) {
    if !isLineOpen {
      beginLine(event)
    } else if line.joint != .none {
      emit(joint(line.joint), event)
    } else if line.isSpacePending, !line.endsInSpace {
      emit(CollectionOfOne(0x20), event)
    }
    line = LineState(endsInSpace: false)
  }

  private func joint(_ joint: TextJoint) -> [UInt8] {
    if joint != .bar, bytes.last == 0x20 { return [] }
    let isPunctuated = bytes.last.map { [0x2C, 0x2E, 0x3A, 0x3B, 0x21, 0x3F].contains($0) } ?? false
    return switch joint {
    case .bar: Array(" | ".utf8)
    case .comma where isPunctuated: [0x20]
    case .colon where bytes.last == 0x3A: [0x20]
    case .colon: [0x3A, 0x20]
    default: [0x2C, 0x20]
    }
  }

  private mutating func beginLine(_ event: TextEvent) {
    if isStart {
      isStart = outerBlocks > 0
    } else if gap {
      emit(CollectionOfOne(0x0A), event)
    }
    gap = false
    for index in prefixes.indices {
      let prefix = content.literals[prefixes[index].range]
      let isShown = prefixes[index].isPending || prefix.first == 0x3E
      if isShown { emit(prefix, event) } else { emit(repeatElement(0x20, count: prefix.count), event) }
      prefixes[index].isPending = false
    }
    isLineOpen = true
    lineHasLink = false
  }

  private mutating func endLine(_ event: TextEvent) {
    if isLineOpen {
      emit(CollectionOfOne(0x0A), event)
      wantsBlankBehind = true
    }
    isLineOpen = false
    line = LineState()
  }

  private mutating func endParagraph(_ event: TextEvent) {
    endLine(event)
    if !isStart {
      gap = true
    } else if wantsBlankBehind {
      emit(CollectionOfOne(0x0A), event)
      wantsBlankBehind = false
    }
  }

  // MARK: Links

  private mutating func startLink(_ isLinksOnly: Bool, _ event: TextEvent) {
    links += 1
    if isLinksOnly, isLineOpen, lineHasLink { endLine(event) }
  }

  private mutating func startAddress(_ isLinksOnly: Bool, _ event: TextEvent) {
    if event.start == 0, isLineOpen {
      if isLinksOnly {
        line.joint = .colon
      } else {
        line = LineState(endsInSpace: line.endsInSpace)
        emit(line.endsInSpace ? [0x28] : [0x20, 0x28], event)
        line.endsInSpace = true
        parentheses += 1
      }
    }
    lineHasLink = true
  }

  private mutating func endLink(_ event: TextEvent) {
    links = max(links - 1, 0)
    if parentheses > 0 {
      parentheses -= 1
      emit(CollectionOfOne(0x29), event)
      line = LineState(endsInSpace: false)
    }
    lineHasLink = true
  }

  // MARK: Blocks

  private mutating func open(_ event: TextEvent, _ isLinksOnly: Bool) {
    let group = Int(content.groups[Int(event.start)])
    let block = outline.blocks[group]
    let isWithin = blocks.last?.isInline ?? false
    let isInline =
      isWithin
      || !block.breaksLine && outline.runs[Int(block.run)].isCertain && (!isLinksOnly || links > 0)
    if isInline {
      beginInline(block, event)
    } else {
      endLine(event)
      outerBlocks += 1
      if gap, !isStart, block.isLoop, block.isCertain, !block.bodyGap.applied(to: gap), !block.mayBeginGap {
        emit(CollectionOfOne(0x0A), event)
        gap = false
      }
    }
    blocks.append(
      Block(
        group: group, isInline: isInline, outerDropsWords: dropsWords, line: line, gap: gap, prefixes: prefixes))
    dropsWords = !isInline && !block.breaksLine && isLinksOnly
    if block.isLoop {
      if isInline, !block.bodyEndsInSpace { line.endsInSpace = false }
      gap = gap && block.bodyGap.applied(to: gap)
    }
    wantsBlankBehind = false
    emitHole(event)
  }

  /// Makes sure that a line is there for a block within it, and that what is certain before it stays outside.
  private mutating func beginInline(_ block: TextOutline.Block, _ event: TextEvent) {
    if !isLineOpen { beginLine(event) }
    if block.isCertain, line.joint != .none {
      emit(joint(line.joint), event)
      line = LineState()
    }
    if !block.isTrailing { flushSpace(event) }
  }

  private mutating func flushSpace(_ event: TextEvent) {
    if line.isSpacePending, !line.endsInSpace, line.joint == .none {
      emit(CollectionOfOne(0x20), event)
      line.endsInSpace = true
    }
    line.isSpacePending = false
  }

  /// Ends a branch: takes what it has come to into account.
  private mutating func endBranch(_ event: TextEvent) {
    guard !blocks.isEmpty else { return }
    let last = blocks.count - 1
    if !blocks[last].isInline {
      endLine(event)
    } else if !outline.blocks[blocks[last].group].isTrailing {
      flushSpace(event)
    }
    merge(line, gap, prefixes.map(\.isPending))
  }

  private mutating func merge(_ line: LineState, _ gap: Bool, _ isPending: [Bool]) {
    let last = blocks.count - 1
    if var merged = blocks[last].mergedLine {
      merged.endsInSpace = merged.endsInSpace && line.endsInSpace
      merged.joint = max(merged.joint, line.joint)
      blocks[last].mergedLine = merged
    } else {
      blocks[last].mergedLine = line
    }
    blocks[last].mergedGap = (blocks[last].mergedGap ?? true) && gap
    if let known = blocks[last].isPrefixPending {
      blocks[last].isPrefixPending = zip(known, isPending).map { $0 || $1 }
    } else {
      blocks[last].isPrefixPending = isPending
    }
  }

  private mutating func turn(_ event: TextEvent) {
    endBranch(event)
    guard let block = blocks.last else { return }
    line = block.line
    gap = block.gap
    prefixes = block.prefixes
    wantsBlankBehind = false
    emitHole(event)
  }

  private mutating func close(_ event: TextEvent) {
    endBranch(event)
    guard let open = blocks.last else { return }
    if !outline.blocks[open.group].hasElse { merge(open.line, open.gap, open.prefixes.map(\.isPending)) }
    let block = blocks.removeLast()
    line = block.mergedLine ?? block.line
    gap = block.mergedGap ?? block.gap
    prefixes = block.prefixes
    for (index, isPending) in (block.isPrefixPending ?? []).enumerated() where index < prefixes.count {
      prefixes[index].isPending = prefixes[index].isPending && isPending
    }
    dropsWords = block.outerDropsWords
    if !block.isInline { outerBlocks -= 1 }
    wantsBlankBehind = false
    emitHole(event)
  }
}
