import ArgumentParser
import Galley

/// `galley messages export`: messages for translators, as XLIFF.
struct MessagesExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Writes the messages of a locale as XLIFF, for translators.",
    discussion: """
      One locale goes to standard output, or with --out into a folder, as LOCALE.xlf; several need --out. Values and links \
      are placeholders that a translator moves; each case of a plural is a text of its own, for the categories of the \
      language. 'galley messages import' brings the translation back.
      """)

  @Option(name: .long, help: "Only this locale; can be repeated.")
  var locale: [String] = []

  @Option(name: .long, help: "The version of XLIFF: 1.2 or 2.0.", transform: XLIFFVersion.init(asked:))
  var xliff = XLIFFVersion.v1

  @Option(name: .long, help: "The folder to write into; made where it is missing.", completion: .directory)
  var out: String?

  @OptionGroup var site: SiteOptions

  func run() throws {
    let workspace = try MessagesCommand.open(site)
    let locales = try MessagesCommand.locales(locale, in: workspace)
    guard let first = locales.first else {
      throw ValidationError("the site has one locale, and nothing to translate into")
    }
    guard let out else {
      guard locales.count == 1 else {
        throw ValidationError("there are \(locales.count) locales: name one with '--locale', or a folder with '--out'")
      }
      return StandardStream.output.write(workspace.exportMessages(to: first, version: xliff))
    }
    for locale in locales {
      let path = "\(out)/\(locale).xlf"
      do {
        try Workspace.writeFile(
          workspace.exportMessages(to: locale, version: xliff), makingFoldersTo: path, nonce: processNonce())
      } catch {
        throw MachineFailure(error)
      }
      site.say("wrote \(path)")
    }
  }
}

extension XLIFFVersion {
  /// The version that a command line asks for.
  fileprivate init(asked text: String) throws {
    guard let version = XLIFFVersion(rawValue: text) else {
      throw ValidationError("there is no XLIFF '\(text)' here; the versions are 1.2 and 2.0")
    }
    self = version
  }
}
