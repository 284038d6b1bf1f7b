/// Makes the trees of many documents in turn in the same memory.
///
/// What comes out is what `HTMLTree.parse` makes.
package struct HTMLParser: Sendable {
  private var builder = HTMLTreeBuilder()

  /// Makes a parser.
  package init() {}

  /// Makes the tree of a document; see `HTMLTree.parse`.
  package mutating func parse(_ bytes: [UInt8], placeholders: [Placeholder] = []) -> HTMLTree {
    builder.build(bytes.span, placeholders: placeholders)
    var tree = HTMLTree(bytes: bytes, placeholders: placeholders, nodes: [], attributes: [])
    swap(&tree.nodes, &builder.nodes)
    swap(&tree.attributes, &builder.lexer.attributes)
    return tree
  }

  /// Takes back the memory of a tree that is not needed any more; it is of use if nothing else holds the tree.
  package mutating func reuse(_ tree: consuming HTMLTree) {
    swap(&tree.nodes, &builder.nodes)
    swap(&tree.attributes, &builder.lexer.attributes)
    builder.nodes.removeAll(keepingCapacity: true)
    builder.lexer.attributes.removeAll(keepingCapacity: true)
  }
}
