import Foundation
import GalleySource
import GalleyTemplate
import Testing

/// The engines that senders run, behind `Tests/Judges/dialect_engines.py` and the Python that `GALLEY_PYTHON` names.
private enum Engines {
  static let python = ProcessInfo.processInfo.environment["GALLEY_PYTHON"]
  static let isCI = ProcessInfo.processInfo.environment["CI"] == "true"

  /// A template for an engine.
  struct Case {
    let engine: String
    let template: String
    let data: Value
  }

  /// What an engine makes of a case.
  enum Answer: Equatable {
    case text(String)
    case complaint(String)
    /// The engine is not on this machine.
    case missing(String)
  }

  static func render(_ cases: [Case], with python: String) throws -> [Answer] {
    let folder = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
    let script = folder.deletingLastPathComponent().appending(path: "Judges/dialect_engines.py")
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [python, "-B", script.path]
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    let lines = cases.map {
      "{\"engine\": \"\($0.engine)\", \"template\": \(json(.string($0.template))), \"data\": \(json($0.data))}\n"
    }.joined()
    try process.run()
    let writer = Thread {
      try? input.fileHandleForWriting.write(contentsOf: Data(lines.utf8))
      try? input.fileHandleForWriting.close()
    }
    writer.start()
    let answer = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return String(decoding: answer, as: UTF8.self).split(separator: "\n").map(decoded)
  }

  private static func decoded(_ line: Substring) -> Answer {
    let digits = Array(line.utf8.dropFirst()).map { Int($0) - ($0 < 0x3A ? 0x30 : 0x57) }
    let bytes = stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) }
    let text = String(decoding: bytes, as: UTF8.self)
    return switch line.first {
    case "=": .text(text)
    case "?": .missing(text)
    default: .complaint(text)
    }
  }

  private static func json(_ value: Value) -> String {
    switch value {
    case .null: "null"
    case .boolean(let value): value ? "true" : "false"
    case .integer(let value): String(value)
    case .decimal(let text): text
    case .string(let text): quoted(text)
    case .list(let items): "[" + items.map(json).joined(separator: ", ") + "]"
    case .record(let fields):
      "{" + fields.map { quoted($0.name) + ": " + json($0.value) }.joined(separator: ", ") + "}"
    }
  }

  private static func quoted(_ text: String) -> String {
    let pieces = text.utf16.map { unit -> String in
      let isPlain = unit >= 0x20 && unit < 0x7F && unit != 0x22 && unit != 0x5C
      let digits = String(unit, radix: 16)
      return isPlain
        ? String(UnicodeScalar(UInt8(unit)))
        : "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }
    return "\"" + pieces.joined() + "\""
  }
}

extension Value {
  /// The data after their sender has done what the contract of one part of a mail leaves to it.
  func dutiful(
    _ dialect: Dialect, _ part: MailPart, _ uses: [Specialization.VariableUse], path: String = ""
  ) -> Value {
    switch self {
    case .string(let text):
      let use = uses.first { $0.path == path && $0.part == part && $0.escaping != nil }
      let duty = use?.escaping.flatMap { dialect.callerDuty(for: $0) } ?? .none
      var bytes: [UInt8] = []
      Escaper.append(text, escaping: duty, dialect: dialect, to: &bytes)
      return .string(String(decoding: bytes, as: UTF8.self))
    case .list(let items): return .list(items.map { $0.dutiful(dialect, part, uses, path: path + "[]") })
    case .record(let fields):
      return .record(
        fields.map { field in
          let inner = path.isEmpty ? field.name : "\(path).\(field.name)"
          return Field(field.name, field.value.dutiful(dialect, part, uses, path: inner))
        })
    case .null, .boolean, .integer, .decimal: return self
    }
  }
}

/// The text with plain braces.
///
/// A brace that is known may be written as a reference, because it stands in the template; one in data stands as it is.
private func withoutReferences(_ text: String) -> [UInt8] {
  Array(text.replacing("&#123;", with: "{").utf8)
}

/// A dialect with an engine that runs it.
struct JudgedDialect: Sendable, CustomTestStringConvertible {
  let dialect: String
  let engine: String
  let count: Int
  /// What stands in templates that this engine can't read, because it knows less than the dialect's own.
  var unread: [String] = []

  var testDescription: String { "\(dialect) by \(engine)" }

