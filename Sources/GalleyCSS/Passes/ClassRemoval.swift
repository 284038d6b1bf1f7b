package import GalleyHTML
package import GalleySource

/// Removes from `class` attributes the names that nothing uses any more, and the attributes that are left empty.
///
/// A name is used if a selector of any sheet mentions it, also within `@media` and in conditional comments, if an
/// element in a conditional comment has it, or if a mail client gives it a meaning. An attribute stays as it is if it
/// holds a placeholder, lies in a conditional comment or is tested as a whole by a selector such as `[class^=…]` whose
/// answer would change. Nothing at all is removed if a sheet comes from elsewhere or out of a placeholder.
package struct ClassRemoval: Sendable {
  /// Makes the pass.
  package init() {}

  /// The edits to a document that is inlined already.
  package func edits(for tree: HTMLTree) -> EditList { result(for: tree).edits }

  /// The edits, or what makes all classes stay.
  package func result(for tree: HTMLTree) -> PassResult {
    var result = PassResult()
    let used = UsedClasses(tree)
    for index in tree.nodes.indices where mayEdit(tree.nodes[index], tree) {
      guard let attribute = ClassAttribute(NodeID(index), of: tree), !attribute.attribute.hasPlaceholder,
        isOnlyClass(NodeID(index), tree)
      else { continue }
      if let obstacle = used.obstacle {
        result.remarks.append(PassRemark(kind: .classes, range: obstacle))
        return result
      }
      edit(attribute, of: tree.nodes[index], tree, used, &result.edits)
    }
    return result
  }

  private func mayEdit(_ node: HTMLTree.Node, _ tree: HTMLTree) -> Bool {
    node.kind == .element && !tree.isInConditional(node) && !node.flags.contains(.placeholderInTag)
  }

  /// Whether there is no second `class`, which would count once the first is gone.
  private func isOnlyClass(_ node: NodeID, _ tree: HTMLTree) -> Bool {
    tree.attributes(of: node).count { $0.name.value == PassNames.className } == 1
  }

  private func edit(
    _ attribute: ClassAttribute, of node: HTMLTree.Node, _ tree: HTMLTree, _ used: UsedClasses, _ edits: inout EditList
  ) {
    let kept = attribute.words.filter { used.contains(attribute.name($0)) }
    if kept.count == attribute.words.count, !kept.isEmpty { return }
    var after: [UInt8] = []
    var written: [UInt8] = []
    for word in kept {
      if !after.isEmpty {
        after.append(0x20)
        written.append(0x20)
      }
      after += attribute.name(word)
      written += tree.bytes[attribute.text.document(word.range)]
    }
    let before = Array(attribute.text.bytes[attribute.text.range])
    guard used.answersAlike(before, after) else { return }
    if kept.isEmpty {
      var next = tree.end(of: attribute.attribute)
      while next < tree.bytes.count, tree.bytes[next].isCSSWhitespace { next += 1 }
      // What stands before an equals sign would become the name of the value behind it.
      if next < tree.bytes.count, tree.bytes[next] == 0x3D { return }
      edits.delete(removal(of: attribute.attribute, in: node, tree))
    } else {
      edits.replace(attribute.text.document(attribute.text.range), with: written)
    }
  }

  /// An attribute with the white space before it, which stays if the next attribute needs it.
  private func removal(of attribute: HTMLTree.Attribute, in node: HTMLTree.Node, _ tree: HTMLTree) -> Range<Int> {
    let end = tree.end(of: attribute)
    let isSeparated = end < tree.bytes.count && (tree.bytes[end].isCSSWhitespace || tree.bytes[end] == 0x3E)
    let start = isSeparated ? tree.spaceStart(before: attribute, of: node) : Int(attribute.nameStart)
    // A slash may stand among the white space.
    let isBlank = tree.bytes[start..<Int(attribute.nameStart)].allSatisfy(\.isCSSWhitespace)
    return (isBlank ? start : Int(attribute.nameStart))..<end
  }
}

/// The classes that something in a document uses.
private struct UsedClasses {
  private var names: Set<[UInt8]> = []
  private var anyCase: Set<[UInt8]> = []
  private var tests: [ClassMentions.Test] = []

  /// The tag of the element because of which they can't all be known, if there is one.
  private(set) var obstacle: Range<Int>?

  /// Collects them.
  init(_ tree: HTMLTree) {
    for index in tree.nodes.indices where tree.nodes[index].kind == .element {
      let node = tree.nodes[index]
      let isUnknown =
        node.name.value == PassNames.link && loadsSheet(NodeID(index), tree)
        || node.name.value == PassNames.style && !add(ClassMentions(EmbeddedText(contentOf: node, in: tree)))
      if isUnknown {
        obstacle = Int(node.start)..<Int(node.contentStart)
        return
      }
      if tree.isInConditional(node), let attribute = ClassAttribute(NodeID(index), of: tree) {
        for word in attribute.words { names.insert(attribute.name(word)) }
      }
    }
  }

  /// The most tests of whole values that are looked into.
  private static let mostTests = 64

  /// Adds what a sheet uses; false if that can't all be known.
  private mutating func add(_ mentions: ClassMentions) -> Bool {
    if mentions.hasUnknownRules || mentions.hasUnknownTest || mentions.importsSheet { return false }
    for mention in mentions.mentions {
      if mention.ignoresCase { anyCase.insert(mention.name.map(\.lowercasedASCII)) }
      names.insert(mention.name)
      // Documents without a doctype compare without case.
      names.insert(mention.name.map(\.lowercasedASCII))
    }
    tests += mentions.tests
    return tests.count <= Self.mostTests
  }

  private func loadsSheet(_ node: NodeID, _ tree: HTMLTree) -> Bool {
    guard let rel = tree.attribute(NameHash("rel"), of: node) else { return false }
    return rel.hasPlaceholder
      || tree.value(rel).lowercased().split(whereSeparator: \.isWhitespace).contains("stylesheet")
  }

  /// Whether something uses a class.
  func contains(_ name: [UInt8]) -> Bool {
    if names.contains(name) || names.contains(name.map(\.lowercasedASCII)) { return true }
    // Word has styles of its own for such classes.
    if name.starts(with: "Mso".utf8) { return true }
    return ClientHacks.isClass(NameHash(name).value, name: name[...])
      || !anyCase.isEmpty && anyCase.contains(name.map(\.lowercasedASCII))
  }

  /// Whether all tests of whole values come out alike; an empty value is one that is gone.
  func answersAlike(_ before: [UInt8], _ after: [UInt8]) -> Bool {
    tests.allSatisfy { $0.passes(before) == (!after.isEmpty && $0.passes(after)) }
  }
}
