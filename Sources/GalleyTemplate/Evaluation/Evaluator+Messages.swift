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
    return pieces(of: served, call, scope)
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
    report(environment.catalogs.missing(served.message, in: environment.locale))
  }

  private mutating func pieces(of served: Catalogs.Served, _ call: Expression.Call, _ scope: Scope) -> Residual {
    let message = served.message
    var arguments: [String: MessageCall.Value] = [:]
    for argument in call.named {
      let subject = Subject(range: argument.value.range, expression: argument.value.range)
      arguments[argument.name] = MessageCall.Value(value: evaluate(argument.value, scope), subject: subject)
    }
    checkArguments(of: message, call, scope)
    let frame = text.openFrame(at: call.range, from: scope.frame)
    let filling = MessageCall(
      message: message, locale: served.locale, arguments: arguments, frame: frame, callFrame: scope.frame)
    return .pieces(fill(message.pieces, filling))
  }

  /// Puts the arguments of a call into pieces of its message.
  mutating func fill(_ pieces: [Message.Piece], _ call: MessageCall) -> [TextPiece] {
    var result: [TextPiece] = []
    for piece in pieces {
      switch piece {
      case .text(let bytes, let offsets):
        let origin = call.message.range(of: offsets)
        let isVerbatim = origin.range.count == bytes.count
        result.append(.text(bytes, origin: origin, isVerbatim: isVerbatim, frame: call.frame))
      case .argument(let name, _):
        guard let argument = call.arguments[name] else { continue }
        result.append(.value(argument.value, subject: argument.subject, frame: call.callFrame))
      case .number(let name, let style, _):
        guard let argument = call.arguments[name] else { continue }
        let value = formatted(argument, .number(style), call)
        result.append(.value(value, subject: argument.subject, frame: call.callFrame))
      case .date(let name, let style, _):
        guard let argument = call.arguments[name] else { continue }
        let value = formatted(argument, .date(style), call)
        result.append(.value(value, subject: argument.subject, frame: call.callFrame))
      case .count(let name, let offset, _):
        guard let argument = call.arguments[name] else { continue }
        let value = argument.value.folded.less(offset).counted(in: call.locale)
        result.append(.value(value, subject: argument.subject, frame: call.callFrame))
      case .plural(let plural): result += choose(plural, call)
      case .select(let select): result += choose(select, call)
      case .tag(let name, let content, let offsets):
        let content = fill(content, call)
        guard let address = call.arguments[name] else {
          result += content
          continue
        }
        let link = TextPiece.Link(
          address: address.value, subject: address.subject, addressFrame: call.callFrame, content: content,
          origin: call.message.range(of: offsets), frame: call.frame)
        result.append(.link(link))
      }
    }
    return result
  }

  /// A known number or date in the style that a message asks for.
  private mutating func formatted(
    _ argument: MessageCall.Value, _ style: KnownFormat, _ call: MessageCall
  ) -> Residual {
    let fault: KnownFormat.Fault
    switch argument.value.folded {
    case .invalid: return .invalid
    case .known(let value, let type, let isData):
      switch style.format(value.text ?? "", in: call.locale) {
      case .success(let text):
        return .known(.string(text), type: type?.isFormattedAsText == true ? .string : type, isData: isData)
      case .failure(let found): fault = found
      }
    case .send:
      fault = KnownFormat.Fault(
        "is known to the sender alone, who can't format \(style.noun)",
        help: "let the service pass the formatted text, and print it plainly: '{name}'")
    case .pieces: fault = KnownFormat.Fault("is a text with variables, not \(style.noun)", help: "pass it plainly")
    }
    report(
      .messageValue, "'\(words(argument.subject.expression))' \(fault.message)",
      at: argument.subject.expression, call.callFrame,
      notes: [Diagnostic.Note("the message is here", at: call.message.range)], help: [fault.help])
    return .invalid
  }

  /// Compares the arguments of a call with those of the message.
  private mutating func checkArguments(of message: Message, _ call: Expression.Call, _ scope: Scope) {
    if message.takes(call.named) { return }
    let expected = message.arguments + message.tags
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
      if message.tags.contains(name) {
        report(
          .messageTag, "the call of '\(message.key)' does not bind the tag '<\(name)>'", at: call.range, scope.frame,
          notes: [note], help: ["pass the address of the link: {{t \"\(message.key)\" \(name)=…}}"])
        continue
      }
      report(
        .messageArgument, "the message '\(message.key)' needs the argument '\(name)'", at: call.range, scope.frame,
        notes: [note], help: ["pass it: {{t \"\(message.key)\" \(name)=…}}"])
    }
  }
}

extension Message {
  /// Whether a call with these arguments, of which there are few, passes what the message takes and nothing else.
  fileprivate func takes(_ named: [Argument]) -> Bool {
    guard named.count <= 8, named.count == arguments.count + tags.count else { return false }
    return arguments.allSatisfy { name in named.contains { $0.name == name } }
      && tags.allSatisfy { name in !arguments.contains(name) && named.contains { $0.name == name } }
  }
}

/// A call of a message with its arguments.
struct MessageCall {
  /// A value that the call passes.
  struct Value {
    var value: Residual
    var subject: Subject
  }

  let message: Message
  /// The locale whose text it is, which a fallback may have changed.
  let locale: String
  let arguments: [String: Value]
  /// The frame of the message's text.
  let frame: OriginMap.Frame
  /// The frame of the call itself.
  let callFrame: OriginMap.Frame
}

extension Residual {
  /// A number as the locale writes it where it is known; what comes from a variable is printed as the sender would.
  fileprivate func counted(in locale: String) -> Residual {
    guard case .known(let value, let type, false) = self, let text = value.text,
      let formatted = NumberFormat.of(locale)?.format(text, DecimalDigits(text)?.style ?? NumberStyle())
    else { return self }
    return .known(.string(formatted), type: type, isData: false)
  }

  /// A known whole number less another; any other value as it is.
  fileprivate func less(_ offset: Int) -> Residual {
    guard offset != 0, case .known(let value, let type, let isData) = self, let text = value.text,
      let number = Int(text)
    else { return self }
    let (difference, isOverflow) = number.subtractingReportingOverflow(offset)
    return isOverflow ? self : .known(.integer(difference), type: type, isData: isData)
  }
}

extension DecimalDigits {
  /// The style that shows all decimals that are written.
  fileprivate var style: NumberStyle {
    var style = NumberStyle()
    style.decimals = decimals.count...decimals.count
    return style
  }
}
