import ArgumentParser
import Galley
import GalleySource

/// How diagnostics are written.
enum DiagnosticFormat: String, ExpressibleByArgument, CaseIterable {
  case human, short, json
}

/// Which site, and how much is said: the options that all commands on a site share.
struct PlaceOptions: ParsableArguments {
  @Option(name: .long, help: "The site's folder.", completion: .directory)
  var site = "."

  @Option(name: .long, help: "When messages are colored: auto, always or never.")
  var color = ColorChoice.auto

  @Flag(name: .shortAndLong, help: "Says nothing but findings and failures.")
  var quiet = false

  /// Reads the site.
  func open() throws -> Workspace {
    do {
      return try Workspace.open(site)
    } catch {
      throw MachineFailure(error)
    }
  }
}

/// Which site, and how findings are shown: the options of commands that have no format of their own.
struct SiteOptions: ParsableArguments {
  @OptionGroup var place: PlaceOptions

  @Option(name: .long, help: "How findings are written: human, short or json (one object a line).")
  var format = DiagnosticFormat.human

  /// The site's folder.
  var site: String { place.site }
  /// When messages are colored.
  var color: ColorChoice { place.color }
  /// Whether nothing is said but findings and failures.
  var quiet: Bool { place.quiet }

  /// Reads the site.
  func open() throws -> Workspace { try place.open() }

  /// Writes findings to standard error and returns how many errors and warnings they are.
  @discardableResult
  func report(_ diagnostics: [Diagnostic], sources: SourceSet) -> (errors: Int, warnings: Int) {
    Self.report(diagnostics, sources: sources, format: format, color: color)
    return (
      diagnostics.count { $0.severity == .error }, diagnostics.count { $0.severity == .warning }
    )
  }

  /// Writes findings to standard error.
  static func report(
    _ diagnostics: [Diagnostic], sources: SourceSet, format: DiagnosticFormat, color: ColorChoice
  ) {
    StandardStream.error.write(text(diagnostics, sources: sources, format: format, color: color))
  }

  /// Findings as they are shown.
  static func text(
    _ diagnostics: [Diagnostic], sources: SourceSet, format: DiagnosticFormat, color: ColorChoice
  ) -> String {
    var text = ""
    switch format {
    case .human, .short:
      var renderer = DiagnosticRenderer(
        sources: sources, form: format == .human ? .human : .short, isColored: color.isColored)
      for diagnostic in diagnostics { text += renderer.render(diagnostic) }
    case .json:
      var writer = DiagnosticJSON(sources: sources)
      for diagnostic in diagnostics { text += writer.line(diagnostic) }
    }
    return text
  }

  /// Says something to a person, unless asked to be quiet or writing for a program.
  func say(_ text: String) {
    guard !quiet, format != .json else { return }
    StandardStream.error.write(text + "\n")
  }
}

/// Which mails, environments and locales a command works on.
struct SelectionOptions: ParsableArguments {
  @Argument(help: "Templates by id, such as receipts/payment_received; all where none is named.")
  var templates: [String] = []

  @Option(name: .long, help: "Only this environment; can be repeated.")
  var env: [String] = []

  @Option(name: .long, help: "Only this locale; can be repeated.")
  var locale: [String] = []

  /// The selection, each name of which must be one of the site's.
  func selection(in workspace: Workspace) throws -> Workspace.Selection {
    try Self.check(templates, among: workspace.templateIDs, what: "template")
    try Self.check(env, among: workspace.environmentNames, what: "environment")
    try Self.check(locale, among: workspace.localeTags, what: "locale")
    return Workspace.Selection(templates: Set(templates), environments: Set(env), locales: Set(locale))
  }

  /// Refuses a name that is not one of `known`, unless nothing is known because the configuration is broken.
  static func check(_ names: [String], among known: [String], what: String) throws {
    guard !known.isEmpty else { return }
    for name in names where !known.contains(name) {
      let nearest = Suggestion.nearest(to: name, among: known)
      let hint = nearest.map { "; did you mean '\($0)'?" } ?? "; there are: \(known.joined(separator: ", "))"
      throw ValidationError("there is no \(what) '\(name)'\(hint)")
    }
  }
}

/// A number with its noun: `1 error`, `2 errors`.
func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
