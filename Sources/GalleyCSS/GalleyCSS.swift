/// GalleyCSS: style sheets, their cascade, and how they get into `style` attributes.
///
/// The module hides CSS: syntax (`CSSTokenizer`, `StyleSheet`), selectors (`SelectorStore` and its parser and matcher),
/// the order of declarations (`Cascade`, `PropertyTable`) and what mail clients do with all that (`ClientHacks`,
/// `OptOut`). It edits the author's text and never writes a tree back. What must hold: tokens of any bytes tile them;
/// nothing a user can type traps; each element ends up with the declarations that the cascade gives it; what stays in
/// a sheet wins over what was inlined exactly where it did before; inlining twice is inlining once.
///
/// To use it alone, start with `CSSInliner`; the compiler starts with `Inliner`.
import GalleyHTML
public import GalleySource

/// Inlines the CSS of HTML mails.
///
///     let result = CSSInliner().inline("<style>p { color: red }</style><p>Hello</p>")
///     // <p style="color: red">Hello</p>
///
/// The output is the author's text with edits: what is not concerned stays as it is, byte for byte. Rules that a
/// `style` attribute can't express, such as `@media` and `:hover`, stay in their `style` element, and still win.
/// An inliner is a value without state and can be used from many tasks at once.
public struct CSSInliner: Sendable {
  /// What is done besides.
  public struct Options: Sendable {
    /// Whether the content of `<!--[if mso]> … <![endif]-->` gets styles too.
    public var inlinesConditionals = true
    /// Whether rules that match nothing are removed; those that target a client's rewritten document never are.
    public var purgesUnmatched = false

    /// Makes the usual options.
    public init() {}
  }

  /// A run of bytes that is a template's, such as `{{name}}`: it is never changed, split or looked into.
  public struct Placeholder: Sendable, Hashable {
    /// What a placeholder does to the text around it.
    public enum Kind: Sendable, Hashable {
      /// It stands for a value.
      case output
      /// It opens a condition or a loop.
      case open
      /// It divides a condition or a loop.
      case middle
      /// It closes a condition or a loop.
      case close
      /// It leaves nothing in the output.
      case silent
    }

    /// The bytes of the placeholder.
    public let range: Range<Int>
    /// What it does.
    public let kind: Kind

    /// Makes a placeholder.
    public init(range: Range<Int>, kind: Kind = .output) {
      self.range = range
      self.kind = kind
    }
  }

  /// What inlining comes to.
  public struct Output: Sendable {
    /// The document with its styles inlined.
    public let bytes: [UInt8]
    /// What is wrong with the styles; places are in a source with the number 0, sheets from elsewhere count from 1.
    public let diagnostics: [Diagnostic]
    /// What became of each selector.
    public let selectors: [Selector]
  }

  /// What became of a selector.
  public struct Selector: Sendable, Hashable {
    /// The selector as written.
    public let text: String
    /// `inlined`, `inlinedAndKept`, `kept`, `unmatched` or `purged`.
    public let fate: String
    /// Why it stays, where that needs a reason.
    public let reason: String?
  }

  /// What is done besides.
  public let options: Options

  /// Makes an inliner.
  public init(options: Options = Options()) { self.options = options }

  /// Inlines the styles of a document.
  public func inline(_ html: String) -> String {
    String(decoding: inline(Array(html.utf8)).bytes, as: UTF8.self)
  }

  /// Inlines the styles of a document and of further sheets, which come last in the cascade.
  ///
  /// `placeholders` are sorted and don't overlap. Costs time proportional to the document and to the rules that its
  /// elements may match.
  public func inline(_ html: [UInt8], sheets: [[UInt8]] = [], placeholders: [Placeholder] = []) -> Output {
    let tree = HTMLTree.parse(html, placeholders: Self.sound(placeholders, in: html.count))
    var inner = InlineOptions()
    inner.inlinesConditionals = options.inlinesConditionals
    inner.purgesUnmatched = options.purgesUnmatched
    inner.reportsSelectors = true
    var diagnostics: [Diagnostic] = []
    let further = sheets.enumerated().map { index, bytes in
      let source = SourceID(index: UInt32(truncatingIfNeeded: index + 1))
      let sheet = StyleSheet(bytes, source: source)
      let origins = OriginMap(whole: source, count: bytes.count)
      diagnostics += sheet.diagnostics { origins.origin(of: $0) }
      return sheet
    }
    let origins = OriginMap(whole: SourceID(index: 0), count: html.count)
    let result = Inliner(options: inner).inline(tree, sheets: further, origins: origins)
    return Output(
      bytes: result.edits.apply(to: html), diagnostics: (result.diagnostics + diagnostics).normalized(),
      selectors: result.report.entries.map { Selector(text: $0.selector, fate: $0.fate.rawValue, reason: $0.reason) })
  }

  /// The placeholders without those that overlap others or lie outside of the document.
  private static func sound(_ placeholders: [Placeholder], in count: Int) -> [GalleyHTML.Placeholder] {
    var end = 0
    return placeholders.sorted { $0.range.lowerBound < $1.range.lowerBound }.compactMap { placeholder in
      let range = placeholder.range
      guard range.lowerBound >= end, range.upperBound <= count, !range.isEmpty else { return nil }
      end = range.upperBound
      let kind: GalleyHTML.Placeholder.Kind =
        switch placeholder.kind {
        case .output: .output
        case .open: .open
        case .middle: .middle
        case .close: .close
        case .silent: .silent
        }
      return GalleyHTML.Placeholder(range: range, kind: kind)
    }
  }
}
