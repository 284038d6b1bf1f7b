import Galley
import GalleySource
import GalleyTemplate
import Testing

@Suite struct PackagingTests {
  private static let place = SourceRange(testSource, 0, 0)

  private static let configuration: SiteConfiguration = {
    let (node, _) = yaml(
      """
      name: Bakery
      locales: {default: en-ZA, supported: [en-ZA, af-ZA], fallback: {af-ZA: en-ZA}}
      environments: {prod: {store: 's3://bakery-prod'}, dev: {store: 's3://bakery-dev'}}
      senders: {orders: {name: Bakery, address: orders@bakery.example}}
      """)
    return node.map { SiteConfiguration.read($0).0 } ?? SiteConfiguration()
  }()

  private static let variables = [
    Declaration(name: "orderId", type: .string, example: .string("o1"), description: "The order", range: place),
    Declaration(name: "amount", type: .money(currency: "ZAR"), range: place),
    Declaration(name: "status", type: .enumeration(["PAID", "PENDING"]), defaultValue: .string("PAID"), range: place),
    Declaration(
      name: "items",
      type: .list(
        .record(
          RecordType(
            name: "Item",
            fields: [
              Declaration(name: "count", type: .integer, range: place),
              Declaration(name: "link", type: .url, isOptional: true, range: place),
            ]))), range: place),
  ]

  private static let contracts = [
    TemplateContract(
      id: "receipt",
      declaration: TemplateDeclaration(
        key: "receipts/receipt.html", aliases: [(key: "receipts/order.html", range: place)],
        sender: (role: "orders", range: place), description: "A receipt", variables: variables),
      dialect: "jinja",
      duties: [
        .init(variable: "orderId", place: .subject, escaping: .line),
        .init(variable: "items.link", place: .html, escaping: .url),
      ], waivers: [.init(code: "mail/size", reason: "a long list")]),
    TemplateContract(
      id: "hello", declaration: TemplateDeclaration(key: "hello.html", audience: .internal, category: .marketing),
      dialect: "interpolate"),
  ]

  private static let mails = ["dev", "prod"].flatMap { environment in
    ["en-ZA", "af-ZA"].flatMap { locale in
      ["receipt", "hello"].map { template in
        FinishedMail(
          template: template, locale: locale, environment: environment,
          html: Array("<p>\(template) \(locale) \(environment)</p>".utf8), text: Array("\(template) \(locale)".utf8),
          subject: "Subject {{orderId}} é \(locale)", preheader: "Preheader")
      }
    }
  }

  private static let provenance = Provenance(
    toolVersion: "1.2.3", revision: "abc", sources: ["galley.yml": Digest(of: []), "a.html": Digest(of: [1])],
    dataSets: [.init(name: "clients", version: "2026-01")])

  private static func bundle(
    mails: [FinishedMail] = mails, contracts: [TemplateContract] = contracts, provenance: Provenance = provenance
  ) -> Bundle {
    Bundle(configuration: configuration, contracts: contracts, mails: mails, provenance: provenance)
  }

  private static func file(_ path: String, of bundle: Bundle) -> DataNode? {
    bundle.files.first { $0.path == path }.flatMap { JSONReader.read(source: testSource, bytes: $0.bytes).0 }
  }

  @Test func `each mail is at its keys in every environment`() {
    let keys = ["hello", "receipts/receipt", "receipts/order"].flatMap { stem in
      ["", "af-ZA/"].flatMap { locale in [".html", ".txt", ".mail.json"].map { locale + stem + $0 } }
    }
    let paths = ["dev", "prod"].flatMap { environment in (keys + ["manifest.json"]).map { "\(environment)/\($0)" } }
    #expect(Set(Self.bundle().files.map(\.path)) == Set(paths + ["bundle.json"]))
    #expect(Self.bundle().files.count == paths.count + 1)
  }

  @Test func `an alias has the bytes of its mail, in all parts`() {
    let files = Dictionary(uniqueKeysWithValues: Self.bundle().files.map { ($0.path, $0.bytes) })
    for suffix in [".html", ".txt", ".mail.json"] {
      #expect(files["dev/af-ZA/receipts/order" + suffix] == files["dev/af-ZA/receipts/receipt" + suffix])
    }
  }

