extension Dialect {
  /// `{{name}}`, replaced by a regular expression: no conditions, no loops, no escaping.
  ///
  /// The caller escapes each value as the contract says, with the character references that Jinja uses.
  package static let interpolate = Dialect(
    name: "interpolate", abilities: [], htmlEscaping: .byCaller, reservedNames: [],
    syntax: .statements(.outputOnly("{{$0}}")),
    literals: LiteralRules(openers: ["{{"], canPrintText: false), relatives: ["jinja"])
}

extension StatementSyntax {
  /// The syntax of a dialect that knows plain variables alone.
  fileprivate static func outputOnly(_ output: String) -> StatementSyntax {
    let none = Form("$0", .primary, operand: .primary)
    return StatementSyntax(
      output: output, beginIf: "", elseIf: "", otherwise: "", endIf: "", beginEach: "", otherwiseEach: "", endEach: "",
      assign: "", index: none, isFirst: none, isLast: none, field: Form("$0.$1", .primary, operand: .primary),
      quotedField: none, quotedFieldNames: [], comparisons: [:], and: none, or: none, not: none, truth: none,
      isPresent: none, textFallback: none, fallback: none, escapings: [:], trueName: "true", falseName: "false",
      nullName: "null")
  }
}
