import Galley
import GalleySource
import Growth
import Testing

@Suite struct DataTextTests {
  struct Refusal: CustomTestStringConvertible, Sendable {
    let name: String
    let bytes: [UInt8]
    let code: String
    let range: Range<Int>
    var testDescription: String { name }

    init(_ name: String, _ bytes: [UInt8], _ code: String, _ range: Range<Int>) {
      self.name = name
      self.bytes = bytes
      self.code = code
      self.range = range
    }
  }

  static let refusals = [
    Refusal("UTF-16, little end first", [0xFF, 0xFE, 0x3C, 0], "source/wrong-encoding", 0..<2),
    Refusal("UTF-16, big end first", [0xFE, 0xFF, 0, 0x3C], "source/wrong-encoding", 0..<2),
    Refusal("UTF-32", [0xFF, 0xFE, 0, 0, 0x3C, 0, 0, 0], "source/wrong-encoding", 0..<2),
    Refusal("a byte of Latin-1", Array("Caf".utf8) + [0xE9, 0x21], "source/not-utf-8", 3..<4),
    Refusal("an overlong slash", [0x61, 0xC0, 0xAF], "source/not-utf-8", 1..<3),
    Refusal("an overlong form of three bytes", [0xE0, 0x80, 0xAF], "source/not-utf-8", 0..<3),
    Refusal("a lone surrogate", [0xED, 0xA0, 0x80], "source/not-utf-8", 0..<3),
    Refusal("a character cut off by the end", [0x61, 0xE2, 0x82], "source/not-utf-8", 1..<3),
    Refusal("a character cut off by another", [0xE2, 0x82, 0x41], "source/not-utf-8", 0..<2),
    Refusal("a code point beyond the last", [0xF4, 0x90, 0x80, 0x80], "source/not-utf-8", 0..<4),
    Refusal("a lone continuation byte", [0x41, 0x80], "source/not-utf-8", 1..<2),
    Refusal("NUL", [0x41, 0, 0x42], "source/control-character", 1..<2),
    Refusal("ESC", [0x1B, 0x5B], "source/control-character", 0..<1),
    Refusal("SUBSTITUTE, the token of holes", [0x41, 0x1A], "source/control-character", 1..<2),
    Refusal("DELETE", [0x7F], "source/control-character", 0..<1),
    Refusal("a control character of C1", [0xC2, 0x85], "source/control-character", 0..<2),
    Refusal("U+FFFE", [0xEF, 0xBF, 0xBE], "source/control-character", 0..<3),
    Refusal("U+FFFF", [0x41, 0xEF, 0xBF, 0xBF], "source/control-character", 1..<4),
    Refusal("a picture", [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], "source/not-utf-8", 0..<1),
    Refusal("a fault behind a byte order mark", [0xEF, 0xBB, 0xBF, 0x41, 0xFF], "source/not-utf-8", 4..<5),
  ]

  @Test(arguments: refusals) func `what is not text is refused at its first byte`(_ refusal: Refusal) throws {
    let (text, diagnostics) = SourceText.check(refusal.bytes, source: testSource)
    #expect(text == nil)
    let diagnostic = try #require(diagnostics.first)
    #expect(diagnostics.count == 1)
    #expect(diagnostic.code.name == refusal.code)
    #expect(diagnostic.range?.range == refusal.range)
    #expect(!diagnostic.help.isEmpty)
  }

  @Test func `text with any line ends passes as it is`() {
    for text in ["", " ", "a\r\nb", "a\rb\nc\r\nd", "no end", "tab\t", "žluťoučký 🐎 kůň \u{10FFFD}"] {
      let (checked, diagnostics) = SourceText.check(Array(text.utf8), source: testSource)
      #expect(checked == Array(text.utf8))
      #expect(diagnostics.isEmpty)
    }
  }

  @Test func `a byte order mark is left out with a note`() {
    for content in ["", "<p>"] {
      let (text, diagnostics) = SourceText.check([0xEF, 0xBB, 0xBF] + content.utf8, source: testSource)
      #expect(text == Array(content.utf8))
      #expect(diagnostics.map(\.code.name) == ["source/byte-order-mark"])
      #expect(!diagnostics.hasErrors)
    }
  }

  @Test func `the check agrees with the standard library on what is UTF-8`() {
    let seed: UInt64 = 4
    var random = Seeded(seed)
    let pieces: [[UInt8]] = [
      [0x41], [0xC2, 0xA9], [0xE2, 0x82, 0xAC], [0xF0, 0x9F, 0x90, 0x8E], [0xED], [0x9F], [0xBF], [0xF4], [0x8F],
      [0xE0],
      [0xA0], [0xC3], [0xEF], [0xF1],
    ]
    for round in 0..<20_000 {
      let bytes = (0..<random.below(6)).flatMap { _ in random.pick(pieces) }
      let isText = String(validating: bytes, as: UTF8.self) != nil
      let (_, diagnostics) = SourceText.check(bytes, source: testSource)
      let isRefused = diagnostics.contains { $0.code == .notUTF8 }
      #expect(
        isText == !isRefused || diagnostics.contains { $0.code == .controlCharacter }, "seed \(seed) round \(round)")
    }
  }

  @Test func `a line of megabytes is checked in proportion to its length`() {
    let growth = Growth(from: 1 << 20) {
      [UInt8](repeating: 0x61, count: $0)
    } work: {
      _ = SourceText.check($0, source: testSource)
    }
    #expect(growth.isLinear, "\(growth)")
  }

  @Test func `secrets are found and ordinary text is not`() {
    let key = "AKIA" + "IOSFODNN7EXAMPLE"
    let pem = "-----BEGIN RSA " + "PRIVATE KEY-----"
    let token = "ghp_" + String(repeating: "a1", count: 18)
    let text = "id: \(key)\n<!-- \(pem) -->\n\(token)"
    let found = SecretScanner.scan(Array(text.utf8), source: testSource)
    #expect(found.map { excerpt(text, $0.range) } == [key, pem, token])
    #expect(found.allSatisfy { $0.code.name == "source/secret" })
    for good in ["AKIA", "MAKIAIOSFODNN7EXAMPLE", "-----BEGIN CERTIFICATE-----", "sk_live_", "---\nkey: x\n---"] {
      #expect(SecretScanner.scan(Array(good.utf8), source: testSource).isEmpty, "\(good)")
    }
  }

  @Test func `every code is explained and named once`() {
    #expect(Set(galleyCodes.map(\.name)).count == galleyCodes.count)
    for code in galleyCodes {
      #expect(!code.summary.isEmpty && !code.explanation.isEmpty && !code.bad.isEmpty && !code.good.isEmpty)
      #expect(code.name.contains("/") && code.summary.last != ".")
    }
  }
}
