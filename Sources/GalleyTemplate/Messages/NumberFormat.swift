/// How a locale writes numbers.
///
/// See UTS #35, part 3: https://unicode.org/reports/tr35/tr35-numbers.html. Rounding is half to even, as ICU's is.
package struct NumberFormat: Sendable {
  private let zero: UInt32
  private let decimal: String
  private let group: String
  /// The signs of decimals and groups in amounts.
  private let amountSigns: (decimal: String, group: String)
  private let minus: String
  private let percent: String
  private let firstGroup: Int
  private let patterns: (number: Substring, percent: Substring, amount: Substring)
  private let currencies: [Substring: Substring]

  /// The format of a locale; nil where none is known.
  package static func of(_ locale: String) -> NumberFormat? { lines[locale].flatMap { NumberFormat($0) } }

  /// The locales whose numbers are known, sorted.
  package static var locales: [String] { lines.tags }

  private static let lines = LocaleLines(NumberTable.lines, others: NumberTable.others)

  private init?(_ line: Substring) {
    let fields = line.split(separator: "|", omittingEmptySubsequences: false)
    guard fields.count == 13, let zero = fields[1].unicodeScalars.first?.value else { return nil }
    self.zero = zero
    decimal = String(fields[2])
    group = String(fields[3])
    amountSigns = (fields[4].isEmpty ? decimal : String(fields[4]), fields[5].isEmpty ? group : String(fields[5]))
    minus = String(fields[6])
    percent = String(fields[7])
    firstGroup = Int(fields[8]) ?? 1
    patterns = (fields[9], fields[10], fields[11])
    currencies = Dictionary(
      fields[12].split(separator: ",").compactMap { pair in
        pair.firstIndex(of: "=").map { (pair[..<$0], pair[pair.index(after: $0)...]) }
      }
    ) { first, _ in first }
  }

  /// Digits as the locale writes them.
  func spelled(_ digits: String) -> String {
    var result = ""
    for digit in digits.utf8 { append(digit, to: &result) }
    return result
  }

  /// The number in a style, or nil where the text is no number.
  package func format(_ text: String, _ style: NumberStyle) -> String? {
    guard let number = DecimalDigits(text)?.scaled(by: style.scale).rounded(to: style.decimals) else { return nil }
    let pattern = pattern(style.unit)
    let halves = pattern.split(separator: ";", omittingEmptySubsequences: false)
    guard let positive = halves.first else { return nil }
    var (prefix, shape, suffix) = Self.parts(positive)
    if number.isNegative {
      if halves.count == 2 { (prefix, _, suffix) = Self.parts(halves[1]) } else { prefix = "-" + prefix }
    }
    let body = digits(number, shape, style)
    return affix(prefix, style, isBefore: true) + body + affix(suffix, style, isBefore: false)
  }

  private func pattern(_ unit: NumberStyle.Unit) -> Substring {
    switch unit {
    case .number: patterns.number
    case .percent: patterns.percent
    case .currency: patterns.amount
    }
  }

  /// What stands before the digits of a pattern, the digits, and what stands behind.
  private static func parts(_ pattern: Substring) -> (prefix: String, shape: Substring, suffix: String) {
    let isDigit: (Character) -> Bool = { "#0,.".contains($0) }
    guard let first = pattern.firstIndex(where: isDigit), let last = pattern.lastIndex(where: isDigit) else {
      return (String(pattern), "", "")
    }
    return (String(pattern[..<first]), pattern[first...last], String(pattern[pattern.index(after: last)...]))
  }

  private func affix(_ text: String, _ style: NumberStyle, isBefore: Bool) -> String {
    var result = ""
    for character in text {
      switch character {
      case "-": result += minus
      case "%": result += percent
      case "¤": result += sign(style)
      default: result.append(character)
      }
    }
    // UTS #35, part 3, section 3.4: a sign that ends in a letter is kept from touching the digits.
    let edge = isBefore ? text.last : text.first
    guard edge == "¤", let next = isBefore ? result.unicodeScalars.last : result.unicodeScalars.first else {
      return result
    }
    switch next.properties.generalCategory {
    case .currencySymbol, .mathSymbol, .modifierSymbol, .otherSymbol, .spaceSeparator: return result
    default: return isBefore ? result + "\u{A0}" : "\u{A0}" + result
    }
  }

  private func sign(_ style: NumberStyle) -> String {
    guard case .currency(let code) = style.unit else { return "" }
    return style.usesCode ? code : currencies[Substring(code)].map(String.init) ?? code
  }

  private func digits(_ number: DecimalDigits, _ shape: Substring, _ style: NumberStyle) -> String {
    let signs = if case .currency = style.unit { amountSigns } else { (decimal, group) }
    let whole = shape.prefix { $0 != "." }
    let groups = whole.split(separator: ",", omittingEmptySubsequences: false).dropFirst().map(\.count)
    let primary = groups.last ?? 0
    let secondary = groups.count > 1 ? groups[groups.count - 2] : primary
    let isGrouped = style.usesGroups && primary > 0 && number.whole.count >= primary + firstGroup
    var result = ""
    for (index, digit) in number.whole.enumerated() {
      let rest = number.whole.count - index
      let isEdge = rest == primary || rest > primary && (rest - primary).isMultiple(of: max(secondary, 1))
      if isGrouped, index > 0, isEdge { result += signs.1 }
      append(digit, to: &result)
    }
    if !number.decimals.isEmpty { result += signs.0 }
    for digit in number.decimals { append(digit, to: &result) }
    return result
  }

  private func append(_ digit: UInt8, to text: inout String) {
    if let scalar = Unicode.Scalar(zero + UInt32(digit - 0x30)) { text.unicodeScalars.append(scalar) }
  }
}

