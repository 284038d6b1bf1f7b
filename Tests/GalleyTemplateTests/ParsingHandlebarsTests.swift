import Foundation
import GalleySource
import GalleyTemplate
import Testing

/// A value of JSON.
private enum JSONValue: Decodable {
  case null
  case boolean(Bool)
  case number(Double)
  case string(String)
  case list([JSONValue])
  case record([String: JSONValue])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .boolean(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else if let value = try? container.decode([JSONValue].self) {
      self = .list(value)
    } else {
      self = .record(try container.decode([String: JSONValue].self))
    }
  }

  var isTrue: Bool {
    switch self {
    case .null: false
    case .boolean(let value): value
    case .number(let value): value != 0
    case .string(let text): !text.isEmpty
    case .list(let items): !items.isEmpty
    case .record: true
    }
  }
}

/// A case of the suite.
private struct SuiteCase: Decodable {
  var template: String
  var data: JSONValue
  var expected: String?
  var partials: [String: String]?
  var compileOptions: JSONValue?
}

/// Renders a tree the way Handlebars does, as far as the grammar needs it: everything is data, nothing is typed.
private struct PlainRenderer {
  struct Unsupported: Error {}

  var sources: SourceSet
  var partials: [String: [TemplateNode]]
  var root: JSONValue

  func render(_ nodes: [TemplateNode], _ contexts: [JSONValue], _ loop: (index: Int, count: Int)? = nil) throws
    -> String
  {
    var output = ""
    for node in nodes {
      switch node {
      case .text(let range): output += sources.text(range)
      case .literal(let bytes, _): output += String(decoding: bytes, as: UTF8.self)
      case .error, .inline: throw Unsupported()
      case .output(let node):
        let text = try text(of: value(node.expression, contexts, loop))
        output += node.isRaw ? text : escape(text)
      case .block(let block): output += try render(block, contexts, loop)
      case .partial(let call):
        guard call.arguments.isEmpty, call.block == nil, let body = partials[call.name] else { throw Unsupported() }
        output += try render(body, contexts, loop)
      }
    }
    return output
  }

  private func render(_ block: BlockNode, _ contexts: [JSONValue], _ loop: (index: Int, count: Int)?) throws -> String {
    guard block.parameters.isEmpty else { throw Unsupported() }
    let value = try value(block.argument, contexts, loop)
    let inverse = { try render(block.inverse ?? [], contexts, loop) }
    switch block.kind {
    case .if: return try value.isTrue ? render(block.body, contexts, loop) : inverse()
    case .unless: return try value.isTrue ? inverse() : render(block.body, contexts, loop)
    case .with: return try value.isTrue ? render(block.body, contexts + [value], loop) : inverse()
    case .each:
      guard case .list(let items) = value else {
        if value.isTrue { throw Unsupported() }
        return try inverse()
      }
      if items.isEmpty { return try inverse() }
      return try items.enumerated().map { try render(block.body, contexts + [$1], ($0, items.count)) }.joined()
    }
  }

  private func value(
    _ expression: GalleyTemplate.Expression, _ contexts: [JSONValue], _ loop: (index: Int, count: Int)?
  ) throws -> JSONValue {
    guard case .path(let path) = expression, path.levelsUp < contexts.count else { throw Unsupported() }
    var value = JSONValue.null
    switch path.root {
    case .context, .this: value = contexts[contexts.count - 1 - path.levelsUp]
    case .data("root"): value = root
    case .data("index"): value = loop.map { .number(Double($0.index)) } ?? .null
    case .data("first"): value = loop.map { .boolean($0.index == 0) } ?? .null
    case .data("last"): value = loop.map { .boolean($0.index == $0.count - 1) } ?? .null
    case .data: throw Unsupported()
    }
    for segment in path.segments {
      switch value {
      case .record(let fields): value = fields[segment.name] ?? .null
      case .list, .string: throw Unsupported()
      default: value = .null
      }
    }
    return value
  }

  private func text(of value: JSONValue) throws -> String {
    switch value {
    case .null: ""
    case .string(let text): text
    case .boolean(let value): value ? "true" : "false"
    case .number(let value): value == value.rounded() ? String(Int(value)) : String(value)
    case .list, .record: throw Unsupported()
    }
  }

  private func escape(_ text: String) -> String {
    text.replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
      .replacingOccurrences(of: ">", with: "&gt;").replacingOccurrences(of: "\"", with: "&quot;")
      .replacingOccurrences(of: "'", with: "&#x27;").replacingOccurrences(of: "`", with: "&#x60;")
      .replacingOccurrences(of: "=", with: "&#x3D;")
  }
}

@Suite struct ParsingHandlebarsTests {
  /// Cases of Handlebars that this language means to read otherwise.
  private static let deviations: Set<String> = [
    "foo\n {{> dude}} ",  // a partial on a line of its own is not indented
    "{{@root.foo}}",  // the suite sets '@root' itself
  ]

  @Test func `what this language shares with Handlebars reads as there`() throws {
    let root = ProcessInfo.processInfo.environment["GALLEY_SUITES"] ?? "../shared/suites"
    guard let data = FileManager.default.contents(atPath: root + "/handlebars/cases.json") else {
      print("skipped: no suite of Handlebars at \(root)")
      return
    }
    var agreed = 0
    var refused = 0
    for entry in try JSONDecoder().decode([SuiteCase].self, from: data) {
      let template = entry.template
      guard let expected = entry.expected, entry.compileOptions == nil, !Self.deviations.contains(template) else {
        continue
      }
      var sources = SourceSet()
      var isRefused = false
      func parse(_ text: String) -> [TemplateNode] {
        let source = sources.add(path: "t", bytes: Array(text.utf8))
        let (file, found) = TemplateParser.parse(source: source, bytes: Array(text.utf8), name: "t")
        isRefused = isRefused || !found.isEmpty
        return file.body
      }
      let body = parse(template)
      let partials = (entry.partials ?? [:]).mapValues(parse)
      let renderer = PlainRenderer(sources: sources, partials: partials, root: entry.data)
      guard !isRefused, let actual = try? renderer.render(body, [entry.data]) else {
        refused += 1
        continue
      }
      #expect(actual == expected, "\(template)")
      agreed += 1
    }
    print("Handlebars: \(agreed) cases agree, \(refused) are outside of the language")
    #expect(agreed > 80)
  }
}
