import GalleyHTML
import GalleySource
import GalleyTemplate
import Testing

/// A mail that prints data in every place where data may stand, as far as a dialect can say it.
struct HostileMail {
  /// What data may hold if somebody means ill.
  static let values = [
    "<script>alert(1)</script>", "\"'><img src=x onerror=alert(1)>", "' onmouseover='alert(1)", "` onload=`x", "x=y",
    "--><b>{{x}}</b><!--", "]]></style></title><![endif]-->", "{{x}}{{{y}}}{{#if z}}{{/if}}",
    "{% if x %}{# y #}{%- raw -%}",
    "\\{{x}} \\\\ \\1$&$0`", "one\r\nBcc: two@x.example\nthree\rfour", "&lt;b&gt; &amp;#60; &#60;i&#62; &",
    "\u{1}\u{8}\u{1B}\u{7F}",
    "😀\u{10FFFF}\u{202E}", "%3Cscript%3E%0D%0A%22", "", " ", "}}", "-", "</p", "<!--", "javascript:alert(1)",
    "$x.y {x} $.z", "\u{2028}<b>\u{2029}", "\u{85}\u{A0}\u{FEFF}\u{200B}", "\t\u{B}\u{C}", "--", "->", "--!>", "]>",
    "\u{FFFD}\u{FFFE}",
    "</a></td></tr></table><plaintext>", "<![CDATA[<b>]]>", "<?xml x?>", "&#x3C;b&#x3E;&NewLine;", "on=1 x='<>'",
    "{{{{raw}}}}",
    String(repeating: "<b>\"'", count: 400), "\u{1F468}\u{200D}\u{1F469}<i>", "<\u{301}b>\"\u{301}'\u{301}",
  ]

  let result: Specialization
  private(set) var site = EvaluationSite(
    partials: ["p": "---\n{parameters: {x: string}}\n---\n<b title=\"{{x}}\">{{x}}</b>"],
    messages: ["en-ZA": "{greet: \"Hi {name}, you <b>\"}"])

  init(_ dialect: Dialect) {
    site.dialect = dialect
    var body = """
      <!DOCTYPE html><html lang="en"><head><title>{{name}}</title></head><body><p>{{name}}{{day}}<br>{{t "greet" name=name}}</p>
      <a href="{{url}}" title="a {{name}} b">{{name}}</a><a href="https://x.example/{{part}}?a={{part}}&amp;b={{part}}#{{part}}">x</a>
      <a href="mailto:{{contact}}?subject={{part}}">x</a><img alt="{{name}}" src="{{url}}"><textarea>{{name}}</textarea>
      <!--[if mso]><b title="{{name}}">{{name}} &gt;</b><![endif]--><i style="color: {{hue}}; width: {{count}}px">x</i><![if !mso]><i>{{name}}</i><![endif]>{{> p x=name}}}{{name}}}
      """
    if dialect.abilities.contains(.loops) {
      body += """
        {{#each items}}<a href="{{link}}" title="{{description}}">{{description}} {{total}}</a>{{/each}}
        {{#if flag}}<i>{{name}}</i>{{else}}<b>{{name}}</b>{{/if}}<p{{#if flag}} title="{{name}}"{{/if}}>{{address.city}}</p>
        <i style="color: {{#if flag}}red{{else}}blue{{/if}}">{{#with other}}{{street}}{{/with}}</i>
        """
    }
    let template = site.template(
      "---\n{subject: 'A {{name}} b {{name}}', \(commonVariables)}\n---\n\(body)</body></html>")
    result = Specializer.specialize(template, in: site.environment)
    #expect(!result.diagnostics.hasErrors, "\(site.rendered(result.diagnostics))")
  }

  /// Data that hold a text wherever they may hold any.
  static func data(_ text: String) -> Value {
    func record(_ fields: (String, Value)...) -> Value { .record(fields.map { Value.Field($0, $1) }) }
    let any = Value.string(text)
    let url = Value.string("https://x.example/?x=" + text.filter { $0 != " " })
    return record(
      ("name", any), ("day", any), ("url", url), ("part", any), ("contact", any), ("hue", .string("#fff")),
      ("count", .integer(9_007_199_254_740_991)), ("flag", .boolean(true)),
      ("address", record(("street", any), ("city", any))), ("other", record(("street", any), ("city", any))),
      (
        "items",
        .list([
          record(("description", any), ("quantity", .integer(1)), ("total", any), ("link", url)),
          record(("description", any), ("quantity", .integer(2)), ("total", any), ("link", url)),
        ])
      ))
  }

  /// The tags, comments and names of attributes of a page.
  static func outline(of bytes: [UInt8]) -> [String] {
    let tree = HTMLTree.parse(bytes)
    return tree.nodes.indices.map { index in
      let id = NodeID(index)
      let names = tree.attributes(of: id).map { attribute in
        String(decoding: bytes[Int(attribute.nameStart)..<Int(attribute.nameEnd)], as: UTF8.self)
      }
      let node = tree.nodes[index]
      let name = node.kind == .element ? tree.nameText(of: id) : ""
      return "\(node.kind) \(name) \(names.joined(separator: " "))"
    }
  }
}

@Suite struct `Neutrality` {
  @Test(arguments: Dialect.names)
  func `what data hold changes no tag of a finished mail`(name: String) throws {
    let dialect = try #require(Dialect.named(name))
    let mail = HostileMail(dialect)
    func filled(_ value: String, _ text: AssembledText?, _ part: MailPart) -> [UInt8] {
      Interpreter.render(text ?? AssembledText(), with: HostileMail.data(value), dialect: dialect, part: part).bytes
    }
    let harmless = HostileMail.outline(of: filled("harmless", mail.result.html, .html))
    #expect(harmless.count > 15)
    let seed = UInt64.random(in: 0..<1_000_000)
    var random = SeededGenerator(seed: seed)
    let mixed = (0..<40).map { _ in (0..<3).map { _ in random.pick(HostileMail.values) }.joined() }
    for value in HostileMail.values + mixed {
      #expect(
        HostileMail.outline(of: filled(value, mail.result.html, .html)) == harmless,
        "seed \(seed): \(value.debugDescription)")
      let subject = filled(value, mail.result.subject, .subject)
      #expect(!subject.contains { $0 == 0x0A || $0 == 0x0D }, "\(value.debugDescription)")
    }
  }
}
