import GalleySource
import GalleyTemplate
import Testing

@Suite struct `Partial evaluation` {
  @Test func `what is known is computed and what is not is left`() {
    #expect(
      jinja("<p>{{site.name}}: {{name}}</p>") == "<p>BBWS &amp; Co: {{ name|e }}</p>")
    #expect(
      jinja("{{#each data.links}}<a href=\"{{href}}\">{{label}}</a>{{#unless @last}}, {{/unless}}{{/each}}")
        == "<a href=\"https://bbws.example/help?a=1&amp;b=2\">Help</a>, <a href=\"https://bbws.example/t\">Terms</a>")
    #expect(jinja("{{#if data.year}}a{{else}}b{{/if}}{{#unless data.none}}c{{/unless}}") == "ac")
    #expect(
      jinja("{{#each data.none}}a{{else}}b{{/each}}{{#with data.brand}}{{name}}{{../count}}{{/with}}")
        == "bBBWS{{ count|e }}")
  }

  @Test func `conditions keep their chain, and known branches fall out`() {
    #expect(
      jinja("{{#if note}}A{{else if flag}}B{{else}}C{{/if}}")
        == "{% if note %}A{% elif flag %}B{% else %}C{% endif %}")
    #expect(
      jinja("{{#if data.none}}A{{else if flag}}B{{else if data.year}}C{{else}}D{{/if}}")
        == "{% if flag %}B{% else %}C{% endif %}")
    #expect(jinja("{{#if flag}}A{{else if data.none}}B{{/if}}") == "{% if flag %}A{% endif %}")
    #expect(jinja("{{#unless flag}}A{{/unless}}") == "{% if not flag %}A{% endif %}")
  }

  @Test func `logic is evaluated as far as it is known`() {
    #expect(jinja("{{#if (and data.year flag)}}A{{/if}}") == "{% if flag %}A{% endif %}")
    #expect(jinja("{{#if (and flag data.none)}}A{{/if}}") == "")
    #expect(jinja("{{#if (or flag data.year)}}A{{/if}}") == "A")
    #expect(
      jinja("{{#if (or note (and flag (not size)))}}A{{/if}}") == "{% if note or flag and not size %}A{% endif %}")
    #expect(jinja("{{#if (and (or note flag) size)}}A{{/if}}") == "{% if (note or flag) and size %}A{% endif %}")
    #expect(jinja("{{#if (eq status \"PAID\")}}A{{/if}}") == "{% if status == 'PAID' %}A{% endif %}")
    #expect(
      jinja("{{#if (eq (and note flag) flag)}}A{{/if}}") == "{% if (not not (note and flag)) == flag %}A{% endif %}")
    #expect(jinja("{{#if (ge count 2)}}A{{/if}}") == "{% if count >= 2 %}A{% endif %}")
  }

  @Test func `a record is there or not, whatever it holds`() {
    #expect(
      jinja("{{#if other}}{{other.city}}{{/if}}")
        == "{% if other is defined and other is not none %}{{ other.city|e }}{% endif %}")
    #expect(jinja("{{#if address}}A{{/if}}{{#with address}}{{city}}{{/with}}") == "A{{ address.city|e }}")
    #expect(
      jinja("{{#with other as |o|}}{{o.city}}{{else}}-{{/with}}")
        == "{% if other is defined and other is not none %}{{ other.city|e }}{% else %}-{% endif %}")
  }

  @Test func `defaults take the place of what is absent, nothing or empty`() {
    #expect(jinja("{{default note \"it's\"}}") == "{{ (note or 'it\\'s')|e }}")
    #expect(jinja("{{greeting}}") == "{{ (greeting or 'friend')|e }}")
    #expect(jinja("{{default data.none \"x\"}}{{default data.year 1}}") == "x2026")
    #expect(
      jinja("{{default size 3}}")
        == "{{ (size if size is defined and size is not none and size != '' else 3)|e }}")
  }

  @Test func `a loop is named after its parameter, its list, or nothing at all, and never twice`() {
    #expect(
      jinja("{{#each items as |line|}}{{line.quantity}}{{/each}}")
        == "{% for line in items %}{{ line.quantity|e }}{% endfor %}")
    #expect(jinja("{{#each items}}{{quantity}}{{/each}}") == "{% for item in items %}{{ item.quantity|e }}{% endfor %}")
    #expect(
      jinja("{{#each items as |name|}}{{name.quantity}}{{/each}}")
        == "{% for name2 in items %}{{ name2.quantity|e }}{% endfor %}")
    #expect(
      jinja("{{#each items as |loop|}}{{loop.quantity}}{{/each}}")
        == "{% for item in items %}{{ item.quantity|e }}{% endfor %}")
    #expect(
      jinja("{{#each lists}}{{#each this}}{{this}}{{/each}}{{/each}}")
        == "{% for list in lists %}{% for item in list %}{{ item|e }}{% endfor %}{% endfor %}")
    #expect(
      jinja("{{#each more}}{{this}}{{else}}-{{/each}}")
        == "{% for item in more or [] %}{{ item|e }}{% else %}-{% endfor %}")
  }

  @Test func `the position of an outer loop is given a name`() {
    #expect(
      jinja("{{#each lists as |l|}}{{@index}}{{#each l as |x|}}{{@../index}}{{#if @last}}.{{/if}}{{/each}}{{/each}}")
        == "{% for l in lists %}{% set l_index = loop.index0 %}{{ loop.index0|e }}{% for x in l %}{{ l_index|e }}"
        + "{% if loop.last %}.{% endif %}{% endfor %}{% endfor %}")
  }

  @Test func `a field that a dictionary has as a method is read as an item`() {
    var site = EvaluationSite()
    let variables = "variables: {order: {type: record, fields: {items: {type: list, of: string}, keys: string}}}"
    #expect(
      site.written(variables, "{{order.keys}}{{#each order.items}}{{this}}{{/each}}")
        == "{{ order['keys']|e }}{% for item in order['items'] %}{{ item|e }}{% endfor %}")
  }

  @Test func `helpers that a sender can't run are refused`() {
    #expect(jinja("{{join more \", \"}}").hasPrefix("evaluation/unknown-at-build 4:3"))
    #expect(
      jinja("{{asset \"logo.png\"}}|{{format 2.345 \"0.00\"}}|{{format 7 \"0.0\"}}")
        == "https://a.example/logo.png|2.35|7.0")
  }
}

