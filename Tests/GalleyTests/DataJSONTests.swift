import Galley
import GalleySource
import Testing

@Suite struct DataJSONTests {
  @Test func `values and places are exact`() throws {
    let text = #" {"a": [1, -0.5e+3, true, null], "b\n": {"c": "x\u00e9\ud83d\udc0e\/"}} "#
    let (node, diagnostics) = json(text)
    #expect(diagnostics.isEmpty)
    #expect(sketch(node) == #"{a: [1, -0.5e+3, true, null], b⏎: {c: "xé🐎/"}}"#.replacing("⏎", with: "\n"))
    let entries = try #require(node?.entries)
    #expect(excerpt(text, node?.range) == text.trimmed)
    #expect(excerpt(text, entries[1].keyRange) == #""b\n""#)
    #expect(excerpt(text, entries[0].value.range) == "[1, -0.5e+3, true, null]")
    #expect(entries[0].value.items?.map { excerpt(text, $0.range) } == ["1", "-0.5e+3", "true", "null"])
  }

  struct Refusal: CustomTestStringConvertible, Sendable {
    let text: String
    let place: String
    let message: String
    let code: String
    var testDescription: String { text.count > 40 ? String(text.prefix(40)) + "…" : text }

    init(_ text: String, _ place: String, _ message: String, _ code: String = "data/json-syntax") {
      self.text = text
      self.place = place
      self.message = message
      self.code = code
    }
  }

