import GalleySource

// One tag: which it is, and what it does to the blocks.
extension TemplateParser {
  /// Parses the tag whose first token is at `open` and whose last is at `close`, or missing.
  ///
  /// `indent` is what a call of a partial puts before each line.
  mutating func parseTag(open: Int, close: Int?, _ tag: SourceRange, indent: SourceRange?) {
    var last = open
    while last + 1 < tokens.count, tokens[last + 1].kind.isInner { last += 1 }
    (cursor, limit) = (open + 1, last + 1)
    let kind = tokens[open].kind
    if let broken = tokens[open..<last + 1].first(where: { $0.kind == .unclosedString }) {
      reportUnclosedText(broken)
      return recover(kind, tag)
    }
    guard let close else {
      if reportParentTag(open: open) { return }
      reportUnclosedTag(open: open, last: last)
      return recover(kind, tag)
    }
    reportUnbalanced(open: tokens[open], close: tokens[close], tag)
    switch kind {
    case .openOutput where TemplatePiece.isElse(tokens, open: open, bytes): parseElse(tag)
    case .openOutput where parseForeign(tag, open: open): break
    case .openOutput: parseOutput(tag, isRaw: false)
    case .openUnescaped: parseOutput(tag, isRaw: true)
    case .openRaw: parseOutput(tag, isRaw: tokens[close].kind == .closeRaw)
    case .openBlock: parseBlock(tag)
    case .openInverse: parseInverse(tag)
    case .openEnd: parseEnd(tag, open: open)
    case .openPartial: parsePartial(tag, isBlock: false, indent: indent)
    case .openPartialBlock: parsePartial(tag, isBlock: true, indent: nil)
    case .openInline: parseInline(tag)
    default:
      report(
        .unsupported, "'{{*' begins a decorator, which there is not", at: tag,
        help: ["fill a slot with '{{#*inline \"name\"}}…{{/inline}}'"])
      add(.error(tag))
    }
  }

  // MARK: Broken tags

  private mutating func reportUnclosedText(_ token: TemplateToken) {
    let quote = text(token.start..<token.start + 1)
    report(
      .unclosedText, "the text that begins with \(quote) is never closed", at: range(token.range),
      help: ["close it with \(quote) on the same line"])
  }

  private mutating func reportUnclosedTag(open: Int, last: Int) {
    var end = tokens[last].end
    if tokens[last].kind == .whitespace { end = tokens[last].start }
    let start = tokens[open].start
    let newline = bytes[start..<end].firstIndex { $0 == 0x0A || $0 == 0x0D } ?? end
    var shown = start..<max(min(newline, start + 40), tokens[open].end)
    while shown.upperBound < end, bytes[shown.upperBound] & 0xC0 == 0x80 {
      shown = start..<shown.upperBound - 1
    }
    let braces = tokens[open].kind == .openRaw ? "}}}" : "}}"
    report(
      .unclosedTag, "'\(text(shown))' is never closed", at: range(shown), label: "opened here",
      help: ["close the tag with '\(braces)'"])
  }

  /// Keeps the blocks in balance after a tag that could not be read.
  private mutating func recover(_ kind: TemplateToken.Kind, _ tag: SourceRange) {
    switch kind {
    case .openBlock, .openPartialBlock, .openInline: pushBroken(tag)
    case .openInverse where peek() != nil: pushBroken(tag)
    case .openEnd where frames.count > 1:
      let name = text(nameRun(from: cursor))
      if frames[frames.count - 1].name == name { end(name, nameRange: tag, tag: tag, open: cursor - 1) }
    default: break
    }
    add(.error(tag))
  }

  /// Opens a block that produces nothing, so that its end finds it.
  mutating func pushBroken(_ tag: SourceRange) {
    cursor = min(cursor, limit)
    var name = text(nameRun(from: cursor))
    if name.isEmpty, let token = peek() { name = text(token.range) }
    push(BlockFrame(kind: .broken, name: name, openRange: tag))
  }

  private mutating func reportUnbalanced(open: TemplateToken, close: TemplateToken, _ tag: SourceRange) {
    let (isRaw, isClosedRaw) = (open.kind == .openRaw, close.kind == .closeRaw)
    if isRaw == isClosedRaw { return }
    if isRaw {
      report(
        .unbalancedBraces, "'\(shortText(tag))' begins with three braces and ends with two", at: tag,
        help: ["write two braces on both sides; three are for trusted markup"])
    } else {
      let brace = SourceRange(source, close.end - 1, close.end)
      report(
        .unbalancedBraces, "'\(shortText(tag))' begins with two braces and ends with three", at: tag,
        help: ["take the third brace out; if it is text, put a space before it"],
        fixes: [FixIt("put a space before the third brace", isSafe: false, edits: [SourceEdit(brace, " }")])])
    }
  }

