/// A token outside of tags, or a tag with all its tokens: what the block structure and white space are made of.
struct TemplatePiece {
  enum Kind: Equatable {
    case text
    case escape
    case comment
    case unclosedComment
    case rawBlock
    /// A tag; `close` is nil where its end is missing.
    case tag(open: Int, close: Int?)
  }

  var kind: Kind
  /// The bytes; white space control makes those of a text fewer.
  var range: Range<Int>
  /// Whether the piece has a line to itself, which vanishes with it.
  var isAlone = false
  /// The blanks before a call of a partial that has a line to itself: each line of the partial gets them.
  var indent: Range<Int>?

  /// The pieces of a text, white space control and standalone lines taken into account.
  static func pieces(of tokens: [TemplateToken], in bytes: [UInt8]) -> [TemplatePiece] {
    var pieces = gather(tokens)
    trim(&pieces, tokens, bytes)
    return pieces
  }

  private static func gather(_ tokens: [TemplateToken]) -> [TemplatePiece] {
    var pieces: [TemplatePiece] = []
    var index = 0
    while index < tokens.count {
      let token = tokens[index]
      index += 1
      switch token.kind {
      case .text: pieces.append(TemplatePiece(kind: .text, range: token.range))
      case .escape: pieces.append(TemplatePiece(kind: .escape, range: token.range))
      case .comment: pieces.append(TemplatePiece(kind: .comment, range: token.range))
      case .unclosedComment: pieces.append(TemplatePiece(kind: .unclosedComment, range: token.range))
      case .rawBlock: pieces.append(TemplatePiece(kind: .rawBlock, range: token.range))
      default:
        let open = index - 1
        while index < tokens.count, tokens[index].kind.isInner { index += 1 }
        let close = index < tokens.count && tokens[index].kind.isClose ? index : nil
        if close != nil { index += 1 }
        pieces.append(
          TemplatePiece(kind: .tag(open: open, close: close), range: token.start..<tokens[index - 1].end))
      }
    }
    return pieces
  }

  /// Whether the piece vanishes together with a line that holds nothing else.
  private func canStandAlone(_ tokens: [TemplateToken], _ bytes: [UInt8]) -> Bool {
    switch kind {
    case .comment: return true
    case .text, .escape, .unclosedComment, .rawBlock, .tag(_, nil): return false
    case .tag(let open, .some):
      switch tokens[open].kind {
      case .openBlock, .openPartialBlock, .openInline, .openInverse, .openEnd, .openPartial: return true
      case .openOutput: return Self.isElse(tokens, open: open, bytes)
      default: return false
      }
    }
  }

  /// Whether the tag at `open` is `{{else}}` or begins so.
  static func isElse(_ tokens: [TemplateToken], open: Int, _ bytes: [UInt8]) -> Bool {
    var index = open + 1
    while index < tokens.count, tokens[index].kind == .whitespace { index += 1 }
    return index < tokens.count && tokens[index].kind == .name
      && bytes[tokens[index].range].elementsEqual("else".utf8)
  }

  /// Whether a piece has `~` on its left and on its right side.
  private func strips(_ tokens: [TemplateToken], _ bytes: [UInt8]) -> (left: Bool, right: Bool) {
    switch kind {
    case .comment:
      return (bytes[range.lowerBound + 2] == TemplateByte.tilde, bytes[range.upperBound - 3] == TemplateByte.tilde)
    case .tag(let open, let close?):
      let (first, last) = (tokens[open], tokens[close])
      let isLeft = first.end - first.start > 2 && bytes[first.start + 2] == TemplateByte.tilde
      return (isLeft, bytes[last.range].contains(TemplateByte.tilde))
    case .text, .escape, .unclosedComment, .rawBlock, .tag(_, nil):
      return (false, false)
    }
  }

  private func isPartialCall(_ tokens: [TemplateToken]) -> Bool {
    if case .tag(let open, _) = kind { tokens[open].kind == .openPartial } else { false }
  }

  /// Takes away the white space that `~` and standalone lines cost.
  ///
  /// A block's tag, a comment or a partial that has a line to itself takes the line with it, as in Handlebars: the
  /// blanks before it and the line end after it go. Those before a partial come back before each line of the partial.
  private static func trim(_ pieces: inout [TemplatePiece], _ tokens: [TemplateToken], _ bytes: [UInt8]) {
    let original = pieces.map(\.range)
    for index in pieces.indices where pieces[index].kind != .text && pieces[index].kind != .escape {
      let strips = pieces[index].strips(tokens, bytes)
      let before = index > 0 && pieces[index - 1].kind == .text ? index - 1 : nil
      let after = index + 1 < pieces.count && pieces[index + 1].kind == .text ? index + 1 : nil
      let isAlone =
        pieces[index].canStandAlone(tokens, bytes)
        && (before.map { endsLine(bytes, original[$0], isFirst: $0 == 0) } ?? (index == 0))
        && (after.map { startsLine(bytes, original[$0], isLast: $0 == pieces.count - 1) }
          ?? (index == pieces.count - 1))
      pieces[index].isAlone = isAlone
      if let before, isAlone, !strips.left, pieces[index].isPartialCall(tokens) {
        pieces[index].indent = blanksAtEnd(bytes, original[before])
      }
      if let before, strips.left || isAlone {
        pieces[before].range = trimmedEnd(bytes, pieces[before].range, isWhole: strips.left)
      }
      if let after, strips.right || isAlone {
        pieces[after].range = trimmedStart(bytes, pieces[after].range, isWhole: strips.right)
      }
    }
  }

  /// Whether what follows a text begins a line, apart from blanks.
  private static func endsLine(_ bytes: [UInt8], _ range: Range<Int>, isFirst: Bool) -> Bool {
    for byte in bytes[range].reversed() {
      if byte == TemplateByte.lineFeed { return true }
      if !TemplateByte.isWhitespace(byte) { return false }
    }
    return isFirst
  }

  /// Whether what stands before a text ends a line, apart from blanks.
  private static func startsLine(_ bytes: [UInt8], _ range: Range<Int>, isLast: Bool) -> Bool {
    for byte in bytes[range] {
      if byte == TemplateByte.lineFeed { return true }
      if !TemplateByte.isWhitespace(byte) { return false }
    }
    return isLast
  }

  /// The blanks that a text ends with, or nil where there are none.
  private static func blanksAtEnd(_ bytes: [UInt8], _ range: Range<Int>) -> Range<Int>? {
    let blanks = trimmedEnd(bytes, range, isWhole: false).upperBound..<range.upperBound
    return blanks.isEmpty ? nil : blanks
  }

  private static func trimmedEnd(_ bytes: [UInt8], _ range: Range<Int>, isWhole: Bool) -> Range<Int> {
    var end = range.upperBound
    while end > range.lowerBound, isWhole ? TemplateByte.isWhitespace(bytes[end - 1]) : isBlank(bytes[end - 1]) {
      end -= 1
    }
    return range.lowerBound..<end
  }

  private static func trimmedStart(_ bytes: [UInt8], _ range: Range<Int>, isWhole: Bool) -> Range<Int> {
    var start = range.lowerBound
    let end = range.upperBound
    while start < end, isWhole ? TemplateByte.isWhitespace(bytes[start]) : isBlank(bytes[start]) { start += 1 }
    if !isWhole {
      if start + 1 < end, bytes[start] == 0x0D, bytes[start + 1] == TemplateByte.lineFeed {
        start += 2
      } else if start < end, bytes[start] == TemplateByte.lineFeed {
        start += 1
      }
    }
    return start..<end
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}
