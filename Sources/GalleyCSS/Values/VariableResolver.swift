/// Substitutes `var()` in a value, as CSS Custom Properties 1 says
/// (https://www.w3.org/TR/css-variables-1/#using-variables).
///
/// The value of a custom property goes in as tokens: it never runs together with its neighbors. A fallback is used
/// without the white space around it, and only where the custom property has no value; it may hold commas and further
/// `var()`. One walk over the value does it all, in time proportional to the value and the result.
package struct VariableResolver {
  /// What a custom property is to an element.
  package enum Variable {
    /// It has a value, in which no `var()` is left.
    case value(ArraySlice<UInt8>)
    /// It has none: it is not set, or invalid at computed-value time.
    case invalid
    /// It can't be told here what it is, and why: a number that the caller knows.
    case open(Int32)
  }

  /// What a value comes to.
  package enum Resolution: Equatable {
    /// The value without any `var()`, and without trivia around it; it may be empty.
    case value([UInt8])
    /// The value is invalid at computed-value time for want of the named custom property: the declaration behaves as
    /// `unset`.
    case invalid(name: UInt64)
    /// A custom property in it can't be told, for the reason that the caller gave.
    case open(Int32)
    /// A `var()` in it is not valid: clients ignore the declaration.
    case malformed
    /// It would be longer than the limit, or is nested too deep.
    case excessive
  }

  /// How deep fallbacks may nest.
  package static let maximumDepth = 32

  private let bytes: [UInt8]
  private var tokenizer: CSSTokenizer
  private let limit: Int
  private let lookup: (UInt64) -> Variable
  private var output: [UInt8] = []
  /// What closes the brackets that are open, apart from those of `var()`.
  private var open: [CSSToken.Kind] = []
  /// Whether the next bytes come from elsewhere than those before them.
  private var isSeam = false
  private var isMalformed = false
  private var isExcessive = false
  private var missing: UInt64?
  private var cause: Int32?

  /// Resolves a range of bytes; the result has at most `limit` bytes.
  ///
  /// `lookup` is asked for custom properties by the hash of their name, escapes resolved.
  package static func resolve(
    _ bytes: [UInt8], in range: Range<Int>, limit: Int, lookup: (UInt64) -> Variable
  ) -> Resolution {
    expand(bytes, in: range, limit: limit, lookup: lookup).resolution
  }

  /// Resolves a range of bytes, and says how many bytes were written for it, also where nothing came of it.
  static func expand(
    _ bytes: [UInt8], in range: Range<Int>, limit: Int, lookup: (UInt64) -> Variable
  ) -> (resolution: Resolution, written: Int) {
    withoutActuallyEscaping(lookup) { lookup in
      var resolver = VariableResolver(
        bytes: bytes, tokenizer: CSSTokenizer(bytes, in: range), limit: limit, lookup: lookup)
      resolver.walk(isLive: true, depth: 0)
      return (resolver.resolution, resolver.output.count)
    }
  }

  /// Whether all `var()` in a value are valid, so that clients don't ignore its declaration.
  static func isWellFormed(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
    !mayRefer(bytes, range) || resolve(bytes, in: range, limit: range.count) { _ in .open(0) } != .malformed
  }

  private init(bytes: [UInt8], tokenizer: CSSTokenizer, limit: Int, lookup: @escaping (UInt64) -> Variable) {
    self.bytes = bytes
    self.tokenizer = tokenizer
    self.limit = limit
    self.lookup = lookup
  }

  private var resolution: Resolution {
    if isMalformed { return .malformed }
    if let missing { return .invalid(name: missing) }
    if let cause { return .open(cause) }
    if isExcessive { return .excessive }
    return .value(Array(CustomValue.trimmed(output)))
  }

  /// Whether what is walked over still counts.
  private var isDecided: Bool { isMalformed || isExcessive || missing != nil }

  private mutating func write(_ text: ArraySlice<UInt8>) {
    if isSeam { TokenGlue.append(text, to: &output) } else { output += text }
    if !text.isEmpty { isSeam = false }
    if output.count > limit { isExcessive = true }
  }

  /// Walks to the end or, in a fallback, to the parenthesis that closes its `var()`, and takes that.
  private mutating func walk(isLive: Bool, depth: Int) {
    let isFallback = depth > 0
    let base = open.count
    while !isMalformed {
      let token = tokenizer.take()
      switch token.kind {
      case .end:
        if isFallback { isMalformed = true }
        return
      case .function where Self.isVariable(token, bytes):
        takeVariable(isLive: isLive && !isDecided, depth: depth)
        continue
      case .function, .openParenthesis: open.append(.closeParenthesis)
      case .openSquare: open.append(.closeSquare)
      case .openBrace: open.append(.closeBrace)
      case .closeParenthesis, .closeSquare, .closeBrace:
        if open.count == base {
          if isFallback, token.kind == .closeParenthesis { return }
          isMalformed = true
        } else if open.popLast() != token.kind {
          isMalformed = true
        }
      case .badString, .badURL: isMalformed = true
      case .semicolon where open.count == base && isFallback: isMalformed = true
      case .delimiter where open.count == base && isFallback && bytes[Int(token.start)] == 0x21: isMalformed = true
      default: break
      }
      if isLive, !isDecided { write(bytes[token.range]) }
    }
  }

  /// Takes the arguments of `var()` and its closing parenthesis.
  private mutating func takeVariable(isLive: Bool, depth: Int) {
    guard let name = Self.takeName(&tokenizer, bytes) else {
      isMalformed = true
      return
    }
    var usesFallback = false
    if isLive {
      switch lookup(name.hash) {
      case .value(let text):
        isSeam = true
        write(text)
        isSeam = true
      case .open(let cause): if self.cause == nil { self.cause = cause }
      case .invalid:
        usesFallback = name.hasFallback
        if !usesFallback { missing = name.hash }
      }
    }
    guard name.hasFallback else { return }
    guard depth < Self.maximumDepth else {
      isExcessive = true
      return skipFallback()
    }
    takeFallback(isLive: usesFallback, depth: depth)
  }

  private mutating func takeFallback(isLive: Bool, depth: Int) {
    guard isLive else { return walk(isLive: false, depth: depth + 1) }
    var rest = tokenizer
    var start = rest.position
    while rest.take().kind.isTrivia { start = rest.position }
    tokenizer.seek(to: start)
    isSeam = true
    let mark = output.count
    walk(isLive: true, depth: depth + 1)
    while output.count > mark, output.last?.isCSSWhitespace == true { output.removeLast() }
    isSeam = true
  }

  private mutating func skipFallback() {
    var nesting = 1
    while nesting > 0 {
      switch tokenizer.take().kind {
      case .end: return
      case .function, .openParenthesis: nesting += 1
      case .closeParenthesis: nesting -= 1
      default: break
      }
    }
  }

  // MARK: - References

  private static let variable = RunningHash.of("var")

  private static func isVariable(_ token: CSSToken, _ bytes: [UInt8]) -> Bool {
    guard token.range.count >= 4 else { return false }
    return CSSName.hash(bytes, Int(token.start)..<Int(token.end) - 1, lowercased: true) == variable
  }

  /// Takes the name in `var()` and the comma or parenthesis behind it; nil if that is not what stands there.
  private static func takeName(
    _ tokenizer: inout CSSTokenizer, _ bytes: [UInt8]
  ) -> (hash: UInt64, range: Range<Int>, hasFallback: Bool)? {
    let token = takeSignificant(&tokenizer)
    guard token.kind == .ident, isCustomName(bytes, token.range) else { return nil }
    let next = takeSignificant(&tokenizer)
    guard next.kind == .comma || next.kind == .closeParenthesis else { return nil }
    return (CSSName.hash(bytes, token.range, lowercased: false), token.range, next.kind == .comma)
  }

  private static func takeSignificant(_ tokenizer: inout CSSTokenizer) -> CSSToken {
    var token = tokenizer.take()
    while token.kind.isTrivia { token = tokenizer.take() }
    return token
  }

  /// Whether a name starts with two dashes and goes on.
  private static func isCustomName(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
    let name = bytes[range].contains(0x5C) ? CSSName.decoded(bytes, range)[...] : bytes[range]
    return name.count > 2 && name.prefix(2).elementsEqual([0x2D, 0x2D])
  }

  /// The custom properties that a value refers to, also in fallbacks: their hashes and where their names stand.
  package static func references(in bytes: [UInt8], _ range: Range<Int>) -> [(name: UInt64, range: Range<Int>)] {
    guard mayRefer(bytes, range) else { return [] }
    var references: [(name: UInt64, range: Range<Int>)] = []
    var tokenizer = CSSTokenizer(bytes, in: range)
    while true {
      let token = tokenizer.take()
      if token.kind == .end { return references }
      guard token.kind == .function, isVariable(token, bytes) else { continue }
      let behind = tokenizer.position
      if let name = takeName(&tokenizer, bytes) {
        references.append((name.hash, name.range))
      } else {
        tokenizer.seek(to: behind)
      }
    }
  }

  /// Whether a value may hold `var()`: a quick look, which errs on the safe side.
  static func mayRefer(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
    var index = range.lowerBound
    while index < range.upperBound {
      if bytes[index] == 0x5C { return true }
      if bytes[index] == 0x28, index - range.lowerBound >= 3, bytes[index - 1] | 0x20 == 0x72,
        bytes[index - 2] | 0x20 == 0x61, bytes[index - 3] | 0x20 == 0x76
      {
        return true
      }
      index += 1
    }
    return false
  }
}
