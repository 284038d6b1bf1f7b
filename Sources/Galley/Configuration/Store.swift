/// Where the mails of an environment are published.
package enum Store: Hashable, Sendable, CustomStringConvertible {
  /// A bucket, with the prefix that all keys have; the prefix is empty or ends with `/`.
  case bucket(name: String, prefix: String)
  /// A folder; a relative path is one below the site.
  case folder(path: String)

  /// What is wrong with the text of a store.
  enum Problem: Error {
    case scheme, bucketName, prefix, path
  }

  /// Parses `s3://bucket/prefix` or `file://path`.
  init(parsing text: String) throws(Problem) {
    if text.hasPrefix("s3://") {
      let rest = text.dropFirst(5)
      let name = String(rest.prefix { $0 != "/" })
      guard Self.isBucketName(Array(name.utf8)) else { throw .bucketName }
      var prefix = String(rest.dropFirst(name.count).drop { $0 == "/" })
      while prefix.hasSuffix("/") { prefix.removeLast() }
      guard prefix.isEmpty || Self.isPath(prefix) else { throw .prefix }
      self = .bucket(name: name, prefix: prefix.isEmpty ? "" : prefix + "/")
    } else if text.hasPrefix("file://") {
      var path = String(text.dropFirst(7))
      while path.count > 1, path.hasSuffix("/") { path.removeLast() }
      if path.hasPrefix("./") { path.removeFirst(2) }
      let isAbsolute = path.hasPrefix("/")
      guard Self.isPath(isAbsolute ? String(path.dropFirst()) : path) else { throw .path }
      self = .folder(path: path)
    } else {
      throw .scheme
    }
  }

  /// The text that `init(parsing:)` reads.
  package var description: String {
    switch self {
    case .bucket(let name, let prefix): "s3://\(name)" + (prefix.isEmpty ? "" : "/\(prefix.dropLast())")
    case .folder(let path): "file://\(path)"
    }
  }

  /// Whether what is written to one store can be seen in the other.
  func overlaps(_ other: Store) -> Bool {
    switch (self, other) {
    case (.bucket(let a, let x), .bucket(let b, let y)): a == b && (x.hasPrefix(y) || y.hasPrefix(x))
    case (.folder(let a), .folder(let b)): a == b || (a + "/").hasPrefix(b + "/") || (b + "/").hasPrefix(a + "/")
    default: false
    }
  }

  private static func isPath(_ text: String) -> Bool {
    guard (try? FilePath.segments(text, for: .inspect))?.isEmpty == false else { return false }
    return text.unicodeScalars.allSatisfy { !UTF8Scan.isForbidden($0.value) && $0.value >= 0x20 && $0 != "\\" }
  }

  /// The rules for names of general purpose buckets, as far as they can be seen in the name.
  private static func isBucketName(_ name: [UInt8]) -> Bool {
    func isAlphanumeric(_ byte: UInt8?) -> Bool {
      byte.map { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) } ?? false
    }
    guard (3...63).contains(name.count), isAlphanumeric(name.first), isAlphanumeric(name.last) else { return false }
    let isMade = name.allSatisfy { isAlphanumeric($0) || $0 == 0x2D || $0 == 0x2E }
    return isMade && !zip(name, name.dropFirst()).contains { $0 == 0x2E && $1 == 0x2E }
  }
}