  static let all = [
    JudgedDialect(dialect: "jinja", engine: "jinja2", count: 700),
    JudgedDialect(dialect: "handlebars", engine: "handlebars", count: 400),
    JudgedDialect(dialect: "ses", engine: "ses", count: 400),
    // Handlebars for Python; it knows no block parameters, which SES is not asked for, and loses carriage returns and keeps
    // the backslash that keeps another from the tag behind it.
    JudgedDialect(dialect: "ses", engine: "pybars3", count: 300, unread: ["\r", "\r\n", "\\{{"]),
    JudgedDialect(dialect: "sendgrid", engine: "sendgrid", count: 400),
    JudgedDialect(dialect: "liquid", engine: "liquid", count: 400),
    JudgedDialect(dialect: "mustache", engine: "pystache", count: 400),
    // It takes an empty list within a list for the end of the outer one.
    JudgedDialect(dialect: "mustache", engine: "chevron", count: 300, unread: ["{{#.}}"]),
    JudgedDialect(dialect: "mustachio", engine: "mustachio", count: 400),
    JudgedDialect(dialect: "go", engine: "go", count: 400),
  ]
}

@Suite(.serialized) struct `Real engines as judges` {
  @Test(arguments: JudgedDialect.all)
  func `what an engine renders equals full evaluation, byte for byte`(judged: JudgedDialect) throws {
    let dialect = try #require(Dialect.named(judged.dialect))
    var cases: [Engines.Case] = []
    var expected: [(text: String, seed: UInt64, source: String)] = []
    var (accepted, refused, seed) = (0, 0, UInt64(10_000))
    while accepted < judged.count, refused < 20 * judged.count {
      defer { seed += 1 }
      let law = LawCase(seed: seed, dialect: dialect)
      var random = SeededGenerator(seed: seed)
      let known = random.chance(70) ? [] : law.variables.filter { _ in random.chance(30) }
      let result = law.specialized(known: law.known(known))
      if result.diagnostics.hasErrors {
        let codes = Set(result.diagnostics.filter { $0.severity == .error }.map(\.code.name))
        #expect(codes.isSubset(of: ["dialect/inexpressible", "dialect/literal"]), "seed \(seed)")
        refused += 1
        continue
      }
      accepted += 1
      let rest = law.record(Set(law.variables).subtracting(known))
      let whole = law.rendered(law.specialized(known: law.known(law.variables)), with: .record([]))
      let filled = law.rendered(result, with: rest)
      #expect(filled.map(withoutReferences) == whole.map(withoutReferences), "seed \(seed)\n\(law.source)")
      for (index, (text, part)) in [
        (result.html, MailPart.html), (result.subject, .subject), (result.preheader, .preheader),
      ].enumerated() {
        guard let text else { continue }
        let template = String(decoding: DialectWriter.write(text, dialect: dialect, part: part), as: UTF8.self)
        // What is known stands in the template, and Handlebars.js ends a template at a NUL.
        if template.utf8.contains(0) || judged.unread.contains(where: template.contains) { continue }
        cases.append(
          Engines.Case(engine: judged.engine, template: template, data: rest.dutiful(dialect, part, result.uses)))
        expected.append((whole[index], seed, law.source))
      }
    }
    #expect(accepted == judged.count, "only \(accepted) of \(accepted + refused) templates can be said")
    guard let python = Engines.python else { return print("skipped: GALLEY_PYTHON names no python") }
    let began = ContinuousClock.now
    let answers = try Engines.render(cases, with: python)
    let took = began.duration(to: .now)
    #expect(answers.count == cases.count)
    var tags = 0
    for ((answer, asked), expected) in zip(zip(answers, cases), expected) {
      tags += asked.template.utf8.count(where: { $0 == UInt8(ascii: "{") }) / 2
      if case .missing(let what) = answer {
        #expect(!Engines.isCI, "there is no \(what)")
        return print("skipped: there is no \(what)")
      }
      if case .text(let text) = answer, withoutReferences(text) == withoutReferences(expected.text) { continue }
      Issue.record(
        "seed \(expected.seed)\n\(expected.source)\n--- template\n\(asked.template)\n--- \(judged.engine)\n\(answer)\n--- expected\n\(expected.text)"
      )
      return
    }
    print(
      "\(judged.dialect): \(accepted) templates, \(answers.count) texts rendered by \(judged.engine) in \(took), "
        + "\(tags) tags; \(refused) refused")
    #expect(tags > 1_000)
  }

