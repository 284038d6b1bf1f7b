import Foundation
import Testing

/// The command line's promises: what goes where, and how it ends.
struct CommandTests {
  private static let verbs = ["init", "build", "check", "render", "contract", "messages", "inline", "explain"]

  @Test func `the version is one line of data`() throws {
    let outcome = try Tool.run("--version")
    #expect(outcome.status == 0)
    #expect(try /galley \d+\.\d+\.\d+.*\n/.wholeMatch(in: outcome.text) != nil, "\(outcome.text)")
    #expect(outcome.messages.isEmpty)
  }

  @Test func `help lists each command, and each command has help of its own`() throws {
    let overview = try Tool.run("--help")
    #expect(overview.status == 0)
    for verb in Self.verbs {
      #expect(overview.text.contains("\n  \(verb)"), "'\(verb)' is missing in --help")
      let help = try Tool.run(verb, "--help")
      #expect(help.status == 0)
      #expect(help.text.contains("USAGE: galley \(verb)"))
      #expect(help.messages.isEmpty)
    }
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func `a completion script is data and knows the commands`(shell: String) throws {
    let outcome = try Tool.run("--generate-completion-script", shell)
    #expect(outcome.status == 0)
    #expect(outcome.messages.isEmpty)
    for verb in Self.verbs { #expect(outcome.text.contains(verb)) }
  }

  @Test(arguments: [
    (["bild"], "build"), (["build", "--evn", "dev"], "--evn"), (["render"], "--all"),
    (["render", "nothing"], "order_confirmation"), (["build", "--env", "prodd", "--out", "x"], "prod"),
    (["build", "--locale", "dee", "--out", "x"], "de"),
    (["render", "order_confirmation", "--sample", "defalt"], "default"),
    (["explain", "template/unclosed-blok"], "template/unclosed-block"), (["inline", "missing.html"], "missing.html"),
    (["build", "--site", "nowhere"], "nowhere"), (["check", "--format", "xml"], "json"),
  ])
  func `wrong usage ends with 2, names what is meant and prints no data`(arguments: [String], hint: String) throws {
    let site = try TemporaryFolder.withStarterSite()
    let outcome = try Tool.run(Tool.binary, arguments, in: site.url)
    #expect(outcome.status == 2, "\(outcome.messages)")
    #expect(outcome.messages.contains(hint), "\(outcome.messages)")
    #expect(outcome.output.isEmpty)
    #expect(!site.exists("dist"))
  }

  @Test func `explain lists all codes, and each has a text with two examples`() throws {
    let list = try Tool.run("explain")
    #expect(list.status == 0)
    let codes = list.text.split(separator: "\n").compactMap { $0.split(separator: " ").first.map(String.init) }
    #expect(codes.count > 50)
    #expect(Set(codes).count == codes.count)
    for code in codes {
      #expect(code.wholeMatch(of: /[a-z]+\/[a-z0-9-]+/) != nil, "\(code)")
      let text = try Tool.run("explain", code).text
      #expect(text.contains("[\(code)]") && text.contains("Bad:") && text.contains("Good:"), "\(code)")
    }
  }

  @Test func `a message looks as it is documented, in each form`() throws {
    let site = try TemporaryFolder.withStarterSite()
    try site.change("order=orderId}}</p>", to: "order=ordrId}}</p>", in: "templates/order_confirmation.html")
    let human = try Tool.run("check", in: site.url)
    #expect(human.status == 1)
    #expect(human.output.isEmpty)
    #expect(human.messages.contains("did you mean 'orderId'?"))
    #expect(human.messages.contains(" --> templates/order_confirmation.html:"))
    #expect(human.messages.contains("^^^^^^"))
    let short = try Tool.run("check", "--format", "short", "--quiet", in: site.url)
    let line = /templates\/order_confirmation\.html:\d+:\d+: error\[template\/[a-z-]+\] .*\n/
    #expect(try line.wholeMatch(in: short.messages) != nil, "\(short.messages)")
    let json = try Tool.run("check", "--format", "json", in: site.url)
    #expect(json.findings.count == 1)
    let finding = try #require(json.findings.first)
    #expect(finding["severity"] as? String == "error")
    #expect(finding["file"] as? String == "templates/order_confirmation.html")
    for key in ["line", "column", "endLine", "endColumn"] { #expect(finding[key] is Int, "\(key)") }
    for key in ["code", "message"] { #expect(finding[key] is String, "\(key)") }
    for key in ["notes", "help", "fixes"] { #expect(finding[key] is [Any], "\(key)") }
  }

  @Test func `color is for terminals, unless it is asked for`() throws {
    let site = try TemporaryFolder.withStarterSite()
    try site.change("{{/if}}", to: "", in: "templates/order_confirmation.html")
    #expect(!(try Tool.run("check", in: site.url, environment: ["NO_COLOR": ""])).messages.contains("\u{1B}["))
    #expect(try Tool.run("check", "--color", "always", in: site.url).messages.contains("\u{1B}["))
    #expect(!(try Tool.run("check", "--color", "never", in: site.url)).messages.contains("\u{1B}["))
  }

  @Test func `init refuses a folder that holds a site and leaves it alone`() throws {
    let site = try TemporaryFolder.withStarterSite()
    try site.write("mine", to: "galley.yml")
    let outcome = try Tool.run("init", in: site.url)
    #expect(outcome.status == 2)
    #expect(outcome.messages.contains("galley.yml"))
    #expect(try site.text("galley.yml") == "mine")
  }

  @Test func `init makes the folder it is given, and its site has no finding`() throws {
    let folder = try TemporaryFolder()
    #expect(try Tool.run("init", "new/mails", in: folder.url).status == 0)
    let check = try Tool.run("check", "--format", "json", in: folder.url.appending(path: "new/mails"))
    #expect(check.status == 0)
    #expect(check.findings.isEmpty, "\(check.messages)")
  }
}
