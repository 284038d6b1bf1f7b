package import GalleyHTML
package import GalleySource

/// Writes colors as all mail clients read them: `#rrggbb`, or `rgba(r,g,b,a)` where something shines through.
///
/// Changed are the color tokens of the properties that have colors, in `style` attributes and in the rules that stay in
/// sheets, and `#abc` in `bgcolor` and its like. Colors in the gradients of backgrounds are changed where that leaves
/// the way they are mixed as it is. Six digits, `rgba()` in integers and `transparent` are left as they are; so are
/// colors that aren't constant, values with a placeholder, strings, `url()`, selectors, custom properties, `filter`,
/// and what its author wants left alone. A color outside of sRGB's gamut is clipped, but stays where the author gives
/// another one before it or asks for the gamut in an at-rule. The result is the same when the pass is run again.
package struct ColorNotation: Sendable {
  /// What the pass does besides.
  package struct Options: Sendable {
    /// Whether named colors become six digits as well.
    package var convertsNames = false

    /// Makes the usual options.
    package init() {}
  }

  /// What is done besides.
  package let options: Options

  /// Makes the pass.
  package init(options: Options = Options()) { self.options = options }

  /// The edits to a document that is inlined already.
  package func edits(for tree: HTMLTree) -> EditList {
    var edits = EditList()
    var index = 0
    while index < tree.nodes.count {
      let node = tree.nodes[index]
      if node.kind == .element, node.name.value == Names.template {
        index = Int(node.subtreeEnd.index)
        continue
      }
      if node.kind == .element { edit(NodeID(index), in: tree, &edits) }
      index += 1
    }
    return edits
  }

  private func edit(_ id: NodeID, in tree: HTMLTree, _ edits: inout EditList) {
    let node = tree[id]
    let attributes = tree.attributes(of: id)
    if attributes.contains(where: { OptOut.isCandidate($0.name.value) && OptOut.keepsElement($0, tree) }) { return }
    if node.name.value == Names.style {
      if isEditableSheet(node, attributes, tree) { editSheet(node, in: tree, &edits) }
      return
    }
    if let style = attributes.first(where: { $0.name.value == Names.style }) {
      let text = EmbeddedText(style, in: tree)
      edit(text.declarations[...], of: text, isGrouped: false, in: tree, &edits)
    }
    for attribute in attributes where ColorAttributes.hold(attribute.name.value, of: node.name.value) {
      edit(attribute, in: tree, &edits)
    }
  }

  // MARK: - Sheets

  /// Whether a sheet may be changed: it is CSS, and neither its author nor a conditional comment says otherwise.
  private func isEditableSheet(
    _ node: HTMLTree.Node, _ attributes: ArraySlice<HTMLTree.Attribute>, _ tree: HTMLTree
  ) -> Bool {
    guard !node.flags.contains(.inConditional), !OptOut.keepsSheet(attributes, tree) else { return false }
    guard let type = attributes.first(where: { $0.name.value == Names.type }) else { return true }
    let value = tree.rawValue(type)
    return value.isEmpty || NameHash(lowercasing: value).value == Names.css
  }

  private func editSheet(_ node: HTMLTree.Node, in tree: HTMLTree, _ edits: inout EditList) {
    let text = EmbeddedText(contentOf: node, in: tree)
    let sheet = text.sheet
    for rule in sheet.rules where rule.kind == .style && rule.flags.isDisjoint(with: [.pinned, .nested, .invalid]) {
      edit(
        sheet.declarations[rule.declarations], of: text, isGrouped: rule.flags.contains(.grouped), in: tree, &edits)
    }
  }

  // MARK: - Declarations

  private func edit(
    _ declarations: ArraySlice<StyleSheet.Declaration>, of text: EmbeddedText, isGrouped: Bool, in tree: HTMLTree,
    _ edits: inout EditList
  ) {
    var seen: [UInt64] = []
    for declaration in declarations {
      guard let form = ColorProperties.form(of: declaration.property) else { continue }
      let hasFallback = seen.contains(declaration.property.hash)
      if !hasFallback { seen.append(declaration.property.hash) }
      if declaration.flags.contains(.placeholder) { continue }
      var scan = ColorScan(text, declaration.value.offsets, convertsNames: options.convertsNames)
      scan.keepsWideGamut = isGrouped || hasFallback
      scan.entersGradients = form == .colorsAndGradients
      for change in scan.changes() {
        edits.change(text.document(change.range), of: tree.bytes, to: change.text)
      }
    }
  }

  // MARK: - Attributes

  /// Changes the color of an attribute.
  ///
  /// HTML reads any text as a color, and few as the one that CSS would: only three digits and names mean the same
  /// (https://html.spec.whatwg.org/multipage/common-microsyntaxes.html#legacy-colour-values).
  private func edit(_ attribute: HTMLTree.Attribute, in tree: HTMLTree, _ edits: inout EditList) {
    if attribute.hasPlaceholder { return }
    let value = tree.rawValue(attribute)
    let isHex = value.count == 4 && value.first == 0x23
    let isName = options.convertsNames && value.allSatisfy(\.isLetter)
    guard isHex || isName, let color = ColorValue(tree.bytes, in: value.indices), let hex = color.hex else { return }
    edits.change(value.indices, of: tree.bytes, to: hex)
  }

  private enum Names {
    static let style = RunningHash.of("style")
    static let template = RunningHash.of("template")
    static let type = RunningHash.of("type")
    static let css = RunningHash.of("text/css")
  }
}

