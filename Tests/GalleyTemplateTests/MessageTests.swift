import GalleySource
import GalleyTemplate
import Testing

private let place = SourceRange(SourceID(index: 0), 100, 200)

func parsedPattern(_ pattern: String, locale: String = "en-ZA") -> (pieces: String, findings: [String]) {
  let range = SourceRange(SourceID(index: 0), 10, 10 + pattern.utf8.count)
  let (message, diagnostics) = MessageParser.parse(pattern, key: "k", keyRange: place, at: range, locale: locale)
  return (
    spelled(message.pieces), diagnostics.map { "\($0.code.name) \($0.range?.start ?? -1) \($0.message)" }
  )
}

/// Pieces in words: `<n>` an argument, `#n-1` a count, `[n? =1: a; other: b]` a choice, `<t|a|t>` a tag.
private func spelled(_ pieces: [Message.Piece]) -> String {
  pieces.map { piece in
    switch piece {
    case .text(let bytes, _): String(decoding: bytes, as: UTF8.self)
    case .argument(let name, _): "<\(name)>"
    case .number(let name, _, _): "<\(name), number>"
    case .date(let name, let style, _): "<\(name), \(style.spelling)>"
    case .count(let name, let offset, _): "#\(name)" + (offset == 0 ? "" : "-\(offset)")
    case .plural(let plural):
      "[\(plural.argument)\(plural.isOrdinal ? "." : "?") "
        + plural.cases.map { "\($0.selector.spelled): \(spelled($0.pieces))" }.joined(separator: "; ") + "]"
    case .select(let select):
      "[\(select.argument)= " + select.cases.map { "\($0.key): \(spelled($0.pieces))" }.joined(separator: "; ") + "]"
    case .tag(let name, let pieces, _): "<\(name)|\(spelled(pieces))|\(name)>"
    }
  }.joined(separator: "|")
}

@Suite struct `Patterns of messages` {
  @Test(arguments: [
    ("Hello", "Hello"), ("Hi {name}!", "Hi |<name>|!"), ("{a}{b}", "<a>|<b>"), ("{ a }", "<a>"), ("it's", "it's"),
    ("it''s", "it's"), ("'{x}' {y}", "{x} |<y>"), ("'{it''s}'", "{it's}"), ("a '' b", "a ' b"), ("'", "'"), ("", ""),
    ("<script>alert(1)</script>", "<script>alert(1)</script>"), ("'<b>bold'", "<b>bold"), ("1 < 2 > 0", "1 < 2 > 0"),
    ("<img src=x onerror=y>", "<img src=x onerror=y>"), ("\u{202E}x", "\u{202E}x"), ("'<b>'x'</b>'", "<b>x</b>"),
    ("{0}", "<0>"), ("#", "#"),
    ("{n, plural, one {# item} other {# items}}", "[n? one: #n| item; other: #n| items]"),
    (
      "{n,plural,offset:1 =0{no one}=1{{x}}one{{x} and # other}other{{x} and # others}}!",
      "[n? =0: no one; =1: <x>; one: <x>| and |#n-1| other; other: <x>| and |#n-1| others]|!"
    ),
    (
      "{n, selectordinal, one {#st} two {#nd} few {#rd} other {#th}}",
      "[n. one: #n|st; two: #n|nd; few: #n|rd; other: #n|th]"
    ),
    ("{s, select, PAID {paid} other {it''s '{open}'}}", "[s= PAID: paid; other: it's {open}]"),
    ("{n, plural, one {'#' {s, select, a {#} other {}}} other {#''}}", "[n? one: # |[s= a: #; other: ]; other: #n|']"),
    ("{n, number} {n,number,integer} {n, number, ::currency/ZAR .00 }", "<n, number>| |<n, number>| |<n, number>"),
    ("{s, select, état {x} other {y}}", "[s= état: x; other: y]"),
    ("Read <link>the {x}</link> <b>now</b>", "Read |<link|the |<x>|link>| |<b|now|b>"),
    ("{n, plural, one {<a>#</a>} other {<a>all #</a>}}", "[n? one: <a|#n|a>; other: <a|all |#n|a>]"),
    ("<a>{n, plural, one {one} other {#}}</a>", "<a|[n? one: one; other: #n]|a>"),
  ])
  func `text and arguments are told apart`(pattern: String, pieces: String) {
    let result = parsedPattern(pattern)
    #expect(result.pieces == pieces)
    #expect(result.findings.isEmpty)
  }

