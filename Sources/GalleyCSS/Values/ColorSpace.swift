/// The color spaces that a notation may name, and the way of each to sRGB.
///
/// All ways lead over CIE XYZ with the D65 white point, as in CSS Color 4
/// (https://www.w3.org/TR/css-color-4/#color-conversion-code). Nothing is clipped here. Hues are in degrees; hsl and
/// hwb have percentages as they are written, lab and lch the lightness from 0 to 100, the others 0 to 1.
enum ColorSpace: Sendable {
  case srgb, linearSRGB, displayP3, xyz, xyzD50, lab, lch, oklab, oklch, hsl, hwb

  /// The space of a word in `color()` or behind `color-mix(in`.
  init?(named hash: UInt64) {
    guard let space = Self.byName[hash] else { return nil }
    self = space
  }

  private static let byName: [UInt64: ColorSpace] = [
    RunningHash.of("srgb"): .srgb, RunningHash.of("srgb-linear"): .linearSRGB,
    RunningHash.of("display-p3"): .displayP3, RunningHash.of("xyz"): .xyz, RunningHash.of("xyz-d65"): .xyz,
    RunningHash.of("xyz-d50"): .xyzD50, RunningHash.of("lab"): .lab, RunningHash.of("lch"): .lch,
    RunningHash.of("oklab"): .oklab, RunningHash.of("oklch"): .oklch, RunningHash.of("hsl"): .hsl,
    RunningHash.of("hwb"): .hwb,
  ]

  /// Whether `color()` knows the space.
  var isPredefined: Bool {
    switch self {
    case .srgb, .linearSRGB, .displayP3, .xyz, .xyzD50: true
    default: false
    }
  }

  /// Whether one of the components is a hue.
  var isPolar: Bool {
    switch self {
    case .lch, .oklch, .hsl, .hwb: true
    default: false
    }
  }

  /// Converts a color of this space to sRGB.
  func srgb(_ color: SIMD3<Double>) -> SIMD3<Double> {
    switch self {
    case .srgb: color
    case .hsl: Self.srgb(hue: color.x, saturation: color.y / 100, lightness: color.z / 100)
    case .hwb: Self.srgb(hue: color.x, whiteness: color.y / 100, blackness: color.z / 100)
    case .linearSRGB: Self.encoded(color)
    default: Self.encoded(Matrix.linearSRGBFromXYZ * xyz(color))
    }
  }

  /// Converts a color of this space to XYZ.
  func xyz(_ color: SIMD3<Double>) -> SIMD3<Double> {
    switch self {
    case .xyz: color
    case .xyzD50: Matrix.d65FromD50 * color
    case .linearSRGB: Matrix.xyzFromLinearSRGB * color
    case .displayP3: Matrix.xyzFromLinearP3 * Self.linear(color)
    case .lab: Matrix.d65FromD50 * Self.xyzD50(lab: color)
    case .lch: Matrix.d65FromD50 * Self.xyzD50(lab: Self.rectangular(color))
    case .oklab: Self.xyz(oklab: color)
    case .oklch: Self.xyz(oklab: Self.rectangular(color))
    case .srgb, .hsl, .hwb: Matrix.xyzFromLinearSRGB * Self.linear(srgb(color))
    }
  }

  /// Converts a color from XYZ to this space; nil for the spaces with a hue.
  func color(xyz: SIMD3<Double>) -> SIMD3<Double>? {
    switch self {
    case .xyz: xyz
    case .xyzD50: Matrix.d50FromD65 * xyz
    case .linearSRGB: Matrix.linearSRGBFromXYZ * xyz
    case .srgb: Self.encoded(Matrix.linearSRGBFromXYZ * xyz)
    case .lab: Self.lab(xyzD50: Matrix.d50FromD65 * xyz)
    case .oklab: Matrix.oklabFromCone * Self.mapped(Matrix.coneFromXYZ * xyz, Roots.cubeRoot)
    default: nil
    }
  }
}

// MARK: - Conversions

extension ColorSpace {
  private static func mapped(_ color: SIMD3<Double>, _ function: (Double) -> Double) -> SIMD3<Double> {
    SIMD3(function(color.x), function(color.y), function(color.z))
  }

