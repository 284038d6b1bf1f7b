import GalleySource
import GalleyTemplate

/// Reads the flow style of YAML, which is enough for tests: mappings, lists, quoted and plain scalars.
struct FlowReader {
  let source: SourceID
  let bytes: [UInt8]
  var position: Int
  let end: Int

  static func read(_ bytes: [UInt8], _ range: SourceRange) -> DataNode {
    var reader = FlowReader(source: range.source, bytes: bytes, position: range.start, end: range.end)
    return reader.value()
  }

  private func at(_ index: Int) -> UInt8 { index < end ? bytes[index] : 0 }

  private mutating func skip() {
    while position < end, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[position]) { position += 1 }
  }

  private func range(_ start: Int) -> SourceRange { SourceRange(source, start, position) }

  private mutating func value() -> DataNode {
    skip()
    let start = position
    switch at(position) {
    case UInt8(ascii: "{"): return mapping(start)
    case UInt8(ascii: "["):
      position += 1
      var items: [DataNode] = []
      skip()
      while position < end, at(position) != UInt8(ascii: "]") {
        let before = position
        items.append(value())
        skip()
        if position == before { position += 1 }
        if at(position) == UInt8(ascii: ",") { position += 1 }
        skip()
      }
      position = min(position + 1, end)
      return DataNode(.list(items), at: range(start))
    default: return scalar(start)
    }
  }

  private mutating func mapping(_ start: Int) -> DataNode {
    position += 1
    var entries: [DataNode.Entry] = []
    skip()
    while position < end, at(position) != UInt8(ascii: "}") {
      let before = position
      let key = scalar(position, isKey: true)
      skip()
      if at(position) == UInt8(ascii: ":") { position += 1 }
      entries.append(DataNode.Entry(key: key.string ?? "", keyRange: key.range, value: value()))
      skip()
      if position == before { position += 1 }
      if at(position) == UInt8(ascii: ",") { position += 1 }
      skip()
    }
    position = min(position + 1, end)
    return DataNode(.mapping(entries), at: range(start))
  }

  private mutating func scalar(_ start: Int, isKey: Bool = false) -> DataNode {
    let quote = at(position)
    if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
      position += 1
      var text: [UInt8] = []
      while position < end {
        if at(position) == quote, quote == UInt8(ascii: "'"), at(position + 1) == quote {
          position += 1
        } else if at(position) == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
          position += 1
        } else if at(position) == quote {
          break
        }
        text.append(at(position))
        position += 1
      }
      position = min(position + 1, end)
      return DataNode(.string(String(decoding: text, as: UTF8.self)), at: range(start))
    }
    while position < end, ![UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"), 0x0A].contains(at(position)),
      !(at(position) == UInt8(ascii: ":") && (isKey || at(position + 1) == 0x20))
    {
      position += 1
    }
    while position > start, at(position - 1) == 0x20 { position -= 1 }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    let kind: DataNode.Kind =
      if isKey { .string(text) } else if text.isEmpty || text == "null" {
        .null
      } else if text == "true" || text == "false" {
        .boolean(text == "true")
      } else if Double(text) != nil { .number(text) } else { .string(text) }
    return DataNode(kind, at: range(start))
  }
}

/// Diagnostics as "code line:column headline", sorted.
func rendered(_ diagnostics: [Diagnostic], _ sources: SourceSet) -> [String] {
  diagnostics.normalized().map { diagnostic in
    guard let range = diagnostic.range else { return "\(diagnostic.code.name) \(diagnostic.message)" }
    let bytes = sources[range.source].bytes
    let (line, column) = LineTable(bytes).position(at: range.start, in: bytes)
    return "\(diagnostic.code.name) \(line):\(column) \(diagnostic.message)"
  }
}

/// A site in memory.
struct TestSite {
  var sources = SourceSet()
  var types = TypeTable()
  var partials: [Partial] = []
  var diagnostics: [Diagnostic] = []

