import GalleySource
import GalleyTemplate

/// A site around one template, with declarations, globals and messages that never change.
///
/// What is fuzzed is the content of the template and of one partial, or of the subject; all else is here, so that most
/// of what a fuzzer makes up has something to mean.
struct TemplateSite {
  /// The files: `galley.yml`, the catalog, the partial and the template.
  private(set) var sources = SourceSet()
  /// The template called `test`.
  let template: Template
  /// The partial called `p`.
  let partial: Partial
  /// The locale that is written in, and its messages.
  let locale: String
  let catalogs: Catalogs
  /// Where the texts of both lead.
  private let places: PlaceTable
  /// What parser and checker say of the template and the partial.
  private(set) var diagnostics: [Diagnostic]

  /// Makes the site of an input: the content of the template, and what its second part is.
  init(_ input: FuzzInput) {
    self.init(
      body: input.first, other: input.second ?? [], isSubject: input.has("s"), hasLayout: input.has("l"))
  }

  /// Makes a site around `body`; `other` is the subject where `isSubject` says so, and the partial where not.
  init(
    body: [UInt8], other: [UInt8] = [], isSubject: Bool = false, hasLayout: Bool = false, locale: String = "en-ZA",
    messages: [String: String] = Self.messages
  ) {
    let place = SourceRange(sources.add(path: "galley.yml", bytes: Array("types".utf8)), 0, 5)
    self.locale = locale
    let (catalog, misspelled) = Self.catalog(messages, locale, &sources)
    catalogs = Catalogs([catalog], defaultLocale: locale)
    let called = sources.add(path: "partials/p.html", bytes: isSubject ? Array(Self.plainPartial.utf8) : other)
    let (file, faults) = TemplateParser.parse(source: called, bytes: sources[called].bytes, name: "p")
    partial = Partial(file: file, declaration: Self.partialDeclaration(place))
    let source = sources.add(path: "templates/test.html", bytes: body)
    let (content, complaints) = TemplateParser.parse(source: source, bytes: body, name: "test")
    var declaration = TemplateDeclaration(key: "test", variables: Self.variables(place))
    diagnostics = misspelled + faults + complaints
    if isSubject {
      let line = sources.add(path: "subject", bytes: other)
      let (fragment, found) = TemplateParser.parseFragment(
        source: line, range: SourceRange(line, 0, other.count), bytes: other)
      declaration.subject = fragment
      diagnostics += found
    }
    if hasLayout {
      declaration.layout = TemplateDeclaration.Layout(
        name: "p", nameRange: place,
        arguments: [Argument(name: "label", nameRange: place, value: .literal(.string("a & b"), place))])
    }
    template = Template(file: content, declaration: declaration)
    places = PlaceTable([template.file, partial.file], sources: sources)
    let library = PartialLibrary([partial])
    var globals = Self.recordType(Self.globals(Self.harmless), place)
    globals.fields.append(Declaration(name: "mail", type: .record(Self.recordType(Self.mail, place)), range: place))
    diagnostics += library.diagnostics
    diagnostics +=
      Checker.check(template: template, library: library, globals: globals, sources: sources).diagnostics
      + Checker.check(partial: partial, library: library, globals: globals, sources: sources).diagnostics
    // Nobody uses all that there is.
    diagnostics.removeAll { $0.code.name.hasPrefix("template/unused-") }
  }

  /// Whether nothing is wrong but what may look like another language.
  var isSound: Bool { !diagnostics.contains { $0.severity == .error && $0.code != .foreignTag } }

  /// What the template comes to in a dialect with some variables known; `known` is a record.
  func specialized(
    _ dialect: Dialect, known: Value = .record([]), globals: Value? = nil, withPlaces: Bool = true
  ) -> Specialization {
    var environment = Specializer.Environment(
      sources: sources, partials: ["p": partial], globals: globals ?? Self.globals(Self.harmless), catalogs: catalogs,
      locale: locale, dialect: dialect)
    if withPlaces { environment.places = places }
    environment.limits.expansions = 1_000
    environment.limits.bytes = 1 << 18
    if case .record(let fields) = known {
      environment.known = Dictionary(fields.map { ($0.name, $0.value) }) { first, _ in first }
    }
    return Specializer.specialize(template, in: environment)
  }

  // MARK: Declarations

  private static let plainPartial = "{{label}}{{> @partial-block}}"

  /// Variables of every type.
  static func variables(_ place: SourceRange) -> [Declaration] {
    func declare(_ name: String, _ type: ValueType, isOptional: Bool = false, default: Value? = nil) -> Declaration {
      Declaration(name: name, type: type, isOptional: isOptional, defaultValue: `default`, range: place)
    }
    let address = ValueType.record(
      RecordType(
        name: "Address",
        fields: [declare("street", .string), declare("city", .string), declare("line2", .string, isOptional: true)]))
    let item = ValueType.record(
      RecordType(
        name: "LineItem",
        fields: [
          declare("description", .string), declare("quantity", .integer), declare("total", .money(currency: "ZAR")),
          declare("note", .string, isOptional: true), declare("link", .url),
        ]))
    return [
      declare("name", .string), declare("count", .integer), declare("price", .decimal),
      declare("amount", .money(currency: "ZAR")), declare("flag", .boolean), declare("url", .url),
      declare("part", .urlPart), declare("contact", .email), declare("hue", .color), declare("markup", .html),
      declare("day", .date), declare("status", .enumeration(["PENDING", "PAID"])),
      declare("note", .string, isOptional: true), declare("size", .integer, isOptional: true),
      declare("greeting", .string, default: .string("friend")), declare("items", .list(item)),
      declare("more", .list(.string), isOptional: true), declare("address", address),
      declare("other", address, isOptional: true), declare("lists", .list(.list(.string))),
    ]
  }