  /// Undoes the transfer curve of sRGB, which display-p3 has as well.
  private static func linear(_ color: SIMD3<Double>) -> SIMD3<Double> {
    mapped(color) { value in
      let size = value.magnitude
      if size <= 0.04045 { return value / 12.92 }
      // The exponent 2.4 is twelve fifths.
      let root = Roots.fifthRoot((size + 0.055) / 1.055)
      let square = root * root
      let fourth = square * square
      return (value < 0 ? -1 : 1) * fourth * fourth * fourth
    }
  }

  /// Applies the transfer curve of sRGB.
  private static func encoded(_ color: SIMD3<Double>) -> SIMD3<Double> {
    mapped(color) { value in
      let size = value.magnitude
      if size <= 0.0031308 { return value * 12.92 }
      // The exponent 1 / 2.4 is five twelfths.
      let root = Roots.squareRoot(Roots.squareRoot(Roots.cubeRoot(size)))
      let square = root * root
      return (value < 0 ? -1 : 1) * (1.055 * square * square * root - 0.055)
    }
  }

  private static func srgb(hue: Double, saturation: Double, lightness: Double) -> SIMD3<Double> {
    let spread = saturation * min(lightness, 1 - lightness)
    func channel(_ offset: Double) -> Double {
      let sum = offset + Roots.turned(hue) / 30
      let position = sum < 12 ? sum : sum - 12
      return lightness - spread * max(-1, min(position - 3, 9 - position, 1))
    }
    return SIMD3(channel(0), channel(8), channel(4))
  }

  private static func srgb(hue: Double, whiteness: Double, blackness: Double) -> SIMD3<Double> {
    let sum = whiteness + blackness
    if sum >= 1 { return SIMD3(repeating: whiteness / sum) }
    let pure = srgb(hue: hue, saturation: 1, lightness: 0.5)
    return pure * (1 - sum) + SIMD3(repeating: whiteness)
  }

  /// Lightness, chroma and hue as lightness and two axes.
  private static func rectangular(_ color: SIMD3<Double>) -> SIMD3<Double> {
    let (sine, cosine) = Roots.sineAndCosine(degrees: color.z)
    return SIMD3(color.x, color.y * cosine, color.y * sine)
  }

  private static let whiteD50 = SIMD3(0.3457 / 0.3585, 1, (1 - 0.3457 - 0.3585) / 0.3585)
  private static let kappa = 24389.0 / 27
  private static let epsilon = 216.0 / 24389

  private static func xyzD50(lab: SIMD3<Double>) -> SIMD3<Double> {
    let y = (lab.x + 16) / 116
    func value(_ f: Double) -> Double {
      let cube = f * f * f
      return cube > epsilon ? cube : (116 * f - 16) / kappa
    }
    return SIMD3(value(y + lab.y / 500), value(y), value(y - lab.z / 200)) * whiteD50
  }

  private static func lab(xyzD50: SIMD3<Double>) -> SIMD3<Double> {
    let f = mapped(xyzD50 / whiteD50) { $0 > epsilon ? Roots.cubeRoot($0) : (kappa * $0 + 16) / 116 }
    return SIMD3(116 * f.y - 16, 500 * (f.x - f.y), 200 * (f.y - f.z))
  }

  private static func xyz(oklab: SIMD3<Double>) -> SIMD3<Double> {
    let cone = Matrix.coneFromOklab * oklab
    return Matrix.xyzFromCone * (cone * cone * cone)
  }
}

/// A matrix of three rows.
private struct Matrix: Sendable {
  let first, second, third: SIMD3<Double>

  init(_ first: SIMD3<Double>, _ second: SIMD3<Double>, _ third: SIMD3<Double>) {
    self.first = first
    self.second = second
    self.third = third
  }

  static func * (matrix: Matrix, vector: SIMD3<Double>) -> SIMD3<Double> {
    SIMD3((matrix.first * vector).sum(), (matrix.second * vector).sum(), (matrix.third * vector).sum())
  }

