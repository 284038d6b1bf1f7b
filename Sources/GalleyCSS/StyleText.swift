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
    let isPlain = declaration.flags.isDisjoint(with: [.untidy, .special])
    let start = Int(declaration.name.lowerBound)
    let keepsSpelling = important && declaration.isImportant && !declaration.flags.contains(.untidy)
    let end = keepsSpelling ? Int(declaration.end) : Int(declaration.value.upperBound)
    if isPlain, !isInComment {
      bytes.append(contentsOf: source[start..<end])
    } else {
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
