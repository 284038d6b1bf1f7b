import GalleyCheck
import GalleyHTML
import GalleySource
import Growth
import Testing

struct `Checking HTML` {
  @Test(arguments: checkCodes) func `the bad example of a code breaks its rule and the good one none`(
    _ code: DiagnosticCode
  ) {
    // Three of them are too long to be written down, and one is for what nobody has met.
    let made: [String: String] = [
      "html/too-large": String(repeating: "x", count: 2 << 20 + 1),
      "html/too-deep": String(repeating: "<div>", count: 300) + String(repeating: "</div>", count: 300),
      "html/too-many-attributes": "<td" + (1...300).map { " a\($0)" }.joined() + ">",
    ]
    if code.name != "html/not-well-formed" {
      let bad = Array((made[code.name] ?? code.bad).utf8)
      #expect(HTMLValidator.validate(bad).map(\.code).contains(code), "\(HTMLValidator.validate(bad))")
    }
    // Pieces of tables stand in tables.
    let good = code.good.hasPrefix("<td") ? "<table><tr>\(code.good)</tr></table>" : code.good
    #expect(findings(good) == [], "\(good)")
  }

  @Test(
    arguments: [
      ("<p id=a>x</p><p id=a>y</p>", ["duplicate-id a"]),
      ("<p><b><i>x</b></i></p>", ["mismatched-end-tag </b>"]),
      ("x</br>y", ["stray-end-tag </br>"]),
      ("<p>x</i></p>", ["stray-end-tag </i>"]),
      ("<a href=x>1<a href=y>2</a></a>", ["misplaced-element <a href=y>"]),
      ("<a href=x><table><tr><td><a href=y>2</a></td></tr></table></a>", ["misplaced-element <a href=y>"]),
      ("<p>x<div>y</div></p>", ["stray-end-tag </p>"]),
      ("<v:roundrect></v:roundrect><o:p></o:p><section></section><tabel></tabel>", ["unknown-element tabel"]),
      ("<table><tr><td><b>x</table>", ["unclosed-element <b>"]),
      ("<body><div>x</body>", ["unclosed-element <div>"]),
      ("<table>x<tr><td>y</td></tr></table>", ["misplaced-text x"]),
      ("<div><td>x</td></div>", ["misplaced-element <td>"]),
      ("&foo; &amp; R&D & co", ["bad-character-reference &foo;"]),
      (
        "&#xZZ; &#0; &#xD800; &#1; &#65 &#160;",
        [
          "bad-character-reference &#xZZ", "bad-character-reference &#0;", "bad-character-reference &#xD800;",
          "bad-character-reference &#1;", "bad-character-reference &#65",
        ]
      ),
      ("a\u{1}b\u{0}c\u{85}", ["invalid-character \u{1}", "invalid-character \u{0}", "invalid-character \u{85}"]),
      ("<p a=1 b=2 a=3>x</p>", ["duplicate-attribute a"]),
      ("<p title='a' 'b'>x</p>", ["bad-attribute-name 'b'"]),
      ("<p>x</p><!-- y", ["unterminated-comment <!--"]),
      ("<p>x</p><!--[if mso]> y", ["unterminated-comment <!--[if mso]>"]),
      ("<p>x</p><a href=\"y>z</a>", ["unterminated-value href=\""]),
      ("<p>x</p><a href=y", ["unterminated-tag <a"]),
      ("<p>x</p ><p>y</p class=a>", ["bad-end-tag </p class=a>"]),
      ("<div/>x", ["self-closing-element <div/>"]),
      ("<h1>x</h2>", ["mismatched-end-tag </h2>"]),
      ("<html><body>x<body>y</body></html>", ["misplaced-element <body>"]),
      (
        "<!DOCTYPE html [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><p>x</p>",
        [
          "internal-subset [<!ENTITY a SYSTEM 'file:///etc/passwd'>"
        ]
      ),
    ] as [(String, [String])])
  func `a fault is told once, at its construct`(_ html: String, _ expected: [String]) {
    #expect(codes(html) == expected)
  }