@Suite struct `Calls of partials` {
  static let card = "---\n{parameters: {label: string, href: {type: url, optional: true}}, slots: {foot: {}}}\n---\n"

  @Test func `a partial sees its parameters and the globals, its block sees the caller's names`() {
    let text = jinja(
      "{{#> card label=name href=url}}{{note}}{{/card}}",
      partials: ["card": Self.card + "<a href=\"{{href}}\">{{label}} {{site.name}}</a>{{> @partial-block}}"])
    #expect(text == "<a href=\"{{ url|e }}\">{{ name|e }} BBWS &amp; Co</a>{{ note|e }}")
  }

  @Test func `a slot prints what the caller put into it, or its own content`() {
    let partials = ["card": Self.card + "[{{#> foot}}none{{/foot}}|{{> @partial-block}}]"]
    #expect(
      jinja("{{#> card label=\"x\"}}a{{#*inline \"foot\"}}{{name}}{{/inline}}b{{/card}}", partials: partials)
        == "[{{ name|e }}|ab]")
    #expect(jinja("{{#> card label=\"x\"}}a{{/card}}", partials: partials) == "[none|a]")
  }

  @Test func `a layout wraps the template and prints the front matter`() {
    var site = EvaluationSite(partials: [
      "page": "---\n{parameters: {wide: {type: boolean, default: false}}}\n---\n<title>{{mail.subject}}</title>"
        + "{{#if mail.preheader}}<i>{{mail.preheader}}</i>{{/if}}{{#if wide}}W{{/if}}{{> @partial-block}}{{mail.id}}"
    ])
    let result = site.specialize(
      "layout: {name: page, wide: true}, preheader: 'A & {{name}}', variables: {name: string}", "<p>{{name}}</p>")
    #expect(result.diagnostics.isEmpty)
    let html = String(decoding: DialectWriter.write(result.html, dialect: .jinja, part: .html), as: UTF8.self)
    #expect(html == "<title>Hi</title><i>A &amp; {{ name|e }}</i>W<p>{{ name|e }}</p>test")
    let preheader = DialectWriter.write(result.preheader ?? AssembledText(), dialect: .jinja, part: .preheader)
    #expect(String(decoding: preheader, as: UTF8.self) == "A & {{ name }}")
  }

  @Test func `a subject is one line`() {
    var site = EvaluationSite()
    let template = site.template("---\n{subject: 'Order {{name}}', variables: {name: string}}\n---\n")
    let result = Specializer.specialize(template, in: site.environment)
    let subject = DialectWriter.write(result.subject ?? AssembledText(), dialect: .jinja, part: .subject)
    #expect(String(decoding: subject, as: UTF8.self) == #"Order {{ name|replace('\r', ' ')|replace('\n', ' ') }}"#)
    let rendering = Interpreter.render(
      result.subject ?? AssembledText(), with: .record([.init("name", .string("a\r\nBcc: x <b>"))]), dialect: .jinja,
      part: .subject)
    #expect(String(decoding: rendering.bytes, as: UTF8.self) == "Order a  Bcc: x <b>")
  }

  @Test func `a fault in a partial names the calls that led there`() {
    var site = EvaluationSite(partials: [
      "outer": "---\n{parameters: {x: string}}\n---\n{{> inner x=x}}",
      "inner": "---\n{parameters: {x: string}}\n---\n<a href=\"{{x}}\">",
    ])
    let result = site.specialize(commonVariables, "{{> outer x=name}}{{> outer x=name}}")
    #expect(result.diagnostics.map(\.code.name) == ["escape/url-type"])
    let notes = result.diagnostics.first?.notes.map { site.sources[$0.range?.source ?? SourceID(index: 0)].path }
    #expect(notes == ["partials/outer.html", "templates/test.html"])
  }

  @Test func `every use of a variable is recorded with its escaping`() {
    var site = EvaluationSite()
    let result = site.specialize(
      commonVariables,
      "{{name}}<a href=\"{{url}}\">{{#each items}}{{total}}{{/each}}</a>{{#if flag}}{{default note \"x\"}}{{/if}}")
    let uses = result.uses.map { "\($0.path) \($0.part.rawValue) \($0.escaping?.rawValue ?? "-")" }
    #expect(
      uses == [
        "name html html", "url html url", "items html -", "items[].total html html", "flag html -", "note html html",
      ])
  }
}

