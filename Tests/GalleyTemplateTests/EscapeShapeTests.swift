import GalleySource
import GalleyTemplate
import Testing

/// The codes of what is refused in `body`, once each, or what it becomes.
private func verdict(
  _ body: String, _ dialect: Dialect = .jinja, partials: [String: String] = [:], messages: [String: String] = [:]
) -> String {
  var site = EvaluationSite(partials: partials, messages: messages)
  site.dialect = dialect
  let result = site.specialize(commonVariables, body)
  let codes = Set((site.diagnostics + result.diagnostics).filter { $0.severity < .info }.map(\.code.name)).sorted()
  guard codes.isEmpty else { return codes.joined(separator: " ") }
  return String(decoding: DialectWriter.write(result.html, dialect: dialect, part: .html), as: UTF8.self)
}

/// What escapers that follow the place of a value have got wrong, and published.
///
/// Each shape is refused in each dialect, or the value in it means nothing but itself.
@Suite struct `Published failures of contextual escapers` {
  private static let dialects = Dialect.names.compactMap { Dialect.named($0) }

  private func expect(_ code: String, _ bodies: String...) {
    for dialect in Self.dialects {
      for body in bodies {
        let found = verdict(body, dialect)
        // A dialect without blocks refuses the block, whatever is in it.
        #expect(found == code || dialect == .interpolate && body.contains("{{#"), "\(dialect.name): \(body)\n\(found)")
      }
    }
  }

