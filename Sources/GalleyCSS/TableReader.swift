/// Reads a table that is written as text: words, and marks between them.
///
/// What properties and values are is written for people, and read when it is needed first. Each process does so, thus
/// this looks at each byte once and makes nothing but hashes.
struct TableReader {
  /// A word or a mark.
  struct Item {
    /// The hash of a word; 0 for a mark.
    let hash: UInt64
    /// The mark, or the first byte of the word.
    let first: UInt8

    var isWord: Bool { hash != 0 }
    var isLineEnd: Bool { first == 0x0A }
  }

  private var index = 0

  /// The next item of the text, of which each call gets the whole.
  mutating func next(_ text: Span<UInt8>) -> Item? {
    while index < text.count, text[index] == 0x20 { index &+= 1 }
    guard index < text.count else { return nil }
    let first = text[index]
    if Self.isMark(first) {
      index &+= 1
      return Item(hash: 0, first: first)
    }
    var hash = RunningHash()
    while index < text.count, text[index] != 0x20, !Self.isMark(text[index]) {
      hash.add(text[index])
      index &+= 1
    }
    return Item(hash: hash.value, first: first)
  }

  /// Whether a byte is a line end or one of `:+|*,`.
  private static func isMark(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x0A, 0x2A, 0x2B, 0x2C, 0x3A, 0x7C: true
    default: false
    }
  }
}
