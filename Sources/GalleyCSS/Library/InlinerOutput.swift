package import GalleySource

extension CSSInliner {
  /// What inlining comes to.
  public struct Output: Sendable, Hashable {
    /// The document with its styles inlined.
    public let bytes: [UInt8]
    /// What is wrong with the styles of the document, in the order of places.
    public let findings: [Finding]
    /// What became of each selector, in the order of the sheets.
    public let selectors: [Selector]

    /// What is wrong, with places in sources: the document is number 0, further sheets count from 1.
    package let diagnostics: [Diagnostic]

    /// The document as text.
    public var html: String { String(decoding: bytes, as: UTF8.self) }
  }

  /// What became of a selector.
  public struct Selector: Sendable, Hashable {
    /// What can become of one.
    public enum Fate: String, Sendable, CaseIterable {
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

    /// The selector as written.
    public let text: String
    /// What became of it.
    public let fate: Fate
    /// Why it stays, where that needs a reason.
    public let reason: String?
  }

  /// Something that a person wrote wrongly.
  public struct Finding: Sendable, Hashable, CustomStringConvertible {
    /// How bad it is.
    public enum Severity: String, Sendable, CaseIterable {
      /// The output can't be trusted.
      case error
      /// Probably a fault.
      case warning
      /// Worth knowing.
      case info
    }

    /// Where it is.
    public struct Place: Sendable, Hashable, CustomStringConvertible {
      /// The number of the further sheet, from 0: those of the inliner, then those of the document; nil for the
      /// document itself.
      public let sheet: Int?
      /// The line, from 1.
      public let line: Int
      /// The column in Unicode scalars, from 1.
      public let column: Int

      /// `document:3:14`, or `sheet 0:3:14`.
      public var description: String { "\(sheet.map { "sheet \($0)" } ?? "document"):\(line):\(column)" }
    }

    /// How bad it is.
    public let severity: Severity
    /// The stable name of its kind, such as `css/invalid-selector`.
    public let code: String
    /// What is wrong, in one line.
    public let message: String
    /// What to do about it.
    public let help: [String]
    /// Why the rule exists that was broken.
    public let explanation: String
    /// Where it is, if it is in one place.
    public let place: Place?

    /// One line for a log: `document:3:14: warning[css/invalid-selector]: …`.
    public var description: String {
      "\(place.map { "\($0): " } ?? "")\(severity.rawValue)[\(code)]: \(message)"
    }

    private init(_ diagnostic: Diagnostic, at place: Place?) {
      severity =
        switch diagnostic.severity {
        case .error: .error
        case .warning: .warning
        case .info: .info
        }
      code = diagnostic.code.name
      message = diagnostic.message
      help = diagnostic.help
      explanation = diagnostic.code.explanation
      self.place = place
    }

    /// Diagnostics for people, in the same order; `texts` are the sources that they point into, the document first.
    static func list(_ diagnostics: [Diagnostic], in texts: [[UInt8]]) -> [Finding] {
      var tables: [Int: LineTable] = [:]
      return diagnostics.map { diagnostic in
        guard let range = diagnostic.range, texts.indices.contains(Int(range.source.index)) else {
          return Finding(diagnostic, at: nil)
        }
        let number = Int(range.source.index)
        let table = tables[number] ?? LineTable(texts[number])
        tables[number] = table
        let position = table.position(at: range.start, in: texts[number])
        let sheet = number == 0 ? nil : number - 1
        return Finding(diagnostic, at: Place(sheet: sheet, line: position.line, column: position.column))
      }
    }
  }
}
