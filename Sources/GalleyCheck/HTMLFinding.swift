package import GalleySource

/// Something wrong with an HTML text, in terms of that text.
package struct HTMLFinding: Sendable, Hashable {
  /// Another place that belongs to the finding.
  package struct Note: Sendable, Hashable {
    /// The text, in lower case, without a full stop.
    package var message: String
    /// The bytes.
    package var range: Range<Int>
  }

  /// The kind of finding.
  package var code: DiagnosticCode
  /// One line that quotes the author.
  package var message: String
  /// The bytes of the construct.
  package var range: Range<Int>
  /// Further places.
  package var notes: [Note] = []
  /// What to do.
  package var help: [String] = []

  /// The finding at the place where a person wrote the text, or nil for a text without origins.
  package func diagnostic(_ origins: OriginMap) -> Diagnostic? {
    guard let origin = origins.origin(of: range) else { return nil }
    let places = notes.map { note in
      Diagnostic.Note(note.message, at: origins.origin(of: note.range)?.range)
    }
    return Diagnostic(code, message, at: origin.range, notes: places, help: help).included(through: origin.calls)
  }
}
