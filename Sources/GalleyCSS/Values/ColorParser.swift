/// A color as it is written: in its own space, with components that may be missing.
struct MixableColor: Sendable {
  var space: ColorSpace
  /// The components; 0 where one is missing.
  var components: SIMD3<Double>
  /// Which components are `none`.
  var missing = SIMDMask<SIMD3<Double.SIMDMaskScalar>>(repeating: false)
  /// The opacity, or nil for `none`.
  var alpha: Double? = 1
  /// Whether the notation is older than CSS Color 4 or means the same as one that is.
  var isLegacy = false
}

/// Reads one color; a parsing function that succeeds has consumed exactly its construct.
struct ColorParser {
  /// How deep `color-mix()` may nest.
  private static let maximumDepth = 8

  private let bytes: [UInt8]
  private var tokenizer: CSSTokenizer
  private var token: CSSToken

  init(_ bytes: [UInt8], in range: Range<Int>) {
    self.bytes = bytes
    tokenizer = CSSTokenizer(bytes, in: range)
    token = tokenizer.take()
  }

  /// The color that all of the range is, or nil.
  mutating func parse() -> MixableColor? {
    skipTrivia()
    guard let color = parseColor(depth: 0), token.kind == .end else { return nil }
    return color
  }

  private mutating func advance() {
    token = tokenizer.take()
    skipTrivia()
  }

  private mutating func skipTrivia() { while token.kind.isTrivia { token = tokenizer.take() } }

  private mutating func take(_ kind: CSSToken.Kind) -> Bool {
    guard token.kind == kind else { return false }
    advance()
    return true
  }

  private var name: UInt64 { CSSName.hash(bytes, token.range, lowercased: true) }

  private mutating func parseColor(depth: Int) -> MixableColor? {
    switch token.kind {
    case .hash, .idHash:
      defer { advance() }
      return hexColor(bytes[token.range].dropFirst())
    case .ident:
      defer { advance() }
      return namedColor(name)
    case .function: return parseFunction(depth: depth)
    default: return nil
    }
  }

  private func color(rgb: UInt32) -> MixableColor {
    let channels = SIMD3(Double(rgb >> 16 & 255), Double(rgb >> 8 & 255), Double(rgb & 255))
    return MixableColor(space: .srgb, components: channels / 255, isLegacy: true)
  }

  private func namedColor(_ name: UInt64) -> MixableColor? {
    if name == Names.transparent {
      return MixableColor(space: .srgb, components: .zero, alpha: 0, isLegacy: true)
    }
    return NamedColors.rgb(ofHash: name).map(color(rgb:))
  }

  private func hexColor(_ digits: ArraySlice<UInt8>) -> MixableColor? {
    guard digits.allSatisfy(\.isHexDigit) else { return nil }
    let isShort = digits.count == 3 || digits.count == 4
    guard isShort || digits.count == 6 || digits.count == 8 else { return nil }
    let value = digits.reduce(UInt32(0)) { value, digit in
      isShort ? value << 8 | digit.hexValue * 17 : value << 4 | digit.hexValue
    }
    guard digits.count == 4 || digits.count == 8 else { return color(rgb: value) }
    var result = color(rgb: value >> 8)
    result.alpha = Double(value & 255) / 255
    return result
  }

  // MARK: - Functions

  private mutating func parseFunction(depth: Int) -> MixableColor? {
    let function = CSSName.hash(bytes, Int(token.start)..<Int(token.end) - 1, lowercased: true)
    advance()
    switch function {
    case Names.rgb, Names.rgba: return parseArguments()?.rgb
    case Names.hsl, Names.hsla: return parseArguments()?.hsl
    case Names.hwb: return parseArguments()?.hwb
    case Names.lab: return parseArguments()?.lab(.lab, lightness: 100, axis: 125)
    case Names.oklab: return parseArguments()?.lab(.oklab, lightness: 1, axis: 0.4)
    case Names.lch: return parseArguments()?.lch(.lch, lightness: 100, chroma: 150)
    case Names.oklch: return parseArguments()?.lch(.oklch, lightness: 1, chroma: 0.4)
    case Names.color:
      guard token.kind == .ident, let space = ColorSpace(named: name), space.isPredefined else { return nil }
      advance()
      return parseArguments()?.predefined(space)
    case Names.colorMix: return depth < Self.maximumDepth ? parseMix(depth: depth) : nil
    default: return nil
    }
  }

