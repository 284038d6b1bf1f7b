import GalleySource
import GalleyTemplate
import Testing

private let place = SourceRange(SourceID(index: 0), 100, 200)

private func parsedPattern(_ pattern: String) -> (pieces: String, findings: [String]) {
  let range = SourceRange(SourceID(index: 0), 10, 10 + pattern.utf8.count)
  let (message, diagnostics) = MessageParser.parse(pattern, key: "k", keyRange: place, at: range)
  let pieces = message.pieces.map { piece in
    switch piece {
    case .text(let bytes, _): String(decoding: bytes, as: UTF8.self)
    case .argument(let name, _): "<\(name)>"
    }
  }
  return (pieces.joined(separator: "|"), diagnostics.map { "\($0.code.name) \($0.range?.start ?? -1) \($0.message)" })
}

@Suite struct `Patterns of messages` {
  @Test(arguments: [
    ("Hello", "Hello"), ("Hi {name}!", "Hi |<name>|!"), ("{a}{b}", "<a>|<b>"), ("{ a }", "<a>"), ("it's", "it's"),
    ("it''s", "it's"), ("'{x}' {y}", "{x} |<y>"), ("'{it''s}'", "{it's}"), ("a '' b", "a ' b"), ("'", "'"), ("", ""),
    ("<script>alert(1)</script>", "<script>alert(1)</script>"), ("<b>bold", "<b>bold"), ("1 < 2 > 0", "1 < 2 > 0"),
    ("<img src=x onerror=y>", "<img src=x onerror=y>"), ("\u{202E}x", "\u{202E}x"), ("'<b>'x</b>", "<b>x</b>"),
    ("{0}", "<0>"),
  ])
  func `text and arguments are told apart`(pattern: String, pieces: String) {
    let result = parsedPattern(pattern)
    #expect(result.pieces == pieces)
    #expect(result.findings.isEmpty)
  }

  @Test(arguments: [
    ("{n, plural, one {# x} other {# xs}}", "message/unsupported 10 'plural' in the message 'k' is not supported yet"),
    (
      "a {n,select, a {b} other {c}} {m, number}",
      "message/unsupported 12 'select' in the message 'k' is not supported yet"
    ),
    ("{n, date, short}", "message/unsupported 10 'date' in the message 'k' is not supported yet"),
    ("<link>x</link> <b>y</b>", "message/unsupported 10 the tag '<link>' in the message 'k' is not supported yet"),
    ("{n, plurl, x}", "message/syntax 10 'plurl' is no format of an argument; did you mean 'plural'?"),
    ("a}", "message/syntax 11 '}' closes nothing in 'k'"), ("{}", "message/syntax 10 an argument of 'k' has no name"),
    ("{a", "message/syntax 10 the argument 'a' of 'k' is not closed"),
    ("{a b}", "message/syntax 10 the argument 'a' of 'k' is not closed"),
    ("x {{a}}", "message/syntax 12 an argument of a message stands in single braces"),
    (
      "'{a}",
      "message/syntax 10 an apostrophe before a brace quotes text, and this one is never closed in 'k'"
    ),
  ])
  func `one fault is one complaint, where it is`(pattern: String, finding: String) {
    #expect(parsedPattern(pattern).findings == [finding])
  }

  @Test func `any text parses, and the pieces account for it`() {
    for seed in UInt64(0)..<2_000 {
      var random = SeededGenerator(seed: seed)
      let parts = ["{", "}", "'", "''", "a", "<b>", "</b>", "{n}", ",", "plural", " ", "é", "{n, plural", "<"]
      let pattern = (0..<random.below(12)).map { _ in random.pick(parts) }.joined()
      let result = parsedPattern(pattern)
      if !pattern.utf8.contains(where: { "{}'<".utf8.contains($0) }) {
        #expect(result.pieces == pattern, "seed \(seed)")
      }
    }
  }

  @Test func `many unclosed tags take linear time`() {
    let pattern = String(repeating: "<a>", count: 100_000) + "</b>" + String(repeating: "{", count: 50_000)
    #expect(parsedPattern(pattern).findings.count == 1)
  }
}

@Suite struct `Catalogs of messages` {
  /// The catalog of a flow mapping and what is wrong with it.
  private func catalog(_ text: String, _ locale: String = "en-ZA") -> (Catalog, [String], SourceSet) {
    var site = EvaluationSite()
    let (node, _) = site.read(text, path: "locales/\(locale).yml")
    let (catalog, diagnostics) = Catalog.read(node, locale: locale)
    return (catalog, site.rendered(diagnostics), site.sources)
  }

