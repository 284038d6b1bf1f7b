import GalleySource

/// How a date or a time is to be written: what a message or a call of `format` asks for.
///
/// Styles are ICU's: four lengths, and skeletons that name the fields and leave their order to the locale. See UTS #35,
/// part 4, section 2.6: https://unicode.org/reports/tr35/tr35-dates.html#availableFormats_appendItems.
package struct DateStyle: Hashable, Sendable {
  /// How much is said.
  package enum Length: String, Hashable, Sendable, CaseIterable {
    case full, long, medium, short
  }

  /// What is asked for.
  enum Form: Hashable, Sendable {
    case date(Length)
    case time(Length)
    /// Fields by their letters, with how often each is written.
    case skeleton([DateField])
  }

  let form: Form
  /// How the style is written in a pattern, behind the argument's name: `date, long`.
  package let spelling: String

  /// Whether a time of day must be known.
  var needsTime: Bool {
    switch form {
    case .date: false
    case .time: true
    case .skeleton(let fields): fields.contains { $0.isOfTime }
    }
  }

  /// Reads the style of a `date` or a `time`. Answers what is wrong with any other.
  package static func read(_ text: String, isTime: Bool) -> Result<DateStyle, NumberStyle.Fault> {
    let kind = isTime ? "time" : "date"
    let spelling = text.isEmpty ? kind : "\(kind), \(text)"
    if text.hasPrefix("::") {
      return skeleton(text.dropFirst(2)).map { DateStyle(form: .skeleton($0), spelling: spelling) }
    }
    guard let length = text.isEmpty ? .medium : Length(rawValue: text) else {
      let near = Suggestion.nearest(to: text, among: Length.allCases.map(\.rawValue))
      return .failure(
        NumberStyle.Fault(
          "'\(text)' is no style of a \(kind)" + (near.map { "; did you mean '\($0)'?" } ?? ""),
          help: "the styles are short, medium, \(isTime ? "" : "long, full ")and skeletons such as "
            + (isTime ? "'::Hm'" : "'::yMMMd'")))
    }
    if isTime, length == .full || length == .long {
      return .failure(
        NumberStyle.Fault(
          "a \(length.rawValue) time names its zone, which is not known here",
          help: "write 'medium' or 'short', and name the zone in words"))
    }
    return .success(DateStyle(form: isTime ? .time(length) : .date(length), spelling: spelling))
  }

  private static func skeleton(_ text: Substring) -> Result<[DateField], NumberStyle.Fault> {
    var fields: [DateField] = []
    for field in DateField.runs(in: text) {
      guard let field, !fields.contains(where: { $0.kind == field.kind }), field.isSkeleton else {
        return .failure(
          NumberStyle.Fault(
            "'\(text)' is no skeleton of a date that is known here",
            help: "what is known, each once: y, yy, M to MMMM, d, dd, E, EEEE, H, h, j, m, s"))
      }
      fields.append(field)
    }
    if fields.isEmpty { return .failure(NumberStyle.Fault("the skeleton is empty", help: "write '::yMMMd'")) }
    return .success(fields)
  }
}

/// One field of a pattern or a skeleton of dates: a letter, repeated.
struct DateField: Hashable, Sendable {
  var letter: Character
  var count: Int

  /// The letter that stands for all that mean the same part of a date.
  var kind: Character {
    switch letter {
    case "L": "M"
    case "c": "E"
    case "h", "H", "j": "H"
    default: letter
    }
  }

  var isOfTime: Bool { "Hms".contains(kind) }
  /// Whether it is printed in digits.
  var isNumeric: Bool { kind != "E" && (kind != "M" || count < 3) }

  fileprivate var isSkeleton: Bool {
    switch letter {
    case "y", "d", "H", "h", "j", "m", "s": count <= 2
    case "M": count <= 4
    case "E": count <= 4
    default: false
    }
  }

  /// How far the field is from another of its kind.
  func distance(to other: DateField) -> Int { abs(weight - other.weight) + (letter == other.letter ? 0 : 0x100) }

  private var weight: Int { isNumeric ? 0x100 + count : -0x100 - max(count, 3) }

  /// The runs of one letter; nil for what is no letter.
  static func runs(in text: Substring) -> [DateField?] {
    var result: [DateField?] = []
    for letter in text {
      guard letter.isASCII, letter.isLetter else {
        result.append(nil)
        continue
      }
      if let last = result.last, var field = last, field.letter == letter {
        field.count += 1
        result[result.count - 1] = field
      } else {
        result.append(DateField(letter: letter, count: 1))
      }
    }
    return result
  }
}
