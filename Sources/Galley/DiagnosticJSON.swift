package import GalleySource

/// Writes diagnostics for programs: one JSON object a line, with sorted keys.
///
/// The keys are `code`, `severity`, `message`, `file`, `line`, `column`, `endLine`, `endColumn`, `label`, `notes`,
/// `help` and `fixes`; a finding that is in no file has no position.
package struct DiagnosticJSON {
  private var renderer: DiagnosticRenderer

  /// Makes a writer for diagnostics whose ranges are of `sources`.
  package init(sources: SourceSet) { renderer = DiagnosticRenderer(sources: sources, form: .short) }

  /// The line of a diagnostic, with its line feed.
  package mutating func line(_ diagnostic: Diagnostic) -> String {
    var object: [String: JSONValue] = [
      "code": .string(diagnostic.code.name), "severity": .string(diagnostic.severity.rawValue),
      "message": .string(diagnostic.message),
      "help": .array(diagnostic.help.map { .string($0) }),
    ]
    if let range = diagnostic.range { object.merge(position(range)) { old, _ in old } }
    if let label = diagnostic.label { object["label"] = .string(label) }
    var notes: [JSONValue] = []
    for note in diagnostic.notes {
      var value: [String: JSONValue] = ["message": .string(note.message)]
      if let range = note.range { value.merge(position(range)) { old, _ in old } }
      notes.append(.object(value))
    }
    object["notes"] = .array(notes)
    var fixes: [JSONValue] = []
    for fix in diagnostic.fixes {
      var edits: [JSONValue] = []
      for edit in fix.edits {
        var value = position(edit.range)
        value["replacement"] = .string(edit.replacement)
        edits.append(.object(value))
      }
      fixes.append(
        .object(["message": .string(fix.message), "isSafe": .boolean(fix.isSafe), "edits": .array(edits)]))
    }
    object["fixes"] = .array(fixes)
    return String(decoding: JSONWriter.write(.object(object), .compact), as: UTF8.self)
  }

  private mutating func position(_ range: SourceRange) -> [String: JSONValue] {
    let location = renderer.location(of: range)
    return [
      "file": .string(location.path), "line": .integer(location.line), "column": .integer(location.column),
      "endLine": .integer(location.endLine), "endColumn": .integer(location.endColumn),
    ]
  }
}
