/// One token of a style sheet: its kind and its bytes.
///
/// The kinds are those of CSS Syntax 3 (https://www.w3.org/TR/css-syntax-3/#tokenization), with comments and template
/// placeholders as tokens of their own, so that the tokens of any byte string cover it exactly.
package struct CSSToken: Sendable, Hashable {
  /// What a token is.
  package enum Kind: UInt8, Sendable {
    /// Spaces, tabs and line ends.
    case whitespace
    /// `/* … */`, closed or not.
    case comment
    /// A name.
    case ident
    /// A name with `(`.
    case function
    /// `@` with a name.
    case atKeyword
    /// `#` with a name that could be an identifier.
    case idHash
    /// `#` with another name, such as `#123`.
    case hash
    /// A quoted string, closed or ended by the end of the input.
    case string
    /// A quoted string that a line end cut off.
    case badString
    /// `url(…)` without quotes.
    case url
    /// `url(…)` with bytes that may not stand there.
    case badURL
    /// A number without a unit.
    case number
    /// A number with `%`.
    case percentage
    /// A number with a unit.
    case dimension
    /// `<!--`.
    case cdo
    /// `-->`.
    case cdc
    /// `:`.
    case colon
    /// `;`.
    case semicolon
    /// `,`.
    case comma
    /// `[`.
    case openSquare
    /// `]`.
    case closeSquare
    /// `(`.
    case openParenthesis
    /// `)`.
    case closeParenthesis
    /// `{`.
    case openBrace
    /// `}`.
    case closeBrace
    /// Any other single character.
    case delimiter
    /// A template placeholder.
    case placeholder
    /// The end of the input, without bytes.
    case end
  }

  /// What the token is.
  package var kind: Kind
  /// Whether the construct was cut off by the end of the input.
  package var isUnclosed: Bool
  /// The first byte.
  package var start: Int32
  /// Behind the last byte.
  package var end: Int32
  /// Where a dimension's unit starts; elsewhere the same as `end`.
  package var unitStart: Int32

  /// The offsets of the token's bytes.
  package var range: Range<Int> { Int(start)..<Int(end) }
}

extension CSSToken.Kind {
  /// Whether the token separates others and means nothing by itself.
  package var isTrivia: Bool { self == .whitespace || self == .comment }
}