  @Test(arguments: [
    "", " ", "text", "<!DOCTYPE html><html lang=en><head><title>a <b & c</title></head><body><p>x<p>y</body></html>",
    "<p>a & b < c &amp; d</p>", "<a href='?a=1&copy=3&b=2'>x</a>", "<a href=\"?a=1&amp;copy=3\">x</a>",
    "<!--[if mso]><table><tr><td><![endif]--><div>x</div><!--[if mso]></td></tr></table><![endif]-->",
    "<!--[if !mso]><!--><p>x</p><!--<![endif]--><![if !mso]><p>y</p><![endif]>",
    "<!--[if mso]><v:roundrect href=\"x\" arcsize=\"13%\"><w:anchorlock/><center>x</center></v:roundrect><![endif]-->",
    "<v:rect><v:fill src=\"x\"/><o:p></o:p></v:rect>", "<ul><li>a<li>b</ul><dl><dt>a<dd>b</dl>",
    "<table><thead><tr><th>a<tbody><tr><td>b<td>c</table>", "<svg><path d=\"\"/><g><rect/></g></svg>",
    "<section><header>x</header><main>y</main></section>", "<style>a > b { content: '</b' }</style>",
    "<script>if (a < b && c) {}</script>", "<br/><img src=x alt=''/><hr>", "<a href=x><table><tr><td>y</table></a>",
    "<b><p>x</p></b>", "\u{FEFF}<p>x</p>", "<p title='a > b' data-x=\"<c\">x</p>",
  ]) func `what is well made passes`(_ html: String) {
    #expect(findings(html) == [])
  }

  @Test(arguments: [
    "<p>{{a}} & {{b}}</p>", "<{{tag}}>x", "<p {{attributes}}>x</p>", "<p{{#if a}} class=\"b\"{{/if}}>x</p>",
    "<p {{#if a}}class=\"b\"{{else}}class=\"c\"{{/if}}>x</p>", "<p class=\"a {{b}} c\" title='{{d}}' id={{e}}>x</p>",
    "<a href=\"{{url}}?a=1&{{b}}={{c}}\">x</a>", "<a href='{{#if a}}x{{else}}y{{/if}}'>x</a>", "<!-- {{a}} -->",
    "<!--[if mso]>{{a}}<![endif]-->", "<style>a { color: {{b}} }</style>", "<title>{{a}} <b></title>",
    "<p data-{{a}}=\"b\" {{c}}=d {{e}}=\"f\">x</p>", "&{{a}};", "{{#if a}}<p>x</p>{{else}}<p>y</p>{{/if}}",
    "<table>{{#each a}}<tr><td>x</td></tr>{{/each}}</table>", "{{#if a}}<div>{{else}}<div class=b>{{/if}}x</div>",
    "{{#if a}}<p id=x>x</p>{{else}}<p id=x>y</p>{{/if}}", "<p>{{a \"<b>\"}}</p>", "<p title=\"{{a \"b\"}}\">x</p>",
    "{{#if a}}<table><tr><td>{{/if}}x{{#if a}}</td></tr></table>{{/if}}",
  ]) func `placeholders are nobody's fault`(_ html: String) {
    #expect(findings(html).filter { !$0.hasPrefix("unclosed-element [<{{") } == [])
  }

  @Test func `libxml2 judges nesting when our tree has nothing to say`() {
    // The tree nests forms as they are written; to libxml2 the second one ends the first.
    #expect(HTMLValidator.libraryVersion.split(separator: ".").count == 3)
    #expect(codes("<form>x<form>y</form></form>") == ["mismatched-end-tag </form>"])
  }

  @Test func `limits are kept at the limit and behind it`() {
    func deep(_ count: Int) -> String {
      String(repeating: "<div>", count: count) + String(repeating: "</div>", count: count)
    }
    #expect(findings(deep(200)) == [])
    #expect(codes(deep(201)) == ["too-deep <div>"])
    func wide(_ count: Int) -> String { "<p" + (1...count).map { " a\($0)=b" }.joined() + ">x</p>" }
    #expect(findings(wide(256)) == [])
    #expect(codes(wide(257)) == ["too-many-attributes <p"])
    #expect(HTMLValidator.validate(Array(repeating: 0x78, count: 2 << 20)) == [])
    #expect(HTMLValidator.validate(Array(repeating: 0x78, count: 2 << 20 + 1)).map(\.code) == [.tooLarge])
    #expect(HTMLValidator.validate(Array(String(repeating: "</i>", count: 5_000).utf8)).count == 200)
  }

