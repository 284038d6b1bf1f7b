import GalleyTemplate

/// The contract as a file of Swift: structures that are `Codable`, without any module but the standard library.
struct SwiftSource {
  private let contract: SiteContract
  private let plan: ContractPlan

  init(_ contract: SiteContract) {
    self.contract = contract
    plan = ContractPlan(contract, rules: Self.rules)
  }

  /// The file.
  var text: String {
    let site = contract.site.isEmpty ? "this site" : "'\(contract.site)'"
    var text = CodeText.lineComment(
      ["The data of the mails of \(site), for whoever sends them.", "\(BuiltContract.mark); do not edit."], indent: ""
    ).replacing("///", with: "//")
    text += "\n" + Self.base
    let types = plan.types.map(self.text).joined(separator: "\n")
    if types.contains("MailNumber") { text += Self.number }
    return text + types + "\n" + mailTable
  }

  // MARK: What every file has

  private static let base = #"""
    /// The data of a mail, with what is known about the mail itself.
    public protocol Mail: Codable, Hashable, Sendable {
      static var contract: MailContract { get }
    }

    /// What a sender must know of a mail besides its data.
    public struct MailContract: Hashable, Sendable {
      /// The keys of the objects in one locale; subject, preheader and sender stand in `mail`, a JSON object.
      public struct Keys: Hashable, Sendable {
        public let html: String
        public let text: String
        public let mail: String
      }

      /// What is to be done to a variable before it is handed to the engine for a part.
      public struct Duty: Hashable, Sendable {
        public let variable: String
        public let part: String
        public let escape: String
      }

      public let id: String
      /// By locale.
      public let keys: [String: Keys]
      public let audience: String
      public let category: String
      public let sender: String?
      public let dialect: String
      public let escaping: [Duty]
    }


    """#

  private static let number = #"""
    /// A number, or a text that says one as it is to be printed.
    public enum MailNumber: Codable, Hashable, Sendable {
      case text(String)
      case number(Double)

