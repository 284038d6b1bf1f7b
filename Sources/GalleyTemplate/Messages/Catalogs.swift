package import GalleySource

/// The catalogs of a site with the order in which they stand in for one another.
package struct Catalogs: Sendable {
  /// A message with the locale it was found in.
  package struct Served: Sendable {
    /// The message.
    package let message: Message
    /// The locale whose catalog holds it.
    package let locale: String
    /// Whether that is not the locale that was asked for.
    package let isFallback: Bool
  }

  /// The locale that every message must be in.
  package let defaultLocale: String
  private let catalogs: [String: Catalog]
  private let fallbacks: [String: [String]]

  /// Takes catalogs and, for each locale, the locales that stand in for it, the nearest first.
  ///
  /// A locale without an entry falls back to the default locale alone.
  package init(_ catalogs: [Catalog], defaultLocale: String, fallbacks: [String: [String]] = [:]) {
    self.defaultLocale = defaultLocale
    self.catalogs = Dictionary(catalogs.map { ($0.locale, $0) }) { first, _ in first }
    self.fallbacks = fallbacks
  }

  /// The locales that have a catalog, sorted.
  package var locales: [String] { catalogs.keys.sorted() }

  /// All keys of all catalogs.
  package var keys: Set<String> { catalogs.values.reduce(into: []) { $0.formUnion($1.messages.keys) } }

  /// The catalog of a locale.
  package subscript(locale: String) -> Catalog? { catalogs[locale] }

  /// The locales that are asked for a message, in order; each once.
  package func chain(for locale: String) -> [String] {
    var chain = [locale]
    for tag in fallbacks[locale] ?? [defaultLocale] where !chain.contains(tag) { chain.append(tag) }
    return chain
  }

  /// Finds a message in a locale or in those that stand in for it.
  package func message(_ key: String, in locale: String) -> Served? {
    if let message = catalogs[locale]?.messages[key] {
      return Served(message: message, locale: locale, isFallback: false)
    }
    for tag in chain(for: locale).dropFirst() {
      if let message = catalogs[tag]?.messages[key] { return Served(message: message, locale: tag, isFallback: true) }
    }
    return nil
  }

  // MARK: Parity

  /// Compares every catalog with the default locale's: keys that are missing or that it does not have, and arguments
  /// that differ.
  package func parity() -> [Diagnostic] {
    guard let model = catalogs[defaultLocale] else { return [] }
    return locales.filter { $0 != defaultLocale }.flatMap { locale in
      catalogs[locale].map { compare($0, with: model) } ?? []
    }
  }

  /// The finding that a message is not in a locale and another one's is used.
  package func missing(_ message: Message, in locale: String) -> Diagnostic {
    let served = self.message(message.key, in: locale)
    let standIn = served.map { "; that of '\($0.locale)' stands in" } ?? ""
    let message = catalogs[defaultLocale]?.messages[message.key] ?? message
    return Diagnostic(
      .messageMissing, "the message '\(message.key)' is not in '\(locale)'\(standIn)", at: message.keyRange,
      help: ["add '\(message.key)' to the catalog of '\(locale)'"])
  }

  private func compare(_ catalog: Catalog, with model: Catalog) -> [Diagnostic] {
    var result: [Diagnostic] = []
    for key in model.messages.keys.sorted() {
      guard let original = model.messages[key] else { continue }
      if let translation = catalog.messages[key] {
        if translation.isBroken || original.isBroken { continue }
        if let difference = Self.difference(translation, original, model: model.locale, in: catalog.locale) {
          result.append(difference)
        } else {
          result += Self.compareCases(translation, original, catalog.locale, model.locale)
          result += Self.untranslated(translation, original, catalog.locale, model.locale)
        }
      } else {
        result.append(missing(original, in: catalog.locale))
      }
    }
    for key in catalog.messages.keys.sorted() where model.messages[key] == nil {
      guard let message = catalog.messages[key] else { continue }
      let hint = Suggestion.nearest(to: key, among: model.messages.keys).map { "; did you mean '\($0)'?" } ?? ""
      result.append(
        Diagnostic(
          .messageExtraKey, "the default locale '\(model.locale)' has no message '\(key)'\(hint)",
          at: message.keyRange))
    }
    return result
  }

  /// What the arguments and tags of a translation have otherwise than those of the original, or nil.
  package static func difference(
    _ translation: Message, _ original: Message, model: String, in locale: String
  ) -> Diagnostic? {
    let difference =
      difference(translation.arguments, original.arguments, model) { "the argument '{\($0)}'" }
      ?? difference(translation.tags, original.tags, model) { "the tag '<\($0)>'" }
      ?? conflict(translation, original, model)
    guard let difference else { return nil }
    return Diagnostic(
      .messageArgumentsDiffer, "the message '\(translation.key)' in '\(locale)' \(difference)", at: translation.range,
      notes: [Diagnostic.Note("the message in '\(model)' is here", at: original.range)])
  }

  /// The cases of selects that only one of two messages has.
  private static func compareCases(
    _ translation: Message, _ original: Message, _ locale: String, _ model: String
  ) -> [Diagnostic] {
    let (here, there) = (translation.selectCases, original.selectCases)
    return there.keys.sorted().compactMap { name in
      guard let cases = here[name], let wanted = there[name], cases != wanted else { return nil }
      let difference =
        if let lacking = wanted.subtracting(cases).min() { "lacks the case '\(lacking)' of '\(model)'" } else {
          "has the case '\(cases.subtracting(wanted).min() ?? "")', which '\(model)' has not"
        }
      return Diagnostic(
        .messageCasesDiffer, "'{\(name)}' of the message '\(translation.key)' in '\(locale)' \(difference)",
        at: translation.range, notes: [Diagnostic.Note("the message in '\(model)' is here", at: original.range)])
    }
  }

  /// The finding that a translation is the original word for word, where both are of different languages.
  ///
  /// A single word, such as a name, is the same in many languages.
  private static func untranslated(
    _ translation: Message, _ original: Message, _ locale: String, _ model: String
  ) -> [Diagnostic] {
    let languages = Set([locale, model].map { $0.prefix { $0 != "-" } })
    guard languages.count == 2, translation.spelled == original.spelled, original.wordCount > 1 else { return [] }
    return [
      Diagnostic(
        .messageUntranslated, "the message '\(translation.key)' in '\(locale)' is that of '\(model)', word for word",
        at: translation.range, notes: [Diagnostic.Note("the message in '\(model)' is here", at: original.range)])
    ]
  }

  /// The findings that messages of the default locale are not among those that are used.
  package func unused(besides used: Set<String>) -> [Diagnostic] {
    guard let model = catalogs[defaultLocale] else { return [] }
    return model.messages.values.filter { !used.contains($0.key) }.sorted { $0.keyRange.start < $1.keyRange.start }.map
    {
      Diagnostic(
        .messageUnused, "no template uses the message '\($0.key)'", at: $0.keyRange,
        help: ["remove it from the catalogs"])
    }
  }

  private static func difference(
    _ names: [String], _ others: [String], _ model: String, spelled: (String) -> String
  ) -> String? {
    let extra = Set(names).subtracting(others).sorted()
    let lacking = Set(others).subtracting(names).sorted()
    if let name = extra.first {
      let near = Suggestion.nearest(to: name, among: lacking).flatMap { spelled($0).split(separator: " ").last }
      return "has \(spelled(name)), which '\(model)' has not" + (near.map { "; did you mean \($0)?" } ?? "")
    }
    return lacking.first.map { "lacks \(spelled($0)) of '\(model)'" }
  }

  /// An argument that is a number here and a text there; printing it plainly goes with both.
  private static func conflict(_ translation: Message, _ original: Message, _ model: String) -> String? {
    for name in translation.arguments {
      let (here, there) = (translation.uses[name] ?? [], original.uses[name] ?? [])
      let numbers: Set<Message.Use> = [.number, .plural, .selectordinal]
      if here.contains(.select), !there.isDisjoint(with: numbers) {
        return "chooses by '{\(name)}' as a text, which is a number in '\(model)'"
      }
      if there.contains(.select), !here.isDisjoint(with: numbers) {
        return "chooses by '{\(name)}' as a number, which is a text in '\(model)'"
      }
    }
    return nil
  }
}
