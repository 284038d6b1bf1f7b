package import GalleyHTML
package import GalleySource

/// Writes longhands as the shorthand that means the same: four `margin-…` become one `margin` of one to four values.
///
/// It merges margins, paddings, the widths, styles and colors of borders, the three parts of one side's border, and
/// the radii of corners. All longhands of the shorthand must stand in the block, once, with the same importance and
/// with plain values that each client understands: no `inherit`, no function, no placeholder. The shorthand takes the
/// place of the last of them, so nothing that overlaps may stand between. `border`, `background` and `font` are never
/// written: they reset more than their longhands say.
package struct ShorthandMerge: Sendable {
  /// Makes the pass.
  package init() {}

  /// The edits to a document that is inlined already.
  package func edits(for tree: HTMLTree) -> EditList {
    var edits = EditList()
    tree.forEachBlock { text, declarations in
      guard declarations.count > 2 else { return }
      var block = MergeBlock(text, declarations)
      for family in ShorthandFamily.all { block.merge(family, of: tree, into: &edits) }
    }
    return edits
  }
}

/// A shorthand and the longhands that make it.
private struct ShorthandFamily: Sendable {
  /// What one longhand's value may be.
  enum Component: Sendable { case margin, length, corner, width, style, color }

  let shorthand: [UInt8]
  /// The hashes of the longhands' names, in the order in which the shorthand has them.
  let members: [UInt64]
  /// What each longhand's value may be.
  let components: [Component]
  /// All of what the members set.
  let longhands: LonghandSet
  /// The word that names of other properties have if they may touch the same thing.
  let word: [UInt8]

  private init(_ shorthand: String, _ word: String, _ members: [(name: String, component: Component)]) {
    self.shorthand = Array(shorthand.utf8)
    self.word = Array(word.utf8)
    self.members = members.map { NameHash($0.name.utf8).value }
    components = members.map(\.component)
    var set = LonghandSet()
    for index in self.members.map({ PropertyTable.shared.index(ofHash: $0) }) where index >= 0 {
      set.formUnion(PropertyTable.shared.resets[Int(index)])
    }
    longhands = set
  }

  /// Whether the members are the four sides of one thing, so that equal ones are written once.
  var isFourfold: Bool { members.count == 4 }

  private static let sides = ["top", "right", "bottom", "left"]

  static let all: [ShorthandFamily] =
    [
      ShorthandFamily("margin", "margin", sides.map { ("margin-\($0)", .margin) }),
      ShorthandFamily("padding", "padding", sides.map { ("padding-\($0)", .length) }),
      ShorthandFamily("border-width", "border", sides.map { ("border-\($0)-width", .width) }),
      ShorthandFamily("border-style", "border", sides.map { ("border-\($0)-style", .style) }),
      ShorthandFamily("border-color", "border", sides.map { ("border-\($0)-color", .color) }),
      ShorthandFamily(
        "border-radius", "radius",
        ["top-left", "top-right", "bottom-right", "bottom-left"].map { ("border-\($0)-radius", .corner) }),
    ]
    + sides.map { side in
      ShorthandFamily(
        "border-\(side)", "border",
        [("border-\(side)-width", .width), ("border-\(side)-style", .style), ("border-\(side)-color", .color)])
    }
}

/// One block of declarations.
private struct MergeBlock {
  private let text: EmbeddedText
  private let declarations: ArraySlice<StyleSheet.Declaration>
  /// The position of each property's declaration, or -1 where it has several.
  private var positions: [UInt64: Int] = [:]

  init(_ text: EmbeddedText, _ declarations: ArraySlice<StyleSheet.Declaration>) {
    self.text = text
    self.declarations = declarations
    for index in declarations.indices {
      let hash = declarations[index].property.hash
      positions[hash] = positions[hash] == nil ? index : -1
    }
  }

  /// Merges a family's longhands, if that changes nothing.
  mutating func merge(_ family: ShorthandFamily, of tree: HTMLTree, into edits: inout EditList) {
    guard let members = members(of: family), let first = members.min(), let last = members.max() else { return }
    guard isClear(between: first, last, members, family) else { return }
    for hash in family.members { positions[hash] = -1 }
    for member in members where member != last { edits.delete(text.document(removal(member))) }
    let place = declarations[last]
    let head = Int(place.name.upperBound)..<Int(place.value.lowerBound)
    let tail = Int(place.value.upperBound)..<Int(place.end)
    var value: [UInt8] = []
    for member in shortest(members, family) {
      if !value.isEmpty { value.append(0x20) }
      value += tree.bytes[text.document(declarations[member].value.offsets)]
    }
    edits.replace(
      text.document(Int(place.name.lowerBound)..<Int(place.end)),
      with: family.shorthand + tree.bytes[text.document(head)] + value + tree.bytes[text.document(tail)])
  }

  /// The declarations of all members, in the family's order, if each is there and may be merged.
  private func members(of family: ShorthandFamily) -> [Int]? {
    var result: [Int] = []
    for (hash, component) in zip(family.members, family.components) {
      guard let position = positions[hash], position >= 0 else { return nil }
      guard isPlain(declarations[position]), fits(declarations[position], component) else { return nil }
      result.append(position)
    }
    let isImportant = declarations[result[0]].isImportant
    return result.allSatisfy { declarations[$0].isImportant == isImportant } ? result : nil
  }

