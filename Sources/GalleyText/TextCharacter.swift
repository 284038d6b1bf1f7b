import GalleyHTML

/// One character of the document's text, and what a reader of the text part gets of it.
struct TextCharacter {
  /// What a reader gets.
  enum Meaning {
    /// The bytes as they are.
    case visible
    /// White space.
    case space
    /// Other bytes: those that a character reference stands for.
    case decoded([UInt8])
    /// Nothing, unless it joins two visible characters beyond ASCII; in UTF-8.
    case joiner([UInt8])
    /// Nothing: a filler, a soft hyphen, a control character.
    case invisible
  }

  /// What a reader gets.
  let meaning: Meaning
  /// How many bytes it takes in the document; at least one.
  let length: Int

  private init(_ meaning: Meaning, _ length: Int) {
    self.meaning = meaning
    self.length = length
  }

  /// Reads the character at `index` of a run of text.
  init(at index: Int, in bytes: ArraySlice<UInt8>, inAttribute: Bool) {
    let byte = bytes[index]
    if byte > 0x26, byte < 0x7F {
      self.init(.visible, 1)
    } else if byte == 0x26 {
      self.init(referenceAt: index, in: bytes, inAttribute: inAttribute)
    } else if byte < 0x80 {
      let isControl = byte < 0x20 || byte == 0x7F
      self.init(byte.isWhiteSpace ? .space : isControl ? .invisible : .visible, 1)
    } else {
      self.init(scalarAt: index, in: bytes)
    }
  }

  private init(scalarAt index: Int, in bytes: ArraySlice<UInt8>) {
    let byte = bytes[index]
    var value = UInt32(byte & (byte < 0xE0 ? 0x1F : byte < 0xF0 ? 0x0F : 0x07))
    let expected = byte < 0xC0 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
    var next = index + 1
    while next < bytes.endIndex, next < index + expected, bytes[next] & 0xC0 == 0x80 {
      value = value << 6 | UInt32(bytes[next] & 0x3F)
      next += 1
    }
    length = next - index
    meaning = length == expected && byte >= 0xC0 ? Self.meaning(of: value) ?? .visible : .visible
  }

  private init(referenceAt index: Int, in bytes: ArraySlice<UInt8>, inAttribute: Bool) {
    guard let reference = CharacterReference.decode(bytes, at: index, inAttribute: inAttribute) else {
      (meaning, length) = (.visible, 1)
      return
    }
    length = reference.end - index
    if reference.second == nil, let known = Self.meaning(of: reference.first.value) {
      meaning = known
    } else {
      let scalars = [reference.first] + (reference.second.map { [$0] } ?? [])
      meaning = .decoded(scalars.flatMap { UTF8.encode($0).map(Array.init) ?? [] })
    }
  }

  /// What a reader gets of a scalar, or nil where it is the scalar itself.
  private static func meaning(of scalar: UInt32) -> Meaning? {
    switch scalar {
    case 0x09, 0x0A, 0x0C, 0x0D, 0x20, 0xA0, 0x2000...0x200A, 0x2028, 0x2029, 0x205F: .space
    case 0x200C, 0x200D: .joiner([0xE2, 0x80, UInt8(truncatingIfNeeded: 0x80 | scalar & 0x3F)])
    case 0xAD, 0x34F, 0x200B, 0x2060...0x2064, 0xFEFF, 0x115F, 0x1160, 0x3164, 0x180E: .invisible
    case 0..<0x20, 0x7F..<0xA0: .invisible
    default: nil
    }
  }

  /// Whether bytes hold a word, a number or a picture, rather than what divides these: `|`, `·`, `–`.
  static func holdsWord(_ bytes: ArraySlice<UInt8>) -> Bool {
    var index = bytes.startIndex
    while index < bytes.endIndex {
      let byte = bytes[index]
      if (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 { return true }
      if byte < 0x80 {
        index += 1
        continue
      }
      guard let divider = dividers.first(where: { bytes[index...].starts(with: $0) }) else { return true }
      index += divider.count
    }
    return false
  }

  /// `·`, `–`, `—`, `•`, `‧`, `›`, `»` in UTF-8.
  private static let dividers: [[UInt8]] = ["·", "–", "—", "•", "‧", "›", "»"].map { Array($0.utf8) }
}
