import Foundation
import GalleyCSS
import GalleyHTML
import Testing

@Suite struct CalcFolderTests {
  private static func fold(_ value: String, of property: String? = nil) -> String {
    let bytes = Array(value.utf8)
    let declaration = property.flatMap { name in
      let text = Array("\(name):0".utf8)
      return StyleSheet.declarations(text, in: 0..<text.count).first
    }
    let folded = CalcFolder().fold(bytes, in: 0..<bytes.count, of: declaration?.property)
    return folded.text.map { String(decoding: $0, as: UTF8.self) } ?? value
  }

  private static func obstacles(_ value: String, of property: String? = nil) -> [CalcFolder.Obstacle] {
    let bytes = Array(value.utf8)
    return CalcFolder().fold(bytes, in: 0..<bytes.count).remainders.map(\.obstacle)
  }

  @Test(arguments: [
    ("calc(1px + 2px)", "3px"), ("calc(1px + 2 * 3px)", "7px"), ("calc((1px + 2px) * 3)", "9px"),
    ("calc(10px - 2px - 3px)", "5px"), ("calc(12px / 2 / 3)", "2px"), ("calc(100% / 3)", "33.333333%"),
    ("CALC( 1PX + 1px )", "2px"), ("calc(calc(1px + 1px) * calc(2))", "4px"), ("calc(.1px + .2px)", "0.3px"),
    ("calc(1px - -2px)", "3px"), ("calc(+1px + -1px)", "0px"), ("calc(-1 * 5px)", "-5px"), ("calc(2*3px)", "6px"),
    ("calc(6px/2)", "3px"), ("calc(1px/**/ + /**/1px)", "2px"), ("calc(1in + 1px)", "97px"),
    ("calc(72pt + 0px)", "96px"), ("calc(12pt * 2)", "24pt"), ("calc(1cm + 1mm)", "41.574803px"),
    ("calc(1e3px + 1E-1px)", "1000.1px"), ("calc(1px / 10000000)", "0px"), ("calc(-1px / 10000000)", "0px"),
    ("calc(0.0000005px * 1)", "0.000001px"), ("calc(1em + 1em)", "2em"), ("calc(1s + 500ms)", "1.5s"),
    ("calc(1turn - 90deg)", "270deg"), ("calc(pi * 1rad)", "3.141593rad"), ("calc(\\31px)", "calc(\\31px)"),
    ("calc(1p\\78  + 1px)", "2px"),
  ])
  func `constant sums are reckoned out`(value: String, expected: String) {
    #expect(Self.fold(value) == expected)
  }

  @Test(arguments: [
    ("min(3px, 1px, 2px)", "1px"), ("max(1px, calc(2px * 2))", "4px"), ("clamp(1px, 5px, 3px)", "3px"),
    ("clamp(9px, 5px, 3px)", "9px"), ("min(1in, 1px)", "1px"), ("max(1pt, 1px, 1pt)", "1.333333px"),
    ("abs(-3px)", "3px"), ("sign(-3px)", "-1"), ("round(7px, 5px)", "5px"), ("round(up, 7px, 5px)", "10px"),
    ("round(2.5)", "3"), ("round(-2.5)", "-2"), ("round(to-zero, -7px, 5px)", "-5px"), ("mod(-7px, 5px)", "3px"),
    ("rem(-7px, 5px)", "-2px"), ("min(10%, 20%)", "10%"), ("calc(min(1px, 2px) + max(3px, 4px))", "5px"),
  ])
  func `other functions are reckoned out where all is constant`(value: String, expected: String) {
    #expect(Self.fold(value) == expected)
  }

  @Test(arguments: [
    ("calc(100% - 20px)", CalcFolder.Obstacle.mixed), ("calc(1em + 1px)", .mixed), ("min(100%, 600px)", .mixed),
    ("calc(100% - (2 * 10px))", .mixed), ("sign(5%)", .mixed), ("calc(1px+2px)", .invalid),
    ("calc(1px +2px)", .invalid),
    ("calc(1px -2px)", .invalid), ("calc(1px/**/+/**/2px)", .invalid), ("calc(1px + )", .invalid),
    ("calc()", .invalid), ("calc(1px", .invalid), ("calc(1px * 2px)", .invalid), ("calc(2 / 1px)", .invalid),
    ("calc(1px + 1)", .invalid), ("calc(1fr + 1fr)", .invalid), ("calc(1px, 2px)", .invalid),
    ("clamp(1px, 2px)", .invalid), ("calc(-(1px))", .invalid), ("calc(1px / 0)", .undefined),
    ("calc(1px / (1 - 1))", .undefined), ("mod(1px, 0px)", .undefined), ("calc(1e9px * 1)", .undefined),
    ("calc(1e300 * 1e300 * 1px)", .undefined), ("calc(1px + var(--x))", .open),
    ("calc(1px + env(x, calc(1px)))", .open),
    ("calc(infinity * 1px)", .open), ("calc(1px + sqrt(4) * 1px)", .open), ("round(odd, 1px, 1px)", .open),
  ])
  func `what can't be reckoned stays as it is, and says why`(value: String, obstacle: CalcFolder.Obstacle) {
    #expect(Self.fold(value) == value)
    #expect(Self.obstacles(value) == [obstacle])
  }

