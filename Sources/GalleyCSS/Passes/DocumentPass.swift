package import GalleyHTML
package import GalleySource

/// One change to a whole document: what is done to its bytes, as edits.
///
/// A pass knows nothing of those before and behind it; between two of them the document is parsed again.
package struct DocumentPass: Sendable {
  /// What a pass comes to.
  package struct Outcome: Sendable {
    /// The edits to the document's bytes.
    package var edits = EditList()
    /// What the pass could not do, at its place.
    package var diagnostics: [Diagnostic] = []

    /// Makes the outcome of a pass that does nothing.
    package init() {}
  }

  private let body: @Sendable (HTMLTree, OriginMap?) -> Outcome

  /// Makes a pass that can do all that is asked of it.
  package init(_ edits: @escaping @Sendable (HTMLTree) -> EditList) {
    body = { tree, _ in
      var outcome = Outcome()
      outcome.edits = edits(tree)
      return outcome
    }
  }

  /// Makes a pass that tells what it could not do.
  package init(telling body: @escaping @Sendable (HTMLTree, OriginMap?) -> Outcome) { self.body = body }

  /// Works out the edits to a document; `origins` tells where its bytes were written.
  package func run(_ tree: HTMLTree, origins: OriginMap?) -> Outcome { body(tree, origins) }
}
