import GalleyHTML

/// The attributes that the selectors of a document's sheets ask for, as in `img[width]`.
///
/// It reads tokens rather than parsed rules, so that rules that stay for whatever reason count as well.
struct TestedAttributes {
  private var names: Set<UInt64> = []

  /// Reads all sheets of a document.
  init(_ tree: HTMLTree) {
    for node in tree.nodes where node.kind == .element && node.name.value == PassNames.style {
      let content = Int(node.contentStart)..<Int(node.contentEnd)
      if tree.bytes[content].contains(0x5B) { read(EmbeddedText(contentOf: node, in: tree)) }
    }
  }

  /// Whether a selector asks for an attribute.
  func contains(_ name: NameHash) -> Bool { !names.isEmpty && names.contains(name.value) }

  private mutating func read(_ text: EmbeddedText) {
    var tokenizer = text.tokenizer
    var isInBracket = false
    while true {
      let token = tokenizer.take()
      switch token.kind {
      case .end: return
      case .openSquare: isInBracket = true
      case .whitespace, .comment: break
      case .ident where isInBracket:
        names.insert(CSSName.hash(text.bytes, token.range, lowercased: true))
        isInBracket = false
      default: isInBracket = false
      }
    }
  }
}
