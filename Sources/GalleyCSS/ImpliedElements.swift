import GalleyHTML

/// Elements that a browser adds to a document whose author left their tags out.
///
/// They have no tag that could hold a `style`, so a rule that matches one of them stays in its sheet
/// (https://html.spec.whatwg.org/multipage/syntax.html#optional-tags).
struct ImpliedElements: OptionSet, Sendable {
  let rawValue: UInt8
  /// There is no `html` tag.
  static let html = ImpliedElements(rawValue: 1)
  /// There is no `body` tag.
  static let body = ImpliedElements(rawValue: 2)
  /// A row stands right in a table.
  static let tableBody = ImpliedElements(rawValue: 4)

  /// The mark of a `tbody`.
  static var tableBodyMark: UInt64 { NameMarks.mark(KnownName.tableBody) }

  init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Those that a selector may match, by what it asks of the element itself.
  init(matching selector: SelectorStore.Selector, _ store: SelectorStore) {
    var implied: ImpliedElements = [.html, .body, .tableBody]
    for simple in store.simples[store.compounds[selector.compounds.lowerBound].simples] {
      switch simple.kind {
      case .type: implied.formIntersection(Self.named(simple.hash))
      case .isList, .nthChildOf, .nthLastChildOf:
        // Parsing bounds how deep lists are nested.
        let members = store.nested[store.lists[Int(simple.payload)].members]
        implied.formIntersection(members.reduce([]) { $0.union(ImpliedElements(matching: $1, store)) })
      case .root: implied.formIntersection(.html)
      // Without a tag there is no language.
      case .lang: implied.formIntersection(.tableBody)
      case .empty, .id, .className, .attribute, .attributeValue, .link, .enabled, .disabled, .required, .optional,
        .wrapper:
        implied = []
      default: break
      }
    }
    if selector.compounds.count > 1 { implied.subtract(Self.withoutAncestors(selector, store)) }
    self = implied
  }

  /// Those that have no ancestor such as a selector asks for.
  private static func withoutAncestors(_ selector: SelectorStore.Selector, _ store: SelectorStore) -> ImpliedElements {
    let outer = store.compounds[selector.compounds.lowerBound + 1]
    let mayBeRoot = store.simples[outer.simples].allSatisfy { $0.kind != .type || $0.hash == KnownName.html }
    return mayBeRoot && outer.combinator == .none ? .html : [.html, .body]
  }

  private static func named(_ hash: UInt64) -> ImpliedElements {
    switch hash {
    case KnownName.html: .html
    case KnownName.body: .body
    case KnownName.tableBody: .tableBody
    default: []
    }
  }
}

/// Where the elements that a browser adds stand in the tree of a document.
///
/// They are told from the nodes by negative numbers.
struct ImpliedTree: Sendable {
  /// No element.
  static let none = -1
  private static let html = -2
  private static let body = -3
  /// The number of the `tbody` of the first node, from which those of others are counted downwards.
  static let firstTableBody = -4

  /// What a browser adds to the document.
  let elements: ImpliedElements
  /// The node of the `html` element, or -1.
  private let htmlNode: Int

  init(_ tree: HTMLTree) {
    var elements: ImpliedElements = [.html, .body]
    var htmlNode = -1
    let nodes = tree.nodes.span
    for index in 0..<nodes.count where nodes[index].isElement {
      switch nodes[index].name.value {
      case KnownName.html:
        elements.remove(.html)
        // One within another element is around nothing but what it holds.
        if htmlNode < 0, tree.parentElement(of: NodeID(index)) == .none { htmlNode = index }
      case KnownName.body, KnownName.frameset: elements.remove(.body)
      case KnownName.row: if Self.isRowInTable(index, nodes) { elements.insert(.tableBody) }
      default: break
      }
    }
    self.elements = elements
    self.htmlNode = htmlNode
  }

  /// The element around another: a node, one that a browser adds, or `none`.
  func parent(of element: Int, _ tree: HTMLTree) -> Int {
    if element <= Self.firstTableBody { return Self.firstTableBody - element }
    if element == Self.body { return htmlNode >= 0 ? htmlNode : elements.contains(.html) ? Self.html : Self.none }
    guard element >= 0 else { return Self.none }
    var parent = Int(tree.nodes[element].parent.index)
    while parent >= 0, !tree.nodes[parent].isElement { parent = Int(tree.nodes[parent].parent.index) }
    return self.parent(of: element, within: parent, tree.nodes.span)
  }

  /// The element around a node, where `parent` is the one around it that its author wrote, or `none`.
  func parent(of element: Int, within parent: Int, _ nodes: Span<HTMLTree.Node>) -> Int {
    if elements.isEmpty { return parent }
    if elements.contains(.tableBody), Self.isRowInTable(element, nodes) { return Self.firstTableBody - parent }
    guard parent < 0 || parent == htmlNode, element != htmlNode else { return parent }
    if elements.contains(.body), isFlowContent(nodes[element].name) { return Self.body }
    return parent < 0 && elements.contains(.html) ? Self.html : parent
  }

  /// Whether an element that stands outside of `head` and `body` belongs into the latter.
  private func isFlowContent(_ name: NameHash) -> Bool {
    name.value != KnownName.head && !ElementTable.standard[name].traits.contains(.metadata)
  }

  /// Whether a node is a row between which and its table a browser puts a `tbody`.
  @inline(__always) static func isRowInTable(_ node: Int, _ nodes: Span<HTMLTree.Node>) -> Bool {
    if nodes[node].name.value != KnownName.row { return false }
    let parent = Int(nodes[node].parent.index)
    if parent < 0 { return false }
    return nodes[parent].name.value == KnownName.table
  }

  /// What a simple selector says of an element that a browser adds; nil where its place among its siblings counts.
  func matches(_ simple: SelectorStore.Simple, _ element: Int) -> Bool? {
    switch simple.kind {
    case .universal: true
    case .type: simple.hash == name(of: element)
    case .root: element == Self.html
    case .isList, .notList, .hasList, .nthChild, .nthLastChild, .nthOfType, .nthLastOfType, .nthChildOf,
      .nthLastChildOf, .onlyChild, .onlyOfType, .lang, .dir, .unknowable:
      nil
    default: false
    }
  }

  private func name(of element: Int) -> UInt64 {
    switch element {
    case Self.html: KnownName.html
    case Self.body: KnownName.body
    default: KnownName.tableBody
    }
  }

  /// The marks of the elements around everything that a browser adds.
  var marks: UInt64 {
    var marks: UInt64 = 0
    if elements.contains(.html) { marks |= NameMarks.mark(KnownName.html) }
    if elements.contains(.body) { marks |= NameMarks.mark(KnownName.body) }
    return marks
  }
}
