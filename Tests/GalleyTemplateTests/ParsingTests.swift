import GalleySource
import GalleyTemplate
import Testing

/// Writes a tree in a compact form.
struct TreeWriter {
  let sources: SourceSet

  func write(_ nodes: [TemplateNode]) -> String {
    nodes.map(write).filter { $0 != "‹›" }.joined(separator: " ")
  }

  func write(_ node: TemplateNode) -> String {
    switch node {
    case .text(let range): return "‹\(visible(sources.text(range)))›"
    case .literal(let bytes, _): return "‹\(String(decoding: bytes, as: UTF8.self))›"
    case .error: return "ERROR"
    case .output(let output): return (output.isRaw ? "raw:" : "") + write(output.expression)
    case .block(let block):
      let parameters =
        block.parameters.isEmpty ? "" : " as " + block.parameters.map(\.name).joined(separator: ",")
      let inverse = block.inverse.map { " else {\(write($0))}" } ?? ""
      return "\(block.kind.rawValue)(\(write(block.argument))\(parameters)) {\(write(block.body))}\(inverse)"
    case .partial(let call):
      let block = call.block.map { " {\(write($0))}" } ?? ""
      return ">\(call.name)(\(call.arguments.map { "\($0.name)=\(write($0.value))" }.joined(separator: " ")))\(block)"
    case .inline(let inline): return "inline(\(inline.name)) {\(write(inline.body))}"
    }
  }

  func write(_ expression: Expression) -> String {
    switch expression {
    case .literal(let value, _):
      switch value {
      case .string(let text): return "\"\(text)\""
      case .null: return "null"
      case .boolean(let value): return "\(value)"
      default: return value.text ?? "?"
      }
    case .path(let path):
      let root =
        switch path.root {
        case .context: ""
        case .this: "this"
        case .data(let name): "@\(name)"
        }
      let names = (root.isEmpty ? [] : [root]) + path.segments.map(\.name)
      return String(repeating: "../", count: path.levelsUp) + names.joined(separator: ".")
    case .call(let call):
      let arguments = call.positional.map(write) + call.named.map { "\($0.name)=\(write($0.value))" }
      return "(\(([call.name] + arguments).joined(separator: " ")))"
    }
  }
}

/// A text with its line ends made visible.
func visible(_ text: String) -> String {
  String(String.UnicodeScalarView(text.unicodeScalars.map { $0 == "\r" ? "␍" : $0 == "\n" ? "⏎" : $0 }))
}

/// Parses a text; gives its tree in short and its findings.
func parsed(_ text: String) -> (tree: String, findings: [String]) {
  var sources = SourceSet()
  let source = sources.add(path: "t.html", bytes: Array(text.utf8))
  let (file, diagnostics) = TemplateParser.parse(source: source, bytes: Array(text.utf8), name: "t")
  return (TreeWriter(sources: sources).write(file.body), rendered(diagnostics, sources))
}

func tree(_ text: String) -> String {
  let (tree, findings) = parsed(text)
  return findings.isEmpty ? tree : "\(findings)"
}

func faults(_ text: String) -> [String] { parsed(text).findings }

@Suite struct ParsingTests {
  @Test func `text is kept as it stands`() {
    #expect(tree("<p>a } { }} b</p>\r\n") == "‹<p>a } { }} b</p>␍⏎›")
    #expect(tree("") == "")
  }

  @Test func `values are printed in three ways`() {
    #expect(tree("a{{x}}b") == "‹a› x ‹b›")
    #expect(tree("{{{x}}}{{&x}}{{~{x}~}}") == "raw:x raw:x raw:x")
    #expect(tree("{{ x.y.z }}{{this}}{{.}}{{./x}}{{this.x}}") == "x.y.z this this this.x this.x")
    #expect(tree("{{../x}}{{../../x.y}}{{..}}") == "../x ../../x.y ../this")
    #expect(tree("{{@index}}{{@root.x}}{{@../index}}") == "@index @root.x ../@index")
    #expect(tree("{{x.[a b]}}{{[c-d]}}") == "x.a b c-d")
  }

