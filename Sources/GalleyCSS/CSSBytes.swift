/// Questions about single bytes, as CSS Syntax 3 defines them
/// (https://www.w3.org/TR/css-syntax-3/#tokenizer-definitions).
///
/// A byte over 0x7F belongs to a name, and so does NUL, which stands for U+FFFD.
extension UInt8 {
  /// Whether the byte is a line end, alone or as a part of CR LF.
  var isCSSNewline: Bool { self == 0x0A || self == 0x0D || self == 0x0C }

  /// Whether the byte is a space, a tab or a line end.
  var isCSSWhitespace: Bool { self == 0x20 || self == 0x09 || isCSSNewline }

  /// Whether the byte is a decimal digit.
  var isDigit: Bool { self &- 0x30 < 10 }

  /// Whether the byte is a hexadecimal digit.
  var isHexDigit: Bool { isDigit || (self | 0x20) &- 0x61 < 6 }

  /// Whether the byte is an ASCII letter.
  var isLetter: Bool { (self | 0x20) &- 0x61 < 26 }

  /// Whether a name may start with the byte.
  var isNameStart: Bool { isLetter || self >= 0x80 || self == 0x5F || self == 0 }

  /// Whether a name may go on with the byte.
  var isNameByte: Bool { isNameStart || isDigit || self == 0x2D }

  /// The byte with an ASCII letter in lower case.
  var lowercasedASCII: UInt8 { self &- 0x41 < 26 ? self | 0x20 : self }

  /// The value of a hexadecimal digit.
  var hexValue: UInt32 { UInt32(isDigit ? self &- 0x30 : (self | 0x20) &- 0x57) }
}

/// The running 64-bit FNV-1a hash; the same function as `NameHash`, for loops within this module.
struct RunningHash {
  /// The hash of the bytes so far.
  private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

  /// Adds a byte.
  mutating func add(_ byte: UInt8) { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }

  /// Adds a Unicode scalar as UTF-8.
  mutating func add(_ scalar: Unicode.Scalar) {
    for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter { add(byte) }
  }

  /// The hash of a literal name.
  static func of(_ name: StaticString) -> UInt64 {
    var hash = RunningHash()
    for byte in String(describing: name).utf8 { hash.add(byte) }
    return hash.value
  }
}

/// Names in a style sheet, whose escapes are resolved in passing.
enum CSSName {
  /// The scalar that an escape stands for, and the offset behind the escape; `start` is the offset of `\`.
  ///
  /// NUL, surrogates and values out of range become U+FFFD
  /// (https://www.w3.org/TR/css-syntax-3/#consume-escaped-code-point).
  static func escape(_ bytes: [UInt8], at start: Int, limit: Int) -> (scalar: Unicode.Scalar, end: Int) {
    var index = start + 1
    guard index < limit else { return ("\u{FFFD}", limit) }
    guard bytes[index].isHexDigit else { return plainScalar(bytes, at: index, limit: limit) }
    var value: UInt32 = 0
    let stop = min(index + 6, limit)
    while index < stop, bytes[index].isHexDigit {
      value = value << 4 | bytes[index].hexValue
      index += 1
    }
    if index < limit, bytes[index].isCSSWhitespace {
      let isCarriageReturn = bytes[index] == 0x0D
      index += 1
      if isCarriageReturn, index < limit, bytes[index] == 0x0A { index += 1 }
    }
    let scalar = value == 0 ? nil : Unicode.Scalar(value)
    return (scalar ?? "\u{FFFD}", index)
  }

  /// The scalar whose UTF-8 starts at `index`; ill-formed bytes and NUL become U+FFFD, one byte at a time.
  private static func plainScalar(_ bytes: [UInt8], at index: Int, limit: Int) -> (scalar: Unicode.Scalar, end: Int) {
    let byte = bytes[index]
    if byte == 0 { return ("\u{FFFD}", index + 1) }
    if byte < 0x80 { return (Unicode.Scalar(byte), index + 1) }
    let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2
    let stop = min(index + length, limit)
    if let text = String(validating: bytes[index..<stop], as: UTF8.self), let scalar = text.unicodeScalars.first {
      return (scalar, stop)
    }
    return ("\u{FFFD}", index + 1)
  }

  /// The hash of a name with its escapes resolved, in lower case if asked.
  static func hash(_ bytes: [UInt8], _ range: Range<Int>, lowercased: Bool) -> UInt64 {
    var hash = RunningHash()
    var index = range.lowerBound
    while index < range.upperBound {
      let byte = bytes[index]
      if byte == 0x5C {
        let (scalar, end) = escape(bytes, at: index, limit: range.upperBound)
        if scalar.isASCII, lowercased {
          hash.add(UInt8(truncatingIfNeeded: scalar.value).lowercasedASCII)
        } else {
          hash.add(scalar)
        }
        index = end
      } else {
        if byte == 0 { hash.add("\u{FFFD}") } else { hash.add(lowercased ? byte.lowercasedASCII : byte) }
        index += 1
      }
    }
    return hash.value
  }

  /// The bytes of a name, or of the inside of a string, with its escapes resolved.
  static func decoded(_ bytes: [UInt8], _ range: Range<Int>) -> [UInt8] {
    var result: [UInt8] = []
    var index = range.lowerBound
    while index < range.upperBound {
      guard bytes[index] == 0x5C else {
        if bytes[index] == 0 { result += [0xEF, 0xBF, 0xBD] } else { result.append(bytes[index]) }
        index += 1
        continue
      }
      let next = index + 1
      if next < range.upperBound, bytes[next].isCSSNewline {
        index = next + 1
        if bytes[next] == 0x0D, index < range.upperBound, bytes[index] == 0x0A { index += 1 }
      } else if next == range.upperBound {
        index = next
      } else {
        let (scalar, end) = escape(bytes, at: index, limit: range.upperBound)
        result += Array(UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        index = end
      }
    }
    return result
  }

  /// Whether a name is the given word, whatever its case and its escapes.
  static func equals(_ bytes: [UInt8], _ range: Range<Int>, _ word: StaticString) -> Bool {
    guard range.count == word.utf8CodeUnitCount || bytes[range].contains(0x5C) else { return false }
    return CSSName.hash(bytes, range, lowercased: true) == RunningHash.of(word)
  }
}
