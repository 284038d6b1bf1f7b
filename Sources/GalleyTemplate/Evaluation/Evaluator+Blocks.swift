import GalleyHTML
import GalleySource

/// Blocks: conditions, loops and changes of context, taken now where they are known and left for the sender where not.
extension Evaluator {
  mutating func evaluate(_ block: BlockNode, _ scope: Scope) {
    switch block.kind {
    case .if, .unless: evaluateCondition(block, scope)
    case .each: evaluateLoop(block, scope)
    case .with: evaluateContext(block, scope)
    }
  }

  // MARK: Conditions

  /// A condition that the sender decides, while its branches are put together.
  private struct OpenCondition {
    let construct: SourceRange
    let frame: OriginMap.Frame
    /// Where every branch starts.
    let start: PlaceTracker
    /// Where the branches end, with what opens each.
    var ends: [(tracker: PlaceTracker, range: SourceRange)] = []
  }

  private mutating func evaluateCondition(_ block: BlockNode, _ scope: Scope) {
    var open: OpenCondition?
    var current = block
    var isComplete = false
    loop: while true {
      switch condition(of: current, scope) {
      case .invalid: break loop
      case .known(true, _):
        if open != nil { divide(&open, .otherwise, at: current.openRange) }
        evaluate(current.body, scope)
        isComplete = true
        break loop
      case .known(false, _): break
      case .send(let value):
        if open == nil {
          open = begin(.beginIf(value.expression), for: current.openRange, scope.frame)
        } else {
          divide(&open, .elseIf(value.expression), at: current.openRange)
        }
        recordUse(value.expression, nil, at: current.openRange)
        evaluate(current.body, scope)
        end(&open, current.openRange)
      }
      guard let inverse = current.inverse else { break }
      if let next = Self.chained(inverse) {
        current = next
        continue
      }
      if open != nil { divide(&open, .otherwise, at: current.elseRange ?? current.openRange) }
      evaluate(inverse, scope)
      isComplete = true
      break
    }
    if isComplete {
      end(&open, current.elseRange ?? current.openRange)
    } else if let start = open?.start {
      open?.ends.append((start, block.openRange))
    }
    if let open { close(open) }
  }

  /// The condition that an `else if` continues with.
  private static func chained(_ inverse: [TemplateNode]) -> BlockNode? {
    guard inverse.count == 1, case .block(let next) = inverse[0], next.isChained else { return nil }
    return next.kind == .if || next.kind == .unless ? next : nil
  }

  private mutating func condition(of block: BlockNode, _ scope: Scope) -> Condition {
    let value = condition(evaluate(block.argument, scope))
    return block.kind == .unless ? negated(value) : value
  }

  private mutating func begin(
    _ kind: AssembledText.Hole.Kind, for construct: SourceRange, _ frame: OriginMap.Frame
  ) -> OpenCondition {
    if !text.tracker.isBehindTagName { refuseBlock(construct, frame) }
    appendControl(kind, at: construct, frame)
    return OpenCondition(construct: construct, frame: frame, start: pass(.open, construct, frame))
  }

  /// Passes what begins or ends a block, and complains where it stands in the middle of something.
  ///
  /// `start` is where the block began, or nil for its beginning; where no block may stand, that has been said.
  private mutating func pass(
    _ kind: Placeholder.Kind, from start: PlaceTracker? = nil, _ construct: SourceRange, _ frame: OriginMap.Frame
  ) -> PlaceTracker {
    let isRefused = text.part != .html || EscapeContext.refusal(ofBlockAt: (start ?? text.tracker).place) != nil
    text.tracker.passHole(kind)
    if text.tracker.takeSplit() != nil, !isRefused { reportSplit(construct, frame) }
    return text.tracker
  }

  private mutating func reportSplit(_ construct: SourceRange, _ frame: OriginMap.Frame) {
    guard isPlaceKnown() else { return }
    let refusal = EscapeContext.split
    report(refusal.code, "'\(words(construct))' \(refusal.message)", at: construct, frame, help: refusal.help)
  }

  private mutating func appendControl(
    _ kind: AssembledText.Hole.Kind, at range: SourceRange, _ frame: OriginMap.Frame
  ) {
    // A limit may have been passed within the block; its end is written all the same, so that blocks stay balanced.
    text.appendControl(kind, origin: range, frame: frame)
  }

  private mutating func divide(
    _ open: inout OpenCondition?, _ kind: AssembledText.Hole.Kind, at range: SourceRange
  ) {
    guard let condition = open else { return }
    appendControl(kind, at: range, condition.frame)
    text.tracker = condition.start
  }

