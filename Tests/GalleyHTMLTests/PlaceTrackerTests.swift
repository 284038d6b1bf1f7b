import GalleyHTML
import Testing

/// The place behind a text; `{{…}}` in it are placeholders.
private func tracker(_ text: String) -> PlaceTracker {
  let marked = Marked(text)
  var tracker = PlaceTracker()
  var position = 0
  for hole in marked.placeholders {
    tracker.advance(over: marked.bytes[position..<hole.range.lowerBound])
    tracker.passHole(hole.kind)
    position = hole.range.upperBound
  }
  tracker.advance(over: marked.bytes[position...])
  return tracker
}

private func attribute(_ text: String) -> Place.AttributePlace? {
  if case .attribute(let place) = tracker(text).place.kind { place } else { nil }
}

@Test(arguments: [
  ("", "text"), ("<p>", "text"), ("a <", "the name of a tag"), ("</", "the name of a tag"),
  ("<h", "the name of a tag"), ("<p ", "a tag, outside of any attribute's value"),
  ("<p class", "a tag, outside of any attribute's value"),
  ("<p class=\"a\"", "a tag, outside of any attribute's value"),
  ("<p class=", "the value of 'class', which has no quotes"),
  ("<p class=a", "the value of 'class', which has no quotes"),
  ("<p title=\"", "the value of 'title' in double quotes"),
  ("<P TITLE='a", "the value of 'title' in single quotes"), ("</p title=\"", "a tag, outside of any attribute's value"),
  ("<style>a{", "the content of 'style'"), ("<script>", "the content of 'script'"),
  ("<script></scr", "the content of 'script'"), ("<title>a", "the content of 'title'"),
  ("<textarea>", "the content of 'textarea'"), ("<iframe>", "the content of 'iframe'"), ("<noscript>", "text"),
  ("<!-- ", "a comment"), ("<!", "a comment"), ("<?x", "a comment"), ("<!-- a -->", "text"), ("<!-->", "text"),
  ("<!--[if ", "a comment"), ("<!--[if mso]>", "text in a conditional comment"),
  ("<!--[if mso]><v:rect href=\"", "the value of 'href' in double quotes in a conditional comment"),
  ("<!--[if mso]>x<![endif]-->", "text"), ("<!--[if !mso]><!-->", "text"),
  ("<!--[if !mso]><!--", "a comment in a conditional comment"),
  ("<!--[if mso]><a title=\"-->", "text"), ("<![if mso]>", "text"), ("<![CDATA[ ", "a declaration"),
  ("<!DOCTYPE ", "a declaration"), ("<{{x}}", "the name of a tag"), ("<p {{x}}=\"", "the value of an attribute"),
])
func `a place is told in the author's words`(text: String, expected: String) {
  #expect("\(tracker(text).place)" == expected)
}

@Test(arguments: [
  ("", Place.URLPart.start), (" ", .start), ("h", .schemeOrAuthority), ("https:", .schemeOrAuthority),
  ("https://", .schemeOrAuthority), ("https://h.example", .schemeOrAuthority), ("https://h.example/", .path),
  ("https:\\\\h.example\\", .path), ("HTTPS://h.example/a?b=", .query), ("https://h.example?a&amp;b=", .query),
  ("https://h.example/#", .fragment), ("https://h.example/{{x}}/", .path), ("https://h.example/{{x}}?y=", .query),
  ("https://{{x}}/", .unknown), ("https://h&#46;example/", .unknown), ("{{x}}", .unknown), ("{{x}}/y", .unknown),
  ("mailto:", .opaque), ("mailto:a@b.example?subject=", .opaque), ("tel:+", .opaque), ("sms:", .opaque),
  ("javascript:", .unknown), ("java\nscript:", .unknown), ("data:text/html,", .unknown), ("app:x", .unknown),
  ("app://h/", .path), ("//", .schemeOrAuthority), ("//h/", .path), ("/", .schemeOrAuthority), ("/a", .path),
  ("a/", .path), ("#", .unknown), ("?a=", .unknown), ("1.html?a=", .query), ("{{#if x}}", .start),
  ("{{#if x}}https://h/{{/if}}", .path), ("&#104;ttps://h/", .unknown),
])
func `a URL's part is known from what stands before`(url: String, expected: Place.URLPart) {
  #expect(attribute("<a href=\"" + url)?.kind == .url(expected))
  #expect(attribute("<a href=" + url.trimmedSpaces)?.kind == .url(expected))
}

