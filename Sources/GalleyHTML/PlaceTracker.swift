// The file is long because it is one automaton, the streaming twin of `HTMLLexer`.

/// Follows a document as it is put together, and tells at each point where a value would stand.
///
/// It is fed the bytes in pieces, cut anywhere, and told where a placeholder stands. It answers what `HTMLLexer`
/// would find if a placeholder stood there; a test compares the two. It can be copied to follow both branches of a
/// condition; `isSamePlace` tells whether they lead to the same place. Costs constant memory, apart from the names of
/// the tag it is in, and time in proportion to the bytes.
package struct PlaceTracker: Sendable {
  private enum State: UInt8 {
    case text, rawText, rawLess, rawBang, rawBangDash, rawEndOpen, rawName
    case tagOpen, endTagOpen, tagName, beforeAttributeName, slash, behindHole, behindControl
    case attributeName, afterAttributeName, beforeValue, doubleQuoted, singleQuoted, unquoted
    case declarationOpen, comment, bogusComment, doctype, cdata
  }

  /// What a block in a tag leaves open: whether the bytes behind it belong to a name before it, if it turns out empty.
  private enum Doubt: UInt8, Comparable {
    /// Nothing: a name that follows is a name of its own.
    case none
    /// An attribute's name and a space stand before: `=` would give it a value.
    case value
    /// An attribute's name stands directly before.
    case attributeName
    /// The tag's name stands directly before.
    case tagName

    static func < (a: Doubt, b: Doubt) -> Bool { a.rawValue < b.rawValue }
  }

  private enum RawMode: UInt8 { case none, rawText, escapable, script, scriptEscaped, scriptDoubleEscaped, plaintext }

  /// How much of `[if` at the start of a comment has been seen.
  private enum Condition: UInt8 { case start, bracket, i, f, found, none }

  private static let holeMark: UInt8 = 0x1A
  /// Longer names are cut: no name that means something is as long.
  private static let nameLimit = 256

  private var state = State.text
  /// The name of the tag, or of the raw text element.
  private var element: [UInt8] = []
  private var isEndTag = false
  private var attribute: [UInt8] = []
  private var meaning = AttributeMeaning.ordinary
  private var url = URLPosition()
  private var raw = RawMode.none
  /// How many bytes of the raw text element's name have been matched.
  private var matched = 0
  private var isMatchingEnd = false
  /// The keyword behind `<!`.
  private var word: [UInt8] = []
  /// Dashes, or brackets of a CDATA section, directly before.
  private var run = 0
  /// Whether the dashes are those of `<!--` and do not begin a `--!>`.
  private var runIsOpener = false
  private var isBang = false
  private var isBehindBracket = false
  private var condition = Condition.none
  private var foreignDepth = 0
  private var isInConditional = false
  private var conditionalRun = 0
  private var isConditionalBang = false
  private var outerForeignDepth = 0
  private var hasContinuedURL = false
  private var doubt = Doubt.none
  /// Whether dashes of a conditional comment's end may stand directly before: in a value, or before an empty block.
  private var isBehindDashes = false
  private var split: Split?

  /// Makes a tracker at the start of a document.
  package init() {}

  // MARK: Input

  /// Passes bytes of the document.
  package mutating func advance(over bytes: [UInt8]) { advance(over: bytes.span) }

  /// Passes bytes of the document.
  package mutating func advance(over bytes: ArraySlice<UInt8>) { advance(over: bytes.span) }

  /// Passes bytes of the document.
  package mutating func advance(over bytes: Span<UInt8>) {
    var index = 0
    while index < bytes.count {
      if !isInConditional { index = skip(bytes, from: index) }
      guard index < bytes.count else { return }
      pass(bytes[index])
      index += 1
    }
  }

  /// The next byte that can change anything; the ones before it are passed.
  private mutating func skip(_ bytes: Span<UInt8>, from start: Int) -> Int {
    switch state {
    case .text: return bytes.first(ASCII.less, from: start, to: bytes.count)
    case .rawText where raw == .rawText || raw == .escapable:
      return bytes.first(ASCII.less, from: start, to: bytes.count)
    case .doubleQuoted where meaning != .url: return bytes.first(ASCII.doubleQuote, from: start, to: bytes.count)
    case .singleQuoted where meaning != .url: return bytes.first(ASCII.singleQuote, from: start, to: bytes.count)
    case .bogusComment, .doctype: return bytes.first(ASCII.greater, from: start, to: bytes.count)
    case .tagName: return Self.passName(bytes, from: start, into: &element)
    case .attributeName: return Self.passName(bytes, from: start, into: &attribute)
    default: return start
    }
  }

  /// Passes what certainly belongs to a name.
  private static func passName(_ bytes: Span<UInt8>, from start: Int, into name: inout [UInt8]) -> Int {
    var index = start
    while index < bytes.count, bytes[index].isLetter || bytes[index] == ASCII.dash {
      if name.count < nameLimit { name.append(bytes[index].lowercased) }
      index += 1
    }
    return index
  }

  /// Passes a placeholder of the given kind.
  ///
  /// Only an `output` puts something into a URL; each kind is opaque to tags and comments.
  package mutating func passHole(_ kind: Placeholder.Kind = .output) {
    if kind != .output, isWithinToken { split = .token }
    if isInConditional, kind == .output || conditionalRun > 0 || isConditionalBang { isBehindDashes = true }
    conditionalRun = 0
    isConditionalBang = false
    switch state {
    case .text: break
    case .rawText, .rawLess, .rawBang, .rawBangDash, .rawEndOpen, .rawName: enterRawText()
    case .tagOpen, .endTagOpen: beginTag(Self.holeMark, isEnd: state == .endTagOpen)
    case .tagName: passHoleInTagName(kind)
    case .attributeName:
      if kind == .output {
        appendToAttribute(Self.holeMark)
      } else {
        leaveAttribute(.behindControl)
        doubt = .attributeName
      }
    case .afterAttributeName where kind != .output:
      leaveAttribute(.behindControl)
      doubt = .value
    case .beforeAttributeName, .slash, .behindHole, .behindControl, .afterAttributeName:
      leaveAttribute(kind == .output ? .behindHole : .behindControl)
    case .beforeValue:
      beginValue(.unquoted)
      passHoleInValue(kind)
    case .doubleQuoted, .singleQuoted, .unquoted: passHoleInValue(kind)
    case .declarationOpen: enterBogusComment()
    case .comment:
      condition = condition == .f || condition == .found ? .found : .none
      run = 0
      runIsOpener = false
      isBang = false
      isBehindBracket = false
    case .cdata: run = 0
    case .bogusComment, .doctype: break
    }
  }

  /// Tells whether something was written behind a value that stands for a whole URL, and forgets it.
  ///
  /// `href="{{a}}/x"` and `href="{{a}}{{b}}"` do that: nobody can say what such a URL means.
  package mutating func takeContinuedURL() -> Bool {
    defer { hasContinuedURL = false }
    return hasContinuedURL
  }

  /// Something that a hole stands in the middle of, so that nobody can say what the bytes around it mean.
  package enum Split: Hashable, Sendable {
    /// A tag's or an attribute's name, an attribute and its value, `<` and what follows, or the end of a comment.
    case token
    /// What might be the `-->` that ends a conditional comment.
    case conditionalEnd
  }

  /// Tells whether a hole turned out to stand in the middle of something, and forgets it.
  package mutating func takeSplit() -> Split? {
    defer { split = nil }
    return split
  }

  /// Whether the last bytes and the next ones may be one piece, which a block must not take apart.
  private var isWithinToken: Bool {
    switch state {
    case .tagOpen, .endTagOpen, .declarationOpen, .rawLess, .rawBang, .rawBangDash, .rawEndOpen, .rawName,
      .beforeValue, .slash:
      true
    case .comment:
      run > 0 || isBang || isBehindBracket && condition == .found
        || condition != .found && condition != .none
    case .cdata: run > 0
    case .rawText: run > 0 && (raw == .scriptEscaped || raw == .scriptDoubleEscaped)
    case .text, .tagName, .beforeAttributeName, .behindHole, .behindControl, .attributeName, .afterAttributeName,
      .doubleQuoted, .singleQuoted, .unquoted, .bogusComment, .doctype:
      false
    }
  }

  /// Whether the value of the attribute goes on behind what stood for a whole URL.
  package var isInContinuedURL: Bool { url.isContinued }

  // MARK: Output

  /// Whether the document stands in plain text outside of everything, as it does at its start.
  package var isInPlainText: Bool {
    state == .text && !isInConditional && foreignDepth == 0 && conditionalRun == 0 && !isConditionalBang
      && doubt == .none && !isBehindDashes && split == nil && !hasContinuedURL
  }

  /// Where a value would stand that came next.
  package var place: Place { Place(kind, isInConditional: isInConditional) }

  /// Whether a block may stand here, in a tag, directly behind the tag's whole name.
  package var isBehindTagName: Bool { state == .tagName }

  /// Whether two ways of reaching a point agree, so that what follows means the same after both.
  package func isSamePlace(as other: PlaceTracker) -> Bool {
    isSamePlaceApartFromDoubts(as: other) && doubt == other.doubt && isBehindDashes == other.isBehindDashes
  }

  /// The tracker to go on with behind branches that lead to the same place, or nil where they don't.
  ///
  /// What either branch leaves open stays open.
  package func merged(with other: PlaceTracker) -> PlaceTracker? {
    guard isSamePlaceApartFromDoubts(as: other) else { return nil }
    var result = self
    result.doubt = max(doubt, other.doubt)
    result.isBehindDashes = isBehindDashes || other.isBehindDashes
    return result
  }

  /// The tracker with the part of its URL unknown, as where two branches began different schemes.
  package func withUnknownURL() -> PlaceTracker {
    var result = self
    result.url.forget()
    return result
  }

  private func isSamePlaceApartFromDoubts(as other: PlaceTracker) -> Bool {
    state == other.state && raw == other.raw && element == other.element && attribute == other.attribute
      && isEndTag == other.isEndTag && url == other.url && isInConditional == other.isInConditional
      && matched == other.matched && isMatchingEnd == other.isMatchingEnd && word == other.word
      && (condition == .found) == (other.condition == .found) && foreignDepth == other.foreignDepth
  }

  private var kind: Place.Kind {
    switch state {
    case .text: .text
    case .rawText, .rawLess, .rawBang, .rawBangDash, .rawEndOpen, .rawName:
      raw == .escapable ? .escapableRawText(element: text(element)) : .rawText(element: text(element))
    case .tagOpen, .endTagOpen, .tagName: .tagName
    case .beforeAttributeName, .slash, .behindHole, .behindControl, .attributeName, .afterAttributeName: .insideTag
    case .beforeValue: attributePlace(.none, beforeValue: true)
    case .doubleQuoted: attributePlace(.double)
    case .singleQuoted: attributePlace(.single)
    case .unquoted: attributePlace(.none)
    case .declarationOpen, .comment, .bogusComment: .comment
    case .doctype, .cdata: .declaration
    }
  }

  private func attributePlace(_ quote: Place.Quote, beforeValue: Bool = false) -> Place.Kind {
    if isEndTag { return .insideTag }
    let meaning = beforeValue ? AttributeMeaning(element: element, attribute: attribute) : meaning
    let kind: Place.AttributeKind =
      switch meaning {
      case .ordinary: .ordinary
      case .url: .url(url.part)
      case .forbiddenURL: .forbiddenURL
      case .style: .style
      case .script: .script
      case .document: .document
      case .presentational: .presentational
      case .directive: .directive
      }
    return .attribute(
      Place.AttributePlace(element: text(element), name: text(attribute), kind: kind, quote: quote))
  }

  /// A name for people; the mark of a placeholder in it is shown as an ellipsis.
  private func text(_ bytes: [UInt8]) -> String {
    let name = String(decoding: bytes, as: UTF8.self)
    guard bytes.contains(Self.holeMark) else { return name }
    return String(name.map { $0 == "\u{1A}" ? "…" : $0 })
  }

  // MARK: One byte

  private mutating func pass(_ byte: UInt8) {
    if isInConditional {
      if endsConditional(byte) { return leaveConditional() }
      if isBehindDashes { passBehindDashes(byte) }
    }
    switch state {
    case .text: if byte == ASCII.less { state = .tagOpen }
    case .tagOpen: passTagOpen(byte)
    case .endTagOpen: passEndTagOpen(byte)
    case .tagName:
      if !passTagEnd(byte) { appendToElement(byte.lowercased) }
    case .beforeAttributeName, .behindControl, .behindHole, .slash: passBeforeAttributeName(byte)
    case .attributeName: passAttributeName(byte)
    case .afterAttributeName:
      if byte == ASCII.equals { state = .beforeValue } else if !byte.isHTMLSpace { passBeforeAttributeName(byte) }
    case .beforeValue: passBeforeValue(byte)
    case .doubleQuoted:
      if byte == ASCII.doubleQuote { leaveAttribute(.beforeAttributeName) } else { passInValue(byte) }
    case .singleQuoted:
      if byte == ASCII.singleQuote { leaveAttribute(.beforeAttributeName) } else { passInValue(byte) }
    case .unquoted:
      if byte.isHTMLSpace {
        leaveAttribute(.beforeAttributeName)
      } else if byte == ASCII.greater {
        finishTag(isSelfClosing: false)
      } else {
        passInValue(byte)
      }
    case .declarationOpen: passDeclarationOpen(byte)
    case .comment: passComment(byte)
    case .bogusComment, .doctype: if byte == ASCII.greater { enterText() }
    case .cdata: passCDATA(byte)
    case .rawText: passRawText(byte)
    case .rawLess, .rawBang, .rawBangDash, .rawEndOpen, .rawName: passRawMarkup(byte)
    }
  }

  private mutating func enterText() {
    state = .text
    raw = .none
    if !element.isEmpty { element.removeAll(keepingCapacity: true) }
    if !attribute.isEmpty { attribute.removeAll(keepingCapacity: true) }
    if !word.isEmpty { word.removeAll(keepingCapacity: true) }
    meaning = .ordinary
    url = URLPosition()
    isEndTag = false
    run = 0
    condition = .none
    doubt = .none
  }

  // MARK: Tags

  private mutating func passTagOpen(_ byte: UInt8) {
    switch byte {
    case ASCII.slash: state = .endTagOpen
    case ASCII.exclamation: state = .declarationOpen
    case ASCII.question: enterBogusComment()
    case ASCII.less: break
    case _ where byte.isLetter: beginTag(byte.lowercased, isEnd: false)
    default: state = .text
    }
  }

  private mutating func passEndTagOpen(_ byte: UInt8) {
    if byte.isLetter {
      beginTag(byte.lowercased, isEnd: true)
    } else if byte == ASCII.greater {
      enterText()
    } else {
      enterBogusComment()
    }
  }

  private mutating func beginTag(_ byte: UInt8, isEnd: Bool) {
    state = .tagName
    isEndTag = isEnd
    element.removeAll(keepingCapacity: true)
    element.append(byte)
  }

  private mutating func appendToElement(_ byte: UInt8) {
    if element.count < Self.nameLimit { element.append(byte) }
  }

  private mutating func appendToAttribute(_ byte: UInt8) {
    if attribute.count < Self.nameLimit { attribute.append(byte) }
  }

  private mutating func passHoleInTagName(_ kind: Placeholder.Kind) {
    if kind == .output, !ElementTable.isKnown(NameHash(element)) {
      appendToElement(Self.holeMark)
    } else {
      state = kind == .output ? .behindHole : .behindControl
      doubt = .tagName
    }
  }

  /// Passes what ends a name in a tag, if the byte does.
  private mutating func passTagEnd(_ byte: UInt8) -> Bool {
    if byte.isHTMLSpace {
      state = .beforeAttributeName
    } else if byte == ASCII.slash {
      leaveAttribute(.slash)
    } else if byte == ASCII.greater {
      finishTag(isSelfClosing: false)
    } else {
      return false
    }
    return true
  }

  private mutating func passBeforeAttributeName(_ byte: UInt8) {
    if byte == ASCII.greater, state == .slash { return finishTag(isSelfClosing: true) }
    let isBehindOutput = state == .behindHole
    let isBehindAny = isBehindOutput || state == .behindControl
    if !attribute.isEmpty { attribute.removeAll(keepingCapacity: true) }
    settleDoubt(byte, isDirectlyBehind: state == .behindControl)
    if passTagEnd(byte) { return }
    if isBehindAny, byte == ASCII.equals {
      state = .beforeValue
      return
    }
    if isBehindOutput { attribute.append(Self.holeMark) }
    attribute.append(byte.lowercased)
    state = .attributeName
  }

  /// Notes where a byte goes on with a name that stands before a block.
  private mutating func settleDoubt(_ byte: UInt8, isDirectlyBehind: Bool) {
    if byte.isHTMLSpace {
      doubt = doubt == .attributeName ? .value : doubt == .tagName ? .none : doubt
      return
    }
    if byte != ASCII.slash, byte != ASCII.greater {
      let isValue = byte == ASCII.equals && (isDirectlyBehind || doubt >= .value)
      if isValue || doubt >= .attributeName { split = .token }
    }
    doubt = .none
  }

  private mutating func passAttributeName(_ byte: UInt8) {
    if byte == ASCII.equals {
      state = .beforeValue
    } else if byte.isHTMLSpace {
      state = .afterAttributeName
    } else if !passTagEnd(byte) {
      appendToAttribute(byte.lowercased)
    }
  }

  private mutating func passBeforeValue(_ byte: UInt8) {
    switch byte {
    case _ where byte.isHTMLSpace: break
    case ASCII.doubleQuote: beginValue(.doubleQuoted)
    case ASCII.singleQuote: beginValue(.singleQuoted)
    case ASCII.greater: finishTag(isSelfClosing: false)
    default:
      beginValue(.unquoted)
      passInValue(byte)
    }
  }

  private mutating func beginValue(_ next: State) {
    meaning = AttributeMeaning(element: element, attribute: attribute)
    url = URLPosition()
    state = next
  }

  private mutating func passInValue(_ byte: UInt8) {
    guard meaning == .url else { return }
    url.advance(byte)
    if url.isContinued { hasContinuedURL = true }
  }

  private mutating func passHoleInValue(_ kind: Placeholder.Kind) {
    guard meaning == .url, kind == .output else { return }
    url.passHole()
    if url.isContinued { hasContinuedURL = true }
  }

  private mutating func leaveAttribute(_ next: State) {
    state = next
    if !attribute.isEmpty { attribute.removeAll(keepingCapacity: true) }
    meaning = .ordinary
    url = URLPosition()
  }

  private mutating func finishTag(isSelfClosing: Bool) {
    let known = ElementTable.standard[NameHash(element)]
    if isEndTag {
      if known.role == .foreign, foreignDepth > 0 { foreignDepth -= 1 }
      return enterText()
    }
    if known.role == .foreign, !isSelfClosing { foreignDepth += 1 }
    let isRaw = !known.traits.isDisjoint(with: [.rawText, .escapableRawText])
    guard isRaw, !(foreignDepth > 0 && isSelfClosing) else { return enterText() }
    let name = element
    enterText()
    element = name
    switch known.role {
    case .script: raw = .script
    case .plaintext: raw = .plaintext
    default: raw = known.traits.contains(.rawText) ? .rawText : .escapable
    }
    enterRawText()
  }

  // MARK: Raw text

  private mutating func enterRawText() {
    state = .rawText
    matched = 0
    isMatchingEnd = false
    run = 0
  }

  private mutating func passRawText(_ byte: UInt8) {
    if byte == ASCII.dash {
      run += 1
      return
    }
    if byte == ASCII.greater, run >= 2, raw == .scriptEscaped || raw == .scriptDoubleEscaped { raw = .script }
    run = 0
    if byte == ASCII.less, raw != .plaintext { state = .rawLess }
  }

  /// Passes a byte behind `<` in raw text; what turns out to be nothing is passed as text.
  private mutating func passRawMarkup(_ byte: UInt8) {
    switch (state, byte) {
    case (.rawLess, ASCII.slash): state = .rawEndOpen
    case (.rawLess, ASCII.exclamation) where raw == .script: state = .rawBang
    case (.rawBang, ASCII.dash): state = .rawBangDash
    case (.rawBangDash, ASCII.dash):
      raw = .scriptEscaped
      enterRawText()
      run = 2
    case (.rawLess, _) where raw == .scriptEscaped && byte.lowercased == element.first,
      (.rawEndOpen, _) where byte.lowercased == element.first:
      isMatchingEnd = state == .rawEndOpen
      state = .rawName
      matched = 1
    case (.rawName, _) where matched < element.count && byte.lowercased == element[matched]: matched += 1
    case (.rawName, _) where matched == element.count && (byte.isHTMLSpace || byte == 0x2F || byte == 0x3E):
      passRawName(byte)
    default:
      let dashes = state == .rawBangDash ? 1 : 0
      enterRawText()
      run = dashes
      passRawText(byte)
    }
  }

  /// Passes the byte that ends the name of the raw text element in a tag.
  private mutating func passRawName(_ byte: UInt8) {
    switch (raw, isMatchingEnd) {
    case (.scriptEscaped, false): raw = .scriptDoubleEscaped
    case (.scriptDoubleEscaped, true): raw = .scriptEscaped
    case (_, true):
      raw = .none
      matched = 0
      isMatchingEnd = false
      isEndTag = true
      state = .tagName
      _ = passTagEnd(byte)
      return
    default: break
    }
    enterRawText()
    passRawText(byte)
  }

  // MARK: Declarations and comments

  private mutating func enterBogusComment() {
    enterText()
    state = .bogusComment
  }

  private static let keywords: [[UInt8]] = [
    Array("--".utf8), Array("doctype".utf8), Array("[cdata[".utf8),
  ]

  private mutating func passDeclarationOpen(_ byte: UInt8) {
    word.append(byte.lowercased)
    guard let keyword = Self.keywords.first(where: { $0.starts(with: word) }) else {
      enterBogusComment()
      if byte == ASCII.greater { enterText() }
      return
    }
    guard keyword.count == word.count else { return }
    enterText()
    switch byte {
    case ASCII.dash:
      state = .comment
      run = 2
      runIsOpener = true
      isBang = false
      isBehindBracket = false
      condition = isInConditional ? .none : .start
    case ASCII.openBracket: state = .cdata
    default: state = .doctype
    }
  }

  private mutating func passCDATA(_ byte: UInt8) {
    if byte == ASCII.greater, run >= 2 { return enterText() }
    run = byte == ASCII.closeBracket ? run + 1 : 0
  }

  private mutating func passComment(_ byte: UInt8) {
    let wasBang = isBang
    let wasBehindBracket = isBehindBracket
    isBang = false
    isBehindBracket = byte == ASCII.closeBracket
    passCondition(byte)
    if byte == ASCII.dash {
      run += 1
      return
    }
    if byte == ASCII.greater {
      if run >= 2 || wasBang { return enterText() }
      if wasBehindBracket { return passConditionEnd() }
    }
    isBang = byte == ASCII.exclamation && run >= (runIsOpener ? 4 : 2)
    run = 0
    runIsOpener = false
  }

  private mutating func passCondition(_ byte: UInt8) {
    switch condition {
    case .start: condition = byte == ASCII.openBracket ? .bracket : .none
    case .bracket: condition = byte.lowercased == 0x69 ? .i : .none
    case .i: condition = byte.lowercased == 0x66 ? .f : .none
    case .f: condition = byte.isLetter || byte.isDigit ? .none : .found
    case .found, .none: break
    }
  }

  /// Passes `]>` in a comment, which opens the content of a conditional comment.
  private mutating func passConditionEnd() {
    run = 0
    runIsOpener = false
    guard condition == .found else {
      condition = .none
      return
    }
    enterText()
    isInConditional = true
    conditionalRun = 0
    isConditionalBang = false
    outerForeignDepth = foreignDepth
  }

  /// Whether a byte ends the hidden conditional comment, wherever in its content it stands.
  private mutating func endsConditional(_ byte: UInt8) -> Bool {
    if byte == ASCII.dash {
      conditionalRun += 1
      isConditionalBang = false
      return false
    }
    if byte == ASCII.greater, conditionalRun >= 2 || isConditionalBang { return true }
    isConditionalBang = byte == ASCII.exclamation && conditionalRun >= 2
    conditionalRun = 0
    return false
  }

  /// Passes a byte that may be the rest of a conditional comment's end, if dashes do stand before it.
  private mutating func passBehindDashes(_ byte: UInt8) {
    if byte == ASCII.dash || byte == ASCII.exclamation { return }
    if byte == ASCII.greater { split = .conditionalEnd }
    isBehindDashes = false
  }

  private mutating func leaveConditional() {
    enterText()
    isInConditional = false
    isBehindDashes = false
    conditionalRun = 0
    isConditionalBang = false
    foreignDepth = outerForeignDepth
  }
}
