import GalleySource
import GalleyTemplate
import Testing

/// The findings about `body` in a dialect, besides what is only worth knowing.
private func findings(_ body: String, _ dialect: Dialect, variables: String = commonVariables) -> [Diagnostic] {
  var site = EvaluationSite()
  site.dialect = dialect
  return site.specialize(variables, body).diagnostics.filter { $0.severity < .info }
}

/// What each dialect lacks, written out from its documentation: for each ability a construct that takes it, and the
/// dialects that can't say it, each with where to go.
@Suite struct `What a dialect can't say` {
  struct Row: Sendable, CustomTestStringConvertible {
    /// What takes the ability, in the author's words as they are quoted.
    let construct: String
    /// A body that holds it.
    let body: String
    /// The dialects that lack it, with the dialect that the way out names, or `-` for none.
    let lacking: [String: String]

    init(_ construct: String, _ body: String? = nil, _ lacking: [String: String]) {
      self.construct = construct
      self.body = body ?? construct + "x{{/if}}"
      self.lacking = lacking
    }

    var testDescription: String { construct }
  }

  private static let interpolate = ["interpolate": "jinja"]
  private static let mustaches = ["interpolate": "jinja", "mustache": "sendgrid", "mustachio": "sendgrid"]
  private static let comparing = mustaches.merging(["handlebars": "sendgrid", "ses": "sendgrid"]) { $1 }

  static let rows: [Row] = [
    Row("{{#if flag}}", nil, interpolate),
    Row("{{#if note}}", nil, ["interpolate": "jinja", "mustache": "mustachio"]),
    Row("{{#if count}}", nil, ["interpolate": "jinja", "mustache": "handlebars", "mustachio": "handlebars"]),
    Row("{{#if items}}", nil, ["interpolate": "jinja", "mustache": "mustachio"]),
    Row("{{#if address}}", "{{#if other}}x{{/if}}", interpolate),
    Row("{{#unless flag}}", "{{#unless flag}}x{{/unless}}", interpolate),
    Row("{{#if (eq flag true)}}", nil, interpolate), Row("{{#if (not flag)}}", nil, interpolate),
    Row("{{#if (eq status \"PAID\")}}", nil, comparing), Row("{{#if (ne name status)}}", nil, comparing),
    Row("{{#if (gt count 2)}}", nil, comparing), Row("{{#if (le count 2)}}", nil, comparing),
    Row(
      "{{#if (and flag note)}}", nil,
      comparing),
    Row(
      "{{#if (or flag note)}}", nil,
      comparing),
    Row(
      "{{#if (and flag note name)}}", nil,
      [
        "interpolate": "jinja", "mustache": "liquid", "mustachio": "liquid", "handlebars": "liquid", "ses": "liquid",
        "sendgrid": "liquid",
      ]),
    Row(
      "{{#if (or (and flag note) (and name flag))}}", nil,
      [
        "interpolate": "jinja", "mustache": "jinja", "mustachio": "jinja", "handlebars": "jinja", "ses": "jinja",
        "sendgrid": "jinja", "liquid": "jinja",
      ]),
    Row("{{#each items}}", "{{#each items}}{{description}}{{/each}}", interpolate),
    Row("{{#each more}}", "{{#each more}}{{this}}{{else}}x{{/each}}", interpolate),
    Row(
      "{{@index}}", "{{#each items}}{{@index}}{{/each}}",
      ["interpolate": "-", "mustache": "handlebars", "mustachio": "handlebars", "sendgrid": "handlebars"]),
    Row(
      "{{#unless @last}}", "{{#each items}}x{{#unless @last}}, {{/unless}}{{/each}}",
      ["interpolate": "-", "mustache": "handlebars", "mustachio": "handlebars", "sendgrid": "handlebars"]),
    Row("{{address.city}}", "{{address.city}}", interpolate),
    Row(
      "{{default note \"x\"}}", "{{default note \"x\"}}", ["interpolate": "jinja", "mustache": "mustachio"]),
    Row(
      "{{default size 3}}", "{{default size 3}}",
      ["interpolate": "jinja", "mustache": "-", "mustachio": "-", "sendgrid": "-"]),
  ]

  @Test(arguments: rows)
  func `it is an error at the construct, and the way out is named`(row: Row) throws {
    for name in Dialect.names {
      let dialect = try #require(Dialect.named(name))
      var site = EvaluationSite()
      site.dialect = dialect
      let found = site.specialize(commonVariables, row.body).diagnostics.filter { $0.severity < .info }
      guard let way = row.lacking[name] else {
        #expect(found.isEmpty, "\(name): \(site.rendered(found))")
        continue
      }
      #expect(found.map(\.code.name) == ["dialect/inexpressible"], "\(name): \(site.rendered(found))")
      guard let finding = found.first else { continue }
      let construct = finding.range.map { site.sources.text($0) }
      #expect(construct == row.construct || row.body.hasPrefix(construct ?? "-"), "\(name): \(construct ?? "")")
      #expect(finding.message.contains("'\(name)' has no "), "\(name): \(finding.message)")
      #expect(!finding.help.isEmpty)
      let named = finding.help.last.flatMap { help in
        Dialect.names.first { help.hasSuffix("'dialect: \($0)'") }
      }
      #expect(named == way || way == "-", "\(name): \(finding.help)")
      // Whoever takes the way out arrives.
      if let named, let next = Dialect.named(named) {
        #expect(findings(row.body, next).isEmpty, "\(name) to \(named)")
      }
    }
  }
}

