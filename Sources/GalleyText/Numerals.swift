/// How the numbers of a list are written: its `type`.
///
/// https://html.spec.whatwg.org/multipage/grouping-content.html#attr-ol-type
enum Numerals {
  case decimal, lowerLetters, upperLetters, lowerRoman, upperRoman

  /// Reads the value of `type`, whose case matters.
  init?(_ value: ArraySlice<UInt8>) {
    let value = value.trimmed
    guard value.count == 1, let byte = value.first else { return nil }
    switch byte {
    case 0x31: self = .decimal
    case 0x61: self = .lowerLetters
    case 0x41: self = .upperLetters
    case 0x69: self = .lowerRoman
    case 0x49: self = .upperRoman
    default: return nil
    }
  }

  /// Writes a number; one for which there are no such numerals in digits.
  func spell(_ number: Int) -> String {
    switch self {
    case .decimal: String(number)
    case .lowerLetters: Self.letters(number) ?? String(number)
    case .upperLetters: Self.letters(number)?.uppercased() ?? String(number)
    case .lowerRoman: Self.roman(number)?.lowercased() ?? String(number)
    case .upperRoman: Self.roman(number) ?? String(number)
    }
  }

  /// a to z, then aa, ab…
  private static func letters(_ number: Int) -> String? {
    guard number > 0 else { return nil }
    var rest = number
    var letters: [UInt8] = []
    while rest > 0 {
      letters.append(UInt8(0x61 + (rest - 1) % 26))
      rest = (rest - 1) / 26
    }
    return String(decoding: letters.reversed(), as: UTF8.self)
  }

  private static func roman(_ number: Int) -> String? {
    guard (1...3_999).contains(number) else { return nil }
    var rest = number
    var numerals = ""
    for (value, numeral) in romanValues {
      while rest >= value {
        numerals += numeral
        rest -= value
      }
    }
    return numerals
  }

  private static let romanValues = [
    (1_000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"),
    (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
  ]
}
