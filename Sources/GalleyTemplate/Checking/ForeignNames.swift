/// Names of helpers and blocks that people know from elsewhere, each with what to write here.
///
/// They are those of Handlebars itself ("Built-in Helpers", https://handlebarsjs.com/guide/builtin-helpers.html), of
/// SendGrid, and of collections of helpers that are widely used.
enum ForeignNames {
  /// What to write instead of a helper, or nil for a name that is not known.
  static func helper(_ name: String) -> String? { helpers[name.lowercased()] }

  /// What to write instead of a block, or nil for a name that is not known.
  static func block(_ name: String) -> String? { blocks[name.lowercased()] }

  private static let service = "let the service pass the finished value"
  private static let helpers = table([
    ("lookup", "write the path: 'record.field'; a list is gone through with '{{#each}}'"),
    ("log debug", "there is nothing to log to; take it out"),
    ("equals equal eqs is", "write '(eq a b)'"), ("neq isnt notequals", "write '(ne a b)'"),
    ("lte", "write '(le a b)'"), ("gte", "write '(ge a b)'"), ("lessthan", "write '(lt a b)'"),
    ("greaterthan", "write '(gt a b)'"),
    ("fallback coalesce ifempty", "write '(default a b)'"),
    ("translate i18n trans gettext", "write '(t \"key\")'"),
    ("if ternary iif", "write '{{#if …}}…{{else}}…{{/if}}'"), ("each", "write '{{#each …}}…{{/each}}'"),
    ("unless", "write '{{#unless …}}…{{/unless}}'"), ("with", "write '{{#with …}}…{{/with}}'"),
    ("include partial render import", "write '{{> name}}'"),
    ("concat append", "put the values beside each other: '{{a}}{{b}}'"),
    (
      "uppercase lowercase upper lower capitalize titlecase",
      "set 'text-transform' in the style, or let the service pass the finished text"
    ),
    ("truncate ellipsis replace substring trim split pluralize slugify", service),
    (
      "formatdate dateformat moment date now time timeago",
      "let the service pass the finished date; a known one is written with '(format date …)'"
    ),
    (
      "formatnumber numberformat tofixed currency formatcurrency money",
      "let the service pass the finished amount; a known number is written with '(format number \"0.00\")'"
    ),
    ("add subtract plus minus multiply divide math sum inc", "there is no arithmetic; let the service pass the result"),
    ("length size count", "ask whether a list has items with '{{#if list}}'; \(service)"),
    ("first last", "write '{{#each list}}{{#if @first}}…{{/if}}{{/each}}'"),
    ("contains includes in some any", "let the service pass a boolean"),
    ("isempty", "write '{{#unless value}}…{{/unless}}'"),
    ("json stringify inspect", "there is nothing to print of a record or a list as a whole; name its fields"),
    ("raw safe html unescape noescape", "print markup of type 'html' with three braces: '{{{name}}}'"),
    ("encodeuri urlencode encodeuricomponent", "a value of type 'urlPart' is encoded where it stands in a URL"),
    ("image img url static link", "write '(asset \"images/logo.png\")'"),
  ])
  private static let blocks = table([
    ("ifeq if_eq ifequals ifequal equal equals is compare ifcond", "write '{{#if (eq a b)}}…{{/if}}'"),
    ("unlesseq unless_eq ifnoteq ifne isnt notequals", "write '{{#if (ne a b)}}…{{/if}}'"),
    ("greaterthan ifgt", "write '{{#if (gt a b)}}…{{/if}}'"), ("lessthan iflt", "write '{{#if (lt a b)}}…{{/if}}'"),
    ("ifand", "write '{{#if (and a b)}}…{{/if}}'"), ("ifor", "write '{{#if (or a b)}}…{{/if}}'"),
    ("ifnot", "write '{{#unless value}}…{{/unless}}'"),
    ("for foreach forin list loop eachproperty eachindex", "write '{{#each items as |item|}}…{{/each}}'"),
    ("times repeat range", "let the service pass a list, and go through it with '{{#each list}}…{{/each}}'"),
    ("switch case choose", "write '{{#if (eq a \"x\")}}…{{else if (eq a \"y\")}}…{{else}}…{{/if}}'"),
    (
      "block extend extends content section yield layout",
      "name the layout in the front matter, 'layout: name', and fill its slots with '{{#*inline \"name\"}}…{{/inline}}'"
    ),
    ("inline", "write '{{#*inline \"name\"}}…{{/inline}}'"),
    ("partial include", "write '{{> name}}', or '{{#> name}}…{{/name}}' with a block"),
    ("set let assign capture var", "bind a name with '{{#with value as |name|}}…{{/with}}'"),
    ("raw noop verbatim escape", "to print braces as text, put a backslash before them: '\\{{name}}'"),
    ("translate i18n trans", "write '{{t \"key\"}}'; markup within the text is a tag of the message"),
    ("log debug", "there is nothing to log to; take it out"),
  ])

  private static func table(_ entries: [(names: String, way: String)]) -> [String: String] {
    var table: [String: String] = [:]
    for entry in entries { for name in entry.names.split(separator: " ") { table[String(name)] = entry.way } }
    return table
  }
}
