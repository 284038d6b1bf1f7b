import GalleySource

/// Messages: `{{t "key" name=value}}`.
extension Evaluator {
  mutating func message(_ call: Expression.Call, _ scope: Scope) -> Residual {
    guard let keyExpression = call.positional.first else { return .invalid }
    let key = evaluate(keyExpression, scope).folded
    guard case .known(.string(let key), _, _) = key else {
      if key.isData {
        report(
          .evaluationUnknown, "'t' needs a key that is known at build time", at: keyExpression.range, scope.frame,
          help: ["choose between messages with '{{#if}}'"])
      }
      return .invalid
    }
    guard let served = environment.catalogs.message(key, in: environment.locale) else {
      reportUnknown(key, at: keyExpression.range, scope)
      return .invalid
    }
    result.messages.insert(key)
    if served.isFallback { reportFallback(served) }
    guard expand(at: call.range, scope.frame) else { return .invalid }
    return pieces(of: served.message, call, scope)
  }

  private mutating func reportUnknown(_ key: String, at range: SourceRange, _ scope: Scope) {
    let hint = Suggestion.nearest(to: key, among: environment.catalogs.keys).map { "; did you mean '\($0)'?" } ?? ""
    report(
      .messageUnknown, "there is no message '\(key)' in '\(environment.catalogs.defaultLocale)'\(hint)", at: range,
      scope.frame,
      help: hint.isEmpty ? ["add '\(key)' to the catalogs"] : [])
  }

  private mutating func reportFallback(_ served: Catalogs.Served) {
    result.fallbacks.append(Specialization.Fallback(key: served.message.key, locale: served.locale))
    report(Catalogs.missing(served.message, in: environment.locale))
  }

  private mutating func pieces(of message: Message, _ call: Expression.Call, _ scope: Scope) -> Residual {
    var arguments: [String: (value: Residual, argument: Argument)] = [:]
    for argument in call.named { arguments[argument.name] = (evaluate(argument.value, scope), argument) }
    checkArguments(of: message, call, scope)
    let frame = text.openFrame(at: call.range, from: scope.frame)
    return .pieces(
      message.pieces.compactMap { piece in
        switch piece {
        case .text(let bytes, let offsets):
          let origin = message.range(of: offsets)
          let isVerbatim = origin.range.count == bytes.count
          return .text(bytes, origin: origin, isVerbatim: isVerbatim, frame: frame)
        case .argument(let name, _):
          guard let (value, argument) = arguments[name] else { return nil }
          let subject = Subject(range: argument.value.range, expression: argument.value.range)
          return .value(value, subject: subject, frame: scope.frame)
        }
      })
  }

  /// Compares the arguments of a call with those of the message.
  private mutating func checkArguments(of message: Message, _ call: Expression.Call, _ scope: Scope) {
    let expected = message.arguments
    let given = Set(call.named.map(\.name))
    let note = Diagnostic.Note("the message is here", at: message.range)
    let missing = expected.filter { !given.contains($0) }
    let extra = call.named.filter { !expected.contains($0.name) }
    for argument in extra {
      let hint = Suggestion.nearest(to: argument.name, among: missing).map { "; did you mean '\($0)'?" } ?? ""
      report(
        .messageArgument, "the message '\(message.key)' has no argument '\(argument.name)'\(hint)",
        at: argument.nameRange, scope.frame, notes: [note], help: hint.isEmpty ? ["remove it"] : [])
    }
    let misspelled = extra.compactMap { Suggestion.nearest(to: $0.name, among: missing) }
    for name in missing where !misspelled.contains(name) {
      report(
        .messageArgument, "the message '\(message.key)' needs the argument '\(name)'", at: call.range, scope.frame,
        notes: [note], help: ["pass it: {{t \"\(message.key)\" \(name)=…}}"])
    }
  }
}
