import GalleyHTML

/// One piece of a value at its top level: what stands between white space, commas and slashes, functions as wholes.
struct ValuePart {
  /// What a piece is.
  enum Kind: Equatable {
    /// A word, by the hash of its lower case.
    case word(UInt64)
    case number, percentage, dimension
    /// A function, by the hash of its name.
    case function(UInt64)
    case comma, slash
    /// A string, a color, several tokens in a row, a placeholder.
    case other
  }

  /// What it is.
  var kind: Kind
  /// Its bytes.
  var range: Range<Int>
  /// The bytes between a function's parentheses.
  var inside = 0..<0
  /// Whether a placeholder stands in it.
  var hasHole = false
  /// Whether it can't be moved: something is not closed, or closes what is not open.
  var isBroken = false

  /// All pieces of a value.
  static func all(_ bytes: [UInt8], _ range: Range<Int>, placeholders: [Placeholder]) -> [ValuePart] {
    var tokenizer = CSSTokenizer(bytes, in: range, placeholders: placeholders)
    var parts: [ValuePart] = []
    var isOpen = false
    while true {
      let token = tokenizer.take()
      var part = ValuePart(kind: .other, range: token.range)
      switch token.kind {
      case .end: return parts
      case .whitespace, .comment:
        isOpen = false
        continue
      case .ident: part.kind = .word(CSSName.hash(bytes, token.range, lowercased: true))
      case .number: part.kind = .number
      case .percentage: part.kind = .percentage
      case .dimension: part.kind = .dimension
      case .comma: part.kind = .comma
      case .delimiter where bytes[Int(token.start)] == 0x2F: part.kind = .slash
      case .placeholder: part.hasHole = true
      case .function, .openParenthesis: part.takeFunction(token, bytes, &tokenizer)
      case .badString, .badURL, .closeParenthesis, .openSquare, .closeSquare, .openBrace, .closeBrace:
        part.isBroken = true
      default: part.isBroken = token.isUnclosed
      }
      let isSeparator = part.kind == .comma || part.kind == .slash
      if isOpen, !isSeparator, let last = parts.indices.last {
        parts[last].kind = .other
        parts[last].range = parts[last].range.lowerBound..<part.range.upperBound
        parts[last].hasHole = parts[last].hasHole || part.hasHole
        parts[last].isBroken = parts[last].isBroken || part.isBroken
      } else {
        parts.append(part)
      }
      isOpen = !isSeparator
    }
  }

  /// Takes a function up to its parenthesis.
  private mutating func takeFunction(_ opening: CSSToken, _ bytes: [UInt8], _ tokenizer: inout CSSTokenizer) {
    if opening.kind == .function {
      kind = .function(CSSName.hash(bytes, Int(opening.start)..<Int(opening.end) - 1, lowercased: true))
    }
    var depth = 1
    var last = opening
    while depth > 0 {
      last = tokenizer.take()
      switch last.kind {
      case .end: (depth, isBroken) = (0, true)
      case .function, .openParenthesis: depth += 1
      case .closeParenthesis: depth -= 1
      case .placeholder: hasHole = true
      case .badString, .badURL: isBroken = true
      default: break
      }
    }
    range = Int(opening.start)..<Int(last.end)
    inside = Int(opening.end)..<max(Int(opening.end), last.kind == .end ? Int(last.end) : Int(last.start))
  }
}
