import Galley
import GalleySource
import Testing

/// What `galley contract` says of a small site, format by format.
@Suite struct ContractTests {
  private static let configuration = """
    name: Bakery
    dialect: jinja
    locales: {default: en, supported: [en, de], fallback: {de: [en]}}
    environments: {dev: {store: 's3://bakery-dev'}, prod: {store: 's3://bakery-prod'}}
    senders: {orders: {name: Bakery, address: orders@bakery.example}}
    types: {Cake: {name: string, slices: {type: integer, optional: true}}}
    """
  private static let template = #"""
    ---
    description: Says what was ordered.
    aliases: [orders/old.html]
    sender: orders
    subject: 'Order {{orderId}}'
    variables:
      orderId: {type: string, description: 'The number */ """ of it', example: o1}
      class: {type: [SMALL, LARGE], optional: true}
      price: {type: money, currency: ZAR, default: '0.00'}
      link: url
      cakes: {type: list, of: Cake}
    ---
    <!DOCTYPE html><html lang="{{locale.tag}}"><head><title>O</title></head><body><p>{{orderId}} {{price}}</p>
    {{#if class}}<p>{{class}}</p>{{/if}}<a href="{{link}}">L</a>
    {{#each cakes as |cake|}}<p>{{cake.name}}{{#if cake.slices}} {{cake.slices}}{{/if}}</p>{{/each}}</body></html>

    """#
  private static let samples = """
    {"default": {"orderId": "o1", "class": "SMALL", "price": "1.00", "link": "https://a.example/",
     "cakes": [{"name": "c", "slices": 2}]}, "less": {"orderId": "o2", "class": null, "link": "mailto:a@b.example", "cakes": []}}
    """

  private static func contract(
    _ changes: [String: String] = [:], _ selection: Workspace.Selection = .init()
  ) async throws -> Workspace.ContractResult {
    let texts = [
      "galley.yml": configuration, "templates/orders/new_order.html": template,
      "templates/orders/new_order.samples.json": samples,
    ]
    let workspace = try Workspace.open(MemoryFileSystem(texts: texts.merging(changes) { $1 }))
    return await workspace.contract(selection)
  }

  private static func errors(_ result: Workspace.ContractResult) -> [String] {
    result.diagnostics.filter { $0.severity == .error }.map(\.code.name)
  }

  private static func text(
    _ format: ContractFormat, _ changes: [String: String] = [:], _ selection: Workspace.Selection = .init()
  ) async throws -> String {
    let result = try await contract(changes, selection)
    #expect(!result.diagnostics.hasErrors, "\(result.diagnostics.map(\.message))")
    return String(decoding: try #require(result.contract).document(format), as: UTF8.self)
  }

  @Test func `a schema is closed, names its records and allows null where a value may be missing`() async throws {
    let (node, _) = json(try await Self.text(.jsonSchema))
    let schema = try #require(node)
    #expect(schema["$id"]?.string == "urn:galley:Bakery:orders/new_order")
    #expect(sketch(schema["required"]) == #"["cakes", "link", "orderId"]"#)
    #expect(schema["additionalProperties"]?.boolean == false)
    #expect(
      sketch(schema["properties"]?["cakes"])
        == ##"{items: {$ref: "#/$defs/Cake"}, type: "array", x-galley-type: "list"}"##)
    #expect(sketch(schema["$defs"]?["Cake"]?["properties"]?["slices"]?["type"]) == #"["integer", "null"]"#)
    #expect(schema["$defs"]?["Cake"]?["additionalProperties"]?.boolean == false)
    #expect(sketch(schema["properties"]?["class"]?["enum"]) == #"["SMALL", "LARGE", null]"#)
    let mail = try #require(schema["x-galley-mail"])
    #expect(
      sketch(mail["keys"]?["de"])
        == #"{html: "de/orders/new_order.html", mail: "de/orders/new_order.mail.json", text: "de/orders/new_order.txt"}"#
    )
    #expect(sketch(mail["aliases"]?["de"]) == #"["de/orders/old.html"]"#)
    #expect(schema["examples"]?.items?.first?["class"]?.string == "SMALL")
  }

  @Test func `what the dialect leaves to its caller is in each format`() async throws {
    let selected = ["galley.yml": Self.configuration.replacing("jinja", with: "handlebars")]
    #expect(try await Self.text(.markdown, selected).contains("| `orderId` | subject | turn line ends into spaces |"))
    #expect(try await Self.text(.python, selected).contains(#""orderId": {"subject": "line"},"#))
    #expect(try await Self.text(.python, selected).contains("def to_context(self, part: Part | None = None)"))
    #expect(
      try await Self.text(.typescript, selected).contains(#"{ variable: "orderId", part: "subject", escape: "line" },"#)
    )
    #expect(
      try await Self.text(.swift, selected).contains(#".init(variable: "orderId", part: "subject", escape: "line"),"#))
    let python = try await Self.text(.python)
    #expect(python.contains("def to_context(self) ->") && !python.contains("DUTIES"))
  }

  @Test func `code has the names of its language and the data the template's`() async throws {
    let python = try await Self.text(.python)
    #expect(python.contains("    class_: OrdersNewOrderClass | None = None\n"))
    #expect(python.contains(#"            "class": None if self.class_ is None else _choice(self.class_, "#))
    #expect(python.contains(#"    """The number */ "\"\" of it."#))
    #expect(python.contains("    order_id: str\n") && python.contains(#""orderId": _text(self.order_id,"#))
    #expect(!python.contains("def _email("))
    let typescript = try await Self.text(.typescript)
    #expect(typescript.contains("  readonly class?: OrdersNewOrderClass | null;\n"))
    #expect(typescript.contains(#"   * The number *\/ """ of it."#))
    let swift = try await Self.text(.swift)
    #expect(swift.contains("  public var `class`: Class?\n") && swift.contains("    case small = \"SMALL\"\n"))
  }

  @Test func `names do not depend on what is selected`() async throws {
    // Both come to the name 'OrdersNewOrder'; the first by its bytes has it.
    let second = [
      "templates/orders/new-order.html": Self.template.replacing("[orders/old.html]", with: "[]"),
      "templates/orders/new-order.samples.json": Self.samples,
    ]
    for (id, name) in [("orders/new-order", "OrdersNewOrder"), ("orders/new_order", "OrdersNewOrderMail")] {
      let alone = try await Self.text(.swift, second, .init(templates: [id]))
      #expect(alone.contains("public struct \(name): Mail {") && alone.contains("id: \"\(id)\""))
    }
  }

  @Test func `a selection of a locale has the keys of that locale alone`() async throws {
    let text = try await Self.text(.python, [:], .init(locales: ["de"]))
    #expect(text.contains(#"Locale: TypeAlias = Literal["de"]"#) && !text.contains(#""en""#))
  }

  @Test func `a site with errors has no contract, and a colliding key is one`() async throws {
    let broken = try await Self.contract(["templates/orders/new_order.html": Self.template + "{{/if}}"])
    #expect(broken.contract == nil && broken.diagnostics.hasErrors)
    let sample = try await Self.contract(["templates/orders/new_order.samples.json": "{\"default\": {}}"])
    #expect(sample.contract == nil)
    let collision = try await Self.contract([
      "templates/b.html": Self.template.replacing("aliases: [orders/old.html]", with: "key: orders/old.html"),
      "templates/b.samples.json": Self.samples,
    ])
    #expect(collision.contract == nil)
    #expect(Self.errors(collision) == ["package/key-collision"])
  }

  @Test func `a sample's address holds no space and leads somewhere`() async throws {
    for address in ["https://a.example/a b", "https:", "https://a.example/\\n"] {
      let samples = Self.samples.replacing("https://a.example/", with: address)
      let result = try await Self.contract(["templates/orders/new_order.samples.json": samples])
      #expect(result.contract == nil && Self.errors(result) == ["sample/wrong-type"], "\(address)")
    }
  }
}

/// Files that are put into a folder among others.
@Suite struct OutputAdditionTests {
  private static let mark = Array("ours".utf8)

  private static func files(_ version: String) -> [OutputDirectory.File] {
    ["a.md", "b/c.md", "b/d.md"].map { .init(path: $0, bytes: Array("ours \(version) \($0)".utf8)) }
  }

  @Test func `other files stay, the same are not written again, and nothing of others is replaced`() throws {
    let folder = try TemporaryFolder()
    for system in [try folder.disk, MemoryFileSystem()] as [any FileSystem] {
      try system.makeFolders("docs/b")
      try system.create("docs/mine.md", Array("mine".utf8), isFlushed: false)
      let output = OutputDirectory("docs", in: system)
      #expect(try output.add(Self.files("1"), nonce: "n1", mark: Self.mark).written == ["a.md", "b/c.md", "b/d.md"])
      #expect(try output.add(Self.files("1"), nonce: "n2", mark: Self.mark).unchangedCount == 3)
      #expect(try output.add(Self.files("2"), nonce: "n3", mark: Self.mark).written.count == 3)
      #expect(try system.read("docs/mine.md") == Array("mine".utf8))
      #expect(try system.entries(of: "docs").map(\.text) == ["a.md", "b", "mine.md"])
      let mine = [OutputDirectory.File(path: "mine.md", bytes: Self.mark)]
      #expect(throws: FileFailure(.write, "docs/mine.md", .foreign)) {
        try output.add(Self.files("3") + mine, nonce: "n4", mark: Self.mark)
      }
      #expect(throws: FileFailure(.write, "docs/b", .foreign)) {
        try output.add([.init(path: "b", bytes: Self.mark)], nonce: "n5", mark: Self.mark)
      }
      #expect(throws: FileFailure(.write, "docs/mine.md", .isNotFolder)) {
        try output.add([.init(path: "mine.md/x.md", bytes: Self.mark)], nonce: "n6", mark: Self.mark)
      }
      #expect(try system.read("docs/a.md") == Array("ours 2 a.md".utf8))
    }
  }

  @Test func `a fault at any change leaves the old files or the new ones`() throws {
    for number in 1...60 {
      let memory = MemoryFileSystem()
      try OutputDirectory("docs", in: memory).add(Self.files("1"), nonce: "n1", mark: Self.mark)
      let old = memory.files
      let faulty = FaultyFileSystem(memory, failing: number...number)
      do {
        try OutputDirectory("docs", in: faulty).add(Self.files("2"), nonce: "n2", mark: Self.mark)
        if faulty.changeCount < number {
          #expect(number > 10)
          return
        }
      } catch {
        let now = memory.files.filter { !$0.key.contains(".galley-staging-") }
        let new = Dictionary(uniqueKeysWithValues: Self.files("2").map { ("docs/" + $0.path, $0.bytes) })
        #expect(now == old || now == new, "fault \(number)")
      }
    }
  }
}
