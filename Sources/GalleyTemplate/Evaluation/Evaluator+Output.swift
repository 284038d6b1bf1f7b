import GalleyHTML
import GalleySource

/// Printing: literal text, known values and holes, each made safe for its place.
extension Evaluator {
  // MARK: Literal text

  /// Appends a text as it stands in its file, its lines indented as the call that leads here is.
  mutating func appendText(_ range: SourceRange, _ frame: OriginMap.Frame) {
    let bytes = environment.sources[range.source].bytes
    var literal = bytes[range.range.clamped(to: bytes.indices)]
    guard text.part == .html, !isInFragment, let entry = environment.places.entry(of: range),
      indent.isEmpty || entry.canBeIndented
    else { return appendFollowed(literal, bytes, of: range.source, frame) }
    if !text.tracker.isInPlainText, entry.plain <= literal.count {
      appendFollowed(literal.prefix(entry.plain), bytes, of: range.source, frame)
      literal = literal.dropFirst(entry.plain)
    }
    guard text.tracker.isInPlainText else { return appendFollowed(literal, bytes, of: range.source, frame) }
    isPlaceLost = false
    forEachLine(of: literal, bytes, range.source) { evaluator, line, place in
      guard evaluator.hasRoom(for: line.count, at: place, frame) else { return }
      let isVerbatim = place.start < place.end
      evaluator.text.append(
        line, origin: place, frame: frame, isVerbatim: isVerbatim, end: evaluator.text.tracker)
    }
    text.tracker = entry.end
  }

  /// Appends a text whose way is not known before.
  private mutating func appendFollowed(
    _ literal: ArraySlice<UInt8>, _ bytes: [UInt8], of source: SourceID, _ frame: OriginMap.Frame
  ) {
    forEachLine(of: literal, bytes, source) { evaluator, line, place in
      evaluator.appendLiteral(line, at: place, isVerbatim: place.start < place.end, frame)
    }
  }

  /// Calls `append` with each line of a text, and with the indentation before each that begins in it; a text that is
  /// not indented is one line. What was put before a line has an empty place.
  private mutating func forEachLine(
    of text: ArraySlice<UInt8>, _ bytes: [UInt8], _ source: SourceID,
    _ append: (inout Evaluator, ArraySlice<UInt8>, SourceRange) -> Void
  ) {
    if indent.isEmpty { return append(&self, text, SourceRange(source, text.startIndex, text.endIndex)) }
    var start = text.startIndex
    var isLineStart = start == 0 || bytes[start - 1] == 0x0A
    repeat {
      if isLineStart { append(&self, indent[...], SourceRange(source, start, start)) }
      let end = text[start...].firstIndex(of: 0x0A).map { $0 + 1 } ?? text.endIndex
      if start < end { append(&self, text[start..<end], SourceRange(source, start, end)) }
      (start, isLineStart) = (end, true)
    } while start < text.endIndex && !isExhausted
  }

  mutating func appendLiteral(
    _ bytes: ArraySlice<UInt8>, at range: SourceRange, isVerbatim: Bool, _ frame: OriginMap.Frame
  ) {
    if isInFragment { return appendKnown(bytes, type: nil, at: range, isVerbatim: isVerbatim, frame) }
    if text.part == .subject, bytes.contains(where: { $0 == 0x0A || $0 == 0x0D }) {
      return appendSubject(bytes, at: range, frame)
    }
    if range.source == markupSource { refuseMarkup(bytes, at: range, frame) }
    guard hasRoom(for: bytes.count, at: range, frame) else { return }
    let isVerbatim = isVerbatim && bytes.count == range.range.count
    // What the bytes wrongly follow lies before them, and so does what makes the place a guess.
    let isKnown = isPlaceKnown()
    let found = text.append(bytes, origin: range, frame: frame, isVerbatim: isVerbatim)
    if isKnown { blame(found) }
    if isPlaceLost, bytes.contains(UInt8(ascii: ">")) { isPlaceLost = false }
  }

