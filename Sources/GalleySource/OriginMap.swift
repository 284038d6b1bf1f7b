/// For each byte of an assembled text: where a person wrote it, and through which calls it came.
///
/// A text is put together from pieces of templates, partials, messages and style sheets. A verbatim segment maps
/// offset by offset; any other maps as a whole to the construct that produced it. Segments tile the text.
public struct OriginMap: Sendable {
  /// Identifies a chain of calls; `root` is the empty chain.
  public struct Frame: Hashable, Sendable {
    let index: Int32
    /// The empty chain.
    public static let root = Frame(index: -1)
  }

  /// The place that an offset of the text came from.
  public struct Origin: Hashable, Sendable {
    /// The bytes a person wrote.
    public let range: SourceRange
    /// The calls on the way, innermost first.
    public let calls: [SourceRange]
  }

  struct Segment: Sendable {
    var start: Int
    var origin: SourceRange
    var frame: Frame
    var isVerbatim: Bool
  }

  private struct Call: Sendable {
    let parent: Frame
    let range: SourceRange
  }

  private(set) var segments: [Segment] = []
  private var calls: [Call] = []
  /// The number of bytes mapped.
  public private(set) var count = 0

  /// Makes the map of an empty text.
  public init() {}

  /// Makes the map of a text that is one whole source.
  public init(whole source: SourceID, count: Int) {
    append(SourceRange(source, 0, count), frame: .root, isVerbatim: true, count: count)
  }

  /// Makes room for so many pieces.
  public mutating func reserveCapacity(_ count: Int) { segments.reserveCapacity(count) }

  /// Opens a frame for a call written at `range` within `parent`.
  public mutating func call(at range: SourceRange, from parent: Frame) -> Frame {
    calls.append(Call(parent: parent, range: range))
    return Frame(index: Int32(calls.count - 1))
  }

  /// Appends `count` bytes that came from `origin`; a verbatim piece has as many bytes as its origin.
  public mutating func append(_ origin: SourceRange, frame: Frame, isVerbatim: Bool, count length: Int) {
    guard length > 0 else { return }
    if isVerbatim, let last = segments.last, last.isVerbatim, last.frame == frame,
      last.origin.source == origin.source, last.origin.end == origin.start
    {
      segments[segments.count - 1].origin = last.origin.union(origin)
    } else {
      segments.append(Segment(start: count, origin: origin, frame: frame, isVerbatim: isVerbatim))
    }
    count += length
  }

  /// The chain of calls of a frame, innermost first.
  public func chain(_ frame: Frame) -> [SourceRange] {
    var result: [SourceRange] = []
    var frame = frame
    while frame.index >= 0 {
      let call = calls[Int(frame.index)]
      result.append(call.range)
      frame = call.parent
    }
    return result
  }

  /// Where the bytes of `range` came from, or nil for an empty map.
  ///
  /// A range that runs over several pieces is answered with the piece it starts in, cut at that piece's end.
  public func origin(of range: Range<Int>) -> Origin? {
    place(of: range).map { Origin(range: $0, calls: chain(frame(at: range.lowerBound))) }
  }

  /// The frame that the byte at `offset` belongs to.
  public func frame(at offset: Int) -> Frame {
    segments.isEmpty ? .root : segments[segmentIndex(at: offset)].frame
  }

  /// The bytes a person wrote for `range`, cut at the end of the piece it starts in.
  private func place(of range: Range<Int>) -> SourceRange? {
    guard !segments.isEmpty else { return nil }
    let segment = segments[segmentIndex(at: range.lowerBound)]
    guard segment.isVerbatim else { return segment.origin }
    let start = min(segment.origin.start + max(range.lowerBound - segment.start, 0), segment.origin.end)
    return SourceRange(segment.origin.source, start, min(start + range.count, segment.origin.end))
  }

  private func segmentIndex(at offset: Int) -> Int {
    var low = 0
    var high = segments.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if segments[middle].start <= offset { low = middle } else { high = middle }
    }
    return low
  }

  /// The map of the text after `edits`.
  ///
  /// New bytes without an origin of their own are put down to the place they stand at; in a text that was empty, to
  /// the first edit that has one.
  public func applying(_ edits: EditList) -> OriginMap {
    if edits.isEmpty { return self }
    var result = OriginMap()
    result.calls = calls
    let sorted = edits.sorted()
    let nearest = segments.isEmpty ? sorted.lazy.compactMap(\.origin).first : nil
    var position = 0
    for entry in sorted {
      copy(position..<entry.range.lowerBound, to: &result)
      if !entry.replacement.isEmpty, let range = entry.origin ?? place(of: entry.range) ?? nearest {
        let isVerbatim =
          entry.isVerbatim && entry.origin != nil && range.range.count == entry.replacement.count
        result.append(
          range, frame: frame(at: entry.range.lowerBound), isVerbatim: isVerbatim, count: entry.replacement.count)
      }
      position = entry.range.upperBound
    }
    copy(position..<count, to: &result)
    return result
  }

  /// An empty map that knows the calls of this one, so that pieces of this one can be appended to it.
  public func emptied() -> OriginMap {
    var result = OriginMap()
    result.calls = calls
    return result
  }

  /// Appends the part of `other` that covers `range`; this map must have been made by `other.emptied()`.
  public mutating func append(_ range: Range<Int>, of other: OriginMap) { other.copy(range, to: &self) }

  /// Appends the part of this map that covers `range` to another map with the same calls.
  private func copy(_ range: Range<Int>, to other: inout OriginMap) {
    guard !range.isEmpty, !segments.isEmpty else { return }
    var index = segmentIndex(at: range.lowerBound)
    var position = range.lowerBound
    while position < range.upperBound, index < segments.count {
      let segment = segments[index]
      let end = min(index + 1 < segments.count ? segments[index + 1].start : count, range.upperBound)
      if segment.isVerbatim {
        let start = segment.origin.start + (position - segment.start)
        let origin = SourceRange(segment.origin.source, start, start + (end - position))
        other.append(origin, frame: segment.frame, isVerbatim: true, count: end - position)
      } else {
        other.append(segment.origin, frame: segment.frame, isVerbatim: false, count: end - position)
      }
      position = end
      index += 1
    }
  }
}
