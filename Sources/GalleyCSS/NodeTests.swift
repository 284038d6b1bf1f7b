import GalleyHTML

// Asked for every node: comparing and testing across modules goes through the tables of protocols otherwise.

extension HTMLTree.Node {
  /// Whether the node is an element.
  @inline(__always) var isElement: Bool { kind.rawValue == Self.elementKind }

  private static let elementKind: UInt8 = 1

  /// Whether a placeholder stands in the start tag outside of an attribute's value.
  @inline(__always) var hasPlaceholderInTag: Bool { flags.rawValue & Self.placeholderInTag != 0 }

  private static let placeholderInTag: UInt16 = 16

  /// Whether the element has neither a prefix nor a tag that is not its own.
  @inline(__always) var isUsual: Bool { flags.rawValue & Self.unusual == 0 }

  private static let unusual: UInt16 = 256 | 512 | 1024

  /// Whether those bits are those of the flags; a test asks.
  package static var bitsAreRight: Bool {
    unusual == HTMLTree.Flags([.prefixed, .implied, .copied]).rawValue
      && placeholderInTag == HTMLTree.Flags.placeholderInTag.rawValue
      && elementKind == HTMLTree.Kind.element.rawValue
  }
}

extension HTMLTree.Flags {
  /// Whether the two have anything in common.
  @inline(__always) func intersects(_ other: HTMLTree.Flags) -> Bool { rawValue & other.rawValue != 0 }
}
