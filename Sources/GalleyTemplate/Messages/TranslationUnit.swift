/// A text of a message as a translator gets it: no braces, no cases, only words and marks that can't be broken.
///
/// A message without choices is one unit. Each case of a choice is a unit of its own, beside one for the text around the
/// choice, where there is any; so a translator sees sentences, and the categories of the language that is translated into.
package struct TranslationUnit: Hashable, Sendable {
  /// A stretch of the text.
  package indirect enum Content: Hashable, Sendable {
    case text(String)
    /// A mark for a value or a choice.
    case mark(Mark)
    /// A stretch between tags.
    case span(Mark, [Content])
  }

  /// Something that a translator moves and never changes.
  package struct Mark: Hashable, Sendable {
    /// What tells it from others of the unit; of the letters that a name token of XML may have.
    package let id: String
    /// How it is written in the pattern: `{name}`, `#`, `<link>`.
    package let label: String

    /// Makes a mark.
    package init(id: String, label: String) { (self.id, self.label) = (id, label) }
  }

  /// The key with the way to the text, unique in the site, of the letters that a name token of XML may have.
  package let id: String
  /// The key with the way to the text, for people: `items [n: one]`.
  package let name: String
  /// The key of the message.
  package let key: String
  /// The text in the default locale; for a case that it has not, the text of `other`.
  package let source: [Content]
  /// The text in the locale that is translated into, or nil where there is none yet.
  package let target: [Content]?
  /// What a translator should know of the text.
  package var notes: [String]

  /// The unit with more to know.
  package func adding(_ notes: [String]) -> TranslationUnit {
    var result = self
    result.notes += notes
    return result
  }
}

/// The units of one message for one locale, and the way back to a message.
///
/// What belongs to what is found by names, never by position: a unit by its identifier, a mark by its own.
package struct TranslationUnits: Sendable {
  /// Why translated texts make no message.
  package enum Fault: Error, Hashable {
    /// A mark is none of the unit's.
    case unknownMark(unit: String, mark: String)
    /// A case that a choice can't be without has no text.
    case incomplete(unit: String)
  }

  private let original: Message
  private let translation: Message?
  private let locale: String
  /// The units in the order of the text.
  package private(set) var units: [TranslationUnit] = []

  /// Takes a message of the default locale, and its translation, if there is one.
  ///
  /// A translation that lacks a choice of the original is put aside: the units are those of the original.
  package init(_ original: Message, _ translation: Message?, locale: String) {
    self.original = original
    let isAlike = translation.map { !$0.isBroken && $0.choices.isSuperset(of: original.choices) } ?? false
    self.translation = isAlike ? translation : nil
    self.locale = locale
    var collector = UnitCollector(key: original.key, locale: locale)
    collector.collect(self.translation?.pieces, original.pieces, UnitPath(original.key))
    units = collector.units
  }

  /// The message that the given texts make, by the identifiers of their units; nil where nothing is translated yet.
  ///
  /// A unit without a text keeps the one it has.
  package func message(of texts: [String: [TranslationUnit.Content]]) -> Result<[Message.Piece]?, Fault> {
    guard units.contains(where: { texts[$0.id] != nil }) else { return .success(translation?.pieces) }
    var assembler = UnitAssembler(texts: texts, locale: locale)
    let pieces = assembler.pieces(translation?.pieces, original.pieces, UnitPath(original.key))
    if let fault = assembler.fault { return .failure(fault) }
    return .success(pieces)
  }
}

extension Message {
  /// The choices of the message, by what they choose by.
  fileprivate var choices: Set<String> {
    var result: Set<String> = []
    pieces.forEachPiece { piece in
      switch piece {
      case .plural, .select: result.insert(piece.label)
      default: break
      }
    }
    return result
  }
}

// MARK: Paths

/// The way from a message to one of its texts.
struct UnitPath {
  let id: String
  let name: String
  /// The nearest choice, and which of its cases leads on.
  private let step: (choice: UnitChoice, selector: String)?

  init(_ key: String) { (id, name, step) = (Self.token(key), key, nil) }

  private init(_ id: String, _ name: String, _ step: (choice: UnitChoice, selector: String)) {
    (self.id, self.name, self.step) = (id, name, step)
  }

  func appending(_ choice: UnitChoice, _ selector: String) -> UnitPath {
    let spelled = selector.hasPrefix("=") ? String(selector.dropFirst()) : selector
    return UnitPath(
      "\(id):\(choice.id):\(Self.token(spelled))", "\(name) [\(choice.argument): \(selector)]", (choice, selector))
  }

  /// When the text is printed, for a translator; nothing for one that always is.
  func notes(_ locale: String) -> [String] { step.map { [$0.choice.note($0.selector, locale: locale)] } ?? [] }

