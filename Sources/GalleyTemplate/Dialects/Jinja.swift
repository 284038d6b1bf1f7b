extension Dialect {
  /// Jinja2 with autoescape off, as the BBWS services run it: each hole escapes itself.
  ///
  /// See the template designer documentation of Jinja 3.1. `|e` is MarkupSafe's `escape`, `|urlencode` percent-encodes
  /// all but letters, digits and `_.-~/`.
  package static let jinja = Dialect(
    name: "jinja",
    abilities: [
      .conditions, .otherwise, .loops, .emptyLoops, .loopPositions, .fields, .equality, .order, .logic, .fallbacks,
      .percentEncoding, .lineStripping, .remainders,
    ],
    htmlEscaping: .references(quote: "&#34;", apostrophe: "&#39;"),
    reservedNames: [
      "and", "caller", "cycler", "dict", "else", "false", "False", "if", "in", "is", "joiner", "kwargs",
      "lipsum", "loop", "namespace", "none", "None", "not", "or", "range", "recursive", "self", "super", "true", "True",
      "varargs",
    ],
    syntax: DialectSyntax(
      output: "{{ $0 }}", beginIf: "{% if $0 %}", elseIf: "{% elif $0 %}", otherwise: "{% else %}",
      endIf: "{% endif %}", beginEach: "{% for $1 in $0 %}", otherwiseEach: "{% else %}", endEach: "{% endfor %}",
      assign: "{% set $1 = $0 %}", index: "loop.index0", isFirst: "loop.first", isLast: "loop.last",
      field: DialectSyntax.Form("$0.$1", .primary, operand: .primary),
      quotedField: DialectSyntax.Form("$0[$1]", .primary, operand: .primary),
      quotedFieldNames: [
        "clear", "copy", "fromkeys", "get", "items", "keys", "pop", "popitem", "setdefault", "update", "values",
      ],
      comparisons: [
        .equal: DialectSyntax.Form("$0 == $1", .comparison, operand: .filter),
        .notEqual: DialectSyntax.Form("$0 != $1", .comparison, operand: .filter),
        .less: DialectSyntax.Form("$0 < $1", .comparison, operand: .filter),
        .lessOrEqual: DialectSyntax.Form("$0 <= $1", .comparison, operand: .filter),
        .greater: DialectSyntax.Form("$0 > $1", .comparison, operand: .filter),
        .greaterOrEqual: DialectSyntax.Form("$0 >= $1", .comparison, operand: .filter),
      ],
      and: DialectSyntax.Form("$0 and $1", .and, operand: .not),
      or: DialectSyntax.Form("$0 or $1", .or, operand: .and),
      not: DialectSyntax.Form("not $0", .not, operand: .not),
      truth: DialectSyntax.Form("not not $0", .not, operand: .not),
      isPresent: DialectSyntax.Form("$0 is defined and $0 is not none", .and, operand: .primary),
      textFallback: DialectSyntax.Form("$0 or $1", .or, operand: .and),
      fallback: DialectSyntax.Form(
        "$0 if $0 is defined and $0 is not none and $0 != '' else $1", .choice, operand: .primary),
      escapings: [
        .html: DialectSyntax.Form("$0|e", .filter, operand: .filter),
        .url: DialectSyntax.Form("$0|e", .filter, operand: .filter),
        .urlPart: DialectSyntax.Form("$0|urlencode", .filter, operand: .filter),
        .address: DialectSyntax.Form("$0|urlencode|replace('%40', '@')", .filter, operand: .filter),
        .line: DialectSyntax.Form(#"$0|replace('\r', ' ')|replace('\n', ' ')"#, .filter, operand: .filter),
      ],
      trueName: "true", falseName: "false", nullName: "none",
      remainder: DialectSyntax.Form("$0 % $1", .comparison, operand: .primary)),
    literals: LiteralRules(
      openers: ["{{", "{%", "{#"], canPrintText: true, normalizesLineEnds: true, dropsFinalLineEnd: true))
}
