package import GalleyHTML
package import GalleySource

/// A text in which everything known has been filled in and everything unknown is a hole.
///
/// A hole takes one byte of `bytes`, `AssembledText.token`, whatever a dialect will write for it; so offsets stay true
/// for masks, and one text serves every dialect. Outside of holes the bytes are literal: braces in them mean braces.
package struct AssembledText: Sendable {
  /// The byte that stands for a hole: SUBSTITUTE, which no source may contain.
  package static let token: UInt8 = 0x1A

  /// Where values come in, or control turns.
  package struct Hole: Sendable {
    /// What a hole does.
    package enum Kind: Sendable {
      /// Prints a value.
      case output(SendExpression, type: ValueType, escaping: Escaping)
      /// Begins a condition.
      case beginIf(SendExpression)
      /// Goes on with another condition.
      case elseIf(SendExpression)
      /// Divides: the other branch of a condition, or the empty case of a loop.
      case otherwise
      /// Ends a condition.
      case endIf
      /// Begins a loop.
      case beginEach(SendExpression.Loop, SendExpression)
      /// Ends a loop.
      case endEach
    }

    /// The position of the token in the text.
    package var offset: Int
    /// What happens there.
    package var kind: Kind
    /// The construct a person wrote.
    package var origin: SourceRange

    /// Makes a hole.
    package init(offset: Int, kind: Kind, origin: SourceRange) {
      self.offset = offset
      self.kind = kind
      self.origin = origin
    }

    /// The hole as HTML and CSS see it.
    package var placeholder: Placeholder {
      let kind: Placeholder.Kind =
        switch self.kind {
        case .output: .output
        case .beginIf, .beginEach: .open
        case .elseIf, .otherwise: .middle
        case .endIf, .endEach: .close
        }
      return Placeholder(range: offset..<offset + 1, kind: kind)
    }
  }

  /// The text.
  package var bytes: [UInt8]
  /// The holes by ascending offset; blocks are balanced.
  package var holes: [Hole]
  /// Where each byte came from; covers all bytes, tokens included.
  package var origins: OriginMap
  /// What the names in holes stand for.
  package var types: SendTypes

  /// Makes a text.
  package init(
    bytes: [UInt8] = [], holes: [Hole] = [], origins: OriginMap = OriginMap(), types: SendTypes = SendTypes()
  ) {
    self.bytes = bytes
    self.holes = holes
    self.origins = origins
    self.types = types
  }

  /// The holes as HTML and CSS see them.
  package var placeholders: [Placeholder] { holes.map(\.placeholder) }

  /// The text after edits, none of which may touch a hole's byte.
  package func applying(_ edits: EditList) -> AssembledText {
    if edits.isEmpty { return self }
    let offsets = edits.map(offsets: holes.map(\.offset))
    var moved: [Hole] = []
    moved.reserveCapacity(holes.count)
    for (hole, offset) in zip(holes, offsets) {
      guard let offset else { preconditionFailure("an edit must not touch a hole") }
      moved.append(Hole(offset: offset, kind: hole.kind, origin: hole.origin))
    }
    return AssembledText(
      bytes: edits.apply(to: bytes), holes: moved, origins: origins.applying(edits), types: types)
  }
}

/// A text of a mail that is assembled, written and rendered by itself.
package enum MailPart: String, Hashable, Sendable, CaseIterable {
  /// The HTML part.
  case html
  /// The text part.
  case text
  /// The subject: one line.
  case subject
  /// The preheader, as plain text.
  case preheader
}

/// How a value that is only known to the sender is made safe for its place.
package enum Escaping: String, Hashable, Sendable {
  /// Character references for `&`, `<`, `>`, `"` and `'`.
  case html
  /// A whole URL in an attribute: as `html`, and somebody must have checked the scheme.
  case url
  /// A piece of a URL: percent-encoded, but for `/`.
  case urlPart
  /// An address behind `mailto:`: percent-encoded, but for `/` and `@`.
  case address
  /// One line: CR and LF become spaces. For the subject.
  case line
  /// As it is: in the text part, and for trusted markup.
  case none
}
