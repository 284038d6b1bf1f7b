import GalleyCSS
import GalleyHTML
import Testing

private func name(_ text: String) -> UInt64 { NameHash(text.utf8).value }

@Suite struct VariableResolverTests {
  private static func resolve(
    _ value: String, _ variables: [String: String], open: [String] = [], limit: Int = 1000
  ) -> VariableResolver.Resolution {
    let values = Dictionary(variables.map { (name($0), Array($1.utf8)) }) { first, _ in first }
    let unknown = Set(open.map(name))
    let bytes = Array(value.utf8)
    return VariableResolver.resolve(bytes, in: 0..<bytes.count, limit: limit) { name in
      if unknown.contains(name) { return .open(7) }
      return values[name].map { .value($0[...]) } ?? .invalid
    }
  }

  private static func text(_ value: String, _ variables: [String: String]) -> String? {
    guard case .value(let text) = resolve(value, variables) else { return nil }
    return String(decoding: text, as: UTF8.self)
  }

  @Test(arguments: [
    ("var(--a)", "red"), ("1px VAR( --a ) 2px", "1px red 2px"), ("var(--A)", "RED"), ("var(--\\61)", "red"),
    ("v\\61r(--a)", "red"), ("rgb(var(--n),0,0)", "rgb(1,0,0)"), ("var(--n)px", "1 px"), ("var(--n)var(--n)", "1 1"),
    ("a var(--e) b", "a  b"), ("var(--no, a, b)", "a, b"), ("var(--no,)", ""), ("var(--no , x )y", "x y"),
    ("var(--no, var(--a))", "red"), ("var(--no, var(--nono, var(--n, 5)) var(--a))", "1 red"),
    ("var(--a, var(--no))", "red"),
    ("var(--no, foo(a, (b; c)))", "foo(a, (b; c))"), ("'var(--a)' url(var\\(--a\\))", "'var(--a)' url(var\\(--a\\))"),
    ("/* var(--no) */ var(--a)", "/* var(--no) */ red"), ("var(--a/**/)", "red"), ("var(--é)", "ok"),
    ("xvar(--a)", "xvar(--a)"),
    ("calc(1px * var(--n))", "calc(1px * 1)"), ("-var(--n)", "-var(--n)"), ("#var(--n)", "#var(--n)"),
    ("1+var(--n)", "1+ 1"),
  ])
  func `variables are substituted`(value: String, expected: String) {
    let variables = ["--a": "red", "--A": "RED", "--n": "1", "--e": "", "--é": "ok"]
    #expect(Self.text(value, variables) == expected)
  }

  @Test(arguments: [
    "var()", "var(a)", "var(--)", "var(--a", "var(--a b)", "var(--a;b)", "var(--a, a;b)", "var(--a, b!c)",
    "var(--a, ])",
    "var(--a, (])", "var(--a) )", "var(--a, 'x\n')", "var(1)", "var(--a, var())", "url(var(--a))",
  ])
  func `what is no reference makes the whole value malformed`(value: String) {
    let outcome = Self.resolve(value, ["--a": "red"])
    #expect(outcome == .malformed)
  }

  @Test func `a value without a variable it needs is invalid, and says which`() {
    #expect(Self.resolve("var(--a) var(--no) var(--nono)", ["--a": "x"]) == .invalid(name: name("--no")))
    #expect(Self.resolve("var(--no, var(--nono))", [:]) == .invalid(name: name("--nono")))
  }

  @Test func `what can't be told stays open, unless the value is invalid anyway`() {
    #expect(Self.resolve("var(--a)", [:], open: ["--a"]) == .open(7))
    #expect(Self.resolve("var(--a, red)", [:], open: ["--a"]) == .open(7))
    #expect(Self.resolve("var(--no, var(--a))", [:], open: ["--a"]) == .open(7))
    #expect(Self.resolve("var(--b, var(--a))", ["--b": "1"], open: ["--a"]) == .value([0x31]))
    #expect(Self.resolve("var(--a) var(--no)", [:], open: ["--a"]) == .invalid(name: name("--no")))
  }

