package import GalleySource

extension DiagnosticCode {
  package static let messageSyntax = DiagnosticCode(
    "message/syntax", summary: "A message must be a well-formed pattern.",
    explanation: """
      In a message, {name} stands for an argument. A brace that is meant as a brace is quoted with apostrophes: '{'. \
      Two apostrophes print one; a single one that does not stand before a brace prints itself.
      """,
    bad: "greeting: 'Hello {name'", good: "greeting: 'Hello {name}'")

  package static let messageUnsupported = DiagnosticCode(
    "message/unsupported", summary: "A message uses the formats that Galley has.",
    explanation: """
      ICU's duration, spellout, ordinal and choice are not among them: choice is an older plural, and the others need \
      rules for spelling numbers out. Pass a text that is formatted already.
      """,
    bad: "left: 'There are {hours, duration} left'", good: "left: 'There are {hours} hours left'")

  package static let messageStyle = DiagnosticCode(
    "message/style", summary: "A number or a date has a style that is known.",
    explanation: """
      {n, number} writes a number as the locale does; the styles are integer, percent (0.25 is 25%) and skeletons: \
      {n, number, ::currency/ZAR}, ::.00, ::.0#, ::percent, ::precision-integer, ::group-off. Rounding is half to even. \
      {d, date} and {d, time} have the styles short and medium, a date also long and full, and skeletons: \
      {d, date, ::yMMMd}, ::yMMMMEEEEd, ::jm. The sender can't format, so the value must be known when the site is built.
      """,
    bad: "total: '{amount, number, currency}'", good: "total: '{amount, number, ::currency/ZAR}'")

  package static let messageCase = DiagnosticCode(
    "message/case", summary: "A choice has each case once, and 'other'.",
    explanation: """
      plural and selectordinal choose by `=1`, an exact number, and by the categories of CLDR: zero, one, two, few, \
      many, other. select chooses by the texts that its cases name. The case `other` is printed where none fits.
      """,
    bad: "items: '{n, plural, one {# item}}'", good: "items: '{n, plural, one {# item} other {# items}}'")

  package static let messagePluralCategory = DiagnosticCode(
    "message/plural-category", .warning, summary: "A plural has the categories of its locale, and no others.",
    explanation: """
      Each language sorts numbers in its own way: English tells one from other, Polish has one, few, many and other, \
      Zulu's one holds 0 as well. A text for a category that the language lacks is never printed; where a category is \
      missing, `other` is printed, which reads wrong. The rules are CLDR's, and exact cases such as `=1` count.
      """,
    bad: "# locales/pl.yml\nitems: '{n, plural, one {# plik} other {# pliku}}'",
    good: "# locales/pl.yml\nitems: '{n, plural, one {# plik} few {# pliki} many {# plików} other {# pliku}}'")

  package static let messageTag = DiagnosticCode(
    "message/tag", summary: "Tags in a message come in pairs and are bound at the call.",
    explanation: """
      `Read <link>the terms</link>` makes a link of the words between the tags, to the address that the call passes: \
      {{t "terms" link=termsUrl}}. In a subject and in an attribute only the words remain. Links can't be nested; tags \
      stand in one case of a choice. An angle bracket that is meant is quoted: '<'.
      """,
    bad: "terms: Read <link>the terms", good: "terms: Read <link>the terms</link>")

  package static let messageValue = DiagnosticCode(
    "message/value", summary: "A choice in a message needs a value that it can choose by.",
    explanation: """
      plural and selectordinal need a number: any that is known when the site is built, or a variable of the type \
      integer, whose cases become conditions of the sender's dialect. select needs a text; the cases for a variable \
      whose type is an enumeration must be values of it.
      """,
    bad: "variables: {name: string}\n---\n{{t \"items\" n=name}}  {{! {n, plural, one {…} other {…}} }}",
    good: "variables: {count: integer}\n---\n{{t \"items\" n=count}}")

  package static let messageKey = DiagnosticCode(
    "message/key", summary: "A message needs a key without spaces.",
    explanation: "Templates call a message by its key and those of its parents, joined by dots: `order.title`.",
    bad: "order:\n  'the title': Your order", good: "order:\n  title: Your order")

  package static let messageDuplicateKey = DiagnosticCode(
    "message/duplicate-key", summary: "A catalog must have each key once.",
    explanation: "A dot in a key means the same as nesting, so `order.title:` and `order: {title: …}` are one key.",
    bad: "order.title: Your order\norder:\n  title: Order", good: "order:\n  title: Your order")

