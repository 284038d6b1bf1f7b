package import GalleySource

/// GalleyTemplate: the template language and its catalogs.
///
/// It parses a typed subset of Handlebars, checks it against declarations, evaluates what is known when a site is
/// built, and leaves the rest as holes that a dialect can spell. It hides how binding times are told apart and what is
/// safe where. What must hold: parsing never throws and never stops; every diagnostic lies in a file a person wrote;
/// `render(specialise(t, known), rest) == render(t, known ∪ rest)`. The way through it: `TemplateParser` makes a
/// `TemplateFile`, `Checker` checks it, `Specializer` makes an `AssembledText`, and `DialectWriter` or `Interpreter`
/// turns that into bytes.

/// A parsed template, partial or fragment of front matter.
package struct TemplateFile: Sendable {
  /// The name by which it is called: the path below its folder, without `.html`.
  package var name: String
  /// The file.
  package var source: SourceID
  /// The YAML between the fences of the front matter, or nil where there is none.
  package var frontMatter: SourceRange?
  /// The content behind the front matter.
  package var body: [TemplateNode]

  /// Makes a parsed file.
  package init(name: String, source: SourceID, frontMatter: SourceRange?, body: [TemplateNode]) {
    self.name = name
    self.source = source
    self.frontMatter = frontMatter
    self.body = body
  }
}

/// One piece of a template.
///
/// What a piece is made of is shared and never changes, so that whoever goes through a template copies nothing.
package enum TemplateNode: Sendable {
  /// Bytes that are copied as they stand in the source, whitespace control and standalone lines taken into account.
  ///
  /// A line that begins with something else, and does not vanish with it, begins with an empty text.
  case text(SourceRange)
  /// Text that is not a stretch of the source: what `\{{` escapes.
  case literal([UInt8], SourceRange)
  /// `{{expression}}` or `{{{expression}}}`.
  case output(OutputNode)
  /// `{{#if}}`, `{{#unless}}`, `{{#each}}`, `{{#with}}`.
  case block(BlockNode)
  /// `{{> name}}` or `{{#> name}}…{{/name}}`.
  case partial(PartialNode)
  /// `{{#*inline "name"}}…{{/inline}}`: the content of a slot.
  case inline(InlineNode)
  /// A broken construct, already reported; it produces nothing.
  case error(SourceRange)
}

/// A value that is printed.
package final class OutputNode: Sendable {
  /// The whole construct with its braces.
  package let range: SourceRange
  /// What is printed.
  package let expression: Expression
  /// Whether it is written with three braces or `&`.
  package let isRaw: Bool

  package init(range: SourceRange, expression: Expression, isRaw: Bool) {
    self.range = range
    self.expression = expression
    self.isRaw = isRaw
  }
}

/// A condition, a loop or a change of context.
package final class BlockNode: Sendable {
  /// Which block it is.
  package enum Kind: String, Sendable, CaseIterable { case `if`, unless, each, with }

  /// A name that the block binds: `as |name|`.
  package struct Parameter: Sendable, Hashable {
    package var name: String
    package var range: SourceRange

    package init(name: String, range: SourceRange) {
      self.name = name
      self.range = range
    }
  }

  package let kind: Kind
  /// The opening tag.
  package let openRange: SourceRange
  /// The whole block.
  package let range: SourceRange
  /// The condition, the list or the record.
  package let argument: Expression
  package let parameters: [Parameter]
  package let body: [TemplateNode]
  /// What stands behind `{{else}}`; an `{{else if}}` is one nested block there.
  package let inverse: [TemplateNode]?
  /// The `{{else}}` tag.
  package let elseRange: SourceRange?
  /// Whether this block is the `else if` of the block around it.
  package let isChained: Bool

  package init(
    kind: Kind, openRange: SourceRange, range: SourceRange, argument: Expression, parameters: [Parameter],
    body: [TemplateNode], inverse: [TemplateNode]?, elseRange: SourceRange?, isChained: Bool
  ) {
    self.kind = kind
    self.openRange = openRange
    self.range = range
    self.argument = argument
    self.parameters = parameters
    self.body = body
    self.inverse = inverse
    self.elseRange = elseRange
    self.isChained = isChained
  }
}

/// A call of a partial, of the block that was passed to a partial, or of a slot.
package final class PartialNode: Sendable {
  /// The whole opening tag.
  package let range: SourceRange
  /// The name; `@partial-block` stands for the block passed by the caller.
  package let name: String
  package let nameRange: SourceRange
  package let arguments: [Argument]
  /// The content of `{{#> name}}…{{/name}}`, or nil for `{{> name}}`.
  package let block: [TemplateNode]?
  /// The blanks before a tag that has a line to itself; each line of what is called gets them.
  package let indent: SourceRange?

  package init(
    range: SourceRange, name: String, nameRange: SourceRange, arguments: [Argument], block: [TemplateNode]?,
    indent: SourceRange? = nil
  ) {
    self.range = range
    self.name = name
    self.nameRange = nameRange
    self.arguments = arguments
    self.block = block
    self.indent = indent
  }
}

/// The content of a named slot.
package final class InlineNode: Sendable {
  /// The opening tag.
  package let range: SourceRange
  package let name: String
  package let nameRange: SourceRange
  package let body: [TemplateNode]

  package init(range: SourceRange, name: String, nameRange: SourceRange, body: [TemplateNode]) {
    self.range = range
    self.name = name
    self.nameRange = nameRange
    self.body = body
  }
}

/// A named argument: `name=value`.
package struct Argument: Sendable {
  package var name: String
  package var nameRange: SourceRange
  package var value: Expression

  package init(name: String, nameRange: SourceRange, value: Expression) {
    self.name = name
    self.nameRange = nameRange
    self.value = value
  }
}

/// What stands between braces or parentheses.
package enum Expression: Sendable {
  /// `"text"`, `12`, `true`, `null`.
  case literal(Value, SourceRange)
  /// `a.b`, `../a`, `@index`, `this`.
  case path(Path)
  /// `helper a b c=d`.
  case call(Call)

  /// A name, looked up from the context.
  package final class Path: Sendable {
    /// Where the look-up starts.
    package enum Root: Hashable, Sendable {
      /// In the current context or an enclosing one.
      case context
      /// `this` or `.`: the current context itself.
      case this
      /// `@index`, `@first`, `@last`, `@key`, `@root`: the name without `@`.
      case data(String)
    }

    /// One name of a path.
    package struct Segment: Hashable, Sendable {
      package var name: String
      package var range: SourceRange

      package init(name: String, range: SourceRange) {
        self.name = name
        self.range = range
      }
    }

    package let range: SourceRange
    /// How many `../` stand before it.
    package let levelsUp: Int
    package let root: Root
    package let segments: [Segment]

    package init(range: SourceRange, levelsUp: Int, root: Root, segments: [Segment]) {
      self.range = range
      self.levelsUp = levelsUp
      self.root = root
      self.segments = segments
    }
  }

  /// A call of a helper.
  package final class Call: Sendable {
    package let range: SourceRange
    package let name: String
    package let nameRange: SourceRange
    package let positional: [Expression]
    package let named: [Argument]

    package init(
      range: SourceRange, name: String, nameRange: SourceRange, positional: [Expression], named: [Argument]
    ) {
      self.range = range
      self.name = name
      self.nameRange = nameRange
      self.positional = positional
      self.named = named
    }
  }

  /// Where it is written.
  package var range: SourceRange {
    switch self {
    case .literal(_, let range): range
    case .path(let path): path.range
    case .call(let call): call.range
    }
  }
}
