/// Cuts a template into tokens.
///
/// The lexer reports nothing: a tag without an end is one whose tokens run into the next text or tag. It knows the two
/// states of Handlebars, outside and inside of tags, and runs in linear time.
package struct TemplateLexer {
  private let bytes: [UInt8]
  private let end: Int
  private var position: Int
  private var tokens: [TemplateToken] = []

  private init(_ bytes: [UInt8], _ range: Range<Int>) {
    self.bytes = bytes
    position = range.lowerBound
    end = range.upperBound
  }

  /// The tokens of a part of `bytes`; they tile it.
  package static func tokens(of bytes: [UInt8], in range: Range<Int>) -> [TemplateToken] {
    var lexer = TemplateLexer(bytes, range.clamped(to: 0..<bytes.count))
    lexer.lexAll()
    return lexer.tokens
  }

  private func byte(_ index: Int) -> UInt8 { index < end ? bytes[index] : 0 }

  private func isDoubleBrace(_ index: Int) -> Bool {
    index + 1 < end && bytes[index] == TemplateByte.openBrace && bytes[index + 1] == TemplateByte.openBrace
  }

  private mutating func emit(_ kind: TemplateToken.Kind, to newEnd: Int) {
    guard newEnd > position else { return }
    tokens.append(TemplateToken(kind, position, newEnd))
    position = newEnd
  }

  private mutating func lexAll() {
    while position < end {
      lexText()
      if position < end { lexTag() }
    }
  }

  /// Lexes up to the next tag, escaped tags included.
  private mutating func lexText() {
    var search = position
    while search < end {
      guard isDoubleBrace(search) else {
        search += 1
        continue
      }
      guard search > position, bytes[search - 1] == TemplateByte.backslash else { break }
      let isBackslashMeant = search - 1 > position && bytes[search - 2] == TemplateByte.backslash
      emit(.text, to: search - 1)
      emit(.escape, to: search)
      if isBackslashMeant { return }
      search += 2
    }
    emit(.text, to: min(search, end))
  }

  /// Lexes a comment, a raw block or a tag; `position` is at its braces.
  private mutating func lexTag() {
    if isDoubleBrace(position + 2) { return lexRawBlock() }
    var next = position + 2
    if byte(next) == TemplateByte.tilde { next += 1 }
    switch byte(next) {
    case UInt8(ascii: "!"): return lexComment(mark: next)
    case TemplateByte.openBrace: emit(.openRaw, to: next + 1)
    case UInt8(ascii: "&"): emit(.openUnescaped, to: next + 1)
    case UInt8(ascii: "#"):
      switch byte(next + 1) {
      case UInt8(ascii: ">"): emit(.openPartialBlock, to: next + 2)
      case UInt8(ascii: "*"): emit(.openInline, to: next + 2)
      default: emit(.openBlock, to: next + 1)
      }
    case UInt8(ascii: "*"): emit(.openDecorator, to: next + 1)
    case UInt8(ascii: "^"): emit(.openInverse, to: next + 1)
    case UInt8(ascii: "/"): emit(.openEnd, to: next + 1)
    case UInt8(ascii: ">"): emit(.openPartial, to: next + 1)
    default: emit(.openOutput, to: next)
    }
    lexInside()
  }

  private mutating func lexComment(mark: Int) {
    let isLong = byte(mark + 1) == UInt8(ascii: "-") && byte(mark + 2) == UInt8(ascii: "-")
    var index = mark + 1
    while index < end {
      if isLong {
        if bytes[index] == UInt8(ascii: "-"), byte(index + 1) == UInt8(ascii: "-") {
          let brace = byte(index + 2) == TemplateByte.tilde ? index + 3 : index + 2
          if isClosingPair(brace) { return emit(.comment, to: brace + 2) }
        }
      } else if isClosingPair(index) {
        return emit(.comment, to: index + 2)
      }
      index += 1
    }
    emit(.unclosedComment, to: end)
  }

  private func isClosingPair(_ index: Int) -> Bool {
    byte(index) == TemplateByte.closeBrace && byte(index + 1) == TemplateByte.closeBrace
  }

  private mutating func lexRawBlock() {
    var index = position + 4
    var isInEnd = false
    while index < end {
      if isDoubleBrace(index), isDoubleBrace(index + 2), byte(index + 4) == UInt8(ascii: "/") {
        isInEnd = true
        index += 5
      } else if isInEnd, isClosingPair(index), isClosingPair(index + 2) {
        return emit(.rawBlock, to: index + 4)
      } else {
        index += 1
      }
    }
    emit(.rawBlock, to: end)
  }

  /// Lexes the inside of a tag with its end, or up to where it can't go on.
  private mutating func lexInside() {
    while position < end {
      let current = bytes[position]
      switch current {
      case TemplateByte.openBrace where isDoubleBrace(position):
        return
      case UInt8(ascii: "<"):
        let next = byte(position + 1)
        if TemplateByte.isLetter(next) || next == UInt8(ascii: "/") || next == UInt8(ascii: "!") { return }
        emit(.other, to: position + 1)
      case TemplateByte.closeBrace:
        if lexClose() { return }
        emit(.other, to: position + 1)
      case TemplateByte.tilde:
        if isClosingPair(position + 1) {
          let isRaw = byte(position + 3) == TemplateByte.closeBrace
          return emit(isRaw ? .closeRaw : .close, to: position + (isRaw ? 4 : 3))
        }
        emit(.other, to: position + 1)
      case TemplateByte.doubleQuote, TemplateByte.singleQuote:
        lexString(quote: current)
      case UInt8(ascii: "["):
        lexSegment()
      default:
        lexSimple(current)
      }
    }
  }

  private mutating func lexClose() -> Bool {
    if isClosingPair(position) {
      let isRaw = byte(position + 2) == TemplateByte.closeBrace
      emit(isRaw ? .closeRaw : .close, to: position + (isRaw ? 3 : 2))
      return true
    }
    guard byte(position + 1) == TemplateByte.tilde, isClosingPair(position + 2) else { return false }
    emit(.closeRaw, to: position + 4)
    return true
  }

  private mutating func lexSimple(_ current: UInt8) {
    switch current {
    case UInt8(ascii: "."):
      let isParent = byte(position + 1) == UInt8(ascii: ".")
      emit(isParent ? .parent : .dot, to: position + (isParent ? 2 : 1))
    case UInt8(ascii: "/"): emit(.slash, to: position + 1)
    case UInt8(ascii: "@"): emit(.at, to: position + 1)
    case UInt8(ascii: "="): emit(.equals, to: position + 1)
    case UInt8(ascii: "("): emit(.leftParenthesis, to: position + 1)
    case UInt8(ascii: ")"): emit(.rightParenthesis, to: position + 1)
    case UInt8(ascii: "|"): emit(.bar, to: position + 1)
    default:
      if TemplateByte.isWhitespace(current) {
        var index = position + 1
        while index < end, TemplateByte.isWhitespace(bytes[index]) { index += 1 }
        emit(.whitespace, to: index)
      } else if TemplateByte.isName(current) {
        lexName()
      } else {
        emit(.other, to: position + 1)
      }
    }
  }

  private mutating func lexName() {
    var index = position + (bytes[position] == UInt8(ascii: "-") ? 1 : 0)
    let firstDigit = index
    while index < end, TemplateByte.isDigit(bytes[index]) { index += 1 }
    if index > firstDigit {
      if byte(index) == UInt8(ascii: "."), TemplateByte.isDigit(byte(index + 1)) {
        var fraction = index + 1
        while fraction < end, TemplateByte.isDigit(bytes[fraction]) { fraction += 1 }
        if !TemplateByte.isName(byte(fraction)) { return emit(.number, to: fraction) }
      }
      if !TemplateByte.isName(byte(index)) { return emit(.number, to: index) }
    }
    while index < end, TemplateByte.isName(bytes[index]) { index += 1 }
    emit(.name, to: max(index, position + 1))
  }

  /// Lexes a text in quotes.
  ///
  /// A text without its closing quote must not swallow the page up to the next quote of an attribute: it ends where
  /// the line ends, and one that holds `}}` is believed only when what follows its end could follow in a tag.
  private mutating func lexString(quote: UInt8) {
    var index = position + 1
    var firstClose: Int?
    var holdsMarkup = false
    while index < end, bytes[index] != quote, bytes[index] != TemplateByte.lineFeed {
      if bytes[index] == TemplateByte.backslash, byte(index + 1) == quote {
        index += 2
        continue
      }
      if firstClose == nil, isClosingPair(index) { firstClose = index }
      if bytes[index] == UInt8(ascii: "<") { holdsMarkup = true }
      index += 1
    }
    index = min(index, end)
    let isEnded = index < end && bytes[index] == quote
    guard let firstClose else { return emit(isEnded ? .string : .unclosedString, to: isEnded ? index + 1 : index) }
    let next = byte(index + 1)
    let canFollow =
      TemplateByte.isWhitespace(next) || next == TemplateByte.closeBrace || next == TemplateByte.tilde
      || next == UInt8(ascii: ")")
    if isEnded, canFollow, !holdsMarkup { return emit(.string, to: index + 1) }
    emit(.unclosedString, to: firstClose)
  }

  /// Lexes `[…]`; without its end on the same line, `[` is a byte like any other.
  private mutating func lexSegment() {
    var index = position + 1
    while index < end, bytes[index] != UInt8(ascii: "]"), bytes[index] != TemplateByte.lineFeed,
      bytes[index] != UInt8(ascii: "["), !isClosingPair(index)
    {
      index += 1
    }
    let isEnded = byte(index) == UInt8(ascii: "]")
    emit(isEnded ? .segment : .other, to: isEnded ? index + 1 : position + 1)
  }
}

/// The bytes that the template syntax gives a meaning to.
enum TemplateByte {
  static let openBrace = UInt8(ascii: "{")
  static let closeBrace = UInt8(ascii: "}")
  static let backslash = UInt8(ascii: "\\")
  static let tilde = UInt8(ascii: "~")
  static let doubleQuote = UInt8(ascii: "\"")
  static let singleQuote = UInt8(ascii: "'")
  static let lineFeed: UInt8 = 0x0A

  static func isWhitespace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
  static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
  static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }

  /// Whether a byte can be part of a name, as far as the lexer cares.
  static func isName(_ byte: UInt8) -> Bool {
    isLetter(byte) || isDigit(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
      || byte == UInt8(ascii: "$") || byte >= 0x80
  }
}
