import GalleySource
import GalleyTemplate
import GalleyText
import Growth
import Testing

struct `A text part written by hand` {
  /// Says what is said of a text held against a made one; the sources that they point into do not matter.
  private func findings(_ text: AssembledText, against made: AssembledText) -> [Diagnostic] {
    var sources = SourceSet()
    _ = sources.add(path: "x", bytes: [])
    _ = sources.add(path: "y", bytes: [])
    return TextComparison.diagnostics(for: text, against: made, in: SourceID(index: 1), of: sources)
  }

  /// The codes of what is said of a text held against a mail.
  private func codes(_ text: String, against html: String) -> [String] {
    let made = Mustache.textPart(html).text
    return findings(Mustache.assemble(text), against: made).map(\.code.name)
  }

  @Test(arguments: Laws.seeds) func `nothing is said of the text that is made from the HTML`(_ seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<20 {
      let count = Int.random(in: 1...40, using: &generator)
      let template =
        "<p>x</p>" + (0..<count).map { _ in Laws.soup.randomElement(using: &generator) ?? "" }.joined()
      let made = Mustache.textPart(template).text
      let found = findings(made, against: made)
      #expect(found.isEmpty, "seed \(seed): \(template) gives \(found)")
    }
  }

  @Test func `addresses are the same whatever scheme, case, last slash and punctuation`() {
    let html = """
      <p><a href="https://bbws.example/Help/">Help</a>, <a href="{{url:order}}">order</a>,
      <a href="https://bbws.example/o/{{part:id}}?l=en&amp;x=(1)">one</a> <a href="mailto:me@bbws.example?subject=x">me</a></p>
      """
    let text = """
      (see http://BBWS.example/help), <{{url:order}}>.
      https://bbws.example/o/{{part:id}}?l=en&x=(1). Write to: ME@bbws.example!
      """
    #expect(codes(text, against: html) == [])
  }

  @Test func `an address that begins like another is another`() {
    let html = "<p><a href=\"https://bbws.example/a\">A</a></p>"
    #expect(codes("https://bbws.example/a/b", against: html) == ["text/lacks-link", "text/other-link"])
    #expect(codes("https://bbws.example/a", against: html) == [])
  }

  @Test func `items of loops are compared by what they are of`() {
    let html = "{{#each a}}<p>{{x}}</p>{{/each}}{{#each b}}<p>{{y}}</p>{{/each}}"
    #expect(codes("{{#each b}}{{y}}{{/each}}", against: html) == ["text/lacks-variable"])
    #expect(codes("{{#each b}}{{y}}{{/each}}{{#each a}}{{x}}{{/each}}", against: html) == [])
  }

  @Test func `the way out is asked for as an error, by the name of its address or variable`() {
    for address in ["{{url:unsubscribeUrl}}", "https://bbws.example/opt-out?x=1", "https://bbws.example/Unsubscribe"] {
      #expect(codes("News", against: "<p>News <a href=\"\(address)\">x</a></p>") == ["text/lacks-unsubscribe"])
    }
  }

  @Test func `an empty text is no text part`() { #expect(codes(" \n\n", against: "<p>x</p>") == ["text/empty"]) }

  @Test func `what the HTML keeps from the text part is not asked for`() {
    #expect(
      codes("News", against: "<p>News</p><p data-text=\"skip\">{{a}} <a href=\"https://x.example\">x</a></p>") == [])
  }

  @Test func `time grows with the size`() {
    for unit in ["https://x.example/ ", "{{a}}", "{{url:a}} ", "{{#if a}}x{{/if}}", "((", "a@b.c,", "https://", "<"] {
      let growth = Growth(from: 8_000) {
        Mustache.assemble(String(repeating: unit, count: $0))
      } work: {
        _ = findings($0, against: $0)
      }
      #expect(growth.isLinear, "\(unit): \(growth)")
    }
  }
}

private typealias Laws = `Laws of the text part`
