extension Dialect {
  /// Liquid as Shopify documents it, and as Customer.io, Klaviyo and others run it.
  ///
  /// "Liquid reference" (https://shopify.github.io/liquid/): only `nil` and `false` are not true, so a condition asks
  /// for what our truth means for each type; `and` and `or` bind to the right and know no parentheses, so a condition
  /// that needs some is refused. Nothing is escaped but by the filter `escape`. `url_encode` writes a space as `+` and
  /// `/` as `%2F`; filters behind it turn both into what a path needs. A branch of nothing but white space is dropped by
  /// the engine, so something empty is printed in it.
  package static let liquid = Dialect(
    name: "liquid",
    abilities: [
      .conditions, .otherwise, .loops, .emptyLoops, .loopPositions, .fields, .equality, .order, .fallbacks,
      .percentEncoding, .lineStripping, .chains, .textConditions, .numberConditions, .listConditions, .outerNames,
    ],
    htmlEscaping: .references(.init(quote: "&quot;", apostrophe: "&#39;")),
    reservedNames: [
      "and", "blank", "contains", "empty", "false", "for", "forloop", "if", "in", "nil", "not", "null", "or",
      "tablerowloop", "true", "with",
    ],
    syntax: .statements(liquidSyntax),
    literals: LiteralRules(openers: ["{{", "{%"], canPrintText: true, dropsBlankBranches: true),
    relatives: ["jinja"],
    // python-liquid's; Shopify's own takes 100 blocks.
    limits: Limits(blocks: 30, loops: 26))

  private static let liquidSyntax: StatementSyntax = {
    typealias Form = StatementSyntax.Form
    func filter(_ pattern: String) -> Form { Form(pattern, .filter, operand: .filter) }
    func word(_ pattern: String) -> Form { Form(pattern, .primary, operand: .primary) }
    func comparison(_ pattern: String) -> Form { Form(pattern, .comparison, operand: .primary) }
    // Conditions are put together from terms; these forms have no use.
    let none = Form("$0", .primary, operand: .primary)
    let encoded = "$0 | url_encode | replace: '+', '%20' | replace: '%2F', '/'"
    return StatementSyntax(
      output: "{{ $0 }}", beginIf: "{% if $0 %}", elseIf: "{% elsif $0 %}", otherwise: "{% else %}",
      endIf: "{% endif %}", beginEach: "{% for $1 in $0 %}", otherwiseEach: "{% else %}", endEach: "{% endfor %}",
      assign: "{% assign $1 = $0 %}", index: word("forloop.index0"), isFirst: word("forloop.first"),
      isLast: word("forloop.last"), field: word("$0.$1"), quotedField: word("$0[$1]"),
      quotedFieldNames: ["first", "last", "size"], conditions: .flat, quoting: .plain,
      comparisons: [
        .equal: comparison("$0 == $1"), .notEqual: comparison("$0 != $1"), .less: comparison("$0 < $1"),
        .lessOrEqual: comparison("$0 <= $1"), .greater: comparison("$0 > $1"),
        .greaterOrEqual: comparison("$0 >= $1"),
      ],
      and: none, or: none, not: none, truth: none, isPresent: none,
      textFallback: filter("$0 | default: $1"), fallback: filter("$0 | default: $1"),
      escapings: [
        .html: filter("$0 | escape"), .url: filter("$0 | escape"), .urlPart: filter(encoded),
        .address: filter(encoded + " | replace: '%40', '@'"),
        // An encoded line end is told from the text `%0D`, whose percent sign is encoded, too.
        .line: filter("$0 | url_encode | replace: '%0D', '+' | replace: '%0A', '+' | url_decode"),
      ],
      trueName: "true", falseName: "false", nullName: "nil")
  }()
}
