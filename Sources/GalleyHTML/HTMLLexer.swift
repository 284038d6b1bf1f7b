// The file is long because it is one automaton: which bytes are markup is decided here and nowhere else.

import GalleySource

/// Cuts bytes into HTML tokens that tile them.
///
/// Any bytes are accepted. What is a tag, an attribute or a comment is what the HTML Standard says, with these
/// differences: placeholders are opaque wherever they stand; a CDATA section, in any case of letters, reaches to `]]>`
/// everywhere; conditional comments are told from ordinary ones, and the content of a downlevel-hidden one is lexed as
/// markup between two tokens of its own; `noscript` is ordinary content; an element that HTML treats as raw text is raw
/// text in `svg` and `math` too, except where its start tag closes itself.
///
/// A control placeholder (`open`, `middle`, `close`, `silent`) ends a tag's or an attribute's name, so that
/// `<td{{#if x}} class="a"{{/if}}>` has a `class`; an `output` placeholder belongs to the name it touches, except
/// directly behind the name of a known element.
///
/// Costs one pass, two over hidden conditional comments, and no allocation per token.
/// Follows https://html.spec.whatwg.org/multipage/parsing.html#tokenization.
package struct HTMLLexer: Sendable {
  /// A token: a range of bytes and what it is.
  package struct Token: Sendable {
    /// What a token is.
    package enum Kind: UInt8, Sendable {
      /// Text, also that of elements whose content is not markup.
      case text
      /// A placeholder where text is expected.
      case placeholder
      /// A start tag.
      case startTag
      /// An end tag.
      case endTag
      /// A tag that the input ends in; a browser drops it.
      case unfinishedTag
      /// An ordinary or bogus comment or a processing instruction.
      case comment
      /// `<!--[if …]>` of a downlevel-hidden conditional comment; the tokens of its content follow.
      case conditionalOpen
      /// `<![endif]-->`, or what else ends a hidden conditional comment; empty where the input ended before.
      case conditionalClose
      /// `<!--[if …]><!-->`, `<!--[if …]>-->` or `<![if …]>`.
      case revealedOpen
      /// `<!--<![endif]-->` or `<![endif]>`.
      case revealedClose
      /// `<!DOCTYPE …>`.
      case doctype
      /// `<![CDATA[ … ]]>`.
      case cdata
    }

    /// What it is.
    package var kind: Kind
    /// A start tag that ends in `/>`.
    package var isSelfClosing = false
    /// A placeholder stands in the tag outside of an attribute's value.
    package var hasPlaceholder = false
    /// What follows the start tag is not markup, up to its end tag.
    package var beginsRawText = false
    /// The input ended before the construct did.
    package var isUnterminated = false
    /// The first byte.
    package var start: Int
    /// Behind the last byte.
    package var end: Int
    /// The end of a tag's name or of a condition; the start otherwise.
    package var nameEnd: Int
    /// The name of a tag in lower case.
    package var name = NameHash(value: 0)
    /// What is known of the element a tag names.
    package var element = ElementTable.Element.unknown
    /// The first of the tag's attributes in the lexer's `attributes`.
    package var firstAttribute = 0
    /// How many attributes the tag has.
    package var attributeCount = 0
    /// Which placeholder a token of that kind is.
    package var placeholder = -1

    /// Makes a token of a kind.
    init(_ kind: Kind, _ start: Int, _ end: Int) {
      self.kind = kind
      self.start = start
      self.end = end
      nameEnd = start
    }

    /// The bytes of the token.
    package var range: Range<Int> { start..<end }
  }

  /// The bytes that are lexed.
  package let bytes: [UInt8]
  private var cursor: LexerCursor

  /// Makes a lexer at the start of `bytes`.
  ///
  /// `placeholders` are sorted by place, lie within the bytes and do not overlap.
  package init(_ bytes: [UInt8], placeholders: [Placeholder] = []) {
    self.bytes = bytes
    cursor = LexerCursor(count: bytes.count, placeholders: placeholders)
  }

  /// The attributes of all tags so far.
  package var attributes: [HTMLTree.Attribute] { cursor.attributes }

  /// The next token, or nil at the end.
  package mutating func next() -> Token? {
    let bytes = bytes
    return cursor.next(bytes.span)
  }
}

/// The state of the lexer without the bytes.
struct LexerCursor: Sendable {
  /// How the bytes of text are read.
  enum Mode: UInt8 {
    case data, rawText, escapableRawText, script, scriptEscaped, scriptDoubleEscaped, plaintext
  }

