import GalleyHTML

/// Where the selectors of a sheet name classes, and what else they ask of `class` attributes.
///
/// It reads tokens rather than parsed rules, so that rules within rules and rules that no browser accepts count as
/// well: what stands before a `{` is a selector, whatever else is wrong.
struct ClassMentions {
  /// One class name in a selector.
  struct Mention {
    /// The bytes of the name as written, by offsets in the sheet's text.
    var range: Range<Int>
    /// The name.
    var name: [UInt8]
    /// Whether the case of letters is ignored.
    var ignoresCase: Bool
  }

  /// A test of the whole value of a `class` attribute.
  struct Test {
    enum Operation: UInt8 { case present, equals, prefix, suffix, substring, dash }
    var operation: Operation
    var value: [UInt8]
    var ignoresCase: Bool
  }

  /// The names, in the order of the sheet.
  private(set) var mentions: [Mention] = []
  /// The tests of whole values.
  private(set) var tests: [Test] = []
  /// The pieces of names that placeholders touch.
  private(set) var touched: [TouchedName] = []
  /// Whether a test of `class` has a placeholder in it.
  private(set) var hasUnknownTest = false
  /// Whether selectors come out of placeholders.
  private(set) var hasUnknownRules = false
  /// Whether another sheet is imported.
  private(set) var importsSheet = false

  private let text: EmbeddedText
  private var tokenizer: CSSTokenizer
  private var token: CSSToken

  /// What a piece of text between braces and semicolons has turned out to hold.
  private struct Segment {
    var mentions = 0
    var tests = 0
    var touched = 0
    var hasUnknownTest = false
    var hasPlaceholder = false
    var hasColon = false
    var isEmpty = true
    var isAtRule = false
  }
  private var segment = Segment()
  private var parentheses = 0

  /// Reads a sheet.
  init(_ text: EmbeddedText) {
    self.text = text
    tokenizer = text.tokenizer
    token = tokenizer.take()
    while token.kind != .end { step() }
    endSegment(isSelector: false)
  }

  private mutating func advance() { token = tokenizer.take() }

  private mutating func step() {
    switch token.kind {
    case .openBrace: endSegment(isSelector: true)
    case .closeBrace: endSegment(isSelector: false)
    case .semicolon:
      if parentheses == 0 { endSegment(isSelector: false) }
    case .whitespace, .comment, .cdo, .cdc: break
    case .delimiter:
      segment.isEmpty = false
      if text.bytes[Int(token.start)] == 0x2E { return takeClass() }
    case .openSquare:
      segment.isEmpty = false
      return takeAttribute()
    case .atKeyword:
      if segment.isEmpty { noteAtRule() }
      segment.isEmpty = false
    case .placeholder:
      if tokenizer.lastPlaceholderKind == .output { segment.hasPlaceholder = true }
    case .colon:
      segment.hasColon = true
      segment.isEmpty = false
    case .function, .openParenthesis:
      parentheses += 1
      segment.isEmpty = false
    case .closeParenthesis: parentheses = max(parentheses - 1, 0)
    default: segment.isEmpty = false
    }
    advance()
  }

  private mutating func noteAtRule() {
    let name = Int(token.start) + 1..<Int(token.end)
    segment.isAtRule = !CSSName.equals(text.bytes, name, "scope")
    if CSSName.equals(text.bytes, name, "import") { importsSheet = true }
  }

  private mutating func endSegment(isSelector: Bool) {
    if isSelector, !segment.isAtRule {
      if segment.hasUnknownTest { hasUnknownTest = true }
      if segment.hasPlaceholder { hasUnknownRules = true }
    } else {
      mentions.removeSubrange(segment.mentions...)
      tests.removeSubrange(segment.tests...)
      touched.removeSubrange(segment.touched...)
      if segment.hasPlaceholder, !segment.hasColon { hasUnknownRules = true }
    }
    segment = Segment(mentions: mentions.count, tests: tests.count, touched: touched.count)
    parentheses = 0
  }

  // MARK: - Classes

