import GalleyHTML
import GalleySource

/// A text that is known when the site is built, on its way into a place of an HTML document.
///
/// It is escaped as little as its place allows, because it is part of what the author wrote; it is refused where no
/// escaping would keep it from meaning more than itself.
struct KnownText {
  let text: String
  let type: ValueType?

  /// Whether a byte is written as a character reference anywhere; others are not where that is all that is asked.
  static func isEscaped(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""), UInt8(ascii: "'"): true
    default: false
    }
  }

  /// Appends the text as it may stand at `place`, or says why it may not.
  func append(at place: Place, to output: inout [UInt8]) -> EscapeContext.Refusal? {
    if text.isEmpty { return refusalOfNothing(at: place) }
    switch place.kind {
    case .text, .escapableRawText: Escaper.appendMinimal(text.utf8, quote: nil, to: &output)
    case .attribute(let attribute): return append(in: attribute, to: &output)
    case .rawText(element: "style"): return appendStyle(to: &output)
    case .rawText(let element): return EscapeContext.refusal(inRawText: element)
    case .tagName: return EscapeContext.tagName
    case .insideTag: return EscapeContext.insideTag
    case .comment: return appendPlain(ifSafe: EscapeContext.comment, to: &output)
    case .declaration: return EscapeContext.declaration
    }
    return nil
  }

  /// Why nothing may stand at `place`: what follows would become the value of the attribute.
  private func refusalOfNothing(at place: Place) -> EscapeContext.Refusal? {
    guard case .attribute(let attribute) = place.kind, attribute.quote == .none else { return nil }
    return EscapeContext.refusal(unquoted: attribute.name)
  }

  private func append(in attribute: Place.AttributePlace, to output: inout [UInt8]) -> EscapeContext.Refusal? {
    switch attribute.kind {
    case .script: return EscapeContext.refusal(inScriptAttribute: attribute.name)
    case .document: return EscapeContext.document
    case .style, .presentational: return appendStyle(to: &output)
    case .ordinary, .url, .forbiddenURL, .directive: break
    }
    if attribute.quote == .none {
      if case .url(.start) = attribute.kind, let refusal = schemeRefusal(attribute.name) { return refusal }
      return appendPlain(ifSafe: EscapeContext.refusal(unquoted: attribute.name), to: &output)
    }
    let quote: UInt8 = attribute.quote == .single ? UInt8(ascii: "'") : UInt8(ascii: "\"")
    switch attribute.kind {
    case .url(let part): return appendURL(part, attribute.name, quote, to: &output)
    case .forbiddenURL: return appendURL(.start, attribute.name, quote, to: &output)
    default: Escaper.appendMinimal(text.utf8, quote: quote, to: &output)
    }
    return nil
  }

  // MARK: URLs

  private func appendURL(
    _ part: Place.URLPart, _ attribute: String, _ quote: UInt8, to output: inout [UInt8]
  ) -> EscapeContext.Refusal? {
    var encoded: [UInt8] = []
    switch part {
    case .start, .unknown:
      if let refusal = schemeRefusal(attribute) { return refusal }
      Escaper.appendPercentEncoded(text, keeping: Self.isURLByte, to: &encoded)
    case .schemeOrAuthority: Escaper.appendPercentEncoded(text, keeping: Self.isURLByte, to: &encoded)
    case .path where type == .urlPart: Escaper.appendPercentEncoded(text, keeping: Escaper.isURLPartByte, to: &encoded)
    case .path: Escaper.appendPercentEncoded(text, keeping: Self.isURLByte, to: &encoded)
    case .query, .fragment: Escaper.appendPercentEncoded(text, keeping: Escaper.isURLPartByte, to: &encoded)
    case .opaque: Escaper.appendPercentEncoded(text, keeping: Self.isAddressByte, to: &encoded)
    }
    Escaper.appendMinimal(encoded, quote: quote, to: &output)
    return nil
  }

  /// Why the text may not begin a URL, if it may not.
  private func schemeRefusal(_ attribute: String) -> EscapeContext.Refusal? {
    let bytes = Array(text.utf8)
    if bytes.contains(where: { $0 < 0x20 || $0 == 0x7F }) || bytes.first == 0x20 {
      return EscapeContext.Refusal(
        code: .escapeURLScheme, message: "begins the URL of '\(attribute)' with a space or holds a control character",
        help: ["remove it"])
    }
    let end = bytes.firstIndex { "/?#".utf8.contains($0) } ?? bytes.count
    guard let colon = bytes[..<end].firstIndex(of: UInt8(ascii: ":")) else { return nil }
    let scheme = String(decoding: bytes[..<colon], as: UTF8.self)
    if Self.schemes.contains(scheme.lowercased()) { return nil }
    return EscapeContext.Refusal(
      code: .escapeURLScheme, message: "begins the URL of '\(attribute)' with '\(scheme):'",
      help: ["use a URL that begins with https:, http:, mailto:, tel: or cid:"])
  }

  private static let schemes: Set<String> = ["http", "https", "mailto", "tel", "cid"]

  /// What may stand in a URL at all: the reserved and unreserved characters of RFC 3986, `%`, and beyond ASCII.
  private static func isURLByte(_ byte: UInt8) -> Bool {
    Escaper.isUnreserved(byte) || byte >= 0x80 || ":/?#[]@!$&'()*+,;=%".utf8.contains(byte)
  }

  /// What may stand in an address or a number without meaning a header.
  private static func isAddressByte(_ byte: UInt8) -> Bool {
    Escaper.isUnreserved(byte) || "@+,:;!$'()*/".utf8.contains(byte)
  }

  // MARK: Styles and other places

  private func appendStyle(to output: inout [UInt8]) -> EscapeContext.Refusal? {
    guard StyleValue.isPlain(text) else {
      return EscapeContext.Refusal(
        code: .escapeStyleValue, message: "is neither a color, a number, a length nor a word, and stands in a style",
        help: ["write the value here, or make it a plain color, number, length or word"])
    }
    output.append(contentsOf: text.utf8)
    return nil
  }

  private func appendPlain(
    ifSafe refusal: EscapeContext.Refusal, to output: inout [UInt8]
  ) -> EscapeContext.Refusal? {
    let isSafe =
      text.utf8.allSatisfy { Escaper.isUnreserved($0) || ":/#%".utf8.contains($0) || $0 >= 0x80 }
      && !text.contains("--")
    if isSafe { output.append(contentsOf: text.utf8) }
    return isSafe ? nil : refusal
  }
}

