import GalleyHTML

/// Makes a copy of a document in which libxml2 finds the same tags as `HTMLTree`, at the same offsets.
///
/// Everything that the two could read differently is covered by bytes of the same number that mean nothing: by a space
/// where white space may stand, else by `x`. Covered are placeholders; comments, conditional comments, CDATA sections
/// and processing instructions; the content of elements whose content is not markup; `<` that begins nothing; `&` that
/// is no numeric reference; what is no name in a name; what stands in a tag but belongs to no attribute; characters
/// that HTML does not allow. So the limits that are checked on the tree hold for libxml2, too, whatever is put into
/// quotes, comments or titles; and what is left for it to judge is how elements nest.
struct MarkupMask {
  private let tree: HTMLTree
  private var bytes: [UInt8]

  private static let space: UInt8 = 0x20
  private static let letter: UInt8 = 0x78

  /// The masked copy of a document.
  static func mask(_ tree: HTMLTree) -> [UInt8] {
    var mask = MarkupMask(tree: tree, bytes: tree.bytes)
    mask.maskText()
    mask.maskNodes()
    return mask.bytes
  }

  private mutating func cover(_ range: Range<Int>, with byte: UInt8 = space) {
    for index in range { bytes[index] = byte }
  }

  // MARK: Text

  private mutating func maskText() {
    for event in tree.events() {
      switch event {
      case .text(let range): maskText(range)
      case .placeholder(let index):
        let placeholder = tree.placeholders[index]
        cover(placeholder.range, with: placeholder.kind == .output ? Self.letter : Self.space)
      case .open, .close, .leaf: break
      }
    }
  }

  /// Covers what could be markup or a named reference, and characters that are not allowed.
  private mutating func maskText(_ range: Range<Int>) {
    for index in range {
      let byte = bytes[index]
      if byte == 0x3C || byte == 0x26 && !startsNumber(index + 1, range.upperBound) {
        bytes[index] = Self.letter
      } else if byte < 0x20 && !byte.isSpace || byte >= 0x7F {
        bytes[index] = byte < 0x80 ? Self.space : Self.letter
      }
    }
  }

  private func startsNumber(_ index: Int, _ end: Int) -> Bool { index < end && bytes[index] == 0x23 }

  // MARK: Nodes

  private mutating func maskNodes() {
    var index = 0
    while index < tree.nodes.count {
      let node = tree.nodes[index]
      switch node.kind {
      case .root: break
      case .element: maskElement(NodeID(index), node)
      case .strayEndTag: maskEndTag(Int(node.start)..<Int(node.end))
      case .doctype: if !isPlainDoctype(node) { cover(Int(node.start)..<Int(node.end)) }
      default:
        cover(Int(node.start)..<Int(node.end))
        index = Int(node.subtreeEnd.index)
        continue
      }
      index += 1
    }
  }

  /// Whether a doctype holds nothing but letters and quoted identifiers.
  private func isPlainDoctype(_ node: HTMLTree.Node) -> Bool {
    !node.flags.contains(.truncated)
      && !bytes[Int(node.start) + 1..<Int(node.end)].contains { $0 == 0x5B || $0 == 0x3C || $0 < 0x09 || $0 >= 0x7F }
  }

  private mutating func maskElement(_ id: NodeID, _ node: HTMLTree.Node) {
    maskName(Int(node.start) + 1..<Int(node.nameEnd))
    var position = Int(node.nameEnd)
    for attribute in tree.attributes(of: id) {
      cover(position..<max(position, Int(attribute.nameStart)))
      position = maskAttribute(attribute, position)
    }
    let end = Int(node.contentStart) - (closesItself(node) ? 2 : 1)
    cover(position..<max(position, end))
    if node.flags.contains(.hasEndTag) { maskEndTag(Int(node.contentEnd)..<Int(node.end)) }
  }

  /// Whether `/>` ended the element, as it does for names of Office; to libxml2 it would end any.
  private func closesItself(_ node: HTMLTree.Node) -> Bool {
    node.flags.contains(.selfClosing) && node.contentStart == node.contentEnd
      && node.flags.isDisjoint(with: [.hasEndTag, .unclosed])
  }

  /// Covers what is unusual in an attribute and returns the offset behind it.
  private mutating func maskAttribute(_ attribute: HTMLTree.Attribute, _ start: Int) -> Int {
    let name = Int(attribute.nameStart)..<Int(attribute.nameEnd)
    maskName(name)
    // Behind a placeholder there may be a value without a name.
    if name.isEmpty, name.lowerBound > start { bytes[name.lowerBound - 1] = Self.letter }
    guard attribute.quote != .noValue else { return name.upperBound }
    let value = Int(attribute.valueStart)..<Int(attribute.valueEnd)
    for index in name.upperBound..<value.lowerBound {
      let byte = bytes[index]
      if byte != 0x3D, byte != 0x22, byte != 0x27 { bytes[index] = Self.space }
    }
    for index in value {
      let byte = bytes[index]
      let isQuoted = attribute.quote != .unquoted
      if byte == 0x26, !startsNumber(index + 1, value.upperBound) || attribute.hasPlaceholder {
        bytes[index] = Self.letter
      } else if byte < 0x20 || byte >= 0x7F || byte == 0x3C || !isQuoted && byte == 0x3E {
        bytes[index] = isQuoted && byte.isSpace ? byte : Self.letter
      }
    }
    guard attribute.quote == .unquoted else {
      if attribute.hasPlaceholder { maskQuotes(attribute, value) }
      return value.upperBound + 1
    }
    if attribute.hasPlaceholder { for index in value where bytes[index].isSpace { bytes[index] = Self.letter } }
    return value.upperBound
  }

  /// Covers the quotes in placeholders in a quoted value.
  private mutating func maskQuotes(_ attribute: HTMLTree.Attribute, _ value: Range<Int>) {
    let quote: UInt8 = attribute.quote == .double ? 0x22 : 0x27
    for index in value where bytes[index] == quote { bytes[index] = Self.letter }
  }

  private mutating func maskEndTag(_ range: Range<Int>) {
    guard range.count >= 3 else { return cover(range) }
    var index = range.lowerBound + 2
    while index < range.upperBound - 1, bytes[index] != 0x2F, !bytes[index].isSpace { index += 1 }
    maskName(range.lowerBound + 2..<index)
    cover(index..<range.upperBound - 1)
  }

  /// Covers what is not a letter, a digit or one of `:._-` in a name.
  private mutating func maskName(_ range: Range<Int>) {
    for index in range {
      let byte = bytes[index]
      let isLetter = (byte | 0x20) &- 0x61 < 26 || byte == 0x3A || byte == 0x5F
      let isOther = byte &- 0x30 < 10 || byte == 0x2D || byte == 0x2E
      if !isLetter, !isOther || index == range.lowerBound { bytes[index] = Self.letter }
    }
  }
}

extension UInt8 {
  /// Whether the byte is white space to HTML.
  var isSpace: Bool { self == 0x20 || self == 0x0A || self == 0x0D || self == 0x09 || self == 0x0C }
}
