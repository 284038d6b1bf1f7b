package import GalleySource
import GalleyTemplate

extension SiteConfiguration {
  /// Checks the content of galley.yml; what is wrong is reported and left at its default.
  package static func read(
    _ root: DataNode, vocabulary: Vocabulary = Vocabulary()
  ) -> (SiteConfiguration, [Diagnostic]) {
    var reader = FieldReader(root, name: "")
    var result = SiteConfiguration()
    if let name = reader.requiredText("name", example: "My company") { result.name = name.text }
    result.readLocales(&reader)
    result.readDialect(&reader, known: vocabulary.dialects)
    result.readEnvironments(&reader)
    result.readData(&reader)
    result.types = reader.node("types")
    result.readSenders(&reader)
    result.clients = reader.texts("clients").map { (name: $0.text, range: $0.range) }
    result.readBudgets(&reader)
    if let inlining = reader.fields("inline", { Inlining.read(&$0) }) { result.inlining = inlining }
    result.readRules(&reader, known: vocabulary.ruleCodes)
    _ = reader.fields("text") { text in
      if let width = text.integer("width", in: 40...998) { result.textWidth = width }
    }
    return (result, reader.finish())
  }

  private mutating func readDialect(_ reader: inout FieldReader, known: [String]) {
    guard let (name, range) = reader.text("dialect") else { return }
    dialectRange = range
    if known.contains(name) {
      dialect = name
    } else {
      let guess = Suggestion.nearest(to: name, among: known).map { "; did you mean '\($0)'?" } ?? ""
      reader.badValue(
        range, "there is no dialect '\(DataRules.excerpt(name))'\(guess)",
        help: guess.isEmpty ? "choose one of \(known.joined(separator: ", "))" : nil)
    }
  }

  private mutating func readData(_ reader: inout FieldReader) {
    guard let node = reader.node("data") else { return }
    guard node.entries != nil else { return reader.wrongType(node, wanted: "a mapping", name: "data") }
    dataNode = node
    data = Value(node)
  }

  private mutating func readSenders(_ reader: inout FieldReader) {
    let senders = reader.fields("senders") { list in
      list.allEntries().compactMap { entry -> Sender? in
        let (name, address) = list.fields(of: entry.value, name: list.path(entry.key)) { sender in
          (
            sender.requiredText("name", example: "Orders"),
            sender.requiredText("address", example: "orders@company.example")
          )
        }
        guard let name, let address else { return nil }
        if name.text.utf8.contains(where: { $0 < 0x20 }) {
          list.badValue(name.range, "the name of a sender is one line")
          return nil
        }
        guard Self.isMailbox(Array(address.text.utf8)) else {
          list.badValue(
            address.range, "'\(DataRules.excerpt(address.text))' is not a mailbox",
            help: "write it as 'name@host.example'")
          return nil
        }
        return Sender(role: entry.key, name: name.text, address: address.text, range: entry.keyRange)
      }
    }
    self.senders = senders ?? []
  }

  private mutating func readBudgets(_ reader: inout FieldReader) {
    let limit = 1...(4 << 20)
    let budgets = reader.fields("budgets") { list in
      Budgets(html: list.integer("html", in: limit), text: list.integer("text", in: limit))
    }
    self.budgets = budgets ?? Budgets()
  }

  private mutating func readRules(_ reader: inout FieldReader, known: [String]) {
    let rules = reader.fields("rules") { list in
      list.allEntries().compactMap { entry -> Rule? in
        guard let level = list.text(of: entry.value, name: list.path(entry.key)) else { return nil }
        let severity = Severity(rawValue: level.text)
        guard severity != nil || level.text == "off" else {
          list.badValue(
            level.range, "'\(DataRules.excerpt(level.text))' is not a level",
            help: "choose one of error, warning, info and off")
          return nil
        }
        if !known.isEmpty, !known.contains(entry.key) {
          let guess = Suggestion.nearest(to: entry.key, among: known).map { "; did you mean '\($0)'?" } ?? ""
          list.report(
            Diagnostic(
              .unknownKey, "there is no rule '\(DataRules.excerpt(entry.key))'\(guess)", at: entry.keyRange))
          return nil
        }
        return Rule(
          code: entry.key, range: entry.keyRange, severity: severity)
      }
    }
    self.rules = rules ?? []
  }

  /// Whether the bytes are `local@host` with the characters of a dot-atom and of host names.
  private static func isMailbox(_ address: [UInt8]) -> Bool {
    let parts = address.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, parts[0].count <= 64, parts[1].count <= 255 else { return false }
    let atoms = parts[0].split(separator: 0x2E, omittingEmptySubsequences: false)
    let labels = parts[1].split(separator: 0x2E, omittingEmptySubsequences: false)
    func isAlphanumeric(_ byte: UInt8) -> Bool {
      (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte)
    }
    let special = Array("!#$%&'*+-/=?^_`{|}~".utf8)
    return atoms.allSatisfy { !$0.isEmpty && $0.allSatisfy { isAlphanumeric($0) || special.contains($0) } }
      && labels.count >= 2
      && labels.allSatisfy {
        !$0.isEmpty && $0.first != 0x2D && $0.last != 0x2D && $0.allSatisfy { isAlphanumeric($0) || $0 == 0x2D }
      }
  }
}

extension Value {
  /// Makes a known value of data; a number that is not spelled as programs print it keeps its spelling.
  package init(_ node: DataNode) {
    switch node.kind {
    case .null: self = .null
    case .boolean(let value): self = .boolean(value)
    case .number(let spelling):
      if let value = node.integer, String(value) == spelling {
        self = .integer(value)
      } else {
        self = .decimal(spelling)
      }
    case .string(let text): self = .string(text)
    case .list(let items): self = .list(items.map(Value.init))
    case .mapping(let entries): self = .record(entries.map { Field($0.key, Value($0.value)) })
    }
  }
}
