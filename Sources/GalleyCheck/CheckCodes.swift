package import GalleySource

extension DiagnosticCode {
  /// The document is larger than what is checked.
  package static let tooLarge = DiagnosticCode(
    "html/too-large",
    summary: "A document is at most 2 MiB",
    explanation: """
      Larger documents are not checked, because checking them could take for ever, and no mail client shows them. Gmail \
      clips what is over 102 kB.
      """,
    bad: "a file of 3 MB", good: "a mail of 40 kB")

  /// Elements nest deeper than what is checked.
  package static let tooDeep = DiagnosticCode(
    "html/too-deep",
    summary: "Elements nest at most 200 deep",
    explanation: """
      Mail clients lay out nested tables slowly and give up at some depth. A mail that nests this deep usually has tags \
      that are never closed.
      """,
    bad: "<div> 300 times", good: "<div>text</div>")

  /// An element has more attributes than what is checked.
  package static let tooManyAttributes = DiagnosticCode(
    "html/too-many-attributes",
    summary: "An element has at most 256 attributes",
    explanation: "Reading attributes takes time that grows with the square of their number. No mail needs so many.",
    bad: "<td a1 a2 … a300>", good: "<td width=\"200\" align=\"left\">text</td>")

  /// An element is opened and never closed.
  package static let unclosedElement = DiagnosticCode(
    "html/unclosed-element",
    summary: "An element needs its end tag",
    explanation: """
      Only the end tags of paragraphs, list items, cells, rows and a few others may be left out. Without its end tag \
      another element goes on to the end of what is around it, and its style, link or layout with it. Clients differ in \
      where they end it.
      """,
    bad: "<table><tr><td><b>Total</td></tr></table>", good: "<table><tr><td><b>Total</b></td></tr></table>")

  /// An end tag comes before that of an element inside.
  package static let mismatchedEndTag = DiagnosticCode(
    "html/mismatched-end-tag",
    summary: "Elements are closed in the opposite order of opening them",
    explanation: """
      Where end tags cross, each client builds a tree of its own from them. Close the element that was opened last first.
      """,
    bad: "<p><b><i>Thanks</b></i></p>", good: "<p><b><i>Thanks</i></b></p>")

  /// An end tag closes nothing.
  package static let strayEndTag = DiagnosticCode(
    "html/stray-end-tag",
    summary: "An end tag needs an open element",
    explanation: """
      No element of this name is open here. Either the tag is left over, or the element was ended before: a block ends \
      a paragraph, a cell ends the cell before it. Elements such as 'br' have no end tag at all.
      """,
    bad: "<p>One<div>Two</div></p>", good: "<div>One<div>Two</div></div>")

  /// A slash before `>` where it does not close.
  package static let selfClosingElement = DiagnosticCode(
    "html/self-closing-element",
    summary: "A slash does not close an element in HTML",
    explanation: """
      HTML ignores the slash in '<div/>': the element stays open, and what follows ends up inside of it. Only elements \
      without content, such as 'br' and 'img', and those of Office may be written so.
      """,
    bad: "<div/>text", good: "<div></div>text")

  /// An element where it can't be.
  package static let misplacedElement = DiagnosticCode(
    "html/misplaced-element",
    summary: "An element must stand where HTML allows it",
    explanation: """
      Cells stand in rows, rows in tables, and nothing else stands directly in these; links do not nest; there is one \
      'html', 'head' and 'body'. Clients drop or move what stands elsewhere, each in its own way.
      """,
    bad: "<table><div>Text</div></table>", good: "<table><tr><td>Text</td></tr></table>")

  /// Text directly in a table.
  package static let misplacedText = DiagnosticCode(
    "html/misplaced-text",
    summary: "Text in a table stands in a cell",
    explanation: "Browsers move text that stands between the rows or cells of a table in front of the table.",
    bad: "<table>Text<tr><td>Cell</td></tr></table>", good: "Text<table><tr><td>Cell</td></tr></table>")

  /// An element that HTML does not have.
  package static let unknownElement = DiagnosticCode(
    "html/unknown-element",
    summary: "An element must be one of HTML or Office",
    explanation: """
      Clients ignore elements that they do not know, or drop them with all that is inside. Known are the elements of \
      HTML, the obsolete ones that mail still uses among them, and Office's in 'v:', 'o:' and 'w:'.
      """,
    bad: "<tabel></tabel>", good: "<table></table>")

  /// An attribute is given twice.
  package static let duplicateAttribute = DiagnosticCode(
    "html/duplicate-attribute",
    summary: "An attribute is given once",
    explanation: "Clients take the first one and drop the others without a word. Merge the two values into one.",
    bad: "<p class=\"a\" class=\"b\">text</p>", good: "<p class=\"a b\">text</p>")

