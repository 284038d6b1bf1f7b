import GalleyHTML
import GalleySource

/// The `style` attributes of a document, as edits.
///
/// An attribute that is there keeps its text: what is weaker goes before it, what is stronger behind it, and only a
/// declaration that has lost everything is taken out. A placeholder in it is never touched.
extension InlineRun {
  /// Writes all edits in the order of the tree.
  mutating func writeEdits() {
    composed.removeAll()
    composed.reserve(lookCount: memory.looks.pairs.count)
    memory.composed.reserve(lookCount: memory.looks.pairs.count)
    draft.reserve(entries: tree.nodes.count, bytes: tree.bytes.count / 4)
    hasOrigins = origins != nil || rules.sheets.contains { $0.sheet.source != nil }
    var strengthened: Set<Int32> = []
    var nextSheet = 0
    for node in tree.nodes.indices {
      if nextSheet < uses.count, uses[nextSheet].node == node {
        pruneSheet(nextSheet)
        nextSheet += 1
      } else if lookOfNode[node] >= 0 {
        if canWrite(node) {
          writeStyle(node)
        } else if tree.nodes[node].flags.intersects(.copied), facts[node].style >= 0 {
          strengthenStyle(node, &strengthened)
        }
      }
    }
    addFurtherSheets(from: nextSheet)
    reportSelectors()
    result.edits = draft.finish()
  }

  /// Makes important what the own style of a tag with copies would lose to a rule that was made so.
  ///
  /// Nothing is inlined into it, so nothing else changes; the first copy that needs it decides.
  private mutating func strengthenStyle(_ node: Int, _ strengthened: inout Set<Int32>) {
    if facts[node].uncertainty.contains(.optedOut) || strengthened.contains(facts[node].style) { return }
    let count = draft.entries.count
    writeStyle(node)
    if draft.entries.count > count { strengthened.insert(facts[node].style) }
  }

  /// Writes the styles of one element.
  private mutating func writeStyle(_ node: Int) {
    let look = Int(lookOfNode[node])
    let (list, own) = memory.looks.pairs[look]
    let isInComment = tree.nodes[node].flags.intersects(.inConditional)
    let position = own < 0 ? -1 : Int(facts[node].style)
    // What is written depends on the quotes around it, which are nearly always the same.
    let isShared = !isInComment && (position < 0 || tree.attributes[position].quote == .double)
    let anchor = position < 0 ? insertionPoint(node) : valueStart(tree.attributes[position])
    if isShared, let known = composed.pieces(of: look) { return emit(known, at: anchor, list) }
    let first = composed.pieces.count
    if isShared, !hasMadeImportant, recall(look) { return emit(first..<composed.pieces.count, at: anchor, list) }
    resolve(Int(list), own: own, at: node)
    if position < 0 {
      composeNew(isInComment: isInComment)
    } else {
      composeMerged(own, tree.attributes[position], isInComment: isInComment)
    }
    if isShared {
      composed.remember(from: first, as: look)
      // What is important may be written otherwise where other rules stay.
      if !hasMadeImportant, !cascade.hasImportantCandidates { keep(from: first, as: look) }
    }
    emit(first..<composed.pieces.count, at: anchor, list)
  }

  /// Takes over the edits of a look that were composed for an earlier document; says whether there are any.
  private mutating func recall(_ look: Int) -> Bool {
    guard let known = memory.composed.pieces(of: look) else { return false }
    let first = composed.pieces.count
    for index in known {
      let piece = memory.composed.pieces[index]
      let start = draft.text.count
      draft.text.append(contentsOf: memory.text[piece.text.offsets])
      composed.add(Int(piece.start), Int(piece.end), start..<draft.text.count)
    }
    composed.remember(from: first, as: look)
    return true
  }

  /// Keeps the edits from a position on, which are those of a look, for later documents.
  private mutating func keep(from first: Int, as look: Int) {
    let start = memory.composed.pieces.count
    for index in first..<composed.pieces.count {
      let piece = composed.pieces[index]
      let textStart = memory.text.count
      memory.text.append(contentsOf: draft.text[piece.text.offsets])
      memory.composed.add(Int(piece.start), Int(piece.end), textStart..<memory.text.count)
    }
    memory.composed.remember(from: start, as: look)
  }

  @inline(__always) private mutating func emit(_ pieces: Range<Int>, at anchor: Int, _ list: Int32) {
    if pieces.isEmpty { return }
    result.report.styledElements += 1
    let origin = hasOrigins ? origin(ofList: Int(list)) : nil
    for index in pieces {
      let piece = composed.pieces[index]
      draft.replace(
        anchor + Int(piece.start)..<anchor + Int(piece.end), with: piece.text.offsets,
        origin: piece.text.isEmpty ? nil : origin)
    }
  }

