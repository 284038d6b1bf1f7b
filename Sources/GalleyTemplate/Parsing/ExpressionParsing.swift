import GalleySource

// What stands in a tag: values, paths and calls. `cursor` runs up to `limit`; white space between tokens is passed
// over by `peek`. A function that returns nil has reported why.
extension TemplateParser {
  /// The next token that is not white space.
  mutating func peek() -> TemplateToken? {
    while cursor < limit, tokens[cursor].kind == .whitespace { cursor += 1 }
    return cursor < limit ? tokens[cursor] : nil
  }

  /// The bytes of the tokens from `index` up to white space or the end of the tag.
  func nameRun(from index: Int) -> Range<Int> {
    var first = index
    while first < tokens.count, tokens[first].kind == .whitespace { first += 1 }
    var last = first
    while last < tokens.count, tokens[last].kind.isInner, tokens[last].kind != .whitespace { last += 1 }
    guard first < last else { return first < tokens.count ? tokens[first].start..<tokens[first].start : 0..<0 }
    return tokens[first].start..<tokens[last - 1].end
  }

  /// The text that a string token stands for.
  func stringValue(_ token: TemplateToken) -> String {
    guard token.end - token.start >= 2 else { return "" }
    let quote = bytes[token.start]
    var result: [UInt8] = []
    var index = token.start + 1
    while index < token.end - 1 {
      if bytes[index] == TemplateByte.backslash, index + 1 < token.end - 1, bytes[index + 1] == quote { index += 1 }
      result.append(bytes[index])
      index += 1
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// Reports a token that can't stand where it does; an operator is answered with the helper that replaces it.
  mutating func reportUnexpected(_ token: TemplateToken, _ rule: String) {
    var end = token.end
    if token.kind == .other || token.kind == .bar || token.kind == .equals {
      var index = cursor + 1
      while index < limit, [.other, .bar, .equals].contains(tokens[index].kind) {
        end = tokens[index].end
        index += 1
      }
    }
    let found = text(token.start..<end)
    let help: String? =
      switch found {
      case "=", "==", "===": "compare with '(eq a b)'; a named argument is written 'name=value' behind a helper"
      case "!=", "!==", "<>": "compare with '(ne a b)'"
      case "<": "compare with '(lt a b)'"
      case "<=": "compare with '(le a b)'"
      case ">": "compare with '(gt a b)'; a partial is written '{{> name}}' without a space between the braces and '>'"
      case ">=": "compare with '(ge a b)'"
      case "&&", "&": "combine with '(and a b)'"
      case "||": "combine with '(or a b)', or give a fallback with '(default a b)'"
      case "|": "there are no filters; call a helper, such as '(default name \"…\")'"
      case "!": "negate with '{{#unless a}}', or '(not a)' within a condition"
      case "?", ":": "choose with '{{#if a}}…{{else}}…{{/if}}'"
      case "+":
        "texts stand beside each other: '{{a}}{{b}}'; there is no arithmetic, so let the service pass the result"
      case "#", "/", "^": "write '{{\(found)' without a space between"
      case ",": "separate arguments by spaces"
      case ".": "write 'name', or 'this.name'"
      case "-", "*", "%", "/ ": "there is no arithmetic; let the service pass the result"
      case "[": "a list is gone through with '{{#each list}}…{{/each}}'"
      case ";": "take it out"
      default: nil
      }
    report(
      .syntax, "'\(found)' cannot stand here: \(rule)", at: range(token.start..<end), help: help.map { [$0] } ?? [])
  }

  /// The name that a token spells, if it is a proper one.
  mutating func checkedName(_ token: TemplateToken) -> String? {
    let name = text(token.range)
    if NameRules.isPlain(name) { return name }
    let place = range(token.range)
    let fault = NameRules.fault(in: name)
    report(
      .nameSpelling, fault.message, at: place, help: ["names consist of the letters A to Z, digits and '_'"],
      fixes: fault.replacement.map { [FixIt("write '\($0)'", isSafe: false, edits: [SourceEdit(place, $0)])] } ?? [])
    return nil
  }

  /// Parses everything up to the end of the tag: a value, or a call without parentheses.
  mutating func parseWhole() -> Expression? {
    guard let first = peek() else { return nil }
    guard let head = parsePrimary() else { return nil }
    guard let next = peek() else { return head }
    guard case .path(let path) = head, let name = calleeName(path) else {
      if first.kind == .name, case .path(let path) = head, next.kind != .other {
        report(
          .syntax, "'\(text(path.range.range))' is a value and takes no arguments", at: head.range,
          help: ["names hold no spaces; write one value a tag"])
      } else {
        reportUnexpected(next, "the tag holds one value")
      }
      return nil
    }
    if [.other, .bar, .equals, .rightParenthesis, .slash].contains(next.kind) {
      reportUnexpected(next, "the tag holds one value, or a helper with its arguments")
      return nil
    }
    guard let (positional, named) = parseArguments() else { return nil }
    let whole = range(first.start..<lastEnd(first.end))
    return .call(
      Expression.Call(
        range: whole, name: name, nameRange: path.segments[0].range, positional: positional, named: named))
  }

  /// The end of the last token before the cursor that is not white space.
  private func lastEnd(_ fallback: Int) -> Int {
    var index = cursor - 1
    while index >= 0, tokens[index].kind == .whitespace { index -= 1 }
    return index >= 0 ? tokens[index].end : fallback
  }

  /// The name of a helper, if a path is a plain name.
  private func calleeName(_ path: Expression.Path) -> String? {
    guard path.root == .context, path.levelsUp == 0, path.segments.count == 1 else { return nil }
    return path.segments[0].name
  }

  /// Parses positional and named arguments up to the end of the tag or a closing parenthesis.
  mutating func parseArguments(depth: Int = 0) -> (positional: [Expression], named: [Argument])? {
    var positional: [Expression] = []
    var named: [Argument] = []
    var names: Set<String> = []
    while let token = peek(), token.kind != .rightParenthesis || depth == 0 {
      if tokens[cursor - 1].kind != .whitespace {
        reportUnexpected(token, "a space is missing before it")
        return nil
      }
      if token.kind == .name, isNamed() {
        guard let name = checkedName(token) else { return nil }
        guard names.insert(name).inserted else {
          report(.syntax, "the argument '\(name)' is given twice", at: range(token.range), help: ["keep one of them"])
          return nil
        }
        cursor += 1
        _ = peek()
        cursor += 1
        guard peek() != nil else {
          report(
            .syntax, "the argument '\(name)' has no value", at: range(token.range), help: ["write '\(name)=value'"])
          return nil
        }
        guard let value = parsePrimary(depth: depth) else { return nil }
        named.append(Argument(name: name, nameRange: range(token.range), value: value))
      } else {
        guard let value = parsePrimary(depth: depth) else { return nil }
        if let last = named.last {
          report(
            .syntax, "an argument without a name follows '\(last.name)'", at: value.range,
            help: ["put arguments without a name first; a text with spaces needs quotes"])
          return nil
        }
        positional.append(value)
      }
    }
    return (positional, named)
  }

  /// Whether the name at the cursor is followed by `=`.
  func isNamed() -> Bool {
    var index = cursor + 1
    while index < limit, tokens[index].kind == .whitespace { index += 1 }
    guard index < limit, tokens[index].kind == .equals else { return false }
    return index + 1 >= limit || tokens[index + 1].kind != .equals
  }

  /// Parses a literal, a path or a call in parentheses.
  mutating func parsePrimary(depth: Int = 0) -> Expression? {
    guard let token = peek() else { return nil }
    switch token.kind {
    case .string:
      cursor += 1
      return .literal(.string(stringValue(token)), range(token.range))
    case .number:
      cursor += 1
      return number(token)
    case .leftParenthesis: return parseCall(depth: depth + 1)
    case .name:
      if let value = keyword(token) {
        cursor += 1
        return .literal(value, range(token.range))
      }
      return parsePath()
    case .segment, .at, .dot, .parent: return parsePath()
    default:
      reportUnexpected(token, "a value is expected")
      return nil
    }
  }

  private func keyword(_ token: TemplateToken) -> Value? {
    if cursor + 1 < limit, tokens[cursor + 1].kind == .dot { return nil }
    return switch text(token.range) {
    case "true": .boolean(true)
    case "false": .boolean(false)
    case "null", "undefined": .null
    default: nil
    }
  }

  private mutating func number(_ token: TemplateToken) -> Expression? {
    let spelling = text(token.range)
    if spelling.utf8.contains(UInt8(ascii: ".")), spelling.utf8.count <= 40 {
      return .literal(.decimal(spelling), range(token.range))
    }
    guard let value = Int(spelling), value.magnitude <= 1 << 53 else {
      report(.syntax, "the number '\(shortText(range(token.range)))' is too large", at: range(token.range))
      return nil
    }
    return .literal(.integer(value), range(token.range))
  }

  private mutating func parseCall(depth: Int) -> Expression? {
    let open = tokens[cursor]
    if depth > Self.depthLimit {
      reportDepth("parentheses are nested more than \(Self.depthLimit) deep", at: range(open.range))
      return nil
    }
    cursor += 1
    guard let first = peek(), first.kind != .rightParenthesis else {
      report(
        .syntax, "the parentheses hold no call", at: range(open.range), help: ["write '(helper argument)'"])
      return nil
    }
    guard first.kind == .name else {
      reportUnexpected(first, "the name of a helper is expected")
      return nil
    }
    guard let name = checkedName(first) else { return nil }
    cursor += 1
    guard let (positional, named) = parseArguments(depth: depth) else { return nil }
    guard let close = peek(), close.kind == .rightParenthesis else {
      report(
        .syntax, "'(\(name)' is never closed", at: range(open.start..<first.end), label: "opened here",
        help: ["close it with ')'"])
      return nil
    }
    cursor += 1
    return .call(
      Expression.Call(
        range: range(open.start..<close.end), name: name, nameRange: range(first.range), positional: positional,
        named: named))
  }

  /// Parses a path; its tokens stand without white space between.
  private mutating func parsePath() -> Expression? {
    let start = tokens[cursor].start
    var root = Expression.Path.Root.context
    var levelsUp = 0
    var segments: [Expression.Path.Segment] = []
    var slashes: [SourceEdit] = []
    let isData = tokens[cursor].kind == .at
    if isData { cursor += 1 }
    while kind(at: cursor) == .parent {
      levelsUp += 1
      root = .this
      cursor += 1
      guard kind(at: cursor) == .slash else { break }
      cursor += 1
      root = .context
    }
    if root != .this {
      guard let head = parseHead(isData: isData, start) else { return nil }
      if let name = head.segment { segments.append(name) }
      root = head.root
    }
    while kind(at: cursor) == .dot || kind(at: cursor) == .slash {
      let separator = tokens[cursor]
      let isFirstOfThis =
        segments.isEmpty && separator.kind == .slash && bytes[separator.start - 1] == UInt8(ascii: ".")
      if separator.kind == .slash, !isFirstOfThis { slashes.append(SourceEdit(range(separator.range), ".")) }
      cursor += 1
      guard let segment = parseSegment(after: separator) else { return nil }
      segments.append(segment)
    }
    let whole = range(start..<tokens[cursor - 1].end)
    if segments.count > Self.depthLimit || levelsUp > Self.depthLimit {
      reportDepth("the path has more than \(Self.depthLimit) steps", at: range(start..<min(whole.end, start + 40)))
      return nil
    }
    reportSlashes(slashes)
    return .path(Expression.Path(range: whole, levelsUp: levelsUp, root: root, segments: segments))
  }

  private mutating func reportSlashes(_ slashes: [SourceEdit]) {
    guard let first = slashes.first else { return }
    report(
      .pathSlash, "the names of a path are separated by '.'", at: first.range,
      fixes: [FixIt("write '.'", isSafe: true, edits: slashes)])
  }

  private func kind(at index: Int) -> TemplateToken.Kind? { index < limit ? tokens[index].kind : nil }

  /// Parses the first step of a path, behind `@` and `../`.
  private mutating func parseHead(
    isData: Bool, _ start: Int
  ) -> (root: Expression.Path.Root, segment: Expression.Path.Segment?)? {
    guard cursor < limit else {
      report(
        .syntax, "the path ends too soon", at: range(start..<tokens[limit - 1].end), help: ["write a name behind it"])
      return nil
    }
    let token = tokens[cursor]
    if token.kind == .dot, !isData {
      cursor += 1
      if kind(at: cursor) == .name || kind(at: cursor) == .segment {
        reportUnexpected(token, "a path begins with a name")
        return nil
      }
      return (.this, nil)
    }
    guard let segment = parseSegment(after: token) else { return nil }
    if isData { return checkedData(segment, start) }
    if segment.name == "this", token.kind == .name { return (.this, nil) }
    return (.context, segment)
  }

  private mutating func checkedData(
    _ segment: Expression.Path.Segment, _ start: Int
  ) -> (root: Expression.Path.Root, segment: Expression.Path.Segment?)? {
    let known = ["index", "first", "last", "key", "root"]
    if known.contains(segment.name) { return (.data(segment.name), nil) }
    let whole = range(start..<segment.range.end)
    if segment.name == "partial-block" {
      report(
        .syntax, "'@partial-block' is not a value", at: whole,
        help: [
          "print it with '{{> @partial-block}}'",
          "what to print where there is none: '{{#> @partial-block}}…{{/@partial-block}}'",
        ])
    } else if let near = Suggestion.nearest(to: segment.name, among: known) {
      report(.syntax, "there is no '@\(segment.name)'; did you mean '@\(near)'?", at: whole)
    } else {
      report(
        .syntax, "there is no '@\(segment.name)'", at: whole,
        help: ["known are '@index', '@first', '@last', '@key' and '@root'"])
    }
    return nil
  }

  /// Parses one name of a path.
  private mutating func parseSegment(after token: TemplateToken) -> Expression.Path.Segment? {
    guard cursor < limit, [.name, .segment, .number].contains(tokens[cursor].kind) else {
      if cursor < limit, [.dot, .parent].contains(tokens[cursor].kind) {
        reportUnexpected(tokens[cursor], "a name is expected behind '\(text(token.range))'")
      } else if cursor < limit, tokens[cursor].kind != .whitespace {
        reportUnexpected(tokens[cursor], "a name is expected")
      } else {
        report(.syntax, "a name is missing behind '\(text(token.range))'", at: range(token.range))
      }
      return nil
    }
    let name = tokens[cursor]
    switch name.kind {
    case .number:
      report(
        .syntax, "'\(shortText(range(name.range)))' is a number, not a name", at: range(name.range),
        help: ["go through a list with '{{#each}}'"])
      return nil
    case .segment:
      cursor += 1
      let inner = name.start + 1..<name.end - 1
      if inner.isEmpty || inner.count > 200 {
        report(.syntax, "the brackets must hold a name", at: range(name.range))
        return nil
      }
      return Expression.Path.Segment(name: text(inner), range: range(name.range))
    default:
      guard let checked = checkedName(name) else { return nil }
      cursor += 1
      return Expression.Path.Segment(name: checked, range: range(name.range))
    }
  }
}
