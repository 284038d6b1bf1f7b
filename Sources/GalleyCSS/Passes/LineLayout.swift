import GalleySource

/// Places in a document at which white space may be written otherwise, and the lines that come of it.
///
/// Everything between the gaps stays as it is. A line gets at most 500 bytes where a preferred break allows that, and
/// at most 998, which mail requires (https://www.rfc-editor.org/rfc/rfc5322#section-2.1.1), where any break does. The
/// last break before a line gets too long is taken, so laying out the result again changes nothing.
struct LineLayout {
  /// What is written into a gap.
  enum Filling: UInt8 { case nothing, space, newline }

  /// Whether a line may end at a gap.
  enum Break: UInt8 { case never, preferred, lastResort }

  /// A place between bytes that stay.
  private struct Gap {
    var range: Range<Int>
    var filling: Filling
    var lineBreak: Break
  }

  private static let preferredLength = 500
  private static let longestLength = 998

  private var gaps: [Gap] = []
  /// The pieces of the text with which a line gets longer than mail allows; known once there are edits.
  private(set) var longLines: [Range<Int>] = []

  /// Adds a gap behind the others; it does nothing if it changes nothing and can't end a line.
  mutating func add(_ range: Range<Int>, _ filling: Filling, _ lineBreak: Break = .never) {
    if range.isEmpty, filling == .nothing, lineBreak == .never { return }
    gaps.append(Gap(range: range, filling: filling, lineBreak: lineBreak))
  }

  /// The edits that fill the gaps.
  mutating func edits(of bytes: [UInt8]) -> EditList {
    breakLines(bytes)
    var edits = EditList()
    for gap in gaps {
      switch gap.filling {
      case .nothing: edits.change(gap.range, of: bytes, to: [])
      case .space: edits.change(gap.range, of: bytes, to: [0x20])
      case .newline: edits.change(gap.range, of: bytes, to: [0x0A])
      }
    }
    return edits
  }

  // MARK: - Lines

  /// A gap on the current line that may end it, and the column of what follows it.
  private struct Candidate {
    var gap: Int
    var column: Int
  }

  /// The line that is being measured.
  private struct Line {
    var column = 0
    /// Whether it is known to stay too long.
    var isLong = false
    var preferred: Candidate?
    var lastResort: Candidate?
  }

  private mutating func breakLines(_ bytes: [UInt8]) {
    var line = Line()
    var position = 0
    for index in gaps.indices {
      pass(position..<gaps[index].range.lowerBound, bytes, &line)
      pass(gap: index, &line)
      position = gaps[index].range.upperBound
    }
    pass(position..<bytes.count, bytes, &line)
  }

  /// Measures bytes that stay.
  private mutating func pass(_ range: Range<Int>, _ bytes: [UInt8], _ line: inout Line) {
    var start = range.lowerBound
    while let end = bytes[start..<range.upperBound].firstIndex(where: { $0 == 0x0A || $0 == 0x0D }) {
      line.column += end - start
      limit(&line)
      note(start..<end, &line)
      line = Line()
      start = end + 1
    }
    line.column += range.upperBound - start
    limit(&line)
    note(start..<range.upperBound, &line)
  }

  /// Notes a line that has become too long and can't be broken any more.
  private mutating func note(_ range: Range<Int>, _ line: inout Line) {
    guard line.column > Self.longestLength, !line.isLong else { return }
    line.isLong = true
    longLines.append(range)
  }

  private mutating func pass(gap index: Int, _ line: inout Line) {
    // A space that the line has no room for is where it ends: no earlier break is needed.
    let column = line.column + (gaps[index].filling == .space ? 1 : 0)
    let isTooLong: Bool
    switch gaps[index].lineBreak {
    case .never: isTooLong = false
    case .preferred: isTooLong = column > Self.preferredLength
    case .lastResort: isTooLong = column > Self.longestLength
    }
    if isTooLong { gaps[index].filling = .newline }
    switch gaps[index].filling {
    case .newline:
      line = Line()
      return
    case .space:
      line.column += 1
      limit(&line)
    case .nothing: break
    }
    let candidate = Candidate(gap: index, column: line.column)
    switch gaps[index].lineBreak {
    case .never: break
    case .preferred: line.preferred = candidate
    case .lastResort: line.lastResort = candidate
    }
  }

  /// Breaks a line that has become too long, where it can be.
  private mutating func limit(_ line: inout Line) {
    if line.column > Self.preferredLength, let candidate = line.preferred { end(&line, at: candidate) }
    if line.column > Self.longestLength, let candidate = line.lastResort { end(&line, at: candidate) }
  }

  private mutating func end(_ line: inout Line, at candidate: Candidate) {
    gaps[candidate.gap].filling = .newline
    line.column -= candidate.column
    line.isLong = false
    line.preferred = behind(candidate, line.preferred)
    line.lastResort = behind(candidate, line.lastResort)
  }

  /// A candidate that is still on the line once it has been broken.
  private func behind(_ taken: Candidate, _ other: Candidate?) -> Candidate? {
    guard let other, other.gap > taken.gap else { return nil }
    return Candidate(gap: other.gap, column: other.column - taken.column)
  }
}