  /// Where the value of an attribute starts, or would start.
  @inline(__always) private func valueStart(_ attribute: HTMLTree.Attribute) -> Int {
    Int(attribute.quote == .noValue ? attribute.nameEnd : attribute.valueStart)
  }

  // MARK: - Elements without a style

  /// ` style="`
  private static let attributeStart: [UInt8] = [0x20, 0x73, 0x74, 0x79, 0x6C, 0x65, 0x3D, 0x22]

  private mutating func composeNew(isInComment: Bool) {
    let start = draft.text.count
    var text = StyleText(quote: 0x22, isInComment: isInComment)
    // The buffer has one owner at a time, so that it is never copied.
    text.begin(in: &draft.text, behind: Self.attributeStart)
    render(&text, cascade.candidates.indices)
    let isEmpty = text.isEmpty
    text.end(in: &draft.text)
    if isEmpty { return drop(from: start) }
    draft.text.append(0x22)
    composed.add(0, 0, start..<draft.text.count)
  }

  /// Takes back what was written from a position on.
  private mutating func drop(from start: Int) { draft.text.removeLast(draft.text.count - start) }

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

  /// `; `
  private static let separator: [UInt8] = [0x3B, 0x20]

  private mutating func composeMerged(_ own: Int32, _ attribute: HTMLTree.Attribute, isInComment: Bool) {
    let traits = styles[own].traits
    let changes = changedDeclarations(isFixed: traits.contains(.placeholder))
    guard !changes.isEmpty || hasForeignSurvivors else { return }
    // A value without quotes gets those that it doesn't hold. If it holds both kinds, one is escaped.
    let isUnquoted = attribute.quote == .unquoted
    let quotes = isUnquoted ? offsets(of: 0x22, in: attribute) : []
    let needsSingle = !quotes.isEmpty && offsets(of: 0x27, in: attribute).isEmpty
    let mark: UInt8 = attribute.quote == .single || needsSingle ? 0x27 : 0x22
    var text = StyleText(quote: mark, isInComment: isInComment)
    if attribute.quote == .noValue || traits.contains(.blank) {
      return composeWhole(&text, attribute, mark, length: styles.rawLength(of: own))
    }
    let canAppend = !traits.contains(.swallowing)
    composeHead(&text, isUnquoted: isUnquoted, mark, withTail: !canAppend)
    let firstChange = composed.pieces.count
    let isCutToEnd = composeChanges(changes, own)
    escape(mark == 0x22 ? quotes : [], unlessTakenOutFrom: firstChange)
    if canAppend { composeTail(&text, own, isCutToEnd: isCutToEnd) }
    if isUnquoted { compose([mark], at: styles.rawLength(of: own)) }
  }

  private var hasForeignSurvivors: Bool {
    for candidate in cascade.candidates where candidate.survives && !candidate.isOwn { return true }
    return false
  }

  /// Composes the value of an attribute that has none, or only white space.
  private mutating func composeWhole(
    _ text: inout StyleText, _ attribute: HTMLTree.Attribute, _ mark: UInt8, length: Int
  ) {
    let start = draft.text.count
    if attribute.quote == .noValue { draft.text.append(0x3D) }
    let needsQuotes = attribute.quote == .noValue || attribute.quote == .unquoted
    text.begin(in: &draft.text, behind: needsQuotes ? [mark] : [])
    renderHead(&text)
    renderTail(&text)
    text.end(in: &draft.text)
    if needsQuotes { draft.text.append(mark) }
    composed.add(0, attribute.quote == .noValue ? 0 : length, start..<draft.text.count)
  }

  /// Composes what goes before an attribute's own text.
  private mutating func composeHead(_ text: inout StyleText, isUnquoted: Bool, _ mark: UInt8, withTail: Bool) {
    let start = draft.text.count
    text.begin(in: &draft.text, behind: isUnquoted ? [mark] : [])
    renderHead(&text)
    if withTail { renderTail(&text) }
    let isEmpty = text.isEmpty
    text.end(in: &draft.text)
    if !isEmpty { draft.text.append(contentsOf: Self.separator) }
    if draft.text.count > start { composed.add(0, 0, start..<draft.text.count) }
  }

  /// Renders what is weaker than an element's own style.
  ///
  /// Behind the element's own important declarations nothing important may come, and before them it is as strong.
  private func renderHead(_ text: inout StyleText) {
    let first = cascade.firstOwn
    render(&text, 0..<first)
    if hasImportantOwn { render(&text, first..<cascade.candidates.count, important: true) }
  }

  /// Renders what is stronger than an element's own style.
  private func renderTail(_ text: inout StyleText) {
    render(&text, cascade.firstOwn..<cascade.candidates.count, important: hasImportantOwn ? false : nil)
  }

  private var hasImportantOwn: Bool {
    for position in cascade.importantOwn where cascade.candidates[position].survives { return true }
    return false
  }

