/// How many columns of a fixed-width font a text takes.
///
/// Ideographs, kana, Hangul, full-width forms and emoji take two, combining marks and joiners none, anything else one,
/// as terminals and mail programs draw them. Follows the wide and full-width characters of UAX 11
/// (https://www.unicode.org/reports/tr11/); clusters are those of Swift.
enum TextWidth {
  /// The columns of a text in UTF-8.
  static func columns(of text: some Collection<UInt8>) -> Int {
    if text.allSatisfy({ $0 < 0x80 }) { return text.count }
    return String(decoding: text, as: UTF8.self).reduce(0) { $0 + columns(of: $1) }
  }

  /// The columns of one cluster.
  static func columns(of cluster: Character) -> Int {
    if cluster.isASCII { return 1 }
    let scalars = cluster.unicodeScalars
    if scalars.count > 1, isEmoji(scalars) { return 2 }
    return scalars.reduce(0) { $0 + columns(of: $1) }
  }

  /// Whether several scalars are drawn as one picture: joined, a flag, or asked to be a picture.
  private static func isEmoji(_ scalars: String.UnicodeScalarView) -> Bool {
    guard let first = scalars.first, first.properties.isEmoji else { return false }
    return scalars.dropFirst().contains { scalar in
      switch scalar.value {
      case 0xFE0F, 0x20E3, 0x1F1E6...0x1F1FF, 0x1F3FB...0x1F3FF: true
      case 0x200D: first.properties.isEmojiPresentation
      default: false
      }
    }
  }

  /// The columns of one scalar by itself.
  static func columns(of scalar: Unicode.Scalar) -> Int {
    if scalar.value < 0x300 { return scalar.value == 0xAD ? 0 : 1 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control: return 0
    default: break
    }
    if (0x1160...0x11FF).contains(scalar.value) { return 0 }
    return isWide(scalar) ? 2 : 1
  }

  /// Whether a scalar takes two columns.
  static func isWide(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case ..<0x1100: false
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF,
      0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18DFF, 0x1AFF0...0x1B2FF,
      0x1F200...0x1F265, 0x20000...0x3FFFD:
      scalar.value != 0x303F
    default: scalar.properties.isEmojiPresentation
    }
  }
}