  private mutating func end(_ open: inout OpenCondition?, _ range: SourceRange) {
    open?.ends.append((text.tracker, range))
  }

  private mutating func close(_ condition: OpenCondition) {
    appendControl(.endIf, at: condition.construct, condition.frame)
    var ends = condition.ends
    for index in ends.indices {
      text.tracker = ends[index].tracker
      ends[index].tracker = pass(.close, from: condition.start, condition.construct, condition.frame)
    }
    guard var joined = ends.first?.tracker, !isExhausted else { return }
    let parts = Set(ends.map { $0.tracker.place.urlPart })
    for end in ends.dropFirst() {
      guard let next = joined.joined(with: end.tracker) else {
        return reportBranches(condition, ends[0], end)
      }
      joined = next
    }
    if parts.contains(.start), parts.count > 1 {
      text.blame(Subject(range: condition.construct, expression: condition.construct), frame: condition.frame)
    }
    text.tracker = joined
  }

  private mutating func reportBranches(
    _ condition: OpenCondition, _ first: (tracker: PlaceTracker, range: SourceRange),
    _ second: (tracker: PlaceTracker, range: SourceRange)
  ) {
    let (a, b) = (first.tracker.place.description, second.tracker.place.description)
    let difference = a == b ? "end in different states of \(a)" : "end in different places: \(a), and \(b)"
    var notes = [Diagnostic.Note("this branch ends in \(a)", at: first.range)]
    if second.range != first.range { notes.append(Diagnostic.Note("this branch ends in \(b)", at: second.range)) }
    report(
      .escapeBranches, "the branches of '\(words(condition.construct))' \(difference)", at: condition.construct,
      condition.frame, notes: notes,
      help: ["let each branch hold whole elements, whole attributes or a whole value"])
    // What stands behind is judged as if the block were not there, and not at all within the same tag: one fault is
    // told of once.
    text.tracker = condition.start
    text.tracker.passHole(.close)
    _ = text.tracker.takeSplit()
    isPlaceLost = true
  }

  private mutating func refuseBlock(_ construct: SourceRange, _ frame: OriginMap.Frame) {
    guard text.part == .html, let refusal = EscapeContext.refusal(ofBlockAt: text.place), isPlaceKnown() else { return }
    report(refusal.code, "'\(words(construct))' \(refusal.message)", at: construct, frame, help: refusal.help)
  }

  /// Writes one of two texts, as a condition of the sender decides.
  mutating func branch(
    on condition: Residual.SendValue, at construct: SourceRange, _ frame: OriginMap.Frame,
    _ first: (inout Evaluator) -> Void, otherwise second: (inout Evaluator) -> Void
  ) {
    var open: OpenCondition? = begin(.beginIf(condition.expression), for: construct, frame)
    recordUse(condition.expression, nil, at: construct)
    first(&self)
    end(&open, construct)
    divide(&open, .otherwise, at: construct)
    second(&self)
    end(&open, construct)
    if let open { close(open) }
  }

  // MARK: Contexts

  private mutating func evaluateContext(_ block: BlockNode, _ scope: Scope) {
    let value = evaluate(block.argument, scope)
    let bindings = block.parameters.first.map { [(name: $0.name, value: value)] } ?? []
    let inner = scope.entering(value, bindings: bindings)
    switch condition(value) {
    case .invalid: break
    case .known(true, _): evaluate(block.body, inner)
    case .known(false, _): evaluate(block.inverse ?? [], scope)
    case .send(let condition):
      var open: OpenCondition? = begin(.beginIf(condition.expression), for: block.openRange, scope.frame)
      recordUse(condition.expression, nil, at: block.openRange)
      evaluate(block.body, inner)
      end(&open, block.openRange)
      if let inverse = block.inverse {
        divide(&open, .otherwise, at: block.elseRange ?? block.openRange)
        evaluate(inverse, scope)
        end(&open, block.elseRange ?? block.openRange)
      } else if let start = open?.start {
        open?.ends.append((start, block.openRange))
      }
      if let open { close(open) }
    }
  }

  // MARK: Loops

  private mutating func evaluateLoop(_ block: BlockNode, _ scope: Scope) {
    switch evaluate(block.argument, scope) {
    case .known(.list(let items), let type, let isData):
      var element: ValueType?
      if case .list(let inner)? = type { element = inner }
      unroll(block, items.map { (key: nil, value: $0) }, element, isData: isData, scope)
    case .known(.record(let fields), _, let isData):
      unroll(block, fields.map { (key: $0.name, value: $0.value) }, nil, isData: isData, scope)
    case .known: evaluate(block.inverse ?? [], scope)
    case .send(let list): repeatBody(of: block, over: list, scope)
    case .pieces, .invalid: break
    }
  }

