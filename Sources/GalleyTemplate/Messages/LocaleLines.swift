/// A table of facts about locales: a line for each, which begins with the tag and a bar.
///
/// A locale without a line has that of its tag without the last subtags, unless CLDR has other facts for it that are
/// not in the table: then nothing is known, because its neighbor's facts would be wrong.
struct LocaleLines: Sendable {
  private let lines: [Substring: Substring]
  private let others: Set<Substring>

  /// Makes a table of its lines and of the tags, with spaces between, of the locales that differ and have none.
  init(_ text: String, others: String) {
    lines = Dictionary(text.split(separator: "\n").map { ($0.prefix { $0 != "|" }, $0) }) { first, _ in first }
    self.others = Set(others.split(separator: " "))
  }

  /// The tags that have a line, sorted.
  var tags: [String] { lines.keys.map(String.init).sorted() }

  /// What is known of a locale.
  subscript(locale: String) -> Substring? {
    var tag = Substring(locale)
    while true {
      if let line = lines[tag] { return line }
      guard !others.contains(tag), let hyphen = tag.lastIndex(of: "-") else { return nil }
      tag = tag[..<hyphen]
    }
  }
}
