package import GalleyHTML
package import GalleySource

/// Moves the rules of style sheets into `style` attributes, as edits to the author's text.
///
/// The rules that can be inlined go into the elements they match, in the order of the cascade; those that can't stay
/// in their sheets, in order, and get `!important` exactly where an inlined declaration would otherwise beat them. An
/// inlined declaration gets `!important` where such a rule would otherwise beat it. Never styled are `html`, `head`
/// and what stands in it, `script`, `template` and the like: rules that match `html` stay. `body` and `br` are
/// styled as any other element; so are elements with a prefix, such as `v:rect`, but not by `*`. Inlining the result
/// again changes nothing.
package struct Inliner: Sendable {
  /// What is done besides.
  package let options: InlineOptions

  /// Makes an inliner.
  package init(options: InlineOptions = InlineOptions()) { self.options = options }

  /// Inlines the style sheets of a document, and further ones that come behind them in the cascade.
  ///
  /// What has to stay of the further sheets is put into a `style` element at the end of the head. `origins` tells
  /// where the document's bytes were written.
  package func inline(_ tree: HTMLTree, sheets: [StyleSheet] = [], origins: OriginMap? = nil) -> InlineResult {
    var run = InlineRun(tree, options: options, origins: origins)
    run.collectSheets(sheets)
    guard run.hasSheets else { return run.result }
    run.matchElements()
    run.result.diagnostics += UncertainPlaces.diagnostics(tree, run.facts, run.sheets.map(\.sheet), origins)
    run.findShadowedRules()
    run.writeEdits()
    return run.result
  }
}
