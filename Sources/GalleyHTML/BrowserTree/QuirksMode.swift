/// Whether a browser draws a document as those of old, in which a table may stand in a paragraph.
///
/// The doctypes are those that were written much; the many of single programs of the nineties are left out
/// (https://html.spec.whatwg.org/multipage/parsing.html#the-initial-insertion-mode).
enum QuirksMode {
  private static let beginnings = [
    "-//ietf//dtd html", "-//w3c//dtd html 3", "-//w3c//dtd html 4.0 frameset//", "-//w3c//dtd html 4.0 transitional//",
    "-//w3c//dtd html experimental", "-//w3c//dtd w3 html", "-//w3o//dtd w3 html", "-//netscape comm. corp.//dtd",
    "-//microsoft//dtd internet explorer", "-//sun microsystems corp.//dtd hotjava", "-//softquad",
  ]

  /// Says so of the bytes of a doctype.
  static func isQuirky(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
    let text = String(decoding: bytes[range].map { $0.isHTMLSpace ? 0x20 : $0.lowercased }, as: UTF8.self)
    let words = text.dropFirst("<!doctype".count).split(separator: " ", maxSplits: 1)
    let name = words.first.map { $0.hasSuffix(">") ? $0.dropLast() : $0 } ?? ""
    guard name == "html" else { return true }
    let identifiers = quoted(words.count > 1 ? words[1] : "")
    guard words.count > 1, words[1].hasPrefix("public"), let identifier = identifiers.first else { return false }
    if beginnings.contains(where: identifier.hasPrefix) { return true }
    let isOld = ["frameset//", "transitional//"].contains { identifier.hasPrefix("-//w3c//dtd html 4.01 " + $0) }
    return isOld && identifiers.count < 2
  }

  /// The quoted parts of a text.
  private static func quoted(_ text: Substring) -> [Substring] {
    var result: [Substring] = []
    var rest = text
    while let start = rest.firstIndex(where: { $0 == "\"" || $0 == "'" }) {
      let mark = rest[start]
      rest = rest[rest.index(after: start)...]
      guard let end = rest.firstIndex(of: mark) else { return result }
      result.append(rest[..<end])
      rest = rest[rest.index(after: end)...]
    }
    return result
  }
}
