import ArgumentParser
import Galley

/// `galley messages missing`: what is still to be translated.
struct MessagesMissingCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "missing", abstract: "Lists the messages that a locale lacks.",
    discussion: """
      A line names the locale and the key, says which locale stands in, and where the message is. With --format json, each \
      is one object a line. Ends with 1 where something is missing.
      """)

  @Option(name: .long, help: "Only this locale; can be repeated.")
  var locale: [String] = []

  @OptionGroup var site: SiteOptions

  func run() throws {
    let workspace = try MessagesCommand.open(site)
    let locales = try MessagesCommand.locales(locale, in: workspace)
    let missing = workspace.missingMessages(in: locales)
    let text = MessagesCommand.text(missing, isJSON: site.format == .json) { notice in
      let standIn = notice.standIn.isEmpty ? "" : "  (shows \(notice.standIn))"
      return "\(notice.locale)  \(notice.key)  \(notice.path):\(notice.line)\(standIn)"
    }
    StandardStream.output.write(text)
    let names = locales.joined(separator: ", ")
    site.say(
      missing.isEmpty
        ? "no message is missing in \(names.isEmpty ? "a site of one locale" : names)"
        : "\(counted(missing.count, "message")) missing in \(names)")
    if !missing.isEmpty { throw Outcome.sourcesHaveErrors }
  }
}
