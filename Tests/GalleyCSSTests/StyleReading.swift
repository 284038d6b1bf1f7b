import GalleyHTML
import Testing

/// The declarations of a `style` attribute, read by code that is slow, obvious and shares nothing with the module.
struct StyleReading: Equatable {
  /// For each longhand, the declarations that set it, from weak to strong, as `property: value`.
  ///
  /// White space, the kind of quotes and semicolons don't count, and neither does the order of declarations that have
  /// no longhand in common.
  let longhands: [String: [String]]

  init(_ text: String) {
    var longhands: [String: [String]] = [:]
    let declarations = Self.split(text, at: ";").compactMap(Self.declaration)
    for isImportant in [false, true] {
      for declaration in declarations where declaration.isImportant == isImportant {
        for name in Self.longhands(of: declaration.name) {
          longhands[name, default: []].append(
            "\(declaration.name): \(declaration.value)\(isImportant ? " !important" : "")")
        }
      }
    }
    self.longhands = longhands
  }

  /// The winning declaration of each longhand, without its importance.
  var winners: [String: String] {
    longhands.mapValues { ($0.last ?? "").replacing(" !important", with: "") }
  }

  // MARK: - Text

  /// Splits at a character outside of strings, comments and brackets.
  static func split(_ text: String, at separator: Character) -> [String] {
    var pieces = [""]
    var depth = 0
    var quote: Character?
    var isEscaped = false
    for character in withoutComments(text) {
      if isEscaped {
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else if let open = quote {
        if character == open { quote = nil }
      } else if character == "\"" || character == "'" {
        quote = character
      } else if "([{".contains(character) {
        depth += 1
      } else if ")]}".contains(character) {
        depth = max(depth - 1, 0)
      } else if character == separator, depth == 0 {
        pieces.append("")
        continue
      }
      pieces[pieces.count - 1].append(character)
    }
    return pieces
  }

  private static func withoutComments(_ text: String) -> String {
    var result = ""
    var rest = text[...]
    while let start = rest.firstRange(of: "/*") {
      result += rest[..<start.lowerBound]
      rest = rest[start.upperBound...]
      rest = rest.firstRange(of: "*/").map { rest[$0.upperBound...] } ?? ""
    }
    return result + rest
  }

  private static func declaration(_ text: String) -> (name: String, value: String, isImportant: Bool)? {
    guard let colon = text.firstIndex(of: ":") else { return nil }
    let name = words(String(text[..<colon]))
    var value = words(String(text[text.index(after: colon)...]))
    var isImportant = false
    if let bang = value.lastIndex(of: "!"), words(String(value[bang...].dropFirst())).lowercased() == "important" {
      isImportant = true
      value = words(String(value[..<bang]))
    }
    if value.isEmpty, !name.hasPrefix("--") { return nil }
    return (name, value, isImportant)
  }

  /// The text with single spaces, none at its ends and within parentheses, and one kind of quotes.
  private static func words(_ text: String) -> String {
    text.split(whereSeparator: \.isWhitespace).joined(separator: " ").replacing("\"", with: "'")
      .replacing("( ", with: "(").replacing(" )", with: ")")
  }

  // MARK: - Shorthands

  private static let sides = ["top", "right", "bottom", "left"]

  /// The longhands that a property sets; itself if it is none of the shorthands that the tests use.
  static func longhands(of name: String) -> [String] {
    let lowercased = name.hasPrefix("--") ? name : name.lowercased()
    switch lowercased {
    case "margin", "padding": return sides.map { "\(lowercased)-\($0)" }
    case "border-color", "border-style", "border-width":
      return sides.map { "border-\($0)-\(lowercased.dropFirst(7))" }
    case "border-top", "border-right", "border-bottom", "border-left":
      return ["color", "style", "width"].map { "\(lowercased)-\($0)" }
    case "border": return sides.flatMap { longhands(of: "border-\($0)") } + longhands(of: "border-image")
    case "border-image": return ["source", "slice", "width", "outset", "repeat"].map { "border-image-\($0)" }
    case "border-radius":
      return ["top-left", "top-right", "bottom-right", "bottom-left"].map { "border-\($0)-radius" }
    case "background":
      return ["color", "image", "repeat", "attachment", "position", "size", "origin", "clip"].map { "background-\($0)" }
    case "font":
      return ["style", "variant", "weight", "stretch", "size", "family"].map { "font-\($0)" } + ["line-height"]
    case "list-style": return ["type", "position", "image"].map { "list-style-\($0)" }
    case "text-decoration": return ["line", "style", "color", "thickness"].map { "text-decoration-\($0)" }
    case "outline": return ["color", "style", "width"].map { "outline-\($0)" }
    case "flex": return ["grow", "shrink", "basis"].map { "flex-\($0)" }
    default: return [lowercased]
    }
  }

  // MARK: - Documents

  /// The elements of a document in its order, but for style sheets: a name each, with its number if there are several
  /// of that name, and the text of its `style` attribute.
  static func elements(_ html: [UInt8], placeholders: [Placeholder] = []) -> [(label: String, style: String?)] {
    let tree = HTMLTree.parse(html, placeholders: placeholders)
    var elements: [(name: String, style: String?)] = []
    for index in tree.nodes.indices where tree.nodes[index].kind == .element {
      let name = tree.nameText(of: NodeID(index)).lowercased()
      if name == "style" || name == "link" { continue }
      let attribute = tree.attribute(NameHash("style"), of: NodeID(index))
      elements.append((name, attribute.map { tree.value($0) }))
    }
    var total: [String: Int] = [:]
    for element in elements { total[element.name, default: 0] += 1 }
    var count: [String: Int] = [:]
    return elements.map { element in
      count[element.name, default: 0] += 1
      let number = total[element.name] == 1 ? "" : " \(count[element.name] ?? 0)"
      return (element.name + number, element.style)
    }
  }
}

@Suite struct StyleReadingTests {
  @Test func `styles that mean the same read the same`() {
    for (a, b) in [
      ("color:red", " COLOR : red ;;"), ("top: 0; left: 0", "left: 0; top: 0"), ("x: \"a;b\"", "x: 'a;b'"),
      ("top: 0 !important", "top: 0! /**/ IMPORTANT"), ("x: calc( 1px )", "x: calc(1px)"), ("", "nonsense; x:"),
    ] {
      #expect(
        StyleReading(a).longhands.mapValues { $0.map { $0.lowercased() } } == StyleReading(b.lowercased()).longhands)
    }
  }

  @Test func `styles that differ read differently`() {
    for (a, b) in [
      ("color: red", "color: blue"), ("color: red; color: blue", "color: blue"), ("top: 0", "top: 0 !important"),
      ("margin: 0; margin-top: 1px", "margin-top: 1px; margin: 0"), ("--a: 1", "--A: 1"), ("x: a;b", "x: 'a;b'"),
      ("top: 0; left: 0", "top: 0"),
    ] {
      #expect(StyleReading(a) != StyleReading(b))
    }
  }
}
