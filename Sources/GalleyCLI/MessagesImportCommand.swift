import ArgumentParser
import Galley

/// `galley messages import`: a translation into its catalog.
struct MessagesImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Brings a translation (XLIFF 1.2 or 2.0) into the catalog of its locale.",
    discussion: """
      Every text is checked first: its placeholders are those of the source, its plurals have what they need. Where one is \
      wrong, nothing is written. Only what changed is written into the catalog; comments, order and quoting stay. Units \
      whose source has changed since the export are left out with a warning. With --format json, standard output gets an \
      object with the counts and the keys.
      """)

  @Argument(help: "The file that came back; '-' is standard input.", completion: .file(extensions: ["xlf", "xliff"]))
  var file: String

  @Flag(name: .long, help: "Checks and counts; writes nothing.")
  var dryRun = false

  @OptionGroup var site: SiteOptions

  func run() throws {
    let workspace = try MessagesCommand.open(site)
    let result = workspace.importMessages(try read(), from: file == "-" ? "<standard input>" : file)
    let (errors, _) = site.report(result.diagnostics, sources: result.sources)
    if errors > 0 {
      site.say("\(counted(errors, "error")): nothing was written")
      throw Outcome.sourcesHaveErrors
    }
    if let catalog = result.catalog, !dryRun {
      do {
        try Workspace.writeFile(
          catalog, makingFoldersTo: "\(site.site)/\(result.path)", nonce: processNonce())
      } catch {
        throw MachineFailure(error)
      }
    }
    say(result)
  }

  private func read() throws -> [UInt8] {
    if file == "-" { return try StandardStream.input.readAll() }
    do {
      return try Workspace.readFile(file)
    } catch {
      throw MachineFailure(error)
    }
  }

  private func say(_ result: Workspace.ImportResult) {
    if site.format == .json {
      let object: JSONValue = [
        "locale": .string(result.locale), "path": .string(result.path),
        "isWritten": .boolean(!dryRun && result.catalog != nil),
        "added": .array(result.added.map(JSONValue.string)), "changed": .array(result.changed.map(JSONValue.string)),
        "translated": .integer(result.translated), "untranslated": .integer(result.untranslated),
        "refused": .integer(result.refused),
      ]
      return StandardStream.output.write(JSONWriter.write(object, .compact))
    }
    let counts = "\(result.translated) translated, \(result.untranslated) not yet, \(result.refused) left out"
    let changes = "\(result.added.count) new, \(result.changed.count) changed"
    let what =
      result.catalog == nil ? "\(result.path) is as it was" : "\(dryRun ? "would write" : "wrote") \(result.path)"
    site.say("\(what): \(changes) (\(counts))")
  }
}
