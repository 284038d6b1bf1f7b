import GalleyHTML

/// The attributes of HTML that say what a style says, and what each is made of.
enum MirroredAttribute {
  case width, height, cellHeight
  case textAlign, tableAlign, floatAlign, verticalAlign
  case backgroundColor, backgroundImage
  case border, cellSpacing, cellPadding, noWrap
  case ruleColor, ruleSize, ruleNoShade

  /// The name of the attribute.
  var name: StaticString {
    switch self {
    case .width: "width"
    case .height, .cellHeight: "height"
    case .textAlign, .tableAlign, .floatAlign: "align"
    case .verticalAlign: "valign"
    case .backgroundColor: "bgcolor"
    case .backgroundImage: "background"
    case .border: "border"
    case .cellSpacing: "cellspacing"
    case .cellPadding: "cellpadding"
    case .noWrap: "nowrap"
    case .ruleColor: "color"
    case .ruleSize: "size"
    case .ruleNoShade: "noshade"
    }
  }

  /// The attributes that an element of the given name may get, in the order of writing.
  static func all(of element: UInt64) -> [MirroredAttribute] { byElement[element] ?? [] }

  private static let byElement: [UInt64: [MirroredAttribute]] = {
    var result: [UInt64: [MirroredAttribute]] = [:]
    for (names, attributes) in table {
      for name in names.split(separator: " ") { result[NameHash(name.utf8).value] = attributes }
    }
    return result
  }()

  private static let table: [(elements: String, attributes: [MirroredAttribute])] = [
    ("body", [.backgroundColor, .backgroundImage]),
    (
      "table",
      [
        .width, .cellHeight, .tableAlign, .backgroundColor, .backgroundImage, .border, .cellSpacing, .cellPadding,
      ]
    ),
    ("tr", [.cellHeight, .textAlign, .verticalAlign, .backgroundColor]),
    ("td", [.width, .cellHeight, .textAlign, .verticalAlign, .backgroundColor, .backgroundImage, .noWrap]),
    ("th", [.width, .cellHeight, .textAlign, .verticalAlign, .backgroundColor, .noWrap]),
    ("col", [.width]),
    ("img", [.width, .height, .floatAlign, .border]),
    ("hr", [.width, .ruleColor, .ruleSize, .ruleNoShade]),
    ("div p h1 h2 h3 h4 h5 h6", [.textAlign]),
  ]
}

/// Makes the values of attributes from a style.
struct MirroredValues {
  /// The side on which text starts, where it is known.
  enum Direction: UInt8 { case unknown, leftToRight, rightToLeft }

  let style: DeclaredStyle
  /// The text that the style was read from.
  let bytes: [UInt8]
  let direction: Direction
  let options: AttributeMirror.Options

  /// The value of an attribute, not yet escaped; nil where the style doesn't say one.
  ///
  /// `cellPadding` depends on other elements and is not known here.
  func value(_ attribute: MirroredAttribute) -> [UInt8]? {
    switch attribute {
    case .width: size(.width)
    case .height: size(.height)
    case .cellHeight: options.mirrorsCellHeights ? size(.height) : nil
    case .textAlign: textAlign
    case .tableAlign: options.centersTables && isCentered ? Array("center".utf8) : nil
    case .floatAlign: options.floatsImages ? word(.float, ["left", "right"]) : nil
    case .verticalAlign: word(.verticalAlign, ["top", "middle", "bottom", "baseline"])
    case .backgroundColor: if case .color(let color) = style[.backgroundColor] { color.hex } else { nil }
    case .backgroundImage: image
    case .border: (0..<4).allSatisfy(hasNoBorder) ? [0x30] : nil
    case .cellSpacing: cellSpacing
    case .cellPadding: nil
    case .noWrap: style[.noWrap] == DeclaredStyle.word("nowrap") ? Array("nowrap".utf8) : nil
    case .ruleColor: rule?.color
    case .ruleSize: rule.map { Array(String($0.size).utf8) }
    case .ruleNoShade: rule.map { _ in Array("noshade".utf8) }
    }
  }

  // MARK: - Sizes

