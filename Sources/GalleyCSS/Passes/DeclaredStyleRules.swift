import GalleyHTML

/// How the value of each property is read into a `DeclaredStyle`.
///
/// Only what CSS takes as valid is read: an unknown word, unit or color makes a declaration mean nothing, as it does in
/// clients.
enum DeclaredStyleRules {
  typealias Slot = DeclaredStyle.Slot
  typealias Value = DeclaredStyle.Value
  typealias Component = ValueComponents.Component

  /// How a property is read.
  enum Rule: Sendable {
    /// One size that is not negative.
    case size(Slot)
    /// One of a few words; `others` says whether sizes are valid as well.
    case word(Slot, Set<UInt64>, others: Bool)
    /// One or two lengths.
    case spacing
    case wrap
    case backgroundColor, backgroundImage, background
    /// One to four components for the sides, clockwise from the top.
    case sides([Slot], Part)
    /// One or two components for the slots.
    case pair([Slot], Part)
    /// A width, a style and a color, in any order, for the sides given.
    case border([Int])
    case all
  }

  /// What one side is made of.
  enum Part: Sendable { case margin, padding, borderWidth, borderStyle, borderColor }

  static func rule(of hash: UInt64) -> Rule? { rules[hash] }

  /// What a declaration sets; nil where it is invalid.
  static func read(
    _ rule: Rule, _ declaration: StyleSheet.Declaration, _ bytes: [UInt8]
  ) -> [(Slot, Value)]? {
    let slots = slots(rule)
    let isUncertain = !declaration.flags.isDisjoint(with: [.placeholder, .conditional])
    if isUncertain { return slots.map { ($0, .opaque) } }
    let components = ValueComponents.all(bytes, declaration.value.offsets)
    if components.isEmpty { return nil }
    if components.contains(where: isSubstituted) { return slots.map { ($0, .opaque) } }
    if components.count == 1, case .word(let word) = components[0], wideWords.contains(word) {
      return slots.map { ($0, .opaque) }
    }
    return read(rule, components, bytes)
  }

  private static func read(_ rule: Rule, _ components: [Component], _ bytes: [UInt8]) -> [(Slot, Value)]? {
    switch rule {
    case .all: return nil
    case .size(let slot): return single(components, size).map { [(slot, $0)] }
    case .word(let slot, let words, let others):
      return single(components) { component in
        if case .word(let word) = component { return words.contains(word) ? .word(word) : nil }
        return others && size(component) != nil ? .opaque : nil
      }.map { [(slot, $0)] }
    case .wrap:
      let words = components.compactMap { if case .word(let word) = $0, wrapWords.contains(word) { word } else { nil } }
      guard words.count == components.count else { return nil }
      return [(.noWrap, words.count == 1 ? .word(words[0]) : .opaque)]
    case .spacing:
      let sizes = components.compactMap { pixels($0) }
      guard sizes.count == components.count, sizes.count <= 2 else { return nil }
      return [(.borderSpacing, sizes.allSatisfy { $0 == sizes[0] } ? sizes[0] : .opaque)]
    case .backgroundColor: return single(components) { color($0, bytes) }.map { [(.backgroundColor, $0)] }
    case .backgroundImage: return image(components).map { [(.backgroundImage, $0)] }
    case .background: return background(components, bytes)
    case .sides(let slots, let part): return sides(slots, components, part, bytes)
    case .pair(let slots, let part):
      guard components.count <= 2 else { return nil }
      let values = components.compactMap { read($0, part, bytes) }
      guard values.count == components.count, let first = values.first, let last = values.last else { return nil }
      return [(slots[0], first), (slots[1], last)]
    case .border(let sides): return border(sides, components, bytes)
    }
  }

  private static func single(_ components: [Component], _ read: (Component) -> Value?) -> Value? {
    components.count == 1 ? read(components[0]) : nil
  }

  /// The slots that a property sets.
  private static func slots(_ rule: Rule) -> [Slot] {
    switch rule {
    case .size(let slot), .word(let slot, _, _): [slot]
    case .spacing: [.borderSpacing]
    case .wrap: [.noWrap]
    case .backgroundColor: [.backgroundColor]
    case .backgroundImage: [.backgroundImage]
    case .background: [.backgroundColor, .backgroundImage]
    case .sides(let slots, _), .pair(let slots, _): slots
    case .border(let sides):
      sides.flatMap { [Slot.borderWidths[$0], Slot.borderStyles[$0], Slot.borderColors[$0]] }
    case .all: Slot.allCases.filter { $0 != .direction }
    }
  }

  // MARK: - Components

  /// Whether a component is replaced by something else before its value is looked at.
  private static func isSubstituted(_ component: Component) -> Bool {
    if case .function(let name, _) = component { substitutions.contains(name) } else { false }
  }