/// A decimal number as digits, of any length.
struct DecimalDigits {
  var isNegative: Bool
  /// The digits before the point, without needless zeros; at least one.
  var whole: [UInt8]
  var decimals: [UInt8]

  /// Reads a plain number: `-12.50`.
  init?(_ text: String) {
    var rest = Array(text.utf8)[...]
    isNegative = rest.first == UInt8(ascii: "-")
    if isNegative { rest.removeFirst() }
    let parts = rest.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = parts.first, !first.isEmpty, first.count < 400, rest.count < 800,
      parts.allSatisfy({ $0.allSatisfy { (0x30...0x39).contains($0) } })
    else { return nil }
    whole = Array(first)
    decimals = parts.count == 2 ? Array(parts[1]) : []
    trim()
  }

  private mutating func trim() {
    whole = Array(whole.drop { $0 == 0x30 })
    if whole.isEmpty { whole = [0x30] }
  }

  func scaled(by places: Int) -> DecimalDigits {
    var result = self
    for _ in 0..<places { result.whole.append(result.decimals.isEmpty ? 0x30 : result.decimals.removeFirst()) }
    result.trim()
    return result
  }

  /// The number with at most so many decimals, rounded half to even, and at least so many.
  func rounded(to count: ClosedRange<Int>) -> DecimalDigits {
    var result = self
    let dropped = decimals.dropFirst(count.upperBound)
    result.decimals = Array(decimals.prefix(count.upperBound))
    if let first = dropped.first {
      let isMore = first > 0x35 || first == 0x35 && dropped.dropFirst().contains { $0 != 0x30 }
      let last = result.decimals.last ?? result.whole.last ?? 0x30
      if isMore || first == 0x35 && last % 2 == 1 { result.increment() }
    }
    while result.decimals.count > count.lowerBound, result.decimals.last == 0x30 { result.decimals.removeLast() }
    while result.decimals.count < count.lowerBound { result.decimals.append(0x30) }
    return result
  }

  private mutating func increment() {
    var digits = whole + decimals
    var index = digits.count - 1
    while index >= 0, digits[index] == 0x39 {
      digits[index] = 0x30
      index -= 1
    }
    if index >= 0 { digits[index] += 1 } else { digits.insert(0x31, at: 0) }
    whole = Array(digits.dropLast(decimals.count))
    decimals = Array(digits.suffix(decimals.count))
  }
}