  @Test(arguments: [
    ("linear-gradient(calc(1px + 2px), red calc(10% + 20%))", "linear-gradient(3px, red 30%)"),
    ("url(calc(1px+1px)) 'calc(1px + 1px)' calc(1px + 1px)", "url(calc(1px+1px)) 'calc(1px + 1px)' 2px"),
    ("calc(100% - 1px) calc(1px + 1px) calc(1%)", "calc(100% - 1px) 2px 1%"),
    ("calc(1px)calc(2px)", "1px 2px"), ("calc(1px)a", "1px a"), ("+calc(1px)", "+ 1px"), ("calc(1px)/2", "1px/2"),
    ("expression(calc(1px + 1px))", "expression(calc(1px + 1px))"), ("var(--x, calc(1px * 2))", "var(--x, 2px)"),
    ("rgb(calc(250 + 5), 0, 0)", "rgb(255, 0, 0)"), ("-webkit-calc(1px + 1px)", "-webkit-calc(1px + 1px)"),
    ("(calc(1px)", "(1px"), ("1px", "1px"), ("", ""),
  ])
  func `functions stand anywhere in a value`(value: String, expected: String) {
    #expect(Self.fold(value) == expected)
  }

  @Test(arguments: [
    ("width", "calc(1px - 5px)", "0px"), ("margin", "calc(1px - 5px) 0", "-4px 0"),
    ("background", "calc(1px - 5px)", "calc(1px - 5px)"), ("width", "calc(2 * 3)", "calc(2 * 3)"),
    ("line-height", "calc(3 / 2)", "1.5"), ("opacity", "calc(1 - 1)", "0"), ("z-index", "calc(3 / 2)", "calc(3 / 2)"),
    ("z-index", "calc(1 - 3)", "-2"), ("transform", "translate(calc(1px - 5px))", "translate(-4px)"),
    ("filter", "blur(calc(1px - 5px))", "blur(calc(1px - 5px))"), ("padding", "calc(0)", "calc(0)"),
  ])
  func `a result is written only where it means the same`(property: String, value: String, expected: String) {
    #expect(Self.fold(value, of: property) == expected)
  }

  @Test func `a placeholder keeps its function, and no other`() {
    let text = Array("calc(1px + {{x}}) calc(1px + 1px)".utf8)
    let placeholders = [Placeholder(range: 11..<16, kind: .output)]
    let folded = CalcFolder().fold(text, in: 0..<text.count, placeholders: placeholders)
    #expect(folded.text.map { String(decoding: $0, as: UTF8.self) } == "calc(1px + {{x}}) 2px")
    #expect(folded.remainders.map(\.range) == [0..<17])
  }

  @Test func `nesting is limited`() {
    let deep = String(repeating: "calc(", count: 100_000) + "1px" + String(repeating: ")", count: 100_000)
    #expect(Self.fold(deep) == deep)
    #expect(Self.obstacles(deep) == [.tooDeep])
    let shallow = String(repeating: "(", count: 30) + "1px" + String(repeating: ")", count: 30)
    #expect(Self.fold("calc\(shallow)") == "1px")
    let wide = String(repeating: "calc(100% - 1px) foo(", count: 50_000)
    #expect(Self.fold(wide) == wide)
  }

  // MARK: - Against a naive evaluator

