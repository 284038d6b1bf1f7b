import GalleyCSS
import Testing

private let textCases: [PassCase] = [
  PassCase("90 runs become one space or line end", "<p>a  b\n  c\td</p>", "<p>a b\nc d</p>"),
  PassCase("90 nothing between blocks", "<div>\n  <p>a</p>\n  <p>b</p>\n</div>", "<div><p>a</p><p>b</p></div>"),
  PassCase(
    "90 nothing between parts of a table", "<table>\n <tr>\n <td>a</td>\n <td> <p>b</p> </td> </tr> </table>",
    "<table><tr><td>a</td><td><p>b</p></td></tr></table>"),
  PassCase("90 parts of a table without their table", same: "<div>a</td> <td>b</div>"),
  PassCase(
    "90 something between inline elements", "<p><a>a</a>  <a>b</a>\n  <img> <img></p>",
    "<p><a>a</a> <a>b</a>\n<img> <img></p>"),
  PassCase(
    "90 something between blocks that are inline",
    "<div style=\"display:inline-block\">a</div>  <div style=\"display:inline-block\">b</div>",
    "<div style=\"display:inline-block\">a</div> <div style=\"display:inline-block\">b</div>"),
  PassCase(
    "90 something between blocks that a sheet may make inline",
    "<style>@media x{td{display:inline-block}}</style><p>a</p>  <p>b</p>",
    "<style>@media x{td{display:inline-block}}</style><p>a</p> <p>b</p>"),
  PassCase(
    "90 something between floats", "a<table align=left></table>  <table align=left></table>b",
    "a<table align=left></table> <table align=left></table>b"),
  PassCase("90 white space that is all of a cell", "<td>  </td>", "<td> </td>"),
  PassCase("90 references", same: "<p>a&nbsp; &zwnj;&#847; b</p>"),
  PassCase("90 pre, textarea and raw text", same: "<pre>a  b</pre><textarea>a  b</textarea><title>a  b</title>"),
  PassCase("90 white-space in a style", same: "<p style=\"white-space:pre-line\">a  <b>b  c</b></p>"),
  PassCase("90 white-space in a sheet", same: "<style>p{white-space:pre}</style><p>a  b</p>"),
  PassCase("90 nowrap", "<td style=\"white-space:nowrap\">a  b</td>", "<td style=\"white-space:nowrap\">a b</td>"),
  PassCase("90 a style out of a placeholder", same: "<p style=\"{{x}}\">a  b</p>"),
  PassCase(
    "90 the head", "<head>\n <meta a=b>\n <title>x</title>\n</head>\n<body>",
    "<head><meta a=b><title>x</title></head><body>"),
  PassCase(
    "90 a head that text has ended", "<head>x<meta a=b>  <meta a=b>x</head>", "<head>x<meta a=b> <meta a=b>x</head>"),
  PassCase(
    "90 placeholders", "<tr>  {{#each x}}\n  <td>  {{y  z}}  </td>{{/each}}",
    "<tr> {{#each x}}\n<td> {{y  z}} </td>{{/each}}"),
  PassCase("90 SVG", same: "<svg  a=b>  <text>a  b</text></svg>"),
]

private let commentCases: [PassCase] = [
  PassCase("90 ordinary comments", "<p>a <!-- x --> b<!-- y --></p><!-- z --><p>", "<p>a b</p><p>"),
  PassCase("90 comments that hold words together", same: "<p>a<!-- x -->b &am<!-- -->p; <<!-- -->b></p>"),
  PassCase(
    "90 conditional comments",
    same: "<!--[if mso]>  <p  a=b> x  y <!-- z --><![endif]--><!--[if !mso]><!-->x<!--<![endif]-->"),
  PassCase("90 comments in a row", "<p>a<!-- x --><!-- y --></p>b<!-- --><!--[x]--><p>", "<p>a</p>b<!--[x]--><p>"),
  PassCase("90 comments that look conditional", same: "<p><!-- [if x] --><!--x <![endif]--><!--[x]--></p>"),
  PassCase("90 comments with placeholders", same: "<p><!-- {{x}} --></p>"),
  PassCase("90 server-side includes", same: "<p><!--#include file=\"x\"--></p>"),
  PassCase("90 comments of other kinds", same: "<p><?xml x?><!x></p>"),
]

private let tagCases: [PassCase] = [
  PassCase("90 white space between attributes", "<p  a=\"b\"\n c='d'  e >x</p >", "<p a=\"b\" c='d' e>x</p >"),
  PassCase("90 a slash", "<br  /><img a=b   />", "<br /><img a=b />"),
  PassCase("90 no quotes go", same: "<p a=\"b\">"),
  PassCase("90 values", same: "<p a=\" b  c \">"),
  PassCase("90 a tag with a placeholder", same: "<p  {{#if x}}a=\"b\"{{/if}}  c>"),
  .style("90 declarations", " color : red ;  margin: 0  auto ; ", "color:red;margin:0 auto"),
  .style("90 lists and functions", "font-family: A , B; color: rgb( 1 , 2, 3 )", "font-family:A,B;color:rgb(1,2,3)"),
  .style("90 calc", "width: calc( 1px  +  2px )", "width:calc(1px + 2px)"),
  .style("90 comments in declarations", "/* x */color/**/:/**/red;/* y */", "color:red"),
  .style("90 values of other languages", "filter: progid:A( b = 'c',  d )", "filter:progid:A( b = 'c',  d )"),
  .style("90 mso values", "mso-x: a ,  b", "mso-x:a ,  b"),
  .style("90 custom properties", "--x: a ,  b", "--x:a ,  b"),
  .style("90 a style with a placeholder", same: "color: {{x}} ; margin: 0"),
  .style("90 a style that is broken", same: "color: red; x y ; margin: 0"),
  .style(
    "90 fallbacks", "color: red; color: rgba(0, 0, 0, .5) !important", "color:red;color:rgba(0,0,0,.5) !important"),
]

