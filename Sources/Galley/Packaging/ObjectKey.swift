/// One of the objects that a mail is stored as.
package enum MailPart: String, Hashable, Sendable, CaseIterable {
  case html, text
  /// The envelope: subject, preheader, sender, the keys of the other parts.
  case mail

  /// What stands in the place of `.html` in the key.
  package var suffix: String {
    switch self {
    case .html: ".html"
    case .text: ".txt"
    case .mail: ".mail.json"
    }
  }

  /// The content type that the object is stored with.
  package var contentType: String {
    switch self {
    case .html: "text/html; charset=utf-8"
    case .text: "text/plain; charset=utf-8"
    case .mail: "application/json"
    }
  }
}

/// The rules for keys.
package enum ObjectKey {
  /// How long a service may keep an object: five minutes, so that a release is everywhere soon after it is made.
  package static let cacheControl = "max-age=300"

  /// The key of a part, from the key of the HTML part.
  package static func key(_ key: String, for part: MailPart) -> String {
    part == .html ? key : String(key.dropLast(MailPart.html.suffix.count)) + part.suffix
  }

  /// What is wrong with the key of an HTML part, as it reads behind "a key"; nil if nothing is.
  static func problem(_ key: String, limits: FileLimits = .standard) -> String? {
    if key.hasPrefix("/") { return "does not start with '/'" }
    guard key.hasSuffix(MailPart.html.suffix) else { return "ends with '.html'" }
    // The longest suffix must fit as well.
    let longest = key.utf8.count + MailPart.mail.suffix.utf8.count - MailPart.html.suffix.utf8.count
    if longest > limits.bytesPerPath { return "has at most \(limits.bytesPerPath) bytes" }
    for segment in key.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
      if segment.isEmpty { return "has no empty segment" }
      if segment.first == UInt8(ascii: ".") { return "has no segment that starts with '.'" }
      if let problem = FileName.problem(Array(segment), limits: limits) {
        return "has no segment that \(problem)"
      }
    }
    return nil
  }
}
