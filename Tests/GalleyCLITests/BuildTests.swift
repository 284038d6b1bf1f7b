import Foundation
import Testing

/// What `galley build`, `check` and `render` leave behind and print.
struct BuildTests {
  @Test func `build writes a folder for each environment and locale`() throws {
    let site = try TemporaryFolder.withStarterSite()
    let outcome = try Tool.run("build", in: site.url)
    #expect(outcome.status == 0, "\(outcome.messages)")
    #expect(outcome.output.isEmpty)
    var expected: Set = ["bundle.json"]
    for environment in ["dev", "prod"] {
      expected.insert("\(environment)/manifest.json")
      for prefix in ["", "de/"] {
        for part in ["html", "txt", "mail.json"] {
          expected.insert("\(environment)/\(prefix)order_confirmation.\(part)")
        }
      }
    }
    #expect(Set(try site.files(below: "dist").keys) == expected)
    let html = String(decoding: try site.data("dist/dev/order_confirmation.html"), as: UTF8.self)
    #expect(html.contains("{% if customerName %}"))
    #expect(html.contains("style="))
    #expect(!html.contains("<link"))
  }

  @Test func `a quiet build of a clean site says nothing at all`() throws {
    let site = try TemporaryFolder.withStarterSite()
    let outcome = try Tool.run("build", "--quiet", in: site.url)
    #expect(outcome.status == 0)
    #expect(outcome.messages.isEmpty && outcome.output.isEmpty, "\(outcome.messages)")
  }

  @Test func `a failed build leaves the last good output and says so`() throws {
    let site = try TemporaryFolder.withStarterSite()
    #expect(try Tool.run("build", in: site.url).status == 0)
    let good = try site.files(below: "dist")
    try site.change("{{/if}}", to: "", in: "templates/order_confirmation.html")
    let outcome = try Tool.run("build", in: site.url)
    #expect(outcome.status == 1)
    #expect(outcome.messages.contains("nothing was written"))
    #expect(try site.files(below: "dist") == good)
  }

  @Test func `a mail that is gone from the sources is gone from the output`() throws {
    let site = try TemporaryFolder.withStarterSite()
    for kind in ["html", "samples.json"] {
      try site.write(try site.text("templates/order_confirmation.\(kind)"), to: "templates/second.\(kind)")
    }
    #expect(try Tool.run("build", in: site.url).status == 0)
    #expect(site.exists("dist/dev/second.html"))
    for kind in ["html", "samples.json"] {
      try FileManager.default.removeItem(at: site.url.appending(path: "templates/second.\(kind)"))
    }
    #expect(try Tool.run("build", in: site.url).status == 0)
    #expect(!site.exists("dist/dev/second.html"))
    #expect(site.exists("dist/dev/order_confirmation.html"))
  }

  @Test func `check finds what build finds and writes nothing`() throws {
    let site = try TemporaryFolder.withStarterSite()
    #expect(try Tool.run("check", in: site.url).status == 0)
    #expect(!site.exists("dist"))
    try site.change("label=(t \"order.button\")", to: "", in: "templates/order_confirmation.html")
    let check = try Tool.run("check", "--format", "json", in: site.url)
    let build = try Tool.run("build", "--format", "json", in: site.url)
    #expect(check.status == 1 && build.status == 1)
    #expect(check.messages == build.messages)
    #expect(!site.exists("dist"))
  }

  @Test func `a site is built from anywhere, to anywhere, and a selection only to a folder of its own`() throws {
    let site = try TemporaryFolder.withStarterSite()
    let elsewhere = try TemporaryFolder()
    let all = try Tool.run("build", "--site", site.url.path, "--out", "whole", in: elsewhere.url)
    #expect(all.status == 0, "\(all.messages)")
    #expect(!site.exists("dist"))
    let some = try Tool.run(
      "build", "order_confirmation", "--env", "prod", "--locale", "de", "--site", site.url.path, "--out", "part",
      in: elsewhere.url)
    #expect(some.status == 0, "\(some.messages)")
    let part = try elsewhere.files(below: "part")
    #expect(part.keys.contains("prod/de/order_confirmation.html"))
    #expect(!part.keys.contains { $0.hasPrefix("dev/") || $0 == "prod/order_confirmation.html" })
    #expect(part["prod/de/order_confirmation.html"] == (try elsewhere.data("whole/prod/de/order_confirmation.html")))
    #expect(try Tool.run("build", "--locale", "de", in: site.url).status == 2)
  }

