/// Reckons out one math function of CSS Values 4 (https://www.w3.org/TR/css-values-4/#math), if it is constant.
///
/// Each parsing function starts at its construct's first token and, when it succeeds, ends behind its last. The first
/// thing that can't be reckoned ends it all.
struct CalcParser {
  /// How deep functions and parentheses may nest.
  static let maximumDepth = 32

  private let bytes: [UInt8]
  private var tokenizer: CSSTokenizer
  private var token: CSSToken
  /// Whether white space stands before the token.
  private var followsSpace = false
  private var depth = 0
  /// What could not be reckoned.
  private(set) var obstacle = CalcFolder.Obstacle.invalid

  /// Where the construct ended.
  private(set) var end = 0

  /// Starts behind the name of a function and its parenthesis.
  init(_ bytes: [UInt8], _ tokenizer: CSSTokenizer) {
    self.bytes = bytes
    self.tokenizer = tokenizer
    token = CSSToken(kind: .end, isUnclosed: false, start: 0, end: 0, unitStart: 0)
    advance()
  }

  private mutating func advance() {
    end = tokenizer.position
    followsSpace = false
    token = tokenizer.take()
    while token.kind.isTrivia {
      if token.kind == .whitespace { followsSpace = true }
      token = tokenizer.take()
    }
  }

  private mutating func fail(_ obstacle: CalcFolder.Obstacle) -> CalcQuantity? {
    self.obstacle = obstacle
    return nil
  }

  private func isDelimiter(_ byte: UInt8) -> Bool { token.kind == .delimiter && bytes[Int(token.start)] == byte }

  /// Takes the arguments of a function and its closing parenthesis.
  mutating func parse(_ function: CalcFunction) -> CalcQuantity? {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.maximumDepth else { return fail(.tooDeep) }
    var rounding = CalcFunction.Rounding.nearest
    if function == .round, token.kind == .ident {
      guard let named = CalcFunction.Rounding(hash: CSSName.hash(bytes, token.range, lowercased: true)) else {
        return fail(.open)
      }
      rounding = named
      advance()
      guard token.kind == .comma else { return fail(.invalid) }
      advance()
    }
    var arguments: [CalcQuantity] = []
    while true {
      guard let argument = parseSum() else { return nil }
      arguments.append(argument)
      guard token.kind == .comma else { break }
      advance()
    }
    guard token.kind == .closeParenthesis else { return failAtToken() }
    advance()
    return apply(function, arguments, rounding)
  }

  /// Fails at a token that may not stand there, or that stands for something else.
  private mutating func failAtToken() -> CalcQuantity? {
    switch token.kind {
    case .placeholder, .ident, .function: fail(.open)
    default: fail(.invalid)
    }
  }

  private mutating func parseSum() -> CalcQuantity? {
    guard var sum = parseProduct() else { return nil }
    while isDelimiter(0x2B) || isDelimiter(0x2D) {
      let isMinus = isDelimiter(0x2D)
      guard followsSpace else { return fail(.invalid) }
      advance()
      guard followsSpace else { return fail(.invalid) }
      guard var term = parseProduct() else { return nil }
      if isMinus { term.value.negate() }
      guard let (a, b) = aligned(sum, term) else { return nil }
      sum = CalcQuantity(a.value + b.value, a.unit)
    }
    return sum
  }

  private mutating func parseProduct() -> CalcQuantity? {
    guard var product = parseValue() else { return nil }
    while isDelimiter(0x2A) || isDelimiter(0x2F) {
      let isDivision = isDelimiter(0x2F)
      advance()
      guard let factor = parseValue() else { return nil }
      if isDivision {
        guard factor.unit == .number else { return fail(.invalid) }
        guard factor.value != 0 else { return fail(.undefined) }
        product.value /= factor.value
      } else {
        guard factor.unit == .number || product.unit == .number else { return fail(.invalid) }
        product = CalcQuantity(
          product.value * factor.value, product.unit == .number ? factor.unit : product.unit)
      }
    }
    return product
  }

  private mutating func parseValue() -> CalcQuantity? {
    switch token.kind {
    case .number, .percentage, .dimension:
      guard let quantity = CalcQuantity(token, bytes) else { return fail(.invalid) }
      advance()
      return quantity
    case .openParenthesis:
      advance()
      return parse(.calc)
    case .function:
      guard let function = CalcFunction(token, bytes) else { return fail(.open) }
      advance()
      return parse(function)
    case .ident:
      let constant: Double
      switch CSSName.hash(bytes, token.range, lowercased: true) {
      case Self.e: constant = 2.718_281_828_459_045
      case Self.pi: constant = .pi
      default: return fail(.open)
      }
      advance()
      return CalcQuantity(constant, .number)
    default: return failAtToken()
    }
  }

