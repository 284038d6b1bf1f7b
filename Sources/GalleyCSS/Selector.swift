/// Complex selectors in a compact form: flat arrays, right to left, names as hashes.
///
/// A `SelectorStore` belongs to one style sheet. Selectors refer to compounds, compounds to simple selectors, simple
/// selectors such as `:is()` to lists of further selectors, each by position.
package struct SelectorStore: Sendable {
  /// One complex selector.
  package struct Selector: Sendable {
    /// What it weighs.
    package var specificity: Specificity
    /// Where to find candidates for it.
    var key: Key
    /// What an element must have for the selector to be worth a try.
    var filter = Filter()
    private var bytes: Range<Int32>
    private var compoundNumbers: Range<Int32>
    /// How many compounds the longest way through it has, arguments included: how deep matching may recurse.
    var height: Int32
    /// What can be done with it.
    package var traits: Traits

    init(
      range: Range<Int>, specificity: Specificity, traits: Traits, compounds: Range<Int>, key: Key, height: Int32
    ) {
      self.specificity = specificity
      self.traits = traits
      self.key = key
      self.height = height
      bytes = Range(narrowing: range)
      compoundNumbers = Range(narrowing: compounds)
    }

    /// Its bytes in the sheet, without surrounding trivia.
    package var range: Range<Int> {
      get { bytes.offsets }
      set { bytes = Range(narrowing: newValue) }
    }

    /// Its compounds, from right to left.
    @inline(__always) var compounds: Range<Int> {
      get { compoundNumbers.offsets }
      set { compoundNumbers = Range(narrowing: newValue) }
    }
  }

  /// What can be said of a selector without looking at an element closely.
  struct Filter: Sendable {
    /// The marks of the names, classes and identifiers that some ancestors must have; see `NameMarks`.
    var ancestors: UInt64 = 0
    /// The marks of the attributes that the element itself must have.
    var attributes: UInt64 = 0
    /// What elements that nobody wrote it may match.
    var implied: ImpliedElements = []
    /// Whether names and attributes decide all of it, so that no client and no time does.
    var isPlain = true
  }

  /// What sets a selector apart from one that can be inlined.
  package struct Traits: OptionSet, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }
    /// A state that exists only in a client, such as `:hover`.
    package static let dynamic = Traits(rawValue: 1)
    /// A pseudo-element, such as `::before`.
    package static let pseudoElement = Traits(rawValue: 2)
    /// Meant for the document as a client rewrites it, such as `.ExternalClass`.
    package static let clientHack = Traits(rawValue: 4)
    /// A prefix of a namespace, such as `v|rect` or `o\:p`.
    package static let namespaced = Traits(rawValue: 8)
    /// Valid, but not understood here, such as `&` outside of a nested rule.
    package static let unsupported = Traits(rawValue: 16)
    /// A template placeholder stands in it.
    package static let placeholder = Traits(rawValue: 32)
  }

  /// What a candidate for the rightmost compound must have.
  struct Key: Sendable {
    enum Kind: UInt8, Sendable { case any, id, className, type }
    var kind: Kind = .any
    var hash: UInt64 = 0
  }

  /// How a compound is joined to the one on its left.
  enum Combinator: UInt8, Sendable { case none, descendant, child, next, subsequent }

  struct Compound: Sendable {
    private var simpleNumbers: Range<Int32>
    /// The marks of the type, the classes and the identifiers that it asks for; see `NameMarks`.
    var marks: UInt64
    /// Where `combinator` is `subsequent`: the number under which the search among siblings is remembered.
    var scan: Int32 = -1
    /// What joins it to the compound on its left, the next one in the array.
    ///
    /// The last compound of an argument of `:has()` is joined to the element that `:has()` stands for.
    var combinator: Combinator

    init(simples: Range<Int>, combinator: Combinator, marks: UInt64 = 0) {
      simpleNumbers = Range(narrowing: simples)
      self.combinator = combinator
      self.marks = marks
    }

    @inline(__always) var simples: Range<Int> {
      get { simpleNumbers.offsets }
      set { simpleNumbers = Range(narrowing: newValue) }
    }
  }

  /// One simple selector; what the numbers mean depends on the kind.
  struct Simple: Sendable {
    enum Kind: UInt8, Sendable {
      case universal, type, id, className
      /// An attribute that is there; `hash` is its name.
      case attribute
      /// An attribute with a value; `hash` is its name, `payload` the position in `values`.
      case attributeValue
      /// `:is`, `:where`, `&`, `:not` and `:has`; `payload` is the position in `lists`.
      case isList, notList, hasList
      /// An+B; `a` and `b` are the numbers.
      case nthChild, nthLastChild, nthOfType, nthLastOfType
      /// An+B among those that a list of selectors matches; `payload` is the position in `lists`.
      case nthChildOf, nthLastChildOf
      case onlyChild, onlyOfType, empty, root, link, enabled, disabled, required, optional
      /// `payload` is the position in `values` of the first language range, `a` is how many there are.
      case lang
      /// `a` is 1 for `ltr`, 2 for `rtl` and 0 for what no element has.
      case dir
      /// Something that only the client knows.
      case unknowable
      /// Something that only an element of the client's has.
      case wrapper
    }
    var hash: UInt64
    var payload: Int32
    var a: Int32
    var b: Int32
    var kind: Kind

    init(kind: Kind, hash: UInt64 = 0, payload: Int32 = 0, a: Int32 = 0, b: Int32 = 0) {
      self.hash = hash
      self.payload = payload
      self.a = a
      self.b = b
      self.kind = kind
    }

    /// Whether it asks for an attribute, with a value or without.
    var isAttributeTest: Bool { kind == .attribute || kind == .attributeValue }
  }

  /// The value of an attribute selector, or a language range of `:lang()`.
  struct Value: Sendable {
    enum Operator: UInt8, Sendable { case equals, word, dash, prefix, suffix, substring }
    var operation: Operator
    var ignoresCase: Bool
    /// Its bytes in `texts`, escapes resolved.
    var text: Range<Int>
  }

  /// The selectors in an argument.
  struct List: Sendable {
    /// Their positions in `nested`.
    var members: Range<Int>
    /// Whether one of them has a combinator, so that an answer costs more than a look at the element.
    var isComplex: Bool
  }

  /// The selectors of rules, those of one rule next to each other.
  package internal(set) var selectors: [Selector] = []
  var nested: [Selector] = []
  var compounds: [Compound] = []
  var simples: [Simple] = []
  var values: [Value] = []
  var texts: [UInt8] = []
  var lists: [List] = []
  /// Whether one of the selectors looks at the attribute `style`.
  var looksAtStyle = false
  /// How many numbers for searches among siblings are taken.
  var scanCount: Int32 = 0

  /// Whether types, classes, identifiers and attributes decide all of a selector.
  func isPlain(_ selector: Selector) -> Bool {
    selector.traits.isEmpty
      && compounds[selector.compounds].allSatisfy { compound in
        simples[compound.simples].allSatisfy { simple in
          switch simple.kind {
          case .universal, .type, .className, .id, .attribute, .attributeValue: true
          default: false
          }
        }
      }
  }

  /// Whether one of the selectors asks for what stands beside an element, or in it.
  var isPositional: Bool {
    compounds.contains { $0.combinator == .next || $0.combinator == .subsequent }
      || simples.contains { simple in
        switch simple.kind {
        case .nthChild, .nthLastChild, .nthOfType, .nthLastOfType, .nthChildOf, .nthLastChildOf, .onlyChild,
          .onlyOfType, .empty, .hasList:
          true
        default: false
        }
      }
  }
}