  private static func pixels(_ component: Component) -> Value? {
    switch component {
    case .number(let value): value == 0 ? .pixels(0) : nil
    case .dimension(let value, let unit):
      if value < 0 || !units.contains(unit) { nil } else { value == 0 || unit == px ? .pixels(value) : .opaque }
    case .function(let name, _): calculations.contains(name) ? .opaque : nil
    default: nil
    }
  }

  private static func size(_ component: Component) -> Value? {
    switch component {
    case .percentage(let value): value < 0 ? nil : .percentage(value)
    case .word(let word): sizeWords.contains(word) ? .opaque : nil
    case .function(let name, _): calculations.contains(name) || name == fitContent ? .opaque : nil
    default: pixels(component)
    }
  }

  private static func color(_ component: Component, _ bytes: [UInt8]) -> Value? {
    switch component {
    case .hash(let range): ColorValue(bytes, in: range).map(Value.color)
    case .word(let word):
      if let rgb = NamedColors.rgb(ofHash: word) {
        .color(ColorValue(rgb: rgb))
      } else {
        otherColors.contains(word) ? .opaque : nil
      }
    case .function(let name, let range):
      if let color = ColorValue(bytes, in: range) { .color(color) } else { colors.contains(name) ? .opaque : nil }
    default: nil
    }
  }

  private static func read(_ component: Component, _ part: Part, _ bytes: [UInt8]) -> Value? {
    switch part {
    case .margin:
      switch component {
      case .word(let word): word == auto ? .word(word) : nil
      // Margins may be negative, and none but `auto` is of interest.
      case .dimension(_, let unit): units.contains(unit) ? .opaque : nil
      case .percentage: .opaque
      default: pixels(component)
      }
    case .padding: if case .percentage = component { size(component) } else { pixels(component) }
    case .borderWidth:
      if case .word(let word) = component { lineWidths.contains(word) ? .opaque : nil } else { pixels(component) }
    case .borderStyle:
      if case .word(let word) = component, lineStyles.contains(word) { .word(word) } else { nil }
    case .borderColor: color(component, bytes)
    }
  }

  // MARK: - Shorthands

  private static func sides(
    _ slots: [Slot], _ components: [Component], _ part: Part, _ bytes: [UInt8]
  ) -> [(Slot, Value)]? {
    let values = components.compactMap { read($0, part, bytes) }
    let limit = slots.count == 1 ? 1 : 4
    guard values.count == components.count, (1...limit).contains(values.count) else { return nil }
    let right = values.count > 1 ? values[1] : values[0]
    let sides = [
      values[0], right, values.count > 2 ? values[2] : values[0], values.count > 3 ? values[3] : right,
    ]
    // Of margins, only the horizontal ones are asked for.
    return slots.count == 2 ? [(slots[0], sides[1]), (slots[1], sides[3])] : Array(zip(slots, sides))
  }

  private static func border(
    _ sides: [Int], _ components: [Component], _ bytes: [UInt8]
  ) -> [(Slot, Value)]? {
    var width: Value?
    var style: Value?
    var color: Value?
    for component in components {
      if width == nil, let value = read(component, .borderWidth, bytes) {
        width = value
      } else if style == nil, let value = read(component, .borderStyle, bytes) {
        style = value
      } else if color == nil, let value = read(component, .borderColor, bytes) {
        color = value
      } else {
        return nil
      }
    }
    return sides.flatMap { side in
      [
        (Slot.borderWidths[side], width ?? .initial), (Slot.borderStyles[side], style ?? DeclaredStyle.word("none")),
        (Slot.borderColors[side], color ?? .initial),
      ]
    }
  }

  private static func image(_ components: [Component]) -> Value? {
    for component in components {
      switch component {
      case .url, .comma, .function: continue
      case .word(let word) where word == none: continue
      default: return nil
      }
    }
    if components.count > 1 { return .opaque }
    return switch components[0] {
    case .url(let range): .url(range)
    case .word: .initial
    default: .opaque
    }
  }

  /// Reads `background`: its last layer may have a color, and a single layer an image.
  private static func background(_ components: [Component], _ bytes: [UInt8]) -> [(Slot, Value)]? {
    var fill = Value.initial
    var image = Value.initial
    var hasLayers = false
    for component in components {
      if fill != .initial, case .comma = component { return nil }
      switch component {
      case .comma: hasLayers = true
      case .url(let range): image = image == .initial ? .url(range) : .opaque
      case .word(let word) where backgroundWords.contains(word): continue
      case .slash, .number(0), .percentage: continue
      case .dimension(_, let unit) where units.contains(unit): continue
      case .function(let name, _) where images.contains(name): image = .opaque
      case .function(let name, _) where calculations.contains(name): continue
      default:
        guard fill == .initial, let value = color(component, bytes) else { return nil }
        fill = value
      }
    }
    return [(.backgroundColor, fill), (.backgroundImage, hasLayers ? .opaque : image)]
  }

