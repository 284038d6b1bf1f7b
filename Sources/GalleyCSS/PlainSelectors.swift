/// The usual selectors, without tokens.
///
/// Nearly all selectors are made of types, classes and identifiers in ASCII, joined by white space or `>`. They are
/// read in one pass over their bytes; what is unusual is left to the parser of tokens. Both come to the same.
extension SelectorParser {
  /// Parses a list of usual selectors; nil, and nothing is added, if one of them is unusual.
  ///
  /// No placeholder stands in the range.
  mutating func parsePlain(_ range: Range<Int>) -> Range<Int>? {
    if hasPlaceholder(in: range) { return nil }
    let marks = (store.selectors.count, store.compounds.count, store.simples.count)
    let bytes = bytes
    let text = bytes.span.extracting(0..<range.upperBound)
    var index = range.lowerBound
    while let stop = takePlainSelector(text, at: index) {
      if stop == text.count { return marks.0..<store.selectors.count }
      index = stop &+ 1
    }
    store.selectors.removeLast(store.selectors.count - marks.0)
    store.compounds.removeLast(store.compounds.count - marks.1)
    store.simples.removeLast(store.simples.count - marks.2)
    pendingCompounds.removeAll(keepingCapacity: true)
    return nil
  }

  /// Takes one selector and returns the offset of the comma behind it, or the end; nil if it is unusual.
  private mutating func takePlainSelector(_ text: Span<UInt8>, at start: Int) -> Int? {
    var index = start
    while index < text.count, text[index].isCSSWhitespace { index &+= 1 }
    var selector = PlainSelector(start: index)
    let first = store.compounds.count
    while true {
      guard takePlainCompound(text, &index, &selector) else { return nil }
      selector.end = index
      guard let combinator = plainCombinator(text, &index) else { break }
      selector.combinator = combinator
      if pendingCompounds.count > Self.maximumLength { return nil }
    }
    guard index == text.count || text[index] == 0x2C else { return nil }
    while let compound = pendingCompounds.popLast() { store.compounds.append(compound) }
    store.selectors.append(
      SelectorStore.Selector(
        range: selector.start..<selector.end,
        specificity: Specificity(selector.ids, selector.classes, selector.types),
        traits: selector.isHack ? .clientHack : [], compounds: first..<store.compounds.count, key: selector.key,
        filter: filter(of: selector),
        height: Int32(store.compounds.count &- first)))
    return index
  }

  /// Takes what joins two compounds; nil at a comma, at the end and before what is unusual.
  private func plainCombinator(_ text: Span<UInt8>, _ index: inout Int) -> SelectorStore.Combinator? {
    let start = index
    while index < text.count, text[index].isCSSWhitespace { index &+= 1 }
    guard index < text.count, text[index] != 0x2C else { return nil }
    if text[index] == 0x3E {
      index &+= 1
      while index < text.count, text[index].isCSSWhitespace { index &+= 1 }
      return .child
    }
    return index > start ? .descendant : nil
  }

  private mutating func takePlainCompound(
    _ text: Span<UInt8>, _ index: inout Int, _ selector: inout PlainSelector
  ) -> Bool {
    let start = index
    let first = store.simples.count
    selector.key = SelectorStore.Key()
    selector.ancestors |= selector.marks
    selector.marks = 0
    selector.isNamed = false
    if index < text.count, text[index] == 0x2A {
      index &+= 1
    } else if let hash = plainName(text, &index, lowercased: true) {
      selector.types &+= 1
      selector.key = SelectorStore.Key(kind: .type, hash: hash)
      selector.marks = NameMarks.mark(hash)
      store.simples.append(SelectorStore.Simple(kind: .type, hash: hash))
    }
    while index < text.count, text[index] == 0x2E || text[index] == 0x23 {
      let isID = text[index] == 0x23
      index &+= 1
      let nameStart = index
      guard let hash = plainName(text, &index, lowercased: false) else { return false }
      if isID { selector.ids &+= 1 } else { selector.classes &+= 1 }
      selector.isNamed = true
      if isClientName(hash, nameStart..<index, isID: isID) {
        selector.isHack = true
        store.simples.append(SelectorStore.Simple(kind: ClientHacks.isWrapper(hash) ? .wrapper : .unknowable))
        continue
      }
      let kind: SelectorStore.Key.Kind = isID ? .id : .className
      selector.marks |= NameMarks.mark(hash)
      if isID || selector.key.kind != .id { selector.key = SelectorStore.Key(kind: kind, hash: hash) }
      store.simples.append(SelectorStore.Simple(kind: isID ? .id : .className, hash: hash))
    }
    guard index > start else { return false }
    pendingCompounds.append(
      SelectorStore.Compound(
        simples: first..<store.simples.count, combinator: selector.combinator, marks: selector.marks))
    return true
  }

  private func filter(of selector: PlainSelector) -> SelectorStore.Filter {
    var filter = SelectorStore.Filter(ancestors: selector.isHack ? 0 : selector.ancestors)
    if !selector.isNamed {
      filter.implied = ImpliedElements(named: selector.key.kind == .type ? selector.key.hash : nil)
      if selector.combinator != .none { filter.implied.subtract([.body, .html]) }
    }
    return filter
  }

  private func isClientName(_ hash: UInt64, _ name: Range<Int>, isID: Bool) -> Bool {
    guard ClientHacks.mayBegin(with: bytes[name.lowerBound]) else { return false }
    return isID ? ClientHacks.isIdentifier(hash) : ClientHacks.isClass(hash, name: bytes[name])
  }

  /// Takes a name of letters, digits, dashes and underscores that starts with a letter or an underscore.
  private func plainName(_ text: Span<UInt8>, _ index: inout Int, lowercased: Bool) -> UInt64? {
    guard index < text.count, text[index].isLetter || text[index] == 0x5F else { return nil }
    var hash = RunningHash()
    while index < text.count {
      let byte = text[index]
      guard byte.isLetter || byte.isDigit || byte == 0x2D || byte == 0x5F else { break }
      hash.add(lowercased ? byte.lowercasedASCII : byte)
      index &+= 1
    }
    return hash.value
  }
}

/// What is known of a selector under way.
private struct PlainSelector {
  let start: Int
  var end: Int
  var combinator = SelectorStore.Combinator.none
  var key = SelectorStore.Key()
  var ids = 0
  var classes = 0
  var types = 0
  var isHack = false
  /// The marks of the compound at hand, and of those before it.
  var marks: UInt64 = 0
  var ancestors: UInt64 = 0
  /// Whether the compound at hand asks for a class or an identifier.
  var isNamed = false

  init(start: Int) {
    self.start = start
    end = start
  }
}
