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
  fileprivate func dutiful(
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

  var testDescription: String { "\(dialect) by \(engine)" }

  static let all = [
    JudgedDialect(dialect: "jinja", engine: "jinja2", count: 700),
    JudgedDialect(dialect: "handlebars", engine: "handlebars", count: 400),
    JudgedDialect(dialect: "ses", engine: "ses", count: 400),
    JudgedDialect(dialect: "sendgrid", engine: "sendgrid", count: 400),
    JudgedDialect(dialect: "liquid", engine: "liquid", count: 400),
    JudgedDialect(dialect: "mustache", engine: "pystache", count: 400),
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
        if template.utf8.contains(0) { continue }
        cases.append(
          Engines.Case(engine: judged.engine, template: template, data: rest.dutiful(dialect, part, result.uses)))
        expected.append((whole[index], seed, law.source))
      }
    }
    #expect(accepted == judged.count, "only \(accepted) of \(accepted + refused) templates can be said")
    guard let python = Engines.python else { return print("skipped: GALLEY_PYTHON names no python") }
    let answers = try Engines.render(cases, with: python)
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
    print("\(judged.dialect): \(answers.count) texts rendered by \(judged.engine), \(tags) tags; \(refused) refused")
    #expect(tags > 1_000)
  }

  @Test(arguments: JudgedDialect.all)
  func `what data hold changes no tag of what an engine renders`(judged: JudgedDialect) throws {
    guard let python = Engines.python else { return print("skipped: GALLEY_PYTHON names no python") }
    let dialect = try #require(Dialect.named(judged.dialect))
    let mail = HostileMail(dialect)
    var cases: [Engines.Case] = []
    var values: [String] = []
    for value in ["harmless"] + HostileMail.values {
      for (text, part) in [(mail.result.html, MailPart.html), (mail.result.subject, .subject)] {
        guard let text else { continue }
        let template = String(decoding: DialectWriter.write(text, dialect: dialect, part: part), as: UTF8.self)
        let data = HostileMail.data(value).dutiful(dialect, part, mail.result.uses)
        cases.append(Engines.Case(engine: judged.engine, template: template, data: data))
        values.append(value)
      }
    }
    let answers = try Engines.render(cases, with: python)
    try #require(answers.count == cases.count)
    var outlines: [[String]] = []
    for (index, answer) in answers.enumerated() {
      switch answer {
      case .missing(let what):
        #expect(!Engines.isCI, "there is no \(what)")
        return print("skipped: there is no \(what)")
      case .complaint(let words): Issue.record("\(values[index].debugDescription): \(words)\n\(cases[index].template)")
      case .text(let text) where index % 2 == 0: outlines.append(HostileMail.outline(of: Array(text.utf8)))
      case .text(let text):
        #expect(!text.utf8.contains { $0 == 0x0A || $0 == 0x0D }, "\(values[index].debugDescription)")
      }
    }
    for (value, outline) in zip(HostileMail.values, outlines.dropFirst()) {
      #expect(outline == outlines[0], "\(value.debugDescription)")
    }
  }
}
