import GalleyHTML
import GalleySource

/// What a value that the sender fills in may do, by place and type: the escaping, or why it is refused.
///
/// This is the whole table. A refusal has a code of its own for each reason, names the rule and shows the way out.
struct EscapeContext {
  /// What the table says.
  enum Verdict {
    case allowed(Escaping)
    case refused(Refusal)
  }

  /// Why a value may not stand somewhere.
  struct Refusal {
    let code: DiagnosticCode
    /// The end of a headline that begins with the author's words.
    let message: String
    let help: [String]
  }

  /// The type of the value.
  let type: ValueType
  /// Whether it is written with three braces; the checker sees to it that only markup is.
  let isRaw: Bool
  /// The name to declare otherwise, in the author's words; it is only asked for by a refusal.
  let words: () -> String

  var name: String { words() }

  // MARK: HTML

  /// Decides about a value in the HTML part.
  func verdict(at place: Place) -> Verdict {
    if isRaw, type == .html { return raw(at: place) }
    switch place.kind {
    case .text, .escapableRawText: return .allowed(.html)
    case .attribute(let attribute): return verdict(in: attribute)
    case .rawText(let element): return .refused(Self.refusal(inRawText: element))
    case .tagName: return .refused(Self.tagName)
    case .insideTag: return .refused(Self.insideTag)
    case .comment: return .refused(Self.comment)
    case .declaration: return .refused(Self.declaration)
    }
  }

  private func raw(at place: Place) -> Verdict {
    if case .text = place.kind {
      guard place.isInConditional else { return .allowed(.none) }
      return refuse(
        .escapeRaw, "is printed as markup in a conditional comment, which a comment in it would end",
        "write it outside of the conditional comment", "or pass a plain text in another variable")
    }
    return refuse(.escapeRaw, "is printed as markup where no markup can stand", "pass a plain text in another variable")
  }

  private func verdict(in attribute: Place.AttributePlace) -> Verdict {
    switch attribute.kind {
    case .script: return .refused(Self.refusal(inScriptAttribute: attribute.name))
    case .document: return .refused(Self.document)
    case .style where isClosed: break
    case .style: return .refused(style)
    case .presentational: return .refused(Self.refusal(inPresentational: attribute.name))
    case .forbiddenURL: return .refused(Self.refusal(inURLAttribute: attribute.name))
    case .directive: return .refused(Self.refusal(inDirective: attribute))
    case .ordinary, .url: break
    }
    switch attribute.quote {
    case .none: return .refused(Self.refusal(unquoted: attribute.name))
    case .single: return .refused(Self.refusal(singleQuoted: attribute.name))
    case .double: break
    }
    guard case .url(let part) = attribute.kind else { return .allowed(.html) }
    return verdict(in: part, of: attribute.name)
  }

  /// Whether the type has values of a closed grammar alone, which mean nothing but themselves in a style.
  private var isClosed: Bool {
    switch type {
    case .color, .integer, .invalid: true
    case .enumeration(let values): values.allSatisfy(StyleValue.isPlain)
    default: false
    }
  }

  private var style: Refusal {
    Refusal(
      code: .escapeStyle,
      message: "is \(type.described), and a style takes a color, an integer or an enumeration of words",
      help: [
        "declare '\(name)' as 'color', as 'integer' or as a list of words if it is one",
        "or choose between classes or literal values with '{{#if}}'",
      ])
  }

  private func verdict(in part: Place.URLPart, of attribute: String) -> Verdict {
    switch part {
    case .start:
      if type == .url || type == .invalid { return .allowed(.url) }
      return refuse(
        .escapeURLType, "is \(type.described), but '\(attribute)' takes a url",
        "declare '\(name)' as 'url' if it is a whole URL",
        "or write the beginning of the URL here, and declare '\(name)' as 'urlPart'")
    case .path, .query, .fragment: return piece(attribute)
    case .opaque: return type == .email ? .allowed(.address) : piece(attribute)
    case .schemeOrAuthority:
      return refuse(
        .escapeURLHost, "stands where the host or the scheme of the URL in '\(attribute)' is chosen",
        "write scheme and host here, followed by '/'", "or pass the whole URL as one variable of type 'url'")
    case .unknown: return .refused(Self.ambiguous)
    }
  }

  private func piece(_ attribute: String) -> Verdict {
    switch type {
    case .urlPart, .integer, .invalid: .allowed(.urlPart)
    default:
      refuse(
        .escapeURLPartType, "is \(type.described), but a piece of the URL in '\(attribute)' is a urlPart",
        "declare '\(name)' as 'urlPart': it is then percent-encoded where it is part of a URL",
        "or pass the whole URL as one variable of type 'url'")
    }
  }

  // MARK: Plain text

