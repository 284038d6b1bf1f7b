import GalleySource

/// Choices: `plural`, `selectordinal` and `select`.
extension MessageParser {
  /// Parses the cases of a plural, behind the comma, and the brace that closes it.
  mutating func parsePlural(
    _ name: String, isOrdinal: Bool, from start: Int, _ surroundings: Surroundings
  ) -> Message.Piece? {
    let kind = isOrdinal ? "selectordinal" : "plural"
    guard let offset = parseOffset(of: name, from: start) else { return nil }
    var plural = Message.Plural(argument: name, isOrdinal: isOrdinal, offset: offset, cases: [], range: start..<start)
    var inner = surroundings
    inner.plural = (name, offset)
    while let (selector, place) = parseSelector(kind, name, from: start) {
      guard let selector = pluralSelector(selector, place, kind) else {
        skipBraces(from: start)
        return nil
      }
      guard let pieces = parseCase(selector.spelled, place, inner, from: start) else { return nil }
      if plural[selector] != nil { reportTwice(selector.spelled, place) }
      plural.cases.append(Message.Plural.Case(selector: selector, pieces: pieces))
    }
    if isBroken { return nil }
    plural.range = start..<position
    if plural[.category(.other)] == nil { reportNoOther(kind, name, start..<position) }
    checkCategories(of: plural)
    return .plural(plural)
  }

  /// Parses the cases of a select, behind the comma, and the brace that closes it.
  mutating func parseSelect(_ name: String, from start: Int, _ surroundings: Surroundings) -> Message.Piece? {
    var select = Message.Select(argument: name, cases: [], range: start..<start)
    var inner = surroundings
    inner.plural = nil
    while let (key, place) = parseSelector("select", name, from: start) {
      guard let pieces = parseCase(key, place, inner, from: start) else { return nil }
      if select[key] != nil { reportTwice(key, place) }
      select.cases.append(Message.Select.Case(key: key, keyRange: place, pieces: pieces))
    }
    if isBroken { return nil }
    select.range = start..<position
    if select["other"] == nil { reportNoOther("select", name, start..<position) }
    return .select(select)
  }

  // MARK: Pieces of a choice

  /// The offset of a plural, 0 where none is written, or nil where it is broken.
  private mutating func parseOffset(of name: String, from start: Int) -> Int? {
    skipSpace()
    let before = position
    guard parseName() == "offset" else {
      position = before
      return 0
    }
    skipSpace()
    guard byte(at: position) == UInt8(ascii: ":") else {
      position = before
      return 0
    }
    position += 1
    skipSpace()
    let number = parseName()
    if let offset = Int(number), (0...1_000_000).contains(offset) { return offset }
    let place = before..<position
    skipBraces(from: start)
    report(
      .messageSyntax, "the offset of '\(name)' is not a whole number", place,
      help: ["write '{\(name), plural, offset:1 …}'"])
    return nil
  }

  /// The next selector, or nil behind the closing brace or where the choice is broken.
  private mutating func parseSelector(
    _ kind: String, _ name: String, from start: Int
  ) -> (text: String, place: Range<Int>)? {
    isBroken = false
    skipSpace()
    let first = position
    if byte(at: first) == UInt8(ascii: "}") {
      position += 1
      return nil
    }
    if byte(at: first) == UInt8(ascii: "=") { position += 1 }
    _ = parseName(orLetters: true)
    if position > first { return (String(decoding: bytes[first..<position], as: UTF8.self), first..<position) }
    isBroken = true
    let isEnd = position == bytes.count
    skipBraces(from: start)
    report(
      .messageSyntax, isEnd ? "'\(kind)' of '\(name)' is not closed" : "a case of '\(name)' has no name",
      isEnd ? start..<min(start + name.utf8.count + 1, bytes.count) : first..<first + 1,
      help: [Self.example(of: kind, name)])
    return nil
  }