  /// Whether a declaration is written without comments, placeholders and tricks with its name.
  private func isPlain(_ declaration: StyleSheet.Declaration) -> Bool {
    declaration.flags.isDisjoint(with: [.placeholder, .conditional, .untidy])
      && text.bytes[declaration.name.offsets].allSatisfy { $0 == 0x2D || $0 &- 0x61 < 26 }
  }

  /// Whether nothing between two declarations touches what the family sets, and no placeholder stands there.
  private func isClear(between first: Int, _ last: Int, _ members: [Int], _ family: ShorthandFamily) -> Bool {
    let range = Int(declarations[first].name.lowerBound)..<Int(declarations[last].end)
    if text.hasPlaceholder(in: range) { return false }
    return (first...last).allSatisfy { members.contains($0) || !mayTouch(declarations[$0], family) }
  }

  private func mayTouch(_ declaration: StyleSheet.Declaration, _ family: ShorthandFamily) -> Bool {
    let property = declaration.property
    if property.isCustom { return false }
    if property.isKnown, PropertyTable.shared.resets[Int(property.index)].intersects(family.longhands) { return true }
    let name = text.bytes[declaration.name.offsets].map(\.lowercasedASCII)
    let isLogical = name.contains("-inline") || name.contains("-block")
    return (!property.isKnown || isLogical || name.contains(0x5C)) && name.contains(family.word)
  }

  /// The declaration with its semicolon and the space behind it.
  private func removal(_ member: Int) -> Range<Int> {
    var end = Int(declarations[member].end)
    let limit = text.range.upperBound
    while end < limit, text.bytes[end].isCSSWhitespace { end += 1 }
    if end < limit, text.bytes[end] == 0x3B { end += 1 }
    while end < limit, text.bytes[end].isCSSWhitespace { end += 1 }
    return Int(declarations[member].name.lowerBound)..<end
  }

  // MARK: - Values

  /// The members whose values have to be written.
  private func shortest(_ members: [Int], _ family: ShorthandFamily) -> ArraySlice<Int> {
    guard family.isFourfold else { return members[...] }
    let keys = members.map { key(declarations[$0]) }
    if keys[3] != keys[1] { return members[...] }
    if keys[2] != keys[0] { return members[..<3] }
    return keys[1] != keys[0] ? members[..<2] : members[..<1]
  }

  /// What is equal for equal values.
  private func key(_ declaration: StyleSheet.Declaration) -> [UInt8] {
    let value = declaration.value.offsets
    var tokenizer = CSSTokenizer(text.bytes, in: value)
    let token = tokenizer.take()
    let isZero = token.kind == .number || token.kind == .dimension && UnitlessZero.isZeroLength(token, text.bytes)
    return isZero ? [0x30] : text.bytes[value].map(\.lowercasedASCII)
  }

  /// Whether the value is one token that a component may be.
  private func fits(_ declaration: StyleSheet.Declaration, _ component: ShorthandFamily.Component) -> Bool {
    let value = declaration.value.offsets
    var tokenizer = CSSTokenizer(text.bytes, in: value)
    let token = tokenizer.take()
    guard Int(token.end) == value.upperBound, !token.isUnclosed else { return false }
    let isNegative = text.bytes[value.lowerBound] == 0x2D
    switch token.kind {
    case .ident:
      let word = CSSName.hash(text.bytes, value, lowercased: true)
      switch component {
      case .margin: return word == Words.auto
      case .width: return Words.widths.contains(word)
      case .style: return Words.styles.contains(word)
      case .color:
        return !Words.wide.contains(word)
          && !ValueGrammar.shared.isDoubtful(text.bytes, value, of: declaration.property)
      case .length, .corner: return false
      }
    case .hash, .idHash:
      return component == .color && !ValueGrammar.shared.isDoubtful(text.bytes, value, of: declaration.property)
    case .number:
      let isZero = text.bytes[value].allSatisfy { $0 == 0x30 || $0 == 0x2E }
      return isZero && component != .style && component != .color
    case .dimension:
      let unit = CSSName.hash(text.bytes, Int(token.unitStart)..<Int(token.end), lowercased: true)
      guard Words.units.contains(unit), component != .style, component != .color else { return false }
      return component == .margin || !isNegative
    case .percentage:
      return component == .margin || !isNegative && (component == .length || component == .corner)
    default: return false
    }
  }

  private enum Words {
    static let auto = RunningHash.of("auto")
    static let widths: Set<UInt64> = hashes("thin medium thick")
    static let styles: Set<UInt64> = hashes("none hidden dotted dashed solid double groove ridge inset outset")
    static let wide: Set<UInt64> = hashes("inherit initial unset revert revert-layer")
    static let units: Set<UInt64> = hashes("px em ex in cm mm pt pc rem")

    private static func hashes(_ words: String) -> Set<UInt64> {
      Set(words.split(separator: " ").map { NameHash($0.utf8).value })
    }
  }
}

extension [UInt8] {
  /// Whether the bytes hold those of a short word.
  fileprivate func contains(_ word: some Collection<UInt8>) -> Bool {
    guard let first = word.first, count >= word.count else { return false }
    return (0...count - word.count).contains { self[$0] == first && self[$0...].starts(with: word) }
  }

  fileprivate func contains(_ word: String) -> Bool { contains(word.utf8) }
}
