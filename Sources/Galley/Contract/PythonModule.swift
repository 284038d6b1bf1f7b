import GalleyTemplate

/// The contract as a module of Python 3.10 or later: dataclasses that check and convert what they hold.
///
/// Fields have Python's names (`order_id`), the data the template's (`orderId`). The module needs the standard library
/// alone, and holds the functions that its classes call and no others.
struct PythonModule {
  private let contract: SiteContract
  private let plan: ContractPlan
  /// Whether some dialect leaves something to its caller.
  private let hasDuties: Bool

  init(_ contract: SiteContract) {
    self.contract = contract
    plan = ContractPlan(contract, rules: Self.rules)
    hasDuties = contract.mails.contains { !$0.duties.isEmpty }
  }

  /// The module.
  var text: String {
    var classes = ""
    for type in plan.types {
      for enumeration in type.enumerations {
        let values = enumeration.values.map(CodeText.pythonLiteral)
        classes += Self.wrapped("\(enumeration.name): TypeAlias = Literal[", values, "]") + "\n"
      }
      if !type.enumerations.isEmpty { classes += "\n\n" }
      classes += text(of: type) + "\n\n"
    }
    let runtime = functions(for: classes)
    return head(runtime, classes) + runtime + classes + mailTable
  }

  // MARK: Around the classes

  private func functions(for classes: String) -> String {
    var result = PythonRuntime.base
    // A function calls those before it, so the last are looked at first.
    var wanted: [PythonRuntime.Function] = []
    var callers = classes
    for function in PythonRuntime.functions.reversed() where callers.contains(function.name + "(") {
      wanted.append(function)
      callers += function.text
    }
    for function in wanted.reversed() { result += function.text + "\n\n\n" }
    return result
  }

  private func head(_ runtime: String, _ classes: String) -> String {
    let body = runtime + classes
    var imports: [String] = []
    let uses = [
      ("datetime", "datetime.date"), ("difflib", "difflib.get"), ("html", "html.escape("), ("re", "re.fullmatch("),
      ("urllib.parse", "urllib.parse.quote("),
    ]
    for (module, use) in uses where (module == "datetime" ? body : runtime).contains(use) {
      imports.append("import \(module)")
    }
    var abstract = ["Mapping"]
    if runtime.contains("_each(") { abstract = ["Callable", "Mapping", "Sequence"] }
    imports.append("from collections.abc import \(abstract.joined(separator: ", "))")
    imports.append("from dataclasses import dataclass")
    if runtime.contains("_decimal(") { imports.append("from decimal import Decimal") }
    let typing = ["Any", "ClassVar", "Literal", "NamedTuple", "TypeAlias"]
    let optional = classes.contains("get_args(") ? ["get_args"] : []
    imports.append("from typing import \((typing + optional).joined(separator: ", "))")
    let site = contract.site.isEmpty ? "this site" : "'\(contract.site)'"
    let about = CodeText.docString(
      [
        "The data of the mails of \(site), for whoever sends them.",
        "\(BuiltContract.mark); do not edit.",
        "Make the data of a mail, then fill each part of it with to_context():",
      ], indent: "")
    let example = plan.types.last { $0.mail != nil }?.name ?? "Mail"
    return about.dropLast(4) + """

          mail = \(example)(...)
          body = engine.render(store[mail.KEYS["\(contract.locales.first ?? "en")"].html], mail.to_context())
      \"""

      from __future__ import annotations

      \(imports.joined(separator: "\n"))

      \(Self.wrapped("Locale: TypeAlias = Literal[", contract.locales.map(CodeText.pythonLiteral), "]"))
      Part: TypeAlias = Literal["html", "text", "subject", "preheader"]



      """
  }

  /// All mails by their ids.
  private var mailTable: String {
    let entries = plan.types.compactMap { type in
      type.mail.map { "    \(CodeText.pythonLiteral($0.id)): \(type.name),\n" }
    }
    let names = plan.types.filter { $0.mail != nil }.map(\.name)
    let union =
      names.count > 1 ? "(\n    " + names.joined(separator: "\n    | ") + "\n)" : names.first ?? "Data"
    return "Mail: TypeAlias = \(union)\n\n" + """
      MAILS: dict[str, type[Mail]] = {
      \(entries.joined())}

      """
  }

  // MARK: Classes

