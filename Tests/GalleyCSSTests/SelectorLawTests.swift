import GalleyCSS
import GalleyHTML
import Testing

/// A part of a random template.
enum TemplatePiece {
  case text(String)
  /// A value in a class.
  case value(Int)
  /// A condition or a loop, by number, and what stands behind its `else`.
  case block(Int, [TemplatePiece], [TemplatePiece])

  static let values = ["", "x", "y w"]

  /// The text with values chosen, and with each block's content as often as chosen; never means the `else`.
  func text(_ choices: [Int: Int]) -> String {
    switch self {
    case .text(let text): return text
    case .value(let number): return Self.values[choices[number] ?? 0]
    case .block(let number, let content, let other):
      let count = choices[number] ?? 1
      let pieces = count == 0 ? other : Array(repeating: content, count: count).flatMap { $0 }
      return pieces.map { $0.text(choices) }.joined()
    }
  }

  /// Writes the template with its placeholders.
  func write(_ bytes: inout [UInt8], _ placeholders: inout [Placeholder]) {
    func mark(_ text: String, _ kind: Placeholder.Kind) {
      placeholders.append(Placeholder(range: bytes.count..<bytes.count + text.utf8.count, kind: kind))
      bytes += Array(text.utf8)
    }
    switch self {
    case .text(let text): bytes += Array(text.utf8)
    case .value: mark("{{v}}", .output)
    case .block(_, let content, let other):
      mark("{{#b}}", .open)
      for piece in content { piece.write(&bytes, &placeholders) }
      if !other.isEmpty {
        mark("{{else}}", .middle)
        for piece in other { piece.write(&bytes, &placeholders) }
      }
      mark("{{/b}}", .close)
    }
  }
}

/// Random templates; each element has a number in `n`.
struct TemplateGenerator {
  var random: SeededGenerator
  var hasBlocks: Bool
  /// How many elements, and how many choices, there are.
  private(set) var elements = 0
  private(set) var choices = 0

  init(random: SeededGenerator, hasBlocks: Bool) {
    self.random = random
    self.hasBlocks = hasBlocks
  }

  mutating func pieces(depth: Int) -> [TemplatePiece] {
    var result: [TemplatePiece] = []
    for _ in 0...random.below(4) where elements < 22 { result += element(depth: depth) }
    return result
  }

  private mutating func element(depth: Int) -> [TemplatePiece] {
    if hasBlocks, choices < 5, random.chance(18) {
      choices += 1
      let number = choices
      return [.block(number, pieces(depth: depth + 1), random.chance(40) ? pieces(depth: depth + 1) : [])]
    }
    let name = random.pick(["div", "div", "section", "em", "b", "br"])
    var result: [TemplatePiece] = [.text("<\(name) n=\"\(elements)\"")]
    elements += 1
    if random.chance(65) { result += classes() }
    if random.chance(20) { result.append(.text(" id=\"\(random.pick(["i", "j"]))\"")) }
    if random.chance(25) { result.append(.text(" title=\"\(random.pick(["t", "T u", "t-u", ""]))\"")) }
    if random.chance(15) { result.append(.text(" lang=\"\(random.pick(["en", "en-ZA", "de", ""]))\"")) }
    result.append(.text(">"))
    if name == "br" { return result }
    if random.chance(15) { result.append(.text(random.pick(["t", " "]))) }
    if depth < 4, random.chance(75) { result += pieces(depth: depth + 1) }
    return result + [.text("</\(name)>")]
  }

  private mutating func classes() -> [TemplatePiece] {
    var result: [TemplatePiece] = [.text(" class=\"")]
    for _ in 0...random.below(2) { result.append(.text(random.pick(["x", "y", "z", "w"]) + " ")) }
    if hasBlocks, choices < 5, random.chance(12) {
      choices += 1
      result.append(.value(choices))
    }
    return result + [.text("\"")]
  }

  // MARK: - Selectors

  mutating func selector(depth: Int = 0, isInHas: Bool = false) -> String {
    var text = compound(depth, isInHas)
    while random.chance(depth == 0 ? 40 : 25) {
      text += random.pick([" ", " ", " > ", " + ", "~"]) + compound(depth, isInHas)
    }
    return text
  }

  private mutating func list(_ depth: Int, _ isInHas: Bool, isRelative: Bool = false) -> String {
    (0...random.below(2)).map { _ in
      (isRelative ? random.pick(["", "", "> ", "+ ", "~ "]) : "") + selector(depth: depth + 1, isInHas: isInHas)
    }.joined(separator: ", ")
  }

  private mutating func compound(_ depth: Int, _ isInHas: Bool) -> String {
    var text = random.pick(["div", "section", "em", "b", "*", "", "", ""])
    for _ in 0..<(text.isEmpty ? 1 : 0) + random.below(2) { text += simple(depth, isInHas) }
    return text
  }

