/// Complex selectors in a compact form: flat arrays, right to left, names as hashes.
///
/// A `SelectorStore` belongs to one style sheet. Selectors refer to compounds, compounds to simple selectors, simple
/// selectors such as `:is()` to lists of further selectors, each by position.
package struct SelectorStore: Sendable {
  /// One complex selector.
  package struct Selector: Sendable {
    /// Its bytes in the sheet, without surrounding trivia.
    package var range: Range<Int>
    /// What it weighs.
    package var specificity: Specificity
    /// What can be done with it.
    package var traits: Traits
    /// Its compounds, from right to left.
    var compounds: Range<Int>
    /// Where to find candidates for it.
    var key: Key
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
    /// Valid, but not understood here, such as `:has()`.
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
    var simples: Range<Int>
    /// What joins it to the compound on its left, the next one in the array.
    var combinator: Combinator
  }

  /// One simple selector; what the numbers mean depends on the kind.
  struct Simple: Sendable {
    enum Kind: UInt8, Sendable {
      case universal, type, id, className
      /// An attribute that is there; `hash` is its name.
      case attribute
      /// An attribute with a value; `hash` is its name, `payload` the position in `values`.
      case attributeValue
      /// `:is`, `:where`, `:not`; `payload` is the position in `lists`.
      case isList, notList
      /// An+B; `a` and `b` are the numbers.
      case nthChild, nthLastChild, nthOfType, nthLastOfType
      case onlyChild, onlyOfType, empty, root, link, enabled, disabled, required, optional
      /// `payload` is the position in `values`.
      case lang, dir
      /// Something that only the client knows.
      case unknowable
      /// Something that only an element of the client's has.
      case wrapper
    }
    var kind: Kind
    var hash: UInt64 = 0
    var payload: Int32 = 0
    var a: Int32 = 0
    var b: Int32 = 0
  }

  /// The value of an attribute selector, or the languages of `:lang()`.
  struct Value: Sendable {
    enum Operator: UInt8, Sendable { case equals, word, dash, prefix, suffix, substring }
    var operation: Operator
    var ignoresCase: Bool
    var bytes: [UInt8]
  }

  /// The selectors of rules, those of one rule next to each other.
  package internal(set) var selectors: [Selector] = []
  var nested: [Selector] = []
  var compounds: [Compound] = []
  var simples: [Simple] = []
  var values: [Value] = []
  var lists: [Range<Int>] = []

  /// Whether one of the selectors asks for what stands beside an element, or in it.
  var isPositional: Bool {
    compounds.contains { $0.combinator == .next || $0.combinator == .subsequent }
      || simples.contains { simple in
        switch simple.kind {
        case .nthChild, .nthLastChild, .nthOfType, .nthLastOfType, .onlyChild, .onlyOfType, .empty: true
        default: false
        }
      }
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