  /// Complains about a stretch of the subject that holds line ends, and appends it without.
  private mutating func appendSubject(_ bytes: ArraySlice<UInt8>, at range: SourceRange, _ frame: OriginMap.Frame) {
    report(
      .subjectLine, "the subject runs over more than one line", at: range, frame,
      help: ["write it on one line; in YAML, '>-' folds lines into one"])
    appendPlain(bytes, at: range, isVerbatim: false, frame)
  }

  // MARK: Values

  mutating func evaluate(_ output: OutputNode, _ scope: Scope) {
    let value = evaluate(output.expression, scope)
    let subject = Subject(range: output.range, expression: output.expression.range, isRaw: output.isRaw)
    print(value, subject, scope.frame)
  }

  mutating func print(_ value: Residual, _ subject: Subject, _ frame: OriginMap.Frame) {
    switch value {
    case .known(let value, let type, let isData):
      guard let printed = value == .null ? "" : value.text else { return }
      if isData {
        printData(printed, type: type ?? .string, subject, frame)
      } else if subject.isRaw {
        printRaw(printed, type: type, subject, frame)
      } else {
        appendKnown(Array(printed.utf8)[...], type: type, at: subject.range, expression: subject.expression, frame)
      }
    case .send(let value): printHole(value, subject, frame)
    case .pieces(let pieces): for piece in pieces { print(piece, isRaw: subject.isRaw) }
    case .invalid: break
    }
  }

  private mutating func print(_ piece: TextPiece, isRaw: Bool) {
    switch piece {
    case .text(let bytes, let origin, let isVerbatim, let frame):
      appendKnown(bytes[...], type: nil, at: origin, isVerbatim: isVerbatim, frame)
    case .value(let value, let subject, let frame): print(value, subject, frame)
    case .fragment(let nodes, let scope): printFragment(nodes, scope)
    case .link(let link): print(link)
    case .choice(let condition, let first, let second, let origin, let frame):
      let value = Residual.SendValue(expression: condition, type: .boolean, isOptional: false)
      branch(
        on: value, at: origin, frame,
        { evaluator in for piece in first { evaluator.print(piece, isRaw: isRaw) } },
        otherwise: { evaluator in for piece in second { evaluator.print(piece, isRaw: isRaw) } })
    }
  }

  /// Prints a stretch of a message as a link where markup can stand, with its address in the text part, and elsewhere
  /// its text alone.
  private mutating func print(_ link: TextPiece.Link) {
    let isMarkup = text.part == .html && !isInFragment && text.place.kind == .text
    if isMarkup {
      appendLiteral(Array("<a href=\"".utf8)[...], at: link.origin, isVerbatim: false, link.frame)
      print(link.address, link.subject, link.addressFrame)
      appendLiteral(Array("\">".utf8)[...], at: link.origin, isVerbatim: false, link.frame)
    }
    let start = text.count
    for piece in link.content { print(piece, isRaw: false) }
    if text.part == .text { printAddress(of: link, from: start) }
    if isMarkup { appendLiteral(Array("</a>".utf8)[...], at: link.origin, isVerbatim: false, link.frame) }
  }

  private mutating func printFragment(_ nodes: [TemplateNode], _ scope: Scope) {
    guard let first = nodes.first else { return }
    let outer = isInFragment
    isInFragment = text.part == .html
    if descend(at: first.place, scope) {
      evaluate(nodes, scope)
      nesting -= 1
    }
    isInFragment = outer
  }

  // MARK: Known values

  /// Appends known text, escaped as little as its place allows.
  mutating func appendKnown(
    _ bytes: ArraySlice<UInt8>, type: ValueType?, at range: SourceRange, expression: SourceRange? = nil,
    isVerbatim: Bool = false, _ frame: OriginMap.Frame
  ) {
    guard text.part == .html else { return appendPlain(bytes, at: range, isVerbatim: isVerbatim, frame) }
    if text.place.escapesReferencesAlone, !bytes.contains(where: KnownText.isEscaped) {
      guard hasRoom(for: bytes.count, at: range, frame) else { return }
      let isVerbatim = isVerbatim && bytes.count == range.range.count
      return blame(text.append(bytes, origin: range, frame: frame, isVerbatim: isVerbatim))
    }
    var output: [UInt8] = []
    output.reserveCapacity(bytes.count)
    let known = KnownText(text: String(decoding: bytes, as: UTF8.self), type: type)
    if let refusal = known.append(at: text.place, to: &output) {
      return refuse(refusal, known.text, at: range, expression, frame)
    }
    guard hasRoom(for: output.count, at: range, frame) else { return }
    let isVerbatim = isVerbatim && output.elementsEqual(bytes) && output.count == range.range.count
    blame(text.append(output[...], origin: range, frame: frame, isVerbatim: isVerbatim))
  }

