import Galley
import GalleySource

/// A small generator of random numbers with a seed that a failing test prints.
struct Seeded: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state &* 0x2545_F491_4F6C_DD1D
  }

  mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }

  mutating func below(_ count: Int) -> Int { Int(next() >> 33) % count }
}

/// The source that single-file tests point into.
let testSource = SourceID(index: 0)

/// Reads YAML from text.
func yaml(_ text: String) -> (node: DataNode?, diagnostics: [Diagnostic]) {
  let (node, diagnostics) = YAMLReader.read(source: testSource, bytes: Array(text.utf8))
  return (node, diagnostics)
}

/// Reads JSON from text.
func json(_ text: String) -> (node: DataNode?, diagnostics: [Diagnostic]) {
  let (node, diagnostics) = JSONReader.read(source: testSource, bytes: Array(text.utf8))
  return (node, diagnostics)
}

/// The bytes of a range as text.
func excerpt(_ text: String, _ range: SourceRange?) -> String? {
  range.map { Source(path: "", text: text).text($0.range) }
}

/// A node as one line of text, without places.
func sketch(_ node: DataNode?) -> String {
  guard let node else { return "(none)" }
  switch node.kind {
  case .null: return "null"
  case .boolean(let value): return String(value)
  case .number(let text): return text
  case .string(let text): return "\"" + text.replacing("\n", with: "⏎") + "\""
  case .list(let items): return "[" + items.map { sketch($0) }.joined(separator: ", ") + "]"
  case .mapping(let entries):
    return "{" + entries.map { "\($0.key): \(sketch($0.value))" }.joined(separator: ", ") + "}"
  }
}
