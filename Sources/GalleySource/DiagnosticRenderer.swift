/// Writes diagnostics for people.
///
/// Control characters of the author's text and of file names are shown escaped, so that no message can steer a
/// terminal. Columns count Unicode scalars from 1.
public struct DiagnosticRenderer {
  /// How much is written.
  public enum Form: Sendable {
    /// Several lines with an excerpt.
    case human
    /// One line: `path:line:column: severity[code] message`.
    case short
  }

  /// The position of a diagnostic as people count: lines and columns from 1.
  public struct Location: Sendable, Hashable {
    /// The path of the file.
    public let path: String
    /// Where it starts.
    public let line: Int
    /// Where it starts.
    public let column: Int
    /// Where it ends.
    public let endLine: Int
    /// Behind the last character.
    public let endColumn: Int
  }

  private let sources: SourceSet
  private let form: Form
  private let isColored: Bool
  private var tables: [SourceID: LineTable] = [:]

  /// The longest excerpt of a line, in characters.
  private static let excerptWidth = 110

  /// Makes a renderer for diagnostics whose ranges are of `sources`.
  public init(sources: SourceSet, form: Form = .human, isColored: Bool = false) {
    self.sources = sources
    self.form = form
    self.isColored = isColored
  }

  /// The text of a diagnostic, with a line feed at its end; the human form ends with an empty line.
  public mutating func render(_ diagnostic: Diagnostic) -> String {
    switch form {
    case .human: human(diagnostic)
    case .short: short(diagnostic)
    }
  }

  /// Where a range starts and ends.
  public mutating func location(of range: SourceRange) -> Location {
    let source = sources[range.source]
    let table = table(of: range.source)
    let start = table.position(at: range.start, in: source.bytes)
    let end = table.position(at: max(range.start, range.end), in: source.bytes)
    return Location(
      path: source.path, line: start.line, column: start.column, endLine: end.line, endColumn: end.column)
  }

  private mutating func table(of id: SourceID) -> LineTable {
    if let table = tables[id] { return table }
    let table = LineTable(sources[id].bytes)
    tables[id] = table
    return table
  }

  // MARK: The forms

  private mutating func short(_ diagnostic: Diagnostic) -> String {
    let headline = "\(diagnostic.severity.rawValue)[\(diagnostic.code.name)] \(Self.visible(diagnostic.message))\n"
    guard let range = diagnostic.range else { return "galley: " + headline }
    return "\(place(range)): \(headline)"
  }

  private mutating func human(_ diagnostic: Diagnostic) -> String {
    let color = Self.color(of: diagnostic.severity)
    var text = paint("\(diagnostic.severity.rawValue)[\(diagnostic.code.name)]", color)
    text += paint(": " + Self.visible(diagnostic.message), "1") + "\n"
    var gutter = 1
    if let range = diagnostic.range {
      let location = location(of: range)
      gutter = String(location.line).count
      let margin = String(repeating: " ", count: gutter)
      text += margin + paint("--> ", "34") + place(range) + "\n"
      text += margin + paint(" |", "34") + "\n"
      text += excerpt(range, location, label: diagnostic.label, margin: margin, color: color)
      if !diagnostic.notes.isEmpty || !diagnostic.help.isEmpty || !diagnostic.fixes.isEmpty {
        text += margin + paint(" |", "34") + "\n"
      }
    }
    let bullet = String(repeating: " ", count: gutter) + paint(" = ", "34")
    for note in diagnostic.notes {
      text += bullet + "note: " + Self.visible(note.message)
      if let range = note.range { text += ": " + place(range) }
      text += "\n"
    }
    for help in diagnostic.help { text += bullet + "help: " + Self.visible(help) + "\n" }
    for fix in diagnostic.fixes where !diagnostic.help.contains(fix.message) {
      text += bullet + (fix.isSafe ? "fix: " : "suggestion: ") + Self.visible(fix.message) + "\n"
    }
    return text + "\n"
  }

  private mutating func place(_ range: SourceRange) -> String {
    let location = location(of: range)
    return "\(Self.visible(location.path)):\(location.line):\(location.column)"
  }

  /// The line a range starts on, with marks under the part of the range that lies on it.
  private mutating func excerpt(
    _ range: SourceRange, _ location: Location, label: String?, margin: String, color: String
  ) -> String {
    let bytes = sources[range.source].bytes
    let table = table(of: range.source)
    var line = table.range(ofLine: location.line).clamped(to: 0..<bytes.count)
    while let last = bytes[line].last, last == 0x0A || last == 0x0D { line = line.lowerBound..<line.upperBound - 1 }
    let start = min(max(range.start, line.lowerBound), line.upperBound)
    let end = min(max(range.end, start), line.upperBound)

    // A long line is shown from a little before the marks.
    var from = line.lowerBound
    var until = line.upperBound
    if start - from > Self.excerptWidth - 30 { from = Self.boundary(bytes, max(start - 40, from)) }
    if until - from > Self.excerptWidth { until = Self.boundary(bytes, min(from + Self.excerptWidth, until)) }
    let before = Self.shown(bytes, from..<start)
    let marked = Self.shown(bytes, start..<min(end, until))
    let after = Self.shown(bytes, min(end, until)..<until)
    let lead = from > line.lowerBound ? "…" : ""
    let trail = until < line.upperBound ? "…" : ""

    let shownLine = lead + before + marked + after + trail
    let indent = String(repeating: " ", count: (lead + before).unicodeScalars.count)
    let marks = String(repeating: "^", count: max(1, marked.unicodeScalars.count))
    let number = paint("\(location.line)", "34")
    let tail = label.map { " " + Self.visible($0) } ?? ""
    return number + paint(" |", "34") + (shownLine.isEmpty ? "" : " " + shownLine) + "\n"
      + margin + paint(" | ", "34") + indent + paint(marks + tail, color) + "\n"
  }

  /// The offset of the scalar that the byte at `offset` belongs to, at most three bytes before.
  private static func boundary(_ bytes: [UInt8], _ offset: Int) -> Int {
    let first = max(offset - 3, 0)
    var offset = offset
    while offset > first, offset < bytes.count, bytes[offset] & 0xC0 == 0x80 { offset -= 1 }
    return offset
  }

  /// The text of a piece of a line, tabs as four spaces, control characters escaped.
  private static func shown(_ bytes: [UInt8], _ range: Range<Int>) -> String {
    guard range.lowerBound < range.upperBound else { return "" }
    return visible(String(decoding: bytes[range], as: UTF8.self), tab: "    ")
  }

  /// The text with control characters and bidirectional overrides written as escapes.
  public static func visible(_ text: String, tab: String = "\\t") -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x09: result += tab
      case 0x0A: result += "\\n"
      case 0x0D: result += "\\r"
      case 0x00..<0x20, 0x7F..<0xA0, 0x200B...0x200F, 0x202A...0x202E, 0x2066...0x2069, 0xFEFF:
        result += "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private static func color(of severity: Severity) -> String {
    switch severity {
    case .error: "1;31"
    case .warning: "1;33"
    case .info: "1;36"
    }
  }

  private func paint(_ text: String, _ color: String) -> String {
    isColored ? "\u{1B}[\(color)m\(text)\u{1B}[0m" : text
  }
}