  var attributes: [HTMLTree.Attribute] = []

  private var holes: [Placeholder] = []
  let table = ElementTable.standard
  let usualNames = UsualNames.standard.entries
  var position = 0
  /// Where the bytes end, or the content of the conditional comment.
  private var end = 0
  /// The nearest place that may not be read over: the next placeholder or the end.
  private(set) var limit = 0
  private var holeIndex = 0
  private(set) var mode = Mode.data
  /// The name of the element whose raw text is read.
  private var rawName = NameHash(value: 0)
  var foreignDepth = 0
  /// Dashes before the position in a script that began a comment.
  private var scriptDashes = 0
  /// The hidden conditional comment that is read.
  private var conditional: Conditional?

  /// Where lexing goes on behind a hidden conditional comment.
  private struct Conditional {
    var closeEnd: Int
    var outerEnd: Int
    var outerForeignDepth: Int
    var isUnterminated: Bool
  }

  init() {}

  init(count: Int, placeholders: [Placeholder]) { begin(count: count, placeholders: placeholders) }

  /// Goes to the start of other bytes; the memory of attributes is kept.
  mutating func begin(count: Int, placeholders: [Placeholder]) {
    precondition(count <= Int(Int32.max), "a document has at most 2 GiB")
    var previous = 0
    for hole in placeholders {
      precondition(
        hole.range.lowerBound >= previous && hole.range.upperBound <= count,
        "placeholders are sorted, apart and within the bytes")
      previous = hole.range.upperBound
    }
    holes = placeholders
    if attributes.capacity == 0 { attributes.reserveCapacity(count / 64 + 8) }
    position = 0
    end = count
    holeIndex = 0
    mode = .data
    foreignDepth = 0
    scriptDashes = 0
    conditional = nil
    updateLimit()
  }

  /// The next token, or nil at the end.
  mutating func next(_ bytes: Span<UInt8>) -> HTMLLexer.Token? {
    if position >= end {
      guard let open = conditional else { return nil }
      return closeConditional(open)
    }
    if isAtHole {
      var token = HTMLLexer.Token(.placeholder, position, position)
      token.placeholder = holeIndex
      passHole()
      token.end = position
      return token
    }
    return mode == .data ? nextInData(bytes) : nextInRawText(bytes)
  }

  /// The next token that is not ordinary text, or nil at the end; what comes out is otherwise the same.
  mutating func nextMarkup(_ bytes: Span<UInt8>) -> HTMLLexer.Token? {
    while mode == .data, position < limit {
      if bytes[position] == ASCII.less, let token = lexMarkup(bytes) { return token }
      position = textEnd(bytes, from: position + 1)
    }
    return next(bytes)
  }

  // MARK: Placeholders

  private var isAtHole: Bool {
    position == limit && position < end && holeIndex < holes.count && holes[holeIndex].range.lowerBound == position
  }

  private mutating func passHole() {
    position = holes[holeIndex].range.upperBound
    holeIndex += 1
    scriptDashes = 0
    updateLimit()
  }

  /// Takes a placeholder into a name's hash, so that no name with a placeholder is one without.
  private func addHole(_ hole: Placeholder, _ bytes: Span<UInt8>, to hash: inout RunningHash) {
    hash.add(0)
    for index in hole.range { hash.add(bytes[index]) }
  }

  private mutating func updateLimit() {
    limit = holeIndex < holes.count ? min(holes[holeIndex].range.lowerBound, end) : end
  }

  // MARK: Text

  private mutating func nextInData(_ bytes: Span<UInt8>) -> HTMLLexer.Token {
    let start = position
    if bytes[start] == ASCII.less, let token = lexMarkup(bytes) { return token }
    position = textEnd(bytes, from: start + 1)
    return HTMLLexer.Token(.text, start, position)
  }

  /// Where the next construct begins, or the limit.
  @inline(__always) private mutating func textEnd(_ bytes: Span<UInt8>, from start: Int) -> Int {
    let limit = limit
    var index = bytes.first(ASCII.less, from: start, to: limit)
    while index < limit {
      if isMarkup(bytes, at: index) { break }
      index = bytes.first(ASCII.less, from: index + 1, to: limit)
    }
    return index
  }

