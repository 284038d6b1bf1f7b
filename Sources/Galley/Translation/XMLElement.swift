import GalleySource

/// An element of an XML document that was read, with where it stands.
struct XMLElement {
  /// What is in an element.
  enum Content {
    case element(XMLElement)
    case text(String)
  }

  /// The namespace, empty where the element is in none.
  var namespace: String
  /// The name without its prefix.
  var name: String
  /// The attributes without a prefix, and those of `xml:` with it.
  var attributes: [String: String]
  /// The start tag.
  var tag: SourceRange
  var content: [Content] = []

  /// The elements in this one.
  var children: [XMLElement] {
    content.compactMap { if case .element(let element) = $0 { element } else { nil } }
  }

  /// The first element of a name in the same namespace.
  func child(_ name: String) -> XMLElement? { children.first { $0.name == name && $0.namespace == namespace } }
}

/// Reads XML that other tools wrote, as little of it as translations need.
///
/// There are no document types and so no entities but the five that go without saying; what is not well formed by
/// XML 1.0 is refused at its first fault, and so is what is nested deeper than `depthLimit`. One pass; the work is linear in
/// the size. See https://www.w3.org/TR/xml/ and https://www.w3.org/TR/xml-names/.
struct XMLReader {
  static let depthLimit = 64

  /// The one fault that ends the reading.
  struct Fault: Error {
    let message: String
    let range: Range<Int>
    var help: String?
  }

  private let source: SourceID
  private let bytes: [UInt8]
  private var position = 0
  private var prefixes: [[String: String]] = [["": "", "xml": "http://www.w3.org/XML/1998/namespace"]]

  private init(_ bytes: [UInt8], _ source: SourceID) { (self.bytes, self.source) = (bytes, source) }

  /// The root element of a document in UTF-8, which `SourceText` has checked.
  static func read(_ bytes: [UInt8], source: SourceID) -> Result<XMLElement, Fault> {
    var reader = XMLReader(bytes, source)
    do throws(Fault) {
      try reader.readDeclaration()
      try reader.skipMisc()
      guard reader.byte == UInt8(ascii: "<") else { throw reader.fault("the document has no element") }
      let root = try reader.readElement()
      try reader.skipMisc()
      guard reader.byte == nil else { throw reader.fault("something follows the end of the document") }
      return .success(root)
    } catch {
      return .failure(error)
    }
  }

  // MARK: Around the root

  private mutating func readDeclaration() throws(Fault) {
    guard starts(with: "<?xml"), peek(5).map(Self.isSpace) == true else { return }
    let end = try find("?>", from: position, what: "the XML declaration")
    let text = String(decoding: bytes[position..<end], as: UTF8.self).lowercased()
    if let name = text.firstRange(of: "encoding"), !text[name.upperBound...].contains("utf-8") {
      throw Fault(message: "the document is not in UTF-8", range: position..<end, help: "save it as UTF-8")
    }
    position = end + 2
  }

  /// Skips white space, comments and processing instructions.
  private mutating func skipMisc() throws(Fault) {
    while let byte {
      if Self.isSpace(byte) {
        position += 1
      } else if starts(with: "<!--") {
        try skipComment()
      } else if starts(with: "<?") {
        position = try find("?>", from: position + 2, what: "a processing instruction") + 2
      } else if starts(with: "<!") {
        throw fault(
          "a document type is not read", help: "save the document without '<!DOCTYPE …>'; entities are not needed")
      } else {
        return
      }
    }
  }

  private mutating func skipComment() throws(Fault) {
    let end = try find("--", from: position + 4, what: "a comment")
    guard end + 2 < bytes.count, bytes[end + 2] == UInt8(ascii: ">") else {
      throw Fault(message: "'--' may not stand in a comment", range: end..<end + 2)
    }
    position = end + 3
  }

  // MARK: Elements

