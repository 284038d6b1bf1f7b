import GalleySource
import GalleyTemplate
import Testing

/// Runs the cases of Handlebars and Mustache, each with its data known when the site is built, and again with its data
/// left for the sender.
///
/// What comes out is compared byte by byte: the dialect is `handlebars`, whose escaping is that of the suites. What
/// differs is listed in `Tests/Corpus/suites/handlebars.deviations` and `mustache.deviations`.
@Suite struct `Suites of other languages` {
  @Test func `what the language shares with Handlebars comes out as there`() throws {
    guard let folder = SuiteCases.folder("handlebars") else { return }
    try run(try SuiteCases.handlebars(in: folder), "handlebars")
  }

  @Test func `what the language shares with Mustache comes out as there`() throws {
    guard let folder = SuiteCases.folder("mustache") else { return }
    try run(try SuiteCases.mustache(in: folder), "mustache")
  }

  private func run(_ cases: [SuiteCase], _ name: String) throws {
    var deviations = try SuiteDeviations(name)
    let groups = Dictionary(grouping: cases, by: \.template)
    for entry in cases { deviations.note(entry, fault(in: entry, siblings: groups[entry.template] ?? [])) }
    deviations.finish()
  }

  /// In what a case fails, or nil.
  private func fault(in entry: SuiteCase, siblings: [SuiteCase]) -> String? {
    guard let expected = entry.expected else { return isRefused(entry) ? nil : "it is not refused" }
    if case .record = entry.data {} else if case .null = entry.data {} else { return "the data has no names" }
    let adapter = SuiteAdapter(entry, siblings: siblings, declaresMissing: true)
    if !adapter.findings.isEmpty { return adapter.findings.joined(separator: "\n") }
    var environment = adapter.site.environment
    let data = entry.data.value
    for name in adapter.template.declaration.variables.map(\.name) { environment.known[name] = data[name] ?? .null }
    let known = output(of: adapter, environment, .record([]))
    if known != expected { return "known: '\(visible(known))' instead of '\(visible(expected))'" }
    environment.known = [:]
    let sent = output(of: adapter, environment, data)
    return sent == expected ? nil : "sent: '\(visible(sent))' instead of '\(visible(expected))'"
  }

  /// Whether parser, library or checker complain where only what the data holds is declared.
  private func isRefused(_ entry: SuiteCase) -> Bool {
    let adapter = SuiteAdapter(entry, siblings: [], declaresMissing: false)
    if !adapter.findings.isEmpty { return true }
    let result = Checker.check(
      template: adapter.template, library: PartialLibrary(Array(adapter.site.partials.values)),
      globals: RecordType(name: nil, fields: []), sources: adapter.site.sources)
    return result.diagnostics.contains { $0.severity == .error }
  }

  private func output(of adapter: SuiteAdapter, _ environment: Specializer.Environment, _ data: Value) -> String {
    let result = Specializer.specialize(adapter.template, in: environment)
    if !result.diagnostics.isEmpty { return adapter.site.rendered(result.diagnostics).joined(separator: "\n") }
    let rendering = Interpreter.render(result.html, with: data, dialect: .handlebars, part: .html)
    // A brace that Handlebars would take for one of a tag is a reference in the mail; the reader sees a brace.
    return String(decoding: rendering.bytes, as: UTF8.self).replacing("&#123;", with: "{")
  }
}
