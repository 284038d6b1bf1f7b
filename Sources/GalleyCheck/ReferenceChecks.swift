import GalleyHTML
import GalleySource

/// Finds character references that readers would see, or that mean something else than they say, and characters that
/// HTML does not allow.
///
/// An `&` that no browser takes for a reference is none here either: in text before a space, in an address before a
/// name that `=` follows.
struct ReferenceChecks {
  private let tree: HTMLTree
  private let limit: Int
  private var findings: [HTMLFinding] = []

  private init(tree: HTMLTree, limit: Int) {
    self.tree = tree
    self.limit = limit
  }

  /// The first findings in a whole document, the content of hidden conditional comments included.
  static func findings(in tree: HTMLTree, limit: Int) -> [HTMLFinding] {
    var checks = ReferenceChecks(tree: tree, limit: limit)
    for event in tree.events(entersConditionals: true) where checks.findings.count < limit {
      switch event {
      case .text(let range):
        checks.checkCharacters(range)
        checks.checkReferences(range, inAttribute: false)
      case .open(let id): checks.checkAttributes(of: id)
      case .placeholder, .close, .leaf: break
      }
    }
    return checks.findings
  }

  private mutating func checkAttributes(of id: NodeID) {
    guard tree[id].kind == .element else { return }
    for attribute in tree.attributes(of: id) {
      let value = Int(attribute.valueStart)..<Int(attribute.valueEnd)
      if !attribute.hasPlaceholder {
        checkCharacters(value)
        checkReferences(value, inAttribute: true)
        continue
      }
      for range in knownParts(of: value) {
        checkCharacters(range)
        checkReferences(range, inAttribute: true)
      }
    }
  }

  /// What lies between the placeholders of a range.
  private func knownParts(of range: Range<Int>) -> [Range<Int>] {
    var low = 0
    var high = tree.placeholders.count
    while low < high {
      let middle = (low + high) / 2
      if tree.placeholders[middle].range.lowerBound < range.lowerBound { low = middle + 1 } else { high = middle }
    }
    var parts: [Range<Int>] = []
    var position = range.lowerBound
    while low < tree.placeholders.count, tree.placeholders[low].range.lowerBound < range.upperBound {
      let hole = tree.placeholders[low].range
      if position < hole.lowerBound { parts.append(position..<hole.lowerBound) }
      position = max(position, hole.upperBound)
      low += 1
    }
    if position < range.upperBound { parts.append(position..<range.upperBound) }
    return parts
  }

  private mutating func add(
    _ code: DiagnosticCode, _ message: String, _ range: Range<Int>, help: [String] = []
  ) {
    findings.append(HTMLFinding(code: code, message: message, range: range, help: help))
  }

  // MARK: Characters

  /// Checks that bytes are UTF-8 and hold no control characters.
  private mutating func checkCharacters(_ range: Range<Int>) {
    var index = range.lowerBound
    while index < range.upperBound, findings.count < limit {
      let byte = tree.bytes[index]
      if byte >= 0x20, byte < 0x7F || byte.isSpace {
        index += 1
        continue
      }
      let length = scalarLength(at: index, range.upperBound)
      if length == 0 {
        add(.invalidCharacter, "the byte 0x\(hex(UInt32(byte), 2)) is not UTF-8", index..<index + 1)
      } else if isControl(at: index, length) {
        let value = length == 1 ? UInt32(byte) : UInt32(tree.bytes[index + 1])
        add(.invalidCharacter, "the control character U+\(hex(value, 4)) is not allowed", index..<index + length)
      }
      index += max(length, 1)
    }
  }

  private func isControl(at index: Int, _ length: Int) -> Bool {
    let byte = tree.bytes[index]
    if length == 1 { return byte < 0x20 && !byte.isSpace || byte == 0x7F }
    return length == 2 && byte == 0xC2 && tree.bytes[index + 1] < 0xA0
  }

  /// How many bytes the character at `index` takes; 0 where there is none.
  private func scalarLength(at index: Int, _ end: Int) -> Int {
    let byte = tree.bytes[index]
    if byte < 0x80 { return 1 }
    let length = byte < 0xC2 ? 0 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : byte < 0xF5 ? 4 : 0
    guard length > 0, index + length <= end else { return 0 }
    for next in index + 1..<index + length where tree.bytes[next] & 0xC0 != 0x80 { return 0 }
    switch (byte, tree.bytes[index + 1]) {
    case (0xE0, ..<0xA0), (0xED, 0xA0...), (0xF0, ..<0x90), (0xF4, 0x90...): return 0
    default: return length
    }
  }

  private func hex(_ value: UInt32, _ digits: Int) -> String {
    let text = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }

  // MARK: References

