package import GalleySource

/// The check that every text passes at the edge, after which the compiler treats its bytes as good UTF-8.
///
/// Refused are what is not UTF-8 (overlong forms, surrogates and truncated sequences included), text in UTF-16 or
/// UTF-32, control characters other than TAB, LF and CR, and noncharacters. A byte order mark is taken off with a note.
package enum SourceText {
  /// Checks a text and returns its bytes without a byte order mark, or nil if the text can't be used.
  ///
  /// One pass over the bytes. Only the first fault is reported, for the rest of such a file is rarely text. Offsets
  /// count in the bytes that are returned, or in the bytes as they came where nothing is returned.
  package static func check(_ bytes: [UInt8], source: SourceID) -> (text: [UInt8]?, diagnostics: [Diagnostic]) {
    if let encoding = foreignEncoding(of: bytes) {
      let diagnostic = Diagnostic(
        .wrongEncoding, "the file is \(encoding), and Galley reads UTF-8", at: SourceRange(source, 0, 2),
        help: ["save the file as UTF-8"])
      return (nil, [diagnostic])
    }
    let hasMark = bytes.starts(with: [0xEF, 0xBB, 0xBF])
    let text = hasMark ? Array(bytes.dropFirst(3)) : bytes
    if let fault = UTF8Scan.firstFault(in: text, text.indices) {
      let shift = hasMark ? 3 : 0
      let range = SourceRange(source, fault.range.lowerBound + shift, fault.range.upperBound + shift)
      return (nil, [diagnostic(for: fault, bytes: text, at: range)])
    }
    guard hasMark else { return (text, []) }
    let note = Diagnostic(
      .byteOrderMark, "the file starts with a byte order mark, which is left out",
      at: SourceRange(source, 0, 0), help: ["save the file as UTF-8 without a byte order mark"])
    return (text, [note])
  }

  /// The encoding that a byte order mark announces, unless it is UTF-8.
  private static func foreignEncoding(of bytes: [UInt8]) -> String? {
    if bytes.starts(with: [0xFF, 0xFE, 0, 0]) || bytes.starts(with: [0, 0, 0xFE, 0xFF]) { return "UTF-32" }
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) { return "UTF-16" }
    return nil
  }

  private static func diagnostic(for fault: UTF8Scan.Fault, bytes: [UInt8], at range: SourceRange) -> Diagnostic {
    switch fault.kind {
    case .illFormed(let reason):
      let spelled = bytes[fault.range].map { "0x" + hex(UInt32($0), digits: 2) }.joined(separator: " ")
      return Diagnostic(
        .notUTF8, "\(spelled) is not UTF-8: \(reason)", at: range,
        help: ["save the file as UTF-8; if it is not a text, move it out of the site's folders"])
    case .control(let scalar):
      return Diagnostic(
        .controlCharacter, "U+\(hex(scalar, digits: 4)) is a control character", at: range,
        help: ["remove it; of the control characters only tab, line feed and carriage return may be used"])
    case .noncharacter(let scalar):
      return Diagnostic(
        .controlCharacter, "U+\(hex(scalar, digits: 4)) is not a character", at: range, help: ["remove it"])
    }
  }

  /// A number in capital hexadecimal digits, filled up with zeros.
  static func hex(_ value: UInt32, digits: Int) -> String {
    let text = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
  }
}

/// Finds the first thing in a text that is not good UTF-8 or not a character of text.
enum UTF8Scan {
  /// What is wrong and where.
  struct Fault {
    enum Kind {
      /// The bytes are not UTF-8, for the given reason.
      case illFormed(String)
      /// A control character of C0 or C1, or DELETE.
      case control(UInt32)
      /// A code point that will never be a character.
      case noncharacter(UInt32)
    }
    let kind: Kind
    let range: Range<Int>
  }

  /// The first fault in a range, or nil.
  ///
  /// Well-formedness is that of the Unicode Standard, table 3-7.
  static func firstFault(in bytes: [UInt8], _ range: Range<Int>) -> Fault? {
    var index = range.lowerBound
    while index < range.upperBound {
      let byte = bytes[index]
      if byte < 0x80 {
        if byte >= 0x20, byte != 0x7F {
          index += 1
        } else if byte == 0x0A || byte == 0x0D || byte == 0x09 {
          index += 1
        } else {
          return Fault(kind: .control(UInt32(byte)), range: index..<index + 1)
        }
        continue
      }
      let length: Int
      let allowed: ClosedRange<UInt8>
      switch byte {
      case 0x80...0xBF: return illFormed("a continuation byte stands alone", index..<index + 1)
      case 0xC0, 0xC1: return illFormed("the form is longer than needed", index..<min(index + 2, range.upperBound))
      case 0xC2...0xDF: (length, allowed) = (2, 0x80...0xBF)
      case 0xE0: (length, allowed) = (3, 0xA0...0xBF)
      case 0xED: (length, allowed) = (3, 0x80...0x9F)
      case 0xE1...0xEF: (length, allowed) = (3, 0x80...0xBF)
      case 0xF0: (length, allowed) = (4, 0x90...0xBF)
      case 0xF1...0xF3: (length, allowed) = (4, 0x80...0xBF)
      case 0xF4: (length, allowed) = (4, 0x80...0x8F)
      default: return illFormed("no character starts with this byte", index..<index + 1)
      }
      var scalar = UInt32(byte) & (0x7F >> UInt32(length))
      for offset in 1..<length {
        guard index + offset < range.upperBound else {
          return illFormed("the text ends within a character", index..<range.upperBound)
        }
        let next = bytes[index + offset]
        guard next & 0xC0 == 0x80 else {
          return illFormed("the character is cut short", index..<index + offset)
        }
        if offset == 1, !allowed.contains(next) {
          let end = min(index + length, range.upperBound)
          if byte == 0xED { return illFormed("it is half of a surrogate pair", index..<end) }
          let isTooLarge = byte == 0xF4
          return illFormed(
            isTooLarge ? "it lies beyond the last code point" : "the form is longer than needed", index..<end)
        }
        scalar = scalar << 6 | UInt32(next & 0x3F)
      }
      if scalar <= 0x9F { return Fault(kind: .control(scalar), range: index..<index + length) }
      if scalar & 0xFFFE == 0xFFFE || (0xFDD0...0xFDEF).contains(scalar) {
        return Fault(kind: .noncharacter(scalar), range: index..<index + length)
      }
      index += length
    }
    return nil
  }

  private static func illFormed(_ reason: String, _ range: Range<Int>) -> Fault {
    Fault(kind: .illFormed(reason), range: range)
  }

  /// Whether a scalar may not stand in data, even where an escape wrote it.
  static func isForbidden(_ scalar: UInt32) -> Bool {
    (scalar < 0x20 && scalar != 0x09 && scalar != 0x0A && scalar != 0x0D) || (0x7F...0x9F).contains(scalar)
      || scalar & 0xFFFE == 0xFFFE || (0xFDD0...0xFDEF).contains(scalar)
  }
}