  @Test func `nested keys are joined by dots`() {
    let (catalog, findings, sources) = catalog("{order: {title: 'Your {x}', note: plain}, a.b: y}")
    #expect(findings.isEmpty)
    #expect(catalog.messages.keys.sorted() == ["a.b", "order.note", "order.title"])
    let title = catalog.messages["order.title"]
    #expect(title?.arguments == ["x"])
    #expect(title.map { sources.text($0.range(of: 5..<8)) } == "{x}")
    #expect(catalog.messages["order.note"].map { sources.text($0.range(of: 0..<5)) } == "plain")
  }

  @Test(arguments: [
    ("{a: {b: x}, a.b: y}", "message/duplicate-key 1:13 the message 'a.b' is written twice in 'en-ZA'"),
    ("{a: ''}", "message/empty 1:2 the message 'a' has no text in 'en-ZA'"),
    ("{a: null}", "message/empty 1:2 the message 'a' has no text in 'en-ZA'"),
    ("{a: 2024}", "message/not-text 1:5 the message 'a' must be a text"),
    ("{a: true}", "message/not-text 1:5 the message 'a' must be a text"),
    ("{a: [x]}", "message/not-text 1:5 the message 'a' must be a text"),
    ("[x]", "message/not-text 1:1 a catalog must be a mapping of keys to texts"),
    ("{'': x}", "message/key 1:2 a message needs a key"),
    ("{'a b': x}", "message/key 1:2 the key 'a b' has a space in it"),
  ])
  func `what is no message is reported`(text: String, finding: String) {
    #expect(catalog(text).1 == [finding])
  }

  @Test func `deep nesting is reported`() {
    let text = String(repeating: "{a: ", count: 60) + "x" + String(repeating: "}", count: 60)
    #expect(catalog(text).1.map { $0.prefix(15) } == ["message/nesting"])
  }

  @Test func `the chain of fallbacks is asked in order`() {
    let catalogs = Catalogs(
      [catalog("{a: x, b: y, c: z}").0, catalog("{a: x}", "af-ZA").0, catalog("{b: y}", "nl").0],
      defaultLocale: "en-ZA", fallbacks: ["af-ZA": ["nl", "en-ZA"]])
    #expect(catalogs.chain(for: "af-ZA") == ["af-ZA", "nl", "en-ZA"])
    #expect(catalogs.chain(for: "zu-ZA") == ["zu-ZA", "en-ZA"])
    #expect(["a", "b", "c"].map { catalogs.message($0, in: "af-ZA")?.locale } == ["af-ZA", "nl", "en-ZA"])
    #expect(["a", "b"].map { catalogs.message($0, in: "af-ZA")?.isFallback } == [false, true])
    #expect(catalogs.message("d", in: "af-ZA") == nil)
  }

  @Test func `catalogs are compared with the default one`() {
    var site = EvaluationSite()
    let texts = [
      ("en-ZA", "{title: 'Order {number}', b: B, c: 'C {x} {y}'}"),
      ("af-ZA", "{title: 'Best {nomber}', titel: x, c: 'C {x}'}"),
    ]
    let read = texts.map { locale, text in Catalog.read(site.read(text, path: "\(locale).yml").0, locale: locale).0 }
    let findings = site.rendered(Catalogs(read, defaultLocale: "en-ZA").parity())
    #expect(
      findings == [
        "message/missing 1:27 the message 'b' is not in 'af-ZA'",
        "message/arguments-differ 1:9 the message 'title' in 'af-ZA' has the argument '{nomber}', which 'en-ZA' has not; "
          + "did you mean '{number}'?",
        "message/extra-key 1:26 the default locale 'en-ZA' has no message 'titel'; did you mean 'title'?",
        "message/arguments-differ 1:39 the message 'c' in 'af-ZA' lacks the argument '{y}' of 'en-ZA'",
      ])
  }

  @Test(
    arguments: [
      ("en-za", "en-ZA"), ("SR-latn-rs", "sr-Latn-RS"), ("de", "de"), ("zh-cmn-Hans-CN", "zh-cmn-Hans-CN"),
      ("de-1996", "de-1996"), ("en-u-ca-gregory", "en-u-ca-gregory"), ("x-a", nil), ("en_us", nil), ("xx-", nil),
      ("../en", nil),
      ("", nil), ("e", nil), ("en-ZA-ZA", nil), ("en-u", nil), ("es-419", "es-419"), ("en-x-a", "en-x-a"), ("én", nil),
    ] as [(String, String?)])
  func `tags are well formed by BCP 47`(text: String, canonical: String?) {
    #expect(LanguageTag(text)?.description == canonical)
  }

  @Test func `a tag knows its language, and what was meant`() {
    #expect(LanguageTag("ar-EG")?.isRightToLeft == true)
    #expect(LanguageTag("en-ZA")?.isRightToLeft == false)
    #expect(LanguageTag("ks-Deva")?.isRightToLeft == false)
    #expect(LanguageTag("az-Arab")?.isRightToLeft == true)
    #expect(LanguageTag.meant(by: "en_us")?.description == "en-US")
  }
}