extension String {
  fileprivate var trimmedSpaces: String { filter { $0 != " " && $0 != "\n" } }
}

@Test(arguments: [
  ("<p style=\"", Place.AttributeKind.style), ("<p onclick=\"", .script), ("<p ONLOAD=\"", .script),
  ("<iframe srcdoc=\"", .document), ("<iframe src=\"", .forbiddenURL), ("<base href=\"", .forbiddenURL),
  ("<link href=\"", .forbiddenURL), ("<img srcset=\"", .forbiddenURL), ("<td background=\"", .forbiddenURL),
  ("<form action=\"", .forbiddenURL), ("<a xlink:href=\"", .forbiddenURL), ("<video poster=\"", .forbiddenURL),
  ("<img src=\"", .url(.start)), ("<blockquote cite=\"", .url(.start)), ("<v:rect href=\"", .url(.start)),
  ("<td bgcolor=\"", .presentational), ("<td width=\"", .presentational), ("<font color=\"", .presentational),
  ("<img alt=\"", .ordinary), ("<p class=\"", .ordinary), ("<td align=\"", .ordinary), ("<p on=\"", .ordinary),
  ("<p title=\"https:", .ordinary),
])
func `an attribute's value means what its name says`(text: String, expected: Place.AttributeKind) {
  #expect(attribute(text)?.kind == expected)
}

@Test func `a URL that goes on behind a whole one is noticed`() {
  for text in ["<a href=\"{{x}}/y", "<a href=\"{{x}}{{y}}", "<a href={{x}}?a"] {
    var tracker = tracker(text)
    let answers = (tracker.takeContinuedURL(), tracker.takeContinuedURL())
    #expect(answers == (true, false), "\(text)")
  }
  for text in ["<a href=\"{{x}}\">/y", "<a href=\" {{x}} \"", "<a href=\"https://h/{{x}}/y\"", "<a title=\"{{x}}/y\""] {
    var tracker = tracker(text)
    let answer = tracker.takeContinuedURL()
    #expect(!answer, "\(text)")
  }
}

@Test func `two ways to the same place are the same, others are not`() {
  #expect(tracker("<p>a</p>").isSamePlace(as: tracker("<b title='x'>")))
  #expect(tracker("<a href=\"https://a/b").isSamePlace(as: tracker("<a href=\"http://c/")))
  #expect(!tracker("<a href=\"https://a/b").isSamePlace(as: tracker("<a href=\"https://a")))
  #expect(!tracker("<a href=\"").isSamePlace(as: tracker("<a title=\"")))
  #expect(!tracker("<a href=\"").isSamePlace(as: tracker("<a href='")))
  #expect(!tracker("<p>").isSamePlace(as: tracker("<p")))
  #expect(!tracker("<p>").isSamePlace(as: tracker("<!--[if mso]><p>")))
  #expect(!tracker("<style>").isSamePlace(as: tracker("<script>")))
  #expect(tracker("<!-- a").isSamePlace(as: tracker("<!-- b -")))
}

@Test func `a very long name costs no more than a short one`() {
  var tracker = PlaceTracker()
  tracker.advance(over: Array(("<" + String(repeating: "a", count: 100_000) + " x=\"").utf8))
  guard case .attribute(let place) = tracker.place.kind else {
    Issue.record("\(tracker.place)")
    return
  }
  #expect(place.element.utf8.count <= 256)
}
