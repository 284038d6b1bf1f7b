package import GalleySource

/// What the front matter of a template says.
package struct TemplateDeclaration: Sendable {
  /// A text of the front matter that is a template itself.
  package struct Fragment: Sendable {
    package var range: SourceRange
    package var body: [TemplateNode]

    package init(range: SourceRange, body: [TemplateNode]) {
      self.range = range
      self.body = body
    }
  }

  /// The layout with its arguments: `layout: name`, or `layout: {name: …, parameter: value}`.
  package struct Layout: Sendable {
    package var name: String
    package var nameRange: SourceRange
    package var arguments: [Argument]

    package init(name: String, nameRange: SourceRange, arguments: [Argument]) {
      self.name = name
      self.nameRange = nameRange
      self.arguments = arguments
    }
  }

  /// For whom a mail is.
  package enum Audience: String, Sendable, CaseIterable { case customer, `internal` }
  /// What kind of mail it is; marketing brings duties.
  package enum Category: String, Sendable, CaseIterable { case transactional, marketing }

  /// The key of the HTML part in the default locale, such as `notifications/order_confirmation.html`.
  package var key: String
  package var keyRange: SourceRange?
  package var aliases: [(key: String, range: SourceRange)]
  package var layout: Layout?
  package var audience: Audience
  package var category: Category
  /// The role in `senders:` of `galley.yml`.
  package var sender: (role: String, range: SourceRange)?
  package var subject: Fragment?
  package var preheader: Fragment?
  /// The dialect, where it is not the site's.
  package var dialect: (name: String, range: SourceRange)?
  package var description: String?
  package var variables: [Declaration]

  package init(
    key: String, keyRange: SourceRange? = nil, aliases: [(key: String, range: SourceRange)] = [],
    layout: Layout? = nil, audience: Audience = .customer, category: Category = .transactional,
    sender: (role: String, range: SourceRange)? = nil, subject: Fragment? = nil, preheader: Fragment? = nil,
    dialect: (name: String, range: SourceRange)? = nil, description: String? = nil, variables: [Declaration] = []
  ) {
    self.key = key
    self.keyRange = keyRange
    self.aliases = aliases
    self.layout = layout
    self.audience = audience
    self.category = category
    self.sender = sender
    self.subject = subject
    self.preheader = preheader
    self.dialect = dialect
    self.description = description
    self.variables = variables
  }
}

/// What the front matter of a partial or a layout says.
package struct PartialDeclaration: Sendable {
  /// A named slot that a caller may or must fill with `{{#*inline "name"}}`.
  package struct Slot: Sendable, Hashable {
    package var name: String
    package var isRequired: Bool
    package var description: String?
    package var range: SourceRange

    package init(name: String, isRequired: Bool, description: String?, range: SourceRange) {
      self.name = name
      self.isRequired = isRequired
      self.description = description
      self.range = range
    }
  }

  package var parameters: [Declaration]
  package var slots: [Slot]
  package var description: String?

  package init(parameters: [Declaration] = [], slots: [Slot] = [], description: String? = nil) {
    self.parameters = parameters
    self.slots = slots
    self.description = description
  }
}

/// A partial with its declaration.
package struct Partial: Sendable {
  package var file: TemplateFile
  package var declaration: PartialDeclaration

  package init(file: TemplateFile, declaration: PartialDeclaration) {
    self.file = file
    self.declaration = declaration
  }
}

/// A template with its declaration.
package struct Template: Sendable {
  package var file: TemplateFile
  package var declaration: TemplateDeclaration
  /// The text part as it is written by hand in `NAME.txt`, or nil where it is made from the HTML.
  package var text: TemplateFile?

  package init(file: TemplateFile, declaration: TemplateDeclaration, text: TemplateFile? = nil) {
    self.file = file
    self.declaration = declaration
    self.text = text
  }
}
