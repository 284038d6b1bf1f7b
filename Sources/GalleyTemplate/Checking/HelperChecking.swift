import GalleySource

// Calls of helpers: what they are given, and what they give.
extension Checker {
  /// Checks a call, and finds the type of what it gives.
  mutating func evaluate(_ call: Expression.Call) -> Typed {
    guard let helper = HelperSignature.named(call.name) else { return reportUnknownHelper(call) }
    if !helper.takesNamed, let stray = call.named.first {
      report(
        .helperArguments, "'\(call.name)' takes no named arguments", at: stray.nameRange,
        help: ["write '(\(helper.example))'"])
    }
    guard helper.arity.contains(call.positional.count) else {
      evaluateArguments(call)
      let (low, high) = (helper.arity.lowerBound, helper.arity.upperBound)
      let wanted = low == high ? "\(low)" : high == 64 ? "at least \(low)" : "\(low) to \(high)"
      let noun = low == high && low == 1 ? "argument" : "arguments"
      report(
        .helperArguments, "'\(call.name)' takes \(wanted) \(noun), and has \(call.positional.count)",
        at: call.nameRange,
        help: ["write '(\(helper.example))'"])
      return .invalid
    }
    switch helper.rule {
    case .message: return checkMessage(call)
    case .equality: return checkEquality(call)
    case .order: return checkOrder(call)
    case .logic: return checkLogic(call)
    case .fallback: return checkFallback(call)
    case .join: return checkJoin(call)
    case .format: return checkFormat(call)
    case .asset: return checkAsset(call)
    }
  }

  private mutating func evaluateArguments(_ call: Expression.Call) {
    for argument in call.positional { _ = evaluate(argument) }
    for argument in call.named { _ = evaluate(argument.value) }
  }

  /// Helpers of Handlebars and of habit, with what to write here.
  private static let foreignHelpers = [
    "lookup": "write the path: 'record.field'", "log": "there is nothing to log to",
    "equals": "write '(eq a b)'", "eqs": "write '(eq a b)'", "neq": "write '(ne a b)'", "lte": "write '(le a b)'",
    "gte": "write '(ge a b)'", "is": "write '(eq a b)'", "fallback": "write '(default a b)'",
    "translate": "write '(t \"key\")'", "i18n": "write '(t \"key\")'", "if": "write '{{#if …}}…{{/if}}'",
    "each": "write '{{#each …}}…{{/each}}'", "unless": "write '{{#unless …}}…{{/unless}}'",
    "with": "write '{{#with …}}…{{/with}}'", "include": "write '{{> name}}'", "partial": "write '{{> name}}'",
    "concat": "put the values beside each other: '{{a}}{{b}}'",
  ]

  private mutating func reportUnknownHelper(_ call: Expression.Call) -> Typed {
    let isValue = bindings.contains { $0.name == call.name } || root[call.name] != nil
    if isValue {
      if root[call.name] != nil { result.usage[call.name, default: []].insert(part) }
      evaluateArguments(call)
      report(
        .unknownHelper, "'\(call.name)' is a value and takes no arguments", at: call.nameRange,
        help: ["write one value a tag; names hold no spaces"])
      return .invalid
    }
    let foreign = Self.foreignHelpers[call.name]
    let near = foreign == nil ? nearest(to: call.name, among: HelperSignature.all.map(\.name)) : nil
    let known = HelperSignature.all.map(\.name).joined(separator: ", ")
    isBroken = isBroken || (call.positional.isEmpty && call.named.isEmpty)
    evaluateArguments(call)
    report(
      .unknownHelper, "there is no helper '\(call.name)'" + (near.map { "; did you mean '\($0)'?" } ?? ""),
      at: call.nameRange, help: near == nil ? [foreign ?? "the helpers are \(known)"] : [],
      fixes: near.map { [FixIt("write '\($0)'", isSafe: false, edits: [SourceEdit(call.nameRange, $0)])] } ?? [])
    return .invalid
  }

  private mutating func checkMessage(_ call: Expression.Call) -> Typed {
    let key = call.positional[0]
    if case .literal(.string(let text), let range) = key {
      var arguments: [CheckResult.MessageUse.Argument] = []
      for argument in call.named {
        let value = evaluate(argument.value)
        requirePrintable(value, argument.value.range, "a message")
        arguments.append(.init(name: argument.name, range: argument.nameRange, type: value.type))
      }
      result.messages.append(
        CheckResult.MessageUse(key: text, keyRange: range, callRange: call.range, arguments: arguments))
      return Typed(.string)
    }
    let value = evaluate(key)
    for argument in call.named { requirePrintable(evaluate(argument.value), argument.value.range, "a message") }
    if value.type != .invalid, value.type.family != .text || value.literal != nil {
      report(
        .helperArguments, "the key of a message is a text, not \(value.type.described)", at: key.range,
        help: ["write '(t \"key\")'"])
      return .invalid
    }
    requirePresent(value, at: key.range, "it chooses the message")
    result.computedMessages.append(call.range)
    return Typed(.string)
  }

