import Galley
import GalleyCSS
import GalleyHTML
import GalleySource
import Testing

private func inline(
  _ html: String, files: [String: String] = [:], folder: String = "", hasRoot: Bool = false,
  sheets: [(path: String, text: String)] = [], _ change: (inout DocumentInliner.Options) -> Void = { _ in }
) -> (html: String, codes: [String], account: InlineAccount, outcome: DocumentInliner.Outcome) {
  var options = DocumentInliner.Options()
  change(&options)
  let inliner = DocumentInliner(options: options, sheets: sheets.map { ($0.path, Array($0.text.utf8)) })
  let disk = MemoryFileSystem(texts: files)
  let scope = SheetScope(root: "site", folder: folder, hasRoot: hasRoot) { () throws(FileFailure) in disk }
  let outcome = inliner.inline(Array(html.utf8), path: "page.html", scope: scope)
  return (
    String(decoding: outcome.bytes, as: UTF8.self), outcome.diagnostics.map(\.code.name), outcome.account, outcome
  )
}

@Suite struct GlobTests {
  private func found(_ pattern: String, _ paths: [String]) throws -> [String] {
    let disk = MemoryFileSystem(Dictionary(uniqueKeysWithValues: paths.map { ($0, []) }))
    return try #require(Glob(pattern)).files(in: disk)
  }

  private static let paths = [
    "a.html", "b.html", "ab.html", "x/a.html", "x/y/a.html", "x/y/b.css", "x/.h/a.html", ".h.html", "é.html", "B.html",
  ]

  @Test(arguments: [
    ("*.html", ["B.html", "a.html", "ab.html", "b.html", "é.html"]),
    ("?.html", ["B.html", "a.html", "b.html", "é.html"]),
    ("**/a.html", ["a.html", "x/a.html", "x/y/a.html"]), ("**/*.css", ["x/y/b.css"]), ("*/a.html", ["x/a.html"]),
    ("**/y/*", ["x/y/a.html", "x/y/b.css"]), ("**/**/y/**/a*", ["x/y/a.html"]), (".*", [".h.html"]),
    ("*/.h/*", ["x/.h/a.html"]), ("*.txt", []),
    (
      "**",
      [
        "B.html", "a.html", "ab.html", "b.html", "x/a.html", "x/y/a.html",
        "x/y/b.css", "é.html",
      ]
    ), ("*b*", ["ab.html", "b.html"]), ("a*b*l", ["ab.html"]), ("./*a.html", ["./a.html"]),
    ("*//a.html", ["x/a.html"]), ("*/../a.html", []),
  ])
  func `a pattern finds its files in the order of bytes`(pattern: String, expected: [String]) throws {
    #expect(try found(pattern, Self.paths) == expected)
  }

  @Test func `the folder in front of the first wildcard is where the search starts`() throws {
    let cases: [(String, String)] = [
      ("a/b/*.html", "a/b"), ("*.html", ""), ("/*.html", "/"), ("../a/**", "../a"), ("/a/b?c/d", "/a"),
    ]
    for (pattern, base) in cases { #expect(Glob(pattern)?.base == base) }
    #expect(Glob("a/b.html") == nil)
    let disk = MemoryFileSystem(["c.html": []])
    #expect(try #require(Glob("a/b/*.html")).files(in: disk) == ["a/b/c.html"])
    #expect(try #require(Glob("/*.html")).files(in: disk) == ["/c.html"])
  }

  @Test func `links are not followed, and many stars cost little`() throws {
    let disk = MemoryFileSystem(["a.html": []])
    disk.putLink(at: "b.html")
    #expect(try #require(Glob("*")).files(in: disk) == ["a.html"])
    let name = String(repeating: "a", count: 200)
    #expect(try found(String(repeating: "*a", count: 60) + "*b", [name]) == [])
    #expect(try found("**/" + String(repeating: "*/**/", count: 40) + "x", ["a/b/c/d/e/f/g/h/i/j/k/x"]) == [])
  }
}

@Suite struct PlainPathTests {
  @Test func `paths are normalized without the disk`() {
    let cases = [
      ("a", "a"), ("./a//b/", "a/b"), ("a/../b", "b"), ("../a", "../a"), ("a/../../b", "../b"), ("/../a", "/a"),
      ("", "."), (".", "."), ("a/..", "."), ("/", "/"),
    ]
    for (path, expected) in cases { #expect(PlainPath.normalized(path) == expected, "\(path)") }
  }

  @Test func `a path is told from a folder above it`() {
    func relative(_ path: String, _ folder: String) -> String? {
      PlainPath.relative(path, to: folder, current: "/home/me")
    }
    #expect(relative("a/b.html", ".") == "a/b.html")
    #expect(relative("a/b.html", "a") == "b.html")
    #expect(relative("/home/me/a/b.html", "a") == "b.html")
    #expect(relative("a/b.html", "/home") == "me/a/b.html")
    #expect(relative("../b.html", ".") == nil)
    #expect(relative("ab/c.html", "a") == nil)
    #expect(relative("x", "/") == "home/me/x")
  }
}

@Suite struct LinkedSheetTests {
  private static let files = ["mail.css": "p{top:0}", "sub/a b.css": "p{left:0}", "sub/deep/c.css": "p{right:0}"]

