import GalleySource

/// The helper `format`: known numbers, amounts, dates and times as the locale writes them.
extension Evaluator {
  mutating func format(_ call: Expression.Call, _ scope: Scope) -> Residual {
    let operands = call.positional.map { evaluate($0, scope).folded }
    guard let value = operands.first else { return .invalid }
    guard case .known(let known, let type, let isData) = value else {
      return value.isData ? refuseAtBuild(call, "needs a value that is known at build time", scope) : .invalid
    }
    if let argument = call.named.first(where: { $0.name == "date" || $0.name == "time" }) {
      guard operands.count == 1 else {
        return refuse(call, "takes a style of a number or '\(argument.name)=', not both", scope, help: "remove one")
      }
      guard case .known(.string(let style), _, _) = evaluate(argument.value, scope).folded else {
        return refuse(
          call, "needs a style of the \(argument.name) that is known", scope, help: "write '\(argument.name)=\"short\"'"
        )
      }
      return formatted(
        known, DateStyle.read(style, isTime: argument.name == "time").map { .date($0) }, call, scope, isData)
    }
    guard operands.count == 2 else { return value }
    guard case .known(.string(let style), _, _) = operands[1] else {
      return refuse(call, "needs a style that is a known text", scope, help: Self.numberHelp)
    }
    if style == "currency" {
      guard let argument = call.named.first(where: { $0.name == "currency" }),
        case .known(let code, _, _) = evaluate(argument.value, scope).folded,
        let amount = code.text.flatMap({ NumberStyle(currency: $0) })
      else {
        return refuse(call, "needs the currency's code", scope, help: "write 'currency=\"ZAR\"'")
      }
      return formatted(known, .success(.number(amount)), call, scope, isData)
    }
    if let plain = DecimalFormat(style) {
      if let text = known.text.flatMap(plain.format) { return .known(.string(text), type: type, isData: isData) }
      return refuse(call, "needs a number", scope, help: Self.numberHelp)
    }
    return formatted(known, NumberStyle.read(style).map { .number($0) }, call, scope, isData)
  }

  private static let numberHelp = "the styles are integer, percent, currency, '::…', and decimals such as '0.00'"

  private mutating func formatted(
    _ value: Value, _ style: Result<KnownFormat, NumberStyle.Fault>, _ call: Expression.Call, _ scope: Scope,
    _ isData: Bool
  ) -> Residual {
    switch style {
    case .failure(let fault): return refuse(call, "has a style that is none: \(fault.message)", scope, help: fault.help)
    case .success(let format):
      switch format.format(value.text ?? "", in: environment.locale) {
      case .success(let text): return .known(.string(text), type: .string, isData: isData)
      case .failure(let fault): return refuse(call, "has a value that \(fault.message)", scope, help: fault.help)
      }
    }
  }

  private mutating func refuse(_ call: Expression.Call, _ reason: String, _ scope: Scope, help: String) -> Residual {
    report(.evaluationFormat, refusal(call, reason), at: call.range, scope.frame, help: [help])
    return .invalid
  }
}

/// Writes a number with a fixed count of decimals, rounded half up.
struct DecimalFormat {
  private let decimals: Int

  /// Takes a pattern: `0`, `0.0`, `0.00`, …
  init?(_ pattern: String) {
    let parts = pattern.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.first == "0", parts.count <= 2, parts.dropFirst().allSatisfy({ !$0.isEmpty }) else { return nil }
    guard parts.count == 1 || parts[1].utf8.allSatisfy({ $0 == 0x30 }), pattern.utf8.count < 16 else { return nil }
    decimals = parts.count == 2 ? parts[1].utf8.count : 0
  }

  /// The number in decimal digits, or nil where the text is no plain number.
  func format(_ text: String) -> String? {
    var rest = Array(text.utf8)[...]
    let isNegative = rest.first == UInt8(ascii: "-")
    if isNegative { rest = rest.dropFirst() }
    let parts = rest.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
    guard let whole = parts.first, !whole.isEmpty, rest.allSatisfy({ $0 == 0x2E || (0x30...0x39).contains($0) }),
      rest.count(where: { $0 == 0x2E }) <= 1
    else { return nil }
    let fraction = parts.count == 2 ? parts[1] : []
    var digits = Array(whole) + Array(fraction.prefix(decimals))
    digits += Array(repeating: 0x30, count: max(0, decimals - fraction.count))
    if let next = fraction.dropFirst(decimals).first, next >= 0x35 { Self.increment(&digits) }
    var result = String(decoding: digits.dropLast(decimals), as: UTF8.self)
    if decimals > 0 { result += "." + String(decoding: digits.suffix(decimals), as: UTF8.self) }
    return isNegative && digits.contains { $0 != 0x30 } ? "-" + result : result
  }

  private static func increment(_ digits: inout [UInt8]) {
    for index in digits.indices.reversed() {
      if digits[index] < 0x39 {
        digits[index] += 1
        return
      }
      digits[index] = 0x30
    }
    digits.insert(0x31, at: 0)
  }
}