  static let linearSRGBFromXYZ = Matrix(
    [12831.0 / 3959, -329.0 / 214, -1974.0 / 3959],
    [-851781.0 / 878810, 1648619.0 / 878810, 36519.0 / 878810],
    [705.0 / 12673, -2585.0 / 12673, 705.0 / 667])
  static let xyzFromLinearSRGB = Matrix(
    [506752.0 / 1228815, 87881.0 / 245763, 12673.0 / 70218],
    [87098.0 / 409605, 175762.0 / 245763, 12673.0 / 175545],
    [7918.0 / 409605, 87881.0 / 737289, 1001167.0 / 1053270])
  static let xyzFromLinearP3 = Matrix(
    [608311.0 / 1250200, 189793.0 / 714400, 198249.0 / 1000160],
    [35783.0 / 156275, 247089.0 / 357200, 198249.0 / 2500400],
    [0, 32229.0 / 714400, 5220557.0 / 5000800])
  static let d65FromD50 = Matrix(
    [0.955473421488075, -0.02309845494876471, 0.06325924320057072],
    [-0.0283697093338637, 1.0099953980813041, 0.021041441191917323],
    [0.012314014864481998, -0.020507649298898964, 1.330365926242124])
  static let d50FromD65 = Matrix(
    [1.0479297925449969, 0.022946870601609652, -0.05019226628920524],
    [0.02962780877005599, 0.9904344267538799, -0.017073799063418826],
    [-0.009243040646204504, 0.015055191490298152, 0.7518742814281371])
  static let coneFromOklab = Matrix(
    [1, 0.3963377773761749, 0.2158037573099136],
    [1, -0.1055613458156586, -0.0638541728258133],
    [1, -0.0894841775298119, -1.2914855480194092])
  static let xyzFromCone = Matrix(
    [1.2268798758459243, -0.5578149944602171, 0.2813910456659647],
    [-0.0405757452148008, 1.1122868032803170, -0.0717110580655164],
    [-0.0763729366746601, -0.4214933324022432, 1.5869240198367816])
  static let coneFromXYZ = Matrix(
    [0.8190224379967030, 0.3619062600528904, -0.1288737815209879],
    [0.0329836539323885, 0.9292868615863434, 0.0361446663506424],
    [0.0481771893596242, 0.2642395317527308, 0.6335478284694309])
  static let oklabFromCone = Matrix(
    [0.2104542683093140, 0.7936177747023054, -0.0040720430116193],
    [1.9779985324311684, -2.4285922420485799, 0.4505937096174110],
    [0.0259040424655478, 0.7827717124575296, -0.8086757549230774])
}

/// The few functions that the standard library lacks, or leaves to a library of C that not every program links.
private enum Roots {
  /// The square root of what is not negative.
  static func squareRoot(_ value: Double) -> Double {
    root(value, degree: 2) { root, size in (root + size / root) / 2 }
  }

  /// The real cube root.
  static func cubeRoot(_ value: Double) -> Double {
    root(value, degree: 3) { root, size in (2 * root + size / (root * root)) / 3 }
  }

  /// The real fifth root.
  static func fifthRoot(_ value: Double) -> Double {
    root(value, degree: 5) { root, size in
      let square = root * root
      return (4 * root + size / (square * square)) / 5
    }
  }

  /// Follows Newton's method down from a power of two above the root, where it can't overshoot.
  private static func root(_ value: Double, degree: Int, _ step: (Double, Double) -> Double) -> Double {
    let size = value.magnitude
    guard size > 0, size.isFinite else { return 0 }
    var root = Double(sign: .plus, exponent: Int(size.exponent) / degree + 1, significand: 1)
    for _ in 0..<100 {
      let next = step(root, size)
      if next >= root { break }
      root = next
    }
    return value < 0 ? -root : root
  }

  /// An angle, of which there are less than a milliard turns, between 0 and 360 degrees.
  static func turned(_ degrees: Double) -> Double {
    let rest = degrees - 360 * Double(Int(degrees / 360))
    return rest < 0 ? rest + 360 : rest
  }

  /// The sine and the cosine of an angle, by their series within an eighth of a turn.
  static func sineAndCosine(degrees: Double) -> (sine: Double, cosine: Double) {
    let angle = turned(degrees)
    let quarter = Int(angle / 90 + 0.5)
    let x = (angle - Double(quarter) * 90) * Double.pi / 180
    var (sine, cosine) = (0.0, 0.0)
    var term = 1.0
    for power in 0..<20 {
      let sign: Double = power % 4 < 2 ? 1 : -1
      if power % 2 == 0 { cosine += sign * term } else { sine += sign * term }
      term *= x / Double(power + 1)
    }
    switch quarter % 4 {
    case 1: return (cosine, -sine)
    case 2: return (-sine, -cosine)
    case 3: return (-cosine, sine)
    default: return (sine, cosine)
    }
  }
}