  private func text(of type: TypePlan) -> String {
    let description = type.mail?.terms.declaration.description
    let about = [type.origin] + [description].compactMap(\.self)
    var text = "@dataclass(frozen=True, kw_only=True, slots=True)\nclass \(type.name)(Data):\n"
    text += CodeText.docString(about, indent: "    ")
    if let mail = type.mail { text += "\n" + constants(of: mail) }
    if !type.fields.isEmpty { text += "\n" }
    for field in type.fields { text += declaration(of: field) }
    text += "\n" + reader(of: type) + "\n" + writer(of: type)
    if let mail = type.mail { text += "\n" + context(of: mail) }
    return text
  }

  private func constants(of mail: MailContract) -> String {
    let declaration = mail.terms.declaration
    func literal(_ text: String?) -> String { text.map(CodeText.pythonLiteral) ?? "None" }
    let keys = mail.variants.map { variant in
      let texts = [MailPart.html, .text, .mail].map { "            \(literal(variant.key($0))),\n" }
      return "        \(literal(variant.locale)): Keys(\n\(texts.joined())        ),\n"
    }
    var text = """
          ID: ClassVar[str] = \(literal(mail.id))
          KEYS: ClassVar[Mapping[Locale, Keys]] = {
      \(keys.joined())    }
          AUDIENCE: ClassVar[str] = \(literal(declaration.audience.rawValue))
          CATEGORY: ClassVar[str] = \(literal(declaration.category.rawValue))
          SENDER: ClassVar[str | None] = \(literal(mail.sender?.address))
          DIALECT: ClassVar[str] = \(literal(mail.terms.dialect))

      """
    if hasDuties { text += duties(of: mail) }
    return text
  }

  private func duties(of mail: MailContract) -> String {
    guard !mail.duties.isEmpty else { return "    DUTIES: ClassVar[Mapping[str, Mapping[Part, str]]] = {}\n" }
    let groups = Dictionary(grouping: mail.duties, by: \.variable).sorted { bytewise($0.key, $1.key) }
    var text = "    DUTIES: ClassVar[Mapping[str, Mapping[Part, str]]] = {\n"
    for (variable, duties) in groups {
      let orders = duties.map { "\"\($0.place.rawValue)\": \"\($0.escaping.rawValue)\"" }
      text += "        \(CodeText.pythonLiteral(variable)): {\(orders.joined(separator: ", "))},\n"
    }
    return text + "    }\n"
  }

  private func declaration(of field: TypePlan.Field) -> String {
    let type = Self.annotation(field.type)
    let value = field.canBeMissing ? "\(type) | None = None" : type
    return "    \(field.member): \(value)\n" + CodeText.docString(field.declaration.remarks, indent: "    ")
  }

  private static func annotation(_ type: PlannedType) -> String {
    switch type {
    case .scalar(.integer): "int"
    case .scalar(.boolean): "bool"
    case .scalar(.decimal): "Decimal | float | str"
    case .scalar(.date): "datetime.date | str"
    case .scalar(.datetime): "datetime.datetime | str"
    case .scalar: "str"
    case .enumeration(let name), .record(let name): name
    case .list(let element): "Sequence[\(annotation(element))]"
    }
  }

  // MARK: Reading and writing

  /// `from_data`, which makes an instance of data as they stand in a sample or a message.
  private func reader(of type: TypePlan) -> String {
    func names(_ fields: [TypePlan.Field]) -> String {
      fields.isEmpty ? "set()" : Self.filled(fields.map { CodeText.pythonLiteral($0.name) })
    }
    let required = names(type.fields.filter { !$0.canBeMissing })
    let others = names(type.fields.filter(\.canBeMissing))
    var text = """
          @classmethod
          def from_data(cls, data: Mapping[str, Any], at: str = "") -> \(type.name):
              \"""Reads data in the form of the samples; nothing may be missing, and nothing be there that is not declared.\"""

      """
    text += Self.wrapped("        values = _values(", ["data", "at", required, others], ")") + "\n"
    text += "        return cls(\n"
    for field in type.fields {
      let at = "at + \(CodeText.pythonLiteral(field.name))"
      let get = "values.get(\(CodeText.pythonLiteral(field.name)))"
      let item = "values[\(CodeText.pythonLiteral(field.name))]"
      var value = Self.reading(item, field.type, at)
      if field.canBeMissing { value = value == item ? get : "None if \(get) is None else \(value)" }
      text += "            \(field.member)=\(value),\n"
    }
    return text + "        )\n"
  }

