import GalleyCSS
import GalleyHTML
import GalleySource
import Growth
import Testing

/// A declaration and what it is from the other side, both made from one model and neither from the other.
private struct TwoSides {
  var left: String
  var right: String

  init(_ left: String, _ right: String) {
    self.left = left
    self.right = right
  }

  /// The same on both sides.
  init(_ text: String) { self.init(text, text) }

  /// A declaration at random.
  init(_ random: inout SeededGenerator) {
    switch random.below(9) {
    case 0:
      let property = random.pick([
        "margin-#", "padding-#", "border-#-width", "border-top-#-radius", "#", "scroll-margin-#",
      ])
      let value = Self.length(&random)
      self.init(Self.named("\(property):\(value)", "left"), Self.named("\(property):\(value)", "right"))
    case 1:
      let property = random.pick(["margin", "padding", "border-width", "inset", "mso-padding-alt"])
      let (top, right, bottom, left) = (
        Self.length(&random), Self.length(&random), Self.length(&random), Self.length(&random)
      )
      self.init("\(property):\(top) \(right) \(bottom) \(left)", "\(property):\(top) \(left) \(bottom) \(right)")
    case 2:
      let radii = (0..<4).map { _ in Self.length(&random) }
      self.init(
        "border-radius:\(radii.joined(separator: " "))", "border-radius:\(radii[1]) \(radii[0]) \(radii[3]) \(radii[2])"
      )
    case 3:
      let property = random.pick(["text-align", "float", "clear", "text-align-last"])
      let word = random.pick([("left", "right"), ("right", "left"), ("none", "none"), ("inherit", "inherit")])
      self.init("\(property):\(word.0)", "\(property):\(word.1)")
    case 4:
      let percent = random.below(101)
      let vertical = random.pick(["0", "top", "20px", "40%", "center"])
      let property = random.pick(["background-position:", "object-position:", "background:url(left.png) no-repeat "])
      self.init("\(property)\(percent)% \(vertical)", "\(property)\(100 - percent)% \(vertical)")
    case 5:
      let offset = random.below(20) + 1
      let rest = "\(random.below(9))px \(random.below(9))px #000"
      self.init("box-shadow:\(offset)px \(rest)", "box-shadow:-\(offset)px \(rest)")
    case 6:
      let end = random.pick(["", " top", " bottom"])
      self.init(
        "background-image:linear-gradient(to left\(end),red,blue)",
        "background-image:linear-gradient(to right\(end),red,blue)")
    case 7:
      self.init(
        random.pick([
          "padding:0 4px", "margin:0 auto", "color:red", "background:#fff", "text-align:center", "--side:left",
          "font-family:left", "margin-inline-start:4px", "border:1px solid", "border-color:#fff",
        ]))
    default:
      self.init("/*rtl:ignore*/padding-left:1px")
    }
  }

  private static func named(_ text: String, _ side: String) -> String { text.replacing("#", with: side) }

  private static func length(_ random: inout SeededGenerator) -> String {
    random.pick(["0", "\(random.below(40))px", "\(random.below(40))%", "-1.5em", "auto", "calc(1px + 2%)"])
  }

  /// A list of declarations with their separators.
  static func list(_ random: inout SeededGenerator) -> TwoSides {
    var result = TwoSides("")
    for _ in 0..<random.below(5) + 1 {
      let declaration = TwoSides(&random)
      let end = random.pick(["", "", "!important", " !important"]) + random.pick([";", "; ", ";/* left */"])
      result.left += declaration.left + end
      result.right += declaration.right + end
    }
    return result
  }

  /// A document with styles in all the places where they may stand.
  static func document(_ random: inout SeededGenerator) -> TwoSides {
    var result = TwoSides("")
    for _ in 0..<random.below(6) + 1 {
      let list = list(&random)
      let align = random.pick([
        TwoSides("align=left", "align=right"), TwoSides("align='RIGHT'", "align='LEFT'"), TwoSides("align=center"),
      ])
      let (before, after) = random.pick([
        ("<p style=\"", "\">left</p>"), ("<td style='", "' class=left>"), ("<style>p{", "}</style>"),
        ("<style>@media print{.left{", "}}</style>"), ("<!--[if mso]><td style=\"", "\"><![endif]-->"),
        ("<style data-embed>[align=left]", ""), ("{{#if x}}<b style='", "'>{{x}}</b>{{/if}}"),
      ])
      if after.isEmpty {
        result.left += "\(before){\(list.left)}</style><br \(align.left)>"
        result.right += "\(before.replacing("left", with: "right")){\(list.right)}</style><br \(align.right)>"
      } else {
        result.left += before + list.left + after + "<td \(align.left)>"
        result.right += before + list.right + after + "<td \(align.right)>"
      }
    }
    return result
  }
}