  /// Whether the `<` at `index` begins a construct; if not, it is text.
  @inline(__always) private mutating func isMarkup(_ bytes: Span<UInt8>, at index: Int) -> Bool {
    guard index + 1 < limit else { return index + 1 < end }
    let next = bytes[index + 1]
    if next == ASCII.slash { return index + 2 < end }
    return next.isLetter || next == ASCII.exclamation || next == ASCII.question
  }

  /// Lexes the construct that begins at the position with `<`, if there is one.
  private mutating func lexMarkup(_ bytes: Span<UInt8>) -> HTMLLexer.Token? {
    let start = position
    guard isMarkup(bytes, at: start) else { return nil }
    guard start + 1 < limit else { return lexTag(bytes, nameStart: start + 1, isEnd: false) }
    switch bytes[start + 1] {
    case ASCII.slash:
      if start + 2 >= limit || bytes[start + 2].isLetter { return lexTag(bytes, nameStart: start + 2, isEnd: true) }
      return lexBogusComment(bytes, contentStart: start + 2)
    case ASCII.exclamation: return lexDeclaration(bytes)
    case ASCII.question: return lexBogusComment(bytes, contentStart: start + 2)
    default: return lexTag(bytes, nameStart: start + 1, isEnd: false)
    }
  }

  /// Whether the bytes at `index` are `literal`, which is in lower case, in any case; they end before `limit`.
  private static func matches(_ bytes: Span<UInt8>, at index: Int, _ literal: String, limit: Int) -> Bool {
    var index = index
    guard index >= 0, limit - index >= literal.utf8.count else { return false }
    for byte in literal.utf8 {
      guard bytes[index].lowercased == byte else { return false }
      index += 1
    }
    return true
  }

  /// The same, up to the next placeholder.
  private func matches(_ bytes: Span<UInt8>, at index: Int, _ literal: String) -> Bool {
    Self.matches(bytes, at: index, literal, limit: limit)
  }

  // MARK: Tags

  private mutating func lexTag(_ bytes: Span<UInt8>, nameStart: Int, isEnd: Bool) -> HTMLLexer.Token {
    var token = HTMLLexer.Token(isEnd ? .endTag : .startTag, position, position)
    token.firstAttribute = attributes.count
    position = nameStart
    lexTagName(bytes, nameStart, &token)
    lexAttributes(bytes, &token)
    token.end = position
    if token.isUnterminated {
      token.kind = .unfinishedTag
      token.attributeCount = attributes.count - token.firstAttribute
      return token
    }
    if isEnd {
      if attributes.count > token.firstAttribute { attributes.removeSubrange(token.firstAttribute...) }
      if token.element.role == .foreign, foreignDepth > 0 { foreignDepth -= 1 }
    } else {
      token.attributeCount = attributes.count - token.firstAttribute
      enterContent(of: &token)
    }
    return token
  }

  private mutating func lexTagName(_ bytes: Span<UInt8>, _ nameStart: Int, _ token: inout HTMLLexer.Token) {
    var hash = RunningHash()
    let text = bytes.extracting(0..<limit)
    var index = position
    while index < text.count {
      let byte = text[index]
      if byte.isHTMLSpace || byte == ASCII.greater || byte == ASCII.slash { break }
      hash.add(byte)
      index &+= 1
    }
    position = index
    while position < end, position == limit || position > index {
      if position == limit {
        token.hasPlaceholder = true
        let hole = holes[holeIndex]
        let isNameComplete = position > nameStart && table[hash.name].traits.contains(.known)
        if position > nameStart, hole.kind != .output || isNameComplete { break }
        addHole(hole, bytes, to: &hash)
        passHole()
        continue
      }
      let byte = bytes[position]
      if byte.isHTMLSpace || byte == ASCII.greater || byte == ASCII.slash { break }
      hash.add(byte)
      position += 1
    }
    token.nameEnd = position
    token.name = hash.name
    token.element = table[hash.name]
  }

  /// Lexes what stands between the name and `>`, and the `>`.
  private mutating func lexAttributes(_ bytes: Span<UInt8>, _ token: inout HTMLLexer.Token) {
    var isBehindHole = false
    while position < end {
      if isAtHole {
        token.hasPlaceholder = true
        if holeStartsName(bytes) {
          lexAttribute(bytes, &token, isNameless: false)
          isBehindHole = false
        } else {
          passHole()
          isBehindHole = true
        }
        continue
      }
      let byte = bytes[position]
      switch byte {
      case ASCII.greater:
        position += 1
        return
      case ASCII.slash:
        position += 1
        if position < limit, bytes[position] == ASCII.greater {
          position += 1
          token.isSelfClosing = true
          return
        }
      case _ where byte.isHTMLSpace: position += 1
      default: lexAttribute(bytes, &token, isNameless: isBehindHole && byte == ASCII.equals)
      }
      isBehindHole = false
    }
    token.isUnterminated = true
  }

