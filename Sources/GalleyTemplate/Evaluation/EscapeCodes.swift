package import GalleySource

extension DiagnosticCode {
  package static let escapeURLType = DiagnosticCode(
    "escape/url-type", summary: "A value that is a whole URL must be declared as one.",
    explanation: """
      Whoever chooses a whole URL chooses its scheme, and `javascript:` is a scheme. Declaring a variable as `url` \
      puts it into the contract that the service checks the scheme.
      """,
    bad: "variables: {link: string}\n---\n<a href=\"{{link}}\">",
    good: "variables: {link: url}\n---\n<a href=\"{{link}}\">")

  package static let escapeURLPartType = DiagnosticCode(
    "escape/url-part-type", summary: "A piece of a URL must be declared as one.",
    explanation: """
      A piece of a path or a query is percent-encoded, so that it cannot begin another piece. A variable that is \
      declared as `urlPart` is encoded in URLs and printed as it is elsewhere.
      """,
    bad: "variables: {id: string}\n---\n<a href=\"https://x.example/{{id}}\">",
    good: "variables: {id: urlPart}\n---\n<a href=\"https://x.example/{{id}}\">")

  package static let escapeURLHost = DiagnosticCode(
    "escape/url-host", summary: "Data may not choose the host or the scheme of a URL.",
    explanation:
      "A host from data sends the reader anywhere. Write the host, or pass a whole `url` that the service checks.",
    bad: "<a href=\"https://{{host}}/pay\">", good: "<a href=\"https://pay.example/{{id}}\">")

  package static let escapeURLAmbiguous = DiagnosticCode(
    "escape/url-ambiguous", summary: "A URL may not be put together from a whole URL and something else.",
    explanation: "What `{{base}}/x` means depends on what base ends with: a path, a query, half a host name.",
    bad: "<a href=\"{{base}}/orders\">", good: "<a href=\"{{ordersUrl}}\">")

  package static let escapeURLAttribute = DiagnosticCode(
    "escape/url-attribute", summary: "Some attributes take no URL from data.",
    explanation: "`srcset` holds a list, `background`, `action` and their like load or send more than a link does.",
    bad: "<td background=\"{{image}}\">", good: "<img src=\"{{image}}\" alt=\"\">")

  package static let escapeURLScheme = DiagnosticCode(
    "escape/url-scheme", summary: "A URL must have a scheme that a mail may use.",
    explanation: "Links and images in mails use https:, http:, mailto:, tel: or cid:.",
    bad: "data: {link: 'javascript:alert(1)'}\n---\n<a href=\"{{data.link}}\">",
    good: "data: {link: 'https://bbws.example'}\n---\n<a href=\"{{data.link}}\">")

  package static let escapeUnquoted = DiagnosticCode(
    "escape/unquoted-attribute", summary: "A value in an attribute needs double quotation marks around it.",
    explanation: "Without quotation marks a space in the value begins another attribute.",
    bad: "<img alt={{name}}>", good: "<img alt=\"{{name}}\">")

  package static let escapeSingleQuoted = DiagnosticCode(
    "escape/single-quoted-attribute", summary: "A value in an attribute needs double quotation marks around it.",
    explanation: "Not every escaping covers the apostrophe, so values stand in double quotation marks alone.",
    bad: "<img alt='{{name}}'>", good: "<img alt=\"{{name}}\">")

  package static let escapeStyle = DiagnosticCode(
    "escape/style", summary: "Of data, a style takes colors, integers and enumerations of words alone.",
    explanation: """
      CSS has no escaping that all clients agree on, so a `style` attribute takes values whose type leaves them nothing \
      else to mean, and a style sheet takes none. Or choose between literal values with a condition.
      """,
    bad: "variables: {tone: string}\n---\n<p style=\"color: {{tone}}\">",
    good: "variables: {tone: color}\n---\n<p style=\"color: {{tone}}\">")

  package static let escapeStyleValue = DiagnosticCode(
    "escape/style-value", summary: "A known value in a style must be a color, a number, a length or a word.",
    explanation: "Anything else could end the declaration, or the style, that it stands in.",
    bad: "data: {color: 'red; background: url(x)'}", good: "data: {color: red}")

  package static let escapePresentational = DiagnosticCode(
    "escape/presentational-attribute", summary: "Data may not stand in an attribute that is a style by another name.",
    explanation:
      "`bgcolor`, `width` and their like are read by old and lenient parsers. Choose between literal values.",
    bad: "<td bgcolor=\"{{color}}\">", good: "<td bgcolor=\"{{#if isLate}}#dc3545{{else}}#ffffff{{/if}}\">")

