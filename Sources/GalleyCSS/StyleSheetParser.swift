// The file is long because it is one parser: what ends a rule, a block and a declaration is decided here and nowhere else.

import GalleyHTML

/// Parses rules and declarations into flat arrays.
///
/// Each parsing function starts at its construct's first token and ends behind its last; loops take a token or end.
struct StyleSheetParser {
  /// How deep groups may nest.
  private static let maximumDepth = 32

  private(set) var rules: [StyleSheet.Rule] = []
  var declarations: [StyleSheet.Declaration] = []
  private(set) var faults: [StyleSheet.Fault] = []
  var selectorStore: SelectorStore { selectorParser.store }

  let bytes: [UInt8]
  let end: Int
  var tokenizer: CSSTokenizer
  /// The token at hand.
  var token: CSSToken
  let properties = PropertyTable.shared
  let grammar = ValueGrammar.shared
  private var selectorParser: SelectorParser
  /// What all rules of the sheet have in common.
  private let flags: StyleSheet.Flags
  /// How many brackets that are never closed may still be followed to the end of the sheet.
  private var patience = 16
  /// Whether the default namespace is not that of HTML.
  private var isForeign = false
  /// How many template blocks are open.
  private(set) var blockDepth = 0
  /// Whether there was nothing in declarations but usual ones, each with its end, and space between them.
  private(set) var isAllPlain = true
  /// The rules that were met in the rule at hand: where the header and the inside of the block stand.
  private var nested: [(header: Range<Int>, block: Range<Int>)] = []
  private var nestingDepth = 0
  /// What the author's comments say about the next rule, and about all rules until further notice.
  private var pinsNext = false
  private var pinsAll = false

  init(_ bytes: [UInt8], in range: Range<Int>, placeholders: [Placeholder], flags: StyleSheet.Flags) {
    self.bytes = bytes
    self.flags = flags
    end = range.upperBound
    tokenizer = CSSTokenizer(bytes, in: range, placeholders: placeholders)
    selectorParser = SelectorParser(bytes, placeholders: placeholders)
    token = tokenizer.take()
  }

  private mutating func advance() {
    if token.isUnclosed, token.kind != .end { reportUnclosed() }
    token = tokenizer.take()
  }

  private mutating func reportUnclosed() {
    let kind: StyleSheet.Fault.Kind =
      switch token.kind {
      case .comment: .unclosedComment
      case .string: .unclosedString
      default: .brokenURL
      }
    report(kind, token.range)
  }

  private mutating func report(_ kind: StyleSheet.Fault.Kind, _ range: Range<Int>) {
    faults.append(StyleSheet.Fault(kind: kind, range: range))
  }

  private mutating func skipTrivia() { while token.kind.isTrivia { advance() } }

  private func isDelimiter(_ byte: UInt8) -> Bool { token.kind == .delimiter && bytes[Int(token.start)] == byte }

  // MARK: - Rules

  /// Parses a whole sheet.
  mutating func parseSheet() {
    let size = end - tokenizer.position
    rules.reserveCapacity(size / 64 + 2)
    declarations.reserveCapacity(size / 24 + 2)
    selectorParser.reserveCapacity(size / 48 + 2)
    parseRules(parent: -1, flags: flags, depth: 0)
  }

  /// Parses rules up to the end or, in a group, up to its brace.
  private mutating func parseRules(parent: Int32, flags: StyleSheet.Flags, depth: Int) {
    while true {
      switch token.kind {
      case .end: return
      case .whitespace: advance()
      case .comment: takeComment()
      case .cdo where parent < 0, .cdc where parent < 0: advance()
      case .closeBrace where parent >= 0: return
      case .placeholder:
        if !takePlaceholder(parent: parent, flags: flags) { parseStyleRule(parent: parent, flags: flags) }
      case .atKeyword: parseAtRule(parent: parent, flags: flags, depth: depth)
      case .delimiter where isDelimiter(0x3C) && takeCDATAMark(): break
      case .closeSquare where takeCDATAMark(): break
      default: parseStyleRule(parent: parent, flags: flags)
      }
    }
  }

