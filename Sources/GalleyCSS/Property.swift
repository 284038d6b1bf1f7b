/// A property as the cascade sees it.
///
/// Known properties have numbers under `PropertyTable.count`; a name that the table doesn't know is compared by its
/// hash. Only properties that belong to a shorthand need to be known: all others override nothing but themselves.
package struct Property: Hashable, Sendable {
  /// The hash of the name, in lower case unless it is a custom property.
  package let hash: UInt64
  /// The number in the table, or -1.
  package let index: Int16

  /// Whether the name starts with `--`.
  package var isCustom: Bool { index == Property.customIndex }

  /// Whether the table knows the property.
  package var isKnown: Bool { index >= 0 }

  static let customIndex: Int16 = -2
}

/// A set of longhands.
struct LonghandSet: Hashable, Sendable {
  private var low: UInt64 = 0
  private var middle: UInt64 = 0
  private var high: UInt64 = 0

  /// How many longhands a set can hold.
  static let capacity = 192

  var isEmpty: Bool { low | middle | high == 0 }

  mutating func insert(_ index: Int) {
    switch index >> 6 {
    case 0: low |= 1 << UInt64(index & 63)
    case 1: middle |= 1 << UInt64(index & 63)
    default: high |= 1 << UInt64(index & 63)
    }
  }

  mutating func formUnion(_ other: LonghandSet) {
    low |= other.low
    middle |= other.middle
    high |= other.high
  }

  mutating func subtract(_ other: LonghandSet) {
    low &= ~other.low
    middle &= ~other.middle
    high &= ~other.high
  }

  func isSubset(of other: LonghandSet) -> Bool {
    low & ~other.low | middle & ~other.middle | high & ~other.high == 0
  }

  func intersects(_ other: LonghandSet) -> Bool {
    low & other.low | middle & other.middle | high & other.high != 0
  }

  /// The members in 64 bits, in which some coincide.
  var marks: UInt64 { low | middle | high }

  /// Calls `body` with each member, ascending.
  func forEach(_ body: (Int) -> Void) {
    for (base, word) in [(0, low), (64, middle), (128, high)] {
      var rest = word
      while rest != 0 {
        body(base + rest.trailingZeroBitCount)
        rest &= rest - 1
      }
    }
  }
}

/// The properties that take part in shorthands, and what each shorthand sets.
///
/// A shorthand resets more than it can say: `border` resets `border-image`, `font` resets `font-kerning`, `margin`
/// wins over an earlier `margin-inline`. `sets` is what must be set again before the shorthand has no effect left;
/// `resets` is what it wins over.
final class PropertyTable: Sendable {
  /// The table; built once.
  static let shared = PropertyTable()

  /// What a property sets, by its number; a longhand sets itself.
  let sets: [LonghandSet]
  /// What a property wins over, by its number.
  let resets: [LonghandSet]
  /// What a property may win over, by its number: `resets`, and what is the same property by another name or, in some
  /// writing direction, as `margin-left` and `margin-inline-start` may be.
  let touches: [LonghandSet]
  /// The names, by number.
  let names: [String]
  /// The number of `all`, which resets everything but `direction`, `unicode-bidi` and custom properties.
  let all: Int16
  /// The numbers by hash: an open-addressed table of 1024 slots.
  private let slotHash: [UInt64]
  private let slotIndex: [Int16]

  /// The number of known properties.
  var count: Int { names.count }

  /// For each known property, the marks of the longhands that it touches.
  private let knownMarks: [UInt64]

  private init() {
    let builder = Builder()
    let all = builder.all
    knownMarks = builder.touches.indices.map { index in
      Int(all) == index ? .max : builder.touches[index].marks | builder.resets[index].marks
    }
    sets = builder.sets
    resets = builder.resets
    touches = builder.touches
    names = builder.names
    self.all = all
    slotHash = builder.slotHash
    slotIndex = builder.slotIndex
  }

