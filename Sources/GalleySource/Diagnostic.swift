/// How bad a finding is.
public enum Severity: String, Sendable, Comparable, CaseIterable {
  /// The output can't be trusted; a build fails.
  case error
  /// Probably a fault; a build goes on.
  case warning
  /// Worth knowing.
  case info

  /// Orders from the worst to the mildest.
  public static func < (a: Severity, b: Severity) -> Bool { a.rank < b.rank }

  private var rank: Int {
    switch self {
    case .error: 0
    case .warning: 1
    case .info: 2
    }
  }
}

/// The stable name of a kind of finding, with the text that `galley explain` prints.
///
/// A code is `area/kebab-name`, is declared once, beside the phase that reports it, and is never reused.
public struct DiagnosticCode: Sendable, Hashable {
  /// The name, such as `template/unclosed-block`.
  public let name: String
  /// How bad it is unless a site says otherwise.
  public let severity: Severity
  /// One line: the rule that is broken.
  public let summary: String
  /// A few sentences: why the rule exists and what to do.
  public let explanation: String
  /// A short example that breaks the rule.
  public let bad: String
  /// The same example, mended.
  public let good: String

  /// Declares a code.
  public init(
    _ name: String, _ severity: Severity = .error, summary: String, explanation: String, bad: String, good: String
  ) {
    self.name = name
    self.severity = severity
    self.summary = summary
    self.explanation = explanation
    self.bad = bad
    self.good = good
  }

  /// Codes are equal when their names are.
  public static func == (a: DiagnosticCode, b: DiagnosticCode) -> Bool { a.name == b.name }

  /// Hashes the name.
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

/// A change to one source, as part of a fix.
public struct SourceEdit: Sendable, Hashable {
  /// The bytes that go.
  public let range: SourceRange
  /// The text that comes.
  public let replacement: String

  /// Makes a change.
  public init(_ range: SourceRange, _ replacement: String) {
    self.range = range
    self.replacement = replacement
  }
}

/// A way to mend what a diagnostic complains about.
public struct FixIt: Sendable, Hashable {
  /// What the fix does, as an imperative.
  public let message: String
  /// Whether it can be applied without looking: it removes its diagnostic and adds none.
  public let isSafe: Bool
  /// The changes, which do not overlap.
  public let edits: [SourceEdit]

  /// Makes a fix.
  public init(_ message: String, isSafe: Bool, edits: [SourceEdit]) {
    self.message = message
    self.isSafe = isSafe
    self.edits = edits
  }
}

/// Something that a person wrote wrongly: what, where, and how to mend it.
///
/// What the machine could not do is a thrown error, never a diagnostic.
public struct Diagnostic: Sendable, Hashable {
  /// Another place or fact that belongs to the finding.
  public struct Note: Sendable, Hashable {
    /// The place, if the note has one.
    public let range: SourceRange?
    /// The text, in lower case, without a full stop.
    public let message: String

    /// Makes a note.
    public init(_ message: String, at range: SourceRange? = nil) {
      self.message = message
      self.range = range
    }
  }

  /// The kind of finding.
  public var code: DiagnosticCode
  /// How bad it is here.
  public var severity: Severity
  /// One line: the specific thing first, the author's words in single quotes, no full stop.
  public var message: String
  /// The place, or nil where the fault is in no file.
  public var range: SourceRange?
  /// A few words beside the marks under the excerpt.
  public var label: String?
  /// Further places and facts, the nearest first.
  public var notes: [Note]
  /// What to do; each one imperative line.
  public var help: [String]
  /// Ways to mend it, the best first.
  public var fixes: [FixIt]

  /// Makes a diagnostic.
  public init(
    _ code: DiagnosticCode, _ message: String, at range: SourceRange?, label: String? = nil, notes: [Note] = [],
    help: [String] = [], fixes: [FixIt] = [], severity: Severity? = nil
  ) {
    self.code = code
    self.severity = severity ?? code.severity
    self.message = message
    self.range = range
    self.label = label
    self.notes = notes
    self.help = help
    self.fixes = fixes
  }

  /// The same finding with a note for each call, innermost first, through which the text came.
  public func included(through calls: [SourceRange]) -> Diagnostic {
    var result = self
    result.notes += calls.map { Note("included from here", at: $0) }
    return result
  }
}

/// What makes two findings the same.
private struct FindingKey: Hashable {
  let code: String
  let range: SourceRange?
  let message: String
}

extension Sequence<Diagnostic> {
  /// Whether a build with these findings must fail.
  public var hasErrors: Bool { contains { $0.severity == .error } }

  /// The findings without repetitions, sorted by file, place and code.
  ///
  /// Two findings are the same when code, place and message are: one partial used by ten templates is one finding.
  public func normalized() -> [Diagnostic] {
    var seen: Set<FindingKey> = []
    let unique = filter { seen.insert(FindingKey(code: $0.code.name, range: $0.range, message: $0.message)).inserted }
    return unique.enumerated().sorted { a, b in
      let (x, y) = (a.element, b.element)
      let (xs, ys) = (x.range.map { Int($0.source.index) } ?? -1, y.range.map { Int($0.source.index) } ?? -1)
      if xs != ys { return xs < ys }
      let (xo, yo) = (x.range?.start ?? 0, y.range?.start ?? 0)
      if xo != yo { return xo < yo }
      if x.code.name != y.code.name { return x.code.name < y.code.name }
      return a.offset < b.offset
    }.map(\.element)
  }
}
