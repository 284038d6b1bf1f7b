/// GalleyCSS: style sheets, their cascade, and how they get into `style` attributes.
///
/// The module hides CSS: syntax (`CSSTokenizer`, `StyleSheet`), selectors (`SelectorStore` and its parser and matcher),
/// the order of declarations (`Cascade`, `PropertyTable`) and what mail clients do with all that (`ClientHacks`,
/// `OptOut`). It edits the author's text and never writes a tree back. What must hold: tokens of any bytes tile them;
/// nothing a user can type traps; each element ends up with the declarations that the cascade gives it; what stays in
/// a sheet wins over what was inlined exactly where it did before; inlining twice is inlining once.
///
/// To use it alone, start with `CSSInliner`; the compiler starts with `Inliner`, and with `Transforms` for what comes
/// behind it.
import GalleyHTML
import GalleySource

/// Inlines the CSS of HTML mails.
///
///     let html = CSSInliner().inline("<style>p { color: red }</style><p>Hello</p>")
///     // <p style="color: red">Hello</p>
///
/// The output is the author's text with edits: what is not concerned stays as it is, byte for byte. Rules that a
/// `style` attribute can't express, such as `@media` and `:hover`, stay in their `style` element, and still win.
/// Nothing is read but what is handed over: no file, no network, no clock.
///
/// An inliner is a value that does not change: make one when the program starts and use it from as many tasks as there
/// are. Whoever inlines many documents in turn does so with a `Session`.
public struct CSSInliner: Sendable {
  /// What is done besides.
  public struct Options: Sendable, Hashable {
    /// Whether the content of `<!--[if mso]> … <![endif]-->` gets styles too.
    public var inlinesConditionals = true
    /// Whether rules that match nothing are removed; those that target a client's rewritten document never are.
    public var purgesUnmatched = false
    /// The placeholders of template languages that are looked for, to be left alone.
    public var placeholders = Placeholders.none
    /// What is done to the document once its styles are inlined.
    public var transforms = Transforms()

    /// Makes the usual options.
    public init() {}
  }

  /// What is done besides.
  public let options: Options
  /// What is wrong with the sheets that all documents get.
  public let findings: [Finding]

  /// The sheets that all documents get, parsed.
  let sheets: [StyleSheet]
  let passes: [DocumentPass]

  /// Makes an inliner; `sheets` come last in the cascade of each document, and are parsed only now.
  public init(options: Options = Options(), sheets: [String] = []) {
    self.options = options
    passes = options.transforms.passes
    let parsed = Self.parse(sheets.map { Array($0.utf8) }, options.placeholders, behind: 0)
    self.sheets = parsed
    findings = Finding.list(Self.faults(of: parsed).normalized(), in: [[]] + parsed.map(\.bytes))
  }

  /// The document with its styles inlined.
  public func inline(_ html: String) -> String { output(for: html).html }

  /// The document with its styles inlined, what is wrong with them, and what became of each selector.
  public func output(for html: String) -> Output { inline(Array(html.utf8)) }

  /// The same for bytes, with further sheets for this document alone, which come last in the cascade.
  ///
  /// `placeholders` are left alone, besides those that the options look for. Costs time proportional to the document
  /// and to the rules that its elements may match.
  public func inline(_ html: [UInt8], sheets: [[UInt8]] = [], placeholders: [Placeholder] = []) -> Output {
    var session = session()
    return session.inline(html, sheets: sheets, placeholders: placeholders)
  }

  /// A session for many documents in turn.
  public func session() -> Session { Session(self) }

  /// Parses sheets; their sources count on from those of `others` further sheets, and the document is number 0.
  static func parse(_ sheets: [[UInt8]], _ placeholders: Placeholders, behind others: Int) -> [StyleSheet] {
    let syntaxes = placeholders.syntaxes(in: nil)
    return sheets.enumerated().map { index, bytes in
      let found = syntaxes.isEmpty ? [] : PlaceholderScanner.scan(bytes, syntaxes: syntaxes, isStyleSheet: true)
      let source = SourceID(index: UInt32(truncatingIfNeeded: others + index + 1))
      return StyleSheet(bytes, placeholders: found, source: source)
    }
  }

  /// The faults of sheets that are sources as a whole.
  static func faults(of sheets: [StyleSheet]) -> [Diagnostic] {
    sheets.flatMap { sheet -> [Diagnostic] in
      guard let source = sheet.source else { return [] }
      let origins = OriginMap(whole: source, count: sheet.bytes.count)
      return sheet.diagnostics { origins.origin(of: $0) }
    }
  }
}
