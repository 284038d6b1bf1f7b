/// A plural category of CLDR.
package enum PluralCategory: String, Sendable, Hashable, CaseIterable {
  case zero, one, two, few, many, other
}

/// What the rules of plurals see of a number that is written in digits: `1` and `1.0` differ.
///
/// See UTS #35, part 3, section 5.1: https://unicode.org/reports/tr35/tr35-numbers.html#Plural_Operand_Meanings
package struct PluralOperands: Hashable, Sendable {
  /// The integer part; of more than 18 digits, only that it is large and its last 18 digits.
  package let i: UInt64
  /// The count of digits behind the point, and without zeros at the end.
  package let v: UInt64, w: UInt64
  /// The digits behind the point as a number, and without zeros at the end.
  package let f: UInt64, t: UInt64
  /// The exponent of a number in compact form, `1.2c6`.
  package let e: UInt64

  /// Reads a number, less a whole one; answers nil where the text is none. The sign does not count.
  package init?(_ text: String, minus offset: Int = 0) {
    var rest = Array(text.utf8)[...]
    let isNegative = rest.first == UInt8(ascii: "-")
    if isNegative || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
    var exponent: UInt64 = 0
    if let mark = rest.lastIndex(where: { $0 == UInt8(ascii: "c") || $0 == UInt8(ascii: "e") }) {
      guard let power = Int(String(decoding: rest[(mark + 1)...], as: UTF8.self)), (0...18).contains(power) else {
        return nil
      }
      exponent = UInt64(power)
      rest = rest[..<mark]
    }
    let parts = rest.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
    guard let whole = parts.first, !whole.isEmpty, parts.allSatisfy({ $0.allSatisfy { (0x30...0x39).contains($0) } })
    else { return nil }
    var (digits, decimals) = (Array(whole), parts.count == 2 ? Array(parts[1]) : [])
    let moved = min(Int(exponent), decimals.count)
    digits += decimals[..<moved] + Array(repeating: 0x30, count: Int(exponent) - moved)
    decimals.removeFirst(moved)
    let visible = Array(decimals.reversed().drop { $0 == 0x30 }.reversed())
    let size = Self.number(digits)
    i = Self.difference(size, offset, isNegative: isNegative)
    (v, w) = (UInt64(decimals.count), UInt64(visible.count))
    (f, t) = (Self.number(decimals), Self.number(visible))
    e = exponent
  }

  private static func difference(_ size: UInt64, _ offset: Int, isNegative: Bool) -> UInt64 {
    let other = UInt64(offset.magnitude)
    if isNegative == (offset < 0) { return size >= other ? size - other : other - size }
    return size &+ other
  }

  private static func number(_ digits: [UInt8]) -> UInt64 {
    let low = digits.suffix(18).reduce(UInt64(0)) { $0 * 10 + UInt64($1 - 0x30) }
    return digits.dropLast(18).contains { $0 != 0x30 } ? low + 1_000_000_000_000_000_000 : low
  }
}