  /// The marks of a property: two properties that set anything in common have one in common, and others seldom do.
  func marks(of property: Property) -> UInt64 {
    property.isKnown ? knownMarks[Int(property.index)] : 1 << (property.hash & 63)
  }

  /// The number of the property whose name in lower case has the given hash, or -1.
  func index(ofHash hash: UInt64) -> Int16 {
    var slot = Int(truncatingIfNeeded: hash & 1023)
    while slotIndex[slot] >= 0 {
      if slotHash[slot] == hash { return slotIndex[slot] }
      slot = (slot + 1) & 1023
    }
    return -1
  }

  /// The number of the property with the given name in lower case, or -1.
  func index(of name: String) -> Int16 { index(ofHash: Self.hash(name)) }

  private static func hash(_ name: some StringProtocol) -> UInt64 {
    var hash = RunningHash()
    for byte in name.utf8 { hash.add(byte) }
    return hash.value
  }

  /// The words of a text; cut by bytes, because cutting by characters would take as long as a whole mail.
  private static func words(_ text: Substring) -> [Substring] {
    text.utf8.split { $0 == 0x20 || $0 == 0x0A }.map { Substring($0) }
  }

  /// Reads the lists of names.
  private struct Builder {
    var sets: [LonghandSet] = []
    var resets: [LonghandSet] = []
    var touches: [LonghandSet] = []
    var names: [String] = []
    var all: Int16 = -1
    var slotHash: [UInt64] = Array(repeating: 0, count: 1024)
    var slotIndex: [Int16] = Array(repeating: -1, count: 1024)
    private var longhandCount = 0

    init() {
      for name in PropertyTable.words(PropertyTable.longhands[...]) { addLonghand(String(name)) }
      for line in PropertyTable.shorthands.utf8.split(separator: 0x0A) { addShorthand(Substring(line)) }
      all = add("all")
      var everything = LonghandSet()
      for index in 0..<longhandCount where names[index] != "direction" && names[index] != "unicode-bidi" {
        everything.insert(index)
      }
      sets.append(everything)
      resets.append(everything)
      findTouches()
    }

    private mutating func findTouches() {
      var related = Array(resets[..<longhandCount])
      for line in PropertyTable.relatives.utf8.split(separator: 0x0A) {
        let groups = line.split(separator: 0x7C).map { members(Substring($0)) }
        for (number, group) in groups.enumerated() {
          for member in group {
            for (other, others) in groups.enumerated() where other != number {
              for index in others { related[member].insert(index) }
            }
          }
        }
      }
      touches = resets.map { set in
        var all = set
        set.forEach { all.formUnion(related[$0]) }
        return all
      }
    }

    private func members(_ text: Substring) -> [Int] {
      PropertyTable.words(text).map { name in
        let index = index(of: name)
        precondition(index >= 0 && index < longhandCount, "relatives are longhands")
        return index
      }
    }

    private mutating func add(_ name: String) -> Int16 {
      let hash = PropertyTable.hash(name)
      var slot = Int(truncatingIfNeeded: hash & 1023)
      while slotIndex[slot] >= 0 { slot = (slot + 1) & 1023 }
      slotHash[slot] = hash
      slotIndex[slot] = Int16(names.count)
      names.append(name)
      return Int16(names.count - 1)
    }

    private mutating func addLonghand(_ name: String) {
      precondition(longhandCount < LonghandSet.capacity, "a set holds all longhands")
      let index = Int(add(name))
      var own = LonghandSet()
      own.insert(index)
      sets.append(own)
      resets.append(own)
      longhandCount += 1
    }

    /// Adds a line `name: what it sets + what it resets besides`.
    private mutating func addShorthand(_ line: Substring) {
      let parts = line.utf8.split(separator: 0x3A)
      guard parts.count == 2, let name = PropertyTable.words(Substring(parts[0])).first else { return }
      let halves = parts[1].split(separator: 0x2B, omittingEmptySubsequences: false)
      let set = union(Substring(halves[0]))
      var reset = set
      if halves.count == 2 { reset.formUnion(union(Substring(halves[1]))) }
      _ = add(String(name))
      sets.append(set)
      resets.append(reset)
    }

