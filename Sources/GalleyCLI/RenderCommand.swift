import ArgumentParser
import Galley
import GalleySource

/// `galley render`: one finished mail, filled with sample data.
struct RenderCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "render", abstract: "Prints one finished mail, filled with sample data.",
    discussion: """
      What is printed is, byte for byte, what the sending service makes of the published files and the same data. \
      With --all, every mail, locale and sample of an environment is printed as one JSON object a line.
      """)

  /// What is printed.
  enum Part: String, ExpressibleByArgument, CaseIterable {
    case html, text, subject, preheader
  }

  @Argument(help: "The template by id, such as receipts/payment_received.")
  var template: String?

  @OptionGroup var site: SiteOptions

  @Option(name: .long, help: "The environment; the first of galley.yml where none is named.")
  var env: String?

  @Option(name: .long, help: "The locale; the site's default where none is named.")
  var locale: String?

  @Option(name: .long, help: "The sample.")
  var sample = "default"

  @Option(name: .long, help: "The part: html, text, subject or preheader.")
  var part = Part.html

  @Flag(name: .long, help: "Prints all mails, locales and samples as JSON lines.")
  var all = false

  func validate() throws {
    if all == (template != nil) { throw ValidationError("name one template, or use --all") }
  }

  func run() throws {
    let workspace = try site.open()
    try SelectionOptions.check([template].compactMap(\.self), among: workspace.templateIDs, what: "template")
    try SelectionOptions.check([env].compactMap(\.self), among: workspace.environmentNames, what: "environment")
    try SelectionOptions.check([locale].compactMap(\.self), among: workspace.localeTags, what: "locale")
    let environment = env ?? workspace.environmentNames.first
    let tag = locale ?? (all ? nil : workspace.localeTags.first)
    let selection = Workspace.Selection(
      templates: Set([template].compactMap(\.self)), environments: Set([environment].compactMap(\.self)),
      locales: Set([tag].compactMap(\.self)))
    let result = waiting { await workspace.render(selection) }
    let (errors, _) = site.report(result.diagnostics, sources: workspace.sources)
    if errors > 0 { throw Outcome.sourcesHaveErrors }
    if all {
      for mail in result.mails { StandardStream.output.write(Self.line(mail)) }
      return
    }
    let names = result.mails.map(\.sample)
    try SelectionOptions.check([sample], among: names, what: "sample")
    guard let mail = result.mails.first(where: { $0.sample == sample }) else {
      throw MachineFailure(description: "the template has no samples")
    }
    switch part {
    case .html: StandardStream.output.write(mail.html)
    case .text: StandardStream.output.write(mail.text)
    case .subject: StandardStream.output.write(mail.subject + [0x0A])
    case .preheader: StandardStream.output.write(mail.preheader + [0x0A])
    }
  }

  private static func line(_ mail: Workspace.RenderedMail) -> String {
    func text(_ bytes: [UInt8]) -> JSONValue { .string(String(decoding: bytes, as: UTF8.self)) }
    let object = JSONValue.object([
      "template": .string(mail.template), "locale": .string(mail.locale), "sample": .string(mail.sample),
      "html": text(mail.html), "text": text(mail.text), "subject": text(mail.subject),
      "preheader": text(mail.preheader),
    ])
    return String(decoding: JSONWriter.write(object, .compact), as: UTF8.self)
  }
}
