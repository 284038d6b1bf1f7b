// The file is long because it is one parser: the whole grammar of selectors, its weights and its faults.

import GalleyHTML

/// Parses the selectors of rules into a `SelectorStore`, following Selectors 4
/// (https://www.w3.org/TR/selectors-4/#grammar).
///
/// One parser serves all rules of a sheet. A parsing function that succeeds has consumed exactly its construct and the
/// trivia behind it.
struct SelectorParser: Sendable {
  /// Why a list of selectors is not one.
  enum Failure: Hashable, Sendable {
    /// Something that may not stand there.
    case unexpected(Range<Int>)
    /// A pseudo-class or pseudo-element that nobody defines.
    case unknownPseudo(Range<Int>)
    /// One that is known to some browsers alone; the others drop the rule.
    case vendorPseudo(Range<Int>)
    /// A function in a function in a function …
    case tooDeep(Range<Int>)
  }

  /// What a list came to.
  enum Outcome: Sendable {
    /// The positions of its selectors in the store.
    case selectors(Range<Int>)
    /// The first fault.
    case failure(Failure)
  }

  private static let maximumDepth = 16
  static let maximumLength = 128

  /// What has been parsed so far.
  var store = SelectorStore()
  let bytes: [UInt8]
  private var tokenizer: CSSTokenizer
  private var token: CSSToken
  private var failure: Failure?
  /// Simple selectors and compounds that are not complete; each level of nesting uses the end.
  private var pendingSimples: [SelectorStore.Simple] = []
  var pendingCompounds: [SelectorStore.Compound] = []

  /// Makes a parser for a sheet.
  init(_ bytes: [UInt8], placeholders: [Placeholder]) {
    self.bytes = bytes
    tokenizer = CSSTokenizer(bytes, in: 0..<0, placeholders: placeholders)
    token = tokenizer.take()
    self.placeholders = placeholders
  }

  private let placeholders: [Placeholder]

  /// Makes room for so many selectors.
  mutating func reserveCapacity(_ count: Int) {
    store.selectors.reserveCapacity(count)
    store.compounds.reserveCapacity(count + count / 2)
    store.simples.reserveCapacity(count + count / 2)
  }

  /// The selectors of the rule around the one that is parsed: what `&` stands for.
  private var outer: (list: Int32, weight: Specificity)?

  /// Parses the prelude of a rule that stands in a rule with the given selectors.
  ///
  /// `&` means any of these and weighs as much as the heaviest; a selector without it is about what is inside of them
  /// (https://www.w3.org/TR/css-nesting-1/#nest-selector).
  mutating func parse(_ range: Range<Int>, within selectors: Range<Int>) -> Outcome {
    let first = store.nested.count
    store.nested.append(contentsOf: store.selectors[selectors])
    store.lists.append(first..<store.nested.count)
    let weight = store.selectors[selectors].reduce(Specificity()) { max($0, $1.specificity) }
    outer = (Int32(store.lists.count - 1), weight)
    defer { outer = nil }
    return parse(range)
  }

  /// Parses the prelude of a rule.
  mutating func parse(_ range: Range<Int>) -> Outcome {
    if outer == nil, let plain = parsePlain(range) { return .selectors(plain) }
    tokenizer = CSSTokenizer(bytes, in: range, placeholders: placeholders)
    failure = nil
    advance()
    let first = store.selectors.count
    repeat {
      guard let selector = parseComplex(depth: 0, allowsCombinator: outer != nil) else { return fail(backTo: first) }
      store.selectors.append(selector)
    } while take(.comma)
    if token.kind != .end {
      note(.unexpected(token.range))
      return fail(backTo: first)
    }
    return .selectors(first..<store.selectors.count)
  }

  /// Adds selectors once more, for a rule whose prelude stands elsewhere.
  mutating func copySelectors(_ selectors: Range<Int>, at range: Range<Int>) -> Range<Int> {
    let first = store.selectors.count
    for index in selectors {
      var copy = store.selectors[index]
      copy.range = range
      store.selectors.append(copy)
    }
    return first..<store.selectors.count
  }

