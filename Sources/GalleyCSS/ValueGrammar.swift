/// Whether clients can be trusted to understand a value.
///
/// A value that a client doesn't understand leaves the one before in force. So a declaration overrides a weaker one
/// from another rule only if its value is certain; of a doubtful one both are kept, in order, and the client decides.
/// `ValueForms` says what the values of the properties that mails use are made of; the values of all others count as
/// certain. So do functions that stand where their kind may, and whatever has a variable in it. A prefixed value, such
/// as `-webkit-box`, is doubtful for any property that is checked.
final class ValueGrammar: Sendable {
  /// The grammar; built once.
  static let shared = ValueGrammar()

  /// What a component other than a word may be.
  struct Kinds: OptionSet {
    let rawValue: UInt16
    static let length = Kinds(rawValue: 1)
    static let percentage = Kinds(rawValue: 2)
    static let number = Kinds(rawValue: 4)
    static let integer = Kinds(rawValue: 8)
    /// A number from 1 to 1000.
    static let weight = Kinds(rawValue: 16)
    /// Numbers of all kinds may be negative.
    static let negative = Kinds(rawValue: 32)
    static let color = Kinds(rawValue: 64)
    static let image = Kinds(rawValue: 128)
    /// It stands behind a slash.
    static let behindSlash = Kinds(rawValue: 256)
    /// It stands in the last of several layers alone.
    static let inLastLayer = Kinds(rawValue: 512)

    static let anyNumber: Kinds = [.length, .percentage, .number, .integer, .weight]
  }

  /// What a component of a value may be, and how many of these there are at most.
  struct Slot {
    /// The list of its words, or 0.
    let words: UInt8
    let kinds: Kinds
    let limit: UInt8
  }

  /// What the values of a property are made of: components in any order.
  struct Form {
    let slots: Range<Int>
    /// Whether it is a list of such, with commas between.
    let hasLayers: Bool
    /// What a component may be that stands alone, and how many numbers there may be.
    let kinds: Kinds
    let numberLimit: UInt8
  }

  /// The lists of words that belong to no slot.
  enum Words {
    static let units: UInt8 = 1
    static let wide: UInt8 = 2
    static let substituting: UInt8 = 3
    static let calculating: UInt8 = 4
    static let coloring: UInt8 = 5
    static let picturing: UInt8 = 6
    static let systemFonts: UInt8 = 7
    static let colors: UInt8 = 8
    /// The first list that belongs to a slot.
    static let first: UInt8 = 9
  }

  /// The form of each property that the property table knows; -1 for any value.
  private let formOfProperty: [Int16]
  private let forms: [Form]
  private let slots: [Slot]
  /// The words of all lists: an open-addressed table of mixed hashes, 0 where there is none.
  private let words: [UInt64]
  private let families: Int16
  private let font: Int16
  /// What stands before a font's size, its size, and its line height.
  private let fontParts: (before: Form, size: Form, height: Form)

  private init() {
    let builder = Builder()
    formOfProperty = builder.formOfProperty
    forms = builder.forms
    slots = builder.slots
    words = builder.words
    func number(_ name: StaticString) -> Int16 { builder.formOfProperty[Int(PropertyTable.shared.index(of: name))] }
    func form(_ name: StaticString) -> Form { builder.forms[Int(number(name))] }
    families = number("font-family")
    font = number("font")
    fontParts = (form("font"), form("font-size"), form("line-height"))
  }

  private static func mixed(_ hash: UInt64, _ list: UInt8) -> UInt64 {
    (hash ^ UInt64(list) &* 0x9E37_79B9_7F4A_7C15) | 1
  }

  private func isWord(_ hash: UInt64, in list: UInt8) -> Bool {
    let key = Self.mixed(hash, list)
    var slot = Int(truncatingIfNeeded: key >> 1) & Builder.wordMask
    while words[slot] != 0 {
      if words[slot] == key { return true }
      slot = (slot + 1) & Builder.wordMask
    }
    return false
  }

  // MARK: - Judging values

