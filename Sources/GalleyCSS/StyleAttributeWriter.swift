import GalleyHTML
import GalleySource

/// The `style` attributes of a document, as edits.
///
/// An attribute that is there keeps its text: what is weaker goes before it, what is stronger behind it, and only a
/// declaration that has lost everything is taken out. A placeholder in it is never touched.
extension InlineRun {
  /// An element's own `style`, parsed.
  struct ParsedStyle {
    let style: Cascade.OwnStyle
    let attribute: HTMLTree.Attribute
    /// Whether its text had character references, so that offsets are not those of the document.
    let isDecoded: Bool
  }

  /// Parses the `style` attribute of an element that has one.
  func ownStyle(_ node: Int) -> ParsedStyle {
    let attribute = tree.attributes[Int(facts.styles[node])]
    let range = Int(attribute.valueStart)..<Int(attribute.valueEnd)
    if !attribute.hasPlaceholder, tree.bytes[range].contains(0x26) {
      let text = CharacterReferences.decoded(tree.bytes, range)
      let declarations = StyleSheet.declarations(text, in: 0..<text.count)
      return ParsedStyle(
        style: Cascade.OwnStyle(bytes: text, declarations: declarations), attribute: attribute, isDecoded: true)
    }
    let declarations = StyleSheet.declarations(tree.bytes, in: range, placeholders: tree.placeholders)
    return ParsedStyle(
      style: Cascade.OwnStyle(bytes: tree.bytes, declarations: declarations), attribute: attribute, isDecoded: false)
  }

  /// Writes the styles of one element.
  mutating func writeStyle(_ node: Int) {
    let list = Int(listOfNode[node])
    if facts.styles[node] >= 0 {
      mergeStyle(node, list)
    } else {
      insertStyle(node, list)
    }
  }

  // MARK: - Elements without a style

  private mutating func insertStyle(_ node: Int, _ list: Int) {
    if tree.nodes[node].flags.contains(.inConditional) {
      resolve(list, own: nil, at: node)
      let text = render(isInComment: true, quote: 0x22) { _ in true }
      if !text.isEmpty { insertAttribute(text, node) }
      return
    }
    if renderedLists.count <= list {
      renderedLists += Array(repeating: nil, count: lists.indices.count - renderedLists.count)
    }
    if renderedLists[list] == nil {
      resolve(list, own: nil, at: node)
      let text = render(isInComment: false, quote: 0x22) { _ in true }
      let start = renderedText.count
      if !text.isEmpty { renderedText += Self.attributeStart + text + [0x22] }
      renderedLists[list] = start..<renderedText.count
    }
    guard let range = renderedLists[list], !range.isEmpty else { return }
    result.report.styledElements += 1
    result.edits.insert(renderedText[range], at: insertionPoint(node), origin: origin(at: node))
  }

  private static let attributeStart = Array(" style=\"".utf8)

  private mutating func insertAttribute(_ text: [UInt8], _ node: Int) {
    result.report.styledElements += 1
    result.edits.insert(
      Self.attributeStart + text + [0x22], at: insertionPoint(node), origin: origin(at: node))
  }

  /// Where a new attribute goes: behind the last one, or behind the name where the tag has template blocks.
  private func insertionPoint(_ node: Int) -> Int {
    let element = tree.nodes[node]
    guard element.attributeCount > 0, !element.flags.contains(.placeholderInTag) else { return Int(element.nameEnd) }
    let last = tree.attributes[Int(element.firstAttribute + element.attributeCount) - 1]
    return Int(end(of: last))
  }

  private func end(of attribute: HTMLTree.Attribute) -> Int32 {
    switch attribute.quote {
    case .noValue: attribute.nameEnd
    case .unquoted: attribute.valueEnd
    case .single, .double: min(attribute.valueEnd + 1, Int32(tree.bytes.count))
    }
  }

  // MARK: - Elements with a style

