/// What a declaration means that is invalid at computed-value time: `unset`, in words that more clients know
/// (https://www.w3.org/TR/css-variables-1/#invalid-at-computed-value-time).
enum PropertyInheritance {
  private static let inherited: Set<UInt64> = Set(
    """
    border-collapse border-spacing caption-side color cursor direction empty-cells font font-family \
    font-feature-settings font-kerning font-language-override font-optical-sizing font-palette font-size \
    font-size-adjust font-stretch font-style font-synthesis font-variant font-variant-alternates font-variant-caps \
    font-variant-east-asian font-variant-emoji font-variant-ligatures font-variant-numeric font-variant-position \
    font-variation-settings font-weight hyphens letter-spacing line-break line-height list-style list-style-image \
    list-style-position list-style-type orphans overflow-wrap pointer-events quotes tab-size text-align \
    text-align-last text-emphasis text-emphasis-color text-emphasis-style text-indent text-shadow text-transform \
    text-underline-offset text-underline-position visibility white-space white-space-collapse widows word-break \
    word-spacing word-wrap
    """.split(whereSeparator: \.isWhitespace).map { name in
      var hash = RunningHash()
      for byte in name.utf8 { hash.add(byte) }
      return hash.value
    })

  /// `inherit` or `initial`, or `unset` for a property of which nothing is known.
  static func unset(_ property: Property) -> [UInt8] {
    if inherited.contains(property.hash) { return Array("inherit".utf8) }
    let isPlain = property.isKnown && property.index != PropertyTable.shared.all && !isMixed(property)
    return Array((isPlain ? "initial" : "unset").utf8)
  }

  /// Whether a property that is not inherited sets one that is.
  private static func isMixed(_ property: Property) -> Bool {
    let table = PropertyTable.shared
    var isMixed = false
    table.sets[Int(property.index)].forEach { if inherited.contains(table.hashes[$0]) { isMixed = true } }
    return isMixed
  }
}
