/// Spells holes in a dialect of sections and paths.
///
/// It knows what is open around each hole, because that decides how a path is spelled, and whether it can be.
struct SectionSpeller: HoleSpeller {
  /// Something that names are looked up in.
  fileprivate struct Context {
    /// The loop whose item it is, or nil for the value of a section.
    let loop: SendExpression.Loop?
    /// What it is.
    let type: ValueType?
    /// The steps from the data to it: for an item the number of its loop, for a field nil.
    let steps: [Int?]
  }

  private let dialect: Dialect
  private let syntax: SectionSyntax
  private let types: SendTypes
  private var contexts: [Context] = []
  /// For each open block, how it is closed, whether it has a context, and the path of a section.
  private var open: [(close: String, hasContext: Bool, path: String)] = []

  init(_ text: AssembledText, _ dialect: Dialect, _ syntax: SectionSyntax) {
    self.dialect = dialect
    self.syntax = syntax
    types = text.types
  }

  mutating func spell(_ kind: AssembledText.Hole.Kind) throws(Lack) -> String {
    switch kind {
    case .output(let expression, let type, let escaping):
      let isRaw = escaping == .none || escaping == .line
      let pattern = type == .integer ? syntax.numberOutput : isRaw ? syntax.rawOutput : syntax.output
      return Pattern.filled(pattern, [try path(expression)])
    case .beginIf(let condition): return try begin(condition)
    case .elseIf: throw Lack(ability: .chains, name: "'else if'")
    case .otherwise: return syntax.otherwise
    case .beginEach(let loop, let list): return try begin(loop, over: list)
    case .endIf, .endEach:
      guard let block = open.popLast() else { return "" }
      if block.hasContext { _ = contexts.popLast() }
      return block.close
    }
  }

  func literal(_ text: String) -> String? { nil }

  // MARK: Sections

  private mutating func begin(_ loop: SendExpression.Loop, over list: SendExpression) throws(Lack) -> String {
    var spelled: Result<String, Lack>
    do throws(Lack) { spelled = .success(try path(list)) } catch { spelled = .failure(error) }
    let text = (try? spelled.get()) ?? ""
    open.append((Pattern.filled(syntax.loop.close, [text]), true, ""))
    contexts.append(Context(loop: loop, type: types.items[loop.id], steps: steps(to: list) + [loop.id]))
    _ = try spelled.get()
    return Pattern.filled(syntax.loop.open, [text, loop.name])
  }

  private mutating func begin(_ condition: SendExpression) throws(Lack) -> String {
    let formula = SendCondition(condition, types)
    do throws(Lack) {
      let (section, operands) = try self.section(for: formula)
      var texts: [String] = []
      for operand in operands { texts.append(try distinct(self.operand(operand), operand)) }
      open.append((Pattern.filled(section.close, texts), push(formula), texts.first ?? ""))
      return Pattern.filled(section.open, texts)
    } catch {
      open.append(("", false, ""))
      throw error
    }
  }

  /// A path that differs from that of the section around: Mustachio would take it for the end of that.
  private func distinct(_ path: String, _ value: SendExpression) throws(Lack) -> String {
    guard syntax.paths == .contextChain, open.last?.path == path else { return path }
    guard case .variable? = value.pathRoot else {
      throw Lack(
        ability: .outerNames, name: "way to ask for the same again within itself",
        help: ["leave the inner condition out"])
    }
    // What is above the data is the data.
    return "../" + path
  }

  /// Opens the context of a section, where a section has one.
  private mutating func push(_ formula: SendCondition) -> Bool {
    guard case .truth(let value, let isTrue) = formula else { return false }
    switch syntax.paths {
    case .blockParameters, .thisAndUp: return false
    case .contextStack: if !isTrue { return false }
    case .contextChain: break
    }
    contexts.append(Context(loop: nil, type: types.entry(of: value)?.type, steps: steps(to: value)))
    return true
  }

  private func section(
    for formula: SendCondition
  ) throws(Lack) -> (section: SectionSyntax.Section, operands: [SendExpression]) {
    switch formula {
    case .truth(let value, let isTrue):
      try requireTruth(of: value, isTrue)
      return (isTrue ? syntax.truth : syntax.falsity, [value])
    case .presence(let value, let isTrue):
      guard let section = isTrue ? syntax.presence : syntax.absence, types.entry(of: value)?.type == .integer else {
        throw Lack(ability: .logic, name: "test for a value's being there")
      }
      return (section, [value])
    case .comparison(let comparison, let a, let b): return try compare(comparison, a, b)
    case .all(let operands): return try combine(operands, syntax.both, "write one '{{#if}}' inside the other")
    case .any(let operands): return try combine(operands, syntax.either, "write the second condition in an '{{else}}'")
    case .constant: throw Lack(ability: .logic, name: "conditions on what is known")
    case .lack(let lack): throw lack
    }
  }