  @Test(arguments: [
    ("mail.css", "", "top:0"), ("./mail.css?v=2#x", "", "top:0"), (" mail.css ", "", "top:0"),
    ("sub/a%20b.css", "", "left:0"), ("sub/a b.css", "", "left:0"), ("sub/../mail.css", "", "top:0"),
    ("deep/c.css", "sub", "right:0"), ("../mail.css", "sub", "top:0"), ("&#109;ail.css", "", "top:0"),
  ])
  func `a sheet of the folder is inlined`(address: String, folder: String, style: String) {
    let result = inline("<link rel=stylesheet href=\"\(address)\"><p>", files: Self.files, folder: folder)
    #expect(result.html == "<p style=\"\(style)\">")
    #expect(result.codes == [])
    #expect(result.account.links.map(\.reason) == [nil])
    #expect(result.account.links.first?.file?.hasPrefix("site/") == true)
  }

  @Test(arguments: [
    ("https://cdn.example/mail.css", "inline/remote-sheet"), ("//cdn.example/mail.css", "inline/remote-sheet"),
    ("file:///etc/passwd", "inline/remote-sheet"), ("HTTP:mail.css", "inline/remote-sheet"),
    ("../mail.css", "inline/outside-sheet"), ("/mail.css", "inline/outside-sheet"),
    ("sub/../../mail.css", "inline/outside-sheet"), ("..\\mail.css", "inline/outside-sheet"),
    ("%2e%2e/mail.css", "inline/outside-sheet"), ("..%2Fmail.css", "inline/outside-sheet"),
    ("mail.css%00", "inline/outside-sheet"), ("%ff.css", "inline/outside-sheet"),
    ("none.css", "inline/missing-sheet"), ("sub", "inline/missing-sheet"), ("link.css", "inline/missing-sheet"),
  ])
  func `what is not in the folder is never read, and said`(address: String, code: String) {
    let html = "<link rel=stylesheet href=\"\(address)\"><p>"
    let disk = MemoryFileSystem(texts: Self.files)
    disk.putLink(at: "link.css")
    let scope = SheetScope(root: "site", folder: "", hasRoot: false) { () throws(FileFailure) in disk }
    let outcome = DocumentInliner().inline(Array(html.utf8), path: "page.html", scope: scope)
    #expect(outcome.bytes == Array(html.utf8))
    #expect(outcome.diagnostics.map(\.code.name) == [code])
    let range = outcome.diagnostics.first?.range
    #expect(range.map { outcome.sources.text($0) } == address)
    #expect(outcome.account.links.first?.reason != nil)
  }

