import GalleyHTML
import GalleySource

/// The work of a `VariablePass` on one document.
struct VariableRun {
  let tree: HTMLTree
  let options: VariablePass.Options
  let origins: OriginMap?
  var result = VariablePass.Result()

  var rules = CustomRules([])
  var scopes: CustomPropertyScopes
  /// The same for a client in which no condition holds, where that is asked for.
  var plainScopes: CustomPropertyScopes
  /// Why values can't be told.
  var causes: [Cause] = []
  private var causeNumbers: [CauseKey: Int32] = [:]
  private var registered: [UInt64: Int32] = [:]
  /// What has been reported.
  var reported: Set<Report> = []
  private var facts = DocumentFacts()
  /// The scope of a `body` without a tag, within each scope.
  private var impliedScopes: [Scopes: Scopes] = [:]
  private var scopesOfNode: [Scopes] = []
  private var candidates: [Int32] = []
  private var contenders: [Contender] = []

  init(_ tree: HTMLTree, options: VariablePass.Options, origins: OriginMap?) {
    self.tree = tree
    self.options = options
    self.origins = origins
    scopes = CustomPropertyScopes(budget: 1 << 20 + 8 * tree.bytes.count)
    plainScopes = scopes
  }

  // MARK: - Types

  /// The scopes of an element: as far as it is known, and where no condition of a client's holds.
  struct Scopes: Hashable {
    var known = CustomPropertyScopes.Scope.root
    var plain = CustomPropertyScopes.Scope.root
  }

  /// Why the value of a custom property can't be told.
  struct Cause {
    enum Kind {
      /// A rule that applies only sometimes.
      case condition(CustomRules.Condition)
      /// A placeholder stands in it.
      case placeholder
      /// Whether it applies is up to the template.
      case template
      /// Something in it is not closed.
      case unclosed
      /// `revert-layer`.
      case layer
      /// `@property` says what it may be.
      case registered
    }
    let kind: Kind
    /// The sheet, or -1 for a `style` attribute.
    let sheet: Int
    /// The bytes of the declaration, in the sheet or the document.
    let range: Range<Int>
    /// The name of the custom property.
    let name: String
  }

  private struct CauseKey: Hashable {
    let sheet: Int
    let start: Int
    /// The bytes that the selector stands in, where the cause depends on it.
    let condition: CustomRules.Condition?
  }

  /// A finding that is reported once.
  struct Report: Hashable {
    let code: String
    let place: SourceRange?
    let message: String
  }

  /// A custom declaration that an element gets, or may get.
  private struct Contender {
    /// Importance and origin, then the rank of the rule, then the position in it.
    let strength: (level: Int, rank: Int, position: Int)
    /// The sheet, or -1 for the element's own `style`.
    let sheet: Int
    let condition: CustomRules.Condition?
    let source: StyleSheet.Declaration
    let setting: CustomRules.Setting

    var name: UInt64 { setting.declaration.name }

    /// Whether two are the same declaration, brought by two selectors.
    func isSame(as other: Contender) -> Bool { sheet == other.sheet && setting.position == other.setting.position }
  }

  /// An element's `style` attribute.
  struct OwnStyle {
    let attribute: HTMLTree.Attribute
    let bytes: [UInt8]
    let declarations: [StyleSheet.Declaration]
    /// Whether the bytes are those of the value with its character references resolved.
    let isDecoded: Bool
    /// Whether the attribute may be missing, or hold more.
    let isUncertain: Bool
  }

  // MARK: - Rules

  private static let template = RunningHash.of("template")
  private static let html = RunningHash.of("html")
  private static let head = RunningHash.of("head")
  private static let body = RunningHash.of("body")

  /// Finds the rules that set custom properties.
  mutating func collectRules(_ further: [StyleSheet]) {
    let placed = CustomRules.sheets(of: tree) + further.map { CustomRules.PlacedSheet($0) }
    rules = CustomRules(placed, placeholders: tree.placeholders)
  }

  // MARK: - Elements

  /// Goes through all elements: what each one sets, and then what it uses.
  mutating func visitElements() {
    let added = ImpliedTree(tree)
    facts.collect(tree, added)
    scopesOfNode = Array(repeating: Scopes(), count: tree.nodes.count)
    let (implied, impliedBody) = addImpliedElements()
    var matcher = SelectorMatcher(tree, facts, JoinedSelectors(rules.sheets.map(\.sheet.selectors)), added)
    var index = 0
    while index < tree.nodes.count {
      let node = tree.nodes[index]
      let parent = Int(node.parent.index)
      scopesOfNode[index] = parent >= 0 ? scopesOfNode[parent] : implied
      guard node.isElement else {
        index += 1
        continue
      }
      if node.name.value == Self.template {
        index = Int(node.subtreeEnd.index)
        continue
      }
      if let impliedBody, node.name.value != Self.head, isChildOfRoot(node) {
        scopesOfNode[index] = addImplied(impliedBody, isRoot: false, within: scopesOfNode[index])
      }
      visit(index, &matcher)
      index += 1
    }
  }

