import GalleySource
import GalleyTemplate
import Growth
import Testing

/// The branches that no sample reaches: "line:column way need"; the content begins on line 4.
private func unreached(
  _ variables: String, _ body: String, _ samples: [String], partials: [String: String] = [:],
  messages: [String: String] = [:], subject: String = "Hi"
) -> [String] {
  var site = EvaluationSite(partials: partials, messages: messages)
  let template = site.template("---\n{subject: '\(subject)', variables: {\(variables)}}\n---\n\(body)")
  let mail = Specializer.specialize(template, in: site.environment)
  var reach = BranchReach()
  let values = samples.enumerated().map { Value(site.read($1, path: "sample\($0).json").0) }
  for text in [mail.html, mail.subject].compactMap(\.self) { reach.add(text, samples: values, dialect: site.dialect) }
  return site.findings + site.rendered(mail.diagnostics)
    + reach.unreached.map { branch in
      let bytes = site.sources[branch.construct.source].bytes
      let (line, column) = LineTable(bytes).position(at: branch.construct.start, in: bytes)
      return "\(line):\(column) \(branch.way) \(branch.need)"
    }
}

private let variables = """
  a: {type: string, optional: true}, b: boolean, n: integer, s: [ONE, TWO, SIX], r: {type: Address, optional: true}, \
  l: {type: list, of: LineItem}, q: string
  """

