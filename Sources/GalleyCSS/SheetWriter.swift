import GalleyHTML
import GalleySource

/// What stays of the style sheets, as edits.
///
/// A rule goes with the white space and the comments before it; a selector goes with its comma. A `style` element of
/// which nothing is left goes as a whole, with its line if it has one to itself.
extension InlineRun {
  /// Removes from a `style` element what is no longer needed, and strengthens what stays.
  mutating func pruneSheet(_ number: Int) {
    findGoneSelectors(of: number)
    let isShared = uses[number].placeholders.isEmpty && !hasMadeImportant
    if isShared, let known = memory.pruning(of: number, isSelectorGone) { return write(known, number) }
    var pruning = Pruning(rules.sheets[number].sheet, uses[number].placeholders)
    prune(number, &pruning)
    let result = PrunedSheet(
      isSelectorGone: isSelectorGone, edits: pruning.edits, isEverythingGone: pruning.isEverythingGone)
    if isShared { memory.keep(result, of: number) }
    write(result, number)
  }

  private mutating func write(_ pruned: PrunedSheet, _ number: Int) {
    let node = tree.nodes[uses[number].node]
    if pruned.isEverythingGone {
      let mayGo = !isNeededWithoutContent(uses[number].node)
      draft.delete(mayGo ? lineRange(Int(node.start)..<Int(node.end)) : Int(node.contentStart)..<Int(node.contentEnd))
    } else {
      draft.append(pruned.edits, at: uses[number].base)
    }
  }

  /// Whether a `style` element must stay although nothing of its sheet does.
  ///
  /// It may count among its siblings, a placeholder may stand in its tags, or the text on both sides of it may become a
  /// tag or a character reference.
  private func isNeededWithoutContent(_ index: Int) -> Bool {
    if rules.isPositional, !isInHead(index) { return true }
    let (start, end) = (Int(tree.nodes[index].start), Int(tree.nodes[index].end))
    let hole = tree.placeholders.firstIndex(endingAfter: start)
    if hole < tree.placeholders.count, tree.placeholders[hole].range.lowerBound < end { return true }
    guard start > 0, end < tree.bytes.count else { return false }
    let (before, after) = (tree.bytes[start - 1], tree.bytes[end])
    if before == 0x3C { return true }
    let mayBeReference = before == 0x26 || before == 0x23 || before.isLetter || before.isDigit
    return mayBeReference && (after == 0x23 || after == 0x3B || after.isLetter || after.isDigit)
  }

  /// Whether an element is in the head, with a tag for it or without.
  private func isInHead(_ index: Int) -> Bool {
    let parent = tree.nodes[index].parent
    if parent.index >= 0, tree[parent].isElement {
      let name = tree[parent].name.value
      if name == RunningHash.of("head") { return true }
      guard name == RunningHash.of("html") else { return false }
    }
    var sibling = tree.nodes[index].previousSibling
    while sibling.index >= 0 {
      let node = tree[sibling]
      if node.isElement, !ElementTable.standard[node.name].traits.contains(.metadata) { return false }
      sibling = node.previousSibling
    }
    return true
  }

  /// Puts what stays of sheets from elsewhere into the head.
  mutating func addFurtherSheets(from first: Int) {
    for number in first..<max(first, uses.count) {
      let sheet = rules.sheets[number].sheet
      var pruning = Pruning(sheet, [])
      findGoneSelectors(of: number)
      prune(number, &pruning)
      if pruning.isEverythingGone { continue }
      var text = pruning.edits.apply(to: sheet.bytes)
      let cut = sheet.bytes.count - sheet.range.upperBound
      text.removeLast(cut)
      text.removeFirst(sheet.range.lowerBound)
      let isOpen = Self.isOpenAtEnd(sheet)
      let content = Self.trimmed(Self.withoutEndTag(text), isOpen: isOpen)
      if content.isEmpty { continue }
      let origin = sheet.source.map { SourceRange($0, sheet.range) }
      let (start, end) = (Array("<style>\n".utf8), Array((isOpen ? "</style>\n" : "\n</style>\n").utf8))
      draft.insert(start + content + end, at: headEnd, origin: origin)
    }
  }

