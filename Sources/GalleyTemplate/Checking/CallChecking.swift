import GalleySource

// Calls of partials and layouts: arguments, blocks and slots.
extension Checker {
  mutating func check(_ call: PartialNode) {
    if call.name == "@partial-block" { return checkBlockCall(call) }
    if printSlot(call.name) { return checkSlotCall(call) }
    result.partials.append(call.name)
    construct = call.block == nil ? call.range : nil
    defer { construct = nil }
    guard let callee = library[call.name] else {
      for argument in call.arguments { _ = evaluate(argument.value) }
      reportUnknownPartial(call)
      isBroken = true
      for node in call.block ?? [] {
        if case .inline(let inline) = node { check(inline.body) } else { check([node]) }
      }
      return
    }
    checkArguments(call.arguments, of: callee, at: call.nameRange, noun: "partial")
    if let block = call.block {
      checkContent(block, of: callee, at: call.nameRange, noun: "partial")
      if !callee.printsBlock, hasContent(block) {
        report(
          .unusedBlock, "partial '\(call.name)' prints no block", at: call.nameRange,
          help: ["call it as '{{> \(call.name)}}', or let it print its block with '{{> @partial-block}}'"])
      }
      return
    }
    if callee.needsBlock {
      report(
        .missingBlock, "partial '\(call.name)' needs a block", at: call.nameRange,
        help: ["call it as '{{#> \(call.name)}}…{{/\(call.name)}}'"])
    }
    reportMissingSlots([], of: callee, at: call.nameRange, noun: "partial")
  }

  private mutating func reportUnknownPartial(_ call: PartialNode) {
    let near = nearest(to: call.name, among: library.names + owner.slots.map(\.name))
    let lookAlike = near ?? library.names.first { $0.hasSuffix("/" + call.name) }
    let fixes =
      lookAlike.map { [FixIt("write '\($0)'", isSafe: false, edits: [SourceEdit(call.nameRange, $0)])] } ?? []
    report(
      .unknownPartial,
      "there is no partial '\(call.name)'" + (lookAlike.map { "; did you mean '\($0)'?" } ?? ""), at: call.nameRange,
      help: lookAlike == nil ? ["partials are called by their path below 'partials/', without '.html'"] : [],
      fixes: fixes)
  }

  /// Checks `{{> @partial-block}}`.
  private mutating func checkBlockCall(_ call: PartialNode) {
    if case .template = owner {
      report(
        .misplacedBlock, "a template is given no block", at: call.nameRange,
        help: ["'{{> @partial-block}}' belongs into a partial or a layout"])
    }
    reportStrayArguments(call, "the block")
    check(call.block ?? [])
  }

  private mutating func checkSlotCall(_ call: PartialNode) {
    reportStrayArguments(call, "slot '\(call.name)'")
    check(call.block ?? [])
  }

  private mutating func reportStrayArguments(_ call: PartialNode, _ what: String) {
    guard let first = call.arguments.first else { return }
    for argument in call.arguments { _ = evaluate(argument.value) }
    report(
      .unknownArgument, "\(what) takes no arguments", at: first.nameRange,
      help: ["what it prints sees the names of its own file"])
  }

  // MARK: Arguments

  private mutating func checkArguments(
    _ arguments: [Argument], of callee: PartialLibrary.Entry, at call: SourceRange, noun: String
  ) {
    let name = callee.partial.file.name
    let parameters = callee.partial.declaration.parameters
    var given: Set<String> = []
    for argument in arguments {
      let value = evaluate(argument.value)
      guard let parameter = parameters.first(where: { $0.name == argument.name }) else {
        let near = nearest(to: argument.name, among: parameters.map(\.name))
        if let near { given.insert(near) }
        reportUnknownArgument(argument, near, parameters, "\(noun) '\(name)'")
        continue
      }
      given.insert(argument.name)
      checkFit(value, parameter, argument)
    }
    for parameter in parameters
    where !given.contains(parameter.name) && !parameter.isOptional && parameter.defaultValue == nil {
      report(
        .missingArgument, "\(noun) '\(name)' needs '\(parameter.name)'", at: call,
        notes: [Diagnostic.Note("the parameter is declared here", at: parameter.range)],
        help: ["add '\(parameter.name)=…', \(parameter.type.described)"])
    }
  }

