import GalleyCSS
import GalleyHTML
import GalleySource

/// What must hold of reading and matching selectors.
///
/// The first part of the input is a list of selectors, the second one the document; without one a small document
/// serves that has a little of everything.
enum SelectorOracles {
  private static let document = Array(
    """
    <html lang="en"><head><title>t</title></head><body class="b x"><h1 id="i" class="a">1</h1><!-- c -->\
    <table class="a b" width="600"><tbody><tr class="x"><td>1</td><td class="a" lang="de-CH">2</td></tr>\
    <tr><td colspan="2" dir="rtl"><a href="#">l</a><a name="n">m</a> <b></b><i> </i></td></tr></tbody></table>\
    <ul><li>1</li><li class="x y">2</li>{{#each a}}<li>3</li>{{/each}}</ul><p class="{{c}} a" id="{{i}}">p</p>\
    <form><input type="TEXT" disabled required><input checked type="checkbox"></form><div><div><p data-x="a b-c">q\
    </p></div></div></body></html>
    """.utf8)

  static func check(_ bytes: [UInt8]) throws(Finding) {
    let input = FuzzInput(bytes)
    guard let list = sheet(input.first) else { return }
    let selectors = list.selectors.selectors
    for selector in selectors { try checkAlone(selector, list) }
    let html = input.second ?? document
    let tree = HTMLTree.parse(html, placeholders: FuzzInput.placeholders(html))
    let styled = edits(list, tree)
    try hold(edits(list, tree) == styled, "match-again", "other elements the second time")
    guard isClosed(input.first), list.selectors.selectors.allSatisfy({ $0.traits.isEmpty }) else { return }
    try checkLaws(input.first, styled, tree)
  }

  /// The sheet of one rule with these selectors, if they are only selectors and valid.
  private static func sheet(_ text: [UInt8]) -> StyleSheet? {
    let bytes = text + Array("{color:red}".utf8)
    let sheet = StyleSheet(bytes, in: 0..<bytes.count)
    guard sheet.rules.count == 1, sheet.rules[0].kind == .style, sheet.rules[0].declarations.count == 1,
      !sheet.rules[0].flags.contains(.invalid), sheet.rules[0].block.lowerBound == text.count + 1
    else { return nil }
    return sheet
  }

  /// A selector's own bytes are that selector.
  private static func checkAlone(_ selector: SelectorStore.Selector, _ list: StyleSheet) throws(Finding) {
    let text = Array(list.bytes[selector.range])
    let alone = sheet(text)
    let isSame =
      alone?.selectors.selectors.count == 1
      && alone?.selectors.selectors[0].specificity == selector.specificity
      && alone?.selectors.selectors[0].traits == selector.traits
    try hold(isSame, "selector-alone", "\(quoted(text)) differs from itself in the list")
  }

  /// Where the document changes, the text of the sheet aside.
  private static func edits(_ sheet: StyleSheet, _ tree: HTMLTree) -> [Int] {
    Inliner().inline(tree, sheets: [sheet]).edits.sorted().compactMap { edit in
      tree.nodes.contains {
        $0.kind == .element && edit.range.lowerBound > $0.start && edit.range.lowerBound < $0.contentStart
      }
        ? edit.range.lowerBound : nil
    }
  }

  /// Whether all that the text opens is closed in it, so that something may be put around it.
  private static func isClosed(_ text: [UInt8]) -> Bool {
    var tokenizer = CSSTokenizer(text, in: 0..<text.count)
    var open: [CSSToken.Kind] = []
    while true {
      let token = tokenizer.take()
      if token.isUnclosed || text.last == 0x5C { return false }
      switch token.kind {
      case .end: return open.isEmpty
      // These mean something before a rule, and not within it.
      case .comment where token.start == 0: return false
      case .cdo, .cdc: return false
      case .function, .openParenthesis: open.append(.closeParenthesis)
      case .openSquare: open.append(.closeSquare)
      case .openBrace: open.append(.closeBrace)
      case .closeParenthesis, .closeSquare, .closeBrace: if open.popLast() != token.kind { return false }
      case .badString, .badURL: return false
      default: break
      }
    }
  }

  /// Other ways of saying the same select the same elements.
  private static func checkLaws(_ text: [UInt8], _ styled: [Int], _ tree: HTMLTree) throws(Finding) {
    // An element with a prefix is styled by its name only, which `:is()` hides.
    if tree.nodes.contains(where: { $0.flags.contains(.prefixed) }) { return }
    for (before, after) in [(":is(", ")"), (":where(", ")"), (":not(:not(", "))"), ("never,", "")] {
      guard let other = sheet(Array(before.utf8) + text + Array(after.utf8)) else {
        throw Finding("selector-law", "\(before)\(quoted(text))\(after) is no selector")
      }
      if other.selectors.selectors.contains(where: { !$0.traits.isEmpty }) { continue }
      try hold(edits(other, tree) == styled, "match-law", "\(before)\(quoted(text))\(after) matches others")
    }
  }
}
