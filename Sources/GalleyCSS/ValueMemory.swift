/// Verdicts of the grammar on short values, so that a value that occurs again and again is judged once.
///
/// A verdict depends on nothing but the form of the value's property and its bytes, which are kept whole; so it holds
/// for any sheet and any attribute. A value has one place in the table and drives out what stood there: the memory
/// never grows.
struct ValueMemory: Sendable {
  /// A value of up to sixteen bytes, and the form it is measured by.
  struct Key {
    fileprivate let low: UInt64
    fileprivate let high: UInt64
    fileprivate let kind: UInt32

    /// The key of a value, or nil if it is not short, or so short that it is judged as fast.
    @inline(__always) init?(_ bytes: Span<UInt8>, _ range: Range<Int>, form: Int16) {
      let count = range.count
      guard count > 2, count <= 16 else { return nil }
      // The words at the start and at the end may share bytes; together they are all bytes.
      if count >= 8 {
        low = ByteRun.word(bytes, range.lowerBound)
        high = ByteRun.word(bytes, range.upperBound &- 8)
      } else {
        var word: UInt64 = 0
        for index in range { word = word &<< 8 | UInt64(bytes[index]) }
        low = word
        high = 0
      }
      kind = UInt32(truncatingIfNeeded: form) &<< 8 | UInt32(truncatingIfNeeded: count)
    }

    fileprivate var hash: Int {
      let mixed = (low ^ high &* 0x9E37_79B9_7F4A_7C15 ^ UInt64(kind)) &* 0xff51_afd7_ed55_8ccd
      return Int(truncatingIfNeeded: mixed &>> 48)
    }
  }

  private struct Slot: Sendable {
    var low: UInt64 = 0
    var high: UInt64 = 0
    /// The form and the length; 0 in a free slot, since no value in the table is empty.
    var kind: UInt32 = 0
    var age: UInt16 = 0
    var verdict = false
  }

  private var slots: [Slot] = []
  private var age: UInt16 = 0

  /// A memory that keeps nothing.
  static var none: ValueMemory { ValueMemory() }

  private init() {}

  /// Makes an empty memory of so many values, a power of two.
  init(capacity: Int) {
    precondition(capacity > 0 && capacity & (capacity - 1) == 0, "the capacity is a power of two")
    slots = Array(repeating: Slot(), count: capacity)
  }

  /// Forgets all verdicts. Should the age come round again, those that come back are still right.
  mutating func forget() { age &+= 1 }

  /// The verdict on a value, if it is known.
  @inline(__always) subscript(key: Key) -> Bool? {
    let slots = slots.span
    if slots.isEmpty { return nil }
    let slot = slots[key.hash & (slots.count &- 1)]
    let isSame = slot.kind == key.kind && slot.low == key.low && slot.high == key.high && slot.age == age
    return isSame ? slot.verdict : nil
  }

  /// Remembers a verdict.
  mutating func note(_ verdict: Bool, on key: Key) {
    if slots.isEmpty { return }
    let slot = Slot(low: key.low, high: key.high, kind: key.kind, age: age, verdict: verdict)
    slots[key.hash & (slots.count - 1)] = slot
  }
}
