/// What may stand in a place where a math function stands.
///
/// A math function is allowed where its plain result is not: `padding: calc(5px - 9px)` is zero, `padding: -4px` is
/// dropped; `z-index: calc(3 / 2)` is 2, `z-index: 1.5` is dropped; `margin: calc(0)` is dropped, `margin: 0` is not.
/// So the result is written only where it means the same.
struct CalcRoom {
  /// What happens to a negative result.
  enum Negative { case stands, becomesZero, isUnknown }

  /// What happens to a negative result.
  var negative: Negative
  /// Whether a number without a unit may stand there.
  var takesNumbers: Bool
  /// Whether only whole numbers may.
  var takesIntegers: Bool

  /// A place of which nothing is known; the plain result is what is asked for.
  static let anything = CalcRoom(negative: .stands, takesNumbers: true, takesIntegers: false)

  /// The arguments of a function in a value.
  init(insideOf function: UInt64) {
    self.init(
      negative: Self.signedFunctions.contains(function) ? .stands : .isUnknown, takesNumbers: true, takesIntegers: false
    )
  }

  /// The value of a property.
  init(_ property: Property) {
    let hash = property.hash
    let takesIntegers = Self.integers.contains(hash)
    negative =
      Self.signed.contains(hash) || takesIntegers
      ? .stands : Self.unsigned.contains(hash) ? .becomesZero : .isUnknown
    takesNumbers = takesIntegers || Self.numbers.contains(hash)
    self.takesIntegers = takesIntegers
  }

  private init(negative: Negative, takesNumbers: Bool, takesIntegers: Bool) {
    self.negative = negative
    self.takesNumbers = takesNumbers
    self.takesIntegers = takesIntegers
  }

  /// The quantity as it is to be written there, or nil where the function has to stay.
  func fit(_ quantity: CalcQuantity) -> CalcQuantity? {
    if quantity.unit == .number {
      guard takesNumbers else { return nil }
      if takesIntegers, quantity.value != quantity.value.rounded() { return nil }
    }
    guard quantity.value < 0, !quantity.isZero else { return quantity }
    return switch negative {
    case .stands: quantity
    case .becomesZero: CalcQuantity(0, quantity.unit)
    case .isUnknown: nil
    }
  }

  private static func hashes(_ names: String) -> Set<UInt64> {
    Set(
      names.split(whereSeparator: \.isWhitespace).map { name in
        var hash = RunningHash()
        for byte in name.utf8 { hash.add(byte) }
        return hash.value
      })
  }

  private static let integers = hashes("z-index order")
  private static let numbers = hashes(
    "line-height opacity font-weight flex flex-grow flex-shrink zoom tab-size fill-opacity stroke-opacity scale")
  private static let signed = hashes(
    """
    margin margin-top margin-right margin-bottom margin-left margin-inline margin-inline-start margin-inline-end \
    margin-block margin-block-start margin-block-end top right bottom left inset inset-inline inset-block \
    text-indent letter-spacing word-spacing vertical-align outline-offset background-position background-position-x \
    background-position-y object-position transform-origin translate rotate scale opacity text-underline-offset
    """)
  private static let unsigned = hashes(
    """
    padding padding-top padding-right padding-bottom padding-left padding-inline padding-inline-start \
    padding-inline-end padding-block padding-block-start padding-block-end width height min-width min-height \
    max-width max-height inline-size block-size font-size line-height border-width border-top-width \
    border-right-width border-bottom-width border-left-width outline-width border-radius border-top-left-radius \
    border-top-right-radius border-bottom-right-radius border-bottom-left-radius border-spacing column-width \
    column-gap row-gap gap grid-gap flex-basis flex-grow flex-shrink background-size
    """)
  private static let signedFunctions = hashes(
    """
    translate translatex translatey translatez translate3d rotate rotatex rotatey rotatez skew skewx skewy scale \
    scalex scaley scale3d matrix linear-gradient repeating-linear-gradient -webkit-linear-gradient rgb rgba hsl hsla \
    conic-gradient
    """)
}
