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

/// Sixteen bytes that are compared at once.
///
/// Operations are those of vectors of bytes, with all types written out: the compiler knows single instructions for
/// these, and makes loops of others.
struct ByteBlock: BitwiseCopyable {
  let bytes: SIMD16<UInt8>

  /// The same bytes as two numbers.
  @inline(__always) var words: SIMD2<UInt64> { unsafe unsafeBitCast(bytes, to: SIMD2<UInt64>.self) }

  /// For each byte all bits or none.
  struct Mask {
    let bytes: SIMD16<UInt8>

    /// The same bits as two numbers.
    @inline(__always) private var words: SIMD2<UInt64> { unsafe unsafeBitCast(bytes, to: SIMD2<UInt64>.self) }

    /// Whether there is a byte with bits.
    @inline(__always) var isAny: Bool {
      let words = words
      return words[0] | words[1] != 0
    }

    /// The position of the first byte with bits, of which there is one.
    @inline(__always) var first: Int {
      let words = words
      return words[0] != 0 ? words[0].trailingZeroBitCount &>> 3 : 8 &+ words[1].trailingZeroBitCount &>> 3
    }

    /// How many bytes have bits before the first one that has none.
    @inline(__always) var leadingCount: Int {
      let words = words
      return words[0] != .max ? (~words[0]).trailingZeroBitCount &>> 3 : 8 &+ (~words[1]).trailingZeroBitCount &>> 3
    }

    @inline(__always) static func | (a: Mask, b: Mask) -> Mask { Mask(bytes: a.bytes | b.bytes) }
    @inline(__always) static func & (a: Mask, b: Mask) -> Mask { Mask(bytes: a.bytes & b.bytes) }
  }

  /// The bytes that are equal to one.
  @inline(__always) func equal(_ byte: UInt8) -> Mask {
    // A mask is as wide as what was compared, and any bits are bytes.
    Mask(bytes: unsafe unsafeBitCast(bytes .== SIMD16<UInt8>(repeating: byte), to: SIMD16<UInt8>.self))
  }

  /// The bytes of ASCII that are greater than one.
  @inline(__always) func above(_ byte: Int8) -> Mask {
    // The same; what is not ASCII is negative.
    let signed = unsafe unsafeBitCast(bytes, to: SIMD16<Int8>.self)
    return Mask(bytes: unsafe unsafeBitCast(signed .> SIMD16<Int8>(repeating: byte), to: SIMD16<UInt8>.self))
  }
}

/// What two blocks are loaded as.
private struct BlockPair: BitwiseCopyable {
  let low: ByteBlock
  let high: ByteBlock
}

extension Span<UInt8> {
  /// Eight bytes from `index` on, the first in the lowest bits.
  @inline(__always) func word(at index: Int) -> UInt64 {
    // The load is checked against the bounds of the span, and any bytes are a number.
    UInt64(littleEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self))
  }

  /// Sixteen bytes from `index` on.
  @inline(__always) func block(at index: Int) -> ByteBlock {
    // The load is checked against the bounds of the span, and any bytes are a vector.
    ByteBlock(bytes: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: index, as: SIMD16<UInt8>.self))
  }

  /// Two blocks of sixteen bytes from `index` on.
  @inline(__always) func blocks(at index: Int) -> (low: ByteBlock, high: ByteBlock) {
    // The load is checked against the bounds of the span, and any bytes are vectors.
    let pair = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: index, as: BlockPair.self)
    return (pair.low, pair.high)
  }

  /// The first index from `start` on, before `end`, that holds `byte`, or `end`.
  ///
  /// Looks at sixteen bytes at a time.
  @inline(__always) func first(_ byte: UInt8, from start: Int, to end: Int) -> Int {
    guard start < end else { return end }
    let run = extracting(0..<end)
    var index = start
    while index <= end &- 16 {
      let match = run.block(at: index).equal(byte)
      if match.isAny { return index &+ match.first }
      index &+= 16
    }
    while index < end {
      if run[index] == byte { return index }
      index &+= 1
    }
    return end
  }
}
