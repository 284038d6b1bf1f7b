import Galley
import GalleySource
import GalleyTemplate
import Testing

/// Random messages, with the texts that break formats.
private struct MessageGenerator {
  var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  mutating func below(_ count: Int) -> Int {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Int(state % UInt64(count))
  }

  mutating func pick<Item>(_ items: [Item]) -> Item { items[below(items.count)] }

  static let words = [
    "a", " ", "  ", "'", "''", "\"", "&", "&amp;", "<", ">", "<b>", "</b>", "]]>", "{", "}", "{x}", "#", "\\", "é", "👩‍👩‍👧",
    "\n", "\t",
    "\u{A0}", "\u{202F}", "\u{2028}", "%", ": ", " #", "- ", "? ", "|", "*", "!", "@", "`", "0", "null",
    "ß", "ﬁ", "\r\n", "\r", "~",
    "--", "<!--", "<x id=\"n\"/>", "=1", ",", "[", "]",
  ]

  /// Text as a cautious author quotes it: every sign of syntax by itself.
  mutating func text() -> String {
    var result = ""
    for _ in 0...below(5) {
      for scalar in pick(Self.words).unicodeScalars {
        switch scalar {
        case "'": result += "''"
        // Beside another quotation, an apostrophe would be read as two.
        case "{", "}", "<", ">": result += (result.hasSuffix("'") ? " " : "") + "'\(scalar)'"
        default: result.unicodeScalars.append(scalar)
        }
      }
    }
    return result
  }

  /// A pattern; in a plural, signs of numbers are what is printed.
  mutating func pattern(depth: Int, isInTag: Bool = false) -> String {
    var result = ""
    for _ in 0...below(3) {
      switch below(depth > 2 ? 3 : 7) {
      case 2: result += pick(["{n}", "{s}", "{n, number, ::.00}", "{s, date, long}"])
      case 3: result += isInTag ? "#" : "<link>\(pattern(depth: depth + 1, isInTag: true))</link>"
      case 4:
        let exact = below(2) == 0 ? "=\(below(9)) {\(text())} " : ""
        let (one, other) = (pattern(depth: depth + 1, isInTag: true), pattern(depth: depth + 1, isInTag: true))
        result += "{n, plural, \(exact)one {\(one)} other {\(other)#}}"
      case 5:
        var cases: [String] = []
        for name in ["PAID", "état", "other"] { cases.append("\(name) {\(pattern(depth: depth + 1, isInTag: true))}") }
        result += "{s, select, \(cases.joined(separator: " "))}"
      default: result += text()
      }
    }
    return result
  }

  /// A catalog in JSON, which YAML reads too; its keys are odd as well.
  mutating func catalog(_ patterns: [String], isJSON: Bool) -> String {
    let entries = patterns.enumerated().map { index, pattern -> (String, JSONValue) in
      (Self.keys[index % Self.keys.count] + "\(index)", .string(pattern))
    }
    let object = JSONValue.object(Dictionary(entries) { first, _ in first })
    return String(decoding: JSONWriter.write(object, isJSON ? .compact : .pretty), as: UTF8.self)
  }

  static let keys = ["a", "order.x_", "k-", "k:", "ß", "a&b", "<k>", "\"q\"", "k::41::"]
}

@Suite struct `Laws of translations` {
  private static let seeds: [UInt64] = Array(1...12)

  private static func parsed(_ pattern: String) -> (Message, [Diagnostic]) {
    let range = SourceRange(SourceID(index: 0), 0, pattern.utf8.count)
    return MessageParser.parse(pattern, key: "k", keyRange: range, at: range, locale: "en")
  }

  /// Pieces without their places.
  private func words(_ pieces: [Message.Piece]) -> [String] {
    var result: [String] = []
    pieces.forEachPiece { piece in
      switch piece {
      case .text(let bytes, _): result.append(String(decoding: bytes, as: UTF8.self))
      default: result.append("\(piece.label)|")
      }
    }
    return result
  }

