import GalleyCSS
import GalleyHTML
import GalleySource
import Testing

/// What comes of a document: its text, and the codes and messages.
private struct Outcome {
  let text: String
  let messages: [String]
  let result: VariablePass.Result
}

private func run(
  _ html: String, placeholders: [Placeholder]? = nil, _ configure: (inout VariablePass.Options) -> Void = { _ in }
) -> Outcome {
  var options = VariablePass.Options()
  configure(&options)
  let bytes = Array(html.utf8)
  let tree = HTMLTree.parse(bytes, placeholders: placeholders ?? marks(bytes))
  let origins = OriginMap(whole: SourceID(index: 0), count: bytes.count)
  let result = VariablePass(options: options).edits(for: tree, origins: origins)
  return Outcome(
    text: String(decoding: result.edits.apply(to: bytes), as: UTF8.self),
    messages: result.diagnostics.map { "\($0.code.name): \($0.message)" }, result: result)
}

/// A placeholder for each `{{…}}`: `{{#…}}` opens, `{{/…}}` closes, `{{else}}` divides.
private func marks(_ bytes: [UInt8]) -> [Placeholder] {
  var result: [Placeholder] = []
  var index = 0
  while index + 1 < bytes.count {
    guard bytes[index] == 0x7B, bytes[index + 1] == 0x7B, let end = bytes[index...].firstIndex(of: 0x7D) else {
      index += 1
      continue
    }
    let inside = bytes[index + 2..<end]
    let kind: Placeholder.Kind =
      inside.first == 0x23
      ? .open : inside.first == 0x2F ? .close : inside.elementsEqual("else".utf8) ? .middle : .output
    result.append(Placeholder(range: index..<min(end + 2, bytes.count), kind: kind))
    index = min(end + 2, bytes.count)
  }
  return result
}

/// One document: what stands in its sheet, its body, and the body that comes out.
private struct VariableCase: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let css: String
  let body: String
  let output: String
  let messages: [String]

  init(_ name: String, css: String = "", _ body: String, _ output: String, messages: [String] = []) {
    testDescription = name
    self.css = css
    self.body = body
    self.output = output
    self.messages = messages
  }
}

private let resolvedCases: [VariableCase] = [
  VariableCase(
    "a variable of the root is known everywhere", css: ":root{--c:red}", "<p style=\"color:var(--c)\">",
    "<p style=\"color:red\">"),
  VariableCase(
    "html, body and * count without tags", css: "html{--a:1px}body{--b:2px}*{--c:3px}",
    "<p style=\"margin:var(--a) var(--b) var(--c)\">", "<p style=\"margin:1px 2px 3px\">"),
  VariableCase(
    "the nearest style attribute wins", css: ":root{--c:red}",
    "<div style=\"--c:blue\"><p style=\"color:var(--c)\"></div><p style=\"color:var(--c)\">",
    "<div style=\"--c:blue\"><p style=\"color:blue\"></div><p style=\"color:red\">"),
  VariableCase(
    "rules that stay follow the cascade", css: "#i{--c:blue}p{--c:red}p{--d:1!important}",
    "<p id=i style=\"--d:2;color:var(--c);x:var(--d)\">", "<p id=i style=\"--d:2;color:blue;x:1\">"),
  VariableCase(
    "the last declaration of a name counts, unless one is important",
    "<p style=\"--a:1!important;--a:2;--b:1;--b:2;x:var(--a) var(--b)\">",
    "<p style=\"--a:1!important;--a:2;--b:1;--b:2;x:1 2\">"),
  VariableCase(
    "importance, names and spelling stay", "<p style=\"--a:red; *Color : var(--a)!IMPORTANT ; top:0\">",
    "<p style=\"--a:red; *Color : red!IMPORTANT ; top:0\">"),
  VariableCase(
    "quotes and ampersands fit the attribute", css: ":root{--f:\"A b\";--u:url(x?a&amp=1)}",
    "<p style=\"font-family:var(--f);background:var(--u)\"><p style='font-family:var(--f)'>",
    "<p style=\"font-family:'A b';background:url(x?a&amp;amp=1)\"><p style='font-family:\"A b\"'>"),
  VariableCase(
    "an unquoted attribute gets quotes", css: ":root{--m:1px 2px}", "<p style=margin:var(--m)>",
    "<p style=\"margin:1px 2px\">"),
  VariableCase(
    "character references are understood", "<p style=\"--f:&quot;A&quot;;font-family:var(--f)\">",
    "<p style=\"--f:'A';font-family:'A'\">"),
  VariableCase(
    "math is reckoned out where a variable stood", css: ":root{--g:4px}",
    "<p style=\"padding:calc(var(--g) * 2) calc(1px + 1px);width:calc(1px + 1px)\">",
    "<p style=\"padding:8px 2px;width:calc(1px + 1px)\">"),
  VariableCase(
    "hidden conditional content inherits, too", css: ":root{--c:red}",
    "<div style=\"--d:1\"><!--[if mso]><p style=\"color:var(--c);x:var(--d)\"></p><![endif]--></div>",
    "<div style=\"--d:1\"><!--[if mso]><p style=\"color:red;x:1\"></p><![endif]--></div>"),
  VariableCase(
    "elements may opt out", css: ":root{--c:red}", "<p data-galley=keep style=\"color:var(--c)\">",
    "<p data-galley=keep style=\"color:var(--c)\">"),
  VariableCase(
    "fallbacks are used, and what is not a reference is left alone",
    "<p style=\"color:var(--no, rgb(1, 2, 3));top:var(no);left:var()\">",
    "<p style=\"color:rgb(1, 2, 3);top:var(no);left:var()\">"),
  VariableCase(
    "an invalid declaration of a variable does not count", css: "p{--a:1;--a:);--a:var(x)}", "<p style=\"x:var(--a)\">",
    "<p style=\"x:1\">"),
]

