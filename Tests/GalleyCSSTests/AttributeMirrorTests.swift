import GalleyCSS
import GalleyHTML
import GalleySource
import Testing

/// Runs the pass over a document with `{{…}}` as placeholders.
private func mirror(_ html: String, _ change: (inout AttributeMirror.Options) -> Void = { _ in }) -> String {
  let bytes = Array(html.utf8)
  var options = AttributeMirror.Options()
  change(&options)
  let tree = HTMLTree.parse(bytes, placeholders: PassDocument.placeholders(bytes))
  return String(decoding: AttributeMirror(options: options).edits(for: tree).apply(to: bytes), as: UTF8.self)
}

/// One element's style and the attributes that it gets.
private struct MirrorCase: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let element: String
  let style: String
  let attributes: String

  /// Makes the case of a start tag without its style.
  init(_ name: String, _ element: String, _ style: String, _ attributes: String = "") {
    testDescription = name
    self.element = element
    self.style = style
    self.attributes = attributes.isEmpty ? "" : " " + attributes
  }
}

private let sizeCases: [MirrorCase] = [
  MirrorCase("77: pixels", "table", "width:600px", "width=\"600\""),
  MirrorCase("77: percentages", "td", "width: 50%", "width=\"50%\""),
  MirrorCase("77: zero without a unit", "img", "width:0;height:0", "width=\"0\" height=\"0\""),
  MirrorCase("77: columns and rules", "col", "width:10px", "width=\"10\""),
  MirrorCase("77: rules", "hr", "width:80%", "width=\"80%\""),
  MirrorCase("77: headers", "th", "width:10px", "width=\"10\""),
  MirrorCase("77: no calculations", "td", "width:calc(100% - 20px)"),
  MirrorCase("77: no words", "img", "width:auto;height:min-content"),
  MirrorCase("77: no other units", "td", "width:10em"),
  MirrorCase("77: no pixels within something else", "td", "width:min(10px, 5em)"),
  MirrorCase("77: no numbers without a unit", "td", "width:600"),
  MirrorCase("77: no negative sizes", "td", "width:-5px"),
  MirrorCase(
    "77: rounded to the nearest, halves up", "img", "width:10.5px;height:33.33%", "width=\"11\" height=\"33%\""),
  MirrorCase("77: nothing is rounded away", "img", "width:.3px"),
  MirrorCase("77: the last one wins", "td", "width:1px;width:2px", "width=\"2\""),
  MirrorCase("77: important wins", "td", "width:1px!important;width:2px", "width=\"1\""),
  MirrorCase("77: what is invalid doesn't win", "td", "width:1px;width:600;width:foo", "width=\"1\""),
  MirrorCase("77: what can't be said wins all the same", "td", "width:1px;width:calc(50% + 1px)"),
  MirrorCase("77: reset by all", "td", "width:1px;all:unset"),
  MirrorCase("77: no height on cells", "td", "height:10px"),
  MirrorCase("77: no height on tables", "table", "height:10px"),
  MirrorCase("77: the author's attribute stays", "td width=5", "width:10px"),
  MirrorCase("77: a placeholder in the attribute stays", "td width=\"{{w}}\"", "width:10px"),
  MirrorCase("77: no placeholders", "td", "width:{{w}}px"),
  MirrorCase("77: a placeholder that may win", "td", "width:10px;width:{{w}}"),
  MirrorCase("77: a placeholder that can't win", "td", "width:{{w}};width:10px", "width=\"10\""),
  MirrorCase("77: a condition", "td", "width:10px;{{#if x}}width:20px;{{/if}}"),
  MirrorCase("77: a condition that can't win", "td", "{{#if x}}width:20px;{{/if}}width:10px", "width=\"10\""),
  MirrorCase("77: declarations that only the sender knows", "td", "width:10px;{{more}}"),
  MirrorCase("77: other elements", "span", "width:10px;background-color:#fff"),
  MirrorCase("77: shapes of Word", "v:rect", "width:10px;height:10px"),
  MirrorCase("77: hacks", "td", "_width:10px;*width:5px;--width:4px"),
]

