import GalleyHTML
import Testing

/// Samples of all kinds, by seed.
private func sample(_ seed: UInt64) -> Sample {
  switch seed % 3 {
  case 0: Sample.noise(seed: seed)
  case 1 where !Suites.corpus.isEmpty: Sample.mutated(seed: seed, from: Suites.corpus)
  default: Sample.soup(seed: seed, count: 60)
  }
}

@Test func `tokens tile any bytes`() {
  for seed in UInt64(1)...3000 {
    let sample = sample(seed)
    var lexer = HTMLLexer(sample.bytes, placeholders: sample.placeholders)
    var position = 0
    var tokens = 0
    while let token = lexer.next() {
      let isFine = token.start == position && (token.end > token.start || token.kind == .conditionalClose)
      guard isFine, tokens <= 2 * sample.bytes.count else {
        Issue.record("seed \(seed): \(token) at \(position) in \(String(reflecting: sample.text))")
        return
      }
      position = token.end
      tokens += 1
    }
    guard position == sample.bytes.count else {
      Issue.record("seed \(seed): stopped at \(position) of \(sample.bytes.count)")
      return
    }
  }
}

@Test func `no token begins or ends within a placeholder`() {
  for seed in UInt64(1)...3000 {
    let sample = sample(seed)
    var lexer = HTMLLexer(sample.bytes, placeholders: sample.placeholders)
    var bounds: [Int] = []
    while let token = lexer.next() { bounds += [token.start, token.end, token.nameEnd] }
    for attribute in lexer.attributes {
      bounds += [attribute.nameStart, attribute.nameEnd, attribute.valueStart, attribute.valueEnd].map(Int.init)
    }
    for hole in sample.placeholders {
      let inside = bounds.first { hole.range.lowerBound < $0 && $0 < hole.range.upperBound }
      guard inside == nil else {
        Issue.record("seed \(seed): \(hole.range) is cut at \(inside ?? 0) in \(String(reflecting: sample.text))")
        return
      }
    }
  }
}

/// What is wrong with the links and ranges of a tree, if anything is.
private func fault(_ tree: HTMLTree) -> String? {
  let count = tree.nodes.count
  guard count > 0, tree.nodes[0].kind == .root, tree.nodes[0].end == Int32(tree.bytes.count) else { return "root" }
  for (index, node) in tree.nodes.enumerated() {
    guard 0 <= node.start, node.start <= node.contentStart, node.contentStart <= node.contentEnd,
      node.contentEnd <= node.end, node.end <= Int32(tree.bytes.count), node.start <= node.nameEnd,
      node.nameEnd <= node.contentStart
    else { return "range of \(index)" }
    guard node.subtreeEnd > NodeID(index), node.subtreeEnd <= NodeID(count) else { return "subtree of \(index)" }
    var position = node.contentStart
    var previous = NodeID.none
    var next = NodeID(index + 1)
    while next < node.subtreeEnd {
      let child = tree[next]
      guard child.parent == NodeID(index), child.previousSibling == previous else { return "links of \(next)" }
      guard child.start >= position, child.end <= node.contentEnd else { return "place of \(next) in \(index)" }
      if previous != .none, tree[previous].nextSibling != next { return "next sibling of \(previous)" }
      position = child.end
      previous = next
      next = child.subtreeEnd
    }
    guard next == node.subtreeEnd else { return "children of \(index)" }
    if previous != .none, tree[previous].nextSibling != .none { return "last child of \(index)" }
    for attribute in tree.attributes(of: NodeID(index)) {
      guard node.nameEnd <= attribute.nameStart, attribute.nameStart <= attribute.nameEnd,
        attribute.nameEnd <= attribute.valueStart, attribute.valueStart <= attribute.valueEnd,
        attribute.valueEnd <= node.contentStart
      else { return "attribute of \(index)" }
    }
  }
  return nil
}

@Test func `the nodes of any document nest, are in order and know each other`() {
  for seed in UInt64(1)...3000 {
    let sample = sample(seed)
    let tree = HTMLTree.parse(sample.bytes, placeholders: sample.placeholders)
    if let fault = fault(tree) {
      Issue.record("seed \(seed): \(fault) in \(String(reflecting: sample.text))")
      return
    }
  }
}

@Test func `a tree without edits is its input`() {
  for seed in UInt64(1)...200 {
    let sample = sample(seed)
    #expect(HTMLTree.parse(sample.bytes, placeholders: sample.placeholders).bytes == sample.bytes)
  }
}
