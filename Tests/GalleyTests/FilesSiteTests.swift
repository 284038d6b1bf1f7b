import Galley
import GalleySource
import Testing

@Suite struct FilesSiteTests {
  private func list(_ files: [String], limits: FileLimits = .standard) throws -> SiteFiles {
    let memory = MemoryFileSystem(Dictionary(uniqueKeysWithValues: files.map { ($0, []) }))
    return try SiteFiles(below: ["templates", "partials"], in: memory, limits: limits)
  }

  @Test func `files come in the order of their bytes, without hidden ones`() throws {
    let site = try list([
      "templates/b/x.html", "templates/b.html", "templates/B2.html", "templates/.hidden.html", "partials/.git/x",
      "partials/z.css", "dist/x", "templates/é.html",
    ])
    #expect(
      site.paths == [
        "partials/z.css", "templates/B2.html", "templates/b.html", "templates/b/x.html", "templates/é.html",
      ])
    #expect(site.diagnostics.isEmpty)
  }

  @Test func `a site without folders has no files`() throws {
    #expect(try list([]).paths.isEmpty)
  }

  static let badNames: [(String, String)] = [
    ("a\nb.html", "holds a line end"), ("a\u{1B}[31m.html", "holds a control character"),
    ("a b.html", "holds a space"), ("a\\b.html", #"holds '\', which divides folders on Windows"#),
    ("a?.html", "holds '?', which means something in addresses or on some disks"),
    ("a#b.html", "holds '#', which means something in addresses or on some disks"),
    ("a%2Fb.html", "holds '%', which means something in addresses or on some disks"),
    ("a+b.html", "holds '+', which means something in addresses or on some disks"),
    ("a:b.html", "holds ':', which means something in addresses or on some disks"),
    ("-rf.html", "starts with '-', which programs take for an option"), ("name.", "ends with '.', which Windows drops"),
    ("CON.html", "is a device on Windows"), ("aux.txt", "is a device on Windows"), ("com1", "is a device on Windows"),
    ("e\u{301}.html", "is written with decomposed letters (NFD)"), ("a\u{200B}.html", "holds an invisible character"),
    ("a\u{202E}b.html", "holds an invisible character"), ("tab\t.html", "holds a control character"),
    (String(repeating: "x", count: 201), "is longer than 200 bytes"),
  ]

  @Test(arguments: badNames) func `a bad name is told once, fit for a terminal`(_ name: String, _ problem: String)
    throws
  {
    let site = try list(["templates/" + name, "templates/good.html"])
    #expect(site.paths == ["templates/good.html"])
    let diagnostic = try #require(site.diagnostics.first)
    #expect(site.diagnostics.count == 1)
    #expect(diagnostic.code.name == "source/bad-name")
    #expect(diagnostic.message.hasSuffix("in 'templates' " + problem))
    #expect(diagnostic.message.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F })
  }

  @Test func `good names of 200 bytes, of other scripts and with dots pass`() throws {
    let names = [String(repeating: "x", count: 200), "überblick.html", "サイト.html", "a.b-c_d.html", "console.html"]
    #expect(try list(names.map { "templates/" + $0 }).diagnostics.isEmpty)
  }

  @Test func `a name that is not UTF-8 is told in escapes`() throws {
    let folder = try TemporaryFolder()
    try folder.disk.makeFolder("templates")
    folder.file(named: Array("templates/caf".utf8) + [0xE9] + Array(".html".utf8))
    let site = try SiteFiles(below: ["templates"], in: folder.disk)
    #expect(site.paths.isEmpty)
    #expect(site.diagnostics.map(\.message) == [#"the name 'caf\xE9.html' in 'templates' is not UTF-8"#])
  }

  @Test func `twins are told together`() throws {
    for (a, b) in [("Receipt.html", "receipt.html"), ("É.html", "é.html")] {
      let site = try list(["templates/\(a)", "templates/\(b)"])
      #expect(site.diagnostics.map(\.code.name) == ["source/name-twins"])
      #expect(
        site.diagnostics[0].message.contains("templates/\(a)") && site.diagnostics[0].message.contains("templates/\(b)")
      )
    }
  }

  @Test func `links, pipes and folders named like templates are told and not opened`() throws {
    let memory = MemoryFileSystem(["templates/x.html/y": []])
    memory.putLink(at: "templates/link.html")
    memory.putLink(at: "partials")
    memory.putSpecial(at: "templates/pipe.html")
    let site = try SiteFiles(below: ["templates", "partials"], in: memory)
    #expect(site.paths.isEmpty)
    #expect(
      site.diagnostics.map(\.code.name) == ["source/link", "source/link", "source/not-a-file", "source/not-a-file"])
  }

  @Test func `the number of files and folders ends with one message`() throws {
    var limits = FileLimits.standard
    limits.files = 3
    limits.depth = 3
    #expect(try list(["templates/a", "templates/b", "partials/c"], limits: limits).diagnostics.isEmpty)
    let many = try list((0..<100).map { "templates/f\($0)" }, limits: limits)
    #expect(many.paths.count == 3)
    #expect(many.diagnostics.map(\.code.name) == ["source/too-many-files"])
    #expect(try list(["templates/a/b/x"], limits: limits).diagnostics.isEmpty)
    #expect(try list(["templates/a/b/c/x"], limits: limits).diagnostics.map(\.code.name) == ["source/too-many-files"])
    let deep = try list(["templates/" + String(repeating: "d/", count: 500) + "x"])
    #expect(deep.diagnostics.count == 1)
  }

  @Test func `a path over 900 bytes is told`() throws {
    let folder = String(repeating: "f", count: 190)
    let site = try list(["templates/" + (0..<5).map { _ in folder }.joined(separator: "/") + "/x.html"])
    #expect(site.diagnostics.map(\.code.name) == ["source/bad-name"])
  }

  @Test func `reading adds a source without its byte order mark`() throws {
    let memory = MemoryFileSystem(texts: ["a.html": "\u{FEFF}<p>", "b.html": " \n", "c.html": ""])
    var sources = SourceSet()
    let a = try sources.read("a.html", from: memory)
    #expect(a.isText && a.id.map { sources[$0].bytes } == Array("<p>".utf8))
    #expect(a.diagnostics.map(\.code.name) == ["source/byte-order-mark"])
    #expect(try sources.read("b.html", from: memory).diagnostics.map(\.code.name) == ["source/empty"])
    #expect(try sources.read("c.html", from: memory).diagnostics.map(\.code.name) == ["source/empty"])
    #expect(sources.sources.map(\.path) == ["a.html", "b.html", "c.html"])
  }

  @Test func `what an author can mend is a diagnostic, the rest a failure`() throws {
    let limit = FileLimits.standard.bytesPerFile
    let memory = MemoryFileSystem([
      "large": [UInt8](repeating: 0x61, count: limit + 1), "latin": [0xE9], "folder/x": [],
    ])
    memory.putLink(at: "link")
    memory.putSpecial(at: "pipe")
    var sources = SourceSet()
    let codes = try ["large", "latin", "folder", "link", "pipe"].map { path in
      try sources.read(path, from: memory).diagnostics.map(\.code.name)
    }
    #expect(
      codes == [
        ["source/too-large"], ["source/not-utf-8"], ["source/not-a-file"], ["source/link"], ["source/not-a-file"],
      ])
    #expect(cause { try sources.read("vanished", from: memory) } == .notFound)
  }
}
