import GalleyHTML
import Testing

private func decode(_ text: String, inAttribute: Bool = false) -> String {
  CharacterReference.text(Array(text.utf8)[...], inAttribute: inAttribute)
}

@Test func `named references are decoded`() {
  #expect(decode("a &amp; b &lt;&gt;&quot;&apos;&nbsp;&mdash;&zwnj;&euro;") == "a & b <>\"'\u{A0}—\u{200C}€")
  #expect(decode("&NotEqualTilde;&CounterClockwiseContourIntegral;") == "\u{2242}\u{338}\u{2233}")
  #expect(decode("&Amp; &unknown; &; &") == "&Amp; &unknown; &; &")
}

@Test func `old names count without a semicolon, but not before letters in an attribute`() {
  #expect(decode("&copy 2025 &notit; &amp") == "© 2025 ¬it; &")
  #expect(decode("?a=1&copy=2&notit&lt;&amp", inAttribute: true) == "?a=1&copy=2&notit<&")
  #expect(decode("&hellip") == "&hellip")
}

@Test func `numeric references are decoded and mended`() {
  #expect(decode("&#65;&#x41;&#X61;&#65 &#128;&#150;") == "AAaA €–")
  #expect(decode("&#0;&#x110000;&#xD800;&#99999999999999999999;") == "\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}")
  #expect(decode("&#;&#x;&#xg;&#") == "&#;&#x;&#xg;&#")
  #expect(decode("&#847;&#8199;") == "\u{34F}\u{2007}")
}

@Test func `the value of an attribute is decoded`() throws {
  let tree = HTMLTree.parse(Array("<a href='?a=1&amp;b=&quot;' title>".utf8))
  let href = try #require(tree.attribute(NameHash("href"), of: NodeID(1)))
  #expect(tree.value(href) == "?a=1&b=\"")
  #expect(tree.attribute(NameHash("title"), of: NodeID(1)).map(tree.value) == "")
}