  /// Whether the placeholder at the position is the beginning of an attribute's name.
  private func holeStartsName(_ bytes: Span<UInt8>) -> Bool {
    let hole = holes[holeIndex]
    let next = hole.range.upperBound
    guard hole.kind == .output, next < end else { return false }
    if holeIndex + 1 < holes.count, holes[holeIndex + 1].range.lowerBound == next { return false }
    let byte = bytes[next]
    return !(byte.isHTMLSpace || byte == ASCII.greater || byte == ASCII.slash || byte == ASCII.equals)
  }

  private mutating func lexAttribute(_ bytes: Span<UInt8>, _ token: inout HTMLLexer.Token, isNameless: Bool) {
    let nameStart = position
    var hash = RunningHash()
    if !isNameless { lexAttributeName(bytes, &hash, &token) }
    var attribute = HTMLTree.Attribute(
      name: hash.name, nameStart: Int32(nameStart), nameEnd: Int32(position), valueStart: Int32(position),
      valueEnd: Int32(position), quote: .noValue, hasPlaceholder: false)
    while position < limit, bytes[position].isHTMLSpace { position += 1 }
    if position < limit, bytes[position] == ASCII.equals {
      position += 1
      while position < limit, bytes[position].isHTMLSpace { position += 1 }
      lexValue(bytes, &attribute)
    }
    attributes.append(attribute)
  }

  private mutating func lexAttributeName(
    _ bytes: Span<UInt8>, _ hash: inout RunningHash, _ token: inout HTMLLexer.Token
  ) {
    let start = position
    while position < end {
      if position == limit {
        token.hasPlaceholder = true
        let hole = holes[holeIndex]
        guard hole.kind == .output else { return }
        addHole(hole, bytes, to: &hash)
        passHole()
        continue
      }
      let byte = bytes[position]
      if byte.isHTMLSpace || byte == ASCII.greater || byte == ASCII.slash { return }
      if byte == ASCII.equals, position > start { return }
      hash.add(byte)
      position += 1
    }
  }

  private mutating func lexValue(_ bytes: Span<UInt8>, _ attribute: inout HTMLTree.Attribute) {
    attribute.valueStart = Int32(position)
    attribute.valueEnd = Int32(position)
    attribute.quote = .unquoted
    guard position < end else { return }
    if position < limit {
      let quote = bytes[position]
      if quote == ASCII.doubleQuote || quote == ASCII.singleQuote {
        return lexQuotedValue(bytes, quote, &attribute)
      }
    }
    while position < end {
      if position == limit {
        attribute.hasPlaceholder = true
        passHole()
        continue
      }
      let byte = bytes[position]
      if byte.isHTMLSpace || byte == ASCII.greater { break }
      position += 1
    }
    attribute.valueEnd = Int32(position)
  }

  private mutating func lexQuotedValue(
    _ bytes: Span<UInt8>, _ quote: UInt8, _ attribute: inout HTMLTree.Attribute
  ) {
    position += 1
    attribute.valueStart = Int32(position)
    attribute.quote = quote == ASCII.doubleQuote ? .double : .single
    while position < end {
      if position == limit {
        attribute.hasPlaceholder = true
        passHole()
        continue
      }
      let index = bytes.first(quote, from: position, to: limit)
      position = index
      if index < limit {
        attribute.valueEnd = Int32(index)
        position += 1
        return
      }
    }
    attribute.valueEnd = Int32(position)
  }

  /// Sets how the bytes behind a start tag are read.
  mutating func enterContent(of token: inout HTMLLexer.Token) {
    let element = token.element
    if element.role == .foreign, !token.isSelfClosing { foreignDepth += 1 }
    guard !element.traits.isDisjoint(with: [.rawText, .escapableRawText]) else { return }
    if foreignDepth > 0, token.isSelfClosing { return }
    token.beginsRawText = true
    rawName = token.name
    scriptDashes = 0
    switch element.role {
    case .script: mode = .script
    case .plaintext: mode = .plaintext
    default: mode = element.traits.contains(.rawText) ? .rawText : .escapableRawText
    }
  }

