import GalleySource

/// What is known of an expression before a mail is sent.
struct Typed {
  /// Why a value may be absent.
  struct Absence {
    /// The path that may be absent, as written.
    var text: String
    /// The path of which nothing may be absent any more once it is known to be there: the same, or one that leads on.
    var guardText: String
    var declared: SourceRange?
  }

  var type: ValueType
  var absence: Absence?
  /// Where the value is declared.
  var declared: SourceRange?
  /// The value, if it is written here.
  var literal: Value?
  /// What a path is called among those that are known to be there.
  var key: String?
  /// Whether the value is known when a site is built, whoever asks.
  var isKnown = false
  /// What is there if the value is true, and if it is not.
  var whenTrue: Set<String> = []
  var whenFalse: Set<String> = []

  init(_ type: ValueType) { self.type = type }

  static var invalid: Typed { Typed(.invalid) }

  /// A note at the declaration.
  var note: [Diagnostic.Note] { declared.map { [Diagnostic.Note("it is declared here", at: $0)] } ?? [] }
}

// Values: literals and paths.
extension Checker {
  /// Finds the type of an expression, and reports what is wrong with it.
  mutating func evaluate(_ expression: Expression) -> Typed {
    switch expression {
    case .literal(let value, _): literal(value)
    case .path(let path): resolve(path)
    case .call(let call): evaluate(call)
    }
  }

  private func literal(_ value: Value) -> Typed {
    let type: ValueType =
      switch value {
      case .string(let text): ValueType(inferring: text)
      case .null, .list, .record: .string
      case .boolean: .boolean
      case .integer: .integer
      case .decimal: .decimal
      }
    var typed = Typed(type)
    typed.literal = value
    typed.isKnown = true
    return typed
  }

  // MARK: Paths

  private struct Start {
    var typed: Typed
    var segments: ArraySlice<Expression.Path.Segment>
  }

  private mutating func resolve(_ path: Expression.Path) -> Typed {
    guard let start = begin(path) else { return .invalid }
    var typed = start.typed
    for segment in start.segments {
      guard let next = step(from: typed, to: segment, path) else { return .invalid }
      typed = next
    }
    if let key = typed.key { typed.whenTrue.insert(key) }
    return typed
  }

  /// Finds what a path begins at, and which steps are left.
  private mutating func begin(_ path: Expression.Path) -> Start? {
    switch path.root {
    case .data("root"):
      if path.segments.isEmpty { useAll() }
      return Start(typed: whole(contexts[0]), segments: path.segments[...])
    case .data(let name): return loopValue(name, path)
    case .this:
      guard let context = context(path) else { return nil }
      if path.levelsUp == contexts.count - 1, path.segments.isEmpty { useAll() }
      return Start(typed: whole(context), segments: path.segments[...])
    case .context: return lookUp(path)
    }
  }

  private func whole(_ context: Context) -> Typed {
    var typed = Typed(context.type)
    typed.key = context.key
    return typed
  }

  private mutating func useAll() {
    for name in root.keys { result.usage[name, default: []].insert(part) }
  }

  private mutating func context(_ path: Expression.Path) -> Context? {
    let index = contexts.count - 1 - path.levelsUp
    if index >= 0 { return contexts[index] }
    let depth = contexts.count - 1
    let around = depth == 0 ? "no 'each' or 'with' is around it" : "only \(depth) 'each' or 'with' around it"
    report(
      .aboveRoot, "'\(sources.text(path.range))' leads above the template", at: path.range, label: around,
      help: ["'if' and 'unless' do not count; take '../' out"])
    return nil
  }

  private mutating func loopValue(_ name: String, _ path: Expression.Path) -> Start? {
    guard loops > path.levelsUp else {
      report(
        .outsideLoop, "'\(sources.text(path.range))' stands outside of a loop", at: path.range,
        help: ["it exists between '{{#each …}}' and '{{/each}}'"])
      return nil
    }
    return Start(typed: Typed(name == "index" || name == "key" ? .integer : .boolean), segments: path.segments[...])
  }

  private mutating func lookUp(_ path: Expression.Path) -> Start? {
    guard let first = path.segments.first else { return nil }
    let rest = path.segments.dropFirst()
    if path.levelsUp == 0, let binding = bindings.last(where: { $0.name == first.name }) {
      var typed = Typed(binding.type)
      typed.key = binding.key
      return Start(typed: typed, segments: rest)
    }
    guard let context = context(path) else { return nil }
    if context.type == .invalid { return nil }
    if let typed = field(first, of: context, path) { return Start(typed: typed, segments: rest) }
    if path.levelsUp == 0, let global = globals.field(first.name) {
      var typed = Typed(global.type)
      typed.key = "g." + first.name
      typed.isKnown = true
      return Start(typed: typed, segments: rest)
    }
    reportUndeclared(first, path)
    return nil
  }

  /// The field of a context, if it has such a one.
  private mutating func field(_ segment: Expression.Path.Segment, of context: Context, _ path: Expression.Path)
    -> Typed?
  {
    let isRoot = context.key == contexts[0].key
    guard case .record(let record) = context.type,
      let declaration = isRoot ? root[segment.name] : record.field(segment.name)
    else { return nil }
    return value(of: declaration, in: whole(context), end: segment.range.end, path)
  }

