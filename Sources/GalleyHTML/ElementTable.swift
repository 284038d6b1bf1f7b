/// What is known of an element by its name alone.
///
/// Names are looked up by hash, once per tag. Follows the HTML Standard, "Elements" and the categories of "Parsing
/// HTML documents" (https://html.spec.whatwg.org/multipage/parsing.html#the-stack-of-open-elements), with the
/// obsolete elements that mail still uses. Elements of Office (`v:`, `o:`, `w:`) are known by their prefix.
package struct ElementTable: Sendable {
  /// Facts about an element.
  package struct Traits: OptionSet, Sendable, Hashable {
    package let rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }
    /// HTML knows or knew it.
    package static let known = Traits(rawValue: 1)
    /// It has no content and no end tag.
    package static let void = Traits(rawValue: 1 << 1)
    /// Its content is not markup and has no character references.
    package static let rawText = Traits(rawValue: 1 << 2)
    /// Its content is text with character references.
    package static let escapableRawText = Traits(rawValue: 1 << 3)
    /// It is laid out as a block or as a part of a table by default.
    package static let block = Traits(rawValue: 1 << 4)
    /// Its start tag closes an open `p`.
    package static let closesParagraph = Traits(rawValue: 1 << 5)
    /// "Special" in the HTML Standard: end tags of inline elements do not reach through it.
    package static let special = Traits(rawValue: 1 << 6)
    /// "Formatting" in the HTML Standard: `a`, `b`, `font`, …
    package static let formatting = Traits(rawValue: 1 << 7)
    /// It bounds scopes: end tags of elements around it do not reach through it.
    package static let scope = Traits(rawValue: 1 << 8)
    /// Its end tag may be left out.
    package static let optionalEnd = Traits(rawValue: 1 << 9)
    /// It belongs into `head`.
    package static let metadata = Traits(rawValue: 1 << 10)
    /// HTML has dropped it.
    package static let obsolete = Traits(rawValue: 1 << 11)
    /// It shows nothing of its own: `head`, `style`, `meta`, `param`, `template`, …
    package static let unrendered = Traits(rawValue: 1 << 12)
    /// Where it starts, a browser may do something else than open it within what is open.
    static let delicate = Traits(rawValue: 1 << 13)
    /// What starts in it, a browser opens there only if it is a part of it.
    static let confining = Traits(rawValue: 1 << 15)
    /// Where it is closed without an end tag, a browser may do something else than close it.
    static let lingering = Traits(rawValue: 1 << 14)
  }

  /// The part an element plays when tags are left out.
  package enum Role: UInt8, Sendable {
    case other, paragraph, listItem, list, term, option, optionGroup, ruby, table, rowGroup, row, cell, caption
    case columnGroup, column, template, html, head, body, heading, anchor, button, foreign, script, plaintext, select
  }

  /// An element's entry.
  package struct Element: Sendable, Hashable {
    /// The facts.
    package var traits: Traits
    /// The part it plays when tags are left out.
    package var role: Role

    /// The entry of an element that the table does not hold.
    package static let unknown = Element(traits: [], role: .other)
  }

  /// The one table.
  package static let standard = ElementTable()

  /// Calls `body` with names, separated by spaces, and what is known of the elements of these names.
  static func forEachEntry(_ body: (Substring.UTF8View, Element) -> Void) {
    for (names, traits, role) in entries { body(names[...].utf8, Element(traits: traits.union(.known), role: role)) }
  }

  private var table = NameTable(capacity: 200, missing: Element.unknown)

  private init() {
    Self.forEachEntry { table.insert($0, $1) }
  }

  /// The entry of the element with the given name in lower case.
  package subscript(name: NameHash) -> Element { table[name] }

  /// Whether HTML knows, or knew, an element of this name in lower case.
  package static func isKnown(_ name: NameHash) -> Bool { standard[name].traits.contains(.known) }

  /// Whether an element of this name is one of HTML or of Office; the case does not matter.
  package static func isKnown(_ name: some Collection<UInt8>) -> Bool {
    isOffice(name) || isKnown(NameHash(lowercasing: name))
  }

  /// Whether a name has a prefix of Office's vocabularies: VML, Office, Word, Excel, PowerPoint.
  package static func isOffice(_ name: some Collection<UInt8>) -> Bool {
    guard let colon = name.firstIndex(of: 0x3A), name.index(after: colon) < name.endIndex else { return false }
    let prefix = NameHash(lowercasing: name[..<colon])
    return officePrefixes.contains(prefix)
  }

  private static let officePrefixes: [NameHash] = [
    NameHash("v"), NameHash("o"), NameHash("w"), NameHash("x"), NameHash("p"), NameHash("m"), NameHash("st1"),
    NameHash("w10"),
  ]

  /// Whether an element of this name has no content and no end tag.
  package static func isVoid(_ name: NameHash) -> Bool { standard[name].traits.contains(.void) }

  /// Whether the content of an element of this name is not markup, with or without character references.
  package static func isRawText(_ name: NameHash) -> Bool {
    !standard[name].traits.isDisjoint(with: [.rawText, .escapableRawText])
  }

  /// Whether an element of this name is laid out as a block or as a part of a table by default.
  package static func isBlock(_ name: NameHash) -> Bool { standard[name].traits.contains(.block) }

  private static let entries: [(String, Traits, Role)] = [
    ("html", [.special, .scope, .optionalEnd, .block, .delicate], .html),
    ("head", [.special, .optionalEnd, .unrendered, .delicate], .head),
    ("body", [.special, .optionalEnd, .block, .delicate], .body),
    ("frameset", [.special, .obsolete], .body),
    ("base link meta", [.special, .void, .metadata, .unrendered], .other),
    ("basefont bgsound", [.special, .void, .metadata, .obsolete, .unrendered], .other),
    ("title", [.special, .escapableRawText, .metadata, .unrendered], .other),
    ("style", [.special, .rawText, .metadata, .unrendered], .other),
    ("script", [.special, .rawText, .metadata, .unrendered], .script),
    ("noscript", [.special, .metadata], .other),
    ("template", [.special, .scope, .metadata, .unrendered, .delicate], .template),
    ("noframes", [.special, .rawText, .metadata, .obsolete, .unrendered], .other),
    ("noembed", [.special, .rawText, .obsolete, .unrendered], .other),
    ("iframe", [.special, .rawText], .other),
    ("xmp", [.special, .rawText, .closesParagraph, .block, .obsolete], .other),
    ("plaintext", [.special, .rawText, .closesParagraph, .block, .obsolete], .plaintext),
    ("textarea", [.special, .escapableRawText], .other),
    ("area embed img input wbr", [.special, .void], .other),
    ("br", [.special, .void], .other),
    ("param source track", [.special, .void, .unrendered], .other),
    ("frame keygen", [.special, .void, .obsolete], .other),
    ("command image", [.void, .obsolete, .delicate], .other),
    ("hr", [.special, .void, .closesParagraph, .block], .other),
    ("col", [.special, .void, .block, .delicate], .column),
    ("p", [.special, .closesParagraph, .block, .optionalEnd], .paragraph),
    ("h1 h2 h3 h4 h5 h6", [.special, .closesParagraph, .block], .heading),
    (
      """
      address article aside blockquote details div fieldset figcaption figure footer header hgroup main nav pre \
      search section summary
      """, [.special, .closesParagraph, .block], .other
    ),
    ("form", [.special, .closesParagraph, .block, .delicate], .other),
    ("dialog", [.closesParagraph, .block], .other),
    ("center listing", [.special, .closesParagraph, .block, .obsolete], .other),
    ("multicol", [.block, .obsolete], .other),
    ("dl", [.special, .closesParagraph, .block], .other),
    ("ol ul menu", [.special, .closesParagraph, .block], .list),
    ("dir", [.special, .closesParagraph, .block, .obsolete], .list),
    ("li", [.special, .closesParagraph, .block, .optionalEnd], .listItem),
    ("dt dd", [.special, .closesParagraph, .block, .optionalEnd], .term),
    ("table", [.special, .closesParagraph, .block, .scope, .confining], .table),
    ("thead tbody tfoot", [.special, .block, .optionalEnd, .delicate, .confining], .rowGroup),
    ("tr", [.special, .block, .optionalEnd, .delicate, .confining], .row),
    ("td th", [.special, .block, .scope, .optionalEnd, .delicate], .cell),
    ("caption", [.special, .block, .scope, .optionalEnd, .delicate], .caption),
    ("colgroup", [.special, .block, .optionalEnd, .delicate, .confining], .columnGroup),
    ("applet marquee", [.special, .scope, .obsolete], .other),
    ("object", [.special, .scope], .other),
    ("select", [.special, .lingering, .confining], .select),
    ("button", [.special], .button),
    ("option", [.optionalEnd, .confining], .option),
    ("optgroup", [.optionalEnd, .delicate, .confining], .optionGroup),
    ("rp rt", [.optionalEnd, .delicate], .ruby),
    ("rb rtc", [.optionalEnd, .obsolete, .delicate], .ruby),
    ("a", [.formatting, .lingering], .anchor),
    ("b code em i s small strong u", [.formatting, .lingering], .other),
    ("big font strike tt", [.formatting, .lingering, .obsolete], .other),
    ("nobr", [.formatting, .lingering, .delicate, .obsolete], .other),
    (
      """
      abbr audio bdi bdo canvas cite data datalist del dfn ins kbd label legend map mark meter output picture progress \
      q ruby samp slot span sub sup time var video
      """, [], .other
    ),
    ("acronym blink isindex nextid rbc spacer menuitem content shadow", [.obsolete], .other),
    ("svg math", [], .foreign),
    ("xml", [.obsolete, .unrendered], .other),
  ]
}
