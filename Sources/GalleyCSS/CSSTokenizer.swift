package import GalleyHTML

/// The tokenizer of CSS Syntax 3 (https://www.w3.org/TR/css-syntax-3/#tokenization), over bytes and in place.
///
/// The tokens of a range tile it, whatever the bytes are. A placeholder between tokens is a token of its own; one in a
/// string, a comment or a `url()` is a part of that token and never ends it. A name or a number never runs over a
/// placeholder. Nothing is allocated per token.
package struct CSSTokenizer: Sendable {
  /// The text.
  private let bytes: [UInt8]
  private let placeholders: [Placeholder]
  private let end: Int
  /// The first placeholder that is not behind `position`.
  private var next = 0
  /// Where the next placeholder starts, or `end`.
  private var limit = 0
  /// The offset of the next token.
  package private(set) var position: Int

  /// Makes a tokenizer of a range of `bytes`; `placeholders` are sorted and may lie outside of the range.
  package init(_ bytes: [UInt8], in range: Range<Int>, placeholders: [Placeholder] = []) {
    precondition(range.upperBound <= bytes.count, "the range lies in the bytes")
    self.bytes = bytes
    self.placeholders = placeholders
    end = range.upperBound
    position = range.lowerBound
    seek(to: range.lowerBound)
  }

  /// Goes to an offset at which a token starts.
  package mutating func seek(to offset: Int) {
    position = offset
    next = placeholders.firstIndex(endingAfter: offset)
    updateLimit()
  }

  /// Up to where no placeholder stands: the start of the next one, or the end.
  var plainEnd: Int { limit }

  /// The kind of the placeholder that the last token is; only right behind a token of kind `placeholder`.
  package var lastPlaceholderKind: Placeholder.Kind { placeholders[next - 1].kind }

  /// Whether a placeholder touches a range.
  package func hasPlaceholder(in range: Range<Int>) -> Bool { !placeholders(in: range).isEmpty }

  /// The placeholders that touch a range.
  func placeholders(in range: Range<Int>) -> ArraySlice<Placeholder> {
    if placeholders.isEmpty { return [] }
    let first = placeholders.firstIndex(endingAfter: range.lowerBound)
    return placeholders[first...].prefix { $0.range.lowerBound < range.upperBound }
  }

  private mutating func updateLimit() {
    while next < placeholders.count, placeholders[next].range.isEmpty { next += 1 }
    limit = next < placeholders.count ? min(max(placeholders[next].range.lowerBound, position), end) : end
  }

  /// Steps over the placeholder at `index`, which must be `limit`, and returns the offset behind it.
  private mutating func stepOverPlaceholder() -> Int {
    let stop = min(placeholders[next].range.upperBound, end)
    next += 1
    position = stop
    updateLimit()
    return stop
  }

  /// The byte at an offset, or DEL, which belongs to no class, at a placeholder or the end.
  private func byte(_ offset: Int) -> UInt8 { offset < limit ? bytes[offset] : 0x7F }

  /// Takes the next token; at the end of the input an empty token of kind `end`, again and again.
  package mutating func take() -> CSSToken {
    let start = position
    if start >= limit {
      if start >= end { return token(.end, start, start) }
      let stop = stepOverPlaceholder()
      return token(.placeholder, start, stop)
    }
    let first = bytes[start]
    switch first {
    case 0x20, 0x09, 0x0A, 0x0D, 0x0C:
      var index = start + 1
      while index < limit, bytes[index].isCSSWhitespace { index += 1 }
      return token(.whitespace, start, index)
    case 0x22, 0x27: return takeString(start, quote: first)
    case 0x23:
      guard byte(start + 1).isNameByte || isEscape(start + 1) else { return token(.delimiter, start, start + 1) }
      let kind: CSSToken.Kind = startsName(start + 1) ? .idHash : .hash
      return token(kind, start, nameEnd(start + 1))
    case 0x28: return token(.openParenthesis, start, start + 1)
    case 0x29: return token(.closeParenthesis, start, start + 1)
    case 0x2C: return token(.comma, start, start + 1)
    case 0x3A: return token(.colon, start, start + 1)
    case 0x3B: return token(.semicolon, start, start + 1)
    case 0x5B: return token(.openSquare, start, start + 1)
    case 0x5D: return token(.closeSquare, start, start + 1)
    case 0x7B: return token(.openBrace, start, start + 1)
    case 0x7D: return token(.closeBrace, start, start + 1)
    case 0x2F where byte(start + 1) == 0x2A: return takeComment(start)
    case 0x2B, 0x2E: return startsNumber(start) ? takeNumber(start) : token(.delimiter, start, start + 1)
    case 0x30...0x39: return takeNumber(start)
    case 0x2D:
      if startsNumber(start) { return takeNumber(start) }
      if byte(start + 1) == 0x2D, byte(start + 2) == 0x3E { return token(.cdc, start, start + 3) }
      return startsName(start) ? takeIdentLike(start) : token(.delimiter, start, start + 1)
    case 0x3C where byte(start + 1) == 0x21 && byte(start + 2) == 0x2D && byte(start + 3) == 0x2D:
      return token(.cdo, start, start + 4)
    case 0x40 where startsName(start + 1): return token(.atKeyword, start, nameEnd(start + 1))
    case 0x5C where isEscape(start): return takeIdentLike(start)
    default: return first.isNameStart ? takeIdentLike(start) : token(.delimiter, start, start + 1)
    }
  }

  private mutating func token(
    _ kind: CSSToken.Kind, _ start: Int, _ stop: Int, unitStart: Int? = nil, isUnclosed: Bool = false
  ) -> CSSToken {
    position = stop
    return CSSToken(
      kind: kind, isUnclosed: isUnclosed, start: Int32(truncatingIfNeeded: start),
      end: Int32(truncatingIfNeeded: stop), unitStart: Int32(truncatingIfNeeded: unitStart ?? stop))
  }

  // MARK: - Names

  private func isEscape(_ offset: Int) -> Bool {
    guard byte(offset) == 0x5C else { return false }
    return offset + 1 < limit ? !bytes[offset + 1].isCSSNewline : offset + 1 == end
  }

  private func startsName(_ offset: Int) -> Bool {
    let first = byte(offset)
    if first == 0x2D {
      let second = byte(offset + 1)
      return second.isNameStart || second == 0x2D || isEscape(offset + 1)
    }
    return first.isNameStart || isEscape(offset)
  }

  private func nameEnd(_ offset: Int) -> Int {
    var index = offset
    while index < limit {
      if bytes[index].isNameByte {
        index += 1
      } else if isEscape(index) {
        index = CSSName.escape(bytes, at: index, limit: limit).end
      } else {
        break
      }
    }
    return index
  }

  private mutating func takeIdentLike(_ start: Int) -> CSSToken {
    let stop = nameEnd(start)
    guard byte(stop) == 0x28 else { return token(.ident, start, stop) }
    let mayBeURL = (bytes[start] | 0x20 == 0x75 && stop - start == 3) || bytes[start..<stop].contains(0x5C)
    if mayBeURL, CSSName.hash(bytes, start..<stop, lowercased: true) == RunningHash.of("url") {
      var index = stop + 1
      while index < limit, bytes[index].isCSSWhitespace { index += 1 }
      if byte(index) != 0x22, byte(index) != 0x27 { return takeURL(start, from: index) }
    }
    return token(.function, start, stop + 1)
  }

  // MARK: - Numbers

  private func startsNumber(_ offset: Int) -> Bool {
    var index = offset
    if byte(index) == 0x2B || byte(index) == 0x2D { index += 1 }
    if byte(index) == 0x2E { index += 1 }
    return byte(index).isDigit
  }

  private mutating func takeNumber(_ start: Int) -> CSSToken {
    var index = start
    if byte(index) == 0x2B || byte(index) == 0x2D { index += 1 }
    while byte(index).isDigit { index += 1 }
    if byte(index) == 0x2E, byte(index + 1).isDigit {
      index += 1
      while byte(index).isDigit { index += 1 }
    }
    if byte(index) | 0x20 == 0x65 {
      let sign = byte(index + 1) == 0x2B || byte(index + 1) == 0x2D ? 1 : 0
      if byte(index + 1 + sign).isDigit {
        index += 1 + sign
        while byte(index).isDigit { index += 1 }
      }
    }
    if byte(index) == 0x25 { return token(.percentage, start, index + 1, unitStart: index) }
    guard startsName(index) else { return token(.number, start, index) }
    return token(.dimension, start, nameEnd(index), unitStart: index)
  }

  // MARK: - Constructs that placeholders may stand in

  private mutating func takeComment(_ start: Int) -> CSSToken {
    var index = start + 2
    while true {
      while index < limit {
        if bytes[index] == 0x2A, byte(index + 1) == 0x2F { return token(.comment, start, index + 2) }
        index += 1
      }
      if index >= end { return token(.comment, start, end, isUnclosed: true) }
      index = stepOverPlaceholder()
    }
  }

  private mutating func takeString(_ start: Int, quote: UInt8) -> CSSToken {
    var index = start + 1
    while true {
      while index < limit {
        let byte = bytes[index]
        if byte == quote { return token(.string, start, index + 1) }
        if byte.isCSSNewline { return token(.badString, start, index) }
        if byte == 0x5C, index + 1 < limit {
          let isCarriageReturn = bytes[index + 1] == 0x0D
          index += 2
          if isCarriageReturn, index < limit, bytes[index] == 0x0A { index += 1 }
        } else {
          index += 1
        }
      }
      if index >= end { return token(.string, start, end, isUnclosed: true) }
      index = stepOverPlaceholder()
    }
  }

  private mutating func takeURL(_ start: Int, from content: Int) -> CSSToken {
    var index = content
    while true {
      while index < limit {
        let byte = bytes[index]
        switch byte {
        case 0x29: return token(.url, start, index + 1)
        case 0x22, 0x27, 0x28, 0x01...0x08, 0x0B, 0x0E...0x1F, 0x7F: return takeBadURL(start, from: index)
        case 0x5C:
          if !isEscape(index) { return takeBadURL(start, from: index) }
          index = CSSName.escape(bytes, at: index, limit: limit).end
        case 0x20, 0x09, 0x0A, 0x0D, 0x0C:
          while index < limit, bytes[index].isCSSWhitespace { index += 1 }
          if index < limit, bytes[index] != 0x29 { return takeBadURL(start, from: index) }
        default: index += 1
        }
      }
      if index >= end { return token(.url, start, end, isUnclosed: true) }
      index = stepOverPlaceholder()
    }
  }

  private mutating func takeBadURL(_ start: Int, from content: Int) -> CSSToken {
    var index = content
    while true {
      while index < limit {
        if bytes[index] == 0x29 { return token(.badURL, start, index + 1) }
        index += bytes[index] == 0x5C && index + 1 < limit ? 2 : 1
      }
      if index >= end { return token(.badURL, start, end, isUnclosed: true) }
      index = stepOverPlaceholder()
    }
  }
}
