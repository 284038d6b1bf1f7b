package import GalleySource

extension DiagnosticCode {
  /// A source is not UTF-8.
  package static let notUTF8 = DiagnosticCode(
    "source/not-utf-8", summary: "a source must be UTF-8",
    explanation: """
      Galley works on bytes and sends them on as they are, so a byte that is not UTF-8 would reach every reader. \
      Latin-1 text, a cut file and a picture with the wrong name are the usual causes.
      """,
    bad: "Caf\\xE9 (one byte, Latin-1)", good: "Caf\\xC3\\xA9 (UTF-8)")
  /// A source is UTF-16 or UTF-32.
  package static let wrongEncoding = DiagnosticCode(
    "source/wrong-encoding", summary: "a source must not be UTF-16 or UTF-32",
    explanation: """
      The file starts with the byte order mark of UTF-16 or UTF-32. Some editors call this 'Unicode'. Save it as UTF-8.
      """,
    bad: "FF FE 3C 00 70 00 3E 00", good: "3C 70 3E")
  /// A source starts with a byte order mark.
  package static let byteOrderMark = DiagnosticCode(
    "source/byte-order-mark", .info, summary: "a byte order mark is left out",
    explanation: """
      UTF-8 needs no byte order mark, and in a mail it would show as a stray character in some clients. \
      Galley reads the file as if the mark were not there.
      """,
    bad: "EF BB BF 3C 70 3E", good: "3C 70 3E")
  /// A source holds a control character.
  package static let controlCharacter = DiagnosticCode(
    "source/control-character", summary: "a source must not hold control characters",
    explanation: """
      Control characters are invisible, are dropped or shown as boxes by mail clients, and can steer a terminal that \
      prints them. Tab, line feed and carriage return are the ones that text needs; no other may be used, nor code \
      points that are no characters.
      """,
    bad: "Hello\\u0007", good: "Hello")
  /// A source holds something that looks like a secret.
  package static let secret = DiagnosticCode(
    "source/secret", summary: "a source must not hold secrets",
    explanation: """
      What stands in a source can end up in a mail, a manifest or a log, and stays in the history of the repository. \
      Revoke the secret, since it has been written down, and give it to the service that needs it by other means.
      """,
    bad: "apiKey: (a live key)", good: "apiKey is read by the service from its own configuration")
  /// JSON that does not follow RFC 8259.
  package static let jsonSyntax = DiagnosticCode(
    "data/json-syntax", summary: "JSON must follow its standard",
    explanation: """
      Galley reads JSON strictly, as RFC 8259 defines it: no comments, no trailing commas, double quotes only. Other \
      programs that read the file then understand the same.
      """,
    bad: #"{"name": "Thandi",}"#, good: #"{"name": "Thandi"}"#)
  /// YAML that can't be read.
  package static let yamlSyntax = DiagnosticCode(
    "data/yaml-syntax", summary: "YAML must be well formed",
    explanation: """
      The structure of YAML is its indentation, with spaces only, and a colon with a space behind it. A text that \
      holds ': ' or ' #', or starts with a character that means something in YAML, must be quoted.
      """,
    bad: "subject: {{title}}", good: "subject: '{{title}}'")
  /// YAML that Galley leaves out on purpose.
  package static let yamlUnsupported = DiagnosticCode(
    "data/yaml-unsupported", summary: "anchors, aliases, tags, merge keys and several documents are not read",
    explanation: """
      These parts of YAML make a file that is small to look at and large to hold, or whose values are written \
      somewhere else than they appear. Configuration is easier to review without them, so Galley refuses them.
      """,
    bad: "dev: &base {region: eu-west-1}\nsit: *base", good: "dev: {region: eu-west-1}\nsit: {region: eu-west-1}")
  /// A key that a mapping has twice.
  package static let duplicateKey = DiagnosticCode(
    "data/duplicate-key", summary: "a key can be given once",
    explanation: "Of two values for one key only one can be meant. Programs differ in which one they take.",
    bad: "name: BBWS\nname: BBWS Hosting", good: "name: BBWS Hosting")
  /// Data nested too deeply.
  package static let tooDeep = DiagnosticCode(
    "data/too-deep", summary: "data can be nested 64 levels deep",
    explanation: "Nobody writes data that deep by hand; a program that does so has a fault, or wants to cause one.",
    bad: "[[[[… 65 times …]]]]", good: "[[[[… at most 64 times …]]]]")
  /// A number that programs do not agree on.
  package static let numberOutOfRange = DiagnosticCode(
    "data/number-out-of-range", summary: "a number must be one that every program reads alike",
    explanation: """
      Whole numbers over 9007199254740992 lose digits in many programs, and there is no number 1e999. Quote a value \
      that is a name made of digits, such as an account or a telephone number.
      """,
    bad: "id: 123456789012345678901", good: "id: '123456789012345678901'")
}

extension DiagnosticCode {
  /// The codes of reading texts and data.
  static let dataCodes: [DiagnosticCode] = [
    .notUTF8, .wrongEncoding, .byteOrderMark, .controlCharacter, .secret, .jsonSyntax, .yamlSyntax, .yamlUnsupported,
    .duplicateKey, .tooDeep, .numberOutOfRange,
  ]
}
