public import GalleySource
import GalleyTemplate

/// Galley: the spine of the compiler.
///
/// A folder becomes a `Site`, a site becomes units, units become mails, mails become a bundle. The module hides files,
/// configuration, digests and concurrency; the phases it calls are pure. Start with `Workspace`, then read
/// `Compiler.compile(_:)`.

/// A site that was read, and everything that can be done with it.
public struct Workspace: Sendable {
  /// Which part of a site is worked on; an empty set means all.
  public struct Selection: Sendable {
    /// The ids of templates.
    public var templates: Set<String>
    /// The names of environments.
    public var environments: Set<String>
    /// Locales.
    public var locales: Set<String>

    /// Makes a selection.
    public init(templates: Set<String> = [], environments: Set<String> = [], locales: Set<String> = []) {
      self.templates = templates
      self.environments = environments
      self.locales = locales
    }

    /// Whether nothing is left out.
    public var isWhole: Bool { templates.isEmpty && environments.isEmpty && locales.isEmpty }
  }

  /// What a build has come to.
  public struct BuildResult: Sendable {
    /// Everything that was found, without repetitions, in the order of files and places.
    public var diagnostics: [Diagnostic]
    /// The bundle, or nil where there are errors.
    public var bundle: BuiltBundle?
    /// How many mails were compiled: templates × locales × environments.
    public var unitCount: Int
    /// The same in words: `18 templates × 2 locales × 3 environments`.
    public var shape: String
  }

  /// A mail filled with a sample.
  public struct RenderedMail: Sendable {
    /// The id of the template.
    public var template: String
    /// The locale.
    public var locale: String
    /// The name of the sample.
    public var sample: String
    /// The HTML part.
    public var html: [UInt8]
    /// The text part.
    public var text: [UInt8]
    /// The subject.
    public var subject: [UInt8]
    /// The preheader, empty where the mail has none.
    public var preheader: [UInt8]
  }

  /// Mails filled with samples.
  public struct RenderResult: Sendable {
    /// Everything that was found.
    public var diagnostics: [Diagnostic]
    /// The mails; empty where there are errors.
    public var mails: [RenderedMail]
  }

  let site: Site

  /// Reads the site in a folder on disk.
  ///
  /// Faults of the sources become diagnostics of a later build. Throws what the machine could not do.
  public static func open(_ folder: String) throws(FileFailure) -> Workspace {
    Workspace(site: try Site.load(DiskFileSystem(root: folder)))
  }

  /// Reads a site from any file system.
  package static func open(_ files: some FileSystem) throws(FileFailure) -> Workspace {
    Workspace(site: try Site.load(files))
  }

  /// All files that were read; the ranges of diagnostics point into them.
  public var sources: SourceSet { site.sources }
  /// The ids of the templates, sorted.
  public var templateIDs: [String] { site.templates.map(\.file.name) }
  /// The environments in the order of `galley.yml`.
  public var environmentNames: [String] { site.configuration?.environments.map(\.name) ?? [] }
  /// The locales, the default one first.
  public var localeTags: [String] {
    guard let locales = site.configuration?.locales else { return [] }
    return [locales.defaultTag] + locales.supported.filter { $0 != locales.defaultTag }
  }

  // MARK: Building

  /// Compiles the selected part of the site and packs it.
  ///
  /// Units are compiled in parallel; the result does not depend on their order. `progress` is told how many of how many
  /// units are done, from any thread.
  public func build(
    _ selection: Selection = Selection(), sourceRevision: String? = nil,
    progress: (@Sendable (_ done: Int, _ total: Int) -> Void)? = nil
  ) async -> BuildResult {
    let (mails, diagnostics) = await compile(selection, progress: progress)
    var result = BuildResult(
      diagnostics: diagnostics, bundle: nil, unitCount: mails.count, shape: shape(of: mails))
    guard !diagnostics.hasErrors, let configuration = site.configuration else { return result }
    let (bundle, findings) = Packager(site, configuration, sourceRevision: sourceRevision).pack(mails)
    result.diagnostics = (diagnostics + findings).normalized()
    if !findings.hasErrors { result.bundle = bundle }
    return result
  }

