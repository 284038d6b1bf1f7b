import ArgumentParser
import Galley
import GalleySource

/// `galley check`: everything that build does, but for the writing.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Checks everything that build checks; writes nothing.")

  @OptionGroup var selected: SelectionOptions
  @OptionGroup var site: SiteOptions

  func run() throws {
    let workspace = try site.open()
    let selection = try selected.selection(in: workspace)
    let progress = Progress("checking", isQuiet: site.quiet)
    let result = waiting { await workspace.build(selection, sourceRevision: nil, progress: progress.update) }
    progress.end()
    let (errors, warnings) = site.report(result.diagnostics, sources: workspace.sources)
    site.say(
      "\(counted(result.unitCount, "mail")) checked (\(result.shape)): "
        + "\(counted(errors, "error")), \(counted(warnings, "warning"))")
    if errors > 0 { throw Outcome.sourcesHaveErrors }
  }
}
