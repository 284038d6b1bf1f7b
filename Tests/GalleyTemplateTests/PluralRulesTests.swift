import GalleyTemplate
import Testing

@Suite struct `Plural rules of CLDR` {
  @Test(arguments: [
    ("en", "0 other, 1 one, 1.0 other, 2 other, -1 one"), ("en-ZA", "1 one, 1.5 other"),
    ("zu-ZA", "0 one, 0.5 one, 1 one, 1.0 one, 1.1 other"), ("af-ZA", "0 other, 1 one, 1.0 one"),
    ("ar", "0 zero, 1 one, 2 two, 3 few, 10 few, 11 many, 99 many, 100 other, 103 few, 1.5 other"),
    ("ru", "1 one, 2 few, 5 many, 11 many, 21 one, 1.5 other, 1000000 many"),
    ("pl", "1 one, 2 few, 5 many, 12 many, 22 few, 1.5 other"), ("cs", "1 one, 2 few, 5 other, 1.0 many"),
    ("fr", "0 one, 1.5 one, 2 other, 1000000 many, 1000000.0 other, 1c6 many, 1.5c3 other"),
    ("pt", "0 one, 1.5 one"), ("pt-PT", "0 other, 1 one"), ("pt-AO", "0 other"), ("pt-BR", "0 one"),
    ("da", "0.1 one, 1.5 one, 2.0 other"), ("lv", "0 zero, 1 one, 0.1 one, 2.21 one, 11 zero, 2 other"),
    ("sl", "1 one, 102 two, 103 few, 1.0 few"), ("he", "1 one, 0.5 one, 2 two"), ("iw", "2 two"), ("ja", "1 other"),
    ("und", "1 other"), ("xx-YY", "1 other"), ("fil", "1 one, 4 other, 0.4 other, 0.3 one"),
    ("ar", "100000000000000000000 other, 100000000000000000003 few"),
  ])
  func `a number as it is written is of a category`(locale: String, expected: String) throws {
    let found = try expected.split(separator: ", ").map { pair in
      let number = pair.prefix { $0 != " " }
      let operands = try #require(PluralOperands(String(number)))
      return "\(number) \(PluralRules.cardinal(locale).category(of: operands).rawValue)"
    }
    #expect(found.joined(separator: ", ") == expected)
  }

  @Test(arguments: [
    ("en-ZA", "1 one, 2 two, 3 few, 4 other, 11 other, 12 other, 21 one, 103 few"), ("af", "1 other"),
    ("it", "8 many, 11 many, 12 other"), ("sv", "1 one, 2 one, 11 other"), ("cy", "0 zero, 7 zero, 4 few, 6 many"),
  ])
  func `a rank is of a category`(locale: String, expected: String) throws {
    let found = try expected.split(separator: ", ").map { pair in
      let number = pair.prefix { $0 != " " }
      let operands = try #require(PluralOperands(String(number)))
      return "\(number) \(PluralRules.ordinal(locale).category(of: operands).rawValue)"
    }
    #expect(found.joined(separator: ", ") == expected)
  }

  @Test(arguments: ["", "x", "1.", ".5", "1,5", "1e", "--1", "1.2.3", "1e99", "é"])
  func `what is no number has no category`(text: String) {
    if text == "1." { return #expect(PluralOperands(text) != nil) }
    #expect(PluralOperands(text) == nil)
  }

  @Test func `the table names many languages and its version`() {
    #expect(PluralRules.locales.count > 190)
    #expect(!PluralRules.version.isEmpty)
    #expect(PluralRules.locales.allSatisfy { LanguageTag($0) != nil })
  }
}
