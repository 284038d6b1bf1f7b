package import GalleySource

/// A text of a catalog: a tree of pieces, parsed from a pattern of ICU's MessageFormat.
///
/// `{name}` is an argument; `{n, plural, …}`, `{n, selectordinal, …}` and `{s, select, …}` choose between texts; `#`
/// is the number of a plural, `<link>…</link>` what a call makes a link of, `''` an apostrophe, and `'{…}'` braces that are meant. See https://unicode-org.github.io/icu/userguide/format_parse/messages/.
package struct Message: Hashable, Sendable {
  /// One piece of a message; ranges are offsets into the pattern.
  package indirect enum Piece: Hashable, Sendable {
    /// Text, with quoting resolved.
    case text([UInt8], Range<Int>)
    /// The value of an argument.
    case argument(String, Range<Int>)
    /// A number that is known when the site is built, in a style.
    case number(String, NumberStyle, Range<Int>)
    /// A date or a time that is known when the site is built, in a style.
    case date(String, DateStyle, Range<Int>)
    /// A choice by the plural category of a number.
    case plural(Plural)
    /// A choice by a text.
    case select(Select)
    /// `#`: the number of the plural around it, less the plural's offset.
    case count(of: String, offset: Int, Range<Int>)
    /// A stretch between a pair of tags.
    case tag(String, [Piece], Range<Int>)
  }

  /// A choice by a number.
  package struct Plural: Hashable, Sendable {
    /// What a case is for.
    package enum Selector: Hashable, Sendable {
      /// `=2`: this number, whatever the offset.
      case exact(Int)
      /// The numbers of a category, once the offset is taken away.
      case category(PluralCategory)
    }

    /// One of the texts.
    package struct Case: Hashable, Sendable {
      package var selector: Selector
      package var pieces: [Piece]
    }

    /// The name of the argument.
    package var argument: String
    /// Whether the number ranks, `1st`, and does not count.
    package var isOrdinal: Bool
    /// What is taken away from the number before its category is looked at.
    package var offset: Int
    package var cases: [Case]
    /// Where the whole stands.
    package var range: Range<Int>

    /// The text for a selector, or nil where there is none.
    package subscript(selector: Selector) -> [Piece]? { cases.first { $0.selector == selector }?.pieces }
  }

  /// A choice by a text.
  package struct Select: Hashable, Sendable {
    /// One of the texts.
    package struct Case: Hashable, Sendable {
      package var key: String
      package var keyRange: Range<Int>
      package var pieces: [Piece]
    }

    /// The name of the argument.
    package var argument: String
    package var cases: [Case]
    /// Where the whole stands.
    package var range: Range<Int>

    /// The text for a key, or nil where there is none.
    package subscript(key: String) -> [Piece]? { cases.first { $0.key == key }?.pieces }
  }

  /// How an argument is used.
  package enum Use: String, Hashable, Sendable, CaseIterable {
    case value, number, date, plural, selectordinal, select
  }

  /// The key with its parents, joined by dots.
  package let key: String
  /// Where the last part of the key is written.
  package let keyRange: SourceRange
  /// Where the pattern is written, quotation marks included.
  package let range: SourceRange
  /// The number of bytes of the pattern.
  package let count: Int
  /// The pieces in order.
  package let pieces: [Piece]
  /// Whether the pattern has faults, so that what the message lacks says nothing.
  package var isBroken = false
  /// How each argument is used, by its name.
  package let uses: [String: Set<Use>]
  /// The names of the arguments, sorted, each once.
  package let arguments: [String]
  /// The names of the tags, sorted, each once.
  package let tags: [String]

  /// Makes a message from parsed pieces.
  package init(key: String, keyRange: SourceRange, range: SourceRange, count: Int, pieces: [Piece]) {
    self.key = key
    self.keyRange = keyRange
    self.range = range
    self.count = count
    self.pieces = pieces
    var uses: [String: Set<Use>] = [:]
    var tags: Set<String> = []
    pieces.forEachPiece { piece in
      switch piece {
      case .text, .count: break
      case .argument(let name, _): uses[name, default: []].insert(.value)
      case .number(let name, _, _): uses[name, default: []].insert(.number)
      case .date(let name, _, _): uses[name, default: []].insert(.date)
      case .plural(let plural):
        uses[plural.argument, default: []].insert(plural.isOrdinal ? .selectordinal : .plural)
      case .select(let select): uses[select.argument, default: []].insert(.select)
      case .tag(let name, _, _): tags.insert(name)
      }
    }
    self.uses = uses
    self.tags = tags.sorted()
    arguments = uses.keys.sorted()
  }

  /// Where a stretch of the pattern is written.
  ///
  /// A pattern that stands in its file byte for byte, bare or in quotation marks, is pointed into; of any other the
  /// whole is answered.
  package func range(of offsets: Range<Int>) -> SourceRange {
    Self.range(of: offsets, in: range, count: count)
  }

  /// Where a stretch of a pattern of `count` bytes is written that stands at `range`.
  static func range(of offsets: Range<Int>, in range: SourceRange, count: Int) -> SourceRange {
    let surplus = range.range.count - count
    guard surplus == 0 || surplus == 2 else { return range }
    let start = range.start + surplus / 2
    return SourceRange(range.source, start + offsets.lowerBound, start + offsets.upperBound)
  }
}

extension Message {
  /// The cases of the choices by each argument that is a text.
  package var selectCases: [String: Set<String>] {
    var result: [String: Set<String>] = [:]
    pieces.forEachPiece { piece in
      if case .select(let select) = piece { result[select.argument, default: []].formUnion(select.cases.map(\.key)) }
    }
    return result
  }
}

extension [Message.Piece] {
  /// Calls `visit` with each piece and all within it, in the order of writing.
  package func forEachPiece(_ visit: (Message.Piece) -> Void) {
    for piece in self {
      visit(piece)
      switch piece {
      case .text, .argument, .number, .date, .count: break
      case .plural(let plural): for choice in plural.cases { choice.pieces.forEachPiece(visit) }
      case .select(let select): for choice in select.cases { choice.pieces.forEachPiece(visit) }
      case .tag(_, let pieces, _): pieces.forEachPiece(visit)
      }
    }
  }
}
