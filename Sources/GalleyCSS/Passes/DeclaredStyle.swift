/// What the declarations of one `style` attribute set, as far as HTML has attributes for it.
///
/// The last valid declaration wins, important ones over normal ones, and a shorthand resets all that it covers. What a
/// client may drop as invalid never wins; what is valid and can't be said in an attribute wins as `opaque`, and so does
/// what a placeholder stands in or a template's condition surrounds.
struct DeclaredStyle {
  /// What is set.
  enum Slot: Int, CaseIterable {
    case width, height, textAlign, verticalAlign, float, display, direction, borderCollapse, borderSpacing, noWrap
    case backgroundColor, backgroundImage, marginLeft, marginRight
    case paddingTop, paddingRight, paddingBottom, paddingLeft
    case borderTopWidth, borderRightWidth, borderBottomWidth, borderLeftWidth
    case borderTopStyle, borderRightStyle, borderBottomStyle, borderLeftStyle
    case borderTopColor, borderRightColor, borderBottomColor, borderLeftColor

    static let paddings: [Slot] = [.paddingTop, .paddingRight, .paddingBottom, .paddingLeft]
    static let borderWidths: [Slot] = [.borderTopWidth, .borderRightWidth, .borderBottomWidth, .borderLeftWidth]
    static let borderStyles: [Slot] = [.borderTopStyle, .borderRightStyle, .borderBottomStyle, .borderLeftStyle]
    static let borderColors: [Slot] = [.borderTopColor, .borderRightColor, .borderBottomColor, .borderLeftColor]
  }

  /// What it is set to.
  enum Value: Equatable {
    /// Nothing sets it.
    case unset
    /// It is set to something that no attribute says.
    case opaque
    /// It is the initial value, which a shorthand that doesn't name it gives it.
    case initial
    /// A word, by its hash.
    case word(UInt64)
    case pixels(Double)
    case percentage(Double)
    case color(ColorValue)
    /// An address, by its bytes in the text.
    case url(Range<Int>)
  }

  /// The name of a word as a value.
  static func word(_ name: StaticString) -> Value { .word(RunningHash.of(name)) }

  private var values: [Value] = Array(repeating: .unset, count: Slot.allCases.count)
  /// The declaration that sets `display`, by its position.
  private(set) var displayDeclaration: Int?
  /// Whether anything says `mso-hide`.
  private(set) var hasHide = false

  subscript(slot: Slot) -> Value { values[slot.rawValue] }

  /// Reads declarations in a text.
  init(_ declarations: [StyleSheet.Declaration], in bytes: [UInt8]) {
    for isImportant in [false, true] {
      for (index, declaration) in declarations.enumerated() where declaration.isImportant == isImportant {
        let hash = declaration.property.hash
        if hash == Self.hide { hasHide = true }
        guard !declaration.property.isCustom, let rule = DeclaredStyleRules.rule(of: hash) else { continue }
        guard let update = DeclaredStyleRules.read(rule, declaration, bytes) else { continue }
        for (slot, value) in update { values[slot.rawValue] = value }
        if update.contains(where: { $0.0 == .display }) { displayDeclaration = index }
      }
    }
  }

  private static let hide = RunningHash.of("mso-hide")
}
