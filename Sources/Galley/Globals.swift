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

  /// The type of the globals, for checking files one by one: data that only some
  /// environments have may be absent.
  package static func type(_ configuration: SiteConfiguration) -> RecordType {
    let place = configuration.dataNode?.range ?? SourceRange(SourceID(index: 0), 0, 0)
    let environments = configuration.environments.map { recordType(Self.env($0), at: $0.range) }
    let common = environments.dropFirst().reduce(environments.first ?? RecordType(name: nil, fields: [])) {
      $0.merged($1)
    }
    return RecordType(
      name: "globals",
      fields: [
        Declaration(name: "site", type: inferred(site(configuration), at: place), range: place),
        Declaration(name: "env", type: .record(common), range: place),
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

  /// The type that a known value shows.
  private static func inferred(_ value: Value, at place: SourceRange) -> ValueType {
    switch value {
    case .null: .string
    case .boolean: .boolean
    case .integer: .integer
    case .decimal: .decimal
    case .string(let text): ValueType(inferring: text)
    case .list(let items): .list(items.first.map { inferred($0, at: place) } ?? .invalid)
    case .record: .record(recordType(value, at: place))
    }
  }

  private static func recordType(_ value: Value, at place: SourceRange) -> RecordType {
    guard case .record(let fields) = value else { return RecordType(name: nil, fields: []) }
    return RecordType(
      name: nil, fields: fields.map { Declaration(name: $0.name, type: inferred($0.value, at: place), range: place) })
  }
}
