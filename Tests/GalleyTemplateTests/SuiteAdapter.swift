import GalleySource
import GalleyTemplate

/// Puts a case of a suite, which declares nothing, into a language in which everything is declared.
///
/// It does what an author would have to do, and no more:
/// - Each name of the data is declared with the type of its value; a text that is a URL as `url`, one that the template
///   prints with three braces as `html`. What a template names and the data lacks is an optional text, or an optional
///   record where fields of it are named.
/// - A section is written with its keyword, as the message about sections says: `each` for a list, `with` for a record,
///   `if` for any other value.
/// - A partial declares what it and the partials in it name as parameters, and each call passes them on. What the case
///   fills as an inline partial is a slot of each of its partials.
struct SuiteAdapter {
  private let entry: SuiteCase
  /// The names that follow a name in paths.
  private var fields: [String: Set<String>] = [:]
  /// The first names of the paths of each text; the template's are under the empty name.
  private var names: [String: Set<String>] = [:]
  private var calls: [String: Set<String>] = [:]
  private var slots: Set<String> = []
  private var rawNames: Set<String> = []
  private(set) var site = EvaluationSite(globals: "{}")
  /// The template, ready to be evaluated.
  private(set) var template = Template(
    file: TemplateFile(name: "", source: SourceID(index: 0), frontMatter: nil, body: []),
    declaration: TemplateDeclaration(key: ""))
  /// What parser and library complain about.
  private(set) var findings: [String] = []

  /// `siblings` are cases with the same template, whose data tells more about types.
  init(_ entry: SuiteCase, siblings: [SuiteCase], declaresMissing: Bool) {
    self.entry = entry
    site.dialect = .handlebars
    var scratch = SourceSet()
    for (name, text) in entry.partials.merging(["": entry.template], uniquingKeysWith: { $1 }) {
      let source = scratch.add(path: name, bytes: Array(text.utf8))
      survey(TemplateParser.parse(source: source, bytes: Array(rewritten(text).utf8), name: name).0.body, in: name)
    }
    let data = siblings.reduce(entry.data) { Self.merged($0, $1.data) }
    let root = record(data, mentioned: declaresMissing ? names[""] ?? [] : [], depth: 0, isOpen: declaresMissing)
    makePartials(root)
    let (file, found) = parse(entry.template, name: "test")
    template = Template(file: file, declaration: TemplateDeclaration(key: "test.html", variables: root.fields))
    findings = site.rendered(found + site.diagnostics + PartialLibrary(Array(site.partials.values)).diagnostics)
  }

  private mutating func parse(_ text: String, name: String) -> (TemplateFile, [Diagnostic]) {
    let bytes = Array(rewritten(text).utf8)
    let source = site.sources.add(path: name, bytes: bytes)
    return TemplateParser.parse(source: source, bytes: bytes, name: name)
  }

  // MARK: What the texts name

  private mutating func survey(_ nodes: [TemplateNode], in text: String) {
    for node in nodes {
      switch node {
      case .text, .literal, .error: break
      case .output(let output):
        survey(output.expression, in: text)
        if output.isRaw, case .path(let path) = output.expression {
          rawNames.insert(path.segments.last?.name ?? "this")
        }
      case .block(let block):
        survey(block.argument, in: text)
        survey(block.body, in: text)
        survey(block.inverse ?? [], in: text)
      case .partial(let call):
        calls[text, default: []].insert(call.name)
        for argument in call.arguments { survey(argument.value, in: text) }
        survey(call.block ?? [], in: text)
      case .inline(let inline):
        slots.insert(inline.name)
        survey(inline.body, in: text)
      }
    }
  }

  private mutating func survey(_ expression: Expression, in text: String) {
    switch expression {
    case .literal: break
    case .path(let path):
      if let first = path.segments.first { names[text, default: []].insert(first.name) }
      for (name, next) in zip(path.segments, path.segments.dropFirst()) {
        fields[name.name, default: []].insert(next.name)
      }
    case .call(let call):
      for argument in call.positional + call.named.map(\.value) { survey(argument, in: text) }
    }
  }

  // MARK: Types

  /// The first value, with what it lacks taken from the second.
  private static func merged(_ a: SuiteValue, _ b: SuiteValue) -> SuiteValue {
    switch (a, b) {
    case (.null, _): b
    case (.list(let items), .list) where items.isEmpty: b
    case (.record(let one), .record(let two)): .record(one.merging(two) { merged($0, $1) })
    default: a
    }
  }

  private func record(
    _ data: SuiteValue, mentioned: Set<String>, depth: Int, isOpen: Bool
  ) -> RecordType {
    guard case .record(let known) = data else {
      return record(.record([:]), mentioned: mentioned, depth: depth, isOpen: isOpen)
    }
    var declarations = known.sorted { $0.key < $1.key }.map { name, value in
      declaration(name, type(of: value, named: name, depth: depth + 1, isOpen: isOpen), isOptional: entryLacks(value))
    }
    for name in mentioned.sorted() where known[name] == nil {
      declarations.append(declaration(name, missing(name, depth: depth + 1), isOptional: true))
    }
    return RecordType(name: nil, fields: declarations)
  }

  private func entryLacks(_ value: SuiteValue) -> Bool { if case .null = value { true } else { false } }

  private func declaration(_ name: String, _ type: ValueType, isOptional: Bool) -> Declaration {
    Declaration(name: name, type: type, isOptional: isOptional, range: SourceRange(SourceID(index: 0), 0, 0))
  }

  private func missing(_ name: String, depth: Int) -> ValueType {
    guard let inner = fields[name], !inner.isEmpty, depth < 8 else { return rawNames.contains(name) ? .html : .string }
    return .record(record(.record([:]), mentioned: inner, depth: depth, isOpen: true))
  }

