import GalleyTemplate

/// The contract as pages for people.
struct MarkdownPages {
  private let contract: SiteContract

  init(_ contract: SiteContract) { self.contract = contract }

  /// A page a mail, at the mail's path, and `index.md`.
  var files: [OutputDirectory.File] {
    let index = OutputDirectory.File(path: "index.md", bytes: Array(self.index(isLinked: true).utf8))
    return [index]
      + contract.mails.map { mail in
        OutputDirectory.File(path: mail.id + ".md", bytes: Array(page(of: mail, level: 1).utf8))
      }
  }

  /// All pages in one, the index first; of one mail its page alone.
  var whole: String {
    if contract.mails.count == 1, let mail = contract.mails.first { return page(of: mail, level: 1) }
    return ([index(isLinked: false)] + contract.mails.map { page(of: $0, level: 2) }).joined(separator: "\n")
  }

  // MARK: The index

  private func index(isLinked: Bool) -> String {
    var table = MarkdownTable("mail", "audience", "category", "sender", "what for")
    for mail in contract.mails {
      let declaration = mail.terms.declaration
      let name = Markdown.code(mail.id)
      table.add(
        isLinked ? "[\(name)](\(Markdown.address(mail.id + ".md")))" : name, declaration.audience.rawValue,
        declaration.category.rawValue, Markdown.text(mail.sender?.role ?? ""),
        Markdown.text(declaration.description ?? ""))
    }
    return """
      # \(Markdown.text(contract.site.isEmpty ? "Mails" : contract.site)): what senders must know

      <!-- \(BuiltContract.mark); do not edit. -->

      Locales: \(contract.locales.map(Markdown.code).joined(separator: ", ")). Subjects and preheaders are those of the
      environment \(Markdown.code(contract.environment)); keys and data are the same in all.

      \(table.text)
      """
  }

  // MARK: A page

  private func page(of mail: MailContract, level: Int) -> String {
    let mark = String(repeating: "#", count: level)
    let declaration = mail.terms.declaration
    var parts = ["\(mark) \(Markdown.code(mail.id))", "<!-- \(BuiltContract.mark); do not edit. -->"]
    if let description = declaration.description { parts.append(Markdown.text(description)) }
    parts.append(facts(of: mail))
    parts += ["\(mark)# Objects", objects(of: mail), "\(mark)# Subject and preheader", envelopes(of: mail)]
    parts += ["\(mark)# Data", data(of: mail), "\(mark)# What you must do to the data", duties(of: mail)]
    let example = String(decoding: JSONWriter.write(JSONValue(mail.example)).dropLast(), as: UTF8.self)
    parts += ["\(mark)# Example of complete data", Markdown.block(example, language: "json")]
    return parts.joined(separator: "\n\n") + "\n"
  }

  private func facts(of mail: MailContract) -> String {
    let declaration = mail.terms.declaration
    let sender = mail.sender.map {
      "\(Markdown.text($0.name)) \(Markdown.code($0.address)) (\(Markdown.text($0.role)))"
    }
    return """
      - sender: \(sender ?? "none; whoever sends chooses")
      - audience: \(declaration.audience.rawValue)
      - category: \(declaration.category.rawValue)
      - dialect: \(Markdown.code(mail.terms.dialect))
      """
  }

  private func objects(of mail: MailContract) -> String {
    var table = MarkdownTable("locale", "HTML", "text", "envelope")
    for variant in mail.variants {
      let keys: [MailPart] = [.html, .text, .mail]
      table.add([Markdown.code(variant.locale)] + keys.map { Markdown.code(variant.key($0)) })
      for alias in variant.aliases {
        table.add(["also"] + keys.map { Markdown.code(ObjectKey.key(alias, for: $0)) })
      }
    }
    return table.text
  }

  private func envelopes(of mail: MailContract) -> String {
    var table = MarkdownTable("locale", "subject", "preheader")
    for variant in mail.variants {
      table.add(
        Markdown.code(variant.locale), Markdown.code(variant.subject),
        variant.preheader.isEmpty ? "" : Markdown.code(variant.preheader))
    }
    return table.text + "\n\nTake them from the envelope, not from here, and fill them in like the other parts."
  }

