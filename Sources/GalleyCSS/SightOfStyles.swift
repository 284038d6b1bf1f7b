import GalleyHTML
import GalleySource

/// Selectors that look at `style`, where styles are written.
///
/// A rule for `p[style*="left"]` that matches nothing would match once a `left` has been inlined, and inlining again
/// would then change the document. So it goes from its sheet, with a warning. Where nothing that is written can make it
/// match it stays, as a rule for `div[style*="margin: 16px 0"]` does, which waits for what a client writes.
extension InlineRun {
  private static let style = RunningHash.of("style")

  /// Finds the selectors that match nothing, but would match what is about to be written.
  mutating func findSelectorsThatSeeStyles() {
    selectorsThatSeeStyles.removeAll(keepingCapacity: true)
    for number in rules.sheets.indices where rules.sheets[number].sheet.selectors.looksAtStyle {
      let sheet = rules.sheets[number].sheet
      for rule in sheet.rules where rule.kind == .style && !rule.flags.contains(.nested) {
        for selector in rule.selectors where sees(selector, sheet, number) { report(selector, sheet, number) }
      }
    }
  }

  private mutating func report(_ selector: Int, _ sheet: StyleSheet, _ number: Int) {
    selectorsThatSeeStyles.insert(rules.rank(ofSelector: selector, sheet: number))
    let range = sheet.selectors.selectors[selector].range
    let text = String(decoding: sheet.bytes[range], as: UTF8.self)
    let place = locate(range, number)
    result.diagnostics.append(
      Diagnostic(
        .cssSeesInlined, "'\(text)' matches nothing now, but would match what is inlined", at: place?.range,
        label: "goes from the sheet", help: ["select the element by its class"]
      ).included(through: place?.calls ?? []))
  }

  private func sees(_ selector: Int, _ sheet: StyleSheet, _ number: Int) -> Bool {
    let rank = rules.rank(ofSelector: selector, sheet: number)
    guard rank >= 0, fates[rank].isDisjoint(with: [.inlined, .needed]), !rules.sheets[number].keepsCopy else {
      return false
    }
    let store = sheet.selectors
    if store.selectors[selector].traits.contains(.clientHack) { return false }
    return store.selectors[selector].compounds.contains { sees(store.simples[store.compounds[$0].simples], store) }
  }

  /// Whether one of the elements that are written to may come to have all that a compound asks for.
  private func sees(_ simples: ArraySlice<SelectorStore.Simple>, _ store: SelectorStore) -> Bool {
    let tests = simples.filter { $0.isAttributeTest && $0.hash == Self.style }
    if tests.isEmpty { return false }
    var isMet: [Int32: Bool] = [:]
    for node in tree.nodes.indices where lookOfNode[node] >= 0 && canWrite(node) && mayBe(simples, node) {
      let look = lookOfNode[node]
      if let known = isMet[look] {
        if known { return true }
        continue
      }
      let list = Int(memory.looks.pairs[Int(look)].list)
      let isNew = memory.looks.pairs[Int(look)].own < 0
      let meets = tests.allSatisfy { $0.kind == .attribute ? isNew && isInlined(list) : writes($0, list, store) }
      if meets { return true }
      isMet[look] = false
    }
    return false
  }

  /// Whether an element has the type, the classes and the identifier that a compound asks for.
  private func mayBe(_ simples: ArraySlice<SelectorStore.Simple>, _ node: Int) -> Bool {
    simples.allSatisfy { simple in
      switch simple.kind {
      case .type: tree.nodes[node].name.value == simple.hash
      case .id: facts[node].id == simple.hash
      case .className: facts.hasClass(simple.hash, node)
      default: true
      }
    }
  }

  private func isInlined(_ list: Int) -> Bool {
    memory.lists[list].contains { !Cascade.MatchedRule(code: $0).isPotential }
  }

  /// Whether a declaration that a list of selectors inlines has to do with the text that a test asks for.
  private func writes(_ test: SelectorStore.Simple, _ list: Int, _ store: SelectorStore) -> Bool {
    let value = store.values[Int(test.payload)]
    let part = SelectorStore.Value(operation: .substring, ignoresCase: value.ignoresCase, text: value.text)
    for code in memory.lists[list] where !Cascade.MatchedRule(code: code).isPotential {
      let entry = rules.entries[Cascade.MatchedRule(code: code).rank]
      let bytes = rules.sheets[Int(entry.sheet)].sheet.bytes
      for index in entry.declarations.offsets {
        let text = Int(rules.declarations[index].name.lowerBound)..<Int(rules.declarations[index].end)
        if AttributeTest.matches(part, store.texts, bytes, text) { return true }
        let whole = SelectorStore.Value(operation: .substring, ignoresCase: value.ignoresCase, text: text)
        if AttributeTest.matches(whole, bytes, store.texts, value.text) { return true }
      }
    }
    return false
  }
}

extension DiagnosticCode {
  /// A selector that looks at `style` and would match what is inlined.
  static let cssSeesInlined = DiagnosticCode(
    "css/sees-inlined", .warning, summary: "A selector doesn't look at styles that are inlined",
    explanation: """
      A selector such as 'p[style*="left"]' means what the author wrote into 'style' attributes. Here it matches \
      nothing, but it would match what other rules put there. The rule goes from the sheet, as it has no effect. If it \
      is meant for those elements, give them a class.
      """,
    bad: "td { left: 0 } td[style*=\"left\"] { color: red }", good: "td { left: 0 } td.moved { color: red }")
}
