import GalleyCSS
import GalleyHTML
import GalleySource
import Testing

/// A mail with custom properties, as data: what a naive client makes of it is compared with what the pass does.
private struct Mail {
  struct Element {
    let parent: Int
    let name: String
    let classes: [String]
    let style: [Setting]
  }

  struct Setting {
    let property: String
    let value: String
    let isImportant: Bool

    var text: String { "\(property):\(value)\(isImportant ? "!important" : "")" }
  }

  struct Rule {
    let selector: String
    /// How many identifiers, classes and types it counts, as one number.
    let weight: Int
    /// Whether it applies depends on the client.
    let isSometimes: Bool
    let matches: @Sendable (Mail, Int) -> Bool
    let settings: [Setting]
  }

  var elements: [Element] = []
  var rules: [Rule] = []

  func has(_ name: String, _ element: Int) -> Bool { element >= 0 && elements[element].classes.contains(name) }

  func hasAncestor(_ element: Int, where condition: (Int) -> Bool) -> Bool {
    var parent = elements[element].parent
    while parent >= 0 {
      if condition(parent) { return true }
      parent = elements[parent].parent
    }
    return false
  }

  static let selectors: [(String, Int, Bool, @Sendable (Mail, Int) -> Bool)] = [
    (":root", 10, false, { $1 == 0 && $0.elements[0].name == "html" }), ("*", 0, false, { _, _ in true }),
    ("div", 1, false, { $0.elements[$1].name == "div" }), ("b", 1, false, { $0.elements[$1].name == "b" }),
    (".a", 10, false, { $0.has("a", $1) }), (".b.b", 20, false, { $0.has("b", $1) }),
    (
      "div .a", 11, false,
      { mail, index in
        mail.has("a", index) && mail.hasAncestor(index) { mail.elements[$0].name == "div" }
      }
    ), (".b > b", 11, false, { $0.elements[$1].name == "b" && $0.has("b", $0.elements[$1].parent) }),
    ("b:hover", 11, true, { $0.elements[$1].name == "b" }), (".a:hover", 20, true, { $0.has("a", $1) }),
    ("@media x{.a", 10, true, { $0.has("a", $1) }),
    ("@media x{:root", 10, true, { $1 == 0 && $0.elements[0].name == "html" }),
  ]

  static let properties = ["--a", "--b", "--c"]

  static func setting(_ random: inout SeededGenerator) -> Setting {
    var value = random.pick(["red", "blue", "inherit", "initial", "1px"])
    if random.chance(40) {
      value =
        "var(\(random.pick(properties))"
        + (random.chance(50) ? ",\(random.pick(["x", "var(--a)", "var(--c,y)"])))" : ")")
    }
    return Setting(property: random.pick(properties), value: value, isImportant: random.chance(15))
  }

  init(_ random: inout SeededGenerator, mayVary: Bool) {
    elements = [Element(parent: -1, name: "html", classes: [], style: [])]
    elements.append(Element(parent: 0, name: "body", classes: [], style: []))
    for index in 2..<3 + random.below(6) {
      let classes = ["a", "b"].filter { _ in random.chance(40) }
      let style = (0..<random.below(3)).map { _ in Self.setting(&random) }
      let parent = random.chance(40) ? 1 : index - 1
      elements.append(Element(parent: parent, name: random.pick(["div", "i", "b"]), classes: classes, style: style))
    }
    for _ in 0..<random.below(7) {
      let (selector, weight, isSometimes, matches) = random.pick(Self.selectors)
      guard mayVary || !isSometimes else { continue }
      let settings = (0...random.below(2)).map { _ in Self.setting(&random) }
      rules.append(
        Rule(selector: selector, weight: weight, isSometimes: isSometimes, matches: matches, settings: settings))
    }
  }

  // MARK: - As text

  static let use = "x:var(--a);y:var(--b, none);z:var(--c)"

  var text: String {
    var sheet = ""
    for rule in rules {
      sheet += "\(rule.selector){\(rule.settings.map(\.text).joined(separator: ";"))}"
      if rule.selector.contains("{") { sheet += "}" }
    }
    return "<html><head><style>\(sheet)</style></head>" + tag(1) + "</html>"
  }

  private func tag(_ index: Int) -> String {
    let element = elements[index]
    let style = (element.style.map(\.text) + [Self.use]).joined(separator: ";")
    let children = elements.indices.filter { elements[$0].parent == index }.map(tag).joined()
    return "<\(element.name) id=e\(index) class=\"\(element.classes.joined(separator: " "))\" style=\"\(style)\">"
      + children + "</\(element.name)>"
  }

  // MARK: - As a client reads it