  /// Whether the value of a property may be misunderstood.
  func isDoubtful(_ bytes: [UInt8], _ range: Range<Int>, of property: Property) -> Bool {
    guard property.isKnown else { return false }
    let number = formOfProperty[Int(property.index)]
    guard number >= 0 else { return false }
    let span = bytes.span
    if isPlainlyCertain(span, range, forms[Int(number)]) { return false }
    var scanner = ValueScanner(range)
    let first = scanner.next(span)
    if case .word(let word) = first, isWord(word, in: Words.wide) {
      var rest = scanner
      if case .end = rest.next(span) { return false }
    }
    if number == families { return !areFamilies(first, &scanner, span) }
    if number == font { return !isFont(first, &scanner, span) }
    return !fits(first, &scanner, span, forms[Int(number)])
  }

  /// How many components each slot of a form has.
  private struct Counts {
    private var bits: UInt64 = 0

    mutating func add(to slot: Int) { bits &+= 1 &<< UInt64(slot &* 8) }
    subscript(slot: Int) -> UInt8 { UInt8(truncatingIfNeeded: bits &>> UInt64(slot &* 8)) }
    var isEmpty: Bool { bits == 0 }
  }

  /// Whether a component and all behind it have a form.
  private func fits(
    _ first: ValueScanner.Component, _ scanner: inout ValueScanner, _ bytes: Span<UInt8>, _ form: Form
  ) -> Bool {
    var component = first
    var counts = Counts()
    var slash = Slash.none
    var isLast = false
    while true {
      switch component {
      case .end: return !counts.isEmpty && slash != .open
      case .comma:
        guard form.hasLayers, !counts.isEmpty, slash != .open, !isLast else { return false }
        counts = Counts()
        slash = .none
      case .slash:
        guard slash == .none, !counts.isEmpty else { return false }
        slash = .open
      case .function(let name) where isWord(name, in: Words.substituting): return true
      default:
        guard let slot = slot(for: component, form, counts, slash, bytes) else { return false }
        counts.add(to: slot)
        let kinds = slots[form.slots.lowerBound + slot].kinds
        if slash == .open { slash = kinds.contains(.behindSlash) ? .filled : .open }
        if kinds.contains(.inLastLayer) { isLast = true }
      }
      component = scanner.next(bytes)
    }
  }

  private enum Slash { case none, open, filled }

  /// The first slot that has room for a component.
  private func slot(
    for component: ValueScanner.Component, _ form: Form, _ counts: Counts, _ slash: Slash, _ bytes: Span<UInt8>
  ) -> Int? {
    for position in form.slots {
      let (slot, number) = (slots[position], position - form.slots.lowerBound)
      let isBehindSlash = slot.kinds.contains(.behindSlash)
      if isBehindSlash ? slash == .none : slash == .open { continue }
      if counts[number] < slot.limit, accepts(slot, component, bytes) { return number }
    }
    return nil
  }

  private func accepts(_ slot: Slot, _ component: ValueScanner.Component, _ bytes: Span<UInt8>) -> Bool {
    let kinds = slot.kinds
    switch component {
    case .word(let word): return slot.words > 0 && isWord(word, in: slot.words)
    case .number(let number): return accepts(kinds, number)
    case .percentage(let number): return kinds.contains(.percentage) && hasRightSign(kinds, number)
    case .dimension(let number, let unit):
      return kinds.contains(.length) && hasRightSign(kinds, number) && isWord(unit, in: Words.units)
    case .hash(let digits): return kinds.contains(.color) && isHexColor(digits, bytes)
    case .function(let name):
      return !kinds.isDisjoint(with: .anyNumber) && isWord(name, in: Words.calculating)
        || kinds.contains(.color) && isWord(name, in: Words.coloring)
        || kinds.contains(.image) && isWord(name, in: Words.picturing)
    case .string, .comma, .slash, .end, .other: return false
    }
  }

  private func hasRightSign(_ kinds: Kinds, _ number: ValueScanner.Number) -> Bool {
    !number.isNegative || kinds.contains(.negative) || number.isZero
  }

  private func accepts(_ kinds: Kinds, _ number: ValueScanner.Number) -> Bool {
    if kinds.contains(.length), number.isZero { return true }
    if kinds.contains(.weight), number.isInteger, !number.isZero, !number.isNegative, number.digits.count <= 3 {
      return true
    }
    return hasRightSign(kinds, number) && (kinds.contains(.number) || kinds.contains(.integer) && number.isInteger)
  }

