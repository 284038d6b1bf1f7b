import GalleySource
import GalleyTemplate

/// A generator of numbers that a seed determines.
struct SeededGenerator: RandomNumberGenerator {
  private(set) var state: UInt64

  init(seed: UInt64) {
    state = seed ^ 0x1234_5678_9ABC_DEF1
    state = next() ^ (seed << 32)
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }

  mutating func chance(_ percent: Int) -> Bool { below(100) < percent }

  mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }
}

/// Makes random templates that are well typed, and data for them.
struct TemplateGenerator {
  static let partials = [
    "card": """
    ---
    {parameters: {label: string, href: {type: url, optional: true}, tone: {type: [info, success], default: info}}, \
    slots: {foot: {}}}
    ---
    <div class="card {{tone}}" title="{{label}}">{{#if href}}<a href="{{href}}">{{label}}</a>{{else}}{{label}}{{/if}}\
    {{> @partial-block}}{{#> foot}}[{{site.name}}]{{/foot}}</div>
    """,
    "line": """
    ---
    {parameters: {label: string, on: boolean, count: {type: integer, optional: true}}}
    ---
    <li>{{#if on}}+{{label}}{{/if}}{{#unless on}}-{{/unless}}{{#if (gt count 2)}}many{{/if}}\
    {{#if (eq on true)}}T{{/if}}{{t "greet" name=label}}</li>
    """,
  ]

  /// The messages; braces in plain text are for those dialects alone that can print them.
  static func messages(for dialect: Dialect) -> [String: String] {
    let braces = dialect.literals.canPrintText ? "'{{'" : "'{'"
    return [
      "en-ZA": """
      {greet: "Hi {name}, it''s & \(braces)", plain: "A '<b>' '{'% x", two: "{a}/{b} '{c}'", \
      many: "{n, plural, =0 {no <x>things</x>} one {# {s, select, PAID {paid} other {open}} thing} other {<x>#</x> {a}}}", \
      rank: "the {n, selectordinal, one {#st} two {#nd} few {#rd} other {#th}}", terms: "Read <x>the {a}</x>"}
      """
    ]
  }

  var random: SeededGenerator
  private var depth = 0
  /// How many contexts are open.
  private var contexts = 0
  private var loops = 0
  /// What the items of the loops around are called, and what is printed of them.
  private var items: [String] = []
  private var itemCount = 0
  private var budget: Int
  /// Who fills the template in; what it can't say is made less often.
  private let dialect: Dialect

  init(seed: UInt64, dialect: Dialect = .jinja) {
    random = SeededGenerator(seed: seed)
    self.dialect = dialect
    budget = dialect.abilities.contains(.logic) ? 60 : 12
  }

  private func can(_ ability: Dialect.Abilities) -> Bool { dialect.abilities.contains(ability) }

  // MARK: Templates

  mutating func subject() -> String { (0..<(1 + random.below(3))).map { _ in plainPiece() }.joined() }

  private mutating func plainPiece() -> String {
    switch random.below(5) {
    case 0: "{{t \"greet\" name=name}}"
    case 1: can(.textConditions) ? "{{#if note}}{{note}}{{else}}none{{/if}}" : "{{#if flag}}{{name}}{{else}}none{{/if}}"
    case 2: can(.equality) ? "{{count}} {{t \"many\" n=count s=status a=name x=url}}" : "{{count}}"
    case 3: can(.textConditions) ? "{{default note name}}" : "{{name}}"
    default: "order "
    }
  }

  mutating func body() -> String { nodes(1 + random.below(8)) }

  private mutating func nodes(_ count: Int) -> String {
    (0..<count).map { _ in node() }.joined()
  }

  private mutating func node() -> String {
    budget -= 1
    guard budget > 0, depth < 4 else { return text() }
    switch random.below(14) {
    case 0, 1: return text()
    case 2, 3, 4: return output()
    case 5: return attribute()
    case 6, 7: return condition()
    case 8: return loop()
    case 9: return context()
    case 10: return partial()
    case 11: return message()
    case 12: return known()
    default:
      guard can(.textConditions), can(.numberConditions) else { return output() }
      return "{{default \(up)note \"\(random.pick(["a & b", "it's", "{{", "q"]))\"}}{{default \(up)size 3}}"
    }
  }

