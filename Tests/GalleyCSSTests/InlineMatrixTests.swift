import GalleyCSS
import GalleyHTML
import GalleySource
import Testing

/// One document: a sheet, a body, and the whole output that is expected.
private struct InlineCase: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let css: String
  let body: String
  /// What is left of the sheet; nil when the whole element goes.
  let kept: String?
  let output: String

  init(_ name: String, css: String, body: String, kept: String? = nil, output: String) {
    testDescription = name
    self.css = css
    self.body = body
    self.kept = kept
    self.output = output
  }
}

private let cascadeCases: [InlineCase] = [
  InlineCase(
    "an existing style beats normal rules and loses to important ones", css: "p{color:red;margin:0!important}",
    body: "<p style=\"color:blue;margin:1px\">", output: "<p style=\"color:blue;margin:0!important\">"),
  InlineCase(
    "inline important beats author important", css: "p{color:red !important}",
    body: "<p style=\"color:blue!important\">", output: "<p style=\"color:blue!important\">"),
  InlineCase(
    "eleven classes do not beat an identifier", css: "#a{color:red}.b.b.b.b.b.b.b.b.b.b.b{color:blue}",
    body: "<p id=a class=b>", output: "<p id=a class=b style=\"color:red\">"),
  InlineCase(
    "a stronger shorthand takes the longhand with it", css: "p{margin-top:5px}.a{margin:0}", body: "<p class=a>",
    output: "<p class=a style=\"margin:0\">"),
  InlineCase(
    "a stronger longhand comes behind the shorthand", css: ".a{margin-top:5px}p{margin:0}", body: "<p class=a>",
    output: "<p class=a style=\"margin:0; margin-top:5px\">"),
  InlineCase(
    "an important shorthand beats a normal longhand of higher weight", css: "#a{margin-top:5px}p{margin:0!important}",
    body: "<p id=a>", output: "<p id=a style=\"margin:0!important\">"),
  InlineCase(
    "duplicates in one rule are fallbacks", css: "p{color:red;color:rgba(0,0,0,.5)}", body: "<p>",
    output: "<p style=\"color:red; color:rgba(0,0,0,.5)\">"),
  InlineCase(
    "duplicates from two rules are overrides", css: "p{color:red}.a{color:rgba(0,0,0,.5)}", body: "<p class=a>",
    output: "<p class=a style=\"color:rgba(0,0,0,.5)\">"),
  InlineCase(
    "an invalid value does not knock out a valid one", css: "p{color:red}.a{color:notacolor}", body: "<p class=a>",
    output: "<p class=a style=\"color:red; color:notacolor\">"),
  InlineCase(
    "names keep their spelling", css: "p{Margin:0;*zoom:1;_height:1px;mso-x:y;-WebKit-z:1}", body: "<p>",
    output: "<p style=\"Margin:0; *zoom:1; _height:1px; mso-x:y; -WebKit-z:1\">"),
  InlineCase(
    "importance is read in any spelling", css: "p{color:red! /**/ IMPORTANT;margin:0}", body: "<p>",
    output: "<p style=\"margin:0; color:red !important\">"),
  InlineCase(
    "all resets what came before but custom properties", css: "p{color:red;--x:1}.a{all:unset}", body: "<p class=a>",
    output: "<p class=a style=\"--x:1; all:unset\">"),
]

