import GalleyCSS

/// A value in the form of css-parsing-tests.
indirect enum CSSSuiteValue: Hashable, Sendable, Decodable, CustomStringConvertible {
  case none
  case flag(Bool)
  case number(Double)
  case text(String)
  case list([CSSSuiteValue])
  case fields([String: CSSSuiteValue])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .none
    } else if let flag = try? container.decode(Bool.self) {
      self = .flag(flag)
    } else if let number = try? container.decode(Double.self) {
      self = .number(number)
    } else if let text = try? container.decode(String.self) {
      self = .text(text)
    } else if let list = try? container.decode([CSSSuiteValue].self) {
      self = .list(list)
    } else {
      self = .fields(try container.decode([String: CSSSuiteValue].self))
    }
  }

  /// A list that starts with a word.
  static func node(_ name: String, _ rest: CSSSuiteValue...) -> CSSSuiteValue { .list([.text(name)] + rest) }

  /// What the suite writes for something that is not what it should be.
  static func error(_ name: String) -> CSSSuiteValue { node("error", .text(name)) }

  /// The text, if the value is one.
  var string: String? { if case .text(let text) = self { text } else { nil } }

  /// The members, if the value is a list.
  var members: [CSSSuiteValue] { if case .list(let members) = self { members } else { [] } }

  var description: String {
    switch self {
    case .none: "null"
    case .flag(let flag): "\(flag)"
    case .number(let number): "\(number)"
    case .text(let text): String(reflecting: text)
    case .list(let members): "[\(members.map(\.description).joined(separator: ", "))]"
    case .fields(let fields):
      "{\(fields.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", "))}"
    }
  }
}

/// Builds component values out of the tokens of `CSSTokenizer`.
///
/// Names, strings and addresses are decoded here, by code of its own. The suite has tokens for `~=`, `||` and the
/// like, which CSS Syntax has given up; two delimiters that touch are put together again.
struct ComponentValueReader {
  private let bytes: [UInt8]
  private var tokenizer: CSSTokenizer
  private var token: CSSToken

  init(_ bytes: [UInt8], in range: Range<Int>) {
    self.bytes = bytes
    tokenizer = CSSTokenizer(bytes, in: range)
    token = tokenizer.take()
    skipComments()
  }

  private mutating func advance() {
    token = tokenizer.take()
    skipComments()
  }

  private mutating func skipComments() { while token.kind == .comment { token = tokenizer.take() } }

  private func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  /// The values of a range of bytes.
  static func values(_ bytes: [UInt8], in range: Range<Int>) -> [CSSSuiteValue] {
    var reader = ComponentValueReader(bytes, in: range)
    return reader.values(until: .end)
  }

  private mutating func values(until closing: CSSToken.Kind) -> [CSSSuiteValue] {
    var values: [CSSSuiteValue] = []
    while token.kind != .end, token.kind != closing { appendValue(to: &values) }
    if token.kind != .end { advance() }
    return values
  }

  private mutating func appendValue(to values: inout [CSSSuiteValue]) {
    let current = token
    advance()
    let range = current.range
    switch current.kind {
    case .whitespace: values.append(.text(" "))
    case .ident: values.append(.node("ident", name(range)))
    case .atKeyword: values.append(.node("at-keyword", name(range.dropFirst())))
    case .idHash: values.append(.node("hash", name(range.dropFirst()), .text("id")))
    case .hash: values.append(.node("hash", name(range.dropFirst()), .text("unrestricted")))
    case .string, .url: appendText(current, to: &values)
    case .badString: values.append(.error("bad-string"))
    case .badURL: values.append(.error("bad-url"))
    case .number: values.append(.list(number("number", range)))
    case .percentage: values.append(.list(number("percentage", range.dropLast())))
    case .dimension:
      let digits = range.lowerBound..<Int(current.unitStart)
      values.append(.list(number("dimension", digits) + [name(digits.upperBound..<range.upperBound)]))
    case .function:
      values.append(.list([.text("function"), name(range.dropLast())] + self.values(until: .closeParenthesis)))
    case .openParenthesis: values.append(.list([.text("()")] + self.values(until: .closeParenthesis)))
    case .openSquare: values.append(.list([.text("[]")] + self.values(until: .closeSquare)))
    case .openBrace: values.append(.list([.text("{}")] + self.values(until: .closeBrace)))
    case .closeParenthesis, .closeSquare, .closeBrace: values.append(.error(text(range)))
    case .delimiter: appendDelimiter(current, to: &values)
    case .cdo, .cdc, .colon, .semicolon, .comma: values.append(.text(text(range)))
    case .comment, .placeholder, .end: break
    }
  }

