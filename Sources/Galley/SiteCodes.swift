package import GalleySource

extension DiagnosticCode {
  /// There is nothing to compile.
  package static let noTemplates = DiagnosticCode(
    "site/no-templates",
    summary: "A site has at least one template",
    explanation: "A check that checks nothing is a failure: an empty site is most often a wrong folder.",
    bad: "(an empty folder templates/)", good: "templates/welcome.html")
  /// A template has no front matter.
  package static let noFrontMatter = DiagnosticCode(
    "site/no-front-matter",
    summary: "A template starts with front matter",
    explanation: "The front matter says what a mail is: its subject, its sender, its layout, its variables.",
    bad: "<p>Welcome</p>", good: "---\nsubject: Welcome\n---\n<p>Welcome</p>")
  /// A template with variables has no samples.
  package static let noSamples = DiagnosticCode(
    "sample/none",
    summary: "A template with variables has samples",
    explanation: """
      Samples are the data that a mail is rendered, checked and previewed with. They lie beside the template in \
      NAME.samples.json; the one named 'default' is required.
      """,
    bad: "templates/order.html alone", good: "templates/order.html and templates/order.samples.json")
  /// A catalog is of a locale that the site does not support.
  package static let unknownLocaleFile = DiagnosticCode(
    "site/unknown-locale",
    summary: "A catalog belongs to a supported locale",
    explanation: "A catalog of a locale that 'galley.yml' does not list would never be read.",
    bad: "locales/af_ZA.yml", good: "locales/af-ZA.yml")
  /// A text part begins with front matter.
  package static let textFrontMatter = DiagnosticCode(
    "text/front-matter",
    summary: "A text part has no front matter",
    explanation: """
      The text part of a mail is written in a file beside its template, and belongs to it: it sees the variables that \
      the template declares.
      """,
    bad: "---\nvariables: {orderId: string}\n---\nOrder {{orderId}}", good: "Order {{orderId}}")
  /// A file lies where it has no meaning.
  package static let strayFile = DiagnosticCode(
    "site/stray-file", .warning,
    summary: "Each file in templates/, partials/ and locales/ is one that is read",
    explanation:
      "A file with an unknown ending, or samples or a text part without their template, has most often been misnamed.",
    bad: "templates/order.htm", good: "templates/order.html")
}

extension DiagnosticCode {
  /// The codes of the site and its units.
  static let siteCodes: [DiagnosticCode] = [
    .noTemplates, .noFrontMatter, .noSamples, .unknownLocaleFile, .textFrontMatter, .strayFile, .unknownSender,
    .unknownDialect,
    .unknownStyleSheet, .overBudget, .wrongLanguage, .wrongDirection, .bareText,
  ]
}
