package import GalleySource

/// What inlining does besides its rule.
package struct InlineOptions: Sendable {
  /// Whether the content of downlevel-hidden conditional comments gets styles too.
  package var inlinesConditionals = true
  /// Whether rules that match nothing are removed from their sheets; client hacks stay all the same.
  package var purgesUnmatched = false
  /// Whether the result says what became of each selector.
  package var reportsSelectors = false

  /// Makes the options that hold unless something else is asked for.
  package init() {}
}

/// What inlining comes to: the edits to the document, what is wrong with it, and an account.
package struct InlineResult: Sendable {
  /// The edits to the document's bytes.
  package var edits = EditList()
  /// What is wrong with the styles.
  package var diagnostics: [Diagnostic] = []
  /// What became of each selector.
  package var report = InlineReport()
}

/// What became of each selector of each sheet.
package struct InlineReport: Sendable {
  /// What became of a selector.
  package enum Fate: String, Sendable {
    /// It was inlined and is gone from its sheet.
    case inlined
    /// It was inlined where that was certain, and stays for the other elements.
    case inlinedAndKept
    /// It stays because it can't be inlined.
    case kept
    /// It stays although it matches nothing.
    case unmatched
    /// It is gone because it matches nothing.
    case purged
  }

  /// One selector.
  package struct Entry: Sendable {
    /// The number of its sheet, in document order, those from elsewhere last.
    package let sheet: Int
    /// The selector as written.
    package let selector: String
    /// What became of it.
    package let fate: Fate
    /// Why it stays, if it does.
    package let reason: String?
  }

  /// The selectors, in source order, if they were asked for.
  package var entries: [Entry] = []
  /// How many elements got declarations.
  package var styledElements = 0
}
