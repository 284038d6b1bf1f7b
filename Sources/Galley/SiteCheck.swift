package import GalleySource
import GalleyTemplate

/// What can be said about a site's files before any unit is compiled: names, types, calls, senders, dialects.
package enum SiteCheck {
  /// What the check has come to.
  package struct Result: Sendable {
    /// What is wrong.
    package var diagnostics: [Diagnostic] = []
    /// The messages whose keys are written in a template or a partial.
    package var messages: Set<String> { Set(messageUses.keys) }
    /// Where each is written, by its key.
    package var messageUses: [String: [SourceRange]] = [:]
  }

  /// Checks every template and partial, each by itself, and what they name in `galley.yml`.
  package static func check(_ site: Site) -> Result {
    guard let configuration = site.configuration else {
      return Result(diagnostics: site.diagnostics.hasErrors ? site.diagnostics : [])
    }
    let library = PartialLibrary(site.partials.values.sorted { bytewise($0.file.name, $1.file.name) })
    let textLibrary = textLibrary(site, library)
    let globals = Globals.type(configuration)
    var result = Result(diagnostics: site.diagnostics.filter { $0.severity == .error } + library.diagnostics)
    result.diagnostics += textLibrary.diagnostics
    for name in library.names {
      guard let partial = library.partial(name) else { continue }
      result.add(Checker.check(partial: partial, library: library, globals: globals, sources: site.sources))
    }
    for (_, partial) in site.textPartials.sorted(by: { bytewise($0.key, $1.key) }) {
      result.add(
        Checker.check(
          partial: partial, library: textLibrary, globals: globals, sources: site.sources, isText: true))
    }
    for template in site.templates {
      result.add(
        Checker.check(
          template: template, library: library, textLibrary: textLibrary, globals: globals, sources: site.sources))
      result.diagnostics += check(template.declaration, configuration)
    }
    return result
  }

  /// What text parts call: the partials that were written for them, and those for HTML of which there is no other.
  private static func textLibrary(_ site: Site, _ library: PartialLibrary) -> PartialLibrary {
    if site.textPartials.isEmpty { return library }
    let partials = site.partials.merging(site.textPartials) { _, text in text }
    return PartialLibrary(partials.values.sorted { bytewise($0.file.name, $1.file.name) })
  }

  /// Whether units can't be compiled because of a finding: any error but one about samples, which have no part in it.
  static func isInTheWay(_ diagnostic: Diagnostic) -> Bool {
    let aboutSamples: Set<DiagnosticCode> = [
      .noSamples, .sampleKind, .noDefaultSample, .sampleMissing, .sampleUnknown, .sampleMisfit,
    ]
    return diagnostic.severity == .error && !aboutSamples.contains(diagnostic.code)
  }

  private static func check(
    _ declaration: TemplateDeclaration, _ configuration: SiteConfiguration
  ) -> [Diagnostic] {
    var diagnostics: [Diagnostic] = []
    if let sender = declaration.sender, configuration.sender(sender.role) == nil {
      let roles = configuration.senders.map(\.role)
      diagnostics.append(
        Diagnostic(
          .unknownSender, "'\(sender.role)' is not a sender of the site\(question(sender.role, roles))",
          at: sender.range, help: ["the roles are declared under 'senders' in galley.yml"]))
    }
    if let dialect = declaration.dialect, Dialect.named(dialect.name) == nil {
      diagnostics.append(
        Diagnostic(
          .unknownDialect, "'\(dialect.name)' is not a dialect\(question(dialect.name, Dialect.names))",
          at: dialect.range, help: ["the dialects are: \(Dialect.names.joined(separator: ", "))"]))
    }
    return diagnostics
  }

  private static func question(_ word: String, _ candidates: [String]) -> String {
    Suggestion.nearest(to: word, among: candidates).map { "; did you mean '\($0)'?" } ?? ""
  }
}

extension SiteCheck.Result {
  fileprivate mutating func add(_ check: CheckResult) {
    diagnostics += check.diagnostics
    for use in check.messages { messageUses[use.key, default: []].append(use.keyRange) }
  }
}

extension DiagnosticCode {
  /// A template names a sender that the site has not.
  package static let unknownSender = DiagnosticCode(
    "site/unknown-sender",
    summary: "A template's sender is a role declared in galley.yml",
    explanation: "Templates name roles, never mailboxes, so that an address is written in one place.",
    bad: "sender: ordrs", good: "sender: orders")
  /// A template names a dialect that does not exist.
  package static let unknownDialect = DiagnosticCode(
    "site/unknown-dialect",
    summary: "A template's dialect is one that Galley writes",
    explanation: "The dialect is the language of whoever fills the mail in when it is sent.",
    bad: "dialect: jinja3", good: "dialect: jinja")
}