  private func type(of value: SuiteValue, named name: String, depth: Int, isOpen: Bool) -> ValueType {
    let isRaw = rawNames.contains(name)
    switch value {
    case .null: return isOpen ? missing(name, depth: depth) : .string
    case .boolean: return .boolean
    case .number(let number): return isRaw ? .html : number == number.rounded() ? .integer : .decimal
    case .string(let text): return isRaw ? .html : text.hasPrefix("http://") ? .url : .string
    case .list(let items):
      let item = items.dropFirst().reduce(items.first ?? .null) { Self.merged($0, $1) }
      return .list(type(of: item, named: "this", depth: depth + 1, isOpen: isOpen))
    case .record:
      let all = depth < 8 && isOpen ? names.values.reduce(into: fields[name] ?? []) { $0.formUnion($1) } : []
      return .record(record(value, mentioned: all, depth: depth + 1, isOpen: isOpen))
    }
  }

  // MARK: Partials

  private mutating func makePartials(_ root: RecordType) {
    var types: [String: Declaration] = [:]
    Self.collect(root, into: &types)
    for name in entry.partials.keys.sorted() {
      let (file, found) = parse(entry.partials[name] ?? "", name: name)
      site.diagnostics += found
      let parameters = parameters(of: name).sorted().map { parameter in
        declaration(parameter, types[parameter]?.type ?? missing(parameter, depth: 0), isOptional: true)
      }
      let declared = PartialDeclaration(
        parameters: parameters,
        slots: slots.sorted().map {
          PartialDeclaration.Slot(
            name: $0, isRequired: false, description: nil, range: SourceRange(SourceID(index: 0), 0, 0))
        })
      site.partials[name] = Partial(file: file, declaration: declared)
    }
  }

  private static func collect(_ record: RecordType, into types: inout [String: Declaration]) {
    for field in record.fields {
      if types[field.name] == nil || types[field.name]?.type == .string { types[field.name] = field }
      var type = field.type
      while case .list(let element) = type { type = element }
      if case .record(let inner) = type { collect(inner, into: &types) }
    }
  }

  /// What a partial names, and the partials that it calls.
  private func parameters(of partial: String) -> Set<String> {
    var found: Set<String> = []
    var seen: Set<String> = []
    var open = [partial]
    while let name = open.popLast() {
      guard seen.insert(name).inserted else { continue }
      found.formUnion(names[name] ?? [])
      open += (calls[name] ?? []).filter { entry.partials[$0] != nil }
    }
    return found
  }

  // MARK: Sections and calls

  /// The text with sections written by their keywords and with arguments at the calls of partials.
  private func rewritten(_ text: String) -> String {
    let bytes = Array(text.utf8)
    let tokens = TemplateLexer.tokens(of: bytes, in: bytes.indices)
    var output = ""
    var contexts = [entry.data]
    var open: [(keyword: String?, opensContext: Bool)] = []
    func words(_ index: Int) -> (text: String, end: Int) {
      var last = index
      while last < tokens.count, tokens[last].kind.isInner, tokens[last].kind != .whitespace { last += 1 }
      return (tokens[index..<last].map { String(decoding: bytes[$0.range], as: UTF8.self) }.joined(), last)
    }
    var index = 0
    var pending: TemplateToken.Kind?
    var passed: [String] = []
    while index < tokens.count {
      let token = tokens[index]
      let kind = pending
      if token.kind.isOpen { pending = token.kind }
      if let kind, token.kind.isInner, token.kind != .whitespace, !token.kind.isOpen {
        pending = nil
        let (word, next) = words(index)
        switch kind {
        case .openBlock where BlockNode.Kind(rawValue: word) == nil && token.kind != .string:
          let value = resolve(word, contexts)
          let keyword = if case .list = value { "each" } else if case .record = value { "with" } else { "if" }
          output += keyword + " " + word
          open.append((keyword, keyword != "if"))
          if keyword != "if" { contexts.append(first(of: value)) }
          index = next
          continue
        case .openBlock:
          let opensContext = word == "each" || word == "with"
          var argument = next
          while argument < tokens.count, tokens[argument].kind == .whitespace { argument += 1 }
          if opensContext, argument < tokens.count {
            contexts.append(first(of: resolve(words(argument).text, contexts)))
          }
          open.append((nil, opensContext))
        case .openInverse where !word.isEmpty: open.append((nil, false))
        case .openPartialBlock, .openInline: open.append((nil, false))
        case .openEnd:
          let block = open.popLast()
          if block?.opensContext == true, contexts.count > 1 { contexts.removeLast() }
          if let keyword = block?.keyword {
            output += keyword
            index = next
            continue
          }
        case .openPartial:
          if entry.partials[word] != nil { passed = parameters(of: word).sorted() }
        default: break
        }
      }
      if token.kind == .close, !passed.isEmpty {
        if tokens[index - 1].kind != .whitespace { output += " " }
        output += passed.map { "\($0)=\($0)" }.joined(separator: " ")
        passed = []
      }
      output += String(decoding: bytes[token.range], as: UTF8.self)
      index += 1
    }
    return output
  }

  private func resolve(_ path: String, _ contexts: [SuiteValue]) -> SuiteValue {
    var names = path[...]
    var level = contexts.count - 1
    while names.hasPrefix("../") {
      names = names.dropFirst(3)
      level -= 1
    }
    guard contexts.indices.contains(level) else { return .null }
    var value = contexts[level]
    for name in names.split(whereSeparator: { $0 == "." || $0 == "/" }) where name != "this" {
      value = value[String(name)] ?? .null
    }
    return value
  }

  private func first(of value: SuiteValue) -> SuiteValue {
    if case .list(let items) = value { items.first ?? .null } else { value }
  }
}