  @Test func `literals have their types`() {
    #expect(
      tree(#"{{f "a\"b" 'c"d' 12 -3 1.50 true false null undefined}}"#)
        == #"(f "a"b" "c"d" 12 -3 1.50 true false null null)"#)
    #expect(tree(#"{{t "a}}b"}}"#) == #"(t "a}}b")"#)
    #expect(tree("{{true.x}}") == "true.x")
  }

  @Test func `calls take arguments by place and by name`() {
    #expect(tree(#"{{t "k" a=b c=(eq d 1)}}"#) == #"(t "k" a=b c=(eq d 1))"#)
    #expect(tree("{{(now)}}") == "(now)")
    #expect(tree("{{f\n  a\n  b = c\n}}") == "(f a b=c)")
  }

  @Test func `blocks nest and divide`() {
    #expect(tree("{{#if a}}1{{else if b}}2{{else}}3{{/if}}") == "if(a) {‹1›} else {if(b) {‹2›} else {‹3›}}")
    #expect(tree("{{#unless a}}1{{^}}2{{/unless}}") == "unless(a) {‹1›} else {‹2›}")
    #expect(tree("{{^a}}1{{else}}2{{/a}}{{^if b}}3{{/if}}") == "unless(a) {‹1›} else {‹2›} unless(b) {‹3›}")
    #expect(tree("{{#each a.b as |x i|}}{{x}}{{i}}{{else}}0{{/each}}") == "each(a.b as x,i) {x i} else {‹0›}")
    #expect(tree("{{#with a as |x|}}{{#with b}}{{/with}}{{/with}}") == "with(a as x) {with(b) {}}")
    #expect(tree("{{#if (and a (not b))}}1{{/if}}") == "if((and a (not b))) {‹1›}")
    #expect(tree("{{#if a}}1{{else each b as |c|}}{{c}}{{/if}}") == "if(a) {‹1›} else {each(b as c) {c}}")
  }

  @Test func `the ranges of blocks cover what they should`() throws {
    let text = "a{{#if x}}1{{else if y}}2{{/if}}b"
    var sources = SourceSet()
    let source = sources.add(path: "t", bytes: Array(text.utf8))
    let (file, _) = TemplateParser.parse(source: source, bytes: Array(text.utf8), name: "t")
    guard case .block(let block) = file.body[1], case .block(let chained)? = block.inverse?.first else {
      Issue.record("no block")
      return
    }
    #expect(sources.text(block.range) == "{{#if x}}1{{else if y}}2{{/if}}")
    #expect(sources.text(block.openRange) == "{{#if x}}")
    #expect(block.elseRange.map { sources.text($0) } == "{{else if y}}")
    #expect(sources.text(chained.range) == "{{else if y}}2")
    #expect(chained.isChained && !block.isChained)
  }

  @Test func `partials, their blocks and slots`() {
    #expect(tree(#"{{> a/b-c x=1 y="z"}}"#) == #">a/b-c(x=1 y="z")"#)
    #expect(tree("{{#> card tone=t}}x{{/card}}") == ">card(tone=t) {‹x›}")
    #expect(tree(#"{{#*inline "head"}}x{{/inline}}"#) == "inline(head) {‹x›}")
    #expect(
      tree("{{> @partial-block}}{{#> @partial-block}}d{{/@partial-block}}")
        == ">@partial-block() >@partial-block() {‹d›}")
    #expect(tree(#"{{> "a/b"}}{{#> "a"}}{{/a}}"#) == ">a/b() >a() {}")
  }

  @Test func `comments vanish`() {
    #expect(tree("a{{! b }}c{{!-- }} {{x}} --}}d{{!----}}{{!}}") == "‹a› ‹c› ‹d›")
  }

