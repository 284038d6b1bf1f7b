/// A language tag: language, script, region and variants of BCP 47, in its canonical spelling.
///
/// Spec: https://www.rfc-editor.org/rfc/rfc5646, sections 2.1 and 2.1.1. Extensions, private use and the grandfathered
/// tags are left out: a locale of a mail needs none.
package struct LanguageTag: Hashable, Sendable, CustomStringConvertible {
  /// The language, such as `en`.
  package let language: String
  /// The script, such as `Latn`, where the tag has one.
  package let script: String?
  /// The region, such as `ZA`, where the tag has one.
  package let region: String?
  /// The tag in its canonical spelling.
  package let description: String

  /// Parses a tag in any case, with `-` or `_`; nil if it is none.
  package init?(_ text: String) {
    let subtags = text.utf8.split(omittingEmptySubsequences: false) { $0 == 0x2D || $0 == 0x5F }.map(Array.init)
    guard let first = subtags.first, (2...3).contains(first.count), first.allSatisfy(Self.isLetter),
      subtags.allSatisfy({ $0.allSatisfy { Self.isLetter($0) || (0x30...0x39).contains($0) } })
    else { return nil }
    let language = String(decoding: first, as: UTF8.self).lowercased()
    var rest = subtags.dropFirst()
    var parts = [language]
    var script: String?
    var region: String?
    if let subtag = rest.first, subtag.count == 4, subtag.allSatisfy(Self.isLetter) {
      let text = String(decoding: subtag, as: UTF8.self).lowercased()
      script = text.prefix(1).uppercased() + text.dropFirst()
      rest = rest.dropFirst()
    }
    if let subtag = rest.first, Self.isRegion(subtag) {
      region = String(decoding: subtag, as: UTF8.self).uppercased()
      rest = rest.dropFirst()
    }
    parts += [script, region].compactMap { $0 }
    for subtag in rest {
      guard (5...8).contains(subtag.count) || (subtag.count == 4 && !Self.isLetter(subtag[0])) else { return nil }
      parts.append(String(decoding: subtag, as: UTF8.self).lowercased())
    }
    self.language = language
    self.script = script
    self.region = region
    description = parts.joined(separator: "-")
  }

  /// Whether the script, which is the language's usual one where the tag names none, runs from right to left.
  package var isRightToLeft: Bool {
    script.map(Self.rightToLeftScripts.contains) ?? Self.rightToLeftLanguages.contains(language)
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }

  private static func isRegion(_ subtag: [UInt8]) -> Bool {
    subtag.count == 2
      ? subtag.allSatisfy(isLetter) : subtag.count == 3 && subtag.allSatisfy { (0x30...0x39).contains($0) }
  }

  private static let rightToLeftScripts: Set<String> = [
    "Adlm", "Arab", "Hebr", "Mand", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa",
  ]
  private static let rightToLeftLanguages: Set<String> = [
    "ar", "arc", "ckb", "dv", "fa", "he", "ks", "nqo", "ps", "sd", "syr", "ug", "ur", "yi",
  ]
}
