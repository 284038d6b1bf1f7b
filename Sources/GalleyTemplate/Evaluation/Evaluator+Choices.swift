import GalleySource

/// Choices in messages: taken now where the value is known, left to the sender as conditions where not.
extension Evaluator {
  // MARK: Plurals

  mutating func choose(_ plural: Message.Plural, _ call: MessageCall) -> [TextPiece] {
    guard let argument = call.arguments[plural.argument] else { return [] }
    let rules = plural.isOrdinal ? PluralRules.ordinal(call.locale) : PluralRules.cardinal(call.locale)
    let kind = plural.isOrdinal ? "selectordinal" : "plural"
    switch argument.value.folded {
    case .invalid: return []
    case .known(let value, _, let isData):
      guard let text = value.text, let number = PluralOperands(text, minus: plural.offset) else {
        let found = value.text.map { "'\($0)'" } ?? "nothing"
        return refuse(argument, call, "'\(kind)' in '\(call.message.key)' needs a number, and this is \(found)")
      }
      let category: PluralCategory =
        if isData, plural.offset == 0, let integer = Int(text) { rules.category(ofVariable: integer) } else {
          rules.category(of: number)
        }
      return fill(plural.pieces(for: text, category), call)
    case .pieces:
      return refuse(argument, call, "'\(kind)' in '\(call.message.key)' needs a number, and this is a text")
    case .send(let value): return choose(plural, rules, kind, value, argument, call)
    }
  }

  private mutating func choose(
    _ plural: Message.Plural, _ rules: PluralRules, _ kind: String, _ value: Residual.SendValue,
    _ argument: MessageCall.Value, _ call: MessageCall
  ) -> [TextPiece] {
    guard value.type == .integer || value.type == .invalid else {
      return refuse(
        argument, call,
        "'\(kind)' in '\(call.message.key)' needs an integer, and '\(words(argument.subject.expression))' is "
          + value.type.described, help: ["declare the variable as an integer"])
    }
    guard plural.offset == 0 else {
      report(
        .messageValue, "the offset of '\(plural.argument)' can't be taken from a variable",
        at: call.message.range(of: plural.range), call.frame,
        help: ["let the service pass the smaller number as a variable of its own"])
      return []
    }
    var branches: [(condition: SendExpression, pieces: [Message.Piece])] = []
    var unsayable: [PluralCategory] = []
    let abilities = environment.dialect.abilities
    for choice in plural.cases.inOrderOfChoice {
      switch choice.selector {
      case .exact(let number):
        branches.append((.compare(.equal, value.expression, .literal(.integer(number))), choice.pieces))
      case .category(let category):
        let truth = rules.truth(of: category, for: value.expression, hasOrder: abilities.contains(.order))
        guard case .condition(let condition) = truth else { continue }
        if condition.hasRemainder, !abilities.contains(.remainders) { unsayable.append(category) }
        branches.append((condition, choice.pieces))
      }
    }
    if !unsayable.isEmpty {
      reportUnsayable(unsayable, plural, call)
      return []
    }
    return chain(branches, otherwise: plural[.category(.other)] ?? [], at: plural.range, call)
  }

  private mutating func reportUnsayable(
    _ categories: [PluralCategory], _ plural: Message.Plural, _ call: MessageCall
  ) {
    let names = categories.map { "'\($0.rawValue)'" }.joined(separator: ", ")
    let cases = plural.cases.compactMap {
      if case .category(let category) = $0.selector, category != .other { category.rawValue } else { nil }
    }
    report(
      .dialectInexpressible,
      "'\(call.locale)' finds \(names) by the last digits of '\(plural.argument)', "
        + "and '\(environment.dialect.name)' has no remainders", at: call.message.range(of: plural.range), call.frame,
      help: [
        "let the service pass the category: '{category, select, \(cases.joined(separator: " {…} ")) {…} other {…}}'",
        "or tell single numbers apart, such as '=1 {…}', and let 'other' say the rest",
      ])
  }

  // MARK: Selects