  /// Parses the arguments of a function, with its closing parenthesis.
  private mutating func parseArguments() -> ColorArguments? {
    guard let first = parseComponent() else { return nil }
    let isLegacy = token.kind == .comma
    var arguments = ColorArguments(first: first, isLegacy: isLegacy)
    if isLegacy { advance() }
    guard let second = parseComponent(), !isLegacy || take(.comma), let third = parseComponent() else { return nil }
    arguments.second = second
    arguments.third = third
    if token.kind == .closeParenthesis {
      advance()
      return arguments
    }
    let isSlash = token.kind == .delimiter && bytes[Int(token.start)] == 0x2F
    guard isLegacy ? token.kind == .comma : isSlash else { return nil }
    advance()
    guard let alpha = parseComponent(), take(.closeParenthesis) else { return nil }
    arguments.alpha = alpha
    return arguments
  }

  private mutating func parseComponent() -> ColorArguments.Component? {
    let component: ColorArguments.Component
    switch token.kind {
    case .number: component = .number(WrittenNumber.value(bytes, token))
    case .percentage: component = .percentage(WrittenNumber.value(bytes, token))
    case .dimension:
      guard let degrees = degrees() else { return nil }
      component = .degrees(degrees)
    case .ident where name == Names.none: component = .none
    default: return nil
    }
    advance()
    return component
  }

  private func degrees() -> Double? {
    let value = WrittenNumber.value(bytes, token)
    switch CSSName.hash(bytes, Int(token.unitStart)..<Int(token.end), lowercased: true) {
    case Names.deg: return value
    case Names.grad: return value * 0.9
    case Names.rad: return value * 180 / Double.pi
    case Names.turn: return value * 360
    default: return nil
    }
  }

  // MARK: - Mixing

  /// Parses `in space, color, color)`, where each color may have a percentage before or behind it.
  private mutating func parseMix(depth: Int) -> MixableColor? {
    guard token.kind == .ident, name == Names.in else { return nil }
    advance()
    guard token.kind == .ident, let space = ColorSpace(named: name), !space.isPolar else { return nil }
    advance()
    guard take(.comma), let first = parseShare(depth: depth), take(.comma), let second = parseShare(depth: depth),
      take(.closeParenthesis)
    else { return nil }
    return ColorMix(space: space).mix(first, second)
  }

  private mutating func parseShare(depth: Int) -> ColorMix.Share? {
    var percentage = takePercentage()
    guard let color = parseColor(depth: depth + 1) else { return nil }
    if percentage == nil { percentage = takePercentage() }
    if let percentage, percentage < 0 || percentage > 100 { return nil }
    return ColorMix.Share(color: color, percentage: percentage)
  }

  private mutating func takePercentage() -> Double? {
    guard token.kind == .percentage else { return nil }
    defer { advance() }
    return WrittenNumber.value(bytes, token)
  }

  private enum Names {
    static let transparent = RunningHash.of("transparent")
    static let none = RunningHash.of("none")
    static let `in` = RunningHash.of("in")
    static let rgb = RunningHash.of("rgb")
    static let rgba = RunningHash.of("rgba")
    static let hsl = RunningHash.of("hsl")
    static let hsla = RunningHash.of("hsla")
    static let hwb = RunningHash.of("hwb")
    static let lab = RunningHash.of("lab")
    static let lch = RunningHash.of("lch")
    static let oklab = RunningHash.of("oklab")
    static let oklch = RunningHash.of("oklch")
    static let color = RunningHash.of("color")
    static let colorMix = RunningHash.of("color-mix")
    static let deg = RunningHash.of("deg")
    static let grad = RunningHash.of("grad")
    static let rad = RunningHash.of("rad")
    static let turn = RunningHash.of("turn")
  }
}

