/// The names of pseudo-classes and pseudo-elements, and what can be said about each before the mail is opened.
enum PseudoNames {
  /// Those that the document decides.
  static let fixed: [String: SelectorStore.Simple.Kind] = [
    "root": .root, "scope": .root, "empty": .empty, "only-child": .onlyChild, "only-of-type": .onlyOfType,
    "link": .link, "any-link": .link, "-webkit-any-link": .link, "enabled": .enabled, "disabled": .disabled,
    "required": .required,
    "optional": .optional,
  ]

  /// Those that are An+B with A zero, and their B.
  static let positions: [String: (SelectorStore.Simple.Kind, Int32)] = [
    "first-child": (.nthChild, 1), "last-child": (.nthLastChild, 1), "first-of-type": (.nthOfType, 1),
    "last-of-type": (.nthLastOfType, 1),
  ]

  /// Those that the reader, the client or the time decides.
  ///
  /// `:checked` is one of them, since readers click, and `:read-only` and `:read-write`, since a mail that is answered
  /// is edited, and all of it with it.
  static let dynamic: Set<String> = [
    "active", "hover", "visited", "focus", "focus-within", "focus-visible", "target", "checked", "indeterminate",
    "default", "valid", "invalid", "user-valid", "user-invalid", "in-range", "out-of-range", "read-only", "read-write",
    "placeholder-shown", "autofill", "fullscreen", "modal", "open", "popover-open", "picture-in-picture", "defined",
    "current", "past", "future", "host", "-webkit-autofill",
  ]

  /// Those that some browsers know, so that the others drop the whole rule.
  static let vendor: Set<String> = [
    "target-within", "blank", "playing", "paused", "seeking", "muted", "buffering", "stalled", "volume-locked",
    "local-link", "matches", "heading", "has-slotted", "nth-col", "nth-last-col",
  ]

  /// Pseudo-elements that may be written with one colon.
  static let legacyElements: Set<String> = ["before", "after", "first-line", "first-letter"]

  private static let elements: Set<String> = [
    "before", "after", "first-line", "first-letter", "selection", "placeholder", "marker", "backdrop", "cue",
    "cue-region", "file-selector-button", "grammar-error", "spelling-error", "target-text", "part", "slotted",
    "highlight", "details-content", "view-transition",
  ]

  /// Whether every browser takes a pseudo-element with that name, in lower case, as valid.
  static func isElement(_ name: String) -> Bool { elements.contains(name) || name.hasPrefix("-webkit-") }

  /// All names without a prefix, for suggestions.
  static var suggestions: [String] {
    let names = Array(fixed.keys) + Array(positions.keys) + Array(dynamic) + Array(elements) + functions
    return names.filter { !$0.hasPrefix("-") }.sorted()
  }

  private static let functions = [
    "is", "where", "not", "has", "nth-child", "nth-last-child", "nth-of-type", "nth-last-of-type", "lang", "dir",
  ]
}
