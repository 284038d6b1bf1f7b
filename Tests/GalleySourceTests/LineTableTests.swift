import GalleySource
import Testing

/// The position by the definition, one byte at a time.
private func naivePosition(at offset: Int, in bytes: [UInt8]) -> (line: Int, column: Int) {
  var line = 1
  var column = 1
  for index in 0..<min(offset, bytes.count) {
    let endsLine = bytes[index] == 0x0A || (bytes[index] == 0x0D && !(bytes.dropFirst(index + 1).first == 0x0A))
    if endsLine {
      line += 1
      column = 1
    } else if bytes[index] & 0xC0 != 0x80 {
      column += 1
    }
  }
  return (line, column)
}

struct LineTableTests {
  @Test func `an empty text has one empty line`() {
    let table = LineTable([])
    #expect(table.lineCount == 1)
    #expect(table.range(ofLine: 1) == 0..<0)
    #expect(table.position(at: 0, in: []) == (1, 1))
  }

  @Test func `LF, CR and CR LF each end one line`() {
    let bytes = Array("a\nb\rc\r\nd".utf8)
    let table = LineTable(bytes)
    #expect(table.lineCount == 4)
    #expect((1...4).map { table.range(ofLine: $0) } == [0..<2, 2..<4, 4..<7, 7..<8])
    #expect(table.position(at: 7, in: bytes) == (4, 1))
  }

  @Test func `LF CR is two line ends and a CR at the end of the text is one`() {
    #expect(LineTable(Array("a\n\rb".utf8)).lineCount == 3)
    #expect(LineTable(Array("a\r".utf8)).lineCount == 2)
  }

  @Test func `the LF of a CR LF stands on the line that it ends`() {
    let bytes = Array("a\r\nb".utf8)
    #expect(LineTable(bytes).position(at: 2, in: bytes) == (1, 3))
  }

  @Test func `a final line end opens an empty last line`() {
    let bytes = Array("a\n".utf8)
    let table = LineTable(bytes)
    #expect(table.lineCount == 2)
    #expect(table.range(ofLine: 2) == 2..<2)
    #expect(table.position(at: 2, in: bytes) == (2, 1))
  }

  @Test func `columns count characters, not bytes`() {
    let bytes = Array("é😀x".utf8)
    let table = LineTable(bytes)
    #expect(table.position(at: 2, in: bytes) == (1, 2))
    #expect(table.position(at: 6, in: bytes) == (1, 3))
  }

  @Test func `an offset behind the text is answered with its end`() {
    let bytes = Array("ab\nc".utf8)
    #expect(LineTable(bytes).position(at: 99, in: bytes) == (2, 2))
  }

  @Test func `a line number outside the text is brought into it`() {
    let table = LineTable(Array("ab\ncd".utf8))
    #expect(table.start(ofLine: 0) == 0)
    #expect(table.start(ofLine: 2) == 3)
    #expect(table.start(ofLine: 9) == 3)
  }

  @Test func `law: positions are those of the definition and lines tile the text`() {
    forEachSeed(300) { random, seed in
      let bytes = random.bytes(upTo: 40, from: Array("ab\n\r\r\né😀".utf8))
      let table = LineTable(bytes)
      for offset in 0...bytes.count {
        let (expected, found) = (naivePosition(at: offset, in: bytes), table.position(at: offset, in: bytes))
        #expect(found == expected, "seed \(seed), offset \(offset) of \(bytes)")
      }
      var end = 0
      for line in 1...table.lineCount {
        let range = table.range(ofLine: line)
        #expect(range.lowerBound == end, "seed \(seed), line \(line) of \(bytes)")
        #expect(table.start(ofLine: line) == range.lowerBound, "seed \(seed)")
        #expect(range.allSatisfy { table.line(at: $0) == line }, "seed \(seed), line \(line) of \(bytes)")
        end = range.upperBound
      }
      #expect(end == bytes.count, "seed \(seed)")
    }
  }
}
