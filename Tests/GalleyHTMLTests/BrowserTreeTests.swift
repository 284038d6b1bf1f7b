import Foundation
import GalleyHTML
import Growth
import Testing

/// The elements of a tree, in the form `p(b i)`; `?` stands before one without a tag, `*` before one that shares it.
private func browserOutline(_ tree: HTMLTree, of id: NodeID = .root) -> String {
  tree.children(of: id).compactMap { child in
    let isComment = tree[child].kind == .hiddenConditional
    guard isComment || tree[child].kind == .element else { return nil }
    let flags = tree[child].flags
    let mark = flags.contains(.implied) ? "?" : flags.contains(.copied) ? "*" : isComment ? "[if" : ""
    let inner = browserOutline(tree, of: child)
    return mark + name(tree, child) + (inner.isEmpty ? "" : "(\(inner))")
  }.joined(separator: " ")
}

private let names = Dictionary(
  uniqueKeysWithValues: ["html", "head", "body", "p", "br", "tbody", "tr", "colgroup", "img"].map {
    (NameHash($0.utf8), $0)
  })

private func name(_ tree: HTMLTree, _ id: NodeID) -> String { names[tree[id].name] ?? tree.nameText(of: id) }

private func browserOutline(_ html: String) -> String {
  let bytes = Array(html.utf8)
  let tree = HTMLTree.parse(bytes, placeholders: PlaceholderScanner.scan(bytes))
  return browserOutline(tree.rebuilt() ?? tree)
}

/// What stands in the body, where all around it is implied.
private func body(_ html: String) -> String {
  let text = browserOutline(html)
  guard text.hasPrefix("?html(?head ?body("), text.hasSuffix("))") else { return text }
  return String(text.dropFirst("?html(?head ?body(".count).dropLast(2))
}

@Test(
  arguments: [
    ("<b>a<p>b</b>c</p>", "*b p(*b)"), ("<div><b>d<i>e</b>f</i></div>", "div(b(*i) *i)"),
    ("<p><b>x<p>y", "p(*b) p(*b)"), ("<table><tr><td><b>x</td><td>y</table>z", "table(?tbody(tr(td(b) td)))"),
    ("<a>a<a>b</a>", "a a"), ("<a><div><a>b</div>", "*a div(*a a)"), ("<nobr>a<nobr>b", "nobr nobr"),
    ("<b><b><b><b><p>x</b>", "b(b(b(*b p(*b))))"),
    ("<a><table><tr><td><a>i</a></table></a>", "a(table(?tbody(tr(td(a)))))"),
    ("<font size=1><p>a</font>b<p>c", "*font p(*font) p"),
  ] as [(String, String)])
func `formatting is copied as browsers do`(html: String, expected: String) {
  #expect(body(html) == expected)
}

@Test(
  arguments: [
    ("<table><p>a</p><tr><td>b</table>", "p table(?tbody(tr(td)))"),
    ("<table><tr><b>b</b><td>c</table>", "b table(?tbody(tr(td)))"),
    ("<table><table><tr><td>c</table>", "table table(?tbody(tr(td)))"),
    ("<table><td>a</table>", "table(?tbody(?tr(td)))"), ("<table><col></table>", "table(?colgroup(col))"),
    ("<table><input type=hidden><input><tr><td></table>", "input table(input ?tbody(tr(td)))"),
    ("<table><form><tr><td><input></table>", "table(form ?tbody(tr(td(input))))"),
    ("<table><thead><tr><td><tr><tbody><tr></table>", "table(thead(tr(td) tr) tbody(tr))"),
    ("<table><caption>x<tr><td></table>", "table(caption ?tbody(tr(td)))"),
    ("<div><td>a</td><tr><p>b</div>", "div(p)"), ("<table><tr>{{x}}<td>{{/if}}</table>", "table(?tbody(tr(td)))"),
    ("<table><tr><!--[if mso]><td><p><![endif]--><td></table>", "table(?tbody(tr([if(td(p)) td)))"),
  ] as [(String, String)])
func `tables hold only their parts`(html: String, expected: String) {
  #expect(body(html) == expected)
}

