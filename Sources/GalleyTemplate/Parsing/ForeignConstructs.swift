import GalleySource

// What is Handlebars, Mustache or habit and not of this language: each is told what to write instead.
extension TemplateParser {
  // MARK: Tags that would print a value

  /// Reads a tag that looks like a value and belongs to another language; false if it is none.
  mutating func parseForeign(_ tag: SourceRange, open: Int) -> Bool {
    guard let token = peek() else { return false }
    if token.kind == .equals {
      report(
        .unsupported, "'\(shortText(tag))' changes the delimiters, which cannot be changed", at: tag,
        help: ["take it out; to print braces as text, put a backslash before them: '\\{{name}}'"])
      add(.error(tag))
      return true
    }
    guard token.kind == .name else { return false }
    let name = text(token.range)
    if name.hasPrefix("$") { return parseInheritedBlock(String(name.dropFirst()), tag, open: open) }
    if ["elseif", "elsif", "elif"].contains(name) { return parseElseIf(name, token, tag) }
    guard let ended = Self.wordsOfEnds[name] else { return false }
    report(
      .syntax, "'\(name)' ends no block", at: range(token.range), help: ["write '{{/\(ended)}}'"],
      fixes: [FixIt("write '/\(ended)'", isSafe: false, edits: [SourceEdit(range(token.range), "/\(ended)")])])
    if frames.count > 1, frames[frames.count - 1].name == ended {
      end(ended, nameRange: tag, tag: tag, open: open)
    } else {
      add(.error(tag))
    }
    return true
  }

  private static let wordsOfEnds = [
    "endif": "if", "endfor": "each", "endeach": "each", "endunless": "unless", "endwith": "with", "fi": "if",
  ]

  /// Reads `{{elseif x}}` as what it means.
  private mutating func parseElseIf(_ name: String, _ token: TemplateToken, _ tag: SourceRange) -> Bool {
    report(
      .syntax, "there is no '\(name)'", at: range(token.range), help: ["write '{{else if condition}}'"],
      fixes: [FixIt("write 'else if'", isSafe: false, edits: [SourceEdit(range(token.range), "else if")])])
    cursor += 1
    if frames[frames.count - 1].kind.canDivide { divideAnyway(at: tag) }
    return true
  }

  /// Goes on with another branch whose tag has been reported, under the condition that stands there, if one does.
  mutating func divideAnyway(at tag: SourceRange) {
    let count = diagnostics.count
    var frame = peek() == nil ? nil : parseBlockHead(.if, name: "if", tag)
    diagnostics.removeLast(diagnostics.count - count)
    frame?.isChained = true
    divide(at: tag, chained: frame)
    if frame == nil { add(.error(tag)) }
  }

  /// Reports `{{$name}}`, which Mustache puts around what an inheriting template may replace.
  private mutating func parseInheritedBlock(_ name: String, _ tag: SourceRange, open: Int) -> Bool {
    report(
      .unsupported, "'\(shortText(tag))' is a block that Mustache's templates inherit, which there is not", at: tag,
      help: [
        "declare '\(name)' under 'slots:' of the layout and print it there: '{{#> \(name)}}default{{/\(name)}}'",
        "fill it in the template: '{{#*inline \"\(name)\"}}…{{/inline}}'",
      ])
    if isClosedLater(name, after: open) {
      push(BlockFrame(kind: .broken, name: name, openRange: tag))
    } else {
      add(.error(tag))
    }
    return true
  }

  /// Reports `{{<name}}`, by which Mustache's templates inherit; false if the tag at `open` is none.
  mutating func reportParentTag(open: Int) -> Bool {
    let start = tokens[open].end
    // A piece of a file ends with its last token.
    let last = tokens[tokens.count - 1].end
    guard tokens[open].kind == .openOutput, start < last, bytes[start] == UInt8(ascii: "<") else { return false }
    var end = start + 1
    while end < last, TemplateByte.isName(bytes[end]) { end += 1 }
    let name = text(start + 1..<end)
    guard !name.isEmpty, bytes[end..<last].starts(with: "}}".utf8) else { return false }
    let tag = range(tokens[open].start..<end + 2)
    report(
      .unsupported, "'{{<\(name)}}' inherits from a template, which there is not", at: tag,
      help: [
        "put 'layout: \(name)' into the front matter, or call a partial with a block: '{{#> \(name)}}…{{/\(name)}}'"
      ])
    if isClosedLater(name, after: open) { push(BlockFrame(kind: .broken, name: name, openRange: tag)) }
    return true
  }

  // MARK: Blocks

