import GalleySource
import GalleyTemplate

extension SiteConfiguration {
  /// Reads `environments`.
  mutating func readEnvironments(_ reader: inout FieldReader) {
    guard let node = reader.node("environments"), node.entries?.isEmpty != true else {
      return reader.missing("environments", example: "{local: {store: 'file://.galley/local'}}")
    }
    environments = reader.fields(of: node, name: "environments") { list in
      list.allEntries().compactMap { Self.environment($0, &list) }
    }
    checkStores(&reader, of: node)
    checkSources(&reader, of: node)
  }

  private static func environment(_ entry: DataNode.Entry, _ reader: inout FieldReader) -> Environment? {
    if let problem = nameProblem(Array(entry.key.utf8)) {
      reader.badValue(
        entry.keyRange, "the environment '\(DataRules.excerpt(entry.key))' \(problem)",
        help: "name it with small letters, digits and '-', such as 'dev'")
    }
    return reader.fields(of: entry.value, name: reader.path(entry.key)) { fields in
      let store = fields.requiredText("store", example: "s3://templates-\(entry.key)").flatMap {
        Self.store($0, &fields)
      }
      let region = fields.text("region").flatMap { Self.region($0, &fields) }
      let endpoint = fields.text("endpoint").flatMap { Self.endpoint($0, &fields) }
      let account = Self.account(&fields)
      let data = Self.data(&fields)
      let release = fields.fields("release") { rules in
        Environment.ReleaseRules(
          approvals: rules.integer("approvals", in: 0...20) ?? 0, from: rules.text("from")?.text,
          needsTicket: rules.boolean("ticket") ?? false)
      }
      guard let store else { return nil }
      return Environment(
        name: entry.key, range: entry.keyRange, store: store, region: region, endpoint: endpoint, account: account,
        data: data, release: release ?? Environment.ReleaseRules())
    }
  }

  /// What is wrong with the name of an environment, which is a folder and a part of messages and keys.
  private static func nameProblem(_ name: [UInt8]) -> String? {
    let isMade = name.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D }
    guard isMade, let first = name.first, (0x61...0x7A).contains(first), name.last != 0x2D else {
      return "is not a name that can be used"
    }
    if name.count > 32 { return "has a name of more than 32 letters" }
    return FileName.problem(name, limits: .standard).map { "has a name that \($0)" }
  }

  private static func store(
    _ value: (text: String, range: SourceRange), _ reader: inout FieldReader
  ) -> Store? {
    do throws(Store.Problem) {
      return try Store(parsing: value.text)
    } catch {
      let shown = "'\(DataRules.excerpt(value.text))'"
      switch error {
      case .scheme:
        reader.badValue(
          value.range, "\(shown) is not a store", help: "write 's3://bucket', or 'file://folder' for one on the disk")
      case .bucketName:
        reader.badValue(
          value.range, "\(shown) does not name a bucket",
          help: "a bucket's name has 3 to 63 small letters, digits, '-' and '.'")
      case .prefix, .path:
        reader.badValue(
          value.range, "\(shown) is not a path that can be used", help: "leave out empty segments, '.' and '..'")
      }
      return nil
    }
  }

  private static func region(
    _ value: (text: String, range: SourceRange), _ reader: inout FieldReader
  ) -> String? {
    let parts = value.text.utf8.split(separator: 0x2D, omittingEmptySubsequences: false)
    let isMade =
      parts.count >= 3 && parts.dropLast().allSatisfy { !$0.isEmpty && $0.allSatisfy { (0x61...0x7A).contains($0) } }
      && parts.last?.count == 1 && parts.last?.allSatisfy { (0x30...0x39).contains($0) } == true
    if isMade { return value.text }
    reader.badValue(
      value.range, "'\(DataRules.excerpt(value.text))' is not a region", help: "write it as 'eu-west-1'")
    return nil
  }

  private static func endpoint(
    _ value: (text: String, range: SourceRange), _ reader: inout FieldReader
  ) -> String? {
    let isURL = value.text.hasPrefix("https://") || value.text.hasPrefix("http://")
    let rest = value.text.drop { $0 != "/" }.dropFirst(2)
    if isURL, !rest.isEmpty, rest.first != "/", rest.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != 0x40 }) {
      return value.text
    }
    reader.badValue(
      value.range, "'\(DataRules.excerpt(value.text))' is not the address of a store",
      help: "write it as 'https://host' or 'https://host:port', without a user")
    return nil
  }

  private static func account(_ reader: inout FieldReader) -> String? {
    guard let node = reader.node("account") else { return nil }
    guard let text = node.string else {
      reader.wrongType(node, wanted: "a text", name: reader.path("account"))
      return nil
    }
    if text.utf8.count == 12, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) { return text }
    reader.badValue(
      node.range, "'\(DataRules.excerpt(text))' is not the number of an account", help: "it has twelve digits")
    return nil
  }

  private static func data(_ reader: inout FieldReader) -> Value {
    guard let node = reader.node("data") else { return .record([]) }
    guard let entries = node.entries else {
      reader.wrongType(node, wanted: "a mapping", name: reader.path("data"))
      return .record([])
    }
    if let entry = entries.first(where: { $0.key == "name" }) {
      reader.badValue(
        entry.keyRange, "'name' is taken: 'env.name' is the name of the environment", help: "choose another key")
    }
    return Value(node)
  }

  private func checkStores(_ reader: inout FieldReader, of node: DataNode) {
    for (index, environment) in environments.enumerated() {
      guard let other = environments[..<index].first(where: { $0.store.overlaps(environment.store) }) else { continue }
      let range = node[environment.name]?["store"]?.range ?? environment.range
      let first = node[other.name]?["store"]?.range ?? other.range
      reader.report(
        Diagnostic(
          .sharedStore, "'\(environment.name)' and '\(other.name)' publish to one place, '\(environment.store)'",
          at: range, notes: [.init("the store of '\(other.name)'", at: first)],
          help: ["give each environment a bucket of its own"]))
    }
  }

  /// Checks that each environment is promoted from one that exists, and that promotion starts somewhere.
  private func checkSources(_ reader: inout FieldReader, of node: DataNode) {
    var graph: [String: [String]] = [:]
    let names = environments.map(\.name)
    for environment in environments {
      guard let from = environment.release.from else { continue }
      let range = node[environment.name]?["release"]?["from"]?.range ?? environment.range
      if names.contains(from) {
        graph[environment.name] = [from]
      } else {
        let guess = Suggestion.nearest(to: from, among: names).map { "; did you mean '\($0)'?" } ?? ""
        reader.badValue(
          range, "there is no environment '\(DataRules.excerpt(from))'\(guess)",
          help: guess.isEmpty ? "the environments are \(names.joined(separator: ", "))" : nil)
      }
    }
    guard let start = Self.cycle(in: graph), let environment = environment(start) else { return }
    reader.report(
      Diagnostic(
        .configurationCycle, "'\(start)' is promoted, in the end, from '\(start)'",
        at: node[start]?["release"]?["from"]?.range ?? environment.range,
        help: ["let the first environment take its bundles from a build: leave out its 'from'"]))
  }
}
