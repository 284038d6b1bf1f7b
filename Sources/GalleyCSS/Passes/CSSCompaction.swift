import GalleyHTML

/// Finds the white space and the comments of CSS that mean nothing, as gaps of a layout.
///
/// It goes over the tokens beside the parsed rules: between rules and declarations nothing is needed, in selectors and
/// values one space is, unless a comma or a combinator says the same, and the prelude of an at-rule keeps its spaces,
/// one for each run. Comments with placeholders or with a directive for the inliner stay. CSS that is broken is not
/// touched.
struct CSSCompaction {
  /// How the white space of a part is treated.
  private enum Mode: UInt8 {
    /// Between rules and declarations.
    case structure
    /// A property's name, its colon, and what is between them and the value.
    case head
    case selector, value
    /// One space for each run.
    case prelude
    /// One space or line end for each run.
    case block
    /// Nothing changes.
    case verbatim
  }

  /// A part of the text.
  private struct Region {
    var range: Range<Int>
    var mode: Mode
  }

  private let text: EmbeddedText
  private let isAttribute: Bool
  private var regions: [Region] = []

  private init(_ text: EmbeddedText, isAttribute: Bool) {
    self.text = text
    self.isAttribute = isAttribute
  }

  // MARK: - Sheets

  /// Adds the gaps of a sheet.
  static func compact(sheet node: HTMLTree.Node, of tree: HTMLTree, into layout: inout LineLayout) {
    let text = EmbeddedText(contentOf: node, in: tree)
    let sheet = text.sheet
    let isSound = sheet.faults.allSatisfy { $0.kind == .invalidSelector || $0.kind == .unknownPseudo }
    guard isSound, !sheet.rules.contains(where: { $0.kind == .malformed }), !sheet.rules.isEmpty else { return }
    var compaction = CSSCompaction(text, isAttribute: false)
    compaction.addRegions(of: sheet)
    compaction.addGaps(to: &layout)
  }

  private mutating func addRegions(of sheet: StyleSheet) {
    for rule in sheet.rules {
      switch rule.kind {
      case .style where rule.flags.contains(.nested): add(rule.range, .verbatim)
      case .style:
        let isPlain = rule.flags.isDisjoint(with: [.invalid]) && !text.hasPlaceholder(in: rule.prelude)
        add(rule.prelude, isPlain ? .selector : .prelude)
        for declaration in sheet.declarations[rule.declarations] { addRegions(of: declaration) }
      case .group: add(rule.range.lowerBound..<max(rule.block.lowerBound, rule.range.lowerBound), .prelude)
      case .atRule: add(rule.range, rule.block.isEmpty ? .prelude : .block)
      case .malformed, .placeholder: break
      }
    }
  }

  private mutating func add(_ range: Range<Int>, _ mode: Mode) {
    if !range.isEmpty { regions.append(Region(range: range, mode: mode)) }
  }

  private mutating func addRegions(of declaration: StyleSheet.Declaration) {
    add(Int(declaration.name.lowerBound)..<Int(declaration.value.lowerBound), .head)
    let value = Int(declaration.value.lowerBound)..<Int(declaration.end)
    let name = text.bytes[declaration.name.offsets].map(\.lowercasedASCII)
    let isForeign =
      declaration.property.isCustom || declaration.flags.contains(.placeholder)
      || name.starts(with: "mso-".utf8) || Self.foreign.contains(declaration.property.hash)
    add(value, isForeign ? .verbatim : .value)
  }

  /// Properties whose values are no CSS.
  private static let foreign: Set<UInt64> = Set(
    ["filter", "-ms-filter", "behavior", "-ms-behavior"].map { NameHash($0.utf8).value })

  // MARK: - Attributes

  /// Adds the gaps of a `style` attribute.
  static func compact(style attribute: HTMLTree.Attribute, of tree: HTMLTree, into layout: inout LineLayout) {
    guard !attribute.hasPlaceholder, attribute.quote == .double || attribute.quote == .single else { return }
    let text = EmbeddedText(attribute, in: tree)
    var compaction = CSSCompaction(text, isAttribute: true)
    let declarations = text.declarations
    for declaration in declarations { compaction.addRegions(of: declaration) }
    if !declarations.isEmpty, compaction.holdsOnlyDeclarations { compaction.addGaps(to: &layout) }
  }

  /// Whether nothing but trivia and semicolons stands between the declarations, and all is closed.
  private var holdsOnlyDeclarations: Bool {
    var tokenizer = text.tokenizer
    var next = 0
    var depth = 0
    while true {
      let token = tokenizer.take()
      if token.kind == .end { return depth == 0 }
      if token.isUnclosed { return false }
      switch token.kind {
      case .function, .openParenthesis, .openSquare, .openBrace: depth += 1
      case .closeParenthesis, .closeSquare, .closeBrace: depth -= 1
      default: break
      }
      while next < regions.count, regions[next].range.upperBound <= Int(token.start) { next += 1 }
      let isInside = next < regions.count && regions[next].range.lowerBound <= Int(token.start)
      if !isInside, !token.kind.isTrivia, token.kind != .semicolon { return false }
    }
  }

  // MARK: - Gaps

  /// White space and comments between two tokens.
  private struct Trivia {
    var hasSpace = false
    var hasNewline = false
    var hasComment = false
    /// Whether a comment has to stay.
    var isKept = false
  }

