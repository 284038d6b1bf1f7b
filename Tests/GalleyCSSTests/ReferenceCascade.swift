/// A slow and obvious model of what a browser makes of a small subset of HTML and CSS.
///
/// It shares no code with the module. It reads well-formed tags, style elements, rules without strings, `@media`, a few
/// pseudo-classes and shorthands, and answers which value each longhand of each element gets.
struct ReferenceCascade {
  /// What the reader's client is like.
  struct Environment {
    var isNarrow = false
    var isHovering = false
  }

  final class Element {
    let name: String
    let attributes: [String: String]
    unowned let parent: Element?
    var children: [Element] = []
    var hasText = false

    init(_ name: String, _ attributes: [String: String], parent: Element?) {
      self.name = name
      self.attributes = attributes
      self.parent = parent
    }

    var classes: [String] { (attributes["class"] ?? "").split(separator: " ").map(String.init) }
    var position: Int { (parent?.children.firstIndex { $0 === self } ?? 0) + 1 }
    var previous: Element? { position > 1 ? parent?.children[position - 2] : nil }
  }

  struct Rule {
    let selectors: [ReferenceSelector]
    let declarations: [(name: String, value: String, important: Bool)]
    let isInMedia: Bool
  }

  private(set) var elements: [Element] = []
  private(set) var rules: [Rule] = []

  // MARK: - Reading

  init(html: String) {
    let root = Element("#root", [:], parent: nil)
    var current = root
    keepAlive = [root]
    var rest = html[...]
    while let open = rest.firstIndex(of: "<") {
      if open > rest.startIndex { current.hasText = true }
      rest = rest[open...]
      guard let close = rest.firstIndex(of: ">") else { break }
      let tag = rest[rest.index(after: rest.startIndex)..<close]
      rest = rest[rest.index(after: close)...]
      if tag.hasPrefix("/") {
        current = current.parent ?? root
        continue
      }
      let (name, attributes) = Self.readTag(String(tag))
      if name == "style" {
        let parts = rest.split(separator: "</style>", maxSplits: 1, omittingEmptySubsequences: false)
        readSheet(String(parts[0]))
        rest = parts.count > 1 ? parts[1] : ""
        continue
      }
      let element = Element(name, attributes, parent: current)
      current.children.append(element)
      elements.append(element)
      if name != "br" && name != "img" { current = element }
    }
  }

  private let keepAlive: [Element]

  private static func readTag(_ tag: String) -> (String, [String: String]) {
    let name = String(tag.prefix { $0 != " " })
    var attributes: [String: String] = [:]
    var rest = tag.dropFirst(name.count)
    while let equals = rest.firstIndex(of: "=") {
      let key = rest[..<equals].filter { $0 != " " }
      rest = rest[equals...].dropFirst(2)
      let value = rest.prefix { $0 != "\"" }
      attributes[String(key)] = String(value)
      rest = rest.dropFirst(value.count + 1)
    }
    return (name, attributes)
  }

  private mutating func readSheet(_ text: String, isInMedia: Bool = false) {
    var rest = text[...]
    while let brace = rest.firstIndex(of: "{") {
      let prelude = String(rest[..<brace]).trimmingSpaces
      rest = rest[rest.index(after: brace)...]
      if prelude.hasPrefix("@media") {
        var depth = 1
        let inner = rest.prefix { character in
          if character == "{" { depth += 1 }
          if character == "}" { depth -= 1 }
          return depth > 0
        }
        readSheet(String(inner), isInMedia: prelude != "@media all")
        rest = rest.dropFirst(inner.count + 1)
        continue
      }
      let body = rest.prefix { $0 != "}" }
      rest = rest.dropFirst(body.count + 1)
      rules.append(
        Rule(
          selectors: Self.split(prelude, by: ",").map(ReferenceSelector.init),
          declarations: Self.readDeclarations(String(body)),
          isInMedia: isInMedia))
    }
  }

  static func readDeclarations(_ text: String) -> [(name: String, value: String, important: Bool)] {
    text.split(separator: ";").compactMap { piece in
      let parts = piece.split(separator: ":", maxSplits: 1)
      guard parts.count == 2 else { return nil }
      var value = String(parts[1]).trimmingSpaces
      let important = value.hasSuffix("!important")
      if important { value = String(value.dropLast("!important".count)).trimmingSpaces }
      return (String(parts[0]).trimmingSpaces, value, important)
    }
  }

  /// Splits at a character outside of parentheses.
  static func split(_ text: String, by separator: Character) -> [String] {
    var depth = 0
    var pieces = [""]
    for character in text {
      if character == "(" { depth += 1 }
      if character == ")" { depth -= 1 }
      if character == separator, depth == 0 {
        pieces.append("")
      } else {
        pieces[pieces.count - 1].append(character)
      }
    }
    return pieces.map(\.trimmingSpaces).filter { !$0.isEmpty }
  }

  // MARK: - The cascade

  /// The value of each longhand that something sets, for each element.
  func styles(_ environment: Environment) -> [[String: String]] {
    elements.map { element in
      var entries: [(key: [Int], name: String, value: String)] = []
      for (order, rule) in rules.enumerated() where !rule.isInMedia || environment.isNarrow {
        let weights = rule.selectors.filter { $0.matches(element, environment) }.map(\.weight)
        guard let weight = weights.max(by: { $0.lexicographicallyPrecedes($1) }) else { continue }
        for (place, declaration) in rule.declarations.enumerated() {
          let key = [declaration.important ? 1 : 0, 0] + weight + [order, place]
          entries.append((key, declaration.name, declaration.value))
        }
      }
      for (place, declaration) in Self.readDeclarations(element.attributes["style"] ?? "").enumerated() {
        entries.append(([declaration.important ? 1 : 0, 1, 0, 0, 0, 0, place], declaration.name, declaration.value))
      }
      var result: [String: String] = [:]
      for entry in entries.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
        for (name, value) in Self.expand(entry.name, entry.value) { result[name] = value }
      }
      return result
    }
  }

  /// The longhands that a declaration sets.
  static func expand(_ name: String, _ value: String) -> [(String, String)] {
    let sides = ["top", "right", "bottom", "left"]
    let words = value.split(separator: " ").map(String.init)
    switch name {
    case "margin", "padding":
      let picks = [[0, 0, 0, 0], [0, 1, 0, 1], [0, 1, 2, 1], [0, 1, 2, 3]][words.count - 1]
      return zip(sides, picks).map { ("\(name)-\($0)", words[$1]) }
    case "border":
      let image = [("border-image-source", "none")]
      return sides.flatMap { expand("border-\($0)", value) } + image
    case "border-top", "border-left", "border-right", "border-bottom":
      return zip(["width", "style", "color"], words).map { ("\(name)-\($0)", $1) }
    case "border-color", "border-width", "border-style":
      let part = name.split(separator: "-")[1]
      return sides.map { ("border-\($0)-\(part)", value) }
    case "background":
      return [("background-color", value), ("background-image", "none"), ("background-repeat", "repeat")]
    case "list-style": return [("list-style-type", value), ("list-style-position", "outside")]
    default: return [(name, value)]
    }
  }
}

extension String {
  fileprivate var trimmingSpaces: String {
    let start = drop { $0.isWhitespace }
    return String(start.reversed().drop { $0.isWhitespace }.reversed())
  }
}