@Test(
  arguments: [
    ("<h1></h1></p>", "h1 ?p"), ("a</br>b", "?br"), ("<image>", "img"), ("<p><table><td>", "p(table(?tbody(?tr(td))))"),
    ("<select><option>a<p>b<option>c<input>", "select(option(p) option) input"),
    ("<select><a></select><a>", "select(a) a"),
    ("<svg><rect/><p>a</svg>b", "svg(rect) p"), ("<svg><foreignObject><p>a</svg>b", "svg(foreignObject(p))"),
    ("<math><mi><b>x</math>", "math(mi(b))"), ("<form><form><input></form>", "form(input)"),
    ("<button><p><button>", "button(p) button"), ("<ruby><rb>a<rt>b<rtc>c<rt>d</ruby>", "ruby(rb rt rtc(rt))"),
    ("<o:p/>a<b>c</b>", "o:p(b)"), ("<div><p>a</form></div>", "div(p)"),
  ] as [(String, String)])
func `odd mark-up is mended as browsers do`(html: String, expected: String) {
  #expect(body(html) == expected)
}

@Test(
  arguments: [
    ("<p>a</p>", "?html(?head ?body(p))"), ("<style></style><p>a", "?html(?head(style) ?body(p))"),
    ("x<html><body><p>", "html(?head body(p))"), ("<html><head><p>a</head><body><div>", "html(head body(p div))"),
    ("<html><head></head><body><p></body></html><p>", "html(head body(p p))"),
    ("<html><head></head><style></style><body>", "html(head(style) body)"),
    ("<html><head></head><body><body><html>", "html(head body)"),
    ("<html><head></head><body><frameset>", "html(head body(frameset))"),
    ("<tr><td>a<tr>", "?html(?head ?body(tr(td) tr))"), ("<td>a</td>", "?html(?head ?body(td))"),
    ("<head><noscript><link><p>a</noscript></head>", "?html(head(noscript(link)) ?body(p))"),
  ] as [(String, String)])
func `what stands around the body is put in order`(html: String, expected: String) {
  #expect(browserOutline(html) == expected)
}

@Test func `a second body gives the first what that lacks`() throws {
  let html = Array("<html><head></head><body class=a><p></p><body class=b title=t style='x:y'>".utf8)
  let tree = HTMLTree.parse(html).browserTree()
  let body = try #require(tree.nodes.indices.first { tree.nodes[$0].name == NameHash("body") })
  let attributes = tree.attributes(of: NodeID(body))
  #expect(attributes.map { String(decoding: tree.rawValue($0), as: UTF8.self) } == ["t", "x:y", "a"])
}

@Test func `where a block holds half an element the author's tree stays`() {
  let html = Array("{{#if x}}<b>{{/if}}<p>y</b>".utf8)
  let tree = HTMLTree.parse(html, placeholders: PlaceholderScanner.scan(html))
  #expect(tree[.root].flags.isSuperset(of: [.mended, .splitByBlock]))
  #expect(outline(tree.browserTree()) == outline(tree))
}

@Test func `what a browser moves out of a loop has no certain place`() {
  let html = Array("<div><i></i><table>{{#each x}}<p></p><tr></tr>{{/each}}</table></div>".utf8)
  let tree = HTMLTree.parse(html, placeholders: PlaceholderScanner.scan(html)).browserTree()
  let uncertain = tree.nodes.indices.filter { tree.nodes[$0].flags.contains(.uncertainSiblings) }
  #expect(uncertain.map { name(tree, NodeID($0)) } == ["i", "p", "table", "tbody", "tr"])
}

@Test func `what an element holds is told as a browser has it`() throws {
  let cases: [(String, HTMLTree.Content)] = [
    ("<p></p>", .none), ("<p> </p>", .certain), ("<p><!-- x --></p>", .none), ("<p><!-- x -->y</p>", .certain),
    ("<p><!--[if a]>x<![endif]--></p>", .none), ("<pre>\n</pre>", .none), ("<table>x</table>", .none),
    ("<table> </table>", .certain), ("<table>{{x}}</table>", .possible), ("<table><!-- a -->x</table>", .none),
    ("<p>{{#if x}}y{{/if}}</p>", .possible), ("<p>{{#if x}}<b></b>{{/if}}</p>", .possible),
    ("<p>{{! x }}</p>", .none), ("<p>{{x}}<b></b></p>", .certain), ("<p>{{x}}y</p>", .certain),
  ]
  for (html, content) in cases {
    let bytes = Array(html.utf8)
    let tree = HTMLTree.parse(bytes, placeholders: PlaceholderScanner.scan(bytes))
    #expect(tree.content(of: NodeID(1)) == content, "\(html)")
    let rebuilt = try #require(tree.rebuilt())
    let element = try #require(
      rebuilt.nodes.indices.first { rebuilt.nodes[$0].kind == .element && rebuilt.nodes[$0].nameEnd > 0 })
    #expect(rebuilt.content(of: NodeID(element)) == content, "rebuilt: \(html)")
  }
}