  /// What each element sets, if the rules apply that `world` says apply.
  func reference(world: Int) -> ReferenceVariables {
    ReferenceVariables(
      elements: elements.indices.map { index in
        var won: [String: (strength: [Int], value: String)] = [:]
        func set(_ setting: Setting, _ strength: [Int]) {
          let strength = [setting.isImportant ? 1 : 0] + strength
          if let old = won[setting.property], strength.lexicographicallyPrecedes(old.strength) { return }
          won[setting.property] = (strength, setting.value)
        }
        for (number, rule) in rules.enumerated() where !rule.isSometimes || world >> number & 1 == 1 {
          guard rule.matches(self, index) else { continue }
          for (position, setting) in rule.settings.enumerated() { set(setting, [0, rule.weight, number, position]) }
        }
        for (position, setting) in elements[index].style.enumerated() { set(setting, [1, 0, 0, position]) }
        return (parent: elements[index].parent, own: won.mapValues(\.value))
      })
  }
}

@Suite struct VariableLawTests {
  /// The values of `x`, `y` and `z` of each element in a document.
  private static func values(_ bytes: [UInt8]) -> [Int: [String]] {
    let tree = HTMLTree.parse(bytes)
    var result: [Int: [String]] = [:]
    for index in tree.nodes.indices where tree.nodes[index].kind == .element {
      guard let style = tree.attribute(NameHash("style"), of: NodeID(index)),
        let id = tree.attribute(NameHash("id"), of: NodeID(index))
      else { continue }
      let text = String(decoding: tree.rawValue(style), as: UTF8.self)
      let declarations = text.split(separator: ";").map { $0.drop { $0 == " " } }
      let uses = ["x:", "y:", "z:"].compactMap { name in
        declarations.first { $0.hasPrefix(name) }.map { String($0.dropFirst(2)) }
      }
      result[Int(String(decoding: tree.rawValue(id).dropFirst(), as: UTF8.self)) ?? -1] = uses
    }
    return result
  }

  /// Checks what became of each use; says how many were replaced and how many stayed.
  private static func check(seed: UInt64, mayVary: Bool, isInlined: Bool = false) -> (replaced: Int, kept: Int) {
    var random = SeededGenerator(seed: seed)
    let mail = Mail(&random, mayVary: mayVary)
    var bytes = Array(mail.text.utf8)
    if isInlined {
      let output = CSSInliner().inline(bytes)
      if output.diagnostics.contains(where: { $0.code == .cssOrderLost }) { return (0, 0) }
      bytes = output.bytes
    }
    let edits = VariablePass().edits(for: HTMLTree.parse(bytes)).edits
    let worlds = (0..<1 << mail.rules.count).filter { world in
      mail.rules.indices.allSatisfy { mail.rules[$0].isSometimes || world >> $0 & 1 == 0 }
    }
    let references = worlds.map { mail.reference(world: $0) }
    var (replaced, kept) = (0, 0)
    for (element, values) in Self.values(edits.apply(to: bytes)).sorted(by: { $0.key < $1.key }) {
      for (use, value) in zip(["var(--a)", "var(--b, none)", "var(--c)"], values) {
        if value == use {
          kept += 1
          #expect(mayVary, "seed \(seed): \(use) of \(element) stays in \(mail.text)")
          continue
        }
        replaced += 1
        for reference in references {
          let expected = reference.resolved(use, element).map { $0.isEmpty ? "unset" : $0 } ?? "unset"
          #expect(value == expected, "seed \(seed): \(use) of \(element) becomes \(value) in \(mail.text)")
        }
      }
    }
    return (replaced, kept)
  }

  @Test func `without conditions each variable gets the value that a client gives it`() {
    for seed in 0..<1500 as Range<UInt64> { _ = Self.check(seed: seed, mayVary: false) }
  }

  @Test func `what was inlined gets the values that it had before`() {
    for seed in 20_000..<21_000 as Range<UInt64> { _ = Self.check(seed: seed, mayVary: false, isInlined: true) }
    for seed in 22_000..<23_000 as Range<UInt64> { _ = Self.check(seed: seed, mayVary: true, isInlined: true) }
  }

  @Test func `inlining and resolving again changes nothing`() {
    for seed in 30_000..<31_000 as Range<UInt64> {
      var random = SeededGenerator(seed: seed)
      let mail = Mail(&random, mayVary: true)
      let inlined = CSSInliner().inline(Array(mail.text.utf8)).bytes
      let once = VariablePass().edits(for: HTMLTree.parse(inlined)).edits.apply(to: inlined)
      let again = CSSInliner().inline(once).bytes
      #expect(again == once, "seed \(seed): \(mail.text)")
      #expect(VariablePass().edits(for: HTMLTree.parse(again)).edits.isEmpty, "seed \(seed): \(mail.text)")
    }
  }

  @Test func `with conditions a variable is replaced only by what it is in any case`() {
    var (replaced, kept) = (0, 0)
    for seed in 10_000..<11_500 as Range<UInt64> {
      let counts = Self.check(seed: seed, mayVary: true)
      replaced += counts.replaced
      kept += counts.kept
    }
    #expect(replaced > kept && kept > 500, "\(replaced) replaced, \(kept) kept")
  }
}
