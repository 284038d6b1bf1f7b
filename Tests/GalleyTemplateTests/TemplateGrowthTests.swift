import GalleySource
import GalleyTemplate
import Growth
import Testing

/// A kind of template that can be as long as one likes.
struct LongTemplate: Sendable, CustomTestStringConvertible {
  let name: String
  /// How many of its pieces make an input that takes long enough to be measured.
  var size = 150
  /// The entries of the front matter besides the common variables.
  var variables: @Sendable (Int) -> String = { _ in "" }
  /// The globals, where they are not the common ones.
  var globals: (@Sendable (Int) -> String)?
  /// The messages, where they are not the common ones.
  var messages: (@Sendable (Int) -> String)?
  let body: @Sendable (Int) -> String

  var testDescription: String { name }

  /// A shape that repeats one piece.
  init(_ name: String, size: Int = 150, repeating piece: String) {
    self.name = name
    self.size = size
    body = { String(repeating: piece, count: $0) }
  }

  init(_ name: String, size: Int = 150, body: @escaping @Sendable (Int) -> String) {
    self.name = name
    self.size = size
    self.body = body
  }

  static let partials = [
    "p": """
    ---
    {parameters: {label: string, href: {type: url, optional: true}}, slots: {foot: {}}}
    ---
    <p title="{{label}}">{{#if href}}<a href="{{href}}">{{label}}</a>{{/if}}{{> @partial-block}}\
    {{#> foot}}-{{/foot}}</p>
    """
  ]

  static let all: [LongTemplate] = [
    LongTemplate("text", size: 1500, repeating: "<p class=\"a\">Some words &amp; more</p>\n"),
    LongTemplate(
      "values", repeating: "<a href=\"{{url}}\" title=\"{{name}} {{data.quote}}\">{{count}} {{address.city}}</a>\n"),
    LongTemplate("conditions", repeating: "{{#if note}}{{note}}{{else if size}}{{size}}{{else}}-{{/if}}\n"),
    LongTemplate(
      "chains", size: 4,
      repeating: "{{#if (eq count 0)}}0" + (1..<60).map { "{{else if (eq count \($0))}}\($0)" }.joined() + "{{/if}}\n"),
    LongTemplate(
      "nesting to the limit", size: 4,
      repeating: String(repeating: "{{#if flag}}<b>", count: 60) + String(repeating: "</b>{{/if}}", count: 60) + "\n"),
    LongTemplate(
      "contexts within contexts", size: 8,
      repeating: String(repeating: "{{#with address as |a|}}", count: 40) + "{{city}}"
        + String(repeating: "{{/with}}", count: 40) + "\n"),
    LongTemplate(
      "loops", repeating: "{{#each items as |item i|}}<td>{{item.total}} {{i}}{{../name}}</td>{{else}}none{{/each}}\n"),
    LongTemplate("logic", repeating: "{{#if (and flag (or (not note) (gt count 2)) (ne status \"PAID\"))}}x{{/if}}\n"),
    LongTemplate(
      "calls", repeating: "{{#> p label=name href=url}}<i>{{name}}</i>{{#*inline \"foot\"}}{{count}}{{/inline}}{{/p}}\n"
    ),
    LongTemplate("messages", repeating: "{{t \"greet\" name=name}} {{t \"many\" n=count a=name}}\n"),
    LongTemplate("tags in a row", size: 400, repeating: "{{name}}{{! x }}{{~name~}} \n"),
    LongTemplate("a long value", size: 3000) { "<p title=\"" + String(repeating: "a", count: $0) + "{{name}}\">\n" },
    LongTemplate(
      "a long line of conditions in one tag", repeating: "{{#if flag}}<b title=\"{{name}}\">{{else}}<b>{{/if}}</b>"),
    manyVariables, knownLoop, knownText, manyMessages,
  ]

  private static let manyVariables: LongTemplate = {
    var shape = LongTemplate("variables") { (0..<$0).map { "{{variable\($0)}}\n" }.joined() }
    shape.variables = { (0..<$0).map { ", variable\($0): string" }.joined() }
    return shape
  }()

