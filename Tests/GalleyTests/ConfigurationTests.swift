import Foundation
import Galley
import GalleyCSS
import GalleySource
import GalleyTemplate
import Testing

@Suite struct ConfigurationTests {
  private static let good = """
    name: Bakery
    locales:
      default: en-ZA
      supported: [en-ZA, af-ZA, ar]
      fallback: {af-ZA: [en-ZA], ar: en-ZA}
      swap-sides: false
      key: 'l/{locale}/{key}'
    dialect: interpolate
    environments:
      local: {store: 'file://.galley/local'}
      dev:
        store: s3://bakery-dev/mails/
        region: eu-west-1
        endpoint: http://127.0.0.1:5000
        account: '012345678901'
        data: {portal: 'https://portal.dev.example', vat: 15, zip: 0081}
      prod:
        store: s3://bakery-prod
        release: {approvals: 3, from: dev, ticket: true}
    data: {brand: {colors: ['#0066cc', '#333333'], tel: 0801234567}, years: 1.50, nothing: }
    types: {Item: {name: string}}
    senders:
      orders: {name: Bakery orders, address: orders@bakery.example}
    clients: [gmail, outlook]
    budgets: {html: 50000, text: 20000}
    rules:
      html/alt: error
      mail/size: off
    text: {width: 100}
    inline:
      purge: true
      mirror-attributes: true
      base: https://cdn.example/
      utm: {medium: email, source: shop}
      utm-hosts: [shop.example]
    """

  private func read(_ text: String) -> (SiteConfiguration, [Diagnostic]) {
    let (node, diagnostics) = yaml(text)
    guard let node else { return (SiteConfiguration(), diagnostics) }
    let vocabulary = SiteConfiguration.Vocabulary(ruleCodes: ["html/alt", "mail/size"])
    return SiteConfiguration.read(node, vocabulary: vocabulary)
  }

  @Test func `a whole galley.yml is read`() throws {
    let (site, diagnostics) = read(Self.good)
    #expect(diagnostics.isEmpty, "\(diagnostics.map(\.message))")
    #expect(site.name == "Bakery" && site.dialect == "interpolate")
    #expect(site.locales.defaultTag == "en-ZA" && site.locales.supported == ["en-ZA", "af-ZA", "ar"])
    #expect(site.locales.fallback == ["af-ZA": ["en-ZA"], "ar": ["en-ZA"]])
    #expect(site.locales.key("a.html", in: "en-ZA") == "a.html")
    #expect(site.locales.key("a.html", in: "af-ZA") == "l/af-ZA/a.html")
    #expect(site.locales.chain(of: "af-ZA") == ["af-ZA", "en-ZA"])
    #expect(!site.locales.swapsSides)
    #expect(site.environments.map(\.name) == ["local", "dev", "prod"])
    let dev = try #require(site.environment("dev"))
    #expect(dev.store == .bucket(name: "bakery-dev", prefix: "mails/"))
    #expect(dev.store.description == "s3://bakery-dev/mails")
    #expect(dev.region == "eu-west-1" && dev.account == "012345678901" && dev.endpoint == "http://127.0.0.1:5000")
    #expect(dev.data["vat"] == .integer(15) && dev.data["portal"] == .string("https://portal.dev.example"))
    #expect(dev.data["zip"]?.text == "0081", "a number keeps its spelling")
    #expect(site.environment("local")?.store == .folder(path: ".galley/local"))
    let release = try #require(site.environment("prod")?.release)
    #expect(release.approvals == 3 && release.from == "dev" && release.needsTicket)
    #expect(site.data["brand"]?["tel"]?.text == "0801234567" && site.data["years"] == .decimal("1.50"))
    #expect(site.data["nothing"] == .null)
    #expect(site.types?["Item"]?["name"]?.string == "string")
    #expect(site.sender("orders")?.address == "orders@bakery.example")
    #expect(site.clients.map(\.name) == ["gmail", "outlook"])
    #expect(site.budgets.html == 50000 && site.budgets.text == 20000)
    #expect(site.rules.map(\.severity) == [.error, nil])
    #expect(site.textWidth == 100)
    var inlining = SiteConfiguration.Inlining()
    inlining.purgesUnmatched = true
    inlining.transforms.mirrorsAttributes = true
    inlining.transforms.base = BaseURL("https://cdn.example/")
    inlining.transforms.linkParameters = [
      LinkParameter(campaign: "source", value: "shop"), LinkParameter(campaign: "medium", value: "email"),
    ]
    inlining.transforms.linkHosts = ["shop.example"]
    #expect(site.inlining == inlining)
  }