  /// The text of a range, cut where a headline would get too long.
  func shortText(_ range: SourceRange) -> String {
    let whole = text(range.range)
    if whole.utf8.count <= 60, !whole.utf8.contains(TemplateByte.lineFeed) { return whole }
    return String(whole.prefix { !$0.isNewline }.prefix(40)) + "…"
  }

  // MARK: Values

  private mutating func parseOutput(_ tag: SourceRange, isRaw: Bool) {
    guard peek() != nil else {
      report(
        .emptyTag, "'\(shortText(tag))' holds nothing", at: tag,
        help: ["write the name of a value, or take the tag out"])
      return add(.error(tag))
    }
    guard let expression = parseWhole() else { return add(.error(tag)) }
    add(.output(OutputNode(range: tag, expression: expression, isRaw: isRaw)))
  }

  // MARK: Blocks

  private mutating func parseBlock(_ tag: SourceRange) {
    guard let token = peek(), token.kind == .name else {
      if peek() == nil {
        report(
          .emptyTag, "'\(shortText(tag))' names no block", at: tag, help: ["write 'if', 'unless', 'each' or 'with'"])
      } else {
        report(
          .unsupported, "'\(shortText(tag))' is no block", at: tag, help: ["write 'if', 'unless', 'each' or 'with'"])
      }
      return pushBroken(tag)
    }
    let name = text(token.range)
    if name == "else" {
      report(
        .syntax, "'else' opens no block", at: tag, help: ["write '{{else}}', without '#'"],
        fixes: [FixIt("take the '#' out", isSafe: false, edits: [SourceEdit(range(tag.start + 2..<token.start), "")])])
      return divide(at: tag, chained: nil)
    }
    guard let kind = BlockNode.Kind(rawValue: name) else {
      reportUnknownBlock(name, token, tag)
      return pushBroken(tag)
    }
    cursor += 1
    guard let frame = parseBlockHead(kind, name: name, tag) else {
      return push(BlockFrame(kind: .broken, name: name, openRange: tag))
    }
    push(frame)
  }

  /// Parses what stands behind the keyword of a block.
  mutating func parseBlockHead(_ kind: BlockNode.Kind, name: String, _ tag: SourceRange) -> BlockFrame? {
    let subject =
      switch kind {
      case .if, .unless: "a condition"
      case .each: "a list"
      case .with: "a record"
      }
    guard peek() != nil else {
      report(.syntax, "'\(name)' needs \(subject)", at: tag, help: ["write '{{#\(name) value}}'"])
      return nil
    }
    if reportMissingParentheses(name) { return nil }
    if let first = peek(), reportNamedArgument(first, of: kind) { return nil }
    guard let argument = parsePrimary() else { return nil }
    var frame = BlockFrame(kind: .block(kind), name: name, openRange: tag)
    frame.argument = argument
    guard let next = peek() else { return frame }
    guard isParameterList(next) else {
      if !reportForeignHead(next, of: kind, subject: argument) {
        reportUnexpected(next, "'\(name)' takes \(subject), once")
      }
      return nil
    }
    guard let parameters = parseParameters(kind) else { return nil }
    frame.parameters = parameters
    return frame
  }

  /// Reports `{{#if eq a b}}`, where the call needs parentheses.
  private mutating func reportMissingParentheses(_ block: String) -> Bool {
    guard let first = peek(), first.kind == .name, let helper = HelperSignature.named(text(first.range)) else {
      return false
    }
    let saved = cursor
    cursor += 1
    let next = peek()
    cursor = saved
    guard let next, next.kind != .dot, next.kind != .slash, !isParameterList(next) else { return false }
    let call = text(first.start..<tokens[limit - 1].end).trimmingBlanks
    report(
      .syntax, "the call of '\(helper.name)' needs parentheses", at: range(first.range),
      help: ["write '{{#\(block) (\(call))}}'"])
    return true
  }

  private func isParameterList(_ token: TemplateToken) -> Bool {
    guard token.kind == .name, text(token.range) == "as" else { return false }
    var index = cursor + 1
    while index < limit, tokens[index].kind == .whitespace { index += 1 }
    return index < limit && tokens[index].kind == .bar
  }