/// A walk over the colors of one value.
private struct ColorScan {
  /// A range of the text, and what it becomes.
  struct Change {
    var range: Range<Int>
    var text: [UInt8]
  }

  /// Whether colors that sRGB can't show stay.
  var keepsWideGamut = false
  /// Whether colors within gradients are looked at.
  var entersGradients = false

  private let text: EmbeddedText
  private let end: Int
  private let convertsNames: Bool
  private var tokenizer: CSSTokenizer
  private var gradientDepth = 0

  init(_ text: EmbeddedText, _ range: Range<Int>, convertsNames: Bool) {
    self.text = text
    self.convertsNames = convertsNames
    end = text.range.upperBound
    tokenizer = CSSTokenizer(text.bytes, in: range)
  }

  /// The changes, in order.
  mutating func changes() -> [Change] {
    var result: [Change] = []
    while true {
      let token = tokenizer.take()
      switch token.kind {
      case .end: return result
      case .hash, .idHash: append(token.range, to: &result)
      case .ident where convertsNames:
        if NamedColors.rgb(ofHash: CSSName.hash(text.bytes, token.range, lowercased: true)) != nil {
          append(token.range, to: &result)
        }
      case .function: takeFunction(token, &result)
      case .openParenthesis: skip()
      case .closeParenthesis: gradientDepth = max(gradientDepth - 1, 0)
      default: break
      }
    }
  }

  private mutating func takeFunction(_ token: CSSToken, _ result: inout [Change]) {
    let name = CSSName.hash(text.bytes, Int(token.start)..<Int(token.end) - 1, lowercased: true)
    let isEntered = ColorProperties.isGradient(name) || gradientDepth > 0 && ColorProperties.isStop(name)
    if entersGradients, isEntered {
      gradientDepth += 1
      return
    }
    let start = Int(token.start)
    if skip(), ColorProperties.isColor(name) { append(start..<tokenizer.position, to: &result) }
  }

  /// Goes behind the parenthesis that closes the one just taken; says whether there is one.
  @discardableResult
  private mutating func skip() -> Bool {
    var depth = 1
    while depth > 0 {
      switch tokenizer.take().kind {
      case .end: return false
      case .function, .openParenthesis: depth += 1
      case .closeParenthesis: depth -= 1
      default: break
      }
    }
    return true
  }

  private func append(_ range: Range<Int>, to result: inout [Change]) {
    guard let color = ColorValue(text.bytes, in: range), !isPlain(range, color) else { return }
    if !color.isInGamut, keepsWideGamut { return }
    // Gradients mix other colors in Oklab, unless all of them are of the old kind.
    if !color.isLegacy, gradientDepth > 0 { return }
    let new = color.text
    // A color that touches its neighbor must not become one token with it.
    if let first = new.first, first != 0x23, range.lowerBound > text.range.lowerBound,
      text.bytes[range.lowerBound - 1].isNameByte
    {
      return
    }
    if range.upperBound < end, text.bytes[range.upperBound].isNameByte || text.bytes[range.upperBound] == 0x5C {
      return
    }
    result.append(Change(range: range, text: new))
  }

