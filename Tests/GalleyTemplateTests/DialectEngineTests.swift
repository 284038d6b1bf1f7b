import Foundation
import GalleySource
import GalleyTemplate
import Testing

/// The Python with Jinja2 that `GALLEY_PYTHON` names.
private let python = ProcessInfo.processInfo.environment["GALLEY_PYTHON"]

/// Renders many templates in one run of Jinja2; each case and each answer is a line.
private struct JinjaEngine {
  private static let program = """
    import json, sys
    from jinja2 import Environment
    environment = Environment(autoescape=False)
    for line in sys.stdin:
        case = json.loads(line)
        try:
            text = environment.from_string(case["template"]).render(case["data"])
            print("=" + text.encode("utf-8").hex())
        except Exception as error:
            print("!" + repr(error).encode("utf-8").hex())
    """

  /// What Jinja2 makes of each case: the text, or its complaint.
  static func render(_ cases: [(template: String, data: Value)], with python: String) throws -> [String] {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [python, "-c", program]
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    let lines = cases.map { "{\"template\": \(json(.string($0.template))), \"data\": \(json($0.data))}\n" }.joined()
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

  private static func decoded(_ line: Substring) -> String {
    let digits = Array(line.utf8.dropFirst()).map { Int($0) - ($0 < 0x3A ? 0x30 : 0x57) }
    let bytes = stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) }
    return (line.first == "!" ? "Jinja2: " : "") + String(decoding: bytes, as: UTF8.self)
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

@Suite struct `Jinja2 as the judge` {
  @Test func `what Jinja2 renders equals the interpreter, byte for byte`() throws {
    guard let python else { return print("skipped: GALLEY_PYTHON names no python with jinja2") }
    var cases: [(template: String, data: Value)] = []
    var expected: [(text: String, seed: UInt64)] = []
    for seed in UInt64(10_000)..<10_700 {
      let law = LawCase(seed: seed)
      var random = SeededGenerator(seed: seed)
      let known = random.chance(70) ? [] : law.variables.filter { _ in random.chance(30) }
      let result = law.specialized(known: law.known(known))
      let rest = law.record(Set(law.variables).subtracting(known))
      for (text, part) in [(result.html, MailPart.html), (result.subject, .subject), (result.preheader, .preheader)] {
        guard let text else { continue }
        let template = DialectWriter.write(text, dialect: .jinja, part: part)
        cases.append((String(decoding: template, as: UTF8.self), rest))
        let rendering = Interpreter.render(text, with: rest, dialect: .jinja, part: part)
        expected.append((String(decoding: rendering.bytes, as: UTF8.self), seed))
      }
    }
    let answers = try JinjaEngine.render(cases, with: python)
    #expect(answers.count == cases.count)
    var holes = 0
    for (index, answer) in answers.enumerated() {
      holes += cases[index].template.utf8.count(where: { $0 == 0x25 })
      guard Array(answer.utf8) != Array(expected[index].text.utf8) else { continue }
      Issue.record(
        "seed \(expected[index].seed)\n\(cases[index].template)\n--- Jinja2\n\(answer)\n--- interpreter\n\(expected[index].text)"
      )
      return
    }
    print("\(answers.count) texts rendered by Jinja2, \(holes) percent signs")
    #expect(holes > 1_000)
  }
}