  /// Whether a placeholder touches a range.
  func hasPlaceholder(in range: Range<Int>) -> Bool {
    if placeholders.isEmpty { return false }
    let index = placeholders.firstIndex(endingAfter: range.lowerBound)
    return index < placeholders.count && placeholders[index].range.lowerBound < range.upperBound
  }

  private mutating func fail(backTo first: Int) -> Outcome {
    store.selectors.removeSubrange(first...)
    pendingSimples.removeAll(keepingCapacity: true)
    pendingCompounds.removeAll(keepingCapacity: true)
    return .failure(failure ?? .unexpected(token.range))
  }

  private mutating func note(_ fault: Failure) { if failure == nil { failure = fault } }

  private mutating func advance() { token = tokenizer.take() }

  private mutating func take(_ kind: CSSToken.Kind) -> Bool {
    guard token.kind == kind else { return false }
    advance()
    return true
  }

  private func isDelimiter(_ byte: UInt8) -> Bool { token.kind == .delimiter && bytes[Int(token.start)] == byte }

  /// Skips trivia and says whether whitespace was among it.
  private mutating func skipTrivia() -> Bool {
    var hasSpace = false
    while token.kind.isTrivia {
      if token.kind == .whitespace { hasSpace = true }
      advance()
    }
    return hasSpace
  }

  // MARK: - Complex selectors

  /// Parses a complex selector; the store's compounds are added at its end, from right to left.
  private mutating func parseComplex(depth: Int, allowsCombinator: Bool) -> SelectorStore.Selector? {
    _ = skipTrivia()
    let start = Int(token.start)
    var end = start
    let base = pendingCompounds.count
    var state = ComplexState()
    var combinator = SelectorStore.Combinator.none
    if allowsCombinator, let leading = takeCombinator(afterSpace: false) {
      combinator = leading
      _ = skipTrivia()
    }
    let isLed = combinator != .none
    if isLed, depth == 0, outer != nil { prependOuter(&state) }
    while true {
      guard var compound = parseCompound(&state, depth: depth, end: &end) else { return nil }
      compound.combinator = combinator
      pendingCompounds.append(compound)
      if pendingCompounds.count - base > Self.maximumLength {
        note(.tooDeep(start..<end))
        return nil
      }
      let hasSpace = skipTrivia()
      guard let next = takeCombinator(afterSpace: hasSpace) else { break }
      if next == .next, state.lastIsPlainU { state.traits.insert(.clientHack) }
      combinator = next
      _ = skipTrivia()
    }
    if depth == 0, outer != nil, !isLed, !state.namesOuter { insertOuter(at: base, &state) }
    let first = store.compounds.count
    store.compounds.append(contentsOf: pendingCompounds[base...].reversed())
    pendingCompounds.removeSubrange(base...)
    return SelectorStore.Selector(
      range: start..<end, specificity: state.specificity, traits: state.traits,
      compounds: first..<store.compounds.count,
      key: state.key)
  }

  /// Appends a compound that is the rule around alone.
  private mutating func prependOuter(_ state: inout ComplexState) {
    guard let outer else { return }
    store.simples.append(SelectorStore.Simple(kind: .isList, payload: outer.list))
    let last = store.simples.count
    pendingCompounds.append(SelectorStore.Compound(simples: last - 1..<last, combinator: .none))
    state.specificity.add(outer.weight)
  }

  /// Puts the rule around before the compounds of a selector that does not name it.
  private mutating func insertOuter(at base: Int, _ state: inout ComplexState) {
    prependOuter(&state)
    guard let compound = pendingCompounds.popLast() else { return }
    pendingCompounds[base].combinator = .descendant
    pendingCompounds.insert(compound, at: base)
  }

  private struct ComplexState {
    var specificity = Specificity()
    var traits: SelectorStore.Traits = []
    /// The key of the last compound.
    var key = SelectorStore.Key()
    /// Whether `&` stands in it.
    var namesOuter = false
    /// Whether the last compound is `u` alone, which Gmail puts before the body.
    var lastIsPlainU = false
  }