  package static let messageEmpty = DiagnosticCode(
    "message/empty", summary: "A message must have a text.",
    explanation: """
      An empty message is nearly always a translation that is still to be written. Remove the key instead: the \
      fallback locale's text is used until it is there.
      """,
    bad: "order:\n  title: ''", good: "order:\n  title: Your order")

  package static let messageNotText = DiagnosticCode(
    "message/not-text", summary: "A message must be a text.",
    explanation: "YAML reads 2024 as a number and yes as a truth value. Quotation marks make a text of anything.",
    bad: "year: 2024", good: "year: '2024'")

  package static let messageNesting = DiagnosticCode(
    "message/nesting", summary: "Messages may be nested 32 deep.",
    explanation: "Keys group messages; a deeper nesting is a mistake of a tool.",
    bad: "a: {b: {c: …}}  # 33 deep", good: "a: {b: {c: Text}}")

  package static let messageMissing = DiagnosticCode(
    "message/missing", .warning, summary: "A message of the default locale is missing in another.",
    explanation: "The mail shows the text of the fallback locale at this place. Add the translation to the catalog.",
    bad: "# locales/af-ZA.yml without order.title", good: "# locales/af-ZA.yml\norder:\n  title: U bestelling")

  package static let messageExtraKey = DiagnosticCode(
    "message/extra-key", .warning, summary: "A locale has a message that the default locale has not.",
    explanation: "The default locale must have every message, so this one is misspelled, or nothing uses it.",
    bad: "# locales/af-ZA.yml\norder:\n  titel: U bestelling",
    good: "# locales/af-ZA.yml\norder:\n  title: U bestelling")

  package static let messageArgumentsDiffer = DiagnosticCode(
    "message/arguments-differ", summary: "A message must have the same arguments in every locale.",
    explanation: """
      A template passes the same arguments whatever the locale; one that a translation lacks is lost, and one \
      that it adds has no value.
      """,
    bad: "# en: Order {number}\n# af:\ntitle: Bestelling {nommer}", good: "# af:\ntitle: Bestelling {number}")

  package static let messageCasesDiffer = DiagnosticCode(
    "message/cases-differ", .warning, summary: "A select has the same cases in every locale.",
    explanation: "Where a case is missing, the text of `other` is printed. A case that only one locale has is a slip.",
    bad:
      "# en: {status, select, PAID {paid} other {open}}\n# af:\nstate: '{status, select, PIAD {betaal} other {oop}}'",
    good: "# af:\nstate: '{status, select, PAID {betaal} other {oop}}'")

  package static let messageUntranslated = DiagnosticCode(
    "message/untranslated", .info, summary: "A translation is most often not the original, word for word.",
    explanation: """
      Catalogs are started as copies, and what is still to be translated reads well to those who wrote it. Names and \
      single words are not reported; where both languages say the same, leave it.
      """,
    bad: "# en: Your order is ready\n# af:\nready: Your order is ready",
    good: "# af:\nready: Jou bestelling is gereed")

  package static let messageUnused = DiagnosticCode(
    "message/unused", .warning, summary: "Each message is used by a template.",
    explanation: """
      Translators translate what stands in the catalogs. A message counts as used where its key is written in a template \
      or a partial, and where a mail of the whole site prints it.
      """,
    bad: "order:\n  old_title: Your order  # called nowhere",
    good: "order:\n  title: Your order  # {{t \"order.title\"}}")

  package static let messageUnknown = DiagnosticCode(
    "message/unknown", summary: "A template may only use messages that a catalog has.",
    explanation: "The message is neither in the locale nor in those that stand in for it.",
    bad: "{{t \"order.titel\"}}", good: "{{t \"order.title\"}}")

  package static let messageArgument = DiagnosticCode(
    "message/argument", summary: "A call must pass exactly the arguments that a message has.",
    explanation: """
      A message with {name} needs name=… at the call, and an argument that the message does not have is a \
      mistake of one of them.
      """,
    bad: "{{t \"greeting\"}}  {{! Hello {name} }}", good: "{{t \"greeting\" name=customerName}}")

  /// The codes of catalogs and messages.
  package static let messageCodes: [DiagnosticCode] = [
    messageSyntax, messageUnsupported, messageStyle, messageKey, messageDuplicateKey, messageEmpty, messageNotText,
    messageNesting,
    messageMissing, messageExtraKey, messageArgumentsDiffer, messageUnknown, messageArgument, messageCase,
    messagePluralCategory, messageTag, messageValue, messageCasesDiffer, messageUntranslated, messageUnused,
  ]
}