  private static func reading(_ value: String, _ type: PlannedType, _ at: String) -> String {
    switch type {
    case .record(let name): return "\(name).from_data(\(value), \(at) + \".\")"
    case .list(let element):
      let inner = reading("item", element, "at")
      return inner == "item" ? value : "_each(\(value), \(at), lambda item, at: \(inner))"
    case .scalar, .enumeration: return value
    }
  }

  private func writer(of type: TypePlan) -> String {
    var text = "    def _context(self, at: str) -> dict[str, Any]:\n        return {"
    if type.fields.isEmpty { return text + "}\n" }
    text += "\n"
    for field in type.fields {
      let name = CodeText.pythonLiteral(field.name)
      let value = Self.writing("self.\(field.member)", field.type, "at + \(name)")
      let whole = field.canBeMissing ? "None if self.\(field.member) is None else \(value)" : value
      text += "            \(name): \(whole),\n"
    }
    return text + "        }\n"
  }

  private static func writing(_ value: String, _ type: PlannedType, _ at: String) -> String {
    switch type {
    case .record(let name): return "_record(\(value), \(name), \(at))"
    case .enumeration(let name): return "_choice(\(value), get_args(\(name)), \(at))"
    case .list(let element): return "_each(\(value), \(at), lambda item, at: \(writing("item", element, "at")))"
    case .scalar(let type):
      let function =
        switch type {
        case .integer: "_integer"
        case .boolean: "_boolean"
        case .decimal: "_decimal"
        case .money: "_money"
        case .date: "_date"
        case .datetime: "_datetime"
        case .url: "_url"
        case .email: "_email"
        case .color: "_color"
        default: "_text"
        }
      return "\(function)(\(value), \(at))"
    }
  }

  private func context(of mail: MailContract) -> String {
    guard hasDuties else {
      return """
            def to_context(self) -> dict[str, Any]:
                \"""The data to fill each part with, checked; what is missing is None. The dialect escapes.\"""
                return self._context("")

        """
    }
    return """
          def to_context(self, part: Part | None = None) -> dict[str, Any]:
              \"""The data to fill a part with, checked and escaped as the dialect wants it; what is missing is None.

              Without a part the data are for an engine that fills all parts from the same, and escaped for all of them.
              \"""
              context: dict[str, Any] = _fulfilled(self._context(""), self.DUTIES, part)
              return context

      """
  }

  // MARK: Form

  /// `start`, the pieces and `end` on one line, or one piece a line where it would be too long.
  private static func wrapped(
    _ start: String, _ pieces: [String], _ end: String
  ) -> String {
    let line = start + pieces.joined(separator: ", ") + end
    if line.count <= 110, !line.contains("\n") { return line }
    let indent = String(start.prefix { $0 == " " })
    return start + "\n" + pieces.map { "\(indent)    \($0),\n" }.joined() + indent + end
  }

  /// A set that is an argument of its own line, in as many lines as it takes.
  private static func filled(_ pieces: [String]) -> String {
    let line = "{" + pieces.joined(separator: ", ") + "}"
    if line.count <= 90 { return line }
    let lines = CodeText.lines(pieces.map { $0 + "," }.joined(separator: " "), width: 90)
    return "{\n" + lines.map { "                \($0)\n" }.joined() + "            }"
  }

  private static let rules = NamingRules(
    reservedTypes: [
      "Any", "Callable", "ClassVar", "ContractError", "Data", "Decimal", "Ellipsis", "False", "Keys", "Literal",
      "Locale",
      "MAILS", "Mail", "Mapping", "NamedTuple", "None", "NotImplemented", "NotImplementedError", "Part", "Sequence",
      "True",
      "TypeAlias", "ValueError",
    ],
    reservedMembers: [
      "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del",
      "elif",
      "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "not",
      "or",
      "pass", "raise", "return", "try", "while", "with", "yield",
      // Names that annotations and methods of the class use.
      "bool", "classmethod", "cls", "datetime", "dict", "float", "from_data", "int", "self", "str", "to_context",
      "type",
    ],
    member: { IdentifierWords.snake($0) }, memberSuffix: "_", nestsEnumerations: false)
}
