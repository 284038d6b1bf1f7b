/// A URL to which relative references are resolved.
///
/// Only what a mail can load from or lead to counts: `http` or `https` with a host. Follows RFC 3986, section 5.2
/// (https://www.rfc-editor.org/rfc/rfc3986#section-5.2), on bytes: nothing is decoded, encoded or normalized but the
/// segments `.` and `..` of a path that had to be put together.
public struct BaseURL: Sendable, Hashable {
  /// Scheme and host: `https://example.com:8080`.
  let origin: [UInt8]
  /// The path, which starts with `/`.
  let path: [UInt8]
  /// The query with its `?`, or nothing.
  let query: [UInt8]

  /// Makes a base of a URL; nil unless it is `http` or `https`, has a host and holds no byte that CSS or HTML would
  /// misread.
  public init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.allSatisfy({ $0 > 0x20 && $0 != 0x7F && !Self.unsafe.contains($0) }) else { return nil }
    let parts = URLParts(bytes, 0..<bytes.count)
    guard parts.isWeb, !parts.host.isEmpty else { return nil }
    origin = Array(bytes[..<parts.path.lowerBound])
    path = parts.path.isEmpty ? [0x2F] : Self.withoutDots(bytes[parts.path])
    query = Array(bytes[parts.query])
  }

  /// Whether a text is the name of a host alone, without scheme, port and path.
  package static func isHost(_ text: String) -> Bool {
    let bytes = Array("https://\(text)".utf8)
    guard let base = BaseURL("https://\(text)"), base.origin == bytes else { return false }
    let parts = URLParts(bytes, 0..<bytes.count)
    return bytes[parts.host].elementsEqual(text.utf8)
  }

  private static let unsafe = Array("\"'<>()\\`{}&;".utf8)

  /// What a relative reference lacks, or what takes the place of its path; nil if the reference is none.
  ///
  /// The reference's query and fragment stay behind it.
  func resolve(_ bytes: [UInt8], _ parts: URLParts) -> Resolution? {
    guard parts.scheme.isEmpty, parts.authority.isEmpty, parts.isReference else { return nil }
    let own = bytes[parts.path]
    // A reference that is nothing but a query keeps the whole path.
    if own.isEmpty { return parts.query.isEmpty ? nil : .prefix(origin + path) }
    let folder = own.first == 0x2F ? [] : path[...(path.lastIndex(of: 0x2F) ?? 0)]
    if Self.hasDots(own) { return .path(origin + Self.withoutDots(folder + own)) }
    return .prefix(origin + folder)
  }

  /// What has to be done to a relative reference.
  enum Resolution {
    /// This goes before it.
    case prefix([UInt8])
    /// This takes the place of its path.
    case path([UInt8])

    /// The new bytes.
    var bytes: [UInt8] {
      switch self {
      case .prefix(let bytes), .path(let bytes): bytes
      }
    }
  }

  private static func hasDots(_ path: ArraySlice<UInt8>) -> Bool {
    path.split(separator: 0x2F).contains { $0.count < 3 && $0.allSatisfy { $0 == 0x2E } }
  }

  /// The path without the segments `.` and `..` (RFC 3986, section 5.2.4); it starts with `/`.
  static func withoutDots(_ path: ArraySlice<UInt8>) -> [UInt8] {
    var segments: [ArraySlice<UInt8>] = []
    let all = path.split(separator: 0x2F, omittingEmptySubsequences: false).dropFirst()
    for (index, segment) in all.enumerated() {
      let isLast = index == all.count - 1
      switch segment.count {
      case 1 where segment.first == 0x2E:
        if isLast { segments.append([]) }
      case 2 where segment.allSatisfy({ $0 == 0x2E }):
        if !segments.isEmpty { segments.removeLast() }
        if isLast { segments.append([]) }
      default: segments.append(segment)
      }
    }
    var result: [UInt8] = []
    for segment in segments {
      result.append(0x2F)
      result += segment
    }
    return result.isEmpty ? [0x2F] : result
  }
}

/// The parts of a URL or of a reference, as ranges of its bytes (RFC 3986, appendix B).
struct URLParts {
  /// The scheme without its colon; empty where there is none.
  private(set) var scheme: Range<Int>
  /// The authority with its slashes; empty where there is none.
  private(set) var authority: Range<Int>
  /// The host without user and port.
  private(set) var host: Range<Int>
  /// The path.
  private(set) var path: Range<Int>
  /// The query with its `?`; empty where there is none.
  private(set) var query: Range<Int>
  /// The fragment with its `#`; empty where there is none.
  private(set) var fragment: Range<Int>
  /// Whether the scheme is `http` or `https` and an authority follows it.
  private(set) var isWeb = false
  /// Whether it starts as a reference may: with no control and no `\`, which browsers read in ways of their own.
  private(set) var isReference: Bool

  /// Cuts the given bytes.
  init(_ bytes: [UInt8], _ range: Range<Int>) {
    var index = range.lowerBound
    let schemeEnd = Self.schemeEnd(bytes, range)
    scheme = index..<(schemeEnd ?? index)
    if let schemeEnd { index = schemeEnd + 1 }
    let fragmentStart = bytes[index..<range.upperBound].firstIndex(of: 0x23) ?? range.upperBound
    let queryStart = bytes[index..<fragmentStart].firstIndex(of: 0x3F) ?? fragmentStart
    fragment = fragmentStart..<range.upperBound
    query = queryStart..<fragmentStart
    let hasAuthority = queryStart - index >= 2 && bytes[index] == 0x2F && bytes[index + 1] == 0x2F
    let authorityEnd = hasAuthority ? bytes[(index + 2)..<queryStart].firstIndex(of: 0x2F) ?? queryStart : index
    authority = index..<authorityEnd
    path = authorityEnd..<queryStart
    host = hasAuthority ? Self.host(bytes, index + 2..<authorityEnd) : index..<index
    isReference = bytes[path].allSatisfy { $0 >= 0x20 && $0 != 0x5C && $0 != 0x7F }
    let name = bytes[scheme].map(\.lowercasedASCII)
    isWeb = hasAuthority && (name.elementsEqual("http".utf8) || name.elementsEqual("https".utf8))
  }

  private static func schemeEnd(_ bytes: [UInt8], _ range: Range<Int>) -> Int? {
    guard !range.isEmpty, bytes[range.lowerBound].isLetter else { return nil }
    let end = bytes[range].firstIndex { !($0.isLetter || $0.isDigit || $0 == 0x2B || $0 == 0x2D || $0 == 0x2E) }
    guard let end, bytes[end] == 0x3A else { return nil }
    return end
  }

  private static func host(_ bytes: [UInt8], _ authority: Range<Int>) -> Range<Int> {
    let start = bytes[authority].lastIndex(of: 0x40).map { $0 + 1 } ?? authority.lowerBound
    // The colons of an IPv6 address stand in brackets.
    let bracket = bytes[start..<authority.upperBound].lastIndex(of: 0x5D) ?? start
    let end = bytes[bracket..<authority.upperBound].firstIndex(of: 0x3A) ?? authority.upperBound
    return start..<end
  }
}