  private mutating func checkReferences(_ range: Range<Int>, inAttribute: Bool) {
    var index = range.lowerBound
    while findings.count < limit, let mark = tree.bytes[index..<range.upperBound].firstIndex(of: 0x26) {
      index = mark + 1
      guard index < range.upperBound else { return }
      let next = tree.bytes[index]
      if next == 0x23 {
        checkNumber(mark, range, inAttribute)
      } else if (next | 0x20) &- 0x61 < 26 {
        checkName(mark, range, inAttribute)
      }
    }
  }

  private mutating func checkNumber(_ start: Int, _ range: Range<Int>, _ inAttribute: Bool) {
    let bytes = tree.bytes[range]
    guard let decoded = CharacterReference.decode(bytes, at: start, inAttribute: inAttribute) else {
      let end = wordEnd(start + 2, range.upperBound)
      return add(
        .badReference, "'\(MarkupChecks.quote(bytes[start..<end]))' is no character reference", start..<end,
        help: [
          "write the number in decimal as '&#160;' or in hexadecimal as '&#xA0;', or '&amp;' for the character '&'"
        ])
    }
    let reference = start..<decoded.end
    let text = MarkupChecks.quote(bytes[reference])
    let value = number(reference)
    if value == 0 || value > 0x10_FFFF || (0xD800...0xDFFF).contains(value) {
      add(.badReference, "'\(text)' names no character", reference)
    } else if value < 0x20 && !UInt8(value).isSpace || value == 0x0D || (0x7F...0x9F).contains(value) {
      add(.badReference, "'\(text)' names a control character", reference)
    } else if !decoded.hasSemicolon {
      add(.badReference, "'\(text)' lacks its semicolon", reference, help: ["write '\(text);'"])
    }
  }

  /// The number in a numeric reference, at most a little over the last code point.
  private func number(_ range: Range<Int>) -> UInt32 {
    let isHex = tree.bytes[range.lowerBound + 2] | 0x20 == 0x78
    var value: UInt32 = 0
    for index in range.lowerBound + (isHex ? 3 : 2)..<range.upperBound {
      let byte = tree.bytes[index]
      let digit = byte &- 0x30 < 10 ? byte - 0x30 : (byte | 0x20) &- 0x61 < 6 ? (byte | 0x20) - 0x57 : 255
      guard digit < 16 else { break }
      value = min(value * (isHex ? 16 : 10) + UInt32(digit), 0x11_0000)
    }
    return value
  }

  private mutating func checkName(_ start: Int, _ range: Range<Int>, _ inAttribute: Bool) {
    let bytes = tree.bytes[range]
    if let decoded = CharacterReference.decode(bytes, at: start, inAttribute: inAttribute) {
      guard !decoded.hasSemicolon else { return }
      let text = MarkupChecks.quote(bytes[start..<decoded.end])
      return add(
        .badReference, "'\(text)' lacks its semicolon and is read as '\(Character(decoded.first))'",
        start..<decoded.end, help: ["write '\(text);', or '&amp;' for the character '&'"])
    }
    let end = wordEnd(start + 1, range.upperBound)
    guard end < range.upperBound, tree.bytes[end] == 0x3B else { return }
    let name = String(decoding: bytes[start + 1..<end], as: UTF8.self)
    let nearest = Suggestion.nearest(to: name, among: Self.commonNames)
    let suggestion = nearest.map { "; did you mean '&\($0);'?" } ?? ""
    add(
      .badReference, "'&\(MarkupChecks.quote(bytes[start + 1..<end]));' is no character reference\(suggestion)",
      start..<end + 1, help: ["write '&amp;' for the character '&'"])
  }

  private func wordEnd(_ start: Int, _ end: Int) -> Int {
    var index = min(start, end)
    while index < end, tree.bytes[index] &- 0x30 < 10 || (tree.bytes[index] | 0x20) &- 0x61 < 26 { index += 1 }
    return index
  }

  /// The names that mails are written with.
  private static let commonNames = [
    "nbsp", "amp", "lt", "gt", "quot", "apos", "copy", "reg", "trade", "euro", "pound", "yen", "cent", "hellip",
    "mdash",
    "ndash", "lsquo", "rsquo", "ldquo", "rdquo", "laquo", "raquo", "bull", "middot", "times", "divide", "deg", "plusmn",
    "rarr", "larr", "uarr", "darr", "zwnj", "zwj", "shy", "ensp", "emsp", "thinsp", "check", "hearts", "star", "rsaquo",
    "lsaquo", "agrave", "aacute", "acirc", "auml", "aring", "ccedil", "egrave", "eacute", "ecirc", "euml", "iuml",
    "ntilde", "ouml", "oslash", "uuml", "szlig",
  ]
}