  /// Composes bytes that are inserted.
  private mutating func compose(_ bytes: [UInt8], at offset: Int, upTo end: Int? = nil) {
    let start = draft.text.count
    draft.text.append(contentsOf: bytes)
    composed.add(offset, end ?? offset, start..<draft.text.count)
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

  /// The element's own declarations that have to be taken out or made important, in their order.
  ///
  /// From a text that is not all known nothing is taken out.
  private func changedDeclarations(isFixed: Bool) -> [Cascade.Candidate] {
    var changed: [Cascade.Candidate] = []
    for own in [cascade.normalOwn, cascade.importantOwn] {
      for position in own {
        let candidate = cascade.candidates[position]
        let isChanged = candidate.survives ? candidate.isWrittenImportant != candidate.isImportant : !isFixed
        if isChanged { changed.append(candidate) }
      }
    }
    return changed.count > 1 ? changed.sorted { $0.declaration < $1.declaration } : changed
  }

  private static let quotEntity = Array("&quot;".utf8)

  /// Escapes quotes where they are, but for those that the pieces from a position on take out.
  private mutating func escape(_ quotes: [Int], unlessTakenOutFrom first: Int) {
    var next = first
    let last = composed.pieces.count
    for offset in quotes {
      while next < last, Int(composed.pieces[next].end) <= offset { next += 1 }
      if next < last, Int(composed.pieces[next].start) <= offset { continue }
      compose(Self.quotEntity, at: offset, upTo: offset + 1)
    }
  }

  /// Composes what goes behind the last declaration of an attribute's own text.
  private mutating func composeTail(_ text: inout StyleText, _ own: Int32, isCutToEnd: Bool) {
    let start = draft.text.count
    var offset = styles.rawLength(of: own)
    var opening: [UInt8] = []
    if !isCutToEnd {
      let style = styles[own]
      var end = Int(style.text.upperBound)
      while end > Int(style.text.lowerBound), styles.text[end - 1].isCSSWhitespace { end -= 1 }
      offset = styles.rawOffset(end, of: own)
      if styles.isReferenceOpen(at: offset, of: own) { opening.append(0x20) }
      opening += styles.text[end - 1] == 0x3B ? [0x20] : Self.separator
    }
    text.begin(in: &draft.text, behind: opening)
    renderTail(&text)
    let isEmpty = text.isEmpty
    text.end(in: &draft.text)
    if isEmpty { drop(from: start) } else { composed.add(offset, offset, start..<draft.text.count) }
  }

  private static let importance = Array(" !important".utf8)

  /// Takes out or strengthens declarations in place; says whether the end of the value was taken out.
  private mutating func composeChanges(_ changed: [Cascade.Candidate], _ own: Int32) -> Bool {
    if changed.isEmpty { return false }
    let style = styles[own]
    let (lower, upper) = (Int(style.text.lowerBound), Int(style.text.upperBound))
    var lastDeletion = lower
    var isCutToEnd = false
    for candidate in changed {
      let declaration = styles.declarations[Int(candidate.declaration)]
      if candidate.survives {
        let offset = styles.rawOffset(Int(declaration.value.upperBound), of: own)
        compose(Self.importance, at: offset)
        continue
      }
      var end = Int(declaration.end)
      while end < upper, styles.text[end].isCSSWhitespace { end += 1 }
      if end < upper, styles.text[end] == 0x3B { end += 1 }
      while end < upper, styles.text[end].isCSSWhitespace { end += 1 }
      let start = max(Int(declaration.name.lowerBound), lastDeletion)
      lastDeletion = max(end, start)
      isCutToEnd = end == upper
      compose([], at: styles.rawOffset(start, of: own), upTo: styles.rawOffset(lastDeletion, of: own))
    }
    return isCutToEnd
  }

  // MARK: - Text

  /// Works out an element's declarations and their importance.
  private mutating func resolve(_ list: Int, own: Int32, at node: Int) {
    cascade.resolve(memory.lists[list], own: own, styles, collectsRivals: false)
    guard hasMadeImportant || cascade.hasImportantCandidates else { return }
    cascade.collectRivals(memory.lists[list])
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

  /// Appends the survivors of the sheets among the candidates at some positions, all or those of one importance.
  private func render(_ text: inout StyleText, _ positions: Range<Int>, important: Bool? = nil) {
    let candidates = cascade.candidates.span
    let declarations = rules.declarations
    let sheets = rules.sheets
    for position in positions where candidates[position].survives && !candidates[position].isOwn {
      let isImportant = candidates[position].isWrittenImportant
      if let important, important != isImportant { continue }
      let index = Int(candidates[position].declaration)
      text.append(
        declarations[index], of: sheets[rules.sheet(ofDeclaration: index)].sheet.bytes, important: isImportant)
    }
  }

  /// Who is to blame for an element's styles: the strongest rule that gave it something.
  private mutating func origin(ofList list: Int) -> SourceRange? {
    guard let code = memory.lists.strongest(of: list) else { return nil }
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