// MARK: - Laws

/// Tags in any order, most of them closed, so that much of it is nested well.
private func soup(_ seed: UInt64) -> [UInt8] {
  var random = SeededGenerator(seed: seed)
  let all = """
    a b i font nobr p p div div span table table tr tr td td th tbody thead tfoot caption colgroup col ul ol li dl dt \
    dd h1 h2 form button select option optgroup input hr br img image textarea pre center svg math g foreignObject mi \
    title style head body html ruby rt rp rtc object em u noscript template dialog menu o:p x-y link meta details area \
    iframe xmp q main command
    """.split(separator: " ").map(String.init)
  let usual = "a b i font p div span table tr td th tbody ul li h1 br img em u center".split(separator: " ").map(
    String.init)
  var names = random.below(2) == 0 ? all : usual
  if random.below(3) == 0 { names = (0..<5).map { _ in names[random.below(names.count)] } }
  var text = ["", "<!DOCTYPE html>", "<html><head><title>t</title></head><body>", "<p>", "<style></style>"][
    random.below(5)]
  var open: [String] = []
  for _ in 0..<random.below(24) {
    switch random.below(12) {
    case 0...5:
      let name = names[random.below(names.count)]
      text += "<\(name)\(random.below(30) == 0 ? " /" : "")>"
      if ["style", "title", "textarea", "iframe", "xmp"].contains(name) {
        text += "x</\(name)>"
      } else {
        open.append(name)
      }
    case 6...8:
      if open.isEmpty { break }
      let index = random.below(4) == 0 ? random.below(open.count) : open.count - 1
      text += "</\(open.remove(at: index))>"
    case 9: text += "</\(names[random.below(names.count)])>"
    case 10: text += ["x", " ", "\n", "y z", "<!-- c -->", "<!--[if mso]><table><tr><td><![endif]-->"][random.below(6)]
    default: text += ["{{x}}", "{{#if a}}", "{{/if}}", "</body>", "</html>", "</p>"][random.below(6)]
    }
  }
  return Array(text.utf8)
}

private func sample(_ seed: UInt64) -> Sample {
  if seed % 4 == 0, !Suites.corpus.isEmpty { return Sample.mutated(seed: seed, from: Suites.corpus) }
  if seed % 4 == 1 { return Sample.soup(seed: seed, count: 60) }
  let bytes = soup(seed)
  return Sample(bytes: bytes, placeholders: seed % 4 == 2 ? PlaceholderScanner.scan(bytes) : [])
}

/// A tree as it reads without the elements that have no tag; nil where these stand at other places than the matching
/// of the author's tree takes them to stand.
private func authorOutline(_ tree: HTMLTree, of id: NodeID = .root) -> String? {
  let elements = tree.children(of: id).filter { tree[$0].kind == .element }
  let implied = elements.filter { tree[$0].flags.contains(.implied) }.map { name(tree, $0) }
  switch Set(implied) {
  case []: break
  case ["tbody"] where implied.count == elements.count: break
  case ["head"] where !elements.contains { name(tree, $0) == "body" && !tree[$0].flags.contains(.implied) }: break
  case ["html"], ["body"], ["head", "body"]: break
  default: return nil
  }
  var parts: [String] = []
  for child in elements {
    let flags = tree[child].flags
    if flags.contains(.copied) { return nil }
    guard let inner = authorOutline(tree, of: child) else { return nil }
    if flags.contains(.implied) {
      if !inner.isEmpty { parts.append(inner) }
    } else {
      let frame = ["", "html", "head", "body"]
      let text = frame.contains(name(tree, child)) || tree.content(of: child) == .none ? "" : "…"
      let parent = tree[tree[child].parent].kind == .root ? "" : name(tree, tree[child].parent)
      let place = flags.contains(.uncertainSiblings) && !frame.contains(parent) ? "?" : ""
      parts.append("\(tree[child].start)\(place)\(text)(\(inner))")
    }
  }
  return parts.joined(separator: " ")
}

