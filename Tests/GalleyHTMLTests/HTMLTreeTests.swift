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
