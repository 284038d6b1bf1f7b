import GalleyCSS
import GalleyHTML
import GalleySource
import Testing

/// Random documents with random sheets, of the kind that `ReferenceCascade` understands.
private struct DocumentGenerator {
  var random: SeededGenerator
  var usesKeptRules: Bool

  mutating func document() -> String {
    let sheets = sheets()
    return "<html><head>\n\(sheets)</head><body>\(content())</body></html>"
  }

  mutating func sheets() -> String { (0...random.below(2)).map { _ in "<style>\n\(sheet())</style>\n" }.joined() }

  mutating func content() -> String { (0...random.below(3)).map { _ in element(depth: 0) }.joined() }

  /// Documents with the same sheets: whole ones, and such to which a browser adds something; some have placeholders.
  mutating func documents(_ count: Int) -> [String] {
    let sheets = sheets()
    return (0..<count).map { _ in
      var content = content()
      if random.chance(30) {
        let block = random.pick(["{{#if a}}<div class=\"x\">{{/if}}<em>1</em>", "<b class=\"{{a}} y\">1</b>", "{{a}}"])
        content = "<div {{#if b}}class=\"z\"{{/if}}>\(content)</div>\(block)" + self.content()
      }
      switch random.below(4) {
      case 0: return sheets + content
      case 1: return "<html>\n\(sheets)\(content)</html>"
      case 2: return "<body>\(sheets)<table><tr class=\"x\"><td>\(content)</td></tr></table></body>"
      default: return "<html><head>\n\(sheets)</head><body>\(content)</body></html>"
      }
    }
  }

  private mutating func element(depth: Int) -> String {
    let name = random.pick(["div", "section", "em", "b", "span", "br"])
    var tag = "<" + name
    if random.chance(60) {
      let classes = (0...random.below(2)).map { _ in random.pick(["x", "y", "z", "w"]) }
      tag += " class=\"\(classes.joined(separator: " "))\""
    }
    if random.chance(20) { tag += " id=\"\(random.pick(["i", "j"]))\"" }
    if random.chance(20) { tag += " title=\"t\"" }
    if random.chance(30) {
      tag += " style=\"\((0...random.below(2)).map { _ in declaration() }.joined(separator: ";"))\""
    }
    if name == "br" { return tag + ">" }
    let children = depth > 3 ? "" : (0..<random.below(4)).map { _ in element(depth: depth + 1) }.joined()
    return "\(tag)>\(children)</\(name)>"
  }

  private mutating func sheet() -> String {
    var text = ""
    for _ in 0...random.below(7) {
      if usesKeptRules, random.chance(25) {
        let query = random.pick(["@media (max-width: 600px)", "@media all"])
        let rules = (0...random.below(2)).map { _ in "  " + rule() }.joined()
        text += "\(query) {\n\(rules)}\n"
      } else {
        text += rule()
      }
    }
    return text
  }

  private mutating func rule() -> String {
    let selectors = (0...random.below(2)).map { _ in selector() }.joined(separator: ", ")
    let declarations = (0...random.below(3)).map { _ in declaration() }.joined(separator: "; ")
    return "\(selectors) { \(declarations) }\n"
  }

  private mutating func selector() -> String {
    var text = compound()
    while random.chance(30) { text += random.pick([" ", " > ", " + ", " ~ "]) + compound() }
    return text
  }

  private mutating func compound() -> String {
    var text = random.pick(["div", "section", "em", "b", "*", "", "", "", "html", "body"])
    let count = text.isEmpty ? 1 + random.below(2) : random.below(2)
    var endings = [
      ".x", ".y", ".z", ".w", "#i", "#j", "[title]", ":first-child", ":last-child", ":nth-child(2)",
      ":nth-child(odd)", ":not(.x)", ":is(.x, #j)", ":where(.y, em)", ":not(em, .z)",
    ]
    if usesKeptRules { endings += [":hover", ":hover"] }
    for _ in 0..<count { text += random.pick(endings) }
    return text
  }

