/// The 64-bit FNV-1a hash by which names are compared: of elements, attributes, classes and identifiers.
///
/// Names are hashed once, by the lexer or the selector parser, and compared as integers from then on. The hash is the
/// same in each process and on each machine.
package struct NameHash: Hashable, Sendable {
  /// The hash.
  package let value: UInt64

  /// Makes the hash of bytes as they are.
  package init(_ bytes: some Sequence<UInt8>) {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    value = hash
  }

  /// Makes the hash of bytes with ASCII letters in lower case.
  package init(lowercasing bytes: some Sequence<UInt8>) {
    self.init(bytes.lazy.map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 })
  }

  /// Makes the hash of a literal name, as it is.
  package init(_ name: StaticString) {
    self.init(String(describing: name).utf8)
  }

  /// Takes over a hash that was computed in passing.
  package init(value: UInt64) { self.value = value }
}