  /// Takes a combinator, if something follows that it joins; white space alone is one only before a compound.
  private mutating func takeCombinator(afterSpace hasSpace: Bool) -> SelectorStore.Combinator? {
    if token.kind == .delimiter {
      let combinator: SelectorStore.Combinator
      switch bytes[Int(token.start)] {
      case 0x3E: combinator = .child
      case 0x2B: combinator = .next
      case 0x7E: combinator = .subsequent
      default: return hasSpace && startsCompound ? .descendant : nil
      }
      advance()
      return combinator
    }
    return hasSpace && startsCompound ? .descendant : nil
  }

  private var startsCompound: Bool {
    switch token.kind {
    case .ident, .idHash, .hash, .openSquare, .colon, .placeholder: true
    case .delimiter: [0x2A, 0x2E, 0x7C, 0x26].contains(bytes[Int(token.start)])
    default: false
    }
  }

  // MARK: - Compounds

  private mutating func parseCompound(
    _ state: inout ComplexState, depth: Int, end: inout Int
  ) -> SelectorStore.Compound? {
    let base = pendingSimples.count
    state.key = SelectorStore.Key()
    state.lastIsPlainU = false
    var isEmpty = true
    if token.kind == .ident || isDelimiter(0x2A) || isDelimiter(0x7C) {
      guard parseType(&state, end: &end) else { return nil }
      isEmpty = false
    }
    loop: while true {
      let start = Int(token.start)
      switch token.kind {
      case .idHash: addName(.id, start + 1..<Int(token.end), &state)
      case .openSquare:
        advance()
        guard parseAttribute(&state) else { return nil }
      case .colon:
        advance()
        guard parsePseudo(from: start, &state, depth: depth, end: &end) else { return nil }
        isEmpty = false
        state.lastIsPlainU = false
        continue loop
      case .placeholder:
        state.traits.insert(.placeholder)
        pendingSimples.append(SelectorStore.Simple(kind: .unknowable))
      case .delimiter where bytes[start] == 0x26 && outer != nil:
        guard let outer else { return unexpected() }
        state.namesOuter = true
        state.specificity.add(outer.weight)
        pendingSimples.append(SelectorStore.Simple(kind: .isList, payload: outer.list))
      case .delimiter where bytes[start] == 0x2E:
        advance()
        guard token.kind == .ident else { return unexpected() }
        addName(.className, token.range, &state)
      case .ident where state.traits.contains(.placeholder): break
      default: break loop
      }
      isEmpty = false
      state.lastIsPlainU = false
      end = Int(token.end)
      advance()
    }
    if isEmpty { return unexpected() }
    let first = store.simples.count
    store.simples.append(contentsOf: pendingSimples[base...])
    pendingSimples.removeSubrange(base...)
    return SelectorStore.Compound(simples: first..<store.simples.count, combinator: .none)
  }

  private mutating func unexpected() -> SelectorStore.Compound? {
    note(.unexpected(token.range))
    return nil
  }

  /// Parses a type or `*`, with a namespace or without.
  private mutating func parseType(_ state: inout ComplexState, end: inout Int) -> Bool {
    var name: Range<Int>? = isDelimiter(0x7C) ? nil : token.range
    if name != nil {
      end = Int(token.end)
      advance()
    }
    if isDelimiter(0x7C) {
      advance()
      guard token.kind == .ident || isDelimiter(0x2A) else {
        note(.unexpected(token.range))
        return false
      }
      state.traits.insert(.namespaced)
      name = token.range
      end = Int(token.end)
      advance()
    }
    guard let name else { return false }
    if bytes[name.lowerBound] == 0x2A {
      if state.traits.contains(.namespaced) { pendingSimples.append(SelectorStore.Simple(kind: .unknowable)) }
      return true
    }
    state.specificity.add(Specificity(0, 0, 1))
    let hash = CSSName.hash(bytes, name, lowercased: true)
    state.key = SelectorStore.Key(kind: .type, hash: hash)
    state.lastIsPlainU = name.count == 1 && bytes[name.lowerBound] | 0x20 == 0x75
    if bytes[name].contains(0x5C), CSSName.decoded(bytes, name).contains(0x3A) { state.traits.insert(.namespaced) }
    pendingSimples.append(SelectorStore.Simple(kind: .type, hash: hash))
    return true
  }

