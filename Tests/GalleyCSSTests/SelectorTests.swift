import GalleyCSS
import GalleyHTML
import Testing

/// The selectors of one rule, or nil when it is invalid.
private func selectors(_ text: String) -> [SelectorStore.Selector]? {
  let bytes = Array(text.utf8)
  var parser = SelectorParser(bytes, placeholders: [])
  guard case .selectors(let range) = parser.parse(0..<bytes.count) else { return nil }
  return Array(parser.store.selectors[range])
}

/// A document in which `{{…}}` are placeholders, `#` opens, `/` closes and `else` divides.
private func tree(_ html: String) -> HTMLTree {
  let bytes = Array(html.utf8)
  var placeholders: [Placeholder] = []
  var index = 0
  while index + 3 < bytes.count {
    guard bytes[index] == 0x7B, bytes[index + 1] == 0x7B,
      let end = (index..<bytes.count - 1).first(where: { bytes[$0] == 0x7D && bytes[$0 + 1] == 0x7D })
    else {
      index += 1
      continue
    }
    let text = String(decoding: bytes[index + 2..<end], as: UTF8.self)
    let kind: Placeholder.Kind =
      text.hasPrefix("#") ? .open : text.hasPrefix("/") ? .close : text == "else" ? .middle : .output
    placeholders.append(Placeholder(range: index..<end + 2, kind: kind))
    index = end + 2
  }
  return HTMLTree.parse(bytes, placeholders: placeholders)
}

/// What the selectors of a rule answer for each element that has an attribute `n`, by its value.
private func answers(_ css: String, _ html: String) -> [String: Match] {
  let tree = tree(html)
  let sheet = StyleSheet(Array("\(css){}".utf8))
  var matcher = SelectorMatcher(tree, [sheet.selectors])
  var result: [String: Match] = [:]
  for node in tree.nodes.indices where tree.nodes[node].kind == .element {
    guard let number = tree.attribute(NameHash("n"), of: NodeID(node)) else { continue }
    var answer = Match.no
    for selector in sheet.selectors.selectors {
      let one = matcher.match(selector, ofSheet: 0, node)
      if one == .yes || answer == .no { answer = one }
    }
    result[String(decoding: tree.rawValue(number), as: UTF8.self)] = answer
  }
  return result
}

private let invalidSelectors = [
  "", ",", "a,", ", a", "a,,b", "a >", "> a", "a > > b", "a || b", "a||b", "div*", "*div", "[a]b", "**", ". x", ".5",
  "#5",
  "&p", ":bogus", "a, :bogus", "::bogus", ":not()", ":not(a,)", ":not(:bogus)", ":not(::before)", ":has()", ":has(a >)",
  ":has(> > a)", ":has(:has(a))", ":has(:not(:has(a)))", ":has(::before)", ":not(> a)", ":nth-child()",
  ":nth-child(+ n)", ":nth-child(2n + +1)", ":nth-child(1.5)", ":nth-child(2 1)", ":nth-child(3 n)", ":nth-child(oddx)",
  ":nth-child(n of)", ":nth-child(n of a,)", ":nth-child(n of > a)", ":nth-of-type(n of a)", ":lang()", ":lang(,)",
  ":lang(*-ZA)", ":lang(1)", ":dir()", "[a=1]", "[a=b x]", "[a b]", "[=b]", "[*]", "[*|=b]", "a::before b",
  "a::before.x",
  "a:before > b", ":is(a", ":is (a)", "a: hover", ":hover()", ":matches(a)", ":-moz-any(a)", ":blank",
]

