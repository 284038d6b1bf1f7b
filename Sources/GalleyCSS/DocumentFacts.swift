import GalleyHTML

/// What matching needs to know of the elements of a document, by node.
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
    /// A placeholder stands in one of these.
    static var named: Uncertainty { Uncertainty(rawValue: 3) }
    /// The author wants its `style` left alone.
    static let optedOut = Uncertainty(rawValue: 8)
  }

  /// What is known of an element, or of another node as far as what is in it needs that.
  struct Element {
    /// The marks of the element's ancestors; see `NameMarks`.
    var ancestors: UInt64 = 0
    /// The marks of its own names.
    var names: UInt64 = 0
    /// The marks of its attributes.
    var attributes: UInt64 = 0
    /// The hash of its identifier, or 0.
    var id: UInt64 = 0
    /// The number of its list of classes; 0 is the empty one.
    var classList: Int32 = 0
    /// The position of its `style` attribute, or -1.
    var style: Int32 = -1
    /// The element around it, as `ImpliedTree` numbers them.
    var parent: Int32 = -1
    /// What is not certain of it.
    var uncertainty = Uncertainty()
  }

  /// A list of classes.
  private struct ClassList {
    /// Where its classes end in `classes`, and those of the next list start.
    var end: Int32
    /// The marks of its classes.
    var marks: UInt64
    /// The bytes of the attribute that was met first.
    var text: Range<Int>
  }

  /// The hashes of the classes of all lists.
  private(set) var classes: [UInt64] = []
  private var classLists: [ClassList] = []
  /// The lists by the bytes of their attribute.
  private var table = NumberTable()
  /// By node; those of earlier documents may follow.
  private var elements: [Element] = []

  private let className = RunningHash.of("class")
  private let idName = RunningHash.of("id")
  private let optOuts = NameSet(OptOut.names)

  init() {}

  /// What is known of a node.
  @inline(__always) subscript(node: Int) -> Element { elements[node] }

  /// Whether all facts about a node are certain, and nobody wants it left alone.
  @inline(__always) func isCertain(_ node: Int) -> Bool { elements[node].uncertainty.rawValue == 0 }

  /// The positions in `classes` of a node's classes.
  @inline(__always) func classRange(_ node: Int) -> Range<Int> {
    let list = Int(elements[node].classList)
    return list == 0 ? 0..<0 : Int(classLists[list - 1].end)..<Int(classLists[list].end)
  }

  /// How many lists of classes there are.
  var classListCount: Int { classLists.count }

  /// The hash of those classes of a list that are mentioned; 0 without any.
  func hash(ofList list: Int, _ mentioned: MentionedNames) -> UInt64 {
    if list == 0 { return 0 }
    var hash: UInt64 = 0
    for position in Int(classLists[list - 1].end)..<Int(classLists[list].end) {
      let known = mentioned.known(classes[position])
      if known == 0 { continue }
      hash = (hash ^ known) &* 0x9E37_79B9_7F4A_7C15
      hash ^= hash &>> 31
    }
    return hash
  }

  /// Whether a node has a class.
  @inline(__always) func hasClass(_ hash: UInt64, _ node: Int) -> Bool {
    for position in classRange(node) where classes[position] == hash { return true }
    return false
  }

  /// Collects the facts of a document to which a browser adds elements.
  mutating func collect(_ tree: HTMLTree, _ implied: ImpliedTree) {
    if classLists.count != 1 {
      classes.removeAll(keepingCapacity: true)
      classLists.removeAll(keepingCapacity: true)
      classLists.append(ClassList(end: 0, marks: 0, text: 0..<0))
      table.removeAll()
    }
    let nodes = tree.nodes.span
    let attributes = tree.attributes.span
    var collected: [Element] = []
    swap(&collected, &elements)
    if collected.count < nodes.count {
      collected.append(contentsOf: repeatElement(Element(), count: nodes.count - collected.count))
    }
    var elements = collected.mutableSpan
    for node in 0..<nodes.count {
      var element = Element()
      let parent = Int(nodes[node].parent.index)
      if parent >= 0 {
        element.ancestors = elements[parent].ancestors | elements[parent].names
        element.parent = nodes[parent].isElement ? Int32(truncatingIfNeeded: parent) : elements[parent].parent
      } else {
        element.ancestors = implied.marks
      }
      if nodes[node].isElement {
        if ImpliedTree.isRowInTable(node, nodes) { element.ancestors |= ImpliedElements.tableBodyMark }
        if !implied.elements.isEmpty {
          element.parent = Int32(truncatingIfNeeded: implied.parent(of: node, within: Int(element.parent), nodes))
        }
        if nodes[node].attributeCount > 0 { collect(nodes[node], attributes, tree, &element) }
        element.names = NameMarks.mark(nodes[node].name.value) | classLists[Int(element.classList)].marks
        if element.id != 0 { element.names |= NameMarks.mark(element.id) }
        if element.uncertainty.rawValue & Uncertainty.named.rawValue != 0 { element.names = .max }
      }
      elements[node] = element
    }
    swap(&collected, &self.elements)
  }

  private mutating func collect(
    _ node: HTMLTree.Node, _ attributes: Span<HTMLTree.Attribute>, _ tree: HTMLTree, _ element: inout Element
  ) {
    var hasClass = false
    var hasID = false
    var position = Int(node.firstAttribute)
    let end = position + Int(node.attributeCount)
    while position < end {
      let name = attributes[position].name.value
      element.attributes |= NameMarks.mark(name)
      if name == KnownName.style {
        if element.style < 0 { element.style = Int32(truncatingIfNeeded: position) }
      } else if name == className {
        if !hasClass { collectClasses(attributes[position], tree, &element) }
        hasClass = true
      } else if name == idName {
        if !hasID { collectID(attributes[position], tree, &element) }
        hasID = true
      } else if optOuts.contains(name), OptOut.keepsElement(attributes[position], tree) {
        element.uncertainty.insert(.optedOut)
      }
      position &+= 1
    }
    if node.hasPlaceholderInTag, hasBlock(node, tree) { element.uncertainty.insert(.attributes) }
  }

  private func hasBlock(_ node: HTMLTree.Node, _ tree: HTMLTree) -> Bool {
    var index = tree.placeholders.firstIndex(endingAfter: Int(node.start))
    while index < tree.placeholders.count, tree.placeholders[index].range.lowerBound < Int(node.contentStart) {
      if tree.placeholders[index].kind == .open { return true }
      index += 1
    }
    return false
  }

  private func collectID(_ attribute: HTMLTree.Attribute, _ tree: HTMLTree, _ element: inout Element) {
    if attribute.hasPlaceholder { element.uncertainty.insert(.id) }
    var hash = RunningHash()
    let range = Int(attribute.valueStart)..<Int(attribute.valueEnd)
    guard !range.isEmpty else { return }
    if tree.bytes[range].contains(0x26) {
      for byte in tree.bytes.decodingReferences(in: range) { hash.add(byte) }
    } else {
      for index in range { hash.add(tree.bytes[index]) }
    }
    element.id = hash.value
  }

  private mutating func collectClasses(_ attribute: HTMLTree.Attribute, _ tree: HTMLTree, _ element: inout Element) {
    let range = Int(attribute.valueStart)..<Int(attribute.valueEnd)
    if range.isEmpty { return }
    if attribute.hasPlaceholder {
      element.uncertainty.insert(.classes)
      collectKnownClasses(range, tree)
      element.classList = endList(range)
      return
    }
    let bytes = tree.bytes.span
    let hash = ByteRun.hash(bytes, range)
    if let known = table.number(hash, where: { ByteRun.areEqual(bytes, classLists[$0].text, bytes, range) }) {
      element.classList = Int32(truncatingIfNeeded: known)
      return
    }
    if tree.bytes[range].contains(0x26) {
      let value = tree.bytes.decodingReferences(in: range)
      collectClasses(value, 0..<value.count)
    } else {
      collectClasses(tree.bytes, range)
    }
    element.classList = endList(range)
    table.add(Int(element.classList), hash)
  }

  /// Ends the list to which classes were added, and returns its number; `range` is that of the attribute's value.
  private mutating func endList(_ range: Range<Int>) -> Int32 {
    var list = ClassList(end: Int32(classes.count), marks: 0, text: range)
    for position in Int(classLists[classLists.count - 1].end)..<classes.count {
      list.marks |= NameMarks.mark(classes[position])
    }
    classLists.append(list)
    return Int32(classLists.count - 1)
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