  private mutating func declaration() -> String {
    let color = random.pick(["red", "blue", "lime", "#123456", "black"])
    let length = "\(random.below(40))px"
    let text = random.pick([
      "color: \(color)", "margin: \(length)", "margin-top: \(length)", "margin: 1px \(length)",
      "margin-left: \(length)", "padding: \(length) 2px 3px", "padding-right: \(length)",
      "border: \(length) solid \(color)", "border-top: \(length) dotted \(color)", "border-color: \(color)",
      "border-left-width: \(length)", "border-style: dashed", "background: \(color)", "background-color: \(color)",
      "background-repeat: no-repeat", "list-style: square", "list-style-type: disc", "font-size: \(length)",
      "border-image-source: none", "mso-line-height-rule: exactly", "-webkit-x: \(length)",
    ])
    return random.chance(12) ? text + " !important" : text
  }
}

@Suite struct ReferenceTests {
  /// The seeds that a run uses.
  private static let count: UInt64 = 400

  @Test func `each element keeps the styles that a naive cascade gives it`() {
    for seed in 0..<Self.count { check(seed: seed, usesKeptRules: false, environments: [.init()]) }
  }

  @Test func `rules that stay win and lose as before`() {
    var lost = 0
    for seed in 1000..<1000 + Self.count {
      let environments = [(false, false), (true, false), (false, true), (true, true)].map {
        ReferenceCascade.Environment(isNarrow: $0.0, isHovering: $0.1)
      }
      if !check(seed: seed, usesKeptRules: true, environments: environments) { lost += 1 }
    }
    print("\(lost) of \(Self.count) documents had rules that can't keep their order, and said so")
    #expect(lost < Self.count / 4)
  }

  @Test func `what a session remembers changes no document`() {
    var session = InlineSession()
    for seed in 2000..<2000 + Self.count {
      var generator = DocumentGenerator(random: SeededGenerator(seed: seed), usesKeptRules: seed % 2 == 0)
      let documents = generator.documents(5)
      for html in documents + documents.reversed() {
        let bytes = Array(html.utf8)
        let tree = HTMLTree.parse(bytes, placeholders: PlaceholderScanner.scan(bytes))
        let (shared, alone) = (session.inline(tree), Inliner().inline(tree))
        let text = String(decoding: shared.edits.apply(to: bytes), as: UTF8.self)
        let wanted = String(decoding: alone.edits.apply(to: bytes), as: UTF8.self)
        #expect(text == wanted, "seed \(seed): \(html)")
        #expect(shared.diagnostics.map(\.message) == alone.diagnostics.map(\.message), "seed \(seed): \(html)")
        #expect(shared.report.styledElements == alone.report.styledElements, "seed \(seed): \(html)")
      }
    }
  }

  /// Checks one document; false when its rules can't keep their order.
  @discardableResult
  private func check(seed: UInt64, usesKeptRules: Bool, environments: [ReferenceCascade.Environment]) -> Bool {
    var generator = DocumentGenerator(random: SeededGenerator(seed: seed), usesKeptRules: usesKeptRules)
    let html = generator.document()
    let output = CSSInliner().inline(Array(html.utf8))
    let text = String(decoding: output.bytes, as: UTF8.self)
    #expect(CSSInliner().inline(text) == text, "seed \(seed) is not inlined once and for all:\n\(html)\n\(text)")
    if output.diagnostics.contains(where: { $0.code.name == "css/order-lost" }) { return false }
    let (before, after) = (ReferenceCascade(html: html), ReferenceCascade(html: text))
    #expect(before.elements.count == after.elements.count)
    for environment in environments {
      let (old, new) = (before.styles(environment), after.styles(environment))
      for index in old.indices where old[index] != new[index] && before.elements[index].name != "head" {
        let names = Set(old[index].keys).union(new[index].keys).filter { old[index][$0] != new[index][$0] }.sorted()
        Issue.record(
          """
          seed \(seed), \(environment): element \(index) '\(before.elements[index].name)' differs in \(names): \
          \(names.map { (old[index][$0] ?? "–", new[index][$0] ?? "–") })
          \(html)
          \(text)
          """)
        return true
      }
    }
    return true
  }
}
