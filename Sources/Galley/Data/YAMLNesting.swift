/// A look at a YAML text that keeps Yams, which recurses, from running out of stack.
///
/// It counts the columns that lines and dashes open, and the brackets. It does not know the texts that go over several
/// lines, so it may count too much; what it refuses is therefore far beyond what the converter, which counts exactly,
/// takes.
enum YAMLNesting {
  private static let limit = 2 * DataRules.depthLimit

  /// Where the nesting that is far too deep passes the limit of the converter, or nil.
  static func excess(in text: [UInt8]) -> Int? {
    var columns: [Int] = []
    var brackets = 0
    var place: Int?
    var lineStart = 0
    var isToken = true
    var index = 0
    while index < text.count {
      let byte = text[index]
      switch byte {
      case 0x0A, 0x0D: (lineStart, isToken) = (index + 1, true)
      case 0x20, 0x09: break
      case UInt8(ascii: "#") where index == lineStart || text[index - 1].isYAMLSpace:
        index = text.endOfLine(from: index) - 1
      case UInt8(ascii: "'") where isToken, UInt8(ascii: "\"") where isToken:
        guard let end = text[(index + 1)...].firstIndex(of: byte) else { return nil }
        index = end
        isToken = false
      case UInt8(ascii: "["), UInt8(ascii: "{"):
        if isToken || brackets > 0 { (brackets, isToken) = (brackets + 1, true) }
      case UInt8(ascii: "]"), UInt8(ascii: "}"): (brackets, isToken) = (max(0, brackets - 1), false)
      case UInt8(ascii: ","): isToken = brackets > 0
      case UInt8(ascii: ":"): isToken = brackets > 0 || text.isBlank(at: index + 1)
      default:
        if isToken, brackets == 0 {
          while let last = columns.last, last >= index - lineStart { columns.removeLast() }
          columns.append(index - lineStart)
        }
        let isIndicator = byte == UInt8(ascii: "-") || byte == UInt8(ascii: "?")
        isToken = isToken && isIndicator && text.isBlank(at: index + 1)
      }
      let depth = columns.count + brackets
      if depth <= DataRules.depthLimit { place = nil } else { place = place ?? index }
      if depth > limit { return place }
      index += 1
    }
    return nil
  }
}