  /// Complains where the engine, or one engine and another, would disagree with us about what is true.
  private func requireTruth(of value: SendExpression, _ isTrue: Bool) throws(Lack) {
    let (ability, name, state): (Dialect.Abilities, String, String) =
      switch types.entry(of: value)?.type {
      case .integer?, .decimal?: (.numberConditions, "sure test of a number: engines disagree about 0", "is 0")
      case .list? where isTrue:
        (.listConditions, "test of a list that would not repeat what it holds", "holds anything")
      case .list?, .boolean?, .record?, .invalid?, nil: ([], "", "")
      default: (.textConditions, "sure test of a text: engines disagree about the empty one", "is there")
      }
    guard dialect.abilities.contains(ability) else {
      throw Lack(
        ability: ability, name: name,
        help: ["let the service pass a boolean that says whether it \(state), and ask for that"])
    }
  }

  private func compare(
    _ comparison: SendExpression.Comparison, _ a: SendExpression, _ b: SendExpression
  ) throws(Lack) -> (section: SectionSyntax.Section, operands: [SendExpression]) {
    if let section = syntax.comparisons[comparison] { return (section, [a, b]) }
    // Of whole numbers, those up to 3 are those below 4.
    if case .literal(.integer(let limit)) = b, types.entry(of: a)?.type == .integer, limit < .max, limit > .min {
      let (strict, step): (SendExpression.Comparison, Int) =
        comparison == .lessOrEqual ? (.less, 1) : (.greater, -1)
      if comparison == .lessOrEqual || comparison == .greaterOrEqual, let section = syntax.comparisons[strict] {
        return (section, [a, .literal(.integer(limit + step))])
      }
    }
    if case .literal(.integer) = a { return try compare(comparison.mirrored, b, a) }
    let isOrder = comparison != .equal && comparison != .notEqual
    throw isOrder
      ? Lack(ability: .order, name: "such comparison by size") : Lack(ability: .equality, name: "comparison")
  }

  private func combine(
    _ operands: [SendCondition], _ section: SectionSyntax.Section?, _ help: String
  ) throws(Lack) -> (section: SectionSyntax.Section, operands: [SendExpression]) {
    var values: [SendExpression] = []
    for case .truth(let value, true) in operands {
      if case .list? = types.entry(of: value)?.type { continue }
      values.append(value)
    }
    guard let section, values.count == 2, operands.count == 2 else {
      throw Lack(ability: .logic, name: "logic of this kind", help: [help])
    }
    return (section, values)
  }

