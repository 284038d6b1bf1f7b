/// What HTML says about names, as far as styling goes.
enum HTMLVocabulary {
  /// Elements that never get a `style` attribute, because nothing of them is rendered or because clients drop them.
  ///
  /// `html` is among them: rules that match it stay in the sheet.
  static let unstyled = NameSet(
    hashes([
      "html", "head", "meta", "title", "style", "script", "base", "link", "param", "source", "track", "template",
      "noscript", "noembed", "noframes", "xml",
    ]))

  /// Attributes whose values compare without regard to case
  /// (https://html.spec.whatwg.org/multipage/semantics-other.html#case-sensitivity-of-selectors).
  private static let caseInsensitiveValues = Set(
    hashes([
      "accept", "accept-charset", "align", "alink", "axis", "bgcolor", "charset", "checked", "clear", "codetype",
      "color",
      "compact", "declare", "defer", "dir", "direction", "disabled", "enctype", "face", "frame", "hreflang",
      "http-equiv",
      "lang", "language", "link", "media", "method", "multiple", "nohref", "noresize", "noshade", "nowrap", "readonly",
      "rel", "rev", "rules", "scope", "scrolling", "selected", "shape", "target", "text", "type", "valign", "valuetype",
      "vlink",
    ]))

  /// Elements that `:disabled` and `:enabled` know.
  private static let disableable = NameSet(
    hashes([
      "button", "input", "select", "textarea", "optgroup", "option", "fieldset",
    ]))

  /// Elements that `:required` and `:optional` know.
  private static let requirable = NameSet(hashes(["input", "select", "textarea"]))

  private static func hashes(_ names: [String]) -> [UInt64] {
    names.map { name in
      var hash = RunningHash()
      for byte in name.utf8 { hash.add(byte) }
      return hash.value
    }
  }

  static func hasCaseInsensitiveValue(_ hash: UInt64) -> Bool { caseInsensitiveValues.contains(hash) }
  static func isDisableable(_ hash: UInt64) -> Bool { disableable.contains(hash) }
  static func isRequirable(_ hash: UInt64) -> Bool { requirable.contains(hash) }
}
