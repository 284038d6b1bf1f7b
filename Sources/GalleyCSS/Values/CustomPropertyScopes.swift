/// The custom properties of each element of a document: its own over those that it inherits.
///
/// A scope is made for an element with custom declarations of its own; all others share the scope of their parent and
/// cost nothing. The `var()` of a custom property is resolved once, where it is set; what is inherited has its value
/// already. Those that refer to each other in circles, also in fallbacks, are invalid, all of them
/// (https://www.w3.org/TR/css-variables-1/#cycles). What `var()` expands to is limited, for each value and in all.
package struct CustomPropertyScopes {
  /// The custom properties of an element.
  package struct Scope: Hashable, Sendable {
    fileprivate let index: Int32
    /// The scope in which nothing is set.
    package static let root = Scope(index: -1)
  }

  /// The declaration that won for an element and a custom property.
  ///
  /// What it refers to is found once, so that a declaration of a rule is prepared once for all elements.
  package struct Declaration {
    /// The hash of the name, escapes resolved, in the author's case.
    package let name: UInt64
    /// The bytes that the value is a range of.
    package let bytes: [UInt8]
    /// The value, without trivia around it.
    package let value: Range<Int>
    /// Why the value can't be told, as a number that only the caller understands; nil if it can.
    package var cause: Int32?
    /// The word for all properties that the value is, if it is one.
    let keyword: CustomValue.Keyword?
    /// The custom properties that it refers to.
    fileprivate let references: [UInt64]

    /// Prepares a declaration.
    package init(name: UInt64, bytes: [UInt8], value: Range<Int>, cause: Int32? = nil) {
      self.name = name
      self.bytes = bytes
      self.value = value
      self.cause = cause
      keyword = CustomValue.keyword(bytes, value)
      references = VariableResolver.references(in: bytes, value).map(\.name)
    }
  }

  /// Why a custom property has no value.
  package enum Invalidity: Sendable, Equatable {
    /// Nothing sets it.
    case unset
    /// It is set to `initial`.
    case initial
    /// It refers to itself, if by way of others.
    case cyclic
    /// It refers to one that has no value.
    case dangling(UInt64)
  }

  /// The causes of the resolver's own, which stand beside those of the caller.
  package enum Limit {
    /// A value is too long or nested too deep.
    package static let excessive: Int32 = -1
  }

  /// What a custom property is in a scope.
  package enum Value: Equatable, Sendable {
    /// It has one.
    case text(ArraySlice<UInt8>)
    /// It has none.
    case invalid(Invalidity)
    /// It can't be told.
    case open(Int32)
  }

  /// How long a value may get.
  package static let valueLimit = 1 << 16

  private struct Entry {
    let name: UInt64
    var value: Value
  }

  private struct Frame {
    let parent: Int32
    /// Its entries, sorted by name.
    let entries: Range<Int>
  }

  private var frames: [Frame] = []
  private var entries: [Entry] = []
  /// How many bytes with `var()` may still be read, and written in their place.
  private var budget: Int

  /// Makes an empty collection; in all, `budget` bytes are read and written to resolve `var()`.
  package init(budget: Int = 1 << 24) { self.budget = budget }

  /// The scope of an element with declarations of its own, at most one for each name, within the scope of its parent.
  package mutating func add(_ own: [Declaration], within parent: Scope) -> Scope {
    if own.isEmpty { return parent }
    let own = own.sorted { $0.name < $1.name }
    let first = entries.count
    for declaration in own { entries.append(Entry(name: declaration.name, value: .invalid(.unset))) }
    frames.append(Frame(parent: parent.index, entries: first..<entries.count))
    let scope = Scope(index: Int32(frames.count - 1))
    if own.allSatisfy(\.references.isEmpty) {
      for position in own.indices { entries[first + position].value = value(of: own[position], in: scope, parent) }
      return scope
    }
    let positions = Dictionary(own.enumerated().map { ($1.name, $0) }) { first, _ in first }
    let cycles = ReferenceCycles(own.map { $0.cause == nil ? $0.references.compactMap { positions[$0] } : [] })
    for position in cycles.order {
      let isCyclic = cycles.isOnCycle[position]
      let value = isCyclic ? .invalid(.cyclic) : value(of: own[position], in: scope, parent)
      entries[first + position].value = value
    }
    return scope
  }

  private mutating func value(of declaration: Declaration, in scope: Scope, _ parent: Scope) -> Value {
    if let cause = declaration.cause { return .open(cause) }
    if let keyword = declaration.keyword { return value(keyword, declaration.name, parent) }
    if declaration.references.isEmpty { return .text(declaration.bytes[declaration.value]) }
    switch resolve(declaration.bytes, in: declaration.value, scope: scope) {
    case .value(let text):
      let keyword = CustomValue.keyword(text, 0..<text.count)
      return keyword.map { value($0, declaration.name, parent) } ?? .text(text[...])
    case .invalid(let name): return .invalid(.dangling(name))
    case .open(let cause): return .open(cause)
    case .malformed: return .invalid(.unset)
    case .excessive: return .open(Limit.excessive)
    }
  }

  private func value(_ keyword: CustomValue.Keyword, _ name: UInt64, _ parent: Scope) -> Value {
    switch keyword {
    case .initial: .invalid(.initial)
    case .inherit, .revertLayer: value(of: name, in: parent)
    }
  }

  /// What a custom property is in a scope; costs time in proportion to the scopes around it.
  package func value(of name: UInt64, in scope: Scope) -> Value {
    var index = scope.index
    while index >= 0 {
      let frame = frames[Int(index)]
      if let value = find(name, frame.entries) { return value }
      index = frame.parent
    }
    return .invalid(.unset)
  }

  private func find(_ name: UInt64, _ range: Range<Int>) -> Value? {
    var (low, high) = (range.lowerBound, range.upperBound)
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].name < name { low = middle + 1 } else { high = middle }
    }
    return low < range.upperBound && entries[low].name == name ? entries[low].value : nil
  }

  /// Substitutes the `var()` in a value.
  package mutating func resolve(
    _ bytes: [UInt8], in range: Range<Int>, scope: Scope
  ) -> VariableResolver.Resolution {
    guard budget > 0 else { return .excessive }
    let (resolution, written) = VariableResolver.expand(bytes, in: range, limit: Self.valueLimit) { name in
      switch value(of: name, in: scope) {
      case .text(let text): .value(text)
      case .invalid: .invalid
      case .open(let cause): .open(cause)
      }
    }
    budget -= range.count + written
    return resolution
  }
}
