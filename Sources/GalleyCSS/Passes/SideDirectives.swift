import GalleyHTML

/// The comments by which an author says what becomes of a style where text runs from right to left.
///
/// They are those of RTLCSS (https://rtlcss.com/learn/usage-guide/): `/*rtl:ignore*/` before a rule or a declaration or
/// in a declaration, `/*rtl:begin:ignore*/` … `/*rtl:end:ignore*/`, and `/*rtl:VALUE*/` in a declaration, which gives
/// the whole value. Its other directives are not understood; they are told.
struct SideDirectives {
  /// What a directive says about a declaration.
  enum Advice: Equatable {
    /// It stays.
    case ignore
    /// It gets the value in this range of the text.
    case value(Range<Int>)
  }

  /// The directives that nobody understands, by ranges of the document.
  private(set) var unknown: [Range<Int>] = []

  private let text: EmbeddedText
  /// Where what a comment excepts starts.
  private var exceptions: Set<Int> = []
  /// The stretches that are left alone.
  private var ignored: [Range<Int>] = []
  /// The comments that may stand in a declaration, by where they start.
  private var comments: [(start: Int, advice: Advice)] = []

  init(_ text: EmbeddedText) {
    self.text = text
    if Self.mayStand(in: text.bytes[text.range]) { readComments() }
  }

  /// Whether a rule is left alone.
  func ignores(_ rule: Range<Int>) -> Bool {
    if exceptions.contains(rule.lowerBound) { return true }
    let next = Self.count(ignored) { $0.lowerBound <= rule.lowerBound }
    return next > 0 && rule.lowerBound < ignored[next - 1].upperBound
  }

  /// What is said about a declaration.
  func advice(for declaration: StyleSheet.Declaration) -> Advice? {
    if ignores(declaration.name.offsets) { return .ignore }
    if comments.isEmpty { return nil }
    let end = behindTrivia(Int(declaration.end))
    let next = Self.count(comments) { $0.start < end }
    guard next > 0, comments[next - 1].start > Int(declaration.name.lowerBound) else { return nil }
    return comments[next - 1].advice
  }

  /// How many elements at the start of a sorted list are of a kind that no later one is.
  private static func count<T>(_ list: [T], where isBefore: (T) -> Bool) -> Int {
    var (low, high) = (0, list.count)
    while low < high {
      let middle = (low + high) / 2
      if isBefore(list[middle]) { low = middle + 1 } else { high = middle }
    }
    return low
  }

  // MARK: - Reading

  private static func mayStand(in bytes: ArraySlice<UInt8>) -> Bool {
    var index = bytes.startIndex
    while index + 3 < bytes.endIndex {
      if bytes[index + 3] == 0x3A, bytes[index..<index + 3].map(\.lowercasedASCII).elementsEqual("rtl".utf8) {
        return true
      }
      index += 1
    }
    return false
  }

  private mutating func readComments() {
    var tokenizer = text.tokenizer
    var opening: Int?
    var exceptsNext = false
    while true {
      let token = tokenizer.take()
      if token.kind == .end { break }
      if exceptsNext, !token.kind.isTrivia {
        exceptions.insert(Int(token.start))
        exceptsNext = false
      }
      guard token.kind == .comment, !token.isUnclosed, let body = body(of: token.range) else { continue }
      switch String(decoding: text.bytes[body].map(\.lowercasedASCII), as: UTF8.self) {
      case "ignore":
        exceptsNext = true
        comments.append((Int(token.start), .ignore))
      case "begin:ignore": opening = opening ?? Int(token.end)
      case "end:ignore":
        if let start = opening { ignored.append(start..<Int(token.start)) }
        opening = nil
      case let word where Self.isDirective(word) || !isValue(body): unknown.append(text.document(token.range))
      default: comments.append((Int(token.start), .value(body)))
      }
    }
    if let opening { ignored.append(opening..<text.range.upperBound) }
  }

  /// What stands behind `rtl:` in a comment, without white space around it.
  private func body(of comment: Range<Int>) -> Range<Int>? {
    var start = comment.lowerBound + 2
    var end = comment.upperBound - 2
    func skipSpace() { while start < end, text.bytes[start].isCSSWhitespace { start += 1 } }
    skipSpace()
    if start < end, text.bytes[start] == 0x21 { start += 1 }
    skipSpace()
    guard end - start > 4, text.bytes[start..<start + 4].map(\.lowercasedASCII).elementsEqual("rtl:".utf8) else {
      return nil
    }
    start += 4
    skipSpace()
    while end > start, text.bytes[end - 1].isCSSWhitespace { end -= 1 }
    return start < end ? start..<end : nil
  }

  /// Whether a text is a directive and no value.
  private static func isDirective(_ word: String) -> Bool {
    let names = [
      "begin:", "end:", "raw:", "remove", "rename", "options", "config", "append:", "prepend:", "insert:", "as:",
      "source:", "freeze",
    ]
    return names.contains { word == $0 || $0.hasSuffix(":") && word.hasPrefix($0) || word.hasPrefix($0 + ":") }
  }

  /// Whether a range of the text can stand where a value stands, and ends nothing.
  private func isValue(_ range: Range<Int>) -> Bool {
    var tokenizer = CSSTokenizer(text.bytes, in: range, placeholders: text.placeholders)
    while true {
      let token = tokenizer.take()
      switch token.kind {
      case .end: return true
      case .semicolon, .openBrace, .closeBrace, .badString, .badURL, .comment: return false
      default: if token.isUnclosed { return false }
      }
    }
  }

  /// Behind white space and comments.
  private func behindTrivia(_ offset: Int) -> Int {
    var tokenizer = CSSTokenizer(
      text.bytes, in: min(offset, text.range.upperBound)..<text.range.upperBound, placeholders: text.placeholders)
    while true {
      let token = tokenizer.take()
      if !token.kind.isTrivia { return Int(token.start) }
    }
  }
}
