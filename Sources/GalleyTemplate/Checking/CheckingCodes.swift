package import GalleySource

// What the checker complains about.
extension DiagnosticCode {
  package static let undeclaredName = DiagnosticCode(
    "template/undeclared-name", summary: "a name must be declared",
    explanation: """
      A template sees its own 'variables:' and 'site', 'env', 'locale', 'data' and 'mail'; a partial sees its own \
      'parameters:' instead of variables. Within 'each' and 'with' the names are those of the item: one further out is \
      written '../name'.
      """,
    bad: "<p>{{ordrId}}</p>", good: "<p>{{orderId}}</p>")

  package static let unknownField = DiagnosticCode(
    "template/unknown-field", summary: "a record must have the field that is asked for",
    explanation:
      "The fields of a record are those of its type, as declared in place or under 'types:' in 'galley.yml'.",
    bad: "{{billingAddress.town}}", good: "{{billingAddress.city}}")

  package static let notARecord = DiagnosticCode(
    "template/not-a-record", summary: "only a record has fields",
    explanation:
      "A path steps from record to record. A list is gone through with '{{#each}}'; other values have no parts.",
    bad: "{{orderId.number}}", good: "{{orderId}}")

  package static let notAList = DiagnosticCode(
    "template/not-a-list", summary: "'each' must go through a list",
    explanation: "A record has different fields, not items: name them one by one, or step into it with '{{#with}}'.",
    bad: "{{#each billingAddress}}{{this}}{{/each}}", good: "{{#with billingAddress}}{{city}}{{/with}}")

  package static let outsideLoop = DiagnosticCode(
    "template/outside-loop", summary: "'@index', '@first', '@last' and '@key' belong into a loop",
    explanation: "They say where a loop is, so they exist only between '{{#each}}' and '{{/each}}'.",
    bad: "<p>{{@index}}</p>", good: "{{#each lineItems}}<p>{{@index}}</p>{{/each}}")

  package static let aboveRoot = DiagnosticCode(
    "template/above-root", summary: "'../' must lead to something",
    explanation: "Each '../' leaves one 'each' or 'with'. 'if' and 'unless' do not count.",
    bad: "{{#if note}}{{../note}}{{/if}}", good: "{{#if note}}{{note}}{{/if}}")

  package static let unguardedOptional = DiagnosticCode(
    "template/unguarded-optional", summary: "an optional value must be guarded before it is used",
    explanation: """
      What may be absent is printed or passed on only where it is known to be there: within '{{#if value}}', in the \
      'else' of '{{#unless value}}', behind it in an 'and', or with a fallback, '(default value "…")'.
      """,
    bad: "<p>Campaign {{campaignCode}}</p>", good: "{{#if campaignCode}}<p>Campaign {{campaignCode}}</p>{{/if}}")

  package static let wholeRoot = DiagnosticCode(
    "template/whole-root", summary: "'this' and '@root' outside of a loop are no value by themselves",
    explanation: """
      Within 'each' and 'with', 'this' is the item or the record. Outside of them it stands for all variables or \
      parameters at once, known and unknown ones, and no sender could be handed that.
      """,
    bad: "{{#with this}}{{orderId}}{{/with}}", good: "{{orderId}}")

  package static let unprintable = DiagnosticCode(
    "template/unprintable", summary: "only a single value can be printed",
    explanation: "Lists, records, true, false and null have no written form. Say what to show of them.",
    bad: "{{lineItems}}", good: "{{#each lineItems}}{{description}}{{/each}}")

  package static let rawNotMarkup = DiagnosticCode(
    "template/raw-not-markup", summary: "three braces are for values of type 'html'",
    explanation: """
      Three braces print a value as it is, without making it safe. That is right only for markup that somebody has \
      declared to be trusted.
      """,
    bad: "{{{productName}}}", good: "{{productName}}")

