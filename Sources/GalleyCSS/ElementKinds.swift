import GalleyHTML

/// The kinds of elements of a document, as far as the index of rules tells them apart: by name, classes and identifier.
///
/// The candidates of a kind are gathered once, from weak to strong.
struct ElementKinds: Sendable {
  /// What all elements of a kind have in common.
  struct Kind: Sendable {
    /// Where the selectors that they may match stand in `candidates`, ascending.
    var candidates: Range<Int32>
    /// Whether it is known of each of these what comes of it.
    var isDecided: Bool
    /// The number of the list of matched selectors of those that do, or -1 where it is not known yet.
    var list: Int32 = -1
  }

  /// What can be said of a selector and all elements of a kind.
  enum Verdict: Int32, Sendable {
    /// Each element has to be tried.
    case open
    /// They match.
    case matches
    /// Only the client knows.
    case unknowable
    case fails
  }

  /// A selector that the elements of a kind may match.
  struct Candidate: Sendable {
    private let code: Int32
    init(rank: Int32, _ verdict: Verdict) { code = rank << 2 | verdict.rawValue }
    var rank: Int { Int(code >> 2) }
    var verdict: Verdict { Verdict(rawValue: code & 3) ?? .open }
  }

  private(set) var candidates: [Candidate] = []
  private(set) var kinds: [Kind] = []
  private var keys: [(name: UInt64, id: UInt64, classes: Int32)] = []
  private var table = NumberTable()
  private var ranks: [Int32] = []

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
    ranks.removeAll(keepingCapacity: true)
    rules.index.append(name, .type, to: &ranks)
    if id != 0 { rules.index.append(id, .id, to: &ranks) }
    for position in facts.classRange(node) { rules.index.append(facts.classes[position], .className, to: &ranks) }
    ranks.sortTail(from: 0)
    let universal = rules.index.universal
    var next = 0
    let first = candidates.count
    var isDecided = true
    var position = 0
    while next < universal.count || position < ranks.count {
      let rank: Int32
      if position == ranks.count || next < universal.count && universal[next] < ranks[position] {
        rank = universal[next]
        next += 1
      } else {
        rank = ranks[position]
        position += 1
      }
      let verdict = Self.judge(rules, Int(rank), name: name, id: id, facts, node)
      if verdict == .fails { continue }
      if verdict == .open { isDecided = false }
      candidates.append(Candidate(rank: rank, verdict))
    }
    kinds.append(Kind(candidates: Int32(first)..<Int32(candidates.count), isDecided: isDecided))
  }

  /// What can be said of all elements of a kind by their name, classes and identifier.
  private static func judge(
    _ rules: RuleSet, _ rank: Int, name: UInt64, id: UInt64, _ facts: DocumentFacts, _ node: Int
  ) -> Verdict {
    if rules.entries[rank].isBare { return .matches }
    let compounds = rules.selectors[rank].compounds
    let isHack = rules.selectors[rank].traits.contains(.clientHack)
    let base = rules.joined.bases[Int(rules.entries[rank].sheet)]
    var isDecided = isHack || compounds.count == 1
    var isUnknowable = isHack
    for index in rules.joined.store.compounds[compounds.lowerBound + base].simples {
      let simple = rules.joined.store.simples[index]
      switch simple.kind {
      case .universal: break
      case .type: if simple.hash != name { return .fails }
      case .id: if simple.hash != id { return .fails }
      case .className: if !facts.hasClass(simple.hash, node) { return .fails }
      case .wrapper: return .fails
      case .unknowable: isUnknowable = true
      default: isDecided = false
      }
    }
    return isDecided ? (isUnknowable ? .unknowable : .matches) : .open
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
