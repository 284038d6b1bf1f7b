import Galley
import GalleySource
import Growth
import Testing

@Suite struct DataYAMLTests {
  static let documents: [(String, String)] = [
    ("", "(none)"), ("# nothing\n\n", "(none)"), ("---\n...\n", "(none)"), ("a: 1", "{a: 1}"),
    ("---\na: 1\n...\n# end\n", "{a: 1}"), ("a:\nb: ~\nc: null\nd: ''", "{a: null, b: null, c: null, d: \"\"}"),
    ("a: yes\nb: no\nc: on\nd: off\ne: true\nf: False", #"{a: "yes", b: "no", c: "on", d: "off", e: true, f: false}"#),
    (
      "a: 007\nb: 0x1F\nc: 0o17\nd: 1.10\ne: 1e3\nf: .5\ng: 1_000\nh: -1\ni: 1.2.3",
      "{a: 007, b: 31, c: 15, d: 1.10, e: 1e3, f: .5, g: \"1_000\", h: -1, i: \"1.2.3\"}"
    ),
    ("a:\n- 1\n- 2\nb:\n  - x: 1\n    y: 2\n  -\n    z: 3", "{a: [1, 2], b: [{x: 1, y: 2}, {z: 3}]}"),
    ("- - a\n  - b\n-\n- c", #"[["a", "b"], null, "c"]"#),
    ("a: {b: 1, 'c': [x, y z], \"d\":2, e: }", #"{a: {b: 1, c: ["x", "y z"], d: 2, e: null}}"#),
    ("a: [\n  1, # one\n  2,\n]\nb: {}\nc: []", "{a: [1, 2], b: {}, c: []}"),
    ("a: it's - fine: no\n".replacing("fine: no", with: "fine:no"), #"{a: "it's - fine:no"}"#),
    ("a: one\n  two\n\n  three # end\nb: x", "{a: \"one two⏎three\", b: \"x\"}"),
    ("a: 'it''s'\nb: 'one\n  two\n\n  three'", "{a: \"it's\", b: \"one two⏎three\"}"),
    (#"a: "\tx\u00e9\U0001f40e\x41\\""#, "{a: \"\txé🐎A\\\"}"),
    ("a: \"one \\\n   two\\ \n  three\"", "{a: \"one two  three\"}"),
    ("a: |\n  x\n   y\n\n  z\nb: >-\n  one\n  two\n\n  three\n", "{a: \"x⏎ y⏎⏎z⏎\", b: \"one two⏎three\"}"),
    ("a: |+\n  x\n\n\nb: |-\n  y\n\nc: >\n  p\n    q\n  r\n", "{a: \"x⏎⏎⏎\", b: \"y\", c: \"p⏎  q⏎r⏎\"}"),
    ("a: |2\n   x\n  y\n", "{a: \" x⏎y⏎\"}"), ("- |\n x\n- >\n y\n z", "[\"x⏎\", \"y z\"]"),
    ("'a b': 1\n\"c\\td\": 2\n3: x\ntrue: y", "{a b: 1, c\td: 2, 3: \"x\", true: \"y\"}"),
    ("a:\r\n  b: 1\r\n  c: x\r\n   y\r\n", "{a: {b: 1, c: \"x y\"}}"), ("a:\r  b: 1\rc: 2", "{a: {b: 1}, c: 2}"),
    ("a: http://x.example/#top", #"{a: "http://x.example/#top"}"#), ("a: x#y # z", #"{a: "x#y"}"#),
    ("?x: 1\ny?: 2\n-z: 3", "{?x: 1, y?: 2, -z: 3}"),
    ("a: b:c\nd: -x\ne: ?x\nf: :x", #"{a: "b:c", d: "-x", e: "?x", f: ":x"}"#),
    ("text", "\"text\""), ("[a, b]", #"["a", "b"]"#), ("a: '{{t \"x\"}}'", "{a: \"{{t \"x\"}}\"}"),
    ("a:\n    b: 1\nc: 2", "{a: {b: 1}, c: 2}"), ("a: !", "(none)"), ("a:   \n  b", #"{a: "b"}"#),
    ("a: [b, [c, {d: e}], 'f']\n# end", #"{a: ["b", ["c", {d: "e"}], "f"]}"#),
    ("a: [x\n  y, z]", #"{a: ["x y", "z"]}"#),
    ("a: {b: c:d, e: http://f.example}", #"{a: {b: "c:d", e: "http://f.example"}}"#),
  ]

  @Test(arguments: documents) func `what people write is read as it is meant`(_ text: String, _ wanted: String) {
    let (node, diagnostics) = yaml(text)
    #expect(sketch(node) == wanted, "\(diagnostics.map(\.message))")
    #expect(diagnostics.isEmpty == (text != "a: !"))
  }

  @Test func `every node has exactly the bytes it is written with`() throws {
    let text = """
      plain: one two   # note
      single: 'it''s'
      "double" : "a\\tb"
      žluť: 🐎
      many: one
        two
      block: |
        x
        y

      list:
        - a
        - {b: [1, 2], c: }
      none:
      last: - 
      """.replacing("last: - ", with: "last: end")
    let entries = try #require(yaml(text).node?.entries)
    #expect(
      entries.map { excerpt(text, $0.keyRange) } == [
        "plain", "single", "\"double\"", "žluť", "many", "block", "list", "none", "last",
      ])
    #expect(
      entries.map { excerpt(text, $0.value.range) } == [
        "one two", "'it''s'", "\"a\\tb\"", "🐎", "one\n  two", "|\n  x\n  y", "- a\n  - {b: [1, 2], c: }", "", "end",
      ])
    #expect(entries[7].value.range.start == entries[7].keyRange.end + 1)
    let flow = try #require(entries[6].value.items?[1])
    #expect(excerpt(text, flow.range) == "{b: [1, 2], c: }")
    #expect(flow.entries.map { $0.map { excerpt(text, $0.value.range) } } == ["[1, 2]", ""])
    #expect(yaml(text).node?.range.range == 0..<text.utf8.count)
  }

  @Test func `front matter is read where it stands in its file`() {
    let text = "---\nkey: 'x.html'\nvariables:\n  a: string\n---\n<p>: [</p>"
    let start = 4
    let end = text.utf8.count - "---\n<p>: [</p>".utf8.count
    let (node, diagnostics) = YAMLReader.read(
      source: testSource, bytes: Array(text.utf8), range: SourceRange(testSource, start, end))
    #expect(diagnostics.isEmpty)
    #expect(excerpt(text, node?["key"]?.range) == "'x.html'")
    #expect(excerpt(text, node?["variables"]?["a"]?.range) == "string")
  }

  struct Refusal: CustomTestStringConvertible, Sendable {
    let text: String
    let offset: Int
    let message: String
    let code: String
    var testDescription: String { text.count > 40 ? String(text.prefix(40)) + "…" : text }

    init(_ text: String, _ offset: Int, _ message: String, _ code: String = "data/yaml-syntax") {
      self.text = text
      self.offset = offset
      self.message = message
      self.code = code
    }
  }

  static let unsupported = "data/yaml-unsupported"
  static let refusals = [
    Refusal("a:\n\tb: 1", 3, "a tab can't indent YAML"),
    Refusal("a:\n  b: 1\n  \tc: 2", 12, "a tab can't indent YAML"),
    Refusal("a: 1\nb\nc: 2", 5, "'b' has no ':' behind a key"),
    Refusal("a: 1\nb:2", 6, "a space is missing behind ':'"),
    Refusal("title Hello\nname: x", 0, "'title Hello' has no ':' behind a key"),
    Refusal("a: 'x", 3, "the quote is never closed"), Refusal("a: \"x\nb: y", 3, "the quote is never closed"),
    Refusal("a: [1, 2\nb: 3", 3, "'[' is not closed before the next key"),
    Refusal("a: [1, 2", 3, "'[' is never closed"), Refusal("a: {b: 1", 3, "'{' is never closed"),
    Refusal("a: [1, 2}", 8, "',' or ']' is missing here"), Refusal("a: [1,, 2]", 6, "no item stands before the comma"),
    Refusal("a: [}", 4, "'}' does not close '['"), Refusal("a: ]", 3, "']' stands outside of brackets"),
    Refusal("a: b: c", 4, "a value can't hold ': ' unless it is quoted"),
    Refusal("a: b\n  c: d", 8, "the key is indented like a part of the value before it"),
    Refusal("a:\n  b: 1\n c: 2", 11, "the line does not line up with the ones before it"),
    Refusal("a:\n  b: 1\n   c: 2", 14, "the key is indented like a part of the value before it"),
    Refusal("a: 'x' y", 7, "text follows the closing quote"), Refusal("a: 'it's'", 7, "text follows the closing quote"),
    Refusal("a: [1] x", 7, "the text does not belong to the value before it"),
    Refusal("a: - b", 3, "a list can't start on the line of its key"),
    Refusal("- a\nb: 1", 4, "the line is neither an item of the list nor indented under one"),
    Refusal("a: 1\n- b", 5, "an item of a list stands among the keys of a mapping"),
    Refusal("subject: {{title}}", 9, "a text that starts with '{{' needs quotes"),
    Refusal("a: [{{x}}]", 4, "a text that starts with '{{' needs quotes"),
    Refusal("a: @x", 3, "a text that starts with '@' needs quotes"),
    Refusal("a: `x`", 3, "a text that starts with '`' needs quotes"),
    Refusal("a: {b}", 4, "'b' has no ':' and no value"), Refusal("a: {b:1}", 4, "'b:1' has no ':' and no value"),
    Refusal("a: [b: 1]", 4, "an item of a list can't be 'key: value'"),
    Refusal("a: | x\n  y", 5, "the text of '|' must start on the next line"),
    Refusal("a: \"\\q\"", 4, "'\\q' is not an escape"),
    Refusal("a: \"\\ud800\"", 4, "half of a surrogate pair is not a character"),
    Refusal("a: \"x\\ud83d\\udc0e\"", 5, "half of a surrogate pair is not a character"),
    Refusal("a: \"\\x4\"", 4, "the escape needs 2 hexadecimal digits"),
    Refusal("subject: {{#if a}}x{{/if}}\nb: 1", 9, "a text that starts with '{{' needs quotes"),
    Refusal("a: 1\nb: {{c}} and {{d}}\n", 8, "a text that starts with '{{' needs quotes"),
    Refusal("a: [1,\n", 3, "'[' is never closed"), Refusal("a: {b: [1}", 9, "',' or ']' is missing here"),
    Refusal("# one\nvariables\n  a: string\nb: 1", 6, "'variables' has no ':' behind a key"),
    Refusal("a:\n  b\n  c: 1", 5, "'b' has no ':' behind a key"),
    Refusal("a: one\n  two\n  c: d", 16, "the key is indented like a part of the value before it"),
    Refusal("a: 1\n: 2", 5, "no key stands before ':'"),
    Refusal("a: 1\n...\nb: 2", 9, "a second document is YAML that Galley does not read", unsupported),
    Refusal("a: [x:]", 5, "a text between brackets can't hold ':' here"),
    Refusal("a: [- b]", 4, "a text between brackets can't start with '-'"),
    Refusal("a: |\n\tb", 5, "a tab can't indent YAML"),
    Refusal("a: \"\\0\"", 4, "U+0000 may not stand in a text", "source/control-character"),
    Refusal("a: \"\\x1a\"", 4, "U+001A may not stand in a text", "source/control-character"),
    Refusal(": x", 0, "no key stands before ':'"),
    Refusal("a: &x 1", 3, "an anchor is YAML that Galley does not read", unsupported),
    Refusal("&x a: 1", 0, "an anchor is YAML that Galley does not read", unsupported),
    Refusal("a: 'R &B' # &x\nb: *x", 18, "an alias is YAML that Galley does not read", unsupported),
    Refusal("a: &x 1\n? [*x, *x]\n: b", 3, "an anchor is YAML that Galley does not read", unsupported),
    Refusal("a: [&x b]\nc: *x", 4, "an anchor is YAML that Galley does not read", unsupported),
    Refusal("a: *b*", 3, "an alias is YAML that Galley does not read", unsupported),
    Refusal("a: !b", 3, "a tag is YAML that Galley does not read", unsupported),
    Refusal("a: {? b: c}", 4, "a complex key is YAML that Galley does not read", unsupported),
    Refusal("a: *x", 3, "an alias is YAML that Galley does not read", unsupported),
    Refusal("a: !!str 1", 3, "a tag is YAML that Galley does not read", unsupported),
    Refusal("a: {<<: 1}", 4, "a merge key is YAML that Galley does not read", unsupported),
    Refusal("<<: 1", 0, "a merge key is YAML that Galley does not read", unsupported),
    Refusal("? a\n: b", 0, "a complex key is YAML that Galley does not read", unsupported),
    Refusal("[a]: b", 0, "a complex key is YAML that Galley does not read", unsupported),
    Refusal("%YAML 1.2\n---\na: 1", 0, "a directive is YAML that Galley does not read", unsupported),
    Refusal("a: 1\n---\nb: 2", 5, "a second document is YAML that Galley does not read", unsupported),
    Refusal("a: 1\nb: 2\na: 3", 10, "'a' is given twice", "data/duplicate-key"),
    Refusal("x: {a: 1, 'a': 3}", 10, "'a' is given twice", "data/duplicate-key"),
    Refusal("a: 1e999", 3, "'1e999' is too large for a number", "data/number-out-of-range"),
    Refusal(
      "a: 12345678901234567890", 3, "'12345678901234567890' is a larger number than programs agree on",
      "data/number-out-of-range"),
    Refusal(
      "a: " + String(repeating: "[", count: 100_000), 66, "the data is nested more than 64 levels deep", "data/too-deep"
    ),
    Refusal(
      String(repeating: "- ", count: 100_000), 128, "the data is nested more than 64 levels deep", "data/too-deep"),
    Refusal("a: \u{7}", 3, "U+0007 is a control character", "source/control-character"),
  ]

  @Test(arguments: refusals) func `what is not YAML gets one message at its place`(_ refusal: Refusal) throws {
    let (node, diagnostics) = yaml(refusal.text)
    #expect(node == nil)
    let diagnostic = try #require(diagnostics.first)
    #expect(diagnostics.count == 1)
    #expect(diagnostic.message == refusal.message)
    #expect(diagnostic.range?.start == refusal.offset)
    #expect(diagnostic.code.name == refusal.code)
    #expect(!diagnostic.help.isEmpty)
  }

  @Test func `nesting is good up to 64 levels`() {
    let text = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
    #expect(yaml(text).diagnostics.isEmpty)
    #expect(yaml("[" + text + "]").diagnostics.count == 1)
    #expect(yaml(String(repeating: "- ", count: 64) + "x").diagnostics.isEmpty)
    for unit in ["[", "{a: ", "- ", "? ", "[a: ", "{? ", "a:\n"] {
      let message = yaml(String(repeating: unit, count: 5_000)).diagnostics.first?.code.name
      #expect(message == (unit == "a:\n" ? "data/duplicate-key" : "data/too-deep"), "\(unit)")
    }
    let stairs = (0..<400).map { String(repeating: " ", count: $0) + "a:\n" }.joined()
    #expect(yaml(stairs).diagnostics.map(\.code.name) == ["data/too-deep"])
  }

  @Test func `a repeated key names both places`() {
    let diagnostic = yaml("a: 1\nb: 2\na: 3").diagnostics.first
    #expect(diagnostic?.range?.range == 10..<11)
    #expect(diagnostic?.notes.first?.range?.range == 0..<1)
  }

  @Test func `all repeated keys are reported, each with both places`() {
    let text = "b: {x: 1, 'x': 2}\na: 1\nb: 1e999\n\"a\": 3\na: 4\nc: {y: 1}\nd: {y: 2}\n"
    let diagnostics = yaml(text).diagnostics
    #expect(diagnostics.map { excerpt(text, $0.range) } == ["'x'", "1e999", "b", "\"a\"", "a"])
    let first = diagnostics.filter { !$0.notes.isEmpty }.map { $0.notes[0].range?.start }
    #expect(first == [4, 0, 18, 18])
    #expect(diagnostics.filter { $0.code.name == "data/duplicate-key" }.count == 4)
  }

  @Test func `aliases in keys do not multiply`() {
    let lines = (1...40).map { "a\($0): &a\($0) [*a\($0 - 1), *a\($0 - 1)]\n" }
    let diagnostics = yaml("a0: &a0 [x, x]\n" + lines.joined() + "? *a40\n: 1\n").diagnostics
    #expect(diagnostics.map(\.message) == ["an anchor is YAML that Galley does not read"])
  }

  @Test func `any text is read without a trap, in time, and every place lies inside`() {
    let seeds = Self.documents.map(\.0) + Self.refusals.map(\.text).filter { $0.utf8.count < 200 }
    let spice = Array("{}[]\"',:#&*!|>-?%@` \t\n\r\\~<0x1".utf8)
    for seed in UInt64(1)...6_000 {
      var random = Seeded(seed)
      var bytes = Array(random.pick(seeds).utf8)
      if random.below(2) == 0 { bytes += [0x0A] + Array(random.pick(seeds).utf8) }
      for _ in 0..<random.below(5) where !bytes.isEmpty {
        let index = random.below(bytes.count)
        switch random.below(3) {
        case 0: bytes.remove(at: index)
        case 1: bytes[index] = random.pick(spice)
        default: bytes.insert(random.pick(spice), at: index)
        }
      }
      let (node, diagnostics) = YAMLReader.read(source: testSource, bytes: bytes)
      #expect(diagnostics.allSatisfy { ($0.range?.end ?? 0) <= bytes.count }, "seed \(seed)")
      #expect(node.map { Self.isNested($0, in: 0..<bytes.count) } ?? true, "seed \(seed)")
    }
  }

  @Test func `a hard text takes time in proportion to its size`() {
    let shapes: [(Int) -> String] = [
      { String(repeating: "a: b\n  c\n", count: $0) }, { "a: '" + String(repeating: "x\n\n ", count: $0) + "'" },
      { String(repeating: "[x, ", count: $0) }, { "a: |\n" + String(repeating: "  x\n\n", count: $0) },
      { (0..<$0).map { "k\($0): {a: [1, 2]}\n" }.joined() }, { "a: [" + String(repeating: "x\n", count: $0) + "]" },
      { String(repeating: " ", count: $0 * 4) + "\"" }, { String(repeating: "#\n", count: $0 * 2) },
    ]
    for shape in shapes {
      let growth = Growth(from: 5_000) {
        Array(shape($0).utf8)
      } work: {
        _ = YAMLReader.read(source: testSource, bytes: $0)
      }
      #expect(growth.isLinear, "\(shape(4).debugDescription): \(growth)")
    }
  }

  /// Whether the places of a node and all below it lie one within the other, in order.
  private static func isNested(_ node: DataNode, in range: Range<Int>) -> Bool {
    guard node.range.start >= range.lowerBound, node.range.end <= range.upperBound else { return false }
    let items = node.items ?? node.entries?.map(\.value) ?? []
    let starts = items.map(\.range.start)
    return starts == starts.sorted() && items.allSatisfy { isNested($0, in: node.range.range) }
  }
}
