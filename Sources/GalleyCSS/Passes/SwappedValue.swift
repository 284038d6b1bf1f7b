import GalleyHTML

/// The value of a declaration with left and right swapped.
///
/// What is not understood stays: a value that is invalid, a variable that stands for several pieces, a conic gradient,
/// a transformation.
struct SwappedValue {
  /// A range of the text, and what it becomes.
  struct Change {
    /// The range.
    var range: Range<Int>
    /// What it becomes.
    var text: [UInt8]
  }

  /// What is to be changed.
  private(set) var changes: [Change] = []
  /// Whether only the sender knows what stands on a side.
  private(set) var hasSideOfHole = false

  private let bytes: [UInt8]
  private let placeholders: [Placeholder]
  private let range: Range<Int>
  private let form: SideProperties.Form?

  init(_ text: EmbeddedText, _ declaration: StyleSheet.Declaration) {
    bytes = text.bytes
    placeholders = text.placeholders
    range = declaration.value.offsets
    form = SideProperties.form(of: declaration.property)
  }

  /// Works out what is to be changed.
  mutating func work() {
    guard let form else { return }
    let parts = ValuePart.all(bytes, range, placeholders: placeholders)
    if parts.contains(where: \.isBroken) { return }
    switch form {
    case .words: swapWords(parts)
    case .sides: swapSides(parts)
    case .corners: swapCorners(parts)
    case .position: for layer in parts.split(whereSeparator: { $0.kind == .comma }) { swapPosition(layer) }
    case .horizontal: for layer in parts.split(whereSeparator: { $0.kind == .comma }) { swapHorizontal(layer) }
    case .background: for layer in parts.split(whereSeparator: { $0.kind == .comma }) { swapBackground(layer) }
    case .shadow: for layer in parts.split(whereSeparator: { $0.kind == .comma }) { swapShadow(layer) }
    }
  }

  private mutating func change(_ part: ValuePart, to text: some Sequence<UInt8>) {
    changes.append(Change(range: part.range, text: Array(text)))
  }

  // MARK: - Words, sides and corners

  private mutating func swapWords(_ parts: some Sequence<ValuePart>) {
    for part in parts {
      if part.hasHole { hasSideOfHole = true }
      if let other = SideWords.swapped(bytes[part.range]) { change(part, to: other) }
    }
  }

  /// Swaps two pieces.
  private mutating func swap(_ a: ValuePart, _ b: ValuePart) {
    if bytes[a.range].elementsEqual(bytes[b.range]), !a.hasHole { return }
    if a.hasHole || b.hasHole {
      hasSideOfHole = true
      return
    }
    change(a, to: bytes[b.range])
    change(b, to: bytes[a.range])
  }

  /// Swaps the second and the fourth of four pieces; with fewer, both sides have the same.
  private mutating func swapSides(_ parts: [ValuePart]) {
    guard parts.count == 4, parts.allSatisfy({ $0.kind != .comma && $0.kind != .slash }) else { return }
    swap(parts[1], parts[3])
  }

  /// Swaps the corners of the top and those of the bottom, in the radii along and across.
  private mutating func swapCorners(_ parts: [ValuePart]) {
    for radii in parts.split(whereSeparator: { $0.kind == .slash }) {
      let radii = Array(radii)
      switch radii.count {
      case 2: swap(radii[0], radii[1])
      case 3:
        // The fourth is the second: 'a b c' has four corners a b c b, which become b a b c.
        if bytes[radii[0].range].elementsEqual(bytes[radii[1].range]),
          bytes[radii[1].range].elementsEqual(bytes[radii[2].range])
        {
          continue
        }
        swap(radii[0], radii[1])
        if radii[2].hasHole || radii[1].hasHole {
          hasSideOfHole = true
        } else {
          change(radii[2], to: bytes[radii[1].range] + [0x20] + bytes[radii[2].range])
        }
      case 4:
        swap(radii[0], radii[1])
        swap(radii[2], radii[3])
      default: break
      }
    }
  }

  // MARK: - Positions

  /// Whether a piece is a length or a percentage.
  private func isOffset(_ part: ValuePart) -> Bool {
    switch part.kind {
    case .number, .percentage, .dimension: true
    case .function(let name): SideProperties.calculations.contains(name)
    default: false
    }
  }

