/// A day of the Gregorian calendar, with a time of day where one is written; read from ISO 8601.
///
/// A zone behind the time is read and not looked at: what is printed is the time that is written. See RFC 3339,
/// section 5.6: https://www.rfc-editor.org/rfc/rfc3339#section-5.6.
package struct CalendarTime: Hashable, Sendable {
  let year: Int
  let month: Int
  let day: Int
  /// The hour, the minute and the second, where a time is written.
  let time: (hour: Int, minute: Int, second: Int)?

  package static func == (a: CalendarTime, b: CalendarTime) -> Bool {
    (a.year, a.month, a.day) == (b.year, b.month, b.day) && a.seconds == b.seconds
  }

  package func hash(into hasher: inout Hasher) {
    for part in [year, month, day, seconds] { hasher.combine(part) }
  }

  private var seconds: Int { time.map { ($0.hour * 60 + $0.minute) * 60 + $0.second } ?? -1 }

  /// Reads `2026-11-24`, `2026-11-24T09:30`, `2026-11-24 09:30:15.250Z` or `2026-11-24T09:30:15+02:00`.
  package init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count <= 40, let date = Self.numbers(bytes.prefix(10), [4, 2, 2], separator: UInt8(ascii: "-")),
      (1...9999).contains(date[0]), (1...12).contains(date[1]),
      (1...Self.days(of: date[1], in: date[0])).contains(date[2])
    else { return nil }
    (year, month, day) = (date[0], date[1], date[2])
    var rest = bytes.dropFirst(10)
    guard let mark = rest.popFirst() else {
      time = nil
      return
    }
    guard mark == UInt8(ascii: "T") || mark == UInt8(ascii: "t") || mark == 0x20,
      let time = Self.time(Self.withoutZone(rest))
    else { return nil }
    self.time = time
  }

  /// The day of the week, from 0 for Sunday.
  var weekday: Int {
    // The days before March of year 0, by which February ends a year.
    let years = month < 3 ? year - 1 : year
    let months = (month + 9) % 12
    let count = years * 365 + years / 4 - years / 100 + years / 400 + (months * 153 + 2) / 5 + day
    return (count + 2) % 7
  }

  private static func days(of month: Int, in year: Int) -> Int {
    switch month {
    case 2: year.isMultiple(of: 4) && !year.isMultiple(of: 100) || year.isMultiple(of: 400) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// Numbers of the given counts of digits, with separators between them and nothing else.
  private static func numbers(_ bytes: ArraySlice<UInt8>, _ counts: [Int], separator: UInt8) -> [Int]? {
    let parts = bytes.split(separator: separator, omittingEmptySubsequences: false)
    guard parts.map(\.count) == counts, parts.joined().allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return parts.map { $0.reduce(0) { $0 * 10 + Int($1 - 0x30) } }
  }

  private static func time(_ bytes: ArraySlice<UInt8>?) -> (hour: Int, minute: Int, second: Int)? {
    guard let bytes else { return nil }
    let colon = UInt8(ascii: ":")
    guard var parts = numbers(bytes, [2, 2], separator: colon) ?? numbers(bytes, [2, 2, 2], separator: colon)
    else { return nil }
    if parts.count == 2 { parts.append(0) }
    guard parts[0] < 24, parts[1] < 60, parts[2] < 60 else { return nil }
    return (parts[0], parts[1], parts[2])
  }

  /// A time without its zone and the fraction of its second; nil where these are broken.
  private static func withoutZone(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    var time = bytes
    if let last = time.last, last | 0x20 == UInt8(ascii: "z") {
      time.removeLast()
    } else if let sign = time.lastIndex(where: { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") }) {
      guard let zone = numbers(time[(sign + 1)...], [2, 2], separator: UInt8(ascii: ":")), zone[0] < 24, zone[1] < 60
      else { return nil }
      time = time[..<sign]
    }
    guard let point = time.firstIndex(of: UInt8(ascii: ".")) else { return time }
    let fraction = time[(point + 1)...]
    return !fraction.isEmpty && fraction.allSatisfy { (0x30...0x39).contains($0) } ? time[..<point] : nil
  }
}