      public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Double.self) {
          self = .number(number)
        } else {
          self = .text(try container.decode(String.self))
        }
      }

      public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let text): try container.encode(text)
        case .number(let number): try container.encode(number)
        }
      }
    }


    """#

  private var mailTable: String {
    let names = plan.types.filter { $0.mail != nil }.map { "  \($0.name).self,\n" }
    return "/// All mails.\npublic let allMails: [any Mail.Type] = [\n\(names.joined())]\n"
  }

  // MARK: Types

  private func text(of type: TypePlan) -> String {
    let description = type.mail?.terms.declaration.description
    let conformance = type.mail == nil ? "Codable, Hashable, Sendable" : "Mail"
    var text = CodeText.lineComment([type.origin] + [description].compactMap(\.self), indent: "")
    text += "public struct \(type.name): \(conformance) {\n"
    var parts = type.enumerations.map(self.text)
    if let mail = type.mail { parts.append(constant(of: mail)) }
    if !type.fields.isEmpty {
      parts.append(type.fields.map(declaration).joined())
      if type.fields.contains(where: { $0.member != $0.name }) { parts.append(keys(of: type)) }
    }
    parts.append(initializer(of: type))
    if type.fields.contains(where: \.canBeMissing) { parts.append(encoder(of: type)) }
    return text + parts.joined(separator: "\n") + "}\n"
  }

  private func text(of enumeration: TypePlan.Enumeration) -> String {
    var scope = NameScope(reserved: Self.reservedCases)
    var text = "  public enum \(enumeration.name): String, Codable, Hashable, Sendable, CaseIterable {\n"
    for value in enumeration.values {
      let name = scope.claim(IdentifierWords.lowerCamel(value), suffix: "Value", fallback: "value")
      text += "    case \(Self.quoted(name)) = \(CodeText.swiftLiteral(value))\n"
    }
    return text + "  }\n"
  }

  private func constant(of mail: MailContract) -> String {
    let declaration = mail.terms.declaration
    let keys = mail.variants.map { variant in
      let texts = [MailPart.html, .text, .mail].map {
        "        \($0.rawValue): \(CodeText.swiftLiteral(variant.key($0)))"
      }
      return "      \(CodeText.swiftLiteral(variant.locale)): .init(\n\(texts.joined(separator: ",\n"))),\n"
    }
    let duties = mail.duties.map { duty in
      "      .init(variable: \(CodeText.swiftLiteral(duty.variable)), part: \"\(duty.place.rawValue)\", "
        + "escape: \"\(duty.escaping.rawValue)\"),\n"
    }
    return """
        public static let contract = MailContract(
          id: \(CodeText.swiftLiteral(mail.id)),
          keys: [
      \(keys.joined())    ],
          audience: \(CodeText.swiftLiteral(declaration.audience.rawValue)),
          category: \(CodeText.swiftLiteral(declaration.category.rawValue)),
          sender: \(mail.sender.map { CodeText.swiftLiteral($0.address) } ?? "nil"),
          dialect: \(CodeText.swiftLiteral(mail.terms.dialect)),
          escaping: [\(duties.isEmpty ? "" : "\n" + duties.joined() + "    ")])

      """
  }

  private func declaration(of field: TypePlan.Field) -> String {
    CodeText.lineComment(field.declaration.remarks, indent: "  ")
      + "  public var \(Self.quoted(field.member)): \(Self.annotation(field))\n"
  }

  private func keys(of type: TypePlan) -> String {
    let cases = type.fields.map { field in
      "    case \(Self.quoted(field.member))\(field.member == field.name ? "" : " = \(CodeText.swiftLiteral(field.name))")\n"
    }
    return "  private enum CodingKeys: String, CodingKey {\n\(cases.joined())  }\n"
  }

  private func initializer(of type: TypePlan) -> String {
    guard !type.fields.isEmpty else { return "  public init() {}\n" }
    let parameters = type.fields.map { field in
      "    \(Self.quoted(field.member)): \(Self.annotation(field))\(field.canBeMissing ? " = nil" : "")"
    }
    let assignments = type.fields.map { "    self.\(Self.quoted($0.member)) = \(Self.quoted($0.member))\n" }
    return "  public init(\n\(parameters.joined(separator: ",\n"))\n  ) {\n\(assignments.joined())  }\n"
  }

  /// What is missing is written as null: some engines look elsewhere for a name that is not there, or fail.
  private func encoder(of type: TypePlan) -> String {
    let lines = type.fields.map {
      "    try container.encode(self.\(Self.quoted($0.member)), forKey: .\(Self.quoted($0.member)))\n"
    }
    return """
        /// Writes what is missing as null, since some engines fail, or look elsewhere, where a name is not there.
        public func encode(to encoder: any Encoder) throws {
          var container = encoder.container(keyedBy: CodingKeys.self)
      \(lines.joined())  }

      """
  }

  private static func annotation(_ field: TypePlan.Field) -> String {
    annotation(field.type) + (field.canBeMissing ? "?" : "")
  }

  private static func annotation(_ type: PlannedType) -> String {
    switch type {
    case .scalar(.integer): "Int"
    case .scalar(.boolean): "Bool"
    case .scalar(.decimal): "MailNumber"
    case .scalar: "String"
    case .enumeration(let name), .record(let name): name
    case .list(let element): "[\(annotation(element))]"
    }
  }

  // MARK: Names

  private static func quoted(_ name: String) -> String { keywords.contains(name) ? "`\(name)`" : name }

  /// Words that can be names within backticks.
  private static let keywords: Set<String> = [
    "Any", "as", "associatedtype", "await", "borrowing", "break", "case", "catch", "class", "consuming", "continue",
    "default", "defer", "deinit", "do", "else", "enum", "extension", "fallthrough", "false", "fileprivate", "for",
    "func",
    "guard", "if", "import", "in", "inout", "internal", "is", "let", "nil", "operator", "precedencegroup", "private",
    "protocol", "public", "repeat", "rethrows", "return", "static", "struct", "subscript", "super", "switch", "throw",
    "throws", "true", "try", "typealias", "var", "where", "while",
  ]
  /// Words that can't, or that mean something else even then.
  private static let special: Set<String> = ["Protocol", "Self", "Type", "init", "self"]
  private static let reservedCases = special.union(["allCases", "none", "some"])

  private static let rules = NamingRules(
    reservedTypes: special.union([
      "Any", "AnyObject", "Array", "Bool", "CaseIterable", "Codable", "CodingKey", "CodingKeys", "Decodable", "Decoder",
      "Dictionary", "Double", "Encodable", "Encoder", "Hashable", "Int", "Keys", "Mail", "MailContract", "MailNumber",
      "Never", "Optional", "Sendable", "Set", "String", "Swift", "Void",
      // Names of Foundation that whoever uses the file will want to say.
      "Data", "Date", "Decimal", "Error", "JSONDecoder", "JSONEncoder", "Locale", "Result", "URL", "UUID",
    ]),
    reservedMembers: special.union(["CodingKeys", "container", "encoder", "hashValue"]),
    member: { name in
      let bare = name.drop { $0 == "_" }
      return bare.isEmpty || bare.first.map { ("0"..."9").contains($0) } == true ? "field" + bare : name
    }, memberSuffix: "Value", nestsEnumerations: true)
}