private let colorCases: [MirrorCase] = [
  MirrorCase("78: six digits", "td", "background-color:#abc", "bgcolor=\"#aabbcc\""),
  MirrorCase("78: from names and functions", "tr", "background-color:rgb(1 2 3)", "bgcolor=\"#010203\""),
  MirrorCase("78: from the shorthand", "body", "background: white", "bgcolor=\"#ffffff\""),
  MirrorCase(
    "78: from the shorthand's last layer", "table", "background:url(a),url(b) no-repeat 0 0/cover red",
    "bgcolor=\"#ff0000\""),
  MirrorCase("78: no alpha", "td", "background-color:rgba(0,0,0,.5)"),
  MirrorCase("78: nothing transparent", "td", "background-color:transparent"),
  MirrorCase(
    "78: the last valid color", "td", "background-color:#fff;background-color:#ab;background-color:nocolor",
    "bgcolor=\"#ffffff\""),
  MirrorCase("78: a shorthand resets", "td", "background-color:#fff;background:none"),
  MirrorCase("78: a color behind a shorthand", "td", "background:none;background-color:#fff", "bgcolor=\"#ffffff\""),
  MirrorCase(
    "78: an invalid shorthand resets nothing", "td", "background-color:#fff;background:red blue",
    "bgcolor=\"#ffffff\""),
  MirrorCase("78: no colors that depend", "td", "background:var(--x);background-color:currentcolor"),
  MirrorCase("78: an image", "td", "background-image:url( 'a.png' )", "background=\"a.png\""),
  MirrorCase(
    "78: an image and a color", "body", "background:#fff url(a.png) no-repeat",
    "bgcolor=\"#ffffff\" background=\"a.png\""),
  MirrorCase("78: no gradient", "td", "background-image:linear-gradient(red,blue)"),
  MirrorCase("78: no gradient above an image", "td", "background-image:linear-gradient(red,blue),url(a)"),
  MirrorCase("78: not the image itself", "td", "background-image:url(data:image/png;base64,AAAA)"),
  MirrorCase("78: no image where none may be", "tr", "background-image:url(a)"),
]

private let alignmentCases: [MirrorCase] = [
  MirrorCase("78: text-align", "td", "text-align:center", "align=\"center\""),
  MirrorCase("78: text-align of blocks", "h3", "text-align:JUSTIFY", "align=\"justify\""),
  MirrorCase("78: start where the direction is not known", "td", "text-align:start"),
  MirrorCase("78: start", "td dir=rtl", "text-align:start", "align=\"right\""),
  MirrorCase("78: end", "p dir=LTR", "text-align:end", "align=\"right\""),
  MirrorCase("78: start in a direction of the style", "p dir=ltr", "text-align:start;direction:rtl", "align=\"right\""),
  MirrorCase("78: no other words", "td", "text-align:-webkit-center"),
  MirrorCase("78: not on what text-align doesn't move", "table", "text-align:center"),
  MirrorCase("78: vertical-align", "td", "vertical-align:middle", "valign=\"middle\""),
  MirrorCase("78: no vertical-align that valign doesn't know", "td", "vertical-align:super"),
  MirrorCase("78: no length", "td", "vertical-align:2px"),
  MirrorCase("78: centered tables", "table", "margin:0 auto", "align=\"center\""),
  MirrorCase(
    "78: centered tables by sides", "table", "margin-left:auto;margin-right:auto;margin-top:-5px",
    "align=\"center\""),
  MirrorCase("78: tables with one margin", "table", "margin:0 0 0 auto"),
  MirrorCase("78: a margin that is reset", "table", "margin:0 auto;margin-left:0"),
  MirrorCase("78: nowrap", "td", "white-space:nowrap", "nowrap=\"nowrap\""),
  MirrorCase("78: nowrap that is overridden", "td", "white-space:nowrap;white-space:normal"),
]

private let tableCases: [MirrorCase] = [
  MirrorCase("78: images without a border", "img", "border:0", "border=\"0\""),
  MirrorCase("78: tables without a border", "table", "border: none", "border=\"0\""),
  MirrorCase("78: borders by sides", "img", "border-width:0 0;border-style:solid", "border=\"0\""),
  MirrorCase("78: one border that is left", "img", "border:0;border-top:1px solid red"),
  MirrorCase("78: three sides alone", "img", "border-top:0;border-left:0;border-right:0"),
  MirrorCase("78: collapsed borders", "table", "border-collapse:collapse;border-spacing:5px", "cellspacing=\"0\""),
  MirrorCase("78: spacing", "table", "border-spacing:5px 5px", "cellspacing=\"5\""),
  MirrorCase("78: spacing of two kinds", "table", "border-spacing:5px 2px"),
  MirrorCase(
    "78: a rule that is a filled box", "hr", "border:0;height:2px;background-color:#ccc",
    "color=\"#cccccc\" size=\"2\" noshade=\"noshade\""),
  MirrorCase(
    "78: a rule that is a border", "hr", "border:none;border-top:1px solid #CCC",
    "color=\"#cccccc\" size=\"1\" noshade=\"noshade\""),
  MirrorCase("78: a rule whose borders are the client's", "hr", "height:2px;background-color:#ccc"),
  MirrorCase("78: a rule that is a border and a box", "hr", "border:none;border-top:1px solid #ccc;height:2em"),
  MirrorCase("78: a rule with dots", "hr", "border:none;border-top:1px dotted #ccc"),
]

