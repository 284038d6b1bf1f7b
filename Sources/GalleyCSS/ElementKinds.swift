import GalleyHTML

/// The kinds of elements, as far as a set of rules tells them apart: by name, classes, identifier and the attributes that
/// selectors ask for.
///
/// The candidates of a kind are gathered once, from weak to strong. Kinds are known by hashes, as names are.
struct ElementKinds: Sendable {
  /// What all elements of a kind have in common.
  struct Kind: Sendable {
    /// Where the selectors that they may match stand in `candidates`, ascending.
    var candidates: Range<Int32>
    /// Whether what comes of each of these follows from the state that an element is in.
    var isLocal: Bool
    /// Where the left parts whose compound they match stand in `parts`.
    var parts: Range<Int32>
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
    /// The left part that has to hold where the element is, or -1; that of a selector that is no local one isn't known.
    let left: Int32

    init(rank: Int32, _ verdict: Verdict, left: Int32) {
      code = rank << 2 | verdict.rawValue
      self.left = left
    }

    var rank: Int { Int(code >> 2) }
    var verdict: Verdict { Verdict(rawValue: code & 3) ?? .open }
  }

  private(set) var candidates: [Candidate] = []
  private(set) var parts: [Int32] = []
  private(set) var kinds: [Kind] = []
  private var keys: [Key] = []
  private var table = NumberTable()
  private var ranks: [Int32] = []

  /// What tells kinds apart.
  struct Key: Equatable, Sendable {
    let name: UInt64
    let id: UInt64
    /// The hash of all classes, or 0.
    let classes: UInt64
    /// The hash of the attributes that selectors ask for, or 0.
    let attributes: UInt64

    fileprivate var hash: UInt64 {
      var hash = name ^ id &* 0x9E37_79B9_7F4A_7C15 ^ classes &* 0xc4ce_b9fe_1a85_ec53 ^ attributes
      hash ^= hash &>> 32
      return hash &* 0xff51_afd7_ed55_8ccd
    }
  }

  /// Forgets all kinds.
  mutating func removeAll() {
    if kinds.isEmpty { return }
    candidates.removeAll(keepingCapacity: true)
    parts.removeAll(keepingCapacity: true)
    kinds.removeAll(keepingCapacity: true)
    keys.removeAll(keepingCapacity: true)
    table.removeAll()
  }

  /// The number of a kind, or -1 if it isn't known.
  @inline(__always) func number(_ key: Key) -> Int {
    table.number(key.hash) { number in
      // Compared one by one: the tuple of four would be copied.
      keys[number].name == key.name && keys[number].classes == key.classes && keys[number].id == key.id
        && keys[number].attributes == key.attributes
    } ?? -1
  }

  /// Adds a kind, which is that of `node`, and returns its number.
  mutating func add(
    _ key: Key, _ facts: DocumentFacts, node: Int, _ rules: RuleSet, _ matcher: inout SelectorMatcher
  ) -> Int {
    table.add(kinds.count, key.hash)
    keys.append(key)
    let firstPart = parts.count
    gatherParts(key, facts, node, rules, &matcher)
    let firstCandidate = candidates.count
    let isLocal = gather(key, facts, node, rules, &matcher)
    kinds.append(
      Kind(
        candidates: Int32(firstCandidate)..<Int32(candidates.count), isLocal: isLocal,
        parts: Int32(firstPart)..<Int32(parts.count)))
    return kinds.count - 1
  }

  /// Gathers the left parts whose compound an element matches.
  private mutating func gatherParts(
    _ key: Key, _ facts: DocumentFacts, _ node: Int, _ rules: RuleSet, _ matcher: inout SelectorMatcher
  ) {
    if rules.leftParts.parts.isEmpty { return }
    ranks.removeAll(keepingCapacity: true)
    rules.leftParts.append(key.name, key.id, facts.classes[facts.classRange(node)], to: &ranks)
    let names = facts[node].names
    for part in ranks {
      let compound = Int(rules.leftParts.parts[Int(part)].compound)
      if rules.joined.store.compounds[compound].marks & ~names != 0 { continue }
      if matcher.matches(compound: compound, node) { parts.append(part) }
    }
  }

  /// Gathers the candidates of an element; says whether all selectors among them are local ones.
  private mutating func gather(
    _ key: Key, _ facts: DocumentFacts, _ node: Int, _ rules: RuleSet, _ matcher: inout SelectorMatcher
  ) -> Bool {
    ranks.removeAll(keepingCapacity: true)
    if key.name != 0 { rules.index.append(key.name, .type, to: &ranks) }
    if key.id != 0 { rules.index.append(key.id, .id, to: &ranks) }
    for position in facts.classRange(node) { rules.index.append(facts.classes[position], .className, to: &ranks) }
    ranks.sortTail(from: 0)
    let universal = rules.index.universal
    let attributes = facts[node].attributes
    var isLocal = true
    var next = 0
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
      if rules.entries[Int(rank)].attributes & ~attributes != 0 { continue }
      if rules.entries[Int(rank)].isLocal {
        guard rules.entries[Int(rank)].isBare || matcher.matches(compound: rules.keyCompound(Int(rank)), node) else {
          continue
        }
        candidates.append(Candidate(rank: rank, .matches, left: rules.leftParts.ofEntry[Int(rank)]))
        continue
      }
      let verdict = Self.judge(rules, Int(rank), key, facts, node)
      if verdict == .fails { continue }
      if verdict == .open { isLocal = false }
      candidates.append(Candidate(rank: rank, verdict, left: -1))
    }
    return isLocal
  }

  /// What can be said of a selector that is no local one and of all elements of a kind.
  private static func judge(
    _ rules: RuleSet, _ rank: Int, _ key: Key, _ facts: DocumentFacts, _ node: Int
  ) -> Verdict {
    let isHack = rules.selectors[rank].traits.contains(.clientHack)
    var isDecided = isHack || rules.selectors[rank].compounds.count == 1
    var isUnknowable = isHack
    for index in rules.joined.store.compounds[rules.keyCompound(rank)].simples {
      let simple = rules.joined.store.simples[index]
      switch simple.kind {
      case .universal: break
      case .type: if simple.hash != key.name { return .fails }
      case .id: if simple.hash != key.id { return .fails }
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
