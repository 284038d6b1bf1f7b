import GalleyCSS
import GalleyHTML
import GalleySource
import Testing

private let pass = Pass(name: "SideSwap") { SideSwap().result(for: $0).edits }

private func remarks(_ html: String) -> [PassRemark.Kind] {
  let bytes = Array(html.utf8)
  let tree = HTMLTree.parse(bytes, placeholders: PlaceholderScanner.scan(bytes))
  return SideSwap().result(for: tree).remarks.map(\.kind)
}

/// What goes both ways: each is what becomes of the other.
private let pairs: [PassCase] = [
  .style(
    "names", "margin-left:1px;PADDING-RIGHT:2px;border-left:1px solid",
    "margin-right:1px;PADDING-LEFT:2px;border-right:1px solid"),
  .style(
    "names within", "border-top-left-radius:4px;border-right-color:red",
    "border-top-right-radius:4px;border-left-color:red"),
  .style("places", "position:absolute;left:0;top:1px", "position:absolute;right:0;top:1px"),
  .style("hacks", "*margin-left:1px;_padding-left:2px", "*margin-right:1px;_padding-right:2px"),
  .style("Word", "mso-padding-left-alt:1pt;mso-table-lspace:0pt", "mso-padding-right-alt:1pt;mso-table-rspace:0pt"),
  .style("words", "text-align:left;float:Right;clear:LEFT", "text-align:right;float:Left;clear:RIGHT"),
  .style(
    "important", "text-align:left!important;float:left !important", "text-align:right!important;float:right !important"),
  .style("direction", "direction:ltr", "direction:rtl"),
  .style("four sides", "padding:1px 2px 3px 4px;margin:0 auto 0 -4px", "padding:1px 4px 3px 2px;margin:0 -4px 0 auto"),
  .style(
    "four of a border",
    "border-width:1px 2px 3px 4px;border-color:red rgb(1, 2, 3) red blue;border-style:none solid none dotted",
    "border-width:1px 4px 3px 2px;border-color:red blue red rgb(1, 2, 3);border-style:none dotted none solid"),
  .style(
    "comments and calc", "margin:0 calc(1px + (2px * 2))/* a */ 0 4px", "margin:0 4px/* a */ 0 calc(1px + (2px * 2))"),
  .style("four corners", "border-radius:1px 2px 3px 4px", "border-radius:2px 1px 4px 3px"),
  .style("two corners", "border-radius:1px 2px/3px 4px", "border-radius:2px 1px/4px 3px"),
  .style(
    "positions", "background-position:left top,20% 0,33.3% center", "background-position:right top,80% 0,66.7% center"),
  .style("edges", "background-position:right 10px bottom 5px", "background-position:left 10px bottom 5px"),
  .style("along", "background-position-x:10%;object-position:left", "background-position-x:90%;object-position:right"),
  .style(
    "backgrounds", "background:#fff url(left.png) no-repeat 5% 50%/10px 20px",
    "background:#fff url(left.png) no-repeat 95% 50%/10px 20px"),
  .style(
    "gradients", "background:linear-gradient(to left top,red,blue);background-image:linear-gradient(45deg,red,blue)",
    "background:linear-gradient(to right top,red,blue);background-image:linear-gradient(-45deg,red,blue)"),
  .style(
    "centers", "background-image:radial-gradient(circle at 25% 10%,red,blue)",
    "background-image:radial-gradient(circle at 75% 10%,red,blue)"),
  .style(
    "shadows", "box-shadow:2px 1px #000,inset rgb(1 2 3) -3px 0", "box-shadow:-2px 1px #000,inset rgb(1 2 3) 3px 0"),
  .style(
    "references", "padding:0 1px 0 2px;font-family:&quot;A&quot;;float:left",
    "padding:0 2px 0 1px;font-family:&quot;A&quot;;float:right"),
  .style(
    "holes by themselves", "padding-left:{{x}}px;border-left:1px solid {{c}}",
    "padding-right:{{x}}px;border-right:1px solid {{c}}"),
  .style(
    "holes beside", "background:{{c}} url(x) 10% 0;border-color:{{c}} red {{c}} blue",
    "background:{{c}} url(x) 90% 0;border-color:{{c}} blue {{c}} red"),
  PassCase(
    "attributes", "<td align=left><img ALIGN='Right'><br clear=\"left\"><table frame=lhs>",
    "<td align=right><img ALIGN='Left'><br clear=\"right\"><table frame=rhs>"),
  PassCase("margins of the body", "<body leftmargin=\"1\" rightMargin=2>", "<body rightmargin=\"1\" leftMargin=2>"),
  PassCase(
    "sheets", "<style>p{float:left}@media print{p{margin:1px 2px 3px 4px}}</style>",
    "<style>p{float:right}@media print{p{margin:1px 4px 3px 2px}}</style>"),
  PassCase(
    "sheets that stay", "<style data-galley=keep>p{float:left}</style>",
    "<style data-galley=keep>p{float:right}</style>"),
  PassCase(
    "key frames", "<style>@keyframes a{from{left:0}50%{left:9px}}</style>",
    "<style>@keyframes a{from{right:0}50%{right:9px}}</style>"),
  PassCase(
    "nested rules", "<style>p{float:left;a{float:left}}</style>", "<style>p{float:right;a{float:right}}</style>"),
  PassCase(
    "selectors of attributes", "<style>td[align=left],br[clear='right']{float:left}</style>",
    "<style>td[align=right],br[clear='left']{float:right}</style>"),
  PassCase(
    "conditional comments", "<!--[if mso]><td align=left style='float:left'><style>p{float:left}</style><![endif]-->",
    "<!--[if mso]><td align=right style='float:right'><style>p{float:right}</style><![endif]-->"),
]