private let importanceCases: [MirrorCase] = [
  MirrorCase(
    "80: importance is lost in the attribute", "td", "background:#abc ! important;width:5px!important",
    "width=\"5\" bgcolor=\"#aabbcc\""),
  MirrorCase("80: rounding goes to the nearest integer", "td", "width:99.5%", "width=\"100%\""),
]

@Suite struct AttributeMirrorTests {
  @Test(arguments: sizeCases + colorCases + alignmentCases + tableCases + importanceCases)
  private func `an element`(_ item: MirrorCase) {
    let start = "<\(item.element) style=\"\(item.style)\""
    #expect(mirror(start + ">") == start + item.attributes + ">")
  }

  @Test(
    arguments: [
      (
        "77: quotes are the style's own", "<td style='width:1px'><td STYLE=width:1px><td style = \"width:1px\" id=x>",
        "<td style='width:1px' width='1'><td STYLE=width:1px width=1><td style = \"width:1px\" width=\"1\" id=x>"
      ),
      (
        "77: tags stay as they are", "<IMG style=\"width:1px\"/><img style=\"width:2px\"title=x>",
        "<IMG style=\"width:1px\" width=\"1\"/><img style=\"width:2px\" width=\"2\"title=x>"
      ),
      ("77: a placeholder in the tag", "<td {{x}} style=\"width:1px\">", nil),
      (
        "77: what opted out",
        "<td data-galley=keep style=\"width:1px;display:none\"><td data-premailer=ignore style=\"width:1px\">", nil
      ),
      ("77: templates", "<template><td style=\"width:1px\"></template>", nil),
      (
        "77: conditional comments", "<!--[if mso]><td style=\"width:1px;background-image:url(a--b)\"><![endif]-->",
        "<!--[if mso]><td style=\"width:1px;background-image:url(a--b)\" width=\"1\"><![endif]-->"
      ),
      (
        "78: addresses are escaped", "<td style='background-image:url(\"a\\26 b=1&c=&quot;&#39;\")'>",
        "<td style='background-image:url(\"a\\26 b=1&c=&quot;&#39;\")'>"
      ),
      (
        "78: ampersands", "<td style=\"background-image:url(a?b=1&amp;copy=2&x)\">",
        "<td style=\"background-image:url(a?b=1&amp;copy=2&x)\" background=\"a?b=1&amp;copy=2&amp;x\">"
      ),
      (
        "78: an address needs quotes", "<td style=background:url(a?b=c)>",
        "<td style=background:url(a?b=c) background=\"a?b=c\">"
      ),
      (
        "78: references in the style", "<td style=\"font-family:&quot;A&quot;;width:5p&#120;\">",
        "<td style=\"font-family:&quot;A&quot;;width:5p&#120;\" width=\"5\">"
      ),
      (
        "78: the direction around",
        "<div dir=rtl><p style=\"text-align:end\"></div><p style=\"text-align:end\">",
        "<div dir=rtl><p style=\"text-align:end\" align=\"left\"></div><p style=\"text-align:end\">"
      ),
      (
        "78: the direction of a style around", "<div style=\"direction:ltr\"><p style=\"text-align:start\">",
        "<div style=\"direction:ltr\"><p style=\"text-align:start\" align=\"left\">"
      ),
      ("78: a direction that only the sender knows", "<div dir=rtl><div dir={{d}}><p style=\"text-align:start\">", nil),
      (
        "78: cells without padding",
        "<table style=\"top:0\"><tr><td style=\"padding:0\"></td><th style=\"padding:0px 0\">",
        "<table style=\"top:0\" cellpadding=\"0\"><tr><td style=\"padding:0\"></td><th style=\"padding:0px 0\">"
      ),
      (
        "78: one cell with padding",
        "<table style=\"padding:0\"><tr><td style=\"padding:0\"></td><td style=\"padding:0 1px\">", nil
      ),
      ("78: one cell without a style", "<table style=\"padding:0\"><tr><td style=\"padding:0\"></td><td>", nil),
      (
        "78: cells of an inner table",
        "<table style=\"top:0\"><tr><td style=\"padding:0\"><table><tr><td></td></tr></table>",
        "<table style=\"top:0\" cellpadding=\"0\"><tr><td style=\"padding:0\"><table><tr><td></td></tr></table>"
      ),
      (
        "78: rows that only the sender knows",
        "<table style=\"top:0\">{{rows}}<tr><td style=\"padding:0\"></td></tr></table>", nil
      ),
      (
        "78: text that only the sender knows",
        "<table style=\"top:0\">{{#each x}}<tr><td style=\"padding:0\">{{text}}</td></tr>{{/each}}</table>",
        "<table style=\"top:0\" cellpadding=\"0\">{{#each x}}<tr><td style=\"padding:0\">{{text}}</td></tr>{{/each}}</table>"
      ),
    ])
  func `a document`(name: String, before: String, after: String?) {
    #expect(mirror(before) == after ?? before, "\(name)")
  }