  /// Reports a block that there is not, with the way to say what it probably means.
  mutating func reportUnknownBlock(_ name: String, _ token: TemplateToken, _ tag: SourceRange) {
    let known = BlockNode.Kind.allCases.map(\.rawValue)
    let place = range(token.range)
    if name.utf8.contains(where: { $0 >= 0x80 }) {
      _ = checkedName(token)
    } else if let helper = HelperSignature.named(name) {
      let rest = String(text(token.end..<tokens[limit - 1].end).drop { $0.isWhitespace })
      let call = rest.isEmpty ? helper.example : "\(name) \(rest)"
      let isCondition = [.equality, .order, .logic].contains(helper.rule)
      report(
        .unsupported, "'\(name)' is a helper, not a block", at: place,
        help: [isCondition ? "write '{{#if (\(call))}}…{{/if}}'" : "write '{{\(call)}}'"])
    } else if let way = ForeignNames.block(name) {
      report(.unsupported, "there is no block '\(name)'", at: place, help: [way])
    } else if let near = Suggestion.nearest(to: name, among: known) {
      report(
        .unsupported, "there is no block '\(name)'; did you mean '\(near)'?", at: place,
        fixes: [FixIt("write '\(near)'", isSafe: false, edits: [SourceEdit(place, near)])])
    } else {
      reportSection(token)
    }
  }

  /// Reports a section of Mustache, or a block helper that somebody would have to write.
  private mutating func reportSection(_ token: TemplateToken) {
    let run = nameRun(from: cursor)
    let subject = text(run)
    var index = cursor
    while index < limit, tokens[index].start < run.upperBound { index += 1 }
    while index < limit, tokens[index].kind == .whitespace { index += 1 }
    if index < limit {
      report(
        .unsupported, "there is no block '\(subject)'", at: range(run),
        help: [
          "there are no helpers of one's own; the blocks are 'if', 'unless', 'each' and 'with'",
          "what repeats with other values belongs into a partial: '{{#> name}}…{{/name}}'",
        ])
    } else {
      report(
        .unsupported, "there is no block '\(subject)'", at: range(run),
        help: ["write '{{#if \(subject)}}', '{{#each \(subject)}}' or '{{#with \(subject)}}'"])
    }
  }

  /// Reports what other languages write behind the subject of a block; false if it is nothing known.
  mutating func reportForeignHead(_ next: TemplateToken, of kind: BlockNode.Kind, subject: Expression) -> Bool {
    let first = text(subject.range.range)
    guard next.kind == .name else { return reportComparison(next, of: kind, first: first) }
    if isNamed() { return reportNamedArgument(next, of: kind) }
    switch text(next.range) {
    case "as":
      report(
        .syntax, "the names behind 'as' must stand between two bars", at: range(next.range),
        help: ["write '{{#\(kind.rawValue) \(first) as |name|}}'"])
    case "in", "of":
      var run = nameRun(from: cursor + 1)
      if run.isEmpty || run.upperBound > tokens[limit - 1].end { run = subject.range.range }
      report(
        .syntax, "'\(kind.rawValue)' has no '\(text(next.range))'", at: range(next.range),
        help: ["write '{{#each \(text(run)) as |\(first)|}}'"])
    default: return false
    }
    return true
  }

  private static let operators = [
    "==": "eq", "===": "eq", "=": "eq", "!=": "ne", "!==": "ne", "<>": "ne", "<": "lt", "<=": "le", ">": "gt",
    ">=": "ge",
    "&&": "and", "||": "or",
  ]

  /// Reports an operator between two values, with the call that replaces it; false if it is something else.
  private mutating func reportComparison(_ next: TemplateToken, of kind: BlockNode.Kind, first: String) -> Bool {
    func isOperator(_ token: TemplateToken) -> Bool { [.other, .bar, .equals].contains(token.kind) }
    var index = cursor
    while index < limit, isOperator(tokens[index]) { index += 1 }
    guard index > cursor, kind == .if || kind == .unless,
      let helper = Self.operators[text(next.start..<tokens[index - 1].end)]
    else { return false }
    let rest = text(tokens[index - 1].end..<tokens[limit - 1].end).split(whereSeparator: \.isWhitespace)
    guard !rest.isEmpty, !tokens[index..<limit].contains(where: isOperator) else { return false }
    let call = "(\(helper) \(first) \(rest.joined(separator: " ")))"
    report(
      .syntax, "'\(text(next.start..<tokens[index - 1].end))' cannot stand here: there are no operators",
      at: range(next.start..<tokens[index - 1].end), help: ["write '{{#\(kind.rawValue) \(call)}}'"])
    return true
  }

  /// Reports `name=value` in the tag of a block.
  mutating func reportNamedArgument(_ token: TemplateToken, of kind: BlockNode.Kind) -> Bool {
    guard token.kind == .name, isNamed() else { return false }
    let help: [String] =
      if text(token.range) == "includeZero" {
        ["a number that is 0 counts as false; let the service pass a boolean that says whether there is one"]
      } else if kind == .with {
        ["bind a name with '{{#with value as |name|}}'"]
      } else {
        ["only helpers and partials take named arguments; compare with '(eq a b)'"]
      }
    report(.syntax, "'\(kind.rawValue)' takes no named arguments", at: range(token.range), help: help)
    return true
  }

  // MARK: Partials

  /// Reports a value handed to a partial without a name.
  mutating func reportContext(_ context: Expression) {
    var help = "write 'name=\(text(context.range.range))' with the name of a parameter"
    if case .path(let path) = context, path.segments.isEmpty {
      help = "pass what the partial needs by name: 'name=value'"
    }
    report(.unsupported, "a partial takes named arguments alone", at: context.range, help: [help])
  }
}
