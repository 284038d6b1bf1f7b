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

  private static let htmlName = RunningHash.of("html")
  private static let bodyName = RunningHash.of("body")
  private static let tableBodyName = RunningHash.of("tbody")
  private static let rowName = RunningHash.of("tr")
  private static let tableName = RunningHash.of("table")

  /// Those of a document.
  init(in tree: HTMLTree) {
    var implied: ImpliedElements = [.html, .body]
    for index in tree.nodes.indices where tree.nodes[index].kind == .element {
      switch tree.nodes[index].name.value {
      case Self.htmlName: implied.remove(.html)
      case Self.bodyName: implied.remove(.body)
      case Self.rowName: if Self.isRowInTable(index, tree) { implied.insert(.tableBody) }
      default: break
      }
    }
    self = implied
  }

  init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Those that a selector may match, by what it asks of the element itself.
  init(matching selector: SelectorStore.Selector, _ store: SelectorStore) {
    var implied: ImpliedElements = [.html, .body, .tableBody]
    for simple in store.simples[store.compounds[selector.compounds.lowerBound].simples] {
      switch simple.kind {
      case .type: implied.formIntersection(Self.named(simple.hash))
      case .isList:
        // Parsing bounds how deep lists are nested.
        let members = store.nested[store.lists[Int(simple.payload)]]
        implied.formIntersection(members.reduce([]) { $0.union(ImpliedElements(matching: $1, store)) })
      case .id, .className, .attribute, .attributeValue, .link, .enabled, .disabled, .required, .optional, .wrapper:
        implied = []
      default: break
      }
    }
    self = implied
  }

  private static func named(_ hash: UInt64) -> ImpliedElements {
    switch hash {
    case htmlName: .html
    case bodyName: .body
    case tableBodyName: .tableBody
    default: []
    }
  }

  /// Whether a node is a row between which and its table a browser puts a `tbody`.
  static func isRowInTable(_ node: Int, _ tree: HTMLTree) -> Bool {
    guard tree.nodes[node].name.value == rowName else { return false }
    let parent = tree.nodes[node].parent
    return parent.index >= 0 && tree.nodes[Int(parent.index)].name.value == tableName
  }

  /// The mark of a `tbody`.
  static let tableBodyMark = NameMarks.mark(tableBodyName)

  /// What a simple selector says of a `tbody` that nobody wrote; nil where its place among its siblings counts.
  static func tableBodyMatches(_ simple: SelectorStore.Simple) -> Bool? {
    switch simple.kind {
    case .universal: true
    case .type: simple.hash == tableBodyName
    case .isList, .notList, .nthChild, .nthLastChild, .nthOfType, .nthLastOfType, .onlyChild, .onlyOfType, .lang, .dir,
      .unknowable:
      nil
    default: false
    }
  }
}
