import Foundation
import Testing

/// `galley inline` reads plain command lines itself and leaves the others to the argument parser: both mean the same.
struct PlainCommandLineTests {
  private static let page = """
    <style>p { color: #f00; margin-top: 0px; margin-bottom: 0px; margin-left: 0px; margin-right: 0px } .n { top: 0 }\
     .a\\:b { left: calc(1px + 2px) }</style>
    <p  class="a:b gone">x</p> <td style="background-color: red">y</td>
    """

  /// What came of a command: its streams, its status and the files that are there.
  private struct Result: Equatable {
    var status: Int32
    var output: Data
    var messages: String
    var files: [String: Data]
  }

  private func run(_ arguments: [String]) throws -> Result {
    let folder = try TemporaryFolder()
    for name in ["a.html", "b.html", "x/c.html"] { try folder.write(Self.page, to: name) }
    try folder.write("p { font-weight: bold }", to: "more.css")
    let outcome = try Tool.run(Tool.binary, ["inline"] + arguments, in: folder.url, input: Self.page)
    return Result(
      status: outcome.status, output: outcome.output, messages: outcome.messages, files: try folder.files(below: ""))
  }

  @Test(arguments: [
    "", "-", "a.html", "a.html a.html", "*.html", "none.html", "a.html -", "a.html b.html", "help",
    "a.html -o out.html", "a.html --output out.html", "a.html -o out.html -o other.html", "a.html -o a.html",
    "a.html -o", "a.html --out-dir out", "**/*.html --out-dir out -q", "**/*.html --in-place", "- --in-place",
    "a.html --in-place -o x", "x/c.html --root x --out-dir out", "a.html --root x --out-dir out",
    "a.html --css more.css", "a.html --css more.css --css more.css", "a.html --css none.css", "a.html --css",
    "a.html --report -", "a.html -o x --report r.json", "a.html --report r.json", "a.html --purge", "--purge a.html",
    "a.html --purge --purge", "a.html --minify", "a.html --minify --keep-classes", "a.html --safe-class-names",
    "a.html --six-digit-hex --unitless-zero --merge-shorthands", "a.html --mirror-attributes --resolve-variables",
    "a.html --quiet -q", "-q a.html --css -", "a.html --no-such", "a.html --outdir x", "-- a.html", "-- -q",
  ]) func `a plain command line means what the parser reads in it`(line: String) throws {
    let arguments = line.split(separator: " ").map(String.init)
    // An option with its value in one word, of which this is the usual one, is left to the parser.
    #expect(try run(arguments) == run(["--format=human"] + arguments))
  }

  @Test func `the version is told`() throws {
    let short = try Tool.run("--version")
    let long = try Tool.run("--version", "build")
    #expect(short.status == 0 && short.output == long.output && short.text.hasPrefix("galley "))
  }
}
