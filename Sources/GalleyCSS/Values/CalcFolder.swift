package import GalleyHTML

/// Reckons out the constant math functions of a value: `calc(1px + 2 * 3px)` becomes `7px`.
///
/// Folded are `calc()`, `min()`, `max()`, `clamp()`, `abs()`, `sign()`, `round()`, `mod()` and `rem()` whose operands
/// have one unit, or several of absolute lengths (which become `px`), angles (`deg`) or times (`s`). All others stay
/// exactly as they are written, whole; so do functions with a placeholder in them, and what is not valid. Other
/// functions are walked into, strings and `url()` are not. Results have at most six decimals, halves rounded away from
/// zero, without an exponent; what is 10⁹ and more stays. Costs time proportional to the value. See CSS Values 4
/// (https://www.w3.org/TR/css-values-4/#math).
package struct CalcFolder: Sendable {
  /// Why a function stays.
  package enum Obstacle: Sendable {
    /// Its units can only be reckoned in a client, as in `100% - 20px`.
    case mixed
    /// Something stands in it that is not known here: `var()`, `env()`, a function, a placeholder.
    case open
    /// It divides by zero, or its result is out of range.
    case undefined
    /// Clients don't understand it either.
    case invalid
    /// It is nested too deep.
    case tooDeep
    /// Its plain result would not mean the same in this place.
    case place
  }

  /// A function that stays.
  package struct Remainder: Sendable {
    /// Why.
    package let obstacle: Obstacle
    /// Its bytes in the value as it was.
    package let range: Range<Int>
  }

  /// What folding comes to.
  package struct Folded: Sendable {
    /// The new value; nil when nothing was folded.
    package var text: [UInt8]?
    /// The functions that stay.
    package var remainders: [Remainder] = []
  }

  /// Makes a folder.
  package init() {}

  /// Folds the math functions in a range of bytes, which is the value of a property.
  ///
  /// Without a property each result is written as it is. With one, only where it means the same as the function: a
  /// negative width becomes zero, a `calc(0)` that is no length stays.
  package func fold(
    _ bytes: [UInt8], in range: Range<Int>, of property: Property? = nil, placeholders: [Placeholder] = []
  ) -> Folded {
    var walk = Walk(bytes, range, placeholders, property.map(CalcRoom.init) ?? .anything, isKnown: property != nil)
    walk.run()
    return Folded(text: walk.output.map { $0 + bytes[walk.copied..<range.upperBound] }, remainders: walk.remainders)
  }

  /// Whether a value may hold a math function: a quick look, which errs on the safe side.
  static func concerns(_ bytes: [UInt8], _ range: Range<Int>) -> Bool { bytes[range].contains(0x28) }
}

/// The way through one value.
private struct Walk {
  private let bytes: [UInt8]
  private let end: Int
  private var tokenizer: CSSTokenizer
  private let room: CalcRoom
  private let isKnown: Bool
  /// The names of the functions around, 0 for parentheses.
  private var around: [UInt64] = []
  /// What has been written, once something was folded, and up to where the value is in it.
  private(set) var output: [UInt8]?
  private(set) var copied: Int
  private(set) var remainders: [CalcFolder.Remainder] = []

  init(_ bytes: [UInt8], _ range: Range<Int>, _ placeholders: [Placeholder], _ room: CalcRoom, isKnown: Bool) {
    self.bytes = bytes
    end = range.upperBound
    copied = range.lowerBound
    tokenizer = CSSTokenizer(bytes, in: range, placeholders: placeholders)
    self.room = room
    self.isKnown = isKnown
  }

  private static let expression = RunningHash.of("expression")

  mutating func run() {
    while true {
      let token = tokenizer.take()
      switch token.kind {
      case .end: return
      case .function:
        if let function = CalcFunction(token, bytes) {
          fold(function, token)
        } else {
          let name = CSSName.hash(bytes, Int(token.start)..<Int(token.end) - 1, lowercased: true)
          if name == Self.expression { skip() } else { around.append(name) }
        }
      case .openParenthesis: around.append(around.last ?? 0)
      case .closeParenthesis: _ = around.popLast()
      default: break
      }
    }
  }

  private mutating func fold(_ function: CalcFunction, _ token: CSSToken) {
    var parser = CalcParser(bytes, tokenizer)
    let start = Int(token.start)
    guard let result = parser.parse(function) else { return leave(start, parser.obstacle) }
    guard result.value.magnitude < CalcQuantity.limit else { return leave(start, .undefined) }
    let place = around.last.map { isKnown ? CalcRoom(insideOf: $0) : .anything } ?? room
    guard let written = place.fit(result) else { return leave(start, .place) }
    tokenizer.seek(to: parser.end)
    var text = output ?? []
    text += bytes[copied..<start]
    TokenGlue.append(written.text, to: &text)
    if parser.end < end, TokenGlue.isNeeded(text, before: bytes[parser.end]) { text.append(0x20) }
    output = text
    copied = parser.end
  }

  private mutating func leave(_ start: Int, _ obstacle: CalcFolder.Obstacle) {
    skip()
    remainders.append(CalcFolder.Remainder(obstacle: obstacle, range: start..<tokenizer.position))
  }

  /// Skips to behind the parenthesis that closes the function at hand.
  private mutating func skip() {
    var depth = 1
    while depth > 0 {
      switch tokenizer.take().kind {
      case .end: return
      case .function, .openParenthesis: depth += 1
      case .closeParenthesis: depth -= 1
      default: break
      }
    }
  }
}
