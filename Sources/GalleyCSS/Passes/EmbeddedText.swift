import GalleyHTML
import GalleySource

/// Text within a document, with the way back to the document's bytes: a sheet, or the value of an attribute.
///
/// A value with character references is decoded, so that it can be read as what it means; offsets into it lead back to
/// the bytes they were decoded from. Placeholders are carried over as they are.
struct EmbeddedText {
  /// The bytes that are read.
  let bytes: [UInt8]
  /// The part of them that is the text.
  let range: Range<Int>
  /// The placeholders, by offsets in `bytes`; those outside of the range don't matter.
  let placeholders: [Placeholder]
  /// Where each decoded byte comes from, and where the last one ends; empty where offsets are the document's.
  private let origins: [Int32]

  /// Whether the document writes the text with character references.
  var isDecoded: Bool { !origins.isEmpty }

  /// Makes the text of an element whose content is not markup.
  init(contentOf node: HTMLTree.Node, in tree: HTMLTree) {
    bytes = tree.bytes
    range = Int(node.contentStart)..<Int(node.contentEnd)
    placeholders = tree.placeholders
    origins = []
  }

  /// Makes the text of an attribute's value.
  init(_ attribute: HTMLTree.Attribute, in tree: HTMLTree) {
    let value = Int(attribute.valueStart)..<Int(attribute.valueEnd)
    guard tree.bytes[value].contains(0x26) else {
      bytes = tree.bytes
      range = value
      placeholders = tree.placeholders
      origins = []
      return
    }
    var decoded = DecodedValue()
    decoded.read(value, of: tree)
    bytes = decoded.bytes
    range = 0..<decoded.bytes.count
    placeholders = decoded.placeholders
    origins = decoded.origins
  }

  /// The offset in the document.
  func document(_ offset: Int) -> Int { origins.isEmpty ? offset : Int(origins[offset]) }

  /// The range in the document.
  func document(_ range: Range<Int>) -> Range<Int> { document(range.lowerBound)..<document(range.upperBound) }

  /// Whether a placeholder touches a range.
  func hasPlaceholder(in range: Range<Int>) -> Bool {
    let next = placeholders.firstIndex(endingAfter: range.lowerBound)
    return next < placeholders.count && placeholders[next].range.lowerBound < range.upperBound
  }

  /// A tokenizer of the text.
  var tokenizer: CSSTokenizer { CSSTokenizer(bytes, in: range, placeholders: placeholders) }

  /// The declarations, where the text is the value of a `style` attribute.
  var declarations: [StyleSheet.Declaration] {
    StyleSheet.declarations(bytes, in: range, placeholders: placeholders)
  }

  /// The rules, where the text is a sheet.
  var sheet: StyleSheet { StyleSheet(bytes, in: range, placeholders: placeholders) }
}

/// A value that is being decoded.
private struct DecodedValue {
  var bytes: [UInt8] = []
  var origins: [Int32] = []
  var placeholders: [Placeholder] = []

  mutating func read(_ range: Range<Int>, of tree: HTMLTree) {
    bytes.reserveCapacity(range.count)
    origins.reserveCapacity(range.count + 1)
    var next = tree.placeholders.firstIndex(endingAfter: range.lowerBound)
    var index = range.lowerBound
    while index < range.upperBound {
      let isHole = next < tree.placeholders.count && tree.placeholders[next].range.lowerBound < range.upperBound
      let limit = isHole ? max(tree.placeholders[next].range.lowerBound, index) : range.upperBound
      decode(index..<limit, of: tree.bytes)
      index = limit
      if isHole {
        let end = min(tree.placeholders[next].range.upperBound, range.upperBound)
        let start = bytes.count
        for offset in index..<end { append(tree.bytes[offset], from: offset) }
        placeholders.append(Placeholder(range: start..<bytes.count, kind: tree.placeholders[next].kind))
        index = end
        next += 1
      }
    }
    origins.append(Int32(truncatingIfNeeded: range.upperBound))
  }

  private mutating func append(_ byte: UInt8, from offset: Int) {
    bytes.append(byte)
    origins.append(Int32(truncatingIfNeeded: offset))
  }

  private mutating func decode(_ range: Range<Int>, of source: [UInt8]) {
    var index = range.lowerBound
    while index < range.upperBound {
      guard source[index] == 0x26,
        let found = CharacterReference.decode(source[range], at: index, inAttribute: true)
      else {
        append(source[index], from: index)
        index += 1
        continue
      }
      append(found.first, from: index)
      if let second = found.second { append(second, from: index) }
      index = found.end
    }
  }

  private mutating func append(_ scalar: Unicode.Scalar, from offset: Int) {
    for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter { append(byte, from: offset) }
  }
}

extension EditList {
  /// Replaces a range of bytes by others, unless they are those that stand there.
  mutating func change(_ range: Range<Int>, of bytes: [UInt8], to text: some Collection<UInt8>) {
    if text.count == range.count, bytes[range].elementsEqual(text) { return }
    replace(range, with: text)
  }
}