  /// Takes `<![CDATA[` or `]]>`, with which XHTML documents wrap a sheet.
  private mutating func takeCDATAMark() -> Bool {
    for mark: StaticString in ["<![CDATA[", "]]>"] {
      let start = Int(token.start)
      let stop = start + mark.utf8CodeUnitCount
      if stop <= end, bytes[start..<stop].elementsEqual(String(describing: mark).utf8) {
        tokenizer.seek(to: stop)
        token = tokenizer.take()
        return true
      }
    }
    return false
  }

  /// Takes a comment between rules and heeds what it says.
  private mutating func takeComment() {
    switch Directive(bytes[token.range]) {
    case .next: pinsNext = true
    case .start: pinsAll = true
    case .end: pinsAll = false
    case nil: break
    }
    _ = notePlaceholders(inCommentOf: -1)
    advance()
  }

  /// Counts the template blocks; says whether a placeholder opens, parts or closes one.
  private mutating func meet(_ kind: Placeholder.Kind) -> Bool {
    switch kind {
    case .output, .silent: return false
    case .open: blockDepth += 1
    case .middle: break
    case .close: blockDepth = max(blockDepth - 1, 0)
    }
    return true
  }

  /// Heeds the placeholders in the comment at hand; returns what they make of a declaration around it.
  ///
  /// A block may well begin and end in comments, so that an editor takes the sheet for one.
  private mutating func notePlaceholders(inCommentOf rule: Int32) -> StyleSheet.DeclarationFlags {
    var flags: StyleSheet.DeclarationFlags = []
    for placeholder in tokenizer.placeholders(in: token.range) {
      flags.insert(.placeholder)
      if meet(placeholder.kind) { flags.insert(.conditional) }
    }
    if flags.contains(.conditional) { keepPlaceholder(rule) }
    return flags
  }

  /// Notes that a placeholder decides about the inside of a rule.
  private mutating func keepPlaceholder(_ rule: Int32) {
    if rule >= 0 { rules[Int(rule)].flags.insert(.placeholder) }
  }

  /// Takes a placeholder between rules; false when it seems to be the start of a selector.
  private mutating func takePlaceholder(parent: Int32, flags: StyleSheet.Flags) -> Bool {
    let kind = tokenizer.lastPlaceholderKind
    let range = token.range
    if kind == .output {
      let next = range.upperBound
      let standsAlone = next >= end || bytes[next].isCSSNewline || bytes[next] == 0x7D || bytes[next] == 0x3B
      if !standsAlone { return false }
    }
    advance()
    _ = meet(kind)
    _ = addRule(.placeholder, flags: flags, parent: parent, start: range.lowerBound, end: range.upperBound)
    return true
  }

  /// Adds a rule whose details are filled in later; the directive for the next rule is used up.
  private mutating func addRule(
    _ kind: StyleSheet.Rule.Kind, flags: StyleSheet.Flags, parent: Int32, start: Int, end: Int
  ) -> Int {
    var flags = flags
    if blockDepth > 0 { flags.insert(.conditional) }
    if isForeign { flags.insert(.grouped) }
    if kind != .placeholder {
      if pinsNext || pinsAll { flags.insert(.pinned) }
      pinsNext = false
    }
    let none = declarations.count..<declarations.count
    let index = rules.count
    rules.append(
      StyleSheet.Rule(
        kind: kind, flags: flags, parent: parent, subtreeEnd: Int32(index + 1), range: start..<end,
        prelude: start..<start, block: end..<end,
        selectors: 0..<0, declarations: none))
    return index
  }

  private mutating func parseStyleRule(parent: Int32, flags: StyleSheet.Flags) {
    let start = Int(token.start)
    var preludeEnd = start
    var hasBlockPlaceholder = false
    if let (stop, brace) = plainPrelude(from: start) {
      preludeEnd = stop
      tokenizer.seek(to: brace)
      token = tokenizer.take()
    }
    var brackets = BracketStack()
    while token.kind != .end {
      if token.kind == .openBrace || token.kind == .closeBrace && parent >= 0, !isSheltered(by: &brackets) { break }
      if !token.kind.isTrivia { preludeEnd = Int(token.end) }
      if token.kind == .closeBrace, brackets.isEmpty { report(.strayBrace, token.range) }
      switch token.kind {
      case .placeholder where meet(tokenizer.lastPlaceholderKind): hasBlockPlaceholder = true
      case .comment where notePlaceholders(inCommentOf: -1).contains(.conditional): hasBlockPlaceholder = true
      default: break
      }
      brackets.note(token.kind)
      advance()
    }
    guard token.kind == .openBrace else {
      report(.unexpectedRule, start..<preludeEnd)
      _ = addRule(.malformed, flags: flags, parent: parent, start: start, end: preludeEnd)
      return
    }
    let rule = addRule(.style, flags: flags, parent: parent, start: start, end: preludeEnd)
    let depthBefore = blockDepth
    let brace = token.range
    advance()
    rules[rule].prelude = start..<preludeEnd
    parseSelectors(of: rule)
    let first = declarations.count
    nested.removeAll(keepingCapacity: true)
    parseDeclarations(rule: Int32(rule), inBlock: true)
    closeBlock(of: rule, openedAt: brace)
    rules[rule].declarations = first..<declarations.count
    if !nested.isEmpty { parseNested(in: rule) }
    if hasBlockPlaceholder || blockDepth != depthBefore { rules[rule].flags.formUnion([.conditional, .placeholder]) }
  }

