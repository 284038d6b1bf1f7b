/// Words of a name or a text, from which identifiers are put together.
enum IdentifierWords {
  /// The words: runs of ASCII letters and digits, parted at humps (`orderId`, `HTMLPart`).
  ///
  /// Letters beyond ASCII are left out: languages disagree about them, and some look alike.
  static func words(of text: String) -> [String] {
    var words: [[UInt8]] = []
    var word: [UInt8] = []
    let bytes = Array(text.utf8)
    for (index, byte) in bytes.enumerated() {
      guard isLetter(byte) || isDigit(byte) else {
        if !word.isEmpty { words.append(word) }
        word = []
        continue
      }
      let next = index + 1 < bytes.count ? bytes[index + 1] : 0
      if let last = word.last, isUpper(byte), !isUpper(last) || isLower(next) {
        words.append(word)
        word = []
      }
      word.append(byte)
    }
    if !word.isEmpty { words.append(word) }
    return words.map { String(decoding: $0, as: UTF8.self) }
  }

  /// `order_id`.
  static func snake(_ text: String) -> String { words(of: text).map { $0.lowercased() }.joined(separator: "_") }

  /// `OrderId`; words in capitals stay so.
  static func upperCamel(_ text: String) -> String {
    words(of: text).map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
  }

  /// `pendingPayment`, of `PENDING_PAYMENT` as well.
  static func lowerCamel(_ text: String) -> String {
    let words = words(of: text).map { $0.lowercased() }
    return (words.first ?? "") + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
  }

  /// Whether a text is an identifier of ASCII in every language that contracts are written in.
  static func isIdentifier(_ text: String) -> Bool {
    guard let first = text.utf8.first, isLetter(first) || first == UInt8(ascii: "_") else { return false }
    return text.utf8.allSatisfy { isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "_") }
      && !text.utf8.allSatisfy { $0 == UInt8(ascii: "_") }
  }

  private static func isUpper(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) }
  private static func isLower(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) }
  private static func isLetter(_ byte: UInt8) -> Bool { isUpper(byte) || isLower(byte) }
  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}

/// The names of one scope, each given once.
struct NameScope {
  private var taken: Set<String>

  /// Makes a scope in which some names can't be given.
  init(reserved: Set<String> = []) { taken = reserved }

  /// Whether a name can't be given any more.
  func holds(_ name: String) -> Bool { taken.contains(name) }

  /// Gives the wished name, or one made of it that is free: with the suffix, then with a number.
  ///
  /// What can't begin an identifier gets `fallback` in front; where nothing was wished, it gets a number.
  mutating func claim(
    _ wish: String, suffix: String, fallback: String, besides outer: NameScope = NameScope()
  ) -> String {
    let isDigitFirst = wish.utf8.first.map { (0x30...0x39).contains($0) } ?? false
    let stem = wish.isEmpty || isDigitFirst ? fallback + wish : wish
    var name = wish.isEmpty ? stem + "1" : stem
    var number = 1
    while taken.contains(name) || outer.holds(name) {
      number += 1
      let end = wish.isEmpty ? "" : suffix
      name = stem + end + (number == 2 && !wish.isEmpty ? "" : String(number))
    }
    taken.insert(name)
    return name
  }
}
