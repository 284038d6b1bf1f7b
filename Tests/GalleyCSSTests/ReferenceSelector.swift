/// A slow and obvious model of which elements a selector matches.
///
/// It shares no code with the module. It reads well-formed selectors only, and answers by trying everything.
struct ReferenceSelector {
  typealias Element = ReferenceCascade.Element
  typealias Environment = ReferenceCascade.Environment

  /// A compound with what joins it to the one on its left: a space, `>`, `+` or `~`.
  struct Part {
    var combinator: Character
    var simples: [Simple] = []
  }

  indirect enum Simple {
    case universal
    case type(String)
    case id(String)
    case className(String)
    case attribute(name: String, test: Character?, value: String, ignoresCase: Bool)
    case plain(String)
    case nth(String, a: Int, b: Int, of: [ReferenceSelector]?)
    case list(String, [ReferenceSelector])
  }

  private(set) var parts: [Part] = []

  // MARK: - Reading

  init(_ text: String) {
    var reader = Reader(rest: text[...])
    self.init(&reader)
  }

  private init(_ reader: inout Reader) {
    reader.skipSpace()
    parts.append(Part(combinator: reader.takeCombinator() ?? " "))
    while true {
      reader.skipSpace()
      while let simple = reader.takeSimple() { parts[parts.count - 1].simples.append(simple) }
      let hasSpace = reader.skipSpace()
      if let combinator = reader.takeCombinator() {
        parts.append(Part(combinator: combinator))
      } else if hasSpace, reader.startsCompound {
        parts.append(Part(combinator: " "))
      } else {
        return
      }
    }
  }

  private struct Reader {
    var rest: Substring

    @discardableResult
    mutating func skipSpace() -> Bool {
      let before = rest.count
      rest = rest.drop { $0 == " " }
      return rest.count < before
    }

    mutating func take(_ text: String) -> Bool {
      guard rest.hasPrefix(text) else { return false }
      rest = rest.dropFirst(text.count)
      return true
    }

    mutating func takeCombinator() -> Character? {
      guard let first = rest.first, [">", "+", "~"].contains(first) else { return nil }
      rest = rest.dropFirst()
      return first
    }

    var startsCompound: Bool { rest.first.map { $0.isLetter || ["*", ".", "#", "[", ":"].contains($0) } ?? false }

    mutating func takeName() -> String {
      let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }
      rest = rest.dropFirst(name.count)
      return String(name)
    }

    mutating func takeSimple() -> Simple? {
      if take("*") { return .universal }
      if take(".") { return .className(takeName()) }
      if take("#") { return .id(takeName()) }
      if take("[") { return takeAttribute() }
      if take(":") { return takePseudo() }
      return rest.first?.isLetter == true ? .type(takeName()) : nil
    }

    mutating func takeAttribute() -> Simple {
      let name = takeName()
      var test: Character?
      if let first = rest.first, first != "]" {
        test = first
        rest = rest.drop { $0 != "=" }.dropFirst()
      }
      var value = ""
      if take("\"") {
        value = String(rest.prefix { $0 != "\"" })
        rest = rest.dropFirst(value.count + 1)
      } else {
        value = takeName()
      }
      let ignoresCase = take(" i")
      rest = rest.dropFirst()
      return .attribute(name: name, test: test, value: value, ignoresCase: ignoresCase)
    }

    mutating func takePseudo() -> Simple {
      let name = takeName()
      guard take("(") else { return .plain(name) }
      defer { _ = take(")") }
      guard name.hasPrefix("nth-") else {
        if name == "lang" { return .plain("lang(" + takeName()) }
        return .list(name, takeList())
      }
      var formula = ""
      while let first = rest.first, first != ")", !rest.hasPrefix("of ") {
        formula.append(first)
        rest = rest.dropFirst()
      }
      let numbers = Self.numbers(formula.filter { $0 != " " })
      return .nth(name, a: numbers.a, b: numbers.b, of: take("of ") ? takeList() : nil)
    }

    mutating func takeList() -> [ReferenceSelector] {
      var list: [ReferenceSelector] = []
      repeat { list.append(ReferenceSelector(&self)) } while take(",")
      return list
    }