  /// Whether the token at hand stands in brackets, so that it ends nothing.
  ///
  /// Brackets that the sheet never closes are given up: a browser would lose all that follows.
  private mutating func isSheltered(by brackets: inout BracketStack) -> Bool {
    if brackets.isEmpty { return false }
    if brackets.isSafe || brackets.awaitsBrace { return true }
    if patience > 0, brackets.lookAhead(token, tokenizer) { return true }
    patience = max(patience - 1, 0)
    brackets.giveUp()
    return brackets.awaitsBrace
  }

  /// The end of a prelude without comments, strings and escapes, and the offset of its brace.
  private func plainPrelude(from start: Int) -> (end: Int, brace: Int)? {
    let limit = tokenizer.plainEnd
    var index = start
    var last = start
    while index < limit {
      switch bytes[index] {
      case 0x7B: return (last, index)
      case 0x20, 0x09, 0x0A, 0x0C, 0x0D: index += 1
      case 0x5B:
        guard let stop = plainSquareEnd(from: index, limit: limit) else { return nil }
        index = stop
        last = stop
      case 0x22, 0x27, 0x28, 0x2F, 0x5C, 0x7D: return nil
      default:
        index += 1
        last = index
      }
    }
    return nil
  }

  /// Behind the bracket that closes one without strings, escapes and other brackets.
  private func plainSquareEnd(from start: Int, limit: Int) -> Int? {
    var index = start + 1
    while index < limit {
      switch bytes[index] {
      case 0x5D: return index + 1
      case 0x22, 0x27, 0x28, 0x2F, 0x5B, 0x5C, 0x7B, 0x7D: return nil
      default: index += 1
      }
    }
    return nil
  }

  /// Takes the brace that closes a block, and fills in what is known now.
  private mutating func closeBlock(of rule: Int, openedAt brace: Range<Int>) {
    let blockEnd = Int(token.start)
    if token.kind == .closeBrace {
      rules[rule].range = rules[rule].range.lowerBound..<Int(token.end)
      advance()
    } else {
      report(.unclosedBlock, brace)
      rules[rule].range = rules[rule].range.lowerBound..<blockEnd
    }
    rules[rule].block = brace.upperBound..<blockEnd
  }

  /// Parses the rules that were met in a rule; they stay in the sheet, but others must know them.
  private mutating func parseNested(in rule: Int) {
    let inside = nested
    let (savedTokenizer, savedToken, savedDepth) = (tokenizer, token, blockDepth)
    nestingDepth += 1
    for (header, block) in inside where nestingDepth < Self.maximumDepth && !rules[rule].selectors.isEmpty {
      let isAtRule = bytes[header.lowerBound] == 0x40
      var flags = rules[rule].flags.union(.nested)
      flags.remove(.invalid)
      if isAtRule { flags.insert(.grouped) }
      let added = addRule(
        .style, flags: flags, parent: Int32(rule), start: header.lowerBound, end: block.upperBound)
      rules[added].prelude = header
      rules[added].block = block
      if isAtRule {
        rules[added].selectors = selectorParser.copySelectors(rules[rule].selectors, at: header)
      } else {
        parseSelectors(of: added, within: rules[rule].selectors)
      }
      let first = declarations.count
      nested.removeAll(keepingCapacity: true)
      tokenizer.seek(to: block.lowerBound)
      token = tokenizer.take()
      parseDeclarations(rule: Int32(added), inBlock: true)
      rules[added].declarations = first..<declarations.count
      if !nested.isEmpty { parseNested(in: added) }
    }
    rules[rule].subtreeEnd = Int32(rules.count)
    nestingDepth -= 1
    (tokenizer, token, blockDepth) = (savedTokenizer, savedToken, savedDepth)
  }

