import ArgumentParser
import Galley
import GalleyHTML
import GalleySource

/// `galley inline`: the inliner alone, for anyone's HTML.
struct InlineCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inline", abstract: "Moves the CSS of HTML mails into style attributes.",
    discussion: """
      Prints the document with its rules inlined; the rest of the bytes stay as they are. Rules that a style attribute \
      can't express stay in their sheets and still win. Placeholders of template languages are never touched.

      Files can be patterns, quoted so that the shell leaves them alone: 'mails/**/*.html'. Linked sheets are read \
      from the document's folder, or from --root; nothing is read from a network. A document with errors is not \
      written; the others are.

      Placeholders: \(PlaceholderChoice.names.joined(separator: ", ")). 'auto' looks for all that mean nothing else in \
      a mail, and for brackets and at where the document shows that it uses them.
      """)

  @Argument(help: "HTML files or patterns; '-' or nothing for standard input.", completion: .file())
  var files: [String] = []

  @Option(name: .long, help: "A style sheet that comes last in the cascade; can be repeated.", completion: .file())
  var css: [String] = []

  @Option(
    name: .shortAndLong, help: "The file to write, for one document; standard output where none is named.",
    completion: .file())
  var output: String?

  @Option(
    name: .long, help: "The folder to write to, at the paths that the documents have here or in --root.",
    completion: .directory)
  var outDir: String?

  @Flag(name: .long, help: "Writes each document over itself.")
  var inPlace = false

  @Option(
    name: .long, help: "The folder that holds the documents and the sheets that they link.", completion: .directory)
  var root: String?

  @Flag(name: .long, help: "Removes rules that match nothing.")
  var purge = false

  @Option(
    name: .long, help: "The placeholders in the documents: auto, none, or languages with commas between.",
    completion: .list(["auto", "none"] + PlaceholderChoice.names), transform: PlaceholderChoice.init)
  var placeholders = PlaceholderChoice.auto

  @Option(
    name: .long, help: "Where to write what was inlined, kept and dropped, and why, as JSON; '-' for standard output.",
    completion: .file())
  var report: String?

  @Option(name: .long, help: "How findings are written: human, short or json (one object a line).")
  var format = DiagnosticFormat.human

  @Option(name: .long, help: "When messages are colored: auto, always or never.")
  var color = ColorChoice.auto

  @Flag(name: .shortAndLong, help: "Says nothing but findings and failures.")
  var quiet = false

  func validate() throws {
    let count = (output == nil ? 0 : 1) + (outDir == nil ? 0 : 1) + (inPlace ? 1 : 0)
    if count > 1 { throw ValidationError("of '--output', '--out-dir' and '--in-place', only one can be used") }
    if count == 0, report == "-" {
      throw ValidationError("the document goes to standard output: name a file for it, or for the report")
    }
  }

  /// What happens to a document behind inlining, in this order.
  private var passes: [DocumentPass] { [] }

  func run() async throws {
    let plan = try InlinePlan(arguments: files, destination: destination, root: root)
    for path in css { try plan.refuseOutput(path, what: "the style sheet") }
    if let report, report != "-" { try plan.refuse(report, what: "the report") }
    let inliner = try makeInliner()
    var outcomes: [Told] = []
    if plan.jobs.count == 1 {
      outcomes = plan.jobs.map { inline($0, inliner) }
    } else {
      let progress = Progress("inlining", isQuiet: quiet || format == .json)
      outcomes = await plan.jobs.mapInParallel(progress: progress.update) { inline($0, inliner) }
      progress.end()
    }
    try finish(outcomes, sheets: inliner.sheetFindings)
  }

  private var destination: InlinePlan.Destination {
    if inPlace { return .inPlace }
    if let outDir { return .folder(outDir) }
    return output.map { .file($0) } ?? .standardOutput
  }

  private func makeInliner() throws -> DocumentInliner {
    var options = DocumentInliner.Options()
    options.syntaxes = placeholders.syntaxes
    options.purgesUnmatched = purge
    options.passes = passes
    do {
      return DocumentInliner(options: options, sheets: try css.map { ($0, try Workspace.readFile($0)) })
    } catch let failure as FileFailure {
      throw MachineFailure(failure)
    }
  }

  // MARK: One document

  /// What has become of a document, ready to be told.
  private struct Told: Sendable {
    var document: InlineRunReport.Document
    /// What is said about it.
    var messages = ""
    /// The result, where it goes to standard output.
    var bytes: [UInt8]?
    /// What the machine could not do.
    var failure: MachineFailure?

    mutating func fail(_ failure: MachineFailure) {
      self.failure = failure
      document.failure = failure.description
    }
  }

  private func inline(_ job: InlinePlan.Job, _ inliner: DocumentInliner) -> Told {
    var outcome = Told(document: InlineRunReport.Document(file: job.input.name))
    do {
      let bytes: [UInt8]
      switch job.input {
      case .standardInput: bytes = try StandardStream.input.readAll()
      case .file(let path): bytes = try Workspace.readFile(path)
      }
      let result = inliner.inline(bytes, path: job.input.name, scope: job.scope)
      outcome.document.account = result.account
      outcome.document.size = (bytes.count, result.bytes.count)
      outcome.document.findings = (
        result.diagnostics.count { $0.severity == .error }, result.diagnostics.count { $0.severity == .warning }
      )
      outcome.messages = SiteOptions.text(result.diagnostics, sources: result.sources, format: format, color: color)
      if result.diagnostics.hasErrors { return outcome }
      if let output = job.output {
        try write(result.bytes, to: output, unless: inPlace && result.bytes == bytes)
        outcome.document.output = output
      } else {
        outcome.bytes = result.bytes
      }
      outcome.document.isWritten = true
    } catch let failure as FileFailure {
      outcome.fail(MachineFailure(failure))
    } catch {
      outcome.fail(error as? MachineFailure ?? MachineFailure(description: "\(error)"))
    }
    return outcome
  }

  /// Writes a file, unless it is there already as it shall be.
  private func write(_ bytes: [UInt8], to path: String, unless isPresent: Bool) throws(FileFailure) {
    if isPresent { return }
    if outDir == nil {
      try Workspace.writeFile(bytes, to: path, nonce: processNonce())
    } else {
      try Workspace.writeFile(bytes, makingFoldersTo: path, nonce: processNonce())
    }
  }

  // MARK: All documents

  /// Tells what happened, in the order of the documents, and ends as the worst of them.
  private func finish(
    _ outcomes: [Told], sheets: (diagnostics: [Diagnostic], sources: SourceSet)
  ) throws {
    SiteOptions.report(sheets.diagnostics, sources: sheets.sources, format: format, color: color)
    for outcome in outcomes {
      StandardStream.error.write(outcome.messages)
      if let failure = outcome.failure { StandardStream.error.write("error: \(failure.description)\n") }
      if let bytes = outcome.bytes { StandardStream.output.write(bytes) }
    }
    try writeReport(outcomes.map(\.document))
    if outcomes.count > 1 { say(outcomes.map(\.document)) }
    if outcomes.contains(where: { $0.failure != nil }) { throw Outcome.failed }
    let hasErrors = sheets.diagnostics.hasErrors || outcomes.contains { $0.document.findings.errors > 0 }
    if hasErrors { throw Outcome.sourcesHaveErrors }
  }

  private func writeReport(_ documents: [InlineRunReport.Document]) throws {
    guard let report else { return }
    let bytes = InlineRunReport.write(documents)
    if report == "-" { return StandardStream.output.write(bytes) }
    do {
      try Workspace.writeFile(bytes, to: report, nonce: processNonce())
    } catch {
      throw MachineFailure(error)
    }
  }

  private func say(_ documents: [InlineRunReport.Document]) {
    if quiet || format == .json { return }
    let written = documents.count { $0.isWritten }
    let errors = documents.reduce(0) { $0 + $1.findings.errors }
    let warnings = documents.reduce(0) { $0 + $1.findings.warnings }
    StandardStream.error.write(
      "\(written) of \(counted(documents.count, "document")) inlined: "
        + "\(counted(errors, "error")), \(counted(warnings, "warning"))\n")
  }
}
