import GalleyHTML

/// A template language, as far as its placeholders go.
public enum TemplateLanguage: String, Sendable, CaseIterable {
  /// `{{x}}`, `{{{x}}}`, `{{#if x}}…{{else}}…{{/if}}`.
  case handlebars
  /// `{{x}}`, `{{#x}}…{{/x}}`.
  case mustache
  /// `{{x}}`, `{{#each x}}…{{/each}}`, as Postmark has it.
  case mustachio
  /// `{{ x }}`, `{% if x %}…{% endif %}`.
  case liquid
  /// `{{ x }}`, `{% if x %}…{% endif %}`, `{# note #}`.
  case jinja
  /// `<%= x %>`, `<% if x %>…<% end %>`.
  case erb
  /// `<%= x %>`, `<% if (x) { %>…<% } %>`.
  case ejs
  /// `%%x%%`, as Salesforce has it.
  case percent
  /// `*|x|*`, as Mailchimp has it.
  case bars
  /// `${x}`.
  case dollar
  /// `[[x]]`.
  case brackets
  /// `@Model.Name`, as Razor has it.
  case at

  var syntaxes: PlaceholderScanner.Syntaxes {
    PlaceholderScanner.Syntaxes.named.first { $0.name == rawValue }?.syntaxes ?? []
  }
}

extension CSSInliner {
  /// Which placeholders are looked for in a document.
  public enum Placeholders: Sendable, Hashable {
    /// None: the document is finished, and `{{x}}` in it is text.
    case none
    /// All whose marks mean nothing else in a mail, and others where the document shows that it uses them.
    case detected
    /// Those of template languages.
    case languages(Set<TemplateLanguage>)

    /// The syntaxes to look for in a document, or in what comes without one.
    func syntaxes(in document: [UInt8]?) -> PlaceholderScanner.Syntaxes {
      switch self {
      case .none: []
      case .detected: document.map { .detected(in: $0) } ?? .standard
      case .languages(let languages):
        languages.reduce(into: PlaceholderScanner.Syntaxes()) { $0.formUnion($1.syntaxes) }
      }
    }
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

    private var inner: GalleyHTML.Placeholder {
      let kind: GalleyHTML.Placeholder.Kind =
        switch kind {
        case .output: .output
        case .open: .open
        case .middle: .middle
        case .close: .close
        case .silent: .silent
        }
      return GalleyHTML.Placeholder(range: range, kind: kind)
    }

    /// The given placeholders and those that were found, sorted, without those that are empty, overlap one before
    /// them or lie outside of the document.
    static func sound(
      _ given: [Placeholder], and found: [GalleyHTML.Placeholder], in count: Int
    ) -> [GalleyHTML.Placeholder] {
      if given.isEmpty { return found }
      var end = 0
      return (given.map(\.inner) + found).enumerated().sorted { a, b in
        (a.element.range.lowerBound, a.offset) < (b.element.range.lowerBound, b.offset)
      }.compactMap { _, placeholder in
        let range = placeholder.range
        guard range.lowerBound >= end, range.upperBound <= count, !range.isEmpty else { return nil }
        end = range.upperBound
        return placeholder
      }
    }
  }
}