  private mutating func parseSelectors(of rule: Int, within outer: Range<Int>? = nil) {
    var prelude = rules[rule].prelude
    // A backslash before a line end is no escape, as it would be where the text ends.
    if bytes[prelude].last == 0x5C, prelude.upperBound < end, bytes[prelude.upperBound].isCSSNewline {
      prelude = prelude.lowerBound..<prelude.upperBound + 1
    }
    switch outer.map({ selectorParser.parse(prelude, nestedIn: $0) }) ?? selectorParser.parse(prelude) {
    case .selectors(let range): rules[rule].selectors = range
    case .failure(let failure):
      rules[rule].flags.insert(.invalid)
      switch failure {
      case .unexpected(let range): report(.invalidSelector, range.isEmpty ? rules[rule].prelude : range)
      case .unknownPseudo(let range): report(.unknownPseudo, range)
      case .vendorPseudo: break
      case .tooDeep(let range): report(.tooDeep, range)
      }
    }
  }

  // MARK: - At-rules

  private mutating func parseAtRule(parent: Int32, flags: StyleSheet.Flags, depth: Int) {
    let start = Int(token.start)
    let name = AtRuleName(bytes, start + 1..<Int(token.end))
    let preludeStart = Int(token.end)
    var preludeEnd = preludeStart
    let rule = addRule(.atRule, flags: flags, parent: parent, start: start, end: preludeStart)
    advance()
    var brackets = BracketStack()
    while token.kind != .end {
      let mayEnd = endsPrelude || token.kind == .closeBrace && parent >= 0
      if mayEnd, !isSheltered(by: &brackets) { break }
      if !token.kind.isTrivia { preludeEnd = Int(token.end) }
      brackets.note(token.kind)
      advance()
    }
    rules[rule].prelude = preludeStart..<preludeEnd
    rules[rule].range = start..<preludeEnd
    if token.kind == .semicolon {
      if name == .namespace { noteNamespace(preludeStart..<preludeEnd) }
      rules[rule].range = start..<Int(token.end)
      rules[rule].block = Int(token.end)..<Int(token.end)
      advance()
    } else if token.kind == .openBrace {
      parseAtBlock(of: rule, name: name, depth: depth)
    }
    rules[rule].subtreeEnd = Int32(rules.count)
  }

  /// Notes a default namespace: with one other than HTML's, types and `*` mean elements of which none can be styled.
  private mutating func noteNamespace(_ prelude: Range<Int>) {
    var tokenizer = CSSTokenizer(bytes, in: prelude)
    var token = tokenizer.take()
    while token.kind.isTrivia || token.kind == .function { token = tokenizer.take() }
    guard token.kind == .string || token.kind == .url else { return }
    let words = CSSName.decoded(bytes, token.range).split {
      $0.isCSSWhitespace || [0x22, 0x27, 0x28, 0x29].contains($0)
    }
    isForeign = !words.contains { $0.elementsEqual("http://www.w3.org/1999/xhtml".utf8) }
  }

  private mutating func parseAtBlock(of rule: Int, name: AtRuleName, depth: Int) {
    let brace = token.range
    advance()
    guard name.holdsRules, depth < Self.maximumDepth else {
      if name.holdsRules { report(.tooDeep, rules[rule].range) }
      skipBlock()
      closeBlock(of: rule, openedAt: brace)
      return
    }
    rules[rule].kind = .group
    var flags = rules[rule].flags
    flags.remove(.always)
    if name == .media, MediaQuery.alwaysApplies(bytes, rules[rule].prelude) {
      rules[rule].flags.insert(.always)
    } else {
      flags.insert(.grouped)
    }
    if name == .layer { flags.insert(.layered) }
    if name == .scope { flags.insert(.scoped) }
    parseRules(parent: Int32(rule), flags: flags, depth: depth + 1)
    closeBlock(of: rule, openedAt: brace)
  }