  private mutating func addName(_ kind: SelectorStore.Simple.Kind, _ name: Range<Int>, _ state: inout ComplexState) {
    let hash = CSSName.hash(bytes, name, lowercased: false)
    let isID = kind == .id
    state.specificity.add(isID ? Specificity(1, 0, 0) : Specificity(0, 1, 0))
    let isHack = isID ? ClientHacks.isIdentifier(hash) : ClientHacks.isClass(hash, name: bytes[name])
    if isHack {
      state.traits.insert(.clientHack)
      pendingSimples.append(SelectorStore.Simple(kind: ClientHacks.isWrapper(hash) ? .wrapper : .unknowable))
      return
    }
    pendingSimples.append(SelectorStore.Simple(kind: kind, hash: hash))
    if isID {
      state.key = SelectorStore.Key(kind: .id, hash: hash)
    } else if state.key.kind != .id {
      state.key = SelectorStore.Key(kind: .className, hash: hash)
    }
  }

  // MARK: - Attributes

  /// Parses from behind `[`; leaves `]` as the current token.
  private mutating func parseAttribute(_ state: inout ComplexState) -> Bool {
    _ = skipTrivia()
    if isDelimiter(0x7C) || isDelimiter(0x2A) {
      state.traits.insert(.namespaced)
      advance()
      if isDelimiter(0x7C) { advance() }
    }
    guard token.kind == .ident else { return rejectToken() }
    var simple = SelectorStore.Simple(kind: .attribute, hash: CSSName.hash(bytes, token.range, lowercased: true))
    advance()
    state.specificity.add(Specificity(0, 1, 0))
    if ClientHacks.isAttribute(simple.hash) {
      state.traits.insert(.clientHack)
      simple.kind = .unknowable
    }
    _ = skipTrivia()
    if token.kind != .closeSquare {
      guard parseAttributeValue(&simple, &state) else { return false }
    }
    pendingSimples.append(simple)
    return token.kind == .closeSquare || rejectToken()
  }

  private mutating func rejectToken() -> Bool {
    note(.unexpected(token.range))
    return false
  }

  private mutating func parseAttributeValue(
    _ simple: inout SelectorStore.Simple, _ state: inout ComplexState
  ) -> Bool {
    guard token.kind == .delimiter else { return rejectToken() }
    var operation = SelectorStore.Value.Operator.equals
    switch bytes[Int(token.start)] {
    case 0x3D: break
    case 0x7E: operation = .word
    case 0x7C: operation = .dash
    case 0x5E: operation = .prefix
    case 0x24: operation = .suffix
    case 0x2A: operation = .substring
    default: return rejectToken()
    }
    advance()
    if operation != .equals {
      guard isDelimiter(0x3D) else { return rejectToken() }
      advance()
    }
    _ = skipTrivia()
    guard let text = takeText(&state) else { return rejectToken() }
    _ = skipTrivia()
    var ignoresCase = HTMLVocabulary.hasCaseInsensitiveValue(simple.hash)
    if token.kind == .ident, token.range.count == 1 {
      let flag = bytes[Int(token.start)] | 0x20
      guard flag == 0x69 || flag == 0x73 else { return rejectToken() }
      ignoresCase = flag == 0x69
      advance()
      _ = skipTrivia()
    }
    if simple.kind == .attribute { simple.kind = .attributeValue }
    simple.payload = Int32(store.values.count)
    store.values.append(SelectorStore.Value(operation: operation, ignoresCase: ignoresCase, bytes: text))
    return true
  }

  /// Takes a name or a string; nil for anything else. A placeholder in it makes the selector unknowable.
  private mutating func takeText(_ state: inout ComplexState) -> [UInt8]? {
    let range: Range<Int>
    switch token.kind {
    case .ident: range = token.range
    case .string where !token.isUnclosed: range = Int(token.start) + 1..<Int(token.end) - 1
    case .placeholder:
      state.traits.insert(.placeholder)
      advance()
      return []
    default: return nil
    }
    if tokenizer.hasPlaceholder(in: token.range) { state.traits.insert(.placeholder) }
    advance()
    return CSSName.decoded(bytes, range)
  }

