/// What names may look like, and how to say why one does not.
///
/// Names of variables, fields and helpers are ASCII: a letter that only looks like another one must not make a second
/// name.
package enum NameRules {
  /// Whether `name` can name a variable, a parameter or a field: letters, digits and `_`, not beginning with a digit.
  package static func isDeclarable(_ name: String) -> Bool {
    guard let first = name.utf8.first, TemplateByte.isLetter(first) || first == UInt8(ascii: "_") else { return false }
    return name.utf8.count <= 100
      && name.utf8.allSatisfy {
        TemplateByte.isLetter($0) || TemplateByte.isDigit($0) || $0 == UInt8(ascii: "_")
      }
  }

  /// Whether `name` can be written in a path without brackets.
  static func isPlain(_ name: String) -> Bool {
    guard let first = name.utf8.first, !TemplateByte.isDigit(first), first != UInt8(ascii: "-") else { return false }
    return name.utf8.allSatisfy { $0 < 0x80 }
  }

  /// What is wrong with a name, for a headline, and what to write instead, if that is clear.
  static func fault(in name: String) -> (message: String, replacement: String?) {
    var plain = ""
    var first: Unicode.Scalar?
    var isClear = true
    for scalar in name.unicodeScalars {
      if scalar.isASCII {
        plain.unicodeScalars.append(scalar)
        continue
      }
      first = first ?? scalar
      if isInvisible(scalar) { continue }
      if let twin = twins[scalar] { plain.append(twin) } else { isClear = false }
    }
    guard let first else { return ("'\(name)' cannot be a name", nil) }
    let replacement = isClear && isPlain(plain) ? plain : nil
    let code = codePoint(first)
    if isInvisible(first) { return ("'\(plain)' holds an invisible character (\(code))", replacement) }
    if first.properties.isWhitespace { return ("a special space (\(code)) stands in the tag", nil) }
    if let twin = twins[first] {
      return ("'\(name)' holds \(code), a letter that only looks like '\(twin)'", replacement)
    }
    return ("'\(name)' holds '\(first)' (\(code)), which cannot be part of a name", nil)
  }

  /// The name with letters that look like ASCII replaced by it and invisible characters left out.
  static func skeleton(_ name: String) -> String {
    var plain = ""
    for scalar in name.unicodeScalars where !isInvisible(scalar) {
      if let twin = twins[scalar] { plain.append(twin) } else { plain.unicodeScalars.append(scalar) }
    }
    return plain
  }

  static func codePoint(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isDefaultIgnorableCodePoint || scalar.properties.generalCategory == .format
  }

  /// Cyrillic and Greek letters that look like ASCII ones.
  private static let twins: [Unicode.Scalar: Swift.Character] = [
    "а": "a", "е": "e", "о": "o", "р": "p", "с": "c", "х": "x", "у": "y", "і": "i", "ј": "j", "ѕ": "s", "ԁ": "d",
    "һ": "h", "ӏ": "l", "ո": "n", "А": "A", "В": "B", "Е": "E", "К": "K", "М": "M", "Н": "H", "О": "O", "Р": "P",
    "С": "C", "Т": "T", "Х": "X", "У": "Y", "І": "I", "Ј": "J", "Ѕ": "S", "α": "a", "ο": "o", "ν": "v", "ρ": "p",
    "ι": "i", "κ": "k", "υ": "u", "Α": "A", "Β": "B", "Ε": "E", "Ζ": "Z", "Η": "H", "Ι": "I", "Κ": "K", "Μ": "M",
    "Ν": "N", "Ο": "O", "Ρ": "P", "Τ": "T", "Υ": "Y", "Χ": "X",
  ]
}

/// What the names of partials may look like: paths below the folder of partials, never out of it.
enum PartialName {
  /// Why a name can't be one, as the end of a headline, or nil if it can.
  static func fault(in name: [UInt8]) -> (message: String, help: String)? {
    let help = "write the path below 'partials/' without '.html', such as 'blocks/button'"
    if name.isEmpty { return ("has no name", help) }
    if name.count > 200 { return ("is longer than 200 bytes", help) }
    if name.contains(0) { return ("holds a NUL character", help) }
    if name.contains(TemplateByte.backslash) { return ("holds a backslash", "write '/' between folders") }
    if name.contains(UInt8(ascii: "%")) { return ("is percent-encoded", help) }
    if name.first == UInt8(ascii: "/") { return ("begins with '/'", help) }
    if name.contains(UInt8(ascii: ":")) { return ("looks like a URL or a drive", help) }
    for part in name.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
      if part.isEmpty { return ("has an empty folder name", help) }
      if part.elementsEqual("..".utf8) { return ("leads out of its folder", help) }
      if part.elementsEqual(".".utf8) { return ("holds the folder '.'", help) }
    }
    let isPlain = name.allSatisfy {
      TemplateByte.isLetter($0) || TemplateByte.isDigit($0) || "_-./".utf8.contains($0)
    }
    return isPlain ? nil : ("holds a character that no partial's name may have", help)
  }
}
