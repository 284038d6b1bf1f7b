package import GalleyCSS
import GalleyCheck
import GalleyHTML
package import GalleySource
package import GalleyTemplate
import GalleyText

/// One mail in one locale and one environment.
package struct Unit: Sendable {
  /// The template.
  package var template: Template
  /// The environment.
  package var environment: SiteConfiguration.Environment
  /// The locale.
  package var locale: String

  /// Makes a unit.
  package init(template: Template, environment: SiteConfiguration.Environment, locale: String) {
    self.template = template
    self.environment = environment
    self.locale = locale
  }
}

/// A unit that went through all phases.
///
/// The texts are dialect-neutral: holes and literal bytes. `written(_:)` spells them in the dialect of whoever sends,
/// `rendered(_:with:)` fills them with a sample.
package struct CompiledMail: Sendable {
  /// What was compiled.
  package var unit: Unit
  /// The language of the published texts.
  package var dialect: Dialect
  /// The finished HTML part: inlined and checked.
  package var html = AssembledText()
  /// The text part.
  package var text = AssembledText()
  /// The subject.
  package var subject = AssembledText()
  /// The preheader, or nil where the mail has none.
  package var preheader: AssembledText?
  /// Where the mail's variables are used, and how they are escaped there.
  package var uses: [Specialization.VariableUse] = []
  /// The keys of the messages that were printed.
  package var messages: Set<String> = []
  /// Which branches the samples reach.
  package var reach = BranchReach()
  /// What is wrong.
  package var diagnostics: [Diagnostic] = []

  /// The text of a part, or nil where the mail has no such part.
  package func text(of part: GalleyTemplate.MailPart) -> AssembledText? {
    switch part {
    case .html: html
    case .text: text
    case .subject: subject
    case .preheader: preheader
    }
  }

  /// The bytes of a part in the dialect of whoever sends.
  package func written(_ part: GalleyTemplate.MailPart) -> [UInt8] {
    text(of: part).map { DialectWriter.write($0, dialect: dialect, part: part) } ?? []
  }

  /// A part filled with data, as the sender will fill it.
  package func rendered(_ part: GalleyTemplate.MailPart, with data: Value) -> Interpreter.Rendering {
    Interpreter.render(text(of: part) ?? AssembledText(), with: data, dialect: dialect, part: part)
  }
}