  /// Skips to the brace that closes the current block.
  private mutating func skipBlock() {
    var brackets = BracketStack()
    while token.kind != .end {
      if token.kind == .closeBrace, !isSheltered(by: &brackets) { return }
      brackets.note(token.kind)
      advance()
    }
  }

  /// Whether the token at hand ends what stands before a block, unless brackets are open.
  private var endsPrelude: Bool { token.kind == .openBrace || token.kind == .semicolon }

  // MARK: - Declarations

  /// Parses declarations up to the brace of their block or, in an attribute, up to the end.
  mutating func parseDeclarations(rule: Int32, inBlock: Bool) {
    while true {
      switch token.kind {
      case .end: return
      case .whitespace, .semicolon: advance()
      case .closeBrace where inBlock: return
      default:
        let count = declarations.count
        takePlainDeclarations(rule: rule, inBlock: inBlock)
        if declarations.count == count { takeUnusual(rule: rule, inBlock: inBlock) }
      }
    }
  }

  /// Takes what is no usual declaration.
  private mutating func takeUnusual(rule: Int32, inBlock: Bool) {
    isAllPlain = false
    switch token.kind {
    case .comment:
      _ = notePlaceholders(inCommentOf: rule)
      advance()
    case .placeholder: takePlaceholder(ofRule: rule)
    case .atKeyword: skipNestedRule(rule, from: Int(token.start), inBlock: inBlock)
    default: parseDeclaration(rule: rule, inBlock: inBlock)
    }
  }

  private mutating func takePlaceholder(ofRule rule: Int32) {
    _ = meet(tokenizer.lastPlaceholderKind)
    keepPlaceholder(rule)
    advance()
  }

  private mutating func parseDeclaration(rule: Int32, inBlock: Bool) {
    let start = Int(token.start)
    if isDelimiter(0x2A) { advance() }
    guard token.kind == .ident else { return skipBroken(rule, from: start, inBlock: inBlock) }
    let name = Int32(start)..<token.end
    advance()
    var flags: StyleSheet.DeclarationFlags = []
    while token.kind.isTrivia { takeTrivia(&flags, rule: rule) }
    guard token.kind == .colon else { return skipBroken(rule, from: start, inBlock: inBlock) }
    advance()
    while token.kind.isTrivia { takeTrivia(&flags, rule: rule) }
    let property = property(named: name.offsets)
    var value = ValueScan(start: token.start, flags: flags)
    if blockDepth > 0 { value.flags.insert(.conditional) }
    switch scanValue(&value, isCustom: property.isCustom, inBlock: inBlock, rule: rule) {
    case .nestedRule: return skipNestedRule(rule, from: start, inBlock: inBlock)
    case .broken: return
    case .complete: break
    }
    addDeclaration(property, name: name, value, rule: rule, inBlock: inBlock)
  }

  private mutating func addDeclaration(
    _ property: Property, name: Range<Int32>, _ scan: ValueScan, rule: Int32, inBlock: Bool
  ) {
    var scan = scan
    var valueEnd = scan.end
    if scan.bangState == 2 {
      scan.flags.insert(.important)
      valueEnd = scan.endBeforeBang
    }
    guard valueEnd > scan.start || property.isCustom else {
      report(.emptyValue, name.lowerBound == name.upperBound ? 0..<0 : name.offsets)
      return
    }
    let value = scan.start..<max(valueEnd, scan.start)
    if scan.flags.contains(.placeholder) {
      keepPlaceholder(rule)
    } else if grammar.isDoubtful(bytes, value.offsets, of: property) {
      scan.flags.insert(.doubtful)
    }
    if isRevertLayer(value.offsets) { keepWhole(rule) }
    declarations.append(
      StyleSheet.Declaration(
        property: property, flags: scan.flags, name: name, value: value, end: max(scan.end, value.upperBound),
        rule: rule))
  }

  /// Whether a value goes back to an earlier layer: in an attribute it would go back to the sheets.
  func isRevertLayer(_ value: Range<Int>) -> Bool {
    value.count == 12 && bytes[value.lowerBound] | 0x20 == 0x72 && CSSName.equals(bytes, value, "revert-layer")
  }