  private func operand(_ expression: SendExpression) throws(Lack) -> String {
    switch expression {
    case .literal(.string(let text)):
      if text.utf8.contains(UInt8(ascii: "\\")) {
        throw Lack(ability: .anyTexts, name: "texts with backslashes in comparisons")
      }
      return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\\\"") + "\""
    case .literal(.integer(let value)): return String(value)
    case .literal(.decimal(let text)): return text
    case .literal(.boolean(let value)): return String(value)
    default: return try path(expression)
    }
  }

  // MARK: Paths

  private func path(_ expression: SendExpression) throws(Lack) -> String {
    switch expression {
    case .index(let loop): return try position("index", loop)
    case .isFirst(let loop): return try position("first", loop)
    case .isLast(let loop): return try position("last", loop)
    default: break
    }
    guard let (root, fields) = expression.pathParts else { throw Lack(ability: .logic, name: "expressions") }
    switch syntax.paths {
    case .blockParameters, .thisAndUp: return try handlebarsPath(root, fields)
    case .contextStack: return try stackPath(root, fields)
    case .contextChain: return try chainPath(root, fields)
    }
  }

  private func position(_ name: String, _ loop: SendExpression.Loop) throws(Lack) -> String {
    guard dialect.abilities.contains(.loopPositions) else {
      throw Lack(ability: .loopPositions, name: "positions in loops")
    }
    return "@" + String(repeating: "../", count: loopsWithin(loop)) + name
  }

  /// How many loops are open within the given one.
  private func loopsWithin(_ loop: SendExpression.Loop) -> Int {
    let index = contexts.lastIndex { $0.loop?.id == loop.id } ?? contexts.count - 1
    return contexts.count - 1 - index
  }

  private func bracketed(_ name: String) -> String { syntax.bracketedNames.contains(name) ? "[\(name)]" : name }

  private func handlebarsPath(_ root: SendExpression, _ fields: [String]) throws(Lack) -> String {
    let tail = fields.map(bracketed)
    switch root {
    case .variable(let name): return ([contexts.isEmpty ? name : "@root.\(name)"] + tail).joined(separator: ".")
    case .item(let loop):
      if syntax.paths == .blockParameters { return ([loop.name] + tail).joined(separator: ".") }
      let up = loopsWithin(loop)
      if up == 0 { return (["this"] + tail).joined(separator: ".") }
      try requireDistinctContexts(above: loop)
      let climb = Array(repeating: "..", count: up).joined(separator: "/")
      return tail.isEmpty ? climb : climb + "/" + tail.joined(separator: ".")
    default: return ""
    }
  }

  /// A path that is looked up in each context from the innermost one outward.
  private func stackPath(_ root: SendExpression, _ fields: [String]) throws(Lack) -> String {
    let help = ["rename one of them, or write it outside of the loop or the condition"]
    switch root {
    case .variable(let name):
      if contexts.contains(where: { $0.declares(name) }) {
        throw Lack(ability: .outerNames, name: "way to say that '\(name)' is not the field around it", help: help)
      }
      return ([name] + fields).joined(separator: ".")
    case .item(let loop):
      guard let index = contexts.lastIndex(where: { $0.loop?.id == loop.id }) else { return "" }
      let within = contexts[(index + 1)...]
      guard let first = fields.first else {
        if within.isEmpty { return "." }
        throw Lack(
          ability: .outerNames, name: "way to say the item of a loop in a block within it",
          help: ["let the items be records, and name a field"])
      }
      if within.contains(where: { $0.declares(first) }) {
        throw Lack(ability: .outerNames, name: "way to say an outer '\(first)'", help: help)
      }
      // Where an item lacks the field, what is further out would be taken for it.
      let isSure = types.entry(of: .field(.item(loop), first)).map { !$0.isOptional } ?? false
      if !isSure, contexts[..<index].contains(where: { $0.declares(first) }) || types.variables[first] != nil {
        throw Lack(
          ability: .outerNames, name: "way to say that '\(first)' is the item's, which may lack it", help: help)
      }
      return fields.joined(separator: ".")
    default: return ""
    }
  }

  /// Complains where `../` may miss: Handlebars.js takes a list of one text and that text for the same context.
  private func requireDistinctContexts(above loop: SendExpression.Loop) throws(Lack) {
    let index = contexts.lastIndex { $0.loop?.id == loop.id } ?? 0
    let isList = contexts[index...].map { context in
      if case .list? = context.type { return true }
      return false
    }
    let isRecord = contexts[index...].map { context in
      if case .record? = context.type { return true }
      return false
    }
    for next in isList.indices.dropFirst() where isList[next] != isList[next - 1] {
      if isRecord[next] || isRecord[next - 1] { continue }
      throw Lack(
        ability: .outerNames, name: "sure way to say the item of an outer loop here",
        help: ["let the items be records, and name a field"])
    }
  }

  /// A path that is looked up in the innermost context, and climbs the way by which that was reached.
  private func chainPath(_ root: SendExpression, _ fields: [String]) throws(Lack) -> String {
    let current = contexts.last?.steps ?? []
    var target = 0
    var names = fields
    switch root {
    case .variable(let name): names.insert(name, at: 0)
    case .item(let loop):
      guard let index = current.lastIndex(of: loop.id) else {
        throw Lack(
          ability: .outerNames, name: "way from here to the item of an outer loop",
          help: ["let the inner list be a field of the item"])
      }
      target = index + 1
    default: break
    }
    var climb = String(repeating: "../", count: current.count - target)
    // A section so named would be taken for a loop. What is above the data is the data.
    if climb.isEmpty, names.first?.hasPrefix("each") ?? false {
      guard target == 0, current.isEmpty else {
        throw Lack(ability: .outerNames, name: "way to say a field whose name begins with 'each'")
      }
      climb = "../"
    }
    return climb.isEmpty && names.isEmpty ? "." : climb + names.joined(separator: ".")
  }

  /// The steps from the data to what a path leads to.
  private func steps(to expression: SendExpression) -> [Int?] {
    guard let (root, fields) = expression.pathParts else { return [] }
    var result: [Int?] = []
    if case .item(let loop) = root {
      let current = contexts.last?.steps ?? []
      result = Array(current.prefix((current.lastIndex(of: loop.id) ?? -1) + 1))
    } else {
      result = [nil]
    }
    return result + fields.map { _ in nil }
  }
}

extension SectionSpeller.Context {
  /// Whether a name would be found here.
  fileprivate func declares(_ name: String) -> Bool {
    guard case .record(let record)? = type else { return false }
    return record.field(name) != nil
  }
}

extension SendExpression {
  /// What a path starts from, and the fields that it goes through; nil for what is no path.
  fileprivate var pathParts: (root: SendExpression, fields: [String])? {
    var fields: [String] = []
    var current = self
    while case .field(let record, let name) = current {
      fields.append(name)
      current = record
    }
    switch current {
    case .variable, .item: return (current, fields.reversed())
    default: return nil
    }
  }
}
