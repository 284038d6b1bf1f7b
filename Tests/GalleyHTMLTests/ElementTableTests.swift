import GalleyHTML
import Testing

@Test func `elements of HTML, of old HTML and of Office are known`() {
  for name in ["div", "section", "center", "font", "v:rect", "o:p", "W:Anchorlock", "TD", "svg"] {
    #expect(ElementTable.isKnown(name.utf8), "\(name)")
  }
  for name in ["dvi", "x-card", "foo:bar", ":", "v:", ""] { #expect(!ElementTable.isKnown(name.utf8), "\(name)") }
}

@Test func `facts about elements`() {
  #expect(ElementTable.isVoid(NameHash("br")) && !ElementTable.isVoid(NameHash("p")))
  #expect(ElementTable.isRawText(NameHash("style")) && ElementTable.isRawText(NameHash("title")))
  #expect(!ElementTable.isRawText(NameHash("noscript")))
  #expect(ElementTable.isBlock(NameHash("td")) && !ElementTable.isBlock(NameHash("span")))
  #expect(ElementTable.standard[NameHash("font")].traits.contains(.obsolete))
}
