/// Where in an HTML document a value is going to stand; it decides how the value is escaped, or that it may not be
/// there at all.
package struct Place: Hashable, Sendable {
  /// The syntactic position.
  package enum Kind: Hashable, Sendable {
    /// Between tags, where text is expected.
    case text
    /// In an element that holds text with character references alone: `title`, `textarea`.
    case escapableRawText(element: String)
    /// In an element whose content is not markup: `script`, `style`, `xmp`, `iframe`, `noembed`, `noframes`.
    case rawText(element: String)
    /// In the value of an attribute.
    case attribute(AttributePlace)
    /// In a tag's name.
    case tagName
    /// In a tag, outside of any value: where an attribute's name is expected.
    case insideTag
    /// In an ordinary or bogus comment, or in the condition of a conditional comment.
    case comment
    /// In a doctype or a CDATA section.
    case declaration
  }

  /// How an attribute's value is quoted.
  package enum Quote: Hashable, Sendable { case double, single, none }

  /// Which part of a URL the text before has led into.
  package enum URLPart: Hashable, Sendable {
    /// Nothing stands before: the value chooses the scheme.
    case start
    /// In a scheme, an authority, or where either could still come.
    case schemeOrAuthority
    /// Behind the authority, before `?` or `#`.
    case path
    /// Behind `?`.
    case query
    /// Behind `#`.
    case fragment
    /// In the address or the headers of a `mailto:`, `tel:` or `sms:` URL.
    case opaque
    /// Something else, whose kind a placeholder before it has left open.
    case unknown
  }

  /// What an attribute's value means.
  package enum AttributeKind: Hashable, Sendable {
    /// Text for people or for the client, such as `alt`, `title`, `align`.
    case ordinary
    /// A URL that a click or a load follows: `href`, `src`, `cite`, `longdesc`.
    case url(URLPart)
    /// A URL, or a list of URLs, that data may not choose: `srcset`, `background`, `poster`, `action`, `formaction`,
    /// `xlink:href`, `data`, `codebase`, `ping`, and `href` of `base`.
    case forbiddenURL
    /// CSS: `style`.
    case style
    /// Script: `on…`.
    case script
    /// A document: `srcdoc`.
    case document
    /// A color or a length of a presentational attribute: `bgcolor`, `color`, `width`, `height`, …
    case presentational
    /// What a client does or takes something for: `content` of `meta`, `http-equiv`, `rel`, `type`, …
    case directive
  }

  /// The attribute that a value belongs to.
  package struct AttributePlace: Hashable, Sendable {
    /// The element's name in lower case.
    package var element: String
    /// The attribute's name in lower case.
    package var name: String
    /// What the value means.
    package var kind: AttributeKind
    /// How the value is quoted.
    package var quote: Quote

    /// Makes a place in an attribute's value.
    package init(element: String, name: String, kind: AttributeKind, quote: Quote) {
      self.element = element
      self.name = name
      self.kind = kind
      self.quote = quote
    }
  }

  /// The syntactic position.
  package var kind: Kind
  /// Whether the place lies in the content of a downlevel-hidden conditional comment, which `-->` would end.
  package var isInConditional: Bool

  /// Makes a place.
  package init(_ kind: Kind, isInConditional: Bool = false) {
    self.kind = kind
    self.isInConditional = isInConditional
  }
}

extension Place: CustomStringConvertible {
  /// The place in an author's words, such as "the value of 'href' in double quotes".
  package var description: String {
    isInConditional ? "\(kind) in a conditional comment" : kind.description
  }
}

extension Place.Kind: CustomStringConvertible {
  /// The place in an author's words.
  package var description: String {
    switch self {
    case .text: "text"
    case .escapableRawText(let element), .rawText(let element): "the content of '\(element)'"
    case .attribute(let attribute): attribute.description
    case .tagName: "the name of a tag"
    case .insideTag: "a tag, outside of any attribute's value"
    case .comment: "a comment"
    case .declaration: "a declaration"
    }
  }
}

extension Place.AttributePlace: CustomStringConvertible {
  /// The place in an author's words.
  package var description: String {
    if name.isEmpty { return quote == .none ? "an unquoted attribute value" : "the value of an attribute" }
    let value = "the value of '\(name)'"
    return switch quote {
    case .double: "\(value) in double quotes"
    case .single: "\(value) in single quotes"
    case .none: "\(value), which has no quotes"
    }
  }
}