  // MARK: Raw text

  private mutating func nextInRawText(_ bytes: Span<UInt8>) -> HTMLLexer.Token {
    let start = position
    if mode == .plaintext {
      position = limit
      return HTMLLexer.Token(.text, start, position)
    }
    if isRawEndTag(bytes, at: start) {
      mode = .data
      return lexTag(bytes, nameStart: start + 2, isEnd: true)
    }
    let limit = limit
    var index = start
    if mode.rawValue < Mode.script.rawValue {
      index = bytes.first(ASCII.less, from: start + 1, to: limit)
      while index < limit {
        if isRawEndTag(bytes, at: index) { break }
        index = bytes.first(ASCII.less, from: index + 1, to: limit)
      }
    } else {
      while index < limit {
        let byte = bytes[index]
        if byte == ASCII.less, index > start, isRawEndTag(bytes, at: index) { break }
        followScript(bytes, at: index, byte)
        index += 1
      }
    }
    position = index
    return HTMLLexer.Token(.text, start, index)
  }

  /// Whether an end tag of the raw text element stands at `index`, and counts.
  @inline(__always) private mutating func isRawEndTag(_ bytes: Span<UInt8>, at index: Int) -> Bool {
    guard mode != .scriptDoubleEscaped, index + 2 < limit, bytes[index] == ASCII.less, bytes[index + 1] == ASCII.slash
    else { return false }
    return nameEnds(bytes, at: index + 2, rawName)
  }

  /// Whether the letters at `index` are the name and something that ends a name follows.
  private mutating func nameEnds(_ bytes: Span<UInt8>, at start: Int, _ name: NameHash) -> Bool {
    var hash = RunningHash()
    var index = start
    while index < limit, bytes[index].isLetter {
      hash.add(bytes[index])
      index += 1
    }
    guard index < limit, hash.name == name else { return false }
    return bytes[index].isHTMLSpace || bytes[index] == ASCII.slash || bytes[index] == ASCII.greater
  }

  /// Follows the comments in a script in which `</script>` may not count.
  private mutating func followScript(_ bytes: Span<UInt8>, at index: Int, _ byte: UInt8) {
    if byte == ASCII.dash {
      scriptDashes += 1
      return
    }
    let dashes = scriptDashes
    scriptDashes = 0
    switch (mode, byte) {
    case (.script, ASCII.less):
      if matches(bytes, at: index, "<!--") { mode = .scriptEscaped }
    case (.scriptEscaped, ASCII.greater), (.scriptDoubleEscaped, ASCII.greater):
      if dashes >= 2 { mode = .script }
    case (.scriptEscaped, ASCII.less):
      if nameEnds(bytes, at: index + 1, rawName) { mode = .scriptDoubleEscaped }
    case (.scriptDoubleEscaped, ASCII.less):
      if index + 1 < limit, bytes[index + 1] == ASCII.slash, nameEnds(bytes, at: index + 2, rawName) {
        mode = .scriptEscaped
      }
    default: break
    }
  }

  // MARK: Declarations and comments

  private mutating func lexDeclaration(_ bytes: Span<UInt8>) -> HTMLLexer.Token {
    let start = position
    let third = start + 2 < limit ? bytes[start + 2] : 0
    if third == ASCII.dash, start + 3 < limit, bytes[start + 3] == ASCII.dash { return lexComment(bytes) }
    if third.isLetter, matches(bytes, at: start, "<!doctype") {
      var token = lexBogusComment(bytes, contentStart: start + 9)
      token.kind = .doctype
      return token
    }
    if bytes[start + 2 < end ? start + 2 : start] == ASCII.openBracket {
      if matches(bytes, at: start, "<![cdata[") { return lexCDATA(bytes) }
      if matches(bytes, at: start, "<![endif") {
        var token = lexBogusComment(bytes, contentStart: start + 8)
        token.kind = .revealedClose
        return token
      }
      if matches(bytes, at: start, "<![if"), Self.isConditionStart(bytes, at: start + 5, limit: limit) {
        var token = lexBogusComment(bytes, contentStart: start + 5)
        let isClosed = token.end - 2 >= start + 5 && !token.isUnterminated && bytes[token.end - 2] == ASCII.closeBracket
        token.kind = .revealedOpen
        token.nameEnd = token.end - (token.isUnterminated ? 0 : isClosed ? 2 : 1)
        return token
      }
    }
    return lexBogusComment(bytes, contentStart: start + 2)
  }

