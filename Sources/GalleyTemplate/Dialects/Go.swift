extension Dialect {
  /// Go's `text/template`, with its function `html` where a value stands in HTML.
  ///
  /// "Package template" (https://pkg.go.dev/text/template): `if`, `range` and `else` take for false what we do. It is not
  /// `html/template`, which drops comments, and with them the conditional comments that Outlook needs, and rewrites URLs
  /// in ways of its own. `urlquery` writes a space as `+`, which a path does not know, so encoding is left to the
  /// caller. Data are maps or structures whose fields are named as the template has them; integers are of Go's integer
  /// types. `and` and `or` stop early since Go 1.18, which this relies on.
  package static let go = Dialect(
    name: "go",
    abilities: [
      .conditions, .otherwise, .loops, .emptyLoops, .loopPositions, .fields, .equality, .order, .logic, .fallbacks,
      .chains, .textConditions, .numberConditions, .listConditions, .outerNames, .anyTexts,
    ],
    htmlEscaping: .references(.init(quote: "&#34;", apostrophe: "&#39;", others: [0: "\u{FFFD}"])),
    reservedNames: [],
    syntax: .statements(goSyntax),
    literals: LiteralRules(openers: ["{{"], canPrintText: true),
    relatives: ["liquid", "jinja"])

  private static let goSyntax: StatementSyntax = {
    typealias Form = StatementSyntax.Form
    func word(_ pattern: String) -> Form { Form(pattern, .primary, operand: .primary) }
    func call(_ pattern: String) -> Form { Form(pattern, .choice, operand: .primary) }
    return StatementSyntax(
      output: "{{$0}}", beginIf: "{{if $0}}", elseIf: "{{else if $0}}", otherwise: "{{else}}", endIf: "{{end}}",
      beginEach: "{{range $$1_index, $$1 := $0}}", otherwiseEach: "{{else}}", endEach: "{{end}}", assign: nil,
      index: word("$$0_index"), isFirst: call("eq $$0_index 0"),
      // One more than the last index is the length.
      isLast: call("eq $$0_index (len (slice $1 1))"), variable: "$.$0", item: "$$0", field: word("$0.$1"),
      quotedField: call("index $0 $1"), quotedFieldNames: [], quoting: .backquoted,
      comparisons: [
        .equal: call("eq $0 $1"), .notEqual: call("ne $0 $1"), .less: call("lt $0 $1"),
        .lessOrEqual: call("le $0 $1"), .greater: call("gt $0 $1"), .greaterOrEqual: call("ge $0 $1"),
      ],
      and: call("and $0 $1"), or: call("or $0 $1"), not: call("not $0"), truth: call("not (not $0)"),
      isPresent: call("ne $0 nil"), textFallback: call("or $0 $1"), fallback: call("or $0 $1"),
      fallsBackForTextsOnly: true,
      escapings: [
        .html: call("html $0"), .url: call("html $0"), .urlPart: call("html $0"), .address: call("html $0"),
      ],
      trueName: "true", falseName: "false", nullName: "nil")
  }()
}
