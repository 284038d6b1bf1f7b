import GalleyHTML
import GalleySource
import Testing

/// The elements of a document with their nesting, in the form `p(b i)`.
func outline(_ html: String, placeholders: [Placeholder] = []) -> String {
  outline(HTMLTree.parse(Array(html.utf8), placeholders: placeholders))
}

func outline(_ tree: HTMLTree, of id: NodeID = .root) -> String {
  tree.children(of: id).map { child in
    let inner = outline(tree, of: child)
    let name: String =
      switch tree[child].kind {
      case .element: tree.nameText(of: child).lowercased()
      case .strayEndTag: "/"
      case .comment: "!"
      case .hiddenConditional: "[if"
      case .revealedOpen: "[+"
      case .revealedClose: "[-"
      case .doctype: "doctype"
      case .cdata: "cdata"
      case .unfinishedTag: "<"
      case .root: ""
      }
    return inner.isEmpty ? name : "\(name)(\(inner))"
  }.joined(separator: " ")
}

@Test func `optional end tags are closed as HTML says`() {
  #expect(outline("<ul><li>a<li>b<ul><li>c</ul><li>d</ul>") == "ul(li li(ul(li)) li)")
  #expect(outline("<dl><dt>a<dd>b<dt>c</dl>") == "dl(dt dd dt)")
  #expect(outline("<p>a<p>b<div>c</div><p>d") == "p p div p")
  #expect(outline("<table><tr><td>a<td>b<tr><th>c</table>") == "table(tr(td td) tr(th))")
  #expect(
    outline("<table><caption>x<colgroup><col><col><thead><tr><td><tbody><tr><td><tfoot><tr><td></table>")
      == "table(caption colgroup(col col) thead(tr(td)) tbody(tr(td)) tfoot(tr(td)))")
  #expect(
    outline("<select><option>a<option>b<optgroup><option>c<optgroup></select>")
      == "select(option option optgroup(option) optgroup)")
  #expect(outline("<ruby>a<rp>(<rt>b<rp>)</ruby>") == "ruby(rp rt rp)")
  #expect(outline("<html><head><title>x</title><body><p>y</html>") == "html(head(title) body(p))")
  #expect(outline("<head><meta charset=utf-8><div>x</div>") == "head(meta) div")
}

@Test func `the parts of a nested table stay in their cell`() {
  #expect(
    outline("<table><tr><td><table><tr><td>x</table><td>y</table>") == "table(tr(td(table(tr(td))) td))")
  #expect(outline("<table><tr><td><ul><li>a</td><td><p>x</table>") == "table(tr(td(ul(li)) td(p)))")
  #expect(
    outline("<table><tr><td><p>x<table><tr><td>y</table></td></tr></table>")
      == "table(tr(td(p table(tr(td)))))")
}

@Test(arguments: [
  ("<b><i></b></i>", "b(i) /"),
  ("<b>x<p>y</b>z</p>w<u>", "b(p(/)) u"),
  ("<a>x<div>y</a>z</div>w", "a(div(/))"),
  ("<a href=x>b<a href=y>c", "a a"),
  ("<a><table><tr><td><a>x</a></table></a>", "a(table(tr(td(a))))"),
  ("<span><div></span></div>", "span(div(/))"),
  ("</p></td></x>", "/ / /"),
  ("<td></div></td>", "td(/)"),
  ("<div><table><tr><td></div></td></tr></table></div>", "div(table(tr(td(/))))"),
  ("<h1>a</h2>b", "h1"),
  ("<button>a<button>b", "button button"),
  ("<p><button><p></button></p>", "p(button(p))"),
  ("<br></br>", "br /"),
  ("<p>a</div>b</p>", "p(/)"),
])
func `misnested tags lose nothing`(html: String, expected: String) {
  #expect(outline(html) == expected)
}

@Test(arguments: [
  ("<o:p/>a<b></b>", "o:p b"),
  ("<v:rect><v:fill src=\"x\" /><v:textbox>a</v:textbox></v:rect>", "v:rect(v:fill v:textbox)"),
  ("<svg><path/><g><circle/></g></svg><p/>x", "svg(path g(circle)) p"),
  ("<div/>x<b></b>", "div(b)"),
  ("<w:anchorlock/>", "w:anchorlock"),
  ("<x-card><div></div></x-card>", "x-card(div)"),
])
func `a tag closes itself only where XML is written`(html: String, expected: String) {
  #expect(outline(html) == expected)
}

