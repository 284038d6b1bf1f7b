import GalleyHTML

/// What matching needs to know of the elements of a document, in flat arrays by node.
struct DocumentFacts {
  /// What keeps a fact about an element from being certain.
  struct Uncertainty: OptionSet {
    let rawValue: UInt8
    /// A placeholder stands in its `class`.
    static let classes = Uncertainty(rawValue: 1)
    /// A placeholder stands in its `id`.
    static let id = Uncertainty(rawValue: 2)
    /// A condition stands in its start tag: each attribute may be missing.
    static let attributes = Uncertainty(rawValue: 4)
    /// The author wants its `style` left alone.
    static let optedOut = Uncertainty(rawValue: 8)
  }

  /// The hashes of the classes of all lists, and where each list starts; one entry more than there are lists.
  private(set) var classes: [UInt64] = []
  private var listStart: [Int32] = [0, 0]
  /// The number of each node's list of classes; 0 is the empty one.
  private(set) var classLists: [Int32] = []
  /// The hash of each node's identifier, or 0.
  private(set) var ids: [UInt64] = []
  /// The position of each node's `style` attribute, or -1.
  private(set) var styles: [Int32] = []
  /// What is not certain of each node.
  private(set) var uncertainty: [Uncertainty] = []
  /// For each element the one around it, as `ImpliedTree` numbers them.
  private(set) var parents: [Int32] = []
  /// The marks of each node's ancestors, and those of what its children see; see `NameMarks`.
  private(set) var ancestors: [UInt64] = []
  private var inner: [UInt64] = []
  /// The marks of each element's own names.
  private(set) var names: [UInt64] = []
  /// The marks of each node's attributes.
  private(set) var attributes: [UInt64] = []
  /// The lists by the bytes of their attribute, and where each stands that was met first.
  private var table = NumberTable()
  private var firstOfList: [Range<Int>] = []

  private let className = RunningHash.of("class")
  private let idName = RunningHash.of("id")
  private let styleName = RunningHash.of("style")

  init() {}

  /// The positions in `classes` of a node's classes.
  func classRange(_ node: Int) -> Range<Int> {
    let list = Int(classLists[node])
    return Int(listStart[list])..<Int(listStart[list + 1])
  }

  /// Whether a node has a class.
  func hasClass(_ hash: UInt64, _ node: Int) -> Bool {
    for position in classRange(node) where classes[position] == hash { return true }
    return false
  }

  /// Collects the facts of a document to which a browser adds elements.
  mutating func collect(_ tree: HTMLTree, _ implied: ImpliedTree) {
    let count = tree.nodes.count
    classes.removeAll(keepingCapacity: true)
    listStart.removeAll(keepingCapacity: true)
    listStart.append(0)
    listStart.append(0)
    table.removeAll()
    firstOfList.removeAll(keepingCapacity: true)
    firstOfList.append(0..<0)
    classLists.removeAll(keepingCapacity: true)
    ids.removeAll(keepingCapacity: true)
    styles.removeAll(keepingCapacity: true)
    uncertainty.removeAll(keepingCapacity: true)
    classLists.append(contentsOf: repeatElement(0, count: count))
    ids.append(contentsOf: repeatElement(0, count: count))
    styles.append(contentsOf: repeatElement(-1, count: count))
    uncertainty.append(contentsOf: repeatElement([], count: count))
    ancestors.removeAll(keepingCapacity: true)
    ancestors.append(contentsOf: repeatElement(0, count: count))
    attributes.removeAll(keepingCapacity: true)
    attributes.append(contentsOf: repeatElement(0, count: count))
    inner.removeAll(keepingCapacity: true)
    inner.append(contentsOf: repeatElement(implied.marks, count: count))
    names.removeAll(keepingCapacity: true)
    names.append(contentsOf: repeatElement(0, count: count))
    parents.removeAll(keepingCapacity: true)
    parents.append(contentsOf: repeatElement(-1, count: count))
    for node in 0..<count {
      let parent = Int(tree.nodes[node].parent.index)
      if parent >= 0 { ancestors[node] = inner[parent] }
      if ImpliedTree.isRowInTable(node, tree) { ancestors[node] |= ImpliedElements.tableBodyMark }
      if tree.nodes[node].isElement {
        parents[node] = Int32(truncatingIfNeeded: implied.parent(of: node, tree))
        if tree.nodes[node].attributeCount > 0 { collect(node, tree) }
        names[node] = marks(of: node, tree)
        inner[node] = ancestors[node] | names[node]
      } else if parent >= 0 {
        inner[node] = ancestors[node]
      }
    }
  }

  /// The marks of an element's own names.
  private func marks(of node: Int, _ tree: HTMLTree) -> UInt64 {
    if !uncertainty[node].isDisjoint(with: [.classes, .id]) { return .max }
    var marks = NameMarks.mark(tree.nodes[node].name.value)
    if ids[node] != 0 { marks |= NameMarks.mark(ids[node]) }
    for position in classRange(node) { marks |= NameMarks.mark(classes[position]) }
    return marks
  }

