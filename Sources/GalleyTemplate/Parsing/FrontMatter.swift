/// The head of a file: YAML between two lines `---`.
enum FrontMatter {
  /// What a file begins with.
  enum Split: Equatable {
    /// The bytes of the YAML, if there is any, and where the content starts.
    case split(Range<Int>?, contentStart: Int)
    /// The bytes of a fence that nothing closes.
    case unclosed(Range<Int>)
  }

  /// Finds the front matter; a byte order mark before it is passed over.
  static func split(_ bytes: [UInt8]) -> Split {
    let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    guard let first = fence(bytes, at: start) else { return .split(nil, contentStart: start) }
    var line = first.next
    while line < bytes.count {
      if let second = fence(bytes, at: line) { return .split(first.next..<line, contentStart: second.next) }
      line = nextLine(bytes, line)
    }
    return .unclosed(first.dashes)
  }

  /// The three dashes of a fence and the start of the next line, where a fence stands at `start`.
  private static func fence(_ bytes: [UInt8], at start: Int) -> (dashes: Range<Int>, next: Int)? {
    guard start + 3 <= bytes.count, bytes[start..<start + 3].allSatisfy({ $0 == UInt8(ascii: "-") }) else { return nil }
    var index = start + 3
    while index < bytes.count, bytes[index] == 0x20 || bytes[index] == 0x09 { index += 1 }
    guard index == bytes.count || bytes[index] == 0x0A || bytes[index] == 0x0D else { return nil }
    return (start..<start + 3, nextLine(bytes, index))
  }

  private static func nextLine(_ bytes: [UInt8], _ start: Int) -> Int {
    var index = start
    while index < bytes.count, bytes[index] != 0x0A, bytes[index] != 0x0D { index += 1 }
    if index + 1 < bytes.count, bytes[index] == 0x0D, bytes[index + 1] == 0x0A { return index + 2 }
    return min(index + 1, bytes.count)
  }
}
