import GalleySource

/// The core schema of YAML 1.2, section 10.3: what a plain scalar means.
enum CoreSchema {
  /// The value of a plain scalar, and a complaint about a number that programs do not agree on.
  static func resolve(_ text: String, at range: SourceRange) -> (DataNode.Kind, Diagnostic?) {
    switch text {
    case "", "~", "null", "Null", "NULL": return (.null, nil)
    case "true", "True", "TRUE": return (.boolean(true), nil)
    case "false", "False", "FALSE": return (.boolean(false), nil)
    default: break
    }
    guard let spelling = number(Array(text.utf8)) else { return (.string(text), nil) }
    return (.number(spelling), DataRules.outOfRange(spelling, at: range))
  }

  /// The decimal spelling of a number, or nil for a text.
  private static func number(_ text: [UInt8]) -> String? {
    if text.starts(with: "0o".utf8) || text.starts(with: "0x".utf8) {
      let digits = String(decoding: text.dropFirst(2), as: UTF8.self)
      guard !digits.isEmpty, let first = digits.utf8.first, first != 0x2B, first != 0x2D,
        let value = UInt64(digits, radix: text[1] == UInt8(ascii: "o") ? 8 : 16)
      else { return nil }
      return String(value)
    }
    let unsigned = text.drop { $0 == 0x2B || $0 == 0x2D }
    guard text.count - unsigned.count <= 1 else { return nil }
    switch String(decoding: unsigned, as: UTF8.self) {
    case ".inf", ".Inf", ".INF": return "1e999"
    case ".nan" where unsigned.count == text.count, ".NaN" where unsigned.count == text.count,
      ".NAN" where unsigned.count == text.count:
      return "nan"
    default: return isDecimal(unsigned) ? String(decoding: text, as: UTF8.self) : nil
    }
  }

  /// Whether the bytes are `digits[.digits][e[±]digits]` or `.digits…`.
  private static func isDecimal(_ text: ArraySlice<UInt8>) -> Bool {
    var index = text.startIndex
    func skipDigits(_ index: inout Int) -> Int {
      let first = index
      while index < text.endIndex, (0x30...0x39).contains(text[index]) { index += 1 }
      return index - first
    }
    let whole = skipDigits(&index)
    var fraction = 0
    if index < text.endIndex, text[index] == UInt8(ascii: ".") {
      index += 1
      fraction = skipDigits(&index)
    }
    guard whole + fraction > 0 else { return false }
    if index < text.endIndex, text[index] | 0x20 == UInt8(ascii: "e") {
      index += 1
      if index < text.endIndex, text[index] == 0x2B || text[index] == 0x2D { index += 1 }
      guard skipDigits(&index) > 0 else { return false }
    }
    return index == text.endIndex
  }
}
