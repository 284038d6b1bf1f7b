package import GalleySource

// What is wrong with declarations: front matter, the types of `galley.yml`, samples.
extension DiagnosticCode {
  package static let frontMatterKind = DiagnosticCode(
    "declaration/not-a-mapping", summary: "a declaration must be a mapping of keys to values",
    explanation: "Front matter, variables, parameters, slots and types are mappings: 'key: value', one a line.",
    bad: "---\n- key: orders/created.html\n---", good: "---\nkey: orders/created.html\n---")

  package static let unknownKey = DiagnosticCode(
    "declaration/unknown-key", summary: "a declaration must not hold keys that mean nothing",
    explanation: """
      A key that Galley does not know is almost always a misspelled one, and what it should say would silently be \
      missing.
      """,
    bad: "subjekt: Your order", good: "subject: Your order")

  package static let wrongKind = DiagnosticCode(
    "declaration/wrong-kind", summary: "the value of a key must be of the right kind",
    explanation: """
      Each key takes a text, a list, a mapping, or true or false. YAML takes what looks like a number or a truth value \
      for one: put a text that looks so in quotes. A value that begins with '{{' needs quotes too.
      """,
    bad: "subject: {{productName}}", good: "subject: '{{productName}}'")

  package static let badSetting = DiagnosticCode(
    "declaration/bad-value", summary: "a setting must be one of those that exist",
    explanation: "The audience is 'customer' or 'internal', the category is 'transactional' or 'marketing'.",
    bad: "audience: customers", good: "audience: customer")

  package static let noSubject = DiagnosticCode(
    "declaration/no-subject", summary: "a template must have a subject",
    explanation: "A mail without a subject looks like spam to people and to filters.",
    bad: "---\nsender: orders\n---", good: "---\nsender: orders\nsubject: Your order\n---")

  package static let textNotInPlace = DiagnosticCode(
    "declaration/text-not-in-place", summary: "a subject or preheader must be written on one line, without escapes",
    explanation: """
      Subject and preheader are templates. So that each message can point at the right letter, they stand in the file \
      as they are meant: on one line, best in single quotes, with double quotes inside. Folded and literal blocks, \
      doubled quotes and backslash escapes are refused.
      """,
    bad: "subject: \"{{t \\\"order.subject\\\"}}\"", good: "subject: '{{t \"order.subject\"}}'")

  package static let badKey = DiagnosticCode(
    "declaration/bad-key", summary: "a key must be a plain relative path that ends with '.html'",
    explanation: """
      A key names an object in a store and a file in 'dist'. It has at most 900 bytes, does not begin with '/', and \
      holds no empty segment, no '.' or '..', no backslash and no control characters. The keys of the text part and of \
      the facts about the mail are made from it, so it ends with '.html'.
      """,
    bad: "key: ../orders/created.html", good: "key: orders/created.html")

  package static let duplicateKey = DiagnosticCode(
    "declaration/duplicate", summary: "the same thing must not be declared twice",
    explanation: "An alias that repeats the key or another alias, or a value given twice, is a slip of the pen.",
    bad: "aliases: [receipts/order.html, receipts/order.html]", good: "aliases: [receipts/order.html]")

  package static let badName = DiagnosticCode(
    "declaration/bad-name", summary: "a declared name must consist of ASCII letters, digits and '_'",
    explanation: """
      Names go into the output, in the language of the sender, where '-' would be a minus. They begin with a letter or \
      '_' and have at most 100 bytes.
      """,
    bad: "variables:\n  order-id: string", good: "variables:\n  orderId: string")

  package static let reservedName = DiagnosticCode(
    "declaration/reserved-name", summary: "a variable must not have the name of something that always exists",
    explanation: """
      'site', 'env', 'locale', 'data' and 'mail' are there in each template, and words such as 'this' and 'true' belong \
      to the language. A variable of that name could not be told from it.
      """,
    bad: "variables:\n  data: string", good: "variables:\n  orderData: string")

  package static let unknownType = DiagnosticCode(
    "declaration/unknown-type", summary: "a type must exist",
    explanation: """
      Types are 'string', 'integer', 'decimal', 'boolean', 'money', 'date', 'datetime', 'url', 'urlPart', 'email', \
      'color', 'html', lists, records, enumerations, and the record types under 'types:' of 'galley.yml'.
      """,
    bad: "variables:\n  orderId: text", good: "variables:\n  orderId: string")