  @Test(arguments: [
    ("a {m, number, currency}", "message/style 24 which currency?"),
    (
      "a {m, number, ::currency/zar}",
      "message/style 24 'currency/zar' is no part of a number skeleton that is known here"
    ),
    ("a {m, number, #,##0}", "message/style 24 '#,##0' is no style of a number"),
    ("a {m, number, integer", "message/syntax 12 the argument 'm' of 'k' is not closed"),
    ("{n, spellout}", "message/unsupported 10 'spellout' in the message 'k' is a format that Galley does not have"),
    ("{n, date, shrt}", "message/style 20 'shrt' is no style of a date; did you mean 'short'?"),
    ("{n, date, ::yQ}", "message/style 20 'yQ' is no skeleton of a date that is known here"),
    ("{n, time, full}", "message/style 20 a full time names its zone, which is not known here"),
    ("{n, plural, one {a}}", "message/case 10 'plural' of 'n' lacks the case 'other'"),
    ("{s, select, a {b}}", "message/case 10 'select' of 's' lacks the case 'other'"),
    ("{n, plural, one {a} one {b} other {c}}", "message/case 30 the case 'one' is written twice"),
    ("{n, plural, =1 {a} =1 {b} one {c} other {c}}", "message/case 29 the case '=1' is written twice"),
    ("{s, select, a {} a {} other {}}", "message/case 27 the case 'a' is written twice"),
    ("{n, plural, on {a} other {c}}", "message/case 22 'on' is no plural category; did you mean 'one'?"),
    ("{n, plural, 1 {a} other {c}}", "message/case 22 '1' is no plural category"),
    ("{n, plural, =x {a} other {c}}", "message/case 22 '=x' is no case of a plural"),
    ("{n, plural, offset:x other {c}}", "message/syntax 22 the offset of 'n' is not a whole number"),
    ("{n, plural}", "message/syntax 10 'plural' of 'n' has no cases"),
    ("{n, plural, other}", "message/syntax 22 the case 'other' has no text in braces"),
    ("{n, plural, {a}}", "message/syntax 22 a case of 'n' has no name"),
    ("{n, plural, other {a}", "message/syntax 10 'plural' of 'n' is not closed"),
    ("{n, plural, other {a", "message/syntax 28 the case 'other' is not closed"),
    (
      "{n, plural, one {a} few {b} other {c}}",
      "message/plural-category 10 'en-ZA' has no plural category 'few': the text is never printed"
    ),
    ("{n, plural, other {c}}", "message/plural-category 10 'plural' of 'n' lacks the category 'one' of 'en-ZA'"),
    ("<b>bold", "message/tag 10 the tag '<b>' is never closed in 'k'"),
    ("bold</b>", "message/tag 14 the tag '</b>' closes nothing in 'k'"),
    ("<a>x<b>y</b></a>", "message/tag 14 the tag '<b>' stands in '<a>', and links can't be nested"),
    ("<a>x<b></a>y</b>", "message/tag 14 the tag '<b>' stands in '<a>', and links can't be nested"),
    (
      "<a>{s, select, x {y</a>} other {}}",
      "message/tag 27 the tag '</a>' closes what was opened outside of the case 'x'"
    ),
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
      let parts = [
        "{", "}", "'", "''", "a", "<b>", "</b>", "{n}", ",", "plural", " ", "é", "{n, plural", "<", "{n, plural, one",
        "{s, select, a {", "other {", "=1", "#",
      ]
      let pattern = (0..<random.below(16)).map { _ in random.pick(parts) }.joined()
      let result = parsedPattern(pattern)
      if !pattern.utf8.contains(where: { "{}'<".utf8.contains($0) }) {
        #expect(result.pieces == pattern, "seed \(seed)")
      }
    }
  }

