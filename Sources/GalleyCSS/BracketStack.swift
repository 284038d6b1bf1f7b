/// The brackets that are open at a place in a sheet.
///
/// Each is closed by its own counterpart alone: between `(` and `)` a `}` is a token like others. See CSS Syntax 3
/// (https://www.w3.org/TR/css-syntax-3/#consume-simple-block).
struct BracketStack {
  private var closers: [CSSToken.Kind] = []
  /// How many of the open brackets may be left open; those above are known to be closed later.
  private var doubtfulCount = Int.max

  var isEmpty: Bool { closers.isEmpty }

  /// Whether a closing brace here would close an open one.
  var awaitsBrace: Bool { closers.last == .closeBrace }

  /// Whether the innermost bracket is known to be closed later.
  var isSafe: Bool { closers.count > doubtfulCount }

  /// How many brackets are open around the innermost ones that are no braces.
  private var baseCount: Int { (closers.lastIndex(of: .closeBrace) ?? -1) + 1 }

  /// Notes a token; says whether it closes something that isn't open.
  @discardableResult
  mutating func note(_ kind: CSSToken.Kind) -> Bool {
    switch kind {
    case .openParenthesis, .function: closers.append(.closeParenthesis)
    case .openSquare: closers.append(.closeSquare)
    case .openBrace: closers.append(.closeBrace)
    case .closeParenthesis, .closeSquare, .closeBrace:
      guard closers.last == kind else { return closers.isEmpty }
      closers.removeLast()
      if closers.count <= doubtfulCount { doubtfulCount = .max }
    default: break
    }
    return false
  }

  /// Finds out whether the innermost brackets that are no braces are closed by what comes, `token` first.
  mutating func lookAhead(_ token: CSSToken, _ tokenizer: CSSTokenizer) -> Bool {
    var (open, token, tokenizer) = (self, token, tokenizer)
    while token.kind != .end {
      open.note(token.kind)
      if open.closers.count == baseCount {
        doubtfulCount = min(doubtfulCount, baseCount)
        return true
      }
      token = tokenizer.take()
    }
    return false
  }

  /// Takes the innermost brackets that are no braces for closed.
  mutating func giveUp() { closers.removeLast(closers.count - baseCount) }
}
