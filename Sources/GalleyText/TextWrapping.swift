import GalleyHTML
import GalleySource
import GalleyTemplate

extension AssembledText {
  /// The text with line feeds for some of the spaces of lines that are too long.
  ///
  /// Words, addresses and values are never broken; between ideographs a line may end without a space. What goes on is
  /// indented like its line, behind the mark of a list item, or quoted like it. Lines that hold columns or a condition
  /// are left alone. How long a value will be is not known: an address counts as 40 columns, any other as 12.
  func wrapped(at column: Int) -> AssembledText {
    var edits = EditList()
    var start = 0
    var hole = 0
    while start < bytes.count {
      let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
      let first = hole
      while hole < holes.count, holes[hole].offset < end { hole += 1 }
      let line = TextLine(range: start..<end, text: self, holes: holes[first..<hole])
      if end - start > column || first < hole { line.wrap(at: column, into: &edits) }
      start = end + 1
    }
    return applying(edits)
  }
}

/// One line that may be too long.
private struct TextLine {
  let range: Range<Int>
  let text: AssembledText
  let holes: ArraySlice<AssembledText.Hole>

  /// Appends the edits that keep the line within `column` as far as is possible.
  func wrap(at column: Int, into edits: inout EditList) {
    let mark = self.mark
    guard holes.allSatisfy({ $0.placeholder.kind == .output }), !hasColumns(behind: mark.upperBound) else { return }
    let hang = text.bytes[mark].map { $0 == 0x3E ? $0 : 0x20 }
    var used = 0
    var usedAtBreak = 0
    var place: Range<Int>?
    var before: Unicode.Scalar?
    for piece in Pieces(self) {
      if piece.isSpace {
        if piece.range.lowerBound >= mark.upperBound {
          place = piece.range
          usedAtBreak = used + 1
        }
      } else {
        if let before, let scalar = piece.scalar, mayBreak(before, scalar) {
          place = piece.range.lowerBound..<piece.range.lowerBound
          usedAtBreak = used
        }
        if used + piece.width > column, let found = place {
          edits.replace(found, with: [0x0A] + hang)
          used += hang.count - usedAtBreak
          place = nil
        }
      }
      used += piece.width
      before = piece.scalar
    }
  }

  /// The spaces, quotation marks and the mark of a list item that the line begins with.
  private var mark: Range<Int> {
    let bytes = text.bytes
    var index = range.lowerBound
    while index < range.upperBound, bytes[index] == 0x20 || bytes[index] == 0x3E { index += 1 }
    let start = index
    if index < range.upperBound, bytes[index] == 0x2D {
      index += 1
    } else {
      while index < range.upperBound, index < start + 8, bytes[index].isNumeral { index += 1 }
      let hasDigits = bytes[start..<index].allSatisfy { (0x30...0x39).contains($0) }
      let isNumber = hasDigits || index == start + 1 || bytes[start..<index].allSatisfy { "ivxlc".utf8.contains($0) }
      guard index > start, isNumber, index < range.upperBound, bytes[index] == 0x2E else {
        return range.lowerBound..<start
      }
      index += 1
    }
    guard index < range.upperBound, bytes[index] == 0x20 else { return range.lowerBound..<start }
    return range.lowerBound..<index + 1
  }

  /// Whether there are two spaces in a row: a row of columns, or preformatted text.
  private func hasColumns(behind start: Int) -> Bool {
    let line = text.bytes[start..<range.upperBound]
    return zip(line, line.dropFirst()).contains { $0 == 0x20 && $1 == 0x20 }
  }

  /// Whether a line may end between two characters without a space: ideographs and kana, but no closing punctuation at
  /// the beginning and no opening one at the end.
  private func mayBreak(_ a: Unicode.Scalar, _ b: Unicode.Scalar) -> Bool {
    isIdeographic(a) && isIdeographic(b) && !Self.closing.contains(b) && !Self.opening.contains(a)
  }

  private func isIdeographic(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x2E80...0x303E, 0x3041...0x312F, 0x31A0...0x9FFF, 0xF900...0xFAFF, 0xFF01...0xFF60, 0x20000...0x3FFFD: true
    default: false
    }
  }

  private static let closing = Set("、。，．・：；？！）］｝」』】〉》〕〗ーゝゞヽヾ々ぁぃぅぇぉっゃゅょァィゥェォッャュョ".unicodeScalars)
  private static let opening = Set("（［｛「『【〈《〔〖".unicodeScalars)

  /// A character, or a value.
  private struct Piece {
    var range: Range<Int>
    var width: Int
    var scalar: Unicode.Scalar?
    var isSpace: Bool { scalar == " " }
  }

  /// The characters and values of a line.
  private struct Pieces: Sequence, IteratorProtocol {
    private let line: TextLine
    private var index: Int
    private var hole: Int

    init(_ line: TextLine) {
      self.line = line
      index = line.range.lowerBound
      hole = line.holes.startIndex
    }

    mutating func next() -> Piece? {
      guard index < line.range.upperBound else { return nil }
      let start = index
      if line.text.bytes[index] == AssembledText.token {
        index += 1
        hole += 1
        return Piece(range: start..<index, width: line.width(of: line.holes[hole - 1]), scalar: nil)
      }
      index += 1
      while index < line.range.upperBound, line.text.bytes[index] & 0xC0 == 0x80 { index += 1 }
      let scalar = String(decoding: line.text.bytes[start..<index], as: UTF8.self).unicodeScalars.first
      return Piece(range: start..<index, width: scalar.map { TextWidth.columns(of: $0) } ?? 1, scalar: scalar)
    }
  }

  private func width(of hole: AssembledText.Hole) -> Int {
    if case .output(_, .url, _) = hole.kind { 40 } else { 12 }
  }
}

extension UInt8 {
  /// Whether the byte is a digit or a letter, as numbers of list items are written.
  fileprivate var isNumeral: Bool { (0x30...0x39).contains(self) || (self | 0x20) &- 0x61 < 26 }
}
