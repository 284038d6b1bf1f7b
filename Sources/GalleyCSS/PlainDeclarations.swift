/// The usual declarations, without tokens.
///
/// Nearly all declarations are a name, a colon and a value without escapes, comments and line ends. They are read in
/// one pass over their bytes; what is unusual is left to the parser of tokens. Both come to the same.
extension StyleSheetParser {
  /// Takes declarations, as long as they are usual ones, and the space around them.
  ///
  /// The current token is the first of a declaration, and so it is in the end, or the one that ends the block.
  mutating func takePlainDeclarations(rule: Int32, inBlock: Bool) {
    guard token.kind == .ident, blockDepth == 0 else { return }
    let bytes = bytes
    let limit = tokenizer.plainEnd
    var next = Int(token.start)
    let isToEnd = limit == end && !inBlock
    var taken = false
    while let stop = takePlain(bytes.span, at: next, limit: limit, rule: rule, inBlock: inBlock, isToEnd: isToEnd) {
      next = stop
      taken = true
    }
    guard taken else { return }
    tokenizer.seek(to: next)
    token = tokenizer.take()
  }

  /// Takes a declaration, its semicolon and the space behind it; nil, and nothing is taken, if it is unusual.
  private mutating func takePlain(
    _ bytes: Span<UInt8>, at start: Int, limit: Int, rule: Int32, inBlock: Bool, isToEnd: Bool
  ) -> Int? {
    let text = bytes.extracting(0..<limit)
    guard start < limit, let (name, nameEnd) = plainName(text, at: start) else { return nil }
    var index = nameEnd
    while index < limit, text[index] == 0x20 { index &+= 1 }
    guard index < limit, text[index] == 0x3A else { return nil }
    index &+= 1
    while index < limit, text[index] == 0x20 { index &+= 1 }
    var scan = PlainValue(start: index)
    guard scan.run(text, inBlock: inBlock, isToEnd: isToEnd) else { return nil }
    let property = Property(hash: name, index: properties.index(ofHash: name))
    if grammar.isDoubtful(bytes, scan.start..<scan.end, of: property, &values) { scan.flags.insert(.doubtful) }
    if isRevertLayer(scan.start..<scan.end) { keepWhole(rule) }
    declarations.append(
      StyleSheet.Declaration(
        property: property, flags: scan.flags, name: Int32(start)..<Int32(nameEnd),
        value: Int32(scan.start)..<Int32(scan.end), end: Int32(scan.declarationEnd), rule: rule))
    index = scan.position
    if index < limit, text[index] == 0x3B { index &+= 1 }
    while index < limit, text[index].isCSSWhitespace { index &+= 1 }
    return index
  }

  /// The hash and the end of a usual name, which is no custom property's.
  private func plainName(_ text: Span<UInt8>, at start: Int) -> (hash: UInt64, end: Int)? {
    var index = start
    if text[index] == 0x2D {
      index &+= 1
      guard index < text.count, text[index].isLetter else { return nil }
      index = start
    }
    var hash = RunningHash()
    while index < text.count {
      let byte = text[index]
      if byte.isLetter {
        hash.add(byte | 0x20)
      } else if byte == 0x2D || byte.isDigit && index > start {
        hash.add(byte)
      } else {
        break
      }
      index &+= 1
    }
    return index > start && index < text.count ? (hash.value, index) : nil
  }
}

/// A walk over a usual value.
private struct PlainValue {
  /// The first byte of the value, and behind its last one.
  let start: Int
  var end: Int
  /// Behind `!important`, if it stands there, or `end`.
  var declarationEnd: Int
  /// Where the walk stopped: at the semicolon, the brace or the end.
  var position: Int
  var flags: StyleSheet.DeclarationFlags = []
  private var depth = 0

  init(start: Int) {
    self.start = start
    end = start
    declarationEnd = start
    position = start
  }

  /// For each byte under 0x80, whether nothing but itself depends on it: letters, digits and # $ % * + , - . : = ? ^ _ ` | ~.
  private static let plainLow: UInt64 = 0xA7FF_7C38_0000_0000
  private static let plainHigh: UInt64 = 0x57FF_FFFF_C7FF_FFFE

