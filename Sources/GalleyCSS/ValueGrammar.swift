/// Whether clients can be trusted to understand a value.
///
/// A value that a client doesn't understand leaves the one before in force. So a declaration overrides a weaker one
/// from another rule only if its value is certain; of a doubtful one both are kept, in order, and the client decides.
/// Values are checked for the properties of which invalid values are common in mails: colors, lengths and some words.
/// Functions count as certain, as do the values of all other properties. A prefixed value, such as `-webkit-box`, is
/// doubtful for any property that is checked.
final class ValueGrammar: Sendable {
  /// The grammar; built once.
  static let shared = ValueGrammar()

  /// What the values of a property are made of; forms behind the named ones are lists of words.
  private enum Form {
    /// Anything.
    static let any: UInt8 = 0
    /// One color.
    static let color: UInt8 = 1
    /// One to four lengths, percentages and words.
    static let lengths: UInt8 = 2
    /// One length, percentage, number or word.
    static let lengthOrNumber: UInt8 = 3
    /// The units of lengths.
    static let units: UInt8 = 4
    /// The words that any property takes.
    static let wide: UInt8 = 5
    /// The first list of words that belongs to some properties.
    static let firstWords: UInt8 = 6
  }

  /// The form of each property that the property table knows.
  private let forms: [UInt8]
  /// The words of all forms: an open-addressed table of 1024 mixed hashes, 0 where there is none.
  private let words: [UInt64]

  private init() {
    var forms: [UInt8] = Array(repeating: Form.any, count: PropertyTable.shared.count)
    var words: [UInt64] = Array(repeating: 0, count: 1024)
    func add(_ names: String, _ form: UInt8) {
      for name in names.split(separator: " ") {
        let key = Self.mixed(Self.hash(name), form)
        var slot = Int(truncatingIfNeeded: key) & 1023
        while words[slot] != 0 { slot = (slot + 1) & 1023 }
        words[slot] = key
      }
    }
    func set(_ names: String, _ form: UInt8) {
      for name in names.split(separator: " ") {
        let index = Int(PropertyTable.shared.index(of: String(name)))
        if index >= 0 { forms[index] = form }
      }
    }
    add(Self.colors, Form.color)
    add(Self.lengthWords, Form.lengths)
    add(Self.lengthWords, Form.lengthOrNumber)
    add(Self.units, Form.units)
    add(Self.wideWords, Form.wide)
    set(Self.colorProperties, Form.color)
    set(Self.lengthProperties, Form.lengths)
    set(Self.numberProperties, Form.lengthOrNumber)
    for (index, (properties, values)) in Self.wordProperties.enumerated() {
      set(properties, Form.firstWords + UInt8(index))
      add(values, Form.firstWords + UInt8(index))
    }
    self.forms = forms
    self.words = words
  }

  private static func hash(_ name: Substring) -> UInt64 {
    var hash = RunningHash()
    for byte in name.utf8 { hash.add(byte) }
    return hash.value
  }

  private static func mixed(_ hash: UInt64, _ form: UInt8) -> UInt64 {
    (hash ^ UInt64(form) &* 0x9E37_79B9_7F4A_7C15) | 1
  }

  private func isWord(_ hash: UInt64, of form: UInt8) -> Bool {
    let key = Self.mixed(hash, form)
    var slot = Int(truncatingIfNeeded: key) & 1023
    while words[slot] != 0 {
      if words[slot] == key { return true }
      slot = (slot + 1) & 1023
    }
    return false
  }

  // MARK: - Judging values

