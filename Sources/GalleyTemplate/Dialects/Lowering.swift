import GalleySource

/// Rewrites what a dialect has no words for into what it has: an `else` into the opposite condition, a fallback into a
/// choice.
///
/// Nothing is repeated, so a text grows by a constant times its holes. The writer and the interpreter both work on the
/// result, which means what the text meant.
extension AssembledText {
  /// The text without constructs that `dialect` says in other ways.
  func lowered(for dialect: Dialect) -> AssembledText {
    guard let first = holes.first, dialect.abilities.contains(.conditions), dialect.syntax.loopsOverNothing else {
      return self
    }
    var lowering = Lowering(self, dialect, startingAt: first.origin)
    return lowering.run()
  }
}

private struct Lowering {
  /// A block that is open in the input.
  private enum Block {
    /// A condition: what decides about the branch that is open, and how many conditions within must end with it.
    case condition(SendExpression, inner: Int, origin: SourceRange)
    /// A loop over a list.
    case loop(SendExpression, origin: SourceRange)
  }

  private let text: AssembledText
  private let dialect: Dialect
  private let abilities: Dialect.Abilities
  private var result: AssembledText
  private var blocks: [Block] = []
  /// The hole that is being rewritten.
  private var origin: SourceRange
  private var frame = OriginMap.Frame.root

  init(_ text: AssembledText, _ dialect: Dialect, startingAt origin: SourceRange) {
    self.text = text
    self.dialect = dialect
    abilities = dialect.abilities
    result = AssembledText(origins: text.origins.emptied(), types: text.types)
    result.bytes.reserveCapacity(text.bytes.count)
    self.origin = origin
  }

  mutating func run() -> AssembledText {
    var position = 0
    for hole in text.holes {
      copy(position..<hole.offset)
      position = hole.offset + 1
      origin = hole.origin
      frame = text.origins.frame(at: hole.offset)
      rewrite(hole.kind)
    }
    copy(position..<text.bytes.count)
    return result
  }

  private mutating func copy(_ range: Range<Int>) {
    guard !range.isEmpty else { return }
    result.bytes.append(contentsOf: text.bytes[range])
    result.origins.append(range, of: text.origins)
  }

  private mutating func emit(_ kind: AssembledText.Hole.Kind, origin begin: SourceRange? = nil) {
    result.holes.append(AssembledText.Hole(offset: result.bytes.count, kind: kind, origin: begin ?? origin))
    result.bytes.append(AssembledText.token)
    result.origins.append(begin ?? origin, frame: frame, isVerbatim: false, count: 1)
  }

  private mutating func rewrite(_ kind: AssembledText.Hole.Kind) {
    switch kind {
    case .output(let expression, let type, let escaping): print(expression, type, escaping)
    case .beginIf(let condition):
      blocks.append(.condition(condition, inner: 0, origin: origin))
      emit(kind)
    case .elseIf(let condition): goOn(with: condition)
    case .otherwise: divide()
    case .endIf:
      guard case .condition(_, let inner, _)? = blocks.popLast() else { return emit(kind) }
      for _ in 0...inner { emit(.endIf) }
    case .beginEach(let loop, let list):
      blocks.append(.loop(list.withoutEmptyList, origin: origin))
      emit(.beginEach(loop, list.withoutEmptyList))
    case .endEach:
      // Where an empty case was divided off, a condition has taken the place of the loop.
      if case .condition? = blocks.popLast() { emit(.endIf) } else { emit(kind) }
    }
  }

  private mutating func goOn(with condition: SendExpression) {
    guard !abilities.contains(.chains), case .condition(let current, let inner, let begin)? = blocks.last else {
      return emit(.elseIf(condition))
    }
    turn(current, of: begin)
    emit(.beginIf(condition))
    blocks[blocks.count - 1] = .condition(condition, inner: inner + 1, origin: origin)
  }

