/// The starts of the lines of a text.
///
/// A line ends with LF, CR or CR LF; the terminator belongs to the line it ends. Building costs one pass over the
/// bytes, so build a table only where somebody will read a position.
public struct LineTable: Sendable {
  private let starts: [Int]
  private let count: Int

  /// Makes the table of `bytes`.
  public init(_ bytes: [UInt8]) {
    var starts = [0]
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      if byte == 0x0A {
        starts.append(index)
      } else if byte == 0x0D {
        if index < bytes.count, bytes[index] == 0x0A { index += 1 }
        starts.append(index)
      }
    }
    self.starts = starts
    count = bytes.count
  }

  /// The number of lines; at least one.
  public var lineCount: Int { starts.count }

  /// The line, counted from 1, that holds the byte at `offset`.
  public func line(at offset: Int) -> Int {
    var low = 0
    var high = starts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= offset { low = middle } else { high = middle }
    }
    return low + 1
  }

  /// The bytes of a line, counted from 1, with its terminator.
  public func range(ofLine line: Int) -> Range<Int> {
    let start = starts[line - 1]
    return start..<(line < starts.count ? starts[line] : count)
  }

  /// The offset at which a line, counted from 1, starts.
  public func start(ofLine line: Int) -> Int { starts[min(max(line, 1), starts.count) - 1] }

  /// The line and column of `offset` in `bytes`; both count from 1, columns count Unicode scalars.
  public func position(at offset: Int, in bytes: [UInt8]) -> (line: Int, column: Int) {
    let line = line(at: offset)
    return (line, Self.scalarCount(bytes, starts[line - 1]..<min(offset, bytes.count)) + 1)
  }

  /// The number of Unicode scalars that start in a range of well-formed UTF-8.
  static func scalarCount(_ bytes: [UInt8], _ range: Range<Int>) -> Int {
    guard range.lowerBound < range.upperBound else { return 0 }
    var count = 0
    for index in range where bytes[index] & 0xC0 != 0x80 { count += 1 }
    return count
  }
}
