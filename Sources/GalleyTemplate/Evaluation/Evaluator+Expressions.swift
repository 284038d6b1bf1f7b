import GalleySource

/// Expressions: literals, names and helpers.
extension Evaluator {
  mutating func evaluate(_ expression: Expression, _ scope: Scope) -> Residual {
    switch expression {
    case .literal(let value, _): .known(value, type: nil, isData: false)
    case .path(let path): resolve(path, scope)
    case .call(let call): evaluate(call, scope)
    }
  }

  // MARK: Names

  private func resolve(_ path: Expression.Path, _ scope: Scope) -> Residual {
    var names = path.segments[...]
    var value: Residual?
    switch path.root {
    case .data("root"):
      guard let first = names.popFirst() else { return .invalid }
      value = lookUpInRoot(first.name, scope)
    case .data(let name): value = loopValue(name, levelsUp: path.levelsUp, scope)
    case .this:
      if let context = context(path.levelsUp, scope) {
        value = context
      } else {
        guard path.levelsUp == scope.contexts.count, let first = names.popFirst() else { return .invalid }
        value = lookUpInRoot(first.name, scope)
      }
    case .context:
      guard let first = names.popFirst() else { return .invalid }
      value = path.levelsUp == 0 ? lookUp(first.name, scope) : lookUp(first.name, levelsUp: path.levelsUp, scope)
      if value == nil, path.levelsUp == 0, let global = lookUpGlobal(first.name, names.first?.name, scope) {
        value = global.value
        if global.isComplete { names = names.dropFirst() }
      }
      if value == nil, case .known(_, _, let isData)? = context(path.levelsUp, scope) {
        value = .known(.null, type: nil, isData: isData)
      }
    }
    guard var result = value else { return .invalid }
    for name in names { result = field(name.name, of: result) }
    return result
  }

  /// The context that is `levelsUp` above the innermost one, or nil for the root.
  private func context(_ levelsUp: Int, _ scope: Scope) -> Residual? {
    let index = scope.contexts.count - 1 - levelsUp
    return scope.contexts.indices.contains(index) ? scope.contexts[index] : nil
  }

  private func lookUp(_ name: String, _ scope: Scope) -> Residual? {
    if let binding = scope.bindings.last(where: { $0.name == name }) { return binding.value }
    return lookUp(name, levelsUp: 0, scope)
  }

  private func lookUp(_ name: String, levelsUp: Int, _ scope: Scope) -> Residual? {
    if let context = context(levelsUp, scope) { return declaredField(name, of: context) }
    return levelsUp == scope.contexts.count ? lookUpInRoot(name, scope) : nil
  }

  private func lookUpInRoot(_ name: String, _ scope: Scope) -> Residual? {
    switch scope.root {
    case .parameters(let parameters): parameters.first { $0.name == name }?.value
    case .variables: variables[name].map { variable($0) }
    }
  }

  private func variable(_ declaration: Declaration) -> Residual {
    if let value = environment.known[declaration.name] { return known(value, declaration, isData: true) }
    return send(.variable(declaration.name), declaration)
  }

  /// What a declaration makes of a known value.
  private func known(_ value: Value, _ declaration: Declaration, isData: Bool) -> Residual {
    guard let other = declaration.defaultValue else { return .known(value, type: declaration.type, isData: isData) }
    return .known(value.filled ?? other, type: declaration.type, isData: isData)
  }

  /// What a declaration makes of an expression for the sender.
  private func send(_ expression: SendExpression, _ declaration: Declaration, depth: Int = 1) -> Residual {
    guard let other = declaration.defaultValue else {
      return .send(
        Residual.SendValue(
          expression: expression, type: declaration.type, isOptional: declaration.isOptional, depth: depth))
    }
    return .send(
      Residual.SendValue(
        expression: .fallback(expression, .literal(other)), type: declaration.type, isOptional: false,
        depth: depth + 1))
  }

  /// A field of a value; one that a known record lacks is nothing.
  private func field(_ name: String, of value: Residual) -> Residual {
    if let found = declaredField(name, of: value) { return found }
    if case .known(_, _, let isData) = value { return .known(.null, type: nil, isData: isData) }
    return .invalid
  }

  private func declaredField(_ name: String, of value: Residual) -> Residual? {
    switch value {
    case .known(let record, let type, let isData):
      if case .record(let type)? = type, let declaration = type.field(name) {
        return known(record[name] ?? .null, declaration, isData: isData)
      }
      return record[name].map { .known($0, type: nil, isData: isData) }
    case .send(let record):
      guard case .record(let type) = record.type, let declaration = type.field(name) else { return nil }
      return send(.field(record.expression, name), declaration, depth: record.depth + 1)
    case .pieces, .invalid: return nil
    }
  }

  /// A global, and whether the second name has been used up with it.
  private func lookUpGlobal(
    _ name: String, _ second: String?, _ scope: Scope
  ) -> (value: Residual, isComplete: Bool)? {
    guard name == "mail" else {
      return environment.globals[name].map { (.known($0, type: nil, isData: false), false) }
    }
    let declaration = template.declaration
    switch second {
    case "subject": return (fragment(declaration.subject), true)
    case "preheader": return (fragment(declaration.preheader), true)
    default:
      let fields = [
        Value.Field("id", .string(template.file.name)), Value.Field("category", .string(declaration.category.rawValue)),
        Value.Field("audience", .string(declaration.audience.rawValue)),
      ]
      return (.known(.record(fields), type: nil, isData: false), false)
    }
  }

  private func fragment(_ fragment: TemplateDeclaration.Fragment?) -> Residual {
    guard let fragment, !fragment.body.isEmpty else { return .nothing }
    return .pieces([.fragment(fragment.body, Scope(root: .variables))])
  }

  // MARK: Positions in loops

  private func loopValue(_ name: String, levelsUp: Int, _ scope: Scope) -> Residual {
    let index = scope.loops.count - 1 - levelsUp
    guard scope.loops.indices.contains(index) else { return .invalid }
    switch (scope.loops[index], name) {
    case (.known(let index, _, _, let isData), "index"):
      return .known(.integer(index), type: .integer, isData: isData)
    case (.known(let index, _, _, let isData), "first"): return .truth(index == 0, isData: isData)
    case (.known(let index, let count, _, let isData), "last"): return .truth(index == count - 1, isData: isData)
    case (.known(let index, _, let key, let isData), "key"):
      return .known(key.map { .string($0) } ?? .integer(index), type: nil, isData: isData)
    case (.send(let loop), "index"), (.send(let loop), "key"):
      return .send(Residual.SendValue(expression: .index(loop), type: .integer, isOptional: false))
    case (.send(let loop), "first"):
      return .send(Residual.SendValue(expression: .isFirst(loop), type: .boolean, isOptional: false))
    case (.send(let loop), "last"):
      return .send(Residual.SendValue(expression: .isLast(loop), type: .boolean, isOptional: false))
    default: return .invalid
    }
  }
}
