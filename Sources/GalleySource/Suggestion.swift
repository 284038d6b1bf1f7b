/// Finds what an author probably meant.
public enum Suggestion {
  /// The candidate nearest to `word`, or nil when none is near or two are equally near.
  ///
  /// Near means an edit distance (with transpositions) of at most a third of the word's length, at least one, at
  /// most three, and fewer edits than letters, or any word of one letter would do; case is ignored first. Costs
  /// words × candidates; words over 64 bytes are not considered.
  public static func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
    let limit = min(max(1, min(3, word.count / 3)), max(word.count - 1, 0))
    var best: (distance: Int, candidate: String)?
    var isTied = false
    for candidate in Set(candidates).sorted() where candidate != word {
      let distance = distance(Array(word.lowercased().utf8), Array(candidate.lowercased().utf8), limit: limit)
      guard let distance else { continue }
      if let found = best, distance >= found.distance {
        if distance == found.distance { isTied = true }
      } else {
        best = (distance, candidate)
        isTied = false
      }
    }
    return isTied ? nil : best?.candidate
  }

  /// The optimal string alignment distance, or nil when it is over `limit`.
  private static func distance(_ a: [UInt8], _ b: [UInt8], limit: Int) -> Int? {
    guard a.count <= 64, b.count <= 64, abs(a.count - b.count) <= limit else { return nil }
    var beforeLast: [Int] = []
    var last = Array(0...b.count)
    for i in 0..<a.count {
      var row = [i + 1]
      for j in 0..<b.count {
        var cost = min(row[j] + 1, last[j + 1] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, beforeLast[j - 1] + 1) }
        row.append(cost)
      }
      beforeLast = last
      last = row
    }
    return last[b.count] <= limit ? last[b.count] : nil
  }
}
