package import GalleyCSS
import GalleySource

extension SiteConfiguration {
  /// How the site's mails are inlined, and what is done to them then: the switches of `galley inline`.
  package struct Inlining: Sendable, Hashable {
    /// Whether rules that match nothing are removed.
    package var purgesUnmatched = false
    /// What is done to the finished mails.
    package var transforms = Transforms()

    /// Makes the configuration of a site that asks for nothing.
    package init() {}
  }
}

extension SiteConfiguration.Inlining {
  /// Reads the mapping `inline`.
  static func read(_ reader: inout FieldReader) -> SiteConfiguration.Inlining {
    var result = SiteConfiguration.Inlining()
    result.purgesUnmatched = reader.boolean("purge") ?? false
    result.transforms.resolvesVariables = reader.boolean("resolve-variables") ?? false
    result.transforms.mirrorsAttributes = reader.boolean("mirror-attributes") ?? false
    result.transforms.writesSixDigitHex = reader.boolean("six-digit-hex") ?? false
    result.transforms.dropsZeroUnits = reader.boolean("unitless-zero") ?? false
    result.transforms.mergesShorthands = reader.boolean("merge-shorthands") ?? false
    result.transforms.renamesUnsafeClasses = reader.boolean("safe-class-names") ?? false
    result.transforms.minifies = reader.boolean("minify") ?? false
    result.transforms.keepsClasses = reader.boolean("keep-classes") ?? false
    result.transforms.base = readBase(&reader)
    result.transforms.linkParameters = reader.fields("utm", readParameters) ?? []
    result.transforms.linkHosts = readHosts(&reader, hasParameters: !result.transforms.linkParameters.isEmpty)
    return result
  }

  private static func readBase(_ reader: inout FieldReader) -> BaseURL? {
    guard let (text, range) = reader.text("base") else { return nil }
    if let base = BaseURL(text) { return base }
    reader.badValue(
      range, "'\(DataRules.excerpt(text))' is no address that others can be completed with",
      help: "write it with its scheme and host, such as 'https://www.company.example/mails/'")
    return nil
  }

  private static func readParameters(_ reader: inout FieldReader) -> [LinkParameter] {
    LinkParameter.campaignNames.compactMap { name in
      reader.text(name).map { LinkParameter(campaign: name, value: $0.text) }
    }
  }

  private static func readHosts(_ reader: inout FieldReader, hasParameters: Bool) -> [String] {
    let hosts = reader.texts("utm-hosts")
    if let first = hosts.first, !hasParameters {
      reader.badValue(first.range, "'\(reader.path("utm-hosts"))' needs parameters", help: "write them under 'utm'")
    }
    return hosts.compactMap { text, range in
      if BaseURL.isHost(text) { return text }
      reader.badValue(
        range, "'\(DataRules.excerpt(text))' is not a host", help: "write the name alone, such as 'www.company.example'"
      )
      return nil
    }
  }
}
