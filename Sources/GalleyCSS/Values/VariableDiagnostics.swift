package import GalleySource

/// What the pass over custom properties complains about.
extension DiagnosticCode {
  /// A custom property that has one value at one time and another at another.
  package static let cssVariableVaries = DiagnosticCode(
    "css/variable-varies", .warning, summary: "A variable that is inlined has one value",
    explanation: """
      Many mail clients don't know variables, so 'var()' is replaced by the value. Where a variable is also set in \
      '@media', with ':hover', in a condition of the template or by a placeholder, nobody knows its value before the \
      mail is opened. The 'var()' stays, and clients that don't know it ignore the declaration. Set the properties \
      themselves in the media query, not the variable.
      """,
    bad: ":root { --c: #333 } @media print { :root { --c: #000 } } p { color: var(--c) }",
    good: ":root { --c: #333 } p { color: var(--c) } @media print { p { color: #000 } }")
  /// A `var()` that comes to nothing.
  package static let cssVariableInvalid = DiagnosticCode(
    "css/variable-invalid", .warning, summary: "A variable that is used has a value",
    explanation: """
      A variable has no value if nothing sets it for the element or what is around it, if it refers to itself, also by \
      way of others, or if it refers to one without a value. A declaration that uses it does not fall back to an \
      earlier one: the property is inherited, or gets its initial value. Set the variable, or write a fallback.
      """,
    bad: "p { color: var(--brnad) }", good: "p { color: var(--brand, #c00) }")
  /// A `var()` that expands beyond the limits.
  package static let cssVariableExcessive = DiagnosticCode(
    "css/variable-excessive", .warning, summary: "What variables expand to is limited",
    explanation: """
      A value may expand to at most 65536 bytes, all that is read and written \
      for a document is limited to eight times its size and a mebibyte, and \
      fallbacks nest at most 32 deep. What goes beyond keeps its 'var()'.
      """,
    bad: "p { --a: lol lol; --b: var(--a) var(--a) var(--a); … }", good: "p { --a: lol }")
}

extension VariableRun {
  /// Reports something about a range of an attribute's text, once.
  mutating func report(_ code: DiagnosticCode, _ message: String, _ range: Range<Int>, of own: OwnStyle) {
    let origin = origins?.origin(of: place(range, of: own))
    guard reported.insert(Report(code: code.name, place: origin?.range, message: message)).inserted else { return }
    result.diagnostics.append(
      Diagnostic(code, message, at: origin?.range).included(through: origin?.calls ?? []))
  }

  /// Reports a custom property without a value.
  mutating func reportMissing(
    _ name: UInt64, _ range: Range<Int>, of own: OwnStyle, _ scope: CustomPropertyScopes.Scope
  ) {
    let text = excerpt(range, of: own)
    guard case .invalid(let reason) = scopes.value(of: name, in: scope) else { return }
    let message =
      switch reason {
      case .unset: "'\(text)' is not set for the element"
      case .initial: "'\(text)' is set to 'initial', which is no value"
      case .cyclic: "'\(text)' refers to itself"
      case .dangling: "'\(text)' refers to a variable without a value"
      }
    report(.cssVariableInvalid, message, range, of: own)
  }

  /// Reports why a `var()` stays, at the declaration that is to blame.
  mutating func report(_ cause: Cause, usedAt range: Range<Int>, of own: OwnStyle) {
    let use = origins?.origin(of: place(range, of: own))
    let place = locate(cause)
    let message = "'\(cause.name)' \(reason(cause)), so 'var()' stays"
    guard reported.insert(Report(code: "css/variable-varies", place: place?.range, message: message)).inserted else {
      return
    }
    let notes = use.map { [Diagnostic.Note("used here", at: $0.range)] } ?? []
    result.diagnostics.append(
      Diagnostic(
        .cssVariableVaries, message, at: place?.range, notes: notes,
        help: ["set the property itself there, or write the value in place of the variable"]
      ).included(through: place?.calls ?? []))
  }

  private func reason(_ cause: Cause) -> String {
    switch cause.kind {
    case .placeholder: "holds a placeholder"
    case .template: "is set in a condition of the template"
    case .unclosed: "is not closed"
    case .layer: "reverts to another layer"
    case .registered: "is registered with '@property'"
    case .condition(let condition): reason(condition, inSheet: cause.sheet)
    }
  }

  private func reason(_ condition: CustomRules.Condition, inSheet number: Int) -> String {
    let sheet = rules.sheets[number].sheet
    switch condition {
    case .sheet: return "is set in a style sheet that applies only sometimes"
    case .template: return "is set in a condition of the template"
    case .group(let rule):
      let range = sheet.rules[rule].range.lowerBound..<sheet.rules[rule].prelude.upperBound
      return "is set in '\(text(range, sheet))'"
    case .selector(let range): return "is set by '\(text(range, sheet))', which may match or not"
    }
  }

  private func text(_ range: Range<Int>, _ sheet: StyleSheet) -> String {
    let text = String(decoding: sheet.bytes[range].prefix(60), as: UTF8.self)
    let line = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return range.count > 60 ? line + "…" : line
  }

  private func locate(_ cause: Cause) -> OriginMap.Origin? {
    guard cause.sheet >= 0, rules.sheets[cause.sheet].node < 0 else { return origins?.origin(of: cause.range) }
    let sheet = rules.sheets[cause.sheet].sheet
    return sheet.source.flatMap { OriginMap(whole: $0, count: sheet.bytes.count).origin(of: cause.range) }
  }
}
