import GalleyTemplate

/// The contract as a module of TypeScript: an interface a mail, and one constant with everything else about the mails.
struct TypeScriptModule {
  private let contract: SiteContract
  private let plan: ContractPlan

  init(_ contract: SiteContract) {
    self.contract = contract
    plan = ContractPlan(contract, rules: Self.rules)
  }

  /// The module.
  var text: String {
    let site = contract.site.isEmpty ? "this site" : "'\(contract.site)'"
    let locales = contract.locales.map(CodeText.literal).joined(separator: " | ")
    var text = CodeText.blockComment(
      ["The data of the mails of \(site), for whoever sends them. \(BuiltContract.mark); do not edit."], indent: "")
    text += "\nexport type Locale = \(locales.isEmpty ? "never" : locales);\n"
    text += "export type Part = \"html\" | \"text\" | \"subject\" | \"preheader\";\n\n"
    for type in plan.types {
      for enumeration in type.enumerations { text += self.text(of: enumeration) }
      text += self.text(of: type) + "\n"
    }
    return text + mailTypes + "\n" + mailTable
  }

  private func text(of enumeration: TypePlan.Enumeration) -> String {
    let values = enumeration.values.map(CodeText.literal)
    let line = "export type \(enumeration.name) = \(values.joined(separator: " | "));\n\n"
    if line.count <= 112 { return line }
    return "export type \(enumeration.name) =\n" + values.map { "  | \($0)" }.joined(separator: "\n") + ";\n\n"
  }

  private func text(of type: TypePlan) -> String {
    let description = type.mail?.terms.declaration.description
    var text = CodeText.blockComment([type.origin] + [description].compactMap(\.self), indent: "")
    text += "export interface \(type.name) {\n"
    for field in type.fields {
      var remarks = field.declaration.remarks
      if field.name == "__proto__" { remarks.append("In an object literal write [\"__proto__\"], with brackets.") }
      text += CodeText.blockComment(remarks, indent: "  ")
      let end = field.canBeMissing ? "?: \(Self.annotation(field.type)) | null" : ": \(Self.annotation(field.type))"
      text += "  readonly \(field.name)\(end);\n"
    }
    return text + "}\n"
  }

  private static func annotation(_ type: PlannedType) -> String {
    switch type {
    case .scalar(.integer): "number"
    case .scalar(.boolean): "boolean"
    case .scalar(.decimal): "string | number"
    case .scalar: "string"
    case .enumeration(let name), .record(let name): name
    case .list(.scalar(.decimal)): "readonly (string | number)[]"
    case .list(.list(let element)): "readonly (\(annotation(.list(element))))[]"
    case .list(let element): "readonly \(annotation(element))[]"
    }
  }

  /// The data of each mail by its id.
  private var mailTypes: String {
    var text = "/** The data of each mail, by its id. */\nexport interface Mails {\n"
    for type in plan.types {
      if let mail = type.mail { text += "  readonly \(CodeText.literal(mail.id)): \(type.name);\n" }
    }
    return text + "}\n"
  }

  /// Everything else about each mail by its id.
  private var mailTable: String {
    let about = """
      Keys, sender and duties of each mail, by its id. Subject and preheader stand in the object at the key "mail". \
      What stands under "escaping" is to be done to a value before it is handed to the engine for that part.
      """
    var text = CodeText.blockComment([about], indent: "") + "export const mails = {\n"
    for mail in contract.mails { text += entry(of: mail) }
    return text + "} as const;\n"
  }

  private func entry(of mail: MailContract) -> String {
    let declaration = mail.terms.declaration
    var text = "  \(Self.key(mail.id)): {\n    keys: {\n"
    for variant in mail.variants {
      let keys = [MailPart.html, .text, .mail].map { "        \($0.rawValue): \(CodeText.literal(variant.key($0))),\n" }
      text += "      \(Self.key(variant.locale)): {\n\(keys.joined())      },\n"
    }
    text += """
          },
          audience: \(CodeText.literal(declaration.audience.rawValue)),
          category: \(CodeText.literal(declaration.category.rawValue)),
          sender: \(mail.sender.map { CodeText.literal($0.address) } ?? "null"),
          dialect: \(CodeText.literal(mail.terms.dialect)),

      """
    if mail.duties.isEmpty { return text + "    escaping: [],\n  },\n" }
    text += "    escaping: [\n"
    for duty in mail.duties {
      text += "      { variable: \(CodeText.literal(duty.variable)), part: \"\(duty.place.rawValue)\", "
      text += "escape: \"\(duty.escaping.rawValue)\" },\n"
    }
    return text + "    ],\n  },\n"
  }

  /// A key of an object literal; `__proto__` would set the prototype without brackets.
  private static func key(_ name: String) -> String {
    name == "__proto__" ? "[\(CodeText.literal(name))]" : CodeText.literal(name)
  }

  private static let rules = NamingRules(
    reservedTypes: ["Array", "Locale", "Mails", "Part", "Readonly", "ReadonlyArray"], reservedMembers: [],
    member: { $0 }, memberSuffix: "_", nestsEnumerations: false)
}
