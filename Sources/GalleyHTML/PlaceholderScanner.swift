/// Finds the placeholders of other systems in a document.
///
/// For mails that Galley did not compile itself. What is between the delimiters is not understood beyond its kind.
/// Delimiters count outside of strings; a quote begins a string only if its partner stands on the same line, near, and
/// no placeholder lies between, so that an apostrophe in a name does no harm. What is not terminated is text, and so
/// is a delimiter before the next one of its own: `{{ a {{ b }}` holds `{{ b }}`. Costs time in proportion to the
/// bytes, whatever they are. What `@x` means is told in `RazorScanner`.
package struct PlaceholderScanner: Sendable {
  /// The ways of writing placeholders that are looked for.
  package struct Syntaxes: OptionSet, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }
    /// `{{x}}`, `{{{x}}}`, `{{#if x}}`, `{{! … }}`, `{{range .}}`: Handlebars, Mustache, Jinja, Liquid, Go.
    package static let braces = Syntaxes(rawValue: 1)
    /// `{% … %}` and `{# … #}`: Jinja, Liquid, Twig.
    package static let tags = Syntaxes(rawValue: 2)
    /// `<% … %>`: ERB, EJS, JSP.
    package static let angles = Syntaxes(rawValue: 4)
    /// `%%x%%`, `%%[ … ]%%`, `%%=v(@x)=%%`: Salesforce.
    package static let percents = Syntaxes(rawValue: 8)
    /// `*|x|*`, `*|IF:x|*`: Mailchimp.
    package static let bars = Syntaxes(rawValue: 16)
    /// `${x}`.
    package static let dollars = Syntaxes(rawValue: 32)
    /// `[[x]]`.
    package static let brackets = Syntaxes(rawValue: 64)
    /// `@x`, `@(x)`, `@if (x) { … }`: Razor.
    package static let ats = Syntaxes(rawValue: 128)
    /// All that do not clash with what mails hold otherwise: everything but `brackets` and `ats`.
    package static let standard: Syntaxes = [.braces, .tags, .angles, .percents, .bars, .dollars]
    /// Everything.
    package static let all: Syntaxes = [.standard, .brackets, .ats]
  }

  private let syntaxes: Syntaxes
  private var found: [Placeholder] = []
  private var razor: RazorScanner
  /// How many blocks of Go templates are open: only then is `{{end}}` one's end.
  private var openGoBlocks = 0
  /// From where on `--}}` is known to be absent.
  private var noLongCommentEnd = Int.max
  /// From where on `{% endcomment %}` is known to be absent.
  private var noCommentEnd = Int.max

  private init(_ syntaxes: Syntaxes, isStyleSheet: Bool) {
    self.syntaxes = syntaxes
    razor = RazorScanner(isStyleSheet: isStyleSheet)
  }

  /// The placeholders of `bytes`, in order; `isStyleSheet` says that they are CSS and not HTML.
  package static func scan(
    _ bytes: [UInt8], syntaxes: Syntaxes = .standard, isStyleSheet: Bool = false
  ) -> [Placeholder] {
    var scanner = PlaceholderScanner(syntaxes, isStyleSheet: isStyleSheet)
    if syntaxes.contains(.ats) { scanner.scanWithRazor(bytes.span) } else { scanner.scan(bytes.span) }
    return scanner.found
  }

  /// Looks at thirty-two bytes at a time, and closer only where one of them is rare outside of delimiters.
  private mutating func scan(_ bytes: Span<UInt8>) {
    let hasBrackets = syntaxes.contains(.brackets)
    // No placeholder starts before `next` any more; the delimiters that reach into `block` have not been seen.
    var next = scan(bytes, from: 0, to: 1)
    var block = max(next, 1)
    let last = bytes.count &- 33
    while block < last &+ 32, last > 0 {
      // The last bytes are looked at once more.
      block = min(block, last)
      let (low, high) = bytes.blocks(at: block)
      var lowSigns = Self.signs(low)
      var highSigns = Self.signs(high)
      if hasBrackets {
        lowSigns = lowSigns | low.equal(0x5B)
        highSigns = highSigns | high.equal(0x5B)
      }
      if (lowSigns | highSigns).isAny {
        if lowSigns.isAny { lookCloser(bytes, at: block, &next) }
        if highSigns.isAny { lookCloser(bytes, at: block &+ 16, &next) }
      }
      block = max(block &+ 32, next)
    }
    _ = scan(bytes, from: max(block &- 1, next), to: bytes.count)
  }

  /// The bytes of which each opening delimiter but `[[` has one: `{`, `|`, `%`, and a few that are as rare.
  @inline(__always) private static func signs(_ bytes: ByteBlock) -> ByteBlock.Mask {
    bytes.equal(0x25) | bytes.above(0x7A)
  }

  /// Looks for the placeholders whose opening delimiters end in the block at `start`, or begin in it with a sign.
  private mutating func lookCloser(_ bytes: Span<UInt8>, at start: Int, _ next: inout Int) {
    guard Self.hasDelimiter(bytes.block(at: start &- 1), bytes.block(at: start), bytes.block(at: start &+ 1)) else {
      return
    }
    next = max(next, scan(bytes, from: max(start &- 1, next), to: start &+ 16))
  }

  /// Whether an opening delimiter ends in `bytes`, or is a `{#` that begins in them.
  @inline(__always) private static func hasDelimiter(
    _ before: ByteBlock, _ bytes: ByteBlock, _ behind: ByteBlock
  ) -> Bool {
    let brace = bytes.equal(0x7B)
    let braceBefore = before.equal(0x7B)
    let withPercent = bytes.equal(0x25) & (braceBefore | before.equal(0x3C) | before.equal(0x25))
    let withBrace = brace & (braceBefore | before.equal(0x24) | behind.equal(0x23))
    let others = bytes.equal(0x7C) & before.equal(0x2A) | bytes.equal(0x5B) & before.equal(0x5B)
    return (withPercent | withBrace | others).isAny
  }

  /// Looks for placeholders that start in a range; returns where to go on.
  private mutating func scan(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> Int {
    var index = start
    while index < end, index + 1 < bytes.count {
      switch bytes[index] {
      case 0x7B, 0x3C, 0x25, 0x2A, 0x24, 0x5B:
        if let placeholder = placeholder(bytes, at: index) {
          found.append(placeholder)
          index = placeholder.range.upperBound
        } else {
          index += 1
        }
      default: index += 1
      }
    }
    return index
  }

  /// The same where `@` counts, and with it the braces that close what `@if` opened.
  private mutating func scanWithRazor(_ bytes: Span<UInt8>) {
    var index = 0
    while index < bytes.count {
      var next: Placeholder?
      if index + 1 < bytes.count { next = placeholder(bytes, at: index) }
      if next == nil { next = razor.placeholder(bytes, at: index, isAdjoining: found.last?.range.upperBound == index) }
      if let next { found.append(next) }
      index = next?.range.upperBound ?? index + 1
    }
  }

  private mutating func placeholder(_ bytes: Span<UInt8>, at index: Int) -> Placeholder? {
    switch (bytes[index], bytes[index + 1]) {
    case (0x7B, 0x7B) where syntaxes.contains(.braces): braces(bytes, at: index)
    case (0x7B, 0x25) where syntaxes.contains(.tags): tag(bytes, at: index)
    case (0x7B, 0x23) where syntaxes.contains(.tags):
      end(bytes, index + 2, open: (0x7B, 0x23), close: (0x23, 0x7D), hasStrings: false)
        .map { Placeholder(range: index..<$0, kind: .silent) }
    case (0x3C, 0x25) where syntaxes.contains(.angles):
      end(bytes, index + 2, open: (0x3C, 0x25), close: (0x25, 0x3E), hasStrings: bytes.at(index + 2) != 0x23)
        .map { Placeholder(range: index..<$0, kind: angleKind(bytes, index + 2..<$0 - 2)) }
    case (0x25, 0x25) where syntaxes.contains(.percents): percents(bytes, at: index)
    case (0x2A, 0x7C) where syntaxes.contains(.bars):
      shortEnd(bytes, index + 2, close: (0x7C, 0x2A))
        .map { Placeholder(range: index..<$0, kind: barKind(bytes, index + 2..<$0 - 2)) }
    case (0x24, 0x7B) where syntaxes.contains(.dollars):
      shortEnd(bytes, index + 2, close: (0x7D, nil)).map { Placeholder(range: index..<$0, kind: .output) }
    case (0x5B, 0x5B) where syntaxes.contains(.brackets) && !Self.isCDATA(bytes, at: index):
      shortEnd(bytes, index + 2, close: (0x5D, 0x5D)).map { Placeholder(range: index..<$0, kind: .output) }
    default: nil
    }
  }

  /// Whether the bracket at `index` is the last of `<![CDATA[`.
  static func isCDATA(_ bytes: Span<UInt8>, at index: Int) -> Bool {
    guard index >= 8 else { return false }
    return bytes[index - 1] == 0x41 && bytes[index - 6] == ASCII.openBracket && bytes[index - 7] == ASCII.exclamation
      && bytes[index - 8] == ASCII.less
  }

  // MARK: Where a placeholder ends

  /// The end behind the closing delimiter of a body that starts at `start`, or nil without one.
  private func end(
    _ bytes: Span<UInt8>, _ start: Int, open: (UInt8, UInt8), close: (UInt8, UInt8), hasStrings: Bool
  ) -> Int? {
    var index = start
    while index + 1 < bytes.count {
      let byte = bytes[index]
      if byte == close.0, bytes[index + 1] == close.1 { return index + 2 }
      if byte == open.0, bytes[index + 1] == open.1 { return nil }
      if hasStrings, byte == ASCII.doubleQuote || byte == ASCII.singleQuote {
        index = stringEnd(bytes, index, open: open, close: close)
      } else {
        index += 1
      }
    }
    return nil
  }

  private static let longestString = 512

  /// Behind the string that the quote at `start` begins, or behind the quote where it begins none.
  private func stringEnd(
    _ bytes: Span<UInt8>, _ start: Int, open: (UInt8, UInt8), close: (UInt8, UInt8)
  ) -> Int {
    let quote = bytes[start]
    let limit = min(bytes.count, start + Self.longestString)
    var index = start + 1
    var hasClose = false
    while index < limit {
      let byte = bytes[index]
      if byte == quote { return index + 1 }
      if byte == ASCII.lineFeed || byte == ASCII.carriageReturn { break }
      if index + 1 < limit {
        if byte == close.0, bytes[index + 1] == close.1 { hasClose = true }
        if hasClose, byte == open.0, bytes[index + 1] == open.1 { break }
      }
      index += byte == ASCII.backslash ? 2 : 1
    }
    return start + 1
  }

  private static let longestShort = 256

  /// The end of a placeholder that is short, on one line, and holds none of the delimiters of markup.
  private func shortEnd(_ bytes: Span<UInt8>, _ start: Int, close: (UInt8, UInt8?)) -> Int? {
    let limit = min(bytes.count, start + Self.longestShort)
    var index = start
    while index < limit {
      let byte = bytes[index]
      if byte == close.0 {
        guard let second = close.1 else { return index > start ? index + 1 : nil }
        if index + 1 < bytes.count, bytes[index + 1] == second { return index > start ? index + 2 : nil }
      }
      if byte == ASCII.lineFeed || byte == ASCII.carriageReturn || byte == ASCII.less || byte == 0x7B { return nil }
      index += 1
    }
    return nil
  }

  // MARK: {{ … }}

  private mutating func braces(_ bytes: Span<UInt8>, at start: Int) -> Placeholder? {
    var count = 2
    while count < 4, bytes.at(start + count) == 0x7B { count += 1 }
    let body = start + count
    if count == 2, let comment = longComment(bytes, at: start) { return comment }
    let isComment = bytes.at(body) == ASCII.exclamation || bytes.at(body) == 0x7E && bytes.at(body + 1) == 0x21
    guard
      let end = end(bytes, body, open: (0x7B, 0x7B), close: (0x7D, 0x7D), hasStrings: !isComment)
    else { return nil }
    let bodyEnd = end - 2
    var close = end
    while close - bodyEnd < count, bytes.at(close) == 0x7D { close += 1 }
    // With fewer closing braces than opening ones, the first of these are text.
    guard close - bodyEnd == count else { return nil }
    var kind = count == 3 ? Placeholder.Kind.output : braceKind(bytes, body..<bodyEnd)
    if count == 4, kind == .output { kind = .open }
    return Placeholder(range: start..<close, kind: kind)
  }

  /// `{{!-- … --}}`, in which `}}` does not count.
  private mutating func longComment(_ bytes: Span<UInt8>, at start: Int) -> Placeholder? {
    var body = start + 2
    if bytes.at(body) == 0x7E { body += 1 }
    guard bytes.at(body) == ASCII.exclamation, bytes.at(body + 1) == ASCII.dash, bytes.at(body + 2) == ASCII.dash,
      start < noLongCommentEnd
    else { return nil }
    var index = body + 3
    while index + 3 < bytes.count {
      if bytes[index] == ASCII.dash, bytes[index + 1] == ASCII.dash {
        let brace = bytes[index + 2] == 0x7E ? index + 3 : index + 2
        if bytes.at(brace) == 0x7D, bytes.at(brace + 1) == 0x7D {
          return Placeholder(range: start..<brace + 2, kind: .silent)
        }
      }
      index += 1
    }
    noLongCommentEnd = start
    return nil
  }

  private mutating func braceKind(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Placeholder.Kind {
    var index = range.lowerBound
    while index < range.upperBound, bytes[index].isHTMLSpace || bytes[index] == 0x7E || bytes[index] == ASCII.dash {
      index += 1
    }
    guard index < range.upperBound else { return .output }
    switch bytes[index] {
    case ASCII.exclamation, ASCII.equals: return .silent
    case ASCII.hash: return .open
    case 0x5E: return isBlank(bytes, index + 1..<range.upperBound) ? .middle : .open
    case ASCII.slash: return bytes.at(index + 1) == 0x2A ? .silent : .close
    default: break
    }
    let word = word(bytes, index..<range.upperBound)
    let rest = index + word.utf8.count
    switch word {
    case "else", "elseif": return .middle
    case "if", "range", "with", "block", "define":
      guard !isBlank(bytes, rest..<range.upperBound) else { return .output }
      openGoBlocks += 1
      return .open
    case "end":
      guard openGoBlocks > 0, isBlank(bytes, rest..<range.upperBound) else { return .output }
      openGoBlocks -= 1
      return .close
    default: return .output
    }
  }

  // MARK: {% … %}

  private mutating func tag(_ bytes: Span<UInt8>, at start: Int) -> Placeholder? {
    guard let end = end(bytes, start + 2, open: (0x7B, 0x25), close: (0x25, 0x7D), hasStrings: true) else {
      return nil
    }
    var index = start + 2
    while index < end - 2, bytes[index].isHTMLSpace || bytes[index] == ASCII.dash || bytes[index] == 0x2B { index += 1 }
    let word = word(bytes, index..<end - 2)
    if word == "comment", let commentEnd = commentEnd(bytes, end) {
      return Placeholder(range: start..<commentEnd, kind: .silent)
    }
    let hasEquals = (index..<end - 2).contains { bytes[$0] == ASCII.equals }
    return Placeholder(range: start..<end, kind: Self.tagKind(word, hasEquals: hasEquals))
  }

  private static func tagKind(_ word: String, hasEquals: Bool) -> Placeholder.Kind {
    switch word {
    case "else", "elsif", "elif", "elseif", "when", "empty": .middle
    case "if", "unless", "for", "foreach", "case", "while", "tablerow", "ifchanged", "ifversion", "block", "macro",
      "call", "filter", "with", "autoescape", "raw", "verbatim", "capture", "form", "paginate", "trans", "blocktrans",
      "blocktranslate", "spaceless", "apply", "embed", "switch", "comment":
      .open
    case "set": hasEquals ? .silent : .open
    case "include", "render", "cycle", "echo", "increment", "decrement", "url", "now", "connected_content": .output
    case _ where word.hasPrefix("end"): .close
    default: .silent
    }
  }

  /// Behind the `{% endcomment %}` that follows, if one does.
  private mutating func commentEnd(_ bytes: Span<UInt8>, _ start: Int) -> Int? {
    guard start < noCommentEnd else { return nil }
    var index = start
    while index + 1 < bytes.count {
      if bytes[index] == 0x7B, bytes[index + 1] == 0x25 {
        var word = index + 2
        while word < bytes.count, bytes[word].isHTMLSpace || bytes[word] == ASCII.dash { word += 1 }
        if self.word(bytes, word..<bytes.count) == "endcomment" {
          let tagEnd = end(bytes, word, open: (0x7B, 0x25), close: (0x25, 0x7D), hasStrings: false)
          if let tagEnd { return tagEnd }
        }
        index = word
      } else {
        index += 1
      }
    }
    noCommentEnd = start
    return nil
  }

  // MARK: The others

  private func angleKind(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Placeholder.Kind {
    guard let first = bytes.at(range.lowerBound), !range.isEmpty else { return .silent }
    if first == ASCII.hash || first == ASCII.dash && bytes.at(range.lowerBound + 1) == ASCII.dash { return .silent }
    var index = range.lowerBound + (first == ASCII.equals ? 1 : 0)
    while index < range.upperBound, bytes[index].isHTMLSpace || bytes[index] == ASCII.dash || bytes[index] == 0x5F {
      index += 1
    }
    var last = range.upperBound
    while last > index, bytes[last - 1].isHTMLSpace || bytes[last - 1] == ASCII.dash { last -= 1 }
    guard index < last else { return .silent }
    let opensBrace = bytes[last - 1] == 0x7B
    if first == ASCII.equals { return opensBrace || endsInBlock(bytes, index..<last) ? .open : .output }
    if bytes[index] == 0x7D { return opensBrace ? .middle : .close }
    switch word(bytes, index..<last) {
    case "end": return .close
    case "else", "elsif", "elseif", "when", "rescue", "ensure": return .middle
    case "if", "unless", "for", "while", "until", "case", "begin", "foreach": return .open
    default: break
    }
    if first == ASCII.dash, !opensBrace { return .output }
    return opensBrace || endsInBlock(bytes, index..<last) ? .open : .silent
  }

  /// Whether code ends in `do`, `do |x|` or `{ |x|`.
  private func endsInBlock(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    var end = range.upperBound
    if end > range.lowerBound, bytes[end - 1] == 0x7C {
      end -= 1
      while end > range.lowerBound, bytes[end - 1] != 0x7C { end -= 1 }
      end -= end > range.lowerBound ? 1 : 0
      while end > range.lowerBound, bytes[end - 1].isHTMLSpace { end -= 1 }
      if end > range.lowerBound, bytes[end - 1] == 0x7B { return true }
    }
    guard end - range.lowerBound >= 2, bytes[end - 1] == 0x6F, bytes[end - 2] == 0x64 else { return false }
    return end - range.lowerBound == 2 || !bytes[end - 3].isLetter
  }

  private func percents(_ bytes: Span<UInt8>, at start: Int) -> Placeholder? {
    if bytes.at(start + 2) == ASCII.openBracket {
      return end(bytes, start + 3, open: (0x25, 0x25), close: (0x5D, 0x25), hasStrings: true).flatMap {
        bytes.at($0) == 0x25 ? Placeholder(range: start..<$0 + 1, kind: scriptKind(bytes, start + 3..<$0 - 2)) : nil
      }
    }
    // `50%% off, 100%% sure` holds no name.
    guard let end = shortEnd(bytes, start + 2, close: (0x25, 0x25)), bytes[start + 2] != ASCII.space,
      bytes[end - 3] != ASCII.space
    else { return nil }
    return Placeholder(range: start..<end, kind: .output)
  }

  /// What an AMPscript block comes to: `IF`, `FOR`, `ELSE`, `ELSEIF`, `ENDIF` and `NEXT` may stand among other things.
  private func scriptKind(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Placeholder.Kind {
    var depth = 0
    var lowest = 0
    var index = range.lowerBound
    while index < range.upperBound {
      let byte = bytes[index]
      if byte == ASCII.doubleQuote || byte == ASCII.singleQuote {
        index += 1
        while index < range.upperBound, bytes[index] != byte { index += 1 }
        index += 1
      } else if byte.isLetter || byte == 0x5F || byte == 0x40 {
        let isVariable = byte == 0x40
        if isVariable { index += 1 }
        let start = index
        while index < range.upperBound, bytes[index].isLetter || bytes[index].isDigit || bytes[index] == 0x5F {
          index += 1
        }
        if isVariable { continue }
        switch word(bytes, start..<index).lowercased() {
        case "if", "for": depth += 1
        case "endif", "next": depth -= 1
        case "else", "elseif": lowest = min(lowest, depth - 1)
        default: break
        }
        lowest = min(lowest, depth)
      } else {
        index += 1
      }
    }
    if depth != 0 { return depth > 0 ? .open : .close }
    return lowest < 0 ? .middle : .silent
  }

  private func barKind(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Placeholder.Kind {
    let word = word(bytes, range).lowercased()
    let isColon = bytes.at(range.lowerBound + word.utf8.count) == ASCII.colon
    guard isColon else { return .output }
    switch word {
    case "if", "ifnot", "interested", "rssitems", "feeditems", "feedblock", "poll": return .open
    case "else", "elseif": return .middle
    case "end": return .close
    default: return .output
    }
  }

  // MARK: Words

  private static let longestWord = 32

  /// The letters, digits and underscores at the start of a range; at most the longest that means something.
  private func word(_ bytes: Span<UInt8>, _ range: Range<Int>) -> String {
    let limit = min(range.upperBound, range.lowerBound + Self.longestWord)
    var end = range.lowerBound
    while end < limit, bytes[end].isLetter || bytes[end].isDigit || bytes[end] == 0x5F { end += 1 }
    guard end > range.lowerBound, let text = try? UTF8Span(validating: bytes.extracting(range.lowerBound..<end)) else {
      return ""
    }
    return String(copying: text)
  }

  private func isBlank(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    range.allSatisfy { bytes[$0].isHTMLSpace || bytes[$0] == 0x7E || bytes[$0] == ASCII.dash }
  }
}

extension Span<UInt8> {
  /// The byte at `index`, or nil behind the end.
  func at(_ index: Int) -> UInt8? { index < count ? self[index] : nil }
}