  /// The property that a name, as written, means.
  private func property(named name: Range<Int>) -> Property {
    let isCustom = name.count > 2 && bytes[name.lowerBound] == 0x2D && bytes[name.lowerBound + 1] == 0x2D
    if isCustom {
      return Property(hash: CSSName.hash(bytes, name, lowercased: false), index: Property.customIndex)
    }
    let hash = CSSName.hash(bytes, name, lowercased: true)
    return Property(hash: hash, index: properties.index(ofHash: hash))
  }

  /// What a walk over a value has found.
  private struct ValueScan {
    var start: Int32
    var end: Int32
    var flags: StyleSheet.DeclarationFlags
    /// 1 behind `!`, 2 behind `!important`.
    var bangState = 0
    var endBeforeBang: Int32

    init(start: Int32, flags: StyleSheet.DeclarationFlags) {
      self.start = start
      end = start
      endBeforeBang = start
      self.flags = flags
    }
  }

  private enum ScanResult { case complete, broken, nestedRule }

  /// Walks over a value up to the semicolon or brace that ends it.
  private mutating func scanValue(
    _ value: inout ValueScan, isCustom: Bool, inBlock: Bool, rule: Int32
  ) -> ScanResult {
    var brackets = BracketStack()
    var isBroken = false
    var opening = token.range
    var lastWasTrivia = false
    while token.kind != .end {
      if token.isUnclosed {
        // What the end of the sheet closes would stay open in an attribute.
        keepWhole(rule)
        value.flags.insert(.doubtful)
      }
      switch token.kind {
      case .semicolon where brackets.isEmpty: return isBroken ? .broken : .complete
      case .closeBrace where inBlock:
        if brackets.isEmpty { return isBroken ? .broken : .complete }
        guard isSheltered(by: &brackets) else {
          report(.unclosedParenthesis, opening)
          return .broken
        }
      case .openBrace where inBlock && !isCustom && brackets.isEmpty: return .nestedRule
      case .openParenthesis, .function, .openSquare: if brackets.isEmpty { opening = token.range }
      case .badString, .badURL:
        report(token.kind == .badString ? .brokenString : .brokenURL, token.range)
        isBroken = true
      case .whitespace, .comment:
        lastWasTrivia = true
        takeTrivia(&value.flags, rule: rule)
        continue
      case .placeholder: notePlaceholder(&value, rule: rule)
      default: break
      }
      if brackets.note(token.kind) {
        report(.invalidDeclaration, token.range)
        isBroken = true
      }
      noteToken(&value, at: brackets.isEmpty, afterTrivia: lastWasTrivia)
      lastWasTrivia = false
      advance()
    }
    if !brackets.isEmpty || end > 0 && bytes[end - 1] == 0x5C { keepWhole(rule) }
    return isBroken ? .broken : .complete
  }

  /// Sees to it that a rule stays in its sheet.
  mutating func keepWhole(_ rule: Int32) {
    if rule >= 0 { rules[Int(rule)].flags.insert(.grouped) }
  }

  /// Takes white space or a comment in a declaration.
  private mutating func takeTrivia(_ flags: inout StyleSheet.DeclarationFlags, rule: Int32) {
    if token.kind == .comment {
      flags.insert(.untidy)
      flags.formUnion(notePlaceholders(inCommentOf: rule))
    } else if token.range.count > 1 || bytes[Int(token.start)] != 0x20,
      bytes[token.range].contains(where: \.isCSSNewline)
    {
      flags.insert(.untidy)
    }
    advance()
  }

  private mutating func notePlaceholder(_ value: inout ValueScan, rule: Int32) {
    value.flags.insert(.placeholder)
    if meet(tokenizer.lastPlaceholderKind) { value.flags.insert(.conditional) }
    keepPlaceholder(rule)
  }

  private func noteToken(_ value: inout ValueScan, at isTopLevel: Bool, afterTrivia: Bool) {
    switch token.kind {
    case .string, .url, .badString, .badURL:
      if tokenizer.hasPlaceholder(in: token.range) { value.flags.insert(.placeholder) }
      value.flags.insert(.special)
    case .delimiter:
      let byte = bytes[Int(token.start)]
      if byte == 0x21, isTopLevel {
        value.endBeforeBang = value.end
        value.bangState = 1
        value.end = token.end
        return
      }
      if byte == 0x26 || byte == 0x3C || byte == 0x3E { value.flags.insert(.special) }
    case .ident where value.bangState == 1 && isTopLevel:
      if CSSName.equals(bytes, token.range, "important") {
        // Written with escapes, it is written anew.
        if token.range.count > 9 { value.flags.insert(.untidy) }
        value.bangState = 2
        value.end = token.end
        return
      }
    case .cdo, .cdc: value.flags.insert(.special)
    default: break
    }
    value.bangState = 0
    value.end = token.end
  }

