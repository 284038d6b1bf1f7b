/// A run of bytes in a document that stands for something only the sender knows.
///
/// To the HTML and CSS phases it is opaque: it is never split, moved, changed or looked into. Where placeholders stand
/// is told by whoever made the document: the template compiler knows it exactly, for foreign files a scanner finds
/// them. A list of placeholders is sorted by place and free of overlaps.
package struct Placeholder: Hashable, Sendable {
  /// What the placeholder does to the text around it.
  package enum Kind: UInt8, Sendable {
    /// It is replaced by a value.
    case output
    /// It opens a condition or a loop: what follows appears never, once or often.
    case open
    /// It divides a condition or a loop, as `else` does.
    case middle
    /// It closes a condition or a loop.
    case close
    /// It leaves nothing in the output: a comment or an assignment.
    case silent
  }

  /// The bytes of the placeholder.
  package let range: Range<Int>
  /// What it does.
  package let kind: Kind

  /// Makes a placeholder.
  package init(range: Range<Int>, kind: Kind) {
    self.range = range
    self.kind = kind
  }
}

extension [Placeholder] {
  /// The position of the first placeholder that ends behind `offset`; `count` when there is none.
  package func firstIndex(endingAfter offset: Int) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if self[middle].range.upperBound <= offset { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
