/// A list of edits to one text: these bytes become those.
///
/// Edits are added in any order and applied at once; the ranges must not overlap. Two insertions at one offset keep
/// the order in which they were added. The replacement bytes of all edits stand in one buffer, so an edit costs no
/// allocation of its own.
public struct EditList: Sendable {
  /// One edit: the range of the text that goes, and the range of `text` that comes instead.
  public struct Entry: Sendable {
    /// The offsets of the bytes that are replaced; empty for an insertion.
    public let range: Range<Int>
    /// Where the new bytes stand in the list's `text`.
    public let replacement: Range<Int>
    /// Who is to blame for the new bytes: the place a person wrote that caused them.
    public let origin: SourceRange?
    /// Whether the new bytes are, byte for byte, those of `origin`.
    public let isVerbatim: Bool
  }

  /// The edits, in the order of adding.
  public private(set) var entries: [Entry] = []
  /// The replacement bytes of all edits.
  public private(set) var text: [UInt8] = []

  /// Makes an empty list.
  public init() {}

  /// Whether there is nothing to change.
  public var isEmpty: Bool { entries.isEmpty }

  /// Adds an edit that replaces `range` by `bytes`.
  public mutating func replace(
    _ range: Range<Int>, with bytes: some Collection<UInt8>, origin: SourceRange? = nil, isVerbatim: Bool = false
  ) {
    let start = text.count
    text.append(contentsOf: bytes)
    entries.append(
      Entry(range: range, replacement: start..<text.count, origin: origin, isVerbatim: isVerbatim))
  }

  /// Adds an edit that replaces `range` by a part of `bytes`.
  public mutating func replace(
    _ range: Range<Int>, with bytes: [UInt8], in part: Range<Int>, origin: SourceRange? = nil
  ) {
    let start = text.count
    text.append(contentsOf: bytes[part])
    entries.append(Entry(range: range, replacement: start..<text.count, origin: origin, isVerbatim: false))
  }

  /// Adds an edit that inserts `bytes` before the byte at `offset`.
  public mutating func insert(
    _ bytes: some Collection<UInt8>, at offset: Int, origin: SourceRange? = nil, isVerbatim: Bool = false
  ) {
    replace(offset..<offset, with: bytes, origin: origin, isVerbatim: isVerbatim)
  }

  /// Adds an edit that deletes `range`.
  public mutating func delete(_ range: Range<Int>) { replace(range, with: EmptyCollection()) }

  /// The entries sorted by place, insertions at one offset in the order of adding and before a replacement there.
  public func sorted() -> [Entry] {
    let isSorted = zip(entries, entries.dropFirst()).allSatisfy { $0.range.upperBound <= $1.range.lowerBound }
    if isSorted { return entries }
    return entries.enumerated().sorted { a, b in
      if a.element.range.lowerBound != b.element.range.lowerBound {
        return a.element.range.lowerBound < b.element.range.lowerBound
      }
      if a.element.range.upperBound != b.element.range.upperBound {
        return a.element.range.upperBound < b.element.range.upperBound
      }
      return a.offset < b.offset
    }.map(\.element)
  }

  /// The bytes after all edits.
  public func apply(to bytes: [UInt8]) -> [UInt8] {
    if entries.isEmpty { return bytes }
    var output: [UInt8] = []
    output.reserveCapacity(bytes.count + text.count)
    var position = 0
    for entry in sorted() {
      precondition(entry.range.lowerBound >= position, "edits must not overlap")
      output.append(contentsOf: bytes[position..<entry.range.lowerBound])
      output.append(contentsOf: text[entry.replacement])
      position = entry.range.upperBound
    }
    output.append(contentsOf: bytes[position...])
    return output
  }

  /// Where the given offsets of the old text lie in the new one; `offsets` must ascend.
  ///
  /// An offset inside a replaced range has no place in the new text and is answered with nil. An insertion at an
  /// offset comes before it.
  public func map(offsets: [Int]) -> [Int?] {
    let edits = sorted()
    var result: [Int?] = []
    result.reserveCapacity(offsets.count)
    var next = 0
    var shift = 0
    for offset in offsets {
      while next < edits.count, edits[next].range.upperBound <= offset {
        shift += edits[next].replacement.count - edits[next].range.count
        next += 1
      }
      let isInside = next < edits.count && edits[next].range.lowerBound <= offset && !edits[next].range.isEmpty
      result.append(isInside ? nil : offset + shift)
    }
    return result
  }
}