private let invalidCases: [VariableCase] = [
  VariableCase(
    "inherited properties inherit, others are initial",
    "<p style=\"color:var(--no);width:var(--no);x-y:var(--no);font:var(--no);border:var(--no)!important\">",
    "<p style=\"color:inherit;width:initial;x-y:unset;font:inherit;border:initial!important\">",
    messages: ["css/variable-invalid: '--no' is not set for the element"]),
  VariableCase(
    "circles have no value", "<p style=\"--a:var(--b);--b:var(--a);color:var(--a)\">",
    "<p style=\"--a:var(--b);--b:var(--a);color:inherit\">",
    messages: ["css/variable-invalid: '--a' refers to itself"]),
  VariableCase(
    "nothing is no value", "<p style=\"--e:;color:var(--e)\">", "<p style=\"--e:;color:inherit\">",
    messages: ["css/variable-invalid: 'var(--e)' comes to nothing that is a value"]),
  VariableCase(
    "names have a case", "<p style=\"--A:1;x:var(--a)\">", "<p style=\"--A:1;x:unset\">",
    messages: ["css/variable-invalid: '--a' is not set for the element"]),
]

private let openCases: [VariableCase] = [
  VariableCase(
    "what a media query sets too is not known", css: ":root{--c:red}@media print{:root{--c:black}}",
    "<p style=\"color:var(--c)\">", "<p style=\"color:var(--c)\">",
    messages: ["css/variable-varies: '--c' is set in '@media print', so 'var()' stays"]),
  VariableCase(
    "a style attribute beats a media query, unless that is important",
    css: "@media print{p{--c:black;--d:1!important}}",
    "<p style=\"--c:red;--d:2;color:var(--c);x:var(--d)\">", "<p style=\"--c:red;--d:2;color:red;x:var(--d)\">",
    messages: ["css/variable-varies: '--d' is set in '@media print', so 'var()' stays"]),
  VariableCase(
    "a weaker rule does not matter", css: ":root{--c:red}p:hover{--c:blue}",
    "<i style=\"color:var(--c)\"></i><p style=\"color:var(--c)\">",
    "<i style=\"color:red\"></i><p style=\"color:var(--c)\">",
    messages: ["css/variable-varies: '--c' is set by 'p:hover', which may match or not, so 'var()' stays"]),
  VariableCase(
    "a rule that matches for sure and with a state is sure", css: "p, p:hover{--c:red}", "<p style=\"color:var(--c)\">",
    "<p style=\"color:red\">"),
  VariableCase(
    "pseudo-elements have their own variables", css: ":root{--c:red}p::before{--c:blue}",
    "<p style=\"color:var(--c)\">",
    "<p style=\"color:red\">"),
  VariableCase(
    "a placeholder is no value to move", css: ":root{--c:{{brand}};--d:1px}",
    "<p style=\"color:var(--c);top:var(--d)\">",
    "<p style=\"color:var(--c);top:1px\">",
    messages: ["css/variable-varies: '--c' holds a placeholder, so 'var()' stays"]),
  VariableCase(
    "a placeholder is not looked into", css: ":root{--c:{{x )}}}", "<p style=\"--d:{{(}};color:var(--c) var(--d)\">",
    "<p style=\"--d:{{(}};color:var(--c) var(--d)\">",
    messages: ["css/variable-varies: '--c' holds a placeholder, so 'var()' stays"]),
  VariableCase(
    "conditions in a sheet count", css: ":root{--c:red}{{#if x}}:root{--c:blue}{{/if}}", "<p style=\"color:var(--c)\">",
    "<p style=\"color:var(--c)\">",
    messages: ["css/variable-varies: '--c' is set in a condition of the template, so 'var()' stays"]),
  VariableCase(
    "conditions in an attribute count",
    "<p style=\"--c:red;{{#if x}}--c:blue;{{/if}}color:var(--c)\"><i style=\"--c:1;x:var(--c);top:{{t}}\">",
    "<p style=\"--c:red;{{#if x}}--c:blue;{{/if}}color:var(--c)\"><i style=\"--c:1;x:1;top:{{t}}\">",
    messages: ["css/variable-varies: '--c' is set in a condition of the template, so 'var()' stays"]),
  VariableCase(
    "an element that a condition opens may not be there",
    "{{#if x}}<div style=\"--c:red\">{{else}}<div style=\"--c:blue\">{{/if}}<p style=\"color:var(--c)\"></div>",
    "{{#if x}}<div style=\"--c:red\">{{else}}<div style=\"--c:blue\">{{/if}}<p style=\"color:var(--c)\"></div>",
    messages: ["css/variable-varies: '--c' is set in a condition of the template, so 'var()' stays"]),
  VariableCase(
    "registered properties have rules of their own",
    css: "@property --c{syntax:'<color>';inherits:false;initial-value:red}:root{--c:blue}",
    "<p style=\"color:var(--c)\">",
    "<p style=\"color:var(--c)\">",
    messages: ["css/variable-varies: '--c' is registered with '@property', so 'var()' stays"]),
  VariableCase(
    "layers are not weighed", css: "@layer a{:root{--c:red}}:root{--d:blue}@layer b{:root{--d:red}}",
    "<p style=\"color:var(--c);x:var(--d)\">", "<p style=\"color:var(--c);x:blue\">",
    messages: ["css/variable-varies: '--c' is set in '@layer a', so 'var()' stays"]),
  VariableCase(
    "what is not closed is not moved", "<p style=\"color:var(--c);--c:foo(a\">",
    "<p style=\"color:var(--c);--c:foo(a\">",
    messages: ["css/variable-varies: '--c' is not closed, so 'var()' stays"]),
  VariableCase(
    "a value with a placeholder is left alone", css: ":root{--c:red}",
    "<p style=\"border:{{w}} var(--c);color:var(--c)\">",
    "<p style=\"border:{{w}} var(--c);color:red\">"),
]