extension SelectorStore {
  /// Makes room for the compounds and simple selectors of some stores, for matching.
  fileprivate init(roomFor stores: [SelectorStore]) {
    compounds.reserveCapacity(stores.reduce(0) { $0 + $1.compounds.count })
    simples.reserveCapacity(stores.reduce(0) { $0 + $1.simples.count })
  }

  /// Adds another store for matching: its compounds come behind those that are there, and the selectors of its rules
  /// are left out.
  fileprivate mutating func append(_ other: SelectorStore) {
    let simpleBase = simples.count
    let others = other.compounds.span
    if other.scanCount == 0 {
      for index in others.indices { compounds.append(others[index].moved(by: simpleBase)) }
    } else {
      for index in others.indices { compounds.append(others[index].moved(by: simpleBase, scansBy: scanCount)) }
      scanCount += other.scanCount
    }
    simples.append(contentsOf: other.simples)
    if !other.values.isEmpty || !other.lists.isEmpty {
      appendArguments(of: other, compoundBase: compounds.count - others.count, simpleBase: simpleBase)
    }
  }

  /// Adds what the simple selectors of another store refer to, whose own places are known.
  private mutating func appendArguments(of other: SelectorStore, compoundBase: Int, simpleBase: Int) {
    let (nestedBase, valueBase, textBase, listBase) = (nested.count, values.count, texts.count, lists.count)
    nested += other.nested.map { $0.moved(by: compoundBase) }
    texts += other.texts
    values += other.values.map {
      Value(operation: $0.operation, ignoresCase: $0.ignoresCase, text: $0.text.moved(by: textBase))
    }
    lists += other.lists.map { List(members: $0.members.moved(by: nestedBase), isComplex: $0.isComplex) }
    for index in simpleBase..<simples.count {
      switch simples[index].kind {
      case .attributeValue, .lang: simples[index].payload += Int32(valueBase)
      case .isList, .notList, .hasList, .nthChildOf, .nthLastChildOf: simples[index].payload += Int32(listBase)
      default: break
      }
    }
  }
}

