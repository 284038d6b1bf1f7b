import Foundation
import Testing

/// What `galley inline` and the build do besides inlining, where it is asked for.
struct TransformTests {
  /// A row of the table in docs/inline.md.
  struct Row: CustomTestStringConvertible, Sendable {
    let options: [String]
    let before: String
    let after: String
    var testDescription: String { options.joined(separator: " ") }
  }

  private static let documentation = Result {
    try String(contentsOf: Tool.root.appending(path: "docs/inline.md"), encoding: .utf8)
  }

  /// The rows of three cells of code.
  static let rows: [Row] = ((try? documentation.get()) ?? "").split(separator: "\n").compactMap { line in
    let cells = line.components(separatedBy: " | ").map {
      $0.trimmingCharacters(in: CharacterSet(charactersIn: "| ")).trimmingCharacters(
        in: CharacterSet(charactersIn: "`"))
    }
    guard cells.count == 3, cells[0].hasPrefix("--"), cells[1].hasPrefix("<") else { return nil }
    return Row(options: cells[0].components(separatedBy: " "), before: cells[1], after: cells[2])
  }

  private func inline(_ html: String, _ options: [String]) throws -> Tool.Outcome {
    try Tool.run(Tool.binary, ["inline"] + options, in: Tool.root, input: html)
  }

  @Test(arguments: rows) func `each example of the documentation is true, and true again`(_ row: Row) throws {
    let once = try inline(row.before, row.options)
    #expect(once.status == 0 && once.messages.isEmpty, "\(once.messages)")
    #expect(once.text == row.after)
    #expect(try inline(row.after, row.options).text == row.after)
    #expect(try inline(row.before, []).text == row.before, "it is done without being asked for")
  }

  @Test func `the documentation has an example of each option, and each is a key of galley.yml`() throws {
    let help = try Tool.run("inline", "--help").text
    let section = try #require(help.components(separatedBy: "WHAT IS DONE BESIDES:").dropFirst().first)
    let list = section.components(separatedBy: "\n\n")[0]
    let options = list.split(separator: "\n").compactMap { line in
      line.hasPrefix("  --") ? String(line.dropFirst(2).prefix { $0 != " " }) : nil
    }
    #expect(options.count == 11, "\(options)")
    #expect(Set(options) == Set(Self.rows.flatMap(\.options).filter { $0.hasPrefix("--") }))
    let site = try TemporaryFolder.withStarterSite()
    let keys = options.map { option in
      switch option {
      case "--base": "  base: https://a.example/"
      case "--utm": "  utm: {source: a}"
      case "--utm-host": "  utm-hosts: [a.example]"
      default: "  \(option.dropFirst(2)): true"
      }
    }
    try site.write(
      try site.text("galley.yml") + "\ninline:\n" + keys.joined(separator: "\n") + "\n  purge: true\n", to: "galley.yml"
    )
    let outcome = try Tool.run("check", in: site.url)
    #expect(outcome.status == 0, "\(outcome.messages)")
  }

  // MARK: All of them together

  static let all = [
    "--resolve-variables", "--mirror-attributes", "--base", "https://cdn.example/mail/index.html", "--minify", "--utm",
    "source=news",
    "--utm", "campaign=a b&c", "--six-digit-hex", "--merge-shorthands", "--unitless-zero", "--safe-class-names",
    "--purge",
  ]

  static let document = """
    <!DOCTYPE html>
    <html>
      <head>
        <style>
          .card { width: 600px; background: #abc; padding-top: 0px; padding-right: 4px }
          .card { padding-bottom: 0px; padding-left: 4px }
          @media (max-width: 600px) { .sm\\:w-1\\/2 { width: 50%; color: rgb(0 0 0 / .5) } }
          {{#if dark}} .card { color: #fff } {{/if}}
          i.unused { top: 0 }
        </style>
      </head>
      <body>
        <!-- a note -->
        <table><tr><td class="card sm:w-1/2 none {{extra}}"  id='{{ id }}'>
          {{#each items}} <a href="shop/{{slug}}?a={{b}}#{{c}}" style="margin:0px">{{{ html }}}</a> {{else}} – {{/each}}
          <a href="offer.html#top">%%first%%</a>  *|NAME|*  <img src='{{ image }}' width=10>
          {% if x %}<img src="a.png" style="background: url(b.png)">{% endif %} <%= y %> ${z}
        </td></tr></table>
        <!--[if mso]>  <p class="sm:w-1/2"> {{ word }} </p>  <![endif]-->
      </body>
    </html>

    """

  /// The placeholders of the document, in order.
  private func placeholders(_ html: String) -> [String] {
    html.matches(of: /\{\{\{.*?\}\}\}|\{\{.*?\}\}|\{%.*?%\}|<%.*?%>|%%.*?%%|\*\|.*?\|\*|\$\{.*?\}/).map { String($0.0) }
  }

  @Test func `all options together are done after one run and leave each placeholder as it is`() throws {
    let once = try inline(Self.document, Self.all)
    #expect(once.status == 0, "\(once.messages)")
    #expect(once.text != Self.document)
    #expect(placeholders(once.text) == placeholders(Self.document))
    #expect(placeholders(once.text).count == 19)
    for piece in [
      "bgcolor=\"#aabbcc\"", #"width="600""#, "padding:0 4px", "rgba(0,0,0,0.5)", ".sm-w-1-2{",
      #"<img src="https://cdn.example/mail/a.png""#, "url(https://cdn.example/mail/b.png)",
      "https://cdn.example/mail/offer.html?utm_source=news&amp;utm_campaign=a%20b%26c#top", "margin:0\"",
    ] {
      #expect(once.text.contains(piece), "\(piece)\n\(once.text)")
    }
    #expect(!once.text.contains(".unused") && !once.text.contains("a note"))
    let twice = try inline(once.text, Self.all)
    #expect(twice.text == once.text)
  }