  private mutating func refuse(
    _ refusal: EscapeContext.Refusal, _ value: String, at range: SourceRange, _ expression: SourceRange?,
    _ frame: OriginMap.Frame
  ) {
    guard isPlaceKnown() else { return }
    let subject = expression.map { "'\(words($0))'" } ?? "this text"
    let short = value.count > 60 ? String(value.prefix(57)) + "…" : value
    report(
      refusal.code, "\(subject) \(refusal.message)", at: range, frame,
      notes: expression == nil ? [] : [Diagnostic.Note("its value is '\(short)'")], help: refusal.help)
  }

  private mutating func appendPlain(
    _ bytes: ArraySlice<UInt8>, at range: SourceRange, isVerbatim: Bool, _ frame: OriginMap.Frame
  ) {
    guard hasRoom(for: bytes.count, at: range, frame) else { return }
    let hasLineEnd = text.part == .subject && bytes.contains { $0 == 0x0A || $0 == 0x0D }
    let line = hasLineEnd ? bytes.map { $0 == 0x0A || $0 == 0x0D ? 0x20 : $0 }[...] : bytes
    let isVerbatim = isVerbatim && !hasLineEnd && line.count == range.range.count
    blame(text.append(line, origin: range, frame: frame, isVerbatim: isVerbatim))
  }

  /// Appends known markup as it is.
  private mutating func printRaw(_ value: String, type: ValueType?, _ subject: Subject, _ frame: OriginMap.Frame) {
    guard case .allowed = verdict(type ?? .html, subject) else { return refuseData(type ?? .html, subject, frame) }
    let bytes = Array(value.utf8)
    guard hasRoom(for: bytes.count, at: subject.range, frame) else { return }
    blame(text.append(bytes[...], origin: subject.range, frame: frame, isVerbatim: false))
  }

  // MARK: Data

  private func verdict(_ type: ValueType, _ subject: Subject) -> EscapeContext.Verdict {
    let sources = environment.sources
    let context = EscapeContext(type: type, isRaw: subject.isRaw) { sources.words(subject.expression) }
    if text.part == .text { return context.verdict(behind: text.lastWord) }
    return text.part == .html ? context.verdict(at: text.place) : context.verdict(in: text.part)
  }

  private mutating func refuseData(_ type: ValueType, _ subject: Subject, _ frame: OriginMap.Frame) {
    guard case .refused(let refusal) = verdict(type, subject), isPlaceKnown() else { return }
    // The value that the URL begins with has been blamed already.
    if refusal.code == .escapeURLAmbiguous, text.tracker.isInContinuedURL { return }
    report(
      refusal.code, "'\(words(subject.expression))' \(refusal.message)", at: subject.range, frame, help: refusal.help)
  }

  /// Appends a variable's value that is known already, as the sender's engine would.
  private mutating func printData(_ value: String, type: ValueType, _ subject: Subject, _ frame: OriginMap.Frame) {
    guard case .allowed(let escaping) = verdict(type, subject) else { return refuseData(type, subject, frame) }
    var bytes: [UInt8] = []
    Escaper.append(value, escaping: escaping, dialect: environment.dialect, to: &bytes)
    guard hasRoom(for: bytes.count, at: subject.range, frame) else { return }
    blame(text.appendData(bytes, subject: subject, frame: frame, isURL: escaping == .url))
  }

