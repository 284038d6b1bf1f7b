import GalleyCSS
import GalleyHTML
import GalleySource

/// What must hold of the inliner, end to end.
///
/// The first part of the input is the document, the second one a further sheet. Options: `p` purges what matches
/// nothing, `c` leaves conditional comments alone.
enum InlinerOracles {
  /// How many times as large as the document and its sheets the output may be, for each element that gets a style.
  static let growth = 8

  static func check(_ bytes: [UInt8]) throws(Finding) {
    let input = FuzzInput(bytes)
    var options = InlineOptions()
    options.purgesUnmatched = input.has("p")
    options.inlinesConditionals = !input.has("c")
    options.reportsSelectors = true
    let html = input.first
    let placeholders = FuzzInput.placeholders(html)
    let tree = HTMLTree.parse(html, placeholders: placeholders)
    var sources = SourceSet()
    let origins = OriginMap(whole: sources.add(path: "mail.html", bytes: html), count: html.count)
    let sheets = input.second.map { [StyleSheet($0, source: sources.add(path: "further.css", bytes: $0))] } ?? []
    let result = Inliner(options: options).inline(tree, sheets: sheets, origins: origins)

    try checkEdits(result.edits, tree, hasFurther: !sheets.isEmpty)
    try DiagnosticOracles.check(result.diagnostics, sources)
    let output = result.edits.apply(to: html)
    let size = html.count + (input.second?.count ?? 0)
    let limit = growth * size * (1 + result.report.styledElements) + 64
    try hold(output.count <= limit, "output-size", "\(output.count) of \(size)")
    try checkPublic(input, options, placeholders, output)

    let moved = try EditOracles.map(placeholders, through: result.edits, from: html, to: output)
    let after = HTMLTree.parse(output, placeholders: moved)
    try checkElements(tree, after)
    let again = Inliner(options: options).inline(after).edits.apply(to: output)
    try hold(again == output, "idempotence", "\(quoted(output)) becomes \(quoted(again))")
  }

  // MARK: - The edits

  /// Edits don't overlap, touch no placeholder, and change nothing but start tags and sheets.
  private static func checkEdits(_ edits: EditList, _ tree: HTMLTree, hasFurther: Bool) throws(Finding) {
    var end = 0
    var bounds: [Int] = []
    let texts = Set(tree.placeholders.map { Array(tree.bytes[$0.range]) })
    for edit in edits.sorted() {
      let range = edit.range
      try hold(range.lowerBound >= end && range.upperBound <= tree.bytes.count, "edits-order", "\(range) after \(end)")
      end = range.upperBound
      bounds += [range.lowerBound, range.upperBound]
      let isTouched = tree.placeholders.contains { !range.isEmpty && $0.range.overlaps(range) }
      try hold(!isTouched, "edits-placeholder", "\(range) touches one")
      try hold(isAllowed(range, tree) || range.isEmpty && hasFurther, "edits-place", "\(range)")
      let text = Array(edits.text[edit.replacement])
      // A further sheet has no placeholders, whatever it looks like.
      if hasFurther { continue }
      let copy = FuzzInput.placeholders(text).first { texts.contains(Array(text[$0.range])) }
      try hold(copy == nil, "edits-copy", "\(quoted(text)) holds a placeholder")
    }
    try holdUncut(bounds, tree.placeholders, "edits-placeholder")
  }

  /// Whether a range lies within a start tag behind its name, or within a `style` element and white space around it.
  private static func isAllowed(_ range: Range<Int>, _ tree: HTMLTree) -> Bool {
    tree.nodes.contains { node in
      guard node.kind == .element else { return false }
      if range.lowerBound >= node.nameEnd, range.upperBound < node.contentStart { return true }
      guard node.name == style else { return false }
      let (start, end) = (Int(node.start), Int(node.end))
      let outside = [
        range.lowerBound..<max(range.lowerBound, min(start, range.upperBound)),
        min(max(end, range.lowerBound), range.upperBound)..<range.upperBound,
      ]
      return range.upperBound >= start && range.lowerBound <= end
        && outside.allSatisfy { tree.bytes[$0].allSatisfy(isSpace) }
    }
  }

