package import GalleySource

/// All keys of a site: who is where, and whether two want one place.
package enum KeyTable {
  /// The keys that a template asks for.
  package struct Claim: Sendable {
    /// The template.
    package let template: String
    /// The key of the HTML part in the default locale.
    package let key: String
    /// Where it is written, or the template's file where it is not.
    package let range: SourceRange
    /// The other keys of the same mail.
    package let aliases: [(key: String, range: SourceRange)]

    /// Makes a claim.
    package init(template: String, key: String, range: SourceRange, aliases: [(key: String, range: SourceRange)]) {
      self.template = template
      self.key = key
      self.range = range
      self.aliases = aliases
    }
  }

  private struct Owner {
    let key: String
    let range: SourceRange
    let what: String
  }

  /// Checks the keys of all templates in all locales; nothing is wrong if there is no diagnostic.
  package static func check(_ claims: [Claim], locales: SiteConfiguration.Locales) -> [Diagnostic] {
    var diagnostics: [Diagnostic] = []
    var files: [String: Owner] = [:]
    var folders: [String: Owner] = [:]
    for claim in claims {
      let names = [(claim.key, claim.range, "the key of '\(claim.template)'")]
      let aliases = claim.aliases.map { ($0.key, $0.range, "an alias of '\(claim.template)'") }
      for (key, range, what) in names + aliases {
        let variants = locales.supported.map { locales.key(key, in: $0) }
        if let problem = variants.lazy.compactMap({ ObjectKey.problem($0) }).first {
          let shown = DataRules.excerpt(key)
          diagnostics.append(
            Diagnostic(
              .badKey, "'\(shown)' can't be a key: a key \(problem)", at: range,
              help: ["write it as 'folder/name.html'"]))
          continue
        }
        let owner = Owner(key: key, range: range, what: what)
        let rival = variants.lazy.compactMap { Self.rival(of: $0, files: files, folders: folders) }.first
        if let (other, taken) = rival {
          diagnostics.append(collision(owner, with: other, at: taken))
        } else {
          for variant in variants { add(variant, owner, files: &files, folders: &folders) }
        }
      }
    }
    return diagnostics
  }

  private static func parents(of key: String) -> [String] {
    var result: [String] = []
    var folder = FilePath.split(key).folder
    while !folder.isEmpty {
      result.append(folder.lowercased())
      folder = FilePath.split(folder).folder
    }
    return result
  }

  private static func rival(
    of key: String, files: [String: Owner], folders: [String: Owner]
  ) -> (Owner, key: String)? {
    for part in MailPart.allCases {
      let file = ObjectKey.key(key, for: part).lowercased()
      if let owner = files[file] ?? folders[file] { return (owner, key) }
    }
    return parents(of: key).lazy.compactMap { files[$0] }.first.map { ($0, key) }
  }

  private static func add(
    _ key: String, _ owner: Owner, files: inout [String: Owner], folders: inout [String: Owner]
  ) {
    for part in MailPart.allCases { files[ObjectKey.key(key, for: part).lowercased()] = owner }
    for folder in parents(of: key) where folders[folder] == nil { folders[folder] = owner }
  }

  private static func collision(_ owner: Owner, with other: Owner, at key: String) -> Diagnostic {
    let note = owner.key == key ? "" : ", which is at '\(key)' in one of the locales,"
    return Diagnostic(
      .keyCollision, "the key '\(owner.key)'\(note) is taken by \(other.what)", at: owner.range,
      notes: [.init("taken here, as '\(other.key)'", at: other.range)], help: ["choose another key"])
  }
}