    private func union(_ text: Substring) -> LonghandSet {
      var result = LonghandSet()
      for name in PropertyTable.words(text) {
        let index = index(of: name)
        precondition(index >= 0, "a shorthand names properties that stand before it")
        result.formUnion(resets[index])
      }
      return result
    }

    private func index(of name: Substring) -> Int {
      let hash = PropertyTable.hash(name)
      var slot = Int(truncatingIfNeeded: hash & 1023)
      while slotIndex[slot] >= 0, slotHash[slot] != hash { slot = (slot + 1) & 1023 }
      return Int(slotIndex[slot])
    }
  }
}

extension PropertyTable {
  /// The longhands, in no order that matters.
  private static let longhands = """
    margin-top margin-right margin-bottom margin-left
    margin-inline-start margin-inline-end margin-block-start margin-block-end
    padding-top padding-right padding-bottom padding-left
    padding-inline-start padding-inline-end padding-block-start padding-block-end
    border-top-width border-right-width border-bottom-width border-left-width
    border-top-style border-right-style border-bottom-style border-left-style
    border-top-color border-right-color border-bottom-color border-left-color
    border-inline-start border-inline-end border-block-start border-block-end
    border-image-source border-image-slice border-image-width border-image-outset border-image-repeat
    border-top-left-radius border-top-right-radius border-bottom-right-radius border-bottom-left-radius
    background-image background-position-x background-position-y background-size background-repeat
    background-attachment background-origin background-clip background-color
    font-style font-weight font-stretch font-size font-family line-height
    font-variant-ligatures font-variant-caps font-variant-numeric font-variant-east-asian font-variant-alternates
    font-variant-position font-variant-emoji font-size-adjust font-kerning font-feature-settings
    font-variation-settings font-optical-sizing font-language-override font-palette
    list-style-type list-style-position list-style-image
    text-decoration-line text-decoration-style text-decoration-color text-decoration-thickness
    text-emphasis-style text-emphasis-color
    outline-width outline-style outline-color
    flex-grow flex-shrink flex-basis flex-direction flex-wrap
    align-content align-items align-self justify-content justify-items justify-self row-gap column-gap
    column-width column-count column-rule-width column-rule-style column-rule-color
    grid-row-start grid-row-end grid-column-start grid-column-end
    grid-template-rows grid-template-columns grid-template-areas grid-auto-rows grid-auto-columns grid-auto-flow
    overflow-x overflow-y overscroll-behavior-x overscroll-behavior-y
    top right bottom left inset-inline-start inset-inline-end inset-block-start inset-block-end
    transition-property transition-duration transition-timing-function transition-delay transition-behavior
    animation-name animation-duration animation-timing-function animation-delay animation-iteration-count
    animation-direction animation-fill-mode animation-play-state animation-timeline
    mask-image mask-mode mask-repeat mask-position mask-clip mask-origin mask-size mask-composite
    white-space-collapse text-wrap-mode text-wrap-style
    color direction unicode-bidi width height min-width max-width min-height max-height display position float clear
    text-align vertical-align text-transform text-indent letter-spacing word-spacing visibility opacity
    border-collapse border-spacing table-layout box-sizing caption-side empty-cells cursor word-break overflow-wrap
    word-wrap inline-size block-size min-inline-size min-block-size max-inline-size max-block-size
    """

