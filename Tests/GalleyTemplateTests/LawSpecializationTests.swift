import Foundation
import GalleySource
import GalleyTemplate
import Testing

/// One random template with data.
struct LawCase {
  var site: EvaluationSite
  let template: Template
  let source: String
  let data: [String: Value]
  /// Findings of parser and checker, which there must be none of.
  let findings: [String]

  init(seed: UInt64, dialect: Dialect = .jinja) {
    var generator = TemplateGenerator(seed: seed, dialect: dialect)
    site = EvaluationSite(partials: TemplateGenerator.partials, messages: TemplateGenerator.messages(for: dialect))
    site.dialect = dialect
    source =
      "---\n{subject: '\(generator.subject())', preheader: '\(generator.subject())', \(commonVariables)}\n---\n"
      + generator.body()
    template = site.template(source)
    data = generator.data()
    findings = site.findings.filter { !$0.hasPrefix("template/foreign-tag") }
  }

  /// The template with some variables known.
  func specialized(known: [String: Value]) -> Specialization {
    var environment = site.environment
    environment.known = known
    return Specializer.specialize(template, in: environment)
  }

  func record(_ names: some Sequence<String>) -> Value {
    .record(names.sorted().compactMap { name in data[name].map { Value.Field(name, $0) } })
  }

  /// The parts of a specialization filled with the rest of the data.
  func rendered(_ result: Specialization, with rest: Value) -> [String] {
    [(result.html, MailPart.html), (result.subject, .subject), (result.preheader, .preheader)].map { text, part in
      guard let text else { return "" }
      let rendering = Interpreter.render(text, with: rest, dialect: site.dialect, part: part)
      return String(decoding: rendering.bytes, as: UTF8.self)
    }
  }

  var variables: [String] { template.declaration.variables.map(\.name) }

  /// The values of the given variables, with those that are absent as nothing.
  func known(_ names: [String]) -> [String: Value] {
    Dictionary(uniqueKeysWithValues: names.map { ($0, data[$0] ?? .null) })
  }
}

@Suite struct `Law of specialization` {
  @Test func `what is specialized and then filled equals what is evaluated whole`() {
    for seed in UInt64(0)..<600 {
      let law = LawCase(seed: seed)
      #expect(law.findings.isEmpty, "seed \(seed): \(law.findings)\n\(law.source)")
      let whole = law.specialized(known: law.known(law.variables))
      let expected = law.rendered(whole, with: .record([]))
      #expect(whole.html.holes.isEmpty, "seed \(seed)")
      var random = SeededGenerator(seed: seed &+ 1_000_000)
      for percent in [0, 30, 70] {
        let known = law.variables.filter { _ in random.chance(percent) }
        let result = law.specialized(known: law.known(known))
        let findings = law.site.rendered(result.diagnostics)
        #expect(findings.isEmpty, "seed \(seed): \(findings)\n\(law.source)")
        let rest = law.record(Set(law.variables).subtracting(known))
        let filled = law.rendered(result, with: rest)
        #expect(filled == expected, "seed \(seed), known \(known)\n\(law.source)")
        if filled != expected { return }
      }
    }
  }

  @Test func `where texts lead makes no difference when it is known before`() {
    for seed in UInt64(0)..<300 {
      let law = LawCase(seed: seed)
      let followed = law.specialized(known: [:])
      var environment = law.site.environment
      let files = law.site.partials.values.map(\.file) + [law.template.file]
      environment.places = PlaceTable(files, sources: environment.sources)
      let known = Specializer.specialize(law.template, in: environment)
      #expect(known.html.bytes == followed.html.bytes, "seed \(seed)\n\(law.source)")
      #expect(known.uses == followed.uses, "seed \(seed)")
      #expect(known.diagnostics == followed.diagnostics, "seed \(seed)")
      for offset in known.html.bytes.indices {
        let range = offset..<offset + 1
        #expect(known.html.origins.origin(of: range) == followed.html.origins.origin(of: range), "seed \(seed)")
      }
    }
  }

  @Test func `each byte of a rendering has its origin`() {
    for seed in UInt64(0)..<100 {
      let law = LawCase(seed: seed)
      let result = law.specialized(known: [:])
      let rendering = Interpreter.render(result.html, with: law.record(law.variables), dialect: .jinja, part: .html)
      #expect(rendering.origins.count == rendering.bytes.count, "seed \(seed)")
      #expect(result.html.origins.count == result.html.bytes.count, "seed \(seed)")
      for offset in stride(from: 0, to: rendering.bytes.count, by: 7) {
        let origin = rendering.origins.origin(of: offset..<offset + 1)
        #expect(origin != nil, "seed \(seed)")
      }
    }
  }
}
