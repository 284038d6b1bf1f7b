package import GalleySource
package import GalleyTemplate

/// A site as its files have it: everything parsed, checked as far as files can be checked one by one.
///
/// What can't be used is left out, and `diagnostics` says so; without a sound `galley.yml` nothing else is read, because
/// everything would be judged by defaults that nobody meant. Files are read in the order
/// of their paths' bytes, so that diagnostics and outputs do not depend on the disk.
package struct Site: Sendable {
  /// All files that were read.
  package var sources = SourceSet()
  /// What `galley.yml` says, or nil where it can't be used.
  package var configuration: SiteConfiguration?
  /// The record types of `galley.yml`.
  package var types = TypeTable()
  /// The templates, sorted by name.
  package var templates: [Template] = []
  /// The partials by name.
  package var partials: [String: Partial] = [:]
  /// The partials of text parts by name.
  package var textPartials: [String: Partial] = [:]
  /// The style sheets by path.
  package var sheets: [String: SourceID] = [:]
  /// The messages of all locales.
  package var catalogs = Catalogs([], defaultLocale: "und")
  /// The samples of each template by its name.
  package var samples: [String: [SampleChecker.Sample]] = [:]
  /// What is wrong with the files.
  package var diagnostics: [Diagnostic] = []

  /// Reads a site.
  package static func load(_ files: some FileSystem) throws(FileFailure) -> Site {
    var loader = SiteLoader(files)
    try loader.load()
    return loader.site
  }
}

/// Reads the files of a site, one kind after the other.
private struct SiteLoader<Files: FileSystem> {
  private let files: Files
  private var catalogs: [Catalog] = []
  var site = Site()

  init(_ files: Files) { self.files = files }

  mutating func load() throws(FileFailure) {
    try loadConfiguration()
    if site.diagnostics.hasErrors { return }
    let listing = try SiteFiles(below: ["templates", "partials", "locales"], in: files)
    site.diagnostics += listing.diagnostics
    if listing.isCut { return }
    for path in listing.paths { try loadFile(path, among: Set(listing.paths)) }
    site.templates.sort { bytewise($0.file.name, $1.file.name) }
    joinCatalogs()
    if site.templates.isEmpty, !site.diagnostics.hasErrors {
      site.diagnostics.append(
        Diagnostic(
          .noTemplates, "the site has no templates", at: nil,
          help: ["put a template into 'templates/', or run 'galley init' in an empty folder"]))
    }
  }

  // MARK: One file

  private mutating func loadConfiguration() throws(FileFailure) {
    let adjustable = About.codes.filter { $0.severity != .error }.map(\.name)
    let vocabulary = SiteConfiguration.Vocabulary(dialects: Dialect.names, ruleCodes: adjustable)
    let (configuration, complaints) = try SiteConfiguration.load(
      from: files, into: &site.sources, vocabulary: vocabulary)
    site.diagnostics += complaints
    site.configuration = configuration
    let (types, typeFaults) = TypeTable.read(configuration?.types)
    site.diagnostics += typeFaults
    site.types = types
  }

  private mutating func loadFile(_ path: String, among paths: Set<String>) throws(FileFailure) {
    let (folder, below) = Self.split(path)
    switch (folder, Self.suffix(of: below)) {
    case ("templates", "html"): try loadTemplate(path, name: String(below.dropLast(5)), among: paths)
    case ("templates", "json") where below.hasSuffix(".samples.json"):
      let template = String(path.dropLast(".samples.json".count)) + ".html"
      if !paths.contains(template) { complain(path, "there is no template '\(template)' for these samples") }
    case ("templates", "txt"):
      let template = String(path.dropLast(4)) + ".html"
      if !paths.contains(template) { complain(path, "there is no template '\(template)' for this text part") }
    case ("partials", "txt"): try loadPartial(path, name: String(below.dropLast(4)), isText: true)
    case ("partials", "html"): try loadPartial(path, name: String(below.dropLast(5)))
    case ("partials", "css"), ("templates", "css"):
      if let (source, _) = try read(path) { site.sheets[path] = source }
    case ("locales", "yml"), ("locales", "yaml"), ("locales", "json"): try loadCatalog(path, name: below)
    default: complain(path, "'\(path)' is no kind of file that belongs into '\(folder)/'")
    }
  }

  private mutating func loadTemplate(_ path: String, name: String, among paths: Set<String>) throws(FileFailure) {
    guard let (source, bytes) = try read(path) else { return }
    let (file, faults) = TemplateParser.parse(source: source, bytes: bytes, name: name)
    site.diagnostics += faults
    let node = frontMatter(of: file, bytes)
    guard let node else {
      if file.frontMatter == nil, !faults.hasErrors {
        site.diagnostics.append(
          Diagnostic(
            .noFrontMatter, "the template has no front matter", at: SourceRange(source, 0, 0),
            help: ["start the file with a line '---', 'subject: …' and a line '---'"]))
      }
      return
    }
    let (declaration, complaints) = TemplateDeclaration.read(
      node, name: name, source: source, bytes: bytes, types: site.types)
    site.diagnostics += complaints
    guard node.entries != nil else { return }
    let text = try loadText(String(path.dropLast(5)) + ".txt", name, among: paths)
    site.templates.append(Template(file: file, declaration: declaration, text: text))
    try loadSamples(String(path.dropLast(5)) + ".samples.json", name, declaration, source, among: paths)
  }

