import GalleySource
import GalleyTemplate
import Testing

@Suite struct ParsingFaultTests {
  @Test func `a tag without an end is reported where it begins`() {
    #expect(faults("<p>\n  {{name</p>{{x}}") == ["template/unclosed-tag 2:3 '{{name' is never closed"])
    #expect(faults("{{") == ["template/unclosed-tag 1:1 '{{' is never closed"])
    #expect(faults("a {{x {{y}}") == ["template/unclosed-tag 1:3 '{{x' is never closed"])
    #expect(faults("{{{x} <b>") == ["template/unclosed-tag 1:1 '{{{x}' is never closed"])
    #expect(faults("{{#if x <p>a</p>{{/if}}") == ["template/unclosed-tag 1:1 '{{#if x' is never closed"])
    #expect(faults("{{#if x}}a{{/if") == ["template/unclosed-tag 1:11 '{{/if' is never closed"])
  }

  @Test func `an empty tag is reported`() {
    #expect(faults("{{}}") == ["template/empty-tag 1:1 '{{}}' holds nothing"])
    #expect(faults("{{ }}") == ["template/empty-tag 1:1 '{{ }}' holds nothing"])
    #expect(faults("{{>}}") == ["template/empty-tag 1:1 '{{>}}' names no partial"])
    #expect(
      faults("{{#}}{{/}}") == [
        "template/empty-tag 1:1 '{{#}}' names no block", "template/empty-tag 1:6 '{{/}}' names no block",
      ])
  }

  @Test func `braces must balance`() {
    #expect(
      faults("{{{x}}") == [
        "template/unbalanced-braces 1:1 '{{{x}}' begins with three braces and ends with two"
      ])
    #expect(
      faults("{{x}}}") == [
        "template/unbalanced-braces 1:1 '{{x}}}' begins with two braces and ends with three"
      ])
    #expect(
      faults("{{#if x}}}{{/if}}") == [
        "template/unbalanced-braces 1:1 '{{#if x}}}' begins with two braces and ends with three"
      ])
  }

  @Test func `comments must be closed and do not nest`() {
    #expect(faults("a{{!-- b }}\n{{x}}") == ["template/unclosed-comment 1:2 the comment is never closed"])
    #expect(faults("{{#if a}}{{! b") == ["template/unclosed-comment 1:10 the comment is never closed"])
    #expect(
      faults("{{!-- a {{!-- b --}} c --}}") == [
        "template/stray-comment-end 1:24 '--}}' stands outside of a comment"
      ])
  }

  @Test func `a text must be closed before the line ends`() {
    #expect(
      faults("{{t \"a.b}}</p>\n<p class=\"x\">") == [
        "template/unclosed-text 1:5 the text that begins with \" is never closed"
      ])
    #expect(
      faults("{{t \"a.b}} <a href=\"{{u}}\">") == [
        "template/unclosed-text 1:5 the text that begins with \" is never closed"
      ])
    #expect(
      faults("{{#if (eq a 'b)}}x{{/if}}") == [
        "template/unclosed-text 1:13 the text that begins with ' is never closed"
      ])
    #expect(
      faults("<a href=\"{{t \"a}}\">x</a>") == [
        "template/unclosed-text 1:14 the text that begins with \" is never closed"
      ])
    #expect(faults("{{t \"a\n") == ["template/unclosed-text 1:5 the text that begins with \" is never closed"])
  }

  @Test func `a block must be closed`() {
    #expect(faults("a\n{{#if x}}\nb") == ["template/unclosed-block 2:1 '{{#if}}' is never closed"])
    #expect(faults("{{#each a}}{{#if x}}{{/each}}") == ["template/unclosed-block 1:12 '{{#if}}' is never closed"])
    #expect(faults("{{#> card}}x") == ["template/unclosed-block 1:1 '{{#> card}}' is never closed"])
    #expect(faults("{{#*inline \"a\"}}x") == ["template/unclosed-block 1:1 '{{#*inline}}' is never closed"])
    #expect(faults("{{#if a}}b{{else if c}}d") == ["template/unclosed-block 1:1 '{{#if}}' is never closed"])
  }

  @Test func `an unclosed block points at where the file or the outer block ends`() {
    let text = "{{#each a}}{{#if x}}{{/each}}"
    let (_, found) = TemplateParser.parse(source: SourceID(index: 0), bytes: Array(text.utf8), name: "t")
    #expect(found.first?.notes.map(\.message) == ["'{{/each}}' ends the block around it"])
    #expect(found.first?.notes.first?.range == SourceRange(SourceID(index: 0), 20, 29))
  }

  @Test func `a block must end with its name, once`() {
    #expect(faults("{{#if x}}a{{/each}}") == ["template/mismatched-end 1:11 '{{/each}}' ends '{{#if}}'"])
    #expect(faults("{{#if x}}a{{/if}}{{/if}}") == ["template/stray-end 1:18 '{{/if}}' closes nothing"])
    #expect(
      faults("{{#each a}}{{#if x}}b{{/if}}{{/if}}{{/each}}") == [
        "template/stray-end 1:29 '{{/if}}' closes nothing"
      ])
    #expect(faults("{{/if}}") == ["template/stray-end 1:1 '{{/if}}' closes nothing"])
    #expect(faults("{{#if x}}a{{/if x}}") == ["template/syntax 1:17 an end names its block and nothing else"])
  }

  @Test func `else must stand in a block`() {
    #expect(faults("a{{else}}") == ["template/stray-else 1:2 'else' stands outside of a block"])
    #expect(faults("{{#if x}}{{else}}{{else}}{{/if}}") == ["template/stray-else 1:18 '{{#if}}' has two 'else'"])
    #expect(faults("{{#if x}}{{else}}{{else if y}}{{/if}}") == ["template/stray-else 1:18 '{{#if}}' has two 'else'"])
    #expect(faults("{{#> c}}{{else}}{{/c}}") == ["template/stray-else 1:9 '{{#> c}}' has no 'else'"])
    #expect(faults("{{#if x}}{{else maybe}}{{/if}}") == ["template/syntax 1:17 'else' is followed by 'maybe'"])
  }

  @Test func `operators are answered with helpers`() {
    #expect(
      faults("{{#if a == \"b\"}}{{/if}}") == [
        "template/syntax 1:9 '==' cannot stand here: there are no operators"
      ])
    #expect(faults("{{#if eq a b}}{{/if}}") == ["template/syntax 1:7 the call of 'eq' needs parentheses"])
    #expect(
      faults("{{x | upper}}") == [
        "template/syntax 1:5 '|' cannot stand here: the tag holds one value, or a helper with its arguments"
      ])
    #expect(faults("{{#if !x}}{{/if}}") == ["template/syntax 1:7 '!' cannot stand here: a value is expected"])
    #expect(
      faults("{{#if a < b}}{{/if}}") == [
        "template/syntax 1:9 '<' cannot stand here: there are no operators"
      ])
    #expect(faults("{{ #if x}}{{/if}}").first == "template/syntax 1:4 '#' cannot stand here: a value is expected")
  }

  @Test func `broken expressions are reported once`() {
    #expect(faults("{{#if (eq a b}}x{{/if}}") == ["template/syntax 1:7 '(eq' is never closed"])
    #expect(faults("{{#if ()}}x{{/if}}") == ["template/syntax 1:7 the parentheses hold no call"])
    #expect(faults("{{t a=1 b}}") == ["template/syntax 1:9 an argument without a name follows 'a'"])
    #expect(faults("{{t a=1 a=2}}") == ["template/syntax 1:9 the argument 'a' is given twice"])
    #expect(faults("{{t a=}}") == ["template/syntax 1:5 the argument 'a' has no value"])
    #expect(faults("{{a/}}") == ["template/syntax 1:4 a name is missing behind '/'"])
    #expect(faults("{{a.}}") == ["template/syntax 1:4 a name is missing behind '.'"])
    #expect(faults("{{a..b}}").count == 1)
    #expect(faults("{{a.0}}").count == 1)
    #expect(faults("{{../}}").count == 1)
    #expect(faults("{{@inde}}") == ["template/syntax 1:3 there is no '@inde'; did you mean '@index'?"])
    #expect(faults("{{@partial-block}}") == ["template/syntax 1:3 '@partial-block' is not a value"])
    #expect(faults("{{99999999999999999999}}").count == 1)
    #expect(faults("{{a.b c}}") == ["template/syntax 1:3 'a.b' is a value and takes no arguments"])
    #expect(faults("{{#if}}x{{/if}}") == ["template/syntax 1:1 'if' needs a condition"])
    #expect(
      faults("{{#if a b}}x{{/if}}") == ["template/syntax 1:9 'b' cannot stand here: 'if' takes a condition, once"])
    #expect(faults("{{#if a as |b|}}x{{/if}}") == ["template/syntax 1:9 'if' binds no names"])
    #expect(faults("{{#each a as |b b|}}x{{/each}}") == ["template/syntax 1:17 'b' is bound twice"])
    #expect(
      faults("{{#each a as |b}}x{{/each}}") == [
        "template/syntax 1:14 the names behind 'as' must stand between two bars"
      ])
    #expect(faults("{{#*inline}}x{{/inline}}") == ["template/syntax 1:1 'inline' needs the name of a slot in quotes"])
  }

  @Test func `names must be ASCII`() {
    #expect(
      faults("{{n\u{0430}me}}") == [
        "template/name-spelling 1:3 'n\u{0430}me' holds U+0430, a letter that only looks like 'a'"
      ])
    #expect(
      faults("{{order\u{200B}Id}}") == [
        "template/name-spelling 1:3 'orderId' holds an invisible character (U+200B)"
      ])
    #expect(
      faults("{{straße}}") == ["template/name-spelling 1:3 'straße' holds 'ß' (U+00DF), which cannot be part of a name"]
    )
    #expect(faults("{{\u{A0}name}}").count == 1)
    #expect(faults("{{1st}}") == ["template/name-spelling 1:3 '1st' cannot be a name"])
  }

  @Test func `a partial's name never leads out of its folder`() {
    let code = "template/partial-name 1:5 the partial's name"
    #expect(faults("{{> ../x}}") == ["\(code) '../x' leads out of its folder"])
    #expect(faults("{{> /etc/passwd}}") == ["\(code) '/etc/passwd' begins with '/'"])
    #expect(faults("{{> %2e%2e/x}}") == ["\(code) '%2e%2e/x' is percent-encoded"])
    #expect(faults("{{> a\u{0}b}}") == ["\(code) 'a\u{0}b' holds a NUL character"])
    #expect(faults(#"{{> a\b}}"#) == [#"\#(code) 'a\b' holds a backslash"#])
    #expect(faults("{{> a//b}}") == ["\(code) 'a//b' has an empty folder name"])
    #expect(faults("{{> a/./b}}") == ["\(code) 'a/./b' holds the folder '.'"])
    #expect(faults("{{> C:x}}") == ["\(code) 'C:x' looks like a URL or a drive"])
    #expect(faults("{{> \"../x\"}}") == ["\(code) '../x' leads out of its folder"])
    #expect(
      faults("{{#> ../x}}a{{/../x}}") == ["template/partial-name 1:6 the partial's name '../x' leads out of its folder"]
    )
  }

  @Test func `what Handlebars has and this language has not is refused kindly`() {
    #expect(faults("{{> (lookup . 'x')}}") == ["template/unsupported 1:5 the name of a partial cannot be computed"])
    #expect(faults("{{> card item}}") == ["template/unsupported 1:10 a partial takes named arguments alone"])
    #expect(faults("{{* decorate}}") == ["template/unsupported 1:1 '{{*' begins a decorator, which there is not"])
    #expect(
      faults("{{{{raw}}}} {{x}} {{{{/raw}}}}") == [
        "template/unsupported 1:1 '{{{{' begins a raw block, which there is not"
      ])
    #expect(faults("{{{{raw}}}} {{x}}") == ["template/unsupported 1:1 the raw block is never closed"])
    #expect(faults("{{#note}}{{.}}{{/note}}") == ["template/unsupported 1:4 there is no block 'note'"])
    #expect(
      faults("{{#eahc a}}{{.}}{{/eahc}}") == [
        "template/unsupported 1:4 there is no block 'eahc'; did you mean 'each'?"
      ])
    #expect(faults("{{^each a}}{{/each}}") == ["template/unsupported 1:1 '{{^each' is not a block"])
  }

  @Test func `tags of Jinja are reported once a file`() {
    #expect(
      faults("<p>{% if x %}a{%- endif %}</p>") == [
        "template/foreign-tag 1:4 '{% if x %}' is a tag of another template language"
      ])
    #expect(faults("@keyframes a{0%{top:0}}{%}").isEmpty)
  }

  @Test func `depth is limited with one message`() {
    for depth in [63, 64, 65, 3_000] {
      let blocks = String(repeating: "{{#if a}}", count: depth) + String(repeating: "{{/if}}", count: depth)
      #expect(faults(blocks).count == (depth > 64 ? 1 : 0))
      let calls = "{{#if " + String(repeating: "(not ", count: depth) + "a" + String(repeating: ")", count: depth)
      #expect(faults(calls + "}}{{/if}}").count == (depth > 64 ? 1 : 0))
      let path = "{{a" + String(repeating: ".b", count: depth - 1) + "}}"
      #expect(faults(path).count == (depth > 64 ? 1 : 0))
      let chain = "{{#if a}}" + String(repeating: "{{else if b}}", count: depth - 1) + "{{else}}{{/if}}"
      #expect(faults(chain).count == (depth > 64 ? 1 : 0))
    }
  }
}
