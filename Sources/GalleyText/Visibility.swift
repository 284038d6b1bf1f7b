import GalleyHTML

/// What an element's attributes say about how a reader sees it.
struct Visibility {
  /// Whether it is not shown.
  var isHidden = false
  /// Whether it is laid out as a block although its name does not say so.
  var isBlock = false
  /// Whether its lines stand at the right.
  var isRight = false

  /// Reads the attributes of an element.
  init(of id: NodeID, in tree: HTMLTree) {
    for attribute in tree.attributes(of: id) {
      switch attribute.name {
      case Self.hidden: isHidden = isHidden || !attribute.hasPlaceholder
      case Self.ariaHidden: isHidden = isHidden || tree.rawValue(attribute).isWord("true")
      case Self.dataText: isHidden = isHidden || tree.rawValue(attribute).isWord("skip")
      case Self.style: readStyle(tree.rawValue(attribute))
      default: break
      }
    }
  }

  private static let hidden = NameHash("hidden")
  private static let ariaHidden = NameHash("aria-hidden")
  private static let dataText = NameHash("data-text")
  private static let style = NameHash("style")

  /// Reads the declarations of an inline style.
  ///
  /// `mso-hide: all` alone hides nothing: it stands on what all clients but Word show. A box without extent hides what
  /// it clips, and text of no size.
  private mutating func readStyle(_ style: ArraySlice<UInt8>) {
    var hidesInWord = false
    var isFlat = false
    var isTiny = false
    var isClipped = false
    for declaration in style.split(separator: 0x3B) {
      guard let colon = declaration.firstIndex(of: 0x3A) else { continue }
      let name = declaration[..<colon].trimmed
      var value = declaration[(colon + 1)...].trimmed
      if let bang = value.firstIndex(of: 0x21) { value = value[..<bang].trimmed }
      switch NameHash(lowercasing: name) {
      case Self.display:
        if value.isWord("none") { isHidden = true }
        if value.isWord("block") || value.isWord("table") { isBlock = true }
      case Self.visibility: if value.isWord("hidden") { isHidden = true }
      case Self.opacity: if value.isZero { isHidden = true }
      case Self.maxHeight, Self.height, Self.maxWidth, Self.width: if value.isZero { isFlat = true }
      case Self.fontSize: if value.isZero { isTiny = true }
      case Self.overflow: isClipped = value.isWord("hidden") || value.isWord("clip")
      case Self.textAlign: isRight = value.isWord("right") || value.isWord("end")
      case Self.msoHide: hidesInWord = value.isWord("all")
      default: break
      }
    }
    if hidesInWord, isFlat || isTiny { isHidden = true }
    if isFlat, isClipped || isTiny { isHidden = true }
  }

  private static let display = NameHash("display")
  private static let visibility = NameHash("visibility")
  private static let opacity = NameHash("opacity")
  private static let maxHeight = NameHash("max-height")
  private static let fontSize = NameHash("font-size")
  private static let height = NameHash("height")
  private static let maxWidth = NameHash("max-width")
  private static let width = NameHash("width")
  private static let overflow = NameHash("overflow")
  private static let textAlign = NameHash("text-align")
  private static let msoHide = NameHash("mso-hide")
}

extension ArraySlice<UInt8> {
  /// The bytes without white space at both ends.
  var trimmed: ArraySlice<UInt8> {
    var slice = self
    while let first = slice.first, first.isWhiteSpace { slice.removeFirst() }
    while let last = slice.last, last.isWhiteSpace { slice.removeLast() }
    return slice
  }

  /// Whether the bytes, white space around them aside, are `word` in any case.
  func isWord(_ word: StaticString) -> Bool { NameHash(lowercasing: trimmed) == NameHash(word) }

  /// Whether the bytes are a length or a number of zero: `0`, `0px`, `0.0`.
  var isZero: Bool {
    guard let first, first == 0x30 else { return false }
    return allSatisfy { !(0x31...0x39).contains($0) }
  }

  /// The number that the bytes begin with, from -9 999 to 9 999; nil where there is none.
  var leadingNumber: Int? {
    var value = 0
    var isNumber = false
    let digits = trimmed
    let isNegative = digits.first == 0x2D
    for byte in isNegative ? digits.dropFirst() : digits {
      guard (0x30...0x39).contains(byte), value < 1000 else { break }
      value = value * 10 + Int(byte - 0x30)
      isNumber = true
    }
    return isNumber ? (isNegative ? -value : value) : nil
  }
}

extension UInt8 {
  /// Whether the byte is white space to HTML.
  var isWhiteSpace: Bool { self == 0x20 || self == 0x0A || self == 0x0D || self == 0x09 || self == 0x0C }
}
