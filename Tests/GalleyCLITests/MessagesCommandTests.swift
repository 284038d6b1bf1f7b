import Foundation
import Testing

/// `galley messages`: what translators and pipelines get.
@Suite struct MessagesCommandTests {
  private func site() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write(
      """
      name: test
      locales: {default: en, supported: [en, af, nl], fallback: {nl: [af, en]}}
      dialect: jinja
      environments:
        dev: {store: 's3://test-dev', region: eu-west-1}

      """, to: "galley.yml")
    try folder.write("hello: Hello\nready: It is {state}\nold: Unused\n", to: "locales/en.yml")
    try folder.write("# Afrikaans\nhello: Hallo # kort\nold: Oud\n", to: "locales/af.yml")
    try folder.write(
      "---\nsubject: Order\n---\n<p>{{t \"hello\"}} {{t \"ready\" state=\"ready\"}}</p>\n", to: "templates/order.html")
    return folder
  }

  @Test func `missing messages are data, and end with 1`() throws {
    let folder = try site()
    let all = try Tool.run("messages", "missing", in: folder.url)
    #expect(all.status == 1)
    #expect(
      all.text == """
        af  ready  locales/en.yml:2  (shows en)
        nl  hello  locales/en.yml:1  (shows af)
        nl  ready  locales/en.yml:2  (shows en)
        nl  old  locales/en.yml:3  (shows af)

        """)
    #expect(all.messages == "4 messages missing in af, nl\n")
    let json = try Tool.run("messages", "missing", "--locale", "af", "--format", "json", in: folder.url)
    #expect(
      json.text == """
        {"key":"ready","line":2,"locale":"af","path":"locales/en.yml","standIn":"en","text":"It is {state}",\
        "uses":["templates/order.html"]}

        """)
    #expect(json.messages.isEmpty)
  }

  @Test func `unused messages are data, and end with 1`() throws {
    let folder = try site()
    let outcome = try Tool.run("messages", "unused", in: folder.url)
    #expect(outcome.status == 1)
    #expect(outcome.text == "old  locales/en.yml:3\n")
    try folder.change("\nold: Unused", to: "", in: "locales/en.yml")
    let after = try Tool.run("messages", "unused", in: folder.url)
    #expect(after.status == 0 && after.text.isEmpty)
    #expect(after.messages == "every message is used\n")
  }

  @Test(arguments: ["1.2", "2.0"])
  func `a translation comes back into its catalog`(version: String) throws {
    let folder = try site()
    let export = try Tool.run("messages", "export", "--locale", "af", "--xliff", version, in: folder.url)
    #expect(export.status == 0 && export.messages.isEmpty)
    try folder.write(export.text, to: "af.xlf")
    let same = try Tool.run("messages", "import", "af.xlf", in: folder.url)
    #expect(same.status == 0)
    #expect(same.messages.hasPrefix("locales/af.yml is as it was: 0 new, 0 changed (2 translated, 1 not yet"))
    let mark = version == "1.2" ? "x" : "ph"
    let source = try #require(
      export.text.split(separator: "\n").first { $0.contains("<source>It is") }.map(String.init))
    try folder.change(source, to: source + "<target>Dit is <\(mark) id=\"state\"/></target>", in: "af.xlf")
    let dry = try Tool.run("messages", "import", "af.xlf", "--dry-run", "--format", "json", in: folder.url)
    #expect(dry.text.contains("\"added\":[\"ready\"]") && dry.text.contains("\"isWritten\":false"))
    #expect(try folder.text("locales/af.yml").contains("ready") == false)
    #expect(try Tool.run("messages", "import", "af.xlf", in: folder.url).status == 0)
    #expect(
      try folder.text("locales/af.yml") == "# Afrikaans\nhello: Hallo # kort\nready: Dit is {state}\nold: Oud\n")
  }

  @Test func `a translation that loses a value writes nothing`() throws {
    let folder = try site()
    let export = try Tool.run("messages", "export", "--locale", "af", in: folder.url)
    try folder.write(
      export.text.replacing("</source>\n        <note>arg", with: "</source><target>Dit is</target><note>arg"),
      to: "af.xlf")
    let before = try folder.text("locales/af.yml")
    let outcome = try Tool.run("messages", "import", "af.xlf", in: folder.url)
    #expect(outcome.status == 1)
    #expect(
      outcome.messages.contains("error[translation/text]: the message 'ready' in 'af' lacks the argument '{state}'"))
    #expect(outcome.messages.contains(" --> af.xlf:"))
    #expect(try folder.text("locales/af.yml") == before)
  }

  @Test(arguments: [
    (["export"], "there are 2 locales: name one with '--locale', or a folder with '--out'"),
    (["export", "--locale", "en"], "'en' is the default locale, which the others are translated from"),
    (["export", "--locale", "ad"], "there is no locale 'ad'; did you mean 'af'?"),
    (["export", "--locale", "af", "--xliff", "2"], "there is no XLIFF '2' here; the versions are 1.2 and 2.0"),
    (["import", "none.xlf"], "none.xlf"),
  ])
  func `wrong usage ends with 2 and writes nothing`(arguments: [String], hint: String) throws {
    let folder = try site()
    let outcome = try Tool.run(Tool.binary, ["messages"] + arguments, in: folder.url)
    #expect(outcome.status == 2 && outcome.text.isEmpty)
    #expect(outcome.messages.contains(hint), "\(outcome.messages)")
  }

  @Test func `a catalog that can't be read is said first`() throws {
    let folder = try site()
    try folder.write("hello: [", to: "locales/af.yml")
    for verb in [["missing"], ["unused"], ["export", "--locale", "af"], ["import", "galley.yml"]] {
      let outcome = try Tool.run(Tool.binary, ["messages"] + verb, in: folder.url)
      #expect(outcome.status == 1 && outcome.text.isEmpty, "\(verb)")
      #expect(outcome.messages.contains("locales/af.yml"), "\(verb)")
    }
  }
}