  /// Swaps the horizontal part of a position (https://www.w3.org/TR/css-backgrounds-3/#typedef-bg-position).
  private mutating func swapPosition(_ parts: ArraySlice<ValuePart>) {
    guard let first = parts.first else { return }
    if parts.contains(where: \.hasHole) {
      hasSideOfHole = true
      return
    }
    if parts.contains(where: { SideWords.swapped(bytes[$0.range]) != nil }) { return swapWords(parts) }
    guard isOffset(first), parts.count < 3, let last = parts.last else { return }
    if let other = fromOtherEdge(first) { return change(first, to: other) }
    // A length counts from an edge that has to be named, and then the other edge has to be, too.
    let isAlone = parts.count == 1
    let vertical: String? =
      switch last.kind {
      case _ where isAlone: " top 50%"
      case .word(SideProperties.center): "top 50%"
      case .word(SideProperties.top): "top 0"
      case .word(SideProperties.bottom): "bottom 0"
      default: isOffset(last) ? "top " + String(decoding: bytes[last.range], as: UTF8.self) : nil
      }
    guard let vertical else { return }
    change(first, to: Array("right ".utf8) + bytes[first.range] + (isAlone ? Array(vertical.utf8) : []))
    if !isAlone { change(last, to: vertical.utf8) }
  }

  /// Swaps a position along the line alone.
  private mutating func swapHorizontal(_ parts: ArraySlice<ValuePart>) {
    guard let first = parts.first else { return }
    if parts.contains(where: \.hasHole) {
      hasSideOfHole = true
      return
    }
    if parts.count > 1 || !isOffset(first) { return swapWords(parts) }
    change(first, to: fromOtherEdge(first) ?? Array("right ".utf8) + bytes[first.range])
  }

  /// A percentage, or a length of zero, counted from the other edge.
  private func fromOtherEdge(_ part: ValuePart) -> [UInt8]? {
    switch part.kind {
    case .percentage: SideNumber.complement(bytes[part.range])
    case .number, .dimension: SideNumber.isZero(bytes[part.range]) ? Array("100%".utf8) : nil
    default: nil
    }
  }

  /// Swaps the position and the gradients of one layer of a background.
  private mutating func swapBackground(_ parts: ArraySlice<ValuePart>) {
    for part in parts { if case .function(let name) = part.kind { swapGradient(name, part) } }
    let position = parts.prefix { $0.kind != .slash }.filter { part in
      if case .word(let word) = part.kind { return SideProperties.edges.contains(word) }
      return isOffset(part)
    }
    swapPosition(position[...])
  }

  /// Swaps where a gradient goes or where its center is.
  private mutating func swapGradient(_ name: UInt64, _ gradient: ValuePart) {
    let parts = ValuePart.all(bytes, gradient.inside, placeholders: placeholders)
    let line = parts.prefix { $0.kind != .comma }
    if SideProperties.linear.contains(name) {
      if let first = line.first, line.count == 1, first.kind == .dimension {
        if SideNumber.isAngle(bytes[first.range]) { change(first, to: SideNumber.negated(bytes[first.range])) }
      } else {
        swapWords(line)
      }
    } else if SideProperties.prefixedLinear.contains(name) {
      swapWords(line)
    } else if SideProperties.radial.contains(name),
      let at = line.firstIndex(where: { $0.kind == .word(SideProperties.at) })
    {
      swapPosition(line[(at + 1)...])
    }
  }

  /// Lets a shadow fall to the other side.
  private mutating func swapShadow(_ parts: ArraySlice<ValuePart>) {
    guard let first = parts.first(where: { $0.kind == .dimension || $0.kind == .number || $0.hasHole }) else { return }
    if first.hasHole, first.kind != .other {
      hasSideOfHole = true
    } else if !first.hasHole, !SideNumber.isZero(bytes[first.range]) {
      change(first, to: SideNumber.negated(bytes[first.range]))
    }
  }
}