  @inline(__always) private static func isPlain(_ byte: UInt8) -> Bool {
    if byte < 0x40 { return plainLow &>> UInt64(byte) & 1 == 1 }
    return byte >= 0x80 || plainHigh &>> UInt64(byte & 0x3F) & 1 == 1
  }

  /// Walks to the end of the declaration; false if the value is unusual or empty.
  mutating func run(_ text: Span<UInt8>, inBlock: Bool, isToEnd: Bool) -> Bool {
    var index = start
    while index < text.count {
      let byte = text[index]
      if Self.isPlain(byte) {
        index &+= 1
        end = index
        continue
      }
      switch byte {
      case 0x20: index &+= 1
      case 0x3B: return finish(at: index)
      case 0x7D: return inBlock && finish(at: index)
      case 0x28:
        guard let stop = parenthesis(text, index) else { return false }
        index = stop
        end = stop
      case 0x29:
        guard depth > 0 else { return false }
        depth &-= 1
        index &+= 1
        end = index
      case 0x22, 0x27:
        guard let stop = string(text, index, quote: byte) else { return false }
        flags.insert(.special)
        index = stop
        end = stop
      case 0x2F:
        guard index &+ 1 < text.count, text[index &+ 1] != 0x2A else { return false }
        index &+= 1
        end = index
      case 0x21: return depth == 0 && importance(text, index, inBlock: inBlock, isToEnd: isToEnd)
      case 0x0A, 0x0D, 0x09, 0x0C: return finish(text, from: index, inBlock: inBlock, isToEnd: isToEnd)
      default: return false
      }
    }
    return isToEnd && finish(at: index)
  }

  private mutating func finish(at index: Int) -> Bool {
    guard depth == 0, end > start else { return false }
    if !flags.contains(.important) { declarationEnd = end }
    position = index
    return true
  }

  /// Finishes if nothing but space stands between here and the end of the declaration.
  private mutating func finish(_ text: Span<UInt8>, from start: Int, inBlock: Bool, isToEnd: Bool) -> Bool {
    var index = start
    while index < text.count, text[index].isCSSWhitespace { index &+= 1 }
    if index == text.count { return isToEnd && finish(at: index) }
    return (text[index] == 0x3B || inBlock && text[index] == 0x7D) && finish(at: index)
  }

  /// Takes `!important` and what follows it.
  private mutating func importance(_ text: Span<UInt8>, _ start: Int, inBlock: Bool, isToEnd: Bool) -> Bool {
    let word: StaticString = "important"
    var index = start &+ 1
    guard text.count &- index >= word.utf8CodeUnitCount else { return false }
    for byte in String(describing: word).utf8 {
      guard text[index] | 0x20 == byte else { return false }
      index &+= 1
    }
    flags.insert(.important)
    declarationEnd = index
    return finish(text, from: index, inBlock: inBlock, isToEnd: isToEnd)
  }

  /// Behind the string that starts at a quote.
  private func string(_ text: Span<UInt8>, _ start: Int, quote: UInt8) -> Int? {
    var index = start &+ 1
    while index < text.count {
      let byte = text[index]
      if byte == quote { return index &+ 1 }
      if byte == 0x5C || byte.isCSSNewline || byte == 0 { return nil }
      index &+= 1
    }
    return nil
  }

  /// Behind an opening parenthesis, or behind the whole of a `url()` without quotes.
  private mutating func parenthesis(_ text: Span<UInt8>, _ start: Int) -> Int? {
    let isURL =
      start &- self.start >= 3 && text[start &- 1] | 0x20 == 0x6C && text[start &- 2] | 0x20 == 0x72
      && text[start &- 3] | 0x20 == 0x75
    if isURL, start &- self.start == 3 || !text[start &- 4].isNameByte {
      var index = start &+ 1
      guard index < text.count else { return nil }
      if text[index] != 0x22, text[index] != 0x27 {
        while index < text.count {
          switch text[index] {
          case 0x29:
            flags.insert(.special)
            return index &+ 1
          case 0x00...0x20, 0x22, 0x27, 0x28, 0x5C, 0x7F: return nil
          default: index &+= 1
          }
        }
        return nil
      }
    }
    depth &+= 1
    return start &+ 1
  }
}
