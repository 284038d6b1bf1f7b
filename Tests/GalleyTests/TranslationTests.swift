import Galley
import GalleySource
import GalleyTemplate
import Testing

/// A site with two catalogs, whose translations go out and come back.
private struct TranslatedSite {
  var files: [String: String]

  init(_ model: String, _ translation: String?, locale: String = "pl", ending: String = "yml") {
    files = [
      "galley.yml": """
      name: test
      locales: {default: en, supported: [en, \(locale)]}
      dialect: jinja
      environments:
        dev: {store: 's3://test-dev', region: eu-west-1}

      """,
      "locales/en.\(ending)": model,
      "templates/order.html": "---\nsubject: Order\n---\n<p>{{t \"greeting\" name=\"Ada\"}}</p>\n",
    ]
    if let translation { files["locales/\(locale).\(ending)"] = translation }
  }

  func workspace() throws -> Workspace { try Workspace.open(MemoryFileSystem(texts: files)) }

  /// The export in a version, as text.
  func export(_ version: XLIFFVersion, to locale: String = "pl") throws -> String {
    String(decoding: try workspace().exportMessages(to: locale, version: version), as: UTF8.self)
  }

  /// What an import of a document comes to: the catalog, or the findings.
  func imported(_ document: String) throws -> String {
    let result = try workspace().importMessages(Array(document.utf8), from: "back.xlf")
    let findings = result.diagnostics.map { finding in
      let text = finding.range.map { result.sources.text($0) } ?? ""
      return "\(finding.code.name) [\(text.prefix { $0 != ">" })] \(finding.message)\n"
    }
    if let catalog = result.catalog { return findings.joined() + String(decoding: catalog, as: UTF8.self) }
    return findings.isEmpty ? "unchanged" : findings.joined()
  }

  /// The export with other texts in the places of its targets, by the identifiers of units.
  func translated(_ version: XLIFFVersion, _ texts: [String: String]) throws -> String {
    var lines: [String] = []
    var text: String?
    for line in try export(version).split(separator: "\n").map(String.init) {
      if line.contains("<trans-unit ") || line.contains("<unit ") {
        text = texts.first { line.contains(" id=\"\($0.key)\"") }?.value
      }
      if text != nil, line.contains("<target") { continue }
      lines.append(line)
      if let text, line.contains("<source>") { lines.append("<target>\(text)</target>") }
    }
    return lines.joined(separator: "\n")
  }
}

private let catalog = """
  # Texts of the shop
  greeting: Hello {name}   # first
  items: '{n, plural, =0 {nothing} one {# item} other {# items}}'
  order:
    title: "Your order"
    state: 'It is {status, select, PAID {paid} other {open}} for {n, plural, one {# day} other {# days}}.'
  terms: Read <link>the terms</link> & more
  """

@Suite struct `Translations` {
  @Test(arguments: XLIFFVersion.allCases)
  func `what goes out and comes back changes nothing`(version: XLIFFVersion) throws {
    let site = TranslatedSite(catalog, catalog.replacing("Hello", with: "Cześć"))
    #expect(try site.imported(site.export(version)) == "unchanged")
  }

  @Test(arguments: XLIFFVersion.allCases)
  func `each case of a language is a text of its own`(version: XLIFFVersion) throws {
    let document = try TranslatedSite(catalog, nil).export(version)
    for category in ["0", "one", "few", "many", "other"] {
      #expect(document.contains("id=\"items:n.plural:\(category)\""), "\(category)")
    }
    #expect(document.contains("printed where {n} is 2, 3, 4, 22, 23, 24, …"))
    #expect(document.contains("printed where {status} is 'PAID'"))
    #expect(document.contains("used in templates/order.html"))
    #expect(document.contains("arguments: {n} (plural), {status} (select)"))
    #expect(!document.contains("id=\"items\""), "a choice alone has no text around it")
    #expect(document.contains("id=\"order.state\""))
  }

