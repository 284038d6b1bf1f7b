import Foundation
import GalleyHTML
import Testing

/// The tokens of a document in the form that html5lib's tests have.
private func tokens(_ html: String) -> [[String]] {
  let bytes = Array(html.utf8)
  var lexer = HTMLLexer(bytes)
  var result: [[String]] = []
  func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
  func lowercased(_ range: Range<Int>) -> String {
    String(decoding: bytes[range].map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }, as: UTF8.self)
  }
  func append(characters: String) {
    if result.last?.first == "Character" {
      result[result.count - 1][1] += characters
    } else if !characters.isEmpty {
      result.append(["Character", characters])
    }
  }
  while let token = lexer.next() {
    switch token.kind {
    case .text: append(characters: CharacterReference.text(bytes[token.range]))
    case .startTag:
      var tag = ["StartTag", lowercased(token.start + 1..<token.nameEnd)]
      var seen: Set<String> = []
      var attributes: [String] = []
      for attribute in lexer.attributes[token.firstAttribute...].prefix(token.attributeCount) {
        let name = lowercased(Int(attribute.nameStart)..<Int(attribute.nameEnd))
        let value = bytes[Int(attribute.valueStart)..<Int(attribute.valueEnd)]
        if seen.insert(name).inserted {
          attributes.append("\(name)=\(CharacterReference.text(value, inAttribute: true))")
        }
      }
      tag += attributes.sorted()
      if token.isSelfClosing { tag.append("/") }
      result.append(tag)
    case .endTag: result.append(["EndTag", lowercased(token.start + 2..<token.nameEnd)])
    case .doctype: result.append(["DOCTYPE"])
    case .unfinishedTag, .placeholder: break
    case .comment, .conditionalOpen, .conditionalClose, .revealedOpen, .revealedClose, .cdata:
      if let data = commentData(text(token.range), isUnterminated: token.isUnterminated) {
        result.append(["Comment", data])
      }
    }
  }
  return result
}

/// The data of a comment, as the standard has it.
private func commentData(_ text: String, isUnterminated: Bool) -> String? {
  if text == "</>" { return nil }
  guard text.hasPrefix("<!--") else {
    let start = text.hasPrefix("<?") ? 1 : 2
    return String(text.dropFirst(start).dropLast(isUnterminated ? 0 : 1))
  }
  if text == "<!-->" || text == "<!--->" { return "" }
  var data = text.dropFirst(4)
  for ending in isUnterminated ? ["--!", "--", "-"] : ["-->", "--!>"] where data.hasSuffix(ending) {
    data = data.dropLast(ending.count)
    break
  }
  return String(data)
}

/// The expected tokens of a test of html5lib.
private func expectation(_ output: [[Any]]) -> [[String]] {
  output.map { token in
    let kind = token[0] as? String ?? ""
    switch kind {
    case "StartTag":
      let attributes = (token[2] as? [String: String] ?? [:]).map { "\($0)=\($1)" }.sorted()
      return [kind, token[1] as? String ?? ""] + attributes + (token.count > 3 ? ["/"] : [])
    case "DOCTYPE": return [kind]
    default: return [kind, token[1] as? String ?? ""]
    }
  }
}

@Test func `html5lib's tokenizer tests agree`() throws {
  var compared = 0
  var skipped = 0
  for file in Suites.files("html5lib/tokenizer", ext: "test") {
    let json = try JSONSerialization.jsonObject(with: Data(file.bytes)) as? [String: Any]
    for test in json?["tests"] as? [[String: Any]] ?? [] {
      guard let input = test["input"] as? String, let output = test["output"] as? [[Any]] else { continue }
      let states = test["initialStates"] as? [String] ?? ["Data state"]
      // Left out: other start states; bytes that the standard replaces, which are kept here; CDATA sections; elements
      // whose content the tree, not the tokenizer, makes raw text in the standard.
      let isReplaced = input.unicodeScalars.contains { $0 == "\0" || $0 == "\r" || $0 == "\u{FFFD}" }
      let isRaw = ["<script", "<style", "<title", "<textarea", "<xmp", "<plaintext"].contains { input.contains($0) }
      if !states.contains("Data state") || test["doubleEscaped"] != nil || isReplaced || isRaw
        || input.contains("<![CDATA[")
      {
        skipped += 1
        continue
      }
      compared += 1
      let found = tokens(input)
      let expected = expectation(output)
      if found != expected {
        Issue.record("\(file.path): \(String(reflecting: input)): \(found) instead of \(expected)")
      }
    }
  }
  print("html5lib: \(compared) compared, \(skipped) left out")
}
