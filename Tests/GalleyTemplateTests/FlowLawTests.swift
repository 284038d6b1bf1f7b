import GalleySource
import GalleyTemplate
import Testing

/// Makes random templates that print what may be absent, with and without guards, and data for them.
///
/// Each value is printed between brackets, `[` and `]`, so that one that is absent shows as `[]`.
private struct FlowGenerator {
  static let types = """
    {R: {x: string, y: {type: string, optional: true}, z: {type: S, optional: true}}, S: {w: string}}
    """
  static let variables = """
    variables: {a: {type: string, optional: true}, b: {type: url, optional: true}, n: {type: integer, optional: true}, \
    s: {values: [v, w], optional: true}, r: {type: R, optional: true}, l: {type: list, of: R}, \
    lo: {type: list, of: string, optional: true}, d: {type: string, default: d}, q: string, f: boolean}
    """
  static let partials = [
    "show": "---\n{parameters: {v: string}}\n---\n[{{v}}]",
    "maybe": """
    ---
    {parameters: {v: {type: string, optional: true}}}
    ---
    {{#if (ne v "")}}[{{v}}]{{/if}}{{#unless v}}-{{else}}{{> show v=v}}{{/unless}}{{> show v=(default v "d")}}
    """,
    "box": "---\n{parameters: {title: {type: string, default: t}}}\n---\n[{{title}}]{{> @partial-block}}",
    "rec": """
    ---
    {parameters: {r: {type: R, optional: true}}}
    ---
    {{#with r as |k|}}[{{x}}]{{#if k.y}}[{{y}}]{{/if}}{{#if z}}{{> show v=k.z.w}}{{/if}}{{else}}-{{/with}}
    """,
  ]
  static let messages = ["en-ZA": "{k: \"-[{v}]-\"}"]

  var random: SeededGenerator
  /// How many contexts are open, and of what the innermost is: an item, or nothing of interest.
  private var contexts: [Bool] = []
  /// What the conditions around ask about.
  private var asked: [String] = []
  private var budget = 9

  init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  private var up: String {
    random.state % 5 == 0 ? "@root." : String(repeating: "../", count: contexts.count)
  }

  private mutating func path() -> String {
    if contexts.last == true, random.chance(50) { return random.pick(["x", "y", "y", "z.w"]) }
    return up + random.pick(["a", "a", "b", "n", "s", "r.x", "r.y", "r.z.w", "d", "q"])
  }

  private mutating func asking(_ path: String) -> String {
    asked.append(path)
    return path
  }

  private mutating func condition(_ level: Int = 0) -> String {
    if level < 3, random.chance(40) {
      switch random.below(3) {
      case 0: return "(not \(condition(level + 1)))"
      case 1: return "(and \(condition(level + 1)) \(condition(level + 1)))"
      default: return "(or \(condition(level + 1)) \(condition(level + 1)))"
      }
    }
    let text = { (generator: inout FlowGenerator) in generator.up + generator.random.pick(["a", "r.x", "r.y", "q"]) }
    switch random.below(9) {
    case 0: return "(eq \(asking(text(&self))) \"v\")"
    case 1: return "(ne \(asking(text(&self))) \"\(random.pick(["", "", "v"]))\")"
    case 2: return "(eq \(asking(text(&self))) \"\")"
    case 3: return "(\(random.pick(["eq", "ne"])) \(asking(up + "s")) \"v\")"
    case 4: return "(gt (default \(up)n 0) 0)"
    case 5: return up + random.pick(["f", "l", "lo"])
    default: return asking(path())
    }
  }

  /// A path to print: mostly one that is asked about around.
  private mutating func printed() -> String {
    guard let last = asked.last, random.chance(85) else { return path() }
    return random.chance(70) ? last : random.pick(asked)
  }

  mutating func nodes(_ count: Int = 2) -> String { (0..<1 + random.below(count)).map { _ in node() }.joined() }

