import GalleyTemplate

/// Finds out which conditions and loops lie within a line and which lie around lines.
///
/// A block that ends no line is a part of its line, if something else on that line is certain to show; else the line
/// is a part of the block, so that leaving it out leaves no empty line. A condition is certain to show something
/// where each of its branches is.
struct TextOutline {
  /// What is known of a block.
  struct Block {
    /// Whether a line ends in it.
    var breaksLine = false
    /// The run of the line around it that it is in.
    var run: Int32 = 0
    /// What the first branch, which is the body of a loop, does to the wish for a blank line.
    var bodyGap = GapEffect.keeps
    /// Whether a paragraph may begin in the first branch before anything else shows there.
    var mayBeginGap = false
    /// Whether the first branch ends in white space.
    var bodyEndsInSpace = false
    /// Whether it has a branch for the case that no other is taken.
    var hasElse = false
    /// Whether it is a loop.
    var isLoop = false
    /// Whether something in it is certain to show, whichever branch is taken.
    var isCertain = false
    /// Whether a space before it belongs into its branches, because nothing follows it in its line but blocks like it.
    var isTrailing = false
  }

  /// A piece of a line at one level of nesting: what stands between two breaks, or between breaks and blocks that
  /// break lines.
  struct Run {
    /// Whether something in it is certain to show.
    var isCertain = false
    /// Whether it has words outside of links.
    var hasWords = false
    /// Whether it has links with addresses.
    var hasLinks = false

    /// Whether each link gets a line of its own.
    var isLinksOnly: Bool { hasLinks && !hasWords }
  }

  /// What a stretch of events does to the wish for a blank line before the next one.
  enum GapEffect {
    /// Nothing.
    case keeps
    /// Afterwards a blank line is wished for.
    case wishes
    /// Afterwards none is.
    case clears

    func followed(by next: GapEffect) -> GapEffect { next == .keeps ? self : next }

    /// What is certain whichever of the two happened: a blank line is wished for if it is in both cases.
    func merged(with other: GapEffect) -> GapEffect {
      if self == .clears || other == .clears { return .clears }
      return self == .wishes && other == .wishes ? .wishes : .keeps
    }

    func applied(to gap: Bool) -> Bool {
      switch self {
      case .keeps: gap
      case .wishes: true
      case .clears: false
      }
    }
  }

  private(set) var blocks: [Block]
  private(set) var runs: [Run] = [Run()]
  /// For each event the run it is in; for the holes of a block that of the line around it.
  private(set) var runOfEvent: [Int32]

  init(_ content: TextContent, _ document: AssembledText) {
    blocks = Array(repeating: Block(), count: content.groupCount)
    runOfEvent = Array(repeating: 0, count: content.events.count)
    findBreaks(content, document)
    findRuns(content, document)
    findGaps(content)
    findTrailing(content)
  }

  private mutating func findBreaks(_ content: TextContent, _ document: AssembledText) {
    var open: [Int] = []
    for event in content.events {
      switch event.kind {
      case .lineBreak, .paragraphBreak: if let top = open.last { blocks[top].breaksLine = true }
      case .open:
        let group = Int(content.groups[Int(event.start)])
        if case .beginEach = document.holes[Int(event.start)].kind { blocks[group].isLoop = true }
        open.append(group)
      case .middle:
        if case .otherwise = document.holes[Int(event.start)].kind, let top = open.last { blocks[top].hasElse = true }
      case .close:
        let group = open.removeLast()
        if blocks[group].breaksLine, let top = open.last { blocks[top].breaksLine = true }
      default: break
      }
    }
  }

  /// An open block while runs are found.
  private struct Level {
    var group: Int
    var outerRun: Int
    var isFirstBranch = true
    var isBranchCertain = false
    var isEachBranchCertain = true
    var hasWords = false
    var hasLinks = false
  }

  private mutating func findRuns(_ content: TextContent, _ document: AssembledText) {
    var levels: [Level] = []
    var run = 0
    var links = 0
    for (index, event) in content.events.enumerated() {
      runOfEvent[index] = Int32(run)
      switch event.kind {
      case .text, .literal, .output:
        runs[run].isCertain = true
        if links == 0, isWord(event, content, document) { runs[run].hasWords = true }
      case .lineBreak, .paragraphBreak:
        if runs[run].isCertain, !levels.isEmpty { levels[levels.count - 1].isBranchCertain = true }
        run = newRun()
      case .linkStart: links += 1
      case .linkAddress: runs[run].hasLinks = true
      case .linkEnd: links = max(links - 1, 0)
      case .open:
        let group = Int(content.groups[Int(event.start)])
        blocks[group].run = Int32(run)
        levels.append(Level(group: group, outerRun: run))
        run = newRun()
      case .middle:
        noteSpace(before: index, content, levels)
        endBranch(run, &levels)
        runOfEvent[index] = Int32(levels.last?.outerRun ?? 0)
        run = newRun()
      case .close:
        noteSpace(before: index, content, levels)
        endBranch(run, &levels)
        let level = levels.removeLast()
        runOfEvent[index] = Int32(level.outerRun)
        run = leave(level, &levels)
      case .space, .joint, .prefixStart, .prefixEnd: break
      }
    }
  }

  private mutating func newRun() -> Int {
    runs.append(Run())
    return runs.count - 1
  }