  private func isChildOfRoot(_ node: HTMLTree.Node) -> Bool {
    if node.name.value == Self.html { return false }
    var parent = node.parent
    while parent != .none, !tree[parent].isElement { parent = tree[parent].parent }
    return parent == .none || tree[parent].name.value == Self.html
  }

  private func hasElement(_ name: UInt64) -> Bool {
    tree.nodes.contains { $0.isElement && $0.name.value == name }
  }

  /// Makes the scope around all elements, with that of `html` if it has no tag; names `body` if that has none.
  private mutating func addImpliedElements() -> (root: Scopes, body: UInt64?) {
    var root = Scopes()
    var declarations: [CustomPropertyScopes.Declaration] = []
    for (name, sheet, range) in rules.registered where registered[name] == nil {
      let text = String(decoding: rules.sheets[sheet].sheet.bytes[range], as: UTF8.self)
      let cause = number(of: Cause(kind: .registered, sheet: sheet, range: range, name: text), nil)
      registered[name] = cause
      declarations.append(CustomPropertyScopes.Declaration(name: name, bytes: [], value: 0..<0, cause: cause))
    }
    root.known = scopes.add(declarations, within: root.known)
    root.plain = plainScopes.add(declarations, within: root.plain)
    if !hasElement(Self.html) { root = addImplied(Self.html, isRoot: true, within: root) }
    return (root, hasElement(Self.body) ? nil : Self.body)
  }

  private mutating func addImplied(
    _ name: UInt64, isRoot: Bool, within parent: Scopes
  ) -> Scopes {
    if let known = impliedScopes[parent] { return known }
    contenders.removeAll(keepingCapacity: true)
    for rank in rules.entries.indices where rules.matchesImplied(rules.entries[rank], name, isRoot: isRoot) {
      contend(rank, isSure: true)
    }
    let result = addWinners(nil, within: parent)
    if !isRoot { impliedScopes[parent] = result }
    return result
  }

  /// Makes the scopes of the element whose declarations are the contenders.
  private mutating func addWinners(_ own: OwnStyle?, within parent: Scopes) -> Scopes {
    let known = scopes.add(winners(own), within: parent.known)
    guard options.keepsOriginal else { return Scopes(known: known) }
    contenders.removeAll { contender in
      switch contender.condition {
      case .group, .sheet, .selector: true
      case .template, nil: false
      }
    }
    return Scopes(known: known, plain: plainScopes.add(winners(own), within: parent.plain))
  }

  private mutating func visit(_ index: Int, _ matcher: inout SelectorMatcher) {
    contenders.removeAll(keepingCapacity: true)
    let isSplit = tree.nodes[index].flags.intersects(.splitByBlock)
    if !rules.entries.isEmpty {
      gatherCandidates(index)
      for candidate in candidates {
        let entry = rules.entries[Int(candidate)]
        let match = entry.isOpaque ? .maybe : matcher.match(entry.selector, ofSheet: entry.sheet, index)
        if match != .no { contend(Int(candidate), isSure: match == .yes && !isSplit) }
      }
    }
    let own = ownStyle(index)
    if let own { contend(own) }
    if !contenders.isEmpty { scopesOfNode[index] = addWinners(own, within: scopesOfNode[index]) }
    guard let own, !facts[index].uncertainty.contains(.optedOut) else { return }
    replaceVariables(of: own, index, scopesOfNode[index])
  }

  /// Collects the ranks of the entries whose rightmost compound the element may match.
  private mutating func gatherCandidates(_ index: Int) {
    candidates.removeAll(keepingCapacity: true)
    candidates += rules.index.universal
    candidates += rules.opaque
    rules.index.append(tree.nodes[index].name.value, .type, to: &candidates)
    if facts[index].uncertainty.isDisjoint(with: [.classes, .id]) {
      if facts[index].id != 0 { rules.index.append(facts[index].id, .id, to: &candidates) }
      for position in facts.classRange(index) {
        rules.index.append(facts.classes[position], .className, to: &candidates)
      }
    } else {
      candidates += rules.index.named
    }
  }

  // MARK: - The cascade of custom properties

  /// Adds the custom declarations of a rule that an element matches, or may match.
  private mutating func contend(_ rank: Int, isSure: Bool) {
    let entry = rules.entries[rank]
    let sheet = rules.sheets[entry.sheet].sheet
    let isLayered = sheet.rules[entry.rule].flags.contains(.layered)
    for setting in entry.declarations {
      let source = sheet.declarations[setting.position]
      let level = source.isImportant ? (isLayered ? 4 : 3) : (isLayered ? 0 : 1)
      let condition =
        entry.condition ?? (source.flags.contains(.conditional) ? .template : nil)
        ?? (isSure ? nil : .selector(entry.selector.range))
      contenders.append(
        Contender(
          strength: (level, rank, setting.position), sheet: entry.sheet, condition: condition, source: source,
          setting: setting))
    }
  }

