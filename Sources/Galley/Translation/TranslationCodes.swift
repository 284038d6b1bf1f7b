import GalleySource

extension DiagnosticCode {
  /// A translation is not well-formed XML.
  static let translationXML = DiagnosticCode(
    "translation/xml", summary: "A translation is well-formed XML without a document type",
    explanation: """
      Entities and document types are not read, because translations need none and they can be used for harm. Nesting is \
      limited to 64 levels, and a document to 16 MiB.
      """,
    bad: "<source>Terms & conditions</source>", good: "<source>Terms &amp; conditions</source>")
  /// A translation is not XLIFF as it was exported.
  static let translationForm = DiagnosticCode(
    "translation/form", summary: "A translation is XLIFF 1.2 or 2.0, as 'galley messages export' writes it",
    explanation: """
      Units are found by their 'id', placeholders by theirs. A tool for translators may cut units into segments, mark \
      text and add notes; it may not add units or placeholders of other kinds.
      """,
    bad: "<target>Bestelling <bpt id=\"1\">…</bpt></target>", good: "<target>Bestelling <x id=\"order\"/></target>")
  /// A translation is of another language than a site has.
  static let translationLocale = DiagnosticCode(
    "translation/locale", summary: "A translation is from the default locale to another one of the site",
    explanation:
      "The languages stand in the document, so that a translation can't be taken for one of another language.",
    bad: "target-language=\"fr\"  # and galley.yml has no fr", good: "target-language=\"af-ZA\"")
  /// A unit is of no message.
  static let translationUnknown = DiagnosticCode(
    "translation/unknown-unit", .warning, summary: "A translated unit belongs to a message of the site",
    explanation: "The message was renamed or removed since the export, or has other cases now. The unit is left out.",
    bad: "<trans-unit id=\"order.titel\">", good: "<trans-unit id=\"order.title\">")
  /// The source text of a unit has changed.
  static let translationStale = DiagnosticCode(
    "translation/stale", .warning, summary: "A translation is of the text that the site has now",
    explanation: """
      The text of the default locale has changed since the export, so the translation may say something else. The unit is \
      left out; export again, and let the translator look at it.
      """,
    bad: "<source>Your order</source>  # the catalog says: Your orders", good: "<source>Your orders</source>")
  /// A translated text can't become a message.
  static let translationText = DiagnosticCode(
    "translation/text", summary: "A translated text has the placeholders of its source",
    explanation: """
      A value, a link or a choice that a translation lacks would be lost in the mail; one that it has and the source has \
      not would have no value. The case 'other' of a choice is needed where any other is translated.
      """,
    bad: "<source>Order <x id=\"order\"/></source><target>Bestelling</target>",
    good: "<source>Order <x id=\"order\"/></source><target>Bestelling <x id=\"order\"/></target>")
  /// A catalog can't take a translation.
  static let translationCatalog = DiagnosticCode(
    "translation/catalog", summary: "A catalog has room for a translated message",
    explanation: """
      A message whose key leads through a text, such as 'order.title' where 'order' is a text, has no place in a catalog. \
      Nothing is written where one message has none.
      """,
    bad: "# af.yml\norder: Bestelling  # and the message is order.title", good: "# af.yml\norder:\n  title: Bestelling")

  /// The codes of translations.
  static let translationCodes: [DiagnosticCode] = [
    translationXML, translationForm, translationLocale, translationUnknown, translationStale, translationText,
    translationCatalog,
  ]
}
