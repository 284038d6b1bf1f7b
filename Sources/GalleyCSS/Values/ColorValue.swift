/// A constant color, as sRGB with eight bits a channel and an alpha.
///
/// Read from any notation of CSS Color 4 (https://www.w3.org/TR/css-color-4/) whose value is known before a mail is
/// opened: names, `#` with 3, 4, 6 or 8 digits, `rgb()`, `hsl()`, `hwb()`, `lab()`, `lch()`, `oklab()`, `oklch()`,
/// `color()` with srgb, srgb-linear, display-p3 and xyz, and `color-mix()` of such colors in a space without a hue.
/// Not constant, or not known, are `currentcolor`, system colors, relative colors, `light-dark()`, and components
/// that are calculated or placeholders. What lies outside of sRGB's gamut is clipped channel by channel.
package struct ColorValue: Hashable, Sendable {
  /// The red channel.
  package let red: UInt8
  /// The green channel.
  package let green: UInt8
  /// The blue channel.
  package let blue: UInt8
  /// The opacity, from 0 to 1.
  package let alpha: Double
  /// Whether the notation is one that gradients and transitions mix in sRGB: a name, `#`, `rgb()`, `hsl()`, `hwb()`.
  package let isLegacy: Bool
  /// Whether nothing was clipped.
  package let isInGamut: Bool

  /// Reads the color that a range of bytes writes, with nothing but white space and comments around it.
  package init?(_ bytes: [UInt8], in range: Range<Int>) {
    var parser = ColorParser(bytes, in: range)
    guard let color = parser.parse() else { return nil }
    self.init(color)
  }

  /// Makes an opaque color of `0xRRGGBB`.
  init(rgb: UInt32) {
    red = UInt8(truncatingIfNeeded: rgb >> 16)
    green = UInt8(truncatingIfNeeded: rgb >> 8)
    blue = UInt8(truncatingIfNeeded: rgb)
    alpha = 1
    isLegacy = true
    isInGamut = true
  }

  init(_ color: MixableColor) {
    let exact = color.space.srgb(color.components)
    let clipped = exact.clamped(lowerBound: SIMD3(repeating: 0), upperBound: SIMD3(repeating: 1))
    let difference = exact - clipped
    // Less than this is what conversions lose.
    isInGamut = (difference * difference).sum() < 1e-7
    let scaled = clipped * 255 + SIMD3(repeating: 0.5)
    red = UInt8(scaled.x)
    green = UInt8(scaled.y)
    blue = UInt8(scaled.z)
    alpha = min(max(color.alpha ?? 0, 0), 1)
    isLegacy = color.isLegacy
  }

  /// Whether nothing shines through, to three decimals.
  package var isOpaque: Bool { alpha >= 0.9995 }

  /// `#` and six digits, for an opaque color.
  package var hex: [UInt8]? {
    guard isOpaque else { return nil }
    let digits = Array("0123456789abcdef".utf8)
    return [red, green, blue].reduce(into: [0x23]) { text, channel in
      text.append(digits[Int(channel >> 4)])
      text.append(digits[Int(channel & 15)])
    }
  }

  /// The color as all mail clients know it: `#rrggbb`, or `rgba(r,g,b,a)` where something shines through.
  package var text: [UInt8] {
    if let hex { return hex }
    return Array("rgba(\(red),\(green),\(blue),\(alphaText))".utf8)
  }

  /// The alpha with at most three decimals, and two where those tell the same of 256 steps
  /// (https://www.w3.org/TR/css-color-4/#serializing-alpha-values).
  private var alphaText: String {
    let step = Int(alpha * 255 + 0.5)
    let isStep = (alpha * 255 - Double(step)).magnitude < 1e-9
    let percent = Int(alpha * 100 + 0.5)
    let isTold = isStep && (percent * 255 + 50) / 100 == step
    let thousandths = isTold ? percent * 10 : Int(alpha * 1000 + 0.5)
    if thousandths == 0 { return "0" }
    var digits = String(thousandths + 1000).dropFirst()
    while digits.last == "0" { digits.removeLast() }
    return "0." + digits
  }
}
