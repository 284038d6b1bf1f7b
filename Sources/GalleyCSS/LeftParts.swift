import GalleyHTML

/// What local selectors ask of the elements around the one that counts: each compound with all that is left of it.
///
/// In `.a .b > p` there are two: `.a` for all that is within it, and `.a .b` for the children. A part matches an
/// element if its compound does and the part to its left holds where the element is.
struct LeftParts: Sendable {
  /// One part.
  struct Part: Sendable {
    /// Its compound among those of all sheets.
    let compound: Int32
    /// The part to its left, or -1.
    let left: Int32
  }

  private(set) var parts: [Part] = []
  /// For each part a bit: whether it holds for all that is within an element, and not for its children alone.
  private(set) var lasting: [UInt64] = []
  /// For each entry the part to the left of the compound that counts, or -1.
  private(set) var ofEntry: [Int32] = []
  /// Where to look for parts; with few of them all are looked at.
  private var index: RuleIndex?
  private var table = NumberTable()

  private static let fewParts = 48

  /// Collects the parts of local selectors, each once.
  init(_ entries: [RuleSet.Entry], _ selectors: [SelectorStore.Selector], _ joined: JoinedSelectors) {
    ofEntry.reserveCapacity(entries.count)
    for rank in entries.indices {
      var left: Int32 = -1
      if entries[rank].isLocal, !entries[rank].isBare {
        let base = joined.bases[Int(entries[rank].sheet)]
        var compound = selectors[rank].compounds.upperBound + base - 1
        let last = selectors[rank].compounds.lowerBound + base
        while compound > last {
          left = number(of: compound, left: left, joined.store)
          compound -= 1
        }
      }
      ofEntry.append(left)
    }
    if parts.count > Self.fewParts {
      index = RuleIndex(parts.map { Self.key(of: joined.store.compounds[Int($0.compound)], joined.store) })
    }
    table = NumberTable()
  }

  /// The numbers of the parts whose compound may match an element with the given names.
  func append(_ name: UInt64, _ id: UInt64, _ classes: ArraySlice<UInt64>, to list: inout [Int32]) {
    guard let index else { return list.append(contentsOf: 0..<Int32(parts.count)) }
    list.append(contentsOf: index.universal)
    index.append(name, .type, to: &list)
    if id != 0 { index.append(id, .id, to: &list) }
    for name in classes { index.append(name, .className, to: &list) }
    list.sortTail(from: 0)
  }

  private mutating func number(of compound: Int, left: Int32, _ store: SelectorStore) -> Int32 {
    let isLasting = store.compounds[compound - 1].combinator == .descendant
    var hash = UInt64(UInt32(bitPattern: left)) &<< 1 | (isLasting ? 1 : 0)
    for simple in store.compounds[compound].simples {
      hash = (hash ^ store.simples[simple].hash ^ hash &>> 31) &* 0xff51_afd7_ed55_8ccd
    }
    let known = table.number(hash) { number in
      parts[number].left == left && self.isLasting(number) == isLasting
        && Self.areEqual(Int(parts[number].compound), compound, store)
    }
    if let known { return Int32(truncatingIfNeeded: known) }
    table.add(parts.count, hash)
    if parts.count & 63 == 0 { lasting.append(0) }
    if isLasting { lasting[parts.count >> 6] |= 1 << UInt64(parts.count & 63) }
    parts.append(Part(compound: Int32(truncatingIfNeeded: compound), left: left))
    return Int32(truncatingIfNeeded: parts.count - 1)
  }

  private func isLasting(_ part: Int) -> Bool { lasting[part >> 6] & 1 << UInt64(part & 63) != 0 }

  private static func areEqual(_ a: Int, _ b: Int, _ store: SelectorStore) -> Bool {
    let (first, second) = (store.compounds[a].simples, store.compounds[b].simples)
    guard first.count == second.count else { return false }
    for offset in 0..<first.count {
      let (one, other) = (store.simples[first.lowerBound + offset], store.simples[second.lowerBound + offset])
      if one.kind != other.kind || one.hash != other.hash || one.payload != other.payload { return false }
    }
    return true
  }

  /// The rarest thing that a compound asks for.
  private static func key(of compound: SelectorStore.Compound, _ store: SelectorStore) -> SelectorStore.Key {
    var key = SelectorStore.Key()
    for position in compound.simples {
      let simple = store.simples[position]
      switch simple.kind {
      case .id: return SelectorStore.Key(kind: .id, hash: simple.hash)
      case .className: key = SelectorStore.Key(kind: .className, hash: simple.hash)
      case .type where key.kind == .any: key = SelectorStore.Key(kind: .type, hash: simple.hash)
      default: break
      }
    }
    return key
  }
}

/// The names of types, classes and identifiers that selectors mention: all others are one to them.
///
/// It may take a name for one that is mentioned, never the other way round.
struct MentionedNames: Sendable {
  private var marks = SIMD8<UInt64>(repeating: 0)

  init(_ store: SelectorStore) {
    let simples = store.simples
    for index in simples.indices {
      switch simples[index].kind {
      case .type, .className, .id: marks[Self.word(simples[index].hash)] |= Self.bit(simples[index].hash)
      default: break
      }
    }
  }

  @inline(__always) private static func word(_ hash: UInt64) -> Int { Int(truncatingIfNeeded: hash &>> 41 & 7) }
  @inline(__always) private static func bit(_ hash: UInt64) -> UInt64 { 1 &<< (hash &>> 29 & 63) }

  /// The hash, or 0 where nothing mentions the name.
  @inline(__always) func known(_ hash: UInt64) -> UInt64 {
    marks[Self.word(hash)] & Self.bit(hash) == 0 ? 0 : hash
  }
}
