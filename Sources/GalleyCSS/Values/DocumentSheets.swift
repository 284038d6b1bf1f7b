import GalleyHTML

/// The sheets of a document, as a client finds them.
extension CustomRules {
  private static let style = RunningHash.of("style")
  private static let template = RunningHash.of("template")
  private static let type = RunningHash.of("type")
  private static let media = RunningHash.of("media")
  private static let title = RunningHash.of("title")
  private static let disabled = RunningHash.of("disabled")

  /// The sheets of a document in which custom properties may be set, in order.
  ///
  /// Those in hidden conditional comments are left out: the client that reads them knows no custom properties.
  static func sheets(of tree: HTMLTree) -> [PlacedSheet] {
    var placed: [PlacedSheet] = []
    var blocks = BlockDepth(tree.placeholders)
    var revealed = 0
    var index = 0
    while index < tree.nodes.count {
      let node = tree.nodes[index]
      switch node.kind {
      case .revealedOpen: revealed += 1
      case .revealedClose: revealed = max(revealed - 1, 0)
      case .element where node.name.value == template:
        index = Int(node.subtreeEnd.index)
        continue
      case .element where node.name.value == style && !node.flags.intersects(.inConditional):
        let isInBlock = blocks.advance(to: Int(node.start)) > 0
        if let sheet = sheet(tree, index, isInBlock: isInBlock, isRevealed: revealed > 0) { placed.append(sheet) }
      default: break
      }
      index += 1
    }
    return placed
  }

  private static func sheet(_ tree: HTMLTree, _ index: Int, isInBlock: Bool, isRevealed: Bool) -> PlacedSheet? {
    let node = tree.nodes[index]
    let range = Int(node.contentStart)..<Int(node.contentEnd)
    guard CustomValue.mayName(tree.bytes[range]) else { return nil }
    var isSometimes = isRevealed || node.flags.intersects(.placeholderInTag)
    for attribute in tree.attributes(of: NodeID(index)) {
      let value = Int(attribute.valueStart)..<Int(attribute.valueEnd)
      switch attribute.name.value {
      case type:
        let type = tree.bytes[value].map(\.lowercasedASCII)
        if !type.isEmpty, !type.elementsEqual("text/css".utf8) { return nil }
      case media: if !MediaQuery.alwaysApplies(tree.bytes, value) { isSometimes = true }
      case title, disabled: isSometimes = true
      default: break
      }
    }
    let sheet = StyleSheet(tree.bytes, in: range, placeholders: tree.placeholders, isConditional: isInBlock)
    return PlacedSheet(sheet, node: index, isSometimes: isSometimes)
  }
}
