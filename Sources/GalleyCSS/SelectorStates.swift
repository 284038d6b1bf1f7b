import GalleyHTML

/// What the document says of an element beyond its name, classes, identifier and attributes.
extension SelectorMatcher {
  private static let lang = RunningHash.of("lang")
  private static let meta = RunningHash.of("meta")
  private static let httpEquiv = RunningHash.of("http-equiv")
  private static let content = RunningHash.of("content")
  private static let dir = RunningHash.of("dir")
  private static let href = RunningHash.of("href")
  private static let type = RunningHash.of("type")
  private static let disabled = RunningHash.of("disabled")
  private static let required = RunningHash.of("required")
  private static let anchor = RunningHash.of("a")
  private static let area = RunningHash.of("area")
  private static let html = RunningHash.of("html")
  private static let bdi = RunningHash.of("bdi")
  private static let input = RunningHash.of("input")
  private static let button = RunningHash.of("button")
  private static let select = RunningHash.of("select")
  private static let option = RunningHash.of("option")
  private static let optgroup = RunningHash.of("optgroup")
  private static let fieldset = RunningHash.of("fieldset")
  private static let legend = RunningHash.of("legend")

  private func name(_ node: Int) -> UInt64 { tree.nodes[node].name.value }

  private func bytes(_ attribute: Int) -> [UInt8] {
    let range = Int(tree.attributes[attribute].valueStart)..<Int(tree.attributes[attribute].valueEnd)
    return tree.bytes.decodingReferences(in: range)
  }

  // MARK: - Language and direction

  /// The nearest `lang` decides; `xml:lang` means nothing in HTML.
  ///
  /// Without one it may be what a `meta` element declares, in clients that see the head.
  mutating func matchesLanguage(_ simple: SelectorStore.Simple, _ node: Int) -> Bool {
    var tag: [UInt8] = []
    var element = node
    while element >= 0 {
      let attribute = attribute(Self.lang, element)
      if attribute >= 0 {
        if tree.attributes[attribute].hasPlaceholder || !isCertain(element) { return open(.attribute) }
        tag = bytes(attribute)
        break
      }
      element = parentElement(element)
    }
    if element < 0, let declared = declaredLanguage() {
      return (isLanguage(declared, simple) || isLanguage([], simple)) && open(.client)
    }
    return isLanguage(tag, simple)
  }

  private mutating func isLanguage(_ tag: [UInt8], _ simple: SelectorStore.Simple) -> Bool {
    for position in Int(simple.payload)..<Int(simple.payload) + Int(simple.a) {
      let range = store.texts[store.values[position].text]
      guard AttributeTest.isLanguage(tag[...], in: range) else { continue }
      // Not all browsers know several ranges, those with an asterisk in them, nor the empty one.
      let isPlain = range.elementsEqual([0x2A]) || !range.isEmpty && !range.contains(0x2A)
      return isPlain && simple.a == 1 || open(.client)
    }
    return false
  }

  /// The language that a `meta` element declares for the whole document, if there is one
  /// (https://html.spec.whatwg.org/multipage/semantics.html#attr-meta-http-equiv-content-language).
  private mutating func declaredLanguage() -> [UInt8]? {
    if let known = languageOfDocument { return known.isEmpty ? nil : known }
    var language: [UInt8] = []
    for node in tree.nodes.indices where tree.nodes[node].isElement && name(node) == Self.meta {
      let (header, content) = (attribute(Self.httpEquiv, node), attribute(Self.content, node))
      guard header >= 0, content >= 0, !tree.attributes[content].hasPlaceholder else { continue }
      guard bytes(header).map(\.lowercasedASCII).elementsEqual("content-language".utf8) else { continue }
      let value = bytes(content)
      if value.contains(0x2C) { continue }
      language = value.split(whereSeparator: \.isCSSWhitespace).first.map(Array.init) ?? []
    }
    languageOfDocument = language
    return language.isEmpty ? nil : language
  }

  /// The nearest `dir` decides; what is in the text of an element is not looked at.
  mutating func matchesDirection(_ wanted: Int32, _ node: Int) -> Bool {
    var element = node
    while element >= 0 {
      let attribute = attribute(Self.dir, element)
      if attribute >= 0 {
        if tree.attributes[attribute].hasPlaceholder || !isCertain(element) { return open(.attribute) }
        let value = bytes(attribute).map(\.lowercasedASCII)
        if value.elementsEqual("auto".utf8) { return open(.attribute) }
        if value.elementsEqual("ltr".utf8) { return wanted == 1 }
        if value.elementsEqual("rtl".utf8) { return wanted == 2 }
      }
      if name(element) == Self.bdi { return open(.attribute) }
      if name(element) == Self.input, hasType(element, ["tel"]) { return wanted == 1 }
      element = parentElement(element)
    }
    return wanted == 1
  }