  /// Whether what follows `[if` makes it a condition rather than the beginning of a word.
  private static func isConditionStart(_ bytes: Span<UInt8>, at index: Int, limit: Int) -> Bool {
    index >= limit || !(bytes[index].isLetter || bytes[index].isDigit)
  }

  /// Whether the content of a comment starts with `[if` and a condition; `hole` is the first placeholder behind `<!--`.
  private func startsCondition(_ bytes: Span<UInt8>, _ index: Int, _ hole: Int) -> Bool {
    let limit = hole < holes.count ? min(holes[hole].range.lowerBound, position) : position
    guard index < limit, bytes[index] == ASCII.openBracket else { return false }
    return Self.matches(bytes, at: index, "[if", limit: limit)
      && Self.isConditionStart(bytes, at: index + 3, limit: limit)
  }

  /// Lexes to the first `>`.
  private mutating func lexBogusComment(_ bytes: Span<UInt8>, contentStart: Int) -> HTMLLexer.Token {
    var token = HTMLLexer.Token(.comment, position, position)
    position = contentStart
    while position < end {
      if position == limit {
        passHole()
        continue
      }
      position += 1
      if bytes[position - 1] == ASCII.greater {
        token.end = position
        return token
      }
    }
    token.end = position
    token.isUnterminated = true
    return token
  }

  private mutating func lexCDATA(_ bytes: Span<UInt8>) -> HTMLLexer.Token {
    var token = HTMLLexer.Token(.cdata, position, position)
    position += 9
    var brackets = 0
    while position < end {
      if position == limit {
        brackets = 0
        passHole()
        continue
      }
      let byte = bytes[position]
      position += 1
      if byte == ASCII.greater, brackets >= 2 {
        token.end = position
        return token
      }
      brackets = byte == ASCII.closeBracket ? brackets + 1 : 0
    }
    token.end = position
    token.isUnterminated = true
    return token
  }

  /// Where a comment ends.
  private struct CommentEnd {
    /// Where `-->` or `--!>` begins; behind the comment's start for `<!-->` and `<!--->`.
    var contentEnd: Int
    var isUnterminated: Bool
    /// Behind the last placeholder in it.
    var lastHoleEnd: Int
    /// Behind the first `]>` in it.
    var conditionEnd: Int
  }

  private mutating func lexComment(_ bytes: Span<UInt8>) -> HTMLLexer.Token {
    let start = position
    let holeBefore = holeIndex
    let comment = skipComment(bytes)
    var token = HTMLLexer.Token(.comment, start, position)
    token.isUnterminated = comment.isUnterminated
    if isRevealedClose(bytes, start + 4, comment) {
      token.kind = .revealedClose
      return token
    }
    guard comment.conditionEnd >= 0, startsCondition(bytes, start + 4, holeBefore) else { return token }
    token.nameEnd = comment.conditionEnd - 2
    if isRevealed(bytes, comment, holeBefore) {
      token.kind = .revealedOpen
      return token
    }
    guard conditional == nil else {
      token.nameEnd = start
      return token
    }
    return openConditional(bytes, token, comment, holeBefore)
  }

  /// Moves behind the comment that begins at the position.
  private mutating func skipComment(_ bytes: Span<UInt8>) -> CommentEnd {
    let contentStart = position + 4
    var result = CommentEnd(contentEnd: end, isUnterminated: false, lastHoleEnd: contentStart, conditionEnd: -1)
    // The opener's dashes end a comment as `<!-->` and `<!--->`, but do not begin a `--!>`.
    var firstDash = contentStart - 2
    position = contentStart
    while position < end {
      if position == limit {
        passHole()
        result.lastHoleEnd = position
        firstDash = position
        continue
      }
      let index = bytes.first(ASCII.greater, from: position, to: limit)
      position = index
      guard index < limit else { continue }
      position += 1
      if hasDashes(bytes, firstDash, before: index) {
        result.contentEnd = max(contentStart, index - 2)
        return result
      }
      guard index > result.lastHoleEnd else { continue }
      if bytes[index - 1] == ASCII.exclamation, hasDashes(bytes, result.lastHoleEnd, before: index - 1) {
        result.contentEnd = index - 3
        return result
      }
      if bytes[index - 1] == ASCII.closeBracket, result.conditionEnd < 0 { result.conditionEnd = position }
    }
    result.isUnterminated = true
    return result
  }

