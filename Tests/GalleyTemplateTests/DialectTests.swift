import GalleySource
import GalleyTemplate
import Testing

/// What `body` becomes in the dialect `interpolate`, or the findings.
private func interpolated(_ body: String, globals: String = "{data: {}}") -> String {
  var site = EvaluationSite(globals: globals)
  site.dialect = .interpolate
  return site.written(commonVariables, body)
}

/// Literal text, through a known value so that the parser does not see it.
private func literal(_ text: String, in body: String, _ dialect: Dialect, part: MailPart = .html) -> String {
  var site = EvaluationSite()
  site.dialect = dialect
  site.globals = .record([.init("data", .record([.init("v", .string(text))]))])
  let result = site.specialize(commonVariables, body)
  #expect(result.diagnostics.allSatisfy { $0.severity == .info })
  return String(decoding: DialectWriter.write(result.html, dialect: dialect, part: part), as: UTF8.self)
}

@Suite struct `Dialects` {
  @Test func `a dialect is found by its name`() {
    #expect(
      Dialect.names == [
        "go", "handlebars", "interpolate", "jinja", "liquid", "mustache", "mustachio", "sendgrid", "ses",
      ])
    #expect(Dialect.named("jinja") == .jinja)
    #expect(Dialect.named("jnja") == nil)
  }

  @Test func `names that mean something else in a dialect are refused once`() {
    var site = EvaluationSite()
    let result = site.specialize("variables: {range: string}", "{{range}}{{range}}")
    #expect(site.rendered(result.diagnostics) == ["dialect/name 4:1 'range' means something else in 'jinja'"])
    #expect(Dialect.jinja.canName("order_id2"))
    for name in ["", "2nd", "a-b", "é", "not", "loop"] { #expect(!Dialect.jinja.canName(name), "\(name)") }
  }

  @Test func `interpolate says plain variables and nothing else`() {
    #expect(
      interpolated("{{name}} <a href=\"{{url}}\">{{count}}</a>") == "{{name}} <a href=\"{{url}}\">{{count}}</a>")
    let refused = [
      ("{{#if note}}x{{/if}}", "4:1 '{{#if note}}' depends on a variable, and 'interpolate' has no conditions"),
      ("{{#each items}}x{{/each}}", "4:1 '{{#each items}}' depends on a variable, and 'interpolate' has no loops"),
      ("{{address.city}}", "4:1 '{{address.city}}' depends on a variable, and 'interpolate' has no fields of records"),
      (
        "{{default note \"x\"}}",
        "4:1 '{{default note \"x\"}}' depends on a variable, and 'interpolate' has no fallback values"
      ),
    ]
    for (body, finding) in refused { #expect(interpolated(body) == "dialect/inexpressible " + finding) }
  }

  @Test func `one construct that can't be said is one complaint, with the way out`() {
    var site = EvaluationSite()
    site.dialect = .interpolate
    let result = site.specialize(commonVariables, "{{#if (eq status \"PAID\")}}x{{/if}}")
    #expect(result.diagnostics.count == 1)
    #expect(
      result.diagnostics.first?.help == [
        "let the service pass a variable that holds the finished value",
        "or use a dialect that can say it, such as 'dialect: jinja'",
      ])
  }

  @Test func `the caller's duties are what the dialect does not do`() {
    for escaping in [Escaping.html, .url, .urlPart, .address, .line, .none] {
      #expect(Dialect.jinja.callerDuty(for: escaping) == nil)
      #expect(Dialect.interpolate.callerDuty(for: escaping) == (escaping == .none ? nil : escaping))
    }
  }
}

@Suite struct `Literal text in dialects` {
  @Test(arguments: [
    ("{{x}}", "{{ '{' }}{x}}"), ("{%x%}", "{{ '{' }}%x%}"), ("{#", "{{ '{' }}#"), ("{{{", "{{ '{{' }}{"),
    ("{ {", "{ {"),
    ("}} %} #}", "}} %} #}"), ("a\rb", "a{{ '\\r' }}b"), ("a\r\nb", "a{{ '\\r' }}\nb"), ("{\r", "{{ '{\\r' }}"),
    ("x\n", "x\n\n"), ("x\n\n", "x\n\n\n"),
  ])
  func `jinja prints what it would read as its own`(text: String, written: String) {
    #expect(literal(text, in: "{{data.v}}", .jinja) == written)
  }

