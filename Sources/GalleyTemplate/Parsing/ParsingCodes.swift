package import GalleySource

// What the parser complains about.
extension DiagnosticCode {
  package static let unclosedTag = DiagnosticCode(
    "template/unclosed-tag", summary: "a tag must be closed",
    explanation: """
      What begins with '{{' must end with '}}' before the next tag or the next markup begins. Without its end nobody can \
      tell which part of the page belongs to the tag. To write the two braces as text, put a backslash before them.
      """,
    bad: "<p>{{orderId</p>", good: "<p>{{orderId}}</p>")

  package static let emptyTag = DiagnosticCode(
    "template/empty-tag", summary: "a tag must hold something",
    explanation: "'{{}}' prints nothing and says nothing. Write the name of a value, or take the tag out.",
    bad: "<p>{{}}</p>", good: "<p>{{orderId}}</p>")

  package static let unbalancedBraces = DiagnosticCode(
    "template/unbalanced-braces", summary: "a tag must end with as many braces as it begins with",
    explanation: """
      Two braces print a value made safe for its place, three print trusted markup as it is; so a missing or an extra \
      brace could mean either. Where the third brace is text, as in a style sheet, put a space before it.
      """,
    bad: "<p>{{{orderId}}</p>", good: "<p>{{orderId}}</p>")

  package static let unclosedComment = DiagnosticCode(
    "template/unclosed-comment", summary: "a comment must be closed",
    explanation: """
      A comment that begins with '{{!--' ends with '--}}' and may hold tags; one that begins with '{{!' ends with the \
      next '}}'.
      """,
    bad: "{{!-- the greeting }}<p>Hello</p>", good: "{{!-- the greeting --}}<p>Hello</p>")

  package static let strayCommentEnd = DiagnosticCode(
    "template/stray-comment-end", .warning, summary: "'--}}' outside of a comment is printed",
    explanation: """
      A comment ends with the first '--}}'. A second one, from a comment within the comment, is text and lands in the \
      mail, together with what stands before it.
      """,
    bad: "{{!-- old: {{!-- greeting --}} --}}", good: "{{!-- old: greeting --}}")

  package static let unclosedText = DiagnosticCode(
    "template/unclosed-text", summary: "a text in quotes must be closed",
    explanation: """
      A text in a tag ends with the quote it begins with, on the same line. Where the text holds that quote, use the \
      other kind around it.
      """,
    bad: "{{t \"order.title}}", good: "{{t \"order.title\"}}")

  package static let unclosedBlock = DiagnosticCode(
    "template/unclosed-block", summary: "a block must be closed",
    explanation: """
      '{{#if}}', '{{#each}}' and their kin hold everything up to their own end: '{{/if}}', '{{/each}}'. An end of a \
      block around it, or the end of the file, comes too late.
      """,
    bad: "{{#if note}}<p>{{note}}</p>", good: "{{#if note}}<p>{{note}}</p>{{/if}}")

  package static let mismatchedEnd = DiagnosticCode(
    "template/mismatched-end", summary: "a block must end with its own name",
    explanation: "The end of a block repeats the name of the block, so that both can see which belongs to which.",
    bad: "{{#if note}}<p>{{note}}</p>{{/each}}", good: "{{#if note}}<p>{{note}}</p>{{/if}}")

  package static let strayEnd = DiagnosticCode(
    "template/stray-end", summary: "an end must close a block",
    explanation:
      "Here is the end of a block, and no block of that name is open: it was closed before, or never opened.",
    bad: "{{#if note}}<p>{{note}}</p>{{/if}}{{/if}}", good: "{{#if note}}<p>{{note}}</p>{{/if}}")

  package static let strayElse = DiagnosticCode(
    "template/stray-else", summary: "'else' must stand in a block, once, at the end of the conditions",
    explanation: """
      '{{else}}' divides an 'if', 'unless', 'each' or 'with'. It can follow any number of '{{else if}}', and nothing \
      but the block's end can follow it.
      """,
    bad: "<p>{{note}}</p>{{else}}<p>no note</p>",
    good: "{{#if note}}<p>{{note}}</p>{{else}}<p>no note</p>{{/if}}")

