package import GalleySource

extension DiagnosticCode {
  package static let evaluationBudget = DiagnosticCode(
    "evaluation/budget", summary: "A template may only grow so much.",
    explanation: """
      Calls of partials and messages and the items of unrolled loops are counted, and so are the bytes of the output, \
      so that a few lines cannot become gigabytes.
      """,
    bad: "{{! a.html }}{{> b}}{{> b}}  {{! b.html }}{{> c}}{{> c}}  {{! … 30 files }}", good: "{{> b}}")

  package static let evaluationIncludeDepth = DiagnosticCode(
    "evaluation/include-depth", summary: "Partials may call one another 32 deep.",
    explanation: "A deeper chain is nearly always a partial that calls itself. The note shows the chain.",
    bad: "{{! card.html }}{{> card}}", good: "{{! card.html }}{{> card-body}}")

  package static let evaluationNesting = DiagnosticCode(
    "evaluation/nesting", summary: "Blocks and expressions may only be nested so deep.",
    explanation: "The limit counts through the partials on the way. Flatten the partials, or combine conditions.",
    bad: "{{#if a}}{{#if b}}{{> next}}…", good: "{{#if (and a b)}}{{> next}}…")

  package static let evaluationUnknown = DiagnosticCode(
    "evaluation/unknown-at-build", summary: "Some helpers need values that are known when the site is built.",
    explanation: """
      A variable is only known when the mail is sent, and no dialect can join, format or look up a message then. Let \
      the service pass the finished value, or write a loop or a condition.
      """,
    bad: "{{join tags \", \"}}", good: "{{#each tags}}{{this}}{{#unless @last}}, {{/unless}}{{/each}}")

  package static let evaluationFormat = DiagnosticCode(
    "evaluation/format", summary: "'format' gets a value that fits its style.",
    explanation: """
      (format n "integer") writes a number; the styles are integer, percent, skeletons such as ::.00, currency with \
      currency="ZAR", and a count of decimals, 0.00, without regard to the locale. (format d date="long") writes a date \
      and (format d time="short") a time, which are texts as ISO 8601 has them.
      """,
    bad: "{{format \"24 November\" date=\"long\"}}", good: "{{format \"2026-11-24\" date=\"long\"}}")

  package static let subjectLine = DiagnosticCode(
    "evaluation/subject-line", summary: "A subject is one line.",
    explanation: "A line end in a subject would begin another header of the mail.",
    bad: "subject: |\n  Your order\n  is here", good: "subject: Your order is here")

  package static let dialectInexpressible = DiagnosticCode(
    "dialect/inexpressible", summary: "What is left for the sender must be something that the dialect can say.",
    explanation: """
      What depends on a variable is written in the syntax of the sender's dialect. `interpolate` knows plain variables \
      alone; `mustache` has sections and no comparisons; `handlebars` and `ses` have no `and` and `or`; engines disagree \
      about what is true. Let the service pass what is decided, or use a dialect that can say it; `jinja` can say all.
      """,
    bad: "dialect: interpolate\n---\n{{#if name}}Dear {{name}}{{/if}}", good: "dialect: interpolate\n---\n{{greeting}}")

  package static let dialectName = DiagnosticCode(
    "dialect/name", summary: "A variable must not have a name that means something else in the dialect.",
    explanation:
      "The service passes variables by their names, so a name that the dialect keeps for itself is never read.",
    bad: "variables:\n  loop: string", good: "variables:\n  loopName: string")

  package static let dialectLiteral = DiagnosticCode(
    "dialect/literal", summary: "Plain text must not hold what the dialect would read as a variable.",
    explanation: """
      In HTML a character reference stands in for a brace; a subject has nothing of the kind, and `interpolate` has no \
      expression that could print it.
      """,
    bad: "dialect: interpolate\nsubject: 'Use \\{{code}}'", good: "dialect: interpolate\nsubject: 'Use your code'")

  package static let dialectSize = DiagnosticCode(
    "dialect/size", summary: "A mail must not be larger than what the sender stores.",
    explanation: """
      Amazon SES keeps templates of up to 500 KB, text and HTML together, as they are before they are filled. SendGrid \
      keeps 1 MiB of HTML, as much text, and 255 characters of subject.
      """,
    bad: "dialect: ses\n---\n<style>… 600 KB …</style>", good: "dialect: ses\n---\n<style>… 20 KB …</style>")

  package static let dialectNesting = DiagnosticCode(
    "dialect/nesting", summary: "Blocks must not stand deeper within one another than the dialect's engine takes.",
    explanation: """
      Jinja2 makes Python of a template, which takes 20 loops within one another and 98 blocks; python-liquid takes 26 \
      and 30. What is deeper fails when the mail is sent. Blocks that are decided when the site is built don't count.
      """,
    bad: "{{#each a}}{{#each b}} … {{! 21 loops }}", good: "{{#each rows}} … {{/each}}")

  package static let dialectCallerEscapes = DiagnosticCode(
    "dialect/caller-escapes", .info, summary: "A dialect that does not escape leaves it to whoever fills the mail in.",
    explanation: """
      Amazon SES and plain interpolation put values into HTML as they are. The contract says for each variable and part \
      what its caller has to do: `escape: html` is `&amp;`, `&lt;`, `&gt;`, `&#34;` and `&#39;` for the five characters.
      """,
    bad: "dialect: ses\n---\n<p>{{name}}</p>", good: "dialect: handlebars\n---\n<p>{{name}}</p>")

  package static let dialectTwoDuties = DiagnosticCode(
    "dialect/two-duties", .warning,
    summary: "One variable cannot be percent-encoded in one place and plain in another, where the caller encodes.",
    explanation: """
      Most senders' dialects have no percent-encoding, so the contract asks it of the caller, who passes one value for \
      both places. That is right for values of letters, digits, `_`, `.`, `-`, `~` and `/`, which encoding leaves alone.
      """,
    bad: "dialect: ses\n---\n<a href=\"https://x.example/{{id}}\">{{id}}</a>",
    good: "dialect: ses\n---\n<a href=\"https://x.example/{{idEncoded}}\">{{id}}</a>")

  /// The codes of evaluation, escaping, dialects and messages.
  package static let evaluationCodes: [DiagnosticCode] =
    [
      evaluationBudget, evaluationIncludeDepth, evaluationNesting, evaluationUnknown, evaluationFormat, subjectLine,
      dialectInexpressible, dialectName, dialectLiteral, dialectSize, dialectNesting, dialectCallerEscapes,
      dialectTwoDuties,
    ] + escapeCodes + messageCodes
}
