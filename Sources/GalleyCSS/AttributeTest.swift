/// The comparison of an attribute's value with what a selector asks for
/// (https://www.w3.org/TR/selectors-4/#attribute-selectors); nothing is copied.
enum AttributeTest {
  /// Whether the value at `range` of `bytes` is one that a selector asks for, whose text lies in `texts`.
  static func matches(
    _ wanted: SelectorStore.Value, _ texts: [UInt8], _ bytes: [UInt8], _ range: Range<Int>
  ) -> Bool {
    let text = texts.span.extracting(wanted.text)
    let value = bytes.span.extracting(range)
    guard value.count >= text.count else { return false }
    let ignoresCase = wanted.ignoresCase
    switch wanted.operation {
    case .equals: return value.count == text.count && isEqual(text, value, at: 0, ignoringCase: ignoresCase)
    case .dash:
      return isEqual(text, value, at: 0, ignoringCase: ignoresCase)
        && (value.count == text.count || value[text.count] == 0x2D)
    case .prefix: return text.count > 0 && isEqual(text, value, at: 0, ignoringCase: ignoresCase)
    case .suffix:
      return text.count > 0 && isEqual(text, value, at: value.count &- text.count, ignoringCase: ignoresCase)
    case .word:
      guard text.count > 0, !texts[wanted.text].contains(where: \.isCSSWhitespace) else { return false }
      return hasWord(text, value, ignoringCase: ignoresCase)
    case .substring:
      if text.count > longText { return contains(texts[wanted.text], bytes[range], ignoringCase: ignoresCase) }
      return text.count > 0 && contains(text, value, ignoringCase: ignoresCase)
    }
  }

  /// Whether a text stands between white space.
  private static func hasWord(_ text: Span<UInt8>, _ value: Span<UInt8>, ignoringCase: Bool) -> Bool {
    var start = 0
    while start <= value.count &- text.count {
      let stop = start &+ text.count
      if stop == value.count || value[stop].isCSSWhitespace, isEqual(text, value, at: start, ignoringCase: ignoringCase)
      {
        return true
      }
      while start < value.count, !value[start].isCSSWhitespace { start &+= 1 }
      start &+= 1
    }
    return false
  }

  /// Whether a short text, which is not empty, stands in another one.
  private static func contains(_ text: Span<UInt8>, _ value: Span<UInt8>, ignoringCase: Bool) -> Bool {
    let first = text[0]
    // Of a letter the other case is one bit away; what else this lets through is compared in full.
    let bit: UInt8 = ignoringCase && first.isLetter ? 0x20 : 0
    var start = 0
    while start <= value.count &- text.count {
      if (value[start] ^ first) & ~bit == 0, isEqual(text, value, at: start, ignoringCase: ignoringCase) { return true }
      start &+= 1
    }
    return false
  }

  /// The length from which on a text is searched for with a table.
  private static let longText = 64

  /// Whether a text stands in another, in time linear in both (Knuth, Morris and Pratt).
  private static func contains(_ text: ArraySlice<UInt8>, _ bytes: ArraySlice<UInt8>, ignoringCase: Bool) -> Bool {
    let text = Array(ignoringCase ? text.map(\.lowercasedASCII)[...] : text)
    var borders = [0]
    var length = 0
    for byte in text.dropFirst() {
      while length > 0, text[length] != byte { length = borders[length - 1] }
      if text[length] == byte { length += 1 }
      borders.append(length)
    }
    length = 0
    for byte in bytes {
      let byte = ignoringCase ? byte.lowercasedASCII : byte
      while length > 0, text[length] != byte { length = borders[length - 1] }
      if text[length] == byte { length += 1 }
      if length == text.count { return true }
    }
    return false
  }

  /// Whether the bytes at `start`, of which there are enough, are those of `text`.
  @inline(__always) private static func isEqual(
    _ text: Span<UInt8>, _ value: Span<UInt8>, at start: Int, ignoringCase: Bool
  ) -> Bool {
    var index = 0
    while index < text.count {
      let (a, b) = (text[index], value[start &+ index])
      if a != b, !ignoringCase || a.lowercasedASCII != b.lowercasedASCII { return false }
      index &+= 1
    }
    return true
  }

  /// Whether a language tag lies in a range such as `en`, `*-ZA` or `de-*-DE`: the extended filtering of RFC 4647
  /// (https://www.rfc-editor.org/rfc/rfc4647#section-3.3.2). The empty range is that of the empty tag.
  static func isLanguage(_ tag: ArraySlice<UInt8>, in range: ArraySlice<UInt8>) -> Bool {
    if range.isEmpty || tag.isEmpty { return range.isEmpty && tag.isEmpty }
    var tags = tag.split(separator: 0x2D, omittingEmptySubsequences: false)[...]
    var ranges = range.split(separator: 0x2D, omittingEmptySubsequences: false)[...]
    guard let first = ranges.popFirst(), let language = tags.popFirst() else { return false }
    guard isWildcard(first) || isEqual(first, language) else { return false }
    while let wanted = ranges.first {
      if isWildcard(wanted) {
        ranges.removeFirst()
        continue
      }
      guard let next = tags.popFirst() else { return false }
      if isEqual(wanted, next) {
        ranges.removeFirst()
      } else if next.count == 1 {
        return false
      }
    }
    return true
  }

  private static func isWildcard(_ subtag: ArraySlice<UInt8>) -> Bool { subtag.count == 1 && subtag.first == 0x2A }

  private static func isEqual(_ a: ArraySlice<UInt8>, _ b: ArraySlice<UInt8>) -> Bool {
    a.count == b.count && a.lazy.map(\.lowercasedASCII).elementsEqual(b.lazy.map(\.lowercasedASCII))
  }
}