  /// Whether `#` has three or six digits; four and eight have an alpha that many clients don't know.
  private func isHexColor(_ digits: Range<Int>, _ bytes: Span<UInt8>) -> Bool {
    guard digits.count == 3 || digits.count == 6 else { return false }
    for index in digits where !bytes[index].isHexDigit { return false }
    return true
  }

  /// Whether a value is a usual color, or usual lengths with one space between; one that is not may be certain as well.
  private func isPlainlyCertain(_ bytes: Span<UInt8>, _ range: Range<Int>, _ form: Form) -> Bool {
    let end = range.upperBound
    var index = range.lowerBound
    if index < end, bytes[index] == 0x23 {
      return form.kinds.contains(.color) && isHexColor(index &+ 1..<end, bytes)
    }
    var count: UInt8 = 0
    while index < end, count < form.numberLimit {
      let first = index
      var isZero = true
      while index < end, bytes[index].isDigit {
        if bytes[index] != 0x30 { isZero = false }
        index &+= 1
      }
      guard index > first else { return false }
      count &+= 1
      if index < end, bytes[index] == 0x25, form.kinds.contains(.percentage) {
        index &+= 1
      } else if index &+ 1 < end, bytes[index] == 0x70, bytes[index &+ 1] == 0x78, form.kinds.contains(.length) {
        index &+= 2
      } else if !form.kinds.contains(.number), !isZero || !form.kinds.contains(.length) {
        return false
      }
      if index == end { return true }
      guard bytes[index] == 0x20 else { return false }
      index &+= 1
    }
    return false
  }

  // MARK: - Fonts

  /// Whether a component and all behind it are a list of families: strings, or words, but no wide word alone.
  private func areFamilies(
    _ first: ValueScanner.Component, _ scanner: inout ValueScanner, _ bytes: Span<UInt8>
  ) -> Bool {
    var component = first
    while true {
      switch component {
      case .string: component = scanner.next(bytes)
      case .function(let name): return isWord(name, in: Words.substituting)
      case .word(let first):
        var count = 0
        while case .word = component {
          count += 1
          component = scanner.next(bytes)
        }
        if count == 1, isWord(first, in: Words.wide) { return false }
      default: return false
      }
      switch component {
      case .end: return true
      case .comma: component = scanner.next(bytes)
      default: return false
      }
    }
  }

  /// Whether a component and all behind it are a font: style, variant and weight, the size, line height, families.
  private func isFont(
    _ first: ValueScanner.Component, _ scanner: inout ValueScanner, _ bytes: Span<UInt8>
  ) -> Bool {
    var component = first
    var counts = Counts()
    var count = 0
    while true {
      if case .function(let name) = component, isWord(name, in: Words.substituting) { return true }
      if count < 4, let slot = slot(for: component, fontParts.before, counts, .none, bytes) {
        counts.add(to: slot)
        count += 1
        component = scanner.next(bytes)
        continue
      }
      if slot(for: component, fontParts.size, Counts(), .none, bytes) != nil { break }
      guard count == 0, case .word(let word) = component, isWord(word, in: Words.systemFonts) else { return false }
      if case .end = scanner.next(bytes) { return true }
      return false
    }
    var rest = scanner
    if case .slash = rest.next(bytes) {
      guard slot(for: rest.next(bytes), fontParts.height, Counts(), .none, bytes) != nil else { return false }
      scanner = rest
    }
    return areFamilies(scanner.next(bytes), &scanner, bytes)
  }
}

extension ValueGrammar {
  /// Reads `ValueForms`.
  private struct Builder {
    static let wordMask = 1023

    var formOfProperty: [Int16] = Array(repeating: -1, count: PropertyTable.shared.count)
    var forms: [Form] = []
    var slots: [Slot] = []
    var words: [UInt64] = Array(repeating: 0, count: wordMask + 1)
    /// What components may be, and the hashes of the names of that.
    private var components: [(words: UInt8, kinds: Kinds)] = []
    private var names: [UInt64] = []

