import GalleyHTML

/// Sheets and sets of rules that were made before, found again by their bytes.
///
/// Many documents of a site hold the same `style` element. A sheet with a placeholder in it is never remembered.
/// What is remembered is bounded: when it is too much, everything is forgotten at once.
struct SheetCache: Sendable {
  private struct Known: Sendable {
    let isConditional: Bool
    /// Whether it came parsed.
    let isFurther: Bool
    let sheet: StyleSheet
  }

  /// How many bytes of sheets, and how many sets of rules, are remembered at most.
  private static let byteLimit = 16 << 20
  private static let ruleSetLimit = 256

  private var known: [Known] = []
  private var table = NumberTable()
  private var byteCount = 0
  private var ruleSets: [KnownSet] = []
  private var ruleSetTable = NumberTable()
  /// The keys of all sets, one behind the other.
  private var keys: [SheetKey] = []

  private struct KnownSet: Sendable {
    /// Where its sheets stand in `keys`.
    let keys: Range<Int>
    let rules: RuleSet
    var memory: RuleMemory
  }

  /// Memories of sets that were forgotten, for their buffers.
  private var spares: [RuleMemory] = []
  private static let spareLimit = 64

  /// A sheet in a sequence, as far as its rules depend on it.
  struct SheetKey: Equatable, Sendable {
    /// The number of the sheet among those that are remembered; negative for one that is not.
    let number: Int
    let isKept: Bool
    let keepsCopy: Bool

    fileprivate var bits: UInt64 { UInt64(truncatingIfNeeded: number &* 4 | (isKept ? 1 : 0) | (keepsCopy ? 2 : 0)) }
  }

  /// The sheet with the given bytes and its number.
  mutating func sheet(_ bytes: [UInt8], _ range: Range<Int>, isConditional: Bool) -> (sheet: StyleSheet, number: Int) {
    let hash = ByteRun.hash(bytes.span, range)
    let number = table.number(hash) { number in
      guard known[number].isConditional == isConditional, !known[number].isFurther else { return false }
      let text = known[number].sheet.bytes
      return ByteRun.areEqual(bytes.span, range, text.span, 0..<text.count)
    }
    if let number { return (known[number].sheet, number) }
    let sheet = StyleSheet(Array(bytes[range]), in: 0..<range.count, isConditional: isConditional)
    return (sheet, add(Known(isConditional: isConditional, isFurther: false, sheet: sheet), hash))
  }

  /// The number of a sheet that came parsed; negative for one whose bytes don't say all.
  mutating func number(of sheet: StyleSheet) -> Int {
    guard sheet.isPlain else { return -1 }
    let bytes = sheet.bytes
    let range = 0..<bytes.count
    let hash = ByteRun.hash(bytes.span, range)
    let number = table.number(hash) { number in
      let other = known[number].sheet
      guard known[number].isFurther, other.source == sheet.source, other.range == sheet.range else { return false }
      let text = other.bytes
      return ByteRun.areEqual(bytes.span, range, text.span, 0..<text.count)
    }
    return number ?? add(Known(isConditional: false, isFurther: true, sheet: sheet), hash)
  }

  private mutating func add(_ sheet: Known, _ hash: UInt64) -> Int {
    table.add(known.count, hash)
    known.append(sheet)
    byteCount += sheet.sheet.bytes.count
    return known.count - 1
  }

  /// The number of the set of rules of a sequence of sheets, which is made unless it is known; nil where the sheets
  /// alone don't tell it.
  mutating func ruleSet(_ key: [SheetKey], _ sheets: [RuleSet.Sheet]) -> Int? {
    var hash: UInt64 = 0
    for sheet in key {
      guard sheet.number >= 0, sheet.number < known.count else { return nil }
      hash = (hash ^ sheet.bits) &* 0x9E37_79B9_7F4A_7C15
    }
    let found = ruleSetTable.number(hash) { number in
      let keys = ruleSets[number].keys
      return keys.count == key.count && key.indices.allSatisfy { self.keys[keys.lowerBound + $0] == key[$0] }
    }
    if let found { return found }
    ruleSetTable.add(ruleSets.count, hash)
    ruleSets.append(
      KnownSet(keys: keys.count..<keys.count + key.count, rules: RuleSet(sheets), memory: spareMemory()))
    keys.append(contentsOf: key)
    return ruleSets.count - 1
  }

