/// One piece of what a reader reads, or something that happens between two pieces.
struct TextEvent {
  /// What it is.
  enum Kind: UInt8 {
    /// Bytes of the document as they are: `start..<end`.
    case text
    /// Bytes of `TextContent.literals`: `start..<end`.
    case literal
    /// White space, which shows only between two pieces of a line.
    case space
    /// A hole that prints: its position in the document's holes is `start`.
    case output
    /// Holes that turn control: as for `output`.
    case open, middle, close
    /// The end of a line.
    case lineBreak
    /// The end of a paragraph.
    case paragraphBreak
    /// What joins the pieces of a line of a data table, if there are some on both sides: `start` is a `TextJoint`.
    case joint
    /// A link begins.
    case linkStart
    /// The label of a link has ended, its address follows; `start` is 1 where there is no label.
    case linkAddress
    /// A link ends.
    case linkEnd
    /// Lines get a prefix from here on: `start..<end` of the literals the first, as many spaces, or the same for
    /// quotations, the others.
    case prefixStart
    /// Lines do not get the innermost prefix any more.
    case prefixEnd
  }

  var kind: Kind
  var start: Int32 = 0
  var end: Int32 = 0
  /// The bytes of the document that are to blame.
  var origin: Range<Int32>

  /// Whether a reader sees it.
  var isVisible: Bool { kind == .text || kind == .literal || kind == .output }
  /// Whether it ends a line.
  var isBreak: Bool { kind == .lineBreak || kind == .paragraphBreak }
  /// Whether it is a hole that turns control.
  var isControl: Bool { kind == .open || kind == .middle || kind == .close }
  /// The bytes that a text or a literal stands for.
  var range: Range<Int> { Int(start)..<Int(end) }
}

/// What stands between two pieces of a line of a data table; the stronger one wins where two meet.
enum TextJoint: Int32, Comparable {
  case none, comma, colon, bar

  static func < (a: TextJoint, b: TextJoint) -> Bool { a.rawValue < b.rawValue }
}

/// All that a reader reads, in order, before lines are made of it.
struct TextContent {
  /// The pieces; blocks are balanced and their groups complete.
  var events: [TextEvent]
  /// The bytes that stand nowhere in the document.
  var literals: [UInt8]
  /// For each hole of the document: the block it belongs to, or -1.
  var groups: [Int32]
  /// How many blocks the document has.
  var groupCount: Int
}
