/// Finds the placeholders of Razor, whose marks are ordinary text elsewhere.
///
/// - `@x.Name`, `@x?.Name[0]`, `@f("a")` and `@(x)` print a value.
/// - `@if (x) {` opens a block, and so do `@for`, `@foreach`, `@while`, `@switch`, `@using`, `@lock`, `@try`, `@do` and
///   `@section Name {`. Its `}` closes it: the one that is balanced in text, or within the same style sheet.
///   `} else if (x) {`, `} else {`, `} catch (E) {` and `} finally {` divide it.
/// - `@{ … }`, `@functions { … }`, `@code { … }`, `@* … *@`, a directive such as `@model Order` at the start of a line,
///   and `@:` within a block print nothing.
/// - `@@` is an at sign: its first byte prints nothing, so that `@@media` in a style sheet is a media rule.
///
/// Text is: an at sign behind a letter or a digit, as in an address of mail, unless `(` follows; the name of an at-rule of CSS within a
/// style sheet; and whatever is not complete.
struct RazorScanner: Sendable {
  /// A block that is open.
  private struct Block {
    /// How many braces of other things are open in it.
    var braces = 0
    /// In which style sheet it was opened, or 0.
    let sheet: Int
  }

  private var blocks: [Block] = []
  /// The number of the style sheet at hand; 0 outside of any.
  private var sheet = 0
  private var sheetCount = 0
  private var isInScript = false
  /// Where the at sign stands that an escape before it makes text.
  private var escaped = -1
  /// How many more bytes may be searched in vain before only near ends are looked for.
  private var patience = 1 << 20

  init(isStyleSheet: Bool) {
    if isStyleSheet {
      sheet = 1
      sheetCount = 1
    }
  }

  /// The placeholder that begins at `index`, if one does; each index outside of placeholders is asked for in order.
  ///
  /// `isAdjoining` says that another placeholder ends there.
  mutating func placeholder(_ bytes: Span<UInt8>, at index: Int, isAdjoining: Bool) -> Placeholder? {
    switch bytes[index] {
    case 0x40: return expression(bytes, at: index, isAdjoining: isAdjoining)
    case 0x7B:
      if countsBraces { blocks[blocks.count - 1].braces += 1 }
      return nil
    case 0x7D: return countsBraces ? brace(bytes, at: index) : nil
    case ASCII.less:
      followTag(bytes, at: index)
      return nil
    default: return nil
    }
  }

  /// Whether a brace at hand belongs to the innermost block.
  private var countsBraces: Bool {
    guard let block = blocks.last else { return false }
    return block.sheet == sheet && !isInScript
  }

  private mutating func followTag(_ bytes: Span<UInt8>, at index: Int) {
    let isEnd = bytes.at(index + 1) == ASCII.slash
    let name = Self.word(bytes, index + (isEnd ? 2 : 1))
    switch name.lowercased() {
    case "style":
      if !isEnd { sheetCount += 1 }
      sheet = isEnd ? 0 : sheetCount
    case "script": isInScript = !isEnd
    default: break
    }
  }

  // MARK: Blocks

  private mutating func brace(_ bytes: Span<UInt8>, at index: Int) -> Placeholder? {
    if blocks[blocks.count - 1].braces > 0 {
      blocks[blocks.count - 1].braces -= 1
      return nil
    }
    if let end = continuation(bytes, index + 1) { return Placeholder(range: index..<end, kind: .middle) }
    blocks.removeLast()
    return Placeholder(range: index..<index + 1, kind: .close)
  }

  /// Behind the `else {` that goes on with a block which `}` before `start` ends, if one does.
  private mutating func continuation(_ bytes: Span<UInt8>, _ start: Int) -> Int? {
    var index = Self.skipSpace(bytes, start)
    let word = Self.word(bytes, index)
    index = Self.skipSpace(bytes, index + word.utf8.count)
    switch word {
    case "else":
      guard Self.word(bytes, index) == "if" else { break }
      index = Self.skipSpace(bytes, index + 2)
      guard let end = balancedEnd(bytes, index, open: 0x28, close: 0x29) else { return nil }
      index = Self.skipSpace(bytes, end)
    case "catch":
      if let end = balancedEnd(bytes, index, open: 0x28, close: 0x29) { index = Self.skipSpace(bytes, end) }
    case "finally": break
    default: return nil
    }
    return bytes.at(index) == 0x7B ? index + 1 : nil
  }

  /// Behind the `{` of a statement whose keyword ends at `start`, if it is complete.
  private mutating func blockStart(_ bytes: Span<UInt8>, _ word: String, _ start: Int) -> Int? {
    var index = Self.skipSpace(bytes, start)
    switch word {
    case "if", "for", "foreach", "while", "switch", "using", "lock":
      guard let end = balancedEnd(bytes, index, open: 0x28, close: 0x29) else { return nil }
      index = end
    case "section": index += Self.word(bytes, index).utf8.count
    case "try", "do": break
    default: return nil
    }
    index = Self.skipSpace(bytes, index)
    return bytes.at(index) == 0x7B ? index + 1 : nil
  }

