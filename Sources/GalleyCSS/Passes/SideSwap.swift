package import GalleyHTML
package import GalleySource

/// Swaps left and right, so that a document written left to right can be read from right to left.
///
/// What names a side is swapped wherever it stands: in sheets with their media queries and key frames, in `style`
/// attributes, in attributes such as `align`, and in conditional comments. `SwappedValue` knows the values, and
/// `SideDirectives` the comments by which an author says otherwise; what `data-rtl="ignore"` marks stays with all that
/// it holds. Logical properties follow the direction by themselves, and `dir` says what the author means: both stay.
/// So do rules that ask for a direction, as `[dir=rtl] .total`. The pass goes before inlining, so that the cascade is
/// one of swapped values. Done twice, it gives a document that means what the first one meant.
package struct SideSwap: Sendable {
  /// Makes the pass.
  package init() {}

  /// The edits to a document, and what had to stay because it is known only when the mail is sent.
  package func result(for tree: HTMLTree) -> PassResult {
    var run = SideSwapRun(tree)
    run.visitNodes()
    return run.result
  }

  /// The edits with findings at the author's lines.
  package func outcome(for tree: HTMLTree, origins: OriginMap) -> DocumentPass.Outcome {
    let result = result(for: tree)
    var outcome = DocumentPass.Outcome()
    outcome.edits = result.edits
    outcome.diagnostics = result.remarks.map { $0.diagnostic(in: tree, origins) }
    return outcome
  }
}

/// The work on one document.
private struct SideSwapRun {
  let tree: HTMLTree
  var result = PassResult()

  init(_ tree: HTMLTree) { self.tree = tree }

  mutating func visitNodes() {
    var index = 0
    while index < tree.nodes.count {
      let node = tree.nodes[index]
      guard node.kind == .element else {
        index += 1
        continue
      }
      let attributes = tree.attributes(of: NodeID(index))
      if node.name.value == Names.template || attributes.contains(where: isIgnoring) {
        index = Int(node.subtreeEnd.index)
        continue
      }
      visit(node, attributes)
      index += 1
    }
  }

  /// Whether an attribute says to leave the element and all that it holds.
  private func isIgnoring(_ attribute: HTMLTree.Attribute) -> Bool {
    attribute.name.value == Names.dataRTL && value(of: attribute) == Names.ignore
  }

  private func value(of attribute: HTMLTree.Attribute) -> UInt64 {
    NameHash(lowercasing: tree.rawValue(attribute)).value
  }

  private mutating func visit(_ node: HTMLTree.Node, _ attributes: ArraySlice<HTMLTree.Attribute>) {
    if node.name.value == PassNames.style {
      let type = attributes.first { $0.name.value == Names.type }.map { tree.rawValue($0) } ?? []
      if type.isEmpty || NameHash(lowercasing: type).value == Names.css {
        swapSheet(EmbeddedText(contentOf: node, in: tree))
      }
      return
    }
    if attributes.contains(where: { OptOut.isCandidate($0.name.value) && OptOut.keepsElement($0, tree) }) { return }
    for attribute in attributes { swap(attribute) }
  }

  // MARK: - Attributes

  private mutating func swap(_ attribute: HTMLTree.Attribute) {
    switch attribute.name.value {
    case PassNames.style where attribute.quote != .noValue: swapStyle(attribute)
    case Names.align, Names.clear, Names.frame:
      if attribute.hasPlaceholder { return remark(Int(attribute.valueStart)..<Int(attribute.valueEnd)) }
      let range = Int(attribute.valueStart)..<Int(attribute.valueEnd)
      if let other = SideWords.swapped(tree.bytes[range]) { result.edits.replace(range, with: other) }
    case Names.leftMargin, Names.rightMargin:
      let range = Int(attribute.nameStart)..<Int(attribute.nameEnd)
      let side = range.prefix(range.count - 6)
      if let other = SideWords.swapped(tree.bytes[side]) { result.edits.replace(side, with: other) }
    default: break
    }
  }

  private mutating func swapStyle(_ attribute: HTMLTree.Attribute) {
    let text = EmbeddedText(attribute, in: tree)
    let directives = SideDirectives(text)
    report(directives)
    swap(text.declarations[...], of: text, directives)
  }

  // MARK: - Sheets

  private mutating func swapSheet(_ text: EmbeddedText) {
    let directives = SideDirectives(text)
    report(directives)
    swapRules(of: text.sheet, text, directives)
  }

