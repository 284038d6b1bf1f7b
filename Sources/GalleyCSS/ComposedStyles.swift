/// Edits to elements that were composed, once for all elements that look alike.
///
/// Offsets count from where a new attribute goes, or from the start of the value of the one that is there.
struct ComposedStyles: Sendable {
  /// One edit: the bytes from `start` to `end` become a part of the text of all edits.
  struct Piece: Sendable {
    let start: Int32
    let end: Int32
    let text: Range<Int32>
  }

  private(set) var pieces: [Piece] = []
  private var ofLook: [Range<Int32>] = []

  private static let unknown: Range<Int32> = -1 ..< -1

  /// Forgets all edits.
  mutating func removeAll() {
    pieces.removeAll(keepingCapacity: true)
    ofLook.removeAll(keepingCapacity: true)
  }

  /// Makes room for so many looks.
  mutating func reserve(lookCount: Int) {
    if ofLook.count < lookCount {
      ofLook.append(contentsOf: repeatElement(Self.unknown, count: lookCount - ofLook.count))
    }
  }

  /// The positions of the pieces of a look, if they are known.
  @inline(__always) func pieces(of look: Int) -> Range<Int>? {
    ofLook[look].lowerBound < 0 ? nil : ofLook[look].offsets
  }

  /// Remembers the pieces from a position on as those of a look.
  mutating func remember(from first: Int, as look: Int) { ofLook[look] = Int32(first)..<Int32(pieces.count) }

  /// Adds a piece whose bytes are a part of the text of all edits.
  mutating func add(_ start: Int, _ end: Int, _ text: Range<Int>) {
    pieces.append(
      Piece(
        start: Int32(start), end: Int32(end), text: Int32(text.lowerBound)..<Int32(text.upperBound)))
  }
}