  /// A set of rules.
  func rules(_ number: Int) -> RuleSet { ruleSets[number].rules }

  /// Lends the memory of a set of rules, or gives it back.
  mutating func exchange(_ memory: inout RuleMemory, ofSet number: Int) { swap(&ruleSets[number].memory, &memory) }

  /// An empty memory.
  mutating func spareMemory() -> RuleMemory { spares.popLast() ?? RuleMemory() }

  /// Takes back a memory that is no longer needed.
  mutating func recycle(_ memory: consuming RuleMemory) {
    guard spares.count < Self.spareLimit else { return }
    memory.forget()
    spares.append(memory)
  }

  /// Forgets everything, if it has become much; between documents, since numbers become those of other sheets.
  mutating func trim() { if byteCount > Self.byteLimit || ruleSets.count >= Self.ruleSetLimit { forget() } }

  /// Forgets everything.
  mutating func forget() {
    known.removeAll(keepingCapacity: true)
    table.removeAll()
    while let set = ruleSets.popLast() { recycle(set.memory) }
    ruleSets.removeAll(keepingCapacity: true)
    ruleSetTable.removeAll()
    keys.removeAll(keepingCapacity: true)
    byteCount = 0
  }
}

/// Runs of bytes, eight at a time.
enum ByteRun {
  /// A hash of bytes, the same in each process.
  static func hash(_ bytes: Span<UInt8>, _ range: Range<Int>) -> UInt64 {
    let run = bytes.extracting(range)
    var hash = UInt64(truncatingIfNeeded: run.count) &* 0x9E37_79B9_7F4A_7C15
    var index = 0
    while index <= run.count &- 8 {
      hash = (hash ^ word(run, index)) &* 0xff51_afd7_ed55_8ccd
      hash ^= hash &>> 29
      index &+= 8
    }
    var rest: UInt64 = 0
    while index < run.count {
      rest = rest &<< 8 | UInt64(run[index])
      index &+= 1
    }
    hash = (hash ^ rest) &* 0xc4ce_b9fe_1a85_ec53
    return hash ^ hash &>> 32
  }

  /// Whether two runs are the same bytes.
  static func areEqual(_ a: Span<UInt8>, _ aRange: Range<Int>, _ b: Span<UInt8>, _ bRange: Range<Int>) -> Bool {
    guard aRange.count == bRange.count else { return false }
    let x = a.extracting(aRange)
    let y = b.extracting(bRange)
    var index = 0
    while index <= x.count &- 8 {
      if word(x, index) != word(y, index) { return false }
      index &+= 8
    }
    while index < x.count {
      if x[index] != y[index] { return false }
      index &+= 1
    }
    return true
  }

  /// Whether a byte occurs in a run.
  static func contains(_ byte: UInt8, _ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    let run = bytes.extracting(range)
    let ones: UInt64 = 0x0101_0101_0101_0101
    let wanted = ones &* UInt64(byte)
    var index = 0
    while index <= run.count &- 8 {
      // A byte that is 0 is the lowest one from which subtracting 1 borrows.
      let rest = word(run, index) ^ wanted
      if (rest &- ones) & ~rest & (ones &<< 7) != 0 { return true }
      index &+= 8
    }
    while index < run.count {
      if run[index] == byte { return true }
      index &+= 1
    }
    return false
  }

  @inline(__always) private static func word(_ run: Span<UInt8>, _ index: Int) -> UInt64 {
    // The load is checked against the bounds of the span, and any bytes are a number.
    UInt64(littleEndian: unsafe run.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self))
  }
}