  /// Whether a color is written as all clients read it: with six digits, or as `rgba()` in integers with an alpha.
  private func isPlain(_ range: Range<Int>, _ color: ColorValue) -> Bool {
    let written = text.bytes[range]
    if written.first == 0x23 { return range.count == 7 }
    guard !color.isOpaque, written.prefix(5).elementsEqual("rgba(".utf8) else { return false }
    let divided = written.dropFirst(5).split(separator: 0x2C)
    return divided.count == 4 && !divided[3].contains(0x25)
      && divided.prefix(3).allSatisfy { $0.allSatisfy { $0.isDigit || $0 == 0x20 } }
  }
}

/// The attributes of HTML that hold a color.
private enum ColorAttributes {
  /// Whether an attribute of that name holds a color on an element of that name.
  static func hold(_ attribute: UInt64, of element: UInt64) -> Bool { elements[attribute]?.contains(element) ?? false }

  private static let elements: [UInt64: Set<UInt64>] = [
    RunningHash.of("bgcolor"): hashes("body table thead tbody tfoot tr td th col colgroup marquee"),
    RunningHash.of("bordercolor"): hashes("table tr td th"),
    RunningHash.of("color"): hashes("font basefont hr"),
    RunningHash.of("text"): hashes("body"), RunningHash.of("link"): hashes("body"),
    RunningHash.of("alink"): hashes("body"), RunningHash.of("vlink"): hashes("body"),
  ]

  private static func hashes(_ names: String) -> Set<UInt64> {
    Set(names.split(separator: " ").map { NameHash($0.utf8).value })
  }
}

/// The properties that have colors, and the functions that may stand in them.
private enum ColorProperties {
  /// Where colors stand in a value.
  enum Form { case colors, colorsAndGradients }

  /// Where colors stand in the value of a property; nil where there are none.
  static func form(of property: Property) -> Form? {
    property.isCustom ? nil : forms[property.hash]
  }

  /// Whether a function is a gradient.
  static func isGradient(_ name: UInt64) -> Bool { gradients.contains(name) }
  /// Whether a function of the oldest gradients holds a color.
  static func isStop(_ name: UInt64) -> Bool { stops.contains(name) }
  /// Whether a function is a color.
  static func isColor(_ name: UInt64) -> Bool { colors.contains(name) }

  private static func hashes(_ names: String) -> [UInt64] {
    names.split(whereSeparator: \.isWhitespace).map { NameHash($0.utf8).value }
  }

  private static let colors = Set(hashes("rgb rgba hsl hsla hwb lab lch oklab oklch color color-mix"))
  private static let stops = Set(hashes("from to color-stop"))
  private static let gradients = Set(
    hashes(
      """
      linear-gradient radial-gradient conic-gradient repeating-linear-gradient repeating-radial-gradient
      repeating-conic-gradient -webkit-linear-gradient -webkit-radial-gradient -webkit-gradient
      -webkit-repeating-linear-gradient -webkit-repeating-radial-gradient -moz-linear-gradient -moz-radial-gradient
      -o-linear-gradient -ms-linear-gradient
      """))

  private static let forms: [UInt64: Form] = {
    var forms: [UInt64: Form] = [:]
    for name in hashes("background background-image") { forms[name] = .colorsAndGradients }
    for name in hashes(
      """
      color background-color border border-color border-top border-right border-bottom border-left border-top-color
      border-right-color border-bottom-color border-left-color border-inline border-block border-inline-color
      border-block-color border-inline-start border-inline-end border-block-start border-block-end
      border-inline-start-color border-inline-end-color border-block-start-color border-block-end-color outline
      outline-color text-decoration text-decoration-color text-emphasis text-emphasis-color column-rule
      column-rule-color box-shadow -webkit-box-shadow -moz-box-shadow text-shadow caret-color accent-color
      -webkit-text-fill-color -webkit-text-stroke -webkit-text-stroke-color -webkit-tap-highlight-color
      """)
    { forms[name] = .colors }
    return forms
  }()
}
