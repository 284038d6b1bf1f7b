import GalleySource

/// What the names at one place of a file mean.
struct Scope: Sendable {
  /// What the outermost context is.
  enum Root: Sendable {
    /// The variables of the template.
    case variables
    /// The parameters of a partial.
    case parameters([(name: String, value: Residual)])
  }

  /// What `@index` and its like mean.
  enum Loop: Sendable {
    /// An item of a known list or record.
    case known(index: Int, count: Int, key: String?, isData: Bool)
    /// Any item of a list that the sender knows.
    case send(SendExpression.Loop)
  }

  /// Content that a call passes along, with what names mean in it.
  struct Content: Sendable {
    var body: [TemplateNode]
    var scope: Scope
  }

  var root: Root
  /// The contexts that `each` and `with` have opened, outermost first, without the root.
  var contexts: [Residual] = []
  /// The names that blocks have bound, innermost last.
  var bindings: [(name: String, value: Residual)] = []
  /// The loops around, innermost last.
  var loops: [Loop] = []
  /// What `{{> @partial-block}}` stands for; empty outside of a call with a block.
  var block: [Content] = []
  /// The slots that the file declares.
  var slotNames: [String] = []
  /// What its caller has put into them.
  var slots: [String: Content] = [:]
  /// The calls that led here.
  var frame = OriginMap.Frame.root

  init(root: Root) { self.root = root }

  /// The scope within an `each` or a `with`.
  func entering(_ context: Residual, bindings names: [(name: String, value: Residual)], loop: Loop? = nil) -> Scope {
    var inner = self
    inner.contexts.append(context)
    inner.bindings += names
    if let loop { inner.loops.append(loop) }
    return inner
  }
}
