/// Whether clients can be trusted to understand a value.
///
/// A value that a client doesn't understand leaves the one before in force. So a declaration overrides a weaker one
/// from another rule only if its value is certain; of a doubtful one both are kept, in order, and the client decides.
/// Values are checked for the properties of which invalid values are common in mails: colors, lengths and some words.
/// Functions count as certain, as do the values of all other properties. A prefixed value, such as `-webkit-box`, is
/// doubtful for any property that is checked.
enum ValueGrammar {
  /// What the values of a property are made of.
  private enum Form {
    /// One color.
    case color
    /// One to four lengths, percentages and words.
    case lengths
    /// One length, percentage, number or word.
    case lengthOrNumber
    /// One of a list of words.
    case word(Set<UInt64>)
  }

  /// The forms by the number of the property.
  private static let forms: [Form?] = {
    var forms: [Form?] = Array(repeating: nil, count: PropertyTable.shared.count)
    for (names, form) in table {
      for name in names.split(separator: " ") {
        let index = Int(PropertyTable.shared.index(of: String(name)))
        if index >= 0 { forms[index] = form }
      }
    }
    return forms
  }()

  private static let table: [(String, Form)] = [
    (
      "color background-color border-top-color border-right-color border-bottom-color border-left-color outline-color",
      .color
    ),
    (
      "margin margin-top margin-right margin-bottom margin-left padding padding-top padding-right padding-bottom "
        + "padding-left width height min-width max-width min-height max-height text-indent font-size top right "
        + "bottom left",
      .lengths
    ),
    ("line-height letter-spacing word-spacing", .lengthOrNumber),
    (
      "display",
      .word(
        hashes(
          "none block inline inline-block table inline-table table-row table-cell table-row-group table-header-group "
            + "table-footer-group table-column table-column-group table-caption list-item"))
    ),
    ("text-align", .word(hashes("left right center justify"))),
    ("float", .word(hashes("left right none"))),
    ("clear", .word(hashes("left right both none"))),
    ("visibility", .word(hashes("visible hidden collapse"))),
    ("text-transform", .word(hashes("none uppercase lowercase capitalize"))),
    ("font-style", .word(hashes("normal italic oblique"))),
    ("border-collapse", .word(hashes("collapse separate"))),
    ("table-layout", .word(hashes("auto fixed"))),
    ("position", .word(hashes("static relative absolute fixed"))),
    ("direction", .word(hashes("ltr rtl"))),
  ]

  private static func hashes(_ words: String) -> Set<UInt64> {
    Set(
      words.split(separator: " ").map { word in
        var hash = RunningHash()
        for byte in word.utf8 { hash.add(byte) }
        return hash.value
      })
  }

  private static let wide = hashes("inherit initial unset revert")
  private static let lengthWords = hashes(
    "auto none normal medium small large x-small xx-small x-large xx-large smaller larger thin thick max-content "
      + "min-content fit-content")
  private static let units = hashes("px em rem pt pc in cm mm ex ch vw vh vmin vmax")
  private static let colors = hashes(
    """
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
    """)

  /// Whether the value of a property may be misunderstood.
  static func isDoubtful(_ bytes: [UInt8], _ range: Range<Int>, of property: Property) -> Bool {
    guard property.isKnown, let form = forms[Int(property.index)] else { return false }
    var tokenizer = CSSTokenizer(bytes, in: range)
    var count = 0
    var depth = 0
    var limit = 1
    if case .lengths = form { limit = 4 }
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

  private static func fits(_ token: CSSToken, _ bytes: [UInt8], _ form: Form) -> Bool {
    let isIdent = token.kind == .ident
    let word = isIdent ? CSSName.hash(bytes, token.range, lowercased: true) : 0
    if isIdent, wide.contains(word) { return true }
    switch form {
    case .color:
      if isIdent { return colors.contains(word) }
      return isHexColor(token, bytes)
    case .word(let words): return isIdent && words.contains(word)
    case .lengths, .lengthOrNumber:
      switch token.kind {
      case .ident: return lengthWords.contains(word)
      case .percentage: return true
      case .dimension:
        return units.contains(CSSName.hash(bytes, Int(token.unitStart)..<Int(token.end), lowercased: true))
      case .number:
        if case .lengthOrNumber = form { return true }
        return bytes[token.range].allSatisfy { $0 == 0x30 || $0 == 0x2E || $0 == 0x2B || $0 == 0x2D }
      default: return false
      }
    }
  }

  /// Whether a token is `#` with three or six digits; four and eight have an alpha that many clients don't know.
  private static func isHexColor(_ token: CSSToken, _ bytes: [UInt8]) -> Bool {
    guard token.kind == .hash || token.kind == .idHash else { return false }
    let digits = bytes[token.range].dropFirst()
    return (digits.count == 3 || digits.count == 6) && digits.allSatisfy(\.isHexDigit)
  }
}
