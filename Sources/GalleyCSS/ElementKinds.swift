import GalleyHTML

/// The kinds of elements of a document, as far as the index of rules tells them apart: by name, classes and identifier.
///
/// The candidates of a kind are gathered once, from weak to strong.
struct ElementKinds: Sendable {
  /// What all elements of a kind have in common.
  struct Kind: Sendable {
    /// Where the selectors that they may match stand in `candidates`, ascending.
    var candidates: Range<Int32>
    /// Whether they match each of these.
    var matchesAll: Bool
    /// The number of the list of matched selectors of those that do, or -1 where it is not known yet.
    var list: Int32 = -1
  }

  /// Selectors, by twice their rank, and one more where an element of the kind is certain to match.
  private(set) var candidates: [Int32] = []
  private(set) var kinds: [Kind] = []
  private var keys: [(name: UInt64, id: UInt64, classes: Int32)] = []
  private var slots: [Int32] = Array(repeating: -1, count: 64)

  /// Forgets all kinds.
  mutating func removeAll() {
    if kinds.isEmpty { return }
    candidates.removeAll(keepingCapacity: true)
    kinds.removeAll(keepingCapacity: true)
    keys.removeAll(keepingCapacity: true)
    for index in slots.indices { slots[index] = -1 }
  }

  /// The number of an element's kind; `classes` is the number of its list of classes.
  mutating func number(
    name: UInt64, id: UInt64, classes: Int32, _ facts: DocumentFacts, node: Int, _ rules: RuleSet
  ) -> Int {
    var slot = Self.hash(name, id, classes) & (slots.count - 1)
    while slots[slot] >= 0 {
      let key = keys[Int(slots[slot])]
      if key.name == name, key.id == id, key.classes == classes { return Int(slots[slot]) }
      slot = (slot + 1) & (slots.count - 1)
    }
    let number = kinds.count
    slots[slot] = Int32(number)
    keys.append((name, id, classes))
    gather(name: name, id: id, facts, node, rules)
    if kinds.count * 2 > slots.count { grow() }
    return number
  }

  /// Sets the list of a kind.
  mutating func setList(_ list: Int32, of kind: Int) { kinds[kind].list = list }

  private mutating func gather(name: UInt64, id: UInt64, _ facts: DocumentFacts, _ node: Int, _ rules: RuleSet) {
    let first = candidates.count
    candidates.append(contentsOf: rules.index.universal)
    append(name, .type, rules)
    if id != 0 { append(id, .id, rules) }
    for position in facts.classRange(node) { append(facts.classes[position], .className, rules) }
    candidates.sortTail(from: first)
    var kept = first
    var matchesAll = true
    for position in first..<candidates.count {
      let rank = candidates[position]
      switch Self.judge(rules, Int(rank), name: name, id: id, facts, node) {
      case .no: continue
      case .maybe:
        matchesAll = false
        candidates[kept] = rank << 1
      case .yes: candidates[kept] = rank << 1 | 1
      }
      kept += 1
    }
    candidates.removeLast(candidates.count - kept)
    kinds.append(Kind(candidates: Int32(first)..<Int32(kept), matchesAll: matchesAll))
  }

  /// What can be said of all elements of a kind by their name, classes and identifier.
  private static func judge(
    _ rules: RuleSet, _ rank: Int, name: UInt64, id: UInt64, _ facts: DocumentFacts, _ node: Int
  ) -> Match {
    let sheet = Int(rules.entries[rank].sheet)
    let compounds = rules.selectors[rank].compounds
    let compound = rules.sheets[sheet].sheet.selectors.compounds[compounds.lowerBound]
    var isDecided = compounds.count == 1 && rules.selectors[rank].traits.isEmpty
    for index in compound.simples {
      let simple = rules.sheets[sheet].sheet.selectors.simples[index]
      switch simple.kind {
      case .universal: break
      case .type: if simple.hash != name { return .no }
      case .id: if simple.hash != id { return .no }
      case .className: if !facts.hasClass(simple.hash, node) { return .no }
      default: isDecided = false
      }
    }
    return isDecided ? .yes : .maybe
  }

  private mutating func append(_ hash: UInt64, _ kind: SelectorStore.Key.Kind, _ rules: RuleSet) {
    var rank = rules.index.first(hash, kind)
    while rank >= 0 {
      candidates.append(rank)
      rank = rules.index.next(after: rank)
    }
  }

  private static func hash(_ name: UInt64, _ id: UInt64, _ classes: Int32) -> Int {
    var hash = name ^ (id &* 0x9E37_79B9_7F4A_7C15) ^ (UInt64(UInt32(bitPattern: classes)) << 20)
    hash = (hash ^ hash >> 32) &* 0xff51_afd7_ed55_8ccd
    return Int(truncatingIfNeeded: hash >> 33)
  }

  private mutating func grow() {
    slots = Array(repeating: -1, count: slots.count * 2)
    for number in keys.indices {
      let key = keys[number]
      var slot = Self.hash(key.name, key.id, key.classes) & (slots.count - 1)
      while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = Int32(number)
    }
  }
}

extension [Int32] {
  /// Sorts the elements from a position on and removes repetitions among them.
  mutating func sortTail(from first: Int) {
    if count - first > 24 {
      self[first...].sort()
    } else {
      var index = first + 1
      while index < count {
        let value = self[index]
        var position = index
        while position > first, self[position - 1] > value {
          self[position] = self[position - 1]
          position -= 1
        }
        self[position] = value
        index += 1
      }
    }
    var kept = first
    for index in first..<count where kept == first || self[kept - 1] != self[index] {
      self[kept] = self[index]
      kept += 1
    }
    removeLast(count - kept)
  }
}
