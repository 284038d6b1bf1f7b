import GalleyHTML
package import GalleySource

/// Finds the places where a placeholder decides which styles apply, as far as an author should know.
///
/// Each kind is reported once a document, at the first place; a loop of placeholders is one habit, not many faults.
enum UncertainPlaces {
  /// What is uncertain in a document; the facts are those of its tree as it was matched.
  static func diagnostics(
    _ tree: HTMLTree, matched: HTMLTree, _ facts: DocumentFacts, _ rules: RuleSet, _ origins: OriginMap?
  ) -> [Diagnostic] {
    if tree.placeholders.isEmpty { return [] }
    return [names(matched, facts, rules, origins), condition(tree, origins)].compactMap(\.self)
  }

  // MARK: Classes and identifiers

  private static let className = RunningHash.of("class")
  private static let idName = RunningHash.of("id")

  /// A rule that may match an element whose classes or identifier only the data decides, and therefore stays.
  ///
  /// Costs such elements × selectors with a class or an identifier, up to the first that may match.
  private static func names(
    _ tree: HTMLTree, _ facts: DocumentFacts, _ rules: RuleSet, _ origins: OriginMap?
  ) -> Diagnostic? {
    guard let first = tree.nodes.indices.first(where: { isUnsure($0, facts) }) else { return nil }
    var matcher = SelectorMatcher(tree, facts, rules.joined, ImpliedTree(tree))
    for node in first..<tree.nodes.count where isUnsure(node, facts) {
      guard let found = firstOpen(rules, node, &matcher) else { continue }
      let others = node > first || (first + 1..<tree.nodes.count).contains { isUnsure($0, facts) }
      return report(node, found.selector, of: rules.sheets[found.sheet].sheet, others: others, tree, origins)
    }
    return nil
  }

  @inline(__always) private static func isUnsure(_ node: Int, _ facts: DocumentFacts) -> Bool {
    facts[node].uncertainty.rawValue & DocumentFacts.Uncertainty.named.rawValue != 0
  }

  /// The first selector of a rule that would be inlined into an element, if only the match were sure.
  private static func firstOpen(
    _ rules: RuleSet, _ node: Int, _ matcher: inout SelectorMatcher
  ) -> (sheet: Int, selector: SelectorStore.Selector)? {
    for sheet in rules.sheets.indices {
      let store = rules.sheets[sheet].sheet.selectors
      for rule in rules.sheets[sheet].sheet.rules where rule.kind == .style && rule.flags.isSubset(of: .always) {
        for number in rule.selectors where isNamed(store.selectors[number]) {
          let match = matcher.match(store.selectors[number], ofSheet: sheet, node)
          if match == .maybe, matcher.doubt.contains(.attribute) { return (sheet, store.selectors[number]) }
        }
      }
    }
    return nil
  }

  /// Whether a selector could be inlined, and asks for a class or an identifier at its end.
  private static func isNamed(_ selector: SelectorStore.Selector) -> Bool {
    guard selector.key.kind == .className || selector.key.kind == .id else { return false }
    return selector.traits.isDisjoint(with: [
      .pseudoElement, .namespaced, .placeholder, .clientHack, .dynamic, .unsupported,
    ])
  }

  private static func report(
    _ node: Int, _ selector: SelectorStore.Selector, of sheet: StyleSheet, others: Bool, _ tree: HTMLTree,
    _ origins: OriginMap?
  ) -> Diagnostic? {
    let attributes = tree.attributes(of: NodeID(node)).filter { attribute in
      attribute.hasPlaceholder && (attribute.name.value == className || attribute.name.value == idName)
    }
    guard let attribute = attributes.first else { return nil }
    let range = Int(attribute.valueStart)..<Int(attribute.valueEnd)
    let place = tree.placeholders[tree.placeholders.firstIndex(endingAfter: range.lowerBound)].range
    let name = attribute.name.value == className ? "class" : "id"
    let text = excerpt(sheet.bytes, selector.range)
    let origin = origins?.origin(of: place)
    let more = others ? "; there are more such elements" : ""
    return Diagnostic(
      .cssUncertainClass, "whether '\(text)' matches depends on a placeholder in '\(name)'\(more)",
      at: origin?.range, label: "only the data tells",
      help: [
        "write the \(name) out in each branch of a condition, or keep it apart from the placeholder"
          + "; until then the rule stays in its sheet"
      ]
    ).included(through: origin?.calls ?? [])
  }