  private mutating func unroll(
    _ block: BlockNode, _ items: [(key: String?, value: Value)], _ type: ValueType?, isData: Bool, _ scope: Scope
  ) {
    if items.isEmpty { return evaluate(block.inverse ?? [], scope) }
    for (index, item) in items.enumerated() {
      guard expand(at: block.openRange, scope.frame) else { return }
      let value = Residual.known(item.value, type: type, isData: isData)
      let position = Residual.known(item.key.map { .string($0) } ?? .integer(index), type: nil, isData: isData)
      let loop = Scope.Loop.known(index: index, count: items.count, key: item.key, isData: isData)
      evaluate(block.body, scope.entering(value, bindings: bindings(of: block, value, position), loop: loop))
    }
  }

  private func bindings(
    of block: BlockNode, _ item: Residual, _ position: Residual
  ) -> [(name: String, value: Residual)] {
    zip(block.parameters, [item, position]).map { (name: $0.name, value: $1) }
  }

  private mutating func repeatBody(of block: BlockNode, over list: Residual.SendValue, _ scope: Scope) {
    guard case .list(let element) = list.type else { return }
    let construct = block.openRange
    refuseBlock(construct, scope.frame)
    recordUse(list.expression, nil, at: construct)
    let loop = openLoop(block, over: list)
    text.declare(element, forItemsOf: loop)
    let items = list.isOptional ? SendExpression.fallback(list.expression, .literal(.list([]))) : list.expression
    appendControl(.beginEach(loop, items), at: construct, scope.frame)
    let start = pass(.open, construct, scope.frame)
    evaluate(block.body, itemScope(block, loop, element, scope))
    openLoopNames.removeLast()
    check(start: start, construct, construct, scope.frame)
    text.tracker = start
    if let inverse = block.inverse {
      let divider = block.elseRange ?? construct
      appendControl(.otherwise, at: divider, scope.frame)
      evaluate(inverse, scope)
      check(start: start, construct, divider, scope.frame)
      text.tracker = start
    }
    appendControl(.endEach, at: construct, scope.frame)
    _ = pass(.close, from: start, construct, scope.frame)
  }

  private func itemScope(
    _ block: BlockNode, _ loop: SendExpression.Loop, _ element: ValueType, _ scope: Scope
  ) -> Scope {
    let item = Residual.send(Residual.SendValue(expression: .item(loop), type: element, isOptional: false))
    let position = Residual.send(Residual.SendValue(expression: .index(loop), type: .integer, isOptional: false))
    return scope.entering(item, bindings: bindings(of: block, item, position), loop: .send(loop))
  }

  /// Checks that the body of a loop ends where it began.
  private mutating func check(
    start: PlaceTracker, _ construct: SourceRange, _ branch: SourceRange, _ frame: OriginMap.Frame
  ) {
    let end = pass(.close, from: start, construct, frame)
    var start = start
    start.passHole(.close)
    guard !isExhausted, text.part == .html, !end.isSamePlace(as: start) else { return }
    let (a, b) = (start.place.description, end.place.description)
    let difference = a == b ? "ends in another state of \(a)" : "begins in \(a) and ends in \(b)"
    report(
      .escapeLoop, "what '\(words(construct))' repeats \(difference)", at: branch, frame,
      help: ["let the loop hold whole elements, or pieces of one value"])
  }

  /// Makes a loop with a name that nothing else has where it is used.
  private mutating func openLoop(_ block: BlockNode, over list: Residual.SendValue) -> SendExpression.Loop {
    let wish = block.parameters.first?.name ?? Self.singular(of: list.expression)
    let base = environment.dialect.canName(wish) ? wish : "item"
    var name = base
    var count = 2
    // The dialect `go` calls the position in a loop by the name of its item and `_index`.
    func isTaken(_ other: String) -> Bool { other == name || other == name + "_index" || name == other + "_index" }
    while variables[name] != nil || openLoopNames.contains(where: isTaken) || !environment.dialect.canName(name) {
      name = "\(base)\(count)"
      count += 1
    }
    openLoopNames.append(name)
    let loop = SendExpression.Loop(id: loopCount, name: name)
    loopCount += 1
    itemPaths[loop.id] = path(of: list.expression).map { $0 + "[]" }
    return loop
  }

  private static func singular(of list: SendExpression) -> String {
    switch list {
    case .variable(let name), .field(_, let name):
      name.utf8.count > 3 && name.hasSuffix("s") && !name.hasSuffix("ss") ? String(name.dropLast()) : "item"
    case .fallback(let first, _): singular(of: first)
    default: "item"
    }
  }
}