private let selectorCases: [InlineCase] = [
  InlineCase(
    "a list is split into what is inlined and what stays", css: "a, a:hover, .no {color:red}", body: "<a>",
    kept: "a:hover, .no {color:red}", output: "<a style=\"color:red\">"),
  InlineCase(
    "an unbalanced parenthesis costs its own rule alone", css: "a:not(.b{color:red}p{color:blue}", body: "<p>",
    kept: "a:not(.b{color:red}", output: "<p style=\"color:blue\">"),
  InlineCase(
    "one invalid selector drops its rule", css: "p, .5x{color:red}", body: "<p>", kept: "p, .5x{color:red}",
    output: "<p>"),
  InlineCase(
    "is takes its heaviest argument, where takes none",
    css: ":is(p,#q){color:red}.a{color:blue}:where(#q,p){color:lime}",
    body: "<p class=a>", output: "<p class=a style=\"color:red\">"),
  InlineCase(
    "escapes in names are resolved", css: ".sm\\:w-1\\/2{color:red}.\\31 0{margin:0}", body: "<p class='sm:w-1/2 10'>",
    output: "<p class='sm:w-1/2 10' style=\"color:red; margin:0\">"),
  InlineCase(
    "attribute operators and flags",
    css: "[title^='A' i]{color:red}[lang|=en]{margin:0}[title$='']{top:0}[title~=b]{left:0}",
    body: "<p title='ab b' lang=en-ZA>", kept: "[title$='']{top:0}",
    output: "<p title='ab b' lang=en-ZA style=\"color:red; margin:0; left:0\">"),
  InlineCase(
    "case counts for classes and not for types", css: "P{color:red}.A{margin:0}", body: "<p class=a>",
    kept: ".A{margin:0}", output: "<p class=a style=\"color:red\">"),
  InlineCase(
    "siblings are elements only", css: "b+i{color:red}", body: "<b></b> x <!-- y --> <i></i>",
    output: "<b></b> x <!-- y --> <i style=\"color:red\"></i>"),
  InlineCase(
    "An+B", css: "i:nth-child(-n+2){color:red}i:nth-last-child(even){top:0}", body: "<div><i></i><i></i><i></i></div>",
    output: "<div><i style=\"color:red\"></i><i style=\"color:red; top:0\"></i><i></i></div>"),
  InlineCase(
    "empty ignores comments and not spaces", css: "i:empty{color:red}", body: "<i><!-- x --></i><i> </i>",
    output: "<i style=\"color:red\"><!-- x --></i><i> </i>"),
  InlineCase(
    "links are matched, states are not", css: "a:link{color:red}a:visited{color:blue}", body: "<a href=x></a><a></a>",
    kept: "a:visited{color:blue !important}", output: "<a href=x style=\"color:red\"></a><a></a>"),
  InlineCase(
    "pseudo-elements stay, with one colon or two", css: "p:before{top:0}p::after{top:0}", body: "<p>",
    kept: "p:before{top:0}p::after{top:0}", output: "<p>"),
  InlineCase(
    "client hacks stay and still win", css: ".a{color:red}[data-ogsc] .a{color:white}.ExternalClass{width:100%}",
    body: "<p class=a>", kept: "[data-ogsc] .a{color:white !important}.ExternalClass{width:100%}",
    output: "<p class=a style=\"color:red\">"),
  InlineCase(
    "namespaced types stay", css: "v\\:*{behavior:url(#default#VML)}o\\:p{margin:0}", body: "<o:p></o:p>",
    kept: "v\\:*{behavior:url(#default#VML)}o\\:p{margin:0}", output: "<o:p></o:p>"),
  InlineCase(
    "nothing in the head is styled, and '*' stays for html", css: "*{top:0}", body: "<title>x</title><p>",
    kept: "*{top:0}", output: "<title>x</title><p style=\"top:0\">"),
  InlineCase(
    "a new attribute is no value of the last one", css: "p{top:1px}", body: "<p a=>",
    output: "<p style=\"top:1px\" a=>"),
  InlineCase(
    "an ampersand in a value begins no reference", css: "p{x:&lt;color:red}", body: "<p>",
    output: "<p style=\"x:&amp;lt; color:red\">"),
  InlineCase(
    "an html tag within an element is around nothing", css: "a p{top:1px}", body: "<p><html>",
    kept: "a p{top:1px}", output: "<p><html>"),
  InlineCase(
    "an attribute without quotes gets those that it doesn't hold", css: "p{top:1px}", body: "<p style=quotes:\"x\">",
    output: "<p style='top:1px; quotes:\"x\"'>"),
  InlineCase(
    "in an attribute without quotes that holds both, one kind is escaped", css: "p{top:1px}",
    body: "<p style=quotes:\"x\"'y'>", output: "<p style=\"top:1px; quotes:&quot;x&quot;'y'\">"),
  InlineCase(
    "what is important goes before the element's own important declarations",
    css: "p{font:10px/2 Arial!important}", body: "<p style=\"top:1px;line-height:3!important\">",
    output: "<p style=\"font:10px/2 Arial!important; top:1px;line-height:3!important\">"),
  InlineCase(
    "nothing is put behind a backslash", css: "p{top:1px!important}", body: "<p style=\"left:2px\\\">",
    output: "<p style=\"top:1px!important; left:2px\\\">"),
  InlineCase(
    "importance may be written with escapes", css: "p{top:1px !\\69mportant}p.a{top:2px}", body: "<p class=a>",
    output: "<p class=a style=\"top:1px !important\">"),
  InlineCase(
    "what goes back to a layer stays", css: "p{color:revert-layer}", body: "<p>", kept: "p{color:revert-layer}",
    output: "<p>"),
  InlineCase(
    "'all' that stays beats one declaration and loses to another",
    css: ".b{color:lime}@media (max-width:9px){.b{all:initial}}.b{top:1px}", body: "<p class=b>",
    kept: "@media (max-width:9px){.b{all:initial !important}}",
    output: "<p class=b style=\"color:lime; top:1px !important\">"),
  InlineCase(
    "a row in a table has a tbody that nobody wrote", css: "table>tr>td{top:0}tbody>tr>td{left:0}",
    body: "<table><tr><td>", kept: "table>tr>td{top:0}", output: "<table><tr><td style=\"left:0\">"),
  InlineCase(
    "a rule in a rule stays, and wins", css: "div{top:0;#i &{left:0}p{top:1px}}p{top:2px;left:3px}",
    body: "<div><p></p></div>", kept: "div{top:0;#i &{left:0}p{top:1px !important}}",
    output: "<div><p style=\"top:2px; left:3px\"></p></div>"),
]

