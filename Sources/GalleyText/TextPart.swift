// GalleyText: the text part of a mail, made from the same tree as the HTML part.
//
// The module hides how a page of nested tables becomes lines that a person reads. It works on the finished HTML, in
// which styles are inlined, so that what is hidden there is hidden here; holes stay holes, and conditions and loops
// keep their place between the lines they govern. What must hold: each visible hole of the document comes through;
// blocks are balanced; the static text has no two blank lines in a row, and neither has any rendering of it; any
// document is accepted, in time that grows with its size. `TextCollector` turns the tree into a flat list of
// `TextEvent`s, `TextOutline` finds out which conditions lie within a line and which around lines, `TextWriter` puts
// the lines together. Start with `TextPart`.

package import GalleyHTML
package import GalleySource
package import GalleyTemplate

/// The text part of a mail.
///
/// How HTML is written down:
/// - only what a reader sees: not the head, scripts, styles, comments, the content of hidden conditional comments,
///   elements that are hidden by `hidden`, `aria-hidden="true"` or their inline style, nor anything within an element
///   that says `data-text="skip"`;
/// - white space is collapsed, character references are decoded, no-break and fixed spaces become spaces, invisible
///   fillers go;
/// - blocks stand on lines of their own; paragraphs, headings, lists and tables are set off by one blank line;
/// - `h1` is underlined with `=` and `h2` with `-`, where the length of the heading is known;
/// - list items begin with `- `, or with `1. `, `a. `, `i. ` where it is certain how many come before;
/// - a link alone on its line is `label: address`, one among words is `label (address)`; links in a row get a line
///   each; an address that the label already says is not repeated, `mailto:` and `tel:` are not shown;
/// - an image is its alternative text in brackets, without them in a link; `<hr>` is `---`;
/// - a table of data (`TextTable` says which are): columns are aligned where everything is known and fits into 78
///   columns, figures at the right; else a row is a line of `label: value` pairs; a row of one header and one value is
///   always `label: value`; any other table is layout, whose cells follow one another.
///
/// A blank line stands before the block that it sets off and belongs to the branch that the block is in; so what a
/// condition leaves out leaves nothing behind. Where nothing is certain to come first, it stands behind the block.
package struct TextPart: Sendable {
  /// What a site may choose.
  package struct Options: Sendable, Hashable {
    /// The column at which lines are wrapped, or nil to leave lines as long as they are.
    package var wrapColumn: Int?

    /// Makes options; lines are not wrapped by default, because mail programs do that better.
    package init(wrapColumn: Int? = nil) { self.wrapColumn = wrapColumn }
  }

  /// The text with its holes; it ends with one line feed, or is empty.
  package let text: AssembledText
  /// What can't be said in text.
  package let diagnostics: [Diagnostic]

  /// Makes the text part of `document`, whose tree is `tree`.
  package init(of document: AssembledText, tree: HTMLTree, options: Options = Options()) {
    var collector = TextCollector(document, tree)
    collector.walk(.root)
    let content = collector.finish()
    let outline = TextOutline(content, document)
    var writer = TextWriter(document, content, outline)
    let written = writer.write()
    text = options.wrapColumn.map { written.wrapped(at: $0) } ?? written
    diagnostics = Self.check(text)
  }

  /// The text part of `document`, whose tree is `tree`.
  package static func make(
    from document: AssembledText, tree: HTMLTree, options: Options = Options()
  ) -> AssembledText {
    TextPart(of: document, tree: tree, options: options).text
  }

  private static func check(_ text: AssembledText) -> [Diagnostic] {
    var diagnostics: [Diagnostic] = []
    if text.bytes.isEmpty {
      diagnostics.append(Diagnostic(.emptyText, "the text part would be empty", at: nil))
    }
    for hole in text.holes {
      guard case .output(_, .html, _) = hole.kind else { continue }
      diagnostics.append(
        Diagnostic(
          .markupInText, "trusted markup would show its tags in the text part", at: hole.origin,
          help: ["put 'data-text=\"skip\"' on the element around it, or write the text part by hand"]))
    }
    return diagnostics
  }
}
