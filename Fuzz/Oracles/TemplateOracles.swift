import GalleySource
import GalleyTemplate

/// What must hold of the template lexer, the parser and the checker.
///
/// An input is the content of a template; a second part is that of the partial `p`. With the option `s` the second part
/// is the subject instead, and with `l` the partial is the layout.
enum TemplateOracles {
  static func check(_ bytes: [UInt8]) throws(Finding) {
    try checkTokens(bytes)
    try checkFile(bytes)
    try checkFragment(bytes)
    let site = TemplateSite(FuzzInput(bytes))
    try DiagnosticOracles.check(site.diagnostics, site.sources)
  }

  /// Tokens tile the bytes.
  private static func checkTokens(_ bytes: [UInt8]) throws(Finding) {
    var position = 0
    for token in TemplateLexer.tokens(of: bytes, in: 0..<bytes.count) {
      let isFine = token.start == position && token.end > token.start
      try hold(isFine, "template-tiling", "\(token.kind) at \(token.range) behind \(position)")
      position = token.end
    }
    try hold(position == bytes.count, "template-tiling", "stopped at \(position) of \(bytes.count)")
  }

  /// A whole file, its front matter included.
  private static func checkFile(_ bytes: [UInt8]) throws(Finding) {
    var sources = SourceSet()
    let source = sources.add(path: "test.html", bytes: bytes)
    let (file, diagnostics) = TemplateParser.parse(source: source, bytes: bytes, name: "test")
    try DiagnosticOracles.check(diagnostics, sources)
    if let matter = file.frontMatter {
      try hold(matter.end <= bytes.count, "template-front-matter", "ends at \(matter.end) of \(bytes.count)")
    }
    var walk = TreeWalk(count: bytes.count, position: file.frontMatter?.end ?? 0)
    try walk.check(file.body, depth: 0)
    let isReported = !walk.hasErrorNode || diagnostics.hasErrors
    try hold(isReported, "template-silent", "a broken construct without a complaint")
  }

  /// A part of a file is parsed as if nothing stood around it.
  private static func checkFragment(_ bytes: [UInt8]) throws(Finding) {
    let padded = Array("'{{#if x}}".utf8) + bytes + Array("}}'{{/if}}".utf8)
    var sources = SourceSet()
    let source = sources.add(path: "front-matter", bytes: padded)
    let range = SourceRange(source, 10, 10 + bytes.count)
    let (fragment, diagnostics) = TemplateParser.parseFragment(source: source, range: range, bytes: padded)
    try DiagnosticOracles.check(diagnostics, sources)
    var walk = TreeWalk(count: range.end, position: range.start)
    try walk.check(fragment.body, depth: 0)
    let (alone, found) = TemplateParser.parseFragment(
      source: source, range: SourceRange(source, 0, bytes.count), bytes: bytes)
    let isSame = visible(alone.body) == visible(fragment.body) && found.map(\.code) == diagnostics.map(\.code)
    try hold(isSame, "template-surroundings", quoted(bytes))
  }

  /// The number of nodes besides the empty texts at the starts of lines, which depend on what stands before.
  private static func visible(_ nodes: [TemplateNode]) -> Int {
    nodes.count { node in
      if case .text(let range) = node { range.start < range.end } else { true }
    }
  }
}

/// Goes through nodes in the order of writing.
private struct TreeWalk {
  /// Where all ranges end.
  let count: Int
  /// Where the last node ends.
  var position: Int
  private(set) var hasErrorNode = false

  init(count: Int, position: Int) {
    self.count = count
    self.position = position
  }

  mutating func check(_ nodes: [TemplateNode], depth: Int) throws(Finding) {
    try hold(depth <= TemplateParser.depthLimit + 1, "template-depth", "\(depth) deep")
    for node in nodes {
      switch node {
      case .text(let range), .literal(_, let range): try advance(over: range)
      case .error(let range):
        hasErrorNode = true
        try holdInside(range)
      case .output(let output):
        try advance(over: output.range)
        try check(output.expression, within: output.range, depth: 0)
      case .block(let block): try check(block, depth: depth)
      case .partial(let call):
        try advance(over: call.range)
        for argument in call.arguments { try check(argument.value, within: call.range, depth: 0) }
        try check(call.block ?? [], depth: depth + 1)
      case .inline(let inline):
        try advance(over: inline.range)
        try check(inline.body, depth: depth + 1)
      }
    }
  }

  private mutating func check(_ block: BlockNode, depth: Int) throws(Finding) {
    try advance(over: block.openRange)
    try check(block.argument, within: block.openRange, depth: 0)
    let isWithin = block.range.start <= block.openRange.start && block.openRange.end <= block.range.end
    try hold(isWithin && block.range.end <= count, "template-range", "\(block.range) around \(block.openRange)")
    try check(block.body, depth: depth + 1)
    if let divider = block.elseRange, !isChain(block.inverse) { try advance(over: divider) }
    try check(block.inverse ?? [], depth: depth + 1)
    try hold(position <= block.range.end, "template-range", "\(position) is behind the block \(block.range)")
  }

  /// Whether what stands behind `else` is an `else if`, which is the same tag.
  private func isChain(_ nodes: [TemplateNode]?) -> Bool {
    if case .block(let block)? = nodes?.first, block.isChained { return true }
    return false
  }

  private mutating func advance(over range: SourceRange) throws(Finding) {
    try hold(range.start >= position, "template-order", "\(range) behind \(position)")
    try holdInside(range)
    position = range.end
  }

  private func holdInside(_ range: SourceRange) throws(Finding) {
    try hold(range.end <= count, "template-range", "\(range) in \(count)")
  }

  private func check(_ expression: Expression, within range: SourceRange, depth: Int) throws(Finding) {
    let inner = expression.range
    let isWithin = inner.start >= range.start && inner.end <= range.end
    try hold(isWithin, "template-expression", "\(inner) in \(range)")
    try hold(depth <= TemplateParser.depthLimit + 1, "template-depth", "\(depth) parentheses")
    guard case .call(let call) = expression else { return }
    for argument in call.positional { try check(argument, within: inner, depth: depth + 1) }
    for argument in call.named { try check(argument.value, within: inner, depth: depth + 1) }
  }
}