  struct Switch: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let turnOn: @Sendable (inout Transforms) -> Void

    init(_ name: String, _ turnOn: @escaping @Sendable (inout Transforms) -> Void) {
      testDescription = name
      self.turnOn = turnOn
    }
  }

  @Test(arguments: [
    Switch("resolve-variables") { $0.resolvesVariables = true }, Switch("minify") { $0.minifies = true },
    Switch("keep-classes") { $0.keepsClasses = true },
    Switch("six-digit-hex") { $0.writesSixDigitHex = true }, Switch("unitless-zero") { $0.dropsZeroUnits = true },
    Switch("merge-shorthands") { $0.mergesShorthands = true },
    Switch("safe-class-names") { $0.renamesUnsafeClasses = true },
    Switch("mirror-attributes") { $0.mirrorsAttributes = true },
  ])
  func `a switch under inline turns on what it names and nothing else`(_ one: Switch) {
    var expected = SiteConfiguration.Inlining()
    let start = Self.good.components(separatedBy: "inline:")[0]
    #expect(read(start).0.inlining == expected, "something is done without being asked for")
    one.turnOn(&expected.transforms)
    #expect(expected != SiteConfiguration.Inlining())
    #expect(read(start + "inline: {\(one.testDescription): true}").0.inlining == expected)
  }

  struct Fault: CustomTestStringConvertible, Sendable {
    let change: (String, String)
    let code: String
    let place: String
    let message: String
    var testDescription: String { change.1.isEmpty ? "without \(change.0)" : change.1 }

    init(_ old: String, _ new: String, _ code: String, at place: String, _ message: String) {
      change = (old, new)
      self.code = "config/" + code
      self.place = place
      self.message = message
    }
  }

  static let faults = [
    Fault(
      "clients:", "cleints:", "unknown-key", at: "cleints", "galley.yml has no key 'cleints'; did you mean 'clients'?"),
    Fault(
      "  default:", "  defualt:", "missing-key", at: "defualt: en-ZA\n", "'locales.default' is missing"),
    Fault(
      "region: eu-west-1", "regoin: eu-west-1", "unknown-key", at: "regoin",
      "'environments.dev' has no key 'regoin'; did you mean 'region'?"),
    Fault("name: Bakery\n", "name: 42\n", "wrong-type", at: "42", "'name' must be a text, not a number"),
    Fault("name: Bakery\n", "name: ''\n", "bad-value", at: "''", "'name' must not be empty"),
    Fault("[en-ZA, af-ZA, ar]", "en-ZA", "wrong-type", at: "en-ZA", "'locales.supported' must be a list, not a text"),
    Fault("[gmail, outlook]", "[gmail, 1]", "wrong-type", at: "1", "an item of 'clients' must be a text, not a number"),
    Fault("html: 50000", "html: fifty", "wrong-type", at: "fifty", "'budgets.html' must be a whole number, not a text"),
    Fault("html: 50000", "html: 0", "bad-value", at: "0", "'budgets.html' must lie between 1 and 4194304"),
    Fault(
      "dialect: interpolate", "dialect: jinga", "bad-value", at: "jinga",
      "there is no dialect 'jinga'; did you mean 'jinja'?"),
    Fault("default: en-ZA", "default: fr", "unknown-locale", at: "fr", "the default locale 'fr' is not supported"),
    Fault(
      "af-ZA, ar]", "af-ZA, ar, en_us]", "bad-value", at: "en_us", "the language tag 'en_us' is spelled 'en-US'"),
    Fault("af-ZA, ar]", "af-ZA, ar, xx-]", "bad-value", at: "xx-", "'xx-' is not a language tag"),
    Fault("af-ZA, ar]", "af-ZA, ar, ../en]", "bad-value", at: "../en", "'../en' is not a language tag"),
    Fault("af-ZA, ar]", "af-ZA, ar, ar]", "bad-value", at: "ar", "'ar' is supported twice"),
    Fault("{af-ZA: [en-ZA]", "{af-ZA: [nl-NL]", "unknown-locale", at: "nl-NL", "'nl-NL' is not a locale of the site"),
    Fault(
      "ar: en-ZA}", "en-ZA: [af-ZA]}", "cycle", at: "af-ZA", "the fallback of 'af-ZA' comes back to 'af-ZA'"),
    Fault(
      "'l/{locale}/{key}'", "'{key}'", "bad-value", at: "'{key}'",
      "the pattern '{key}' must hold '{locale}' and '{key}', each once"),
    Fault(
      "'l/{locale}/{key}'", "'/{locale}/{key}'", "bad-value", at: "'/{locale}/{key}'",
      "the pattern makes keys such as '/en-ZA/key.html', and a key does not start with '/'"),
    Fault(
      "s3://bakery-prod", "s3://Bakery_Prod", "bad-value", at: "s3://Bakery_Prod",
      "'s3://Bakery_Prod' does not name a bucket"),
    Fault("s3://bakery-prod", "https://bakery", "bad-value", at: "https://bakery", "'https://bakery' is not a store"),
    Fault(
      "s3://bakery-prod", "file://../up", "bad-value", at: "file://../up",
      "'file://../up' is not a path that can be used"),
    Fault(
      "s3://bakery-prod", "s3://bakery-dev/mails/prod", "shared-store", at: "s3://bakery-dev/mails/prod",
      "'prod' and 'dev' publish to one place, 's3://bakery-dev/mails/prod'"),
    Fault(
      "    store: s3://bakery-prod\n", "", "missing-key", at: "release: {approvals: 3, from: dev, ticket: true}",
      "'environments.prod.store' is missing"),
    Fault("region: eu-west-1", "region: Europe", "bad-value", at: "Europe", "'Europe' is not a region"),
    Fault(
      "'012345678901'", "'01234567890'", "bad-value", at: "'01234567890'",
      "'01234567890' is not the number of an account"),
    Fault(
      "http://127.0.0.1:5000", "http://me@host", "bad-value", at: "http://me@host",
      "'http://me@host' is not the address of a store"),
    Fault("from: dev", "from: dve", "bad-value", at: "dve", "there is no environment 'dve'; did you mean 'dev'?"),
    Fault("from: dev", "from: prod", "cycle", at: "prod", "'prod' is promoted, in the end, from 'prod'"),
    Fault("  prod:", "  PROD:", "bad-value", at: "PROD", "the environment 'PROD' is not a name that can be used"),
    Fault("  local:", "  aux:", "bad-value", at: "aux", "the environment 'aux' has a name that is a device on Windows"),
    Fault(
      "{portal: ", "{name: x, portal: ", "bad-value", at: "name",
      "'name' is taken: 'env.name' is the name of the environment"),
    Fault("orders@bakery.example", "orders", "bad-value", at: "orders", "'orders' is not a mailbox"),
    Fault("html/alt: error", "html/alt: fatal", "bad-value", at: "fatal", "'fatal' is not a level"),
    Fault(
      "html/alt: error", "html/atl: error", "unknown-key", at: "html/atl",
      "there is no rule 'html/atl'; did you mean 'html/alt'?"),
    Fault(
      "mirror-attributes: true", "mirorAttributes: true", "unknown-key", at: "mirorAttributes",
      "'inline' has no key 'mirorAttributes'; did you mean 'mirror-attributes'?"),
    Fault("purge: true", "purge: 1", "wrong-type", at: "1", "'inline.purge' must be true or false, not a number"),
    Fault(
      "https://cdn.example/", "cdn.example", "bad-value", at: "cdn.example",
      "'cdn.example' is no address that others can be completed with"),
    Fault(
      "source: shop", "sorce: shop", "unknown-key", at: "sorce",
      "'inline.utm' has no key 'sorce'; did you mean 'source'?"),
    Fault(
      "utm: {medium: email, source: shop}", "utm: {}", "bad-value", at: "shop.example",
      "'inline.utm-hosts' needs parameters"),
    Fault(
      "[shop.example]", "['https://shop.example']", "bad-value", at: "'https://shop.example'",
      "'https://shop.example' is not a host"),
    Fault("width: 100", "width: 5", "bad-value", at: "5", "'text.width' must lie between 40 and 998"),
  ]

  @Test(arguments: faults) func `a fault in galley.yml is told at its place`(_ fault: Fault) throws {
    let text = Self.good.replacing(fault.change.0, with: fault.change.1, maxReplacements: 1)
    #expect(text != Self.good)
    let (_, diagnostics) = read(text)
    let diagnostic = try #require(diagnostics.first { $0.code.name == fault.code })
    #expect(diagnostic.message == fault.message)
    #expect(
      excerpt(text, diagnostic.range)?.hasPrefix(fault.place) == true, "\(excerpt(text, diagnostic.range) ?? "none")")
    // Where a needed key is misspelt, both what is missing and what is unknown is told.
    #expect(diagnostics.count == (fault.change.1.contains("defualt") ? 2 : 1), "\(diagnostics.map(\.message))")
  }

  @Test func `an empty galley.yml tells what is needed`() {
    let (_, diagnostics) = SiteConfiguration.read(DataNode(.mapping([]), at: SourceRange(testSource, 0, 0)))
    #expect(diagnostics.map(\.message) == ["'name' is missing", "'locales' is missing", "'environments' is missing"])
    #expect(diagnostics.allSatisfy { !$0.help.isEmpty })
    #expect(read("- a\n").1.first?.message == "galley.yml must be a mapping, not a list")
  }

  @Test func `a folder without galley.yml is told about init`() throws {
    var sources = SourceSet()
    let (site, diagnostics) = try SiteConfiguration.load(from: MemoryFileSystem(), into: &sources)
    #expect(site == nil)
    #expect(diagnostics.map(\.code.name) == ["config/missing"])
    #expect(diagnostics[0].help[0].contains("galley init"))
  }

  @Test func `galley.yml that is no text or no YAML is told once`() throws {
    for (bytes, code) in [([0x61, 0x3A, 0x20, 0xE9], "source/not-utf-8"), (Array("a: [".utf8), "data/yaml-syntax")] {
      var sources = SourceSet()
      let (site, diagnostics) = try SiteConfiguration.load(
        from: MemoryFileSystem(["galley.yml": bytes]), into: &sources)
      #expect(site == nil)
      #expect(diagnostics.map(\.code.name) == [code])
    }
  }

  @Test func `a secret in the data is told`() throws {
    let text = Self.good.replacing("years: 1.50", with: "years: AKIA" + "IOSFODNN7EXAMPLE")
    var sources = SourceSet()
    let memory = MemoryFileSystem(texts: ["galley.yml": text])
    let (_, diagnostics) = try SiteConfiguration.load(from: memory, into: &sources)
    #expect(diagnostics.map(\.code.name) == ["source/secret"])
  }

  @Test func `fallbacks that fork are visited once, the nearest first`() {
    var locales = SiteConfiguration().locales
    locales.fallback = ["a": ["b", "c"], "b": ["d"], "c": ["d"], "d": ["a"]]
    #expect(locales.chain(of: "a") == ["a", "b", "d", "c"])
  }

  static let tags: [(String, String?, Bool)] = [
    ("en", "en", false), ("en-ZA", "en-ZA", false), ("EN-za", "en-ZA", false), ("EN_za", nil, false),
    ("zh-hant-tw", "zh-Hant-TW", false),
    ("es-419", "es-419", false), ("de-1996", "de-1996", false), ("ca-valencia", "ca-valencia", false),
    ("ar", "ar", true),
    ("az-Arab-IR", "az-Arab-IR", true), ("ar-Latn", "ar-Latn", false), ("he-IL", "he-IL", true), ("", nil, false),
    ("e", nil, false), ("english", "english", false), ("en-", nil, false), ("en--ZA", nil, false),
    ("en-ZA-x-y", "en-ZA-x-y", false),
    ("../en", nil, false), ("en ZA", nil, false), ("ën", nil, false), ("12", nil, false),
  ]

  @Test(arguments: tags) func `a language tag is put in its canonical spelling`(
    _ text: String, _ spelled: String?, _ isRTL: Bool
  ) {
    let tag = LanguageTag(text)
    #expect(tag?.description == spelled)
    #expect((tag?.isRightToLeft ?? false) == isRTL)
  }
}