  package static let escapedMarkup = DiagnosticCode(
    "template/escaped-markup", summary: "a value of type 'html' must be printed with three braces",
    explanation: "With two braces its tags would be shown to the reader as text.",
    bad: "{{description}}", good: "{{{description}}}")

  package static let wrongArgument = DiagnosticCode(
    "template/wrong-argument", summary: "an argument must fit the type of its parameter",
    explanation: """
      A URL, a number, an amount, a date or an enumeration can be passed where a 'string' is expected, and the other \
      way round it can't: a text is no URL only because it should be one.
      """,
    bad: "{{> button href=productName label=\"View\"}}", good: "{{> button href=orderDetailsUrl label=\"View\"}}")

  package static let missingArgument = DiagnosticCode(
    "template/missing-argument", summary: "a partial must be given each parameter that is not optional",
    explanation: "A parameter that may be left out is declared with 'optional: true' or with a default.",
    bad: "{{> button label=\"View\"}}", good: "{{> button href=orderDetailsUrl label=\"View\"}}")

  package static let unknownArgument = DiagnosticCode(
    "template/unknown-argument", summary: "an argument must name a parameter",
    explanation: "What a partial takes is declared under 'parameters:' in its front matter.",
    bad: "{{> button hraf=orderDetailsUrl label=\"View\"}}", good: "{{> button href=orderDetailsUrl label=\"View\"}}")

  package static let unknownPartial = DiagnosticCode(
    "template/unknown-partial", summary: "a partial must exist",
    explanation:
      "A partial is called by its path below 'partials/', without '.html'; a slot by its name under 'slots:'.",
    bad: "{{> buton}}", good: "{{> button}}")

  package static let unknownLayout = DiagnosticCode(
    "template/unknown-layout", summary: "a layout must exist, and print its block",
    explanation: "A layout is a partial that prints what it is put around with '{{> @partial-block}}'.",
    bad: "layout: transactonal", good: "layout: transactional")

  package static let recursivePartial = DiagnosticCode(
    "template/recursive-partial", summary: "a partial must not call itself",
    explanation:
      "A partial that calls itself, at once or through others, has no end. Use '{{#each}}' for what repeats.",
    bad: "partials/item.html: {{> item}}", good: "{{#each items}}{{> item name=name}}{{/each}}")

  package static let unknownSlot = DiagnosticCode(
    "template/unknown-slot", summary: "a slot must be declared by the partial that is called",
    explanation: "'{{#*inline \"name\"}}' fills a slot that the layout or partial declares under 'slots:'.",
    bad: "{{#*inline \"haeder\"}}…{{/inline}}", good: "{{#*inline \"header\"}}…{{/inline}}")

  package static let missingSlot = DiagnosticCode(
    "template/missing-slot", summary: "a required slot must be filled",
    explanation: "The partial declares the slot with 'required: true', since it makes no sense without.",
    bad: "{{#> card}}…{{/card}}", good: "{{#> card}}{{#*inline \"title\"}}…{{/inline}}…{{/card}}")

  package static let duplicateSlot = DiagnosticCode(
    "template/duplicate-slot", summary: "a slot must be filled once",
    explanation: "Of two contents for one slot only one could be shown.",
    bad: "{{#*inline \"header\"}}a{{/inline}}{{#*inline \"header\"}}b{{/inline}}",
    good: "{{#*inline \"header\"}}a{{/inline}}")

  package static let misplacedSlot = DiagnosticCode(
    "template/misplaced-slot", summary: "a slot is filled at the top of a template or of a partial's block",
    explanation: """
      '{{#*inline}}' belongs to the layout or the partial whose block it stands in, directly. Put conditions inside of \
      it, not around it. A template without a layout has no slots to fill.
      """,
    bad: "{{#if note}}{{#*inline \"header\"}}{{note}}{{/inline}}{{/if}}",
    good: "{{#*inline \"header\"}}{{#if note}}{{note}}{{/if}}{{/inline}}")

