/// Spells holes in a dialect of statements around expressions.
struct StatementSpeller: HoleSpeller {
  private let dialect: Dialect
  private let syntax: StatementSyntax
  private let types: SendTypes
  private let positions: PositionNames
  /// For each open block, whether it is a loop.
  private var isLoop: [Bool] = []
  private var openLoops: [(loop: SendExpression.Loop, list: String)] = []

  private typealias Spelled = (text: String, level: StatementSyntax.Level)

  init(_ text: AssembledText, _ dialect: Dialect, _ syntax: StatementSyntax) {
    self.dialect = dialect
    self.syntax = syntax
    types = text.types
    positions = syntax.assign == nil ? PositionNames() : PositionNames(text, dialect)
  }

  mutating func spell(_ kind: AssembledText.Hole.Kind) throws(Lack) -> String {
    switch kind {
    case .output(let expression, _, let escaping): return try output(expression, escaping)
    case .beginIf(let condition):
      isLoop.append(false)
      return Pattern.filled(syntax.beginIf, [try spell(condition: condition)])
    case .elseIf(let condition): return Pattern.filled(syntax.elseIf, [try spell(condition: condition)])
    case .otherwise: return isLoop.last == true ? syntax.otherwiseEach : syntax.otherwise
    case .endIf:
      _ = isLoop.popLast()
      return syntax.endIf
    case .beginEach(let loop, let list): return try begin(loop, over: list)
    case .endEach:
      _ = isLoop.popLast()
      _ = openLoops.popLast()
      return syntax.endEach
    }
  }

  func literal(_ text: String) -> String? { try? Pattern.filled(syntax.output, [quoted(text)]) }

  private func output(_ expression: SendExpression, _ escaping: Escaping) throws(Lack) -> String {
    // What its caller does to values, nobody does to what is known already.
    let expression = dialect.callerDuty(for: escaping).map { expression.afterDuty($0, of: dialect) } ?? expression
    guard let form = syntax.escapings[escaping] else {
      return Pattern.filled(syntax.output, [try render(expression).text])
    }
    return Pattern.filled(syntax.output, [try apply(form, [expression]).text])
  }

  private mutating func begin(
    _ loop: SendExpression.Loop, over list: SendExpression
  ) throws(Lack) -> String {
    var spelled: Result<String, Lack>
    do throws(Lack) { spelled = .success(try render(list).text) } catch { spelled = .failure(error) }
    isLoop.append(true)
    openLoops.append((loop, (try? spelled.get()) ?? ""))
    let list = try spelled.get()
    var result = Pattern.filled(syntax.beginEach, [list, loop.name])
    if let assign = syntax.assign {
      for (kind, name) in positions.named(in: loop) {
        result += Pattern.filled(assign, [try position(kind, of: loop).text, name])
      }
    }
    return result
  }

  // MARK: Expressions

  private func render(_ expression: SendExpression) throws(Lack) -> Spelled {
    switch expression {
    case .variable(let name): return (Pattern.filled(syntax.variable, [name]), .primary)
    case .item(let loop): return (Pattern.filled(syntax.item, [loop.name]), .primary)
    case .field(let record, let name): return try field(name, of: record)
    case .index(let loop): return try named(.index, of: loop)
    case .isFirst(let loop): return try named(.first, of: loop)
    case .isLast(let loop): return try named(.last, of: loop)
    case .literal(let value): return (try literal(value), .primary)
    case .compare(let comparison, let a, let b): return try compare(comparison, a, b)
    case .and(let operands): return try chain(syntax.and, operands)
    case .or(let operands): return try chain(syntax.or, operands)
    case .not(let operand): return try apply(syntax.not, [operand])
    case .isPresent(let operand): return try apply(syntax.isPresent, [operand])
    case .fallback(let a, let b): return try fallback(a, b)
    case .remainder(let operand, let divisor): return try remainder(operand, divisor)
    }
  }