/// Valid selectors and what they weigh.
private let validSelectors: [(String, Specificity)] = [
  ("*", .init()), ("a", .init(0, 0, 1)), ("*|a", .init(0, 0, 1)), ("#a.b c", .init(1, 1, 1)), ("[a]", .init(0, 1, 0)),
  ("[*|a]", .init(0, 1, 0)), ("[|a='b' i]", .init(0, 1, 0)), ("[ a = b s ]", .init(0, 1, 0)),
  ("[a|=b]", .init(0, 1, 0)),
  ("/**/a/**/ > /**/b", .init(0, 0, 2)), ("a/**/ b", .init(0, 0, 2)), (":is()", .init()), (":where(#a)", .init()),
  (":is(a, #b, :bogus)", .init(1, 0, 0)), (":is(p:not(:bogus, q), .x, )", .init(0, 1, 0)),
  (":is([)], .x)", .init(0, 1, 0)), (":not(a b, .c d)", .init(0, 1, 1)), (":has(> #a, b)", .init(1, 0, 0)),
  (":not(:has(+ a))", .init(0, 0, 1)), (":is(:has(a))", .init(0, 0, 1)), (":has(:is(:has(#a), b))", .init(0, 0, 1)),
  (":nth-child(2n+1)", .init(0, 1, 0)), (":nth-child( ODD of a, .b.c)", .init(0, 3, 0)),
  (":nth-last-child(2 of.x)", .init(0, 2, 0)), (":lang(en, \"fr\", \\*-ZA)", .init(0, 1, 0)),
  (":dir(x)", .init(0, 1, 0)),
  ("a::before", .init(0, 0, 2)), ("a:BEFORE", .init(0, 0, 2)), ("::before::marker", .init(0, 0, 2)),
  ("a:\\68over", .init(0, 1, 1)), (".\\31 0", .init(0, 1, 0)), ("#\\35", .init(1, 0, 0)),
]

@Suite struct SelectorParserTests {
  @Test(arguments: invalidSelectors) func `an invalid selector makes the list invalid`(_ text: String) {
    #expect(selectors(text) == nil)
  }

  @Test(arguments: validSelectors) func `a valid selector weighs what it says`(_ text: String, _ weight: Specificity) {
    #expect(selectors(text)?.map(\.specificity) == [weight])
  }

  @Test func `no number of classes weighs as much as an identifier`() {
    let many = String(repeating: ".a", count: 3000)
    #expect(selectors("#a")?.first?.specificity ?? .init() > selectors(many)?.first?.specificity ?? .init())
  }