  private mutating func printHole(_ value: Residual.SendValue, _ subject: Subject, _ frame: OriginMap.Frame) {
    guard value.type.isPrintable else { return }
    guard case .allowed(let escaping) = verdict(value.type, subject) else {
      return refuseData(value.type, subject, frame)
    }
    guard hasRoom(for: 1, at: subject.range, frame) else { return }
    if escaping == .url { checkFallbacks(of: value.expression, subject, frame) }
    // Where the caller keeps values on one line, a known value that may take their place has nobody else to do it.
    let expression = escaping == .line ? value.expression.withFallbacksOnOneLine : value.expression
    let kind = AssembledText.Hole.Kind.output(expression, type: value.type, escaping: escaping)
    blame(text.appendOutput(kind, subject: subject, frame: frame, isURL: escaping == .url))
    recordUse(value.expression, escaping, at: subject.range)
  }

  /// Checks the known values that may take the place of a URL.
  private mutating func checkFallbacks(
    of expression: SendExpression, _ subject: Subject, _ frame: OriginMap.Frame
  ) {
    guard case .fallback(let first, let second) = expression else { return }
    checkFallbacks(of: first, subject, frame)
    checkFallbacks(of: second, subject, frame)
    guard case .literal(.string(let text)) = second else { return }
    var scratch: [UInt8] = []
    if let refusal = KnownText(text: text, type: .url).append(at: self.text.place, to: &scratch) {
      refuse(refusal, text, at: subject.range, subject.expression, frame)
    }
  }

  /// Complains about what was appended before and turned out wrong.
  mutating func blame(_ blame: Assembler.Blame?) {
    guard let blame, isPlaceKnown() else { return }
    let (subject, frame) = (blame.suspect.subject, blame.suspect.frame)
    report(
      blame.refusal.code, "'\(words(subject.expression))' \(blame.refusal.message)", at: subject.range, frame,
      help: blame.refusal.help)
  }

  /// Whether the place is one to judge by: behind branches that disagree it is not, up to the end of the tag.
  mutating func isPlaceKnown() -> Bool {
    if isPlaceLost, text.place.kind == .text { isPlaceLost = false }
    return !isPlaceLost || text.part != .html
  }

  // MARK: Uses

  mutating func recordUse(_ expression: SendExpression, _ escaping: Escaping?, at range: SourceRange) {
    switch expression {
    case .variable, .item, .field:
      guard let path = path(of: expression) else { return }
      let end = path.utf8.firstIndex { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "[") }
      let variable = end.map { String(path[..<$0]) } ?? path
      let use = Specialization.VariableUse(
        variable: variable, path: path, part: text.part, escaping: escaping, origin: range)
      if result.uses.isEmpty || result.uses[result.uses.count - 1] != use { result.uses.append(use) }
    case .fallback(let a, let b):
      recordUse(a, escaping, at: range)
      recordUse(b, escaping, at: range)
    case .compare(_, let a, let b):
      recordUse(a, nil, at: range)
      recordUse(b, nil, at: range)
    case .and(let operands), .or(let operands): for operand in operands { recordUse(operand, nil, at: range) }
    case .not(let operand), .isPresent(let operand), .remainder(let operand, _): recordUse(operand, nil, at: range)
    case .index, .isFirst, .isLast, .literal: break
    }
  }

  func path(of expression: SendExpression) -> String? {
    switch expression {
    case .variable(let name): name
    case .item(let loop): itemPaths[loop.id]
    case .field(let record, let name): path(of: record).map { $0 + "." + name }
    case .fallback(let first, _): path(of: first)
    default: nil
    }
  }
}

extension TemplateNode {
  /// Where the node is written.
  var place: SourceRange {
    switch self {
    case .text(let range), .literal(_, let range), .error(let range): range
    case .output(let node): node.range
    case .block(let node): node.openRange
    case .partial(let node): node.range
    case .inline(let node): node.range
    }
  }
}

extension SendExpression {
  /// The expression with the line ends of texts that stand in for something else turned into spaces.
  fileprivate var withFallbacksOnOneLine: SendExpression {
    switch self {
    case .fallback(let first, let second): .fallback(first.withFallbacksOnOneLine, second.withFallbacksOnOneLine)
    case .literal(.string(let text)):
      .literal(.string(String(decoding: text.utf8.map { $0 == 0x0A || $0 == 0x0D ? 0x20 : $0 }, as: UTF8.self)))
    default: self
    }
  }
}