  private func apply(_ form: StatementSyntax.Form, _ operands: [SendExpression]) throws(Lack) -> Spelled {
    var texts: [String] = []
    for operand in operands { texts.append(try parenthesized(operand, at: form.operand)) }
    return (Pattern.filled(form.pattern, texts), form.level)
  }

  private func parenthesized(
    _ expression: SendExpression, at level: StatementSyntax.Level
  ) throws(Lack) -> String {
    let (text, own) = try render(expression)
    return own < level ? "(\(text))" : text
  }

  private func field(_ name: String, of record: SendExpression) throws(Lack) -> Spelled {
    let isPlain =
      name.utf8.allSatisfy(Dialect.isNameByte) && !(name.utf8.first.map { (0x30...0x39).contains($0) } ?? true)
      && !name.hasPrefix("_") && !syntax.quotedFieldNames.contains(name)
    let form = isPlain ? syntax.field : syntax.quotedField
    let base = try parenthesized(record, at: form.operand)
    return (Pattern.filled(form.pattern, [base, isPlain ? name : try quoted(name)]), form.level)
  }

  private func compare(
    _ comparison: SendExpression.Comparison, _ a: SendExpression, _ b: SendExpression
  ) throws(Lack) -> Spelled {
    guard let form = syntax.comparisons[comparison] else { throw Lack(ability: .equality, name: "comparison") }
    var operands: [String] = []
    for operand in [a, b] {
      switch operand {
      case .and, .or: operands.append("(" + (try apply(syntax.truth, [operand]).text) + ")")
      default: operands.append(try parenthesized(operand, at: form.operand))
      }
    }
    return (Pattern.filled(form.pattern, operands), form.level)
  }

  private func chain(_ form: StatementSyntax.Form, _ operands: [SendExpression]) throws(Lack) -> Spelled {
    var result = ""
    for (index, operand) in operands.enumerated() {
      let text = try parenthesized(operand, at: form.operand)
      if index == 0 {
        result = text
      } else {
        // What is written in front of its operands takes two; between them, any number in a row.
        let isInner = index > 1 && !form.pattern.hasPrefix("$0")
        result = Pattern.filled(form.pattern, [isInner ? "(\(result))" : result, text])
      }
    }
    return (result, form.level)
  }

  private func fallback(_ a: SendExpression, _ b: SendExpression) throws(Lack) -> Spelled {
    switch b {
    case .literal(.string), .literal(.list([])): return try apply(syntax.textFallback, [a, b])
    default: return try apply(syntax.fallback, [a, b])
    }
  }

  private func remainder(_ operand: SendExpression, _ divisor: Int) throws(Lack) -> Spelled {
    guard let form = syntax.remainder else { throw Lack(ability: .remainders, name: "remainders") }
    return (Pattern.filled(form.pattern, [try parenthesized(operand, at: form.operand), String(divisor)]), form.level)
  }

  // MARK: Literals

  private func literal(_ value: Value) throws(Lack) -> String {
    switch value {
    case .null: return syntax.nullName
    case .boolean(let value): return value ? syntax.trueName : syntax.falseName
    case .integer(let value): return String(value)
    case .decimal(let text): return text
    case .string(let text): return try quoted(text)
    case .list(let items):
      var texts: [String] = []
      for item in items { texts.append(try literal(item)) }
      return "[" + texts.joined(separator: ", ") + "]"
    case .record(let fields):
      var texts: [String] = []
      for field in fields { texts.append(try quoted(field.name) + ": " + literal(field.value)) }
      return "{ " + texts.joined(separator: ", ") + " }"
    }
  }

