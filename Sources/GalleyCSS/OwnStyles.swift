import GalleyHTML

/// The `style` attributes of documents, each text parsed once.
///
/// The same few attributes stand on most elements of a mail. An attribute without placeholders is found again by its
/// bytes, in this document or in a later one.
struct OwnStyles: Sendable {
  /// What is known of a style.
  struct Traits: OptionSet, Sendable {
    let rawValue: UInt8
    /// Its text has character references in the document, so that offsets are other ones there.
    static let decoded = Traits(rawValue: 1)
    /// Something in it is not closed, so that what is appended would become a part of it.
    static let swallowing = Traits(rawValue: 2)
    /// It holds nothing but white space.
    static let blank = Traits(rawValue: 4)
    /// A placeholder stands in it.
    static let placeholder = Traits(rawValue: 8)
  }

  /// One style.
  struct Style: Sendable {
    /// Its text in `text`, decoded.
    let text: Range<Int32>
    /// Its declarations in `declarations`, whose offsets are those of `text`.
    let declarations: Range<Int32>
    let traits: Traits
  }

  private static let byteLimit = 4 << 20

  /// The texts of all styles, one behind the other.
  private(set) var text: [UInt8] = []
  private(set) var declarations: [StyleSheet.Declaration] = []
  private var styles: [Style] = []
  /// The numbers of styles without placeholders by their bytes.
  private var table = NumberTable()
  /// How the documents write the styles whose text was decoded, by number.
  private var rawTexts: [Int32: RawText] = [:]

  /// A text with character references, and where in it each byte of what it means comes from; the end is the last.
  private struct RawText: Sendable {
    let bytes: [UInt8]
    let origins: [Int32]
  }

  subscript(number: Int32) -> Style { styles[Int(number)] }

  /// How often everything was forgotten, so that numbers mean other styles.
  private(set) var age = 0

  /// Forgets everything, if it has become much; call it between documents.
  mutating func trim() { if text.count > Self.byteLimit { forget() } }

  /// Forgets everything.
  mutating func forget() {
    age += 1
    text.removeAll(keepingCapacity: true)
    declarations.removeAll(keepingCapacity: true)
    styles.removeAll(keepingCapacity: true)
    table.removeAll()
    rawTexts.removeAll(keepingCapacity: true)
  }

  /// The number of an attribute's style.
  mutating func number(of attribute: HTMLTree.Attribute, _ tree: HTMLTree) -> Int32 {
    let range = Int(attribute.valueStart)..<Int(attribute.valueEnd)
    if attribute.hasPlaceholder { return add(attribute, tree, traits: .placeholder) }
    let hash = ByteRun.hash(tree.bytes.span, range)
    let known = table.number(hash) { isEqual(Int32($0), tree.bytes, range) }
    if let known { return Int32(known) }
    let number = add(attribute, tree, traits: [])
    table.add(Int(number), hash)
    return number
  }

  /// How many bytes a style has in the document.
  func rawLength(of number: Int32) -> Int { rawTexts[number]?.bytes.count ?? styles[Int(number)].text.count }

  /// Where a byte of `text` that belongs to a style stands in the document, counted from the start of the attribute.
  func rawOffset(_ offset: Int, of number: Int32) -> Int {
    let relative = offset - Int(styles[Int(number)].text.lowerBound)
    return rawTexts[number].map { Int($0.origins[relative]) } ?? relative
  }

  /// Whether a character reference may go on at an offset of the document, counted as before.
  func isReferenceOpen(at offset: Int, of number: Int32) -> Bool {
    rawTexts[number].map { CharacterReferences.isOpen($0.bytes[..<offset]) } ?? false
  }

  private func isEqual(_ number: Int32, _ bytes: [UInt8], _ range: Range<Int>) -> Bool {
    let style = styles[Int(number)]
    if style.traits.contains(.decoded) {
      return rawTexts[number].map { ByteRun.areEqual($0.bytes.span, 0..<$0.bytes.count, bytes.span, range) } ?? false
    }
    return ByteRun.areEqual(text.span, style.text.offsets, bytes.span, range)
  }

  private mutating func add(_ attribute: HTMLTree.Attribute, _ tree: HTMLTree, traits: Traits) -> Int32 {
    let value = Int(attribute.valueStart)..<Int(attribute.valueEnd)
    guard tree.bytes[value].contains(0x26) else {
      return add(tree.bytes[value], tree.placeholders.shifted(into: value), traits: traits)
    }
    let decoded = EmbeddedText(attribute, in: tree)
    let number = add(decoded.bytes[decoded.range], decoded.placeholders, traits: traits.union(.decoded))
    let origins = (0...decoded.range.count).map { Int32(decoded.document($0) - value.lowerBound) }
    rawTexts[number] = RawText(bytes: Array(tree.bytes[value]), origins: origins)
    return number
  }

  private mutating func add(_ bytes: ArraySlice<UInt8>, _ placeholders: [Placeholder], traits: Traits) -> Int32 {
    let start = text.count
    text.append(contentsOf: bytes)
    let range = start..<text.count
    let holes = placeholders.map {
      Placeholder(range: $0.range.lowerBound + start..<$0.range.upperBound + start, kind: $0.kind)
    }
    let first = declarations.count
    var parser = StyleSheetParser(text, in: range, placeholders: holes, flags: [])
    parser.parseDeclarations(rule: -1, inBlock: false)
    declarations += parser.declarations
    var traits = traits
    if !parser.isAllPlain, Self.swallowsWhatFollows(text, range, holes) { traits.insert(.swallowing) }
    if text[range].allSatisfy(\.isCSSWhitespace) { traits.insert(.blank) }
    styles.append(
      Style(
        text: Int32(start)..<Int32(text.count), declarations: Int32(first)..<Int32(declarations.count), traits: traits))
    return Int32(styles.count - 1)
  }

  /// Whether something in a style is not closed.
  private static func swallowsWhatFollows(_ text: [UInt8], _ range: Range<Int>, _ holes: [Placeholder]) -> Bool {
    let isPlain = !text[range].contains { byte in
      switch byte {
      case 0x22, 0x27, 0x28, 0x2F, 0x5B, 0x5C, 0x7B: true
      default: false
      }
    }
    if isPlain { return false }
    // A backslash at the end escapes what follows, unless it is escaped itself.
    if text[range].reversed().prefix(while: { $0 == 0x5C }).count % 2 == 1 { return true }
    var tokenizer = CSSTokenizer(text, in: range, placeholders: holes)
    var depth = 0
    while true {
      let token = tokenizer.take()
      if token.isUnclosed { return true }
      switch token.kind {
      case .end: return depth > 0
      case .openParenthesis, .function, .openSquare, .openBrace: depth += 1
      case .closeParenthesis, .closeSquare, .closeBrace: depth = max(depth - 1, 0)
      default: break
      }
    }
  }
}

extension [Placeholder] {
  /// Those that touch a range, counted from its start and cut to it.
  func shifted(into range: Range<Int>) -> [Placeholder] {
    var result: [Placeholder] = []
    var index = firstIndex(endingAfter: range.lowerBound)
    while index < count, self[index].range.lowerBound < range.upperBound {
      let part = self[index].range.clamped(to: range)
      result.append(
        Placeholder(
          range: part.lowerBound - range.lowerBound..<part.upperBound - range.lowerBound, kind: self[index].kind))
      index += 1
    }
    return result
  }
}