  // MARK: - Recovery

  /// Skips something in a block that is no declaration: up to the next semicolon, or a rule in the rule.
  private mutating func skipBroken(_ rule: Int32, from start: Int, inBlock: Bool) {
    var brackets = BracketStack()
    var stop = Int(token.end)
    if token.kind == .end { return report(.invalidDeclaration, start..<Int(token.start)) }
    while token.kind != .end {
      switch token.kind {
      case .semicolon where brackets.isEmpty: return report(.invalidDeclaration, start..<max(stop, start))
      case .closeBrace where inBlock:
        if !isSheltered(by: &brackets) { return report(.invalidDeclaration, start..<max(stop, start)) }
      case .openBrace where inBlock:
        if !isSheltered(by: &brackets) { return skipNestedRule(rule, from: start, inBlock: inBlock) }
      case .placeholder:
        takePlaceholder(ofRule: rule)
        continue
      default: break
      }
      brackets.note(token.kind)
      if !token.kind.isTrivia { stop = Int(token.end) }
      advance()
    }
    report(.invalidDeclaration, start..<max(stop, start))
  }

  /// Skips a rule within a rule that starts at `start`.
  private mutating func skipNestedRule(_ rule: Int32, from start: Int, inBlock: Bool) {
    tokenizer.seek(to: start)
    token = tokenizer.take()
    var brackets = BracketStack()
    while token.kind != .end {
      if endsPrelude || token.kind == .closeBrace && inBlock, !isSheltered(by: &brackets) { break }
      brackets.note(token.kind)
      advance()
    }
    if token.kind == .openBrace {
      let header = start..<Int(token.start)
      let blockStart = Int(token.end)
      advance()
      skipBlock()
      if rule >= 0 { nested.append((header, blockStart..<Int(token.start))) }
      if token.kind == .closeBrace { advance() }
      if nestingDepth == 0 { report(.nestedRule, header) }
    } else if token.kind == .semicolon {
      advance()
    }
    if rule >= 0 { rules[Int(rule)].flags.insert(.nested) }
  }
}

/// What a comment says about the rules behind it.
enum Directive {
  case next, start, end

  /// The phrases, each as the whole text of a comment; those of juice are understood as well.
  init?(_ comment: ArraySlice<UInt8>) {
    let first = comment.dropFirst(2).first { !$0.isCSSWhitespace }
    guard comment.count < 40, first == 0x67 || first == 0x6A else { return nil }
    let text = String(decoding: comment.dropFirst(2).dropLast(2), as: UTF8.self)
    switch text.split(whereSeparator: \.isWhitespace).joined(separator: " ") {
    case "galley keep next", "juice ignore next": self = .next
    case "galley keep start", "juice start ignore": self = .start
    case "galley keep end", "juice end ignore": self = .end
    default: return nil
    }
  }
}

/// The at-rules that are treated in their own way.
private enum AtRuleName {
  case media, layer, scope, group, namespace, other

  init(_ bytes: [UInt8], _ range: Range<Int>) {
    switch String(decoding: bytes[range].prefix(20).map(\.lowercasedASCII), as: UTF8.self) {
    case "media": self = .media
    case "layer": self = .layer
    case "scope": self = .scope
    case "namespace": self = .namespace
    case "supports", "container", "document", "-moz-document", "starting-style": self = .group
    default: self = .other
    }
  }

  var holdsRules: Bool { self != .other && self != .namespace }
}

/// Media queries, as far as they are decided before the mail is opened.
enum MediaQuery {
  /// Whether a query holds everywhere: it is empty or `all`.
  static func alwaysApplies(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
    guard let first = range.first(where: { !bytes[$0].isCSSWhitespace }) else { return true }
    guard first + 3 <= range.upperBound, bytes[first] | 0x20 == 0x61, bytes[first + 1] | 0x20 == 0x6C,
      bytes[first + 2] | 0x20 == 0x6C
    else { return false }
    return (first + 3..<range.upperBound).allSatisfy { bytes[$0].isCSSWhitespace }
  }
}