private let atRuleCases: [InlineCase] = [
  InlineCase(
    "media rules stay and get importance where they need it",
    css: "p{margin:0;color:red}@media (max-width:9px){p{margin-top:1px;padding:0}}", body: "<p>",
    kept: "@media (max-width:9px){p{margin-top:1px !important;padding:0}}",
    output: "<p style=\"margin:0; color:red\">"),
  InlineCase(
    "a stronger inlined rule keeps beating a media rule", css: "td{top:0}.x{top:2px}@media print{td{top:1px}}",
    body: "<td><td class=x>", kept: "@media print{td{top:1px !important}}",
    output: "<td style=\"top:0\"><td class=x style=\"top:2px !important\">"),
  InlineCase(
    "media all is inlined", css: "@media all{p{color:red}}", body: "<p>", output: "<p style=\"color:red\">"),
  InlineCase(
    "what is no rule for elements stays as it is",
    css: "@import url(x.css);@font-face{font-family:x}@supports (a:b){p{top:0}}@unknown x{y}p{left:0}", body: "<p>",
    kept: "@import url(x.css);@font-face{font-family:x}@supports (a:b){p{top:0}}@unknown x{y}",
    output: "<p style=\"left:0\">"),
  InlineCase(
    "layers are weaker than anything inlined", css: "@layer a{p{color:red}}p{color:blue}", body: "<p>",
    kept: "@layer a{p{color:red}}", output: "<p style=\"color:blue\">"),
  InlineCase(
    "nested rules stay whole", css: "td{color:red;a{color:blue}}b{top:0}", body: "<td><b>",
    kept: "td{color:red;a{color:blue}}", output: "<td><b style=\"top:0\">"),
  InlineCase(
    "wrappers of old times do no harm", css: "<!-- p{color:red} -->", body: "<p>", output: "<p style=\"color:red\">"),
  InlineCase(
    "semicolons in strings, urls and parentheses end nothing",
    css: "p{background:url(data:image/png;base64,iVBO==);filter:progid:X.Y(a='#8;}')}", body: "<p>",
    output: "<p style=\"background:url(data:image/png;base64,iVBO==); filter:progid:X.Y(a='#8;}')\">"),
  InlineCase(
    "a sheet may end anywhere", css: "p{color:red", body: "<p>", output: "<p style=\"color:red\">"),
  InlineCase(
    "a directive keeps the next rule", css: "/* galley keep next */p{color:red}p{top:0}", body: "<p>",
    kept: "/* galley keep next */p{color:red}", output: "<p style=\"top:0\">"),
]

