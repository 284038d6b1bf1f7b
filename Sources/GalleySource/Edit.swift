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

    /// Makes an edit.
    @inlinable public init(range: Range<Int>, replacement: Range<Int>, origin: SourceRange?, isVerbatim: Bool) {
      self.range = range
      self.replacement = replacement
      self.origin = origin
      self.isVerbatim = isVerbatim
    }
  }

  /// The edits, in the order of adding.
  public private(set) var entries: [Entry] = []
  /// The replacement bytes of all edits.
  public private(set) var text: [UInt8] = []

  /// Makes an empty list.
  public init() {}

  /// Makes a list of edits whose replacements lie in `text`, where several may share the same bytes.
  package init(entries: [Entry], text: [UInt8]) {
    self.entries = entries
    self.text = text
  }

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

  /// Whether the edits were added in the order of their places, so that none has to be moved.
  private var isSorted: Bool {
    let edits = entries.span
    var position = 0
    for index in edits.indices {
      if edits[index].range.lowerBound < position { return false }
      position = edits[index].range.upperBound
    }
    return true
  }

  /// The bytes after all edits.
  public func apply(to bytes: [UInt8]) -> [UInt8] {
    if entries.isEmpty { return bytes }
    let edits = sorted()
    var output: [UInt8] = []
    output.reserveCapacity(Self.count(of: bytes, after: edits.span))
    var position = 0
    for index in edits.indices {
      output.append(contentsOf: bytes[position..<edits[index].range.lowerBound])
      if !edits[index].replacement.isEmpty { output.append(contentsOf: text[edits[index].replacement]) }
      position = edits[index].range.upperBound
    }
    output.append(contentsOf: bytes[position...])
    return output
  }

  /// How many bytes there are after the edits, which must not overlap.
  private static func count(of bytes: [UInt8], after edits: Span<Entry>) -> Int {
    var count = bytes.count
    var position = 0
    for index in edits.indices {
      let (range, replacement) = (edits[index].range, edits[index].replacement)
      precondition(range.lowerBound >= position, "edits must not overlap")
      position = range.upperBound
      count += replacement.count - range.count
    }
    return count
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