  private func quoted(_ text: String) throws(Lack) -> String {
    switch syntax.quoting {
    case .escaped: return Literal.escaped(text, quote: "'")
    case .backquoted:
      let isPlain = text.utf8.allSatisfy { $0 >= 0x20 && $0 != UInt8(ascii: "`") && $0 != 0x7F }
      return isPlain ? "`\(text)`" : Literal.escaped(text, quote: "\"")
    case .plain:
      if text.utf8.contains(UInt8(ascii: "}")) || text.utf8.contains(where: { $0 < 0x20 }) || text.contains("{%") {
        throw Lack(ability: .anyTexts, name: "texts with braces or line ends in expressions")
      }
      if !text.utf8.contains(UInt8(ascii: "'")) { return "'\(text)'" }
      if !text.utf8.contains(UInt8(ascii: "\"")) { return "\"\(text)\"" }
      throw Lack(ability: .anyTexts, name: "texts with both kinds of quotation marks in expressions")
    }
  }

  // MARK: Positions in loops

  /// The position in a loop by the name it was given, or in the dialect's own words, which mean the innermost loop.
  private func named(_ kind: PositionNames.Kind, of loop: SendExpression.Loop) throws(Lack) -> Spelled {
    if syntax.assign != nil, openLoops.last?.loop.id != loop.id, let name = positions[kind, loop] {
      return (name, .primary)
    }
    return try position(kind, of: loop)
  }

  private func position(_ kind: PositionNames.Kind, of loop: SendExpression.Loop) throws(Lack) -> Spelled {
    let form =
      switch kind {
      case .index: syntax.index
      case .first: syntax.isFirst
      case .last: syntax.isLast
      }
    let list = openLoops.last { $0.loop.id == loop.id }?.list ?? ""
    return (Pattern.filled(form.pattern, [loop.name, list]), form.level)
  }

  // MARK: Conditions

  private func spell(condition: SendExpression) throws(Lack) -> String {
    guard syntax.conditions == .flat else { return try render(condition).text }
    return try flat(terms(of: SendCondition(condition, types)))
  }

  /// A condition in which each type's truth is spelled out.
  private indirect enum Term {
    case plain(String)
    case all([Term])
    case any([Term])

    var isPlain: Bool { if case .plain = self { true } else { false } }
  }

  private func flat(_ term: Term) throws(Lack) -> String {
    let (operands, word): ([Term], String) =
      switch term {
      case .plain(let text): ([.plain(text)], "")
      case .all(let operands): (operands, " and ")
      case .any(let operands): (operands, " or ")
      }
    var texts: [String] = []
    let compound = operands.filter { !$0.isPlain }
    if compound.count > 1 {
      throw Lack(
        ability: .logic, name: "parentheses, which a condition so mixed of 'and' and 'or' needs",
        help: ["write one '{{#if}}' inside another, or an '{{else if}}'"])
    }
    for operand in operands { if case .plain(let text) = operand { texts.append(text) } }
    // What has an operator of its own comes last: operators bind to the right.
    for operand in compound { texts.append(try flat(operand)) }
    return texts.joined(separator: word)
  }

  private func terms(of condition: SendCondition) throws(Lack) -> Term {
    switch condition {
    case .constant(let value): return .plain(value ? syntax.trueName : syntax.falseName)
    case .truth(let value, let isTrue): return try truth(of: value, isTrue)
    case .presence(let value, let isTrue): return .plain(try render(value).text + (isTrue ? " != nil" : " == nil"))
    case .comparison(let comparison, let a, let b): return .plain(try compare(comparison, a, b).text)
    case .all(let operands): return .all(try terms(of: operands, isAll: true))
    case .any(let operands): return .any(try terms(of: operands, isAll: false))
    case .lack(let lack): throw lack
    }
  }

  private func terms(of conditions: [SendCondition], isAll: Bool) throws(Lack) -> [Term] {
    var result: [Term] = []
    for condition in conditions {
      switch try terms(of: condition) {
      case .all(let inner) where isAll: result += inner
      case .any(let inner) where !isAll: result += inner
      case let term: result.append(term)
      }
    }
    return result
  }

