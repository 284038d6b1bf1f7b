import GalleySource

// Calls of partials, and what is put into their slots.
extension TemplateParser {
  mutating func parsePartial(_ tag: SourceRange, isBlock: Bool, indent: SourceRange?) {
    guard let first = peek() else {
      report(.emptyTag, "'\(shortText(tag))' names no partial", at: tag, help: ["write '{{> name}}'"])
      return isBlock ? pushBroken(tag) : add(.error(tag))
    }
    guard let (name, nameRange) = parsePartialName(first), let arguments = parsePartialArguments() else {
      if isBlock {
        cursor = limit
        push(BlockFrame(kind: .broken, name: brokenName(first), openRange: tag))
      }
      return isBlock ? () : add(.error(tag))
    }
    if isBlock {
      var frame = BlockFrame(kind: .partial, name: name, openRange: tag)
      frame.subject = name
      frame.subjectRange = nameRange
      frame.arguments = arguments
      push(frame)
    } else {
      add(
        .partial(
          PartialNode(
            range: tag, name: name, nameRange: nameRange, arguments: arguments, block: nil, indent: indent)))
    }
  }

  private func brokenName(_ first: TemplateToken) -> String {
    guard let index = tokens[..<limit].lastIndex(where: { $0.start == first.start }) else { return "" }
    return first.kind == .string ? stringValue(first) : text(nameRun(from: index))
  }

  private mutating func parsePartialName(_ first: TemplateToken) -> (String, SourceRange)? {
    let isStarred = bytes[first.start] == UInt8(ascii: "*")
    if first.kind == .leftParenthesis || isStarred {
      report(
        .unsupported, "the name of a partial cannot be computed", at: range(first.start..<tokens[limit - 1].end),
        help: ["choose with '{{#if …}}{{> one}}{{else}}{{> other}}{{/if}}'"])
      return nil
    }
    let run = first.kind == .string ? first.range : nameRun(from: cursor)
    while cursor < limit, tokens[cursor].start < run.upperBound { cursor += 1 }
    let name = first.kind == .string ? stringValue(first) : text(run)
    if name == "@partial-block" { return (name, range(run)) }
    if let fault = PartialName.fault(in: Array(name.utf8)) {
      if name.utf8.contains(where: { $0 >= 0x80 }) {
        report(.nameSpelling, NameRules.fault(in: name).message, at: range(run), help: ["type the name anew"])
      } else {
        report(.partialName, "the partial's name '\(name)' \(fault.message)", at: range(run), help: [fault.help])
      }
      return nil
    }
    return (name, range(run))
  }

  private mutating func parsePartialArguments() -> [Argument]? {
    guard let (positional, named) = parseArguments() else { return nil }
    if let context = positional.first {
      reportContext(context)
      return nil
    }
    return named
  }

  mutating func parseInline(_ tag: SourceRange) {
    guard let keyword = peek(), keyword.kind == .name, text(keyword.range) == "inline" else {
      report(
        .unsupported, "'\(shortText(tag))' begins a decorator, which there is not", at: tag,
        help: ["fill a slot with '{{#*inline \"name\"}}…{{/inline}}'"])
      return pushBroken(tag)
    }
    cursor += 1
    guard let token = peek(), token.kind == .string, !stringValue(token).isEmpty else {
      let run = nameRun(from: cursor)
      let name = peek()?.kind == .name ? text(run) : nil
      let edit = name.map { SourceEdit(range(run), "\"\($0)\"") }
      report(
        .syntax, "'inline' needs the name of a slot in quotes", at: tag,
        help: ["write '{{#*inline \"\(name ?? "name")\"}}'"],
        fixes: edit.map { [FixIt("put it in quotes", isSafe: false, edits: [$0])] } ?? [])
      if let name {
        var frame = BlockFrame(kind: .inline, name: "inline", openRange: tag)
        (frame.subject, frame.subjectRange) = (name, range(run))
        return push(frame)
      }
      return push(BlockFrame(kind: .broken, name: "inline", openRange: tag))
    }
    cursor += 1
    if let extra = peek() {
      reportUnexpected(extra, "'inline' takes the name of a slot alone")
      return push(BlockFrame(kind: .broken, name: "inline", openRange: tag))
    }
    var frame = BlockFrame(kind: .inline, name: "inline", openRange: tag)
    frame.subject = stringValue(token)
    frame.subjectRange = range(token.range)
    push(frame)
  }
}