@Suite struct VariablePassTests {
  @Test(arguments: resolvedCases + invalidCases + openCases)
  private func `a document comes out as expected`(_ passCase: VariableCase) {
    let head = passCase.css.isEmpty ? "" : "<style>\(passCase.css)</style>"
    let once = run(head + passCase.body)
    #expect(once.text == head + passCase.output)
    #expect(Array(Set(once.messages)) == passCase.messages)
    #expect(run(once.text).text == once.text)
  }

  @Test func `the declaration with its variable may stay behind the value`() {
    let html = "<p style=\"--c:red;top:0; color: var(--c) ;left:var(--no)!important\">"
    let output =
      "<p style=\"--c:red;top:0; color: red; color: var(--c) ;left:initial !important; left:var(--no)!important\">"
    let once = run(html) { $0.keepsOriginal = true }
    #expect(once.text == output)
    #expect(run(once.text) { $0.keepsOriginal = true }.text == output)
    let unquoted = run("<p style=--c:red;color:var(--c)>") { $0.keepsOriginal = true }
    #expect(unquoted.text == "<p style=\"--c:red;color:red; color:var(--c)\">")
    let decoded = run("<p style=\"--c:&apos;x&apos;;color:var(--c)\">") { $0.keepsOriginal = true }
    #expect(decoded.text == "<p style=\"--c:'x';color:'x'; color:var(--c)\">")
  }