  /// Reports a value that can't be put into a text.
  private mutating func requirePrintable(_ value: Typed, _ range: SourceRange, _ what: String) {
    if value.type == .invalid { return }
    guard value.type.isPrintable, value.type != .html, value.literal != .null else {
      let described = value.literal == .null ? "nothing" : value.type.described
      return report(
        .helperArguments, "'\(sources.text(range))' is \(described), which \(what) cannot hold", at: range,
        notes: value.note)
    }
    requirePresent(value, at: range, "\(what) needs a value")
  }

  private mutating func checkEquality(_ call: Expression.Call) -> Typed {
    let (a, b) = (evaluate(call.positional[0]), evaluate(call.positional[1]))
    var typed = Typed(.boolean)
    let isEqual = call.name == "eq"
    for (value, other) in [(a, b), (b, a)] where other.literal != nil && other.literal != .null {
      // What is absent equals an empty text, and nothing else that is written.
      let isThereWhenEqual = other.literal != .string("")
      if isEqual == isThereWhenEqual {
        typed.whenTrue.formUnion(value.whenTrue)
      } else {
        typed.whenFalse.formUnion(value.whenTrue)
      }
    }
    for (value, expression) in [(a, call.positional[0]), (b, call.positional[1])] where value.literal == .null {
      report(
        .incomparable, "null cannot be compared", at: expression.range,
        help: ["ask whether a value is there with '{{#if value}}'"])
      return typed
    }
    if checkComparable(a, b, call) { checkPossible(a, b, call) }
    return typed
  }

  private mutating func checkComparable(_ a: Typed, _ b: Typed, _ call: Expression.Call) -> Bool {
    for (value, expression) in [(a, call.positional[0]), (b, call.positional[1])] where value.type.family == nil {
      report(
        .incomparable, "'\(sources.text(expression.range))' is \(value.type.described), which cannot be compared",
        at: expression.range, notes: value.note)
      return false
    }
    guard let first = a.type.family, let second = b.type.family, !first.meets(second) else { return true }
    let help: [String] =
      if case .string(let text)? = b.literal ?? a.literal, Int(text) != nil {
        ["write \(text) without quotes"]
      } else if case .string(let text)? = b.literal ?? a.literal, text == "true" || text == "false" {
        ["write \(text) without quotes"]
      } else { [] }
    let (one, two) = (sources.text(call.positional[0].range), sources.text(call.positional[1].range))
    report(
      .incomparable, "'\(one)' is \(a.type.described), '\(two)' is \(b.type.described): they are never equal",
      at: call.range, notes: a.note + b.note, help: help)
    return false
  }

  /// Reports the comparison of an enumeration with a text that it never is.
  private mutating func checkPossible(_ a: Typed, _ b: Typed, _ call: Expression.Call) {
    for (value, other, index) in [(a, b, 1), (b, a, 0)] {
      guard case .enumeration(let values) = value.type, case .string(let text)? = other.literal, !values.contains(text)
      else { continue }
      let name = sources.text(call.positional[1 - index].range)
      let range = call.positional[index].range
      let near = text.isEmpty ? nil : nearest(to: text, among: values)
      let list = values.prefix(20).map { "'\($0)'" }.joined(separator: ", ") + (values.count > 20 ? ", …" : "")
      var help = ["its values are \(list)"]
      if text.isEmpty, value.absence != nil { help.append("ask whether it is there with '{{#if \(name)}}'") }
      let quote = sources.text(range).first ?? "\""
      report(
        .impossibleValue, "'\(name)' is never '\(text)'" + (near.map { "; did you mean '\($0)'?" } ?? ""),
        at: range, notes: value.note, help: help,
        fixes: near.map {
          [FixIt("write '\($0)'", isSafe: false, edits: [SourceEdit(range, "\(quote)\($0)\(quote)")])]
        } ?? [])
    }
  }