  private mutating func divide() {
    switch blocks.last {
    case .condition(let current, _, let begin): turn(current, of: begin)
    case .loop(let list, let begin) where !abilities.contains(.emptyLoops):
      emit(.endEach)
      emit(.beginIf(.not(list)), origin: begin)
      blocks[blocks.count - 1] = .condition(list, inner: 0, origin: begin)
    case .loop, nil: emit(.otherwise)
    }
  }

  /// Turns to the other branch of the innermost condition, which the construct at `begin` opened.
  ///
  /// What can't be said of one can't be said of its opposite, and is blamed on the same construct.
  private mutating func turn(_ condition: SendExpression, of begin: SourceRange) {
    if abilities.contains(.otherwise) { return emit(.otherwise) }
    emit(.endIf)
    emit(.beginIf(.not(condition)), origin: begin)
  }

  // MARK: Fallbacks

  private mutating func print(_ expression: SendExpression, _ type: ValueType, _ escaping: Escaping) {
    let choices = expression.choices
    guard choices.count > 1, !canPrint(choices) else {
      return emit(.output(expression, type: type, escaping: escaping))
    }
    for (index, choice) in choices.enumerated() {
      if index + 1 < choices.count {
        let condition = presence(of: choice, type)
        emit(.beginIf(condition))
        printOne(choice, type, escaping)
        turn(condition, of: origin)
      } else {
        printOne(choice, type, escaping)
      }
    }
    for _ in choices.dropFirst() { emit(.endIf) }
  }

  /// Whether the dialect has an expression for a fallback of this type.
  private func canPrint(_ choices: [SendExpression]) -> Bool {
    guard abilities.contains(.fallbacks) else { return false }
    guard dialect.syntax.fallsBackForTextsOnly else { return true }
    return choices.dropLast().allSatisfy { text.types.entry(of: $0)?.type.isTextual ?? false }
  }

  private mutating func printOne(_ choice: SendExpression, _ type: ValueType, _ escaping: Escaping) {
    guard case .literal(let value) = choice else {
      return emit(.output(choice, type: type, escaping: escaping))
    }
    guard let printed = value.text else { return }
    let start = result.bytes.count
    Escaper.append(printed, escaping: escaping, dialect: dialect, to: &result.bytes)
    result.origins.append(origin, frame: frame, isVerbatim: false, count: result.bytes.count - start)
  }

  /// The condition under which no fallback takes the place of a value: it is there, and no empty text.
  private func presence(of choice: SendExpression, _ type: ValueType) -> SendExpression {
    let type = text.types.entry(of: choice)?.type ?? type
    switch type {
    case .integer, .boolean, .list, .record: return .isPresent(choice)
    case .decimal: return .and([.isPresent(choice), .compare(.notEqual, choice, .literal(.string("")))])
    default: return choice
    }
  }
}

extension Dialect.Syntax {
  /// Whether a loop over an absent list is one over an empty list, as it is everywhere but in Jinja.
  fileprivate var loopsOverNothing: Bool {
    if case .statements(let syntax) = self { return syntax.loopsOverNothing }
    return true
  }

  /// Whether the dialect's fallbacks would take 0 for nothing.
  fileprivate var fallsBackForTextsOnly: Bool {
    if case .statements(let syntax) = self { return syntax.fallsBackForTextsOnly }
    return false
  }
}

extension SendExpression {
  /// The values of nested fallbacks, in the order in which they are tried.
  var choices: [SendExpression] {
    guard case .fallback(let first, let second) = self else { return [self] }
    return first.choices + second.choices
  }

  /// A list without the empty one that takes its place where it is absent.
  fileprivate var withoutEmptyList: SendExpression {
    if case .fallback(let list, .literal(.list([]))) = self { return list }
    return self
  }
}

extension ValueType {
  /// Whether a value is always a text in data.
  var isTextual: Bool {
    switch self {
    case .string, .money, .date, .datetime, .url, .urlPart, .email, .color, .html, .enumeration: true
    case .integer, .decimal, .boolean, .list, .record, .invalid: false
    }
  }
}
