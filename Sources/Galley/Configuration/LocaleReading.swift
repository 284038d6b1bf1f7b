import GalleySource
import GalleyTemplate

extension SiteConfiguration {
  /// Reads `locales`.
  mutating func readLocales(_ reader: inout FieldReader) {
    guard reader.node("locales") != nil else {
      return reader.missing("locales", example: "{default: en-ZA, supported: [en-ZA]}")
    }
    let locales = reader.fields("locales") { list in
      var result = Locales()
      let tag = list.requiredText("default", example: "en-ZA").flatMap { Self.tag($0, &list) }
      let supported = list.texts("supported").compactMap { item in Self.tag(item, &list).map { ($0, item.range) } }
      if let tag {
        result.defaultTag = tag.text
        result.supported = Self.supported(supported, default: tag, &list)
      } else if let first = supported.first {
        result.defaultTag = first.0.text
        result.supported = supported.map(\.0.text)
      }
      result.keyPattern = Self.keyPattern(&list) ?? result.keyPattern
      result.swapsSides = list.boolean("swap-sides") ?? true
      // If the locales can't be read, none is known to be wrong.
      let isReadable = list.node("supported").map { $0.items != nil } ?? true
      result.fallback = Self.fallback(&list, supported: isReadable ? result.supported : nil)
      return result
    }
    self.locales = locales ?? Locales()
  }

  /// Checks one tag; a tag in another spelling than the canonical one is reported and read as if it were right.
  private static func tag(
    _ item: (text: String, range: SourceRange), _ reader: inout FieldReader
  ) -> (text: String, range: SourceRange)? {
    guard let tag = LanguageTag(item.text) ?? LanguageTag.meant(by: item.text) else {
      reader.badValue(
        item.range, "'\(DataRules.excerpt(item.text))' is not a language tag",
        help: "write language and region, such as 'en-ZA'")
      return nil
    }
    if tag.description != item.text {
      reader.badValue(
        item.range, "the language tag '\(DataRules.excerpt(item.text))' is spelled '\(tag)'",
        fixes: [
          FixIt("write '\(tag)'", isSafe: false, edits: [SourceEdit(item.range, tag.description)])
        ])
    }
    return (tag.description, item.range)
  }

  private static func supported(
    _ items: [((text: String, range: SourceRange), SourceRange)], default tag: (text: String, range: SourceRange),
    _ reader: inout FieldReader
  ) -> [String] {
    var places: [String: SourceRange] = [:]
    var result: [String] = []
    for (item, range) in items {
      if let first = places[item.text] {
        reader.report(
          Diagnostic(
            .badValue, "'\(item.text)' is supported twice", at: range, notes: [.init("given first here", at: first)],
            help: ["remove one of the two"]))
      } else {
        places[item.text] = range
        result.append(item.text)
      }
    }
    if result.isEmpty { return [tag.text] }
    if places[tag.text] == nil {
      reader.report(
        Diagnostic(
          .unknownLocale, "the default locale '\(tag.text)' is not supported", at: tag.range,
          help: ["add '\(tag.text)' to 'locales.supported'"]))
      result.insert(tag.text, at: 0)
    }
    return result
  }

  private static func keyPattern(_ reader: inout FieldReader) -> String? {
    guard let (pattern, range) = reader.text("key") else { return nil }
    let filled = pattern.utf8.split(separator: UInt8(ascii: "{"), omittingEmptySubsequences: false).map { part in
      String(decoding: part, as: UTF8.self)
    }
    let names = filled.dropFirst().map { part in String(part.prefix { $0 != "}" }) }
    guard names.sorted() == ["key", "locale"], pattern.utf8.count(where: { $0 == UInt8(ascii: "}") }) == 2 else {
      reader.badValue(
        range, "the pattern '\(DataRules.excerpt(pattern))' must hold '{locale}' and '{key}', each once",
        help: "write '{locale}/{key}'")
      return nil
    }
    let example = Locales(defaultTag: "xx", supported: [], keyPattern: pattern).key("key.html", in: "en-ZA")
    if let problem = ObjectKey.problem(example) {
      reader.badValue(range, "the pattern makes keys such as '\(DataRules.excerpt(example))', and a key \(problem)")
      return nil
    }
    return pattern
  }

  private static func fallback(_ reader: inout FieldReader, supported: [String]?) -> [String: [String]] {
    var result: [String: [String]] = [:]
    var places: [String: SourceRange] = [:]
    let entries = reader.fields("fallback") { list in
      list.allEntries().map { entry in
        (tag: Self.tag((entry.key, entry.keyRange), &list), chain: list.chain(of: entry))
      }
    }
    for (tag, chain) in entries ?? [] {
      guard let tag, isSupported(tag, supported, &reader) else { continue }
      places[tag.text] = tag.range
      result[tag.text] = chain.compactMap { item in
        guard let item = Self.tag(item, &reader), isSupported(item, supported, &reader) else { return nil }
        return item.text
      }
    }
    if let start = cycle(in: result), let range = places[start] {
      reader.report(
        Diagnostic(
          .configurationCycle, "the fallback of '\(start)' comes back to '\(start)'", at: range,
          help: ["let the chain end at the default locale"]))
      result[start] = []
    }
    return result
  }

  private static func isSupported(
    _ tag: (text: String, range: SourceRange), _ supported: [String]?, _ reader: inout FieldReader
  ) -> Bool {
    guard let supported, !supported.contains(tag.text) else { return true }
    let guess = Suggestion.nearest(to: tag.text, among: supported).map { "; did you mean '\($0)'?" } ?? ""
    reader.report(
      Diagnostic(
        .unknownLocale, "'\(tag.text)' is not a locale of the site\(guess)", at: tag.range,
        help: guess.isEmpty ? ["add it to 'locales.supported', or remove it here"] : []))
    return false
  }

  /// The first node, in the order of bytes, that can be reached from itself.
  static func cycle(in graph: [String: [String]]) -> String? {
    graph.keys.sorted(by: bytewise).first { start in
      var seen: Set<String> = []
      var open = graph[start] ?? []
      while let next = open.popLast() {
        if next == start { return true }
        if seen.insert(next).inserted { open += graph[next] ?? [] }
      }
      return false
    }
  }
}

extension FieldReader {
  /// The texts of an entry whose value is one text or a list of them.
  fileprivate mutating func chain(of entry: DataNode.Entry) -> [(text: String, range: SourceRange)] {
    if entry.value.string != nil { return text(of: entry.value, name: path(entry.key)).map { [$0] } ?? [] }
    return texts(of: entry.value, name: path(entry.key))
  }
}