/// The compiler: all phases of a unit, in order.
///
/// It is a pure function of a site that was read and checked; units do not depend on one another, so they can be
/// compiled in any order and in parallel.
package struct Compiler: Sendable {
  private let site: Site
  private let configuration: SiteConfiguration
  private let passes: [DocumentPass]
  /// Where the texts of all files lead, which is the same for all units.
  private let places: PlaceTable

  /// Makes the compiler of a site whose configuration could be read.
  package init(_ site: Site, _ configuration: SiteConfiguration) {
    self.site = site
    self.configuration = configuration
    passes = configuration.inlining.transforms.passes
    let files = site.templates.map(\.file) + site.partials.values.map(\.file)
    places = PlaceTable(files, sources: site.sources)
  }

  /// A session for units that are compiled in turn.
  package func makeSession() -> InlineSession {
    var options = InlineOptions()
    options.purgesUnmatched = configuration.inlining.purgesUnmatched
    return InlineSession(options: options)
  }

  /// Compiles one unit; `session` is one that this compiler made.
  ///
  /// Where a phase finds errors the later ones are left out, so that one fault is reported once.
  package func compile(_ unit: Unit, session: inout InlineSession) -> CompiledMail {
    var mail = CompiledMail(unit: unit, dialect: dialect(of: unit.template))
    let parts = specialize(unit, mail.dialect)
    mail.diagnostics = parts.diagnostics
    mail.subject = parts.subject ?? AssembledText()
    mail.preheader = parts.preheader
    mail.uses = parts.uses
    mail.messages = parts.messages
    if parts.diagnostics.hasErrors { return mail }

    let styled = collectStyles(parts.html, in: unit.locale, &mail.diagnostics)
    let turned = swapSides(of: styled, in: unit.locale, &mail.diagnostics)
    let (html, tree) = inline(turned, &session, &mail.diagnostics)
    mail.html = html
    mail.diagnostics += HTMLValidator.diagnostics(for: tree, origins: mail.html.origins)
    makeText(of: &mail, tree, byHand: parts.text)
    mail.diagnostics += [mail.text.unprotectable(for: mail.dialect, part: .text)].compactMap(\.self)
    if !mail.diagnostics.hasErrors {
      checkStoredSize(of: &mail)
      checkRenderings(of: &mail)
      follow(samplesOf: &mail)
    }
    return mail
  }

  // MARK: The phases

  private func specialize(_ unit: Unit, _ dialect: Dialect) -> Specialization {
    var environment = Specializer.Environment(
      sources: site.sources, partials: site.partials,
      globals: Globals.value(configuration, environment: unit.environment, locale: unit.locale),
      catalogs: site.catalogs, locale: unit.locale, dialect: dialect)
    environment.textPartials = site.textPartials
    environment.places = places
    return Specializer.specialize(unit.template, in: environment)
  }

  /// Brings the style sheets together in the head, and says in which language the mail is.
  private func collectStyles(
    _ text: AssembledText, in locale: String, _ diagnostics: inout [Diagnostic]
  ) -> AssembledText {
    let tree = HTMLTree.parse(text.bytes, placeholders: text.placeholders)
    var styles = StyleCollector.collect(text, tree, sheets: site.sheets, sources: site.sources)
    diagnostics += styles.diagnostics
    if let tag = LanguageTag(locale) {
      let language = DocumentLanguage(text, tree, tag)
      diagnostics += language.diagnostics
      for addition in language.additions { styles.edits.insert(addition.attributes, at: addition.offset) }
    }
    return text.applying(styles.edits)
  }

  /// Swaps left and right in a locale that is written from right to left.
  private func swapSides(
    of text: AssembledText, in locale: String, _ diagnostics: inout [Diagnostic]
  ) -> AssembledText {
    guard configuration.locales.swapsSides, LanguageTag(locale)?.isRightToLeft == true else { return text }
    let tree = HTMLTree.parse(text.bytes, placeholders: text.placeholders)
    let outcome = SideSwap().outcome(for: tree, origins: text.origins)
    diagnostics += outcome.diagnostics
    return text.applying(outcome.edits)
  }

  /// Inlines the styles, and then each pass has its turn.
  private func inline(
    _ text: AssembledText, _ session: inout InlineSession, _ diagnostics: inout [Diagnostic]
  ) -> (text: AssembledText, tree: HTMLTree) {
    var text = text
    var tree = HTMLTree.parse(text.bytes, placeholders: text.placeholders)
    func apply(_ edits: EditList) {
      if edits.isEmpty { return }
      text = text.applying(edits)
      tree = HTMLTree.parse(text.bytes, placeholders: text.placeholders)
    }
    let result = session.inline(tree, origins: text.origins)
    diagnostics += result.diagnostics
    apply(result.edits)
    for pass in passes {
      let step = pass.run(tree, origins: text.origins)
      diagnostics += step.diagnostics
      apply(step.edits)
    }
    return (text, tree)
  }

  /// Makes the text part, or checks the one that was written by hand against what would have been made.
  private func makeText(of mail: inout CompiledMail, _ tree: HTMLTree, byHand text: AssembledText?) {
    let options = TextPart.Options(wrapColumn: configuration.textWidth)
    let made = TextPart(of: mail.html, tree: tree, options: options)
    mail.text = text ?? made.text
    guard let text, let file = mail.unit.template.text else {
      mail.diagnostics += made.diagnostics
      return
    }
    mail.diagnostics += TextComparison.diagnostics(
      for: text, against: made.text, in: file.source, of: site.sources)
  }

  /// Complains about a mail that is larger than what the service of its dialect stores.
  private func checkStoredSize(of mail: inout CompiledMail) {
    let limits = mail.dialect.limits
    guard limits.storedBytes != nil || limits.partBytes != nil || limits.subjectCharacters != nil else { return }
    let (subject, html, text) = (mail.written(.subject), mail.written(.html), mail.written(.text))
    let sizes: [(what: String, count: Int, unit: String, limit: Int?)] = [
      ("template", subject.count + html.count + text.count, "bytes", limits.storedBytes),
      ("HTML part", html.count, "bytes", limits.partBytes), ("text part", text.count, "bytes", limits.partBytes),
      (
        "subject", String(decoding: subject, as: UTF8.self).unicodeScalars.count, "characters", limits.subjectCharacters
      ),
    ]
    for size in sizes {
      guard let limit = size.limit, size.count > limit else { continue }
      mail.diagnostics.append(
        Diagnostic(
          .dialectSize,
          "the \(size.what) has \(size.count) \(size.unit) in '\(mail.dialect.name)', which stores at most \(limit)",
          at: SourceRange(mail.unit.template.file.source, 0, 0), help: ["shorten it, or split it into two mails"]))
    }
  }

  /// Fills the finished mail with each sample and checks what comes out, as a mail client gets it.
  private func checkRenderings(of mail: inout CompiledMail) {
    for sample in site.samples[mail.unit.template.file.name] ?? [] {
      let html = mail.rendered(.html, with: sample.value)
      mail.diagnostics += HTMLValidator.diagnostics(for: html.bytes, placeholders: [], origins: html.origins)
      checkBudget(configuration.budgets.html, .html, html.bytes.count, of: sample, in: &mail)
      let text = mail.rendered(.text, with: sample.value)
      checkBudget(configuration.budgets.text, .text, text.bytes.count, of: sample, in: &mail)
    }
  }

  /// Notes which branches of the mail its samples reach.
  private func follow(samplesOf mail: inout CompiledMail) {
    let samples = (site.samples[mail.unit.template.file.name] ?? []).map(\.value)
    if samples.isEmpty { return }
    for part in GalleyTemplate.MailPart.allCases {
      guard let text = mail.text(of: part) else { continue }
      mail.reach.add(text, samples: samples, dialect: mail.dialect)
    }
  }

  private func checkBudget(
    _ budget: Int?, _ part: GalleyTemplate.MailPart, _ count: Int, of sample: SampleChecker.Sample,
    in mail: inout CompiledMail
  ) {
    guard let budget, count > budget else { return }
    mail.diagnostics.append(
      Diagnostic(
        .overBudget, "the \(part.rawValue) part has \(count) bytes with sample '\(sample.name)', over \(budget)",
        at: SourceRange(mail.unit.template.file.source, 0, 0),
        help: ["shorten it, or raise 'budgets: \(part.rawValue)' in galley.yml; Gmail clips at about 102 000 bytes"]))
  }

  private func dialect(of template: Template) -> Dialect {
    let name = template.declaration.dialect?.name ?? configuration.dialect
    return Dialect.named(name) ?? .jinja
  }
}

extension DiagnosticCode {
  /// A mail is larger than the site allows.
  package static let overBudget = DiagnosticCode(
    "build/over-budget", .warning,
    summary: "A mail stays within the site's budget of bytes",
    explanation: """
      Mail clients cut long mails off: Gmail shows "View entire message" from about 102 000 bytes on. The budget is \
      measured on each sample rendering.
      """,
    bad: "budgets: {html: 1000}", good: "budgets: {html: 50000}")
}
