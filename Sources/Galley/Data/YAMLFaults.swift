import GalleySource
import Yams

/// Says what is wrong with a YAML text, in an author's words and at the best place.
///
/// libyaml says where it could not go on and names a rule of its grammar; what the author did is found by a look at the
/// bytes around that place. All offsets are those of the text as it was written.
struct YAMLFaults {
  private let source: SourceID
  private let base: Int
  private let text: [UInt8]
  private let document: YAMLDocument

  init(_ document: YAMLDocument) {
    self.document = document
    source = document.source
    base = document.base
    text = document.original
  }

  /// The fault for an error that reading threw.
  func fault(for error: any Error) -> DataFault {
    switch error {
    case YamlError.scanner(let context, let problem, let mark, _),
      YamlError.parser(let context, let problem, let mark, _),
      YamlError.composer(let context, let problem, let mark, _):
      var cursor = YAMLCursor(document.text)
      let first = context.map { document.written(cursor.offset(of: $0.mark)) }
      let place = document.written(cursor.offset(of: mark))
      return fault(problem, at: place, in: context?.text ?? "", from: first ?? place)
    default: return generic(String(describing: error), at: 0)
    }
  }

  private func fault(_ problem: String, at place: Int, in context: String, from first: Int) -> DataFault {
    if problem.hasPrefix("Maximum nesting") { return tooDeep(at: place) }
    if let line = bracesLine(at: first) ?? bracesLine(at: place) { return braces(at: line) }
    if let fault = fault(inToken: context, from: first) { return fault }
    switch problem {
    case "found character that cannot start any token": return badStart(at: place)
    case "found a tab character that violates indentation",
      "found a tab character where an indentation space is expected":
      return tab(at: place)
    case "mapping values are not allowed in this context": return misplacedColon(at: place)
    case "could not find expected ':'": return missingColon(at: first)
    case "found unexpected end of stream", "found unexpected document indicator": return openQuote(at: first)
    case "block sequence entries are not allowed in this context": return misplacedDash(at: place)
    case "mapping keys are not allowed in this context": return unsupported("a complex key", at: place..<place + 1)
    case "did not find expected <document start>"
    where text[text.trimmed(0..<place)].suffix(4).elementsEqual("\n...".utf8):
      return unsupported("a second document", at: line(from: place))
    case "did not find expected key", "did not find expected '-' indicator", "did not find expected <document start>":
      return unexpected(at: place, isList: problem.contains("'-'"))
    case "did not find expected ',' or ']'": return missingComma(at: place, from: first, closer: "]")
    case "did not find expected ',' or '}'": return missingComma(at: place, from: first, closer: "}")
    case "did not find expected node content": return missingNode(at: place, isFlow: context.contains("flow"))
    case "did not find expected comment or line break": return textBehindIndicator(at: place, from: first)
    case "found unknown escape character": return badEscape(at: place)
    case "did not find expected hexdecimal number", "found invalid Unicode character escape code":
      return badNumber(at: max(place - 2, 0))
    case "found unexpected ':'":
      return fault("a text between brackets can't hold ':' here", at: place..<place + 1, help: "quote the text")
    case "but found another document": return unsupported("a second document", at: line(from: place))
    case "found undefined alias": return unsupported("an alias", at: place..<text.endOfWord(from: place))
    default: return generic(problem, at: place)
    }
  }

  /// What libyaml can't read only because Galley would not read it anyway.
  private func fault(inToken context: String, from first: Int) -> DataFault? {
    let what: String
    switch byte(at: first) {
    case UInt8(ascii: "&") where context.hasSuffix("anchor"): what = "an anchor"
    case UInt8(ascii: "*") where context.hasSuffix("alias"): what = "an alias"
    case UInt8(ascii: "%") where context.hasSuffix("directive"): what = "a directive"
    case UInt8(ascii: "!"): what = "a tag"
    default: return nil
    }
    return unsupported(what, at: first..<text.endOfWord(from: first))
  }

  // MARK: Starts of values

  private func badStart(at place: Int) -> DataFault {
    switch byte(at: place) {
    case 0x09: return tab(at: place)
    case UInt8(ascii: "|"), UInt8(ascii: ">"): return badFlowStart(at: place)
    default:
      return fault(
        "a text that starts with '\(character(at: place))' needs quotes", at: place..<text.endOfWord(from: place),
        help: "put it in single quotes")
    }
  }

  private func badFlowStart(at place: Int) -> DataFault {
    fault(
      "a text between brackets can't start with '\(character(at: place))'", at: place..<place + 1,
      help: "quote the text")
  }

  private func tab(at place: Int) -> DataFault {
    let range = range(place..<place + 1)
    return DataFault(
      .yamlSyntax, "a tab can't indent YAML", at: range, help: ["indent with spaces"],
      fixes: [FixIt("replace the tab by two spaces", isSafe: false, edits: [SourceEdit(range, "  ")])])
  }