@Test func `where nothing has to be mended the author's tree is that of a browser`() throws {
  var unmended = 0
  for seed in UInt64(1)...12_000 {
    let sample = sample(seed)
    let tree = HTMLTree.parse(sample.bytes, placeholders: sample.placeholders)
    guard tree[.root].flags.isDisjoint(with: [.mended, .truncated]) else { continue }
    guard let rebuilt = tree.rebuilt() else { continue }
    unmended += 1
    let (expected, found) = (authorOutline(rebuilt), authorOutline(tree))
    guard expected == found else {
      Issue.record(
        """
        seed \(seed): \(String(reflecting: sample.text))
        author:  \(found ?? "nil")
        browser: \(expected ?? browserOutline(rebuilt))
        """)
      return
    }
  }
  #expect(unmended > 3000)
}

@Test func `the tree of a browser is linked well and holds each tag as often as it says`() {
  for seed in UInt64(1)...6000 {
    let sample = sample(seed)
    let tree = HTMLTree.parse(sample.bytes, placeholders: sample.placeholders)
    guard let rebuilt = tree.rebuilt() else { continue }
    if let fault = fault(rebuilt, of: tree) {
      Issue.record("seed \(seed): \(fault) in \(String(reflecting: sample.text))")
      return
    }
  }
}

private func fault(_ rebuilt: HTMLTree, of tree: HTMLTree) -> String? {
  let authors = Set(tree.nodes.filter { $0.kind == .element }.map(\.start))
  var tags: [Int32: Int] = [:]
  for (index, node) in rebuilt.nodes.enumerated() {
    let id = NodeID(index)
    guard node.subtreeEnd > id, Int(node.subtreeEnd.index) <= rebuilt.nodes.count else { return "subtree of \(index)" }
    guard node.start >= 0, node.start <= node.nameEnd, node.nameEnd <= node.contentStart,
      node.contentStart <= node.contentEnd, node.contentEnd <= node.end, Int(node.end) <= rebuilt.bytes.count
    else { return "range of \(index)" }
    var previous = NodeID.none
    var next = NodeID(index + 1)
    while next < node.subtreeEnd {
      guard rebuilt[next].parent == id, rebuilt[next].previousSibling == previous else { return "links of \(next)" }
      if previous != .none, rebuilt[previous].nextSibling != next { return "next of \(previous)" }
      previous = next
      next = rebuilt[next].subtreeEnd
    }
    guard next == node.subtreeEnd, previous == .none || rebuilt[previous].nextSibling == .none else {
      return "children of \(index)"
    }
    guard node.kind == .element, !node.flags.contains(.implied) else { continue }
    if !authors.contains(node.start) { return "\(index) is made of no tag" }
    tags[node.start, default: 0] += 1
  }
  for node in rebuilt.nodes where node.kind == .element && !node.flags.contains(.implied) {
    if (tags[node.start] ?? 0) > 1, !node.flags.contains(.copied) { return "\(node.start) is copied" }
  }
  return nil
}

@Test func `few real mails have to be mended`() {
  let corpus = Suites.files("corpus", ext: "html")
  if corpus.isEmpty { return print("skipped: no corpus") }
  let mended = corpus.filter { _, bytes in
    HTMLTree.parse(bytes, placeholders: PlaceholderScanner.scan(bytes))[.root].flags.contains(.mended)
  }
  print("\(mended.count) of \(corpus.count) mails are mended by browsers: \(mended.map(\.path))")
  #expect(mended.count * 10 < corpus.count)
}

@Test(
  arguments: [
    "<b>", "<p><b id=", "<b><p>", "<b><p></b>", "<a><div>", "<nobr>", "<table>", "<table><p>", "<table><b>", "<td>",
    "<select><p>", "<svg><p>", "<body a=", "</p>", "</br>", "<font a><p>", "<button><b>", "<li><b>", "<form><table>",
    "<b></p>", "<i><b></i>", "<template><td>", "<table><tr><a><td>", "<ruby><rt><b>",
  ])
func `the tree of a browser costs linear time`(piece: String) {
  let growth = Growth(from: 1000) { count in
    var text = ""
    for index in 0..<count { text += piece.hasSuffix("=") ? "\(piece)\(index) x\(index)>" : piece }
    return HTMLTree.parse(Array((text + "<p></p>x</b>").utf8))
  } work: { tree in
    #expect(tree.browserTree().nodes.count <= 6 * tree.nodes.count + 100)
  }
  #expect(growth.isLinear, "\(growth)")
}