  private mutating func appendDelimiter(_ current: CSSToken, to values: inout [CSSSuiteValue]) {
    let text = text(current.range)
    let next = token.kind == .delimiter && token.start == current.end ? self.text(token.range) : ""
    let isOperator = next == "=" && ["~", "|", "^", "$", "*"].contains(text) || next == "|" && text == "|"
    if isOperator { advance() }
    values.append(.text(isOperator ? text + next : text))
  }

  private func appendText(_ token: CSSToken, to values: inout [CSSSuiteValue]) {
    let isString = token.kind == .string
    var inside = token.range
    if isString {
      inside = inside.dropFirst()
    } else {
      let start = bytes[inside].firstIndex(of: 0x28) ?? inside.lowerBound
      inside = start + 1..<inside.upperBound
    }
    if !token.isUnclosed { inside = inside.dropLast() }
    let text = isString ? Self.decoded(bytes[inside], isString: true) : Self.trimmedAddress(bytes[inside])
    values.append(.node(isString ? "string" : "url", .text(text)))
    if token.isUnclosed { values.append(.error(isString ? "eof-in-string" : "eof-in-url")) }
  }

  /// The address between the parentheses of `url()`: spaces go only if they are not escaped.
  private static func trimmedAddress(_ inside: ArraySlice<UInt8>) -> String {
    func isSpace(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0A, 0x0C, 0x0D].contains(byte) }
    var start = inside.startIndex
    while start < inside.endIndex, isSpace(inside[start]) { start += 1 }
    var end = start
    var index = start
    while index < inside.endIndex {
      let isEscape = inside[index] == 0x5C
      index = isEscape ? min(index + 2, inside.endIndex) : index + 1
      if isEscape || !isSpace(inside[index - 1]) { end = index }
    }
    return decoded(inside[start..<end], isString: false)
  }

  private func number(_ name: String, _ range: Range<Int>) -> [CSSSuiteValue] {
    let digits = text(range)
    let isInteger = !digits.contains { $0 == "." || $0 == "e" || $0 == "E" }
    return [
      .text(name), .text(digits), .number(Double(digits) ?? .nan), .text(isInteger ? "integer" : "number"),
    ]
  }

  private func name(_ range: Range<Int>) -> CSSSuiteValue {
    .text(Self.decoded(bytes[range], isString: false))
  }

  /// A text with its escapes resolved; in a string an escaped line end means nothing.
  static func decoded(_ bytes: ArraySlice<UInt8>, isString: Bool) -> String {
    let scalars = preprocessed(bytes)
    var result = String.UnicodeScalarView()
    var index = 0
    while index < scalars.count {
      guard scalars[index] == "\\" else {
        result.append(scalars[index])
        index += 1
        continue
      }
      index += 1
      if index == scalars.count {
        if !isString { result.append("\u{FFFD}") }
      } else if let value = hexadecimal(scalars, &index) {
        result.append(value)
      } else {
        if !(isString && scalars[index] == "\n") { result.append(scalars[index]) }
        index += 1
      }
    }
    return String(result)
  }

  private static func preprocessed(_ bytes: ArraySlice<UInt8>) -> [Unicode.Scalar] {
    var scalars: [Unicode.Scalar] = []
    for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
      switch scalar {
      case "\n" where scalars.last == "\r": scalars[scalars.count - 1] = "\n"
      case "\0": scalars.append("\u{FFFD}")
      default: scalars.append(scalar)
      }
    }
    return scalars.map { $0 == "\r" || $0 == "\u{C}" ? "\n" : $0 }
  }

  private static func hexadecimal(_ scalars: [Unicode.Scalar], _ index: inout Int) -> Unicode.Scalar? {
    let digits = scalars[index...].prefix(6).prefix { $0.isASCII && $0.properties.isASCIIHexDigit }
    guard !digits.isEmpty else { return nil }
    index += digits.count
    if index < scalars.count, [" ", "\t", "\n"].contains(scalars[index]) { index += 1 }
    let value = UInt32(String(String.UnicodeScalarView(digits)), radix: 16) ?? 0
    return value == 0 ? "\u{FFFD}" : Unicode.Scalar(value) ?? "\u{FFFD}"
  }
}

