import GalleyCSS
import Testing

/// The references of RFC 3986, section 5.4, and what they resolve to; those that stay are left out.
private let references: [(String, String)] = [
  ("g", "http://a/b/c/g"), ("./g", "http://a/b/c/g"), ("g/", "http://a/b/c/g/"), ("/g", "http://a/g"),
  ("?y", "http://a/b/c/d;p?y"), ("g?y", "http://a/b/c/g?y"), ("g#s", "http://a/b/c/g#s"),
  ("g?y#s", "http://a/b/c/g?y#s"), (";x", "http://a/b/c/;x"), ("g;x", "http://a/b/c/g;x"),
  ("g;x?y#s", "http://a/b/c/g;x?y#s"), (".", "http://a/b/c/"), ("./", "http://a/b/c/"), ("..", "http://a/b/"),
  ("../", "http://a/b/"), ("../g", "http://a/b/g"), ("../..", "http://a/"), ("../../", "http://a/"),
  ("../../g", "http://a/g"), ("../../../g", "http://a/g"), ("/./g", "http://a/g"), ("/../g", "http://a/g"),
  ("g.", "http://a/b/c/g."), (".g", "http://a/b/c/.g"), ("g..", "http://a/b/c/g.."), ("..g", "http://a/b/c/..g"),
  ("./../g", "http://a/b/g"), ("./g/.", "http://a/b/c/g/"), ("g/./h", "http://a/b/c/g/h"),
  ("g/../h", "http://a/b/c/h"), ("g;x=1/./y", "http://a/b/c/g;x=1/y"), ("g;x=1/../y", "http://a/b/c/y"),
  ("g?y/./x", "http://a/b/c/g?y/./x"), ("g#s/../x", "http://a/b/c/g#s/../x"),
]

private let base = "https://cdn.example.com/a/b/"

private let baseCases: [PassCase] = [
  PassCase(
    "60 attributes", "<img src=x.png><td background='/x'><video poster=\"../x\"><link href=x><v:fill src=x>",
    "<img src=\(base)x.png><td background='https://cdn.example.com/x'><video poster=\"https://cdn.example.com/a/x\">"
      + "<link href=\(base)x><v:fill src=\(base)x>"),
  PassCase(
    "60 what stays",
    same:
      "<img src='http://x/y'><img src=//x/y><img src=cid:x><img src=data:x><p title=x><a href=mailto:x><a href=tel:1>"
      + "<a href='#x'><img src=''><img src><a href=javascript:x>"),
  PassCase("60 placeholders", same: "<img src={{x}}><img src=\"{{x}}/y\"><img src=\"y/{{x}}.png\"><a href='x?{{y}}'>"),
  PassCase(
    "60 nothing is encoded", "<img src=\" a b.png?c=d&e=%20#f \">", "<img src=\" \(base)a b.png?c=d&e=%20#f \">"),
  PassCase(
    "60 references", "<img src=\"../a&amp;b?c&amp;d\">", "<img src=\"https://cdn.example.com/a/a&amp;b?c&amp;d\">"),
  PassCase(
    "60 srcset", "<img srcset='a.png 1x, b.png 2x,/c,d, http://x/y 3x'>",
    "<img srcset='\(base)a.png 1x, \(base)b.png 2x,/c,d, http://x/y 3x'>".replacing(
      "b.png 2x,/c,d,", with: "b.png 2x,https://cdn.example.com/c,d,")),
  PassCase(
    "60 styles", "<p style=\"background:url( a.png ) , url('b.png'), url(&quot;c.png&quot;),url(#d)\">",
    "<p style=\"background:url( \(base)a.png ) , url('\(base)b.png'), url(&quot;\(base)c.png&quot;),url(#d)\">"),
  PassCase(
    "60 sheets", "<style>@namespace url(x);@import 'a.css';@media x{p{x:url(\"b\")}}q{x:url({{y}}/z)}</style>",
    "<style>@namespace url(x);@import '\(base)a.css';@media x{p{x:url(\"\(base)b\")}}q{x:url({{y}}/z)}</style>"),
  PassCase(
    "60 conditional comments", "<!--[if mso]><img src=x><![endif]-->", "<!--[if mso]><img src=\(base)x><![endif]-->"),
  PassCase("60 a base element", "<base href=/z/><img src=x>", "<base href=/z/><img src=https://cdn.example.com/z/x>"),
]

