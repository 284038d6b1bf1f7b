import GalleyHTML
import GalleySource

/// The declarations of `style` attributes that use custom properties, as edits.
extension VariableRun {
  /// A declaration with its new value.
  private struct Change {
    let declaration: StyleSheet.Declaration
    let value: [UInt8]
    /// Whether the declaration stays behind the new one.
    let keepsOriginal: Bool
  }

  /// Replaces what can be replaced in one attribute.
  mutating func replaceVariables(of own: OwnStyle, _ node: Int, _ scope: Scopes) {
    var changes: [Change] = []
    for (position, declaration) in own.declarations.enumerated() {
      guard !declaration.property.isCustom, !declaration.flags.contains(.placeholder) else { continue }
      let value = declaration.value.offsets
      guard own.bytes[value].contains(0x28) else { continue }
      let variables = substitute(declaration, of: own, scope)
      var text = variables
      if variables != nil || options.foldsAll {
        let old = variables ?? Array(own.bytes[value])
        let folded = CalcFolder().fold(old, in: 0..<old.count, of: declaration.property)
        text = folded.text ?? variables
        remark(folded.remainders, old, declaration, of: own, node)
      }
      remark(text ?? Array(own.bytes[value]), declaration, of: own, node)
      guard let text else { continue }
      let keepsOriginal = options.keepsOriginal && variables != nil
      let change = Change(declaration: declaration, value: text, keepsOriginal: keepsOriginal)
      let before = position > 0 ? own.declarations[position - 1] : nil
      if keepsOriginal, let before, isWritten(change, as: before, in: own) { continue }
      changes.append(change)
    }
    if !changes.isEmpty { write(changes, of: own, node) }
  }

  /// The value of a declaration without its `var()`; nil where it has none or has to keep them.
  private mutating func substitute(
    _ declaration: StyleSheet.Declaration, of own: OwnStyle, _ scope: Scopes
  ) -> [UInt8]? {
    let value = declaration.value.offsets
    let references = VariableResolver.references(in: own.bytes, value)
    if references.isEmpty { return nil }
    switch scopes.resolve(own.bytes, in: value, scope: scope.known) {
    case .value(let text):
      if Self.isPlainValue(text) { return text }
      report(.cssVariableInvalid, "'\(excerpt(value, of: own))' comes to nothing that is a value", value, of: own)
      return PropertyInheritance.unset(declaration.property)
    case .invalid(let name):
      let place = references.first { $0.name == name }?.range ?? value
      reportMissing(name, place, of: own, scope.known)
      return PropertyInheritance.unset(declaration.property)
    case .open(CustomPropertyScopes.Limit.excessive), .excessive:
      report(.cssVariableExcessive, "'\(excerpt(value, of: own))' expands beyond all bounds", value, of: own)
      return nil
    case .open(let cause):
      report(causes[Int(cause)], usedAt: value, of: own)
      return options.keepsOriginal ? plainValue(value, of: own, scope) : nil
    case .malformed: return nil
    }
  }

  /// The value of a declaration where no condition of a client's holds, if there is one.
  private mutating func plainValue(_ value: Range<Int>, of own: OwnStyle, _ scope: Scopes) -> [UInt8]? {
    guard case .value(let text) = plainScopes.resolve(own.bytes, in: value, scope: scope.plain),
      Self.isPlainValue(text)
    else { return nil }
    return text
  }

  /// Whether a value is something, and can stand in a declaration.
  private static func isPlainValue(_ text: [UInt8]) -> Bool {
    var tokenizer = CSSTokenizer(text, in: 0..<text.count)
    var isSomething = false
    while true {
      switch tokenizer.take().kind {
      case .end: return isSomething
      case .openBrace, .closeBrace, .semicolon: return false
      case .whitespace, .comment: continue
      default: isSomething = true
      }
    }
  }

  // MARK: - Writing

  private func quote(_ own: OwnStyle) -> UInt8 { own.attribute.quote == .single ? 0x27 : 0x22 }

  private func rendered(_ css: [UInt8], _ own: OwnStyle, _ node: Int) -> [UInt8] {
    var text = StyleText(quote: quote(own), isInComment: tree.nodes[node].flags.intersects(.inConditional))
    text.append(value: css)
    return text.bytes
  }

  /// Whether the declaration before one already is what would be put there.
  private func isWritten(_ change: Change, as before: StyleSheet.Declaration, in own: OwnStyle) -> Bool {
    guard before.property == change.declaration.property, before.isImportant == change.declaration.isImportant else {
      return false
    }
    var (old, new) = (StyleText(quote: quote(own)), StyleText(quote: quote(own)))
    old.append(value: Array(own.bytes[before.value.offsets]))
    new.append(value: change.value)
    return old.bytes == new.bytes
  }

