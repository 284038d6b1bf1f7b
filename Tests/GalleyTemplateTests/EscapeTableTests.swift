import GalleySource
import GalleyTemplate
import Testing

/// The table of "What a send-time placeholder may do", written out: for each place and type what becomes of a value, in
/// each dialect how that is spelled. Nothing here is asked of the code that it judges.
private enum EscapeTable {
  /// The types, by the name of a variable that has it.
  static let types = [
    "string": "string", "integer": "integer", "decimal": "decimal", "money": "{type: money, currency: ZAR}",
    "url": "url",
    "urlPart": "urlPart", "email": "email", "color": "color", "html": "html", "day": "date", "moment": "datetime",
    "words": "[red, blue]", "phrases": "[\"red;x\", blue]",
  ]

  static let variables =
    "variables: {" + types.map { "\($0.key): \($0.value)" }.sorted().joined(separator: ", ") + ", flag: boolean}"

  /// What becomes of a value.
  enum Verdict: Equatable, CustomStringConvertible {
    case allowed(Escaping)
    case refused(String)

    var description: String {
      switch self {
      case .allowed(let escaping): "\(escaping)"
      case .refused(let code): code
      }
    }
  }

  /// A place, where `◊` is the value, with the verdict on all types but those that are named.
  struct Row: Sendable, CustomTestStringConvertible {
    let place: String
    let usual: String
    let exceptions: [String: String]

    init(_ place: String, _ usual: String, _ exceptions: [String: String] = [:]) {
      self.place = place
      self.usual = usual
      self.exceptions = exceptions
    }

    var testDescription: String { place }

    func verdict(_ type: String) -> Verdict {
      let word = exceptions[type] ?? usual
      return Escaping(rawValue: word).map { .allowed($0) } ?? .refused("escape/" + word)
    }
  }

  static let piece = ["urlPart": "urlPart", "integer": "urlPart"]
  static let address = ["urlPart": "urlPart", "integer": "urlPart", "email": "address"]
  static let closed = ["color": "html", "integer": "html", "words": "html"]

