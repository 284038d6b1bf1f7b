/// The language that a sender fills in: what it can say, how it says it, how it escapes.
///
/// A dialect is a table. `$` in a pattern stands for the operand.
package struct Dialect: Sendable, Hashable {
  /// What a dialect can express.
  package struct Abilities: OptionSet, Sendable, Hashable {
    package let rawValue: Int
    package init(rawValue: Int) { self.rawValue = rawValue }
    package static let conditions = Abilities(rawValue: 1)
    package static let otherwise = Abilities(rawValue: 2)
    package static let loops = Abilities(rawValue: 4)
    package static let emptyLoops = Abilities(rawValue: 8)
    package static let loopPositions = Abilities(rawValue: 16)
    package static let fields = Abilities(rawValue: 32)
    package static let equality = Abilities(rawValue: 64)
    package static let order = Abilities(rawValue: 128)
    package static let logic = Abilities(rawValue: 256)
    package static let fallbacks = Abilities(rawValue: 512)
    package static let percentEncoding = Abilities(rawValue: 1024)
    package static let lineStripping = Abilities(rawValue: 2048)
  }

  /// How the dialect's own escaping spells the five characters of HTML.
  package enum HTMLEscaping: Sendable, Hashable {
    /// The dialect escapes: `&amp;`, `&lt;`, `&gt;`, and these for `"` and `'`.
    case references(quote: String, apostrophe: String)
    /// The dialect does not escape: the caller has to, and the contract says so.
    case byCaller
  }

  /// The name in `galley.yml`.
  package var name: String
  package var abilities: Abilities
  package var htmlEscaping: HTMLEscaping
  /// The names that a loop's item must not have.
  package var reservedNames: Set<String>
}
