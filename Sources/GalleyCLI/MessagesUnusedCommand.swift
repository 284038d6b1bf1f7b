import ArgumentParser
import Galley

/// `galley messages unused`: what nobody has to translate.
struct MessagesUnusedCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unused", abstract: "Lists the messages that no mail prints.",
    discussion: """
      A message counts as used where its key is written in a template or a partial, and where a mail of the whole site \
      prints it; so the site is built, without writing. Ends with 1 where a message is unused.
      """)

  @OptionGroup var site: SiteOptions

  func run() throws {
    let workspace = try MessagesCommand.open(site)
    let progress = Progress("building", isQuiet: site.quiet)
    let result = waiting { await workspace.unusedMessages() }
    progress.end()
    if !result.diagnostics.isEmpty {
      site.report(result.diagnostics, sources: workspace.sources)
      throw Outcome.sourcesHaveErrors
    }
    let text = MessagesCommand.text(result.messages, isJSON: site.format == .json) { notice in
      "\(notice.key)  \(notice.path):\(notice.line)"
    }
    StandardStream.output.write(text)
    let count = result.messages.count
    site.say(count == 0 ? "every message is used" : "\(counted(count, "message")) unused")
    if count > 0 { throw Outcome.sourcesHaveErrors }
  }
}