@Suite struct `Limits of evaluation` {
  @Test func `doubling includes stop at the budget`() {
    var partials: [String: String] = [:]
    for index in 0..<30 { partials["p\(index)"] = "{{> p\(index + 1)}}{{> p\(index + 1)}}" }
    partials["p30"] = "x"
    var site = EvaluationSite(partials: partials)
    let result = site.specialize("", "{{> p0}}")
    #expect(result.diagnostics.map(\.code.name) == ["evaluation/budget"])
    #expect(result.html.bytes.count < 10_000)
  }

  @Test(arguments: [(-1, true), (0, true), (1, false)])
  func `the limits are exact`(over: Int, isFine: Bool) {
    var site = EvaluationSite(partials: ["x": "12345"])
    site.limits.expansions = 4
    #expect(site.specialize("", String(repeating: "{{> x}}", count: 4 + over)).diagnostics.isEmpty == isFine)
    site.limits.expansions = 100
    site.limits.bytes = 25
    #expect(site.specialize("", String(repeating: "a", count: 25 + over)).diagnostics.isEmpty == isFine)
    #expect(site.specialize("", String(repeating: "{{> x}}", count: 5 + over)).diagnostics.isEmpty == isFine)
    site.limits.bytes = 1000
    site.limits.includeDepth = 5
    for index in 0..<8 { site.addPartial("c\(index)", index == 4 + over ? "end" : "{{> c\(index + 1)}}") }
    let deep = site.specialize("", "{{> c0}}")
    #expect(deep.diagnostics.isEmpty == isFine)
    site.limits.includeDepth = 32
    site.limits.expansions = 3
    let links = "{{#each data.links}}{{#if @first}}{{/if}}{{/each}}"
    #expect(site.specialize("", links + String(repeating: "{{> x}}", count: 1 + over)).diagnostics.isEmpty == isFine)
  }

  @Test func `a partial that calls itself is stopped, and the chain is shown`() {
    var site = EvaluationSite(partials: ["a": "{{> b}}", "b": "{{> a}}"])
    let result = site.specialize("", "{{> a}}")
    #expect(result.diagnostics.map(\.code.name) == ["evaluation/include-depth"])
    #expect(result.diagnostics.first?.notes.first?.message == "the chain is test → a → b → a → …")
  }

  @Test func `deep nesting through partials neither traps nor overflows the stack`() async {
    let blocks = String(repeating: "{{#if x}}", count: 60)
    let ends = String(repeating: "{{/if}}", count: 60)
    var partials: [String: String] = [:]
    for index in 0..<20 {
      partials["p\(index)"] =
        "---\n{parameters: {x: boolean}}\n---\n\(blocks){{> p\(index + 1) x=(not (not x))}}\(ends)"
    }
    partials["p20"] = "---\n{parameters: {x: boolean}}\n---\nend"
    let prepared = partials
    let codes = await Task.detached {
      var site = EvaluationSite(partials: prepared)
      return site.specialize(commonVariables, "{{> p0 x=flag}}").diagnostics.map(\.code.name)
    }.value
    #expect(codes == ["evaluation/nesting"])
  }