  /// Whether a sheet ends within a string, a comment or the like, so that whatever stood behind it would become a part
  /// of that.
  private static func isOpenAtEnd(_ sheet: StyleSheet) -> Bool {
    guard let last = sheet.bytes[sheet.range].last else { return false }
    return last == 0x5C
      || sheet.faults.contains { fault in
        switch fault.kind {
        case .unclosedComment, .unclosedString, .brokenURL: fault.range.upperBound == sheet.range.upperBound
        default: false
        }
      }
  }

  private static func trimmed(_ text: [UInt8], isOpen: Bool) -> ArraySlice<UInt8> {
    let rest = text.drop(while: \.isCSSWhitespace)
    return isOpen ? rest : rest[...(rest.lastIndex { !$0.isCSSWhitespace } ?? rest.startIndex - 1)]
  }

  /// The text with each `</style` written as `<\/style`, which means the same in a string.
  private static func withoutEndTag(_ text: [UInt8]) -> [UInt8] {
    let mark = Array("</style".utf8)
    var result: [UInt8] = []
    for index in text.indices {
      result.append(text[index])
      let isMark = text[index] == 0x3C && text[index...].prefix(mark.count).map(\.lowercasedASCII) == mark
      if isMark { result.append(0x5C) }
    }
    return result
  }

  /// Where a `style` element for sheets from elsewhere goes: to the end of the head, with a tag for it or without.
  ///
  /// Without one the head ends where the first element stands that doesn't belong there.
  private var headEnd: Int {
    let tree = writtenTree
    let names = (head: RunningHash.of("head"), html: RunningHash.of("html"), body: RunningHash.of("body"))
    var blocks = BlockDepth(tree.placeholders)
    var revealed = 0
    var result = 0
    var next = NodeID(1)
    while Int(next.index) < tree.nodes.count {
      let (index, node) = (Int(next.index), tree[next])
      next = node.subtreeEnd
      switch node.kind {
      case .element where node.name.value == names.head: return contentEnd(of: index)
      case .element where node.name.value == names.body: return Int(node.start)
      case .element where node.name.value == names.html:
        result = Int(node.contentStart)
        next = NodeID(index + 1)
      case .element where !ElementTable.standard[node.name].traits.contains(.metadata): return result
      case .element, .doctype:
        if isOpen(node) { return result }
        let isAlways = revealed == 0 && blocks.advance(to: Int(node.start)) == 0
        if isAlways { result = lineRange(Int(node.start)..<Int(node.end)).upperBound }
      case .revealedOpen: revealed += 1
      case .revealedClose: revealed = max(revealed - 1, 0)
      default: break
      }
    }
    return result
  }

  /// The end of an element's content, or the start of its last child where that has no end: what came behind would
  /// become a part of it.
  private func contentEnd(of index: Int) -> Int {
    let tree = writtenTree
    let end = tree.nodes[index].contentEnd
    let last = tree.children(of: NodeID(index)).first { tree[$0].end == end && isOpen(tree[$0]) }
    return Int(last.map { tree[$0].start } ?? end)
  }

  /// Whether the end of a node is missing.
  private func isOpen(_ node: HTMLTree.Node) -> Bool {
    node.kind == .unfinishedTag || !node.flags.isDisjoint(with: [.unclosed, .truncated])
  }

  /// An element's bytes, with its line if nothing else stands in it.
  private func lineRange(_ range: Range<Int>) -> Range<Int> {
    var start = range.lowerBound
    while start > 0, tree.bytes[start - 1] == 0x20 || tree.bytes[start - 1] == 0x09 { start -= 1 }
    guard start == 0 || tree.bytes[start - 1].isCSSNewline else { return range }
    var end = range.upperBound
    while end < tree.bytes.count, tree.bytes[end] == 0x20 || tree.bytes[end] == 0x09 { end += 1 }
    guard end < tree.bytes.count, tree.bytes[end].isCSSNewline else { return range }
    end += tree.bytes[end] == 0x0D && end + 1 < tree.bytes.count && tree.bytes[end + 1] == 0x0A ? 2 : 1
    return start..<end
  }

