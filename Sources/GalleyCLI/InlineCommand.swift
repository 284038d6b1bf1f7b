import ArgumentParser

/// `galley inline`: the inliner alone, for anyone's HTML.
struct InlineCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inline", abstract: "Moves the CSS of HTML mails into style attributes.",
    discussion: """
      Prints the document with its rules inlined; the rest of the bytes stay as they are. Rules that a style attribute \
      can't express stay in their sheets and still win. Placeholders of template languages are never touched.

      Files can be patterns, quoted so that the shell leaves them alone: 'mails/**/*.html'. Linked sheets are read \
      from the document's folder, or from --root; nothing is read from a network. A document with errors is not \
      written; the others are.

      Placeholders: \(PlaceholderChoice.names.joined(separator: ", ")). 'auto' looks for all that mean nothing else in \
      a mail, and for brackets and at where the document shows that it uses them.
      """)

  @Argument(help: "HTML files or patterns; '-' or nothing for standard input.", completion: .file())
  var files: [String] = []

  @Option(name: .long, help: "A style sheet that comes last in the cascade; can be repeated.", completion: .file())
  var css: [String] = []

  @Option(
    name: .shortAndLong, help: "The file to write, for one document; standard output where none is named.",
    completion: .file())
  var output: String?

  @Option(
    name: .long, help: "The folder to write to, at the paths that the documents have here or in --root.",
    completion: .directory)
  var outDir: String?

  @Flag(name: .long, help: "Writes each document over itself.")
  var inPlace = false

  @Option(
    name: .long, help: "The folder that holds the documents and the sheets that they link.", completion: .directory)
  var root: String?

  @Flag(name: .long, help: "Removes rules that match nothing.")
  var purge = false

  @OptionGroup(title: "What is done besides") var besides: TransformOptions

  @Option(
    name: .long, help: "The placeholders in the documents: auto, none, or languages with commas between.",
    completion: .list(["auto", "none"] + PlaceholderChoice.names), transform: PlaceholderChoice.init)
  var placeholders = PlaceholderChoice.auto

  @Option(
    name: .long, help: "Where to write what was inlined, kept and dropped, and why, as JSON; '-' for standard output.",
    completion: .file())
  var report: String?

  @Option(name: .long, help: "How findings are written: human, short or json (one object a line).")
  var format = DiagnosticFormat.human

  @Option(name: .long, help: "When messages are colored: auto, always or never.")
  var color = ColorChoice.auto

  @Flag(name: .shortAndLong, help: "Says nothing but findings and failures.")
  var quiet = false

  func validate() throws { try request.validate() }

  func run() throws { try request.run() }

  private var request: InlineRequest {
    var request = InlineRequest()
    request.files = files
    request.css = css
    request.output = output
    request.outDir = outDir
    request.inPlace = inPlace
    request.root = root
    request.purge = purge
    request.transforms = besides.transforms
    request.placeholders = placeholders
    request.report = report
    request.format = format
    request.color = color
    request.quiet = quiet
    return request
  }
}