  // MARK: - Names

  private static let px = RunningHash.of("px")
  private static let auto = RunningHash.of("auto")
  private static let none = RunningHash.of("none")
  private static let fitContent = RunningHash.of("fit-content")

  private static func hashes(_ names: String) -> Set<UInt64> {
    Set(names.split(whereSeparator: \.isWhitespace).map { NameHash($0.utf8).value })
  }

  private static let wideWords = hashes("inherit initial unset revert revert-layer")
  private static let substitutions = hashes("var env attr if light-dark")
  private static let calculations = hashes("calc min max clamp round mod rem abs sign")
  private static let units = hashes(
    "px em rem ex ch ic lh rlh cap pt pc in cm mm q vw vh vmin vmax vi vb svw svh lvw lvh dvw dvh cqw cqh cqi cqb")
  private static let wrapWords = hashes(
    "normal nowrap pre pre-wrap pre-line break-spaces collapse preserve preserve-breaks wrap balance pretty stable")
  private static let sizeWords = hashes(
    "auto min-content max-content fit-content stretch -webkit-fill-available -moz-available")
  private static let otherColors = hashes(
    """
    transparent currentcolor accentcolor accentcolortext activetext buttonborder buttonface buttontext canvas
    canvastext field fieldtext graytext highlight highlighttext linktext mark marktext selecteditem selecteditemtext
    visitedtext window windowtext
    """)
  private static let colors = hashes(
    "rgb rgba hsl hsla hwb lab lch oklab oklch color color-mix color-contrast contrast-color device-cmyk")
  private static let images = hashes(
    """
    linear-gradient radial-gradient conic-gradient repeating-linear-gradient repeating-radial-gradient
    repeating-conic-gradient image-set cross-fade element image -webkit-linear-gradient -webkit-radial-gradient
    -webkit-gradient -webkit-image-set -moz-linear-gradient -o-linear-gradient
    """)
  private static let backgroundWords = hashes(
    """
    none left right top bottom center repeat repeat-x repeat-y no-repeat space round scroll fixed local auto cover
    contain border-box padding-box content-box text
    """)
  private static let lineWidths = hashes("thin medium thick")
  private static let lineStyles = hashes("none hidden dotted dashed solid double groove ridge inset outset")

  private static let rules: [UInt64: Rule] = {
    var rules: [UInt64: Rule] = [:]
    func set(_ name: String, _ rule: Rule) { rules[NameHash(name.utf8).value] = rule }
    set("width", .size(.width))
    set("height", .size(.height))
    set("text-align", .word(.textAlign, hashes("left right center justify start end match-parent"), others: false))
    let verticals = hashes("top middle bottom baseline sub super text-top text-bottom")
    set("vertical-align", .word(.verticalAlign, verticals, others: true))
    set("float", .word(.float, hashes("left right none inline-start inline-end"), others: false))
    let displays = hashes(
      """
      none block inline inline-block table inline-table table-row table-cell table-row-group table-header-group
      table-footer-group table-column table-column-group table-caption list-item flex inline-flex grid inline-grid
      contents flow-root run-in ruby
      """)
    set("display", .word(.display, displays, others: false))
    set("direction", .word(.direction, hashes("ltr rtl"), others: false))
    set("border-collapse", .word(.borderCollapse, hashes("collapse separate"), others: false))
    set("border-spacing", .spacing)
    for name in ["white-space", "text-wrap", "text-wrap-mode"] { set(name, .wrap) }
    set("background-color", .backgroundColor)
    set("background-image", .backgroundImage)
    set("background", .background)
    set("margin", .sides([.marginRight, .marginLeft], .margin))
    set("margin-left", .sides([.marginLeft], .margin))
    set("margin-right", .sides([.marginRight], .margin))
    set("margin-inline", .pair([.marginLeft, .marginRight], .margin))
    set("padding", .sides(Slot.paddings, .padding))
    set("padding-block", .pair([.paddingTop, .paddingBottom], .padding))
    set("padding-inline", .pair([.paddingLeft, .paddingRight], .padding))
    set("border-width", .sides(Slot.borderWidths, .borderWidth))
    set("border-style", .sides(Slot.borderStyles, .borderStyle))
    set("border-color", .sides(Slot.borderColors, .borderColor))
    set("border", .border([0, 1, 2, 3]))
    for (side, name) in ["top", "right", "bottom", "left"].enumerated() {
      set("padding-\(name)", .sides([Slot.paddings[side]], .padding))
      set("border-\(name)", .border([side]))
      set("border-\(name)-width", .sides([Slot.borderWidths[side]], .borderWidth))
      set("border-\(name)-style", .sides([Slot.borderStyles[side]], .borderStyle))
      set("border-\(name)-color", .sides([Slot.borderColors[side]], .borderColor))
    }
    set("all", .all)
    return rules
  }()
}
