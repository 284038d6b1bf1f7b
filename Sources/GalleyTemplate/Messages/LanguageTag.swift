/// A language tag that is well formed by BCP 47, in canonical case: `en-ZA`, `sr-Latn-RS`.
///
/// Only the form is checked, never whether a subtag is registered. See RFC 5646, section 2.1.
package struct LanguageTag: Hashable, Sendable, CustomStringConvertible {
  /// The tag in canonical case.
  package let description: String
  /// The subtag of the language, such as `en`.
  package let language: String
  /// The subtag of the script, such as `Latn`, where the tag has one.
  package let script: String?

  /// Takes a tag in any case, or answers nil where the text is no tag.
  package init?(_ text: String) {
    guard text.utf8.count <= 100, text.utf8.allSatisfy({ Self.isAlphanumeric($0) || $0 == 0x2D }) else { return nil }
    let subtags = text.split(separator: "-", omittingEmptySubsequences: false).map { $0.lowercased() }
    guard let canonical = Self.canonical(subtags) else { return nil }
    description = canonical.joined(separator: "-")
    language = canonical[0]
    script = canonical.dropFirst().first { $0.utf8.count == 4 && Self.isAlphabetic($0) }
  }

  /// The tag that somebody meant who wrote `text`, such as `en-US` for `en_us`.
  package static func meant(by text: String) -> LanguageTag? {
    LanguageTag(String(text.map { $0 == "_" ? "-" : $0 }))
  }

  /// Whether the language is written from right to left.
  package var isRightToLeft: Bool {
    if let script { return Self.rightToLeftScripts.contains(script) }
    return Self.rightToLeftLanguages.contains(language)
  }

  private static let rightToLeftScripts: Set<String> = [
    "Adlm", "Arab", "Hebr", "Mand", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa",
  ]

  private static let rightToLeftLanguages: Set<String> = [
    "ar", "arc", "ckb", "dv", "fa", "he", "ks", "nqo", "ps", "sd", "syr", "ug", "ur", "yi",
  ]

  /// The subtags in canonical case, or nil where their sequence is not that of RFC 5646.
  private static func canonical(_ subtags: [String]) -> [String]? {
    var rest = subtags[...]
    guard let language = rest.popFirst(), isAlphabetic(language), (2...8).contains(language.utf8.count) else {
      return nil
    }
    var result = [language]
    if language.utf8.count <= 3 { take(3, from: &rest, into: &result) { $0.utf8.count == 3 && isAlphabetic($0) } }
    take(1, from: &rest, into: &result, spelled: capitalized) { $0.utf8.count == 4 && isAlphabetic($0) }
    take(1, from: &rest, into: &result, spelled: { $0.uppercased() }) {
      $0.utf8.count == 2 && isAlphabetic($0) || $0.utf8.count == 3 && $0.utf8.allSatisfy(isDigit)
    }
    take(.max, from: &rest, into: &result) { isVariant($0) }
    while let singleton = rest.first, singleton.utf8.count == 1 {
      rest.removeFirst()
      result.append(singleton)
      let isPrivate = singleton == "x"
      let count = result.count
      take(.max, from: &rest, into: &result) { (isPrivate ? 1...8 : 2...8).contains($0.utf8.count) }
      if result.count == count { return nil }
    }
    return rest.isEmpty ? result : nil
  }

  /// Moves up to `limit` subtags that fit, in the given spelling.
  private static func take(
    _ limit: Int, from rest: inout ArraySlice<String>, into result: inout [String],
    spelled: (String) -> String = { $0 }, where fits: (String) -> Bool
  ) {
    var count = 0
    while count < limit, let next = rest.first, fits(next) {
      result.append(spelled(next))
      rest.removeFirst()
      count += 1
    }
  }

  private static func isVariant(_ subtag: String) -> Bool {
    let count = subtag.utf8.count
    return (5...8).contains(count) || count == 4 && (subtag.utf8.first.map(isDigit) ?? false)
  }

  private static func capitalized(_ subtag: String) -> String { subtag.prefix(1).uppercased() + subtag.dropFirst() }

  private static func isAlphabetic(_ subtag: String) -> Bool {
    subtag.utf8.allSatisfy { (0x41...0x5A).contains($0 & 0xDF) }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool { isDigit(byte) || (0x41...0x5A).contains(byte & 0xDF) }
}
