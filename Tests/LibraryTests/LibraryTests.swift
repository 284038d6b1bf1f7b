import Foundation
import GalleyCSS
import Testing

/// The library as a program of someone else sees it: this target has no access to what is `package`.
@Suite struct LibraryTests {
  @Test func `the example of the documentation is true`() async throws {
    // example
    // One inliner for the whole program: sheets are parsed here, once.
    var options = CSSInliner.Options()
    options.transforms.mirrorsAttributes = true
    options.placeholders = .languages([.mustache])
    let inliner = CSSInliner(options: options, sheets: ["td { width: 200px } a:hover { color: red }"])

    // A document in, a document out.
    let html = inliner.inline("<table><tr><td>Hello {{name}}</td></tr></table>")

    // What is wrong with its styles, one line each for a log.
    let output = inliner.output(for: "<style>\n.5x { top: 0 }\n</style><p>")
    for finding in output.findings { print(finding) }

    // Many documents in turn: a sheet that they share is parsed once.
    var session = inliner.session()
    let mails = ["<td>1", "<td>2"].map { session.inline($0) }
    // end

    #expect(
      html == """
        <style>
        a:hover { color: red }
        </style>
        <table><tr><td style="width: 200px" width="200">Hello {{name}}</td></tr></table>
        """)
    #expect(
      output.findings.map(\.description) == [
        "document:2:1: warning[css/invalid-selector]: '.5x' is not expected in a selector"
      ])
    #expect(mails.map { $0.suffix(38) } == ["1", "2"].map { "<td style=\"width: 200px\" width=\"200\">\($0)" })

    let documentation = try text("docs/library.md")
    let source = try text("Tests/LibraryTests/LibraryTests.swift")
    let example = source.components(separatedBy: "    // example\n")[1].components(separatedBy: "    // end\n")[0]
    let shown = example.split(separator: "\n", omittingEmptySubsequences: false).map { $0.dropFirst(4) }
      .joined(separator: "\n")
    #expect(documentation.contains("```swift\nimport GalleyCSS\n\n\(shown)```"), "docs/library.md shows something else")
  }

  private func text(_ path: String) throws -> String {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  @Test func `an inliner is used from many tasks at once`() async {
    let inliner = CSSInliner(sheets: ["p { top: 0 }"])
    let results = await withTaskGroup(of: String.self) { group in
      for number in 0..<50 { group.addTask { inliner.inline("<p>\(number)") } }
      return await group.reduce(into: Set<String>()) { $0.insert($1) }
    }
    #expect(results == Set((0..<50).map { "<p style=\"top: 0\">\($0)" }))
  }

  @Test func `an output tells what became of each selector`() {
    let output = CSSInliner().output(for: "<style>p{top:0}a:hover{top:0}.x{top:0}</style><p><a>")
    #expect(output.selectors.map(\.text) == ["p", "a:hover", ".x"])
    #expect(output.selectors.map(\.fate) == [.inlined, .kept, .unmatched])
    #expect(output.html == "<style>a:hover{top:0}.x{top:0}</style><p style=\"top:0\"><a>")
    var options = CSSInliner.Options()
    options.purgesUnmatched = true
    #expect(CSSInliner(options: options).output(for: "<style>.x{top:0}</style><p>").selectors.map(\.fate) == [.purged])
  }

  @Test func `findings tell in which sheet and at which line and column they are`() throws {
    let inliner = CSSInliner(sheets: ["p{top:0}", "é{}\n  é, .5{top:0}"])
    let own = try #require(inliner.findings.first)
    #expect(own.place == nil || own.place?.sheet == 1)
    #expect(own.severity == .warning && own.code == "css/invalid-selector" && !own.explanation.isEmpty)
    #expect(own.description.hasPrefix("sheet 1:2:6: warning[css/invalid-selector]: "), "\(own)")
    #expect(inliner.output(for: "<p>").findings.isEmpty, "the sheets of the inliner are told once")
    let output = inliner.inline(Array("<p>".utf8), sheets: [Array("b{c}".utf8)])
    #expect(output.findings.map { $0.place?.sheet } == [2])
  }

  @Test func `placeholders are looked for where that is asked for`() {
    let html = "<style>{{#if x}}p{top:0}{{/if}} b{top:0}</style><b style=\"{{y}}\">"
    var options = CSSInliner.Options()
    options.placeholders = .detected
    let output = CSSInliner(options: options).inline(html)
    #expect(output.contains("{{#if x}}p{top:0}{{/if}}") && output.contains("{{y}}"), "\(output)")
    for language in TemplateLanguage.allCases {
      options.placeholders = .languages([language])
      #expect(CSSInliner(options: options).inline("<p>@@ x") == "<p>@@ x", "\(language)")
    }
    options.placeholders = .languages([.bars])
    let bars = "<p class=\"*|A|*\" style=\"*|B|*\"><style>p{top:0}</style>"
    #expect(CSSInliner(options: options).inline(bars).contains("*|B|*"))
    let given = CSSInliner.Placeholder(range: 10..<13)
    let bytes = CSSInliner().inline(Array("<p style='«»x'><style>p{top:0}</style>".utf8), placeholders: [given]).bytes
    #expect(String(decoding: bytes, as: UTF8.self).contains("«»"))
  }

  @Test func `all transforms can be asked for`() throws {
    var options = CSSInliner.Options()
    let base = try #require(BaseURL("https://a.example/b/"))
    options.transforms.base = base
    options.transforms.linkParameters = [LinkParameter(name: "c", value: "d e")]
    options.transforms.linkHosts = ["a.example"]
    options.transforms.minifies = true
    options.transforms.writesSixDigitHex = true
    options.transforms.dropsZeroUnits = true
    options.transforms.mergesShorthands = true
    options.transforms.renamesUnsafeClasses = true
    #expect(BaseURL("b/") == nil)
    let html = "<style>a{color:#abc;margin:0px}</style><a  href='f' class='g'>h</a><a href='https://i.example/'>"
    let output = CSSInliner(options: options).output(for: html)
    #expect(
      output.html == """
        <a href='https://a.example/b/f?c=d%20e' style="color:#aabbcc;margin:0">h</a>\
        <a href='https://i.example/' style="color:#aabbcc;margin:0">
        """)
    #expect(CSSInliner(options: options).inline(output.html) == output.html)
    options.transforms.keepsClasses = true
    #expect(CSSInliner(options: options).inline(html).contains("class='g'"))
  }

  @Test func `conditional comments can be left alone`() {
    let html = "<style>p{top:0}</style><!--[if mso]><p><![endif]-->"
    var options = CSSInliner.Options()
    #expect(CSSInliner(options: options).inline(html) == "<!--[if mso]><p style=\"top:0\"><![endif]-->")
    options.inlinesConditionals = false
    #expect(CSSInliner(options: options).inline(html) == html)
  }

  @Test func `a session comes to the same as an inliner`() {
    let inliner = CSSInliner(sheets: ["b{left:0}"])
    var session = inliner.session()
    for number in 0..<20 {
      let html = "<style>p{top:\(number % 3)px}.x{y}</style><p><b class=x>\(number)"
      #expect(session.output(for: html) == inliner.output(for: html))
    }
  }
}
