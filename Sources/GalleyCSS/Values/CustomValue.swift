/// Questions about the value of a custom property.
enum CustomValue {
  /// What a value is good for.
  enum Soundness {
    /// It is a value.
    case sound
    /// Clients ignore the declaration.
    case invalid
    /// It holds something that only its end closes: put elsewhere, it would swallow what follows.
    case unclosed
  }

  /// Whether a range of bytes may be the value of a custom property
  /// (https://www.w3.org/TR/css-syntax-3/#typedef-declaration-value).
  static func soundness(_ bytes: [UInt8], _ range: Range<Int>) -> Soundness {
    guard VariableResolver.isWellFormed(bytes, range) else { return .invalid }
    var tokenizer = CSSTokenizer(bytes, in: range)
    var open: [CSSToken.Kind] = []
    while true {
      let token = tokenizer.take()
      switch token.kind {
      case .end: return open.isEmpty ? .sound : .unclosed
      case .badString, .badURL: return .invalid
      case .function, .openParenthesis: open.append(.closeParenthesis)
      case .openSquare: open.append(.closeSquare)
      case .openBrace: open.append(.closeBrace)
      case .closeParenthesis, .closeSquare, .closeBrace: if open.popLast() != token.kind { return .invalid }
      case .semicolon: if open.isEmpty { return .invalid }
      case .delimiter: if open.isEmpty, bytes[Int(token.start)] == 0x21 { return .invalid }
      default: if token.isUnclosed { return .unclosed }
      }
    }
  }

  /// The words that mean the same for each property, by themselves.
  enum Keyword { case initial, inherit, revertLayer }

  private static let keywords: [UInt64: Keyword] = [
    RunningHash.of("initial"): .initial, RunningHash.of("inherit"): .inherit, RunningHash.of("unset"): .inherit,
    RunningHash.of("revert"): .inherit, RunningHash.of("revert-layer"): .revertLayer,
  ]

  /// The keyword that a value is, if it is nothing else; a custom property has no value to revert to, and inherits.
  static func keyword(_ bytes: [UInt8], _ range: Range<Int>) -> Keyword? {
    var tokenizer = CSSTokenizer(bytes, in: range)
    var keyword: Keyword?
    while true {
      let token = tokenizer.take()
      switch token.kind {
      case .end: return keyword
      case .whitespace, .comment: continue
      case .ident where keyword == nil:
        keyword = keywords[CSSName.hash(bytes, token.range, lowercased: true)]
        if keyword == nil { return nil }
      default: return nil
      }
    }
  }

  /// Whether the name of a custom property may stand in a text: a quick look, which errs on the safe side.
  static func mayName(_ text: ArraySlice<UInt8>) -> Bool {
    var previous: UInt8 = 0
    for byte in text {
      if byte == 0x5C || byte == 0x2D && previous == 0x2D { return true }
      previous = byte
    }
    return false
  }

  /// A value without white space around it.
  static func trimmed(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
    var (start, end) = (0, bytes.count)
    while start < end, bytes[start].isCSSWhitespace { start += 1 }
    while end > start, bytes[end - 1].isCSSWhitespace { end -= 1 }
    return bytes[start..<end]
  }
}