  /// Whether the value of a property may be misunderstood.
  func isDoubtful(_ bytes: [UInt8], _ range: Range<Int>, of property: Property) -> Bool {
    guard property.isKnown else { return false }
    let form = forms[Int(property.index)]
    if form == Form.any || isPlainlyCertain(bytes.span, range, form) { return false }
    var tokenizer = CSSTokenizer(bytes, in: range)
    var count = 0
    var depth = 0
    let limit = form == Form.lengths ? 4 : 1
    while true {
      let token = tokenizer.take()
      switch token.kind {
      case .end: return count == 0 || count > limit
      case .whitespace, .comment: continue
      case .function, .openParenthesis: depth += 1
      case .closeParenthesis:
        depth = max(depth - 1, 0)
        continue
      default: if depth == 0, !fits(token, bytes, form) { return true }
      }
      if depth == 0 || depth == 1 && token.kind == .function { count += 1 }
    }
  }

  private func fits(_ token: CSSToken, _ bytes: [UInt8], _ form: UInt8) -> Bool {
    let isIdent = token.kind == .ident
    let word = isIdent ? CSSName.hash(bytes, token.range, lowercased: true) : 0
    if isIdent { return isWord(word, of: form) || isWord(word, of: Form.wide) }
    switch form {
    case Form.color: return isHexColor(token, bytes)
    case Form.lengths, Form.lengthOrNumber:
      switch token.kind {
      case .percentage: return true
      case .dimension:
        return isWord(CSSName.hash(bytes, Int(token.unitStart)..<Int(token.end), lowercased: true), of: Form.units)
      case .number:
        if form == Form.lengthOrNumber { return true }
        return bytes[token.range].allSatisfy { $0 == 0x30 || $0 == 0x2E || $0 == 0x2B || $0 == 0x2D }
      default: return false
      }
    default: return false
    }
  }

  /// Whether a token is `#` with three or six digits; four and eight have an alpha that many clients don't know.
  private func isHexColor(_ token: CSSToken, _ bytes: [UInt8]) -> Bool {
    guard token.kind == .hash || token.kind == .idHash else { return false }
    let digits = bytes[token.range].dropFirst()
    return (digits.count == 3 || digits.count == 6) && digits.allSatisfy(\.isHexDigit)
  }

  // MARK: - The usual values, without tokens

  /// Whether a value is one of the usual ones that is certain; a value that is not may be certain all the same.
  private func isPlainlyCertain(_ bytes: Span<UInt8>, _ range: Range<Int>, _ form: UInt8) -> Bool {
    let value = bytes.extracting(range)
    if value.isEmpty { return false }
    if form == Form.lengths || form == Form.lengthOrNumber { return areLengths(value, form) }
    if form == Form.color, value[0] == 0x23 {
      guard value.count == 4 || value.count == 7 else { return false }
      for index in 1..<value.count where !value[index].isHexDigit { return false }
      return true
    }
    var index = 0
    guard let word = word(value, &index), index == value.count else { return false }
    return isWord(word, of: form) || isWord(word, of: Form.wide)
  }

  /// Whether a value is a few lengths and words, with one space between.
  private func areLengths(_ value: Span<UInt8>, _ form: UInt8) -> Bool {
    var index = 0
    var count = 0
    while index < value.count {
      if !isLength(value, &index, form) { return false }
      count += 1
      if index < value.count {
        guard value[index] == 0x20 else { return false }
        index += 1
      }
    }
    return count > 0 && count <= (form == Form.lengths ? 4 : 1)
  }

  private func isLength(_ value: Span<UInt8>, _ index: inout Int, _ form: UInt8) -> Bool {
    let start = index
    if value[index] == 0x2D { index += 1 }
    var isZero = true
    var digits = 0
    while index < value.count, value[index].isDigit || value[index] == 0x2E && digits > 0 {
      if value[index] == 0x2E {
        // Digits must follow, and only one point may stand there.
        guard index + 1 < value.count, value[index + 1].isDigit, digits < 100 else { return false }
        digits = 100
      } else {
        digits += 1
        if value[index] != 0x30 { isZero = false }
      }
      index += 1
    }
    if digits == 0 {
      index = start
      guard let word = word(value, &index) else { return false }
      return isWord(word, of: form) || isWord(word, of: Form.wide)
    }
    if index == value.count || value[index] == 0x20 { return isZero || form == Form.lengthOrNumber }
    if value[index] == 0x25 {
      index += 1
      return true
    }
    let isPixel = index + 2 <= value.count && value[index] == 0x70 && value[index + 1] == 0x78
    if isPixel, index + 2 == value.count || value[index + 2] == 0x20 {
      index += 2
      return true
    }
    guard let unit = word(value, &index) else { return false }
    return isWord(unit, of: Form.units)
  }

