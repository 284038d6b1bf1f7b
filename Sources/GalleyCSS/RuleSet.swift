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
    /// The number of its first selector among those of all sheets.
    var firstSelector = 0
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
    /// The marks of the names, classes and identifiers that some ancestors must have; see `NameMarks`.
    let ancestors: UInt64
    /// The marks of the attributes that the element itself must have.
    let attributes: UInt64
    /// The marks of all that its declarations set; see `PropertyTable.marks`.
    let properties: UInt64
    /// What elements that nobody wrote it may match.
    let implied: ImpliedElements
    let traits: EntryTraits

    /// Whether it stays in the sheet, whatever it matches.
    @inline(__always) var isKept: Bool { traits.has(.kept) }
    @inline(__always) var isLayered: Bool { traits.has(.layered) }
    /// Whether it is a single type, class or identifier, so that each candidate matches.
    @inline(__always) var isBare: Bool { traits.has(.bare) }
    /// Whether any element may be a candidate.
    @inline(__always) var isUniversal: Bool { traits.has(.universal) }
    /// Whether the kinds of an element and of those around it decide whether it matches.
    @inline(__always) var isLocal: Bool { traits.has(.local) }
    /// Whether one of the declarations is important.
    @inline(__always) var hasImportant: Bool { traits.has(.important) }
    /// Whether one of the declarations is not important.
    @inline(__always) var hasNormal: Bool { traits.has(.normal) }
  }

  /// What can be said of a selector, or of all selectors of its rule.
  struct EntryTraits: Sendable {
    private(set) var bits: UInt8 = 0
    private init(_ bits: UInt8) { self.bits = bits }
    static var none: EntryTraits { EntryTraits(0) }
    static var kept: EntryTraits { EntryTraits(1) }
    static var layered: EntryTraits { EntryTraits(2) }
    static var bare: EntryTraits { EntryTraits(4) }
    static var universal: EntryTraits { EntryTraits(8) }
    static var important: EntryTraits { EntryTraits(16) }
    static var normal: EntryTraits { EntryTraits(32) }
    static var local: EntryTraits { EntryTraits(64) }

    @inline(__always) func has(_ trait: EntryTraits) -> Bool { bits & trait.bits != 0 }
    @inline(__always) mutating func add(_ trait: EntryTraits, if holds: Bool = true) {
      if holds { bits |= trait.bits }
    }
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
  /// The declarations of all sheets.
  let declarations: [StyleSheet.Declaration]
  /// The declarations as the cascade sees them, all but for the rank.
  let candidates: [Cascade.Candidate]
  /// Whether a selector asks for positions among siblings.
  let isPositional: Bool
  /// Whether a declaration is important.
  let hasImportant: Bool
  /// The marks of the attributes that selectors ask for of an element or of those around it.
  let testedAttributes: UInt64
  /// What local selectors ask of the elements around the one that counts.
  let leftParts: LeftParts
  /// The names of types, classes and identifiers that selectors mention.
  let mentioned: MentionedNames
  /// The ranks of the selectors of all sheets, or -1 for one that is not an entry.
  private let ranks: [Int32]

  /// No rules at all.
  static let none = RuleSet([])

  init(_ given: [Sheet]) {
    let sheets = Self.numbered(given)
    let (found, order) = Self.collect(sheets)
    var ranks = [Int32](repeating: -1, count: sheets.reduce(0) { $0 + $1.sheet.selectors.selectors.count })
    var entries: [Entry] = []
    entries.reserveCapacity(found.count)
    var selectors: [SelectorStore.Selector] = []
    selectors.reserveCapacity(found.count)
    var hasImportant = false
    for position in order.sorted() {
      let entry = found[Int(position)]
      let sheet = sheets[Int(entry.sheet)]
      ranks[sheet.firstSelector + Int(entry.selector)] = Int32(truncatingIfNeeded: entries.count)
      entries.append(entry)
      selectors.append(sheet.sheet.selectors.selectors[Int(entry.selector)])
      if entry.hasImportant { hasImportant = true }
    }
    self.sheets = sheets
    self.entries = entries
    self.selectors = selectors
    self.ranks = ranks
    self.hasImportant = hasImportant
    ruleCount = sheets.reduce(0) { $0 + $1.sheet.rules.count }
    declarations = Self.declarations(of: sheets)
    candidates = Self.candidates(of: sheets)
    joined = JoinedSelectors(sheets.map(\.sheet.selectors))
    index = RuleIndex(selectors)
    isPositional = sheets.contains { $0.sheet.selectors.isPositional }
    testedAttributes = NameMarks.attributes(in: joined.store)
    mentioned = MentionedNames(joined.store)
    leftParts = LeftParts(entries, selectors, joined)
  }

  /// The rank of a selector of a sheet, or -1 if it is not an entry.
  func rank(ofSelector selector: Int, sheet: Int) -> Int { Int(ranks[sheets[sheet].firstSelector + selector]) }

  /// The compound that the element itself has to match, among those of all sheets.
  @inline(__always) func keyCompound(_ rank: Int) -> Int {
    selectors[rank].compounds.lowerBound &+ joined.bases[Int(entries[rank].sheet)]
  }

  /// The number of the sheet in which a declaration stands.
  func sheet(ofDeclaration declaration: Int) -> Int {
    var (low, high) = (0, sheets.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if sheets[middle].firstDeclaration <= declaration { low = middle } else { high = middle }
    }
    return low
  }

  /// Sheets with the numbers of their first rules, declarations and selectors.
  private static func numbered(_ given: [Sheet]) -> [Sheet] {
    var sheets = given
    for number in sheets.indices.dropFirst() {
      let last = sheets[number - 1]
      sheets[number].firstRule = last.firstRule + last.sheet.rules.count
      sheets[number].firstDeclaration = last.firstDeclaration + last.sheet.declarations.count
      sheets[number].firstSelector = last.firstSelector + last.sheet.selectors.selectors.count
    }
    return sheets
  }

  /// The declarations of all sheets; those of one sheet alone are its own.
  private static func declarations(of sheets: [Sheet]) -> [StyleSheet.Declaration] {
    if sheets.count == 1 { return sheets[0].sheet.declarations }
    var declarations: [StyleSheet.Declaration] = []
    declarations.reserveCapacity(sheets.reduce(0) { $0 + $1.sheet.declarations.count })
    for sheet in sheets { declarations.append(contentsOf: sheet.sheet.declarations) }
    return declarations
  }

  /// Rules with one of these never lend their declarations to an element.
  private static var keeping: StyleSheet.Flags {
    [.conditional, .placeholder, .grouped, .layered, .scoped, .nested]
  }

  /// The entries of all sheets as they stand there, and what decides their order.
  private static func collect(_ sheets: [Sheet]) -> (entries: [Entry], order: WeightOrder) {
    var entries: [Entry] = []
    var order = WeightOrder()
    let count = sheets.reduce(0) { $0 + $1.sheet.selectors.selectors.count }
    entries.reserveCapacity(count)
    order.reserveCapacity(count)
    let table = PropertyTable.shared
    for (number, sheet) in sheets.enumerated() { collect(sheet, number, table, &entries, &order) }
    return (entries, order)
  }

  private static func candidates(of sheets: [Sheet]) -> [Cascade.Candidate] {
    let table = PropertyTable.shared
    var candidates: [Cascade.Candidate] = []
    candidates.reserveCapacity(sheets.reduce(0) { $0 + $1.sheet.declarations.count })
    for sheet in sheets {
      let declarations = sheet.sheet.declarations
      for index in declarations.indices {
        candidates.append(
          Cascade.Candidate(
            declarations[index], number: candidates.count, rule: sheet.firstRule + Int(declarations[index].rule), table)
        )
      }
    }
    return candidates
  }

  private static func collect(
    _ sheet: Sheet, _ sheetNumber: Int, _ table: PropertyTable, _ entries: inout [Entry], _ order: inout WeightOrder
  ) {
    let rules = sheet.sheet.rules
    let all = sheet.sheet.declarations
    let store = sheet.sheet.selectors
    for position in rules.indices where rules[position].kind == .style {
      let flags = rules[position].flags
      if rules[position].selectors.isEmpty || flags.contains(.pinned) { continue }
      var traits = EntryTraits.none
      traits.add(.kept, if: sheet.isKept || !flags.isDisjoint(with: keeping))
      traits.add(.layered, if: flags.contains(.layered))
      var properties: UInt64 = 0
      let declarations = rules[position].declarations
      for index in declarations {
        properties |= table.marks(of: all[index].property)
        traits.add(all[index].isImportant ? .important : .normal)
      }
      let first = sheet.firstDeclaration
      let numbers = Int32(first + declarations.lowerBound)..<Int32(first + declarations.upperBound)
      for selector in rules[position].selectors {
        let traits = store.entryTraits(of: selector, traits)
        guard let traits else { continue }
        let filter = store.selectors[selector].filter
        // A scope that is near beats the order of appearance.
        order.add(
          traits.has(.layered) ? 0 : store.selectors[selector].specificity.value + 1, isLate: flags.contains(.scoped))
        entries.append(
          Entry(
            sheet: Int32(sheetNumber), selector: Int32(selector), rule: Int32(position),
            ruleNumber: Int32(sheet.firstRule + position), declarations: numbers, ancestors: filter.ancestors,
            attributes: filter.attributes, properties: properties, implied: filter.implied, traits: traits))
      }
    }
  }
}

