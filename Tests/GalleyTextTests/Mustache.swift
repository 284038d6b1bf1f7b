import GalleyHTML
import GalleySource
import GalleyTemplate
import GalleyText

/// Reads and writes assembled texts with their holes in braces, so that cases can be read.
///
/// `{{name}}`, `{{#if name}}`, `{{else}}`, `{{/if}}`, `{{#each name}}`, `{{/each}}`.
enum Mustache {
  static let source = SourceID(index: 0)

  /// The assembled text of a template.
  static func assemble(_ template: String) -> AssembledText {
    let bytes = Array(template.utf8)
    var text = AssembledText()
    var index = 0
    var blocks: [String] = []
    while index < bytes.count {
      guard let end = holeEnd(bytes, index) else {
        text.bytes.append(bytes[index])
        text.origins.append(SourceRange(source, index, index + 1), frame: .root, isVerbatim: true, count: 1)
        index += 1
        continue
      }
      let content = String(decoding: bytes[index + 2..<end - 2], as: UTF8.self)
      let origin = SourceRange(source, index, end)
      if let kind = kind(content, &blocks) {
        text.holes.append(AssembledText.Hole(offset: text.bytes.count, kind: kind, origin: origin))
        text.bytes.append(AssembledText.token)
        text.origins.append(origin, frame: .root, isVerbatim: false, count: 1)
      }
      index = end
    }
    return text
  }

  private static func holeEnd(_ bytes: [UInt8], _ start: Int) -> Int? {
    guard start + 4 <= bytes.count, bytes[start] == 0x7B, bytes[start + 1] == 0x7B else { return nil }
    var index = start + 2
    while index + 1 < bytes.count {
      if bytes[index] == 0x7D, bytes[index + 1] == 0x7D { return index + 2 }
      index += 1
    }
    return nil
  }

  private static func kind(_ content: String, _ blocks: inout [String]) -> AssembledText.Hole.Kind? {
    if content.hasPrefix("#if ") {
      blocks.append("if")
      return .beginIf(.variable(String(content.dropFirst(4))))
    }
    if content.hasPrefix("#each ") {
      blocks.append("each")
      return .beginEach(SendExpression.Loop(id: blocks.count, name: "item"), .variable(String(content.dropFirst(6))))
    }
    switch content {
    case "else": return blocks.isEmpty ? nil : .otherwise
    case "/if", "/each":
      guard let block = blocks.popLast() else { return nil }
      return block == "if" ? .endIf : .endEach
    case _ where content.hasPrefix("url:"):
      return .output(.variable(String(content.dropFirst(4))), type: .url, escaping: .url)
    case _ where content.hasPrefix("part:"):
      return .output(.variable(String(content.dropFirst(5))), type: .urlPart, escaping: .urlPart)
    case _ where content.hasPrefix("html:"):
      return .output(.variable(String(content.dropFirst(5))), type: .html, escaping: .none)
    default: return .output(.variable(content), type: .string, escaping: .html)
    }
  }

  /// The template of an assembled text.
  static func spell(_ text: AssembledText) -> String {
    var result: [UInt8] = []
    var position = 0
    for hole in text.holes {
      result += text.bytes[position..<hole.offset]
      result += spell(hole.kind).utf8
      position = hole.offset + 1
    }
    result += text.bytes[position...]
    return String(decoding: result, as: UTF8.self)
  }

  static func spell(_ kind: AssembledText.Hole.Kind) -> String {
    switch kind {
    case .output(.variable(let name), _, let escaping): "{{\(escaping == .urlPart ? "part:" : "")\(name)}}"
    case .output: "{{?}}"
    case .beginIf(.variable(let name)): "{{#if \(name)}}"
    case .beginIf: "{{#if ?}}"
    case .elseIf, .otherwise: "{{else}}"
    case .endIf: "{{/if}}"
    case .beginEach(_, .variable(let name)): "{{#each \(name)}}"
    case .beginEach: "{{#each ?}}"
    case .endEach: "{{/each}}"
    }
  }

  /// The text with every condition and loop decided: a name stands for how often its block appears.
  static func render(_ text: AssembledText, _ counts: [String: Int]) -> String {
    var result: [UInt8] = []
    render(text, 0..<text.holes.count, from: 0, to: text.bytes.count, counts, into: &result)
    return String(decoding: result, as: UTF8.self)
  }

  private static func render(
    _ text: AssembledText, _ holes: Range<Int>, from: Int, to: Int, _ counts: [String: Int], into result: inout [UInt8]
  ) {
    var position = from
    var index = holes.lowerBound
    while index < holes.upperBound {
      let hole = text.holes[index]
      result += text.bytes[position..<hole.offset]
      switch hole.kind {
      case .output(.variable(let name), _, _):
        result += "<\(name)>".utf8.map { $0 == 0x3C ? 0x5B : $0 == 0x3E ? 0x5D : $0 }
      case .beginIf(.variable(let name)), .beginEach(_, .variable(let name)):
        let block = branches(text, index)
        let count = counts[name] ?? 0
        let bounds = count > 0 ? block.first : block.second
        for _ in 0..<(bounds == nil ? 0 : max(count, 1)) {
          guard let bounds else { break }
          render(
            text, bounds.lowerBound + 1..<bounds.upperBound, from: text.holes[bounds.lowerBound].offset + 1,
            to: text.holes[bounds.upperBound].offset, counts, into: &result)
        }
        index = block.end
      default: break
      }
      position = text.holes[index].offset + 1
      index += 1
    }
    result += text.bytes[position..<to]
  }

  /// The branches of the block that begins at a hole, each from the hole before it to the hole behind it.
  private static func branches(_ text: AssembledText, _ start: Int) -> (
    first: Range<Int>?, second: Range<Int>?, end: Int
  ) {
    var depth = 0
    var middle: Int?
    for index in start..<text.holes.count {
      switch text.holes[index].placeholder.kind {
      case .open: depth += 1
      case .middle: if depth == 1, middle == nil { middle = index }
      case .close: depth -= 1
      default: break
      }
      if depth == 0 { return (start..<(middle ?? index), middle.map { $0..<index }, index) }
    }
    return (nil, nil, text.holes.count - 1)
  }

  /// The text part of a template.
  static func textPart(_ template: String, options: TextPart.Options = .init()) -> TextPart {
    let document = assemble(template)
    return TextPart(
      of: document, tree: HTMLTree.parse(document.bytes, placeholders: document.placeholders), options: options)
  }
}