  @Test func `the revision of the sources is recorded, and nothing else changes with it`() throws {
    let site = try TemporaryFolder.withStarterSite()
    for revision in ["r1", "r2"] {
      #expect(try Tool.run("build", "--source-revision", revision, "--out", revision, in: site.url).status == 0)
      #expect(try site.text("\(revision)/dev/manifest.json").contains("\"\(revision)\""))
    }
    let (first, second) = (try site.files(below: "r1"), try site.files(below: "r2"))
    #expect(first.keys == second.keys)
    for (name, content) in first where !name.hasSuffix("manifest.json") && name != "bundle.json" {
      #expect(content == second[name], "\(name)")
    }
  }

  @Test func `render prints one part of one mail, filled`() throws {
    let site = try TemporaryFolder.withStarterSite()
    let html = try Tool.run("render", "order_confirmation", in: site.url)
    #expect(html.status == 0, "\(html.messages)")
    #expect(html.messages.isEmpty)
    #expect(html.text.hasPrefix("<!DOCTYPE html>"))
    #expect(html.text.contains("Thandi") && !html.text.contains("{{"))
    let subject = try Tool.run("render", "order_confirmation", "--part", "subject", "--locale", "de", in: site.url)
    #expect(subject.text == "Ihre Bestellung order_7f3a\n")
    let text = try Tool.run(
      "render", "order_confirmation", "--part", "text", "--sample", "without a name", in: site.url)
    #expect(text.text.contains("Good day,") && !text.text.contains("<"))
    #expect(text.text.contains("https://portal.shop.example/orders/order_7f3b"))
    let preheader = try Tool.run("render", "order_confirmation", "--part", "preheader", in: site.url)
    #expect(preheader.text == "The Shop has received your order.\n")
  }

  @Test func `render --all prints each mail, locale and sample as a line`() throws {
    let site = try TemporaryFolder.withStarterSite()
    let outcome = try Tool.run("render", "--all", "--env", "prod", in: site.url)
    #expect(outcome.status == 0)
    let lines = try outcome.text.split(separator: "\n").map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: String])
    }
    #expect(lines.count == 4)
    #expect(Set(lines.compactMap { $0["locale"] }) == ["en", "de"])
    #expect(Set(lines.compactMap { $0["sample"] }) == ["default", "without a name"])
    for line in lines {
      #expect(Set(line.keys) == ["template", "locale", "sample", "html", "text", "subject", "preheader"])
    }
  }
}

/// `galley inline` in somebody else's pipeline.
struct InlineTests {
  private static let page = "<style>p { color: red } p:hover { color: blue }</style><p>x</p>"

  @Test func `inline reads standard input and writes standard output`() throws {
    let outcome = try Tool.run("inline", input: Self.page)
    #expect(outcome.status == 0, "\(outcome.messages)")
    #expect(outcome.text.contains("<p style=\"color: red\">") || outcome.text.contains("<p style=\"color:red\">"))
    #expect(outcome.text.contains(":hover"))
  }

  @Test func `inline takes files and style sheets and writes a file`() throws {
    let folder = try TemporaryFolder()
    try folder.write("<p class=\"a\">x</p>", to: "page.html")
    try folder.write(".a { margin: 0 }", to: "extra.css")
    let outcome = try Tool.run("inline", "page.html", "--css", "extra.css", "--output", "out.html", in: folder.url)
    #expect(outcome.status == 0, "\(outcome.messages)")
    #expect(outcome.output.isEmpty)
    #expect(try folder.text("out.html").contains("style=\"margin:"))
    #expect(try folder.text("page.html") == "<p class=\"a\">x</p>")
  }

  @Test func `inlining twice is inlining once`() throws {
    let once = try Tool.run("inline", input: Self.page).text
    #expect(try Tool.run("inline", input: once).text == once)
  }

  @Test func `a pipe or a device is not replaced by the document`() throws {
    let folder = try TemporaryFolder()
    let pipe = folder.url.appending(path: "pipe").path
    #expect(try Tool.run(URL(filePath: "/usr/bin/mkfifo"), [pipe], in: folder.url).status == 0)
    try folder.write(Self.page, to: "page.html")
    let outcome = try Tool.run("inline", "page.html", "--output", "pipe", in: folder.url)
    #expect(outcome.status == 2)
    #expect(outcome.messages.contains("cannot write 'pipe': it is a pipe, a device or a socket"))
    let type = try FileManager.default.attributesOfItem(atPath: pipe)[.type] as? FileAttributeType
    #expect(type != .typeRegular)
  }

  @Test func `what has nothing to inline comes out byte for byte`() throws {
    let page = "<!doctype HTML>\r\n<P Class = a\tid='b'>x &amp y<!--[if mso]><v:rect/><![endif]--></p >{{ x }}\n\n"
    #expect(try Tool.run("inline", input: page).text == page)
  }
}