  @Test func `many unclosed tags take linear time`() {
    let pattern = String(repeating: "<a>", count: 100_000) + "</b>" + String(repeating: "{", count: 50_000)
    #expect(parsedPattern(pattern).findings.count == 2)
  }

  @Test func `choices are nested so deep and no deeper`() {
    func nested(_ depth: Int) -> String {
      String(repeating: "{s, select, other {", count: depth) + String(repeating: "}}", count: depth)
    }
    #expect(parsedPattern(nested(16)).findings.isEmpty)
    #expect(parsedPattern(nested(17)).findings.map { $0.prefix(15) } == ["message/nesting"])
    #expect(parsedPattern(nested(20_000)).findings.count == 1)
  }

  @Test(arguments: [
    ("{n, plural, =1 {x} other {y}}", "en", ""), ("{n, plural, one {x} other {y}}", "pl", "few, many"),
    ("{n, plural, one {x} few {y} many {z} other {y}}", "pl", ""), ("{n, plural, other {y}}", "ja", ""),
    ("{n, plural, one {x} other {y}}", "fr", ""), ("{n, plural, one {x} few {f} other {y}}", "cs", ""),
    ("{n, plural, =0 {x} one {x} other {y}}", "zu-ZA", ""), ("{n, plural, =1 {x} other {y}}", "zu-ZA", "one"),
    ("{n, selectordinal, one {x} other {y}}", "en-ZA", "two, few"),
  ])
  func `the categories that a locale uses must be there`(pattern: String, locale: String, lacking: String) {
    let findings = parsedPattern(pattern, locale: locale).findings.compactMap { finding -> String? in
      let words = finding.split(separator: "'").map(String.init)
      return finding.contains(" lacks the category ") ? words[5] : nil
    }
    #expect(findings.joined(separator: ", ") == lacking)
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
        "message/missing 1:27 the message 'b' is not in 'af-ZA'; that of 'en-ZA' stands in",
        "message/arguments-differ 1:9 the message 'title' in 'af-ZA' has the argument '{nomber}', which 'en-ZA' has not; "
          + "did you mean '{number}'?",
        "message/extra-key 1:26 the default locale 'en-ZA' has no message 'titel'; did you mean 'title'?",
        "message/arguments-differ 1:39 the message 'c' in 'af-ZA' lacks the argument '{y}' of 'en-ZA'",
      ])
  }

  @Test func `arguments, tags and cases are the same in each locale`() {
    var site = EvaluationSite()
    let texts = [
      (
        "en-ZA",
        "{a: '<x>A</x>', b: '{s, select, p {P} other {O}}', c: '{n, plural, one {1} other {#}}', d: '{n, number}', e: '{n}', f: '{n}'}"
      ),
      (
        "af-ZA",
        "{a: 'A', b: '{s, select, q {P} other {O}}', c: '{n, select, one {1} other {2}}', d: '{n}', e: '{n, number}', f: '{n, plrual, x}'}"
      ),
    ]
    let read = texts.map { locale, text in Catalog.read(site.read(text, path: "\(locale).yml").0, locale: locale).0 }
    let findings = site.rendered(Catalogs(read, defaultLocale: "en-ZA").parity())
    #expect(
      findings.map { $0.drop { $0 != "'" } } == [
        "'a' in 'af-ZA' lacks the tag '<x>' of 'en-ZA'",
        "'{s}' of the message 'b' in 'af-ZA' lacks the case 'p' of 'en-ZA'",
        "'c' in 'af-ZA' chooses by '{n}' as a text, which is a number in 'en-ZA'",
      ])
  }

  @Test func `messages that nothing uses are told in the order of writing`() {
    let (catalog, _, _) = catalog("{b: x, a: y, c: z}")
    let findings = Catalogs([catalog], defaultLocale: "en-ZA").unused(besides: ["a"]).map(\.message)
    #expect(findings == ["no template uses the message 'b'", "no template uses the message 'c'"])
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