/// The plural rules of a language: which numbers are of which category.
package struct PluralRules: Hashable, Sendable {
  /// One comparison of an operand, such as `n % 100 != 12..14`.
  struct Relation: Hashable, Sendable {
    /// The letter of the operand.
    var operand: UInt8
    /// What the operand is divided by, for its remainder; 0 where it is taken as it is.
    var modulus: UInt64
    var isNegated: Bool
    var ranges: [ClosedRange<UInt64>]
  }

  /// The rules of the categories but `other`; each is a disjunction of conjunctions. No number fits two.
  let rules: [(category: PluralCategory, alternatives: [[Relation]])]

  package static func == (a: PluralRules, b: PluralRules) -> Bool {
    a.rules.map(\.category) == b.rules.map(\.category) && a.rules.map(\.alternatives) == b.rules.map(\.alternatives)
  }

  package func hash(into hasher: inout Hasher) { for rule in rules { hasher.combine(rule.alternatives) } }

  /// The categories of the language in CLDR's order; `other` is the last.
  package var categories: [PluralCategory] { rules.map(\.category) + [.other] }

  /// The rules for counting, of a locale.
  package static func cardinal(_ locale: String) -> PluralRules { tables.cardinal.nearest(locale) }

  /// The rules for ranking, `1st`, of a locale.
  package static func ordinal(_ locale: String) -> PluralRules { tables.ordinal.nearest(locale) }

  /// The version of CLDR that the rules are from.
  package static let version = PluralTable.version

  /// All locales that have rules of their own, sorted.
  package static var locales: [String] { Set(tables.cardinal.keys).union(tables.ordinal.keys).sorted() }

  /// The category of a number.
  package func category(of number: PluralOperands) -> PluralCategory {
    rules.first { rule in rule.alternatives.contains { $0.allSatisfy { $0.holds(for: number) } } }?.category ?? .other
  }

  private static let tables = readTables()

  private static func readTables() -> (cardinal: [String: PluralRules], ordinal: [String: PluralRules]) {
    var (cardinal, ordinal): ([String: PluralRules], [String: PluralRules]) = ([:], [:])
    for line in PluralTable.lines.split(separator: "\n") {
      let words = line.split(separator: " ")
      guard let first = words.first else { continue }
      let rules = PluralRules(first.dropFirst())
      for locale in words.dropFirst() {
        if first.first == "#" { cardinal[String(locale)] = rules } else { ordinal[String(locale)] = rules }
      }
    }
    return (cardinal, ordinal)
  }

  /// Reads rules in the spelling of the table: `one:i=1&v=0;few:n%10=2..4|n=0`.
  init(_ text: Substring) {
    rules = text.split(separator: ";").compactMap { rule in
      let parts = rule.split(separator: ":")
      guard parts.count == 2, let category = PluralCategory(rawValue: String(parts[0])) else { return nil }
      let alternatives = parts[1].split(separator: "|").map { $0.split(separator: "&").compactMap(Relation.init) }
      return (category, alternatives)
    }
  }
}

extension Dictionary<String, PluralRules> {
  /// The rules of a locale, or of what is left of its tag without the last subtags.
  fileprivate func nearest(_ locale: String) -> PluralRules {
    var tag = Substring(locale)
    while true {
      if let rules = self[String(tag)] { return rules }
      guard let hyphen = tag.lastIndex(of: "-") else { return PluralRules("") }
      tag = tag[..<hyphen]
    }
  }
}

extension PluralRules.Relation {
  /// Reads `n%10=2..4,9` or `v!=0`.
  init?(_ text: Substring) {
    guard let operand = text.utf8.first, let equals = text.firstIndex(of: "=") else { return nil }
    let left = text[..<equals]
    self.operand = operand
    isNegated = left.hasSuffix("!")
    let divisor = left.dropFirst(2).prefix { $0 != "!" }
    modulus = left.dropFirst().first == "%" ? UInt64(divisor) ?? 0 : 0
    ranges = text[equals...].dropFirst().split(separator: ",").compactMap { range in
      let ends = range.split(separator: ".").compactMap { UInt64($0) }
      guard let low = ends.first, let high = ends.last, low <= high else { return nil }
      return low...high
    }
  }

  func holds(for number: PluralOperands) -> Bool {
    if operand == UInt8(ascii: "n"), number.t != 0 { return isNegated }
    let value =
      switch operand {
      case UInt8(ascii: "v"): number.v
      case UInt8(ascii: "w"): number.w
      case UInt8(ascii: "f"): number.f
      case UInt8(ascii: "t"): number.t
      case UInt8(ascii: "c"), UInt8(ascii: "e"): number.e
      default: number.i
      }
    return contains(modulus == 0 ? value : value % modulus)
  }

  private func contains(_ value: UInt64) -> Bool { ranges.contains { $0.contains(value) } != isNegated }
}
