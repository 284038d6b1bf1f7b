package import GalleyCSS

/// The account of one document: what was inlined, what was kept and why, what was dropped and why.
///
/// `docs/schema/inline-report.schema.json` describes how it is written.
package struct InlineAccount: Sendable {
  /// A link to a sheet.
  package struct Link: Sendable {
    /// The address as written.
    package let address: String
    /// The file that came in its place, if one did.
    package let file: String?
    /// Why it stays, if it does.
    package let reason: String?
  }

  /// The links to sheets, in document order.
  package var links: [Link] = []
  /// What became of each selector.
  package var entries: [InlineReport.Entry] = []
  /// How many placeholders there are.
  package var placeholderCount = 0

  /// Makes the account of nothing.
  package init() {}

  /// The account as an object.
  package var json: [String: JSONValue] {
    [
      "placeholders": .integer(placeholderCount),
      "links": .array(links.map(Self.json)),
      "inlined": .array(entries.filter { $0.fate == .inlined || $0.fate == .inlinedAndKept }.map(Self.place)),
      "kept": .array(entries.compactMap { Self.reasonToKeep($0).map(Self.entry($0)) }),
      "dropped": .array(entries.filter { $0.fate == .purged }.map { Self.entry($0)("it matches nothing") }),
    ]
  }

  private static func json(_ link: Link) -> JSONValue {
    .object([
      "address": .string(link.address), "file": link.file.map { .string($0) } ?? .null,
      "reason": link.reason.map { .string($0) } ?? .null,
    ])
  }

  private static func reasonToKeep(_ entry: InlineReport.Entry) -> String? {
    switch entry.fate {
    case .inlined, .purged: nil
    case .inlinedAndKept: entry.reason ?? "it also matches elements that are not styled, or that only the data decides"
    case .kept: entry.reason ?? "it can't be inlined"
    case .unmatched: entry.reason ?? "it matches nothing; '--purge' drops it"
    }
  }

  private static func place(_ entry: InlineReport.Entry) -> JSONValue {
    .object(["sheet": .integer(entry.sheet), "selector": .string(entry.selector)])
  }

  private static func entry(_ entry: InlineReport.Entry) -> (String) -> JSONValue {
    { reason in
      .object([
        "sheet": .integer(entry.sheet), "selector": .string(entry.selector), "reason": .string(reason),
      ])
    }
  }
}

/// The report on a run over many documents.
package struct InlineRunReport: Sendable {
  /// One document.
  package struct Document: Sendable {
    /// Its path as a person wrote it.
    package var file: String
    /// Where it was written to; nil for standard output and for one that was not written.
    package var output: String?
    /// Whether it was written.
    package var isWritten: Bool
    /// How many bytes it had and has.
    package var size: (before: Int, after: Int)
    /// How many errors and warnings it has.
    package var findings: (errors: Int, warnings: Int)
    /// What the machine could not do with it.
    package var failure: String?
    /// What became of its styles.
    package var account: InlineAccount

    /// Makes the report on a document that has not been read.
    package init(file: String) {
      self.file = file
      isWritten = false
      size = (0, 0)
      findings = (0, 0)
      account = InlineAccount()
    }
  }

  /// The report as JSON, the documents in the given order.
  package static func write(_ documents: [Document]) -> [UInt8] {
    JSONWriter.write(
      .object([
        "schemaVersion": 1, "tool": .object(["name": "galley", "version": .string(About.version)]),
        "documents": .array(documents.map(json)),
      ]))
  }

  private static func json(_ document: Document) -> JSONValue {
    var object = document.account.json
    object["file"] = .string(document.file)
    object["output"] = document.output.map { .string($0) } ?? .null
    object["isWritten"] = .boolean(document.isWritten)
    object["bytes"] = .object([
      "before": .integer(document.size.before), "after": .integer(document.size.after),
    ])
    object["findings"] = .object([
      "errors": .integer(document.findings.errors), "warnings": .integer(document.findings.warnings),
    ])
    object["failure"] = document.failure.map { .string($0) } ?? .null
    return .object(object)
  }
}

extension JSONValue: ExpressibleByIntegerLiteral {
  /// Makes a whole number.
  package init(integerLiteral value: Int) { self = .integer(value) }
}