  static let rows: [Row] = [
    // Text and what is like it.
    Row("<p>a ◊ b</p>", "html"), Row("◊", "html"), Row("<title>◊</title>", "html"),
    Row("<textarea>◊</textarea>", "html"), Row("<noscript>◊</noscript>", "html"),
    Row("<svg><text>◊</text></svg>", "html"),
    Row("<!--[if mso]><p>◊</p><![endif]-->", "html"), Row("<!--[if !mso]><!--><p>◊</p><!--<![endif]-->", "html"),
    Row("<![if !mso]><p>◊</p><![endif]>", "html"),
    // Ordinary attributes.
    Row("<img alt=\"◊\">", "html"), Row("<p title=\"a ◊ b\">", "html"), Row("<p title = \"◊\">", "html"),
    Row("<P TITLE=\"◊\">", "html"), Row("<p class=\"a ◊\">", "html"), Row("<p data-href=\"◊\">", "html"),
    Row("<input value=\"◊\">", "html"), Row("<!--[if mso]><p title=\"◊\"></p><![endif]-->", "html"),
    Row("<img alt='◊'>", "single-quoted-attribute"), Row("<p title='a ◊'>", "single-quoted-attribute"),
    Row("<img alt=◊>", "unquoted-attribute"), Row("<img alt=a◊>", "unquoted-attribute"),
    Row("<img alt= ◊ title=\"x\">", "unquoted-attribute"), Row("<p title=◊/>", "unquoted-attribute"),
    // URLs: the whole.
    Row("<a href=\"◊\">", "url-type", ["url": "url"]), Row("<img src=\"◊\" alt=\"\">", "url-type", ["url": "url"]),
    Row("<A HREF=\" ◊ \">", "url-type", ["url": "url"]), Row("<q cite=\"◊\">", "url-type", ["url": "url"]),
    Row("<v:rect href=\"◊\">", "url-type", ["url": "url"]), Row("<v:image o:href=\"◊\">", "url-type", ["url": "url"]),
    Row("<a href='◊'>", "single-quoted-attribute"), Row("<a href=◊>", "unquoted-attribute"),
    // URLs: the pieces.
    Row("<a href=\"https://x.example/◊\">", "url-part-type", piece),
    Row("<a href=\"https://x.example/a/◊/b\">", "url-part-type", piece),
    Row("<a href=\"https://x.example/?a=◊&amp;b=c\">", "url-part-type", piece),
    Row("<a href=\"https://x.example?◊\">", "url-part-type", piece),
    Row("<a href=\"https://x.example/#◊\">", "url-part-type", piece),
    Row("<a href=\"a/◊\">", "url-part-type", piece), Row("<a href=\"//x.example/◊\">", "url-part-type", piece),
    Row("<img src=\"https://x.example/◊.png\" alt=\"\">", "url-part-type", piece),
    Row("<a href=\"mailto:◊\">", "url-part-type", address),
    Row("<a href=\"mailto:a@x.example?subject=◊\">", "url-part-type", address),
    Row("<a href=\"tel:+27◊\">", "url-part-type", address), Row("<a href=\"sms:◊\">", "url-part-type", address),
    Row("<a href='https://x.example/◊'>", "single-quoted-attribute"),
    Row("<a href=https://x.example/◊>", "unquoted-attribute"),
    // URLs: scheme and host.
    Row("<a href=\"https://◊/x\">", "url-host"), Row("<a href=\"https://x.◊/\">", "url-host"),
    Row("<a href=\"https:◊\">", "url-host"), Row("<a href=\"https://x.example:◊/\">", "url-host"),
    Row("<a href=\"https://◊@x.example/\">", "url-host"), Row("<a href=\"//◊\">", "url-host"),
    Row("<a href=\"/◊\">", "url-host"), Row("<a href=\"x◊\">", "url-host"),
    Row("<a href=\"http◊://x.example/\">", "url-host"),
    // URLs: nobody can say.
    Row("<a href=\"#◊\">", "url-ambiguous"), Row("<a href=\"?a=◊\">", "url-ambiguous"),
    Row("<a href=\"javascript:◊\">", "url-ambiguous"), Row("<a href=\"java\tscript:◊\">", "url-ambiguous"),
    Row("<a href=\"javascript&colon;◊\">", "url-ambiguous"),
    Row("<a href=\"&#104;ttps://x.example/◊\">", "url-ambiguous"),
    Row("<a href=\"data:text/html,◊\">", "url-ambiguous"), Row("<a href=\"vbscript:◊\">", "url-ambiguous"),
    Row("<a href=\"app:◊\">", "url-host"),
    // URLs that data may not choose at all.
    Row("<img srcset=\"◊\">", "url-attribute"), Row("<img srcset=\"https://x.example/◊ 2x\">", "url-attribute"),
    Row("<td background=\"◊\">", "url-attribute"), Row("<video poster=\"◊\">", "url-attribute"),
    Row("<form action=\"◊\">", "url-attribute"), Row("<button formaction=\"◊\">", "url-attribute"),
    Row("<use xlink:href=\"◊\">", "url-attribute"), Row("<base href=\"◊\">", "url-attribute"),
    Row("<link href=\"◊\">", "url-attribute"), Row("<iframe src=\"◊\"></iframe>", "url-attribute"),
    Row("<object data=\"◊\">", "url-attribute"), Row("<a ping=\"◊\">", "url-attribute"),
    Row("<svg xml:base=\"◊\">", "url-attribute"),
    // Styles.
    Row("<p style=\"color: ◊\">", "style", closed), Row("<p style=\"width: ◊px\">", "style", closed),
    Row("<p style='color: ◊'>", "style", closed.mapValues { _ in "single-quoted-attribute" }),
    Row("<p style=color:◊>", "style", closed.mapValues { _ in "unquoted-attribute" }),
    Row("<style>a { color: ◊ }</style>", "style"), Row("<td bgcolor=\"◊\">", "presentational-attribute"),
    Row("<td width=\"◊\">", "presentational-attribute"), Row("<v:rect fillcolor=\"◊\">", "presentational-attribute"),
    // What tells the client what to do.
    Row("<meta http-equiv=\"refresh\" content=\"0;url=◊\">", "directive"), Row("<meta content=\"◊\">", "directive"),
    Row("<meta http-equiv=\"◊\">", "directive"), Row("<link rel=\"◊\">", "directive"),
    Row("<input type=\"◊\">", "directive"),
    Row("<svg><animate attributeName=\"href\" to=\"◊\">", "directive"), Row("<html xmlns:v=\"◊\">", "directive"),
    // Names.
    Row("<◊>", "tag-name"), Row("<h◊>", "tag-name"), Row("</◊>", "tag-name"), Row("<x-◊>", "tag-name"),
    Row("<td ◊>", "attribute-name"), Row("<td ◊=\"x\">", "attribute-name"), Row("<td data-◊=\"x\">", "attribute-name"),
    Row("<td title=\"x\"◊>", "attribute-name"), Row("</td ◊>", "attribute-name"),
    Row("</td title=\"◊\">", "attribute-name"),
    // Script and documents.
    Row("<script>◊</script>", "script"), Row("<script>var a = \"◊\"</script>", "script"),
    Row("<script>`◊`</script>", "script"), Row("<script type=\"application/ld+json\">\"◊\"</script>", "script"),
    Row("<a onclick=\"◊\">", "script"), Row("<a ONCLICK=\"f('◊')\">", "script"),
    Row("<iframe srcdoc=\"◊\"></iframe>", "script"),
    Row("<xmp>◊</xmp>", "script"), Row("<iframe>◊</iframe>", "script"), Row("<noembed>◊</noembed>", "script"),
    Row("<plaintext>◊", "script"),
    // What is no content.
    Row("<!-- ◊ -->", "comment"), Row("<!-- [if mso]> ◊ -->", "comment"), Row("<!--[if ◊]>x<![endif]-->", "comment"),
    Row("<!◊>", "comment"), Row("<?xml ◊?>", "comment"), Row("<!--[if !mso]><!-- ◊ --><!--<![endif]-->", "comment"),
    Row("<!DOCTYPE ◊>", "declaration"), Row("<![CDATA[◊]]>", "declaration"),
  ]

