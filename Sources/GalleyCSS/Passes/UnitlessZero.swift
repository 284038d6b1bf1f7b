package import GalleyHTML
package import GalleySource

/// Takes the unit off lengths that are zero: `margin:0px` becomes `margin:0`.
///
/// Only where a bare zero means the same length: in properties whose numbers are lengths, outside of functions, and
/// with units that each client knows. `0%`, `0s`, `0deg` and `0fr` stay, and so does `line-height:0px`, whose children
/// would inherit something else. A value with a placeholder is left alone.
package struct UnitlessZero: Sendable {
  /// Makes the pass.
  package init() {}

  /// The edits to a document that is inlined already.
  package func edits(for tree: HTMLTree) -> EditList {
    var edits = EditList()
    tree.forEachBlock { text, declarations in
      for declaration in declarations where Self.properties.contains(declaration.property.hash) {
        if !declaration.flags.contains(.placeholder) { edit(declaration, of: text, in: tree, &edits) }
      }
    }
    return edits
  }

  private func edit(
    _ declaration: StyleSheet.Declaration, of text: EmbeddedText, in tree: HTMLTree, _ edits: inout EditList
  ) {
    var tokenizer = CSSTokenizer(text.bytes, in: declaration.value.offsets, placeholders: text.placeholders)
    var depth = 0
    while true {
      let token = tokenizer.take()
      switch token.kind {
      case .end: return
      case .function, .openParenthesis, .openSquare, .openBrace: depth += 1
      case .closeParenthesis, .closeSquare, .closeBrace: depth = max(depth - 1, 0)
      case .dimension where depth == 0:
        if Self.isZeroLength(token, text.bytes), !Self.wouldMerge(text.bytes, Int(token.end), text.range.upperBound) {
          edits.change(text.document(token.range), of: tree.bytes, to: [0x30])
        }
      default: break
      }
    }
  }

  /// Whether a dimension is a length of zero, in a unit that each client knows.
  static func isZeroLength(_ token: CSSToken, _ bytes: [UInt8]) -> Bool {
    let number = bytes[Int(token.start)..<Int(token.unitStart)]
    guard number.allSatisfy({ $0 == 0x30 || $0 == 0x2E || $0 == 0x2B || $0 == 0x2D }) else { return false }
    return units.contains(CSSName.hash(bytes, Int(token.unitStart)..<Int(token.end), lowercased: true))
  }

  /// Whether a zero directly before the byte at `index` would become one token with it.
  private static func wouldMerge(_ bytes: [UInt8], _ index: Int, _ end: Int) -> Bool {
    guard index < end else { return false }
    let next = bytes[index]
    return next == 0x2E || next == 0x25 || next == 0x5C || next.isNameByte
  }

  private static func hashes(_ words: String) -> Set<UInt64> {
    Set(words.split(whereSeparator: \.isWhitespace).map { NameHash($0.utf8).value })
  }

  private static let units = hashes("px em ex rem ch in cm mm pt pc q vw vh vmin vmax")

  /// The properties in which a number, where one may stand at all, can only be a length.
  private static let properties = hashes(
    """
    margin margin-top margin-right margin-bottom margin-left margin-inline margin-block
    margin-inline-start margin-inline-end margin-block-start margin-block-end
    padding padding-top padding-right padding-bottom padding-left padding-inline padding-block
    padding-inline-start padding-inline-end padding-block-start padding-block-end
    border border-top border-right border-bottom border-left border-width
    border-top-width border-right-width border-bottom-width border-left-width
    border-radius border-top-left-radius border-top-right-radius border-bottom-right-radius border-bottom-left-radius
    border-spacing outline outline-width outline-offset
    width height min-width min-height max-width max-height top right bottom left inset
    font-size letter-spacing word-spacing text-indent vertical-align
    background background-position background-position-x background-position-y background-size
    box-shadow text-shadow gap row-gap column-gap column-width column-rule column-rule-width
    """)
}
