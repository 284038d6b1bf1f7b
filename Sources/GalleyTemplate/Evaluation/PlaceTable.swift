import GalleyHTML
package import GalleySource

/// Where the literal texts of files lead, from plain text on.
///
/// A text of a partial is put together with others again and again, and mostly begins where the HTML stands in plain
/// text, or comes to plain text soon; so the way through it is gone once for a site, not once for each mail. A table
/// belongs to the files that it was made of; without one an evaluation comes to the same.
package struct PlaceTable: Sendable {
  /// The way through a text.
  struct Entry {
    /// Where the text begins in its file.
    let start: Int
    /// How long the text is.
    let count: Int
    /// How much of the text leads to plain text if it begins there; more than all of it where nothing does.
    let plain: Int
    /// Whether blanks at the start of its lines make no difference to where it leads.
    let canBeIndented: Bool
    /// The tracker behind the text.
    let end: PlaceTracker
  }

  /// The entries of each file by their starts.
  private var entries: [[Entry]] = []

  /// Makes an empty table.
  package init() {}

  /// Makes the table of files of `sources`.
  package init(_ files: some Sequence<TemplateFile>, sources: SourceSet) {
    entries = Array(repeating: [], count: sources.sources.count)
    for file in files {
      add(file.body, sources)
      entries[Int(file.source.index)].sort { $0.start < $1.start }
    }
  }

  private mutating func add(_ nodes: [TemplateNode], _ sources: SourceSet) {
    for node in nodes {
      switch node {
      case .text(let range):
        let bytes = sources[range.source].bytes
        let text = bytes[range.range.clamped(to: bytes.indices)]
        entries[Int(range.source.index)].append(Self.entry(text))
      case .block(let block):
        add(block.body, sources)
        add(block.inverse ?? [], sources)
      case .partial(let call): add(call.block ?? [], sources)
      case .inline(let inline): add(inline.body, sources)
      case .literal, .output, .error: break
      }
    }
  }

  private static func entry(_ text: ArraySlice<UInt8>) -> Entry {
    var tracker = PlaceTracker()
    var position = text.startIndex
    var plain = text.count + 1
    while plain > text.count, let tagEnd = text[position...].firstIndex(of: UInt8(ascii: ">")) {
      tracker.advance(over: text[position...tagEnd])
      position = tagEnd + 1
      if tracker.isInPlainText { plain = position - text.startIndex }
    }
    tracker.advance(over: text[position...])
    return Entry(
      start: text.startIndex, count: text.count, plain: plain, canBeIndented: canBeIndented(text), end: tracker)
  }

  private static func canBeIndented(_ text: ArraySlice<UInt8>) -> Bool {
    var tracker = PlaceTracker()
    var position = text.startIndex
    while let lineEnd = text[position...].firstIndex(of: 0x0A) {
      tracker.advance(over: text[position...lineEnd])
      position = lineEnd + 1
      var indented = tracker
      indented.advance(over: [0x20])
      if !indented.isSamePlace(as: tracker) { return false }
    }
    return true
  }

  /// The way through the text at `range`, if the table has it.
  func entry(of range: SourceRange) -> Entry? {
    let index = Int(range.source.index)
    guard index < entries.count else { return nil }
    var (low, high) = (0, entries[index].count)
    while low < high {
      let middle = (low + high) / 2
      if entries[index][middle].start < range.start { low = middle + 1 } else { high = middle }
    }
    guard low < entries[index].count, entries[index][low].start == range.start,
      entries[index][low].count == range.range.count
    else { return nil }
    return entries[index][low]
  }
}