extension Place {
  /// Whether known text can stand here with no more than character references.
  var escapesReferencesAlone: Bool {
    switch kind {
    case .text, .escapableRawText: true
    case .attribute(let attribute): attribute.kind == .ordinary && attribute.quote != .none
    case .rawText, .tagName, .insideTag, .comment, .declaration: false
    }
  }
}

/// The closed grammar of what may come into a style from outside: words, numbers with units, colors, and lists of them.
enum StyleValue {
  static func isPlain(_ text: String) -> Bool {
    var rest = Array(text.utf8)[...]
    var isFirst = true
    while !rest.isEmpty {
      if !isFirst { skipSeparator(&rest) }
      guard takeItem(&rest) else { return false }
      isFirst = false
    }
    return true
  }

  private static func skipSeparator(_ rest: inout ArraySlice<UInt8>) {
    while rest.first == 0x20 { rest.removeFirst() }
    if rest.first == UInt8(ascii: ",") { rest.removeFirst() }
    while rest.first == 0x20 { rest.removeFirst() }
  }

  /// Takes one item, which a space, a comma or the end must follow.
  private static func takeItem(_ rest: inout ArraySlice<UInt8>) -> Bool {
    let end = rest.firstIndex { $0 == 0x20 || $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "(") } ?? rest.endIndex
    let item = rest[..<end]
    if end < rest.endIndex, rest[end] == UInt8(ascii: "(") { return takeColorFunction(item, &rest) }
    rest = rest[end...]
    return isHexColor(item) || isWord(item) || isDimension(item)
  }

  private static func takeColorFunction(_ name: ArraySlice<UInt8>, _ rest: inout ArraySlice<UInt8>) -> Bool {
    let functions = ["rgb", "rgba", "hsl", "hsla"]
    guard functions.contains(String(decoding: name, as: UTF8.self).lowercased()),
      let close = rest.firstIndex(of: UInt8(ascii: ")"))
    else { return false }
    let arguments = rest[(name.endIndex + 1)..<close]
    rest = rest[(close + 1)...]
    guard rest.first.map({ $0 == 0x20 || $0 == UInt8(ascii: ",") }) ?? true else { return false }
    return arguments.allSatisfy {
      (0x30...0x39).contains($0) || ".,% /-".utf8.contains($0) || (0x41...0x5A).contains($0 & 0xDF)
    } && !arguments.isEmpty
  }

  private static func isHexColor(_ item: ArraySlice<UInt8>) -> Bool {
    guard item.first == UInt8(ascii: "#") else { return false }
    let digits = item.dropFirst()
    return [3, 4, 6, 8].contains(digits.count)
      && digits.allSatisfy { (0x30...0x39).contains($0) || (0x41...0x46).contains($0 & 0xDF) }
  }

  private static func isWord(_ item: ArraySlice<UInt8>) -> Bool {
    guard let first = item.first, (0x41...0x5A).contains(first & 0xDF) || first == UInt8(ascii: "-") else {
      return false
    }
    return item.allSatisfy { Dialect.isNameByte($0) || $0 == UInt8(ascii: "-") }
      && item.contains { (0x41...0x5A).contains($0 & 0xDF) }
  }

  private static func isDimension(_ item: ArraySlice<UInt8>) -> Bool {
    var rest = item
    if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
    let number = rest.prefix { (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }
    guard number.contains(where: { (0x30...0x39).contains($0) }),
      number.count(where: { $0 == UInt8(ascii: ".") }) <= 1
    else { return false }
    let unit = rest[number.endIndex...]
    return unit.elementsEqual("%".utf8) || unit.count <= 4 && unit.allSatisfy { (0x41...0x5A).contains($0 & 0xDF) }
  }
}
