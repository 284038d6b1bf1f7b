import GalleyHTML
package import GalleySource

/// Walks a template and its partials once, in the order of the output.
///
/// The methods stand in files by what they evaluate: expressions, helpers, output, blocks, calls.
struct Evaluator {
  let template: Template
  let environment: Specializer.Environment
  let variables: [String: Declaration]
  /// What the variables are, for those who write expressions.
  private let types: SendTypes
  /// The variables whose names mean something else in the dialect.
  private let unnameable: Set<String>
  /// The text that is being put together.
  var text: Assembler
  var result = Specialization()
  /// Whether plain text of the front matter is being printed into HTML, so that literal text needs escaping.
  var isInFragment = false
  /// What each line of the open partial is indented by.
  var indent: [UInt8] = []
  /// The partial written for HTML whose words are being printed into the text part, and the ones that were blamed.
  var markupSource: SourceID?
  var blamedSources: Set<SourceID> = []
  /// Whether the place is a guess: behind branches that disagree, up to the end of a tag.
  var isPlaceLost = false
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
    types = SendTypes(template.declaration.variables)
    unnameable = Set(variables.keys.filter { !environment.dialect.canName($0) })
    text = Assembler(part: .html, types: types)
  }

  // MARK: The texts

  mutating func specialize() -> Specialization {
    let declaration = template.declaration
    result.subject = declaration.subject.map { assemble($0.body, as: .subject) }
    result.preheader = declaration.preheader.map { assemble($0.body, as: .preheader) }
    result.text = template.text.map { assemble($0.body, as: .text) }
    text = Assembler(part: .html, types: types)
    isPlaceLost = false
    evaluateBody()
    checkDialect()
    result.html = text.text
    checkDuties()
    checkEscaping()
    result.fallbacks = Set(result.fallbacks).sorted { ($0.key, $0.locale) < ($1.key, $1.locale) }
    return result
  }

  private mutating func assemble(_ body: [TemplateNode], as part: MailPart) -> AssembledText {
    text = Assembler(part: part, types: types)
    evaluate(part == .text ? body : withoutFinalLineEnds(body), Scope(root: .variables))
    checkDialect()
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
      case .text(let range): appendText(range, scope.frame)
      case .literal(let bytes, let range): appendLiteral(bytes[...], at: range, isVerbatim: false, scope.frame)
      case .output(let output): evaluate(output, scope)
      case .block(let block):
        if descend(at: block.openRange, scope) {
          evaluate(block, scope)
          nesting -= 1
        }
      case .partial(let call):
        if descend(at: call.range, scope) {
          evaluate(call, scope)
          nesting -= 1
        }
      case .inline, .error: break
      }
    }
  }

  /// Counts something nested, unless it is nested too deep; who descends takes one from `nesting` afterwards.
  mutating func descend(at range: SourceRange, _ scope: Scope) -> Bool {
    guard nesting < Self.nestingLimit else {
      report(
        .evaluationNesting, "blocks and calls are nested more than \(Self.nestingLimit) deep here", at: range,
        scope.frame, help: ["break the recursion, or make the partials flatter"])
      isExhausted = true
      return false
    }
    nesting += 1
    return true
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

  /// Complains about what the dialect has no words for in the finished text.
  private mutating func checkDialect() {
    let dialect = environment.dialect
    var others = NearestDialects(text.text, from: dialect)
    for (hole, lack) in DialectWriter.lacks(in: text.text, dialect: dialect) {
      let other = others.nearest(for: hole)
      report(
        .dialectInexpressible,
        "'\(words(hole.origin))' depends on a variable, and '\(dialect.name)' has no \(lack.name)", at: hole.origin,
        text.text.origins.frame(at: hole.offset),
        help: (lack.help.isEmpty ? ["let the service pass a variable that holds the finished value"] : lack.help)
          + (other.map { ["or use a dialect that can say it, such as 'dialect: \($0.name)'"] } ?? []))
    }
    for excess in isExhausted ? [] : text.text.excesses(for: dialect) {
      let hole = excess.hole
      report(
        .dialectNesting,
        "'\(words(hole.origin))' stands within \(excess.limit), and '\(dialect.name)' takes no more than these",
        at: hole.origin, text.text.origins.frame(at: hole.offset),
        help: ["write conditions one after another, or combine them", "or let the service pass a flatter list"])
    }
    guard !unnameable.isEmpty else { return }
    for hole in text.text.holes {
      for expression in hole.kind.expressions {
        var names: [String] = []
        expression.forEach { if case .variable(let name) = $0, unnameable.contains(name) { names.append(name) } }
        for name in names where reportedNames.insert(name).inserted { reportName(name, at: hole) }
      }
    }
  }

  /// Tells who has to escape, where the dialect does not.
  private mutating func checkEscaping() {
    let dialect = environment.dialect
    guard dialect.htmlEscaping == .byCaller else { return }
    let uses = result.uses.filter { $0.part == .html && ($0.escaping == .html || $0.escaping == .url) }
    guard let first = uses.first else { return }
    var names: [String] = []
    for use in uses where !names.contains(use.variable) { names.append(use.variable) }
    let rest = names.count > 4 ? " and \(names.count - 3) more" : ""
    let shown = names.prefix(rest.isEmpty ? 4 : 3).map { "'\($0)'" }.joined(separator: ", ") + rest
    let other = dialect.relatives.lazy.compactMap(Dialect.named).first { $0.htmlEscaping != .byCaller }
    report(
      Diagnostic(
        .dialectCallerEscapes, "'\(dialect.name)' escapes nothing, so the caller must escape \(shown)",
        at: first.origin,
        help: ["do what the contract says for each variable: 'escape: html'"]
          + (other.map { ["or use a dialect that escapes by itself, such as 'dialect: \($0.name)'"] } ?? [])))
  }

  /// Warns of what the caller would have to encode for one place and leave alone for another.
  private mutating func checkDuties() {
    let dialect = environment.dialect
    guard !dialect.abilities.contains(.percentEncoding) else { return }
    let printed = result.uses.filter { $0.part == .html && $0.escaping != nil }
    let plain = Dictionary(
      printed.filter { !$0.isPercentEncoded }.map { ($0.path, $0.origin) }, uniquingKeysWith: { first, _ in first })
    for use in printed where use.isPercentEncoded {
      guard let other = plain[use.path] else { continue }
      report(
        Diagnostic(
          .dialectTwoDuties,
          "'\(use.path)' is percent-encoded by the caller of '\(dialect.name)' here, and must be plain elsewhere",
          at: use.origin, notes: [Diagnostic.Note("it is printed as it is here", at: other)],
          help: ["pass it in two variables", "or pass only values that encoding leaves alone, such as 'order_7f3a'"]))
    }
  }

  private mutating func reportName(_ name: String, at hole: AssembledText.Hole) {
    let declared = variables[name].map { Diagnostic.Note("declared here", at: $0.range) }
    report(
      .dialectName, "'\(name)' means something else in '\(environment.dialect.name)'", at: hole.origin,
      text.text.origins.frame(at: hole.offset), notes: declared.map { [$0] } ?? [],
      help: ["give the variable another name"])
  }
}

extension Specialization.VariableUse {
  fileprivate var isPercentEncoded: Bool { escaping == .urlPart || escaping == .address }
}

extension SourceSet {
  /// The author's words, shortened to one line.
  package func words(_ range: SourceRange) -> String {
    let line = text(range).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return line.count > 60 ? String(line.prefix(57)) + "…" : line
  }
}