  /// Takes letters and dashes, of which the first is a letter, and returns their hash in lower case.
  private func word(_ value: Span<UInt8>, _ index: inout Int) -> UInt64? {
    guard value[index].isLetter else { return nil }
    var hash = RunningHash()
    while index < value.count, value[index].isLetter || value[index] == 0x2D {
      hash.add(value[index].lowercasedASCII)
      index += 1
    }
    return hash.value
  }
}

extension ValueGrammar {
  private static let colorProperties =
    "color background-color border-top-color border-right-color border-bottom-color border-left-color outline-color"

  private static let lengthProperties = """
    margin margin-top margin-right margin-bottom margin-left padding padding-top padding-right padding-bottom \
    padding-left width height min-width max-width min-height max-height text-indent font-size top right bottom left
    """

  private static let numberProperties = "line-height letter-spacing word-spacing"

  private static let wordProperties: [(String, String)] = [
    (
      "display",
      """
      none block inline inline-block table inline-table table-row table-cell table-row-group table-header-group \
      table-footer-group table-column table-column-group table-caption list-item
      """
    ),
    ("text-align", "left right center justify"), ("float", "left right none"), ("clear", "left right both none"),
    ("visibility", "visible hidden collapse"), ("text-transform", "none uppercase lowercase capitalize"),
    ("font-style", "normal italic oblique"), ("border-collapse", "collapse separate"), ("table-layout", "auto fixed"),
    ("position", "static relative absolute fixed"), ("direction", "ltr rtl"),
  ]

  private static let wideWords = "inherit initial unset revert"

  private static let lengthWords = """
    auto none normal medium small large x-small xx-small x-large xx-large smaller larger thin thick max-content \
    min-content fit-content
    """

  private static let units = "px em rem pt pc in cm mm ex ch vw vh vmin vmax"

  private static let colors = """
    transparent currentcolor aliceblue antiquewhite aqua aquamarine azure beige bisque black blanchedalmond blue \
    blueviolet brown burlywood cadetblue chartreuse chocolate coral cornflowerblue cornsilk crimson cyan \
    darkblue darkcyan darkgoldenrod darkgray darkgreen darkgrey darkkhaki darkmagenta darkolivegreen darkorange \
    darkorchid darkred darksalmon darkseagreen darkslateblue darkslategray darkslategrey darkturquoise \
    darkviolet deeppink deepskyblue dimgray dimgrey dodgerblue firebrick floralwhite forestgreen fuchsia \
    gainsboro ghostwhite gold goldenrod gray green greenyellow grey honeydew hotpink indianred indigo ivory \
    khaki lavender lavenderblush lawngreen lemonchiffon lightblue lightcoral lightcyan lightgoldenrodyellow \
    lightgray lightgreen lightgrey lightpink lightsalmon lightseagreen lightskyblue lightslategray \
    lightslategrey lightsteelblue lightyellow lime limegreen linen magenta maroon mediumaquamarine mediumblue \
    mediumorchid mediumpurple mediumseagreen mediumslateblue mediumspringgreen mediumturquoise mediumvioletred \
    midnightblue mintcream mistyrose moccasin navajowhite navy oldlace olive olivedrab orange orangered orchid \
    palegoldenrod palegreen paleturquoise palevioletred papayawhip peachpuff peru pink plum powderblue purple \
    rebeccapurple red rosybrown royalblue saddlebrown salmon sandybrown seagreen seashell sienna silver skyblue \
    slateblue slategray slategrey snow springgreen steelblue tan teal thistle tomato turquoise violet wheat \
    white whitesmoke yellow yellowgreen
    """
}