  @Test func `what can't be inlined is told apart`() {
    let cases: [(String, SelectorStore.Traits)] = [
      ("a:hover", .dynamic), ("a:has(b:hover)", .dynamic), (":nth-child(1 of :focus)", .dynamic),
      ("a:checked", .dynamic),
      ("a:read-only", .dynamic), ("a::after", .pseudoElement), ("v|rect", .namespaced), ("o\\:p", .namespaced),
      ("[v|a]", .namespaced), ("u + .body a", .clientHack), (":not(.ExternalClass *)", .clientHack),
      ("&", .unsupported),
      ("& a", .unsupported), ("a:has(b)", []), ("*|a", []), ("[|a]", []), (":is(:bogus)", []),
    ]
    for (text, traits) in cases { #expect(selectors(text)?.map(\.traits) == [traits], "\(text)") }
  }

  @Test func `what is nested too deep is refused`() {
    for name in ["is", "not", "nth-child"] {
      let open = name == "nth-child" ? ":nth-child(n of " : ":\(name)("
      for depth in [40, 5000] {
        let text = String(repeating: open, count: depth) + "a" + String(repeating: ")", count: depth)
        #expect(name == "is" ? selectors(text) != nil : selectors(text) == nil)
      }
    }
    #expect(selectors(Array(repeating: "a", count: 200).joined(separator: " ")) == nil)
  }

  /// Parses `rules`, each nested in the one before; returns the last one's selectors and a matcher's input.
  private func nested(_ rules: [String]) -> (selectors: [SelectorStore.Selector], store: SelectorStore)? {
    let bytes = Array(rules.joined(separator: "\n").utf8)
    var parser = SelectorParser(bytes, placeholders: [])
    var parents: Range<Int>?
    var start = 0
    for rule in rules {
      let range = start..<start + rule.utf8.count
      start = range.upperBound + 1
      let outcome = parents.map { parser.parse(range, nestedIn: $0) } ?? parser.parse(range)
      guard case .selectors(let found) = outcome else { return nil }
      parents = found
    }
    return (Array(parser.store.selectors[parents ?? 0..<0]), parser.store)
  }

  @Test func `a nested rule matches what the flat one does and weighs as much`() {
    let cases: [([String], String)] = [
      ([".x, #i em", "b"], ":is(.x, #i em) b"), ([".x", "> b"], ":is(.x) > b"),
      ([".x", "+ b, ~ em"], ".x + b, .x ~ em"),
      ([".x", "&.y"], ".x.y"), ([".x", "b &"], "b .x"), ([".x", "b&"], "b.x"), ([".x", "> &"], ".x > .x"),
      ([".x", "& &"], ".x .x"), ([".x", "&"], ".x"), ([".x", "&&"], ".x.x"), ([".x, div", ":not(&)"], ":not(.x, div)"),
      ([".x", ":is(b, &)"], ":is(b, .x)"), ([".x", ":is(b, &:bogus)"], ":is(b)"), ([".x", ":has(> &)"], ":has(> .x)"),
      (["div", ".x", "&.y", "b"], "div .x.y b"), ([".x, .x::before", "b"], ".x b"),
      (["#i, div", "em"], ":is(#i, div) em"),
      ([".x b", "div &"], "div :is(.x b)"), ([".x", ":nth-child(1 of &)"], ":nth-child(1 of .x)"),
    ]
    for (rules, flat) in cases {
      let found = nested(rules)
      let wanted = selectors(flat)
      #expect(found?.selectors.map(\.specificity) == wanted?.map(\.specificity), "\(rules)")
      for seed in 0..<20 as Range<UInt64> {
        var generator = TemplateGenerator(random: SeededGenerator(seed: seed), hasBlocks: false)
        let html = generator.pieces(depth: 0).map { $0.text([:]) }.joined()
        let tree = HTMLTree.parse(Array(html.utf8))
        guard let found else { continue }
        var matcher = SelectorMatcher(tree, [found.store])
        let sheet = StyleSheet(Array("\(flat){}".utf8)).selectors
        var other = SelectorMatcher(tree, [sheet])
        for node in tree.nodes.indices where tree.nodes[node].kind == .element {
          let a = found.selectors.contains { matcher.match($0, ofSheet: 0, node) == .yes }
          let b = sheet.selectors.contains { other.match($0, ofSheet: 0, node) == .yes }
          #expect(a == b, "\(rules) in \(html)")
        }
      }
    }
  }

  @Test func `rules nest as deep as matching can follow, and no deeper`() {
    let html = String(repeating: "<div class=x>", count: 400)
    let tree = HTMLTree.parse(Array(html.utf8))
    #expect(nested(Array(repeating: "& .x", count: 300)) == nil)
    let rules = [".x"] + Array(repeating: "& .x", count: 120)
    guard let found = nested(rules), let selector = found.selectors.first else {
      Issue.record("120 levels are not too many")
      return
    }
    var matcher = SelectorMatcher(tree, [found.store])
    let matched = tree.nodes.indices.filter { matcher.match(selector, ofSheet: 0, $0) == .yes }.count
    #expect(matched == 400 - 120)
    // Without a memory of what arguments answered, each level would multiply the steps by the depth.
    #expect(matcher.steps < 400 * 121 * 20, "\(matcher.steps) steps")
  }

  @Test func `a nested rule may be invalid by itself`() {
    for text in ["&p", "> > b", "b,", ":bogus", ":has(:has(&))"] { #expect(nested([".x", text]) == nil, "\(text)") }
  }
}

@Suite struct SelectorMatcherTests {
  @Test func `languages are filtered as RFC 4647 says`() {
    let tags = ["en", "EN-za", "de-DE", "de-Latn-DE", "de-x-DE", "", "zu-ZA", "de-Latn-DE-1996"]
    let cases: [(String, Set<String>)] = [
      ("en", ["en", "EN-za"]), ("en-ZA", ["EN-za"]), ("'*-ZA'", ["EN-za", "zu-ZA"]), ("\\*-ZA", ["EN-za", "zu-ZA"]),
      ("de-DE", ["de-DE", "de-Latn-DE", "de-Latn-DE-1996"]), ("'de-*-DE'", ["de-DE", "de-Latn-DE", "de-Latn-DE-1996"]),
      ("'*'", Set(tags).subtracting([""])), ("''", [""]), ("e", []), ("fr, zu", ["zu-ZA"]),
      ("'de-Latn-*'", ["de-Latn-DE", "de-Latn-DE-1996"]),
      ("'en-'", []),
    ]
    for (ranges, wanted) in cases {
      // Not all browsers know wildcards within ranges, or the empty range: nothing is certain of what matches one.
      let isWild = ranges.contains("*") && ranges != "'*'" || ranges == "''"
      for tag in tags {
        let found = answers("i:lang(\(ranges))", "<p lang=\"\(tag)\"><i n=1 xml:lang=fr></i></p>")
        #expect(found["1"] == (!wanted.contains(tag) ? .no : isWild ? .maybe : .yes), "\(ranges) and '\(tag)'")
      }
    }
  }

  @Test func `what the data decides is a maybe`() {
    let cases: [(css: String, html: String, answer: Match)] = [
      ("p:has(b)", "<p n=1><b></b></p>", .yes),
      ("p:has(b)", "<p n=1>{{#if x}}<b></b>{{/if}}</p>", .maybe),
      ("p:not(:has(b))", "<p n=1>{{#if x}}<b></b>{{/if}}</p>", .maybe),
      ("p:not(:has(b))", "<p n=1>{{#if x}}<i></i>{{/if}}</p>", .yes),
      ("p:has(b)", "{{#if x}}<p n=1><b></b></p>{{/if}}", .yes),
      ("p:has(b)", "<p n=1>{{#if x}}<b></b>{{else}}<b></b>{{/if}}</p>", .maybe),
      ("p:has(i, b)", "<p n=1><i></i>{{#if x}}<b></b>{{/if}}</p>", .yes),
      ("p:has(i b)", "<p n=1>{{#if x}}<i><b></b></i>{{/if}}</p>", .maybe),
      ("i:has(b)", "<p>{{#if x}}<i n=1><b></b></i>{{/if}}</p>", .yes),
      ("p:has(.a)", "<p n=1><b class=\"{{c}}\"></b></p>", .maybe),
      ("p:has(.a)", "<p n=1><b class=\"a {{c}}\"></b></p>", .yes),
      ("p:has(+ b)", "<p n=1></p><b></b>", .yes),
      ("i:has(+ b)", "<i n=1></i>{{#if x}}<i></i>{{/if}}<b></b>", .maybe),
      ("i:has(~ b)", "{{#if x}}<b></b>{{/if}}<i n=1></i>", .maybe),
      ("i:has(~ b)", "{{#if x}}<u></u>{{/if}}<i n=1></i>", .no),
      ("p:has(b)", "<p n=1><!--[if mso]><b></b><![endif]--></p>", .no),
      ("p:has(b)", "<!--[if mso]><p n=1><b></b></p><![endif]-->", .yes),
      ("p:has(b)", "<p n=1><![if !mso]><b></b><![endif]></p>", .yes),
      ("p:has(b)", "<p n=1><template><b></b></template></p>", .no),
      ("p:has(:hover)", "<p n=1><b></b></p>", .maybe),
      (":nth-child(1 of .a)", "<i></i><b n=1 class=a></b>", .yes),
      (":nth-child(1 of .a)", "<i class=\"{{c}}\"></i><b n=1 class=a></b>", .maybe),
      (":nth-child(1 of .a)", "<i class=\"{{c}}\"></i><b n=1></b>", .no),
      (":nth-child(1 of .a)", "{{#if x}}<i></i>{{/if}}<b n=1 class=a></b>", .maybe),
      (":nth-child(1 of .a)", "<i class=a></i><b n=1 class=a></b>", .no),
      ("b:empty", "<b n=1>{{#if x}}t{{/if}}</b>", .maybe), ("b:empty", "<b n=1>{{x}}</b>", .maybe),
      ("b:empty", "<b n=1>{{#if x}}<i></i>{{/if}}</b>", .maybe), ("b:empty", "<b n=1>{{x}} </b>", .no),
      ("b:empty", "<b n=1><i></i>{{#if x}}{{/if}}</b>", .no), ("b:empty", "<b n=1><!-- c --></b>", .yes),
      ("b:empty", "<b n=1><!--[if mso]>x<![endif]--></b>", .yes), ("b:empty", "<b n=1> </b>", .no),
      (".a b", "{{#if x}}<p class=a>{{/if}}<b n=1></b>{{#if x}}</p>{{/if}}", .maybe),
      ("div > b", "<div>{{#if x}}<p>{{/if}}<b n=1></b>{{#if x}}</p>{{/if}}</div>", .maybe),
      ("div b", "<div>{{#if x}}<p>{{/if}}<b n=1></b>{{#if x}}</p>{{/if}}</div>", .yes),
      ("div:has(> b)", "<div n=1>{{#if x}}<p>{{/if}}<b></b>{{#if x}}</p>{{/if}}</div>", .maybe),
      ("input:enabled", "<fieldset {{#if x}}disabled{{/if}}><input n=1></fieldset>", .maybe),
      ("input:enabled", "<fieldset disabled><legend><input n=1></legend></fieldset>", .yes),
      ("option:disabled", "<select><optgroup disabled><option n=1></optgroup></select>", .yes),
      ("i:dir(ltr)", "<p dir=auto><i n=1></i></p>", .maybe), ("i:dir(ltr)", "<bdi><i n=1></i></bdi>", .maybe),
      (":not(.ExternalClass b)", "<b n=1></b>", .maybe), (":is(.ExternalClass i, b)", "<b n=1></b>", .maybe),
    ]
    for (css, html, answer) in cases { #expect(answers(css, html) == ["1": answer], "\(css) in \(html)") }
  }

  /// How many compounds are compared when a rule is matched with all elements of a document.
  private func steps(_ css: String, _ html: String) -> Int {
    let tree = HTMLTree.parse(Array(html.utf8))
    let sheet = StyleSheet(Array("\(css){}".utf8)).selectors
    var matcher = SelectorMatcher(tree, [sheet])
    for node in tree.nodes.indices where tree.nodes[node].kind == .element {
      for selector in sheet.selectors { _ = matcher.match(selector, ofSheet: 0, node) }
    }
    return matcher.steps
  }

  @Test func `twice the document costs twice the steps`() {
    let flat = "<p class='a b'><i class=c></i><b class=d></b></p>"
    let around = "<section class=a><section>"
    let deep = "<div class='b c d e f'>"
    let selectors = [
      ":has(.a .b)", "p:has(> .c + .d, ~ .e)", "div:has(.x)", ":nth-child(odd of .c, p)", ".a ~ .b ~ p", "p ~ p ~ .no",
      ":not(:has(.no))", ":nth-last-child(2n of :has(i))", ":is(:is(:is(.a > .b) .c) .d) .e", "[class*=no] p",
      "p:only-of-type",
      ":is(:is(:is(:is(.a > .b) .c) .d) .e) .f",
    ]
    for css in selectors {
      let small = steps(css, String(repeating: flat, count: 300))
      let large = steps(css, String(repeating: flat, count: 600))
      #expect(large <= small * 22 / 10, "\(css): \(small) and \(large) steps, side by side")
      let shallow = steps(css, around + String(repeating: deep, count: 200))
      let deeper = steps(css, around + String(repeating: deep, count: 400))
      // Matching may look at each ancestor, so depth counts twice; it is limited.
      #expect(deeper <= shallow * 44 / 10, "\(css): \(shallow) and \(deeper) steps, one in the other")
    }
  }
}
