/// The value of a custom property, worked out anew each time from all declarations around.
struct ReferenceVariables {
  /// For each element, its parent and what it sets.
  let elements: [(parent: Int, own: [String: String])]

  func value(_ property: String, _ element: Int) -> String? {
    if element < 0 { return nil }
    guard let text = elements[element].own[property] else { return value(property, elements[element].parent) }
    if isCyclic(property, element) { return nil }
    let result = resolved(text, element)
    switch result {
    case "inherit": return value(property, elements[element].parent)
    case "initial": return nil
    default: return result
    }
  }

  private func isCyclic(_ property: String, _ element: Int) -> Bool {
    var reached: Set<String> = []
    var front = names(elements[element].own[property] ?? "")
    while let next = front.popFirst() {
      if next == property { return true }
      if reached.insert(next).inserted { front.formUnion(names(elements[element].own[next] ?? "")) }
    }
    return false
  }

  private func names(_ text: String) -> Set<String> {
    Set(text.split(whereSeparator: { "(), ".contains($0) }).map(String.init).filter { $0.hasPrefix("--") })
  }

  /// Values are made of words and of `var(--name)` or `var(--name,fallback)`, with a space between them.
  func resolved(_ text: String, _ element: Int) -> String? {
    var words: [String] = []
    var rest = Substring(text)
    while !rest.isEmpty {
      if rest.hasPrefix("var(") {
        var depth = 0
        let end = rest.indices.first { index in
          if rest[index] == "(" { depth += 1 }
          if rest[index] == ")" { depth -= 1 }
          return rest[index] == ")" && depth == 0
        }
        guard let end else { return nil }
        let inside = rest[..<end].dropFirst(4)
        let parts = inside.split(separator: ",", maxSplits: 1, omittingEmptySubsequences: false)
        let value = value(String(parts[0]), element) ?? (parts.count > 1 ? resolved(String(parts[1]), element) : nil)
        guard let value else { return nil }
        words += value.split(separator: " ").map(String.init)
        rest = rest[rest.index(after: end)...].drop { $0 == " " }
      } else {
        let word = rest.prefix { $0 != " " }
        words.append(String(word))
        rest = rest.dropFirst(word.count).drop { $0 == " " }
      }
    }
    return words.joined(separator: " ")
  }
}
