import GalleySource
import GalleyTemplate
import Testing

/// What `body` becomes in a dialect, or the findings.
private func written(_ body: String, _ dialect: Dialect, variables: String = commonVariables) -> String {
  var site = EvaluationSite()
  site.dialect = dialect
  return site.written(variables, body)
}

@Suite struct `Spelling` {
  @Test func `values are escaped by the engine where they stand in markup, and only there`() {
    let body = "{{name}}<a href=\"{{url}}\">{{{markup}}}</a>{{count}}"
    for dialect in [Dialect.handlebars, .sendgrid, .mustache, .mustachio] {
      #expect(written(body, dialect) == "{{name}}<a href=\"{{url}}\">{{{markup}}}</a>{{count}}", "\(dialect.name)")
    }
    #expect(written(body, .ses) == "{{{name}}}<a href=\"{{{url}}}\">{{{markup}}}</a>{{count}}")
    #expect(
      written(body, .liquid)
        == "{{ name | escape }}<a href=\"{{ url | escape }}\">{{ markup }}</a>{{ count | escape }}")
    #expect(written(body, .go) == "{{html $.name}}<a href=\"{{html $.url}}\">{{$.markup}}</a>{{html $.count}}")
  }

  @Test func `subjects are not escaped, and are one line where the dialect can see to it`() throws {
    for (dialect, text) in [
      (Dialect.handlebars, "{{{name}}}"), (.ses, "{{{name}}}"), (.mustache, "{{{name}}}"), (.go, "{{$.name}}"),
      (.liquid, "{{ name | url_encode | replace: '%0D', '+' | replace: '%0A', '+' | url_decode }}"),
    ] {
      var site = EvaluationSite()
      site.dialect = dialect
      let template = site.template("---\n{subject: '{{name}}', \(commonVariables)}\n---\n")
      let subject = try #require(Specializer.specialize(template, in: site.environment).subject)
      #expect(String(decoding: DialectWriter.write(subject, dialect: dialect, part: .subject), as: UTF8.self) == text)
    }
  }

  @Test func `a loop names its items, or says how far out a name is`() {
    let body =
      "{{#each items}}{{description}}{{../name}}{{#each ../lists}}{{#each this}}{{this}}{{/each}}{{/each}}{{/each}}"
    #expect(
      written(body, .handlebars)
        == "{{#each items as |item|}}{{item.description}}{{@root.name}}{{#each @root.lists as |list|}}"
        + "{{#each list as |item2|}}{{item2}}{{/each}}{{/each}}{{/each}}")
    #expect(
      written(body, .sendgrid)
        == "{{#each items}}{{this.description}}{{@root.name}}{{#each @root.lists}}{{#each this}}{{this}}{{/each}}"
        + "{{/each}}{{/each}}")
    #expect(
      written(body, .mustache)
        == "{{#items}}{{description}}{{name}}{{#lists}}{{#.}}{{.}}{{/.}}{{/lists}}{{/items}}")
    #expect(
      written(body, .mustachio)
        == "{{#each items}}{{description}}{{../../name}}{{#each ../../lists}}{{#each .}}{{.}}{{/each}}{{/each}}{{/each}}"
    )
    #expect(
      written(body, .go)
        == "{{range $item_index, $item := $.items}}{{html $item.description}}{{html $.name}}"
        + "{{range $list_index, $list := $.lists}}{{range $item2_index, $item2 := $list}}{{html $item2}}{{end}}{{end}}{{end}}"
    )
  }

  @Test func `a field of an outer item is reached from within`() {
    let body = "{{#each items}}{{#each ../more}}{{this}}{{../description}}{{/each}}{{/each}}"
    #expect(
      written(body, .ses)
        == "{{#each items}}{{#each @root.more}}{{{this}}}{{{../description}}}{{/each}}{{/each}}")
    #expect(
      written(body, .handlebars)
        == "{{#each items as |item|}}{{#each @root.more as |item2|}}{{item2}}{{item.description}}{{/each}}{{/each}}")
    #expect(written(body, .mustache) == "{{#items}}{{#more}}{{.}}{{description}}{{/more}}{{/items}}")
    #expect(
      written(body, .mustachio)
        == "dialect/inexpressible 4:41 '{{../description}}' depends on a variable, and 'mustachio' has no way from here "
        + "to the item of an outer loop")
    let inner = "{{#each items}}{{#if note}}{{note}}{{description}}{{/if}}{{/each}}"
    #expect(
      written(inner, .mustachio)
        == "{{#each items}}{{#note}}{{../note}}{{../description}}{{/note}}{{/each}}")
  }

  @Test func `an else is one, or a second condition`() {
    let body = "{{#if flag}}A{{else if other}}B{{else}}C{{/if}}"
    #expect(
      written(body, .handlebars) == "{{#if flag}}A{{else}}{{#if other}}B{{else}}C{{/if}}{{/if}}")
    #expect(
      written(body, .mustache)
        == "{{#flag}}A{{/flag}}{{^flag}}{{#other}}B{{/other}}{{^other}}C{{/other}}{{/flag}}")
    #expect(
      written(body, .mustachio)
        == "{{#flag}}A{{/flag}}{{^flag}}{{#../other}}B{{/../other}}{{^../other}}C{{/../other}}{{/flag}}")
    #expect(written(body, .liquid) == "{% if flag %}A{% elsif other %}B{% else %}C{% endif %}")
    #expect(written(body, .go) == "{{if $.flag}}A{{else if ne $.other nil}}B{{else}}C{{end}}")
    #expect(written("{{#unless flag}}A{{/unless}}", .handlebars) == "{{#unless flag}}A{{/unless}}")
    let loop = "{{#each items}}{{quantity}}{{else}}none{{/each}}"
    #expect(written(loop, .mustache) == "{{#items}}{{quantity}}{{/items}}{{^items}}none{{/items}}")
    #expect(written(loop, .ses) == "{{#each items}}{{this.quantity}}{{else}}none{{/each}}")
  }

  @Test func `a section of Mustachio is not named like the one around it, nor like a loop`() {
    #expect(
      written("{{#if flag}}{{#if note}}{{#if note}}x{{/if}}{{/if}}{{/if}}", .mustachio)
        == "{{#flag}}{{#../note}}{{#../../note}}x{{/../../note}}{{/../note}}{{/flag}}")
    let days = "variables: {eachDay: boolean}"
    #expect(written("{{#if eachDay}}x{{/if}}", .mustachio, variables: days) == "{{#../eachDay}}x{{/../eachDay}}")
  }

  @Test func `a fallback is an expression, or a choice`() {
    let body = "{{default note \"a & b\"}}{{default size 3}}"
    #expect(
      written(body, .handlebars)
        == "{{#if note}}{{note}}{{else}}a &amp; b{{/if}}{{#if size includeZero=true}}{{size}}{{else}}3{{/if}}")
    #expect(written(body, .liquid) == "{{ note | default: 'a & b' | escape }}{{ size | default: 3 | escape }}")
    #expect(
      written(body, .go) == "{{html (or $.note `a & b`)}}{{if ne $.size nil}}{{html $.size}}{{else}}3{{end}}")
  }

  @Test func `a fallback is encoded where its caller would have encoded the value`() throws {
    let variables = "variables: {part: {type: urlPart, optional: true}}"
    let body = "<a href=\"https://x.example/{{default part \"a b\"}}\">x</a>"
    #expect(
      written(body, .go, variables: variables) == "<a href=\"https://x.example/{{html (or $.part `a%20b`)}}\">x</a>")
    #expect(
      written(body, .ses, variables: variables)
        == "<a href=\"https://x.example/{{#if part}}{{{part}}}{{else}}a%20b{{/if}}\">x</a>")
    var site = EvaluationSite()
    site.dialect = .go
    site.known = ["name": .string("a\r\nb")]
    let template = site.template("---\n{subject: '{{default note name}}', \(commonVariables)}\n---\n")
    let subject = try #require(Specializer.specialize(template, in: site.environment).subject)
    let text = String(decoding: DialectWriter.write(subject, dialect: .go, part: .subject), as: UTF8.self)
    #expect(text == "{{or $.note `a  b`}}")
  }

  @Test func `our truth is asked for where an engine has another one`() {
    for (condition, text) in [
      ("note", "note.size > 0"), ("name", "name.size > 0"), ("count", "count != 0"), ("items", "items.size > 0"),
      ("size", "size != nil and size != 0"), ("(not note)", "note == nil or note == ''"), ("(not name)", "name == ''"),
      ("(not flag)", "flag != true"), ("other", "other"), ("(or note flag)", "note.size > 0 or flag"),
      ("(and (or flag note) name)", "name.size > 0 and flag or note.size > 0"),
      ("(not (and flag (eq status \"PAID\")))", "flag != true or status != 'PAID'"),
      ("(gt size 2)", "size != nil and size > 2"), ("(eq flag true)", "flag"),
    ] {
      #expect(written("{{#if \(condition)}}x{{/if}}", .liquid) == "{% if \(text) %}x{% endif %}", "\(condition)")
    }
  }

  @Test func `SendGrid compares in blocks`() {
    for (condition, open, close) in [
      ("(eq status \"PAID\")", "equals status \"PAID\"", "equals"),
      ("(ne name \"a\")", "notEquals name \"a\"", "notEquals"),
      ("(gt count 2)", "greaterThan count 2", "greaterThan"), ("(ge count 2)", "greaterThan count 1", "greaterThan"),
      ("(le 2 count)", "greaterThan count 1", "greaterThan"), ("(le count 2)", "lessThan count 3", "lessThan"),
      ("(and flag note)", "and flag note", "and"), ("(or flag note)", "or flag note", "or"),
      ("(not (eq status \"PAID\"))", "notEquals status \"PAID\"", "notEquals"),
    ] {
      #expect(written("{{#if \(condition)}}x{{/if}}", .sendgrid) == "{{#\(open)}}x{{/\(close)}}", "\(condition)")
    }
  }

  @Test func `positions in loops are said from within further loops`() {
    let body = "{{#each lists}}{{#each this}}{{@index}}{{@../index}}{{#if @../last}}L{{/if}}{{/each}}{{/each}}"
    #expect(
      written(body, .handlebars)
        == "{{#each lists as |list|}}{{#each list as |item|}}{{@index}}{{@../index}}{{#if @../last}}L{{/if}}"
        + "{{/each}}{{/each}}")
    #expect(
      written(body, .liquid)
        == "{% for list in lists %}{% assign list_index = forloop.index0 %}{% assign list_last = forloop.last %}"
        + "{% for item in list %}{{ forloop.index0 | escape }}{{ list_index | escape }}{% if list_last %}L{% endif %}"
        + "{% endfor %}{% endfor %}")
    #expect(
      written(body, .go)
        == "{{range $list_index, $list := $.lists}}{{range $item_index, $item := $list}}{{html $item_index}}"
        + "{{html $list_index}}{{if eq $list_index (len (slice $.lists 1))}}L{{end}}{{end}}{{end}}")
  }

  @Test func `a text with a default is always there`() {
    for dialect in [Dialect.jinja, .handlebars, .mustachio, .liquid, .go] {
      #expect(written("{{#if greeting}}x{{else}}y{{/if}}", dialect) == "x", "\(dialect.name)")
    }
  }

  @Test func `literal text is kept from being read as tags`() {
    var site = EvaluationSite(messages: ["en-ZA": "{brace: \"'}'\"}"])
    site.dialect = .handlebars
    #expect(
      site.written(commonVariables, "<p>{ {{~name}}{{t \"brace\"}} \\{{x}}</p>")
        == "<p>&#123;{{name}}{{!.}}} &#123;{x}}</p>")
    #expect(written("a\\\\{{name}}", .handlebars) == "a\\\\{{name}}")
    #expect(written("<b>\\{{x}}</b>", .liquid) == "<b>{{ '{' }}{x}}</b>")
    #expect(written("<b>\\{{x}}</b>", .go) == "<b>{{`{`}}{x}}</b>")
    #expect(written("{{data.nothing}}\n{{#if flag}}x{{/if}}", .liquid) == "\n{% if flag %}x{% endif %}")
    #expect(written("<b>{{#if flag}} {{/if}}</b>", .liquid) == "<b>{% if flag %}{{ '' }} {% endif %}</b>")
  }

  @Test func `a tag that would take its line with it is kept from that`() {
    let body = "a\n{{data.nothing}}{{#if flag}}\nb\n{{data.nothing}}{{/if}}\nc"
    #expect(written(body, .handlebars) == "a\n{{!.}}{{#if flag}}\nb\n{{!.}}{{/if}}\nc")
    #expect(written(body, .mustache) == "a\n{{!.}}{{#flag}}\nb\n{{!.}}{{/flag}}\nc")
    #expect(written(body, .go) == "a\n{{if $.flag}}\nb\n{{end}}\nc")
  }
}

