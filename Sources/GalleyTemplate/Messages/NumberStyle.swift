/// How a number is to be written: what a message or a call of `format` asks for.
///
/// Styles are ICU's (`integer`, `percent`) and the part of its skeletons that is the same in every locale's hands:
/// https://unicode-org.github.io/icu/userguide/format_parse/numbers/skeletons.html.
package struct NumberStyle: Hashable, Sendable {
  /// What is counted.
  package enum Unit: Hashable, Sendable {
    case number, percent
    /// An amount in a currency, by its ISO 4217 code.
    case currency(String)
  }

  package var unit = Unit.number
  /// How many places the point is moved to the right first.
  package var scale = 0
  /// The fewest and the most digits behind the point.
  package var decimals = 0...3
  package var usesGroups = true
  /// Whether an amount shows the currency's code where its sign is usual.
  package var usesCode = false

  /// How the style is written in a pattern.
  package private(set) var spelling = ""

  /// Makes the style of a plain number.
  package init() {}

  /// Reads a style: `integer`, `percent`, or a skeleton behind `::`. Answers what is wrong with any other.
  package static func read(_ text: String) -> Result<NumberStyle, Fault> {
    var style = NumberStyle()
    style.spelling = text
    switch text {
    case "", "number": return .success(style)
    case "integer":
      style.decimals = 0...0
      return .success(style)
    case "percent":
      (style.unit, style.scale, style.decimals) = (.percent, 2, 0...0)
      return .success(style)
    case "currency": return .failure(Fault("which currency?", help: "write the code: '::currency/ZAR'"))
    default: break
    }
    guard text.hasPrefix("::") else {
      return .failure(
        Fault("'\(text)' is no style of a number", help: "the styles are integer, percent and '::currency/ZAR'"))
    }
    style.decimals = 0...6
    for token in text.dropFirst(2).split(separator: " ") {
      if !style.take(token) {
        return .failure(
          Fault(
            "'\(token)' is no part of a number skeleton that is known here",
            help: "what is known: currency/ZAR, percent, scale/100, .00, .0#, precision-integer, group-off, "
              + "unit-width-iso-code"))
      }
    }
    return .success(style)
  }

  /// What is wrong with a style, and what to do.
  package struct Fault: Error, Hashable {
    package let message: String
    package let help: String

    init(_ message: String, help: String) { (self.message, self.help) = (message, help) }
  }

  private mutating func take(_ token: Substring) -> Bool {
    switch token {
    case "percent", "%": unit = .percent
    case "precision-integer", ".": decimals = 0...0
    case "group-off", ",_": usesGroups = false
    case "group-auto": usesGroups = true
    case "unit-width-iso-code": usesCode = true
    case "scale/100": scale = 2
    case "%x100": (unit, scale) = (.percent, 2)
    default:
      if token.hasPrefix("currency/") { return takeCurrency(token.dropFirst(9)) }
      return takeDecimals(token)
    }
    return true
  }

  private mutating func takeCurrency(_ code: Substring) -> Bool {
    guard let own = NumberStyle(currency: String(code)) else { return false }
    unit = own.unit
    decimals = own.decimals
    return true
  }

  /// The style of an amount, or nil where the code is no ISO 4217 code by its form.
  package init?(currency code: String) {
    guard code.utf8.count == 3, code.utf8.allSatisfy({ (0x41...0x5A).contains($0) }) else { return nil }
    unit = .currency(code)
    decimals = Self.withoutDecimals.contains(code) ? 0...0 : 2...2
  }

  /// Currencies that have no smaller unit in use.
  private static let withoutDecimals: Set<String> = [
    "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF",
  ]

  private mutating func takeDecimals(_ token: Substring) -> Bool {
    guard token.first == ".", token.utf8.count <= 16 else { return false }
    let zeros = token.dropFirst().prefix { $0 == "0" }
    let rest = token.dropFirst(1 + zeros.count)
    guard rest.allSatisfy({ $0 == "#" }) else { return false }
    decimals = zeros.count...(zeros.count + rest.count)
    return true
  }
}