  static let refusals = [
    Refusal("", "", "the file holds no JSON"),
    Refusal(#"{"a": 1,}"#, ",", "a comma before '}' has nothing to divide"),
    Refusal("[1,]", ",", "a comma before ']' has nothing to divide"),
    Refusal("[1 2]", "2", "',' or ']' is missing here"),
    Refusal(#"{"a" 1}"#, #""a""#, "'a' has no ':' behind it"),
    Refusal("{a: 1}", "a", "a key in double quotes should stand here"),
    Refusal("{'a': 1}", "'a'", "a key in double quotes should stand here"),
    Refusal("[1", "[", "'[' is never closed"),
    Refusal("{", "{", "'{' is never closed"),
    Refusal(#"["a"#, "\"", "the quote is never closed"),
    Refusal("[\"a\nb\"]", "\"a", "the quote is not closed on its line"),
    Refusal("[\"a\tb\"]", "\t", #"a tab in a text must be written '\t'"#),
    Refusal(#"["\x"]"#, #"\x"#, #"'\x' is not an escape"#),
    Refusal(#"["\u12"]"#, #"\u12"#, #"'\u' needs four hexadecimal digits"#),
    Refusal(#"["\ud800"]"#, #"\ud800"#, "half of a surrogate pair is not a character"),
    Refusal(#"["\udc00x"]"#, #"\udc00"#, "half of a surrogate pair is not a character"),
    Refusal(#"["\u001a"]"#, #"\u001a"#, "U+001A may not stand in a text", "source/control-character"),
    Refusal("[01]", "01", "'01' is not a JSON number"),
    Refusal("[1.]", "1.", "'1.' is not a JSON number"),
    Refusal("[-]", "-", "'-' is not a JSON number"),
    Refusal("[1e]", "1e", "'1e' is not a JSON number"),
    Refusal("[12px]", "12px", "'12px' is not a JSON number"),
    Refusal("[+1]", "+1", "'+1' is not a JSON value"),
    Refusal("[NaN]", "NaN", "'NaN' is not a JSON value"),
    Refusal("[tru]", "tru", "'tru' is not a JSON value"),
    Refusal("// note\n{}", "//", "'//' is not a JSON value"),
    Refusal("{} x", "x", "text follows the end of the JSON"),
    Refusal("\u{FEFF}{}", "\u{FEFF}", "JSON must not start with a byte order mark"),
    Refusal(#"{"a": 1, "a": 2}"#, #""a""#, "'a' is given twice", "data/duplicate-key"),
    Refusal("[1e999]", "1e999", "'1e999' is too large for a number", "data/number-out-of-range"),
    Refusal(
      "[9007199254740993]", "9007199254740993", "'9007199254740993' is a larger number than programs agree on",
      "data/number-out-of-range"),
    Refusal(
      String(repeating: "[", count: 10_000), "[", "the data is nested more than 64 levels deep", "data/too-deep"),
  ]

  @Test(arguments: refusals) func `what is not JSON gets one message at its place`(_ refusal: Refusal) throws {
    let (node, diagnostics) = json(refusal.text)
    #expect(node == nil)
    let diagnostic = try #require(diagnostics.first)
    #expect(diagnostics.count == 1)
    #expect(diagnostic.message == refusal.message)
    #expect(diagnostic.code.name == refusal.code)
    #expect(excerpt(refusal.text, diagnostic.range) == refusal.place)
  }

  @Test func `a repeated key names both places`() {
    let text = #"{"a": 1, "b": 2, "a": 3}"#
    let diagnostic = json(text).diagnostics.first
    #expect(diagnostic?.range?.start == 17)
    #expect(diagnostic?.notes.first?.range?.start == 1)
  }

  @Test func `a trailing comma is mended by its fix`() throws {
    let text = #"{"a": 1,}"#
    let fix = try #require(json(text).diagnostics.first?.fixes.first)
    var bytes = Array(text.utf8)
    for edit in fix.edits { bytes.replaceSubrange(edit.range.range, with: edit.replacement.utf8) }
    #expect(fix.isSafe)
    #expect(json(String(decoding: bytes, as: UTF8.self)).diagnostics.isEmpty)
  }

  @Test func `nesting is good up to 64 levels and 2⁵³ is a good number`() {
    let deepest = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
    #expect(json(deepest).diagnostics.isEmpty)
    #expect(json("[" + deepest + "]").diagnostics.count == 1)
    #expect(json("[9007199254740992, -9007199254740992]").diagnostics.isEmpty)
  }

  @Test func `keys are sorted by bytes and escapes are few`() {
    let value: JSONValue = [
      "é": "\u{7F}\u{1}\u{8}\u{C}\n\r\t\"\\/é🐎", "b": [], "a": .object([:]),
      "Z": [.integer(1), .number("0.50"), .null],
    ]
    let compact = #"{"Z":[1,0.50,null],"a":{},"b":[],"é":""# + "\u{7F}" + #"\u0001\b\f\n\r\t\"\\/é🐎"}"# + "\n"
    #expect(String(decoding: JSONWriter.write(value, .compact), as: UTF8.self) == compact)
    let pretty = "{\n  \"Z\": [\n    1,\n    0.50,\n    null\n  ],\n  \"a\": {},\n  \"b\": [],\n"
    #expect(String(decoding: JSONWriter.write(value, .pretty), as: UTF8.self).hasPrefix(pretty))
  }

  @Test func `what was written is read back as it was`() {
    for seed in UInt64(1)...300 {
      var random = Seeded(seed)
      let value = Self.value(&random, depth: 0)
      for form in [JSONWriter.Form.compact, .pretty] {
        let bytes = JSONWriter.write(value, form)
        let (node, diagnostics) = JSONReader.read(source: testSource, bytes: bytes)
        #expect(diagnostics.isEmpty, "seed \(seed): \(diagnostics.map(\.message))")
        #expect(node.map { JSONWriter.write(JSONValue($0), form) } == bytes, "seed \(seed)")
      }
    }
  }

  @Test func `any bytes are read without a trap, and every place lies inside`() {
    let seeds = [#"{"a": [1, -0.5e+3, true, null], "b": {"c": "x\u00e9\ud83d\udc0e"}}"#, "[[[]]]", #""\\""#]
    for seed in UInt64(1)...3_000 {
      var random = Seeded(seed)
      var bytes = Array(random.pick(seeds).utf8)
      for _ in 0..<(1 + random.below(4)) where !bytes.isEmpty {
        let index = random.below(bytes.count)
        switch random.below(3) {
        case 0: bytes.remove(at: index)
        case 1: bytes[index] = UInt8(truncatingIfNeeded: random.next())
        default: bytes.insert(random.pick(Array("{}[]\",:\\u0d8eE+-.1 \n".utf8)), at: index)
        }
      }
      let (node, diagnostics) = JSONReader.read(source: testSource, bytes: bytes)
      #expect(node != nil || !diagnostics.isEmpty, "seed \(seed)")
      #expect(diagnostics.allSatisfy { ($0.range?.end ?? 0) <= bytes.count }, "seed \(seed)")
    }
  }

  private static func value(_ random: inout Seeded, depth: Int) -> JSONValue {
    switch random.below(depth > 3 ? 5 : 7) {
    case 0: return .null
    case 1: return .boolean(random.below(2) == 0)
    case 2: return .integer(Int(random.next() >> 11) - (1 << 52))
    case 3: return .number(random.pick(["0.1", "-1.50", "1e10", "2.5E-7"]))
    case 4: return .string(text(&random))
    case 5: return .array((0..<random.below(4)).map { _ in value(&random, depth: depth + 1) })
    default:
      var members: [String: JSONValue] = [:]
      for _ in 0..<random.below(4) { members[text(&random)] = value(&random, depth: depth + 1) }
      return .object(members)
    }
  }

  private static func text(_ random: inout Seeded) -> String {
    (0..<random.below(6)).map { _ in random.pick(["a", "\"", "\\", "\n", "\t", "é", "🐎", "\u{2028}", " ", "/"]) }
      .joined()
  }
}

extension String {
  var trimmed: String { String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()) }
}
