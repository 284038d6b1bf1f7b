import Galley
import GalleySource
import Testing

/// What is said about samples, for whole sites.
@Suite struct `Samples` {
  private static let template = """
    ---
    subject: Hi
    variables:
      text: {type: string, example: Ada}
      whole: integer
      part: decimal
      flag: boolean
      sum: {type: money, currency: ZAR}
      day: date
      moment: datetime
      link: url
      piece: urlPart
      contact: email
      hue: color
      markup: html
      status: [PAID, PENDING]
      lines: {type: list, of: {type: list, of: {fields: {name: string, note: {type: string, optional: true}}}}}
      extra: {type: string, optional: true}
      greeting: {type: string, default: there}
    ---
    <p style="color: {{hue}}">{{text}}{{whole}}{{part}}{{sum}}{{day}}{{moment}}{{contact}}{{status}}{{{markup}}}</p>
    <a href="{{link}}">a</a><a href="https://x.example/{{piece}}">b</a>{{#if flag}}{{greeting}}{{/if}}
    {{#each lines}}{{#each this}}{{name}}{{/each}}{{/each}}{{#if extra}}{{extra}}{{/if}}

    """

  private func findings(_ files: [String: String]) async throws -> [Diagnostic] {
    let texts = files.merging(["galley.yml": CorpusCase.configuration]) { first, _ in first }
    return await (try Workspace.open(MemoryFileSystem(texts: texts))).build().diagnostics
  }

  @Test func `a template without samples is shown a sketch that fits its types`() async throws {
    let found = try await findings(["templates/a.html": Self.template])
    let finding = try #require(found.first { $0.code.name == "sample/none" })
    let line = try #require(finding.help.last)
    let sketch = String(line.dropFirst("such as '".count).dropLast())
    #expect(sketch.hasPrefix("{\"default\":{\"contact\":\"name@example.com\""), "\(sketch)")
    let after = try await findings(["templates/a.html": Self.template, "templates/a.samples.json": sketch])
    #expect(after.filter { $0.severity == .error }.map(\.message) == [])
  }

  @Test func `a branch of a partial is told once for all templates, locales and environments`() async throws {
    let configuration = """
      name: test
      locales: {default: en, supported: [en, af, zu]}
      dialect: jinja
      environments:
        dev: {store: 's3://test-dev', region: eu-west-1}
        prod: {store: 's3://test-prod', region: eu-west-1}

      """
    var files = [
      "galley.yml": configuration,
      "partials/p.html": "---\nparameters: {x: {type: string, optional: true}}\n---\n{{#if x}}{{x}}{{/if}}\n",
    ]
    for name in ["a", "b", "c"] {
      files["templates/\(name).html"] =
        "---\nsubject: Hi\nvariables: {x: {type: string, optional: true}}\n---\n<p>{{> p x=x}}</p>\n"
      files["templates/\(name).samples.json"] = "{\"default\": {}\(name == "b" ? ", \"x\": {\"x\": \"y\"}" : "")}"
    }
    let found = try await findings(files)
    #expect(found.map(\.code.name) == ["sample/unreached-branch"])
    #expect(found.first?.notes.map(\.message) == ["'a' comes here", "'c' comes here"])
  }

  @Test func `nothing is said about branches while there are errors`() async throws {
    let found = try await findings([
      "templates/a.html": "---\nsubject: Hi\nvariables: {x: boolean}\n---\n<p>{{#if x}}a{{/if}}</p>\n",
      "templates/a.samples.json": "{\"default\": {\"x\": 1}}",
    ])
    #expect(found.map(\.code.name) == ["sample/wrong-type"])
  }
}
