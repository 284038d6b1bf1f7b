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

  /// The hashes of all classes, and where those of each node start; one entry more than there are nodes.
  private(set) var classes: [UInt64] = []
  private(set) var classStart: [Int32] = []
  /// The hash of each node's identifier, or 0.
  private(set) var ids: [UInt64] = []
  /// The position of each node's `style` attribute, or -1.
  private(set) var styles: [Int32] = []
  /// What is not certain of each node.
  private(set) var uncertainty: [Uncertainty] = []

  private let className = RunningHash.of("class")
  private let idName = RunningHash.of("id")
  private let styleName = RunningHash.of("style")

  init() {}

  /// Collects the facts of a document.
  mutating func collect(_ tree: HTMLTree) {
    let count = tree.nodes.count
    classes.removeAll(keepingCapacity: true)
    classStart.removeAll(keepingCapacity: true)
    ids.removeAll(keepingCapacity: true)
    styles.removeAll(keepingCapacity: true)
    uncertainty.removeAll(keepingCapacity: true)
    classStart.reserveCapacity(count + 1)
    ids.reserveCapacity(count)
    styles.reserveCapacity(count)
    uncertainty.reserveCapacity(count)
    for node in tree.nodes {
      classStart.append(Int32(classes.count))
      ids.append(0)
      styles.append(-1)
      uncertainty.append([])
      if node.kind == .element { collect(node, tree) }
    }
    classStart.append(Int32(classes.count))
  }

  private mutating func collect(_ node: HTMLTree.Node, _ tree: HTMLTree) {
    let last = ids.count - 1
    let first = Int(node.firstAttribute)
    var seen = 0
    for index in first..<first + Int(node.attributeCount) {
      let name = tree.attributes[index].name.value
      if name == className {
        if seen & 1 == 0 { collectClasses(tree.attributes[index], tree) }
        seen |= 1
      } else if name == idName {
        if seen & 2 == 0 { collectID(tree.attributes[index], tree) }
        seen |= 2
      } else if name == styleName, styles[last] < 0 {
        styles[last] = Int32(index)
      } else if OptOut.isCandidate(name), OptOut.keepsElement(tree.attributes[index], tree) {
        uncertainty[last].insert(.optedOut)
      }
    }
    if node.flags.contains(.placeholderInTag), hasBlock(node, tree) { uncertainty[last].insert(.attributes) }
  }

  private func hasBlock(_ node: HTMLTree.Node, _ tree: HTMLTree) -> Bool {
    var index = tree.placeholders.firstIndex(endingAfter: Int(node.start))
    while index < tree.placeholders.count, tree.placeholders[index].range.lowerBound < Int(node.contentStart) {
      if tree.placeholders[index].kind == .open { return true }
      index += 1
    }
    return false
  }

  private mutating func collectID(_ attribute: HTMLTree.Attribute, _ tree: HTMLTree) {
    let last = ids.count - 1
    if attribute.hasPlaceholder { uncertainty[last].insert(.id) }
    var hash = RunningHash()
    let range = Int(attribute.valueStart)..<Int(attribute.valueEnd)
    guard !range.isEmpty else { return }
    if tree.bytes[range].contains(0x26) {
      for byte in CharacterReferences.decoded(tree.bytes, range) { hash.add(byte) }
    } else {
      for index in range { hash.add(tree.bytes[index]) }
    }
    ids[last] = hash.value
  }

  private mutating func collectClasses(_ attribute: HTMLTree.Attribute, _ tree: HTMLTree) {
    let range = Int(attribute.valueStart)..<Int(attribute.valueEnd)
    if attribute.hasPlaceholder {
      uncertainty[uncertainty.count - 1].insert(.classes)
      collectKnownClasses(range, tree)
    } else if tree.bytes[range].contains(0x26) {
      let value = CharacterReferences.decoded(tree.bytes, range)
      collectClasses(value, 0..<value.count)
    } else {
      collectClasses(tree.bytes, range)
    }
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

extension [Placeholder] {
  /// The position of the first placeholder that ends behind `offset`; `count` when there is none.
  func firstIndex(endingAfter offset: Int) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if self[middle].range.upperBound <= offset { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

/// Character references in attribute values, as far as CSS meets them.
enum CharacterReferences {
  private static let named: [(name: String, scalar: Unicode.Scalar)] = [
    ("amp", "&"), ("lt", "<"), ("gt", ">"), ("quot", "\""), ("apos", "'"), ("nbsp", "\u{A0}"), ("colon", ":"),
    ("semi", ";"), ("lpar", "("), ("rpar", ")"), ("comma", ","), ("num", "#"), ("excl", "!"), ("period", "."),
  ]

  /// The value of an attribute with its references resolved; a reference that is not known stays as it is.
  static func decoded(_ bytes: [UInt8], _ range: Range<Int>) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(range.count)
    var index = range.lowerBound
    while index < range.upperBound {
      if bytes[index] == 0x26, let (scalar, end) = reference(bytes, at: index, limit: range.upperBound) {
        result += Array(UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        index = end
      } else {
        result.append(bytes[index])
        index += 1
      }
    }
    return result
  }

  private static func reference(_ bytes: [UInt8], at start: Int, limit: Int) -> (Unicode.Scalar, Int)? {
    var index = start + 1
    guard index < limit else { return nil }
    if bytes[index] == 0x23 {
      index += 1
      let isHex = index < limit && bytes[index] | 0x20 == 0x78
      if isHex { index += 1 }
      var value: UInt32 = 0
      let first = index
      while index < limit, isHex ? bytes[index].isHexDigit : bytes[index].isDigit {
        value = min(value * (isHex ? 16 : 10) + bytes[index].hexValue, 0x110000)
        index += 1
      }
      guard index > first else { return nil }
      if index < limit, bytes[index] == 0x3B { index += 1 }
      return (value == 0 ? "\u{FFFD}" : Unicode.Scalar(value) ?? "\u{FFFD}", index)
    }
    while index < limit, bytes[index].isLetter, index - start < 10 { index += 1 }
    guard index < limit, bytes[index] == 0x3B else { return nil }
    let name = bytes[start + 1..<index]
    guard let entry = named.first(where: { name.elementsEqual($0.name.utf8) }) else { return nil }
    return (entry.scalar, index + 1)
  }
}
