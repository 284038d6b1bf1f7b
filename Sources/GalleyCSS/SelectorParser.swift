// The file is long because it is one parser: the whole grammar of selectors, its weights and its faults.

package import GalleyHTML

/// Parses the selectors of rules into a `SelectorStore`, following Selectors 4
/// (https://www.w3.org/TR/selectors-4/#grammar).
///
/// One parser serves all rules of a sheet. A parsing function that succeeds has consumed exactly its construct and the
/// trivia behind it.
package struct SelectorParser: Sendable {
  /// Why a list of selectors is not one.
  package enum Failure: Hashable, Sendable {
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
  package enum Outcome: Sendable {
    /// The positions of its selectors in the store.
    case selectors(Range<Int>)
    /// The first fault.
    case failure(Failure)
  }

  private static let maximumDepth = 16
  static let maximumLength = 128
  /// How many compounds a selector may have along its longest way: matching recurses that often.
  private static let maximumHeight: Int32 = 256

  /// What has been parsed so far.
  package internal(set) var store = SelectorStore()
  let bytes: [UInt8]
  private var tokenizer: CSSTokenizer
  private var token: CSSToken
  private var failure: Failure?
  /// Simple selectors and compounds that are not complete; each level of nesting uses the end.
  private var pendingSimples: [SelectorStore.Simple] = []
  var pendingCompounds: [SelectorStore.Compound] = []
  /// What `&` stands for; nil outside of nested rules.
  private var parents: Parents?
  /// What `&` stands for in the rules that have been met as parents, by the first of their selectors.
  private var knownParents: [Int: Parents] = [:]
  /// Whether `&` stands in the selector at hand.
  private var hasAmpersand = false
  /// Whether the argument of a `:has()` is being parsed, in which no other may stand.
  private var isInHas = false

  /// The selectors of the rule around a nested one, as `&` has them.
  private struct Parents {
    var list: Int32
    var specificity = Specificity()
    var traits: SelectorStore.Traits = []
    var height: Int32 = 0
  }

  /// Makes a parser for a sheet.
  package init(_ bytes: [UInt8], placeholders: [Placeholder]) {
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

  /// Parses the prelude of a rule.
  package mutating func parse(_ range: Range<Int>) -> Outcome {
    parents = nil
    if let plain = parsePlain(range) { return .selectors(plain) }
    return parseRule(range)
  }

  /// Parses the prelude of a rule that is nested in another, whose selectors stand at `others` in the store.
  ///
  /// `&` stands for `:is()` of those selectors. A selector without `&`, or with a combinator at its start, has `&` in
  /// front of it, so that what comes out needs no further knowledge of the other rule. Pseudo-elements of the other
  /// rule stand for nothing (https://www.w3.org/TR/css-nesting-1/#nest-selector).
  package mutating func parse(_ range: Range<Int>, nestedIn others: Range<Int>) -> Outcome {
    let known = knownParents[others.lowerBound] ?? makeParents(others)
    knownParents[others.lowerBound] = known
    parents = known
    return parseRule(range)
  }

  private mutating func makeParents(_ others: Range<Int>) -> Parents {
    var result = Parents(list: Int32(store.lists.count))
    let members = store.selectors[others].filter { !$0.traits.contains(.pseudoElement) }
    for member in members {
      result.specificity = max(result.specificity, member.specificity)
      result.traits.formUnion(member.traits)
      result.height = max(result.height, member.height)
    }
    addList(members)
    return result
  }

  /// Adds a list of selectors and returns its position.
  @discardableResult
  private mutating func addList(_ members: [SelectorStore.Selector]) -> Int32 {
    let first = store.nested.count
    store.nested += members
    store.lists.append(
      SelectorStore.List(members: first..<store.nested.count, isComplex: members.contains { $0.height > 1 }))
    return Int32(store.lists.count - 1)
  }

  private mutating func parseRule(_ range: Range<Int>) -> Outcome {
    tokenizer = CSSTokenizer(bytes, in: range, placeholders: placeholders)
    failure = nil
    isInHas = false
    advance()
    let first = store.selectors.count
    repeat {
      hasAmpersand = false
      guard let selector = parseComplex(depth: 0, isRelative: parents != nil) else { return fail(backTo: first) }
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
  ///
  /// A relative one may start with a combinator.
  private mutating func parseComplex(depth: Int, isRelative: Bool) -> SelectorStore.Selector? {
    _ = skipTrivia()
    let start = Int(token.start)
    var end = start
    let base = pendingCompounds.count
    var state = ComplexState()
    let leading = isRelative ? takeCombinator(afterSpace: false) : nil
    if leading != nil { _ = skipTrivia() }
    var combinator = leading ?? (depth > 0 && isRelative ? .descendant : .none)
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
      if state.traits.contains(.pseudoElement) {
        note(.unexpected(token.range))
        return nil
      }
      if next == .next, state.lastIsPlainU { state.traits.insert(.clientHack) }
      combinator = next
      _ = skipTrivia()
    }
    if depth == 0, let parents, leading != nil || !hasAmpersand { prependParents(parents, at: base, &state) }
    return finishComplex(start..<end, from: base, state)
  }

  /// Puts `&` in front of the pending compounds from `base` on.
  private mutating func prependParents(_ parents: Parents, at base: Int, _ state: inout ComplexState) {
    if pendingCompounds[base].combinator == .none { pendingCompounds[base].combinator = .descendant }
    let first = store.simples.count
    store.simples.append(SelectorStore.Simple(kind: .isList, payload: parents.list))
    pendingCompounds.insert(
      SelectorStore.Compound(simples: first..<first + 1, combinator: .none), at: base)
    state.add(parents)
  }

  /// Moves the pending compounds from `base` on into the store.
  private mutating func finishComplex(
    _ range: Range<Int>, from base: Int, _ state: ComplexState
  ) -> SelectorStore.Selector? {
    let first = store.compounds.count
    while pendingCompounds.count > base {
      var compound = pendingCompounds.removeLast()
      compound.marks = NameMarks.names(of: compound, store)
      if compound.combinator == .subsequent {
        compound.scan = store.scanCount
        store.scanCount += 1
      }
      store.compounds.append(compound)
    }
    let height = Int32(store.compounds.count - first) + state.height
    if height > Self.maximumHeight {
      note(.tooDeep(range))
      return nil
    }
    var selector = SelectorStore.Selector(
      range: range, specificity: state.specificity, traits: state.traits, compounds: first..<store.compounds.count,
      key: state.key, height: height)
    selector.filter = SelectorStore.Filter(
      ancestors: NameMarks.required(by: selector, store), attributes: NameMarks.attributes(of: selector, store),
      implied: ImpliedElements(matching: selector, store))
    return selector
  }

  private struct ComplexState {
    var specificity = Specificity()
    var traits: SelectorStore.Traits = []
    /// The key of the last compound.
    var key = SelectorStore.Key()
    /// Whether the last compound is `u` alone, which Gmail puts before the body.
    var lastIsPlainU = false
    /// The height of the highest argument.
    var height: Int32 = 0

    mutating func add(_ parents: Parents) {
      specificity.add(parents.specificity)
      traits.formUnion(parents.traits)
      height = max(height, parents.height)
    }
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
    case .delimiter: [0x26, 0x2A, 0x2E, 0x7C].contains(bytes[Int(token.start)])
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
      if state.traits.contains(.pseudoElement), token.kind != .colon { break }
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
      case .delimiter where bytes[start] == 0x2E:
        advance()
        guard token.kind == .ident else { return unexpected() }
        addName(.className, token.range, &state)
      case .delimiter where bytes[start] == 0x26: addAmpersand(&state)
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

  private mutating func addAmpersand(_ state: inout ComplexState) {
    hasAmpersand = true
    if let parents {
      pendingSimples.append(SelectorStore.Simple(kind: .isList, payload: parents.list))
      state.add(parents)
    } else {
      state.traits.insert(.unsupported)
      pendingSimples.append(SelectorStore.Simple(kind: .unknowable))
    }
  }

  /// Parses a type or `*`, with a namespace or without; `*|` is as good as none.
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
      let isAnyNamespace = name.map { bytes[$0.lowerBound] == 0x2A } ?? false
      if !isAnyNamespace { state.traits.insert(.namespaced) }
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
    if isDelimiter(0x2A) {
      advance()
      guard isDelimiter(0x7C) else { return rejectToken() }
    }
    if isDelimiter(0x7C) { advance() }
    guard token.kind == .ident else { return rejectToken() }
    if tokenizer.position < bytes.count, bytes[tokenizer.position] == 0x7C, startsNamespacedName {
      state.traits.insert(.namespaced)
      advance()
      advance()
    }
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

  /// Whether a name follows the bar behind the current token.
  private var startsNamespacedName: Bool {
    var probe = tokenizer
    return probe.take().kind == .delimiter && probe.take().kind == .ident
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
    simple.payload = addValue(operation, ignoresCase: ignoresCase, text)
    return true
  }

  /// Adds a value and returns its position.
  private mutating func addValue(
    _ operation: SelectorStore.Value.Operator, ignoresCase: Bool, _ text: [UInt8]
  ) -> Int32 {
    let first = store.texts.count
    store.texts += text
    store.values.append(
      SelectorStore.Value(operation: operation, ignoresCase: ignoresCase, text: first..<store.texts.count))
    return Int32(store.values.count - 1)
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
      let isVendor = name.hasPrefix("-") || PseudoNames.vendor.contains(name)
      note(isVendor ? .vendorPseudo(range) : .unknownPseudo(range))
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
    case "is": return parseMatchesAny(.isList, &state, depth: depth, isForgiving: true, weighs: true)
    case "where": return parseMatchesAny(.isList, &state, depth: depth, isForgiving: true, weighs: false)
    case "not": return parseMatchesAny(.notList, &state, depth: depth, isForgiving: false, weighs: true)
    case "has": return parseHas(range, &state, depth: depth)
    case "nth-child": return parseNth(.nthChild, of: .nthChildOf, &state, depth: depth)
    case "nth-last-child": return parseNth(.nthLastChild, of: .nthLastChildOf, &state, depth: depth)
    case "nth-of-type": return parseNth(.nthOfType, of: nil, &state, depth: depth)
    case "nth-last-of-type": return parseNth(.nthLastOfType, of: nil, &state, depth: depth)
    case "lang": return parseLanguages(&state)
    case "dir": return parseDirection(&state)
    case "host", "host-context", "state":
      state.specificity.add(Specificity(0, 1, 0))
      state.traits.insert(.dynamic)
      pendingSimples.append(SelectorStore.Simple(kind: .unknowable))
      skipList()
      return true
    default:
      let isVendor = name.hasPrefix("-") || PseudoNames.vendor.contains(name)
      note(isVendor ? .vendorPseudo(range) : .unknownPseudo(range))
      return false
    }
  }

  /// Parses the arguments of `:is()`, `:where()` or `:not()`.
  private mutating func parseMatchesAny(
    _ kind: SelectorStore.Simple.Kind, _ state: inout ComplexState, depth: Int, isForgiving: Bool, weighs: Bool
  ) -> Bool {
    let before = state.specificity
    guard let list = parseList(&state, depth: depth, isForgiving: isForgiving, isRelative: false) else { return false }
    if !weighs { state.specificity = before }
    pendingSimples.append(SelectorStore.Simple(kind: kind, payload: list))
    return true
  }

  /// Parses the arguments of `:has()`, which may not stand in another, however deep.
  private mutating func parseHas(_ range: Range<Int>, _ state: inout ComplexState, depth: Int) -> Bool {
    if isInHas {
      note(.unexpected(range))
      return false
    }
    isInHas = true
    let list = parseList(&state, depth: depth, isForgiving: false, isRelative: true)
    isInHas = false
    guard let list else { return false }
    pendingSimples.append(SelectorStore.Simple(kind: .hasList, payload: list))
    return true
  }

  /// Parses a list of selectors as an argument and returns its position; the weight is that of the heaviest.
  ///
  /// In a forgiving list, an argument that is none is as good as not there.
  private mutating func parseList(
    _ state: inout ComplexState, depth: Int, isForgiving: Bool, isRelative: Bool
  ) -> Int32? {
    var members: [SelectorStore.Selector] = []
    var heaviest = Specificity()
    repeat {
      let (simpleCount, compoundCount, wasInHas) = (pendingSimples.count, pendingCompounds.count, isInHas)
      let start = Int(token.start)
      if let selector = parseComplex(depth: depth + 1, isRelative: isRelative),
        token.kind == .comma || token.kind == .closeParenthesis
      {
        members.append(selector)
        heaviest = max(heaviest, selector.specificity)
        state.traits.formUnion(selector.traits)
        state.height = max(state.height, selector.height)
      } else {
        guard isForgiving else {
          note(.unexpected(token.range))
          return nil
        }
        failure = nil
        isInHas = wasInHas
        pendingSimples.removeSubrange(simpleCount...)
        pendingCompounds.removeSubrange(compoundCount...)
        tokenizer.seek(to: start)
        advance()
        skipArgument()
      }
    } while take(.comma)
    state.specificity.add(heaviest)
    return addList(members)
  }

  /// Skips to the comma or parenthesis that ends an argument; what stands in brackets is skipped with them.
  private mutating func skipArgument() {
    var closers: [CSSToken.Kind] = []
    while token.kind != .end {
      switch token.kind {
      case .openParenthesis, .function: closers.append(.closeParenthesis)
      case .openSquare: closers.append(.closeSquare)
      case .openBrace: closers.append(.closeBrace)
      case closers.last: closers.removeLast()
      case .comma, .closeParenthesis: if closers.isEmpty { return }
      case .delimiter: if isDelimiter(0x26) { hasAmpersand = true }
      default: break
      }
      advance()
    }
  }

  private mutating func skipList() { repeat { skipArgument() } while take(.comma) }

  /// Skips the arguments of a pseudo-element with its parenthesis.
  private mutating func skipArguments(end: inout Int) -> Bool {
    skipList()
    guard token.kind == .closeParenthesis else { return rejectToken() }
    end = Int(token.end)
    advance()
    return true
  }

  private mutating func parseNth(
    _ kind: SelectorStore.Simple.Kind, of listKind: SelectorStore.Simple.Kind?, _ state: inout ComplexState, depth: Int
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
    var simple = SelectorStore.Simple(kind: kind)
    if let (a, b) = NthNotation.parse(bytes[start..<end]) {
      (simple.a, simple.b) = (a, b)
    } else if state.traits.contains(.placeholder) {
      simple.kind = .unknowable
    } else {
      note(.unexpected(start..<max(end, start)))
      return false
    }
    if token.kind == .ident {
      guard let listKind else { return rejectToken() }
      advance()
      guard let list = parseList(&state, depth: depth, isForgiving: false, isRelative: false) else { return false }
      if simple.kind == kind { simple.kind = listKind }
      simple.payload = list
    }
    pendingSimples.append(simple)
    return true
  }

  /// Parses language ranges; a name can't start with `*`, so wildcards in front are quoted or escaped.
  private mutating func parseLanguages(_ state: inout ComplexState) -> Bool {
    state.specificity.add(Specificity(0, 1, 0))
    var simple = SelectorStore.Simple(kind: .lang, payload: Int32(store.values.count))
    repeat {
      _ = skipTrivia()
      guard let text = takeText(&state) else { return rejectToken() }
      _ = addValue(.dash, ignoresCase: true, text)
      simple.a += 1
      _ = skipTrivia()
    } while take(.comma)
    pendingSimples.append(simple)
    return true
  }

  private mutating func parseDirection(_ state: inout ComplexState) -> Bool {
    state.specificity.add(Specificity(0, 1, 0))
    _ = skipTrivia()
    guard token.kind == .ident else { return rejectToken() }
    var simple = SelectorStore.Simple(kind: .dir)
    if CSSName.equals(bytes, token.range, "ltr") { simple.a = 1 }
    if CSSName.equals(bytes, token.range, "rtl") { simple.a = 2 }
    pendingSimples.append(simple)
    advance()
    _ = skipTrivia()
    return true
  }
}