  /// What a value is written as, `◊` being its name, by dialect and escaping; where a type is another case, it is named.
  static let spellings: [String: [String: String]] = [
    "jinja": [
      "html": "{{ ◊|e }}", "url": "{{ ◊|e }}", "urlPart": "{{ ◊|urlencode }}",
      "address": "{{ ◊|urlencode|replace('%40', '@') }}", "line": #"{{ ◊|replace('\r', ' ')|replace('\n', ' ') }}"#,
      "none": "{{ ◊ }}",
    ],
    "liquid": [
      "html": "{{ ◊ | escape }}", "url": "{{ ◊ | escape }}",
      "urlPart": "{{ ◊ | url_encode | replace: '+', '%20' | replace: '%2F', '/' }}",
      "address": "{{ ◊ | url_encode | replace: '+', '%20' | replace: '%2F', '/' | replace: '%40', '@' }}",
      "line": "{{ ◊ | url_encode | replace: '%0D', '+' | replace: '%0A', '+' | url_decode }}", "none": "{{ ◊ }}",
    ],
    "go": [
      "html": "{{html $.◊}}", "url": "{{html $.◊}}", "urlPart": "{{html $.◊}}", "address": "{{html $.◊}}",
      "line": "{{$.◊}}", "none": "{{$.◊}}",
    ],
    "handlebars": escapingSections, "sendgrid": escapingSections, "mustache": escapingSections,
    "mustachio": escapingSections,
    "ses": [
      "html": "{{{◊}}}", "url": "{{{◊}}}", "urlPart": "{{{◊}}}", "address": "{{{◊}}}", "line": "{{{◊}}}",
      "none": "{{{◊}}}",
      // Handlebars.js adds numbers that are printed as they are, one behind the other.
      "of integers": "{{◊}}",
    ],
    "interpolate": [
      "html": "{{◊}}", "url": "{{◊}}", "urlPart": "{{◊}}", "address": "{{◊}}", "line": "{{◊}}", "none": "{{◊}}",
    ],
  ]

  private static let escapingSections = [
    "html": "{{◊}}", "url": "{{◊}}", "urlPart": "{{◊}}", "address": "{{◊}}", "line": "{{{◊}}}", "none": "{{{◊}}}",
    "of integers": "{{◊}}",
  ]

  static func written(_ place: String, _ variable: String, _ escaping: Escaping, _ dialect: String) -> String? {
    let spelling = spellings[dialect].flatMap {
      (variable == "integer" ? $0["of integers"] : nil) ?? $0[escaping.rawValue]
    }
    return spelling.map { place.replacing("◊", with: $0.replacing("◊", with: variable)) }
  }
}

@Suite struct `The table of places` {
  private static let dialects = Dialect.names.compactMap { Dialect.named($0) }

  @Test(arguments: EscapeTable.rows)
  fileprivate func `in each dialect a value is escaped for its place, or refused at it with the way out`(
    row: EscapeTable.Row
  ) throws {
    var site = EvaluationSite()
    for dialect in Self.dialects {
      site.dialect = dialect
      for type in EscapeTable.types.keys.sorted() {
        let body = row.place.replacing("◊", with: "{{\(type)}}")
        let result = site.specialize(EscapeTable.variables, body)
        let findings = result.diagnostics.filter { $0.severity < .info }
        let cell = "\(dialect.name) \(type): \(site.rendered(findings))"
        switch row.verdict(type) {
        case .allowed(let escaping):
          #expect(findings.isEmpty, "\(cell)")
          let text = String(decoding: DialectWriter.write(result.html, dialect: dialect, part: .html), as: UTF8.self)
          #expect(text == EscapeTable.written(row.place, type, escaping, dialect.name), "\(cell)")
          #expect(result.uses.map(\.escaping) == [escaping], "\(cell)")
        case .refused(let code):
          #expect(findings.map(\.code.name) == [code], "\(cell)")
          let finding = try #require(findings.first, "\(cell)")
          #expect(finding.range.map { site.sources.text($0) } == "{{\(type)}}", "\(cell)")
          #expect(finding.message.hasPrefix("'\(type)' "), "\(cell)")
          #expect(!finding.help.isEmpty, "\(cell)")
        }
      }
    }
  }