  package static let misplacedBlock = DiagnosticCode(
    "template/misplaced-block", summary: "'{{> @partial-block}}' belongs into a partial",
    explanation: "It prints what the caller of a partial or layout puts between '{{#> name}}' and '{{/name}}'.",
    bad: "templates/order.html: {{> @partial-block}}", good: "partials/card.html: <div>{{> @partial-block}}</div>")

  package static let unusedBlock = DiagnosticCode(
    "template/unused-block", summary: "a partial that is given a block must print it",
    explanation: "What stands between '{{#> name}}' and '{{/name}}' would be lost.",
    bad: "{{#> divider}}Thanks{{/divider}}", good: "{{> divider}}Thanks")

  package static let missingBlock = DiagnosticCode(
    "template/missing-block", summary: "a partial that prints a block must be given one",
    explanation: "Call it as '{{#> name}}…{{/name}}'. A partial can print something instead of a missing block.",
    bad: "{{> card}}", good: "{{#> card}}Thanks{{/card}}")

  package static let unknownHelper = DiagnosticCode(
    "template/unknown-helper", summary: "a helper must exist",
    explanation: "The helpers are t, eq, ne, lt, le, gt, ge, and, or, not, default, join, format and asset.",
    bad: "{{#if (equals status \"PAID\")}}paid{{/if}}", good: "{{#if (eq status \"PAID\")}}paid{{/if}}")

  package static let helperArguments = DiagnosticCode(
    "template/helper-arguments", summary: "a helper must be given the arguments it takes",
    explanation:
      "Each helper takes a certain number of arguments of certain types; only 't' and 'format' take named ones.",
    bad: "{{#if (eq status)}}paid{{/if}}", good: "{{#if (eq status \"PAID\")}}paid{{/if}}")

  package static let incomparable = DiagnosticCode(
    "template/incomparable", summary: "only values of a kind can be compared",
    explanation: """
      A number never equals a text, and lists and records equal nothing. Amounts, dates and decimals arrive as formatted \
      texts, so they have no order either: let the service say what is more.
      """,
    bad: "{{#if (eq quantity \"2\")}}a pair{{/if}}", good: "{{#if (eq quantity 2)}}a pair{{/if}}")

  package static let impossibleValue = DiagnosticCode(
    "template/impossible-value", summary: "an enumeration must be compared with one of its values",
    explanation: "The condition would never hold, or always.",
    bad: "{{#if (eq paymentStatus \"PAYED\")}}paid{{/if}}", good: "{{#if (eq paymentStatus \"PAID\")}}paid{{/if}}")

  package static let unusedVariable = DiagnosticCode(
    "template/unused-variable", summary: "a declared variable must be used",
    explanation: """
      The contract with the sending service lists each variable. One that neither the page nor the subject nor the \
      preheader uses makes the service supply something for nothing.
      """,
    bad: "variables: {orderId: string, note: string}", good: "variables: {orderId: string}")

  package static let unusedParameter = DiagnosticCode(
    "template/unused-parameter", summary: "a declared parameter or slot must be used",
    explanation: "Each caller would have to give what the partial never shows.",
    bad: "parameters: {href: url, label: string}", good: "parameters: {label: string}")

  /// What the checker can complain about.
  static let checkingCodes: [DiagnosticCode] = [
    undeclaredName, unknownField, notARecord, notAList, outsideLoop, aboveRoot, wholeRoot, unguardedOptional,
    unprintable,
    rawNotMarkup, escapedMarkup, wrongArgument, missingArgument, unknownArgument, unknownPartial, unknownLayout,
    recursivePartial, unknownSlot, missingSlot, duplicateSlot, misplacedSlot, misplacedBlock, unusedBlock, missingBlock,
    unknownHelper, helperArguments, incomparable, impossibleValue, unusedVariable, unusedParameter,
  ]

  /// What parsing, declarations, samples and the checker can complain about.
  package static let languageCodes: [DiagnosticCode] = parsingCodes + declarationCodes + checkingCodes
}
