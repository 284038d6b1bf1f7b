/// A unit that `calc()` may reckon with, by its position in a table.
///
/// Units that are not in the table, such as `fr`, may not stand in `calc()`: folding one would make valid what clients
/// drop.
struct CalcUnit: Hashable {
  /// What a unit measures.
  enum Dimension { case number, percentage, length, angle, time, frequency, resolution }

  private struct Entry {
    let name: StaticString
    let dimension: Dimension
    /// How many of the dimension's basic unit it is, or 0 for a unit that depends on something.
    let factor: Double
  }

  private static let entries: [Entry] = {
    var entries: [Entry] = [
      Entry(name: "", dimension: .number, factor: 1), Entry(name: "%", dimension: .percentage, factor: 0),
      Entry(name: "px", dimension: .length, factor: 1), Entry(name: "s", dimension: .time, factor: 1),
      Entry(name: "deg", dimension: .angle, factor: 1), Entry(name: "pt", dimension: .length, factor: 4.0 / 3),
      Entry(name: "pc", dimension: .length, factor: 16), Entry(name: "in", dimension: .length, factor: 96),
      Entry(name: "cm", dimension: .length, factor: 96 / 2.54),
      Entry(name: "mm", dimension: .length, factor: 96 / 25.4),
      Entry(name: "q", dimension: .length, factor: 96 / 101.6), Entry(name: "ms", dimension: .time, factor: 0.001),
      Entry(name: "turn", dimension: .angle, factor: 360), Entry(name: "grad", dimension: .angle, factor: 0.9),
      Entry(name: "rad", dimension: .angle, factor: 0), Entry(name: "hz", dimension: .frequency, factor: 0),
      Entry(name: "khz", dimension: .frequency, factor: 0), Entry(name: "dpi", dimension: .resolution, factor: 0),
      Entry(name: "dpcm", dimension: .resolution, factor: 0), Entry(name: "dppx", dimension: .resolution, factor: 0),
      Entry(name: "x", dimension: .resolution, factor: 0),
    ]
    let relative: [StaticString] = [
      "em", "rem", "ex", "rex", "ch", "rch", "cap", "rcap", "ic", "ric", "lh", "rlh", "vw", "vh", "vi", "vb", "vmin",
      "vmax", "svw", "svh", "svi", "svb", "svmin", "svmax", "lvw", "lvh", "lvi", "lvb", "lvmin", "lvmax", "dvw", "dvh",
      "dvi", "dvb", "dvmin", "dvmax", "cqw", "cqh", "cqi", "cqb", "cqmin", "cqmax",
    ]
    entries += relative.map { Entry(name: $0, dimension: .length, factor: 0) }
    return entries
  }()

  private static let positions: [UInt64: UInt8] = {
    var positions: [UInt64: UInt8] = [:]
    for (position, entry) in entries.enumerated() { positions[RunningHash.of(entry.name)] = UInt8(position) }
    return positions
  }()

  private let position: UInt8

  private init(position: UInt8) { self.position = position }

  /// No unit at all.
  static let number = CalcUnit(position: 0)
  /// `%`.
  static let percentage = CalcUnit(position: 1)
  /// The unit into which lengths of several absolute units are folded.
  static let pixel = CalcUnit(position: 2)
  private static let second = CalcUnit(position: 3)
  private static let degree = CalcUnit(position: 4)

  /// The unit whose name, in any case and with escapes resolved, has the given hash.
  init?(hash: UInt64) {
    guard let position = Self.positions[hash] else { return nil }
    self.position = position
  }

  private var entry: Entry { Self.entries[Int(position)] }

  /// What the unit measures.
  var dimension: Dimension { entry.dimension }

  /// The name, in lower case.
  var name: StaticString { entry.name }

  /// How many of the basic unit it is, where that is always the same.
  var factor: Double? { entry.factor == 0 ? nil : entry.factor }

  /// The basic unit of the dimension, if it has one that others are multiples of.
  var basic: CalcUnit? {
    switch dimension {
    case .length: .pixel
    case .time: .second
    case .angle: .degree
    default: nil
    }
  }
}

/// A number with a unit.
struct CalcQuantity {
  var value: Double
  var unit: CalcUnit

  /// The greatest magnitude that is written; what is beyond stays as the author wrote it.
  static let limit = 1e9

  /// Reads the token of a number, a percentage or a dimension; nil for a unit that `calc()` doesn't know.
  init?(_ token: CSSToken, _ bytes: [UInt8]) {
    var end = Int(token.end)
    switch token.kind {
    case .number: unit = .number
    case .percentage:
      unit = .percentage
      end -= 1
    case .dimension:
      let name = Int(token.unitStart)..<end
      guard let known = CalcUnit(hash: CSSName.hash(bytes, name, lowercased: true)) else { return nil }
      unit = known
      end = name.lowerBound
    default: return nil
    }
    guard let number = Double(String(decoding: bytes[Int(token.start)..<end], as: UTF8.self)) else { return nil }
    value = number
  }

  init(_ value: Double, _ unit: CalcUnit) {
    self.value = value
    self.unit = unit
  }

  /// The same amount in another unit, where both are fixed.
  func converted(to other: CalcUnit) -> CalcQuantity? {
    if unit == other { return self }
    guard unit.dimension == other.dimension, let from = unit.factor, let to = other.factor else { return nil }
    return CalcQuantity(value * from / to, other)
  }

  /// Whether the number comes out as zero when it is written.
  var isZero: Bool { abs(value) < 0.000_000_5 }

  /// The quantity as CSS: no exponent, no `-0`, at most six decimals, halves rounded away from zero.
  var text: [UInt8] {
    let digits = (value.magnitude * 1_000_000).rounded(.toNearestOrAwayFromZero)
    let (whole, part) = UInt64(min(digits, Self.limit * 1_000_000)).quotientAndRemainder(dividingBy: 1_000_000)
    var text: [UInt8] = value < 0 && digits > 0 ? [0x2D] : []
    text += Array(String(whole).utf8)
    if part > 0 {
      var decimals = Array(String(part + 1_000_000).utf8.dropFirst())
      while decimals.last == 0x30 { decimals.removeLast() }
      text.append(0x2E)
      text += decimals
    }
    return text + Array(String(describing: unit.name).utf8)
  }
}