  /// Places where markup is printed as it is.
  @Test func `trusted markup stands between tags, outside of conditional comments`() {
    var site = EvaluationSite()
    for dialect in Self.dialects {
      site.dialect = dialect
      for (place, code) in [
        ("<div>◊</div>", nil), ("◊", nil), ("<![if !mso]>◊<![endif]>", nil), ("<title>◊</title>", "escape/raw"),
        ("<p title=\"◊\">", "escape/raw"), ("<a href=\"◊\">", "escape/raw"), ("<p style=\"◊\">", "escape/raw"),
        ("<style>◊</style>", "escape/raw"), ("<script>◊</script>", "escape/raw"), ("<!-- ◊ -->", "escape/raw"),
        ("<◊>", "escape/raw"), ("<td ◊>", "escape/raw"), ("<!--[if mso]>◊<![endif]-->", "escape/raw"),
      ] {
        let result = site.specialize(EscapeTable.variables, place.replacing("◊", with: "{{{html}}}"))
        let findings = result.diagnostics.filter { $0.severity < .info }
        #expect(findings.map(\.code.name) == (code.map { [$0] } ?? []), "\(dialect.name) \(place)")
        #expect(findings.allSatisfy { !$0.help.isEmpty })
        if code == nil {
          let text = String(decoding: DialectWriter.write(result.html, dialect: dialect, part: .html), as: UTF8.self)
          #expect(text == EscapeTable.written(place, "html", .none, dialect.name), "\(dialect.name)")
        }
      }
    }
  }

  @Test func `subjects are lines, preheaders are texts, and neither takes markup`() throws {
    for dialect in Self.dialects {
      for type in EscapeTable.types.keys.sorted() {
        var site = EvaluationSite()
        site.dialect = dialect
        let template = site.template(
          "---\n{subject: 'A {{\(type)}}', preheader: 'B {{\(type)}}', \(EscapeTable.variables)}\n---\nx")
        let result = Specializer.specialize(template, in: site.environment)
        let findings = result.diagnostics.filter { $0.severity < .info }
        guard type != "html" else {
          #expect(findings.map(\.code.name) == ["escape/markup-in-text", "escape/markup-in-text"], "\(dialect.name)")
          continue
        }
        #expect(findings.isEmpty, "\(dialect.name) \(type)")
        for (text, part, place, escaping) in [
          (result.subject, MailPart.subject, "A ◊", Escaping.line), (result.preheader, .preheader, "B ◊", .none),
        ] {
          let bytes = DialectWriter.write(try #require(text), dialect: dialect, part: part)
          #expect(
            String(decoding: bytes, as: UTF8.self) == EscapeTable.written(place, type, escaping, dialect.name),
            "\(dialect.name) \(type)")
        }
      }
    }
  }

  @Test func `a URL of several values is nobody's, and one value is blamed for it`() {
    for dialect in Self.dialects {
      for (place, blamed) in [
        ("<a href=\"{{url}}{{url}}\">", 2), ("<a href=\"{{url}}{{urlPart}}\">", 2), ("<a href=\"{{url}}/x\">", 1),
        ("<a href=\"{{url}}/{{urlPart}}\">", 1), ("<a href=\"{{url}}?a={{urlPart}}&amp;b={{urlPart}}\">", 1),
        ("<a href=\"{{url}}#x\">", 1),
      ] {
        var site = EvaluationSite()
        site.dialect = dialect
        let findings = site.specialize(EscapeTable.variables, place).diagnostics.filter { $0.severity < .info }
        #expect(findings.map(\.code.name) == ["escape/url-ambiguous"], "\(dialect.name) \(place)")
        let values = place.split(separator: "{{").dropFirst().map { String($0.prefix { $0 != "}" }) }
        #expect(findings.first?.message.hasPrefix("'\(values[blamed - 1])' ") == true, "\(dialect.name) \(place)")
      }
    }
  }
}