  @Test func `the envelope says what a sender needs`() throws {
    let mail = try #require(Self.file("dev/af-ZA/receipts/receipt.mail.json", of: Self.bundle()))
    #expect(mail["subject"]?.string == "Subject {{orderId}} é af-ZA" && mail["locale"]?.string == "af-ZA")
    #expect(sketch(mail["sender"]) == #"{address: "orders@bakery.example", name: "Bakery", role: "orders"}"#)
    #expect(
      sketch(mail["parts"]) == #"{html: "af-ZA/receipts/receipt.html", text: "af-ZA/receipts/receipt.txt"}"#)
    #expect(sketch(mail["variables"]?["required"]) == #"["amount", "items", "orderId"]"#)
    #expect(Self.file("dev/hello.mail.json", of: Self.bundle())?["sender"]?.kind == .null)
  }

  @Test func `the manifest lists objects, contracts and sources in order`() throws {
    let manifest = try #require(Self.file("prod/manifest.json", of: Self.bundle()))
    let objects = try #require(manifest["objects"]?.items)
    let keys = objects.compactMap { $0["key"]?.string }
    #expect(keys == keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) } && keys.count == 18)
    for object in objects {
      let path = "prod/" + (object["key"]?.string ?? "")
      let bytes = try #require(Self.bundle().files.first { $0.path == path }?.bytes)
      #expect(object["sha256"]?.string == Digest(of: bytes).hex && object["bytes"]?.integer == bytes.count)
      #expect((object["aliases"] == nil) != (object["aliasOf"] == nil))
      #expect(object["cacheControl"]?.string == "max-age=300")
    }
    let types = Set(objects.compactMap { $0["contentType"]?.string })
    #expect(types == ["text/html; charset=utf-8", "text/plain; charset=utf-8", "application/json"])
    #expect(manifest["templates"]?.items?.map { $0["id"]?.string } == ["hello", "receipt"])
    let receipt = try #require(manifest["templates"]?.items?[1])
    #expect(
      sketch(receipt["escaping"])
        == #"[{escape: "url", part: "html", variable: "items.link"}, {escape: "line", part: "subject", variable: "orderId"}]"#
    )
    #expect(sketch(receipt["waivers"]) == #"[{code: "mail/size", reason: "a long list"}]"#)
    #expect(sketch(receipt["subject"]?["af-ZA"]) == #""Subject {{orderId}} é af-ZA""#)
    #expect(manifest["sources"]?.items?.map { $0["path"]?.string } == ["a.html", "galley.yml"])
    #expect(manifest["revision"]?.string == "abc" && manifest["tool"]?["version"]?.string == "1.2.3")
  }

  @Test func `variables become a schema that others can check with`() throws {
    let schema = try #require(Self.file("dev/receipts/receipt.mail.json", of: Self.bundle())?["variables"])
    #expect(schema["$schema"]?.string == "https://json-schema.org/draft/2020-12/schema")
    let properties = try #require(schema["properties"])
    #expect(
      sketch(properties["orderId"])
        == #"{description: "The order", examples: ["o1"], type: "string", x-galley-type: "string"}"#)
    #expect(
      sketch(properties["amount"]) == #"{type: "string", x-galley-currency: "ZAR", x-galley-type: "money"}"#)
    #expect(
      sketch(properties["status"])
        == #"{default: "PAID", enum: ["PAID", "PENDING", null], type: ["string", "null"], x-galley-type: "enumeration"}"#
    )
    let item = try #require(properties["items"]?["items"])
    #expect(item["title"]?.string == "Item" && sketch(item["required"]) == #"["count"]"#)
    #expect(item["properties"]?["link"]?["format"]?.string == "uri")
  }

  @Test func `the digest is that of the canonical form in the documents`() throws {
    let bundle = Self.bundle()
    let index = try #require(Self.file("bundle.json", of: bundle))
    var contents: [String: JSONValue] = [:]
    for environment in try #require(index["environments"]?.items) {
      let name = try #require(environment["name"]?.string)
      let path = "\(name)/manifest.json"
      let manifest = try #require(Self.file(path, of: bundle))
      guard case .object(var members) = JSONValue(manifest) else { return }
      #expect(members.removeValue(forKey: "bundle") == .string(bundle.digest.description))
      let content = Digest(of: JSONWriter.write(.object(members), .compact)).hex
      #expect(environment["content"]?.string == content)
      let bytes = try #require(bundle.files.first { $0.path == path }?.bytes)
      #expect(environment["sha256"]?.string == Digest(of: bytes).hex)
      contents[name] = .string(content)
    }
    let canonical: JSONValue = ["schemaVersion": .integer(1), "environments": .object(contents)]
    #expect(index["digest"]?.string == Digest(of: JSONWriter.write(canonical, .compact)).description)
    #expect(index["environments"]?.items?.map { $0["name"]?.string } == ["dev", "prod"])
  }

  @Test func `the order of mails and contracts changes nothing`() {
    let files = Self.bundle().files
    for seed in UInt64(1)...20 {
      var random = Seeded(seed)
      let shuffled = Self.bundle(
        mails: Self.mails.shuffled(using: &random), contracts: Self.contracts.shuffled(using: &random))
      #expect(shuffled.files == files, "seed \(seed)")
    }
  }

  @Test func `any byte of any mail changes the digest`() {
    let digest = Self.bundle().digest
    for index in Self.mails.indices {
      let old = Self.mails[index]
      func changed(html: [UInt8]? = nil, text: [UInt8]? = nil, subject: String? = nil) -> Digest {
        var mails = Self.mails
        mails[index] = FinishedMail(
          template: old.template, locale: old.locale, environment: old.environment, html: html ?? old.html,
          text: text ?? old.text, subject: subject ?? old.subject, preheader: old.preheader)
        return Self.bundle(mails: mails).digest
      }
      #expect(changed() == digest)
      #expect(
        changed(html: old.html + [0x20]) != digest && changed(text: []) != digest && changed(subject: "x") != digest)
    }
    var provenance = Self.provenance
    provenance.revision = "abd"
    #expect(Self.bundle(provenance: provenance).digest != digest)
  }

  @Test func `a digest is spelled in hexadecimal and read back`() {
    #expect(
      Digest(of: Array("abc".utf8)).hex == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    let digest = Digest(of: [7])
    #expect(Digest(hex: digest.hex) == digest)
    #expect(
      Digest(hex: digest.hex.uppercased()) == nil && Digest(hex: "12") == nil && Digest(hex: digest.description) == nil)
  }

  // MARK: Keys

  static let badKeys: [(String, String)] = [
    ("/a.html", "does not start with '/'"), ("a.txt", "ends with '.html'"), ("a//b.html", "has no empty segment"),
    ("../a.html", "has no segment that starts with '.'"), (".galley/a.html", "has no segment that starts with '.'"),
    ("a b.html", "has no segment that holds a space"), ("a/con/x.html", "has no segment that is a device on Windows"),
    ("a\\b.html", #"has no segment that holds '\', which divides folders on Windows"#),
    (String(repeating: "folder/", count: 150) + "x.html", "has at most 900 bytes"),
  ]

  @Test(arguments: badKeys) func `a key that some store or disk would refuse is told`(_ key: String, _ problem: String)
  {
    let claim = KeyTable.Claim(template: "t", key: key, range: SourceRange(testSource, 5, 9), aliases: [])
    let diagnostics = KeyTable.check([claim], locales: Self.configuration.locales)
    #expect(diagnostics.map(\.code.name) == ["package/bad-key"])
    #expect(diagnostics.first?.message.hasSuffix("can't be a key: a key " + problem) == true)
    #expect(diagnostics.first?.range?.start == 5)
  }

  @Test func `two mails at one key are told with both places`() throws {
    func check(_ keys: [(String, [String])]) -> [Diagnostic] {
      var place = 0
      func next() -> SourceRange {
        place += 1
        return SourceRange(testSource, place, place)
      }
      let claims = keys.enumerated().map { index, claim in
        KeyTable.Claim(
          template: "t\(index)", key: claim.0, range: next(), aliases: claim.1.map { (key: $0, range: next()) })
      }
      return KeyTable.check(claims, locales: Self.configuration.locales)
    }
    #expect(check([("a.html", ["b.html"]), ("c/a.html", []), ("d.html", ["c/b.html"])]).isEmpty)
    for clash in [
      [("a.html", []), ("a.html", [])], [("a.html", []), ("A.html", [])], [("a.html", []), ("b.html", ["a.html"])],
      [("a.html", ["a.html"])], [("a.html", []), ("af-ZA/a.html", [])], [("a.html", []), ("a.html/b.html", [])],
      [("x/a.html/b.html", []), ("x/a.html", [])], [("a.html", ["b.html", "b.html"])],
      [("é.html", []), ("É.html", [])],
    ] {
      let diagnostics = check(clash)
      #expect(diagnostics.map(\.code.name) == ["package/key-collision"], "\(clash)")
      let diagnostic = try #require(diagnostics.first)
      #expect(diagnostic.notes.first?.range != nil && diagnostic.notes.first?.range != diagnostic.range)
    }
  }

  @Test func `a bundle is written and found to be whole`() throws {
    let memory = MemoryFileSystem()
    let bundle = Self.bundle()
    #expect(try OutputDirectory("dist", in: memory).write(bundle.files, nonce: "n").written.count == bundle.files.count)
    #expect(try OutputDirectory("dist", in: memory).write(bundle.files, nonce: "m").written.isEmpty)
    for file in bundle.files { #expect(memory.files["dist/" + file.path] == file.bytes) }
  }
}
