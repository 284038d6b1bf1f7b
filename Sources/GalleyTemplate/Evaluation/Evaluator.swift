import GalleyHTML
import GalleySource

/// Walks a template and its partials once, in the order of the output.
///
/// The methods stand in files by what they evaluate: expressions, helpers, output, blocks, calls.
struct Evaluator {
  let template: Template
  let environment: Specializer.Environment
  let variables: [String: Declaration]
  /// What the dialect can say; looked at for each value, so it stands here by itself.
  let abilities: Dialect.Abilities
  /// The variables whose names mean something else in the dialect.
  private let unnameable: Set<String>
  /// The text that is being put together.
  var text = Assembler(part: .html)
  var result = Specialization()
  /// Whether plain text of the front matter is being printed into HTML, so that literal text needs escaping.
  var isInFragment = false
  /// How many blocks, calls and fragments are open.
  var nesting = 0
  /// The names of the partials that are open.
  var calls: [String] = []
  var expansions = 0
  var steps = 0
  /// Whether a limit was passed and everything stops.
  var isExhausted = false
  var loopCount = 0
  var openLoopNames: [String] = []
  /// What the items of a loop are, as a path.
  var itemPaths: [Int: String] = [:]

  private var reported: Set<Finding> = []
  private var reportedNames: Set<String> = []

  private struct Finding: Hashable {
    let code: String
    let range: SourceRange?
    let message: String
  }

  /// More open blocks than this are a mistake, and would cost too much stack.
  private static let nestingLimit = 160
  private static let stepLimit = 2_000_000

  init(_ template: Template, _ environment: Specializer.Environment) {
    self.template = template
    self.environment = environment
    variables = Dictionary(template.declaration.variables.map { ($0.name, $0) }) { first, _ in first }
    abilities = environment.dialect.abilities
    unnameable = Set(variables.keys.filter { !environment.dialect.canName($0) })
  }

  // MARK: The three texts

  mutating func specialize() -> Specialization {
    let declaration = template.declaration
    result.subject = declaration.subject.map { assemble($0, as: .subject) }
    result.preheader = declaration.preheader.map { assemble($0, as: .preheader) }
    text = Assembler(part: .html)
    evaluateBody()
    result.html = text.text
    result.fallbacks = Set(result.fallbacks).sorted { ($0.key, $0.locale) < ($1.key, $1.locale) }
    return result
  }

  private mutating func assemble(_ fragment: TemplateDeclaration.Fragment, as part: MailPart) -> AssembledText {
    text = Assembler(part: part)
    evaluate(withoutFinalLineEnds(fragment.body), Scope(root: .variables))
    if let diagnostic = text.text.unprotectable(for: environment.dialect, part: part) { report(diagnostic) }
    return text.text
  }

  /// The nodes without the line ends that a block text of YAML leaves at the end.
  private func withoutFinalLineEnds(_ nodes: [TemplateNode]) -> [TemplateNode] {
    guard case .text(let range)? = nodes.last else { return nodes }
    let bytes = environment.sources[range.source].bytes[...]
    let text = bytes[range.range.clamped(to: bytes.indices)]
    let end = text.lastIndex { $0 != 0x0A && $0 != 0x0D }.map { $0 + 1 } ?? text.startIndex
    return nodes.dropLast() + [.text(SourceRange(range.source, text.startIndex, end))]
  }

  private mutating func evaluateBody() {
    let scope = Scope(root: .variables)
    guard let layout = template.declaration.layout, let partial = environment.partials[layout.name] else {
      return evaluate(template.file.body, scope)
    }
    let call = Call(
      partial: partial, range: layout.nameRange, arguments: layout.arguments, block: template.file.body)
    evaluate(call, in: scope)
  }

  // MARK: Nodes

  mutating func evaluate(_ nodes: [TemplateNode], _ scope: Scope) {
    for node in nodes {
      steps += 1
      if steps > Self.stepLimit { exhaust(at: node.place, scope.frame) }
      if isExhausted { return }
      switch node {
      case .text(let range):
        let bytes = environment.sources[range.source].bytes
        appendLiteral(bytes[range.range.clamped(to: bytes.indices)], at: range, isVerbatim: true, scope.frame)
      case .literal(let bytes, let range): appendLiteral(bytes[...], at: range, isVerbatim: false, scope.frame)
      case .output(let output): evaluate(output, scope)
      case .block(let block): descend(at: block.openRange, scope) { $0.evaluate(block, scope) }
      case .partial(let call): descend(at: call.range, scope) { $0.evaluate(call, scope) }
      case .inline, .error: break
      }
    }
  }

  /// Evaluates something nested, unless it is nested too deep.
  mutating func descend(at range: SourceRange, _ scope: Scope, _ body: (inout Evaluator) -> Void) {
    guard nesting < Self.nestingLimit else {
      report(
        .evaluationNesting, "blocks and calls are nested more than \(Self.nestingLimit) deep here", at: range,
        scope.frame, help: ["break the recursion, or make the partials flatter"])
      isExhausted = true
      return
    }
    nesting += 1
    body(&self)
    nesting -= 1
  }