  @Test func `real mails are done after one run, whatever the number of workers`() throws {
    let root = ProcessInfo.processInfo.environment["GALLEY_SUITES"] ?? "../shared/suites"
    let corpus = URL(filePath: root, relativeTo: Tool.root).appending(path: "corpus")
    guard FileManager.default.fileExists(atPath: corpus.path) else {
      return print("no corpus found: set GALLEY_SUITES")
    }
    let scratch = try TemporaryFolder()
    func run(_ name: String, from folder: URL, _ environment: [String: String] = [:]) throws -> [String: Data] {
      let outcome = try Tool.run(
        Tool.binary,
        ["inline", "**/*.html", "--quiet", "--out-dir", scratch.url.appending(path: name).path] + Self.all,
        in: folder, environment: environment)
      #expect(outcome.status == 0, "\(outcome.messages)")
      return try scratch.files(below: name)
    }
    let once = try run("once", from: corpus)
    #expect(!once.isEmpty)
    #expect(try run("twice", from: scratch.url.appending(path: "once")) == once)
    // One thread takes all documents in turn, in one session.
    #expect(try run("alone", from: corpus, ["LIBDISPATCH_COOPERATIVE_POOL_STRICT": "1"]) == once)
  }

  // MARK: Faults

  @Test(arguments: [
    (["--base", "mail/"], "'mail/' can't complete other addresses"),
    (["--base", "https:"], "'https:' can't complete other addresses"),
    (["--utm", "news"], "'news' is no parameter"),
    (["--utm", "sorce=news"], "there is no parameter 'sorce'; did you mean 'source'?"),
    (["--utm", "source="], "'utm_source' has no value"),
    (["--utm", "source={{x}}"], "'{{x}}' holds a placeholder"),
    (["--utm", "source=a", "--utm", "utm_source=b"], "'utm_source' is given twice"),
    (["--utm-host", "shop.example"], "'--utm-host' needs a parameter"),
    (["--utm", "source=a", "--utm-host", "https://shop.example/"], "'https://shop.example/' is not a host"),
  ])
  func `what can't be meant is refused`(options: [String], message: String) throws {
    let outcome = try inline("<p>", options)
    #expect(outcome.status == 2 && outcome.output.isEmpty)
    #expect(outcome.messages.contains(message), "\(outcome.messages)")
  }

  @Test(arguments: [
    (
      "inline/relative-address", 1, ["--base", "https://a.example"], #"<img src="b/{{x}}.png"><img src="{{y}}/z.png">"#
    ),
    ("inline/classes-stay", 1, ["--minify"], #"<link rel="stylesheet" href="//a.example/b.css"><p class="c">"#),
    ("inline/unsafe-class", 2, ["--safe-class-names"], "<p class='a:{{b}}'>\n<style>@media x{.a\\:b{top:0}}</style>"),
    ("inline/long-line", 1, ["--minify"], "<img alt=\"" + String(repeating: "x", count: 999) + "\">"),
  ])
  func `what can't be done is told at its place`(code: String, line: Int, options: [String], html: String) throws {
    let outcome = try inline(html, options + ["--format", "json"])
    #expect(outcome.status == 0)
    let finding = try #require(outcome.findings.first { $0["code"] as? String == code }, "\(outcome.messages)")
    #expect(finding["line"] as? Int == line, "\(finding)")
    #expect(try Tool.run("explain", code).status == 0)
  }

  // MARK: In a site

  @Test func `a site has the same switches, and its example in the documentation is true`() throws {
    let block = try #require(try Self.documentation.get().components(separatedBy: "```yaml\n").dropFirst().first)
    let site = try TemporaryFolder.withStarterSite()
    #expect(try Tool.run("build", in: site.url).status == 0)
    let path = "dist/dev/order_confirmation.html"
    let plain = try site.text(path)
    try site.write(
      try site.text("galley.yml") + "\n" + block.components(separatedBy: "```")[0], to: "galley.yml")
    let template = try site.text("templates/order_confirmation.html")
    try site.write(
      template + "\n<img src=\"logo.png\" alt=\"\"><a href=\"https://shop.example/\">Shop</a>\n",
      to: "templates/order_confirmation.html")
    let outcome = try Tool.run("build", in: site.url)
    #expect(outcome.status == 0, "\(outcome.messages)")
    let html = try site.text(path)
    for piece in [
      "bgcolor=\"#", "src=\"https://cdn.example/mail/logo.png\"",
      "href=\"https://shop.example/?utm_source=shop&amp;utm_medium=email\"", "class=\"",
    ] {
      #expect(html.contains(piece), "\(piece)\n\(html)")
      #expect(!plain.contains(piece) || piece == "class=\"")
    }
    #expect(html.utf8.count < plain.utf8.count + 400)
    #expect(try site.text("dist/dev/order_confirmation.txt").contains("utm_source=shop&utm_medium=email"))
  }
}