  /// A number rounded to the nearest integer, halves up; nil where that would make something nothing or is too much.
  private func integer(_ value: Double) -> Int? {
    guard value < 100_000 else { return nil }
    let rounded = Int(value + 0.5)
    return rounded == 0 && value > 0 ? nil : rounded
  }

  private func size(_ slot: DeclaredStyle.Slot) -> [UInt8]? {
    switch style[slot] {
    case .pixels(let value): integer(value).map { Array(String($0).utf8) }
    case .percentage(let value): integer(value).map { Array("\($0)%".utf8) }
    default: nil
    }
  }

  private var cellSpacing: [UInt8]? {
    if style[.borderCollapse] == DeclaredStyle.word("collapse") { return [0x30] }
    guard style[.borderCollapse] != .opaque, case .pixels(let value) = style[.borderSpacing] else { return nil }
    return integer(value).map { Array(String($0).utf8) }
  }

  // MARK: - Alignment

  private func word(_ slot: DeclaredStyle.Slot, _ words: [StaticString]) -> [UInt8]? {
    words.first { style[slot] == DeclaredStyle.word($0) }.map { Array(String(describing: $0).utf8) }
  }

  private var textAlign: [UInt8]? {
    if let side = word(.textAlign, ["left", "right", "center", "justify"]) { return side }
    guard direction != .unknown else { return nil }
    let isLeftToRight = direction == .leftToRight
    if style[.textAlign] == DeclaredStyle.word("start") { return Array((isLeftToRight ? "left" : "right").utf8) }
    if style[.textAlign] == DeclaredStyle.word("end") { return Array((isLeftToRight ? "right" : "left").utf8) }
    return nil
  }

  private var isCentered: Bool {
    let auto = DeclaredStyle.word("auto")
    return style[.marginLeft] == auto && style[.marginRight] == auto
  }

  // MARK: - Backgrounds

  private static let data = Array("data:".utf8)

  /// The address of the image, unless it is the image itself, which no client takes from an attribute.
  private var image: [UInt8]? {
    guard case .url(let range) = style[.backgroundImage] else { return nil }
    let address = CSSName.decoded(bytes, range)
    if address.isEmpty || address.contains(where: { $0 < 0x20 }) { return nil }
    if address.prefix(5).map(\.lowercasedASCII).elementsEqual(Self.data) { return nil }
    return address
  }

  // MARK: - Borders

  private func hasNoBorder(_ side: Int) -> Bool {
    let line = style[DeclaredStyle.Slot.borderStyles[side]]
    if line == DeclaredStyle.word("none") || line == DeclaredStyle.word("hidden") { return true }
    return style[DeclaredStyle.Slot.borderWidths[side]] == .pixels(0)
  }

  /// Whether all paddings are zero.
  var hasNoPadding: Bool { DeclaredStyle.Slot.paddings.allSatisfy { style[$0] == .pixels(0) } }

  /// The line that an `hr` is: a filled box without borders, or one solid border at the top or the bottom.
  ///
  /// Only where the style sets all borders, because the attributes do that as well in browsers; they also fill the
  /// box, so beside a border there must be nothing to fill.
  private var rule: (color: [UInt8], size: Int)? {
    let lines = (0..<4).filter { !hasNoBorder($0) }
    if lines.isEmpty {
      guard case .pixels(let height) = style[.height], case .color(let color) = style[.backgroundColor] else {
        return nil
      }
      return line(color, height)
    }
    guard lines.count == 1, let side = lines.first, side == 0 || side == 2,
      style[DeclaredStyle.Slot.borderStyles[side]] == DeclaredStyle.word("solid"),
      case .pixels(let width) = style[DeclaredStyle.Slot.borderWidths[side]],
      case .color(let color) = style[DeclaredStyle.Slot.borderColors[side]]
    else { return nil }
    let isFlat = (DeclaredStyle.Slot.paddings + [.height]).allSatisfy {
      style[$0] == .unset || style[$0] == .pixels(0)
    }
    return isFlat ? line(color, width) : nil
  }

  private func line(_ color: ColorValue, _ thickness: Double) -> (color: [UInt8], size: Int)? {
    guard let hex = color.hex, let size = integer(thickness), size > 0 else { return nil }
    return (hex, size)
  }
}
