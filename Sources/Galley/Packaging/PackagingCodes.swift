package import GalleySource

extension DiagnosticCode {
  /// A key that a store or a disk would not take.
  package static let badKey = DiagnosticCode(
    "package/bad-key", summary: "a key is a relative path that ends with .html",
    explanation: """
      The key of a mail is the name that services ask for, and also a path below dist/. Its segments follow the rules \
      for names of files, none is empty or starts with '.', and it has at most 900 bytes in the longest locale, \
      so that every store and every disk takes it. The other parts of the mail take the same key with .txt and \
      .mail.json.
      """,
    bad: "key: /receipts//payment received", good: "key: receipts/payment_received.html")
  /// Two mails at one key.
  package static let keyCollision = DiagnosticCode(
    "package/key-collision", summary: "each key leads to one mail",
    explanation: """
      Keys, aliases and the keys of other locales share one space, in which case does not count, since some disks do \
      not tell 'Receipt.html' from 'receipt.html'. A key can't be a folder of another key either.
      """,
    bad: "key: receipts/receipt.html (in two templates)", good: "key: receipts/receipt.html (in one)")
}

extension DiagnosticCode {
  /// The codes of packaging.
  static let packagingCodes: [DiagnosticCode] = [.badKey, .keyCollision]
}

/// All codes that this module reports.
package let galleyCodes: [DiagnosticCode] =
  DiagnosticCode.dataCodes + DiagnosticCode.fileCodes + DiagnosticCode.configurationCodes
  + DiagnosticCode.packagingCodes
