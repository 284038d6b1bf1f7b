import GalleyTemplate

/// The objects of one environment with their contracts: what `<environment>/manifest.json` says.
///
/// The form is described by `docs/schema/manifest.schema.json`; nothing in it depends on when, where or by whom a
/// build is made.
package struct Manifest: Sendable {
  /// The version of the form.
  package static let schemaVersion = 1

  /// One object of the store.
  package struct Object: Sendable {
    package let key: String
    package let bytes: [UInt8]
    package let digest: Digest
    package let template: String
    package let locale: String
    package let part: MailPart
    /// The other keys at which the same bytes are stored.
    package let aliases: [String]
    /// The key whose alias this is.
    package let aliasOf: String?

    fileprivate var json: JSONValue {
      var members: [String: JSONValue] = [
        "key": .string(key), "sha256": .string(digest.hex), "bytes": .integer(bytes.count),
        "contentType": .string(part.contentType), "cacheControl": .string(ObjectKey.cacheControl),
        "template": .string(template), "locale": .string(locale), "part": .string(part.rawValue),
      ]
      if let aliasOf {
        members["aliasOf"] = .string(aliasOf)
      } else {
        members["aliases"] = .array(aliases.map { .string($0) })
      }
      return .object(members)
    }
  }

  /// The environment.
  package let environment: String
  /// The objects by ascending key.
  package let objects: [Object]
  /// The manifest without the digest of the bundle.
  package let content: JSONValue

  /// The digest that the bundle is made of: that of the compact form of `content`.
  package var digest: Digest { Digest(of: JSONWriter.write(content, .compact)) }

  /// Makes the manifest of an environment from its mails.
  init(
    environment: String, configuration: SiteConfiguration, contracts: [TemplateContract], mails: [FinishedMail],
    provenance: Provenance
  ) {
    self.environment = environment
    let byTemplate = Dictionary(contracts.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    let locales = configuration.locales
    objects = mails.flatMap { mail in
      byTemplate[mail.template].map { Self.objects(of: mail, contract: $0, configuration: configuration) } ?? []
    }.sorted { bytewise($0.key, $1.key) }
    content = [
      "schemaVersion": .integer(Self.schemaVersion), "environment": .string(environment),
      "site": .string(configuration.name), "tool": ["name": "galley", "version": .string(provenance.toolVersion)],
      "revision": provenance.revision.map { .string($0) } ?? .null,
      "locales": [
        "default": .string(locales.defaultTag), "supported": .array(locales.supported.map { .string($0) }),
        "fallback": .object(locales.fallback.mapValues { .array($0.map { .string($0) }) }),
        "key": .string(locales.keyPattern),
      ],
      "objects": .array(objects.map(\.json)),
      "templates": .array(
        contracts.sorted { bytewise($0.id, $1.id) }.map { contract in
          Self.json(of: contract, mails: mails.filter { $0.template == contract.id })
        }),
      "sources": .array(
        provenance.sources.sorted { bytewise($0.key, $1.key) }.map { path, digest in
          ["path": .string(path), "sha256": .string(digest.hex)]
        }),
      "dataSets": .array(
        provenance.dataSets.sorted { bytewise($0.name, $1.name) }.map { set in
          [
            "name": .string(set.name), "version": .string(set.version),
            "sha256": set.digest.map { .string($0.hex) } ?? .null,
          ]
        }),
    ]
  }

  /// The bytes of the file, which name the bundle that it belongs to.
  func file(bundle: Digest) -> [UInt8] {
    guard case .object(var members) = content else { return [] }
    members["bundle"] = .string(bundle.description)
    return JSONWriter.write(.object(members), .pretty)
  }

  private static func objects(
    of mail: FinishedMail, contract: TemplateContract, configuration: SiteConfiguration
  ) -> [Object] {
    let locales = configuration.locales
    let key = locales.key(contract.declaration.key, in: mail.locale)
    let aliases = contract.declaration.aliases.map { locales.key($0.key, in: mail.locale) }.sorted(by: bytewise)
    let envelope = Envelope(mail: mail, contract: contract, key: key, configuration: configuration)
    let contents: [(MailPart, [UInt8])] = [(.html, mail.html), (.text, mail.text), (.mail, envelope.file)]
    return contents.flatMap { part, bytes in
      let digest = Digest(of: bytes)
      let main = ObjectKey.key(key, for: part)
      let others = aliases.map { ObjectKey.key($0, for: part) }
      func object(_ key: String, aliases: [String], aliasOf: String?) -> Object {
        Object(
          key: key, bytes: bytes, digest: digest, template: mail.template, locale: mail.locale, part: part,
          aliases: aliases, aliasOf: aliasOf)
      }
      return [object(main, aliases: others, aliasOf: nil)] + others.map { object($0, aliases: [], aliasOf: main) }
    }
  }

  private static func json(of contract: TemplateContract, mails: [FinishedMail]) -> JSONValue {
    let declaration = contract.declaration
    func perLocale(_ text: (FinishedMail) -> String) -> JSONValue {
      .object(Dictionary(mails.map { ($0.locale, .string(text($0))) }, uniquingKeysWith: { first, _ in first }))
    }
    let duties = contract.duties.sorted {
      bytewise("\($0.variable) \($0.place) \($0.escaping)", "\($1.variable) \($1.place) \($1.escaping)")
    }
    return [
      "id": .string(contract.id), "key": .string(declaration.key),
      "aliases": .array(declaration.aliases.map(\.key).sorted(by: bytewise).map { .string($0) }),
      "audience": .string(declaration.audience.rawValue), "category": .string(declaration.category.rawValue),
      "sender": declaration.sender.map { .string($0.role) } ?? .null, "dialect": .string(contract.dialect),
      "description": declaration.description.map { .string($0) } ?? .null, "subject": perLocale(\.subject),
      "preheader": perLocale(\.preheader), "variables": VariableSchema.schema(of: declaration.variables),
      "escaping": .array(
        duties.map { duty in
          [
            "variable": .string(duty.variable), "part": .string(duty.place.rawValue),
            "escape": .string(duty.escaping.rawValue),
          ]
        }),
      "waivers": .array(
        contract.waivers.sorted { bytewise("\($0.code) \($0.reason)", "\($1.code) \($1.reason)") }.map { waiver in
          ["code": .string(waiver.code), "reason": .string(waiver.reason)]
        }),
    ]
  }
}

/// What a sender needs beside the parts of a mail: what `….mail.json` says.
struct Envelope {
  let mail: FinishedMail
  let contract: TemplateContract
  /// The key of the HTML part.
  let key: String
  let configuration: SiteConfiguration

  /// The bytes of the file.
  var file: [UInt8] { JSONWriter.write(json, .pretty) }

  private var json: JSONValue {
    [
      "schemaVersion": .integer(Manifest.schemaVersion), "template": .string(mail.template),
      "locale": .string(mail.locale), "dialect": .string(contract.dialect), "subject": .string(mail.subject),
      "preheader": .string(mail.preheader), "sender": sender,
      "parts": [
        "html": .string(ObjectKey.key(key, for: .html)), "text": .string(ObjectKey.key(key, for: .text)),
      ],
      "variables": VariableSchema.schema(of: contract.declaration.variables),
    ]
  }

  private var sender: JSONValue {
    guard let role = contract.declaration.sender?.role, let sender = configuration.sender(role) else { return .null }
    return ["role": .string(role), "name": .string(sender.name), "address": .string(sender.address)]
  }
}