  private static let e = RunningHash.of("e")
  private static let pi = RunningHash.of("pi")

  // MARK: - Functions

  private mutating func apply(
    _ function: CalcFunction, _ arguments: [CalcQuantity], _ rounding: CalcFunction.Rounding
  ) -> CalcQuantity? {
    guard let values = aligned(arguments) else { return nil }
    guard function.accepts(values.count, isNumber: values[0].unit == .number) else { return fail(.invalid) }
    let unit = values[0].unit
    let numbers = values.map(\.value)
    switch function {
    case .calc: return values[0]
    case .min: return CalcQuantity(numbers.min() ?? numbers[0], unit)
    case .max: return CalcQuantity(numbers.max() ?? numbers[0], unit)
    case .clamp: return CalcQuantity(max(numbers[0], min(numbers[1], numbers[2])), unit)
    case .abs: return CalcQuantity(abs(numbers[0]), unit)
    case .sign:
      if unit == .percentage { return fail(.mixed) }
      return CalcQuantity(numbers[0] == 0 ? 0 : numbers[0] < 0 ? -1 : 1, .number)
    case .round, .mod, .rem:
      let step = numbers.count > 1 ? numbers[1] : 1
      guard step != 0 else { return fail(.undefined) }
      let quotient = numbers[0] / step
      switch function {
      case .mod: return CalcQuantity(numbers[0] - step * quotient.rounded(.down), unit)
      case .rem: return CalcQuantity(numbers[0].truncatingRemainder(dividingBy: step), unit)
      default: return CalcQuantity(rounding.apply(numbers[0] / abs(step)) * abs(step), unit)
      }
    }
  }

  /// Two quantities in one unit.
  private mutating func aligned(_ a: CalcQuantity, _ b: CalcQuantity) -> (CalcQuantity, CalcQuantity)? {
    if a.unit == b.unit { return (a, b) }
    if let unit = a.unit.basic, let x = a.converted(to: unit), let y = b.converted(to: unit) { return (x, y) }
    let (first, second) = (a.unit.dimension, b.unit.dimension)
    let mayMeet = first == second || (first == .percentage || second == .percentage)
    _ = fail(mayMeet && first != .number && second != .number ? .mixed : .invalid)
    return nil
  }

  /// All quantities in one unit.
  private mutating func aligned(_ quantities: [CalcQuantity]) -> [CalcQuantity]? {
    var values = quantities
    for index in values.indices.dropFirst() {
      guard let (a, b) = aligned(values[0], values[index]) else { return nil }
      values[0] = a
      values[index] = b
    }
    for index in values.indices { values[index] = values[index].converted(to: values[0].unit) ?? values[index] }
    return values
  }
}

/// The math functions that are reckoned out; others stay.
enum CalcFunction {
  case calc, min, max, clamp, abs, sign, round, mod, rem

  private static let names: [UInt64: CalcFunction] = [
    RunningHash.of("calc"): .calc, RunningHash.of("min"): .min, RunningHash.of("max"): .max,
    RunningHash.of("clamp"): .clamp, RunningHash.of("abs"): .abs, RunningHash.of("sign"): .sign,
    RunningHash.of("round"): .round, RunningHash.of("mod"): .mod, RunningHash.of("rem"): .rem,
  ]

  /// The function that a token opens.
  init?(_ token: CSSToken, _ bytes: [UInt8]) {
    guard token.kind == .function else { return nil }
    let hash = CSSName.hash(bytes, Int(token.start)..<Int(token.end) - 1, lowercased: true)
    guard let function = Self.names[hash] else { return nil }
    self = function
  }

  /// Whether a function takes that many arguments.
  func accepts(_ count: Int, isNumber: Bool) -> Bool {
    switch self {
    case .calc, .abs, .sign: count == 1
    case .min, .max: true
    case .clamp: count == 3
    case .round: count == 2 || count == 1 && isNumber
    case .mod, .rem: count == 2
    }
  }

  /// The ways of `round()`.
  enum Rounding {
    case nearest, up, down, toZero

    private static let names: [UInt64: Rounding] = [
      RunningHash.of("nearest"): .nearest, RunningHash.of("up"): .up, RunningHash.of("down"): .down,
      RunningHash.of("to-zero"): .toZero,
    ]

    init?(hash: UInt64) {
      guard let rounding = Self.names[hash] else { return nil }
      self = rounding
    }

    /// Rounds to a whole number; halves go up.
    func apply(_ number: Double) -> Double {
      switch self {
      case .nearest: (number + 0.5).rounded(.down)
      case .up: number.rounded(.up)
      case .down: number.rounded(.down)
      case .toZero: number.rounded(.towardZero)
      }
    }
  }
}