  private mutating func checkOrder(_ call: Expression.Call) -> Typed {
    for expression in call.positional {
      let value = evaluate(expression)
      let isNumber = value.type == .integer || value.type == .decimal && value.isKnown
      if isNumber || value.type == .invalid {
        requirePresent(value, at: expression.range, "it is compared here", fallback: "0")
        continue
      }
      report(
        .incomparable,
        "'\(sources.text(expression.range))' is \(value.type.described), which has no order", at: expression.range,
        notes: value.note, help: ["only integers are more or less than another"])
    }
    return Typed(.boolean)
  }

  private mutating func checkLogic(_ call: Expression.Call) -> Typed {
    let outside = present
    defer { present = outside }
    var typed = Typed(.boolean)
    switch call.name {
    case "not":
      let value = evaluate(call.positional[0])
      (typed.whenTrue, typed.whenFalse) = (value.whenFalse, value.whenTrue)
    case "and":
      for (index, expression) in call.positional.enumerated() {
        let value = evaluate(expression)
        typed.whenTrue.formUnion(value.whenTrue)
        typed.whenFalse = index == 0 ? value.whenFalse : typed.whenFalse.intersection(value.whenFalse)
        present.formUnion(value.whenTrue)
      }
    default:
      for (index, expression) in call.positional.enumerated() {
        let value = evaluate(expression)
        typed.whenFalse.formUnion(value.whenFalse)
        typed.whenTrue = index == 0 ? value.whenTrue : typed.whenTrue.intersection(value.whenTrue)
        present.formUnion(value.whenFalse)
      }
    }
    return typed
  }

  private mutating func checkFallback(_ call: Expression.Call) -> Typed {
    let (value, other) = (evaluate(call.positional[0]), evaluate(call.positional[1]))
    if value.type == .invalid || other.type == .invalid { return .invalid }
    if other.literal == .null {
      report(
        .helperArguments, "null is no fallback", at: call.positional[1].range,
        help: ["write what to show instead, such as '(default name \"you\")'"])
      return .invalid
    }
    var typed = Typed(.invalid)
    typed.absence = other.absence
    typed.isKnown = value.isKnown && other.isKnown
    typed.declared = value.declared
    if let literal = other.literal, literalFault(literal, value.type) == nil {
      typed.type = value.type
    } else if other.type.fits(value.type) {
      typed.type = value.type
    } else if value.type.fits(other.type) {
      typed.type = other.type
    } else if value.type.fits(.string), other.type.fits(.string) {
      typed.type = .string
    } else {
      let (one, two) = (sources.text(call.positional[0].range), sources.text(call.positional[1].range))
      report(
        .helperArguments,
        "'\(one)' is \(value.type.described), and '\(two)' is \(other.type.described): it cannot stand in for it",
        at: call.positional[1].range, notes: value.note + other.note)
    }
    return typed
  }

  private mutating func checkJoin(_ call: Expression.Call) -> Typed {
    let list = evaluate(call.positional[0])
    requirePrintable(evaluate(call.positional[1]), call.positional[1].range, "a separator")
    let range = call.positional[0].range
    if list.type == .invalid { return Typed(.string) }
    guard case .list(let element) = list.type, element.isPrintable, element != .html else {
      report(
        .helperArguments, "'\(sources.text(range))' is \(list.type.described), not a list of texts", at: range,
        notes: list.note,
        help: [
          list.type.isList ? "go through it with '{{#each \(sources.text(range))}}'" : "write '(join tags \", \")'"
        ])
      return .invalid
    }
    requirePresent(list, at: range, "it is joined here", fallback: nil)
    return Typed(.string)
  }

  private mutating func checkFormat(_ call: Expression.Call) -> Typed {
    for expression in call.positional { requirePrintable(evaluate(expression), expression.range, "'format'") }
    for argument in call.named {
      requirePrintable(evaluate(argument.value), argument.value.range, "'format'")
      let names = ["currency", "date", "time"]
      guard !names.contains(argument.name) else { continue }
      let near = Suggestion.nearest(to: argument.name, among: names).map { "; did you mean '\($0)'?" }
      report(
        .helperArguments, "'format' has no argument '\(argument.name)'\(near ?? "")", at: argument.nameRange,
        help: near == nil ? ["there are currency, date and time: '(format data.launch date=\"long\")'"] : [])
    }
    return Typed(.string)
  }

  private mutating func checkAsset(_ call: Expression.Call) -> Typed {
    let value = evaluate(call.positional[0])
    if value.type != .invalid, value.type.family != .text {
      report(
        .helperArguments, "the path of an asset is a text, not \(value.type.described)", at: call.positional[0].range,
        help: ["write '(asset \"images/logo.png\")'"])
    } else {
      requirePresent(value, at: call.positional[0].range, "it names the file")
    }
    return Typed(.url)
  }
}
