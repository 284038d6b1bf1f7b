import GalleyHTML
import Testing

/// A text whose placeholders are written `{{…}}` or `{%…%}`, with the kinds that their spelling tells.
struct Marked {
  let bytes: [UInt8]
  let placeholders: [Placeholder]

  init(_ text: String) {
    bytes = Array(text.utf8)
    placeholders = PlaceholderScanner.scan(bytes, syntaxes: [.braces, .tags])
  }

  var tree: HTMLTree { HTMLTree.parse(bytes, placeholders: placeholders) }

  /// The tokens with their spelling, as `kind|spelling`.
  var tokens: [String] {
    var lexer = HTMLLexer(bytes, placeholders: placeholders)
    var result: [String] = []
    while let token = lexer.next() { result.append("\(token.kind)|\(text(token.range))") }
    return result
  }

  /// The attributes of all tags, as `name=value` with a letter for the quote.
  var attributes: [String] {
    var lexer = HTMLLexer(bytes, placeholders: placeholders)
    while lexer.next() != nil {}
    return lexer.attributes.map {
      let name = text(Int($0.nameStart)..<Int($0.nameEnd))
      let value = text(Int($0.valueStart)..<Int($0.valueEnd))
      return switch $0.quote {
      case .noValue: name
      case .unquoted: "\(name)=\(value)"
      case .single: "\(name)='\(value)'"
      case .double: "\(name)=\"\(value)\""
      }
    }
  }

  private func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
}

@Test(arguments: [
  ("a<b>c</b>", ["text|a", "startTag|<b>", "text|c", "endTag|</b>"]),
  ("a < b <3 <", ["text|a < b <3 <"]),
  ("</", ["text|</"]),
  ("</>x", ["comment|</>", "text|x"]),
  ("</ a>x", ["comment|</ a>", "text|x"]),
  ("<a<b>x", ["startTag|<a<b>", "text|x"]),
  ("<!DOCTYPE html>x", ["doctype|<!DOCTYPE html>", "text|x"]),
  ("<?xml version='1.0'?>x", ["comment|<?xml version='1.0'?>", "text|x"]),
  ("<!x>y", ["comment|<!x>", "text|y"]),
  ("<![CDATA[a>b]]>c", ["cdata|<![CDATA[a>b]]>", "text|c"]),
  ("<!-- a -- b -->c", ["comment|<!-- a -- b -->", "text|c"]),
  ("<!-->a", ["comment|<!-->", "text|a"]),
  ("<!--->a", ["comment|<!--->", "text|a"]),
  ("<!--a--!>b", ["comment|<!--a--!>", "text|b"]),
  ("<!--!>b-->", ["comment|<!--!>b-->"]),
  ("<!--a", ["comment|<!--a"]),
  ("x<a href=\"b>c", ["text|x", "unfinishedTag|<a href=\"b>c"]),
  ("<p title='>'>", ["startTag|<p title='>'>"]),
  ("<style>a{}</styl></style >b", ["startTag|<style>", "text|a{}</styl>", "endTag|</style >", "text|b"]),
  ("<title>&amp;<b></TITLE>", ["startTag|<title>", "text|&amp;<b>", "endTag|</TITLE>"]),
  ("<noscript><b></noscript>", ["startTag|<noscript>", "startTag|<b>", "endTag|</noscript>"]),
  (
    "<script><!--<script></script>--></script>",
    ["startTag|<script>", "text|<!--<script></script>-->", "endTag|</script>"]
  ),
  ("<script><!--</script>", ["startTag|<script>", "text|<!--", "endTag|</script>"]),
  ("<plaintext></plaintext><b>", ["startTag|<plaintext>", "text|</plaintext><b>"]),
  (
    "<svg><style/><title/>a</svg>",
    ["startTag|<svg>", "startTag|<style/>", "startTag|<title/>", "text|a", "endTag|</svg>"]
  ),
  ("<title/><b>", ["startTag|<title/>", "text|<b>"]),
])
func `what is markup is told as HTML tells it`(html: String, expected: [String]) {
  #expect(Marked(html).tokens == expected)
}

@Test(arguments: [
  ("<a b=c d='e' f=\"g\" h>", ["b=c", "d='e'", "f=\"g\"", "h"]),
  ("<a b = \"c\"d=e/>", ["b=\"c\"", "d=e/"]),
  ("<a =b c==d>", ["=b", "c==d"]),
  ("<a b=>", ["b="]),
  ("<a\nb='\n'\tc/d>", ["b='\n'", "c", "d"]),
  ("<a b=\"c\" b=\"d\">", ["b=\"c\"", "b=\"d\""]),
  ("</a b=\"c\">", []),
])
func `attributes are told as HTML tells them`(html: String, expected: [String]) {
  #expect(Marked(html).attributes == expected)
}

