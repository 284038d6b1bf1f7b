/// A pattern of file names: `*` and `?` stand for characters of one name, `**` for any number of folders.
///
/// Names that start with a dot are matched only where the pattern writes the dot. Links are not followed. The pattern
/// is held against names as they are on the disk, so it matches no file twice, and the order of what it finds is that
/// of the names' bytes.
package struct Glob: Sendable {
  /// The folder in front of the first segment with a wildcard, as written; empty for the current one.
  package let base: String
  private let segments: [[UInt8]]

  private static let depthLimit = 128

  /// Makes a pattern, or nil for a text without wildcards.
  package init?(_ text: String) {
    let all = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map(Array.init)
    guard let first = all.firstIndex(where: Self.hasWildcard) else { return nil }
    let prefix = all[..<first].map { String(decoding: $0, as: UTF8.self) }.joined(separator: "/")
    base = prefix.isEmpty && first > 0 ? "/" : prefix
    var segments: [[UInt8]] = []
    for segment in all[first...] where !segment.isEmpty && segment != [0x2E] {
      if Self.isAnyDepth(segment), let last = segments.last, Self.isAnyDepth(last) { continue }
      segments.append(segment)
    }
    self.segments = segments
  }

  /// The files below `base` that match, each with `base` in front.
  ///
  /// Costs the entries of the folders that may hold a match, times the segments of the pattern.
  package func files(in fileSystem: some FileSystem) throws(FileFailure) -> [String] {
    var found: [String] = []
    try visit("", closure([0]), 1, fileSystem, &found)
    let prefix = base.isEmpty || base.hasSuffix("/") ? base : base + "/"
    return found.sorted(by: bytewise).map { prefix + $0 }
  }

  /// Goes through a folder; `states` are the positions in the pattern that its entries are held against.
  private func visit(
    _ folder: String, _ states: Set<Int>, _ depth: Int, _ fileSystem: some FileSystem, _ found: inout [String]
  ) throws(FileFailure) {
    guard depth <= Self.depthLimit else {
      throw FileFailure(.list, folder, .system(code: 0, text: "it lies more than \(Self.depthLimit) folders deep"))
    }
    for entry in try fileSystem.entries(of: folder) {
      guard let name = entry.text else { continue }
      let path = FilePath.join(folder, name)
      switch entry.kind {
      case .file:
        if states.contains(where: { isLast($0) && matches(entry.name, $0) }) { found.append(path) }
      case .folder:
        var next: Set<Int> = []
        for state in states where matches(entry.name, state) {
          next.insert(Self.isAnyDepth(segments[state]) ? state : state + 1)
        }
        next = closure(next)
        if !next.isEmpty { try visit(path, next, depth + 1, fileSystem, &found) }
      case .link, .special: continue
      }
    }
  }

  /// The states and those that are reached by letting `**` stand for no folder at all.
  private func closure(_ states: Set<Int>) -> Set<Int> {
    var result = states.filter { $0 < segments.count }
    for state in result where Self.isAnyDepth(segments[state]) && state + 1 < segments.count {
      result.insert(state + 1)
    }
    return result
  }

  private func isLast(_ state: Int) -> Bool { state == segments.count - 1 }

  private func matches(_ name: [UInt8], _ state: Int) -> Bool {
    let pattern = Self.isAnyDepth(segments[state]) ? [UInt8(ascii: "*")] : segments[state]
    if name.first == 0x2E, pattern.first != 0x2E { return false }
    return Self.matches(name, pattern)
  }

  private static func hasWildcard(_ segment: [UInt8]) -> Bool { segment.contains(0x2A) || segment.contains(0x3F) }

  private static func isAnyDepth(_ segment: [UInt8]) -> Bool { segment == [0x2A, 0x2A] }

  /// Whether a name matches a segment; costs their product at worst.
  static func matches(_ name: [UInt8], _ pattern: [UInt8]) -> Bool {
    var (position, index) = (0, 0)
    // Where the last star stands, and up to where it has been tried.
    var star: (pattern: Int, name: Int)?
    while index < name.count {
      if position < pattern.count, pattern[position] == 0x2A {
        star = (position, index)
        position += 1
      } else if position < pattern.count, pattern[position] == 0x3F {
        position += 1
        index += characterLength(name, index)
      } else if position < pattern.count, pattern[position] == name[index] {
        position += 1
        index += 1
      } else if let last = star {
        star = (last.pattern, last.name + 1)
        position = last.pattern + 1
        index = last.name + 1
      } else {
        return false
      }
    }
    return pattern[position...].allSatisfy { $0 == 0x2A }
  }

  /// How many bytes the character at `index` of a name in UTF-8 has.
  private static func characterLength(_ name: [UInt8], _ index: Int) -> Int {
    var end = index + 1
    while end < name.count, name[end] & 0xC0 == 0x80 { end += 1 }
    return end - index
  }
}
