extension Dialect {
  /// `{{name}}`, replaced by a regular expression: no conditions, no loops, no escaping.
  ///
  /// The caller escapes each value as the contract says, with the character references that Jinja uses.
  package static let interpolate = Dialect(
    name: "interpolate", abilities: [], htmlEscaping: .byCaller, reservedNames: [],
    syntax: .outputOnly("{{$0}}"),
    literals: LiteralRules(openers: ["{{"], canPrintText: false, normalizesLineEnds: false, dropsFinalLineEnd: false))
}
