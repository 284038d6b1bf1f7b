import GalleyText
import Testing

/// Tables, lists and hidden things beyond what the cases show.
struct `Pieces of mails as text` {
  private func text(_ html: String) -> String { Mustache.spell(Mustache.textPart(html).text) }

  @Test(arguments: [
    "<table role=\"presentation\"><tr><th>A</th><td>B</td></tr></table>",
    "<table role=none><caption>C</caption><tr><td>A</td><td>B</td></tr></table>",
    "<table><tr><td>A</td><td>B</td></tr></table>",
    "<table><tr><th>A</th><th>B</th></tr></table>",
    "<table><tr><th><table><tr><td>A</td></tr></table></th><td>B</td></tr></table>",
  ]) func `layout flows`(_ html: String) {
    #expect(!text(html).contains("A: B") && !text(html).contains("A  B") && text(html).contains("A\n"))
  }

  @Test(arguments: [
    "<table><caption>C</caption><tr><td>A</td><td>B</td></tr></table>",
    "<table><thead><tr><td>A</td><td>B</td></tr></thead></table>",
    "<table><tr><td scope=row>A</td><td>B</td></tr></table>", "<table><tr><td headers=x>A</td><td>B</td></tr></table>",
    "<table role=table><tr><td>A</td><td>B</td></tr></table>",
  ]) func `data stands in lines`(_ html: String) {
    #expect(text(html).contains("A  B") || text(html).contains("A | B"))
  }

  @Test(arguments: [
    ("<div style=\"max-height:0;overflow:hidden\">x</div>", ""),
    ("<div style=\"height:0;overflow:hidden\">x</div>", ""),
    ("<div style=\"max-height:0;font-size:0\">x</div>", ""), ("<td style=\"font-size:0\">x</td>", "x\n"),
    ("<div style=\"height:0\">x</div>", "x\n"), ("<div style=\"overflow:hidden\">x</div>", "x\n"),
    ("<div style=\"mso-hide:all\">x</div>", "x\n"), ("<div style=\"mso-hide:all;font-size:0\">x</div>", ""),
    ("<div style=\"max-height:0.5em;overflow:hidden\">x</div>", "x\n"),
    ("<p>a\u{AD}b\u{200B}c&zwnj;&#8203;</p>", "abc\n"),
    ("<p>a &nbsp; \u{2003}b&#847;</p>", "a b\n"), ("<p>2&zwnj;016, add&#8204;ress</p>", "2016, address\n"),
    ("<p>\u{645}&zwnj;\u{6CC} \u{645}\u{200C}\u{6CC}</p>", "\u{645}\u{200C}\u{6CC} \u{645}\u{200C}\u{6CC}\n"),
    ("<p>&#x1F469;&zwj;&#x1F4BB; &#x645;&zwnj; x</p>", "\u{1F469}\u{200D}\u{1F4BB} \u{645} x\n"),
  ]) func `what is hidden is left out`(_ html: String, _ expected: String) { #expect(text(html) == expected) }
}
