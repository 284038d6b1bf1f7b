package import GalleySource

extension DiagnosticCode {
  /// There is no galley.yml.
  package static let configurationMissing = DiagnosticCode(
    "config/missing", summary: "a site has a galley.yml",
    explanation: """
      The folder with galley.yml is the site: it holds templates, partials and locales. Run Galley in that folder, or \
      make a site with 'galley init'.
      """,
    bad: "galley build (in a folder without galley.yml)", good: "galley init my-mails && cd my-mails && galley build")
  /// A key that galley.yml does not have.
  package static let unknownKey = DiagnosticCode(
    "config/unknown-key", summary: "galley.yml has a fixed set of keys",
    explanation: "A key that nothing reads is most often a misspelt one, whose setting would silently not hold.",
    bad: "locale: {default: en-ZA}", good: "locales: {default: en-ZA}")
  /// A value of another kind than its key wants.
  package static let wrongType = DiagnosticCode(
    "config/wrong-type", summary: "each key of galley.yml wants one kind of value",
    explanation: """
      YAML takes 1.10 for a number and true for a truth value; quote them where a text is meant. A list is written as \
      [a, b] or with a dash before each item.
      """,
    bad: "name: 42", good: "name: '42'")
  /// A key that galley.yml must have.
  package static let missingKey = DiagnosticCode(
    "config/missing-key", summary: "galley.yml must say what can't be guessed",
    explanation: "A site needs a name, its locales and at least one environment; an environment needs a store.",
    bad: "environments: {dev: {region: eu-west-1}}",
    good: "environments: {dev: {store: 's3://templates-dev', region: eu-west-1}}")
  /// A value that can't be right.
  package static let badValue = DiagnosticCode(
    "config/bad-value", summary: "a value of galley.yml must be one that can be used",
    explanation: "The message says what the key expects: a form, a range, or one of a few words.",
    bad: "environments: {Dev: {store: 'http://templates'}}", good: "environments: {dev: {store: 's3://templates'}}")
  /// A locale that the site does not have.
  package static let unknownLocale = DiagnosticCode(
    "config/unknown-locale", summary: "a locale that is named must be supported",
    explanation: "The default locale and the locales of a fallback chain must be among 'locales.supported'.",
    bad: "locales: {default: en-ZA, supported: [af-ZA]}", good: "locales: {default: en-ZA, supported: [en-ZA, af-ZA]}")
  /// A chain that comes back to where it started.
  package static let configurationCycle = DiagnosticCode(
    "config/cycle", summary: "a chain in galley.yml must end",
    explanation: """
      A locale falls back to others, and an environment is promoted from another. If such a chain comes back to its \
      start there is no last word, and no first release.
      """,
    bad: "fallback: {af-ZA: [nl-NL], nl-NL: [af-ZA]}", good: "fallback: {af-ZA: [nl-NL]}")
  /// Two environments that publish to one place.
  package static let sharedStore = DiagnosticCode(
    "config/shared-store", summary: "each environment has a store of its own",
    explanation: """
      Two environments that name one store overwrite each other's mails, and a test release reaches customers. Give \
      each its own bucket, or prefixes that do not contain each other.
      """,
    bad: "dev: {store: 's3://templates'}\nprod: {store: 's3://templates'}",
    good: "dev: {store: 's3://templates-dev'}\nprod: {store: 's3://templates-prod'}")
}

extension DiagnosticCode {
  /// The codes of reading galley.yml.
  static let configurationCodes: [DiagnosticCode] = [
    .configurationMissing, .unknownKey, .wrongType, .missingKey, .badValue, .unknownLocale, .configurationCycle,
    .sharedStore,
  ]
}