private let parameterCases: [PassCase] = [
  PassCase(
    "60 links", "<a href=\"https://x.com\">a</a><area href='http://x.com/y?z=1'>",
    "<a href=\"https://x.com?utm_source=a%20b&amp;utm_medium=m\">a</a>"
      + "<area href='http://x.com/y?z=1&amp;utm_source=a%20b&amp;utm_medium=m'>"),
  PassCase(
    "60 an unquoted link that holds a quote", "<a href=https://x.com/\"{{\"x\"}}>",
    "<a href=\"https://x.com/&quot;{{\"x\"}}?utm_source=a%20b&amp;utm_medium=m\">"),
  PassCase(
    "60 a reference without its semicolon", "<a href=\"https://x.com?a&amp\">",
    "<a href=\"https://x.com?a&amp;utm_source=a%20b&amp;utm_medium=m\">"),
  PassCase(
    "60 before the fragment", "<a href=\"https://x.com/#y\">",
    "<a href=\"https://x.com/?utm_source=a%20b&amp;utm_medium=m#y\">"),
  PassCase(
    "60 a parameter that is there", "<a href=\"https://x.com?a&amp;utm_source=z\">",
    "<a href=\"https://x.com?a&amp;utm_source=z&amp;utm_medium=m\">"),
  PassCase(
    "60 a query that is open", "<a href=\"https://x.com?\">",
    "<a href=\"https://x.com?utm_source=a%20b&amp;utm_medium=m\">"),
  PassCase(
    "60 a value without quotes", "<a href=https://x.com/y>",
    "<a href=\"https://x.com/y?utm_source=a%20b&amp;utm_medium=m\">"),
  PassCase(
    "60 what is no link to the web",
    same: "<a href=mailto:a@b><a href=/x><a href=#y><img src='https://x.com'><a href=//x.com>"),
  PassCase(
    "60 a placeholder in scheme or host",
    same: "<a href='{{x}}'><a href='https://{{x}}/y'><a href='https://x.com{{y}}'>"),
  PassCase(
    "60 a placeholder in path or query", "<a href='https://x.com/{{x}}'><a href='https://x.com/?{{{x}}}'>",
    "<a href='https://x.com/{{x}}?utm_source=a%20b&amp;utm_medium=m'>"
      + "<a href='https://x.com/?{{{x}}}&amp;utm_source=a%20b&amp;utm_medium=m'>"),
  PassCase("60 a condition in a link", same: "<a href='https://x.com/{{#if x}}?y{{/if}}'>"),
]

@Suite struct URLPassTests {
  private static let withBase = Pass(name: "base") { tree in
    var rewriter = URLRewriter()
    rewriter.base = BaseURL("https://cdn.example.com/a/b/c")
    return rewriter.edits(for: tree)
  }

  private static func parameters(hosts: [String]) -> Pass {
    Pass(name: "parameters") { tree in
      var rewriter = URLRewriter()
      rewriter.parameters = [.init(name: "utm_source", value: "a b"), .init(name: "utm_medium", value: "m")]
      rewriter.hosts = hosts
      return rewriter.edits(for: tree)
    }
  }

  @Test(arguments: baseCases) fileprivate func `relative URLs are completed`(_ test: PassCase) {
    test.check(Self.withBase)
  }

  @Test(arguments: parameterCases) fileprivate func `links get parameters`(_ test: PassCase) {
    test.check(Self.parameters(hosts: []))
  }

  @Test func `60 only links to given hosts get parameters`() {
    let pass = Self.parameters(hosts: ["example.com"])
    let same = "<a href='https://x.com'><a href='https://badexample.com'>"
    #expect(pass.apply(same) == same)
    for host in ["example.com", "www.Example.com", "u:p@example.com:80"] {
      #expect(pass.apply("<a href='https://\(host)/'>").contains("utm_source"), "\(host)")
    }
  }

  @Test func `60 a relative link is completed and gets parameters`() {
    #expect(
      Pass.urls.apply("<a href=x?y#z>")
        == "<a href=\"https://cdn.example.com/a/b/x?y&amp;utm_source=mail&amp;utm_term=a%26b%20c#z\">")
  }

  @Test func `60 references resolve as RFC 3986 says`() {
    let pass = Pass(name: "RFC 3986") { tree in
      var rewriter = URLRewriter()
      rewriter.base = BaseURL("http://a/b/c/d")
      return rewriter.edits(for: tree)
    }
    for (reference, expected) in references {
      let expected = expected.replacing("/d;p?", with: "/d?")
      #expect(pass.apply("<img src=\"\(reference)\">") == "<img src=\"\(expected)\">", "\(reference)")
    }
  }

  @Test func `60 a base is a web address without tricks`() {
    for text in ["", "x", "/x", "ftp://x/", "https://", "https://x/\"", "https://x/ y", "https://x/(", "mailto:x"] {
      #expect(BaseURL(text) == nil, "\(text)")
    }
    #expect(BaseURL("HTTPS://x:8080") != nil)
  }
}
