import GalleyTemplate
import Testing

@Suite struct `Formats of dates` {
  private func written(_ text: String, _ style: String, isTime: Bool = false, in locale: String) throws -> String? {
    let style = try DateStyle.read(style, isTime: isTime).get()
    let date = try #require(CalendarTime(text), "\(text)")
    return DateFormat.of(locale)?.format(date, style)
  }

  @Test(arguments: [
    ("en-ZA", "full", "Tuesday, 24 November 2026"), ("en-ZA", "short", "2026/11/24"), ("en-ZA", "", "24 Nov 2026"),
    ("af-ZA", "long", "24 November 2026"), ("zu-ZA", "full", "ULwesibili, Novemba 24, 2026"),
    ("de", "::yMMMMd", "24. November 2026"), ("fr", "::MMMEd", "mar. 24 nov."),
    ("ar-EG", "long", "٢٤ نوفمبر ٢٠٢٦"), ("de", "::yMMMMEEEEdHm", "Dienstag, 24. November 2026 um 09:05"),
    ("en", "::yMMMdjm", "Nov 24, 2026, 9:05\u{202F}AM"), ("en", "::yyMMdd", "11/24/26"), ("en", "::MMMM", "November"),
  ])
  func `a date is written as the locale does`(locale: String, style: String, text: String) throws {
    #expect(try written("2026-11-24T09:05:07+02:00", style, in: locale) == text)
  }

  @Test func `a time is written as the locale does`() throws {
    #expect(try written("2026-11-24 00:05", "short", isTime: true, in: "en") == "12:05\u{202F}AM")
    #expect(try written("2026-11-24 13:05:09", "", isTime: true, in: "zu-ZA") == "13:05:09")
    #expect(try written("2026-11-24", "short", isTime: true, in: "en") == nil)
    #expect(try written("2026-11-24", "::yd", in: "en") == nil, "there is no pattern for a year and a day")
  }

  @Test(arguments: [
    "2026-11-24", "2024-02-29", "0001-01-01T00:00", "9999-12-31T23:59:59.999Z", "2026-11-24 09:30-03:30",
  ])
  func `what ISO 8601 has is read`(text: String) { #expect(CalendarTime(text) != nil) }

  @Test(arguments: [
    "", "2026", "2026-13-01", "2026-02-29", "1900-02-29", "2026-11-31", "2026-00-10", "26-11-24", "2026/11/24",
    "2026-11-24T", "2026-11-24T24:00", "2026-11-24T09", "2026-11-24T09:60", "2026-11-24T09:30:15.", "2026-11-24x09:30",
    "2026-11-24T09:30+2", "2026-11-24T09:30+02:60", "２026-11-24", "2026-11-24T09:30ZZ", "+026-11-24",
  ])
  func `what is no date is none`(text: String) { #expect(CalendarTime(text) == nil) }

  /// CLDR writes dates of Australia and Austria otherwise than those of the United States and Germany.
  @Test(arguments: [
    ("en-US", true), ("de-DE", true), ("ar-SA", true), ("fr", true), ("zu-ZA", true), ("en-ZZ", true),
    ("en-AU", false), ("de-AT", false), ("fr-CA", false), ("en-AU-x-a", false), ("nl", false), ("", false),
  ])
  func `a locale stands in for another only where both write dates alike`(locale: String, isKnown: Bool) {
    #expect((DateFormat.of(locale) != nil) == isKnown)
  }

  @Test func `every locale that is known has each style`() throws {
    for locale in DateFormat.locales {
      for style in ["", "full", "long", "medium", "short", "::yMMMd", "::yMMMMEEEEd", "::MMMEd", "::jm", "::yMMMdHms"] {
        #expect(try written("2026-11-24T09:05", style, in: locale)?.isEmpty == false, "\(locale) \(style)")
      }
    }
  }

  @Test func `messages and calls format dates that are known`() throws {
    var site = EvaluationSite(messages: ["en-ZA": "{d: 'Due {day, date, long}', t: '{day, time, short}'}"])
    #expect(site.written("", "{{t 'd' day='2026-11-24'}}") == "Due 24 November 2026")
    #expect(site.written("", "{{t 't' day='2026-11-24T09:05'}}") == "09:05")
    #expect(
      site.written("", "{{format '2026-11-24' date='full'}} {{format '2026-11-24 09:30' time='short'}}")
        == "Tuesday, 24 November 2026 09:30")
    #expect(
      site.written("", "{{t 't' day='2026-11-24'}}").hasPrefix("message/value")
        && site.written("", "{{format 'today' date='long'}}").hasPrefix("evaluation/format"))
    #expect(
      site.written("variables: {day: date}", "{{t 'd' day=day}}").contains(
        "'day' is known to the sender alone, who can't format a date"))
  }
}
