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
  private var table = NumberTable()

  /// Forgets all kinds.
  mutating func removeAll() {
    if kinds.isEmpty { return }
    candidates.removeAll(keepingCapacity: true)
    kinds.removeAll(keepingCapacity: true)
    keys.removeAll(keepingCapacity: true)
    table.removeAll()
  }

  /// The number of an element's kind; `classes` is the number of its list of classes.
  mutating func number(
    name: UInt64, id: UInt64, classes: Int32, _ facts: DocumentFacts, node: Int, _ rules: RuleSet
  ) -> Int {
    var hash = name ^ (id &* 0x9E37_79B9_7F4A_7C15) ^ (UInt64(UInt32(bitPattern: classes)) << 20)
    hash = (hash ^ hash >> 32) &* 0xff51_afd7_ed55_8ccd
    if let number = table.number(hash, where: { keys[$0] == (name, id, classes) }) { return number }
    table.add(kinds.count, hash)
    keys.append((name, id, classes))
    gather(name: name, id: id, facts, node, rules)
    return kinds.count - 1
  }

  /// Sets the list of a kind.
  mutating func setList(_ list: Int32, of kind: Int) { kinds[kind].list = list }

  private mutating func gather(name: UInt64, id: UInt64, _ facts: DocumentFacts, _ node: Int, _ rules: RuleSet) {
    let first = candidates.count
    candidates.append(contentsOf: rules.index.universal)
    rules.index.append(name, .type, to: &candidates)
    if id != 0 { rules.index.append(id, .id, to: &candidates) }
    for position in facts.classRange(node) {
      rules.index.append(facts.classes[position], .className, to: &candidates)
    }
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