  /// Whether the `type` of an `input` is one of those given; a placeholder in it makes it none.
  private func hasType(_ node: Int, _ types: [String]) -> Bool {
    let attribute = attribute(Self.type, node)
    guard attribute >= 0, !tree.attributes[attribute].hasPlaceholder else { return false }
    let value = bytes(attribute).map(\.lowercasedASCII)
    return types.contains { value.elementsEqual($0.utf8) }
  }

  // MARK: - Links and fields

  mutating func isLink(_ node: Int) -> Bool {
    (name(node) == Self.anchor || name(node) == Self.area) && hasAttribute(Self.href, node)
  }

  mutating func matchesState(_ kind: SelectorStore.Simple.Kind, _ node: Int) -> Bool {
    switch kind {
    case .disabled: return HTMLVocabulary.isDisableable(name(node)) && isDisabled(node)
    case .enabled: return HTMLVocabulary.isDisableable(name(node)) && !opposite { $0.isDisabled(node) }
    case .required: return mayBeRequired(node) && hasAttribute(Self.required, node)
    default:
      if mayBeRequired(node) { return !opposite { $0.hasAttribute(Self.required, node) } }
      // Browsers don't agree about fields that can't be required.
      return (name(node) == Self.button || name(node) == Self.input) && open(.client)
    }
  }

  /// Asks a question whose yes is a no to the one at hand.
  private mutating func opposite(_ question: (inout SelectorMatcher) -> Bool) -> Bool {
    assumption.toggle()
    let answer = question(&self)
    assumption.toggle()
    return answer
  }

  /// Whether an element is disabled by itself or by what is around it
  /// (https://html.spec.whatwg.org/multipage/semantics-other.html#concept-element-disabled).
  private mutating func isDisabled(_ node: Int) -> Bool {
    if hasAttribute(Self.disabled, node) { return true }
    var child = node
    var ancestor = parentElement(node)
    if name(node) == Self.option || name(node) == Self.optgroup {
      if ancestor >= 0, name(ancestor) == Self.optgroup {
        if hasAttribute(Self.disabled, ancestor) { return true }
        ancestor = parentElement(ancestor)
      }
      // Browsers don't agree about what is in a disabled `select`.
      return ancestor >= 0 && name(ancestor) == Self.select && isDisabled(ancestor) && open(.client)
    }
    while ancestor >= 0 {
      if name(ancestor) == Self.fieldset, !isFirstLegend(child), hasAttribute(Self.disabled, ancestor) { return true }
      child = ancestor
      ancestor = parentElement(ancestor)
    }
    return false
  }

  /// Whether an element is a `legend` with none before it, whose fields a disabled `fieldset` leaves alone.
  private mutating func isFirstLegend(_ node: Int) -> Bool {
    name(node) == Self.legend && positions.position(of: node, tree).typeIndex == 1
  }

  private static let neverRequired = ["hidden", "range", "color", "submit", "image", "reset", "button"]

  private func mayBeRequired(_ node: Int) -> Bool {
    guard HTMLVocabulary.isRequirable(name(node)) else { return false }
    return name(node) != Self.input || !hasType(node, Self.neverRequired)
  }

  // MARK: - Root and content

  func isRoot(_ node: Int) -> Bool { name(node) == Self.html && parentElement(node) < 0 }

  /// Whether an element has neither elements nor text in it.
  mutating func isEmpty(_ node: Int) -> Bool {
    switch tree.content(of: NodeID(node)) {
    case .none: true
    case .possible: open(.attribute)
    case .certain: false
    }
  }

  // MARK: - Positions

  mutating func matchesPosition(_ simple: SelectorStore.Simple, _ node: Int) -> Bool {
    if tree.nodes[node].flags.intersects(.uncertainSiblings) { return open(.siblings) }
    let position = positions.position(of: node, tree)
    switch simple.kind {
    case .nthChild: return isNth(simple, position.index)
    case .nthLastChild: return isNth(simple, position.count - position.index + 1)
    case .onlyChild: return position.count == 1
    case .nthOfType: return isNth(simple, position.typeIndex)
    case .nthLastOfType: return isNth(simple, position.typeCount - position.typeIndex + 1)
    default: return position.typeCount == 1
    }
  }

  func isNth(_ simple: SelectorStore.Simple, _ position: Int32) -> Bool {
    NthNotation.matches(a: simple.a, b: simple.b, position: Int(position))
  }
}