  private mutating func text() -> String {
    random.pick([
      "text", " & ", "{ {{~\(up)name}}", " } }", "{% if %", "{#", "\n", "\r\n", "\r", "é€😀", "'\"", "<b>x</b>", "<br>",
      "&amp;", "<style>a{color:red}@media print{#b{c:d}}</style>", "<!-- c -->",
      "<p style=\"color: {{data.brand.color}}\">",
      "\\\\ ", "\u{2028}", " }}",
    ])
  }

  /// The prefix that leads to the template's variables.
  private var up: String { String(repeating: "../", count: contexts) }

  private mutating func output() -> String {
    if !items.isEmpty, random.chance(25) { return "{{\(random.pick(items))}}" }
    let name = random.pick([
      "name", "count", "price", "amount", "url", "part", "contact", "hue", "day", "status", "greeting",
    ])
    switch random.below(6) {
    case 0 where loops > 0 && (can(.loopPositions) || random.chance(5)):
      return "{{@index}}{{#if @first}}F{{/if}}{{#unless @last}}, {{/unless}}"
    case 1: return "{{{\(up)markup}}}"
    case 2: return "{{@root.\(name)}}"
    case 3: return "{{\(up)address.city}}{{#if \(up)other}}{{\(up)other.street}}{{/if}}"
    default: return "{{\(up)\(name)}}"
    }
  }

  private mutating func attribute() -> String {
    random.pick([
      "<a title=\"{{\(up)name}}\" href=\"{{\(up)url}}\">x</a>",
      "<a href=\"https://x.example/{{\(up)part}}?q={{\(up)count}}&amp;r={{\(up)part}}#{{\(up)part}}\">x</a>",
      "<a href=\"mailto:{{\(up)contact}}?subject={{\(up)part}}\">x</a>",
      "<img alt=\"{{#if \(up)flag}}{{\(up)name}}{{else}}none{{/if}}\" src=\"{{#if \(up)flag}}{{\(up)url}}{{else}}https://x.example/a{{/if}}\">",
      "<td{{#if \(up)flag}} class=\"a\"{{/if}} align=\"left\">",
      "<i style=\"color: {{#if \(up)flag}}red{{else}}blue{{/if}}\">{{\(up)name}}</i>",
      "<title>{{\(up)name}} {{data.quote}}</title>",
      "<!--[if mso]><b title=\"{{\(up)name}}\">{{\(up)name}}</b><![endif]-->",
    ])
  }

