// GalleyHTML: HTML as its author wrote it.
//
// The module hides how bytes become tags: which `<` begins a tag, which quotes hold a value, where a conditional
// comment ends, which tags HTML lets an author leave out, and all of that around placeholders whose text nobody
// knows yet. What must hold: tokens tile the bytes they were made from and nodes nest, for any bytes at all; nothing
// is ever written back, other modules make edits of byte ranges; no input takes more than linear time or recursion;
// the place that `PlaceTracker` tells of is the one that `HTMLLexer` finds. Start with `HTMLTree.parse`, then
// `HTMLTree.forEachEvent` for the text between the nodes, `PlaceTracker` for where a value stands, and
// `PlaceholderScanner` for documents of other systems.

import GalleySource

/// The position of a node in its tree; nodes are numbered in document order, the root is 0.
package struct NodeID: Hashable, Comparable, Sendable {
  /// The position in `HTMLTree.nodes`.
  package let index: Int32

  /// Makes the identity of the node at `index`.
  package init(_ index: Int) { self.index = Int32(truncatingIfNeeded: index) }

  /// The root of every tree.
  package static let root = NodeID(0)
  /// No node.
  package static let none = NodeID(-1)

  /// Orders by document order.
  package static func < (a: NodeID, b: NodeID) -> Bool { a.index < b.index }
}

/// An HTML document as a flat tree over its bytes.
///
/// It is a tree of what the author wrote, not what a browser makes of it: nothing is moved, invented or dropped. Void
/// elements and elements with optional end tags are closed as HTML says; everything else nests as written. The
/// content of a downlevel-hidden conditional comment is parsed as a fragment of its own, whose nodes are children of
/// the comment's node; to selectors they are invisible from outside. There are no text nodes: text is what lies
/// between the nodes. All offsets are byte offsets into `bytes`.
///
/// Follows the HTML Standard, "Parsing HTML documents" (https://html.spec.whatwg.org/multipage/parsing.html), as far
/// as tokens go.
package struct HTMLTree: Sendable {
  /// What a node is.
  package enum Kind: UInt8, Sendable {
    /// The whole document.
    case root
    /// An element.
    case element
    /// An ordinary comment, a bogus comment or a processing instruction.
    case comment
    /// `<!--[if …]> … <![endif]-->`: its content is this node's children.
    case hiddenConditional
    /// `<!--[if …]><!-->`, `<!--[if …]>-->` or `<![if …]>`: what follows is ordinary content.
    case revealedOpen
    /// `<!--<![endif]-->` or `<![endif]>`.
    case revealedClose
    /// `<!DOCTYPE …>`.
    case doctype
    /// `<![CDATA[ … ]]>`.
    case cdata
    /// An end tag that closes nothing.
    case strayEndTag
    /// A tag that the input ends in; a browser drops it.
    case unfinishedTag
  }

  /// One node.
  package struct Node: Sendable {
    /// What it is.
    package var kind: Kind
    /// How it was closed and what surrounds it.
    package var flags: Flags
    /// The hash of the element's name in lower case; of nothing for other kinds.
    package var name: NameHash
    /// The node around it.
    package var parent: NodeID
    /// The next node with the same parent, or `none`.
    package var nextSibling: NodeID
    /// The node before it with the same parent, or `none`.
    package var previousSibling: NodeID
    /// The first node after all of its descendants.
    package var subtreeEnd: NodeID
    /// The first attribute in `attributes`.
    package var firstAttribute: Int32
    /// How many attributes it has.
    package var attributeCount: Int32
    /// The first byte of the start tag, or of the whole construct.
    package var start: Int32
    /// The end of the element's name in its start tag, which starts at `start + 1`; of the condition of a conditional
    /// comment.
    package var nameEnd: Int32
    /// Behind the start tag; for a hidden conditional behind `]>`.
    package var contentStart: Int32
    /// The end of the content: where the end tag starts, if there is one.
    package var contentEnd: Int32
    /// Behind the end tag, or the end of the content where there is none.
    package var end: Int32
  }

  /// What else is known of a node.
  package struct Flags: OptionSet, Sendable {
    package let rawValue: UInt16
    package init(rawValue: UInt16) { self.rawValue = rawValue }
    /// The start tag ends in `/>`.
    package static let selfClosing = Flags(rawValue: 1)
    /// There is an end tag.
    package static let hasEndTag = Flags(rawValue: 2)
    /// The parent's element children are not known: a condition or a loop stands among them.
    package static let uncertainSiblings = Flags(rawValue: 4)
    /// It lies in a downlevel-hidden conditional comment.
    package static let inConditional = Flags(rawValue: 8)
    /// A placeholder stands in its start tag outside of an attribute's value.
    package static let placeholderInTag = Flags(rawValue: 16)
    /// The end tag is missing although it is required.
    package static let unclosed = Flags(rawValue: 32)
    /// The input ended inside of it, or it stands at `HTMLTree.depthLimit`, where content is not nested any more. On
    /// the root it says that the limit was met somewhere.
    package static let truncated = Flags(rawValue: 64)
    /// It was opened inside a condition or a loop that ended, or came to its `else`, before it was closed. On the root
    /// it says that some element was.
    package static let splitByBlock = Flags(rawValue: 128)
    /// Its name has a prefix and a colon, as `v:rect`.
    package static let prefixed = Flags(rawValue: 256)
    /// It has no tag: a browser adds it. Only in `browserTree()`.
    package static let implied = Flags(rawValue: 512)
    /// It shares its tag with other elements, into which a browser copies it. Only in `browserTree()`.
    package static let copied = Flags(rawValue: 1024)
    /// On the root: a browser may build another tree, see `browserTree()`.
    package static let mended = Flags(rawValue: 2048)
  }

  /// How an attribute's value is written.
  package enum Quote: UInt8, Sendable { case noValue, unquoted, single, double }

  /// One attribute of a start tag.
  package struct Attribute: Sendable {
    /// The hash of the name in lower case.
    package var name: NameHash
    /// The bytes of the name.
    package var nameStart: Int32
    package var nameEnd: Int32
    /// The bytes of the value, without quotes; empty where there is none.
    package var valueStart: Int32
    package var valueEnd: Int32
    /// How the value is written.
    package var quote: Quote
    /// Whether a placeholder stands in the value.
    package var hasPlaceholder: Bool
  }

  /// The document.
  package let bytes: [UInt8]
  /// The placeholders in it.
  package let placeholders: [Placeholder]
  /// All nodes in document order.
  package internal(set) var nodes: [Node]
  /// The attributes of all elements.
  package internal(set) var attributes: [Attribute]
  /// For each node what text stands directly in it, if that can't be told from where the nodes do; otherwise empty.
  var texts: [Content] = []
}

