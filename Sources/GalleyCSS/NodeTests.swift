import GalleyHTML

// Asked for every node: comparing and testing across modules goes through the tables of protocols otherwise.

extension HTMLTree.Node {
  /// Whether the node is an element.
  @inline(__always) var isElement: Bool { kind.rawValue == Self.elementKind }

  private static let elementKind: UInt8 = 1

  /// Whether a placeholder stands in the start tag outside of an attribute's value.
  @inline(__always) var hasPlaceholderInTag: Bool { flags.rawValue & Self.placeholderInTag != 0 }

  private static let placeholderInTag: UInt16 = 16
}

extension HTMLTree.Flags {
  /// Whether the two have anything in common.
  @inline(__always) func intersects(_ other: HTMLTree.Flags) -> Bool { rawValue & other.rawValue != 0 }
}
