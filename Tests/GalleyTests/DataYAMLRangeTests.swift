import Galley
import GalleySource
import Testing

/// The laws of ranges: what stands in a node's range, read by itself, is that node.
@Suite struct DataYAMLRangeTests {
  @Test func `every node of a good text can be read from its range alone`() throws {
    for seed in UInt64(1)...800 {
      var random = Seeded(seed)
      var text = ""
      Self.block(&random, indent: 0, depth: 0, into: &text)
      let (node, diagnostics) = yaml(text)
      #expect(diagnostics.isEmpty, "seed \(seed): \(diagnostics.map(\.message))\n\(text)")
      Self.check(try #require(node), in: Array(text.utf8), seed: seed)
    }
  }

  @Test func `line ends of Windows and text before the range change nothing`() throws {
    for seed in UInt64(1)...200 {
      var random = Seeded(seed)
      var text = ""
      Self.block(&random, indent: 0, depth: 0, into: &text)
      let windows = Array(text.replacing("\n", with: "\r\n").utf8)
      let start = "---\r\n".utf8.count
      let bytes = Array("---\r\n".utf8) + windows + Array("---\r\n<p>: [</p>".utf8)
      let (node, diagnostics) = YAMLReader.read(
        source: testSource, bytes: bytes, range: SourceRange(testSource, start, start + windows.count))
      #expect(diagnostics.isEmpty, "seed \(seed)")
      #expect(sketch(node) == sketch(yaml(text).node), "seed \(seed)")
      Self.check(try #require(node), in: bytes, seed: seed)
    }
  }

  private static func check(_ node: DataNode, in bytes: [UInt8], seed: UInt64) {
    let range = node.range.range
    let excerpt = bytes[range]
    let isBlockScalar = excerpt.first == UInt8(ascii: "|") || excerpt.first == UInt8(ascii: ">")
    let ends =
      node.items == nil && node.entries == nil && !isBlockScalar ? [excerpt.first, excerpt.last] : [excerpt.first]
    #expect(!ends.contains { $0 == 0x20 || $0 == 0x0A || $0 == 0x0D }, "seed \(seed)")
    guard !excerpt.isEmpty else {
      let before = bytes[range.lowerBound - 1]
      #expect(node.kind == .null && (before == UInt8(ascii: ":") || before == UInt8(ascii: "-")), "seed \(seed)")
      return
    }
    let line = bytes[..<range.lowerBound].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    let column = isBlockScalar ? 0 : String(decoding: bytes[line..<range.lowerBound], as: UTF8.self).count
    let alone = yaml(String(repeating: " ", count: column) + String(decoding: excerpt, as: UTF8.self))
    #expect(trimmed(sketch(alone.node)) == trimmed(sketch(node)), "seed \(seed): \(alone.diagnostics.map(\.message))")
    for entry in node.entries ?? [] {
      let key = yaml(String(decoding: bytes[entry.keyRange.range], as: UTF8.self))
      #expect(key.node?.string == entry.key, "seed \(seed)")
      check(entry.value, in: bytes, seed: seed)
    }
    for item in node.items ?? [] { check(item, in: bytes, seed: seed) }
  }

  /// A sketch without the line ends that a range leaves to what follows it.
  private static func trimmed(_ sketch: String) -> String {
    sketch.replacing(#/⏎+"/#, with: "\"")
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
