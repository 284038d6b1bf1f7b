import GalleySource
import GalleyTemplate

/// A site in memory that templates are evaluated in.
struct EvaluationSite {
  var sources = SourceSet()
  var types = TypeTable()
  var partials: [String: Partial] = [:]
  var catalogs = Catalogs([], defaultLocale: "en-ZA")
  var globals = Value.record([])
  var locale = "en-ZA"
  var dialect = Dialect.jinja
  var limits = Specializer.Limits()
  var known: [String: Value] = [:]
  /// What the reading of all of this found.
  var diagnostics: [Diagnostic] = []

  static let commonGlobals = """
    {site: {name: "BBWS & Co"}, env: {name: dev, portalUrl: "https://portal.bbws.example", assetsUrl: "https://a.example"}, \
    locale: {tag: en-ZA, language: en, dir: ltr}, data: {brand: {name: BBWS, color: "#0066cc", bad: "red;x:y"}, \
    year: 2026, evil: "javascript:alert(1)", quote: 'a "b" <c> & d', email: "help@bbws.example", \
    links: [{label: Help, href: "https://bbws.example/help?a=1&b=2"}, {label: Terms, href: "https://bbws.example/t"}]}}
    """

  init(
    partials: [String: String] = [:], messages: [String: String] = [:], types: String = TestSite.commonTypes,
    globals: String = Self.commonGlobals
  ) {
    let (typeNode, _) = read(types, path: "galley.yml")
    let (table, _) = TypeTable.read(typeNode)
    self.types = table
    self.globals = Value(read(globals, path: "data.yml").0)
    for (name, text) in partials.sorted(by: { $0.key < $1.key }) { addPartial(name, text) }
    var read: [Catalog] = []
    for (locale, text) in messages.sorted(by: { $0.key < $1.key }) {
      let (catalog, findings) = Catalog.read(self.read(text, path: "locales/\(locale).yml").0, locale: locale)
      read.append(catalog)
      diagnostics += findings
    }
    catalogs = Catalogs(read, defaultLocale: "en-ZA")
  }

  mutating func read(_ text: String, path: String) -> (DataNode, SourceID) {
    let bytes = Array(text.utf8)
    let source = sources.add(path: path, bytes: bytes)
    return (FlowReader.read(bytes, SourceRange(source, 0, bytes.count)), source)
  }

  mutating func addPartial(_ name: String, _ text: String) {
    let bytes = Array(text.utf8)
    let source = sources.add(path: "partials/\(name).html", bytes: bytes)
    let (file, parsing) = TemplateParser.parse(source: source, bytes: bytes, name: name)
    let node = file.frontMatter.map { FlowReader.read(bytes, $0) }
    let (declaration, reading) = PartialDeclaration.read(node, source: source, bytes: bytes, types: types)
    diagnostics += parsing + reading
    partials[name] = Partial(file: file, declaration: declaration)
  }

  mutating func template(_ text: String) -> Template {
    let bytes = Array(text.utf8)
    let source = sources.add(path: "templates/test.html", bytes: bytes)
    let (file, parsing) = TemplateParser.parse(source: source, bytes: bytes, name: "test")
    let node = file.frontMatter.map { FlowReader.read(bytes, $0) }
    let (declaration, reading) = TemplateDeclaration.read(
      node, name: "test", source: source, bytes: bytes, types: types)
    diagnostics += parsing + reading
    return Template(file: file, declaration: declaration)
  }

  /// What the reading found, in words.
  var findings: [String] { rendered(diagnostics) }

  /// Diagnostics in words.
  func rendered(_ diagnostics: [Diagnostic]) -> [String] { GalleyTemplateTests.rendered(diagnostics, sources) }

  var environment: Specializer.Environment {
    var environment = Specializer.Environment(
      sources: sources, partials: partials, globals: globals, catalogs: catalogs, locale: locale, dialect: dialect)
    environment.limits = limits
    environment.known = known
    return environment
  }

  /// Evaluates a template with the given variables and body; its content begins on line 4.
  mutating func specialize(_ frontMatter: String = "", _ body: String) -> Specialization {
    let template = template("---\n{\(frontMatter.isEmpty ? "" : frontMatter + ", ")subject: Hi}\n---\n\(body)")
    return Specializer.specialize(template, in: environment)
  }

  /// The written HTML, or the findings where there are any, besides what is only worth knowing.
  mutating func written(_ frontMatter: String = "", _ body: String) -> String {
    let result = specialize(frontMatter, body)
    let findings = (diagnostics + result.diagnostics).filter { $0.severity < .info }
    if !findings.isEmpty { return rendered(findings).joined(separator: "\n") }
    return String(decoding: DialectWriter.write(result.html, dialect: dialect, part: .html), as: UTF8.self)
  }
}

/// Variables of every type.
let commonVariables = """
  variables: {name: string, count: integer, price: decimal, amount: {type: money, currency: ZAR}, flag: boolean, \
  url: url, part: urlPart, contact: email, hue: color, markup: html, day: date, status: [PENDING, PAID], \
  note: {type: string, optional: true}, size: {type: integer, optional: true}, items: {type: list, of: LineItem}, \
  more: {type: list, of: string, optional: true}, address: Address, other: {type: Address, optional: true}, \
  greeting: {type: string, optional: true, default: friend}, lists: {type: list, of: {type: list, of: string}}}
  """

/// What `body` becomes in Jinja with the common variables, or the findings.
func jinja(_ body: String, partials: [String: String] = [:], messages: [String: String] = [:]) -> String {
  var site = EvaluationSite(partials: partials, messages: messages)
  return site.written(commonVariables, body)
}

extension Value {
  /// The value of a node; numbers with a point keep their spelling.
  init(_ node: DataNode) {
    self =
      switch node.kind {
      case .null: .null
      case .boolean(let value): .boolean(value)
      case .number(let text): Int(text).map { .integer($0) } ?? .decimal(text)
      case .string(let text): .string(text)
      case .list(let items): .list(items.map { Value($0) })
      case .mapping(let entries): .record(entries.map { Field($0.key, Value($0.value)) })
      }
  }
}