@Suite struct `Duties` {
  @Test func `the contract asks of the caller what a dialect does not do`() {
    let engines: [(Dialect, [Escaping])] = [
      (.jinja, []), (.liquid, []), (.interpolate, [.html, .url, .urlPart, .address, .line]),
      (.ses, [.html, .url, .urlPart, .address, .line]), (.handlebars, [.urlPart, .address, .line]),
      (.sendgrid, [.urlPart, .address, .line]), (.mustache, [.urlPart, .address, .line]),
      (.mustachio, [.urlPart, .address, .line]), (.go, [.urlPart, .address, .line]),
    ]
    #expect(engines.map(\.0.name).sorted() == Dialect.names)
    for (dialect, duties) in engines {
      for escaping in [Escaping.html, .url, .urlPart, .address, .line, .none] {
        let duty = dialect.callerDuty(for: escaping)
        #expect(duty == (duties.contains(escaping) ? escaping : nil), "\(dialect.name) \(escaping)")
      }
    }
  }

  @Test func `a variable that must be encoded here and plain there is warned of`() {
    var site = EvaluationSite()
    site.dialect = .handlebars
    let result = site.specialize(commonVariables, "<a href=\"https://x.example/{{part}}\">{{part}}</a>{{name}}")
    #expect(
      site.rendered(result.diagnostics) == [
        "dialect/two-duties 4:28 'part' is percent-encoded by the caller of 'handlebars' here, and must be plain elsewhere"
      ])
    #expect(!result.diagnostics.hasErrors)
    site.dialect = .liquid
    #expect(site.specialize(commonVariables, "<a href=\"https://x.example/{{part}}\">{{part}}</a>").diagnostics.isEmpty)
  }
}
