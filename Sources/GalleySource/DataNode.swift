/// A value read from YAML or JSON that remembers where it was written.
///
/// Configuration, front matter, catalogs and samples all arrive in this form, so that whoever checks them can point
/// at a key or a value.
public struct DataNode: Sendable, Hashable {
  /// One key of a mapping with its value.
  public struct Entry: Sendable, Hashable {
    /// The key.
    public let key: String
    /// Where the key is written.
    public let keyRange: SourceRange
    /// The value.
    public let value: DataNode

    /// Makes an entry.
    public init(key: String, keyRange: SourceRange, value: DataNode) {
      self.key = key
      self.keyRange = keyRange
      self.value = value
    }
  }

  /// What a node holds.
  public enum Kind: Sendable, Hashable {
    /// Nothing.
    case null
    /// True or false.
    case boolean(Bool)
    /// A number, in the author's spelling.
    case number(String)
    /// A text.
    case string(String)
    /// A list.
    case list([DataNode])
    /// A mapping, in the order of writing; keys are unique.
    case mapping([Entry])
  }

  /// The value.
  public let kind: Kind
  /// Where it is written.
  public let range: SourceRange

  /// Makes a node.
  public init(_ kind: Kind, at range: SourceRange) {
    self.kind = kind
    self.range = range
  }

  /// The entries of a mapping, or nil for anything else.
  public var entries: [Entry]? { if case .mapping(let entries) = kind { entries } else { nil } }

  /// The items of a list, or nil for anything else.
  public var items: [DataNode]? { if case .list(let items) = kind { items } else { nil } }

  /// The text of a string, or nil for anything else.
  public var string: String? { if case .string(let text) = kind { text } else { nil } }

  /// The truth value of a boolean, or nil for anything else.
  public var boolean: Bool? { if case .boolean(let value) = kind { value } else { nil } }

  /// The value of an integer, or nil for anything else and for integers over 2⁵³.
  public var integer: Int? {
    guard case .number(let text) = kind, let value = Int(text), value.magnitude <= 1 << 53 else { return nil }
    return value
  }

  /// The value of a key of a mapping.
  public subscript(key: String) -> DataNode? { entries?.first { $0.key == key }?.value }

  /// The kind in an author's words, with its article: "a list", "a text".
  public var kindName: String {
    switch kind {
    case .null: "nothing"
    case .boolean: "true or false"
    case .number: "a number"
    case .string: "a text"
    case .list: "a list"
    case .mapping: "a mapping"
    }
  }
}