  @Test(arguments: [
    "&", "<", "<p>", "<br>", "<div>", "</b>", "<!--", "<!-- x -->", "&copy", "<b></i>", "<a b='", "</", "<?", "<!",
    "<x>",
    "<p a=b></b", "<table>", "&#", "<a href=x>", "<![if x]>", "<td>text", "\u{1}", "<p id=a>", "<title><a b c d e f>",
    "</p a='><a b c d>'>", "<a 'b' c!='x y z'>",
  ]) func `checking takes time in proportion to the input`(_ unit: String) {
    let growth = Growth(from: (1 << 18) / unit.utf8.count) {
      Array(String(repeating: unit, count: $0).utf8)
    } work: {
      _ = HTMLValidator.validate($0)
    }
    #expect(growth.isLinear, "\(unit.debugDescription): \(growth)")
  }

  @Test func `attributes can't be smuggled past the limit`() {
    // Each holds attributes where a reader of other rules would see them; libxml2's time grows with their square.
    let places = [
      "<title><a*></title>", "</p x='><a*>'>", "<a b!c=\"x*\">x</a>", "<!-- > <a*> -->", "<textarea><a*></textarea>",
      "<![CDATA[ > <a*> ]]>", "<!--[if mso]><p*></p><![endif]-->",
    ]
    for place in places {
      let growth = Growth(from: 10_000) { count in
        place.utf8.flatMap { $0 == UInt8(ascii: "*") ? (0..<count).flatMap { Array(" a\($0)".utf8) } : [$0] }
      } work: {
        _ = HTMLValidator.validate($0)
      }
      #expect(growth.isLinear, "\(place): \(growth)")
    }
  }

  @Test(arguments: Array(1...20).map { UInt64($0) }) func `any bytes are accepted`(_ seed: UInt64) {
    let pieces = [
      "<", ">", "/", "!", "--", "\"", "'", "=", "&", "#", ";", "a", "<table>", "<tr>", "<td>", "</td>", "<a href=x>",
      "</a>",
      "<!--[if mso]>", "<![endif]-->", "<style>", "</style>", "{{x}}", "{{#if y}}", "{{else}}", "{{/if}}", " ", "\u{0}",
      "é",
    ]
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<100 {
      var bytes: [UInt8] = []
      for _ in 0..<Int.random(in: 0...60, using: &generator) {
        if Int.random(in: 0..<20, using: &generator) == 0 {
          bytes.append(UInt8.random(in: 0...255, using: &generator))
        } else {
          bytes += (pieces.randomElement(using: &generator) ?? "").utf8
        }
      }
      let found = HTMLValidator.validate(bytes, placeholders: bracedPlaceholders(bytes))
      let isInside = found.allSatisfy { finding in
        ([finding.range] + finding.notes.map(\.range)).allSatisfy {
          $0.lowerBound >= 0 && $0.upperBound <= bytes.count
        }
      }
      #expect(isInside, "seed \(seed): \(String(decoding: bytes, as: UTF8.self))")
    }
  }

  @Test func `findings lie where people wrote them, with the calls on the way`() {
    let template = SourceID(index: 0)
    let partial = SourceID(index: 1)
    let html = Array("<p>x</p><p><b>y</p>".utf8)
    var origins = OriginMap()
    origins.append(SourceRange(template, 0, 8), frame: .root, isVerbatim: true, count: 8)
    let call = origins.call(at: SourceRange(template, 8, 20), from: .root)
    origins.append(SourceRange(partial, 100, 111), frame: call, isVerbatim: true, count: 11)
    let diagnostics = HTMLValidator.diagnostics(for: html, placeholders: [], origins: origins)
    #expect(diagnostics.map(\.range) == [SourceRange(partial, 103, 106)])
    #expect(diagnostics.first?.notes.last?.range == SourceRange(template, 8, 20))
  }

  @Test func `many threads get what one gets`() async {
    let html = Array("<table><tr><td><b>x</i></td></tr></table><p id=a>x</p><p id=a>&foo;</p>".utf8)
    let expected = HTMLValidator.validate(html)
    #expect(expected.count == 4)
    await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<8 {
        group.addTask { (0..<200).allSatisfy { _ in HTMLValidator.validate(html) == expected } }
      }
      for await isSame in group { #expect(isSame) }
    }
  }
}
