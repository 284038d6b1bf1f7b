import GalleySource

/// The one fault that ends the reading of a data file.
struct DataFault: Error {
  let diagnostic: Diagnostic

  init(
    _ code: DiagnosticCode, _ message: String, at range: SourceRange, label: String? = nil,
    notes: [Diagnostic.Note] = [], help: [String] = [], fixes: [FixIt] = []
  ) {
    diagnostic = Diagnostic(code, message, at: range, label: label, notes: notes, help: help, fixes: fixes)
  }
}

/// What the readers of YAML and JSON have in common.
enum DataRules {
  /// How deep lists and mappings may be nested.
  static let depthLimit = 64
  /// How many complaints a file can have.
  static let reportLimit = 200

  /// The fault of nesting beyond the limit.
  static func tooDeep(at range: SourceRange) -> DataFault {
    DataFault(
      .tooDeep, "the data is nested more than \(depthLimit) levels deep", at: range, help: ["flatten the data"])
  }

  /// The complaint about a key that was there before.
  static func duplicate(_ key: String, at range: SourceRange, first: SourceRange) -> Diagnostic {
    Diagnostic(
      .duplicateKey, "'\(excerpt(key))' is given twice", at: range, label: "given again",
      notes: [.init("given first here", at: first)], help: ["remove one of the two"])
  }

  /// The complaint about a number in JSON spelling that is too large, or nil.
  static func outOfRange(_ spelling: String, at range: SourceRange) -> Diagnostic? {
    let isInteger = spelling.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2D || $0 == 0x2B }
    let isGood =
      isInteger ? Int(spelling).map { $0.magnitude <= 1 << 53 } ?? false : Double(spelling)?.isFinite ?? false
    if isGood { return nil }
    let what = isInteger ? "is a larger number than programs agree on" : "is too large for a number"
    return Diagnostic(
      .numberOutOfRange, "'\(excerpt(spelling))' \(what)", at: range,
      help: ["quote it if it is a name made of digits"])
  }

  /// The beginning of an author's text, fit for one line of a message.
  static func excerpt(_ text: String) -> String {
    let visible = Printable.text(text)
    return visible.utf8.count <= 60 ? visible : String(visible.prefix(40)) + "…"
  }
}

/// Text made fit for a message and a terminal.
package enum Printable {
  /// The text with control characters, bidirectional controls and line ends escaped.
  package static func text(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isHidden) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where isHidden(scalar): result += "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// A name given in bytes, with what is not UTF-8 escaped too.
  package static func name(_ bytes: some Collection<UInt8>) -> String {
    if let text = String(validating: bytes, as: UTF8.self) { return Printable.text(text) }
    return bytes.map { (0x20...0x7E).contains($0) ? String(UnicodeScalar($0)) : "\\x" + hexadecimal($0) }.joined()
  }

  private static func hexadecimal(_ byte: UInt8) -> String { SourceText.hex(UInt32(byte), digits: 2) }

  private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    UTF8Scan.isForbidden(scalar.value) || scalar.value < 0x20 || (0x200B...0x200F).contains(scalar.value)
      || (0x2028...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value) || scalar.value == 0xFEFF
  }
}