  /// Parses `as |item index|`.
  private mutating func parseParameters(_ kind: BlockNode.Kind) -> [BlockNode.Parameter]? {
    let keyword = tokens[cursor]
    cursor += 1
    guard let bar = peek() else { return nil }
    cursor += 1
    var parameters: [BlockNode.Parameter] = []
    while let token = peek(), token.kind == .name {
      guard let name = checkedName(token) else { return nil }
      if parameters.contains(where: { $0.name == name }) {
        report(.syntax, "'\(name)' is bound twice", at: range(token.range))
        return nil
      }
      parameters.append(BlockNode.Parameter(name: name, range: range(token.range)))
      cursor += 1
    }
    guard let end = peek(), end.kind == .bar else {
      report(
        .syntax, "the names behind 'as' must stand between two bars", at: range(bar.range),
        help: ["write 'as |name|'"])
      return nil
    }
    cursor += 1
    let most =
      switch kind {
      case .if, .unless: 0
      case .with: 1
      case .each: 2
      }
    if parameters.isEmpty || parameters.count > most {
      let wanted = most == 0 ? "no names" : most == 1 ? "one name" : "one name, or two: the item and its position"
      report(
        .syntax, "'\(kind.rawValue)' binds \(wanted)", at: range(keyword.start..<end.end),
        help: [most == 0 ? "take it out; only 'each' and 'with' bind names" : "write 'as |name|'"])
      return nil
    }
    if let extra = peek() {
      reportUnexpected(extra, "the names are the last thing in the tag")
      return nil
    }
    return parameters
  }

  private mutating func parseElse(_ tag: SourceRange) {
    _ = peek()
    cursor += 1
    guard let token = peek() else { return divide(at: tag, chained: nil) }
    guard token.kind == .name, let kind = BlockNode.Kind(rawValue: text(token.range)) else {
      report(
        .syntax, "'else' is followed by '\(text(token.range))'", at: range(token.range),
        help: ["write '{{else}}' or '{{else if \(text(nameRun(from: cursor)))}}'"],
        fixes: [
          FixIt("write 'else if'", isSafe: false, edits: [SourceEdit(range(token.start..<token.start), "if ")])
        ])
      return divideAnyway(at: tag)
    }
    cursor += 1
    if var frame = parseBlockHead(kind, name: kind.rawValue, tag) {
      frame.isChained = true
      divide(at: tag, chained: frame)
    } else {
      var frame = BlockFrame(kind: .block(kind), name: kind.rawValue, openRange: tag)
      frame.isChained = true
      divide(at: tag, chained: frame)
    }
  }

  /// Parses `{{^}}`, which is `else`, and `{{^value}}`, which is `unless`.
  private mutating func parseInverse(_ tag: SourceRange) {
    guard let token = peek() else { return divide(at: tag, chained: nil) }
    let name = text(nameRun(from: cursor))
    if token.kind == .name, let kind = BlockNode.Kind(rawValue: text(token.range)), name == kind.rawValue {
      guard kind == .if else {
        report(
          .unsupported, "'{{^\(name)' is not a block", at: tag,
          help: [kind == .unless ? "write '{{#if value}}'" : "write '{{#unless value}}'"])
        return pushBroken(tag)
      }
      cursor += 1
      guard var frame = parseBlockHead(.if, name: name, tag) else { return pushBroken(tag) }
      frame.kind = .block(.unless)
      return push(frame)
    }
    guard let argument = parseWhole() else { return push(BlockFrame(kind: .broken, name: name, openRange: tag)) }
    var frame = BlockFrame(kind: .block(.unless), name: name, openRange: tag)
    frame.argument = argument
    push(frame)
  }

  private mutating func parseEnd(_ tag: SourceRange, open: Int) {
    guard let first = peek() else {
      report(.emptyTag, "'\(shortText(tag))' names no block", at: tag, help: endHelp)
      if frames.count > 1 { end(frames[frames.count - 1].name, nameRange: tag, tag: tag, open: open) }
      return
    }
    let run = nameRun(from: cursor)
    let name = first.kind == .string ? stringValue(first) : text(run)
    while cursor < limit, tokens[cursor].start < run.upperBound { cursor += 1 }
    if let extra = peek() {
      report(
        .syntax, "an end names its block and nothing else", at: range(extra.start..<tokens[limit - 1].end),
        help: ["write '{{/\(name)}}'"])
    }
    end(name, nameRange: range(run), tag: tag, open: open)
  }

  private var endHelp: [String] {
    frames.count > 1 ? ["write '{{/\(frames[frames.count - 1].name)}}'"] : ["take it out"]
  }
}

extension String {
  /// The text without white space at its ends.
  fileprivate var trimmingBlanks: String {
    let body = drop { $0.isWhitespace }
    return String(body.reversed().drop { $0.isWhitespace }.reversed())
  }
}
