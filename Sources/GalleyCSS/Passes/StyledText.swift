import GalleyHTML

/// The names of attributes and elements that the passes look for.
enum PassNames {
  static let style = RunningHash.of("style")
  static let className = RunningHash.of("class")
  static let link = RunningHash.of("link")
}

extension HTMLTree {
  /// Whether a node lies in the content of a downlevel-hidden conditional comment.
  func isInConditional(_ node: Node) -> Bool { node.flags.contains(.inConditional) }

  /// Behind an attribute with its quotes.
  func end(of attribute: Attribute) -> Int {
    switch attribute.quote {
    case .noValue: Int(attribute.nameEnd)
    case .unquoted: Int(attribute.valueEnd)
    case .single, .double: min(Int(attribute.valueEnd) + 1, bytes.count)
    }
  }

  /// Where the white space before an attribute may start: behind what stands before it in the tag.
  func spaceStart(before attribute: Attribute, of node: Node) -> Int {
    var result = Int(node.nameEnd)
    for other in attributes[Int(node.firstAttribute)..<Int(node.firstAttribute + node.attributeCount)] {
      if other.nameStart >= attribute.nameStart { break }
      result = end(of: other)
    }
    return result
  }

  /// Calls `body` with each `style` attribute that counts and that its author doesn't want left alone.
  ///
  /// What is in hidden conditional comments is left out: it is written for one client and says what it means to.
  func forEachStyleAttribute(_ body: (Node, Attribute) -> Void) {
    for index in nodes.indices where nodes[index].kind == .element && !isInConditional(nodes[index]) {
      let own = attributes(of: NodeID(index))
      guard let style = own.first(where: { $0.name.value == PassNames.style }), style.quote != .noValue else {
        continue
      }
      let isKept = own.contains { OptOut.isCandidate($0.name.value) && OptOut.keepsElement($0, self) }
      if !isKept { body(nodes[index], style) }
    }
  }

  /// Calls `body` with each `style` element outside of hidden conditional comments that its author doesn't want left
  /// alone.
  func forEachSheet(_ body: (Node) -> Void) {
    for index in nodes.indices where nodes[index].kind == .element && nodes[index].name.value == PassNames.style {
      guard !isInConditional(nodes[index]), !OptOut.keepsSheet(attributes(of: NodeID(index)), self) else { continue }
      body(nodes[index])
    }
  }

  /// Calls `body` with the text and the declarations of each `style` attribute and of each rule that stays.
  func forEachBlock(_ body: (EmbeddedText, ArraySlice<StyleSheet.Declaration>) -> Void) {
    forEachStyleAttribute { _, attribute in
      let text = EmbeddedText(attribute, in: self)
      body(text, text.declarations[...])
    }
    forEachSheet { node in
      let text = EmbeddedText(contentOf: node, in: self)
      let sheet = text.sheet
      for rule in sheet.rules where rule.kind == .style && !rule.flags.contains(.nested) {
        body(text, sheet.declarations[rule.declarations])
      }
    }
  }
}
