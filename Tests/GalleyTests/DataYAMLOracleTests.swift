import Galley
import GalleySource
import Testing
import Yams

/// The reader against libyaml, which Yams brings: where both read a text, they must read the same.
@Suite struct DataYAMLOracleTests {
  @Test func `texts made of good pieces are read as libyaml reads them`() throws {
    for seed in UInt64(1)...800 {
      var random = Seeded(seed)
      var text = ""
      Self.block(&random, indent: 0, depth: 0, into: &text)
      let (node, diagnostics) = yaml(text)
      let expected = try Yams.compose(yaml: text, .basic)
      #expect(diagnostics.isEmpty, "seed \(seed): \(diagnostics.map(\.message))\n\(text)")
      #expect(sketch(node) == Self.oracle(expected), "seed \(seed)\n\(text)")
    }
  }

  @Test func `damaged texts are read as libyaml reads them, or refused`() {
    let seeds = DataYAMLTests.documents.map(\.0)
    let spice = Array("{}[]\"',:#|>-  \n\\~x1".utf8)
    var both = 0
    var lenient: [String] = []
    for seed in UInt64(1)...6_000 {
      var random = Seeded(seed)
      var bytes = Array(random.pick(seeds).utf8)
      for _ in 0..<(1 + random.below(3)) where !bytes.isEmpty {
        let index = random.below(bytes.count)
        switch random.below(3) {
        case 0: bytes.remove(at: index)
        case 1: bytes[index] = random.pick(spice)
        default: bytes.insert(random.pick(spice), at: index)
        }
      }
      guard let text = String(validating: bytes, as: UTF8.self) else { continue }
      let (node, diagnostics) = yaml(text)
      // A pair of surrogates is good JSON, and YAML says that it takes JSON; libyaml does not.
      if diagnostics.hasErrors || node == nil || text.contains("\\ud83d\\udc0e") { continue }
      guard let expected = try? Yams.compose(yaml: text, .basic) else {
        lenient.append(text)
        continue
      }
      both += 1
      #expect(sketch(node) == Self.oracle(expected), "seed \(seed)\n\(text)")
    }
    #expect(both > 1_500)
    #expect(lenient.isEmpty, "\(lenient.prefix(30).joined(separator: "\n========\n"))")
  }

  // MARK: The oracle's view

  private static func oracle(_ node: Node?) -> String {
    switch node {
    case nil, .alias: return "(none)"
    case .scalar(let scalar): return Self.scalar(scalar)
    case .sequence(let items): return "[" + items.map { oracle($0) }.joined(separator: ", ") + "]"
    case .mapping(let entries):
      return "{" + entries.map { "\($0.key.scalar?.string ?? "?"): \(oracle($0.value))" }.joined(separator: ", ") + "}"
    }
  }

  /// A scalar as this package sketches it; the meaning of plain ones is left to other tests.
  private static func scalar(_ scalar: Node.Scalar) -> String {
    let text = scalar.string
    if scalar.style == .plain {
      let (node, _) = JSONReader.read(source: testSource, bytes: Array(text.utf8))
      if text.isEmpty || text == "~" || text.lowercased() == "null" { return "null" }
      if let node, node.string == nil, node.items == nil, node.entries == nil { return sketch(node) }
      if text.lowercased() == "true" || text.lowercased() == "false" { return text.lowercased() }
      let isNumber = Double(text) != nil && text.utf8.allSatisfy { !(0x61...0x7A).contains($0) || $0 == 0x65 }
      if isNumber, text.utf8.contains(where: { (0x30...0x39).contains($0) }) { return text }
      if text.hasPrefix("0x"), !text.contains("+"), let value = UInt64(text.dropFirst(2), radix: 16) {
        return String(value)
      }
      if text.hasPrefix("0o"), !text.contains("+"), let value = UInt64(text.dropFirst(2), radix: 8) {
        return String(value)
      }
    }
    return "\"" + text.replacing("\n", with: "⏎") + "\""
  }

  // MARK: Good texts

  private static func block(_ random: inout Seeded, indent: Int, depth: Int, into text: inout String) {
    let pad = String(repeating: " ", count: indent)
    let isList = depth > 0 && random.below(3) == 0
    for index in 0..<(1 + random.below(3)) {
      if random.below(6) == 0 { text += random.pick(["\n", pad + "# note: [\n", "   \n"]) }
      text += pad + (isList ? "-" : random.pick(["k\(index)", "'k \(index)'", "\"k\(index)\"", "k-\(index)/x"]) + ":")
      if depth < 3, random.below(3) == 0 {
        text += random.pick(["\n", " # note\n", "\n\n"])
        block(&random, indent: indent + 1 + random.below(3), depth: depth + 1, into: &text)
      } else {
        value(&random, indent: indent, into: &text)
      }
    }
  }

  private static func value(_ random: inout Seeded, indent: Int, into text: inout String) {
    let pad = String(repeating: " ", count: indent + 1 + random.below(3))
    switch random.below(8) {
    case 0: text += "\n"
    case 1: text += random.pick([" |", " |-", " |+", " >", " >-", " >+"]) + "\n" + lines(&random, pad: pad)
    case 2: text += " one two\n\(pad)three\(random.pick(["", "\n\n" + pad + "four"]))\n"
    case 3: text += " 'it''s\n\(pad)so \n\n \(pad)it''s'\n"
    case 4: text += " \"a\\tb \\\n\(pad)c\n\(pad)d\\n\"  # note\n"
    case 5: text += " [a, 'b, c', {d: 1, \"e\": [2]},\n\(pad)f g]\n"
    case 6: text += " {a: b c, d: , e: 'x'}   \n"
    default:
      text += " " + random.pick(["x", "1", "-2.5", "true", "~", "a:b", "x#y", "http://e.example/?a=b#c", "é🐎"]) + "\n"
    }
  }

  private static func lines(_ random: inout Seeded, pad: String) -> String {
    let first = pad + "first line\n"
    return first
      + (0..<random.below(6)).map { _ in
        random.pick([
          pad + "x: [y\n", "\n", pad + "  more\n", pad + "# no comment\n", "  \n".prefix(1 + random.below(2)) + "\n",
          pad + "z  \n",
        ])
      }.joined()
  }
}
