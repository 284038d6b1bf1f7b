import GalleySource

/// Where to go with what a dialect can't say: the dialects most like it, each asked whether it can say all of it.
struct NearestDialects {
  private let text: AssembledText
  private let relatives: [Dialect]
  /// What each relative can't say either, once it was asked.
  private var lacking: [String: Set<SourceRange>] = [:]

  init(_ text: AssembledText, from dialect: Dialect) {
    self.text = text
    relatives = dialect.relatives.compactMap(Dialect.named)
  }

  /// The nearest dialect that has words for all that the construct of a hole asks for.
  mutating func nearest(for hole: AssembledText.Hole) -> Dialect? {
    for relative in relatives {
      let lacks = lacking[relative.name] ?? Set(DialectWriter.lacks(in: text, dialect: relative).map(\.hole.origin))
      lacking[relative.name] = lacks
      if !lacks.contains(hole.origin) { return relative }
    }
    return nil
  }
}