  // MARK: - Pseudo-classes and pseudo-elements

  /// Parses from behind the first `:`.
  private mutating func parsePseudo(
    from start: Int, _ state: inout ComplexState, depth: Int, end: inout Int
  ) -> Bool {
    var isElement = false
    if token.kind == .colon {
      isElement = true
      advance()
    }
    guard token.kind == .ident || token.kind == .function else { return rejectToken() }
    let isFunction = token.kind == .function
    let nameRange = Int(token.start)..<Int(token.end) - (isFunction ? 1 : 0)
    let name = String(decoding: CSSName.decoded(bytes, nameRange), as: UTF8.self).lowercased()
    end = Int(token.end)
    advance()
    let whole = start..<nameRange.upperBound
    if isElement || (!isFunction && PseudoNames.legacyElements.contains(name)) {
      guard depth == 0 else {
        note(.unexpected(whole))
        return false
      }
      if !PseudoNames.isElement(name) {
        note(name.hasPrefix("-") ? .vendorPseudo(whole) : .unknownPseudo(whole))
        return false
      }
      state.traits.insert(.pseudoElement)
      state.specificity.add(Specificity(0, 0, 1))
      return isFunction ? skipArguments(end: &end) : true
    }
    let isParsed =
      isFunction
      ? parseFunction(name, whole, &state, depth: depth) : addPseudoClass(name, whole, &state)
    guard isParsed else { return false }
    if isFunction {
      guard token.kind == .closeParenthesis else { return rejectToken() }
      end = Int(token.end)
      advance()
    }
    return true
  }

  private mutating func addPseudoClass(_ name: String, _ range: Range<Int>, _ state: inout ComplexState) -> Bool {
    state.specificity.add(Specificity(0, 1, 0))
    var simple = SelectorStore.Simple(kind: .unknowable)
    if let kind = PseudoNames.fixed[name] {
      simple.kind = kind
    } else if let (kind, number) = PseudoNames.positions[name] {
      simple.kind = kind
      simple.b = number
    } else if PseudoNames.dynamic.contains(name) {
      state.traits.insert(.dynamic)
    } else {
      note(name.hasPrefix("-") ? .vendorPseudo(range) : .unknownPseudo(range))
      return false
    }
    pendingSimples.append(simple)
    return true
  }

  /// Parses the arguments of a functional pseudo-class; leaves `)` as the current token.
  private mutating func parseFunction(
    _ name: String, _ range: Range<Int>, _ state: inout ComplexState, depth: Int
  ) -> Bool {
    guard depth < Self.maximumDepth else {
      note(.tooDeep(range))
      return false
    }
    switch name {
    case "is", "where", "matches", "-webkit-any", "-moz-any":
      return parseList(.isList, &state, depth: depth, isForgiving: true, weighs: name != "where")
    case "not": return parseList(.notList, &state, depth: depth, isForgiving: false, weighs: true)
    case "has":
      state.traits.insert(.unsupported)
      return parseList(.unknowable, &state, depth: depth, isForgiving: false, weighs: true)
    case "nth-child": return parseNth(.nthChild, &state, depth: depth)
    case "nth-last-child": return parseNth(.nthLastChild, &state, depth: depth)
    case "nth-of-type": return parseNth(.nthOfType, &state, depth: depth)
    case "nth-last-of-type": return parseNth(.nthLastOfType, &state, depth: depth)
    case "lang": return parseLanguages(&state)
    case "dir": return parseDirection(&state)
    default:
      note(name.hasPrefix("-") ? .vendorPseudo(range) : .unknownPseudo(range))
      return false
    }
  }

