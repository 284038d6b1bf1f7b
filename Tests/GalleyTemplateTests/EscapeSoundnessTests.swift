import GalleyHTML
import GalleySource
import GalleyTemplate
import Testing

/// Makes templates of bits of HTML in any order, with blocks that begin and end anywhere.
///
/// Most are refused. What is accepted must be sound, whatever a template for people looks like.
private struct SoupGenerator {
  private static let bits = [
    "<", ">", "/", "</", "\"", "'", "=", " ", " ", "-", "--", "!", "x", "a", "t", "<a ", "<a ", "<td", "<b>", "</b>",
    "<i",
    "hre", "f=", "href", "href=\"", "src=\"", "title=\"", "title=\"", "alt='", "title=", "on", "click=\"", "style=\"",
    "\">", "\">",
    "<scr", "ipt>", "script>", "!--", "<script>", "</script>", "<style>", "</style>", "</sty", "le>", "<title>",
    "</title>", "<!--",
    "-->", "<!",
    "<!--[if mso]>", "<![endif]-->", "<!--[if !mso]><!-->", "<!--<![endif]-->", "[if ", "]>", "https://x.example/",
    "https://",
    "java", "script:", "mailto:", "?q=", "#", ":", "//", "&amp;", "&#", "<meta content=\"", "<base ", "<svg>", "<br/",
  ]
  private static let holes = ["{{name}}", "{{name}}", "{{name}}", "{{part}}", "{{url}}", "{{status}}", "{{count}}"]

  var random: SeededGenerator
  private var depth = 0

  init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  mutating func body() -> String { sequence(2 + random.below(7)) }

  private mutating func sequence(_ count: Int) -> String { (0..<count).map { _ in piece() }.joined() }

  private mutating func piece() -> String {
    switch random.below(10) {
    case 0, 1: return random.pick(Self.holes)
    case 2, 3: return depth < 2 ? block() : random.pick(Self.bits)
    default: return random.pick(Self.bits)
    }
  }

  private mutating func block() -> String {
    depth += 1
    defer { depth -= 1 }
    let (first, second) = (sequence(random.below(4)), sequence(random.below(4)))
    switch random.below(6) {
    case 0: return "{{#if flag}}\(first){{/if}}"
    case 1: return "{{#if flag}}\(first){{else}}\(second){{/if}}"
    // Branches that end alike are accepted most.
    case 2:
      let end = random.pick(Self.bits)
      return "{{#if flag}}\(first)\(end){{else}}\(second)\(end){{/if}}"
    case 3: return "{{#if note}}\(first){{else if flag}}\(second){{else}}\(random.pick(Self.bits)){{/if}}"
    case 4: return "{{#each more}}\(first){{/each}}"
    default: return "{{#each more}}\(first){{else}}\(second){{/each}}"
    }
  }
}

/// What a browser would make of a page, as far as the values in it could choose it.
private struct PageReading {
  let tree: HTMLTree
  let bytes: [UInt8]

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    tree = HTMLTree.parse(bytes)
  }

  /// Where a text with the mark stands that may not: in script, a style, a comment, a URL or a name.
  func misplaced(_ mark: String) -> [String] {
    var result: [String] = []
    for index in tree.nodes.indices {
      let id = NodeID(index)
      let node = tree.nodes[index]
      let element = node.kind == .element ? tree.nameText(of: id).lowercased() : "\(node.kind)"
      if element.contains(mark) { result.append("the name \(element)") }
      if ["comment", "doctype", "script", "style"].contains(element),
        text(Int(node.start)..<Int(node.end)).contains(mark)
      {
        result.append(element)
      }
      for attribute in tree.attributes(of: id) {
        let name = text(Int(attribute.nameStart)..<Int(attribute.nameEnd)).lowercased()
        if name.contains(mark) { result.append("the attribute \(name)") }
        guard text(Int(attribute.valueStart)..<Int(attribute.valueEnd)).contains(mark) else { continue }
        let isDangerous =
          name.hasPrefix("on") || ["href", "src", "style"].contains(name)
          || element == "meta" && name == "content"
        if isDangerous || attribute.quote != .double {
          result.append("the value of \(element) \(name) in \(attribute.quote)")
        }
      }
    }
    return result
  }

  private func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
}

@Suite struct `Soundness of places` {
  /// The data for each way that the conditions and loops can go.
  private static func data(_ value: String) -> [Value] {
    var result: [Value] = []
    for (flag, note, count) in [
      (true, false, 1), (false, false, 0), (true, true, 2), (false, true, 1), (false, false, 3),
    ] {
      var fields: [Value.Field] = [
        .init("name", .string(value)), .init("part", .string(value)), .init("status", .string("PAID")),
        .init("url", .string("https://x.example/")), .init("count", .integer(7)), .init("flag", .boolean(flag)),
        .init("more", .list(Array(repeating: .string("y"), count: count))),
      ]
      if note { fields.append(.init("note", .string("n"))) }
      result.append(.record(fields))
    }
    return result
  }

  /// The outline, without what only readers of conditional comments tell apart: `<!--[if mso]>` before `-->` or `<!--`.
  private static func outline(of page: PageReading) -> [String] {
    var result: [String] = []
    for line in HostileMail.outline(of: page.bytes) {
      let kind = ["hiddenConditional", "revealedOpen"].contains { line.hasPrefix($0) } ? "comment  " : line
      if kind != "comment  " || result.last != kind { result.append(kind) }
    }
    return result
  }

  private static let hostile = ["-", "--", "<script>", "\"x", "'", "javascript:", "", " ", "-->", "/", "!", "="]

  @Test func `what is accepted keeps values where they were judged, whichever way its blocks go`() {
    let start = UInt64.random(in: 0..<1_000_000_000)
    var (accepted, pages) = (0, 0)
    var site = EvaluationSite()
    for seed in start..<start + 2_500 {
      var generator = SoupGenerator(seed: seed)
      let body = generator.body()
      let result = site.specialize(commonVariables, body)
      if result.diagnostics.hasErrors || result.html.holes.isEmpty { continue }
      accepted += 1
      func rendered(_ value: String) -> [PageReading] {
        Self.data(value).map {
          PageReading(Interpreter.render(result.html, with: $0, dialect: .jinja, part: .html).bytes)
        }
      }
      let harmless = rendered("zq")
      let outlines = harmless.map(Self.outline)
      let allowed = body.contains("{{part}}") ? [] : harmless.flatMap { $0.misplaced("zq") }
      #expect(allowed.isEmpty, "seed \(seed): \(allowed)\n\(body)")
      for value in Self.hostile {
        pages += outlines.count
        let found = rendered(value).map(Self.outline)
        #expect(found == outlines, "seed \(seed): \(value.debugDescription)\n\(body)")
        if found != outlines { return }
      }
    }
    print("soundness of places: \(accepted) of 2500 templates accepted, \(pages) pages from seed \(start)")
    #expect(accepted > 500)
  }
}
