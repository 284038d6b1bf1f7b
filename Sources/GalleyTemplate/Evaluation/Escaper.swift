/// The escapings that values go through, byte by byte.
package enum Escaper {
  /// Appends `text` with the escaping that the engine of `dialect`, or its caller by contract, applies.
  package static func append(_ text: String, escaping: Escaping, dialect: Dialect, to output: inout [UInt8]) {
    switch escaping {
    case .html, .url: appendReferences(text, dialect.htmlEscaping, to: &output)
    case .urlPart: appendPercentEncoded(text, keeping: isURLPartByte, to: &output)
    case .address: appendPercentEncoded(text, keeping: { isURLPartByte($0) || $0 == UInt8(ascii: "@") }, to: &output)
    case .line: for byte in text.utf8 { output.append(byte == 0x0A || byte == 0x0D ? 0x20 : byte) }
    case .none: output.append(contentsOf: text.utf8)
    }
  }

  private static func appendReferences(
    _ text: String, _ spelling: Dialect.HTMLEscaping, to output: inout [UInt8]
  ) {
    var references = Dialect.HTMLEscaping.References(quote: "&#34;", apostrophe: "&#39;")
    if case .references(let own) = spelling { references = own }
    if references.isNumericBeyondASCII { return appendNumericReferences(text, references, to: &output) }
    for byte in text.utf8 { append(byte, references, to: &output) }
  }

  private static func append(_ byte: UInt8, _ references: Dialect.HTMLEscaping.References, to output: inout [UInt8]) {
    switch byte {
    case UInt8(ascii: "&"): output.append(contentsOf: "&amp;".utf8)
    case UInt8(ascii: "<"): output.append(contentsOf: "&lt;".utf8)
    case UInt8(ascii: ">"): output.append(contentsOf: "&gt;".utf8)
    case UInt8(ascii: "\""): output.append(contentsOf: references.quote.utf8)
    case UInt8(ascii: "'"): output.append(contentsOf: references.apostrophe.utf8)
    default:
      if let other = references.others[byte] { output.append(contentsOf: other.utf8) } else { output.append(byte) }
    }
  }

  private static func appendNumericReferences(
    _ text: String, _ references: Dialect.HTMLEscaping.References, to output: inout [UInt8]
  ) {
    for scalar in text.unicodeScalars {
      if (0xA0...0xFF).contains(scalar.value) || scalar.value > 0xFFFF {
        output.append(contentsOf: "&#\(scalar.value);".utf8)
      } else {
        for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter { append(byte, references, to: &output) }
      }
    }
  }

  /// Appends text in which only what would end the place is escaped; `quote` is the attribute's, if there is one.
  static func appendMinimal(_ text: some Sequence<UInt8>, quote: UInt8?, to output: inout [UInt8]) {
    for byte in text {
      switch byte {
      case UInt8(ascii: "&"): output.append(contentsOf: "&amp;".utf8)
      case UInt8(ascii: "<"): output.append(contentsOf: "&lt;".utf8)
      case UInt8(ascii: ">"): output.append(contentsOf: "&gt;".utf8)
      case UInt8(ascii: "\"") where quote == byte: output.append(contentsOf: "&quot;".utf8)
      case UInt8(ascii: "'") where quote == byte: output.append(contentsOf: "&#39;".utf8)
      default: output.append(byte)
      }
    }
  }

  /// Appends the UTF-8 of `text` with every byte percent-encoded that is not kept.
  static func appendPercentEncoded(_ text: String, keeping keeps: (UInt8) -> Bool, to output: inout [UInt8]) {
    let digits = Array("0123456789ABCDEF".utf8)
    for byte in text.utf8 {
      if keeps(byte) {
        output.append(byte)
      } else {
        output.append(UInt8(ascii: "%"))
        output.append(digits[Int(byte >> 4)])
        output.append(digits[Int(byte & 15)])
      }
    }
  }

  /// The unreserved characters of RFC 3986 and `/`, as Python's `quote` has it.
  static func isURLPartByte(_ byte: UInt8) -> Bool {
    isUnreserved(byte) || byte == UInt8(ascii: "/")
  }

  /// The unreserved characters of RFC 3986, section 2.3.
  static func isUnreserved(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF) || byte == UInt8(ascii: "_")
      || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "~")
  }
}
