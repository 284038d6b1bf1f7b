import GalleySource
import GalleyTemplate

/// What must hold of the parser of messages and of the choices that they make.
///
/// An input is a pattern. Options choose the locale, which is English without one: `a` Arabic, `r` Russian, `k`
/// Lithuanian, `w` Welsh, `f` French, `z` Zulu; and the dialect, as for `EvaluationOracles`.
enum MessageOracles {
  static func check(_ bytes: [UInt8]) throws(Finding) {
    let input = FuzzInput(bytes)
    let locale = locale(input)
    let pattern = String(decoding: input.first, as: UTF8.self)
    let message = try parsed(pattern, locale)
    if message.isBroken || bytes.contains(AssembledText.token) { return }
    try checkWriting(message, locale)
    try checkFilling(pattern, message, locale, EvaluationOracles.dialect(input))
  }

  private static func locale(_ input: FuzzInput) -> String {
    let letters: [(Character, String)] = [
      ("a", "ar"), ("r", "ru"), ("k", "lt"), ("w", "cy"), ("f", "fr-CA"), ("z", "zu-ZA"),
    ]
    return letters.first { input.has($0.0) }?.1 ?? "en-ZA"
  }

  /// The message of a pattern; pieces and complaints lie in it.
  private static func parsed(_ pattern: String, _ locale: String) throws(Finding) -> Message {
    let text = "key: '" + pattern + "'\n"
    var sources = SourceSet()
    let source = sources.add(path: "locale.yml", bytes: Array(text.utf8))
    let range = SourceRange(source, 5, text.utf8.count - 1)
    let (message, diagnostics) = MessageParser.parse(
      pattern, key: "key", keyRange: SourceRange(source, 0, 3), at: range, locale: locale)
    try DiagnosticOracles.check(diagnostics, sources)
    for case let place? in diagnostics.map(\.range) {
      let isInside = place.start >= range.start && place.end <= range.end
      try hold(isInside, "message-range", "\(place) is outside of \(range)")
    }
    try checkPieces(message.pieces, within: 0..<pattern.utf8.count, depth: 0)
    return message
  }

  /// How deep pieces may be nested in one another, whatever the parser's own limit is.
  private static let depthLimit = 40

  /// Pieces are in order, within what is around them, and not too deep.
  private static func checkPieces(
    _ pieces: [Message.Piece], within range: Range<Int>, depth: Int
  ) throws(Finding) {
    try hold(depth <= depthLimit, "message-depth", "\(depth) deep")
    var position = range.lowerBound
    for piece in pieces {
      let place = piece.place
      let isInOrder = place.lowerBound >= position && place.upperBound <= range.upperBound
      try hold(isInOrder, "message-order", "\(place) behind \(position) in \(range)")
      position = place.upperBound
      for part in piece.parts { try checkPieces(part, within: place, depth: depth + 1) }
    }
  }

  /// A message that is written anew is the same message.
  private static func checkWriting(_ message: Message, _ locale: String) throws(Finding) {
    let writing = message.pieces.pattern(isInPlural: false)
    let again = try parsed(writing, locale)
    let isSame = !again.isBroken && again.pieces.pattern(isInPlural: false) == writing
    try hold(isSame && again.uses == message.uses && again.tags == message.tags, "message-writing", writing)
  }

  /// What a template passes for an argument that is used so.
  private static func value(of uses: Set<Message.Use>) -> String {
    if uses.contains(.number) { return "data.year" }
    if uses.contains(.date) { return "\"2026-03-05T14:30:00Z\"" }
    return uses.isDisjoint(with: [.plural, .selectordinal]) ? "name" : "count"
  }

