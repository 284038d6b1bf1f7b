/// A token of a template: a kind and the bytes it covers.
///
/// The tokens of a text tile it: each begins where the one before ends.
package struct TemplateToken: Hashable, Sendable {
  /// What a token is.
  package enum Kind: UInt8, Sendable {
    /// Bytes outside of tags.
    case text
    /// The backslash that escapes `{{`, or the second of the two that stand for one.
    case escape
    /// `{{! … }}` or `{{!-- … --}}`.
    case comment
    /// A comment without an end; it reaches to the end of the text.
    case unclosedComment
    /// `{{{{name}}}} … {{{{/name}}}}`, whole.
    case rawBlock
    /// `{{`.
    case openOutput
    /// `{{{` or `{{~{`.
    case openRaw
    /// `{{&`.
    case openUnescaped
    /// `{{#`.
    case openBlock
    /// `{{#>`.
    case openPartialBlock
    /// `{{#*`.
    case openInline
    /// `{{*`.
    case openDecorator
    /// `{{^`.
    case openInverse
    /// `{{/`.
    case openEnd
    /// `{{>`.
    case openPartial
    /// `}}`.
    case close
    /// `}}}` or `}~}}`.
    case closeRaw
    case whitespace
    /// A run of letters, digits, `_`, `-`, `$` and any bytes beyond ASCII.
    case name
    case number
    case string
    /// A text whose closing quote is missing.
    case unclosedString
    /// `[…]`.
    case segment
    case dot
    /// `..`.
    case parent
    case slash
    case at
    case equals
    case leftParenthesis
    case rightParenthesis
    case bar
    /// One byte that belongs to nothing.
    case other

    /// Whether the token begins a tag.
    package var isOpen: Bool { Self.openOutput.rawValue <= rawValue && rawValue <= Self.openPartial.rawValue }
    /// Whether the token ends a tag.
    package var isClose: Bool { self == .close || self == .closeRaw }
    /// Whether the token stands inside a tag, between its ends.
    package var isInner: Bool { rawValue >= Self.whitespace.rawValue }
  }

  package var kind: Kind
  package var start: Int
  package var end: Int

  package init(_ kind: Kind, _ start: Int, _ end: Int) {
    self.kind = kind
    self.start = start
    self.end = end
  }

  /// The bytes covered.
  package var range: Range<Int> { start..<end }
}