  /// Reads the text part that is written by hand, where there is one.
  private mutating func loadText(
    _ path: String, _ name: String, among paths: Set<String>
  ) throws(FileFailure) -> TemplateFile? {
    guard paths.contains(path), let (source, bytes) = try read(path) else { return nil }
    let (file, faults) = TemplateParser.parse(source: source, bytes: bytes, name: name)
    site.diagnostics += faults
    if let matter = file.frontMatter {
      site.diagnostics.append(
        Diagnostic(
          .textFrontMatter, "a text part has no front matter of its own", at: matter,
          help: ["take it out: the variables are those of the template", "a rule at the top is written '----'"]))
    }
    return file
  }

  private mutating func loadPartial(_ path: String, name: String, isText: Bool = false) throws(FileFailure) {
    guard let (source, bytes) = try read(path) else { return }
    let (file, faults) = TemplateParser.parse(source: source, bytes: bytes, name: name)
    site.diagnostics += faults
    var declaration = PartialDeclaration()
    if file.frontMatter != nil {
      let (read, complaints) = PartialDeclaration.read(
        frontMatter(of: file, bytes), source: source, bytes: bytes, types: site.types)
      site.diagnostics += complaints
      declaration = read
    } else if isText, let twin = site.partials[name] {
      declaration = twin.declaration
    }
    let partial = Partial(file: file, declaration: declaration)
    if isText { site.textPartials[name] = partial } else { site.partials[name] = partial }
  }

  private mutating func loadSamples(
    _ path: String, _ name: String, _ declaration: TemplateDeclaration, _ template: SourceID, among paths: Set<String>
  ) throws(FileFailure) {
    guard paths.contains(path) else {
      if declaration.variables.isEmpty {
        site.samples[name] = [
          SampleChecker.Sample(name: "default", range: SourceRange(template, 0, 0), value: .record([]))
        ]
      } else {
        let sketch = SampleSketch.file(for: declaration.variables).map { ["such as '\($0)'"] } ?? []
        site.diagnostics.append(
          Diagnostic(
            .noSamples, "the template has variables and no samples", at: declaration.variables[0].range,
            help: ["write a sample named 'default' into '\(path)'"] + sketch))
      }
      return
    }
    guard let (source, bytes) = try read(path) else { return }
    let (node, faults) = JSONReader.read(source: source, bytes: bytes)
    site.diagnostics += faults
    guard let node else { return }
    let (samples, complaints) = SampleChecker.read(node, against: declaration.variables)
    site.diagnostics += complaints
    site.samples[name] = samples
  }

  private mutating func loadCatalog(_ path: String, name: String) throws(FileFailure) {
    guard let (source, bytes) = try read(path) else { return }
    let tag = String(name[..<(name.lastIndex(of: ".") ?? name.endIndex)])
    let supported = site.configuration?.locales.supported ?? []
    if !supported.isEmpty, !supported.contains(tag) {
      let nearest = Suggestion.nearest(to: tag, among: supported)
      let question = nearest.map { "; did you mean '\($0)'?" } ?? ""
      site.diagnostics.append(
        Diagnostic(
          .unknownLocaleFile, "'\(tag)' is not a supported locale of the site\(question)",
          at: SourceRange(source, 0, 0), help: ["list it under 'locales: supported' in galley.yml, or rename the file"])
      )
      return
    }
    let (node, faults) =
      path.hasSuffix(".json")
      ? JSONReader.read(source: source, bytes: bytes) : YAMLReader.read(source: source, bytes: bytes)
    site.diagnostics += faults
    guard let node else { return }
    let (catalog, complaints) = Catalog.read(node, locale: tag)
    site.diagnostics += complaints
    catalogs.append(catalog)
  }

  private mutating func joinCatalogs() {
    guard let locales = site.configuration?.locales else { return }
    site.catalogs = Catalogs(catalogs, defaultLocale: locales.defaultTag, fallbacks: locales.fallback)
    site.diagnostics += site.catalogs.parity()
  }

  // MARK: Pieces

  /// Reads and checks a text; nil where it can't be used, which was reported.
  private mutating func read(_ path: String) throws(FileFailure) -> (SourceID, [UInt8])? {
    let reading = try site.sources.read(path, from: files)
    site.diagnostics += reading.diagnostics
    guard let id = reading.id, reading.isText, !reading.diagnostics.hasErrors else { return nil }
    return (id, site.sources[id].bytes)
  }

  private mutating func frontMatter(of file: TemplateFile, _ bytes: [UInt8]) -> DataNode? {
    guard let range = file.frontMatter else { return nil }
    let (node, faults) = YAMLReader.read(source: file.source, bytes: bytes, range: range)
    site.diagnostics += faults
    if node == nil, !faults.hasErrors { return DataNode(.mapping([]), at: range) }
    return node
  }

  private mutating func complain(_ path: String, _ message: String) {
    site.diagnostics.append(
      Diagnostic(
        .strayFile, message, at: nil, help: ["move '\(path)' out of the site's folders, or rename it"]))
  }

  private static func split(_ path: String) -> (folder: String, below: String) {
    guard let slash = path.firstIndex(of: "/") else { return ("", path) }
    return (String(path[..<slash]), String(path[path.index(after: slash)...]))
  }

  private static func suffix(of path: String) -> String {
    guard let dot = path.lastIndex(of: ".") else { return "" }
    return String(path[path.index(after: dot)...])
  }
}
