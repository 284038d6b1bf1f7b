import GalleySource
import GalleyTemplate
import Growth
import Testing

/// A small generator with a seed.
struct TemplateRandom: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

@Suite struct ParsingLawTests {
  static let pieces = [
    "{{", "}}", "{{{", "}}}", "{{#if x}}", "{{/if}}", "{{else}}", "{{else if y}}", "{{#each a as |b|}}", "{{/each}}",
    "{{> p a=b}}", "{{#> p}}", "{{/p}}", "{{#*inline \"s\"}}", "{{/inline}}", "{{!", "{{!--", "--}}", "\\", "\n",
    "\r\n",
    " ", "~", "\"", "'", "(", ")", "|", "=", "[", "]", "..", "/", "@", "x", "as", "{{{{", "}}}}", "{%", "<p>", "\u{0}",
    "\u{430}", "---\n", "{{~", "~}}", "{{^}}", "{{&x}}", "{{/", "1.5", "-", "\u{FEFF}",
  ]

  static func sample(_ random: inout TemplateRandom) -> [UInt8] {
    let count = Int.random(in: 0...40, using: &random)
    if Bool.random(using: &random) {
      return (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
    }
    return (0..<count).flatMap { _ in Array((pieces.randomElement(using: &random) ?? "").utf8) }
  }

  /// Whether every range of a tree lies in the file, in order where it is text.
  static func check(_ nodes: [TemplateNode], _ count: Int, _ depth: Int = 0) -> Bool {
    depth <= 70
      && nodes.allSatisfy { node in
        switch node {
        case .text(let range): range.start <= range.end && range.end <= count
        case .literal(_, let range), .error(let range): range.end <= count
        case .output(let output): output.range.end <= count && output.expression.range.end <= output.range.end
        case .block(let block):
          block.range.end <= count && check(block.body, count, depth + 1)
            && check(block.inverse ?? [], count, depth + 1)
        case .partial(let call): call.range.end <= count && check(call.block ?? [], count, depth + 1)
        case .inline(let inline): inline.range.end <= count && check(inline.body, count, depth + 1)
        }
      }
  }

  @Test func `tokens tile any bytes, and any bytes parse`() {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("seed \(seed)")
    var random = TemplateRandom(state: seed)
    for _ in 0..<4_000 {
      let bytes = Self.sample(&random)
      var position = 0
      for token in TemplateLexer.tokens(of: bytes, in: 0..<bytes.count) {
        #expect(token.start == position && token.end > token.start, "\(bytes)")
        position = token.end
      }
      #expect(position == bytes.count, "\(bytes)")
      let (file, found) = TemplateParser.parse(source: SourceID(index: 0), bytes: bytes, name: "t")
      #expect(Self.check(file.body, bytes.count), "\(bytes)")
      #expect(found.allSatisfy { ($0.range?.end ?? 0) <= bytes.count }, "\(bytes)")
      #expect(found.allSatisfy { $0.notes.allSatisfy { ($0.range?.end ?? 0) <= bytes.count } }, "\(bytes)")
    }
  }

  @Test func `a template with one mutation parses and checks`() {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("seed \(seed)")
    var random = TemplateRandom(state: seed)
    let template = """
      ---
      {subject: 'A {{o}}', variables: {o: string, items: {type: list, of: LineItem}, opt: {type: url, optional: true}}}
      ---
      {{#> card title=(t "a.b" c=o)}}{{#*inline "foot"}}x{{/inline}}
      {{#each items as |item i|}}{{item.description}} {{../o}} {{@index}}{{else}}none{{/each}}
      {{#if opt}}<a href="{{opt}}">{{default opt "x"}}</a>{{else if (eq o "b")}}{{o}}{{/if}}{{/card}}
      """
    let bytes = Array(template.utf8)
    for _ in 0..<1_500 {
      var mutated = bytes
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let place = Int.random(in: 0..<mutated.count, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: mutated.remove(at: place)
        case 1: mutated[place] = UInt8.random(in: 0x20...0x7E, using: &random)
        default: mutated.insert(contentsOf: Array((Self.pieces.randomElement(using: &random) ?? "").utf8), at: place)
        }
      }
      var site = TestSite([
        "card": "---\n{parameters: {title: string}, slots: {foot: {}}}\n---\n{{title}}{{> @partial-block}}{{> foot}}"
      ])
      let before = site.sources.sources.count
      let (result, _) = site.check(String(decoding: mutated, as: UTF8.self), withPartials: true)
      for diagnostic in result.diagnostics {
        guard let range = diagnostic.range else { continue }
        #expect(range.end <= site.sources[range.source].bytes.count)
        #expect(Int(range.source.index) <= before)
      }
    }
  }

  @Test func `time grows with size alone`() {
    let shapes = [
      "{{", "{{x", "{{#if x}}", "{{\"", "{{'a}}<b \"", "{{!", "\\{{", "{{{{", "{{x}}", "{{/if}}", "[", "{{[", "{%", " ",
      "{{#if x}}{{/each}}", "{{else}}", "(", "{{a (", "{{a.", "--}}", "{{#x}}", "\n",
    ]
    for shape in shapes {
      let growth = Growth(from: 30_000 / shape.utf8.count) {
        Array(String(repeating: shape, count: $0).utf8)
      } work: {
        _ = TemplateParser.parse(source: SourceID(index: 0), bytes: $0, name: "t")
      }
      #expect(growth.isLinear, "\(shape.debugDescription): \(growth)")
    }
  }
}