  @Test func `what varies gets its plain value in front of it, if variables stay`() {
    let sheet =
      "<style>:root{--c:red;--d:{{d}}}@media (x){:root{--c:blue}}a:hover{--e:1}{{#if x}}*{--f:1}{{/if}}</style>"
    let html = "\(sheet)<a style=\"color:var(--c);x:var(--d);y:var(--e);y:var(--e,2);z:var(--f)\">"
    let once = run(html) { $0.keepsOriginal = true }
    #expect(
      once.text == "\(sheet)<a style=\"color:red; color:var(--c);x:var(--d);y:var(--e);y:2; y:var(--e,2);z:var(--f)\">")
    #expect(once.messages.count == 4)
    #expect(run(once.text) { $0.keepsOriginal = true }.text == once.text)
  }

  @Test func `all math is reckoned out on request`() {
    let outcome = run("<p style='width:calc(1px + 1px);height:calc(100% - 1px)'><p style=top:0>") { $0.foldsAll = true }
    #expect(outcome.text == "<p style='width:2px;height:calc(100% - 1px)'><p style=top:0>")
    #expect(outcome.result.remarks.map(\.kind) == [.mixedUnits])
    #expect(outcome.result.remarks.map(\.text) == ["calc(100% - 1px)"])
  }

  @Test func `what clients may not know is remarked on`() {
    let style =
      "color:light-dark(red,blue);top:env(x, 1px);left:attr(a px);background:RGB( from red r g b);x:rgb(1,2,3)"
    let outcome = run("<p style=\"\(style)\">")
    #expect(outcome.text == "<p style=\"\(style)\">")
    #expect(outcome.result.remarks.map(\.kind) == [.lightDark, .environment, .attribute, .relativeColor])
    #expect(outcome.result.remarks.map(\.text).last == "RGB( from red r g b)")
  }

  @Test func `a finding stands where it is to be mended`() throws {
    let html = "<style>@media print{p{--c:black}}</style><p style=\"color:var(--c)\"><p style=\"color:var(--c)\">"
    let diagnostics = run(html).result.diagnostics
    #expect(diagnostics.count == 1)
    let range = try #require(diagnostics.first?.range)
    #expect(String(html.dropFirst(range.start).prefix(range.end - range.start)) == "--c:black")
    #expect(diagnostics.first?.notes.count == 1)
  }

  @Test func `what is explained happens, and is cured by what is advised`() {
    for code in [DiagnosticCode.cssVariableVaries, .cssVariableInvalid] {
      let codes = [code.bad, code.good].map { sheet in
        run(CSSInliner().inline("<style>\(sheet)</style><p>")).result.diagnostics.map(\.code)
      }
      #expect(codes == [[code], []], "\(code.name)")
    }
  }

  @Test func `inlined documents are resolved`() {
    let html = """
      <html><head><style>:root{--c:red;--g:4px}.box{--g:8px;padding:var(--g)}p{color:var(--c);margin:calc(var(--g)*2)}
      </style></head><body><div class=box><p>x</p></div><p>y</p></body></html>
      """
    let inlined = CSSInliner().inline(html)
    let outcome = run(inlined)
    #expect(outcome.messages.isEmpty)
    #expect(
      outcome.text.hasSuffix(
        """
        <body><div class=box style="--g:8px; padding:8px"><p style="color:red; margin:16px">x</p></div>\
        <p style="color:red; margin:8px">y</p></body></html>
        """))
    #expect(CSSInliner().inline(outcome.text) == outcome.text)
  }

  @Test func `expansion is limited for the whole document`() {
    var style = "--l0:lololololol;"
    for level in 1..<40 { style += "--l\(level):" + String(repeating: "var(--l\(level - 1))", count: 10) + ";" }
    let uses = String(repeating: "<p style=\"x:var(--l3)\"></p>", count: 2000)
    let html = "<div style=\"\(style)x:var(--l39)\">\(uses)</div>"
    let outcome = run(html)
    #expect(outcome.text.utf8.count < 8 * html.utf8.count + 2 << 20)
    #expect(outcome.text.contains("x:var(--l39)"))
    #expect(outcome.messages.contains { $0.hasPrefix("css/variable-excessive") })
  }

  @Test func `large documents take bounded time`() {
    let rules = (0..<2000).map { ".c\($0){--v\($0):\($0)px}" }.joined()
    let cells = (0..<5000).map { "<td class=c\($0 % 2000) style=\"top:var(--v\($0 % 2000))\"></td>" }.joined()
    let outcome = run("<style>\(rules)</style><tr>\(cells)</tr>")
    #expect(!outcome.text.contains("var("))
    let long = String(repeating: "x ", count: 100_000)
    let spans = String(repeating: "<i style=\"y:1;z:a(b)\"></i>", count: 5000)
    let same = "<style>*{--a:\(long);--b:\(long)var(--no)}</style>\(spans)"
    #expect(run(same).text == same)
    let deep = (0..<2000).map { "<div style=\"--a\($0):1;x:var(--a0)\">" }.joined()
    #expect(!run(deep).text.contains("var("))
  }

  // MARK: - Random documents

  private static let pieces: [String] = [
    "<style>", "</style>", "<p style=\"", "<p style='", "<div style=", "\">", "'>", ">", "</div>", "<p class=a id=b>",
    "--a:",
    "--b:", "var(--a)", "var(--b, ", "var(--a,var(--b))", ")", "(", ";", "color:", "red", "1px", "calc(1px + ",
    "!important",
    "{{x}}", "{{#i}}", "{{/i}}", "{", "}", ".a{", "p:hover{", "@media x{", ":root{", "@property --a{", "*{--a:1}",
    "&quot;",
    "\"", "'", "/*", "*/", " ", "\n", "<!--[if mso]>", "<![endif]-->", "inherit", "\\", "<html>", "<body>", "url(", "[",
  ]

  @Test func `any document comes out whole, and the same again`() {
    var changedCount = 0
    for seed in 0..<3000 as Range<UInt64> {
      var random = SeededGenerator(seed: seed)
      var text = random.chance(50) ? "<style>:root{--a:x;--b:var(--a)}" : ""
      for _ in 0..<random.below(40) { text += random.pick(Self.pieces) }
      if random.chance(70) { text += "\"></style><p style=\"--b:y;color:var(--a) calc(1px + 1px);top:var(--b)\">" }
      let bytes = Array(text.utf8)
      let placeholders = marks(bytes)
      let keeps = random.chance(30)
      let folds = random.chance(50)
      let configure: (inout VariablePass.Options) -> Void = {
        $0.keepsOriginal = keeps
        $0.foldsAll = folds
      }
      let once = run(text, placeholders: placeholders, configure)
      var end = 0
      for edit in once.result.edits.sorted() {
        #expect(edit.range.lowerBound >= end, "seed \(seed): edits overlap at \(edit.range)")
        end = max(end, edit.range.upperBound)
        for placeholder in placeholders {
          #expect(!edit.range.overlaps(placeholder.range), "seed \(seed): the placeholder at \(placeholder.range) goes")
          let splits =
            edit.range.isEmpty && placeholder.range.lowerBound < edit.range.lowerBound
            && edit.range.lowerBound < placeholder.range.upperBound
          #expect(!splits, "seed \(seed): the placeholder at \(placeholder.range) is split")
        }
      }
      if !once.result.edits.isEmpty { changedCount += 1 }
      let twice = run(once.text, configure).text
      #expect(
        once.text == twice,
        "seed \(seed):\n\(text.debugDescription)\n\(once.text.debugDescription)\n\(twice.debugDescription)")
    }
    #expect(changedCount > 1000, "\(changedCount) documents were changed")
  }
}
