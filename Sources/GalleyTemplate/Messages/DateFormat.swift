/// How a locale writes dates and times.
///
/// See UTS #35, part 4: https://unicode.org/reports/tr35/tr35-dates.html. A skeleton takes the nearest pattern with the
/// same fields, which then get the lengths that are asked for, as ICU's DateTimePatternGenerator does; where a date and
/// a time are asked for at once, both are joined as the locale joins them.
package struct DateFormat: Sendable {
  private let digits: NumberFormat
  private let fields: [Substring]
  private let skeletons: [Skeleton]

  /// A skeleton of the locale, with its pattern.
  private struct Skeleton: Sendable {
    var fields: [DateField]
    var pattern: Substring
  }

  /// The format of a locale; nil where none is known.
  package static func of(_ locale: String) -> DateFormat? {
    guard let line = lines[locale], let digits = NumberFormat.of(locale) else { return nil }
    return DateFormat(line, digits)
  }

  /// The locales whose dates are known, sorted.
  package static var locales: [String] { lines.tags }

  private static let lines = LocaleLines(DateTable.lines, others: DateTable.others)

  private init?(_ line: Substring, _ digits: NumberFormat) {
    fields = line.split(separator: "|", omittingEmptySubsequences: false)
    guard fields.count == 21 else { return nil }
    self.digits = digits
    skeletons = fields[20].split(separator: ";").compactMap { entry in
      entry.firstIndex(of: "=").map {
        Skeleton(
          fields: DateField.runs(in: entry[..<$0]).compactMap(\.self), pattern: entry[entry.index(after: $0)...])
      }
    }
  }

  /// The date in a style; nil where it lacks what the style asks for, or the locale has no pattern for that.
  package func format(_ date: CalendarTime, _ style: DateStyle) -> String? {
    if style.needsTime, date.time == nil { return nil }
    switch style.form {
    case .date(let length): return print(date, DatePattern(fields[10 + length.index]))
    case .time(let length): return print(date, DatePattern(fields[12 + length.index]))
    case .skeleton(let wanted): return pattern(wanted).map { print(date, $0) }
    }
  }

  // MARK: Skeletons

  private func pattern(_ wanted: [DateField]) -> DatePattern? {
    let wanted = wanted.map { field in
      field.letter == "j" ? DateField(letter: hour, count: field.count) : field
    }
    if let whole = nearest(wanted) { return whole }
    let (day, time) = (wanted.filter { !$0.isOfTime }, wanted.filter(\.isOfTime))
    guard let day = nearest(day), let time = nearest(time) else { return nil }
    let month = wanted.first { $0.kind == "M" }?.count ?? 0
    let length: DateStyle.Length =
      switch month {
      case 4: wanted.contains { $0.kind == "E" } ? .full : .long
      case 3: .medium
      default: .short
      }
    return DatePattern(fields[16 + length.index]).replacing([time, day])
  }

  /// The letter of the hour that the locale's own times have.
  private var hour: Character { fields[15].contains("h") ? "h" : "H" }

  /// The pattern of the nearest skeleton of the same fields, with their lengths; nil where there is none.
  private func nearest(_ wanted: [DateField]) -> DatePattern? {
    let kinds = Set(wanted.map(\.kind))
    func distance(_ skeleton: Skeleton) -> Int? {
      guard Set(skeleton.fields.map(\.kind)) == kinds else { return nil }
      return wanted.reduce(0) { sum, field in
        sum + (skeleton.fields.first { $0.kind == field.kind }.map(field.distance) ?? 0)
      }
    }
    let found = skeletons.compactMap { skeleton in distance(skeleton).map { (distance: $0, skeleton) } }
    guard let best = found.min(by: { $0.distance < $1.distance })?.1 else { return nil }
    return DatePattern(best.pattern).mapped { field in
      guard let own = best.fields.first(where: { $0.kind == field.kind }),
        let asked = wanted.first(where: { $0.kind == field.kind }), !field.isOfTime
      else { return field }
      let count = asked.kind == "E" ? max(asked.count, 3) : asked.count
      let isSame = own.count == asked.count || field.isNumeric != own.isNumeric
      return isSame ? field : DateField(letter: field.letter, count: count)
    }
  }

  // MARK: Printing

  private func print(_ date: CalendarTime, _ pattern: DatePattern) -> String {
    pattern.pieces.reduce(into: "") { result, piece in
      switch piece {
      case .text(let character): result.append(character)
      case .field(let field): result += print(date, field)
      }
    }
  }

  private func print(_ date: CalendarTime, _ field: DateField) -> String {
    let hour = date.time?.hour ?? 0
    switch field.letter {
    case "y": return number(field.count == 2 ? date.year % 100 : date.year, field.count)
    case "M", "L": return field.count < 3 ? number(date.month, field.count) : name(1, date.month - 1, field)
    case "d": return number(date.day, field.count)
    case "E", "c": return name(5, date.weekday, field)
    case "H": return number(hour, field.count)
    case "h": return number((hour + 11) % 12 + 1, field.count)
    case "m": return number(date.time?.minute ?? 0, field.count)
    case "s": return number(date.time?.second ?? 0, field.count)
    case "a": return Self.item(hour < 12 ? 0 : 1, of: fields[9])
    default: return ""
    }
  }

  private func number(_ value: Int, _ count: Int) -> String {
    let text = String(value)
    return digits.spelled(String(repeating: "0", count: max(0, count - text.utf8.count)) + text)
  }

  /// The name of a month or a day; `first` is the field of their names in texts.
  private func name(_ first: Int, _ index: Int, _ field: DateField) -> String {
    let inText = fields[first + (field.count == 4 ? 0 : 2)]
    let alone = fields[first + (field.count == 4 ? 1 : 3)]
    let isAlone = field.letter == "L" || field.letter == "c"
    return Self.item(index, of: isAlone && !alone.isEmpty ? alone : inText)
  }

  private static func item(_ index: Int, of list: Substring) -> String {
    let items = list.split(separator: ",", omittingEmptySubsequences: false)
    return index < items.count ? String(items[index]) : ""
  }
}

