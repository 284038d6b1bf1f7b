import GalleyHTML
import GalleySource

/// Edits to elements that were composed, once for all elements that look alike.
///
/// Offsets count from where a new attribute goes, or from the start of the value of the one that is there.
struct ComposedStyles: Sendable {
  /// One edit: the bytes from `start` to `end` become a part of `text`.
  struct Piece: Sendable {
    let start: Int32
    let end: Int32
    let text: Range<Int32>
  }

  private(set) var pieces: [Piece] = []
  /// The new bytes of all pieces.
  var text: [UInt8] = []
  private var ofLook: [Range<Int32>] = []

  private static let unknown: Range<Int32> = -1 ..< -1

  /// Forgets everything.
  mutating func removeAll() {
    pieces.removeAll(keepingCapacity: true)
    text.removeAll(keepingCapacity: true)
    ofLook.removeAll(keepingCapacity: true)
  }

  /// The positions of the pieces of a look, if they are known.
  func pieces(of look: Int) -> Range<Int>? {
    guard look < ofLook.count, ofLook[look].lowerBound >= 0 else { return nil }
    return ofLook[look].offsets
  }

  /// Remembers the pieces from a position on as those of a look.
  mutating func remember(from first: Int, as look: Int) {
    while ofLook.count <= look { ofLook.append(Self.unknown) }
    ofLook[look] = Int32(first)..<Int32(pieces.count)
  }

  /// Forgets the text from a position on.
  mutating func dropText(from start: Int) { text.removeLast(text.count - start) }

  /// Adds a piece whose bytes are those of `text` from `textStart` on.
  mutating func add(_ start: Int, _ end: Int, from textStart: Int) {
    pieces.append(Piece(start: Int32(start), end: Int32(end), text: Int32(textStart)..<Int32(text.count)))
  }

  /// Adds a piece.
  mutating func add(_ start: Int, _ end: Int, _ bytes: [UInt8]) {
    let textStart = text.count
    text.append(contentsOf: bytes)
    add(start, end, from: textStart)
  }
}

/// The `style` attributes of a document, as edits.
///
/// An attribute that is there keeps its text: what is weaker goes before it, what is stronger behind it, and only a
/// declaration that has lost everything is taken out. A placeholder in it is never touched.
extension InlineRun {
  /// Writes the styles of one element.
  mutating func writeStyle(_ node: Int) {
    let look = Int(lookOfNode[node])
    let pair = looks.pairs[look]
    let isInComment = tree.nodes[node].flags.intersects(.inConditional)
    let attribute = pair.second < 0 ? nil : tree.attributes[Int(facts[node].style)]
    let anchor = attribute.map { Int($0.quote == .noValue ? $0.nameEnd : $0.valueStart) } ?? insertionPoint(node)
    let isShared = !isInComment && (attribute == nil || attribute?.quote == .double)
    if isShared, let known = composed.pieces(of: look) { return emit(known, at: anchor, node, pair.first) }
    let first = composed.pieces.count
    resolve(Int(pair.first), own: pair.second, at: node)
    if let attribute {
      composeMerged(pair.second, attribute, isInComment: isInComment)
    } else {
      composeNew(isInComment: isInComment)
    }
    if isShared { composed.remember(from: first, as: look) }
    emit(first..<composed.pieces.count, at: anchor, node, pair.first)
  }

  private mutating func emit(_ pieces: Range<Int>, at anchor: Int, _ node: Int, _ list: Int32) {
    if pieces.isEmpty { return }
    result.report.styledElements += 1
    let origin = origin(ofList: Int(list))
    for index in pieces {
      let piece = composed.pieces[index]
      result.edits.replace(
        anchor + Int(piece.start)..<anchor + Int(piece.end), with: composed.text, in: piece.text.offsets,
        origin: piece.text.isEmpty ? nil : origin)
    }
  }

  // MARK: - Elements without a style

  private static let attributeStart = Array(" style=\"".utf8)

  private static let attributeEnd: [UInt8] = [0x22]

  private mutating func composeNew(isInComment: Bool) {
    let start = composed.text.count
    var text = StyleText(quote: 0x22, isInComment: isInComment)
    // The buffer has one owner at a time, so that it is never copied.
    text.begin(in: &composed.text, Self.attributeStart)
    render(&text, cascade.candidates.indices)
    let isEmpty = text.isEmpty
    text.end(in: &composed.text, Self.attributeEnd)
    if isEmpty { composed.dropText(from: start) } else { composed.add(0, 0, from: start) }
  }

  /// Where a new attribute goes: behind the last one, or behind the name where the tag has template blocks.
  @inline(__always) private func insertionPoint(_ node: Int) -> Int {
    let element = tree.nodes[node]
    guard element.attributeCount > 0, !element.flags.intersects(.placeholderInTag) else { return Int(element.nameEnd) }
    let last = tree.attributes[Int(element.firstAttribute + element.attributeCount) - 1]
    // Behind `a=` a new attribute would be the value.
    let isOpen = last.quote == .unquoted && last.valueStart == last.valueEnd
    return isOpen ? Int(element.nameEnd) : Int(end(of: last))
  }

