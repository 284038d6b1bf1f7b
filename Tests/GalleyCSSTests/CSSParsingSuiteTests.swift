import Foundation
import GalleyCSS
import Testing

/// The cases of css-parsing-tests (https://github.com/SimonSapin/css-parsing-tests) against the tokenizer, the parser
/// of sheets and that of An+B. What differs is listed in `Tests/Corpus/suites/css-parsing.deviations`.
@Suite struct CSSParsingSuiteTests {
  /// A file of the suite: pairs of an input and what it should come to.
  private static func cases(_ folder: URL, _ name: String) throws -> [(input: CSSSuiteValue, output: CSSSuiteValue)] {
    let data = try Data(contentsOf: folder.appending(path: name + ".json"))
    let values = try JSONDecoder().decode([CSSSuiteValue].self, from: data)
    return stride(from: 0, to: values.count - 1, by: 2).map { (values[$0], values[$0 + 1]) }
  }

  @Test func `css-parsing-tests agree`() throws {
    guard let folder = SuiteFiles.folder("css-parsing") else { return }
    var deviations = Deviations("css-parsing")
    for (name, found) in Self.forms {
      var count = 0
      for (index, pair) in try Self.cases(folder, name).enumerated() {
        guard let input = Self.input(pair.input, pair.output) else { continue }
        let result = found(input)
        let expected = Self.expectation(pair.output, name)
        count += 1
        deviations.note("\(name) \(index)", differs: result != expected) {
          "\(String(reflecting: String(decoding: input, as: UTF8.self))) is \(result) instead of \(expected)"
        }
      }
      print("css-parsing: \(count) cases of \(name)")
      #expect(count > 0)
    }
    deviations.finish()
  }

  /// The bytes of an input; nil for a sheet that is not UTF-8, which the caller of a parser has to convert.
  private static func input(_ value: CSSSuiteValue, _ output: CSSSuiteValue) -> [UInt8]? {
    guard case .fields(let fields) = value else { return value.string.map { Array($0.utf8) } }
    guard output.members.last == .text("utf-8") else { return nil }
    return fields["css_bytes"]?.string?.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
  }

  /// What the suite expects, without the white space around the values of declarations, which newer editions of CSS
  /// Syntax leave out, and without the name of the encoding.
  private static func expectation(_ value: CSSSuiteValue, _ name: String) -> CSSSuiteValue {
    if name == "An+B" { return positions(value) }
    if name == "stylesheet_bytes" { return value.members.first ?? .none }
    return name == "declaration_list" || name == "one_declaration" ? trimmed(value) : value
  }

  private static func trimmed(_ value: CSSSuiteValue) -> CSSSuiteValue {
    var members = value.members
    guard members.first == .text("declaration"), members.count == 4 else {
      return members.isEmpty ? value : .list(members.map(trimmed))
    }
    var inside = members[2].members[...]
    while inside.first == .text(" ") { inside.removeFirst() }
    while inside.last == .text(" ") { inside.removeLast() }
    members[2] = .list(Array(inside))
    return .list(members)
  }

  /// How each file's function is asked.
  private static let forms: [(String, @Sendable ([UInt8]) -> CSSSuiteValue)] = [
    ("component_value_list", { .list(ComponentValueReader.values($0, in: 0..<$0.count)) }),
    ("one_component_value", oneComponentValue), ("declaration_list", declarationList),
    ("one_declaration", oneDeclaration), ("one_rule", oneRule), ("rule_list", { .list(ruleList($0)) }),
    ("stylesheet", { .list(SheetForm(StyleSheet($0)).rules()) }),
    ("stylesheet_bytes", { .list(SheetForm(StyleSheet($0)).rules()) }), ("An+B", positions),
  ]

  private static func oneComponentValue(_ bytes: [UInt8]) -> CSSSuiteValue {
    let values = ComponentValueReader.values(bytes, in: 0..<bytes.count).filter { $0 != .text(" ") }
    if values.count > 1 { return .error("extra-input") }
    return values.first ?? .error("empty")
  }

  /// Declarations in the block of a rule that nothing closes.
  private static func declarationList(_ bytes: [UInt8]) -> CSSSuiteValue {
    .list(SheetForm(StyleSheet(Array("x{".utf8) + bytes)).declarations(ofRule: 0))
  }

  /// The first declaration of a `style` attribute.
  private static func oneDeclaration(_ bytes: [UInt8]) -> CSSSuiteValue {
    if let first = StyleSheet.declarations(bytes, in: 0..<bytes.count).first {
      return SheetForm.declaration(first, bytes)
    }
    let values = ComponentValueReader.values(bytes, in: 0..<bytes.count)
    return .error(values.allSatisfy { $0 == .text(" ") } ? "empty" : "invalid")
  }

  /// Rules in a group that nothing closes: there, `<!--` is nothing special.
  private static func ruleList(_ bytes: [UInt8]) -> [CSSSuiteValue] {
    SheetForm(StyleSheet(Array("@media x{".utf8) + bytes)).rules(in: 0)
  }

  private static func oneRule(_ bytes: [UInt8]) -> CSSSuiteValue {
    let rules = ruleList(bytes)
    if rules.count > 1 { return .error("extra-input") }
    return rules.first ?? .error("empty")
  }

  private static let siblings = 40

  /// Which of many siblings `:nth-child()` selects.
  private static func positions(_ bytes: [UInt8]) -> CSSSuiteValue {
    let css = Array("i:nth-child(".utf8) + bytes + Array("){top:0}".utf8)
    if !StyleSheet(css).faults.isEmpty { return .none }
    let body = Array("<div>".utf8) + Array(repeatElement(Array("<i></i>".utf8), count: siblings).joined())
    let output = String(decoding: CSSInliner().inline(body, sheets: [css]).bytes, as: UTF8.self)
    let tags = output.split(separator: "<i").dropFirst().prefix(siblings)
    return .list(zip(1..., tags).filter { $0.1.contains("style=") }.map { .number(Double($0.0)) })
  }

  /// Which of many siblings have a position of the form An+B.
  private static func positions(_ value: CSSSuiteValue) -> CSSSuiteValue {
    let numbers = value.members.compactMap { if case .number(let number) = $0 { Int(number) } else { nil } }
    guard numbers.count == 2 else { return .none }
    let (a, b) = (numbers[0], numbers[1])
    return .list(
      (1...siblings).filter { place in
        (0...siblings + 20).contains { a * $0 + b == place }
      }.map { .number(Double($0)) })
  }
}