  package static let syntax = DiagnosticCode(
    "template/syntax", summary: "a tag must follow the grammar",
    explanation: """
      A tag holds one value, or the name of a helper with its arguments: '{{orderId}}', '{{t "order.title" \
      order=orderId}}'. Calls within calls stand in parentheses: '{{#if (eq status "PAID")}}'. There are no operators.
      """,
    bad: "{{#if status == \"PAID\"}}paid{{/if}}", good: "{{#if (eq status \"PAID\")}}paid{{/if}}")

  package static let pathSlash = DiagnosticCode(
    "template/path-slash", .warning, summary: "the names of a path should be separated by '.'",
    explanation: "Handlebars still reads '/' between names as '.', and calls it deprecated. '../' stays as it is.",
    bad: "{{billingAddress/city}}", good: "{{billingAddress.city}}")

  package static let nameSpelling = DiagnosticCode(
    "template/name-spelling", summary: "a name must consist of ASCII letters, digits and '_'",
    explanation: """
      Letters of other alphabets can look like the ones on the keyboard, and some characters can't be seen at all: such \
      a name would never be found, and nobody could see why. Type the name anew.
      """,
    bad: "{{n\u{0430}me}}", good: "{{name}}")

  package static let partialName = DiagnosticCode(
    "template/partial-name", summary: "a partial's name must be a path below 'partials/'",
    explanation: """
      Partials are called by the path of their file below 'partials/', without '.html'. A path that is absolute, leads \
      out of the folder or is encoded in any way is refused.
      """,
    bad: "{{> ../secrets}}", good: "{{> blocks/button}}")

  package static let unsupported = DiagnosticCode(
    "template/unsupported", summary: "a construct of Handlebars is not part of the language",
    explanation: """
      The language is a checked subset of Handlebars. Left out is what can't be checked before a mail is sent: \
      decorators, raw blocks, partials whose name is computed, contexts handed to partials, and sections without a \
      keyword. Each message names what to write instead.
      """,
    bad: "{{#note}}<p>{{this}}</p>{{/note}}", good: "{{#if note}}<p>{{note}}</p>{{/if}}")

  package static let tooDeep = DiagnosticCode(
    "template/too-deep", summary: "blocks, parentheses and paths may be nested 64 deep",
    explanation: "Nobody can read what is nested deeper. Move inner parts into partials.",
    bad: "{{#if a}}{{#if b}}… 65 of them …", good: "{{#if a}}{{> inner}}{{/if}}")

  package static let foreignTag = DiagnosticCode(
    "template/foreign-tag", summary: "a tag of another template language is printed as text",
    explanation: """
      '{% … %}' belongs to Jinja and Liquid. Galley writes the sender's language itself; templates say '{{#if}}' and \
      '{{#each}}'. To print '{%' as text, write '&#123;%'.
      """,
    bad: "{% if note %}<p>{{note}}</p>{% endif %}", good: "{{#if note}}<p>{{note}}</p>{{/if}}")

  package static let unclosedFrontMatter = DiagnosticCode(
    "template/unclosed-front-matter", summary: "front matter must be closed",
    explanation: "A file that begins with a line '---' has front matter, which ends with another line '---'.",
    bad: "---\nkey: orders/created.html\n<h1>Thanks</h1>", good: "---\nkey: orders/created.html\n---\n<h1>Thanks</h1>")

  /// What the parser can complain about.
  static let parsingCodes: [DiagnosticCode] = [
    unclosedTag, emptyTag, unbalancedBraces, unclosedComment, strayCommentEnd, unclosedText, unclosedBlock,
    mismatchedEnd, strayEnd, strayElse, syntax, pathSlash, nameSpelling, partialName, unsupported, tooDeep, foreignTag,
    unclosedFrontMatter,
  ]
}