  /// An attribute with an impossible name.
  package static let badAttributeName = DiagnosticCode(
    "html/bad-attribute-name",
    summary: "The name of an attribute begins with a letter and holds no quote",
    explanation: """
      Such a name is most often what a quote too many or too few has left over, and then the attributes around it are \
      wrong, too.
      """,
    bad: "<p title=\"the \"big\" one\">text</p>", good: "<p title=\"the &quot;big&quot; one\">text</p>")

  /// An end tag with something beside its name.
  package static let badEndTag = DiagnosticCode(
    "html/bad-end-tag",
    summary: "An end tag holds its name alone",
    explanation: "What stands behind the name is dropped. Often a '>' is missing, and the next tag was swallowed.",
    bad: "<p>text</p class=\"a\">", good: "<p class=\"a\">text</p>")

  /// A character reference that is none.
  package static let badReference = DiagnosticCode(
    "html/bad-character-reference",
    summary: "A character reference has a known name or number, and a semicolon",
    explanation: """
      An unknown reference is shown to readers as it is written. One without a semicolon is read as far as it goes, so \
      '&copy' in an address turns into '©'. Write '&amp;' for the character '&'.
      """,
    bad: "<p>Fish &nbps; chips</p>", good: "<p>Fish &nbsp; chips</p>")

  /// A byte that HTML does not allow.
  package static let invalidCharacter = DiagnosticCode(
    "html/invalid-character",
    summary: "A text is UTF-8 without control characters",
    explanation: """
      Clients show such bytes as boxes or question marks, or stop reading. They come from files saved in another \
      encoding, and from pasting.
      """,
    bad: "<p>a\u{1}b</p>", good: "<p>ab</p>")

  /// A comment that goes on to the end.
  package static let unterminatedComment = DiagnosticCode(
    "html/unterminated-comment",
    summary: "A comment or declaration must be closed",
    explanation: "Clients take everything up to the end of the mail as its content, so the rest of the mail is lost.",
    bad: "<p>One</p><!-- two <p>Three</p>", good: "<p>One</p><!-- two --><p>Three</p>")

  /// A value whose quote is never closed.
  package static let unterminatedValue = DiagnosticCode(
    "html/unterminated-value",
    summary: "A quoted value must be closed",
    explanation: "The value goes on to the end of the mail, and clients drop the tag with all of it.",
    bad: "<p>One</p><a href=\"https://bbws.example>Two</a>", good: "<p>One</p><a href=\"https://bbws.example\">Two</a>")

  /// A tag that the document ends in.
  package static let unterminatedTag = DiagnosticCode(
    "html/unterminated-tag",
    summary: "A tag must be closed",
    explanation: "The document ends in the tag, and clients drop it.",
    bad: "<p>One</p><hr", good: "<p>One</p><hr>")

  /// A doctype that declares something.
  package static let internalSubset = DiagnosticCode(
    "html/internal-subset",
    summary: "A doctype declares nothing",
    explanation: "An internal subset can define entities that read files or grow without end. HTML has none.",
    bad: "<!DOCTYPE html [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><p>text</p>", good: "<!DOCTYPE html><p>text</p>")

  /// An identifier is given twice.
  package static let duplicateID = DiagnosticCode(
    "html/duplicate-id", .warning,
    summary: "An identifier is given once",
    explanation: "A link to the identifier leads to the first one, and labels and styles find either.",
    bad: "<p id=\"a\">One</p><p id=\"a\">Two</p>", good: "<p id=\"a\">One</p><p id=\"b\">Two</p>")

  /// Something else that libxml2 says.
  package static let notWellFormed = DiagnosticCode(
    "html/not-well-formed",
    summary: "libxml2 must be able to read the document",
    explanation: """
      libxml2, which reads every finished mail as a second judge, has met something that it can't read and that Galley \
      has no word of its own for. Its message is quoted.
      """,
    bad: "what libxml2 refuses", good: "<p>text</p>")
}

/// All codes of this module, for `galley explain`.
package let checkCodes: [DiagnosticCode] = [
  .tooLarge, .tooDeep, .tooManyAttributes, .unclosedElement, .mismatchedEndTag, .strayEndTag, .selfClosingElement,
  .misplacedElement, .misplacedText, .unknownElement, .duplicateAttribute, .badAttributeName, .badEndTag, .badReference,
  .invalidCharacter, .unterminatedComment, .unterminatedValue, .unterminatedTag, .internalSubset, .duplicateID,
  .notWellFormed,
]