  package static let escapeDirective = DiagnosticCode(
    "escape/directive", summary: "Data may not stand in an attribute that tells the client what to do.",
    explanation: """
      `content` of `<meta http-equiv="refresh">` leads readers elsewhere, `rel` makes a style sheet of a link, and \
      `type` decides how a file is read. Escaping does not change what such a value does.
      """,
    bad: "<meta http-equiv=\"refresh\" content=\"0;url={{link}}\">", good: "<a href=\"{{link}}\">")

  package static let escapeScript = DiagnosticCode(
    "escape/script", summary: "Nothing may be put into a script or an embedded document.",
    explanation: "Mail clients drop scripts, and no escaping makes a value safe in one.",
    bad: "<a onclick=\"go('{{id}}')\">", good: "<a href=\"https://x.example/{{id}}\">")

  package static let escapeTagName = DiagnosticCode(
    "escape/tag-name", summary: "Nothing may be put into the name of a tag.",
    explanation: "What an element is must be seen in the source, by people and by every check.",
    bad: "<{{tag}}>", good: "{{#if isHeading}}<h2>…</h2>{{else}}<p>…</p>{{/if}}")

  package static let escapeAttributeName = DiagnosticCode(
    "escape/attribute-name", summary: "Nothing may be put where the name of an attribute is expected.",
    explanation: "A value there could be any attribute, with any meaning.", bad: "<td {{attributes}}>",
    good: "<td align=\"left\">")

  package static let escapeComment = DiagnosticCode(
    "escape/comment", summary: "Nothing may be put into a comment.",
    explanation: "A value could end the comment, and readers would not see it anyway.", bad: "<!-- {{orderId}} -->",
    good: "{{! the order }}")

  package static let escapeDeclaration = DiagnosticCode(
    "escape/declaration", summary: "Nothing may be put into a doctype or a CDATA section.",
    explanation: "A declaration has no escaping.", bad: "<!DOCTYPE {{type}}>", good: "<!DOCTYPE html>")

  package static let escapeRaw = DiagnosticCode(
    "escape/raw", summary: "Markup may only stand where markup is expected.",
    explanation: "A value declared as `html` is printed without escaping, which is right between tags alone.",
    bad: "variables: {banner: html}\n---\n<img alt=\"{{{banner}}}\">",
    good: "variables: {banner: html}\n---\n<div>{{{banner}}}</div>")

  package static let escapeMarkupInText = DiagnosticCode(
    "escape/markup-in-text", summary: "Markup may not be printed into plain text.",
    explanation: "The subject, the preheader and the text part show tags as they are.",
    bad: "subject: '{{{banner}}}'  # banner: html", good: "subject: '{{title}}'  # title: string")

  package static let escapeBlock = DiagnosticCode(
    "escape/block", summary: "A condition or a loop may only stand where it can be followed.",
    explanation: """
      In a tag's name, a comment or a script a block would change what the rest of the document means. So would one \
      that stands between a name and its value, or between `<` and what follows: nobody can tell which attribute a \
      value behind it belongs to.
      """,
    bad: "<h{{#if isMain}}1{{else}}2{{/if}}>", good: "{{#if isMain}}<h1>…</h1>{{else}}<h2>…</h2>{{/if}}")

  package static let escapeBranches = DiagnosticCode(
    "escape/branches", summary: "The branches of a condition must end in the same place.",
    explanation: "If one branch leaves a tag or an attribute open, nobody can say what the text behind it is.",
    bad: "{{#if wide}}<td width=\"{{else}}<td>{{/if}}600\">", good: "<td{{#if wide}} width=\"600\"{{/if}}>")

  package static let escapeLoop = DiagnosticCode(
    "escape/loop", summary: "A loop must end in the place where it begins.",
    explanation: "Its content is repeated, so what follows it must be what it follows.",
    bad: "{{#each items}}<td title=\"{{/each}}\">", good: "{{#each items}}<td title=\"…\">…</td>{{/each}}")

  /// The codes of escaping.
  package static let escapeCodes: [DiagnosticCode] = [
    escapeURLType, escapeURLPartType, escapeURLHost, escapeURLAmbiguous, escapeURLAttribute, escapeURLScheme,
    escapeUnquoted, escapeSingleQuoted, escapeStyle, escapeStyleValue, escapePresentational, escapeDirective,
    escapeScript,
    escapeTagName, escapeAttributeName, escapeComment, escapeDeclaration, escapeRaw, escapeMarkupInText, escapeBlock,
    escapeBranches, escapeLoop,
  ]
}
