/// The components of a value at its top level: what stands between white space, functions as wholes.
struct ValueComponents {
  /// One component.
  enum Component {
    /// A word, by the hash of its lower case.
    case word(UInt64)
    /// A number without a unit.
    case number(Double)
    case percentage(Double)
    /// A number with a unit, by the hash of its lower case.
    case dimension(Double, unit: UInt64)
    /// `#` with a name.
    case hash(Range<Int>)
    /// A function, by the hash of its name, and all of its bytes.
    case function(UInt64, Range<Int>)
    /// The inside of `url(…)`, with escapes, without quotes.
    case url(Range<Int>)
    case comma, slash
    /// Something that no value of ours has.
    case other
  }

  private let bytes: [UInt8]
  private var tokenizer: CSSTokenizer

  init(_ bytes: [UInt8], _ range: Range<Int>) {
    self.bytes = bytes
    tokenizer = CSSTokenizer(bytes, in: range)
  }

  /// All components of a value.
  static func all(_ bytes: [UInt8], _ range: Range<Int>) -> [Component] {
    var components = ValueComponents(bytes, range)
    var result: [Component] = []
    while let component = components.next() { result.append(component) }
    return result
  }

  /// The next component, or nil at the end.
  mutating func next() -> Component? {
    var token = tokenizer.take()
    while token.kind.isTrivia { token = tokenizer.take() }
    switch token.kind {
    case .end: return nil
    case .ident: return .word(CSSName.hash(bytes, token.range, lowercased: true))
    case .number: return .number(WrittenNumber.value(bytes, token))
    case .percentage: return .percentage(WrittenNumber.value(bytes, token))
    case .dimension:
      let unit = CSSName.hash(bytes, Int(token.unitStart)..<Int(token.end), lowercased: true)
      return .dimension(WrittenNumber.value(bytes, token), unit: unit)
    case .hash, .idHash: return .hash(token.range)
    case .comma: return .comma
    case .delimiter: return bytes[Int(token.start)] == 0x2F ? .slash : .other
    case .url where !token.isUnclosed: return .url(inside(of: token))
    case .function: return function(token)
    default: return .other
    }
  }

  /// The address in `url(…)`, which holds no white space but around it.
  private func inside(of token: CSSToken) -> Range<Int> {
    let opening = bytes[token.range].firstIndex(of: 0x28) ?? Int(token.start)
    var start = opening + 1
    var end = Int(token.end) - 1
    while start < end, bytes[start].isCSSWhitespace { start += 1 }
    while end > start, bytes[end - 1].isCSSWhitespace { end -= 1 }
    return start..<max(start, end)
  }

  /// Takes a function up to its parenthesis.
  private mutating func function(_ opening: CSSToken) -> Component {
    let name = CSSName.hash(bytes, Int(opening.start)..<Int(opening.end) - 1, lowercased: true)
    var depth = 1
    var string: CSSToken?
    var count = 0
    while depth > 0 {
      let token = tokenizer.take()
      switch token.kind {
      case .end: return .other
      case .function, .openParenthesis: depth += 1
      case .closeParenthesis: depth -= 1
      case .string: string = token
      default: break
      }
      if !token.kind.isTrivia { count += 1 }
    }
    if name == Self.url, count == 2, let string { return .url(Int(string.start) + 1..<Int(string.end) - 1) }
    return .function(name, Int(opening.start)..<tokenizer.position)
  }

  private static let url = RunningHash.of("url")
}