  private mutating func simple(_ depth: Int, _ isInHas: Bool) -> String {
    let position = random.pick(["odd", "2", "-n+2", "2n+1", "n+2", "1", "-2n+3"])
    switch random.below(depth > 1 ? 12 : 20) {
    case 0...5: return "." + random.pick(["x", "y", "z", "w"])
    case 6: return "#" + random.pick(["i", "j"])
    case 7:
      return "[title" + random.pick(["", "=t", "~=u", "|=t", "^=T", "$=u", "*=\" \"", "=\"t U\" i", "=\"\""]) + "]"
    case 8: return ":lang(\(random.pick(["en", "en-ZA", "de"])))"
    case 9...11:
      return random.pick([
        ":first-child", ":last-child", ":only-child", ":first-of-type", ":last-of-type", ":only-of-type", ":empty",
        ":nth-child(\(position))", ":nth-last-child(\(position))", ":nth-of-type(\(position))",
        ":nth-last-of-type(\(position))",
      ])
    case 12...13: return ":not(\(list(depth, isInHas)))"
    case 14: return ":is(\(list(depth, isInHas)))"
    case 15: return ":where(\(list(depth, isInHas)))"
    case 16: return ":\(random.pick(["nth-child", "nth-last-child"]))(\(position) of \(list(depth, isInHas)))"
    default: return isInHas ? ".x" : ":has(\(list(depth, true, isRelative: true)))"
    }
  }
}

@Suite struct SelectorLawTests {
  /// What stands before each document, so that a browser adds nothing to it.
  private static let start = "<html><body>"

  private func answers(_ selector: String, _ pieces: [TemplatePiece]) -> [String: Match] {
    var bytes: [UInt8] = []
    var placeholders: [Placeholder] = []
    TemplatePiece.text(Self.start).write(&bytes, &placeholders)
    for piece in pieces { piece.write(&bytes, &placeholders) }
    let tree = HTMLTree.parse(bytes, placeholders: placeholders)
    let store = StyleSheet(Array("\(selector){}".utf8)).selectors
    var matcher = SelectorMatcher(tree, [StyleSheet(Array("b ~ q, :is(r s) {}".utf8)).selectors, store])
    var result: [String: Match] = [:]
    for node in tree.nodes.indices where tree.nodes[node].kind == .element {
      guard let number = tree.attribute(NameHash("n"), of: NodeID(node)), let selector = store.selectors.first else {
        continue
      }
      let key = String(decoding: tree.rawValue(number), as: UTF8.self)
      result[key] = matcher.match(selector, ofSheet: 1, node)
    }
    return result
  }

  @Test func `law: a document's elements match as a naive matcher says`() {
    for seed in 0..<300 as Range<UInt64> {
      var generator = TemplateGenerator(random: SeededGenerator(seed: seed), hasBlocks: false)
      let pieces = generator.pieces(depth: 0)
      let html = Self.start + pieces.map { $0.text([:]) }.joined()
      let document = ReferenceCascade(html: html)
      for _ in 0..<8 {
        let text = generator.selector()
        let reference = ReferenceSelector(text)
        let found = answers(text, pieces)
        for element in document.elements where element.attributes["n"] != nil {
          let wanted = reference.matches(element) ? Match.yes : .no
          let number = element.attributes["n"] ?? ""
          #expect(found[number] == wanted, "seed \(seed): '\(text)' and element \(number) of \(html)")
        }
        let weight = StyleSheet(Array("\(text){}".utf8)).selectors.selectors.first?.specificity
        let wanted = reference.weight
        #expect(weight == Specificity(wanted[0], wanted[1], wanted[2]), "seed \(seed): '\(text)'")
      }
    }
  }

  @Test func `law: what is certain of a template holds however it is filled in`() {
    var counts: [Match: Int] = [:]
    for seed in 0..<200 as Range<UInt64> {
      var generator = TemplateGenerator(random: SeededGenerator(seed: seed), hasBlocks: true)
      let pieces = generator.pieces(depth: 0)
      let documents = (0..<8).map { _ in
        let choices = (0...generator.choices).map { ($0, generator.random.below(3)) }
        return Self.start + pieces.map { $0.text(Dictionary(uniqueKeysWithValues: choices)) }.joined()
      }.map { (html: $0, elements: ReferenceCascade(html: $0)) }
      for _ in 0..<8 {
        let text = generator.selector()
        let reference = ReferenceSelector(text)
        let found = answers(text, pieces)
        for answer in found.values { counts[answer, default: 0] += 1 }
        for document in documents {
          for element in document.elements.elements where element.attributes["n"] != nil {
            let number = element.attributes["n"] ?? ""
            let isMatch = reference.matches(element)
            let holds = found[number] == .maybe || found[number] == (isMatch ? .yes : .no)
            #expect(holds, "seed \(seed): '\(text)' and element \(number) of \(document.html)")
          }
        }
      }
    }
    #expect(counts[.yes] ?? 0 > 1000 && counts[.maybe] ?? 0 > 300)
  }
}