  @Test func `77: heights of cells are written where that is asked for`() {
    let html = "<table style=\"height:5px\"><tr style=\"height:4px\"><td style=\"height:3px\">"
    #expect(
      mirror(html) { $0.mirrorsCellHeights = true }
        == "<table style=\"height:5px\" height=\"5\"><tr style=\"height:4px\" height=\"4\">"
        + "<td style=\"height:3px\" height=\"3\">")
  }

  @Test func `78: tables are not centered where that is not wanted`() {
    let html = "<table style=\"margin:0 auto\">"
    #expect(mirror(html) { $0.centersTables = false } == html)
  }

  @Test func `79: floating images are aligned where that is asked for`() {
    let html = "<img style=\"float:left\"><img style=\"float:right\" align=top><p style=\"float:left\">"
    #expect(mirror(html) == html)
    #expect(
      mirror(html) { $0.floatsImages = true }
        == "<img style=\"float:left\" align=\"left\"><img style=\"float:right\" align=top><p style=\"float:left\">")
  }

  @Test(
    arguments: [
      ("behind the declaration", "display:none;top:0", "display:none; mso-hide:all;top:0"),
      ("at the end", "display: none", "display: none; mso-hide:all"),
      ("behind the importance", "display:none !important;", "display:none !important; mso-hide:all;"),
      ("before what is not closed", "display:none/* x", "display:none; mso-hide:all/* x"),
      ("not where it is said", "display:none;mso-hide:none", nil),
      ("not where something else wins", "display:none;display:block", nil),
      ("not where the sender decides", "display:none;display:{{x}}", nil),
      ("not in a condition", "{{#if x}}display:none{{/if}}", nil),
      (
        "behind the one that wins", "display:none!important;display:block",
        "display:none!important; mso-hide:all;display:block"
      ),
      (
        "with references around", "font-family:&quot;a&quot;;display:none;top:0",
        "font-family:&quot;a&quot;;display:none; mso-hide:all;top:0"
      ),
    ])
  func `79: what is hidden is hidden from Word`(name: String, style: String, after: String?) {
    #expect(mirror("<div style=\"\(style)\">") == "<div style=\"\(after ?? style)\">", "\(name)")
    #expect(mirror("<div style=\"\(style)\">") { $0.hidesFromWord = false } == "<div style=\"\(style)\">", "\(name)")
  }

  @Test func `79: an unquoted style stays in one piece`() {
    #expect(mirror("<p style=display:none>") == "<p style=display:none;mso-hide:all>")
  }

  @Test func `any document is taken, its placeholders stay, and a second run changes nothing`() {
    let declarations = [
      "width:10px", "width:{{w}}px", "width:600", "height:1.5px", "background:red url(a&b)", "background-color:#abc",
      "background-image:url('a\"b')", "background-image:linear-gradient(red,#abc)", "background:{{x}}",
      "text-align:start", "text-align:center", "vertical-align:top", "direction:ltr", "margin:0 auto", "margin-left:0",
      "border:0", "border-top:1px solid #ccc", "border-collapse:collapse", "border-spacing:2px", "padding:0",
      "display:none", "display:block", "mso-hide:all", "float:left", "white-space:nowrap", "all:unset",
      "{{#if x}}width:1px{{/if}}",
      "background:url(a--b)",
    ]
    PassDocument.check(declarations, seeds: 3000) { AttributeMirror().edits(for: $0) }
    var options = AttributeMirror.Options()
    options.mirrorsCellHeights = true
    options.floatsImages = true
    options.centersTables = false
    PassDocument.check(declarations, seeds: 1000) { AttributeMirror(options: options).edits(for: $0) }
  }

  @Test func `deep and wide documents take bounded time`() {
    let deep = String(
      repeating: "<table style=\"padding:0\"><tr><td style=\"padding:0;text-align:start\">{{x}}", count: 3000)
    let wide =
      "<table style=\"top:0\">"
      + String(repeating: "<tr><td style=\"padding:0;width:1px\">{{x}}</td></tr>", count: 5000)
    #expect(mirror(wide).hasPrefix("<table style=\"top:0\" cellpadding=\"0\">"))
    #expect(mirror(deep).contains("cellpadding"))
    let long = String(repeating: "border:0;background:red;", count: 20000)
    #expect(mirror("<table style=\"\(long)\">").hasSuffix(" bgcolor=\"#ff0000\" border=\"0\">"))
  }
}
