package import GalleySource
package import GalleyTemplate

/// What the manifest says about a template, beside its mails.
package struct TemplateContract: Sendable {
  /// What a sender must do to a variable before it stands in a part of a mail.
  package struct Duty: Hashable, Sendable {
    /// The part in which the variable is printed.
    package enum Place: String, Hashable, Sendable { case html, text, subject, preheader }

    /// The variable, or a field of it: `lineItems.description`.
    package let variable: String
    package let place: Place
    package let escaping: Escaping

    /// Makes a duty.
    package init(variable: String, place: Place, escaping: Escaping) {
      self.variable = variable
      self.place = place
      self.escaping = escaping
    }
  }

  /// A finding that the author has looked at and accepts.
  package struct Waiver: Hashable, Sendable {
    package let code: String
    package let reason: String

    /// Makes a waiver.
    package init(code: String, reason: String) {
      self.code = code
      self.reason = reason
    }
  }

  /// The path below templates/ without its suffix.
  package let id: String
  package let declaration: TemplateDeclaration
  /// The name of the dialect that the mails are written in.
  package let dialect: String
  package let duties: [Duty]
  package let waivers: [Waiver]

  /// Makes a contract.
  package init(
    id: String, declaration: TemplateDeclaration, dialect: String, duties: [Duty] = [], waivers: [Waiver] = []
  ) {
    self.id = id
    self.declaration = declaration
    self.dialect = dialect
    self.duties = duties
    self.waivers = waivers
  }
}

/// A finished mail: one template in one locale for one environment.
package struct FinishedMail: Sendable {
  package let template: String
  package let locale: String
  package let environment: String
  package let html: [UInt8]
  package let text: [UInt8]
  package let subject: String
  package let preheader: String

  /// Makes a mail.
  package init(
    template: String, locale: String, environment: String, html: [UInt8], text: [UInt8], subject: String,
    preheader: String
  ) {
    self.template = template
    self.locale = locale
    self.environment = environment
    self.html = html
    self.text = text
    self.subject = subject
    self.preheader = preheader
  }
}

/// Where a bundle comes from: all that is known about it beside its mails.
package struct Provenance: Sendable {
  /// A body of facts that the tool carries, such as client support.
  package struct DataSet: Hashable, Sendable {
    package let name: String
    package let version: String
    package let digest: Digest?

    /// Makes the record of a data set.
    package init(name: String, version: String, digest: Digest? = nil) {
      self.name = name
      self.version = version
      self.digest = digest
    }
  }

  /// The version of Galley.
  package var toolVersion: String
  /// The revision of the sources, as the caller gives it.
  package var revision: String?
  /// The digest of every source, by path.
  package var sources: [String: Digest]
  package var dataSets: [DataSet]

  /// Makes a record.
  package init(
    toolVersion: String, revision: String? = nil, sources: [String: Digest] = [:], dataSets: [DataSet] = []
  ) {
    self.toolVersion = toolVersion
    self.revision = revision
    self.sources = sources
    self.dataSets = dataSets
  }

  /// Adds the digests of all sources of a set.
  package mutating func add(_ sources: SourceSet) {
    for source in sources.sources { self.sources[source.path] = Digest(of: source.bytes) }
  }
}
