import GalleySource
import GalleyTemplate
import Testing

@Suite struct CheckingDeclarationTests {
  func found(_ frontMatter: String) -> [String] {
    read(frontMatter).1.filter { !$0.hasPrefix("declaration/no-subject") }
  }

  func read(_ frontMatter: String, types: String = TestSite.commonTypes) -> (TemplateDeclaration, [String]) {
    let site = TestSite(types: types)
    var sources = site.sources
    let bytes = Array(frontMatter.utf8)
    let source = sources.add(path: "t.html", bytes: bytes)
    let node = FlowReader.read(bytes, SourceRange(source, 0, bytes.count))
    let (declaration, diagnostics) = TemplateDeclaration.read(
      node, name: "orders/t", source: source, bytes: bytes, types: site.types)
    return (declaration, rendered(diagnostics, sources))
  }

  func typeFaults(_ types: String) -> [String] {
    let site = TestSite(types: types)
    return rendered(site.diagnostics, site.sources)
  }

  func partialFaults(_ frontMatter: String) -> [String] {
    let site = TestSite(["p": "---\n\(frontMatter)\n---\n"])
    return rendered(site.diagnostics, site.sources)
  }

  @Test func `front matter is read`() {
    let (declaration, faults) = read(
      """
      {key: a/b.html, aliases: [c.html], layout: {name: l, tone: info, wide: true}, audience: internal,
      category: marketing, sender: orders, subject: 'A {{x}}', preheader: "B", dialect: jinja, description: D,
      variables: {x: {type: string, example: y, description: Z}, a: {type: list, of: LineItem},
      r: {fields: {f: [ONE, TWO]}}, m: {type: money, currency: ZAR}, e: {values: [A, B], default: A}, c: Address}}
      """)
    #expect(faults == [])
    #expect(declaration.key == "a/b.html" && declaration.aliases.map(\.key) == ["c.html"])
    #expect(declaration.layout?.name == "l" && declaration.layout?.arguments.map(\.name) == ["tone", "wide"])
    #expect(declaration.audience == .internal && declaration.category == .marketing)
    #expect(declaration.sender?.role == "orders" && declaration.dialect?.name == "jinja")
    #expect(declaration.subject?.body.count == 2 && declaration.preheader?.body.count == 1)
    #expect(declaration.variables.map(\.name) == ["x", "a", "r", "m", "e", "c"])
    #expect(declaration.variables[0].example == .string("y") && declaration.variables[0].description == "Z")
    #expect(declaration.variables[1].type.name == "list of LineItem")
    #expect(declaration.variables[3].type == .money(currency: "ZAR"))
    #expect(declaration.variables[4].defaultValue == .string("A") && !declaration.variables[4].mayBeAbsent)
    #expect(read("{subject: x}").0.key == "orders/t.html")
  }