@Test(arguments: [
  ("<a href=\"{{x}}\">", ["href=\"{{x}}\""]),
  ("<a href={{x \"a b\"}}>", ["href={{x \"a b\"}}"]),
  ("<a href={{x}}/y>", ["href={{x}}/y"]),
  ("<a title='{{t \"it's\"}}'>", ["title='{{t \"it's\"}}'"]),
  ("<td{{#if x}} class=\"a\"{{/if}}>", ["class=\"a\""]),
  ("<td {{#if x}}class=\"a\"{{else}}class=\"b\"{{/if}}>", ["class=\"a\"", "class=\"b\""]),
  ("<td {{#if x}}nowrap{{/if}} id=a>", ["nowrap", "id=a"]),
  ("<td {{attributes}} id=a>", ["id=a"]),
  ("<td{{attributes}} id=a>", ["id=a"]),
  ("<td data-{{x}}=\"a\">", ["data-{{x}}=\"a\""]),
  ("<td {{x}}-y=\"a\">", ["{{x}}-y=\"a\""]),
  ("<td {{x}}=\"a > b\" id=c>", ["=\"a > b\"", "id=c"]),
  ("<td {{#if a}}id{{else}}class{{/if}}=\"a > b\">", ["id", "class", "=\"a > b\""]),
])
func `placeholders in a tag are opaque`(html: String, expected: [String]) {
  #expect(Marked(html).attributes == expected)
}

@Test(arguments: [
  ("{{\"<b>\"}}", ["placeholder|{{\"<b>\"}}"]),
  ("a{{x}}b", ["text|a", "placeholder|{{x}}", "text|b"]),
  ("<{{x}} a=b>c</{{x}}>", ["startTag|<{{x}} a=b>", "text|c", "endTag|</{{x}}>"]),
  ("<h{{x}}>", ["startTag|<h{{x}}>"]),
  ("<!-- {{\"-->\"}} -->", ["comment|<!-- {{\"-->\"}} -->"]),
  ("<!-- -{{x}}-> -->", ["comment|<!-- -{{x}}-> -->"]),
  (
    "<style>{{\"</style>\"}}</style>",
    ["startTag|<style>", "placeholder|{{\"</style>\"}}", "endTag|</style>"]
  ),
  (
    "<style></sty{{x}}le></style>",
    ["startTag|<style>", "text|</sty", "placeholder|{{x}}", "text|le>", "endTag|</style>"]
  ),
  ("<!{{x}}>", ["comment|<!{{x}}>"]),
])
func `placeholders are opaque outside of tags too`(html: String, expected: [String]) {
  #expect(Marked(html).tokens == expected)
}

@Test(arguments: [
  (
    "<!--[if mso]><b>x</b><![endif]-->",
    ["conditionalOpen|<!--[if mso]>", "startTag|<b>", "text|x", "endTag|</b>", "conditionalClose|<![endif]-->"]
  ),
  ("<!--[if !mso]><!-->x", ["revealedOpen|<!--[if !mso]><!-->", "text|x"]),
  ("<!--[if !mso]><!-- -->x", ["revealedOpen|<!--[if !mso]><!-- -->", "text|x"]),
  ("<!--[if !mso]>-->x", ["revealedOpen|<!--[if !mso]>-->", "text|x"]),
  ("<!--[if !mso]> <!---->x", ["revealedOpen|<!--[if !mso]> <!---->", "text|x"]),
  ("<!--<![endif]-->x", ["revealedClose|<!--<![endif]-->", "text|x"]),
  ("<!-- <![endif] -->x", ["revealedClose|<!-- <![endif] -->", "text|x"]),
  ("<![if !mso]>x<![endif]>", ["revealedOpen|<![if !mso]>", "text|x", "revealedClose|<![endif]>"]),
  ("<!--[IF MSO]>a<![ENDIF]-->", ["conditionalOpen|<!--[IF MSO]>", "text|a", "conditionalClose|<![ENDIF]-->"]),
  ("<!--[if mso]><![endif]-->", ["conditionalOpen|<!--[if mso]>", "conditionalClose|<![endif]-->"]),
  ("<!--[if mso]>a -- b-->c", ["conditionalOpen|<!--[if mso]>", "text|a -- b", "conditionalClose|-->", "text|c"]),
  ("<!--[if mso]>a", ["conditionalOpen|<!--[if mso]>", "text|a", "conditionalClose|"]),
  (
    "<!--[if mso]><style>a{}<![endif]--><b>",
    ["conditionalOpen|<!--[if mso]>", "startTag|<style>", "text|a{}", "conditionalClose|<![endif]-->", "startTag|<b>"]
  ),
  (
    "<!--[if mso]>a<!--[if gte mso 9]>b<![endif]-->c",
    [
      "conditionalOpen|<!--[if mso]>", "text|a", "comment|<!--[if gte mso 9]>b", "conditionalClose|<![endif]-->",
      "text|c",
    ]
  ),
  (
    "<!--[if mso]><![if gte mso 9]>a<![endif]><![endif]-->",
    [
      "conditionalOpen|<!--[if mso]>", "revealedOpen|<![if gte mso 9]>", "text|a", "revealedClose|<![endif]>",
      "conditionalClose|<![endif]-->",
    ]
  ),
  (
    "<!--[if {{x}}]>a{{y}}<![endif]-->{{z}}",
    [
      "conditionalOpen|<!--[if {{x}}]>", "text|a", "placeholder|{{y}}", "conditionalClose|<![endif]-->",
      "placeholder|{{z}}",
    ]
  ),
  ("<!-- [if mso]>a<![endif]-->", ["comment|<!-- [if mso]>a<![endif]-->"]),
  ("<!--[iffy]>a-->", ["comment|<!--[iffy]>a-->"]),
  ("<!--[if mso]-->", ["comment|<!--[if mso]-->"]),
])
func `conditional comments are told in all their forms`(html: String, expected: [String]) {
  #expect(Marked(html).tokens == expected)
}
