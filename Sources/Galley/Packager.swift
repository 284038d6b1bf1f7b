import GalleySource
import GalleyTemplate

/// Turns compiled mails into a bundle: writes them in their dialects, names their keys, collects their contracts.
struct Packager {
  private let site: Site
  private var configuration: SiteConfiguration
  private let sourceRevision: String?

  init(_ site: Site, _ configuration: SiteConfiguration, sourceRevision: String?) {
    self.site = site
    self.configuration = configuration
    self.sourceRevision = sourceRevision
  }

  /// The bundle of mails that compiled without errors, or what stands against their keys.
  func pack(_ mails: [CompiledMail]) -> (bundle: BuiltBundle?, diagnostics: [Diagnostic]) {
    let templates = Set(mails.map(\.unit.template.file.name))
    let diagnostics = keyFaults
    if diagnostics.hasErrors { return (nil, diagnostics) }

    var present = configuration
    let environments = Set(mails.map(\.unit.environment.name))
    present.environments.removeAll { !environments.contains($0.name) }
    var provenance = Provenance(toolVersion: About.version, revision: sourceRevision)
    provenance.add(site.sources)
    let contracts = site.templates.filter { templates.contains($0.file.name) }.map { template in
      contract(of: template, mails.filter { $0.unit.template.file.name == template.file.name })
    }
    let bundle = Bundle(
      configuration: present, contracts: contracts, mails: mails.map(finished), provenance: provenance)
    return (BuiltBundle(bundle), diagnostics)
  }

  /// What stands against the keys of the site.
  var keyFaults: [Diagnostic] {
    let claims = site.templates.map { template in
      KeyTable.Claim(
        template: template.file.name, key: template.declaration.key,
        range: template.declaration.keyRange ?? SourceRange(template.file.source, 0, 0),
        aliases: template.declaration.aliases)
    }
    return KeyTable.check(claims, locales: configuration.locales)
  }

  /// A mail in the dialect of whoever sends.
  func finished(_ mail: CompiledMail) -> FinishedMail {
    func line(_ part: GalleyTemplate.MailPart) -> String { String(decoding: mail.written(part), as: UTF8.self) }
    return FinishedMail(
      template: mail.unit.template.file.name, locale: mail.unit.locale, environment: mail.unit.environment.name,
      html: mail.written(.html), text: mail.written(.text), subject: line(.subject), preheader: line(.preheader))
  }

  /// What the manifest says of a template, from its mails.
  func contract(of template: Template, _ mails: [CompiledMail]) -> TemplateContract {
    var duties: Set<TemplateContract.Duty> = []
    for mail in mails {
      for use in mail.uses {
        guard let escaping = use.escaping, let duty = mail.dialect.callerDuty(for: escaping),
          let place = TemplateContract.Duty.Place(rawValue: use.part.rawValue)
        else { continue }
        duties.insert(TemplateContract.Duty(variable: use.path, place: place, escaping: duty))
      }
    }
    return TemplateContract(
      id: template.file.name, declaration: template.declaration,
      dialect: mails.first?.dialect.name ?? configuration.dialect, duties: Array(duties))
  }
}

/// A bundle, ready to be written.
public struct BuiltBundle: Sendable {
  private let bundle: Bundle

  init(_ bundle: Bundle) { self.bundle = bundle }

  /// The digest over everything, in hexadecimal.
  public var digest: String { bundle.digest.hex }

  /// How many files the bundle has, manifests included.
  public var fileCount: Int { bundle.files.count }

  /// The files of the bundle: path below the output folder and bytes.
  public var files: [(path: String, bytes: [UInt8])] { bundle.files.map { ($0.path, $0.bytes) } }

  /// Makes a folder hold exactly this bundle and returns how many files are new or changed.
  ///
  /// A failure leaves the last good output. `nonce` tells temporary files of concurrent builds apart. Throws what the
  /// machine could not do.
  public func write(to folder: String, nonce: String) throws(FileFailure) -> Int {
    let (disk, name) = try Workspace.place(of: folder)
    let output = OutputDirectory(name, in: disk)
    return try output.write(bundle.files, nonce: nonce).written.count
  }
}

extension Workspace {
  /// Makes files in a folder that has none of them, or answers with the first that is taken and makes nothing.
  public static func create(
    _ files: [(path: String, bytes: [UInt8])], in folder: String, nonce: String
  ) throws(FileFailure) -> String? {
    let (disk, name) = try nearestPlace(of: folder)
    func path(_ file: String) -> String { name == "." ? file : FilePath.join(name, file) }
    for file in files where try disk.kind(of: path(file.path)) != nil { return file.path }
    for file in files {
      try disk.makeFolders(FilePath.split(path(file.path)).folder)
      try disk.write(file.bytes, to: path(file.path), nonce: nonce)
    }
    return nil
  }

  /// Reads a file anywhere.
  public static func readFile(_ path: String) throws(FileFailure) -> [UInt8] {
    let (disk, name) = try place(of: path)
    return try disk.read(name, limit: 64 << 20)
  }

  /// Writes a file anywhere: beside its place first, then renamed.
  ///
  /// A pipe or a device is refused, because the new file would take its place.
  public static func writeFile(_ bytes: [UInt8], to path: String, nonce: String) throws(FileFailure) {
    let (disk, name) = try place(of: path)
    if try disk.kind(of: name) == .special { throw FileFailure(.write, path, .isSpecial) }
    try disk.write(bytes, to: name, nonce: nonce)
  }

  /// The nearest folder above a path that exists, and the path from there.
  static func nearestPlace(of path: String) throws(FileFailure) -> (DiskFileSystem, name: String) {
    var below = ""
    var path = path
    while true {
      do throws(FileFailure) {
        let (disk, name) = try place(of: path)
        return (disk, below.isEmpty ? name : FilePath.join(name, below))
      } catch {
        let (parent, name) = FilePath.split(path)
        guard error.cause == .notFound, !parent.isEmpty else { throw error }
        below = below.isEmpty ? name : FilePath.join(name, below)
        path = parent
      }
    }
  }

  /// The folder that a path lies in, and its name there.
  static func place(of path: String) throws(FileFailure) -> (DiskFileSystem, name: String) {
    if path == "." { return (try DiskFileSystem(root: "."), ".") }
    let trimmed = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    let (parent, name) = FilePath.split(trimmed)
    return (try DiskFileSystem(root: parent.isEmpty ? (trimmed.hasPrefix("/") ? "/" : ".") : parent), name)
  }
}
