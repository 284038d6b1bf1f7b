import GalleySource

/// The edits to a document while they are written.
///
/// Elements that look alike share the bytes of their edits.
struct EditDraft: Sendable {
  private(set) var entries: [EditList.Entry] = []
  /// The new bytes of all edits.
  var text: [UInt8] = []

  /// Starts with the buffers of a list that nobody needs any more.
  init(reusing list: consuming EditList = EditList()) {
    entries = list.entries
    text = list.text
    list = EditList()
    entries.removeAll(keepingCapacity: true)
    text.removeAll(keepingCapacity: true)
  }

  /// Makes room.
  mutating func reserve(entries entryCount: Int, bytes: Int) {
    entries.reserveCapacity(entryCount)
    text.reserveCapacity(bytes)
  }

  /// Adds an edit that replaces `range` by a part of `text`.
  mutating func replace(_ range: Range<Int>, with part: Range<Int>, origin: SourceRange? = nil) {
    entries.append(EditList.Entry(range: range, replacement: part, origin: origin, isVerbatim: false))
  }

  /// Adds an edit that inserts `bytes` before the byte at `offset`.
  mutating func insert(_ bytes: [UInt8], at offset: Int, origin: SourceRange? = nil) {
    let start = text.count
    text.append(contentsOf: bytes)
    replace(offset..<offset, with: start..<text.count, origin: origin)
  }

  /// Adds an edit that deletes `range`, together with a deletion just before it.
  mutating func delete(_ range: Range<Int>) {
    var start = range.lowerBound
    if let last = entries.last, last.replacement.isEmpty, last.range.upperBound == start {
      start = last.range.lowerBound
      entries.removeLast()
    }
    replace(start..<range.upperBound, with: text.count..<text.count)
  }

  /// Adds edits to a part of the document that starts at `offset`, in the order of their places.
  mutating func append(_ edits: EditList, at offset: Int) {
    let start = text.count
    text.append(contentsOf: edits.text)
    for edit in edits.sorted() {
      let part = edit.replacement.lowerBound + start..<edit.replacement.upperBound + start
      replace(edit.range.lowerBound + offset..<edit.range.upperBound + offset, with: part)
    }
  }

  /// Hands out the edits as a list and starts anew.
  mutating func finish() -> EditList {
    let list = EditList(entries: entries, text: text)
    self = EditDraft()
    return list
  }
}