  /// Takes `.name`, from the dot on.
  private mutating func takeClass() {
    let start = Int(token.end)
    advance()
    guard token.kind == .ident || token.kind == .placeholder, Int(token.start) == start else { return }
    let first = token
    let isHole = first.kind == .placeholder
    if isHole, tokenizer.lastPlaceholderKind == .output { segment.hasPlaceholder = true }
    advance()
    let isGlued = Int(token.start) == Int(first.end)
    if isHole {
      let tail = isGlued && token.kind == .ident ? CSSName.decoded(text.bytes, token.range) : []
      touched.append(TouchedName(pieces: [[], tail], hasBlocks: false))
    } else if isGlued, token.kind == .placeholder {
      touched.append(TouchedName(pieces: [CSSName.decoded(text.bytes, first.range), []], hasBlocks: false))
    } else {
      add(first.range, ignoresCase: false)
    }
  }

  private mutating func add(_ range: Range<Int>, ignoresCase: Bool) {
    mentions.append(
      Mention(range: range, name: CSSName.decoded(text.bytes, range), ignoresCase: ignoresCase))
  }

  // MARK: - Attributes

  /// Takes `[class…]`, from the bracket on; of anything else only the bracket.
  private mutating func takeAttribute() {
    advance()
    let afterBracket = Int(token.start)
    skipTrivia()
    guard token.kind == .ident, CSSName.equals(text.bytes, token.range, "class") else { return back(to: afterBracket) }
    advance()
    skipTrivia()
    if token.kind == .closeSquare {
      tests.append(Test(operation: .present, value: [], ignoresCase: false))
      return advance()
    }
    guard token.kind == .delimiter else { return back(to: afterBracket) }
    let sign = text.bytes[Int(token.start)]
    advance()
    if sign != 0x3D {
      guard token.kind == .delimiter, text.bytes[Int(token.start)] == 0x3D else { return back(to: afterBracket) }
      advance()
    }
    skipTrivia()
    takeValue(sign, afterBracket)
  }

  private mutating func takeValue(_ sign: UInt8, _ afterBracket: Int) {
    let value = token
    if value.kind == .placeholder || tokenizer.hasPlaceholder(in: value.range) {
      segment.hasUnknownTest = true
      return advance()
    }
    let inside: Range<Int>
    switch value.kind {
    case .ident: inside = value.range
    case .string where !value.isUnclosed: inside = Int(value.start) + 1..<Int(value.end) - 1
    default: return back(to: afterBracket)
    }
    advance()
    if token.kind == .placeholder { segment.hasUnknownTest = true }
    skipTrivia()
    let ignoresCase = token.kind == .ident && CSSName.equals(text.bytes, token.range, "i")
    switch sign {
    case 0x7E: add(inside, ignoresCase: ignoresCase)
    case 0x3D:
      for word in words(inside) { add(word, ignoresCase: ignoresCase) }
      addTest(.equals, inside, ignoresCase)
    case 0x5E: addTest(.prefix, inside, ignoresCase)
    case 0x24: addTest(.suffix, inside, ignoresCase)
    case 0x2A: addTest(.substring, inside, ignoresCase)
    case 0x7C: addTest(.dash, inside, ignoresCase)
    default: break
    }
  }

  private mutating func addTest(_ operation: Test.Operation, _ range: Range<Int>, _ ignoresCase: Bool) {
    tests.append(
      Test(operation: operation, value: CSSName.decoded(text.bytes, range), ignoresCase: ignoresCase))
  }

  private mutating func skipTrivia() { while token.kind.isTrivia { advance() } }

  private mutating func back(to offset: Int) {
    tokenizer.seek(to: offset)
    advance()
  }