  // MARK: - Rules

  private mutating func prune(_ number: Int, _ pruning: inout Pruning) {
    let sheet = rules.sheets[number].sheet
    var position = 0
    while position < sheet.rules.count {
      switch sheet.rules[position].kind {
      case .style: prune(sheet, position, firstDeclaration: rules.sheets[number].firstDeclaration, &pruning)
      case .group:
        if isGone(groupAt: position, sheet.rules) {
          pruning.delete(sheet.rules[position], at: position)
          position = Int(sheet.rules[position].subtreeEnd)
          continue
        }
      case .atRule, .malformed, .placeholder: break
      }
      position += 1
    }
    pruning.finish()
  }

  /// Finds out which selectors of a sheet are no longer needed.
  private mutating func findGoneSelectors(of number: Int) {
    let sheet = rules.sheets[number].sheet
    let count = sheet.selectors.selectors.count
    isSelectorGone.removeAll(keepingCapacity: true)
    if rules.sheets[number].keepsCopy {
      return isSelectorGone.append(contentsOf: repeatElement(false, count: count))
    }
    isSelectorGone.reserveCapacity(count)
    for selector in 0..<count {
      let rank = rules.rank(ofSelector: selector, sheet: number)
      let fate = rank < 0 ? .needed : fates[rank]
      isSelectorGone.append(fate.contains(.inlined) && !fate.contains(.needed))
    }
    guard options.purgesUnmatched || !selectorsThatSeeStyles.isEmpty else { return }
    for rule in sheet.rules where rule.kind == .style {
      for selector in rule.selectors where fate(selector, of: rule, number) == .purged {
        isSelectorGone[selector] = true
      }
    }
  }

  /// Whether a group held rules, and all of them go.
  private mutating func isGone(groupAt position: Int, _ rules: [StyleSheet.Rule]) -> Bool {
    let inside = position + 1..<Int(rules[position].subtreeEnd)
    if inside.isEmpty || rules[position].flags.contains(.pinned) { return false }
    for rule in inside {
      switch rules[rule].kind {
      case .group: break
      case .style: if !isGone(rules[rule].selectors) { return false }
      case .atRule, .malformed, .placeholder: return false
      }
    }
    return true
  }

  /// Whether all selectors of a rule are no longer needed.
  private mutating func isGone(_ selectors: Range<Int>) -> Bool {
    for selector in selectors where !isSelectorGone[selector] { return false }
    return !selectors.isEmpty
  }

  private func fate(_ selector: Int, of rule: StyleSheet.Rule, _ number: Int) -> InlineReport.Fate {
    let rank = rules.rank(ofSelector: selector, sheet: number)
    if rank < 0 || rules.sheets[number].keepsCopy { return .kept }
    let isInlined = fates[rank].contains(.inlined)
    if fates[rank].contains(.needed) { return isInlined ? .inlinedAndKept : .kept }
    if isInlined { return .inlined }
    if selectorsThatSeeStyles.contains(rank) { return .purged }
    let traits = rules.sheets[number].sheet.selectors.selectors[selector].traits
    let mayBePurged = traits.isDisjoint(with: [.clientHack, .unsupported]) && !rule.flags.contains(.nested)
    return options.purgesUnmatched && mayBePurged ? .purged : .unmatched
  }

  /// Prunes one rule; mutating, because an immutable self would be copied for each.
  private mutating func prune(
    _ sheet: StyleSheet, _ position: Int, firstDeclaration: Int, _ pruning: inout Pruning
  ) {
    let selectors = sheet.rules[position].selectors
    if isGone(selectors) { return pruning.delete(sheet.rules[position], at: position) }
    pruneSelectors(selectors, of: sheet, &pruning)
    guard hasMadeImportant else { return }
    for index in sheet.rules[position].declarations where madeImportant[firstDeclaration + index] {
      pruning.edits.insert(Self.importance, at: Int(sheet.declarations[index].value.upperBound))
    }
  }