  package static let badType = DiagnosticCode(
    "declaration/bad-type", summary: "a type must be written completely and consistently",
    explanation: """
      A list says of what ('of:'), a record has 'fields:', an enumeration has 'values:', and only an amount has a \
      'currency:'.
      """,
    bad: "lineItems: {type: list}", good: "lineItems: {type: list, of: LineItem}")

  package static let badEnumeration = DiagnosticCode(
    "declaration/bad-enumeration", summary: "an enumeration must list different texts",
    explanation: "The values are texts, none empty, none twice. YAML reads yes, no and numbers otherwise: quote them.",
    bad: "status: [PAID, PAID, no]", good: "status: [PAID, OPEN, \"no\"]")

  package static let recursiveType = DiagnosticCode(
    "declaration/recursive-type", summary: "a record type must not contain itself",
    explanation: "A record that holds a record of its own kind has no end. Give as many levels as a mail can show.",
    bad: "types:\n  Item: {children: {type: list, of: Item}}",
    good: "types:\n  Item: {children: {type: list, of: SubItem}}\n  SubItem: {name: string}")

  package static let oversizedType = DiagnosticCode(
    "declaration/oversized-type", summary: "a type may have 10000 fields and 32 levels",
    explanation: "Record types that hold one another can grow beyond any use. Declare what the mails show.",
    bad: "types that hold each other thirty times over", good: "types:\n  Item: {name: string}")

  package static let misfit = DiagnosticCode(
    "declaration/misfit", summary: "a default or an example must fit its type",
    explanation: """
      A default is used where the value is absent, an example is shown and checked like one. Amounts, dates and \
      decimals are texts, as the sending service formats them.
      """,
    bad: "tone: {type: [info, success], default: warning}", good: "tone: {type: [info, success], default: info}")

  package static let sampleKind = DiagnosticCode(
    "sample/not-a-mapping", summary: "samples must be a mapping of names to samples",
    explanation: "A file of samples holds one object: the name of each sample, and its values by variable.",
    bad: "[{\"orderId\": \"A1\"}]", good: "{\"default\": {\"orderId\": \"A1\"}}")

  package static let noDefaultSample = DiagnosticCode(
    "sample/no-default", summary: "there must be a sample 'default'",
    explanation: "The sample 'default' is what a preview shows first and what each check uses.",
    bad: "{\"paid\": {\"orderId\": \"A1\"}}", good: "{\"default\": {\"orderId\": \"A1\"}}")

  package static let sampleMissing = DiagnosticCode(
    "sample/missing-value", summary: "a sample must give each value that is not optional",
    explanation: "A sample stands for what the sending service supplies, so it is complete.",
    bad: "{\"default\": {}}", good: "{\"default\": {\"orderId\": \"A1\"}}")

  package static let sampleUnknown = DiagnosticCode(
    "sample/unknown-value", summary: "a sample must not give values that nobody declares",
    explanation: "A value that no declaration names is a misspelled one, or was left behind.",
    bad: "{\"default\": {\"orderID\": \"A1\"}}", good: "{\"default\": {\"orderId\": \"A1\"}}")

  package static let sampleMisfit = DiagnosticCode(
    "sample/wrong-type", summary: "the values of a sample must fit their types",
    explanation: """
      The types are those that the template declares. Amounts, dates and decimals are texts, as the sending service \
      formats them; an integer is a number without a fraction.
      """,
    bad: "{\"default\": {\"quantity\": \"2\"}}", good: "{\"default\": {\"quantity\": 2}}")

  package static let sampleUnreached = DiagnosticCode(
    "sample/unreached-branch", .warning, summary: "each branch of a mail should be reached by a sample",
    explanation: """
      What no sample reaches nobody has seen, and no check has looked at: neither the preview nor the checks of markup, \
      text and size. Each condition needs a sample that enters it and one that passes it by, each loop one with items \
      and one without, each choice of a message one that makes it. A value that is absent is left out of the sample.
      """,
    bad: "{\"default\": {\"orderId\": \"A1\"}}",
    good: "{\"default\": {\"orderId\": \"A1\"}, \"campaign\": {\"orderId\": \"A1\", \"campaignCode\": \"SPRING\"}}")

  /// What declarations and samples can get wrong.
  static let declarationCodes: [DiagnosticCode] = [
    frontMatterKind, unknownKey, wrongKind, badSetting, noSubject, textNotInPlace, badKey, duplicateKey, badName,
    reservedName, unknownType, badType, badEnumeration, recursiveType, oversizedType, misfit, sampleKind,
    noDefaultSample, sampleMissing, sampleUnknown, sampleMisfit, sampleUnreached,
  ]
}