  @Test func `an expression that grows through partials is stopped`() {
    var partials: [String: String] = [:]
    let (open, close) = (String(repeating: "(not (and x ", count: 15), String(repeating: "))", count: 15))
    for index in 0..<30 {
      partials["p\(index)"] = "---\n{parameters: {x: boolean}}\n---\n{{> p\(index + 1) x=\(open)x\(close)}}"
    }
    partials["p30"] = "---\n{parameters: {x: boolean}}\n---\n{{#if x}}y{{/if}}"
    var site = EvaluationSite(partials: partials)
    let result = site.specialize(commonVariables, "{{> p0 x=flag}}")
    #expect(result.diagnostics.map(\.code.name) == ["evaluation/nesting"])
  }

  @Test func `broken templates that were not checked never trap`() {
    for seed in UInt64(0)..<300 {
      let law = LawCase(seed: seed)
      var random = SeededGenerator(seed: seed &+ 77)
      var bytes = Array(law.source.utf8)
      for _ in 0..<(1 + random.below(6)) where bytes.count > 900 {
        let start = 700 + random.below(bytes.count - 700)
        let end = min(bytes.count, start + random.below(12))
        bytes.replaceSubrange(
          start..<end, with: random.pick(["{{", "}}", "{{/if}}", "<", "\"", ".", "{{#each ", "x", "", "../"]).utf8)
      }
      var site = law.site
      let template = site.template(String(decoding: bytes, as: UTF8.self))
      let result = Specializer.specialize(template, in: site.environment)
      _ = DialectWriter.write(result.html, dialect: .jinja, part: .html)
      let data = law.record(law.variables)
      let rendering = Interpreter.render(result.html, with: data, dialect: .jinja, part: .html)
      #expect(rendering.origins.count == rendering.bytes.count, "seed \(seed)")
    }
  }
}

@Suite struct `Messages in templates` {
  static let messages = [
    "en-ZA": "{a: {hi: \"Hi {name}\", co: \"A & '<b>'\", only: \"Here\", url: \"javascript:x\"}}",
    "af-ZA": "{a: {hi: \"Hallo {name}\"}}",
  ]

  @Test func `text is escaped as known, arguments as values`() {
    #expect(jinja("{{t \"a.hi\" name=name}}", messages: Self.messages) == "Hi {{ name|e }}")
    #expect(
      jinja("<i title=\"{{t \"a.co\"}} {{t \"a.hi\" name=data.quote}}\">{{t \"a.co\"}}", messages: Self.messages)
        == "<i title=\"A &amp; &lt;b&gt; Hi a &quot;b&quot; &lt;c&gt; &amp; d\">A &amp; &lt;b&gt;")
    #expect(jinja("<a href=\"{{t \"a.url\"}}\">", messages: Self.messages).hasPrefix("escape/url-scheme 1:"))
  }

  @Test func `a message can be passed on, compared and replaced`() {
    let partials = ["b": "---\n{parameters: {label: string}}\n---\n<b>{{label}}</b>"]
    #expect(
      jinja("{{> b label=(t \"a.hi\" name=name)}}", partials: partials, messages: Self.messages)
        == "<b>Hi {{ name|e }}</b>")
    #expect(
      jinja("{{default note (t \"a.hi\" name=name)}}", messages: Self.messages)
        == "{% if note %}{{ note|e }}{% else %}Hi {{ name|e }}{% endif %}")
    #expect(jinja("{{#if (eq (t \"a.only\") \"Here\")}}y{{/if}}", messages: Self.messages) == "y")
  }

  @Test func `what another locale serves is told, and what none has is an error at the call`() {
    var site = EvaluationSite(messages: Self.messages)
    site.locale = "af-ZA"
    let result = site.specialize(commonVariables, "{{t \"a.hi\" name=name}}{{t \"a.only\"}}{{t \"a.onyl\"}}")
    #expect(result.fallbacks.map { "\($0.key) \($0.locale)" } == ["a.only en-ZA"])
    #expect(result.messages == ["a.hi", "a.only"])
    #expect(
      site.rendered(result.diagnostics) == [
        "message/missing 1:40 the message 'a.only' is not in 'af-ZA'; that of 'en-ZA' stands in",
        "message/unknown 4:41 there is no message 'a.onyl' in 'en-ZA'; did you mean 'a.only'?",
      ])
  }

  @Test func `a call passes exactly the arguments of the message`() {
    #expect(
      jinja("{{t \"a.hi\"}}", messages: Self.messages)
        == "message/argument 4:3 the message 'a.hi' needs the argument 'name'")
    #expect(
      jinja("{{t \"a.hi\" nmae=name}}", messages: Self.messages)
        == "message/argument 4:12 the message 'a.hi' has no argument 'nmae'; did you mean 'name'?")
    #expect(
      jinja("{{t \"a.only\" x=name}}", messages: Self.messages)
        == "message/argument 4:14 the message 'a.only' has no argument 'x'")
  }
}
