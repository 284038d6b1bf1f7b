/// GalleySource: bytes, where they came from, how to point at them, change them and complain about them.
///
/// The three nouns that carry the compiler live here: a `SourceRange` says where, an `Edit` says which bytes become
/// which, a `Diagnostic` says what is wrong. The module uses the standard library alone and knows nothing of HTML,
/// CSS or templates. What must hold: offsets are byte offsets into the bytes of one `Source`; a `SourceSet` only
/// grows, so an identifier stays valid for as long as the set lives. Start with `SourceSet` and `Diagnostic`.

/// The identity of a file within a `SourceSet`.
public struct SourceID: Hashable, Comparable, Sendable {
  /// The position of the source in its set.
  public let index: UInt32

  /// Makes the identity of the source at `index`.
  public init(index: UInt32) { self.index = index }

  /// Orders sources by the order in which they were added.
  public static func < (a: SourceID, b: SourceID) -> Bool { a.index < b.index }
}

/// A half-open range of bytes in one source.
///
/// `start <= end` holds; both are byte offsets.
public struct SourceRange: Hashable, Sendable {
  /// The file pointed into.
  public let source: SourceID
  /// The offset of the first byte.
  public let start: Int
  /// The offset behind the last byte.
  public let end: Int

  /// Makes the range of the bytes from `start` up to `end`.
  public init(_ source: SourceID, _ start: Int, _ end: Int) {
    precondition(start >= 0 && start <= end, "a source range runs forwards")
    self.source = source
    self.start = start
    self.end = end
  }

  /// Makes a range from a range of offsets.
  public init(_ source: SourceID, _ range: Range<Int>) {
    self.init(source, range.lowerBound, range.upperBound)
  }

  /// The offsets as a standard range.
  public var range: Range<Int> { start..<end }

  /// The smallest range that holds both; `other` must be of the same source.
  public func union(_ other: SourceRange) -> SourceRange {
    precondition(source == other.source, "ranges of two files have no union")
    return SourceRange(source, min(start, other.start), max(end, other.end))
  }
}

/// One file as it was read: its path for people and its bytes.
public struct Source: Sendable {
  /// The path relative to the site's root, with `/` between segments.
  public let path: String
  /// The content, as read.
  public let bytes: [UInt8]

  /// Makes a source.
  public init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
  }

  /// Makes a source from text.
  public init(path: String, text: String) {
    self.init(path: path, bytes: Array(text.utf8))
  }

  /// The text of a range of offsets, with ill-formed UTF-8 replaced by U+FFFD.
  public func text(_ range: Range<Int>) -> String {
    String(decoding: bytes[range.clamped(to: 0..<bytes.count)], as: UTF8.self)
  }
}

/// All files that a run has read, in the order of reading.
public struct SourceSet: Sendable {
  /// The sources; a source's identifier is its position.
  public private(set) var sources: [Source] = []

  /// Makes an empty set.
  public init() {}

  /// Adds a source and returns its identity.
  public mutating func add(_ source: Source) -> SourceID {
    sources.append(source)
    return SourceID(index: UInt32(sources.count - 1))
  }

  /// Adds a source made of a path and bytes.
  public mutating func add(path: String, bytes: [UInt8]) -> SourceID {
    add(Source(path: path, bytes: bytes))
  }

  /// The source with the given identity, which must be of this set.
  public subscript(id: SourceID) -> Source { sources[Int(id.index)] }

  /// The text of a range.
  public func text(_ range: SourceRange) -> String { self[range.source].text(range.range) }
}