  /// What our truth of a value comes to where only `nil` and `false` are not true.
  private func truth(of value: SendExpression, _ isTrue: Bool) throws(Lack) -> Term {
    let name = try render(value).text
    let entry = types.entry(of: value)
    let isOptional = entry?.isOptional ?? true
    func nothing(or term: String) -> Term {
      isOptional ? .any([.plain("\(name) == nil"), .plain(term)]) : .plain(term)
    }
    func something(and term: String) -> Term {
      isOptional ? .all([.plain("\(name) != nil"), .plain(term)]) : .plain(term)
    }
    switch entry?.type {
    case .integer: return isTrue ? something(and: "\(name) != 0") : nothing(or: "\(name) == 0")
    case .list: return isTrue ? .plain("\(name).size > 0") : nothing(or: "\(name).size == 0")
    case .decimal:
      return isTrue
        ? .all([.plain("\(name) != nil"), .plain("\(name) != ''"), .plain("\(name) != 0")])
        : .any([.plain("\(name) == nil"), .plain("\(name) == ''"), .plain("\(name) == 0")])
    case .boolean: return .plain(isTrue ? name : "\(name) != true")
    case .record: return .plain(isTrue ? name : "\(name) == nil")
    default: return isTrue ? .plain("\(name).size > 0") : nothing(or: "\(name) == ''")
    }
  }
}

extension SendExpression {
  /// The expression with the texts in it as the caller of `dialect` would pass them.
  fileprivate func afterDuty(_ duty: Escaping, of dialect: Dialect) -> SendExpression {
    switch self {
    case .fallback(let a, let b):
      return .fallback(a.afterDuty(duty, of: dialect), b.afterDuty(duty, of: dialect))
    case .literal(.string(let text)):
      var bytes: [UInt8] = []
      Escaper.append(text, escaping: duty, dialect: dialect, to: &bytes)
      return .literal(.string(String(decoding: bytes, as: UTF8.self)))
    default: return self
    }
  }
}

/// Names for the positions of loops that are asked for within a further loop, where a dialect's own words mean the inner
/// one.
struct PositionNames {
  /// What is asked of a position.
  enum Kind: String, CaseIterable { case index, first, last }

  private struct Key: Hashable {
    let loop: Int
    let kind: Kind
  }

  private var names: [Key: String] = [:]

  /// No names.
  init() {}

  /// The names that a text needs; none means anything else in it.
  init(_ text: AssembledText, _ dialect: Dialect) {
    var open: [Int] = []
    var needed: Set<Key> = []
    var taken: Set<String> = []
    for hole in text.holes {
      for expression in hole.kind.expressions {
        expression.forEach { part in
          if case .variable(let name) = part { taken.insert(name) }
          if let key = Self.key(part), key.loop != open.last { needed.insert(key) }
        }
      }
      if case .beginEach(let loop, _) = hole.kind {
        open.append(loop.id)
        taken.insert(loop.name)
      }
      if case .endEach = hole.kind { open.removeLast() }
    }
    guard !needed.isEmpty else { return }
    for hole in text.holes {
      guard case .beginEach(let loop, _) = hole.kind else { continue }
      for kind in Kind.allCases where needed.contains(Key(loop: loop.id, kind: kind)) {
        var name = loop.name + "_" + kind.rawValue
        while !taken.insert(name).inserted || dialect.reservedNames.contains(name) { name += "_" }
        names[Key(loop: loop.id, kind: kind)] = name
      }
    }
  }

  /// The name of a position, if it has one.
  subscript(kind: Kind, loop: SendExpression.Loop) -> String? { names[Key(loop: loop.id, kind: kind)] }

  /// The names to give where a loop begins.
  func named(in loop: SendExpression.Loop) -> [(kind: Kind, name: String)] {
    Kind.allCases.compactMap { kind in self[kind, loop].map { (kind, $0) } }
  }

  private static func key(_ expression: SendExpression) -> Key? {
    switch expression {
    case .index(let loop): Key(loop: loop.id, kind: .index)
    case .isFirst(let loop): Key(loop: loop.id, kind: .first)
    case .isLast(let loop): Key(loop: loop.id, kind: .last)
    default: nil
    }
  }
}