  /// A text in the letters of a name token; what is none is spelled by its number between pairs of colons.
  private static func token(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      if scalar.isASCII, scalar.properties.isAlphabetic || "0123456789._-".unicodeScalars.contains(scalar) {
        result.unicodeScalars.append(scalar)
      } else {
        result += "::\(String(scalar.value, radix: 16, uppercase: true))::"
      }
    }
    return result
  }
}

/// A choice in both languages: the cases of either, with their texts.
struct UnitChoice {
  /// One case with its text in the translation, where it has one, and the text it is translated from.
  struct Case {
    var selector: String
    var own: [Message.Piece]?
    var model: [Message.Piece]
  }

  let id: String
  let argument: String
  private(set) var cases: [Case] = []
  private(set) var plural: (argument: String, offset: Int)?
  private var isOrdinal = false

  /// Takes a choice of the translation or of the original, which need not have both.
  init?(id: String, own: Message.Piece?, model: Message.Piece?, locale: String) {
    self.id = id
    switch own ?? model {
    case .plural(let plural): argument = plural.argument
    case .select(let select): argument = select.argument
    default: return nil
    }
    if case .plural(let plural) = own ?? model {
      self.plural = (plural.argument, plural.offset)
      isOrdinal = plural.isOrdinal
    }
    let (mine, theirs) = (own?.cases ?? [], model?.cases ?? [])
    let fallback = theirs.first { $0.selector == "other" }?.pieces ?? []
    var selectors = mine.map(\.selector)
    // A case of the original that the language of the translation does not have is not asked for.
    let rules = isOrdinal ? PluralRules.ordinal(locale) : PluralRules.cardinal(locale)
    let wanted = plural == nil ? [] : rules.categories.map(\.rawValue)
    let asked = theirs.map(\.selector).filter { plural == nil || $0.hasPrefix("=") } + wanted
    for selector in asked where !selectors.contains(selector) {
      let end = selectors.last == "other" ? selectors.count - 1 : selectors.count
      selectors.insert(selector, at: end)
    }
    cases = selectors.map { selector in
      Case(
        selector: selector, own: mine.first { $0.selector == selector }?.pieces,
        model: theirs.first { $0.selector == selector }?.pieces ?? fallback)
    }
  }

  /// The choice with other texts; cases without one are left out.
  func piece(_ texts: [(selector: String, pieces: [Message.Piece])]) -> Message.Piece {
    guard let plural else {
      let cases = texts.map { Message.Select.Case(key: $0.selector, keyRange: 0..<0, pieces: $0.pieces) }
      return .select(Message.Select(argument: argument, cases: cases, range: 0..<0))
    }
    let cases = texts.compactMap { text in
      Message.Plural.Selector(text.selector).map { Message.Plural.Case(selector: $0, pieces: text.pieces) }
    }
    return .plural(
      Message.Plural(
        argument: argument, isOrdinal: isOrdinal, offset: plural.offset, cases: cases, range: 0..<0))
  }

  /// When a case is printed, for a translator.
  func note(_ selector: String, locale: String) -> String {
    guard let plural else {
      return selector == "other"
        ? "printed where {\(argument)} is none of the other cases" : "printed where {\(argument)} is '\(selector)'"
    }
    if selector.hasPrefix("=") { return "printed where {\(argument)} is \(selector.dropFirst())" }
    let rules = isOrdinal ? PluralRules.ordinal(locale) : PluralRules.cardinal(locale)
    let exact = Set(cases.map(\.selector))
    let examples = (0...200).filter { number in
      !exact.contains("=\(number + plural.offset)")
        && PluralOperands(String(number)).map(rules.category(of:))?.rawValue == selector
    }
    let list = examples.prefix(6).map { String($0 + plural.offset) }.joined(separator: ", ")
    if examples.isEmpty {
      return
        "printed where {\(argument)} is of the category '\(selector)' of '\(locale)', such as a number with decimals"
    }
    return "printed where {\(argument)} is \(list)\(examples.count > 6 ? ", …" : "")"
  }
}

extension Message.Piece {
  /// The cases of a choice with their selectors as they are written.
  fileprivate var cases: [(selector: String, pieces: [Message.Piece])] {
    switch self {
    case .plural(let plural): plural.cases.map { ($0.selector.spelled, $0.pieces) }
    case .select(let select): select.cases.map { ($0.key, $0.pieces) }
    default: []
    }
  }
}

extension Message.Plural.Selector {
  /// The selector that is written so.
  fileprivate init?(_ spelled: String) {
    if spelled.hasPrefix("=") {
      guard let number = Int(spelled.dropFirst()) else { return nil }
      self = .exact(number)
    } else {
      guard let category = PluralCategory(rawValue: spelled) else { return nil }
      self = .category(category)
    }
  }
}