  /// Whether two dashes stand directly before `index`, none of them before `first`.
  private func hasDashes(_ bytes: Span<UInt8>, _ first: Int, before index: Int) -> Bool {
    index - 2 >= first && bytes[index - 1] == ASCII.dash && bytes[index - 2] == ASCII.dash
  }

  /// Whether a comment is `<!--<![endif]-->`.
  private func isRevealedClose(_ bytes: Span<UInt8>, _ contentStart: Int, _ comment: CommentEnd) -> Bool {
    guard !comment.isUnterminated, comment.lastHoleEnd == contentStart else { return false }
    var index = contentStart
    while index < comment.contentEnd, bytes[index].isHTMLSpace || bytes[index] == ASCII.dash { index += 1 }
    guard index < comment.contentEnd, bytes[index] == ASCII.less else { return false }
    return Self.matches(bytes, at: index, "<![endif]", limit: comment.contentEnd)
  }

  /// Whether nothing of the content of a conditional comment is hidden: it ends at once, or another comment begins.
  ///
  /// `hole` is the first placeholder behind `<!--`.
  private func isRevealed(_ bytes: Span<UInt8>, _ comment: CommentEnd, _ hole: Int) -> Bool {
    let contentEnd = comment.contentEnd
    let limit = firstHole(from: hole, atOrBehind: comment.conditionEnd, before: contentEnd)
    var index = comment.conditionEnd
    while index < limit, bytes[index].isHTMLSpace { index += 1 }
    if index < limit, bytes[index] == ASCII.less {
      if Self.matches(bytes, at: index, "<!--", limit: limit) { return true }
      if Self.matches(bytes, at: index, "<!", limit: limit) { index += 2 }
    }
    while index < limit, bytes[index] == ASCII.dash { index += 1 }
    return index >= contentEnd && !comment.isUnterminated
  }

  /// Where the first placeholder at or behind `offset` starts, or `end` if none starts before it.
  private func firstHole(from hole: Int, atOrBehind offset: Int, before end: Int) -> Int {
    var hole = hole
    while hole < holes.count, holes[hole].range.lowerBound < offset { hole += 1 }
    return hole < holes.count ? min(holes[hole].range.lowerBound, end) : end
  }

  /// Goes into the content of a hidden conditional comment.
  private mutating func openConditional(
    _ bytes: Span<UInt8>, _ whole: HTMLLexer.Token, _ comment: CommentEnd, _ holeBefore: Int
  ) -> HTMLLexer.Token {
    let contentStart = comment.conditionEnd
    let contentEnd = comment.isUnterminated ? end : endifStart(bytes, contentStart, comment)
    conditional = Conditional(
      closeEnd: position, outerEnd: end, outerForeignDepth: foreignDepth, isUnterminated: comment.isUnterminated)
    position = contentStart
    end = contentEnd
    holeIndex = holeBefore
    while holeIndex < holes.count, holes[holeIndex].range.lowerBound < contentStart { holeIndex += 1 }
    updateLimit()
    var token = whole
    token.kind = .conditionalOpen
    token.end = contentStart
    return token
  }

  /// Where the `<![endif]` stands that ends a hidden conditional comment, or the end of its content without one.
  private func endifStart(_ bytes: Span<UInt8>, _ contentStart: Int, _ comment: CommentEnd) -> Int {
    var index = comment.contentEnd
    while index > contentStart, bytes[index - 1].isHTMLSpace || bytes[index - 1] == ASCII.dash { index -= 1 }
    let start = index - 9
    guard start >= max(contentStart, comment.lastHoleEnd) else { return comment.contentEnd }
    return Self.matches(bytes, at: start, "<![endif]", limit: index) ? start : comment.contentEnd
  }

  private mutating func closeConditional(_ open: Conditional) -> HTMLLexer.Token {
    var token = HTMLLexer.Token(.conditionalClose, position, open.closeEnd)
    token.isUnterminated = open.isUnterminated
    position = open.closeEnd
    end = open.outerEnd
    foreignDepth = open.outerForeignDepth
    conditional = nil
    mode = .data
    while holeIndex < holes.count, holes[holeIndex].range.lowerBound < position { holeIndex += 1 }
    updateLimit()
    return token
  }
}
