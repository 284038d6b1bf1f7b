package import GalleySource

/// What the style phases complain about.
extension DiagnosticCode {
  /// A comment, string or `url()` without its end.
  package static let cssUnclosed = DiagnosticCode(
    "css/unclosed", .warning, summary: "Comments, strings, brackets and blocks are closed",
    explanation: """
      Without its end, a comment, string or block swallows what follows it, up to the end of the style sheet. Mail \
      clients disagree about where to stop. Close it where it ends.
      """,
    bad: "p { font-family: \"Arial }", good: "p { font-family: \"Arial\" }")
  /// Something that is no rule and no declaration.
  package static let cssSyntax = DiagnosticCode(
    "css/syntax", .warning, summary: "A style sheet holds rules, and rules hold declarations",
    explanation: """
      Clients skip what they don't understand, up to the next semicolon or the end of the block. The text stays in \
      the sheet as it is and has no effect.
      """,
    bad: "p { color red }", good: "p { color: red }")
  /// A selector that no browser accepts.
  package static let cssInvalidSelector = DiagnosticCode(
    "css/invalid-selector", .warning, summary: "A rule with an invalid selector has no effect",
    explanation: """
      One invalid selector makes clients drop the whole rule, also for the other selectors of its list. The rule \
      stays in the sheet and is not inlined.
      """,
    bad: "h1, .5x { margin: 0 }", good: "h1, .x5 { margin: 0 }")
  /// A rule within a rule.
  package static let cssNestedRule = DiagnosticCode(
    "css/nested-rule", .warning, summary: "Rules within rules are not inlined",
    explanation: """
      Mail clients don't know nested rules, and many drop the rule around one. The whole rule stays in the sheet. \
      Write the inner rule with its full selector beside the outer one.
      """,
    bad: "td { color: #333; a { color: #06c } }", good: "td { color: #333 } td a { color: #06c }")
  /// Nesting beyond the limit.
  package static let cssTooDeep = DiagnosticCode(
    "css/too-deep", .warning, summary: "At-rules and selectors are nested within limits",
    explanation: """
      At-rules nest at most 32 deep, functions in selectors at most 16, and a selector has at most 128 parts. What \
      goes beyond stays in the sheet and is not inlined.
      """,
    bad: "a:not(:is(:not(:is(…)))) { color: red }", good: "a:not(.button) { color: red }")
  /// A selector whose match depends on a condition or a loop.
  package static let cssUncertainMatch = DiagnosticCode(
    "css/uncertain-match", .warning, summary: "A selector that counts siblings needs to know them",
    explanation: """
      Where a condition or a loop stands among the siblings, nobody knows before sending which element is the first \
      or the next. Such a rule stays in the sheet, where clients without style sheets ignore it. Give the element a \
      class instead.
      """,
    bad: "tr:first-child td { border: 0 }", good: "tr.first td { border: 0 }")
  /// A rule that stays and one that was inlined which can't both come out right.
  package static let cssOrderLost = DiagnosticCode(
    "css/order-lost", .warning, summary: "A rule that stays must be stronger or weaker than all inlined ones",
    explanation: """
      Inlined declarations beat every rule in the sheet, so a rule that stays wins only by '!important'. Here an \
      inlined declaration would have to beat one rule that stays and lose to another. Write the stronger one with \
      '!important', or make the selectors equally specific.
      """,
    bad: "@media (max-width: 600px) { td { padding: 0 } #x { padding: 9px } } .y { padding: 5px }",
    good: "@media (max-width: 600px) { .y { padding: 0 } .x { padding: 9px } } .y { padding: 5px }")
}

/// The codes of the style phases.
package let galleyCSSCodes: [DiagnosticCode] = [
  .cssUnclosed, .cssSyntax, .cssInvalidSelector, .cssNestedRule, .cssTooDeep, .cssUncertainMatch, .cssOrderLost,
  .cssUncertainClass, .cssUncertainCondition, .cssSeesInlined,
  .cssVariableVaries, .cssVariableInvalid, .cssVariableExcessive,
  .relativeAddress, .classesStay, .unsafeClass, .longLine, .sideOfHole, .unknownSideDirective,
]

extension StyleSheet {
  /// The faults as diagnostics; `locate` says where a range of the sheet's bytes was written.
  package func diagnostics(locate: (Range<Int>) -> OriginMap.Origin?) -> [Diagnostic] {
    faults.map { fault in
      let origin = locate(fault.range)
      return diagnostic(fault, at: origin?.range).included(through: origin?.calls ?? [])
    }
  }

  private func diagnostic(_ fault: Fault, at range: SourceRange?) -> Diagnostic {
    let text = excerpt(fault.range)
    return switch fault.kind {
    case .unclosedComment: Diagnostic(.cssUnclosed, "comment is never closed", at: range, help: ["end it with '*/'"])
    case .unclosedString: Diagnostic(.cssUnclosed, "string is never closed", at: range)
    case .brokenString: Diagnostic(.cssUnclosed, "string is not closed before the line ends", at: range)
    case .brokenURL: Diagnostic(.cssUnclosed, "'\(text)' is not a valid URL", at: range, help: ["quote the address"])
    case .unclosedBlock: Diagnostic(.cssUnclosed, "'{' is never closed", at: range, help: ["add '}'"])
    case .unclosedParenthesis: Diagnostic(.cssUnclosed, "'\(text)' is never closed", at: range, help: ["add ')'"])
    case .unexpectedRule: Diagnostic(.cssSyntax, "'\(text)' is not a rule: there is no block", at: range)
    case .strayBrace:
      Diagnostic(.cssSyntax, "'}' closes nothing", at: range, label: "spoils the rule behind it")
    case .invalidDeclaration: Diagnostic(.cssSyntax, "'\(text)' is not a declaration", at: range)
    case .emptyValue: Diagnostic(.cssSyntax, "'\(text)' has no value", at: range)
    case .tooDeep: Diagnostic(.cssTooDeep, "'\(text)' is nested too deep", at: range)
    case .nestedRule:
      Diagnostic(
        .cssNestedRule, "'\(text)' stands within another rule", at: range, help: ["write it beside the other rule"])
    case .invalidSelector: Diagnostic(.cssInvalidSelector, "'\(text)' is not expected in a selector", at: range)
    case .unknownPseudo: unknownPseudo(text, at: range)
    }
  }

  private func unknownPseudo(_ text: String, at range: SourceRange?) -> Diagnostic {
    let name = text.drop { $0 == ":" }
    let near = Suggestion.nearest(to: String(name), among: PseudoNames.suggestions)
    let hint = near.map { "; did you mean '\(text.prefix { $0 == ":" })\($0)'?" } ?? ""
    return Diagnostic(.cssInvalidSelector, "'\(text)' is not known\(hint)", at: range)
  }

  /// The bytes of a range on one line, shortened where they are many.
  private func excerpt(_ range: Range<Int>) -> String {
    let text = String(decoding: bytes[range.clamped(to: 0..<bytes.count)].prefix(60), as: UTF8.self)
    let line = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return range.count > 60 ? line + "…" : line
  }
}
