/// A way to write a value that is known when the site is built: a number or a date in a style.
enum KnownFormat {
  case number(NumberStyle)
  case date(DateStyle)

  /// Why a value can't be written, as what follows its name, and what to do.
  struct Fault: Error {
    let message: String
    let help: String

    init(_ message: String, help: String) { (self.message, self.help) = (message, help) }
  }

  /// What is written, with its article.
  var noun: String {
    switch self {
    case .number: "a number"
    case .date(let style): style.needsTime ? "a time" : "a date"
    }
  }

  /// The value as the locale writes it.
  func format(_ text: String, in locale: String) -> Result<String, Fault> {
    switch self {
    case .number(let style):
      guard let format = NumberFormat.of(locale) else { return .failure(unknown(locale, among: NumberFormat.locales)) }
      if let formatted = format.format(text, style) { return .success(formatted) }
      return .failure(
        Fault("is \(quoted(text)), which is no number", help: "write a number in digits, such as 1234.5"))
    case .date(let style): return format(text, style, in: locale)
    }
  }

  private func format(_ text: String, _ style: DateStyle, in locale: String) -> Result<String, Fault> {
    guard let format = DateFormat.of(locale) else { return .failure(unknown(locale, among: DateFormat.locales)) }
    guard let date = CalendarTime(text) else {
      return .failure(
        Fault(
          "is \(quoted(text)), which is no date",
          help: "write it as ISO 8601 has it: 2026-11-24, or 2026-11-24T09:30 with a time"))
    }
    if let formatted = format.format(date, style) { return .success(formatted) }
    return .failure(
      style.needsTime && date.time == nil
        ? Fault("is \(quoted(text)), which has no time", help: "write the time behind the date: \(text)T09:30")
        : Fault(
          "can't be written as '\(style.spelling)' in '\(locale)', which has no pattern for these fields",
          help: "use fields that belong together, such as '::yMMMd', '::MMMEd' or '::jm', or a style such as 'long'"))
  }

  /// Names the nearest that are known: those of the language, or else the languages.
  private func unknown(_ locale: String, among locales: [String]) -> Fault {
    let language = locale.prefix { $0 != "-" }
    let own = locales.filter { $0.prefix { $0 != "-" } == language }
    let known = own.isEmpty ? locales.filter { !$0.contains("-") } : own
    return Fault(
      "can't be formatted: how '\(locale)' writes \(noun == "a number" ? "numbers" : "dates") is not known here",
      help: "known are \(known.joined(separator: ", ")) and regions that write alike; or pass a formatted text")
  }

  private func quoted(_ text: String) -> String {
    text.isEmpty ? "nothing" : "'\(text.count > 40 ? String(text.prefix(37)) + "…" : text)'"
  }
}

extension ValueType {
  /// Whether a formatted value of the type is a text and no more of the type.
  var isFormattedAsText: Bool {
    switch self {
    case .integer, .decimal, .date, .datetime, .money: true
    default: false
    }
  }
}