  private mutating func mergeStyle(_ node: Int, _ list: Int) {
    let own = ownStyle(node)
    resolve(list, own: own.style, at: node)
    let isTouched = cascade.candidates.contains { candidate in
      candidate.isOwn ? isChanged(candidate, own) : candidate.survives
    }
    guard isTouched else { return }
    result.report.styledElements += 1
    let isInComment = tree.nodes[node].flags.contains(.inConditional)
    let quote: UInt8 = own.attribute.quote == .single ? 0x27 : 0x22
    let firstOwn = cascade.candidates.firstIndex(where: \.isOwn) ?? cascade.candidates.count
    let before = render(isInComment: isInComment, quote: quote) { $0 < firstOwn && !cascade.candidates[$0].isOwn }
    let after = render(isInComment: isInComment, quote: quote) { $0 > firstOwn && !cascade.candidates[$0].isOwn }
    let needsRewrite = own.isDecoded && cascade.candidates.contains { $0.isOwn && isChanged($0, own) }
    if needsRewrite {
      let text = render(isInComment: isInComment, quote: quote, own: own) { _ in true }
      let range = Int(own.attribute.valueStart)..<Int(own.attribute.valueEnd)
      result.edits.replace(range, with: text, origin: origin(at: node))
    } else {
      editStyle(own, before, after, node)
    }
  }

  /// Whether one of the element's own declarations has to be taken out or made important.
  private func isChanged(_ candidate: Cascade.Candidate, _ own: ParsedStyle) -> Bool {
    if !candidate.survives { return !own.attribute.hasPlaceholder }
    return candidate.isWrittenImportant != candidate.isImportant
  }

  /// Puts text before and behind the attribute's own, and changes its declarations where they are.
  private mutating func editStyle(_ own: ParsedStyle, _ before: [UInt8], _ after: [UInt8], _ node: Int) {
    let attribute = own.attribute
    let origin = origin(at: node)
    if attribute.quote == .noValue {
      let text = join(before, after)
      result.edits.insert([0x3D, 0x22] + text + [0x22], at: Int(attribute.nameEnd), origin: origin)
      return
    }
    let isUnquoted = attribute.quote == .unquoted
    let start = Int(attribute.valueStart)
    let end = Int(attribute.valueEnd)
    let isBlank = tree.bytes[start..<end].allSatisfy(\.isCSSWhitespace)
    if isBlank {
      let text = join(before, after)
      result.edits.replace(start..<end, with: isUnquoted ? [0x22] + text + [0x22] : text, origin: origin)
      return
    }
    let canAppend = after.isEmpty || !swallowsWhatFollows(own)
    var head = canAppend ? before : join(before, after)
    if !head.isEmpty { head += Self.separator }
    if isUnquoted { head.insert(0x22, at: 0) }
    if !head.isEmpty { result.edits.insert(head, at: start, origin: origin) }
    let isCutToEnd = editDeclarations(own, in: start..<end)
    if canAppend, !after.isEmpty { append(after, in: start..<end, isCutToEnd: isCutToEnd, origin: origin) }
    if isUnquoted { result.edits.insert([0x22], at: end, origin: origin) }
  }

  /// Puts text behind the last declaration of an attribute's value.
  private mutating func append(_ text: [UInt8], in range: Range<Int>, isCutToEnd: Bool, origin: SourceRange?) {
    if isCutToEnd { return result.edits.insert(text, at: range.upperBound, origin: origin) }
    var end = range.upperBound
    while end > range.lowerBound, tree.bytes[end - 1].isCSSWhitespace { end -= 1 }
    let glue: [UInt8] = tree.bytes[end - 1] == 0x3B ? [0x20] : Self.separator
    result.edits.insert(glue + text, at: end, origin: origin)
  }

  /// Whether something in an attribute's value is not closed, so that what is appended would become a part of it.
  private func swallowsWhatFollows(_ own: ParsedStyle) -> Bool {
    let range = own.isDecoded ? 0..<own.style.bytes.count : Int(own.attribute.valueStart)..<Int(own.attribute.valueEnd)
    var tokenizer = CSSTokenizer(own.style.bytes, in: range, placeholders: own.isDecoded ? [] : tree.placeholders)
    var depth = 0
    while true {
      let token = tokenizer.take()
      if token.isUnclosed { return true }
      switch token.kind {
      case .end: return depth > 0
      case .openParenthesis, .function, .openSquare, .openBrace: depth += 1
      case .closeParenthesis, .closeSquare, .closeBrace: depth = max(depth - 1, 0)
      default: break
      }
    }
  }

  private static let separator: [UInt8] = [0x3B, 0x20]
  private static let importance = Array(" !important".utf8)

  private func join(_ before: [UInt8], _ after: [UInt8]) -> [UInt8] {
    before.isEmpty || after.isEmpty ? before + after : before + Self.separator + after
  }