  /// Adds the custom declarations of an element's own `style`.
  private mutating func contend(_ own: OwnStyle) {
    for (position, source) in own.declarations.enumerated() {
      guard let setting = CustomRules.setting(source, at: position, in: own.bytes) else { continue }
      let isUncertain = own.isUncertain || source.flags.contains(.conditional)
      contenders.append(
        Contender(
          strength: (source.isImportant ? 5 : 2, 0, position), sheet: -1, condition: isUncertain ? .template : nil,
          source: source, setting: setting))
    }
  }

  /// For each name among the contenders, the one that surely wins, or why nobody knows.
  private mutating func winners(_ own: OwnStyle?) -> [CustomPropertyScopes.Declaration] {
    contenders.sort { a, b in a.name != b.name ? a.name < b.name : a.strength < b.strength }
    var result: [CustomPropertyScopes.Declaration] = []
    var end = contenders.count
    while end > 0 {
      var start = end - 1
      while start > 0, contenders[start - 1].name == contenders[end - 1].name { start -= 1 }
      let group = contenders[start..<end]
      end = start
      let sure = group.last { $0.condition == nil }
      let doubtful = group.last { contender in
        guard contender.condition != nil else { return false }
        guard let sure else { return true }
        return contender.strength > sure.strength && !contender.isSame(as: sure)
      }
      guard let winner = doubtful ?? sure else { continue }
      var declaration = winner.setting.declaration
      declaration.cause = cause(of: winner, own)
      result.append(declaration)
    }
    return result
  }

  /// Why a contender's value can't be told, if it can't.
  private mutating func cause(of winner: Contender, _ own: OwnStyle?) -> Int32? {
    if let cause = registered[winner.name] { return cause }
    let kind: Cause.Kind
    if let condition = winner.condition {
      kind = winner.sheet < 0 ? .template : .condition(condition)
    } else if winner.source.flags.contains(.placeholder) {
      kind = .placeholder
    } else if winner.setting.declaration.keyword == .revertLayer {
      kind = .layer
    } else if winner.setting.isUnclosed {
      kind = .unclosed
    } else {
      return nil
    }
    let name = winner.source.name.offsets
    var range = name.lowerBound..<Int(winner.source.end)
    if winner.sheet < 0, let own { range = place(range, of: own) }
    let text = String(decoding: winner.setting.declaration.bytes[name], as: UTF8.self)
    return number(of: Cause(kind: kind, sheet: winner.sheet, range: range, name: text), winner.condition)
  }

  private mutating func number(of cause: Cause, _ condition: CustomRules.Condition?) -> Int32 {
    let key = CauseKey(sheet: cause.sheet, start: cause.range.lowerBound, condition: condition)
    if let number = causeNumbers[key] { return number }
    let number = Int32(causes.count)
    causes.append(cause)
    causeNumbers[key] = number
    return number
  }

  // MARK: - Attributes

  /// Parses the `style` attribute of an element, if it may matter.
  private func ownStyle(_ index: Int) -> OwnStyle? {
    guard facts[index].style >= 0 else { return nil }
    let attribute = tree.attributes[Int(facts[index].style)]
    let range = Int(attribute.valueStart)..<Int(attribute.valueEnd)
    guard Self.mayMatter(tree.bytes[range]) else { return nil }
    let isSplit = tree.nodes[index].flags.intersects(.splitByBlock)
    let isOptional = isSplit || facts[index].uncertainty.contains(.attributes)
    if !attribute.hasPlaceholder, tree.bytes[range].contains(0x26) {
      let text = tree.bytes.decodingReferences(in: range)
      let declarations = StyleSheet.declarations(text, in: 0..<text.count)
      return OwnStyle(
        attribute: attribute, bytes: text, declarations: declarations, isDecoded: true, isUncertain: isOptional)
    }
    let declarations = StyleSheet.declarations(tree.bytes, in: range, placeholders: tree.placeholders)
    let isLoose =
      attribute.hasPlaceholder && CustomRules.hasLoosePlaceholder(tree.placeholders, in: range, declarations[...])
    return OwnStyle(
      attribute: attribute, bytes: tree.bytes, declarations: declarations, isDecoded: false,
      isUncertain: isOptional || isLoose)
  }

  /// Whether a `style` may set a custom property or use a function.
  private static func mayMatter(_ text: ArraySlice<UInt8>) -> Bool {
    text.contains(0x28) || text.contains(0x26) || CustomValue.mayName(text)
  }
}
