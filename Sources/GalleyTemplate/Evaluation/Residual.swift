import GalleySource

/// What is left of an expression once everything known has been put in.
indirect enum Residual: Sendable {
  /// A value. `isData` tells that it came from a variable of the template, so that it is escaped as the sender's engine
  /// would have escaped it.
  case known(Value, type: ValueType?, isData: Bool)
  /// An expression for the sender.
  case send(SendValue)
  /// A text put together from known pieces and values: a message, or a fragment of the front matter.
  case pieces([TextPiece])
  /// Something that has been reported already.
  case invalid

  /// An expression for the sender with what its declaration says.
  struct SendValue: Sendable {
    var expression: SendExpression
    var type: ValueType
    var isOptional: Bool
    /// How deep the expression is nested.
    var depth = 1
  }

  static let nothing = Residual.known(.null, type: nil, isData: false)

  static func truth(_ value: Bool, isData: Bool = false) -> Residual {
    .known(.boolean(value), type: .boolean, isData: isData)
  }

  /// Whether the value depends on a variable.
  var isData: Bool {
    switch self {
    case .known(_, _, let isData): isData
    case .send: true
    case .pieces, .invalid: false
    }
  }
}

/// A piece of a text that is put together.
indirect enum TextPiece: Sendable {
  /// Known text, written at `origin`; verbatim where the bytes are those of the origin.
  case text([UInt8], origin: SourceRange, isVerbatim: Bool, frame: OriginMap.Frame)
  /// A value, printed by the construct at `origin`.
  case value(Residual, subject: Subject, frame: OriginMap.Frame)
  /// A fragment of the front matter.
  case fragment([TemplateNode], Scope)
  /// The first pieces where the condition holds, else the second.
  case choice(SendExpression, [TextPiece], [TextPiece], origin: SourceRange, frame: OriginMap.Frame)
  /// Pieces that are a link where markup can stand.
  case link(Link)

  /// A stretch of a message between tags.
  struct Link: Sendable {
    /// The URL.
    var address: Residual
    /// The argument that passes the URL, and the frame it stands in.
    var subject: Subject
    var addressFrame: OriginMap.Frame
    var content: [TextPiece]
    /// Where the tags and what is between them are written.
    var origin: SourceRange
    var frame: OriginMap.Frame
  }
}

/// The construct that prints a value, for complaints about it.
struct Subject: Sendable {
  /// The whole construct.
  let range: SourceRange
  /// The expression in it.
  let expression: SourceRange
  /// Whether it asks for markup.
  var isRaw = false
}

extension Residual {
  /// The text of pieces that are all known and not data, which then count as one known text.
  var folded: Residual {
    guard case .pieces(let pieces) = self else { return self }
    var text: [UInt8] = []
    for piece in pieces {
      switch piece {
      case .text(let bytes, _, _, _): text += bytes
      case .value(let value, _, _):
        guard case .known(let known, _, false) = value.folded, let printed = known.text else { return self }
        text += printed.utf8
      case .fragment, .choice, .link: return self
      }
    }
    return .known(.string(String(decoding: text, as: UTF8.self)), type: .string, isData: false)
  }

  /// Whether pieces hold known text that is not empty.
  var hasKnownText: Bool {
    guard case .pieces(let pieces) = self else { return false }
    return pieces.contains { piece in
      switch piece {
      case .text(let bytes, _, _, _): !bytes.isEmpty
      case .fragment(let nodes, _): !nodes.isEmpty
      case .value(let value, _, _): value.hasKnownText
      case .link(let link): Residual.pieces(link.content).hasKnownText
      case .choice: false
      }
    }
  }
}
