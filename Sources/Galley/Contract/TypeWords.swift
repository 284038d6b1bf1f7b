import GalleyTemplate

extension ValueType {
  /// What data must hold for the type, in words for whoever supplies them; nil where the name of the type says it.
  var instruction: String? {
    switch self {
    case .decimal: "a number, or a text that you have formatted"
    case .money(let currency):
      "an amount\(currency.map { " in \($0)" } ?? ""), as text that you have formatted for the reader"
    case .date: "a date, as text that you have formatted for the reader"
    case .datetime: "a date with a time, as text that you have formatted for the reader"
    case .url: "a whole address without spaces, of the scheme http, https, mailto, tel, sms or cid"
    case .urlPart: "a piece of an address, not encoded unless your duties say so"
    case .email: "an address of mail, without a name"
    case .color: "'#rrggbb', '#rgb' or the name of a color"
    case .html: "markup that you trust: it is printed as it is"
    case .string, .integer, .boolean, .enumeration, .list, .record, .invalid: nil
    }
  }

  /// The type of what lists of lists of it hold, and how many lists there are around it.
  var unlisted: (type: ValueType, depth: Int) {
    var type = self
    var depth = 0
    while case .list(let element) = type {
      type = element
      depth += 1
    }
    return (type, depth)
  }
}

extension TemplateContract.Duty {
  /// What is to be done, as an order.
  var order: String {
    switch escaping {
    case .html: "escape for HTML: & < > \" '"
    case .url: "escape for HTML: & < > \" '; the scheme must be one that is allowed"
    case .urlPart: "percent-encode all but letters, digits and - . _ ~ /"
    case .address: "percent-encode all but letters, digits and - . _ ~ / @"
    case .line: "turn line ends into spaces"
    case .none: "nothing"
    }
  }
}

extension Declaration {
  /// What a comment says of a variable: its description, what data must hold, default and example.
  var remarks: [String] {
    var remarks: [String] = []
    if let description { remarks.append(Self.sentence(description)) }
    if let instruction = type.unlisted.type.instruction { remarks.append(Self.sentence(instruction)) }
    if let defaultValue { remarks.append("Where it is missing the mail has \(Self.shown(defaultValue)).") }
    if let example { remarks.append("Example: \(Self.shown(example)).") }
    return remarks
  }

  /// A value in one line of JSON.
  static func shown(_ value: Value) -> String {
    String(decoding: JSONWriter.write(JSONValue(value), .compact).dropLast(), as: UTF8.self)
  }

  private static func sentence(_ text: String) -> String {
    let line = CodeText.line(text)
    let capital = line.prefix(1).uppercased() + line.dropFirst()
    return capital.last.map { ".!?".contains($0) } ?? true ? capital : capital + "."
  }
}
