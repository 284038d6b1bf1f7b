/// The names of elements and attributes that mails are full of, found by all of their letters at once.
///
/// `NameHash` takes a multiplication a byte. A name of at most fifteen letters is two numbers, and those of this table
/// lead to its hash and to what is known of the element of that name; all others are hashed.
struct UsualNames: Sendable {
  /// A name, or nothing.
  struct Entry: Sendable {
    /// The first eight letters in lower case, the first of them in the lowest bits; 0 for a free slot.
    var low: UInt64 = 0
    /// The other letters.
    var high: UInt64 = 0
    /// What `NameHash` makes of them.
    var name = NameHash(value: 0)
    /// The element of this name.
    var element = ElementTable.Element.unknown
  }

  /// The one table.
  static let standard = UsualNames()

  /// The table, whose size is a power of two.
  private(set) var entries = Array(repeating: Entry(), count: 512)

  private init() {
    ElementTable.forEachEntry { names, element in
      for name in names.split(separator: 0x20) { insert(name, element) }
    }
    for name in Self.attributes.utf8.split(separator: 0x20) {
      insert(name, ElementTable.standard[NameHash(lowercasing: name)])
    }
  }

  private mutating func insert(_ name: Substring.UTF8View, _ element: ElementTable.Element) {
    guard name.count < 16, name.allSatisfy(\.isLetter) else { return }
    var entry = Entry(name: NameHash(lowercasing: name), element: element)
    for (position, byte) in name.enumerated() {
      if position < 8 { entry.low |= UInt64(byte) << (8 * position) }
      if position >= 8 { entry.high |= UInt64(byte) << (8 * (position - 8)) }
    }
    var slot = Self.slot(entry.low, entry.high)
    while entries[slot].low != 0, entries[slot].name != entry.name { slot = (slot + 1) & 511 }
    entries[slot] = entry
  }

  @inline(__always) private static func slot(_ low: UInt64, _ high: UInt64) -> Int {
    Int(truncatingIfNeeded: ((low ^ high &* 0xff51_afd7_ed55_8ccd) &* 0x9E37_79B9_7F4A_7C15) &>> 55)
  }

  /// The letters that a block begins with, in lower case.
  struct Letters {
    /// How many there are; sixteen have no end in the block.
    let count: Int
    fileprivate var low: UInt64 = 0
    fileprivate var high: UInt64 = 0

    @inline(__always) init(_ block: ByteBlock) {
      count = block.above(0x40).leadingCount
      guard count > 0, count < 16 else { return }
      // What is not a letter here has other bits in lower case than any letter.
      let words = block.words
      low = words[0] | 0x2020_2020_2020_2020
      if count > 8 {
        high = (words[1] | 0x2020_2020_2020_2020) & UInt64.max &>> UInt64(truncatingIfNeeded: 128 &- 8 &* count)
      } else {
        low &= UInt64.max &>> UInt64(truncatingIfNeeded: 64 &- 8 &* count)
      }
    }
  }

  /// The position of the name that letters are, or -1.
  @inline(__always) static func position(of letters: Letters, in entries: Span<Entry>) -> Int {
    if letters.low == 0 { return -1 }
    var slot = slot(letters.low, letters.high)
    while true {
      let entry = entries[slot]
      if entry.low == letters.low, entry.high == letters.high { return slot }
      if entry.low == 0 { return -1 }
      slot = (slot &+ 1) & 511
    }
  }

  private static let attributes = """
    style class id width height align valign border cellpadding cellspacing bgcolor background href src alt target role \
    title name content type media rel lang dir color face size hspace vspace colspan rowspan xmlns charset property \
    stroke strokecolor fillcolor arcsize fill inset language rules cite summary scope nowrap value link vlink alink text
    """
}