  static let commonTypes = """
    {LineItem: {description: string, quantity: integer, total: {type: money, currency: ZAR}, \
    note: {type: string, optional: true}, link: url}, \
    Address: {street: string, city: string, line2: {type: string, optional: true}}}
    """
  static let commonData = """
    {site: {name: BBWS}, env: {name: dev, portalUrl: "https://portal.bbws.example/"}, \
    locale: {tag: en-ZA, language: en, dir: ltr}, data: {brand: {name: BBWS, color: "#0066cc"}, year: 2026, \
    links: [{label: Help, href: "https://bbws.example/help"}]}, mail: {subject: x, preheader: x, id: x}}
    """
  /// `commonData` as a record.
  var globals = RecordType(name: nil, fields: [])

  init(_ partials: [String: String] = [:], types: String = TestSite.commonTypes) {
    let typeSource = sources.add(path: "galley.yml", bytes: Array(types.utf8))
    let (table, found) = TypeTable.read(
      FlowReader.read(Array(types.utf8), SourceRange(typeSource, 0, types.utf8.count)))
    self.types = table
    diagnostics += found
    let data = Array(Self.commonData.utf8)
    let dataSource = sources.add(path: "data.yml", bytes: data)
    if case .record(let record) = ValueType(inferring: FlowReader.read(data, SourceRange(dataSource, 0, data.count))) {
      globals = record
    }
    for (name, text) in partials.sorted(by: { $0.key < $1.key }) {
      let bytes = Array(text.utf8)
      let source = sources.add(path: "partials/\(name).html", bytes: bytes)
      let (file, parsing) = TemplateParser.parse(source: source, bytes: bytes, name: name)
      let node = file.frontMatter.map { FlowReader.read(bytes, $0) }
      let (declaration, reading) = PartialDeclaration.read(node, source: source, bytes: bytes, types: table)
      diagnostics += parsing + reading
      self.partials.append(Partial(file: file, declaration: declaration))
    }
  }

  /// Adds a template and checks it; partials are checked too if asked for.
  mutating func check(_ text: String, withPartials: Bool = false) -> (CheckResult, [String]) {
    let bytes = Array(text.utf8)
    let source = sources.add(path: "templates/test.html", bytes: bytes)
    let (file, parsing) = TemplateParser.parse(source: source, bytes: bytes, name: "test")
    let node = file.frontMatter.map { FlowReader.read(bytes, $0) }
    let (declaration, reading) = TemplateDeclaration.read(
      node, name: "test", source: source, bytes: bytes, types: types)
    let library = PartialLibrary(partials)
    let template = Template(file: file, declaration: declaration)
    let result = Checker.check(template: template, library: library, globals: globals, sources: sources)
    var all = diagnostics + parsing + reading + result.diagnostics
    if withPartials {
      all += library.diagnostics
      for partial in partials {
        all += Checker.check(partial: partial, library: library, globals: globals, sources: sources).diagnostics
      }
    }
    return (result, rendered(all, sources))
  }
}

/// The findings for a template with the given front matter entries and content; the content begins on line 4.
func findings(_ frontMatter: String, _ content: String, partials: [String: String] = [:]) -> [String] {
  var site = TestSite(partials)
  return site.check("---\n{subject: Hi, \(frontMatter)}\n---\n\(content)", withPartials: !partials.isEmpty).1
}

/// The findings for content that uses these variables: o, p, n, u, s (enumeration), opt, items, address, addr, yes, m.
func variableFindings(_ content: String) -> [String] {
  let declared = """
    variables: {o: string, n: integer, u: url, s: [PENDING, PAID], opt: {type: string, optional: true}, \
    items: {type: list, of: LineItem}, addr: Address, opta: {type: Address, optional: true}, \
    yes: boolean, m: money, h: html}
    """
  return findings(declared, content).filter { !$0.hasPrefix("template/unused-variable") }
}
