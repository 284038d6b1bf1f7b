import ArgumentParser
import Galley
import GalleySource

/// `galley build`: compiles the site into a bundle on disk.
struct BuildCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "build", abstract: "Compiles the site into dist/.",
    discussion: """
      Everything is compiled first and then put in place; when anything is wrong, nothing is written and the last \
      good output stays. A bundle holds the whole site, so a selection of templates, environments or locales \
      goes to a folder of its own, named with --out.
      """)

  @OptionGroup var selected: SelectionOptions
  @OptionGroup var site: SiteOptions

  @Option(name: .long, help: "The folder to write to; 'dist' in the site where none is named.", completion: .directory)
  var out: String?

  @Option(name: .long, help: "The revision of the sources, recorded in the manifests.")
  var sourceRevision: String?

  func run() throws {
    let clock = ContinuousClock()
    let start = clock.now
    let workspace = try site.open()
    let selection = try selected.selection(in: workspace)
    if !selection.isWhole, out == nil {
      throw ValidationError("a bundle holds the whole site: name a folder for this selection with --out")
    }
    let progress = Progress("compiling", isQuiet: site.quiet)
    let result = waiting {
      await workspace.build(selection, sourceRevision: sourceRevision, progress: progress.update)
    }
    progress.end()
    let (errors, warnings) = site.report(result.diagnostics, sources: workspace.sources)
    let folder = out ?? (site.site == "." ? "dist" : site.site + "/dist")
    guard errors == 0, let bundle = result.bundle else {
      site.say("\(counted(errors, "error")), \(counted(warnings, "warning")): nothing was written to \(folder)/")
      throw Outcome.sourcesHaveErrors
    }
    let written: Int
    do {
      written = try bundle.write(to: folder, nonce: processNonce())
    } catch {
      throw MachineFailure(error)
    }
    let time = clock.now - start
    site.say(
      """
      \(counted(result.unitCount, "mail")) (\(result.shape)) in \(milliseconds(time)) ms\
      \(warnings > 0 ? ", \(counted(warnings, "warning"))" : "")
      \(folder)/: \(counted(bundle.fileCount, "file")), \(written) new or changed, bundle sha256:\(bundle.digest.prefix(12))
      Look at one: galley render \(workspace.templateIDs.first ?? "TEMPLATE")
      """)
  }
}

/// A duration in whole milliseconds.
func milliseconds(_ duration: Duration) -> Int64 {
  duration.components.seconds * 1000 + duration.components.attoseconds / 1_000_000_000_000_000
}