  private mutating func collect(_ index: Int, _ tree: HTMLTree) {
    let first = Int(tree.nodes[index].firstAttribute)
    var hasClass = false
    var hasID = false
    var marks: UInt64 = 0
    defer { attributes[index] = marks }
    for position in first..<first + Int(tree.nodes[index].attributeCount) {
      let name = tree.attributes[position].name.value
      marks |= NameMarks.mark(name)
      if name == styleName {
        if styles[index] < 0 { styles[index] = Int32(position) }
      } else if name == className {
        if !hasClass { collectClasses(tree.attributes[position], index, tree) }
        hasClass = true
      } else if name == idName {
        if !hasID { collectID(tree.attributes[position], index, tree) }
        hasID = true
      } else if OptOut.isCandidate(name), OptOut.keepsElement(tree.attributes[position], tree) {
        uncertainty[index].insert(.optedOut)
      }
    }
    if tree.nodes[index].flags.intersects(.placeholderInTag), hasBlock(tree.nodes[index], tree) {
      uncertainty[index].insert(.attributes)
    }
  }

  private func hasBlock(_ node: HTMLTree.Node, _ tree: HTMLTree) -> Bool {
    var index = tree.placeholders.firstIndex(endingAfter: Int(node.start))
    while index < tree.placeholders.count, tree.placeholders[index].range.lowerBound < Int(node.contentStart) {
      if tree.placeholders[index].kind == .open { return true }
      index += 1
    }
    return false
  }

  private mutating func collectID(_ attribute: HTMLTree.Attribute, _ node: Int, _ tree: HTMLTree) {
    if attribute.hasPlaceholder { uncertainty[node].insert(.id) }
    var hash = RunningHash()
    let range = Int(attribute.valueStart)..<Int(attribute.valueEnd)
    guard !range.isEmpty else { return }
    if tree.bytes[range].contains(0x26) {
      for byte in tree.bytes.decodingReferences(in: range) { hash.add(byte) }
    } else {
      for index in range { hash.add(tree.bytes[index]) }
    }
    ids[node] = hash.value
  }

  private mutating func collectClasses(_ attribute: HTMLTree.Attribute, _ node: Int, _ tree: HTMLTree) {
    let range = Int(attribute.valueStart)..<Int(attribute.valueEnd)
    if range.isEmpty { return }
    if attribute.hasPlaceholder {
      uncertainty[node].insert(.classes)
      collectKnownClasses(range, tree)
      classLists[node] = endList(range)
      return
    }
    let hash = ByteRun.hash(tree.bytes.span, range)
    let known = table.number(hash) { ByteRun.areEqual(tree.bytes.span, firstOfList[$0], tree.bytes.span, range) }
    if let known {
      classLists[node] = Int32(known)
      return
    }
    if tree.bytes[range].contains(0x26) {
      let value = tree.bytes.decodingReferences(in: range)
      collectClasses(value, 0..<value.count)
    } else {
      collectClasses(tree.bytes, range)
    }
    classLists[node] = endList(range)
    table.add(Int(classLists[node]), hash)
  }

  /// Ends the list to which classes were added, and returns its number; `range` is that of the attribute's value.
  private mutating func endList(_ range: Range<Int>) -> Int32 {
    listStart.append(Int32(classes.count))
    firstOfList.append(range)
    return Int32(listStart.count - 2)
  }

  private mutating func collectClasses(_ bytes: [UInt8], _ range: Range<Int>) {
    var index = range.lowerBound
    while index < range.upperBound {
      if bytes[index].isCSSWhitespace {
        index += 1
        continue
      }
      var hash = RunningHash()
      while index < range.upperBound, !bytes[index].isCSSWhitespace {
        hash.add(bytes[index])
        index += 1
      }
      classes.append(hash.value)
    }
  }

  /// Collects the classes that no placeholder touches and no condition makes uncertain.
  private mutating func collectKnownClasses(_ range: Range<Int>, _ tree: HTMLTree) {
    var next = tree.placeholders.firstIndex(endingAfter: range.lowerBound)
    var index = range.lowerBound
    var depth = 0
    while index < range.upperBound {
      var end = index
      var isKnown = depth == 0
      while end < range.upperBound, !tree.bytes[end].isCSSWhitespace {
        if next < tree.placeholders.count, tree.placeholders[next].range.lowerBound <= end {
          let placeholder = tree.placeholders[next]
          if placeholder.kind == .open { depth += 1 }
          if placeholder.kind == .close { depth = max(depth - 1, 0) }
          isKnown = false
          end = max(min(placeholder.range.upperBound, range.upperBound), end + 1)
          next += 1
        } else {
          end += 1
        }
      }
      if isKnown, end > index { collectClasses(tree.bytes, index..<end) }
      index = max(end, index + 1)
    }
  }
}

extension [UInt8] {
  /// The bytes of an attribute's value with its character references resolved; for the few values that have any.
  @inline(never) func decodingReferences(in range: Range<Int>) -> [UInt8] {
    CharacterReference.decode(self[range], inAttribute: true)
  }
}

/// Character references in attribute values.
enum CharacterReferences {
  /// Whether a value so far ends in what letters, digits or a semicolon would make another reference of.
  static func isOpen(_ value: ArraySlice<UInt8>) -> Bool {
    guard let end = value.lastIndex(where: { !($0.isLetter || $0.isDigit) }), end + 1 < value.endIndex else {
      return false
    }
    return value[end] == 0x26 || value[end] == 0x23 && end > value.startIndex && value[end - 1] == 0x26
  }
}
