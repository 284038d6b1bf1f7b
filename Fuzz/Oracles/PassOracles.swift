import GalleyCSS
import GalleyHTML
import GalleySource

/// What must hold of the passes over a finished document, each by itself.
enum PassOracles {
  private static let rewriter: URLRewriter = {
    var rewriter = URLRewriter()
    rewriter.base = BaseURL("https://cdn.example.com/a/b/c.html")
    rewriter.parameters = [URLRewriter.Parameter(name: "utm_term", value: "a&b c")]
    return rewriter
  }()

  private static let mirror: AttributeMirror = {
    var options = AttributeMirror.Options()
    options.mirrorsCellHeights = true
    options.floatsImages = true
    return AttributeMirror(options: options)
  }()

  private static let colors: ColorNotation = {
    var options = ColorNotation.Options()
    options.convertsNames = true
    return ColorNotation(options: options)
  }()

  private static func variables(keepsOriginal: Bool) -> VariablePass {
    var options = VariablePass.Options()
    options.keepsOriginal = keepsOriginal
    options.foldsAll = true
    return VariablePass(options: options)
  }

  private static let passes: [(name: String, edits: @Sendable (HTMLTree) -> EditList)] = [
    ("shorthands", { ShorthandMerge().edits(for: $0) }), ("zeros", { UnitlessZero().edits(for: $0) }),
    ("class-names", { SafeClassNames().edits(for: $0) }), ("class-removal", { ClassRemoval().edits(for: $0) }),
    ("minifier", { Minifier().edits(for: $0) }), ("urls", { rewriter.edits(for: $0) }),
    ("mirror", { mirror.edits(for: $0) }), ("colors", { colors.edits(for: $0) }),
    ("variables", { variables(keepsOriginal: false).edits(for: $0).edits }),
    ("variables-kept", { variables(keepsOriginal: true).edits(for: $0).edits }),
  ]

  static func check(_ bytes: [UInt8]) throws(Finding) {
    let placeholders = FuzzInput.placeholders(bytes)
    let tree = HTMLTree.parse(bytes, placeholders: placeholders)
    for pass in passes {
      let edits = pass.edits(tree)
      try checkEdits(edits, tree, pass.name)
      let output = edits.apply(to: bytes)
      try hold(pass.edits(tree).apply(to: bytes) == output, "\(pass.name)-determinism", quoted(output))
      let moved = try EditOracles.map(placeholders, through: edits, from: bytes, to: output)
      let after = HTMLTree.parse(output, placeholders: moved)
      let (old, new) = (elements(tree), elements(after))
      try hold(old == new, "\(pass.name)-elements", "\(quoted(bytes)) becomes \(quoted(output))")
      let again = pass.edits(after).apply(to: output)
      try hold(again == output, "\(pass.name)-idempotence", "\(quoted(output)) becomes \(quoted(again))")
    }
  }

  private static func checkEdits(_ edits: EditList, _ tree: HTMLTree, _ pass: String) throws(Finding) {
    var end = 0
    var bounds: [Int] = []
    for edit in edits.sorted() {
      let range = edit.range
      let isFine = range.lowerBound >= end && range.upperBound <= tree.bytes.count
      try hold(isFine, "\(pass)-order", "\(range) after \(end)")
      end = range.upperBound
      bounds += [range.lowerBound, range.upperBound]
      let isTouched = tree.placeholders.contains { !range.isEmpty && $0.range.overlaps(range) }
      try hold(!isTouched, "\(pass)-placeholder", "\(range) touches one")
    }
    try holdUncut(bounds, tree.placeholders, "\(pass)-placeholder")
  }

  /// The depth and the name of each element.
  private static func elements(_ tree: HTMLTree) -> [NameHash] {
    var depths = [0]
    var result: [NameHash] = []
    for node in tree.nodes.dropFirst() {
      depths.append(depths[Int(node.parent.index)] + 1)
      if node.kind == .element { result += [NameHash(value: UInt64(depths[depths.count - 1])), node.name] }
    }
    return result
  }
}

/// What must hold of edits, whoever made them.
enum EditOracles {
  /// The placeholders in the text after the edits, each with its bytes.
  static func map(
    _ placeholders: [Placeholder], through edits: EditList, from old: [UInt8], to new: [UInt8]
  ) throws(Finding) -> [Placeholder] {
    let starts = edits.map(offsets: placeholders.map(\.range.lowerBound))
    var result: [Placeholder] = []
    for (placeholder, start) in zip(placeholders, starts) {
      guard let start else { throw Finding("placeholder-lost", "\(placeholder.range)") }
      let range = start..<start + placeholder.range.count
      let isThere = range.upperBound <= new.count && new[range].elementsEqual(old[placeholder.range])
      try hold(isThere, "placeholder-lost", "\(placeholder.range) at \(range)")
      result.append(Placeholder(range: range, kind: placeholder.kind))
    }
    return result
  }
}