  // MARK: Conditional comments

  /// A conditional comment whose condition holds a placeholder, or in which a block begins or ends that does not end
  /// or begin there.
  private static func condition(_ tree: HTMLTree, _ origins: OriginMap?) -> Diagnostic? {
    var next = 0
    for index in tree.nodes.indices where !tree.nodes[index].isElement {
      let node = tree.nodes[index]
      guard node.kind == .hiddenConditional || node.kind == .revealedOpen else { continue }
      while next < tree.placeholders.count, tree.placeholders[next].range.upperBound <= Int(node.start) { next += 1 }
      let condition = tree.conditionRange(of: NodeID(index))
      var depth = 0
      var position = next
      while position < tree.placeholders.count, tree.placeholders[position].range.lowerBound < Int(node.end) {
        let placeholder = tree.placeholders[position]
        if placeholder.range.lowerBound < condition.upperBound {
          return report(placeholder, "stands in the condition of a conditional comment", tree, origins)
        }
        if node.kind == .hiddenConditional {
          if placeholder.kind == .open { depth += 1 }
          if placeholder.kind == .close { depth -= 1 }
          if depth < 0 { return report(placeholder, "ends a block that began outside of", tree, origins) }
        }
        position += 1
      }
      if depth > 0, let open = lastOpen(tree, next..<position) {
        return report(open, "begins a block that does not end in", tree, origins)
      }
    }
    return nil
  }

  /// The innermost block of a run that is not closed in it.
  private static func lastOpen(_ tree: HTMLTree, _ range: Range<Int>) -> Placeholder? {
    var closed = 0
    for index in range.reversed() {
      switch tree.placeholders[index].kind {
      case .close: closed += 1
      case .open where closed == 0: return tree.placeholders[index]
      case .open: closed -= 1
      default: break
      }
    }
    return nil
  }

  private static func report(
    _ placeholder: Placeholder, _ what: String, _ tree: HTMLTree, _ origins: OriginMap?
  ) -> Diagnostic {
    let origin = origins?.origin(of: placeholder.range)
    let isCondition = what.hasSuffix("comment")
    let end = isCondition ? "" : " the conditional comment it stands in"
    let help = isCondition ? "write a comment with a condition of its own" : "write the comment with all it holds"
    return Diagnostic(
      .cssUncertainCondition, "'\(excerpt(tree.bytes, placeholder.range))' \(what)\(end)", at: origin?.range,
      help: [help + " in each branch of the template's condition"]
    ).included(through: origin?.calls ?? [])
  }

  private static func excerpt(_ bytes: [UInt8], _ range: Range<Int>) -> String {
    let text = String(decoding: bytes[range.clamped(to: 0..<bytes.count)].prefix(60), as: UTF8.self)
    let line = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return range.count > 60 ? line + "…" : line
  }
}

extension DiagnosticCode {
  /// A placeholder in `class` or `id` decides whether a rule matches.
  package static let cssUncertainClass = DiagnosticCode(
    "css/uncertain-class", .warning, summary: "A class or an id that a rule asks for is written out",
    explanation: """
      Where a placeholder stands in 'class' or 'id', nobody knows before sending which rules match. A rule that asks \
      for a name that the placeholder may bring stays in the sheet, where clients without style sheets ignore it; \
      rules for names that are written out are inlined as ever. Write the names out, each in its branch of a \
      condition around the whole element, or style the element by a class that is always there. It is said once a \
      document.
      """,
    bad: "<style>.sale { color: red }</style> <p class=\"{{kind}}\">",
    good: "<style>.sale { color: red }</style> {{#if sale}}<p class=\"sale\">{{else}}<p>{{/if}}")
  /// A placeholder decides where a conditional comment applies or what it holds.
  package static let cssUncertainCondition = DiagnosticCode(
    "css/uncertain-condition", .warning, summary: "Conditional comments and template blocks nest",
    explanation: """
      What stands in a conditional comment whose condition a placeholder writes may be seen by any client or none; a \
      block of a template that begins in a comment and ends outside of it leaves half a comment, or half of what it \
      holds. Such text is left as it is. Put the whole comment into the block, or the whole block into the comment.
      """,
    bad: "<!--[if {{client}}]> <table> <![endif]-->",
    good: "{{#if outlook}}<!--[if mso]> <table> <![endif]-->{{/if}}")
}
