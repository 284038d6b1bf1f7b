import GalleySource
import GalleyTemplate
import Testing

/// The code that `body` is refused with, or what it becomes.
private func verdict(_ body: String) -> String {
  let text = jinja(body)
  return text.hasPrefix("escape/") ? String(text.prefix { $0 != " " }) : text
}

@Suite struct `Escaping by place` {
  static let printable = [
    "name", "count", "price", "amount", "url", "part", "contact", "hue", "day", "status",
  ]

  @Test(arguments: printable)
  func `text, titles and quoted attributes take any value, escaped`(name: String) {
    #expect(verdict("<p>{{\(name)}}") == "<p>{{ \(name)|e }}")
    #expect(verdict("<title>{{\(name)}}</title>") == "<title>{{ \(name)|e }}</title>")
    #expect(verdict("<textarea>{{\(name)}}</textarea>") == "<textarea>{{ \(name)|e }}</textarea>")
    #expect(verdict("<img alt=\"a {{\(name)}}\">") == "<img alt=\"a {{ \(name)|e }}\">")
    #expect(
      verdict("<!--[if mso]><b title=\"{{\(name)}}\">{{\(name)}}</b><![endif]-->")
        == "<!--[if mso]><b title=\"{{ \(name)|e }}\">{{ \(name)|e }}</b><![endif]-->")
  }

  @Test(arguments: printable)
  func `a whole URL must be a url`(name: String) {
    for attribute in ["href", "src"] {
      let element = attribute == "href" ? "a" : "img"
      let text = verdict("<\(element) \(attribute)=\"{{\(name)}}\">")
      #expect(
        text == (name == "url" ? "<\(element) \(attribute)=\"{{ url|e }}\">" : "escape/url-type"))
    }
  }

  @Test(arguments: printable)
  func `a piece of a URL must be a urlPart or a number`(name: String) {
    for before in ["https://x.example/", "https://x.example/?q=", "https://x.example/#", "mailto:a@x.example?subject="]
    {
      let text = verdict("<a href=\"\(before){{\(name)}}\">")
      let isPiece = name == "part" || name == "count"
      if name == "contact", before.hasPrefix("mailto") {
        #expect(text == "<a href=\"\(before){{ contact|urlencode|replace('%40', '@') }}\">")
      } else {
        #expect(text == (isPiece ? "<a href=\"\(before){{ \(name)|urlencode }}\">" : "escape/url-part-type"))
      }
    }
  }

  @Test(arguments: printable)
  func `no value chooses a host, a scheme or a fragment of the mail itself`(name: String) {
    for before in ["https://", "https://x", "http", "//"] {
      #expect(verdict("<a href=\"\(before){{\(name)}}\">") == "escape/url-host", "\(before)")
    }
    #expect(verdict("<a href=\"#{{\(name)}}\">") == "escape/url-ambiguous")
    #expect(verdict("<a href=\"javascript:{{\(name)}}\">") == "escape/url-ambiguous")
  }

  @Test func `a URL is one value or has a literal beginning`() {
    #expect(verdict("<a href=\"{{url}}/x\">") == "escape/url-ambiguous")
    #expect(verdict("<a href=\"{{url}}{{url}}\">") == "escape/url-ambiguous")
    #expect(verdict("<a href=\"{{#if flag}}{{url}}{{/if}}{{url}}\">") == "escape/url-ambiguous")
    #expect(verdict("<a href=\"{{#if flag}}https://x.example/{{/if}}{{url}}\">") == "escape/url-ambiguous")
    #expect(
      verdict("<a href=\"{{#if flag}}{{url}}{{else}}https://x.example/{{/if}}\">")
        == "<a href=\"{% if flag %}{{ url|e }}{% else %}https://x.example/{% endif %}\">")
    #expect(
      verdict("<a href=\"{{#if flag}}{{url}}{{else}}https://x.example/{{/if}}{{part}}\">") == "escape/url-ambiguous")
    #expect(
      verdict("<a href=\"{{default url \"https://x.example\"}}\">")
        == "<a href=\"{{ (url or 'https://x.example')|e }}\">")
    #expect(verdict("<a href=\"{{default url \"javascript:x\"}}\">") == "escape/url-scheme")
    #expect(verdict("<a href=\"{{default url name}}\">") == "escape/url-type")
  }

  @Test(arguments: printable)
  func `places that can't be made safe refuse every value`(name: String) {
    let hole = "{{\(name)}}"
    let refused = [
      ("<a title=\(hole)>", "escape/unquoted-attribute"), ("<a title='\(hole)'>", "escape/single-quoted-attribute"),
      ("<a href='\(hole)'>", "escape/single-quoted-attribute"), ("<a href=\(hole)>", "escape/unquoted-attribute"),
      ("<\(hole)>", "escape/tag-name"), ("</\(hole)>", "escape/tag-name"), ("<td \(hole)>", "escape/attribute-name"),
      ("<td data-\(hole)=\"x\">", "escape/attribute-name"),
      ("<style>a{color:\(hole)}</style>", "escape/style"),
      ("<td bgcolor=\"\(hole)\">", "escape/presentational-attribute"),
      ("<td width=\"\(hole)\">", "escape/presentational-attribute"), ("<script>\(hole)</script>", "escape/script"),
      ("<a onclick=\"\(hole)\">", "escape/script"), ("<iframe srcdoc=\"\(hole)\"></iframe>", "escape/script"),
      ("<!-- \(hole) -->", "escape/comment"), ("<!--[if \(hole)]><![endif]-->", "escape/comment"),
      ("<!DOCTYPE \(hole)>", "escape/declaration"), ("<![CDATA[\(hole)]]>", "escape/declaration"),
      ("<img srcset=\"\(hole)\">", "escape/url-attribute"), ("<td background=\"\(hole)\">", "escape/url-attribute"),
      ("<video poster=\"\(hole)\">", "escape/url-attribute"), ("<form action=\"\(hole)\">", "escape/url-attribute"),
      ("<button formaction=\"\(hole)\">", "escape/url-attribute"),
      ("<use xlink:href=\"\(hole)\">", "escape/url-attribute"),
      ("<base href=\"\(hole)\">", "escape/url-attribute"),
    ]
    for (body, code) in refused { #expect(verdict(body) == code, "\(body)") }
  }

  @Test func `markup stands between tags alone`() {
    #expect(verdict("<div>{{{markup}}}</div>") == "<div>{{ markup }}</div>")
    #expect(verdict("<img alt=\"{{{markup}}}\">") == "escape/raw")
    #expect(verdict("<title>{{{markup}}}</title>") == "escape/raw")
    #expect(verdict("<script>{{{markup}}}</script>") == "escape/raw")
  }

  @Test func `conditions choose between attributes and styles, and never change the place`() {
    #expect(
      verdict("<p style=\"color: {{#if flag}}red{{else}}blue{{/if}}\">")
        == "<p style=\"color: {% if flag %}red{% else %}blue{% endif %}\">")
    #expect(verdict("<td{{#if flag}} title=\"x\"{{/if}}>") == "<td{% if flag %} title=\"x\"{% endif %}>")
    #expect(verdict("<td {{#if flag}}title=\"x\"{{/if}}>") == "<td {% if flag %}title=\"x\"{% endif %}>")
    #expect(verdict("<h{{#if flag}}1{{else}}2{{/if}}>") == "escape/block")
    #expect(verdict("<!-- {{#if flag}}x{{/if}} -->") == "escape/block")
    #expect(verdict("<script>{{#if flag}}x{{/if}}</script>") == "escape/block")
    #expect(verdict("{{#if flag}}<td title=\"{{else}}<td>{{/if}}") == "escape/branches")
    #expect(verdict("{{#if flag}}<a title=\"{{/if}}x\">") == "escape/branches")
    #expect(verdict("{{#if flag}}<!-- {{/if}}") == "escape/branches")
    #expect(verdict("{{#if flag}}<script>{{/if}}") == "escape/branches")
    #expect(verdict("<a {{#if flag}}title{{else}}href{{/if}}=\"{{name}}\">") == "escape/block")
    #expect(verdict("{{#each items}}<td title=\"{{/each}}\">") == "escape/loop")
    #expect(verdict("{{#each items}}x{{else}}<td title=\"{{/each}}\">") == "escape/loop")
    #expect(verdict("{{#each items}}<tr><td>{{/each}}") == "{% for item in items %}<tr><td>{% endfor %}")
  }

  @Test func `both ends of branches are named`() {
    #expect(
      jinja("{{#if flag}}<td title=\"{{else}}<td>{{/if}}")
        == "escape/branches 4:1 the branches of '{{#if flag}}' end in different places: "
        + "the value of 'title' in double quotes, and text")
  }
}