  /// Reads the element that starts here, with a list of open ones instead of recursion.
  private mutating func readElement() throws(Fault) -> XMLElement {
    var open: [(element: XMLElement, spelled: [UInt8])] = []
    while true {
      if starts(with: "</") {
        let closed = try readEndTag(open.last?.spelled ?? [])
        _ = closed
        prefixes.removeLast()
        let element = open.removeLast().element
        guard !open.isEmpty else { return element }
        open[open.count - 1].element.content.append(.element(element))
      } else if starts(with: "<!--") {
        try skipComment()
      } else if starts(with: "<![CDATA[") {
        let end = try find("]]>", from: position + 9, what: "a CDATA section")
        append(text: Self.normalized(bytes[(position + 9)..<end]), to: &open)
        position = end + 3
      } else if starts(with: "<?") {
        position = try find("?>", from: position + 2, what: "a processing instruction") + 2
      } else if starts(with: "<!") {
        throw fault("a declaration may not stand here")
      } else if byte == UInt8(ascii: "<") {
        let (element, spelled, isEmpty) = try readStartTag()
        if !isEmpty {
          guard open.count < Self.depthLimit else {
            throw Fault(
              message: "elements are nested more than \(Self.depthLimit) deep", range: element.tag.range)
          }
          open.append((element, spelled))
          continue
        }
        prefixes.removeLast()
        guard !open.isEmpty else { return element }
        open[open.count - 1].element.content.append(.element(element))
      } else if byte == nil {
        throw Fault(
          message: "the element '\(open.last?.element.name ?? "")' is never closed",
          range: open.last?.element.tag.range ?? 0..<0)
      } else {
        append(text: try readText(), to: &open)
      }
    }
  }

  private func append(text: String, to open: inout [(element: XMLElement, spelled: [UInt8])]) {
    guard !open.isEmpty, !text.isEmpty else { return }
    let last = open.count - 1
    if case .text(let before) = open[last].element.content.last {
      open[last].element.content[open[last].element.content.count - 1] = .text(before + text)
    } else {
      open[last].element.content.append(.text(text))
    }
  }

  private mutating func readEndTag(_ spelled: [UInt8]) throws(Fault) -> Int {
    let start = position
    position += 2
    let name = try readName()
    guard name.elementsEqual(spelled) else {
      throw Fault(
        message: "'</\(String(decoding: name, as: UTF8.self))>' does not close "
          + "'<\(String(decoding: spelled, as: UTF8.self))>'", range: start..<position)
    }
    skipSpace()
    guard byte == UInt8(ascii: ">") else { throw fault("'>' is missing") }
    position += 1
    return start
  }

  private mutating func readStartTag() throws(Fault) -> (XMLElement, spelled: [UInt8], isEmpty: Bool) {
    let start = position
    position += 1
    let spelled = Array(try readName())
    var attributes: [(name: String, value: String, place: Range<Int>)] = []
    var isEmpty = false
    while true {
      let hadSpace = skipSpace()
      if starts(with: "/>") {
        isEmpty = true
        position += 2
        break
      }
      if byte == UInt8(ascii: ">") {
        position += 1
        break
      }
      guard hadSpace else { throw fault(byte == nil ? "the tag is never closed" : "white space is missing here") }
      let attribute = try readAttribute()
      guard !attributes.contains(where: { $0.name == attribute.name }) else {
        throw Fault(message: "the attribute '\(attribute.name)' is given twice", range: attribute.place)
      }
      guard attributes.count < 100 else {
        throw Fault(message: "an element has more than 100 attributes", range: attribute.place)
      }
      attributes.append(attribute)
    }
    return (try element(spelled, attributes, start..<position), spelled, isEmpty)
  }

  /// Resolves the namespaces of a tag, whose declarations hold from here to its end.
  private mutating func element(
    _ spelled: [UInt8], _ attributes: [(name: String, value: String, place: Range<Int>)], _ place: Range<Int>
  ) throws(Fault) -> XMLElement {
    var scope = prefixes.last ?? [:]
    var own: [String: String] = [:]
    for attribute in attributes {
      if attribute.name == "xmlns" {
        scope[""] = attribute.value
      } else if attribute.name.hasPrefix("xmlns:") {
        scope[String(attribute.name.dropFirst(6))] = attribute.value
      } else if !attribute.name.contains(":") || attribute.name.hasPrefix("xml:") {
        own[attribute.name] = attribute.value
      }
    }
    prefixes.append(scope)
    let parts = String(decoding: spelled, as: UTF8.self).split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count <= 2, let name = parts.last, !name.isEmpty,
      let namespace = scope[parts.count == 2 ? String(parts[0]) : ""]
    else { throw Fault(message: "the prefix of '\(parts.joined(separator: ":"))' is not declared", range: place) }
    return XMLElement(
      namespace: namespace, name: String(name), attributes: own, tag: SourceRange(source, place))
  }