  /// The text of a case in its braces.
  private mutating func parseCase(
    _ selector: String, _ place: Range<Int>, _ surroundings: Surroundings, from start: Int
  ) -> [Message.Piece]? {
    skipSpace()
    guard byte(at: position) == UInt8(ascii: "{") else {
      skipBraces(from: start)
      report(
        .messageSyntax, "the case '\(selector)' has no text in braces", place,
        help: ["write '\(selector) {text}'"])
      return nil
    }
    let opening = position
    position += 1
    var inner = surroundings
    inner.isCase = true
    inner.tag = surroundings.tag
    inner.depth += 1
    let pieces = parsePieces(inner)
    guard byte(at: position) == UInt8(ascii: "}") else {
      let isTag = position < bytes.count
      skipBraces(from: start)
      if isTag {
        reportTag(
          "the tag '</\(surroundings.tag ?? "")>' closes what was opened outside of the case '\(selector)'",
          opening..<opening + 1)
      } else {
        report(
          .messageSyntax, "the case '\(selector)' is not closed", opening..<opening + 1, help: ["close it with '}'"])
      }
      return nil
    }
    position += 1
    return pieces
  }

  private mutating func pluralSelector(
    _ text: String, _ place: Range<Int>, _ kind: String
  ) -> Message.Plural.Selector? {
    if text.hasPrefix("=") {
      if let number = Int(text.dropFirst()) { return .exact(number) }
      report(
        .messageCase, "'\(text)' is no case of a plural", place,
        help: ["a whole number stands behind '=', such as '=0'"])
      return nil
    }
    if let category = PluralCategory(rawValue: text) { return .category(category) }
    let names = PluralCategory.allCases.map(\.rawValue)
    let hint = Suggestion.nearest(to: text, among: names).map { "; did you mean '\($0)'?" }
    let number = Int(text).map { ["write '=\($0)'"] }
    report(
      .messageCase, "'\(text)' is no plural category\(hint ?? "")", place,
      help: number ?? (hint == nil ? ["the categories of '\(locale)' are \(categories(kind))"] : []))
    return nil
  }

  // MARK: Complaints

  private func rules(_ kind: String) -> PluralRules {
    kind == "selectordinal" ? PluralRules.ordinal(locale) : PluralRules.cardinal(locale)
  }

  private func categories(_ kind: String) -> String {
    rules(kind).categories.map { "'\($0.rawValue)'" }.joined(separator: ", ")
  }

  private mutating func reportTwice(_ selector: String, _ place: Range<Int>) {
    report(.messageCase, "the case '\(selector)' is written twice", place, help: ["remove one of the two"])
  }

  private mutating func reportNoOther(_ kind: String, _ name: String, _ place: Range<Int>) {
    report(
      .messageCase, "'\(kind)' of '\(name)' lacks the case 'other'", place,
      help: ["add 'other {…}', which is printed where no other case fits"])
  }

  /// Reports the categories that the locale does not have, and those that it has and the plural has not.
  private mutating func checkCategories(of plural: Message.Plural) {
    let kind = plural.isOrdinal ? "selectordinal" : "plural"
    let rules = rules(kind)
    for case .category(let category) in plural.cases.map(\.selector) where !rules.categories.contains(category) {
      report(
        .messagePluralCategory, "'\(locale)' has no plural category '\(category.rawValue)': the text is never printed",
        plural.range, help: ["remove the case; the categories of '\(locale)' are \(categories(kind))"])
    }
    var lacking = Set(rules.categories).subtracting([.other])
    for case .category(let category) in plural.cases.map(\.selector) { lacking.remove(category) }
    if lacking.isEmpty { return }
    let exact = Set(plural.cases.compactMap { if case .exact(let number) = $0.selector { number } else { nil } })
    let needed = Set(
      (0...200).compactMap { number in
        exact.contains(number + plural.offset) ? nil : PluralOperands(String(number)).map(rules.category(of:))
      })
    for category in rules.categories where lacking.contains(category) && needed.contains(category) {
      report(
        .messagePluralCategory,
        "'\(kind)' of '\(plural.argument)' lacks the category '\(category.rawValue)' of '\(locale)'",
        plural.range, help: ["add '\(category.rawValue) {…}'"])
    }
  }
}

extension Message.Plural.Selector {
  /// How the selector is written.
  package var spelled: String {
    switch self {
    case .exact(let number): "=\(number)"
    case .category(let category): category.rawValue
    }
  }
}
