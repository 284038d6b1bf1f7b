/// The language that a sender fills in: what it can say, how it says it, how it escapes.
///
/// A dialect is a table: `Dialects/` holds them, one family a file, and `DialectWriter` and `Interpreter` read nothing
/// else. What a table can't say is refused by the writer's own spelling (`DialectWriter.lacks`), so that what is
/// accepted and what is written never part.
package struct Dialect: Sendable, Hashable {
  /// What a dialect can express.
  package struct Abilities: OptionSet, Sendable, Hashable {
    package let rawValue: Int
    /// Makes a set from its bits.
    package init(rawValue: Int) { self.rawValue = rawValue }
    /// `if`, on the truth of a variable.
    package static let conditions = Abilities(rawValue: 1)
    /// `else` of a condition, in the engine's own words; where it lacks, a second condition says the opposite.
    package static let otherwise = Abilities(rawValue: 2)
    /// Loops over a list.
    package static let loops = Abilities(rawValue: 4)
    /// `else` of a loop, for the empty list; where it lacks, a condition says so.
    package static let emptyLoops = Abilities(rawValue: 8)
    /// The position in a loop: the index, whether it is the first, whether it is the last.
    package static let loopPositions = Abilities(rawValue: 16)
    /// Fields of records.
    package static let fields = Abilities(rawValue: 32)
    /// Comparison for equality.
    package static let equality = Abilities(rawValue: 64)
    /// Comparison of numbers by size.
    package static let order = Abilities(rawValue: 128)
    /// `and`, `or`, `not`, and whether a value is there, in any combination.
    package static let logic = Abilities(rawValue: 256)
    /// Another value where one is absent or empty; where it lacks, a condition chooses.
    package static let fallbacks = Abilities(rawValue: 512)
    /// Percent-encoding; where it lacks, the caller has to.
    package static let percentEncoding = Abilities(rawValue: 1024)
    /// Turning line ends into spaces; where it lacks, the caller has to.
    package static let lineStripping = Abilities(rawValue: 2048)
    /// `else if`; where it lacks, a condition stands in the `else`.
    package static let chains = Abilities(rawValue: 4096)
    /// Deciding on texts, which are false when they are empty.
    package static let textConditions = Abilities(rawValue: 8192)
    /// Deciding on numbers, which are false when they are 0.
    package static let numberConditions = Abilities(rawValue: 16384)
    /// Deciding whether a list holds anything.
    package static let listConditions = Abilities(rawValue: 32768)
    /// Naming whatever is meant, in loops within loops and sections, with no name in the way.
    package static let outerNames = Abilities(rawValue: 65536)
    /// Literal texts with any characters in expressions.
    package static let anyTexts = Abilities(rawValue: 131072)
    /// Remainders of integers, within comparisons; a negative number leaves what Python's `%` does.
    package static let remainders = Abilities(rawValue: 262144)
    /// Everything that a text can ask for.
    package static let all = Abilities(rawValue: 524287)
  }

  /// How the dialect's own escaping spells the characters that mean something in HTML.
  package enum HTMLEscaping: Sendable, Hashable {
    /// The dialect escapes.
    case references(References)
    /// The dialect does not escape: the caller has to, and the contract says so.
    case byCaller

    /// What is written for characters besides `&amp;`, `&lt;` and `&gt;`.
    package struct References: Sendable, Hashable {
      /// For `"`.
      package var quote: String
      /// For `'`; an engine that writes it as it is has itself here.
      package var apostrophe: String
      /// For further bytes of ASCII.
      package var others: [UInt8: String] = [:]
      /// Whether U+00A0 to U+00FF and what is beyond the Basic Multilingual Plane become decimal references.
      package var isNumericBeyondASCII = false
    }
  }

  /// What becomes of literal text that the dialect would read as its own.
  package struct LiteralRules: Sendable, Hashable {
    /// The two bytes that begin a construct; the first is a brace.
    package var openers: [String]
    /// Whether an expression can print such text; where it can't, HTML takes a character reference.
    package var canPrintText: Bool
    /// Whether the engine turns CR and CR LF into LF.
    package var normalizesLineEnds = false
    /// Whether the engine drops one line end at the end of the text.
    package var dropsFinalLineEnd = false
    /// Whether the engine drops the line of a block's tag that stands alone on it.
    package var dropsLinesOfTags = false
    /// Whether the engine drops a branch that holds nothing but white space.
    package var dropsBlankBranches = false
    /// Whether `}` directly behind a tag would be read as part of it.
    package var takesFurtherBraces = false
    /// Whether a backslash before a tag keeps it from being one.
    package var escapesByBackslash = false
  }

  /// How constructs are written.
  package enum Syntax: Sendable, Hashable {
    /// Statements around expressions: Jinja, Liquid, Go.
    case statements(StatementSyntax)
    /// Sections and paths: Handlebars, Mustache and their kin.
    case sections(SectionSyntax)
  }

  /// What a service or an engine takes at most; nil stands for no limit.
  package struct Limits: Sendable, Hashable {
    /// The bytes of the subject, the HTML part and the text part together, as they are stored.
    package var storedBytes: Int?
    /// The bytes of the HTML part, and of the text part.
    package var partBytes: Int?
    /// The characters of the subject, as it is stored.
    package var subjectCharacters: Int?
    /// The conditions and loops that stand within one another.
    package var blocks: Int?
    /// The loops that stand within one another.
    package var loops: Int?
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
  package var syntax: Syntax
  /// How literal text is kept from being read as syntax.
  package var literals: LiteralRules
  /// The dialects that are most like it and can say more, best first: where to go with what it can't say.
  package var relatives: [String]
  /// What a service that renders it, or its engine, takes at most.
  package var limits = Limits()

  // MARK: The known dialects

  private static let all: [Dialect] = [
    .go, .handlebars, .interpolate, .jinja, .liquid, .mustache, .mustachio, .sendgrid, .ses,
  ]

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

/// What a dialect can't say.
struct Lack: Error, Hashable, Sendable {
  /// The ability that it would take, to find a dialect that has it.
  let ability: Dialect.Abilities
  /// What it is, at the end of "the dialect has no …".
  let name: String
  /// What to do about it, where there is more to say than to pass a finished value.
  var help: [String] = []
}