  /// The value of a field of `parent`.
  private mutating func value(
    of declaration: Declaration, in parent: Typed, end: Int, _ path: Expression.Path
  ) -> Typed {
    if parent.key == contexts[0].key, root[declaration.name] != nil {
      result.usage[declaration.name, default: []].insert(part)
    }
    var typed = Typed(declaration.type)
    typed.declared = declaration.range
    typed.isKnown = parent.isKnown
    typed.absence = parent.absence
    typed.whenTrue = parent.whenTrue
    if let parentKey = parent.key {
      typed.whenTrue.insert(parentKey)
      typed.key = parentKey + "." + declaration.name
    }
    let isThere = typed.key.map { present.contains($0) } ?? false
    if declaration.mayBeAbsent, !isThere {
      let text = sources.text(SourceRange(path.range.source, path.range.start, max(path.range.start, end)))
      if typed.absence == nil {
        typed.absence = Typed.Absence(text: text, guardText: text, declared: declaration.range)
      } else {
        typed.absence?.guardText = text
      }
    }
    return typed
  }

  private mutating func step(
    from parent: Typed, to segment: Expression.Path.Segment, _ path: Expression.Path
  ) -> Typed? {
    let written = sources.text(
      SourceRange(path.range.source, path.range.start, max(path.range.start, segment.range.start - 1)))
    switch parent.type {
    case .invalid: return nil
    case .record(let record):
      let isRoot = parent.key == contexts[0].key
      if let declaration = isRoot ? root[segment.name] : record.field(segment.name) {
        return value(of: declaration, in: parent, end: segment.range.end, path)
      }
      if isRoot {
        reportUndeclared(segment, path)
        return nil
      }
      reportUnknownField(segment, record, written)
    case .list:
      report(
        .notARecord, "'\(written)' is \(parent.type.described) and has no field '\(segment.name)'", at: segment.range,
        notes: parent.note, help: ["go through it with '{{#each \(written)}}'"])
    default:
      report(
        .notARecord, "'\(written)' is \(parent.type.described) and has no field '\(segment.name)'", at: segment.range,
        notes: parent.note,
        help: [
          parent.type == .boolean
            ? "ask for it with '{{#if \(written)}}'"
            : "write '\(written)' alone, or let the service pass '\(segment.name)' in a variable of its own"
        ])
    }
    return nil
  }

  private mutating func reportUnknownField(
    _ segment: Expression.Path.Segment, _ record: RecordType, _ written: String
  ) {
    let near = nearest(to: segment.name, among: record.fields.map(\.name))
    let known = record.fields.prefix(12).map { "'\($0.name)'" }.joined(separator: ", ")
    let fixes = near.map { [FixIt("write '\($0)'", isSafe: false, edits: [SourceEdit(segment.range, $0)])] } ?? []
    report(
      .unknownField, "'\(written)' has no field '\(segment.name)'" + (near.map { "; did you mean '\($0)'?" } ?? ""),
      at: segment.range, help: near == nil && !known.isEmpty ? ["its fields are \(known)"] : [], fixes: fixes)
  }

  /// Reports a name that nobody declares; what was probably meant counts as used.
  private mutating func reportUndeclared(_ segment: Expression.Path.Segment, _ path: Expression.Path) {
    let name = segment.name
    if path.segments.count == 1, path.root == .context, path.levelsUp == 0, let helper = HelperSignature.named(name) {
      return report(
        .helperArguments, "'\(name)' is a helper and needs arguments", at: path.range,
        help: ["write '{{\(helper.example)}}'"])
    }
    if let prefix = outerPrefix(name, path) {
      if prefix.count == 3 * (contexts.count - 1), root[name] != nil { result.usage[name, default: []].insert(part) }
      let replacement = SourceEdit(SourceRange(path.range.source, path.range.start, segment.range.start), prefix)
      return report(
        .undeclaredName, "'\(name)' is not declared here; did you mean '\(prefix)\(name)'?", at: segment.range,
        help: ["names within 'each' and 'with' are those of the item"],
        fixes: [FixIt("write '\(prefix)\(name)'", isSafe: false, edits: [replacement])])
    }
    let near = nearest(to: NameRules.skeleton(name), among: visibleNames(path))
    if let near, root[near] != nil { result.usage[near, default: []].insert(part) }
    let fixes = near.map { [FixIt("write '\($0)'", isSafe: false, edits: [SourceEdit(segment.range, $0)])] } ?? []
    report(
      .undeclaredName, "'\(name)' is not declared" + (near.map { "; did you mean '\($0)'?" } ?? ""),
      at: segment.range, help: near == nil ? [undeclaredHelp] : [], fixes: fixes)
  }

  private var undeclaredHelp: String {
    switch owner {
    case .template: "declare it under 'variables:' in the front matter"
    case .partial: "a partial sees its own 'parameters:' alone; declare it there and pass it at each call"
    }
  }

  /// The `../` that lead from a path to a context that has the name, or `@root.`.
  private func outerPrefix(_ name: String, _ path: Expression.Path) -> String? {
    guard path.root == .context else { return nil }
    for index in contexts.indices.dropLast(1 + path.levelsUp).reversed() {
      guard case .record(let record) = contexts[index].type,
        index == 0 ? root[name] != nil : record.field(name) != nil
      else { continue }
      return String(repeating: "../", count: contexts.count - 1 - index)
    }
    return nil
  }

  private func visibleNames(_ path: Expression.Path) -> [String] {
    let index = contexts.count - 1 - path.levelsUp
    var names: [String] = []
    if path.root == .context, index >= 0, index < contexts.count, case .record(let record) = contexts[index].type {
      names = record.fields.map(\.name)
    } else if case .record(let record) = contexts[0].type {
      names = record.fields.map(\.name)
    }
    if path.levelsUp == 0, path.root == .context { names += bindings.map(\.name) + globals.fields.map(\.name) }
    return names
  }
}
