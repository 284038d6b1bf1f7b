package import GalleyHTML
package import GalleySource

/// A document between one change and the next.
///
/// It is parsed when something asks for its tree, so what nobody looks at any more is not parsed.
package struct WorkingDocument: Sendable {
  /// The document as it is now.
  package private(set) var bytes: [UInt8]
  /// Where its bytes were written.
  package private(set) var origins: OriginMap
  /// The placeholders, unless they are looked for.
  private var placeholders: [Placeholder] = []
  private var parsed: HTMLTree?
  private let scan: (@Sendable ([UInt8]) -> [Placeholder])?

  /// Makes a document of a tree whose bytes were written in one source; its placeholders move with the text around
  /// them.
  package init(_ tree: HTMLTree, _ source: SourceID) {
    bytes = tree.bytes
    placeholders = tree.placeholders
    parsed = tree
    origins = OriginMap(whole: source, count: bytes.count)
    scan = nil
  }

  /// Makes a document whose placeholders are looked for by `scan`, anew after each change, as the template engine will
  /// that reads the result.
  package init(_ bytes: [UInt8], _ source: SourceID, scan: @escaping @Sendable ([UInt8]) -> [Placeholder]) {
    self.bytes = bytes
    self.scan = scan
    origins = OriginMap(whole: source, count: bytes.count)
  }

  /// The document as a tree.
  package var tree: HTMLTree {
    mutating get {
      if let parsed { return parsed }
      let tree = HTMLTree.parse(bytes, placeholders: scan?(bytes) ?? placeholders)
      parsed = tree
      return tree
    }
  }

  /// Changes the document.
  package mutating func apply(_ edits: EditList) {
    if edits.isEmpty { return }
    parsed = nil
    origins = origins.applying(edits)
    if scan == nil { placeholders = moved(by: edits) }
    bytes = edits.apply(to: bytes)
  }

  /// Lets each pass have its turn; returns what they could not do.
  package mutating func run(_ passes: [DocumentPass]) -> [Diagnostic] {
    var diagnostics: [Diagnostic] = []
    for pass in passes {
      let step = pass.run(tree, origins: origins)
      diagnostics += step.diagnostics
      apply(step.edits)
    }
    return diagnostics
  }

  private func moved(by edits: EditList) -> [Placeholder] {
    if placeholders.isEmpty { return [] }
    let starts = edits.map(offsets: placeholders.map(\.range.lowerBound))
    return zip(placeholders, starts).compactMap { placeholder, start in
      start.map { Placeholder(range: $0..<$0 + placeholder.range.count, kind: placeholder.kind) }
    }
  }
}