extension SelectorStore {
  /// Whether a selector asks for nothing but types, classes, identifiers and attributes of an element and of those
  /// around it.
  private func isLocal(_ selector: Selector) -> Bool {
    guard selector.filter.isPlain else { return false }
    for compound in selector.compounds {
      let combinator = compounds[compound].combinator
      if combinator == .next || combinator == .subsequent { return false }
    }
    return true
  }

  /// What can be said of a selector, given what can be said of its rule; nil for one that never counts.
  @inline(__always)
  fileprivate func entryTraits(of position: Int, _ rule: RuleSet.EntryTraits) -> RuleSet.EntryTraits? {
    var traits = rule
    let selector = selectors[position]
    if !selector.traits.isEmpty {
      if !selector.traits.isDisjoint(with: [.pseudoElement, .namespaced, .placeholder]) { return nil }
      traits.add(.kept)
    }
    if selector.key.kind == .any {
      traits.add(.universal)
    } else if selector.traits.isEmpty, selector.compounds.count == 1 {
      traits.add(.bare, if: compounds[selector.compounds.lowerBound].simples.count == 1)
    }
    traits.add(.local, if: isLocal(selector))
    return traits
  }
}

/// Marks of names: small sets that may seem to hold what they don't, but never miss what they hold.
///
/// Each name of an element, a class, an identifier or an attribute is one of 64 bits. A selector that asks for one whose
/// bit is not set can't match.
enum NameMarks {
  /// The marks of the attributes that selectors ask for anywhere.
  static func attributes(in store: SelectorStore) -> UInt64 {
    var marks: UInt64 = 0
    for simple in store.simples where simple.isAttributeTest { marks |= mark(simple.hash) }
    return marks
  }

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
