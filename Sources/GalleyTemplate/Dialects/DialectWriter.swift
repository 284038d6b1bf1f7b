/// Writes an assembled text in the syntax of a dialect.
///
/// What a dialect can't express is found by the same code (`lacks`) when the text is assembled, and refused; so writing
/// can't fail.
package struct DialectWriter {
  private let text: AssembledText
  private let rules: Dialect.LiteralRules
  private let protection: LiteralProtection
  private var speller: any HoleSpeller
  /// The holes behind which a branch begins that the engine would drop.
  private let blankBranches: Set<Int>
  private var output: [UInt8] = []

  /// The bytes of one part of a mail as the sender's engine reads them.
  package static func write(_ text: AssembledText, dialect: Dialect, part: MailPart) -> [UInt8] {
    var writer = DialectWriter(text.prepared(for: dialect, part: part), dialect)
    writer.writeAll()
    return writer.output
  }

  /// What the dialect has no words for, with the hole that asks for it.
  static func lacks(in text: AssembledText, dialect: Dialect) -> [(hole: AssembledText.Hole, lack: Lack)] {
    if dialect.abilities == .all { return [] }
    let lowered = text.lowered(for: dialect)
    var speller = dialect.speller(for: lowered)
    var result: [(hole: AssembledText.Hole, lack: Lack)] = []
    for hole in lowered.holes {
      var lack = dialect.lack(in: hole.kind)
      do throws(Lack) {
        _ = try speller.spell(hole.kind)
      } catch {
        lack = lack ?? error
      }
      if let lack { result.append((hole, lack)) }
    }
    return result
  }

  private init(_ text: AssembledText, _ dialect: Dialect) {
    self.text = text
    rules = dialect.literals
    protection = LiteralProtection(text, dialect)
    speller = dialect.speller(for: text)
    blankBranches = dialect.literals.dropsBlankBranches ? text.blankBranches : []
    output.reserveCapacity(text.bytes.count + text.holes.count * 24)
  }

  // MARK: Literal text and holes

  private mutating func writeAll() {
    var position = 0
    for (index, hole) in text.holes.enumerated() {
      writeLiteral(position..<hole.offset)
      write(hole, index)
      position = hole.offset + 1
    }
    writeLiteral(position..<text.bytes.count)
    if rules.dropsFinalLineEnd, output.last == 0x0A { output.append(0x0A) }
  }

  private mutating func writeLiteral(_ range: Range<Int>) {
    if rules.takesFurtherBraces, range.lowerBound > 0, let first = text.bytes[range].first,
      first == UInt8(ascii: "}"), text.bytes[range.lowerBound - 1] == AssembledText.token
    {
      output.append(contentsOf: Self.emptyComment)
    }
    guard rules.canPrintText else { return output.append(contentsOf: text.bytes[range]) }
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
      output.append(contentsOf: (speller.literal(literal) ?? literal).utf8)
      start = end
      index = end
    }
    output.append(contentsOf: text.bytes[start..<range.upperBound])
  }

  /// A tag that prints nothing and keeps its neighbors apart.
  private static let emptyComment = "{{!.}}".utf8

  private mutating func write(_ hole: AssembledText.Hole, _ index: Int) {
    var spelled = ""
    do throws(Lack) { spelled = try speller.spell(hole.kind) } catch { return }
    if rules.escapesByBackslash, output.last == UInt8(ascii: "\\") { output.append(UInt8(ascii: "\\")) }
    if rules.dropsLinesOfTags, !hole.kind.isOutput, standsAlone(hole.offset) {
      output.append(contentsOf: Self.emptyComment)
    }
    output.append(contentsOf: spelled.utf8)
    if blankBranches.contains(index), let nothing = speller.literal("") { output.append(contentsOf: nothing.utf8) }
  }

  /// Whether there is nothing but white space before and behind a tag on its line.
  ///
  /// What is not ASCII may be white space to some engine, and is taken for it.
  private func standsAlone(_ offset: Int) -> Bool {
    for byte in text.bytes[..<offset].reversed() {
      if byte == 0x0A || byte == 0x0D { break }
      if byte != 0x20, byte != 0x09, byte != 0x0B, byte != 0x0C, byte < 0x80 { return false }
    }
    for byte in text.bytes[(offset + 1)...] {
      if byte == 0x0A || byte == 0x0D { break }
      if byte != 0x20, byte != 0x09, byte != 0x0B, byte != 0x0C, byte < 0x80 { return false }
    }
    return true
  }
}

/// Spells the holes of a text, in their order, in the words of one dialect.
protocol HoleSpeller {
  /// What stands for a hole; what is open around it is kept track of even where this throws.
  mutating func spell(_ kind: AssembledText.Hole.Kind) throws(Lack) -> String
  /// An expression that prints a text as it is, or nil where there is none.
  func literal(_ text: String) -> String?
}

