import GalleyTemplate

/// The contract as JSON Schema: one document a mail, or one that holds them all.
struct SchemaDocuments {
  private let contract: SiteContract

  init(_ contract: SiteContract) { self.contract = contract }

  /// One document a mail, at the mail's path.
  var files: [OutputDirectory.File] {
    contract.mails.map { mail in
      OutputDirectory.File(path: mail.id + ".schema.json", bytes: JSONWriter.write(.object(document(of: mail))))
    }
  }

  /// The document of the only mail, or a compound one.
  ///
  /// A compound document holds the others under `$defs`, each with its own `$id`. Spec: JSON Schema core 2020-12,
  /// section 9.3.
  var whole: [UInt8] {
    if contract.mails.count == 1, let mail = contract.mails.first {
      return JSONWriter.write(.object(document(of: mail)))
    }
    let documents = contract.mails.map { ($0.id, JSONValue.object(document(of: $0))) }
    let compound: JSONValue = [
      "$schema": "https://json-schema.org/draft/2020-12/schema", "$id": .string(identifier(of: "")),
      "$comment": .string(BuiltContract.mark), "title": .string(contract.site),
      "description": "The data of each mail, under $defs; each document there has an $id of its own.",
      "$defs": .object(Dictionary(documents, uniquingKeysWith: { first, _ in first })),
    ]
    return JSONWriter.write(compound)
  }

  private func document(of mail: MailContract) -> [String: JSONValue] {
    guard case .object(var members) = VariableSchema.schema(of: mail.variables, form: .contract) else { return [:] }
    members["$id"] = .string(identifier(of: mail.id))
    members["$comment"] = .string(BuiltContract.mark)
    members["title"] = .string(mail.id)
    members["description"] = mail.terms.declaration.description.map { .string($0) }
    members["examples"] = [JSONValue(mail.example)]
    members["x-galley-mail"] = about(mail)
    return members
  }

  /// What is no matter of data: a member that validators pass over.
  private func about(_ mail: MailContract) -> JSONValue {
    let declaration = mail.terms.declaration
    func perLocale(_ value: (MailContract.Variant) -> JSONValue) -> JSONValue {
      .object(Dictionary(mail.variants.map { ($0.locale, value($0)) }, uniquingKeysWith: { first, _ in first }))
    }
    return [
      "audience": .string(declaration.audience.rawValue), "category": .string(declaration.category.rawValue),
      "dialect": .string(mail.terms.dialect), "environment": .string(contract.environment),
      "sender": mail.sender.map { sender in
        ["role": .string(sender.role), "name": .string(sender.name), "address": .string(sender.address)]
      } ?? .null,
      "subject": perLocale { .string($0.subject) }, "preheader": perLocale { .string($0.preheader) },
      "keys": perLocale { variant in
        .object(
          Dictionary(
            MailPart.allCases.map { ($0.rawValue, .string(variant.key($0))) }, uniquingKeysWith: { first, _ in first }))
      },
      "aliases": perLocale { .array($0.aliases.map { .string($0) }) },
      "escaping": .array(
        mail.duties.map { duty in
          [
            "variable": .string(duty.variable), "part": .string(duty.place.rawValue),
            "escape": .string(duty.escaping.rawValue),
          ]
        }),
    ]
  }

  /// A name of the document that stays when the site moves: of the site's name and the mail's id.
  private func identifier(of id: String) -> String {
    let site = Self.encoded(contract.site.isEmpty ? "site" : contract.site).replacing("/", with: "%2F")
    return "urn:galley:" + site + (id.isEmpty ? "" : ":" + Self.encoded(id))
  }

  private static func encoded(_ text: String) -> String {
    var bytes: [UInt8] = []
    Escaper.append(text, escaping: .urlPart, dialect: .jinja, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }
}
