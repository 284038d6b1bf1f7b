import GalleyHTML
import GalleySource

/// Finds the construct that a complaint of libxml2 is about, and says it in our words.
struct ComplaintLocator {
  private let tree: HTMLTree
  private let markup: MarkupChecks
  /// The ends of end tags in ascending order, with their starts.
  private let endTags: [(end: Int, start: Int, isInline: Bool)]
  /// Where the first fault of nesting is that the tree knows of.
  private let firstFault: Int

  init(_ tree: HTMLTree, _ markup: MarkupChecks) {
    self.tree = tree
    self.markup = markup
    firstFault = markup.firstNestingFault
    endTags = tree.nodes.compactMap { node in
      switch node.kind {
      case .element where node.flags.contains(.hasEndTag):
        (Int(node.end), Int(node.contentEnd), !ElementTable.isBlock(node.name))
      case .strayEndTag: (Int(node.end), Int(node.start), false)
      default: nil
      }
    }.sorted { $0.end < $1.end }
  }

  /// The finding that a complaint makes, or nil where it says nothing new.
  ///
  /// A fault of nesting has consequences up to the end of the document, so libxml2 is heard on nesting only up to the
  /// first fault that the tree has found.
  func finding(_ code: Int32, at offset: Int, _ message: String, _ name: String) -> HTMLFinding? {
    switch code {
    case 76:
      guard offset <= firstFault, !markup.hasSplitElements, let range = endTag(at: offset) else { return nil }
      return HTMLFinding(
        code: .mismatchedEndTag, message: "'\(text(range))' does not match what is open here", range: range,
        help: ["close elements in the opposite order of opening them"])
    case 800:
      let range = startTag(at: offset)
      return HTMLFinding(
        code: .misplacedElement, message: "'\(text(range))' can't stand here", range: range,
        help: ["a document has one '<html>' with one '<head>' and one '<body>'"])
    // That there is nothing in the document is not its fault; references and characters are judged by the tree.
    case 4...10: return nil
    default:
      let end = min(max(offset, 1), max(tree.bytes.count, 1))
      return HTMLFinding(
        code: .notWellFormed, message: "libxml2 can't read this: '\(message)'",
        range: end - 1..<min(end, tree.bytes.count))
    }
  }

  private func text(_ range: Range<Int>) -> String {
    MarkupChecks.quote(tree.bytes[range])
  }

  /// The end tag that ends at an offset, or the last one before.
  ///
  /// None for an inline element that the tree has closed well: libxml2 lets blocks end these, as HTML 4 had it, and a
  /// link around a table is fine today.
  private func endTag(at offset: Int) -> Range<Int>? {
    var low = 0
    var high = endTags.count
    while low < high {
      let middle = (low + high) / 2
      if endTags[middle].end <= offset { low = middle + 1 } else { high = middle }
    }
    guard low > 0, !endTags[low - 1].isInline else { return nil }
    return endTags[low - 1].start..<endTags[low - 1].end
  }

  /// The start tag that an offset lies in, or the last one before.
  private func startTag(at offset: Int) -> Range<Int> {
    var low = 0
    var high = tree.nodes.count
    while low < high {
      let middle = (low + high) / 2
      if Int(tree.nodes[middle].start) < offset { low = middle + 1 } else { high = middle }
    }
    var index = low - 1
    while index > 0, tree.nodes[index].kind != .element { index -= 1 }
    guard index > 0 else { return 0..<0 }
    return Int(tree.nodes[index].start)..<Int(tree.nodes[index].contentStart)
  }
}