/// What stays.
private let constants: [PassCase] = [
  .style("one to three values", same: "padding:1px;margin:1px 2px;border-width:1px 2px 3px;border-radius:4px"),
  .style("both sides the same", same: "padding:1px 2px 3px 2px;border-radius:4px 4px 0 0;background-position:50% 0"),
  .style(
    "logical properties", same: "margin-inline-start:1px;text-align:start;float:inline-end;border-start-end-radius:1px"),
  .style(
    "words that are no sides",
    same: "font-family:left;content:'left';background:url(right.png);--left:left;--x:0 1px 0 2px"),
  .style("direction of letters", same: "direction:ltr;unicode-bidi:embed"),
  .style("vertical positions", same: "background-position:center top,center 10px,top"),
  .style("no values", same: "padding:1px 2px 3px 4px 5px;padding:1px,2px 3px 4px;border-radius:"),
  .style("escapes", same: "margin-l\\65 ft:1px;float:l\\65 ft"),
  PassCase(
    "other attributes", same: "<td align=center valign=left dir=ltr class=left title='float:left'><a href=left>left</a>"
  ),
  PassCase("elements", same: "<td data-galley=keep align=left style=float:left>"),
  PassCase(
    "what is to be ignored",
    same: "<div data-rtl=ignore style=float:left><p align=left><style>p{float:left}</style></div>"),
  PassCase("rules for a direction", same: "<style>[dir=rtl] p{float:left}p:dir(rtl){float:left}</style>"),
  PassCase("what is no sheet", same: "<style type=text/less>p{float:left}</style><template><p align=left></template>"),
  PassCase("holes", same: "<td align=\"{{a}}\" style=\"text-align:{{a}};padding:0 {{x}}px 0 4px\">"),
]

/// Comments of the author's.
private let directives: [PassCase] = [
  PassCase(
    "a rule", "<style>/*rtl:ignore*/p{float:left}q{float:left}</style>",
    "<style>/*rtl:ignore*/p{float:left}q{float:right}</style>"),
  PassCase(
    "a group", "<style>/*! rtl:ignore */@media print{p{float:left}}q{float:left}</style>",
    "<style>/*! rtl:ignore */@media print{p{float:left}}q{float:right}</style>"),
  PassCase(
    "a stretch", "<style>/*rtl:begin:ignore*/p{float:left}q{float:left}/*rtl:end:ignore*/b{float:left}</style>",
    "<style>/*rtl:begin:ignore*/p{float:left}q{float:left}/*rtl:end:ignore*/b{float:right}</style>"),
  .style("a declaration", "/*rtl:ignore*/float:left;clear:left", "/*rtl:ignore*/float:left;clear:right"),
  .style("a declaration behind", "float:left/*rtl:ignore*/;clear:left", "float:left/*rtl:ignore*/;clear:right"),
  .style(
    "some declarations", "/*rtl:begin:ignore*/float:left;margin-left:0;/*rtl:end:ignore*/clear:left",
    "/*rtl:begin:ignore*/float:left;margin-left:0;/*rtl:end:ignore*/clear:right"),
  .style(
    "a value", "font:1px A/*rtl:2px B, 'C'*/;float:left /* rtl: none */;clear:left",
    "font:2px B, 'C'/*rtl:2px B, 'C'*/;float:none /* rtl: none */;clear:right"),
  .style(
    "a value with its weight", "float:left!important/*rtl:none !important*/",
    "float:none !important/*rtl:none !important*/"),
  PassCase(
    "a value in a sheet", "<style>p{padding:0 1px 0 2px /*rtl:0 3px*/}</style>",
    "<style>p{padding:0 3px /*rtl:0 3px*/}</style>"),
]