  @inline(__always) private func end(of attribute: HTMLTree.Attribute) -> Int32 {
    switch attribute.quote {
    case .noValue: attribute.nameEnd
    case .unquoted: attribute.valueEnd
    case .single, .double: min(attribute.valueEnd + 1, Int32(tree.bytes.count))
    }
  }

  // MARK: - Elements with a style

  private static let separator: [UInt8] = [0x3B, 0x20]
  private static let importance = Array(" !important".utf8)

  private mutating func composeMerged(_ own: Int32, _ attribute: HTMLTree.Attribute, isInComment: Bool) {
    let style = styles[own]
    let isTouched = cascade.candidates.contains { candidate in
      candidate.isOwn ? isChanged(candidate, style) : candidate.survives
    }
    guard isTouched else { return }
    // A value without quotes gets those that it doesn't hold. If it holds both kinds, one is escaped.
    let quotes = attribute.quote == .unquoted ? offsets(of: 0x22, in: attribute) : []
    let needsSingle = !quotes.isEmpty && offsets(of: 0x27, in: attribute).isEmpty
    let mark: UInt8 = attribute.quote == .single || needsSingle ? 0x27 : 0x22
    let count = cascade.candidates.count
    let firstOwn = cascade.candidates.firstIndex(where: \.isOwn) ?? count
    // Behind the element's own important declarations nothing important may come, and before them it is as strong.
    let ownIsImportant = cascade.candidates.contains { $0.isOwn && $0.survives && $0.isImportant }
    var before = StyleText(quote: mark, isInComment: isInComment)
    render(&before, 0..<firstOwn)
    if ownIsImportant { render(&before, firstOwn..<count) { $0.isWrittenImportant } }
    var after = StyleText(quote: mark, isInComment: isInComment)
    render(&after, firstOwn..<count) { !ownIsImportant || !$0.isWrittenImportant }
    composePieces(
      own, attribute.quote, mark, before.bytes, after.bytes, escaping: mark == 0x22 ? quotes : [])
  }

  /// Where a byte stands in an attribute's value, outside of placeholders.
  private func offsets(of byte: UInt8, in attribute: HTMLTree.Attribute) -> [Int] {
    let start = Int(attribute.valueStart)
    let all = (start..<Int(attribute.valueEnd)).filter { tree.bytes[$0] == byte }
    guard attribute.hasPlaceholder else { return all.map { $0 - start } }
    return all.filter { offset in
      let next = tree.placeholders.firstIndex(endingAfter: offset)
      return next == tree.placeholders.count || tree.placeholders[next].range.lowerBound > offset
    }.map { $0 - start }
  }

  /// Whether one of the element's own declarations has to be taken out or made important.
  private func isChanged(_ candidate: Cascade.Candidate, _ style: OwnStyles.Style) -> Bool {
    if !candidate.survives { return !style.traits.contains(.placeholder) }
    return candidate.isWrittenImportant != candidate.isImportant
  }

  /// Puts text before and behind the attribute's own, and changes its declarations and quotes where they are.
  private mutating func composePieces(
    _ own: Int32, _ quote: HTMLTree.Quote, _ mark: UInt8, _ before: [UInt8], _ after: [UInt8],
    escaping quotes: [Int]
  ) {
    let style = styles[own]
    if quote == .noValue { return composed.add(0, 0, [0x3D, 0x22] + join(before, after) + [0x22]) }
    let isUnquoted = quote == .unquoted
    let length = styles.rawLength(of: own)
    if style.traits.contains(.blank) {
      let text = join(before, after)
      return composed.add(0, length, isUnquoted ? [mark] + text + [mark] : text)
    }
    let canAppend = after.isEmpty || !style.traits.contains(.swallowing)
    var head = canAppend ? before : join(before, after)
    if !head.isEmpty { head += Self.separator }
    if isUnquoted { head.insert(mark, at: 0) }
    if !head.isEmpty { composed.add(0, 0, head) }
    let firstChange = composed.pieces.count
    let isCutToEnd = composeChanges(own)
    escape(quotes, unlessTakenOutFrom: firstChange)
    if canAppend, !after.isEmpty { composeAppended(after, own, isCutToEnd: isCutToEnd) }
    if isUnquoted { composed.add(length, length, [mark]) }
  }

  private static let quotEntity = Array("&quot;".utf8)

  /// Escapes quotes where they are, but for those that the pieces from a position on take out.
  private mutating func escape(_ quotes: [Int], unlessTakenOutFrom first: Int) {
    var next = first
    let last = composed.pieces.count
    for offset in quotes {
      while next < last, Int(composed.pieces[next].end) <= offset { next += 1 }
      if next < last, Int(composed.pieces[next].start) <= offset { continue }
      composed.add(offset, offset + 1, Self.quotEntity)
    }
  }