  /// First shape. Branches that leave different contexts behind: what follows is escaped for one of them. Samuel, Saxena
  /// and Song, "Context-Sensitive Auto-Sanitization in Web Templating Languages Using Type Qualifiers" (CCS 2011),
  /// section 3; Go's `ErrBranchEnd`. Published again as CVE-2026-32289, for branches within a script's literals.
  @Test func `branches that end in different contexts`() {
    for dialect in Self.dialects where dialect.abilities.contains(.loops) {
      for body in [
        "<a {{#if flag}}href=\"{{else}}title=\"{{/if}}{{name}}\">", "{{#if flag}}<a title=\"{{/if}}{{name}}\">",
        "{{#if flag}}<!-- {{/if}}{{name}}", "{{#if flag}}<script>{{else}}<b>{{/if}}{{name}}",
        "{{#if flag}}<title>{{else}}<style>{{/if}}{{name}}", "<p title=\"{{#if flag}}\"{{/if}}{{name}}\">",
        "{{#if flag}}<!--[if mso]>{{/if}}{{name}}", "<p title={{#if flag}}'{{else}}\"{{/if}}{{name}}",
        "{{#if flag}}<p style=\"{{else}}<p title=\"{{/if}}{{name}}\">",
      ] {
        let found = verdict(body, dialect)
        #expect(
          found.hasPrefix("escape/branches") || found.hasPrefix("escape/unquoted"), "\(dialect.name): \(body)\n\(found)"
        )
      }
    }
    expect("escape/block", "<script>{{#if flag}}`{{/if}}</script>")
  }

  /// Second shape. A value without quotation marks that turns out empty: the attribute behind it becomes its value.
  /// CVE-2023-29400, golang/go#59722.
  @Test func `an unquoted attribute whose value is empty`() {
    expect(
      "escape/unquoted-attribute", "<a title={{name}} href=\"x\">", "<a title= {{name}}>", "<a title={{name}}{{name}}>")
    expect("escape/unquoted-attribute", "<a title={{#if flag}}x{{/if}} onclick=y>", "<a title=x{{#if flag}}y{{/if}}>")
    expect("escape/unquoted-attribute", "<a title={{data.nothing}} href=x>")
  }

  /// Third shape. A context of the embedded language that the escaper does not know, as a template literal of script.
  /// CVE-2023-24538, golang/go#59234; white space of script, CVE-2023-24540, golang/go#59721.
  @Test func `contexts within script`() {
    expect(
      "escape/script", "<script>var a = `{{name}}`</script>", "<script>var a = `$ {{name}}`</script>",
      "<script>f(\u{2028}{{name}})</script>", "<a onclick=\"f(`{{name}}`)\">",
      "<a href=\"https://x.example/\" onfocus='{{name}}'>")
    expect("escape/url-ambiguous", "<a href=\"javascript:f(`{{part}}`)\">", "<a href=\"javascript:'{{part}}'\">")
  }

  /// Fourth shape. An element's content that ends elsewhere than the escaper believes: `<!--` and `<script` in script.
  /// CVE-2023-39318, golang/go#62196, and CVE-2023-39319, golang/go#62197.
  @Test func `script that does not end where it seems to`() {
    expect(
      "escape/script", "<script>\"<!--<script>\"</script>{{name}}</script>",
      "<script>\"</scr\" + \"ipt>\" {{name}}</script>", "<script><!--\n<script >x</script>{{name}}--></script>",
      "<SCRIPT>{{name}}</SCRIPT>", "<script type=\"TEXT/Template\">{{name}}</script>",
      "<script>//</scriptx>{{name}}</script>")
    #expect(verdict("<script>\"<!--\"</script>{{name}}") == "<script>\"<!--\"</script>{{ name|e }}")
    #expect(verdict("<!-- <script> -->{{name}}") == "<!-- <script> -->{{ name|e }}")
  }

  /// Fifth shape. An ordinary attribute that is a URL, or more, because of another attribute. CVE-2026-27142,
  /// golang/go#77954: `content` of `<meta http-equiv="refresh">`; golang/go#79644: without `url=`.
  @Test func `attributes that mean more than they seem to`() {
    expect(
      "escape/directive", "<meta http-equiv=\"refresh\" content=\"0;url={{url}}\">",
      "<meta content=\"0; {{url}}\" http-equiv=refresh>",
      "<META CONTENT=\"{{name}}\">", "<meta http-equiv=\"{{name}}\" content=\"x\">",
      "<link rel=\"{{name}}\" href=\"x\">",
      "<svg><set attributeName=\"href\" to=\"{{url}}\"/></svg>", "<svg><animate values=\"{{url}}\"/></svg>")
    expect("escape/url-attribute", "<svg><use xlink:href=\"{{url}}\"/></svg>", "<base href=\"{{url}}\">")
    expect("escape/url-type", "<v:fill o:href=\"{{name}}\">", "<a x:href=\"{{name}}\">")
    expect("escape/script", "<a x:onclick=\"{{name}}\">")
  }

  /// A style that a value leaves: CVE-2023-24539, golang/go#59720.
  @Test func `values that end a style`() {
    expect(
      "escape/style", "<style>{{name}}</style>", "<style>a{b:{{hue}}/{{hue}} }</style>",
      "<p style=\"a:{{name}}/{{name}}\">", "<p style=\"background:url({{url}})\">", "<p style=\"a:{{price}}\">")
  }

  /// A URL whose scheme is put together of pieces, each of which is harmless: OWASP's "Cross Site Scripting Prevention
  /// Cheat Sheet", and Go's `ErrAmbigContext`.
  @Test func `schemes that are put together`() {
    expect("escape/url-host", "<a href=\"java{{part}}:x\">", "<a href=\"j{{count}}:x\">")
    expect(
      "escape/url-ambiguous", "<a href=\"{{url}}{{part}}\">", "<a href=\"javascript&colon;{{part}}\">",
      "<a href=\"java&#115;cript:{{part}}\">", "<a href=\"java\nscript:{{part}}\">",
      "<a href=\"{{#if flag}}java{{else}}https{{/if}}script://x/{{part}}\">",
      "<a href=\"{{#if flag}}javascript:{{else}}https://x.example/{{/if}}{{part}}\">")
  }

  /// A list of URLs, of which an escaper checks the first: Go escapes `srcset` as such since 1.9.
  @Test func `lists of URLs`() {
    expect(
      "escape/url-attribute", "<img srcset=\"a.png 1x, {{url}} 2x\">", "<link imagesrcset=\"{{url}}\">",
      "<a ping=\"{{url}}\">")
  }

  /// Comments that end earlier or later than they seem to: https://html.spec.whatwg.org/#comment-start-state.
  @Test func `comments that end elsewhere`() {
    expect(
      "escape/comment", "<!-- --{{name}}>", "<!{{name}}>", "<!- {{name}} ", "<!-- --! {{name}} -->",
      "<!--[if mso]>{{name}}><![endif]-->", "<!--[if mso]><b>{{name}}-></b><![endif]-->")
    for (body, text) in [
      ("<!-->{{name}}-->", "<!-->{{ name|e }}-->"), ("<!--->{{name}}", "<!--->{{ name|e }}"),
      ("<!-- --!>{{name}}", "<!-- --!>{{ name|e }}"), ("<!-- -- >-->{{name}}", "<!-- -- >-->{{ name|e }}"),
      ("<!--[if mso]>{{name}}--><![endif]-->", "<!--[if mso]>{{ name|e }}--><![endif]-->"),
    ] { #expect(verdict(body) == text) }
  }
}