/// Lengths are counted from an edge that has to be named.
private let lengths: [(String, String, String)] = [
  (
    "background-position:10px 20px", "background-position:right 10px top 20px", "background-position:left 10px top 20px"
  ),
  ("background-position:10px", "background-position:right 10px top 50%", "background-position:left 10px top 50%"),
  ("background-position:1em center", "background-position:right 1em top 50%", "background-position:left 1em top 50%"),
  (
    "background:url(x) calc(1px*2) bottom", "background:url(x) right calc(1px*2) bottom 0",
    "background:url(x) left calc(1px*2) bottom 0"
  ),
  ("background-position:0 0", "background-position:100% 0", "background-position:0% 0"),
  ("background-position-x:4px", "background-position-x:right 4px", "background-position-x:left 4px"),
  ("border-radius:1px 2px 3px", "border-radius:2px 1px 2px 3px", "border-radius:1px 2px 3px 2px"),
  ("background-position:.5% 0", "background-position:99.5% 0", "background-position:0.5% 0"),
  (
    "background-position:-10% 0,101.50% 0", "background-position:110% 0,-1.50% 0",
    "background-position:-10% 0,101.50% 0"
  ),
  ("text-shadow:+1px 1px", "text-shadow:-1px 1px", "text-shadow:1px 1px"),
]

struct SideSwapTests {
  @Test(arguments: pairs) func `left becomes right, and right becomes left`(_ pair: PassCase) {
    #expect(pass.apply(pair.input) == pair.output)
    #expect(pass.apply(pair.output) == pair.input)
  }

  @Test(arguments: constants) func `what names no side stays`(_ constant: PassCase) {
    #expect(pass.apply(constant.input) == constant.output)
  }

  @Test(arguments: directives) func `comments say what becomes of a style`(_ directive: PassCase) {
    #expect(pass.apply(directive.input) == directive.output)
  }

  @Test(arguments: lengths) func `what has no opposite of its kind is counted from the other edge`(
    _ declaration: (once: String, other: String, again: String)
  ) {
    #expect(pass.apply("<p style='\(declaration.once)'>") == "<p style='\(declaration.other)'>")
    #expect(pass.apply("<p style='\(declaration.other)'>") == "<p style='\(declaration.again)'>")
  }

  @Test func `what only the sender knows is told`() {
    #expect(remarks("<td align=\"{{a}}\">") == [.sideOfHole])
    #expect(remarks("<p style=\"text-align:{{a}}\">") == [.sideOfHole])
    #expect(
      remarks("<p style=\"padding:0 {{x}}px 0 4px;border-radius:1px {{x}}px 0 0\">") == [.sideOfHole, .sideOfHole])
    #expect(remarks("<p style=\"padding:{{x}}px;border-color:{{c}};padding-left:{{x}}px;color:{{c}}\">").isEmpty)
    #expect(remarks("<p style=\"/*rtl:ignore*/text-align:{{a}}\">").isEmpty)
  }

  @Test func `directives that nobody knows are told`() {
    #expect(remarks("<style>/*rtl:remove*/p{float:left}q{/*rtl:append:1*/float:left/*rtl:none;*/}</style>").count == 3)
    #expect(remarks("<style>/*rtl:ignore*/p{float:left/*rtl:none*/}/* rtl is fine */</style>").isEmpty)
  }
}