  // MARK: What begins with an at sign

  private mutating func expression(_ bytes: Span<UInt8>, at start: Int, isAdjoining: Bool) -> Placeholder? {
    guard let next = bytes.at(start + 1) else { return nil }
    if start == escaped { return nil }
    if next == 0x40 {
      escaped = start + 1
      return Placeholder(range: start..<start + 1, kind: .silent)
    }
    if start > 0, !isAdjoining, next != 0x28, Self.isWord(bytes[start - 1]) { return nil }
    switch next {
    case 0x28:
      return balancedEnd(bytes, start + 1, open: 0x28, close: 0x29)
        .map { Placeholder(range: start..<$0, kind: .output) }
    case 0x7B:
      return balancedEnd(bytes, start + 1, open: 0x7B, close: 0x7D)
        .map { Placeholder(range: start..<$0, kind: .silent) }
    case 0x2A:
      return commentEnd(bytes, start + 2).map { Placeholder(range: start..<$0, kind: .silent) }
    case ASCII.colon:
      return blocks.isEmpty ? nil : Placeholder(range: start..<start + 2, kind: .silent)
    case _ where next.isLetter || next == 0x5F: return named(bytes, at: start)
    default: return nil
    }
  }

  private mutating func named(_ bytes: Span<UInt8>, at start: Int) -> Placeholder? {
    let word = Self.word(bytes, start + 1)
    let wordEnd = start + 1 + word.utf8.count
    if sheet > 0, Self.isAtRule(word) { return nil }
    if let end = blockStart(bytes, word, wordEnd) {
      blocks.append(Block(sheet: sheet))
      return Placeholder(range: start..<end, kind: .open)
    }
    switch word {
    case "functions", "code":
      let brace = Self.skipSpace(bytes, wordEnd)
      if let end = balancedEnd(bytes, brace, open: 0x7B, close: 0x7D) {
        return Placeholder(range: start..<end, kind: .silent)
      }
    case "if", "for", "foreach", "while", "switch", "lock", "try", "do": return nil
    case _ where Self.directives.contains(word) && Self.isAtLineStart(bytes, start):
      return Placeholder(range: start..<Self.lineEnd(bytes, wordEnd), kind: .silent)
    default: break
    }
    var end = start + 1
    if word == "await", bytes.at(wordEnd) == ASCII.space, !Self.word(bytes, wordEnd + 1).isEmpty { end = wordEnd + 1 }
    return Placeholder(range: start..<accessEnd(bytes, end), kind: .output)
  }

  private static let directives: Set<String> = [
    "model", "using", "inherits", "inject", "addTagHelper", "removeTagHelper", "tagHelperPrefix", "namespace", "page",
    "layout", "attribute", "implements", "typeparam", "preservewhitespace",
  ]

  /// The at-rules of CSS, those of mail clients included; a name with a dash begins with one of these.
  private static let atRules: Set<String> = [
    "charset", "color", "container", "counter", "custom", "document", "font", "import", "keyframes", "layer", "list",
    "media", "namespace", "page", "position", "property", "scope", "starting", "supports", "swash", "styleset",
    "stylistic", "annotation", "ornaments", "character", "historical", "view", "viewport",
  ]

  private static func isAtRule(_ word: String) -> Bool { atRules.contains(word.lowercased()) }

  /// Behind a name and all the members, calls and subscripts that follow it without a space.
  private mutating func accessEnd(_ bytes: Span<UInt8>, _ start: Int) -> Int {
    var index = start
    while index < bytes.count, Self.isName(bytes[index]) { index += 1 }
    while let byte = bytes.at(index) {
      switch byte {
      case 0x28:
        guard let end = balancedEnd(bytes, index, open: 0x28, close: 0x29) else { return index }
        index = end
      case 0x5B:
        guard let end = balancedEnd(bytes, index, open: 0x5B, close: 0x5D) else { return index }
        index = end
      case 0x2E, 0x3F:
        let name = index + (byte == 0x3F ? 2 : 1)
        guard byte == 0x2E || bytes.at(index + 1) == 0x2E, let first = bytes.at(name), first.isLetter || first == 0x5F
        else { return index }
        index = name
        while index < bytes.count, Self.isName(bytes[index]) { index += 1 }
      default: return index
      }
    }
    return index
  }

  // MARK: Ends

  private static let near = 256
  private static let far = 1 << 14

