import ArgumentParser
import Galley

/// `galley messages`: what catalogs lack, and their way to translators and back.
struct MessagesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "messages", abstract: "Finds missing and unused messages; exports and imports translations (XLIFF).",
    subcommands: [
      MessagesMissingCommand.self, MessagesUnusedCommand.self, MessagesExportCommand.self, MessagesImportCommand.self,
    ])

  /// Reads a site whose catalogs can be worked on; reports what is in the way.
  static func open(_ site: SiteOptions) throws -> Workspace {
    let workspace = try site.open()
    let faults = workspace.messageFaults
    guard faults.isEmpty else {
      site.report(faults, sources: workspace.sources)
      throw Outcome.sourcesHaveErrors
    }
    return workspace
  }

  /// The locales that are asked for, or all but the default one.
  static func locales(_ asked: [String], in workspace: Workspace) throws -> [String] {
    let model = workspace.localeTags.first
    let others = workspace.localeTags.filter { $0 != model }
    try SelectionOptions.check(asked, among: workspace.localeTags, what: "locale")
    if let model, asked.contains(model) {
      throw ValidationError("'\(model)' is the default locale, which the others are translated from")
    }
    return asked.isEmpty ? others : others.filter(asked.contains)
  }

  /// Messages as a person reads them, or as JSON, one object a line.
  static func text(_ notices: [Workspace.MessageNotice], isJSON: Bool, line: (Workspace.MessageNotice) -> String)
    -> String
  {
    notices.map { notice in
      guard isJSON else { return line(notice) + "\n" }
      let object: JSONValue = [
        "locale": .string(notice.locale), "key": .string(notice.key), "text": .string(notice.text),
        "standIn": .string(notice.standIn), "path": .string(notice.path), "line": .integer(notice.line),
        "uses": .array(notice.uses.map(JSONValue.string)),
      ]
      return String(decoding: JSONWriter.write(object, .compact), as: UTF8.self)
    }.joined()
  }
}
