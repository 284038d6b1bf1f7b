import GalleySource
import GalleyTemplate
import Testing

/// What a call of one message becomes in Jinja, or the findings.
private func called(
  _ pattern: String, _ arguments: String, locale: String = "en-ZA", dialect: String = "jinja",
  globals: String = EvaluationSite.commonGlobals
) throws -> String {
  var site = EvaluationSite(messages: [locale: "{k: \"\(pattern)\"}"], globals: globals)
  site.locale = locale
  site.catalogs = Catalogs([try #require(site.catalogs[locale])], defaultLocale: locale)
  site.diagnostics.removeAll { $0.severity != .error }
  site.dialect = try #require(Dialect.named(dialect))
  return site.written(commonVariables, "{{t \"k\" \(arguments)}}")
}

@Suite struct `Choices in messages` {
  @Test(arguments: [
    ("{n, plural, one {# item} other {# items}}", "n=1", "1 item"),
    ("{n, plural, one {# item} other {# items}}", "n=5", "5 items"),
    ("{n, plural, =1 {just one} one {# item} other {# items}}", "n=1", "just one"),
    ("{n, plural, =1 {just one} one {# item} other {# items}}", "n=1.0", "just one"),
    ("{n, plural, one {# item} other {# items}}", "n=1.0", "1,0 items"),
    ("{n, plural, offset:1 =0 {nobody} =1 {you} one {you and one} other {you and # more}}", "n=3", "you and 2 more"),
    ("{n, plural, offset:1 =0 {nobody} =1 {you} one {you and one} other {you and # more}}", "n=2", "you and one"),
    ("{n, selectordinal, one {#st} two {#nd} few {#rd} other {#th}}", "n=22", "22nd"),
    ("{s, select, PAID {paid} other {open}}", "s='PAID'", "paid"),
    ("{s, select, PAID {paid} other {open}}", "s='X'", "open"),
    ("{s, select, BBWS {us} other {them}}", "s=data.brand.name", "us"),
  ])
  func `a known value chooses when the site is built`(pattern: String, arguments: String, expected: String) throws {
    #expect(try called(pattern, arguments) == expected)
  }

  @Test(arguments: [
    (
      "{n, plural, one {# item} other {# items}}", "en-ZA",
      "{% if count == 1 %}{{ count|e }} item{% else %}{{ count|e }} items{% endif %}"
    ),
    (
      "{n, plural, one {# x} other {# y}}", "zu-ZA",
      "{% if count == 0 or count == 1 %}{{ count|e }} x{% else %}{{ count|e }} y{% endif %}"
    ),
    ("{n, plural, other {# y}}", "ja", "{{ count|e }} y"),
    (
      "{n, plural, one {a} few {b} many {c} other {d}}", "cs",
      "{% if count == 1 %}a{% else %}{% if count >= 2 and count <= 4 %}b{% else %}d{% endif %}{% endif %}"
    ),
    (
      "{n, plural, =0 {none} one {a} other {b}}", "en",
      "{% if count == 0 %}none{% else %}{% if count == 1 %}a{% else %}b{% endif %}{% endif %}"
    ),
    (
      "{n, plural, one {a} other {b}}", "hr",
      "{% if (count % 10) == 1 and (count % 100) != 11 %}a{% else %}b{% endif %}"
    ),
    (
      "{n, selectordinal, two {nd} other {th}}", "en",
      "{% if (count % 10) == 2 and (count % 100) != 12 %}nd{% else %}th{% endif %}"
    ),
  ])
  func `a variable leaves conditions for the sender`(pattern: String, locale: String, expected: String) throws {
    #expect(try called(pattern, "n=count", locale: locale) == expected)
  }

  @Test func `a select on a variable compares`() throws {
    let pattern = "{s, select, PAID {paid} PENDING {1 < 2} other {?}}"
    #expect(
      try called(pattern, "s=status")
        == "{% if status == 'PAID' %}paid{% else %}{% if status == 'PENDING' %}1 &lt; 2{% else %}?{% endif %}{% endif %}"
    )
    #expect(
      try called("{s, select, 1 {one} other {more}}", "s=count")
        == "{% if count == 1 %}one{% else %}more{% endif %}")
  }

  @Test(arguments: [
    (
      "{s, select, PAYD {paid} other {?}}", "s=status", "jinja",
      "message/value 1:18 'status' is never 'PAYD'"
    ),
    (
      "{s, select, x {paid} other {?}}", "s=count", "jinja", "message/value 1:18 'count' is never 'x'"
    ),
    (
      "{n, plural, one {x} other {y}}", "n=price", "jinja",
      "message/value 4:11 'plural' in 'k' needs an integer, and 'price' is a decimal"
    ),
    (
      "{n, plural, one {x} other {y}}", "n='x'", "jinja",
      "message/value 4:11 'plural' in 'k' needs a number, and this is 'x'"
    ),
    (
      "{n, plural, offset:1 one {x} other {y}}", "n=count", "jinja",
      "message/value 1:6 the offset of 'n' can't be taken from a variable"
    ),
    (
      "{n, selectordinal, one {x} two {y} few {z} other {y}}", "n=count", "interpolate",
      "dialect/inexpressible 1:6 'en-ZA' finds 'one', 'two', 'few' by the last digits of 'n', and 'interpolate' has no "
        + "remainders"
    ),
    (
      "{n, plural, one {x} other {y}}", "n=count", "interpolate",
      "dialect/inexpressible 1:6 '{n, plural, one {x} other {y}}' depends on a variable, and 'interpolate' has no "
        + "conditions"
    ),
  ])
  func `what can't be chosen is refused where it is written`(
    pattern: String, arguments: String, dialect: String, finding: String
  ) throws {
    let found = try called(pattern, arguments, dialect: dialect).split(separator: "\n").first.map(String.init)
    #expect(found == finding)
  }
}