  /// Longhands of which those in different columns may be the same.
  private static let relatives = """
    margin-top margin-right margin-bottom margin-left | margin-inline-start margin-inline-end margin-block-start \
    margin-block-end
    padding-top padding-right padding-bottom padding-left | padding-inline-start padding-inline-end \
    padding-block-start padding-block-end
    border-top-width border-right-width border-bottom-width border-left-width border-top-style border-right-style \
    border-bottom-style border-left-style border-top-color border-right-color border-bottom-color border-left-color \
    | border-inline-start border-inline-end border-block-start border-block-end
    top right bottom left | inset-inline-start inset-inline-end inset-block-start inset-block-end
    width height | inline-size block-size
    min-width min-height | min-inline-size min-block-size
    max-width max-height | max-inline-size max-block-size
    overflow-wrap | word-wrap
    """

  /// The shorthands: what each sets, and behind `+` what it resets besides.
  private static let shorthands = """
    margin-inline: margin-inline-start margin-inline-end
    margin-block: margin-block-start margin-block-end
    margin: margin-top margin-right margin-bottom margin-left + margin-inline-start margin-inline-end \
    margin-block-start margin-block-end
    padding-inline: padding-inline-start padding-inline-end
    padding-block: padding-block-start padding-block-end
    padding: padding-top padding-right padding-bottom padding-left + padding-inline-start padding-inline-end \
    padding-block-start padding-block-end
    border-width: border-top-width border-right-width border-bottom-width border-left-width
    border-style: border-top-style border-right-style border-bottom-style border-left-style
    border-color: border-top-color border-right-color border-bottom-color border-left-color
    border-top: border-top-width border-top-style border-top-color
    border-right: border-right-width border-right-style border-right-color
    border-bottom: border-bottom-width border-bottom-style border-bottom-color
    border-left: border-left-width border-left-style border-left-color
    border-image: border-image-source border-image-slice border-image-width border-image-outset border-image-repeat
    border: border-top border-right border-bottom border-left border-image + border-inline-start border-inline-end \
    border-block-start border-block-end
    border-radius: border-top-left-radius border-top-right-radius border-bottom-right-radius border-bottom-left-radius
    background-position: background-position-x background-position-y
    background: background-image background-position background-size background-repeat background-attachment \
    background-origin background-clip background-color
    font-variant: font-variant-ligatures font-variant-caps font-variant-numeric font-variant-east-asian \
    font-variant-alternates font-variant-position font-variant-emoji
    font: font-style font-variant font-weight font-stretch font-size line-height font-family font-size-adjust \
    font-kerning font-feature-settings font-variation-settings font-optical-sizing font-language-override font-palette
    list-style: list-style-type list-style-position list-style-image
    text-decoration: text-decoration-line text-decoration-style text-decoration-color text-decoration-thickness
    text-emphasis: text-emphasis-style text-emphasis-color
    outline: outline-width outline-style outline-color
    flex: flex-grow flex-shrink flex-basis
    flex-flow: flex-direction flex-wrap
    place-content: align-content justify-content
    place-items: align-items justify-items
    place-self: align-self justify-self
    gap: row-gap column-gap
    grid-gap: row-gap column-gap
    columns: column-width column-count
    column-rule: column-rule-width column-rule-style column-rule-color
    grid-row: grid-row-start grid-row-end
    grid-column: grid-column-start grid-column-end
    grid-area: grid-row grid-column
    grid-template: grid-template-rows grid-template-columns grid-template-areas
    grid: grid-template grid-auto-rows grid-auto-columns grid-auto-flow
    overflow: overflow-x overflow-y
    overscroll-behavior: overscroll-behavior-x overscroll-behavior-y
    inset: top right bottom left + inset-inline-start inset-inline-end inset-block-start inset-block-end
    transition: transition-property transition-duration transition-timing-function transition-delay transition-behavior
    animation: animation-name animation-duration animation-timing-function animation-delay animation-iteration-count \
    animation-direction animation-fill-mode animation-play-state animation-timeline
    mask: mask-image mask-mode mask-repeat mask-position mask-clip mask-origin mask-size mask-composite
    white-space: white-space-collapse text-wrap-mode
    text-wrap: text-wrap-mode text-wrap-style
    """
}
