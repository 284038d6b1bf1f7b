/// Writes declarations as the value of a `style` attribute.
///
/// The author's spelling stays: only comments go, line breaks become spaces, and what the attribute's quotes would
/// misread is quoted otherwise or written as a character reference.
struct StyleText {
  /// What stood in the buffer before, and the text.
  private(set) var bytes: [UInt8] = []
  /// Where the declarations start.
  private var start = 0
  /// The quote around the attribute.
  private let quote: UInt8
  /// Whether the attribute lies in a comment, which `-->` would end.
  private let isInComment: Bool

  /// Starts a text.
  init(quote: UInt8, isInComment: Bool = false) {
    self.quote = quote
    self.isInComment = isInComment
  }

  /// Whether there is no declaration.
  var isEmpty: Bool { bytes.count == start }

  /// Starts a text at the end of a buffer, behind some more bytes; the buffer is lent until `end`.
  mutating func begin(in buffer: inout [UInt8], behind opening: [UInt8]) {
    swap(&bytes, &buffer)
    bytes.append(contentsOf: opening)
    start = bytes.count
  }

  /// Gives the buffer back; the text is empty then.
  mutating func end(in buffer: inout [UInt8]) {
    swap(&bytes, &buffer)
    start = 0
  }

  private static let importance = Array(" !important".utf8)

  /// Appends a declaration, behind a separator if something stands before it.
  mutating func append(_ declaration: StyleSheet.Declaration, of source: [UInt8], important: Bool) {
    if bytes.count > start {
      bytes.append(0x3B)
      bytes.append(0x20)
    }
    let isTidy = !declaration.flags.contains(.untidy)
    let start = Int(declaration.name.lowerBound)
    let keepsSpelling = important && declaration.isImportant && isTidy
    let end = keepsSpelling ? Int(declaration.end) : Int(declaration.value.upperBound)
    if isTidy, !isInComment, !declaration.flags.contains(.special) {
      bytes.append(contentsOf: source[start..<end])
    } else if !isTidy || isInComment || !appendWithStrings(source, start..<end) {
      appendTokens(source, start..<end)
    }
    if important, !keepsSpelling { bytes.append(contentsOf: Self.importance) }
  }

  /// A value without comments and line ends, as it is written between double quotes.
  static func tidied(_ value: ArraySlice<UInt8>) -> [UInt8] {
    var text = StyleText(quote: 0x22)
    text.append(value: Array(value))
    return text.bytes
  }

  /// Appends a value, or any other CSS, without its comments and line breaks.
  mutating func append(value: [UInt8]) { appendTokens(value, 0..<value.count) }

  /// Appends CSS without comments and line breaks, in which nothing but quotes has to be written otherwise.
  ///
  /// Says whether it is such CSS; if not, nothing is appended. Names in quotes and addresses are nearly all there is
  /// that an attribute might misread, and these need no tokens.
  private mutating func appendWithStrings(_ source: [UInt8], _ range: Range<Int>) -> Bool {
    let count = bytes.count
    let text = source.span
    let other: UInt8 = quote == 0x22 ? 0x27 : 0x22
    var start = range.lowerBound
    var index = start
    while index < range.upperBound {
      let byte = text[index]
      if byte == 0x22 || byte == 0x27 {
        guard let end = Self.stringEnd(text, index, upTo: range.upperBound) else { break }
        if byte == quote {
          bytes.append(contentsOf: source[start..<index])
          bytes.append(other)
          bytes.append(contentsOf: source[index + 1..<end - 1])
          bytes.append(other)
          start = end
        }
        index = end
      } else if byte == 0x28, index > range.lowerBound, text[index - 1] | 0x20 == 0x6C {
        // Perhaps an address; quotes within one without quotes start no string.
        index += 1
        if index < range.upperBound, text[index] == 0x22 || text[index] == 0x27 { continue }
        while index < range.upperBound, !text[index].isParenthesis, !text[index].isMisread { index += 1 }
        guard index < range.upperBound, text[index] == 0x29 else { break }
      } else if byte.isMisread {
        break
      } else {
        index += 1
      }
    }
    guard index == range.upperBound else {
      bytes.removeLast(bytes.count - count)
      return false
    }
    bytes.append(contentsOf: source[start..<index])
    return true
  }

  /// Behind the string that starts at a quote, if it is closed and holds neither quotes, ampersands nor escapes.
  private static func stringEnd(_ text: Span<UInt8>, _ start: Int, upTo end: Int) -> Int? {
    var index = start + 1
    while index < end {
      let byte = text[index]
      if byte == text[start] { return index + 1 }
      if byte.isMisread || byte.isCSSNewline { return nil }
      index += 1
    }
    return nil
  }

  /// Appends CSS token by token.
  private mutating func appendTokens(_ source: [UInt8], _ range: Range<Int>) {
    var tokenizer = CSSTokenizer(source, in: range)
    var owesSpace = false
    while true {
      let token = tokenizer.take()
      switch token.kind {
      case .end: return
      case .comment: owesSpace = true
      case .whitespace:
        if source[token.range].contains(where: \.isCSSNewline) {
          owesSpace = true
        } else {
          bytes.append(contentsOf: source[token.range])
          owesSpace = false
        }
      default:
        if owesSpace, let last = bytes.last, last != 0x20, token.kind != .colon, token.kind != .comma {
          bytes.append(0x20)
        }
        owesSpace = false
        appendToken(token, source)
      }
    }
  }

  private mutating func appendToken(_ token: CSSToken, _ source: [UInt8]) {
    let text = source[token.range]
    let other: UInt8 = quote == 0x22 ? 0x27 : 0x22
    if token.kind == .string, !token.isUnclosed, text.first == quote, !text.contains(other) {
      bytes.append(other)
      appendEscaped(text.dropFirst().dropLast())
      bytes.append(other)
    } else {
      appendEscaped(text)
    }
  }

  private static let quotEntity = Array("&quot;".utf8)
  private static let aposEntity = Array("&#39;".utf8)
  private static let ampEntity = Array("&amp;".utf8)
  private static let gtEntity = Array("&gt;".utf8)

  /// Appends text with references for what the attribute would misread.
  ///
  /// An ampersand at the end is one of its own, so that it can't begin a reference with what comes next.
  private mutating func appendEscaped(_ text: ArraySlice<UInt8>) {
    for index in text.indices {
      let byte = text[index]
      switch byte {
      case 0x22 where quote == 0x22: bytes += Self.quotEntity
      case 0x27 where quote == 0x27: bytes += Self.aposEntity
      case 0x3E where isInComment: bytes += Self.gtEntity
      case 0x26 where index + 1 == text.endIndex || text[index + 1].isLetter || text[index + 1] == 0x23:
        bytes += Self.ampEntity
      default: bytes.append(byte)
      }
    }
  }
}

extension UInt8 {
  @inline(__always) fileprivate var isParenthesis: Bool { self == 0x28 || self == 0x29 }

  /// Whether it is a quote, an ampersand or a backslash.
  @inline(__always) fileprivate var isMisread: Bool {
    self == 0x22 || self == 0x27 || self == 0x26 || self == 0x5C
  }
}