  @Test func `unknown keys and wrong kinds are reported`() {
    #expect(
      found("{subjct: x}").first
        == "declaration/unknown-key 1:2 the key 'subjct' means nothing here; did you mean 'subject'?")
    #expect(found("{parameters: {}}") == ["declaration/unknown-key 1:2 the key 'parameters' means nothing here"])
    #expect(found("[a]") == ["declaration/not-a-mapping 1:1 the front matter is a list, not a mapping"])
    #expect(found("{subject: {{x}}}").first == "declaration/wrong-kind 1:11 'subject' is a mapping, not a text")
    #expect(
      found("{audience: customers}") == [
        "declaration/bad-value 1:12 'customers' is no audience; did you mean 'customer'?"
      ])
    #expect(found("{category: spam}") == ["declaration/bad-value 1:12 'spam' is no category"])
    #expect(found("{variables: [a]}") == ["declaration/not-a-mapping 1:13 'variables' is a list, not a mapping"])
    #expect(found("{sender: 3}") == ["declaration/wrong-kind 1:10 'sender' is a number, not a text"])
    #expect(found("{layout: ../x}") == ["template/partial-name 1:10 the layout's name '../x' leads out of its folder"])
    #expect(found("{layout: {tone: x}}") == ["declaration/wrong-kind 1:10 the layout has no name"])
    #expect(read("{key: a.html}").1 == ["declaration/no-subject 1:1 the template has no subject"])
  }

  @Test func `keys are plain relative paths`() {
    for (key, fault) in [
      ("/a.html", "begins with '/'"), ("a//b.html", "has an empty segment"), ("../a.html", "holds the segment '..'"),
      ("a/./b.html", "holds the segment '.'"), ("a.txt", "does not end with '.html'"),
      ("a\\b.html", "holds a backslash"), ("a\u{1B}.html", "holds a control character"),
    ] {
      #expect(found("{key: \(key)}") == ["declaration/bad-key 1:7 the key '\(key)' \(fault)"])
    }
    func long(_ count: Int) -> String {
      String(repeating: "abcdefghi/", count: (count - 15) / 10) + String(repeating: "x", count: (count - 15) % 10 + 10)
        + ".html"
    }
    for count in [899, 900, 901] {
      #expect(long(count).utf8.count == count)
      #expect(found("{aliases: [\(long(count))]}").count == (count > 900 ? 1 : 0))
    }
    #expect(
      found("{key: a.html, aliases: [b.html, b.html, a.html]}") == [
        "declaration/duplicate 1:33 the alias 'b.html' is given twice",
        "declaration/duplicate 1:41 the alias 'a.html' is the key itself",
      ])
  }

  @Test func `subjects are parsed where they stand`() {
    #expect(found("{subject: 'A {{x'}") == ["template/unclosed-tag 1:14 '{{x' is never closed"])
    #expect(found("{subject: \"A {{}}\"}") == ["template/empty-tag 1:14 '{{}}' holds nothing"])
    #expect(
      found("{subject: 'A ''b'''}") == [
        "declaration/text-not-in-place 1:11 'subject' is not written on one line as it is meant"
      ])
    #expect(found("{subject: \"{{t \\\"a\\\"}}\"}").count == 1)
    #expect(found("{subject: 'A\nB'}").count == 1)
  }

  @Test func `types are complete and consistent`() {
    func variable(_ type: String) -> [String] { found("{variables: {x: \(type)}}") }
    #expect(variable("text") == ["declaration/unknown-type 1:17 there is no type 'text'; did you mean 'string'?"])
    #expect(
      variable("LineItme") == ["declaration/unknown-type 1:17 there is no type 'LineItme'; did you mean 'LineItem'?"])
    #expect(variable("Zzzzz") == ["declaration/unknown-type 1:17 there is no type 'Zzzzz'"])
    #expect(variable("list") == ["declaration/bad-type 1:17 a list needs 'of'"])
    #expect(variable("{type: record}") == ["declaration/bad-type 1:24 a record needs 'fields'"])
    #expect(variable("{fields: {}}") == ["declaration/bad-type 1:26 record 'x' has no fields"])
    #expect(
      variable("{type: string, of: string}") == ["declaration/bad-type 1:32 'of' belongs to a list, not to 'string'"])
    #expect(variable("{type: money, currency: rand}") == ["declaration/bad-type 1:41 'currency' is no currency's code"])
    #expect(variable("{optional: true}") == ["declaration/bad-type 1:17 'x' has no type"])
    #expect(variable("") == ["declaration/bad-type 1:14 'x' has no type"])
    #expect(variable("3") == ["declaration/wrong-kind 1:17 the type of 'x' is a number, not the name of a type"])
    #expect(
      variable("{type: string, optionl: true}") == [
        "declaration/unknown-key 1:32 the key 'optionl' means nothing here; did you mean 'optional'?"
      ])
    #expect(
      variable("{type: string, optional: yes}") == [
        "declaration/wrong-kind 1:42 'optional' is a text, not true or false"
      ])
    #expect(
      variable("{type: list, of: {type: string, optional: true}}") == [
        "declaration/unknown-key 1:49 'optional' belongs to the declaration, not to the type of an element"
      ])
    #expect(variable("[]") == ["declaration/bad-enumeration 1:17 the enumeration has no values"])
    #expect(variable("[A, A]") == ["declaration/bad-enumeration 1:21 the enumeration holds 'A' twice"])
    #expect(
      variable("[A, true]") == ["declaration/bad-enumeration 1:21 the enumeration holds true or false, not a text"])
  }

  @Test func `names can be spelled and are not taken`() {
    #expect(found("{variables: {order-id: string}}") == ["declaration/bad-name 1:14 'order-id' cannot name a variable"])
    #expect(found("{variables: {data: string}}") == ["declaration/reserved-name 1:14 'data' cannot name a variable"])
    #expect(
      found("{variables: {n\u{0430}me: string}}") == [
        "declaration/bad-name 1:14 'n\u{0430}me' holds U+0430, a letter that only looks like 'a'"
      ])
    #expect(typeFaults("{string: {a: string}}") == ["declaration/reserved-name 1:2 'string' is a built-in type"])
  }

  @Test func `defaults and examples fit`() {
    func variable(_ type: String) -> [String] { found("{variables: {x: \(type)}}") }
    #expect(
      variable("{type: [info, success], default: infos}") == [
        "declaration/misfit 1:50 'default' is 'infos', which is not one of its values; did you mean 'info'?"
      ])
    #expect(variable("{type: string, example: 7}") == ["declaration/misfit 1:41 'example' is a number, not a text"])
    #expect(
      variable("{type: integer, example: \"7\"}") == ["declaration/misfit 1:42 'example' is a text, not a whole number"]
    )
    #expect(
      variable("{type: integer, example: 1.5}") == ["declaration/misfit 1:42 'example' is a number, not a whole number"]
    )
    #expect(
      variable("{type: url, example: foo}") == ["declaration/misfit 1:38 'example' is 'foo', which is not a whole URL"])
    #expect(
      variable("{type: email, example: foo}") == [
        "declaration/misfit 1:40 'example' is 'foo', which is no mail address"
      ])
    #expect(
      variable("{type: color, example: \"#12\"}") == ["declaration/misfit 1:40 'example' is '#12', which is no color"])
    #expect(
      variable("{type: Address, example: {street: a}}") == ["declaration/misfit 1:42 'city' is missing in 'example'"])
    #expect(variable("{type: decimal, example: 1.50}").count == 1)
    #expect(variable("{type: decimal, example: 1.5}") == [])
  }

  @Test func `record types refer to one another, not to themselves`() {
    #expect(typeFaults("{A: {b: B}, B: {c: {type: list, of: C}}, C: {s: string}}") == [])
    #expect(
      typeFaults("{A: {b: B}, B: {a: {type: list, of: A}}}") == [
        "declaration/recursive-type 1:37 type 'A' contains itself: A → B → A"
      ])
    #expect(typeFaults("{A: {a: A}}") == ["declaration/recursive-type 1:9 type 'A' contains itself: A → A"])
    #expect(typeFaults("{A: {b: Q}, C: {a: A}}") == ["declaration/unknown-type 1:9 there is no type 'Q'"])
    #expect(typeFaults("[a]") == ["declaration/not-a-mapping 1:1 'types' is a list, not a mapping"])
    #expect(typeFaults("{A: 3}") == ["declaration/bad-type 1:5 the fields of type 'A' are a number, not a mapping"])
  }

  @Test func `types that double level by level are refused`() {
    var types = (0..<30).map { "T\($0): {a: T\($0 + 1), b: T\($0 + 1)}" }
    types.append("T30: {s: string}")
    let faults = typeFaults("{\(types.joined(separator: ", "))}")
    #expect(faults.count == 1 && faults.allSatisfy { $0.hasPrefix("declaration/oversized-type") })
    let chain = (0..<400).map { "T\($0): {a: T\($0 + 1)}" } + ["T400: {s: string}"]
    #expect(typeFaults("{\(chain.joined(separator: ", "))}").count == 1)
    let nested = String(repeating: "{type: list, of: ", count: 500) + "string" + String(repeating: "}", count: 500)
    #expect(found("{variables: {x: \(nested)}}").count == 1)
  }

  @Test func `partials declare parameters and slots`() {
    #expect(partialFaults("{parameters: {a: string}, slots: {s: {required: true, description: D}, q: {}, r: }}") == [])
    #expect(
      partialFaults("{variables: {a: string}}") == [
        "declaration/unknown-key 2:2 the key 'variables' means nothing here"
      ])
    #expect(
      partialFaults("{slots: {s: {requird: true}}}") == [
        "declaration/unknown-key 2:14 the key 'requird' means nothing here; did you mean 'required'?"
      ])
    #expect(
      partialFaults("{slots: {s: {required: 1}}}") == [
        "declaration/wrong-kind 2:24 'required' is a number, not true or false"
      ])
    #expect(partialFaults("{slots: [s]}") == ["declaration/not-a-mapping 2:9 'slots' is a list, not a mapping"])
    #expect(partialFaults("{slots: {\"a b\": {}}}") == ["declaration/bad-name 2:10 'a b' cannot name a slot"])
  }

  // MARK: Samples

  func sample(_ json: String) -> (Value?, [String]) {
    let declaration = read(
      """
      {variables: {o: string, n: integer, s: [A, B], opt: {type: string, optional: true}, items: {type: list, of: LineItem},
      d: {type: string, default: x}, m: money, yes: boolean}}
      """
    ).0
    var sources = SourceSet()
    _ = sources.add(path: "galley.yml", bytes: [])
    let bytes = Array(json.utf8)
    for _ in 0..<4 { _ = sources.add(path: "x", bytes: bytes) }
    let source = sources.add(path: "t.samples.json", bytes: bytes)
    let (samples, diagnostics) = SampleChecker.read(
      FlowReader.read(bytes, SourceRange(source, 0, bytes.count)), against: declaration.variables)
    return (samples.first?.value, rendered(diagnostics, sources))
  }

  @Test func `samples are complete and fit`() {
    let rest = "\"o\": \"x\", \"n\": 1, \"s\": \"A\", \"items\": [], \"m\": \"1.00\", \"yes\": true"
    #expect(sample("{\"default\": {\(rest)}}").1 == [])
    #expect(sample("{\"default\": {\(rest), \"opt\": null}}").0?["opt"] == .null)
    #expect(sample("{\"default\": {\(rest), \"x\": 1}}").1 == ["sample/unknown-value 1:81 'default.x' is not declared"])
    #expect(
      sample("{\"default\": {\(rest), \"otp\": \"x\"}}").1 == [
        "sample/unknown-value 1:81 'default.otp' is not declared; did you mean 'opt'?"
      ])
    #expect(
      sample("{\"default\": {\"n\": \"1\", \"s\": \"C\", \"items\": [{}], \"m\": 1, \"yes\": \"true\", \"o\": null}}").1
        == [
          "sample/wrong-type 1:19 'default.n' is a text, not a whole number",
          "sample/wrong-type 1:29 'default.s' is 'C', which is not one of its values",
          "sample/missing-value 1:44 'description' is missing in 'default.items[0]'",
          "sample/missing-value 1:44 'quantity' is missing in 'default.items[0]'",
          "sample/missing-value 1:44 'total' is missing in 'default.items[0]'",
          "sample/missing-value 1:44 'link' is missing in 'default.items[0]'",
          "sample/wrong-type 1:54 'default.m' is a number, not a text",
          "sample/wrong-type 1:64 'default.yes' is a text, not true or false",
          "sample/wrong-type 1:77 'default.o' is nothing, not a text",
        ])
    #expect(sample("{\"default\": {}}").1.count == 6)
    #expect(sample("[]").1 == ["sample/not-a-mapping 1:1 the samples are a list, not a mapping"])
    #expect(sample("{\"defualt\": {\(rest)}}").1 == ["sample/no-default 1:2 there is no sample 'default'"])
    #expect(sample("{\"default\": 3}").1 == ["sample/not-a-mapping 1:13 sample 'default' is a number, not a mapping"])
  }
}