  @Test func `a brace directly before a hole is protected`() {
    #expect(literal("{", in: "{{data.v}}{{name}}", .jinja) == "{{ '{' }}{{ name|e }}")
    #expect(literal("{", in: "{{data.v}}{{#if flag}}{{/if}}", .jinja) == "{{ '{' }}{% if flag %}{% endif %}")
    #expect(literal("{", in: "{{data.v}}{{name}}", .interpolate) == "&#123;{{name}}")
  }

  @Test func `in a style sheet a space keeps braces apart, but not in a string`() {
    #expect(
      literal("", in: "<style>@media print{#a{b:c}}i{content:\"{#\"}j{#</style>{#", .jinja)
        == "<style>@media print{ #a{b:c}}i{content:\"{{ '{' }}#\"}j{ #</style>{{ '{' }}#")
    #expect(literal("", in: "<!-- <style> -->{#", .jinja) == "<!-- <style> -->{{ '{' }}#")
  }

  @Test func `interpolate takes a character reference, and none in a subject`() {
    #expect(
      literal("{{x}}", in: "<i title=\"{{data.v}}\">{{data.v}}", .interpolate)
        == "<i title=\"&#123;{x}}\">&#123;{x}}")
    var site = EvaluationSite()
    site.dialect = .interpolate
    let template = site.template("---\n{subject: 'Use \\{{code}}'}\n---\n")
    let result = Specializer.specialize(template, in: site.environment)
    #expect(result.diagnostics.map(\.code.name) == ["dialect/literal"])
  }

  @Test func `interpolate filled by its caller equals the interpreter`() {
    for seed in UInt64(0)..<300 {
      var random = SeededGenerator(seed: seed)
      let values = ["<b>", "\"'&", "a\r\nb", "", "{{ n", "é", "\\1"]
      let data = ["name", "url", "part"].map { Value.Field($0, .string(random.pick(values))) }
      let pieces = [
        "{{name}}", "<a href=\"{{url}}\">", "<a href=\"https://x.example/{{part}}\">", " { {{~name}}", "{ {",
        "{{site.name}}",
        "<p title=\"{{name}}\">", "\r\n",
      ]
      let body = (0..<8).map { _ in random.pick(pieces) }.joined()
      var site = EvaluationSite()
      site.dialect = .interpolate
      let result = site.specialize(commonVariables, body)
      #expect(
        result.diagnostics.allSatisfy { $0.severity == .info }, "seed \(seed): \(site.rendered(result.diagnostics))")
      let text = String(decoding: DialectWriter.write(result.html, dialect: .interpolate, part: .html), as: UTF8.self)
      let rendering = Interpreter.render(result.html, with: .record(data), dialect: .interpolate, part: .html)
      let filled = Self.fill(text, data, result.uses)
      #expect(filled == String(decoding: rendering.bytes, as: UTF8.self), "seed \(seed)\n\(body)\n\(text)")
    }
  }

  /// Replaces `{{name}}` as the documented service does, after the duty of the contract.
  private static func fill(
    _ text: String, _ data: [Value.Field], _ uses: [Specialization.VariableUse]
  ) -> String {
    var result = ""
    var rest = text[...]
    while let open = rest.firstRange(of: "{{"), let close = rest[open.upperBound...].firstRange(of: "}}") {
      let name = String(rest[open.upperBound..<close.lowerBound])
      guard let value = data.first(where: { $0.name == name })?.value.text,
        let duty = uses.first(where: { $0.variable == name })?.escaping
      else {
        result += rest[..<open.upperBound]
        rest = rest[open.upperBound...]
        continue
      }
      var bytes: [UInt8] = []
      Escaper.append(value, escaping: duty, dialect: .interpolate, to: &bytes)
      result += rest[..<open.lowerBound] + String(decoding: bytes, as: UTF8.self)
      rest = rest[close.upperBound...]
    }
    return result + rest
  }
}

@Suite struct `Codes of evaluation` {
  @Test func `each code is whole and there once`() {
    let codes = DiagnosticCode.evaluationCodes
    #expect(Set(codes).count == codes.count)
    for code in codes {
      for text in [code.summary, code.explanation, code.bad, code.good] { #expect(!text.isEmpty, "\(code.name)") }
      #expect(code.bad != code.good)
      #expect(code.summary.hasSuffix(".") && code.explanation.hasSuffix("."), "\(code.name)")
    }
  }
}
