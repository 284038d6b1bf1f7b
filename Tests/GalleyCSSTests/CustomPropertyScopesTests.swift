import GalleyCSS
import GalleyHTML
import Testing

private func name(_ text: String) -> UInt64 { NameHash(text.utf8).value }

private func declarations(_ own: [(String, String)], open: [String: Int32] = [:]) -> [CustomPropertyScopes.Declaration]
{
  own.map { property, value in
    let bytes = Array(value.utf8)
    return CustomPropertyScopes.Declaration(
      name: name(property), bytes: bytes, value: 0..<bytes.count, cause: open[property])
  }
}

extension CustomPropertyScopes {
  fileprivate func text(of property: String, in scope: Scope) -> String? {
    guard case .text(let text) = value(of: name(property), in: scope) else { return nil }
    return String(decoding: text, as: UTF8.self)
  }
}

@Suite struct CustomPropertyScopesTests {
  @Test func `custom properties are inherited, and elements without any share their parent's`() {
    var scopes = CustomPropertyScopes()
    let outer = scopes.add(declarations([("--a", "1"), ("--b", "2")]), within: .root)
    let inner = scopes.add(declarations([("--b", "3")]), within: outer)
    #expect(scopes.add([], within: inner) == inner)
    #expect(scopes.text(of: "--a", in: inner) == "1")
    #expect(scopes.text(of: "--b", in: inner) == "3")
    #expect(scopes.text(of: "--b", in: outer) == "2")
    #expect(scopes.value(of: name("--A"), in: inner) == .invalid(.unset))
  }

  @Test func `variables are resolved where they are set`() {
    var scopes = CustomPropertyScopes()
    let outer = scopes.add(declarations([("--x", "var(--y)"), ("--y", "red")]), within: .root)
    let inner = scopes.add(declarations([("--y", "blue"), ("--z", "var(--x) var(--y)")]), within: outer)
    #expect(scopes.text(of: "--x", in: inner) == "red")
    #expect(scopes.text(of: "--z", in: inner) == "red blue")
  }

  @Test func `all members of a circle are invalid, and no others`() {
    var scopes = CustomPropertyScopes()
    let outer = scopes.add(declarations([("--b", "outer")]), within: .root)
    let own = [
      ("--a", "var(--b)"), ("--b", "var(--c, x)"), ("--c", "var(--no, var(--a))"), ("--d", "var(--a, ok)"),
      ("--e", "var(--a)"),
      ("--f", "var(--f, 1)"), ("--g", "fine"),
    ]
    let scope = scopes.add(declarations(own), within: outer)
    for property in ["--a", "--b", "--c", "--f"] {
      #expect(scopes.value(of: name(property), in: scope) == .invalid(.cyclic), "\(property)")
    }
    #expect(scopes.text(of: "--d", in: scope) == "ok")
    #expect(scopes.value(of: name("--e"), in: scope) == .invalid(.dangling(name("--a"))))
    #expect(scopes.text(of: "--g", in: scope) == "fine")
    let child = scopes.add(declarations([("--c", "1")]), within: scope)
    #expect(scopes.value(of: name("--a"), in: child) == .invalid(.cyclic))
  }

  @Test func `words for all properties are understood, also as they come out`() {
    var scopes = CustomPropertyScopes()
    let outer = scopes.add(declarations([("--a", "1"), ("--b", "2"), ("--c", "3"), ("--d", "4")]), within: .root)
    let own = [
      ("--a", " INHERIT "), ("--b", "initial"), ("--c", "unset/**/"), ("--d", "var(--no, inherit)"),
      ("--e", "inherit x"),
    ]
    let inner = scopes.add(declarations(own), within: outer)
    #expect(scopes.text(of: "--a", in: inner) == "1")
    #expect(scopes.value(of: name("--b"), in: inner) == .invalid(.initial))
    #expect(scopes.text(of: "--c", in: inner) == "3")
    #expect(scopes.text(of: "--d", in: inner) == "4")
    #expect(scopes.text(of: "--e", in: inner) == "inherit x")
  }

  @Test func `an empty value is one`() {
    var scopes = CustomPropertyScopes()
    let scope = scopes.add(declarations([("--e", ""), ("--f", "var(--e, no)")]), within: .root)
    #expect(scopes.text(of: "--e", in: scope)?.isEmpty == true)
    #expect(scopes.text(of: "--f", in: scope)?.isEmpty == true)
  }

  @Test func `what can't be told makes all that needs it open`() {
    var scopes = CustomPropertyScopes()
    let own = [("--a", "1"), ("--b", "var(--a, 2)"), ("--c", "var(--b)"), ("--d", "4")]
    let scope = scopes.add(declarations(own, open: ["--a": 9]), within: .root)
    #expect(scopes.value(of: name("--c"), in: scope) == .open(9))
    #expect(scopes.text(of: "--d", in: scope) == "4")
  }

  @Test func `a billion laughs end early`() {
    var scopes = CustomPropertyScopes(budget: 1 << 20)
    var own = [("--l0", "lol")]
    for level in 1..<2000 {
      own.append(("--l\(level)", String(repeating: "var(--l\(level - 1))", count: 10)))
    }
    let scope = scopes.add(declarations(own), within: .root)
    #expect(scopes.text(of: "--l2", in: scope)?.utf8.count == 399)
    #expect(scopes.value(of: name("--l1999"), in: scope) == .open(CustomPropertyScopes.Limit.excessive))
    var others = CustomPropertyScopes()
    let long = (0..<50_000).map { ("--c\($0)", "var(--c\($0 + 1))") }
    let chain = others.add(declarations(long + [("--c50000", "end")]), within: .root)
    #expect(others.text(of: "--c0", in: chain) == "end")
  }

  // MARK: - Against a naive reference

  private static let names = ["--a", "--b", "--c", "--d", "--e"]

  private static func value(_ random: inout SeededGenerator, depth: Int) -> String {
    (0...random.below(2)).map { _ in
      if depth == 0 || random.chance(30) { return random.pick(["x", "y", "inherit", "initial", "z"]) }
      let fallback = random.chance(50) ? "," + value(&random, depth: depth - 1) : ""
      return "var(\(random.pick(names))\(fallback))"
    }.joined(separator: " ")
  }

  @Test func `trees of elements come out as a naive reference has them`() {
    for seed in 0..<2000 as Range<UInt64> {
      var random = SeededGenerator(seed: seed)
      var elements: [(parent: Int, own: [String: String])] = []
      for index in 0...random.below(5) {
        var own: [String: String] = [:]
        for name in Self.names where random.chance(45) { own[name] = Self.value(&random, depth: 2) }
        elements.append((parent: index == 0 ? -1 : random.below(index), own: own))
      }
      let reference = ReferenceVariables(elements: elements)
      var scopes = CustomPropertyScopes()
      var scopeOf: [CustomPropertyScopes.Scope] = []
      for (index, element) in elements.enumerated() {
        let own = element.own.map { ($0.key, $0.value) }
        scopeOf.append(scopes.add(declarations(own), within: element.parent < 0 ? .root : scopeOf[element.parent]))
        for property in Self.names {
          let text = scopes.text(of: property, in: scopeOf[index]).map {
            $0.split(separator: " ").joined(separator: " ")
          }
          #expect(text == reference.value(property, index), "seed \(seed): \(property) of \(index) in \(elements)")
        }
      }
    }
  }
}