  @Test(arguments: seeds)
  func `a message that is written is read as it was`(seed: UInt64) {
    var generator = MessageGenerator(seed: seed)
    var count = 0
    for _ in 0..<100 {
      let pattern = generator.pattern(depth: 0)
      let (message, findings) = Self.parsed(pattern)
      if findings.hasErrors { continue }
      count += 1
      let (again, faults) = Self.parsed(message.spelled)
      #expect(!faults.hasErrors, "seed \(seed): \(pattern) \(faults.map(\.message))")
      #expect(again.spelled == message.spelled, "seed \(seed): \(pattern)")
      #expect(words(again.pieces) == words(message.pieces), "seed \(seed): \(pattern)")
    }
    #expect(count > 50, "seed \(seed): most patterns are good")
  }

  @Test(arguments: seeds)
  func `what goes out and comes back changes nothing, and a translation comes back as it went`(seed: UInt64) throws {
    var generator = MessageGenerator(seed: seed)
    let isJSON = generator.below(2) == 0
    let ending = isJSON ? "json" : "yml"
    var patterns: [String] = []
    for _ in 0..<10 { patterns.append(generator.pattern(depth: 0)) }
    patterns.removeAll { $0.isEmpty || Self.parsed($0).1.hasErrors }
    let whole = generator.catalog(patterns, isJSON: isJSON)
    let part = generator.catalog(Array(patterns.prefix(4)), isJSON: isJSON)
    let configuration = """
      name: test
      locales: {default: en, supported: [en, af]}
      dialect: jinja
      environments: {dev: {store: 's3://test-dev', region: eu-west-1}}

      """
    func workspace(_ translation: String?) throws -> Workspace {
      var files = ["galley.yml": configuration, "locales/en.\(ending)": whole]
      if let translation { files["locales/af.\(ending)"] = translation }
      return try Workspace.open(MemoryFileSystem(texts: files))
    }
    let translated = try workspace(whole)
    #expect(translated.messageFaults.isEmpty, "seed \(seed): \(translated.messageFaults.map(\.message))")
    for version in XLIFFVersion.allCases {
      let document = translated.exportMessages(to: "af", version: version)
      let same = translated.importMessages(document, from: "x.xlf")
      #expect(same.catalog == nil && same.diagnostics.isEmpty, "seed \(seed) \(version)")
      // A whole translation into a catalog that has a part of it, and into one that is not there.
      for before in [part, nil] {
        let result = try workspace(before).importMessages(document, from: "x.xlf")
        #expect(result.diagnostics.isEmpty, "seed \(seed): \(result.diagnostics.map(\.message))")
        guard let catalog = result.catalog else {
          #expect(patterns.count <= 4, "seed \(seed): nothing changed")
          continue
        }
        let after = try workspace(String(decoding: catalog, as: UTF8.self))
        #expect(after.missingMessages(in: ["af"]).isEmpty, "seed \(seed)")
        #expect(after.importMessages(document, from: "x.xlf").catalog == nil, "seed \(seed)")
      }
    }
  }

  @Test func `a broken document never traps`() throws {
    let files = [
      "galley.yml":
        "name: t\nlocales: {default: en, supported: [en, af]}\ndialect: jinja\nenvironments: {dev: {store: 's3://t-dev', region: eu-west-1}}\n",
      "locales/en.yml": "a: 'Hi {n, plural, one {<b>#</b>} other {# & {s}}}'\nb: x\n", "locales/af.yml": "b: y\n",
    ]
    let workspace = try Workspace.open(MemoryFileSystem(texts: files))
    for seed in UInt64(1)...150 {
      var generator = MessageGenerator(seed: seed)
      var bytes = workspace.exportMessages(to: "af", version: generator.pick(XLIFFVersion.allCases))
      for _ in 0...generator.below(6) {
        let place = generator.below(bytes.count)
        switch generator.below(3) {
        case 0: bytes.remove(at: place)
        case 1: bytes.insert(contentsOf: generator.pick(MessageGenerator.words).utf8, at: place)
        default: bytes[place] = UInt8(generator.below(256))
        }
      }
      let result = workspace.importMessages(bytes, from: "x.xlf")
      for finding in result.diagnostics {
        if let range = finding.range { #expect(range.end <= result.sources[range.source].bytes.count, "seed \(seed)") }
      }
    }
  }
}