  @Test func `expansion and nesting are limited`() {
    let long = String(repeating: "x", count: 400)
    #expect(Self.resolve("var(--a) var(--a) var(--a)", ["--a": long]) == .excessive)
    #expect(Self.text("var(--a) var(--a)", ["--a": long])?.utf8.count == 801)
    let deep = String(repeating: "var(--no,", count: 200_000) + "x" + String(repeating: ")", count: 200_000)
    #expect(Self.resolve(deep, [:]) == .excessive)
    let fits = String(repeating: "var(--no,", count: 32) + "x" + String(repeating: ")", count: 32)
    #expect(Self.text(fits, [:]) == "x")
  }

  @Test func `references are found in fallbacks, too`() {
    let bytes = Array("a var(--x, var(--y) var(--x)) 'var(--z)' var(no, var(--w))".utf8)
    let references = VariableResolver.references(in: bytes, 0..<bytes.count)
    #expect(references.map { String(decoding: bytes[$0.range], as: UTF8.self) } == ["--x", "--y", "--x", "--w"])
  }

  // MARK: - Against a naive reference

  /// A value as a tree: pieces of text, and references with a fallback or none.
  private indirect enum Piece {
    case text(String)
    case reference(String, [Piece]?)

    static func text(of pieces: [Piece]) -> String {
      pieces.map { piece in
        switch piece {
        case .text(let text): text
        case .reference(let name, let fallback):
          "var(\(name)" + (fallback.map { "," + Piece.text(of: $0) } ?? "") + ")"
        }
      }.joined(separator: " ")
    }

    /// The tokens of a value, or nil where it is invalid.
    static func tokens(of pieces: [Piece], _ variables: [String: String]) -> [String]? {
      var tokens: [String] = []
      for piece in pieces {
        switch piece {
        case .text(let text): tokens.append(text)
        case .reference(let name, let fallback):
          if let value = variables[name] {
            tokens += value.split(separator: " ").map(String.init)
          } else if let inner = fallback.flatMap({ Piece.tokens(of: $0, variables) }) {
            tokens += inner
          } else {
            return nil
          }
        }
      }
      return tokens
    }
  }

  private static let names = ["--a", "--b", "--c", "--B", "--é"]

  private static func pieces(_ random: inout SeededGenerator, depth: Int) -> [Piece] {
    (0..<random.below(4)).map { _ in
      if depth == 0 || random.chance(40) {
        return .text(random.pick(["red", "1px", "'x,y'", "(a,b)", "#fff", "url(x)", ","]))
      }
      let fallback = random.chance(60) ? pieces(&random, depth: depth - 1) : nil
      return .reference(random.pick(names), fallback)
    }
  }

  @Test func `values come out as a naive reference has them`() {
    for seed in 0..<8000 as Range<UInt64> {
      var random = SeededGenerator(seed: seed)
      let pieces = Self.pieces(&random, depth: 4)
      var variables: [String: String] = [:]
      for name in Self.names where random.chance(50) { variables[name] = random.pick(["", "blue", "2em 'z'", "f(x)"]) }
      let value = Piece.text(of: pieces)
      let tokens = Self.text(value, variables).map { $0.split(separator: " ").map(String.init) }
      #expect(tokens == Piece.tokens(of: pieces, variables), "seed \(seed): \(value) with \(variables)")
    }
  }

  @Test func `resolving any bytes ends`() {
    let texts = [
      "var(", "--a", "--b", ",", ")", "(", "]", "{", ";", "!", "'", "url(", "/*", "*/", " ", "\\", "x", "\n",
      "var(--a)", "1",
    ]
    for seed in 0..<8000 as Range<UInt64> {
      var random = SeededGenerator(seed: seed)
      var text: [UInt8] = []
      for _ in 0..<random.below(20) {
        if random.chance(3) { text.append(UInt8(random.below(256))) } else { text += Array(random.pick(texts).utf8) }
      }
      let resolution = VariableResolver.resolve(text, in: 0..<text.count, limit: 100) {
        $0 % 2 == 0 ? .invalid : .open(1)
      }
      if case .value(let result) = resolution, VariableResolver.references(in: text, 0..<text.count).isEmpty {
        let isKept = String(decoding: text, as: UTF8.self).contains(String(decoding: result, as: UTF8.self))
        #expect(isKept, "seed \(seed)")
      }
    }
  }
}
