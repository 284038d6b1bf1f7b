/// Handlebars and the two services that speak it.
///
/// The language is that of Handlebars.js 4.7 ("Handlebars: Built-in Helpers" and "Expressions",
/// https://handlebarsjs.com/guide/). Its `if` takes for false what we do: nothing, `false`, 0, an empty text, an empty
/// list.
extension Dialect {
  /// Handlebars.js without helpers of anyone's own.
  package static let handlebars = Dialect(
    name: "handlebars",
    abilities: handlebarsAbilities.union([.loopPositions, .outerNames]),
    htmlEscaping: handlebarsEscaping,
    reservedNames: handlebarsNames,
    syntax: .sections(handlebarsSyntax(.blockParameters)),
    literals: handlebarsLiterals,
    relatives: ["sendgrid", "liquid", "jinja"])

  /// The templates of Amazon SES.
  ///
  /// "Advanced email personalization" in the Amazon SES Developer Guide
  /// (https://docs.aws.amazon.com/ses/latest/dg/send-personalized-email-advanced.html) refers to the built-in helpers of
  /// Handlebars and says that SES escapes no HTML: the caller has to. Values are written with three braces, so that
  /// this holds whatever the service does. Block parameters are not documented and not used; an item is `this`, and
  /// `../` leads from one loop to the one around it.
  ///
  /// "Using templates to send personalized email with the Amazon SES API"
  /// (https://docs.aws.amazon.com/ses/latest/dg/send-personalized-email-api.html) sets the limit: a stored template has
  /// at most 500 KB, text and HTML together. Names are case-sensitive, and a variable of the template that the data
  /// lacks fails the rendering after the message was accepted: callers pass each optional variable as an empty text, an
  /// empty list or `null`.
  package static let ses = Dialect(
    name: "ses",
    abilities: handlebarsAbilities.union(.loopPositions),
    htmlEscaping: .byCaller,
    reservedNames: handlebarsNames,
    syntax: .sections(handlebarsSyntax(.thisAndUp, output: "{{{$0}}}")),
    literals: handlebarsLiterals,
    relatives: ["handlebars", "sendgrid", "liquid", "jinja"],
    limits: Limits(storedBytes: 500_000))

  /// The dynamic templates of Twilio SendGrid.
  ///
  /// "Using Handlebars" (https://www.twilio.com/docs/sendgrid/for-developers/sending-email/using-handlebars) lists what
  /// it has of Handlebars, `this` and `@root` among it, and its own blocks `equals`, `notEquals`, `greaterThan`,
  /// `lessThan`, `and` and `or`, whose operands are paths and literals. Positions in loops and block parameters are not
  /// documented and not used. `date`, `length`, `insert` and `formatDate` are helpers, so no variable can have these
  /// names. "Create a new transactional template version"
  /// (https://www.twilio.com/docs/sendgrid/api-reference/transactional-templates-versions) sets the limits: 1 MiB for the
  /// HTML and for the text, 255 characters for the subject.
  package static let sendgrid = Dialect(
    name: "sendgrid",
    abilities: handlebarsAbilities.union([.equality, .order]),
    htmlEscaping: handlebarsEscaping,
    reservedNames: handlebarsNames.union([
      "and", "date", "equals", "formatDate", "greaterThan", "insert", "length", "lessThan", "notEquals", "or",
    ]),
    syntax: .sections(sendgridSyntax),
    literals: handlebarsLiterals,
    relatives: ["handlebars", "liquid", "jinja"],
    limits: Limits(partBytes: 1_048_576, subjectCharacters: 255))

  private static let handlebarsAbilities: Abilities = [
    .conditions, .otherwise, .loops, .emptyLoops, .fields, .textConditions, .numberConditions, .listConditions,
  ]

  private static let handlebarsEscaping = HTMLEscaping.references(
    .init(
      quote: "&quot;", apostrophe: "&#x27;",
      others: [UInt8(ascii: "`"): "&#x60;", UInt8(ascii: "="): "&#x3D;"]))

  /// The built-in helpers and the words of the language.
  private static let handlebarsNames: Set<String> = [
    "blockHelperMissing", "each", "else", "false", "helperMissing", "if", "log", "lookup", "null", "this", "true",
    "undefined", "unless", "with",
  ]

  private static let handlebarsLiterals = LiteralRules(
    openers: ["{{"], canPrintText: false, dropsLinesOfTags: true, takesFurtherBraces: true, escapesByBackslash: true)

  private static func handlebarsSyntax(
    _ paths: SectionSyntax.Paths, output: String = "{{$0}}"
  ) -> SectionSyntax {
    SectionSyntax(
      paths: paths, output: output, rawOutput: "{{{$0}}}",
      truth: .init("{{#if $0}}", "{{/if}}"), falsity: .init("{{#unless $0}}", "{{/unless}}"),
      presence: .init("{{#if $0 includeZero=true}}", "{{/if}}"),
      absence: .init("{{#unless $0 includeZero=true}}", "{{/unless}}"), otherwise: "{{else}}",
      loop: .init(paths == .blockParameters ? "{{#each $0 as |$1|}}" : "{{#each $0}}", "{{/each}}"),
      bracketedNames: ["false", "null", "this", "true", "undefined"])
  }

  private static let sendgridSyntax: SectionSyntax = {
    var syntax = handlebarsSyntax(.thisAndUp)
    syntax.presence = nil
    syntax.absence = nil
    for (comparison, name) in [
      (SendExpression.Comparison.equal, "equals"), (.notEqual, "notEquals"), (.greater, "greaterThan"),
      (.less, "lessThan"),
    ] {
      syntax.comparisons[comparison] = .init("{{#\(name) $0 $1}}", "{{/\(name)}}")
    }
    syntax.both = .init("{{#and $0 $1}}", "{{/and}}")
    syntax.either = .init("{{#or $0 $1}}", "{{/or}}")
    return syntax
  }()
}
