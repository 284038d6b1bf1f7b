/// Decodes character references: `&amp;`, `&#65;`, `&#x41;`.
///
/// All names of HTML are known. Follows
/// https://html.spec.whatwg.org/multipage/parsing.html#character-reference-state, also in what counts without a
/// semicolon, and in attributes, where `&copy=` is no reference.
package enum CharacterReference {
  /// A decoded reference.
  package struct Decoded: Sendable, Equatable {
    /// What it stands for.
    package var first: Unicode.Scalar
    /// The second scalar of the few references that stand for two.
    package var second: Unicode.Scalar?
    /// Behind the reference.
    package var end: Int
    /// Whether it ends in a semicolon.
    package var hasSemicolon: Bool
  }

  /// The text of `bytes` with references decoded, as UTF-8.
  ///
  /// What is no reference stays as it is.
  package static func decode(_ bytes: ArraySlice<UInt8>, inAttribute: Bool = false) -> [UInt8] {
    var result: [UInt8] = []
    append(bytes, inAttribute: inAttribute, to: &result)
    return result
  }

  /// The text of `bytes` with references decoded; ill-formed UTF-8 becomes U+FFFD.
  package static func text(_ bytes: ArraySlice<UInt8>, inAttribute: Bool = false) -> String {
    guard bytes.contains(ASCII.ampersand) else { return String(decoding: bytes, as: UTF8.self) }
    return String(decoding: decode(bytes, inAttribute: inAttribute), as: UTF8.self)
  }

  /// Appends `bytes` to `result`, with references decoded.
  package static func append(_ bytes: ArraySlice<UInt8>, inAttribute: Bool, to result: inout [UInt8]) {
    result.reserveCapacity(result.count + bytes.count)
    var index = bytes.startIndex
    while index < bytes.endIndex {
      if bytes[index] == ASCII.ampersand, let found = decode(bytes, at: index, inAttribute: inAttribute) {
        append(found.first, to: &result)
        if let second = found.second { append(second, to: &result) }
        index = found.end
      } else {
        result.append(bytes[index])
        index += 1
      }
    }
  }

  private static func append(_ scalar: Unicode.Scalar, to result: inout [UInt8]) {
    UTF8.encode(scalar).map { result.append(contentsOf: $0) }
  }

  /// The reference that starts with the `&` at `index`, or nil where there is none.
  package static func decode(_ bytes: ArraySlice<UInt8>, at index: Int, inAttribute: Bool) -> Decoded? {
    let start = index + 1
    guard start < bytes.endIndex else { return nil }
    if bytes[start] == ASCII.hash { return decodeNumber(bytes, start + 1) }
    return bytes[start].isLetter ? decodeName(bytes, start, inAttribute: inAttribute) : nil
  }

  // MARK: Numbers

  private static func decodeNumber(_ bytes: ArraySlice<UInt8>, _ start: Int) -> Decoded? {
    let isHex = start < bytes.endIndex && bytes[start] | 0x20 == 0x78
    let radix: UInt32 = isHex ? 16 : 10
    let digits = isHex ? start + 1 : start
    var index = digits
    var value: UInt32 = 0
    while index < bytes.endIndex, let digit = digit(bytes[index], isHex: isHex) {
      // Saturates above the last code point, so that no run of digits overflows.
      value = min(value * radix + digit, 0x11_0000)
      index += 1
    }
    guard index > digits else { return nil }
    let hasSemicolon = index < bytes.endIndex && bytes[index] == ASCII.semicolon
    return Decoded(first: scalar(value), end: hasSemicolon ? index + 1 : index, hasSemicolon: hasSemicolon)
  }

  private static func digit(_ byte: UInt8, isHex: Bool) -> UInt32? {
    if byte.isDigit { return UInt32(byte - 0x30) }
    let letter = byte | 0x20
    return isHex && letter &- 0x61 < 6 ? UInt32(letter - 0x61 + 10) : nil
  }

  /// The character of a number; Windows' characters stand where C1 controls would.
  private static func scalar(_ value: UInt32) -> Unicode.Scalar {
    let replacement: Unicode.Scalar = "\u{FFFD}"
    if value == 0 { return replacement }
    let mapped = value &- 0x80 < 32 ? windows1252[Int(value - 0x80)] : value
    return Unicode.Scalar(mapped) ?? replacement
  }

  private static let windows1252: [UInt32] = [
    0x20AC, 0x81, 0x201A, 0x192, 0x201E, 0x2026, 0x2020, 0x2021, 0x2C6, 0x2030, 0x160, 0x2039, 0x152, 0x8D, 0x17D, 0x8F,
    0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x2DC, 0x2122, 0x161, 0x203A, 0x153, 0x9D, 0x17E,
    0x178,
  ]

  // MARK: Names

  private struct Named {
    var first: Unicode.Scalar
    var second: Unicode.Scalar?
    var countsWithoutSemicolon: Bool
  }

  /// The names that nearly all documents keep to; the table of all names is made only where another one is met.
  private static let common: [(name: [UInt8], scalar: Unicode.Scalar)] = [
    (Array("amp;".utf8), "&"), (Array("quot;".utf8), "\""), (Array("nbsp;".utf8), "\u{A0}"), (Array("lt;".utf8), "<"),
    (Array("gt;".utf8), ">"), (Array("apos;".utf8), "'"),
  ]

  private static func decodeName(_ bytes: ArraySlice<UInt8>, _ start: Int, inAttribute: Bool) -> Decoded? {
    if let (name, scalar) = common.first(where: { bytes[start...].starts(with: $0.name) }) {
      return Decoded(first: scalar, end: start + name.count, hasSemicolon: true)
    }
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    var best: Decoded?
    var index = start
    let limit = min(bytes.endIndex, start + longestName)
    while index < limit, bytes[index].isLetter || bytes[index].isDigit {
      hash = (hash ^ UInt64(bytes[index])) &* 0x100_0000_01b3
      index += 1
      guard let entry = byName[NameHash(value: hash)] else { continue }
      if index < bytes.endIndex, bytes[index] == ASCII.semicolon {
        return Decoded(first: entry.first, second: entry.second, end: index + 1, hasSemicolon: true)
      }
      if entry.countsWithoutSemicolon {
        best = Decoded(first: entry.first, second: entry.second, end: index, hasSemicolon: false)
      }
    }
    guard let best else { return nil }
    if inAttribute, best.end < bytes.endIndex {
      let next = bytes[best.end]
      if next == ASCII.equals || next.isLetter || next.isDigit { return nil }
    }
    return best
  }

  private static let longestName = 32

  private static let byName: [NameHash: Named] = {
    var table: [NameHash: Named] = [:]
    table.reserveCapacity(2200)
    for entry in CharacterReferenceTable.text.utf8.split(separator: ASCII.space) {
      guard let divider = entry.firstIndex(where: { $0 == ASCII.equals || $0 == ASCII.exclamation }) else { continue }
      let scalars = entry[entry.index(after: divider)...].split(separator: 0x2E).map(scalar(hex:))
      guard let first = scalars.first else { continue }
      table[NameHash(entry[..<divider])] = Named(
        first: first, second: scalars.count > 1 ? scalars[1] : nil,
        countsWithoutSemicolon: entry[divider] == ASCII.exclamation)
    }
    return table
  }()

  private static func scalar(hex: some Sequence<UInt8>) -> Unicode.Scalar {
    let value = hex.reduce(UInt32(0)) { $0 << 4 | (digit($1, isHex: true) ?? 0) }
    return Unicode.Scalar(value) ?? "\u{FFFD}"
  }
}

extension HTMLTree {
  /// The value of an attribute with character references decoded.
  ///
  /// A placeholder in the value appears in its own spelling.
  package func value(_ attribute: Attribute) -> String {
    CharacterReference.text(rawValue(attribute), inAttribute: true)
  }
}
