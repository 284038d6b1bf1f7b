import GalleySource
import GalleyTemplate
import Testing

/// The indentation of partials, as Handlebars has it: the blanks before a call that has a line to itself stand before
/// each line of what is called.
@Suite struct `Indentation of partials` {
  /// What a text without variables becomes.
  private func text(_ body: String, _ partials: [String: String]) -> String {
    var site = EvaluationSite(partials: partials)
    let result = site.specialize("", body)
    #expect(result.diagnostics.isEmpty)
    return String(decoding: result.html.bytes, as: UTF8.self)
  }

  @Test func `a call on a line of its own indents each line`() {
    let partials = ["p": "<b>\n  x\n</b>\n", "q": "1\n\n2"]
    #expect(text("a\n  {{> p}}\nz", partials) == "a\n  <b>\n    x\n  </b>\nz")
    #expect(text("\t{{> p}}\n", partials) == "\t<b>\n\t  x\n\t</b>\n")
    #expect(text("  {{> q}}\n.", partials) == "  1\n  \n  2.")
    #expect(text("a\r\n  {{> p}}\r\nz", partials) == "a\r\n  <b>\n    x\n  </b>\nz")
  }

  @Test func `a call beside something, or with a tilde, indents nothing`() {
    let partials = ["p": "1\n2\n"]
    #expect(text("a\n  {{> p}} b", partials) == "a\n  1\n2\n b")
    #expect(text("a\n  b {{> p}}\n", partials) == "a\n  b 1\n2\n\n")
    #expect(text("a\n  {{~> p}}\nb", partials) == "a1\n2\nb")
  }

  @Test func `partials within partials add up`() {
    let partials = ["outer": "1\n  {{> inner}}\n2\n", "inner": "a\nb\n"]
    #expect(text(" {{> outer}}\n", partials) == " 1\n   a\n   b\n 2\n")
  }

  @Test func `lines that vanish get none, and tags at the start of a line do`() {
    let parameters = "---\n{parameters: {x: boolean, s: string}}\n---\n"
    let partials = [
      "p": parameters + "a\n{{#if x}}\n{{s}}\n{{else}}\nno\n{{/if}}\n{{! c }} z\n\\{{y}}.",
      "q": parameters + "{{#if x}}{{s}}\n{{/if}}{{s}}{{#unless x}}\n{{/unless}}",
    ]
    let call = "x=flag s=name}}\n"
    #expect(
      jinja("  {{> p \(call)", partials: partials)
        == "  a\n{% if flag %}  {{ name|e }}\n{% else %}  no\n{% endif %}   z\n  {{ '{' }}{y}}.")
    #expect(
      jinja("  {{> q \(call)", partials: partials)
        == "  {% if flag %}{{ name|e }}\n  {% endif %}{{ name|e }}{% if not flag %}\n{% endif %}")
  }

  @Test func `the block of a call and what fills a slot are indented where they are printed`() {
    let partials = [
      "card": "---\n{slots: {foot: {}}}\n---\n<td>\n  {{> @partial-block}}\n  {{> foot}}\n</td>\n"
    ]
    let body = "{{#> card}}\n{{#*inline \"foot\"}}\nf\ng\n{{/inline}}\na\nb\n{{/card}}\n"
    #expect(text(body, partials) == "<td>\n  a\n  b\n  f\n  g\n</td>\n")
  }

  @Test func `values keep their lines, and findings their places`() {
    var site = EvaluationSite(partials: ["p": "{{> q}}\n<a\nhref=\"{{data.evil}}\">\n", "q": "{{data.quote}}"])
    let result = site.specialize("", "  {{> p}}\n")
    #expect(
      site.rendered(result.diagnostics) == [
        "escape/url-scheme 3:7 'data.evil' begins the URL of 'href' with 'javascript:'"
      ])
  }
}
