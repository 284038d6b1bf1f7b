/// The unit of release: the objects and manifests of all environments under one digest.
///
/// `docs/bundle-format.md` defines the canonical form that the digest is taken of.
package struct Bundle: Sendable {
  /// The manifests in the order of the environments' names.
  package let manifests: [Manifest]
  /// The digest over everything.
  package let digest: Digest
  /// All files of the output, `bundle.json` included.
  package let files: [OutputDirectory.File]

  /// Packs finished mails; their keys have passed `KeyTable.check`.
  ///
  /// The order of mails and contracts does not matter.
  package init(
    configuration: SiteConfiguration, contracts: [TemplateContract], mails: [FinishedMail], provenance: Provenance
  ) {
    let names = configuration.environments.map(\.name).sorted(by: bytewise)
    manifests = names.map { name in
      Manifest(
        environment: name, configuration: configuration, contracts: contracts,
        mails: mails.filter { $0.environment == name }, provenance: provenance)
    }
    let parts = manifests.map { ($0.environment, JSONValue.string($0.digest.hex)) }
    let canonical: JSONValue = [
      "schemaVersion": .integer(Manifest.schemaVersion),
      "environments": .object(Dictionary(parts, uniquingKeysWith: { first, _ in first })),
    ]
    let digest = Digest(of: JSONWriter.write(canonical, .compact))
    self.digest = digest
    var files = manifests.flatMap { manifest in
      manifest.objects.map { OutputDirectory.File(path: "\(manifest.environment)/\($0.key)", bytes: $0.bytes) }
    }
    var entries: [JSONValue] = []
    for manifest in manifests {
      let path = "\(manifest.environment)/\(OutputDirectory.manifestFile)"
      let bytes = manifest.file(bundle: digest)
      files.append(OutputDirectory.File(path: path, bytes: bytes))
      entries.append([
        "name": .string(manifest.environment), "manifest": .string(path), "sha256": .string(Digest(of: bytes).hex),
        "content": .string(manifest.digest.hex), "objects": .integer(manifest.objects.count),
        "bytes": .integer(manifest.objects.reduce(0) { $0 + $1.bytes.count }),
      ])
    }
    let bundle: JSONValue = [
      "schemaVersion": .integer(Manifest.schemaVersion), "digest": .string(digest.description),
      "tool": ["name": "galley", "version": .string(provenance.toolVersion)],
      "revision": provenance.revision.map { .string($0) } ?? .null, "environments": .array(entries),
    ]
    files.append(OutputDirectory.File(path: OutputDirectory.commitFile, bytes: JSONWriter.write(bundle, .pretty)))
    self.files = files
  }
}
