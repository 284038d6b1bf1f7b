import GalleyCSS
import GalleyHTML
import GalleySource
import Testing

/// What holds for inlining and all transforms together.
@Suite struct TransformLawTests {
  static let all: Transforms = {
    var transforms = Transforms()
    transforms.resolvesVariables = true
    transforms.writesSixDigitHex = true
    transforms.dropsZeroUnits = true
    transforms.mergesShorthands = true
    transforms.mirrorsAttributes = true
    transforms.base = BaseURL("https://cdn.example.com/a/b.html")
    transforms.linkParameters = [LinkParameter(campaign: "source", value: "a&b")]
    transforms.minifies = true
    transforms.renamesUnsafeClasses = true
    return transforms
  }()

  /// The document and its placeholders after inlining and all passes, each of which has to keep all placeholders.
  private func finished(
    _ text: [UInt8], _ placeholders: [Placeholder], _ seed: UInt64
  ) throws -> (text: [UInt8], placeholders: [Placeholder]) {
    var document = (text: text, placeholders: placeholders)
    func apply(_ edits: EditList) throws {
      document.placeholders = try #require(moved(document.placeholders, by: edits), "seed \(seed)")
      document.text = edits.apply(to: document.text)
    }
    try apply(Inliner().inline(HTMLTree.parse(text, placeholders: placeholders)).edits)
    for pass in Self.all.passes {
      try apply(pass.run(HTMLTree.parse(document.text, placeholders: document.placeholders), origins: nil).edits)
    }
    return document
  }

  @Test func `all together are done after one run and keep each placeholder`() throws {
    for seed in 0..<2000 as Range<UInt64> {
      var random = SeededGenerator(seed: seed &+ 900_000)
      let text = randomPassText(&random)
      let placeholders = randomPlaceholders(text, &random)
      let once = try finished(text, placeholders, seed)
      #expect(
        zip(placeholders, once.placeholders).allSatisfy { text[$0.range] == once.text[$1.range] },
        "seed \(seed): a placeholder has other bytes")
      let twice = try finished(once.text, once.placeholders, seed)
      let isSame = twice.text == once.text
      #expect(
        isSame,
        """
        seed \(seed):
        \(String(decoding: text, as: UTF8.self).debugDescription)
        \(String(decoding: once.text, as: UTF8.self).debugDescription)
        \(String(decoding: twice.text, as: UTF8.self).debugDescription)
        """)
      if !isSame { return }
    }
  }

  @Test func `nothing is done that is not asked for`() {
    #expect(Transforms().passes.isEmpty)
    var classes = Transforms()
    classes.keepsClasses = true
    classes.linkHosts = ["example.com"]
    #expect(classes.passes.isEmpty)
  }

  @Test func `an attribute that a selector asks for is not added`() {
    let sheet = "<style>@media x { td[ /**/ WIDTH ], [align='x'] { top: 0 } } p { content: '[bgcolor]' }</style>"
    let cell = "<td style=\"width: 9px; text-align: right; background-color: #ffffff\""
    let html = Pass(name: "AttributeMirror") { AttributeMirror().edits(for: $0) }.apply("\(sheet)<table>\(cell)>")
    #expect(html.hasSuffix("\(cell) bgcolor=\"#ffffff\">"), "\(html)")
  }
}
