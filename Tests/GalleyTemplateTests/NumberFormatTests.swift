import GalleyTemplate
import Testing

@Suite struct `Numbers in the locale's way` {
  @Test(arguments: [
    ("en-US", "1234567.891", "", "1,234,567.891"), ("en-US", "1234.5", "integer", "1,234"),
    ("en-US", "1235.5", "integer", "1,236"), ("en-US", "0.256", "percent", "26%"),
    ("en-US", "0.25", "::percent", "0.25%"),
    ("en-US", "0.25", "::percent scale/100 .0", "25.0%"), ("en-US", "-1234.5", "::currency/ZAR", "-ZAR\u{A0}1,234.50"),
    ("en-US", "1234.5", "::currency/USD", "$1,234.50"), ("en-US", "1234.5", "::currency/JPY", "¥1,234"),
    ("af-ZA", "1299", "::currency/ZAR", "R\u{A0}1\u{A0}299,00"), ("zu-ZA", "1299", "::currency/ZAR", "R\u{A0}1,299.00"),
    ("de", "1234567.8915", "", "1.234.567,892"), ("de", "1234.5", "::currency/EUR", "1.234,50\u{A0}€"),
    ("fr", "1234567", "", "1\u{202F}234\u{202F}567"), ("es", "1234", "", "1234"), ("es", "12345", "", "12.345"),
    ("hi", "123456789", "", "12,34,56,789"), ("ar-EG", "1234.5", "", "١٬٢٣٤٫٥"), ("fa", "12", "", "۱۲"),
    ("en", "0.000", "::.0#", "0.0"), ("en", "99.995", "::.00", "100.00"), ("en", "99.985", "::.00", "99.98"),
    ("en", "1234", "::group-off", "1234"), ("en", "00012", "", "12"), ("en", "-0.4", "integer", "-0"),
    ("en", "5", "::currency/USD unit-width-iso-code", "USD\u{A0}5.00"),
  ])
  func `a number is written as the locale writes it`(
    locale: String, number: String, style: String, expected: String
  ) throws {
    let style = try NumberStyle.read(style).get()
    #expect(NumberFormat.of(locale)?.format(number, style) == expected)
  }

  @Test(arguments: ["", "x", "1,5", "--1", "1e5", "1.2.3", "é", "-"])
  func `what is no number is not formatted`(text: String) {
    #expect(NumberFormat.of("en")?.format(text, NumberStyle()) == nil)
  }

  @Test(arguments: ["currency", "::currency/rand", "0.00", "::compact-short", "decimal"])
  func `a style that is not known is told`(text: String) {
    #expect(throws: NumberStyle.Fault.self) { try NumberStyle.read(text).get() }
  }

  @Test func `many locales are known, and each formats`() {
    #expect(NumberFormat.locales.count > 50)
    #expect(NumberFormat.of("xx") == nil)
    for locale in NumberFormat.locales {
      #expect(NumberFormat.of(locale)?.format("1234.5", NumberStyle()) != nil, "\(locale)")
    }
  }

  @Test func `messages and calls format what is known`() throws {
    var site = EvaluationSite(messages: ["en-ZA": "{p: '{n, plural, one {#} other {# x}}', k: '{n, number}'}"])
    #expect(site.written("", "{{t 'p' n=1234567}}") == "1\u{A0}234\u{A0}567 x")
    #expect(
      site.written("", "{{format 1299 'currency' currency='ZAR'}} {{format 0.5 'percent'}} {{format 1.005 '0.00'}}")
        == "R\u{A0}1\u{A0}299,00 50% 1.01")
    #expect(
      site.written(commonVariables, "{{t 'k' n=count}}").hasPrefix(
        "message/value 4:11 'count' is known to the sender alone, who can't format a number"))
  }
}
