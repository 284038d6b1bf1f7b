import ArgumentParser
import Galley
import GalleySource

/// `galley contract`: what a sending service must know of each mail.
struct ContractCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "contract", abstract: "Writes what a sending service must know of each mail.",
    discussion: """
      Keys, sender, variables with their types, who escapes what, and an example: as JSON Schema, as pages in Markdown, \
      or as code in Python, TypeScript or Swift. It goes to standard output, or to the file or the folder that --out \
      names. When anything is wrong with the site, nothing is written. docs/contract.md says more.
      """)

  @Argument(help: "Templates by id, such as receipts/payment_received; all where none is named.")
  var templates: [String] = []

  @Option(
    name: .long, help: "The form: \(formats.joined(separator: ", ")).", completion: .list(formats),
    transform: ContractCommand.format)
  var format = ContractFormat.markdown

  @Option(
    name: .long,
    help: "The file to write, if its name ends as the format's do (.json, .md, .py, .ts, .swift), else the folder.",
    completion: .file())
  var out: String?

  @Option(name: .long, help: "The environment whose subjects are shown; the first of galley.yml where none is named.")
  var env: String?

  @Option(name: .long, help: "Only this locale; can be repeated.")
  var locale: [String] = []

  @OptionGroup var place: PlaceOptions

  @Option(name: .long, help: "How findings are written: human, short or json (one object a line).")
  var findings = DiagnosticFormat.human

  private static let formats = ContractFormat.allCases.map(\.rawValue)

  private static func format(_ name: String) throws -> ContractFormat {
    try SelectionOptions.check([name], among: formats, what: "format")
    guard let format = ContractFormat(rawValue: name) else { throw ValidationError("there is no format '\(name)'") }
    return format
  }

  func run() throws {
    let workspace = try place.open()
    try SelectionOptions.check(templates, among: workspace.templateIDs, what: "template")
    try SelectionOptions.check([env].compactMap(\.self), among: workspace.environmentNames, what: "environment")
    try SelectionOptions.check(locale, among: workspace.localeTags, what: "locale")
    let environment = env ?? workspace.environmentNames.first
    let selection = Workspace.Selection(
      templates: Set(templates), environments: Set([environment].compactMap(\.self)), locales: Set(locale))
    let result = waiting { await workspace.contract(selection) }
    SiteOptions.report(result.diagnostics, sources: workspace.sources, format: findings, color: place.color)
    guard let contract = result.contract else { throw Outcome.sourcesHaveErrors }
    try write(contract)
  }

  private func write(_ contract: BuiltContract) throws {
    guard let out else { return StandardStream.output.write(contract.document(format)) }
    do {
      if out.hasSuffix(format.suffix) {
        try Workspace.writeFile(contract.document(format), to: out, nonce: processNonce())
        say("\(out): \(counted(contract.mailCount, "mail"))")
      } else {
        let (written, all) = try contract.write(format, into: out, nonce: processNonce())
        say("\(out)/: \(counted(contract.mailCount, "mail")) in \(counted(all, "file")), \(written) new or changed")
      }
    } catch {
      throw MachineFailure(error)
    }
  }

  private func say(_ text: String) {
    if !place.quiet, findings != .json { StandardStream.error.write(text + "\n") }
  }
}
