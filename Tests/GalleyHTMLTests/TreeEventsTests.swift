import GalleyHTML
import Testing

/// The events of a document, one word each.
private func events(_ html: String, entersConditionals: Bool = false) -> String {
  let marked = Marked(html)
  let tree = marked.tree
  func name(_ id: NodeID) -> String {
    tree[id].kind == .element ? tree.nameText(of: id) : "\(tree[id].kind)"
  }
  return tree.events(entersConditionals: entersConditionals).map { event in
    switch event {
    case .text(let range): String(decoding: tree.bytes[range], as: UTF8.self)
    case .placeholder(let index): String(decoding: tree.bytes[tree.placeholders[index].range], as: UTF8.self)
    case .open(let id): "+" + name(id)
    case .close(let id): "-" + name(id)
    case .leaf(let id): "." + name(id)
    }
  }.joined(separator: "|")
}

@Test func `a walk meets text, placeholders and nodes in the order of their bytes`() {
  #expect(events("a<p id=\"{{x}}\">b{{y}}{{z}}c<br>d</p>e") == "a|+p|b|{{y}}|{{z}}|c|+br|-br|d|-p|e")
  #expect(events("<ul><li>a<li>b</ul>") == "+ul|+li|a|-li|+li|b|-li|-ul")
  #expect(events("<style>a{}</style>") == "+style|a{}|-style")
  #expect(events("<!DOCTYPE html>a<!-- {{b}} -->c</i>") == ".doctype|a|.comment|c|.strayEndTag")
  #expect(events("") == "")
}

@Test func `hidden conditional comments are entered only where that is asked for`() {
  let html = "a<!--[if mso]><p>b{{x}}</p><![endif]-->{{y}}c"
  #expect(events(html) == "a|.hiddenConditional|{{y}}|c")
  #expect(
    events(html, entersConditionals: true)
      == "a|+hiddenConditional|+p|b|{{x}}|-p|-hiddenConditional|{{y}}|c")
}

@Test func `a walk of one node stays inside of it`() {
  let tree = HTMLTree.parse(Array("<p>a<b>c</b></p><p>d</p>".utf8))
  #expect(
    Array(tree.events(of: NodeID(1)))
      == [.text(3..<4), .open(NodeID(2)), .text(7..<8), .close(NodeID(2))])
}

@Test func `the events of any document tile its bytes outside of tags`() {
  for seed in UInt64(1)...2000 {
    let sample = Sample.soup(seed: seed)
    let tree = HTMLTree.parse(sample.bytes, placeholders: sample.placeholders)
    var position = 0
    var isFine = true
    var depth = 0
    tree.forEachEvent(entersConditionals: true) { event in
      switch event {
      case .text(let range):
        isFine = isFine && range.lowerBound == position && !range.isEmpty
        position = range.upperBound
      case .placeholder(let index):
        isFine = isFine && tree.placeholders[index].range.lowerBound == position
        position = tree.placeholders[index].range.upperBound
      case .open(let id):
        isFine = isFine && Int(tree[id].start) == position
        position = Int(tree[id].contentStart)
        depth += 1
      case .close(let id):
        isFine = isFine && Int(tree[id].contentEnd) == position
        position = Int(tree[id].end)
        depth -= 1
      case .leaf(let id):
        isFine = isFine && Int(tree[id].start) == position
        position = Int(tree[id].end)
      }
    }
    guard isFine, position == sample.bytes.count, depth == 0 else {
      Issue.record("seed \(seed): \(String(reflecting: sample.text))")
      return
    }
  }
}
