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
  private var byHash: [UInt64: [Int]] = [:]
  private var byteCount = 0
  private var ruleSets: [[SheetKey]: RuleSet] = [:]

  /// A sheet in a sequence, as far as its rules depend on it.
  struct SheetKey: Hashable, Sendable {
    /// The number of the sheet among those that are remembered; negative for one that is not.
    let number: Int
    let isKept: Bool
    let keepsCopy: Bool
  }

  /// The sheet with the given bytes and its number.
  mutating func sheet(_ bytes: [UInt8], _ range: Range<Int>, isConditional: Bool) -> (sheet: StyleSheet, number: Int) {
    let hash = ByteRun.hash(bytes.span, range)
    if let candidates = byHash[hash] {
      for number in candidates where known[number].isConditional == isConditional && !known[number].isFurther {
        let text = known[number].sheet.bytes
        if ByteRun.areEqual(bytes.span, range, text.span, 0..<text.count) { return (known[number].sheet, number) }
      }
    }
    let sheet = StyleSheet(Array(bytes[range]), in: 0..<range.count, isConditional: isConditional)
    return (sheet, add(Known(isConditional: isConditional, isFurther: false, sheet: sheet), hash))
  }

  /// The number of a sheet that came parsed; negative for one whose bytes don't say all.
  mutating func number(of sheet: StyleSheet) -> Int {
    guard sheet.isPlain else { return -1 }
    let range = 0..<sheet.bytes.count
    let hash = ByteRun.hash(sheet.bytes.span, range)
    for number in byHash[hash] ?? [] where known[number].isFurther {
      let other = known[number].sheet
      guard other.source == sheet.source, other.range == sheet.range else { continue }
      if ByteRun.areEqual(sheet.bytes.span, range, other.bytes.span, 0..<other.bytes.count) { return number }
    }
    return add(Known(isConditional: false, isFurther: true, sheet: sheet), hash)
  }

  private mutating func add(_ sheet: Known, _ hash: UInt64) -> Int {
    byHash[hash, default: []].append(known.count)
    known.append(sheet)
    byteCount += sheet.sheet.bytes.count
    return known.count - 1
  }

  /// The set of rules of a sequence of sheets, made by `make` unless it is known.
  mutating func ruleSet(_ key: [SheetKey], _ make: () -> RuleSet) -> RuleSet {
    guard key.allSatisfy({ $0.number >= 0 && $0.number < known.count }) else { return make() }
    if let rules = ruleSets[key] { return rules }
    let rules = make()
    ruleSets[key] = rules
    return rules
  }

  /// Forgets everything, if it has become much; between documents, since numbers become those of other sheets.
  mutating func trim() { if byteCount > Self.byteLimit || ruleSets.count >= Self.ruleSetLimit { forget() } }

  /// Forgets everything.
  mutating func forget() {
    known.removeAll(keepingCapacity: true)
    byHash.removeAll(keepingCapacity: true)
    ruleSets.removeAll(keepingCapacity: true)
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

  @inline(__always) private static func word(_ run: Span<UInt8>, _ index: Int) -> UInt64 {
    // The load is checked against the bounds of the span, and any bytes are a number.
    UInt64(littleEndian: unsafe run.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self))
  }
}