private let writingCases: [InlineCase] = [
  InlineCase(
    "strings change their quotes, apostrophes are kept", css: "p{font-family:\"A b\";x:\"it's\"}", body: "<p>",
    output: "<p style=\"font-family:'A b'; x:&quot;it's&quot;\">"),
  InlineCase(
    "a single-quoted attribute keeps its quotes", css: "p{font-family:'A b'}", body: "<p style='top:0'>",
    output: "<p style='font-family:\"A b\"; top:0'>"),
  InlineCase(
    "an unquoted attribute gets quotes", css: "p{left:0}", body: "<p style=top:0>",
    output: "<p style=\"left:0; top:0\">"),
  InlineCase("an empty attribute is filled", css: "p{left:0}", body: "<p style>", output: "<p style=\"left:0\">"),
  InlineCase(
    "character references in an attribute are understood", css: "p{color:red}",
    body: "<p style=\"font-family:&quot;A&quot;;color:blue\">",
    output: "<p style=\"font-family:&quot;A&quot;;color:blue\">"),
  InlineCase(
    "ampersands are escaped where they could be misread", css: "p{background:url(x?a=1&b=2)}", body: "<p>",
    output: "<p style=\"background:url(x?a=1&amp;b=2)\">"),
  InlineCase(
    "comments and line breaks are not inlined", css: "p{/* a */color/**/:/**/red;font:1px\n  a,\n  b/* c */}",
    body: "<p>",
    output: "<p style=\"color: red; font:1px a, b\">"),
  InlineCase(
    "void tags and soup stay as they are", css: "br{top:0}p{left:0}", body: "<BR/><P><table><tr><p></table>",
    output: "<BR style=\"top:0\"/><P style=\"left:0\"><table><tr><p style=\"left:0\"></table>"),
  InlineCase(
    "hidden conditional content is styled in context", css: "div td{color:red}p+p{top:0}",
    body: "<div><!--[if mso]><td>x</td><![endif]--></div>", kept: "p+p{top:0}",
    output: "<div><!--[if mso]><td style=\"color:red\">x</td><![endif]--></div>"),
  InlineCase(
    "style elements in conditionals are left alone", css: "p{top:0}",
    body:
      "<!--[if mso]><style>p{left:0}</style><![endif]--><!--[if !mso]><!--><style>p{color:red}</style>"
      + "<!--<![endif]--><p>",
    output:
      "<!--[if mso]><style>p{left:0}</style><![endif]--><!--[if !mso]><!--><style>p{color:red}</style><!--<![endif]-->"
      + "<p style=\"top:0\">"),
  InlineCase(
    "elements may opt out", css: "p{top:0}", body: "<p data-galley=keep><p>", kept: "p{top:0}",
    output: "<p data-galley=keep><p style=\"top:0\">"),
]

@Suite struct InlineMatrixTests {
  @Test(arguments: cascadeCases + selectorCases + atRuleCases + writingCases)
  private func `a document is inlined as expected`(_ inlineCase: InlineCase) {
    let html = "<style>\(inlineCase.css)</style>\(inlineCase.body)"
    let expected = (inlineCase.kept.map { "<style>\($0)</style>" } ?? "") + inlineCase.output
    let once = CSSInliner().inline(html)
    #expect(once == expected)
    #expect(CSSInliner().inline(once) == once)
  }