  private indirect enum Term {
    case number(Int, String)
    case operation(Character, Term, Term)
    case function(String, [Term])

    /// The value and its unit; nil where units don't fit or something is divided by zero.
    var result: (Double, String)? {
      switch self {
      case .number(let value, let unit): return (Double(value) / 4, unit)
      case .operation(let sign, let left, let right):
        guard let (a, x) = left.result, let (b, y) = right.result else { return nil }
        switch sign {
        case "+": return x == y ? (a + b, x) : nil
        case "-": return x == y ? (a - b, x) : nil
        case "*": return x.isEmpty ? (a * b, y) : y.isEmpty ? (a * b, x) : nil
        default: return y.isEmpty && b != 0 ? (a / b, x) : nil
        }
      case .function(let name, let terms):
        let results = terms.map(\.result)
        var values: [Double] = []
        for result in results {
          guard let result, result.1 == results[0]?.1 else { return nil }
          values.append(result.0)
        }
        let unit = results[0]?.1 ?? ""
        switch name {
        case "min": return (values.sorted()[0], unit)
        case "max": return (values.sorted()[values.count - 1], unit)
        case "clamp": return (Swift.max(values[0], Swift.min(values[1], values[2])), unit)
        default: return (values[0], unit)
        }
      }
    }

    private static let priorities: [Character: Int] = ["+": 1, "-": 1, "*": 2, "/": 2]

    /// The term with no more parentheses than it needs.
    func text(priority: Int, _ random: inout SeededGenerator) -> String {
      switch self {
      case .number(let value, let unit): return "\(Double(value) / 4)\(unit)"
      case .function(let name, let terms):
        return "\(name)(" + terms.map { $0.text(priority: 0, &random) }.joined(separator: random.pick([",", ", "]))
          + ")"
      case .operation(let sign, let left, let right):
        let own = Self.priorities[sign] ?? 0
        let space = own == 1 ? random.pick([" ", "\n ", " /* + */ "]) : random.pick(["", " ", "/**/"])
        let inner =
          left.text(priority: own, &random) + space + String(sign) + space + right.text(priority: own + 1, &random)
        return own < priority || random.chance(10) ? random.pick(["", "calc"]) + "(\(inner))" : inner
      }
    }
  }

  private static func term(_ random: inout SeededGenerator, depth: Int, unit: String) -> Term {
    let unit = random.chance(2) ? random.pick(["", "px", "%"]) : unit
    if depth == 0 || random.chance(20) { return .number(random.below(80) - 40, unit) }
    switch random.below(6) {
    case 0, 1:
      let sign = random.pick(["+", "-"] as [Character])
      return .operation(sign, term(&random, depth: depth - 1, unit: unit), term(&random, depth: depth - 1, unit: unit))
    case 2:
      let sides = [term(&random, depth: depth - 1, unit: unit), term(&random, depth: depth - 1, unit: "")]
      return random.chance(50) ? .operation("*", sides[0], sides[1]) : .operation("*", sides[1], sides[0])
    case 3:
      return .operation("/", term(&random, depth: depth - 1, unit: unit), term(&random, depth: depth - 1, unit: ""))
    case 4:
      let name = random.pick(["min", "max"])
      return .function(name, (0...random.below(3)).map { _ in term(&random, depth: depth - 1, unit: unit) })
    default:
      if random.chance(50) { return .function("calc", [term(&random, depth: depth - 1, unit: unit)]) }
      return .function("clamp", (0..<3).map { _ in term(&random, depth: depth - 1, unit: unit) })
    }
  }

  @Test func `sums come out as a naive evaluator has them`() throws {
    var foldedCount = 0
    for seed in 0..<8000 as Range<UInt64> {
      var random = SeededGenerator(seed: seed)
      let term = Self.term(&random, depth: 4, unit: random.pick(["px", "em", "%", ""]))
      let text = "calc(\(term.text(priority: 0, &random)))"
      let output = Self.fold(text)
      guard let (value, unit) = term.result, abs(value) < 1e9 else {
        #expect(output == text, "seed \(seed): \(text) becomes \(output)")
        continue
      }
      foldedCount += 1
      let number = output.dropLast(unit.count)
      let isPlain = output.hasSuffix(unit) && number.allSatisfy { $0.isNumber || $0 == "." || $0 == "-" }
      #expect(isPlain && number != "-0", "seed \(seed): \(text) becomes \(output)")
      let difference = try abs(#require(Double(number), "seed \(seed): \(output)") - value)
      #expect(difference <= 0.000_000_6, "seed \(seed): \(text) becomes \(output), not \(value)")
    }
    #expect(foldedCount > 3000)
  }

  @Test func `folding any bytes ends, and folding again changes nothing`() {
    let pieces = [
      "calc(", "min(", "clamp(", "round(up,", "(", ")", ",", " + ", " - ", "*", "/", "1px", "2", "50%", "-3em", " ",
      "var(", "--x", "url(", "'", "\"", "\\", "/*", "*/", "{{x}}", "foo(", "]", "{", "1e9", "+1", ".5", "e", "pi",
      "\u{0}", "é",
    ]
    for seed in 0..<8000 as Range<UInt64> {
      var random = SeededGenerator(seed: seed)
      var text: [UInt8] = []
      for _ in 0..<random.below(24) {
        if random.chance(3) { text.append(UInt8(random.below(256))) } else { text += Array(random.pick(pieces).utf8) }
      }
      let once = CalcFolder().fold(text, in: 0..<text.count)
      for remainder in once.remainders { #expect(remainder.range.upperBound <= text.count, "seed \(seed)") }
      guard let folded = once.text else { continue }
      let twice = CalcFolder().fold(folded, in: 0..<folded.count)
      #expect(twice.text == nil, "seed \(seed): \(String(decoding: folded, as: UTF8.self))")
    }
  }
}