  private mutating func node() -> String {
    budget -= 1
    guard budget > 0, contexts.count < 4 else { return "x" }
    switch random.below(12) {
    case 0, 1: return "[{{\(printed())}}]"
    case 2: return "{{> show v=\(printed())}}"
    case 3: return "{{> maybe v=\(printed())}}{{> rec r=\(up)r}}"
    case 4: return "{{t \"k\" v=\(printed())}}"
    case 5: return "[{{default \(printed()) \(random.pick(["\"z\"", up + "q", up + "a"]))}}]"
    case 6: return "{{#> box title=\(printed())}}\(nodes()){{/box}}"
    case 7: return loop()
    case 8: return with()
    default: return block()
    }
  }

  private mutating func block() -> String {
    let kind = random.pick(["if", "if", "unless"])
    let outside = asked.count
    var result = "{{#\(kind) \(condition())}}\(nodes())"
    while random.chance(30) { result += "{{else if \(condition())}}\(nodes())" }
    if random.chance(50) { result += "{{else}}\(nodes())" }
    asked.removeLast(asked.count - outside)
    return result + "{{/\(kind)}}"
  }

  private mutating func loop() -> String {
    let list = random.pick(["l", "lo"])
    var result = "{{#each \(up)\(list)}}"
    let outer = asked
    asked = []
    contexts.append(list == "l")
    result += list == "l" ? "[{{x}}]\(nodes())" : "[{{this}}]\(nodes())"
    contexts.removeLast()
    asked = outer
    return result + "{{else}}\(nodes(1)){{/each}}"
  }

  private mutating func with() -> String {
    var result = "{{#with \(up)r}}[{{x}}]"
    let outer = asked
    asked = []
    contexts.append(true)
    result += nodes()
    contexts.removeLast()
    asked = outer
    return result + "{{else}}\(nodes(1)){{/with}}"
  }

  // MARK: Data

  private mutating func optional(_ name: String, _ value: Value) -> [Value.Field] {
    switch random.below(5) {
    case 0: return []
    case 1: return [Value.Field(name, .null)]
    case 2:
      if case .string = value, name != "s", name != "b" { return [Value.Field(name, .string(""))] }
      return []
    default: return [Value.Field(name, value)]
    }
  }

  private mutating func record() -> Value {
    .record(
      [Value.Field("x", text())] + optional("y", text())
        + optional("z", .record([Value.Field("w", text())])))
  }

  private mutating func text() -> Value { .string(random.pick(["v", "w", "0", "false"])) }

  mutating func data() -> Value {
    var fields = optional("a", text()) + optional("b", .string("https://x.example/"))
    fields += optional("n", .integer(random.pick([0, 1, 7]))) + optional("s", .string(random.pick(["v", "w"])))
    fields += optional("r", record()) + optional("d", text())
    fields.append(Value.Field("l", .list((0..<random.below(3)).map { _ in record() })))
    let texts = (0..<random.below(3)).map { _ in text() }
    fields += optional("lo", .list(texts))
    return .record(fields + [Value.Field("q", text()), Value.Field("f", .boolean(random.chance(50)))])
  }
}

/// A template, and what the checker has to say of it.
private struct FlowCase {
  var site: EvaluationSite
  let template: Template
  let result: CheckResult
  let source: SourceID
  let text: String

  /// The site of all cases, and its partials.
  private static let base = EvaluationSite(
    partials: FlowGenerator.partials, messages: FlowGenerator.messages, types: FlowGenerator.types)
  private static let library = PartialLibrary(Array(base.partials.values))

  init(_ text: String) {
    var site = Self.base
    self.text = text
    template = site.template(text)
    source = template.file.source
    result = Checker.check(
      template: template, library: Self.library, globals: RecordType(name: nil, fields: []), sources: site.sources)
    self.site = site
  }

  static func make(seed: UInt64) -> (FlowCase, FlowGenerator) {
    var generator = FlowGenerator(seed: seed)
    let body = generator.nodes(3)
    return (FlowCase("---\n{subject: x, \(FlowGenerator.variables)}\n---\n\(body)"), generator)
  }

  /// What the checker says but that a variable is not used.
  var findings: [Diagnostic] { result.diagnostics.filter { $0.code != .unusedVariable } }
}

@Suite struct `Law of guards` {
  @Test func `what the checker accepts never prints an absent value`() {
    var accepted = 0
    var seed = UInt64(0)
    while accepted < 400, seed < 20_000 {
      defer { seed += 1 }
      var (flow, generator) = FlowCase.make(seed: seed)
      #expect(flow.site.findings == [], "seed \(seed)\n\(flow.text)")
      let strange = flow.findings.filter { $0.code != .unguardedOptional && $0.code != .incomparable }
      #expect(flow.site.rendered(strange) == [], "seed \(seed)\n\(flow.text)")
      guard flow.findings.isEmpty, flow.text.contains("{{#if") || flow.text.contains("{{#unless") else { continue }
      accepted += 1
      let mail = Specializer.specialize(flow.template, in: flow.site.environment)
      #expect(flow.site.rendered(mail.diagnostics) == [], "seed \(seed)\n\(flow.text)")
      for _ in 0..<8 {
        let data = generator.data()
        let rendering = Interpreter.render(mail.html, with: data, dialect: .jinja, part: .html)
        let text = String(decoding: rendering.bytes, as: UTF8.self)
        #expect(!text.contains("[]"), "seed \(seed), \(data)\n\(flow.text)\n\(text)")
        if text.contains("[]") { return }
      }
    }
    #expect(accepted == 400, "of \(seed) templates")
    print("guards: 400 of \(seed) templates were accepted, and printed nothing absent")
  }

  @Test func `each fix for a missing guard removes its finding and adds none`() {
    var fixed = 0
    for seed in UInt64(0)..<2_000 where fixed < 400 {
      let (flow, _) = FlowCase.make(seed: seed)
      let before = flow.findings
      for finding in before where finding.code == .unguardedOptional {
        for fix in finding.fixes {
          fixed += 1
          let mended = FlowCase(applying(fix, to: flow.text, flow.source))
          #expect(mended.site.findings == [], "seed \(seed), \(fix.message)\n\(mended.text)")
          #expect(mended.findings.count < before.count, "seed \(seed), \(fix.message)\n\(mended.text)")
        }
      }
    }
    #expect(fixed >= 400)
  }
}

/// The text with the changes of a fix, which are all in one file.
func applying(_ fix: FixIt, to text: String, _ source: SourceID) -> String {
  var bytes = Array(text.utf8)
  for edit in fix.edits.sorted(by: { $0.range.start > $1.range.start }) where edit.range.source == source {
    bytes.replaceSubrange(edit.range.range, with: Array(edit.replacement.utf8))
  }
  return String(decoding: bytes, as: UTF8.self)
}
