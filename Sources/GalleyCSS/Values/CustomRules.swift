import GalleyHTML

/// The rules of a document's sheets that set custom properties, from weak to strong.
struct CustomRules {
  /// A sheet that has been found.
  struct PlacedSheet {
    let sheet: StyleSheet
    /// The node of its `style` element, or -1 for a sheet from elsewhere.
    let node: Int
    /// Whether it applies only sometimes.
    let isSometimes: Bool

    init(_ sheet: StyleSheet, node: Int = -1, isSometimes: Bool = false) {
      self.sheet = sheet
      self.node = node
      self.isSometimes = isSometimes
    }
  }

  /// A selector of a rule with custom declarations.
  struct Entry {
    let sheet: Int
    let rule: Int
    let selector: SelectorStore.Selector
    /// Why it applies only sometimes, even where it surely matches.
    let condition: Condition?
    /// Whether it may match any element.
    let isOpaque: Bool
    /// Its custom declarations.
    let declarations: [Setting]
  }

  /// A custom declaration, prepared for the elements that it may win.
  struct Setting {
    /// Its position in the sheet or the attribute.
    let position: Int
    let declaration: CustomPropertyScopes.Declaration
    let isUnclosed: Bool
  }

  /// What a rule depends on.
  enum Condition: Hashable {
    /// A group, such as `@media`: its position among the rules of its sheet.
    case group(Int)
    /// The sheet's `style` element.
    case sheet
    /// A condition or a loop, or a placeholder that may be anything.
    case template
    /// The selector.
    case selector(Range<Int>)
  }

  private(set) var sheets: [PlacedSheet] = []
  private(set) var entries: [Entry] = []
  private(set) var index = RuleIndex([SelectorStore.Selector]())
  /// The entries that may match any element.
  private(set) var opaque: [Int32] = []
  /// The names that `@property` registers, and where.
  private(set) var registered: [(name: UInt64, sheet: Int, range: Range<Int>)] = []

  private let placeholders: [Placeholder]

  /// Collects rules; `placeholders` are those of the document.
  init(_ sheets: [PlacedSheet], placeholders: [Placeholder] = []) {
    self.sheets = sheets
    self.placeholders = placeholders
    var weighed: [(weight: UInt64, entry: Entry)] = []
    for number in sheets.indices { collect(number, into: &weighed) }
    let order = weighed.indices.sorted { a, b in
      weighed[a].weight != weighed[b].weight ? weighed[a].weight < weighed[b].weight : a < b
    }
    entries = order.map { weighed[$0].entry }
    index = RuleIndex(entries.map(\.selector))
    opaque = entries.indices.filter { entries[$0].isOpaque }.map { Int32($0) }
  }

  private static let property = RunningHash.of("@property")

  private mutating func collect(_ number: Int, into list: inout [(weight: UInt64, entry: Entry)]) {
    let sheet = sheets[number].sheet
    for (position, rule) in sheet.rules.enumerated() {
      if rule.kind == .atRule, rule.range.count > 9,
        CSSName.hash(sheet.bytes, rule.range.prefix(9), lowercased: true) == Self.property
      {
        register(rule, number)
      }
      guard rule.kind == .style, !rule.selectors.isEmpty else { continue }
      let declarations = rule.declarations.compactMap {
        Self.setting(sheet.declarations[$0], at: $0, in: sheet.bytes)
      }
      if declarations.isEmpty { continue }
      let condition = condition(position, number)
      for index in rule.selectors {
        let selector = sheet.selectors.selectors[index]
        if selector.traits.contains(.pseudoElement) { continue }
        let entry = Entry(
          sheet: number, rule: position, selector: selector, condition: condition,
          isOpaque: !selector.traits.isDisjoint(with: [.placeholder, .namespaced]), declarations: declarations)
        list.append((rule.flags.contains(.layered) ? 0 : selector.specificity.value + 1, entry))
      }
    }
  }

  /// Prepares a declaration, if it is one of a custom property and valid.
  static func setting(_ source: StyleSheet.Declaration, at position: Int, in bytes: [UInt8]) -> Setting? {
    guard source.property.isCustom else { return nil }
    let value = source.value.offsets
    let isOpaque = source.flags.contains(.placeholder)
    let soundness = isOpaque ? .sound : CustomValue.soundness(bytes, value)
    if soundness == .invalid { return nil }
    return Setting(
      position: position,
      declaration: CustomPropertyScopes.Declaration(name: source.property.hash, bytes: bytes, value: value),
      isUnclosed: soundness == .unclosed)
  }

  private mutating func register(_ rule: StyleSheet.Rule, _ number: Int) {
    let bytes = sheets[number].sheet.bytes
    var tokenizer = CSSTokenizer(bytes, in: rule.prelude)
    var token = tokenizer.take()
    while token.kind.isTrivia { token = tokenizer.take() }
    guard token.kind == .ident else { return }
    registered.append((CSSName.hash(bytes, token.range, lowercased: false), number, token.range))
  }

  /// What a rule depends on, beside its selectors.
  private func condition(_ position: Int, _ number: Int) -> Condition? {
    let sheet = sheets[number].sheet
    let rule = sheet.rules[position]
    if sheets[number].isSometimes { return .sheet }
    if rule.flags.contains(.conditional) { return .template }
    if rule.flags.contains(.placeholder), sheets[number].node >= 0,
      Self.hasLoosePlaceholder(placeholders, in: rule.block, sheet.declarations[rule.declarations])
    {
      return .template
    }
    if !rule.flags.isDisjoint(with: [.grouped, .layered]) {
      var parent = Int(rule.parent)
      while parent >= 0, sheet.rules[parent].flags.contains(.always) { parent = Int(sheet.rules[parent].parent) }
      return .group(max(parent, 0))
    }
    return rule.flags.contains(.nested) ? .selector(rule.prelude) : nil
  }

  /// Whether something stands between the declarations of a range that may be further declarations.
  static func hasLoosePlaceholder(
    _ placeholders: [Placeholder], in range: Range<Int>, _ declarations: ArraySlice<StyleSheet.Declaration>
  ) -> Bool {
    var index = placeholders.firstIndex(endingAfter: range.lowerBound)
    var next = declarations.startIndex
    while index < placeholders.count, placeholders[index].range.lowerBound < range.upperBound {
      let start = placeholders[index].range.lowerBound
      while next < declarations.endIndex, Int(declarations[next].end) <= start { next += 1 }
      let isInside = next < declarations.endIndex && Int(declarations[next].name.lowerBound) <= start
      if placeholders[index].kind == .output, !isInside { return true }
      index += 1
    }
    return false
  }

  /// Whether an entry matches an element of the given name that is there without a tag.
  func matchesImplied(_ entry: Entry, _ name: UInt64, isRoot: Bool) -> Bool {
    guard entry.selector.traits.isEmpty, entry.selector.compounds.count == 1 else { return false }
    let store = sheets[entry.sheet].sheet.selectors
    return store.compounds[entry.selector.compounds.lowerBound].simples.allSatisfy { index in
      let simple = store.simples[index]
      switch simple.kind {
      case .universal: return true
      case .type: return simple.hash == name
      case .root: return isRoot
      default: return false
      }
    }
  }
}
