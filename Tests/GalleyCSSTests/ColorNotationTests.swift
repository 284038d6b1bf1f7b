import GalleyCSS
import GalleyHTML
import GalleySource
import Testing

/// Runs the pass over a document with `{{…}}` as placeholders.
private func rewrite(_ html: String, names: Bool = false) -> String {
  let bytes = Array(html.utf8)
  var options = ColorNotation.Options()
  options.convertsNames = names
  let tree = HTMLTree.parse(bytes, placeholders: PassDocument.placeholders(bytes))
  return String(decoding: ColorNotation(options: options).edits(for: tree).apply(to: bytes), as: UTF8.self)
}

/// One value of a `style` attribute and what becomes of it.
private struct ColorCase: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let before: String
  /// Nil where nothing changes.
  let after: String?

  init(_ name: String, _ before: String, _ after: String? = nil) {
    testDescription = "85: " + name
    self.before = before
    self.after = after
  }
}

private let styleCases: [ColorCase] = [
  ColorCase("three digits become six", "color:#abc", "color:#aabbcc"),
  ColorCase(
    "four and eight digits need rgba", "color:#abc8;background:#11223380",
    "color:rgba(170,187,204,0.533);background:rgba(17,34,51,0.5)"),
  ColorCase("eight digits that are opaque become six", "color:#112233ff", "color:#112233"),
  ColorCase("six digits stay, in the author's case", "color:#AbCdEf"),
  ColorCase("rgb becomes digits", "color: rgb( 1, 2,3 ) !important", "color: #010203 !important"),
  ColorCase("rgba in integers stays", "color:rgba(0, 0, 0, .35)"),
  ColorCase("rgba that is opaque becomes digits", "color:rgba(0,0,0,1)", "color:#000000"),
  ColorCase(
    "slashes and percentages become rgba", "color:rgb(0 0 0 / 35%);outline-color:rgba(0,0,0,50%)",
    "color:rgba(0,0,0,0.35);outline-color:rgba(0,0,0,0.5)"),
  ColorCase(
    "hsl, hwb and newer spaces become digits", "color:hsl(120,100%,25%);background-color:oklch(1 0 0)",
    "color:#008000;background-color:#ffffff"),
  ColorCase(
    "colors within shorthands", "border:1px solid #abc;border-left:#000 solid 1px;outline:1px #fff dotted",
    "border:1px solid #aabbcc;border-left:#000000 solid 1px;outline:1px #ffffff dotted"),
  ColorCase(
    "decorations, rules and shadows",
    "text-decoration:underline #abc;column-rule:1px solid #abc;box-shadow:0 0 1px #abc,0 0 2px rgb(0 0 0/.5)",
    "text-decoration:underline #aabbcc;column-rule:1px solid #aabbcc;"
      + "box-shadow:0 0 1px #aabbcc,0 0 2px rgba(0,0,0,0.5)"),
  ColorCase(
    "stops of gradients", "background:linear-gradient(to right,#abc 10%,rgb(1 2 3)),#fff",
    "background:linear-gradient(to right,#aabbcc 10%,#010203),#ffffff"),
  ColorCase(
    "stops of the oldest gradients", "background-image:-webkit-gradient(linear,0 0,0 100%,from(#abc),to(#def))",
    "background-image:-webkit-gradient(linear,0 0,0 100%,from(#aabbcc),to(#ddeeff))"),
  ColorCase("a gradient is not made to mix in another space", "background:linear-gradient(oklch(1 0 0),red)"),
  ColorCase(
    "addresses and strings are no colors", "background:url(#abc) url('#abc') #abc;content:'#abc'",
    "background:url(#abc) url('#abc') #aabbcc;content:'#abc'"),
  ColorCase(
    "only properties that have colors", "filter:drop-shadow(0 0 1px #abc);--x:#abc;mso-foo:#abc;font-family:#abc"),
  ColorCase(
    "filters of old clients stay",
    "filter:progid:DXImageTransform.Microsoft.gradient(startColorstr='#80000000',endColorstr=#abc)"),
  ColorCase("names stay", "color:red;border-color:transparent"),
  ColorCase(
    "what is not constant stays whole",
    "color:var(--x,#abc);background:rgb(from #abc r g b);border-color:light-dark(#abc,#def);outline-color:currentcolor"),
  ColorCase(
    "a value with a placeholder stays", "border:{{w}} solid #abc;color:#abc", "border:{{w}} solid #abc;color:#aabbcc"),
  ColorCase(
    "what a condition surrounds is a color all the same", "{{#if x}}color:#abc;{{/if}}top:0",
    "{{#if x}}color:#aabbcc;{{/if}}top:0"),
  ColorCase(
    "no token runs into its neighbor", "border:rgb(1,2,3)solid;outline:solid#abcd;background:#abc/**/url(x)",
    "border:rgb(1,2,3)solid;outline:solid#abcd;background:#aabbcc/**/url(x)"),
  ColorCase(
    "a wide color with a fallback stays, one without is clipped",
    "color:#f00;color:color(display-p3 1 0 0);background:color(display-p3 1 0 0)",
    "color:#ff0000;color:color(display-p3 1 0 0);background:#ff0000"),
  ColorCase("invalid colors stay", "color:#ab;background:#12345;border-color:rgb(1,2)"),
]