  /// Puts text behind the last declaration of an attribute's value.
  private mutating func composeAppended(_ text: [UInt8], _ own: Int32, isCutToEnd: Bool) {
    let length = styles.rawLength(of: own)
    let style = styles[own]
    if isCutToEnd { return composed.add(length, length, text) }
    var end = Int(style.text.upperBound)
    while end > Int(style.text.lowerBound), styles.text[end - 1].isCSSWhitespace { end -= 1 }
    let offset = styles.rawOffset(end, of: own)
    let space: [UInt8] = styles.isReferenceOpen(at: offset, of: own) ? [0x20] : []
    composed.add(offset, offset, space + (styles.text[end - 1] == 0x3B ? [0x20] : Self.separator) + text)
  }

  private func join(_ before: [UInt8], _ after: [UInt8]) -> [UInt8] {
    before.isEmpty || after.isEmpty ? before + after : before + Self.separator + after
  }

  /// Takes out or strengthens declarations in place; says whether the end of the value was taken out.
  private mutating func composeChanges(_ own: Int32) -> Bool {
    let style = styles[own]
    let changed = cascade.candidates.filter { $0.isOwn && isChanged($0, style) }.sorted {
      $0.declaration < $1.declaration
    }
    let (lower, upper) = (Int(style.text.lowerBound), Int(style.text.upperBound))
    var lastDeletion = lower
    var isCutToEnd = false
    for candidate in changed {
      let declaration = styles.declarations[Int(candidate.declaration)]
      if candidate.survives {
        let offset = styles.rawOffset(Int(declaration.value.upperBound), of: own)
        composed.add(offset, offset, Self.importance)
        continue
      }
      var end = Int(declaration.end)
      while end < upper, styles.text[end].isCSSWhitespace { end += 1 }
      if end < upper, styles.text[end] == 0x3B { end += 1 }
      while end < upper, styles.text[end].isCSSWhitespace { end += 1 }
      let start = max(Int(declaration.name.lowerBound), lastDeletion)
      lastDeletion = max(end, start)
      isCutToEnd = end == upper
      composed.add(styles.rawOffset(start, of: own), styles.rawOffset(lastDeletion, of: own), [])
    }
    return isCutToEnd
  }

  // MARK: - Text

  /// Works out an element's declarations and their importance.
  private mutating func resolve(_ list: Int, own: Int32, at node: Int) {
    cascade.resolve(lists[list], own: own, styles)
    guard settlesImportance else { return }
    let isLost = cascade.settleImportance(made: madeImportant)
    if isLost || overtaken.contains(list) { reportLostOrder(node) }
  }

  private mutating func reportLostOrder(_ node: Int) {
    let rival = cascade.rivals.first { isStrong($0) }
    guard let rival, lostOrder.insert(rival.rule).inserted else { return }
    let number = rules.sheet(ofDeclaration: Int(rival.declaration))
    let sheet = rules.sheets[number].sheet
    let declaration = rules.declarations[Int(rival.declaration)]
    let range = Int(declaration.name.lowerBound)..<Int(declaration.end)
    let text = String(decoding: sheet.bytes[range], as: UTF8.self)
    let place = locate(range, number)
    result.diagnostics.append(
      Diagnostic(
        .cssOrderLost,
        "'\(text)' can't keep its place among what is inlined into '<\(tree.nameText(of: NodeID(node)))>'",
        at: place?.range, help: ["decide it with '!important' or with another selector"]
      ).included(through: place?.calls ?? []))
  }

  /// Appends the survivors of the sheets among the candidates at some positions.
  private func render(
    _ text: inout StyleText, _ positions: Range<Int>, where isWanted: (Cascade.Candidate) -> Bool = { _ in true }
  ) {
    for position in positions {
      let candidate = cascade.candidates[position]
      guard candidate.survives, !candidate.isOwn, isWanted(candidate) else { continue }
      let index = Int(candidate.declaration)
      text.append(
        rules.declarations[index], of: rules.sheets[rules.sheet(ofDeclaration: index)].sheet.bytes,
        important: candidate.isWrittenImportant)
    }
  }

  /// Who is to blame for an element's styles: the strongest rule that gave it something.
  private mutating func origin(ofList list: Int) -> SourceRange? {
    guard origins != nil || rules.sheets.contains(where: { $0.sheet.source != nil }) else { return nil }
    guard let code = lists.strongest(of: list) else { return nil }
    let entry = rules.entries[Cascade.MatchedRule(code: code).rank]
    let range = rules.sheets[Int(entry.sheet)].sheet.rules[Int(entry.rule)].range
    return locate(range, Int(entry.sheet))?.range
  }

  /// Where a range of a sheet's bytes was written.
  mutating func locate(_ range: Range<Int>, _ sheet: Int) -> OriginMap.Origin? {
    let use = uses[sheet]
    if use.node >= 0 { return origins?.origin(of: range.lowerBound + use.base..<range.upperBound + use.base) }
    guard let source = rules.sheets[sheet].sheet.source else { return nil }
    return OriginMap(whole: source, count: rules.sheets[sheet].sheet.bytes.count).origin(of: range)
  }
}