@Suite struct `Known values` {
  /// What the literal `value` becomes in `body`, where it is called `v`.
  private func known(_ value: String, _ body: String) -> String {
    var site = EvaluationSite(
      partials: ["p": "---\n{parameters: {v: string}}\n---\n\(body)"], globals: "{data: {v: '\(value)'}}")
    let text = site.written("", "{{> p v=data.v}}")
    return text.hasPrefix("escape/") ? String(text.prefix { $0 != " " }) : text
  }

  @Test func `they are escaped as little as their place allows`() {
    #expect(known("a \"b\" <c> & d", "{{v}}") == "a \"b\" &lt;c&gt; &amp; d")
    #expect(known("a \"b\" <c>", "<i title=\"{{v}}\">") == "<i title=\"a &quot;b&quot; &lt;c&gt;\">")
    #expect(known("it''s \"b\"", "<i title='{{v}}'>") == "<i title='it&#39;s \"b\"'>")
    #expect(known("left", "<i align={{v}}>") == "<i align=left>")
    #expect(known("a b", "<i align={{v}}>") == "escape/unquoted-attribute")
    #expect(known("x", "<!-- {{v}} -->") == "<!-- x -->")
    #expect(known("--> x", "<!-- {{v}} -->") == "escape/comment")
    #expect(known("b", "<{{v}}>") == "escape/tag-name")
    #expect(known("x", "<script>{{v}}</script>") == "escape/script")
  }