private let noise = [
  "{{x}}", "{{#x}}", "{{/x}}", "&quot;", "&amp", "/*", "*/", "<!--[if mso]>", "<![endif]-->", "\\", "(", ")", "{", "}",
  "\"", "'", "/", " ", "&#108;eft", ":", ";", "--", ",", "!", "/*rtl:", "rtl:ignore*/", "left", "<style>", "@media x{",
]

struct SideSwapLawTests {
  private static func swapped(_ text: [UInt8]) -> (text: [UInt8], edits: EditList, placeholders: [Placeholder]) {
    let placeholders = PlaceholderScanner.scan(text)
    let edits = SideSwap().result(for: HTMLTree.parse(text, placeholders: placeholders)).edits
    return (edits.apply(to: text), edits, placeholders)
  }

  @Test func `random documents become those of the other side, and themselves again`() {
    var count = 0
    for seed in 0..<1000 as Range<UInt64> {
      var random = SeededGenerator(seed: seed)
      let sides = TwoSides.document(&random)
      let once = String(decoding: Self.swapped(Array(sides.left.utf8)).text, as: UTF8.self)
      #expect(once == sides.right, "seed \(seed): \(sides.left)")
      let twice = String(decoding: Self.swapped(Array(once.utf8)).text, as: UTF8.self)
      #expect(twice == sides.left, "seed \(seed): the way back")
      if sides.left != sides.right { count += 1 }
    }
    #expect(count > 800)
  }

  @Test func `edits to broken documents are apart, keep placeholders, and end where they began`() {
    var count = 0
    for seed in 0..<1200 as Range<UInt64> {
      var random = SeededGenerator(seed: seed)
      var text = Array(TwoSides.document(&random).left.utf8)
      for _ in 0..<random.below(8) {
        let index = random.below(text.count + 1)
        text.replaceSubrange(index..<min(index + random.below(3), text.count), with: Array(random.pick(noise).utf8))
      }
      let (once, edits, placeholders) = Self.swapped(text)
      var end = 0
      for edit in edits.sorted() {
        #expect(edit.range.lowerBound >= end, "seed \(seed): \(edit.range)")
        end = edit.range.upperBound
        for hole in placeholders {
          #expect(
            edit.range.upperBound <= hole.range.lowerBound || edit.range.lowerBound >= hole.range.upperBound,
            "seed \(seed): \(edit.range) touches a placeholder")
        }
      }
      #expect(end <= text.count)
      let twice = Self.swapped(once).text
      let fourTimes = Self.swapped(Self.swapped(twice).text).text
      #expect(String(decoding: fourTimes, as: UTF8.self) == String(decoding: twice, as: UTF8.self), "seed \(seed)")
      if !edits.isEmpty { count += 1 }
    }
    #expect(count > 800)
  }

  @Test(arguments: [
    ("<style>", "p{padding:0 1px 0 2px/*rtl:ignore*/}"), ("<style>", "/*rtl:ignore*/"),
    ("<style>", "/*rtl:begin:ignore*/p{float:left}/*rtl:end:ignore*/"), ("<style>p{", "float:left/*rtl:none*/;"),
    ("<p style='background:", "url(a) 10% 0,"), ("<p style='border-radius:", "1px "), ("<p style='margin:", "calc("),
    ("<p style='background:", "radial-gradient("), ("<style>", "[align=left] "), ("<style>", "@keyframes a{"),
    ("<style>", "p{"), ("", "<p align=left data-rtl=ignore>"), ("<p style='", "padding:{{x}} 0 0 1px;"),
  ])
  func `time grows with size`(_ shape: (start: String, piece: String)) {
    let growth = Growth(from: 1000) { count in
      Array((shape.start + String(repeating: shape.piece, count: count)).utf8)
    } work: { text in
      let tree = HTMLTree.parse(text, placeholders: PlaceholderScanner.scan(text))
      _ = SideSwap().result(for: tree)
    }
    #expect(growth.isLinear, "\(shape.piece): \(growth)")
  }
}