  private mutating func readAttribute() throws(Fault) -> (name: String, value: String, place: Range<Int>) {
    let start = position
    let name = String(decoding: try readName(), as: UTF8.self)
    skipSpace()
    guard byte == UInt8(ascii: "=") else { throw fault("the attribute '\(name)' has no value") }
    position += 1
    skipSpace()
    guard let quote = byte, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
      throw fault("the value of '\(name)' is not in quotation marks")
    }
    position += 1
    var value: [UInt8] = []
    while let byte, byte != quote {
      switch byte {
      case UInt8(ascii: "<"): throw fault("'<' may not stand in a value", help: "write '&lt;'")
      case UInt8(ascii: "&"): value += try readReference().utf8
      case 0x0D where peek(1) == 0x0A: position += 1
      case 0x09, 0x0A, 0x0D:
        value.append(0x20)
        position += 1
      default:
        value.append(byte)
        position += 1
      }
    }
    guard byte == quote else {
      throw Fault(message: "the value of '\(name)' is never closed", range: start..<start + 1)
    }
    position += 1
    return (name, String(decoding: value, as: UTF8.self), start..<position)
  }

  // MARK: Text

  private mutating func readText() throws(Fault) -> String {
    var text: [UInt8] = []
    while let byte, byte != UInt8(ascii: "<") {
      switch byte {
      case UInt8(ascii: "&"): text += try readReference().utf8
      case 0x0D:
        text.append(0x0A)
        position += peek(1) == 0x0A ? 2 : 1
      case UInt8(ascii: "]") where starts(with: "]]>"):
        throw fault("']]>' may not stand in text", help: "write ']]&gt;'")
      default:
        text.append(byte)
        position += 1
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// Text with its line ends turned into line feeds.
  private static func normalized(_ bytes: ArraySlice<UInt8>) -> String {
    var result: [UInt8] = []
    var wasReturn = false
    for byte in bytes {
      if byte == 0x0D { result.append(0x0A) } else if byte != 0x0A || !wasReturn { result.append(byte) }
      wasReturn = byte == 0x0D
    }
    return String(decoding: result, as: UTF8.self)
  }

  private mutating func readReference() throws(Fault) -> String {
    let start = position
    var end = start + 1
    while end < bytes.count, end - start < 12, bytes[end] != UInt8(ascii: ";") { end += 1 }
    guard end < bytes.count, bytes[end] == UInt8(ascii: ";") else {
      throw fault("'&' begins a reference that does not end", help: "write '&amp;'")
    }
    let name = String(decoding: bytes[(start + 1)..<end], as: UTF8.self)
    position = end + 1
    switch name {
    case "lt": return "<"
    case "gt": return ">"
    case "amp": return "&"
    case "quot": return "\""
    case "apos": return "'"
    default: break
    }
    let place = start..<position
    guard name.hasPrefix("#") else {
      throw Fault(message: "there is no entity '\(name)'", range: place, help: "write the character itself")
    }
    let isHexadecimal = name.hasPrefix("#x")
    let digits = name.dropFirst(isHexadecimal ? 2 : 1)
    guard digits.utf8.allSatisfy({ $0 != 0x2B && $0 != 0x2D }),
      let value = UInt32(digits, radix: isHexadecimal ? 16 : 10),
      let scalar = Unicode.Scalar(value), !UTF8Scan.isForbidden(value)
    else { throw Fault(message: "'&\(name);' is no character of text", range: place) }
    return String(scalar)
  }

  // MARK: Bytes

  private var byte: UInt8? { position < bytes.count ? bytes[position] : nil }

  private func peek(_ distance: Int) -> UInt8? {
    position + distance < bytes.count ? bytes[position + distance] : nil
  }

  private func starts(with text: StaticString) -> Bool {
    var index = position
    let end = position + text.utf8CodeUnitCount
    guard end <= bytes.count else { return false }
    for byte in text.description.utf8 {
      if bytes[index] != byte { return false }
      index += 1
    }
    return true
  }

  private func find(_ text: String, from start: Int, what: String) throws(Fault) -> Int {
    let wanted = Array(text.utf8)
    var index = start
    while index + wanted.count <= bytes.count {
      if bytes[index] == wanted[0], bytes[index..<index + wanted.count].elementsEqual(wanted) { return index }
      index += 1
    }
    throw Fault(message: "\(what) is never closed", range: position..<min(position + 2, bytes.count))
  }

  private mutating func readName() throws(Fault) -> ArraySlice<UInt8> {
    let start = position
    while let byte, byte >= 0x80 || Self.isNameByte(byte) { position += 1 }
    guard position > start, bytes[start] != UInt8(ascii: "-"), bytes[start] != UInt8(ascii: "."),
      !(0x30...0x39).contains(bytes[start])
    else {
      position = start
      throw fault("a name is missing here")
    }
    return bytes[start..<position]
  }

  @discardableResult
  private mutating func skipSpace() -> Bool {
    let start = position
    while let byte, Self.isSpace(byte) { position += 1 }
    return position > start
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF) || "_:.-".utf8.contains(byte)
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }

  private func fault(_ message: String, help: String? = nil) -> Fault {
    let end = min(position + 1, bytes.count)
    return Fault(message: message, range: min(position, end)..<end, help: help)
  }
}