  /// What the engine of a dialect makes of the hostile mail, once for each value, and html5lib of that.
  private func hostilePages(
    _ judged: JudgedDialect, _ values: [String], with python: String, breaking: (String) -> String = { $0 }
  ) throws -> (texts: [String], subjects: [String], outlines: [String])? {
    let dialect = try #require(Dialect.named(judged.dialect))
    let mail = HostileMail(dialect)
    var cases: [Engines.Case] = []
    for value in values {
      for (text, part) in [(mail.result.html, MailPart.html), (mail.result.subject, .subject)] {
        guard let text else { continue }
        let template = String(decoding: DialectWriter.write(text, dialect: dialect, part: part), as: UTF8.self)
        let data = HostileMail.data(value).dutiful(dialect, part, mail.result.uses)
        cases.append(Engines.Case(engine: judged.engine, template: breaking(template), data: data))
      }
    }
    guard let answers = try texts(of: Engines.render(cases, with: python), cases) else { return nil }
    let pages = stride(from: 0, to: answers.count, by: 2).map { answers[$0] }
    let outlined = pages.map { Engines.Case(engine: "html5lib", template: $0, data: .null) }
    guard let outlines = try texts(of: Engines.render(outlined, with: python), outlined) else { return nil }
    return (pages, stride(from: 1, to: answers.count, by: 2).map { answers[$0] }, outlines)
  }

  /// The texts of answers, or nil where the engine is missing.
  private func texts(of answers: [Engines.Answer], _ cases: [Engines.Case]) throws -> [String]? {
    try #require(answers.count == cases.count)
    var result: [String] = []
    for (answer, asked) in zip(answers, cases) {
      switch answer {
      case .text(let text): result.append(text)
      case .complaint(let words):
        Issue.record("\(words)\n\(asked.template)")
        result.append("")
      case .missing(let what):
        #expect(!Engines.isCI, "there is no \(what)")
        print("skipped: there is no \(what)")
        return nil
      }
    }
    return result
  }

  @Test(arguments: JudgedDialect.all + [JudgedDialect(dialect: "interpolate", engine: "interpolate", count: 0)])
  func `what data hold changes no tag of what an engine renders`(judged: JudgedDialect) throws {
    guard let python = Engines.python else { return print("skipped: GALLEY_PYTHON names no python") }
    let seed = UInt64.random(in: 0..<1_000_000)
    var random = SeededGenerator(seed: seed)
    let mixed = (0..<24).map { _ in (0..<3).map { _ in random.pick(HostileMail.values) }.joined() }
    // The service that interpolates replaces in one go, but what a value holds stays: so no braces of its own.
    let values = ["harmless"] + HostileMail.values + mixed
    guard let (texts, subjects, outlines) = try hostilePages(judged, values, with: python) else { return }
    let harmless = HostileMail.outline(of: Array(texts[0].utf8))
    #expect(outlines[0].split(separator: "\n").count > 20)
    for index in values.indices.dropFirst() {
      let value: Comment = "seed \(seed): \(values[index].debugDescription)"
      #expect(HostileMail.outline(of: Array(texts[index].utf8)) == harmless, value)
      #expect(outlines[index] == outlines[0], value)
      #expect(!subjects[index].utf8.contains { $0 == 0x0A || $0 == 0x0D }, value)
    }
    print("\(judged.dialect): \(values.count) hostile values, \(judged.engine), html5lib; seed \(seed)")
  }

  /// A judge that can't fail proves nothing: without the escaping, each hostile tag is seen.
  @Test(arguments: JudgedDialect.all)
  func `without its escaping an engine's page is seen to change`(judged: JudgedDialect) throws {
    guard let python = Engines.python else { return print("skipped: GALLEY_PYTHON names no python") }
    func unescaped(_ template: String) -> String {
      switch judged.dialect {
      case "jinja": template.replacing("|e }}", with: " }}").replacing("|urlencode", with: "")
      case "liquid": template.replacing(" | escape", with: "")
      case "go": template.replacing("{{html ", with: "{{")
      // Three braces print as they are; a tag, not a section.
      default:
        template.split(separator: "{{", omittingEmptySubsequences: false).enumerated().map { index, piece in
          guard index > 0, let first = piece.utf8.first,
            (0x61...0x7A).contains(first | 0x20) || first == UInt8(ascii: "@"),
            !piece.hasPrefix("else}}"), let end = piece.firstRange(of: "}}")
          else { return (index > 0 ? "{{" : "") + piece }
          return "{{{" + piece[..<end.lowerBound] + "}}}" + piece[end.upperBound...]
        }.joined()
      }
    }
    guard judged.dialect != "ses" else { return }
    let values = ["harmless", "<script>alert(1)</script>", "\"'><img src=x onerror=alert(1)>"]
    guard let (_, _, outlines) = try hostilePages(judged, values, with: python, breaking: unescaped) else { return }
    #expect(outlines[1] != outlines[0])
    #expect(outlines[2] != outlines[0])
  }
}
