import GalleyHTML

/// The words that name a side, and the word for the other one.
enum SideWords {
  private static let pairs: [(StaticString, StaticString)] = [
    ("left", "right"), ("ltr", "rtl"), ("lhs", "rhs"), ("-webkit-left", "-webkit-right"),
    ("-moz-left", "-moz-right"), ("mso-table-lspace", "mso-table-rspace"),
  ]

  /// The other side of a word in any case; nil for a word that names none.
  ///
  /// The case of the first letter and that of the others are kept, so that the other side of that is the word again.
  static func swapped(_ word: ArraySlice<UInt8>) -> [UInt8]? {
    for (one, other) in pairs {
      if equals(word, one) { return cased(other, like: word) }
      if equals(word, other) { return cased(one, like: word) }
    }
    return nil
  }

  /// The part of a property's name that names a side, with the other side; nil where there is none, or several.
  static func swappedName(_ bytes: [UInt8], _ name: Range<Int>) -> (side: Range<Int>, other: [UInt8])? {
    if bytes[name].count > 15, let whole = swapped(bytes[name]) { return (name, whole) }
    var found: (Range<Int>, [UInt8])?
    var start = name.lowerBound
    for index in name.lowerBound...name.upperBound {
      if index < name.upperBound, bytes[index].isLetter || bytes[index].isDigit { continue }
      if index < name.upperBound, bytes[index] == 0x5C { return nil }
      if index - start > 3, let other = swapped(bytes[start..<index]) {
        if found != nil { return nil }
        found = (start..<index, other)
      }
      start = index + 1
    }
    return found
  }

  private static func equals(_ word: ArraySlice<UInt8>, _ other: StaticString) -> Bool {
    guard word.count == other.utf8CodeUnitCount else { return false }
    return zip(word, String(describing: other).utf8).allSatisfy { $0.lowercasedASCII == $1 }
  }

  private static func cased(_ word: StaticString, like other: ArraySlice<UInt8>) -> [UInt8] {
    var result = Array(String(describing: word).utf8)
    let letters = other.filter(\.isLetter)
    let isUpperFirst = letters.first.map { $0 < 0x60 } ?? false
    let isUpperRest = letters.dropFirst().first.map { $0 < 0x60 } ?? false
    var isFirst = true
    for index in result.indices where result[index].isLetter {
      if isFirst ? isUpperFirst : isUpperRest { result[index] &-= 0x20 }
      isFirst = false
    }
    return result
  }
}

/// What a selector says of sides and directions.
struct SelectorSides {
  /// Whether it asks for a direction, so that the rule is one for that direction already.
  private(set) var asksForDirection = false
  /// The values of tests such as `[align=left]`, which follow the attributes.
  private(set) var swaps: [(range: Range<Int>, other: [UInt8])] = []

  /// Makes the sides of a selector without any.
  init() {}

  /// Reads the selectors of a rule.
  init(_ text: EmbeddedText, _ prelude: Range<Int>) {
    guard text.bytes[prelude].contains(where: { $0 == 0x5B || $0 == 0x28 }) else { return }
    var tokenizer = CSSTokenizer(text.bytes, in: prelude, placeholders: text.placeholders)
    var attribute: UInt64?
    var isInTest = false
    var isExact = false
    while true {
      let token = tokenizer.take()
      switch token.kind {
      case .end: return
      case .function:
        let name = CSSName.hash(text.bytes, Int(token.start)..<Int(token.end) - 1, lowercased: true)
        if name == Names.dir { asksForDirection = true }
      case .openSquare: (isInTest, attribute, isExact) = (true, nil, false)
      case .closeSquare: isInTest = false
      case .ident where isInTest && attribute == nil:
        attribute = CSSName.hash(text.bytes, token.range, lowercased: true)
        if attribute == Names.dir { asksForDirection = true }
      case .delimiter where isInTest && attribute != nil:
        isExact = text.bytes[Int(token.start)] == 0x3D && text.bytes[Int(token.start) - 1].isNameByte
      case .ident where isExact: note(token.range, of: attribute, text.bytes)
      case .string where isExact: note(Int(token.start) + 1..<Int(token.end) - 1, of: attribute, text.bytes)
      default: break
      }
    }
  }

  private mutating func note(_ range: Range<Int>, of attribute: UInt64?, _ bytes: [UInt8]) {
    guard attribute == Names.align || attribute == Names.clear, let other = SideWords.swapped(bytes[range]) else {
      return
    }
    swaps.append((range, other))
  }

  /// Whether an at-rule is `@keyframes`, also with a prefix.
  static func isKeyframes(_ bytes: [UInt8], _ rule: Range<Int>) -> Bool {
    var tokenizer = CSSTokenizer(bytes, in: rule)
    let keyword = tokenizer.take()
    return keyword.kind == .atKeyword
      && bytes[keyword.range].suffix(9).map(\.lowercasedASCII).elementsEqual("keyframes".utf8)
  }

  private enum Names {
    static let dir = RunningHash.of("dir")
    static let align = RunningHash.of("align")
    static let clear = RunningHash.of("clear")
  }
}