@Test(arguments: [
  (
    "<!--[if mso]><table><tr><td><![endif]--><p>x</p><!--[if mso]></td></tr></table><![endif]-->",
    "[if(table(tr(td))) p [if(/ / /)"
  ),
  ("<p><!--[if mso]><p>a<p>b<![endif]--></p>", "p([if(p p))"),
  ("<ul><li>a<!--[if mso]><li>b</ul><![endif]--></ul>", "ul(li([if(li(/))))"),
  ("<![if !mso]><p>x</p><![endif]>", "[+ p [-"),
  ("<!--[if !mso]><!--><p>x</p><!--<![endif]-->", "[+ p [-"),
  ("<!-- a --><!DOCTYPE html><![CDATA[b]]>", "! doctype cdata"),
  ("<p>a<b", "p(<)"),
])
func `conditional comments are trees of their own`(html: String, expected: String) {
  #expect(outline(html) == expected)
}

/// The flags of the first element with the given name.
private func flags(_ name: String, in html: String) -> HTMLTree.Flags? {
  let tree = Marked(html).tree
  return tree.nodes.indices.first { tree.nameText(of: NodeID($0)) == name }.map { tree.nodes[$0].flags }
}

@Test func `flags tell how an element was closed`() {
  #expect(flags("p", in: "<p>a") == [])
  #expect(flags("p", in: "<p>a</p>") == .hasEndTag)
  #expect(flags("b", in: "<p><b>a</p>") == .unclosed)
  #expect(flags("b", in: "<b>a") == [.unclosed, .truncated])
  #expect(flags("br", in: "<br/>") == .selfClosing)
  #expect(flags("b", in: "<!--[if mso]><b></b><![endif]-->") == [.hasEndTag, .inConditional])
  #expect(flags("b", in: "<!--[if mso]><b><![endif]-->") == [.unclosed, .inConditional])
  #expect(flags("td", in: "<td {{x}}></td>") == [.hasEndTag, .placeholderInTag])
  #expect(flags("td", in: "<td class=\"{{x}}\"></td>") == .hasEndTag)
}

@Test func `conditions and loops make the number of siblings uncertain`() {
  #expect(flags("td", in: "<tr>{{#each x}}<td></td>{{/each}}</tr>") == [.hasEndTag, .uncertainSiblings])
  #expect(flags("tr", in: "<tr>{{#each x}}<td></td>{{/each}}</tr>") == .hasEndTag)
  #expect(flags("p", in: "<p>{{#if x}}a{{/if}}</p><b></b>") == .hasEndTag)
  #expect(flags("i", in: "{{#if x}}<b></b>{{/if}}<i></i>") == [.hasEndTag, .uncertainSiblings])
  #expect(flags("i", in: "<i></i>{{x}}") == .hasEndTag)
}

@Test func `an element that a branch opens and another place closes is told apart`() {
  let html = "{{#if x}}<div>{{else}}<section>{{/if}}a</section>"
  #expect(flags("div", in: html)?.contains(.splitByBlock) == true)
  #expect(flags("section", in: html)?.contains(.splitByBlock) == true)
  #expect(flags("p", in: "{{#if x}}<p></p>{{/if}}")?.contains(.splitByBlock) == false)
}

@Test func `the parts of a conditional comment are known`() throws {
  let html = "a<!--[if mso 9]><p class=x>b</p><![endif]-->"
  let tree = HTMLTree.parse(Array(html.utf8))
  let node = tree[NodeID(1)]
  #expect(node.kind == .hiddenConditional && node.flags == .hasEndTag)
  #expect(String(decoding: tree.bytes[tree.conditionRange(of: NodeID(1))], as: UTF8.self) == " mso 9")
  #expect(
    String(decoding: tree.bytes[Int(node.contentStart)..<Int(node.contentEnd)], as: UTF8.self) == "<p class=x>b</p>")
  #expect(tree.parentElement(of: NodeID(2)) == .none)
  #expect(tree.attribute(NameHash("class"), of: NodeID(2)).map { Array(tree.rawValue($0)) } == [0x78])
  let revealed = HTMLTree.parse(Array("<![if (gte mso 9)|(IE)]>".utf8))
  #expect(
    String(decoding: revealed.bytes[revealed.conditionRange(of: NodeID(1))], as: UTF8.self) == " (gte mso 9)|(IE)")
}

@Test func `the ancestors of a conditional comment's content are known`() {
  let tree = HTMLTree.parse(Array("<div><!--[if mso]><b></b><![endif]--></div>".utf8))
  #expect(tree.parentElement(of: NodeID(3)) == NodeID(1))
  #expect(tree.parentElement(of: NodeID(1)) == .none)
}

@Test func `a name with a placeholder is no known name`() {
  let bytes = Array("<style>".utf8)
  let tree = HTMLTree.parse(bytes, placeholders: [Placeholder(range: 3..<5, kind: .output)])
  #expect(tree[NodeID(1)].name != NameHash("style"))
}