/// Numbers counted from the other side.
enum SideNumber {
  /// A hundred percent less a percentage, with as many decimals; nil for what has more digits than anyone needs.
  static func complement(_ percentage: ArraySlice<UInt8>) -> [UInt8]? {
    var digits = percentage.dropLast()
    let isNegative = digits.first == 0x2D
    if isNegative || digits.first == 0x2B { digits = digits.dropFirst() }
    guard digits.count < 12, digits.allSatisfy({ $0.isDigit || $0 == 0x2E }) else { return nil }
    let parts = digits.split(separator: 0x2E, omittingEmptySubsequences: false)
    let decimals = parts.count > 1 ? parts[1].count : 0
    let number = digits.filter(\.isDigit).reduce(0) { $0 * 10 + Int($1) - 0x30 }
    let scale = (0..<decimals).reduce(1) { result, _ in result * 10 }
    let rest = 100 * scale - (isNegative ? -number : number)
    var text = String(rest.magnitude)
    if decimals > 0 {
      text = String(repeating: "0", count: max(decimals + 1 - text.utf8.count, 0)) + text
      text.insert(".", at: text.index(text.endIndex, offsetBy: -decimals))
    }
    return Array(((rest < 0 ? "-" : "") + text + "%").utf8)
  }

  /// A number with the other sign.
  static func negated(_ number: ArraySlice<UInt8>) -> [UInt8] {
    if number.first == 0x2D { return Array(number.dropFirst()) }
    return [0x2D] + (number.first == 0x2B ? number.dropFirst() : number)
  }

  /// Whether a number, whatever its unit, is zero.
  static func isZero(_ number: ArraySlice<UInt8>) -> Bool {
    var hasDigit = false
    for byte in number {
      if byte == 0x30 {
        hasDigit = true
      } else if byte != 0x2E, byte != 0x2B, byte != 0x2D {
        return hasDigit && !byte.isDigit
      }
    }
    return hasDigit
  }

  /// Whether a dimension is an angle.
  static func isAngle(_ dimension: ArraySlice<UInt8>) -> Bool {
    let unit = dimension.reversed().prefix(while: \.isLetter).reversed().map(\.lowercasedASCII)
    return ["deg", "grad", "rad", "turn"].contains(String(decoding: unit, as: UTF8.self))
  }
}

/// How the values of properties name sides.
enum SideProperties {
  /// How a value names sides.
  enum Form { case words, sides, corners, position, horizontal, background, shadow }

  /// How the value of a property names sides; nil where it doesn't.
  static func form(of property: Property) -> Form? { property.isCustom ? nil : forms[property.hash] }

  /// The words of a position.
  static let edges = Set(hashes("left right center top bottom"))
  static let center = RunningHash.of("center")
  static let top = RunningHash.of("top")
  static let bottom = RunningHash.of("bottom")
  static let at = RunningHash.of("at")
  /// The functions that are lengths.
  static let calculations = Set(hashes("calc min max clamp"))
  /// The gradients along a line; those with a prefix start at the side that they name.
  static let linear = Set(hashes("linear-gradient repeating-linear-gradient"))
  static let prefixedLinear = Set(
    hashes(
      """
      -webkit-linear-gradient -webkit-repeating-linear-gradient -moz-linear-gradient -o-linear-gradient
      -ms-linear-gradient
      """))
  static let radial = Set(hashes("radial-gradient repeating-radial-gradient"))

  private static func hashes(_ names: String) -> [UInt64] {
    names.split(whereSeparator: \.isWhitespace).map { NameHash($0.utf8).value }
  }

  private static let forms: [UInt64: Form] = {
    var forms: [UInt64: Form] = [:]
    func set(_ form: Form, _ names: String) { for name in hashes(names) { forms[name] = form } }
    set(
      .words,
      """
      text-align text-align-last float clear direction caption-side justify-content justify-items justify-self
      """)
    set(
      .sides,
      """
      margin padding border-width border-style border-color inset scroll-margin scroll-padding border-image-width
      border-image-outset mso-padding-alt mso-margin-alt
      """)
    set(.corners, "border-radius -webkit-border-radius -moz-border-radius")
    set(.position, "background-position object-position mask-position -webkit-mask-position")
    set(.horizontal, "background-position-x")
    set(.background, "background background-image")
    set(.shadow, "box-shadow -webkit-box-shadow -moz-box-shadow text-shadow")
    return forms
  }()
}
