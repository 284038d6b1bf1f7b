/// Mustache, and Postmark's Mustachio.
extension Dialect {
  /// Mustache as mustache(5) has it, for any engine.
  ///
  /// "mustache(5) – Logic-less templates" (https://mustache.github.io/mustache.5.html) and the specification's tests
  /// (https://github.com/mustache/spec) say what a section does for `false`, nothing, a list and a record; engines
  /// differ about 0 and the empty text, so a condition on one is refused. A section repeats for a list, and a name is
  /// looked up from the innermost section outward. Engines spell quotation marks differently, most as `&quot;`, and
  /// many write an apostrophe as it is; values stand in double quotation marks alone, so both are safe.
  package static let mustache = Dialect(
    name: "mustache",
    abilities: [.conditions, .loops, .fields],
    htmlEscaping: .references(.init(quote: "&quot;", apostrophe: "&#x27;")),
    reservedNames: [],
    syntax: .sections(
      SectionSyntax(
        paths: .contextStack, output: "{{$0}}", rawOutput: "{{{$0}}}", truth: .init("{{#$0}}", "{{/$0}}"),
        falsity: .init("{{^$0}}", "{{/$0}}"), otherwise: "", loop: .init("{{#$0}}", "{{/$0}}"))),
    literals: LiteralRules(
      openers: ["{{"], canPrintText: false, dropsLinesOfTags: true, takesFurtherBraces: true),
    relatives: ["mustachio", "handlebars", "sendgrid", "liquid", "jinja"])

  /// The templates of Postmark.
  ///
  /// "Template Syntax" (https://postmarkapp.com/support/article/1077-template-syntax) and the sources of Mustachio
  /// (https://github.com/ActiveCampaign/mustachio) say: `each` loops, any other section only goes into its value; a name
  /// is looked up in the innermost section alone; `../` leads to what that was reached from, field by field, and from
  /// an item to its list, and stays where there is nothing above. A section within a section of the same path would be
  /// taken for its end, and one whose path begins with `each` for a loop. The empty text and the empty list are false. Whether 0 is depends on the kind of number, so a
  /// condition on one is refused. Values are escaped by .NET's `HttpUtility.HtmlEncode`.
  package static let mustachio = Dialect(
    name: "mustachio",
    abilities: [.conditions, .loops, .fields, .textConditions, .listConditions],
    htmlEscaping: .references(.init(quote: "&quot;", apostrophe: "&#39;", isNumericBeyondASCII: true)),
    reservedNames: [],
    syntax: .sections(
      SectionSyntax(
        paths: .contextChain, output: "{{$0}}", rawOutput: "{{{$0}}}", truth: .init("{{#$0}}", "{{/$0}}"),
        falsity: .init("{{^$0}}", "{{/$0}}"), otherwise: "", loop: .init("{{#each $0}}", "{{/each}}"))),
    literals: LiteralRules(openers: ["{{"], canPrintText: false, takesFurtherBraces: true),
    relatives: ["handlebars", "sendgrid", "liquid", "jinja"])
}