private let sheetCases: [PassCase] = [
  PassCase(
    "90 rules", "<style>\n  p , a:hover > b {\n color : red ;\n }\n\n  b{}\n</style>",
    "<style>p,a:hover>b{color:red}b{}</style>"),
  PassCase(
    "90 media, spaces of the prelude become one", "<style>@media  screen and (max-width:600px)  { p { a: b } }</style>",
    "<style>@media screen and (max-width:600px) {p{a:b}}</style>"),
  PassCase("90 selectors", "<style>a  b .c:not( .d ) + e{x:y}</style>", "<style>a b .c:not( .d )+e{x:y}</style>"),
  PassCase("90 An+B", same: "<style>a:nth-child(2n + 1){x:y}</style>"),
  PassCase("90 comments", "<style>/* a */p/**/{x:/**/y}/* b */</style>", "<style>p{x:y}</style>"),
  PassCase("90 comments that divide", same: "<style>a/**/b{x:y}</style>"),
  PassCase("90 directives", same: "<style>/* galley keep next */p{x:y}</style>"),
  PassCase(
    "90 other at-rules", "<style>@import  'a'  screen ;\n@font-face {\n  a : b;\n}\np { x: y }</style>",
    "<style>@import 'a' screen ;@font-face {\na : b;\n}p{x:y}</style>"),
  PassCase("90 nested rules", same: "<style>p { a { x: y } }</style>"),
  PassCase("90 a broken sheet", same: "<style>p { x: y } }</style>"),
  PassCase(
    "90 placeholders in a sheet", "<style>\n{{#if x}}\n  p { x: {{y  z}} ; }\n  {{/if}}</style>",
    "<style>\n{{#if x}}\np{x: {{y  z}} ;}\n{{/if}}</style>"),
  PassCase("90 wrappers of old times", "<style>  <!--  p { x: y }  --></style>", "<style> <!-- p{x:y} --></style>"),
  PassCase("90 a string that a line end breaks off", same: "<style>@x \"\n \"\n;p{x:y}</style>"),
  PassCase(
    "90 needless semicolons", "<style>p{;a:b;;c:d; ;/**/;}@import 'a';;q{--x:;;}</style>",
    "<style>p{;a:b;c:d}@import 'a';;q{--x:;}</style>"),
  PassCase("90 a sheet that is kept", same: "<style data-embed>p { x: y }</style>"),
]

@Suite struct MinifierTests {
  @Test(arguments: textCases) fileprivate func `white space in text`(_ test: PassCase) { test.check(.minifier) }
  @Test(arguments: commentCases) fileprivate func `comments`(_ test: PassCase) { test.check(.minifier) }
  @Test(arguments: tagCases) fileprivate func `tags and styles`(_ test: PassCase) { test.check(.minifier) }
  @Test(arguments: sheetCases) fileprivate func `sheets`(_ test: PassCase) { test.check(.minifier) }

  @Test func `90 lines get at most 500 bytes where white space lets them`() {
    let words = String(repeating: "word ", count: 1000)
    let attributes = String(repeating: " data-x=\"1234567890\"", count: 200)
    let cells = String(repeating: "<td>x</td>\n", count: 300)
    let rules = String(repeating: ".rule{color:red}", count: 200)
    let html =
      "<style>\(rules)</style><p>\(words)</p><p\(attributes)></p><table><tr>\(cells)</tr></table>"
    let output = Pass.minifier.apply(html)
    #expect(longestLine(output) <= 500)
    #expect(Pass.minifier.apply(output) == output)
  }

  @Test func `90 a long value is broken only where mail could not carry it`() {
    let short = "<p style=\"" + String(repeating: "color:red;", count: 60) + "\">"
    #expect(longestLine(Pass.minifier.apply(short)) > 500)
    let long = "<p style=\"" + String(repeating: "color:red;", count: 300) + "\">"
    let output = Pass.minifier.apply(long)
    #expect(longestLine(output) <= 998)
    #expect(Pass.minifier.apply(output) == output)
  }

  @Test func `90 letters of other scripts are never divided by a line end`() {
    let text = "<p>" + String(repeating: "漢字 ", count: 500) + "</p>"
    #expect(Pass.minifier.apply(text) == text)
  }

  private func longestLine(_ text: String) -> Int { text.utf8.split(separator: 0x0A).map(\.count).max() ?? 0 }
}
