import GalleyHTML

/// All selectors that count for a sequence of sheets, from weak to strong, and all declarations they bring.
///
/// A selector's rank is its position in `entries`: specificity first, then the order of sheets, rules and selectors.
/// Rules in layers come before all others; their important declarations come after all others. Nothing in it depends
/// on a document, so documents with the same sheets share one.
final class RuleSet: Sendable {
  /// A sheet and what is done with it.
  struct Sheet: Sendable {
    let sheet: StyleSheet
    /// Whether its rules apply only sometimes, so that none of them is inlined.
    let isKept: Bool
    /// Whether inlined rules stay in it all the same.
    let keepsCopy: Bool
    /// The number of its first rule among those of all sheets.
    var firstRule = 0
    /// The number of its first declaration among those of all sheets.
    var firstDeclaration = 0
  }

  /// One selector.
  struct Entry: Sendable {
    /// The sheet, and the positions in it.
    let sheet: Int32
    let selector: Int32
    let rule: Int32
    /// The number of its rule among those of all sheets.
    let ruleNumber: Int32
    /// The numbers of its rule's declarations among those of all sheets.
    let declarations: Range<Int32>
    /// Whether it stays in the sheet, whatever it matches.
    let isKept: Bool
    let isLayered: Bool
    /// Whether it is a single type, class or identifier, so that each candidate matches.
    let isBare: Bool
    /// Whether any element may be a candidate.
    let isUniversal: Bool
    /// The marks of the names, classes and identifiers that some ancestors must have; see `NameMarks`.
    let ancestors: UInt64
    /// The marks of the attributes that the element itself must have.
    let attributes: UInt64
    /// What elements that nobody wrote it may match.
    let implied: ImpliedElements
    /// The marks of all that its declarations set; see `PropertyTable.marks`.
    let properties: UInt64
    /// Whether one of the declarations is important.
    let hasImportant: Bool
    /// Whether one of the declarations is not important.
    let hasNormal: Bool
  }

  /// What has become of a selector.
  struct Fate: OptionSet, Sendable {
    let rawValue: UInt8
    /// It was inlined into at least one element.
    static let inlined = Fate(rawValue: 1)
    /// It is still needed in the sheet: it may match an element into which it was not inlined.
    static let needed = Fate(rawValue: 2)
    /// Its match depends on a condition or a loop among siblings.
    static let uncertainSiblings = Fate(rawValue: 4)
  }

  let sheets: [Sheet]
  let entries: [Entry]
  /// The selector of each entry.
  let selectors: [SelectorStore.Selector]
  /// The selectors of all sheets, for matching.
  let joined: JoinedSelectors
  let index: RuleIndex
  /// How many rules there are in all sheets.
  let ruleCount: Int
  /// The declarations of all sheets, and the sheet of each.
  let declarations: [StyleSheet.Declaration]
  let sheetOfDeclaration: [Int32]
  /// Whether a selector asks for positions among siblings.
  let isPositional: Bool
  /// Whether a declaration is important.
  let hasImportant: Bool
  /// The ranks of the selectors of all sheets, or -1 for one that is not an entry, and where each sheet's start.
  private let ranks: [Int32]
  private let firstRank: [Int]

  /// No rules at all.
  static let none = RuleSet([])

  init(_ given: [Sheet]) {
    var sheets = given
    var found: [Entry] = []
    var order: [Weight] = []
    found.reserveCapacity(given.reduce(0) { $0 + $1.sheet.selectors.selectors.count })
    order.reserveCapacity(found.capacity)
    var ruleCount = 0
    var declarations: [StyleSheet.Declaration] = []
    declarations.reserveCapacity(given.reduce(0) { $0 + $1.sheet.declarations.count })
    var sheetOfDeclaration: [Int32] = []
    sheetOfDeclaration.reserveCapacity(declarations.capacity)
    var firstRank: [Int] = []
    var rankCount = 0
    for number in sheets.indices {
      sheets[number].firstRule = ruleCount
      sheets[number].firstDeclaration = declarations.count
      Self.collect(sheets[number], number, into: &found, &order)
      ruleCount += sheets[number].sheet.rules.count
      declarations.append(contentsOf: sheets[number].sheet.declarations)
      sheetOfDeclaration.append(
        contentsOf: repeatElement(Int32(number), count: sheets[number].sheet.declarations.count))
      firstRank.append(rankCount)
      rankCount += sheets[number].sheet.selectors.selectors.count
    }
    // Equal weights stay in order.
    order.sort { $0.weight != $1.weight ? $0.weight < $1.weight : $0.order < $1.order }
    var ranks = [Int32](repeating: -1, count: rankCount)
    var entries: [Entry] = []
    entries.reserveCapacity(order.count)
    var selectors: [SelectorStore.Selector] = []
    selectors.reserveCapacity(order.count)
    for one in order {
      let entry = found[one.position]
      ranks[firstRank[Int(entry.sheet)] + Int(entry.selector)] = Int32(entries.count)
      entries.append(entry)
      selectors.append(sheets[Int(entry.sheet)].sheet.selectors.selectors[Int(entry.selector)])
    }
    self.sheets = sheets
    self.ruleCount = ruleCount
    self.declarations = declarations
    self.sheetOfDeclaration = sheetOfDeclaration
    self.firstRank = firstRank
    self.ranks = ranks
    self.entries = entries
    self.selectors = selectors
    joined = JoinedSelectors(sheets.map(\.sheet.selectors))
    index = RuleIndex(selectors)
    hasImportant = entries.contains(where: \.hasImportant)
    isPositional = sheets.contains { $0.sheet.selectors.isPositional }
  }