  @Test func `a root opens what lies below it`() {
    let html = "<link rel=stylesheet href=\"/mail.css\"><p>"
    #expect(inline(html, files: Self.files, folder: "sub", hasRoot: true).html == "<p style=\"top:0\">")
    let above = inline("<link rel=stylesheet href=\"../../x.css\"><p>", files: Self.files, folder: "sub", hasRoot: true)
    #expect(above.codes == ["inline/outside-sheet"])
  }

  @Test(arguments: [
    "<link rel=\"alternate stylesheet\" href=mail.css>", "<link rel=stylesheet disabled href=mail.css>",
    "<link rel=stylesheet type=\"text/less\" href=mail.css>", "<link rel=stylesheet href=\"{{x}}.css\">",
    "<link rel=icon href=mail.css>", "<!--[if mso]><link rel=stylesheet href=mail.css><![endif]-->",
    "<link rel=stylesheet>", "<link rel=stylesheet href=\"\">", "<link {{x}} rel=stylesheet href=mail.css>",
  ])
  func `a link that is not for all stays without a word`(link: String) {
    let result = inline(link + "<p>", files: Self.files)
    #expect(result.html == link + "<p>")
    #expect(result.codes == [])
  }

  @Test func `the order of the cascade is that of links and sheets`() {
    let html = "<style>p{top:1px}</style><link rel=stylesheet href=mail.css><p><style>p{top:2px}</style>"
    #expect(inline(html, files: Self.files).html == "<p style=\"top:2px\">")
    let first = "<style>p{top:1px}</style><link rel=stylesheet href=mail.css><p>"
    #expect(inline(first, files: Self.files).html == "<p style=\"top:0\">")
  }

  @Test func `what stays of a linked sheet stays in place of the link, with its media`() {
    let files = ["a.css": "p:hover{top:0}", "b.css": "p{top:1px}"]
    let html = "<link rel=stylesheet href=a.css><link rel=stylesheet href=b.css media='print'><p>"
    let expected = "<style>p:hover{top:0}</style><style media='print'>p{top:1px}</style><p>"
    #expect(inline(html, files: files).html == expected)
  }

  @Test func `a linked sheet can't end its element, and keeps no byte order mark`() {
    let files = ["a.css": "\u{FEFF}p::after{content:\"</STYLE><b>\"}"]
    let result = inline("<link rel=stylesheet href=a.css><p>", files: files)
    #expect(result.html == "<style>p::after{content:\"<\\/STYLE><b>\"}</style><p>")
  }

  @Test func `addresses in a linked sheet are those that they were beside it`() {
    let css =
      "a:hover{b:url( x.png ) URL('../y.png') url(\"/z\") url(https://q.example/a) url({{u}}) url(#i) url(data:,x)}"
    let moved = css.replacing("x.png", with: "s/t/x.png").replacing("../y", with: "s/t/../y")
    let link = "<link rel=stylesheet href=\"HREF\">"
    let files = ["s/t/a.css": css, "a.css": css]
    #expect(inline(link.replacing("HREF", with: "s/t/a.css?v"), files: files).html == "<style>\(moved)</style>")
    let spaced = ["s (1)/a.css": "a:hover{b:url(x.png)}"]
    let expected = "<style>a:hover{b:url(s%20%281%29/x.png)}</style>"
    #expect(inline(link.replacing("HREF", with: "s (1)/a.css"), files: spaced).html == expected)
    for address in ["a.css", "./a.css", "a.css?x=/y"] {
      #expect(inline(link.replacing("HREF", with: address), files: files).html == "<style>\(css)</style>")
    }
  }

  @Test func `faults in a linked sheet are told in that sheet`() throws {
    let result = inline("<link rel=stylesheet href=a.css><p>", files: ["a.css": "p { color red }"])
    #expect(result.codes == ["css/syntax"])
    let range = try #require(result.outcome.diagnostics.first?.range)
    #expect(result.outcome.sources[range.source].path == "site/a.css")
    #expect(result.outcome.sources.text(range) == "color red")
  }