  // MARK: Limits

  /// Counts an expansion; answers whether it may be done.
  mutating func expand(at range: SourceRange, _ frame: OriginMap.Frame) -> Bool {
    expansions += 1
    if expansions > environment.limits.expansions { exhaust(at: range, frame) }
    return !isExhausted
  }

  private mutating func exhaust(at range: SourceRange, _ frame: OriginMap.Frame) {
    guard !isExhausted else { return }
    isExhausted = true
    report(
      .evaluationBudget, "'\(template.file.name)' expands more than \(environment.limits.expansions) times", at: range,
      frame, help: ["look for a partial that calls itself more than once, or loops within loops"])
  }

  /// Whether `count` more bytes fit.
  mutating func hasRoom(for count: Int, at range: SourceRange, _ frame: OriginMap.Frame) -> Bool {
    if isExhausted { return false }
    guard text.count + count > environment.limits.bytes else { return true }
    isExhausted = true
    report(
      .evaluationBudget, "'\(template.file.name)' becomes longer than \(environment.limits.bytes) bytes", at: range,
      frame, help: ["look for a loop that repeats too much"])
    return false
  }

  // MARK: Complaints

  mutating func report(
    _ code: DiagnosticCode, _ message: String, at range: SourceRange, _ frame: OriginMap.Frame,
    notes: [Diagnostic.Note] = [], help: [String] = []
  ) {
    let calls = text.text.origins.chain(frame)
    let shown = calls.count > 8 ? Array(calls.prefix(7)) : calls
    report(Diagnostic(code, message, at: range, notes: notes, help: help).included(through: shown))
  }

  mutating func report(_ diagnostic: Diagnostic) {
    let finding = Finding(code: diagnostic.code.name, range: diagnostic.range, message: diagnostic.message)
    if reported.insert(finding).inserted { result.diagnostics.append(diagnostic) }
  }

  func words(_ range: SourceRange) -> String { environment.sources.words(range) }

  // MARK: What the dialect can say

  /// Complains where the dialect can't express a construct.
  mutating func require(
    _ ability: Dialect.Abilities, _ lack: String, for range: SourceRange, _ frame: OriginMap.Frame
  ) {
    guard !abilities.contains(ability) else { return }
    let dialect = environment.dialect
    let other = Dialect.names.first { Dialect.named($0)?.abilities.contains(ability) ?? false }
    report(
      .dialectInexpressible, "'\(words(range))' depends on a variable, and '\(dialect.name)' has no \(lack)", at: range,
      frame,
      help: ["let the service pass a variable that holds the finished value"]
        + (other.map { ["or use a dialect that can say it, such as 'dialect: \($0)'"] } ?? []))
  }

  /// Complains about the first thing in an expression that the dialect can't say; answers whether all is well.
  @discardableResult
  mutating func requireExpressible(
    _ expression: SendExpression, for range: SourceRange, _ frame: OriginMap.Frame
  ) -> Bool {
    var lacking: (ability: Dialect.Abilities, name: String)?
    var misnamed: String?
    expression.forEach { part in
      if let need = part.need, lacking == nil, !abilities.contains(need.ability) { lacking = need }
      if case .variable(let name) = part, unnameable.contains(name) { misnamed = name }
    }
    if let lacking {
      require(lacking.ability, lacking.name, for: range, frame)
      return false
    }
    if let misnamed, reportedNames.insert(misnamed).inserted {
      let declared = variables[misnamed].map { Diagnostic.Note("declared here", at: $0.range) }
      report(
        .dialectName, "'\(misnamed)' means something else in '\(environment.dialect.name)'", at: range, frame,
        notes: declared.map { [$0] } ?? [], help: ["give the variable another name"])
    }
    return misnamed == nil
  }
}

extension SourceSet {
  /// The author's words, shortened to one line.
  func words(_ range: SourceRange) -> String {
    let line = text(range).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return line.count > 60 ? String(line.prefix(57)) + "…" : line
  }
}

extension SendExpression {
  /// What a dialect needs to say this expression, without its operands.
  fileprivate var need: (ability: Dialect.Abilities, name: String)? {
    switch self {
    case .variable, .item, .literal: nil
    case .field: (.fields, "fields of records")
    case .index, .isFirst, .isLast: (.loopPositions, "positions in loops")
    case .compare(.equal, _, _), .compare(.notEqual, _, _): (.equality, "comparison")
    case .compare: (.order, "comparison by size")
    case .and, .or, .not, .isPresent: (.logic, "logic")
    case .fallback: (.fallbacks, "fallback values")
    case .remainder: (.remainders, "remainders")
    }
  }
}
