package import GalleySource
package import GalleyTemplate

/// What a sending service must know of one mail.
package struct MailContract: Sendable {
  /// What is there of the mail in one locale.
  package struct Variant: Sendable, Hashable {
    package let locale: String
    /// The key of each part.
    package let keys: [MailPart: String]
    /// The other keys of the HTML part, sorted; the other parts have aliases of the same stems.
    package let aliases: [String]
    /// The subject and the preheader in the dialect.
    package let subject: String
    package let preheader: String

    /// The key of a part.
    package func key(_ part: MailPart) -> String { keys[part] ?? "" }
  }

  /// What the manifest says as well.
  package let terms: TemplateContract
  package let sender: SiteConfiguration.Sender?
  /// One for each selected locale, the default one first.
  package let variants: [Variant]
  /// Data that are complete: the sample `default`.
  package let example: Value

  /// The path below `templates/` without its suffix.
  package var id: String { terms.id }
  package var variables: [Declaration] { terms.declaration.variables }

  /// The duties in a stable order.
  package var duties: [TemplateContract.Duty] {
    terms.duties.sorted {
      bytewise("\($0.variable) \($0.place) \($0.escaping)", "\($1.variable) \($1.place) \($1.escaping)")
    }
  }
}

/// What the senders of a site's mails must know: the input of everything that `galley contract` writes.
package struct SiteContract: Sendable {
  /// The name of the site.
  package let site: String
  /// The environment whose subjects are shown; keys and variables are those of all.
  package let environment: String
  /// The selected locales, the default one of the site first.
  package let locales: [String]
  /// The selected mails by id.
  package let mails: [MailContract]
  /// Every mail of the site, so that a name in generated code does not depend on what is selected.
  package let templates: [Template]
  /// The record types that templates share.
  package let types: TypeTable
}

extension Workspace {
  /// Compiles the selected mails and says what their senders must know, or what is wrong.
  ///
  /// Of the environments the first that is selected counts. `site` is nil where there are errors.
  package func siteContract(
    _ selection: Selection = Selection()
  ) async -> (site: SiteContract?, diagnostics: [Diagnostic]) {
    let known = site.configuration?.environments.map(\.name) ?? []
    let environment = known.first { selection.environments.isEmpty || selection.environments.contains($0) }
    var selection = selection
    selection.environments = Set([environment].compactMap(\.self))
    let (mails, found) = await compile(selection, progress: nil)
    guard !found.hasErrors, let configuration = site.configuration, let environment else { return (nil, found) }
    let packager = Packager(site, configuration, sourceRevision: nil)
    let diagnostics = (found + packager.keyFaults).normalized()
    if diagnostics.hasErrors { return (nil, diagnostics) }
    let byTemplate = Dictionary(grouping: mails, by: \.unit.template.file.name)
    let contracts = site.templates.compactMap { template in
      byTemplate[template.file.name].map { contract(of: template, $0, packager, configuration) }
    }
    let locales = localeTags.filter { selection.locales.isEmpty || selection.locales.contains($0) }
    let result = SiteContract(
      site: configuration.name, environment: environment, locales: locales, mails: contracts,
      templates: site.templates, types: site.types)
    return (result, diagnostics)
  }

  private func contract(
    of template: Template, _ mails: [CompiledMail], _ packager: Packager, _ configuration: SiteConfiguration
  ) -> MailContract {
    let terms = packager.contract(of: template, mails)
    let variants = mails.map { mail in
      let locale = mail.unit.locale
      let finished = packager.finished(mail)
      let key = configuration.locales.key(terms.declaration.key, in: locale)
      let aliases = terms.declaration.aliases.map { configuration.locales.key($0.key, in: locale) }
      return MailContract.Variant(
        locale: locale,
        keys: Dictionary(
          MailPart.allCases.map { ($0, ObjectKey.key(key, for: $0)) }, uniquingKeysWith: { first, _ in first }),
        aliases: aliases.sorted(by: bytewise), subject: finished.subject, preheader: finished.preheader)
    }
    let sample = (site.samples[template.file.name] ?? []).first { $0.name == "default" }
    return MailContract(
      terms: terms, sender: terms.declaration.sender.flatMap { configuration.sender($0.role) }, variants: variants,
      example: sample?.value ?? .record([]))
  }
}
