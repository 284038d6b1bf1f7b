import GalleySource

/// Calls: partials, layouts, the block that was passed to them, and slots.
extension Evaluator {
  /// A call of a partial or a layout.
  struct Call {
    let partial: Partial
    /// What calls it.
    let range: SourceRange
    let arguments: [Argument]
    /// What it is passed as its block.
    let block: [TemplateNode]?
    /// The blanks that each line of the partial gets.
    var indent: SourceRange?
  }

  mutating func evaluate(_ node: PartialNode, _ scope: Scope) {
    if node.name == "@partial-block" {
      evaluate(scope.block.first, orElse: node, scope)
    } else if scope.slotNames.contains(node.name) {
      evaluate(scope.slots[node.name], orElse: node, scope)
    } else if let partial = partial(node.name) {
      evaluate(
        Call(
          partial: partial, range: node.range, arguments: node.arguments, block: node.block, indent: node.indent),
        in: scope)
    }
  }

  /// The partial of a name; in the text part the one that was written for it comes first.
  private func partial(_ name: String) -> Partial? {
    (text.part == .text ? environment.textPartials[name] : nil) ?? environment.partials[name]
  }

  /// Evaluates what a caller has passed, or else the content of the tag itself.
  private mutating func evaluate(_ content: Scope.Content?, orElse node: PartialNode, _ scope: Scope) {
    guard expand(at: node.range, scope.frame) else { return }
    indented(by: node.indent) { evaluator in
      if let content {
        evaluator.evaluate(content.body, content.scope)
      } else if let block = node.block {
        evaluator.evaluate(block, scope)
      }
    }
  }

  /// Evaluates something whose lines are indented by the blanks at `range`, and by those of the calls around it.
  private mutating func indented(by range: SourceRange?, _ body: (inout Evaluator) -> Void) {
    let count = indent.count
    if let range { indent += environment.sources[range.source].bytes[range.range] }
    body(&self)
    indent.removeLast(indent.count - count)
  }

  mutating func evaluate(_ call: Call, in scope: Scope) {
    guard expand(at: call.range, scope.frame), enter(call, scope) else { return }
    var inner = Scope(root: .parameters(parameters(of: call, scope)))
    inner.frame = text.openFrame(at: call.range, from: scope.frame)
    inner.slotNames = call.partial.declaration.slots.map(\.name)
    if let block = call.block {
      inner.block = [Scope.Content(body: block, scope: scope)]
      for case .inline(let inline) in block {
        inner.slots[inline.name] = Scope.Content(body: inline.body, scope: scope)
      }
    }
    let isOuterFragment = isInFragment
    let outerSource = markupSource
    isInFragment = false
    markupSource = isMarkup(call.partial) ? call.partial.file.source : nil
    indented(by: call.indent) { $0.evaluate(call.partial.file.body, inner) }
    isInFragment = isOuterFragment
    markupSource = outerSource
    calls.removeLast()
  }

  /// Whether a partial that was written for HTML is printed into the text part.
  private func isMarkup(_ partial: Partial) -> Bool {
    text.part == .text && environment.textPartials[partial.file.name]?.file.source != partial.file.source
  }

  private mutating func enter(_ call: Call, _ scope: Scope) -> Bool {
    let limit = environment.limits.includeDepth
    guard calls.count < limit else {
      report(
        .evaluationIncludeDepth, "partials call one another more than \(limit) deep", at: call.range, scope.frame,
        notes: [Diagnostic.Note("the chain is \(chain(to: call.partial.file.name))")],
        help: ["let no partial call itself, directly or through others"])
      isExhausted = true
      return false
    }
    calls.append(call.partial.file.name)
    return true
  }

  /// The names of the open partials, cut where they begin to repeat.
  private func chain(to last: String) -> String {
    let names = [template.file.name] + calls + [last]
    var shown: [String] = []
    for name in names {
      let isRepeated = shown.dropFirst().contains(name)
      shown.append(name)
      if isRepeated { return shown.joined(separator: " → ") + " → …" }
    }
    return shown.joined(separator: " → ")
  }

  /// The parameters that a call passes, and what those are that it leaves out; there are few, so they are no table.
  private mutating func parameters(of call: Call, _ scope: Scope) -> [(name: String, value: Residual)] {
    var result: [(name: String, value: Residual)] = []
    let declarations = call.partial.declaration.parameters
    result.reserveCapacity(declarations.count)
    for argument in call.arguments {
      guard let declaration = declarations.first(where: { $0.name == argument.name }) else { continue }
      let value = evaluate(argument.value, scope).declared(as: declaration)
      if let index = result.firstIndex(where: { $0.name == argument.name }) {
        result[index].value = value
      } else {
        result.append((argument.name, value))
      }
    }
    for declaration in declarations where !result.contains(where: { $0.name == declaration.name }) {
      if let value = declaration.defaultValue {
        result.append((declaration.name, .known(value, type: declaration.type, isData: false)))
      } else if declaration.isOptional {
        result.append((declaration.name, .known(.null, type: declaration.type, isData: false)))
      } else {
        result.append((declaration.name, .invalid))
      }
    }
    return result
  }
}

extension Residual {
  /// The value as a parameter; `null` stands for the parameter's default.
  fileprivate func declared(as declaration: Declaration) -> Residual {
    let type = declaration.type
    switch self {
    case .known(let value, _, let isData):
      if value == .null, !isData, let other = declaration.defaultValue {
        return .known(other, type: type, isData: false)
      }
      return .known(value, type: type, isData: isData)
    case .send(var value):
      if value.type.isPrintable || value.type == .boolean { value.type = type }
      return .send(value)
    case .pieces, .invalid: return self
    }
  }
}
