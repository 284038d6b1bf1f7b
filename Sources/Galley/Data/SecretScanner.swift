package import GalleySource

/// Finds what looks like a secret in a source.
///
/// Only shapes that nothing else has: private keys, access keys of well known services. One pass over the bytes.
package enum SecretScanner {
  private struct Shape {
    let prefix: [UInt8]
    let name: String
    /// How many letters, digits, `_` or `-` must follow.
    let tail: Int

    init(_ prefix: String, _ name: String, tail: Int) {
      self.prefix = Array(prefix.utf8)
      self.name = name
      self.tail = tail
    }
  }

  private static let shapes = [
    Shape("AKIA", "an AWS access key", tail: 16), Shape("ASIA", "an AWS access key", tail: 16),
    Shape("ghp_", "a GitHub token", tail: 36), Shape("ghs_", "a GitHub token", tail: 36),
    Shape("github_pat_", "a GitHub token", tail: 22), Shape("sk_live_", "a payment key", tail: 16),
    Shape("xoxb-", "a Slack token", tail: 20), Shape("xoxp-", "a Slack token", tail: 20),
    Shape("SG.", "a SendGrid key", tail: 22),
  ]

  /// The findings in a range of the bytes of a source.
  package static func scan(_ bytes: [UInt8], _ range: Range<Int>? = nil, source: SourceID) -> [Diagnostic] {
    let range = (range ?? bytes.indices).clamped(to: bytes.indices)
    var findings: [Diagnostic] = []
    var index = range.lowerBound
    while index < range.upperBound {
      guard let (end, name) = secret(in: bytes, at: index, before: range.upperBound) else {
        index += 1
        continue
      }
      findings.append(
        Diagnostic(
          .secret, "this looks like \(name)", at: SourceRange(source, index, end),
          help: ["revoke it and take it out of the sources"]))
      index = end
    }
    return findings
  }

  private static func secret(in bytes: [UInt8], at start: Int, before end: Int) -> (end: Int, name: String)? {
    switch bytes[start] {
    case UInt8(ascii: "-"):
      return privateKey(in: bytes, at: start, before: end).map { ($0, "a private key") }
    case UInt8(ascii: "A"), UInt8(ascii: "S"), UInt8(ascii: "g"), UInt8(ascii: "s"), UInt8(ascii: "x"):
      if start > 0, isWord(bytes[start - 1]) { return nil }
      for shape in shapes where bytes[start..<end].starts(with: shape.prefix) {
        var index = start + shape.prefix.count
        let tail = index
        while index < end, index - tail < 256, isWord(bytes[index]) { index += 1 }
        if index - tail >= shape.tail { return (index, shape.name) }
      }
      return nil
    default: return nil
    }
  }

  /// The end of the first line of a private key in PEM form that starts here.
  private static func privateKey(in bytes: [UInt8], at start: Int, before end: Int) -> Int? {
    let line = bytes[start..<min(end, start + 64)]
    guard line.starts(with: "-----BEGIN ".utf8) else { return nil }
    let marker = Array("PRIVATE KEY-----".utf8)
    var index = start + 11
    while index + marker.count <= line.endIndex {
      if bytes[index...].starts(with: marker) { return index + marker.count }
      index += 1
    }
    return nil
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"), UInt8(ascii: "-"): true
    default: false
    }
  }
}
