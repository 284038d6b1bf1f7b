/// The marks of one text in two languages.
///
/// What is written alike has one identifier in both: the second `{name}` of the translation is the second of the original.
struct UnitMarks {
  private(set) var pieces: [String: Message.Piece] = [:]
  private var identifiers: [String: [String]] = [:]
  private var counts: [String: Int] = [:]
  /// The choices by their identifiers, in the order of the translation, then of the original.
  private(set) var choices: [UnitChoice] = []
  private(set) var own: [TranslationUnit.Content]?
  private(set) var model: [TranslationUnit.Content] = []

  init(_ own: [Message.Piece]?, _ model: [Message.Piece], locale: String) {
    var (theirs, mine): (Reading, Reading) = (Reading(), Reading())
    self.model = contents(model, &theirs)
    self.own = own.map { contents($0, &mine) }
    for id in mine.choices.map(\.id) + theirs.choices.map(\.id) where !choices.contains(where: { $0.id == id }) {
      let choice = UnitChoice(
        id: id, own: mine.choices.first { $0.id == id }?.piece, model: theirs.choices.first { $0.id == id }?.piece,
        locale: locale)
      if let choice { choices.append(choice) }
    }
  }

  /// Whether there are words to translate, and not a choice alone.
  var isText: Bool { [own ?? [], model].contains { !$0.isEmpty && !isChoice($0) } }

  private func isChoice(_ contents: [TranslationUnit.Content]) -> Bool {
    guard contents.count == 1, case .mark(let mark) = contents[0] else { return false }
    return choices.contains { $0.id == mark.id }
  }

  /// One pass over the pieces of a language.
  private struct Reading {
    var used: [String: Int] = [:]
    var choices: [(id: String, piece: Message.Piece)] = []
  }

  private mutating func contents(_ pieces: [Message.Piece], _ reading: inout Reading) -> [TranslationUnit.Content] {
    var result: [TranslationUnit.Content] = []
    for piece in pieces {
      switch piece {
      case .text(let bytes, _): result.append(.text(String(decoding: bytes, as: UTF8.self)))
      case .tag(_, let inner, _):
        let mark = mark(piece, &reading)
        result.append(.span(mark, contents(inner, &reading)))
      case .plural, .select:
        let mark = mark(piece, &reading)
        reading.choices.append((mark.id, piece))
        result.append(.mark(mark))
      case .argument, .number, .date, .count: result.append(.mark(mark(piece, &reading)))
      }
    }
    return result
  }

  private mutating func mark(_ piece: Message.Piece, _ reading: inout Reading) -> TranslationUnit.Mark {
    let label = piece.label
    let index = reading.used[label, default: 0]
    reading.used[label] = index + 1
    if let known = identifiers[label], index < known.count {
      return TranslationUnit.Mark(id: known[index], label: label)
    }
    let base = piece.markBase
    counts[base, default: 0] += 1
    let number = counts[base] ?? 1
    let id = number == 1 ? base : "\(base).\(number)"
    identifiers[label, default: []].append(id)
    pieces[id] = piece
    return TranslationUnit.Mark(id: id, label: label)
  }
}

extension Message.Piece {
  /// What an identifier of the piece begins with; names hold no full stop.
  fileprivate var markBase: String {
    switch self {
    case .text: "text"
    case .argument(let name, _): name
    case .number(let name, _, _): name + ".number"
    case .date(let name, _, _): name + ".date"
    case .count(let name, _, _): name + ".count"
    case .plural(let plural): plural.argument + (plural.isOrdinal ? ".selectordinal" : ".plural")
    case .select(let select): select.argument + ".select"
    case .tag(let name, _, _): name + ".tag"
    }
  }
}

/// Collects the units of a message.
struct UnitCollector {
  let key: String
  let locale: String
  var units: [TranslationUnit] = []

  init(key: String, locale: String) { (self.key, self.locale) = (key, locale) }

  mutating func collect(_ own: [Message.Piece]?, _ model: [Message.Piece], _ path: UnitPath) {
    let marks = UnitMarks(own, model, locale: locale)
    if marks.isText {
      units.append(
        TranslationUnit(
          id: path.id, name: path.name, key: key, source: marks.model, target: marks.own,
          notes: path.notes(locale)))
    }
    for choice in marks.choices {
      for entry in choice.cases {
        collect(entry.own, entry.model, path.appending(choice, entry.selector))
      }
    }
  }
}

/// Makes a message of the texts of its units.
struct UnitAssembler {
  let texts: [String: [TranslationUnit.Content]]
  let locale: String
  private(set) var fault: TranslationUnits.Fault?

  init(texts: [String: [TranslationUnit.Content]], locale: String) { (self.texts, self.locale) = (texts, locale) }

  /// The pieces of a text; nil where it is not translated.
  mutating func pieces(
    _ own: [Message.Piece]?, _ model: [Message.Piece], _ path: UnitPath
  ) -> [Message.Piece]? {
    let marks = UnitMarks(own, model, locale: locale)
    var choices: [String: Message.Piece] = [:]
    for choice in marks.choices { choices[choice.id] = piece(choice, path) }
    // A text that is a choice alone is no unit; its translation is the choice itself.
    let isText = marks.isText
    guard let contents = (isText ? texts[path.id] : nil) ?? marks.own ?? (isText ? nil : marks.model) else {
      return nil
    }
    return pieces(contents, marks, choices, path)
  }

  private mutating func piece(_ choice: UnitChoice, _ path: UnitPath) -> Message.Piece? {
    var cases: [(selector: String, pieces: [Message.Piece])] = []
    for entry in choice.cases {
      let inner = path.appending(choice, entry.selector)
      if let pieces = pieces(entry.own, entry.model, inner) { cases.append((entry.selector, pieces)) }
    }
    if cases.contains(where: { $0.selector == "other" }) { return choice.piece(cases) }
    if !cases.isEmpty, fault == nil {
      fault = .incomplete(unit: path.appending(choice, "other").id)
    }
    return nil
  }

  private mutating func pieces(
    _ contents: [TranslationUnit.Content], _ marks: UnitMarks, _ choices: [String: Message.Piece], _ path: UnitPath
  ) -> [Message.Piece]? {
    var result: [Message.Piece] = []
    for content in contents {
      switch content {
      case .text(let text):
        if text.isEmpty { continue }
        if case .text(let before, _) = result.last {
          result[result.count - 1] = .text(before + Array(text.utf8), 0..<0)
        } else {
          result.append(.text(Array(text.utf8), 0..<0))
        }
      case .span(let mark, let inner):
        guard case .tag(let name, _, _) = marks.pieces[mark.id] else { return unknown(mark, path) }
        guard let inner = pieces(inner, marks, choices, path) else { return nil }
        result.append(.tag(name, inner, 0..<0))
      case .mark(let mark):
        guard let piece = marks.pieces[mark.id] else { return unknown(mark, path) }
        switch piece {
        case .tag: return unknown(mark, path)
        case .plural, .select:
          guard let choice = choices[mark.id] else {
            // The text around is there, and the choice is not.
            if texts[path.id] != nil, fault == nil { fault = .incomplete(unit: path.id) }
            return nil
          }
          result.append(choice)
        default: result.append(piece)
        }
      }
    }
    return result
  }

  private mutating func unknown(_ mark: TranslationUnit.Mark, _ path: UnitPath) -> [Message.Piece]? {
    if fault == nil { fault = .unknownMark(unit: path.id, mark: mark.id) }
    return nil
  }
}
