import Foundation
import Testing

/// Where `galley contract` writes, and how it ends.
struct ContractCommandTests {
  private static let formats = [
    "json-schema": ".json", "markdown": ".md", "python": ".py", "typescript": ".ts", "swift": ".swift",
  ]

  @Test func `each format goes to standard output, to a file, or into a folder`() throws {
    let site = try TemporaryFolder.withStarterSite()
    for (format, suffix) in Self.formats {
      let printed = try Tool.run("contract", "--format", format, in: site.url)
      #expect(printed.status == 0 && printed.messages.isEmpty && !printed.output.isEmpty, "\(printed.messages)")
      let written = try Tool.run("contract", "--format", format, "--out", "out\(suffix)", in: site.url)
      #expect(written.status == 0 && written.output.isEmpty, "\(written.messages)")
      #expect(try site.data("out\(suffix)") == printed.output)
      let folder = try Tool.run("contract", "--format", format, "--out", "new/\(format)", in: site.url)
      #expect(folder.status == 0 && !folder.messages.contains(" 0 new"), "\(folder.messages)")
      let files = try site.files(below: "new/\(format)")
      #expect(!files.isEmpty && files.keys.allSatisfy { $0.hasSuffix(suffix) }, "\(files.keys)")
      let again = try Tool.run("contract", "--format", format, "--out", "new/\(format)/", in: site.url)
      #expect(again.messages.contains("0 new or changed"), "\(again.messages)")
      #expect(try site.files(below: "new/\(format)") == files)
    }
  }

  @Test func `a site with errors ends with 1 and writes nothing`() throws {
    let site = try TemporaryFolder.withStarterSite()
    #expect(try Tool.run("contract", "--out", "pages", in: site.url).status == 0)
    let good = try site.files(below: "pages")
    try site.change("{{/if}}", to: "", in: "templates/order_confirmation.html")
    for arguments in [[], ["--out", "pages"], ["--out", "one.md"]] {
      let outcome = try Tool.run(Tool.binary, ["contract"] + arguments, in: site.url)
      #expect(outcome.status == 1 && outcome.output.isEmpty && outcome.messages.contains("error["))
    }
    #expect(try site.files(below: "pages") == good)
    #expect(!site.exists("one.md"))
  }

  @Test func `a file of somebody else is not replaced, and others stay`() throws {
    let site = try TemporaryFolder.withStarterSite()
    try site.write("mine", to: "pages/notes.txt")
    try site.write("mine", to: "pages/index.md")
    let outcome = try Tool.run("contract", "--out", "pages", in: site.url)
    #expect(outcome.status == 2 && outcome.messages.contains("pages/index.md"), "\(outcome.messages)")
    #expect(try site.files(below: "pages").count == 2)
    try FileManager.default.removeItem(at: site.url.appending(path: "pages/index.md"))
    #expect(try Tool.run("contract", "--out", "pages", in: site.url).status == 0)
    #expect(try site.text("pages/notes.txt") == "mine")
  }

  @Test(arguments: [
    (["nothing"], "order_confirmation"), (["--format", "pyhton"], "python"), (["--env", "prodd"], "prod"),
    (["--locale", "dee"], "de"),
  ])
  func `wrong usage ends with 2 and names what is meant`(arguments: [String], hint: String) throws {
    let site = try TemporaryFolder.withStarterSite()
    let outcome = try Tool.run(Tool.binary, ["contract"] + arguments, in: site.url)
    #expect(outcome.status == 2 && outcome.output.isEmpty && outcome.messages.contains(hint), "\(outcome.messages)")
  }
}