  private static func partialDeclaration(_ place: SourceRange) -> PartialDeclaration {
    PartialDeclaration(
      parameters: [
        Declaration(name: "label", type: .string, range: place),
        Declaration(name: "href", type: .url, isOptional: true, range: place),
        Declaration(name: "on", type: .boolean, isOptional: true, range: place),
        Declaration(name: "n", type: .integer, isOptional: true, range: place),
        Declaration(
          name: "tone", type: .enumeration(["info", "success"]), defaultValue: .string("info"), range: place),
      ], slots: [PartialDeclaration.Slot(name: "foot", isRequired: false, description: nil, range: place)])
  }

  // MARK: Messages

  /// The messages by key.
  static let messages = [
    "greet": "Hi {name}, it''s & '{'", "plain": "A '<b>' x", "two": "{a}/{b}",
    "many": "{n, plural, =0 {no <x>things</x>} one {# {s, select, PAID {paid} other {open}} thing} other {# {a}}}",
    "rank": "the {n, selectordinal, one {#st} two {#nd} few {#rd} other {#th}}", "terms": "Read <x>the {a}</x>",
    "share": "{n, number, percent} of it",
  ]

  private static func catalog(
    _ messages: [String: String], _ locale: String, _ sources: inout SourceSet
  ) -> (Catalog, [Diagnostic]) {
    let sorted = messages.sorted { $0.key < $1.key }
    let bytes = Array(sorted.map(\.value).joined(separator: "\n").utf8)
    let source = sources.add(path: "locales/\(locale).yml", bytes: bytes)
    var position = 0
    var entries: [DataNode.Entry] = []
    for (key, text) in sorted {
      let range = SourceRange(source, position, position + text.utf8.count)
      entries.append(DataNode.Entry(key: key, keyRange: range, value: DataNode(.string(text), at: range)))
      position = range.end + 1
    }
    let node = DataNode(.mapping(entries), at: SourceRange(source, 0, bytes.count))
    return Catalog.read(node, locale: locale)
  }

  // MARK: Values

  /// A text that means nothing anywhere.
  static let harmless = "harmless"

  /// The globals, with a text of one's choice in them.
  static func globals(_ text: String) -> Value {
    record(
      ("site", record(("name", .string(text)))),
      (
        "env",
        record(
          ("name", .string("dev")), ("portalUrl", .string("https://portal.shop.example")),
          ("assetsUrl", .string("https://assets.shop.example")))
      ), ("locale", record(("tag", .string("en-ZA")), ("language", .string("en")), ("dir", .string("ltr")))),
      (
        "data",
        record(
          ("text", .string(text)), ("color", .string("#0066cc")), ("year", .integer(2026)), ("rate", .decimal("0.25")),
          ("on", .boolean(true)), ("off", .boolean(false)), ("none", .string("")),
          (
            "links",
            .list([
              record(("label", .string(text)), ("href", .string("https://shop.example/help?a=1&b=2"))),
              record(("label", .string("Terms")), ("href", .string("https://shop.example/terms"))),
            ])
          ))
      ))
  }

  /// What a template can ask of its own mail.
  private static let mail = record(
    ("id", .string("x")), ("category", .string("x")), ("audience", .string("x")), ("subject", .string("x")),
    ("preheader", .string("x")))

  /// Data with a text of one's choice wherever texts may be chosen; everything is there.
  static func data(_ text: String, count: Int = 3) -> Value {
    let any = Value.string(text)
    let url = Value.string("https://shop.example/?x=" + text.filter { $0 != " " })
    func item(_ quantity: Int) -> Value {
      record(
        ("description", any), ("quantity", .integer(quantity)), ("total", any), ("note", any), ("link", url))
    }
    let place = record(("street", any), ("city", any), ("line2", any))
    return record(
      ("name", any), ("count", .integer(count)), ("price", .decimal("9.90")), ("amount", any), ("flag", .boolean(true)),
      ("url", url), ("part", any), ("contact", any), ("hue", .string("#0066cc")), ("markup", .string("<b>m</b>")),
      ("day", any), ("status", .string("PAID")), ("note", any), ("size", .integer(7)), ("greeting", any),
      ("items", .list([item(1), item(2), item(0)])), ("more", .list([any, .string("x")])), ("address", place),
      ("other", place), ("lists", .list([.list([any]), .list([]), .list([any, any])])))
  }

  /// Data without all that may be absent, and with what is false.
  static let sparse = record(
    ("name", .string("")), ("count", .integer(0)), ("price", .decimal("0.0")), ("amount", .string("R 1")),
    ("flag", .boolean(false)), ("url", .string("https://shop.example")), ("part", .string("")),
    ("contact", .string("a@shop.example")), ("hue", .string("red")), ("markup", .string("")), ("day", .string("")),
    ("status", .string("PENDING")), ("items", .list([])),
    ("address", record(("street", .string("")), ("city", .string("x")))), ("lists", .list([])))

  static func record(_ fields: (String, Value)...) -> Value { .record(fields.map { Value.Field($0, $1) }) }

  private static func recordType(_ value: Value, _ place: SourceRange) -> RecordType {
    guard case .record(let fields) = value else { return RecordType(name: nil, fields: []) }
    return RecordType(
      name: nil, fields: fields.map { Declaration(name: $0.name, type: type(of: $0.value, place), range: place) })
  }

  /// The type that a value shows.
  private static func type(of value: Value, _ place: SourceRange) -> ValueType {
    switch value {
    case .null: .string
    case .boolean: .boolean
    case .integer: .integer
    case .decimal: .decimal
    case .string(let text): ValueType(inferring: text)
    case .list(let items): .list(items.first.map { type(of: $0, place) } ?? .invalid)
    case .record: .record(recordType(value, place))
    }
  }
}