  private static let importance = Array(" !important".utf8)

  /// Takes selectors out of a list of which others stay.
  private mutating func pruneSelectors(_ selectors: Range<Int>, of sheet: StyleSheet, _ pruning: inout Pruning) {
    var lastKept = -1
    for selector in selectors where !isSelectorGone[selector] {
      let isNext = lastKept < 0 ? selector == selectors.lowerBound : selector == lastKept + 1
      if !isNext {
        let first = lastKept < 0 ? selectors.lowerBound : lastKept + 1
        pruning.delete(
          sheet.selectors.selectors[first].range.lowerBound..<sheet.selectors.selectors[selector].range.lowerBound)
      }
      lastKept = selector
    }
    guard lastKept >= 0, lastKept + 1 < selectors.upperBound else { return }
    let all = sheet.selectors.selectors
    pruning.delete(all[lastKept].range.upperBound..<all[selectors.upperBound - 1].range.upperBound)
  }

  // MARK: - Report

  /// Notes what became of each selector, and complains about those whose match depends on the data.
  mutating func reportSelectors() {
    guard options.reportsSelectors || fates.contains(where: { $0.contains(.uncertainSiblings) }) else { return }
    for number in rules.sheets.indices {
      let sheet = rules.sheets[number].sheet
      for rule in sheet.rules where rule.kind == .style {
        for selector in rule.selectors {
          let entry = sheet.selectors.selectors[selector]
          if options.reportsSelectors { note(selector, entry, rule, number) }
          reportUncertainty(selector, entry, rule, number)
        }
      }
    }
  }

  private mutating func note(
    _ position: Int, _ selector: SelectorStore.Selector, _ rule: StyleSheet.Rule, _ number: Int
  ) {
    let fate = fate(position, of: rule, number)
    let text = String(decoding: rules.sheets[number].sheet.bytes[selector.range], as: UTF8.self)
    result.report.entries.append(
      InlineReport.Entry(
        sheet: number, selector: text, fate: fate, reason: fate == .kept ? reason(selector, rule, number) : nil))
  }

  private func reason(_ selector: SelectorStore.Selector, _ rule: StyleSheet.Rule, _ number: Int) -> String {
    if rule.flags.contains(.pinned) || rules.sheets[number].keepsCopy { return "the author keeps it" }
    if rule.flags.contains(.conditional) { return "it stands in a template's condition" }
    if rule.flags.contains(.placeholder) { return "a placeholder stands in it" }
    if rule.flags.contains(.layered) { return "a layer has its own place in the cascade" }
    if rule.flags.contains(.grouped) || rules.sheets[number].isKept { return "it applies only sometimes" }
    if rule.flags.contains(.nested) { return "it holds further rules" }
    if selector.traits.contains(.pseudoElement) { return "pseudo-elements have no style attribute" }
    if selector.traits.contains(.dynamic) { return "the state exists only in a client" }
    if selector.traits.contains(.clientHack) { return "it is meant for the document as a client rewrites it" }
    if selector.traits.contains(.namespaced) { return "it is meant for namespaces" }
    if selector.traits.contains(.placeholder) { return "a placeholder stands in it" }
    if selector.traits.contains(.unsupported) { return "the selector is not supported" }
    return "it matches elements that are not styled, or that only the data decides"
  }

  private mutating func reportUncertainty(
    _ position: Int, _ selector: SelectorStore.Selector, _ rule: StyleSheet.Rule, _ number: Int
  ) {
    let rank = rules.rank(ofSelector: position, sheet: number)
    guard rank >= 0, fates[rank].contains(.uncertainSiblings), !rules.entries[rank].isKept else { return }
    let place = locate(selector.range, number)
    let text = String(decoding: rules.sheets[number].sheet.bytes[selector.range], as: UTF8.self)
    result.diagnostics.append(
      Diagnostic(
        .cssUncertainMatch, "what '\(text)' matches depends on a condition or a loop", at: place?.range,
        help: ["give the element a class"]
      ).included(through: place?.calls ?? []))
  }
}

