import GalleyCSS
import GalleySource
import Testing

/// Inlines a document in which `{{…}}` are placeholders: `#` opens, `/` closes, `else` divides, others are values.
private func inline(_ html: String) -> (html: String, codes: [String]) {
  let bytes = Array(html.utf8)
  var placeholders: [CSSInliner.Placeholder] = []
  var index = 0
  while let start = bytes[index...].indices.dropLast().first(where: { bytes[$0] == 0x7B && bytes[$0 + 1] == 0x7B }) {
    guard let close = bytes[start...].indices.dropLast().first(where: { bytes[$0] == 0x7D && bytes[$0 + 1] == 0x7D })
    else { break }
    let text = String(decoding: bytes[start + 2..<close], as: UTF8.self)
    let kind: CSSInliner.Placeholder.Kind =
      text.hasPrefix("#") ? .open : text.hasPrefix("/") ? .close : text == "else" ? .middle : .output
    placeholders.append(.init(range: start..<close + 2, kind: kind))
    index = close + 2
  }
  let output = CSSInliner().inline(bytes, placeholders: placeholders)
  return (String(decoding: output.bytes, as: UTF8.self), output.diagnostics.map(\.code.name))
}

@Suite struct PlaceholderTests {
  @Test func `conditional rules are never inlined, and still win`() {
    let result = inline("<style>p{top:0}{{#if x}}p{top:1px}{{/if}}</style><p>")
    #expect(result.html == "<style>{{#if x}}p{top:1px !important}{{/if}}</style><p style=\"top:0\">")
  }

  @Test func `a whole sheet in a condition stays`() {
    let html = "{{#if x}}<style>p{top:1px}</style>{{/if}}<p>"
    #expect(inline(html).html == html)
  }

  @Test func `a value that only the sender knows stays in its sheet`() {
    let result = inline("<style>p{color:{{c}};top:0}b{top:0}</style><p><b>")
    #expect(result.html == "<style>p{color:{{c}};top:0}</style><p><b style=\"top:0\">")
  }

  @Test func `a style with placeholders is kept verbatim`() {
    let result = inline("<style>p{color:red;top:0!important}</style><p style=\"color:{{c}};{{#if x}}left:0{{/if}}\">")
    #expect(result.html == "<p style=\"color:{{c}};{{#if x}}left:0{{/if}}; top:0!important\">")
  }

  @Test func `known classes beside a placeholder apply, and the others stay in the sheet`() {
    let result = inline("<style>.a{top:0}.b{left:0}</style><p class=\"a {{x}}\"><p class=b>")
    #expect(
      result.html == "<style>.b{left:0}</style><p class=\"a {{x}}\" style=\"top:0\"><p class=b style=\"left:0\">")
  }

  @Test func `both branches of a condition are styled`() {
    let result = inline("<style>p{top:0}</style>{{#if x}}<p>{{else}}<p>{{/if}}")
    #expect(result.html == "{{#if x}}<p style=\"top:0\">{{else}}<p style=\"top:0\">{{/if}}")
  }

  @Test func `selectors that count siblings stay where a loop stands among them`() {
    let html = "<style>i:first-child{top:0}</style><div>{{#each x}}<i></i>{{/each}}</div><div><i></i></div>"
    let result = inline(html)
    #expect(result.html == html.replacing("</div><div><i>", with: "</div><div><i style=\"top:0\">"))
    #expect(result.codes == ["css/uncertain-match"])
  }

  @Test func `an attribute in a condition may be missing`() {
    let html = "<style>.a{top:0}p{left:0}</style><p {{#if x}}class=\"a\"{{/if}}>"
    #expect(inline(html).html == "<style>.a{top:0}</style><p style=\"left:0\" {{#if x}}class=\"a\"{{/if}}>")
  }
}

@Suite struct CSSDiagnosticTests {
  @Test func `faults are found where they are`() {
    let cases: [(css: String, code: String, message: String, text: String)] = [
      ("p { color: \"a\n }", "css/unclosed", "string is not closed before the line ends", "\"a"),
      ("p { top: 0", "css/unclosed", "'{' is never closed", "{"),
      ("p { top: 0 } /* x", "css/unclosed", "comment is never closed", "/* x"),
      ("p { top: calc(1px; left: 0 }", "css/unclosed", "'calc(' is never closed", "calc("),
      ("p { color red }", "css/syntax", "'color red' is not a declaration", "color red"),
      ("p { color: }", "css/syntax", "'color' has no value", "color"),
      ("p { top: 0 } }", "css/syntax", "'}' closes nothing", "}"),
      ("a:hoover { top: 0 }", "css/invalid-selector", "':hoover' is not known; did you mean ':hover'?", ":hoover"),
      ("p, .5x { top: 0 }", "css/invalid-selector", "'.5x' is not expected in a selector", ".5x"),
      ("td { a { top: 0 } }", "css/nested-rule", "'a' stands within another rule", "a "),
    ]
    for (css, code, message, text) in cases {
      let bytes = Array(css.utf8)
      let sheet = StyleSheet(bytes)
      let origins = OriginMap(whole: SourceID(index: 0), count: bytes.count)
      let found = sheet.diagnostics { origins.origin(of: $0) }
      #expect(found.first?.code.name == code, "\(css)")
      #expect(found.first?.message == message, "\(css)")
      let range = found.first?.range?.range ?? 0..<0
      #expect(String(decoding: bytes[range], as: UTF8.self) == text, "\(css)")
    }
  }

  @Test func `one cause makes one message`() {
    for css in ["p { color red; top: 0 } b { left: 0 }", "a:hoover, a:focs { top: 0 }", "td { a { x: 1 } }"] {
      #expect(StyleSheet(Array(css.utf8)).faults.count == 1, "\(css)")
    }
  }

  @Test func `the good examples of all codes are clean`() {
    for code in galleyCSSCodes where !code.good.contains("<") {
      #expect(StyleSheet(Array(code.good.utf8)).faults.isEmpty, "\(code.name)")
    }
    for code in [DiagnosticCode.cssUnclosed, .cssSyntax, .cssInvalidSelector, .cssNestedRule] {
      let codes = StyleSheet(Array(code.bad.utf8)).diagnostics { _ in nil }.map(\.code)
      #expect(codes.contains(code), "\(code.name)")
    }
  }
}