  private mutating func reportUnknownArgument(
    _ argument: Argument, _ near: String?, _ parameters: [Declaration], _ callee: String
  ) {
    let known = parameters.prefix(12).map { "'\($0.name)'" }.joined(separator: ", ")
    let help = parameters.isEmpty ? "it takes no arguments" : "it takes \(known)"
    let declared = near.flatMap { name in parameters.first { $0.name == name } }
    report(
      .unknownArgument,
      "\(callee) has no parameter '\(argument.name)'" + (near.map { "; did you mean '\($0)'?" } ?? ""),
      at: argument.nameRange,
      notes: declared.map { [Diagnostic.Note("'\($0.name)' is declared here", at: $0.range)] } ?? [],
      help: near == nil ? [help] : [],
      fixes: near.map { [FixIt("write '\($0)'", isSafe: false, edits: [SourceEdit(argument.nameRange, $0)])] } ?? [])
  }

  private mutating func checkFit(_ value: Typed, _ parameter: Declaration, _ argument: Argument) {
    let notes = [Diagnostic.Note("the parameter is declared here", at: parameter.range)]
    if let literal = value.literal, literal != .null {
      guard let fault = literalFault(literal, parameter.type) else { return }
      return report(
        .wrongArgument, "'\(argument.name)' is \(fault.message)", at: argument.value.range, notes: notes,
        help: fault.help)
    }
    if value.type == .invalid { return }
    if value.literal != .null, !value.type.fits(parameter.type) {
      let text = sources.text(argument.value.range)
      let (wanted, found) = (parameter.type.described, value.type.described)
      let obstacle = value.type.obstacle(to: parameter.type)
      // Two records, or two enumerations: their names would say nothing.
      let isOneKind = wanted == found
      if isOneKind {
        let reason = obstacle.map { ": \($0)" } ?? ""
        return report(
          .wrongArgument, "'\(text)' does not fit '\(argument.name)'" + reason, at: argument.value.range,
          notes: notes + value.note)
      }
      let advice = "pass \(wanted)" + (value.declared == nil ? "" : ", or declare '\(text)' as one")
      return report(
        .wrongArgument, "'\(argument.name)' must be \(wanted), and '\(text)' is \(found)",
        at: argument.value.range, notes: notes + value.note, help: [obstacle ?? advice])
    }
    if value.literal == .null, parameter.isOptional || parameter.defaultValue != nil { return }
    if value.literal == .null {
      return report(
        .wrongArgument, "'\(argument.name)' must be \(parameter.type.described), and null is nothing",
        at: argument.value.range, notes: notes)
    }
    if let other = parameter.defaultValue {
      // A default is for calls that leave the argument out; what is passed and turns out absent would print nothing.
      return requirePresent(
        value, at: argument.value.range, "its parameter's default is for calls without '\(argument.name)'",
        fallback: other.written ?? "…")
    }
    if parameter.isOptional { return }
    requirePresent(value, at: argument.value.range, "'\(argument.name)' needs a value")
  }

  /// Why a literal does not fit a type, as the end of "'x' is …".
  func literalFault(_ literal: Value, _ type: ValueType) -> (message: String, help: [String])? {
    switch (literal, type) {
    case (_, .invalid), (.integer, .integer), (.integer, .decimal), (.decimal, .decimal), (.boolean, .boolean),
      (.integer, .string), (.decimal, .string), (.integer, .urlPart):
      return nil
    case (.string(let text), .enumeration), (.string(let text), .url), (.string(let text), .email),
      (.string(let text), .color):
      return ValueRules.fault(of: text, as: type)
    case (.string, .string), (.string, .urlPart), (.string, .html), (.string, .money), (.string, .date),
      (.string, .datetime), (.string, .decimal):
      return nil
    case (.string, .boolean): return ("a text, not true or false", ["write true or false without quotes"])
    case (.string, .integer): return ("a text, not a number", ["write the number without quotes"])
    case (.boolean, _): return ("true or false, not \(type.described)", [])
    default: return ("a number, not \(type.described)", [])
    }
  }

  // MARK: Blocks and slots