/// How deep, how long and how named: what engines and services take at most, each limit from both sides.
@Suite struct `Limits of dialects` {
  /// The codes for conditions within one another around the given loops; a partial holds thirty.
  private func codes(conditions: Int, loops: Int, _ dialect: Dialect) -> [String] {
    let shell =
      String(repeating: "{{#if on}}", count: 30) + "{{> @partial-block}}" + String(repeating: "{{/if}}", count: 30)
    var site = EvaluationSite(partials: ["shell": "---\n{parameters: {on: boolean}}\n---\n\(shell)"])
    site.dialect = dialect
    let lists = (0..<loops).map { "l\($0): {type: list, of: string}" }
    let (shells, rest) = (conditions / 30, conditions % 30)
    let result = site.specialize(
      "variables: {" + (["flag: boolean"] + lists).joined(separator: ", ") + "}",
      String(repeating: "{{#> shell on=flag}}", count: shells) + String(repeating: "{{#if flag}}", count: rest)
        + (0..<loops).map { "{{#each @root.l\($0)}}" }.joined() + "x" + String(repeating: "{{/each}}", count: loops)
        + String(repeating: "{{/if}}", count: rest) + String(repeating: "{{/shell}}", count: shells))
    #expect(site.findings.isEmpty)
    #expect(result.diagnostics.allSatisfy { !$0.help.isEmpty || $0.severity == .info })
    return result.diagnostics.filter { $0.severity < .info }.map(\.code.name)
  }

  @Test func `blocks stand as deep within one another as the engine takes, and no deeper`() throws {
    for (name, blocks, loops) in [("jinja", 98, 20), ("liquid", 30, 26)] {
      let dialect = try #require(Dialect.named(name))
      for (conditions, loopCount, isFine) in [
        (blocks - 1, 0, true), (blocks, 0, true), (blocks + 1, 0, false), (0, loops - 1, true), (0, loops, true),
        (0, loops + 1, false), (blocks - loops, loops, true), (blocks - loops + 1, loops, false),
        (blocks + 9, 0, false),
      ] {
        #expect(
          codes(conditions: conditions, loops: loopCount, dialect) == (isFine ? [] : ["dialect/nesting"]),
          "\(name) \(conditions) and \(loopCount) loops")
      }
    }
    for name in ["go", "handlebars", "ses", "sendgrid", "mustache"] {
      #expect(codes(conditions: 80, loops: 30, try #require(Dialect.named(name))).isEmpty, "\(name)")
    }
  }

  @Test func `what is decided when the site is built does not count`() {
    let body = String(repeating: "{{#each data.links}}", count: 3) + String(repeating: "{{#if data.year}}", count: 40)
    let ends = String(repeating: "{{/if}}", count: 40) + String(repeating: "{{/each}}", count: 3)
    #expect(findings(body.replacing("data.", with: "@root.data.") + "x" + ends, .liquid).isEmpty)
  }

  @Test func `who escapes is told where the dialect does not`() throws {
    for name in Dialect.names {
      let dialect = try #require(Dialect.named(name))
      var site = EvaluationSite()
      site.dialect = dialect
      let found = site.specialize(
        commonVariables, "<p title=\"{{name}}\">{{name}}{{note}}</p><a href=\"{{url}}\">x</a>"
      )
      .diagnostics.filter { $0.severity == .info }
      let isCaller = ["ses", "interpolate"].contains(name)
      #expect(
        site.rendered(found)
          == (isCaller
            ? ["dialect/caller-escapes 4:11 '\(name)' escapes nothing, so the caller must escape 'name', 'note', 'url'"]
            : []))
      #expect(found.allSatisfy { $0.help.count == 2 })
      // What is not printed into HTML is nobody's to escape.
      #expect(site.specialize(commonVariables, "<p>x</p>").diagnostics.isEmpty)
    }
  }

  @Test func `names are case-sensitive, and what a dialect keeps for itself is refused`() throws {
    for (name, reserved) in [
      ("jinja", ["loop", "range", "none"]), ("liquid", ["forloop", "empty", "blank"]),
      ("handlebars", ["lookup", "log", "with"]),
      ("ses", ["lookup", "each", "this"]), ("sendgrid", ["length", "insert", "date", "equals"]),
    ] {
      let dialect = try #require(Dialect.named(name))
      for word in reserved {
        #expect(!dialect.canName(word), "\(name) \(word)")
        let other = word.prefix(1).uppercased() + word.dropFirst()
        #expect(dialect.canName(other) || other == "None", "\(name) \(other)")
      }
    }
  }
}
