/// The An+B notation of `:nth-child()` (https://www.w3.org/TR/css-syntax-3/#anb-microsyntax).
enum NthNotation {
  /// The numbers of a text such as `odd`, `2n + 1`, `-n+3` or `4`; nil when it is none.
  static func parse(_ text: ArraySlice<UInt8>) -> (a: Int32, b: Int32)? {
    var reader = Reader(bytes: text, index: text.startIndex)
    reader.skipSpace()
    if reader.takeWord("odd") { return reader.finish(2, 1) }
    if reader.takeWord("even") { return reader.finish(2, 0) }
    let sign = reader.takeSign()
    let digits = reader.takeDigits()
    guard reader.takeN() else {
      guard let digits else { return nil }
      return reader.finish(0, sign * digits)
    }
    let a = sign * (digits ?? 1)
    reader.skipSpace()
    guard !reader.isAtEnd else { return (clamp(a), 0) }
    guard reader.isAtSign else { return nil }
    let secondSign = reader.takeSign()
    reader.skipSpace()
    guard let b = reader.takeDigits() else { return nil }
    return reader.finish(a, secondSign * b)
  }

  /// Whether a position, counted from 1, is one that the numbers describe.
  static func matches(a: Int32, b: Int32, position: Int) -> Bool {
    let difference = position - Int(b)
    if a == 0 { return difference == 0 }
    return difference % Int(a) == 0 && difference / Int(a) >= 0
  }

  private static func clamp(_ value: Int) -> Int32 { Int32(clamping: value) }

  private struct Reader {
    let bytes: ArraySlice<UInt8>
    var index: Int

    var isAtEnd: Bool { index >= bytes.endIndex }
    var current: UInt8 { isAtEnd ? 0 : bytes[index] }
    var isAtSign: Bool { current == 0x2B || current == 0x2D }

    mutating func skipSpace() {
      while true {
        if current.isCSSWhitespace, !isAtEnd {
          index += 1
        } else if current == 0x2F, index + 1 < bytes.endIndex, bytes[index + 1] == 0x2A {
          index += 2
          while !isAtEnd, !(current == 0x2A && index + 1 < bytes.endIndex && bytes[index + 1] == 0x2F) { index += 1 }
          index = min(index + 2, bytes.endIndex)
        } else {
          return
        }
      }
    }

    mutating func takeWord(_ word: String) -> Bool {
      let rest = bytes[index...].prefix(word.utf8.count).lazy.map(\.lowercasedASCII)
      guard rest.elementsEqual(word.utf8) else { return false }
      index += word.utf8.count
      return true
    }

    mutating func takeSign() -> Int {
      guard isAtSign else { return 1 }
      let sign = current == 0x2D ? -1 : 1
      index += 1
      return sign
    }

    mutating func takeDigits() -> Int? {
      guard current.isDigit else { return nil }
      var value = 0
      while current.isDigit {
        value = min(value * 10 + Int(current &- 0x30), 1 << 30)
        index += 1
      }
      return value
    }

    mutating func takeN() -> Bool {
      guard current | 0x20 == 0x6E else { return false }
      index += 1
      return true
    }

    mutating func finish(_ a: Int, _ b: Int) -> (a: Int32, b: Int32)? {
      skipSpace()
      return isAtEnd ? (clamp(a), clamp(b)) : nil
    }
  }
}
