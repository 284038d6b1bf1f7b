/// The ASCII bytes that HTML gives a meaning to.
enum ASCII {
  static let tab: UInt8 = 0x09
  static let lineFeed: UInt8 = 0x0A
  static let formFeed: UInt8 = 0x0C
  static let carriageReturn: UInt8 = 0x0D
  static let space: UInt8 = 0x20
  static let exclamation: UInt8 = 0x21
  static let doubleQuote: UInt8 = 0x22
  static let hash: UInt8 = 0x23
  static let percent: UInt8 = 0x25
  static let ampersand: UInt8 = 0x26
  static let singleQuote: UInt8 = 0x27
  static let dash: UInt8 = 0x2D
  static let slash: UInt8 = 0x2F
  static let colon: UInt8 = 0x3A
  static let semicolon: UInt8 = 0x3B
  static let less: UInt8 = 0x3C
  static let equals: UInt8 = 0x3D
  static let greater: UInt8 = 0x3E
  static let question: UInt8 = 0x3F
  static let openBracket: UInt8 = 0x5B
  static let backslash: UInt8 = 0x5C
  static let closeBracket: UInt8 = 0x5D
}

extension UInt8 {
  /// Whether the byte is white space to HTML.
  @inline(__always) var isHTMLSpace: Bool {
    self <= 0x20 && (self == 0x20 || self == 0x0A || self == 0x0D || self == 0x09 || self == 0x0C)
  }

  /// Whether the byte is an ASCII letter.
  @inline(__always) var isLetter: Bool { (self | 0x20) &- 0x61 < 26 }

  /// Whether the byte is an ASCII digit.
  @inline(__always) var isDigit: Bool { self &- 0x30 < 10 }

  /// The byte with ASCII letters in lower case.
  @inline(__always) var lowercased: UInt8 { self &- 0x41 < 26 ? self | 0x20 : self }
}

/// A hash of a name under way.
struct RunningHash {
  private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

  /// Takes in a byte, letters in lower case.
  @inline(__always) mutating func add(_ byte: UInt8) {
    value = (value ^ UInt64(byte.lowercased)) &* 0x100_0000_01b3
  }

  /// The hash of the bytes taken in.
  var name: NameHash { NameHash(value: value) }
}

extension Span<UInt8> {
  /// Eight bytes from `index` on, the first in the lowest bits.
  @inline(__always) func word(at index: Int) -> UInt64 {
    // The load is checked against the bounds of the span, and any bytes are a number.
    UInt64(littleEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self))
  }

  /// The first index from `start` on, before `end`, that holds `byte`, or `end`.
  ///
  /// Looks at eight bytes at a time: their difference from `byte` is zero where they are equal.
  @inline(__always) func first(_ byte: UInt8, from start: Int, to end: Int) -> Int {
    guard start < end else { return end }
    let run = extracting(0..<end)
    let ones: UInt64 = 0x0101_0101_0101_0101
    let pattern = ones &* UInt64(byte)
    var index = start
    while index <= end &- 8 {
      let difference = run.word(at: index) ^ pattern
      let zeros = (difference &- ones) & ~difference & (ones &* 0x80)
      if zeros != 0 { return index &+ zeros.trailingZeroBitCount / 8 }
      index &+= 8
    }
    while index < end {
      if run[index] == byte { return index }
      index &+= 1
    }
    return end
  }
}