  /// The words of a name or of the inside of a string; white space that belongs to an escape divides nothing.
  private func words(_ range: Range<Int>) -> [Range<Int>] {
    var result: [Range<Int>] = []
    var start = range.lowerBound
    var index = start
    while index < range.upperBound {
      if text.bytes[index] == 0x5C, index + 1 < range.upperBound {
        index = CSSName.escape(text.bytes, at: index, limit: range.upperBound).end
      } else if text.bytes[index].isCSSWhitespace {
        if start < index { result.append(start..<index) }
        index += 1
        start = index
      } else {
        index += 1
      }
    }
    if start < index { result.append(start..<index) }
    return result
  }
}

/// A class name that a placeholder touches: the literal pieces around and between the placeholders.
struct TouchedName {
  /// The pieces; the first and the last may be empty.
  var pieces: [[UInt8]]
  /// Whether a condition or a loop is among the placeholders, so that pieces may be missing or meet others.
  var hasBlocks: Bool
}

extension ClassMentions.Test {
  /// Whether the value of an attribute, decoded, passes.
  func passes(_ other: [UInt8]) -> Bool {
    let own = ignoresCase ? value.map(\.lowercasedASCII) : value
    let other = ignoresCase ? other.map(\.lowercasedASCII) : other
    switch operation {
    case .present: return true
    case .equals: return other == own
    case .prefix: return !own.isEmpty && other.starts(with: own)
    case .suffix:
      return !own.isEmpty && other.count >= own.count && other[(other.count - own.count)...].elementsEqual(own)
    case .dash: return other == own || other.starts(with: own + [0x2D])
    case .substring:
      guard !own.isEmpty, other.count >= own.count else { return false }
      return (0...other.count - own.count).contains { other[$0] == own[0] && other[$0...].starts(with: own) }
    }
  }
}

/// The words of a `class` attribute.
struct ClassAttribute {
  /// One word.
  struct Word {
    /// Its bytes, by offsets in the text.
    var range: Range<Int>
    /// Whether a placeholder touches it.
    var isTouched: Bool
  }

  /// The attribute.
  let attribute: HTMLTree.Attribute
  /// Its value.
  let text: EmbeddedText
  /// Its words, in order.
  private(set) var words: [Word] = []

  /// Reads the `class` attribute of an element: the first one, which is the one that counts.
  init?(_ node: NodeID, of tree: HTMLTree) {
    guard tree[node].kind == .element,
      let attribute = tree.attributes(of: node).first(where: { $0.name.value == PassNames.className })
    else { return nil }
    self.attribute = attribute
    text = EmbeddedText(attribute, in: tree)
    readWords()
  }

  /// The bytes of a word.
  func name(_ word: Word) -> [UInt8] { Array(text.bytes[word.range]) }

  private mutating func readWords() {
    let bytes = text.bytes
    var next = text.placeholders.firstIndex(endingAfter: text.range.lowerBound)
    var index = text.range.lowerBound
    while index < text.range.upperBound {
      let start = index
      var isTouched = false
      while index < text.range.upperBound {
        if next < text.placeholders.count, text.placeholders[next].range.lowerBound <= index {
          isTouched = true
          index = max(index, min(text.placeholders[next].range.upperBound, text.range.upperBound))
          next += 1
        } else if bytes[index].isCSSWhitespace {
          break
        } else {
          index += 1
        }
      }
      if index > start { words.append(Word(range: start..<index, isTouched: isTouched)) }
      index = max(index, start + 1)
    }
  }

  /// The literal pieces of a word that placeholders touch.
  func pieces(of word: Word) -> TouchedName {
    var pieces: [[UInt8]] = []
    var hasBlocks = false
    var start = word.range.lowerBound
    var next = text.placeholders.firstIndex(endingAfter: start)
    while next < text.placeholders.count, text.placeholders[next].range.lowerBound < word.range.upperBound {
      let hole = text.placeholders[next]
      pieces.append(Array(text.bytes[start..<max(start, hole.range.lowerBound)]))
      if hole.kind != .output, hole.kind != .silent { hasBlocks = true }
      start = min(hole.range.upperBound, word.range.upperBound)
      next += 1
    }
    pieces.append(Array(text.bytes[start..<word.range.upperBound]))
    return TouchedName(pieces: pieces, hasBlocks: hasBlocks)
  }
}