  private func duties(of mail: MailContract) -> String {
    guard !mail.duties.isEmpty else {
      return "Nothing: the dialect escapes each value for its place. Pass values as they are."
    }
    var table = MarkdownTable("variable", "in the part", "do")
    for duty in mail.duties { table.add(Markdown.code(duty.variable), duty.place.rawValue, Markdown.text(duty.order)) }
    return table.text
  }

  // MARK: Data

  private func data(of mail: MailContract) -> String {
    guard !mail.variables.isEmpty else { return "None." }
    var table = MarkdownTable("name", "type", "required", "what it is", "example")
    var kinds: [String: String] = [:]
    for variable in mail.variables { add(variable, at: "", to: &table, &kinds) }
    let legend = kinds.sorted { bytewise($0.key, $1.key) }.map { "- \($0.key): \(Markdown.text($0.value))" }
    let nothing = "What is not required may be left out, or be null where your engine wants every name."
    return ([table.text, nothing] + (legend.isEmpty ? [] : [legend.joined(separator: "\n")])).joined(separator: "\n\n")
  }

  private func add(
    _ field: Declaration, at path: String, to table: inout MarkdownTable, _ kinds: inout [String: String]
  ) {
    let (type, depth) = field.type.unlisted
    let name = path + field.name
    var required = field.isOptional ? "no" : "yes"
    if let value = field.defaultValue { required = "no; else \(Markdown.code(Declaration.shown(value)))" }
    let words = (depth > 0 ? String(repeating: "list of ", count: depth) : "") + Self.words(type)
    table.add(
      Markdown.code(name), words, required, Markdown.text(field.description ?? ""),
      field.example.map { Markdown.code(Declaration.shown($0)) } ?? "")
    if let instruction = type.instruction { kinds[Self.words(type)] = instruction }
    if case .record(let record) = type {
      let inner = name + String(repeating: "[]", count: depth) + "."
      for field in record.fields { add(field, at: inner, to: &table, &kinds) }
    }
  }

  private static func words(_ type: ValueType) -> String {
    switch type {
    case .money(let currency): currency.map { "money (\($0))" } ?? "money"
    case .enumeration(let values): "one of " + values.map(Markdown.code).joined(separator: ", ")
    case .record(let record): record.name.map(Markdown.code) ?? "record"
    default: type.name
    }
  }
}

/// A table of cells that are Markdown already.
struct MarkdownTable {
  private var rows: [[String]]

  init(_ head: String...) { rows = [head, head.map { _ in "---" }] }

  mutating func add(_ cells: String...) { add(cells) }
  mutating func add(_ cells: [String]) { rows.append(cells) }

  var text: String {
    // A bar ends a cell even within code.
    rows.map { "| " + $0.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |" }.joined(
      separator: "\n")
  }
}

/// Texts of authors within Markdown: GitHub's, https://github.github.com/gfm.
enum Markdown {
  /// A text on one line that means nothing but itself; a bar is left to the table.
  static func text(_ text: String) -> String {
    var result = ""
    var isNumber = true
    for (index, scalar) in CodeText.line(text).unicodeScalars.enumerated() {
      // What would begin a list or underline a heading at the beginning of a paragraph.
      if index == 0 ? "-+=".unicodeScalars.contains(scalar) : isNumber && (scalar == "." || scalar == ")") {
        result += "\\"
      }
      isNumber = isNumber && ("0"..."9").contains(scalar)
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\\", "`", "*", "_", "[", "]", "#", "~", "!": result += "\\" + String(scalar)
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// A text as code on one line; as a literal of JSON where it would not be seen as it is.
  static func code(_ text: String) -> String {
    let line = CodeText.line(text) == text && !text.isEmpty ? text : CodeText.literal(text)
    let fence = String(repeating: "`", count: longestRun(in: line) + 1)
    let pad = fence.utf8.count > 1 ? " " : ""
    return fence + pad + line + pad + fence
  }

  /// A block of code.
  static func block(_ text: String, language: String) -> String {
    let fence = String(repeating: "`", count: max(3, longestRun(in: text) + 1))
    return "\(fence)\(language)\n\(text)\n\(fence)"
  }

  /// A relative address.
  static func address(_ path: String) -> String {
    var bytes: [UInt8] = []
    Escaper.append(path, escaping: .urlPart, dialect: .jinja, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func longestRun(in text: String) -> Int {
    var longest = 0
    var run = 0
    for byte in text.utf8 {
      run = byte == UInt8(ascii: "`") ? run + 1 : 0
      longest = max(longest, run)
    }
    return longest
  }
}