  /// A message that is left to the sender says what it says where everything is known.
  private static func checkFilling(
    _ pattern: String, _ message: Message, _ locale: String, _ dialect: Dialect
  ) throws(Finding) {
    var arguments = ""
    for name in message.arguments {
      arguments += " \(name)=\(value(of: message.uses[name] ?? []))"
    }
    for name in message.tags where !message.arguments.contains(name) { arguments += " \(name)=url" }
    let body = "<p>{{t \"m\"\(arguments)}}</p>"
    let site = TemplateSite(body: Array(body.utf8), locale: locale, messages: ["m": pattern])
    let left = site.specialized(dialect)
    try DiagnosticOracles.check(left.diagnostics, site.sources)
    try EvaluationOracles.checkText(left.html, site.sources)
    if !site.isSound || left.diagnostics.hasErrors { return }
    for count in [0, 1, 2, 3, 5, 11, 21, 100, 1_000_000, -1] {
      try EvaluationOracles.checkLaw(site, left, dialect, TemplateSite.data("a", count: count))
    }
  }
}

extension Message.Piece {
  /// Where the piece stands in its pattern.
  fileprivate var place: Range<Int> {
    switch self {
    case .text(_, let range), .argument(_, let range), .number(_, _, let range), .count(_, _, let range),
      .date(_, _, let range), .tag(_, _, let range):
      range
    case .plural(let plural): plural.range
    case .select(let select): select.range
    }
  }

  /// The texts within the piece.
  fileprivate var parts: [[Message.Piece]] {
    switch self {
    case .text, .argument, .number, .date, .count: []
    case .plural(let plural): plural.cases.map(\.pieces)
    case .select(let select): select.cases.map(\.pieces)
    case .tag(_, let pieces, _): [pieces]
    }
  }

  /// The piece as it may be written.
  fileprivate func pattern(isInPlural: Bool) -> String {
    switch self {
    case .text(let bytes, _): return Self.quoted(bytes, isInPlural: isInPlural)
    case .argument(let name, _): return "{\(name)}"
    case .number(let name, let style, _): return "{\(name), number, \(style.skeleton)}"
    case .date(let name, let style, _): return "{\(name), \(style.spelling)}"
    case .count: return "#"
    case .plural(let plural):
      let cases = plural.cases.map { " \($0.selector.spelled) {\($0.pieces.pattern(isInPlural: true))}" }
      let offset = plural.offset == 0 ? "" : " offset:\(plural.offset)"
      return "{\(plural.argument), \(plural.isOrdinal ? "selectordinal" : "plural"),\(offset)\(cases.joined())}"
    case .select(let select):
      let cases = select.cases.map { " \($0.key) {\($0.pieces.pattern(isInPlural: false))}" }
      return "{\(select.argument), select,\(cases.joined())}"
    case .tag(let name, let pieces, _): return "<\(name)>\(pieces.pattern(isInPlural: isInPlural))</\(name)>"
    }
  }

  /// Text between apostrophes where it would mean something, and with its own apostrophes doubled.
  private static func quoted(_ bytes: [UInt8], isInPlural: Bool) -> String {
    var result = ""
    var isOpen = false
    for character in String(decoding: bytes, as: UTF8.self).unicodeScalars {
      let isSpecial = "{}<>".unicodeScalars.contains(character) || isInPlural && character == "#"
      if character == "'" {
        result += "''"
        continue
      }
      if isSpecial != isOpen { result += "'" }
      isOpen = isSpecial
      result.unicodeScalars.append(character)
    }
    return isOpen ? result + "'" : result
  }
}

extension [Message.Piece] {
  /// The pieces as they may be written.
  fileprivate func pattern(isInPlural: Bool) -> String {
    map { $0.pattern(isInPlural: isInPlural) }.joined()
  }
}

extension NumberStyle {
  /// The skeleton that asks for the style.
  fileprivate var skeleton: String {
    var tokens: [String] = []
    switch unit {
    case .number: break
    case .percent: tokens.append("percent")
    case .currency(let code): tokens.append("currency/\(code)")
    }
    if scale == 2 { tokens.append("scale/100") }
    let optional = String(repeating: "#", count: decimals.count - 1)
    tokens.append("." + String(repeating: "0", count: decimals.lowerBound) + optional)
    if !usesGroups { tokens.append("group-off") }
    if usesCode { tokens.append("unit-width-iso-code") }
    return "::" + tokens.joined(separator: " ")
  }
}
