package import GalleySource

/// A text of a catalog: a tree of pieces, parsed from an ICU-style pattern.
///
/// `{name}` is an argument, `''` an apostrophe, and `'{…}'` braces that are meant. Plurals, choices and formats are
/// recognized and refused; they will be further kinds of pieces.
package struct Message: Hashable, Sendable {
  /// One piece of a message; ranges are offsets into the pattern.
  package indirect enum Piece: Hashable, Sendable {
    /// Text, with quoting resolved.
    case text([UInt8], Range<Int>)
    /// The value of an argument.
    case argument(String, Range<Int>)
  }

  /// The key with its parents, joined by dots.
  package let key: String
  /// Where the last part of the key is written.
  package let keyRange: SourceRange
  /// Where the pattern is written, quotation marks included.
  package let range: SourceRange
  /// The number of bytes of the pattern.
  package let count: Int
  /// The pieces in order.
  package let pieces: [Piece]
  /// The names of the arguments, sorted, each once.
  package let arguments: [String]

  /// Makes a message from parsed pieces.
  package init(key: String, keyRange: SourceRange, range: SourceRange, count: Int, pieces: [Piece]) {
    self.key = key
    self.keyRange = keyRange
    self.range = range
    self.count = count
    self.pieces = pieces
    var names: Set<String> = []
    for case .argument(let name, _) in pieces { names.insert(name) }
    arguments = names.sorted()
  }

  /// Where a stretch of the pattern is written.
  ///
  /// A pattern that stands in its file byte for byte, bare or in quotation marks, is pointed into; of any other the
  /// whole is answered.
  package func range(of offsets: Range<Int>) -> SourceRange {
    Self.range(of: offsets, in: range, count: count)
  }

  /// Where a stretch of a pattern of `count` bytes is written that stands at `range`.
  static func range(of offsets: Range<Int>, in range: SourceRange, count: Int) -> SourceRange {
    let surplus = range.range.count - count
    guard surplus == 0 || surplus == 2 else { return range }
    let start = range.start + surplus / 2
    return SourceRange(range.source, start + offsets.lowerBound, start + offsets.upperBound)
  }
}