  /// The new value or, where the declaration stays, the new declaration in front of it.
  private func text(_ change: Change, _ own: OwnStyle) -> (range: Range<Int>, bytes: [UInt8]) {
    let declaration = change.declaration
    guard change.keepsOriginal else { return (declaration.value.offsets, change.value) }
    let start = Int(declaration.name.lowerBound)
    let importance = declaration.isImportant ? " !important; " : "; "
    let name = own.bytes[start..<Int(declaration.value.lowerBound)]
    return (start..<start, name + change.value + Array(importance.utf8))
  }

  private mutating func write(_ changes: [Change], of own: OwnStyle, _ node: Int) {
    let attribute = own.attribute
    let range = Int(attribute.valueStart)..<Int(attribute.valueEnd)
    let origin = origins?.origin(of: range)?.range
    let isUnquoted = attribute.quote == .unquoted
    if isUnquoted, tree.bytes[range].contains(0x22) { return }
    if own.isDecoded {
      var list = EditList()
      for change in changes {
        let (range, bytes) = text(change, own)
        list.replace(range, with: bytes)
      }
      let value = rendered(list.apply(to: own.bytes), own, node)
      result.edits.replace(range, with: isUnquoted ? [0x22] + value + [0x22] : value, origin: origin)
      return
    }
    if isUnquoted { result.edits.insert([0x22], at: range.lowerBound, origin: origin) }
    for change in changes {
      let (range, bytes) = text(change, own)
      result.edits.replace(range, with: rendered(bytes, own, node), origin: origin)
    }
    if isUnquoted { result.edits.insert([0x22], at: range.upperBound, origin: origin) }
  }

  // MARK: - Remarks

  private mutating func remark(
    _ remainders: [CalcFolder.Remainder], _ value: [UInt8], _ declaration: StyleSheet.Declaration, of own: OwnStyle,
    _ node: Int
  ) {
    for remainder in remainders {
      let text = String(decoding: value[remainder.range], as: UTF8.self)
      add(remainder.obstacle == .mixed ? .mixedUnits : .math, text, declaration, of: own, node)
    }
  }

  private static let functions: [UInt64: VariablePass.Remark.Kind] = [
    RunningHash.of("env"): .environment, RunningHash.of("attr"): .attribute,
    RunningHash.of("light-dark"): .lightDark,
  ]
  private static let colors: Set<UInt64> = [
    RunningHash.of("rgb"), RunningHash.of("rgba"), RunningHash.of("hsl"), RunningHash.of("hsla"), RunningHash.of("hwb"),
    RunningHash.of("lab"), RunningHash.of("lch"), RunningHash.of("oklab"), RunningHash.of("oklch"),
    RunningHash.of("color"), RunningHash.of("alpha"),
  ]
  private static let from = RunningHash.of("from")

  /// Remarks on the functions of a value that need a client that knows them.
  private mutating func remark(
    _ value: [UInt8], _ declaration: StyleSheet.Declaration, of own: OwnStyle, _ node: Int
  ) {
    var tokenizer = CSSTokenizer(value, in: 0..<value.count)
    while true {
      let token = tokenizer.take()
      if token.kind == .end { return }
      guard token.kind == .function else { continue }
      let name = CSSName.hash(value, Int(token.start)..<Int(token.end) - 1, lowercased: true)
      var kind = Self.functions[name]
      if kind == nil, Self.colors.contains(name) {
        var rest = tokenizer
        var next = rest.take()
        while next.kind.isTrivia { next = rest.take() }
        let isFrom = next.kind == .ident && CSSName.hash(value, next.range, lowercased: true) == Self.from
        if isFrom { kind = .relativeColor }
      }
      guard let kind else { continue }
      add(kind, Self.functionText(value, token, tokenizer), declaration, of: own, node)
    }
  }

  /// The text of a function, shortened where it is long.
  private static func functionText(_ value: [UInt8], _ token: CSSToken, _ tokenizer: CSSTokenizer) -> String {
    var rest = tokenizer
    var depth = 1
    var end = Int(token.end)
    while depth > 0, end - Int(token.start) < 80 {
      let next = rest.take()
      if next.kind == .end { break }
      if next.kind == .function || next.kind == .openParenthesis { depth += 1 }
      if next.kind == .closeParenthesis { depth -= 1 }
      end = Int(next.end)
    }
    return String(decoding: value[Int(token.start)..<end].prefix(80), as: UTF8.self)
  }

  private mutating func add(
    _ kind: VariablePass.Remark.Kind, _ text: String, _ declaration: StyleSheet.Declaration, of own: OwnStyle,
    _ node: Int
  ) {
    let range = place(Int(declaration.name.lowerBound)..<Int(declaration.end), of: own)
    result.remarks.append(VariablePass.Remark(kind: kind, text: text, node: NodeID(node), range: range))
  }

  /// Where a range of an attribute's text stands in the document.
  func place(_ range: Range<Int>, of own: OwnStyle) -> Range<Int> {
    own.isDecoded ? Int(own.attribute.valueStart)..<Int(own.attribute.valueEnd) : range
  }

  func excerpt(_ range: Range<Int>, of own: OwnStyle) -> String {
    let text = String(decoding: own.bytes[range].prefix(60), as: UTF8.self)
    return range.count > 60 ? text + "…" : text
  }
}
