/// The lists of matched selectors that occur in documents, each once.
///
/// Most elements share their list with others, and what follows from a list is worked out once for all of them.
struct MatchLists: Sendable {
  /// What a list comes to, as far as it is a matter of what is inlined and what stays.
  struct Summary: Sendable {
    /// Where its codes stand.
    fileprivate let range: Range<Int32>
    /// Whether it has a selector that only may match, or that stays in its sheet anyway.
    fileprivate(set) var hasPotential = false
    /// The marks of what the others set; see `PropertyTable.marks`.
    fileprivate(set) var inlined: UInt64 = 0
    /// The marks of what those set that have a declaration that is not important.
    fileprivate(set) var staying: UInt64 = 0
    /// The last document in which it was met.
    fileprivate var document: Int32 = 0
  }

  private var codes: [UInt32] = []
  private var lists: [Summary] = []
  private var table = NumberTable()
  private var document: Int32 = 0
  /// Whether one of the lists of the document at hand has a selector that stays in its sheet.
  private(set) var havePotential = false

  /// The codes of a list, from weak to strong.
  subscript(list: Int) -> ArraySlice<UInt32> { codes[lists[list].range.offsets] }

  /// What a list comes to.
  func summary(of list: Int) -> Summary { lists[list] }

  /// The strongest code of a list that is inlined, or else its strongest.
  func strongest(of list: Int) -> UInt32? {
    let slice = self[list]
    return slice.last { $0 & 1 == 0 } ?? slice.last
  }

  /// Starts with a document.
  mutating func begin() {
    document &+= 1
    havePotential = false
  }

  /// Whether a list is met for the first time in the document at hand.
  mutating func isNew(_ list: Int) -> Bool {
    if lists[list].document == document { return false }
    lists[list].document = document
    if lists[list].hasPotential { havePotential = true }
    return true
  }

  /// Forgets all lists.
  mutating func removeAll() {
    if lists.isEmpty { return }
    codes.removeAll(keepingCapacity: true)
    lists.removeAll(keepingCapacity: true)
    table.removeAll()
  }

  /// The number of a list of selectors of `rules`, which is added if it is new; its codes ascend and each occurs once.
  mutating func number(of list: [UInt32], _ rules: RuleSet) -> Int32 {
    let hash = Self.hash(list)
    if let number = table.number(hash, where: { isEqual($0, list) }) { return Int32(number) }
    let number = lists.count
    table.add(number, hash)
    var new = Summary(range: Int32(codes.count)..<Int32(codes.count + list.count))
    for code in list {
      let rule = Cascade.MatchedRule(code: code)
      if !rule.isPotential {
        new.inlined |= rules.entries[rule.rank].properties
      } else {
        new.hasPotential = true
        if rules.entries[rule.rank].hasNormal { new.staying |= rules.entries[rule.rank].properties }
      }
    }
    lists.append(new)
    codes.append(contentsOf: list)
    return Int32(number)
  }

  private func isEqual(_ number: Int, _ list: [UInt32]) -> Bool {
    let range = lists[number].range.offsets
    guard range.count == list.count else { return false }
    for index in list.indices where codes[range.lowerBound &+ index] != list[index] { return false }
    return true
  }

  private static func hash(_ list: [UInt32]) -> UInt64 {
    var hash: UInt64 = 0x9E37_79B9_7F4A_7C15
    for code in list { hash = (hash ^ UInt64(code)) &* 0xff51_afd7_ed55_8ccd }
    return hash
  }
}