  @Test(arguments: [
    "https://x.example", "http://x", "HTTPS://x", "mailto:a@b.example", "tel:+27", "cid:1", "/x", "#top", "x/y:z",
  ])
  func `a URL with a harmless scheme passes`(url: String) {
    #expect(known(url, "<a href=\"{{v}}\">") == "<a href=\"\(url)\">")
  }

  @Test(arguments: [
    "javascript:alert(1)", "JaVaScRiPt:x", " javascript:x", "java\tscript:x", "java\nscript:x", "\u{1}javascript:x",
    "data:text/html,x", "vbscript:x", "file:///etc/passwd", "javascript&colon;:x",
  ])
  func `any other scheme is refused`(url: String) {
    #expect(known(url, "<a href=\"{{v}}\">") == "escape/url-scheme")
    #expect(known(url, "<a href={{v}}>") == "escape/url-scheme")
    #expect(known(url, "<td background=\"{{v}}\">") == "escape/url-scheme")
  }

  @Test func `pieces of URLs are encoded for their part`() {
    #expect(known("a b\"<", "<a href=\"https://x.example/{{v}}\">") == "<a href=\"https://x.example/a%20b%22%3C\">")
    #expect(known("a&b=c", "<a href=\"https://x.example/?q={{v}}\">") == "<a href=\"https://x.example/?q=a%26b%3Dc\">")
    #expect(known("a@b.example", "<a href=\"mailto:{{v}}\">") == "<a href=\"mailto:a@b.example\">")
    #expect(known("a@b?cc=x", "<a href=\"mailto:{{v}}\">") == "<a href=\"mailto:a@b%3Fcc%3Dx\">")
  }

  @Test(arguments: [
    "red", "#fff", "#0066CC", "12px", "-1.5em", "100%", "0", "Arial, Helvetica, sans-serif", "1px solid #ddd",
    "rgb(0, 1, 2)", "rgba(0,0,0,.5)", "inline-block",
  ])
  func `styles take colors, numbers, lengths and words`(value: String) {
    #expect(known(value, "<p style=\"x: {{v}}\">") == "<p style=\"x: \(value)\">")
    #expect(known(value, "<style>a{x:{{v}} }</style>") == "<style>a{x:\(value) }</style>")
    #expect(known(value, "<td width=\"{{v}}\">") == "<td width=\"\(value)\">")
  }

  @Test(arguments: [
    "red; x: y", "url(x)", "expression(alert(1))", "a}b", "#ggg", "\"x", "1px/*", "-moz-binding:url(x)", "@import",
    "rgb(0",
    "rgb(url(x))", "<b>", "a\\b", "1.2.3", "--", "</style>",
  ])
  func `styles take nothing else`(value: String) {
    #expect(known(value, "<p style=\"x: {{v}}\">") == "escape/style-value")
    #expect(known(value, "<style>a{x:{{v}} }</style>") == "escape/style-value")
  }
}
