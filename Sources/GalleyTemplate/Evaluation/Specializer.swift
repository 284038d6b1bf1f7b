package import GalleySource

/// Evaluates a template as far as is known when a site is built, and leaves the rest for the sender.
///
/// A template, the partials it calls, the catalogs of messages and the globals go in; assembled texts come out:
/// the HTML, the subject, the preheader, and the text part where that is written by hand. What depends on a variable becomes a hole, a condition or a loop; all else
/// is computed. Each value is followed to its place in the HTML and escaped for it, or refused. What holds:
/// `render(specialize(t, known), rest) == render(t, known ∪ rest)`.
///
/// It expects a template that was checked, and is silent about what the checker reports: an unknown name, a wrong type.
/// It never traps, whatever the template holds.
package struct Specializer {
  /// What a template is evaluated in.
  package struct Environment: Sendable {
    /// The files that ranges point into.
    package var sources: SourceSet
    /// The partials by name.
    package var partials: [String: Partial]
    /// The partials of text parts by name; each takes the place of the partial of its name there.
    package var textPartials: [String: Partial] = [:]
    /// A record of `site`, `env`, `locale` and `data`.
    package var globals: Value
    /// The messages of the site.
    package var catalogs: Catalogs
    /// The locale to write in.
    package var locale: String
    /// The dialect of what is left.
    package var dialect: Dialect
    /// Where the texts of the files lead; a table that has none of them costs only time.
    package var places = PlaceTable()
    /// How much may be expanded.
    package var limits = Limits()
    /// The variables whose values are known, for evaluating a template as a whole.
    package var known: [String: Value] = [:]

    /// Makes an environment.
    package init(
      sources: SourceSet, partials: [String: Partial], globals: Value, catalogs: Catalogs, locale: String,
      dialect: Dialect
    ) {
      self.sources = sources
      self.partials = partials
      self.globals = globals
      self.catalogs = catalogs
      self.locale = locale
      self.dialect = dialect
    }
  }

  /// How much one template may be expanded to.
  package struct Limits: Sendable, Hashable {
    /// Calls of partials, blocks, slots and messages, and items of unrolled loops.
    package var expansions = 10_000
    /// Pieces of templates that are looked at; those in an unrolled loop count once an item.
    package var steps = 2_000_000
    /// The bytes of one text.
    package var bytes = 4 << 20
    /// How deep partials may call one another.
    package var includeDepth = 32

    /// The limits of a site that sets none.
    package init() {}
  }

  /// Evaluates `template`.
  package static func specialize(_ template: Template, in environment: Environment) -> Specialization {
    var evaluator = Evaluator(template, environment)
    return evaluator.specialize()
  }
}

/// What a template has come to.
package struct Specialization: Sendable {
  /// A place where a variable is used.
  package struct VariableUse: Hashable, Sendable {
    /// The variable.
    package var variable: String
    /// The variable or what is printed of it: `lineItems[].total`.
    package var path: String
    /// The text it is used in.
    package var part: MailPart
    /// How it is escaped where it is printed, or nil where it only decides.
    package var escaping: Escaping?
    /// The construct that uses it.
    package var origin: SourceRange
  }

  /// A message that was taken from another locale.
  package struct Fallback: Hashable, Sendable {
    /// The key.
    package var key: String
    /// The locale that had it.
    package var locale: String
  }

  /// The HTML part.
  package var html = AssembledText()
  /// The subject, where the template has one.
  package var subject: AssembledText?
  /// The preheader as plain text, where the template has one.
  package var preheader: AssembledText?
  /// The text part, where it is written by hand.
  package var text: AssembledText?
  /// The uses of variables in the order of the texts.
  package var uses: [VariableUse] = []
  /// The keys of the messages that were used.
  package var messages: Set<String> = []
  /// The messages that another locale served, sorted by key.
  package var fallbacks: [Fallback] = []
  /// What is wrong.
  package var diagnostics: [Diagnostic] = []
}
