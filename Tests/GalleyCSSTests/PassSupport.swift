import GalleyCSS
import GalleyHTML
import GalleySource
import Testing

/// A pass over a finished document.
struct Pass: Sendable {
  let name: String
  let edits: @Sendable (HTMLTree) -> EditList

  static let shorthands = Pass(name: "ShorthandMerge") { ShorthandMerge().edits(for: $0) }
  static let zeros = Pass(name: "UnitlessZero") { UnitlessZero().edits(for: $0) }
  static let classNames = Pass(name: "SafeClassNames") { SafeClassNames().edits(for: $0) }
  static let classRemoval = Pass(name: "ClassRemoval") { ClassRemoval().edits(for: $0) }
  static let minifier = Pass(name: "Minifier") { Minifier().edits(for: $0) }
  static let urls = Pass(name: "URLRewriter") { tree in
    var rewriter = URLRewriter()
    rewriter.base = BaseURL("https://cdn.example.com/a/b/c.html")
    rewriter.parameters = [
      URLRewriter.Parameter(name: "utm_source", value: "mail"), URLRewriter.Parameter(name: "utm_term", value: "a&b c"),
    ]
    return rewriter.edits(for: tree)
  }
  static let all = [shorthands, zeros, classNames, classRemoval, minifier, urls]

  /// The document after the pass; `{{…}}` are placeholders: `#` opens, `/` closes, `else` divides, others are values.
  func apply(_ html: String) -> String {
    let bytes = Array(html.utf8)
    let tree = HTMLTree.parse(bytes, placeholders: PlaceholderScanner.scan(bytes))
    return String(decoding: edits(tree).apply(to: bytes), as: UTF8.self)
  }
}

/// What a pass makes of a document.
struct PassCase: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let input: String
  let output: String

  /// A document that changes.
  init(_ name: String, _ input: String, _ output: String) {
    testDescription = name
    self.input = input
    self.output = output
  }

  /// A document that stays as it is.
  init(_ name: String, same input: String) {
    self.init(name, input, input)
  }

  /// The case with the texts as `style` of a paragraph.
  static func style(_ name: String, _ input: String, _ output: String) -> PassCase {
    PassCase(name, "<p style=\"\(input)\">", "<p style=\"\(output)\">")
  }

  static func style(_ name: String, same input: String) -> PassCase { style(name, input, input) }

  /// Runs the pass, once and again.
  func check(_ pass: Pass) {
    let once = pass.apply(input)
    #expect(once == output)
    #expect(pass.apply(once) == once, "the second run changes something")
  }
}
