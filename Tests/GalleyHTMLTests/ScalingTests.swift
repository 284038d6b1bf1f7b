import GalleyHTML
import Growth
import Testing

/// Documents that take hours where an algorithm is quadratic.
struct ScalingTests {
  private func repeated(_ piece: String, _ count: Int, then end: String = "") -> [UInt8] {
    Array((String(repeating: piece, count: count) + end).utf8)
  }

  @Test(arguments: [
    ("<", 2_000_000), ("&", 500_000), ("<p>", 300_000), ("<b>", 50_000), ("</b>", 50_000), ("<a ", 50_000),
    ("<!--", 75_000), ("<!--[if a]>", 25_000), ("<!--[if a]>-->", 25_000), ("<![CDATA[", 37_500),
    ("<script><!--<script>", 12_500), ("<style></styl", 25_000), ("<table><tr><td>", 17_500),
    ("<li><div>", 25_000), ("<p><button>", 25_000), ("<a><div></a>", 17_500), ("<td></tr>", 25_000),
    ("</aaaa", 37_500), ("<!--[if a]><b", 20_000), ("<svg><p>", 25_000), ("<b><p></b>", 20_000),
    ("<h1></h2>", 25_000), ("&#x", 75_000), ("&aaaaaaaa", 25_000),
  ])
  func `a repeated piece costs linear time`(piece: String, count: Int) {
    let growth = Growth(from: count / 8) {
      repeated(piece, $0)
    } work: { bytes in
      #expect(HTMLTree.parse(bytes).nodes.count <= 3 * count + 2)
      var tracker = PlaceTracker()
      tracker.advance(over: bytes)
      _ = CharacterReference.decode(bytes[...])
    }
    #expect(growth.isLinear, "\(growth)")
  }

  @Test(arguments: [
    "{{", "{{ \"", "{{ '}}", "{{!--", "{% comment %}", "{% comment %}{% endcomment", "{{{ }}", "<% '", "%%", "%%[",
    "*|",
    "${", "[[", "{{{{", "{# ", "{{ a %}", "{% \" ", "@(", "@{", "@*", "@if (", "@if (a) {", "@a(", "} else if (", "@{'",
    "%%[ if",
  ])
  func `placeholders are found in linear time`(piece: String) {
    let growth = Growth(from: 5_000) {
      repeated(piece, $0)
    } work: {
      #expect(PlaceholderScanner.scan($0, syntaxes: .all).count <= 20_000)
    }
    #expect(growth.isLinear, "\(growth)")
  }

  @Test func `an element may have a hundred thousand attributes`() {
    let bytes = Array("<p ".utf8) + repeated("a=b ", 100_000, then: ">")
    let tree = HTMLTree.parse(bytes)
    #expect(tree.attributes(of: NodeID(1)).count == 100_000)
  }

  @Test func `a document may have a hundred thousand placeholders`() {
    let bytes = repeated("<p>{{x}}</p>", 100_000)
    let tree = HTMLTree.parse(bytes, placeholders: PlaceholderScanner.scan(bytes))
    #expect(tree.events().reduce(0) { if case .placeholder = $1 { $0 + 1 } else { $0 } } == 100_000)
  }
}

@Test(arguments: [HTMLTree.depthLimit - 1, HTMLTree.depthLimit, HTMLTree.depthLimit + 1])
func `nesting has a limit, which is told`(depth: Int) {
  let html = String(repeating: "<div>", count: depth) + "x" + String(repeating: "</div>", count: depth)
  let tree = HTMLTree.parse(Array(html.utf8))
  let isOver = depth > HTMLTree.depthLimit
  #expect(tree[.root].flags.contains(.truncated) == isOver)
  #expect(tree.nodes[depth].flags.contains(.truncated) == isOver)
  #expect(tree.nodes[1].flags.contains(.hasEndTag))
  #expect(tree.nodes[1].end == Int32(html.utf8.count))
  #expect(tree.nodes.contains { $0.kind == .strayEndTag } == isOver)
}