  /// Checks the layout of a template with the body that it is put around.
  mutating func checkLayout(_ layout: TemplateDeclaration.Layout, _ body: [TemplateNode]) {
    result.partials.append(layout.name)
    guard let callee = library[layout.name] else {
      let near = nearest(to: layout.name, among: library.names)
      report(
        .unknownLayout, "there is no layout '\(layout.name)'" + (near.map { "; did you mean '\($0)'?" } ?? ""),
        at: layout.nameRange,
        help: near == nil ? layoutHelp(layout.name) : [],
        fixes: near.map { [FixIt("write '\($0)'", isSafe: false, edits: [SourceEdit(layout.nameRange, $0)])] } ?? [])
      for node in body {
        if case .inline(let inline) = node { check(inline.body) } else { check([node]) }
      }
      return
    }
    checkArguments(layout.arguments, of: callee, at: layout.nameRange, noun: "layout")
    checkContent(body, of: callee, at: layout.nameRange, noun: "layout")
    if !callee.printsBlock, hasContent(body) {
      report(
        .unknownLayout, "'\(layout.name)' is no layout: it prints no block", at: layout.nameRange,
        help: ["put '{{> @partial-block}}' where the template's content belongs"])
    }
  }

  private func layoutHelp(_ name: String) -> [String] {
    let layouts = library.names.filter { library[$0]?.printsBlock == true }.prefix(8).map { "'\($0)'" }
    let known = layouts.isEmpty ? [] : ["partials that print a block are \(layouts.joined(separator: ", "))"]
    return known + ["a layout is a partial: make 'partials/\(name).html'"]
  }

  /// Checks the content of a block that is passed to a partial, slots included.
  private mutating func checkContent(
    _ nodes: [TemplateNode], of callee: PartialLibrary.Entry, at call: SourceRange, noun: String
  ) {
    var filled: [String: SourceRange] = [:]
    for node in nodes {
      guard case .inline(let inline) = node else {
        check([node])
        continue
      }
      checkFilling(inline, of: callee, &filled, noun)
      check(inline.body)
    }
    reportMissingSlots(Set(filled.keys), of: callee, at: call, noun: noun)
  }

  private mutating func checkFilling(
    _ inline: InlineNode, of callee: PartialLibrary.Entry, _ filled: inout [String: SourceRange], _ noun: String
  ) {
    let slots = callee.partial.declaration.slots
    guard slots.contains(where: { $0.name == inline.name }) else {
      let near = nearest(to: inline.name, among: slots.map(\.name))
      if let near { filled[near] = filled[near] ?? inline.nameRange }
      let known = slots.map { "'\($0.name)'" }.joined(separator: ", ")
      let name = callee.partial.file.name
      report(
        .unknownSlot,
        "\(noun) '\(name)' has no slot '\(inline.name)'" + (near.map { "; did you mean '\($0)'?" } ?? ""),
        at: inline.nameRange,
        help: near != nil
          ? [] : [slots.isEmpty ? "declare it under 'slots:' of '\(name)'" : "its slots are \(known)"],
        fixes: near.map {
          [FixIt("write '\($0)'", isSafe: false, edits: [SourceEdit(inline.nameRange, "\"\($0)\"")])]
        } ?? [])
      return
    }
    if let first = filled[inline.name] {
      report(
        .duplicateSlot, "slot '\(inline.name)' is filled twice", at: inline.nameRange,
        notes: [Diagnostic.Note("it is filled here first", at: first)], help: ["put both contents into one"])
    } else {
      filled[inline.name] = inline.nameRange
    }
  }

  private mutating func reportMissingSlots(
    _ filled: Set<String>, of callee: PartialLibrary.Entry, at call: SourceRange, noun: String
  ) {
    let name = callee.partial.file.name
    for slot in callee.partial.declaration.slots where slot.isRequired && !filled.contains(slot.name) {
      report(
        .missingSlot, "\(noun) '\(name)' needs slot '\(slot.name)'", at: call,
        notes: [Diagnostic.Note("the slot is declared here", at: slot.range)],
        help: ["fill it with '{{#*inline \"\(slot.name)\"}}…{{/inline}}'"])
    }
  }

  /// Whether a block holds anything but slots and white space.
  private func hasContent(_ nodes: [TemplateNode]) -> Bool {
    nodes.contains { node in
      switch node {
      case .inline: false
      case .text(let range): !sources[range.source].bytes[range.range].allSatisfy(TemplateByte.isWhitespace)
      default: true
      }
    }
  }
}

extension Value {
  /// How a template writes the value, or nil where it can't.
  fileprivate var written: String? {
    switch self {
    case .string(let text): text.utf8.contains(UInt8(ascii: "\"")) ? nil : "\"\(text)\""
    case .integer, .decimal: text
    case .boolean(let value): value ? "true" : "false"
    case .null, .list, .record: nil
    }
  }
}
