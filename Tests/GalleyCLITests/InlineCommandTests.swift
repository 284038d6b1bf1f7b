import Foundation
import Testing

/// `galley inline`: what it reads, where it writes, what it says and how it ends.
struct InlineCommandTests {
  private static let page = "<style>p { color: red } p:hover { color: blue } .no { top: 0 }</style><p>x</p>\n"
  private static let inlined =
    "<style> p:hover { color: blue !important } .no { top: 0 }</style><p style=\"color: red\">x</p>\n"

  private func folder(_ files: [String: String]) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for (path, text) in files { try folder.write(text, to: path) }
    return folder
  }

  @Test(arguments: [[], ["-"], ["page.html"], ["./page.html", "page.html"], ["p*.html"]])
  func `one document goes to standard output`(arguments: [String]) throws {
    let folder = try folder(["page.html": Self.page])
    let outcome = try Tool.run(Tool.binary, ["inline"] + arguments, in: folder.url, input: Self.page)
    #expect(outcome.status == 0, "\(outcome.messages)")
    #expect(outcome.text == Self.inlined)
    #expect(outcome.messages.isEmpty)
    #expect(try folder.files(below: "").count == 1)
  }

  @Test func `many documents go to a folder, at their paths`() throws {
    let folder = try folder(["a.html": Self.page, "x/b.html": Self.page, "x/y/c.html": Self.page, "x/y/d.txt": "d"])
    let outcome = try Tool.run("inline", "**/*.html", "--out-dir", "out/new", in: folder.url)
    #expect(outcome.status == 0, "\(outcome.messages)")
    #expect(outcome.output.isEmpty)
    #expect(outcome.messages == "3 of 3 documents inlined: 0 errors, 0 warnings\n")
    let written = try folder.files(below: "out/new")
    #expect(written.keys.sorted() == ["a.html", "x/b.html", "x/y/c.html"])
    #expect(written.values.allSatisfy { $0 == Data(Self.inlined.utf8) })
    #expect(try folder.text("a.html") == Self.page)
    let again = try Tool.run("inline", "x/**/*.html", "--root", "x", "--out-dir", "r", "--quiet", in: folder.url)
    #expect(again.status == 0 && again.messages.isEmpty, "\(again.messages)")
    #expect(try folder.files(below: "r").keys.sorted() == ["b.html", "y/c.html"])
  }

  @Test func `documents are written over themselves only where that is asked for`() throws {
    let folder = try folder(["a.html": Self.page, "b.html": Self.page])
    let outcome = try Tool.run("inline", "*.html", "--in-place", in: folder.url)
    #expect(outcome.status == 0, "\(outcome.messages)")
    for name in ["a.html", "b.html"] { #expect(try folder.text(name) == Self.inlined) }
    let again = try Tool.run("inline", "a.html", "--in-place", in: folder.url)
    #expect(again.status == 0 && again.messages.isEmpty && again.output.isEmpty)
    #expect(try folder.files(below: "").count == 2)
  }

  @Test(arguments: [
    (["a.html", "--output", "a.html"], "--in-place"), (["a.html", "-o", "./x/../a.html"], "--in-place"),
    (["a.html", "b.html", "--out-dir", "."], "--in-place"), (["a.html", "b.html"], "--out-dir"),
    (["a.html", "b.html", "--output", "c.html"], "--out-dir"), (["a.html", "-", "--out-dir", "o"], "standard input"),
    (["-", "--out-dir", "o"], "--output"), (["-", "--in-place"], "standard input"),
    (["*.htm", "--out-dir", "o"], "no file matches '*.htm'"), (["a.html", "-o", "b", "--in-place"], "only one"),
    (["x/a.html", "y/a.html", "--root", "z", "--out-dir", "o"], "--root"),
    (["a.html", "--report", "-"], "standard output"),
    (["a.html", "--report", "a.html", "-o", "o.html"], "the report"),
    (["a.html", "--report", "o.html", "-o", "o.html"], "the report"),
    (["a.html", "--css", "s.css", "-o", "s.css"], "the style sheet"), (["../a.html", "--out-dir", "o"], "--root"),
    (["a.html", "--placeholders", "jinga", "-o", "o.html"], "jinja"),
    (["a.html", "--placeholders", "", "-o", "o"], "auto"),
    (["a.html", "--css", "none.css", "-o", "o.html"], "none.css"), (["hard.html", "-o", "a.html"], "o.html"),
    (["x/a.html", "none.html", "--out-dir"], "--out-dir"),
  ])
  func `what can't be meant is refused before anything is read or written`(arguments: [String], hint: String) throws {
    let folder = try folder(["a.html": Self.page, "b.html": Self.page, "s.css": "", "x/a.html": "", "y/a.html": ""])
    if arguments[0] == "hard.html" {
      let paths = ["a.html", "hard.html"].map { folder.url.appending(path: $0).path }
      try FileManager.default.linkItem(atPath: paths[0], toPath: paths[1])
    }
    let before = try folder.files(below: "")
    let outcome = try Tool.run(Tool.binary, ["inline"] + arguments, in: folder.url, input: Self.page)
    #expect(outcome.status == 2, "\(outcome.messages)")
    #expect(arguments[0] == "hard.html" || outcome.messages.contains(hint), "\(outcome.messages)")
    #expect(outcome.output.isEmpty)
    #expect(try folder.files(below: "") == before)
  }

  @Test func `two documents that would become one file are refused`() throws {
    let folder = try folder(["a/p.html": Self.page, "b/p.html": Self.page])
    let absolute = folder.url.resolvingSymlinksInPath().appending(path: "b/p.html").path
    try FileManager.default.createSymbolicLink(
      atPath: folder.url.appending(path: "c").path, withDestinationPath: "b")
    for arguments in [["b/p.html", absolute, "--out-dir", "o"], ["b/p.html", "c/p.html", "--in-place"]] {
      let outcome = try Tool.run(Tool.binary, ["inline"] + arguments, in: folder.url)
      #expect(outcome.status == 2)
      #expect(outcome.messages.contains("would both be written to"), "\(outcome.messages)")
      #expect(try folder.text("b/p.html") == Self.page)
      #expect(!folder.exists("o"))
    }
    let mirrored = try Tool.run("inline", "a/p.html", "b/p.html", "--out-dir", "o", in: folder.url)
    #expect(mirrored.status == 0)
    #expect(try folder.files(below: "o").keys.sorted() == ["a/p.html", "b/p.html"])
  }

  @Test func `a document that can't be read or has errors is told, and the others are written`() throws {
    let folder = try folder([
      "a.html": Self.page, "b.html": "<link rel=stylesheet href=none.css>", "d.html": Self.page,
    ])
    let broken = try Tool.run("inline", "a.html", "b.html", "d.html", "--out-dir", "o", in: folder.url)
    #expect(broken.status == 1)
    #expect(broken.messages.contains("error[inline/missing-sheet]: the style sheet 'none.css' is not there"))
    #expect(broken.messages.contains(" --> b.html:1:27"))
    #expect(broken.messages.hasSuffix("2 of 3 documents inlined: 1 error, 0 warnings\n"))
    #expect(try folder.files(below: "o").keys.sorted() == ["a.html", "d.html"])
    let missing = try Tool.run("inline", "a.html", "c.html", "b.html", "--out-dir", "p", in: folder.url)
    #expect(missing.status == 2)
    let failure = try #require(missing.messages.firstRange(of: "error: cannot read 'c.html'"))
    let finding = try #require(missing.messages.firstRange(of: "error[inline/missing-sheet]"))
    #expect(failure.lowerBound < finding.lowerBound)
    #expect(try folder.files(below: "p").keys.sorted() == ["a.html"])
  }

  @Test func `linked sheets are read from the folder, and nothing from elsewhere`() throws {
    let link = "<link rel=\"stylesheet\" href=\"HREF\"><p>x</p>\n"
    let folder = try folder([
      "m/a.html": link.replacing("HREF", with: "s/a.css"), "m/s/a.css": "p { top: 0 }",
      "m/b.html": link.replacing("HREF", with: "../shared.css"), "shared.css": "p { left: 0 }",
      "m/c.html": link.replacing("HREF", with: "http://127.0.0.1:9/x.css"),
    ])
    #expect(try Tool.run("inline", "m/a.html", in: folder.url).text == "<p style=\"top: 0\">x</p>\n")
    let outside = try Tool.run("inline", "m/b.html", "--format", "json", in: folder.url)
    #expect(outside.status == 0)
    #expect(outside.text == (try folder.text("m/b.html")))
    #expect(outside.findings.map { $0["code"] as? String } == ["inline/outside-sheet"])
    let opened = try Tool.run("inline", "m/b.html", "--root", ".", in: folder.url)
    #expect(opened.text == "<p style=\"left: 0\">x</p>\n")
    let remote = try Tool.run("inline", "m/c.html", in: folder.url)
    #expect(remote.status == 0)
    #expect(remote.text == (try folder.text("m/c.html")))
    #expect(remote.messages.contains("warning[inline/remote-sheet]"))
  }

  @Test func `the output does not depend on how many documents there are, or on their order`() throws {
    let folder = try TemporaryFolder()
    for number in 0..<60 {
      try folder.write(
        "<style>p { top: \(number)px; color red }</style><p class=\"{{x}}\">\(number)</p>", to: "d/\(number).html")
    }
    var messages: Set<String> = []
    for run in ["o1", "o2"] {
      let outcome = try Tool.run(
        "inline", "d/*.html", "--out-dir", run, "--report", "\(run).json", "--format", "short", in: folder.url)
      #expect(outcome.status == 0)
      messages.insert(outcome.messages)
    }
    #expect(messages.count == 1)
    #expect(messages.first?.split(separator: "\n").count == 61)
    #expect(try folder.files(below: "o1") == folder.files(below: "o2"))
    #expect(
      try folder.text("o1.json").replacing("\"o1/", with: "\"o2/") == folder.text("o2.json"))
    let alone = try Tool.run("inline", "d/7.html", in: folder.url)
    #expect(alone.output == (try folder.data("o1/d/7.html")))
  }

  @Test func `placeholders are those of the languages that are named`() throws {
    let page = "<style>p { top: 0 } b { color: {{c}}; left: 0 }</style><p class=\"[[a]]\"></p><b></b>\n"
    let auto = try Tool.run("inline", input: page).text
    #expect(auto == "<style> b { color: {{c}}; left: 0 }</style><p class=\"[[a]]\" style=\"top: 0\"></p><b></b>\n")
    #expect(try Tool.run("inline", "--placeholders", "handlebars, brackets", input: page).text == auto)
    let unsure = "<style>.k { top: 0 }</style><p class=\"[[a]]\">"
    #expect(try Tool.run("inline", input: unsure).messages.contains("css/uncertain-class"))
    #expect(try Tool.run("inline", "--placeholders", "none", input: unsure).messages.isEmpty)
    let razor = "<style>p { top: 1px } @@media print { p { top: 0 } }</style><p>@Model.Name me@example.com</p>\n"
    let expected = "<style> @@media print { p { top: 0 !important } }</style><p style=\"top: 1px\">"
    #expect(try Tool.run("inline", input: razor).text.hasPrefix(expected))
  }

  // MARK: The report

  @Test func `the report says what became of each selector, and is what its schema says`() throws {
    let folder = try folder([
      "a.html": "<link rel=stylesheet href=s.css><link rel=stylesheet href=//x.example/y.css>" + Self.page,
      "s.css": "i { top: 0 } @media print { p { top: 0 } }", "b.html": "{{x}}",
      "c.html": "<link rel=stylesheet href=none.css>",
    ])
    let outcome = try Tool.run(
      "inline", "a.html", "b.html", "c.html", "d.html", "--purge", "--report", "-", "--out-dir", "o", in: folder.url)
    #expect(outcome.status == 2)
    let report = try JSONSerialization.jsonObject(with: outcome.output)
    let schema = try JSONSerialization.jsonObject(
      with: Data(contentsOf: Tool.root.appending(path: "docs/schema/inline-report.schema.json")))
    let validator = SchemaValidator(schema)
    #expect(validator.faults(in: report) == [])
    let documents = try #require((report as? [String: Any])?["documents"] as? [[String: Any]])
    #expect(documents.map { $0["file"] as? String } == ["a.html", "b.html", "c.html", "d.html"])
    #expect(documents.map { $0["isWritten"] as? Bool } == [true, true, false, false])
    #expect(documents.map { $0["output"] as? String } == ["o/a.html", "o/b.html", nil, nil])
    func selectors(_ key: String) -> [String?]? {
      (documents[0][key] as? [[String: Any]])?.map { $0["selector"] as? String }
    }
    #expect(selectors("inlined") == ["p"])
    #expect(selectors("kept") == ["p", "p:hover"])
    #expect(selectors("dropped") == ["i", ".no"])
    #expect((documents[0]["links"] as? [[String: Any]])?.map { $0["file"] as? String } == ["s.css", nil])
    #expect(documents[1]["placeholders"] as? Int == 1)
    #expect((documents[3]["failure"] as? String)?.contains("d.html") == true)
    // The schema can say no.
    for key in documents[0].keys {
      var less = documents[0]
      less[key] = nil
      #expect(
        validator.faults(in: ["schemaVersion": 1, "tool": ["name": "galley", "version": "1"], "documents": [less]])
          != [])
    }
    #expect(
      validator.faults(in: ["schemaVersion": 2, "tool": ["name": "galley", "version": "1"], "documents": []]) != [])
  }

  @Test func `a report can go to a file while the document goes to standard output`() throws {
    let folder = try folder([:])
    let outcome = try Tool.run("inline", "--report", "r.json", in: folder.url, input: Self.page)
    #expect(outcome.text == Self.inlined)
    let report = try #require(try JSONSerialization.jsonObject(with: folder.data("r.json")) as? [String: Any])
    let documents = try #require(report["documents"] as? [[String: Any]])
    #expect(documents.map { $0["file"] as? String } == ["<standard input>"])
    #expect(documents.map { $0["isWritten"] as? Bool } == [true])
  }
}

