/// The components of a value at its top level, from left to right, without a token or a number being made of them.
///
/// Each declaration of a sheet is looked at, so that this is one pass over its bytes; `ValueComponents` reads the same
/// with numbers and escapes for the passes that change values.
struct ValueScanner {
  /// One component.
  enum Component {
    /// A word, by the hash of its lower case.
    case word(UInt64)
    case number(Number)
    case percentage(Number)
    /// A number with a unit, by the hash of its lower case.
    case dimension(Number, unit: UInt64)
    /// `#` with a name, without its mark.
    case hash(Range<Int>)
    /// A function with its parentheses, by the hash of its name in lower case.
    case function(UInt64)
    case string
    case comma, slash
    case end
    /// What is broken, or written with escapes.
    case other
  }

  /// What counts of a number.
  struct Number {
    var isNegative = false
    var isZero = true
    var isInteger = true
    /// The digits before the point.
    var digits: Range<Int>
  }

  private let end: Int
  private var position: Int

  init(_ range: Range<Int>) {
    end = range.upperBound
    position = range.lowerBound
  }

  /// Takes the next component of the bytes of which the value is a range; at the end `end`, again and again.
  mutating func next(_ bytes: Span<UInt8>) -> Component {
    skipTrivia(bytes)
    guard position < end else { return .end }
    let byte = bytes[position]
    switch byte {
    case 0x30...0x39, 0x2E, 0x2B: return number(bytes)
    case 0x2D where position &+ 1 < end && (bytes[position &+ 1].isDigit || bytes[position &+ 1] == 0x2E):
      return number(bytes)
    case 0x23:
      let start = position &+ 1
      position = start
      while position < end, bytes[position].isNameByte { position &+= 1 }
      return .hash(start..<position)
    case 0x22, 0x27: return skipString(bytes, byte) ? .string : .other
    case 0x2C:
      position &+= 1
      return .comma
    case 0x2F:
      position &+= 1
      return .slash
    default: return byte.isNameStart || byte == 0x2D ? word(bytes) : .other
    }
  }

  /// Steps over white space and comments; what looks like a comment without an end stays.
  private mutating func skipTrivia(_ bytes: Span<UInt8>) {
    while position < end {
      if bytes[position].isCSSWhitespace {
        position &+= 1
      } else if bytes[position] == 0x2F, let stop = commentEnd(bytes) {
        position = stop
      } else {
        return
      }
    }
  }

  private func commentEnd(_ bytes: Span<UInt8>) -> Int? {
    guard position &+ 1 < end, bytes[position &+ 1] == 0x2A else { return nil }
    var index = position &+ 3
    while index < end {
      if bytes[index &- 1] == 0x2A, bytes[index] == 0x2F { return index &+ 1 }
      index &+= 1
    }
    return nil
  }

  /// Takes the bytes of a name and returns the hash of their lower case; nil for a name with an escape.
  private mutating func name(_ bytes: Span<UInt8>) -> UInt64? {
    var hash = RunningHash()
    while position < end, bytes[position].isNameByte {
      hash.add(bytes[position].lowercasedASCII)
      position &+= 1
    }
    return position < end && bytes[position] == 0x5C ? nil : hash.value
  }

  private mutating func word(_ bytes: Span<UInt8>) -> Component {
    guard let name = name(bytes) else { return .other }
    guard position < end, bytes[position] == 0x28 else { return .word(name) }
    return skipParentheses(bytes) ? .function(name) : .other
  }

  private mutating func number(_ bytes: Span<UInt8>) -> Component {
    var number = Number(digits: position..<position)
    if bytes[position] == 0x2D || bytes[position] == 0x2B {
      number.isNegative = bytes[position] == 0x2D
      position &+= 1
    }
    let first = position
    skipDigits(bytes, &number)
    number.digits = first..<position
    var hasDigits = position > first
    if position &+ 1 < end, bytes[position] == 0x2E, bytes[position &+ 1].isDigit {
      number.isInteger = false
      position &+= 1
      skipDigits(bytes, &number)
      hasDigits = true
    }
    guard hasDigits else { return .other }
    guard position < end else { return .number(number) }
    if bytes[position] == 0x25 {
      position &+= 1
      return .percentage(number)
    }
    guard bytes[position].isNameByte || bytes[position] == 0x5C else { return .number(number) }
    return name(bytes).map { .dimension(number, unit: $0) } ?? .other
  }

  private mutating func skipDigits(_ bytes: Span<UInt8>, _ number: inout Number) {
    while position < end, bytes[position].isDigit {
      if bytes[position] != 0x30 { number.isZero = false }
      position &+= 1
    }
  }

  /// Steps over the string that starts here; false if it isn't closed.
  private mutating func skipString(_ bytes: Span<UInt8>, _ quote: UInt8) -> Bool {
    position &+= 1
    while position < end {
      let byte = bytes[position]
      position &+= byte == 0x5C && position &+ 1 < end ? 2 : 1
      if byte == quote { return true }
    }
    return false
  }

  /// Steps over what stands in parentheses; false if they aren't closed.
  private mutating func skipParentheses(_ bytes: Span<UInt8>) -> Bool {
    var depth = 0
    while position < end {
      let byte = bytes[position]
      switch byte {
      case 0x22, 0x27:
        if !skipString(bytes, byte) { return false }
        continue
      case 0x28: depth &+= 1
      case 0x29: depth &-= 1
      case 0x5C where position &+ 1 < end: position &+= 1
      default: break
      }
      position &+= 1
      if depth == 0 { return true }
    }
    return false
  }
}