/// Rules and declarations of `StyleSheet` in the form of css-parsing-tests.
struct SheetForm {
  private let sheet: StyleSheet

  init(_ sheet: StyleSheet) { self.sheet = sheet }

  /// The rules in the rule at `parent`, or those of the whole sheet for -1.
  func rules(in parent: Int32 = -1) -> [CSSSuiteValue] {
    sheet.rules.filter { $0.parent == parent }.map { rule in
      let block = rule.block
      let hasBlock = block.lowerBound > rule.range.lowerBound && sheet.bytes[block.lowerBound - 1] == 0x7B
      switch rule.kind {
      case .style:
        return .node(
          "qualified rule", values(rule.range.lowerBound..<block.lowerBound - 1), values(block))
      case .group, .atRule:
        let name = ComponentValueReader.values(sheet.bytes, in: rule.range.lowerBound..<rule.prelude.lowerBound)
        var end = rule.prelude.upperBound
        if hasBlock {
          end = block.lowerBound - 1
        } else if sheet.bytes[..<rule.range.upperBound].last == 0x3B {
          end = rule.range.upperBound - 1
        }
        return .node(
          "at-rule", name.first?.members.last ?? .none,
          values(rule.prelude.lowerBound..<max(end, rule.prelude.lowerBound)),
          hasBlock ? values(block) : .none)
      case .malformed, .placeholder: return .error("invalid")
      }
    }
  }

  /// The declarations of a rule and what is not one, in the order of the text.
  func declarations(ofRule rule: Int32) -> [CSSSuiteValue] {
    var items = sheet.declarations.filter { $0.rule == rule }.map { (Int($0.name.lowerBound), declaration($0)) }
    for fault in sheet.faults where fault.kind == .invalidDeclaration {
      items.append((fault.range.lowerBound, .error("invalid")))
    }
    return items.sorted { $0.0 < $1.0 }.map(\.1)
  }

  /// A declaration; white space around its value does not count.
  private func declaration(_ declaration: StyleSheet.Declaration) -> CSSSuiteValue {
    Self.declaration(declaration, sheet.bytes)
  }

  /// A declaration of any bytes; white space around its value does not count.
  static func declaration(_ declaration: StyleSheet.Declaration, _ bytes: [UInt8]) -> CSSSuiteValue {
    let name = Int(declaration.name.lowerBound)..<Int(declaration.name.upperBound)
    let value = Int(declaration.value.lowerBound)..<Int(declaration.value.upperBound)
    return .node(
      "declaration", .text(ComponentValueReader.decoded(bytes[name], isString: false)),
      .list(ComponentValueReader.values(bytes, in: value)), .flag(declaration.isImportant))
  }

  private func values(_ range: Range<Int>) -> CSSSuiteValue {
    .list(ComponentValueReader.values(sheet.bytes, in: range))
  }
}
