import GalleySource
import GalleyTemplate
import Testing

@Suite struct CheckingTests {
  // MARK: Names

  @Test func `everything in its place is fine`() {
    #expect(
      variableFindings(
        """
        {{o}} {{n}} {{u}} {{m}} {{s}} {{{h}}} {{site.name}} {{env.name}} {{locale.tag}} {{data.brand.name}} {{mail.id}}
        {{#each items as |item i|}}{{item.description}} {{quantity}} {{this.link}} {{../o}} {{@root.o}} {{i}} {{@index}}
        {{#if @first}}a{{/if}}{{#if note}}{{note}}{{/if}}{{site.name}}{{else}}{{o}}{{/each}}
        {{#with addr}}{{street}} {{../o}}{{/with}}{{#with addr as |a|}}{{a.city}}{{/with}}
        {{#if yes}}a{{else if (eq s "PAID")}}b{{else if (gt n 3)}}c{{/if}}
        {{#each data.links}}{{label}} {{href}}{{/each}}
        """) == [])
  }

  @Test func `an undeclared name is an error with what was meant`() {
    #expect(
      findings("variables: {orderId: string}", "{{ordrId}}") == [
        "template/undeclared-name 4:3 'ordrId' is not declared; did you mean 'orderId'?"
      ])
    #expect(variableFindings("{{qqqq}}") == ["template/undeclared-name 4:3 'qqqq' is not declared"])
    #expect(
      variableFindings("{{stie.name}}") == ["template/undeclared-name 4:3 'stie' is not declared; did you mean 'site'?"]
    )
    #expect(
      variableFindings("{{site.nam}}") == ["template/unknown-field 4:8 'site' has no field 'nam'; did you mean 'name'?"]
    )
    #expect(variableFindings("{{@root.qqqq}}") == ["template/undeclared-name 4:9 'qqqq' is not declared"])
    #expect(variableFindings("{{t}}") == ["template/helper-arguments 4:3 't' is a helper and needs arguments"])
  }

  @Test func `a name further out is suggested with its prefix`() {
    #expect(
      variableFindings("{{#each items}}{{o}}{{/each}}") == [
        "template/undeclared-name 4:18 'o' is not declared here; did you mean '../o'?"
      ])
    #expect(
      variableFindings("{{#each items}}{{#with ../addr}}{{description}}{{/with}}{{/each}}") == [
        "template/undeclared-name 4:35 'description' is not declared here; did you mean '../description'?"
      ])
    #expect(
      variableFindings("{{#with addr}}{{#each ../items}}{{../../o}}{{o}}{{/each}}{{/with}}") == [
        "template/undeclared-name 4:46 'o' is not declared here; did you mean '../../o'?"
      ])
  }

  @Test func `paths lead to what exists`() {
    #expect(variableFindings("{{o.x}}") == ["template/not-a-record 4:5 'o' is a string and has no field 'x'"])
    #expect(variableFindings("{{addr.town}}") == ["template/unknown-field 4:8 'addr' has no field 'town'"])
    #expect(
      variableFindings("{{items.description}}") == [
        "template/not-a-record 4:9 'items' is a list of LineItem and has no field 'description'"
      ])
    #expect(
      variableFindings("{{#if o}}{{../o}}{{/if}}") == ["template/above-root 4:12 '../o' leads above the template"])
    #expect(variableFindings("{{@index}}") == ["template/outside-loop 4:3 '@index' stands outside of a loop"])
    #expect(
      variableFindings("{{#each items}}{{@../index}}{{/each}}") == [
        "template/outside-loop 4:18 '@../index' stands outside of a loop"
      ])
    #expect(variableFindings("{{#each items}}{{#each ../items}}{{@../index}}{{/each}}{{/each}}") == [])
  }

  @Test func `what is declared is used`() {
    #expect(
      findings("variables: {a: string, b: string}, preheader: '{{b}}'", "{{site.name}}") == [
        "template/unused-variable 2:27 variable 'a' is never used"
      ])
    #expect(
      findings("variables: {a: string}", "{{> missing}}") == [
        "template/unknown-partial 4:5 there is no partial 'missing'"
      ])
    #expect(findings("variables: {a: string}", "{{#if").count == 1)
  }

  @Test func `usage says in which part`() {
    var site = TestSite()
    let (result, found) = site.check(
      "---\n{subject: 'A {{a}}', preheader: '{{a}}{{b}}', variables: {a: string, b: string, c: string}}\n---\n{{c}}{{a}}"
    )
    #expect(found == [])
    #expect(result.usage["a"] == [.subject, .preheader, .html])
    #expect(result.usage["b"] == .preheader)
    #expect(result.usage["c"] == .html)
  }

  // MARK: Types

  @Test func `only single values are printed`() {
    #expect(
      variableFindings("{{items}}") == [
        "template/unprintable 4:1 'items' is a list of LineItem, which cannot be printed"
      ])
    #expect(
      variableFindings("{{addr}}") == [
        "template/unprintable 4:1 'addr' is the record 'Address', which cannot be printed"
      ])
    #expect(variableFindings("{{yes}}") == ["template/unprintable 4:1 'yes' is a boolean, which cannot be printed"])
    #expect(
      variableFindings("{{eq n 1}}") == ["template/unprintable 4:1 'eq n 1' is a boolean, which cannot be printed"])
    #expect(variableFindings("{{null}}") == ["template/unprintable 4:1 'null' is nothing, which cannot be printed"])
  }

  @Test func `three braces are for markup`() {
    #expect(variableFindings("{{{o}}}") == ["template/raw-not-markup 4:1 'o' is a string, not 'html'"])
    #expect(variableFindings("{{&o}}") == ["template/raw-not-markup 4:1 'o' is a string, not 'html'"])
    #expect(variableFindings("{{h}}") == ["template/escaped-markup 4:1 'h' is markup"])
  }

  @Test func `blocks go through lists and step into records`() {
    #expect(
      variableFindings("{{#each addr}}{{this}}{{x}}{{/each}}") == [
        "template/not-a-list 4:9 'addr' is the record 'Address', not a list"
      ])
    #expect(variableFindings("{{#each o}}{{this}}{{/each}}") == ["template/not-a-list 4:9 'o' is a string, not a list"])
    #expect(
      variableFindings("{{#with items}}{{x}}{{/with}}") == [
        "template/not-a-record 4:9 'items' is a list of LineItem, not a record"
      ])
  }

  @Test func `everything that is declared is no value`() {
    func whole(_ text: String, _ column: Int) -> [String] {
      ["template/whole-root 4:\(column) '\(text)' is everything that is declared here, which is no value"]
    }
    #expect(variableFindings("{{this}}") == whole("this", 3))
    #expect(variableFindings("{{#with .}}{{o}}{{/with}}") == whole(".", 9))
    #expect(variableFindings("{{#if @root}}{{o}}{{/if}}") == whole("@root", 7))
    #expect(variableFindings("{{#each items}}{{#if ..}}{{total}}{{/if}}{{/each}}") == whole("..", 22))
    #expect(calls("{{> button href=u label=this}}") == whole("this", 25))
    #expect(variableFindings("{{this.o}}{{@root.o}}{{#each items}}{{#if this}}{{../o}}{{/if}}{{/each}}") == [])
  }

  @Test func `comparisons fit`() {
    #expect(
      variableFindings("{{#if (eq s \"PAYD\")}}a{{/if}}") == [
        "template/impossible-value 4:13 's' is never 'PAYD'; did you mean 'PAID'?"
      ])
    #expect(variableFindings("{{#if (ne \"X\" s)}}a{{/if}}") == ["template/impossible-value 4:11 's' is never 'X'"])
    #expect(
      variableFindings("{{#if (eq n \"1\")}}a{{/if}}") == [
        "template/incomparable 4:7 'n' is an integer, '\"1\"' is a string: they are never equal"
      ])
    #expect(
      variableFindings("{{#if (eq items o)}}a{{/if}}") == [
        "template/incomparable 4:11 'items' is a list of LineItem, which cannot be compared"
      ])
    #expect(variableFindings("{{#if (eq o null)}}a{{/if}}") == ["template/incomparable 4:13 null cannot be compared"])
    #expect(
      variableFindings("{{#if (gt m 3)}}a{{/if}}") == [
        "template/incomparable 4:11 'm' is an amount of money, which has no order"
      ])
    #expect(variableFindings("{{#if (eq u o)}}a{{/if}}{{#if (eq yes true)}}b{{/if}}{{#if (lt n 1.5)}}c{{/if}}") == [])
  }

  @Test func `helpers get what they take`() {
    #expect(
      variableFindings("{{#if (eq n)}}a{{/if}}") == [
        "template/helper-arguments 4:8 'eq' takes 2 arguments, and has 1"
      ])
    #expect(
      variableFindings("{{#if (not n n)}}a{{/if}}") == [
        "template/helper-arguments 4:8 'not' takes 1 argument, and has 2"
      ])
    #expect(
      variableFindings("{{#if (and n)}}a{{/if}}") == [
        "template/helper-arguments 4:8 'and' takes at least 2 arguments, and has 1"
      ])
    #expect(
      variableFindings("{{#if (eq n 1 x=2)}}a{{/if}}") == [
        "template/helper-arguments 4:15 'eq' takes no named arguments"
      ])
    #expect(
      variableFindings("{{#if (equals n 1)}}a{{/if}}") == [
        "template/unknown-helper 4:8 there is no helper 'equals'"
      ])
    #expect(
      variableFindings("{{defualt o \"x\"}}") == [
        "template/unknown-helper 4:3 there is no helper 'defualt'; did you mean 'default'?"
      ])
    #expect(variableFindings("{{o n}}") == ["template/unknown-helper 4:3 'o' is a value and takes no arguments"])
    #expect(
      variableFindings("{{join items \", \"}}") == [
        "template/helper-arguments 4:8 'items' is a list of LineItem, not a list of texts"
      ])
    #expect(
      variableFindings("{{t yes}}") == [
        "template/helper-arguments 4:5 the key of a message is a text, not a boolean"
      ])
    #expect(
      variableFindings("{{t \"k\" a=items}}") == [
        "template/helper-arguments 4:11 'items' is a list of LineItem, which a message cannot hold"
      ])
    #expect(
      variableFindings("{{default n \"none\"}}{{default yes o}}") == [
        "template/helper-arguments 4:35 'yes' is a boolean, and 'o' is a string: it cannot stand in for it"
      ])
  }

  // MARK: What may be absent

  @Test func `an optional value is guarded`() {
    let fault = "template/unguarded-optional"
    #expect(variableFindings("{{opt}}") == ["\(fault) 4:3 'opt' may be absent"])
    #expect(variableFindings("{{t \"k\" a=opt}}") == ["\(fault) 4:11 'opt' may be absent"])
    #expect(variableFindings("{{#if opt}}{{opt}}{{else}}{{opt}}{{/if}}") == ["\(fault) 4:29 'opt' may be absent"])
    #expect(variableFindings("{{#if opt}}{{opt}}{{/if}}{{opt}}") == ["\(fault) 4:28 'opt' may be absent"])
    #expect(
      variableFindings("{{#unless opt}}{{opt}}{{else}}{{opt}}{{/unless}}") == ["\(fault) 4:18 'opt' may be absent"])
    #expect(variableFindings("{{opta.street}}") == ["\(fault) 4:3 'opta' may be absent"])
    #expect(variableFindings("{{#if opta}}{{opta.line2}}{{/if}}") == ["\(fault) 4:15 'opta.line2' may be absent"])
    #expect(variableFindings("{{#each items}}{{note}}{{/each}}") == ["\(fault) 4:18 'note' may be absent"])
    #expect(variableFindings("{{#if (or opt yes)}}{{opt}}{{/if}}") == ["\(fault) 4:23 'opt' may be absent"])
    #expect(variableFindings("{{#if (gt opt 1)}}a{{/if}}").count == 1)
  }

  @Test func `guards are understood`() {
    for guarded in [
      "{{default opt \"x\"}}", "{{#if (and yes opt)}}{{opt}}{{/if}}", "{{#if (not opt)}}{{else}}{{opt}}{{/if}}",
      "{{#unless (or (not opt) yes)}}{{opt}}{{/unless}}", "{{#if (eq opt \"a\")}}{{opt}}{{/if}}",
      "{{#if (ne opt \"a\")}}{{else}}{{opt}}{{/if}}", "{{#if opta.line2}}{{opta.street}}{{opta.line2}}{{/if}}",
      "{{#with opta}}{{street}}{{#if line2}}{{line2}}{{/if}}{{/with}}", "{{#with opta as |a|}}{{a.street}}{{/with}}",
      "{{#if opta}}{{#with opta}}{{street}}{{/with}}{{opta.city}}{{/if}}",
      "{{#if yes}}a{{else if opt}}{{opt}}{{/if}}", "{{#unless opt}}a{{else if yes}}{{opt}}{{/unless}}",
      "{{#each items as |i|}}{{#if i.note}}{{i.note}}{{note}}{{this.note}}{{/if}}{{/each}}",
      "{{#if opta}}{{#if opta.line2}}{{opta.line2}}{{/if}}{{/if}}",
      "{{#if (and opta opta.line2)}}{{opta.line2}}{{/if}}",
      "{{#if opt}}{{#each items}}{{../opt}}{{@root.opt}}{{/each}}{{/if}}", "{{#if (or opt opt)}}{{opt}}{{/if}}",
    ] {
      #expect(variableFindings(guarded) == [], "\(guarded)")
    }
    #expect(findings("variables: {a: {type: string, optional: true, default: x}}", "{{a}}") == [])
  }

  // MARK: Partials

  static let button =
    "---\n{parameters: {href: url, label: string, tone: {type: [info, success], default: info}, "
    + "note: {type: string, optional: true}}}\n---\n<a href=\"{{href}}\">{{label}}</a>{{tone}}{{#if note}}{{note}}{{/if}}"
  static let card =
    "---\n{parameters: {title: string}, slots: {foot: {required: true}, aside: {}}}\n---\n"
    + "{{title}}{{> @partial-block}}{{> foot}}{{#> aside}}none{{/aside}}"

  func calls(_ content: String) -> [String] {
    findings(
      "variables: {o: string, u: url, i: integer, opt: {type: string, optional: true}}", content,
      partials: ["button": Self.button, "card": Self.card, "blocks/line": "<hr>"]
    ).filter { !$0.hasPrefix("template/unused-variable") }
  }

  @Test func `partials are called with what they declare`() {
    #expect(calls("{{> button href=u label=o}}{{> button href=\"https://a.example/\" label=i tone=\"success\"}}") == [])
    #expect(calls("{{> button href=u}}") == ["template/missing-argument 4:5 partial 'button' needs 'label'"])
    #expect(
      calls("{{> button hraf=u label=o}}") == [
        "template/unknown-argument 4:12 partial 'button' has no parameter 'hraf'; did you mean 'href'?"
      ])
    #expect(
      calls("{{> button href=u label=o zzz=1}}") == [
        "template/unknown-argument 4:27 partial 'button' has no parameter 'zzz'"
      ])
    #expect(
      calls("{{> button href=o label=o}}") == [
        "template/wrong-argument 4:17 'href' must be a url, and 'o' is a string"
      ])
    #expect(
      calls("{{> button href=\"x\" label=o}}") == [
        "template/wrong-argument 4:17 'href' is 'x', which is not a whole URL"
      ])
    #expect(
      calls("{{> button href=\"javascript:x\" label=o}}") == [
        "template/wrong-argument 4:17 'href' is a URL of the scheme 'javascript', which a mail may not use"
      ])
    #expect(
      calls("{{> button href=u label=o tone=\"sucess\"}}") == [
        "template/wrong-argument 4:32 'tone' is 'sucess', which is not one of its values; did you mean 'success'?"
      ])
    #expect(calls("{{> button href=u label=opt note=opt}}") == ["template/unguarded-optional 4:25 'opt' may be absent"])
    #expect(
      calls("{{> button href=u label=true}}") == [
        "template/wrong-argument 4:25 'label' is true or false, not a string"
      ])
    #expect(
      calls("{{> button href=u label=null}}") == [
        "template/wrong-argument 4:25 'label' must be a string, and null is nothing"
      ])
  }

  @Test func `a wrong call notes where the parameter is declared`() throws {
    var site = TestSite(["button": Self.button])
    let (result, _) = site.check("---\n{subject: x, variables: {o: string}}\n---\n{{> button href=o label=o}}")
    let diagnostic = try #require(result.diagnostics.first)
    let note = try #require(diagnostic.notes.first?.range)
    #expect(site.sources[note.source].path == "partials/button.html")
    #expect(site.sources.text(note) == "href")
  }

  @Test func `unknown partials are suggested`() {
    #expect(
      calls("{{> buton href=u label=o}}") == [
        "template/unknown-partial 4:5 there is no partial 'buton'; did you mean 'button'?"
      ])
    #expect(
      calls("{{> line}}") == ["template/unknown-partial 4:5 there is no partial 'line'; did you mean 'blocks/line'?"])
  }

  @Test func `blocks and slots fit the partial`() {
    let foot = "{{#*inline \"foot\"}}f{{/inline}}"
    #expect(calls("{{#> card title=o}}\(foot)x{{/card}}") == [])
    #expect(calls("{{#> card title=o}}x{{/card}}") == ["template/missing-slot 4:6 partial 'card' needs slot 'foot'"])
    #expect(
      calls("{{#> card title=o}}{{#*inline \"foto\"}}f{{/inline}}{{/card}}") == [
        "template/unknown-slot 4:31 partial 'card' has no slot 'foto'; did you mean 'foot'?"
      ])
    #expect(
      calls("{{#> card title=o}}\(foot)\(foot){{/card}}") == [
        "template/duplicate-slot 4:62 slot 'foot' is filled twice"
      ])
    #expect(
      calls("{{#> blocks/line}}x{{/blocks/line}}") == [
        "template/unused-block 4:6 partial 'blocks/line' prints no block"
      ])
    #expect(calls("{{#> blocks/line}} \n {{/blocks/line}}") == [])
    #expect(
      calls("{{> card title=o}}") == [
        "template/missing-block 4:5 partial 'card' needs a block",
        "template/missing-slot 4:5 partial 'card' needs slot 'foot'",
      ])
    #expect(calls(foot) == ["template/misplaced-slot 4:1 slot 'foot' is filled where no partial can take it"])
    #expect(calls("{{> @partial-block}}") == ["template/misplaced-block 4:5 a template is given no block"])
  }

  @Test func `a partial sees its parameters and not its caller`() {
    #expect(
      findings("variables: {o: string}", "{{o}}{{> p}}", partials: ["p": "{{o}}{{site.name}}"]) == [
        "template/undeclared-name 1:3 'o' is not declared"
      ])
    #expect(
      findings("", "{{> p a=\"x\"}}", partials: ["p": "---\n{parameters: {a: string}, slots: {s: {}}}\n---\nx"]) == [
        "template/unused-parameter 2:15 parameter 'a' is never used",
        "template/unused-parameter 2:35 slot 's' is never printed",
      ])
  }

  @Test func `layouts exist, print their block and take arguments`() {
    let layouts = [
      "plain":
        "---\n{parameters: {tone: [info, success]}, slots: {head: {required: true}}}\n---\n{{tone}}{{> head}}{{> @partial-block}}",
      "empty": "<hr>",
    ]
    func found(_ layout: String, _ content: String) -> [String] {
      findings("layout: \(layout)", content, partials: layouts)
    }
    #expect(found("{name: plain, tone: info}", "{{#*inline \"head\"}}h{{/inline}}x") == [])
    #expect(
      found("{name: plain, tone: inof}", "{{#*inline \"head\"}}h{{/inline}}x") == [
        "template/wrong-argument 2:43 'tone' is 'inof', which is not one of its values; did you mean 'info'?"
      ])
    #expect(
      found("plain", "x") == [
        "template/missing-argument 2:23 layout 'plain' needs 'tone'",
        "template/missing-slot 2:23 layout 'plain' needs slot 'head'",
      ])
    #expect(found("plian", "x") == ["template/unknown-layout 2:23 there is no layout 'plian'; did you mean 'plain'?"])
    #expect(found("empty", "x") == ["template/unknown-layout 2:23 'empty' is no layout: it prints no block"])
    #expect(
      found("{name: plain, tone: info}", "{{#if site.name}}{{#*inline \"head\"}}h{{/inline}}{{/if}}") == [
        "template/missing-slot 2:30 layout 'plain' needs slot 'head'",
        "template/misplaced-slot 4:18 slot 'head' is filled where no partial can take it",
      ])
  }

  @Test func `recursion is found with its chain`() {
    #expect(
      findings("", "{{> a}}", partials: ["a": "{{> b}}", "b": "{{#if site.name}}{{> c}}{{/if}}", "c": "{{> a}}"]) == [
        "template/recursive-partial 1:5 partial 'a' calls itself: a → b → c → a"
      ])
    #expect(
      findings("", "{{> a}}", partials: ["a": "{{> a}}"]) == [
        "template/recursive-partial 1:5 partial 'a' calls itself: a → a"
      ])
    #expect(findings("", "{{> a}}", partials: ["a": "{{> c}}{{> b}}", "b": "{{> c}}", "c": "x"]) == [])
  }

  // MARK: Messages

  @Test func `messages are listed with their arguments`() {
    var site = TestSite()
    let (result, found) = site.check(
      "---\n{subject: '{{t \"s\"}}', variables: {a: url, k: string}}\n---\n{{t \"x.y\" one=a two=1}}{{t k}}{{default (t \"z\") a}}"
    )
    #expect(found == [])
    #expect(result.messages.map(\.key) == ["s", "x.y", "z"])
    #expect(result.messages[1].arguments.map(\.name) == ["one", "two"])
    #expect(result.messages[1].arguments.map(\.type) == [.url, .integer])
    #expect(site.sources.text(result.messages[1].keyRange) == "\"x.y\"")
    #expect(result.computedMessages.map { site.sources.text($0) } == ["t k"])
  }

  @Test func `every code explains itself`() {
    let codes = DiagnosticCode.languageCodes
    #expect(Set(codes.map(\.name)).count == codes.count)
    for code in codes {
      #expect(
        !code.summary.isEmpty && !code.explanation.isEmpty && !code.bad.isEmpty && code.bad != code.good, "\(code.name)"
      )
      #expect(!code.summary.hasSuffix("."), "\(code.name)")
    }
  }
}