@Suite struct ColorNotationTests {
  @Test(arguments: styleCases)
  private func `a style`(_ item: ColorCase) {
    let html = "<p style=\"\(item.before)\">"
    #expect(rewrite(html) == "<p style=\"\(item.after ?? item.before)\">")
  }

  @Test(arguments: styleCases)
  private func `a sheet that stays`(_ item: ColorCase) {
    let html = "<style>p:hover{\(item.before)}</style>"
    #expect(rewrite(html) == "<style>p:hover{\(item.after ?? item.before)}</style>")
  }

  @Test(
    arguments: [
      ("85: color attributes", "<td bgcolor=#abc><font color='#ABC'>", "<td bgcolor=#aabbcc><font color='#aabbcc'>"),
      (
        "85: colors of body", "<body text=#000 link=\"#fff\" vlink=#123456>",
        "<body text=#000000 link=\"#ffffff\" vlink=#123456>"
      ),
      ("85: attributes that are no colors", "<a href=#abc name=#abc><use href='#abc'><p color=#abc title='#abc'>", nil),
      ("85: what HTML reads in its own way", "<td bgcolor=\"rgb(1,2,3)\"><td bgcolor=#abcd><td bgcolor=abc>", nil),
      ("85: a placeholder in an attribute", "<td bgcolor=\"#{{x}}\">", nil),
      ("85: an identifier in a selector", "<style>#abc,a[href='#abc']{top:0}</style>", nil),
      (
        "85: at-rules around rules", "<style>@media (min-width:1px){#abc{color:#abc}}</style>",
        "<style>@media (min-width:1px){#abc{color:#aabbcc}}</style>"
      ),
      (
        "85: wide colors that are asked for",
        "<style>@media (color-gamut:p3){p{color:color(display-p3 1 0 0)}}</style>", nil
      ),
      (
        "85: conditions of at-rules and other at-rules",
        "<style>@supports (color:#abc){}@font-face{src:url(#abc)}@page{color:#abc}</style>", nil
      ),
      ("85: rules that are pinned", "<style>/* galley keep next */p{color:#abc}</style>", nil),
      ("85: what opted out", "<p data-galley=keep style=color:#abc><style data-keep>p{color:#abc}</style>", nil),
      (
        "85: text, comments and scripts",
        "#abc<!-- #abc --><script>'color:#abc'</script><template><p style=color:#abc></template>", nil
      ),
      ("85: a sheet in a conditional comment", "<!--[if mso]><style>p{color:#abc}</style><![endif]-->", nil),
      (
        "85: an element in a conditional comment", "<!--[if mso]><p style=\"color:#abc\"><![endif]-->",
        "<!--[if mso]><p style=\"color:#aabbcc\"><![endif]-->"
      ),
      (
        "85: character references", "<p style=\"font-family:&quot;A&quot;;color:&#35;abc;background:#abc\">",
        "<p style=\"font-family:&quot;A&quot;;color:#aabbcc;background:#aabbcc\">"
      ),
      ("85: an unquoted style", "<p style=color:#abc8>", "<p style=color:rgba(170,187,204,0.533)>"),
    ])
  func `a document`(name: String, before: String, after: String?) {
    #expect(rewrite(before) == after ?? before, "\(name)")
  }

  @Test func `85: names become digits where that is asked for`() {
    let html = "<td bgcolor=red style=\"color:Tan;border:1px solid transparent;background:linear-gradient(red,#abc)\">"
    #expect(
      rewrite(html, names: true)
        == "<td bgcolor=#ff0000 style=\"color:#d2b48c;border:1px solid transparent;"
        + "background:linear-gradient(#ff0000,#aabbcc)\">")
  }

  @Test func `any document is taken, its placeholders stay, and a second run changes nothing`() {
    let declarations = [
      "color:#abc", "color:#abcd", "border:1px solid #11223344", "border:solid#abcd", "color:rgb(1 2 3)",
      "color:&#35;abc",
      "background:rgba(0,0,0,.5)", "background:oklch(.5 .1 20)",
      "background:linear-gradient(#abc,rgb(1 2 3),oklch(.5 .1 20))",
      "background:-webkit-gradient(linear,from(#abc),to(red))", "color:red", "border:rgb(1,2,3)solid", "color:{{c}}",
      "border:1px {{s}} #abc", "box-shadow:0 0 1px #abc,0 0 1px", "color:color(display-p3 0 1 0)",
      "background:url(#abc)",
      "color:color-mix(in srgb, #abc, #1234)", "outline:#fff/**/dotted", "color:rgb(1,2", "color:hsl(none 20% 50%)",
    ]
    PassDocument.check(declarations, seeds: 3000) { ColorNotation().edits(for: $0) }
    var options = ColorNotation.Options()
    options.convertsNames = true
    PassDocument.check(declarations, seeds: 1000) { ColorNotation(options: options).edits(for: $0) }
  }
}
