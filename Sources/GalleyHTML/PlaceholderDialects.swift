/// The placeholder languages by the names that people know them by, and which of them a document is written in.
extension PlaceholderScanner.Syntaxes {
  /// The names, each with the syntaxes that the language uses, in the order of documentation.
  package static let named: [(name: String, syntaxes: PlaceholderScanner.Syntaxes)] = [
    ("handlebars", .braces), ("mustache", .braces), ("mustachio", .braces), ("liquid", [.braces, .tags]),
    ("jinja", [.braces, .tags]), ("erb", .angles), ("ejs", .angles), ("percent", .percents), ("bars", .bars),
    ("dollar", .dollars), ("brackets", .brackets), ("at", .ats),
  ]

  /// The syntaxes that `bytes` are likely written in.
  ///
  /// These are the standard ones, whose marks mean nothing in HTML and CSS, and the others where there is clear
  /// evidence: `[[x]]` where double brackets enclose a plain name, such as `[[first_name]]` or `[[ user.name ]]`; `@x`
  /// where `RazorScanner.isEvident` says so. Costs one pass.
  package static func detected(in bytes: [UInt8]) -> PlaceholderScanner.Syntaxes {
    var result = standard
    if hasBracketedName(bytes.span) { result.insert(.brackets) }
    if bytes.contains(0x40), RazorScanner.isEvident(bytes.span) { result.insert(.ats) }
    return result
  }

  private static func hasBracketedName(_ bytes: Span<UInt8>) -> Bool {
    var index = bytes.first(ASCII.openBracket, from: 0, to: bytes.count)
    while index + 4 < bytes.count {
      let isDouble = bytes[index + 1] == ASCII.openBracket && !PlaceholderScanner.isCDATA(bytes, at: index)
      if isDouble, isName(bytes, index + 2) { return true }
      index = bytes.first(ASCII.openBracket, from: index + 1, to: bytes.count)
    }
    return false
  }

  private static let longestName = 64

  /// Whether a name, perhaps with spaces around it, stands at `start`, and `]]` behind it.
  private static func isName(_ bytes: Span<UInt8>, _ start: Int) -> Bool {
    var index = start
    if bytes[index] == ASCII.space { index += 1 }
    guard index < bytes.count, bytes[index].isLetter || bytes[index] == 0x5F else { return false }
    let limit = min(bytes.count, index + longestName)
    while index < limit {
      let byte = bytes[index]
      guard byte.isLetter || byte.isDigit || byte == 0x5F || byte == 0x2E || byte == ASCII.dash || byte == ASCII.colon
      else { break }
      index += 1
    }
    if bytes.at(index) == ASCII.space { index += 1 }
    return bytes.at(index) == ASCII.closeBracket && bytes.at(index + 1) == ASCII.closeBracket
  }
}