  @Test(arguments: XLIFFVersion.allCases)
  func `a translation is written where it belongs`(version: XLIFFVersion) throws {
    let site = TranslatedSite(
      catalog,
      """
      # Teksty
      greeting: Cześć {name}   # pierwszy
      order:
        title: "Twoje zamówienie"
      # koniec
      """)
    let mark = version == .v1 ? "x" : "ph"
    let span = version == .v1 ? "g" : "pc"
    let document = try site.translated(
      version,
      [
        "greeting": "Dzień dobry, <\(mark) id=\"name\"/>: it's '{0}'!", "order.title": "Pani \"zamówienie\"",
        "items:n.plural:one": "<\(mark) id=\"n.count\"/> rzecz",
        "items:n.plural:few": "<\(mark) id=\"n.count\"/> rzeczy",
        "items:n.plural:other": "<\(mark) id=\"n.count\"/> rzeczy (#)",
        "terms": "Przeczytaj <\(span) id=\"link.tag\">warunki</\(span)> &amp; więcej",
      ])
    #expect(
      try site.imported(document) == """
        # Teksty
        greeting: 'Dzień dobry, {name}: it''s ''''''{''0''}''''''!'   # pierwszy
        items: '{n, plural, one {# rzecz} few {# rzeczy} other {# rzeczy (''#'')}}'
        order:
          title: "Pani \\"zamówienie\\""
        terms: Przeczytaj <link>warunki</link> & więcej
        # koniec
        """)
  }

  @Test func `a catalog that is not there is made like that of the default locale`() throws {
    let texts = ["greeting": "Cześć <x id=\"name\"/>", "order.title": "Zamówienie"]
    let site = TranslatedSite(catalog, nil)
    #expect(
      try site.imported(site.translated(.v1, texts)) == "greeting: Cześć {name}\norder:\n  title: Zamówienie\n")
    let json = TranslatedSite(
      "{\"greeting\": \"Hello {name}\", \"order\": {\"title\": \"Your order\"}}", nil, ending: "json")
    #expect(
      try json.imported(json.translated(.v1, texts))
        == "{\n  \"greeting\": \"Cześć {name}\",\n  \"order\": {\n    \"title\": \"Zamówienie\"\n  }\n}\n")
  }

  @Test(arguments: [
    (
      "{\n  \"greeting\": \"Cześć {name}\"\n}\n",
      "{\n  \"greeting\": \"Cześć {name}\",\n  \"order\": {\n    \"title\": \"Z\"\n  }\n}\n"
    ),
    ("{\"order\": {\"note\": \"x\"}}", "{\"order\": {\"title\": \"Z\", \"note\": \"x\"}}"),
    ("{}", "{\"order\": {\"title\": \"Z\"}}"),
  ])
  func `JSON keeps its form`(before: String, after: String) throws {
    let model = "{\"greeting\": \"Hello {name}\", \"order\": {\"title\": \"T\", \"note\": \"n\"}}"
    let site = TranslatedSite(model, before, ending: "json")
    #expect(try site.imported(site.translated(.v1, ["order.title": "Z"])) == after)
  }

  @Test(arguments: [
    ("greeting: {name: Cześć}", "translation/catalog"), ("greeting: x\norder: y", "translation/catalog"),
  ])
  func `a catalog without room is left alone`(translation: String, code: String) throws {
    let site = TranslatedSite(catalog, translation)
    let result = try site.imported(
      site.translated(.v1, ["order.title": "Z", "greeting": "Cześć <x id=\"name\"/>"]))
    #expect(result.hasPrefix(code), "\(result)")
  }

  @Test(arguments: [
    (
      "greeting", "Cześć",
      "translation/text [<trans-unit id=\"greeting\" resname=\"greeting\"] the message 'greeting' in 'pl' lacks the argument '{name}' of 'en'\n"
    ),
    (
      "greeting", "Cześć <x id=\"nome\"/>",
      "translation/text [<trans-unit id=\"greeting\" resname=\"greeting\"] the placeholder 'nome' is none of 'greeting'; did you mean 'name'?\n"
    ),
    (
      "greeting", "Cześć <bpt id=\"name\"/>",
      "translation/form [<bpt id=\"name\"/] '<bpt>' in the text of a unit is not one that was exported\n"
    ),
    (
      "terms", "Przeczytaj <x id=\"link.tag\"/>",
      "translation/text [<trans-unit id=\"terms\" resname=\"terms\"] the placeholder 'link.tag' of 'terms' stands for something of another kind\n"
    ),
    (
      "items:n.plural:one", "<x id=\"n.count\"/> rzecz",
      "translation/text [<trans-unit id=\"items:n.plural:other\" resname=\"items [n: other]\"] 'items' is translated in part: 'items:n.plural:other' has no text\n"
    ),
  ])
  func `a translation that would lose something is refused`(unit: String, text: String, finding: String) throws {
    let site = TranslatedSite(catalog, nil)
    #expect(try site.imported(site.translated(.v1, [unit: text])) == finding)
  }

  @Test func `a text that has changed since, and a unit of no message, are left out`() throws {
    let old = TranslatedSite(catalog, nil)
    let document = try old.translated(.v1, ["greeting": "Cześć <x id=\"name\"/>", "order.title": "Z"])
    let site = TranslatedSite(
      catalog.replacing("Your order", with: "Your orders").replacing("terms:", with: "rules:"), nil)
    let result = try site.imported(document)
    #expect(result.contains("translation/stale"))
    #expect(result.contains("no message has a unit 'terms'"))
    #expect(result.hasSuffix("greeting: Cześć {name}\n"))
  }

  @Test(arguments: [
    ("", "the document has no element"), ("<a>", "the element 'a' is never closed"),
    ("<a></b>", "'</b>' does not close '<a>'"),
    ("<a/><b/>", "something follows the end of the document"), ("<a>&nbsp;</a>", "there is no entity 'nbsp'"),
    ("<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>", "a document type is not read"),
    ("<a b=1/>", "the value of 'b' is not in quotation marks"),
    ("<a b='1' b='2'/>", "the attribute 'b' is given twice"), ("<a>&#0;</a>", "'&#0;' is no character of text"),
    ("<a>]]></a>", "']]>' may not stand in text"), ("<x:a/>", "the prefix of 'x:a' is not declared"),
    ("<a><!-- -- --></a>", "'--' may not stand in a comment"), ("<a b='<'/>", "'<' may not stand in a value"),
    ("<a b='1'c='2'/>", "white space is missing here"), ("<a", "the tag is never closed"),
    ("<1/>", "a name is missing here"),
    ("<?xml version='1.0' encoding='latin1'?><a/>", "the document is not in UTF-8"),
    ("<html/>", "the document is not XLIFF 1.2 or 2.0"), ("<a><![CDATA[x</a>", "a CDATA section is never closed"),
    (String(repeating: "<a>", count: 70), "elements are nested more than 64 deep"),
    (
      "<xliff version=\"1.2\" xmlns=\"urn:oasis:names:tc:xliff:document:1.2\"><file source-language=\"en\" target-language=\"fr\"/></xliff>",
      "'fr' is not a locale of the site to translate into"
    ),
    (
      "<xliff version=\"2.0\" xmlns=\"urn:oasis:names:tc:xliff:document:2.0\" srcLang=\"de\" trgLang=\"pl\"/>",
      "the translation is from 'de', and the site's messages are in 'en'"
    ),
  ])
  func `a document that is none is refused where it is wrong`(document: String, message: String) throws {
    let result = try TranslatedSite(catalog, nil).imported(document)
    #expect(result.contains(message), "\(result)")
    #expect(result.split(separator: "\n").count == 1, "\(result)")
  }

  @Test func `segments, prefixes and annotations of other tools are understood`() throws {
    let site = TranslatedSite(catalog, nil)
    let document = """
      <?xml version="1.0" encoding="UTF-8"?><!-- by a tool --><x:xliff version="2.0" srcLang="en" trgLang="pl"
       xmlns:x="urn:oasis:names:tc:xliff:document:2.0" xmlns:y="urn:other"><x:file id="f"><x:group id="g"><y:meta>z</y:meta>
       <x:unit id="greeting"><x:segment><x:source>Hello <x:mrk id="m" type="term"><x:ph id="name"/></x:mrk></x:source><x:target>
      <![CDATA[Cześć]]> <x:ph id="name"/></x:target></x:segment></x:unit>
       <x:unit id="order.title"><x:segment><x:source>Your</x:source><x:target>Pani</x:target></x:segment><x:ignorable><x:source> </x:source>
       </x:ignorable><x:segment><x:source>order</x:source><x:target>zam&#xF3;wienie</x:target></x:segment></x:unit></x:group></x:file></x:xliff>
      """
    #expect(
      try site.imported(document) == "greeting: \"\\nCześć {name}\"\norder:\n  title: Pani zamówienie\n")
  }

  @Test func `messages that are missing are told with what stands in`() throws {
    let workspace = try TranslatedSite(catalog, "greeting: Cześć {name}").workspace()
    let missing = workspace.missingMessages(in: ["pl"])
    #expect(missing.map(\.key) == ["items", "order.title", "order.state", "terms"])
    #expect(missing.map(\.line) == [3, 5, 6, 7])
    #expect(missing.allSatisfy { $0.standIn == "en" && $0.path == "locales/en.yml" && $0.uses.isEmpty })
  }
}