/// The arguments of a color function, and what each function makes of them.
struct ColorArguments {
  /// One argument.
  enum Component {
    case number(Double), percentage(Double), degrees(Double), none
  }

  let first: Component
  var second = Component.none
  var third = Component.none
  var alpha = Component.number(1)
  /// Whether they are divided by commas.
  let isLegacy: Bool

  init(first: Component, isLegacy: Bool) {
    self.first = first
    self.isLegacy = isLegacy
  }

  /// A number or a percentage of `whole`; 0 for `none`, nil for anything else.
  private func value(_ component: Component, percentOf whole: Double) -> Double? {
    switch component {
    case .number(let value): value
    case .percentage(let value): value / 100 * whole
    case .none: 0
    case .degrees: nil
    }
  }

  private func hue(_ component: Component) -> Double? {
    switch component {
    case .number(let value), .degrees(let value): value
    case .none: 0
    case .percentage: nil
    }
  }

  private func isNone(_ component: Component) -> Bool { if case .none = component { true } else { false } }
  private func isPercentage(_ component: Component) -> Bool {
    if case .percentage = component { true } else { false }
  }

  private func color(_ space: ColorSpace, _ components: SIMD3<Double>, isLegacy: Bool = false) -> MixableColor? {
    let none = [isNone(first), isNone(second), isNone(third)]
    let hasNone = none.contains(true) || isNone(alpha)
    if self.isLegacy, !isLegacy || hasNone { return nil }
    var color = MixableColor(space: space, components: components, isLegacy: isLegacy && !hasNone)
    for index in 0..<3 { color.missing[index] = none[index] }
    guard let alpha = value(alpha, percentOf: 1) else { return nil }
    color.alpha = isNone(self.alpha) ? nil : min(max(alpha, 0), 1)
    return color
  }

  var rgb: MixableColor? {
    let isMixed = isPercentage(first) != isPercentage(second) || isPercentage(first) != isPercentage(third)
    guard !isLegacy || !isMixed, let red = value(first, percentOf: 255), let green = value(second, percentOf: 255),
      let blue = value(third, percentOf: 255)
    else { return nil }
    let channels = SIMD3(red, green, blue)
    let clamped = channels.clamped(lowerBound: SIMD3(repeating: 0), upperBound: SIMD3(repeating: 255))
    return color(.srgb, clamped / 255, isLegacy: true)
  }

  var hsl: MixableColor? {
    if isLegacy, !isPercentage(second) || !isPercentage(third) { return nil }
    guard let hue = hue(first), let saturation = value(second, percentOf: 100),
      let lightness = value(third, percentOf: 100)
    else { return nil }
    // Too much of either is clamped only where commas stand.
    let limit = isLegacy ? 100 : Double.infinity
    let components = SIMD3(hue, min(max(saturation, 0), limit), min(max(lightness, 0), limit))
    return color(.hsl, components, isLegacy: true)
  }

  var hwb: MixableColor? {
    guard !isLegacy, let hue = hue(first), let whiteness = value(second, percentOf: 100),
      let blackness = value(third, percentOf: 100)
    else { return nil }
    return color(.hwb, SIMD3(hue, max(whiteness, 0), max(blackness, 0)), isLegacy: true)
  }

  func lab(_ space: ColorSpace, lightness: Double, axis: Double) -> MixableColor? {
    guard let l = value(first, percentOf: lightness), let a = value(second, percentOf: axis),
      let b = value(third, percentOf: axis)
    else { return nil }
    return color(space, SIMD3(min(max(l, 0), lightness), a, b))
  }

  func lch(_ space: ColorSpace, lightness: Double, chroma: Double) -> MixableColor? {
    guard let l = value(first, percentOf: lightness), let c = value(second, percentOf: chroma), let h = hue(third)
    else { return nil }
    return color(space, SIMD3(min(max(l, 0), lightness), max(c, 0), h))
  }

  func predefined(_ space: ColorSpace) -> MixableColor? {
    guard let x = value(first, percentOf: 1), let y = value(second, percentOf: 1), let z = value(third, percentOf: 1)
    else { return nil }
    return color(space, SIMD3(x, y, z))
  }
}