  /// Parses a list of selectors as an argument; the weight is that of the heaviest.
  private mutating func parseList(
    _ kind: SelectorStore.Simple.Kind, _ state: inout ComplexState, depth: Int, isForgiving: Bool, weighs: Bool
  ) -> Bool {
    var members: [SelectorStore.Selector] = []
    var heaviest = Specificity()
    repeat {
      let (simpleCount, compoundCount) = (pendingSimples.count, pendingCompounds.count)
      if let selector = parseComplex(depth: depth + 1, allowsCombinator: kind == .unknowable),
        token.kind == .comma || token.kind == .closeParenthesis
      {
        members.append(selector)
        heaviest = max(heaviest, selector.specificity)
        state.traits.formUnion(selector.traits)
      } else {
        guard isForgiving else { return rejectToken() }
        failure = nil
        pendingSimples.removeSubrange(simpleCount...)
        pendingCompounds.removeSubrange(compoundCount...)
        skipArgument()
      }
    } while take(.comma)
    if weighs { state.specificity.add(heaviest) }
    let first = store.nested.count
    store.nested.append(contentsOf: members)
    pendingSimples.append(SelectorStore.Simple(kind: kind, payload: Int32(store.lists.count)))
    store.lists.append(first..<store.nested.count)
    return true
  }

  /// Skips to the comma or parenthesis that ends an argument.
  private mutating func skipArgument() {
    var depth = 0
    while token.kind != .end {
      switch token.kind {
      case .openParenthesis, .function, .openSquare: depth += 1
      case .closeSquare: depth = max(depth - 1, 0)
      case .closeParenthesis:
        if depth == 0 { return }
        depth -= 1
      case .comma: if depth == 0 { return }
      default: break
      }
      advance()
    }
  }

  /// Skips the arguments of a pseudo-element with its parenthesis.
  private mutating func skipArguments(end: inout Int) -> Bool {
    repeat { skipArgument() } while take(.comma)
    guard token.kind == .closeParenthesis else { return rejectToken() }
    end = Int(token.end)
    advance()
    return true
  }

  private mutating func parseNth(
    _ kind: SelectorStore.Simple.Kind, _ state: inout ComplexState, depth: Int
  ) -> Bool {
    state.specificity.add(Specificity(0, 1, 0))
    let start = Int(token.start)
    var end = start
    while token.kind != .closeParenthesis, token.kind != .end {
      if token.kind == .placeholder { state.traits.insert(.placeholder) }
      if token.kind == .ident, CSSName.equals(bytes, token.range, "of") { break }
      end = Int(token.end)
      advance()
    }
    if state.traits.contains(.placeholder) {
      pendingSimples.append(SelectorStore.Simple(kind: .unknowable))
      return true
    }
    guard let (a, b) = NthNotation.parse(bytes[start..<end]) else {
      note(.unexpected(start..<max(end, start)))
      return false
    }
    if token.kind == .ident {
      advance()
      state.traits.insert(.unsupported)
      return parseList(.unknowable, &state, depth: depth, isForgiving: false, weighs: true)
    }
    pendingSimples.append(SelectorStore.Simple(kind: kind, a: a, b: b))
    return true
  }

  private mutating func parseLanguages(_ state: inout ComplexState) -> Bool {
    state.specificity.add(Specificity(0, 1, 0))
    var list: [UInt8] = []
    repeat {
      _ = skipTrivia()
      guard let text = takeText(&state) else { return rejectToken() }
      if !list.isEmpty { list.append(0x2C) }
      list += text
      _ = skipTrivia()
    } while take(.comma)
    pendingSimples.append(SelectorStore.Simple(kind: .lang, payload: Int32(store.values.count)))
    store.values.append(SelectorStore.Value(operation: .dash, ignoresCase: true, bytes: list))
    return true
  }

  private mutating func parseDirection(_ state: inout ComplexState) -> Bool {
    state.specificity.add(Specificity(0, 1, 0))
    _ = skipTrivia()
    guard token.kind == .ident else { return rejectToken() }
    pendingSimples.append(SelectorStore.Simple(kind: .dir, payload: Int32(store.values.count)))
    let text = CSSName.decoded(bytes, token.range).map(\.lowercasedASCII)
    store.values.append(SelectorStore.Value(operation: .equals, ignoresCase: true, bytes: text))
    advance()
    _ = skipTrivia()
    return true
  }
}