/// The part of JSON Schema that the schemas of `galley` use.
private struct SchemaValidator {
  private let root: [String: Any]

  init(_ schema: Any) { root = schema as? [String: Any] ?? [:] }

  /// What is wrong with a value, each with its place.
  func faults(in value: Any) -> [String] { faults(value, root, "$") }

  private func faults(_ value: Any, _ schema: [String: Any], _ place: String) -> [String] {
    var result: [String] = []
    if let reference = schema["$ref"] as? String, let name = reference.split(separator: "/").last {
      let definitions = root["$defs"] as? [String: Any] ?? [:]
      result += faults(value, definitions[String(name)] as? [String: Any] ?? ["const": "no such definition"], place)
    }
    if let constant = schema["const"], "\(constant)" != "\(value)" {
      result.append("\(place) is not \(constant)")
    }
    let types = schema["type"] as? [String] ?? (schema["type"] as? String).map { [$0] } ?? []
    if !types.isEmpty, !types.contains(where: { isOf(value, $0) }) { result.append("\(place) is not \(types)") }
    if let minimum = schema["minimum"] as? Int, let number = value as? Int, number < minimum {
      result.append("\(place) is under \(minimum)")
    }
    if let minimum = schema["minLength"] as? Int, let text = value as? String, text.count < minimum {
      result.append("\(place) is too short")
    }
    if let object = value as? [String: Any] { result += objectFaults(object, schema, place) }
    if let array = value as? [Any], let items = schema["items"] as? [String: Any] {
      for (index, item) in array.enumerated() { result += faults(item, items, "\(place)[\(index)]") }
    }
    return result
  }

  private func objectFaults(_ object: [String: Any], _ schema: [String: Any], _ place: String) -> [String] {
    let properties = schema["properties"] as? [String: [String: Any]] ?? [:]
    var result = (schema["required"] as? [String] ?? []).filter { object[$0] == nil }.map { "\(place) has no \($0)" }
    for (key, value) in object {
      if let property = properties[key] {
        result += faults(value, property, "\(place).\(key)")
      } else if schema["additionalProperties"] as? Bool == false {
        result.append("\(place) has \(key)")
      }
    }
    return result
  }

  private func isOf(_ value: Any, _ type: String) -> Bool {
    switch type {
    case "null": return value is NSNull
    case "string": return value is String
    case "boolean": return value is Bool
    case "integer": return value is Int
    case "array": return value is [Any]
    case "object": return value is [String: Any]
    default: return false
    }
  }
}