@Suite struct `Branches and loops end where they may` {
  @Test func `a block stands between pieces of HTML, not in them`() {
    for body in [
      "<a hre{{#if flag}}f=\"{{name}}\"{{/if}}>", "<a href{{#if flag}}=\"{{name}}\"{{/if}}>",
      "<a {{#if flag}}href{{else}}title{{/if}}=\"{{name}}\">", "<a {{#if flag}}hre{{/if}}f=\"{{name}}\">",
      "<a {{#if flag}}on{{else}}on{{/if}}click=\"{{name}}\">", "<a href{{#if flag}} {{/if}}=\"{{name}}\">",
      "<scr{{#if flag}} x{{/if}}ipt>{{name}}", "<{{#if flag}} {{/if}}script>{{name}}", "</{{#if flag}} b{{/if}}>",
      "{{#if flag}}<{{else}}<{{/if}}script>{{name}}", "{{#if flag}}</{{else}}</{{/if}}b>",
      "{{#if flag}}<scr{{else}}<scr{{/if}}ipt>{{name}}", "{{#if flag}}<!{{else}}<!{{/if}}-- > {{name}}",
      "{{#if flag}}<!-- --{{else}}<!-- --{{/if}}><script>--> x", "<td {{#if flag}}title=\"x\"{{/if}}=\"y\">",
      "<td{{#if flag}} a{{/if}}{{#if flag}}b{{/if}}>", "<td {{#each more}}nowrap{{/each}}=\"{{name}}\">",
      "<td/{{#if flag}} a{{/if}}>", "<td {{#if flag}}title={{else}}title={{/if}}x>",
    ] {
      let found = verdict(body)
      #expect(found.split(separator: " ").allSatisfy { $0.hasPrefix("escape/") }, "\(body)\n\(found)")
      #expect(found.contains("escape/block") || found.contains("escape/loop"), "\(body)\n\(found)")
    }
  }

  @Test func `whole attributes, elements and values are fine`() {
    for body in [
      "<td{{#if flag}} nowrap{{/if}}>{{name}}", "<td {{#if flag}}nowrap{{/if}}>{{name}}",
      "<td {{#if flag}}nowrap{{/if}} title=\"{{name}}\">",
      "<td {{#if flag}}title=\"{{name}}\"{{else}}alt=\"{{name}}\"{{/if}}>",
      "<td {{#if flag}}title=\"{{name}}\" {{/if}}alt=\"{{name}}\">",
      "<td nowrap {{#if flag}}title=\"{{name}}\"{{/if}}>",
      "<td{{#if flag}} a{{/if}}{{#if flag}} b{{/if}}>", "<td{{#if flag}} a=\"b\"{{/if}}/>",
      "<p title=\"{{#if flag}}{{name}}{{else}}-{{/if}}\">", "{{#if flag}}<b>{{else}}<i>{{/if}}{{name}}",
      "<style>{{#if flag}}a{ b:c }{{/if}}</style>{{name}}",
      "<!--[if mso]><td{{#if flag}} width=\"1\"{{/if}}>{{name}}</td><![endif]-->",
      "<!--[if mso]>a-{{#if flag}}b{{/if}} {{name}} <![endif]-->",
      "<a href=\"{{#if flag}}https://a.example{{else}}https://b.example{{/if}}/{{part}}\">",
      "<a href=\"https://x.example/{{#if flag}}?a={{part}}{{/if}}\">", "{{#each more}}<p title=\"{{this}}\">{{/each}}",
      "<p title=\"{{#each more}}{{this}}, {{/each}}\">",
      "<a href=\"https://x.example/{{#each items}}{{quantity}}{{/each}}\">",
    ] {
      #expect(!verdict(body).hasPrefix("escape/"), "\(body)\n\(verdict(body))")
    }
  }

  @Test func `each branch of a chain is compared with the others`() {
    let ends = ["<b>", "<b>", "<b>"]
    for wrong in 0..<4 {
      var branches = ends + ["<b>"]
      branches[wrong] = "<b title=\""
      let body =
        "{{#if flag}}\(branches[0]){{else if note}}\(branches[1]){{else if (eq status \"PAID\")}}\(branches[2])"
        + "{{else}}\(branches[3]){{/if}}{{name}}"
      #expect(verdict(body) == "escape/branches", "\(body)")
      #expect(verdict(body, .liquid) == "escape/branches", "\(body)")
    }
    #expect(verdict("{{#if flag}}<b>{{else if note}}<b title=\"{{/if}}") == "escape/branches")
    #expect(verdict("{{#unless flag}}<b title=\"{{/unless}}") == "escape/branches")
    #expect(verdict("{{#with other}}<b title=\"{{street}}{{else}}<b title=\"{{/with}}\">").contains("<b title="))
    #expect(verdict("{{#with other}}<b title=\"{{street}}{{/with}}\">") == "escape/branches")
    #expect(verdict("{{#if flag}}{{#if note}}<b title=\"{{else}}<b>{{/if}}{{/if}}") == "escape/branches")
  }

