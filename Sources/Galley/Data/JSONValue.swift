package import GalleySource

/// A value to be written as JSON.
package indirect enum JSONValue: Hashable, Sendable {
  case null
  case boolean(Bool)
  case integer(Int)
  /// A number in the spelling of JSON.
  case number(String)
  case string(String)
  case array([JSONValue])
  /// Members, which are written in the order of their names' bytes.
  case object([String: JSONValue])

  /// Makes the value of data that was read; a number's spelling becomes that of JSON.
  package init(_ node: DataNode) {
    switch node.kind {
    case .null: self = .null
    case .boolean(let value): self = .boolean(value)
    case .number(let spelling): self = JSONValue.number(spelled: spelling)
    case .string(let text): self = .string(text)
    case .list(let items): self = .array(items.map(JSONValue.init))
    case .mapping(let entries):
      self = .object(Dictionary(entries.map { ($0.key, JSONValue($0.value)) }, uniquingKeysWith: { first, _ in first }))
    }
  }

  /// A number from any spelling that YAML or JSON allow; a text if it is none.
  package static func number(spelled spelling: String) -> JSONValue {
    if let value = Int(spelling), value.magnitude <= 1 << 53 { return .integer(value) }
    guard let value = Double(spelling), value.isFinite else { return .string(spelling) }
    return .number(jsonSpelling(spelling))
  }

  /// Adds the digits that JSON wants around a point and takes off a sign and zeros that it does not.
  private static func jsonSpelling(_ spelling: String) -> String {
    var rest = Substring(spelling)
    var result = ""
    if rest.first == "-" { result = "-" }
    if rest.first == "-" || rest.first == "+" { rest = rest.dropFirst() }
    let exponentStart = rest.firstIndex { $0 == "e" || $0 == "E" } ?? rest.endIndex
    let parts = rest[..<exponentStart].split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    let whole = parts[0].drop { $0 == "0" }
    result += whole.isEmpty ? "0" : String(whole)
    if parts.count > 1, !parts[1].isEmpty { result += "." + parts[1] }
    return result + rest[exponentStart...]
  }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral {
  /// Makes a text.
  package init(stringLiteral value: String) { self = .string(value) }
  /// Makes an object; of two members with one name the first counts.
  package init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(Dictionary(elements, uniquingKeysWith: { first, _ in first }))
  }
  /// Makes an array.
  package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
}

/// Writes JSON in one form for one value, so that its digest means something.
///
/// Members are sorted by the UTF-8 bytes of their names; only `"`, `\` and U+0000 to U+001F are escaped, with the
/// short forms where there are any; the text ends with a line feed. Python's `json.dumps(value, sort_keys=True,
/// ensure_ascii=False)` writes the same with `separators=(",", ":")` or `indent=2`. See `docs/bundle-format.md`.
package enum JSONWriter {
  /// How much space there is.
  package enum Form: Sendable {
    /// No space at all: the form that digests are taken of.
    case compact
    /// Two spaces a level, one item a line.
    case pretty
  }

  /// Writes a value.
  package static func write(_ value: JSONValue, _ form: Form = .pretty) -> [UInt8] {
    var output: [UInt8] = []
    append(value, form: form, level: 0, to: &output)
    output.append(0x0A)
    return output
  }

  private static func append(_ value: JSONValue, form: Form, level: Int, to output: inout [UInt8]) {
    switch value {
    case .null: output.append(contentsOf: "null".utf8)
    case .boolean(let value): output.append(contentsOf: (value ? "true" : "false").utf8)
    case .integer(let value): output.append(contentsOf: String(value).utf8)
    case .number(let spelling): output.append(contentsOf: spelling.utf8)
    case .string(let text): append(text, to: &output)
    case .array(let items):
      if items.isEmpty { return output.append(contentsOf: "[]".utf8) }
      output.append(UInt8(ascii: "["))
      for (index, item) in items.enumerated() {
        if index > 0 { output.append(UInt8(ascii: ",")) }
        breakLine(form, level + 1, in: &output)
        append(item, form: form, level: level + 1, to: &output)
      }
      breakLine(form, level, in: &output)
      output.append(UInt8(ascii: "]"))
    case .object(let members):
      if members.isEmpty { return output.append(contentsOf: "{}".utf8) }
      output.append(UInt8(ascii: "{"))
      let sorted = members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      for (index, member) in sorted.enumerated() {
        if index > 0 { output.append(UInt8(ascii: ",")) }
        breakLine(form, level + 1, in: &output)
        append(member.key, to: &output)
        output.append(contentsOf: (form == .pretty ? ": " : ":").utf8)
        append(member.value, form: form, level: level + 1, to: &output)
      }
      breakLine(form, level, in: &output)
      output.append(UInt8(ascii: "}"))
    }
  }

  private static func breakLine(_ form: Form, _ level: Int, in output: inout [UInt8]) {
    guard form == .pretty else { return }
    output.append(0x0A)
    output.append(contentsOf: repeatElement(0x20, count: level * 2))
  }

  private static func append(_ text: String, to output: inout [UInt8]) {
    output.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""): output.append(contentsOf: "\\\"".utf8)
      case UInt8(ascii: "\\"): output.append(contentsOf: "\\\\".utf8)
      case 0x08: output.append(contentsOf: "\\b".utf8)
      case 0x09: output.append(contentsOf: "\\t".utf8)
      case 0x0A: output.append(contentsOf: "\\n".utf8)
      case 0x0C: output.append(contentsOf: "\\f".utf8)
      case 0x0D: output.append(contentsOf: "\\r".utf8)
      case 0x00..<0x20:
        let digits = String(byte, radix: 16)
        output.append(contentsOf: "\\u00\(digits.utf8.count < 2 ? "0" : "")\(digits)".utf8)
      default: output.append(byte)
      }
    }
    output.append(UInt8(ascii: "\""))
  }
}
