package import GalleyHTML
package import GalleySource

/// A style sheet, parsed once and good for any number of documents.
///
/// Rules, selectors and declarations are flat arrays of offsets into the sheet's bytes; nothing is copied. The bytes
/// may be a whole HTML document of which the sheet is a range. Follows CSS Syntax 3
/// (https://www.w3.org/TR/css-syntax-3/#parsing), with one mercy: a bracket that the sheet never closes ends with the
/// block it stands in, so that a broken rule doesn't take all that follows with it.
///
/// A sheet never changes, and all documents that hold it share one.
package final class StyleSheet: Sendable {
  /// One rule, or what stands in the place of one.
  package struct Rule: Sendable {
    /// What a rule is.
    package enum Kind: UInt8, Sendable {
      /// Selectors with declarations.
      case style
      /// An at-rule that holds rules: `@media`, `@supports`, `@layer`, `@container`, `@scope`, …
      case group
      /// Any other at-rule, with a block or without.
      case atRule
      /// Something between rules that is none.
      case malformed
      /// A template placeholder between rules.
      case placeholder
    }

    /// What it is.
    package var kind: Kind
    /// What keeps it from being inlined.
    package var flags: Flags
    /// The group around it, or -1.
    package var parent: Int32
    /// The first rule behind it and all it holds.
    package var subtreeEnd: Int32
    /// All of its bytes.
    package var range: Range<Int>
    /// The selectors of a style rule, or the text between an at-rule's name and its block.
    package var prelude: Range<Int>
    /// The inside of the block; empty where there is none.
    package var block: Range<Int>
    /// The positions of its selectors; empty for a rule that is invalid.
    package var selectors: Range<Int>
    /// The positions of its declarations.
    package var declarations: Range<Int>
  }

  /// What keeps a rule from being inlined.
  package struct Flags: OptionSet, Sendable {
    package let rawValue: UInt16
    package init(rawValue: UInt16) { self.rawValue = rawValue }
    /// It lies between the placeholders of a condition or a loop.
    package static let conditional = Flags(rawValue: 1)
    /// A placeholder stands in its block.
    package static let placeholder = Flags(rawValue: 2)
    /// It lies in a group that does not always apply.
    package static let grouped = Flags(rawValue: 4)
    /// It lies in a `@layer`, which changes its place in the cascade.
    package static let layered = Flags(rawValue: 8)
    /// It holds further rules, or stands in a rule.
    package static let nested = Flags(rawValue: 16)
    /// A directive of the author's says to leave it alone.
    package static let pinned = Flags(rawValue: 32)
    /// Its selectors are invalid; browsers ignore it.
    package static let invalid = Flags(rawValue: 64)
    /// A group that always applies.
    package static let always = Flags(rawValue: 128)
    /// It lies in a `@scope`, which makes it stronger than others of the same weight.
    package static let scoped = Flags(rawValue: 256)
  }

  /// One declaration.
  package struct Declaration: Sendable {
    /// The property.
    package var property: Property
    /// What else is known of it.
    package var flags: DeclarationFlags
    /// The bytes of the name, with a hack's star.
    package var name: Range<Int32>
    /// The bytes of the value, without `!important` and without trivia around it.
    package var value: Range<Int32>
    /// Behind the declaration with its `!important`, before the semicolon.
    package var end: Int32
    /// The position of its rule.
    package var rule: Int32

    /// Whether it is `!important`.
    package var isImportant: Bool { flags.contains(.important) }
  }

  /// What else is known of a declaration.
  package struct DeclarationFlags: OptionSet, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }
    /// It is `!important`.
    package static let important = DeclarationFlags(rawValue: 1)
    /// A placeholder stands in it.
    package static let placeholder = DeclarationFlags(rawValue: 2)
    /// It lies between the placeholders of a condition or a loop.
    package static let conditional = DeclarationFlags(rawValue: 4)
    /// Comments or line ends stand in it.
    package static let untidy = DeclarationFlags(rawValue: 8)
    /// Bytes that an attribute may have to escape stand in it.
    package static let special = DeclarationFlags(rawValue: 16)
    /// Clients may not understand the value, and then take the one before.
    package static let doubtful = DeclarationFlags(rawValue: 32)
  }

  /// A fault in a sheet; it becomes a diagnostic where it is reported.
  package struct Fault: Sendable, Hashable {
    /// What is wrong.
    package enum Kind: Sendable, Hashable {
      case unclosedComment, unclosedString, unclosedBlock, unclosedParenthesis, brokenString, brokenURL
      case unexpectedRule, strayBrace, invalidDeclaration, emptyValue, tooDeep, nestedRule
      case invalidSelector, unknownPseudo
    }

    /// What is wrong.
    package var kind: Kind
    /// Where.
    package var range: Range<Int>
  }

  /// The bytes that the sheet is a part of.
  package let bytes: [UInt8]
  /// The part that is the sheet.
  package let range: Range<Int>
  /// The file that `bytes` are, where they are one.
  package let source: SourceID?
  /// Whether its bytes alone say what it means: no placeholder may stand in it, and no condition around it.
  package let isPlain: Bool
  /// The rules, each group before what it holds.
  package let rules: [Rule]
  /// The selectors.
  package let selectors: SelectorStore
  /// The declarations of style rules, in source order.
  package let declarations: [Declaration]
  /// What is wrong with it.
  package let faults: [Fault]

  /// Parses a sheet.
  ///
  /// `placeholders` are sorted; those outside of the range don't matter. `isConditional` says that the whole sheet
  /// lies in a template's condition or loop.
  package init(
    _ bytes: [UInt8], in range: Range<Int>? = nil, placeholders: [Placeholder] = [], source: SourceID? = nil,
    isConditional: Bool = false
  ) {
    self.bytes = bytes
    // A file may begin with a byte order mark.
    let start = range == nil && bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    self.range = range ?? start..<bytes.count
    self.source = source
    isPlain = placeholders.isEmpty && !isConditional
    var parser = StyleSheetParser(
      bytes, in: self.range, placeholders: placeholders, flags: isConditional ? .conditional : [])
    parser.parseSheet()
    rules = parser.rules
    declarations = parser.declarations
    faults = parser.faults
    selectors = parser.selectorStore
  }

  /// Parses the declarations of a `style` attribute.
  package static func declarations(
    _ bytes: [UInt8], in range: Range<Int>, placeholders: [Placeholder] = []
  ) -> [Declaration] {
    var parser = StyleSheetParser(bytes, in: range, placeholders: placeholders, flags: [])
    parser.parseDeclarations(rule: -1, inBlock: false)
    return parser.declarations
  }
}

extension Range<Int32> {
  /// The same range for subscripts.
  @inline(__always) var offsets: Range<Int> { Int(lowerBound)..<Int(upperBound) }

  /// The same range in fewer bits; offsets and numbers have no more than these.
  @inline(__always) init(narrowing range: Range<Int>) {
    self = Int32(truncatingIfNeeded: range.lowerBound)..<Int32(truncatingIfNeeded: range.upperBound)
  }
}