    init() {
      add(ValueForms.units, to: Words.units)
      add(ValueForms.wideWords, to: Words.wide)
      add(ValueForms.substituting, to: Words.substituting)
      add(ValueForms.calculating, to: Words.calculating)
      add(ValueForms.coloring, to: Words.coloring)
      add(ValueForms.picturing, to: Words.picturing)
      add(ValueForms.systemFonts, to: Words.systemFonts)
      add(ValueForms.colors, to: Words.colors)
      addComponents(ValueForms.slots)
      addForms(ValueForms.forms)
    }

    private mutating func add(_ text: String, to list: UInt8) {
      let bytes = text.utf8.span
      var reader = TableReader()
      while let item = reader.next(bytes) { add(item.hash, to: list) }
    }

    private mutating func add(_ hash: UInt64, to list: UInt8) {
      let key = ValueGrammar.mixed(hash, list)
      var slot = Int(truncatingIfNeeded: key >> 1) & Self.wordMask
      while words[slot] != 0 { slot = (slot + 1) & Self.wordMask }
      words[slot] = key
    }

    /// Adds lines `name kinds: words`, or with `@colors` as the words.
    private mutating func addComponents(_ text: String) {
      let known = Kinds.named.map { (hash: RunningHash.of($0.name), kinds: $0.kinds) }
      let bytes = text.utf8.span
      var reader = TableReader()
      var listCount = Words.first
      while let name = reader.next(bytes) {
        var kinds = Kinds()
        var list: UInt8 = 0
        var isBehindColon = false
        while let item = reader.next(bytes), !item.isLineEnd {
          if !item.isWord {
            isBehindColon = true
          } else if !isBehindColon {
            guard let found = known.first(where: { $0.hash == item.hash }) else {
              preconditionFailure("these are kinds of components")
            }
            kinds.formUnion(found.kinds)
          } else if item.first == UInt8(ascii: "@") {
            list = Words.colors
          } else {
            if list == 0 {
              list = listCount
              listCount += 1
            }
            add(item.hash, to: list)
          }
        }
        components.append((list, kinds))
        names.append(name.hash)
      }
    }

    /// Adds lines `properties: slot*limit …`, with a comma at the end for layers.
    private mutating func addForms(_ text: String) {
      let bytes = text.utf8.span
      var reader = TableReader()
      while let property = reader.next(bytes) {
        var item: TableReader.Item? = property
        while let name = item, name.isWord {
          let index = Int(PropertyTable.shared.index(ofHash: name.hash))
          precondition(index >= 0, "a form belongs to a known property")
          formOfProperty[index] = Int16(forms.count)
          item = reader.next(bytes)
        }
        let first = slots.count
        var hasLayers = false
        while let item = reader.next(bytes), !item.isLineEnd {
          if item.isWord {
            addSlot(item.hash)
          } else if item.first == UInt8(ascii: ",") {
            hasLayers = true
          } else if let limit = reader.next(bytes), let slot = slots.popLast() {
            slots.append(Slot(words: slot.words, kinds: slot.kinds, limit: limit.first - UInt8(ascii: "0")))
          }
        }
        addForm(first..<slots.count, hasLayers: hasLayers)
      }
    }

    private mutating func addSlot(_ name: UInt64) {
      guard let index = names.firstIndex(of: name) else { preconditionFailure("a form is made of known slots") }
      slots.append(Slot(words: components[index].words, kinds: components[index].kinds, limit: 1))
    }

    private mutating func addForm(_ range: Range<Int>, hasLayers: Bool) {
      precondition(range.count <= 8, "the counts of a form's slots fit into 64 bits")
      let free = slots[range].filter { !$0.kinds.contains(.behindSlash) }
      let numeric = free.first { !$0.kinds.isDisjoint(with: .anyNumber) }
      forms.append(
        Form(
          slots: range, hasLayers: hasLayers, kinds: free.reduce(into: Kinds()) { $0.formUnion($1.kinds) },
          numberLimit: numeric?.limit ?? 0))
    }
  }
}

extension ValueGrammar.Kinds {
  /// The kinds by their names in `ValueForms.slots`.
  fileprivate static var named: [(name: StaticString, kinds: Self)] {
    [
      ("length", .length), ("percentage", .percentage), ("number", .number), ("integer", .integer),
      ("weight", .weight), ("negative", .negative), ("color", .color), ("image", .image),
      ("behindSlash", .behindSlash), ("inLastLayer", .inLastLayer),
    ]
  }
}