  /// Compiles the selected part of the site and fills each mail with each of its samples.
  public func render(_ selection: Selection = Selection()) async -> RenderResult {
    let (mails, diagnostics) = await compile(selection, progress: nil)
    if diagnostics.hasErrors { return RenderResult(diagnostics: diagnostics, mails: []) }
    let rendered = mails.flatMap { mail in
      (site.samples[mail.unit.template.file.name] ?? []).map { sample in
        RenderedMail(
          template: mail.unit.template.file.name, locale: mail.unit.locale, sample: sample.name,
          html: mail.rendered(.html, with: sample.value).bytes, text: mail.rendered(.text, with: sample.value).bytes,
          subject: mail.rendered(.subject, with: sample.value).bytes,
          preheader: mail.rendered(.preheader, with: sample.value).bytes)
      }
    }
    return RenderResult(diagnostics: diagnostics, mails: rendered)
  }

  // MARK: Units

  /// Compiles the selected part of the site.
  func compile(
    _ selection: Selection, progress: (@Sendable (Int, Int) -> Void)?
  ) async -> (mails: [CompiledMail], diagnostics: [Diagnostic]) {
    let checked = SiteCheck.check(site)
    guard !checked.diagnostics.contains(where: SiteCheck.isInTheWay), let configuration = site.configuration else {
      return ([], (site.diagnostics + checked.diagnostics).normalized())
    }
    let units = units(selection, configuration)
    let compiler = Compiler(site, configuration)
    let mails = await units.mapInParallel(progress: progress, worker: compiler.makeSession) { unit, session in
      compiler.compile(unit, session: &session)
    }
    var found = site.diagnostics + checked.diagnostics + mails.flatMap(\.diagnostics)
    if !found.hasErrors { found += SampleReach.findings(in: mails, sources: site.sources) }
    if selection.isWhole, !found.hasErrors {
      // A key that is computed shows in the mails alone; one that is written counts even where no mail comes to it.
      let printed = mails.reduce(into: checked.messages) { $0.formUnion($1.messages) }
      found += site.catalogs.unused(besides: printed)
    }
    return (mails, leveled(found.normalized(), configuration.rules))
  }

  /// The findings with the levels that the site gives them; what is an error by itself stays one.
  private func leveled(_ diagnostics: [Diagnostic], _ rules: [SiteConfiguration.Rule]) -> [Diagnostic] {
    guard !rules.isEmpty else { return diagnostics }
    let levels = Dictionary(rules.map { ($0.code, $0.severity) }, uniquingKeysWith: { first, _ in first })
    return diagnostics.compactMap { diagnostic in
      guard diagnostic.severity != .error, let level = levels[diagnostic.code.name] else { return diagnostic }
      guard let level else { return nil }
      var result = diagnostic
      result.severity = level
      return result
    }
  }

  private func units(_ selection: Selection, _ configuration: SiteConfiguration) -> [Unit] {
    var units: [Unit] = []
    for template in site.templates
    where selection.templates.isEmpty || selection.templates.contains(template.file.name) {
      for environment in configuration.environments
      where selection.environments.isEmpty || selection.environments.contains(environment.name) {
        for locale in localeTags where selection.locales.isEmpty || selection.locales.contains(locale) {
          units.append(Unit(template: template, environment: environment, locale: locale))
        }
      }
    }
    return units
  }

  private func shape(of mails: [CompiledMail]) -> String {
    func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
    let templates = Set(mails.map(\.unit.template.file.name)).count
    let locales = Set(mails.map(\.unit.locale)).count
    let environments = Set(mails.map(\.unit.environment.name)).count
    return "\(counted(templates, "template")) × \(counted(locales, "locale")) × \(counted(environments, "environment"))"
  }
}