  @Test func `imports stay and are told, wherever they stand`() {
    let sheet = "@IMPORT url(x.css);p{top:0}"
    #expect(inline("<style>\(sheet)</style><p>").html == "<style>@IMPORT url(x.css);</style><p style=\"top:0\">")
    #expect(inline("<style>\(sheet)</style><p>").codes == ["inline/import"])
    #expect(inline("<link rel=stylesheet href=a.css>", files: ["a.css": sheet]).codes == ["inline/import"])
    #expect(inline("<style>p{content:\"@import 'x'\"}</style>").codes == [])
    let inliner = DocumentInliner(sheets: [("a.css", Array(sheet.utf8))])
    #expect(inliner.sheetFindings.diagnostics.map(\.code.name) == ["inline/import"])
  }

  @Test func `a linked sheet in a condition stays conditional`() {
    let html = "{{#if x}}<link rel=stylesheet href=mail.css>{{/if}}<p>"
    #expect(inline(html, files: Self.files).html == "{{#if x}}<style>p{top:0}</style>{{/if}}<p>")
  }
}

@Suite struct DocumentInlinerTests {
  @Test func `sheets for all documents come last, and their placeholders stay`() {
    let sheets = [("a.css", "p{top:0}b{color:{{c}}}{{#if x}}p{left:0}{{/if}}")]
    let result = inline("<head></head><style>p{top:1px}</style><p><b>", sheets: sheets)
    let kept = "b{color:{{c}}}{{#if x}}p{left:0}{{/if}}"
    #expect(result.html == "<head><style>\n\(kept)\n</style>\n</head><p style=\"top:0\"><b>")
  }

  @Test func `passes run one after another, each on what the one before has left`() {
    let result = inline("<style>p{top:0}</style><p>{{a}}</p>") { options in
      for letter in ["1", "2"] {
        options.passes.append(
          DocumentPass { tree in
            var edits = EditList()
            for (index, node) in tree.nodes.enumerated() where node.kind == .element {
              let count = tree.attributes(of: NodeID(index)).count
              edits.insert(Array("\(letter)\(count)\(tree.placeholders.count)".utf8), at: Int(node.contentEnd))
            }
            return edits
          })
      }
    }
    #expect(result.html == "<p style=\"top:0\">{{a}}111211</p>")
  }

  @Test func `placeholders are those that are asked for, or those that the document shows`() {
    let html = "<style>p{color:red}</style><p class=\"[[a]]\" title=\"@Model.X\">"
    func count(_ syntaxes: PlaceholderScanner.Syntaxes?) -> Int {
      inline(html) { $0.syntaxes = syntaxes }.account.placeholderCount
    }
    #expect(count(nil) == 2)
    #expect(count([]) == 0)
    #expect(count(.ats) == 1)
    #expect(count(.standard) == 0)
  }

  @Test func `the account has each selector once, with a reason where it stays or goes`() {
    let html = "<style>p,i{top:0}p:hover{top:0}.x{top:0}.o #outlook{top:0}</style><p>"
    let result = inline(html) { $0.purgesUnmatched = true }
    let fates = result.account.entries.map { "\($0.selector) \($0.fate.rawValue)" }
    #expect(fates.prefix(4) == ["p inlined", "i purged", "p:hover kept", ".x purged"])
    #expect(fates.count == 5)
  }

  @Test(arguments: [[UInt8](), [0xFF], [0xEF, 0xBB, 0xBF], [0], Array("<p>\u{e9}".utf8), [0x3C, 0x70, 0x3E, 0xE9, 0]])
  func `bytes that are nobody's UTF-8 come out as they went in`(bytes: [UInt8]) {
    let outcome = DocumentInliner().inline(bytes, path: "page.html", scope: SheetScope(folderOf: "page.html"))
    #expect(outcome.bytes == bytes)
    #expect(outcome.diagnostics.isEmpty)
  }

  @Test func `UTF-16 is an error`() {
    let bytes: [UInt8] = [0xFF, 0xFE, 0x3C, 0, 0x70, 0, 0x3E, 0]
    let outcome = DocumentInliner().inline(bytes, path: "page.html", scope: SheetScope(folderOf: "page.html"))
    #expect(outcome.diagnostics.hasErrors)
  }
}
