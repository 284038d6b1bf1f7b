package import GalleySource
package import GalleyTemplate

/// What galley.yml says about a site.
package struct SiteConfiguration: Sendable {
  /// The name of the file.
  package static let path = "galley.yml"

  /// The languages of a site.
  package struct Locales: Sendable, Hashable {
    /// The locale at the plain keys.
    package var defaultTag: String = "en"
    /// All locales in the order of writing, the default one included.
    package var supported: [String] = ["en"]
    /// For a locale, those whose messages stand in, the nearest first.
    package var fallback: [String: [String]] = [:]
    /// The pattern of the keys of all locales but the default one.
    package var keyPattern: String = "{locale}/{key}"
    /// Whether left and right are swapped in locales that are written from right to left.
    package var swapsSides = true

    /// The key of a mail in a locale, from the key in the default locale.
    package func key(_ key: String, in locale: String) -> String {
      if locale == defaultTag { return key }
      var result = ""
      var rest = Substring(keyPattern)
      while let brace = rest.firstIndex(of: "{") {
        result += rest[..<brace]
        rest = rest[brace...]
        let isLocale = rest.hasPrefix("{locale}")
        result += isLocale ? locale : key
        rest = rest.dropFirst(isLocale ? "{locale}".count : "{key}".count)
      }
      return result + rest
    }

    /// The locales whose messages a locale may use: itself, its fallbacks, theirs; the default one is last.
    package func chain(of locale: String) -> [String] {
      var result: [String] = []
      func visit(_ tag: String) {
        guard !result.contains(tag) else { return }
        result.append(tag)
        for next in fallback[tag] ?? [] { visit(next) }
      }
      visit(locale)
      return result
    }
  }

  /// A place that mails are published to.
  package struct Environment: Sendable, Hashable {
    /// What must be true before a release.
    package struct ReleaseRules: Sendable, Hashable {
      /// How many people must approve.
      package var approvals = 0
      /// The environment that a bundle must come from.
      package var from: String?
      /// Whether a change ticket must be named.
      package var needsTicket = false
    }

    /// The name, which is also the folder in the output.
    package var name: String
    /// Where the name is written.
    package var range: SourceRange
    /// Where mails go.
    package var store: Store
    /// The region of the store.
    package var region: String?
    /// The address of a store that is not Amazon's.
    package var endpoint: String?
    /// The account that must own the bucket: twelve digits.
    package var account: String?
    /// What templates see as `env`, beside the name: a record.
    package var data: Value
    /// What must be true before a release.
    package var release: ReleaseRules
  }

  /// Who a mail is from.
  package struct Sender: Sendable, Hashable {
    /// The word that templates use.
    package var role: String
    /// The name that people see.
    package var name: String
    /// The mailbox.
    package var address: String
    /// Where the role is written.
    package var range: SourceRange
  }

  /// How many bytes a part of a mail may have.
  package struct Budgets: Sendable, Hashable {
    package var html: Int?
    package var text: Int?
  }

  /// The level that a site gives to a kind of finding which is no error by itself.
  package struct Rule: Sendable, Hashable {
    /// The code.
    package var code: String
    /// Where it is written.
    package var range: SourceRange
    /// The level, or nil where findings of the kind are left out.
    package var severity: Severity?
  }

  /// The name of the site.
  package var name = ""
  package var locales = Locales()
  /// The name of the dialect that senders render with.
  package var dialect = "jinja"
  /// Where the dialect is written.
  package var dialectRange: SourceRange?
  /// The environments in the order of writing.
  package var environments: [Environment] = []
  /// What templates see as `data`: a record.
  package var data: Value = .record([])
  /// The same with places.
  package var dataNode: DataNode?
  /// The record types that templates share, for the reader of types.
  package var types: DataNode?
  package var senders: [Sender] = []
  /// The mail clients that the site supports; empty for the usual ones.
  package var clients: [(name: String, range: SourceRange)] = []
  package var budgets = Budgets()
  package var inlining = Inlining()
  package var rules: [Rule] = []
  /// The column at which known lines of the text part are folded, or nil to leave them as long as they are.
  package var textWidth: Int?

  /// Makes the configuration of a site that says nothing.
  package init() {}

  /// The environment of a name.
  package func environment(_ name: String) -> Environment? { environments.first { $0.name == name } }

  /// The sender of a role.
  package func sender(_ role: String) -> Sender? { senders.first { $0.role == role } }

  /// What is known beyond the file: the words that it may use.
  package struct Vocabulary: Sendable {
    /// The names of dialects.
    package var dialects: [String]
    /// The codes of rules; empty if any is fine.
    package var ruleCodes: [String]

    /// Makes a vocabulary.
    package init(dialects: [String] = Dialect.names, ruleCodes: [String] = []) {
      self.dialects = dialects
      self.ruleCodes = ruleCodes
    }
  }

  /// Reads galley.yml of a site; the configuration is nil if there is nothing that can be used.
  package static func load(
    from fileSystem: some FileSystem, into sources: inout SourceSet, vocabulary: Vocabulary = Vocabulary()
  ) throws(FileFailure) -> (SiteConfiguration?, [Diagnostic]) {
    let reading: SourceSet.Reading
    do throws(FileFailure) {
      reading = try sources.read(path, from: fileSystem)
    } catch {
      guard error.cause == .notFound else { throw error }
      return (nil, [missing])
    }
    guard reading.isText, let id = reading.id else { return (nil, reading.diagnostics) }
    let (node, problems) = YAMLReader.read(source: id, bytes: sources[id].bytes)
    guard !problems.hasErrors else { return (nil, reading.diagnostics + problems) }
    let root = node ?? DataNode(.mapping([]), at: SourceRange(id, 0, 0))
    let (configuration, findings) = read(root, vocabulary: vocabulary)
    return (configuration, reading.diagnostics + problems + findings)
  }

  /// The complaint about a folder that is no site.
  package static var missing: Diagnostic {
    Diagnostic(
      .configurationMissing, "there is no 'galley.yml' here", at: nil,
      help: ["run 'galley init' to make a site, or go to the folder of one"])
  }
}
