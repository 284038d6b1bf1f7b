extension Dialect {
  /// Jinja2 with autoescape off, as the BBWS services run it: each hole escapes itself.
  ///
  /// See the template designer documentation of Jinja 3.1. `|e` is MarkupSafe's `escape`, `|urlencode` percent-encodes
  /// all but letters, digits and `_.-~/`.
  package static let jinja = Dialect(
    name: "jinja",
    abilities: .all,
    htmlEscaping: .references(.init(quote: "&#34;", apostrophe: "&#39;")),
    reservedNames: [
      "and", "caller", "cycler", "dict", "else", "false", "False", "if", "in", "is", "joiner", "kwargs",
      "lipsum", "loop", "namespace", "none", "None", "not", "or", "range", "recursive", "self", "super", "true", "True",
      "varargs",
    ],
    syntax: .statements(
      StatementSyntax(
        output: "{{ $0 }}", beginIf: "{% if $0 %}", elseIf: "{% elif $0 %}", otherwise: "{% else %}",
        endIf: "{% endif %}", beginEach: "{% for $1 in $0 %}", otherwiseEach: "{% else %}", endEach: "{% endfor %}",
        loopsOverNothing: false,
        assign: "{% set $1 = $0 %}", index: StatementSyntax.Form("loop.index0", .primary, operand: .primary),
        isFirst: StatementSyntax.Form("loop.first", .primary, operand: .primary),
        isLast: StatementSyntax.Form("loop.last", .primary, operand: .primary),
        field: StatementSyntax.Form("$0.$1", .primary, operand: .primary),
        quotedField: StatementSyntax.Form("$0[$1]", .primary, operand: .primary),
        quotedFieldNames: [
          "clear", "copy", "fromkeys", "get", "items", "keys", "pop", "popitem", "setdefault", "update", "values",
        ],
        comparisons: [
          .equal: StatementSyntax.Form("$0 == $1", .comparison, operand: .filter),
          .notEqual: StatementSyntax.Form("$0 != $1", .comparison, operand: .filter),
          .less: StatementSyntax.Form("$0 < $1", .comparison, operand: .filter),
          .lessOrEqual: StatementSyntax.Form("$0 <= $1", .comparison, operand: .filter),
          .greater: StatementSyntax.Form("$0 > $1", .comparison, operand: .filter),
          .greaterOrEqual: StatementSyntax.Form("$0 >= $1", .comparison, operand: .filter),
        ],
        and: StatementSyntax.Form("$0 and $1", .and, operand: .not),
        or: StatementSyntax.Form("$0 or $1", .or, operand: .and),
        not: StatementSyntax.Form("not $0", .not, operand: .not),
        truth: StatementSyntax.Form("not not $0", .not, operand: .not),
        isPresent: StatementSyntax.Form("$0 is defined and $0 is not none", .and, operand: .primary),
        textFallback: StatementSyntax.Form("$0 or $1", .or, operand: .and),
        fallback: StatementSyntax.Form(
          "$0 if $0 is defined and $0 is not none and $0 != '' else $1", .choice, operand: .primary),
        escapings: [
          .html: StatementSyntax.Form("$0|e", .filter, operand: .filter),
          .url: StatementSyntax.Form("$0|e", .filter, operand: .filter),
          .urlPart: StatementSyntax.Form("$0|urlencode", .filter, operand: .filter),
          .address: StatementSyntax.Form("$0|urlencode|replace('%40', '@')", .filter, operand: .filter),
          .line: StatementSyntax.Form(#"$0|replace('\r', ' ')|replace('\n', ' ')"#, .filter, operand: .filter),
        ],
        trueName: "true", falseName: "false", nullName: "none",
        remainder: StatementSyntax.Form("$0 % $1", .comparison, operand: .primary))),
    literals: LiteralRules(
      openers: ["{{", "{%", "{#"], canPrintText: true, normalizesLineEnds: true, dropsFinalLineEnd: true),
    relatives: [],
    // Python's, for the code that Jinja2 makes: statically nested blocks, and levels of indentation.
    limits: Limits(blocks: 98, loops: 20))
}
