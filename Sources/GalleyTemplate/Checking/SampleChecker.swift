package import GalleySource

/// Checks samples against the declarations of a template.
package enum SampleChecker {
  /// A named sample.
  package struct Sample: Sendable {
    package var name: String
    package var range: SourceRange
    /// A record of the values that fit; defaults are not filled in.
    package var value: Value

    /// Makes a sample of a record.
    package init(name: String, range: SourceRange, value: Value) {
      self.name = name
      self.range = range
      self.value = value
    }
  }

  /// Reads a file of samples: a mapping of names to samples, of which one is called `default`.
  package static func read(
    _ node: DataNode, against declarations: [Declaration]
  ) -> (samples: [Sample], diagnostics: [Diagnostic]) {
    guard let entries = node.entries else {
      return (
        [],
        [
          Diagnostic(
            .sampleKind, "the samples are \(node.kindName), not a mapping", at: node.range,
            help: ["write '{\"default\": {…}}'"])
        ]
      )
    }
    var diagnostics: [Diagnostic] = []
    if !entries.contains(where: { $0.key == "default" }) {
      let near = Suggestion.nearest(to: "default", among: entries.map(\.key))
      let place =
        entries.first { $0.key == near }?.keyRange ?? SourceRange(node.range.source, node.range.start, node.range.start)
      let help = near.map { "rename '\($0)' to 'default'" } ?? "add '\"default\": {…}'"
      let fixes = near == nil ? [] : [FixIt(help, isSafe: false, edits: [SourceEdit(place, "\"default\"")])]
      diagnostics.append(
        Diagnostic(.noDefaultSample, "there is no sample 'default'", at: place, help: [help], fixes: fixes))
    }
    let samples = entries.map { entry in
      let (value, found) = check(entry.value, name: entry.key, against: declarations)
      diagnostics += found
      return Sample(name: entry.key, range: entry.keyRange, value: value)
    }
    return (samples, diagnostics)
  }

  /// Checks one sample; the record holds the values that fit, in the order of writing.
  package static func check(
    _ node: DataNode, name: String = "default", against declarations: [Declaration]
  ) -> (value: Value, diagnostics: [Diagnostic]) {
    guard let entries = node.entries else {
      let diagnostic = Diagnostic(
        .sampleKind, "sample '\(name)' is \(node.kindName), not a mapping", at: node.range,
        help: ["write '{\"variable\": value}'"])
      return (.record([]), [diagnostic])
    }
    var reader = ValueReader(codes: .sample)
    let start = SourceRange(node.range.source, node.range.start, min(node.range.start + 1, node.range.end))
    let value = reader.readFields(entries, of: declarations, owner: "sample '\(name)'", path: name, at: start)
    return (value, reader.diagnostics)
  }
}
