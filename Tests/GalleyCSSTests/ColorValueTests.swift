import GalleyCSS
import Testing

@Suite struct ColorValueTests {
  private static func text(_ notation: String) -> String? {
    let bytes = Array(notation.utf8)
    return ColorValue(bytes, in: 0..<bytes.count).map { String(decoding: $0.text, as: UTF8.self) }
  }

  @Test(
    arguments: [
      ("#abc", "#aabbcc"), ("#ABCDEF", "#abcdef"), ("#abcf", "#aabbcc"), ("#abc8", "rgba(170,187,204,0.533)"),
      ("#00000080", "rgba(0,0,0,0.5)"), ("#12345600", "rgba(18,52,86,0)"), ("RebeccaPurple", "#663399"),
      ("transparent", "rgba(0,0,0,0)"), ("\\72 ed", "#ff0000"),
      ("rgb(1,2,3)", "#010203"), ("RGBA( 1 , 2 , 3 , .5 )", "rgba(1,2,3,0.5)"), ("rgb(300,-5,127.5)", "#ff0080"),
      ("rgb(100%,0%,50%)", "#ff0080"), ("rgb(1 2 3)", "#010203"), ("rgb(1 50% 3/25%)", "rgba(1,128,3,0.25)"),
      ("rgb(none 2 3)", "#000203"), ("rgba(1 2 3 / none)", "rgba(1,2,3,0)"), ("rgba(0,0,0,1)", "#000000"),
      ("rgb(1/**/2 /* x */3)", "#010203"),
      ("hsl(120,100%,25%)", "#008000"), ("hsla(-240deg 100% 25% / 1)", "#008000"), ("hsl(.5turn 100 50)", "#00ffff"),
      ("hsl(200grad,100%,50%)", "#00ffff"), ("hsl(3.14159265rad 100% 50%)", "#00ffff"), ("hsl(0,100%,150%)", "#ffffff"),
      ("hwb(120 0% 50%)", "#008000"), ("hwb(0 60% 60%)", "#808080"),
      ("lab(50% 0 0)", "#777777"), ("lab(29.2345% 39.3825 20.0664)", "#7d2329"), ("lch(52.2345% 72.2 56.2)", "#c65d06"),
      ("oklab(59.686% 0.1009 0.1192)", "#c65d07"), ("oklch(59.686% 0.15619 49.7694)", "#c65d06"),
      ("color(srgb 1 .5 0)", "#ff8000"), ("color(srgb-linear 1 .2145 0)", "#ff8000"),
      ("color(display-p3 1 0 0)", "#ff0000"), ("color(display-p3 .5 .5 .5/50%)", "rgba(128,128,128,0.5)"),
      ("color-mix(in srgb, red, blue)", "#800080"), ("color-mix(in srgb, red 25%, #00f)", "#4000bf"),
      ("color-mix(in srgb, red 20%, blue 20%)", "rgba(128,0,128,0.4)"),
      ("color-mix(in oklab, white, black)", "#636363"), ("color-mix(in srgb, red, transparent)", "rgba(255,0,0,0.5)"),
    ])
  func `a constant color is read`(notation: String, expected: String) {
    #expect(Self.text(notation) == expected)
  }

  @Test(
    arguments: [
      "currentcolor", "CanvasText", "notacolor", "", "red blue", "#12", "#12345", "#ggg", "#1234567", "rgb(1,2)",
      "rgb(1 2, 3)", "rgb(1,50%,3)", "rgb(none,1,2)", "rgb(1 2 3 4)", "rgb(1,2,3", "rgb(from red r g b)",
      "rgb(calc(1) 2 3)", "rgb(var(--x))", "hsl(1,2,3)", "hsl(1px 2% 3%)", "hwb(1,2%,3%)", "lab(1,2,3)",
      "oklch(.5 .2 50%)", "color(foo 1 2 3)", "color(srgb 1 2)", "color(lab 1 2 3)", "color-mix(red, blue)",
      "color-mix(in oklch, red, blue)", "color-mix(in srgb, red 0%, blue 0%)", "color-mix(in srgb, currentcolor, red)",
      "light-dark(red, blue)",
    ])
  func `what is no constant color is not read`(notation: String) {
    #expect(Self.text(notation) == nil)
  }

  @Test func `what sRGB can't show is clipped, and said to be`() throws {
    let wide = Array("color(display-p3 0 1 0)".utf8)
    let green = try #require(ColorValue(wide, in: 0..<wide.count))
    #expect(green.text == Array("#00ff00".utf8))
    #expect(!green.isInGamut && !green.isLegacy)
    let narrow = Array("color(display-p3 .4 .5 .4)".utf8)
    #expect(try #require(ColorValue(narrow, in: 0..<narrow.count)).isInGamut)
    let white = Array("oklch(1 0 0)".utf8)
    #expect(try #require(ColorValue(white, in: 0..<white.count)).isInGamut)
  }

  @Test func `each of the 256 alphas comes back as itself`() throws {
    let digits = Array("0123456789abcdef".utf8)
    for alpha in 0..<255 {
      let short = Array("#000000".utf8) + [digits[alpha >> 4], digits[alpha & 15]]
      let written = try #require(ColorValue(short, in: 0..<short.count)).text
      let read = try #require(ColorValue(written, in: 0..<written.count))
      #expect(Int(read.alpha * 255 + 0.5) == alpha, "\(String(decoding: written, as: UTF8.self))")
    }
  }

  @Test func `any bytes are read or refused, and what is written is read as the same`() {
    let pieces = [
      "rgb(", "hsl(", "hwb(", "lab(", "lch(", "oklab(", "oklch(", "color(", "color-mix(in ", "srgb", "oklab",
      "display-p3",
      " ", ",", "/", ")", "(", "none", "1", "-.5", "50%", "1e999", "-1e30", "90deg", "1turn", "3rad", "#", "abc",
      "12345678",
      "red", "xyz", "/*", "*/", "\\", "\"",
    ]
    for seed in 0..<4000 as Range<UInt64> {
      var random = SeededGenerator(seed: seed)
      var text: [UInt8] = []
      for _ in 0..<random.below(14) {
        if random.chance(3) { text.append(UInt8(random.below(256))) } else { text += Array(random.pick(pieces).utf8) }
      }
      guard let color = ColorValue(text, in: 0..<text.count) else { continue }
      let written = color.text
      let again = ColorValue(written, in: 0..<written.count)
      let isSame = again.map { $0.red == color.red && $0.green == color.green && $0.blue == color.blue } ?? false
      #expect(isSame, "seed \(seed): \(String(decoding: text, as: UTF8.self).debugDescription)")
    }
    let deep = Array(String(repeating: "color-mix(in srgb, ", count: 5000).utf8)
    #expect(ColorValue(deep, in: 0..<deep.count) == nil)
  }
}