  /// A token that is no trivia, and the end of what was before it.
  private struct Mark {
    var kind: CSSToken.Kind
    var start: Int
    var end: Int
    /// Whether it is a part of a rule's header, of a declaration or of an at-rule.
    var isInRegion = false
  }

  private func addGaps(to layout: inout LineLayout) {
    var tokenizer = text.tokenizer
    var next = 0
    var depth = 0
    var before = Mark(kind: .end, start: text.range.lowerBound, end: text.range.lowerBound)
    var last = before
    while true {
      var trivia = Trivia()
      var token = tokenizer.take()
      while token.kind.isTrivia {
        note(token, &trivia)
        token = tokenizer.take()
      }
      let mark = Mark(kind: token.kind, start: Int(token.start), end: Int(token.end))
      while next < regions.count, regions[next].range.upperBound <= last.start { next += 1 }
      last.isInRegion =
        next < regions.count && regions[next].range.lowerBound <= last.start && last.start < last.end
      let isInside = last.isInRegion && mark.end <= regions[next].range.upperBound
      let mode = isInside ? regions[next].mode : .structure
      addGap(before, last, mark, trivia, mode, depth, to: &layout)
      if token.kind == .end { return }
      switch token.kind {
      case .function, .openParenthesis, .openSquare: depth += 1
      case .closeParenthesis, .closeSquare: depth = max(depth - 1, 0)
      case .openBrace, .closeBrace: depth = 0
      default: break
      }
      before = last
      last = mark
    }
  }

  private func note(_ token: CSSToken, _ trivia: inout Trivia) {
    let bytes = text.bytes[token.range]
    if token.kind == .whitespace {
      trivia.hasSpace = true
      if bytes.contains(where: \.isCSSNewline) { trivia.hasNewline = true }
    } else {
      trivia.hasComment = true
      if token.isUnclosed || Directive(bytes) != nil || text.hasPlaceholder(in: token.range) { trivia.isKept = true }
    }
  }

  /// Adds the gap between two tokens; `before` is the token before `last`.
  private func addGap(
    _ before: Mark, _ last: Mark, _ next: Mark, _ trivia: Trivia, _ mode: Mode, _ depth: Int,
    to layout: inout LineLayout
  ) {
    // Without the line end that broke it off, a string would go on.
    if trivia.isKept || last.kind == .badString { return }
    var range = last.end..<next.start
    switch mode {
    case .verbatim: return
    case .structure:
      if Self.isForeign(last.kind) || Self.isForeign(next.kind) {
        if trivia.hasSpace, !trivia.hasComment { add(range, trivia.hasNewline ? .newline : .space, .never, &layout) }
        return
      }
      var lineBreak = next.kind == .end ? .never : Self.lineBreak(behind: last.kind)
      if isNeedless(last, between: before, next) {
        range = last.start..<next.start
        // Without it, what stood before it stands here, unless that went as well.
        lineBreak = before.kind == .semicolon ? .never : Self.lineBreak(behind: before.kind)
      }
      add(range, .nothing, lineBreak, &layout)
    case .head: add(range, .nothing, .never, &layout)
    case .selector, .value:
      let isNeeded =
        mode == .selector ? !Self.joins(last, next, depth, text.bytes) : !Self.isLoose(last.kind, next.kind)
      if trivia.hasSpace { add(range, isNeeded ? .space : .nothing, .never, &layout) }
    case .prelude, .block:
      if !trivia.hasSpace || trivia.hasComment { return }
      add(range, mode == .block && trivia.hasNewline ? .newline : .space, .never, &layout)
    }
  }

  /// Whether a token is a semicolon behind the last declaration, or before another semicolon.
  private func isNeedless(_ token: Mark, between before: Mark, _ next: Mark) -> Bool {
    guard token.kind == .semicolon, !token.isInRegion, before.kind != .colon, before.kind != .end,
      !Self.isForeign(before.kind)
    else { return false }
    return next.kind == .semicolon || next.kind == .closeBrace || isAttribute && next.kind == .end
  }

  private func add(
    _ range: Range<Int>, _ filling: LineLayout.Filling, _ lineBreak: LineLayout.Break, _ layout: inout LineLayout
  ) {
    layout.add(text.document(range), filling, lineBreak)
  }

  /// Whether a token is not one of CSS's own, so that the space around it may mean something.
  private static func isForeign(_ kind: CSSToken.Kind) -> Bool {
    kind == .placeholder || kind == .cdo || kind == .cdc
  }

  private static func lineBreak(behind kind: CSSToken.Kind) -> LineLayout.Break {
    switch kind {
    case .closeBrace: .preferred
    case .semicolon, .openBrace: .lastResort
    default: .never
    }
  }

  /// Whether a comma or a parenthesis makes the space between two tokens of a value needless.
  private static func isLoose(_ last: CSSToken.Kind, _ next: CSSToken.Kind) -> Bool {
    last == .comma || next == .comma || last == .function || last == .openParenthesis || next == .closeParenthesis
  }

  /// Whether a comma or a combinator makes the space between two tokens of a selector needless.
  private static func joins(_ last: Mark, _ next: Mark, _ depth: Int, _ bytes: [UInt8]) -> Bool {
    if last.kind == .comma || next.kind == .comma { return true }
    return depth == 0
      && [last, next].contains { mark in
        mark.kind == .delimiter && [0x3E, 0x2B, 0x7E].contains(bytes[mark.start])
      }
  }
}
