import GalleyTemplate

/// How a language names things.
struct NamingRules: Sendable {
  /// Names that no type of ours may have.
  var reservedTypes: Set<String>
  /// Names that no member may have.
  var reservedMembers: Set<String>
  /// What becomes of the name of a variable.
  var member: @Sendable (String) -> String
  /// What is put behind a member's name that is taken.
  var memberSuffix: String
  /// Whether an enumeration is a type within its record.
  var nestsEnumerations: Bool
}

/// A type of a value in a programming language; records and enumerations have their names.
indirect enum PlannedType {
  case scalar(ValueType)
  case enumeration(name: String)
  case list(PlannedType)
  case record(name: String)
}

/// A record or the data of a mail, with names for a programming language.
struct TypePlan {
  struct Field {
    let declaration: Declaration
    let member: String
    let type: PlannedType

    /// The name in the data.
    var name: String { declaration.name }
    var canBeMissing: Bool { declaration.isOptional || declaration.defaultValue != nil }
  }

  struct Enumeration {
    let name: String
    let values: [String]
    /// The field that has the type.
    let field: String
  }

  let name: String
  /// The mail whose data it describes, or nil for a record.
  let mail: MailContract?
  /// What it is, in a sentence.
  let origin: String
  var fields: [Field] = []
  var enumerations: [Enumeration] = []
}

/// The types of a contract in an order in which a person would read them, with names that do not depend on the selection.
struct ContractPlan {
  /// Records that mails share, then each mail behind the records that it alone has.
  private(set) var types: [TypePlan] = []

  private let rules: NamingRules
  private var scope: NameScope
  /// The names of record types of `galley.yml`, and of records in place by their paths.
  private var names: [String: String] = [:]

  /// Plans all types.
  init(_ contract: SiteContract, rules: NamingRules) {
    self.rules = rules
    scope = NameScope(reserved: rules.reservedTypes)
    let shared = contract.types.types.values.sorted { bytewise($0.name ?? "", $1.name ?? "") }
    var mailNames: [String: String] = [:]
    for record in shared {
      let name = record.name ?? ""
      names[Self.key(record, at: "")] = scope.claim(
        IdentifierWords.isIdentifier(name) ? Self.capitalized(name) : "", suffix: "Record", fallback: "Record")
    }
    for template in contract.templates {
      let wish = IdentifierWords.upperCamel(template.file.name)
      mailNames[template.file.name] = scope.claim(wish, suffix: "Mail", fallback: "Mail")
    }
    for record in shared {
      nameRecords(in: record.fields, owner: names[Self.key(record, at: "")] ?? "", at: record.name ?? "")
    }
    for template in contract.templates {
      let id = template.file.name
      nameRecords(in: template.declaration.variables, owner: mailNames[id] ?? "", at: "/" + id)
    }
    let used = Self.sharedTypes(of: contract.mails)
    for record in shared {
      let owner = Owner(words: "A record that mails share.", isSelected: used.contains(record.name ?? ""))
      plan(record.fields, name: names[Self.key(record, at: "")] ?? "", owner, at: record.name ?? "")
    }
    for template in contract.templates {
      let id = template.file.name
      let mail = contract.mails.first { $0.id == id }
      let owner = Owner(words: "The data of the mail \(id).", mail: mail, isSelected: mail != nil)
      plan(template.declaration.variables, name: mailNames[id] ?? "", owner, at: "/" + id)
    }
  }

  /// The names of the record types of `galley.yml` that mails use, those within others included.
  static func sharedTypes(of mails: [MailContract]) -> Set<String> {
    var result: Set<String> = []
    func visit(_ type: ValueType) {
      switch type {
      case .list(let element): visit(element)
      case .record(let record):
        if let name = record.name, !result.insert(name).inserted { return }
        for field in record.fields { visit(field.type) }
      default: return
      }
    }
    for mail in mails { for variable in mail.variables { visit(variable.type) } }
    return result
  }

  // MARK: Names

  private static func key(_ record: RecordType, at path: String) -> String { record.name ?? path }

  private static func capitalized(_ name: String) -> String {
    let bare = name.drop { $0 == "_" }
    return bare.prefix(1).uppercased() + bare.dropFirst()
  }

  private mutating func nameRecords(in fields: [Declaration], owner: String, at path: String) {
    for field in fields {
      var type = field.type
      while case .list(let element) = type { type = element }
      guard case .record(let record) = type, record.name == nil else { continue }
      let path = path + "." + field.name
      let name = scope.claim(
        owner + IdentifierWords.upperCamel(field.name), suffix: "Record", fallback: "Record")
      names[path] = name
      nameRecords(in: record.fields, owner: name, at: path)
    }
  }

  // MARK: Types

  /// What a type belongs to.
  private struct Owner {
    let words: String
    var mail: MailContract?
    /// Whether the type is wanted; the others are planned for their names.
    let isSelected: Bool
  }

  private mutating func plan(_ fields: [Declaration], name: String, _ owner: Owner, at path: String) {
    var plan = TypePlan(name: name, mail: owner.mail, origin: owner.words)
    var members = NameScope(reserved: rules.reservedMembers)
    var nested = NameScope()
    for field in fields {
      let member = members.claim(rules.member(field.name), suffix: rules.memberSuffix, fallback: "field")
      let type = type(of: field.type, field, owner, at: path + "." + field.name, &plan, &nested)
      plan.fields.append(TypePlan.Field(declaration: field, member: member, type: type))
    }
    if owner.isSelected { types.append(plan) }
  }

  private mutating func type(
    of type: ValueType, _ field: Declaration, _ owner: Owner, at path: String, _ plan: inout TypePlan,
    _ nested: inout NameScope
  ) -> PlannedType {
    switch type {
    case .list(let element): return .list(self.type(of: element, field, owner, at: path, &plan, &nested))
    case .record(let record):
      let name = names[Self.key(record, at: path)] ?? ""
      if record.name == nil {
        let inner = Owner(words: "The record '\(field.name)' of \(plan.name).", isSelected: owner.isSelected)
        self.plan(record.fields, name: name, inner, at: path)
      }
      return .record(name: name)
    case .enumeration(let values):
      let wish = IdentifierWords.upperCamel(field.name)
      let name =
        rules.nestsEnumerations
        ? nested.claim(wish, suffix: "Value", fallback: "Value", besides: scope)
        : scope.claim(plan.name + wish, suffix: "Value", fallback: "Value")
      plan.enumerations.append(TypePlan.Enumeration(name: name, values: values, field: field.name))
      return .enumeration(name: name)
    default: return .scalar(type)
    }
  }
}
