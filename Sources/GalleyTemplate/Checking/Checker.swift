package import GalleySource

/// Checks one file by itself: names, types, what may be absent, the calls of partials and helpers.
///
/// The check is modular: of a partial that is called it looks at the declaration alone, so a partial is checked once,
/// whoever calls it. It takes time linear in the size of the file, apart from suggestions, of which there are few.
package struct Checker {
  private(set) var library: PartialLibrary
  let globals: RecordType
  let sources: SourceSet
  let owner: Owner
  /// The variables or parameters of the file.
  let root: [String: Declaration]
  var result = CheckResult()
  var part = CheckResult.Usage.html
  /// The contexts, innermost last; the first is the file's own.
  var contexts: [Context]
  /// The names bound by `as |…|`, innermost last.
  var bindings: [Binding] = []
  /// How many loops are open.
  var loops = 0
  /// The paths that are known to be there.
  var present: Set<String> = []
  /// The construct that is being checked, where a guard can be put around it.
  var construct: SourceRange?
  /// Whether something is broken, so that what seems unused may not be.
  var isBroken = false
  private var printedSlots: Set<String> = []
  private var contextCount = 0
  var suggestionBudget = 50

  /// What is checked.
  enum Owner {
    case template
    case partial(name: String, PartialDeclaration)

    var slots: [PartialDeclaration.Slot] {
      if case .partial(_, let declaration) = self { declaration.slots } else { [] }
    }
  }

  /// What names are looked up in.
  struct Context {
    var type: ValueType
    /// What paths that begin here are called among those that are known to be there.
    var key: String
  }

  /// A name bound by a block.
  struct Binding {
    var name: String
    var type: ValueType
    var key: String
  }

  private init(
    owner: Owner, root: [Declaration], library: PartialLibrary, globals: RecordType, sources: SourceSet
  ) {
    self.owner = owner
    self.library = library
    self.globals = globals
    self.sources = sources
    var table: [String: Declaration] = [:]
    for declaration in root where table[declaration.name] == nil { table[declaration.name] = declaration }
    self.root = table
    contexts = [Context(type: .record(RecordType(name: nil, fields: root)), key: "r")]
  }

  /// Checks a template: its subject and preheader, its body, its layout, and its text part if that is written by hand.
  ///
  /// `textLibrary` is what the text part calls. `globals` is the record of what exists in each template: `site`, `env`, `locale`, `data`, `mail`.
  package static func check(
    template: Template, library: PartialLibrary, textLibrary: PartialLibrary? = nil, globals: RecordType,
    sources: SourceSet
  ) -> CheckResult {
    let declaration = template.declaration
    var checker = Checker(
      owner: .template, root: declaration.variables, library: library, globals: globals, sources: sources)
    checker.check(declaration.subject?.body ?? [], as: .subject)
    checker.check(declaration.preheader?.body ?? [], as: .preheader)
    checker.part = .html
    if let layout = declaration.layout {
      checker.checkLayout(layout, template.file.body)
    } else {
      checker.check(template.file.body)
    }
    checker.library = textLibrary ?? library
    checker.check(template.text?.body ?? [], as: .text)
    checker.reportUnused(declaration.variables)
    return checker.result
  }

  /// Checks a partial or a layout; `isText` says that it is one of text parts.
  ///
  /// A partial of text parts that takes the parameters and slots of the HTML's need not use all of them.
  package static func check(
    partial: Partial, library: PartialLibrary, globals: RecordType, sources: SourceSet, isText: Bool = false
  ) -> CheckResult {
    let declaration = partial.declaration
    var checker = Checker(
      owner: .partial(name: partial.file.name, declaration), root: declaration.parameters, library: library,
      globals: globals, sources: sources)
    checker.check(partial.file.body, as: isText ? .text : .html)
    if isText, partial.file.frontMatter == nil { return checker.result }
    checker.reportUnused(declaration.parameters)
    checker.reportUnusedSlots(declaration.slots)
    return checker.result
  }

  mutating func report(
    _ code: DiagnosticCode, _ message: String, at range: SourceRange, label: String? = nil,
    notes: [Diagnostic.Note] = [], help: [String] = [], fixes: [FixIt] = []
  ) {
    result.diagnostics.append(
      Diagnostic(code, message, at: range, label: label, notes: notes, help: help, fixes: fixes))
  }

  /// The candidate that was probably meant; after a number of misses nobody is asked any more.
  mutating func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
    guard suggestionBudget > 0 else { return nil }
    suggestionBudget -= 1
    return Suggestion.nearest(to: word, among: candidates)
  }

  // MARK: Nodes

  private mutating func check(_ nodes: [TemplateNode], as part: CheckResult.Usage) {
    self.part = part
    check(nodes)
  }

  mutating func check(_ nodes: [TemplateNode]) {
    for node in nodes { check(node) }
  }

  private mutating func check(_ node: TemplateNode) {
    switch node {
    case .text, .literal: break
    case .error: isBroken = true
    case .output(let output): check(output)
    case .block(let block): check(block)
    case .partial(let call): check(call)
    case .inline(let inline):
      report(
        .misplacedSlot, "slot '\(inline.name)' is filled where no partial can take it", at: inline.range,
        help: ["move it to the top of the template, or directly into the block of the partial that declares it"])
      check(inline.body)
    }
  }

  private mutating func check(_ output: OutputNode) {
    construct = output.range
    defer { construct = nil }
    let value = evaluate(output.expression)
    if value.type == .invalid { return }
    let text = sources.text(output.expression.range)
    guard value.type.isPrintable, value.literal != .null else { return reportUnprintable(value, text, output) }
    if output.isRaw, value.type != .html {
      return report(
        .rawNotMarkup, "'\(text)' is \(value.type.described), not 'html'", at: output.range,
        notes: value.note, help: ["print it with two braces"])
    }
    if !output.isRaw, value.type == .html, part == .html {
      return report(
        .escapedMarkup, "'\(text)' is markup", at: output.range, notes: value.note,
        help: ["print it with three braces: '{{{\(text)}}}'"])
    }
    requirePresent(value, at: output.expression.range, "it is printed here")
  }

  private mutating func reportUnprintable(_ value: Typed, _ text: String, _ output: OutputNode) {
    let help =
      switch value.type {
      case .list: "go through it with '{{#each \(text)}}…{{/each}}'"
      case .record: "print one of its fields, or step into it with '{{#with \(text)}}'"
      default: "choose what to print with '{{#if …}}…{{else}}…{{/if}}'"
      }
    let described = value.literal == .null ? "nothing" : value.type.described
    report(
      .unprintable, "'\(text)' is \(described), which cannot be printed", at: output.range, notes: value.note,
      help: [help])
  }

  /// Reports a value that may be absent where it must be there; `fallback` is what may stand in for it.
  mutating func requirePresent(_ value: Typed, at range: SourceRange, _ label: String, fallback: String? = "\"…\"") {
    guard let cause = value.absence else { return }
    let text = sources.text(range)
    let isSelf = cause.text == text || value.key != nil
    let guarded = "put it in '{{#if \(cause.guardText)}}…{{/if}}'"
    let instead = isSelf ? fallback.map { "(default \(text) \($0))" } : nil
    let replaced = instead.map { "or give a fallback: '\($0)'" }
    var fixes: [FixIt] = []
    if let construct {
      fixes.append(
        FixIt(
          guarded, isSafe: false,
          edits: [
            SourceEdit(SourceRange(construct.source, construct.start, construct.start), "{{#if \(cause.guardText)}}"),
            SourceEdit(SourceRange(construct.source, construct.end, construct.end), "{{/if}}"),
          ]))
    }
    if let instead, let replaced, !instead.contains("…") {
      fixes.append(FixIt(replaced, isSafe: false, edits: [SourceEdit(range, instead)]))
    }
    report(
      .unguardedOptional, "'\(cause.text)' may be absent", at: range, label: label,
      notes: cause.declared.map { [Diagnostic.Note("it is declared as optional here", at: $0)] } ?? [],
      help: [guarded] + (replaced.map { [$0] } ?? []), fixes: fixes)
  }

  private mutating func check(_ block: BlockNode) {
    let value = evaluate(block.argument)
    let outside = present
    switch block.kind {
    case .if, .unless:
      let isIf = block.kind == .if
      present.formUnion(isIf ? value.whenTrue : value.whenFalse)
      check(block.body)
      present = outside.union(isIf ? value.whenFalse : value.whenTrue)
      check(block.inverse ?? [])
    case .each:
      let element = elementType(value, block)
      loops += 1
      checkInside(element, key: freshKey(), block, value)
      loops -= 1
      present = outside
      check(block.inverse ?? [])
    case .with:
      let type = recordType(value, block)
      checkInside(type, key: value.key ?? freshKey(), block, value)
      present = outside
      check(block.inverse ?? [])
    }
    present = outside
  }

  private mutating func freshKey() -> String {
    contextCount += 1
    return "c\(contextCount)"
  }

  /// Checks the body of a block that changes the context.
  private mutating func checkInside(_ type: ValueType, key: String, _ block: BlockNode, _ value: Typed) {
    present.formUnion(value.whenTrue)
    contexts.append(Context(type: type, key: key))
    let count = bindings.count
    for (index, parameter) in block.parameters.enumerated() {
      bindings.append(
        Binding(name: parameter.name, type: index == 0 ? type : .integer, key: index == 0 ? key : freshKey()))
    }
    check(block.body)
    bindings.removeLast(bindings.count - count)
    contexts.removeLast()
  }

  private mutating func elementType(_ value: Typed, _ block: BlockNode) -> ValueType {
    if case .list(let element) = value.type { return element }
    if value.type == .invalid { return .invalid }
    let text = sources.text(block.argument.range)
    var help = value.type.isPrintable ? ["print it as it is: '{{\(text)}}'"] : []
    if case .record = value.type { help = ["step into it with '{{#with \(text)}}', or name its fields one by one"] }
    if value.type == .boolean { help = ["ask for it with '{{#if \(text)}}'"] }
    report(
      .notAList, "'\(text)' is \(value.type.described), not a list", at: block.argument.range, notes: value.note,
      help: help)
    return .invalid
  }

  private mutating func recordType(_ value: Typed, _ block: BlockNode) -> ValueType {
    if case .record = value.type { return value.type }
    if value.type == .invalid { return .invalid }
    let text = sources.text(block.argument.range)
    var help = value.type == .boolean ? ["ask for it with '{{#if \(text)}}'"] : ["print it as it is: '{{\(text)}}'"]
    if case .list = value.type { help = ["go through it with '{{#each \(text)}}'"] }
    report(
      .notARecord, "'\(text)' is \(value.type.described), not a record", at: block.argument.range, notes: value.note,
      help: help)
    return .invalid
  }

  // MARK: Slots and unused declarations

  /// Notes that a slot of this file is printed; false if it has no such slot.
  mutating func printSlot(_ name: String) -> Bool {
    guard owner.slots.contains(where: { $0.name == name }) else { return false }
    printedSlots.insert(name)
    return true
  }

  private mutating func reportUnused(_ declarations: [Declaration]) {
    if isBroken { return }
    for declaration in declarations where result.usage[declaration.name] == nil {
      if case .template = owner {
        report(
          .unusedVariable, "variable '\(declaration.name)' is never used", at: declaration.range,
          help: ["print it, or take its declaration out"])
      } else {
        report(
          .unusedParameter, "parameter '\(declaration.name)' is never used", at: declaration.range,
          help: ["use it, or take its declaration out"])
      }
    }
  }

  private mutating func reportUnusedSlots(_ slots: [PartialDeclaration.Slot]) {
    if isBroken { return }
    for slot in slots where !printedSlots.contains(slot.name) {
      report(
        .unusedParameter, "slot '\(slot.name)' is never printed", at: slot.range,
        help: ["print it with '{{> \(slot.name)}}', or take its declaration out"])
    }
  }
}