  private static let style = NameHash("style")

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D || byte == 0x0C
  }

  // MARK: - The output

  /// The interface for others says the same, and so does a second run.
  private static func checkPublic(
    _ input: FuzzInput, _ options: InlineOptions, _ placeholders: [Placeholder], _ output: [UInt8]
  ) throws(Finding) {
    var outer = CSSInliner.Options()
    outer.inlinesConditionals = options.inlinesConditionals
    outer.purgesUnmatched = options.purgesUnmatched
    let holes = placeholders.map { CSSInliner.Placeholder(range: $0.range, kind: kind($0.kind)) }
    let sheets = input.second.map { [$0] } ?? []
    let other = CSSInliner(options: outer).inline(input.first, sheets: sheets, placeholders: holes).bytes
    try hold(other == output, "determinism", "\(quoted(output)) or \(quoted(other))")
  }

  private static func kind(_ kind: Placeholder.Kind) -> CSSInliner.Placeholder.Kind {
    switch kind {
    case .output: .output
    case .open: .open
    case .middle: .middle
    case .close: .close
    case .silent: .silent
    }
  }

  /// All nodes but sheets are there before and after, in the same places, with the same attributes but `style`.
  private static func checkElements(_ before: HTMLTree, _ after: HTMLTree) throws(Finding) {
    let (old, new) = (outline(before), outline(after))
    let difference = zip(old, new).first { $0 != $1 }
    if let (a, b) = difference { throw Finding("elements", "\(quoted(a)) became \(quoted(b))") }
    try hold(old.count == new.count, "elements", "\(old.count) nodes became \(new.count)")
    let (oldText, newText) = (text(before), text(after))
    try hold(oldText == newText, "text", "\(quoted(oldText)) became \(quoted(newText))")
  }

  /// A line for each node: its depth, what it is and, for an element, its name and attributes.
  private static func outline(_ tree: HTMLTree) -> [[UInt8]] {
    var depths = [0]
    var lines: [[UInt8]] = []
    for (index, node) in tree.nodes.enumerated().dropFirst() {
      depths.append(depths[Int(node.parent.index)] + 1)
      if node.kind == .element, node.name == style { continue }
      // An end tag that the input ends in belongs to its sheet.
      if node.kind == .unfinishedTag, tree[node.parent].name == style { continue }
      var line = Array("\(depths[index]) \(node.kind)".utf8)
      switch node.kind {
      case .element:
        line += [0x20] + tree.bytes[Int(node.start) + 1..<Int(node.nameEnd)]
        for attribute in tree.attributes(of: NodeID(index)) where attribute.name != style {
          line += [0x20] + tree.bytes[Int(attribute.nameStart)..<Int(attribute.nameEnd)] + [0x3D]
          line += tree.rawValue(attribute)
        }
      case .hiddenConditional: line += tree.bytes[Int(node.start)..<Int(node.contentStart)]
      default: line += tree.bytes[Int(node.start)..<Int(node.end)]
      }
      lines.append(line)
    }
    return lines
  }

  /// All text outside of sheets as a reader sees it, without white space.
  private static func text(_ tree: HTMLTree) -> [UInt8] {
    var result: [UInt8] = []
    var sheets = 0
    tree.forEachEvent(entersConditionals: true) { event in
      switch event {
      case .open(let id) where tree[id].name == style: sheets += 1
      case .close(let id) where tree[id].name == style: sheets -= 1
      case .text(let range) where sheets == 0:
        result += CharacterReference.decode(tree.bytes[range]).filter { !isSpace($0) }
      default: break
      }
    }
    return result
  }
}
