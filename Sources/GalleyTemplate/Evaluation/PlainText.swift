import GalleyHTML
import GalleySource

// What is different where a text part is written by hand: there are no tags, and addresses stand among the words.

extension Assembler {
  /// The bytes from the last white space on: what an address that is being written begins with.
  var lastWord: ArraySlice<UInt8> {
    let bytes = text.bytes
    let limit = max(bytes.count - 2_048, 0)
    var start = bytes.count
    while start > limit, bytes[start - 1] > 0x20 || bytes[start - 1] == AssembledText.token { start -= 1 }
    return bytes[start...]
  }
}

extension EscapeContext {
  /// Decides about a value in a text part, behind the beginning of a word.
  ///
  /// In an address a value is held to the same as in the `href` of the HTML part, so that both lead to one page.
  func verdict(behind word: ArraySlice<UInt8>) -> Verdict {
    let plain = verdict(in: .text)
    guard case .allowed = plain, let slashes = word.firstRange(of: Array("://".utf8)) else { return plain }
    guard !Self.endsAddress(word[slashes.upperBound...]) else { return plain }
    guard word[slashes.upperBound...].contains(where: { "/?#".utf8.contains($0) }) else {
      return .refused(
        Refusal(
          code: .escapeURLHost, message: "stands where the host of an address in the text part is chosen",
          help: [
            "write scheme and host here, followed by '/'", "or pass the whole URL as one variable of type 'url'",
          ]))
    }
    switch type {
    case .urlPart, .integer, .invalid: return .allowed(.urlPart)
    default:
      return .refused(
        Refusal(
          code: .escapeURLPartType,
          message: "is \(type.described), but a piece of an address in the text part is a urlPart",
          help: [
            "declare '\(name)' as 'urlPart': it is then percent-encoded where it is part of a URL",
            "or pass the whole URL as one variable of type 'url'",
          ]))
    }
  }

  /// Whether an address has come to its end: behind `>`, a bracket or a quotation mark.
  private static func endsAddress(_ rest: ArraySlice<UInt8>) -> Bool { rest.contains { ">)]\"<".utf8.contains($0) } }
}

extension Evaluator {
  /// Complains about tags and character references of a partial for HTML that would be read as they are.
  mutating func refuseMarkup(_ bytes: ArraySlice<UInt8>, at range: SourceRange, _ frame: OriginMap.Frame) {
    guard !blamedSources.contains(range.source), let mark = Self.markup(in: bytes) else { return }
    blamedSources.insert(range.source)
    let start = range.range.lowerBound + mark.lowerBound - bytes.startIndex
    let name = calls.last ?? ""
    report(
      .escapeMarkupInText, "partial '\(name)' is markup, and the text part is plain text",
      at: SourceRange(range.source, start, min(start + mark.count, range.range.upperBound)), frame,
      help: ["write 'partials/\(name).txt', which takes its place in text parts"])
  }

  /// The first tag, comment or character reference.
  private static func markup(in bytes: ArraySlice<UInt8>) -> Range<Int>? {
    var index = bytes.startIndex
    while index + 1 < bytes.endIndex {
      let next = bytes[index + 1]
      if bytes[index] == UInt8(ascii: "<"), next | 0x20 &- 0x61 < 26 || next == 0x2F || next == 0x21 {
        let end = bytes[index...].firstIndex(of: UInt8(ascii: ">")).map { $0 + 1 } ?? bytes.endIndex
        return index..<end
      }
      if bytes[index] == UInt8(ascii: "&"),
        let reference = CharacterReference.decode(bytes, at: index, inAttribute: false)
      {
        return index..<reference.end
      }
      index += 1
    }
    return nil
  }

  /// Prints the address of a link of a message behind its words, unless they are the address.
  mutating func printAddress(of link: TextPiece.Link, from start: Int) {
    let words = text.text.bytes[start...]
    if case .known(let value, _, _) = link.address, let address = value.text, words.elementsEqual(address.utf8) {
      return
    }
    let space = start < text.count ? " (" : "("
    appendLiteral(Array(space.utf8)[...], at: link.origin, isVerbatim: false, link.frame)
    print(link.address, link.subject, link.addressFrame)
    appendLiteral(Array(")".utf8)[...], at: link.origin, isVerbatim: false, link.frame)
  }
}
