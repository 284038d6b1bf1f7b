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
    var session = InlineSession(options: options)
    return session.inline(tree, sheets: sheets, origins: origins)
  }
}

/// An inliner for many documents in turn: a style sheet that several of them hold is parsed once.
///
/// What comes out is the same as without a session. A session remembers up to some megabytes of sheets and attributes.
package struct InlineSession: Sendable {
  private var run: InlineRun
  private var parser = HTMLParser()

  /// Makes a session.
  package init(options: InlineOptions = InlineOptions()) { run = InlineRun(options: options) }

  /// Inlines the style sheets of a document, and further ones that come behind them in the cascade.
  ///
  /// What has to stay of the further sheets is put into a `style` element at the end of the head. `origins` tells
  /// where the document's bytes were written.
  package mutating func inline(
    _ tree: HTMLTree, sheets: [StyleSheet] = [], origins: OriginMap? = nil
  ) -> InlineResult {
    run.inline(tree, sheets: sheets, origins: origins)
  }

  /// Makes the tree of a document, in the memory of one that was given back.
  package mutating func parse(_ bytes: [UInt8], placeholders: [Placeholder] = []) -> HTMLTree {
    parser.parse(bytes, placeholders: placeholders)
  }

  /// Takes back a tree that is not needed any more.
  package mutating func giveBack(_ tree: consuming HTMLTree) { parser.reuse(tree) }

  /// Forgets the sheets and attributes of earlier documents; buffers are kept.
  package mutating func forget() { run.forget() }
}