  @Test func `a loop ends where it began, and so does its empty case`() {
    #expect(verdict("{{#each more}}<b title=\"{{/each}}") == "escape/loop")
    #expect(verdict("{{#each more}}x{{else}}<b title=\"{{/each}}") == "escape/loop")
    #expect(verdict("{{#each more}}<b title=\"{{else}}<b title=\"{{/each}}\">") == "escape/loop")
    #expect(verdict("<p title=\"{{#each more}}\">{{/each}}") == "escape/loop")
    #expect(verdict("<a href=\"{{#each items}}{{link}}{{/each}}\">") == "escape/loop")
    #expect(verdict("{{#each more}}<!--[if mso]>{{/each}}") == "escape/loop")
    #expect(verdict("{{#each items}}{{#each ../more}}<b title=\"{{/each}}{{/each}}") == "escape/loop")
    #expect(verdict("<td {{#each more}}nowrap{{/each}}>") == "escape/loop")
    // What is known is written out, and its end is its end.
    #expect(verdict("{{#each data.links}}<b title=\"{{label}}\">{{/each}}").hasPrefix("<b title=\"Help\">"))
  }

  @Test func `a plural's branches end where the others do`() {
    let messages = [
      "en-ZA": "{n: \"{n, plural, one {a '<b' c} other {# d}}\", w: \"{n, plural, one {<x>a</x>} other {b}}\"}"
    ]
    #expect(
      verdict("<p title=\"{{t \"n\" n=count}}\">{{t \"n\" n=count}}{{name}}", messages: messages)
        == "<p title=\"{% if count == 1 %}a &lt;b c{% else %}{{ count|e }} d{% endif %}\">"
        + "{% if count == 1 %}a &lt;b c{% else %}{{ count|e }} d{% endif %}{{ name|e }}")
    #expect(
      verdict("{{t \"w\" n=count x=url}}", messages: messages)
        == "{% if count == 1 %}<a href=\"{{ url|e }}\">a</a>{% else %}b{% endif %}")
    #expect(verdict("<td {{t \"n\" n=count}}>", messages: messages).contains("escape/attribute-name"))
    #expect(verdict("<!-- {{t \"n\" n=count}} -->", messages: messages).hasPrefix("escape/block"))
    #expect(verdict("<a title={{t \"n\" n=count}}>", messages: messages).contains("escape/unquoted-attribute"))
  }

  @Test func `partials, slots and their blocks are followed through`() {
    let partials = [
      "open": "<b title=\"", "quote": "---\n{parameters: {v: string}}\n---\n{{v}}\">",
      "card": "<div title=\"{{> @partial-block}}\">x</div>",
      "slots": "---\n{slots: {foot: {}}}\n---\n<script>{{#> foot}}{{/foot}}</script>{{> @partial-block}}",
      "some": "---\n{parameters: {on: boolean}}\n---\n{{#if on}}<i>{{else}}<i title=\"{{/if}}",
    ]
    #expect(verdict("{{> open}}{{> quote v=name}}", partials: partials) == "<b title=\"{{ name|e }}\">")
    #expect(verdict("{{#if flag}}{{> open}}{{/if}}{{name}}", partials: partials) == "escape/branches")
    #expect(verdict("{{> quote v=name}}", partials: partials) == "{{ name|e }}\">")
    #expect(verdict("{{#> card}}{{name}}{{/card}}", partials: partials) == "<div title=\"{{ name|e }}\">x</div>")
    #expect(verdict("{{#> card}}{{#if flag}}\"{{/if}}{{/card}}", partials: partials) == "escape/branches")
    #expect(verdict("{{> some on=flag}}", partials: partials) == "escape/branches")
    #expect(verdict("{{> some on=true}}{{name}}", partials: partials) == "<i>{{ name|e }}")
    #expect(
      verdict("{{#> slots}}y{{#*inline \"foot\"}}{{name}}{{/inline}}{{/slots}}", partials: partials) == "escape/script")
    #expect(verdict("{{#each more}}{{> open}}{{/each}}", partials: partials) == "escape/loop")
  }
}