    static func numbers(_ formula: String) -> (a: Int, b: Int) {
      if formula == "odd" { return (2, 1) }
      if formula == "even" { return (2, 0) }
      guard let n = formula.firstIndex(of: "n") else { return (0, Int(formula) ?? 0) }
      let factor = String(formula[..<n])
      let a = Int(factor) ?? (factor == "-" ? -1 : 1)
      return (a, Int(formula[formula.index(after: n)...]) ?? 0)
    }
  }

  // MARK: - Matching

  /// Whether an element matches.
  func matches(_ element: Element, _ environment: Environment = .init()) -> Bool {
    matches(parts[...], element, anchor: nil, environment)
  }

  /// Whether the parts match up to an element; with an anchor, the first part is joined to it.
  private func matches(
    _ parts: ArraySlice<Part>, _ element: Element, anchor: Element?, _ environment: Environment
  ) -> Bool {
    guard let last = parts.last, last.simples.allSatisfy({ Self.matches($0, element, environment) }) else {
      return false
    }
    let rest = parts.dropLast()
    if rest.isEmpty, anchor == nil { return true }
    return Self.related(element, last.combinator).contains { other in
      rest.isEmpty ? other === anchor : matches(rest, other, anchor: anchor, environment)
    }
  }

  /// The elements that may stand on the left of a combinator.
  private static func related(_ element: Element, _ combinator: Character) -> [Element] {
    switch combinator {
    case ">": return Array(element.ancestors.prefix(1))
    case "+": return element.previous.map { [$0] } ?? []
    case "~": return Array(element.siblings.prefix { $0 !== element })
    default: return element.ancestors
    }
  }

  private static func matches(_ simple: Simple, _ element: Element, _ environment: Environment) -> Bool {
    switch simple {
    case .universal: return true
    case .type(let name): return element.name == name
    case .id(let name): return element.attributes["id"] == name
    case .className(let name): return element.classes.contains(name)
    case .attribute(let name, let test, let value, let ignoresCase):
      guard let found = element.attributes[name] else { return false }
      return ignoresCase ? compare(found.lowercased(), test, value.lowercased()) : compare(found, test, value)
    case .plain(let name): return matchesPlain(name, element, environment)
    case .nth(let name, let a, let b, let list):
      let peers = element.siblings.filter { peer in
        if name.hasSuffix("of-type") { return peer.name == element.name }
        return list?.contains { $0.matches(peer, environment) } ?? true
      }
      guard let index = peers.firstIndex(where: { $0 === element }) else { return false }
      let position = name.contains("last") ? peers.count - index : index + 1
      return (0...position + abs(b)).contains { a * $0 + b == position }
    case .list("has", let list):
      return element.root.descendants.contains { other in
        list.contains { $0.matches($0.parts[...], other, anchor: element, environment) }
      }
    case .list(let name, let list): return list.contains { $0.matches(element, environment) } != (name == "not")
    }
  }

  private static func compare(_ found: String, _ test: Character?, _ value: String) -> Bool {
    switch test {
    case nil: true
    case "~": !value.isEmpty && found.split(separator: " ").contains { $0 == value }
    case "|": found == value || found.hasPrefix(value + "-")
    case "^": !value.isEmpty && found.hasPrefix(value)
    case "$": !value.isEmpty && found.hasSuffix(value)
    case "*": !value.isEmpty && found.indices.contains { found[$0...].hasPrefix(value) }
    default: found == value
    }
  }

  private static func matchesPlain(_ name: String, _ element: Element, _ environment: Environment) -> Bool {
    let peers = element.siblings.filter { $0.name == element.name }
    switch name {
    case "hover": return environment.isHovering
    case "first-child": return element.siblings.first === element
    case "last-child": return element.siblings.last === element
    case "only-child": return element.siblings.count == 1
    case "first-of-type": return peers.first === element
    case "last-of-type": return peers.last === element
    case "only-of-type": return peers.count == 1
    case "empty": return element.children.isEmpty && !element.hasText
    case "root": return element.name == "html"
    default:
      guard name.hasPrefix("lang(") else { return false }
      let tag = ([element] + element.ancestors).lazy.compactMap { $0.attributes["lang"] }.first ?? ""
      return compare(tag.lowercased(), "|", name.dropFirst(5).lowercased())
    }
  }

  // MARK: - Weight

  /// The weight, as (ids, classes, types).
  var weight: [Int] {
    parts.flatMap(\.simples).map(Self.weight).reduce([0, 0, 0]) { zip($0, $1).map(+) }
  }

  private static func weight(_ simple: Simple) -> [Int] {
    switch simple {
    case .universal, .list("where", _): [0, 0, 0]
    case .type: [0, 0, 1]
    case .id: [1, 0, 0]
    case .className, .attribute, .plain: [0, 1, 0]
    case .nth(_, _, _, let list): zip([0, 1, 0], heaviest(list ?? [])).map(+)
    case .list(_, let list): heaviest(list)
    }
  }

  private static func heaviest(_ list: [ReferenceSelector]) -> [Int] {
    list.map(\.weight).max { $0.lexicographicallyPrecedes($1) } ?? [0, 0, 0]
  }
}

extension ReferenceCascade.Element {
  /// All elements around it, the nearest first.
  fileprivate var ancestors: [ReferenceCascade.Element] {
    guard let parent, parent.name != "#root" else { return [] }
    return [parent] + parent.ancestors
  }
  fileprivate var siblings: [ReferenceCascade.Element] { parent?.children ?? [self] }
  fileprivate var root: ReferenceCascade.Element { parent?.root ?? self }
  fileprivate var descendants: [ReferenceCascade.Element] { children.flatMap { [$0] + $0.descendants } }
}