extension HTMLTree {
  /// The tree of nothing.
  package static let empty = HTMLTree.parse([])

  /// How many elements may be open at once; what is nested deeper becomes a child of the element at the limit.
  package static let depthLimit = 512

  /// Makes the tree of `bytes`.
  ///
  /// Any bytes are accepted. `placeholders` are sorted by place, lie within the bytes and do not overlap. Costs time
  /// and memory in proportion to the bytes; nothing recurses.
  package static func parse(_ bytes: [UInt8], placeholders: [Placeholder] = []) -> HTMLTree {
    var parser = HTMLParser()
    return parser.parse(bytes, placeholders: placeholders)
  }

  /// The node with the given identity.
  package subscript(id: NodeID) -> Node { nodes[Int(id.index)] }

  /// The first child of a node, or `none`.
  package func firstChild(of id: NodeID) -> NodeID {
    let next = NodeID(Int(id.index) + 1)
    return next < self[id].subtreeEnd ? next : .none
  }

  /// The children of a node, in document order.
  package func children(of id: NodeID) -> some Sequence<NodeID> {
    sequence(state: firstChild(of: id)) { next in
      guard next != .none else { return nil }
      defer { next = nodes[Int(next.index)].nextSibling }
      return next
    }
  }

  /// The nearest element around a node; conditional comments are seen through. `none` at the top.
  package func parentElement(of id: NodeID) -> NodeID {
    var parent = self[id].parent
    while parent != .none, self[parent].kind != .element { parent = self[parent].parent }
    return parent
  }

  /// The attributes of an element.
  package func attributes(of id: NodeID) -> ArraySlice<Attribute> {
    let node = self[id]
    return attributes[Int(node.firstAttribute)..<Int(node.firstAttribute + node.attributeCount)]
  }

  /// The first attribute with the given name in lower case.
  package func attribute(_ name: NameHash, of id: NodeID) -> Attribute? {
    attributes(of: id).first { $0.name == name }
  }

  /// The raw bytes of an attribute's value; character references are not decoded.
  package func rawValue(_ attribute: Attribute) -> ArraySlice<UInt8> {
    bytes[Int(attribute.valueStart)..<Int(attribute.valueEnd)]
  }

  /// The name of an element in the author's spelling; empty for one that has no tag.
  package func nameText(of id: NodeID) -> String {
    let node = self[id]
    guard node.kind == .element, !node.flags.contains(.implied) else { return "" }
    return String(decoding: bytes[Int(node.start) + 1..<Int(node.nameEnd)], as: UTF8.self)
  }

  /// The bytes of the condition of a conditional comment, such as ` mso 9` of `<!--[if mso 9]>`; empty for others.
  package func conditionRange(of id: NodeID) -> Range<Int> {
    let node = self[id]
    guard node.kind == .hiddenConditional || node.kind == .revealedOpen else { return 0..<0 }
    let opener = Int(node.start) + 2 < bytes.count && bytes[Int(node.start) + 2] == ASCII.dash ? 7 : 5
    let start = Int(node.start) + opener
    return start..<max(start, Int(node.nameEnd))
  }
}