  private static let knownLoop: LongTemplate = {
    var shape = LongTemplate("known lists") { _ in
      "{{#each data.list as |entry|}}<td>{{entry.label}} {{@index}}{{#unless @last}},{{/unless}}</td>{{/each}}"
    }
    shape.globals = { count in
      "{data: {list: [\((0..<count).map { "{label: \"a & \($0)\"}" }.joined(separator: ", "))]}}"
    }
    return shape
  }()

  private static let knownText: LongTemplate = {
    var shape = LongTemplate("joined lists", size: 1000) { _ in
      "<p title='{{join data.list \" & \"}}'>{{data.text}}</p>"
    }
    shape.globals = { count in
      let list = (0..<count).map { "\"entry \($0)\"" }.joined(separator: ", ")
      return "{data: {list: [\(list)], text: \"\(String(repeating: "<a> & ", count: count))\"}}"
    }
    return shape
  }()

  private static let manyMessages: LongTemplate = {
    var shape = LongTemplate("messages of their own") { (0..<$0).map { "{{t \"key\($0)\" a=name}}\n" }.joined() }
    shape.messages = { "{\((0..<$0).map { "key\($0): \"Hello {a}, it''s \($0)\"" }.joined(separator: ", "))}" }
    return shape
  }()

  /// The template with so many pieces, read but not checked, in a site.
  func site(_ count: Int) -> (site: EvaluationSite, template: Template) {
    let common = "{greet: \"Hi {name}\", many: \"{n, plural, one {# {a}} other {# & {a}}}\"}"
    var site = EvaluationSite(
      partials: Self.partials, messages: ["en-ZA": messages?(count) ?? common],
      globals: globals?(count) ?? EvaluationSite.commonGlobals)
    // `{…}` of the common variables, with more in it.
    let declared = commonVariables.dropLast() + variables(count) + "}"
    let template = site.template("---\n{subject: Hi, \(declared)}\n---\n\(body(count))")
    return (site, template)
  }
}

@Suite struct `Growth of templates` {
  @Test(arguments: LongTemplate.all)
  func `parsing takes time in proportion`(shape: LongTemplate) {
    let growth = Growth(from: 4 * shape.size) {
      Array(shape.body($0).utf8)
    } work: {
      _ = TemplateParser.parse(source: SourceID(index: 0), bytes: $0, name: "t")
    }
    #expect(growth.isLinear, "\(growth)")
  }

  @Test(arguments: LongTemplate.all)
  func `checking takes time in proportion`(shape: LongTemplate) {
    let growth = Growth(from: shape.size) {
      shape.site($0)
    } work: { site, template in
      let library = PartialLibrary(Array(site.partials.values))
      let globals = RecordType(name: nil, fields: site.globalDeclarations)
      _ = Checker.check(template: template, library: library, globals: globals, sources: site.sources)
    }
    #expect(growth.isLinear, "\(growth)")
  }

  @Test(arguments: LongTemplate.all)
  func `evaluating takes time in proportion`(shape: LongTemplate) {
    let (site, template) = shape.site(shape.size)
    let findings = site.findings + site.rendered(Specializer.specialize(template, in: site.environment).diagnostics)
    #expect(findings.isEmpty, "\(findings.prefix(5))")
    let growth = Growth(from: shape.size) {
      shape.site($0)
    } work: { site, template in
      _ = Specializer.specialize(template, in: site.environment)
    }
    #expect(growth.isLinear, "\(growth)")
  }

  @Test(arguments: LongTemplate.all)
  func `writing and filling takes time in proportion`(shape: LongTemplate) {
    let growth = Growth(from: 2 * shape.size) { count -> AssembledText in
      let (site, template) = shape.site(count)
      return Specializer.specialize(template, in: site.environment).html
    } work: { text in
      for dialect in [Dialect.jinja, .handlebars, .go, .mustache] {
        _ = DialectWriter.write(text, dialect: dialect, part: .html)
      }
      _ = Interpreter.render(text, with: .record([]), dialect: .jinja, part: .html)
    }
    #expect(growth.isLinear, "\(growth)")
  }
}

extension EvaluationSite {
  /// The globals as declarations of what they show.
  fileprivate var globalDeclarations: [Declaration] { Self.declarations(globals) }

  private static func declarations(_ record: Value) -> [Declaration] {
    guard case .record(let fields) = record else { return [] }
    let place = SourceRange(SourceID(index: 0), 0, 0)
    return fields.map { Declaration(name: $0.name, type: type(of: $0.value), range: place) }
  }

  private static func type(of value: Value) -> ValueType {
    switch value {
    case .boolean: .boolean
    case .integer: .integer
    case .decimal: .decimal
    case .null, .string: .string
    case .list(let items): .list(items.first.map { type(of: $0) } ?? .invalid)
    case .record: .record(RecordType(name: nil, fields: declarations(value)))
    }
  }
}