/// A pattern of dates: fields, and what stands between them.
private struct DatePattern {
  enum Piece {
    case text(Character)
    case field(DateField)
  }

  private(set) var pieces: [Piece] = []

  /// Reads a pattern, with its quoting resolved.
  init(_ pattern: Substring) {
    var rest = pattern
    var isQuoted = false
    while let first = rest.popFirst() {
      if first == "'" {
        if rest.first == "'" {
          rest.removeFirst()
          pieces.append(.text("'"))
        } else {
          isQuoted.toggle()
        }
      } else if !isQuoted, first.isASCII, first.isLetter {
        let count = 1 + rest.prefix { $0 == first }.count
        rest = rest.dropFirst(count - 1)
        pieces.append(.field(DateField(letter: first, count: count)))
      } else {
        pieces.append(.text(first))
      }
    }
  }

  func mapped(_ change: (DateField) -> DateField) -> DatePattern {
    var result = self
    for (index, piece) in pieces.enumerated() {
      if case .field(let field) = piece { result.pieces[index] = .field(change(field)) }
    }
    return result
  }

  /// The pattern with others in the places of `{0}` and `{1}`.
  func replacing(_ parts: [DatePattern]) -> DatePattern {
    var result = self
    result.pieces = []
    for piece in pieces {
      switch piece {
      case .text("{"), .text("}"): break
      case .text("0"): result.pieces += parts[0].pieces
      case .text("1"): result.pieces += parts[1].pieces
      default: result.pieces.append(piece)
      }
    }
    return result
  }
}

extension DateStyle.Length {
  fileprivate var index: Int {
    switch self {
    case .full: 0
    case .long: 1
    case .medium: 2
    case .short: 3
    }
  }
}