  @Test func `a backslash escapes a tag`() {
    #expect(tree(#"a\{{x}} b{{y}}"#) == "‹a› ‹{{x}} b› y")
    #expect(tree(#"a\\{{x}}"#) == #"‹a\› x"#)
    #expect(tree(#"\{{a}}\{{b}}"#) == "‹{{a}}› ‹{{b}}›")
    #expect(tree(#"a\b {{x}}"#) == #"‹a\b › x"#)
  }

  @Test func `a tilde takes white space away`() {
    #expect(tree("a \n {{~x~}} \n b") == "‹a› x ‹b›")
    #expect(tree("a {{~#if x~}} b {{~else~}} c {{~/if~}} d") == "‹a› if(x) {‹b›} else {‹c›} ‹d›")
    #expect(tree("a {{~! c ~}} b {{~!-- c --~}} d") == "‹a› ‹b› ‹d›")
    #expect(tree("a {{~> p~}} b") == "‹a› >p() ‹b›")
  }

  @Test func `a tag on a line of its own takes its line with it`() {
    #expect(
      tree("a\n  {{#if x}}  \n  b\n  {{else}}\n  c\n  {{/if}}\nd")
        == "‹a⏎› if(x) {‹  b⏎›} else {‹  c⏎›} ‹d›")
    #expect(tree("a\r\n  {{! c }}\r\n  b") == "‹a␍⏎› ‹  b›")
    #expect(tree("  {{> p}}\nb\n{{> q}}") == ">p() ‹b⏎› >q()")
    #expect(tree("a\n\n{{#if x}}\n\n{{/if}}\n\nb") == "‹a⏎⏎› if(x) {‹⏎›} ‹⏎b›")
    #expect(tree("a {{#if x}}\nb\n{{/if}} c") == "‹a › if(x) {‹⏎b⏎›} ‹ c›")
    #expect(tree("{{#if x}}\n{{#if y}}\nb\n{{/if}}\n{{/if}}\n") == "if(x) {if(y) {‹b⏎›}}")
    #expect(tree("  {{x}}\n  {{! a }} {{! b }}\n") == "‹  › x ‹⏎  › ‹ › ‹⏎›")
    #expect(tree("{{#> c}}\n  {{#*inline \"s\"}}\n  x\n  {{/inline}}\n{{/c}}\n") == ">c() {inline(s) {‹  x⏎›}}")
  }

  @Test func `front matter is set apart`() {
    var sources = SourceSet()
    for (text, matter, tree) in [
      ("---\na: b\n---\nx", "a: b\n", "‹x›"), ("\u{FEFF}---\r\na: b\r\n---  \r\nx", "a: b\r\n", "‹x›"),
      ("---\n---\n", "", ""), ("---\na\n---", "a\n", ""), ("---x\n---\n", nil, "‹---x⏎---⏎›"),
      ("\u{FEFF}x", nil, "‹x›"), (" ---\n---", nil, "‹ ---⏎---›"),
    ] as [(String, String?, String)] {
      let source = sources.add(path: "t", bytes: Array(text.utf8))
      let (file, findings) = TemplateParser.parse(source: source, bytes: Array(text.utf8), name: "t")
      #expect(file.frontMatter.map { sources.text($0) } == matter)
      #expect(TreeWriter(sources: sources).write(file.body) == tree)
      #expect(findings.isEmpty)
    }
    #expect(faults("---\na: b\n<p>") == ["template/unclosed-front-matter 1:1 the front matter is never closed"])
  }

  @Test func `a fragment is parsed in its file`() {
    let text = "subject: 'Order {{id}}'"
    var sources = SourceSet()
    let source = sources.add(path: "t", bytes: Array(text.utf8))
    let (fragment, findings) = TemplateParser.parseFragment(
      source: source, range: SourceRange(source, 10, 22), bytes: Array(text.utf8))
    #expect(TreeWriter(sources: sources).write(fragment.body) == "‹Order › id")
    #expect(findings.isEmpty)
  }
}