  private mutating func boolean(_ level: Int = 0) -> String {
    let simple = [
      "\(up)flag", "\(up)note", "\(up)size", "\(up)other", "\(up)items", "\(up)more", "\(up)count", "data.year",
      "data.missing", "\(up)greeting", "\(up)address", "\(up)name",
    ]
    guard can(.logic) else { return simpleBoolean(level) }
    guard level < 3, random.chance(60) else { return random.pick(simple) }
    switch random.below(9) {
    case 0: return "(and \(boolean(level + 1)) \(boolean(level + 1)))"
    case 1: return "(or \(boolean(level + 1)) \(boolean(level + 1)) \(boolean(level + 1)))"
    case 2: return "(not \(boolean(level + 1)))"
    case 3: return "(\(random.pick(["eq", "ne"])) \(up)status \"\(random.pick(["PAID", "PENDING"]))\")"
    case 4: return "(\(random.pick(["lt", "le", "gt", "ge"])) \(up)count \(random.below(4)))"
    case 5:
      return
        "(\(random.pick(["eq", "ne"])) \(up)name \(random.pick(["\(up)note", "\"x\"", "\"it's\"", "\(up)name", "\"\""])))"
    case 6: return "(\(random.pick(["eq", "ne"])) \(up)flag \(random.pick(["true", "false"])))"
    case 7:
      return
        "(\(random.pick(["eq", "ne"])) (and \(boolean(level + 1)) \(up)name) \(random.pick(["true", "\(up)flag"])))"
    default: return random.pick(["(ne \(up)size 2)", "(ne \(up)price \"\")", "(eq \"\" \(up)note)"])
    }
  }

  /// A condition of the kinds that most dialects know.
  private mutating func simpleBoolean(_ level: Int) -> String {
    var choices = ["\(up)flag", "(not \(up)flag)", "\(up)other", "(eq \(up)flag true)", "(not \(up)items)"]
    if can(.textConditions) {
      choices += ["\(up)note", "\(up)name", "(not \(up)note)", "(not \(up)name)", "\(up)greeting"]
      choices += ["(ne \(up)note \"\")", "(eq \(up)note \"\")", "(ne \"\" \(up)name)", "(eq \(up)greeting \"\")"]
    }
    if can(.numberConditions) { choices += ["\(up)count", "\(up)size", "(not \(up)size)"] }
    if can(.listConditions) { choices += ["\(up)items", "\(up)more", "(not \(up)more)"] }
    if can(.equality) {
      choices += [
        "(eq \(up)status \"PAID\")", "(ne \(up)status \"PENDING\")", "(eq \(up)name \"it's\")",
        "(ne \(up)count 2)", "(eq \(up)note \"x\")", "(eq \(up)name \(up)status)",
      ]
    }
    if can(.order) { choices.append("(\(random.pick(["lt", "le", "gt", "ge"])) \(up)count \(random.below(4)))") }
    if can(.equality), level < 1, random.chance(30) {
      return "(\(random.pick(["and", "or"])) \(simpleBoolean(level + 1)) \(simpleBoolean(level + 1)))"
    }
    return random.pick(choices)
  }

  private mutating func nested(_ count: Int = 2) -> String {
    depth += 1
    defer { depth -= 1 }
    return nodes(1 + random.below(count))
  }

  private mutating func condition() -> String {
    let kind = random.pick(["if", "if", "unless"])
    var result = "{{#\(kind) \(boolean())}}\(nested())"
    for _ in 0..<random.below(3) { result += "{{else if \(boolean())}}\(nested())" }
    if random.chance(50) { result += "{{else}}\(nested())" }
    return result + "{{/\(kind)}}"
  }

  private mutating func loop() -> String {
    let list = random.pick(["items", "items", "more", "lists", "data.links", "data.none"])
    let isGlobal = list.hasPrefix("data.")
    itemCount += 1
    let item = "it\(itemCount)"
    let parameters = random.pick(["", " as |\(item)|", " as |\(item) at|"])
    var result = "{{#each \(isGlobal ? "" : up)\(list)\(parameters)}}"
    contexts += 1
    loops += 1
    switch list {
    case "items": result += "{{description}}{{#if note}}{{note}}{{/if}}<a href=\"{{link}}\">{{quantity}}</a>"
    case "more": result += "{{this}}"
    case "lists" where !can(.loopPositions): result += "{{#each this}}{{this}}{{/each}}"
    case "lists": result += "{{#each this}}{{this}}{{@index}}{{@../index}}{{#if @../last}}L{{/if}}{{/each}}"
    case "data.links": result += "<a href=\"{{href}}\">{{label}}</a>"
    default: break
    }
    if parameters.contains("at"), can(.loopPositions) { result += "{{at}}" }
    let isNamed = !parameters.isEmpty && ["items", "more"].contains(list)
    if isNamed { items.append(list == "items" ? "\(item).description" : item) }
    if isNamed, list == "items" { result += "{{\(item).total}}" }
    result += nested()
    if isNamed { items.removeLast() }
    contexts -= 1
    loops -= 1
    if random.chance(40) { result += "{{else}}\(nested())" }
    return result + "{{/each}}"
  }

  private mutating func context() -> String {
    let record = random.pick(["address", "other"])
    var result = "{{#with \(up)\(record)}}{{street}}{{#if line2}}{{line2}}{{/if}}"
    contexts += 1
    result += nested()
    contexts -= 1
    if random.chance(40) { result += "{{else}}\(nested())" }
    return result + "{{/with}}"
  }

  private mutating func partial() -> String {
    let label = random.pick([
      "\(up)name", "\"a & b\"", "(t \"greet\" name=\(up)name)", "(default \(up)note \"x<y\")",
      "(default \(up)note (t \"greet\" name=\(up)part))", "data.quote",
    ])
    switch random.below(3) {
    case 0:
      return
        "{{> line label=\(label) on=\(random.pick(["\(up)flag", "true", "(not \(up)note)"])) count=\(up)\(random.pick(["count", "size"]))}}"
    case 1: return "{{#> card label=\(label) href=\(up)url}}\(nested()){{/card}}"
    default:
      return
        "{{#> card label=\(label) tone=\"success\"}}\(nested()){{#*inline \"foot\"}}\(nested(1)){{/inline}}{{/card}}"
    }
  }

  private mutating func message() -> String {
    random.pick([
      "{{t \"greet\" name=\(up)name}}", "{{t \"plain\"}}", "{{t \"two\" a=data.quote b=(default \(up)note \"-\")}}",
      "<b title=\"{{t \"two\" a=\(up)name b=\(up)count}}\">", "{{t \"rank\" n=\(up)count}}",
      "{{t \"many\" n=\(up)count s=\(up)status a=\(up)name x=\(up)url}}", "{{t \"rank\" n=data.year}}",
      "{{t \"terms\" a=(default \(up)note \"-\") x=env.portalUrl}}",
      "<b title=\"{{t \"many\" n=\(up)count s=\(up)name a=\(up)part x=\(up)url}}\">",
    ])
  }

  private mutating func known() -> String {
    random.pick([
      "{{site.name}}", "{{data.quote}}", "<a href=\"{{env.portalUrl}}/x\" title=\"{{data.quote}}\">",
      "{{mail.preheader}}",
      "<title>{{mail.subject}}</title>", "{{mail.id}}", "{{data.year}}", "<a href=\"mailto:{{data.email}}\">",
      "{{#if mail.preheader}}has{{/if}}",
    ])
  }

  // MARK: Data

  mutating func data() -> [String: Value] {
    var result: [String: Value] = [
      "name": text(), "count": integer(), "price": .string("\(random.below(99)).50"), "amount": .string("1 299.00"),
      "flag": .boolean(random.chance(50)), "url": .string("https://x.example/?a=1&b=\"'<>"),
      "part": can(.percentEncoding) ? text() : .string(random.pick(["", "a-b_c", "x.y~z/0"])),
      "contact": .string(can(.percentEncoding) ? "a+b@c.example?cc=x@y" : "a_b@c.example"), "hue": .string("#fff"),
      "markup": .string("<b>m & {{n}}</b>"),
      "day": .string("2026-01-02"), "status": .string(random.pick(["PAID", "PENDING"])),
      "items": list { $0.item() }, "address": address(),
      "lists": list { generator in generator.list { $0.text() } },
    ]
    for (name, value) in [
      ("note", text()), ("size", integer()), ("more", list { $0.text() }), ("other", address()), ("greeting", text()),
    ] {
      switch random.below(3) {
      case 0: break
      case 1: result[name] = .null
      default: result[name] = value
      }
    }
    return result
  }

  private mutating func text() -> Value {
    .string(
      random.pick([
        "", "x", "it's", "<script>alert(1)</script>", "\"quoted\" & <b>", "{{ name }}", "{% raw %}", "\\n\\", "a\r\nb",
        "é😀",
        "0", "false", "a/b?c=d&e f%20+~", "{#", "]]>-->", "\u{0}", "'", "\u{2028}\u{2029}", "\u{1}\u{8}\u{1B}\u{7F}",
        "}}{{{x}}}\\{{y}}", "-", "`=`${x}",
        "\t\u{B}\u{C} ", "\u{85}\u{A0}\u{FEFF}",
      ]))
  }

  private mutating func integer() -> Value {
    .integer(random.pick([0, 1, 2, 3, -1, 1_000_000, 2_147_483_648, 9_007_199_254_740_991, -9_007_199_254_740_991]))
  }

  private mutating func list(_ make: (inout TemplateGenerator) -> Value) -> Value {
    .list((0..<random.pick([0, 1, 2, 3])).map { _ in make(&self) })
  }

  private mutating func item() -> Value {
    var fields = [
      Value.Field("description", text()), Value.Field("quantity", integer()), Value.Field("total", .string("3.00")),
      Value.Field("link", .string("https://i.example/'\"")),
    ]
    if random.chance(50) { fields.append(Value.Field("note", random.chance(50) ? text() : .null)) }
    return .record(fields)
  }

  private mutating func address() -> Value {
    var fields = [Value.Field("street", text()), Value.Field("city", text())]
    if random.chance(50) { fields.append(Value.Field("line2", random.chance(50) ? text() : .null)) }
    return .record(fields)
  }
}
