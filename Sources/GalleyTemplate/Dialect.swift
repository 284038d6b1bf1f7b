/// The language that a sender fills in: what it can say, how it says it, how it escapes.
///
/// A dialect is a table: `Dialects/` holds one file for each, and `DialectWriter` and `Interpreter` read nothing else.
package struct Dialect: Sendable, Hashable {
  /// What a dialect can express.
  package struct Abilities: OptionSet, Sendable, Hashable {
    package let rawValue: Int
    /// Makes a set from its bits.
    package init(rawValue: Int) { self.rawValue = rawValue }
    /// `if`, on the truth of a variable.
    package static let conditions = Abilities(rawValue: 1)
    /// `else` of a condition.
    package static let otherwise = Abilities(rawValue: 2)
    /// Loops over a list.
    package static let loops = Abilities(rawValue: 4)
    /// `else` of a loop, for the empty list.
    package static let emptyLoops = Abilities(rawValue: 8)
    /// The position in a loop: the index, whether it is the first, whether it is the last.
    package static let loopPositions = Abilities(rawValue: 16)
    /// Fields of records.
    package static let fields = Abilities(rawValue: 32)
    /// Comparison for equality.
    package static let equality = Abilities(rawValue: 64)
    /// Comparison of numbers by size.
    package static let order = Abilities(rawValue: 128)
    /// `and`, `or`, `not`, and whether a value is there.
    package static let logic = Abilities(rawValue: 256)
    /// Another value where one is absent or empty.
    package static let fallbacks = Abilities(rawValue: 512)
    /// Percent-encoding; where it lacks, the caller has to.
    package static let percentEncoding = Abilities(rawValue: 1024)
    /// Turning line ends into spaces; where it lacks, the caller has to.
    package static let lineStripping = Abilities(rawValue: 2048)
    /// Remainders of integers, within comparisons; a negative number leaves what Python's `%` does.
    package static let remainders = Abilities(rawValue: 1 << 20)
  }

  /// How the dialect's own escaping spells the five characters of HTML.
  package enum HTMLEscaping: Sendable, Hashable {
    /// The dialect escapes: `&amp;`, `&lt;`, `&gt;`, and these for `"` and `'`.
    case references(quote: String, apostrophe: String)
    /// The dialect does not escape: the caller has to, and the contract says so.
    case byCaller
  }

  /// What becomes of literal text that the dialect would read as its own.
  package struct LiteralRules: Sendable, Hashable {
    /// The two bytes that begin a construct; the first is a brace.
    package var openers: [String]
    /// Whether an expression can print such text; where it can't, HTML takes a character reference.
    package var canPrintText: Bool
    /// Whether the engine turns CR and CR LF into LF.
    package var normalizesLineEnds: Bool
    /// Whether the engine drops one line end at the end of the text.
    package var dropsFinalLineEnd: Bool
  }

  /// The name in `galley.yml`.
  package var name: String
  /// What it can express.
  package var abilities: Abilities
  /// How it escapes.
  package var htmlEscaping: HTMLEscaping
  /// The names that neither a loop's item nor a variable may have.
  package var reservedNames: Set<String>
  /// How each construct is written.
  package var syntax: DialectSyntax
  /// How literal text is kept from being read as syntax.
  package var literals: LiteralRules

  // MARK: The known dialects

  private static let all: [Dialect] = [.jinja, .interpolate]

  /// The names of the dialects, in alphabetical order.
  package static let names: [String] = all.map(\.name).sorted()

  /// The dialect with the given name.
  package static func named(_ name: String) -> Dialect? { all.first { $0.name == name } }

  // MARK: Questions

  /// Whether a variable or a loop's item can have the given name.
  package func canName(_ name: String) -> Bool {
    guard let first = name.utf8.first, !(0x30...0x39).contains(first) else { return false }
    return !reservedNames.contains(name) && name.utf8.allSatisfy(Self.isNameByte)
  }

  /// What the caller has to do to a value before it hands it over, or nil where the dialect does it.
  package func callerDuty(for escaping: Escaping) -> Escaping? {
    switch escaping {
    case .html, .url: htmlEscaping == .byCaller ? escaping : nil
    case .urlPart, .address: abilities.contains(.percentEncoding) ? nil : escaping
    case .line: abilities.contains(.lineStripping) ? nil : escaping
    case .none: nil
    }
  }

  static func isNameByte(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF) || byte == UInt8(ascii: "_")
  }
}
