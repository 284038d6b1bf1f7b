/// The usual tags, without detours.
///
/// Nearly all tags hold no placeholder and are separated by text alone. They are lexed in one pass over their bytes;
/// what is unusual is left to the automaton, from the `<` on. Both come to the same.
extension LexerCursor {
  /// Skips text and lexes the tag behind it into `token`, if both are usual.
  ///
  /// Otherwise nothing is taken but text. `token` comes without the marks of what is unusual.
  mutating func nextPlainTag(_ bytes: Span<UInt8>, _ token: inout HTMLLexer.Token) -> Bool {
    guard mode == .data, position < limit else { return false }
    let text = bytes.extracting(0..<limit)
    var index = text.first(ASCII.less, from: position, to: text.count)
    var next: UInt8 = 0
    while true {
      guard index &+ 2 < text.count else {
        position = index
        return false
      }
      next = text[index &+ 1]
      if next.isLetter || next == ASCII.slash || next == ASCII.exclamation || next == ASCII.question { break }
      index = text.first(ASCII.less, from: index &+ 1, to: text.count)
    }
    position = index
    token.start = index
    token.firstAttribute = attributes.count
    if next.isLetter { return lexPlainStartTag(text, at: index &+ 1, &token) }
    return next == ASCII.slash && text[index &+ 2].isLetter && lexPlainEndTag(text, at: index &+ 2, &token)
  }

  private mutating func lexPlainEndTag(_ text: Span<UInt8>, at start: Int, _ token: inout HTMLLexer.Token) -> Bool {
    var index = start
    lexPlainName(text, &index, &token)
    guard index < text.count, text[index] == ASCII.greater else { return false }
    token.kind = .endTag
    token.nameEnd = index
    token.attributeCount = 0
    token.end = index &+ 1
    position = index &+ 1
    if token.element.role == .foreign, foreignDepth > 0 { foreignDepth -= 1 }
    return true
  }

  private mutating func lexPlainStartTag(_ text: Span<UInt8>, at start: Int, _ token: inout HTMLLexer.Token) -> Bool {
    var index = start
    lexPlainName(text, &index, &token)
    token.nameEnd = index
    token.isSelfClosing = false
    while true {
      while index < text.count, text[index].isHTMLSpace { index &+= 1 }
      guard index < text.count else { break }
      let byte = text[index]
      if byte == ASCII.greater {
        finish(&token, end: index &+ 1)
        return true
      }
      if byte == ASCII.slash {
        index &+= 1
        guard index < text.count, text[index] == ASCII.greater else { continue }
        token.isSelfClosing = true
        finish(&token, end: index &+ 1)
        return true
      }
      guard let attribute = plainAttribute(text, &index) else { break }
      attributes.append(attribute)
    }
    attributes.removeLast(attributes.count - token.firstAttribute)
    return false
  }

  @inline(__always) private mutating func finish(_ token: inout HTMLLexer.Token, end: Int) {
    token.kind = .startTag
    token.attributeCount = attributes.count &- token.firstAttribute
    token.end = end
    token.beginsRawText = false
    position = end
    if token.element.role == .foreign || token.element.traits.rawValue & Self.unparsed != 0 {
      enterContent(of: &token)
    }
  }

  private static var unparsed: UInt32 {
    ElementTable.Traits.rawText.rawValue | ElementTable.Traits.escapableRawText.rawValue
  }

  /// Reads a tag's name.
  @inline(__always) private func lexPlainName(
    _ text: Span<UInt8>, _ index: inout Int, _ token: inout HTMLLexer.Token
  ) {
    let start = index
    if start &+ 16 <= text.count {
      let entries = usualNames.span
      let letters = UsualNames.Letters(text.block(at: start))
      let position = UsualNames.position(of: letters, in: entries)
      if position >= 0 {
        let end = text[start &+ letters.count]
        if end == ASCII.greater || end.isHTMLSpace || end == ASCII.slash {
          index = start &+ letters.count
          token.name = entries[position].name
          token.element = entries[position].element
          return
        }
      }
    }
    token.name = Self.hashedTagName(text, &index)
    token.element = table[token.name]
  }

  private static func hashedTagName(_ text: Span<UInt8>, _ index: inout Int) -> NameHash {
    var hash = RunningHash()
    while index < text.count {
      let byte = text[index]
      if byte == ASCII.greater || byte == ASCII.slash || byte.isHTMLSpace { break }
      hash.add(byte)
      index &+= 1
    }
    return hash.name
  }

  /// Reads an attribute's name.
  @inline(__always) private func plainAttributeName(_ text: Span<UInt8>, _ index: inout Int) -> NameHash {
    let start = index
    if start &+ 16 <= text.count {
      let entries = usualNames.span
      let letters = UsualNames.Letters(text.block(at: start))
      let position = UsualNames.position(of: letters, in: entries)
      if position >= 0 {
        let end = text[start &+ letters.count]
        if end == ASCII.equals || end == ASCII.greater || end.isHTMLSpace || end == ASCII.slash {
          index = start &+ letters.count
          return entries[position].name
        }
      }
    }
    return Self.hashedAttributeName(text, &index)
  }

  private static func hashedAttributeName(_ text: Span<UInt8>, _ index: inout Int) -> NameHash {
    let start = index
    var hash = RunningHash()
    while index < text.count {
      let byte = text[index]
      if byte == ASCII.equals {
        if index > start { break }
      } else if byte == ASCII.greater || byte == ASCII.slash || byte.isHTMLSpace {
        break
      }
      hash.add(byte)
      index &+= 1
    }
    return hash.name
  }

  /// The attribute that starts at `index`, if it ends before the text does.
  @inline(__always) private func plainAttribute(_ text: Span<UInt8>, _ index: inout Int) -> HTMLTree.Attribute? {
    let start = index
    let name = plainAttributeName(text, &index)
    let nameEnd = index
    while index < text.count, text[index].isHTMLSpace { index &+= 1 }
    guard index < text.count else { return nil }
    var quote = HTMLTree.Quote.noValue
    var (valueStart, valueEnd) = (nameEnd, nameEnd)
    if text[index] == ASCII.equals {
      index &+= 1
      while index < text.count, text[index].isHTMLSpace { index &+= 1 }
      guard index < text.count else { return nil }
      let mark = text[index]
      if mark == ASCII.doubleQuote || mark == ASCII.singleQuote {
        quote = mark == ASCII.doubleQuote ? .double : .single
        valueStart = index &+ 1
        valueEnd = text.first(mark, from: valueStart, to: text.count)
        index = valueEnd &+ 1
      } else {
        quote = .unquoted
        valueStart = index
        while index < text.count, !text[index].isHTMLSpace, text[index] != ASCII.greater { index &+= 1 }
        valueEnd = index
      }
      guard valueEnd < text.count else { return nil }
    }
    return HTMLTree.Attribute(
      name: name, nameStart: Int32(truncatingIfNeeded: start), nameEnd: Int32(truncatingIfNeeded: nameEnd),
      valueStart: Int32(truncatingIfNeeded: valueStart), valueEnd: Int32(truncatingIfNeeded: valueEnd), quote: quote,
      hasPlaceholder: false)
  }
}
