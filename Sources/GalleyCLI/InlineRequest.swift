import ArgumentParser
import Galley
import GalleyCSS
import GalleySource

/// What `galley inline` is asked for, however it was read, and how it is done.
struct InlineRequest: Sendable {
  var files: [String] = []
  var css: [String] = []
  var output: String?
  var outDir: String?
  var inPlace = false
  var root: String?
  var purge = false
  var transforms = Transforms()
  var placeholders = PlaceholderChoice.auto
  var report: String?
  var format = DiagnosticFormat.human
  var color = ColorChoice.auto
  var quiet = false

  /// Refuses options that contradict one another.
  func validate() throws {
    let count = (output == nil ? 0 : 1) + (outDir == nil ? 0 : 1) + (inPlace ? 1 : 0)
    if count > 1 { throw ValidationError("of '--output', '--out-dir' and '--in-place', only one can be used") }
    if count == 0, report == "-" {
      throw ValidationError("the document goes to standard output: name a file for it, or for the report")
    }
  }

  /// Inlines the documents and tells what happened.
  func run() throws {
    let plan = try InlinePlan(arguments: files, destination: destination, root: root)
    for path in css { try plan.refuseOutput(path, what: "the style sheet") }
    if let report, report != "-" { try plan.refuse(report, what: "the report") }
    let inliner = try makeInliner()
    var outcomes: [Told] = []
    if plan.jobs.count == 1 {
      var session = inliner.makeSession()
      outcomes = plan.jobs.map { inline($0, inliner, &session) }
    } else {
      let progress = Progress("inlining", isQuiet: quiet || format == .json)
      outcomes = waiting {
        await plan.jobs.mapInParallel(progress: progress.update, worker: inliner.makeSession) {
          inline($0, inliner, &$1)
        }
      }
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
    options.passes = transforms.passes
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

  private func inline(_ job: InlinePlan.Job, _ inliner: DocumentInliner, _ session: inout InlineSession) -> Told {
    var outcome = Told(document: InlineRunReport.Document(file: job.input.name))
    do {
      let bytes: [UInt8]
      switch job.input {
      case .standardInput: bytes = try StandardStream.input.readAll()
      case .file(let path): bytes = try Workspace.readFile(path)
      }
      let result = inliner.inline(bytes, path: job.input.name, scope: job.scope, session: &session)
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
