import GalleyHTML

/// The parts of an input, made so that a person can write one and a fuzzer can change one.
///
/// An input may start with a line `!` and letters, which choose options, and may have a second part behind a line
/// `---`. Placeholders are what `PlaceholderScanner` finds, and besides each of five control bytes: 0x1A, by which the
/// template compiler marks the place of a value, and 0x1C to 0x1F for the other kinds in their order.
struct FuzzInput {
  /// The letters of the first line; empty where there is none.
  var options: [UInt8] = []
  /// The input, or its first part.
  var first: [UInt8]
  /// What stands behind the line `---`, if there is one.
  var second: [UInt8]?

  init(_ bytes: [UInt8]) {
    var rest = bytes[...]
    if rest.first == 0x21, let lineEnd = rest.prefix(10).firstIndex(of: 0x0A) {
      options = Array(rest[1..<lineEnd])
      rest = rest[(lineEnd + 1)...]
    }
    let divider = Array("\n---\n".utf8)
    var index = rest.startIndex
    while index + divider.count <= rest.endIndex {
      if rest[index] == 0x0A, rest[index..<index + divider.count].elementsEqual(divider) {
        second = Array(rest[(index + divider.count)...])
        rest = rest[..<index]
        break
      }
      index += 1
    }
    first = Array(rest)
  }

  /// Whether a letter is among the options.
  func has(_ option: Character) -> Bool { option.asciiValue.map(options.contains) ?? false }

  /// The placeholders of some bytes.
  static func placeholders(_ bytes: [UInt8]) -> [Placeholder] {
    var result: [Placeholder] = []
    var position = 0
    func addMarks(upTo end: Int) {
      for index in position..<end {
        if let kind = kind(bytes[index]) { result.append(Placeholder(range: index..<index + 1, kind: kind)) }
      }
    }
    for placeholder in PlaceholderScanner.scan(bytes) {
      addMarks(upTo: placeholder.range.lowerBound)
      result.append(placeholder)
      position = placeholder.range.upperBound
    }
    addMarks(upTo: bytes.count)
    return result
  }

  private static func kind(_ byte: UInt8) -> Placeholder.Kind? {
    switch byte {
    case 0x1A: .output
    case 0x1C: .open
    case 0x1D: .middle
    case 0x1E: .close
    case 0x1F: .silent
    default: nil
    }
  }
}

/// Throws unless no offset lies within a placeholder.
func holdUncut(_ offsets: [Int], _ placeholders: [Placeholder], _ oracle: String) throws(Finding) {
  var next = 0
  for offset in offsets.sorted() {
    while next < placeholders.count, placeholders[next].range.upperBound <= offset { next += 1 }
    guard next < placeholders.count else { return }
    let range = placeholders[next].range
    try hold(offset <= range.lowerBound, oracle, "the placeholder at \(range) is cut at \(offset)")
  }
}