  mutating func choose(_ select: Message.Select, _ call: MessageCall) -> [TextPiece] {
    guard let argument = call.arguments[select.argument] else { return [] }
    switch argument.value.folded {
    case .invalid: return []
    case .known(let value, _, _): return fill(select.pieces(for: value.text ?? ""), call)
    case .pieces:
      return refuse(
        argument, call, "'select' in '\(call.message.key)' needs a value to compare, and this is a text with variables")
    case .send(let value):
      checkKeys(of: select, value.type, argument, call)
      let branches = select.cases.compactMap { choice in
        select.literal(choice.key, for: value.type).map {
          (condition: SendExpression.compare(.equal, value.expression, .literal($0)), pieces: choice.pieces)
        }
      }
      return chain(branches, otherwise: select["other"] ?? [], at: select.range, call)
    }
  }

  /// Reports cases that the value never has.
  private mutating func checkKeys(
    of select: Message.Select, _ type: ValueType, _ argument: MessageCall.Value, _ call: MessageCall
  ) {
    for choice in select.cases where choice.key != "other" {
      var help: [String] = []
      switch type {
      case .enumeration(let values) where !values.contains(choice.key):
        let near = Suggestion.nearest(to: choice.key, among: values)
        let list = values.prefix(20).map { "'\($0)'" }.joined(separator: ", ")
        help = [near.map { "did you mean '\($0)'?" } ?? "its values are \(list)"]
      case .integer where Int(choice.key) == nil: help = ["an integer is compared with whole numbers; or use 'plural'"]
      default: continue
      }
      report(
        .messageValue, "'\(words(argument.subject.expression))' is never '\(choice.key)'",
        at: call.message.range(of: choice.keyRange), call.frame, help: help)
    }
  }

  // MARK: Both

  /// The branches as conditions of the sender, one in the `else` of the other.
  private mutating func chain(
    _ branches: [(condition: SendExpression, pieces: [Message.Piece])], otherwise: [Message.Piece],
    at offsets: Range<Int>, _ call: MessageCall
  ) -> [TextPiece] {
    let origin = call.message.range(of: offsets)
    var result = fill(otherwise, call)
    for branch in branches.reversed() {
      let pieces = fill(branch.pieces, call)
      result = [.choice(branch.condition, pieces, result, origin: origin, frame: call.frame)]
    }
    return result
  }

  private mutating func refuse(
    _ argument: MessageCall.Value, _ call: MessageCall, _ message: String, help: [String] = []
  ) -> [TextPiece] {
    report(
      .messageValue, message, at: argument.subject.expression, call.callFrame,
      notes: [Diagnostic.Note("the message is here", at: call.message.range)], help: help)
    return []
  }
}

extension Message.Plural {
  /// The text for a known number of a category.
  fileprivate func pieces(for number: String, _ category: PluralCategory) -> [Message.Piece] {
    if let exact = exact(number), let pieces = self[.exact(exact)] { return pieces }
    return self[.category(category)] ?? self[.category(.other)] ?? []
  }

  /// A number that is whole, however many zeros follow its point.
  private func exact(_ text: String) -> Int? {
    let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard let whole = parts.first, parts.count == 1 || parts[1].utf8.allSatisfy({ $0 == 0x30 }) else { return nil }
    return Int(whole)
  }
}

extension [Message.Plural.Case] {
  /// The cases as they are tried: exact numbers first. `other` is left out.
  fileprivate var inOrderOfChoice: [Message.Plural.Case] {
    let exact = filter { if case .exact = $0.selector { true } else { false } }
    return exact + filter { if case .category(let category) = $0.selector { category != .other } else { false } }
  }
}

extension Message.Select {
  fileprivate func pieces(for key: String) -> [Message.Piece] { self[key] ?? self["other"] ?? [] }

  /// The value that a case stands for, or nil where it is `other` or can't be of the type.
  fileprivate func literal(_ key: String, for type: ValueType) -> Value? {
    if key == "other" { return nil }
    if type == .integer { return Int(key).map { .integer($0) } }
    return .string(key)
  }
}

extension SendExpression {
  fileprivate var hasRemainder: Bool {
    var result = false
    forEach { if case .remainder = $0 { result = true } }
    return result
  }
}
