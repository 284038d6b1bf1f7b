import GalleySource
import GalleyTemplate
import Testing

/// What people bring along from Handlebars, Mustache and elsewhere, and what they are told.
@Suite struct `Foreign constructs` {
  /// The findings for a text, each with its help.
  private func told(_ text: String) -> [String] {
    let (_, found) = TemplateParser.parse(source: SourceID(index: 0), bytes: Array(text.utf8), name: "t")
    return found.map { ([$0.message] + $0.help + $0.fixes.map(\.message)).joined(separator: " | ") }
  }

  @Test func `a way out is named for every block that there is not`() {
    #expect(
      told("{{#person}}a{{/person}}") == [
        "there is no block 'person' | write '{{#if person}}', '{{#each person}}' or '{{#with person}}'"
      ])
    #expect(
      told("{{#person.name}}a{{/person.name}}") == [
        "there is no block 'person.name' | "
          + "write '{{#if person.name}}', '{{#each person.name}}' or '{{#with person.name}}'"
      ])
    #expect(
      told("{{#eq a \"b\"}}a{{/eq}}") == ["'eq' is a helper, not a block | write '{{#if (eq a \"b\")}}…{{/if}}'"])
    #expect(told("{{#t \"k\"}}a{{/t}}") == ["'t' is a helper, not a block | write '{{t \"k\"}}'"])
    #expect(
      told("{{#ifEquals a b}}x{{else}}y{{/ifEquals}}") == [
        "there is no block 'ifEquals' | write '{{#if (eq a b)}}…{{/if}}'"
      ])
    #expect(
      told("{{#forEach items}}x{{/forEach}}") == [
        "there is no block 'forEach' | write '{{#each items as |item|}}…{{/each}}'"
      ])
    #expect(
      told("{{#fancy a b}}x{{/fancy}}") == [
        "there is no block 'fancy' | there are no helpers of one's own; the blocks are 'if', 'unless', 'each' and "
          + "'with' | what repeats with other values belongs into a partial: '{{#> name}}…{{/name}}'"
      ])
    for name in ["switch", "repeat", "extend", "set", "raw", "log", "partial", "greaterThan", "inline", "i18n"] {
      let found = told("{{#\(name) a}}x{{/\(name)}}")
      #expect(found.count == 1 && found[0].contains(" | "), "\(found)")
    }
  }

  @Test func `the heads of blocks are mended`() {
    #expect(
      told("{{#each items as item}}x{{/each}}") == [
        "the names behind 'as' must stand between two bars | write '{{#each items as |name|}}'"
      ])
    #expect(
      told("{{#each item in items}}x{{/each}}") == ["'each' has no 'in' | write '{{#each items as |item|}}'"])
    #expect(
      told("{{#if n includeZero=true}}x{{/if}}") == [
        "'if' takes no named arguments | a number that is 0 counts as false; "
          + "let the service pass a boolean that says whether there is one"
      ])
    #expect(
      told("{{#with a=b}}x{{/with}}") == [
        "'with' takes no named arguments | bind a name with '{{#with value as |name|}}'"
      ])
  }

  @Test func `else and ends are mended, and the blocks stay in balance`() {
    #expect(
      told("{{#if a}}x{{elseif b}}y{{/if}}") == [
        "there is no 'elseif' | write '{{else if condition}}' | write 'else if'"
      ])
    #expect(
      told("{{#if a}}x{{#else}}y{{/if}}") == [
        "'else' opens no block | write '{{else}}', without '#' | take the '#' out"
      ])
    #expect(
      told("{{#if a}}x{{else b}}y{{/if}}") == [
        "'else' is followed by 'b' | write '{{else}}' or '{{else if b}}' | write 'else if'"
      ])
    #expect(told("{{#if a}}x{{endif}}y") == ["'endif' ends no block | write '{{/if}}' | write '/if'"])
    #expect(
      told("{{#if a}}x{{else}}y{{/else}}z{{/if}}") == [
        "'{{/else}}' closes nothing | take it out: '{{else}}' reaches to the end of its block"
      ])
  }

  @Test func `operators are answered with the call that replaces them`() {
    #expect(
      told("{{#if a.b != \"c\"}}x{{/if}}") == [
        "'!=' cannot stand here: there are no operators | write '{{#if (ne a.b \"c\")}}'"
      ])
    #expect(
      told("{{#unless n >= 2}}x{{/unless}}") == [
        "'>=' cannot stand here: there are no operators | write '{{#unless (ge n 2)}}'"
      ])
    #expect(told("{{#if a && b || c}}x{{/if}}").count == 1)
    #expect(
      told("{{#if a ==}}x{{/if}}") == [
        "'==' cannot stand here: 'if' takes a condition, once | compare with '(eq a b)'; "
          + "a named argument is written 'name=value' behind a helper"
      ])
  }

  @Test func `what Mustache has besides is answered`() {
    let delimiters =
      "cannot be changed | take it out; to print braces as text, put a backslash before them: '\\{{name}}'"
    #expect(told("{{=<% %>=}}x") == ["'{{=<% %>=}}' changes the delimiters, which \(delimiters)"])
    #expect(told("a {{= | | =}}") == ["'{{= | | =}}' changes the delimiters, which \(delimiters)"])
    let layout = "put 'layout: base' into the front matter, or call a partial with a block: '{{#> base}}…{{/base}}'"
    #expect(
      told("{{<base}}{{$title}}x{{/title}}{{/base}}") == [
        "'{{<base}}' inherits from a template, which there is not | \(layout)",
        "'{{$title}}' is a block that Mustache's templates inherit, which there is not | declare 'title' under 'slots:' of "
          + "the layout and print it there: '{{#> title}}default{{/title}}' | fill it in the template: "
          + "'{{#*inline \"title\"}}…{{/inline}}'",
      ])
    #expect(
      told("{{> *name}}") == [
        "the name of a partial cannot be computed | choose with '{{#if …}}{{> one}}{{else}}{{> other}}{{/if}}'"
      ])
  }

  @Test func `a partial gets no context`() {
    #expect(
      told("{{> card this}}") == [
        "a partial takes named arguments alone | pass what the partial needs by name: 'name=value'"
      ])
    #expect(
      told("{{> card item}}") == [
        "a partial takes named arguments alone | write 'name=item' with the name of a parameter"
      ])
  }

  @Test func `a slash in a path is read as a point, with a fix`() {
    let (tree, findings) = parsed("{{a/b/c}}{{../a/b}}{{this/x}}{{./y}}")
    #expect(tree == "a.b.c ../a.b this.x this.y")
    #expect(
      findings == [
        "template/path-slash 1:4 the names of a path are separated by '.'",
        "template/path-slash 1:16 the names of a path are separated by '.'",
        "template/path-slash 1:26 the names of a path are separated by '.'",
      ])
  }
}
