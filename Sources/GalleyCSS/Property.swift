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
  private var first: UInt64 = 0
  private var second: UInt64 = 0
  private var third: UInt64 = 0
  private var fourth: UInt64 = 0

  /// How many longhands a set can hold.
  static let capacity = 256

  var isEmpty: Bool { first | second | third | fourth == 0 }

  mutating func insert(_ index: Int) {
    let bit: UInt64 = 1 << UInt64(index & 63)
    switch index >> 6 {
    case 0: first |= bit
    case 1: second |= bit
    case 2: third |= bit
    default: fourth |= bit
    }
  }

  mutating func formUnion(_ other: LonghandSet) {
    first |= other.first
    second |= other.second
    third |= other.third
    fourth |= other.fourth
  }

  mutating func subtract(_ other: LonghandSet) {
    first &= ~other.first
    second &= ~other.second
    third &= ~other.third
    fourth &= ~other.fourth
  }

  func isSubset(of other: LonghandSet) -> Bool {
    first & ~other.first | second & ~other.second | third & ~other.third | fourth & ~other.fourth == 0
  }

  func intersects(_ other: LonghandSet) -> Bool {
    first & other.first | second & other.second | third & other.third | fourth & other.fourth != 0
  }

  /// The members in 64 bits, in which some coincide.
  var marks: UInt64 { first | second | third | fourth }

  /// Calls `body` with each member, ascending.
  func forEach(_ body: (Int) -> Void) {
    for (base, word) in [(0, first), (64, second), (128, third), (192, fourth)] {
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
  /// The hashes of the names, by number.
  let hashes: [UInt64]
  /// The number of `all`, which resets everything but `direction`, `unicode-bidi` and custom properties.
  let all: Int16
  /// The numbers by hash: an open-addressed table of 1024 slots.
  private let slotHash: [UInt64]
  private let slotIndex: [Int16]

  /// The number of known properties.
  var count: Int { hashes.count }

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
    hashes = builder.hashes
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
  func index(of name: StaticString) -> Int16 { index(ofHash: RunningHash.of(name)) }

  /// Reads the lists of names.
  private struct Builder {
    var sets: [LonghandSet] = []
    var resets: [LonghandSet] = []
    var touches: [LonghandSet] = []
    var hashes: [UInt64] = []
    var all: Int16 = -1
    var slotHash: [UInt64] = Array(repeating: 0, count: 1024)
    var slotIndex: [Int16] = Array(repeating: -1, count: 1024)
    private var longhandCount = 0

    init() {
      sets.reserveCapacity(512)
      resets.reserveCapacity(512)
      hashes.reserveCapacity(512)
      addLonghands(PropertyTable.longhands)
      addShorthands(PropertyTable.shorthands)
      let everything = allButDirections
      all = add(RunningHash.of("all"))
      sets.append(everything)
      resets.append(everything)
      findTouches(PropertyTable.relatives)
    }

    private mutating func add(_ hash: UInt64) -> Int16 {
      let slot = slot(of: hash)
      slotHash[slot] = hash
      slotIndex[slot] = Int16(hashes.count)
      hashes.append(hash)
      return slotIndex[slot]
    }

    /// The slot of a name, or the empty one where it would be.
    private func slot(of hash: UInt64) -> Int {
      var slot = Int(truncatingIfNeeded: hash & 1023)
      while slotIndex[slot] >= 0, slotHash[slot] != hash { slot = (slot + 1) & 1023 }
      return slot
    }

    private mutating func addLonghands(_ text: String) {
      let bytes = text.utf8.span
      var reader = TableReader()
      while let item = reader.next(bytes) {
        guard item.isWord else { continue }
        precondition(longhandCount < LonghandSet.capacity, "a set holds all longhands")
        var own = LonghandSet()
        own.insert(Int(add(item.hash)))
        sets.append(own)
        resets.append(own)
        longhandCount += 1
      }
    }

    /// Adds lines `name: what it sets + what it resets besides`.
    private mutating func addShorthands(_ text: String) {
      let bytes = text.utf8.span
      var reader = TableReader()
      while let name = reader.next(bytes) {
        var (set, besides) = (LonghandSet(), LonghandSet())
        var isBesides = false
        while let item = reader.next(bytes), !item.isLineEnd {
          guard item.isWord else {
            isBesides = item.first == UInt8(ascii: "+")
            continue
          }
          let index = Int(slotIndex[slot(of: item.hash)])
          precondition(index >= 0, "a shorthand names properties that stand before it")
          if isBesides { besides.formUnion(resets[index]) } else { set.formUnion(resets[index]) }
        }
        _ = add(name.hash)
        sets.append(set)
        besides.formUnion(set)
        resets.append(besides)
      }
    }

    private var allButDirections: LonghandSet {
      let exceptions = [RunningHash.of("direction"), RunningHash.of("unicode-bidi")]
      var result = LonghandSet()
      for index in 0..<longhandCount where !exceptions.contains(hashes[index]) { result.insert(index) }
      return result
    }

    /// Reads lines of columns, of which those in different ones are related.
    private mutating func findTouches(_ text: String) {
      var related = Array(resets[..<longhandCount])
      let bytes = text.utf8.span
      var reader = TableReader()
      var columns = [LonghandSet()]
      func relate() {
        for (number, column) in columns.enumerated() {
          for (other, others) in columns.enumerated() where other != number {
            column.forEach { related[$0].formUnion(others) }
          }
        }
        columns = [LonghandSet()]
      }
      while let item = reader.next(bytes) {
        if item.isWord {
          let index = Int(slotIndex[slot(of: item.hash)])
          precondition(index >= 0 && index < longhandCount, "relatives are longhands")
          columns[columns.count - 1].insert(index)
        } else if item.isLineEnd {
          relate()
        } else {
          columns.append(LonghandSet())
        }
      }
      relate()
      touches = resets.map { set in
        var all = set
        set.forEach { all.formUnion(related[$0]) }
        return all
      }
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
    border-inline-start-width border-inline-end-width border-block-start-width border-block-end-width
    border-inline-start-style border-inline-end-style border-block-start-style border-block-end-style
    border-inline-start-color border-inline-end-color border-block-start-color border-block-end-color
    border-image-source border-image-slice border-image-width border-image-outset border-image-repeat
    border-top-left-radius border-top-right-radius border-bottom-right-radius border-bottom-left-radius
    border-start-start-radius border-start-end-radius border-end-start-radius border-end-end-radius
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
    overflow-x overflow-y overflow-inline overflow-block overscroll-behavior-x overscroll-behavior-y
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
    z-index order box-shadow text-shadow transform transform-origin filter appearance user-select hyphens
    text-size-adjust break-before break-after break-inside page-break-before page-break-after page-break-inside
    -webkit-box-sizing -webkit-box-shadow -webkit-border-radius -webkit-border-top-left-radius
    -webkit-border-top-right-radius -webkit-border-bottom-right-radius -webkit-border-bottom-left-radius
    -webkit-transform -webkit-transform-origin -webkit-transition -webkit-animation -webkit-filter -webkit-appearance
    -webkit-user-select -webkit-hyphens -webkit-text-size-adjust -webkit-background-size -webkit-background-clip
    -webkit-background-origin -webkit-flex -webkit-flex-flow -webkit-flex-direction -webkit-flex-wrap -webkit-order
    -webkit-align-items -webkit-align-self -webkit-align-content -webkit-justify-content -webkit-opacity -webkit-mask
    """

  /// Longhands of which those in different columns may be the same.
  private static let relatives = """
    margin-top margin-right margin-bottom margin-left | margin-inline-start margin-inline-end margin-block-start \
    margin-block-end
    padding-top padding-right padding-bottom padding-left | padding-inline-start padding-inline-end \
    padding-block-start padding-block-end
    border-top-width border-right-width border-bottom-width border-left-width | border-inline-start-width \
    border-inline-end-width border-block-start-width border-block-end-width
    border-top-style border-right-style border-bottom-style border-left-style | border-inline-start-style \
    border-inline-end-style border-block-start-style border-block-end-style
    border-top-color border-right-color border-bottom-color border-left-color | border-inline-start-color \
    border-inline-end-color border-block-start-color border-block-end-color
    border-top-left-radius border-top-right-radius border-bottom-right-radius border-bottom-left-radius | \
    border-start-start-radius border-start-end-radius border-end-start-radius border-end-end-radius
    overflow-x overflow-y | overflow-inline overflow-block
    top right bottom left | inset-inline-start inset-inline-end inset-block-start inset-block-end
    width height | inline-size block-size
    min-width min-height | min-inline-size min-block-size
    max-width max-height | max-inline-size max-block-size
    overflow-wrap | word-wrap
    break-before | page-break-before
    break-after | page-break-after
    break-inside | page-break-inside
    box-sizing | -webkit-box-sizing
    box-shadow | -webkit-box-shadow
    border-top-left-radius | -webkit-border-radius | -webkit-border-top-left-radius
    border-top-right-radius | -webkit-border-radius | -webkit-border-top-right-radius
    border-bottom-right-radius | -webkit-border-radius | -webkit-border-bottom-right-radius
    border-bottom-left-radius | -webkit-border-radius | -webkit-border-bottom-left-radius
    transform | -webkit-transform
    transform-origin | -webkit-transform-origin
    transition-property transition-duration transition-timing-function transition-delay | -webkit-transition
    animation-name animation-duration animation-timing-function animation-delay animation-iteration-count \
    animation-direction animation-fill-mode animation-play-state | -webkit-animation
    filter | -webkit-filter
    appearance | -webkit-appearance
    user-select | -webkit-user-select
    hyphens | -webkit-hyphens
    text-size-adjust | -webkit-text-size-adjust
    background-size | -webkit-background-size
    background-clip | -webkit-background-clip
    background-origin | -webkit-background-origin
    flex-grow flex-shrink flex-basis | -webkit-flex
    flex-direction | -webkit-flex-direction | -webkit-flex-flow
    flex-wrap | -webkit-flex-wrap | -webkit-flex-flow
    order | -webkit-order
    align-items | -webkit-align-items
    align-self | -webkit-align-self
    align-content | -webkit-align-content
    justify-content | -webkit-justify-content
    opacity | -webkit-opacity
    mask-image mask-mode mask-repeat mask-position mask-clip mask-origin mask-size mask-composite | -webkit-mask
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
    border-inline-start: border-inline-start-width border-inline-start-style border-inline-start-color
    border-inline-end: border-inline-end-width border-inline-end-style border-inline-end-color
    border-block-start: border-block-start-width border-block-start-style border-block-start-color
    border-block-end: border-block-end-width border-block-end-style border-block-end-color
    border-inline-width: border-inline-start-width border-inline-end-width
    border-inline-style: border-inline-start-style border-inline-end-style
    border-inline-color: border-inline-start-color border-inline-end-color
    border-inline: border-inline-start border-inline-end
    border-block-width: border-block-start-width border-block-end-width
    border-block-style: border-block-start-style border-block-end-style
    border-block-color: border-block-start-color border-block-end-color
    border-block: border-block-start border-block-end
    border-width: border-top-width border-right-width border-bottom-width border-left-width + border-inline-width \
    border-block-width
    border-style: border-top-style border-right-style border-bottom-style border-left-style + border-inline-style \
    border-block-style
    border-color: border-top-color border-right-color border-bottom-color border-left-color + border-inline-color \
    border-block-color
    border-top: border-top-width border-top-style border-top-color
    border-right: border-right-width border-right-style border-right-color
    border-bottom: border-bottom-width border-bottom-style border-bottom-color
    border-left: border-left-width border-left-style border-left-color
    border-image: border-image-source border-image-slice border-image-width border-image-outset border-image-repeat
    border: border-top border-right border-bottom border-left border-image + border-inline border-block
    border-radius: border-top-left-radius border-top-right-radius border-bottom-right-radius \
    border-bottom-left-radius + border-start-start-radius border-start-end-radius border-end-start-radius \
    border-end-end-radius
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
    overflow: overflow-x overflow-y + overflow-inline overflow-block
    overscroll-behavior: overscroll-behavior-x overscroll-behavior-y
    inset-inline: inset-inline-start inset-inline-end
    inset-block: inset-block-start inset-block-end
    inset: top right bottom left + inset-inline inset-block
    transition: transition-property transition-duration transition-timing-function transition-delay transition-behavior
    animation: animation-name animation-duration animation-timing-function animation-delay animation-iteration-count \
    animation-direction animation-fill-mode animation-play-state animation-timeline
    mask: mask-image mask-mode mask-repeat mask-position mask-clip mask-origin mask-size mask-composite
    white-space: white-space-collapse text-wrap-mode
    text-wrap: text-wrap-mode text-wrap-style
    """
}