  private mutating func swapRules(of sheet: StyleSheet, _ text: EmbeddedText, _ directives: SideDirectives) {
    var index = 0
    while index < sheet.rules.count {
      let rule = sheet.rules[index]
      index += 1
      let asked = rule.kind == .style ? SelectorSides(text, rule.prelude) : SelectorSides()
      if asked.asksForDirection || directives.ignores(rule.range) {
        index = max(Int(rule.subtreeEnd), index)
        continue
      }
      for (range, other) in asked.swaps { replace(range, with: other, in: text) }
      if rule.kind == .atRule, SelectorSides.isKeyframes(text.bytes, rule.range) {
        let frames = StyleSheet(text.bytes, in: rule.block, placeholders: text.placeholders)
        for frame in frames.rules where frame.kind == .style && !directives.ignores(frame.range) {
          swap(frames.declarations[frame.declarations], of: text, directives)
        }
      }
      swap(sheet.declarations[rule.declarations], of: text, directives)
    }
  }

  // MARK: - Declarations

  private mutating func swap(
    _ declarations: ArraySlice<StyleSheet.Declaration>, of text: EmbeddedText, _ directives: SideDirectives
  ) {
    // A direction that comes with 'unicode-bidi' is about letters, and not about where boxes go.
    let isAboutText = declarations.contains { $0.property.hash == Names.unicodeBidi }
    for declaration in declarations where !declaration.property.isCustom {
      if declaration.property.hash == Names.direction, isAboutText { continue }
      swap(declaration, of: text, directives)
    }
  }

  private mutating func swap(
    _ declaration: StyleSheet.Declaration, of text: EmbeddedText, _ directives: SideDirectives
  ) {
    switch directives.advice(for: declaration) {
    case .ignore: return
    case .value(let range): return write(range, over: declaration, of: text)
    case nil: break
    }
    if let (side, other) = SideWords.swappedName(text.bytes, declaration.name.offsets) {
      replace(side, with: other, in: text)
    }
    var value = SwappedValue(text, declaration)
    value.work()
    if value.hasSideOfHole { return remark(text.document(declaration.value.offsets)) }
    // All or nothing: what the document writes with character references may not be found in it.
    guard value.changes.allSatisfy({ text.isWrittenOut($0.range) }) else { return }
    for change in value.changes { replace(change.range, with: change.text, in: text) }
  }

  /// Puts the value of a directive in the place of the author's.
  private mutating func write(_ range: Range<Int>, over declaration: StyleSheet.Declaration, of text: EmbeddedText) {
    var old = declaration.value.offsets
    if text.bytes[range].contains(0x21) { old = old.lowerBound..<Int(declaration.end) }
    if text.hasPlaceholder(in: old) || text.hasPlaceholder(in: range) { return remark(text.document(old)) }
    result.edits.change(text.document(old), of: tree.bytes, to: Array(tree.bytes[text.document(range)]))
  }

  private mutating func replace(_ range: Range<Int>, with bytes: [UInt8], in text: EmbeddedText) {
    if text.isWrittenOut(range) { result.edits.change(text.document(range), of: tree.bytes, to: bytes) }
  }

  // MARK: - Remarks

  private mutating func remark(_ range: Range<Int>) {
    result.remarks.append(PassRemark(kind: .sideOfHole, range: range))
  }

  private mutating func report(_ directives: SideDirectives) {
    for range in directives.unknown {
      result.remarks.append(PassRemark(kind: .unknownSideDirective, range: range))
    }
  }

  private enum Names {
    static let template = RunningHash.of("template")
    static let dataRTL = RunningHash.of("data-rtl")
    static let ignore = RunningHash.of("ignore")
    static let type = RunningHash.of("type")
    static let css = RunningHash.of("text/css")
    static let align = RunningHash.of("align")
    static let clear = RunningHash.of("clear")
    static let frame = RunningHash.of("frame")
    static let leftMargin = RunningHash.of("leftmargin")
    static let rightMargin = RunningHash.of("rightmargin")
    static let direction = RunningHash.of("direction")
    static let unicodeBidi = RunningHash.of("unicode-bidi")
  }
}

extension EmbeddedText {
  /// Whether the document writes a range of the text byte for byte, and not with character references.
  func isWrittenOut(_ range: Range<Int>) -> Bool { document(range).count == range.count }
}