/// What becomes of a sheet of which some selectors are no longer needed.
struct PrunedSheet: Sendable {
  /// For each selector, whether it is no longer needed.
  let isSelectorGone: [Bool]
  let edits: EditList
  let isEverythingGone: Bool
}

/// The edits to one sheet.
private struct Pruning {
  var edits = EditList()
  private(set) var isEverythingGone = false
  private let sheet: StyleSheet
  /// How many top-level rules were deleted.
  private var deletedTopRules = 0

  private let placeholders: [Placeholder]

  init(_ sheet: StyleSheet, _ placeholders: [Placeholder]) {
    self.sheet = sheet
    self.placeholders = placeholders
  }

  /// Whether a placeholder stands in a range, perhaps in a comment; then the range stays.
  private func holdsPlaceholder(_ range: Range<Int>) -> Bool {
    let index = placeholders.firstIndex(endingAfter: range.lowerBound)
    return index < placeholders.count && placeholders[index].range.lowerBound < range.upperBound
  }

  mutating func delete(_ range: Range<Int>) {
    if !range.isEmpty, !holdsPlaceholder(range) { edits.delete(range) }
  }

  /// Deletes a rule with what stands before it.
  mutating func delete(_ rule: StyleSheet.Rule, at position: Int) {
    if holdsPlaceholder(rule.range) { return }
    if rule.parent < 0 { deletedTopRules += 1 }
    edits.delete(gapStart(before: rule, at: position)..<rule.range.upperBound)
  }

  /// Where the white space and the comments before a rule start that go with it.
  private func gapStart(before rule: StyleSheet.Rule, at position: Int) -> Int {
    var start = rule.parent < 0 ? sheet.range.lowerBound : sheet.rules[Int(rule.parent)].block.lowerBound
    if let previous = previousEnd(position), previous > start { start = previous }
    let gap = start..<rule.range.lowerBound
    var spaceStart = gap.upperBound
    while spaceStart > start, sheet.bytes[spaceStart - 1].isCSSWhitespace { spaceStart -= 1 }
    if spaceStart == start { return start }
    var tokenizer = CSSTokenizer(sheet.bytes, in: gap)
    while true {
      let token = tokenizer.take()
      switch token.kind {
      case .end: return start
      case .whitespace: break
      case .comment where !isDirective(token.range) && !holdsPlaceholder(token.range): break
      default: start = Int(token.end)
      }
    }
  }

  private func isDirective(_ range: Range<Int>) -> Bool { Directive(sheet.bytes[range]) != nil }

  /// The end of the rule before another in the same group, if there is one.
  private func previousEnd(_ position: Int) -> Int? {
    let parent = sheet.rules[position].parent
    var index = position - 1
    while index >= 0, index != Int(parent) {
      if sheet.rules[index].parent == parent { return sheet.rules[index].range.upperBound }
      index = Int(sheet.rules[index].parent)
    }
    return nil
  }

  /// Finds out whether anything is left.
  mutating func finish() {
    guard deletedTopRules > 0, deletedTopRules == sheet.rules.count(where: { $0.parent < 0 }) else { return }
    isEverythingGone = !hasForeignText && !holdsPlaceholder(sheet.range)
  }

  /// Whether something stands between the rules that is no comment, no space and no wrapper of old times.
  private var hasForeignText: Bool {
    guard let last = sheet.rules.last(where: { $0.parent < 0 }) else { return true }
    var tokenizer = CSSTokenizer(sheet.bytes, in: last.range.upperBound..<sheet.range.upperBound)
    var token = tokenizer.take()
    while token.kind != .end {
      let isCDATAEnd = token.kind == .closeSquare || token.kind == .delimiter
      if !token.kind.isTrivia, token.kind != .cdc, token.kind != .cdo, !isCDATAEnd { return true }
      token = tokenizer.take()
    }
    return false
  }
}