  /// Decides about a value in a part that is plain text.
  func verdict(in part: MailPart) -> Verdict {
    if type == .html {
      return refuse(
        .escapeMarkupInText, "is markup, and the \(part == .text ? "text part" : part.rawValue) is plain text",
        "pass a plain text in another variable")
    }
    return .allowed(part == .subject ? .line : .none)
  }

  // MARK: Refusals that do not depend on the type

  /// Why a condition or a loop may not stand at a place, if it may not.
  static func refusal(ofBlockAt place: Place) -> Refusal? {
    // Where a value without quotes turns out empty, what follows takes its place.
    if case .attribute(let attribute) = place.kind, attribute.quote == .none {
      return refusal(unquoted: attribute.name)
    }
    let isRefused =
      switch place.kind {
      case .text, .escapableRawText, .attribute, .insideTag: false
      case .rawText(let element): element != "style"
      case .tagName, .comment, .declaration: true
      }
    guard isRefused else { return nil }
    return Refusal(
      code: .escapeBlock, message: "is decided when the mail is sent, and cannot stand in \(place.description)",
      help: ["put the whole element or comment into the block"])
  }

  /// Why a block may not stand where bytes around it may be one piece.
  static let split = Refusal(
    code: .escapeBlock,
    message: "stands in the middle of what HTML reads as one piece: a name, '<' and what follows, a name and its value",
    help: ["let each branch hold whole elements, whole attributes or a whole value"])

  /// Why a hole may not stand before `>` in a conditional comment.
  static let conditionalEnd = Refusal(
    code: .escapeComment, message: "stands before '>' in a conditional comment, which '-->' would end",
    help: ["write '&gt;'"])

  /// Why a URL may not be put together from a value and something else.
  static let ambiguous = Refusal(
    code: .escapeURLAmbiguous, message: "is put together with something else to a URL, so that nobody can check it",
    help: ["pass the whole URL as one variable of type 'url'"])

  static func refusal(unquoted attribute: String) -> Refusal {
    Refusal(
      code: .escapeUnquoted, message: "stands in the value of '\(attribute)', which is not quoted",
      help: ["put the value of '\(attribute)' in double quotation marks"])
  }

  private static func refusal(singleQuoted attribute: String) -> Refusal {
    Refusal(
      code: .escapeSingleQuoted, message: "stands in the value of '\(attribute)', which is in single quotation marks",
      help: ["put the value of '\(attribute)' in double quotation marks"])
  }

  static func refusal(inRawText element: String) -> Refusal {
    element == "style"
      ? Refusal(
        code: .escapeStyle, message: "stands in a style sheet, where data cannot be made safe",
        help: ["choose between classes or rules with '{{#if}}'"])
      : Refusal(
        code: .escapeScript, message: "stands in '<\(element)>', where data cannot be made safe",
        help: ["remove '<\(element)>'; mail clients drop it"])
  }

  static func refusal(inScriptAttribute attribute: String) -> Refusal {
    Refusal(
      code: .escapeScript, message: "stands in '\(attribute)', which holds script",
      help: ["remove '\(attribute)'; mail clients drop it"])
  }

  private static func refusal(inPresentational attribute: String) -> Refusal {
    Refusal(
      code: .escapePresentational, message: "stands in '\(attribute)', which takes only what is known at build time",
      help: ["choose between literal values with '{{#if}}'"])
  }

  private static func refusal(inDirective attribute: Place.AttributePlace) -> Refusal {
    Refusal(
      code: .escapeDirective,
      message: "stands in '\(attribute.name)' of '<\(attribute.element)>', which tells the client what to do",
      help: ["write the value here"])
  }

  private static func refusal(inURLAttribute attribute: String) -> Refusal {
    Refusal(
      code: .escapeURLAttribute, message: "stands in '\(attribute)', whose URLs data may not choose",
      help: ["write the URL here, or use an 'img' with 'src'"])
  }

  static let document = Refusal(
    code: .escapeScript, message: "stands in 'srcdoc', which holds a document",
    help: ["remove 'srcdoc'; mail clients drop it"])

  static let tagName = Refusal(
    code: .escapeTagName, message: "stands in the name of a tag", help: ["choose between whole elements with '{{#if}}'"]
  )

  static let insideTag = Refusal(
    code: .escapeAttributeName, message: "stands in a tag where the name of an attribute is expected",
    help: ["write the attribute here, with the value in double quotation marks: title=\"{{…}}\""])

  static let comment = Refusal(
    code: .escapeComment, message: "stands in a comment",
    help: ["remove it, or write '{{! … }}' for a comment to yourself"])

  static let declaration = Refusal(
    code: .escapeDeclaration, message: "stands in a declaration", help: ["write the declaration out"])

  private func refuse(_ code: DiagnosticCode, _ message: String, _ help: String...) -> Verdict {
    .refused(Refusal(code: code, message: message, help: help))
  }
}
