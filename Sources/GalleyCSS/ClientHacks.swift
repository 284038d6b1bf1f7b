/// Selectors that match only in the document as a mail client rewrites it.
///
/// Such a selector finds nothing in the author's document, or something else than it is meant for; it is always kept
/// in the sheet. The names are those commonly published for targeting clients.
enum ClientHacks {
  /// Attributes that clients add.
  private static let attributes = [
    "data-ogsc", "data-ogsb", "data-ogac", "data-ogab", "owa", "office365", "data-outlook-cycle",
    "x-apple-data-detectors", "x-apple-data-detectors-type", "data-markjs",
  ]
  /// Classes that clients add.
  private static let classes = [
    "ExternalClass", "ReadMsgBody", "yshortcuts", "moz-text-html", "WordSection1", "gmail_quote", "a6S", "a5q",
  ]
  /// Those of them that stand on elements around the mail.
  private static let wrappers = [
    "ExternalClass", "ReadMsgBody", "moz-text-html", "WordSection1", "gmail_quote", "a6S", "a5q",
  ]
  /// Starts of classes that clients add.
  private static let classPrefixes = ["aolmail_", "yiv", "rcmBody"]
  /// Identifiers that clients add.
  private static let identifiers = ["outlook", "MessageViewBody", "MessageWebViewDiv", "outlookholder"]

  private static let attributeHashes = hashes(attributes)
  private static let classHashes = hashes(classes)
  private static let identifierHashes = hashes(identifiers)

  /// There are so few that comparing with each is quicker than a hashed set.
  private static func hashes(_ names: [String]) -> [UInt64] {
    names.map { name in
      var hash = RunningHash()
      for byte in name.utf8 { hash.add(byte) }
      return hash.value
    }
  }

  /// The low six bits of the first bytes of all classes and identifiers, as a set.
  private static let initials: UInt64 = {
    var set: UInt64 = 0
    for name in classes + classPrefixes + identifiers {
      for byte in name.utf8.prefix(1) { set |= 1 << UInt64(byte & 63) }
    }
    return set
  }()

  /// Whether a class or an identifier that starts with a byte may be one that clients add.
  static func mayBegin(with byte: UInt8) -> Bool { initials >> UInt64(byte & 63) & 1 == 1 }

  /// Whether a class or an identifier is of an element that the client puts around or beside the mail: none of the
  /// author's elements ever has it.
  static func isWrapper(_ hash: UInt64) -> Bool { identifierHashes.contains(hash) || wrapperHashes.contains(hash) }

  private static let wrapperHashes = hashes(wrappers)

  static func isAttribute(_ hash: UInt64) -> Bool { attributeHashes.contains(hash) }

  static func isIdentifier(_ hash: UInt64) -> Bool { identifierHashes.contains(hash) }

  static func isClass(_ hash: UInt64, name: ArraySlice<UInt8>) -> Bool {
    if classHashes.contains(hash) { return true }
    // All prefixes start with one of these letters.
    guard let first = name.first, first == 0x61 || first == 0x79 || first == 0x72 else { return false }
    return classPrefixes.contains { name.starts(with: $0.utf8) }
  }
}