  /// Behind the bracket that closes the one at `start`; brackets in the strings of C# don't count.
  private mutating func balancedEnd(_ bytes: Span<UInt8>, _ start: Int, open: UInt8, close: UInt8) -> Int? {
    guard bytes.at(start) == open else { return nil }
    let limit = min(bytes.count, start + (patience > 0 ? Self.far : Self.near))
    var depth = 0
    var index = start
    while index < limit {
      let byte = bytes[index]
      if byte == open { depth += 1 }
      if byte == close {
        depth -= 1
        if depth == 0 { return index + 1 }
      }
      index = byte == ASCII.doubleQuote || byte == ASCII.singleQuote ? Self.stringEnd(bytes, index) : index + 1
    }
    patience -= limit - start
    return nil
  }

  /// Behind the string that begins at `start`, or behind its quote where it has no end on its line.
  private static func stringEnd(_ bytes: Span<UInt8>, _ start: Int) -> Int {
    let limit = min(bytes.count, start + near)
    let isVerbatim = start > 0 && bytes[start - 1] == 0x40
    var index = start + 1
    while index < limit {
      if bytes[index] == bytes[start] { return index + 1 }
      if bytes[index] == ASCII.lineFeed || bytes[index] == ASCII.carriageReturn { break }
      index += bytes[index] == ASCII.backslash && !isVerbatim ? 2 : 1
    }
    return start + 1
  }

  private mutating func commentEnd(_ bytes: Span<UInt8>, _ start: Int) -> Int? {
    let limit = min(bytes.count, start + (patience > 0 ? Self.far : Self.near))
    var index = start
    while index + 1 < limit {
      if bytes[index] == 0x2A, bytes[index + 1] == 0x40 { return index + 2 }
      index += 1
    }
    patience -= limit - start
    return nil
  }

  // MARK: Small parts

  /// Whether a byte is part of a word, in any script.
  private static func isWord(_ byte: UInt8) -> Bool { isName(byte) || byte >= 0x80 }

  private static func isName(_ byte: UInt8) -> Bool { byte.isLetter || byte.isDigit || byte == 0x5F }

  private static func skipSpace(_ bytes: Span<UInt8>, _ start: Int) -> Int {
    let limit = min(bytes.count, start + near)
    var index = start
    while index < limit, bytes[index].isHTMLSpace { index += 1 }
    return index
  }

  /// The letters from `start` on, at most as many as mean something.
  private static func word(_ bytes: Span<UInt8>, _ start: Int) -> String {
    var word = ""
    var index = start
    while let byte = bytes.at(index), index < start + 32, byte.isLetter || byte.isDigit || byte == 0x5F {
      word.unicodeScalars.append(Unicode.Scalar(byte))
      index += 1
    }
    return word
  }

  private static func isAtLineStart(_ bytes: Span<UInt8>, _ index: Int) -> Bool {
    var index = index
    while index > 0, bytes[index - 1] == ASCII.space || bytes[index - 1] == ASCII.tab { index -= 1 }
    return index == 0 || bytes[index - 1] == ASCII.lineFeed || bytes[index - 1] == ASCII.carriageReturn
  }

  private static func lineEnd(_ bytes: Span<UInt8>, _ start: Int) -> Int {
    var index = start
    while index < bytes.count, bytes[index] != ASCII.lineFeed, bytes[index] != ASCII.carriageReturn { index += 1 }
    return index
  }

  // MARK: Evidence

  /// Whether the document is surely Razor.
  ///
  /// It is if, outside of style sheets and scripts, it begins a line with `@model` or `@{`, opens a complete block such
  /// as `@foreach (…) {`, or names what only Razor has: `@Model.`, `@ViewBag.`, `@ViewData[`, `@Html.`, `@Url.`,
  /// `@RenderBody(`.
  static func isEvident(_ bytes: Span<UInt8>) -> Bool {
    var scanner = RazorScanner(isStyleSheet: false)
    for index in 0..<bytes.count {
      if bytes[index] == ASCII.less { scanner.followTag(bytes, at: index) }
      guard bytes[index] == 0x40, scanner.sheet == 0, !scanner.isInScript else { continue }
      if index > 0, isWord(bytes[index - 1]) || bytes[index - 1] == 0x40 { continue }
      if bytes.at(index + 1) == 0x7B, isAtLineStart(bytes, index) { return true }
      let word = word(bytes, index + 1)
      let next = bytes.at(index + 1 + word.utf8.count)
      switch word {
      case "model" where next == ASCII.space && isAtLineStart(bytes, index): return true
      case "Model", "ViewBag", "Html", "Url": if next == 0x2E { return true }
      case "ViewData": if next == 0x5B { return true }
      case "RenderBody": if next == 0x28 { return true }
      case "if", "for", "foreach", "while", "switch":
        if scanner.blockStart(bytes, word, index + 1 + word.utf8.count) != nil { return true }
      default: break
      }
    }
    return false
  }
}
