/// Writes an assembled text in the syntax of a dialect.
///
/// What a dialect can't express was refused when the text was assembled, so writing can't fail.
package struct DialectWriter {
  private let text: AssembledText
  private let dialect: Dialect
  private let syntax: DialectSyntax
  private let protection: LiteralProtection
  private var output: [UInt8] = []
  /// For each open block, whether it is a loop.
  private var isLoop: [Bool] = []
  private var openLoops: [SendExpression.Loop] = []
  private var positionNames: [PositionKey: String] = [:]
  private var namedPositions: [Int: [PositionKey]] = [:]

  /// Which position of which loop.
  private struct PositionKey: Hashable {
    enum Kind: String { case index, first, last }
    let loop: Int
    let kind: Kind
  }

  /// The bytes of one part of a mail as the sender's engine reads them.
  package static func write(_ text: AssembledText, dialect: Dialect, part: MailPart) -> [UInt8] {
    var writer = DialectWriter(text.protected(for: dialect, part: part), dialect)
    writer.nameOuterPositions()
    writer.writeAll()
    return writer.output
  }

  private init(_ text: AssembledText, _ dialect: Dialect) {
    self.text = text
    self.dialect = dialect
    syntax = dialect.syntax
    protection = LiteralProtection(text, dialect)
    output.reserveCapacity(text.bytes.count + text.holes.count * 24)
  }

  // MARK: Literal text and holes

  private mutating func writeAll() {
    var position = 0
    for hole in text.holes {
      writeLiteral(position..<hole.offset)
      write(hole.kind)
      position = hole.offset + 1
    }
    writeLiteral(position..<text.bytes.count)
    if dialect.literals.dropsFinalLineEnd, output.last == 0x0A { output.append(0x0A) }
  }

  private mutating func writeLiteral(_ range: Range<Int>) {
    guard dialect.literals.canPrintText else { return output.append(contentsOf: text.bytes[range]) }
    var start = range.lowerBound
    var index = start
    while index < range.upperBound {
      let byte = text.bytes[index]
      guard byte == UInt8(ascii: "{") || byte == UInt8(ascii: "\r"), protection.mustProtect(index) else {
        index += 1
        continue
      }
      output.append(contentsOf: text.bytes[start..<index])
      var end = index + 1
      while end < range.upperBound, protection.mustProtect(end) { end += 1 }
      let literal = String(decoding: text.bytes[index..<end], as: UTF8.self)
      fill(syntax.output, [Self.quoted(literal)])
      start = end
      index = end
    }
    output.append(contentsOf: text.bytes[start..<range.upperBound])
  }

  private mutating func write(_ kind: AssembledText.Hole.Kind) {
    switch kind {
    case .output(let expression, _, let escaping):
      if let form = syntax.escapings[escaping] {
        fill(syntax.output, [apply(form, [expression])])
      } else {
        fill(syntax.output, [render(expression).text])
      }
    case .beginIf(let condition):
      isLoop.append(false)
      fill(syntax.beginIf, [render(condition).text])
    case .elseIf(let condition): fill(syntax.elseIf, [render(condition).text])
    case .otherwise: fill(isLoop.last == true ? syntax.otherwiseEach : syntax.otherwise, [])
    case .endIf:
      isLoop.removeLast()
      fill(syntax.endIf, [])
    case .beginEach(let loop, let list):
      fill(syntax.beginEach, [render(list).text, loop.name])
      isLoop.append(true)
      openLoops.append(loop)
      for key in namedPositions[loop.id] ?? [] {
        fill(syntax.assign, [position(key.kind), positionNames[key] ?? ""])
      }
    case .endEach:
      isLoop.removeLast()
      openLoops.removeLast()
      fill(syntax.endEach, [])
    }
  }

  // MARK: Expressions

  private func render(_ expression: SendExpression) -> (text: String, level: DialectSyntax.Level) {
    switch expression {
    case .variable(let name): (name, .primary)
    case .item(let loop): (loop.name, .primary)
    case .field(let record, let name): field(name, of: record)
    case .index(let loop): (position(.index, of: loop), .primary)
    case .isFirst(let loop): (position(.first, of: loop), .primary)
    case .isLast(let loop): (position(.last, of: loop), .primary)
    case .literal(let value): (literal(value), .primary)
    case .compare(let comparison, let a, let b): compare(comparison, a, b)
    case .and(let operands): chain(syntax.and, operands)
    case .or(let operands): chain(syntax.or, operands)
    case .not(let operand): (apply(syntax.not, [operand]), syntax.not.level)
    case .isPresent(let operand): (apply(syntax.isPresent, [operand]), syntax.isPresent.level)
    case .fallback(let a, let b): fallback(a, b)
    case .remainder(let operand, let divisor): remainder(operand, divisor)
    }
  }

  private func apply(_ form: DialectSyntax.Form, _ operands: [SendExpression]) -> String {
    Self.filled(form.pattern, operands.map { parenthesized($0, at: form.operand) })
  }

  private func parenthesized(_ expression: SendExpression, at level: DialectSyntax.Level) -> String {
    let (text, own) = render(expression)
    return own < level ? "(\(text))" : text
  }

  private func field(_ name: String, of record: SendExpression) -> (text: String, level: DialectSyntax.Level) {
    let isPlain =
      name.utf8.allSatisfy(Dialect.isNameByte) && !(name.utf8.first.map { (0x30...0x39).contains($0) } ?? true)
      && !name.hasPrefix("_") && !syntax.quotedFieldNames.contains(name)
    let form = isPlain ? syntax.field : syntax.quotedField
    let base = parenthesized(record, at: form.operand)
    return (Self.filled(form.pattern, [base, isPlain ? name : Self.quoted(name)]), form.level)
  }

  private func compare(
    _ comparison: SendExpression.Comparison, _ a: SendExpression, _ b: SendExpression
  ) -> (text: String, level: DialectSyntax.Level) {
    guard let form = syntax.comparisons[comparison] else { return ("", .primary) }
    let operands = [a, b].map { operand in
      switch operand {
      case .and, .or: "(" + apply(syntax.truth, [operand]) + ")"
      default: parenthesized(operand, at: form.operand)
      }
    }
    return (Self.filled(form.pattern, operands), form.level)
  }

  private func chain(
    _ form: DialectSyntax.Form, _ operands: [SendExpression]
  ) -> (text: String, level: DialectSyntax.Level) {
    let texts = operands.map { parenthesized($0, at: form.operand) }
    guard let first = texts.first else { return ("", .primary) }
    return (texts.dropFirst().reduce(first) { Self.filled(form.pattern, [$0, $1]) }, form.level)
  }

  private func fallback(_ a: SendExpression, _ b: SendExpression) -> (text: String, level: DialectSyntax.Level) {
    let form =
      switch b {
      case .literal(.string), .literal(.list([])): syntax.textFallback
      default: syntax.fallback
      }
    return (apply(form, [a, b]), form.level)
  }

  private func remainder(_ operand: SendExpression, _ divisor: Int) -> (text: String, level: DialectSyntax.Level) {
    guard let form = syntax.remainder else { return ("", .primary) }
    return (Self.filled(form.pattern, [parenthesized(operand, at: form.operand), String(divisor)]), form.level)
  }

  private func literal(_ value: Value) -> String {
    switch value {
    case .null: syntax.nullName
    case .boolean(let value): value ? syntax.trueName : syntax.falseName
    case .integer(let value): String(value)
    case .decimal(let text): text
    case .string(let text): Self.quoted(text)
    case .list(let items): "[" + items.map(literal).joined(separator: ", ") + "]"
    case .record(let fields):
      "{ " + fields.map { Self.quoted($0.name) + ": " + literal($0.value) }.joined(separator: ", ") + " }"
    }
  }

  /// A literal in single quotation marks, because most holes stand within double ones.
  private static func quoted(_ text: String) -> String {
    var result = "'"
    for scalar in text.unicodeScalars {
      switch scalar {
      case "'": result += "\\'"
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        let digits = String(scalar.value, radix: 16)
        result += "\\x" + (digits.utf8.count < 2 ? "0" : "") + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "'"
  }

  // MARK: Positions in loops

  /// Gives names to the positions of loops that are asked for within a further loop, where the dialect's own words mean
  /// the inner one.
  private mutating func nameOuterPositions() {
    var open: [Int] = []
    var needed: Set<PositionKey> = []
    var taken: Set<String> = []
    for hole in text.holes {
      for expression in hole.kind.expressions {
        expression.forEach { part in
          if case .variable(let name) = part { taken.insert(name) }
          if let key = Self.positionKey(part), key.loop != open.last { needed.insert(key) }
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
      for kind in [PositionKey.Kind.index, .first, .last] where needed.contains(PositionKey(loop: loop.id, kind: kind))
      {
        name(PositionKey(loop: loop.id, kind: kind), after: loop, taken: &taken)
      }
    }
  }

  private mutating func name(_ key: PositionKey, after loop: SendExpression.Loop, taken: inout Set<String>) {
    var name = loop.name + "_" + key.kind.rawValue
    while !taken.insert(name).inserted || dialect.reservedNames.contains(name) { name += "_" }
    positionNames[key] = name
    namedPositions[loop.id, default: []].append(key)
  }

  private static func positionKey(_ expression: SendExpression) -> PositionKey? {
    switch expression {
    case .index(let loop): PositionKey(loop: loop.id, kind: .index)
    case .isFirst(let loop): PositionKey(loop: loop.id, kind: .first)
    case .isLast(let loop): PositionKey(loop: loop.id, kind: .last)
    default: nil
    }
  }

  private func position(_ kind: PositionKey.Kind, of loop: SendExpression.Loop) -> String {
    if openLoops.last?.id == loop.id { return position(kind) }
    return positionNames[PositionKey(loop: loop.id, kind: kind)] ?? position(kind)
  }

  private func position(_ kind: PositionKey.Kind) -> String {
    switch kind {
    case .index: syntax.index
    case .first: syntax.isFirst
    case .last: syntax.isLast
    }
  }

  // MARK: Patterns

  private mutating func fill(_ pattern: String, _ operands: [String]) {
    output.append(contentsOf: Self.filled(pattern, operands).utf8)
  }

  /// The pattern with `$0`, `$1`, … replaced.
  private static func filled(_ pattern: String, _ operands: [String]) -> String {
    var result: [UInt8] = []
    var isOperand = false
    for byte in pattern.utf8 {
      if isOperand, (0x30...0x39).contains(byte), Int(byte) - 0x30 < operands.count {
        result.removeLast()
        result.append(contentsOf: operands[Int(byte) - 0x30].utf8)
        isOperand = false
      } else {
        result.append(byte)
        isOperand = byte == UInt8(ascii: "$")
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}

extension AssembledText.Hole.Kind {
  /// The expressions that a hole evaluates.
  var expressions: [SendExpression] {
    switch self {
    case .output(let expression, _, _), .beginIf(let expression), .elseIf(let expression),
      .beginEach(_, let expression):
      [expression]
    case .otherwise, .endIf, .endEach: []
    }
  }
}