@Suite struct `Branch reach` {
  @Test func `a condition is entered and passed by`() {
    let body = "{{#if a}}x{{/if}}"
    #expect(unreached(variables, body, ["{}"]) == ["4:1 entered 'a' is given"])
    #expect(unreached(variables, body, ["{a: x}"]) == ["4:1 passedBy 'a' is left out"])
    #expect(unreached(variables, body, ["{a: x}", "{a: ''}"]) == [])
    #expect(unreached(variables, "{{#unless a}}x{{/unless}}", ["{a: x}"]) == ["4:1 entered 'a' is left out"])
    #expect(unreached(variables, "{{#if q}}x{{/if}}", ["{q: x}"]) == ["4:1 passedBy 'q' is an empty text"])
    #expect(unreached(variables, "{{#if n}}x{{/if}}", ["{n: 1}"]) == ["4:1 passedBy 'n' is 0"])
    #expect(unreached(variables, "{{#if l}}x{{/if}}", ["{l: []}"]) == ["4:1 entered 'l' has items"])
    #expect(unreached(variables, "{{#with r}}{{city}}{{else}}-{{/with}}", ["{}"]) == ["4:1 entered 'r' is given"])
    #expect(
      unreached(variables, "x", [], subject: "{{#if b}}x{{/if}}") == [
        "2:12 entered 'b' is true", "2:12 passedBy 'b' is false",
      ])
  }

  @Test func `each branch of a chain needs what the earlier ones leave`() {
    let body = "{{#if a}}1{{else if b}}2{{else}}3{{/if}}"
    #expect(
      unreached(variables, body, []) == [
        "4:1 entered 'a' is given", "4:11 divided 'a' is left out and 'b' is true",
        "4:25 divided 'a' is left out and 'b' is false",
      ])
    #expect(unreached(variables, body, ["{a: x}", "{b: true}", "{b: false}"]) == [])
    let order = "{{#if (gt n 5)}}1{{else if (gt n 3)}}2{{else}}3{{/if}}"
    #expect(
      unreached(variables, order, []) == ["4:1 entered 'n' is 6", "4:18 divided 'n' is 4", "4:39 divided 'n' is 0"])
  }

  @Test func `a branch that no data can reach is none`() {
    for body in [
      "{{#if a}}{{#if a}}x{{else}}y{{/if}}{{/if}}", "{{#if (and a b)}}{{#unless b}}y{{/unless}}{{/if}}",
      "{{#if (not a)}}{{#if (or a b)}}{{#if b}}x{{else}}y{{/if}}{{/if}}{{/if}}",
      "{{#if (eq s \"ONE\")}}{{#if (eq s \"TWO\")}}x{{/if}}{{/if}}",
      "{{#if (gt n 5)}}{{#if (gt n 3)}}x{{else}}y{{/if}}{{/if}}", "{{#if r}}{{#if r.city}}x{{/if}}{{/if}}",
    ] {
      let samples = [
        "{a: x, b: true, s: ONE, n: 9, r: {city: x}}", "{b: true, s: TWO, n: 0}", "{b: false, s: SIX, n: 0}",
        "{a: x, b: false, s: SIX, n: 0, r: {city: ''}}",
      ]
      #expect(unreached(variables, body, samples) == [], "\(body)")
    }
    let all = "{{#if (eq s \"ONE\")}}1{{else if (eq s \"TWO\")}}2{{else if (eq s \"SIX\")}}6{{/if}}"
    #expect(unreached(variables, all, ["{s: ONE}", "{s: TWO}"]) == ["4:47 divided 's' is 'SIX'"])
    #expect(
      unreached(variables, "{{#if (lt n -9223372036854775808)}}x{{/if}}", ["{n: 1}"]).filter { $0.contains("passed") }
        == [])
  }

  @Test func `what lies in an unreached branch is left out`() {
    let body = "{{#if a}}{{#if b}}x{{/if}}{{#each l}}{{#if note}}{{note}}{{/if}}{{/each}}{{/if}}"
    #expect(unreached(variables, body, ["{b: true, l: []}"]) == ["4:1 entered 'a' is given"])
  }

  @Test func `a loop has items and none`() {
    let body = "{{#each l as |i|}}{{#if @first}}f{{else}}g{{/if}}{{#if i.note}}{{i.note}}{{/if}}{{else}}-{{/each}}"
    #expect(
      unreached(variables, body, ["{l: [{note: x}]}"]) == [
        "4:34 divided 'l' has two items", "4:50 passedBy 'l[].note' is left out", "4:81 divided 'l' is empty",
      ])
    #expect(unreached(variables, body, ["{l: [{note: x}, {}]}", "{l: []}"]) == [])
    #expect(unreached(variables, "{{#each l}}x{{/each}}", ["{l: [{}]}"]) == ["4:1 passedBy 'l' is empty"])
  }

  @Test func `the choices of a message are branches`() {
    let messages = ["en-ZA": "{k: \"{n, plural, =0 {no} one {#} other {##}} {s, select, ONE {1} TWO {2} other {3}}\"}"]
    let body = "{{t \"k\" n=n s=s}}"
    #expect(
      unreached(variables, body, ["{n: 1, s: ONE}"], messages: messages) == [
        "1:6 entered 'n' is 0", "1:6 divided 'n' is 2", "1:46 divided 's' is 'TWO' or 'SIX'",
      ])
    #expect(
      unreached(variables, body, ["{n: 0, s: ONE}", "{n: 1, s: TWO}", "{n: 5, s: SIX}"], messages: messages) == [])
  }

  @Test func `a partial is followed through each call, and asks for no empty text that the mail always has`() {
    let partials = [
      "p": "---\n{parameters: {x: {type: string, optional: true}}}\n---\n{{#if x}}{{x}}{{else}}-{{/if}}"
    ]
    #expect(unreached(variables, "{{> p x=q}}", ["{q: x}"], partials: partials) == [])
    #expect(
      unreached(variables, "{{> p x=a}}", ["{a: x}"], partials: partials) == ["4:15 divided 'a' is left out"])
    #expect(unreached(variables, "{{> p x=\"k\"}}{{> p}}", ["{}"], partials: partials) == [])
  }

  @Test func `what random data enters is never taken to be out of reach`() {
    var branches = 0
    for seed in UInt64(0)..<400 {
      let law = LawCase(seed: seed)
      let mail = law.specialized(known: [:])
      var generator = TemplateGenerator(seed: seed &+ 7_000_000)
      let samples = (0..<6).map { _ in generator.data() }.map { data in
        Value.record(data.sorted { $0.key < $1.key }.map { Value.Field($0.key, $0.value) })
      }
      var reach = BranchReach()
      for text in [mail.html, mail.subject].compactMap(\.self) { reach.add(text, samples: samples, dialect: .jinja) }
      let surprises = reach.surprises.map { law.site.sources.text($0) }
      #expect(surprises == [], "seed \(seed)\n\(law.source)")
      branches += reach.count
      if !surprises.isEmpty { return }
    }
    #expect(branches > 2_000)
  }

  @Test func `long chains and deep nests take time linear in their size`() {
    func growth(_ body: @escaping (Int) -> String) -> Growth {
      Growth(from: 60) { size in
        var site = EvaluationSite()
        let template = site.template("---\n{subject: Hi, variables: {\(variables)}}\n---\n\(body(size))")
        return Specializer.specialize(template, in: site.environment).html
      } work: { text in
        var reach = BranchReach()
        reach.add(text, samples: [.record([])], dialect: .jinja)
      }
    }
    for result in [
      growth { size in "{{#if b}}{{/if}}" + String(repeating: "{{#if a}}x{{else if (eq q \"y\")}}{{/if}}", count: size)
      },
      growth { size in "{{#if b}}" + (0..<size).map { "{{else if (eq q \"\($0)\")}}x" }.joined() + "{{/if}}" },
      growth { size in "{{#if b}}" + (0..<size).map { "{{else if (eq n \($0 + 2000))}}x" }.joined() + "{{/if}}" },
    ] {
      #expect(result.isLinear, "\(result)")
    }
  }

  @Test func `the accounts of several texts add up`() {
    var site = EvaluationSite()
    let template = site.template("---\n{subject: Hi, variables: {b: boolean}}\n---\n{{#if b}}x{{/if}}")
    let mail = Specializer.specialize(template, in: site.environment)
    var (one, two) = (BranchReach(), BranchReach())
    one.add(mail.html, samples: [.record([Value.Field("b", .boolean(true))])], dialect: .jinja)
    two.add(mail.html, samples: [.record([Value.Field("b", .boolean(false))])], dialect: .jinja)
    #expect(one.unreached.count == 1 && two.unreached.count == 1)
    one.merge(two)
    #expect(one.unreached.isEmpty)
    #expect(one.count == 2)
  }
}