@Suite struct `Tags in messages` {
  @Test func `a bound tag is a link, made safe for its place`() throws {
    let pattern = "Read <link>the {x} & more</link>."
    #expect(
      try called(pattern, "link=url x=name")
        == "Read <a href=\"{{ url|e }}\">the {{ name|e }} &amp; more</a>.")
    #expect(
      try called(pattern, "link='https://a.example/?a=1&b=2' x='<b>'")
        == "Read <a href=\"https://a.example/?a=1&amp;b=2\">the &lt;b&gt; &amp; more</a>.")
  }

  @Test func `in an attribute and in a subject only the text remains`() throws {
    var site = EvaluationSite(messages: ["en-ZA": "{k: 'Read <link>the terms</link>'}"])
    #expect(site.written(commonVariables, "<img alt=\"{{t 'k' link=url}}\">") == "<img alt=\"Read the terms\">")
    let template = site.template("---\n{\(commonVariables), subject: \"{{t 'k' link=url}}\"}\n---\nx")
    let result = Specializer.specialize(template, in: site.environment)
    #expect(result.subject.map { String(decoding: $0.bytes, as: UTF8.self) } == "Read the terms")
  }

  @Test(arguments: [
    ("Read <link>it</link>", "", "message/tag 4:3 the call of 'k' does not bind the tag '<link>'"),
    (
      "Read <link>it</link>", "lnik=url",
      "message/argument 4:9 the message 'k' has no argument 'lnik'; did you mean 'link'?"
    ),
    ("Read it", "link=url", "message/argument 4:9 the message 'k' has no argument 'link'"),
    ("Read <link>it</link>", "link='javascript:x'", "escape/url-scheme 4:14"),
    ("Read <link>it</link>", "link=name", "escape/url-type 4:14"),
  ])
  func `a tag and its binding go together`(pattern: String, arguments: String, finding: String) throws {
    let found = try called(pattern, arguments)
    #expect(found.hasPrefix(finding), "\(found)")
  }
}