  /// Takes out or strengthens declarations in place; says whether the end of the value was taken out.
  private mutating func editDeclarations(_ own: ParsedStyle, in range: Range<Int>) -> Bool {
    let changed = cascade.candidates.filter { $0.isOwn && isChanged($0, own) }.sorted {
      $0.declaration < $1.declaration
    }
    var lastDeletion = range.lowerBound
    var isCutToEnd = false
    for candidate in changed {
      let declaration = own.style.declarations[Int(candidate.declaration)]
      if candidate.survives {
        result.edits.insert(Self.importance, at: Int(declaration.value.upperBound))
        continue
      }
      var end = Int(declaration.end)
      while end < range.upperBound, tree.bytes[end].isCSSWhitespace { end += 1 }
      if end < range.upperBound, tree.bytes[end] == 0x3B { end += 1 }
      while end < range.upperBound, tree.bytes[end].isCSSWhitespace { end += 1 }
      let start = max(Int(declaration.name.lowerBound), lastDeletion)
      lastDeletion = max(end, start)
      isCutToEnd = end == range.upperBound
      result.edits.delete(start..<lastDeletion)
    }
    return isCutToEnd
  }

  // MARK: - Text

  /// Works out an element's declarations and their importance.
  private mutating func resolve(_ list: Int, own: Cascade.OwnStyle?, at node: Int) {
    cascade.resolve(lists[list], own: own)
    guard hasMadeImportant || lists.hasPotential(list) else { return }
    let made = madeImportant
    let isLost = cascade.settleImportance { made[Int($0.sheet)][Int($0.declaration)] }
    if isLost || overtaken.contains(list) { reportLostOrder(node) }
  }

  private mutating func reportLostOrder(_ node: Int) {
    let rival = cascade.rivals.first { isStrong($0) }
    guard let rival, lostOrder.insert(rival.rule).inserted else { return }
    let sheet = sheets[Int(rival.sheet)].sheet
    let declaration = sheet.declarations[Int(rival.declaration)]
    let range = Int(declaration.name.lowerBound)..<Int(declaration.end)
    let text = String(decoding: sheet.bytes[range], as: UTF8.self)
    let place = locate(range, Int(rival.sheet))
    result.diagnostics.append(
      Diagnostic(
        .cssOrderLost,
        "'\(text)' can't keep its place among what is inlined into '<\(tree.nameText(of: NodeID(node)))>'",
        at: place?.range, help: ["decide it with '!important' or with another selector"]
      ).included(through: place?.calls ?? []))
  }

  private func render(
    isInComment: Bool, quote: UInt8, own: ParsedStyle? = nil, _ includes: (Int) -> Bool
  ) -> [UInt8] {
    var text = StyleText(quote: quote, isInComment: isInComment)
    for index in cascade.candidates.indices where cascade.candidates[index].survives && includes(index) {
      let candidate = cascade.candidates[index]
      if candidate.isOwn {
        guard let own else { continue }
        text.append(
          own.style.declarations[Int(candidate.declaration)], of: own.style.bytes,
          important: candidate.isWrittenImportant, isDecoded: own.isDecoded)
      } else {
        let sheet = sheets[Int(candidate.sheet)].sheet
        text.append(
          sheet.declarations[Int(candidate.declaration)], of: sheet.bytes, important: candidate.isWrittenImportant)
      }
    }
    return text.bytes
  }

  /// Who is to blame for an element's styles: the strongest rule that gave it something.
  private func origin(at node: Int) -> SourceRange? {
    guard origins != nil || sheets.contains(where: { $0.sheet.source != nil }) else { return nil }
    let list = lists[Int(listOfNode[node])]
    guard let code = list.last(where: { $0 & 1 == 0 }) ?? list.last else { return nil }
    let entry = rules.entries[Cascade.MatchedRule(code: code).rank]
    let sheet = sheets[Int(entry.sheet)]
    let range = sheet.sheet.rules[Int(entry.rule)].range
    if sheet.node >= 0 { return origins?.origin(of: range)?.range }
    return sheet.sheet.source.map { SourceRange($0, range) }
  }

  /// Where a range of a sheet's bytes was written.
  func locate(_ range: Range<Int>, _ sheet: Int) -> OriginMap.Origin? {
    if sheets[sheet].node >= 0 { return origins?.origin(of: range) }
    guard let source = sheets[sheet].sheet.source else { return nil }
    return OriginMap(whole: source, count: sheets[sheet].sheet.bytes.count).origin(of: range)
  }
}
