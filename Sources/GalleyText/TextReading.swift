import GalleyHTML
import GalleySource
import GalleyTemplate

/// The values and addresses that a finished text part prints, in words that two texts can be compared by.
struct TextReading {
  /// Something that is printed.
  struct Mention {
    /// What two mentions of the same thing have in common.
    var key: String
    /// How it is called in a message.
    var name: String
    /// Where it stands in the text.
    var range: Range<Int>
  }

  /// The values that are printed outside of addresses, in order.
  private(set) var values: [Mention] = []
  /// The addresses of pages and mailboxes, in order.
  private(set) var addresses: [Mention] = []
  /// The keys of all values, in addresses, too.
  private(set) var valueKeys: Set<String> = []
  /// The keys of all words: an address may be written without what makes it look like one.
  private(set) var wordKeys: Set<String> = []

  private let text: AssembledText
  /// What the items of a loop are called.
  private var itemPaths: [Int: String] = [:]
  /// The first hole that was not read, and the one that the end of the word under way has come to.
  private var nextHole = 0
  private var foreseenHole = 0

  /// Reads a text, each byte a bounded number of times.
  init(_ text: AssembledText) {
    self.text = text
    var index = 0
    while index < text.bytes.count {
      let start = index
      while index < text.bytes.count, continuesWord(index) { index += 1 }
      if index > start { readWord(start..<index) }
      if index < text.bytes.count, text.bytes[index] == AssembledText.token, index == start { passControl() }
      if index == start { index += 1 }
    }
  }

  private mutating func continuesWord(_ index: Int) -> Bool {
    let byte = text.bytes[index]
    guard byte == AssembledText.token else { return byte > 0x20 && byte != 0x3C && byte != 0x3E && byte != 0x22 }
    while foreseenHole < text.holes.count, text.holes[foreseenHole].offset < index { foreseenHole += 1 }
    return foreseenHole < text.holes.count && text.holes[foreseenHole].placeholder.kind == .output
  }

  /// Passes a hole that turns control; what a loop calls its items is noted.
  private mutating func passControl() {
    if case .beginEach(let loop, let list) = text.holes[nextHole].kind {
      itemPaths[loop.id] = path(of: list).map { $0 + "[]" }
    }
    nextHole += 1
  }

  // MARK: Words

  private mutating func readWord(_ word: Range<Int>) {
    let first = nextHole
    while nextHole < text.holes.count, text.holes[nextHole].offset < word.upperBound { nextHole += 1 }
    let holes = text.holes[first..<nextHole]
    let paths = holes.map { hole -> (hole: AssembledText.Hole, path: String?) in
      guard case .output(let expression, _, _) = hole.kind else { return (hole, nil) }
      return (hole, path(of: expression))
    }
    valueKeys.formUnion(paths.compactMap(\.path))
    let content = trimmed(word)
    wordKeys.insert(spelling(content, paths).key)
    if let address = address(in: content, holes) {
      let (key, name) = spelling(address, paths)
      wordKeys.insert(key)
      addresses.append(Mention(key: key, name: name, range: address))
    } else {
      for case (let hole, let path?) in paths {
        values.append(Mention(key: path, name: path, range: hole.offset..<hole.offset + 1))
      }
    }
  }

  /// The word without the punctuation around it; a closing bracket stays where the word has the opening one.
  private func trimmed(_ word: Range<Int>) -> Range<Int> {
    let bytes = text.bytes
    var (start, end) = (word.lowerBound, word.upperBound)
    while start < end, "([{'*".utf8.contains(bytes[start]) { start += 1 }
    let hasBracket = bytes[start..<end].contains(0x28)
    while end > start, ".,;:!?'*]}".utf8.contains(bytes[end - 1]) || bytes[end - 1] == 0x29 && !hasBracket { end -= 1 }
    return start..<end
  }

  /// The part of a word that is an address: from `http` on, or from a value that is an address, or a mailbox.
  private func address(in word: Range<Int>, _ holes: ArraySlice<AssembledText.Hole>) -> Range<Int>? {
    let bytes = text.bytes[word]
    for scheme in ["https://", "http://"] {
      if let found = bytes.firstRange(of: Array(scheme.utf8)) { return found.lowerBound..<word.upperBound }
    }
    for hole in holes {
      guard case .output(_, let type, _) = hole.kind, type == .url || type == .email else { continue }
      return max(hole.offset, word.lowerBound)..<word.upperBound
    }
    guard let at = bytes.firstIndex(of: 0x40), at > word.lowerBound, bytes[at...].dropFirst().contains(0x2E) else {
      return nil
    }
    return word
  }

  /// A stretch of text as a key, without scheme, case and a slash at the end, and as a person writes it.
  private func spelling(
    _ range: Range<Int>, _ paths: [(hole: AssembledText.Hole, path: String?)]
  ) -> (key: String, name: String) {
    var name: [UInt8] = []
    var position = range.lowerBound
    for (hole, path) in paths where range.contains(hole.offset) {
      name += text.bytes[position..<hole.offset]
      name += "{{\(path ?? "…")}}".utf8
      position = hole.offset + 1
    }
    name += text.bytes[min(position, range.upperBound)..<range.upperBound]
    var key = name[...]
    for scheme: StaticString in ["https://", "http://", "mailto:"] where key.hasPrefix(scheme) {
      key = key.dropFirst(scheme.utf8CodeUnitCount)
    }
    if key.last == 0x2F { key.removeLast() }
    let lowercased = key.map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }
    return (String(decoding: lowercased, as: UTF8.self), String(decoding: name, as: UTF8.self))
  }

  /// A value as a path from a variable, or nil for what is computed.
  private func path(of expression: SendExpression) -> String? {
    switch expression {
    case .variable(let name): name
    case .item(let loop): itemPaths[loop.id]
    case .field(let record, let name): path(of: record).map { "\($0).\(name)" }
    case .fallback(let first, _): path(of: first)
    default: nil
    }
  }
}
