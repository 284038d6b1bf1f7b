import GalleySource
import GalleyTemplate
import Testing

/// What `body` shows with `data`.
private func shown(_ body: String, _ data: Value) -> String {
  var site = EvaluationSite()
  let result = site.specialize(commonVariables, body)
  #expect(result.diagnostics.isEmpty, "\(site.rendered(result.diagnostics))")
  let rendering = Interpreter.render(result.html, with: data, dialect: .jinja, part: .html)
  return String(decoding: rendering.bytes, as: UTF8.self)
}

private func record(_ fields: (String, Value)...) -> Value { .record(fields.map { Value.Field($0, $1) }) }

@Suite struct `Interpretation` {
  @Test func `one branch is taken`() {
    let body = "{{#if note}}A{{else if flag}}B{{else if size}}C{{else}}D{{/if}}"
    #expect(shown(body, record(("note", .string("x")), ("flag", .boolean(true)))) == "A")
    #expect(shown(body, record(("note", .string("")), ("flag", .boolean(true)))) == "B")
    #expect(shown(body, record(("size", .integer(1)))) == "C")
    #expect(shown(body, record(("size", .integer(0)))) == "D")
    #expect(shown("{{#if flag}}A{{/if}}B", record()) == "B")
  }

  @Test func `loops repeat, nest, and have a case for nothing`() {
    let body =
      "{{#each lists as |l|}}[{{#each l as |x|}}{{@../index}}{{@index}}{{x}}{{else}}-{{/each}}]{{else}}none{{/each}}"
    let lists = Value.list([.list([.string("a"), .string("b")]), .list([]), .list([.string("c")])])
    #expect(shown(body, record(("lists", lists))) == "[00a01b][-][20c]")
    #expect(shown(body, record(("lists", .list([])))) == "none")
    #expect(shown("{{#each more}}{{this}}{{#unless @last}}, {{/unless}}{{else}}none{{/each}}", record()) == "none")
    #expect(
      shown(
        "{{#each more}}{{#if @first}}^{{/if}}{{this}}{{#unless @last}}, {{/unless}}{{/each}}",
        record(("more", .list([.string("a"), .string("b")])))) == "^a, b")
  }

  @Test func `values are escaped as the engine does`() {
    let hostile = Value.string("<a b=\"c\" d='e'>&")
    #expect(shown("{{name}}", record(("name", hostile))) == "&lt;a b=&#34;c&#34; d=&#39;e&#39;&gt;&amp;")
    #expect(
      shown("<a href=\"https://x.example/{{part}}\">", record(("part", .string("a b/ü?&"))))
        == "<a href=\"https://x.example/a%20b/%C3%BC%3F%26\">")
    #expect(
      shown("<a href=\"mailto:{{contact}}\">", record(("contact", .string("a@b?c")))) == "<a href=\"mailto:a@b%3Fc\">")
    #expect(shown("{{{markup}}}", record(("markup", .string("<b>")))) == "<b>")
    #expect(shown("{{name}}", record()) == "")
  }

  @Test func `rendered bytes point to where they were written`() throws {
    var site = EvaluationSite(partials: ["p": "---\n{parameters: {x: string}}\n---\n<b>{{x}}</b>"])
    let result = site.specialize(commonVariables, "{{#each items}}{{> p x=description}}{{/each}}")
    let items = Value.list([record(("description", .string("one"))), record(("description", .string("two")))])
    let rendering = Interpreter.render(result.html, with: record(("items", items)), dialect: .jinja, part: .html)
    #expect(String(decoding: rendering.bytes, as: UTF8.self) == "<b>one</b><b>two</b>")
    for offset in [0, 10] {
      let bold = try #require(rendering.origins.origin(of: offset..<offset + 3))
      #expect(site.sources.text(bold.range) == "<b>")
      #expect(bold.calls.map { site.sources.text($0) } == ["{{> p x=description}}"])
      let value = try #require(rendering.origins.origin(of: offset + 4..<offset + 5))
      #expect(site.sources.text(value.range) == "{{x}}")
    }
  }
}
