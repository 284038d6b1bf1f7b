import GalleySource
package import GalleyTemplate

/// The names that every template and partial sees: `site`, `env`, `locale`, `data`, `mail`.
package enum Globals {
  /// The values in one environment and locale; `mail` is the business of whoever evaluates a template.
  package static func value(
    _ configuration: SiteConfiguration, environment: SiteConfiguration.Environment, locale: String
  ) -> Value {
    .record([
      Value.Field("site", site(configuration)),
      Value.Field("env", env(environment)),
      Value.Field("locale", self.locale(locale)),
      Value.Field("data", configuration.data),
    ])
  }

  /// The type of the globals, for checking files one by one: of an environment's data, what all environments have.
  package static func type(_ configuration: SiteConfiguration) -> RecordType {
    let place = configuration.dataNode?.range ?? SourceRange(SourceID(index: 0), 0, 0)
    let environments = configuration.environments.map { inferred(env($0), at: $0.range) }
    return RecordType(
      name: "globals",
      fields: [
        Declaration(name: "site", type: inferred(site(configuration), at: place), range: place),
        Declaration(name: "env", type: common(environments), range: place),
        Declaration(name: "locale", type: inferred(locale("en"), at: place), range: place),
        Declaration(name: "data", type: inferred(configuration.data, at: place), range: place),
        Declaration(name: "mail", type: mail(at: place), range: place),
      ])
  }

  // MARK: The values

  private static func site(_ configuration: SiteConfiguration) -> Value {
    .record([Value.Field("name", .string(configuration.name))])
  }

  private static func env(_ environment: SiteConfiguration.Environment) -> Value {
    var fields = [Value.Field("name", .string(environment.name))]
    if case .record(let data) = environment.data { fields += data.filter { $0.name != "name" } }
    return .record(fields)
  }

  private static func locale(_ tag: String) -> Value {
    let language = LanguageTag(tag)
    return .record([
      Value.Field("tag", .string(tag)),
      Value.Field("language", .string(language?.language ?? tag)),
      Value.Field("dir", .string(language?.isRightToLeft == true ? "rtl" : "ltr")),
    ])
  }

  private static func mail(at place: SourceRange) -> ValueType {
    .record(
      RecordType(
        name: "mail",
        fields: ["id", "category", "audience", "subject", "preheader"].map {
          Declaration(name: $0, type: .string, range: place)
        }))
  }

  // MARK: Their types

  /// The type that a known value shows: texts that are addresses or colors by their form.
  private static func inferred(_ value: Value, at place: SourceRange) -> ValueType {
    switch value {
    case .null: .string
    case .boolean: .boolean
    case .integer: .integer
    case .decimal: .decimal
    case .string(let text): inferred(text)
    case .list(let items): .list(items.first.map { inferred($0, at: place) } ?? .invalid)
    case .record(let fields):
      .record(
        RecordType(
          name: nil,
          fields: fields.map { Declaration(name: $0.name, type: inferred($0.value, at: place), range: place) }))
    }
  }

  private static func inferred(_ text: String) -> ValueType {
    if ["https://", "http://", "mailto:", "tel:", "cid:"].contains(where: { text.hasPrefix($0) }) { return .url }
    let digits = text.utf8.dropFirst()
    let isHex = digits.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0 | 0x20) }
    return text.hasPrefix("#") && [3, 6].contains(digits.count) && isHex ? .color : .string
  }

  /// What all of some record types have.
  private static func common(_ types: [ValueType]) -> ValueType {
    guard case .record(let first)? = types.first else { return .record(RecordType(name: nil, fields: [])) }
    let fields = first.fields.filter { field in
      types.dropFirst().allSatisfy { type in
        if case .record(let record) = type { record.field(field.name) != nil } else { false }
      }
    }
    return .record(RecordType(name: nil, fields: fields))
  }
}