/// The selectors of several sheets in one store, for matching.
struct JoinedSelectors: Sendable {
  /// The compounds of all sheets and what belongs to them.
  let store: SelectorStore
  /// For each sheet, where its compounds start in `store`.
  let bases: [Int]

  /// Joins the selectors of sheets, in their order.
  init(_ stores: [SelectorStore]) {
    if stores.count == 1 {
      store = stores[0]
      bases = [0]
      return
    }
    var joined = SelectorStore(roomFor: stores)
    var bases: [Int] = []
    for store in stores {
      bases.append(joined.compounds.count)
      joined.append(store)
    }
    store = joined
    self.bases = bases
  }
}

extension SelectorStore.Selector {
  fileprivate func moved(by distance: Int) -> Self {
    var selector = self
    selector.compounds = compounds.moved(by: distance)
    return selector
  }
}

extension SelectorStore.Compound {
  /// The same compound where simple selectors, and searches among siblings, have other numbers.
  @inline(__always) fileprivate func moved(by distance: Int, scansBy scans: Int32 = 0) -> Self {
    var compound = self
    compound.simples = simples.moved(by: distance)
    if scan >= 0 { compound.scan = scan + scans }
    return compound
  }
}

extension Range<Int> {
  @inline(__always) fileprivate func moved(by distance: Int) -> Self {
    lowerBound &+ distance..<upperBound &+ distance
  }
}

/// The weight of a selector: identifiers, then classes, attributes and pseudo-classes, then types.
///
/// Each count has 20 bits and stops at its limit, so that no number of classes outweighs an identifier
/// (https://www.w3.org/TR/selectors-4/#specificity-rules).
package struct Specificity: Hashable, Comparable, Sendable {
  /// The three counts, the heaviest in the highest bits.
  package private(set) var value: UInt64 = 0

  /// Makes the weight of nothing.
  package init() {}

  /// Makes a weight of three counts.
  package init(_ ids: Int, _ classes: Int, _ types: Int) {
    value = Self.clamped(ids) << 40 | Self.clamped(classes) << 20 | Self.clamped(types)
  }

  private static let limit: UInt64 = 0xFFFFF

  private static func clamped(_ count: Int) -> UInt64 { UInt64(min(max(count, 0), Int(limit))) }

  /// The number of identifiers.
  package var ids: Int { Int(value >> 40) }
  /// The number of classes, attributes and pseudo-classes.
  package var classes: Int { Int(value >> 20 & Self.limit) }
  /// The number of types and pseudo-elements.
  package var types: Int { Int(value & Self.limit) }

  mutating func add(_ other: Specificity) {
    self = Specificity(ids + other.ids, classes + other.classes, types + other.types)
  }

  /// Orders from light to heavy.
  package static func < (a: Specificity, b: Specificity) -> Bool { a.value < b.value }
}