  /// The value on the line of a place, if it starts with two braces.
  private func bracesLine(at place: Int) -> Range<Int>? {
    let end = text.endOfLine(from: min(place, text.count))
    var index = text.startOfLine(from: min(place, text.count))
    var isStart = true
    while index + 1 < end {
      if isStart, text[index] == UInt8(ascii: "{"), text[index + 1] == UInt8(ascii: "{") { return index..<end }
      let isIndicator = text[index] == UInt8(ascii: ":") || (isStart && text[index] == UInt8(ascii: "-"))
      isStart = text[index].isYAMLSpace ? isStart : isIndicator && text[index + 1].isYAMLSpace
      index += 1
    }
    return nil
  }

  /// A text that starts with two braces, which ends with the range.
  func braces(at range: Range<Int>) -> DataFault {
    let range = text.trimmed(range)
    let quoted = "'" + String(decoding: text[range], as: UTF8.self) + "'"
    return fault(
      "a text that starts with '{{' needs quotes", at: range, help: "write '\(DataRules.excerpt(quoted))'")
  }

  private func missingNode(at place: Int, isFlow: Bool) -> DataFault {
    switch byte(at: place) {
    case UInt8(ascii: ",") where isFlow:
      return fault("no item stands before the comma", at: place..<place + 1, help: "remove the comma")
    case UInt8(ascii: "]") where isFlow, UInt8(ascii: "}") where isFlow:
      guard let opener = openBracket(before: place) else { return outside(at: place) }
      return DataFault(
        .yamlSyntax, "'\(character(at: place))' does not close '\(character(at: opener))'",
        at: range(place..<place + 1), notes: [.init("opened here", at: range(opener..<opener + 1))],
        help: ["close '\(character(at: opener))' first"])
    case UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: ","): return outside(at: place)
    case UInt8(ascii: ":"): return missingKey(at: place)
    case UInt8(ascii: "-") where isFlow: return badFlowStart(at: place)
    default:
      if isFlow, let opener = openBracket(before: place) { return openBracket(at: opener) }
      return fault("a value is missing here", at: place..<place, help: "write the value, or quote it")
    }
  }

  private func outside(at place: Int) -> DataFault {
    fault(
      "'\(character(at: place))' stands outside of brackets", at: place..<place + 1,
      help: "remove it, or quote the text")
  }

  private func textBehindIndicator(at place: Int, from first: Int) -> DataFault {
    fault(
      "the text of '\(character(at: first))' must start on the next line", at: line(from: place),
      help: "quote the value, or move it to the next line and indent it")
  }

  // MARK: Keys and colons

  private func missingKey(at place: Int) -> DataFault {
    fault("no key stands before ':'", at: place..<place + 1, help: "write 'key: value'")
  }

  /// A line of a mapping without a colon that ends a key.
  private func missingColon(at place: Int) -> DataFault {
    let line = line(from: place)
    if let colon = text[line].firstIndex(of: UInt8(ascii: ":")), colon > line.lowerBound, colon + 1 < line.upperBound,
      text[colon + 1] != UInt8(ascii: "/")
    {
      return DataFault(
        .yamlSyntax, "a space is missing behind ':'", at: range(colon..<colon + 1), help: ["write 'key: value'"],
        fixes: [FixIt("add a space", isSafe: false, edits: [SourceEdit(range(colon + 1..<colon + 1), " ")])])
    }
    let name = DataRules.excerpt(String(decoding: text[line], as: UTF8.self))
    return fault(
      "'\(name)' has no ':' behind a key", at: line,
      help: "write 'key: value', or indent the line if it continues the one before")
  }

  /// A colon that can't end a key, because a value stands before it.
  private func misplacedColon(at place: Int) -> DataFault {
    let start = text.startOfLine(from: place)
    if let quote = text[start..<place].lastIndex(where: { !$0.isYAMLSpace }), isQuote(at: quote) {
      return behindQuote(at: place)
    }
    let key = text[start..<place].firstIndex { !$0.isYAMLSpace } ?? place
    if hasColon(key..<place) || text[key] == UInt8(ascii: "-") {
      return fault(
        "a value can't hold ': ' unless it is quoted", at: place..<place + 1,
        help: "quote the value, or put the key on a line of its own, indented")
    }
    if let first = firstLine(above: key) { return missingColon(at: first) }
    return fault(
      "the key is indented like a part of the value before it", at: place..<place + 1,
      help: "give keys of one mapping the same indentation, or quote the value")
  }

  /// The first of the lines above a key that libyaml took for a text, if they begin where a key could.
  private func firstLine(above key: Int) -> Int? {
    var start = text.startOfLine(from: key)
    let indentation = key - start
    var found: Int?
    while start > 0 {
      start = text.startOfLine(from: start - 1)
      let line = text.trimmed(start..<text.endOfLine(from: start))
      if line.isEmpty { continue }
      if text[line].starts(with: "#".utf8) || text[line].elementsEqual("---".utf8) { return found }
      if hasColon(line.lowerBound..<line.upperBound + 1) {
        return text[line].last == UInt8(ascii: ":") ? found : nil
      }
      guard line.lowerBound - start <= indentation, !text[line].starts(with: "- ".utf8) else { return nil }
      found = line.lowerBound
    }
    return found
  }

  /// Whether a colon with white space behind it stands in a range, whose last byte does not count.
  private func hasColon(_ range: Range<Int>) -> Bool {
    range.dropLast().contains { text[$0] == UInt8(ascii: ":") && text.isBlank(at: $0 + 1) }
  }

  private func misplacedDash(at place: Int) -> DataFault {
    let before = text[text.startOfLine(from: place)..<place].last { !$0.isYAMLSpace }
    guard before == UInt8(ascii: ":") else { return unexpected(at: place, isList: false) }
    return fault(
      "a list can't start on the line of its key", at: place..<place + 1, help: "put each '- ' on a line of its own")
  }

  /// Whatever stands behind a complete value.
  private func unexpected(at place: Int, isList: Bool) -> DataFault {
    let start = text.startOfLine(from: min(place, text.count))
    let rest = line(from: place)
    if byte(at: place) == UInt8(ascii: ":") { return missingKey(at: place) }
    if let last = text[start..<rest.lowerBound].lastIndex(where: { !$0.isYAMLSpace }) {
      if isQuote(at: last) { return behindQuote(at: place) }
    } else if byte(at: place) == UInt8(ascii: "-"), text.isBlank(at: place + 1) {
      return fault(
        "an item of a list stands among the keys of a mapping", at: place..<place + 1,
        help: "indent it under the key it belongs to, or remove '- '")
    } else if isList {
      return fault(
        "the line is neither an item of the list nor indented under one", at: rest,
        help: "start it with '- ', or indent it")
    } else if place > start, place < text.count {
      return fault(
        "the line does not line up with the ones before it", at: rest,
        help: "give keys of one mapping, and items of one list, the same indentation")
    }
    switch byte(at: place) {
    case UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: ","): return outside(at: place)
    default:
      return fault(
        "the text does not belong to the value before it", at: rest, help: "quote the value, or start a new line")
    }
  }

  // MARK: Quotes and escapes

  private func isQuote(at index: Int) -> Bool { text[index] == UInt8(ascii: "'") || text[index] == UInt8(ascii: "\"") }

  private func openQuote(at place: Int) -> DataFault {
    fault(
      "the quote is never closed", at: place..<place + 1, help: "add \(character(at: place)) at the end of the text")
  }

  private func behindQuote(at place: Int) -> DataFault {
    let quote = text[..<place].last { !$0.isYAMLSpace }
    let help =
      quote == UInt8(ascii: "'")
      ? "write an apostrophe in a single-quoted text twice: ''" : "write a quote in the text as '\\\"'"
    return fault("text follows the closing quote", at: line(from: place), help: help)
  }

  private func badEscape(at place: Int) -> DataFault {
    var end = min(place + 2, text.count)
    while end < text.count, text[end] & 0xC0 == 0x80 { end += 1 }
    let spelled = DataRules.excerpt(String(decoding: text[place..<end], as: UTF8.self))
    return fault(
      "'\(spelled)' is not an escape", at: place..<end,
      help: "write '\\\\' for a backslash, or use single quotes")
  }

  /// An escape with a number that is not complete, or not that of a character.
  private func badNumber(at place: Int) -> DataFault {
    guard let (value, length) = escape(at: place, in: text) else {
      let count = Self.digits[byte(at: place + 1) ?? 0] ?? 4
      return fault(
        "the escape needs \(count) hexadecimal digits", at: place..<place + 2, help: "fill it up with zeros in front")
    }
    guard (0xD800...0xDFFF).contains(value) else { return forbidden(value, at: place..<place + length) }
    return fault(
      "half of a surrogate pair is not a character", at: place..<place + length,
      help: "write the character itself")
  }

  private static let digits: [UInt8: Int] = [UInt8(ascii: "x"): 2, UInt8(ascii: "u"): 4, UInt8(ascii: "U"): 8]
  private static let named: [UInt8: UInt32] = [
    UInt8(ascii: "0"): 0, UInt8(ascii: "a"): 0x07, UInt8(ascii: "b"): 0x08, UInt8(ascii: "v"): 0x0B,
    UInt8(ascii: "f"): 0x0C, UInt8(ascii: "e"): 0x1B, UInt8(ascii: "N"): 0x85,
  ]

  /// The code point and the length of an escape with a number, or with a name for a control character.
  func escape(at place: Int, in text: [UInt8]) -> (UInt32, Int)? {
    guard place + 1 < text.count else { return nil }
    if let value = Self.named[text[place + 1]] { return (value, 2) }
    guard let count = Self.digits[text[place + 1]], place + 2 + count <= text.count,
      let value = UInt32(String(decoding: text[place + 2..<place + 2 + count], as: UTF8.self), radix: 16)
    else { return nil }
    return (value, 2 + count)
  }

  /// A control character that an escape wrote.
  func forbidden(_ value: UInt32, at place: Range<Int>) -> DataFault {
    DataFault(
      .controlCharacter, "U+\(SourceText.hex(value, digits: 4)) may not stand in a text", at: range(place),
      help: ["remove the escape"])
  }

  // MARK: Brackets

  private func openBracket(at place: Int) -> DataFault {
    let opener = character(at: place)
    return fault(
      "'\(opener)' is never closed", at: place..<place + 1, help: "add '\(opener == "[" ? "]" : "}")'")
  }

  private func missingComma(at place: Int, from opener: Int, closer: String) -> DataFault {
    let isMarker = byte(at: place) == UInt8(ascii: "-") || byte(at: place) == UInt8(ascii: ".")
    if place >= text.count || (isMarker && place == text.startOfLine(from: place)) { return openBracket(at: opener) }
    if byte(at: place) == UInt8(ascii: ":"), text[opener..<place].contains(0x0A) {
      let start = text.startOfLine(from: place)
      return DataFault(
        .yamlSyntax, "'\(character(at: opener))' is not closed before the next key", at: range(opener..<opener + 1),
        notes: [.init("this key", at: range(text.trimmed(start..<place)))], help: ["add '\(closer)'"])
    }
    return fault(
      "',' or '\(closer)' is missing here", at: place..<max(place + 1, text.endOfWord(from: place)),
      help: "put a comma between two items")
  }

  /// An item of a list with a colon.
  func pairInList(at range: Range<Int>) -> DataFault {
    fault("an item of a list can't be 'key: value'", at: range, help: "put it in braces")
  }

  /// A key between braces without a colon.
  func missingValue(at range: Range<Int>) -> DataFault {
    let key = String(decoding: text[range], as: UTF8.self)
    let help =
      key.utf8.contains(UInt8(ascii: ":")) ? "put a space behind the colon" : "write 'key: value' between the braces"
    return fault("'\(DataRules.excerpt(key))' has no ':' and no value", at: range, help: help)
  }

  /// The last bracket before a place that nothing closes.
  private func openBracket(before place: Int) -> Int? {
    var closed = 0
    return text[..<min(place, text.count)].lastIndex { byte in
      switch byte {
      case UInt8(ascii: "]"), UInt8(ascii: "}"): closed += 1
      case UInt8(ascii: "["), UInt8(ascii: "{"):
        if closed == 0 { return true }
        closed -= 1
      default: break
      }
      return false
    }
  }

  // MARK: Making faults

  /// Nesting beyond what Galley reads.
  func tooDeep(at place: Int) -> DataFault { DataRules.tooDeep(at: range(place..<place + 1)) }

  /// YAML that Galley leaves out on purpose.
  func unsupported(_ what: String, at place: Range<Int>) -> DataFault {
    let help =
      what.hasSuffix("key")
      ? "write each key out" : "write the value out where it is used, or quote it if it is meant as a text"
    return DataFault(
      .yamlUnsupported, "\(what) is YAML that Galley does not read", at: range(place),
      help: [what.hasSuffix("document") || what == "a directive" ? "keep one document in a file" : help])
  }

  private func generic(_ problem: String, at place: Int) -> DataFault {
    fault(
      "the YAML can't be read: \(problem)", at: line(from: place), help: "quote texts that hold ':', '#' or brackets")
  }

  private func fault(_ message: String, at place: Range<Int>, help: String) -> DataFault {
    DataFault(.yamlSyntax, message, at: range(place), help: [help])
  }

  private func range(_ place: Range<Int>) -> SourceRange {
    let place = place.clamped(to: 0..<text.count)
    return SourceRange(source, base + place.lowerBound, base + place.upperBound)
  }

  /// The rest of a line from a place, without white space at its end.
  private func line(from place: Int) -> Range<Int> {
    let place = min(place, text.count)
    return place..<max(place, text.trimmed(place..<text.endOfLine(from: place)).upperBound)
  }

  private func byte(at index: Int) -> UInt8? { text.indices.contains(index) ? text[index] : nil }

  private func character(at index: Int) -> String {
    guard text.indices.contains(index) else { return "" }
    return String(decoding: text[index...].prefix(4), as: UTF8.self).unicodeScalars.first.map(String.init) ?? ""
  }
}
