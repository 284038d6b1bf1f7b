/// The hashes of names that are asked for on every element, as numbers that need no reckoning at run time.
///
/// A test compares each with `RunningHash.of`.
package enum KnownName {
  static let body: UInt64 = 0xcd4d_e79b_c6c9_3295
  static let frameset: UInt64 = 0x3563_7307_b906_f07e
  static let head: UInt64 = 0x0a8f_12cc_5f9a_0c03
  static let html: UInt64 = 0x888b_b1cc_15ef_7930
  static let noscript: UInt64 = 0xf521_efd0_12d6_d3d1
  static let row: UInt64 = 0x08c8_3e07_b56a_c923
  static let style: UInt64 = 0xbf72_82ad_bc70_13f6
  static let table: UInt64 = 0x7720_3729_b376_a83f
  static let tableBody: UInt64 = 0xe1cb_381f_1f50_1fab
  static let template: UInt64 = 0x3360_9a5e_9eb9_2f4b

  /// All of them, by what they are hashes of.
  package static let all: [(name: StaticString, hash: UInt64)] = [
    ("body", body), ("frameset", frameset), ("head", head), ("html", html), ("noscript", noscript), ("tr", row),
    ("style", style),
    ("table", table), ("tbody", tableBody), ("template", template),
  ]
}

/// A few names, by their hashes, most of which are asked for in vain.
struct NameSet: Sendable {
  private let hashes: [UInt64]
  private let marks: UInt64

  /// Makes a set of hashes.
  init(_ hashes: [UInt64]) {
    self.hashes = hashes
    marks = hashes.reduce(0) { $0 | NameMarks.mark($1) }
  }

  /// Whether a hash is in the set.
  @inline(__always) func contains(_ hash: UInt64) -> Bool {
    marks & NameMarks.mark(hash) != 0 && hashes.contains(hash)
  }
}