  private mutating func noteSpace(before index: Int, _ content: TextContent, _ levels: [Level]) {
    guard let level = levels.last, level.isFirstBranch, index > 0 else { return }
    blocks[level.group].bodyEndsInSpace = content.events[index - 1].kind == .space
  }

  private mutating func endBranch(_ run: Int, _ levels: inout [Level]) {
    guard !levels.isEmpty else { return }
    let last = levels.count - 1
    levels[last].isFirstBranch = false
    if !runs[run].isCertain, !levels[last].isBranchCertain { levels[last].isEachBranchCertain = false }
    levels[last].isBranchCertain = false
    if runs[run].hasWords { levels[last].hasWords = true }
    if runs[run].hasLinks { levels[last].hasLinks = true }
  }

  /// Ends a block and returns the run that follows it.
  private mutating func leave(_ level: Level, _ levels: inout [Level]) -> Int {
    let block = blocks[level.group]
    let isCertain = block.hasElse && level.isEachBranchCertain
    blocks[level.group].isCertain = isCertain
    let isAfterCertain = runs[level.outerRun].isCertain || isCertain
    if block.breaksLine {
      if isAfterCertain, !levels.isEmpty { levels[levels.count - 1].isBranchCertain = true }
      return newRun()
    }
    if isCertain { runs[level.outerRun].isCertain = true }
    if level.hasWords { runs[level.outerRun].hasWords = true }
    if level.hasLinks { runs[level.outerRun].hasLinks = true }
    return level.outerRun
  }

  /// Whether a piece says something, rather than divide what stands beside it.
  private func isWord(_ event: TextEvent, _ content: TextContent, _ document: AssembledText) -> Bool {
    switch event.kind {
    case .output: true
    case .text: TextCharacter.holdsWord(document.bytes[event.range])
    default: TextCharacter.holdsWord(content.literals[event.range])
    }
  }

  private mutating func findGaps(_ content: TextContent) {
    // A block is fresh as long as nothing was found in the branch under way.
    var open: [(group: Int, before: GapEffect, merged: GapEffect?, isFresh: Bool)] = []
    var effect = GapEffect.keeps
    for event in content.events {
      switch event.kind {
      case .text, .literal, .output:
        effect = .clears
        if let last = open.indices.last { open[last].isFresh = false }
      case .paragraphBreak:
        effect = .wishes
        for index in open.indices.reversed() {
          if !open[index].isFresh { break }
          open[index].isFresh = false
          if open[index].merged == nil { blocks[open[index].group].mayBeginGap = true }
        }
      case .open:
        open.append((Int(content.groups[Int(event.start)]), effect, nil, true))
        effect = .keeps
      case .middle, .close:
        let last = open.count - 1
        open[last].isFresh = true
        if open[last].merged == nil { blocks[open[last].group].bodyGap = effect }
        open[last].merged = open[last].merged.map { $0.merged(with: effect) } ?? effect
        effect = .keeps
        guard event.kind == .close else { continue }
        let (group, before, merged, _) = open.removeLast()
        let whole = merged ?? .keeps
        effect = before.followed(by: blocks[group].hasElse ? whole : whole.merged(with: .keeps))
      default: break
      }
    }
  }

  /// What follows in the line, as far as a block before it is concerned.
  private enum Rest {
    /// The end of the line.
    case nothing
    /// A trailing block, whose branches begin and end in something visible; with or without a space before it.
    case block, spacedBlock
    /// Anything else.
    case other
  }

  /// Finds the blocks at the ends of lines, from the last event to the first.
  private mutating func findTrailing(_ content: TextContent) {
    var rest = Rest.nothing
    var open: [(group: Int, before: Rest, inner: Rest, endsInSpace: Bool)] = []
    for (index, event) in content.events.enumerated().reversed() {
      switch event.kind {
      case .lineBreak, .paragraphBreak: rest = .nothing
      case .text, .literal, .output, .linkAddress, .joint: rest = .other
      case .space: if rest == .block { rest = .spacedBlock }
      case .close:
        let group = Int(content.groups[Int(event.start)])
        let isTrailing = !blocks[group].breaksLine && (rest == .nothing || rest == .spacedBlock)
        blocks[group].isTrailing = isTrailing
        let inner = blocks[group].breaksLine || rest == .nothing ? Rest.nothing : .other
        open.append((group, rest, inner, endsInSpace(before: index, content)))
        rest = inner
      case .middle:
        guard let last = open.indices.last else { continue }
        open[last].endsInSpace = open[last].endsInSpace || endsInSpace(before: index, content)
        rest = open[last].inner
      case .open:
        guard let (group, _, _, endsInSpace) = open.popLast() else { continue }
        let block = blocks[group]
        // The body of a loop may be followed by itself, so each run must end as the text before the loop does.
        if block.isLoop, !endsInSpace || content.events[..<index].last?.kind != .space {
          blocks[group].isTrailing = false
        }
        if block.breaksLine {
          rest = .nothing
        } else {
          rest = blocks[group].isTrailing && !endsInSpace ? .block : .other
        }
      case .linkStart, .linkEnd, .prefixStart, .prefixEnd: break
      }
    }
  }

  private func endsInSpace(before index: Int, _ content: TextContent) -> Bool {
    index > 0 && content.events[index - 1].kind == .space
  }
}
