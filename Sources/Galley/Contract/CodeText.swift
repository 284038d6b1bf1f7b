/// Texts of authors within the source of a program: nothing in them can end the place they stand in.
enum CodeText {
  /// A string literal that Python, TypeScript and JSON read alike; only ASCII that can be seen, and letters, stand as
  /// they are.
  static func literal(_ text: String) -> String {
    quoted(text) { scalar in
      var result = ""
      for unit in String(scalar).utf16 { result += "\\u" + hexadecimal(UInt32(unit), digits: 4) }
      return result
    }
  }

  /// A string literal of Python, which writes what is beyond the Basic Multilingual Plane in its own way.
  static func pythonLiteral(_ text: String) -> String {
    quoted(text) { scalar in
      scalar.value > 0xFFFF
        ? "\\U" + hexadecimal(scalar.value, digits: 8) : "\\u" + hexadecimal(scalar.value, digits: 4)
    }
  }

  /// A string literal of Swift.
  static func swiftLiteral(_ text: String) -> String {
    quoted(text) { "\\u{" + hexadecimal($0.value, digits: 1) + "}" }
  }

  private static func quoted(_ text: String, escape: (Unicode.Scalar) -> String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": result += "\\" + String(scalar)
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      default: if isHarmless(scalar) { result.unicodeScalars.append(scalar) } else { result += escape(scalar) }
      }
    }
    return result + "\""
  }

  /// The words of a text, without characters that can't be seen or that turn the direction of others.
  static func words(_ text: String) -> [String] {
    var words: [String] = []
    var word = ""
    for scalar in text.unicodeScalars {
      if scalar.properties.isWhitespace {
        if !word.isEmpty { words.append(word) }
        word = ""
      } else if isHarmless(scalar) {
        word.unicodeScalars.append(scalar)
      }
    }
    return word.isEmpty ? words : words + [word]
  }

  /// A text on one line.
  static func line(_ text: String) -> String { words(text).joined(separator: " ") }

  /// A text in lines of at most `width` characters, as far as its words allow.
  static func lines(_ text: String, width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in words(text) {
      if !line.isEmpty, line.count + 1 + word.count > width {
        lines.append(line)
        line = word
      } else {
        line += line.isEmpty ? word : " " + word
      }
    }
    return line.isEmpty ? lines : lines + [line]
  }

  /// A documentation comment of TypeScript, which no text in it ends.
  static func blockComment(_ paragraphs: [String], indent: String) -> String {
    // What can't be seen goes first, so that nothing becomes an end by losing its middle.
    let safe = paragraphs.map { line($0).replacing("*/", with: "*\\/") }
    let lines = safe.flatMap { Self.lines($0, width: 110 - indent.utf8.count) }
    if lines.isEmpty { return "" }
    if lines.count == 1 { return "\(indent)/** \(lines[0]) */\n" }
    return "\(indent)/**\n" + lines.map { "\(indent) * \($0)\n" }.joined() + "\(indent) */\n"
  }

  /// A documentation comment of Swift.
  static func lineComment(_ paragraphs: [String], indent: String) -> String {
    let blocks = paragraphs.map { Self.lines($0, width: 112 - indent.utf8.count) }.filter { !$0.isEmpty }
    return blocks.map { $0.map { "\(indent)/// \($0)\n" }.joined() }.joined(separator: "\(indent)///\n")
  }

  /// A documentation string of Python.
  static func docString(_ paragraphs: [String], indent: String) -> String {
    let blocks = paragraphs.map { Self.lines(docStringText($0), width: 110 - indent.utf8.count) }.filter { !$0.isEmpty }
    if blocks.isEmpty { return "" }
    let lines = blocks.map { $0.joined(separator: "\n\(indent)") }.joined(separator: "\n\n\(indent)")
    let isLong = lines.contains("\n")
    return "\(indent)\"\"\"\(lines)\(isLong ? "\n\(indent)" : "")\"\"\"\n"
  }

  /// A text within a documentation string: a quotation mark is escaped where it could be one of three.
  private static func docStringText(_ text: String) -> String {
    var result = ""
    var isMarkBefore = false
    for character in line(text).replacing("\\", with: "\\\\") {
      if character == "\"", isMarkBefore { result += "\\" }
      isMarkBefore = character == "\""
      result.append(character)
    }
    return isMarkBefore ? result.dropLast() + "\\\"" : result
  }

  /// Whether a character can stand in the source of a program as it is.
  static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: false
    case .spaceSeparator: scalar == " "
    default: true
    }
  }

  private static func hexadecimal(_ value: UInt32, digits: Int) -> String {
    let text = String(value, radix: 16)
    return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
  }
}
