import GalleyTemplate
import GalleyText
import Testing

/// What must hold of each text that a sender can make of a text part: every combination of branches is rendered.
struct `Whichever branches are taken` {
  /// A random document, and the conditions and loops that it has.
  private struct Document {
    var html = ""
    var conditions: [String] = []
    var loops: [String] = []

    mutating func append(_ depth: Int, _ generator: inout SeededGenerator) {
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        let isFull = conditions.count + loops.count >= 5
        switch Int.random(in: 0..<(isFull || depth == 0 ? 5 : 12), using: &generator) {
        case 0: html += "<p>Text {{o}}</p>\n"
        case 1: html += "<h2>Heading</h2> "
        case 2: html += "<ul><li>One</li><li>{{o}}</li></ul>"
        case 3: html += "<div>Line<br>second {{o}}</div>"
        case 4: html += "<p><a href=\"https://x.example/{{part:o}}\">Link</a> </p>"
        case 5, 6:
          let name = condition()
          html += "{{#if \(name)}}"
          append(depth - 1, &generator)
          if Bool.random(using: &generator) {
            html += "{{else}}"
            append(depth - 1, &generator)
          }
          html += "{{/if}}"
        case 7:
          loops.append("l\(loops.count)")
          html += "{{#each \(loops[loops.count - 1])}}"
          append(depth - 1, &generator)
          html += "{{/each}}"
        case 8: html += "<p>Within {{#if \(condition())}}a {{o}}{{else}}another{{/if}} line</p>"
        case 9: html += "<p>Before {{#if \(condition())}}behind{{/if}} {{#if \(condition())}}and <b>more</b>{{/if}}</p>"
        case 10: html += "<p>Words{{#if \(condition())}} or not {{/if}}</p>"
        default: html += "<table><tr><th>Key</th><td>{{o}} {{#if \(condition())}}(<i>yes</i>){{/if}}</td></tr></table>"
        }
      }
    }

    private mutating func condition() -> String {
      conditions.append("c\(conditions.count)")
      return conditions[conditions.count - 1]
    }
  }

  @Test(arguments: Array(1...60).map(UInt64.init)) func `lines end in words and no two blank lines meet`(_ seed: UInt64)
  {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<8 {
      var document = Document()
      document.append(2, &generator)
      let text = Mustache.textPart(document.html).text
      for choice in choices(document) {
        let rendering = Interpreter.render(text, with: choice, dialect: .jinja, part: .text)
        let result = String(decoding: rendering.bytes, as: UTF8.self)
        let comment = Comment(rawValue: "seed \(seed): \(document.html) gives \(result.debugDescription)")
        #expect(!result.contains("\n\n\n"), comment)
        #expect(!result.contains(" \n"), comment)
        #expect(!result.hasPrefix("\n") && !result.hasPrefix(" "), comment)
        #expect(result.isEmpty || result.hasSuffix("\n"), comment)
      }
    }
  }

  @Test func `a loop that begins with a paragraph and ends in a line has one blank line before it`() {
    let text = Mustache.textPart("<p>x</p>{{#each d}}<p></p>a<p>b</p>c{{else}}y<br>{{/each}}").text
    #expect(Mustache.render(text, ["d": 2]) == "x\n\na\n\nb\n\nc\n\na\n\nb\n\nc\n")
    #expect(Mustache.render(text, ["d": 0]) == "x\n\ny\n")
  }

  /// Values for all conditions, true and false, and all loops, none, one and two items.
  private func choices(_ document: Document) -> [Value] {
    var choices: [[Value.Field]] = [[Value.Field("o", .string("value"))]]
    for name in document.conditions {
      choices = choices.flatMap { choice in
        [true, false].map { choice + [Value.Field(name, .boolean($0))] }
      }
    }
    for name in document.loops {
      choices = choices.flatMap { choice in
        (0...2).map { choice + [Value.Field(name, .list(Array(repeating: .string("item"), count: $0)))] }
      }
    }
    return choices.map { .record($0) }
  }
}