  /// The rank of a selector of a sheet, or -1 if it is not an entry.
  func rank(ofSelector selector: Int, sheet: Int) -> Int { Int(ranks[firstRank[sheet] + selector]) }

  /// What decides the rank of an entry.
  private struct Weight {
    let weight: UInt64
    /// The order of appearance; in its lower half the position among the entries that were found.
    let order: Int
    var position: Int { order & 0xFFFF_FFFF }
  }

  /// Rules with one of these never lend their declarations to an element.
  private static let keeping: StyleSheet.Flags = [
    .conditional, .placeholder, .grouped, .layered, .scoped, .nested,
  ]

  private static func collect(
    _ sheet: Sheet, _ sheetNumber: Int, into entries: inout [Entry], _ order: inout [Weight]
  ) {
    let store = sheet.sheet.selectors
    let table = PropertyTable.shared
    // A scope that is near beats the order of appearance.
    let scopedOrder = 1 << 40
    for (position, rule) in sheet.sheet.rules.enumerated() where rule.kind == .style {
      if rule.flags.contains(.pinned) { continue }
      let isKept = sheet.isKept || !rule.flags.isDisjoint(with: keeping)
      let isLayered = rule.flags.contains(.layered)
      var properties: UInt64 = 0
      var importantCount = 0
      for declaration in rule.declarations {
        properties |= table.marks(of: sheet.sheet.declarations[declaration].property)
        if sheet.sheet.declarations[declaration].isImportant { importantCount += 1 }
      }
      let declarations =
        Int32(
          sheet.firstDeclaration + rule.declarations.lowerBound)..<Int32(
          sheet.firstDeclaration + rule.declarations.upperBound)
      for number in rule.selectors {
        let selector = store.selectors[number]
        if !selector.traits.isDisjoint(with: [.pseudoElement, .namespaced, .placeholder]) { continue }
        order.append(
          Weight(
            weight: isLayered ? 0 : selector.specificity.value + 1,
            order: entries.count + (rule.flags.contains(.scoped) ? scopedOrder : 0)))
        entries.append(
          Entry(
            sheet: Int32(sheetNumber), selector: Int32(number), rule: Int32(position),
            ruleNumber: Int32(sheet.firstRule + position), declarations: declarations,
            isKept: isKept || !selector.traits.isEmpty, isLayered: isLayered, isBare: isBare(selector, store),
            isUniversal: selector.key.kind == .any, ancestors: selector.filter.ancestors,
            attributes: selector.filter.attributes, implied: selector.filter.implied, properties: properties,
            hasImportant: importantCount > 0, hasNormal: importantCount < rule.declarations.count))
      }
    }
  }

  /// Whether a selector asks for nothing but its key.
  private static func isBare(_ selector: SelectorStore.Selector, _ store: SelectorStore) -> Bool {
    guard selector.key.kind != .any, selector.traits.isEmpty, selector.compounds.count == 1 else { return false }
    return store.compounds[selector.compounds.lowerBound].simples.count == 1
  }
}

/// Marks of names: small sets that may seem to hold what they don't, but never miss what they hold.
///
/// Each name of an element, a class, an identifier or an attribute is one of 64 bits. A selector that asks for one whose
/// bit is not set can't match.
enum NameMarks {
  /// The mark of a type, a class or an identifier.
  static func mark(_ hash: UInt64) -> UInt64 { 1 << (hash >> 29 & 63) }

  /// The marks of the names that a compound asks for.
  static func names(of compound: SelectorStore.Compound, _ store: SelectorStore) -> UInt64 {
    var marks: UInt64 = 0
    for simple in store.simples[compound.simples] {
      if simple.kind == .type || simple.kind == .className || simple.kind == .id { marks |= mark(simple.hash) }
    }
    return marks
  }

  /// The marks of the attributes that a selector asks of the element itself.
  static func attributes(of selector: SelectorStore.Selector, _ store: SelectorStore) -> UInt64 {
    var marks: UInt64 = 0
    for simple in store.simples[store.compounds[selector.compounds.lowerBound].simples] {
      if simple.kind == .attribute || simple.kind == .attributeValue { marks |= mark(simple.hash) }
    }
    return marks
  }

  /// The marks that a selector asks for.
  static func required(by selector: SelectorStore.Selector, _ store: SelectorStore) -> UInt64 {
    guard selector.traits.isEmpty else { return 0 }
    return required(by: selector, isAncestor: false, store)
  }

  /// The marks that a selector asks for when it is matched with the element that counts, or with one around it.
  private static func required(
    by selector: SelectorStore.Selector, isAncestor: Bool, _ store: SelectorStore
  ) -> UInt64 {
    var marks: UInt64 = 0
    var isAncestor = isAncestor
    for compound in store.compounds[selector.compounds] {
      for simple in store.simples[compound.simples] {
        switch simple.kind {
        case .type where isAncestor, .className where isAncestor, .id where isAncestor: marks |= mark(simple.hash)
        case .isList where store.lists[Int(simple.payload)].members.count == 1:
          let member = store.nested[store.lists[Int(simple.payload)].members.lowerBound]
          marks |= required(by: member, isAncestor: isAncestor, store)
        default: break
        }
      }
      isAncestor = compound.combinator == .descendant || compound.combinator == .child
    }
    return marks
  }
}