  @Test func `sheets from elsewhere come last, and what stays of them goes into the head`() {
    let html = "<head><style>p{color:red}</style></head><p>"
    let sheets = ["p{color:blue}@media print{p{color:black}}"].map { Array($0.utf8) }
    let output = CSSInliner().inline(Array(html.utf8), sheets: sheets).bytes
    #expect(
      String(decoding: output, as: UTF8.self) == """
        <head><style>
        @media print{p{color:black !important}}
        </style>
        </head><p style="color:blue">
        """)
  }

  @Test(arguments: ["p{top:1px;quotes:'a  ", "p:hover{top:1px} /* a ", "p{top:url(a ", "p{top:a\\"])
  func `what the end of a sheet from elsewhere closes, the end of its element closes`(_ sheet: String) {
    let output = CSSInliner().inline(Array("<p>".utf8), sheets: [Array(sheet.utf8)]).bytes
    #expect(String(decoding: output, as: UTF8.self) == "<style>\n\(sheet)</style>\n<p>")
    #expect(CSSInliner().inline(output).bytes == output)
  }

  @Test func `sheets that apply sometimes, or not at all, are not inlined`() {
    for attributes in ["media=print", "title=x", "type=text/x", "data-galley=keep", "data-embed"] {
      let html = "<style \(attributes)>p{color:red}</style><p>"
      #expect(CSSInliner().inline(html) == html)
    }
  }

  @Test func `unmatched rules are purged on request, but not those for clients`() {
    var options = CSSInliner.Options()
    options.purgesUnmatched = true
    let html = "<style>.no{top:0}@media print{.no{top:0}}.ExternalClass p{top:0}</style><i>"
    #expect(CSSInliner(options: options).inline(html) == "<style>.ExternalClass p{top:0}</style><i>")
  }

  @Test func `hidden conditional content is left alone on request`() {
    var options = CSSInliner.Options()
    options.inlinesConditionals = false
    let html = "<style>p{top:0}</style><!--[if mso]><p></p><![endif]-->"
    #expect(CSSInliner(options: options).inline(html) == html)
  }

  @Test(arguments: ["<|b>", "&|lt;", "&am|p", "&#|38;", "&#3|8"])
  func `text beside a style element that goes becomes no tag and no reference`(_ text: String) {
    let html = text.replacing("|", with: "<style>p{top:0}</style>") + "<p>"
    let once = CSSInliner().inline(html)
    #expect(once == text.replacing("|", with: "<style></style>") + "<p style=\"top:0\">")
    #expect(CSSInliner().inline(once) == once)
  }

  @Test func `a placeholder in the tags of a style element that goes stays`() {
    for tags in [("<style y=\"{{x}}\">", "</style>"), ("<style>", "</style {{x}}>")] {
      let html = Array("\(tags.0)p{top:0}\(tags.1)<p>".utf8)
      let placeholders = PlaceholderScanner.scan(html).map { CSSInliner.Placeholder(range: $0.range) }
      let text = String(decoding: CSSInliner().inline(html, placeholders: placeholders).bytes, as: UTF8.self)
      #expect(text.contains("{{x}}"))
    }
  }

  @Test(.timeLimit(.minutes(1)))
  func `many classes on an element with many children cost no more than their sum`() {
    let classes = (0..<30_000).map { "c\($0)" }.joined(separator: " ")
    let html = "<style>.c1 i{top:0}</style><div class=\"\(classes)\">" + String(repeating: "<i></i>", count: 30_000)
    #expect(CSSInliner().inline(html).utf8.count > html.utf8.count)
  }

  @Test func `a session that comes to forget takes each sheet for what it is`() {
    var session = InlineSession()
    func inline(_ sheets: String...) -> String {
      let html = Array(sheets.map { "<style>\($0)</style>" }.joined().utf8) + Array("<p>".utf8)
      return String(decoding: session.inline(HTMLTree.parse(html)).edits.apply(to: html), as: UTF8.self)
    }
    let (first, second) = ("p{top:1px}", "p{left:2px}" + String(repeating: " ", count: 900_000))
    _ = inline(first)
    // More than a session remembers; with the second sheet it is too much.
    for number in 0..<18 { _ = inline("p{right:\(number)px}" + String(repeating: " ", count: 900_000)) }
    #expect(inline(first, second) == "<p style=\"top:1px; left:2px\">")
    #expect(inline(second, second) == "<p style=\"left:2px\">")
  }

  @Test func `a session knows a further sheet again, and takes no other for it`() {
    let text = Array("p{top:1px}{{x}}a:hover{top:2px}".utf8)
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let hole = [Placeholder(range: 10..<15, kind: .output)]
    // The same bytes, but each means something else.
    let sheets = [
      StyleSheet(text), StyleSheet(text, source: SourceID(index: 1)), StyleSheet(text, source: SourceID(index: 2)),
      StyleSheet(text, placeholders: hole), StyleSheet(text, isConditional: true), StyleSheet(mark + text),
      StyleSheet(text, in: 0..<10),
    ]
    func inline(_ html: [UInt8], _ sheets: [StyleSheet], _ session: inout InlineSession) -> [String] {
      let edits = session.inline(HTMLTree.parse(html), sheets: sheets).edits
      return [String(decoding: edits.apply(to: html), as: UTF8.self)] + edits.entries.map { "\($0.origin as Any)" }
    }
    var session = InlineSession()
    let documents = ["<p>", "<style>\(String(decoding: text, as: UTF8.self))</style><p>"].map { Array($0.utf8) }
    for document in documents + documents {
      for sheet in sheets {
        for further in [[sheet], [sheet, sheets[0]], [sheets[1], sheet]] {
          var own = InlineSession()
          #expect(inline(document, further, &session) == inline(document, further, &own))
        }
      }
    }
  }

  @Test func `lines of rules that go leave no gap`() {
    let html = """
      <head>
        <style>
          /* text */
          p { top: 0 }

          a:hover { top: 1px }
          /* more */
          b { top: 0 }
        </style>
        <style>
          p { left: 0 }
        </style>
      </head>
      <p><b>
      """
    #expect(
      CSSInliner().inline(html) == """
        <head>
          <style>

            a:hover { top: 1px }
          </style>
        </head>
        <p style="top: 0; left: 0"><b style="top: 0">
        """)
  }
}
