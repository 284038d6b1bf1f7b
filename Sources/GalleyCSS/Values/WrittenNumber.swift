/// A number as CSS writes it.
enum WrittenNumber {
  /// The greatest magnitude a number is given; more than any property can use, and safe to calculate with.
  private static let limit = 1e9

  /// The value of a number token's digits, without the unit; 0 for what is none.
  static func value(_ bytes: [UInt8], _ range: Range<Int>) -> Double {
    let value = Double(String(decoding: bytes[range], as: UTF8.self)) ?? 0
    return min(max(value, -limit), limit)
  }

  /// The number of a number, a percentage or a dimension.
  static func value(_ bytes: [UInt8], _ token: CSSToken) -> Double {
    value(bytes, Int(token.start)..<Int(token.unitStart))
  }
}