extension AssembledText {
  /// The text as the writer and the interpreter take it: in constructs that `dialect` has, with literals it can hold.
  func prepared(for dialect: Dialect, part: MailPart) -> AssembledText {
    lowered(for: dialect).protected(for: dialect, part: part)
  }
}

extension AssembledText {
  /// The holes that begin a branch of nothing but white space, where there is some.
  fileprivate var blankBranches: Set<Int> {
    var result: Set<Int> = []
    // For each open branch: the hole that begins it, whether it is blank, whether there is anything in it.
    var open: [(begin: Int, isBlank: Bool, isEmpty: Bool)] = []
    func close() {
      guard let branch = open.popLast() else { return }
      let isDropped = branch.isBlank && !branch.isEmpty
      if isDropped { result.insert(branch.begin) }
      if isDropped || !branch.isBlank, !open.isEmpty { open[open.count - 1].isBlank = false }
    }
    var position = 0
    for (index, hole) in holes.enumerated() {
      if !open.isEmpty, hole.offset > position {
        open[open.count - 1].isEmpty = false
        let isSpace = bytes[position..<hole.offset].allSatisfy { $0 <= 0x20 || $0 >= 0x80 }
        if !isSpace { open[open.count - 1].isBlank = false }
      }
      position = hole.offset + 1
      switch hole.kind {
      case .output: if !open.isEmpty { open[open.count - 1].isBlank = false }
      case .beginIf, .beginEach: open.append((index, true, true))
      case .elseIf, .otherwise:
        close()
        open.append((index, true, true))
      case .endIf, .endEach: close()
      }
    }
    return result
  }
}

extension Dialect {
  fileprivate func speller(for text: AssembledText) -> any HoleSpeller {
    switch syntax {
    case .statements(let syntax): StatementSpeller(text, self, syntax)
    case .sections(let syntax): SectionSpeller(text, self, syntax)
    }
  }

  /// The construct, or the first thing in its expressions, that the dialect does not know at all.
  fileprivate func lack(in kind: AssembledText.Hole.Kind) -> Lack? {
    // What depends on a loop that can't be said has been told of with the loop.
    if !abilities.contains(.loops), kind.expressions.contains(where: \.dependsOnLoop) { return nil }
    if let construct = kind.construct, !abilities.contains(construct.ability) { return construct }
    guard !abilities.contains(.conditions) else { return nil }
    var lack: Lack?
    for expression in kind.expressions {
      expression.forEach { part in
        if lack == nil, let need = part.need, !abilities.contains(need.ability) { lack = need }
      }
    }
    return lack
  }
}

extension SendExpression {
  /// Whether an item or a position of a loop takes part.
  fileprivate var dependsOnLoop: Bool {
    var result = false
    forEach { part in
      switch part {
      case .item, .index, .isFirst, .isLast: result = true
      default: break
      }
    }
    return result
  }

  /// What a dialect without conditions lacks of this expression, without its operands.
  fileprivate var need: Lack? {
    switch self {
    case .variable, .item, .literal: nil
    case .field: Lack(ability: .fields, name: "fields of records")
    case .index, .isFirst, .isLast: Lack(ability: .loopPositions, name: "positions in loops")
    case .compare(.equal, _, _), .compare(.notEqual, _, _): Lack(ability: .equality, name: "comparison")
    case .compare: Lack(ability: .order, name: "comparison by size")
    case .and, .or, .not, .isPresent: Lack(ability: .logic, name: "logic")
    case .fallback: Lack(ability: .fallbacks, name: "fallback values")
    case .remainder: Lack(ability: .remainders, name: "remainders")
    }
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

  /// Whether a value is printed here.
  fileprivate var isOutput: Bool { if case .output = self { true } else { false } }

  /// What it takes to have such a construct at all, apart from what is in it.
  fileprivate var construct: Lack? {
    switch self {
    case .beginIf, .elseIf: Lack(ability: .conditions, name: "conditions")
    case .beginEach: Lack(ability: .loops, name: "loops")
    case .output, .otherwise, .endIf, .endEach: nil
    }
  }
}

/// Fills the patterns of tables.
enum Pattern {
  /// The pattern with `$0`, `$1`, … replaced.
  static func filled(_ pattern: String, _ operands: [String]) -> String {
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

/// Literal texts with escapes.
enum Literal {
  /// The text in quotation marks, with backslashes before what would end it; what is no printable ASCII is escaped.
  static func escaped(_ text: String, quote: Unicode.Scalar) -> String {
    var result = ""
    result.unicodeScalars.append(quote)
    for scalar in text.unicodeScalars {
      switch scalar {
      case quote, "\\":
        result += "\\"
        result.unicodeScalars.append(scalar)
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        let digits = String(scalar.value, radix: 16)
        result += "\\x" + (digits.utf8.count < 2 ? "0" : "") + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    result.unicodeScalars.append(quote)
    return result
  }
}
